//! The page of `yugu communities`: what a sales manager takes into the meeting.

use std::ops::Range;

use super::figures::{Contracted, Figure, Measure, Of};
use super::{Report, arrivals, bounded, deposits, leads, sources, years as years_of};
use crate::grid::{COMPANY, Kind};
use crate::messages::communities as say;
use crate::messages::{Lang, Text};
use crate::month::Month;
use crate::report::rows;
use crate::report::run::first_warnings;
use crate::report::table::{NONE, Printed, number, percent};
use crate::stages::community::groups::{Sorting, TELLING, Units};
use crate::stages::community::purchase::Basis;
use crate::stages::units;
use crate::stats::apportion::{nearest, whole};
use crate::stats::trend::share;

/// Communities on the page.
const LARGEST: usize = 12;
/// Months after the handover at which the page tells how many have signed.
const LAGS: [i32; 5] = [0, 3, 6, 12, 24];
/// A year of signings decides which communities the page shows.
const YEAR: usize = 12;

/// The page.
pub fn page(report: &Report, folder: &str) -> String {
    let page = Page { report, lang: report.view.lang };
    let mut out = page.head(folder);
    let (leads, deposits) = (leads::section(report, page.lang), deposits::section(report, page.lang));
    let ahead = [page.years(), page.commissions(), page.months(), page.centres(), page.communities()];
    let parts: Vec<String> = ahead.into_iter().chain([deposits, leads, page.learned()]).collect();
    for part in parts.iter().filter(|part| !part.is_empty()) {
        out.push('\n');
        out.push_str(part);
    }
    let (title, lines) = first_warnings(report.view);
    if !lines.is_empty() {
        out += &format!("\n{}\n", page.say(&title));
        lines.iter().for_each(|line| out += &format!("  {}\n", page.say(line)));
    }
    out
}

struct Page<'a, 'r> {
    report: &'a Report<'r>,
    lang: Lang,
}

impl Page<'_, '_> {
    fn say(&self, text: &Text) -> String {
        text.get(self.lang).to_owned()
    }

    fn column(&self, word: &str) -> String {
        self.say(&say::column(word))
    }

    fn head(&self, folder: &str) -> String {
        let (r, p) = (self.report, self.report.projection);
        let known: Vec<usize> = r.known_communities().collect();
        let sum = |of: &dyn Fn(usize) -> f64| known.iter().map(|c| of(*c)).sum::<f64>();
        let pipeline = known.iter().filter(|c| p.signings.units.observed[**c] <= 0.0).count();
        let n = |x: f64| number(x, 0);
        let months = r.figures.months();
        let last = months.last().map(|m| m.to_string()).unwrap_or_default();
        let wan = r.yuan() > 1.0;
        let lines = [
            say::title(folder, &r.view.made, &r.view.outlook.origin.cutoff.to_string(), &last),
            say::there_are(
                known.len(),
                &n(sum(&|c| p.record.households[c])),
                &n(sum(&|c| p.signings.units.observed[c])),
                &n(sum(&|c| p.signings.left[c])),
                pipeline,
            ),
            say::bounds_note(&self.say(&say::yuan(wan))),
            say::feeds_plan(),
            arrivals(p),
        ];
        lines.iter().map(|line| self.say(line) + "\n").collect()
    }

    fn decimals(&self, measure: Measure) -> usize {
        match measure {
            Measure::Counters => 1,
            _ if measure.is_money() && self.report.yuan() > 1.0 => 1,
            _ => 0,
        }
    }

    fn figure(&self, of: Of, measure: Measure, months: Range<usize>) -> Option<Figure> {
        self.report.shown(of, measure, months)
    }

    /// `1,234 [1,100-1,380]`.
    fn bounded(&self, of: Of, measure: Measure, months: Range<usize>) -> String {
        let figure = self.figure(of, measure, months);
        figure.map_or_else(|| NONE.to_owned(), |figure| bounded(&figure, self.decimals(measure)))
    }

    fn plain(&self, of: Of, measure: Measure, months: Range<usize>) -> String {
        let figure = self.figure(of, measure, months);
        figure.map_or_else(|| NONE.to_owned(), |f| number(f.value, self.decimals(measure)))
    }

    /// Units of goods, services left out.
    fn goods(&self, of: Of, months: Range<usize>) -> f64 {
        let goods = |p: &usize| {
            let kind = self.report.view.known.data.products[*p].kind;
            kind != Some(Kind::Policy) && kind != Some(Kind::Service)
        };
        let products = self.report.figures.products().into_iter().filter(goods);
        products.filter_map(|p| self.figure(of, Measure::Units(p), months.clone())).map(|f| f.value).sum()
    }

    /// A figure's bounds behind the value that is printed of it.
    fn beside(&self, value: Option<f64>, of: Of, measure: Measure, months: Range<usize>) -> String {
        let figure = self.figure(of, measure, months).zip(value).map(|(f, value)| Figure { value, ..f });
        figure.map_or_else(|| NONE.to_owned(), |figure| bounded(&figure, self.decimals(measure)))
    }

    /// What the months of every fiscal year come to, as they are printed: they add up to what is printed of the year.
    fn by_month(&self, decimals: usize, value: impl Fn(Range<usize>) -> Option<f64>) -> Vec<Option<f64>> {
        let mut out = vec![None; self.report.figures.months().len()];
        for year in self.report.figures.fiscal_years() {
            let months: Vec<usize> = year.months.clone().filter(|h| value(*h..*h + 1).is_some()).collect();
            let exact: Vec<f64> = months.iter().filter_map(|h| value(*h..*h + 1)).collect();
            let printed = adding_up(&exact, value(year.months).unwrap_or_else(|| exact.iter().sum()), decimals);
            months.into_iter().zip(printed).for_each(|(h, x)| out[h] = Some(x));
        }
        out
    }

    /// What every region node comes to, as it is printed: the regions below add up to what is printed of the one above.
    fn by_node(&self, decimals: usize, value: impl Fn(usize) -> Option<f64>) -> Vec<f64> {
        let regions = &self.report.view.known.data.grid.regions;
        let steps = 10.0_f64.powi(decimals as i32);
        let exact = |leaf: usize| value(regions.node_of(leaf)).unwrap_or(0.0) * steps;
        units::down_the_tree(regions, exact).into_iter().map(|x| x as f64 / steps).collect()
    }

    fn years(&self) -> String {
        let company = Of::Node(COMPANY);
        let years = self.report.figures.fiscal_years();
        let mut table = Printed::new(&[]);
        let mut head = vec![self.column("year")];
        for year in &years {
            let whole = year.months.len() == YEAR;
            let text = if whole { say::whole_year(year.year) } else { say::part_year(year.year, year.months.len()) };
            head.push(self.say(&text));
        }
        table.head(head);
        let mut measures = vec![Measure::Signings, Measure::Buyers, Measure::Policies, Measure::Renewals];
        measures.extend([Measure::Revenue, Measure::Profit, Measure::Premiums, Measure::Fee]);
        measures.extend(self.report.figures.has_commissions().then_some(Measure::Commissions));
        for measure in measures {
            let mut row = vec![self.column(measure.word())];
            row.extend(years.iter().map(|y| self.bounded(company, measure, y.months.clone())));
            table.row(row);
            let apart = Contracted::ALL.into_iter().find(|part| part.whole() == measure);
            if let (Some(part), true) = (apart, self.report.projection.record.arrivals.is_ok()) {
                let mut row = vec![format!("  {}", self.say(&say::not_contracted()))];
                row.extend(years.iter().map(|y| self.bounded(company, Measure::NotContracted(part), y.months.clone())));
                table.row(row);
            }
            if measure == Measure::Buyers {
                let mut row = vec![self.column("goods")];
                row.extend(years.iter().map(|y| number(self.goods(company, y.months.clone()), 0)));
                table.row(row);
            }
        }
        // The horizon begins with the first month forecast, as the months ahead do.
        let horizon = &self.report.view.outlook.horizon().units;
        let sold = |s: usize, h: usize| horizon.get((s, h)).copied().unwrap_or(0.0);
        let plan: Vec<_> = years.iter().map(|y| self.report.figures.plan(sold, y.months.clone())).collect();
        for (i, word) in ["plan_revenue", "plan_premiums"].into_iter().enumerate() {
            let mut row = vec![self.column(word)];
            let by = self.report.yuan();
            let shown = |f: &Figure| {
                let n = |x: f64| number(x / by, self.decimals(Measure::Revenue));
                format!("{} [{}-{}]", n(f.value), n(f.bounds[0]), n(f.bounds[1]))
            };
            row.extend(plan.iter().map(|p| p.as_ref().map_or_else(|| NONE.to_owned(), |p| shown(&p[i]))));
            table.row(row);
        }
        format!("{}\n{}", self.say(&say::years()), table.text())
    }

    /// Commissions by party and fiscal year; empty where there are none.
    fn commissions(&self) -> String {
        if !self.report.figures.has_commissions() {
            return String::new();
        }
        let company = Of::Node(COMPANY);
        let years = self.report.figures.fiscal_years();
        let mut table = Printed::new(&[]);
        let mut head = vec![self.column("party")];
        head.extend(years.iter().map(|year| year.year.to_string()));
        table.head(head);
        let parties = self.report.figures.parties().iter().map(|party| (*party).to_owned());
        let parties: Vec<(String, Measure)> = parties.zip(self.report.figures.commissions()).collect();
        let decimals = self.decimals(Measure::Commissions);
        let printed = years.iter().map(|year| {
            let value = |m: Measure| self.figure(company, m, year.months.clone()).map_or(0.0, |f| f.value);
            let exact: Vec<f64> = parties.iter().map(|(_, m)| value(*m)).collect();
            adding_up(&exact, value(Measure::Commissions), decimals)
        });
        let printed: Vec<Vec<f64>> = printed.collect();
        for (i, (name, measure)) in parties.into_iter().enumerate() {
            let cells = years.iter().zip(&printed);
            let cells = cells.map(|(y, of)| self.beside(of.get(i).copied(), company, measure, y.months.clone()));
            table.row([name].into_iter().chain(cells).collect());
        }
        let total = years.iter().map(|y| self.bounded(company, Measure::Commissions, y.months.clone()));
        table.row([self.column("commissions")].into_iter().chain(total).collect());
        format!("{}\n{}", self.say(&say::commissions()), table.text())
    }

    fn months(&self) -> String {
        let company = Of::Node(COMPANY);
        let mut table = Printed::new(&[]);
        let plain = [Measure::Policies, Measure::Renewals, Measure::InForce];
        let bounded = [Measure::Revenue, Measure::Premiums];
        let load = [Measure::Counters, Measure::People];
        let mut head: Vec<String> = ["month", "signings", "buyers", "goods"].map(|w| self.column(w)).to_vec();
        head.extend(plain.iter().chain(&bounded).chain(&load).map(|m| self.column(m.word())));
        table.head(head);
        let of =
            |m: Measure| self.by_month(self.decimals(m), |months| self.figure(company, m, months).map(|f| f.value));
        let [signings, buyers, policies, renewals] =
            [Measure::Signings, Measure::Buyers, Measure::Policies, Measure::Renewals].map(of);
        let money = bounded.map(of);
        let goods = self.by_month(0, |months| Some(self.goods(company, months)));
        let shown = |x: Option<f64>| x.map_or_else(|| NONE.to_owned(), |x| number(x, 0));
        for (h, month) in self.report.figures.months().iter().enumerate() {
            let one = h..h + 1;
            let mut row = vec![month.to_string(), self.beside(signings[h], company, Measure::Signings, one.clone())];
            row.push(self.beside(buyers[h], company, Measure::Buyers, one.clone()));
            row.extend([goods[h], policies[h], renewals[h]].map(shown));
            row.push(self.plain(company, Measure::InForce, one.clone()));
            row.extend(bounded.iter().zip(&money).map(|(m, of)| self.beside(of[h], company, *m, one.clone())));
            row.extend(load.map(|m| self.plain(company, m, one.clone())));
            table.row(row);
        }
        format!("{}\n{}", self.say(&say::months()), table.text())
    }

    fn centres(&self) -> String {
        let Some(year) = self.report.figures.fiscal_years().pop() else { return String::new() };
        let regions = &self.report.view.known.data.grid.regions;
        let months = self.report.figures.months();
        let size = |node: usize| self.figure(Of::Node(node), Measure::Signings, year.months.clone());
        let shown = rows::shown(regions, 1, |node| size(node).map_or(0.0, |f| f.value));
        let mut table = Printed::new(&[]);
        let mut head: Vec<String> = ["region", "signings", "buyers", "goods"].map(|w| self.column(w)).to_vec();
        let measures = [Measure::Policies, Measure::Renewals, Measure::Revenue, Measure::Premiums];
        head.extend(measures.iter().map(|m| self.column(m.word())));
        head.extend(["most_people", "short"].map(|w| self.column(w)));
        table.head(head);
        let mut short_lines = String::new();
        let by_node = |m: Measure| {
            let value = |node: usize| self.figure(Of::Node(node), m, year.months.clone()).map(|f| f.value);
            self.by_node(self.decimals(m), value)
        };
        let [signings, buyers] = [Measure::Signings, Measure::Buyers].map(by_node);
        let goods = self.by_node(0, |node| Some(self.goods(Of::Node(node), year.months.clone())));
        let others = measures.map(by_node);
        for node in shown.nodes {
            let of = Of::Node(node);
            let name = format!("{}{}", "  ".repeat(regions.depth(node)), regions.name(node));
            let value = |of: &[f64]| of.get(node).copied();
            let mut row = vec![name, self.beside(value(&signings), of, Measure::Signings, year.months.clone())];
            row.push(self.beside(value(&buyers), of, Measure::Buyers, year.months.clone()));
            row.push(number(goods[node], 0));
            row.extend(others[..2].iter().map(|of| number(of[node], 0)));
            let money = measures.iter().zip(&others).skip(2);
            row.extend(money.map(|(m, all)| self.beside(value(all), of, *m, year.months.clone())));
            let people = year.months.clone().filter_map(|h| self.figure(of, Measure::People, h..h + 1));
            row.push(number(people.map(|f| f.value).fold(0.0, f64::max), 1));
            let all: Option<Vec<bool>> = (0..months.len()).map(|h| self.report.figures.is_short(node, h)).collect();
            let in_year = |all: &Vec<bool>| year.months.clone().filter(|h| all[*h]).count().to_string();
            row.push(all.as_ref().map_or_else(|| NONE.to_owned(), in_year));
            table.row(row);
            let people = |h: usize| self.figure(of, Measure::PeopleShort, h..h + 1).map_or(0.0, |f| f.value);
            let short = |all: &Vec<bool>| -> Vec<String> {
                let months = months.iter().enumerate().filter(|(h, _)| all[*h]);
                months.map(|(h, m)| format!("{m} ({})", number(people(h), 1))).collect()
            };
            let when = all.as_ref().map(short).unwrap_or_default();
            if !when.is_empty() && regions.leaf_of(node).is_some() {
                short_lines += &format!("{}\n", self.say(&say::short(regions.name(node), &when.join(", "))));
            }
        }
        let ends = |h: usize| months.get(h).map(Month::to_string).unwrap_or_default();
        let heading = say::centres(year.year, &ends(year.months.start), &ends(year.months.end.saturating_sub(1)));
        format!("{}\n{}{short_lines}", self.say(&heading), table.text())
    }

    fn communities(&self) -> String {
        let (r, p) = (self.report, self.report.projection);
        let months = r.figures.months();
        let year = 0..YEAR.min(months.len());
        let next = |c: usize| p.signings.ahead.row(c).iter().take(year.end).sum::<f64>();
        let mut all: Vec<usize> = r.known_communities().collect();
        all.sort_by(|a, b| next(*b).total_cmp(&next(*a)).then(a.cmp(b)));
        all.truncate(LARGEST);
        let data = r.view.known.data;
        let mut table = Printed::new(&[1, 2]);
        let measures = [Measure::Signings, Measure::Buyers, Measure::Policies, Measure::Revenue];
        let words = ["community", "region", "handover", "households", "signed"];
        let mut head: Vec<String> = words.map(|w| self.column(w)).to_vec();
        head.extend(measures.iter().map(|m| self.column(m.word())));
        table.head(head);
        for &c in &all {
            let community = &data.communities.list[c];
            let handovers: Vec<String> = r.view.known.parts(c).map(|part| part.handover.to_string()).collect();
            let name = if community.name.is_empty() {
                community.code.clone()
            } else {
                format!("{} ({})", community.name, community.code)
            };
            let region = data.grid.regions.name(data.grid.regions.node_of(community.leaf)).to_owned();
            let mut row = vec![name, region, handovers.join(" + ")];
            row.extend([p.record.households[c], p.signings.units.observed[c]].map(|x| number(x, 0)));
            row.extend(measures.map(|m| self.bounded(Of::Community(c), m, year.clone())));
            table.row(row);
        }
        let ends = |h: usize| months.get(h).map(Month::to_string).unwrap_or_default();
        let heading = say::largest(all.len(), &ends(0), &ends(year.end.saturating_sub(1)));
        format!("{}\n{}", self.say(&heading), table.text())
    }

    fn learned(&self) -> String {
        let p = self.report.projection;
        let data = self.report.view.known.data;
        let curve = &p.signings.curve;
        let shares: Vec<(i32, String)> = LAGS.map(|lag| (lag, percent(Some(curve.before(lag + 1))))).to_vec();
        let column = |sorting: &Sorting| -> Option<String> {
            match sorting.column? {
                0 => Some("region".to_owned()),
                i => data.communities.columns.get(i - 1).map(|c| c.name.clone()),
            }
        };
        let mut lines = vec![say::curve(&shares, curve.observed_to.filter(|_| p.record.is_recorded))];
        lines.extend(sources(&self.report.view.known, p));
        if p.record.is_recorded {
            let by = column(&p.signings.sorting);
            lines.push(sorted(&say::signing(), by.as_deref(), &p.signings.units));
        }
        for (goods, purchases) in [(true, &p.goods), (false, &p.policies)] {
            let Some(purchases) = purchases.as_ref().filter(|p| p.basis != Basis::Stated) else { continue };
            let what = say::flow(goods);
            let years: Vec<String> = purchases.flow.rates.iter().map(|x| percent(Some(*x))).collect();
            let next = purchases.trend.next_year();
            let [central, last, linear, at_once] =
                [share(purchases.trend.at(1.0)), next.last, next.linear, purchases.flow.developed(0)]
                    .map(|x| percent(Some(x)));
            if let Some((months, _)) = years_of(p.record.months).first().filter(|(months, _)| *months < YEAR) {
                lines.push(say::short_year(&what, *months));
            }
            lines.push(say::rates(&what, &years.join(", "), &central, &last, &linear, &at_once));
            if purchases.flat {
                lines.push(say::step());
            }
            let by = column(&purchases.sorting);
            lines.push(sorted(&what, by.as_deref(), &purchases.units));
        }
        if let Some(renewals) = &p.renewals {
            let rate = percent(Some(renewals.share));
            lines.push(match renewals.learned_from > 0.0 {
                true => say::renewals(&rate, &number(renewals.learned_from, 0)),
                false => say::renewals_stated(&rate),
            });
        }
        let load = &data.settings.load;
        let short = |x: f64| format!("{x}");
        lines.push(say::load(
            &short(load.minutes_per_contract),
            &short(load.hours_per_day),
            &short(load.people_per_counter),
        ));
        let lines: String = lines.iter().map(|line| format!("  {}\n", self.say(line))).collect();
        format!("{}\n{lines}", self.say(&say::learned()))
    }
}

/// Values as printed with so many decimals: they add up to what is printed of their `total`.
fn adding_up(exact: &[f64], total: f64, decimals: usize) -> Vec<f64> {
    let steps = 10.0_f64.powi(decimals as i32);
    let scaled: Vec<f64> = exact.iter().map(|x| x * steps).collect();
    let mut out = vec![0; exact.len()];
    whole(&scaled, nearest(total * steps), &mut out);
    out.into_iter().map(|x| x as f64 / steps).collect()
}

/// How communities are told apart, or that too few were seen to tell.
fn sorted(what: &Text, by: Option<&str>, units: &Units) -> Text {
    match units.pool > 0.0 {
        true => say::too_few_to_tell(what, TELLING),
        false => say::sorted(what, by, &number(units.kappa, 0)),
    }
}
