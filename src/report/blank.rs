//! The files of an empty folder: every table with its header, the settings, a page on the columns.

use crate::messages::Lang;
use crate::messages::report as say;
use crate::schema::{Need, Table};
use crate::settings::Settings;

use super::cell::Input;

/// The files of a new folder, by name.
pub fn files(lang: Lang) -> Vec<(String, Vec<u8>)> {
    let mut files: Vec<(String, Vec<u8>)> =
        Table::ALL.into_iter().map(|table| (format!("{}.csv", table.name()), header(table))).collect();
    files.push(("yugu.toml".to_owned(), Settings::template().into_bytes()));
    files.push(("README.md".to_owned(), readme(lang).into_bytes()));
    files
}

/// An empty table: its header.
pub fn header(table: Table) -> Vec<u8> {
    Input::new(table.columns().iter().map(|column| column.name)).bytes()
}

/// A page on every table and column.
fn readme(lang: Lang) -> String {
    let mut out = say::readme_head().get(lang).to_owned();
    for table in Table::ALL {
        out.push_str(&format!("\n## {}.csv\n\n", table.name()));
        out.push_str(say::readme_table(&table.switches_on()).get(lang));
        if !table.one_of().is_empty() {
            out.push_str(say::readme_one_of(&table.one_of().join(", ")).get(lang));
        }
        out.push_str("\n\n");
        out.push_str(say::readme_columns().get(lang));
        for column in table.columns() {
            let doc = if lang == Lang::Zh { column.doc_zh } else { column.doc };
            let need = if column.need == Need::Required { say::required() } else { say::optional() };
            let headers = column.aliases.iter().take(3).copied().collect::<Vec<_>>().join(", ");
            // A bar would end the cell.
            let cells = [column.name, need.get(lang), doc, &headers].map(|cell| cell.replace('|', "\\|"));
            out.push_str(&format!("| {} |\n", cells.join(" | ")));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_table_and_column_is_there_and_explained() {
        for lang in [Lang::En, Lang::Zh] {
            let files = files(lang);
            let text = |name: &str| {
                let (_, bytes) = files.iter().find(|(n, _)| n == name).unwrap();
                String::from_utf8(bytes.clone()).unwrap()
            };
            let readme = text("README.md");
            for table in Table::ALL {
                let header = text(&format!("{}.csv", table.name()));
                assert_eq!(header.trim_end().split(',').count(), table.columns().len());
                assert!(readme.contains(&format!("## {}.csv", table.name())));
            }
            let rows = readme.lines().filter(|l| l.starts_with("| ")).count();
            let columns: usize = Table::ALL.iter().map(|t| t.columns().len()).sum();
            assert_eq!(rows, columns + Table::ALL.len());
            assert!(text("yugu.toml").contains("[fiscal]"));
        }
    }
}
