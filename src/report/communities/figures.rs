//! The figures of new communities: per community, centre and company, by month ahead, each with its 80% bounds.

use std::ops::Range;

use ndarray::ArrayView2;

use crate::books::load;
use crate::books::money::{self, Scheme, Unit};
use crate::dataset::Known;
use crate::grid::{COMPANY, Kind};
use crate::month::Month;
use crate::stages::community::Projection;
use crate::stages::community::record::Role;
use crate::stages::community::spread::{Amount, Flow};

/// How far off the share renewed may be, relative: as learned, and while nothing has run out.
const RENEWAL_OFF: [f64; 2] = [0.15, 0.5];
/// Fewer expired policies teach nothing of it.
const LEARNED: f64 = 200.0;

/// What is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Measure {
    /// Households left to sign at the month's end.
    Left,
    /// Households signing.
    Signings,
    /// Households buying goods.
    Buyers,
    /// Units of a product: goods and services, or first policies of a term.
    Units(usize),
    /// First policies of all terms.
    Policies,
    /// Renewals.
    Renewals,
    /// Policies in force at the month's end.
    InForce,
    /// Yuan of goods and services.
    Revenue,
    /// Yuan of policies, renewals included.
    Premiums,
    /// Yuan of the insurer's fee.
    Fee,
    /// Yuan of gross profit of goods and services.
    Profit,
    /// Yuan of commissions on all premiums of the plan.
    Commissions,
    /// The same of one party, by its number.
    Commission(usize),
    /// Counters kept busy by the contracts, and people at them.
    Counters,
    /// People.
    People,
    /// People missing, of several months the most.
    PeopleShort,
    /// Of one of these, what communities bring that no developer has contracted yet.
    NotContracted(Contracted),
}

/// What is told of communities not contracted yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Contracted {
    /// Households signing.
    Signings,
    /// Households buying goods.
    Buyers,
    /// First policies.
    Policies,
    /// Yuan of goods and services.
    Revenue,
    /// Yuan of first policies.
    Premiums,
}

impl Contracted {
    /// All of them.
    pub const ALL: [Contracted; 5] =
        [Contracted::Signings, Contracted::Buyers, Contracted::Policies, Contracted::Revenue, Contracted::Premiums];

    /// The measure that it is a part of.
    pub fn whole(self) -> Measure {
        match self {
            Contracted::Signings => Measure::Signings,
            Contracted::Buyers => Measure::Buyers,
            Contracted::Policies => Measure::Policies,
            Contracted::Revenue => Measure::Revenue,
            Contracted::Premiums => Measure::Premiums,
        }
    }
}

impl Measure {
    /// All that is told of communities not contracted yet.
    pub const NOT_CONTRACTED: [Measure; Contracted::ALL.len()] = {
        let (mut out, mut i) = ([Measure::Left; Contracted::ALL.len()], 0);
        while i < out.len() {
            out[i] = Measure::NotContracted(Contracted::ALL[i]);
            i += 1;
        }
        out
    };

    /// The word in the outputs; units have their product beside it.
    pub fn word(self) -> &'static str {
        match self {
            Measure::Left => "households_left",
            Measure::Signings => "signings",
            Measure::Buyers => "buyers",
            Measure::Units(_) => "units",
            Measure::Policies => "policies",
            Measure::Renewals => "renewals",
            Measure::InForce => "in_force",
            Measure::Revenue => "revenue",
            Measure::Premiums => "premiums",
            Measure::Fee => "fee",
            Measure::Profit => "profit",
            Measure::Commissions => "commissions",
            Measure::Commission(_) => "commission",
            Measure::Counters => "counters",
            Measure::People => "people",
            Measure::PeopleShort => "people_short",
            Measure::NotContracted(Contracted::Signings) => "not_contracted_signings",
            Measure::NotContracted(Contracted::Buyers) => "not_contracted_buyers",
            Measure::NotContracted(Contracted::Policies) => "not_contracted_policies",
            Measure::NotContracted(Contracted::Revenue) => "not_contracted_revenue",
            Measure::NotContracted(Contracted::Premiums) => "not_contracted_premiums",
        }
    }

    /// Whether it is money, in yuan.
    pub fn is_money(self) -> bool {
        use Measure::{Commission, Commissions, Fee, NotContracted, Premiums, Profit, Revenue};
        match self {
            NotContracted(part) => part.whole().is_money(),
            _ => matches!(self, Revenue | Premiums | Fee | Profit | Commissions | Commission(_)),
        }
    }
}

/// A figure and its 80% bounds.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Figure {
    /// The expected value.
    pub value: f64,
    /// 80% bounds.
    pub bounds: [f64; 2],
}

impl Figure {
    fn sure(value: f64) -> Figure {
        Figure { value, bounds: [value; 2] }
    }

    fn of(amount: &Amount) -> Figure {
        Figure { value: amount.mean, bounds: amount.bounds() }
    }
}

/// Whose figures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Of {
    /// One community.
    Community(usize),
    /// The communities of a region node that no developer has contracted yet.
    NotContracted(usize),
    /// A region node: all communities below it, renewals and load too.
    Node(usize),
}

/// A fiscal year, or what is left of it, as months ahead.
#[derive(Clone, Debug)]
pub struct Year {
    /// Its number.
    pub year: i32,
    /// Months ahead that lie in it.
    pub months: Range<usize>,
}

/// The figures of a run.
pub struct Figures<'a, 'k> {
    /// The data as visible.
    pub known: &'a Known<'k>,
    /// The projections.
    pub projection: &'a Projection,
    /// Units of each product for each buyer (policy), leaf x product x month ahead.
    each: Vec<Vec<Vec<f64>>>,
    units: Vec<Unit>,
    /// The parties that get commissions in the months ahead, in the order of the table.
    parties: Vec<&'a str>,
    /// What the plan sells of each series, by month ahead, in units.
    sold: ArrayView2<'a, f64>,
    /// Communities by leaf.
    of_leaf: Vec<Vec<usize>>,
}

impl<'a, 'k> Figures<'a, 'k> {
    /// Works out what does not depend on who is asked for.
    pub fn new(known: &'a Known<'k>, projection: &'a Projection, sold: ArrayView2<'a, f64>) -> Figures<'a, 'k> {
        let grid = &known.data.grid;
        let (leaves, ahead) = (grid.regions.leaf_count(), projection.record.ahead.len());
        let mut of_leaf = vec![Vec::new(); leaves];
        projection.record.leaf.iter().enumerate().for_each(|(c, leaf)| of_leaf[*leaf].push(c));
        let mut each = vec![vec![vec![0.0; ahead]; known.data.products.len()]; leaves];
        for (s, series) in grid.series.iter().enumerate() {
            let role = Role::of(known, series.product);
            let flow = match role {
                Role::Goods => &projection.goods,
                Role::Policy => &projection.policies,
            };
            let Some(flow) = flow else { continue };
            for (h, each) in each[series.leaf][series.product].iter_mut().enumerate() {
                let takers: f64 = of_leaf[series.leaf].iter().map(|c| flow.ahead[(*c, h)]).sum();
                *each = if takers > 0.0 { projection.baseline.units[(s, h)] / takers } else { 0.0 };
            }
        }
        let mut parties: Vec<&str> = Vec::new();
        for scheme in projection.record.ahead.iter().filter_map(|m| Scheme::at(known.data.commissions, *m)) {
            let stations = scheme.instead.iter().map(|(party, _, _)| *party);
            let sells = |party: &&str| known.data.sells_as.iter().any(|p| p.as_deref() == Some(*party));
            for party in scheme.parties.iter().map(|(party, _)| *party).chain(stations.filter(sells)) {
                if !parties.contains(&party) {
                    parties.push(party);
                }
            }
        }
        Figures { known, projection, each, units: money::units(known), parties, sold, of_leaf }
    }

    /// The months ahead.
    pub fn months(&self) -> &[Month] {
        &self.projection.record.ahead
    }

    /// The fiscal years of the months ahead.
    pub fn fiscal_years(&self) -> Vec<Year> {
        let data = self.known.data;
        let mut out: Vec<Year> = Vec::new();
        for (h, month) in self.months().iter().enumerate() {
            let year = data.fiscal_year(*month);
            match out.last_mut() {
                Some(last) if last.year == year => last.months.end = h + 1,
                _ => out.push(Year { year, months: h..h + 1 }),
            }
        }
        out
    }

    /// The communities of a region node, or the one asked for.
    pub fn communities(&self, of: Of) -> Vec<usize> {
        match of {
            Of::Community(c) => vec![c],
            Of::Node(node) => {
                self.known.data.grid.regions.leaves(node).flat_map(|l| self.of_leaf[l].iter().copied()).collect()
            }
            Of::NotContracted(node) => {
                let leaves = self.known.data.grid.regions.leaves(node);
                let record = &self.projection.record;
                record.not_contracted().filter(|c| leaves.contains(&record.leaf[*c])).collect()
            }
        }
    }

    /// Products of which communities buy anything.
    pub fn products(&self) -> Vec<usize> {
        let some = |p: &usize| self.each.iter().any(|leaf| leaf[*p].iter().any(|x| *x > 0.0));
        (0..self.units.len()).filter(some).collect()
    }

    /// Whether commissions are known.
    pub fn has_commissions(&self) -> bool {
        !self.parties.is_empty()
    }

    /// The parties that get commissions, in the order of the table.
    pub fn parties(&self) -> &[&'a str] {
        &self.parties
    }

    /// A measure for each of them.
    pub fn commissions(&self) -> impl Iterator<Item = Measure> + use<> {
        (0..self.parties.len()).map(Measure::Commission)
    }

    /// A measure of somebody over months ahead; none where a price (or a cost) in it is not known, or where it is not
    /// known of single communities.
    pub fn figure(&self, of: Of, measure: Measure, months: Range<usize>) -> Option<Figure> {
        let one = |product: usize| move |q: usize| f64::from(u8::from(q == product));
        Some(match measure {
            Measure::Left => {
                let after = |c: usize| {
                    let signed: f64 = self.projection.signings.ahead.row(c).iter().take(months.end).sum();
                    self.projection.signings.left[c] - signed
                };
                // A household is left to sign once its developer has a contract.
                let there = self.communities(of).into_iter().filter(|c| *c < self.projection.record.named);
                Figure::sure(there.map(after).sum())
            }
            Measure::Signings => Figure::of(&self.sum(of, Flow::Signings, months, |_, _| 1.0)),
            Measure::Buyers => Figure::of(&self.sum(of, Flow::Buyers, months, |_, _| 1.0)),
            Measure::Policies => Figure::of(&self.sum(of, Flow::Policies, months, |_, _| 1.0)),
            Measure::Units(product) => {
                let flow = self.flow(product);
                Figure::of(&self.products_of(of, flow, months, one(product)))
            }
            Measure::Revenue => Figure::of(&self.priced(of, Flow::Buyers, months, |unit| unit.price)?),
            Measure::Profit => Figure::of(&self.priced(of, Flow::Buyers, months, |u| Some(u.price? - u.cost?))?),
            Measure::Premiums => Figure::of(&self.premiums(of, months, |_| Some(1.0))?),
            Measure::Fee => Figure::of(&self.premiums(of, months, |unit| unit.fee)?),
            Measure::Commissions => self.paid(of, None, months)?,
            Measure::Commission(party) => self.paid(of, self.parties.get(party).copied(), months)?,
            Measure::Renewals => Figure::of(&self.renewals(of, months, |_| Some(1.0))?),
            Measure::InForce => {
                let Of::Node(node) = of else { return None };
                let renewals = self.projection.renewals.as_ref()?;
                let last = months.end.checked_sub(1)?;
                let leaves = self.known.data.grid.regions.leaves(node);
                let sum: f64 = leaves.filter_map(|l| renewals.in_force.get(l)?.get(last)).sum();
                let sold = self.premium_units(of, 0..months.end)?;
                let spread = sold.bounds().map(|x| x - sold.mean);
                Figure { value: sum, bounds: spread.map(|x| (sum + x).max(0.0)) }
            }
            Measure::PeopleShort => {
                let Of::Node(_) = of else { return None };
                Figure::sure(months.filter_map(|h| self.load(of, measure, h)).reduce(f64::max)?)
            }
            Measure::Counters | Measure::People => {
                let signings = Figure::of(&self.sum(of, Flow::Signings, months.clone(), |_, _| 1.0));
                let value = self.load(of, measure, months.start)?;
                // Counters of a centre are whole; of several centres their sum, which bounds of signings scale.
                let scaled = |bound: f64| if signings.value > 0.0 { value * bound / signings.value } else { value };
                Figure { value, bounds: signings.bounds.map(scaled) }
            }
            Measure::NotContracted(part) => {
                let (Of::Node(node), Ok(_)) = (of, &self.projection.record.arrivals) else { return None };
                self.figure(Of::NotContracted(node), part.whole(), months)?
            }
        })
    }

    /// Commissions of a party (none: of all) on all premiums that the plan sells at a node, renewals and those of nobody's
    /// community too. Its bounds are as wide in proportion as those of the premiums of communities and renewals.
    fn paid(&self, of: Of, party: Option<&str>, months: Range<usize>) -> Option<Figure> {
        let Of::Node(node) = of else { return None };
        let (data, leaves) = (self.known.data, self.known.data.grid.regions.leaves(node));
        let mut value = 0.0;
        for h in months.clone() {
            let Some(scheme) = Scheme::at(data.commissions, *self.months().get(h)?) else { continue };
            for leaf in leaves.clone() {
                let station = data.sells_as.get(data.grid.regions.node_of(leaf)).and_then(Option::as_deref);
                let shares = scheme.through(station);
                let rate: f64 = shares.iter().filter(|(name, _)| party.is_none_or(|p| p == *name)).map(|s| s.1).sum();
                for s in data.grid.leaf_series(leaf) {
                    let product = data.grid.series[s].product;
                    let sold = self.sold.get((s, h)).copied().unwrap_or_default();
                    if data.products[product].kind == Some(Kind::Policy) && sold != 0.0 {
                        value += sold * self.units[product].price? * rate;
                    }
                }
            }
        }
        let own = self.figure(of, Measure::Premiums, months)?;
        let scaled = |bound: f64| if own.value > 0.0 { value * bound / own.value } else { value };
        Some(Figure { value, bounds: own.bounds.map(scaled) })
    }

    /// Counters kept busy by a month's contracts, or people at the counters open; over centres added up.
    fn load(&self, of: Of, measure: Measure, h: usize) -> Option<f64> {
        let month = *self.months().get(h)?;
        let load = |of: Of, node: usize| {
            let desks = load::desks(self.known, node, month);
            let load = load::of(self.sum(of, Flow::Signings, h..h + 1, |_, _| 1.0).mean, month, self.known, &desks);
            match measure {
                Measure::Counters => Some(load.counters),
                Measure::PeopleShort => load::short(&load, &desks),
                _ => Some(load.people),
            }
        };
        let regions = &self.known.data.grid.regions;
        match of {
            Of::Node(node) => {
                // Where the counters of a centre are known only together with others', so is what is short.
                let own = regions.leaves(node).map(|l| load(Of::Node(regions.node_of(l)), regions.node_of(l)));
                own.sum::<Option<f64>>().or_else(|| load(of, node))
            }
            Of::Community(c) => load(of, regions.node_of(self.projection.record.leaf[c])),
            Of::NotContracted(node) => load(of, node),
        }
    }

    fn flow(&self, product: usize) -> Flow {
        match Role::of(self.known, product) {
            Role::Goods => Flow::Buyers,
            Role::Policy => Flow::Policies,
        }
    }

    fn sum(&self, of: Of, flow: Flow, months: Range<usize>, size: impl Fn(usize, usize) -> f64) -> Amount {
        let mut all = Amount::default();
        for c in self.communities(of) {
            let leaf = self.projection.record.leaf[c];
            all.add(&self.projection.amount(c, months.clone(), flow, |h| size(leaf, h)));
        }
        all
    }

    /// The sum over products of what each buyer takes, each unit counting `worth(product)`.
    fn products_of(&self, of: Of, flow: Flow, months: Range<usize>, worth: impl Fn(usize) -> f64) -> Amount {
        let size = |leaf: usize, h: usize| -> f64 {
            let of = |(p, each): (usize, &Vec<f64>)| if self.flow(p) == flow { each[h] * worth(p) } else { 0.0 };
            self.each[leaf].iter().enumerate().map(of).sum()
        };
        self.sum(of, flow, months, size)
    }

    /// The same in yuan; none where something that is bought has no such price.
    fn priced(&self, of: Of, flow: Flow, months: Range<usize>, price: impl Fn(&Unit) -> Option<f64>) -> Option<Amount> {
        let bought: Vec<usize> = self.products().into_iter().filter(|p| self.flow(*p) == flow).collect();
        if bought.iter().any(|p| price(&self.units[*p]).is_none()) {
            return None;
        }
        Some(self.products_of(of, flow, months, |p| price(&self.units[p]).unwrap_or(0.0)))
    }

    fn premiums(&self, of: Of, months: Range<usize>, part: impl Fn(&Unit) -> Option<f64>) -> Option<Amount> {
        let worth = |unit: &Unit| Some(unit.price? * part(unit)?);
        let mut all = self.priced(of, Flow::Policies, months.clone(), worth)?;
        if let Some(renewals) = self.renewals(of, months, worth) {
            all.add(&renewals);
        }
        Some(all)
    }

    fn premium_units(&self, of: Of, months: Range<usize>) -> Option<Amount> {
        let mut all = self.sum(of, Flow::Policies, months.clone(), |_, _| 1.0);
        all.add(&self.renewals(of, months, |_| Some(1.0))?);
        Some(all)
    }

    /// Renewals of a node: nobody knows whose they are.
    fn renewals(&self, of: Of, months: Range<usize>, worth: impl Fn(&Unit) -> Option<f64>) -> Option<Amount> {
        let Of::Node(node) = of else { return None };
        let renewals = self.projection.renewals.as_ref()?;
        let grid = &self.known.data.grid;
        let off = RENEWAL_OFF[usize::from(renewals.learned_from < LEARNED)];
        let mut all = Amount::default();
        for (s, series) in grid.series.iter().enumerate() {
            if !grid.regions.leaves(node).contains(&series.leaf) {
                continue;
            }
            for h in months.clone() {
                let units = self.projection.renewing[(s, h)];
                if units > 0.0 {
                    all.add(&Amount::renewals(units, worth(&self.units[series.product])?, off));
                }
            }
        }
        Some(all)
    }

    /// All that the plan sells, in yuan, in months ahead: of goods and services, and of policies; communities, renewals
    /// and everything else, which is bought by much the same households, so that its bounds are as wide in proportion.
    /// None where a price is not known. `sold` gives the units of a series in a month ahead.
    pub fn plan(&self, sold: impl Fn(usize, usize) -> f64, months: Range<usize>) -> Option<[Figure; 2]> {
        let mut out = [0.0; 2];
        for (s, series) in self.known.data.grid.series.iter().enumerate() {
            let policy = self.known.data.products[series.product].kind == Some(Kind::Policy);
            for h in months.clone() {
                let units = sold(s, h);
                if units != 0.0 {
                    out[usize::from(policy)] += units * self.units[series.product].price?;
                }
            }
        }
        let measures = [Measure::Revenue, Measure::Premiums].into_iter().zip(out);
        let bounded = |(measure, value): (Measure, f64)| {
            let own = self.figure(Of::Node(COMPANY), measure, months.clone())?;
            let scaled = |bound: f64| if own.value > 0.0 { value * bound / own.value } else { value };
            Some(Figure { value, bounds: own.bounds.map(scaled) })
        };
        let all: Vec<Figure> = measures.filter_map(bounded).collect();
        all.try_into().ok()
    }

    /// Whether a centre has fewer counters than the contracts of a month keep busy.
    pub fn is_short(&self, node: usize, h: usize) -> Option<bool> {
        let month = *self.months().get(h)?;
        let desks = load::desks(self.known, node, month);
        let there = desks.counters?;
        let contracts = self.sum(Of::Node(node), Flow::Signings, h..h + 1, |_, _| 1.0).mean;
        Some(load::is_short(&load::of(contracts, month, self.known, &desks), Some(there)))
    }
}
