//! What the history as a whole makes one doubt: a name that stops where one much like it begins, names that take turns, numbers that are of
//! another size from some month on. Nothing is done about any of it: the warning says what to do.

use std::collections::BTreeMap;

use super::Dataset;
use super::spelling::form;
use crate::error::{Place, Problems};
use crate::messages::door as say;
use crate::schema::Table;

/// Names that begin and stop, told at most.
const TOLD: usize = 20;
/// Names of one core that are compared, in pairs.
const PAIRS: usize = 1000;
/// Names that began where others stopped are compared so often in all, so that a folder of hundreds of thousands that come
/// and go is read as fast as any other: a hint that may be missing there.
const LOOKS: usize = 1_000_000;
/// Months before and after that are compared.
const WINDOW: usize = 3;
/// A new name sells at least this part, and at most that many times, of what the old one did.
const AS_MUCH: f64 = 4.0;
/// From so many times on numbers are of another size.
const TENFOLD: f64 = 10.0;
/// The least month after a break is above the largest of the year before it by so many times: no season does that.
const APART: f64 = 3.0;
/// Of ten months of two names that take turns so many have one of them.
const MOST: usize = 9;
/// Months of a year.
const YEAR: usize = 12;

/// A name's months.
struct Name<'d> {
    code: &'d str,
    /// What is left of it to compare.
    core: String,
    /// Series of it.
    series: Vec<usize>,
    first: usize,
    last: usize,
    /// Whether each has a row.
    there: Vec<bool>,
}

/// Tells of names that stop in one month where one like it begins in the same or the next. `listed`: whether a table lists
/// a region or a product.
pub(super) fn new_names(data: &Dataset, listed: impl Fn(bool, &str) -> bool, problems: &mut Problems) {
    let grid = &data.grid;
    let regions = (0..grid.regions.leaf_count()).map(|leaf| {
        let code = grid.regions.code(grid.regions.node_of(leaf));
        (code, grid.leaf_series(leaf).collect::<Vec<usize>>())
    });
    let mut of_product: Vec<Vec<usize>> = vec![Vec::new(); grid.products.len()];
    grid.series.iter().enumerate().for_each(|(s, of)| of_product[of.product].push(s));
    let known = |p: usize| {
        let product = &data.products[p];
        product.replaces.is_some() || product.like.is_some() || product.launch.is_some() || product.retire.is_some()
    };
    let products = of_product.into_iter().enumerate().filter(|(p, _)| !known(*p));
    let products = products.map(|(p, series)| (grid.products.codes[p].as_str(), series));
    let lists =
        [("region", Table::Regions, regions.collect::<Vec<_>>()), ("product", Table::Products, products.collect())];
    for (kind, table, names) in lists {
        let names: Vec<Name> = names.into_iter().filter_map(|(code, series)| Name::new(data, code, series)).collect();
        let is_listed = |name: &Name| data.tables.contains(&table) && listed(table == Table::Regions, name.code);
        let months = data.months() - data.reported.open;
        let mut told = 0;
        let mut alike: BTreeMap<&str, Vec<&Name>> = BTreeMap::new();
        names.iter().for_each(|name| alike.entry(&name.core).or_default().push(name));
        for of in alike.values() {
            let pairs = of.iter().enumerate().flat_map(|(i, one)| of[i + 1..].iter().map(move |other| (one, other)));
            for (one, other) in pairs.take(PAIRS).filter(|(one, other)| one.takes_turns(other)) {
                if told < TOLD && !(is_listed(one) && is_listed(other)) {
                    told += 1;
                    let later = if one.first <= other.first { other } else { one };
                    let (message, treatment) = say::two_names(one.code, other.code);
                    problems.warn(later.place(data), "two_names", message, treatment);
                }
            }
        }
        let mut beginning: BTreeMap<usize, Vec<&Name>> = BTreeMap::new();
        names.iter().for_each(|name| beginning.entry(name.first).or_default().push(name));
        let mut looks = 0;
        for old in names.iter().filter(|old| old.last + 1 < months) {
            let follows = |new: &&&Name| {
                looks += 1;
                new.first > old.first
            };
            let is_one = |new: &&Name| akin(&old.core, &new.core) && old.sells_like(data, new);
            let next = beginning.range(old.last..=old.last + 1).flat_map(|(_, names)| names);
            let found = next.filter(follows).copied().find(is_one);
            // Who lists both knows that they are two.
            if let Some(new) = found.filter(|new| !(is_listed(old) && is_listed(new))) {
                told += 1;
                let (last, first) = (data.month(old.last), data.month(new.first));
                let (message, treatment) = say::new_name((old.code, last), (new.code, first), kind);
                problems.warn(new.place(data), "new_name", message, treatment);
            }
            if told >= TOLD || looks >= LOOKS {
                break;
            }
        }
    }
}

impl<'d> Name<'d> {
    fn new(data: &Dataset, code: &'d str, series: Vec<usize>) -> Option<Name<'d>> {
        let seen = series.iter().filter_map(|s| data.seen[*s]);
        let (first, last) = seen.fold((usize::MAX, 0), |(first, last), (a, b)| (first.min(a), last.max(b)));
        let there = (0..data.months()).map(|t| series.iter().any(|s| data.rows[(*s, t)] != 0)).collect();
        (first <= last && !code.is_empty()).then_some(Name { code, core: core(code), series, first, last, there })
    }

    /// Where its first row was read.
    fn place(&self, data: &Dataset) -> Option<Place> {
        let row = self.series.iter().map(|s| data.rows[(*s, self.first)]).filter(|id| *id != 0).min();
        row.and_then(|id| data.places.get(id))
    }

    /// Whether two have rows by turns, never in the same month: together every month, each some among those of the other.
    fn takes_turns(&self, other: &Name) -> bool {
        let months = self.there.iter().zip(&other.there);
        let within = |one: &Name, of: &Name| (of.first..of.last).filter(|t| one.there.get(*t) == Some(&true)).count();
        let (first, last) = (self.first.min(other.first), self.last.max(other.last));
        let all = months.clone().filter(|(a, b)| **a || **b).count();
        months.clone().all(|(a, b)| !(*a && *b))
            && 10 * all >= MOST * (last - first + 1)
            && within(self, other).min(within(other, self)) >= WINDOW
    }

    /// Units a month of some months.
    fn level(&self, data: &Dataset, months: std::ops::Range<usize>) -> f64 {
        let months = months.start..months.end.min(data.months());
        let count = months.len().max(1) as f64;
        months.map(|t| self.series.iter().map(|s| data.units[(*s, t)]).sum::<f64>()).sum::<f64>() / count
    }

    /// Whether another begins about where this one stops.
    fn sells_like(&self, data: &Dataset, new: &Name) -> bool {
        let old = self.level(data, (self.last + 1).saturating_sub(WINDOW).max(self.first)..self.last + 1);
        let new = new.level(data, new.first..(new.first + WINDOW).min(new.last + 1));
        old > 0.0 && (1.0 / AS_MUCH..=AS_MUCH).contains(&(new / old))
    }
}

/// What is left of a name without notes in brackets, marks, a number before it and the word for its kind.
fn core(name: &str) -> String {
    const KINDS: [&str; 18] = [
        "分公司",
        "办事处",
        "销售部",
        "营业部",
        "服务中心",
        "自治区",
        "公司",
        "大区",
        "地区",
        "片区",
        "区域",
        "省",
        "市",
        "区",
        "县",
        "州",
        "办",
        "店",
    ];
    let mut out = String::new();
    let mut depth = 0_usize;
    for c in form(name).to_lowercase().chars() {
        match c {
            '(' | '[' | '【' | '〔' => depth += 1,
            ')' | ']' | '】' | '〕' => depth = depth.saturating_sub(1),
            _ if depth == 0 && c.is_alphanumeric() => out.push(simplified(c)),
            _ => {}
        }
    }
    // 03-温州 is 温州; a code begins with its number.
    let rest = out.trim_start_matches(|c: char| c.is_ascii_digit());
    let bare = if rest.chars().next().is_some_and(|c| !c.is_ascii()) { rest } else { out.as_str() };
    let without = KINDS.iter().find_map(|kind| bare.strip_suffix(kind)).filter(|rest| rest.chars().count() > 1);
    without.unwrap_or(bare).to_owned()
}

/// Letters of place names in their traditional and their simplified form.
const TRADITIONAL: &str = "溫温寧宁廣广東东濟济無无錫锡蘇苏蘭兰漢汉瀋沈陽阳長长沙沙慶庆貴贵雲云陝陕銀银魯鲁遼辽龍龙灣湾臺台華华鄭郑厦厦門门\
    連连淵渊鎮镇縣县區区嶺岭嶽岳興兴義义豐丰臨临營营濱滨煙烟濰潍棗枣萊莱聊聊澤泽紹绍麗丽蕪芜馬马鞍鞍懷怀慮虑陰阴揚扬鹽盐張张\
    達达綿绵樂乐內内資资遂遂寶宝雞鸡榆榆綏绥齊齐爾尔濱滨邊边圖图們们遼辽撫抚順顺營营盤盘錦锦蘆芦島岛國国";

fn simplified(c: char) -> char {
    let mut letters = TRADITIONAL.chars().filter(|c| !c.is_whitespace());
    while let (Some(traditional), Some(simple)) = (letters.next(), letters.next()) {
        if traditional == c {
            return simple;
        }
    }
    c
}

/// Whether the names with these cores may be of one thing: they are one, or one holds the other.
fn akin(one: &str, other: &str) -> bool {
    /// A shorter name is held by many.
    const LEAST: usize = 2;
    let (short, long) = if one.len() <= other.len() { (one, other) } else { (other, one) };
    if short.chars().count() < LEAST {
        return short == long && !short.is_empty();
    }
    let Some(at) = long.find(short) else { return false };
    // Half a number, half an English word is none of it.
    let class = |c: char| (c.is_ascii_digit(), c.is_ascii_alphabetic());
    let parted = |a: Option<char>, b: Option<char>| match (a, b) {
        (Some(a), Some(b)) => !a.is_ascii() || !b.is_ascii() || class(a) != class(b),
        _ => true,
    };
    let end = at + short.len();
    let before = long.get(..at).and_then(|text| text.chars().next_back());
    let behind = long.get(end..).and_then(|text| text.chars().next());
    parted(before, short.chars().next()) && parted(short.chars().next_back(), behind)
}

/// Tells where the numbers of the whole company are of another size from some month on: series that have rows before and
/// after sell over ten times as much, or under a tenth, and go on so.
pub(super) fn scale_break(data: &Dataset, problems: &mut Problems) {
    let months = data.months() - data.reported.open;
    let mean = |of: &[f64]| of.iter().sum::<f64>() / of.len().max(1) as f64;
    let least = |of: &[f64]| of.iter().copied().fold(f64::INFINITY, f64::min);
    let most = |of: &[f64]| of.iter().copied().fold(0.0, f64::max);
    let mut worst: Option<(usize, f64, f64)> = None;
    for t in WINDOW..(months + 1).saturating_sub(WINDOW) {
        // A quick look at all series first.
        let all = |from: usize, to: usize| data.units.slice(ndarray::s![.., from..to]).sum() / WINDOW as f64;
        let (before, after) = (all(t - WINDOW, t), all(t, t + WINDOW));
        let far = |a: f64, b: f64| a > 0.0 && b > 0.0 && (b >= TENFOLD * a || a >= TENFOLD * b);
        if !far(before, after) {
            continue;
        }
        let (from, to) = (t.saturating_sub(YEAR), (t + YEAR).min(months));
        // Shorter, a season looks like it.
        if t - from < YEAR && to - t < YEAR {
            continue;
        }
        let any = |s: usize, range: std::ops::Range<usize>| range.into_iter().any(|u| data.rows[(s, u)] != 0);
        let both = (0..data.grid.series.len()).filter(|s| any(*s, t - WINDOW..t) && any(*s, t..t + WINDOW));
        let mut sums = vec![0.0; to - from];
        both.for_each(|s| sums.iter_mut().zip(from..to).for_each(|(sum, u)| *sum += data.units[(s, u)]));
        let (earlier, later) = sums.split_at(t - from);
        let (before, after) = (mean(&earlier[earlier.len() - WINDOW..]), mean(&later[..WINDOW]));
        let goes_on = least(later) > APART * most(earlier) || least(earlier) > APART * most(later);
        let size = |a: f64, b: f64| (b / a).ln().abs();
        if far(before, after) && goes_on && worst.is_none_or(|(_, a, b)| size(before, after) > size(a, b)) {
            worst = Some((t, before, after));
        }
    }
    if let Some((t, before, after)) = worst {
        let row = data.rows.column(t).iter().copied().filter(|id| *id != 0).min();
        let (message, treatment) = say::scale_break(data.month(t), before, after);
        problems.warn(row.and_then(|id| data.places.get(id)), "scale_break", message, treatment);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_one_thing() {
        for (one, other) in [
            ("温州", "温州市"),
            ("温州", "温州*"),
            ("温州", "03-温州"),
            ("温州", "溫州"),
            ("杭州", "杭州（含萧山）"),
            ("温州", "温州分公司"),
            ("浙江省", "浙江"),
            ("East", "East 2"),
            ("006012", "006012-A"),
            ("AB12", "AB12N"),
        ] {
            assert!(akin(&core(one), &core(other)) && akin(&core(other), &core(one)), "{one} {other}");
        }
        for (one, other) in [
            ("温州", "杭州"),
            ("6012", "60121"),
            ("East", "Eastern"),
            ("12AB", "34AB"),
            ("A", "AB"),
            ("市", "县"),
            ("0010", "0020"),
            ("", "x"),
        ] {
            assert!(!akin(&core(one), &core(other)), "{one} {other}");
        }
    }
}
