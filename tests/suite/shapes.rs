//! One small company's sales in the shapes that people keep them in: the forecast is the same to the byte.

use std::io::Write as _;
use std::path::Path;

use crate::common::forms::*;
use chrono::{Datelike, NaiveDate};
use yugu::folder::{LoadError, load};
use yugu::messages::Lang;
use yugu::month::Month;
use yugu::outlook::Outlook;
use yugu::report::{View, forecast};

type Files = Vec<(String, Vec<u8>)>;

fn one(name: &str, bytes: impl Into<Vec<u8>>) -> Files {
    vec![(name.to_owned(), bytes.into())]
}

/// The bytes of `forecast.csv`; the language of the headers plays no part.
fn forecast_of(name: &str, files: &Files, settings: &str) -> String {
    let mut files = files.clone();
    files.push(("yugu.toml".to_owned(), format!("[calendar]\nfestival = \"none\"\n{settings}").into_bytes()));
    let folder = folder(&files);
    let loaded = match load(folder.path(), None, NaiveDate::from_ymd_opt(2030, 1, 1).unwrap()) {
        Ok(loaded) => loaded,
        Err(LoadError::Data(problems)) => panic!("{name}: {:#?}", problems.sorted()),
        Err(LoadError::Unreadable(text)) => panic!("{name}: {}", text.en),
    };
    let outlook = Outlook::new(loaded.dataset, loaded.warnings).unwrap();
    String::from_utf8(forecast::table(&View::new(&outlook, Lang::En)).csv()).unwrap()
}

fn cells(text: &str) -> Vec<Vec<String>> {
    text.lines().map(|line| line.split(',').map(str::to_owned).collect()).collect()
}

/// Units as numbers of a workbook.
fn typed(mut lines: Vec<Vec<String>>) -> Vec<Vec<String>> {
    for line in lines.iter_mut().skip(1) {
        let last = line.len() - 1;
        line[last] = format!("={}", line[last]);
    }
    lines
}

fn serial(y: i32, m: u32, epoch: NaiveDate) -> i64 {
    (NaiveDate::from_ymd_opt(y, m, 1).unwrap() - epoch).num_days()
}

fn book(sheets: Vec<Worksheet>) -> Files {
    one("sales.xlsx", workbook(&sheets, false))
}

fn of_year(rows: &[Row], year: i32) -> Vec<Row> {
    rows.iter().filter(|r| r.0 == year).cloned().collect()
}

fn of_region(rows: &[Row], region: &str) -> Vec<Row> {
    rows.iter().filter(|r| r.2 == region).cloned().collect()
}

/// Without the region.
fn without_region(rows: &[Row]) -> String {
    let mut out = "month,product,units\n".to_owned();
    rows.iter().for_each(|(y, m, _, product, units)| out += &format!("{},{product},{units}\n", iso(*y, *m)));
    out
}

/// With sums of each month behind its rows.
fn with_totals(rows: &[Row], total: impl Fn(&str, i64) -> String) -> String {
    let mut out = format!("{HEADER}\n");
    for (y, m) in months(rows) {
        let mut all = 0;
        for (region, product) in keys(rows) {
            let units = units(rows, y, m, &region, &product).unwrap();
            all += units;
            out += &format!("{},{region},{product},{units}\n", iso(y, m));
        }
        out += &total(&iso(y, m), all);
    }
    out
}

fn shapes() -> Vec<(&'static str, Files, &'static str)> {
    let rows = rows();
    let gb = |text: &str| encoding_rs::GB18030.encode(text).0.into_owned();
    let big5 = |text: &str| encoding_rs::BIG5.encode(text).0.into_owned();
    let utf16 = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
    let month = |format: fn(i32, u32) -> String| text(HEADER, ',', &rows, format);
    let names = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    let chinese = |header: &str| text(header, ',', &rows, |y, m| format!("{y}年{m}月"));
    let marked = |point: char, sep: char| {
        let grouped = |n: i64| if n < 1000 { n.to_string() } else { format!("{}{point}{:03}", n / 1000, n % 1000) };
        let quote = |n: String| if sep == point { format!("\"{n}\"") } else { n };
        let mut out = HEADER.replace(',', &sep.to_string()) + "\n";
        for (y, m, region, product, units) in &rows {
            out += &format!("{}{sep}{region}{sep}{product}{sep}{}\n", iso(*y, *m), quote(grouped(*units)));
        }
        out
    };
    let numbers = |lines: Vec<Vec<String>>| -> Vec<Vec<String>> {
        let number = |cell: String| {
            if cell.len() > 2 && cell.bytes().all(|b| b.is_ascii_digit()) { format!("={cell}") } else { cell }
        };
        let line = |(r, line): (usize, Vec<String>)| -> Vec<String> {
            line.into_iter().enumerate().map(|(c, cell)| if r > 0 && c > 1 { number(cell) } else { cell }).collect()
        };
        lines.into_iter().enumerate().map(line).collect()
    };
    let mut out: Vec<(&'static str, Files, &'static str)> = vec![
        ("semicolons", one("sales.csv", text(HEADER, ';', &rows, iso)), ""),
        ("tabs", one("sales.tsv", text(HEADER, '\t', &rows, iso)), ""),
        ("bars in a .txt", one("sales.txt", text(HEADER, '|', &rows, iso)), ""),
        ("sep=;", one("sales.csv", format!("sep=;\r\n{}", text(HEADER, ';', &rows, iso))), ""),
        ("UTF-8 with a mark", one("sales.csv", format!("\u{feff}{}", plain())), ""),
        ("UTF-16 with a mark", one("sales.csv", utf16(&format!("\u{feff}{}", plain()))), ""),
        ("UTF-16 without one", one("sales.csv", utf16(&plain())), ""),
        ("GBK", one("sales.csv", gb(&chinese("月份,区域,产品,销量"))), ""),
        ("Big5", one("sales.csv", big5(&text("月份,區域,產品,銷量", ',', &rows, iso))), ""),
        ("gzip", one("sales.csv.gz", packed(&plain())), ""),
        ("text named .xls", one("sales.xls", text(HEADER, '\t', &rows, iso)), ""),
        ("months as 202101", one("sales.csv", month(|y, m| format!("{y}{m:02}"))), ""),
        ("months as 202101.0", one("sales.csv", month(|y, m| format!("{y}{m:02}.0"))), ""),
        (
            "months as 2021.01, zeros lost",
            one("sales.csv", month(|y, m| format!("{y}.{m:02}").trim_end_matches('0').to_owned())),
            "",
        ),
        ("months as 2021.1 and 2021.10", one("sales.csv", month(|y, m| format!("{y}.{m}"))), ""),
        ("months as 21年1月", one("sales.csv", month(|y, m| format!("{}年{m}月", y % 100))), ""),
        ("months as days of the month", one("sales.csv", month(|y, m| format!("{y}-{m:02}-15"))), ""),
        (
            "months as their last days",
            one("sales.csv", month(|y, m| Month::new(y, m).unwrap().last_day().format("%Y/%-m/%-d").to_string())),
            "",
        ),
        (
            "months as last Fridays",
            one(
                "sales.csv",
                month(|y, m| {
                    let mut day = Month::new(y, m).unwrap().last_day();
                    while day.weekday() != chrono::Weekday::Fri {
                        day = day.pred_opt().unwrap();
                    }
                    day.to_string()
                }),
            ),
            "",
        ),
        (
            "serial days in a text",
            one("sales.csv", month(|y, m| serial(y, m, NaiveDate::from_ymd_opt(1899, 12, 30).unwrap()).to_string())),
            "",
        ),
        ("thousands by points", one("sales.csv", marked('.', ';')), ""),
        ("thousands by commas", one("sales.csv", marked(',', ',')), ""),
        (
            "decimal commas",
            one(
                "sales.csv",
                text(HEADER, ';', &rows, iso)
                    .lines()
                    .map(|l| if l.starts_with("20") { format!("{l},0\n") } else { format!("{l}\n") })
                    .collect::<String>(),
            ),
            "",
        ),
        ("units in the header", one("sales.csv", text("month,region,product,units (pcs)", ',', &rows, iso)), ""),
        (
            "a unit and a title",
            one("sales.csv", format!("销售明细表（单位：台）,,,\n,,,\n{}", chinese("月份,大区,型号,销量（台）"))),
            "",
        ),
        (
            "titles above, notes below",
            one(
                "sales.csv",
                format!("Sales by region\nas of 2023-07-03\n\n{}source: the ledger\nmade by Li,,,\n", plain()),
            ),
            "",
        ),
        (
            "other columns in another order",
            one("sales.csv", {
                let mut out = "no,units,product,region,month,remark\n".to_owned();
                for (n, (y, m, region, product, units)) in rows.iter().enumerate() {
                    out += &format!("{n},{units},{product},{region},{},x{n}\n", iso(*y, *m));
                }
                out
            }),
            "",
        ),
        (
            "years and months apart",
            one("sales.csv", {
                let mut out = "year,month,region,product,units\n".to_owned();
                rows.iter().for_each(|(y, m, r, p, u)| out += &format!("{y},{m},{r},{p},{u}\n"));
                out
            }),
            "",
        ),
        (
            "totals by name",
            one("sales.csv", with_totals(&rows, |month, all| format!("{month},Grand Total,All,{all}\n"))),
            "",
        ),
        (
            "totals without the rest",
            one("sales.csv", with_totals(&rows, |month, all| format!("{month} 合计,,,{all}\n"))),
            "",
        ),
        ("a region that is the sum", one("sales.csv", with_region_total(&rows, "Country")), ""),
        (
            "names in several spellings",
            one("sales.csv", {
                let mut out = format!("{HEADER}\n");
                for (n, (y, m, region, product, units)) in rows.iter().enumerate() {
                    let region = match (n / 6) % 4 {
                        0 | 1 => region.clone(),
                        2 => region.to_uppercase(),
                        _ => format!("{region}\u{a0}"),
                    };
                    out += &format!("{},{region},{product},{units}\n", iso(*y, *m));
                }
                out
            }),
            "",
        ),
        (
            "codes that lost their zeros",
            one("sales.csv", {
                let mut out = format!("{HEADER}\n");
                for (n, (y, m, region, product, units)) in rows.iter().enumerate() {
                    let product = if n < 100 { product } else { product.trim_start_matches('0') };
                    out += &format!("{},{region},{product},{units}\n", iso(*y, *m));
                }
                out
            }),
            "",
        ),
        (
            "codes that changed",
            vec![
                (
                    "sales.csv".to_owned(),
                    rows.iter()
                        .fold(format!("{HEADER}\n"), |out, (y, m, r, p, u)| {
                            let p = if *y < 2022 && p == "0020" { "OLD" } else { p };
                            out + &format!("{},{r},{p},{u}\n", iso(*y, *m))
                        })
                        .into_bytes(),
                ),
                ("aliases.csv".to_owned(), b"kind,old,new,from\nproduct,OLD,0020,2022-01\n".to_vec()),
            ],
            "",
        ),
        (
            "codes that changed places",
            vec![
                (
                    "sales.csv".to_owned(),
                    rows.iter()
                        .fold(format!("{HEADER}\n"), |out, (y, m, r, p, u)| {
                            let p = match (*y < 2022, p.as_str()) {
                                (true, "0010") => "0020",
                                (true, "0020") => "0010",
                                (_, p) => p,
                            };
                            out + &format!("{},{r},{p},{u}\n", iso(*y, *m))
                        })
                        .into_bytes(),
                ),
                (
                    "aliases.csv".to_owned(),
                    b"kind,old,new,from\nproduct,0010,0020,2022-01\nproduct,0020,0010,2022-01\n".to_vec(),
                ),
            ],
            "",
        ),
        (
            "a file for each year",
            vec![2021, 2022, 2023]
                .into_iter()
                .map(|y| (format!("sales/{y}.csv"), text(HEADER, ',', &of_year(&rows, y), iso).into_bytes()))
                .collect(),
            "",
        ),
        (
            "a file for each region",
            ["Nord", "Sud"]
                .into_iter()
                .map(|r| (format!("sales/{r}.csv"), without_region(&of_region(&rows, r)).into_bytes()))
                .collect(),
            "",
        ),
        (
            "exports that overlap",
            vec![
                (
                    "sales/2023-03.csv".to_owned(),
                    text(
                        HEADER,
                        ',',
                        &rows
                            .iter()
                            .filter(|r| (r.0, r.1) <= (2023, 3))
                            .map(|r| {
                                if r.1 == 3 && r.0 == 2023 {
                                    (r.0, r.1, r.2.clone(), r.3.clone(), r.4 + 7)
                                } else {
                                    r.clone()
                                }
                            })
                            .collect::<Vec<Row>>(),
                        iso,
                    )
                    .into_bytes(),
                ),
                (
                    "sales/2023-06.csv".to_owned(),
                    text(
                        HEADER,
                        ',',
                        &rows.iter().filter(|r| (r.0, r.1) >= (2023, 1)).cloned().collect::<Vec<Row>>(),
                        iso,
                    )
                    .into_bytes(),
                ),
            ],
            "[sales]\noverlap = \"later file\"\n",
        ),
        ("months across", one("sales.csv", csv(&pivot(&rows, "region,product", iso))), ""),
        (
            "months across in Chinese",
            one("sales.csv", csv(&pivot(&rows, "大区,型号", |y, m| format!("{y}年{m}月")))),
            "",
        ),
        (
            "months across in English",
            one("sales.csv", csv(&pivot(&rows, "region,product", |y, m| format!("{} {y}", names[m as usize - 1])))),
            "",
        ),
        (
            "months across under their years",
            one("sales.csv", {
                let lines = pivot(&rows, "region,product", |_, m| format!("{m}月"));
                let years: Vec<String> =
                    months(&rows).iter().map(|(y, m)| if *m == 1 { format!("{y}年") } else { String::new() }).collect();
                format!("各区域销量,,\n,,{}\n{}", years.join(","), csv(&lines))
            }),
            "",
        ),
        (
            "months across with what they count",
            one("sales.csv", csv(&pivot(&rows, "region,product", |y, m| format!("{y}-{m:02} units")))),
            "",
        ),
        (
            "months across with sums",
            one("sales.csv", {
                let mut lines = pivot(&rows, "region,product", iso);
                lines[0].push("Total".to_owned());
                let sum =
                    |line: &[String]| line[2..].iter().map(|x| x.parse::<i64>().unwrap()).sum::<i64>().to_string();
                for line in &mut lines[1..] {
                    line.push(sum(line));
                }
                let mut last = vec!["Total".to_owned(), String::new()];
                last.extend(
                    (2..lines[1].len())
                        .map(|c| lines[1..].iter().map(|l| l[c].parse::<i64>().unwrap()).sum::<i64>().to_string()),
                );
                lines.push(last);
                csv(&lines)
            }),
            "",
        ),
        ("a workbook", book(vec![Worksheet::new("Sheet1", typed(cells(&plain())))]), ""),
        ("a workbook of texts", book(vec![Worksheet::new("Sheet1", cells(&plain()))]), ""),
        (
            "a workbook from 1904",
            one(
                "sales.xlsx",
                workbook(
                    &[Worksheet::new("Sheet1", {
                        let epoch = NaiveDate::from_ymd_opt(1904, 1, 1).unwrap();
                        typed(cells(&text(HEADER, ',', &rows, |y, m| format!("={}", serial(y, m, epoch)))))
                    })],
                    true,
                ),
            ),
            "",
        ),
        (
            "codes as numbers with zeros",
            book(vec![Worksheet::new("Sheet1", {
                let mut lines = typed(cells(&plain()));
                lines.iter_mut().skip(1).for_each(|line| line[2] = format!("#{}", line[2].trim_start_matches('0')));
                lines
            })]),
            "",
        ),
        (
            "a sheet for each year",
            book(
                [2021, 2022, 2023]
                    .map(|y| Worksheet::new(&y.to_string(), cells(&text(HEADER, ',', &of_year(&rows, y), iso))))
                    .into(),
            ),
            "",
        ),
        (
            "a sheet for each region",
            book(["Nord", "Sud"].map(|r| Worksheet::new(r, cells(&without_region(&of_region(&rows, r))))).into()),
            "",
        ),
        (
            "months across, a sheet for each year",
            book(
                [2021, 2022, 2023]
                    .map(|y| {
                        Worksheet::new(
                            &format!("{y}年"),
                            pivot(&of_year(&rows, y), "大区,型号", |_, m| format!("{m}月")),
                        )
                    })
                    .into(),
            ),
            "",
        ),
        (
            "prose first, a hidden sheet",
            book(vec![
                Worksheet::new(
                    "说明",
                    vec![vec!["本表由系统导出，如有疑问请联系，谢谢".to_owned()], vec!["口径：出库".to_owned()]],
                ),
                Worksheet { state: "hidden", ..Worksheet::new("data", typed(cells(&plain()))) },
            ]),
            "",
        ),
        (
            "rows hidden by a filter",
            book(vec![Worksheet { hidden: (5..90).collect(), ..Worksheet::new("Sheet1", typed(cells(&plain()))) }]),
            "",
        ),
        (
            "merged cells",
            book(vec![{
                let mut lines = typed(cells(&plain()));
                let mut merged = Vec::new();
                for first in (1..lines.len()).step_by(3) {
                    (1..3).for_each(|n| lines[first + n][1] = String::new());
                    merged.push(format!("B{}:B{}", first + 1, first + 3));
                }
                for first in (1..lines.len()).step_by(6) {
                    (1..6).for_each(|n| lines[first + n][0] = String::new());
                    merged.push(format!("A{}:A{}", first + 1, first + 6));
                }
                Worksheet { merged, ..Worksheet::new("Sheet1", lines) }
            }]),
            "",
        ),
        (
            "a title over merged cells, months across",
            book(vec![{
                let mut lines = numbers(pivot(&rows, "region,product", iso));
                for first in [1, 4] {
                    (1..3).for_each(|n| lines[first + n][0] = String::new());
                }
                lines.insert(0, vec!["Sales".to_owned()]);
                let merged = ["A1:F1", "A3:A5", "A6:A8"].map(str::to_owned).into();
                Worksheet { merged, ..Worksheet::new("Sheet1", lines) }
            }]),
            "",
        ),
        ("an OpenDocument spreadsheet", one("sales.ods", ods(&typed(cells(&plain())))), ""),
        ("an old workbook", one("sales.xls", xls(&typed(cells(&plain())))), ""),
        ("a binary workbook", one("sales.xlsb", xlsb(&typed(cells(&plain())))), ""),
    ];
    // Orders: each month's units in parts on several days, the last day among them.
    let mut orders = "date,region,product,units,order\n".to_owned();
    for (n, (y, m, region, product, units)) in rows.iter().enumerate() {
        let last = Month::new(*y, *m).unwrap().days();
        for (k, day) in [1, 2, 3, 4, 5, 6, 7, 15, last].into_iter().enumerate() {
            let part = if k < 8 { units / 9 } else { units - 8 * (units / 9) };
            orders += &format!("{y}-{m:02}-{day:02},{region},{product},{part},{n}-{k}\n");
        }
    }
    out.push(("order lines", one("sales.csv", orders), ""));
    out
}

/// Rows of a region that is the sum of the others behind those of each month.
fn with_region_total(rows: &[Row], name: &str) -> String {
    let mut out = format!("{HEADER}\n");
    for (y, m) in months(rows) {
        let mut sums: Vec<(String, i64)> = Vec::new();
        for (region, product) in keys(rows) {
            let units = units(rows, y, m, &region, &product).unwrap();
            out += &format!("{},{region},{product},{units}\n", iso(y, m));
            match sums.iter_mut().find(|(p, _)| *p == product) {
                Some((_, sum)) => *sum += units,
                None => sums.push((product, units)),
            }
        }
        sums.iter().for_each(|(product, sum)| out += &format!("{},{name},{product},{sum}\n", iso(y, m)));
    }
    out
}

fn packed(text: &str) -> Vec<u8> {
    let mut out = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    out.write_all(text.as_bytes()).unwrap();
    out.finish().unwrap()
}

/// Writes each shape as a folder, which `tests/attack.py` damages.
fn keep(to: &Path, shapes: &[(&'static str, Files, &'static str)]) {
    for (name, files, settings) in shapes {
        for (file, bytes) in files.iter().chain([&("yugu.toml".to_owned(), settings.as_bytes().to_vec())]) {
            let path = to.join(name.replace(' ', "-")).join(file);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, bytes).unwrap();
        }
    }
}

#[test]
fn every_shape_gives_the_same_forecast_to_the_byte() {
    let expected = forecast_of("plain", &one("sales.csv", plain()), "");
    assert!(expected.lines().count() > 10, "{expected}");
    let shapes = shapes();
    assert!(shapes.len() >= 50, "{}", shapes.len());
    if let Some(to) = std::env::var_os("SHAPES_TO") {
        keep(Path::new(&to), &shapes);
    }
    let mut wrong = Vec::new();
    for (name, files, settings) in &shapes {
        let found = std::panic::catch_unwind(|| forecast_of(name, files, settings));
        match found {
            Ok(found) if found == expected => {}
            Ok(found) => {
                let line = found.lines().zip(expected.lines()).find(|(a, b)| a != b);
                wrong.push(format!("{name}: {line:?}"));
            }
            Err(_) => wrong.push(format!("{name}: refused")),
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Weeks that hold the units of these months exactly: 7 a day in a week of two months, the rest of a month in its whole
/// weeks. The first month begins with a week and the last one ends with one.
fn weekly(rows: &[Row]) -> Vec<(NaiveDate, String, String, i64)> {
    let (first, last) = (rows.first().unwrap(), rows.last().unwrap());
    let begin = Month::new(first.0, first.1).unwrap().first_day();
    let end = Month::new(last.0, last.1).unwrap().last_day();
    let weeks: Vec<NaiveDate> = begin.iter_days().step_by(7).take_while(|day| *day <= end).collect();
    assert_eq!(weeks[weeks.len() - 1] + chrono::Days::new(6), end);
    let month = |day: NaiveDate| (day.year(), day.month());
    let mut out = Vec::new();
    for (region, product) in keys(rows) {
        for (y, m) in months(rows) {
            let days = begin.iter_days().take_while(|day| *day <= end).filter(|day| month(*day) == (y, m)).count();
            let whole = |week: &&NaiveDate| month(**week) == (y, m) && month(**week + chrono::Days::new(6)) == (y, m);
            let inside: Vec<&NaiveDate> = weeks.iter().filter(whole).collect();
            let mut left = units(rows, y, m, &region, &product).unwrap() - (days - 7 * inside.len()) as i64;
            for (n, week) in inside.iter().enumerate() {
                let part = left / (inside.len() - n) as i64;
                left -= part;
                out.push((**week, region.clone(), product.clone(), part));
            }
        }
        let two = weeks.iter().filter(|week| month(**week) != month(**week + chrono::Days::new(6)));
        out.extend(two.map(|week| (*week, region.clone(), product.clone(), 7)));
    }
    out.sort();
    out
}

#[test]
fn weeks_give_the_same_forecast_as_the_months_they_make() {
    // From a Saturday to a Friday.
    let rows: Vec<Row> = rows().into_iter().filter(|r| (r.0, r.1) >= (2021, 5)).collect();
    let expected = forecast_of("months", &one("sales.csv", text(HEADER, ',', &rows, iso)), "");
    let weeks = |stamp: u64| {
        let lines = weekly(&rows).into_iter().map(|(day, region, product, units)| {
            format!("{},{region},{product},{units}\n", day + chrono::Days::new(stamp))
        });
        one("sales.csv", format!("{HEADER}\n{}", lines.collect::<String>()))
    };
    assert_eq!(forecast_of("weeks", &weeks(0), "stamped = \"first day\"\n"), expected);
    assert_eq!(forecast_of("weeks by their last days", &weeks(6), "stamped = \"last day\"\n"), expected);
}

#[test]
fn names_with_marks_are_read_from_latin1() {
    let rows = rows_of(["M\u{fc}nster", "Orl\u{e9}ans"]);
    let plain = text(HEADER, ',', &rows, iso);
    let expected = forecast_of("utf-8", &one("sales.csv", plain.clone()), "");
    assert!(expected.contains("Münster"));
    let latin = encoding_rs::WINDOWS_1252.encode(&plain).0.into_owned();
    assert_eq!(forecast_of("latin-1", &one("sales.csv", latin), ""), expected);
}

/// How many damaged copies are tried; `SHAPES_COPIES` and `SHAPES_SEED` make the run longer or another one.
const COPIES: u64 = 400;

/// A change of bytes or of lines.
fn damage(bytes: &mut Vec<u8>, rng: &mut rand_chacha::ChaCha8Rng) {
    use rand::Rng;
    if bytes.is_empty() {
        return;
    }
    let at = rng.random_range(0..bytes.len());
    let end = (at + rng.random_range(1..40)).min(bytes.len());
    const PIECES: [&[u8]; 14] = [
        b"\"",
        b",,,,",
        b"\n\n",
        b"\0",
        b"\xff\xfe",
        "合计".as_bytes(),
        b"2023.1",
        b"1.000",
        b"1,5",
        b"-",
        b"9e99",
        b"sep=;\n",
        b"#FORMULA!",
        b"\t",
    ];
    match rng.random_range(0..7) {
        0 => bytes[at] = rng.random(),
        1 => bytes.truncate(at),
        2 => drop(bytes.drain(at..end)),
        3 => {
            let piece = bytes[at..end].to_vec();
            (0..rng.random_range(1..30)).for_each(|_| drop(bytes.splice(at..at, piece.iter().copied())));
        }
        4 => bytes.rotate_left(at),
        5 => {
            let mut lines: Vec<Vec<u8>> = bytes.split(|b| *b == b'\n').map(<[u8]>::to_vec).collect();
            let (a, b) = (rng.random_range(0..lines.len()), rng.random_range(0..lines.len()));
            lines.swap(a, b);
            *bytes = lines.join(&b'\n');
        }
        _ => drop(bytes.splice(at..at, PIECES[rng.random_range(0..PIECES.len())].iter().copied())),
    }
}

/// A worksheet with odd cells, merged and hidden at random.
fn odd_workbook(rng: &mut rand_chacha::ChaCha8Rng) -> Vec<u8> {
    use rand::Rng;
    const CELLS: [&str; 16] = [
        "",
        "=1e300",
        "=-5",
        "?A1",
        "#7",
        "合计",
        "Total",
        "2023年",
        "1月",
        "2023.1",
        "1.000",
        "单位：万元",
        "=45292",
        "month",
        "units",
        "x",
    ];
    let mut lines = if rng.random_bool(0.5) { typed(cells(&plain())) } else { pivot(&rows(), "region,product", iso) };
    lines.truncate(60);
    for _ in 0..rng.random_range(1..40) {
        let r = rng.random_range(0..lines.len());
        let c = rng.random_range(0..lines[r].len());
        lines[r][c] = CELLS[rng.random_range(0..CELLS.len())].to_owned();
    }
    let (a, b) = (rng.random_range(0..lines.len()), rng.random_range(0..lines.len()));
    lines.swap(a, b);
    let merged = (0..rng.random_range(0..4)).map(|_| {
        let (first, last) = (rng.random_range(1..20), rng.random_range(1..40));
        let column = ["A", "B", "D"][rng.random_range(0..3)];
        format!("{column}{first}:{column}{last}")
    });
    let sheet =
        Worksheet {
            merged: merged.collect(), hidden: vec![rng.random_range(1..9)], ..Worksheet::new("2023年", lines)
        };
    workbook(&[sheet], rng.random_bool(0.2))
}

#[test]
fn damaged_shapes_end_in_an_answer_or_a_problem() {
    use rand::{Rng, SeedableRng};
    let number = |name: &str, default: u64| std::env::var(name).ok().and_then(|n| n.parse().ok()).unwrap_or(default);
    let (copies, seed) = (number("SHAPES_COPIES", COPIES), number("SHAPES_SEED", 1));
    let shapes = shapes();
    let today = NaiveDate::from_ymd_opt(2030, 1, 1).unwrap();
    let (mut answers, mut refused) = (0, 0);
    for copy in 0..copies {
        let mut rng = rand_chacha::ChaCha8Rng::seed_from_u64(seed.wrapping_mul(1_000_003).wrapping_add(copy));
        let (name, files, settings) = &shapes[rng.random_range(0..shapes.len())];
        let mut files = files.clone();
        if rng.random_bool(0.3) {
            files = one("sales.xlsx", odd_workbook(&mut rng));
        } else {
            let file = rng.random_range(0..files.len());
            (0..rng.random_range(1..4)).for_each(|_| damage(&mut files[file].1, &mut rng));
        }
        files.push(("yugu.toml".to_owned(), settings.as_bytes().to_vec()));
        let folder = folder(&files);
        let begun = std::time::Instant::now();
        let tried = std::panic::catch_unwind(|| {
            let paths: Vec<std::path::PathBuf> =
                files.iter().filter(|(n, _)| n != "yugu.toml").map(|(n, _)| folder.path().join(n)).collect();
            let plain = yugu::settings::Settings::default();
            let found = yugu::folder::read_files(&paths, &plain, None).unwrap();
            let mut problems = found.problems;
            let sheets = yugu::look::understand(found.sheets, &plain, &mut problems);
            let page = yugu::report::read::page(&sheets, &plain, None, Lang::Zh);
            assert!(sheets.is_empty() || !page.is_empty());
            match load(folder.path(), None, today) {
                Ok(loaded) => Outlook::new(loaded.dataset, loaded.warnings).is_ok(),
                Err(LoadError::Data(problems)) => {
                    assert!(problems.any_error());
                    false
                }
                Err(LoadError::Unreadable(text)) => panic!("{}", text.en),
            }
        });
        let took = begun.elapsed();
        match tried {
            Ok(true) => answers += 1,
            Ok(false) => refused += 1,
            Err(_) => panic!("copy {copy} of {name} (seed {seed}) panicked"),
        }
        // A busy machine is slow; nothing may take longer by orders.
        assert!(took.as_secs() < 5, "copy {copy} of {name} (seed {seed}) took {took:?}");
    }
    assert!(answers > 0 && refused > 0, "{answers} answers, {refused} refused");
}
