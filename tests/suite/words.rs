//! What is printed, in the words of those who read it.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use tempfile::TempDir;
use yugu::explain::explain;
use yugu::messages::Lang;
use yugu::month::Month;
use yugu::report::{View, exceptions};

use super::common::issued::plan;
use super::common::program::{out, yugu};

/// Two and a half years of two branches below a region; products A and B of one group, A with a New Year month.
fn branches(dir: &Path) {
    let mut sales = "month,region,product,units\n".to_string();
    let first = Month::new(2021, 7).unwrap();
    for t in 0..30 {
        for (r, region) in ["HZ", "NB"].iter().enumerate() {
            for (p, product) in ["A", "B"].iter().enumerate() {
                let usual = 100.0 * (1 + r + p) as f64 * (1.0 + 0.1 * (f64::from(t) * 0.9 + r as f64).sin());
                writeln!(sales, "{},{region},{product},{}", first.plus(t), usual.round()).unwrap();
            }
        }
    }
    fs::write(dir.join("sales.csv"), sales).unwrap();
    fs::write(dir.join("regions.csv"), "region,parent\nZJ,\nHZ,ZJ\nNB,ZJ\n").unwrap();
}

fn folder() -> TempDir {
    let dir = tempfile::tempdir().unwrap();
    branches(dir.path());
    dir
}

const CLOSE: (i32, u32, u32) = (2023, 12, 31);

/// The numbers of a sentence `In short: a x + b y - c z = d ...`, and d.
fn parts(sentence: &str) -> (f64, f64) {
    let (left, right) = sentence.strip_prefix("In short: ").unwrap().split_once(" = ").unwrap();
    let mut words = left.split(' ');
    let mut sum: f64 = words.next().unwrap().parse().unwrap();
    while let Some(word) = words.next() {
        let sign = match word {
            "+" => 1.0,
            "-" => -1.0,
            _ => continue,
        };
        if let Some(Ok(x)) = words.next().map(str::parse::<f64>) {
            sum += sign * x;
        }
    }
    (sum, right.split([';', ' ']).next().unwrap().parse().unwrap())
}

#[test]
fn an_explanation_begins_with_a_sentence_that_adds_up() {
    let dir = folder();
    fs::write(
        dir.path().join("frontline.csv"),
        "made,month,region,product,units,by,reason\n2023-12-31,2024-01,HZ,A,190,Li,weather\n",
    )
    .unwrap();
    fs::write(
        dir.path().join("factors.csv"),
        "region,product,from,to,reason,effect,known\nHZ,,2023-01,2023-01,weather,-20%,\nHZ,A,2024-01,2024-01,promotion,30%,2023-12-01\n",
    )
    .unwrap();
    for method in ["fitted", "plain"] {
        fs::write(dir.path().join("yugu.toml"), format!("method = \"{method}\"\n")).unwrap();
        let outlook = plan(dir.path(), CLOSE);
        for (region, product) in [("HZ", "A"), ("HZ", ""), ("ZJ", "A"), ("", ""), ("NB", "B")] {
            for month in [Month::new(2024, 1).unwrap(), Month::new(2024, 2).unwrap(), Month::new(2024, 6).unwrap()] {
                let found = explain(&outlook, region, product, month).unwrap();
                let (sum, printed) = parts(&found.short.en);
                assert!((sum - printed).abs() < 1e-6, "{}", found.short.en);
                assert!((printed - found.whole).abs() < 0.0051, "{} {}", found.whole, found.short.en);
            }
        }
        let told = explain(&outlook, "HZ", "A", Month::new(2024, 1).unwrap()).unwrap();
        assert!(told.short.en.contains("sold in 2023-01"), "{}", told.short.en);
        for part in ["events of then taken out", "planned events", "front line"] {
            assert!(told.short.en.contains(part), "{method}: {}", told.short.en);
        }
        let beyond = explain(&outlook, "HZ", "A", Month::new(2024, 6).unwrap()).unwrap();
        assert!(!beyond.short.en.contains("front line"), "{}", beyond.short.en);
    }
}

#[test]
fn a_target_out_of_reach_is_one_problem_however_many_rows_it_has() {
    let dir = folder();
    fs::write(dir.path().join("targets.csv"), "year,units\n2024,30000\n").unwrap();
    let outlook = plan(dir.path(), CLOSE);
    let view = View::new(&outlook, Lang::En);
    let rows = exceptions::rows(&view).count();
    let (problems, lines) = exceptions::section(&view);
    assert!(rows >= 6, "the region and two branches, by year and month: {rows}");
    assert_eq!((problems, lines.len()), (1, 1), "{lines:?}");
    let line = &lines[0].en;
    assert!(
        line.contains(&format!("({} more rows of it; ", rows - 1)) && line.contains("NB") && line.contains("HZ"),
        "{line}"
    );
}

#[test]
fn a_chinese_page_has_chinese_reasons_and_words() {
    let dir = folder();
    fs::write(
        dir.path().join("factors.csv"),
        "region,product,from,to,reason,effect\nHZ,,2023-01,2023-02,weather,-20%\n",
    )
    .unwrap();
    fs::write(dir.path().join("products.csv"), "product,retire,launch\nA,,\nB,2024-01,\nN,,2025-01-01\n").unwrap();
    // An override that another run's planner made.
    fs::write(
        dir.path().join("overrides.csv"),
        "made,month,region,product,units,by,reason\n2023-11-30,2024-01,HZ,A,90,Lin,promotion\n",
    )
    .unwrap();
    fs::write(dir.path().join("yugu.toml"), "method = \"plain\"\n[calendar]\nfestival = \"none\"\n").unwrap();
    let folder = dir.path().to_str().unwrap();
    let page = out(&yugu(&["plan", folder, "--as-of", "2023-12", "--lang", "zh", "--no-files"]).success());
    assert!(page.contains("（天气）") && !page.contains("weather"), "{page}");
    assert!(page.contains("即将退市，预估至最后一月：B") && !page.contains("不再预估：B"), "{page}");
    assert!(page.contains("没有为本次预估所填的行") && !page.contains("已有 `overrides`，但与本次无关"), "{page}");
    let check = out(&yugu(&["check", folder, "--as-of", "2023-12", "--lang", "zh"]).success());
    assert!(check.contains("2 个序列尚未上市") && check.contains("0 个序列久无销售"), "{check}");
}

#[test]
fn what_was_sold_on_a_deposit_is_paid_when_it_is_delivered() {
    let dir = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| fs::write(dir.path().join(name), text).unwrap();
    let mut sales = "month,region,product,units\n".to_string();
    (1..7).for_each(|m| writeln!(sales, "2024-0{m},C,ST,20").unwrap());
    write("sales.csv", &sales);
    write("products.csv", "product,kind,price\nST,goods,1000\n");
    write("communities.csv", "community,region,households,handover\nX,C,1000,2024-03\nY,C,500,2024-08\n");
    write("signings.csv", "month,community,households\n2024-04,X,100\n2024-05,X,90\n2024-06,X,80\n");
    let rows = "2024-04,X,ST,9,,\n2024-05,X,ST,5,300,2024-06\n2024-05,X,ST,4,200,2024-08\n2024-06,X,ST,6,250,2024-08\n\
                2024-06,X,ST,2,100,\n";
    write("community_sales.csv", &format!("month,community,product,units,deposit,delivered\n{rows}"));
    let folder = dir.path().to_str().unwrap();
    let page = out(&yugu(&["communities", folder, "--as-of", "2024-06", "--lang", "en"]).success());
    let at = page.find("Sold on a deposit").unwrap_or_else(|| panic!("{page}"));
    let lines: Vec<Vec<&str>> = page[at..].lines().skip(3).take(2).map(|l| l.split_whitespace().collect()).collect();
    // Delivered in June and paid whole: done. 4 x 800 + 6 x 750 in August, 2 x 900 some day.
    assert_eq!(lines[0], ["not", "known", "C", "2", "200", "1,800"], "{page}");
    assert_eq!(lines[1], ["2024-08", "C", "10", "2,300", "7,700"], "{page}");
    // A unit is not delivered before it is sold.
    write("community_sales.csv", "month,community,product,units,deposit,delivered\n2024-05,X,ST,5,300,2024-04\n");
    let refused = yugu(&["communities", folder, "--as-of", "2024-06", "--lang", "en"]).failure();
    assert!(super::common::program::err(&refused).contains("community_sales.csv:2:20"), "a delivery before the sale");
}
