//! `outlook.csv`: every region, product and month to the end of the next fiscal year, with the sums from the first month
//! on that a purchase has to cover.

use rayon::prelude::*;

use super::View;
use super::data::Table;

use super::forecast::BOUNDS;
use crate::fit::LONGEST;
use crate::stages::interval::OfSeries;

const HEADERS: [&str; 6] = ["region", "product", "month", "lag", "ahead", "units"];
/// The months after a month that has begun are summed from the first complete one on.
const SUM: [&str; 5] = ["sum", "sum_low80", "sum_high80", "sum_low95", "sum_high95"];

/// Spreads of one month ahead: of the month, and of the sum of the months up to it.
struct Ahead {
    month: Option<OfSeries>,
    sum: Option<OfSeries>,
}

/// The file. Months up to lag 2 are those of `forecast.csv`; beyond, nothing is revised. `ahead` counts from the last
/// complete month; bounds are there as far ahead as past origins reach.
pub fn table(view: &View) -> Table {
    let outlook = view.outlook;
    let (data, fit) = (&outlook.dataset, &outlook.fit);
    let (horizon, months) = (outlook.horizon(), &outlook.horizon().months);
    let cutoff = outlook.origin.cutoff;
    let ahead: Vec<usize> = months.iter().map(|m| usize::try_from(m.since(cutoff)).unwrap_or(0)).collect();
    let learn = |h: &usize| {
        let errors = |sum: bool| fit.past.errors_beyond(*h, sum, fit.gate.used_beyond(), fit.whole.clone()).spread();
        if *h > LONGEST { Ahead { month: None, sum: None } } else { Ahead { month: errors(false), sum: errors(true) } }
    };
    let spreads: Vec<Ahead> = ahead.par_iter().map(learn).collect();
    let mut table = Table::new(HEADERS.into_iter().chain(BOUNDS).chain(SUM));
    // Also what is launched after the months that are revised.
    let is_sold = |s: usize| view.figures.is_forecast[s] || horizon.units.row(s).iter().any(|x| *x > 0.0);
    for (s, series) in data.grid.series.iter().enumerate().filter(|(s, _)| is_sold(*s)) {
        let region = data.grid.regions.code(data.grid.regions.node_of(series.leaf));
        let mut sum = 0.0;
        for (k, month) in months.iter().enumerate() {
            let (units, _) = outlook.ahead(s, k);
            sum += units;
            table.text(region);
            table.text(&data.grid.products.codes[series.product]);
            table.month(*month);
            table.whole(i64::from(outlook.origin.lag(*month)));
            table.whole(ahead[k] as i64);
            table.number(units);
            let of_month = if k < outlook.months().len() {
                outlook.bounds(&view.known, s, k)
            } else if units == 0.0 && outlook.is_off(&view.known, s, *month) {
                Some([0.0; 4])
            } else {
                spreads[k].month.as_ref().map(|spread| spread.bounds(units, s))
            };
            table.bounds(of_month);
            table.number(sum);
            table.bounds(spreads[k].sum.as_ref().map(|spread| spread.bounds(sum, s)));
            table.end();
        }
    }
    table
}
