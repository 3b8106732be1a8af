//! The tables of a folder: their columns, other names for them, and what each is for.

mod columns;

use crate::messages::Text;
use crate::month::half_width;

/// A table of the folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Table {
    /// What was sold; the only table that is required.
    Sales,
    /// Products with their groups, prices, launches and retirements.
    Products,
    /// Regions and what they belong to.
    Regions,
    /// Targets by year, stage, region, month.
    Targets,
    /// Dated factors: suppressed base years, promotions, competitors.
    Factors,
    /// A planner's own growth rates.
    Growth,
    /// Stock in the channel at month ends.
    ChannelStock,
    /// The regions' own estimates.
    Frontline,
    /// Units sold so far in the month.
    Progress,
    /// A planner's last word.
    Overrides,
    /// Stock on hand and on order.
    Stock,
    /// What has been ordered and has not come.
    Orders,
    /// On what terms suppliers deliver.
    Suppliers,
    /// Prices known ahead.
    PlanPrices,
    /// Recoded products and moved regions.
    Aliases,
    /// New communities.
    Communities,
    /// Contracts signed by month.
    Signings,
    /// Units sold to the households of communities.
    CommunitySales,
    /// Policies sold, with their terms.
    Policies,
    /// Customers called back.
    Leads,
    /// Rates of new communities that a planner states.
    Rates,
    /// Counters at the service centres, since when.
    Counters,
    /// Commission rates.
    Commissions,
    /// Control totals.
    Totals,
    /// Working days that replace the built-in calendar.
    Calendar,
    /// Which months are complete, and of whom.
    Reported,
    /// Forecasts as they were issued: written by the program, and by nobody else.
    Ledger,
}

/// Whether a table can do without a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// The table is not read without it, and no row may leave it empty.
    Required,
    /// The column or the cell may be missing.
    Optional,
}

/// A column of a table.
#[derive(Debug)]
pub struct Column {
    /// Its name, as the messages and the outputs write it.
    pub name: &'static str,
    /// Chinese and other usual headers of the same column.
    pub aliases: &'static [&'static str],
    /// Whether the table can do without it.
    pub need: Need,
    /// What it holds and in which unit, one line.
    pub doc: &'static str,
    /// The same in Chinese.
    pub doc_zh: &'static str,
}

impl Table {
    /// All of those that people fill in, in the order of the documentation.
    pub const ALL: [Table; 26] = [
        Table::Sales,
        Table::Products,
        Table::Regions,
        Table::Targets,
        Table::Factors,
        Table::Growth,
        Table::ChannelStock,
        Table::Frontline,
        Table::Progress,
        Table::Overrides,
        Table::Stock,
        Table::Orders,
        Table::Suppliers,
        Table::PlanPrices,
        Table::Aliases,
        Table::Communities,
        Table::Signings,
        Table::CommunitySales,
        Table::Policies,
        Table::Leads,
        Table::Rates,
        Table::Counters,
        Table::Commissions,
        Table::Totals,
        Table::Calendar,
        Table::Reported,
    ];

    /// The name of its file without the ending.
    pub fn name(self) -> &'static str {
        columns::of(self).name
    }

    /// The table of that name, case ignored.
    pub fn from_name(name: &str) -> Option<Table> {
        Table::ALL.into_iter().find(|table| table.name().eq_ignore_ascii_case(name))
    }

    /// Its columns, in the order in which `yugu init` writes them.
    pub fn columns(self) -> &'static [Column] {
        columns::of(self).columns
    }

    /// The column of that name.
    pub fn column(self, name: &str) -> Option<&'static Column> {
        self.columns().iter().find(|column| column.name == name)
    }

    /// Columns of which at least one must be there; empty where there is no such choice.
    pub fn one_of(self) -> &'static [&'static str] {
        columns::of(self).one_of
    }

    /// Whether columns beyond those listed are kept as attributes.
    pub fn is_open(self) -> bool {
        self == Table::Communities
    }

    /// What a run can do once the table is there, as a phrase.
    pub fn switches_on(self) -> Text {
        let (en, zh) = columns::of(self).switches_on;
        Text { en: en.to_owned(), zh: zh.to_owned() }
    }
}

/// A header made comparable: lower case, half width, simplified, without blanks, byte-order marks, `_` and `-`.
pub fn normal(header: &str) -> String {
    header
        .chars()
        .map(half_width)
        .map(simplified)
        .filter(|c| !c.is_whitespace() && !matches!(c, '\u{feff}' | '\u{200b}' | '_' | '-'))
        .flat_map(char::to_lowercase)
        .collect()
}

/// The traditional letters of headers, and their simplified forms.
const TRADITIONAL: [(char, char); 40] = [
    ('區', '区'),
    ('產', '产'),
    ('銷', '销'),
    ('數', '数'),
    ('額', '额'),
    ('貨', '货'),
    ('門', '门'),
    ('單', '单'),
    ('價', '价'),
    ('編', '编'),
    ('碼', '码'),
    ('號', '号'),
    ('類', '类'),
    ('別', '别'),
    ('時', '时'),
    ('間', '间'),
    ('萬', '万'),
    ('億', '亿'),
    ('計', '计'),
    ('總', '总'),
    ('匯', '汇'),
    ('彙', '汇'),
    ('務', '务'),
    ('項', '项'),
    ('稱', '称'),
    ('規', '规'),
    ('實', '实'),
    ('績', '绩'),
    ('報', '报'),
    ('錄', '录'),
    ('預', '预'),
    ('測', '测'),
    ('標', '标'),
    ('庫', '库'),
    ('訂', '订'),
    ('購', '购'),
    ('歷', '历'),
    ('備', '备'),
    ('註', '注'),
    ('戶', '户'),
];

fn simplified(c: char) -> char {
    TRADITIONAL.iter().find(|(from, _)| *from == c).map_or(c, |(_, to)| *to)
}

/// How alike (0 to 1) two names must be for one to be offered in place of the other: one wrong, missing or swapped
/// letter in a name of four passes, two different short words do not.
const ALIKE: f64 = 0.5;

/// The known name most like `word`, where one is alike enough; of equals the first in the alphabet.
pub fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let letters = Letters::of(word);
    let word = comparable(word);
    let mut best: Option<(f64, &str)> = None;
    for name in known {
        let least = best.map_or(ALIKE, |(highest, _)| highest);
        if let (Some(one), Some(other)) = (&letters, Letters::of(name))
            && one.at_most_alike(&other) < least
        {
            continue;
        }
        let alike = strsim::normalized_damerau_levenshtein(&word, &comparable(name));
        let better = |(highest, other): (f64, &str)| alike > highest || (alike == highest && name < other);
        if alike >= ALIKE && best.is_none_or(better) {
            best = Some((alike, name));
        }
    }
    best.map(|(_, name)| name)
}

/// How often each letter stands in a short ASCII name: a quick bound on how alike two names can be, for folders with
/// thousands of names.
struct Letters {
    /// By the five low bits, in which no two letters agree.
    counts: [u8; 32],
    length: usize,
}

impl Letters {
    fn of(name: &str) -> Option<Letters> {
        if name.len() > LOOKED_AT || !name.is_ascii() {
            return None;
        }
        let mut letters = Letters { counts: [0; 32], length: 0 };
        for byte in name.bytes().filter(|b| !char::from(*b).is_whitespace() && !matches!(b, b'_' | b'-')) {
            if let Some(count) = letters.counts.get_mut(usize::from(byte & 31)) {
                *count += 1;
            }
            letters.length += 1;
        }
        Some(letters)
    }

    /// Every letter of the longer name that the other does not have is an edit; the tiny addition is for rounding.
    fn at_most_alike(&self, other: &Letters) -> f64 {
        // Of at most 64 letters each.
        let common: u8 = self.counts.iter().zip(&other.counts).map(|(a, b)| *a.min(b)).sum();
        f64::from(common) / self.length.max(other.length).max(1) as f64 + 1e-9
    }
}

/// How alike two names are, 0 to 1.
pub fn likeness(a: &str, b: &str) -> f64 {
    strsim::normalized_damerau_levenshtein(&comparable(a), &comparable(b))
}

/// Distances are quadratic in the length: no name of a product is longer.
const LOOKED_AT: usize = 64;

fn comparable(name: &str) -> String {
    normal(name).chars().take(LOOKED_AT).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn every_table_is_listed_once_and_found_by_name() {
        let names: HashSet<&str> = Table::ALL.iter().map(|t| t.name()).collect();
        assert_eq!(names.len(), Table::ALL.len());
        for table in Table::ALL {
            assert_eq!(Table::from_name(&table.name().to_uppercase()), Some(table));
            assert!(!table.switches_on().en.is_empty() && !table.switches_on().zh.is_empty());
        }
        assert_eq!(Table::from_name("sale"), None);
    }

    #[test]
    fn no_header_means_two_columns_of_one_table() {
        for table in Table::ALL {
            let mut seen = HashSet::new();
            for column in table.columns() {
                assert!(seen.insert(normal(column.name)), "{} {}", table.name(), column.name);
                for alias in column.aliases {
                    assert!(seen.insert(normal(alias)), "{}: {alias} of {}", table.name(), column.name);
                }
            }
            assert!(table.one_of().iter().all(|name| table.column(name).is_some()));
        }
    }

    #[test]
    fn every_column_is_explained_in_one_line_of_both_languages() {
        for table in Table::ALL {
            for column in table.columns() {
                assert!(!column.doc.is_empty() && !column.doc.contains('\n'), "{}", column.name);
                assert!(column.doc_zh.chars().any(|c| c > '\u{4e00}'), "{}", column.name);
            }
        }
    }

    #[test]
    fn headers_are_compared_without_case_blanks_and_width() {
        assert_eq!(normal("\u{feff} Stockout Days "), "stockoutdays");
        assert_eq!(normal("ＵＮＩＴＳ"), normal("units"));
        assert_eq!(normal("stockout_days"), normal("Stockout-Days"));
        assert_ne!(normal("units"), normal("unit"));
    }

    proptest::proptest! {
        #[test]
        fn the_quick_bound_never_hides_the_nearest(
            word in "[a-cA-C _-]{0,8}",
            known in proptest::collection::vec("[a-d][a-dA-D _-]{0,8}", 0..12),
        ) {
            let slow = known
                .iter()
                .map(|name| (likeness(&word, name), name.as_str()))
                .filter(|(alike, _)| *alike >= ALIKE)
                .max_by(|a, b| a.0.total_cmp(&b.0).then_with(|| b.1.cmp(a.1)));
            proptest::prop_assert_eq!(nearest(&word, known.iter().map(String::as_str)), slow.map(|(_, name)| name));
        }
    }

    #[test]
    fn the_nearest_name_is_offered_only_where_it_is_near() {
        let known = ["华东", "华南", "north", "south"];
        assert_eq!(nearest("nroth", known), Some("north"));
        assert_eq!(nearest("华东区", known), Some("华东"));
        assert_eq!(nearest("zzzz", known), None);
        assert_eq!(nearest("", known), None);
    }
}
