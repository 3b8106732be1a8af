//! Growth compares like with like, dated events ahead take what their reason did before, and days count as they sell: each
//! with the number that should come out.

use std::fmt::Write;

use chrono::NaiveDate;
use yugu::folder::load;
use yugu::grid::Scope;
use yugu::month::Month;
use yugu::outlook::Outlook;

/// By the plain rules alone.
const PLAIN: (&str, &str) = ("yugu.toml", "[fit]\nlearn = false\n");

fn run(as_of: &str, tables: &[(&str, &str)]) -> Outlook {
    let dir = tempfile::tempdir().unwrap();
    for (name, text) in tables {
        std::fs::write(dir.path().join(name), text).unwrap();
    }
    let as_of: NaiveDate = as_of.parse().unwrap();
    let loaded = load(dir.path(), Some(as_of), as_of).unwrap();
    Outlook::new(loaded.dataset, loaded.warnings).unwrap()
}

/// `sales` from January 2022 on; no row where `units` gives none.
fn sales(months: i32, series: &[(&str, &str)], units: impl Fn(&str, &str, i32) -> Option<f64>) -> String {
    let mut out = String::from("month,region,product,units\n");
    for t in 0..months {
        let month = Month::new(2022, 1).unwrap().plus(t);
        for (region, product) in series {
            if let Some(units) = units(region, product, t) {
                writeln!(out, "{month},{region},{product},{units}").unwrap();
            }
        }
    }
    out
}

/// The forecast of a region and product in the k-th month.
fn forecast(out: &Outlook, region: &str, product: &str, k: usize) -> f64 {
    let grid = &out.dataset.grid;
    let node = (0..grid.regions.len()).find(|&n| grid.regions.code(n) == region).unwrap();
    let product = grid.products.codes.iter().position(|c| c == product).unwrap();
    grid.in_scope(node, Scope::Product(product)).into_iter().map(|s| out.point.revision.exact[(s, k)]).sum()
}

fn near(a: f64, b: f64) {
    assert!((a - b).abs() < 1e-6 * b.abs().max(1.0), "{a} is not {b}");
}

#[test]
fn a_launch_is_no_growth() {
    // Old sells 800 all along, young 300 from its thirteenth month on: nothing grows, in this region or in another.
    let table = sales(24, &[("n", "old"), ("n", "young"), ("s", "old")], |_, product, t| match product {
        "old" => Some(800.0),
        _ => (t >= 12).then_some(300.0),
    });
    for products in ["product,launch\nold,\nyoung,2023-01\n", "product\nold\nyoung\n"] {
        let out = run("2023-12-31", &[("sales.csv", &table), ("products.csv", products), PLAIN]);
        for k in 0..2 {
            near(forecast(&out, "n", "old", k), 800.0);
            near(forecast(&out, "n", "young", k), 300.0);
            near(forecast(&out, "s", "old", k), 800.0);
        }
    }
}

#[test]
fn what_came_since_last_years_month_is_added_at_its_own_level() {
    // Young comes in June of the second year: the January behind has none of it.
    let table = sales(24, &[("n", "old"), ("n", "young")], |_, product, t| match product {
        "old" => Some(800.0),
        _ => (t >= 17).then_some(200.0),
    });
    let out = run("2023-12-31", &[("sales.csv", &table), PLAIN]);
    near(forecast(&out, "n", "old", 0), 800.0);
    near(forecast(&out, "n", "young", 0), 200.0);
    assert!(out.point.growth.cells.iter().all(|rate| rate.used == 0.0));
}

#[test]
fn what_is_gone_takes_nothing_along() {
    // Gone sold 400 until September of the second year; four and twelve months later the other still sells 900.
    let table = |months| {
        sales(months, &[("n", "stays"), ("n", "gone")], |_, product, t| match product {
            "stays" => Some(900.0),
            _ => (t < 21).then_some(400.0),
        })
    };
    let said = "product,retire\nstays,\ngone,2023-09\n";
    for (months, as_of) in [(25, "2024-01-31"), (33, "2024-09-30")] {
        for products in [said, "product\nstays\ngone\n"] {
            let out = run(as_of, &[("sales.csv", &table(months)), ("products.csv", products), PLAIN]);
            near(forecast(&out, "n", "stays", 0), 900.0);
            near(forecast(&out, "n", "gone", 0), 0.0);
        }
    }
}

#[test]
fn an_event_ahead_takes_what_its_reason_did_before() {
    let table = sales(26, &[("n", "a"), ("s", "a")], |_, _, _| Some(100.0));
    let of = |factors: &str| run("2024-02-29", &[("sales.csv", &table), ("factors.csv", factors), PLAIN]);
    // A fifth and two fifths less before: the mean, 30% less, of 100.
    let head = "region,from,to,reason,effect,known\n";
    let before = "s,2022-03,2022-03,competitor,-20%,\ns,2022-08,2022-08,competitor,-40%,\n";
    let ahead = "n,2024-03,2024-03,competitor,,2024-02-01\n";
    near(forecast(&of(&format!("{head}{before}{ahead}")), "n", "a", 0), 70.0);
    // Nothing before: it changes nothing, and says so.
    let out = of(&format!("{head}{ahead}"));
    near(forecast(&out, "n", "a", 0), 100.0);
    assert_eq!(out.warnings.sorted().iter().filter(|p| p.kind == "no_effect").count(), 1);
    // Closed: nothing is sold.
    near(forecast(&of(&format!("{head}n,2024-03,2024-03,weather,-100%,2024-02-01\n")), "n", "a", 0), 0.0);
}

#[test]
fn a_closed_month_is_no_base() {
    // March of last year was closed in one region: a year later the expectation from the other stands in whole.
    let table = sales(26, &[("n", "a"), ("s", "a")], |region, _, t| match (region, t) {
        ("n", 14) => Some(0.0),
        ("n", _) => Some(100.0),
        _ => Some(300.0),
    });
    let factors = "region,from,to,reason,effect\nn,2023-03,2023-03,weather,-100%\n";
    let out = run("2024-02-29", &[("sales.csv", &table), ("factors.csv", factors), PLAIN]);
    near(forecast(&out, "n", "a", 0), 100.0);
    near(forecast(&out, "s", "a", 0), 300.0);
}

#[test]
fn a_months_own_working_days_make_its_level() {
    // Ten a day; April has 20 days in the first year and 25 in the second.
    let days = |t: i32| if t == 15 { 25.0 } else { 20.0 };
    let table = sales(15, &[("n", "a")], |_, _, t| Some(10.0 * days(t)));
    let mut calendar = String::from("month,working_days\n");
    (0..24).for_each(|t| writeln!(calendar, "{},{}", Month::new(2022, 1).unwrap().plus(t), days(t)).unwrap());
    let out = run("2023-03-31", &[("sales.csv", &table), ("calendar.csv", &calendar), PLAIN]);
    near(forecast(&out, "n", "a", 0), 250.0);
    near(forecast(&out, "n", "a", 1), 200.0);
}

#[test]
fn a_launch_of_a_year_ago_is_no_growth_where_it_is_learned_either() {
    // Four regions of three products with a season and a little noise; a fourth product sells the same every month of the
    // third year. Nothing grows.
    let regions = ["e", "n", "s", "w"];
    let series: Vec<(&str, &str)> = regions.iter().flat_map(|r| ["a", "b", "c", "young"].map(|p| (*r, p))).collect();
    let size =
        |region: &str| -> f64 { [100.0, 150.0, 250.0, 300.0][regions.iter().position(|r| *r == region).unwrap()] };
    let season = |t: i32| 1.0 + 0.2 * (f64::from(t) * std::f64::consts::TAU / 12.0).sin();
    let noise = |region: &str, product: &str, t: i32| {
        let seed = t * 31 + i32::from(region.as_bytes()[0]) * 7 + i32::from(product.as_bytes()[0]);
        1.0 + 0.05 * (f64::from(seed) * 12.9898).sin()
    };
    let table = sales(36, &series, |region, product, t| match product {
        "young" => (t >= 24).then_some((0.8 * size(region)).round()),
        _ => Some((size(region) * season(t) * noise(region, product, t)).round()),
    });
    let products = "product,launch\na,\nb,\nc,\nyoung,2024-01\n";
    let out = run("2024-12-31", &[("sales.csv", &table), ("products.csv", products)]);
    for (k, t) in [36, 37].into_iter().enumerate() {
        let truth: f64 = regions.iter().map(|r| size(r) * (3.0 * season(t) + 0.8)).sum();
        let all: f64 = series.iter().map(|(r, p)| forecast(&out, r, p, k)).sum();
        assert!((all / truth - 1.0).abs() < 0.1, "{k}: {all} is not {truth}");
    }
}

#[test]
fn a_festival_that_moves_takes_its_sales_along() {
    // Thirty days that begin eleven days earlier every year, in which three times as much is sold a day.
    let begin: NaiveDate = "2020-06-10".parse().unwrap();
    let festival = |t: i32| {
        let month = Month::new(2022, 1).unwrap().plus(t);
        let days = |year: u64| (begin + chrono::Days::new(354 * year)).iter_days().take(30);
        let count = (0..8).flat_map(days).filter(|d| Month::of(*d) == month).count();
        (month, f64::from(month.days()), count as f64)
    };
    let sold = |t: i32| {
        let (_, days, of_them) = festival(t);
        10.0 * days + 20.0 * of_them
    };
    let table = sales(40, &[("n", "dates"), ("s", "dates")], |_, _, t| Some(sold(t)));
    let calendar = |until: i32| {
        let row = |t: i32| {
            let (month, days, of_them) = festival(t);
            format!("{month},{days},{of_them}\n")
        };
        format!("month,working_days,festival\n{}", (0..until).map(row).collect::<String>())
    };
    let settings = "[calendar]\nfestival = \"none\"\n[fit]\nlearn = false\n";
    let tables = |until: i32| {
        [("sales.csv", table.clone()), ("calendar.csv", calendar(until)), ("yugu.toml", settings.to_string())]
    };
    let planned = |close: &str, until: i32| {
        let tables = tables(until);
        run(close, &tables.each_ref().map(|(name, text)| (*name, text.as_str())))
    };
    let unknown = |out: &Outlook| out.warnings.sorted().iter().any(|w| w.kind == "no_festival_days");
    for (close, months) in [("2025-02-28", [38, 39]), ("2025-03-31", [39, 40])] {
        let out = planned(close, 44);
        for (k, t) in months.into_iter().enumerate() {
            let found = forecast(&out, "n", "dates", k);
            assert!((found / sold(t) - 1.0).abs() < 0.05, "{close}, {t}: {found} is not {}", sold(t));
        }
        assert!(!unknown(&out));
    }
    // Without days of the months ahead it says so.
    assert!(unknown(&planned("2025-02-28", 38)));
}

/// Ten products of about 200 in two regions, and one more that sells as much from its launch on, `seen` months ago.
fn launched(seen: i32) -> Outlook {
    const MONTHS: i32 = 37;
    let names: Vec<String> = (0..10).map(|p| format!("P{p}")).collect();
    let all = names.iter().map(String::as_str).chain(["young"]);
    let series: Vec<(&str, &str)> = all.flat_map(|p| [("n", p), ("s", p)]).collect();
    let table = sales(MONTHS, &series, |region, product, t| {
        let at = t * 7 + product.bytes().map(i32::from).sum::<i32>() * 3 + i32::from(region == "s");
        let units = (100.0 * (1.0 + 0.05 * (f64::from(at) * 1.7).sin())).round();
        (product != "young" || t >= MONTHS - seen).then_some(units)
    });
    let launch = Month::new(2022, 1).unwrap().plus(MONTHS - seen);
    let list: String = names.iter().map(|p| format!("{p},\n")).collect();
    let products = format!("product,launch\n{list}young,{launch}-01\n");
    run("2025-01-31", &[("sales.csv", &table), ("products.csv", &products)])
}

#[test]
fn a_first_launch_takes_nothing_from_those_long_there() {
    // What was learned of old products says next to nothing of one with a month: at most what the ramp asks for,
    // 1 - e^(-2/3) over 1 - e^(-1/3) = 1.72 times its month, 2.23 times a month later.
    let out = launched(1);
    for (k, ramp) in [(0, 1.72), (1, 2.23)] {
        let young: f64 = ["n", "s"].iter().map(|r| forecast(&out, r, "young", k)).sum();
        assert!((190.0..200.0 * ramp * 1.1).contains(&young), "{young}");
        for p in 0..10 {
            let old: f64 = ["n", "s"].iter().map(|r| forecast(&out, r, &format!("P{p}"), k)).sum();
            assert!((150.0..230.0).contains(&old), "P{p} {old}");
        }
    }
}

#[test]
fn a_product_that_sells_as_much_from_its_launch_on_does_not_grow_for_a_year() {
    let out = launched(4);
    let last = out.horizon().months.len() - 1;
    let year = &out.horizon().units;
    let grid = &out.dataset.grid;
    let young = grid.products.codes.iter().position(|c| c == "young").unwrap();
    let all: f64 = (0..grid.series.len()).filter(|s| grid.series[*s].product == young).map(|s| year[(s, last)]).sum();
    assert!((170.0..235.0).contains(&all), "{all}");
    assert!(out.point.baseline.ramp_months <= 1.0, "{}", out.point.baseline.ramp_months);
}
