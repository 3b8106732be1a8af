//! `yugu communities`: what new communities will sign, buy and renew, as files and figures for programs. The page stands
//! in [`page`].

pub mod figures;
mod deposits;
mod leads;
pub mod page;

use std::ops::Range;

use serde::Serialize;

use super::View;
use super::cell::{self, settled};
use super::data::Table;
use super::run::Source;
use super::table::{number, percent};
use crate::dataset::Known;
use crate::error::Place;
use crate::grid::{COMPANY, Kind};
use crate::messages::Text;
use crate::messages::communities as say;
use crate::month::Month;
use crate::stages::community::Projection;
use crate::stages::community::arrivals::{LEAST, Missing};
use crate::stages::community::purchase::{Basis, Purchases, blocks};
use crate::stages::community::stated::By;
use crate::stats::life_table::Seen;
use figures::{Contracted, Figure, Figures, Measure, Of, Year};

/// The files that `yugu communities` always writes; beside them `leads.csv`, where there are leads.
pub const TABLES: [&str; 3] = ["communities", "centres", "learned"];

/// What is told of a single community.
const OF_COMMUNITY: [Measure; 8] = [
    Measure::Left,
    Measure::Signings,
    Measure::Buyers,
    Measure::Policies,
    Measure::Revenue,
    Measure::Profit,
    Measure::Premiums,
    Measure::Fee,
];
/// What is told of centres and the company besides.
const OF_CENTRES: [Measure; 6] = [
    Measure::Renewals,
    Measure::InForce,
    Measure::Commissions,
    Measure::Counters,
    Measure::People,
    Measure::PeopleShort,
];
/// What stands for the code of communities that have none, because no developer has contracted them yet.
pub const NOT_CONTRACTED: &str = "communities not contracted yet";

/// Everything a report of communities needs.
pub struct Report<'a> {
    /// The run.
    pub view: &'a View<'a>,
    /// The projections.
    pub projection: &'a Projection,
    /// Their figures.
    pub figures: Figures<'a, 'a>,
}

impl<'a> Report<'a> {
    /// The report of a run; none where the folder has no communities that sign, or the settings leave them out.
    pub fn new(view: &'a View<'a>) -> Option<Report<'a>> {
        let projection = view.outlook.point.communities.as_ref()?;
        let figures = Figures::new(&view.known, projection, view.outlook.horizon().units.view());
        Some(Report { view, projection, figures })
    }

    /// Every file, by name.
    pub fn tables(&self) -> Vec<(&'static str, Table)> {
        let tables = [self.communities(), self.centres(), self.learned()];
        TABLES.into_iter().zip(tables).chain(leads::table(self).map(|table| (leads::NAME, table))).collect()
    }

    /// Yuan in one unit of the outputs.
    pub fn yuan(&self) -> f64 {
        self.view.known.data.settings.units.money.yuan()
    }

    /// A figure in the units of the outputs.
    pub fn shown(&self, of: Of, measure: Measure, months: Range<usize>) -> Option<Figure> {
        let by = if measure.is_money() { self.yuan() } else { 1.0 };
        let figure = self.figures.figure(of, measure, months)?;
        Some(Figure { value: figure.value / by, bounds: figure.bounds.map(|x| x / by) })
    }

    /// Communities whose households are known.
    pub fn known_communities(&self) -> impl Iterator<Item = usize> {
        let record = &self.projection.record;
        record.households.iter().take(record.named).enumerate().filter(|(_, n)| **n > 0.0).map(|(c, _)| c)
    }

    /// Some measures, then the units of each product.
    fn with_units(&self, measures: impl IntoIterator<Item = Measure>) -> Vec<Measure> {
        measures.into_iter().chain(self.figures.products().into_iter().map(Measure::Units)).collect()
    }

    /// The figures of one community or node, by month and measure.
    fn rows(&self, of: Of, measures: &[Measure]) -> impl Iterator<Item = (Month, Measure, Figure)> {
        let months = self.figures.months().iter().enumerate();
        months.flat_map(move |(h, month)| {
            measures.iter().filter_map(move |m| Some((*month, *m, self.shown(of, *m, h..h + 1)?)))
        })
    }

    /// The product or the party that a measure is of.
    fn whose(&self, measure: Measure) -> Option<&str> {
        match measure {
            Measure::Units(product) => Some(&self.view.known.data.grid.products.codes[product]),
            Measure::Commission(party) => self.figures.parties().get(party).copied(),
            _ => None,
        }
    }

    /// `communities.csv`: every community, month and measure; last those not contracted yet, a region's together.
    fn communities(&self) -> Table {
        let mut table = Table::new(HEADERS_OF_COMMUNITY.into_iter().chain(VALUES));
        let regions = &self.view.known.data.grid.regions;
        let record = &self.projection.record;
        let measures = self.with_units(OF_COMMUNITY);
        for c in self.known_communities().chain(record.not_contracted()) {
            let community = self.view.known.data.communities.list.get(c);
            let code = community.map_or(NOT_CONTRACTED, |community| &community.code);
            for row in self.rows(Of::Community(c), &measures) {
                table.text(code);
                table.text(regions.code(regions.node_of(record.leaf[c])));
                self.end(&mut table, &row);
            }
        }
        table
    }

    /// What is told of centres, units of products left out.
    fn measures(&self) -> impl Iterator<Item = Measure> {
        let known = |measure: &Measure| *measure != Measure::Commissions || self.figures.has_commissions();
        let of_centres = OF_COMMUNITY.into_iter().chain(OF_CENTRES).filter(known);
        of_centres.chain(self.figures.commissions()).chain(Measure::NOT_CONTRACTED)
    }

    /// `centres.csv`: every region node, month and measure.
    pub fn centres(&self) -> Table {
        let mut table = Table::new(HEADERS_OF_CENTRE.into_iter().chain(VALUES));
        let regions = &self.view.known.data.grid.regions;
        let measures = self.with_units(self.measures());
        for node in 0..regions.len() {
            for row in self.rows(Of::Node(node), &measures) {
                table.text(regions.code(node));
                self.end(&mut table, &row);
            }
        }
        table
    }

    fn end(&self, table: &mut Table, (month, measure, figure): &(Month, Measure, Figure)) {
        table.month(*month);
        table.whole(i64::from(self.view.outlook.origin.lag(*month)));
        table.text(measure.word());
        table.text(self.whose(*measure).unwrap_or_default());
        written(figure).into_iter().for_each(|x| table.number(x));
        table.end();
    }

    /// `learned.csv`: curves, rates and seasons behind the projections.
    fn learned(&self) -> Table {
        let mut table = Table::new(["what", "of", "at", "value"]);
        for (what, of, at, value) in self.facts() {
            table.text(what);
            table.text(&of);
            table.text(&at);
            table.number(settled(value));
            table.end();
        }
        table
    }

    fn facts(&self) -> Vec<(&'static str, String, String, f64)> {
        let p = self.projection;
        let mut out = Vec::new();
        let first = crate::stats::life_table::FIRST_LAG;
        for (lag, share) in (first..).zip(&p.signings.curve.shares).take_while(|(lag, _)| *lag <= LONGEST_LAG) {
            let of = match p.signings.curve.seen(lag) {
                Seen::Observed => "observed",
                Seen::Both => "observed and stated",
                Seen::Stated => "stated",
                Seen::Between => "between observed",
                Seen::Beyond => "extrapolated",
            };
            out.push(("signing_by_lag", of.to_owned(), lag.to_string(), *share));
        }
        for (t, weight) in p.signings.season.iter().enumerate().skip(p.record.months) {
            out.push(("signing_season", String::new(), p.record.month(t).to_string(), *weight));
        }
        if let Ok(arrivals) = &p.record.arrivals {
            for (leaf, rate) in arrivals.rates.iter().enumerate() {
                let regions = &self.view.known.data.grid.regions;
                let at = regions.code(regions.node_of(leaf)).to_owned();
                out.push(("contracted_a_month", "households".to_owned(), at, *rate));
            }
            for (lag, share) in arrivals.lags.iter().enumerate().filter(|(_, share)| **share > 0.0) {
                out.push(("handover_by_month_since_contract", "households".to_owned(), lag.to_string(), *share));
            }
        }
        if p.record.is_recorded {
            out.push(("signing_kappa", String::new(), String::new(), p.signings.units.kappa));
        }
        let purchases = [("buyers", &p.goods), ("policies", &p.policies)];
        for (of, purchases) in purchases.into_iter().filter_map(|(of, p)| Some((of, p.as_ref()?))) {
            out.extend(self.stated(of, purchases));
            if purchases.basis == Basis::Stated {
                continue;
            }
            for (k, share) in purchases.flow.lags.iter().enumerate() {
                out.push(("purchase_by_month_since_signing", of.to_owned(), k.to_string(), *share));
            }
            for (rate, (months, end)) in purchases.flow.rates.iter().zip(years(p.record.months)) {
                let end = p.record.month(end);
                out.push(("share_of_signings", of.to_owned(), format!("{months} months to {end}"), *rate));
            }
            let next = purchases.trend.next_year();
            let scenarios = [("central", next.central), ("last year", next.last), ("linear", next.linear)];
            out.extend(scenarios.map(|(at, x)| ("share_of_signings_next_year", of.to_owned(), at.to_owned(), x)));
            out.push(("kappa", of.to_owned(), String::new(), purchases.units.kappa));
        }
        if let Some(renewals) = &p.renewals {
            let products = &self.view.known.data.products;
            let of = |p: &usize| products.get(*p).is_some_and(|p| p.kind == Some(Kind::Policy));
            let policies: Vec<usize> = (0..renewals.rates.len()).filter(of).collect();
            let same = policies.windows(2).all(|two| renewals.rates[two[0]] == renewals.rates[two[1]]);
            for &p in policies.iter().take(if same { 1 } else { policies.len() }) {
                let of = if same { "policies" } else { &self.view.known.data.grid.products.codes[p] };
                for (j, rate) in renewals.rates[p].iter().enumerate() {
                    out.push(("renewed", of.to_owned(), format!("{j} months after expiry"), *rate));
                }
            }
            out.push(("expired", "policies".to_owned(), String::new(), renewals.learned_from));
        }
        out
    }

    /// What is stated of a role beside what was learned, and where its rates come from if not from communities.
    fn stated(&self, of: &'static str, purchases: &Purchases) -> Vec<(&'static str, String, String, f64)> {
        let regions = &self.view.known.data.grid.regions;
        let mut out = Vec::new();
        let Some(stated) = &purchases.stated else { return out };
        let next = self.projection.record.months;
        for (leaf, given) in stated.given.iter().enumerate() {
            let Some((given, value, record)) = given else { continue };
            let at = || regions.code(regions.node_of(leaf)).to_owned();
            let by = if given.by == By::Rates { "share_stated" } else { "share_of_totals" };
            out.push((by, of.to_owned(), at(), *value));
            out.push(("signings_since_stated", of.to_owned(), at(), *record));
            out.push(("share_used_next_month", of.to_owned(), at(), stated.used[(leaf, next)]));
        }
        out
    }

    /// The figures for programs.
    pub fn json(&self, inputs: &[Source]) -> Vec<u8> {
        let regions = &self.view.known.data.grid.regions;
        let measures = self.with_units(self.measures());
        let of_node = |node: usize| {
            let row = move |(month, measure, figure): (Month, Measure, Figure)| Row {
                region: regions.code(node),
                month: month.to_string(),
                measure: measure.word(),
                product: self.whose(measure),
                value: settled(figure.value),
                low80: settled(figure.bounds[0]),
                high80: settled(figure.bounds[1]),
            };
            self.rows(Of::Node(node), &measures).map(row)
        };
        let figures = (0..regions.len()).flat_map(of_node).collect();
        let facts = self.facts();
        let learned = facts.into_iter().map(|(what, of, at, value)| Fact { what, of, at, value: settled(value) });
        let whole = Whole {
            program: env!("CARGO_PKG_NAME"),
            version: env!("CARGO_PKG_VERSION"),
            made: &self.view.made,
            money: self.yuan(),
            inputs,
            learned: learned.collect(),
            figures,
        };
        cell::json(&whole)
    }
}

/// Where the rates of buyers and policies come from, one line a role where they are not learned by community, or
/// something is stated beside them.
pub fn sources(known: &Known, projection: &Projection) -> Vec<Text> {
    let mut out = Vec::new();
    let share = |x: f64| percent(Some(x));
    if !projection.record.is_recorded {
        out.push(say::signing_stated());
    } else if projection.record.stated.is_some() {
        out.push(say::signing_stated_beside(&number(projection.stated.weight, 0)));
    }
    for (goods, purchases) in [(true, &projection.goods), (false, &projection.policies)] {
        let Some(purchases) = purchases else {
            out.push(say::no_rate(goods));
            continue;
        };
        let what = say::flow(goods);
        if purchases.basis == Basis::Centres {
            out.push(say::from_centres(&what));
        }
        let regions = &known.data.grid.regions;
        let mut told: Vec<Place> = Vec::new();
        for (leaf, given) in purchases.stated.iter().flat_map(|s| s.given.iter().enumerate()) {
            let Some((given, value, record)) = given.as_ref().filter(|(g, ..)| !told.contains(&g.place)) else {
                continue;
            };
            told.push(given.place.clone());
            let place = Place { column: 0, ..given.place.clone() }.to_string();
            let used = purchases.rate(leaf, projection.record.months, projection.record.months);
            let at = regions.name(given.node).to_owned();
            let numbers = (number(projection.stated.weight, 0), number(*record, 0));
            out.push(say::stated(&what, &at, &share(*value), &place, (&numbers.0, &numbers.1), &share(used)));
        }
    }
    out
}

/// The years of a record as its rates have them: how many months, and the last of them.
pub fn years(months: usize) -> Vec<(usize, usize)> {
    let mut end = 0;
    let of = |year: &[usize]| {
        end += year.len();
        (year.len(), end - 1)
    };
    blocks(months).chunk_by(|a, b| a == b).map(of).collect()
}

/// How communities not contracted yet are projected, or why they are not.
pub fn arrivals(projection: &Projection) -> Text {
    match &projection.record.arrivals {
        Err(why) => say::no_arrivals(&match why {
            Missing::Off => say::arrivals_off(),
            Missing::NoContracts => say::no_contracts(),
            Missing::Few(count) => say::few_contracts(*count, LEAST),
        }),
        Ok(arrivals) => say::arrivals(
            arrivals.contracts,
            arrivals.window,
            &number(arrivals.rate(), 0),
            (arrivals.lag(0.5), [0.1, 0.9].map(|share| arrivals.lag(share))),
        ),
    }
}

/// What communities not contracted yet bring to each fiscal year, or why nothing is projected of them; empty where
/// the settings leave them out.
pub fn not_contracted(figures: &Figures) -> Vec<Text> {
    match figures.projection.record.arrivals {
        Err(Missing::Off) => return Vec::new(),
        Err(_) => return vec![arrivals(figures.projection)],
        Ok(_) => {}
    }
    let of = |year: Year| {
        let figure = |part| figures.figure(Of::Node(COMPANY), Measure::NotContracted(part), year.months.clone());
        let shown = |part| figure(part).filter(|f| f.value > 0.0).map(|f| bounded(&f, 0));
        let rest = [Contracted::Buyers, Contracted::Policies].map(shown);
        let [buyers, policies] = rest.each_ref().map(Option::as_deref);
        Some(say::not_contracted_in_year(year.year, &shown(Contracted::Signings)?, buyers, policies))
    };
    figures.fiscal_years().into_iter().filter_map(of).collect()
}

/// `1,234 [1,100-1,380]`.
pub fn bounded(figure: &Figure, decimals: usize) -> String {
    let n = |x: f64| number(x, decimals);
    format!("{} [{}-{}]", n(figure.value), n(figure.bounds[0]), n(figure.bounds[1]))
}

/// A figure's value and 80% bounds, as written.
pub fn written(figure: &Figure) -> [f64; 3] {
    [figure.value, figure.bounds[0], figure.bounds[1]].map(settled)
}

/// Lags beyond five years are not written.
const LONGEST_LAG: i32 = 60;
const HEADERS_OF_COMMUNITY: [&str; 3] = ["community", "region", "month"];
const HEADERS_OF_CENTRE: [&str; 2] = ["region", "month"];
const VALUES: [&str; 6] = ["lag", "measure", "product", "value", "low80", "high80"];

#[derive(Serialize)]
struct Whole<'a> {
    program: &'static str,
    version: &'static str,
    made: &'a str,
    /// Yuan in one unit of money.
    money: f64,
    inputs: &'a [Source],
    learned: Vec<Fact>,
    figures: Vec<Row<'a>>,
}

#[derive(Serialize)]
struct Fact {
    what: &'static str,
    of: String,
    at: String,
    value: f64,
}

#[derive(Serialize)]
struct Row<'a> {
    region: &'a str,
    month: String,
    measure: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    product: Option<&'a str>,
    value: f64,
    low80: f64,
    high80: f64,
}
