//! The article's rules, each statement on a folder small enough for paper; by both methods where both apply.

use std::fmt::Write as _;
use std::fs;

use chrono::NaiveDate;
use yugu::answers::{Filled, Form, Ways, compare};
use yugu::dataset::Mode;
use yugu::error::{Place, Problems};
use yugu::exceptions::{self, Kind, Reason};
use yugu::figures::Figures;
use yugu::folder::{self, LoadError};
use yugu::grid::Scope;
use yugu::messages::Lang;
use yugu::month::Month;
use yugu::outlook::Outlook;
use yugu::stages::lifecycle::Event;
use yugu::stages::target::Why;

type Files = Vec<(&'static str, String)>;

/// Both methods.
const METHODS: [&str; 2] = ["fitted", "plain"];

fn run(files: &Files, method: &str, day: Option<(i32, u32, u32)>) -> Result<Outlook, Problems> {
    let dir = tempfile::tempdir().unwrap();
    let mut settings = format!("method = \"{method}\"\n[calendar]\nfestival = \"none\"\n");
    for (name, text) in files {
        match *name {
            "yugu.toml" => settings = format!("method = \"{method}\"\n{text}"),
            name => {
                let path = dir.path().join(name);
                fs::create_dir_all(path.parent().unwrap()).unwrap();
                fs::write(path, text).unwrap();
            }
        }
    }
    fs::write(dir.path().join("yugu.toml"), settings).unwrap();
    let today = NaiveDate::from_ymd_opt(2030, 1, 1).unwrap();
    let day = day.map(|(y, m, d)| NaiveDate::from_ymd_opt(y, m, d).unwrap());
    match folder::load(dir.path(), day, today) {
        Ok(loaded) => Outlook::new(loaded.dataset, loaded.warnings),
        Err(LoadError::Data(problems)) => Err(problems),
        Err(LoadError::Unreadable(text)) => panic!("{}", text.en),
    }
}

fn plan(files: &Files, method: &str, day: (i32, u32, u32)) -> Outlook {
    run(files, method, Some(day)).unwrap_or_else(|p| panic!("{:#?}", lines(&p)))
}

fn lines(problems: &Problems) -> Vec<String> {
    problems.sorted().iter().map(|p| p.line(Lang::En)).collect()
}

fn file(name: &'static str, text: &str) -> (&'static str, String) {
    (name, text.to_string())
}

/// Region, product, and units by the number of the month.
type Sold<'a> = (&'a str, &'a str, &'a dyn Fn(usize) -> f64);

/// Sales of months from one on: by region and product, units by the number of the month.
fn sales(from: (i32, u32), months: i32, of: &[Sold]) -> (&'static str, String) {
    let mut text = "month,region,product,units\n".to_string();
    let first = Month::new(from.0, from.1).unwrap();
    for t in 0..months {
        for (region, product, units) in of {
            let units = units(t as usize);
            if units > 0.0 {
                writeln!(text, "{},{region},{product},{units}", first.plus(t)).unwrap();
            }
        }
    }
    ("sales.csv", text)
}

fn node(o: &Outlook, region: &str) -> usize {
    let regions = &o.dataset.grid.regions;
    (0..regions.len()).find(|n| regions.code(*n) == region).unwrap()
}

/// Unrounded units of a region (of the company where it is empty), all products or one, in a month.
fn units(o: &Outlook, region: &str, product: Option<&str>, month: (i32, u32)) -> f64 {
    let grid = &o.dataset.grid;
    let k = o.months().iter().position(|m| *m == Month::new(month.0, month.1).unwrap()).unwrap();
    let at = if region.is_empty() { 0 } else { node(o, region) };
    let scope = product.map_or(Scope::All, |code| {
        Scope::Product(grid.products.codes.iter().position(|p| p.as_str() == code).unwrap())
    });
    grid.in_scope(at, scope).into_iter().map(|s| o.point.revision.exact[(s, k)]).sum()
}

fn near(found: f64, wanted: f64) {
    assert!((found - wanted).abs() <= 1e-6 * wanted.abs().max(1.0), "{found} is not {wanted}");
}

// ------------------------------------------------------------------------------------------------ R1, R2

fn provinces() -> Files {
    vec![
        file("regions.csv", "region,parent\nN,\nS,\nN1,N\nN2,N\nS1,S\nS2,S\n"),
        sales(
            (2023, 1),
            12,
            &[("N1", "A", &|_| 50.0), ("N2", "A", &|_| 100.0), ("S1", "A", &|_| 150.0), ("S2", "A", &|_| 250.0)],
        ),
    ]
}

fn target(o: &Outlook, region: &str) -> f64 {
    o.point.targets.splits[0].nodes[if region.is_empty() { 0 } else { node(o, region) }].target.unwrap()
}

#[test]
fn r1_the_latest_stage_at_each_node_holds() {
    let mut files = provinces();
    let rows = "2024,marketing,,7000\n2024,province,N,2400\n2024,province,S,4400\n2024,department,N1,900\n";
    files.push(("targets.csv", format!("year,stage,region,units\n{rows}")));
    let o = plan(&files, "plain", (2023, 12, 31));
    // The department's 900 holds, the rest of the province's 2,400 goes to N2; S has the province's number, by last year.
    let found = ["", "N", "S", "N1", "N2", "S1", "S2"].map(|region| target(&o, region));
    for (found, wanted) in found.into_iter().zip([6_800.0, 2_400.0, 4_400.0, 900.0, 1_500.0, 1_650.0, 2_750.0]) {
        near(found, wanted);
    }
    assert_eq!(o.point.targets.splits[0].nodes[0].why, Why::Sum);
    let regions = &o.dataset.grid.regions;
    let chain: Vec<(&str, &str, f64)> =
        o.point.targets.chain.iter().map(|l| (l.stage.as_str(), regions.code(l.node), l.total)).collect();
    let wanted = [
        ("marketing", "", 7_000.0),
        ("province", "", 6_800.0),
        ("province", "N", 2_400.0),
        ("province", "S", 4_400.0),
        ("department", "N1", 900.0),
    ];
    let mut sorted = chain.clone();
    sorted.sort_by(|a, b| a.1.cmp(b.1));
    for link in wanted {
        assert!(chain.contains(&link), "{link:?} of {sorted:?}");
    }
    assert_eq!(chain.len(), wanted.len(), "{chain:?}");
}

#[test]
fn r1_later_bounds_hold_for_the_sum_of_what_is_below() {
    // The province has 2,400; the department gives its two regions 1,000 and 1,500 and says at most 2,300 of it.
    let mut files = provinces();
    let stage = |max: &str| {
        let rows = format!("2024,department,N,,{max}\n2024,department,N1,1000,\n2024,department,N2,1500,\n");
        format!("year,stage,region,units,max\n2024,province,N,2400,\n2024,province,S,4400,\n{rows}")
    };
    files.push(("targets.csv", stage("2300")));
    near(target(&plan(&files, "plain", (2023, 12, 31)), "N"), 2_300.0);
    files.pop();
    files.push(("targets.csv", stage("9000")));
    near(target(&plan(&files, "plain", (2023, 12, 31)), "N"), 2_500.0);
}

#[test]
fn r1_what_a_parent_leaves_goes_to_the_children_without_a_row() {
    let mut files = provinces();
    files.push(file("targets.csv", "year,stage,region,units\n2024,marketing,,7000\n2024,province,N,3000\n"));
    let o = plan(&files, "plain", (2023, 12, 31));
    near(target(&o, ""), 7_000.0);
    near(target(&o, "N"), 3_000.0);
    near(target(&o, "S"), 4_000.0);
    near(target(&o, "N1"), 1_000.0);
}

#[test]
fn r1_more_below_than_above_names_all_of_them() {
    let mut files = provinces();
    let rows = "2024,province,N,1000\n2024,province,S,4400\n2024,department,N1,1200\n";
    files.push(("targets.csv", format!("year,stage,region,units\n{rows}")));
    let problems = run(&files, "plain", Some((2023, 12, 31))).unwrap_err();
    let told = lines(&problems);
    assert!(
        told.iter().any(|l| l.contains("N1 (targets.csv:4:") && l.contains("1200") && l.contains("1000")),
        "{told:?}"
    );
    // Numbers of one stage that are another sum than the total are proportions of it, and that is said.
    let mut files = provinces();
    let rows = "2024,x,,6000\n2024,x,N,2000\n2024,x,S,5000\n";
    files.push(("targets.csv", format!("year,stage,region,units\n{rows}")));
    let o = plan(&files, "plain", (2023, 12, 31));
    near(target(&o, ""), 6_000.0);
    near(target(&o, "S"), 6_000.0 * 5.0 / 7.0);
    assert!(o.warnings.sorted().iter().any(|p| p.kind == "targets_scaled"), "{:?}", lines(&o.warnings));
}

#[test]
fn r2_the_companys_rate_holds_in_the_forecast() {
    for method in METHODS {
        let files = vec![
            sales((2022, 12), 14, &[("R", "A", &|_| 40_000.0), ("S", "A", &|_| 60_000.0), ("T", "A", &|_| 20_000.0)]),
            file("growth.csv", "region,year,growth,reason,by\n,2024,10%,other,L\nR,2024,13%,cash,L\n"),
        ];
        let o = plan(&files, method, (2024, 1, 31));
        let [r, s, t] = ["R", "S", "T"].map(|region| units(&o, region, None, (2024, 2)));
        near(r, 45_200.0);
        near(r + s + t, 132_000.0);
        // The others come down alike: (132,000 - 45,200) / 80,000 = 1.085.
        near(s, 65_100.0);
        near(t, 21_700.0);
        // Nobody is left to take the rest: rates are proportions, the total holds.
        let rates =
            "region,year,growth,reason,by\n,2024,10%,other,L\nR,2024,13%,cash,L\nS,2024,5%,cash,L\nT,2024,5%,cash,L\n";
        let files = vec![files[0].clone(), file("growth.csv", rates)];
        let o = plan(&files, method, (2024, 1, 31));
        near(units(&o, "", None, (2024, 2)), 132_000.0);
        near(units(&o, "R", None, (2024, 2)), 132_000.0 * 45_200.0 / (45_200.0 + 63_000.0 + 21_000.0));
    }
}

// ------------------------------------------------------------------------------------------------ R4

/// A and B sell 900 and 300 a month for two years and more; N came in 2023-01 and sold 150 a month on average that year.
fn second_year(months: i32, season: bool) -> Files {
    let of = move |t: usize| if season && t % 12 >= 6 { 1.5 } else { 1.0 };
    let n = |t: usize| match t.checked_sub(12) {
        None => 0.0,
        Some(t) if t < 12 => [90.0, 110.0, 130.0, 150.0, 150.0, 150.0, 150.0, 150.0, 150.0, 170.0, 190.0, 210.0][t],
        Some(_) => 210.0,
    };
    vec![
        sales(
            (2022, 1),
            months,
            &[("X", "A", &move |t| 900.0 * of(t)), ("X", "B", &move |t| 300.0 * of(t)), ("X", "N", &n)],
        ),
        file("products.csv", "product,launch\nA,\nB,\nN,2023-01\n"),
    ]
}

#[test]
fn r4_second_year_is_the_monthly_average_times_growth() {
    for method in METHODS {
        for (months, day) in [(24, (2023, 12, 31)), (25, (2024, 1, 31)), (27, (2024, 3, 31))] {
            let mut files = second_year(months, false);
            files.push(file("growth.csv", "product,year,growth,reason,by\nN,2024,20%,other,L\n"));
            let o = plan(&files, method, day);
            for month in &o.months()[..2] {
                let key = (month.year(), month.number());
                near(units(&o, "X", Some("N"), key), 180.0);
            }
        }
    }
    // Without a rate the last twelve months' mean, times the region's growth.
    let o = plan(&second_year(25, false), "plain", (2024, 1, 31));
    let mean = (150.0 * 12.0 - 90.0 + 210.0) / 12.0;
    let growth = o.point.level.get(0, o.months()[0]).unwrap().growth;
    near(units(&o, "X", Some("N"), (2024, 2)), mean * (1.0 + growth));
}

#[test]
fn r4_a_product_in_its_second_year_is_paid_for_by_nobody() {
    // A sells 1,000 and B 500 in every month; N came in the 13th with 120 and sells 200 since.
    let files = |months: i32, rate: &str| {
        let n = |t: usize| [0.0, 120.0, 200.0][usize::from(t >= 12) + usize::from(t > 12)];
        let rates = format!("product,year,growth,reason,by\n{rate}");
        let sold = sales((2022, 1), months, &[("X", "A", &|_| 1_000.0), ("X", "B", &|_| 500.0), ("X", "N", &n)]);
        let listed = file("products.csv", "product,launch\nA,\nB,\nN,2023-01\n");
        vec![sold, listed, file("growth.csv", &rates)]
    };
    for method in METHODS {
        for (months, day) in [(24, (2023, 12, 31)), (25, (2024, 1, 31)), (27, (2024, 3, 31)), (33, (2024, 9, 30))] {
            let [without, with] = ["", "N,2024,15%,other,L\n"].map(|rate| plan(&files(months, rate), method, day));
            for month in &with.months()[..2] {
                let key = (month.year(), month.number());
                for (product, usual) in [("A", 1_000.0), ("B", 500.0)] {
                    let [without, with] = [&without, &with].map(|o| units(o, "X", Some(product), key));
                    assert!((without - with).abs() < 1e-6, "{method} {months} {product}: {without} {with}");
                    if method == "plain" {
                        near(with, usual);
                    }
                }
            }
        }
    }
    // Where the company's total holds (1,700 in last year's February), the others share what N leaves.
    let held = plan(&files(25, "N,2024,15%,other,L\n,2024,0%,other,L\n"), "plain", (2024, 1, 31));
    let n = (120.0 + 11.0 * 200.0) / 12.0 * 1.15;
    near(units(&held, "X", None, (2024, 2)), 1_700.0);
    near(units(&held, "X", Some("A"), (2024, 2)), (1_700.0 - n) / 1.5);
}

#[test]
fn r4_second_year_has_the_season_of_its_group() {
    let mut files = second_year(24, true);
    files.push(file("growth.csv", "product,year,growth,reason,by\nN,2024,20%,other,L\n"));
    let o = plan(&files, "plain", (2023, 12, 31));
    // The others sell 1 and 1.5 times by halves of the year: 1.25 on average.
    near(units(&o, "X", Some("N"), (2024, 1)), 180.0 / 1.25);
}

#[test]
fn r4_a_launch_that_passed_without_a_sale_has_slipped() {
    for method in METHODS {
        let files = vec![
            sales((2022, 1), 27, &[("X", "A", &|_| 600.0), ("X", "B", &|_| 200.0)]),
            file("products.csv", "product,launch,like\nA,,\nB,,\nN,2024-01,B\n"),
        ];
        let o = plan(&files, method, (2024, 3, 31));
        near(units(&o, "X", Some("N"), (2024, 4)), 0.0);
        near(units(&o, "X", None, (2024, 4)), 800.0);
        assert!(o.point.baseline.notes.iter().any(|n| matches!(n.event, Event::Slipped { .. })));
        let known = o.known();
        let figures = Figures::new(&o, &known);
        let found = exceptions::find(&o, &known, &figures, &[]);
        let slipped = found.iter().find(|e| matches!(e.kind, Kind::NoForecast(Reason::Slipped(_)))).unwrap();
        assert!(slipped.units > 50.0, "what it would have sold: {}", slipped.units);
        // Nor does it take over what one that it replaces leaves.
        let after = "product,launch,like,retire,replaces\nA,,,,\nB,,,2024-03,\nN,2024-01,B,,B\n";
        let replaced = vec![files[0].clone(), file("products.csv", after)];
        near(units(&plan(&replaced, method, (2024, 3, 31)), "X", Some("N"), (2024, 4)), 0.0);
        // A date ahead, or a first sale, brings it back.
        let moved = vec![files[0].clone(), file("products.csv", "product,launch,like\nA,,\nB,,\nN,2024-04,B\n")];
        assert!(units(&plan(&moved, method, (2024, 3, 31)), "X", Some("N"), (2024, 4)) > 30.0);
    }
}

// ------------------------------------------------------------------------------------------------ R5

#[test]
fn r5_a_successor_takes_over_and_the_rest_goes_in_proportion() {
    for method in METHODS {
        let files = vec![
            sales((2023, 10), 6, &[("X", "A", &|_| 500.0), ("X", "B", &|_| 300.0), ("X", "C", &|_| 200.0)]),
            file("products.csv", "product,retire,replaces\nA,,\nB,2024-03,\nC,,B\n"),
        ];
        let o = plan(&files, method, (2024, 3, 31));
        // C has .2 + .6 x .3 = .38; the rest of B's in proportion: A .5 / .88, C .38 / .88.
        near(units(&o, "X", Some("A"), (2024, 4)), 1_000.0 * 0.5 / 0.88);
        near(units(&o, "X", Some("C"), (2024, 4)), 1_000.0 * 0.38 / 0.88);
        near(units(&o, "X", Some("B"), (2024, 4)), 0.0);
    }
}

// ------------------------------------------------------------------------------------------------ R9, R10

#[test]
fn r9_a_day_inside_a_month_is_during_it() {
    for method in METHODS {
        let files = vec![sales((2023, 5), 9, &[("X", "A", &|_| 500.0), ("X", "B", &|_| 300.0)])];
        let made = |day| {
            let o = run(&files, method, day).unwrap();
            let months: Vec<String> = o.months().iter().map(|m| m.to_string()).collect();
            (o.origin.mode, months.join(" "))
        };
        assert_eq!(made(Some((2024, 2, 20))), (Mode::During, "2024-02 2024-03 2024-04".into()));
        assert_eq!(made(Some((2024, 1, 31))), (Mode::Close, "2024-02 2024-03".into()));
        assert_eq!(made(None), (Mode::Close, "2024-02 2024-03".into()));
        // Its landing without a month to date is its forecast.
        let o = plan(&files, method, (2024, 2, 20));
        near(units(&o, "X", None, (2024, 2)), 800.0);
    }
}

/// Noise between -1 and 1, always the same.
fn noise(seed: usize) -> f64 {
    let mut x = (seed as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15).wrapping_add(0x1234_5678_9ABC_DEF1);
    x ^= x >> 31;
    x = x.wrapping_mul(0xBF58_476D_1CE4_E5B9);
    x ^= x >> 29;
    (x >> 11) as f64 / (1u64 << 52) as f64 - 1.0
}

#[test]
fn r10_the_fitted_mix_is_as_near_to_the_truth_as_the_mean_of_two_months() {
    // A market whose true shares are known: February sells half of the first and twice of the last product, every year.
    const SHARES: [f64; 4] = [0.4, 0.3, 0.2, 0.1];
    let names = ["A", "B", "C", "D"];
    let mut text = "month,region,product,units\n".to_string();
    let first = Month::new(2021, 1).unwrap();
    for t in 0..38 {
        let month = first.plus(t as i32);
        for (r, size) in [400.0, 700.0, 1_100.0].into_iter().enumerate() {
            for (p, share) in SHARES.into_iter().enumerate() {
                let feast = if month.number() == 2 { [0.5, 1.0, 1.0, 2.0][p] } else { 1.0 };
                let units = (size * share * feast * (1.0 + 0.05 * noise(t * 100 + r * 10 + p))).round();
                writeln!(text, "{month},R{r},{},{units}", names[p]).unwrap();
            }
        }
    }
    let files = vec![("sales.csv", text), file("yugu.toml", "[calendar]\nfestival = \"cn\"\n")];
    let o = plan(&files, "fitted", (2024, 3, 20));
    assert!(o.point.mix.ahead.is_some(), "the fitted method is used");
    let grid = &o.dataset.grid;
    let k = o.months().iter().position(|m| o.origin.lag(*m) == 1).unwrap();
    let (mut fitted, mut plain) = (0.0, 0.0);
    for (s, of) in grid.series.iter().enumerate() {
        let truth = SHARES[names.iter().position(|n| *n == grid.products.codes[of.product].as_str()).unwrap()];
        fitted += (o.point.baseline.shares[(s, k)] - truth).abs();
        plain += (o.point.mix.used[s] - truth).abs();
    }
    assert!(plain > 0.1, "February distorts the mean of two months: {plain}");
    assert!(fitted <= plain, "fitted {fitted}, mean of two months {plain}");
}

// ------------------------------------------------------------------------------------------------ R11

/// Ten months of 1,000 units, a target of 1,000 each month, and counts of the tiers below the dealers.
fn counted(last: f64) -> Files {
    let mut counts = "month,region,tier,units,sell_out\n".to_string();
    let first = Month::new(2023, 5).unwrap();
    for t in 0..11 {
        let stock = if t == 10 { last } else { 800.0 };
        writeln!(counts, "{},X,downstream,{stock},1000", first.plus(t)).unwrap();
    }
    let targets = "year,month,units\n2024,2024-03,1000\n2024,2024-04,1000\n2024,2024-05,1000\n2024,2024-06,1000\n";
    vec![("channel_stock.csv", counts), file("targets.csv", targets)]
}

#[test]
fn r11_marchs_count_decides_april() {
    for method in ["fitted", "plain", "article"] {
        let flat: &dyn Fn(usize) -> f64 = &|_| 1_000.0;
        let with = |months: i32, last: f64| {
            let mut files = counted(last);
            files.push(sales((2023, 5), months, &[("X", "A", flat)]));
            files
        };
        // At the close of March: 1.6 times the norm cuts April to 90%, 1.3 times to 95%; May stays.
        for (last, april) in [(1_280.0, 900.0), (1_040.0, 950.0), (800.0, 1_000.0)] {
            let o = plan(&with(11, last), method, (2024, 3, 31));
            near(units(&o, "X", None, (2024, 4)), april);
            near(units(&o, "X", None, (2024, 5)), 1_000.0);
        }
        // Counted on March's last day, before March's sales are in.
        let o = plan(&with(10, 1_280.0), method, (2024, 3, 31));
        assert_eq!(o.origin.mode, Mode::During);
        near(units(&o, "X", None, (2024, 3)), 1_000.0);
        near(units(&o, "X", None, (2024, 4)), 900.0);
        // Not known on the day before.
        near(units(&plan(&with(10, 1_280.0), method, (2024, 3, 30)), "X", None, (2024, 4)), 1_000.0);
    }
}

#[test]
fn r11_a_push_is_taken_out_once_where_counts_lie_below_each_other() {
    // X and the province above it are counted, and all dealers empty: what is pushed into X counts by X's own counts.
    let counts = |regions: &[&str]| {
        let mut text = "month,region,tier,units\n".to_string();
        for t in 0..10 {
            for region in regions {
                writeln!(
                    text,
                    "{},{region},dealer,{}",
                    Month::new(2023, 6).unwrap().plus(t),
                    if t == 9 { 50 } else { 300 }
                )
                .unwrap();
            }
        }
        ("channel_stock.csv", text)
    };
    let pushed = |t: usize| if t == 9 { 1_200.0 } else { 800.0 };
    let sold = || sales((2023, 6), 10, &[("X", "A", &pushed), ("Y", "A", &pushed)]);
    let tree = file("regions.csv", "region,parent\nN,\nX,N\nY,N\n");
    let [alone, both] = [&["X"][..], &["X", "N"]].map(|regions| {
        let o = plan(&vec![tree.clone(), sold(), counts(regions)], "plain", (2024, 3, 31));
        units(&o, "X", None, (2024, 5))
    });
    near(alone, 800.0);
    near(both, 800.0);
}

#[test]
fn r11_a_push_is_one_whatever_a_planner_had_asked_of_the_month() {
    let counts = (0..26)
        .map(|t| format!("{},X,dealer,{}\n", Month::new(2022, 2).unwrap().plus(t), if t == 25 { 50 } else { 300 }));
    let counts = format!("month,region,tier,units\n{}", counts.collect::<String>());
    let pushed = |t: usize| if t == 25 { 1_040.0 } else { 800.0 };
    let files = vec![
        sales((2022, 2), 26, &[("X", "A", &pushed)]),
        ("channel_stock.csv", counts),
        file("growth.csv", "region,year,growth,reason,by\nX,2024,40%,other,L\n"),
    ];
    for method in METHODS {
        let o = plan(&files, method, (2024, 3, 31));
        // 1,120 were asked of March, but 800 were to be expected: what came over that is a push, and April is cut.
        near(units(&o, "X", None, (2024, 4)), 1_120.0 * 0.95);
        near(units(&o, "X", None, (2024, 5)), 1_120.0);
    }
}

#[test]
fn r11_goods_pushed_into_the_channel_are_no_base() {
    for method in METHODS {
        for months in [10, 26] {
            let first = Month::new(2024, 3).unwrap().plus(1 - months);
            let last = months as usize - 1;
            let mut counts = "month,region,tier,units\n".to_string();
            for t in 0..months {
                writeln!(counts, "{},X,dealer,{}", first.plus(t), if t as usize == last { 50 } else { 300 }).unwrap();
            }
            let pushed = move |t: usize| if t == last { 1_040.0 } else { 800.0 };
            let files = vec![
                sales((first.year(), first.number()), months, &[("X", "A", &pushed)]),
                ("channel_stock.csv", counts),
            ];
            let o = plan(&files, method, (2024, 3, 31));
            // March counts as 800; April is that cut by the push.
            near(units(&o, "X", None, (2024, 4)), 760.0);
            near(units(&o, "X", None, (2024, 5)), 800.0);
            assert!(o.warnings.sorted().iter().any(|p| p.kind == "pushed"), "{:?}", lines(&o.warnings));
            // Without a count nobody knows that it was a push.
            let o = plan(&vec![files[0].clone()], method, (2024, 3, 31));
            assert!(units(&o, "X", None, (2024, 4)) > 800.0);
        }
    }
}

#[test]
fn r11_knowing_where_the_goods_lie_makes_no_base_higher() {
    // Dealers sell out what they had, shops hold what they took: 1,040 of 800 pushed, 240 more than was to be expected.
    let counts = |downstream: &dyn Fn(usize) -> Option<u32>| {
        let mut text = "month,region,tier,units,sell_out\n".to_string();
        for t in 0..10 {
            let month = Month::new(2023, 6).unwrap().plus(t as i32);
            writeln!(text, "{month},X,dealer,{},", if t == 9 { 50 } else { 300 }).unwrap();
            if let Some(stock) = downstream(t) {
                writeln!(text, "{month},X,downstream,{stock},{}", if t == 9 { "" } else { "700" }).unwrap();
            }
        }
        ("channel_stock.csv", text)
    };
    let sold = || sales((2023, 6), 10, &[("X", "A", &|t| if t == 9 { 1_040.0 } else { 800.0 })]);
    let run =
        |downstream: &dyn Fn(usize) -> Option<u32>| plan(&vec![sold(), counts(downstream)], "plain", (2024, 3, 31));
    let dealers_only = run(&|_| None);
    near(units(&dealers_only, "X", None, (2024, 5)), 800.0);
    // The shops' stock rose by 300, more than the 240: all of these lie there.
    let full = run(&|t| Some(if t == 9 { 700 } else { 400 }));
    near(units(&full, "X", None, (2024, 5)), 800.0);
    near(units(&full, "X", None, (2024, 4)), 720.0);
    // It rose by 100: the rest was bought.
    let part = run(&|t| Some(if t == 9 { 500 } else { 400 }));
    near(units(&part, "X", None, (2024, 5)), (800.0 + 800.0 + 940.0) / 3.0);
}

#[test]
fn r11_one_pile_is_cut_once() {
    let dir = tempfile::tempdir().unwrap();
    let mut files = counted(1_280.0);
    files.push(sales((2023, 5), 11, &[("X", "A", &|_| 1_000.0)]));
    files.push(file("yugu.toml", "method = \"plain\"\n[calendar]\nfestival = \"none\"\n"));
    files.push(file("progress.csv", "as_of,region,units\n2024-04-20,X,600\n"));
    files.iter().for_each(|(name, text)| fs::write(dir.path().join(name), text).unwrap());
    let at = |day| super::common::issued::plan(dir.path(), day);
    // Not issued at the close of March: its count decides the month after the one made.
    let april = at((2024, 4, 20));
    near(units(&april, "X", None, (2024, 5)), 900.0);
    let uncut = units(&april, "X", None, (2024, 4));
    super::common::issued::issue(dir.path(), (2024, 3, 31));
    let april = at((2024, 4, 20));
    near(units(&april, "X", None, (2024, 5)), 1_000.0);
    near(april.point.revision.cut.column(0).sum(), 900.0);
    assert!(units(&april, "X", None, (2024, 4)) < uncut);
    // What it is compared with is what was issued last, whatever the mode.
    let since = yugu::changes::since_last(&april, &april.known(), 0).unwrap();
    assert_eq!((since.issue.made, since.sum(0..1).last), (Month::new(2024, 3).unwrap(), 900.0));
}

#[test]
fn r2_a_rates_reason_is_shown_and_decides_nothing() {
    let files = |reason: &str| {
        vec![
            sales((2023, 1), 12, &[("R", "A", &|_| 1_000.0), ("S", "A", &|_| 1_000.0)]),
            ("growth.csv", format!("region,year,growth,reason,by\n,2024,10%,{reason},L\nR,2024,11%,{reason},L\n")),
        ]
    };
    let [own, known] = ["plan", "other"].map(|reason| plan(&files(reason), "plain", (2023, 12, 31)));
    for month in [(2024, 1), (2024, 2)] {
        near(units(&own, "R", None, month), 1_110.0);
        near(units(&own, "R", None, month), units(&known, "R", None, month));
        near(units(&own, "S", None, month), 1_090.0);
    }
    assert!(own.warnings.sorted().iter().any(|p| p.kind == "unknown_reason"), "{:?}", lines(&own.warnings));
}

#[test]
fn r11_a_planners_factor_cuts_a_target_too() {
    for method in ["fitted", "plain", "article"] {
        let mut files = counted(800.0);
        files.push(sales((2023, 5), 11, &[("X", "A", &|_| 700.0)]));
        files.push(file(
            "factors.csv",
            "region,from,to,reason,effect,known\nX,2024-04,2024-04,stockpiling,-5%,2024-03-01\n",
        ));
        let o = plan(&files, method, (2024, 3, 31));
        near(units(&o, "X", None, (2024, 4)), 950.0);
        near(units(&o, "X", None, (2024, 5)), 1_000.0);
    }
}

#[test]
fn r11_an_answer_may_be_a_share_of_the_target_or_a_change() {
    for method in METHODS {
        let base = || {
            let mut files = counted(800.0);
            files.push(sales((2023, 5), 11, &[("X", "A", &|_| 600.0), ("X", "B", &|_| 200.0)]));
            files
        };
        for (rows, april) in [
            ("made,month,attainment,by,reason\n2024-03,2024-04,95%,Lin,stockpiling\n", 950.0),
            ("made,month,change,by,reason\n2024-03,2024-04,-5%,Lin,stockpiling\n", 950.0),
            ("made,month,units,attainment,change,by,reason\n2024-03,2024-04,,,0.1,Lin,other\n", 1_100.0),
        ] {
            let mut files = base();
            files.push(file("overrides.csv", rows));
            near(units(&plan(&files, method, (2024, 3, 31)), "", None, (2024, 4)), april);
            // The front line's weight is one half.
            let mut files = base();
            files.push(file("frontline.csv", rows));
            near(units(&plan(&files, method, (2024, 3, 31)), "", None, (2024, 4)), (1_000.0 + april) / 2.0);
        }
        for (rows, kind) in [
            ("made,month,product,attainment,by,reason\n2024-03,2024-04,A,95%,Lin,other\n", "no_target"),
            ("made,month,units,change,by,reason\n2024-03,2024-04,9,-5%,Lin,other\n", "two_answers"),
            ("made,month,units,change,by,reason\n2024-03,2024-04,,,Lin,other\n", "no_answer"),
            ("made,month,attainment,by,reason\n2024-03,2024-04,950,Lin,other\n", "bad_share"),
        ] {
            for table in ["overrides.csv", "frontline.csv"] {
                let mut files = base();
                files.push(file(table, rows));
                let problems = run(&files, method, Some((2024, 3, 31))).unwrap_err();
                assert!(problems.sorted().iter().any(|p| p.kind == kind), "{kind}: {:?}", lines(&problems));
            }
        }
    }
}

// ------------------------------------------------------------------------------------------------ R7, R8, the method

#[test]
fn r8_the_article_takes_the_target_and_the_regions_sum() {
    let files = |front: &str| {
        vec![
            sales((2022, 1), 27, &[("R", "A", &|_| 300.0), ("S", "A", &|_| 500.0)]),
            file("targets.csv", "year,region,month,units\n2024,R,2024-04,330\n2024,S,2024-04,560\n"),
            ("frontline.csv", format!("made,month,region,units,by,reason\n{front}")),
        ]
    };
    let said = "2024-03,2024-04,R,310,P,competitor\n2024-03,2024-04,S,480,Q,competitor\n";
    let one = "2024-03,2024-04,R,310,P,competitor\n";
    for (method, both, only) in [("article", 790.0, 870.0), ("plain", 795.0, 805.0)] {
        near(units(&plan(&files(said), method, (2024, 3, 31)), "", None, (2024, 4)), both);
        // A region that says nothing keeps its target's month (ours, by the plain rules).
        near(units(&plan(&files(one), method, (2024, 3, 31)), "", None, (2024, 4)), only);
        // No target: last year's month.
        near(units(&plan(&files(one), method, (2024, 3, 31)), "", None, (2024, 5)), 800.0);
    }
}

#[test]
fn r7_a_products_answer_moves_the_total_by_its_difference() {
    for method in METHODS {
        let files = |front: &str| {
            vec![
                sales((2022, 1), 27, &[("R", "A", &|_| 300.0), ("R", "B", &|_| 100.0)]),
                ("frontline.csv", format!("made,month,region,product,units,by,reason\n{front}")),
                file("yugu.toml", "[calendar]\nfestival = \"none\"\n[revision]\nfrontline_weight = 1.0\n"),
            ]
        };
        let o = plan(&files("2024-03,2024-04,R,B,40,P,competitor\n"), method, (2024, 3, 31));
        near(units(&o, "R", Some("B"), (2024, 4)), 40.0);
        near(units(&o, "R", Some("A"), (2024, 4)), 300.0);
        near(units(&o, "R", None, (2024, 4)), 340.0);
        // Where the region's total was answered, too, the product sets its mix.
        let both = "2024-03,2024-04,R,B,60,P,competitor\n2024-03,2024-04,R,,380,P,competitor\n";
        let o = plan(&files(both), method, (2024, 3, 31));
        near(units(&o, "R", None, (2024, 4)), 380.0);
        near(units(&o, "R", Some("B"), (2024, 4)), 380.0 * 60.0 / 360.0);
    }
}

#[test]
fn answers_ten_times_off_and_sums_that_differ_are_named_at_import() {
    let files = vec![sales((2022, 1), 27, &[("R", "A", &|_| 300.0), ("R", "B", &|_| 100.0)])];
    let o = plan(&files, "plain", (2024, 3, 31));
    let filled = |scope: Scope, units: f64, cell: &str| Filled {
        form: Form::Frontline,
        node: node(&o, "R"),
        scope,
        month: o.months()[0],
        units,
        by: "P".into(),
        reason: "other".into(),
        lock: false,
        note: String::new(),
        place: Place { file: cell.into(), line: 0, column: 0 },
        workbook: 0,
    };
    let told = |answers: Vec<Filled>| {
        let mut problems = Problems::default();
        compare(&o, answers, &[], Ways::default(), &mut problems);
        assert!(!problems.any_error());
        problems.sorted().iter().map(|p| p.kind).collect::<Vec<_>>()
    };
    let (a, b) = (Scope::Product(0), Scope::Product(1));
    assert_eq!(told(vec![filled(Scope::All, 4_200.0, "w!A1")]), ["ten_times"]);
    assert_eq!(told(vec![filled(a, 29.0, "w!A1")]), ["ten_times"]);
    assert!(told(vec![filled(a, 280.0, "w!A1"), filled(b, 90.0, "w!A2")]).is_empty());
    let all = |total: f64| vec![filled(Scope::All, total, "w!A3"), filled(a, 280.0, "w!A1"), filled(b, 90.0, "w!A2")];
    assert!(told(all(370.0)).is_empty());
    assert_eq!(told(all(420.0)), ["sum_differs"]);
}
