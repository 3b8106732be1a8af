//! What the workbook is, what it was made from, and what is on its sheets.

use rust_xlsxwriter::{Url, Worksheet};

use super::Book;
use super::page::{Page, Value};
use crate::dataset::Mode;
use crate::messages::Text;
use crate::messages::workbook as say;
use crate::report::columns::{Head, Kind};
use crate::report::run::{Counts, settings_changed};
use crate::report::steps;

/// The sheets and what they are.
fn abouts() -> [(Text, Text); 27] {
    [
        (say::summary(), say::about_summary()),
        (say::regions(), say::about_regions()),
        (say::targets(), say::about_targets()),
        (say::mix(), say::about_mix()),
        (say::rolling(), say::about_rolling()),
        (say::front_line(), say::about_front_line()),
        (say::channel(), say::about_channel()),
        (say::lifecycle(), say::about_lifecycle()),
        (say::to_date(), say::about_to_date()),
        (say::accuracy(), say::about_accuracy()),
        (say::worth(), say::about_worth()),
        (say::judged(), say::about_judged()),
        (say::waterfall(), say::about_waterfall()),
        (say::communities(), say::about_communities()),
        (say::orders(), say::about_orders()),
        (say::stock(), say::about_stock()),
        (say::chase(), say::about_chase()),
        (say::reschedule(), say::about_reschedule()),
        (say::late(), say::about_late()),
        (say::overstock(), say::about_overstock()),
        (say::transfers(), say::about_transfers()),
        (say::suppliers(), say::about_suppliers()),
        (say::lost(), say::about_lost()),
        (say::exceptions(), say::about_exceptions()),
        (say::warnings(), say::about_warnings()),
        (say::trend(), say::about_trend()),
        (say::products(), say::about_products()),
    ]
}

/// The sheet; `sheets` are the names of the others.
pub fn sheet(book: &Book, sheets: &[String]) -> Worksheet {
    let view = book.view;
    let (outlook, lang) = (view.outlook, book.look.lang);
    let origin = outlook.origin;
    let mut page = Page::new(&say::notes(), &say::elsewhere(), book.look);
    let word = |text: Text| text.get(lang).to_owned();
    let mode = if origin.mode == Mode::During { say::during() } else { say::at_close() };
    let months: Vec<String> = outlook.months().iter().map(|m| word(say::month_and_lag(*m, origin.lag(*m)))).collect();
    let counts = Counts::new(view);
    let facts = [
        (say::version(), format!("{} {}", env!("CARGO_PKG_NAME"), env!("CARGO_PKG_VERSION"))),
        (say::made(), view.made.clone()),
        (say::mode(), word(mode)),
        (say::cutoff(), origin.cutoff.to_string()),
        (say::as_of(), origin.as_of.to_string()),
        (say::months(), months.join(", ")),
        (say::sales_in(), word(say::units())),
        (say::money_in(), book.look.money.to_owned()),
        (say::fiscal_year(), outlook.dataset.settings.fiscal.start.to_string()),
        (say::counts(), word(say::keys(counts.regions, counts.products, counts.groups, counts.series))),
        (say::warnings_count(), counts.warnings.to_string()),
    ];
    for (name, value) in facts {
        page.line(name.get(lang), value.into());
    }
    page.skip(1);
    page.part(&say::sheets());
    for name in sheets {
        let row = page.next_row();
        let about = abouts().into_iter().find(|(sheet, _)| sheet.get(lang) == name).map(|(_, about)| about);
        let link = Url::new(format!("internal:'{}'!A1", name.replace('\'', "''"))).set_text(name);
        page.line("", about.map(word).into());
        // Fails only beyond the sheet.
        let _ = page.sheet.write_url(row, 0, link);
    }
    page.skip(1);
    page.part(&say::steps());
    for step in steps::steps(outlook, &view.known, view.figures.any_price) {
        let said = match step.state {
            steps::State::Off => say::step_off(step.by, &step.what),
            steps::State::Idle => say::step_idle(&step.what),
            steps::State::On => step.what,
        };
        page.line(step.name, word(said).into());
    }
    page.skip(1);
    let settings = settings_changed(view);
    if !settings.is_empty() {
        page.part(&say::settings());
        settings.into_iter().for_each(|(name, value)| page.line(&name, value.into()));
        page.skip(1);
    }
    page.part(&say::inputs());
    let headers = ["file", "bytes", "sha256"].map(|name| Head::named(name).title);
    let headers: Vec<&str> = headers.iter().map(|h| h.get(lang)).collect();
    let input = |i: &crate::report::Source| {
        (i.file.clone(), vec![Value::Number(i.bytes as f64), Value::from(i.sha256.clone())])
    };
    page.small(&headers, &book.inputs.iter().map(input).collect::<Vec<_>>(), Kind::Plain, false);
    page.finish(0, "run.json")
}
