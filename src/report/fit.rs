//! `fit.csv`: every fitted parameter with what it holds for, its plain value, the evidence behind it, and what it gained
//! at past origins.

use super::data::Table;
use super::{View, lessons};
use crate::fit::{LINE_PENALTIES, SHARE_PENALTY, Why};
use crate::messages::Text;
use crate::messages::report as say;
use crate::stages::combine::{Ahead, LINES, Step, TOTAL_NAMES, TOTALS};
use crate::stages::levels::{EXPERT_NAMES, LEVEL_NAMES};
use crate::stages::panel::names;

const HEADERS: [&str; 10] =
    ["parameter", "scope", "step", "month", "value", "plain_value", "origins", "observations", "gain", "note"];
/// What is counted alike, as `panel` numbers it.
const BLOCKS: [&str; 3] = ["goods", "policies", "services"];

/// What the correlation says: with everything put right, months with more stockouts have no less demand.
const HEALTH: &str = "demand against stockouts: after and before the correction; 0 is healthy";

/// One row; what does not apply is empty.
#[derive(Clone, Debug, Default)]
struct Row {
    parameter: String,
    scope: &'static str,
    value: Option<f64>,
    plain: Option<f64>,
    origins: Option<usize>,
    observations: Option<usize>,
    gain: Option<f64>,
    note: &'static str,
}

/// The file. Its words are the same in every language. `step` counts months after the last complete one.
pub fn table(view: &View) -> Table {
    let outlook = view.outlook;
    let mut table = Table::new(HEADERS);
    substitution(view, &mut table);
    for (k, month) in outlook.months().iter().enumerate() {
        let step = usize::try_from(month.since(outlook.origin.cutoff)).unwrap_or(0);
        let mut rows = vec![gate(view, step)];
        let ahead = outlook.point.combined.as_ref().and_then(|c| c.months.get(k)?.as_ref());
        let learned = outlook.parameters().learned.as_ref();
        let learned = learned.and_then(|learned| learned.steps.get(step.checked_sub(1)?)?.as_ref());
        if let (Some(ahead), Some(learned)) = (ahead, learned) {
            levels(learned, ahead, &mut rows);
            totals(learned, ahead, &mut rows);
            shares(learned, &mut rows);
        }
        for row in rows {
            table.text(&row.parameter);
            table.text(row.scope);
            table.whole(step as i64);
            table.month(*month);
            table.maybe(row.value);
            table.maybe(row.plain);
            table.whole(row.origins.map(|n| n as i64));
            table.whole(row.observations.map(|n| n as i64));
            table.maybe(row.gain);
            table.text(row.note);
            table.end();
        }
    }
    lessons::rows(view, &mut table);
    table
}

/// How many customers take something else where their product is out (s), and how well the months with stockouts tell.
fn substitution(view: &View, table: &mut Table) {
    let Some(found) = &view.outlook.fit.substitution else { return };
    let health = found.health.as_ref();
    let rows = [
        ("substitution", Some(found.used), Some(found.plain), ""),
        ("substitution_estimate", found.estimate, None, "before it is drawn half-way to the plain value"),
        ("substitution_error", found.error, None, "standard error of the estimate"),
        ("stockout_correlation", health.map(|h| h.after), health.map(|h| h.before), HEALTH),
    ];
    for (parameter, value, plain, note) in rows {
        table.text(parameter);
        table.text(say::ALL_SERIES);
        table.text("");
        table.text("");
        table.maybe(value);
        table.maybe(plain);
        table.text("");
        table.whole(found.months as i64);
        table.maybe(None);
        table.text(note);
        table.end();
    }
}

/// The comparison that decides: WAPE of the fitted forecast and of the plain rules at past origins.
fn gate(view: &View, step: usize) -> Row {
    let gate = &view.outlook.fit.gate;
    let compared = step.checked_sub(1).and_then(|i| gate.steps.get(i)).copied().unwrap_or_default();
    let wape = compared.wape();
    Row {
        parameter: "wape".to_owned(),
        scope: say::ALL_SERIES,
        value: wape.map(|w| w.0),
        plain: wape.map(|w| w.1),
        origins: Some(compared.origins),
        observations: Some(compared.rows),
        gain: wape.filter(|w| w.1 > 0.0).map(|w| 1.0 - w.0 / w.1),
        note: match gate.why(view.outlook.dataset.settings.learns()) {
            Why::Off => say::FIT_OFF,
            Why::TooLittle => say::FIT_TOO_LITTLE,
            Why::Lost => say::FIT_LOST,
            Why::Nearer => say::FIT_NEARER,
            Why::NothingToCompare => say::FIT_NOTHING_TO_COMPARE,
        },
    }
}

/// For each level that counts: its experts' weights and what they missed at past origins.
fn levels(learned: &Step, ahead: &Ahead, rows: &mut Vec<Row>) {
    for ((weights, evidence), scope) in ahead.agreed.weights.iter().zip(&learned.evidence).zip(LEVEL_NAMES) {
        for (e, name) in EXPERT_NAMES.iter().enumerate().filter(|(e, _)| weights[*e] > 0.0) {
            let row = |what: &str, value: Option<f64>| Row {
                parameter: format!("level_{what}.{name}"),
                scope,
                value,
                origins: Some(evidence.origins[e]),
                observations: Some(evidence.errors()),
                ..Row::default()
            };
            rows.push(row("weight", Some(weights[e])));
            rows.push(row("wape", evidence.wape(e)));
        }
    }
}

/// For each block that sells something: its experts' weights and what they missed; what its regressions come from.
fn totals(learned: &Step, ahead: &Ahead, rows: &mut Vec<Row>) {
    for ((b, total), scope) in ahead.numbers.totals.iter().enumerate().zip(BLOCKS) {
        if total.value <= 0.0 {
            continue;
        }
        for e in (0..TOTALS).filter(|e| total.experts[*e].is_some()) {
            let missed = learned.missed.get(b).map(|m| m[e]).unwrap_or_default();
            let row = |what: &str, value: Option<f64>| Row {
                parameter: format!("total_{what}.{}", TOTAL_NAMES[e]),
                scope,
                value,
                origins: Some(missed.origins),
                observations: Some(missed.origins),
                ..Row::default()
            };
            rows.push(row("weight", Some(total.weights[e])));
            rows.push(row("wape", missed.share()));
        }
        rows.push(Row {
            parameter: "begun".to_owned(),
            scope,
            value: learned.begun.get(b).copied(),
            plain: Some(1.0),
            ..Row::default()
        });
    }
    // Coefficients of regions' and products' own variables would be three long lists; what they rest on is told.
    let first = TOTAL_NAMES.iter().position(|n| *n == "regression").unwrap_or(0);
    for i in (0..LINES).filter(|_| learned.lines.is_some()) {
        rows.push(Row {
            parameter: format!("total_penalty.{}", TOTAL_NAMES.get(first + i).copied().unwrap_or_default()),
            scope: "regions and products",
            value: Some(LINE_PENALTIES[i]),
            origins: Some(learned.line_origins),
            ..Row::default()
        });
    }
}

/// The coefficients of the shares' regression.
fn shares(learned: &Step, rows: &mut Vec<Row>) {
    let row = |parameter: String, value: f64| Row {
        parameter,
        scope: say::ALL_SERIES,
        value: Some(value),
        origins: Some(learned.origins),
        observations: Some(learned.rows),
        ..Row::default()
    };
    rows.push(row("share_penalty".to_owned(), SHARE_PENALTY));
    let coefficients = names().into_iter().zip(&learned.shares.coefficients);
    rows.extend(coefficients.map(|(name, value)| row(format!("share.{name}"), *value)));
}

/// Whether the forecast is fitted, and how much nearer it was at past origins.
pub fn line(view: &View) -> Text {
    let gate = &view.outlook.fit.gate;
    // The closes that were compared: each counts in every step ahead.
    let origins = gate.steps.iter().map(|step| step.origins).max().unwrap_or(0);
    match (gate.why(view.outlook.dataset.settings.learns()), gate.all().wape()) {
        (Why::Off, _) => say::fit_off(),
        (Why::Nearer, Some((fitted, plain))) => say::fit_nearer(origins, fitted, plain),
        (Why::Lost, Some((fitted, plain))) => say::fit_lost(origins, fitted, plain),
        (Why::NothingToCompare | Why::Nearer, _) => say::fit_nothing_to_compare(),
        (Why::TooLittle | Why::Lost, _) => say::fit_too_little(),
    }
}
