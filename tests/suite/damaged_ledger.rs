//! A ledger that somebody edited: whatever its rows say, it is an error at its place or it is read, and every page and
//! file comes out. Nothing panics.

use std::fs;

use rand::seq::{IndexedRandom, SliceRandom};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use yugu::dataset::Dataset;
use yugu::folder;
use yugu::ledger::score::score;
use yugu::messages::Lang;
use yugu::month::Month;
use yugu::outlook::Outlook;
use yugu::report::accuracy::Shown;
use yugu::report::{self, Format, View};

const MONTHS: i32 = 24;
const ISSUED: i32 = 9;
const COPIES: usize = 240;

fn month(t: i32) -> Month {
    Month::new(2022, 1).unwrap().plus(t)
}

/// Two regions and groups of two products with stockouts, targets, a front line and stock in the channel.
fn files() -> Vec<(&'static str, String)> {
    let mut sales = "month,region,product,units,availability\n".to_owned();
    let mut front = "made,month,region,product,units,by,reason\n".to_owned();
    let mut channel = "month,region,units\n".to_owned();
    for t in 0..MONTHS {
        for (r, region) in ["north", "south"].iter().enumerate() {
            for (p, product) in ["a", "b", "c", "d"].iter().enumerate() {
                let (k, in_stock) =
                    (t as usize * (p + 2) + r, if (t as usize + p).is_multiple_of(3) { 0.6 } else { 1.0 });
                sales += &format!("{},{region},{product},{},{in_stock}\n", month(t), 50 + 7 * (k % 9));
            }
            front += &format!("{},{},{region},g,{},P{r},promotion\n", month(t), month(t + 1), 120 + t);
            channel += &format!("{},{region},{}\n", month(t), 200 + 90 * (t % 3));
        }
    }
    let products = "product,category\na,g\nb,g\nc,h\nd,h\n".to_owned();
    let targets = "year,units\n2022,6000\n2023,6500\n2024,7000\n2025,7500\n".to_owned();
    vec![
        ("sales.csv", sales),
        ("frontline.csv", front),
        ("channel_stock.csv", channel),
        ("products.csv", products),
        ("targets.csv", targets),
    ]
}

fn load(home: &std::path::Path, as_of: Month) -> Option<Outlook> {
    let loaded = folder::load(home, Some(as_of.last_day()), as_of.last_day()).ok()?;
    Outlook::new(loaded.dataset, loaded.warnings).ok()
}

fn accuracy(data: &Dataset) -> String {
    let known = data.at(data.origin(data.as_of).unwrap());
    let scores = score(&known);
    let shown = Shown::new(&known, &scores, (yugu::grid::COMPANY, yugu::grid::Scope::All), Lang::En);
    report::accuracy::table(&shown).csv();
    report::accuracy::page(&shown, "damaged")
}

/// Drops rows, or puts other values of a column, or odd ones, into cells.
fn damage(rows: &mut Vec<Vec<String>>, rng: &mut ChaCha8Rng) {
    const ODD: [&str; 9] = ["", "0", "-5", "1e15", "0.5", "north", "g", "final", "2023-06"];
    match rng.random_range(0..5) {
        0 => {
            let keep = *[0.02, 0.3, 0.9].choose(rng).unwrap();
            let mut first = true;
            rows.retain(|_| std::mem::take(&mut first) || rng.random_bool(keep));
        }
        // All rows of one source, or all but those of one.
        1 => {
            let words: Vec<String> = rows.iter().skip(1).map(|r| r[8].clone()).collect();
            let Some(word) = words.choose(rng).cloned() else { return };
            let only = rng.random_bool(0.5);
            let mut first = true;
            rows.retain(|r| std::mem::take(&mut first) || (r[8] == word) == only);
        }
        2 => rows.get_mut(1..).into_iter().for_each(|body| body.shuffle(rng)),
        _ => {
            // The first four columns are the same in all rows, or the file is none.
            for _ in 0..rng.random_range(1..4) {
                if rows.len() < 2 {
                    return;
                }
                let (r, c) = (rng.random_range(1..rows.len()), rng.random_range(4..rows[0].len()));
                let other = rows[rng.random_range(1..rows.len())][c].clone();
                rows[r][c] = if rng.random_bool(0.8) { other } else { (*ODD.choose(rng).unwrap()).to_owned() };
            }
        }
    }
}

#[test]
fn whatever_a_ledger_says_nothing_panics() {
    let home = tempfile::tempdir().unwrap();
    files().into_iter().for_each(|(name, text)| fs::write(home.path().join(name), text).unwrap());
    let ledger = home.path().join("ledger");
    fs::create_dir(&ledger).unwrap();
    let mut issued = Vec::new();
    for t in MONTHS - ISSUED..MONTHS {
        let outlook = load(home.path(), month(t)).unwrap();
        let bytes = report::ledger::table(&View::new(&outlook, Lang::En), 1, None).csv();
        fs::write(ledger.join(format!("{}.csv", month(t))), &bytes).unwrap();
        let text = String::from_utf8(bytes).unwrap();
        let rows: Vec<Vec<String>> = text.lines().map(|l| l.split(',').map(str::to_owned).collect()).collect();
        issued.push((ledger.join(format!("{}.csv", month(t))), rows));
    }
    let rng = &mut ChaCha8Rng::seed_from_u64(2024);
    let mut read = 0;
    for _ in 0..COPIES {
        for (path, rows) in &issued {
            let mut rows = rows.clone();
            let times = if rng.random_bool(0.2) { rng.random_range(1..3) } else { 0 };
            (0..times).for_each(|_| damage(&mut rows, rng));
            fs::write(path, rows.iter().map(|r| r.join(",") + "\n").collect::<String>()).unwrap();
        }
        let Some(outlook) = load(home.path(), month(MONTHS - 1)) else { continue };
        read += 1;
        let view = View::new(&outlook, Lang::Zh);
        Format::Csv.encode_all(&view.tables());
        report::plan::page(&view, "damaged");
        accuracy(&outlook.dataset);
    }
    assert!(read > COPIES / 20, "{read} could be read");
}
