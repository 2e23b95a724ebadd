//! Which quarter a street lies in: that of the nearest house number. No open file draws the quarters.

use std::sync::Arc;

use geo::Coord;
use rstar::RTree;
use rstar::primitives::GeomWithData;

use super::polyline::{at, length_m};
use super::sources::HouseNumber;
use super::strand::Strand;

/// House numbers with their quarters, found by place.
pub(super) struct Quarters(RTree<GeomWithData<[f64; 2], Arc<str>>>);

impl Quarters {
    pub(super) fn new(numbers: &[HouseNumber]) -> Self {
        let points = numbers.iter().map(|n| GeomWithData::new([n.position.x, n.position.y], n.quarter.clone()));
        Self(RTree::bulk_load(points.collect()))
    }

    /// The quarter of the house number nearest to the place; empty where there are no house numbers.
    fn around(&self, place: Coord<f64>) -> &str {
        self.0.nearest_neighbor(&[place.x, place.y]).map_or("", |number| number.data.as_ref())
    }

    /// The quarter around the middle of a strand.
    pub(super) fn around_the_middle_of(&self, strand: &Strand) -> &str {
        self.around(at(&strand.line, length_m(&strand.line) / 2.0))
    }
}
