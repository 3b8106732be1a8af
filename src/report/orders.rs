//! The page of `yugu stock`: an order list, the suppliers, transfers, what to know, what stockouts cost.

use std::collections::BTreeMap;

use super::View;
use super::stock::{Delivery, deliveries, place, reason, supplier};
use super::table::{NONE, Table, maybe, number};
use crate::messages::Text;
use crate::messages::stock as say;
use crate::month::Month;
use crate::stages::stock::{Line, Plan, Reason, Source};

/// At most so many lines of a list are printed; the files have all.
const LINES: usize = 60;
/// And so many of what stockouts cost.
const LOST: usize = 10;

/// The page; `folder` is what the user calls the folder.
pub fn page(view: &View, plan: &Plan, folder: &str) -> String {
    let mut page = Page { view, plan, out: String::new() };
    page.head(folder);
    page.orders();
    page.suppliers();
    page.transfers();
    page.notes();
    page.lost();
    page.out
}

struct Page<'a, 'v> {
    view: &'a View<'v>,
    plan: &'a Plan,
    out: String,
}

impl Page<'_, '_> {
    fn say(&self, text: Text) -> String {
        text.get(self.view.lang).to_owned()
    }

    fn line(&mut self, text: Text) {
        self.out.push_str(text.get(self.view.lang));
        self.out.push('\n');
    }

    fn title(&mut self, text: Text) {
        self.out.push('\n');
        self.line(text);
    }

    /// A product for people: its code and its name.
    fn product(&self, product: usize) -> String {
        let products = &self.view.outlook.dataset.grid.products;
        let (code, name) = (products.codes[product].as_str(), products.name(product));
        if code == name { code.to_owned() } else { format!("{code} {name}") }
    }

    fn money(&self, yuan: f64) -> String {
        let unit = self.view.outlook.dataset.settings.units.money.yuan();
        number(yuan / unit, if unit > 1.0 { 2 } else { 0 })
    }

    fn head(&mut self, folder: &str) {
        let settings = &self.view.outlook.dataset.settings.stock;
        self.line(say::title(folder, self.plan.day));
        self.line(say::how(settings.review_days, settings.transfer_days));
        let count = |source: Source| self.plan.lines.iter().filter(|l| l.source == source).count();
        self.line(say::errors(count(Source::Ledger), count(Source::Backtest), count(Source::History)));
        if let Some(b) = self.plan.budget {
            let [given, spent, wanted] = [b.given, b.spent, b.wanted].map(|x| self.money(x));
            self.line(say::budget(&given, &spent, &wanted, b.lines, b.without_cost));
        }
    }

    fn orders(&mut self) {
        self.title(say::orders_title());
        let lines: Vec<&Line> = self.plan.lines.iter().filter(|l| l.order > 0.0).collect();
        if lines.is_empty() {
            self.line(say::nothing_to_order());
            return;
        }
        let mut table = Table::new(&[1, 2, 4, 5, 6, 14]);
        let heads = [
            say::product(),
            say::supplier(),
            say::location(),
            say::order(),
            say::order_by(),
            say::arrives(),
            say::runs_out(),
            say::on_hand(),
            say::on_order(),
            say::owed(),
            say::demand(),
            say::safety(),
            say::raw(),
            say::value(),
            say::why(),
        ];
        table.row(heads.into_iter().map(|h| self.say(h)).collect());
        table.rule();
        for line in lines.iter().take(LINES) {
            let day = |d: Option<chrono::NaiveDate>| d.map_or_else(|| NONE.to_owned(), |d| d.to_string());
            let [on_hand, on_order, owed] = self.all_below(line);
            let raw = (line.raw - if line.below == 0 { line.transfer_in } else { 0.0 }).max(0.0);
            table.row(vec![
                self.product(line.product),
                supplier(self.view, line.product).to_owned(),
                place(self.view, &line.locations),
                number(line.order, 0),
                day(line.order_by),
                day(line.arrives),
                day(line.runs_out),
                number(on_hand, 0),
                number(on_order, 0),
                number(owed, 0),
                number(line.demand, 0),
                number(line.safety, 0),
                number(raw, 0),
                line.value.map_or_else(|| NONE.to_owned(), |v| self.money(v)),
                self.say(reason(self.view, line)),
            ]);
        }
        self.out.push_str(&table.text());
        if lines.len() > LINES {
            self.line(say::more_lines(lines.len() - LINES));
        }
        self.line(say::about_orders());
    }

    /// On hand, on order and owed of a line and, where it buys, of all below: what its position is made of.
    fn all_below(&self, line: &Line) -> [f64; 3] {
        let regions = &self.view.outlook.dataset.grid.regions;
        let own = regions.leaves(line.node);
        let inside = |l: &&Line| {
            let leaves = regions.leaves(l.node);
            l.product == line.product && own.start <= leaves.start && leaves.end <= own.end
        };
        let mut sum = [line.on_hand, line.on_order, line.owed];
        if line.below > 0 {
            for other in self.plan.lines.iter().filter(inside).filter(|l| l.node != line.node) {
                sum = [sum[0] + other.on_hand, sum[1] + other.on_order, sum[2] + other.owed];
            }
        }
        sum
    }

    fn suppliers(&mut self) {
        let found = deliveries(self.view, self.plan);
        if found.is_empty() {
            return;
        }
        let mut sums: BTreeMap<(String, Month), Delivery> = BTreeMap::new();
        for ((supplier, month, _), d) in &found {
            sums.entry((supplier.clone(), *month)).or_insert(Delivery::NOTHING).add(d);
        }
        self.title(say::suppliers_title());
        let mut table = Table::new(&[1]);
        let heads = [say::supplier(), say::month(), say::due(), say::order(), say::value(), say::planned()];
        table.row(heads.into_iter().map(|h| self.say(h)).collect());
        table.rule();
        let mut total = Delivery::NOTHING;
        sums.values().for_each(|d| total.add(d));
        for ((supplier, month), sum) in sums.into_iter().take(LINES) {
            let name = if supplier.is_empty() { self.say(say::no_supplier()) } else { supplier };
            table.row(self.delivery(name, month.to_string(), sum));
        }
        table.rule();
        table.row(self.delivery(self.say(say::total()), String::new(), total));
        self.out.push_str(&table.text());
        self.line(say::about_planned());
    }

    fn delivery(&self, name: String, month: String, d: Delivery) -> Vec<String> {
        let value = d.value.map_or_else(|| NONE.to_owned(), |v| self.money(v));
        vec![name, month, number(d.due, 0), number(d.order, 0), value, number(d.planned, 0)]
    }

    fn transfers(&mut self) {
        if self.plan.transfers.is_empty() {
            return;
        }
        self.title(say::transfers_title());
        let mut table = Table::new(&[1, 2]);
        table.row([say::product(), say::from(), say::to(), say::units()].into_iter().map(|h| self.say(h)).collect());
        table.rule();
        for t in self.plan.transfers.iter().take(LINES) {
            let (from, to) = (place(self.view, &t.from.1), place(self.view, &t.to.1));
            table.row(vec![self.product(t.product), from, to, number(t.units, 0)]);
        }
        self.out.push_str(&table.text());
        if self.plan.transfers.len() > LINES {
            self.line(say::more_lines(self.plan.transfers.len() - LINES));
        }
    }

    /// What a purchaser would ask about: what is short and not ordered.
    fn notes(&mut self) {
        let short = |l: &&Line| match l.reason {
            Reason::LastBuyTooSmall { .. } | Reason::TooLate { .. } => true,
            Reason::Budget { .. } => l.order == 0.0,
            Reason::DoNotBuy => l.raw > 0.0,
            _ => false,
        };
        let lines: Vec<&Line> = self.plan.lines.iter().filter(short).collect();
        self.title(say::notes_title());
        for line in lines.iter().take(LINES) {
            let place = place(self.view, &line.locations);
            self.line(say::note(&self.product(line.product), &place, reason(self.view, line)));
        }
        if lines.len() > LINES {
            self.line(say::more_lines(lines.len() - LINES));
        }
        self.waiting();
        let enough = self.plan.lines.iter().filter(|l| matches!(l.reason, Reason::Enough | Reason::NoDemand)).count();
        self.line(say::enough_lines(enough));
        if self.plan.unstocked > 0 {
            self.line(say::unstocked(self.plan.unstocked));
        }
    }

    /// Locations that wait for their warehouse, a line a product.
    fn waiting(&mut self) {
        let mut by_product: BTreeMap<usize, (usize, f64)> = BTreeMap::new();
        for line in &self.plan.lines {
            if let Reason::WaitsForAbove { short } = line.reason {
                let sum = by_product.entry(line.product).or_default();
                *sum = (sum.0 + 1, sum.1 + short);
            }
        }
        for (product, (n, short)) in by_product {
            let mut buyers = self.plan.lines.iter().filter(|l| l.product == product && l.buys && l.below > 0);
            let Some(buyer) = buyers.next() else { continue };
            let next = buyer.due.into_iter().chain(buyer.arrives.filter(|_| buyer.order > 0.0)).min();
            let at = place(self.view, &buyer.locations);
            self.line(say::waiting(&self.product(product), &at, n, &number(short, 0), next));
        }
    }

    fn lost(&mut self) {
        let lost = &self.plan.lost;
        if lost.is_empty() {
            return;
        }
        let grid = &self.view.outlook.dataset.grid;
        self.title(say::lost_title());
        let mut table = Table::new(&[1]);
        let heads = [say::region(), say::product(), say::lost_units(), say::lost_net(), say::lost_margin()];
        table.row(heads.into_iter().map(|h| self.say(h)).collect());
        table.rule();
        let mut order: Vec<usize> = (0..lost.len()).collect();
        let size = |i: usize| (lost[i].margin.unwrap_or(0.0), lost[i].units);
        order.sort_by(|a, b| size(*b).0.total_cmp(&size(*a).0).then(size(*b).1.total_cmp(&size(*a).1)));
        for i in order.into_iter().take(LOST).filter(|i| lost[*i].units > 0.0) {
            let series = grid.series[lost[i].series];
            table.row(vec![
                super::plan::region_name(self.view, grid.regions.node_of(series.leaf)),
                self.product(series.product),
                number(lost[i].units, 0),
                number(lost[i].net, 0),
                lost[i].margin.map_or_else(|| NONE.to_owned(), |m| self.money(m)),
            ]);
        }
        table.rule();
        let sum = |of: &dyn Fn(usize) -> f64| (0..lost.len()).map(of).sum::<f64>();
        let known = lost.iter().any(|l| l.margin.is_some());
        table.row(vec![
            self.say(say::total()),
            String::new(),
            number(sum(&|i| lost[i].units), 0),
            number(sum(&|i| lost[i].net), 0),
            maybe(known.then(|| sum(&|i| lost[i].margin.unwrap_or(0.0))), 0),
        ]);
        self.out.push_str(&table.text());
        self.line(say::about_lost());
    }
}
