//! `rates`: what a planner states of new communities where the record says little yet.

use std::collections::{BTreeMap, HashSet};

use chrono::NaiveDate;

use super::Product;
use super::names::Names;
use super::repeats::Identical;
use crate::error::{Place, Problems};
use crate::grid::{COMPANY, Kind, Scope};
use crate::messages::{data as say, rates};
use crate::month::Month;
use crate::settings::Settings;
use crate::sheet::{Rows, Sheet};
use crate::stats::life_table::FIRST_LAG;

/// Months after the handover for which a share of signing may be stated: ten years.
const LAST_LAG: i32 = 120;
/// Shares that add up to 1 but for what is lost in adding.
const SLACK: f64 = 1e-9;

/// What a rate is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Measure {
    /// Share of a community's households that sign so many months after the handover.
    Signing(i32),
    /// Share of the households that sign that buy goods.
    Conversion,
    /// Units of a product or group for each buyer.
    UnitsPerBuyer,
    /// Policies for each household that signs.
    TakeUp,
    /// Share of the policies running out that is renewed.
    Renewal,
}

impl Measure {
    /// The words by which the table may call them; the first is the one that messages use.
    const WORDS: [(Measure, &'static [&'static str]); 5] = [
        (Measure::Signing(0), &["signing", "签约", "签约比例", "签约率"]),
        (Measure::Conversion, &["conversion", "转化率", "购买率", "购买比例"]),
        (Measure::UnitsPerBuyer, &["units_per_buyer", "户均件数", "每户件数"]),
        (Measure::TakeUp, &["take_up", "投保率", "投保比例"]),
        (Measure::Renewal, &["renewal", "续保率", "续保"]),
    ];

    fn of(word: &str) -> Option<Measure> {
        let word = word.to_lowercase().replace([' ', '-'], "_");
        Measure::WORDS.into_iter().find(|(_, words)| words.contains(&word.as_str())).map(|(measure, _)| measure)
    }

    /// Its word.
    pub fn word(self) -> &'static str {
        let same = |(other, _): &(Measure, _)| std::mem::discriminant(other) == std::mem::discriminant(&self);
        Measure::WORDS.into_iter().find(same).and_then(|(_, words)| words.first().copied()).unwrap_or_default()
    }
}

/// One row of `rates`.
#[derive(Clone, Debug)]
pub struct Rate {
    /// First month it holds.
    pub from: Month,
    /// Region node.
    pub node: usize,
    /// Products meant.
    pub scope: Scope,
    /// What it is of.
    pub measure: Measure,
    /// A share; units for [`Measure::UnitsPerBuyer`].
    pub value: f64,
    /// Since when it is known; none: all along.
    pub known: Option<NaiveDate>,
    /// Where it stands.
    pub place: Place,
}

/// Reads the rows.
pub fn read(
    sheets: &[&Sheet],
    settings: &Settings,
    names: &Names,
    products: &[Product],
    problems: &mut Problems,
) -> Vec<Rate> {
    let mut out: Vec<Rate> = Vec::new();
    let (mut seen, mut keys) = (Identical::default(), HashSet::new());
    for sheet in sheets {
        let Some(mut rows) = Rows::open(sheet, &settings.columns, problems) else { continue };
        let [from, region, product, measure, lag, value, known] =
            ["from", "region", "product", "measure", "lag", "value", "known"].map(|c| rows.column(c));
        while let Some(row) = rows.next(problems) {
            if seen.again(row, problems) {
                continue;
            }
            let begin = row.need_period(from, problems);
            let node = names.region(row, region, problems);
            let scope = names.scope(row, product, problems);
            let word = row.need_name(measure, problems);
            let months = row.number(lag, problems);
            let number = row.need_rate(value, problems);
            let since = row.period(known, problems).map(|p| p.first_day());
            let found = word.and_then(Measure::of);
            if word.is_some() && found.is_none() {
                let words: Vec<&str> = Measure::WORDS.iter().filter_map(|(_, words)| words.first().copied()).collect();
                problems.error(row.place(measure), "bad_word", say::one_of(&row.quoted(measure), &words.join(", ")));
            }
            let (Some(begin), Some(node), Some(scope), Some(found), Some(number)) = (begin, node, scope, found, number)
            else {
                continue;
            };
            let measured = match (found, months) {
                (Measure::Signing(_), Some(at))
                    if at.fract() == 0.0 && (f64::from(FIRST_LAG)..=f64::from(LAST_LAG)).contains(&at) =>
                {
                    Measure::Signing(at as i32)
                }
                (Measure::Signing(_), _) => {
                    problems.error(row.place(lag), "bad_lag", rates::lag_needed(FIRST_LAG, LAST_LAG));
                    continue;
                }
                (other, _) => other,
            };
            let most = if measured == Measure::UnitsPerBuyer { f64::INFINITY } else { 1.0 };
            if !(0.0..=most).contains(&number) {
                let message = if most > 1.0 {
                    say::negative(&row.quoted(value))
                } else {
                    say::between_0_and_1(&row.quoted(value))
                };
                problems.error(row.place(value), "bad_rate", message);
                continue;
            }
            let policy = |p: usize| products.get(p).is_some_and(|p| p.kind == Some(Kind::Policy));
            let fits = match (measured, scope) {
                (_, Scope::All) => measured != Measure::UnitsPerBuyer,
                (Measure::UnitsPerBuyer, Scope::Group(_)) => true,
                (Measure::UnitsPerBuyer, Scope::Product(p)) => !policy(p),
                (Measure::TakeUp | Measure::Renewal, Scope::Product(p)) => policy(p),
                _ => false,
            };
            if !fits {
                let place = row.place(if row.has(product) { product } else { measure });
                problems.error(place, "bad_scope", rates::rate_of_what(measured.word()));
                continue;
            }
            if matches!(measured, Measure::Signing(_) | Measure::Renewal) && node != COMPANY {
                problems.error(row.place(region), "bad_scope", rates::rate_of_company(measured.word()));
                continue;
            }
            if !keys.insert((begin.month(), node, scope, measured)) {
                problems.error(row.place(measure), "listed_twice", say::listed_twice(measured.word()));
                continue;
            }
            out.push(Rate {
                from: begin.month(),
                node,
                scope,
                measure: measured,
                value: number,
                known: since,
                place: row.place(value),
            });
        }
    }
    more_than_all(&out, problems);
    out
}

/// Nobody signs twice, nor takes two policies at once: shares of one whole that hold from one month add up to at most 1.
fn more_than_all(all: &[Rate], problems: &mut Problems) {
    let mut sums: BTreeMap<(Month, usize, bool), (f64, Place)> = BTreeMap::new();
    for rate in all {
        let signing = matches!(rate.measure, Measure::Signing(_));
        if signing || (rate.measure == Measure::TakeUp && rate.scope != Scope::All) {
            let sum = sums.entry((rate.from, rate.node, signing)).or_insert((0.0, rate.place.clone()));
            sum.0 += rate.value;
            sum.1 = rate.place.clone();
        }
    }
    for ((_, _, signing), (sum, place)) in sums {
        if sum > 1.0 + SLACK {
            let word = if signing { Measure::Signing(0) } else { Measure::TakeUp }.word();
            problems.error(place, "more_than_all", rates::shares_over_one(word, sum));
        }
    }
}
