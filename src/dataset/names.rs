//! Names as tables write them, resolved to regions, groups and products.

use std::collections::{HashMap, HashSet};

use super::Tier;
use crate::error::Problems;
use crate::grid::{COMPANY, Grid, Kind, Scope};
use crate::messages::data as say;
use crate::schema::nearest;
use crate::settings::Columns;
use crate::sheet::cell::is_total;
use crate::sheet::{Col, Row, Rows, Sheet};

/// Words for the whole company in a region column.
const COMPANY_WORDS: [&str; 8] = ["company", "all", "公司", "全公司", "总公司", "总部", "全部", "全国"];

/// Every name of a folder.
#[derive(Debug, Default)]
pub struct Names {
    regions: HashMap<String, usize>,
    products: HashMap<String, usize>,
    groups: HashMap<String, usize>,
    old_regions: HashMap<String, String>,
    old_products: HashMap<String, String>,
    later: Later,
}

/// Names that only rows have which are later than is seen: what else speaks of them speaks of something that nobody knew,
/// and is passed over.
#[derive(Clone, Debug, Default)]
pub struct Later {
    /// Of regions.
    pub regions: HashSet<String>,
    /// Of products.
    pub products: HashSet<String>,
}

impl Later {
    /// The names of later sales.
    pub fn read(sheets: &[&Sheet], mapping: &Columns) -> Later {
        let mut later = Later::default();
        if mapping.until.is_none() {
            return later;
        }
        // What is wrong with a later row is not known either.
        let problems = &mut Problems::default();
        for sheet in sheets {
            let Some(mut rows) = Rows::later(sheet, mapping, problems) else { continue };
            let [region, product] = ["region", "product"].map(|c| rows.column(c));
            while let Some(row) = rows.next(problems) {
                for (names, name) in [(&mut later.regions, row.text(region)), (&mut later.products, row.text(product))]
                {
                    if !name.is_empty() && !names.contains(name) {
                        names.insert(name.to_owned());
                    }
                }
            }
        }
        later
    }
}

impl Names {
    /// The names of a grid: codes, and people's names where only one thing is called so; old codes lead to new ones.
    pub fn new(grid: &Grid, aliases: &Aliases, later: Later) -> Names {
        let mut names = Names {
            later,
            old_regions: aliases.regions.clone(),
            old_products: aliases.products.clone(),
            ..Names::default()
        };
        let regions = &grid.regions;
        let called = (0..regions.len()).map(|n| (regions.name(n).to_string(), n));
        names.regions = unique(called);
        names
            .regions
            .extend((0..regions.len()).map(|n| (regions.code(n).to_string(), n)).filter(|(c, _)| !c.is_empty()));
        let products = &grid.products;
        names.products = unique((0..products.len()).map(|p| (products.name(p).to_string(), p)));
        names.products.extend(products.codes.iter().cloned().zip(0..));
        names.groups = products.groups.iter().cloned().zip(0..).filter(|(g, _)| !g.is_empty()).collect();
        names
    }

    /// The region node of a name.
    pub fn find_region(&self, name: &str) -> Option<usize> {
        let name = self.old_regions.get(name).map_or(name, String::as_str);
        self.regions.get(name).copied()
    }

    /// The product of a name.
    pub fn find_product(&self, name: &str) -> Option<usize> {
        let name = self.old_products.get(name).map_or(name, String::as_str);
        self.products.get(name).copied()
    }

    /// What a name means: a product, else a group.
    pub fn find_scope(&self, name: &str) -> Option<Scope> {
        let group = || self.groups.get(name).map(|&group| Scope::Group(group));
        self.find_product(name).map(Scope::Product).or_else(group)
    }

    /// The region of a cell; the company where it says so, or is empty and may be. An unknown one is an error.
    pub fn region(&self, row: Row, col: Col, problems: &mut Problems) -> Option<usize> {
        let needed = col.is_required();
        let found = if needed { row.need_name(col, problems) } else { row.name(col, problems) };
        let Some(name) = found else {
            return (!needed && !row.has(col)).then_some(COMPANY);
        };
        if let Some(node) = self.find_region(name) {
            return Some(node);
        }
        if is_total(name) || COMPANY_WORDS.iter().any(|w| name.eq_ignore_ascii_case(w)) {
            return Some(COMPANY);
        }
        if self.later.regions.contains(name) {
            return None;
        }
        problems.error_with(row.place(col), "unknown_region", || {
            say::unknown_region(name, nearest(name, self.regions.keys().map(String::as_str)))
        });
        None
    }

    /// The product of a cell; an unknown or empty one is an error.
    pub fn product(&self, row: Row, col: Col, problems: &mut Problems) -> Option<usize> {
        let name = row.need_name(col, problems)?;
        let found = self.find_product(name);
        if found.is_none() && !self.later.products.contains(name) {
            problems.error_with(row.place(col), "unknown_product", || {
                say::unknown_product(name, nearest(name, self.products.keys().map(String::as_str)))
            });
        }
        found
    }

    /// The product or group of a cell; everything where it is empty or a total. An unknown one is an error.
    pub fn scope(&self, row: Row, col: Col, problems: &mut Problems) -> Option<Scope> {
        let Some(name) = row.name(col, problems) else {
            return (!row.has(col)).then_some(Scope::All);
        };
        if let Some(scope) = self.find_scope(name) {
            return Some(scope);
        }
        if is_total(name) {
            return Some(Scope::All);
        }
        if self.later.products.contains(name) {
            return None;
        }
        let known = self.products.keys().chain(self.groups.keys()).map(String::as_str);
        problems.error_with(row.place(col), "unknown_product", || say::unknown_product(name, nearest(name, known)));
        None
    }
}

fn unique(list: impl Iterator<Item = (String, usize)>) -> HashMap<String, usize> {
    let mut out: HashMap<String, Option<usize>> = HashMap::new();
    for (name, index) in list.filter(|(n, _)| !n.is_empty()) {
        out.entry(name).and_modify(|found| *found = None).or_insert(Some(index));
    }
    out.into_iter().filter_map(|(name, index)| Some((name, index?))).collect()
}

/// Recoded products and moved regions, old code to new, chains followed.
#[derive(Clone, Debug, Default)]
pub struct Aliases {
    /// Old to new region code.
    pub regions: HashMap<String, String>,
    /// Old to new product code.
    pub products: HashMap<String, String>,
}

impl Aliases {
    /// Follows chains: A to B and B to C is A to C. What leads back to itself stays where it was first met.
    pub fn follow(&mut self) {
        for map in [&mut self.regions, &mut self.products] {
            let mut old: Vec<String> = map.keys().cloned().collect();
            old.sort_unstable();
            // Each name is gone through once: those followed before lead to their end in one step.
            let mut ended: HashSet<String> = HashSet::new();
            for start in old {
                let (mut way, mut at): (Vec<String>, String) = (Vec::new(), start);
                let mut on_way: HashSet<String> = HashSet::new();
                while let Some(next) = map.get(&at).filter(|_| !ended.contains(&at) && on_way.insert(at.clone())) {
                    way.push(std::mem::replace(&mut at, next.clone()));
                }
                let end = map.get(&at).filter(|_| ended.contains(&at)).cloned().unwrap_or(at);
                for name in way {
                    map.insert(name.clone(), end.clone());
                    ended.insert(name);
                }
            }
        }
    }
}

/// The kind of a product as written; none where it is no kind.
pub fn kind(text: &str) -> Option<Kind> {
    match text.to_lowercase().as_str() {
        "" | "goods" | "good" | "商品" | "货品" | "实物" | "产品" => Some(Kind::Goods),
        "policy" | "insurance" | "保单" | "保险" => Some(Kind::Policy),
        "service" | "服务" => Some(Kind::Service),
        _ => None,
    }
}

/// The tier of a count as written: the dealers where nothing is said; none where it is no tier.
pub fn tier(text: &str) -> Option<Tier> {
    match text.to_lowercase().as_str() {
        "" | "dealer" | "dealers" | "distributor" | "经销商" | "代理商" | "一级" => Some(Tier::Dealer),
        "downstream" | "retail" | "shop" | "shops" | "终端" | "下游" | "门店" | "二级" | "分销" => {
            Some(Tier::Downstream)
        }
        _ => None,
    }
}
