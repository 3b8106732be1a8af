//! The worked examples: numbers small enough to check on paper, from a folder of plain files to the forecast.

use std::fmt::Write as _;
use std::fs;

use chrono::NaiveDate;
use yugu::error::Problems;
use yugu::folder::{self, LoadError};
use yugu::messages::Lang;
use yugu::month::Month;
use yugu::outlook::Outlook;
use yugu::stages::mix::Rule;

type Files<'a> = &'a [(&'a str, String)];

fn run(files: Files, as_of: (i32, u32, u32)) -> Result<Outlook, Problems> {
    let dir = tempfile::tempdir().unwrap();
    for (name, text) in files {
        fs::write(dir.path().join(name), text).unwrap();
    }
    let as_of = NaiveDate::from_ymd_opt(as_of.0, as_of.1, as_of.2).unwrap();
    match folder::load(dir.path(), Some(as_of), as_of) {
        Ok(loaded) => Outlook::new(loaded.dataset, loaded.warnings),
        Err(LoadError::Data(problems)) => Err(problems),
        Err(LoadError::Unreadable(text)) => panic!("{}", text.en),
    }
}

fn plan(files: Files, as_of: (i32, u32, u32)) -> Outlook {
    run(files, as_of)
        .unwrap_or_else(|p| panic!("{:#?}", p.sorted().iter().map(|p| p.line(Lang::En)).collect::<Vec<_>>()))
}

fn file(name: &'static str, text: &str) -> (&'static str, String) {
    (name, text.to_string())
}

/// Whole units of a region's products in the month with a lag.
fn units(o: &Outlook, region: &str, lag: i32) -> Vec<f64> {
    column(o, region, lag, o.point.units.view())
}

fn exact(o: &Outlook, region: &str, lag: i32) -> Vec<f64> {
    column(o, region, lag, o.point.revision.exact.view())
}

fn column(o: &Outlook, region: &str, lag: i32, of: ndarray::ArrayView2<f64>) -> Vec<f64> {
    let grid = &o.dataset.grid;
    let k = o.months().iter().position(|m| o.origin.lag(*m) == lag).unwrap();
    let node = (0..grid.regions.len()).find(|n| grid.regions.code(*n) == region).unwrap();
    grid.in_scope(node, yugu::grid::Scope::All).into_iter().map(|s| of[(s, k)]).collect()
}

fn near(found: &[f64], wanted: &[f64], within: f64) {
    assert_eq!(found.len(), wanted.len(), "{found:?}");
    for (f, w) in found.iter().zip(wanted) {
        assert!((f - w).abs() <= within, "{found:?} is not {wanted:?}");
    }
}

// ---------------------------------------------------------------- april-twice

/// January and February of april-twice after eight months of the same mix, with or without the days of the stockout.
/// February 2024 has 22 selling days outside of the New Year window.
fn april_sales(stockout: bool) -> (&'static str, String) {
    let mut text = String::from(if stockout {
        "month,region,product,units,stockout_days\n"
    } else {
        "month,region,product,units\n"
    });
    let tail = |days: u32| if stockout { format!(",{days}") } else { String::new() };
    for k in 0..9 {
        let month = Month::new(2023, 5).unwrap().plus(k);
        for (product, units) in [("A", 500), ("B", 300), ("C", 200)] {
            writeln!(text, "{month},X,{product},{units}{}", tail(0)).unwrap();
        }
    }
    for (product, units, out) in [("A", 240, 11), ("B", 330, 0), ("C", 230, 0)] {
        writeln!(text, "2024-02,X,{product},{units}{}", tail(out)).unwrap();
    }
    ("sales.csv", text)
}

/// April stands at 1,000 by its target; month-to-date rows make the forecast one *during* a month.
fn april(stockout: bool, festival: &str, cover: Option<f64>) -> Vec<(&'static str, String)> {
    let mut files = vec![
        april_sales(stockout),
        file("targets.csv", "year,month,units\n2024,2024-04,1000\n"),
        file("progress.csv", "as_of,region,units\n2024-02-20,X,500\n2024-03-10,X,300\n"),
        ("yugu.toml", format!("[calendar]\nfestival = \"{festival}\"\n")),
    ];
    if let Some(ratio) = cover {
        // Eight covers of one month, then one of `ratio` months at the end of February.
        let mut text = String::from("month,region,tier,units,sell_out\n");
        for k in 0..10 {
            let month = Month::new(2023, 5).unwrap().plus(k);
            let stock = if k == 9 { 1000.0 * ratio } else { 1000.0 };
            writeln!(text, "{month},X,downstream,{stock},1000").unwrap();
        }
        files.push(("channel_stock.csv", text));
    }
    files
}

const IN_FEBRUARY: (i32, u32, u32) = (2024, 2, 20);
const IN_MARCH: (i32, u32, u32) = (2024, 3, 10);

#[test]
fn april_twice_made_in_february_stands_on_january() {
    let o = plan(&april(true, "cn", None), IN_FEBRUARY);
    assert_eq!((o.origin.cutoff.to_string(), o.origin.made.to_string()), ("2024-01".into(), "2024-02".into()));
    assert_eq!(units(&o, "X", 2), [500.0, 300.0, 200.0]);
}

#[test]
fn april_twice_plain_last_month() {
    let o = plan(&april(false, "none", None), IN_MARCH);
    assert_eq!(o.point.mix.rules, [Rule::LastMonth]);
    near(&exact(&o, "X", 1), &[300.0, 412.5, 287.5], 1e-9);
    assert_eq!(units(&o, "X", 1), [300.0, 413.0, 287.0]);
}

#[test]
fn april_twice_average_of_two_months_shares() {
    let o = plan(&april(false, "cn", None), IN_MARCH);
    assert_eq!(o.point.mix.rules, [Rule::NewYear(8)]);
    near(&o.point.mix.used, &[0.4, 0.35625, 0.24375], 1e-12);
    assert_eq!(units(&o, "X", 1), [400.0, 356.0, 244.0]);
}

#[test]
fn april_twice_at_95_and_at_90_percent() {
    let o = plan(&april(false, "cn", Some(1.3)), IN_MARCH);
    near(&exact(&o, "X", 1), &[380.0, 338.4375, 231.5625], 1e-9);
    assert_eq!(units(&o, "X", 1), [380.0, 338.0, 232.0]);
    let o = plan(&april(false, "cn", Some(1.6)), IN_MARCH);
    near(&exact(&o, "X", 1), &[360.0, 320.625, 219.375], 1e-9);
    assert_eq!(units(&o, "X", 1), [360.0, 321.0, 219.0]);
}

#[test]
fn april_twice_february_with_the_stockout_taken_out() {
    let o = plan(&april(true, "cn", None), IN_MARCH);
    let february: Vec<f64> = o.point.demand(&o.known()).column(9).to_vec();
    near(&february, &[480.0, 255.670144, 178.194343], 5e-7);
    near(&[february.iter().sum()], &[913.864487], 5e-7);
    near(&o.point.mix.repaired, &[0.525242, 0.279768, 0.194990], 5e-7);
}

#[test]
fn april_twice_in_the_whole_pipeline() {
    let o = plan(&april(true, "cn", None), IN_MARCH);
    near(&o.point.mix.used, &[0.512621, 0.289884, 0.197495], 5e-7);
    assert_eq!(units(&o, "X", 1), [513.0, 290.0, 197.0]);
    let o = plan(&april(true, "cn", Some(1.3)), IN_MARCH);
    assert_eq!(units(&o, "X", 1), [487.0, 275.0, 188.0]);
    let o = plan(&april(true, "cn", Some(1.6)), IN_MARCH);
    assert_eq!(units(&o, "X", 1), [461.0, 261.0, 178.0]);
}

#[test]
fn april_twice_averages_for_stockouts_without_new_year() {
    // 240 of February's 913.864 were recovered from the stockout: over a tenth.
    let o = plan(&april(true, "none", None), IN_MARCH);
    assert_eq!(o.point.mix.rules, [Rule::Stockouts(8)]);
}

// ------------------------------------------------------------------ shops-full

fn shops(downstream: bool) -> Vec<(&'static str, String)> {
    let mut sales = String::from("month,region,product,units\n");
    let mut channel = String::from("month,region,tier,units,sell_out\n");
    for k in 0..10 {
        let month = Month::new(2023, 6).unwrap().plus(k);
        writeln!(sales, "{month},X,A,{}", if k == 9 { 1300 } else { 1000 }).unwrap();
        writeln!(channel, "{month},X,dealer,{},", if k == 9 { 80 } else { 400 }).unwrap();
        if downstream {
            // Covers of .55 month of the 890 that the shops sell, 500 at the end of February, 900 at the end of March.
            let (stock, sold) = match k {
                9 => ("900", ""),
                8 => ("500", "890"),
                _ => ("489.5", "890"),
            };
            writeln!(channel, "{month},X,downstream,{stock},{sold}").unwrap();
        }
    }
    vec![
        ("sales.csv", sales),
        ("channel_stock.csv", channel),
        file("targets.csv", "year,month,units\n2024,2024-03,1000\n2024,2024-04,1000\n2024,2024-05,1000\n"),
    ]
}

#[test]
fn shops_full_by_the_downstream_count() {
    let o = plan(&shops(true), (2024, 3, 31));
    let count = &o.point.attainment.counts[0];
    near(&count.sell_out, &[890.0, 890.0, 1220.0], 1e-9);
    near(&[count.cover.unwrap(), count.norm.unwrap()], &[0.9, 0.55], 1e-9);
    assert_eq!(count.factor, 0.9);
    assert_eq!((units(&o, "X", 1), units(&o, "X", 2)), (vec![900.0], vec![1000.0]));
}

#[test]
fn shops_full_without_a_downstream_count_is_a_push() {
    let o = plan(&shops(false), (2024, 3, 31));
    let count = &o.point.attainment.counts[0];
    assert_eq!(count.push, Some((1300.0, 1000.0)));
    assert_eq!((units(&o, "X", 1), units(&o, "X", 2)), (vec![950.0], vec![1000.0]));
}

// ------------------------------------------------------ suppressed-region, chain

/// Sales of 2023 that add up to the given totals, the same every month.
fn year_of(regions: &[(&str, f64)]) -> (&'static str, String) {
    let mut text = String::from("month,region,product,units\n");
    for (region, total) in regions {
        for k in 0..12 {
            writeln!(text, "{},{region},A,{}", Month::new(2023, 1).unwrap().plus(k), total / 12.0).unwrap();
        }
    }
    ("sales.csv", text)
}

fn split_of(o: &Outlook) -> Vec<f64> {
    let split = &o.point.targets.splits[0];
    (0..o.dataset.grid.regions.leaf_count()).map(|l| split.leaves.row(l).iter().map(|x| x.unwrap()).sum()).collect()
}

#[test]
fn suppressed_region_takes_11_percent_and_the_total_holds() {
    let files = [
        year_of(&[("R", 600_000.0), ("S", 1_400_000.0)]),
        file("targets.csv", "year,region,units\n2024,,2200000\n"),
        file("growth.csv", "region,year,growth,reason,by\nR,2024,11%,cash,Lin\n"),
    ];
    let o = plan(&files, (2023, 12, 31));
    near(&split_of(&o), &[666_000.0, 1_534_000.0], 1e-6);
    near(&[split_of(&o)[1] / 1_400_000.0 - 1.0], &[0.095714], 5e-7);
}

#[test]
fn suppressed_region_of_two_equal_ones() {
    let files = [
        year_of(&[("R", 100.0), ("S", 100.0)]),
        file("targets.csv", "year,region,units\n2024,,220\n"),
        file("growth.csv", "region,year,growth,reason,by\nR,2024,11%,cash,Lin\n"),
    ];
    near(&split_of(&plan(&files, (2023, 12, 31))), &[111.0, 109.0], 1e-9);
}

#[test]
fn suppressed_region_beside_a_locked_one() {
    let files = [
        year_of(&[("R", 600_000.0), ("S", 1_000_000.0), ("T", 400_000.0)]),
        file("targets.csv", "year,region,units,lock\n2024,,2200000,\n2024,T,500000,yes\n"),
        file("growth.csv", "region,year,growth,reason,by\nR,2024,11%,cash,Lin\n"),
    ];
    near(&split_of(&plan(&files, (2023, 12, 31))), &[666_000.0, 1_034_000.0, 500_000.0], 1e-6);
}

#[test]
fn suppressed_region_locks_beyond_the_target_are_an_error_that_names_them() {
    let files = [
        year_of(&[("R", 600_000.0), ("S", 1_400_000.0)]),
        file("targets.csv", "year,region,units,lock\n2024,,2200000,\n2024,R,1200000,yes\n2024,S,1100000,yes\n"),
    ];
    let problems = run(&files, (2023, 12, 31)).unwrap_err();
    let lines: Vec<String> = problems.sorted().iter().map(|p| p.line(Lang::En)).collect();
    assert_eq!(problems.errors(), 1, "{lines:?}");
    assert!(lines[0].contains("R (targets.csv:3:") && lines[0].contains("S (targets.csv:4:"), "{lines:?}");
}

#[test]
fn target_chain_conserves_the_last_stage_and_shows_the_others() {
    let files = [
        year_of(&[("R", 700.0), ("S", 1_100.0)]),
        file("targets.csv", "year,stage,units\n2024,marketing,3000\n2024,province,2500\n2024,department,2400\n"),
    ];
    let o = plan(&files, (2023, 12, 31));
    near(&[split_of(&o).iter().sum()], &[2_400.0], 1e-9);
    let chain: Vec<(&str, f64)> = o.point.targets.chain.iter().map(|l| (l.stage.as_str(), l.total)).collect();
    assert_eq!(chain, [("marketing", 3000.0), ("province", 2500.0), ("department", 2400.0)]);
    let changes: Vec<f64> = chain.windows(2).map(|w| w[1].1 - w[0].1).collect();
    assert_eq!(changes, [-500.0, -100.0]);
}

// --------------------------------------------------------------- new-and-retired

/// Two months of one region with a mix of 50/30/20; April stands at 100,000.
fn range(products: &str) -> Vec<(&'static str, String)> {
    let mut text = String::from("month,region,product,units\n");
    for month in ["2024-02", "2024-03"] {
        for (product, units) in [("A", 500), ("B", 300), ("C", 200)] {
            writeln!(text, "{month},X,{product},{units}").unwrap();
        }
    }
    vec![
        ("sales.csv", text),
        file("products.csv", products),
        file("targets.csv", "year,month,units\n2024,2024-04,100000\n2024,2024-05,100000\n"),
    ]
}

#[test]
fn new_and_retired_the_successor_takes_three_fifths() {
    let files = range("product,retire,replaces\nA,,\nB,2024-03,\nC,,B\n");
    let o = plan(&files, (2024, 3, 31));
    near(&o.point.baseline.shares.column(0).to_vec(), &[0.568182, 0.0, 0.431818], 5e-7);
}

#[test]
fn new_and_retired_a_launch_comes_to_its_share() {
    // Like C halved would be 10%: the like product is one of 10% here.
    let mut files = range("product,launch,like\nA,,\nB,,\nC,,\nD,2024-04,C\n");
    files[0].1 = files[0].1.replace(",A,500", ",A,600").replace(",C,200", ",C,100");
    let o = plan(&files, (2024, 3, 31));
    near(
        &o.point.baseline.shares.column(0).to_vec(),
        &[0.6 * 0.971653, 0.3 * 0.971653, 0.1 * 0.971653, 0.028347],
        5e-7,
    );
}

// --------------------------------------------------------------------- front-line

#[test]
fn front_line_without_a_record_counts_half() {
    let mut sales = String::from("month,region,product,units\n");
    for month in ["2024-02", "2024-03"] {
        writeln!(sales, "{month},X,A,600\n{month},Y,A,400").unwrap();
    }
    let files = [
        ("sales.csv", sales),
        file(
            "targets.csv",
            "year,region,month,units\n2024,X,2024-04,600\n2024,Y,2024-04,400\n2024,X,2024-05,600\n2024,Y,2024-05,400\n",
        ),
        file(
            "frontline.csv",
            "made,month,region,units,by,reason\n2024-03,2024-05,X,540,Li,competitor\n2024-03,2024-05,Y,410,Wu,promotion\n",
        ),
    ];
    let o = plan(&files, (2024, 3, 31));
    assert_eq!((units(&o, "X", 2), units(&o, "Y", 2)), (vec![570.0], vec![405.0]));
    assert_eq!((units(&o, "X", 1), units(&o, "Y", 1)), (vec![600.0], vec![400.0]));
}

// ------------------------------------------------------------------ month-to-date

#[test]
fn month_to_date_by_hand() {
    use yugu::stages::revision::month_to_date;
    // 220 of 380 expected so far, 210 sold, k = .25.
    near(&[month_to_date(210.0, 380.0, 220.0 / 380.0, 0.25)], &[364.9206], 5e-5);
    // k = 0 is the plain ratio of what is left: 210 + 160 x 210/220.
    near(&[month_to_date(210.0, 380.0, 220.0 / 380.0, 0.0)], &[362.727], 5e-4);
}
