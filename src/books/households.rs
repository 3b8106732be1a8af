//! Households that signed their contract, and those of them that bought goods, by region and month.

use ndarray::Array2;

use crate::dataset::Known;
use crate::grid::Kind;

/// Counted by leaf and visible month.
#[derive(Clone, Debug)]
pub struct Households {
    /// Households that signed.
    pub signed: Array2<f64>,
    /// Households that bought goods: the units of services (delivery and fitting), of which every buyer takes one. None
    /// where the folder has no service.
    pub buyers: Option<Array2<f64>>,
}

/// Counts them; none where the folder has no signings.
pub fn count(known: &Known) -> Option<Households> {
    let (data, grid) = (known.data, &known.data.grid);
    let size = (grid.regions.leaf_count(), known.months());
    let mut signed = Array2::zeros(size);
    let mut any = false;
    for (index, community) in data.communities.list.iter().enumerate() {
        for row in known.signings_of(index) {
            if let Some(t) = known.visible_index(row.month) {
                signed[(community.leaf, t)] += row.households;
                any = true;
            }
        }
    }
    let services = || grid.series.iter().enumerate().filter(|(_, s)| kind(known, s.product) == Kind::Service);
    let buyers = services().next().is_some().then(|| {
        let mut buyers = Array2::zeros(size);
        for (s, series) in services() {
            (0..size.1).for_each(|t| buyers[(series.leaf, t)] += known.units[(s, t)]);
        }
        buyers
    });
    any.then_some(Households { signed, buyers })
}

/// What a product is; goods where nothing is said.
pub fn kind(known: &Known, product: usize) -> Kind {
    known.data.products.get(product).and_then(|p| p.kind).unwrap_or(Kind::Goods)
}
