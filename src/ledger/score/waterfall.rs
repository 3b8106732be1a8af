//! The waterfall: every forecast of every month, months made down, months forecast across.

use crate::dataset::ledger::Step;
use crate::dataset::{Issue, Known, Mode};
use crate::month::Month;

/// What was issued for each month, and what came.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Waterfall {
    /// Months made, from the first on.
    pub made: Vec<Month>,
    /// Months forecast, without gaps.
    pub months: Vec<Month>,
    /// Units issued (demand with goods in stock), month made x month forecast.
    pub issued: Vec<Vec<Option<f64>>>,
    /// Units sold in each month forecast; none where it has not come yet.
    pub sold: Vec<Option<f64>>,
}

/// The waterfall of the sum of some series, of what was issued in one mode.
pub fn waterfall(known: &Known, mode: Mode, series: &[usize]) -> Waterfall {
    let issues: Vec<&Issue> = known.ledger.iter().filter(|i| i.mode == mode).copied().collect();
    let all = || issues.iter().flat_map(|i| i.months.iter().map(|m| m.month));
    let (Some(first), Some(last)) = (all().min(), all().max()) else { return Waterfall::default() };
    let months: Vec<Month> = (0..=last.since(first)).map(|n| first.plus(n)).collect();
    let issued = |issue: &Issue, month: &Month| {
        let units = issue.months.iter().find(|m| m.month == *month)?.after(Step::Final);
        (!units.is_empty()).then(|| series.iter().filter_map(|s| units.get(*s)).sum::<f64>())
    };
    let sold = |month: &Month| {
        let t = known.visible_index(*month)?;
        Some(series.iter().filter_map(|s| known.units.get((*s, t))).sum::<f64>())
    };
    Waterfall {
        made: issues.iter().map(|i| i.made).collect(),
        issued: issues.iter().map(|i| months.iter().map(|m| issued(i, m)).collect()).collect(),
        sold: months.iter().map(sold).collect(),
        months,
    }
}
