//! Rows of sales made dense arrays, and what is only seen when they are added up.

use std::collections::HashMap;

use chrono::{Datelike, NaiveDate};
use ndarray::Array2;

use super::index::Keys;
use super::overlap::Overlap;
use super::periods::{Period, Periods};
use super::sales::{self, Sales};
use super::{Progress, StockDays, part};
use crate::across::Facts;
use crate::calendar::Calendar;
use crate::error::{Place, Problems};
use crate::grid::{Grid, Scope};
use crate::messages::{data as say, door};
use crate::month::Month;
use crate::settings::{Duplicates, Settings};
use crate::sheet::Sheet;

/// The complete months of the history.
pub(super) struct Span {
    pub(super) start: Month,
    pub(super) end: Month,
    /// The last selling day of `end`, where sales are in days and reach it.
    pub(super) closed: Option<NaiveDate>,
    /// Newest visible day of sales in days, where an unfinished month follows `end`.
    pub(super) partial: Option<NaiveDate>,
    /// Days later than this one are hidden (sales in days only).
    pub(super) hidden_after: Option<i32>,
}

impl Span {
    /// `closed`: months that somebody says are complete.
    pub(super) fn new(facts: &Facts, calendar: &Calendar, as_of: Option<NaiveDate>, closed: &[Month]) -> Option<Span> {
        let start = sales::month(facts.first?);
        if !facts.daily {
            let end = sales::month(facts.last?);
            return Some(Span { start, end, closed: None, partial: None, hidden_after: None });
        }
        let limit = as_of.map(|d| d.num_days_from_ce());
        let newest = sales::day(facts.visible?);
        let month = Month::of(newest);
        let last = calendar.last_selling_day(month, part::sells(facts));
        // A day asked for beyond the month closes it where the days since the last row are no more than often passed
        // without one.
        let quiet = (month.last_day() - newest).num_days();
        let over = as_of.is_some_and(|day| day >= month.last_day())
            && facts.quiet.is_some_and(|longest| quiet < i64::from(longest));
        let complete = newest >= last || over || closed.contains(&month);
        let end = if complete { month } else { month.plus(-1) };
        // A history that is one unfinished month stays a history: there is nothing else.
        let (end, partial) = if end < start { (start, None) } else { (end, (!complete).then_some(newest)) };
        let closed = complete.then_some(last.max(newest));
        Some(Span { start, end, closed, partial, hidden_after: limit })
    }

    /// The months that periods of other lengths cover.
    pub(super) fn of_periods(periods: &[Period], as_of: Option<NaiveDate>) -> Option<Span> {
        /// A month of which the first days are missing is left out where the history is longer.
        const LONGER: i32 = 3;
        let limit = as_of.map_or(i32::MAX, |day| day.num_days_from_ce());
        let seen = || periods.iter().filter(|period| period.last <= limit);
        let first = seen().next()?.first;
        let last = seen().next_back()?.last;
        let (from, to) = (sales::month(first), sales::month(last));
        let whole_first = from.first_day().num_days_from_ce() == first;
        let whole_last = to.last_day().num_days_from_ce() == last;
        let end = if whole_last { to } else { to.plus(-1) };
        let start = if whole_first || end.since(from) < LONGER { from } else { from.plus(1) };
        let (end, open) = if end < start { (start, false) } else { (end, !whole_last) };
        // What a period spills over into a month is no progress of it.
        let begun = to.first_day().num_days_from_ce();
        let partial = (open && seen().any(|period| period.first >= begun)).then(|| sales::day(last));
        let hidden_after = (limit < i32::MAX).then_some(limit);
        Some(Span { start, end, closed: None, partial, hidden_after })
    }
}

/// The dense arrays of the history.
pub(super) struct Dense {
    pub(super) units: Array2<f64>,
    pub(super) revenue: Option<Array2<f64>>,
    pub(super) availability: Option<Array2<f64>>,
    pub(super) was_out: Option<Array2<bool>>,
    pub(super) days: Option<StockDays>,
    pub(super) rows: Array2<u32>,
    pub(super) seen: Vec<Option<(usize, usize)>>,
    pub(super) progress: Vec<Progress>,
    pub(super) unfinished: Option<(NaiveDate, usize)>,
    /// Whether any key has more than one row.
    pub(super) repeated: bool,
    /// Series (by position in the grid) and units of the unfinished month.
    pub(super) partial: Vec<(usize, f64, u32)>,
}

impl Dense {
    pub(super) fn new(grid: &Grid, span: Option<&Span>, sales: &Sales) -> Dense {
        let months = span.map_or(0, |s| (s.end.since(s.start) + 1).max(0) as usize);
        let size = (grid.series.len(), months);
        let was_out = sales.rows.was_out() > 0;
        let stock = sales.has_availability || sales.has_stockout_days || was_out;
        Dense {
            units: Array2::zeros(size),
            revenue: sales.has_revenue.then(|| Array2::zeros(size)),
            availability: stock.then(|| Array2::ones(size)),
            was_out: was_out.then(|| Array2::from_elem(size, false)),
            days: (stock && sales.daily).then(|| StockDays { rows: Array2::zeros(size), out: Array2::zeros(size) }),
            rows: Array2::zeros(size),
            seen: vec![None; grid.series.len()],
            progress: Vec::new(),
            unfinished: None,
            repeated: false,
            partial: Vec::new(),
        }
    }

    pub(super) fn fill(
        &mut self,
        sales: &Sales,
        (keys, position): (&Keys, &[usize]),
        (periods, overlap): (&[Period], &Overlap),
        span: Option<&Span>,
        calendar: &Calendar,
    ) {
        let Some(span) = span else { return };
        if !periods.is_empty() {
            return self.spread(sales, (keys, position), (periods, overlap), span);
        }
        let months = self.units.ncols();
        let mut counts = self.availability.as_ref().map(|a| Array2::<f64>::zeros(a.dim()));
        let mut partial: HashMap<usize, (f64, u32)> = HashMap::new();
        let mut of_day = (i32::MIN, Month::of(NaiveDate::default()));
        for row in sales.rows.iter() {
            let Some(series) = keys.series(row.pair, row.day, position) else { continue };
            let day = row.day;
            if span.hidden_after.is_some_and(|limit| day > limit) || !overlap.counts(sales, series, &row) {
                continue;
            }
            if of_day.0 != day {
                of_day = (day, sales::month(day));
            }
            let t = of_day.1.since(span.start) as usize;
            if t >= months {
                let sum = partial.entry(series).or_insert((0.0, row.place));
                sum.0 += row.units;
                continue;
            }
            self.units[(series, t)] += row.units;
            if let Some(array) = &mut self.revenue {
                array[(series, t)] += row.revenue;
            }
            if let (Some(array), Some(counts)) = (&mut self.availability, &mut counts) {
                let (share, out) = (row.availability, row.stockout_days);
                if let Some(days) = &mut self.days {
                    note(days, (series, t), sales::day(day), share, out);
                }
                let share = if share.is_nan() && !out.is_nan() {
                    in_stock(out, row.units > 0.0, of_day.1, calendar, sales.daily)
                } else {
                    share
                };
                if !share.is_nan() {
                    // The running mean over the rows of the month; days of stockouts in rows of days add up.
                    let n = &mut counts[(series, t)];
                    let cell = &mut array[(series, t)];
                    if sales.daily && !sales.has_availability {
                        *cell -= 1.0 - share;
                    } else {
                        *cell = (*cell * *n + share) / (*n + 1.0);
                    }
                    *n += 1.0;
                }
            }
            if let Some(was_out) = self.was_out.as_mut().filter(|_| row.was_out) {
                was_out[(series, t)] = true;
            }
            let first = &mut self.rows[(series, t)];
            self.repeated |= *first != 0;
            if *first == 0 {
                *first = row.place;
            }
            let seen = self.seen[series].get_or_insert((t, t));
            *seen = (seen.0.min(t), seen.1.max(t));
        }
        if let Some(array) = &mut self.availability {
            array.mapv_inplace(|a| a.clamp(0.0, 1.0));
            if self.was_out.is_none() && array.iter().all(|a| *a >= 1.0) {
                self.availability = None;
                self.days = None;
            }
        }
        let mut partial: Vec<(usize, f64, u32)> =
            partial.into_iter().map(|(s, (units, place))| (s, units, place)).collect();
        partial.sort_by_key(|p| p.0);
        self.partial = partial;
    }

    /// Adds rows up that are of periods, each month getting its days' share.
    fn spread(
        &mut self,
        sales: &Sales,
        (keys, position): (&Keys, &[usize]),
        (periods, overlap): (&[Period], &Overlap),
        span: &Span,
    ) {
        let months = self.units.ncols();
        let mut partial: HashMap<usize, (f64, u32)> = HashMap::new();
        let mut counts = self.availability.as_ref().map(|a| Array2::<f64>::zeros(a.dim()));
        let mut whole = vec![true; self.seen.len()];
        for row in sales.rows.iter() {
            let found = keys.series(row.pair, row.day, position).zip(Periods::of(periods, row.day));
            let Some((series, period)) = found else { continue };
            if span.hidden_after.is_some_and(|limit| period.last > limit) || !overlap.counts(sales, series, &row) {
                continue;
            }
            whole[series] &= row.units.fract() == 0.0;
            for (month, share) in period.months() {
                let Ok(t) = usize::try_from(month.since(span.start)) else { continue };
                if t >= months {
                    let sum = partial.entry(series).or_insert((0.0, row.place));
                    sum.0 += row.units * share;
                    continue;
                }
                let at = (series, t);
                self.units[at] += row.units * share;
                if let Some(array) = &mut self.revenue {
                    array[at] += row.revenue * share;
                }
                let days = f64::from(period.last - period.first + 1);
                let stated = if row.availability.is_nan() { 1.0 - row.stockout_days / days } else { row.availability };
                if let (Some(array), Some(counts), false) = (&mut self.availability, &mut counts, stated.is_nan()) {
                    let weight = share * days;
                    array[at] = (array[at] * counts[at] + stated * weight) / (counts[at] + weight);
                    counts[at] += weight;
                }
                if let Some(was_out) = self.was_out.as_mut().filter(|_| row.was_out) {
                    was_out[at] = true;
                }
                if self.rows[at] == 0 {
                    self.rows[at] = row.place;
                }
                let seen = self.seen[series].get_or_insert((t, t));
                *seen = (seen.0.min(t), seen.1.max(t));
            }
        }
        for (mut units, _) in self.units.rows_mut().into_iter().zip(&whole).filter(|(_, whole)| **whole) {
            // Whole units stay whole: each month ends where the sum so far does.
            let (mut sum, mut before) = (0.0, 0.0_f64);
            for cell in &mut units {
                sum += *cell;
                *cell = sum.round() - before;
                before = sum.round();
            }
        }
        if let Some(array) = &mut self.availability {
            array.mapv_inplace(|a| a.clamp(0.0, 1.0));
        }
        if span.partial.is_some() {
            self.partial = partial.into_iter().map(|(s, (units, place))| (s, units, place)).collect();
            self.partial.sort_by_key(|p| p.0);
        }
    }

    /// Returns, repeats, sales without stock, and what becomes of an unfinished month.
    #[allow(clippy::too_many_arguments)]
    pub(super) fn check(
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
                let place = place(id).unwrap_or_else(|| Place { file: "sales".into(), line: 0, column: 0 });
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

/// Notes a row of one day: in stock, or out for most of the day.
fn note(days: &mut StockDays, at: (usize, usize), day: NaiveDate, share: f64, out: f64) {
    /// Half of a day and more without stock is a day without.
    const MOST: f64 = 0.5;
    let bit = 1 << day.day0();
    days.rows[at] |= bit;
    if share <= MOST || (share.is_nan() && out >= MOST) {
        days.out[at] |= bit;
    }
    // More than a day in one row: a month's count among daily rows.
    if share.is_nan() && out > 1.0 {
        days.out[at] |= StockDays::UNKNOWN;
    }
}

/// Share of a month in stock from the days without. A count of more than the selling days, or of all of them in a month
/// with sales, was of all days of the month.
fn in_stock(out: f64, sold: bool, month: Month, calendar: &Calendar, daily: bool) -> f64 {
    let all = f64::from(month.days());
    let selling = calendar.open_days(month).clamp(1.0, all);
    let beyond = out > selling || (out == selling && sold);
    let days = if beyond && !daily { all } else { selling };
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
    let mut rows: Vec<(u64, u32, f64)> = Vec::new();
    for row in sales.rows.iter() {
        let Some(series) = keys.series(row.pair, row.day, position) else { continue };
        let when = if sales.daily {
            i64::from(row.day)
        } else {
            i64::from(sales::month(row.day).since(Month::of(NaiveDate::default())))
        };
        rows.push((((series as u64) << 32) | u64::from(when as u32), row.place, row.units));
    }
    rows.sort_unstable_by_key(|row| (row.0, row.1));
    let shared = |i: usize| {
        let same = |j: Option<usize>| j.and_then(|j| rows.get(j)).is_some_and(|r| r.0 == rows[i].0);
        same(i.checked_sub(1)) || same(Some(i + 1))
    };
    let mut wanted: Vec<(u32, u64)> = (0..rows.len()).filter(|&i| shared(i)).map(|i| (rows[i].1, rows[i].0)).collect();
    if wanted.is_empty() {
        return;
    }
    wanted.sort_unstable();
    let found = sales::repeats(sheets, &sales.places, &wanted, &sales.running(), settings);
    // What two files hold both is told as such.
    let within = |(second, first): &&(Place, Place)| second.file == first.file;
    let identical: Vec<&(Place, Place)> = found.identical.iter().filter(within).collect();
    if let Some((second, first)) = identical.first().filter(|_| settings.sales.duplicates == Duplicates::Error) {
        let message = match &found.number {
            Some(header) => door::identical_but(first, identical.len(), header),
            None => say::identical_sales(first, identical.len()),
        };
        problems.error(second.clone(), "identical_rows", message);
    }
    if let Some((second, first, column)) = found.differing {
        let added = || rows.windows(2).filter(|two| two[0].0 == two[1].0).map(|two| two[1].2);
        let message = door::sales_of_one_key(&first, &column, added().count(), added().sum());
        problems.warn(second, "added_up", message, say::added_up());
    }
}
