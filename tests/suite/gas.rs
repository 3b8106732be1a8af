//! The example folder `data/gas`: what it promises, and that its generator still makes it.

use std::collections::{BTreeMap, BTreeSet};

use crate::common::company::{APPLIANCES, BUYERS, DEFAULT_SEED, PREMIUMS, SIGNED, World, calendar, tables};

type Row = BTreeMap<String, String>;

/// The tables of a folder, by name.
struct Folder(BTreeMap<String, Vec<Row>>);

impl Folder {
    fn of(files: &[tables::File]) -> Folder {
        let tables = files.iter().filter_map(|(name, bytes)| Some((name.strip_suffix(".csv")?, bytes)));
        let rows = |bytes: &[u8]| csv::Reader::from_reader(bytes).deserialize().map(Result::unwrap).collect();
        Folder(tables.map(|(name, bytes)| (name.to_string(), rows(bytes))).collect())
    }

    fn table(&self, name: &str) -> &[Row] {
        &self.0[name]
    }

    /// The sum of a column over the rows with the same values in `keys`.
    fn sum(&self, table: &str, keys: &[&str], value: &str) -> BTreeMap<Vec<String>, u32> {
        let mut sums = BTreeMap::new();
        for row in self.table(table) {
            *sums.entry(keys.iter().map(|key| row[*key].clone()).collect()).or_default() += number(&row[value]);
        }
        sums
    }

    /// Values of a column by the product's code, the old code of a recoded one included.
    fn by_product(&self, column: &str) -> BTreeMap<String, String> {
        let mut values: BTreeMap<String, String> =
            self.table("products").iter().map(|row| (row["product"].clone(), row[column].clone())).collect();
        for alias in self.table("aliases") {
            values.insert(alias["old"].clone(), values[&alias["new"]].clone());
        }
        values
    }
}

fn number(text: &str) -> u32 {
    text.parse().unwrap_or_else(|_| panic!("{text} is no whole number"))
}

/// Fiscal year from 0 of a month written YYYY-MM; July begins it.
fn fiscal(month: &str) -> usize {
    let (year, month) = month.split_once('-').unwrap();
    (number(year) - 2011) as usize - usize::from(number(month) < 7)
}

fn made(seed: u64) -> Vec<tables::File> {
    tables::files(&World::new(seed, 3)).unwrap()
}

fn shipped() -> Vec<tables::File> {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("data/gas");
    let read = |name: String| (name.clone(), std::fs::read(folder.join(name)).unwrap());
    let names = std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap());
    let files = names.filter(|entry| entry.file_type().unwrap().is_file());
    files.map(|entry| read(entry.file_name().into_string().unwrap())).collect()
}

/// The article's totals, to the unit.
fn check_totals(folder: &Folder) {
    let kind = folder.by_product("kind");
    let (mut goods, mut premiums, mut buyers, mut signed) = ([0; 3], [0; 3], [0; 3], [0; 3]);
    for row in folder.table("sales") {
        let year = fiscal(&row["month"]);
        match kind[&row["product"]].as_str() {
            "goods" => goods[year] += number(&row["revenue"]),
            "policy" => premiums[year] += number(&row["revenue"]),
            _ => buyers[year] += number(&row["units"]),
        }
    }
    for row in folder.table("signings") {
        signed[fiscal(&row["month"])] += number(&row["households"]);
    }
    assert_eq!((goods, premiums, buyers, signed), (APPLIANCES, PREMIUMS, BUYERS, SIGNED));
}

/// Breakdowns stay within what they break down.
fn check_breakdowns(folder: &Folder) {
    let sales = folder.sum("sales", &["month", "region", "product"], "units");
    let centre: BTreeMap<&str, &str> =
        folder.table("communities").iter().map(|row| (&*row["community"], &*row["region"])).collect();
    let mut booked: BTreeMap<Vec<String>, u32> = BTreeMap::new();
    for row in folder.table("community_sales") {
        let key = vec![row["month"].clone(), centre[&*row["community"]].to_string(), row["product"].clone()];
        *booked.entry(key).or_default() += number(&row["units"]);
    }
    for (key, units) in &booked {
        assert!(units <= &sales[key], "{key:?}");
    }
    for (key, units) in folder.sum("policies", &["sold", "region", "product"], "units") {
        assert_eq!(units, sales[&key], "{key:?}");
    }

    let by_community = folder.sum("community_sales", &["month", "community", "product"], "units");
    let mut bought: BTreeMap<Vec<String>, u32> = BTreeMap::new();
    for row in folder.table("leads").iter().filter(|row| row["outcome"] == "bought") {
        for month in ["month", "called"] {
            *bought.entry(vec![row[month].clone(), row["community"].clone(), row["product"].clone()]).or_default() += 1;
        }
    }
    for (key, leads) in &bought {
        assert!(leads <= &by_community[key], "{key:?}");
    }

    // Households of a community over all months: those that signed, and the first policies and buyers among them.
    let households = folder.sum("communities", &["community"], "households");
    let signed = folder.sum("signings", &["community"], "households");
    assert!(signed.iter().all(|(community, n)| n <= &households[community]));
    let kind = folder.by_product("kind");
    let mut had: BTreeMap<(Vec<String>, &str), u32> = BTreeMap::new();
    for row in folder.table("community_sales") {
        let key = (vec![row["community"].clone()], kind[&row["product"]].as_str());
        *had.entry(key).or_default() += number(&row["units"]);
    }
    assert!(had.iter().filter(|((_, kind), _)| *kind != "goods").all(|((c, _), n)| n <= &signed[c]));
}

/// Months, prices, stockouts, products on the range, communities.
fn check_shape(folder: &Folder) {
    let months: BTreeSet<&str> = folder.table("sales").iter().map(|row| &*row["month"]).collect();
    assert_eq!((months.len(), months.first(), months.last()), (36, Some(&"2011-07"), Some(&"2014-06")));
    let (price, kind) = (folder.by_product("price"), folder.by_product("kind"));
    let selling_days: BTreeMap<String, u32> =
        (0..36).map(|t| (calendar::month(t).to_string(), calendar::selling_days(t).count_ones())).collect();
    let mut keys = BTreeSet::new();
    for row in folder.table("sales") {
        assert!(keys.insert((&row["month"], &row["region"], &row["product"])), "{row:?} stands twice");
        assert_eq!(number(&row["revenue"]), number(&row["units"]) * number(&price[&row["product"]]), "{row:?}");
        if kind[&row["product"]] != "goods" {
            assert_eq!(row["stockout_days"], "");
            continue;
        }
        let (out, open) = (number(&row["stockout_days"]), selling_days[row["month"].as_str()]);
        assert!(out < open || out == open && row["units"] == "0", "{row:?}");
    }
    let short = |month: &str, product: &str| {
        let rows = folder.table("sales").iter().filter(|r| r["month"] == month && r["product"] == product);
        rows.filter(|row| (6..=18).contains(&number(&row["stockout_days"]))).count()
    };
    assert!(short("2014-06", "WH-10L") >= 2 && short("2014-02", "ST-B2") >= 2);

    let sizes = folder.sum("communities", &["community"], "households");
    assert_eq!(sizes.len(), 220);
    assert!(sizes.values().all(|n| (200..=3000).contains(n)));
    let parts = folder.sum("communities", &["community", "handover"], "households");
    assert!(parts.len() == folder.table("communities").len() && parts.len() > sizes.len() + 15);
    let handed_over: BTreeMap<&str, &str> =
        folder.table("communities").iter().rev().map(|row| (&*row["community"], &*row["handover"])).collect();
    let early = folder.table("signings").iter().filter(|row| *row["month"] < *handed_over[&*row["community"]]).count();
    let to_come = handed_over.values().filter(|handover| **handover > "2014-06").count();
    assert!(early > 100 && to_come > 15, "{early} early, {to_come} to come");
}

/// The downstream cover of June 2014 against the median of the twelve before, by the definition the cut uses.
fn downstream_ratio(folder: &Folder, region: &str, group: &str) -> f64 {
    let series = |tier: &str| -> Vec<f64> {
        let rows = folder.table("channel_stock").iter();
        rows.filter(|r| r["region"] == region && r["product"] == group && r["tier"] == tier)
            .map(|r| f64::from(number(&r["units"])))
            .collect()
    };
    let category = folder.by_product("category");
    let mut sell_in: BTreeMap<&str, f64> = BTreeMap::new();
    for row in folder.table("sales").iter().filter(|r| r["region"] == region && category[&r["product"]] == group) {
        *sell_in.entry(&row["month"]).or_default() += f64::from(number(&row["units"]));
    }
    let (dealer, below) = (series("dealer"), series("downstream"));
    let sell_in: Vec<f64> = sell_in.into_values().skip(36 - dealer.len()).collect();
    let out = |taken: &[f64], stock: &[f64]| -> Vec<f64> {
        (1..stock.len()).map(|i| taken[i] - (stock[i] - stock[i - 1])).collect()
    };
    let dealers_sold = out(&sell_in, &dealer);
    let shops_sold = out(&dealers_sold, &below[1..]);
    assert!(dealers_sold.iter().chain(&shops_sold).all(|sold| *sold >= 0.0));
    let cover = |i: usize| below[i + 2] / (shops_sold[i - 2..=i].iter().sum::<f64>() / 3.0);
    let last = shops_sold.len() - 1;
    let mut before: Vec<f64> = (last - 12..last).map(cover).collect();
    before.sort_by(f64::total_cmp);
    cover(last) / ((before[5] + before[6]) / 2.0)
}

fn check_channel(folder: &Folder) {
    for group in ["stove", "water_heater"] {
        let ratio = |region| downstream_ratio(folder, region, group);
        assert!(ratio("gaoxin") > 1.5, "gaoxin {group} {}", ratio("gaoxin"));
        assert!((1.25..=1.5).contains(&ratio("binhu")), "binhu {group} {}", ratio("binhu"));
        for usual in ["chengdong", "chengnan"] {
            assert!((0.7..1.25).contains(&ratio(usual)), "{usual} {group} {}", ratio(usual));
        }
    }
}

#[test]
fn the_generator_still_makes_the_folder() {
    let (mut made, mut shipped) = (made(DEFAULT_SEED), shipped());
    made.sort();
    shipped.sort();
    let names = |files: &[tables::File]| files.iter().map(|file| file.0.clone()).collect::<Vec<_>>();
    assert_eq!(names(&made), names(&shipped));
    for (new, old) in made.iter().zip(&shipped) {
        assert!(new.1 == old.1, "{} differs: run `cargo run --release --example gas`", new.0);
    }
}

#[test]
fn the_folder_keeps_its_promises() {
    let files = shipped();
    let folder = Folder::of(&files);
    check_totals(&folder);
    check_breakdowns(&folder);
    check_shape(&folder);
    check_channel(&folder);
    assert!(files.iter().map(|file| file.1.len()).sum::<usize>() < 2_500_000);
}

#[test]
fn so_does_every_other_seed() {
    for seed in 1..=3 {
        let folder = Folder::of(&made(seed));
        check_totals(&folder);
        check_breakdowns(&folder);
        check_shape(&folder);
        check_channel(&folder);
    }
}
