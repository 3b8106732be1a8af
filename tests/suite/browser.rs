//! `plan.html` in headless Chromium, as a reader uses it: nothing is fetched, nothing complains, and sorting, searching,
//! explanations, language and light do what they say. Without a Chromium on the path it says so and is skipped;
//! continuous integration has one.

use crate::common::issued;
use crate::common::read;
use std::fs;
use std::path::{Path, PathBuf};

use crate::common::chrome::Chrome;
use serde_json::json;
use yugu::messages::Lang;
use yugu::report::{View, page};

/// Starts a browser, or says that there is none.
fn browser() -> Option<Chrome> {
    let chrome = Chrome::start();
    if chrome.is_none() {
        assert!(std::env::var_os("YUGU_BROWSER").is_none(), "a Chromium is required, and there is none on the path");
        eprintln!("skipped: there is no Chromium on the path");
    }
    chrome
}

/// The page of the gas company with issued months.
fn gas(dir: &Path) -> PathBuf {
    issued::copy(Path::new("data/gas"), dir);
    issued::issue(dir, (2014, 4, 30));
    issued::issue(dir, (2014, 5, 31));
    written(dir, (2014, 7, 10))
}

fn written(dir: &Path, as_of: (i32, u32, u32)) -> PathBuf {
    let outlook = issued::plan(dir, as_of);
    let view = View::new(&outlook, Lang::En);
    let path = dir.join("plan.html");
    fs::write(&path, page::html(&view, "gas")).unwrap();
    path
}

/// By how much the page is wider than the window.
const TOO_WIDE: &str = "document.documentElement.scrollWidth - document.documentElement.clientWidth";

/// The first cells of a column of a table, as they are read.
fn column(table: &str, n: usize) -> String {
    format!("[...document.querySelectorAll('#table-{table} tbody tr')].map(r => r.children[{n}].textContent)")
}

#[test]
fn a_reader_sorts_searches_opens_and_switches() {
    let Some(mut chrome) = browser() else { return };
    let dir = tempfile::tempdir().unwrap();
    chrome.size(1280, 900);
    chrome.open(&gas(dir.path()));
    chrome.until("document.getElementById('table-products') !== null");

    // Every part is there, exceptions first, and the page says where its tables are sorted.
    let parts = chrome.run("[...document.querySelectorAll('main > section')].map(s => s.id)");
    let all = ["exceptions", "forecast", "changes", "accuracy", "communities", "stock", "data"];
    assert_eq!(parts, json!(all));
    // A chart is drawn once its width is known.
    chrome.until("document.querySelectorAll('figure.chart svg[role=img] > title').length > 0");

    // Sorting by a header, by keyboard: descending first, for numbers.
    chrome.run("[...document.querySelectorAll('#table-regions th button.sort')][1].focus()");
    chrome.press("Enter");
    assert_eq!(chrome.run("document.querySelectorAll('#table-regions th')[1].getAttribute('aria-sort')"), "descending");
    let sorted = "(list => list.every((x, i) => i === 0 || list[i - 1] >= x))";
    let numbers = format!("{}.slice(1).map(text => Number(text.replaceAll(',', '')))", column("regions", 1));
    assert_eq!(chrome.run(&format!("{numbers}.length")), 7);
    assert_eq!(chrome.run(&format!("{sorted}({numbers})")), true);
    chrome.press("Enter");
    assert_eq!(chrome.run("document.querySelectorAll('#table-regions th')[1].getAttribute('aria-sort')"), "ascending");
    assert_eq!(chrome.run(&format!("{sorted}({numbers})")), false);

    // Searching a region leaves it and what it belongs to.
    let search = |table: &str, text: &str| {
        format!(
            "(input => {{ input.value = '{text}'; input.dispatchEvent(new Event('input')); }})\
             (document.querySelector('input[aria-controls=table-{table}]'))"
        )
    };
    chrome.run(&search("regions", "gaoxin"));
    assert_eq!(chrome.run(&column("regions", 0)), json!(["城市燃气公司", "高新服务中心"]));

    // Choosing it shows its products; one of their numbers is explained, and Escape closes the explanation.
    chrome.run("[...document.querySelectorAll('#table-regions .link')][1].click()");
    chrome.until("document.querySelector('#table-products caption')?.textContent.includes('高新') === true");
    let code = "document.querySelector('#table-products .why').closest('tr').querySelector('small').textContent.trim()";
    let code = chrome.run(code);
    chrome.run("document.querySelector('#table-products .why').focus()");
    chrome.press("Enter");
    chrome.until("document.querySelector('dialog[open] ol') !== null");
    let outlook = issued::plan(dir.path(), (2014, 7, 10));
    let explained = yugu::explain::explain(&outlook, "gaoxin", code.as_str().unwrap(), outlook.months()[0]).unwrap();
    let shown = explained.shown(Lang::En);
    assert_eq!(chrome.run("document.querySelector('dialog .lead').textContent"), shown.head[0].as_str());
    let formulas: Vec<&str> = shown.steps.iter().map(|s| s.formula.as_str()).filter(|f| !f.is_empty()).collect();
    assert!(formulas.len() > 2);
    assert_eq!(
        chrome.run("[...document.querySelectorAll('dialog ol .formula')].map(p => p.textContent)"),
        json!(formulas)
    );
    chrome.press("Escape");
    chrome.until("document.querySelector('dialog') === null");
    assert_eq!(chrome.run("document.activeElement.className"), "why");

    // A sum, and a number of the exceptions.
    chrome.run("document.querySelector('#table-exceptions .why').click()");
    chrome.until("document.querySelector('dialog[open] .explanation .lead') !== null");
    chrome.run("document.querySelector('dialog .close').click()");

    // The other language, everywhere, and back; the other light.
    chrome.run("document.getElementById('language').click()");
    chrome.until("document.documentElement.lang === 'zh-CN'");
    assert_eq!(chrome.run("document.querySelector('#forecast h2').textContent"), "预估");
    assert_eq!(chrome.run("document.activeElement.id"), "language");
    assert_eq!(chrome.run("document.querySelector('input[aria-controls=table-regions]').value"), "gaoxin");
    chrome.run("document.getElementById('language').click()");
    chrome.until("document.documentElement.lang === 'en'");
    let ground = "getComputedStyle(document.body).backgroundColor";
    let before = chrome.run(ground);
    chrome.run("document.getElementById('theme').click()");
    assert_ne!(chrome.run(ground), before);
    assert_eq!(chrome.run("document.getElementById('theme').getAttribute('aria-pressed')"), "true");

    assert_eq!(chrome.complaints(), Vec::<String>::new());
}

#[test]
fn it_fits_a_phone_in_both_languages() {
    let Some(mut chrome) = browser() else { return };
    let dir = tempfile::tempdir().unwrap();
    chrome.size(390, 844);
    chrome.open(&gas(dir.path()));
    chrome.until("document.getElementById('table-mix') !== null");
    for lang in ["zh-CN", "en"] {
        // Nothing but the tables themselves is wider than the screen.
        assert_eq!(chrome.run(TOO_WIDE), 0);
        chrome.run("document.getElementById('language').click()");
        chrome.until(&format!("document.documentElement.lang === '{lang}'"));
        chrome.until("document.getElementById('table-mix') !== null");
    }
    assert_eq!(chrome.complaints(), Vec::<String>::new());
}

#[test]
fn names_are_shown_and_not_run() {
    let Some(mut chrome) = browser() else { return };
    let dir = tempfile::tempdir().unwrap();
    read::hostile(dir.path());
    chrome.size(1280, 900);
    chrome.open(&written(dir.path(), (2024, 12, 31)));
    chrome.until("document.getElementById('table-products') !== null");
    chrome.run("document.querySelector('#table-regions .why').click()");
    chrome.until("document.querySelector('dialog[open] .explanation .lead') !== null");
    chrome.run("document.querySelector('dialog .close').click()");
    chrome.run("[...document.querySelectorAll('#table-regions .link')].at(-2).click()");
    chrome.until("document.querySelectorAll('#table-products tbody tr').length > 0");
    assert_eq!(chrome.run("'broken' in window"), false);
    assert_eq!(chrome.run("document.querySelectorAll('img, #page script').length"), 0);
    let shown = chrome.run("document.getElementById('table-regions').textContent");
    for name in read::NAMES.iter().filter(|name| name.chars().count() < 60) {
        assert!(shown.as_str().unwrap().contains(name), "{name:?} in {shown}");
    }
    // The longest name takes no more than its line, and what turns the text around stays within its name.
    assert_eq!(chrome.run(TOO_WIDE), 0);
    assert_eq!(chrome.complaints(), Vec::<String>::new());
}
