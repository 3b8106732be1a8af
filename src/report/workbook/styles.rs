//! How cells look.

use rust_xlsxwriter::{Color, Format, FormatAlign, FormatBorder};

use crate::report::columns::Kind;

/// The colours: head, cells to fill in, lines between them.
const HEAD: Color = Color::RGB(0x1F_4E_79);
const ASK: Color = Color::RGB(0xFF_F2_CC);
const LINE: Color = Color::RGB(0xBF_BF_BF);
const QUIET: Color = Color::RGB(0x59_59_59);
/// The tab of a sheet to fill in.
pub const TAB: Color = Color::RGB(0xFF_D9_66);
/// Colours of charts: sales, forecast, bounds, last version, and further ones.
pub const LINES: [Color; 8] = [
    Color::RGB(0x40_40_40),
    Color::RGB(0x1F_77_B4),
    Color::RGB(0x9E_CA_E1),
    Color::RGB(0xFF_7F_0E),
    Color::RGB(0x2C_A0_2C),
    Color::RGB(0x94_67_BD),
    Color::RGB(0x8C_56_4B),
    Color::RGB(0x17_BE_CF),
];

/// A sheet's title.
pub fn title() -> Format {
    Format::new().set_bold().set_font_size(14)
}

/// What a sheet is, below its title.
pub fn about() -> Format {
    Format::new().set_font_color(QUIET)
}

/// A header.
pub fn head() -> Format {
    Format::new()
        .set_bold()
        .set_font_color(Color::White)
        .set_background_color(HEAD)
        .set_text_wrap()
        .set_align(FormatAlign::Center)
        .set_align(FormatAlign::VerticalCenter)
        .set_border(FormatBorder::Thin)
        .set_border_color(LINE)
}

/// The header of a column that people fill in.
pub fn ask_head() -> Format {
    head().set_font_color(Color::Black).set_background_color(Color::RGB(0xFF_D9_66))
}

/// A title within a sheet.
pub fn part() -> Format {
    Format::new().set_bold().set_font_size(12)
}

/// A row of sums.
pub fn sum() -> Format {
    Format::new().set_bold()
}

/// The cells of a column.
pub fn cell(kind: Kind) -> Format {
    let format = Format::new();
    match kind {
        Kind::Hidden => format,
        Kind::Text | Kind::Month | Kind::Day | Kind::Ordinal => format.set_align(FormatAlign::Left).set_indent(1),
        Kind::Long => format.set_align(FormatAlign::Left).set_indent(1).set_text_wrap(),
        Kind::Units | Kind::Rounded | Kind::Count | Kind::Plain => format.set_num_format("#,##0"),
        Kind::Signed | Kind::SignedRounded => format.set_num_format("+#,##0;[Red]-#,##0;0"),
        Kind::Exact => format.set_num_format("#,##0.00"),
        Kind::Percent => format.set_num_format("0.0%"),
        Kind::Rate => format.set_num_format("+0.0%;[Red]-0.0%;0.0%"),
        Kind::Money => format.set_num_format("#,##0"),
        Kind::AskUnits => ask().set_num_format("#,##0.###"),
        Kind::AskShare => ask().set_num_format("0.##%"),
        Kind::AskText => ask().set_num_format("@"),
    }
}

/// A number of units that is not whole, and money in 万元.
pub fn broken(kind: Kind) -> Format {
    match kind {
        Kind::Signed => Format::new().set_num_format("+#,##0.0;[Red]-#,##0.0;0.0"),
        _ => Format::new().set_num_format("#,##0.0"),
    }
}

/// A cell to fill in.
pub fn ask() -> Format {
    Format::new().set_background_color(ASK).set_border(FormatBorder::Thin).set_border_color(LINE).set_unlocked()
}

/// Cells that stand out: short of the target, and on it.
pub fn short() -> Format {
    Format::new().set_font_color(Color::RGB(0x9C_00_06)).set_background_color(Color::RGB(0xFF_C7_CE))
}

/// On the target.
pub fn on_target() -> Format {
    Format::new().set_font_color(Color::RGB(0x00_61_00)).set_background_color(Color::RGB(0xC6_EF_CE))
}
