//! The names of `sales`, `regions` and `products` made the keys of the grid.

use std::collections::{BTreeSet, HashMap};

use chrono::Datelike;
use rustc_hash::FxHashMap;

use super::catalog;
use super::names::Aliases;
use super::sales::Sales;
use super::spelling::Spelling;
use crate::across::Facts;
use crate::error::{Place, Problems};
use crate::grid::{Products, Regions};
use crate::messages::data as say;
use crate::month::Month;
use crate::schema::nearest;

/// The names of the regions and products that exist, in their final order.
pub(super) struct Keys {
    pub(super) tree: Regions,
    pub(super) products: Products,
    /// For each product of the final order its position in the `products` table, where it stands there.
    pub(super) product_order: Vec<Option<usize>>,
    /// Distinct (leaf, product), and for each pair of names in `sales` its position there; none where a name is wrong.
    pub(super) distinct: Vec<(usize, usize)>,
    pub(super) distinct_of: Vec<Option<u32>>,
    /// The same of pairs whose names meant something else before some day: until which day, ascending.
    before: FxHashMap<u32, Vec<(i32, Option<u32>)>>,
    pub(super) leaf_of_code: HashMap<String, usize>,
}

impl Keys {
    pub(super) fn new(
        sales: &Sales,
        regions: &[catalog::Region],
        products: &[catalog::Product],
        aliases: &Aliases,
        facts: Option<&Facts>,
        problems: &mut Problems,
    ) -> Keys {
        let (region_codes, tree) = region_tree(sales, regions, aliases, facts, problems);
        let (product_codes, list, product_order) = product_list(sales, products, aliases, facts, problems);
        let leaf_of_code: HashMap<String, usize> =
            (0..tree.leaf_count()).map(|l| (tree.code(tree.node_of(l)).to_string(), l)).collect();
        let product_of_code: HashMap<&str, usize> = list.codes.iter().map(String::as_str).zip(0..).collect();
        let leaf = |code: &Option<String>| leaf_of_code.get(code.as_deref()?).copied();
        let leaves: Vec<Spans> = region_codes.iter().map(|spans| numbered(spans, leaf)).collect();
        let listed = |code: &Option<String>| product_of_code.get(code.as_deref()?).copied();
        let of_list: Vec<Spans> = product_codes.iter().map(|spans| numbered(spans, listed)).collect();
        drop(product_of_code);
        let at = |list: &[Spans], name: u32, day: i32| {
            let spans = list.get(name as usize)?;
            spans.iter().find(|(until, _)| day < *until).and_then(|(_, number)| *number)
        };
        let pair = |&(region, product): &(u32, u32), day: i32| at(&leaves, region, day).zip(at(&of_list, product, day));
        // Two names of one thing make two pairs of one series.
        let several = has_twins(&leaves) || has_twins(&of_list);
        let (mut distinct, mut index) = (Vec::new(), FxHashMap::default());
        let mut number = |pair: (usize, usize)| {
            let next = distinct.len() as u32;
            let number = if several { *index.entry(pair).or_insert(next) } else { next };
            if number == next {
                distinct.push(pair);
            }
            number
        };
        let now = i32::MAX - 1;
        let distinct_of = sales.pairs.pairs().iter().map(|names| pair(names, now).map(&mut number)).collect();
        let mut before = FxHashMap::default();
        let days = |list: &[Spans], name: u32| {
            let spans = list.get(name as usize).map_or(&[][..], Vec::as_slice);
            spans.iter().map(|(until, _)| *until).filter(|until| *until < now).collect::<Vec<i32>>()
        };
        for (id, names) in sales.pairs.pairs().iter().enumerate() {
            let until: BTreeSet<i32> = days(&leaves, names.0).into_iter().chain(days(&of_list, names.1)).collect();
            if !until.is_empty() {
                let spans = until.into_iter().map(|day| (day, pair(names, day - 1).map(&mut number))).collect();
                before.insert(id as u32, spans);
            }
        }
        Keys { tree, products: list, product_order, distinct, distinct_of, before, leaf_of_code }
    }

    /// The series of a pair of names in `sales` on a day, by the positions of the distinct pairs in the grid; none where a name is
    /// wrong.
    pub(super) fn series(&self, pair: u32, day: i32, position: &[usize]) -> Option<usize> {
        let mut distinct = *self.distinct_of.get(pair as usize)?;
        if !self.before.is_empty()
            && let Some((_, then)) =
                self.before.get(&pair).and_then(|spans| spans.iter().find(|(until, _)| day < *until))
        {
            distinct = *then;
        }
        position.get(distinct? as usize).copied()
    }

    /// The pairs of sales and those that a launch will bring: in the regions the product is limited to, else wherever
    /// its group is sold; of leaves that are this part's (`own`, by leaf).
    pub(super) fn with_launches(
        &self,
        launches: &[usize],
        listed: &[catalog::Product],
        own: &[bool],
    ) -> Vec<(usize, usize)> {
        let mut out = self.distinct.clone();
        if launches.is_empty() {
            return out;
        }
        let mut there: BTreeSet<(usize, usize)> = out.iter().copied().collect();
        let groups: BTreeSet<(usize, usize)> = out.iter().map(|&(l, p)| (l, self.products.group[p])).collect();
        let product_of: HashMap<usize, usize> =
            self.product_order.iter().zip(0..).filter_map(|(row, product)| Some(((*row)?, product))).collect();
        for &row in launches {
            let Some(&product) = product_of.get(&row) else { continue };
            let only = &listed[row].regions;
            for leaf in (0..self.tree.leaf_count()).filter(|leaf| own[*leaf]) {
                let allowed = self.is_sold_in(leaf, only);
                let sold = groups.contains(&(leaf, self.products.group[product]));
                if allowed && (sold || !only.is_empty()) && there.insert((leaf, product)) {
                    out.push((leaf, product));
                }
            }
        }
        out
    }

    /// Whether a product that is sold in these regions only, in all where there are none, is sold in a leaf.
    fn is_sold_in(&self, leaf: usize, only: &[String]) -> bool {
        only.is_empty() || only.iter().any(|code| self.leaf_of_code.get(code) == Some(&leaf))
    }

    /// Adds what a new centre will sell: a leaf that serves communities (`served`: their regions, as written) and has
    /// sold nothing of a group sells all that others sell of it (docs/METHOD.md#communities).
    pub(super) fn add_new_centres(
        &self,
        served: &[String],
        listed: &[catalog::Product],
        pairs: &mut Vec<(usize, usize)>,
    ) {
        let named = |name: &String| {
            let by_name = || (0..self.tree.leaf_count()).find(|l| self.tree.name(self.tree.node_of(*l)) == name);
            self.leaf_of_code.get(name).copied().or_else(by_name)
        };
        let leaves: BTreeSet<usize> = served.iter().filter_map(named).collect();
        if leaves.is_empty() {
            return;
        }
        let there: BTreeSet<(usize, usize)> = pairs.iter().map(|&(l, p)| (l, self.products.group[p])).collect();
        let sold: BTreeSet<usize> = self.distinct.iter().map(|pair| pair.1).collect();
        let new = |leaf: usize| {
            let here = |p: usize| {
                let row = self.product_order.get(p).copied().flatten();
                row.is_none_or(|row| self.is_sold_in(leaf, &listed[row].regions))
            };
            let of = |p: &usize| !there.contains(&(leaf, self.products.group[*p])) && here(*p);
            sold.iter().copied().filter(of).map(move |p| (leaf, p)).collect::<Vec<_>>()
        };
        pairs.extend(leaves.into_iter().flat_map(new));
    }
}

/// What a name means, each until a day.
type Spans = Vec<(i32, Option<usize>)>;

/// What a name's codes mean, until the first day of the month in which they changed.
fn numbered(spans: &[(Option<Month>, Option<String>)], number: impl Fn(&Option<String>) -> Option<usize>) -> Spans {
    let until = |month: &Option<Month>| month.map_or(i32::MAX, |month| month.first_day().num_days_from_ce());
    spans.iter().map(|(month, code)| (until(month), number(code))).collect()
}

/// Whether two names are names of one thing.
fn has_twins(list: &[Spans]) -> bool {
    let mut named: Vec<usize> = list.iter().flatten().filter_map(|(_, number)| *number).collect();
    named.sort_unstable();
    named.windows(2).any(|two| two[0] == two[1])
}

/// The codes of a name, each until a month (none: to this day); no code where the name is wrong or nothing.
type Codes = Vec<(Option<Month>, Option<String>)>;

/// The names that count, each with its first place and its number.
fn names<'n>(names: &'n [Box<str>], first: &'n [(Place, bool)], used: &[bool]) -> Vec<(&'n str, &'n Place, u32)> {
    let all = names.iter().zip(first).zip(used).enumerate();
    let counted = all.filter(|(_, ((_, (_, is_total)), used))| !is_total && **used);
    counted.map(|(id, ((name, (place, _)), _))| (&**name, place, id as u32)).collect()
}

/// The spellings of names that are joined. What others know of names elsewhere is not known here, so parts join none.
fn spelling(
    sales: &Sales,
    names: &[(&str, &Place, u32)],
    right: &BTreeSet<&str>,
    (of_regions, facts): (bool, Option<&Facts>),
    problems: &mut Problems,
) -> Spelling {
    if facts.is_some() {
        return Spelling::default();
    }
    Spelling::new(names, right, |wanted| sales.uses(wanted, of_regions), problems)
}

/// The region tree, and for each region name of `sales` its codes in it.
fn region_tree(
    sales: &Sales,
    listed: &[catalog::Region],
    aliases: &Aliases,
    facts: Option<&Facts>,
    problems: &mut Problems,
) -> (Vec<Codes>, Regions) {
    let mut list: Vec<(String, String, Option<usize>)> = Vec::new();
    let mut index: HashMap<String, usize> = HashMap::new();
    for region in listed {
        index.entry(region.code.clone()).or_insert_with(|| {
            list.push((region.code.clone(), region.name.clone(), None));
            list.len() - 1
        });
    }
    let by_name: HashMap<&str, &str> =
        listed.iter().map(|r| (r.name.as_str(), r.code.as_str())).filter(|(n, _)| !n.is_empty()).collect();
    for region in listed.iter().filter(|r| !r.parent.is_empty()) {
        let parent = match (index.get(&region.parent), by_name.get(region.parent.as_str())) {
            (None, Some(code)) => (*code).to_string(),
            _ => region.parent.clone(),
        };
        let parent = *index.entry(parent.clone()).or_insert_with(|| {
            list.push((parent, String::new(), None));
            list.len() - 1
        });
        if let Some(&child) = index.get(&region.code) {
            list[child].2 = Some(parent);
        }
    }
    catalog::break_cycles(&mut list, listed, problems);
    catalog::limit_depth(&mut list, listed, problems);
    // Where no table lists them, the regions of all parts, in an order that is the same in each.
    for code in facts.filter(|_| listed.is_empty()).into_iter().flat_map(|facts| &facts.regions) {
        index.insert(code.clone(), list.len());
        list.push((code.clone(), String::new(), None));
    }
    let mut codes = Vec::with_capacity(sales.regions.names().len());
    let parents: BTreeSet<usize> = list.iter().filter_map(|(_, _, p)| *p).collect();
    let spelt_right: BTreeSet<&str> =
        listed.iter().flat_map(|r| [r.code.as_str(), r.name.as_str()]).filter(|name| !name.is_empty()).collect();
    let used = sales.used().0;
    let names = names(sales.regions.names(), &sales.first_region, &used);
    let spelling = spelling(sales, &names, &spelt_right, (true, facts), problems);
    for (id, name) in sales.regions.names().iter().enumerate() {
        let Some((place, is_total)) = sales.first_region.get(id) else { continue };
        if *is_total || !used[id] {
            codes.push(vec![(None, None)]);
            continue;
        }
        let mut resolve = |code: &str, problems: &mut Problems| {
            let code = if index.contains_key(code) { code } else { by_name.get(code).copied().unwrap_or(code) };
            match index.get(code) {
                Some(at) if parents.contains(at) => {
                    problems.error(place.clone(), "sales_of_parent", say::sales_of_parent(code));
                    return None;
                }
                Some(_) => {}
                None if listed.is_empty() => {
                    index.insert(code.to_string(), list.len());
                    list.push((code.to_string(), String::new(), None));
                }
                None => {
                    problems.error_with(place.clone(), "unknown_region", || {
                        say::unknown_region(code, nearest(code, listed.iter().map(|r| r.code.as_str())))
                    });
                    return None;
                }
            }
            Some(code.to_string())
        };
        let spans = aliases.regions.spans(name).into_iter();
        codes.push(spans.map(|(until, code)| (until, resolve(spelling.of(code), problems))).collect());
    }
    (codes, Regions::new(&list))
}

/// The products in their final order (the table's, then as they appear), and for each product name of `sales` its codes.
fn product_list(
    sales: &Sales,
    listed: &[catalog::Product],
    aliases: &Aliases,
    facts: Option<&Facts>,
    problems: &mut Problems,
) -> (Vec<Codes>, Products, Vec<Option<usize>>) {
    let mut out = Products::default();
    let mut order = Vec::new();
    let mut groups: HashMap<String, usize> = HashMap::new();
    let mut index: HashMap<String, usize> = HashMap::new();
    let mut add = |code: &str, name: &str, group: &str, row: Option<usize>, out: &mut Products| {
        let next = groups.len();
        let group = *groups.entry(group.to_string()).or_insert_with(|| {
            out.groups.push(group.to_string());
            next
        });
        out.codes.push(code.to_string());
        out.names.push(name.to_string());
        out.group.push(group);
        order.push(row);
    };
    for (row, product) in listed.iter().enumerate() {
        if !index.contains_key(&product.code) {
            index.insert(product.code.clone(), out.len());
            add(&product.code, &product.name, &product.group, Some(row), &mut out);
        }
    }
    for code in facts.filter(|_| listed.is_empty()).into_iter().flat_map(|facts| &facts.products) {
        index.insert(code.clone(), out.len());
        add(code, "", "", None, &mut out);
    }
    let mut codes = Vec::with_capacity(sales.products.names().len());
    let spelt_right: BTreeSet<&str> = listed.iter().map(|p| p.code.as_str()).collect();
    let used = sales.used().1;
    let names = names(sales.products.names(), &sales.first_product, &used);
    let spelling = spelling(sales, &names, &spelt_right, (false, facts), problems);
    for (id, name) in sales.products.names().iter().enumerate() {
        let Some((place, is_total)) = sales.first_product.get(id) else { continue };
        if *is_total || !used[id] {
            codes.push(vec![(None, None)]);
            continue;
        }
        let mut resolve = |code: &str, problems: &mut Problems| {
            if !index.contains_key(code) {
                if !listed.is_empty() {
                    problems.error_with(place.clone(), "unknown_product", || {
                        say::unknown_product(code, nearest(code, listed.iter().map(|p| p.code.as_str())))
                    });
                    return None;
                }
                index.insert(code.to_string(), out.len());
                add(code, "", "", None, &mut out);
            }
            Some(code.to_string())
        };
        let spans = aliases.products.spans(name).into_iter();
        codes.push(spans.map(|(until, code)| (until, resolve(spelling.of(code), problems))).collect());
    }
    if out.groups.is_empty() {
        out.groups.push(String::new());
    }
    (codes, out, order)
}
