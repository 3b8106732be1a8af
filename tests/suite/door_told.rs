//! What would come out silently wrong: months beside days, several months in one, rows that are no sales, names that change.
//! Each is read as it is meant, or told with the way out.

use crate::common::forms::*;
use crate::common::program::yugu;
use crate::door::{day, errors, has, history, ok, read, read_at, shown, told};
use chrono::{Days, NaiveDate};
use yugu::folder::Loaded;
use yugu::outlook::Outlook;

fn warned(loaded: &Loaded) -> Vec<String> {
    told(&loaded.warnings)
}

/// One file of sales, and the settings.
fn with(text: &str, toml: &str) -> Result<Loaded, yugu::error::Problems> {
    read_at(&[("sales.csv", text.as_bytes().to_vec()), ("yugu.toml", toml.as_bytes().to_vec())], None)
}

fn refused(text: &str) -> Vec<String> {
    let found = errors(&[("sales.csv", text.as_bytes().to_vec())]);
    assert!(!found.is_empty(), "{:?}", warned(&ok(text)));
    found
}

/// The rows with a further column.
fn sorted_by(header: &str, word: impl Fn(usize, &Row) -> String) -> String {
    let mut out = format!("{HEADER},{header}\n");
    for (n, row) in rows().iter().enumerate() {
        out += &format!("{},{},{},{},{}\n", iso(row.0, row.1), row.2, row.3, row.4, word(n, row));
    }
    out
}

// Months and days

#[test]
fn a_correction_with_a_day_makes_no_table_of_days() {
    let stamped = |d: &'static str| text(HEADER, ',', &rows(), move |y, m| format!("{y}-{m:02}{d}"));
    for (dates, odd) in [(stamped(""), "2021-06-15"), (stamped("-01"), "2021-06-15"), (stamped("-15"), "2021-06-20")] {
        let loaded = ok(&format!("{dates}{odd},Nord,0010,-20\n"));
        let data = &loaded.dataset;
        assert_eq!((data.months(), data.progress.len(), data.as_of), (30, 0, day(2023, 6, 30)));
        let found = warned(&loaded);
        assert!(has(&found, &["days_among_months", "sales.csv:182", odd]), "{found:?}");
        let clean = history(&ok(&plain()));
        let mut own = history(&loaded);
        own[0].2[5] += 20.0;
        assert_eq!(own, clean);
    }
    // Several rows for each key, as a free column makes them, change nothing about it.
    let channels: String = rows().iter().map(|r| format!("{}-15,{},{},9,web\n", iso(r.0, r.1), r.2, r.3)).collect();
    let shops = channels.replace("web", "shop");
    let loaded = ok(&format!("{HEADER},channel\n{channels}{shops}2021-06-20,Nord,0010,-1,web\n"));
    assert_eq!((loaded.dataset.months(), loaded.dataset.progress.len()), (30, 0));
}

#[test]
fn months_written_among_days_are_over() {
    let old: String = (1..=12).map(|m| format!("2023-{m:02},East,A,300\n")).collect();
    let days = |last: NaiveDate| -> String {
        let days = day(2024, 1, 1).iter_days().take_while(move |d| *d <= last);
        days.map(|d| format!("{d},East,A,10\n")).collect()
    };
    let loaded = ok(&format!("{HEADER}\n{old}{}", days(day(2024, 3, 12))));
    let data = &loaded.dataset;
    assert_eq!((data.months(), data.progress.len(), data.progress[0].as_of), (14, 1, day(2024, 3, 12)));
    assert_eq!(history(&loaded)[0].2[10..], [300.0, 300.0, 310.0, 290.0]);
    assert!(has(&warned(&loaded), &["months_among_days", "sales.csv:2", "12 rows"]), "{:?}", warned(&loaded));
    // The newest month written as one is no month of one day.
    let loaded = ok(&format!("{HEADER}\n{}2024-04,East,A,305\n", days(day(2024, 3, 31))));
    let data = &loaded.dataset;
    assert_eq!((data.months(), data.progress.len(), data.as_of), (4, 0, day(2024, 4, 30)));
    // Before its last day nobody has it.
    let text = format!("{HEADER}\n{}2024-04,East,A,305\n", days(day(2024, 3, 31)));
    let loaded = read_at(&[("sales.csv", text.into_bytes())], Some(day(2024, 4, 10))).unwrap();
    assert_eq!((loaded.dataset.months(), loaded.dataset.progress.len()), (3, 0));
    // Weekdays without sales stay so, whatever weekday a month ends on: March 2024 ends on a Sunday.
    let open = |d: &NaiveDate| chrono::Datelike::weekday(d) != chrono::Weekday::Sun;
    let days: String = day(2023, 4, 1)
        .iter_days()
        .take_while(|d| *d <= day(2024, 3, 30))
        .filter(open)
        .map(|d| format!("{d},East,A,10\n"))
        .collect();
    let loaded = ok(&format!("{HEADER}\n2022-07,East,A,250\n2022-10,East,A,250\n{days}"));
    assert_eq!(
        (loaded.dataset.month(loaded.dataset.months() - 1).to_string(), loaded.dataset.progress.len()),
        ("2024-03".into(), 0)
    );
}

#[test]
fn orders_about_one_a_month_stay_days() {
    // On another day each month, twice in one of them: the last month is not over.
    let days: Vec<NaiveDate> = (0..40).map(|n| day(2021, 1, 5) + Days::new(n * 31 + n * n % 7)).collect();
    let mut text = format!("{HEADER}\n");
    days.iter().for_each(|d| text += &format!("{d},East,A,5\n"));
    text += &format!("{},East,A,5\n", days[20] + Days::new(2));
    assert!(!has(&warned(&ok(&text)), &["_months"]), "{:?}", warned(&ok(&text)));
}

// Several months in one

#[test]
fn several_months_in_one_are_no_day() {
    for cell in ["2023年1-6月", "2023.1-6", "2023/1-6", "2023年1月至6月"] {
        let found = refused(&format!("{}{cell},Nord,0010,2500\n", plain()));
        assert!(
            found.len() == 1 && has(&found, &["bad_month", "sales.csv:182:1", "6 months", "2023-01 to 06"]),
            "{found:?}"
        );
    }
    // Across, a sum beside its months is a total.
    let half: Vec<Row> = rows().into_iter().filter(|r| r.0 == 2023).collect();
    let table = |with: &str, months: &[Row]| {
        let mut lines = pivot(months, "region,product", |y, m| format!("{y}年{m}月"));
        lines
            .iter_mut()
            .enumerate()
            .for_each(|(n, line)| line.push(if n == 0 { with.to_owned() } else { "9999".into() }));
        csv(&lines)
    };
    let loaded = ok(&table("2023年1-6月", &half));
    let of_2023: Vec<f64> = half.iter().filter(|r| r.2 == "Nord" && r.3 == "0010").map(|r| r.4 as f64).collect();
    assert_eq!(history(&loaded)[0].2, of_2023);
    assert!(has(&warned(&loaded), &["unused_columns", "2023年1-6月"]), "{:?}", warned(&loaded));
    // Without them nobody knows what part is whose.
    let rest: Vec<Row> = half.iter().filter(|r| r.1 > 2).cloned().collect();
    for header in ["2023年1-2月", "2023年1-2月销量", "2023.1-2"] {
        let found = refused(&table(header, &rest));
        assert!(found.len() == 1 && has(&found, &["several_months", "sales.csv:1", "2 months"]), "{found:?}");
    }
}

#[test]
fn moments_in_a_time_zone_are_no_days() {
    for (stamp, refused_one) in
        [("T16:00:00Z", true), ("T00:00:00+08:00", true), ("T00:00:00Z", false), (" 16:00", false)]
    {
        let text: String = (1..=9).map(|m| format!("2023-{m:02}-28{stamp},East,A,5\n")).collect();
        let text = format!("{HEADER}\n{text}");
        if refused_one {
            let found = refused(&text);
            assert!(has(&found, &["bad_month", "sales.csv:2:1", "time zone", "local time"]), "{found:?}");
        } else {
            ok(&text);
        }
    }
}

// Names

#[test]
fn a_name_that_stops_where_one_like_it_begins_is_told() {
    for name in ["温州市", "温州*", "03-温州", "溫州", "温州（含乐清）", "温州分公司"] {
        let renamed = |mut r: Row| {
            r.2 = if r.2 == "Sud" {
                "杭州".into()
            } else if r.0 < 2023 {
                "温州".into()
            } else {
                name.to_owned()
            };
            r
        };
        let rows: Vec<Row> = rows().into_iter().map(renamed).collect();
        let loaded = ok(&text(HEADER, ',', &rows, iso));
        let found = warned(&loaded);
        let line = format!("region,温州,{name},2023-01");
        assert!(has(&found, &["new_name", "sales.csv:146", "2022-12", &line]), "{name} {found:?}");
        // The line does what it says.
        let aliases = format!("kind,old,new,from\n{line}\n");
        let files = [("sales.csv", text(HEADER, ',', &rows, iso).into_bytes()), ("aliases.csv", aliases.into_bytes())];
        let joined = read_at(&files, None).unwrap();
        assert_eq!(history(&joined).len(), 6);
        assert!(!has(&warned(&joined), &["new_name"]));
    }
    // Others that begin and stop have other names, other sizes, other months, or are listed as two.
    let other = |name: &str, from: i32, times: i64| {
        let changed = |mut r: Row| {
            if r.2 == "Nord" && (r.0, r.1) >= (2023, 1) {
                r.2 = name.into();
                r.4 *= times;
            }
            r
        };
        let rows = rows().into_iter().map(changed).filter(|r| r.2 != name || r.0 * 12 + r.1 as i32 >= from);
        text(HEADER, ',', &rows.collect::<Vec<Row>>(), iso)
    };
    let january = 2023 * 12 + 1;
    assert!(has(&warned(&ok(&other("Nord 2", january, 1))), &["new_name"]));
    for text in [other("West", january, 1), other("Nord 2", january, 9), other("Nord 2", january + 2, 1)] {
        assert!(!has(&warned(&ok(&text)), &["new_name"]), "{:?}", warned(&ok(&text)));
    }
    let regions = "region\nNord\nNord 2\nSud\n".as_bytes().to_vec();
    let files = [("sales.csv", other("Nord 2", january, 1).into_bytes()), ("regions.csv", regions)];
    assert!(!has(&warned(&read_at(&files, None).unwrap()), &["new_name"]));
}

#[test]
fn names_that_take_turns_are_told() {
    let by_turns = |name: &'static str| {
        let renamed = move |mut r: Row| {
            if r.2 == "Nord" && r.1.is_multiple_of(3) {
                r.2 = name.into();
            }
            r
        };
        warned(&ok(&text(HEADER, ',', &rows().into_iter().map(renamed).collect::<Vec<Row>>(), iso)))
    };
    let found = by_turns("Nord (new)");
    assert!(has(&found, &["two_names", "'Nord'", "'Nord (new)'", "sales.csv:14"]), "{found:?}");
    assert!(!has(&found, &["new_name"]));
    assert!(!has(&by_turns("Ost"), &["two_names"]));
}

#[test]
fn a_region_that_is_gone_stopped_when_it_did() {
    let rows: Vec<Row> = rows().into_iter().filter(|r| r.2 == "Sud" || (r.0, r.1) <= (2022, 9)).collect();
    let home = tempfile::tempdir().unwrap();
    std::fs::write(home.path().join("sales.csv"), text(HEADER, ',', &rows, iso)).unwrap();
    let page = shown(&yugu(&["check", home.path().to_str().unwrap()]).code(0));
    assert!(page.contains("2022-10 Nord") && !page.contains("2023-06 Nord"), "{page}");
}

// Rows that are no sales

#[test]
fn rows_of_another_kind_are_no_sales() {
    let clean = history(&ok(&plain()));
    for (header, word, other, kind) in [
        ("类型", "退货", "销售", "returns"),
        ("status", "cancelled", "done", "cancelled"),
        ("类别", "计划", "实际", "plans"),
        ("channel", "合计", "线上", "totals"),
        ("channel", "All channels", "web", "totals"),
        ("是否取消", "是", "否", "cancelled"),
    ] {
        // Every row once more as that.
        let text = sorted_by(header, |_, _| other.to_owned());
        let more: String =
            text.lines().skip(1).map(|l| l.replace(&format!(",{other}"), &format!(",{word}")) + "\n").collect();
        let text = format!("{text}{more}");
        let found = refused(&text);
        let way = format!("leave_out = [\"{header}={word}\"]");
        assert!(found.len() == 1 && has(&found, &["other_rows", "sales.csv:182", kind, "180 rows", &way]), "{found:?}");
        // Left out, what is left is what was sold; or it is sold all the same.
        let loaded = with(&text, &format!("[sales]\n{way}\n")).unwrap();
        assert_eq!(history(&loaded), clean);
        assert!(has(&warned(&loaded), &["left_out", "180 rows"]), "{:?}", warned(&loaded));
        let loaded = with(&text, &format!("[columns]\n\"{header}\" = \"\"\n[sales]\nduplicates = \"sum\"\n")).unwrap();
        assert_eq!(history(&loaded)[0].2[0], 2.0 * clean[0].2[0]);
    }
    // Days of their own, as orders have them.
    let mut text = "date,region,product,units,状态\n".to_owned();
    for (n, d) in day(2023, 1, 2).iter_days().take(200).enumerate() {
        text += &format!("{d},East,A,{},{}\n", 3 + n % 4, if n % 9 == 5 { "已取消" } else { "已完成" });
    }
    assert!(has(&refused(&text), &["other_rows", "已取消", "sales.csv:7"]));
    // Months across.
    let lines = pivot(&rows(), "region,product,类别", iso);
    let mut text = String::new();
    for (n, line) in lines.iter().enumerate() {
        let mut line = line.clone();
        if n == 0 {
            text += &(line.join(",") + "\n");
            continue;
        }
        for word in ["实际", "预算"] {
            line.insert(2, word.to_owned());
            text += &(line.join(",") + "\n");
            line.remove(2);
        }
    }
    assert!(has(&refused(&text), &["other_rows", "类别=预算", "180 rows"]), "{:?}", refused(&text));
    assert_eq!(history(&with(&text, "[sales]\nleave_out = [\"类别=预算\"]\n").unwrap()), clean);
}

#[test]
fn rows_that_are_sales_are_added_up() {
    // Returns that are negative, words that only look like it, one kind only, channels.
    let negative = sorted_by("类型", |_, _| "销售".into()) + "2023-06,Nord,0010,-5,退货\n";
    let loaded = ok(&negative);
    assert_eq!(history(&loaded)[0].2[29], history(&ok(&plain()))[0].2[29] - 5.0);
    let found = warned(&loaded);
    assert!(has(&found, &["added_up", "'类型'", "1 rows with -5 units"]), "{found:?}");
    for (one, other) in [("不退货", "现货"), ("计划订单", "临时订单"), ("web", "shop"), ("取消", "取消")]
    {
        let text = sorted_by("标记", |n, _| if n % 2 == 0 { one.into() } else { other.into() });
        ok(&text);
    }
}

#[test]
fn one_product_in_two_units_is_refused() {
    let units = |n: usize| if n.is_multiple_of(6) && n > 60 { "箱(10台)" } else { "台" };
    let found = refused(&sorted_by("单位", |n, _| units(n).into()));
    assert!(found.len() == 1 && has(&found, &["two_units", "sales.csv:68", "'台'", "'箱(10台)'"]), "{found:?}");
    // Each product in its own is one unit each; a column of that name may hold something else.
    ok(&sorted_by("单位", |_, row| if row.3 == "0010" { "米".into() } else { "台".into() }));
    ok(&sorted_by("单位", |n, _| if n % 2 == 0 { "华东公司".into() } else { "华南公司".into() }));
}

#[test]
fn a_block_pasted_twice_is_told_whatever_numbers_its_rows() {
    let plain = plain();
    let lines: Vec<&str> = plain.lines().skip(1).collect();
    let all: Vec<&str> = lines.iter().chain(&lines[160..]).copied().collect();
    let numbered: String = all.iter().enumerate().map(|(n, l)| format!("{},{l}\n", n + 1)).collect();
    let text = format!("行号,{HEADER}\n{numbered}");
    let found = refused(&text);
    assert!(found.len() == 1 && has(&found, &["identical_rows", "20 rows", "'行号'", "sales.csv:182"]), "{found:?}");
    let loaded = with(&text, "[sales]\nduplicates = \"sum\"\n").unwrap();
    assert_eq!(
        loaded.dataset.units.sum(),
        history(&ok(&plain)).iter().flat_map(|(_, _, u)| u).sum::<f64>()
            + rows()[160..].iter().map(|r| r.4 as f64).sum::<f64>()
    );
    // Orders of one day may well be equal.
    let mut text = "no,date,region,product,units\n".to_owned();
    for (n, d) in day(2023, 1, 2).iter_days().take(100).enumerate() {
        text += &format!("{},{d},East,A,1\n{},{d},East,A,1\n", 2 * n + 1, 2 * n + 2);
    }
    assert_eq!(history(&ok(&text))[0].2[0], 60.0);
}

// The whole

#[test]
fn a_break_of_scale_is_told() {
    let scaled = |from: (i32, u32), times: f64| {
        let rows: Vec<Row> = rows()
            .into_iter()
            .map(|mut r| {
                if (r.0, r.1) >= from {
                    r.4 = (r.4 as f64 * times).round() as i64;
                }
                r
            })
            .collect();
        warned(&ok(&text(HEADER, ',', &rows, iso)))
    };
    let found = scaled((2023, 1), 1000.0);
    assert!(has(&found, &["scale_break", "from 2023-01", "sales.csv:146"]), "{found:?}");
    assert!(has(&scaled((2022, 5), 0.01), &["scale_break", "from 2022-05"]));
    assert!(!has(&scaled((2023, 1), 4.0), &["scale_break"]));
    // A season, however steep, comes back.
    let seasonal: Vec<Row> = rows()
        .into_iter()
        .map(|mut r| {
            r.4 = if (5..=8).contains(&r.1) { r.4 * 30 } else { r.4 };
            r
        })
        .collect();
    assert!(!has(&warned(&ok(&text(HEADER, ',', &seasonal, iso))), &["scale_break"]));
    // What begins is no break: twenty regions join two.
    let mut grown = rows();
    for n in 0..40 {
        grown.extend(rows().into_iter().filter(|r| r.0 == 2023 && r.2 == "Nord").map(|mut r| {
            r.2 = format!("R{n:02}");
            r
        }));
    }
    grown.sort();
    assert!(!has(&warned(&ok(&text(HEADER, ',', &grown, iso))), &["scale_break"]));
}

#[test]
fn hints_lead_to_what_is_meant() {
    // Added up, planned, of last year: none of them is the month's own.
    for header in ["累计销量", "目标销量", "去年销量", "ytd units", "budget units"] {
        let found = refused(&plain().replacen("units", header, 1));
        assert!(
            found.len() == 1 && has(&found, &["missing_column", "'units'"]) && !has(&found, &["[columns]"]),
            "{found:?}"
        );
    }
    assert!(has(&refused(&plain().replacen("units", "unitss", 1)), &["[columns] \"unitss\" = \"units\""]));
    let text = sorted_by("累计销量", |n, _| n.to_string()).replacen("units", "本月销量", 1);
    assert_eq!(history(&ok(&text)), history(&ok(&plain())));
    // The header is a row of words, never one of the entries.
    for header in ["Monat,Gebiet,Artikel,Stück", "unique_id,ds,y", "a,b,c,d"] {
        let columns = header.split(',').count();
        let cut = |line: &str| {
            line.split(',').rev().take(columns).collect::<Vec<_>>().into_iter().rev().collect::<Vec<_>>().join(",")
        };
        let rows: String = plain().lines().skip(1).map(|l| cut(l) + "\n").collect();
        let found = refused(&format!("{header}\n{rows}"));
        assert!(has(&found, &["sales.csv:1:", &header.replace(',', " | ")]), "{found:?}");
    }
    let found = refused(&format!(
        "Sales of the year\n\nMonat,Gebiet,Artikel,Menge\n{}",
        plain().replace(&format!("{HEADER}\n"), "")
    ));
    assert!(has(&found, &["Sales of the year"]) || has(&found, &["Monat | Gebiet"]), "{found:?}");
}

#[test]
fn months_without_rows_are_told_as_they_count() {
    // One region sends nothing for two months.
    let rows: Vec<Row> =
        rows().into_iter().filter(|r| r.2 == "Sud" || ![(2022, 3), (2022, 4)].contains(&(r.0, r.1))).collect();
    let loaded = ok(&text(HEADER, ',', &rows, iso));
    let found = warned(&loaded);
    assert!(
        has(&found, &["gaps", "6 months", "6 of them of a region without any row", "counts as expected"]),
        "{found:?}"
    );
    let outlook = Outlook::new(loaded.dataset, loaded.warnings).unwrap();
    let counted: Vec<f64> = outlook.point.reception.findings.iter().map(|f| f.counted_as).collect();
    assert!(counted.len() == 2 && counted.iter().all(|x| *x > 500.0), "{counted:?}");
}

#[test]
fn the_row_that_opened_a_month_is_named() {
    let home = tempfile::tempdir().unwrap();
    std::fs::write(home.path().join("sales.csv"), format!("{}2023-07,Sud,0010,31\n", plain())).unwrap();
    let folder = home.path().to_str().unwrap();
    let out = home.path().join("out");
    let page = shown(&yugu(&["plan", folder, "--out", out.to_str().unwrap(), "--no-page", "--no-workbook"]).code(0));
    assert!(page.contains("2023-07 Nord: not reported (the month was opened by sales.csv:182)"), "{page}");
    let exceptions = std::fs::read_to_string(out.join("exceptions.csv")).unwrap();
    assert!(exceptions.lines().any(|l| l.contains("not_reported") && l.contains("sales.csv:182")), "{exceptions}");
}

// Dates

#[test]
fn a_column_says_which_number_is_the_day() {
    let clean = history(&ok(&plain()));
    let last = |y: i32, m: u32| day(y, m, 1) + chrono::Months::new(1) - Days::new(1);
    type Written = fn(NaiveDate) -> String;
    let forms: [(Written, &str); 4] = [
        (|d| d.format("%d.%m.%Y").to_string(), "31 January: the day"),
        (|d| d.format("%d/%m/%Y").to_string(), "31 January: the day"),
        (|d| d.format("%-m/%-d/%Y").to_string(), "31 January: the month"),
        (|d| d.format("%d-%m-%Y 08:30").to_string(), "31 January: the day"),
    ];
    for (form, words) in forms {
        let loaded = ok(&text(HEADER, ',', &rows(), |y, m| form(last(y, m))));
        assert_eq!(history(&loaded), clean);
        assert!(has(&warned(&loaded), &["year_last", words]), "{:?}", warned(&loaded));
    }
    // All of them may be either: asked, and said by the settings.
    let first = text(HEADER, ',', &rows(), |y, m| format!("01/{m:02}/{y}"));
    let found = refused(&first);
    assert!(
        found.len() == 1 && has(&found, &["day_or_month", "sales.csv:8:1", "'01/02/2021'", "dates = \"day first\""]),
        "{found:?}"
    );
    assert_eq!(history(&with(&first, "[units]\ndates = \"day first\"\n").unwrap()), clean);
    let american = text(HEADER, ',', &rows(), |y, m| format!("{m:02}/01/{y}"));
    assert_eq!(history(&with(&american, "[units]\ndates = \"month first\"\n").unwrap()), clean);
    // Both in one column.
    let found = refused(&format!("{HEADER}\n31.01.2023,a,x,5\n02.28.2023,a,x,5\n"));
    assert!(found.len() == 1 && has(&found, &["mixed_dates", "'31.01.2023'", "'02.28.2023'"]), "{found:?}");
    // What is later than the day asked for is not seen.
    let text = text(HEADER, ',', &rows(), |y, m| last(y, m).format("%d.%m.%Y").to_string());
    let loaded = read_at(&[("sales.csv", text.into_bytes())], Some(day(2023, 3, 31))).unwrap();
    assert_eq!(loaded.dataset.months(), 27);
    // Places are those of the file.
    let found = refused(&format!("{HEADER}\n31.01.2023,a,x,5\n\n28.02.2023,a,x,many\n"));
    assert!(has(&found, &["sales.csv:4:", "'many'"]), "{found:?}");
}

#[test]
fn further_ways_to_write_a_month() {
    let clean = history(&ok(&plain()));
    type Written = fn(i32, u32) -> String;
    let forms: [Written; 4] = [
        |y, m| format!("{m:02}/{y}"),
        |y, m| format!("{m}/{y}"),
        |y, m| format!("{y}M{m:02}"),
        |y, m| format!("{m:02}.{y}"),
    ];
    for form in forms {
        assert_eq!(history(&ok(&text(HEADER, ',', &rows(), form))), clean, "{}", form(2023, 2));
    }
    // Weeks by their numbers are weeks.
    let weeks: String = (1..=26).map(|n| format!("2023-W{n:02},East,A,70\n")).collect();
    let loaded = ok(&format!("{HEADER}\n{weeks}"));
    assert!(has(&warned(&loaded), &["periods", "weeks"]));
    assert_eq!(history(&loaded)[0].2, [280.0, 310.0, 300.0, 310.0, 300.0]);
    assert!(read(&format!("{HEADER}\n2023-W54,East,A,70\n")).is_err());
}
