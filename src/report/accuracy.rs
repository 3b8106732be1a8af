//! What `accuracy` shows: its figures as rows for programs, and its page.

mod page;

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::Serialize;

use super::cell::{self, settled};
use super::data::Table;
use super::run::Source;
use crate::dataset::Known;
use crate::grid::{Grid, Scope};
use crate::ledger::score::{By, Judged, PARTS, Part, Score, Scored, Scores, Side, Waterfall, waterfall};
use crate::messages::Lang;
use crate::month::Month;

pub use page::page;

/// The columns of the rows.
const HEADERS: [&str; 11] =
    ["mode", "section", "lag", "level", "region", "product", "made", "month", "name", "measure", "value"];

/// The scores as they are shown.
pub struct Shown<'a> {
    /// The data as visible.
    pub known: &'a Known<'a>,
    /// What became of what was issued.
    pub scores: &'a Scores,
    /// Region node and products of the waterfall.
    pub of: (usize, Scope),
    /// The waterfall of each mode of the scores.
    pub falls: Vec<Waterfall>,
    /// The language of what is said.
    pub lang: Lang,
}

impl<'a> Shown<'a> {
    /// Makes the waterfalls of a region and products.
    pub fn new(known: &'a Known<'a>, scores: &'a Scores, of: (usize, Scope), lang: Lang) -> Shown<'a> {
        let series = known.data.grid.in_scope(of.0, of.1);
        let falls = scores.modes.iter().map(|m| waterfall(known, m.mode, &series)).collect();
        Shown { known, scores, of, falls, lang }
    }
}

/// One figure. What does not apply is empty.
#[derive(Clone, Debug, Default, Serialize)]
struct Row<'a> {
    mode: &'static str,
    section: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    lag: Option<i32>,
    #[serde(skip_serializing_if = "str::is_empty")]
    level: &'static str,
    #[serde(skip_serializing_if = "str::is_empty")]
    region: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    product: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    made: Option<Month>,
    #[serde(skip_serializing_if = "Option::is_none")]
    month: Option<Month>,
    #[serde(skip_serializing_if = "str::is_empty")]
    name: Cow<'a, str>,
    measure: Cow<'static, str>,
    value: f64,
}

/// Rows put together: what all rows of a section have in common, and its measures.
struct Sheet<'a>(Vec<Row<'a>>);

impl<'a> Sheet<'a> {
    fn add(&mut self, common: &Row<'a>, measure: impl Into<Cow<'static, str>>, value: impl Into<Option<f64>>) {
        if let Some(value) = value.into() {
            self.0.push(Row { measure: measure.into(), value: settled(value), ..common.clone() });
        }
    }
}

/// The figures, section by section: `accuracy` (name: issued or naive), `step` (name: the step), `signal` (rows whose
/// tracking signal is out), `front` and `override` (level: source, reason or contributor), `revision` (second forecast
/// against first), `lost` and `waterfall`. Shares, not percentages; units.
fn rows<'a>(shown: &'a Shown) -> Vec<Row<'a>> {
    let mut sheet = Sheet(Vec::new());
    let grid = &shown.known.data.grid;
    for (score, fall) in shown.scores.modes.iter().zip(&shown.falls) {
        let mode = Row { mode: score.mode.word(), ..Row::default() };
        score.levels.iter().for_each(|scored| level(&mut sheet, &mode, scored));
        score.levels.iter().for_each(|scored| steps(&mut sheet, &mode, scored));
        for flag in &score.flags {
            let (region, product) = key(grid, (flag.node, flag.scope));
            let lag = Some(flag.lag);
            let row = Row { section: "signal", lag, level: flag.level.word(), region, product, ..mode.clone() };
            sheet.add(&row, "tracking_signal", flag.signal.value);
            sheet.add(&row, "tracking_limit", flag.signal.limit);
            sheet.add(&row, "units", flag.units);
        }
        score.judged.iter().for_each(|judged| answers(&mut sheet, &mode, judged));
        revision(&mut sheet, &mode, score, grid);
        falls(&mut sheet, &mode, fall, key(grid, shown.of));
    }
    sheet.0
}

fn key(grid: &Grid, (node, scope): (usize, Scope)) -> (&str, &str) {
    (grid.regions.code(node), grid.scope_code(scope))
}

fn level<'a>(sheet: &mut Sheet<'a>, mode: &Row<'a>, scored: &Scored) {
    let row = Row { section: "accuracy", lag: Some(scored.lag), level: scored.level.word(), ..mode.clone() };
    let mut side = |name: &'static str, side: &Side| {
        let row = Row { name: name.into(), ..row.clone() };
        sheet.add(&row, "months", side.sums.forecasts as f64);
        sheet.add(&row, "rows", side.sums.rows as f64);
        sheet.add(&row, "sold", side.sums.sold);
        sheet.add(&row, "missed", side.sums.missed);
        sheet.add(&row, "wape", side.sums.wape());
        sheet.add(&row, "bias", side.sums.bias());
        sheet.add(&row, "rmsse", side.sums.rmsse());
        sheet.add(&row, "tracking_signal", side.signal.map(|s| s.value));
        sheet.add(&row, "tracking_limit", side.signal.map(|s| s.limit));
        sheet.add(&row, "tracked", side.tracked as f64);
        sheet.add(&row, "tracked_out", side.out as f64);
    };
    side("issued", &scored.ours);
    side("naive", &scored.naive);
    let row = Row { name: "issued".into(), ..row };
    sheet.add(&row, "wape_raw", scored.raw);
    sheet.add(&row, "inside80", scored.inside.map(|(i, _)| i[0]));
    sheet.add(&row, "inside95", scored.inside.map(|(i, _)| i[1]));
    sheet.add(&row, "bounds", scored.inside.map(|(_, n)| n as f64));
}

fn steps<'a>(sheet: &mut Sheet<'a>, mode: &Row<'a>, scored: &Scored) {
    let row = Row { section: "step", lag: Some(scored.lag), level: scored.level.word(), ..mode.clone() };
    for value in scored.value() {
        let row = Row { name: value.step.map_or("naive", |step| step.word()).into(), ..row.clone() };
        sheet.add(&row, "wape", value.wape);
        sheet.add(&row, "missed", value.missed);
        sheet.add(&row, "change", value.change);
        sheet.add(&row, "gained", value.gained);
    }
}

fn answers<'a>(sheet: &mut Sheet<'a>, mode: &Row<'a>, judged: &'a Judged) {
    let level = match judged.by {
        By::Source => "source",
        By::Reason => "reason",
        By::Contributor => "contributor",
    };
    let name = Cow::from(&*judged.name);
    let row = Row { section: judged.source.word(), level, name, ..mode.clone() };
    sheet.add(&row, "answers", judged.all.count as f64);
    sheet.add(&row, "avoided", judged.all.avoided);
    sheet.add(&row, "nearer", judged.all.nearer_share());
    sheet.add(&row, "bias", judged.all.bias());
    for (part, tally) in PARTS.iter().zip(&judged.parts).filter(|(_, tally)| tally.count > 0) {
        let word = match part {
            Part::SmallUp => "up_small",
            Part::LargeUp => "up_large",
            Part::SmallDown => "down_small",
            Part::LargeDown => "down_large",
        };
        sheet.add(&row, format!("answers_{word}"), tally.count as f64);
        sheet.add(&row, format!("avoided_{word}"), tally.avoided);
        sheet.add(&row, format!("nearer_{word}"), tally.nearer_share());
        sheet.add(&row, format!("bias_{word}"), tally.bias());
    }
}

fn revision<'a>(sheet: &mut Sheet<'a>, mode: &Row<'a>, score: &Score, grid: &'a Grid) {
    let revised = &score.revised;
    let row = Row { section: "revision", ..mode.clone() };
    let mut add = |row: &Row<'a>, [sold, first, second]: [f64; 3]| {
        sheet.add(row, "sold", sold);
        sheet.add(row, "missed_lag2", first);
        sheet.add(row, "missed_lag1", second);
        sheet.add(row, "gained", first - second);
    };
    for gain in &revised.months {
        let month = Some(gain.month);
        add(&Row { month, ..row.clone() }, [gain.sold, gain.first, gain.second]);
    }
    if !revised.months.is_empty() {
        add(&row, revised.sums());
    }
    for lost in &revised.lost {
        let (region, product) = key(grid, (lost.node, lost.scope));
        let row = Row { section: "lost", level: lost.level.word(), region, product, ..mode.clone() };
        sheet.add(&row, "units", lost.units);
    }
}

fn falls<'a>(sheet: &mut Sheet<'a>, mode: &Row<'a>, fall: &Waterfall, (region, product): (&'a str, &'a str)) {
    let row = Row { section: "waterfall", region, product, ..mode.clone() };
    for (made, issued) in fall.made.iter().zip(&fall.issued) {
        for (month, units) in fall.months.iter().zip(issued) {
            let lag = Some(month.since(*made));
            let (made, month) = (Some(*made), Some(*month));
            sheet.add(&Row { lag, made, month, ..row.clone() }, "issued", *units);
        }
    }
    for (month, sold) in fall.months.iter().zip(&fall.sold) {
        sheet.add(&Row { month: Some(*month), ..row.clone() }, "sold", *sold);
    }
}

/// The figures of some sections as JSON, an object a row.
pub fn figures(shown: &Shown, wanted: impl Fn(&str) -> bool) -> serde_json::Value {
    let rows: Vec<Row> = rows(shown).into_iter().filter(|row| wanted(row.section)).collect();
    serde_json::to_value(rows).unwrap_or_default()
}

/// The figures as CSV.
pub fn table(shown: &Shown) -> Table {
    let mut table = Table::new(HEADERS);
    for row in rows(shown) {
        table.text(row.mode);
        table.text(row.section);
        table.whole(row.lag.map(i64::from));
        table.text(row.level);
        table.text(row.region);
        table.text(row.product);
        table.month(row.made);
        table.month(row.month);
        table.text(&row.name);
        table.text(&row.measure);
        table.number(row.value);
        table.end();
    }
    table
}

/// The figures as JSON, with what they rest on.
pub fn json(shown: &Shown, inputs: &[Source]) -> Vec<u8> {
    #[derive(Serialize)]
    struct Issued {
        mode: &'static str,
        issues: usize,
        first: String,
        last: String,
        passed: usize,
        left_out: usize,
    }
    #[derive(Serialize)]
    struct Whole<'a> {
        program: &'static str,
        version: &'static str,
        as_of: String,
        cutoff: String,
        units: &'static str,
        inputs: &'a [Source],
        settings: BTreeMap<String, String>,
        issued: Vec<Issued>,
        figures: Vec<Row<'a>>,
    }
    let known = shown.known;
    let issued = shown.scores.modes.iter().map(|s| Issued {
        mode: s.mode.word(),
        issues: s.issues,
        first: s.made.0.to_string(),
        last: s.made.1.to_string(),
        passed: s.passed,
        left_out: s.left_out,
    });
    let whole = Whole {
        program: env!("CARGO_PKG_NAME"),
        version: env!("CARGO_PKG_VERSION"),
        as_of: known.origin.as_of.to_string(),
        cutoff: known.origin.cutoff.to_string(),
        units: "units",
        inputs,
        settings: known.data.settings.changed().into_iter().collect(),
        issued: issued.collect(),
        figures: rows(shown),
    };
    cell::json(&whole)
}
