//! Reception: what came in, before anything is made of it (R3; docs/METHOD.md#reception).
//!
//! Missing is not zero, a typing error is not demand, and a shop that is closed for a month still has its customers. Every
//! cell (series x month) and every region's month is compared with what its own past, its region and its product let
//! expect; what is not reported, odd or closed is named ([`Finding`]), counts as what was expected of it, and is marked, so
//! that nobody learns from it:
//!
//! | kind | when | counts as |
//! |---|---|---|
//! | not reported | rows in each of three months before, none now | the expectation |
//! | odd | over five scales and threefold off every expectation | the edge of a 95% range around it |
//! | closed | zero sales of a regular seller | the expectation; from the third month on 0, until it sells again |
//!
//! A folder in which nothing is found is handed on as it is, to the bit: the data are borrowed.

mod expected;
mod noise;
mod reported;
mod scan;

use std::cell::OnceCell;

use ndarray::{Array2, ArrayView2, s};
use rayon::prelude::*;

use crate::dataset::Known;
use crate::dataset::reported::State;
use crate::error::Place;
use crate::grid::Scope;

use expected::Expected;
use reported::Reported;
use scan::{Found, Scan, Track};

/// Months before anything can be told of a month.
const LEAST_MONTHS: usize = 4;

/// How one cell came in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Mark {
    /// As it was sold.
    #[default]
    Counts,
    /// Nobody knows: its region has not reported the month.
    NotReported,
    /// Far off everything that its past, its region and its product let expect.
    Odd,
    /// Nothing sold by a regular seller.
    Closed,
}

impl Mark {
    /// The word for programs.
    pub fn word(self) -> &'static str {
        match self {
            Mark::Counts => "counts",
            Mark::NotReported => "not_reported",
            Mark::Odd => "odd",
            Mark::Closed => "closed",
        }
    }
}

/// One thing found, with what was done about it.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// What is the matter.
    pub kind: Mark,
    /// Where it was read; none where no row was, and for a whole region, unless its month is open: the row that opened it.
    pub place: Option<Place>,
    /// Region node.
    pub node: usize,
    /// One product, or all of the region's.
    pub scope: Scope,
    /// Index of the month.
    pub month: usize,
    /// Units as reported.
    pub value: f64,
    /// Units expected.
    pub expected: f64,
    /// Units that it counts as.
    pub counted_as: f64,
}

/// What came in.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Reception {
    /// Units as they count, series x month, to the cutoff; none where every cell counts as it was sold.
    pub units: Option<Array2<f64>>,
    /// Which cells do not count as they were sold, series x month, to the cutoff; none where all do.
    pub marks: Option<Array2<Mark>>,
    /// What was found, by region, month and product.
    pub findings: Vec<Finding>,
    /// Series that have been closed for three months and more, and are at a level of zero until they sell again; ascending.
    pub shut: Vec<usize>,
}

impl Reception {
    /// Whether a cell counts as it was sold: what does not is no error, no weight and nothing to learn from.
    pub fn counts(&self, series: usize, month: usize) -> bool {
        self.mark(series, month) == Mark::Counts
    }

    /// How a cell came in; as sold beyond the cutoff.
    pub fn mark(&self, series: usize, month: usize) -> Mark {
        self.marks.as_ref().and_then(|marks| marks.get((series, month)).copied()).unwrap_or_default()
    }

    /// Units as they count, series x month.
    pub fn units<'r>(&'r self, known: &'r Known) -> ArrayView2<'r, f64> {
        self.units.as_ref().map_or_else(|| known.units.reborrow(), |units| units.view())
    }

    /// What is visible, with the units as they count in the place of those reported: what the steps run on.
    pub fn heard<'r>(&'r self, known: &'r Known) -> Known<'r> {
        known.with_units(self.units(known))
    }

    /// Whether nothing was found.
    pub fn is_clean(&self) -> bool {
        self.units.is_none() && self.shut.is_empty()
    }
}

/// Receives what is visible at an origin.
pub fn receive(known: &Known) -> Reception {
    if known.months() < LEAST_MONTHS {
        return Reception::default();
    }
    let reported = Reported::new(known);
    let expected = Expected::new(known);
    let leaves = known.data.grid.regions.leaf_count();
    let of = |leaf: usize| Region::receive(known, &reported, &expected, leaf);
    let found: Vec<Region> = (0..leaves).into_par_iter().map(of).collect();
    let mut out = Reception::default();
    for region in found {
        for (series, month, mark, units) in region.cells {
            let marks = out.marks.get_or_insert_with(|| Array2::default(known.units.dim()));
            marks[(series, month)] = mark;
            out.units.get_or_insert_with(|| known.units.to_owned())[(series, month)] = units;
        }
        out.findings.extend(region.findings);
        out.shut.extend(region.shut);
    }
    reported::open(known, &mut out.findings);
    out
}

/// What was found in one region.
#[derive(Default)]
struct Region {
    /// Series, month, mark and units that count.
    cells: Vec<(usize, usize, Mark, f64)>,
    findings: Vec<Finding>,
    shut: Vec<usize>,
}

impl Region {
    /// One region: as a whole, then series by series.
    fn receive(known: &Known, reported: &Reported, expected: &Expected, leaf: usize) -> Region {
        let (data, grid, n) = (known.data, &known.data.grid, known.months());
        let (series, unknown) = (grid.leaf_series(leaf), reported.unknown(leaf));
        let (mut counted, mut found) = (Vec::with_capacity(n), Vec::new());
        let mut out = Region::default();
        let looks = data.settings.reception.odd;
        // One that has a single series is looked at as that series.
        let mut whole: Vec<Option<Found>> = vec![None; n];
        if let Some(row) = expected.region(leaf).filter(|_| looks && series.len() > 1) {
            let is_whole = row.iter().all(|x| x.fract() == 0.0);
            let track = Track { row, unknown, first: reported.first(leaf), whole: is_whole };
            let moved = |t: usize| expected.without(series.clone(), t);
            let told = |t: usize| explained(known, leaf, None, t, row[t] > 0.0);
            if Scan::new(&track, &moved, &|_| None, &told, &[], (looks, &|_| true)).run(&mut counted, &mut found) {
                out.shut.extend(series.clone());
            }
            for one in found.iter().filter(|one| one.mark != Mark::NotReported && !one.stays) {
                // A closure that goes on is what it was.
                let goes_on = one.month > 0 && whole[one.month - 1].is_some_and(|before| before.mark == one.mark);
                if goes_on || expected.is_region_wide(leaf, one) {
                    whole[one.month] = Some(*one);
                }
            }
        }
        let known_to: [OnceCell<bool>; reported::WAITED] = Default::default();
        let come_back = |months: usize| {
            let cell = months.checked_sub(1).and_then(|i| known_to.get(i));
            cell.is_some_and(|cell| *cell.get_or_init(|| expected.come_back(leaf, months)))
        };
        let mut sums = vec![(0.0, 0.0); n];
        for s in series.clone() {
            let (Some((first, _)), Some(row)) = (known.seen(s), known.units.row(s).to_slice()) else { continue };
            let of = grid.series[s];
            let gone = known.retire(of.product).map(|last| known.index(last));
            let track = Track { row, unknown, first, whole: row.iter().all(|x| x.fract() == 0.0) };
            // What a region did as a whole explains none of its series.
            let moved = |t: usize| expected.without(if whole[t].is_some() { series.clone() } else { s..s + 1 }, t);
            let product = |t: usize| expected.product(s, t);
            let told = |t: usize| {
                let out_of_stock = known.availability.is_some_and(|a| a[(s, t)] < 1.0);
                let was_out = known.was_out.is_some_and(|out| out[(s, t)]);
                let over = gone.is_some_and(|last| t as i32 > last);
                let complete = row[t] <= 0.0 && data.reported.says(leaf, t) == Some(State::Complete);
                out_of_stock || was_out || over || complete || explained(known, leaf, Some(of.product), t, row[t] > 0.0)
            };
            let shut =
                Scan::new(&track, &moved, &product, &told, &whole, (looks, &come_back)).run(&mut counted, &mut found);
            for one in &found {
                if !one.stays {
                    out.cells.push((s, one.month, one.mark, one.counted_as));
                }
                sums[one.month].0 += one.expected;
                sums[one.month].1 += one.counted_as;
                if whole[one.month].is_none() && one.mark != Mark::NotReported {
                    out.findings.push(Finding {
                        kind: one.mark,
                        place: data.place(s, one.month),
                        node: grid.regions.node_of(leaf),
                        scope: Scope::Product(of.product),
                        month: one.month,
                        value: one.value,
                        expected: one.expected,
                        counted_as: one.counted_as,
                    });
                }
            }
            if shut {
                out.shut.push(s);
            }
        }
        out.as_a_whole(
            known,
            leaf,
            |t| whole[t].map(|one| one.mark).or(unknown[t].then_some(Mark::NotReported)),
            &sums,
        );
        out.shut.sort_unstable();
        out.shut.dedup();
        out
    }

    /// Findings of the region as a whole: of each month the sums of its series, expected and counted as.
    fn as_a_whole(&mut self, known: &Known, leaf: usize, kind: impl Fn(usize) -> Option<Mark>, sums: &[(f64, f64)]) {
        let grid = &known.data.grid;
        for (month, &(expected, counted_as)) in sums.iter().enumerate() {
            let Some(kind) = kind(month) else { continue };
            let value = known.units.slice(s![grid.leaf_series(leaf), month]).sum();
            let node = grid.regions.node_of(leaf);
            let scope = Scope::All;
            self.findings.push(Finding { kind, place: None, node, scope, month, value, expected, counted_as });
        }
        self.findings.sort_by_key(|f| (f.month, f.scope));
    }
}

/// Whether a dated event says what happened in a month to all of a region, or to a product there. Of a closure one without
/// a stated effect says why, and not how much was lost.
fn explained(known: &Known, leaf: usize, product: Option<usize>, t: usize, sold: bool) -> bool {
    let (grid, month) = (&known.data.grid, known.data.month(t));
    known.factors.iter().any(|f| {
        product.map_or(f.scope == Scope::All, |p| grid.covers(f.scope, p))
            && (sold || f.effect.is_some())
            && (f.from..=f.to).contains(&month)
            && grid.regions.leaves(f.node).contains(&leaf)
    })
}
