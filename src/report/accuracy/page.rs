//! The page of `accuracy`.

use super::Shown;
use crate::accuracy::{LEVELS, Level};
use crate::dataset::Mode;
use crate::dataset::ledger::{Source, Step};
use crate::grid::{COMPANY, Scope};
use crate::ledger::score::{By, Judged, Score, Scored, Side, Waterfall};
use crate::messages::accuracy as say;
use crate::messages::backtest as common;
use crate::messages::report as words;
use crate::messages::{Lang, Text};
use crate::report::names::level;
use crate::report::table::{NONE, Printed, growth, maybe, number, percent, signed};

/// So many months made are shown in a waterfall: with three months forecast each it stays within a wide terminal.
const FALLS: usize = 12;

/// The page; `folder` is what the user calls the folder.
pub fn page(shown: &Shown, folder: &str) -> String {
    let lang = shown.lang;
    let mut page = Page { shown, lang, out: String::new() };
    page.line(&say::title(folder, shown.known.origin.cutoff));
    if shown.scores.modes.is_empty() {
        page.line(&say::begin());
    }
    for (score, fall) in shown.scores.modes.iter().zip(&shown.falls) {
        page.mode(score, fall);
    }
    page.out
}

struct Page<'p, 'a> {
    shown: &'p Shown<'a>,
    lang: Lang,
    out: String,
}

impl Page<'_, '_> {
    fn line(&mut self, text: &Text) {
        self.out.push_str(text.get(self.lang));
        self.out.push('\n');
    }

    fn section(&mut self, title: &Text) {
        self.out.push('\n');
        self.line(title);
    }

    fn mode(&mut self, score: &Score, fall: &Waterfall) {
        self.section(&say::mode(score.mode == Mode::During, score.issues, score.made.0, score.made.1));
        if score.passed > 0 {
            self.line(&say::passed(score.passed));
        } else if let Some(first) = fall.months.first() {
            self.line(&say::nothing_passed(*first));
        }
        if score.left_out > 0 {
            self.line(&say::left_out(score.left_out));
        }
        if !score.levels.is_empty() {
            score.levels.iter().filter(|s| s.level == Level::Company).for_each(|s| self.leaning(s));
            self.levels(&score.levels);
            self.steps(&score.levels);
        }
        if !score.judged.is_empty() {
            self.judged(&score.judged);
        }
        if !score.revised.months.is_empty() {
            self.revised(score);
        }
        self.waterfall(fall);
    }

    /// The company's bias and signal at a lag, in words.
    fn leaning(&mut self, scored: &Scored) {
        let Some(bias) = scored.ours.sums.bias() else { return };
        let mut text = say::leaning(scored.lag, &percent(Some(bias.abs())), bias > 0.0);
        if let Some(signal) = scored.ours.signal {
            let tracked = match signal.can_tell() {
                true => say::tracked(&signed(Some(signal.value), 1), &number(signal.limit, 1), signal.is_out()),
                false => say::too_few(signal.errors),
            };
            text = Text { en: format!("{}; {}", text.en, tracked.en), zh: format!("{}；{}", text.zh, tracked.zh) };
        }
        self.line(&text);
    }

    fn levels(&mut self, levels: &[Scored]) {
        let lang = self.lang;
        let (raw, inside) = (levels.iter().any(|l| l.raw.is_some()), levels.iter().any(|l| l.inside.is_some()));
        self.section(&say::levels_title());
        self.line(&say::about_levels());
        if raw {
            self.line(&say::about_raw());
        }
        if inside {
            self.line(&say::about_inside());
        }
        let pairs = [say::wape(), say::bias(), say::rmsse(), say::signal()];
        let mut table = Printed::new(&[]);
        let spans = [(String::new(), 2)].into_iter().chain(pairs.iter().map(|t| (t.get(lang).to_owned(), 2)));
        let spans = spans.chain(raw.then(|| (String::new(), 1)));
        table.spans(spans.chain(inside.then(|| (say::inside().get(lang).to_owned(), 2))).collect());
        let mut header = vec![common::rows(), common::sold()];
        header.extend(pairs.iter().flat_map(|_| [say::issued(), say::naive()]));
        header.extend(raw.then(common::raw));
        let mut cells: Vec<String> = header.iter().map(|h| h.get(lang).to_owned()).collect();
        cells.extend(if inside { vec!["80%".to_owned(), "95%".to_owned()] } else { Vec::new() });
        table.head([String::new()].into_iter().chain(cells).collect());
        for s in levels {
            let both = |of: fn(&Side) -> String| [of(&s.ours), of(&s.naive)];
            let mut cells = vec![common::level_at(level(s.level), s.lag).get(lang).to_owned()];
            cells.push(number(s.ours.sums.rows as f64, 0));
            cells.push(number(s.ours.sums.sold, 0));
            cells.extend(both(|side| percent(side.sums.wape())));
            cells.extend(both(|side| growth(side.sums.bias())));
            cells.extend(both(|side| maybe(side.sums.rmsse(), 3)));
            cells.extend([&s.ours, &s.naive].map(|side| match side.signal {
                Some(signal) => signed(Some(signal.value), 1),
                None if side.tracked == 0 => NONE.to_owned(),
                None => say::out_of(side.out, side.tracked).get(lang).to_owned(),
            }));
            cells.extend(raw.then(|| percent(s.raw.or(s.ours.sums.wape()))));
            cells.extend((0..2).filter(|_| inside).map(|i| percent(s.inside.map(|(share, _)| share[i]))));
            table.row(cells);
        }
        self.out.push_str(&table.text());
    }

    fn steps(&mut self, levels: &[Scored]) {
        let lang = self.lang;
        self.section(&say::steps_title());
        let mut lags: Vec<i32> = levels.iter().map(|s| s.lag).collect();
        lags.sort_unstable();
        lags.dedup();
        for lag in lags {
            self.line(&common::lag(lag));
            let values: Vec<_> = levels.iter().filter(|s| s.lag == lag).map(Scored::value).collect();
            let mut table = Printed::new(&[]);
            table.spans(LEVELS.iter().map(|l| (level(*l).get(lang).to_owned(), 3)).collect());
            let columns = LEVELS.iter().flat_map(|_| [say::wape(), common::change(), say::gained()]);
            table.head([String::new()].into_iter().chain(columns.map(|h| h.get(lang).to_owned())).collect());
            for (i, of) in values.first().into_iter().flatten().enumerate() {
                let mut cells = vec![of.step.map_or(say::naive(), step).get(lang).to_owned()];
                for value in values.iter().filter_map(|list| list.get(i)) {
                    cells.extend([percent(value.wape), growth(value.change), signed(value.gained, 0)]);
                }
                table.row(cells);
            }
            self.out.push_str(&table.text());
        }
    }

    fn judged(&mut self, judged: &[Judged]) {
        let lang = self.lang;
        self.section(&say::judged_title());
        self.line(&say::about_judged());
        let parts = [say::small_up(), say::large_up(), say::small_down(), say::large_down()];
        let mut table = Printed::new(&[]);
        let spans = [(String::new(), 4)].into_iter().chain(parts.iter().map(|t| (t.get(lang).to_owned(), 2)));
        table.spans(spans.collect());
        let mut header = vec![say::answers(), say::avoided(), say::nearer(), say::bias()];
        header.extend(parts.iter().flat_map(|_| [say::answers(), say::avoided()]));
        table.head([String::new()].into_iter().chain(header.iter().map(|h| h.get(lang).to_owned())).collect());
        for j in judged {
            let name = if j.name.is_empty() { say::nobody().get(lang).to_owned() } else { j.name.to_string() };
            let label = match j.by {
                By::Source if j.source == Source::Override => say::overrides().get(lang).to_owned(),
                By::Source => say::front().get(lang).to_owned(),
                By::Reason => format!("  {}", say::of_reason(&name).get(lang)),
                By::Contributor => format!("  {}", say::of_contributor(&name).get(lang)),
            };
            let mut cells = vec![label, number(j.all.count as f64, 0), signed(Some(j.all.avoided), 0)];
            cells.extend([percent(j.all.nearer_share()), growth(j.all.bias())]);
            for tally in &j.parts {
                cells.push(number(tally.count as f64, 0));
                cells.push(if tally.count > 0 { signed(Some(tally.avoided), 0) } else { NONE.to_owned() });
            }
            table.row(cells);
        }
        self.out.push_str(&table.text());
    }

    fn revised(&mut self, score: &Score) {
        let (lang, revised) = (self.lang, &score.revised);
        self.section(&say::revised_title());
        let mut table = Printed::new(&[]);
        let header = [say::month(), common::sold(), say::missed_at(2), say::missed_at(1), say::gained(), say::wape()];
        let header = header.into_iter().chain([common::change()]);
        table.head(header.map(|h| h.get(lang).to_owned()).collect());
        let mut row = |label: String, [sold, first, second]: [f64; 3]| {
            let share = |units: f64| (sold > 0.0).then(|| units / sold);
            let mut cells = vec![label];
            cells.extend([sold, first, second].map(|units| number(units, 0)));
            cells.push(signed(Some(first - second), 0));
            cells.extend([percent(share(second)), growth(share(second - first))]);
            table.row(cells);
        };
        revised.months.iter().for_each(|g| row(g.month.to_string(), [g.sold, g.first, g.second]));
        row(say::all().get(lang).to_owned(), revised.sums());
        self.out.push_str(&table.text());
        if !revised.lost.is_empty() {
            self.line(&say::lost_title());
        }
        for of in [Level::Region, Level::Product, Level::Series] {
            let named = revised.lost.iter().filter(|lost| lost.level == of);
            let named = named.map(|lost| format!("{} {}", self.name(lost.node, lost.scope), number(lost.units, 0)));
            let named: Vec<String> = named.collect();
            if !named.is_empty() {
                self.out.push_str(&format!("  {}: {}\n", level(of).get(lang), named.join(", ")));
            }
        }
    }

    /// A region, products, or both, for people.
    fn name(&self, node: usize, scope: Scope) -> String {
        let grid = &self.shown.known.data.grid;
        let region = match grid.regions.name(node) {
            "" => words::company().get(self.lang).to_owned(),
            name => name.to_owned(),
        };
        match scope {
            Scope::All => region,
            Scope::Group(group) => format!("{region} {}", grid.products.groups[group]),
            Scope::Product(product) if node == COMPANY => grid.products.name(product).to_owned(),
            Scope::Product(product) => format!("{region} {}", grid.products.name(product)),
        }
    }

    fn waterfall(&mut self, fall: &Waterfall) {
        let lang = self.lang;
        let from = fall.made.len().saturating_sub(FALLS);
        let (made, issued) = (&fall.made[from..], &fall.issued[from..]);
        let of = self.name(self.shown.of.0, self.shown.of.1);
        self.section(&say::waterfall(&of, made.len(), fall.made.len()));
        let is_shown = |k: &usize| issued.iter().any(|row| row.get(*k).copied().flatten().is_some());
        let columns: Vec<usize> = (0..fall.months.len()).filter(is_shown).collect();
        let mut table = Printed::new(&[]);
        let months = columns.iter().map(|k| fall.months[*k].to_string());
        table.head([say::made().get(lang).to_owned()].into_iter().chain(months).collect());
        let cell = |units: Option<f64>| units.map_or_else(String::new, |x| number(x, 0));
        for (made, issued) in made.iter().zip(issued) {
            let cells = columns.iter().map(|k| cell(issued.get(*k).copied().flatten()));
            table.row([made.to_string()].into_iter().chain(cells).collect());
        }
        table.rule();
        let sold = columns.iter().map(|k| maybe(fall.sold.get(*k).copied().flatten(), 0));
        table.row([say::came().get(lang).to_owned()].into_iter().chain(sold).collect());
        self.out.push_str(&table.text());
    }
}

fn step(step: Step) -> Text {
    match step {
        Step::Stat => say::stat(),
        Step::Cut => say::cut(),
        Step::Combined => say::combined(),
        Step::Landed => say::landed(),
        Step::Planned => say::planned(),
        Step::Final => say::last(),
    }
}
