//! How near past forecasts came, by level and lag, and what each step added.
//!
//! WAPE, bias and RMSSE are those of [`crate::accuracy`], summed over the cutoffs; Bracher et al. 2021 (PLOS
//! Computational Biology 17) for the weighted interval score.

use super::{Ahead, Backtest, METHODS, Method};
use crate::accuracy::{self, Compared, Rows, absolute_error, ratio};
use crate::dataset::Dataset;
use crate::stats::interval::weighted_interval_score;

pub use crate::accuracy::{LEVELS, Level};

/// Two forecasts that differ by less than this part of the sales are the same: rounding of sums.
const SAME: f64 = 1e-9;
/// What the intervals leave out: 80 and 95% of coverage.
const ALPHAS: [f64; 2] = [0.2, 0.05];

impl Method {
    /// The method that this one takes one step more than; the fitted shares stand in the place of the plain ones, beside
    /// the fitted totals, and the forecast adds the totals to them.
    pub fn builds_on(self) -> Option<Method> {
        match self {
            Method::Naive => None,
            Method::LastYear => Some(Method::Naive),
            Method::Target | Method::PlainSales => Some(Method::LastYear),
            Method::Plain => Some(Method::PlainSales),
            Method::Level | Method::Mix => Some(Method::Plain),
            Method::Forecast => Some(Method::Mix),
        }
    }

    /// The word in outputs for programs.
    pub fn word(self) -> &'static str {
        match self {
            Method::Naive => "naive",
            Method::LastYear => "last_year",
            Method::Target => "target",
            Method::PlainSales => "plain_on_sales",
            Method::Plain => "plain",
            Method::Level => "fitted_totals",
            Method::Mix => "fitted_shares",
            Method::Forecast => "forecast",
        }
    }

    fn index(self) -> usize {
        METHODS.iter().position(|method| *method == self).unwrap_or_default()
    }
}

/// One level at one lag.
#[derive(Clone, Debug, PartialEq)]
pub struct Measured {
    /// The level.
    pub level: Level,
    /// Months after the one made.
    pub lag: i32,
    /// Cutoffs compared.
    pub cutoffs: usize,
    /// Rows on sale, over all cutoffs.
    pub rows: usize,
    /// Units sold, absolute values summed.
    pub sold: f64,
    /// WAPE of each method that exists at any cutoff, by [`METHODS`]; where it does not at one of them, the method it
    /// [builds on](Method::builds_on) stands there for it. None also where nothing was sold.
    pub wapes: [Option<f64>; METHODS.len()],
    /// Bias of the forecast, a share.
    pub bias: Option<f64>,
    /// RMSSE of the forecast; none where no row has two months of history or none ever moved.
    pub rmsse: Option<f64>,
    /// WAPE of the demand forecast against sales as they happened; none where it is that of the forecast.
    pub raw: Option<f64>,
    /// Share of actuals inside the 80 and the 95% interval, of rows on sale; none without intervals.
    pub inside: Option<[f64; 2]>,
    /// Weighted interval score over sales, of ours and of the naive forecast; regions only, none without intervals.
    pub score: Option<[f64; 2]>,
}

impl Measured {
    /// WAPE of a method.
    pub fn wape(&self, method: Method) -> Option<f64> {
        self.wapes[method.index()]
    }

    /// WAPE of a method less that of the method it builds on (the nearest that exists), and that method.
    pub fn change(&self, method: Method) -> Option<(Method, f64)> {
        let mut before = method.builds_on()?;
        while self.wape(before).is_none() {
            before = before.builds_on()?;
        }
        Some((before, self.wape(method)? - self.wape(before)?))
    }

    /// By what share the forecast's WAPE lies above that of a method; negative where it is nearer.
    pub fn against(&self, method: Method) -> Option<f64> {
        let other = self.wape(method).filter(|w| *w > 0.0)?;
        Some(self.wape(Method::Forecast)? / other - 1.0)
    }
}

/// Measures a backtest, by level and lag.
pub fn measure(data: &Dataset, backtest: &Backtest) -> Vec<Measured> {
    let mut lags: Vec<i32> = backtest.months.iter().map(|m| m.lag).collect();
    lags.sort_unstable();
    lags.dedup();
    let exists: Vec<bool> = (0..METHODS.len())
        .map(|r| backtest.months.iter().any(|m| m.methods.get(r).is_some_and(Option::is_some)))
        .collect();
    let mut out = Vec::with_capacity(LEVELS.len() * lags.len());
    for level in LEVELS {
        let rows = Rows::new(level, data.frame());
        for &lag in &lags {
            let mut sums = Sums::default();
            backtest.months.iter().filter(|m| m.lag == lag).for_each(|ahead| sums.add(ahead, &rows, data));
            out.push(sums.measured((level, lag), &exists));
        }
    }
    out
}

/// Sums over cutoffs.
#[derive(Default)]
struct Sums {
    ours: accuracy::Sums,
    misses: [f64; METHODS.len()],
    raw: f64,
    differs: bool,
    inside: [f64; 2],
    with_inside: usize,
    scores: [f64; 2],
    scored: f64,
}

impl Sums {
    fn add(&mut self, ahead: &Ahead, rows: &Rows, data: &Dataset) {
        let Ok(cutoff) = usize::try_from(ahead.cutoff.since(data.start)) else { return };
        let actual = rows.sum(&ahead.actual);
        let demand = rows.sum(&ahead.forecast);
        let mut of_methods: [Option<f64>; METHODS.len()] = [None; METHODS.len()];
        for method in METHODS {
            let own = method_of(ahead, method).map(|forecast| absolute_error(&rows.sum(forecast), &actual));
            let found = own.or_else(|| of_methods[method.builds_on()?.index()]);
            of_methods[method.index()] = found;
            self.misses[method.index()] += found.unwrap_or_default();
        }
        let forecast = method_of(ahead, Method::Forecast).map_or_else(|| demand.clone(), |f| rows.sum(f));
        self.ours.add(rows, Compared { cutoff, actual: &actual, demand: &demand }, &forecast);
        self.raw += absolute_error(&demand, &actual);
        let sold: f64 = actual.iter().map(|a| a.abs()).sum();
        self.differs |= forecast.iter().zip(&demand).any(|(f, d)| (f - d).abs() > SAME * sold);
        match rows.level {
            Level::Series => self.add_inside(ahead, rows, cutoff),
            Level::Region => self.add_regions(ahead, rows, (&forecast, &actual)),
            Level::Product | Level::Company => {}
        }
    }

    fn add_inside(&mut self, ahead: &Ahead, rows: &Rows, cutoff: usize) {
        let Some(inside) = &ahead.inside else { return };
        for (s, inside) in inside.iter().enumerate() {
            if rows.on_sale(s, cutoff, ahead.forecast[s]) {
                self.with_inside += 1;
                (0..2).for_each(|i| self.inside[i] += inside[i]);
            }
        }
    }

    /// Bounds of regions hold their sums in sales space.
    fn add_regions(&mut self, ahead: &Ahead, rows: &Rows, (forecast, actual): (&[f64], &[f64])) {
        let Some(regions) = &ahead.regions else { return };
        let naive = method_of(ahead, Method::Naive).map(|f| rows.sum(f)).unwrap_or_default();
        for (leaf, [ours, of_naive]) in regions.iter().enumerate() {
            let a = actual[leaf];
            self.with_inside += 1;
            for (i, bounds) in ours.chunks_exact(2).enumerate() {
                self.inside[i] += f64::from(u8::from(bounds[0] <= a && a <= bounds[1]));
            }
            self.scored += a.abs();
            let middle = naive.get(leaf).copied().unwrap_or_default();
            for (i, (middle, b)) in [(forecast[leaf], ours), (middle, of_naive)].into_iter().enumerate() {
                let intervals = [(ALPHAS[0], b[0], b[1]), (ALPHAS[1], b[2], b[3])];
                self.scores[i] += weighted_interval_score(middle, &intervals, a);
            }
        }
    }

    fn measured(&self, (level, lag): (Level, i32), exists: &[bool]) -> Measured {
        let ours = &self.ours;
        let mut wapes = [None; METHODS.len()];
        for (r, wape) in wapes.iter_mut().enumerate() {
            *wape = ratio(self.misses[r], ours.sold).filter(|_| exists.get(r).copied().unwrap_or_default());
        }
        let (inside, covered) = (self.inside.map(|sum| sum / self.with_inside as f64), self.with_inside > 0);
        Measured {
            level,
            lag,
            cutoffs: ours.forecasts,
            rows: ours.rows,
            sold: ours.sold,
            wapes,
            bias: ours.bias(),
            rmsse: ours.rmsse(),
            raw: ratio(self.raw, ours.sold).filter(|_| self.differs),
            inside: covered.then_some(inside),
            score: (self.scored > 0.0).then(|| self.scores.map(|sum| sum / self.scored)),
        }
    }
}

fn method_of(ahead: &Ahead, method: Method) -> Option<&[f64]> {
    ahead.methods.get(method.index())?.as_deref()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::folder::load;

    /// Two regions and two products over four months; `b` comes to the south with the last of them.
    fn data() -> Dataset {
        let dir = tempfile::tempdir().unwrap();
        let mut text = "month,region,product,units\n".to_string();
        let rows = [("n,a", vec![10, 14, 12, 20]), ("n,b", vec![4, 4, 4, 0]), ("s,a", vec![6, 0, 6, 10])];
        for (key, units) in &rows {
            units.iter().enumerate().for_each(|(t, x)| text += &format!("2024-0{},{key},{x}\n", t + 1));
        }
        text += "2024-04,s,b,5\n";
        std::fs::write(dir.path().join("sales.csv"), text).unwrap();
        load(dir.path(), None, chrono::NaiveDate::from_ymd_opt(2024, 5, 1).unwrap()).unwrap().dataset
    }

    fn ahead(data: &Dataset, cutoff: usize) -> Ahead {
        let mut methods = vec![None; METHODS.len()];
        methods[Method::Naive.index()] = Some(vec![12.0, 4.0, 6.0, 0.0]);
        methods[Method::Plain.index()] = Some(vec![16.0, 2.0, 6.0, 0.0]);
        methods[Method::Forecast.index()] = Some(vec![18.0, 4.0, 7.0, 0.0]);
        Ahead {
            cutoff: data.month(cutoff),
            made: data.month(cutoff),
            month: data.month(3),
            lag: 1,
            begun: vec![true, true, true, false],
            actual: vec![20.0, 0.0, 10.0, 5.0],
            forecast: vec![20.0, 4.0, 8.0, 0.0],
            methods,
            bounds: None,
            inside: Some(vec![[1.0, 1.0], [0.0, 1.0], [0.5, 1.0], [1.0, 0.0]]),
            regions: Some(vec![
                [[15.0, 25.0, 10.0, 30.0], [12.0, 20.0, 10.0, 22.0]],
                [[5.0, 9.0, 2.0, 14.0], [4.0, 8.0, 2.0, 16.0]],
            ]),
        }
    }

    fn near(a: Option<f64>, b: f64) -> bool {
        a.is_some_and(|a| (a - b).abs() < 1e-12)
    }

    #[test]
    fn one_month_by_hand() {
        let data = data();
        let found = measure(&data, &Backtest { months: vec![ahead(&data, 2)] });
        assert_eq!(found.iter().map(|m| m.level).collect::<Vec<_>>(), LEVELS);
        let [series, region, product, company] = &found[..] else { panic!("{found:?}") };
        // 2 + 4 + 3 + 5 of 35; too low by 6. The series not yet sold and not forecast is not on sale.
        assert!(near(series.wape(Method::Forecast), 14.0 / 35.0) && near(series.bias, -6.0 / 35.0), "{series:?}");
        assert!(near(series.wape(Method::Naive), 21.0 / 35.0) && near(series.raw, 11.0 / 35.0), "{series:?}");
        assert_eq!((series.cutoffs, series.rows, series.sold), (1, 3, 35.0));
        // Squares 4 + 16 + 9; changes before: (16 + 4)/2, 0, (36 + 36)/2.
        assert!(near(series.rmsse, (29.0_f64 / 46.0).sqrt()), "{series:?}");
        assert!(near(series.inside.map(|i| i[0]), 0.5) && near(series.inside.map(|i| i[1]), 1.0), "{series:?}");
        assert_eq!(series.score, None);
        assert!(near(series.against(Method::Naive), 14.0 / 21.0 - 1.0));
        // The fitted methods and the plain one on sales do not exist: what exists before them counts.
        assert_eq!(series.wape(Method::Mix), None);
        let change = |method: Method| series.change(method).unwrap();
        assert_eq!((change(Method::Forecast).0, change(Method::Plain).0), (Method::Plain, Method::Naive));
        assert!((change(Method::Forecast).1 - (14.0 - 15.0) / 35.0).abs() < 1e-12);
        assert!((change(Method::Plain).1 - (15.0 - 21.0) / 35.0).abs() < 1e-12);
        // 20 against 22, 15 against 7.
        assert!(near(region.wape(Method::Forecast), 10.0 / 35.0), "{region:?}");
        assert!(near(region.rmsse, (68.0_f64 / 46.0).sqrt()), "{region:?}");
        assert_eq!(region.inside, Some([0.5, 0.5]));
        // (1 + 1 + .5)/2.5 and (4 + 6.4 + 1.3)/2.5; the naive ones (2 + .8 + .3)/2.5 and (4.5 + 7.4 + .35)/2.5.
        assert!(near(region.score.map(|s| s[0]), 5.68 / 35.0), "{region:?}");
        assert!(near(region.score.map(|s| s[1]), 6.14 / 35.0), "{region:?}");
        assert!(near(product.wape(Method::Forecast), 6.0 / 35.0), "{product:?}");
        // 29 against 35; 20, 18, 22 before.
        assert!(near(company.wape(Method::Forecast), 6.0 / 35.0) && near(company.rmsse, 3.6_f64.sqrt()), "{company:?}");
        assert_eq!((company.inside, company.score), (None, None));
    }

    #[test]
    fn where_a_method_is_missing_the_one_before_stands() {
        let data = data();
        let mut second = ahead(&data, 1);
        second.methods[Method::Plain.index()] = None;
        let found = measure(&data, &Backtest { months: vec![ahead(&data, 2), second] });
        assert!(near(found[0].wape(Method::Plain), (15.0 + 21.0) / 70.0), "{:?}", found[0]);
        assert_eq!(found[0].cutoffs, 2);
    }

    #[test]
    fn nothing_sold_and_no_history_give_no_figures() {
        let data = data();
        let mut first = ahead(&data, 0);
        first.actual = vec![0.0; 4];
        let found = measure(&data, &Backtest { months: vec![first] });
        assert_eq!((found[0].wape(Method::Forecast), found[0].bias, found[0].rmsse), (None, None, None));
        assert!(measure(&data, &Backtest::default()).is_empty());
    }
}
