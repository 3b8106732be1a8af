//! What a workbook was made from, as its hidden sheet says it.

use sha2::{Digest, Sha256};

use super::form::{Cells, Form, META};
use crate::dataset::Answer;
use crate::grid::Grid;
use crate::messages::Text;
use crate::messages::answers as say;
use crate::schema::Table;

/// The format of the forms; another one is not read.
const FORMAT: &str = "2";

/// What a workbook was made from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Made {
    /// The month made.
    pub made: String,
    /// `close` or `during`.
    pub mode: String,
    /// Every file read and its SHA-256, those of answers left out: they change with every import.
    pub inputs: Vec<(String, String)>,
    /// The answers that the folder had, as [`digest`] tells them apart.
    pub given: Vec<String>,
    /// The sheets to fill in.
    pub sheets: Vec<(Form, String)>,
    /// The code of the region that it is for; empty where it is for all.
    pub region: String,
}

/// The form whose answers a file of the folder holds, by its name relative to the folder.
pub fn form_of(file: &str) -> Option<Form> {
    let table = Table::from_name(file.split(['/', '.']).next().unwrap_or_default());
    Form::ALL.into_iter().find(|form| table == Some(form.table()))
}

impl Made {
    /// Of the files read (name, SHA-256), those that a plan rests on beside the answers. What was issued is none of them:
    /// of a workbook's own month it changes no number, and workbooks of other months are refused for that.
    pub fn inputs<'i>(all: impl IntoIterator<Item = (&'i str, &'i str)>) -> Vec<(String, String)> {
        let others = all.into_iter().filter(|(file, _)| form_of(file).is_none() && !file.starts_with("ledger/"));
        others.map(|(file, hash)| (file.to_owned(), hash.to_owned())).collect()
    }

    /// The rows of the hidden sheet.
    pub fn rows(&self) -> Vec<[String; 3]> {
        let row = |a: &str, b: &str, c: &str| [a.to_owned(), b.to_owned(), c.to_owned()];
        let mut rows = vec![
            row("format", FORMAT, ""),
            row("program", env!("CARGO_PKG_NAME"), env!("CARGO_PKG_VERSION")),
            row("made", &self.made, &self.mode),
        ];
        if !self.region.is_empty() {
            rows.push(row("region", &self.region, ""));
        }
        rows.extend(self.sheets.iter().map(|(form, name)| row("sheet", form.table().name(), name)));
        rows.extend(self.inputs.iter().map(|(file, hash)| row("input", file, hash)));
        rows.extend(self.given.iter().map(|digest| row("given", digest, "")));
        rows
    }

    /// Reads the hidden sheet; what is wrong with the workbook where it has none that is understood.
    pub fn parse(sheets: &[Cells]) -> Result<Made, Text> {
        let sheet = sheets.iter().find(|sheet| sheet.name == META).ok_or_else(say::not_ours)?;
        let mut made = Made::default();
        let mut format = None;
        for (_, cells) in &sheet.rows {
            let cell = |i: u32| cells.iter().find(|(at, _)| *at == i).map_or("", |(_, text)| text.as_str());
            let (b, c) = (cell(1).to_owned(), cell(2).to_owned());
            match cell(0) {
                "format" => format = Some(b),
                "made" => (made.made, made.mode) = (b, c),
                "region" => made.region = b,
                "input" => made.inputs.push((b, c)),
                "given" => made.given.push(b),
                "sheet" => {
                    if let Some(form) = Form::ALL.into_iter().find(|form| form.table().name() == b) {
                        made.sheets.push((form, c));
                    }
                }
                _ => {}
            }
        }
        match format.as_deref() {
            Some(FORMAT) => Ok(made),
            Some(other) => Err(say::other_format(other)),
            None => Err(say::not_ours()),
        }
    }

    /// Names of the files that are others than when the workbook was made.
    pub fn changed(&self, inputs: &[(String, String)]) -> Vec<String> {
        let gone = self.inputs.iter().filter(|i| !inputs.contains(i));
        let come = inputs.iter().filter(|i| !self.inputs.contains(i));
        let mut names: Vec<String> = gone.chain(come).map(|(file, _)| file.clone()).collect();
        names.sort_unstable();
        names.dedup();
        names
    }
}

/// Tells an answer from every other: a hash of all that it says.
pub fn digest(form: Form, answer: &Answer, grid: &Grid) -> String {
    let (region, product) = super::key_of(grid, (answer.node, answer.scope));
    let said = [
        form.table().name(),
        &answer.made.to_string(),
        &answer.month.to_string(),
        region,
        product,
        &answer.says.to_string(),
        &answer.by,
        &answer.reason,
        if answer.lock { "lock" } else { "" },
    ];
    // 64 bits tell apart what a folder holds.
    let hash = Sha256::digest(said.join("\u{1f}"));
    hash.iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn made() -> Made {
        let pair = |a: &str, b: &str| (a.to_owned(), b.to_owned());
        Made {
            made: "2014-07".into(),
            mode: "during".into(),
            inputs: vec![pair("sales.csv", "ab"), pair("yugu.toml", "cd")],
            given: vec!["0123".into()],
            sheets: vec![(Form::Frontline, "一线上报".into())],
            region: "north".into(),
        }
    }

    fn sheet(rows: Vec<[String; 3]>) -> Cells {
        let rows = rows.into_iter().enumerate();
        let row = |(i, cells): (usize, [String; 3])| (i as u32 + 1, (0..).zip(cells).collect());
        Cells { name: META.into(), rows: rows.map(row).collect() }
    }

    #[test]
    fn what_is_written_is_read() {
        assert_eq!(Made::parse(&[sheet(made().rows())]), Ok(made()));
        assert!(Made::parse(&[]).is_err());
        let mut rows = made().rows();
        rows[0][1] = "3".into();
        assert!(Made::parse(&[sheet(rows)]).unwrap_err().en.contains('3'));
    }

    #[test]
    fn answers_are_no_inputs_and_what_changed_is_named() {
        let files = [
            ("frontline.csv", "x"),
            ("Overrides/2014.csv", "y"),
            ("sales.csv", "ab"),
            ("yugu.toml", "cd"),
            ("ledger/2014-07.csv", "z"),
        ];
        assert_eq!(Made::inputs(files), made().inputs);
        let now = Made::inputs([("sales.csv", "ab"), ("yugu.toml", "xx"), ("targets.csv", "z")]);
        assert_eq!(made().changed(&now), ["targets.csv", "yugu.toml"]);
        assert_eq!(made().changed(&made().inputs), Vec::<String>::new());
    }
}
