//! Places the gates: where outside traffic enters and leaves.
//!
//! `gates.csv` says for each where its road leaves the network, in metres, and what passes there a day. The junction is
//! the one nearest to that place that can be entered and left; the Province's counts are real, the rest is estimated
//! with its reason in the table.

use std::path::Path;
use std::sync::Arc;

use engine::city::{Gate, Junction, Record};
use engine::key::Key;
use engine::provenance::{Origin, Provenance};
use geo::Coord;
use serde::Deserialize;

use super::classes::own_table;
use super::polyline::distance_m;
use super::sources::StreetsError;

/// How far from the place of the table a gate's junction may lie.
const GATE_MAX_M: f64 = 600.0;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    id: String,
    name: String,
    street_x: f64,
    street_y: f64,
    daily_vehicles: f64,
    daily_heavy_vehicles: f64,
    through_share: f64,
    origin: Origin,
    year: i16,
    reason: String,
}

/// The gates, each at the nearest of the junctions that it may stand at.
pub(super) fn place(junctions: &[&Record<Junction>]) -> Result<Vec<Record<Gate>>, StreetsError> {
    let mut gates = Vec::new();
    for (row, line) in own_table::<Row>("gates.csv", include_str!("gates.csv"))?.into_iter().zip(2..) {
        let place = Coord { x: row.street_x, y: row.street_y };
        let away = |junction: &Record<Junction>| distance_m(junction.facts.position, place);
        let broken = |reason: String| StreetsError::Content {
            path: Path::new("gates.csv").into(),
            place: format!("line {line}"),
            reason,
        };
        if row.reason.is_empty() {
            return Err(broken(format!("gate '{}' gives no reason", row.id)));
        }
        let nearest = junctions.iter().min_by(|a, b| away(a).total_cmp(&away(b)));
        let Some(junction) = nearest.filter(|junction| away(junction) <= GATE_MAX_M) else {
            let away_m = nearest.map_or(f64::INFINITY, |junction| away(junction));
            return Err(broken(format!("the nearest junction to gate '{}' is {away_m:.0} m away", row.id)));
        };
        let source = if row.origin == Origin::Real { "province" } else { "gemello" };
        gates.push(Record {
            key: Key::new(format!("gate:{}", row.id)).map_err(|e| broken(e.to_string()))?,
            provenance: Provenance {
                origin: row.origin,
                source: source.into(),
                year: Some(row.year),
                accuracy_m: Some(100.0),
            },
            facts: Gate {
                name: Arc::from(row.name),
                junction: junction.key.clone(),
                daily_vehicles: row.daily_vehicles,
                daily_heavy_vehicles: row.daily_heavy_vehicles,
                through_share: row.through_share,
            },
        });
    }
    Ok(gates)
}
