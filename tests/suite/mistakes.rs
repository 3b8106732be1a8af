//! One folder with a mistake of every kind in every table: one run names them all, each at its file, line and column.
//!
//! The tables carry their own expectations: `@kind@` before a cell says that this cell is reported as that kind,
//! `@kind=word@` that the message names the word as well, `@kind!@` or `@kind!=word@` at the start of a line that the
//! whole line is meant. The marks are taken out before the folder is written.

use std::collections::BTreeSet;
use std::fs;
use std::io::Write;
use std::path::Path;

use chrono::NaiveDate;
use yugu::error::{Problem, Problems, Severity};
use yugu::folder::{LoadError, Loaded, load};
use yugu::messages::Lang;
use yugu::outlook::Outlook;

/// Where a problem is expected: file, line, column, kind, and a word its message must hold.
type Expected = (String, u32, u32, String, String);

/// The text without its marks, and what they expect.
fn marked(file: &str, text: &str) -> (String, Vec<Expected>) {
    let (mut out, mut expected) = (String::new(), Vec::new());
    for (number, line) in text.lines().enumerate() {
        let mut plain = String::new();
        for (i, part) in line.split('@').enumerate() {
            if i % 2 == 0 {
                plain.push_str(part);
                continue;
            }
            let (kind, word) = part.split_once('=').unwrap_or((part, ""));
            let (kind, column) = match kind.strip_suffix('!') {
                Some(kind) => (kind, 0),
                None => (kind, plain.chars().count() as u32 + 1),
            };
            expected.push((file.into(), number as u32 + 1, column, kind.into(), word.into()));
        }
        out += &plain;
        out.push('\n');
    }
    (out, expected)
}

fn write(folder: &Path, file: &str, text: &str) {
    let path = folder.join(file);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

fn run(folder: &Path) -> Result<Loaded, Problems> {
    match load(folder, None, NaiveDate::from_ymd_opt(2024, 7, 1).unwrap()) {
        Ok(loaded) => Ok(loaded),
        Err(LoadError::Data(problems)) => Err(problems),
        Err(LoadError::Unreadable(text)) => panic!("{}", text.en),
    }
}

fn found(problem: &Problem) -> (String, u32, u32, String) {
    let place = problem.place.as_ref();
    let kind = problem.kind.to_string();
    place.map_or((String::new(), 0, 0, kind.clone()), |p| (p.file.to_string(), p.line, p.column, kind))
}

/// Every expected problem is there, and no error that is not expected.
fn compare(problems: &Problems, expected: &[Expected]) {
    let all = problems.sorted();
    let mut missing = Vec::new();
    for (file, line, column, kind, word) in expected {
        let key = (file.clone(), *line, *column, kind.clone());
        if !all.iter().any(|p| found(p) == key && p.message.en.contains(word.as_str())) {
            missing.push(format!("{file}:{line}:{column} {kind} {word}"));
        }
    }
    let known: BTreeSet<_> = expected.iter().map(|(f, l, c, k, _)| (f.clone(), *l, *c, k.clone())).collect();
    let extra: Vec<String> =
        all.iter().filter(|p| !known.contains(&found(p))).map(|p| format!("{} {p}", p.kind)).collect();
    assert!(missing.is_empty() && extra.is_empty(), "missing:\n{}\nextra:\n{}", missing.join("\n"), extra.join("\n"));
    for problem in all {
        assert!(!problem.message.zh.is_empty(), "{problem}");
        assert_eq!(problem.severity == Severity::Warning, !problem.treatment.en.is_empty(), "{problem}");
        assert!(problem.line(Lang::Zh).contains(&problem.treatment.zh));
    }
}

const SALES: &str = "\
@unused_columns!@month,region,product,units,revenue,stockout_days,availability,colour
2024-01,east,A1,10,100,,,
2024-01,west,A1,10,100,,,
2024-02,east,A1,12,120,,,
@bad_month@2024-13,east,A1,1,1,,,
@bad_month@0000-01,east,A1,1,1,,,
@bad_month@9999-12,east,A1,1,1,,,
@bad_month@Feb the 2nd,east,A1,1,1,,,
@empty_cell@,east,A1,1,1,,,
2024-03,east,A1,@bad_number=twelve@twelve,1,,,
2024-03,east,A1,@bad_number@nan,1,,,
2024-03,east,A1,@bad_number@inf,1,,,
2024-03,east,A1,@bad_number@1e400,1,,,
2024-03,east,A1,@bad_number=percent@5%,1,,,
2024-03,east,A1,@no_units@,1,,,
2024-03,east,A1,@bad_number@#N/A,1,,,
2023-12,east,A1,3,@bad_number@x,,,
2024-03,@unknown_region='east'@esat,A1,1,1,,,
2024-03,@sales_of_parent@all,A1,1,1,,,
2024-03,east,@unknown_product='A1'@A11,1,1,,,
2024-03,east,@control_character@A\u{0}1,1,1,,,
2024-03,@empty_cell@,A1,1,1,,,
2024-03,east,@cell_error@#REF!,1,1,,,
2024-03,east,@long_name@LONG,1,1,,,
2024-03,east,A1,1,1,,,,@too_many_cells=234@234
2024-02,west,A1,5,50,@bad_stockout_days@40,,
2024-02,west,A2,5,50,@bad_stockout_days@-1,,
2024-06,west,A1,5,50,,@bad_availability@1.3,
2024-06,west,A2,5,50,,@bad_availability@-0.1,
@sold_without_stock!@2024-04,west,A1,5,50,,0,
@sold_without_stock!@2024-04,west,A2,5,50,30,,
2024-05,west,A1,5,50,,,
@identical_rows!=sales/1.csv:32@2024-05,west,A1,5,50,,,
2024-05,west,A2,5,50,,,red
@added_up!='colour'@2024-05,west,A2,5,50,,,blue
@returns!@2024-05,east,A1,-7,-70,,,
@total_rows@@total_differs=999@2024-05,合计,A1,999,50,,,
2024-01,east,P1,3,30,,,
2024-06,east,A2,4,40,,,
2024-06,east,\"A1\",4,@bad_number@\"4,0x\",,,
";

const PRODUCTS: &str = "\
product,name,category,kind,price,cost,launch,retire,replaces,like,term_months,supplier,lead_time_days,moq,pack,service_level,region
A1,Stove,stove,goods,100,60,,,,,,,,,,,
A2,Stove two,stove,goods,@negative@-1,@negative@-2,,,,,,,@negative@-3,@negative@-4,@negative@-5,@bad_service_level@1.5,
P1,Policy,policy,policy,10,,,,,,@negative@-12,,,,,@bad_service_level@0,
X1,,stove,@bad_word=goods@gooods,,,2024-05,@retired_before_launch@2024-03,@itself@X1,,,,,,,,
X2,,stove,,@bad_number@cheap,,@bad_month@someday,@bad_month@2024-00,@unknown_product='A1'@AA1,@itself@X2,,,,,,,
@listed_twice@A1,,,,,,,,,,,,,,,,
X3,,stove,,,,,,@other_group@P1,,,,,,,,@unknown_region='east'@eest
";

const REGIONS: &str = "\
region,name,parent
all,,
east,Osten,all
west,,all
@listed_twice@east,,all
@region_cycle@a,,b
b,,c
c,,a
@region_cycle@d,,d
";

const TARGETS: &str = "\
year,stage,region,month,product,units,revenue,min,max,lock
2024,marketing,,,stove,1000,,,,
@bad_year@0,marketing,,,stove,1,,,,
2025,marketing,@unknown_region='west'@wets,,stove,1,,,,
2025,marketing,,,@unknown_product='Stove'@stoves,1,,,,
2025,marketing,east,,stove,@empty_target@,,,,
2025,marketing,east,,stove,5,,9,@bounds@4,
2025,marketing,east,@other_year@2023-03,stove,5,,,,
2025,marketing,east,@bad_month@13月,stove,5,,,,
2025,marketing,east,,stove,@negative@-5,,,,
2025,marketing,west,,stove,5,,,,@bad_yes@perhaps
2025,@unknown_stage='marketing'@marketin,west,,stove,5,,,,
@listed_twice=targets.csv:2@2024,marketing,,,stove,1100,,,,
@mixed_measures=targets.csv:2@2024,marketing,west,,stove,,500,,,
";

const FACTORS: &str = "\
region,product,from,to,reason,effect,known
east,stove,2024-01,2024-02,weather,-0.2,
east,stove,2024-05,@ends_before@2024-04,weather,-0.2,
east,stove,2024-01,2024-02,weather,@bad_effect@-150%,
east,stove,2024-01,2024-02,other,@effect_needed@,
east,stove,2024-01,2024-02,@unknown_reason='weather'@wether,-0.2,
east,stove,@empty_cell@,2024-02,weather,-0.2,
east,stove,2024-01,2024-02,weather,@bad_number@lots,@bad_month@soon
@identical_rows!=factors.csv:2@east,stove,2024-01,2024-02,weather,-0.2,
";

const GROWTH: &str = "\
region,product,year,growth,lock,reason,by
east,,2025,11%,,promotion,Li
@listed_twice=growth.csv:2@east,,2025,12%,,promotion,Li
west,,2025,@bad_growth@-120%,,promotion,Li
west,,2025,@empty_cell@,,@unknown_reason='promotion'@promotoin,Li
";

const CHANNEL: &str = "\
@unused_columns!@month,region,product,tier,units,sell_out,shop
2024-05,east,stove,dealer,5,3,a
@added_up!='shop'@2024-05,east,stove,dealer,6,3,b
@identical_rows!=channel_stock.csv:3@2024-05,east,stove,dealer,6,3,b
2024-06,east,stove,@bad_word=downstream@retial,6,,
2024-06,east,stove,dealer,@negative_stock@-6,@bad_number@many,
2024-06,@empty_cell@,stove,dealer,6,,
";

const FRONTLINE: &str = "\
made,month,region,product,units,by,reason
2024-06,2024-07,east,stove,@negative@-5,Li,promotion
2024-06,@past_month@2024-04,east,stove,5,Li,promotion
2024-06,2024-07,east,stove,5,@empty_cell@,@unknown_reason='cash'@csah
@bad_month@2024-06x,2024-07,@unknown_region='east'@esst,@unknown_product='A2'@A22,@bad_number@--5x,Li,promotion
";

const OVERRIDES: &str = "\
made,month,region,product,units,by,reason,lock
2024-06,2024-07,east,stove,@negative@-5,Li,promotion,
2024-06,@past_month@2024-05,east,stove,5,Li,promotion,@bad_yes@perhaps
";

const PROGRESS: &str = "\
as_of,region,product,units
@day_needed@2024-07,east,stove,3
2024-07-03,@empty_cell@,stove,3
2024-07-03,west,stove,@returns@-3
@bad_month@2024-06-31,west,stove,3
";

const STOCK: &str = "\
location,region,product,on_hand,as_of,on_order,due,backorders
@empty_cell@,east,A1,5,2024-06-30,,,
W1,@unknown_region='west'@wst,A1,5,2024-06-30,,,
W1,west,@unknown_product@Z9,5,2024-06-30,@negative@-2,,@negative@-3
W1,west,A1,@negative_stock@-5,2024-06-30,7,@overdue@2024-06-01,
";

const PRICES: &str = "\
month,region,product,price,discount
2024-08,east,A1,@negative@-5,
2024-08,east,A1,@empty_cell@,@bad_number@x
";

const ALIASES: &str = "\
kind,old,new,from
product,O1,A1,2024-01
@bad_word=region@produkt,O2,A1,2024-01
product,O3,@alias_of_itself@O3,2024-01
product,@listed_twice@O1,A2,2024-01
region,O4,east,@empty_cell@
";

const COMMUNITIES: &str = "\
community,region,households,handover,contract
C1,east,100,2024-01,2023-01
C2,east,@no_households@0,2024-01,
C3,@not_a_leaf@all,100,2024-01,
C4,@unknown_region='east'@aest,@negative@-4,@bad_month@2024-14,
C1,@two_regions@west,50,2024-03,
@identical_rows!=communities.csv:2@C1,east,100,2024-01,2023-01
";

const SIGNINGS: &str = "\
month,community,households
2024-01,C1,90
2024-02-03,C1,5
2024-02-17,C1,5
2024-03,C1,@too_many_signings=150@70
2024-03,@unknown_community='C1'@C11,7
2024-04,C2,@negative@-7
@identical_rows!=signings/1.csv:2@2024-01,C1,90
";

const COMMUNITY_SALES: &str = "\
month,community,product,units
2024-01,C1,A1,4
2024-02,C1,A1,@more_than_sold=12@400
2019-01,C1,A1,1
2024-01,@unknown_community@Q7,A1,1
@identical_rows!=community_sales.csv:2@2024-01,C1,A1,4
";

const POLICIES: &str = "\
sold,product,units,region,expires
2024-01,P1,1,east,2025-01
2024-01,@not_a_policy@A1,1,east,
2024-01,P1,1,east,@ends_before@2023-01
2024-01,P1,@more_than_sold=3@9,east,
";

const LEADS: &str = "\
community,month,product,intent,called,outcome,reason
C1,2024-02,A1,,@ends_before@2024-01,bought,
C1,2024-02,A1,,,@empty_cell@,
@unknown_community='C2'@CC2,2024-02,A1,,,bought,
";

const COMMISSIONS: &str = "\
scheme,from,party,rate
A,2024-01,shop,@bad_rate@140%
A,2024-01,@empty_cell@,@empty_cell@
";

const TOTALS: &str = "\
period,region,measure,value,growth
2024,@unknown_region='west'@wext,units,@bad_number@x,@bad_number@y
";

const CALENDAR: &str = "\
month,working_days,festival,weight
2024-02,@bad_days@50,,@negative@-1
@listed_twice@2024-02,15,,
";

const SETTINGS: &str = "\
[fiscal]
start = @bad_setting@13
[targets]
stages = [\"marketing\"]
[demand]
@unknown_setting='overlap'@overlp = 0.5
[columns]
\"东西\" = @unknown_column='product'@\"produkt\"
[reasons]
luck = @bad_setting@\"maybe\"
[@unknown_setting='sales'@sale]
x = 1
";

#[test]
fn one_run_names_every_mistake_at_its_file_line_and_column() {
    let folder = tempfile::tempdir().unwrap();
    let mut expected = Vec::new();
    let tables = [
        ("sales/1.csv", SALES),
        ("products.csv", PRODUCTS),
        ("regions.csv", REGIONS),
        ("targets.csv", TARGETS),
        ("factors.csv", FACTORS),
        ("growth.csv", GROWTH),
        ("channel_stock.csv", CHANNEL),
        ("frontline.csv", FRONTLINE),
        ("overrides.csv", OVERRIDES),
        ("progress.csv", PROGRESS),
        ("stock.csv", STOCK),
        ("plan_prices.csv", PRICES),
        ("aliases.csv", ALIASES),
        ("communities.csv", COMMUNITIES),
        ("signings/1.csv", SIGNINGS),
        ("community_sales.csv", COMMUNITY_SALES),
        ("policies/1.csv", POLICIES),
        ("leads/1.csv", LEADS),
        ("commissions/1.csv", COMMISSIONS),
        ("totals/1.csv", TOTALS),
        ("calendar.csv", CALENDAR),
        ("yugu.toml", SETTINGS),
        // Files of which nothing can be read.
        ("sales/2.csv", "@missing_column!='month'@mnth,region,product,units\n2024-01,east,A1,1\n"),
        ("signings/2.csv", "month,community,@duplicate_column@Community,households\n2024-01,C1,C1,1\n"),
        ("policies/2.csv", "sold,product,units\n2024-01,@unclosed_quote@\"P1,1\n2024-02,P1,1\n"),
        ("leads/2.csv", "@missing_column!='outcome'@community,month\nC1,2024-01\n"),
        ("commissions/2.csv", "@full_width_commas!@方案，开始，部门，比例\nA，2024-01，店，10%\n"),
    ];
    for (file, text) in tables {
        let text = text.replace("LONG", &"长".repeat(201));
        let (text, expects) = marked(file, &text);
        write(folder.path(), file, &text);
        expected.extend(expects);
    }
    // A breakdown of a month without sales is told at its number.
    expected.push(("community_sales.csv".into(), 4, 15, "no_sales_then".into(), "2019-01".into()));
    // Files that cannot be read at all.
    let whole = |file: &str, line: u32, kind: &str| (file.to_string(), line, 0, kind.to_string(), String::new());
    fs::write(folder.path().join("totals/2.parquet"), b"PAR1....PAR1").unwrap();
    expected.push(whole("totals/2.parquet", 0, "unreadable"));
    fs::write(folder.path().join("totals/3.xlsx"), b"PK\x03\x04 and then nothing").unwrap();
    expected.push(whole("totals/3.xlsx", 0, "unreadable"));
    fs::write(folder.path().join("totals/4.csv"), b"PK\x03\x04....").unwrap();
    expected.push(whole("totals/4.csv", 0, "wrong_format"));
    fs::write(folder.path().join("totals/5.csv"), b"period,measure,value\n2024,units,\xff\xff\n").unwrap();
    expected.push(whole("totals/5.csv", 2, "bad_encoding"));
    fs::write(folder.path().join("totals/6.csv.gz"), b"\x1f\x8bxx").unwrap();
    expected.push(whole("totals/6.csv.gz", 0, "unreadable"));
    fs::write(folder.path().join("slaes.csv"), b"").unwrap();
    expected.push(whole("slaes.csv", 0, "unknown_file"));
    fs::write(folder.path().join("totals/7.ods"), b"").unwrap();
    expected.push(whole("totals/7.ods", 0, "unreadable"));
    expected.push(whole("sales/1.csv", 25, "gaps"));
    let before = listing(folder.path());
    let problems = run(folder.path()).unwrap_err();
    compare(&problems, &expected);
    assert!(problems.any_error());
    assert_eq!(before, listing(folder.path()), "nothing is written");
}

/// Every file below a folder with its bytes.
fn listing(folder: &Path) -> BTreeSet<(std::path::PathBuf, Vec<u8>)> {
    let mut out = BTreeSet::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            out.extend(listing(&path));
        } else {
            out.insert((path.clone(), fs::read(path).unwrap()));
        }
    }
    out
}

/// A folder with nothing wrong.
fn sound() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let mut sales = String::from("month,region,product,units\n");
    for month in 1..=18 {
        for (region, units) in [("east", 20 + month), ("west", 10 + month)] {
            sales += &format!("{}-{:02},{region},A1,{units}\n", 2023 + (month - 1) / 12, (month - 1) % 12 + 1);
        }
    }
    write(folder.path(), "sales.csv", &sales);
    folder
}

#[test]
fn one_table_in_two_files_is_named_with_both() {
    let folder = sound();
    let mut book = rust_xlsxwriter::Workbook::new();
    book.add_worksheet().write_string(0, 0, "month").unwrap();
    book.save(folder.path().join("sales.xlsx")).unwrap();
    let problems = run(folder.path()).unwrap_err();
    let all = problems.sorted();
    assert!(all.iter().any(|p| p.to_string().contains("both in sales.csv and in sales.xlsx")), "{all:?}");
}

#[test]
fn a_worksheet_is_told_by_row_and_cell() {
    let folder = tempfile::tempdir().unwrap();
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    for (c, name) in ["month", "region", "product", "units"].into_iter().enumerate() {
        sheet.write_string(2, c as u16, name).unwrap();
        sheet.write_string(6, c as u16, name).unwrap();
    }
    book.save(folder.path().join("sales.xlsx")).unwrap();
    let problems = run(folder.path()).unwrap_err();
    let found: Vec<String> = problems.sorted().iter().map(|p| p.to_string()).collect();
    assert!(found[0].starts_with("sales.xlsx:7:1: 'month' is not a month"), "{found:?}");
    assert!(found[1].starts_with("sales.xlsx:7:4: 'units' is not a number"), "{found:?}");
}

#[test]
fn warnings_come_with_their_treatment_and_a_forecast() {
    let folder = sound();
    let mut sales = fs::OpenOptions::new().append(true).open(folder.path().join("sales.csv")).unwrap();
    sales.write_all("2023-02,west,B1,5\n2023-05,west,B1,-1\n2024-06,total,total,65\n".as_bytes()).unwrap();
    write(folder.path(), "stock.csv", "location,product,on_hand,on_order,due,shelf\nW,A1,-2,5,2024-01-01,x\n");
    let loaded = run(folder.path()).unwrap_or_else(|p| panic!("{:?}", p.sorted()));
    let outlook = Outlook::new(loaded.dataset, loaded.warnings).unwrap();
    let told: Vec<String> = outlook.warnings.sorted().iter().map(|p| p.to_string()).collect();
    let expected = [
        "sales.csv:38: 2 months without a row between the first and the last one of 1 region-products, the first after this \
         row; taken as months without sales; only where the region has no row at all, or a regular seller stops, the month \
         counts as expected and is an exception",
        "sales.csv:39: west B1 2023-05: returns exceed sales (-1); taken as 0",
        "sales.csv:40:1: the total row says 65, its parts add up to 66; total rows are left out",
        "sales.csv:40:1: 1 total rows, 1 of them differ from the sum of their parts; total rows are left out",
        "stock.csv:1: columns not used: shelf; left out",
        "stock.csv:2:6: -2 is negative; taken as 0 in stock, the rest as owed",
        "stock.csv:2:11: an order due 2024-01-01 has not come; counted as due now",
    ];
    assert_eq!(told, expected, "{told:#?}");
    assert!(outlook.point.units.sum() > 0.0);
}

#[test]
fn regions_chained_by_mistake_are_an_error_and_no_deep_recursion() {
    let folder = sound();
    let chain: String = (0..20_000).map(|i| format!("r{i},r{}\n", i + 1)).collect();
    write(folder.path(), "regions.csv", &format!("region,parent\neast,r0\nwest,r0\n{chain}"));
    write(folder.path(), "targets.csv", "year,region,units\n2024,,500\n");
    let problems = run(folder.path()).unwrap_err();
    let told: Vec<String> = problems.sorted().iter().map(|p| p.to_string()).collect();
    assert!(told[0].starts_with("regions.csv:2:1: region 'east' has 64 levels or more above it"), "{told:?}");
}

#[test]
fn locks_that_leave_no_room_and_overrides_that_contradict_stop_the_run() {
    let folder = sound();
    write(folder.path(), "targets.csv", "year,region,units,lock\n2024,,500,\n2024,east,400,yes\n2024,west,300,yes\n");
    let loaded = run(folder.path()).unwrap();
    let problems = Outlook::new(loaded.dataset, loaded.warnings).unwrap_err();
    assert!(
        problems.sorted().iter().any(|p| p.severity == Severity::Error && p.to_string().contains("700")),
        "{problems:?}"
    );
}
