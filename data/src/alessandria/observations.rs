//! What is known of flows: counts and plausible ranges, each on the links that cross a line.

use std::sync::Arc;

use engine::city::{Gate, Link, Observation, ObservationRole, Record, RoadClass};
use engine::key::Key;
use engine::provenance::Origin;
use geo::{Intersects, Line};
use serde::Deserialize;

use super::RecipeError;
use super::open_data::Ground;
use super::provenance::from;

const FILE: &str = "observations.toml";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ObservationsFile {
    observations: Vec<ObservationLine>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ObservationLine {
    id: String,
    name: String,
    /// Two points in degrees.
    cut: [[f64; 2]; 2],
    /// Only links of this street, in lower case.
    only: Option<String>,
    daily_low: f64,
    daily_high: f64,
    role: ObservationRole,
    reason_en: String,
    reason_it: String,
}

/// The observations of `observations.toml`, and those that no link crosses.
pub(super) fn observations(links: &[Record<Link>]) -> Result<(Vec<Record<Observation>>, Vec<String>), RecipeError> {
    let file: ObservationsFile = toml::from_str(include_str!("observations.toml"))
        .map_err(|cause| RecipeError::Recipe { file: FILE, wrong: cause.to_string() })?;
    let ground = Ground::new()?;
    let (mut rows, mut nowhere) = (Vec::new(), Vec::new());
    for line in file.observations {
        let [a, b] = line.cut;
        let cut = Line::new(ground.project(a[0], a[1])?, ground.project(b[0], b[1])?);
        let mut crossing: Vec<Key> = links
            .iter()
            .filter(|row| crosses(&row.facts, cut, line.only.as_deref()))
            .map(|row| row.key.clone())
            .collect();
        crossing.sort();
        if crossing.is_empty() {
            nowhere.push(line.name);
            continue;
        }
        let (source, year) = match line.role {
            ObservationRole::Plausibility => ("gemello", Some(2026)),
            ObservationRole::Input | ObservationRole::HeldOut => ("province", None),
        };
        let origin = if line.role == ObservationRole::Plausibility { Origin::Derived } else { Origin::Real };
        rows.push(Record {
            key: Key::new(format!("osservazione:{}", line.id))?,
            provenance: from(origin, source, year, None),
            facts: Observation {
                name: line.name.into(),
                links: crossing,
                daily_low: line.daily_low,
                daily_high: line.daily_high,
                role: line.role,
                reason_en: line.reason_en,
                reason_it: line.reason_it,
            },
        });
    }
    Ok((rows, nowhere))
}

fn crosses(link: &Link, cut: Line<f64>, only: Option<&str>) -> bool {
    let named = |street: &str| link.name.as_ref().is_some_and(|name| name.to_lowercase() == street);
    !matches!(link.class, RoadClass::Motorway | RoadClass::MotorwayRamp)
        && only.is_none_or(named)
        && link.geometry.intersects(&cut)
}

/// What went into the demand at the gates, told as what it is: agreeing with it proves nothing.
pub(super) fn gate_inputs(
    gates: &[Record<Gate>],
    links: &[Record<Link>],
) -> Result<Vec<Record<Observation>>, RecipeError> {
    let mut rows = Vec::new();
    for gate in gates.iter().filter(|gate| gate.facts.daily_vehicles > 0.0) {
        let touches =
            |row: &&Record<Link>| row.facts.from == gate.facts.junction || row.facts.to == gate.facts.junction;
        let mut at_gate: Vec<Key> = links.iter().filter(touches).map(|row| row.key.clone()).collect();
        at_gate.sort();
        let path = gate.key.as_str().split_once(':').map_or("", |(_, path)| path);
        rows.push(Record {
            key: Key::new(format!("osservazione:{path}"))?,
            provenance: gate.provenance.clone(),
            facts: Observation {
                name: Arc::clone(&gate.facts.name),
                links: at_gate,
                daily_low: gate.facts.daily_vehicles,
                daily_high: gate.facts.daily_vehicles,
                role: ObservationRole::Input,
                reason_en: "The gate's daily count is an input of the demand: agreeing with it proves nothing.".to_owned(),
                reason_it: "Il conteggio giornaliero della porta è un dato di ingresso della domanda: ritrovarlo non dimostra nulla.".to_owned(),
            },
        });
    }
    Ok(rows)
}
