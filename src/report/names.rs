//! What regions, groups, products, locations and suppliers are called in reports, and with how many decimals their numbers
//! are shown.

use super::View;
use crate::accuracy::Level;
use crate::grid::Scope;
use crate::messages::Text;
use crate::messages::backtest as levels;
use crate::messages::report as say;
use crate::stock::Open;

/// How a group's numbers are shown: whole units without decimals.
pub fn decimals(view: &View, group: usize) -> usize {
    if view.outlook.dataset.whole.get(group).copied().unwrap_or(true) { 0 } else { 1 }
}

/// A node's name for people.
pub fn region_name(view: &View, node: usize) -> String {
    match view.outlook.dataset.grid.regions.name(node) {
        "" => say::company().get(view.lang).to_owned(),
        name => name.to_owned(),
    }
}

/// The name of a group; "all products" where there is one without a name.
pub fn group_name(view: &View, group: usize) -> String {
    match view.outlook.dataset.grid.products.groups.get(group).map(String::as_str) {
        None | Some("") => say::all_products().get(view.lang).to_owned(),
        Some(name) => name.to_owned(),
    }
}

/// `region` or `region product`.
pub fn place_name(view: &View, node: usize, scope: Scope) -> String {
    let region = region_name(view, node);
    match view.outlook.dataset.grid.scope_code(scope) {
        "" => region,
        scope => format!("{region} {scope}"),
    }
}

/// The names of locations that supply one node.
pub fn place(view: &View, locations: &[usize]) -> String {
    let names = locations.iter().filter_map(|l| view.outlook.dataset.stock.locations.get(*l));
    names.map(|l| l.name.as_str()).collect::<Vec<_>>().join(" + ")
}

/// Who delivers a product; empty where nobody says.
pub fn supplier<'v>(view: &'v View, product: usize) -> &'v str {
    view.outlook.dataset.products.get(product).map_or("", |p| p.supply.supplier.as_str())
}

/// Who delivers an open order.
pub fn supplier_of<'v>(view: &'v View, open: &Open) -> &'v str {
    let listed = open.order.and_then(|at| view.known.orders.get(at)).map(|order| order.supplier.as_str());
    listed.filter(|name| !name.is_empty()).unwrap_or_else(|| supplier(view, open.product))
}

/// What a level of accuracy is called.
pub fn level(level: Level) -> Text {
    match level {
        Level::Series => levels::series(),
        Level::Region => levels::regions(),
        Level::Product => levels::products(),
        Level::Company => levels::company(),
    }
}
