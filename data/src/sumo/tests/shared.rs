//! The scenarios of the shared data; what is expected was counted in the files, and asked of SUMO 1.28 and its sumolib.

use engine::traffic::network::rows::LanePlace;

use super::*;
use crate::shared_data::shared_data;

/// Names of lanes `street_number`, as SUMO writes them.
fn lane_name(scenario: &Scenario, place: LanePlace) -> String {
    format!("{}_{}", scenario.network.streets[place.street as usize].name, place.lane)
}

fn ways(scenario: &Scenario, rows: &[u32]) -> Vec<String> {
    let way = |row: &u32| {
        let movement = &scenario.network.movements[*row as usize];
        format!("{} {}", lane_name(scenario, movement.from), lane_name(scenario, movement.to))
    };
    let mut ways: Vec<String> = rows.iter().map(way).collect();
    ways.sort();
    ways
}

fn yields_of(scenario: &Scenario, way: &str) -> Vec<String> {
    let all: Vec<u32> = (0..scenario.network.movements.len() as u32).collect();
    let row = all.iter().find(|row| ways(scenario, &[**row])[0] == way).unwrap();
    ways(scenario, &scenario.network.movements[*row as usize].yields_to)
}

#[test]
fn bologna_acosta_is_read_as_a_whole() {
    let Some(path) = shared_data("data/sumo/bologna-acosta/run.sumocfg") else { return };
    let scenario = read(&path).unwrap();
    let network = &scenario.network;
    assert_eq!((network.streets.len(), network.movements.len()), (178, 351));
    // 112 junctions, and 33 more inside them.
    assert_eq!((network.junctions.len(), network.signals.len(), network.stop_places.len()), (112, 7, 35));
    // Eight more stand in comments.
    assert_eq!(scenario.detectors.len(), 58);
    assert_eq!((scenario.demand.trips.len(), scenario.refused_trips.len(), scenario.pending.len()), (8622 + 157, 0, 0));
    assert_eq!((scenario.demand.stops.len(), scenario.demand.types.len()), (542, 13));
    assert_eq!(network.streets.iter().filter(|street| street.is_roundabout).count(), 8);
    assert!(scenario.demand.trips.is_sorted_by(|a, b| a.depart_s <= b.depart_s));
    let parameter = "+proj=utm +zone=32 +ellps=WGS84 +datum=WGS84 +units=m +no_defs";
    assert_eq!(scenario.projection.parameter.as_deref(), Some(parameter));
    // The programs of the additional file follow those of the net: 'utopia' of 209 has a cycle of 117 s.
    let signal = network.signals.iter().find(|signal| signal.name == "209").unwrap();
    assert_eq!((signal.program.cycle_s(), signal.program.phases().len()), (117.0, 8));
    // Only the output differs.
    assert_eq!(noted(&scenario), [("tripinfo-output".to_owned(), 1)]);
}

/// Junction 1, links 3 and 4 with responses 00111 and 00110 to links from 201c; junction 12, link 8 with 000000011.
#[test]
fn bologna_acosta_gives_way_as_its_requests_say() {
    let Some(path) = shared_data("data/sumo/bologna-acosta/run.sumocfg") else { return };
    let scenario = read(&path).unwrap();
    let to_all = ["201c_0 204a[0]_0", "201c_1 204a[0]_1", "201c_2 204a[0]_2"];
    assert_eq!(yields_of(&scenario, "1_0 204a[0]_0"), to_all);
    assert_eq!(yields_of(&scenario, "1_1 204a[0]_1"), to_all[1..]);
    assert_eq!(yields_of(&scenario, "104_1 49_0"), ["103_0 14_0", "103_0 49_0"]);
    assert_eq!(yields_of(&scenario, "201c_0 204a[0]_0"), Vec::<String>::new());
}

#[test]
fn the_grid_of_eighteen_by_eighteen_is_read_as_a_whole() {
    let Some(path) = shared_data("data/sumo/grid18/run.sumocfg") else { return };
    let scenario = read(&path).unwrap();
    let network = &scenario.network;
    assert_eq!((network.streets.len(), network.movements.len()), (1368, 5184));
    assert_eq!((network.junctions.len(), network.signals.len()), (396, 324));
    assert_eq!((scenario.demand.trips.len(), scenario.refused_trips.len()), (20_001, 0));
    assert_eq!((scenario.begin_s, scenario.end_s, scenario.step_s), (0.0, Some(7200.0), 1.0));
    assert!(scenario.notes.is_empty(), "{:?}", scenario.notes);
    let waiting = network.movements.iter().filter(|movement| movement.inside.len() == 2).count();
    assert_eq!(waiting, 1296);
}
