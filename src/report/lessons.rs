//! What the ledger taught, as rows of `fit.csv` and lines of the page.

use super::View;
use super::data::Table;

use crate::grid::Scope;
use crate::messages::Text;
use crate::messages::ledger as say;
use crate::month::Month;
use crate::stages::lessons::{CHANNEL_VARIABLES, Combination, Evidence, Key, Lessons, SOURCES};

/// Names of the attainment's coefficients.
const CHANNEL: [&str; CHANNEL_VARIABLES] = ["intercept", "cover", "last_miss", "landing"];
const WEIGHTS: &str = "drawn to the plain weights as by twelve months";
const BIAS: &str = "what a forecast is multiplied by; drawn to the mean of all";
const PLAIN: &str = "plain rule: too little issued, or it came nearer";

/// The rows of each month forecast that a lesson is about.
pub(super) fn rows(view: &View, table: &mut Table) {
    let outlook = view.outlook;
    if view.known.ledger.is_empty() {
        return;
    }
    let lessons = &outlook.parameters().lessons;
    for &month in outlook.months() {
        let lag = outlook.origin.lag(month);
        let mut out = Rows { view, table, step: i64::from(month.since(outlook.origin.cutoff)), month };
        out.front(lessons, lag);
        match lag {
            0 => out.landing(lessons),
            1 => out.channel(lessons),
            _ => {}
        }
    }
}

struct Rows<'r, 'v> {
    view: &'r View<'v>,
    table: &'r mut Table,
    step: i64,
    month: Month,
}

impl Rows<'_, '_> {
    fn row(&mut self, parameter: &str, scope: &str, value: f64, plain: f64, evidence: Option<Evidence>, note: &str) {
        let table = &mut *self.table;
        table.text(parameter);
        table.text(scope);
        table.whole(self.step);
        table.month(self.month);
        table.number(value);
        table.number(plain);
        table.whole(evidence.map(|e| e.months as i64));
        table.whole(evidence.map(|e| e.rows as i64));
        table.maybe(evidence.and_then(gain));
        table.text(note);
        table.end();
    }

    fn scope(&self, (node, scope): Key) -> String {
        let grid = &self.view.outlook.dataset.grid;
        match scope {
            Scope::All => grid.regions.code(node).to_owned(),
            _ => format!("{}|{}", grid.regions.code(node), grid.scope_code(scope)),
        }
    }

    fn front(&mut self, lessons: &Lessons, lag: i32) {
        let weight = self.view.outlook.parameters().frontline_weight;
        let plain = [1.0 - weight, weight, 0.0];
        let learned = usize::try_from(lag).ok().and_then(|lag| lessons.front.get(lag)).and_then(Option::as_ref);
        let Some(found) = learned else {
            return self.row("weight.front", "ledger", weight, weight, None, PLAIN);
        };
        for ((name, weight), plain) in SOURCES.into_iter().zip(found.weights).zip(plain) {
            self.row(&format!("weight.{name}"), "ledger", weight, plain, Some(found.evidence), WEIGHTS);
        }
        self.biases(found);
    }

    fn biases(&mut self, found: &Combination) {
        let own = |months: usize| Some(Evidence { months, rows: months, ..Evidence::default() });
        for (name, biases) in [("ours", &found.ours), ("target", &found.target)] {
            for (key, log, months) in &biases.each {
                let scope = self.scope(*key);
                self.row(&format!("bias.{name}"), &scope, log.exp(), 1.0, own(*months), BIAS);
            }
        }
        for ((key, by), log, months) in &found.front.each {
            let scope = self.scope(*key);
            self.row(&format!("bias.front.{by}"), &scope, log.exp(), 1.0, own(*months), BIAS);
        }
    }

    fn channel(&mut self, lessons: &Lessons) {
        let Some(found) = &lessons.channel else { return };
        for (name, b) in CHANNEL.into_iter().zip(found.b) {
            self.row(&format!("attainment.{name}"), "ledger", b, 0.0, Some(found.evidence), "");
        }
        self.row("attainment.ratio", "ledger", found.ratio, 1.0, Some(found.evidence), "");
    }

    fn landing(&mut self, lessons: &Lessons) {
        let Some(found) = &lessons.landing else { return };
        let outlook = self.view.outlook;
        let passed = outlook.dataset.calendar.elapsed(outlook.origin.as_of);
        let plain = outlook.parameters().progress_prior;
        self.row("landing.share", "ledger", found.share(passed), passed, Some(found.evidence), "");
        self.row("landing.prior", "ledger", found.prior, plain, Some(found.evidence), "");
    }
}

/// What part of the plain rule's error a lesson saved where it was tried.
fn gain(evidence: Evidence) -> Option<f64> {
    evidence.wape.filter(|(_, plain)| *plain > 0.0).map(|(learned, plain)| 1.0 - learned / plain)
}

/// What the page says of the lessons; nothing where there is no ledger.
pub(super) fn lines(view: &View) -> Vec<Text> {
    if view.known.ledger.is_empty() {
        return Vec::new();
    }
    let lessons = &view.outlook.parameters().lessons;
    let mut out = vec![say::issued_so_far(view.known.ledger.len())];
    for (lag, found) in lessons.front.iter().enumerate() {
        if let Some((found, (learned, plain))) = found.as_ref().and_then(|f| f.evidence.wape.map(|w| (f, w))) {
            out.push(say::weights_learned(lag, found.weights, learned, plain));
        }
    }
    let others = [
        (lessons.channel.as_ref().map(|c| c.evidence), say::attainment_name()),
        (lessons.landing.as_ref().map(|l| l.evidence), say::landing_name()),
    ];
    for (evidence, name) in others {
        if let Some((learned, plain)) = evidence.and_then(|e| e.wape) {
            out.push(say::lesson_learned(&name, learned, plain));
        }
    }
    if out.len() == 1 {
        out.push(say::nothing_learned());
    }
    out
}
