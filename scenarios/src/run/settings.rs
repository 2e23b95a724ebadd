//! What a run is made with, beside city and scenario: the parameter files and the seeds.

use engine::assignment::{Options, VolumeDelay};
use engine::city::{Link, RoadClass};
use engine::network::EdgeParking;
use engine::vehicles::VehicleClass;
use serde::Deserialize;

use crate::parameters::Parameters;

const NETWORK: &str = include_str!("../../parameters/network.toml");

/// Every parameter of the models.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Demand, vehicles, uncertainty.
    pub parameters: Parameters,
    /// How people park at the edge of a closed area.
    pub edge_parking: EdgeParking,
    /// How exactly equilibria are solved.
    pub assignment: Options,
    delays: Vec<(RoadClass, Shape)>,
    hash: String,
}

#[derive(Clone, Copy, Debug)]
enum Shape {
    Bpr { b: f64, power: f64 },
    Conical { alpha: f64 },
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "sources and reasons are for those who read the file")]
struct NetworkFile {
    format: u32,
    volume_delay: Vec<DelayEntry>,
    edge_parking: EdgeEntry,
    assignment: AssignmentEntry,
}

#[derive(Deserialize)]
#[expect(dead_code, reason = "sources and reasons are for those who read the file")]
struct DelayEntry {
    road_classes: Vec<RoadClass>,
    #[serde(flatten)]
    shape: ShapeEntry,
    source: String,
    reason: String,
}

#[derive(Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
enum ShapeEntry {
    Bpr { b: f64, power: f64 },
    Conical { alpha: f64 },
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "sources and reasons are for those who read the file")]
struct EdgeEntry {
    walking_speed_mps: f64,
    detour: f64,
    beeline_max_m: f64,
    junctions: usize,
    source: String,
    reason: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "sources and reasons are for those who read the file")]
struct AssignmentEntry {
    gap: f64,
    iterations_max: u32,
    source: String,
    reason: String,
}

impl Settings {
    /// The settings that come with the program.
    ///
    /// # Panics
    /// Never: a test reads the files.
    #[must_use]
    pub fn built_in() -> Self {
        let file: NetworkFile = toml::from_str(NETWORK).expect("the network file in the program is valid");
        let delays = file
            .volume_delay
            .iter()
            .flat_map(|entry| {
                let shape = match entry.shape {
                    ShapeEntry::Bpr { b, power } => Shape::Bpr { b, power },
                    ShapeEntry::Conical { alpha } => Shape::Conical { alpha },
                };
                entry.road_classes.iter().map(move |&class| (class, shape))
            })
            .collect();
        let EdgeEntry { walking_speed_mps, detour, beeline_max_m, junctions, .. } = file.edge_parking;
        let mut hasher = blake3::Hasher::new();
        for text in std::iter::once(NETWORK).chain(Parameters::TEXTS) {
            hasher.update(blake3::hash(text.as_bytes()).as_bytes());
        }
        Self {
            parameters: Parameters::built_in(),
            edge_parking: EdgeParking { walking_speed_mps, detour, beeline_max_m, junctions },
            assignment: Options {
                gap: file.assignment.gap,
                iterations_max: file.assignment.iterations_max,
                proportional: true,
            },
            delays,
            hash: hasher.finalize().to_hex().to_string(),
        }
    }

    /// Hash over all parameter files.
    #[must_use]
    pub fn hash(&self) -> &str {
        &self.hash
    }

    /// How many cars a vehicle of a class counts as in equilibria whose vehicles move afterwards. None counts less than a car: a
    /// motorcycle stands in line too, takes some nine tenths of a car's time at a stop line, and needs a gap of its own where it
    /// gives way.
    #[must_use]
    pub fn car_units_moving(&self, class: VehicleClass) -> f64 {
        self.parameters.vehicles[class].passenger_car_units.max(1.0)
    }

    /// How a link delays, in seconds by passenger-car units an hour, when its capacity is so many times its usual one.
    #[must_use]
    pub fn delay(&self, link: &Link, capacity_factor: f64) -> VolumeDelay {
        let free_time = link.free_flow_time_s();
        let capacity = link.capacity_pcuph * capacity_factor;
        match self.delays.iter().find(|(class, _)| *class == link.class).map(|(_, shape)| *shape) {
            Some(Shape::Bpr { b, power }) => VolumeDelay::Bpr { free_time, b, power, capacity },
            Some(Shape::Conical { alpha }) => VolumeDelay::Conical { free_time, alpha, capacity },
            None => VolumeDelay::Constant { time: free_time },
        }
    }
}

/// The seeds of a run that draws `count` times. One seed is the central case, number 0, which draws nothing; more are the
/// seeds 1 to `count`, which draw what is not known.
#[must_use]
pub fn seeds(count: u32) -> Vec<u64> {
    if count <= 1 { vec![0] } else { (1..=u64::from(count)).collect() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_road_class_has_a_volume_delay_function() {
        let settings = Settings::built_in();
        for class in RoadClass::ALL {
            assert_eq!(settings.delays.iter().filter(|(known, _)| *known == class).count(), 1, "{class:?}");
        }
    }

    #[test]
    fn one_seed_is_the_central_case() {
        assert_eq!(seeds(1), [0]);
        assert_eq!(seeds(3), [1, 2, 3]);
    }
}
