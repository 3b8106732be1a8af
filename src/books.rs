//! What a company keeps beside its sales: money, counters, registered intents, households.

pub mod money;
pub mod load;
pub mod leads;
pub mod households;
