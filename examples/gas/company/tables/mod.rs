//! The folder's tables, as bytes.

pub mod books;
pub mod masters;
pub mod plans;
pub mod supply;
pub mod channel;
pub mod leads;
pub mod records;

use super::World;
use books::Books;

/// A table: its name, columns and rows.
pub struct Table {
    pub name: &'static str,
    pub columns: &'static [&'static str],
    pub rows: Vec<Vec<String>>,
}

impl Table {
    /// The bytes of the file: UTF-8 without a mark, lines ended by a line feed.
    pub fn bytes(&self) -> Result<Vec<u8>, csv::Error> {
        let mut writer = csv::Writer::from_writer(Vec::new());
        writer.write_record(self.columns)?;
        for row in &self.rows {
            writer.write_record(row)?;
        }
        writer.into_inner().map_err(|error| csv::Error::from(error.into_error()))
    }
}

/// A file of the folder: its name and bytes.
pub type File = (String, Vec<u8>);

/// Every file of the folder.
pub fn files(world: &World) -> Result<Vec<File>, csv::Error> {
    let books = Books::keep(world);
    let tables = [
        books.sales(),
        masters::products(),
        masters::regions(),
        masters::communities(world),
        books::signings(world),
        books.community_sales(world),
        books.policies(),
        leads::leads(world, &books),
        masters::aliases(),
        plans::factors(),
        plans::targets(&books),
        plans::growth(),
        plans::frontline(world, &books),
        plans::overrides(&books),
        plans::progress(world),
        supply::stock(world, &books),
        channel::channel_stock(world, &books),
        records::commissions(),
        records::totals(),
    ];
    let mut files = pack(&tables)?;
    files.push(("yugu.toml".into(), SETTINGS.into()));
    files.push(("README.md".into(), include_bytes!("../../folder.md").to_vec()));
    Ok(files)
}

/// Tables as files.
pub fn pack(tables: &[Table]) -> Result<Vec<File>, csv::Error> {
    tables.iter().map(|table| Ok((format!("{}.csv", table.name), table.bytes()?))).collect()
}

const SETTINGS: &str = "# The city gas company: fiscal years from July to June, money in yuan.\n\
    [fiscal]\nstart = 7\n\n[calendar]\nfestival = \"cn\"\n";

/// A row of text cells.
#[macro_export]
macro_rules! row {
    ($($cell:expr),* $(,)?) => { vec![$($cell.to_string()),*] };
}
