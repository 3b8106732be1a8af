//! What is visible at an origin: nothing later can reach a stage, because a stage is handed this and nothing else.

use chrono::NaiveDate;
use ndarray::{ArrayView2, s};

use super::communities::{CommunitySale, Part, Policy, Signing};
use super::frame::Frame;
use super::leads::{Lead, Outcome};
use super::mode::Mode;
use super::rates::Rate;
use super::{Answer, ChannelStock, Count, Dataset, Factor, Growth, Issue, Order, Progress, Target, part};
use crate::month::Month;

/// When and how a forecast is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Origin {
    /// Everything later than this day is hidden.
    pub as_of: NaiveDate,
    /// The last complete month.
    pub cutoff: Month,
    /// The month in which the forecast is made; lags count from it.
    pub made: Month,
    /// At the close, or during the month.
    pub mode: Mode,
}

impl Origin {
    /// The months forecast: lag 1 and 2, before them lag 0 (the landing) during a month.
    pub fn targets(&self) -> Vec<Month> {
        let first = if self.mode == Mode::During { 0 } else { 1 };
        (first..=2).map(|lag| self.made.plus(lag)).collect()
    }

    /// Lag of a month: 1 for the month after the one made.
    pub fn lag(&self, month: Month) -> i32 {
        month.since(self.made)
    }
}

/// The data as visible at an origin.
#[derive(Clone, Debug)]
pub struct Known<'a> {
    /// Names, settings, calendar.
    pub data: Frame<'a>,
    /// When and how.
    pub origin: Origin,
    /// Net sales in units, series x month, to the cutoff.
    pub units: ArrayView2<'a, f64>,
    /// Revenue in yuan, series x month, to the cutoff.
    pub revenue: Option<ArrayView2<'a, f64>>,
    /// Share of selling days with stock, series x month, to the cutoff.
    pub availability: Option<ArrayView2<'a, f64>>,
    /// Months that were out of stock for nobody knows how long, series x month, to the cutoff.
    pub was_out: Option<ArrayView2<'a, bool>>,
    /// Days with a row and days without stock as bits, series x month, to the cutoff.
    pub days: Option<(ArrayView2<'a, u32>, ArrayView2<'a, u32>)>,
    /// Dated events known by then.
    pub factors: Vec<&'a Factor>,
    /// Growth rates known by then.
    pub growth: Vec<&'a Growth>,
    /// Targets known by then.
    pub targets: Vec<&'a Target>,
    /// Channel counts made by then.
    pub channel: Vec<&'a ChannelStock>,
    /// Front-line answers for this run: the newest of each contributor, key and month.
    pub frontline: Vec<&'a Answer>,
    /// Overrides for this run: the newest of each key and month.
    pub overrides: Vec<&'a Answer>,
    /// Answers made for this run that a newer one of the same contributor (overrides: of anybody) replaced, and that one.
    pub replaced: Vec<(&'a Answer, &'a Answer)>,
    /// Month to date of the month made: the newest of each key.
    pub progress: Vec<&'a Progress>,
    /// Goods counted by then: of each location and product the newest count, by location and product.
    pub stock: Vec<&'a Count>,
    /// Orders placed by then that have not come; where there are any, counts say nothing of orders.
    pub orders: Vec<&'a Order>,
    /// What was issued up to then, of each month made and mode the newest version, by month made and version.
    pub ledger: Vec<&'a Issue>,
}

impl<'a> Frame<'a> {
    /// The data as visible at an earlier origin.
    pub fn earlier(&self, origin: Origin) -> Known<'a> {
        let last = self.start.plus(self.months as i32 - 1);
        self.data.at(Origin { cutoff: origin.cutoff.min(last), ..origin })
    }
}

impl Dataset {
    /// Whether a month to date is known of any region by a day.
    pub fn is_counted(&self, month: Month, as_of: NaiveDate) -> bool {
        self.counted.iter().chain(&self.unfinished).any(|day| *day <= as_of && Month::of(*day) == month)
    }

    /// The origin of a run as of a day: *during* the month after the last complete one where month-to-date figures of
    /// it are visible, or where the day was asked for and lies in it (R9), else at the close. None where no month is
    /// complete by then.
    pub fn origin(&self, as_of: NaiveDate) -> Option<Origin> {
        let complete = self.month((0..self.months()).rev().find(|&t| self.is_complete(t, as_of))?);
        let next = complete.plus(1);
        // A month that some have not reported is still being made.
        let open = self.reported.open > 0 && self.month(self.months() - self.reported.open) == next;
        let during = self.is_counted(next, as_of)
            || (self.asked && Month::of(as_of) == next)
            || (open && Month::of(as_of) >= next);
        Some(Origin {
            as_of,
            cutoff: complete,
            made: if during { next } else { complete },
            mode: if during { Mode::During } else { Mode::Close },
        })
    }

    /// What is visible at an origin.
    pub fn at(&self, origin: Origin) -> Known<'_> {
        let months = (origin.cutoff.since(self.start) + 1).clamp(0, self.months() as i32) as usize;
        let visible = |day: NaiveDate| day <= origin.as_of;
        let cut = |array: &'_ ndarray::Array2<f64>| array.ncols().min(months);
        let mut replaced = Vec::new();
        Known {
            data: Frame::new(self, months),
            origin,
            units: self.units.slice(s![.., ..cut(&self.units)]),
            revenue: self.revenue.as_ref().map(|a| a.slice(s![.., ..cut(a)])),
            availability: self.availability.as_ref().map(|a| a.slice(s![.., ..cut(a)])),
            was_out: self.was_out.as_ref().map(|a| a.slice(s![.., ..months])),
            days: self.days.as_ref().map(|d| (d.rows.slice(s![.., ..months]), d.out.slice(s![.., ..months]))),
            factors: self.factors.iter().filter(|f| visible(f.known)).collect(),
            growth: self.growth.iter().filter(|g| g.known.is_none_or(visible)).collect(),
            targets: self.targets.iter().filter(|t| t.known.is_none_or(visible)).collect(),
            channel: self.channel.iter().filter(|c| channel_is_counted(c.month, origin)).collect(),
            frontline: newest(&self.frontline, origin, |a| Some(&a.by), &mut replaced),
            overrides: newest(&self.overrides, origin, |_| None, &mut replaced),
            replaced,
            progress: newest_progress(&self.progress, origin),
            stock: self.stock.newest(origin.as_of),
            orders: self.stock.orders.iter().filter(|o| o.placed.is_none_or(visible)).collect(),
            ledger: issued(&self.ledger, origin),
        }
    }
}

/// Whether the channel's stock at the end of a month is known: once the month is complete, and on its last day while it is
/// the month made (R11).
fn channel_is_counted(month: Month, origin: Origin) -> bool {
    month <= origin.cutoff || (month == origin.made && month.last_day() <= origin.as_of)
}

/// Of the answers made for this run, the newest of each contributor and key; of equally new ones the later row.
fn newest<'a>(
    all: &'a [Answer],
    origin: Origin,
    by: impl Fn(&Answer) -> Option<&String>,
    replaced: &mut Vec<(&'a Answer, &'a Answer)>,
) -> Vec<&'a Answer> {
    let mut list: Vec<&Answer> =
        all.iter().filter(|a| a.made <= origin.as_of && Month::of(a.made) == origin.made).collect();
    let key = |a: &Answer| (a.month, a.node, a.scope, by(a).cloned());
    list.sort_by_key(|a| (key(a), a.made));
    let mut out: Vec<&Answer> = Vec::with_capacity(list.len());
    for answer in list {
        match out.last_mut() {
            Some(last) if key(last) == key(answer) => {
                replaced.push((*last, answer));
                *last = answer;
            }
            _ => out.push(answer),
        }
    }
    out
}

/// Of what was issued for each month up to the one made, the newest version of each mode; `all` stands by month made and
/// version.
fn issued(all: &[Issue], origin: Origin) -> Vec<&Issue> {
    let mut out: Vec<&Issue> = Vec::new();
    for issue in all.iter().filter(|i| i.as_of <= origin.as_of && i.made <= origin.made) {
        out.retain(|before| (before.made, before.mode) != (issue.made, issue.mode));
        out.push(issue);
    }
    out
}

fn newest_progress(all: &[Progress], origin: Origin) -> Vec<&Progress> {
    if origin.mode == Mode::Close {
        return Vec::new();
    }
    let visible = |p: &&Progress| p.as_of <= origin.as_of && Month::of(p.as_of) == origin.made;
    let mut list: Vec<&Progress> = all.iter().filter(visible).collect();
    list.sort_by_key(|p| (p.node, p.scope, p.as_of));
    let mut out: Vec<&Progress> = Vec::with_capacity(list.len());
    for row in list {
        match out.last_mut() {
            Some(last) if (last.node, last.scope) == (row.node, row.scope) => *last = row,
            _ => out.push(row),
        }
    }
    out
}

impl Known<'_> {
    /// The same with other units in the place of those sold, series x month.
    pub fn with_units<'k>(&'k self, units: ArrayView2<'k, f64>) -> Known<'k> {
        Known {
            data: self.data,
            origin: self.origin,
            units,
            revenue: self.revenue.as_ref().map(|a| a.reborrow()),
            availability: self.availability.as_ref().map(|a| a.reborrow()),
            was_out: self.was_out.as_ref().map(|a| a.reborrow()),
            days: self.days.as_ref().map(|(rows, out)| (rows.reborrow(), out.reborrow())),
            factors: self.factors.clone(),
            growth: self.growth.clone(),
            targets: self.targets.clone(),
            channel: self.channel.clone(),
            frontline: self.frontline.clone(),
            overrides: self.overrides.clone(),
            replaced: self.replaced.clone(),
            progress: self.progress.clone(),
            stock: self.stock.clone(),
            orders: self.orders.clone(),
            ledger: self.ledger.clone(),
        }
    }

    /// How many months of history are visible.
    pub fn months(&self) -> usize {
        self.units.ncols()
    }

    /// The month index of a month (negative before the history).
    pub fn index(&self, month: Month) -> i32 {
        month.since(self.data.start)
    }

    /// The index of a month within the visible history.
    pub fn visible_index(&self, month: Month) -> Option<usize> {
        usize::try_from(self.index(month)).ok().filter(|t| *t < self.months())
    }

    /// A product's first day of sale, as known: its launch, or the month before it in which it was seen to sell.
    pub fn launch(&self, product: usize) -> Option<NaiveDate> {
        let p = self.data.products.get(product)?;
        let launch = p.launch.filter(|_| p.known.is_none_or(|k| k <= self.origin.as_of))?;
        let sold = p.sold_before.filter(|month| *month <= self.origin.cutoff);
        Some(sold.map_or(launch, Month::first_day))
    }

    /// A product's last month of sale, as known.
    pub fn retire(&self, product: usize) -> Option<Month> {
        let p = self.data.products.get(product)?;
        p.retire.filter(|_| p.known.is_none_or(|k| k <= self.origin.as_of))
    }

    /// Whether all visible units of a group are whole, by group.
    pub fn whole_groups(&self) -> Vec<bool> {
        let whole = |s: usize| self.units.row(s).iter().all(|x| x.fract() == 0.0);
        part::whole_groups(self.data.hidden(), self.months(), 1, whole)
    }

    /// The same by series.
    pub fn whole_by_series(&self) -> Vec<bool> {
        let groups = self.whole_groups();
        self.data.grid.series.iter().map(|s| groups[s.group]).collect()
    }

    /// Whether each series has a visible row.
    pub fn seen_by_series(&self) -> Vec<bool> {
        (0..self.units.nrows()).map(|s| self.seen(s).is_some()).collect()
    }

    /// The product that a product takes the place of, as known.
    pub fn replaces(&self, product: usize) -> Option<usize> {
        let p = self.data.products.get(product)?;
        p.replaces.filter(|_| p.known.is_none_or(|k| k <= self.origin.as_of))
    }

    /// The parts of a community that are known: by their `known` date, else all along; one whose developer's contract
    /// is still to be signed is not.
    pub fn parts(&self, community: usize) -> impl Iterator<Item = &Part> {
        let all = self.data.hidden().communities.list.get(community).into_iter().flat_map(|c| &c.parts);
        all.filter(|part| match (part.known, part.contract) {
            (Some(known), _) => known <= self.origin.as_of,
            (None, Some(contract)) => contract.first_day() <= self.origin.as_of,
            (None, None) => true,
        })
    }

    /// Signings of a community to the cutoff, by month.
    pub fn signings_of(&self, community: usize) -> &[Signing] {
        let all = self.data.hidden().communities.signings_of(community);
        &all[..all.partition_point(|row| row.month <= self.origin.cutoff)]
    }

    /// Units sold to a community to the cutoff, by month and product.
    pub fn community_sales_of(&self, community: usize) -> &[CommunitySale] {
        let all = self.data.hidden().communities.sales_of(community);
        &all[..all.partition_point(|row| row.month <= self.origin.cutoff)]
    }

    /// Policies sold to the cutoff, in the order of their rows.
    pub fn policies(&self) -> impl Iterator<Item = &Policy> {
        self.data.hidden().communities.policies.iter().filter(|row| row.sold <= self.origin.cutoff)
    }

    /// Whether the folder says which policies are renewals.
    pub fn renewals_told(&self) -> bool {
        self.data.hidden().communities.renewals_told
    }

    /// Rates stated by then.
    pub fn rates(&self) -> impl Iterator<Item = &Rate> {
        let visible = |rate: &&Rate| rate.known.is_none_or(|known| known <= self.origin.as_of);
        self.data.hidden().rates.iter().filter(visible)
    }

    /// Leads registered to the cutoff, in the order of their rows, each with the month in which its outcome became known;
    /// none where it is open, or became known later. One that ended in nobody knows which month is left out.
    pub fn leads(&self) -> impl Iterator<Item = (&Lead, Option<Month>)> {
        let cutoff = self.origin.cutoff;
        let told = |lead: &&Lead| lead.outcome == Outcome::Open || lead.called.is_some();
        let all = self.data.hidden().leads.iter().filter(move |lead| lead.month <= cutoff).filter(told);
        all.map(move |lead| (lead, lead.called.filter(|month| *month <= cutoff && lead.outcome != Outcome::Open)))
    }

    /// First and last visible month index with a row.
    pub fn seen(&self, series: usize) -> Option<(usize, usize)> {
        let (first, last) = (*self.data.hidden().seen.get(series)?)?;
        // Where rows go on beyond the cutoff, the last visible one is looked for: that there are later ones is not known.
        let visible = |t: &usize| self.data.has_row(series, *t);
        let last = if last < self.months() { last } else { (first..self.months()).rev().find(visible)? };
        Some((first, last))
    }
}
