//! Control totals: each printed figure worked out again from the folder, and against the other printed figures.
//!
//! A figure is contradicted where what it should be lies further from it than half of its last printed digit. What it is
//! compared with is taken at its printed value: that rounding the inputs another way could have led to the figure does
//! not make it the figure that they give. The identities:
//! ```text
//! growth           = value / value of the year before - 1
//! agency_fee       = fee rate x premiums
//! appliance_profit = appliance_margin x appliance_revenue
//! buyers           = buyer_share x new_households
//! ```
//! and a measure of one period and region that is printed twice is the same. Where an input is printed twice, the figure
//! is contradicted only if every pair of inputs contradicts it.

use crate::books::households::{self, Households, kind};
use crate::books::money;
use crate::dataset::Known;
use crate::dataset::totals::{Counted, Printed, Span, Total};
use crate::error::Problems;
use crate::grid::{Kind, Scope};
use crate::messages::Text;
use crate::messages::books as say;
use crate::messages::planning::{percent, plain};
use crate::stages::target::revenue;

/// The contradictions of the folder's control totals, as warnings at their cells; what cannot be worked out from the
/// folder is told once.
pub fn check(known: &Known) -> Problems {
    let all = &known.data.totals;
    let control = Control { known, all, households: households::count(known), units: money::units(known) };
    let mut problems = Problems::default();
    let mut untold: Vec<&Total> = Vec::new();
    for total in control.all {
        let told = control.told(total);
        if told.is_none() {
            untold.push(total);
        }
        let (reasons, printed) = control.reasons(total, told);
        if !reasons.is_empty() {
            let message = say::figure_contradicted(&total.measure, &total.span, &total.value.text, &reasons);
            let kind = if printed { "contradicted" } else { "not_the_folders" };
            problems.warn(total.value.place.clone(), kind, message, say::left_as_printed());
        }
        let Some(growth) = &total.growth else { continue };
        let (reasons, printed) = control.growth(total, growth);
        if !reasons.is_empty() {
            let message = say::growth_contradicted(&total.measure, &total.span, &growth.text, &reasons);
            let kind = if printed { "contradicted" } else { "not_the_folders" };
            problems.warn(growth.place.clone(), kind, message, say::left_as_printed());
        }
    }
    if let Some(first) = untold.first() {
        let list: Vec<String> = untold.iter().map(|t| format!("{} {}", t.measure, t.span)).collect();
        let message = say::not_recomputed(&list.join(", "));
        problems.warn(first.value.place.clone(), "not_recomputed", message, say::compared_with_each_other());
    }
    problems
}

struct Control<'k, 'a> {
    known: &'k Known<'a>,
    all: &'a [Total],
    households: Option<Households>,
    /// What a unit of each product brings.
    units: Vec<money::Unit>,
}

impl<'a> Control<'_, 'a> {
    /// Other printed figures of the measure and region of a total.
    fn printed(&self, total: &'a Total, span: Span) -> impl Iterator<Item = &'a Total> {
        let same = move |t: &&Total| match (t.counted, total.counted) {
            (None, None) => t.measure == total.measure,
            (own, other) => own == other,
        };
        let all = self.all.iter().filter(move |t| (t.span, t.node) == (span, total.node) && same(t));
        all.filter(move |t| !std::ptr::eq(*t, total))
    }

    /// What contradicts a figure, and whether another printed figure does.
    fn reasons(&self, total: &'a Total, told: Option<f64>) -> (Vec<Text>, bool) {
        let value = &total.value;
        let mut reasons = Vec::new();
        let twin = self.printed(total, total.span).find(|t| differ(value, &t.value));
        // Of two, the one that the folder gives is believed; else the first.
        let blamed = |twin: &&Total| match told {
            Some(exact) if twin.value.agrees(exact) != value.agrees(exact) => !value.agrees(exact),
            _ => twin.value.place < value.place,
        };
        if let Some(twin) = twin.filter(blamed) {
            reasons.push(say::printed_otherwise(&twin.value.text, &twin.value.place));
        }
        reasons.extend(self.identity(total));
        let printed = !reasons.is_empty();
        if let Some(exact) = told.filter(|exact| printed || !value.agrees(*exact)) {
            reasons.push(say::folder_says(&self.shown(exact, total.counted)));
        }
        (reasons, printed)
    }

    /// The products that a figure should be, where it is none of them.
    fn identity(&self, total: &'a Total) -> Vec<Text> {
        let of = |counted| {
            let all = self.all.iter().filter(move |t| (t.span, t.node) == (total.span, total.node));
            all.filter(move |t| t.counted == Some(counted)).map(|t| &t.value)
        };
        let pairs: Vec<(String, f64, &Printed)> = match total.counted {
            Some(Counted::AgencyFee) => match self.fee() {
                Some(rate) => of(Counted::Premiums).map(|p| (percent(rate), rate, p)).collect(),
                None => Vec::new(),
            },
            Some(Counted::ApplianceProfit) => pairs(of(Counted::ApplianceMargin), || of(Counted::ApplianceRevenue)),
            Some(Counted::Buyers) => pairs(of(Counted::BuyerShare), || of(Counted::NewHouseholds)),
            _ => Vec::new(),
        };
        if pairs.iter().any(|(_, rate, of)| total.value.agrees(rate * of.value)) {
            return Vec::new();
        }
        let product = |share: &f64, of: &Printed| self.shown(share * of.value, total.counted);
        pairs.iter().map(|(rate, share, of)| say::product_is(rate, &of.text, &of.place, &product(share, of))).collect()
    }

    /// The fee rate, where all policies have the same.
    fn fee(&self) -> Option<f64> {
        let mut rates = self.units.iter().filter_map(|unit| unit.fee);
        let first = rates.next()?;
        rates.all(|rate| rate == first).then_some(first)
    }

    /// What contradicts a growth, and whether printed figures do.
    fn growth(&self, total: &'a Total, growth: &Printed) -> (Vec<Text>, bool) {
        let before = total.span.year_before();
        let rate = |now: f64, before: f64| (before > 0.0).then(|| now / before - 1.0);
        // As many decimals as the figure has, and at least one.
        let decimals = (-(growth.half * 200.0).log10()).round().clamp(1.0, 6.0) as usize;
        let printed: Vec<(&Printed, f64)> = self
            .printed(total, before)
            .filter_map(|t| Some((&t.value, rate(total.value.value, t.value.value)?)))
            .collect();
        let mut reasons = Vec::new();
        if !printed.iter().any(|(_, found)| growth.agrees(*found)) {
            let say = |(of, found): &(&Printed, f64)| {
                say::growth_is(&total.value.text, &of.text, &of.place, *found, decimals)
            };
            reasons.extend(printed.iter().map(say));
        }
        let contradicted = !reasons.is_empty();
        let told = |span| self.figure(total.counted?, total.node, span);
        let folders = told(total.span).zip(told(before)).and_then(|(now, before)| rate(now, before));
        if let Some(found) = folders.filter(|found| contradicted || !growth.agrees(*found)) {
            reasons.push(say::folder_says(&say::percent(found, decimals)));
        }
        (reasons, contradicted)
    }

    /// A number as `totals` would have it: money in the folder's unit, shares as percentages.
    fn shown(&self, exact: f64, counted: Option<Counted>) -> String {
        match counted {
            Some(Counted::ApplianceMargin | Counted::BuyerShare) => say::percent(exact, 1),
            Some(counted) if counted.is_money() => plain(exact / self.known.data.settings.units.money.yuan()),
            _ => plain(exact),
        }
    }

    /// A figure as the folder has it.
    fn told(&self, total: &Total) -> Option<f64> {
        self.figure(total.counted?, total.node, total.span)
    }

    /// A measure of a region and a time, in its unit; none where the time is not wholly visible or something of it is
    /// not known.
    fn figure(&self, counted: Counted, node: usize, span: Span) -> Option<f64> {
        let known = self.known;
        let (first, length) = span.months(known.data.settings.fiscal.start);
        let from = known.visible_index(first)?;
        let months = from..known.visible_index(first.plus(length as i32 - 1))? + 1;
        let grid = &known.data.grid;
        let of = |only: Option<Kind>, value: &dyn Fn(usize, usize) -> Option<f64>| -> Option<f64> {
            let all = grid.in_scope(node, Scope::All).into_iter();
            let series = all.filter(|&s| only.is_none_or(|only| kind(known, grid.series[s].product) == only));
            series.flat_map(|s| months.clone().map(move |t| (s, t))).map(|(s, t)| value(s, t)).sum()
        };
        let paid = |s: usize, t: usize| match known.units[(s, t)] {
            0.0 => Some(revenue(known, s, t).unwrap_or(0.0)),
            _ => revenue(known, s, t),
        };
        let unit = |s: usize| self.units.get(grid.series[s].product).copied().unwrap_or_default();
        let cost = |s: usize, t: usize| match known.units[(s, t)] {
            0.0 => Some(0.0),
            sold => unit(s).cost.map(|cost| cost * sold),
        };
        let at = |leaves: &ndarray::Array2<f64>| -> f64 {
            grid.regions.leaves(node).flat_map(|leaf| months.clone().map(move |t| (leaf, t))).map(|at| leaves[at]).sum()
        };
        let goods = || of(Some(Kind::Goods), &paid);
        let profit = || of(Some(Kind::Goods), &|s, t| Some(paid(s, t)? - cost(s, t)?));
        let signed = || Some(at(&self.households.as_ref()?.signed));
        let buyers = || Some(at(self.households.as_ref()?.buyers.as_ref()?));
        let over = |a: Option<f64>, b: Option<f64>| Some(a? / b.filter(|b| *b > 0.0)?);
        match counted {
            Counted::Units => of(None, &|s, t| Some(known.units[(s, t)])),
            Counted::Revenue => of(None, &paid),
            Counted::ApplianceRevenue => goods(),
            Counted::ApplianceProfit => profit(),
            Counted::ApplianceMargin => over(profit(), goods()),
            Counted::Premiums => of(Some(Kind::Policy), &paid),
            Counted::AgencyFee => of(Some(Kind::Policy), &|s, t| Some(paid(s, t)? * unit(s).fee?)),
            Counted::NewHouseholds => signed(),
            Counted::Buyers => buyers(),
            Counted::BuyerShare => over(buyers(), signed()),
        }
    }
}

/// Rates with what they are rates of, every one with every other.
fn pairs<'a, I: Iterator<Item = &'a Printed>>(
    rates: impl Iterator<Item = &'a Printed>,
    of: impl Fn() -> I,
) -> Vec<(String, f64, &'a Printed)> {
    rates.flat_map(|rate| of().map(|of| (rate.text.clone(), rate.value, of))).collect()
}

/// Whether two printed figures cannot be the same one, rounded.
fn differ(a: &Printed, b: &Printed) -> bool {
    !a.agrees(b.value) && !b.agrees(a.value)
}
