//! What no street may cross without a bridge or an underpass: rivers, railways, motorways.

use geo::Coord;
use rstar::primitives::{GeomWithData, Line};
use rstar::{AABB, RTree};

use super::polyline::{blend, crossing, distance_m};

/// What a barrier is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Barrier {
    /// A river.
    Water,
    /// A railway line.
    Railway,
    /// A motorway carriageway.
    Motorway,
}

/// Barriers, found by place.
pub(super) struct Barriers(RTree<GeomWithData<Line<[f64; 2]>, Barrier>>);

impl Barriers {
    pub(super) fn new<'a>(lines: impl IntoIterator<Item = (Barrier, &'a [Coord<f64>])>) -> Self {
        let segments = lines.into_iter().flat_map(|(barrier, line)| {
            line.windows(2)
                .map(move |ends| GeomWithData::new(Line::new([ends[0].x, ends[0].y], [ends[1].x, ends[1].y]), barrier))
        });
        Self(RTree::bulk_load(segments.collect()))
    }

    /// Whether a barrier lies between two points.
    pub(super) fn between(&self, a: Coord<f64>, b: Coord<f64>) -> bool {
        !self.crossed(&[a, b]).is_empty()
    }

    /// Where a line crosses barriers: how far along, and what; in the order of the line.
    pub(super) fn crossed(&self, line: &[Coord<f64>]) -> Vec<(f64, Barrier)> {
        let mut crossed = Vec::new();
        let mut along_m = 0.0;
        for ends in line.windows(2) {
            let (a, b) = (ends[0], ends[1]);
            let area = AABB::from_corners([a.x.min(b.x), a.y.min(b.y)], [a.x.max(b.x), a.y.max(b.y)]);
            for barrier in self.0.locate_in_envelope_intersecting(&area) {
                let [c, d] = [barrier.geom().from, barrier.geom().to].map(|[x, y]| Coord { x, y });
                if let Some((t, _)) = crossing(a, b, c, d) {
                    crossed.push((along_m + distance_m(a, blend(a, b, t)), barrier.data));
                }
            }
            along_m += distance_m(a, b);
        }
        crossed.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        crossed
    }
}
