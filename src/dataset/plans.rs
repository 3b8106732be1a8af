//! What people plan, say and count: targets, growth, factors, front line, overrides, progress, channel stock.

use std::collections::HashMap;

use super::names::{Names, tier};
use super::repeats::{Identical, Keyed};
use super::{Answer, ChannelStock, Dataset, Factor, Growth, Measure, Progress, Says, Target};
use crate::error::Problems;
use crate::grid::Scope;
use crate::messages::{answers, data as say};
use crate::month::{Month, Period};
use crate::schema::{Table, nearest};
use crate::settings::Sign;
use crate::sheet::{Col, Row, Rows, Sheet};

/// Reads the tables into `data`.
pub fn read<'s>(data: &mut Dataset, names: &Names, of: &impl Fn(Table) -> Vec<&'s Sheet>, problems: &mut Problems) {
    let reader = Reader { data, names };
    let targets = reader.targets(&of(Table::Targets), problems);
    let factors = reader.factors(&of(Table::Factors), problems);
    let growth = reader.growth(&of(Table::Growth), problems);
    let channel = reader.channel(&of(Table::ChannelStock), problems);
    let frontline = reader.answers(&of(Table::Frontline), problems);
    let overrides = reader.answers(&of(Table::Overrides), problems);
    let progress = reader.progress(&of(Table::Progress), problems);
    (data.targets, data.stages) = targets;
    data.factors = factors;
    data.growth = growth;
    data.channel = channel;
    data.frontline = frontline;
    data.overrides = overrides;
    data.progress.extend(progress);
}

struct Reader<'a> {
    data: &'a Dataset,
    names: &'a Names,
}

impl Reader<'_> {
    fn open<'s>(&self, sheet: &'s Sheet, problems: &mut Problems) -> Option<Rows<'s>> {
        Rows::open(sheet, &self.data.settings.columns, problems)
    }

    /// A known reason with its sign; `other` needs an effect, which the caller checks.
    fn reason(&self, row: Row, col: Col, problems: &mut Problems) -> Option<(String, Sign)> {
        let reason = row.need_name(col, problems)?;
        let reasons = &self.data.settings.reasons;
        match reasons.sign(reason) {
            Some(sign) => Some((reason.to_string(), sign)),
            None => {
                problems.error(
                    row.place(col),
                    "unknown_reason",
                    say::unknown_reason(reason, nearest(reason, reasons.known())),
                );
                None
            }
        }
    }

    /// A reason that is shown and decides nothing: one that nobody knows is a warning.
    fn told(&self, row: Row, col: Col, problems: &mut Problems) -> Option<String> {
        let reason = row.need_name(col, problems)?;
        let reasons = &self.data.settings.reasons;
        if reasons.sign(reason).is_none() {
            let message = say::unknown_reason(reason, nearest(reason, reasons.known()));
            problems.warn(row.place(col), "unknown_reason", message, say::shown_as_it_is());
        }
        Some(reason.to_string())
    }

    fn targets(&self, sheets: &[&Sheet], problems: &mut Problems) -> (Vec<Target>, Vec<String>) {
        let mut out: Vec<Target> = Vec::new();
        let mut stages = self.data.settings.targets.stages.clone();
        let mut seen: HashMap<(i32, usize, usize, Scope, Option<Month>), crate::error::Place> = HashMap::new();
        let unit = self.data.settings.units.money;
        let listed = !stages.is_empty();
        let mut index: HashMap<String, usize> = HashMap::new();
        for (at, stage) in stages.iter().enumerate() {
            index.entry(stage.clone()).or_insert(at);
        }
        for sheet in sheets {
            let Some(mut rows) = self.open(sheet, problems) else { continue };
            let [year, stage, region, month, product] =
                ["year", "stage", "region", "month", "product"].map(|c| rows.column(c));
            let [units, revenue, min, max, lock, known] =
                ["units", "revenue", "min", "max", "lock", "known"].map(|c| rows.column(c));
            while let Some(row) = rows.next(problems) {
                let fiscal = row.need_year(year, problems);
                let node = self.names.region(row, region, problems);
                let scope = self.names.scope(row, product, problems);
                let lock = row.yes(lock, problems);
                let known = row.period(known, problems).map(|p| p.first_day());
                let (in_units, in_money) = (row.number(units, problems), row.money(revenue, unit, problems));
                let measure = if in_units.is_none() && in_money.is_some() { Measure::Revenue } else { Measure::Units };
                let bound = |col: Col, problems: &mut Problems| match measure {
                    Measure::Units => row.number(col, problems),
                    Measure::Revenue => row.money(col, unit, problems).map(|x| x * unit.yuan()),
                };
                let (min, max, max_col) = (bound(min, problems), bound(max, problems), max);
                let value = in_units.or(in_money.map(|x| x * unit.yuan()));
                let broken = problems.errors();
                if value.is_some_and(|x| x < 0.0) {
                    let col = if measure == Measure::Units { units } else { revenue };
                    problems.error(row.place(col), "negative", say::negative(&row.quoted(col)));
                }
                if value.is_none() && min.is_none() && max.is_none() && !row.has(units) && !row.has(revenue) {
                    problems.error(row.place(units), "empty_target", say::empty_target());
                }
                if let (Some(low), Some(high)) = (min, max)
                    && low > high
                {
                    problems.error(row.place(max_col), "bounds", say::min_over_max());
                }
                let outside = |x: f64| min.is_some_and(|m| x < m) || max.is_some_and(|m| x > m);
                if lock && value.is_some_and(outside) {
                    problems.error(row.place(max_col), "bounds", say::lock_outside_bounds());
                }
                let (Some(fiscal), Some(node), Some(scope)) = (fiscal, node, scope) else { continue };
                let when = self.target_month(row, month, fiscal, problems);
                if problems.errors() > broken {
                    continue;
                }
                let name = row.name(stage, problems).unwrap_or_default();
                let stage = match index.get(name) {
                    Some(at) => *at,
                    None if listed && !name.is_empty() => {
                        problems.error_with(row.place(stage), "unknown_stage", || {
                            say::unknown_stage(name, nearest(name, stages.iter().map(String::as_str)))
                        });
                        continue;
                    }
                    None => {
                        stages.push(name.to_string());
                        index.insert(name.to_string(), stages.len() - 1);
                        stages.len() - 1
                    }
                };
                let key = (fiscal, stage, node, scope, when);
                if let Some(before) = seen.insert(key, row.place(year)) {
                    problems.error(row.place(year), "listed_twice", say::target_twice(&before));
                    continue;
                }
                out.push(Target {
                    year: fiscal,
                    stage,
                    node,
                    scope,
                    month: when,
                    measure,
                    value,
                    min,
                    max,
                    lock,
                    known,
                    place: row.place(year),
                });
            }
        }
        mixed_measures(&out, problems);
        (out, stages)
    }

    /// The month of a target row: a month of its fiscal year, or the number of a calendar month.
    fn target_month(&self, row: Row, col: Col, fiscal: i32, problems: &mut Problems) -> Option<Month> {
        let text = row.text(col);
        if text.is_empty() {
            return None;
        }
        let start = self.data.settings.fiscal.start;
        let first = Month::fiscal_start(fiscal, start);
        if let Some(number) = text.trim_end_matches('月').parse::<u32>().ok().filter(|n| (1..=12).contains(n)) {
            return (0..12).map(|k| first.plus(k)).find(|m| m.number() == number);
        }
        let month = row.period(col, problems)?.month();
        if month.fiscal_year(start) != fiscal {
            problems.error(row.place(col), "other_year", say::month_of_other_year(month, fiscal));
            return None;
        }
        Some(month)
    }

    fn factors(&self, sheets: &[&Sheet], problems: &mut Problems) -> Vec<Factor> {
        let mut out = Vec::new();
        let mut seen = Identical::default();
        for sheet in sheets {
            let Some(mut rows) = self.open(sheet, problems) else { continue };
            let [region, product, from, to, reason, effect, known] =
                ["region", "product", "from", "to", "reason", "effect", "known"].map(|c| rows.column(c));
            while let Some(row) = rows.next(problems) {
                if seen.again(row, problems) {
                    continue;
                }
                let node = self.names.region(row, region, problems);
                let scope = self.names.scope(row, product, problems);
                let first = row.need_period(from, problems);
                let last = row.need_period(to, problems);
                let why = self.reason(row, reason, problems);
                let share = row.rate(effect, problems);
                if share.is_some_and(|e| e < -1.0) {
                    problems.error(row.place(effect), "bad_effect", say::effect_range(&row.quoted(effect)));
                    continue;
                }
                let since = row.period(known, problems).map(|p| p.first_day());
                let (Some(node), Some(scope), Some(first), Some(last), Some((reason_code, sign))) =
                    (node, scope, first, last, why)
                else {
                    continue;
                };
                if last.month() < first.month() {
                    problems.error(row.place(to), "ends_before", say::ends_before_it_begins());
                    continue;
                }
                if share.is_none() && sign == Sign::None {
                    problems.error(row.place(effect), "effect_needed", say::effect_needed(&reason_code));
                    continue;
                }
                out.push(Factor {
                    node,
                    scope,
                    from: first.month(),
                    to: last.month(),
                    reason: reason_code,
                    sign: match sign {
                        Sign::Plus => 1,
                        Sign::Minus => -1,
                        Sign::None => 0,
                    },
                    effect: share,
                    known: since.unwrap_or(first.first_day()),
                    place: row.place(from),
                });
            }
        }
        out
    }

    fn growth(&self, sheets: &[&Sheet], problems: &mut Problems) -> Vec<Growth> {
        let mut out: Vec<Growth> = Vec::new();
        for sheet in sheets {
            let Some(mut rows) = self.open(sheet, problems) else { continue };
            let [region, product, year, growth, lock, reason, known] =
                ["region", "product", "year", "growth", "lock", "reason", "known"].map(|c| rows.column(c));
            while let Some(row) = rows.next(problems) {
                let node = self.names.region(row, region, problems);
                let scope = self.names.scope(row, product, problems);
                let fiscal = row.need_year(year, problems);
                let rate = row.need_rate(growth, problems);
                let why = self.told(row, reason, problems);
                let lock = row.yes(lock, problems);
                let known = row.period(known, problems).map(|p| p.first_day());
                if rate.is_some_and(|g| g < -1.0) {
                    problems.error(row.place(growth), "bad_growth", say::growth_range(&row.quoted(growth)));
                    continue;
                }
                let (Some(node), Some(scope), Some(year), Some(growth), Some(reason)) =
                    (node, scope, fiscal, rate, why)
                else {
                    continue;
                };
                let place = row.place(region);
                if let Some(before) = out.iter().find(|g| (g.node, g.scope, g.year) == (node, scope, year)) {
                    problems.error(place, "listed_twice", say::target_twice(&before.place));
                    continue;
                }
                out.push(Growth { node, scope, year, growth, lock, reason, known, place });
            }
        }
        out
    }

    fn channel(&self, sheets: &[&Sheet], problems: &mut Problems) -> Vec<ChannelStock> {
        let mut out: Vec<ChannelStock> = Vec::new();
        let mut keys = Keyed::new();
        let mut seen = Identical::default();
        for sheet in sheets {
            let Some(mut rows) = self.open(sheet, problems) else { continue };
            let [month, region, product, of_tier, units, sell_out] =
                ["month", "region", "product", "tier", "units", "sell_out"].map(|c| rows.column(c));
            while let Some(row) = rows.next(problems) {
                if seen.again(row, problems) {
                    continue;
                }
                let when = row.need_period(month, problems);
                let node = self.names.region(row, region, problems);
                let scope = self.names.scope(row, product, problems);
                let found = tier(row.text(of_tier));
                if found.is_none() {
                    problems.error(
                        row.place(of_tier),
                        "bad_word",
                        say::one_of(&row.quoted(of_tier), "dealer, downstream"),
                    );
                }
                let stock = row.need_number(units, problems);
                let sold = row.number(sell_out, problems);
                let (Some(when), Some(node), Some(scope), Some(tier), Some(stock)) = (when, node, scope, found, stock)
                else {
                    continue;
                };
                if stock < 0.0 {
                    problems.warn(
                        row.place(units),
                        "negative_stock",
                        say::negative(&row.quoted(units)),
                        say::taken_as_zero(),
                    );
                }
                let place = row.place(units);
                let key = (when.month(), node, scope, tier);
                if let Some(at) = keys.before(key, out.len(), row, problems) {
                    if let Some(count) = out.get_mut(at) {
                        count.units += stock.max(0.0);
                        count.sell_out = count.sell_out.zip(sold).map(|(a, b)| a + b);
                    }
                    continue;
                }
                out.push(ChannelStock {
                    month: when.month(),
                    node,
                    scope,
                    tier,
                    units: stock.max(0.0),
                    sell_out: sold,
                    place,
                });
            }
        }
        out
    }

    /// `frontline` and `overrides`.
    fn answers(&self, sheets: &[&Sheet], problems: &mut Problems) -> Vec<Answer> {
        let mut out = Vec::new();
        let mut seen = Identical::default();
        for sheet in sheets {
            let Some(mut rows) = self.open(sheet, problems) else { continue };
            let [made, month, region, product, by, reason, lock] =
                ["made", "month", "region", "product", "by", "reason", "lock"].map(|c| rows.column(c));
            let [units, attainment, change] = ["units", "attainment", "change"].map(|c| rows.column(c));
            while let Some(row) = rows.next(problems) {
                if seen.again(row, problems) {
                    continue;
                }
                let when = row.need_period(made, problems);
                let what = row.need_period(month, problems);
                let node = self.names.region(row, region, problems);
                let scope = self.names.scope(row, product, problems);
                let value = answered(row, [units, attainment, change], problems);
                let who = row.need_name(by, problems);
                let why = self.reason(row, reason, problems);
                let lock = row.yes(lock, problems);
                if let (Some(when), Some(what)) = (when, what)
                    && what.month() < when.month()
                {
                    problems.error(row.place(month), "past_month", say::speaks_of_the_past(what.month(), when.month()));
                    continue;
                }
                let (Some(when), Some(what), Some(node), Some(scope), Some(says), Some(by), Some((reason, _))) =
                    (when, what, node, scope, value, who, why)
                else {
                    continue;
                };
                out.push(Answer {
                    made: when.first_day(),
                    month: what.month(),
                    node,
                    scope,
                    says,
                    by: by.to_string(),
                    reason,
                    lock,
                    place: row.place(made),
                });
            }
        }
        out
    }

    fn progress(&self, sheets: &[&Sheet], problems: &mut Problems) -> Vec<Progress> {
        let mut out: Vec<Progress> = Vec::new();
        let mut keys = Keyed::new();
        let mut seen = Identical::default();
        for sheet in sheets {
            let Some(mut rows) = self.open(sheet, problems) else { continue };
            let [as_of, region, product, units] = ["as_of", "region", "product", "units"].map(|c| rows.column(c));
            while let Some(row) = rows.next(problems) {
                if seen.again(row, problems) {
                    continue;
                }
                let when = row.need_period(as_of, problems);
                let node = self.names.region(row, region, problems);
                let scope = self.names.scope(row, product, problems);
                let sold = row.need_number(units, problems);
                let day = match when {
                    Some(Period::Day(day)) => day,
                    Some(Period::Month(_)) => {
                        problems.error(row.place(as_of), "day_needed", say::day_needed(&row.quoted(as_of)));
                        continue;
                    }
                    None => continue,
                };
                let (Some(node), Some(scope), Some(sold)) = (node, scope, sold) else { continue };
                if sold < 0.0 {
                    problems.warn(row.place(units), "returns", say::negative(&row.quoted(units)), say::taken_as_zero());
                }
                match keys.before((day, node, scope), out.len(), row, problems) {
                    Some(at) => {
                        if let Some(before) = out.get_mut(at) {
                            before.units += sold.max(0.0);
                        }
                    }
                    None => {
                        out.push(Progress { as_of: day, node, scope, units: sold.max(0.0), place: row.place(units) })
                    }
                }
            }
        }
        out
    }
}

/// Targets of one year and scope count one thing: units or money.
/// What a row of the front line or of overrides says: one of units, share of the target and change; none and an error
/// where that is not so.
fn answered(row: Row, [units, attainment, change]: [Col; 3], problems: &mut Problems) -> Option<Says> {
    let given: Vec<Col> = [units, attainment, change].into_iter().filter(|col| row.has(*col)).collect();
    let says = match given.as_slice() {
        [col] if *col == units => (*col, row.number(units, problems).map(Says::Units)),
        [col] if *col == attainment => (*col, row.rate(attainment, problems).map(Says::Attainment)),
        [col] => (*col, row.rate(change, problems).map(Says::Change)),
        // The table's own word for an empty number, where it has no other column.
        [] if attainment.index().is_none() && change.index().is_none() => {
            return row.need_number(units, problems).map(Says::Units);
        }
        [] => {
            problems.error(row.place(units), "no_answer", answers::no_answer());
            return None;
        }
        [_, second, ..] => {
            problems.error(row.place(*second), "two_answers", answers::two_answers());
            return None;
        }
    };
    let (col, says) = (says.0, says.1?);
    let bad = match says {
        Says::Units(x) => x < 0.0,
        Says::Attainment(share) => !(0.0..=MOST_OF_TARGET).contains(&share),
        Says::Change(share) => !(-1.0..=MOST_OF_TARGET).contains(&share),
    };
    if bad {
        let (kind, message) = match says {
            Says::Units(_) => ("negative", say::negative(&row.quoted(col))),
            _ => ("bad_share", answers::share_out_of_range(&row.quoted(col))),
        };
        problems.error(row.place(col), kind, message);
        return None;
    }
    Some(says)
}

/// More than ten times a target or a forecast is a number of units in the wrong column.
pub const MOST_OF_TARGET: f64 = 10.0;

fn mixed_measures(targets: &[Target], problems: &mut Problems) {
    let mut first: HashMap<(i32, usize, Scope), &Target> = HashMap::new();
    for target in targets.iter().filter(|t| t.value.is_some()) {
        let before = *first.entry((target.year, target.stage, target.scope)).or_insert(target);
        if before.measure != target.measure {
            problems.error(target.place.clone(), "mixed_measures", say::mixed_measures(&before.place));
        }
    }
}

/// A target in money needs a price for every group it reaches.
pub fn check_money(data: &Dataset, problems: &mut Problems) {
    if data.revenue.is_some() {
        return;
    }
    for target in data.targets.iter().filter(|t| t.measure == Measure::Revenue) {
        let products = data.grid.in_scope(target.node, target.scope).into_iter().map(|s| data.grid.series[s].product);
        if let Some(product) = products.into_iter().find(|p| data.products[*p].price.is_none()) {
            let message = say::money_without_price(&data.grid.products.codes[product]);
            problems.error(target.place.clone(), "no_price", message);
        }
    }
}
