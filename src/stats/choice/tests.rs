use proptest::prelude::*;

use super::*;

fn market(substitution: f64, overlap: f64) -> Market {
    Market { substitution, overlap, ..Market::default() }
}

fn fit(market: Market, sales: &[&[f64]], out: &[&[f64]]) -> Attractions {
    let availability: Vec<Vec<f64>> = out.iter().map(|u| u.iter().map(|u| 1.0 - u).collect()).collect();
    let months: Vec<ChoiceMonth> = sales
        .iter()
        .zip(&availability)
        .map(|(sales, availability)| ChoiceMonth { sales, availability, weight: 1.0 })
        .collect();
    market.fit(&months, &vec![1.0; sales[0].len()], 0.0, &mut Workspace::default())
}

fn recover(market: Market, z: &[f64], a: &[f64], v: &[f64]) -> (Option<f64>, Vec<f64>) {
    let mut out = vec![f64::NAN; z.len()];
    let lambda = market.recover(z, a, v, &mut out, &mut Workspace::default());
    (lambda, out)
}

#[track_caller]
fn near(found: &[f64], wanted: &[f64], digits: i32) {
    assert_eq!(found.len(), wanted.len());
    let off = found.iter().zip(wanted).map(|(f, w)| (f - w).abs()).fold(0.0, f64::max);
    assert!(off <= 0.5000001 * 10f64.powi(-digits), "{found:?}, not {wanted:?}");
}

#[test]
fn exact_step() {
    let z = [26.25, 39.980769230769, 26.653846153846];
    let (lambda, x) = recover(market(0.7, 1.0), &z, &[0.5, 1.0, 1.0], &[0.5, 0.3, 0.2]);
    near(&[lambda.unwrap()], &[150.0], 9);
    near(&x, &[52.5, 31.5, 21.0], 9);
}

#[test]
fn whole_months_out_agree_for_every_overlap() {
    let sales: [&[f64]; 4] = [&[50.0, 30.0, 20.0], &[0.0, 42.0, 28.0], &[60.0, 0.0, 25.0], &[55.0, 33.0, 22.0]];
    let out: [&[f64]; 4] = [&[0.0; 3], &[1.0, 0.0, 0.0], &[0.0, 1.0, 0.0], &[0.0; 3]];
    for overlap in [0.0, 0.6, 1.0] {
        let found = fit(market(0.7, overlap), &sales, &out);
        assert!(found.converged);
        near(&found.shares, &[0.497701404, 0.300550146, 0.201748451], 9);
    }
}

#[test]
fn parts_of_months_out() {
    let sales: [&[f64]; 4] = [&[50.0, 30.0, 20.0], &[27.0, 40.0, 27.0], &[56.0, 23.0, 22.0], &[45.0, 28.0, 24.0]];
    let out: [&[f64]; 4] = [&[0.0; 3], &[0.5, 0.0, 0.0], &[0.0, 0.3, 0.1], &[0.2, 0.2, 0.0]];
    let exact = fit(market(0.7, 0.6), &sales, &out);
    near(&exact.shares, &[0.497621954, 0.303557457, 0.198820589], 9);
    let approximate = fit(Market { exact_limit: 0, ..market(0.7, 0.6) }, &sales, &out);
    near(&approximate.shares, &[0.497376612, 0.303626431, 0.198996957], 9);
}

/// With few products and much substitution the approximation is far off: E[1/V] is not nearly 1/E[V].
#[test]
fn two_products_half_the_time() {
    let (shares, availability) = ([0.05, 0.95], [0.5, 0.5]);
    let exact = market(0.9, 0.0);
    let mut out = [0.0; 2];
    exact.exposure(&shares, &availability, &mut out, &mut Workspace::default());
    // The other one is out half of the time: (1 / (1/9 + .05) + 1 / (1/9 + 1)) / 2.
    near(&out[..1], &[3.553448275862069], 12);
    let rough = Market { exact_limit: 1, ..exact };
    rough.exposure(&shares, &availability, &mut out, &mut Workspace::default());
    near(&out[..1], &[2.45], 2);
}

/// Day by day nothing has to be supposed: two products out on the same days, on different days, or one never in stock.
#[test]
fn days_are_averaged() {
    let (market, v0) = (market(0.7, 0.7), 0.3 / 0.7);
    let v = [0.5, 0.3, 0.2];
    let found = |open: u32, out: &[u32]| {
        let mut g = [f64::NAN; 3];
        market.exposure_by_day(&v, Days { open, out }, &mut g);
        g
    };
    near(&found(0b1111, &[0b0011, 0b0011, 0]), &[0.7, 0.7, (0.7 + 1.0 / (v0 + 0.2)) / 2.0], 12);
    let (first, second) = (1.0 / (v0 + 0.5), 1.0 / (v0 + 0.7));
    near(&found(0b1111, &[0b0011, 0b1100, 0]), &[second, first, (first + second) / 2.0], 12);
    // Days that do not count, and a product without a day: being alone is the most it could be, all the least.
    near(&found(0b0011, &[0b0011, 0b1100, 0]), &[0.7, first, first], 12);
    // Five days out of ten for the first: each month's customers and demand are found again.
    let days = Days { open: 0x3ff, out: &[0x1f, 0, 0] };
    let sold = [26.25, 39.980769230769, 26.653846153846];
    let mut x = [0.0; 3];
    let lambda = market.recover_by_day((&sold, &[0.5, 1.0, 1.0], Some(days)), &v, &mut x, &mut Workspace::default());
    near(&[lambda.unwrap()], &[150.0], 9);
    near(&x, &[52.5, 31.5, 21.0], 9);
}

/// A rival that fills the shelf but is nearly always out: to second order the gain is 171.7, and nothing is worth
/// more than being alone on the shelf.
#[test]
fn the_approximation_stays_below_being_alone() {
    let market = Market { exact_limit: 0, ..market(0.98, 0.0) };
    let mut out = [0.0; 2];
    market.exposure(&[0.01, 0.99], &[1.0, 0.02], &mut out, &mut Workspace::default());
    near(&out[..1], &[1.0 / (0.02 / 0.98 + 0.01)], 9);
}

const JANUARY: [f64; 3] = [500.0, 300.0, 200.0];
const FEBRUARY: [f64; 3] = [240.0, 330.0, 230.0];
const FEBRUARY_IN_STOCK: [f64; 3] = [0.5, 1.0, 1.0];

#[test]
fn february_of_april_twice() {
    for overlap in [0.0, 0.7, 1.0] {
        let market = market(0.7, overlap);
        let found = fit(market, &[&FEBRUARY], &[&[0.5, 0.0, 0.0]]);
        let (_, x) = recover(market, &FEBRUARY, &FEBRUARY_IN_STOCK, &found.shares);
        near(&x, &[480.0, 255.670144, 178.194343], 6);
        near(&[x.iter().sum()], &[913.864487], 6);
        near(&found.shares, &[0.525242, 0.279768, 0.194990], 6);
    }
    let rough = Market { exact_limit: 0, ..market(0.7, 0.7) };
    let found = fit(rough, &[&FEBRUARY], &[&[0.5, 0.0, 0.0]]);
    let (_, x) = recover(rough, &FEBRUARY, &FEBRUARY_IN_STOCK, &found.shares);
    near(&x, &[480.0, 255.907431, 178.359725], 6);
}

/// The plain form month by month is each month alone; three passes from January's mix come to 479.9.
#[test]
fn april_twice_month_by_month() {
    for (passes, wanted, digits) in [(10_000, 480.0, 6), (3, 479.9, 1)] {
        let market = Market { passes, ..Market::default() };
        let mut work = Workspace::default();
        let mut memory = Memory::new(&[1.0; 3]);
        let january = ChoiceMonth { sales: &JANUARY, availability: &[1.0; 3], weight: 1.0 };
        market.advance(&mut memory, january, 0.0, &[1.0; 3], 0.0, &mut work);
        near(memory.shares(), &[0.5, 0.3, 0.2], 12);
        let february = ChoiceMonth { sales: &FEBRUARY, availability: &FEBRUARY_IN_STOCK, weight: 1.0 };
        market.advance(&mut memory, february, 0.0, &[1.0; 3], 0.0, &mut work);
        let (_, x) = recover(market, &FEBRUARY, &FEBRUARY_IN_STOCK, memory.shares());
        near(&x[..1], &[wanted], digits);
    }
}

/// What is remembered stands for the months themselves: by hand, with nothing out, A = delta 100 shares + sales.
#[test]
fn memory_is_discounted() {
    let (market, mut work) = (Market::default(), Workspace::default());
    let mut memory = Memory::new(&[3.0, 1.0]);
    for sales in [[60.0, 40.0], [20.0, 80.0]] {
        let month = ChoiceMonth { sales: &sales, availability: &[1.0, 1.0], weight: 1.0 };
        market.advance(&mut memory, month, 0.5, &[3.0, 1.0], 20.0, &mut work);
    }
    // (.5 x 60 + 20 + 20 x .75) / (.5 x 100 + 100 + 20), and the same for the other.
    near(memory.shares(), &[65.0 / 170.0, 105.0 / 170.0], 12);
    let before = memory.clone();
    let nothing = ChoiceMonth { sales: &[0.0, 0.0], availability: &[0.0, 0.0], weight: 1.0 };
    market.advance(&mut memory, nothing, 1.0, &[3.0, 1.0], 20.0, &mut work);
    near(memory.shares(), before.shares(), 12);
}

/// A range that changes keeps what it remembers: the third product leaves and comes back as another, and the others'
/// shares follow at once, by hand.
#[test]
fn memory_follows_the_range() {
    let (market, mut work) = (Market::default(), Workspace::default());
    let mut memory = Memory::new(&[0.0; 4]);
    let mut month = |members: &[usize], sales: &[f64], prior: &[f64]| {
        let mut part = memory.part(members, prior);
        let month = ChoiceMonth { sales, availability: &vec![1.0; sales.len()], weight: 1.0 };
        market.advance(&mut part, month, 0.75, prior, 0.0, &mut work);
        memory.put(members, &part, 0.75);
        memory.shares().to_vec()
    };
    for _ in 0..3 {
        near(&month(&[0, 1, 2], &[50.0, 30.0, 20.0], &[1.0; 3]), &[0.5, 0.3, 0.2, 0.0], 12);
    }
    near(&month(&[0, 1], &[50.0, 30.0], &[5.0, 3.0]), &[0.625, 0.375, 0.0, 0.0], 12);
    near(&month(&[0, 1, 3], &[50.0, 30.0, 20.0], &[5.0, 3.0, 2.0]), &[0.5, 0.3, 0.0, 0.2], 12);
}

#[test]
fn one_product_is_divided_by_its_availability() {
    for (a, overlap) in [(0.5, 0.7), (0.03, 1.0), (1e-6, 0.3)] {
        let (_, x) = recover(market(0.7, overlap), &[12.0], &[a], &[1.0]);
        near(&[x[0] * a / 12.0], &[1.0], 12);
    }
}

#[test]
fn nothing_out_gives_the_sales_to_the_bit() {
    let (lambda, x) = recover(Market::default(), &[0.1, -0.3, 7.7], &[1.0; 3], &[0.2, 0.3, 0.5]);
    assert_eq!(x, [0.1, -0.3, 7.7]);
    near(&[lambda.unwrap()], &[7.5 / 0.7], 12);
    let (_, nearly) = recover(Market::default(), &[0.1, 0.3, 7.7], &[1.0 - 1e-15; 3], &[0.2, 0.3, 0.5]);
    near(&nearly, &[0.1, 0.3, 7.7], 12);
}

#[test]
fn months_and_products_without_information() {
    let mut work = Workspace::default();
    let market = Market::default();
    let month = |sales, availability| ChoiceMonth { sales, availability, weight: 1.0 };
    // Never in stock: its prior share; the others share the rest 3 to 1. The second month says nothing.
    let months = [month(&[30.0, 10.0, 0.0], &[1.0, 1.0, 0.0]), month(&[0.0; 3], &[0.0; 3])];
    for kappa in [0.0, 1e-6] {
        near(&market.fit(&months, &[1.0, 1.0, 2.0], kappa, &mut work).shares, &[0.375, 0.125, 0.5], 8);
    }
    // Nothing sold.
    near(&market.fit(&[month(&[0.0; 2], &[1.0; 2])], &[3.0, 1.0], 0.0, &mut work).shares, &[0.75, 0.25], 12);
    near(&market.fit(&months[1..], &[3.0, 1.0, 0.0], 5.0, &mut work).shares, &[0.75, 0.25, 0.0], 12);
    near(&market.fit(&[], &[0.0, 0.0], 0.0, &mut work).shares, &[0.5, 0.5], 12);
    assert!(market.fit(&[], &[], 0.0, &mut work).shares.is_empty());
    // Everything out: the sales, and from a neighbour's 300 customers 210 who would have bought.
    let (lambda, x) = recover(market, &[1.0, 2.0], &[0.0, 0.0], &[0.5, 0.5]);
    assert_eq!((lambda, x), (None, vec![1.0, 2.0]));
    let mut out = [0.0; 2];
    market.unseen(300.0, &[0.75, 0.25], &mut out);
    near(&out, &[157.5, 52.5], 9);
    // All that anybody wants was out.
    assert_eq!(recover(market, &[0.0, 2.0], &[0.0, 1.0], &[1.0, 0.0]).0, None);
}

/// A prior of 20 purchases weighs as much as 20 sold: (30 + 20 x .5) / (40 + 20).
#[test]
fn the_prior_counts_as_purchases() {
    let month = ChoiceMonth { sales: &[30.0, 10.0], availability: &[1.0, 1.0], weight: 1.0 };
    let found = Market::default().fit(&[month], &[1.0, 1.0], 20.0, &mut Workspace::default());
    near(&found.shares, &[40.0 / 60.0, 20.0 / 60.0], 12);
}

/// A month of weight 3 is that month three times.
#[test]
fn weights_repeat_months() {
    let availability = [[0.4, 1.0, 0.8], [1.0, 0.9, 0.3]];
    let month = |i: usize, weight| ChoiceMonth { sales: &FEBRUARY, availability: &availability[i], weight };
    let (market, mut work) = (Market::default(), Workspace::default());
    let once = market.fit(&[month(0, 3.0), month(1, 1.0)], &[1.0; 3], 20.0, &mut work);
    let thrice = [month(0, 1.0), month(1, 1.0), month(0, 1.0), month(0, 1.0)];
    near(&once.shares, &market.fit(&thrice, &[1.0; 3], 20.0, &mut work).shares, 10);
}

/// Months of `n` products, each in stock all month, not at all, or in part.
fn months(n: usize) -> impl Strategy<Value = Vec<(Vec<f64>, Vec<f64>)>> {
    let availability = prop_oneof![3 => Just(1.0), 1 => Just(0.0), 3 => 0.0..1.0, 1 => 1e-12..1e-3];
    let product = (0.0..500.0, availability).prop_map(|(z, a): (f64, f64)| (if a > 0.0 { z.floor() } else { 0.0 }, a));
    prop::collection::vec(prop::collection::vec(product, n).prop_map(|rows| rows.into_iter().unzip()), 1..6)
}

fn as_months(months: &[(Vec<f64>, Vec<f64>)]) -> Vec<ChoiceMonth<'_>> {
    months.iter().map(|(sales, availability)| ChoiceMonth { sales, availability, weight: 1.0 }).collect()
}

proptest! {
    #[test]
    fn shares_sum_to_one_and_demand_is_finite(
        months in (1..12usize).prop_flat_map(months),
        s in 0.0..1.0,
        overlap in 0.0..1.0,
        kappa in 0.0..50.0,
        exact_limit in 0..9usize,
    ) {
        let market = Market { substitution: s, overlap, exact_limit, passes: 200 };
        let mut work = Workspace::default();
        let found = market.fit(&as_months(&months), &vec![1.0; months[0].0.len()], kappa, &mut work);
        prop_assert!((found.shares.iter().sum::<f64>() - 1.0).abs() < 1e-12);
        prop_assert!(found.shares.iter().all(|&v| v >= 0.0));
        for (z, a) in &months {
            let mut x = vec![f64::NAN; z.len()];
            market.recover(z, a, &found.shares, &mut x, &mut work);
            prop_assert!(x.iter().all(|&x| x.is_finite() && x >= 0.0), "{x:?}");
            // The product that alone was out wanted at least what it sold; the others at most.
            let out: Vec<usize> = (0..a.len()).filter(|&i| a[i] < 1.0).collect();
            if let [only] = out[..] {
                for i in 0..a.len() {
                    prop_assert!(if i == only { x[i] >= z[i] - 1e-9 } else { x[i] <= z[i] + 1e-9 }, "{z:?} {a:?} {x:?}");
                }
            }
        }
    }

    #[test]
    fn the_gain_keeps_its_bounds_and_the_exact_count_is_an_average(
        month in months(6), v in prop::collection::vec(0.01..1.0, 6), s in 0.05..0.98, overlap in 0.0..1.0,
    ) {
        let sum: f64 = v.iter().sum();
        let v: Vec<f64> = v.iter().map(|x| x / sum).collect();
        let (market, a) = (market(s, overlap), &month[0].1);
        let mut out = vec![f64::NAN; 6];
        market.exposure(&v, a, &mut out, &mut Workspace::default());
        let v0 = market.nothing();
        for (g, v) in out.iter().zip(&v) {
            prop_assert!(*g >= 1.0 / (v0 + 1.0) && *g <= 1.0 / (v0 + v));
        }
        // Everyone who comes buys something in stock or nothing: sum a v G = 1 - v0 E[1 / (v0 + V)].
        if overlap < 0.5 {
            let independent = Market { overlap: 0.0, ..market };
            independent.exposure(&v, a, &mut out, &mut Workspace::default());
            let bought: f64 = (0..6).map(|i| shelf(a[i]) * v[i] * out[i]).sum();
            let mut mean = 0.0;
            for set in 0..64usize {
                let on = |i: usize| set >> i & 1 == 1;
                let p: f64 = (0..6).map(|i| if on(i) { shelf(a[i]) } else { 1.0 - shelf(a[i]) }).product();
                mean += p / (v0 + (0..6).filter(|&i| on(i)).map(|i| v[i]).sum::<f64>());
            }
            prop_assert!((bought - (1.0 - v0 * mean)).abs() < 1e-12);
        }
    }

    /// Nobody leaves and something is always in stock: as much is sold as is wanted, only of other products.
    #[test]
    fn the_total_stays_where_nobody_leaves(
        month in months(5), wanted in prop::collection::vec(1.0..100.0, 5), overlap in 0.0..1.0,
    ) {
        const NOBODY: f64 = 1e-12;
        let market = market(0.7, overlap);
        // Below the floor of overlapping outages the total is given up for steadier shares.
        let mut a: Vec<f64> = month[0].1.iter().map(|&a| if a > 0.0 { a.max(AVAILABILITY_FLOOR) } else { 0.0 }).collect();
        a[2] = 1.0;
        let total: f64 = wanted.iter().sum();
        let v: Vec<f64> = wanted.iter().map(|x| x / total).collect();
        let (mut g, mut order) = (vec![0.0; 5], Vec::new());
        push_order(&a, &mut order);
        market.gains(NOBODY, &v, &a, &order, &mut g, &mut Vec::new());
        let sold: Vec<f64> = (0..5).map(|i| total * shelf(a[i]) * v[i] * g[i]).collect();
        prop_assert!((sold.iter().sum::<f64>() / total - 1.0).abs() < 1e-9, "{sold:?} {wanted:?}");
        let mut x = vec![0.0; 5];
        market.recover_with(NOBODY, (&sold, &a, None), &v, &mut x, &mut Workspace::default());
        for (x, w) in x.iter().zip(&wanted) {
            prop_assert!(f64::abs(x - w) < 1e-9 * total, "{x} {w}");
        }
    }

    #[test]
    fn twin_products_change_nothing_for_the_others(month in months(4), kappa in 0.0..30.0) {
        let market = market(0.7, 1.0);
        let twin = |rows: &[f64], halve: bool| -> Vec<f64> {
            let half = if halve { rows[0] / 2.0 } else { rows[0] };
            [&[half, half], &rows[1..]].concat()
        };
        let split: Vec<_> = month.iter().map(|(z, a)| (twin(z, true), twin(a, false))).collect();
        let mut work = Workspace::default();
        let one = market.fit(&as_months(&month), &[1.0; 4], kappa, &mut work);
        let two = market.fit(&as_months(&split), &[0.5, 0.5, 1.0, 1.0, 1.0], kappa, &mut work);
        prop_assert!((one.shares[0] - two.shares[0] - two.shares[1]).abs() < 1e-6, "{one:?} {two:?}");
        for i in 1..4 {
            prop_assert!((one.shares[i] - two.shares[i + 1]).abs() < 1e-6, "{one:?} {two:?}");
        }
    }

    #[test]
    fn demand_scales_with_sales_and_turns_back_into_them(month in months(5), factor in 0.01..100.0) {
        let (z, a) = &month[0];
        let market = Market::default();
        let mut work = Workspace::default();
        let found = market.fit(&as_months(&month[..1]), &[1.0; 5], 0.0, &mut work);
        let scaled: Vec<f64> = z.iter().map(|z| z * factor).collect();
        let ((_, x), (_, y)) = (recover(market, z, a, &found.shares), recover(market, &scaled, a, &found.shares));
        for (x, y) in x.iter().zip(&y) {
            prop_assert!(f64::abs(x * factor - y) <= 1e-9 * y.abs().max(1.0));
        }
        // At its own fixed point the demand, pushed through the same shelf, is what was sold.
        let enough = z.iter().zip(a).all(|(&z, &a)| a > 0.01 && z > 0.0);
        if enough && found.converged {
            let mut back = vec![0.0; 5];
            market.sold(&x, a, &mut back, &mut work);
            for (z, b) in z.iter().zip(&back) {
                prop_assert!((z - b).abs() < 1e-6 * z.max(1.0), "{z} {b}");
            }
        }
    }
}
