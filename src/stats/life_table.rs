//! The life table of new communities: what part of the households of a community signs in each month since handover
//! (docs/METHOD.md#communities).
//!
//! ```text
//! f_d = signings at lag d / households of the communities observed at lag d
//! ```
//! A community is observed at the lags that fall into the months of the data: what came before them (late entry) and
//! what comes after (censoring) is in neither sum, so that `f` is right under both. Where a month has a season, its
//! households count by it; where a community signs more than others, they count by that, and not at all once everybody
//! has signed. A community in parts has several handovers but one number of signings a month: the number is
//! shared out to the parts in proportion to what the table expects of each, until nothing changes (EM). Beyond lag 2
//! three lags are averaged, by their households; lags never observed take the extrapolated tail.

use ndarray::ArrayView2;

/// The earliest lag: some households sign before the handover.
pub const FIRST_LAG: i32 = -6;
/// Lags after this one are averaged with their neighbours; before it the curve rises and falls too fast.
const UNSMOOTHED: i32 = 2;
/// Months behind and before the middle of the tail, whose ratio is the tail's decay.
const TAIL: usize = 3;
/// A tail that does not fall does not end: no month keeps more than this of the month before it.
const SLOWEST: f64 = 0.97;
/// How much of a month's signings come again in the next one where only the rise was seen: an assumption, for want of a
/// fall that was seen.
const USUAL_FALL: f64 = 0.75;
/// Rounds of sharing signings out to parts, and the change that ends them.
const ROUNDS: usize = 200;
const SETTLED: f64 = 1e-12;

/// A part of a community.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Part {
    /// The community, a row of the signings.
    pub community: usize,
    /// Households, more than 0.
    pub households: f64,
    /// Month of the handover, counted from the first month of the signings.
    pub handover: i32,
}

/// Shares of households signing by lag.
#[derive(Clone, Debug, PartialEq)]
pub struct Curve {
    /// By lag from [`FIRST_LAG`] on: share of the households that sign in that month.
    pub shares: Vec<f64>,
    /// Households observed at each lag, as they count.
    pub exposure: Vec<f64>,
    /// The last lag observed; beyond it stands the extrapolated tail.
    pub observed_to: Option<i32>,
    /// Whether stated shares are in it.
    pub is_stated: bool,
}

/// What a share of the curve rests on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Seen {
    /// Communities were observed at this lag.
    Observed,
    /// Communities were observed, and shares are stated.
    Both,
    /// It is stated only.
    Stated,
    /// None was observed at this lag, though at lags before and after.
    Between,
    /// It lies beyond all that was observed.
    Beyond,
}

impl Curve {
    /// The curve of `signed` (communities x months, in households); a household of a community counts by `weight(community,
    /// month)` (1: an ordinary one). `parts` stand by community. It reaches `last` lags.
    pub fn fit(parts: &[Part], signed: ArrayView2<f64>, weight: impl Fn(usize, usize) -> f64, last: i32) -> Curve {
        let size = usize::try_from(last - FIRST_LAG + 1).unwrap_or(1);
        let months = signed.ncols();
        let mut exposure = vec![0.0; size];
        let mut alone = vec![0.0; size];
        let mut in_parts: Vec<&[Part]> = Vec::new();
        for of in parts.chunk_by(|a, b| a.community == b.community) {
            for part in of {
                let first = part.handover + FIRST_LAG;
                for t in first.max(0)..months as i32 {
                    if let Some(x) = exposure.get_mut((t - first) as usize) {
                        *x += part.households * weight(part.community, t as usize);
                    }
                }
            }
            match of {
                [part] => {
                    for (t, n) in signed.row(part.community).iter().enumerate().filter(|(_, n)| **n > 0.0) {
                        alone[place(part, t, size)] += n;
                    }
                }
                _ => in_parts.push(of),
            }
        }
        // Everywhere alike to begin with, so that no lag is shut out.
        let mut raw = vec![1.0; size];
        for _ in 0..if in_parts.is_empty() { 1 } else { ROUNDS } {
            let mut sums = alone.clone();
            in_parts.iter().for_each(|of| share_out(of, signed, &raw, &mut sums));
            let next: Vec<f64> = sums.iter().zip(&exposure).map(|(n, u)| if *u > 0.0 { n / u } else { 0.0 }).collect();
            let change = next.iter().zip(&raw).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
            raw = next;
            if change < SETTLED {
                break;
            }
        }
        let observed = exposure.iter().rposition(|u| *u > 0.0);
        let mut shares = smoothed(&raw, &exposure);
        if let Some(last) = observed {
            bridge(&mut shares, &exposure, last);
            extrapolate(&mut shares, last);
        }
        Curve { shares, exposure, observed_to: observed.map(|i| i as i32 + FIRST_LAG), is_stated: false }
    }

    /// A curve of which nothing was observed, of so many lags.
    pub fn unseen(last: i32) -> Curve {
        let size = usize::try_from(last - FIRST_LAG + 1).unwrap_or(1);
        Curve { shares: vec![0.0; size], exposure: vec![0.0; size], observed_to: None, is_stated: false }
    }

    /// The curve with stated shares beside it, by lag from [`FIRST_LAG`] on, which count for so many households at every
    /// lag: `(w stated + u observed) / (w + u)`. Of lags that none was observed at they are all that is known.
    pub fn with_stated(mut self, stated: &[f64], weight: f64) -> Curve {
        for (i, share) in self.shares.iter_mut().enumerate() {
            let (said, seen) = (stated.get(i).copied().unwrap_or(0.0), self.exposure[i]);
            *share = if seen > 0.0 { (weight * said + seen * *share) / (weight + seen) } else { said };
        }
        let all: f64 = self.shares.iter().sum();
        if all > 1.0 {
            self.shares.iter_mut().for_each(|x| *x /= all);
        }
        self.is_stated = true;
        self
    }

    /// What the share of a lag rests on.
    pub fn seen(&self, lag: i32) -> Seen {
        let at = usize::try_from(lag - FIRST_LAG).unwrap_or(0);
        let observed = self.exposure.get(at).is_some_and(|u| *u > 0.0);
        match (observed, self.is_stated) {
            (true, false) => Seen::Observed,
            (true, true) => Seen::Both,
            (false, true) => Seen::Stated,
            _ if self.observed_to.is_some_and(|to| lag < to) && self.exposure.iter().take(at).any(|u| *u > 0.0) => {
                Seen::Between
            }
            _ => Seen::Beyond,
        }
    }

    /// The share that signs at a lag.
    pub fn at(&self, lag: i32) -> f64 {
        usize::try_from(lag - FIRST_LAG).ok().and_then(|i| self.shares.get(i)).copied().unwrap_or(0.0)
    }

    /// The share that has signed before a lag.
    pub fn before(&self, lag: i32) -> f64 {
        let n = usize::try_from(lag - FIRST_LAG).unwrap_or(0);
        self.shares.iter().take(n).sum()
    }

    /// Signings expected of a part in a month of an ordinary season, in households.
    pub fn expected(&self, part: &Part, month: i32) -> f64 {
        part.households * self.at(month - part.handover)
    }
}

/// Where a month stands in the table of a part; signings before the first lag count at it.
fn place(part: &Part, month: usize, size: usize) -> usize {
    ((month as i32 - part.handover - FIRST_LAG).max(0) as usize).min(size - 1)
}

/// Adds the signings of one community in parts to the sums by lag.
fn share_out(of: &[Part], signed: ArrayView2<f64>, shares: &[f64], sums: &mut [f64]) {
    let Some(first) = of.first() else { return };
    let size = sums.len();
    let mut weights = vec![0.0; of.len()];
    for (t, n) in signed.row(first.community).iter().enumerate().filter(|(_, n)| **n > 0.0) {
        let begun = |part: &Part| t as i32 >= part.handover + FIRST_LAG;
        for (w, part) in weights.iter_mut().zip(of) {
            *w = if begun(part) { part.households * shares[place(part, t, size)] } else { 0.0 };
        }
        let mut sum: f64 = weights.iter().sum();
        if sum <= 0.0 {
            // Expected of none: of those begun by their households, before all of them of the first to begin.
            let any = of.iter().any(begun);
            let earliest = of.iter().map(|p| p.handover).min().unwrap_or(0);
            for (w, part) in weights.iter_mut().zip(of) {
                let takes = if any { begun(part) } else { part.handover == earliest };
                *w = if takes { part.households } else { 0.0 };
            }
            sum = weights.iter().sum();
        }
        for (w, part) in weights.iter().zip(of) {
            sums[place(part, t, size)] += n * w / sum;
        }
    }
}

/// Beyond [`UNSMOOTHED`] the mean of three lags, by their households.
fn smoothed(raw: &[f64], exposure: &[f64]) -> Vec<f64> {
    let mut out = raw.to_vec();
    for i in (UNSMOOTHED - FIRST_LAG + 1) as usize..raw.len() {
        let range = i - 1..(i + 2).min(raw.len());
        let households: f64 = exposure[range.clone()].iter().sum();
        if exposure[i] > 0.0 && households > 0.0 {
            out[i] = range.map(|j| raw[j] * exposure[j]).sum::<f64>() / households;
        }
    }
    out
}

/// Lags that nobody was observed at, between lags that some were: a straight line; across the handover, where signing
/// sets in, no line but what was seen before it up to it, and what was seen after it from it on.
fn bridge(shares: &mut [f64], exposure: &[f64], last: usize) {
    let seen: Vec<usize> = (0..=last).filter(|i| exposure[*i] > 0.0).collect();
    for pair in seen.windows(2) {
        let (a, b) = (pair[0], pair[1]);
        for i in a + 1..b {
            let handover = -FIRST_LAG as usize;
            shares[i] = match (a < handover && b >= handover, i < handover) {
                (true, true) => shares[a],
                (true, false) => shares[b],
                _ => shares[a] + (shares[b] - shares[a]) * (i - a) as f64 / (b - a) as f64,
            };
        }
    }
}

/// Lags after the last observed one: the fall of the last months goes on. Nobody signs twice: the whole is at most 1.
fn extrapolate(shares: &mut [f64], last: usize) {
    let sum = |range: std::ops::Range<usize>| shares[range].iter().sum::<f64>();
    let peak = (0..=last).max_by(|a, b| shares[*a].total_cmp(&shares[*b]).then(b.cmp(a))).unwrap_or(last);
    let fallen = last - peak;
    let (mut share, decay) = if fallen + 1 >= 2 * TAIL {
        let from = last + 1 - TAIL;
        let (late, early) = (sum(from..last + 1), sum(from - TAIL..from));
        let decay = if early > 0.0 { (late / early).powf(1.0 / TAIL as f64).min(SLOWEST) } else { 0.0 };
        (late / TAIL as f64 * decay, decay)
    } else {
        // Too few months after the highest one for two means of three: months of the rise would say that it does not
        // fall. The fall from the highest to the last one goes on.
        let fall = (shares[last] / shares[peak]).powf(1.0 / fallen.max(1) as f64);
        (shares[last], if fallen > 0 && fall.is_finite() { fall.min(SLOWEST) } else { USUAL_FALL })
    };
    for x in shares.iter_mut().skip(last + 1) {
        share *= decay;
        *x = share;
    }
    let (known, tail): (f64, f64) = (shares[..=last].iter().sum(), shares[last + 1..].iter().sum());
    let room = (1.0 - known).max(0.0);
    if tail > room {
        shares[last + 1..].iter_mut().for_each(|x| *x *= room / tail);
    }
}

#[cfg(test)]
mod tests;
