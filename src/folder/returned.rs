//! A workbook that came back, as it is read.

use super::xlsx;
use crate::answers::{Cells, META, Made};
use crate::messages::Text;

/// A workbook that came back.
#[derive(Clone, Debug, Default)]
pub struct Workbook {
    /// What it was made from.
    pub made: Made,
    /// Its sheets to fill in.
    pub sheets: Vec<Cells>,
}

/// Reads a workbook's bytes; what is wrong with it where nothing can be taken from it. `limit`: how many bytes of memory
/// it may take.
pub fn workbook_of(bytes: &[u8], limit: u64) -> Result<Workbook, Text> {
    let asked = |first: &[Cells]| -> Vec<String> {
        let made = Made::parse(first).unwrap_or_default();
        made.sheets.into_iter().map(|(_, name)| name).collect()
    };
    let sheets = xlsx::cells(bytes, META, limit, asked).map_err(|wrong| wrong.message)?;
    Ok(Workbook { made: Made::parse(&sheets)?, sheets })
}
