//! Sheets of what stands in no file of a run: stock in the channel, the month to date, the waterfall.

use rust_xlsxwriter::{Chart, ChartFormat, ChartLine, ChartType, Worksheet};

use super::Book;
use super::page::{Page, Value};
use super::{chart, styles};
use crate::answers::key_of;
use crate::dataset::{Mode, Tier};
use crate::grid::{COMPANY, Scope};
use crate::ledger::score::{Waterfall, waterfall};
use crate::messages::workbook as say;
use crate::report::columns::{Head, Kind};
use crate::report::names::region_name;
use crate::stages::revision::Step;

/// So many of the last versions are drawn.
const DRAWN: usize = 12;

/// Stock in the channel, and the cut that follows (R11); none where nothing was counted.
pub fn channel(book: &Book) -> Option<Worksheet> {
    let view = book.view;
    let grid = &view.outlook.dataset.grid;
    let counts = &view.outlook.point.attainment.counts;
    if counts.is_empty() {
        return None;
    }
    let mut page = Page::new(&say::channel(), &say::about_channel(), book.look);
    let columns =
        ["region", "region_name", "product", "tier", "stock", "sell_out", "cover", "norm", "push", "factor", "place"];
    page.table(columns.map(Head::named).to_vec());
    for count in counts {
        let (region, product) = key_of(grid, (count.node, count.scope));
        let tier = match count.tier {
            Tier::Dealer => say::dealer(),
            Tier::Downstream => say::downstream(),
        };
        let months = count.sell_out.len();
        let sell_out = (months > 0).then(|| count.sell_out.iter().sum::<f64>() / months as f64);
        page.row([
            region.into(),
            region_name(view, count.node).into(),
            product.into(),
            tier.get(book.look.lang).to_owned().into(),
            count.stock.into(),
            sell_out.into(),
            count.cover.into(),
            count.norm.into(),
            count.push.filter(|(_, forecast)| *forecast > 0.0).map(|(sold, forecast)| sold / forecast).into(),
            count.factor.into(),
            count.place.to_string().into(),
        ]);
    }
    Some(page.finish(3, ""))
}

/// What has sold since the month began, and where the month lands (R7); none outside of a month.
pub fn to_date(book: &Book) -> Option<Worksheet> {
    let view = book.view;
    let grid = &view.outlook.dataset.grid;
    let landed = view.outlook.point.revision.changes.iter().filter_map(|change| match change.step {
        Step::Progress(passed) => Some((change, passed)),
        _ => None,
    });
    let mut landed = landed.peekable();
    landed.peek()?;
    let mut page = Page::new(&say::to_date(), &say::about_to_date(), book.look);
    let columns = ["region", "region_name", "product", "month", "passed", "to_date", "before", "landing", "change"];
    page.table(columns.map(Head::named).to_vec());
    for (change, passed) in landed {
        // Rows of single products make one row of their region and group.
        let scope = match (change.scope, change.answers.len()) {
            (Scope::Product(p), several) if several > 1 => Scope::Group(grid.products.group[p]),
            (scope, _) => scope,
        };
        let (region, product) = key_of(grid, (change.node, scope));
        page.row([
            region.into(),
            region_name(view, change.node).into(),
            product.into(),
            view.months.get(change.month).map_or("", String::as_str).into(),
            passed.into(),
            change.given.into(),
            change.before.into(),
            change.after.into(),
            (change.after - change.before).into(),
        ]);
    }
    Some(page.finish(3, ""))
}

/// Every version of every month, of the whole company; none before anything was issued.
pub fn waterfall_sheet(book: &Book) -> Option<Worksheet> {
    let view = book.view;
    let series = view.outlook.dataset.grid.in_scope(COMPANY, Scope::All);
    // What was issued at the same time of the month, else what was at the other.
    let own = view.outlook.origin.mode;
    let other = if own == Mode::Close { Mode::During } else { Mode::Close };
    let falls = [own, other].map(|mode| waterfall(&view.known, mode, &series));
    let fall = falls.into_iter().find(|fall| !fall.made.is_empty())?;
    let mut page = Page::new(&say::waterfall(), &say::about_waterfall(), book.look);
    let mut columns = vec![Head::named("made")];
    columns.extend(fall.months.iter().map(|m| Head::named(m.to_string()).of(Kind::Plain)));
    page.table(columns);
    for (made, issued) in fall.made.iter().zip(&fall.issued) {
        let cells = issued.iter().map(|units| Value::from(*units));
        page.row([Value::from(made.to_string())].into_iter().chain(cells));
    }
    page.end_table();
    let sold = fall.sold.iter().map(|units| Value::from(*units));
    page.sum_row([Value::from(say::sales_line().get(book.look.lang).to_owned())].into_iter().chain(sold));
    let row = page.next_row() + 1;
    let chart = lines(book, &fall, page.head_row());
    chart::insert(&mut page.sheet, (row, 0), chart);
    Some(page.finish(1, ""))
}

/// What sold in each month, and the last versions, each a line drawn from the row of its month made.
fn lines(book: &Book, fall: &Waterfall, head: u32) -> Chart {
    let lang = book.look.lang;
    let name = say::waterfall();
    let sheet = name.get(lang);
    let (first, last) = (1, fall.months.len() as u16);
    let mut chart = Chart::new(ChartType::Line);
    let months = (sheet, head, first, head, last);
    let sold = head + 1 + fall.made.len() as u32;
    for (i, row) in (head + 1..sold).enumerate().skip(fall.made.len().saturating_sub(DRAWN)) {
        let color = styles::LINES[1 + i % (styles::LINES.len() - 1)];
        chart
            .add_series()
            .set_name((sheet, row, 0))
            .set_categories(months)
            .set_values((sheet, row, first, row, last))
            .set_format(ChartFormat::new().set_line(ChartLine::new().set_color(color).set_width(1.5)));
    }
    chart
        .add_series()
        .set_name((sheet, sold, 0))
        .set_categories(months)
        .set_values((sheet, sold, first, sold, last))
        .set_format(ChartFormat::new().set_line(ChartLine::new().set_color(styles::LINES[0]).set_width(2.5)));
    chart::finish(chart, say::chart_of_waterfall().get(lang))
}
