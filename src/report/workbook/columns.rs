//! What the columns of the sheets hold, by the names that the files give them.

use std::borrow::Cow;

use crate::messages::workbook as say;
use crate::messages::{Lang, Text};

/// What a column holds, and so how it is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Words, codes, months.
    Text,
    /// Sentences.
    Long,
    /// Units: whole numbers without decimals, others with.
    Units,
    /// Units that are seldom whole and of which nobody needs the decimals: targets, outlooks.
    Whole,
    /// Units with their sign.
    Signed,
    /// The same without decimals.
    SignedWhole,
    /// A number with two decimals.
    Exact,
    /// A count, without a unit.
    Count,
    /// A share as a percentage.
    Percent,
    /// A rate as a percentage with its sign.
    Rate,
    /// Money in the settings' unit.
    Money,
    /// Filled in by people: a number of units.
    AskUnits,
    /// Filled in by people: a share.
    AskShare,
    /// Filled in by people: words.
    AskText,
    /// A number for the machine, not shown.
    Hidden,
}

/// A column of a sheet.
#[derive(Clone, Debug, PartialEq)]
pub struct Column {
    /// Its name: that of the file's column, where it is one.
    pub id: Cow<'static, str>,
    /// What it holds.
    pub kind: Kind,
    /// Its header, without the unit.
    pub title: Text,
}

impl Column {
    /// A column with the usual kind and title of its name.
    pub fn new(id: impl Into<Cow<'static, str>>) -> Column {
        let id = id.into();
        Column { kind: kind(&id), title: say::column(&id), id }
    }

    /// The same with another kind.
    pub fn of(id: &'static str, kind: Kind) -> Column {
        Column { kind, ..Column::new(id) }
    }

    /// A column of counts that is called as it is titled, such as a month.
    pub fn counted(id: String) -> Column {
        Column { kind: Kind::Count, ..Column::new(id) }
    }

    /// The same with another title.
    pub fn titled(self, title: Text) -> Column {
        Column { title, ..self }
    }

    /// The header with the unit of what stands below it.
    pub fn header(&self, lang: Lang, money: &str) -> String {
        let title = self.title.get(lang);
        let units = say::units();
        let unit = match self.kind {
            Kind::Units | Kind::Whole | Kind::Signed | Kind::SignedWhole | Kind::AskUnits => units.get(lang),
            Kind::Money => money,
            _ => return title.to_owned(),
        };
        match lang {
            Lang::En => format!("{title}\n({unit})"),
            Lang::Zh => format!("{title}\n（{unit}）"),
        }
    }
}

/// What stands before the measure of which a column holds the part of communities not contracted yet.
const NOT_CONTRACTED: &str = "not_contracted_";

/// The usual kind of a column; of one that nobody knows, text.
fn kind(id: &str) -> Kind {
    match id {
        "message" | "treatment" | "basis" | "causes" | "what" | "reason" => Kind::Long,
        "base_growth" | "growth" | "bias" | "change_share" => Kind::Rate,
        "attainment" | "attainment_factor" | "share" | "last_month" | "month_before" | "repaired" | "used"
        | "plain" | "wape" | "wape_raw" | "inside80" | "inside95" | "nearer" | "factor" | "passed" | "service" => {
            Kind::Percent
        }
        "revenue" | "value" | "margin" | "net_margin" | "premiums" | "fee" | "profit" | "commissions" => Kind::Money,
        "units_exact" | "forecast_exact" | "cover" | "norm" | "push" | "interval_months" | "deviation" | "rmsse"
        | "tracking_signal" | "tracking_limit" | "counters" | "people" | "people_short" => Kind::Exact,
        "lag" | "line" | "column" | "months" | "rows" | "tracked" | "tracked_out" | "bounds" | "answers"
        | "cover_days" | "interval_days" | "buys_for" | "months_out" | "households_left" | "signings" | "buyers"
        | "policies" | "renewals" | "in_force" | "bytes" | "days" => Kind::Count,
        "gap" => Kind::SignedWhole,
        "change" => Kind::Signed,
        "base" | "target" | "year_target" | "year_outlook" => Kind::Whole,
        "units" | "low80" | "high80" | "low95" | "high95" | "last_year" | "forecast" | "year_to_date" | "credited"
        | "cautious" | "optimistic" | "at_stake" | "found" | "against" | "low" | "high" | "last" | "on_hand"
        | "on_order" | "all_on_order" | "overdue" | "owed" | "position" | "demand" | "safety_stock" | "level_units"
        | "sold_since" | "echelon_on_hand" | "echelon_on_order" | "echelon_owed" | "bought_for" | "short"
        | "surplus" | "reorder_point" | "raw_need" | "planned" | "transfer_in" | "pack" | "moq" | "order"
        | "excess" | "transfer_out" | "stock_end_1" | "stock_end_2" | "lost" | "net" | "stock" | "sell_out"
        | "to_date" | "before" | "landing" | "sold" | "missed" | "gained" | "avoided" | "missed_lag2"
        | "missed_lag1" | "issued" | "sales" => Kind::Units,
        "new_units" | "estimate" => Kind::AskUnits,
        "of_target" | "by_share" => Kind::AskShare,
        "why" | "by" | "lock" | "note" => Kind::AskText,
        "id" | "above" | "key" => Kind::Hidden,
        _ => id.strip_prefix(NOT_CONTRACTED).map_or(Kind::Text, kind),
    }
}
