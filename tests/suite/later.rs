//! Nothing later is visible: whatever is added to a folder, changed or taken away after the day up to which it is seen,
//! every output is the same to the byte - names, languages, calendars, warnings and lists no less than numbers.

use crate::common::sheets;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use tempfile::TempDir;

/// The day.
const AS_OF: &str = "2024-02";

/// What a folder holds by that day, of two regions and two products over 26 months, by table.
fn by_then() -> BTreeMap<&'static str, String> {
    let month = |t: usize| format!("{}-{:02}", 2022 + t / 12, t % 12 + 1);
    let mut sales = "month,region,product,units,stockout_days\n".to_owned();
    for t in 0..26 {
        for (r, region) in ["east", "west"].iter().enumerate() {
            for (p, product) in ["a", "b"].iter().enumerate() {
                let units = 50 + 11 * ((t * (p + 2) + 3 * r) % 7) + t;
                let out = if t == 20 && p == 0 { "6" } else { "" };
                sales.push_str(&format!("{},{region},{product},{units},{out}\n", month(t)));
            }
        }
    }
    let table = |text: &str| text.to_owned();
    let mut out = BTreeMap::from([
        ("sales.csv", sales),
        ("targets.csv", table("year,region,units,known\n2024,,4000,2024-01\n2024,east,1900,2024-01\n")),
        ("factors.csv", table("region,from,to,reason,effect,known\neast,2023-06,2023-06,promotion,0.2,2023-05\n")),
        ("growth.csv", table("region,year,growth,reason,known\neast,2024,0.1,promotion,2024-01\n")),
        (
            "frontline.csv",
            table("made,month,region,product,units,by,reason\n2024-02,2024-03,east,,190,Kim,promotion\n"),
        ),
        ("overrides.csv", table("made,month,region,product,units,by,reason\n2024-02,2024-03,west,b,70,Lee,other\n")),
        ("stock.csv", table("as_of,location,product,on_hand\n2024-02-29,shop,a,30\n")),
    ]);
    let channel: String = (12..26).map(|t| format!("{},east,dealer,{},60\n", month(t), 80 + t)).collect();
    out.insert("channel_stock.csv", format!("month,region,tier,units,sell_out\n{channel}"));
    out
}

/// Rows that came later, with other numbers, other names, another script, returns and stockouts, by table.
fn later() -> BTreeMap<&'static str, String> {
    let table = |text: &str| text.to_owned();
    BTreeMap::from([
        (
            "sales.csv",
            table(
                "2024-03,east,a,900,\n2024-03,west,b,-40,\n2024-04,east,a,1,30\n2024-05,north,zz,99,\n\
                 2024-05,东区,灶具,5,\n2024-06,east,a,lots,\n2024-07,east,合计,12,\n2025-01,east,b,0,\n",
            ),
        ),
        ("targets.csv", table("2025,,9000,2024-06\n2024,north,500,2024-05\n2024,west,10,2024-03\n")),
        ("factors.csv", table("east,2024-04,2024-05,促销,0.5,2024-04\nnorth,2024-05,2024-06,other,0.5,\n")),
        ("growth.csv", table("west,2024,0.9,promotion,2024-05\nnorth,2024,0.2,其他,2024-05\n")),
        ("frontline.csv", table("2024-03,2024-04,east,,1900,金,promotion\n2024-04,2024-05,north,zz,5,Kim,其他\n")),
        ("overrides.csv", table("2024-03,2024-04,west,b,7,Lee,other\n2024-05,2024-06,东区,灶具,7,李,其他\n")),
        ("stock.csv", table("2024-03-31,shop,a,3000\n2024-05-31,仓库,zz,3\n")),
        ("channel_stock.csv", table("2024-03,east,dealer,9000,1\n2024-05,north,dealer,9,9\n")),
        // Tables of which nothing was there.
        ("progress.csv", table("截至,区域,产品,销量\n2024-03-10,east,a,30\n2024-05-10,north,zz,3\n")),
        ("reported.csv", table("month,region,state\n2024-03,east,none\n2024-05,north,complete\n")),
        ("leads.csv", table("community,month,product,intent,called,outcome\nhill,2024-05,zz,3,2024-06,bought\n")),
    ])
}

fn folder(tables: &BTreeMap<&'static str, String>, settings: &str) -> TempDir {
    let home = tempfile::tempdir().unwrap();
    // Pages call a folder by its name.
    let dir = home.path().join("data");
    fs::create_dir(&dir).unwrap();
    for (name, text) in tables {
        let path = dir.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    fs::write(dir.join("yugu.toml"), settings).unwrap();
    home
}

/// Everything that the commands say and write of a folder, by name.
fn outputs(home: &TempDir) -> BTreeMap<String, String> {
    let mut out = BTreeMap::new();
    let commands: [&[&str]; 11] = [
        &["plan", "data", "--frontline", "--out", "plan"],
        &["backtest", "data", "--csv"],
        &["backtest", "data", "--during"],
        &["accuracy", "data", "--csv"],
        &["accuracy", "data"],
        &["stock", "data", "--csv"],
        &["stock", "data", "--simulate"],
        &["target", "data"],
        &["communities", "data"],
        &["growth", "data", "--measure", "units", "--years", "2022,2023"],
        &["explain", "data", "--region", "east", "--product", "a", "--month", "2024-03"],
    ];
    for args in commands {
        let mut command = assert_cmd::Command::new(env!("CARGO_BIN_EXE_yugu"));
        command.current_dir(home.path()).env("LANG", "en_US.UTF-8");
        let done = command.args(args).args(["--as-of", AS_OF]).assert();
        let output = done.get_output();
        let said = [output.stdout.as_slice(), &output.stderr].concat();
        out.insert(args.join(" "), format!("{:?}\n{}", output.status.code(), String::from_utf8(said).unwrap()));
    }
    let mut command = assert_cmd::Command::new(env!("CARGO_BIN_EXE_yugu"));
    let checked = command.current_dir(home.path()).args(["check", "data", "--as-of", AS_OF, "--lang", "en"]).assert();
    out.insert("check".to_owned(), String::from_utf8(checked.get_output().stderr.clone()).unwrap());
    written(&home.path().join("plan"), "", &mut out);
    out
}

/// The files of a plan; what says which files it was made from, by name and hash, is left out: these are other files.
fn written(dir: &Path, label: &str, out: &mut BTreeMap<String, String>) {
    for entry in fs::read_dir(dir).unwrap().map(Result::unwrap) {
        let name = format!("{label}{}", entry.file_name().to_string_lossy());
        let path = entry.path();
        if path.is_dir() {
            written(&path, &format!("{name}/"), out);
            continue;
        }
        let bytes = fs::read(&path).unwrap();
        let text = match name.rsplit('.').next() {
            Some("xlsx") => {
                let mut books = sheets::read(&bytes);
                books.retain(|sheet| sheet.name != "_yugu");
                for sheet in &mut books {
                    // The notes end with the list of files.
                    let files = sheet.cells.iter().find(|(_, cell)| sheets::text(Some(cell)).as_str() == "Files read");
                    if let Some((&(from, _), _)) = files {
                        sheet.cells.retain(|(row, _), _| *row < from);
                    }
                }
                books.iter().map(|sheet| format!("{sheet:?}\n")).collect()
            }
            Some("json") => {
                let mut run: serde_json::Value = serde_json::from_slice(&bytes).unwrap();
                run["inputs"] = serde_json::Value::Null;
                run.to_string()
            }
            Some("yugu") => continue,
            _ => String::from_utf8(bytes).unwrap(),
        };
        out.insert(name, text);
    }
}

/// Compares two lists of outputs, and says where the first difference stands.
fn same(one: &BTreeMap<String, String>, other: &BTreeMap<String, String>, what: &str) {
    let names = |outputs: &BTreeMap<String, String>| outputs.keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(one), names(other), "{what}");
    for (name, text) in one {
        let other = &other[name];
        if text != other {
            let at = text.bytes().zip(other.bytes()).take_while(|(a, b)| a == b).count();
            let around = |text: &str| -> String {
                String::from_utf8_lossy(&text.as_bytes()[at.saturating_sub(120)..(at + 120).min(text.len())]).into()
            };
            panic!("{what}: {name} differs:\n{}\n---\n{}", around(text), around(other));
        }
    }
}

/// A folder's tables with further rows behind them.
fn with(
    tables: &BTreeMap<&'static str, String>,
    rows: &BTreeMap<&'static str, String>,
) -> BTreeMap<&'static str, String> {
    let mut out = tables.clone();
    rows.iter().for_each(|(name, text)| out.entry(name).or_default().push_str(text));
    out
}

#[test]
fn whatever_comes_later_changes_no_output() {
    let base = by_then();
    let expected = outputs(&folder(&base, ""));
    assert!(expected["plan data --frontline --out plan"].starts_with("Some(0)"), "{expected:?}");
    // Each table alone first, so that a failure names it.
    for (name, rows) in later() {
        let rows = BTreeMap::from([(name, rows)]);
        same(&expected, &outputs(&folder(&with(&base, &rows), "")), name);
    }
    same(&expected, &outputs(&folder(&with(&base, &later()), "")), "all of them");
}

#[test]
fn nor_does_what_is_listed_for_later() {
    let products = "product,name,category,price,launch,known\na,Alpha,stove,100,,\nb,Beta,stove,90,,\n";
    let mut base = by_then();
    base.insert("products.csv", products.to_owned());
    let expected = outputs(&folder(&base, ""));
    let mut then = base.clone();
    then.insert("products.csv", format!("{products}zz,新灶,grill,5,2024-05,2024-05\n"));
    then.get_mut("sales.csv").unwrap().push_str("2024-05,east,zz,99,\n");
    then.get_mut("targets.csv").unwrap().push_str("2024,east,99,2024-06\n");
    same(&expected, &outputs(&folder(&then, "")), "a product launched later");
}

#[test]
fn nor_do_names_that_only_later_rows_have() {
    let mut base = by_then();
    let sales = base.remove("sales.csv").unwrap();
    base.insert("sales/2024-02.csv", sales);
    base.insert("products.csv", "product,name,category,launch,known\na,Alpha,stove,,\nb,Beta,stove,,\n".to_owned());
    base.insert("regions.csv", "region,name,parent\neast,East,all\nwest,West,all\n".to_owned());
    base.insert("aliases.csv", "kind,old,new,from\nproduct,a0,a,2022-06\n".to_owned());
    base.insert(
        "communities.csv",
        "community,region,households,handover,contract,known\nhill,east,300,2023-06,2023-01,\nlake,west,200,2023-09,,\n"
            .to_owned(),
    );
    base.insert(
        "signings.csv",
        "month,community,households\n2023-10,hill,40\n2023-11,lake,20\n2024-01,hill,30\n".into(),
    );
    base.insert("totals.csv", "period,region,measure,value,growth\n2024-01,,units,1,\n".to_owned());
    let expected = outputs(&folder(&base, ""));
    assert!(expected["plan data --frontline --out plan"].starts_with("Some(0)"), "{expected:?}");
    assert!(expected["communities data"].starts_with("Some(0)"), "{expected:?}");
    let later: [(&'static str, &str); 6] = [
        // A code that nothing else has by then; the same of a region.
        ("aliases.csv", "product,a,a1,2024-05\nregion,east,东区,2024-05\n"),
        // Named by what was signed too early for its own row.
        (
            "communities.csv",
            "新村,north,90,2024-09,2024-05,\nport,east,70,2024-09,,2024-04\nhill,east,99,2024-10,,2024-04\n",
        ),
        ("signings.csv", "2024-01,port,5\n2024-05,新村,9\n"),
        ("totals.csv", "2024-05,,units,9,\n"),
        // Known only after it was to be sold.
        ("products.csv", "zz,新灶,grill,2024-01,2024-05\n"),
        ("sales/2024-05.csv", "month,region,product,units\n2024-05,north,zz,99\n2024-05,东区,a1,5\n"),
    ];
    let alone = |name: &str| name != "signings.csv" && name != "sales/2024-05.csv";
    for (name, rows) in later.iter().filter(|(name, _)| alone(name)) {
        let rows = BTreeMap::from([(*name, (*rows).to_owned())]);
        same(&expected, &outputs(&folder(&with(&base, &rows), "")), name);
    }
    let mut rows: BTreeMap<&'static str, String> =
        later.iter().map(|(name, rows)| (*name, (*rows).to_owned())).collect();
    // What nobody dated speaks of regions that only a later file has.
    rows.insert("targets.csv", "2024,north,500,\n".to_owned());
    same(&expected, &outputs(&folder(&with(&base, &rows), "")), "all of them");
}

#[test]
fn a_code_that_changes_later_still_joins_what_has_it() {
    // The products are listed by the code to come.
    let mut base = by_then();
    base.insert("products.csv", "product,name,category\na1,Alpha,stove\nb,Beta,stove\n".to_owned());
    base.insert("aliases.csv", "kind,old,new,from\nproduct,a,a1,2024-05\n".to_owned());
    let found = outputs(&folder(&base, ""));
    assert!(found["plan data --frontline --out plan"].starts_with("Some(0)"), "{found:?}");
    assert!(found["forecast.csv"].contains(",a1,"), "{}", found["forecast.csv"]);
}

#[test]
fn a_backtest_knows_no_names_that_came_after_its_cutoff() {
    let cutoff = |tables: &BTreeMap<&'static str, String>| -> Vec<String> {
        let home = folder(tables, "");
        let mut command = assert_cmd::Command::new(env!("CARGO_BIN_EXE_yugu"));
        let args = ["backtest", "data", "--csv", "--cutoffs", "2023-06..2023-08"];
        let done = command.current_dir(home.path()).args(args).assert().success();
        String::from_utf8(done.get_output().stdout.clone()).unwrap().lines().map(str::to_owned).collect()
    };
    let base = by_then();
    let expected = cutoff(&base);
    assert_eq!(expected.len(), 1 + 3 * 2 * 4);
    // A product and a region that came in October, when the last month ahead is.
    let more: String = (21..26)
        .flat_map(|t| {
            let month = format!("{}-{:02}", 2022 + t / 12, t % 12 + 1);
            [format!("{month},east,zz,40,\n"), format!("{month},north,a,30,\n")]
        })
        .collect();
    let found = cutoff(&with(&base, &BTreeMap::from([("sales.csv", more)])));
    let (new, old): (Vec<String>, Vec<String>) =
        found.into_iter().partition(|row| row.starts_with("north,") || row.starts_with("east,zz,"));
    assert_eq!(old, expected);
    // What came is counted, whoever knew of it.
    assert_eq!(new, ["east,zz,2023-08,2023-10,2,40,0,,,,", "north,a,2023-08,2023-10,2,30,0,,,,"]);
}

#[test]
fn a_ledger_that_grew_changes_nothing_before() {
    let home = folder(&by_then(), "");
    let run = |args: &[&str], code: i32| {
        let mut command = assert_cmd::Command::new(env!("CARGO_BIN_EXE_yugu"));
        command.current_dir(home.path()).args(args).assert().code(code);
    };
    for month in ["2023-11", "2023-12"] {
        run(&["plan", "data", "--as-of", month], 0);
        run(&["issue", "data", "--as-of", month], 0);
    }
    let expected = outputs(&home);
    let sales = home.path().join("data/sales.csv");
    let more = fs::read_to_string(&sales).unwrap()
        + "2024-03,east,a,70,\n2024-03,east,b,60,\n2024-03,west,a,60,\n2024-03,west,b,50,\n";
    fs::write(&sales, more).unwrap();
    run(&["plan", "data", "--as-of", "2024-03"], 0);
    run(&["issue", "data", "--as-of", "2024-03"], 0);
    fs::remove_dir_all(home.path().join("plan")).unwrap();
    same(&expected, &outputs(&home), "an issue of the month after");
}
