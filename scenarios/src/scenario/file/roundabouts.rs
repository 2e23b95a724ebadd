//! Roundabouts instead of junctions.

use schemars::JsonSchema;
use serde::Deserialize;
use serde_spanned::Spanned;

use super::Junctions;
use super::check::Check;

/// Replaces a junction, or several that are one crossing, by a roundabout. A strategic run knows no waiting at junctions and sees
/// only what its entries carry less; what it saves over signs or signals is seen where vehicles move one by one. Streets end at its ring instead of meeting; turns
/// that were banned at the junction no longer are. Along a chain of scenarios a junction becomes a roundabout once; `lift` takes
/// it back.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Roundabout {
    /// The junctions that it replaces: those of one crossing.
    #[schemars(with = "Junctions")]
    pub on: Spanned<Junctions>,
    /// Lanes of the ring, 1 or 2; 1 where not given.
    #[schemars(with = "Option<i64>", range(min = 1, max = 2))]
    pub lanes: Option<Spanned<i64>>,
    /// Diameter over the outer edge of the ring, in metres.
    #[schemars(with = "f64", range(min = 20.0, max = 120.0))]
    pub diameter_m: Spanned<f64>,
}

impl Check<'_> {
    pub(super) fn roundabout(&mut self, edit: &Spanned<Roundabout>) {
        let roundabout = edit.get_ref();
        self.junctions(&roundabout.on);
        if let Some(lanes) = &roundabout.lanes {
            self.whole(lanes, "lanes", 1.0, 2.0);
        }
        self.range(&roundabout.diameter_m, "diameter_m", *roundabout.diameter_m.get_ref(), 20.0, 120.0);
    }
}
