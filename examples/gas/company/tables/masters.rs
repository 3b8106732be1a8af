//! Master data: products, centres, communities, recoded products.

use super::super::World;
use super::super::calendar::month;
use super::super::catalogue::{COMPANY, GA_H1, OLD_ALARM, PRODUCTS, RECODED_FROM, REGIONS};
use super::Table;
use crate::row;

/// `products`.
pub fn products() -> Table {
    let rows = PRODUCTS
        .iter()
        .map(|p| {
            let when = |t: Option<i32>| t.map(|t| month(t).to_string()).unwrap_or_default();
            let term = p.term_months.map(|n| n.to_string()).unwrap_or_default();
            let mut row = row![p.code, p.name, p.category, p.kind, p.price, p.cost, when(p.launch), when(p.retire)];
            row.extend(row![p.replaces, p.like, term]);
            row.extend(p.supply.as_ref().map_or(row!["", "", "", "", ""], |s| {
                row![s.supplier, s.lead_time_days, s.moq, s.pack, s.service_level]
            }));
            row
        })
        .collect();
    let columns = &[
        "product",
        "name",
        "category",
        "kind",
        "price",
        "cost",
        "launch",
        "retire",
        "replaces",
        "like",
        "term_months",
        "supplier",
        "lead_time_days",
        "moq",
        "pack",
        "service_level",
    ];
    Table { name: "products", columns, rows }
}

/// `regions`: the company and its centres.
pub fn regions() -> Table {
    let mut rows = vec![row![COMPANY.0, COMPANY.1, "", ""]];
    rows.extend(REGIONS.iter().map(|region| row![region.code, region.name, COMPANY.0, region.counters]));
    Table { name: "regions", columns: &["region", "name", "parent", "counters"], rows }
}

/// `communities`: a row for each part.
pub fn communities(world: &World) -> Table {
    let rows = world
        .parts
        .iter()
        .map(|part| {
            let c = &world.communities[part.community];
            let centre = REGIONS[c.region].code;
            let mut row = row![c.code, centre, part.households, month(part.handover), c.name, month(c.contract)];
            row.extend(row![c.unit_type, c.price_tier, c.developer]);
            row
        })
        .collect();
    let columns =
        &["community", "region", "households", "handover", "name", "contract", "unit_type", "price_tier", "developer"];
    Table { name: "communities", columns, rows }
}

/// `aliases`: the alarm's recoding; older rows of other tables keep the old code.
pub fn aliases() -> Table {
    let rows = vec![row!["product", OLD_ALARM, PRODUCTS[GA_H1].code, month(RECODED_FROM)]];
    Table { name: "aliases", columns: &["kind", "old", "new", "from"], rows }
}
