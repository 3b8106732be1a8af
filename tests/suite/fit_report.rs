//! What the files say of the fitted forecast: `fit.csv`, and the columns of `regions.csv` and `mix.csv` where it is used.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;

use yugu::folder::load;
use yugu::messages::Lang;
use yugu::outlook::Outlook;
use yugu::report::{View, notes};
use yugu::stages::level::Rule;

type Row = BTreeMap<String, String>;

fn read(path: &Path) -> Outlook {
    let loaded = load(path, Some("2014-06-30".parse().unwrap()), "2030-01-01".parse().unwrap()).unwrap();
    Outlook::new(loaded.dataset, loaded.warnings).unwrap()
}

/// The gas company, all of its sales forecast as sales: without the projections of new communities.
fn gas() -> Outlook {
    let (gas, dir) = (Path::new(env!("CARGO_MANIFEST_DIR")).join("data/gas"), tempfile::tempdir().unwrap());
    for entry in std::fs::read_dir(gas).unwrap().map(Result::unwrap).filter(|e| e.path().is_file()) {
        std::fs::copy(entry.path(), dir.path().join(entry.file_name())).unwrap();
    }
    let settings = dir.path().join("yugu.toml");
    let text = std::fs::read_to_string(&settings).unwrap() + "[communities]\nproject = false\n";
    std::fs::write(settings, text).unwrap();
    read(dir.path())
}

/// A folder of two regions and four products with so many months up to June 2014.
fn small(months: i32, settings: &str) -> Outlook {
    let dir = tempfile::tempdir().unwrap();
    let mut text = "month,region,product,units\n".to_owned();
    for t in 0..months {
        let month = yugu::month::Month::new(2014, 6).unwrap().plus(t + 1 - months);
        for (i, region) in ["X", "Y"].into_iter().enumerate() {
            for (j, product) in ["A", "B", "C", "D"].into_iter().enumerate() {
                let units = 20 + 7 * i + 5 * j + ((t as usize * 37 + i * 11 + j * 5) % 9);
                writeln!(text, "{month},{region},{product},{units}").unwrap();
            }
        }
    }
    std::fs::write(dir.path().join("sales.csv"), text).unwrap();
    std::fs::write(dir.path().join("yugu.toml"), settings).unwrap();
    read(dir.path())
}

fn rows(view: &View, name: &str) -> Vec<Row> {
    let bytes = view.table(name).unwrap().csv();
    csv::Reader::from_reader(bytes.as_slice()).deserialize().map(Result::unwrap).collect()
}

fn number(row: &Row, column: &str) -> f64 {
    row[column].parse().unwrap_or_else(|_| panic!("{column}: {row:?}"))
}

#[test]
fn every_parameter_stands_there_with_its_evidence() {
    let outlook = gas();
    let view = View::new(&outlook, Lang::En);
    let rows = rows(&view, "fit");
    for step in ["1", "2"] {
        let of = |prefix: &str| -> Vec<&Row> {
            rows.iter().filter(|r| r["step"] == step && r["parameter"].starts_with(prefix)).collect()
        };
        let [gate] = of("wape").try_into().unwrap();
        let gain = 1.0 - number(gate, "value") / number(gate, "plain_value");
        assert!((number(gate, "gain") - gain).abs() < 1e-12 && gain > 0.0, "{gate:?}");
        assert!(number(gate, "origins") >= 3.0 && number(gate, "observations") > 100.0, "{gate:?}");
        assert_eq!(gate["note"], "fitted: nearer to what came");
        for block in ["goods", "policies", "services"] {
            let weights: f64 =
                of("total_weight.").iter().filter(|r| r["scope"] == block).map(|r| number(r, "value")).sum();
            assert!((weights - 1.0).abs() < 1e-9, "{block} {weights}");
        }
        assert!(of("total_wape.").iter().all(|r| number(r, "value") > 0.0 && number(r, "origins") > 0.0));
        assert_eq!(of("share.").len(), yugu::stages::panel::FEATURES);
        assert!(of("share.").iter().all(|r| number(r, "origins") > 3.0 && number(r, "observations") > 100.0));
        assert_eq!(of("total_penalty.").len(), 3);
    }
    let first = &notes::lines(&view)[0];
    assert!(first.en.starts_with("forecast: fitted; at ") && first.zh.contains("拟合预估"), "{first:?}");
}

#[test]
fn the_plain_rules_say_why_they_apply() {
    for (months, settings, note, told) in [
        (36, "[fit]\nlearn = false\n", "plain rules: [fit] learn is off", "learn is off"),
        (5, "", "plain rules: too little history", "too little history"),
    ] {
        let outlook = small(months, settings);
        let view = View::new(&outlook, Lang::En);
        let rows = rows(&view, "fit");
        assert_eq!(rows.len(), outlook.months().len());
        assert!(rows.iter().all(|r| r["note"] == note && r["value"].is_empty()), "{rows:?}");
        assert!(notes::lines(&view)[0].en.contains(told));
    }
}

#[test]
fn growth_and_shares_are_those_of_the_fitted_forecast() {
    let outlook = gas();
    let view = View::new(&outlook, Lang::En);
    let combined = outlook.point.combined.as_ref().unwrap();
    let grid = &outlook.dataset.grid;
    let mut seen = 0;
    for row in &view.figures.rows {
        let Some(leaf) = grid.regions.leaf_of(row.node) else { continue };
        let cell = grid.cell(leaf, row.group);
        let level = outlook.point.level.get(cell, outlook.months()[row.month]).unwrap();
        if level.rule == Rule::Fitted && row.base > 0.0 {
            let fitted = combined.sum(grid.in_cell(cell), row.month).unwrap();
            assert!((row.base * (1.0 + row.base_growth.unwrap()) - fitted).abs() < 1e-9 * fitted, "{row:?}");
            seen += 1;
        }
    }
    assert!(seen > 20, "{seen}");
    let mut shares: BTreeMap<(String, String), f64> = BTreeMap::new();
    for row in rows(&view, "mix").iter().filter(|r| r["rule"] == "fitted") {
        *shares.entry((row["region"].clone(), row["group"].clone())).or_default() += number(row, "used");
    }
    assert!(shares.len() > 20 && shares.values().all(|sum| (sum - 1.0).abs() < 1e-9), "{shares:?}");
}
