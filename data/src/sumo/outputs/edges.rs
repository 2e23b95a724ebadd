//! Sums over streets by time (`edgeData`).

use std::io::{self, Write};

use engine::traffic::network::LaneNetwork;
use engine::traffic::results::TrafficResults;

use super::{Document, Names, two};

/// Writes results of streets, those in which nobody was left out as SUMO leaves them out. The last interval ends with the run,
/// `end_s`.
///
/// # Errors
/// Where `out` cannot be written.
pub fn write_edges<W: Write>(
    out: W,
    results: &TrafficResults,
    network: &LaneNetwork,
    names: &Names,
    end_s: f64,
) -> io::Result<W> {
    let mut order: Vec<usize> = (0..results.street_count).collect();
    order.sort_by(|a, b| names.streets[*a].cmp(&names.streets[*b]));
    let mut document = Document::begin(out, "meandata", "meandata_file.xsd")?;
    for bin in 0..results.bin_count {
        let (from_s, to_s) = results.bins.bounds_s(bin);
        let to_s = to_s.min(end_s);
        let bin_s = to_s - from_s;
        if bin_s <= 0.0 {
            continue;
        }
        let bounds = [("begin", two(from_s)), ("end", two(to_s)), ("id", "DEFAULT_EDGEDATA".to_owned())];
        document.open("interval", &bounds)?;
        for &street in &order {
            let row = results.street(bin, street);
            if row.time_s <= 0.0 && row.departed + row.arrived + row.entered + row.left <= 0.0 {
                continue;
            }
            let place = &network.streets[street];
            let lane = &network.lanes[place.first_lane as usize];
            let (lanes, length_m) = (f64::from(place.lane_count), lane.length_m);
            let mut attributes = vec![("id", names.streets[street].clone()), ("sampledSeconds", two(row.time_s))];
            let density = row.density_vpkm(length_m, bin_s);
            let speed_mps = row.speed_mps().filter(|speed_mps| *speed_mps > 0.0);
            attributes.extend(speed_mps.map(|speed_mps| ("traveltime", two(length_m / speed_mps))));
            attributes.extend([
                ("density", two(density)),
                ("laneDensity", two(density / lanes)),
                ("waitingTime", two(row.standing_s)),
                ("timeLoss", two(row.delay_s)),
            ]);
            if let Some(speed_mps) = row.speed_mps() {
                attributes.push(("speed", two(speed_mps)));
                attributes.push(("speedRelative", two(speed_mps / lane.speed_limit_mps)));
            }
            attributes.extend([
                ("departed", count(row.departed)),
                ("arrived", count(row.arrived)),
                ("entered", count(row.entered)),
                ("left", count(row.left)),
                ("flow", two(row.flow_vph(length_m, bin_s))),
                ("distance", two(row.driven_m)),
            ]);
            document.empty("edge", &attributes)?;
        }
        document.close("interval")?;
    }
    document.end()
}

/// Vehicles that were simulated: a whole number.
fn count(vehicles: f64) -> String {
    format!("{vehicles:.0}")
}
