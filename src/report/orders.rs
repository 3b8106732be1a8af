//! The page of `yugu stock`: an order list, the suppliers, transfers, what to know, what stockouts cost.

use std::collections::BTreeMap;

use super::View;
use super::names::{place, supplier, supplier_of};
use super::papers as lists;
use super::stock::{Delivery, deliveries, reason};
use super::table::{NONE, Printed, number};
use crate::messages::Text;
use crate::messages::orders as papers;
use crate::messages::stock as say;
use crate::month::Month;
use crate::stock::{Line, Lost, Plan, Reason, Reschedule, Source, Urgency};

/// At most so many lines of a list are printed; the files have all.
const LINES: usize = 60;
/// And so many of what stockouts cost.
const LOST: usize = 10;
/// And so many of each list of papers.
const LISTED: usize = 15;

/// A day, or that there is none.
fn day(day: Option<chrono::NaiveDate>) -> String {
    day.map_or_else(|| NONE.to_owned(), |day| day.to_string())
}

/// How much an order hurries, in words.
pub fn urgency(urgency: Urgency) -> Text {
    match urgency {
        Urgency::Late => papers::urgency_late(),
        Urgency::Now => papers::urgency_now(),
        Urgency::Soon => papers::urgency_soon(),
    }
}

/// The page; `folder` is what the user calls the folder, `details` asks for how each order comes about.
pub fn page(view: &View, plan: &Plan, folder: &str, details: bool) -> String {
    let mut page = Page { view, plan, out: String::new() };
    page.head(folder);
    page.orders();
    if details {
        page.details();
    }
    page.suppliers();
    page.transfers();
    page.chase();
    page.reschedules();
    page.late();
    page.surplus();
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

    /// The lines with an order, the most urgent first.
    fn ordered(&self) -> Vec<&'_ Line> {
        self.plan.lines.iter().filter(|l| l.order > 0.0).collect()
    }

    /// The order list: the first columns of `stock.csv`.
    fn orders(&mut self) {
        self.title(say::orders_title());
        let lines = self.ordered();
        if lines.is_empty() {
            self.line(say::nothing_to_order());
            return;
        }
        let mut table = Printed::new(&[1, 2, 4, 6, 8]);
        let heads = [
            papers::urgency(),
            say::product(),
            say::location(),
            say::on_hand(),
            papers::need_by(),
            say::order(),
            say::supplier(),
            say::value(),
            say::why(),
        ];
        table.head(heads.into_iter().map(|h| self.say(h)).collect());
        for line in lines.iter().take(LINES) {
            table.row(vec![
                line.urgency().map_or_else(String::new, |u| self.say(urgency(u))),
                self.product(line.product),
                place(self.view, &line.locations),
                number(line.on_hand, 0),
                day(line.need_by()),
                number(line.order, 0),
                supplier(self.view, line.product).to_owned(),
                line.value.map_or_else(|| NONE.to_owned(), |v| self.money(v)),
                self.say(reason(self.view, line)),
            ]);
        }
        let (more, text) = (lines.len().saturating_sub(LINES), table.text());
        self.out.push_str(&text);
        self.more(more, "stock.csv");
        self.line(papers::about_list());
    }

    /// How each order comes about, so that the formula of the need can be followed.
    fn details(&mut self) {
        let lines = self.ordered();
        if lines.is_empty() {
            return;
        }
        let mut table = Printed::new(&[1, 10, 11]);
        let heads = [
            say::product(),
            say::location(),
            papers::bought_for(),
            say::safety(),
            papers::all_on_hand(),
            papers::in_time(),
            papers::all_owed(),
            say::raw(),
            papers::transfer_in(),
            say::order(),
            say::order_by(),
            say::arrives(),
        ];
        table.head(heads.into_iter().map(|h| self.say(h)).collect());
        for line in lines.iter().take(LINES) {
            let digits = if self.view.outlook.dataset.is_whole(line.product) { 0 } else { 3 };
            let all = line.echelon;
            let numbers = [
                line.bought_for,
                line.safety,
                all.on_hand,
                all.in_time,
                all.owed,
                line.raw,
                line.moved_in(),
                line.order,
            ];
            let mut row = vec![self.product(line.product), place(self.view, &line.locations)];
            row.extend(numbers.map(|x| number(x, digits)));
            row.extend([day(line.order_by), day(line.arrives)]);
            table.row(row);
        }
        let (more, text) = (lines.len().saturating_sub(LINES), table.text());
        self.title(papers::details_title());
        self.out.push_str(&text);
        self.more(more, "stock.csv");
        self.line(papers::about_details());
    }

    /// How many rows are not shown, and where they are.
    fn more(&mut self, n: usize, file: &str) {
        if n > 0 {
            self.line(papers::more_rows(n, file));
        }
    }

    /// A table of a list with its title, at most so many rows.
    fn list(&mut self, title: Text, (left, heads): (&[usize], Vec<Text>), rows: Vec<Vec<String>>, file: &str) {
        if rows.is_empty() {
            return;
        }
        self.title(title);
        let mut table = Printed::new(left);
        table.head(heads.into_iter().map(|h| self.say(h)).collect());
        let more = rows.len().saturating_sub(LISTED);
        rows.into_iter().take(LISTED).for_each(|row| table.row(row));
        self.out.push_str(&table.text());
        self.more(more, file);
    }

    fn chase(&mut self) {
        let row = |c: &lists::Chase| {
            let why = match c.why {
                lists::Chased::Overdue => papers::overdue(),
                lists::Chased::TooLate => papers::too_late(),
                lists::Chased::Unconfirmed => papers::unconfirmed(),
            };
            vec![
                lists::number(self.view, c.open).to_owned(),
                supplier_of(self.view, c.open).to_owned(),
                self.product(c.open.product),
                place(self.view, &[c.open.location]),
                number(c.open.units, 0),
                day(c.open.due),
                number(c.days as f64, 0),
                self.say(why),
            ]
        };
        let rows = lists::chase(self.view, self.plan).iter().map(row).collect();
        let heads = vec![
            papers::order_number(),
            say::supplier(),
            say::product(),
            say::location(),
            say::units(),
            papers::due_day(),
            papers::days_late(),
            say::why(),
        ];
        self.list(papers::chase_title(), (&[1, 2, 3, 5, 7], heads), rows, "chase.csv");
    }

    fn reschedules(&mut self) {
        let row = |r: &Reschedule| {
            let open = self.plan.open.get(r.open)?;
            let action = if r.to.is_some() { papers::put_off() } else { papers::cancel() };
            Some(vec![
                lists::number(self.view, open).to_owned(),
                supplier_of(self.view, open).to_owned(),
                self.product(open.product),
                place(self.view, &[open.location]),
                number(r.units, 0),
                day(open.due),
                self.say(action),
                day(r.to),
                lists::value(self.view, open, r.units).map_or_else(|| NONE.to_owned(), |v| self.money(v)),
            ])
        };
        let rows = self.plan.reschedules.iter().filter_map(row).collect();
        let heads = vec![
            papers::order_number(),
            say::supplier(),
            say::product(),
            say::location(),
            say::units(),
            papers::due_day(),
            say::why(),
            papers::needed(),
            say::value(),
        ];
        self.list(papers::reschedule_title(), (&[1, 2, 3, 5, 6, 7], heads), rows, "reschedule.csv");
    }

    fn late(&mut self) {
        let row = |(line, margin): &(&Line, Option<f64>)| {
            vec![
                self.product(line.product),
                place(self.view, &line.locations),
                supplier(self.view, line.product).to_owned(),
                day(line.runs_out),
                lists::earliest(self.view, self.plan, line).to_string(),
                number(line.short, 0),
                margin.map_or_else(|| NONE.to_owned(), |m| self.money(m)),
            ]
        };
        let rows = lists::late(self.view, self.plan).iter().map(row).collect();
        let heads = vec![
            say::product(),
            say::location(),
            say::supplier(),
            say::runs_out(),
            say::arrives(),
            papers::short(),
            say::lost_margin(),
        ];
        self.list(papers::late_title(), (&[1, 2, 3, 4], heads), rows, "late.csv");
    }

    fn surplus(&mut self) {
        let row = |s: &lists::Surplus| {
            let why = match s.retires {
                Some(last) => format!("{} {last}", self.say(papers::leftover())),
                None => self.say(papers::overstock()),
            };
            vec![
                self.product(s.line.product),
                place(self.view, &s.line.locations),
                number(s.line.echelon.on_hand, 0),
                number(s.line.echelon.on_order, 0),
                number(s.line.surplus, 0),
                s.value.map_or_else(|| NONE.to_owned(), |v| self.money(v)),
                why,
            ]
        };
        let rows: Vec<Vec<String>> = lists::surplus(self.view, self.plan).iter().map(row).collect();
        let any = !rows.is_empty();
        let heads = vec![
            say::product(),
            say::location(),
            papers::all_on_hand(),
            papers::all_on_order(),
            papers::surplus(),
            say::value(),
            say::why(),
        ];
        self.list(papers::overstock_title(), (&[1, 6], heads), rows, "overstock.csv");
        if any {
            self.line(papers::about_surplus(self.view.outlook.dataset.settings.stock.overstock_days));
        }
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
        let mut table = Printed::new(&[1]);
        let heads = [say::supplier(), say::month(), say::due(), say::order(), say::value(), say::planned()];
        table.head(heads.into_iter().map(|h| self.say(h)).collect());
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
        let mut table = Printed::new(&[1, 2]);
        table.head([say::product(), say::from(), say::to(), say::units()].into_iter().map(|h| self.say(h)).collect());
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
            Reason::LastBuyTooSmall { .. } | Reason::TooLate { .. } | Reason::Slipped { .. } => true,
            Reason::DoNotBuy => l.raw > 0.0,
            _ => l.order == 0.0 && !l.changes.is_empty(),
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
        let is_enough = |l: &&Line| l.order == 0.0 && matches!(l.reason, Reason::Enough | Reason::NoDemand);
        let enough = self.plan.lines.iter().filter(is_enough).count();
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
        let mut table = Printed::new(&[1]);
        let heads = [say::region(), say::product(), say::lost_units(), say::lost_net(), say::lost_margin()];
        table.head(heads.into_iter().map(|h| self.say(h)).collect());
        let mut order: Vec<usize> = (0..lost.len()).collect();
        let size = |i: usize| (lost[i].margin.unwrap_or(0.0), lost[i].units);
        order.sort_by(|a, b| size(*b).0.total_cmp(&size(*a).0).then(size(*b).1.total_cmp(&size(*a).1)));
        let whole = |of: fn(&Lost) -> f64, some: &[usize]| some.iter().map(|i| of(&lost[*i]).round()).sum::<f64>();
        // Money to the last digit printed, so that it adds up, too.
        let unit = self.view.outlook.dataset.settings.units.money.yuan();
        let step = if unit > 1.0 { unit / 100.0 } else { 1.0 };
        let printed = |m: f64| (m / step).round() * step;
        let margins = |some: &[usize]| {
            let known: Vec<f64> = some.iter().filter_map(|i| lost[*i].margin).map(printed).collect();
            (!known.is_empty()).then(|| known.iter().sum::<f64>())
        };
        let money = |margin: Option<f64>| margin.map_or_else(|| NONE.to_owned(), |m| self.money(m));
        // What is printed adds up as printed: the rows that are not shown are one row.
        let shown = order.iter().take_while(|i| lost[**i].units > 0.0).count().min(LOST);
        let (listed, rest) = order.split_at(shown);
        for &i in listed {
            let series = grid.series[lost[i].series];
            table.row(vec![
                super::names::region_name(self.view, grid.regions.node_of(series.leaf)),
                self.product(series.product),
                number(lost[i].units.round(), 0),
                number(lost[i].net.round(), 0),
                money(lost[i].margin.map(printed)),
            ]);
        }
        let sums = |some: &[usize]| [whole(|l| l.units, some), whole(|l| l.net, some)].map(|x| number(x, 0));
        if !rest.is_empty() {
            let [units, net] = sums(rest);
            table.row(vec![self.say(papers::others()), number(rest.len() as f64, 0), units, net, money(margins(rest))]);
        }
        table.rule();
        let [units, net] = sums(&order);
        table.row(vec![self.say(say::total()), String::new(), units, net, money(margins(&order))]);
        self.out.push_str(&table.text());
        self.line(say::about_lost());
    }
}
