//! Forecasts at every level of a folder - series, products, regions, everything counted alike - and the series' forecast
//! that agrees with all of them.
//!
//! 1. *Experts.* Each level is forecast by experts that fail at different times: the regression over all series
//!    (`combine`), last year's month times the growth of what sold through both years, the smoother with its season
//!    (docs/METHOD.md#season-and-smoothing), a series' median month, and above the series the sum of what is forecast
//!    below.
//! 2. *Weights.* At past origins it is known what every expert missed. One set of weights a level, the same for all of its
//!    rows: those of least squared error, on the simplex, drawn to a prior the more, the fewer errors there are
//!    (`weights`).
//! 3. *Agreement.* Levels then contradict each other. Series are moved to what products, regions and the whole say, each as
//!    far as the level's own past errors allow (`reconcile`).
//!
//! Sources: Bates, Granger 1969 for the weights; Wickramasuriya, Athanasopoulos, Hyndman 2019 (JASA 114) for the agreement,
//! with variances in proportion to a power of the size.

mod everywhere;
mod reconcile;
mod weights;

use super::panel::{Groupings, HORIZON, Own};

pub use everywhere::{Everywhere, Said};
pub use weights::{Evidence, Weights};

/// Levels: series, products, regions (by block), blocks.
pub const LEVELS: usize = 4;
/// Where the series stand among the levels.
pub const SERIES: usize = 0;
const PRODUCTS: usize = 1;
const BLOCKS: usize = 3;
/// Their names, for programs.
pub const LEVEL_NAMES: [&str; LEVELS] = ["series", "product", "region", "total"];

/// How many experts.
pub const EXPERTS: usize = 5;
/// Their names, for programs.
pub const EXPERT_NAMES: [&str; EXPERTS] = ["regression", "last_year", "smoothed", "median", "sum"];
/// The regression over all series; above the series, its sum.
pub const REGRESSION: usize = 0;
/// Last year's month times growth, like for like.
pub const LAST_YEAR: usize = 1;
/// The smoother with its season.
pub const SMOOTHED: usize = 2;
/// The median of a series' last twelve months: where most months are empty it misses least.
pub const MEDIAN: usize = 3;
/// What is forecast below, added up.
pub const SUM: usize = 4;

/// Weights drawn to: of the series; of the levels above. An expert comes to its part with the origins at which it was
/// tried (`weights`).
const PRIOR: [[f64; EXPERTS]; 2] = [[0.5, 0.1, 0.3, 0.1, 0.0], [0.4, 0.15, 0.15, 0.0, 0.3]];
/// The same beyond the regression's steps, where it is carried on like the others.
const PRIOR_BEYOND: [[f64; EXPERTS]; 2] = [[0.4, 0.2, 0.3, 0.1, 0.0], [0.2, 0.3, 0.2, 0.0, 0.3]];
/// Months of history before the experts beside the regression are heard: two of each calendar month.
pub const HEARD: usize = 24;
/// Months of history before last year's month is heard of the months beyond the regression's.
const HEARD_BEYOND: usize = 12;
/// Months ahead, beyond the regression's, at which it is learned what experts miss; the months around each go by it.
pub const MILESTONES: [usize; 3] = [4, 8, 12];
/// What is left, a month later, of what the regression's last month knew beyond the season: the damping of trends.
const KEPT: f64 = 0.9;
/// How far a product's single year is its season, beside that of everything.
const HALF: f64 = 0.5;
/// Part of a series' size that stands on both sides where that is told, so that a month without sales tells nothing.
const DAMPING: f64 = 0.5;
/// No series is moved below this part of what its own level says.
pub const LEAST_LEFT: f64 = 0.1;

/// One level of an origin.
#[derive(Clone, Debug, Default)]
pub struct Floor {
    /// Mean of the last twelve months, by row, in units per month of mean length.
    pub size: Vec<f64>,
    /// How far each row's season is its own, within [0, 1].
    own: Vec<f64>,
    /// By expert and step ahead, by row: units per month of mean length.
    pub said: [Vec<Vec<f64>>; EXPERTS],
    /// By expert: whether it is heard of the regression's steps, and of those beyond.
    heard: [[bool; 2]; EXPERTS],
    /// How many steps the regression speaks of.
    steps: usize,
}

/// Which of the [`MILESTONES`] a month so far ahead goes by: the nearest.
pub fn milestone(step: usize) -> usize {
    (0..MILESTONES.len()).min_by_key(|i| MILESTONES[*i].abs_diff(step)).unwrap_or(0)
}

/// What all levels say at an origin.
#[derive(Clone, Debug, Default)]
pub struct Floors {
    /// By level.
    pub floors: [Floor; LEVELS],
    /// Of each series, its row in each level above.
    pub above: [Vec<usize>; LEVELS - 1],
    /// Whether a level says something that no other says: products of one region each are its series once more, a
    /// company of one region is that region.
    pub counts: [bool; LEVELS],
}

/// One step's forecast of all levels.
#[derive(Clone, Debug, Default)]
pub struct Agreed {
    /// By level: the experts' weights.
    pub weights: [Weights; LEVELS],
    /// By level, by row: the weighted experts.
    pub combined: [Vec<f64>; LEVELS],
    /// By level above the series, by row: what every series in it is moved by, per unit of its variance.
    pub pull: [Vec<f64>; LEVELS - 1],
    /// By series: its variance beside that of the others.
    pub variance: Vec<f64>,
    /// By series: the forecast that agrees.
    pub series: Vec<f64>,
}

impl Floor {
    /// The level of some rows, from what they say of themselves after so many `months`; `steps` are the regression's.
    fn new(own: &[Own], months: usize, steps: usize, is_series: bool) -> Floor {
        let by_step =
            |of: &dyn Fn(&Own, usize) -> f64| (0..HORIZON).map(|h| own.iter().map(|o| of(o, h)).collect()).collect();
        let mut said: [Vec<Vec<f64>>; EXPERTS] = Default::default();
        said[LAST_YEAR] = by_step(&|o, h| o.last_year[h]);
        said[SMOOTHED] = by_step(&|o, h| o.smoothed[h]);
        if is_series {
            said[MEDIAN] = by_step(&|o, _| o.median);
        }
        let mut heard = [[months >= HEARD; 2]; EXPERTS];
        heard[REGRESSION] = [true; 2];
        heard[SUM] = [true; 2];
        // One series' single year is as much accident as season.
        heard[LAST_YEAR][1] = months >= if is_series { HEARD } else { HEARD_BEYOND };
        let [size, own] = [own.iter().map(|o| o.size).collect(), own.iter().map(|o| o.own).collect()];
        Floor { size, own, said, heard, steps }
    }

    /// What an expert says for a step, by row; none where it is silent.
    fn expert(&self, expert: usize, step: usize) -> Option<&[f64]> {
        self.rows(expert, step).filter(|_| self.heard[expert][usize::from(step > self.steps)])
    }

    /// The same, heard or not.
    fn rows(&self, expert: usize, step: usize) -> Option<&[f64]> {
        self.said[expert].get(step - 1).filter(|rows| rows.len() == self.size.len()).map(|rows| &rows[..])
    }

    fn put(&mut self, expert: usize, step: usize, rows: Vec<f64>) {
        let said = &mut self.said[expert];
        said.resize(said.len().max(step), Vec::new());
        said[step - 1] = rows;
    }

    /// Which experts speak.
    fn speaking(&self, step: usize) -> [bool; EXPERTS] {
        std::array::from_fn(|e| self.expert(e, step).is_some())
    }
}

impl Floors {
    /// The levels of an origin: what the series and the rows above them say of themselves; the regression is still to
    /// come ([`Floors::regression`]), for so many `steps`. `nodes` are those of products, regions and blocks.
    pub fn new(
        series: &[Own],
        nodes: [&[Own]; LEVELS - 1],
        above: [Vec<usize>; LEVELS - 1],
        months: usize,
        steps: usize,
    ) -> Floors {
        let [products, regions, blocks] = nodes.map(|own| Floor::new(own, months, steps, false));
        let floors = [Floor::new(series, months, steps, true), products, regions, blocks];
        let counts = counting(&above, [0, 1, 2, 3].map(|l: usize| floors[l].size.len()));
        Floors { floors, above, counts }
    }

    /// What an expert says of every series for a step ahead, in units per month of mean length; none where it is silent.
    pub fn says(&self, expert: usize, step: usize) -> Option<&[f64]> {
        self.floors[SERIES].expert(expert, step)
    }

    /// Values of series added up by the rows of a level.
    pub fn add_up(&self, level: usize, values: &[f64]) -> Vec<f64> {
        if level == SERIES {
            return values.to_vec();
        }
        let mut out = vec![0.0; self.floors[level].size.len()];
        self.above[level - 1].iter().zip(values).for_each(|(row, x)| out[*row] += x);
        out
    }

    /// Takes in what the regression says of the series for a step ahead.
    pub fn regression(&mut self, step: usize, series: Vec<f64>) {
        for level in (1..LEVELS).rev() {
            let sums = self.add_up(level, &series);
            self.floors[level].put(REGRESSION, step, sums);
        }
        self.floors[SERIES].put(REGRESSION, step, series);
    }

    /// Lets the regression speak of the months beyond its last step: each series' season, and of what was agreed beside it
    /// in that step a part that fades: `s_h ((a + c) / (s + c))^(.9^(h - step))`, a agreed, s by the season, c half the size.
    pub fn carry(&mut self, step: usize, agreed: &Agreed) {
        let now = self.seasonal(step);
        for h in step + 1..=HORIZON {
            let (then, kept) = (self.seasonal(h), KEPT.powi((h - step) as i32));
            let one = |i: usize| {
                let c = DAMPING * self.floors[SERIES].size[i];
                let known = (agreed.series[i] + c) / (now[i] + c);
                if known.is_finite() { then[i] * known.powf(kept) } else { 0.0 }
            };
            let series = (0..then.len()).map(one).collect();
            self.regression(h, series);
        }
    }

    /// What each series sells by the season of its product: its size times what the product's row is smoothed to over its
    /// mean of the year ahead (last year's months before there are two); within the first year its size. The row's season is
    /// drawn once more to that of everything, by as much as it was: two years flatter what they are measured by. The
    /// series' own season is another expert's.
    fn seasonal(&self, step: usize) -> Vec<f64> {
        let season = |level: usize| {
            let floor = &self.floors[level];
            let by = [SMOOTHED, LAST_YEAR].into_iter().find(|e| floor.heard[*e][1]);
            let mut out = vec![1.0; floor.size.len()];
            let Some(by) = by else { return out };
            for (row, out) in out.iter_mut().enumerate() {
                let year = (1..=HORIZON).filter_map(|h| Some(floor.rows(by, h)?[row]));
                let mean = year.sum::<f64>() / HORIZON as f64;
                if let Some(rows) = floor.rows(by, step).filter(|_| mean > 0.0) {
                    *out = rows[row] / mean;
                }
            }
            out
        };
        let (products, blocks) = (season(PRODUCTS), season(BLOCKS));
        let heard = self.floors[PRODUCTS].heard[SMOOTHED][1];
        let of = |i: usize| {
            let (product, block) = (self.above[PRODUCTS - 1][i], self.above[BLOCKS - 1][i]);
            let own = if heard { self.floors[PRODUCTS].own[product] } else { HALF };
            blocks[block] + own * (products[product] - blocks[block])
        };
        self.floors[SERIES].size.iter().enumerate().map(|(i, size)| size * of(i)).collect()
    }

    /// Forecasts a step: experts combined level by level from below, then brought to agree.
    pub fn agree(&mut self, step: usize, evidence: &[Evidence; LEVELS]) -> Agreed {
        let mut out = Agreed::default();
        for level in (0..LEVELS).filter(|l| self.counts[*l]) {
            if level != SERIES {
                let sums = self.add_up(level, &out.combined[SERIES]);
                self.floors[level].put(SUM, step, sums);
            }
            let floor = &self.floors[level];
            let prior = if step > floor.steps { &PRIOR_BEYOND } else { &PRIOR };
            let prior = &prior[usize::from(level != SERIES)];
            // What is above has few rows and many origins to wait for: there the prior speaks from the first on.
            let earning = step <= floor.steps || level == SERIES;
            out.weights[level] = evidence[level].weights(floor.speaking(step), prior, earning);
            out.combined[level] = floor.combined(step, &out.weights[level]);
        }
        reconcile::agree(self, evidence, &mut out);
        out
    }

    /// What the step's experts missed, by level, now that it is known what came of each series, in units per month of
    /// mean length.
    pub fn evidence(&self, step: usize, agreed: &Agreed, actual: &[f64]) -> [Evidence; LEVELS] {
        std::array::from_fn(|level| {
            let floor = &self.floors[level];
            if !self.counts[level] {
                return Evidence::default();
            }
            let experts = std::array::from_fn(|e| floor.expert(e, step));
            Evidence::of(&experts, &agreed.combined[level], &floor.size, &self.add_up(level, actual))
        })
    }
}

impl Floor {
    fn combined(&self, step: usize, weights: &Weights) -> Vec<f64> {
        let mut out = vec![0.0; self.size.len()];
        for (e, w) in weights.iter().enumerate().filter(|(_, w)| **w > 0.0) {
            if let Some(said) = self.expert(e, step) {
                out.iter_mut().zip(said).for_each(|(sum, x)| *sum += w * x);
            }
        }
        out
    }
}

/// Which levels have fewer rows than there are series, and more than there are blocks.
fn counting(above: &[Vec<usize>; LEVELS - 1], sizes: [usize; LEVELS]) -> [bool; LEVELS] {
    let series = above[0].len();
    let rows: [usize; LEVELS - 1] = std::array::from_fn(|l| {
        let mut seen = vec![false; sizes[l + 1]];
        above[l].iter().for_each(|row| seen[*row] = true);
        seen.into_iter().filter(|seen| *seen).count()
    });
    let [products, regions, blocks] = rows;
    let between = |rows: usize| rows < series && rows > blocks;
    [true, between(products), between(regions), blocks < series]
}

/// The rows of the levels above that series are added up in: products, regions by block, blocks.
fn above(groupings: &Groupings, series: &[usize]) -> [Vec<usize>; LEVELS - 1] {
    std::array::from_fn(|level| series.iter().map(|s| groupings.row_above(*s)[level]).collect())
}
