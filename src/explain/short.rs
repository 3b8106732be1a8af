//! A forecast in a planner's words, before any step: what was sold a year before, and what was added to it. The parts
//! add up as printed.

use super::chain::Chain;
use super::workings::Workings;
use crate::changes::rounded;
use crate::dataset::ledger::Step;
use crate::messages::Text;
use crate::messages::explain as say;
use crate::stages::level::Rule;

/// Months of the recent sales that are named.
const RECENT: usize = 3;
/// Months of a year.
const YEAR: usize = 12;
/// Parts of the sentence, in the order of [`say::PARTS`].
const PARTS: usize = say::PARTS;
/// Less than this is nothing.
const SAME: f64 = 1e-9;

/// The sentence for some series in a month ahead (by its index), whose forecast is printed as `printed`, in units.
pub fn short(workings: &Workings, series: &[usize], k: usize, printed: f64) -> Text {
    let (outlook, known) = (workings.outlook, &workings.known);
    let (data, point) = (known.data, &outlook.point);
    let month = outlook.horizon().months[k];
    let months = known.months();
    let sold = |t: usize| -> f64 { series.iter().map(|s| known.units[(*s, t)]).sum() };
    let clean = workings.clean();
    let cleaned = |t: usize| -> f64 { series.iter().map(|s| clean[(*s, t)]).sum() };
    // With communities on, what they and renewals brought then is no part of the base, as what they will bring is not.
    let beside = point.communities.is_some();
    let all_demand = point.demand(known);
    let demand = |t: usize| -> f64 { series.iter().map(|s| all_demand[(*s, t)]).sum() };
    let before = known.visible_index(month.plus(-(YEAR as i32))).filter(|t| *t < months && sold(*t) > 0.0);
    let recent = months.checked_sub(RECENT);
    // Last year's month; a young product's last months where there was none.
    let (began, with_stock, base) = match (before, recent) {
        (Some(t), _) => (sold(t), demand(t), cleaned(t)),
        (None, Some(from)) => {
            let mean = |of: &dyn Fn(usize) -> f64| (from..months).map(of).sum::<f64>() / RECENT as f64;
            (mean(&sold), mean(&demand), mean(&cleaned))
        }
        (None, None) => (0.0, 0.0, 0.0),
    };
    let near = k < outlook.months().len();
    let baseline = if near { &point.baseline } else { outlook.horizon() };
    let of = |s: &usize| {
        let all = baseline.units.get((*s, k)).copied().unwrap_or(0.0);
        (all, if near { outlook.without_events(*s, k).map_or(0.0, |without| all - without) } else { 0.0 })
    };
    let (stat, events) = series.iter().map(of).fold((0.0, 0.0), |sum, x| (sum.0 + x.0, sum.1 + x.1));
    let added: f64 = point.added.as_ref().map_or(0.0, |a| series.iter().filter_map(|s| a.get((*s, k))).sum());
    let mut parts = [0.0; PARTS];
    parts[0] = if beside { with_stock } else { base } - began;
    parts[1] = before.map_or(0.0, |t| {
        let by_days = |s: &usize| {
            let of = data.grid.series[*s];
            let level = point.level.get(data.grid.cell(of.leaf, of.group), month);
            level.is_some_and(|cell| matches!(cell.rule, Rule::Fitted | Rule::Pair(_)))
        };
        let days = data.calendar.selling_days(month) / data.calendar.selling_days(data.month(t));
        if series.iter().any(by_days) && days.is_finite() { base * (days - 1.0) } else { 0.0 }
    });
    (parts[3], parts[4]) = (events, if beside { added + base - with_stock } else { added });
    parts[2] = stat - events - added - base - parts[1];
    if near {
        let steps = outlook.steps();
        let sum = |step: Step| -> f64 { series.iter().map(|s| steps[step.index()][(*s, k)]).sum() };
        let order = [Step::Stat, Step::Cut, Step::Combined, Step::Landed, Step::Planned];
        for (i, pair) in order.windows(2).enumerate() {
            parts[5 + i] = sum(pair[1]) - sum(pair[0]);
        }
    }
    let exact = began + parts.iter().sum::<f64>();
    parts[2] += printed - exact;
    // As exact as what is printed of the forecast.
    let step = if (printed - printed.round()).abs() < SAME { 1.0 } else { 0.01 };
    let base = (began / step).round() * step;
    parts[2] += began - base;
    let parts = rounded(parts, printed - base, step);
    let trend = recent.filter(|from| *from >= YEAR).map(|from| {
        let sum = |back: usize| (from - back..months - back).map(&sold).sum::<f64>();
        (data.month(months - 1), sum(0), sum(YEAR))
    });
    say::short((before.map(|t| data.month(t)), base), &parts, trend, printed)
}

impl Chain<'_> {
    /// The sentence for the number explained.
    pub fn short(&self, printed: f64) -> Text {
        short(self.workings, &[self.series], self.k, printed)
    }
}
