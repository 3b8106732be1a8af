//! What units bring: revenue, premiums, the insurer's fee, gross profit, commissions.
//!
//! ```text
//! revenue  = sum of units x price over goods and services
//! premiums = the same over policies
//! fee      = sum of premiums x fee rate      (the product's, else [insurance] fee)
//! profit   = sum of units x (price - cost) over goods and services
//! ```
//! Policies have no profit of their own: what they leave is the fee. Everything is a sum over units, so that money adds
//! up over communities, centres, products and months as units do.

use std::ops::{Add, AddAssign};

use crate::dataset::Known;
use crate::dataset::commissions::Commission;
use crate::grid::Kind;
use crate::month::Month;

/// A price is learned from so many months where the table of products has none.
const PRICE_MONTHS: usize = 12;

/// What one unit of a product brings, in yuan.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Unit {
    /// What the customer pays; none where neither `products` nor the revenue of the last twelve months tells it.
    pub price: Option<f64>,
    /// What it costs us; none where `products` does not say.
    pub cost: Option<f64>,
    /// The insurer's fee as a share of the price of a policy; none for what is no policy.
    pub fee: Option<f64>,
}

impl Unit {
    /// What so many units bring. Nothing sold brings nothing, whatever is known of the price.
    pub fn money(self, units: f64) -> Money {
        if units == 0.0 {
            return Money::NOTHING;
        }
        let paid = self.price.map(|price| price * units);
        match self.fee {
            Some(rate) => Money { premiums: paid, fee: paid.map(|paid| paid * rate), ..Money::NOTHING },
            None => {
                let profit = paid.zip(self.cost).map(|(paid, cost)| paid - cost * units);
                Money { revenue: paid, profit, ..Money::NOTHING }
            }
        }
    }
}

/// What a number of units of several products brings, in yuan; none where the price (or the cost) of something in it is
/// not known: a sum without it would look like the whole.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Money {
    /// Of goods and services.
    pub revenue: Option<f64>,
    /// Gross profit of goods and services.
    pub profit: Option<f64>,
    /// Revenue of policies, which is passed on to the insurer.
    pub premiums: Option<f64>,
    /// The insurer's fee on them.
    pub fee: Option<f64>,
}

impl Money {
    /// Of no units.
    pub const NOTHING: Money = Money { revenue: Some(0.0), profit: Some(0.0), premiums: Some(0.0), fee: Some(0.0) };
}

impl Add for Money {
    type Output = Money;

    fn add(self, other: Money) -> Money {
        let sum = |a: Option<f64>, b: Option<f64>| Some(a? + b?);
        Money {
            revenue: sum(self.revenue, other.revenue),
            profit: sum(self.profit, other.profit),
            premiums: sum(self.premiums, other.premiums),
            fee: sum(self.fee, other.fee),
        }
    }
}

impl AddAssign for Money {
    fn add_assign(&mut self, other: Money) {
        *self = *self + other;
    }
}

/// What a unit of each product brings, by product index: the price of `products`, else revenue over units of the last
/// twelve months.
pub fn units(known: &Known) -> Vec<Unit> {
    let products = &known.data.products;
    let mut sold = vec![(0.0, 0.0); products.len()];
    if let Some(revenue) = &known.revenue {
        let from = known.months().saturating_sub(PRICE_MONTHS);
        for (s, series) in known.data.grid.series.iter().enumerate() {
            let Some(sum) = sold.get_mut(series.product) else { continue };
            for t in from..known.months() {
                sum.0 += revenue[(s, t)];
                sum.1 += known.units[(s, t)];
            }
        }
    }
    let fee = known.data.settings.insurance.fee;
    let unit = |(product, (money, units)): (&crate::dataset::Product, (f64, f64))| Unit {
        price: product.price.or((units > 0.0 && money > 0.0).then(|| money / units)),
        cost: product.cost,
        fee: (product.kind == Some(Kind::Policy)).then(|| product.fee.unwrap_or(fee)),
    };
    products.iter().zip(sold).map(unit).collect()
}

/// The commissions of one month: a scheme with its rates.
#[derive(Clone, Debug, PartialEq)]
pub struct Scheme<'a> {
    /// Its name.
    pub name: &'a str,
    /// The parties that get a share of every premium, in the order of the table, with their rates.
    pub parties: Vec<(&'a str, f64)>,
    /// Parties that get a share only of sales that go through them, the party in whose place they get it, the rate.
    pub instead: Vec<(&'a str, &'a str, f64)>,
}

impl<'a> Scheme<'a> {
    /// The scheme in force in a month: that of the newest row by then (of equally new ones the last), each party at its
    /// newest rate. None before the first.
    pub fn at(rows: &'a [Commission], month: Month) -> Option<Scheme<'a>> {
        let begun = || rows.iter().filter(|row| row.from <= month);
        let name = begun().max_by_key(|row| row.from)?.scheme.as_str();
        let mut newest: Vec<&Commission> = Vec::new();
        for row in begun().filter(|row| row.scheme == name) {
            match newest.iter_mut().find(|other| other.party == row.party) {
                Some(other) if other.from <= row.from => *other = row,
                Some(_) => {}
                None => newest.push(row),
            }
        }
        let all = newest.iter().filter(|row| row.instead_of.is_none());
        let instead = newest.iter().filter_map(|row| Some((row.party.as_str(), row.instead_of.as_deref()?, row.rate)));
        Some(Scheme {
            name,
            parties: all.map(|row| (row.party.as_str(), row.rate)).collect(),
            instead: instead.collect(),
        })
    }

    /// What each party gets of sales through `party` (none: through nobody in another's place): in its place the one that
    /// it stands in for gets nothing.
    pub fn through(&self, party: Option<&str>) -> Vec<(&'a str, f64)> {
        let found = self.instead.iter().find(|(name, _, _)| Some(*name) == party);
        let Some((name, other, rate)) = found else { return self.parties.clone() };
        let mut out: Vec<(&str, f64)> = self.parties.iter().copied().filter(|(party, _)| party != other).collect();
        out.push((name, *rate));
        out
    }

    /// The share of the premiums that goes out in all.
    pub fn rate(&self) -> f64 {
        self.parties.iter().map(|(_, rate)| rate).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Place;
    use proptest::prelude::*;

    fn row(scheme: &str, from: (i32, u32), party: &str, rate: f64, instead_of: Option<&str>) -> Commission {
        Commission {
            scheme: scheme.into(),
            from: Month::new(from.0, from.1).unwrap(),
            party: party.into(),
            rate,
            instead_of: instead_of.map(str::to_owned),
            place: Place { file: "commissions.csv".into(), line: 1, column: 1 },
        }
    }

    /// Both schemes of the article.
    fn both() -> Vec<Commission> {
        let (a, b) = ((2011, 7), (2013, 7));
        vec![
            row("A", a, "front_line", 0.10, None),
            row("A", a, "customer_service", 0.04, None),
            row("A", a, "value_added_business", 0.013, None),
            row("A", a, "finance", 0.005, None),
            row("A", a, "call_centre", 0.005, None),
            row("B", b, "front_line", 0.10, None),
            row("B", b, "front_line_department", 0.02, None),
            row("B", b, "service_station", 0.03, Some("front_line_department")),
            row("B", b, "value_added_business", 0.011, None),
            row("B", b, "finance", 0.004, None),
            row("B", b, "call_centre", 0.003, None),
            row("B", b, "enterprise_management", 0.001, None),
        ]
    }

    fn near(a: f64, b: f64) -> bool {
        (a - b).abs() < 1e-9
    }

    #[test]
    fn the_article_by_hand() {
        // In 10,000 yuan: premiums of 668 and 965, a fee of 40%.
        let policy = Unit { price: Some(1.0), cost: None, fee: Some(0.4) };
        assert!(near(policy.money(668.0).fee.unwrap(), 267.2) && near(policy.money(965.0).fee.unwrap(), 386.0));
        let rows = both();
        let a = Scheme::at(&rows, Month::new(2013, 6).unwrap()).unwrap();
        let b = Scheme::at(&rows, Month::new(2013, 7).unwrap()).unwrap();
        let of = |scheme: &Scheme, on: f64| scheme.parties.iter().map(|(_, rate)| rate * on).collect::<Vec<_>>();
        let (on_a, on_b) = (of(&a, 668.0), of(&b, 965.0));
        assert!(near(on_a[0], 66.8) && near(on_a[1..].iter().sum(), 42.084), "{on_a:?}");
        assert!(near(a.rate() * 668.0, 108.884) && near(a.rate(), 0.163));
        assert!(near(on_b[0], 96.5) && near(on_b[1..].iter().sum(), 37.635), "{on_b:?}");
        assert!(near(b.rate() * 965.0, 134.135) && near(b.rate(), 0.139));
        // A service station earns 3% in place of the department's 2%.
        let station = b.through(Some("service_station"));
        assert!(near(station.iter().map(|(_, rate)| rate).sum(), 0.149) && station.len() == b.parties.len());
        assert!(!station.iter().any(|(party, _)| *party == "front_line_department"));
        assert_eq!((b.through(None), b.through(Some("finance"))), (b.parties.clone(), b.parties.clone()));
        assert_eq!((a.name, b.name), ("A", "B"));
        // 35% of 2,890 is 1,011.5.
        let goods = Unit { price: Some(1.0), cost: Some(0.65), fee: None };
        assert!(near(goods.money(2890.0).profit.unwrap(), 1011.5));
    }

    #[test]
    fn a_scheme_holds_from_its_newest_row() {
        let mut rows = both();
        assert_eq!(Scheme::at(&rows, Month::new(2011, 6).unwrap()), None);
        // A rate of scheme B changes, and only that one.
        rows.push(row("B", (2014, 1), "finance", 0.001, None));
        let before = Scheme::at(&rows, Month::new(2013, 12).unwrap()).unwrap();
        let after = Scheme::at(&rows, Month::new(2014, 1).unwrap()).unwrap();
        assert!(near(before.rate(), 0.139) && near(after.rate(), 0.136));
        assert_eq!(before.parties.len(), after.parties.len());
    }

    #[test]
    fn what_has_no_price_makes_no_total() {
        let goods = Unit { price: Some(100.0), cost: Some(60.0), fee: None };
        let unknown = Unit { price: None, cost: Some(60.0), fee: None };
        let sum = goods.money(3.0) + unknown.money(0.0);
        assert_eq!((sum.revenue, sum.profit), (Some(300.0), Some(120.0)));
        let sum = goods.money(3.0) + unknown.money(1.0);
        assert_eq!((sum.revenue, sum.profit, sum.premiums), (None, None, Some(0.0)));
        let no_cost = Unit { price: Some(100.0), cost: None, fee: None };
        assert_eq!((no_cost.money(2.0).revenue, no_cost.money(2.0).profit), (Some(200.0), None));
    }

    proptest! {
        #[test]
        fn money_adds_up_as_units_do(a in -1e6f64..1e6, b in -1e6f64..1e6, price in 0.0f64..1e4, rate in 0.0f64..1.0) {
            for unit in [
                Unit { price: Some(price), cost: Some(rate * price), fee: None },
                Unit { price: Some(price), cost: None, fee: Some(rate) },
            ] {
                let (parts, whole) = (unit.money(a) + unit.money(b), unit.money(a + b));
                for (part, all) in [(parts.revenue, whole.revenue), (parts.premiums, whole.premiums), (parts.fee, whole.fee)] {
                    let (part, all) = (part.unwrap(), all.unwrap());
                    prop_assert!((part - all).abs() <= 1e-9 * price.max(1.0) * (a.abs() + b.abs()).max(1.0));
                }
            }
        }
    }
}
