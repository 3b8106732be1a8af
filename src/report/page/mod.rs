//! `plan.html`: the run as one file that opens from a disk and asks nobody for anything.
//!
//! What is looked at first stands in one block, each region's products and explanations in blocks of their own, which the
//! page inflates when they are looked at. The page is drawn by the scripts in `web/` out of these blocks; every text of a
//! folder gets there as data and is set as text, never as HTML.

mod base;
mod beside;
mod detail;
mod explained;
pub mod pack;

use std::collections::BTreeMap;

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use serde::Serialize;
use sha2::{Digest, Sha256};

use super::{View, run};
use crate::changes::CAUSES;
use crate::grid::COMPANY;
use crate::messages::Lang;
use crate::messages::page::{not_drawn, words};
use pack::{json, packed};

/// Letters of all blocks together: with what is around them a page stays under 5 MB.
const LETTERS: usize = 4_700_000;
/// Of these, letters that are kept for explanations.
const OF_EXPLANATIONS: usize = 1_500_000;
/// The name of the file.
pub const FILE: &str = "plan.html";

const STYLE: &str = include_str!("web/page.css");
/// In the order in which they use each other.
const SCRIPTS: [&str; 8] = [
    include_str!("web/text.js"),
    include_str!("web/table.js"),
    include_str!("web/chart.js"),
    include_str!("web/explain.js"),
    include_str!("web/products.js"),
    include_str!("web/regions.js"),
    include_str!("web/sections.js"),
    include_str!("web/main.js"),
];

/// What the scripts know before a block is inflated.
#[derive(Serialize)]
struct Meta<'a> {
    lang: &'static str,
    program: &'static str,
    version: &'static str,
    folder: &'a str,
    made: &'a str,
    mode: &'static str,
    as_of: String,
    cutoff: String,
    /// First month of the history.
    start: String,
    months: &'a [String],
    lags: Vec<i32>,
    money: &'static str,
    series: usize,
    leaves: usize,
    /// Months of the history that regions' products have; none where the page has no products.
    detail: Option<usize>,
    strings: Strings,
}

/// Words by key and language.
#[derive(Serialize)]
struct Strings {
    en: BTreeMap<String, String>,
    zh: BTreeMap<String, String>,
}

fn strings() -> Strings {
    let of = |lang: Lang| {
        words(CAUSES.map(|cause| cause.word()))
            .into_iter()
            .map(|(key, text)| (key, text.get(lang).to_owned()))
            .collect()
    };
    Strings { en: of(Lang::En), zh: of(Lang::Zh) }
}

/// The parts of the page by the names under which it holds them.
struct Blocks(Vec<(String, String)>);

impl Blocks {
    fn add(&mut self, name: impl Into<String>, block: Option<String>) {
        self.0.extend(block.map(|block| (name.into(), block)));
    }

    fn letters(&self) -> usize {
        self.0.iter().map(|(_, block)| block.len()).sum()
    }
}

/// The page of a run; `folder` is what the user calls the folder.
pub fn html<'a>(view: &'a View<'a>, folder: &str) -> Vec<u8> {
    let [english, chinese] = [Lang::En, Lang::Zh].map(|lang| View { lang, ..view.clone() });
    let mut blocks = Blocks(Vec::new());
    blocks.add("base", Some(packed(&base::base(view, &english, &chinese))));
    blocks.add("accuracy", beside::of_ledger(view).map(|part| packed(&part)));
    blocks.add("communities", beside::of_communities(view).map(|part| packed(&part)));
    blocks.add("stock", beside::of_stock(view).map(|part| packed(&part)));
    let left = LETTERS.saturating_sub(blocks.letters() + OF_EXPLANATIONS);
    let details = detail::details(view, left);
    let months = details.as_ref().map(|details| details.months);
    let regions = &view.outlook.dataset.grid.regions;
    for (leaf, block) in details.map(|details| details.leaves).unwrap_or_default().into_iter().enumerate() {
        blocks.add(format!("products-{}", regions.node_of(leaf)), Some(block));
    }
    let left = LETTERS.saturating_sub(blocks.letters());
    blocks.0.extend(explained::explained(view, left));
    written(&meta(view, folder, months), &blocks, view.lang)
}

fn meta<'a>(view: &'a View, folder: &'a str, detail: Option<usize>) -> Meta<'a> {
    let (outlook, data) = (view.outlook, &view.outlook.dataset);
    let origin = outlook.origin;
    Meta {
        lang: word(view.lang),
        program: env!("CARGO_PKG_NAME"),
        version: env!("CARGO_PKG_VERSION"),
        folder,
        made: &view.made,
        mode: origin.mode.word(),
        as_of: origin.as_of.to_string(),
        cutoff: origin.cutoff.to_string(),
        start: data.start.to_string(),
        months: &view.months,
        lags: outlook.months().iter().map(|m| origin.lag(*m)).collect(),
        money: run::money(data.settings.units.money),
        series: data.grid.series.len(),
        leaves: data.grid.regions.leaves(COMPANY).len(),
        detail,
        strings: strings(),
    }
}

/// The language as HTML names it.
fn word(lang: Lang) -> &'static str {
    match lang {
        Lang::En => "en",
        Lang::Zh => "zh",
    }
}

/// Puts the file together. What runs is told to the browser by its hash: nothing else does, and nothing is fetched.
fn written(meta: &Meta, blocks: &Blocks, lang: Lang) -> Vec<u8> {
    let script = format!("\"use strict\";\n(() => {{\n{}}})();\n", SCRIPTS.concat());
    let hash = |text: &str| BASE64.encode(Sha256::digest(text.as_bytes()));
    let policy = format!(
        "default-src 'none'; script-src 'sha256-{}'; style-src 'sha256-{}'; base-uri 'none'; form-action 'none'",
        hash(&script),
        hash(STYLE)
    );
    let mut out = String::with_capacity(blocks.letters() + script.len() + STYLE.len() + 65_536);
    out.push_str(&format!("<!DOCTYPE html>\n<html lang=\"{}\">\n<head>\n<meta charset=\"utf-8\">\n", meta.lang));
    out.push_str(&format!("<meta http-equiv=\"Content-Security-Policy\" content=\"{policy}\">\n"));
    out.push_str("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
    out.push_str(
        "<meta name=\"color-scheme\" content=\"light dark\">\n<meta name=\"referrer\" content=\"no-referrer\">\n",
    );
    out.push_str(&format!("<title>{}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n", meta.program));
    // What stands there until the scripts have drawn the page, and where they cannot.
    out.push_str(&format!("<div id=\"page\"><p>{}</p></div>\n", not_drawn().get(lang)));
    out.push_str(&format!("<script type=\"application/json\" id=\"meta\">{}</script>\n", json(meta)));
    for (name, block) in &blocks.0 {
        out.push_str(&format!("<script type=\"text/plain\" id=\"block-{name}\">{block}</script>\n"));
    }
    out.push_str(&format!("<script>{script}</script>\n</body>\n</html>\n"));
    out.into_bytes()
}
