//! The page of `yugu plan`: regions down, months across, then the year, money, what the rules did, steps and warnings.

use super::names::{decimals, group_name, region_name};
use super::rows::{self, Shown};
use super::table::{Printed, growth, maybe, number, percent, signed};
use super::{View, changes, exceptions, figures, notes, run, steps};
use crate::dataset::Mode;
use crate::grid::Kind;
use crate::messages::Text;
use crate::messages::changes as since;
use crate::messages::exceptions as worth;
use crate::messages::planning;
use crate::messages::report as say;
use crate::schema::Table as Input;
use crate::stats::apportion::{nearest, whole};

/// How many groups have a table of their own; the others are in the files.
const GROUPS: usize = 20;

/// The page; `folder` is what the user calls the folder.
pub fn page(view: &View, folder: &str) -> String {
    let groups = view.outlook.dataset.grid.group_count();
    let size = |node: usize| (0..groups).filter_map(|g| view.figures.get(node, g, 0)).map(|r| r.exact).sum();
    let shown = rows::shown(&view.outlook.dataset.grid.regions, groups.min(GROUPS), size);
    let mut page = Page { view, shown, out: String::new() };
    page.head(folder);
    page.exceptions();
    page.months();
    page.changes();
    page.years();
    page.money();
    page.list(&say::rules_title(), notes::lines(view));
    page.steps();
    page.warnings();
    page.out
}

/// A node's name for people, indented by its level.
pub fn label(view: &View, shown: &Shown, node: usize) -> String {
    let regions = &view.outlook.dataset.grid.regions;
    let top = shown.nodes.first().map_or(0, |n| regions.depth(*n));
    format!("{}{}", "  ".repeat(regions.depth(node).saturating_sub(top)), region_name(view, node))
}

/// A column of the table of months.
#[derive(Clone, Copy)]
enum Column {
    LastYear,
    Growth,
    Forecast,
    Target,
    Attainment,
}

/// The columns of a month; the landing has fewer, so that three months stand on one screen.
fn columns(lag: i32, targets: bool) -> &'static [Column] {
    use Column::*;
    match (lag, targets) {
        (0, true) => &[LastYear, Forecast, Attainment],
        (0, false) => &[LastYear, Forecast],
        (_, true) => &[LastYear, Growth, Forecast, Target, Attainment],
        (_, false) => &[LastYear, Growth, Forecast],
    }
}

impl Column {
    fn header(self) -> Text {
        match self {
            Column::LastYear => say::last_year(),
            Column::Growth => say::growth(),
            Column::Forecast => say::forecast(),
            Column::Target => say::target(),
            Column::Attainment => say::attainment(),
        }
    }

    fn cell(self, row: &figures::Row, decimals: usize) -> String {
        match self {
            Column::LastYear => maybe(row.last_year, decimals),
            Column::Growth => growth(row.growth),
            Column::Forecast => number(row.forecast, decimals),
            Column::Target => maybe(row.target, 0),
            Column::Attainment => percent(row.attainment),
        }
    }
}

struct Page<'v, 'a> {
    view: &'v View<'a>,
    shown: Shown,
    out: String,
}

impl Page<'_, '_> {
    fn word(&self, text: &Text) -> String {
        text.get(self.view.lang).to_owned()
    }

    fn line(&mut self, text: &Text) {
        self.out.push_str(text.get(self.view.lang));
        self.out.push('\n');
    }

    /// A title and lines below it; nothing where there are none.
    fn list(&mut self, title: &Text, lines: Vec<Text>) {
        if lines.is_empty() {
            return;
        }
        self.out.push('\n');
        self.line(title);
        for line in lines {
            self.out.push_str("  ");
            self.line(&line);
        }
    }

    fn head(&mut self, folder: &str) {
        let outlook = self.view.outlook;
        let origin = outlook.origin;
        let during = origin.mode == Mode::During;
        let to_date = self.view.known.progress.iter().map(|p| p.as_of).max();
        self.line(&planning::made(folder, &self.view.made, during, origin.cutoff, origin.as_of, to_date));
        let ahead: Vec<Text> =
            outlook.months().iter().map(|m| say::month_ahead(*m, origin.lag(*m), m.since(origin.cutoff))).collect();
        let settings = &outlook.dataset.settings;
        self.line(&say::months_ahead(&ahead));
        self.line(&say::units_of_numbers(run::money(settings.units.money), settings.fiscal.start));
        self.line(&say::growth_is_on());
    }

    /// For each group a table: regions down, months across.
    fn months(&mut self) {
        let groups = self.view.outlook.dataset.grid.group_count();
        for group in 0..groups.min(GROUPS) {
            let nodes: Vec<usize> =
                self.shown.nodes.iter().copied().filter(|n| self.view.figures.get(*n, group, 0).is_some()).collect();
            if nodes.is_empty() {
                continue;
            }
            self.out.push('\n');
            if groups > 1 {
                let name = group_name(self.view, group);
                self.line(&say::group_title(&name));
            }
            let text = self.group_table(group, &nodes);
            self.out.push_str(&text);
        }
        if groups > GROUPS {
            self.line(&say::more_groups(groups - GROUPS));
        }
        if self.shown.hidden > 0 {
            self.line(&say::more_regions(self.shown.hidden));
        }
    }

    fn group_table(&self, group: usize, nodes: &[usize]) -> String {
        let view = self.view;
        let count = view.outlook.months().len();
        let rows = |node: usize| (0..count).filter_map(move |k| view.figures.get(node, group, k));
        let targets = nodes.iter().any(|n| rows(*n).any(|r| r.target.is_some()));
        let mut table = Printed::new(&[]);
        let mut labels = Vec::new();
        let mut header = vec![self.word(&say::region())];
        for &month in view.outlook.months() {
            let lag = view.outlook.origin.lag(month);
            let columns = columns(lag, targets);
            labels.push((self.word(&say::month_label(month, lag)), columns.len()));
            header.extend(columns.iter().map(|c| self.word(&c.header())));
        }
        table.spans(labels);
        table.head(header);
        let decimals = decimals(view, group);
        for &node in nodes {
            let mut cells = vec![label(view, &self.shown, node)];
            for row in rows(node) {
                let lag = view.outlook.origin.lag(view.outlook.months()[row.month]);
                cells.extend(columns(lag, targets).iter().map(|c| c.cell(row, decimals)));
            }
            table.row(cells);
        }
        table.text()
    }

    /// What is worth a look, before everything else.
    fn exceptions(&mut self) {
        let (count, lines) = exceptions::section(self.view);
        self.list(&worth::title(count), lines);
    }

    /// What changed since the last issued version of each month.
    fn changes(&mut self) {
        let groups = self.view.outlook.dataset.grid.group_count().min(GROUPS);
        let (notes, table) = changes::section(self.view, &self.shown, groups);
        self.list(&since::title(), notes);
        self.out.push_str(&table);
    }

    /// For each fiscal year that a month forecast lies in: to date, outlook, target, gap.
    fn years(&mut self) {
        let view = self.view;
        let grid = &view.outlook.dataset.grid;
        let mut years: Vec<(usize, i32)> = Vec::new();
        for (k, month) in view.outlook.months().iter().enumerate() {
            let year = view.outlook.dataset.fiscal_year(*month);
            if years.last().is_none_or(|(_, last)| *last != year) {
                years.push((k, year));
            }
        }
        for (k, year) in years {
            let mut table = Printed::new(&[]);
            let headers = [say::region(), say::year_to_date(), say::year_outlook(), say::target(), say::gap()];
            table.head(headers.iter().map(|h| self.word(h)).collect());
            for group in 0..grid.group_count().min(GROUPS) {
                self.year_rows(&mut table, group, k);
            }
            self.out.push('\n');
            self.line(&say::year_title(year, view.outlook.origin.cutoff));
            self.out.push_str(&table.text());
        }
    }

    fn year_rows(&self, table: &mut Printed, group: usize, month: usize) {
        let view = self.view;
        let several = view.outlook.dataset.grid.group_count() > 1;
        let decimals = decimals(view, group);
        let mut first = true;
        for &node in &self.shown.nodes {
            let Some(row) = view.figures.get(node, group, month) else { continue };
            if several && std::mem::take(&mut first) {
                table.row(vec![group_name(view, group)]);
            }
            let indent = if several { "  " } else { "" };
            table.row(vec![
                format!("{indent}{}", label(view, &self.shown, node)),
                number(row.year_to_date, decimals),
                number(row.year_outlook, 0),
                maybe(row.year_target, 0),
                signed(row.gap, 0),
            ]);
        }
    }

    /// Money of each kind of product, where every product of the kind that is forecast has a price.
    fn money(&mut self) {
        let view = self.view;
        let settings = &view.outlook.dataset.settings;
        let mut table = Printed::new(&[]);
        let mut header = vec![String::new()];
        header.extend(view.months.iter().cloned());
        table.head(header);
        let yuan = settings.units.money.yuan();
        // In steps of the last digit printed: what is printed adds up as printed.
        let decimals = if yuan > 1.0 { 1 } else { 0 };
        let steps = 10.0_f64.powi(decimals) / yuan;
        let mut missing = Vec::new();
        let mut names = Vec::new();
        let mut any: Vec<Vec<f64>> = Vec::new();
        for (kind, sums) in money_by_kind(view) {
            match sums {
                // Services that come with the goods have the price 0.
                Ok(sums) if sums.iter().all(|x| *x == 0.0) => {}
                Ok(sums) => {
                    names.push(self.word(&kind));
                    any.push(sums);
                }
                Err(without) => missing.push(without),
            }
        }
        let printed = |x: i64| number(x as f64 / 10.0_f64.powi(decimals), decimals as usize);
        let months = (0..view.months.len()).map(|k| {
            let exact: Vec<f64> = any.iter().map(|sums| sums.get(k).copied().unwrap_or(0.0) * steps).collect();
            let (total, mut parts) = (nearest(exact.iter().sum()), vec![0; exact.len()]);
            whole(&exact, total, &mut parts);
            (total, parts)
        });
        let months: Vec<(i64, Vec<i64>)> = months.collect();
        for (i, name) in names.into_iter().enumerate() {
            let cells = months.iter().map(|(_, parts)| printed(parts.get(i).copied().unwrap_or(0)));
            table.row([name].into_iter().chain(cells).collect());
        }
        if any.len() > 1 && missing.is_empty() {
            let cells = months.iter().map(|(total, _)| printed(*total));
            table.row([self.word(&say::total())].into_iter().chain(cells).collect());
        }
        if !any.is_empty() {
            self.out.push('\n');
            self.line(&say::money_title(run::money(settings.units.money)));
            self.out.push_str(&table.text());
            missing.iter().for_each(|text| self.line(text));
        }
    }

    fn steps(&mut self) {
        let view = self.view;
        let steps = steps::steps(view.outlook, &view.known, view.figures.any_price);
        let of = |state| steps.iter().filter(move |s| s.state == state);
        let mut lines: Vec<Text> = of(steps::State::On).map(|s| say::step_on(s.by, &s.what)).collect();
        let is_answer = |by: &str| [Input::Frontline, Input::Overrides].iter().any(|t| t.name() == by);
        lines.extend(of(steps::State::Idle).map(|s| match is_answer(s.by) {
            true => say::step_idle_answers(s.by),
            false => say::step_idle(s.by),
        }));
        lines.extend(of(steps::State::Off).map(|s| say::step_off(s.by, &s.what)));
        let checked: Vec<&str> = steps::checked_only(&view.outlook.dataset).iter().map(|t| t.name()).collect();
        if !checked.is_empty() {
            lines.push(say::checked_only(&checked.join(", ")));
        }
        self.list(&say::steps_title(), lines);
    }

    fn warnings(&mut self) {
        let (title, lines) = run::first_warnings(self.view);
        self.list(&title, lines);
    }
}

/// The word by which messages know a kind.
fn kind_word(kind: Kind) -> &'static str {
    match kind {
        Kind::Goods => "goods",
        Kind::Policy => "policy",
        Kind::Service => "service",
    }
}

/// Yuan of each kind of product that is forecast, by month forecast; what is said where a price is missing.
pub fn money_by_kind(view: &View) -> Vec<(Text, Result<Vec<f64>, Text>)> {
    let kinds = [Kind::Goods, Kind::Policy, Kind::Service].into_iter();
    let of = |kind| {
        let sums = money_of(view, kind)?;
        Some((say::kind(kind_word(kind)), sums.map_err(|codes| say::no_price(kind_word(kind), &codes))))
    };
    kinds.filter_map(of).collect()
}

/// Yuan of a kind in each month; the codes without a price where there are such; none where nothing is forecast.
fn money_of(view: &View, kind: Kind) -> Option<Result<Vec<f64>, Vec<String>>> {
    let (data, point) = (&view.outlook.dataset, &view.outlook.point);
    let mut sums = vec![0.0; view.months.len()];
    let (mut any, mut missing) = (false, Vec::new());
    for (s, series) in data.grid.series.iter().enumerate() {
        let of_kind = data.products[series.product].kind.unwrap_or(Kind::Goods) == kind;
        let units = point.units.row(s);
        if !of_kind || !view.figures.is_forecast[s] || units.iter().all(|x| *x == 0.0) {
            continue;
        }
        any = true;
        match view.figures.prices[s] {
            Some(price) => sums.iter_mut().zip(units).for_each(|(sum, x)| *sum += x * price),
            None => missing.push(series.product),
        }
    }
    missing.sort_unstable();
    missing.dedup();
    let codes: Vec<String> = missing.iter().map(|p| data.grid.products.codes[*p].clone()).collect();
    any.then_some(if codes.is_empty() { Ok(sums) } else { Err(codes) })
}
