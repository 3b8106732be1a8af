//! How charts look.

use rust_xlsxwriter::{Chart, ChartFont, ChartLegendPosition, Worksheet};

/// Pixels.
const WIDTH: u32 = 620;
const HEIGHT: u32 = 300;
/// Rows of a sheet that a chart covers, at 20 pixels a row.
pub const ROWS: u32 = 16;

/// A chart with its title.
pub fn finish(mut chart: Chart, title: &str) -> Chart {
    let mut font = ChartFont::new();
    font.set_size(11);
    chart.title().set_name(title).set_font(&font);
    chart.legend().set_position(ChartLegendPosition::Bottom);
    chart.y_axis().set_num_format("#,##0");
    chart.set_width(WIDTH).set_height(HEIGHT);
    chart
}

/// Puts a chart on a sheet, at a cell.
pub fn insert(sheet: &mut Worksheet, (row, column): (u32, u16), chart: Chart) {
    // Fails only beyond the sheet.
    let _ = sheet.insert_chart(row, column, &chart);
}

/// The same, so many pixels to the right.
pub fn insert_at(sheet: &mut Worksheet, (row, pixels): (u32, u32), chart: Chart) {
    let _ = sheet.insert_chart_with_offset(row, 0, &chart, pixels, 0);
}

/// Pixels from one chart to the next.
pub const STEP: u32 = WIDTH + 20;
