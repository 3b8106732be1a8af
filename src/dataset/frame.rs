//! What has no time: names, settings, the calendar. Of what has one, no more is given than is visible, and there is no way
//! from here to the whole.

use ndarray::{ArrayView1, ArrayView2, s};

use super::commissions::Commission;
use super::communities::{Attribute, Community};
use super::counters::Counters;
use super::moved::Moved;
use super::reported::{Reports, State};
use super::totals::Total;
use super::{Dataset, Location, Product};
use crate::across::Across;
use crate::calendar::Calendar;
use crate::error::Place;
use crate::grid::Grid;
use crate::month::Month;
use crate::settings::Settings;

/// What a stage may know of the data beside what is visible at its origin.
#[derive(Clone, Copy, Debug)]
pub struct Frame<'a> {
    pub(super) data: &'a Dataset,
    /// Months visible.
    pub(super) months: usize,
    /// Regions, products, series.
    pub grid: &'a Grid,
    /// The folder's settings.
    pub settings: &'a Settings,
    /// Days of months.
    pub calendar: &'a Calendar,
    /// What `products` says of each; since when it is known is for [`super::Known::launch`] and its like to see to.
    pub products: &'a [Product],
    /// The stages of the target chain.
    pub stages: &'a [String],
    /// Counters of each region node at which contracts are signed.
    pub counters: &'a [Option<f64>],
    /// Figures printed elsewhere.
    pub totals: &'a [Total],
    /// Commission rates.
    pub commissions: &'a [Commission],
    /// The party of commissions that sells at each region node in another's place.
    pub sells_as: &'a [Option<String>],
    /// Counters by date.
    pub counters_by_date: &'a [Counters],
    /// Names of communities, and what sorts them.
    pub communities: Listed<'a>,
    /// Our own locations.
    pub stock: Shelves<'a>,
    /// On what terms suppliers deliver.
    pub suppliers: &'a super::Suppliers,
    /// Who reported which of the visible months.
    pub reported: Sent<'a>,
    /// Whether all units of a group are whole, per group.
    pub whole: &'a [bool],
    /// Whether other regions' rows lie elsewhere.
    pub across: &'a Across,
    /// First month of the history.
    pub start: Month,
}

/// The communities without what they signed and bought.
#[derive(Clone, Copy, Debug)]
pub struct Listed<'a> {
    /// The communities.
    pub list: &'a [Community],
    /// The columns that sort them.
    pub columns: &'a [Attribute],
}

/// Where goods are counted, without what was counted.
#[derive(Clone, Copy, Debug)]
pub struct Shelves<'a> {
    /// The locations.
    pub locations: &'a [Location],
}

/// Who reported which of the visible months.
#[derive(Clone, Copy, Debug)]
pub struct Sent<'a> {
    reports: &'a Reports,
    months: usize,
}

impl Sent<'_> {
    /// Whether a region leaf has rows of a visible month.
    pub fn sent(&self, leaf: usize, month: usize) -> bool {
        month < self.months && self.reports.sent(leaf, month)
    }

    /// What somebody says of a region leaf's visible month.
    pub fn says(&self, leaf: usize, month: usize) -> Option<State> {
        self.reports.says(leaf, month).filter(|_| month < self.months)
    }
}

impl Dataset {
    /// What has no time in it, beside all months.
    pub fn frame(&self) -> Frame<'_> {
        Frame::new(self, self.months())
    }
}

impl<'a> Frame<'a> {
    pub(super) fn new(data: &'a Dataset, months: usize) -> Frame<'a> {
        Frame {
            data,
            months,
            grid: &data.grid,
            settings: &data.settings,
            calendar: &data.calendar,
            products: &data.products,
            stages: &data.stages,
            counters: &data.counters,
            totals: &data.totals,
            commissions: &data.commissions,
            sells_as: &data.sells_as,
            counters_by_date: &data.counters_by_date,
            communities: Listed { list: &data.communities.list, columns: &data.communities.columns },
            stock: Shelves { locations: &data.stock.locations },
            suppliers: &data.suppliers,
            reported: Sent { reports: &data.reported, months },
            whole: &data.whole,
            across: &data.across,
            start: data.start,
        }
    }

    /// The whole, for what is visible to be taken from.
    pub(super) fn hidden(&self) -> &'a Dataset {
        self.data
    }

    /// Whether a product is sold in whole units.
    pub fn is_whole(&self, product: usize) -> bool {
        self.data.is_whole(product)
    }

    /// The month with an index.
    pub fn month(&self, index: usize) -> Month {
        self.data.month(index)
    }

    /// The fiscal year a month lies in.
    pub fn fiscal_year(&self, month: Month) -> i32 {
        self.data.fiscal_year(month)
    }

    /// Where a visible cell was read; none where the month has no row.
    pub fn place(&self, series: usize, month: usize) -> Option<Place> {
        (month < self.months).then(|| self.data.place(series, month)).flatten()
    }

    /// Whether a visible month has a row.
    pub fn has_row(&self, series: usize, month: usize) -> bool {
        month < self.months && self.data.rows.get((series, month)).is_some_and(|row| *row != 0)
    }

    /// Units sold in the visible months as they were read, series x month.
    pub fn units(&self) -> ArrayView2<'a, f64> {
        self.data.units.slice(s![.., ..self.months.min(self.data.units.ncols())])
    }

    /// The same of one of these months, by series.
    pub fn sold(&self, month: usize) -> Option<ArrayView1<'a, f64>> {
        (month < self.months).then(|| self.data.units.column(month))
    }

    /// The first visible month of a series with a row.
    pub fn first(&self, series: usize) -> Option<usize> {
        self.data.seen.get(series).copied().flatten().map(|(first, _)| first).filter(|first| *first < self.months)
    }

    /// Where the month after the visible ones is open: the regions (leaves) that it waits for, and the first of its rows.
    pub fn waits_for(&self) -> Option<(Vec<usize>, Option<Place>)> {
        let open = self.data.reported.open;
        (open > 0 && self.months + open == self.data.months()).then(|| {
            let rows = self.data.rows.column(self.months);
            let opened_by = rows.iter().copied().filter(|id| *id != 0).min();
            (self.data.not_reported(self.months), opened_by.and_then(|id| self.data.places.get(id)))
        })
    }

    /// How far everything moved from month to month: [`Dataset::moved`].
    pub fn moved(&self) -> &'a Moved {
        self.data.moved()
    }

    /// How far a series moved in a visible month: [`Dataset::movement`].
    pub fn movement(&self, series: usize, month: usize) -> Option<(f64, f64)> {
        (month < self.months).then(|| self.data.movement(series, month)).flatten()
    }

    /// Months of regular sellers without a sale: [`Dataset::empty_months`].
    pub fn empty_months(&self, series: usize, months: usize, f: impl FnMut(usize, usize, bool)) {
        self.data.empty_months(series, months.min(self.months), f);
    }

    /// Days by which a month is compared with others: [`Dataset::comparable_days`].
    pub fn comparable_days(&self, months: usize, month: Month) -> f64 {
        self.data.comparable_days(months.min(self.months), month)
    }

    /// What last year's same month is multiplied by: [`Dataset::days_over_last_year`].
    pub fn days_over_last_year(&self, months: usize, month: Month) -> f64 {
        self.data.days_over_last_year(months.min(self.months), month)
    }
}
