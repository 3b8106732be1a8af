//! `totals`: figures as they are printed elsewhere, to be checked against the folder and against each other.

use super::names::Names;
use super::repeats::Identical;
use crate::error::{Place, Problems};
use crate::messages::shorten;
use crate::month::{Month, Period};
use crate::settings::Settings;
use crate::sheet::{Col, Row, Rows, Sheet, cell};

/// What a printed figure counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Counted {
    /// Units of everything sold.
    Units,
    /// Revenue of everything sold, yuan.
    Revenue,
    /// Revenue of goods, yuan.
    ApplianceRevenue,
    /// Revenue of goods less their cost, yuan.
    ApplianceProfit,
    /// Profit of goods over their revenue.
    ApplianceMargin,
    /// Revenue of policies, yuan.
    Premiums,
    /// The insurer's fee on premiums, yuan.
    AgencyFee,
    /// Households that signed their contract.
    NewHouseholds,
    /// Households that bought goods.
    Buyers,
    /// Buyers over households that signed.
    BuyerShare,
}

impl Counted {
    /// All of them, with the words by which `totals` may call them; the first is the one that messages use.
    pub const ALL: [(Counted, &'static [&'static str]); 10] = [
        (Counted::Units, &["units", "销量", "数量"]),
        (Counted::Revenue, &["revenue", "销售额", "金额", "收入"]),
        (Counted::ApplianceRevenue, &["appliance_revenue", "器具销售额", "商品销售额", "燃气具销售额"]),
        (Counted::ApplianceProfit, &["appliance_profit", "器具毛利", "商品毛利", "毛利"]),
        (Counted::ApplianceMargin, &["appliance_margin", "器具毛利率", "商品毛利率", "毛利率"]),
        (Counted::Premiums, &["premiums", "保费", "保险销售额"]),
        (Counted::AgencyFee, &["agency_fee", "代理费", "保险代理费", "手续费"]),
        (Counted::NewHouseholds, &["new_households", "新增户数", "签约户数"]),
        (Counted::Buyers, &["buyers", "购买户数"]),
        (Counted::BuyerShare, &["buyer_share", "购买率", "购买比例", "购买户占比"]),
    ];

    /// What a word means, case ignored; none where it is none of them.
    pub fn of(word: &str) -> Option<Counted> {
        let word = word.to_lowercase().replace([' ', '-'], "_");
        Counted::ALL.into_iter().find(|(_, words)| words.contains(&word.as_str())).map(|(counted, _)| counted)
    }

    /// Whether it is an amount of money.
    pub fn is_money(self) -> bool {
        use Counted::{AgencyFee, ApplianceProfit, ApplianceRevenue, Premiums, Revenue};
        matches!(self, Revenue | ApplianceRevenue | ApplianceProfit | Premiums | AgencyFee)
    }
}

/// A number as it is printed.
#[derive(Clone, Debug)]
pub struct Printed {
    /// Its value: yuan where it is money, a share where it has a percent sign.
    pub value: f64,
    /// Half of its last digit, in the unit of the value: what rounding may have taken or given.
    pub half: f64,
    /// As written.
    pub text: String,
    /// Where it stands.
    pub place: Place,
}

impl Printed {
    /// Whether a number rounds to it: it lies within half of the last digit.
    pub fn agrees(&self, exact: f64) -> bool {
        (self.value - exact).abs() <= self.half * (1.0 + SLACK) + SLACK * exact.abs()
    }
}

/// What arithmetic loses of a number, relative to it; far below any digit that is printed.
const SLACK: f64 = 1e-9;

/// The time a figure speaks of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Span {
    /// A fiscal year.
    Year(i32),
    /// A month.
    Month(Month),
}

impl Span {
    /// The same time a year before.
    pub fn year_before(self) -> Span {
        match self {
            Span::Year(year) => Span::Year(year - 1),
            Span::Month(month) => Span::Month(month.plus(-12)),
        }
    }

    /// Its first month and how many it has; fiscal years begin in month `start` (1 to 12).
    pub fn months(self, start: u32) -> (Month, usize) {
        match self {
            Span::Year(year) => (Month::fiscal_start(year, start), 12),
            Span::Month(month) => (month, 1),
        }
    }
}

impl std::fmt::Display for Span {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Span::Year(year) => write!(f, "{year}"),
            Span::Month(month) => write!(f, "{month}"),
        }
    }
}

/// One row of `totals`.
#[derive(Clone, Debug)]
pub struct Total {
    /// The time it speaks of.
    pub span: Span,
    /// Region node.
    pub node: usize,
    /// What it counts, as written, in small letters.
    pub measure: String,
    /// What that means; none for a measure that the folder cannot tell.
    pub counted: Option<Counted>,
    /// The figure.
    pub value: Printed,
    /// Growth on the year before, a share.
    pub growth: Option<Printed>,
}

/// Reads the rows.
pub fn read(sheets: &[&Sheet], settings: &Settings, names: &Names, problems: &mut Problems) -> Vec<Total> {
    let mut out = Vec::new();
    let mut seen = Identical::default();
    for sheet in sheets {
        let Some(mut rows) = Rows::open(sheet, &settings.columns, problems) else { continue };
        let [period, region, measure, value, growth] =
            ["period", "region", "measure", "value", "growth"].map(|c| rows.column(c));
        while let Some(row) = rows.next(problems) {
            if seen.again(row, problems) {
                continue;
            }
            let when = span(row, period, problems);
            let node = names.region(row, region, problems);
            let word = row.need_name(measure, problems);
            let counted = word.and_then(Counted::of);
            let unit = settings.units.money;
            let yuan = if counted.is_some_and(Counted::is_money) { unit.yuan() } else { 1.0 };
            // Money that names its own unit (1.2万, 5元) is read in it.
            let number = match counted.filter(|c| c.is_money() && !row.text(value).ends_with(['%', '％'])) {
                Some(_) => row.need_money(value, unit, problems),
                None => row.need_rate(value, problems),
            };
            let rate = row.rate(growth, problems);
            let (Some(span), Some(node), Some(word), Some(number)) = (when, node, word, number) else { continue };
            out.push(Total {
                span,
                node,
                measure: word.to_lowercase(),
                counted,
                value: printed(row, value, number, yuan),
                growth: rate.map(|rate| printed(row, growth, rate, 1.0)),
            });
        }
    }
    out
}

/// A year, else a month.
fn span(row: Row, col: Col, problems: &mut Problems) -> Option<Span> {
    if let Some(year) = cell::year(row.text(col)) {
        return Some(Span::Year(year));
    }
    row.need_period(col, problems).map(|period: Period| Span::Month(period.month()))
}

/// A number of a cell with what its text says of its last digit; `number` counts `yuan` each.
fn printed(row: Row, col: Col, number: f64, yuan: f64) -> Printed {
    let text = row.text(col);
    // The text's own unit and the number's differ where the cell names one (5元 among 万元): the value tells them apart.
    let written = cell::rate(text).ok().flatten().filter(|x| *x != 0.0);
    let scale = written.map_or(1.0, |x| number / x) * yuan;
    let half = 0.5 * cell::last_digit(text).unwrap_or(1.0) * scale.abs();
    Printed { value: number * yuan, half, text: shorten(text), place: row.place(col) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_figure_agrees_with_what_rounds_to_it() {
        let place = Place { file: "t.csv".into(), line: 2, column: 1 };
        let fee = Printed { value: 2.67e6, half: 5e3, text: "2670000".into(), place: place.clone() };
        assert!(fee.agrees(2.672e6) && fee.agrees(2.675e6) && !fee.agrees(2.6751e6));
        let growth = Printed { value: 1.297, half: 5e-4, text: "129.7%".into(), place };
        assert!(growth.agrees(1.2966) && !growth.agrees(267.0 / 117.0 - 1.0));
    }

    #[test]
    fn measures_have_words_of_their_own() {
        for (counted, words) in Counted::ALL {
            assert!(words.iter().all(|word| Counted::of(word) == Some(counted)), "{words:?}");
        }
        assert_eq!([Counted::of("Agency Fee"), Counted::of("registered_households")], [Some(Counted::AgencyFee), None]);
    }

    #[test]
    fn a_span_has_its_months() {
        let july = Month::new(2013, 7).unwrap();
        assert_eq!(Span::Year(2014).months(7), (july, 12));
        assert_eq!(Span::Month(july).year_before().months(7), (july.plus(-12), 1));
    }
}
