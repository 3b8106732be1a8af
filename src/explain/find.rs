//! Regions and products by the names people type.

use super::Name;
use crate::grid::{COMPANY, Grid};
use crate::messages::Text;
use crate::messages::explain as say;
use crate::schema::nearest;

/// Words for the whole company, where no region is called so.
const COMPANY_WORDS: [&str; 4] = ["", "company", "公司", "全公司"];

/// What a product's name led to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Found {
    /// A product.
    Product(usize),
    /// A group of products.
    Group(usize),
}

/// The node of a region.
pub fn region(grid: &Grid, word: &str) -> Result<usize, Text> {
    let word = word.trim();
    let regions = &grid.regions;
    let all = 0..regions.len();
    if let Some(node) = all.clone().find(|&n| !word.is_empty() && regions.code(n) == word) {
        return Ok(node);
    }
    let called: Vec<usize> = all.clone().filter(|&n| !word.is_empty() && regions.name(n) == word).collect();
    match called.as_slice() {
        [node] => Ok(*node),
        [] if COMPANY_WORDS.contains(&word) => Ok(COMPANY),
        [] => {
            let known = all.clone().map(|n| regions.code(n)).chain(all.map(|n| regions.name(n)));
            Err(say::unknown_region(word, nearest(word, known.filter(|name| !name.is_empty()))))
        }
        several => Err(say::several_called(word, &several.iter().map(|&n| regions.code(n)).collect::<Vec<_>>())),
    }
}

/// The product, or else the group, of a name.
pub fn product(grid: &Grid, word: &str) -> Result<Found, Text> {
    let word = word.trim();
    let products = &grid.products;
    if let Some(p) = products.codes.iter().position(|code| !word.is_empty() && code == word) {
        return Ok(Found::Product(p));
    }
    let called: Vec<usize> = (0..products.len()).filter(|&p| !word.is_empty() && products.name(p) == word).collect();
    if let [p] = called.as_slice() {
        return Ok(Found::Product(*p));
    }
    if let Some(group) = products.groups.iter().position(|group| group == word) {
        return Ok(Found::Group(group));
    }
    if called.len() > 1 {
        return Err(say::several_called(word, &called.iter().map(|&p| products.codes[p].as_str()).collect::<Vec<_>>()));
    }
    if word.is_empty() && products.groups.len() == 1 {
        return Ok(Found::Group(0));
    }
    let groups: Vec<&str> = products.groups.iter().map(String::as_str).collect();
    if word.is_empty() {
        return Err(say::name_a_product(&groups));
    }
    let names = (0..products.len()).map(|p| products.name(p));
    let known = products.codes.iter().map(String::as_str).chain(names).chain(groups);
    Err(say::unknown_product(word, nearest(word, known.filter(|name| !name.is_empty()))))
}

/// A region as it is shown.
pub fn region_name(grid: &Grid, node: usize) -> Name {
    Name { code: grid.regions.code(node).to_string(), name: grid.regions.name(node).to_string() }
}

/// A product or group as it is shown.
pub fn product_name(grid: &Grid, found: Found) -> Name {
    match found {
        Found::Product(p) => Name { code: grid.products.codes[p].clone(), name: grid.products.name(p).to_string() },
        Found::Group(g) => Name { code: grid.products.groups[g].clone(), name: grid.products.groups[g].clone() },
    }
}
