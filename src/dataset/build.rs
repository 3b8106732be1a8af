//! Tables into a [`Dataset`]: every problem of every table in one list, then dense arrays or nothing.

use std::collections::BTreeSet;
use std::sync::OnceLock;

use chrono::{Datelike, NaiveDate};

use super::dense::{Dense, Span};
use super::index::Keys;
use super::names::{Later, Names};
use super::periods::{self, Period, Periods};
use super::reported::Reports;
use super::sales::{self, Sales};
use super::{
    Communities, Dataset, Product, Stock, Suppliers, breakdown, catalog, commissions, counters, doubts, language,
    leads, ledger, orders, overlap, part, plans, rates, renamed, reported, stock, suppliers, totals as printed,
};
use crate::across::{Across, Facts};
use crate::calendar::{Calendar, Festival};
use crate::error::Problems;
use crate::grid::{Grid, Scope};
use crate::messages::{data as say, door};
use crate::month::Month;
use crate::schema::Table;
use crate::settings::{self, Settings};
use crate::sheet::{Col, Row, Sheet};

/// A product is new for so many months: a new one is expected everywhere its group is sold, an older one without sales
/// in a region is not sold there. Whoever was new at any time of the history has its series in every such region, so
/// that a past origin does not learn from what became of it.
pub const NEW_MONTHS: i32 = 12;

impl Dataset {
    /// Checks the tables of a folder and makes them dense. `as_of` hides everything later; without it that is today
    /// or the newest observation, whichever is earlier. None where there are errors; warnings stay in `problems`.
    pub fn new(
        sheets: &[Sheet],
        settings: Settings,
        as_of: Option<NaiveDate>,
        today: NaiveDate,
        problems: &mut Problems,
    ) -> Option<Dataset> {
        Dataset::within(sheets, settings, as_of, today, Across::alone(), problems)
    }

    /// The same of one part of the regions, whose others lie elsewhere: only its rows of `sales`, all rows of the other
    /// tables.
    pub fn within(
        sheets: &[Sheet],
        settings: Settings,
        as_of: Option<NaiveDate>,
        today: NaiveDate,
        across: Across,
        problems: &mut Problems,
    ) -> Option<Dataset> {
        let mut settings = settings;
        settings.columns.until = as_of;
        let has_sales = |s: &Sheet| s.table == Table::Sales;
        let (read, mapping) = (sheets, &settings.columns);
        let all_later = read.iter().any(has_sales) && !read.iter().any(|s| has_sales(s) && s.is_known(mapping));
        // A table of which nothing is known yet is none.
        let sheets: Vec<&Sheet> = sheets.iter().filter(|s| s.is_known(&settings.columns)).collect();
        let of = |table: Table| -> Vec<&Sheet> { sheets.iter().filter(|s| s.table == table).copied().collect() };
        let tables: BTreeSet<Table> = sheets.iter().map(|s| s.table).collect();
        let mut aliases = catalog::aliases(&sheets, &settings, problems);
        // Which old codes something else has now is seen in the sales; what is wrong here is told when they are read again.
        let quiet = &mut Problems::default();
        let listed = catalog::regions(&of(Table::Regions), &settings, &aliases, quiet);
        let mut listed_products = catalog::products(&of(Table::Products), &settings, problems);
        let listed = catalog::listed(&listed, &listed_products);
        let mut sales = Sales::read(&of(Table::Sales), &settings, listed, problems);
        let mut later = Later::read(read, &settings.columns);
        let alone = across.facts().is_none();
        if alone {
            renamed::used_again(&sales, &mut aliases, problems);
        }
        later.products.extend(part::not_known(&mut listed_products, &sales, &aliases, as_of));
        let listed_regions = catalog::regions(&of(Table::Regions), &settings, &aliases, problems);
        let periods = if alone { periods::find(&sales, &settings.calendar, problems) } else { None };
        sales.daily &= periods.is_none();
        if let Some(Periods::Own(own)) = &periods {
            sales.rows.restamp(|day, _| {
                own.binary_search_by_key(&day, |(stamp, _)| *stamp)
                    .map_or(day, |i| own[i].1.first_day().num_days_from_ce())
            });
        }
        let facts = across.facts().cloned().unwrap_or_else(|| part::days(&sales, as_of, today));
        sales.daily = facts.daily;
        // A file of it that cannot be read has been named already.
        let of_sales = |file: &str| file.split(['.', '/']).next().and_then(Table::from_name) == Some(Table::Sales);
        if let Some(as_of) = as_of.filter(|_| all_later) {
            problems.error(None, "nothing_complete", crate::messages::planning::nothing_complete(as_of));
        } else if !tables.contains(&Table::Sales) {
            if !problems.any_error_in(of_sales) {
                problems.error(None, "no_sales", say::no_sales());
            }
        } else if facts.first.is_none() && !problems.any_error() {
            problems.error(None, "no_sales", say::no_sales_rows());
        }
        let chinese = facts.chinese || language::is_chinese(&sheets, &sales, &settings.columns, &later);
        let calendar = Calendar::new(
            match settings.calendar.festival {
                Some(settings::Festival::Cn) => Festival::ChineseNewYear,
                Some(settings::Festival::None) => Festival::None,
                None if chinese => Festival::ChineseNewYear,
                None => Festival::None,
            },
            catalog::calendar(&of(Table::Calendar), &settings, problems),
        )
        .with_weekdays(part::weekdays(&facts));
        let spread: &[Period] = if let Some(Periods::Spread(periods)) = &periods { periods } else { &[] };
        let closed = reported::closed(&of(Table::Reported), &settings);
        let span = match spread {
            [] => Span::new(&facts, &calendar, as_of, &closed),
            periods => Span::of_periods(periods, as_of),
        };
        let launches: Vec<usize> = (0..listed_products.len())
            .filter(|&p| {
                let launch = listed_products[p].launch.map(Month::of);
                launch.is_some_and(|l| span.as_ref().is_none_or(|s| s.start.since(l) < NEW_MONTHS))
            })
            .collect();
        // The regions of communities; what is wrong with them is told where they are read.
        let served = if alone { breakdown::served(&of(Table::Communities), &settings) } else { Vec::new() };
        let lay_out = |sales: &Sales, problems: &mut Problems| {
            let keys = Keys::new(sales, &listed_regions, &listed_products, &aliases, across.facts(), problems);
            let own = part::own_leaves(&across, sales, &keys, &listed_regions, &aliases);
            let mut pairs = keys.with_launches(&launches, &listed_products, &own);
            keys.add_new_centres(&served, &listed_products, &mut pairs);
            let (grid, position) = Grid::new(keys.tree.clone(), keys.products.clone(), &pairs);
            let overlap = overlap::find(sales, &keys, &position, &settings, problems);
            let mut dense = Dense::new(&grid, span.as_ref(), sales);
            dense.fill(sales, (&keys, &position), (spread, &overlap), span.as_ref(), &calendar);
            (keys, own, grid, position, dense)
        };
        let mut found = Problems::default();
        let mut laid = lay_out(&sales, &mut found);
        // Nodes that are the sum of others are totals: without them once more.
        if alone && sales.leave_out(&laid.2, &laid.4.units, problems) {
            found = Problems::default();
            laid = lay_out(&sales, &mut found);
        }
        problems.extend(found);
        let (keys, own, grid, position, mut dense) = laid;
        let names = Names::new(&grid, &aliases, later);
        let fixed_counters = catalog::counters(&listed_regions, &grid);
        let products = catalog::resolve(&listed_products, &keys.product_order, &names, &grid, problems);

        dense.check(&of(Table::Sales), &sales, &keys, &position, &grid, &settings, span.as_ref(), problems);
        // They are many, and in the dense arrays now.
        let was_out = std::mem::take(&mut sales.rows).was_out();
        let mut data = Dataset {
            start: span.as_ref().map_or(Month::of(today), |s| s.start),
            as_of: as_of.unwrap_or(today),
            asked: as_of.is_some(),
            closed: span.as_ref().and_then(|s| s.closed),
            counted: Vec::new(),
            unfinished: span.as_ref().and_then(|s| s.partial),
            across,
            units: dense.units,
            revenue: dense.revenue,
            availability: dense.availability,
            was_out: dense.was_out,
            days: dense.days,
            rows: dense.rows,
            places: sales.places.clone(),
            seen: dense.seen,
            whole: vec![true; grid.group_count()],
            products,
            calendar,
            trading: Vec::new(),
            festival: Vec::new(),
            factors: Vec::new(),
            growth: Vec::new(),
            targets: Vec::new(),
            stages: Vec::new(),
            channel: Vec::new(),
            frontline: Vec::new(),
            overrides: Vec::new(),
            progress: dense.progress,
            stock: Stock::default(),
            suppliers: Suppliers::default(),
            communities: Communities::default(),
            leads: Vec::new(),
            commissions: Vec::new(),
            rates: Vec::new(),
            counters_by_date: Vec::new(),
            totals: Vec::new(),
            counters: fixed_counters,
            sells_as: Vec::new(),
            ledger: Vec::new(),
            reported: Reports::default(),
            moves: OnceLock::new(),
            // A table of nothing but its header is as good as none.
            tables: tables.into_iter().filter(|t| of(*t).iter().any(|s| s.has_rows())).collect(),
            settings,
            grid,
        };
        plans::read(&mut data, &names, &of, problems);
        reported::read(&mut data, &names, &of(Table::Reported), problems);
        data.communities = breakdown::read(&data, &names, &of, problems);
        let community = |row: Row, col: Col, problems: &mut Problems| {
            breakdown::community(&data.communities, row, col, problems).map(|(community, _)| community)
        };
        data.leads = leads::read(&of(Table::Leads), &data.settings, &names, community, problems);
        data.commissions = commissions::read(&of(Table::Commissions), &data.settings, problems);
        data.sells_as = catalog::parties(&listed_regions, &data.grid, &data.commissions, problems);
        data.rates = rates::read(&of(Table::Rates), &data.settings, &names, &data.products, problems);
        data.counters_by_date = counters::read(&of(Table::Counters), &data.settings, &names, problems);
        data.totals = printed::read(&of(Table::Totals), &data.settings, &names, problems);
        data.ledger = ledger::read(&data, &names, &of(Table::Ledger), problems);
        data.stock = stock::read(&data, &names, &of(Table::Stock), problems);
        orders::read(&mut data, &names, &of(Table::Orders), problems);
        data.suppliers = suppliers::read(&data, &names, &of(Table::Suppliers), problems);
        totals(&sales, &data, &names, problems);
        data.counted = data.progress.iter().map(|p| p.as_of).collect();
        part::keep_own(&mut data, &own, problems);
        part::stock(&mut data);
        data.learn_days(&facts);
        festival_ahead(&data, problems);
        launched_before_sale(&mut data, problems);
        not_begun(&data, today, problems);
        if let Some(span) = &span {
            data.as_of = as_of.unwrap_or_else(|| newest(&data, span, &facts).min(today));
            if was_out > 0 {
                let message = say::only_was_out(was_out);
                problems.warn(None, "only_was_out", message, say::sales_are_a_lower_bound());
            }
            if let Some((day, count)) = dense.unfinished {
                problems.warn(
                    None,
                    "unfinished_month",
                    say::unfinished_month(Month::of(day), day, count),
                    say::becomes_progress(),
                );
            }
        }
        orders::beside_counts(&data, problems);
        stock::old_counts(&data, problems);
        gaps(&data, problems);
        if alone {
            let listed = |region: bool, code: &str| {
                let listed = sales.listed();
                if region { &listed.regions } else { &listed.products }.contains(code)
            };
            doubts::new_names(&data, listed, problems);
            doubts::scale_break(&data, problems);
        }
        data.whole = whole(&data);
        // Targets in money need a price for everything they are shared out to.
        plans::check_money(&data, problems);
        (!problems.any_error()).then_some(data)
    }
}

/// Months ahead of which a festival that moves sales has no days: those that are forecast for good.
fn festival_ahead(data: &Dataset, problems: &mut Problems) {
    let counts = data.festival.last().is_some_and(|effect| *effect != 0.0);
    let [first, .., last] = [1, 2, 3].map(|k| data.start.plus(data.months() as i32 - 1 + k));
    let unknown = (0..=last.since(first)).all(|k| data.calendar.festival_share(first.plus(k)).is_none());
    if counts && unknown {
        problems.warn(None, "no_festival_days", say::no_festival_days(first, last), say::festival_not_counted());
    }
}

/// Total rows against the sum of their parts.
fn totals(sales: &Sales, data: &Dataset, names: &Names, problems: &mut Problems) {
    let mut wrong = 0;
    for total in sales.totals.iter().filter(|total| total.compared) {
        let Ok(t) = usize::try_from(sales::month(total.day).since(data.start)) else { continue };
        let node = total.region.as_deref().map_or(Some(crate::grid::COMPANY), |r| names.find_region(r));
        let scope = total.product.as_deref().map_or(Some(Scope::All), |p| names.find_product(p).map(Scope::Product));
        let (Some(node), Some(scope)) = (node, scope) else { continue };
        if t >= data.months() {
            continue;
        }
        let sum: f64 = data.grid.in_scope(node, scope).into_iter().map(|s| data.units[(s, t)]).sum();
        // Half a unit of rounding is no contradiction.
        if (sum - total.units).abs() > 0.5 {
            wrong += 1;
            problems.warn(
                total.place.clone(),
                "total_differs",
                say::total_differs(total.units, sum),
                say::total_left_out(),
            );
        }
    }
    if let Some(first) = sales.totals.first() {
        let message = say::total_rows(sales.totals.len(), wrong);
        problems.warn(first.place.clone(), "total_rows", message, say::total_left_out());
    }
}

impl Dataset {
    /// The data of a part in another round: more of what the rows of all regions decide is known.
    pub fn in_round(mut self, across: Across) -> Dataset {
        self.across = across;
        self.moves = Default::default();
        part::stock(&mut self);
        launched_before_sale(&mut self, &mut Problems::default());
        self.whole = whole(&self);
        self
    }
}

/// A product that sold before its launch was launched when it first sold.
fn launched_before_sale(data: &mut Dataset, problems: &mut Problems) {
    for (p, first) in part::first_sold(data).into_iter().enumerate() {
        let (Some(first), Some(launch)) = (first, data.products[p].launch) else { continue };
        let sold = data.month(first);
        if sold < Month::of(launch) {
            let code = &data.grid.products.codes[p];
            let message = say::sold_before_launch(code, sold, Month::of(launch));
            problems.warn(
                data.products[p].place.clone(),
                "sold_before_launch",
                message,
                say::launch_is_first_sale(sold),
            );
            data.products[p].sold_before = Some(sold);
        }
    }
}

/// The newest observation: sales, month to date, counts in the channel.
/// Months that have not begun are left out: one mistyped year would make the others years old.
fn newest(data: &Dataset, span: &Span, facts: &Facts) -> NaiveDate {
    let last = facts.begun.map_or(span.end, |day| sales::month(day).min(span.end));
    let complete = data.months() - data.reported.open;
    let last = if data.reported.open > 0 { last.min(data.month(complete).plus(-1)) } else { last };
    let sales = span.partial.filter(|_| data.reported.open == 0).unwrap_or_else(|| last.last_day());
    let progress = data.counted.iter().copied();
    let channel = data.channel.iter().map(|c| c.month.last_day());
    progress.chain(channel).fold(sales, NaiveDate::max)
}

/// Sales of months that have not begun.
fn not_begun(data: &Dataset, today: NaiveDate, problems: &mut Problems) {
    let later = (0..data.months()).find(|&t| data.month(t).first_day() > today);
    let rows = later.into_iter().flat_map(|t| (t..data.months()).flat_map(|t| data.rows.column(t).to_vec()));
    for place in rows.filter(|id| *id != 0).filter_map(|id| data.places.get(id)) {
        problems.warn(place, "not_begun", say::not_begun(today), say::hidden_until_then());
    }
}

/// Months without a row between the first and the last of a series, counted: they are zero sales, unless the region sent none
/// or the series sells regularly (docs/METHOD.md#reception). The place is that of the row before the first of them.
fn gaps(data: &Dataset, problems: &mut Problems) {
    let (mut all, mut unsent, mut series, mut before) = (0, 0, 0, None);
    for ((row, seen), of) in data.rows.rows().into_iter().zip(&data.seen).zip(&data.grid.series) {
        let Some((first, last)) = *seen else { continue };
        let is_empty = |t: &usize| row.get(*t) == Some(&0) && data.month(*t).last_day() <= data.as_of;
        let months = (first..=last).filter(is_empty).count();
        if months > 0 && before.is_none() {
            let earlier = (first..=last).find(is_empty).and_then(|t| row.get(t.checked_sub(1)?));
            before = earlier.and_then(|id| data.places.get(*id));
        }
        all += months;
        unsent += (first..=last).filter(is_empty).filter(|t| !data.reported.sent(of.leaf, *t)).count();
        series += usize::from(months > 0);
    }
    if all > 0 {
        problems.warn(
            before,
            "gaps",
            door::gaps(all, series, unsent),
            door::gaps_are_zero(data.settings.reception.odd),
        );
    }
}

/// Whether all visible units of each group are whole.
fn whole(data: &Dataset) -> Vec<bool> {
    let months = (0..data.months()).take_while(|&t| data.is_complete(t, data.as_of)).count();
    part::whole_groups(data, months, 0, |s| data.units.row(s).iter().take(months).all(|x| x.fract() == 0.0))
}

impl From<&catalog::Product> for Product {
    fn from(row: &catalog::Product) -> Product {
        Product {
            kind: row.kind,
            price: row.price,
            cost: row.cost,
            fee: row.fee,
            launch: row.launch,
            retire: row.retire,
            known: row.known,
            supply: row.supply.clone(),
            term_months: row.term_months,
            place: Some(row.place.clone()),
            ..Product::default()
        }
    }
}
