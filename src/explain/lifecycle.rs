//! What launches and retirements made of the share (R4, R5).

use super::chain::Chain;
use super::number::{Expr, Unit, number, units};
use crate::messages::Text;
use crate::messages::explain as say;
use crate::stages::level::Cell;
use crate::stages::lifecycle::{Event, Like, Note, age};

/// Shares of one cell as the lifecycle's notes have them.
struct Shares {
    series: usize,
    /// After retired products have given theirs away.
    moved: f64,
    /// Where a rule fixes it.
    fixed: Option<f64>,
}

impl Chain<'_> {
    /// The steps from the mix's share to the share used.
    pub fn lifecycle(&mut self) {
        let baseline = self.baseline_ahead();
        let range = self.in_cell();
        let notes: Vec<&Note> =
            baseline.notes.iter().filter(|n| n.month == self.k && range.contains(&n.series)).collect();
        if notes.is_empty() {
            return self.no_effect(say::no_lifecycle());
        }
        let level = self.point().level.get(self.cell, self.month).copied().unwrap_or_default();
        let all: Vec<Shares> = range.map(|s| self.shares(s, &notes, &level)).collect();
        let own: Vec<&Event> = notes.iter().filter(|n| n.series == self.series).map(|n| &n.event).collect();
        let mut share = self.mix_share(self.series);
        for event in own {
            share = self.event(event, share, level.without_events);
        }
        self.settle(&all, share, &notes);
    }

    fn shares(&self, series: usize, notes: &[&Note], level: &Cell) -> Shares {
        let mut out = Shares { series, moved: self.mix_share(series), fixed: None };
        for note in notes.iter().filter(|n| n.series == series) {
            match &note.event {
                Event::Succeeds { share, part, .. } => out.moved += share * part,
                Event::NotYet | Event::Slipped { .. } => out.fixed = Some(0.0),
                Event::New { share, ramp, .. } | Event::Growing { share, ramp } => out.fixed = Some(share * ramp),
                // Beside a level that does not hold, they take nothing from it.
                Event::OwnSales { base, season, growth, .. } if level.holds() && level.without_events > 0.0 => {
                    let taken = out.moved - self.mix_share(series);
                    out.fixed.get_or_insert((base * season * (1.0 + growth)).max(0.0) / level.without_events + taken);
                }
                Event::OwnSales { .. } | Event::Retired { .. } => {}
            }
        }
        // Gone goes before everything else.
        if notes.iter().any(|n| n.series == series && matches!(n.event, Event::Retired { .. })) {
            (out.moved, out.fixed) = (0.0, Some(0.0));
        }
        out
    }

    /// One event of the product itself; gives the share after it.
    fn event(&mut self, event: &Event, before: f64, level: f64) -> f64 {
        let share_of = |x| Expr::Number(x, Unit::Share);
        let tau = self.baseline_ahead().ramp_months;
        let grid = &self.known.data.grid;
        let id = |rule| ("lifecycle", rule);
        match event {
            Event::Retired { successor } => {
                let name = say::retired(self.known.retire(self.product), successor.map(|p| grid.products.name(p)));
                let place = self.product_place();
                self.given(id("R5"), name, 0.0, Unit::Share).input(
                    say::share_before(),
                    before,
                    Unit::Share,
                    place.as_ref(),
                );
                0.0
            }
            Event::Succeeds { from, share, part } => {
                let after = before + share * part;
                let expr = share_of(before) + share_of(*share) * number(*part);
                let name = say::succeeds(grid.products.name(*from));
                let place = self.product_place();
                let taken = self.outlook.parameters().successor_share;
                self.step(id("R5"), name, &expr, after, Unit::Share)
                    .input(say::successor_share(), taken, Unit::Share, place.as_ref())
                    .input(say::ramp(), if taken > 0.0 { part / taken } else { 0.0 }, Unit::Factor, None);
                after
            }
            Event::NotYet => {
                let place = self.product_place();
                self.given(id("R4"), say::not_yet(), 0.0, Unit::Share).input(
                    say::share_before(),
                    before,
                    Unit::Share,
                    place.as_ref(),
                );
                0.0
            }
            Event::Slipped { launch, share } => {
                let place = self.product_place();
                self.given(id("R4"), say::slipped(*launch), 0.0, Unit::Share).input(
                    say::share_otherwise(),
                    *share,
                    Unit::Share,
                    place.as_ref(),
                );
                0.0
            }
            Event::New { like, share, ramp, age } => {
                let up = number(1.0) - (Expr::Number(-age, Unit::Months) / number(tau)).exp();
                self.step(("ramp", "R4 B"), say::ramp_at(*age, tau), &up, *ramp, Unit::Factor);
                let name = say::new_product(&self.like(like));
                let place = self.product_place();
                self.step(id("R4"), name, &(share_of(*share) * number(*ramp)), share * ramp, Unit::Share).input(
                    say::expected_share(),
                    *share,
                    Unit::Share,
                    place.as_ref(),
                );
                share * ramp
            }
            Event::Growing { share, ramp } => self.growing(*share, *ramp, tau),
            Event::OwnSales { base, months, season, growth, place } => {
                if level <= 0.0 {
                    return before;
                }
                let taken = before - self.mix_share(self.series);
                let after = (base * season * (1.0 + growth)).max(0.0) / level + taken;
                let of_season = if *season == 1.0 { units(*base) } else { units(*base) * number(*season) };
                let sales = of_season * (number(1.0) + Expr::Number(*growth, Unit::Rate));
                let name = say::own_sales(*months);
                let mut expr = sales.at_least_zero() / units(level);
                if taken > 0.0 {
                    expr = expr + share_of(taken);
                }
                self.step(id("R4"), name, &expr, after, Unit::Share)
                    .input(say::own_base(*months), *base, Unit::Units, None)
                    .input(say::group_season(), *season, Unit::Factor, None)
                    .input(say::growth(), *growth, Unit::Rate, place.as_ref());
                after
            }
        }
    }

    fn growing(&mut self, share: f64, ramp: f64, tau: f64) -> f64 {
        if let Some(launch) = self.known.launch(self.product) {
            let up = |age: f64| number(1.0) - (Expr::Number(-age, Unit::Months) / number(tau)).exp();
            let (now, then) = (age(launch, self.month), age(launch, self.known.origin.cutoff));
            let name = say::ramp_on(now, then, tau);
            self.step(("ramp", "R4 B"), name, &(up(now) / up(then)), ramp, Unit::Factor);
        }
        let place = self.product_place();
        let expr = Expr::Number(share, Unit::Share) * number(ramp);
        self.step(("lifecycle", "R4"), say::first_year(), &expr, share * ramp, Unit::Share).input(
            say::share_before(),
            share,
            Unit::Share,
            place.as_ref(),
        );
        share * ramp
    }

    fn like(&self, like: &Like) -> Text {
        let name = |p: usize| self.known.data.grid.products.name(p);
        match like {
            Like::Named(p) => say::like_named(name(*p)),
            Like::Replaced(p) => say::like_replaced(name(*p)),
            Like::LastLaunches(n) => say::like_launches(*n),
            Like::SmallestHalf(n) => say::like_smallest(*n),
        }
    }

    fn product_place(&self) -> Option<crate::error::Place> {
        self.known.data.products.get(self.product).and_then(|p| p.place.clone())
    }

    /// What is fixed comes first, the others share what it leaves.
    fn settle(&mut self, all: &[Shares], share: f64, notes: &[&Note]) {
        let used = self.baseline_ahead().shares[(self.series, self.k)];
        let beside = |n: &&Note| n.series == self.series && matches!(n.event, Event::OwnSales { .. });
        if notes.iter().any(beside) && (used - share).abs() < 1e-12 {
            return;
        }
        let Some(own) = all.iter().find(|x| x.series == self.series) else { return };
        let taken: f64 = all.iter().filter_map(|x| x.fixed).sum();
        let open: f64 = all.iter().filter(|x| x.fixed.is_none()).map(|x| x.moved).sum();
        let whole = taken > 1.0 || (open <= 0.0 && taken > 0.0);
        let share_of = |x| Expr::Number(x, Unit::Share);
        let expr = match own.fixed {
            Some(value) if whole && value > 0.0 => share_of(value) / share_of(taken),
            Some(_) => return,
            None if whole || open <= 0.0 => {
                self.given(("share", "R4 R5"), say::nothing_left(), used, Unit::Share);
                return;
            }
            None => share_of(own.moved) * (number(1.0) - share_of(taken)) / share_of(open),
        };
        if (used - share).abs() < 1e-12 {
            return;
        }
        let fixed: Vec<(&str, f64)> =
            all.iter().filter_map(|x| x.fixed.filter(|f| *f > 0.0).map(|f| (self.name(x.series), f))).collect();
        let retired: Vec<&str> = notes
            .iter()
            .filter(|n| matches!(n.event, Event::Retired { .. }) && n.series != self.series)
            .map(|n| self.name(n.series))
            .collect();
        let step = self.step(("share", "R4 R5"), say::share_left(), &expr, used, Unit::Share);
        for (name, value) in fixed {
            step.input(say::fixed_share(name), value, Unit::Share, None);
        }
        step.input(say::open_shares(), open, Unit::Share, None);
        if !retired.is_empty() {
            step.note(say::retired_here(&retired));
        }
    }
}
