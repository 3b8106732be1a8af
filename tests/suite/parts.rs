//! Regions dealt to parts that see each other only by totals give the numbers of one machine.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::sync::Arc;

use chrono::NaiveDate;
use rand::Rng;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use yugu::across::Totals;
use yugu::dataset::Dataset;
use yugu::error::Problems;
use yugu::messages::Lang;
use yugu::month::Month;
use yugu::outlook::Outlook;
use yugu::parts::{Answer, Part, work};
use yugu::report::View;
use yugu::schema::Table;
use yugu::settings::Settings;
use yugu::sheet::{Encoding, Sheet};

/// The tables of a folder, and how it is looked at.
struct World {
    tables: BTreeMap<&'static str, String>,
    settings: Settings,
    as_of: Option<NaiveDate>,
    today: NaiveDate,
}

fn sheet(name: &str, text: &str) -> Sheet {
    Sheet::text(Table::from_name(name).unwrap(), format!("{name}.csv").into(), text.to_owned(), Encoding::Utf8)
}

/// Rows of forecast.csv by region, product and month, and its header.
type Rows = (String, BTreeMap<[String; 3], Vec<String>>);

fn rows(csv: &[u8], into: &mut Rows) {
    let text = String::from_utf8(csv.to_vec()).unwrap();
    let mut lines = text.lines();
    let header = lines.next().unwrap().to_owned();
    assert!(into.0.is_empty() || into.0 == header, "{header}");
    into.0 = header;
    for line in lines {
        let cells: Vec<String> = line.split(',').map(str::to_owned).collect();
        let key = [cells[0].clone(), cells[1].clone(), cells[2].clone()];
        assert!(into.1.insert(key, cells[3..].to_vec()).is_none(), "twice: {line}");
    }
}

impl World {
    fn outlook(&self) -> Result<Outlook, Problems> {
        let sheets: Vec<Sheet> = self.tables.iter().map(|(name, text)| sheet(name, text)).collect();
        let mut problems = Problems::default();
        let data = Dataset::new(&sheets, self.settings.clone(), self.as_of, self.today, &mut problems);
        let Some(data) = data else { return Err(problems) };
        Outlook::new(data, problems)
    }

    fn alone(&self) -> Result<Rows, Problems> {
        let outlook = self.outlook()?;
        let mut out = Rows::default();
        rows(&yugu::report::forecast::table(&View::new(&outlook, Lang::En)).csv(), &mut out);
        Ok(out)
    }

    /// The tables of each part: the rows of the regions dealt to it.
    fn dealt(&self, parts: usize) -> Vec<Vec<Sheet>> {
        let (header, lines) = self.tables["sales"].split_once('\n').unwrap();
        let column = header.split(',').position(|name| name == "region").unwrap();
        let mut regions: Vec<&str> = lines.lines().map(|line| line.split(',').nth(column).unwrap()).collect();
        regions.sort_unstable();
        regions.dedup();
        (0..parts)
            .map(|part| {
                let mine = |line: &&str| {
                    let region = line.split(',').nth(column).unwrap();
                    regions.binary_search(&region).unwrap() % parts == part
                };
                let own: Vec<&str> = lines.lines().filter(mine).collect();
                let sales = format!("{header}\n{}\n", own.join("\n"));
                let text = |(name, text): (&&str, &String)| sheet(name, if *name == "sales" { &sales } else { text });
                self.tables.iter().map(text).collect()
            })
            .collect()
    }

    fn in_parts(&self, parts: usize) -> Result<Rows, Problems> {
        let dealt = self.dealt(parts);
        let mut totals = Totals::default();
        loop {
            let known = Arc::new(totals);
            let part = |sheets| Part { sheets, settings: &self.settings, as_of: self.as_of, today: self.today };
            let answers: Vec<Answer> =
                dealt.iter().map(|sheets| work(part(sheets), known.clone())).collect::<Result<_, _>>()?;
            let mut out = Rows::default();
            let mut shares = Vec::new();
            for answer in answers {
                match answer {
                    // As they travel.
                    Answer::Share(share) => shares.push(Totals::from_bytes(&share.to_bytes()).unwrap()),
                    Answer::Forecast(table) => rows(&table.csv(), &mut out),
                }
            }
            if shares.is_empty() {
                assert_eq!(known.round(), known.last_round());
                return Ok(out);
            }
            totals = Totals::clone(&known).and(shares).unwrap();
        }
    }

    /// Both ways, and compares.
    fn compare(&self, parts: usize, what: &str) -> Rows {
        let (alone, apart) = (self.alone(), self.in_parts(parts));
        let (alone, apart) = match (alone, apart) {
            (Ok(alone), Ok(apart)) => (alone, apart),
            (Err(alone), Err(_)) => panic!("{what}: {}", said(&alone)),
            (alone, apart) => {
                let line = |found: Result<Rows, Problems>| found.map_or_else(|p| said(&p), |_| "fine".into());
                panic!("{what}: alone {}, in parts {}", line(alone), line(apart));
            }
        };
        assert_eq!(alone.0, apart.0, "{what}");
        assert_eq!(alone.1.keys().collect::<Vec<_>>(), apart.1.keys().collect::<Vec<_>>(), "{what}");
        for (key, one) in &alone.1 {
            for (i, (a, b)) in one.iter().zip(&apart.1[key]).enumerate() {
                match (a.parse::<f64>(), b.parse::<f64>()) {
                    (Ok(x), Ok(y)) => assert!((x - y).abs() <= 1e-9 * x.abs().max(1.0), "{what}: {key:?} {i}: {a} {b}"),
                    _ => assert_eq!(a, b, "{what}: {key:?} {i}"),
                }
            }
        }
        alone
    }
}

fn said(problems: &Problems) -> String {
    problems.sorted().iter().map(|p| format!("{} {}\n", p.kind, p.message.en)).collect()
}

fn settings(text: &str) -> Settings {
    let mut problems = Problems::default();
    let out = Settings::read(&Arc::from("yugu.toml"), text, &mut problems);
    assert!(!problems.any_error(), "{}", said(&problems));
    out
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// What a made-up company has.
#[derive(Clone, Copy, Debug)]
struct Knobs {
    seed: u64,
    leaves: usize,
    products: usize,
    months: i32,
    whole: bool,
    daily: bool,
    /// Without tables of regions and products.
    bare: bool,
    plans: bool,
    answers: bool,
}

fn world(k: Knobs) -> World {
    let mut rng = ChaCha8Rng::seed_from_u64(k.seed);
    let start = Month::new(2020, 4).unwrap();
    let month = |t: i32| start.plus(t);
    let end = month(k.months - 1);
    let mut tables: BTreeMap<&'static str, String> = BTreeMap::new();
    let leaf = |r: usize| format!("r{}", (r * 7 + 3) % k.leaves);
    let groups = 3.min(k.products);
    if !k.bare {
        let mut regions = "region,name,parent\ncompany,Company,\nnorth,North,company\nsouth,South,company\n".to_owned();
        (0..k.leaves).for_each(|r| {
            writeln!(regions, "r{r},Region {r},{}", if r % 2 == 0 { "north" } else { "south" }).unwrap();
        });
        // A region in which nothing has sold yet, and one product will.
        regions += "new,New,south\n";
        let mut products = "product,category,launch,retire,replaces,region,price\n".to_owned();
        for p in 0..k.products {
            let (mut launch, mut retire, mut replaces, mut region) = Default::default();
            match p {
                1 => retire = month(k.months - 4).to_string(),
                4 if k.plans => (launch, replaces) = (format!("{}-05", month(k.months - 6)), "p1".to_owned()),
                5 if k.plans => (launch, region) = (format!("{}-11", end.plus(1)), "new".to_owned()),
                6 => launch = format!("{}-01", end.plus(1)),
                7 => launch = format!("{}-01", month(k.months - 8)),
                3 => retire = end.plus(1).to_string(),
                _ => {}
            }
            replaces = if p == 6 { "p3".to_owned() } else { replaces };
            writeln!(products, "p{p},g{},{launch},{retire},{replaces},{region},{}", p % groups, 10 + p).unwrap();
        }
        tables.insert("regions", regions);
        tables.insert("products", products);
    }
    let mut sales = "month,region,product,units\n".to_owned();
    for t in 0..k.months {
        for r in 0..k.leaves {
            let size = 3.0 + 40.0 * rng.random_range(0.8..1.2) * (1.0 + r as f64);
            for p in 0..k.products {
                let begins = if (r + p) % 5 == 0 { (k.months / 3).min(14) } else { 0 };
                let off = match p {
                    1 => t > k.months - 4,
                    4 if k.plans && !k.bare => t < k.months - 6,
                    5 if k.plans && !k.bare => true,
                    6 if !k.bare => true,
                    7 => t < k.months - 8,
                    _ => false,
                };
                // One group is sold in half of the regions only.
                if t < begins || off || rng.random_bool(0.05) || (p % groups == 2 && r % 2 == 1) {
                    continue;
                }
                let season = 1.0 + 0.4 * (f64::from(t) * std::f64::consts::TAU / 12.0 + p as f64).sin();
                let units = size * season * rng.random_range(0.3..1.7) / (1.0 + p as f64).sqrt();
                let units = if k.whole { units.round() } else { (units * 8.0).round() / 8.0 };
                let (region, product) = (leaf(r), format!("p{p}"));
                if k.daily {
                    writeln!(sales, "{}-{:02},{region},{product},{units}", month(t), 2 + (p + r) % 25).unwrap();
                } else {
                    writeln!(sales, "{},{region},{product},{units}", month(t)).unwrap();
                }
            }
        }
    }
    if k.daily {
        // The last month is not complete, and only some regions have rows of it.
        writeln!(
            sales,
            "{}-28,{},p0,3\n{}-06,{},p0,2\n{}-07,{},p2,4",
            end,
            leaf(1),
            end.plus(1),
            leaf(0),
            end.plus(1),
            leaf(0)
        )
        .unwrap();
    }
    tables.insert("sales", sales);
    let year = end.fiscal_year(1);
    if k.plans {
        tables.insert(
            "targets",
            format!(
                "year,region,month,product,units,lock\n{year},,,,{},\n{year},{},,,900,yes\n{},,,,{},\n{},{},3,,150,\n",
                4000 * k.leaves,
                leaf(0),
                year + 1,
                4400 * k.leaves,
                year + 1,
                leaf(1),
            ),
        );
        tables.insert(
            "growth",
            format!(
                "region,product,year,growth,reason\n{},,{year},0.1,cash\n{},p2,{year},0.2,cash\n",
                leaf(1),
                leaf(0)
            ),
        );
        tables.insert(
            "factors",
            format!(
                "region,product,from,to,reason,effect\n{},,{},{},weather,-0.2\n,p2,{},{},promotion,0.3\n",
                leaf(1),
                month(k.months - 9),
                month(k.months - 8),
                end,
                end.plus(1),
            ),
        );
    }
    if k.answers {
        let made = end.last_day();
        let next = end.plus(1);
        tables.insert(
            "frontline",
            format!(
                "made,month,region,product,units,by,reason\n{made},{next},{},,400,Zhao,cash\n{made},{next},{},p0,40,Li,cash\n",
                leaf(0),
                leaf(1)
            ),
        );
        tables.insert(
            "overrides",
            format!("made,month,region,product,units,by,reason\n{made},{next},{},p3,33,Lin,promotion\n", leaf(1)),
        );
    }
    let as_of = if k.daily { None } else { Some(end.last_day()) };
    let today = end.plus(1).first_day() + chrono::Days::new(8);
    World { tables, settings: settings("[calendar]\nfestival = \"cn\"\n"), as_of, today }
}

#[test]
fn parts_give_the_numbers_of_one_machine() {
    let base = Knobs {
        seed: 1,
        leaves: 3,
        products: 9,
        months: 30,
        whole: true,
        daily: false,
        bare: false,
        plans: false,
        answers: false,
    };
    let all = [
        (base, 2),
        (Knobs { seed: 2, leaves: 6, plans: true, months: 34, ..base }, 4),
        (Knobs { seed: 3, leaves: 5, plans: true, whole: false, months: 40, ..base }, 5),
        (Knobs { seed: 4, leaves: 4, bare: true, months: 26, ..base }, 3),
        (Knobs { seed: 5, leaves: 2, answers: true, plans: true, months: 20, ..base }, 2),
        (Knobs { seed: 6, leaves: 4, daily: true, months: 28, ..base }, 3),
        (Knobs { seed: 7, leaves: 3, months: 5, ..base }, 2),
        (Knobs { seed: 8, leaves: 3, months: 15, plans: true, whole: false, ..base }, 3),
        (Knobs { seed: 9, leaves: 2, months: 62, products: 4, ..base }, 1),
    ];
    for (knobs, parts) in all {
        let rows = world(knobs).compare(parts, &format!("{knobs:?}"));
        assert!(rows.1.len() > 10, "{knobs:?}");
    }
}

/// What sales say of stock.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Stock {
    /// Shares of the month in stock.
    Shares,
    /// Days without.
    Days,
    /// Days without, and of some months only that something was out.
    Flags,
}

/// Takes products out of stock now and then, in regions for which `out` says so: they sell that much less.
fn take_out(world: &mut World, stock: Stock, seed: u64, often: f64, out: impl Fn(&str) -> bool) {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let sales = &world.tables["sales"];
    let daily = sales.lines().nth(1).unwrap().split(',').next().unwrap().len() > 7;
    let mut text = match stock {
        Stock::Shares => "month,region,product,units,availability\n".to_owned(),
        Stock::Days => "month,region,product,units,stockout_days\n".to_owned(),
        Stock::Flags => "month,region,product,units,stockout_days,stockout\n".to_owned(),
    };
    for line in sales.lines().skip(1) {
        let cells: Vec<&str> = line.split(',').collect();
        let units: f64 = cells[3].parse().unwrap();
        let days: i32 = if out(cells[1]) && rng.random_bool(often) { rng.random_range(3..24) } else { 0 };
        let days = if daily { days.min(1) } else { days };
        let share = 1.0 - f64::from(days) / 30.0;
        let flagged = stock == Stock::Flags && days > 12;
        let left = if daily { units } else { (units * share * 8.0).round() / 8.0 };
        let left = if units.fract() == 0.0 { left.round() } else { left };
        let said = match stock {
            Stock::Shares => share.to_string(),
            Stock::Days => days.to_string(),
            Stock::Flags if flagged => ",yes".to_owned(),
            Stock::Flags => format!("{days},"),
        };
        writeln!(text, "{},{},{},{left},{said}", cells[0], cells[1], cells[2]).unwrap();
    }
    world.tables.insert("sales", text);
}

/// Events whose effect is measured by the regions that they left alone, one after the other.
fn add_events(world: &mut World, end: Month) {
    let back = |months: i32| end.plus(-months);
    let mut text = "region,product,from,to,reason,effect\n".to_owned();
    writeln!(text, "r0,,{},{},weather,", back(8), back(7)).unwrap();
    writeln!(text, "r1,p0,{},{},promotion,0.3", back(6), back(6)).unwrap();
    writeln!(text, "r1,,{},{},promotion,", back(5), back(4)).unwrap();
    writeln!(text, "north,p2,{},{},competitor,", back(3), back(2)).unwrap();
    writeln!(text, ",p4,{},{},weather,", end, end.plus(1)).unwrap();
    world.tables.insert("factors", text);
}

#[test]
fn events_are_measured_by_the_regions_of_all_parts() {
    let base = Knobs {
        seed: 41,
        leaves: 6,
        products: 9,
        months: 34,
        whole: true,
        daily: false,
        bare: false,
        plans: true,
        answers: false,
    };
    let cases = [
        (base, 3, None),
        (Knobs { seed: 42, months: 12, whole: false, ..base }, 4, None),
        (Knobs { seed: 43, ..base }, 2, Some(Stock::Shares)),
        (Knobs { seed: 44, months: 10, ..base }, 3, Some(Stock::Days)),
    ];
    for (knobs, parts, stock) in cases {
        let mut with = world(knobs);
        let without = with.alone().unwrap().1;
        add_events(&mut with, Month::new(2020, 4).unwrap().plus(knobs.months - 1));
        if let Some(stock) = stock {
            take_out(&mut with, stock, knobs.seed, 0.2, |_| true);
        }
        let what = format!("{knobs:?} {stock:?}");
        let rows = with.compare(parts, &what);
        assert_ne!(rows.1, without, "{what}");
    }
}

/// A company, into how many parts, what is said, how often and where it is out, whether that is enough to learn from.
type Outages<'w> = (Knobs, usize, Stock, f64, &'w dyn Fn(&str) -> bool, bool);

/// What is learned of stockouts is learned of all parts together.
#[test]
fn stockouts_are_taken_out_as_on_one_machine() {
    let base = Knobs {
        seed: 31,
        leaves: 6,
        products: 9,
        months: 40,
        whole: true,
        daily: false,
        bare: false,
        plans: false,
        answers: false,
    };
    let everywhere = |_: &str| true;
    // Of two regions of different parts, each of which alone says too little.
    let few = |region: &str| ["r0", "r1"].contains(&region);
    let one = |region: &str| region == "r2";
    let cases: [Outages; 8] = [
        (base, 3, Stock::Shares, 0.1, &everywhere, true),
        (Knobs { seed: 32, plans: true, whole: false, ..base }, 4, Stock::Days, 0.2, &everywhere, true),
        (Knobs { seed: 33, leaves: 2, months: 34, ..base }, 2, Stock::Days, 0.15, &everywhere, true),
        (Knobs { seed: 34, leaves: 5, ..base }, 2, Stock::Flags, 0.2, &everywhere, true),
        (Knobs { seed: 35, daily: true, leaves: 4, ..base }, 3, Stock::Days, 0.3, &everywhere, true),
        (Knobs { seed: 36, ..base }, 2, Stock::Shares, 0.08, &few, true),
        // Too little is behind for the fitted forecast, so that its way is not used in the end.
        (Knobs { seed: 38, months: 10, plans: true, ..base }, 3, Stock::Shares, 0.2, &everywhere, false),
        (Knobs { seed: 37, bare: true, ..base }, 5, Stock::Shares, 0.02, &one, false),
    ];
    let mut used = 0;
    for (knobs, parts, stock, often, out, learns) in cases {
        let mut with = world(knobs);
        take_out(&mut with, stock, knobs.seed, often, out);
        let what = format!("{knobs:?} {stock:?}");
        let rows = with.compare(parts, &what);
        let outlook = with.outlook().unwrap();
        let found = outlook.fit.substitution.as_ref();
        assert_eq!(found.is_some_and(|found| found.months >= 24), learns, "{what}: {found:?}");
        used += usize::from(found.is_some_and(|found| found.estimate.is_some()));
        with.settings.fit.learn = false;
        with.compare(parts, &format!("{what}, plain rules"));
        let mut without = with;
        (without.settings.fit.learn, without.settings.demand.correct) = (true, false);
        assert_ne!(rows.1, without.alone().unwrap().1, "{what}");
    }
    assert!(used > 2, "{used}");
}

/// More series than are learned from: which ones is decided over all parts.
#[test]
fn the_sample_is_that_of_one_machine() {
    let knobs = Knobs {
        seed: 11,
        leaves: 4,
        products: 1_200,
        months: 22,
        whole: true,
        daily: false,
        bare: false,
        plans: false,
        answers: false,
    };
    let rows = world(knobs).compare(3, "many series");
    assert!(rows.1.len() / 2 > yugu::across::LOWEST, "{}", rows.1.len());
}

/// The gas company without the tables that need all regions in one place.
#[test]
fn the_gas_company_in_parts() {
    let read = |name: &str| fs::read_to_string(format!("data/gas/{name}.csv")).unwrap();
    let names = ["sales", "regions", "products", "aliases", "factors", "growth", "targets"];
    let tables: BTreeMap<&'static str, String> = names.into_iter().map(|name| (name, read(name))).collect();
    let settings = settings(&fs::read_to_string("data/gas/yugu.toml").unwrap());
    let world = World { tables, settings, as_of: Some(day("2014-06-30")), today: day("2014-07-10") };
    let rows = world.compare(3, "gas");
    assert!(rows.0.contains("revenue") && rows.1.len() > 50, "{}", rows.1.len());
}

#[test]
fn what_needs_all_regions_is_named() {
    let knobs = Knobs {
        seed: 21,
        leaves: 2,
        products: 3,
        months: 8,
        whole: true,
        daily: false,
        bare: false,
        plans: false,
        answers: false,
    };
    let mut with = world(knobs);
    with.tables.insert("channel_stock", "month,region,product,tier,units\n2020-09,r0,g0,dealer,5\n".into());
    let made = "2020-11-30,2020-12";
    with.tables.insert("overrides", format!("made,month,region,product,units,by,reason\n{made},south,,9,Lin,price\n"));
    with.alone().unwrap_or_else(|problems| panic!("{}", said(&problems)));
    let problems = with.in_parts(2).unwrap_err();
    let found: Vec<String> = problems.sorted().iter().map(|p| format!("{} {}", p.kind, p.message.en)).collect();
    assert_eq!(problems.errors(), 2, "{found:#?}");
    assert!(found.len() >= 2 && found[..2].iter().all(|line| line.starts_with("one_machine ")), "{found:#?}");
}
