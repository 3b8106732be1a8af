//! Two runs over a small company, number by number against an independent program written from the text of the rules
//! (`golden/plain_rules.py`): stockouts, a suppressed region, growth, New Year, mixes, new and retired products, the
//! target, the cut, the front line, month to date, overrides, whole units.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::Deserialize;
use yugu::folder::load;
use yugu::grid::Scope;
use yugu::outlook::Outlook;
use yugu::stages::mix::Rule;

#[derive(Deserialize)]
struct Golden {
    tables: BTreeMap<String, String>,
    runs: Vec<Run>,
}

#[derive(Deserialize)]
struct Run {
    as_of: NaiveDateText,
    growth: BTreeMap<String, f64>,
    levels: BTreeMap<String, f64>,
    mix: BTreeMap<String, f64>,
    averaged_with: BTreeMap<String, String>,
    factor: f64,
    exact: BTreeMap<String, f64>,
    units: BTreeMap<String, f64>,
    targets: BTreeMap<String, [f64; 12]>,
}

#[derive(Deserialize)]
#[serde(transparent)]
struct NaiveDateText(String);

fn same(what: &str, ours: f64, golden: f64) {
    assert!((ours - golden).abs() <= 1e-9 * golden.abs().max(1.0), "{what}: {ours} is not {golden}");
}

fn compare(out: &Outlook, golden: &Run) {
    let (grid, point) = (&out.dataset.grid, &out.point);
    let region = |leaf: usize| grid.regions.code(grid.regions.node_of(leaf)).to_string();
    let mut seen = 0;
    for cell in 0..grid.cell_count() {
        let (leaf, group) = grid.cell_key(cell);
        let key = format!("{}|{}", region(leaf), grid.products.groups[group]);
        same(&format!("growth {key}"), point.growth.cells[cell].used, golden.growth[&key]);
        let with = match point.mix.rules[cell] {
            Rule::NewYear(t) | Rule::Stockouts(t) => out.dataset.month(t),
            _ => out.origin.cutoff,
        };
        assert_eq!(with.to_string(), golden.averaged_with[&key], "mix of {key}");
        for &month in out.months() {
            let what = format!("{key}|{month}");
            same(&format!("level {what}"), point.level.get(cell, month).unwrap().level, golden.levels[&what]);
            let cut = if region(leaf) == "S" && out.origin.lag(month) == 1 { golden.factor } else { 1.0 };
            same(&format!("cut {what}"), point.attainment.factor(cell, out.origin.lag(month)), cut);
        }
    }
    for (s, series) in grid.series.iter().enumerate() {
        let key = format!("{}|{}", region(series.leaf), grid.products.codes[series.product]);
        if let Some(mix) = golden.mix.get(&key) {
            same(&format!("mix {key}"), point.mix.used[s], *mix);
        }
        for (k, month) in out.months().iter().enumerate() {
            let what = format!("{key}|{month}");
            same(&format!("exact {what}"), point.revision.exact[(s, k)], golden.exact[&what]);
            same(&format!("units {what}"), point.units[(s, k)], golden.units[&what]);
            seen += 1;
        }
    }
    assert_eq!(seen, golden.exact.len());
    for (code, months) in &golden.targets {
        let split = point.targets.splits.iter().find(|s| (s.year, s.scope) == (2025, Scope::All)).unwrap();
        let leaf = (0..grid.regions.leaf_count()).find(|&l| region(l) == *code).unwrap();
        for (k, x) in months.iter().enumerate() {
            same(&format!("target {code} {}", k + 1), split.leaves[(leaf, k)].unwrap(), *x);
        }
    }
}

#[test]
fn the_plain_rules_by_another_program() {
    let golden: Golden = serde_json::from_str(include_str!("../golden/plain_rules.json")).unwrap();
    let dir = tempfile::tempdir().unwrap();
    for (name, text) in &golden.tables {
        std::fs::write(dir.path().join(name), text).unwrap();
    }
    // The rules themselves, whatever the history would teach beyond them.
    let settings = dir.path().join("yugu.toml");
    let written = std::fs::read_to_string(&settings).unwrap_or_default();
    assert!(!written.contains("[fit]"));
    std::fs::write(&settings, format!("{written}\n[fit]\nlearn = false\n")).unwrap();
    for run in &golden.runs {
        let as_of: NaiveDate = run.as_of.0.parse().unwrap();
        let loaded = load(dir.path(), Some(as_of), as_of).unwrap();
        let out = Outlook::new(loaded.dataset, loaded.warnings).unwrap();
        compare(&out, run);
    }
}
