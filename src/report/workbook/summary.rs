//! The company on one sheet: groups and months, money, what to look at first, charts.

use rust_xlsxwriter::{Chart, ChartFormat, ChartLine, ChartLineDashType, ChartMarker, ChartType, Worksheet};

use super::page::{Page, Value};
use super::regions::attained;
use super::trend::Places;
use super::{Book, chart, products, styles};
use crate::grid::COMPANY;
use crate::messages::workbook as say;
use crate::report::columns::{Head, Kind};
use crate::report::names::group_name;
use crate::report::{exceptions, forecast, regions};

const COLUMNS: [&str; 16] = [
    "group",
    "month",
    "lag",
    "forecast",
    "target",
    "attainment",
    "last_year",
    "growth",
    "low80",
    "high80",
    "low95",
    "high95",
    "year_to_date",
    "year_outlook",
    "year_target",
    "gap",
];
/// Charts of so many groups, the largest.
const CHARTS: usize = 8;

/// The sheet.
pub fn sheet(book: &Book) -> Worksheet {
    let view = book.view;
    let mut page = Page::new(&say::summary(), &say::about_summary(), book.look);
    page.table(COLUMNS.map(Head::named).to_vec());
    let company = view.figures.rows.iter().zip(regions::rows(view)).filter(|(figure, _)| figure.node == COMPANY);
    for (figure, row) in company {
        let bound = |i: usize| Value::from(row.bounds.map(|b| b[i]));
        page.row([
            group_name(view, figure.group).into(),
            row.month.to_string().into(),
            row.lag.into(),
            row.forecast.into(),
            row.target.into(),
            row.attainment.into(),
            row.last_year.into(),
            row.growth.into(),
            bound(0),
            bound(1),
            bound(2),
            bound(3),
            row.year_to_date.into(),
            row.year_outlook.into(),
            row.year_target.into(),
            row.gap.into(),
        ]);
    }
    page.end_table();
    attained(&mut page);
    page.skip(1);
    money(book, &mut page);
    first_exceptions(book, &mut page);
    charts(book, &mut page);
    page.finish(2, "regions.csv")
}

/// Money by group and month, and the total where the price of every product is known.
fn money(book: &Book, page: &mut Page) {
    let view = book.view;
    let (grid, months) = (&view.outlook.dataset.grid, view.months.len());
    let mut sums: Vec<Option<f64>> = vec![Some(0.0); grid.group_count() * months];
    let series = grid.series.iter().enumerate().filter(|(s, _)| view.figures.is_forecast[*s]);
    let cells = series.flat_map(|(_, of)| (0..months).map(move |k| of.group * months + k));
    for (cell, row) in cells.zip(forecast::rows(view)) {
        sums[cell] = sums[cell].zip(row.revenue).map(|(sum, x)| sum + x);
    }
    let sold = |group: &usize| view.figures.get(COMPANY, *group, 0).is_some();
    let groups: Vec<usize> = (0..grid.group_count()).filter(sold).collect();
    let of = |group: usize, k: usize| sums.get(group * months + k).copied().flatten();
    if !groups.iter().any(|g| (0..months).any(|k| of(*g, k).is_some())) {
        return;
    }
    page.part(&say::money_of_months());
    let title = say::in_money(book.look.money);
    let headers: Vec<&str> =
        [title.get(book.look.lang)].into_iter().chain(view.months.iter().map(String::as_str)).collect();
    let first = page.next_row() + 1;
    let row = |group: &usize| (group_name(view, *group), (0..months).map(|k| of(*group, k).into()).collect::<Vec<_>>());
    let mut rows: Vec<(String, Vec<Value>)> = groups.iter().map(row).collect();
    let last = first + rows.len() as u32;
    let total = |k: usize| -> Option<Value> {
        let sum = groups.iter().try_fold(0.0, |sum, g| of(*g, k).map(|x| sum + x))?;
        let letter = rust_xlsxwriter::column_number_to_name(k as u16 + 1);
        Some(Value::Sum(format!("=SUM({letter}{}:{letter}{last})", first + 1), sum))
    };
    let totals: Option<Vec<Value>> = (0..months).map(total).collect();
    let summed = totals.is_some();
    rows.extend(totals.map(|cells| (say::total().get(book.look.lang).to_owned(), cells)));
    page.small(&headers, &rows, Kind::Money, summed);
}

fn first_exceptions(book: &Book, page: &mut Page) {
    let (count, lines) = exceptions::section(book.view);
    if count == 0 {
        return;
    }
    page.part(&say::first_exceptions());
    for line in lines {
        page.line(line.get(book.look.lang), Value::Empty);
    }
    page.skip(1);
}

/// A chart for each of the largest groups, then their mixes, two beside each other.
fn charts(book: &Book, page: &mut Page) {
    page.set_widths();
    let first = page.next_row();
    let trends = Places::new(book).largest(book, CHARTS).into_iter().map(|place| of_group(book, place));
    let all: Vec<Chart> = trends.chain(products::charts(book)).collect();
    // On paper they begin a page of their own, three below each other.
    let pages = all.len().div_ceil(6) as u32;
    let breaks: Vec<u32> = (0..pages).map(|n| first + n * 3 * chart::ROWS).collect();
    if !breaks.is_empty() {
        let _ = page.sheet.set_page_breaks(&breaks);
    }
    for (i, chart) in (0..).zip(all) {
        let at = (first + i / 2 * chart::ROWS, i % 2 * chart::STEP);
        chart::insert_at(&mut page.sheet, at, chart);
    }
}

/// What sold, the forecast, its bounds and the last version.
fn of_group(book: &Book, (group, first, last): (usize, u32, u32)) -> Chart {
    let lang = book.look.lang;
    let name = say::trend();
    let sheet = name.get(lang);
    let mut chart = Chart::new(ChartType::Line);
    let solid = |i: usize, width: f64| ChartLine::new().set_color(styles::LINES[i]).set_width(width).clone();
    let dashed = |i: usize| solid(i, 1.25).set_dash_type(ChartLineDashType::Dash).clone();
    let mut lines = vec![
        (say::sales_line(), 2, solid(0, 1.75)),
        (say::forecast_line(), 3, solid(1, 2.5)),
        (say::low_line(), 4, dashed(2)),
        (say::high_line(), 5, dashed(2)),
    ];
    if book.view.changes.iter().any(Option::is_some) {
        lines.push((say::last_version_line(), 6, solid(3, 1.75)));
    }
    for (title, column, line) in lines {
        chart
            .add_series()
            .set_name(title.get(lang))
            .set_categories((sheet, first, 1, last, 1))
            .set_values((sheet, first, column, last, column))
            .set_marker(ChartMarker::new().set_none())
            .set_format(ChartFormat::new().set_line(&line));
    }
    let title = say::chart_of(&group_name(book.view, group));
    chart::finish(chart, title.get(lang))
}
