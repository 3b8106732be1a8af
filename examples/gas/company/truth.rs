//! What the folder does not tell: written beside it when asked.

use super::World;
use super::calendar::{month, year_index};
use super::catalogue::{CATEGORIES, PRODUCTS, REGIONS};
use super::signings::EARLIEST;
use super::tables::books::Books;
use super::tables::{File, Table, pack};
use super::{events, policies, shoppers, signings};
use crate::row;

/// Every file of the truth.
pub fn files(world: &World) -> Result<Vec<File>, csv::Error> {
    let books = Books::keep(world);
    let effects = Table {
        name: "effects",
        columns: &["region", "product", "from", "to", "reason", "effect", "known", "note"],
        rows: events::rows(true),
    };
    pack(&[
        demand(world, &books),
        arrivals(world),
        effects,
        communities(world),
        curve(),
        conversion(world),
        calibration(world),
        renewals(world),
    ])
}

/// Primary demand: what the same visitors would have bought with everything in stock. Includes the months after the
/// tables.
fn demand(world: &World, books: &Books) -> Table {
    let mut rows = Vec::new();
    for t in world.span.months() {
        for (r, region) in REGIONS.iter().enumerate() {
            for (p, product) in PRODUCTS.iter().enumerate().filter(|(_, product)| product.on_range(t)) {
                let (sold, out) = (books.units(t, r, p), world.outages.days(t, r, p));
                let primary = if product.kind == "policy" { sold } else { world.shopping.primary[t as usize][r][p] };
                let attraction = format!("{:.4}", world.choice.attraction(t, r, p));
                rows.push(row![month(t), region.code, product.code, sold, primary, out, attraction]);
            }
        }
    }
    let columns = &["month", "region", "product", "sold", "primary", "stockout_days", "attraction"];
    Table { name: "demand", columns, rows }
}

/// Visitors by category, and those who buy nothing with everything in stock are among them.
fn arrivals(world: &World) -> Table {
    let mut rows = Vec::new();
    for t in world.span.months() {
        for (r, region) in REGIONS.iter().enumerate() {
            for (c, category) in CATEGORIES.iter().enumerate() {
                rows.push(row![month(t), region.code, category.code, world.shopping.visitors[t as usize][r][c]]);
            }
        }
    }
    Table { name: "arrivals", columns: &["month", "region", "category", "visitors"], rows }
}

/// The communities' own factors and what they signed before the tables begin.
fn communities(world: &World) -> Table {
    let rows = world
        .parts
        .iter()
        .enumerate()
        .map(|(i, part)| {
            let c = &world.communities[part.community];
            let before: u32 = (EARLIEST..0).map(|t| world.signings.of(i, t)).sum();
            let within: u32 = (0..world.span.tabled).map(|t| world.signings.of(i, t)).sum();
            let mut row = row![c.code, month(part.handover), part.households, before, within];
            row.extend([c.signing, c.appetite, c.trust].map(|factor| format!("{factor:.4}")));
            row
        })
        .collect();
    let columns = &[
        "community",
        "handover",
        "households",
        "signed_before",
        "signed_within",
        "signing_factor",
        "buying_factor",
        "insurance_factor",
    ];
    Table { name: "communities", columns, rows }
}

/// The curve of signing by lag from handover.
fn curve() -> Table {
    let rows = (signings::FIRST_LAG..).zip(signings::curve()).map(|(lag, share)| row![lag, format!("{share:.5}")]);
    Table { name: "curve", columns: &["lag", "share"], rows: rows.collect() }
}

/// The chances of an average household in each month, season apart.
fn conversion(world: &World) -> Table {
    let rows = world
        .span
        .months()
        .map(|t| {
            let year = year_index(t);
            let comes = world.shopping.calibration[year].coming * shoppers::coming(t);
            let insured = world.insurance.calibration[year] * policies::take_up(t);
            row![month(t), format!("{comes:.5}"), format!("{insured:.5}")]
        })
        .collect();
    Table { name: "conversion", columns: &["month", "comes_to_buy", "takes_policy"], rows }
}

/// What met the yearly totals: factors near 1, and the pipes added.
fn calibration(world: &World) -> Table {
    let rows = world
        .shopping
        .calibration
        .iter()
        .zip(&world.insurance.calibration)
        .enumerate()
        .map(|(year, (goods, insurance))| {
            let signing = world.signings.calibration.get(year).map(|k| format!("{k:.5}")).unwrap_or_default();
            let [coming, basket, insurance] = [goods.coming, goods.basket, *insurance].map(|k| format!("{k:.5}"));
            let fiscal = super::calendar::FIRST_YEAR + year as i32;
            row![fiscal, signing, coming, basket, insurance, goods.pipes[0], goods.pipes[1]]
        })
        .collect();
    let columns = &["year", "signing", "coming", "basket", "insurance", "pipes_1m_added", "pipes_2m_added"];
    Table { name: "calibration", columns, rows }
}

/// Renewals among the policies sold.
fn renewals(world: &World) -> Table {
    let mut units = vec![vec![vec![[0u32; 2]; PRODUCTS.len()]; REGIONS.len()]; world.span.lived as usize];
    for (sold, renewal) in world.insurance.purchases.iter().zip(&world.insurance.renewals) {
        units[sold.t as usize][sold.region][sold.product][usize::from(*renewal)] += sold.units;
    }
    let mut rows = Vec::new();
    for (t, of_month) in (0..).zip(&units) {
        for (region, of_region) in REGIONS.iter().zip(of_month) {
            for (product, [first, renewed]) in PRODUCTS.iter().zip(of_region).filter(|(p, _)| p.kind == "policy") {
                rows.push(row![month(t), region.code, product.code, first, renewed]);
            }
        }
    }
    Table { name: "renewals", columns: &["month", "region", "product", "first", "renewed"], rows }
}
