//! Units by product over all regions, month by month: the mix as it was and as it is forecast.

use rust_xlsxwriter::{Chart, ChartFormat, ChartSolidFill, ChartType, Worksheet};

use super::page::{Page, Value};
use super::{Book, chart, styles};
use crate::grid::COMPANY;
use crate::messages::workbook as say;
use crate::month::Month;
use crate::report::columns::{Head, Kind};
use crate::report::names::group_name;

/// Months of history.
const HISTORY: i32 = 12;
/// Charts of so many groups, the largest, of so many products: more cannot be told apart.
const CHARTS: usize = 4;
const DRAWN: std::ops::RangeInclusive<usize> = 2..=8;
/// The header's row, and the first column of a month.
const HEAD: u32 = 4;
const FIRST: u16 = 3;

/// What is listed: products that sold or are forecast, by group.
struct Listed {
    /// Group, product, and units by month: the history, then the months forecast.
    rows: Vec<(usize, usize, Vec<f64>)>,
    months: Vec<Month>,
}

impl Listed {
    fn new(book: &Book) -> Listed {
        let view = book.view;
        let (grid, outlook) = (&view.outlook.dataset.grid, view.outlook);
        let cutoff = outlook.origin.cutoff;
        let first = outlook.dataset.start.since(cutoff).max(1 - HISTORY);
        let past: Vec<Month> = (first..=0).map(|n| cutoff.plus(n)).collect();
        let width = past.len() + outlook.months().len();
        let mut units = vec![0.0; grid.products.len() * width];
        for (s, of) in grid.series.iter().enumerate() {
            let row = units.iter_mut().skip(of.product * width);
            let sold =
                past.iter().map(|m| view.known.visible_index(*m).and_then(|t| view.known.units.get((s, t)).copied()));
            let ahead = outlook.point.units.row(s);
            let ahead = ahead.iter().map(|x| view.figures.is_forecast[s].then_some(*x));
            row.zip(sold.chain(ahead)).for_each(|(sum, x)| *sum += x.unwrap_or(0.0));
        }
        let mut order: Vec<usize> = (0..grid.products.len()).collect();
        order.sort_by_key(|p| (grid.products.group[*p], *p));
        let of = |p: usize| (grid.products.group[p], p, units.iter().skip(p * width).take(width).copied().collect());
        let any = |row: &(usize, usize, Vec<f64>)| row.2.iter().any(|x| *x != 0.0);
        let rows = order.into_iter().map(of).filter(any).collect();
        Listed { rows, months: past.into_iter().chain(outlook.months().iter().copied()).collect() }
    }
}

/// The sheet.
pub fn sheet(book: &Book) -> Worksheet {
    let grid = &book.view.outlook.dataset.grid;
    let listed = Listed::new(book);
    let mut page = Page::new(&say::products(), &say::about_products(), book.look);
    let mut columns = vec![Head::named("group"), Head::named("product"), Head::named("product_name")];
    columns.extend(listed.months.iter().map(|m| Head::named(m.to_string()).of(Kind::Plain)));
    page.table(columns);
    for (group, product, units) in &listed.rows {
        let names: [Value; 3] = [
            group_name(book.view, *group).into(),
            grid.products.codes[*product].as_str().into(),
            grid.products.name(*product).into(),
        ];
        page.row(names.into_iter().chain(units.iter().map(|x| Value::Number(*x))));
    }
    page.finish(FIRST, "forecast.csv")
}

/// The mixes of the largest groups that have several products, as shares of each month.
pub fn charts(book: &Book) -> Vec<Chart> {
    let view = book.view;
    let listed = Listed::new(book);
    let mut groups: Vec<(usize, Vec<usize>)> = Vec::new();
    for (row, (group, ..)) in listed.rows.iter().enumerate() {
        match groups.last_mut() {
            Some((last, rows)) if last == group => rows.push(row),
            _ => groups.push((*group, vec![row])),
        }
    }
    groups.retain(|(_, rows)| DRAWN.contains(&rows.len()));
    let size = |group: usize| view.figures.get(COMPANY, group, 0).map_or(0.0, |row| row.exact);
    groups.sort_by(|a, b| size(b.0).total_cmp(&size(a.0)).then(a.0.cmp(&b.0)));
    groups.truncate(CHARTS);
    groups.iter().map(|(group, rows)| of_group(book, *group, rows, listed.months.len() as u16)).collect()
}

fn of_group(book: &Book, group: usize, rows: &[usize], months: u16) -> Chart {
    let lang = book.look.lang;
    let name = say::products();
    let sheet = name.get(lang);
    let last = FIRST + months - 1;
    let mut chart = Chart::new(ChartType::ColumnPercentStacked);
    for (i, row) in rows.iter().enumerate() {
        let row = HEAD + 1 + *row as u32;
        let color = styles::LINES[(i + 1) % styles::LINES.len()];
        chart
            .add_series()
            .set_name((sheet, row, 2))
            .set_categories((sheet, HEAD, FIRST, HEAD, last))
            .set_values((sheet, row, FIRST, row, last))
            .set_format(ChartFormat::new().set_solid_fill(ChartSolidFill::new().set_color(color)))
            .set_gap(40);
    }
    let first = book.view.months.first().map_or("", String::as_str);
    let title = say::chart_of_mix(&group_name(book.view, group), first);
    let mut chart = chart::finish(chart, title.get(lang));
    chart.y_axis().set_num_format("0%");
    chart
}
