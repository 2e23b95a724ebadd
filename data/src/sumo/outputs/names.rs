//! Names of lanes, as SUMO writes them.

use engine::traffic::network::LaneNetwork;

use crate::sumo::scenario::Scenario;

/// Names of streets and lanes by their numbers in the network that is built.
#[derive(Clone, Debug)]
pub struct Names {
    /// Of streets.
    pub streets: Vec<String>,
    /// Of lanes: those of streets, then those inside junctions.
    pub lanes: Vec<String>,
}

impl Names {
    /// The names of a scenario. `network` must be built from its rows.
    #[must_use]
    pub fn new(scenario: &Scenario, network: &LaneNetwork) -> Self {
        let streets: Vec<String> = scenario.network.streets.iter().map(|street| street.name.clone()).collect();
        let of_streets = network.streets.iter().zip(&streets);
        let mut lanes: Vec<String> = of_streets
            .flat_map(|(street, name)| (0..street.lane_count).map(move |lane| format!("{name}_{lane}")))
            .collect();
        lanes.extend(scenario.inside_lane_names.iter().flatten().cloned());
        Self { streets, lanes }
    }

    /// The name of a lane.
    pub(super) fn lane(&self, lane: u32) -> String {
        self.lanes.get(lane as usize).cloned().unwrap_or_default()
    }
}
