//! A dataset of some regions whose others lie elsewhere (see [`crate::across`]): what is known of all rows before any is
//! counted, which leaves are this part's, and what cannot be told apart by region yet.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Datelike, NaiveDate};
use ndarray::Array2;

use super::index::Keys;
use super::names::{Aliases, Later, Renames};
use super::sales::{self, Listed, Sales};
use super::{Answer, Dataset, Progress, catalog, language};
use crate::across::{Across, Facts, What, key};
use crate::error::{Place, Problems};
use crate::messages::across as say;
use crate::month::Month;
use crate::schema::Table;
use crate::settings::Settings;
use crate::sheet::cell::trim;
use crate::sheet::{Rows, Sheet};
use crate::stats::{festival, trading};

/// Tables whose rows are not told apart by region yet.
const WHOLE_ONLY: [Table; 14] = [
    Table::Communities,
    Table::Signings,
    Table::CommunitySales,
    Table::Policies,
    Table::Leads,
    Table::Rates,
    Table::Counters,
    Table::Commissions,
    Table::ChannelStock,
    Table::Stock,
    Table::Orders,
    Table::Suppliers,
    Table::Ledger,
    Table::Totals,
];

/// First and last days of sales, whatever regions they are of.
pub(super) fn days(sales: &Sales, as_of: Option<NaiveDate>, today: NaiveDate) -> Facts {
    let days = || sales.rows.days();
    let limit = as_of.map_or(i32::MAX, |day| day.num_days_from_ce());
    let (sold, weekdays) = sold(sales, limit);
    let begun = Month::of(today).last_day().num_days_from_ce();
    Facts {
        first: days().min(),
        last: days().max(),
        visible: days().filter(|day| *day <= limit).max(),
        begun: days().filter(|day| *day <= begun).max(),
        daily: sales.daily,
        weekends: sales.weekends,
        quiet: if sales.daily { quiet(sales, limit) } else { None },
        sold,
        weekdays,
        ..Facts::default()
    }
}

/// Takes out the products whose launch becomes known after what is seen, unless they have sold before; their codes.
pub(super) fn not_known(
    listed: &mut Vec<catalog::Product>,
    sales: &Sales,
    aliases: &Aliases,
    as_of: Option<NaiveDate>,
) -> Vec<String> {
    let later = |day: Option<NaiveDate>| as_of.zip(day).is_some_and(|(as_of, day)| day > as_of);
    let is_new = |p: &catalog::Product| later(p.known) && p.launch.is_some();
    if !listed.iter().any(is_new) {
        return Vec::new();
    }
    let sold = codes(sales.products.names(), &sales.first_product, &aliases.products);
    let is_not = |p: &mut catalog::Product| is_new(p) && !sold.contains(&p.code);
    listed.extract_if(.., is_not).map(|p| p.code).collect()
}

/// The longest run of days of the year up to a limit in which no row stands.
fn quiet(sales: &Sales, limit: i32) -> Option<i32> {
    const YEAR: i32 = 365;
    // A month is no day on which anything stands.
    let dated = sales.rows.iter().filter(|row| !row.is_month && row.day <= limit).map(|row| row.day);
    let days: Vec<i32> = sales::distinct(dated);
    let last = *days.last()?;
    let year = &days[days.partition_point(|day| *day < last - YEAR)..];
    year.windows(2).map(|two| two[1] - two[0]).max()
}

/// On which weekdays anything is ever sold, Monday first; where the history is too short to tell, all of them, weekends only
/// where a row falls on one.
pub(super) fn sells(facts: &Facts) -> [bool; 7] {
    const WEEK: usize = 5;
    weekdays(facts)
        .map_or(std::array::from_fn(|day| day < WEEK || facts.weekends), |units| units.map(|units| units > 0.0))
}

/// Units sold by month and, in days up to a limit, by weekday, in thousandths.
fn sold(sales: &Sales, limit: i32) -> (Vec<(i32, i64)>, [i64; 7]) {
    /// Thousandths of a unit.
    const FINE: f64 = 1e3;
    let (mut months, mut weekdays) = (BTreeMap::new(), [0; 7]);
    let mut of_day = (i32::MIN, 0);
    for row in sales.rows.iter() {
        if of_day.0 != row.day {
            let month = sales::month(row.day);
            of_day = (row.day, month.year() * 12 + month.number() as i32 - 1);
        }
        let units = (row.units * FINE).round() as i64;
        let month: &mut i64 = months.entry(of_day.1).or_insert(0);
        // Amounts that no number holds are refused where they are read for good; here they only must not run over.
        *month = month.saturating_add(units);
        if sales.daily && row.day <= limit && !row.is_month {
            // The first day of the common era was a Monday.
            let weekday: &mut i64 = &mut weekdays[(row.day - 1).rem_euclid(7) as usize];
            *weekday = weekday.saturating_add(units);
        }
    }
    (months.into_iter().collect(), weekdays)
}

/// What a day of each weekday sold; none where the month column holds months, or two months of days are not there.
pub(super) fn weekdays(facts: &Facts) -> Option<[f64; 7]> {
    /// Eight weeks.
    const LEAST: i32 = 8 * 7;
    let (first, last) = facts.first.zip(facts.visible).filter(|_| facts.daily)?;
    let days = |weekday: i32| (first..=last).filter(|day| (day - 1).rem_euclid(7) == weekday).count();
    (last - first >= LEAST - 1)
        .then(|| std::array::from_fn(|w| facts.weekdays[w].max(0) as f64 / days(w as i32).max(1) as f64))
}

impl Dataset {
    /// How far sales follow Monday to Friday, by what so many months of the history show: [`trading::power`].
    pub fn trading(&self, months: usize) -> f64 {
        self.trading.get(months).copied().unwrap_or(0.0)
    }

    /// Days by which a month is compared with others, as so many months of the history have it.
    pub fn comparable_days(&self, months: usize, month: Month) -> f64 {
        self.calendar.comparable_days(month, self.trading(months)) * self.festival_times(months, month)
    }

    /// What the festival of the folder's own calendar makes of a month, by what so many months of the history show.
    fn festival_times(&self, months: usize, month: Month) -> f64 {
        let effect = self.festival.get(months).copied().unwrap_or(0.0);
        self.calendar.festival_share(month).map_or(1.0, |share| festival::times(effect, share))
    }

    /// What last year's same month is multiplied by for its other days: the folder's own, or those of weekdays as far as
    /// sales follow them, and the days of a festival that moves; 1 where every day is alike.
    pub fn days_over_last_year(&self, months: usize, month: Month) -> f64 {
        let (then, calendar) = (month.plus(-12), &self.calendar);
        // What the folder does not say of one of the two says nothing of their difference.
        let known = calendar.festival_share(month).is_some() && calendar.festival_share(then).is_some();
        let festival = if known { self.festival_times(months, month) / self.festival_times(months, then) } else { 1.0 };
        festival * self.working_days_over_last_year(months, month, then)
    }

    fn working_days_over_last_year(&self, months: usize, month: Month, then: Month) -> f64 {
        let calendar = &self.calendar;
        let power = self.trading(months);
        if calendar.has_own_days(month) && calendar.has_own_days(then) {
            let days = [month, then].map(|m| calendar.selling_days(m));
            return if days[0] > 0.0 && days[1] > 0.0 { days[0] / days[1] } else { 1.0 };
        }
        if power == 0.0 { 1.0 } else { (calendar.weekday_share(month) / calendar.weekday_share(then)).powf(power) }
    }

    /// By months of the history: how far sales follow Monday to Friday, and what the folder's own festival does to them.
    pub(super) fn learn_days(&mut self, facts: &Facts) {
        let sold: BTreeMap<i32, i64> = facts.sold.iter().copied().collect();
        let months: Vec<Month> = (0..self.months()).map(|t| self.month(t)).collect();
        let units = |m: &Month| sold.get(&(m.year() * 12 + m.number() as i32 - 1)).copied().unwrap_or(0) as f64;
        let daily: Vec<f64> = months.iter().map(|m| units(m) / f64::from(m.days())).collect();
        let shares: Vec<f64> = months.iter().map(|m| self.calendar.weekday_share(*m)).collect();
        self.trading = (0..=months.len()).map(|n| trading::power(&daily[..n], &shares[..n])).collect();
        let given = months.iter().any(|m| self.calendar.festival_share(*m).is_some_and(|share| share > 0.0));
        if given {
            // By the days that the folder says are worked, so that a festival without work is not counted twice.
            let open = |m: &Month| self.calendar.stock_days(*m).max(1.0);
            // What it says nothing of teaches nothing: months without sales are left out.
            let said: Vec<Option<f64>> = months.iter().map(|m| self.calendar.festival_share(*m)).collect();
            let daily: Vec<f64> =
                months.iter().zip(&said).map(|(m, share)| share.map_or(0.0, |_| units(m) / open(m))).collect();
            let shares: Vec<f64> = said.iter().map(|share| share.unwrap_or(0.0)).collect();
            self.festival = (0..=months.len()).map(|n| festival::effect(&daily[..n], &shares[..n])).collect();
        }
    }

    /// What a part's rows are like: round 0. Nothing is computed; what is wrong with the rows is in `problems`.
    pub fn facts(
        sheets: &[Sheet],
        settings: &Settings,
        as_of: Option<NaiveDate>,
        today: NaiveDate,
        problems: &mut Problems,
    ) -> Facts {
        let settings = &mut settings.clone();
        settings.columns.until = as_of;
        let sheets: Vec<&Sheet> = sheets.iter().filter(|s| s.is_known(&settings.columns)).collect();
        let of = |table: Table| -> Vec<&Sheet> { sheets.iter().filter(|s| s.table == table).copied().collect() };
        let aliases = catalog::aliases(&sheets, settings, problems);
        let sales = Sales::read(&of(Table::Sales), settings, listed(&of, settings, &aliases), problems);
        let mut later = Later::default();
        let mut launched = catalog::products(&of(Table::Products), settings, &mut Problems::default());
        later.products.extend(not_known(&mut launched, &sales, &aliases, as_of));
        Facts {
            chinese: language::is_chinese(&sheets, &sales, &settings.columns, &later),
            stockouts: settings.demand.correct && settings.learns() && any_out(&sales),
            events: events(&of(Table::Factors), settings),
            regions: region_codes(&sales, &aliases).into_iter().collect(),
            products: codes(sales.products.names(), &sales.first_product, &aliases.products).into_iter().collect(),
            ..days(&sales, as_of, today)
        }
    }

    /// The codes of regions as `sales` may name them: by an old code, or by what people call them. Whose names have one
    /// code belong to one part.
    pub fn region_codes(sheets: &[Sheet], settings: &Settings, names: &[String]) -> Vec<String> {
        let of = |table: Table| -> Vec<&Sheet> { sheets.iter().filter(|s| s.table == table).collect() };
        // What is wrong with these tables is told when the rows are read.
        let problems = &mut Problems::default();
        let aliases = catalog::aliases(&sheets.iter().collect::<Vec<_>>(), settings, problems);
        let listed = catalog::regions(&of(Table::Regions), settings, &aliases, problems);
        let code = |name: &String| {
            let name = trim(name);
            let code = aliases.regions.now(name);
            let is_code = listed.iter().any(|region| region.code == code);
            let by_name = || listed.iter().find(|region| region.name == code && !is_code);
            by_name().map_or(code, |region| &region.code).to_owned()
        };
        names.iter().map(code).collect()
    }
}

/// The names that the tables of regions and products have; what is wrong with these is told elsewhere.
fn listed<'s>(of: &impl Fn(Table) -> Vec<&'s Sheet>, settings: &Settings, aliases: &Aliases) -> Listed {
    let problems = &mut Problems::default();
    let regions = catalog::regions(&of(Table::Regions), settings, aliases, problems);
    let products = catalog::products(&of(Table::Products), settings, problems);
    catalog::listed(&regions, &products)
}

/// Whether a row says that something was out.
fn any_out(sales: &Sales) -> bool {
    let says = sales.has_availability || sales.has_stockout_days || sales.rows.was_out() > 0;
    says && sales.rows.iter().any(|row| row.was_out || row.availability < 1.0 || row.stockout_days > 0.0)
}

/// Rows of `factors` whose effect is measured.
fn events(sheets: &[&Sheet], settings: &Settings) -> usize {
    let problems = &mut Problems::default();
    let mut count = 0;
    for sheet in sheets {
        let Some(mut rows) = Rows::open(sheet, &settings.columns, problems) else { continue };
        let effect = rows.column("effect");
        while let Some(row) = rows.next(problems) {
            count += usize::from(super::is_measured(row.rate(effect, problems)));
        }
    }
    count
}

/// Whether anything was out of stock is decided over all parts: stockouts are taken out in all of them or in none.
pub(super) fn stock(data: &mut Dataset) {
    if !data.across.facts().is_some_and(|facts| facts.stockouts) {
        return;
    }
    let own = data.availability.iter().flatten().filter(|a| **a < 1.0).count() + usize::from(data.was_out.is_some());
    let out = data.across.total(key(What::Out, 0, 0), || vec![own as f64]);
    if out.first().is_some_and(|out| *out > 0.0) || !data.across.knows(What::Out) {
        data.availability.get_or_insert_with(|| Array2::ones(data.units.dim()));
    } else {
        (data.availability, data.days) = (None, None);
    }
}

fn codes<N: AsRef<str>>(names: &[N], first: &[(Place, bool)], aliases: &Renames) -> BTreeSet<String> {
    let named = names.iter().zip(first).filter(|(_, (_, is_total))| !is_total);
    named.map(|(name, _)| aliases.now(name.as_ref()).to_owned()).collect()
}

fn region_codes(sales: &Sales, aliases: &Aliases) -> BTreeSet<String> {
    codes(sales.regions.names(), &sales.first_region, &aliases.regions)
}

/// Whether each leaf is this part's: those that its rows name; the part of the first region also has the leaves of which
/// there is no row anywhere. All of them alone.
pub(super) fn own_leaves(
    across: &Across,
    sales: &Sales,
    keys: &Keys,
    listed: &[catalog::Region],
    aliases: &Aliases,
) -> Vec<bool> {
    let count = keys.tree.leaf_count();
    let Some(facts) = across.facts() else { return vec![true; count] };
    let leaf = |code: &String| {
        let by_name = || listed.iter().find(|region| region.name == *code).map(|region| &region.code);
        keys.leaf_of_code.get(code).or_else(|| keys.leaf_of_code.get(by_name()?)).copied()
    };
    let mut out = vec![false; count];
    let own = region_codes(sales, aliases);
    if facts.regions.first().is_some_and(|first| own.contains(first)) {
        out.fill(true);
        facts.regions.iter().filter_map(leaf).for_each(|leaf| out[leaf] = false);
    }
    own.iter().filter_map(leaf).for_each(|leaf| out[leaf] = true);
    out
}

/// Leaves out rows of other parts' regions, and names what needs all regions in one place. `own` is by leaf.
pub(super) fn keep_own(data: &mut Dataset, own: &[bool], problems: &mut Problems) {
    if !data.across.is_part() {
        return;
    }
    for table in WHOLE_ONLY.into_iter().filter(|table| data.tables.contains(table)) {
        problems.error(None, "one_machine", say::table_needs_all(table.name()));
    }
    let regions = &data.grid.regions;
    let mut here = |node: usize, table: Table, place: &Place| match regions.leaf_of(node) {
        Some(leaf) => own.get(leaf).copied().unwrap_or(false),
        None => {
            problems.error(place.clone(), "one_machine", say::node_needs_all(table.name(), regions.name(node)));
            false
        }
    };
    data.frontline.retain(|a: &Answer| here(a.node, Table::Frontline, &a.place));
    data.overrides.retain(|a: &Answer| here(a.node, Table::Overrides, &a.place));
    data.progress.retain(|p: &Progress| here(p.node, Table::Progress, &p.place));
}

/// Of each product the first month index in which it sold, over all parts; none where it never did.
pub(super) fn first_sold(data: &Dataset) -> Vec<Option<usize>> {
    let mut first = vec![f64::INFINITY; data.products.len()];
    for (series, seen) in data.grid.series.iter().zip(&data.seen) {
        if let Some((t, _)) = *seen {
            first[series.product] = first[series.product].min(t as f64);
        }
    }
    data.across.sum(key(What::FirstSold, 0, 0), &mut first);
    first.into_iter().map(|t| t.is_finite().then_some(t as usize)).collect()
}

/// Of each group, whether no series of it anywhere has a unit that is not whole; `whole` says it of a series.
pub(super) fn whole_groups(data: &Dataset, origin: usize, step: usize, whole: impl Fn(usize) -> bool) -> Vec<bool> {
    let mut broken = vec![0.0; data.grid.group_count()];
    let series = data.grid.series.iter().enumerate().filter(|(s, _)| !whole(*s));
    series.for_each(|(_, series)| broken[series.group] += 1.0);
    data.across.sum(key(What::NotWhole, origin, step), &mut broken);
    broken.into_iter().map(|count| count == 0.0).collect()
}
