//! How targets came about.

/// How a node came to its target.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// Its own row, locked.
    Locked,
    /// Its own row.
    Given,
    /// A planner's growth rate on last year's actual sales.
    Growth,
    /// Its share of what is left, by its credited base.
    Share,
    /// The sum of the regions below.
    Sum,
    /// No target reaches it.
    None,
}

impl Why {
    /// The word for programs and messages.
    pub fn word(self) -> &'static str {
        match self {
            Why::Locked => "locked",
            Why::Given => "given",
            Why::Growth => "growth",
            Why::Share => "share",
            Why::Sum => "sum",
            Why::None => "none",
        }
    }
}
