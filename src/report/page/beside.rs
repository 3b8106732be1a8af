//! What stands beside the forecast where its tables are there: how near the issued forecasts came, new communities, the
//! order list.

use serde::Serialize;

use super::pack::{Number, short};
use crate::grid::Scope;
use crate::ledger::score::{score, waterfall};
use crate::messages::Text;
use crate::messages::communities as say;
use crate::report::communities::figures::{Figure, Measure, Of};
use crate::report::communities::{Report, written};
use crate::report::{View, accuracy, names, stock};

/// Sections of `yugu accuracy` that are not on the page: lists as long as the folder has rows.
const LONG: [&str; 3] = ["signal", "lost", "waterfall"];
/// Up to so many regions x groups have a waterfall of their own; beyond, the company's groups have one.
const WATERFALLS: usize = 400;
/// At most so many communities are on the page, those that sign most first.
const COMMUNITIES: usize = 500;
/// Months over which a community's signings are added up.
const YEAR: usize = 12;
/// At most so many lines of the order list and so many transfers are on the page.
const LINES: usize = 1_000;
/// Up to so many regions have figures of communities by month.
const CENTRES: usize = 200;

/// The waterfalls of one mode.
#[derive(Serialize)]
struct Falls {
    mode: &'static str,
    made: Vec<String>,
    months: Vec<String>,
    of: Vec<Fall>,
}

/// The waterfall of a region and group.
#[derive(Serialize)]
struct Fall {
    node: usize,
    group: usize,
    /// Units by month made and month forecast.
    issued: Vec<Vec<Option<Number>>>,
    /// Units by month forecast.
    sold: Vec<Option<Number>>,
}

/// What the ledger shows.
#[derive(Serialize)]
pub struct Accuracy {
    figures: serde_json::Value,
    falls: Vec<Falls>,
}

/// How near it came; none where nothing was issued.
pub fn of_ledger(view: &View) -> Option<Accuracy> {
    let known = &view.outlook.known();
    if known.ledger.is_empty() {
        return None;
    }
    let scores = score(known);
    let shown = accuracy::Shown::new(known, &scores, (crate::grid::COMPANY, Scope::All), view.lang);
    let figures = accuracy::figures(&shown, |section| !LONG.contains(&section));
    let grid = &view.outlook.dataset.grid;
    let all = grid.regions.len() * grid.group_count() <= WATERFALLS;
    let nodes = if all { grid.regions.len() } else { 1 };
    let keys: Vec<(usize, usize)> = (0..nodes).flat_map(|n| (0..grid.group_count()).map(move |g| (n, g))).collect();
    let falls = scores.modes.iter().map(|score| {
        let units = |x: &Option<f64>| x.map(|x| short(x, 4));
        let fall = |(node, group): &(usize, usize)| {
            let series = grid.in_scope(*node, Scope::Group(*group));
            let fall = waterfall(known, score.mode, &series);
            let of = |row: &Vec<Option<f64>>| row.iter().map(units).collect();
            let (issued, sold) = (fall.issued.iter().map(of).collect(), of(&fall.sold));
            (!series.is_empty()).then_some(Fall { node: *node, group: *group, issued, sold })
        };
        let months = waterfall(known, score.mode, &[]);
        Falls {
            mode: score.mode.word(),
            made: months.made.iter().map(|m| m.to_string()).collect(),
            months: months.months.iter().map(|m| m.to_string()).collect(),
            of: keys.iter().filter_map(fall).collect(),
        }
    });
    Some(Accuracy { falls: falls.collect(), figures })
}

/// What new communities bring.
#[derive(Serialize)]
pub struct Communities {
    months: Vec<String>,
    /// Word, name, and whether it is money.
    measures: Vec<(&'static str, Text, bool)>,
    /// Node, month ahead, measure, value and 80% bounds, as in `centres.csv`.
    centres: Vec<(usize, usize, usize, [Number; 3])>,
    /// Those that sign most.
    communities: Vec<Community>,
    in_all: usize,
}

/// One community.
#[derive(Serialize)]
struct Community {
    code: String,
    node: usize,
    households: Number,
    signed: Number,
    left: Number,
    /// In the next twelve months, with 80% bounds.
    signings: [Number; 3],
    /// In the next twelve months.
    buyers: Option<Number>,
}

/// The measures shown of regions.
const MEASURES: [Measure; 13] = [
    Measure::Left,
    Measure::Signings,
    Measure::Buyers,
    Measure::Policies,
    Measure::Renewals,
    Measure::InForce,
    Measure::Revenue,
    Measure::Profit,
    Measure::Premiums,
    Measure::Fee,
    Measure::Commissions,
    Measure::Counters,
    Measure::People,
];

/// These, what is told of communities not contracted yet, and commissions by party.
fn measures(report: &Report) -> Vec<Measure> {
    let known = |measure: &Measure| *measure != Measure::Commissions || report.figures.has_commissions();
    let parties = report.figures.commissions();
    MEASURES.into_iter().filter(known).chain(Measure::NOT_CONTRACTED).chain(parties).collect()
}

/// What a measure is called.
fn called(report: &Report, measure: Measure) -> Text {
    match measure {
        Measure::Commission(party) => {
            say::commission_of(report.figures.parties().get(party).copied().unwrap_or_default())
        }
        _ => say::column(measure.word()),
    }
}

/// New communities; none where the folder has none that sign.
pub fn of_communities<'a>(view: &'a View<'a>) -> Option<Communities> {
    let report = Report::new(view)?;
    let regions = &view.outlook.dataset.grid.regions;
    let months = report.figures.months();
    let values = |f: Figure| written(&f).map(Number);
    let (mut centres, measures) = (Vec::new(), measures(&report));
    for node in 0..regions.len().min(CENTRES) {
        for h in 0..months.len() {
            for (m, &measure) in measures.iter().enumerate() {
                let figure = report.shown(Of::Node(node), measure, h..h + 1);
                centres.extend(figure.map(|figure| (node, h, m, values(figure))));
            }
        }
    }
    let year = 0..YEAR.min(months.len());
    let units = &report.projection.signings.units;
    let of = |c: usize| {
        let community = view.outlook.dataset.communities.list.get(c)?;
        let signings = report.shown(Of::Community(c), Measure::Signings, year.clone())?;
        let buyers = report.shown(Of::Community(c), Measure::Buyers, year.clone());
        Some(Community {
            code: community.code.clone(),
            node: regions.node_of(community.leaf),
            households: short(*report.projection.record.households.get(c)?, 4),
            signed: short(*units.observed.get(c)?, 4),
            left: short(*report.projection.signings.left.get(c)?, 4),
            signings: values(signings),
            buyers: buyers.map(|f| short(f.value, 4)),
        })
    };
    let mut communities: Vec<Community> = report.known_communities().filter_map(of).collect();
    let in_all = communities.len();
    communities.sort_by(|a, b| b.signings[0].0.total_cmp(&a.signings[0].0));
    communities.truncate(COMMUNITIES);
    Some(Communities {
        months: months.iter().map(|m| m.to_string()).collect(),
        measures: measures.into_iter().map(|m| (m.word(), called(&report, m), m.is_money())).collect(),
        centres,
        communities,
        in_all,
    })
}

/// The order list.
#[derive(Serialize)]
pub struct Stock<'a> {
    day: String,
    lines: Vec<Line<'a>>,
    lines_in_all: usize,
    transfers: Vec<Transfer<'a>>,
    transfers_in_all: usize,
}

/// A row of `stock.csv`.
#[derive(Serialize)]
struct Line<'a> {
    location: String,
    node: usize,
    product: usize,
    supplier: &'a str,
    on_hand: Number,
    on_order: Number,
    owed: Number,
    echelon_on_hand: Number,
    echelon_on_order: Number,
    echelon_owed: Number,
    position: Number,
    demand: Number,
    bought_for: Number,
    safety_stock: Number,
    raw_need: Number,
    order: Number,
    transfer_in: Number,
    order_by: Option<String>,
    arrives: Option<String>,
    runs_out: Option<String>,
    value: Option<Number>,
    urgency: Option<&'static str>,
    need_by: Option<String>,
    action: &'static str,
    reason: Text,
}

/// A row of `transfers.csv`.
#[derive(Serialize)]
struct Transfer<'a> {
    product: &'a str,
    name: &'a str,
    from: String,
    to: String,
    units: Number,
}

/// What to order; none where no stock was counted.
pub fn of_stock<'v>(view: &'v View) -> Option<Stock<'v>> {
    let plan = view.stock()?;
    let yuan = view.outlook.dataset.settings.units.money.yuan();
    let products = &view.outlook.dataset.grid.products;
    let day = |day: Option<chrono::NaiveDate>| day.map(|day| day.to_string());
    let line = |line: &crate::stock::Line| Line {
        location: names::place(view, &line.locations),
        node: line.node,
        product: line.product,
        supplier: names::supplier(view, line.product),
        on_hand: Number(line.on_hand),
        on_order: Number(line.on_order),
        owed: Number(line.owed),
        echelon_on_hand: Number(line.echelon.on_hand),
        echelon_on_order: Number(line.echelon.in_time),
        echelon_owed: Number(line.echelon.owed),
        position: Number(line.position),
        demand: Number(line.demand),
        bought_for: Number(line.bought_for),
        safety_stock: Number(line.safety),
        raw_need: Number(line.raw),
        order: Number(line.order),
        transfer_in: Number(line.transfer_in),
        order_by: day(line.order_by),
        arrives: day(line.arrives),
        runs_out: day(line.runs_out),
        value: line.value.map(|value| Number(value / yuan)),
        urgency: line.urgency().map(|u| u.word()),
        need_by: day(line.need_by()),
        action: stock::action(line),
        reason: stock::reason(view, line),
    };
    let transfer = |t: &crate::stock::Transfer| Transfer {
        product: &products.codes[t.product],
        name: products.name(t.product),
        from: names::place(view, &t.from.1),
        to: names::place(view, &t.to.1),
        units: Number(t.units),
    };
    Some(Stock {
        day: plan.day.to_string(),
        lines: plan.lines.iter().take(LINES).map(line).collect(),
        lines_in_all: plan.lines.len(),
        transfers: plan.transfers.iter().take(LINES).map(transfer).collect(),
        transfers_in_all: plan.transfers.len(),
    })
}
