//! Tables into a [`Dataset`]: every problem of every table in one list, then dense arrays or nothing.

use std::collections::{BTreeSet, HashMap};

use chrono::{Datelike, NaiveDate};
use ndarray::Array2;

use super::names::{Aliases, Names};
use super::sales::{self, Sales};
use super::{Dataset, Product, Progress, breakdown, catalog, plans};
use crate::calendar::{Calendar, Festival};
use crate::error::Problems;
use crate::grid::{Grid, Products, Regions, Scope};
use crate::messages::data as say;
use crate::month::Month;
use crate::schema::{Table, nearest};
use crate::settings::{self, Duplicates, Settings};
use crate::sheet::Sheet;

/// A product launched at most this many months before the history ends, and every later one, is expected everywhere
/// its group is sold; an older one without sales in a region is not sold there.
const NEW_MONTHS: i32 = 12;

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
        let of = |table: Table| -> Vec<&Sheet> { sheets.iter().filter(|s| s.table == table).collect() };
        let tables: BTreeSet<Table> = sheets.iter().map(|s| s.table).collect();
        let mut aliases = catalog::aliases(&of(Table::Aliases), &settings, problems);
        aliases.follow();
        let listed_regions = catalog::regions(&of(Table::Regions), &settings, &aliases, problems);
        let listed_products = catalog::products(&of(Table::Products), &settings, problems);
        let sales = Sales::read(&of(Table::Sales), &settings, problems);
        if !tables.contains(&Table::Sales) {
            problems.error(None, "no_sales", say::no_sales());
        } else if sales.pair.is_empty() && !problems.any_error() {
            problems.error(None, "no_sales", say::no_sales_rows());
        }
        let chinese = is_chinese(sheets, &sales);
        let keys = Keys::new(&sales, &listed_regions, &listed_products, &aliases, problems);
        let calendar = Calendar::new(
            match settings.calendar.festival {
                Some(settings::Festival::Cn) => Festival::ChineseNewYear,
                Some(settings::Festival::None) => Festival::None,
                None if chinese => Festival::ChineseNewYear,
                None => Festival::None,
            },
            catalog::calendar(&of(Table::Calendar), &settings, problems),
        );
        let span = Span::new(&sales, &calendar, as_of);
        let launches: Vec<usize> = (0..listed_products.len())
            .filter(|&p| {
                let launch = listed_products[p].launch.map(Month::of);
                launch.is_some_and(|l| span.as_ref().is_none_or(|s| s.end.since(l) < NEW_MONTHS))
            })
            .collect();
        let pairs = keys.with_launches(&launches, &listed_products);
        let (grid, position) = Grid::new(keys.tree.clone(), keys.products.clone(), &pairs);
        let names = Names::new(&grid, &aliases);
        let products = catalog::resolve(&listed_products, &keys.product_order, &names, &grid, problems);

        let mut dense = Dense::new(&grid, span.as_ref(), &sales);
        dense.fill(&sales, &keys, &position, span.as_ref(), &calendar);
        dense.check(&of(Table::Sales), &sales, &keys, &position, &grid, &settings, span.as_ref(), problems);
        let mut data = Dataset {
            start: span.as_ref().map_or(Month::of(today), |s| s.start),
            as_of: as_of.unwrap_or(today),
            closed: span.as_ref().and_then(|s| s.closed),
            units: dense.units,
            revenue: dense.revenue,
            availability: dense.availability,
            rows: dense.rows,
            places: sales.places.clone(),
            seen: dense.seen,
            whole: vec![true; grid.group_count()],
            products,
            calendar,
            factors: Vec::new(),
            growth: Vec::new(),
            targets: Vec::new(),
            stages: Vec::new(),
            channel: Vec::new(),
            frontline: Vec::new(),
            overrides: Vec::new(),
            progress: dense.progress,
            tables: tables.into_iter().collect(),
            settings,
            grid,
        };
        plans::read(&mut data, &names, &of, problems);
        breakdown::check(&data, &names, &of, problems);
        totals(&sales, &data, &names, problems);
        launched_before_sale(&mut data, problems);
        if let Some(span) = &span {
            data.as_of = as_of.unwrap_or_else(|| newest(&data, span).min(today));
            if let Some((day, count)) = dense.unfinished {
                problems.warn(
                    None,
                    "unfinished_month",
                    say::unfinished_month(Month::of(day), day, count),
                    say::becomes_progress(),
                );
            }
        }
        data.whole = whole(&data);
        // Targets in money need a price for everything they are shared out to.
        plans::check_money(&data, problems);
        (!problems.any_error()).then_some(data)
    }
}

/// The names of the regions and products that exist, in their final order.
struct Keys {
    tree: Regions,
    products: Products,
    /// For each product of the final order its position in the `products` table, where it stands there.
    product_order: Vec<Option<usize>>,
    /// Distinct (leaf, product), and for each pair of names in `sales` its position there; none where a name is wrong.
    distinct: Vec<(usize, usize)>,
    distinct_of: Vec<Option<usize>>,
    leaf_of_code: HashMap<String, usize>,
}

impl Keys {
    fn new(
        sales: &Sales,
        regions: &[catalog::Region],
        products: &[catalog::Product],
        aliases: &Aliases,
        problems: &mut Problems,
    ) -> Keys {
        let (region_codes, tree) = region_tree(sales, regions, aliases, problems);
        let (product_codes, list, product_order) = product_list(sales, products, aliases, problems);
        let leaf_of_code: HashMap<String, usize> =
            (0..tree.leaf_count()).map(|l| (tree.code(tree.node_of(l)).to_string(), l)).collect();
        let product_of_code: HashMap<&str, usize> = list.codes.iter().map(String::as_str).zip(0..).collect();
        let leaf = |id: u32| -> Option<usize> { leaf_of_code.get(region_codes.get(id as usize)?.as_deref()?).copied() };
        let product =
            |id: u32| -> Option<usize> { product_of_code.get(product_codes.get(id as usize)?.as_deref()?).copied() };
        let pairs: Vec<Option<(usize, usize)>> =
            sales.pairs.pairs().iter().map(|&(r, p)| leaf(r).zip(product(p))).collect();
        let mut distinct = Vec::new();
        let mut index: HashMap<(usize, usize), usize> = HashMap::new();
        let distinct_of = pairs
            .iter()
            .map(|pair| {
                pair.map(|pair| {
                    *index.entry(pair).or_insert_with(|| {
                        distinct.push(pair);
                        distinct.len() - 1
                    })
                })
            })
            .collect();
        drop(product_of_code);
        Keys { tree, products: list, product_order, distinct, distinct_of, leaf_of_code }
    }

    /// The pairs of sales and those that a launch will bring: in the regions the product is limited to, else wherever
    /// its group is sold.
    fn with_launches(&self, launches: &[usize], listed: &[catalog::Product]) -> Vec<(usize, usize)> {
        let mut out = self.distinct.clone();
        let mut there: BTreeSet<(usize, usize)> = out.iter().copied().collect();
        let groups: BTreeSet<(usize, usize)> = out.iter().map(|&(l, p)| (l, self.products.group[p])).collect();
        for &row in launches {
            let Some(product) = self.product_order.iter().position(|o| *o == Some(row)) else { continue };
            let only = &listed[row].regions;
            for leaf in 0..self.tree.leaf_count() {
                let allowed = only.is_empty() || only.iter().any(|code| self.leaf_of_code.get(code) == Some(&leaf));
                let sold = groups.contains(&(leaf, self.products.group[product]));
                if allowed && (sold || !only.is_empty()) && there.insert((leaf, product)) {
                    out.push((leaf, product));
                }
            }
        }
        out
    }
}

/// The region tree, and for each region name of `sales` its code in it.
fn region_tree(
    sales: &Sales,
    listed: &[catalog::Region],
    aliases: &Aliases,
    problems: &mut Problems,
) -> (Vec<Option<String>>, Regions) {
    let mut list: Vec<(String, String, Option<usize>)> = Vec::new();
    let mut index: HashMap<String, usize> = HashMap::new();
    for region in listed {
        index.entry(region.code.clone()).or_insert_with(|| {
            list.push((region.code.clone(), region.name.clone(), None));
            list.len() - 1
        });
    }
    let by_name: HashMap<&str, &str> =
        listed.iter().map(|r| (r.name.as_str(), r.code.as_str())).filter(|(n, _)| !n.is_empty()).collect();
    for region in listed.iter().filter(|r| !r.parent.is_empty()) {
        let parent = match (index.get(&region.parent), by_name.get(region.parent.as_str())) {
            (None, Some(code)) => (*code).to_string(),
            _ => region.parent.clone(),
        };
        let parent = *index.entry(parent.clone()).or_insert_with(|| {
            list.push((parent, String::new(), None));
            list.len() - 1
        });
        if let Some(&child) = index.get(&region.code) {
            list[child].2 = Some(parent);
        }
    }
    catalog::break_cycles(&mut list, listed, problems);
    let mut codes = Vec::with_capacity(sales.regions.names().len());
    let parents: BTreeSet<usize> = list.iter().filter_map(|(_, _, p)| *p).collect();
    for (id, name) in sales.regions.names().iter().enumerate() {
        let (place, is_total) = sales.first_region.get(id).copied().unwrap_or_default();
        if is_total {
            codes.push(None);
            continue;
        }
        let code = aliases.regions.get(&**name).map_or(&**name, String::as_str);
        let code = if index.contains_key(code) { code } else { by_name.get(code).copied().unwrap_or(code) };
        match index.get(code) {
            Some(at) if parents.contains(at) => {
                problems.error(sales.places.get(place), "sales_of_parent", say::sales_of_parent(code));
                codes.push(None);
                continue;
            }
            Some(_) => {}
            None if listed.is_empty() => {
                index.insert(code.to_string(), list.len());
                list.push((code.to_string(), String::new(), None));
            }
            None => {
                let near = nearest(code, listed.iter().map(|r| r.code.as_str()));
                problems.error(sales.places.get(place), "unknown_region", say::unknown_region(code, near));
                codes.push(None);
                continue;
            }
        }
        codes.push(Some(code.to_string()));
    }
    (codes, Regions::new(&list))
}

/// The products in their final order (the table's, then as they appear), and for each product name of `sales` its code.
fn product_list(
    sales: &Sales,
    listed: &[catalog::Product],
    aliases: &Aliases,
    problems: &mut Problems,
) -> (Vec<Option<String>>, Products, Vec<Option<usize>>) {
    let mut out = Products::default();
    let mut order = Vec::new();
    let mut groups: HashMap<String, usize> = HashMap::new();
    let mut index: HashMap<String, usize> = HashMap::new();
    let mut add = |code: &str, name: &str, group: &str, row: Option<usize>, out: &mut Products| {
        let next = groups.len();
        let group = *groups.entry(group.to_string()).or_insert_with(|| {
            out.groups.push(group.to_string());
            next
        });
        out.codes.push(code.to_string());
        out.names.push(name.to_string());
        out.group.push(group);
        order.push(row);
    };
    for (row, product) in listed.iter().enumerate() {
        if !index.contains_key(&product.code) {
            index.insert(product.code.clone(), out.len());
            add(&product.code, &product.name, &product.group, Some(row), &mut out);
        }
    }
    let mut codes = Vec::with_capacity(sales.products.names().len());
    for (id, name) in sales.products.names().iter().enumerate() {
        let (place, is_total) = sales.first_product.get(id).copied().unwrap_or_default();
        if is_total {
            codes.push(None);
            continue;
        }
        let code = aliases.products.get(&**name).map_or(&**name, String::as_str);
        if !index.contains_key(code) {
            if !listed.is_empty() {
                let near = nearest(code, listed.iter().map(|p| p.code.as_str()));
                problems.error(sales.places.get(place), "unknown_product", say::unknown_product(code, near));
                codes.push(None);
                continue;
            }
            index.insert(code.to_string(), out.len());
            add(code, "", "", None, &mut out);
        }
        codes.push(Some(code.to_string()));
    }
    if out.groups.is_empty() {
        out.groups.push(String::new());
    }
    (codes, out, order)
}

/// The complete months of the history.
struct Span {
    start: Month,
    end: Month,
    /// The last selling day of `end`, where sales are in days and reach it.
    closed: Option<NaiveDate>,
    /// Newest visible day of sales in days, where an unfinished month follows `end`.
    partial: Option<NaiveDate>,
    /// Days later than this one are hidden (sales in days only).
    hidden_after: Option<i32>,
}

impl Span {
    fn new(sales: &Sales, calendar: &Calendar, as_of: Option<NaiveDate>) -> Option<Span> {
        let start = sales::month(*sales.day.iter().min()?);
        if !sales.daily {
            return Some(Span {
                start,
                end: sales::month(*sales.day.iter().max()?),
                closed: None,
                partial: None,
                hidden_after: None,
            });
        }
        let limit = as_of.map(|d| d.num_days_from_ce());
        let newest = sales::day(*sales.day.iter().filter(|d| limit.is_none_or(|l| **d <= l)).max()?);
        let month = Month::of(newest);
        let last = calendar.last_selling_day(month, sales.weekends);
        let complete = newest >= last;
        let end = if complete { month } else { month.plus(-1) };
        // A history that is one unfinished month stays a history: there is nothing else.
        let (end, partial) = if end < start { (start, None) } else { (end, (!complete).then_some(newest)) };
        Some(Span { start, end, closed: complete.then_some(last), partial, hidden_after: limit })
    }
}

/// The dense arrays of the history.
struct Dense {
    units: Array2<f64>,
    revenue: Option<Array2<f64>>,
    availability: Option<Array2<f64>>,
    rows: Array2<u32>,
    seen: Vec<Option<(usize, usize)>>,
    progress: Vec<Progress>,
    unfinished: Option<(NaiveDate, usize)>,
    /// Whether any key has more than one row.
    repeated: bool,
    /// Series (by position in the grid) and units of the unfinished month.
    partial: Vec<(usize, f64, u32)>,
}

impl Dense {
    fn new(grid: &Grid, span: Option<&Span>, sales: &Sales) -> Dense {
        let months = span.map_or(0, |s| (s.end.since(s.start) + 1).max(0) as usize);
        let size = (grid.series.len(), months);
        let stock = sales.availability.is_some() || sales.stockout_days.is_some();
        Dense {
            units: Array2::zeros(size),
            revenue: sales.revenue.as_ref().map(|_| Array2::zeros(size)),
            availability: stock.then(|| Array2::ones(size)),
            rows: Array2::zeros(size),
            seen: vec![None; grid.series.len()],
            progress: Vec::new(),
            unfinished: None,
            repeated: false,
            partial: Vec::new(),
        }
    }

    fn fill(&mut self, sales: &Sales, keys: &Keys, position: &[usize], span: Option<&Span>, calendar: &Calendar) {
        let Some(span) = span else { return };
        let months = self.units.ncols();
        let mut counts = self.availability.as_ref().map(|a| Array2::<f64>::zeros(a.dim()));
        let mut partial: HashMap<usize, (f64, u32)> = HashMap::new();
        let mut of_day = (i32::MIN, Month::of(NaiveDate::default()));
        for i in 0..sales.pair.len() {
            let Some(distinct) = keys.distinct_of.get(sales.pair[i] as usize).copied().flatten() else { continue };
            let series = position[distinct];
            let day = sales.day[i];
            if span.hidden_after.is_some_and(|limit| day > limit) {
                continue;
            }
            if of_day.0 != day {
                of_day = (day, sales::month(day));
            }
            let t = of_day.1.since(span.start) as usize;
            if t >= months {
                let sum = partial.entry(series).or_insert((0.0, sales.place[i]));
                sum.0 += sales.units[i];
                continue;
            }
            self.units[(series, t)] += sales.units[i];
            if let (Some(array), Some(column)) = (&mut self.revenue, &sales.revenue) {
                array[(series, t)] += column[i];
            }
            if let (Some(array), Some(counts)) = (&mut self.availability, &mut counts) {
                let share = sales.availability.as_ref().map_or(f64::NAN, |c| c[i]);
                let out = sales.stockout_days.as_ref().map_or(f64::NAN, |c| c[i]);
                let share = if share.is_nan() && !out.is_nan() {
                    in_stock(out, of_day.1, calendar, sales.daily)
                } else {
                    share
                };
                if !share.is_nan() {
                    // The running mean over the rows of the month; days of stockouts in rows of days add up.
                    let n = &mut counts[(series, t)];
                    let cell = &mut array[(series, t)];
                    if sales.daily && sales.availability.is_none() {
                        *cell -= 1.0 - share;
                    } else {
                        *cell = (*cell * *n + share) / (*n + 1.0);
                    }
                    *n += 1.0;
                }
            }
            let row = &mut self.rows[(series, t)];
            self.repeated |= *row != 0;
            if *row == 0 {
                *row = sales.place[i];
            }
            let seen = self.seen[series].get_or_insert((t, t));
            *seen = (seen.0.min(t), seen.1.max(t));
        }
        if let Some(array) = &mut self.availability {
            array.mapv_inplace(|a| a.clamp(0.0, 1.0));
            if array.iter().all(|a| *a >= 1.0) {
                self.availability = None;
            }
        }
        let mut partial: Vec<(usize, f64, u32)> =
            partial.into_iter().map(|(s, (units, place))| (s, units, place)).collect();
        partial.sort_by_key(|p| p.0);
        self.partial = partial;
    }

    /// Returns, repeats, sales without stock, and what becomes of an unfinished month.
    #[allow(clippy::too_many_arguments)]
    fn check(
        &mut self,
        sheets: &[&Sheet],
        sales: &Sales,
        keys: &Keys,
        position: &[usize],
        grid: &Grid,
        settings: &Settings,
        span: Option<&Span>,
        problems: &mut Problems,
    ) {
        let Some(span) = span else { return };
        if self.repeated {
            repeats(sheets, sales, keys, position, settings, problems);
        }
        let place = |id: u32| sales.places.get(id);
        let key = |series: usize, t: usize| {
            let s = grid.series[series];
            let region = grid.regions.code(grid.regions.node_of(s.leaf)).to_string();
            (region, grid.products.codes[s.product].clone(), span.start.plus(t as i32))
        };
        for ((series, t), units) in self.units.indexed_iter_mut() {
            if *units < 0.0 {
                let (region, product, month) = key(series, t);
                problems.warn(
                    place(self.rows[(series, t)]),
                    "returns",
                    say::returns(&region, &product, month, *units),
                    say::taken_as_zero(),
                );
                *units = 0.0;
            }
            let out = self.availability.as_ref().is_some_and(|a| a[(series, t)] <= 0.0);
            if out && *units > 0.0 {
                let (region, product, month) = key(series, t);
                problems.error(
                    place(self.rows[(series, t)]),
                    "sold_without_stock",
                    say::sold_without_stock(&region, &product, month, *units),
                );
            }
        }
        if let Some(day) = span.partial {
            self.unfinished = Some((day, self.partial.len()));
            for &(series, units, id) in &self.partial {
                let s = grid.series[series];
                let place =
                    place(id).unwrap_or_else(|| crate::error::Place { file: "sales".into(), line: 0, column: 0 });
                let node = grid.regions.node_of(s.leaf);
                self.progress.push(Progress {
                    as_of: day,
                    node,
                    scope: Scope::Product(s.product),
                    units: units.max(0.0),
                    place,
                });
            }
        }
    }
}

/// Share of a month in stock from the days without; a count beyond the selling days counts all days of the month.
fn in_stock(out: f64, month: Month, calendar: &Calendar, daily: bool) -> f64 {
    let selling = calendar.selling_days(month).min(f64::from(month.days())).max(1.0);
    let days = if out > selling && !daily { f64::from(month.days()) } else { selling };
    1.0 - out / days
}

/// Rows that share a key: identical ones are an error, others one notice.
fn repeats(
    sheets: &[&Sheet],
    sales: &Sales,
    keys: &Keys,
    position: &[usize],
    settings: &Settings,
    problems: &mut Problems,
) {
    let mut rows: Vec<(u64, u32)> = Vec::with_capacity(sales.pair.len());
    for i in 0..sales.pair.len() {
        let Some(distinct) = keys.distinct_of.get(sales.pair[i] as usize).copied().flatten() else { continue };
        let when = if sales.daily {
            i64::from(sales.day[i])
        } else {
            i64::from(sales::month(sales.day[i]).since(Month::of(NaiveDate::default())))
        };
        rows.push((((position[distinct] as u64) << 32) | u64::from(when as u32), sales.place[i]));
    }
    rows.sort_unstable();
    let shared = |i: usize| {
        let same = |j: Option<usize>| j.and_then(|j| rows.get(j)).is_some_and(|r| r.0 == rows[i].0);
        same(i.checked_sub(1)) || same(Some(i + 1))
    };
    let mut wanted: Vec<(u32, u64)> = (0..rows.len()).filter(|&i| shared(i)).map(|i| (rows[i].1, rows[i].0)).collect();
    if wanted.is_empty() {
        return;
    }
    wanted.sort_unstable();
    let found = sales::repeats(sheets, &sales.places, &wanted, settings);
    if settings.sales.duplicates == Duplicates::Error {
        for (second, first) in found.identical {
            let message = say::identical_rows(&first);
            problems.error(second, "identical_rows", message);
        }
    }
    if let Some((second, first, column)) = found.differing {
        problems.warn(second, "added_up", say::rows_of_one_key(&first, &column), say::added_up());
    }
}

/// Total rows against the sum of their parts.
fn totals(sales: &Sales, data: &Dataset, names: &Names, problems: &mut Problems) {
    let mut wrong = 0;
    for total in &sales.totals {
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

/// A product that sold before its launch was launched when it first sold.
fn launched_before_sale(data: &mut Dataset, problems: &mut Problems) {
    let mut first: Vec<Option<usize>> = vec![None; data.products.len()];
    for (s, series) in data.grid.series.iter().enumerate() {
        if let Some((t, _)) = data.seen[s] {
            let slot = &mut first[series.product];
            *slot = Some(slot.map_or(t, |x| x.min(t)));
        }
    }
    for (p, first) in first.into_iter().enumerate() {
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
            data.products[p].launch = Some(sold.first_day());
        }
    }
}

/// The newest observation: sales, month to date, counts in the channel.
fn newest(data: &Dataset, span: &Span) -> NaiveDate {
    let sales = span.partial.unwrap_or_else(|| span.end.last_day());
    let progress = data.progress.iter().map(|p| p.as_of);
    let channel = data.channel.iter().map(|c| c.month.last_day());
    progress.chain(channel).fold(sales, NaiveDate::max)
}

/// Whether all visible units of each group are whole.
fn whole(data: &Dataset) -> Vec<bool> {
    let mut whole = vec![true; data.grid.group_count()];
    let months = (0..data.months()).take_while(|&t| data.is_complete(t, data.as_of)).count();
    for (s, series) in data.grid.series.iter().enumerate() {
        whole[series.group] &= data.units.row(s).iter().take(months).all(|x| x.fract() == 0.0);
    }
    whole
}

/// Whether a folder is in Chinese: a header or a name of its sales is.
fn is_chinese(sheets: &[Sheet], sales: &Sales) -> bool {
    let han = |text: &str| text.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c));
    let header = |s: &Sheet| s.text.lines().find(|l| !l.trim().is_empty()).is_some_and(han);
    sheets.iter().any(header)
        || sales.regions.names().iter().chain(sales.products.names()).any(|n| han(n))
        || sheets.iter().filter(|s| matches!(s.table, Table::Products | Table::Regions)).any(|s| han(&s.text))
}

impl From<&catalog::Product> for Product {
    fn from(row: &catalog::Product) -> Product {
        Product {
            kind: row.kind,
            price: row.price,
            cost: row.cost,
            launch: row.launch,
            retire: row.retire,
            known: row.known,
            place: Some(row.place.clone()),
            ..Product::default()
        }
    }
}
