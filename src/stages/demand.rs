//! Demand: sales with the stockouts taken out, per choice set (region x group) and month (R3, R6; docs/METHOD.md#demand).

mod stream;
mod substitution;

use ndarray::{Array2, ArrayView1, ArrayView2, CowArray, Ix2};
use rayon::prelude::*;

use super::Parameters;
use super::parameters::Streaming;
use crate::dataset::Known;
use crate::grid::Grid;
use crate::stats::choice::{ChoiceMonth, Workspace};

use stream::Parents;
pub use substitution::{Health, Substitution, substitution};

/// The parameters with attractions that are followed over the months and with what the visible history says of `s`, and
/// what it says; none where no stockout is recorded or none is taken out.
pub fn informed(known: &Known, plain: &Parameters) -> Option<(Parameters, Substitution)> {
    known.availability.filter(|_| plain.correct)?;
    let mut parameters = Parameters { streaming: Some(Streaming::new(known.data.settings)), ..plain.clone() };
    let found = substitution(known, &parameters);
    parameters.market.substitution = found.used;
    Some((parameters, found))
}

/// How many months back the mix that stands in for a product without a day in stock is taken from (docs/METHOD.md#demand).
const PRIOR_MONTHS: usize = 12;

/// What would have sold with everything in stock.
#[derive(Clone, Debug)]
pub struct Demand<'a> {
    /// Units, series x month, to the cutoff. Equals sales where nothing was out.
    pub units: CowArray<'a, f64, Ix2>,
    /// Sales in units, series x month, to the cutoff.
    pub sales: CowArray<'a, f64, Ix2>,
    /// Whether anything was corrected.
    pub corrected: bool,
    /// Where the attractions are followed from month to month: those after the last month, per series, summing to 1
    /// over each choice set with sales, 0 off the range. None in the plain form and where no stockout is recorded.
    pub attractions: Option<Vec<f64>>,
}

impl Demand<'_> {
    /// The same with arrays of its own.
    pub fn into_owned<'b>(self) -> Demand<'b> {
        let Demand { units, sales, corrected, attractions } = self;
        Demand { units: units.into_owned().into(), sales: sales.into_owned().into(), corrected, attractions }
    }

    /// Whether attractions were followed over the months.
    pub fn followed(&self) -> bool {
        self.attractions.is_some()
    }

    /// The share of a cell's demand in a month that was recovered from stockouts: `sum max(0, X - z) / sum X`.
    pub fn recovered(&self, series: std::ops::Range<usize>, month: usize) -> f64 {
        if !self.corrected {
            return 0.0;
        }
        let (mut recovered, mut all) = (0.0, 0.0);
        for s in series {
            recovered += (self.units[(s, month)] - self.sales[(s, month)]).max(0.0);
            all += self.units[(s, month)];
        }
        if all > 0.0 { recovered / all } else { 0.0 }
    }
}

/// Takes the stockouts out of the sales, month by month: each month at its own fixed point (the plain form: no memory
/// of other months but for products that were never in stock), or following the attractions over the months
/// ([`Parameters::streaming`]), where a month's demand uses no later month.
pub fn uncensor<'a>(known: &Known<'a>, parameters: &Parameters) -> Demand<'a> {
    let sales = known.units;
    let plain = Demand { units: CowArray::from(sales), sales: sales.into(), corrected: false, attractions: None };
    let Some(availability) = known.availability.filter(|_| parameters.correct) else { return plain };
    if let Some(streaming) = parameters.streaming {
        return followed(known, availability, streaming, parameters);
    }
    let grid = &known.data.grid;
    let cells: Vec<(usize, Array2<f64>)> = (0..grid.cell_count())
        .into_par_iter()
        .filter_map(|cell| {
            let range = grid.in_cell(cell);
            let slice = ndarray::s![range.clone(), ..];
            let a = availability.slice(slice);
            a.iter().any(|a| *a < 1.0).then(|| (cell, correct(sales.slice(slice), a, known, range.start, parameters)))
        })
        .collect();
    if cells.is_empty() {
        return plain;
    }
    let mut units = sales.to_owned();
    for (cell, x) in cells {
        units.slice_mut(ndarray::s![grid.in_cell(cell), ..]).assign(&x);
    }
    Demand { units: CowArray::from(units), sales: sales.into(), corrected: true, attractions: None }
}

/// [`uncensor`] with memory.
fn followed<'a>(known: &Known<'a>, availability: ArrayView2<f64>, streaming: Streaming, p: &Parameters) -> Demand<'a> {
    let (grid, sales) = (&known.data.grid, known.units);
    let mut attractions = vec![0.0; grid.series.len()];
    let mut demand = Demand { units: CowArray::from(sales), sales: sales.into(), corrected: false, attractions: None };
    let Some(last) = known.months().checked_sub(1) else { return demand };
    let parents = Parents::new(known, availability);
    let follow = |cell: usize| {
        let mut corrected: Vec<(usize, usize, f64)> = Vec::new();
        let mut shares: Vec<(usize, f64)> = Vec::new();
        let first = grid.in_cell(cell).start;
        stream::follow(known, availability, cell, (&parents, streaming, p), last, |step| {
            if step.availability.iter().any(|a| *a < 1.0) {
                let months = step.members.iter().zip(step.demand);
                corrected.extend(months.map(|(&i, &x)| (first + i, step.t, x)));
            }
            if step.t == last {
                shares.extend(step.members.iter().map(|i| first + i).zip(step.attractions.iter().copied()));
            }
        });
        (corrected, shares)
    };
    let cells: Vec<_> = (0..grid.cell_count()).into_par_iter().map(follow).collect();
    for (corrected, shares) in cells {
        shares.into_iter().for_each(|(s, v)| attractions[s] = v);
        demand.corrected |= !corrected.is_empty();
        for (s, t, x) in corrected {
            // Owned from the first month on that was corrected.
            demand.units[(s, t)] = x;
        }
    }
    demand.attractions = Some(attractions);
    demand
}

/// The way back, for comparing a month's demand forecast with what was sold in it: expected sales per series, in
/// units, `lambda a_i v_i G_i` in each choice set with the month's realised `availability` (one share per series; none
/// where nothing was recorded). A choice set fully in stock, and every one where demand is not corrected, keeps its
/// numbers to the bit. Linear in a choice set's total demand.
///
/// See docs/METHOD.md#demand. Actuals are sales and forecasts are demand: errors, weights and bounds compare them as sales.
pub fn in_sales_space(grid: &Grid, demand: &[f64], availability: Option<ArrayView1<f64>>, p: &Parameters) -> Vec<f64> {
    let mut out = demand.to_vec();
    let Some(availability) = availability.filter(|_| p.correct) else { return out };
    let (mut work, mut stock) = (Workspace::default(), Vec::new());
    for cell in 0..grid.cell_count() {
        let range = grid.in_cell(cell);
        stock.clear();
        stock.extend(range.clone().map(|s| availability[s]));
        if stock.iter().any(|a| *a < 1.0) {
            p.market.sold(&demand[range.clone()], &stock, &mut out[range], &mut work);
        }
    }
    out
}

/// One choice set, series x month.
fn correct(z: ArrayView2<f64>, a: ArrayView2<f64>, known: &Known, first: usize, p: &Parameters) -> Array2<f64> {
    let mut x = z.to_owned();
    let (n, months) = z.dim();
    let mut work = Workspace::default();
    let (mut sales, mut stock, mut out) = (Vec::with_capacity(n), Vec::with_capacity(n), vec![0.0; n]);
    let mut members: Vec<usize> = Vec::with_capacity(n);
    let mut unseen: Vec<(usize, Vec<usize>)> = Vec::new();
    let ranges: Vec<Option<(usize, usize)>> = (0..n).map(|i| known.seen(first + i)).collect();
    for t in 0..months {
        if a.column(t).iter().all(|a| *a >= 1.0) {
            continue;
        }
        // The set is what stood on the range that month.
        members.clear();
        members.extend((0..n).filter(|&i| ranges[i].is_some_and(|(from, to)| (from..=to).contains(&t))));
        sales.clear();
        sales.extend(members.iter().map(|&i| z[(i, t)]));
        stock.clear();
        stock.extend(members.iter().map(|&i| a[(i, t)]));
        let prior = trailing(x.view(), &members, t, &sales);
        let month = ChoiceMonth { sales: &sales, availability: &stock, weight: 1.0 };
        let v = p.market.fit(&[month], &prior, 0.0, &mut work).shares;
        match p.market.recover(&sales, &stock, &v, &mut out[..members.len()], &mut work) {
            Some(_) => members.iter().zip(&out).for_each(|(&i, &value)| x[(i, t)] = value.max(0.0)),
            None => unseen.push((t, members.clone())),
        }
    }
    // A month in which everything was out takes its total from the nearest months that say something, its mix from
    // those before.
    let dark: Vec<usize> = unseen.iter().map(|(t, _)| *t).collect();
    for (t, members) in unseen {
        let total = |t: usize| members.iter().map(|&i| x[(i, t)]).sum::<f64>();
        let says = |u: &usize| !dark.contains(u);
        let beside: Vec<f64> =
            [(0..t).rev().find(says), (t + 1..months).find(says)].into_iter().flatten().map(total).collect();
        let mean = beside.iter().sum::<f64>() / beside.len().max(1) as f64;
        let prior = trailing(x.view(), &members, t, &vec![1.0; members.len()]);
        let sum: f64 = prior.iter().sum();
        if sum > 0.0 {
            members.iter().zip(&prior).for_each(|(&i, share)| x[(i, t)] = mean * share / sum);
        }
    }
    x
}

/// One choice set in one month, as [`uncensor`] saw it, for explaining it. Where attractions are
/// followed over the months, they rest on earlier months too.
#[derive(Clone, Debug)]
pub struct Choice {
    /// The series that stood on the range that month.
    pub series: Vec<usize>,
    /// Their sales, in units.
    pub sales: Vec<f64>,
    /// Their shares of selling days in stock.
    pub availability: Vec<f64>,
    /// Their attractions, summing to 1.
    pub attractions: Vec<f64>,
    /// G: the mean of 1/(v0 + attraction of what is in stock) while each is in stock.
    pub exposures: Vec<f64>,
    /// lambda: customers who came; none where nothing that anybody wants was in stock.
    pub customers: Option<f64>,
}

/// How a cell's month was corrected, from the `demand` that came out (series x month); none where nothing was out.
pub fn look(known: &Known, demand: ArrayView2<f64>, cell: usize, month: usize, p: &Parameters) -> Option<Choice> {
    let availability = known.availability.filter(|_| p.correct)?;
    let range = known.data.grid.in_cell(cell);
    if let Some(streaming) = p.streaming.filter(|_| month < known.months()) {
        return look_back(known, availability, streaming, cell, month, p);
    }
    if month >= known.months() || range.clone().all(|s| availability[(s, month)] >= 1.0) {
        return None;
    }
    let stood = |s: &usize| known.seen(*s).is_some_and(|(from, to)| (from..=to).contains(&month));
    let series: Vec<usize> = range.filter(stood).collect();
    let sales: Vec<f64> = series.iter().map(|&s| known.units[(s, month)]).collect();
    let stock: Vec<f64> = series.iter().map(|&s| availability[(s, month)]).collect();
    let prior = trailing(demand, &series, month, &sales);
    let (mut work, mut out) = (Workspace::default(), vec![0.0; series.len()]);
    let one = ChoiceMonth { sales: &sales, availability: &stock, weight: 1.0 };
    let v = p.market.fit(&[one], &prior, 0.0, &mut work).shares;
    let customers = p.market.recover(&sales, &stock, &v, &mut out, &mut work);
    p.market.exposure(&v, &stock, &mut out, &mut work);
    Some(Choice { series, sales, availability: stock, attractions: v, exposures: out, customers })
}

/// [`look`] with memory.
fn look_back(
    known: &Known,
    availability: ArrayView2<f64>,
    streaming: Streaming,
    cell: usize,
    month: usize,
    p: &Parameters,
) -> Option<Choice> {
    let first = known.data.grid.in_cell(cell).start;
    let parents = Parents::new(known, availability);
    let mut seen = None;
    stream::follow(known, availability, cell, (&parents, streaming, p), month, |step| {
        if step.t == month && step.availability.iter().any(|a| *a < 1.0) {
            let mut exposures = vec![0.0; step.members.len()];
            match step.days {
                Some(days) => p.market.exposure_by_day(step.attractions, days, &mut exposures),
                None => {
                    p.market.exposure(step.attractions, step.availability, &mut exposures, &mut Workspace::default());
                }
            }
            seen = Some(Choice {
                series: step.members.iter().map(|i| first + i).collect(),
                sales: step.sales.to_vec(),
                availability: step.availability.to_vec(),
                attractions: step.attractions.to_vec(),
                exposures,
                customers: step.customers,
            });
        }
    });
    seen
}

/// The corrected mix of up to [`PRIOR_MONTHS`] months before `t`, in units; `otherwise` where there is none.
fn trailing(x: ArrayView2<f64>, members: &[usize], t: usize, otherwise: &[f64]) -> Vec<f64> {
    let from = t.saturating_sub(PRIOR_MONTHS);
    let sums: Vec<f64> = members.iter().map(|&i| (from..t).map(|u| x[(i, u)]).sum()).collect();
    if sums.iter().sum::<f64>() > 0.0 { sums } else { otherwise.to_vec() }
}
