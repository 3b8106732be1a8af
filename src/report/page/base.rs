//! What the page shows first: names, the figures of every region and group with their history, exceptions, changes, and
//! what is said about the run.

use std::borrow::Cow;

use serde::Serialize;

use super::pack::{Number, short};
use crate::dataset::ledger::STEPS;
use crate::exceptions as worth;
use crate::grid::Scope;
use crate::messages::{Lang, Text};
use crate::month::Month;
use crate::report::columns::Type;
use crate::report::data::{Column, Value};
use crate::report::table::number;
use crate::report::{View, changes, exceptions, names, notes, plan, regions, run, steps, warnings};

/// At most so many exceptions are on the page, the most units at stake first.
const EXCEPTIONS: usize = 500;

/// A long table: the names of its columns, and rows of their values.
#[derive(Serialize)]
pub struct Rows<T> {
    pub columns: Vec<Cow<'static, str>>,
    pub rows: Vec<T>,
}

/// The first part. Regions, groups, products and months are told by their indexes.
#[derive(Serialize)]
pub struct Base<'a> {
    /// Code, decimals of its units.
    groups: Vec<(&'a str, usize)>,
    /// Code, name, group.
    products: Vec<(&'a str, &'a str, usize)>,
    /// Code, name, parent, whether it is a leaf.
    nodes: Vec<(&'a str, &'a str, usize, bool)>,
    /// The rows of `regions.csv`.
    figures: Rows<Vec<Option<Number>>>,
    /// Per row of `figures`: units after each step of the revision.
    steps: Vec<[Number; STEPS.len()]>,
    /// Units sold by node, group and month of the history.
    history: Vec<(usize, usize, Vec<Number>)>,
    /// The sums of `changes.csv`.
    changes: Rows<Vec<Number>>,
    /// Per month forecast: month made, version, lag and file of the last version.
    since: Vec<Option<(String, u32, i32, &'a str)>>,
    /// The rows of `exceptions.csv`, as far as they are on the page.
    exceptions: Vec<Exception<'a>>,
    /// How many there are in all.
    exceptions_in_all: usize,
    /// The kind of product in both languages, and its money by month forecast, as the terminal prints it.
    money: Vec<(Text, Vec<String>)>,
    /// What the rules did, in both languages.
    notes: Vec<Text>,
    /// Steps: state, what switches it on, what it does.
    steps_of_method: Vec<(&'static str, &'static str, Text)>,
    /// The rows of `warnings.csv`, and how many remarks there were.
    warnings: Vec<Warning>,
    warnings_in_all: usize,
}

/// A row of `exceptions.csv`.
#[derive(Serialize)]
struct Exception<'a> {
    kind: &'static str,
    node: usize,
    group: Option<usize>,
    product: Option<usize>,
    month: Month,
    units: Number,
    found: Number,
    against: Option<Number>,
    low: Option<Number>,
    high: Option<Number>,
    place: std::borrow::Cow<'a, str>,
    message: Text,
}

/// A row of `warnings.csv`.
#[derive(Serialize)]
struct Warning {
    file: String,
    line: Option<u32>,
    column: Option<u32>,
    message: Text,
    treatment: Text,
}

/// Builds it; the views are of the same run in both languages.
pub fn base<'v>(view: &'v View, english: &'v View, chinese: &'v View) -> Base<'v> {
    let grid = &view.outlook.dataset.grid;
    let (regions, products) = (&grid.regions, &grid.products);
    Base {
        groups: products.groups.iter().enumerate().map(|(g, code)| (code.as_str(), names::decimals(view, g))).collect(),
        products: (0..products.len())
            .map(|p| (products.codes[p].as_str(), products.name(p), products.group[p]))
            .collect(),
        nodes: (0..regions.len())
            .map(|n| (regions.code(n), regions.name(n), regions.parent(n), regions.leaf_of(n).is_some()))
            .collect(),
        figures: figures(view),
        steps: steps_of_sums(view),
        history: history(view),
        changes: changes_of_sums(view),
        since: view
            .changes
            .iter()
            .map(|since| {
                let since = since.as_ref()?;
                Some((since.issue.made.to_string(), since.issue.version, since.month.lag, since.issue.file.as_ref()))
            })
            .collect(),
        exceptions: exceptions_of(english, chinese),
        exceptions_in_all: view.exceptions.len(),
        money: money(view),
        notes: both(notes::lines(english), notes::lines(chinese)),
        steps_of_method: steps::steps(view.outlook, &view.known, view.figures.any_price)
            .into_iter()
            .map(|step| (step.state.word(), step.by, step.what))
            .collect(),
        warnings: warnings_of(view),
        warnings_in_all: run::Counts::new(view).warnings,
    }
}

/// Sentences in both languages, where those of one language hold names in it.
fn both(english: Vec<Text>, chinese: Vec<Text>) -> Vec<Text> {
    english.into_iter().zip(chinese).map(|(en, zh)| Text { en: en.en, zh: zh.zh }).collect()
}

fn whole(n: usize) -> Option<Number> {
    Some(Number(n as f64))
}

/// Node, group and month forecast by their indexes, then the numbers of `regions.csv`.
fn figures(view: &View) -> Rows<Vec<Option<Number>>> {
    let table = regions::table(view);
    let numbers: Vec<&Column> = table.columns.iter().filter(|column| column.stored() == Type::Number).collect();
    let value = |column: &Column, row: usize| match column.value(row) {
        Value::Number(x) => Some(Number(x)),
        _ => None,
    };
    let row = |(at, of): (usize, &crate::figures::Row)| {
        let keys = [of.node, of.group, of.month].map(whole);
        keys.into_iter().chain(numbers.iter().map(|column| value(column, at))).collect()
    };
    let names = numbers.iter().map(|column| column.head.name.clone());
    let columns = ["node", "group", "k"].map(Cow::from).into_iter().chain(names).collect();
    Rows { columns, rows: view.figures.rows.iter().enumerate().map(row).collect() }
}

/// Units of the series that are forecast after each step, by row of the figures.
fn steps_of_sums(view: &View) -> Vec<[Number; STEPS.len()]> {
    let grid = &view.outlook.dataset.grid;
    let steps = view.outlook.steps();
    let sums = |row: &crate::figures::Row| {
        let series = grid.in_scope(row.node, Scope::Group(row.group));
        let forecast = series.into_iter().filter(|s| view.figures.is_forecast[*s]);
        forecast.fold([0.0; STEPS.len()], |mut sum, s| {
            sum.iter_mut().zip(steps).for_each(|(sum, step)| *sum += step[(s, row.month)]);
            sum
        })
    };
    // A sum of thousands of numbers has noise in its last digits; four decimals are more than is shown.
    view.figures.rows.iter().map(|row| sums(row).map(|x| short(x, 4))).collect()
}

fn history(view: &View) -> Vec<(usize, usize, Vec<Number>)> {
    let grid = &view.outlook.dataset.grid;
    let (groups, months) = (grid.group_count(), view.known.months());
    let mut sums = ndarray::Array2::<f64>::zeros((grid.regions.len() * groups, months));
    let mut sold = vec![false; grid.regions.len() * groups];
    for (s, series) in grid.series.iter().enumerate() {
        let row = grid.regions.node_of(series.leaf) * groups + series.group;
        sold[row] = true;
        let mut sum = sums.row_mut(row);
        sum += &view.known.units.row(s);
    }
    // A parent stands before its children.
    for node in (1..grid.regions.len()).rev() {
        for group in 0..groups {
            let (from, to) = (node * groups + group, grid.regions.parent(node) * groups + group);
            let own = sums.row(from).to_owned();
            let mut sum = sums.row_mut(to);
            sum += &own;
            sold[to] |= sold[from];
        }
    }
    let shown = (0..sold.len()).filter(|row| sold[*row]);
    shown.map(|row| (row / groups, row % groups, sums.row(row).iter().map(|x| short(*x, 4)).collect())).collect()
}

fn changes_of_sums(view: &View) -> Rows<Vec<Number>> {
    let causes = crate::changes::CAUSES.map(|cause| cause.word());
    let columns = ["node", "group", "k", "last", "now", "change"].into_iter().chain(causes).map(Cow::from).collect();
    let given: Vec<&crate::figures::Row> =
        view.figures.rows.iter().filter(|row| view.changes.get(row.month).is_some_and(Option::is_some)).collect();
    // The sums stand first, in the order of the figures.
    let row = |(of, row): (&&crate::figures::Row, changes::Row)| {
        let key = [of.node, of.group, of.month].map(|n| Number(n as f64));
        let units = [row.last, row.now, row.change].into_iter().chain(row.causes).map(Number);
        key.into_iter().chain(units).collect()
    };
    Rows { columns, rows: given.iter().zip(changes::rows(view)).map(row).collect() }
}

/// First those that the terminal shows, for of one kind there may be many; then all others.
fn exceptions_of<'v>(english: &'v View, chinese: &'v View) -> Vec<Exception<'v>> {
    let products = &english.outlook.dataset.grid.products;
    let rows = english.exceptions.iter().zip(exceptions::rows(english)).zip(exceptions::rows(chinese));
    let row = |((one, en), zh): ((&worth::Exception, exceptions::Row<'v>), exceptions::Row)| {
        let (group, product) = match one.scope {
            Scope::All => (None, None),
            Scope::Group(group) => (Some(group), None),
            Scope::Product(p) => (Some(products.group[p]), Some(p)),
        };
        Exception {
            kind: en.kind,
            node: one.node,
            group,
            product,
            month: en.month,
            units: Number(en.units),
            found: Number(en.found),
            against: en.against.map(Number),
            low: en.low.map(Number),
            high: en.high.map(Number),
            place: en.place,
            message: Text { en: en.message, zh: zh.message },
        }
    };
    let first = worth::first(&worth::concerns(&english.exceptions), exceptions::SHOWN, exceptions::OF_A_KIND);
    let is_first = |one: &worth::Exception| first.iter().any(|shown| std::ptr::eq(shown.head, one));
    let (first, others): (Vec<_>, Vec<_>) = rows.partition(|((one, _), _)| is_first(one));
    first.into_iter().chain(others).take(EXCEPTIONS).map(row).collect()
}

/// Money by kind of product in the settings' unit, as on the terminal's page; kinds without all of their prices are left
/// out there and here.
fn money(view: &View) -> Vec<(Text, Vec<String>)> {
    let yuan = view.outlook.dataset.settings.units.money.yuan();
    let print = |x: &f64| number(x / yuan, if yuan > 1.0 { 1 } else { 0 });
    let kinds = plan::money_by_kind(view).into_iter();
    let known = kinds.filter_map(|(kind, sums)| Some((kind, sums.ok()?)));
    known
        .filter(|(_, sums)| sums.iter().any(|x| *x != 0.0))
        .map(|(kind, sums)| (kind, sums.iter().map(print).collect()))
        .collect()
}

fn warnings_of(view: &View) -> Vec<Warning> {
    let rows = |lang: Lang| warnings::rows(&view.outlook.warnings, lang);
    let both = rows(Lang::En).into_iter().zip(rows(Lang::Zh));
    both.map(|(en, zh)| Warning {
        file: en.file,
        line: en.line,
        column: en.column,
        message: Text { en: en.message, zh: zh.message },
        treatment: Text { en: en.treatment, zh: zh.treatment },
    })
    .collect()
}
