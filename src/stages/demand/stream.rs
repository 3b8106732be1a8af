//! One choice set followed month by month (docs/METHOD.md#demand): what a month says of the attractions is added to what
//! the months before it said. A month's demand uses that month and earlier ones, never a later one, so that what was
//! said of a month stays when later months come.

use ndarray::{Array2, ArrayView2};

use super::PRIOR_MONTHS;
use crate::across::{What, key};
use crate::dataset::Known;
use crate::dataset::StockDays;
use crate::month::Month;
use crate::stages::Parameters;
use crate::stages::parameters::Streaming;
use crate::stats::choice::{AVAILABILITY_FLOOR, ChoiceMonth, Days, Market, Memory, Workspace};

/// What all regions say of the mix, for regions that have little to say themselves.
pub(super) struct Parents {
    /// Sales divided by availability, product x month, in units.
    units: Array2<f64>,
}

impl Parents {
    pub(super) fn new(known: &Known, availability: ArrayView2<f64>) -> Parents {
        let mut units = Array2::zeros((known.data.products.len(), known.months()));
        for (s, series) in known.data.grid.series.iter().enumerate() {
            let mut sums = units.row_mut(series.product);
            for ((sum, &z), &a) in sums.iter_mut().zip(known.units.row(s)).zip(availability.row(s)) {
                *sum += if a > 0.0 { z / a.max(AVAILABILITY_FLOOR) } else { 0.0 };
            }
        }
        let all = units.as_slice_mut();
        all.into_iter().for_each(|all| known.data.across.sum(key(What::Parents, known.months(), 0), all));
        Parents { units }
    }

    /// A product over the year that ends with month `t`, in units.
    fn year(&self, product: usize, t: usize) -> f64 {
        let from = (t + 1).saturating_sub(PRIOR_MONTHS);
        self.units.row(product).iter().take(t + 1).skip(from).sum()
    }
}

/// A choice set in one month, as it was followed.
pub(super) struct Step<'a> {
    pub t: usize,
    /// Positions in the choice set of those that stood on the range.
    pub members: &'a [usize],
    /// Their sales, in units.
    pub sales: &'a [f64],
    /// Their shares of selling days in stock.
    pub availability: &'a [f64],
    /// Whether some of these shares were not given but found from the sales.
    pub censored: bool,
    /// Their days without stock, where those are known.
    pub days: Option<Days<'a>>,
    /// Their attractions after this month, summing to 1.
    pub attractions: &'a [f64],
    /// Their demand, in units.
    pub demand: &'a [f64],
    /// lambda; none where nothing that anybody wants was in stock.
    pub customers: Option<f64>,
}

/// Follows a choice set from its first month to month `until`, and shows every month in which it has a range.
pub(super) fn follow(
    known: &Known,
    availability: ArrayView2<f64>,
    cell: usize,
    (parents, streaming, p): (&Parents, Streaming, &Parameters),
    until: usize,
    mut show: impl FnMut(Step),
) {
    let range = known.data.grid.in_cell(cell);
    let (first, n) = (range.start, range.len());
    let z = known.units.slice(ndarray::s![range.clone(), ..]);
    let a = availability.slice(ndarray::s![range, ..]);
    let mut x = Array2::<f64>::zeros((n, until + 1));
    let mut memory = Memory::new(&vec![0.0; n]);
    let mut work = Workspace::default();
    let mut members: Vec<usize> = Vec::with_capacity(n);
    let (mut sales, mut stock, mut prior) = (Vec::with_capacity(n), Vec::with_capacity(n), Vec::with_capacity(n));
    let mut out = vec![0.0; n];
    let mut gone = Vec::with_capacity(n);
    let mut newest: Vec<Option<usize>> = vec![None; n];
    let mut before = None;
    for t in 0..=until {
        let month = known.data.month(t);
        members.clear();
        for (i, newest) in newest.iter_mut().enumerate() {
            if known.data.has_row(first + i, t) {
                *newest = Some(t);
            }
            // A product without a row stays on the range for a year, as long as it is forecast: whether rows come
            // back is not known in that month.
            let recent = newest.is_some_and(|u| t - u < PRIOR_MONTHS);
            if recent && !left(known, known.data.grid.series[first + i].product, month) {
                members.push(i);
            }
        }
        if members.is_empty() {
            continue;
        }
        sales.clear();
        sales.extend(members.iter().map(|&i| z[(i, t)]));
        stock.clear();
        stock.extend(members.iter().map(|&i| a[(i, t)]));
        prior.clear();
        let from = t.saturating_sub(PRIOR_MONTHS);
        prior.extend(members.iter().map(|&i| x.row(i).iter().take(t).skip(from).sum::<f64>()));
        if prior.iter().all(|x| *x <= 0.0) {
            // No past of its own: what the month itself says at first sight.
            prior.clear();
            let divided = |(&z, &a): (&f64, &f64)| if a > 0.0 { z / a.max(AVAILABILITY_FLOOR) } else { 0.0 };
            prior.extend(sales.iter().zip(&stock).map(divided));
        }
        let product = |i: usize| known.data.grid.series[first + i].product;
        lean(&mut prior, members.iter().map(|&i| parents.year(product(i), t)), streaming.kappa);

        let days = if stock.iter().any(|a| *a < 1.0) { by_day(known, (first, &members), t, &mut gone) } else { None };
        let days = days.map(|open| Days { open, out: &gone });
        let mut part = memory.part(&members, &prior);
        let flags = |k: usize| known.was_out.is_some_and(|w| w[(first + members[k], t)] && stock[k] >= 1.0);
        let flagged: Vec<usize> = (0..members.len()).filter(|&k| flags(k)).collect();
        let days = days.filter(|_| flagged.is_empty());
        if !flagged.is_empty() {
            censored(&p.market, part.shares(), (&sales, &mut stock), &flagged, before, &mut work);
        }
        let month = ChoiceMonth { sales: &sales, availability: &stock, weight: 1.0 };
        p.market.advance_by_day(&mut part, (month, days), streaming.delta, &prior, streaming.kappa, &mut work);
        memory.put(&members, &part, streaming.delta);
        let out = &mut out[..members.len()];
        let customers = p.market.recover_by_day((&sales, &stock, days), part.shares(), out, &mut work);
        match (customers, before) {
            // Nothing was to be had: the customers of the month before.
            (None, Some(customers)) => p.market.unseen(customers, part.shares(), out),
            (None, None) => {}
            (Some(_), _) => before = customers,
        }
        for (&i, value) in members.iter().zip(out.iter_mut()) {
            *value = value.max(0.0);
            x[(i, t)] = *value;
        }
        show(Step {
            t,
            members: &members,
            sales: &sales,
            availability: &stock,
            censored: !flagged.is_empty(),
            days,
            attractions: part.shares(),
            demand: out,
            customers,
        });
    }
}

/// Passes in which the shares of a month in stock are found; each halves what is off and more.
const CENSORED_PASSES: usize = 30;

/// Sales of a product of which only is known that it was out are a lower bound of what it could have sold. With the
/// attractions `v` of the months before and the customers that the other products show (where all were out, the
/// customers of the month `before`) it would have sold `lambda v_i G_i`; where that is more, the month was out for the
/// rest: `a_i = z_i / (lambda v_i G_i)`, and where it is not, nothing is known to be missing. The attraction itself
/// learns nothing from a share found in this way, as it should not.
fn censored(
    market: &Market,
    v: &[f64],
    (sales, stock): (&[f64], &mut [f64]),
    flagged: &[usize],
    before: Option<f64>,
    work: &mut Workspace,
) {
    let mut gains = vec![0.0; v.len()];
    for _ in 0..CENSORED_PASSES {
        market.exposure(v, stock, &mut gains, work);
        let (mut sold, mut reach) = (0.0, 0.0);
        for k in (0..v.len()).filter(|k| !flagged.contains(k)) {
            sold += if stock[k] > 0.0 { sales[k] } else { 0.0 };
            reach += stock[k] * v[k] * gains[k];
        }
        let Some(customers) = (if reach > 0.0 { Some(sold / reach) } else { before }) else { return };
        for &k in flagged {
            let could = customers * v[k] * gains[k];
            stock[k] = if could > sales[k] { sales[k] / could } else { 1.0 };
        }
    }
}

/// The days of a month that count, and into `gone` those on which each member was out; none where any of them is not
/// known by the day. A day counts on which any of the choice set has a row: the others sold nothing and had stock.
fn by_day(known: &Known, (first, members): (usize, &[usize]), t: usize, gone: &mut Vec<u32>) -> Option<u32> {
    let (rows, out) = known.days?;
    gone.clear();
    gone.extend(members.iter().map(|&i| out[(first + i, t)]));
    let open = members.iter().fold(0, |open, &i| open | rows[(first + i, t)]);
    (open != 0 && gone.iter().all(|g| g & StockDays::UNKNOWN == 0)).then_some(open)
}

/// Whether a product had left by a month, as far as that was known then.
fn left(known: &Known, product: usize, month: Month) -> bool {
    let product = &known.data.products[product];
    let told = product.known.is_none_or(|day| day <= month.last_day());
    told && product.retire.is_some_and(|last| last < month)
}

/// The prior mix, in units: a choice set's own year, and beside it `kappa` units in the mix of all regions, which is
/// what a set without a past starts from.
fn lean(own: &mut [f64], parents: impl Iterator<Item = f64> + Clone, kappa: f64) {
    let all: f64 = parents.clone().sum();
    if all <= 0.0 {
        return;
    }
    let weight = if own.iter().sum::<f64>() > 0.0 { kappa } else { kappa.max(1.0) };
    own.iter_mut().zip(parents).for_each(|(own, parent)| *own += weight * parent / all);
}
