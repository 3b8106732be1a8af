//! What `growth` shows: its rows, its figures for programs, its page.

use serde::Serialize;

use super::cell::{self, settled};
use super::columns::{Head, Kind};
use super::data::Table;
use super::run::Source;
use super::table::{Printed, growth, number, percent, signed};
use crate::analysis::dated::{Change, Outcome};
use crate::analysis::decompose::{Decomposition, Links, Measure, Part};
use crate::dataset::Known;
use crate::grid::{COMPANY, Scope};
use crate::messages::growth as say;
use crate::messages::{Lang, Text};

/// A year's growth as it is shown.
pub struct Grown<'a> {
    /// The data as visible.
    pub known: &'a Known<'a>,
    /// What the measure is of.
    pub scope: Scope,
    /// The split.
    pub split: Decomposition,
    /// What changed with dated events.
    pub changes: Vec<Change>,
    /// The language of what is said.
    pub lang: Lang,
}

/// Both years and the links of a row.
type Sum = ([f64; 2], [f64; 4]);

impl Grown<'_> {
    /// Yuan in one unit of the outputs; none for units.
    fn money(&self) -> Option<f64> {
        (self.split.measure != Measure::Units).then(|| self.known.data.settings.units.money.yuan())
    }

    fn sum(&self, of: impl Fn(&Part) -> bool) -> Sum {
        let by = self.money().unwrap_or(1.0);
        let (values, links) = self.split.sum(of);
        (values.map(|x| x / by), links.map(|x| x / by))
    }

    fn node(&self, node: usize) -> Sum {
        let leaves = self.known.data.grid.regions.leaves(node);
        self.sum(|part| leaves.contains(&part.leaf))
    }

    /// Products in the order of the grid, with the group that begins with each.
    fn products(&self) -> Vec<(Option<usize>, usize)> {
        let products = &self.known.data.grid.products;
        let sold = |p: &usize| self.split.parts.iter().any(|part| part.product == *p);
        let mut all: Vec<usize> = (0..products.len()).filter(sold).collect();
        all.sort_by_key(|&p| (products.group[p], p));
        let mut last = None;
        all.into_iter().map(|p| (Some(products.group[p]).filter(|g| last.replace(*g) != Some(*g)), p)).collect()
    }

    fn links(&self) -> [&'static str; 4] {
        match self.split.into {
            Links::Households { .. } => ["households", "conversion", "units_per_buyer", "price"],
            Links::Mix => ["units", "region_mix", "product_mix", "price"],
        }
    }
}

/// The rows: every region and product that sold, money in the folder's unit; the links add up to the change.
pub fn table(grown: &Grown) -> Table {
    let grid = &grown.known.data.grid;
    let [from, to] = grown.split.years.map(|year| format!("{}_{year}", grown.split.measure.word()));
    let values = [from.into(), to.into(), Head::named("change")].map(|head: Head| head.of(Kind::Plain));
    let titles = say::links(matches!(grown.split.into, Links::Households { .. }));
    let link = |(name, title): (&'static str, Text)| Head::named(name).of(Kind::Plain).titled(title);
    let links = grown.links().into_iter().zip(titles).map(link);
    let mut table = Table::new(["region", "group", "product"].map(Head::named).into_iter().chain(values).chain(links));
    let by = grown.money().unwrap_or(1.0);
    for part in &grown.split.parts {
        table.text(grid.regions.code(grid.regions.node_of(part.leaf)));
        table.text(&grid.products.groups[grid.products.group[part.product]]);
        table.text(&grid.products.codes[part.product]);
        let [before, after] = part.values;
        [before, after, after - before].into_iter().chain(part.links).for_each(|x| table.number(settled(x / by)));
        table.end();
    }
    table
}

#[derive(Serialize)]
struct Whole<'a> {
    program: &'static str,
    version: &'static str,
    measure: &'static str,
    unit: &'static str,
    years: [i32; 2],
    links: [&'static str; 4],
    list_prices: bool,
    inputs: &'a [Source],
    company: Row,
    regions: Vec<Row>,
    products: Vec<Row>,
    dated: Vec<Dated>,
}

#[derive(Serialize)]
struct Row {
    code: String,
    values: [f64; 2],
    change: f64,
    /// What each of `links` made of the change.
    made_by: [f64; 4],
}

#[derive(Serialize)]
struct Dated {
    region: String,
    product: String,
    reason: String,
    row: Option<String>,
    from: String,
    to: String,
    outcome: &'static str,
    values: [f64; 2],
    called: &'static str,
    change: f64,
    low80: Option<f64>,
    high80: Option<f64>,
    regions_changed: usize,
    regions_unchanged: usize,
    growth_of_unchanged: Option<f64>,
    another_event: bool,
}

/// The figures for programs: money in the folder's unit, shares, not percentages.
pub fn json(grown: &Grown, inputs: &[Source]) -> Vec<u8> {
    let grid = &grown.known.data.grid;
    let row = |code: &str, ([before, after], links): Sum| Row {
        code: code.to_owned(),
        values: [settled(before), settled(after)],
        change: settled(after - before),
        made_by: links.map(settled),
    };
    let product = |p: usize| row(&grid.products.codes[p], grown.sum(|part| part.product == p));
    let dated = |change: &Change| Dated {
        region: grid.regions.code(change.event.node).to_owned(),
        product: grid.scope_code(change.event.scope).to_owned(),
        reason: change.event.reason.clone(),
        row: change.event.place.as_ref().map(ToString::to_string),
        from: change.months.0.to_string(),
        to: change.months.1.to_string(),
        outcome: match change.outcome {
            Outcome::Measure => grown.split.measure.word(),
            Outcome::Conversion => "conversion",
        },
        values: values(grown, change).map(settled),
        called: if change.is_effect() { "effect" } else { "difference" },
        change: settled(change.change),
        low80: change.bounds.map(|b| settled(b.0)),
        high80: change.bounds.map(|b| settled(b.1)),
        regions_changed: change.regions.0,
        regions_unchanged: change.regions.1,
        growth_of_unchanged: change.others.map(settled),
        another_event: change.mixed,
    };
    let whole = Whole {
        program: env!("CARGO_PKG_NAME"),
        version: env!("CARGO_PKG_VERSION"),
        measure: grown.split.measure.word(),
        unit: match grown.money() {
            None => "units",
            Some(1.0) => "yuan",
            Some(_) => "万元",
        },
        years: grown.split.years,
        links: grown.links(),
        list_prices: grown.split.list_prices,
        inputs,
        company: row(grid.regions.code(COMPANY), grown.node(COMPANY)),
        regions: (1..grid.regions.len()).map(|node| row(grid.regions.code(node), grown.node(node))).collect(),
        products: grown.products().into_iter().map(|(_, p)| product(p)).collect(),
        dated: grown.changes.iter().map(dated).collect(),
    };
    cell::json(&whole)
}

/// Before and after: money in the folder's unit, conversion as a share.
fn values(grown: &Grown, change: &Change) -> [f64; 2] {
    let by = match change.outcome {
        Outcome::Measure => grown.money().unwrap_or(1.0),
        Outcome::Conversion => 1.0,
    };
    change.values.map(|x| x / by)
}

/// The page; `folder` is what the user calls the folder.
pub fn page(grown: &Grown, folder: &str) -> String {
    let (lang, grid) = (grown.lang, &grown.known.data.grid);
    let mut out = String::new();
    let mut line = |text: &Text| {
        out.push_str(text.get(lang));
        out.push('\n');
    };
    let measure = say::measure(grown.split.measure.word());
    let meant = match grown.scope {
        Scope::Product(p) => grid.products.name(p),
        scope => grid.scope_code(scope),
    };
    line(&say::title(folder, &measure, meant, grown.split.years));
    let ([before, after], _) = grown.node(COMPANY);
    let decimals = decimals(grown);
    let rate = growth((before > 0.0).then(|| after / before - 1.0));
    let [from, to] = [before, after].map(|x| number(x, decimals));
    line(&say::headline(&from, &to, &signed(Some(after - before), decimals), &rate, &say::unit(grown.money())));
    line(&say::how());
    match grown.split.into {
        Links::Households { buyers } => {
            line(&say::about_households());
            if !buyers {
                line(&say::about_no_buyers());
            }
        }
        Links::Mix => line(&say::about_mix()),
    }
    if grown.split.list_prices {
        line(&say::list_prices());
    }
    let mut regions = printed(grown, &say::by_region());
    for node in 0..grid.regions.len() {
        let name = grid.regions.name(node);
        let name = if name.is_empty() { say::company().get(lang).to_owned() } else { name.to_owned() };
        regions.row(row(grown, format!("{}{name}", "  ".repeat(grid.regions.depth(node))), grown.node(node)));
    }
    let mut products = printed(grown, &say::by_product());
    for (group, p) in grown.products() {
        if let Some(group) = group.filter(|g| !grid.products.groups[*g].is_empty()) {
            let of_group = grown.sum(|part| grid.products.group[part.product] == group);
            products.row(row(grown, grid.products.groups[group].clone(), of_group));
        }
        let of_product = grown.sum(|part| part.product == p);
        products.row(row(grown, format!("  {}", grid.products.name(p)), of_product));
    }
    out.push_str(&format!("\n{}\n{}", regions.text(), products.text()));
    if !grown.changes.is_empty() {
        out.push_str(&format!("\n{}\n", say::dated_title().get(lang)));
        let mut last = None;
        for change in &grown.changes {
            let first = last.replace(&change.event) != Some(&change.event);
            dated(grown, change, first, &mut out);
        }
    }
    out
}

/// Decimals of numbers on the page: none, one for money in 10,000 yuan.
fn decimals(grown: &Grown) -> usize {
    usize::from(grown.money().is_some_and(|yuan| yuan > 1.0))
}

/// A table with its header.
fn printed(grown: &Grown, over: &Text) -> Printed {
    let lang = grown.lang;
    let mut table = Printed::new(&[]);
    let said = |text: &Text| text.get(lang).to_owned();
    let years = grown.split.years.map(|year| year.to_string());
    let links = say::links(matches!(grown.split.into, Links::Households { .. }));
    let header = [said(over)].into_iter().chain(years).chain([said(&say::change())]);
    table.head(header.chain(links.iter().take(shown(grown)).map(said)).collect());
    table
}

/// Links on the page: units have no price.
fn shown(grown: &Grown) -> usize {
    grown.links().len() - usize::from(grown.money().is_none())
}

fn row(grown: &Grown, name: String, ([before, after], links): Sum) -> Vec<String> {
    let decimals = decimals(grown);
    let links = links.into_iter().take(shown(grown));
    let change = [after - before].into_iter().chain(links).map(|x| signed(Some(x), decimals));
    [name, number(before, decimals), number(after, decimals)].into_iter().chain(change).collect()
}

/// One dated change; before the first of an event the event itself.
fn dated(grown: &Grown, change: &Change, first: bool, out: &mut String) {
    let (lang, grid) = (grown.lang, &grown.known.data.grid);
    let event = &change.event;
    let region = if event.node == COMPANY { "" } else { grid.regions.name(event.node) };
    let place = event.place.as_ref().map_or_else(String::new, |p| format!(" ({p})"));
    if first {
        out.push_str(&format!("{}{place}\n", say::event(&event.reason, region, change.months).get(lang)));
    }
    let [before, after] = values(grown, change).map(|x| match change.outcome {
        Outcome::Measure => number(x, decimals(grown)),
        Outcome::Conversion => percent(Some(x)),
    });
    let bounds = match change.bounds {
        Some((low, high)) => format!(" [{}, {}]", growth(Some(low)), growth(Some(high))),
        None => say::no_bounds().get(lang).to_owned(),
    };
    let outcome = match change.outcome {
        Outcome::Measure => say::measure(grown.split.measure.word()),
        Outcome::Conversion => say::conversion(),
    };
    let by = growth(Some(change.change));
    let text = if change.is_effect() {
        say::effect(&outcome, (&before, &after), &by, &bounds, (change.regions.1, &growth(change.others)))
    } else {
        say::difference(&outcome, (&before, &after), &by, &bounds, change.regions.0)
    };
    out.push_str(&format!("  {}\n", text.get(lang)));
    if change.mixed {
        out.push_str(&format!("  {}\n", say::mixed().get(lang)));
    }
}
