//! Names as tables write them, resolved to regions, groups and products.

use std::collections::{HashMap, HashSet};

use super::Tier;
use super::spelling::folded;
use crate::error::Problems;
use crate::grid::{COMPANY, Grid, Kind, Scope};
use crate::messages::data as say;
use crate::month::Month;
use crate::schema::{Table, nearest};
use crate::settings::Columns;
use crate::sheet::cell::is_total;
use crate::sheet::{Col, Row, Rows, Sheet};

/// Words for the whole company in a region column.
const COMPANY_WORDS: [&str; 8] = ["company", "all", "公司", "全公司", "总公司", "总部", "全部", "全国"];

/// Further words for everything in a column of regions or products.
const EVERYTHING: [&str; 10] =
    ["全省", "全市", "全区", "所有", "全部产品", "all products", "all regions", "everything", "nationwide", "overall"];

/// Whether a name says everything.
pub fn says_everything(name: &str) -> bool {
    COMPANY_WORDS.iter().chain(&EVERYTHING).any(|word| name.eq_ignore_ascii_case(word))
}

/// Every name of a folder.
#[derive(Debug, Default)]
pub struct Names {
    regions: HashMap<String, usize>,
    products: HashMap<String, usize>,
    groups: HashMap<String, usize>,
    /// By what makes spellings one code; none where several things are spelt so.
    region_spellings: HashMap<String, Option<usize>>,
    product_spellings: HashMap<String, Option<usize>>,
    aliases: Aliases,
    /// What is not known yet.
    pub later: Later,
}

/// Names that only rows have which are later than is seen: what else speaks of them speaks of something that nobody knew,
/// and is passed over.
#[derive(Clone, Debug, Default)]
pub struct Later {
    /// Of regions.
    pub regions: HashSet<String>,
    /// Of products.
    pub products: HashSet<String>,
    /// Of communities.
    pub communities: HashSet<String>,
}

impl Later {
    /// The names of later sales and communities.
    pub fn read(sheets: &[Sheet], mapping: &Columns) -> Later {
        let mut later = Later::default();
        if mapping.until.is_none() {
            return later;
        }
        // What is wrong with a later row is not known either.
        let problems = &mut Problems::default();
        for sheet in sheets.iter().filter(|s| matches!(s.table, Table::Sales | Table::Communities)) {
            let Some(mut rows) = Rows::later(sheet, mapping, problems) else { continue };
            let [region, product, community] = ["region", "product", "community"].map(|c| rows.column(c));
            while let Some(row) = rows.next(problems) {
                // The region of a later community may have been there.
                let region = if community.is_there() { "" } else { row.text(region) };
                let found = [
                    (&mut later.regions, region),
                    (&mut later.products, row.text(product)),
                    (&mut later.communities, row.text(community)),
                ];
                for (names, name) in found {
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
        let mut names = Names { aliases: aliases.clone(), later, ..Names::default() };
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
        names.region_spellings = spellings(&names.regions);
        names.product_spellings = spellings(&names.products);
        names
    }

    /// The region node of a name.
    pub fn find_region(&self, name: &str) -> Option<usize> {
        let name = self.aliases.regions.now(name);
        self.regions.get(name).copied().or_else(|| self.region_spellings.get(&folded(name)).copied().flatten())
    }

    /// The product of a name.
    pub fn find_product(&self, name: &str) -> Option<usize> {
        let name = self.aliases.products.now(name);
        self.products.get(name).copied().or_else(|| self.product_spellings.get(&folded(name)).copied().flatten())
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

/// Names by what makes spellings one code.
fn spellings(names: &HashMap<String, usize>) -> HashMap<String, Option<usize>> {
    let mut out: HashMap<String, Option<usize>> = HashMap::new();
    for (name, index) in names {
        let found = out.entry(folded(name)).or_insert(Some(*index));
        if *found != Some(*index) {
            *found = None;
        }
    }
    out
}

/// Recoded products and moved regions.
#[derive(Clone, Debug, Default)]
pub struct Aliases {
    /// Regions.
    pub regions: Renames,
    /// Products.
    pub products: Renames,
}

/// Codes that became others: each holds for what was sold before a month.
#[derive(Clone, Debug, Default)]
pub struct Renames {
    /// By old code: since when the new one holds, and the new one; by month.
    list: HashMap<String, Vec<(Month, String)>>,
    /// Old codes that something else has now.
    again: HashSet<String>,
}

impl Renames {
    /// Adds a new code; false where the old one has another from that month on.
    pub fn add(&mut self, old: &str, new: &str, from: Month) -> bool {
        let list = self.list.entry(old.to_owned()).or_default();
        match list.iter().find(|(month, _)| *month == from) {
            Some((_, other)) => other == new,
            None => {
                list.push((from, new.to_owned()));
                list.sort();
                true
            }
        }
    }

    /// The old codes with the months from which they had another.
    pub fn old(&self) -> impl Iterator<Item = (&str, &[(Month, String)])> {
        self.list.iter().map(|(old, list)| (old.as_str(), list.as_slice()))
    }

    /// Notes that something else has the code now.
    pub fn has_again(&mut self, old: &str) {
        self.again.insert(old.to_owned());
    }

    /// What an old code is called today: chains are followed (A to B and B to C is A to C), and one that something else has
    /// now is that.
    pub fn now<'n>(&'n self, name: &'n str) -> &'n str {
        if self.list.is_empty() || self.again.contains(name) {
            return name;
        }
        let last = |name: &str| self.list.get(name).and_then(|list| list.last()).map(|(_, new)| new.as_str());
        let mut at = name;
        for _ in 0..self.list.len() {
            match last(at) {
                // What leads back to itself stays where it was first met.
                Some(next) if next != name => at = next,
                _ => break,
            }
        }
        at
    }

    /// Whether a code is one that nothing has any more.
    pub fn is_gone(&self, name: &str) -> bool {
        self.list.contains_key(name) && !self.again.contains(name)
    }

    /// The codes of what is called so, each until a month (none: to this day).
    pub fn spans<'n>(&'n self, name: &'n str) -> Vec<(Option<Month>, &'n str)> {
        if !self.again.contains(name) {
            return vec![(None, self.now(name))];
        }
        let list = self.list.get(name).map_or(&[][..], Vec::as_slice);
        let before = list.iter().map(|(from, new)| (Some(*from), self.after(new, *from)));
        before.chain([(None, name)]).collect()
    }

    /// What a code that holds from a month on became later.
    fn after<'n>(&'n self, name: &'n str, from: Month) -> &'n str {
        let (mut at, mut since) = (name, from);
        for _ in 0..self.list.len() {
            let later = self.list.get(at).and_then(|list| list.iter().find(|(month, _)| *month > since));
            match later {
                Some((month, new)) => (at, since) = (new, *month),
                None => break,
            }
        }
        at
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
