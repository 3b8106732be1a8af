//! The page of `yugu check`: what was found in the folder.

use super::run::Source;
use super::table::Printed;
use super::{View, run};
use crate::messages::report as say;

/// A file with what it was found to be.
#[derive(Clone, Debug)]
pub struct Found {
    /// The file.
    pub source: Source,
    /// Its encoding, where it is a table.
    pub encoding: Option<&'static str>,
}

/// The page; `folder` is what the user calls the folder.
pub fn page(view: &View, folder: &str, found: &[Found]) -> String {
    let (data, lang) = (&view.outlook.dataset, view.lang);
    let counts = run::Counts::new(view);
    let origin = view.outlook.origin;
    let last = origin.made.plus(2).last_day();
    let is_ahead = |s: &usize| {
        let launch = view.known.launch(data.grid.series[*s].product);
        !view.figures.is_forecast[*s] && view.known.seen(*s).is_none() && launch.is_some_and(|day| day > last)
    };
    let launching = (0..data.grid.series.len()).filter(is_ahead).count();
    let mut lines = vec![
        say::found_title(folder),
        say::found_months(data.start, origin.cutoff, view.known.months()),
        say::found_keys(counts.regions, counts.products, counts.groups, counts.series),
        say::found_series(counts.series_not_forecast - launching, counts.gap_months_taken_as_zero),
        say::found_made(&view.made, origin.mode == crate::dataset::Mode::During),
    ];
    if launching > 0 {
        lines.insert(lines.len() - 1, say::found_launching(launching));
    }
    let mut out: String = lines.iter().map(|line| format!("{}\n", line.get(lang))).collect();
    let mut table = Printed::new(&[1]);
    let headers = [say::file(), say::encoding(), say::bytes()];
    table.head(headers.iter().map(|h| h.get(lang).to_owned()).collect());
    for file in found {
        let size = super::table::number(file.source.bytes as f64, 0);
        table.row(vec![file.source.file.clone(), file.encoding.unwrap_or_default().to_owned(), size]);
    }
    out.push('\n');
    out.push_str(&table.text());
    out.push_str(&super::reception::section(view));
    out
}
