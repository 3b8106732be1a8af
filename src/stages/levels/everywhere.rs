//! The series and nodes of all regions, where these lie in many places: each part learns from the same ones, so that all
//! come to the same weights.

use super::{Agreed, Floors, LEVELS};
use crate::across::{Across, Key};
use crate::grid::Grid;
use crate::stages::panel::{Groupings, HORIZON, Own};

/// Numbers that tell an [`Own`].
const OF_OWN: usize = 3 + 2 * HORIZON;
/// Where the regions stand among the levels above the series.
const REGIONS: usize = 1;

/// What some series say at an origin.
#[derive(Clone, Debug, Default)]
pub struct Said {
    /// The series, ascending.
    pub series: Vec<usize>,
    /// What they say of themselves.
    pub own: Vec<Own>,
    /// By row: what products, regions by block and blocks say.
    pub nodes: [Vec<Own>; LEVELS - 1],
    /// By step: what the regression says of each series; none where it says nothing.
    pub regression: Vec<Option<Vec<f64>>>,
    /// By step, up to [`HORIZON`]: what came of each series; none where it is not known.
    pub actual: Vec<Option<Vec<f64>>>,
}

/// The levels of an origin over all regions.
#[derive(Clone, Debug)]
pub struct Everywhere {
    /// What all levels say.
    pub floors: Floors,
    /// By step: what came of each of their series; none where it is not known.
    pub actual: Vec<Option<Vec<f64>>>,
    /// Of each series given, its place among those of all regions; none where these are all.
    place: Option<Vec<usize>>,
}

impl Said {
    /// The levels of all regions: alone, of the series given.
    pub fn everywhere(
        self,
        across: &Across,
        key: Key,
        grid: &Grid,
        groupings: &Groupings,
        months: usize,
    ) -> Everywhere {
        let (steps, known) = (self.regression.len(), self.actual.len());
        let products = grid.products.len();
        let id = |s: usize| grid.cell(grid.series[s].leaf, grid.series[s].group) * products + grid.series[s].product;
        if !across.is_part() {
            let above = super::above(groupings, &self.series);
            return self.floors(above, months, None);
        }
        let ahead = |of: &[Option<Vec<f64>>], i: usize| -> Vec<f64> {
            of.iter().map(|x| x.as_ref().and_then(|x| x.get(i).copied()).unwrap_or(0.0)).collect()
        };
        // Series first, each under its number among all that can be; then the rows of the part's regions.
        let all = across.total(key, || {
            let mut out = Vec::new();
            for (i, (&s, own)) in self.series.iter().zip(&self.own).enumerate() {
                out.push(id(s) as f64);
                out.extend(to_list(own));
                out.extend(ahead(&self.regression, i));
                out.extend(ahead(&self.actual, i));
            }
            for (row, own) in self.nodes[REGIONS].iter().enumerate().filter(|(_, own)| **own != Own::default()) {
                out.push(-1.0 - row as f64);
                out.extend(to_list(own));
                out.extend(vec![0.0; steps + known]);
            }
            out
        });
        let width = 1 + OF_OWN + steps + known;
        let (mut rows, regions): (Vec<&[f64]>, Vec<&[f64]>) = all.chunks_exact(width).partition(|row| row[0] >= 0.0);
        rows.sort_by(|a, b| a[0].total_cmp(&b[0]));
        let mut nodes = self.nodes;
        for row in regions {
            if let Some(own) = nodes[REGIONS].get_mut((-1.0 - row[0]) as usize) {
                *own = from_list(&row[1..]);
            }
        }
        let above = |row: &&[f64]| {
            let (cell, product) = (row[0] as usize / products.max(1), row[0] as usize % products.max(1));
            groupings.row_of(cell / grid.group_count().max(1), product)
        };
        let above: Vec<[usize; LEVELS - 1]> = rows.iter().map(above).collect();
        let column = |known: &[Option<Vec<f64>>], from: usize| -> Vec<Option<Vec<f64>>> {
            let of = |h: usize| rows.iter().map(|row| row[from + h]).collect();
            known.iter().enumerate().map(|(h, known)| known.is_some().then(|| of(h))).collect()
        };
        let place = |s: &usize| rows.partition_point(|row| row[0] < id(*s) as f64);
        let place = self.series.iter().map(place).collect();
        let everyone = Said {
            series: Vec::new(),
            own: rows.iter().map(|row| from_list(&row[1..])).collect(),
            regression: column(&self.regression, 1 + OF_OWN),
            actual: column(&self.actual, 1 + OF_OWN + steps),
            nodes,
        };
        everyone.floors(std::array::from_fn(|l| above.iter().map(|rows| rows[l]).collect()), months, Some(place))
    }

    fn floors(self, above: [Vec<usize>; LEVELS - 1], months: usize, place: Option<Vec<usize>>) -> Everywhere {
        let nodes = self.nodes.each_ref().map(|n| &n[..]);
        let mut floors = Floors::new(&self.own, nodes, above, months, self.regression.len());
        for (step, said) in (1..).zip(self.regression) {
            if let Some(said) = said {
                floors.regression(step, said);
            }
        }
        Everywhere { floors, actual: self.actual, place }
    }
}

impl Everywhere {
    /// What was agreed on the series given.
    pub fn here(&self, agreed: &Agreed) -> Vec<f64> {
        match &self.place {
            None => agreed.series.clone(),
            Some(place) => place.iter().map(|i| agreed.series.get(*i).copied().unwrap_or(0.0)).collect(),
        }
    }
}

fn to_list(own: &Own) -> Vec<f64> {
    [&[own.size, own.median, own.own][..], &own.smoothed, &own.last_year].concat()
}

fn from_list(list: &[f64]) -> Own {
    let at = |i: usize| list.get(i).copied().unwrap_or(0.0);
    Own {
        size: at(0),
        median: at(1),
        own: at(2),
        smoothed: std::array::from_fn(|h| at(3 + h)),
        last_year: std::array::from_fn(|h| at(3 + HORIZON + h)),
    }
}
