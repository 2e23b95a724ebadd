//! Trips that have ended (`tripinfo`).

use std::io::{self, Write};

use engine::traffic::demand::TrafficDemand;
use engine::traffic::simulation::Simulation;

use super::{Document, Names, two};

/// Writes the trips that have ended, in the order in which they did.
///
/// # Errors
/// Where `out` cannot be written.
pub fn write_trips<'a, W: Write>(
    out: W,
    run: &impl Simulation<'a>,
    demand: &TrafficDemand,
    names: &Names,
) -> io::Result<W> {
    let mut begins = vec![None; demand.trips.len()];
    for departed in run.departed() {
        begins[departed.trip as usize] = Some(departed.begin);
    }
    let mut document = Document::begin(out, "tripinfos", "tripinfo_file.xsd")?;
    let mut attributes = Vec::new();
    for trip in run.finished() {
        let row = &demand.trips[trip.trip as usize];
        let kind = &demand.types[usize::from(run.type_of(trip.trip))];
        attributes.clear();
        attributes.extend([("id", row.name.clone()), ("depart", two(trip.departed_s))]);
        if let Some(begin) = begins[trip.trip as usize] {
            attributes.extend([
                ("departLane", names.lane(begin.lane)),
                ("departPos", two(begin.position_m)),
                ("departSpeed", two(begin.speed_mps)),
            ]);
        }
        attributes.extend([
            ("departDelay", two(trip.depart_delay_s)),
            ("arrival", two(trip.arrived_s)),
            ("arrivalLane", names.lane(trip.end.lane)),
            ("arrivalPos", two(trip.end.position_m)),
            ("arrivalSpeed", two(trip.end.speed_mps)),
            ("duration", two(trip.arrived_s - trip.departed_s)),
            ("routeLength", two(trip.driven_m)),
            ("waitingTime", two(trip.waited_s)),
            ("waitingCount", trip.halts.to_string()),
            ("stopTime", two(trip.stopped_s)),
            ("timeLoss", two(trip.time_loss_s)),
            ("vType", kind.name.clone()),
            ("speedFactor", two(run.speed_factor(trip.trip))),
            ("vaporized", String::new()),
        ]);
        document.empty("tripinfo", &attributes)?;
    }
    document.end()
}
