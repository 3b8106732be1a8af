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
