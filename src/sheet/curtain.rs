//! Rows that nobody had on the day up to which data are seen: they are passed over before anything in them is looked at,
//! so that neither their numbers nor their names, nor what is wrong with them, can reach anything.

use chrono::NaiveDate;

use super::columns::Value;
use crate::month::Period;
use crate::schema::Table;

/// The columns that say since when a row is known, the first that is filled; none where a table does not say.
fn since(table: Table) -> &'static [&'static str] {
    match table {
        Table::Sales
        | Table::ChannelStock
        | Table::Signings
        | Table::CommunitySales
        | Table::Leads
        | Table::Reported => &["month"],
        Table::Policies => &["sold"],
        Table::Orders => &["placed"],
        Table::Frontline | Table::Overrides => &["made"],
        Table::Progress | Table::Stock | Table::Ledger => &["as_of"],
        // An event without a day on which it became known counts from its first month.
        Table::Factors => &["known", "from"],
        Table::Growth | Table::Targets | Table::Rates => &["known"],
        // A community is known once its developer has signed, unless the row says otherwise.
        Table::Communities => &["known", "contract"],
        Table::Totals => &["period"],
        _ => &[],
    }
}

/// What is passed over while a sheet is read.
#[derive(Debug, Default)]
pub(super) struct Curtain {
    /// The last day seen; none where everything is.
    until: Option<NaiveDate>,
    columns: Vec<usize>,
    /// Whether only the later rows are read, to know what is not known.
    pub behind: bool,
}

impl Curtain {
    /// `column` says where a column of the table stands.
    pub fn new(table: Table, until: Option<NaiveDate>, column: impl Fn(&'static str) -> Option<usize>) -> Curtain {
        let columns = since(table).iter().filter_map(|name| column(name));
        Curtain { until, columns: columns.collect(), behind: false }
    }

    /// Whether a row is passed over: its cells as they are typed, and as they are written.
    pub fn hides<'r>(&self, value: impl Fn(usize) -> Option<Value<'r>>, text: impl Fn(usize) -> &'r str) -> bool {
        let Some(until) = self.until else { return self.behind };
        let typed = |column: usize| value(column).and_then(Value::period);
        let written = |column: usize| Some(text(column)).filter(|text| !text.is_empty()).map(Period::parse);
        let mut filled = self.columns.iter().filter_map(|c| typed(*c).map(Some).or_else(|| written(*c)));
        let is_later = filled.next().flatten().is_some_and(|period| period.first_day() > until);
        is_later != self.behind
    }
}
