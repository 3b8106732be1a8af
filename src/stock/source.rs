//! What is known of past errors.

/// Where a spread comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// Forecasts as they were issued.
    Ledger,
    /// Forecasts made again at past origins.
    Backtest,
    /// The history's own variance: there are no past forecasts.
    History,
}

impl Source {
    /// The word in outputs.
    pub fn word(self) -> &'static str {
        match self {
            Source::Ledger => "ledger",
            Source::Backtest => "backtest",
            Source::History => "history",
        }
    }
}
