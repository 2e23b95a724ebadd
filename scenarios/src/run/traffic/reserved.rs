//! Lanes for buses and bicycles on the streets of a run.
//!
//! From the right: the cycle lane, then the bus lanes. A simulation has one network for all of its times, so that a lane for buses that
//! holds at some of them is kept free at all of them ([`unfelt_edits`](crate::scenario::unfelt_edits) says so). How they end
//! before junctions is a matter of the network ([`PlainStreet::reserved`](engine::traffic::network::derive::PlainStreet)). A link
//! inside a junction has none.

use engine::traffic::from_city::CityStreets;
use engine::traffic::network::Permissions;
use engine::vehicles::{ClassSet, VehicleClass};

use super::super::model::CityModel;
use crate::scenario::CycleLaneKind;

/// Reserves the lanes of a scenario that hold in any of some slices; at least one of each street is left for all.
pub(super) fn reserve(model: &CityModel, slices: &[usize], streets: &mut CityStreets) {
    for (street, &link) in streets.plain.streets.iter_mut().zip(&streets.links) {
        let mut reserved = users(model, slices, link as usize);
        reserved.truncate(street.lane_count.saturating_sub(1) as usize);
        street.reserved = reserved.into_iter().map(|users| Permissions(u64::from(users.bits()))).collect();
    }
}

/// Who may use the reserved lanes of a link, from the right.
fn users(model: &CityModel, slices: &[usize], link: usize) -> Vec<ClassSet> {
    let edits = &model.applied.traffic;
    let day = model.applied.tables.about.day_plan.day;
    let of_bicycles = edits.cycle_lanes.get(&link) == Some(&CycleLaneKind::ReservedLane);
    let times = || slices.iter().map(|&slice| model.slices[slice].time.span.from);
    let of_buses = edits.bus_lanes.get(&link).into_iter().flatten();
    let (mut lanes, mut buses) = (0, ClassSet::NONE.with(VehicleClass::Bus));
    for held in of_buses.filter(|held| times().any(|time| held.hours.contains(day, time))) {
        lanes = lanes.max(held.lanes);
        buses = buses.or(held.also);
    }
    let of_bicycles = of_bicycles.then(|| ClassSet::NONE.with(VehicleClass::Bicycle));
    of_bicycles.into_iter().chain(std::iter::repeat_n(buses, usize::from(lanes))).collect()
}
