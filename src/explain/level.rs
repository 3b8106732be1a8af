//! Last year's same month made clean, growth, and the level of the region and group (R2, R3, R9).

use super::chain::{Chain, line};
use super::number::{Expr, Unit, number, sum, units};
use super::{Table, TableRow};
use crate::dataset::Measure;
use crate::grid::{COMPANY, Scope};
use crate::messages::explain as say;
use crate::month::Month;
use crate::stages::base::{Credit, Push, covers};
use crate::stages::growth::days_over_last_year;
use crate::stages::level::{Cell, KEPT, Rule, alike, events};

impl Chain<'_> {
    /// Every step to the level.
    pub fn level(&mut self) {
        let Some(cell) = self.point().level.get(self.cell, self.month).copied() else { return };
        match cell.rule {
            Rule::SameMonth => {
                let same = self.base_month(self.month.plus(-12), !cell.planned);
                self.like_days(same, &cell);
            }
            Rule::Pair(_) => self.pair(&cell),
            Rule::Target => return self.target(&cell),
            Rule::Recent(count) => self.recent(count, &cell),
            // Only cells with fitted numbers have it, and their chain is another.
            Rule::Fitted => return,
            Rule::Nothing => {
                let name = say::nothing_sold(&self.group_name());
                self.given(("level", "R9"), name, 0.0, Unit::Units);
                return;
            }
        }
        let grows = matches!(cell.rule, Rule::SameMonth | Rule::Pair(_));
        if grows && cell.planned {
            self.planned_growth();
        } else if grows {
            self.growth();
            self.growth_kept(&cell);
        }
        self.level_step(&cell, grows);
    }

    fn level_step(&mut self, cell: &Cell, grows: bool) {
        let planned =
            events(self.known, &self.point().level.effects, self.leaf, Scope::Group(self.group()), self.month);
        let mut expr = units(cell.base);
        if grows {
            expr = expr * (number(1.0) + Expr::Number(cell.growth, Unit::Rate));
        }
        for (times, _) in &planned {
            expr = expr * number(*times);
        }
        let name = say::level(&self.group_name(), self.month);
        let step = self.step(("level", "R9"), name, &expr.at_least_zero(), cell.level, Unit::Units);
        for (times, place) in &planned {
            step.input(say::planned_event(), *times, Unit::Factor, Some(place));
        }
        if planned.is_empty() {
            self.no_effect(say::no_planned_events());
        }
    }

    fn target(&mut self, cell: &Cell) {
        let name = say::level_is_target(&self.group_name(), self.month);
        let year = self.known.data.fiscal_year(self.month);
        let point = self.point();
        let (regions, leaf) = (&self.outlook.dataset.grid.regions, self.leaf);
        // The level itself, unless planned events change it in a step of their own.
        let id = if cell.events == 1.0 { "level" } else { "base" };
        let step = self.given((id, "R1 R9"), name, cell.without_events, Unit::Units);
        let above = |node: usize| regions.leaves(node).contains(&leaf);
        for link in point.targets.chain.iter().filter(|l| l.year == year && above(l.node)) {
            step.input(
                say::target_link(&link.stage, regions.name(link.node), link.measure == Measure::Revenue),
                link.total,
                Unit::Units,
                Some(&link.place),
            );
        }
        if cell.events != 1.0 {
            self.level_step(cell, false);
        }
    }

    fn recent(&mut self, count: usize, cell: &Cell) {
        let n = self.known.months();
        let sums: Vec<(Month, f64)> =
            (n - count.min(n)..n).map(|t| (self.known.data.month(t), self.clean_sum(t))).collect();
        let expr = sum(sums.iter().map(|s| s.1)) / number(count as f64);
        let name = say::recent_mean(&self.group_name(), count);
        let step = self.step(("base", "R9"), name, &expr, cell.base, Unit::Units);
        for (month, value) in sums {
            step.input(say::clean_in(month), value, Unit::Units, None);
        }
        self.no_effect(say::no_growth_yet());
    }

    /// Last year's month as of the days that this one has.
    fn like_days(&mut self, same: f64, cell: &Cell) {
        let times = self.known.data.days_over_last_year(self.known.months(), self.month);
        if times != 1.0 {
            let expr = units(same) * number(times);
            self.step(("days", "R9"), say::like_days(self.month), &expr, cell.base, Unit::Units);
        }
    }

    /// January and February of last year, split by this year's selling days.
    fn pair(&mut self, cell: &Cell) {
        let calendar = &self.known.data.calendar;
        let (month, Some(other)) = (self.month, calendar.pair(self.month)) else { return };
        let (days, other_days) = (calendar.selling_days(month), calendar.selling_days(other));
        let same = self.base_month(month.plus(-12), !cell.planned);
        let beside = self.base_month(other.plus(-12), !cell.planned);
        let all = Expr::Number(days, Unit::Days) + Expr::Number(other_days, Unit::Days);
        let expr = (units(same) + units(beside)) * Expr::Number(days, Unit::Days) / all;
        self.step(("base", "R9"), say::pair(month), &expr, cell.base, Unit::Units)
            .input(say::selling_days(month), days, Unit::Days, None)
            .input(say::selling_days(other), other_days, Unit::Days, None);
    }

    /// Demand of the cell in one month of last year, its events credited where `clean`. Gives what comes out.
    fn base_month(&mut self, month: Month, clean: bool) -> f64 {
        let Some(t) = self.known.visible_index(month) else {
            // A year ahead of the year ahead: last year's month is itself a forecast.
            let level = self.point().level.get(self.cell, month).map_or(0.0, |cell| cell.without_events);
            let name = say::base_forecast(&self.group_name(), month);
            self.given(("base_month", "R9"), name, level, Unit::Units);
            return level;
        };
        let series: Vec<usize> =
            self.in_cell().filter(|&s| self.known.units[(s, t)] != 0.0 || self.demand(s, t) != 0.0).collect();
        let demand: f64 = self.in_cell().map(|s| self.demand(s, t)).sum();
        let corrected = series.iter().any(|&s| self.demand(s, t) != self.known.units[(s, t)]);
        let name = if corrected {
            say::base_demand(&self.group_name(), month)
        } else {
            say::base_sales(&self.group_name(), month)
        };
        let expr = sum(series.iter().map(|&s| self.demand(s, t)));
        let table = self.month_table(&series, t, corrected);
        let rule = if corrected { "R3 R9 A" } else { "R3 R9" };
        self.step(("base_month", rule), name, &expr, demand, Unit::Units).table = Some(table);
        if !corrected {
            self.no_effect(say::no_stockouts(month));
        }
        if clean {
            let rest = self.without_communities(t, demand);
            let clean = self.credits(t, rest);
            self.like_today(t, clean)
        } else {
            demand
        }
    }

    /// A month of last year made like today's series: what is gone left out, what came since joined.
    fn like_today(&mut self, t: usize, clean: f64) -> f64 {
        let point = self.point();
        let series = match &point.clean {
            Some(clean) => clean.view(),
            None => point.demand(self.known),
        };
        let rate = point.growth.on(self.cell, self.group(), t);
        let found = alike(series, &point.growth, self.in_cell(), t, rate);
        if found.gone == 0.0 && found.joined() == 0.0 {
            return clean;
        }
        let (mut expr, mut like) = (units(clean), clean);
        if found.gone != 0.0 {
            (expr, like) = (expr - units(found.gone), like - found.gone);
        }
        if found.joined() != 0.0 {
            (expr, like) = (expr + units(found.own) * number(found.times), like + found.joined());
        }
        let like = like.max(0.0);
        let name = say::like_today(self.known.data.month(t));
        let step = self.step(("alike", "R2 R4 R5"), name, &expr.at_least_zero(), like, Unit::Units);
        if found.gone != 0.0 {
            step.input(say::gone(), found.gone, Unit::Units, None);
        }
        if found.joined() != 0.0 {
            step.input(say::came(), found.own, Unit::Units, None).input(
                say::season_over_growth(),
                found.times,
                Unit::Factor,
                None,
            );
        }
        like
    }

    /// Products, sales, availability and demand of one month.
    fn month_table(&self, series: &[usize], t: usize, corrected: bool) -> Table {
        let mut columns = vec![say::product(), say::sales()];
        let mut counted = vec![Unit::Units];
        if corrected {
            columns.extend([say::in_stock(), say::demand()]);
            counted.extend([Unit::Share, Unit::Units]);
        }
        let row = |&s: &usize| {
            let mut values = vec![self.known.units[(s, t)]];
            if corrected {
                values.extend([self.availability(s, t), self.demand(s, t)]);
            }
            let place = self.known.data.place(s, t).as_ref().map(line);
            TableRow { name: self.product_text(s), values, place }
        };
        Table { columns, rows: series.iter().map(row).collect(), units: counted }
    }

    /// The events that were taken out of a month of last year, one by one.
    fn credits(&mut self, t: usize, demand: f64) -> f64 {
        let point = self.point();
        let own = self.cell;
        let credits = point.credits.iter().filter(|c| c.cell == own && (c.months.0..=c.months.1).contains(&t));
        let mut now: Vec<(usize, f64)> = self.in_cell().map(|s| (s, self.rest(s, t))).collect();
        let mut total = demand;
        let mut any = false;
        for credit in credits {
            let Some(factor) = self.known.factors.get(credit.factor).copied() else { continue };
            let known = self.known;
            let touched = |s: usize| covers(factor, known, s);
            let part: f64 = now.iter().filter(|(s, _)| touched(*s)).map(|x| x.1).sum();
            let name = say::credited(self.known.data.month(t), &factor.reason);
            let before = total;
            if credit.expected.is_none() {
                self.effect_factor(credit);
                let rest = total - part;
                total = rest + part * credit.times;
                let times = number(credit.times);
                let all = now.iter().all(|(s, x)| *x == 0.0 || touched(*s));
                let expr = if all { units(before) * times } else { units(rest) + units(part) * times };
                self.step(("clean", "R2 R3 C"), name, &expr, total, Unit::Units);
            } else {
                let added = self.credited_part(credit, t);
                total = before + added;
                self.step(("clean", "R2 R3 C"), name, &(units(before) + units(added)), total, Unit::Units);
            }
            let times = if part > 0.0 { (part + total - before) / part } else { 1.0 };
            now.iter_mut().filter(|(s, _)| touched(*s)).for_each(|x| x.1 *= times);
            any = true;
        }
        if !any {
            self.no_effect(say::no_credits(self.known.data.month(t)));
        }
        self.pushed(t, total)
    }

    /// Goods pushed into the channel in a month, taken out of it.
    fn pushed(&mut self, t: usize, mut total: f64) -> f64 {
        let (point, cell) = (self.point(), self.cell);
        let here = |p: &&Push| p.month == t && p.cells.contains(&cell);
        for push in point.pushes.iter().filter(here) {
            let expr = units(total) * units(push.counts_as) / units(push.sold);
            total *= push.times();
            self.step(("pushed", "R11"), say::pushed(self.known.data.month(t)), &expr, total, Unit::Units)
                .input(say::sell_in(), push.sold, Unit::Units, None)
                .input(say::counts_as(), push.counts_as, Unit::Units, None);
        }
        total
    }

    /// What a stated effect divides its months by.
    fn effect_factor(&mut self, credit: &Credit) {
        let Some(factor) = self.known.factors.get(credit.factor).copied() else { return };
        let Some(effect) = factor.effect else { return };
        let expr = number(1.0) / (number(1.0) + Expr::Number(effect, Unit::Rate));
        let name = say::effect_out(&factor.reason);
        let step = self.step(("event", "R2 R3"), name, &expr, credit.times, Unit::Factor);
        step.input(say::effect(), effect, Unit::Rate, Some(&factor.place));
    }

    /// What a factor without a stated effect credits: part of the gap to what the other regions let expect, and of that
    /// the month's part. Gives the month's part.
    fn credited_part(&mut self, credit: &Credit, t: usize) -> f64 {
        let Some(factor) = self.known.factors.get(credit.factor).copied() else { return 0.0 };
        let Some(&(short, part)) = t.checked_sub(credit.months.0).and_then(|i| credit.parts.get(i)) else { return 0.0 };
        let psi = credit.part;
        let expected = credit.expected.unwrap_or(credit.demand);
        let expr = number(psi) * (units(expected) - units(credit.demand));
        self.step(("event", "R2 C"), say::credit(&factor.reason), &expr, credit.credited, Unit::Units)
            .input(say::demand_then(), credit.demand, Unit::Units, Some(&factor.place))
            .input(say::expected(), expected, Unit::Units, None)
            .input(say::credited_part(), psi, Unit::Share, None);
        if credit.parts.len() > 1 {
            let all: f64 = credit.parts.iter().map(|p| p.0).sum();
            let expr = units(credit.credited) * (units(short) / units(all));
            self.step(("event_part", "R2 C"), say::part_of_month(self.known.data.month(t)), &expr, part, Unit::Units);
        }
        part
    }

    fn planned_growth(&mut self) {
        let Some((rate, row)) = self.point().growth.rates.of(self.known, self.cell, self.month) else { return };
        let growth = row.growth;
        self.given(("growth", "R2"), say::planned_growth(row.year, &row.reason), growth, Unit::Rate).input(
            say::growth(),
            growth,
            Unit::Rate,
            Some(&row.place),
        );
        if rate != growth {
            self.given(("growth", "R2"), say::growth_left(), rate, Unit::Rate);
        }
    }

    /// The growth that the history shows.
    fn growth(&mut self) {
        let point = self.point();
        let growth = &point.growth;
        let Some(rate) = growth.cells.get(self.cell).copied() else { return };
        let company = growth.company.get(self.group()).copied().flatten();
        let mut window = growth.window.clone();
        window.reverse();
        let (Some(first), Some(last)) = (window.first(), window.last()) else {
            return self.no_effect(say::no_growth_yet());
        };
        let span = (self.known.data.month(*first), self.known.data.month(*last));
        if let Some(own) = rate.own {
            let now = sum(window.iter().map(|&t| self.through_sum(t)));
            let of_days = |t: usize| match days_over_last_year(self.known, t) {
                1.0 => units(self.through_sum(t - 12)),
                times => units(self.through_sum(t - 12)) * number(times),
            };
            let before = window.iter().map(|&t| of_days(t)).reduce(|a, b| a + b).unwrap_or(units(0.0));
            let name = say::own_growth(self.region(), span);
            self.step(("own_growth", "R2"), name, &(now / before - number(1.0)), own, Unit::Rate);
        }
        if let Some(all) = company {
            let of_group = |cell: &usize| self.known.data.grid.cell_key(*cell).1 == self.group();
            let cells = (0..growth.cells.len()).filter(of_group).map(|c| &growth.cells[c]);
            let (now, before) =
                cells.filter(|r| r.own.is_some()).fold((0.0, 0.0), |s, r| (s.0 + r.sums.0, s.1 + r.sums.1));
            let expr = units(now) / units(before) - number(1.0);
            let name = say::company_growth(self.known.data.grid.regions.name(COMPANY), span);
            self.step(("company_growth", "R2"), name, &expr, all, Unit::Rate);
        }
        match (rate.own, company) {
            (Some(own), _) if rate.moved.is_some() => {
                self.given(("growth", "R2"), say::own_growth_in_full(), own, Unit::Rate);
            }
            (Some(own), Some(all)) => {
                let weight = self.outlook.parameters().own_growth * rate.covered;
                let rate_of = |x| Expr::Number(x, Unit::Rate);
                let expr = rate_of(all) + number(weight) * (rate_of(own) - rate_of(all));
                self.step(("growth", "R2 C"), say::growth_between(), &expr, rate.used, Unit::Rate).input(
                    say::own_weight(),
                    weight,
                    Unit::Share,
                    None,
                );
            }
            (None, Some(_)) => {
                self.given(("growth", "R2"), say::growth_of_company(), rate.used, Unit::Rate);
            }
            _ => self.no_effect(say::no_growth_yet()),
        }
    }

    /// What becomes of that growth where the level moved, or would leave all that was ever sold.
    fn growth_kept(&mut self, cell: &Cell) {
        let growth = &self.point().growth;
        let Ok(base) = usize::try_from(self.known.index(self.month.plus(-12))) else { return };
        let Some(rate) = growth.cells.get(self.cell) else { return };
        let mut on = growth.on(self.cell, self.group(), base);
        if let Some(moved) = rate.moved.filter(|moved| base >= *moved) {
            let name = say::growth_behind(self.region(), self.known.data.month(moved));
            self.given(("growth", "R2"), name, on, Unit::Rate);
        }
        if base >= self.known.months() {
            let expr = number(KEPT) * Expr::Number(on, Unit::Rate);
            self.step(("growth", "R2"), say::growth_fades(), &expr, KEPT * on, Unit::Rate);
            on *= KEPT;
        }
        if cell.growth != on {
            self.given(("growth", "R2"), say::growth_bounded(), cell.growth, Unit::Rate);
        }
    }

    /// The leaf's name.
    pub fn region(&self) -> &str {
        let regions = &self.known.data.grid.regions;
        regions.name(regions.node_of(self.leaf))
    }

    /// Demand of a series in a month of the history.
    pub fn demand(&self, series: usize, t: usize) -> f64 {
        self.point().demand(self.known).get((series, t)).copied().unwrap_or(0.0)
    }

    /// Share of the month's selling days with stock.
    pub fn availability(&self, series: usize, t: usize) -> f64 {
        self.known.availability.and_then(|a| a.get((series, t)).copied()).unwrap_or(1.0)
    }

    /// Clean demand of the cell in a month.
    fn clean_sum(&self, t: usize) -> f64 {
        self.in_cell().map(|s| self.clean(s, t)).sum()
    }

    /// The same of series that were there through both growth windows.
    fn through_sum(&self, t: usize) -> f64 {
        self.in_cell().filter(|s| self.point().growth.is_through(*s)).map(|s| self.clean(s, t)).sum()
    }

    fn clean(&self, series: usize, t: usize) -> f64 {
        match &self.point().clean {
            Some(clean) => clean.get((series, t)).copied().unwrap_or(0.0),
            None => self.rest(series, t),
        }
    }
}
