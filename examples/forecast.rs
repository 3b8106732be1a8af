//! A forecast from another program: `cargo run --release --example forecast -- data/gas`.

use std::error::Error;

use yugu::prelude::*;
use yugu::report::forecast;

fn main() -> Result<(), Box<dyn Error>> {
    let folder = std::env::args().nth(1).unwrap_or_else(|| "data/gas".to_owned());
    let loaded = load(folder.as_ref(), None, chrono::Local::now().date_naive())?;
    let outlook = Outlook::new(loaded.dataset, loaded.warnings)?;
    for row in forecast::rows(&View::new(&outlook, Lang::En)) {
        println!("{} {} {}: {} units", row.region, row.product, row.month, row.units);
    }
    Ok(())
}
