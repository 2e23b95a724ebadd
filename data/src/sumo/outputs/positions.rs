//! Where vehicles are, step by step (`fcd`).

use std::io::{self, Write};

use engine::traffic::demand::TrafficDemand;
use engine::traffic::network::LaneNetwork;
use engine::traffic::trajectories::{Traffic, VehicleAt};

use super::{Document, Names, two};

/// Writes positions while a simulation runs.
pub struct PositionWriter<'a, W: Write> {
    document: Document<W>,
    network: &'a LaneNetwork,
    demand: &'a TrafficDemand,
    names: &'a Names,
    /// When the next are written, and every how many seconds.
    next_s: f64,
    every_s: f64,
    seen: Vec<VehicleAt>,
}

impl<'a, W: Write> PositionWriter<'a, W> {
    /// Begins a file. `every_s` must be positive.
    ///
    /// # Errors
    /// Where `out` cannot be written.
    pub fn begin(
        out: W,
        network: &'a LaneNetwork,
        demand: &'a TrafficDemand,
        names: &'a Names,
        begin_s: f64,
        every_s: f64,
    ) -> io::Result<Self> {
        let document = Document::begin(out, "fcd-export", "fcd_file.xsd")?;
        Ok(Self { document, network, demand, names, next_s: begin_s, every_s, seen: Vec::new() })
    }

    /// Writes where everybody is after the step that began at a time, if that is due. Trips come in the order of their departure.
    ///
    /// # Errors
    /// Where the file cannot be written.
    pub fn step(&mut self, traffic: &impl Traffic, time_s: f64) -> io::Result<()> {
        if time_s < self.next_s - 1e-9 {
            return Ok(());
        }
        while self.next_s <= time_s + 1e-9 {
            self.next_s += self.every_s;
        }
        traffic.vehicles_at(&mut self.seen);
        self.seen.sort_unstable_by_key(|vehicle| vehicle.trip);
        let time = [("time", two(time_s))];
        if self.seen.is_empty() {
            return self.document.empty("timestep", &time);
        }
        self.document.open("timestep", &time)?;
        for vehicle in &self.seen {
            let (x, y, angle_deg) = place(self.network, vehicle.lane, vehicle.position_m);
            let kind = &self.demand.types[usize::from(traffic.type_of(vehicle.trip))];
            self.document.empty(
                "vehicle",
                &[
                    ("id", self.demand.trips[vehicle.trip as usize].name.clone()),
                    ("x", two(x)),
                    ("y", two(y)),
                    ("angle", two(angle_deg)),
                    ("type", kind.name.clone()),
                    ("speed", two(vehicle.speed_mps)),
                    ("pos", two(vehicle.position_m)),
                    ("lane", self.names.lane(vehicle.lane)),
                ],
            )?;
        }
        self.document.close("timestep")
    }

    /// Ends the file.
    ///
    /// # Errors
    /// Where it cannot be written.
    pub fn end(self) -> io::Result<W> {
        self.document.end()
    }
}

/// Where a place of a lane is, and the direction of the lane there in degrees clockwise from north. A lane's shape may be
/// longer or shorter than the lane: places are in proportion.
fn place(network: &LaneNetwork, lane: u32, position_m: f64) -> (f64, f64, f64) {
    let points = network.shape(lane);
    let lengths: Vec<f64> =
        points.windows(2).map(|ends| libm::hypot(ends[1].x - ends[0].x, ends[1].y - ends[0].y)).collect();
    let share = (position_m / network.lanes[lane as usize].length_m).clamp(0.0, 1.0);
    let mut left_m = share * lengths.iter().sum::<f64>();
    let mut at = points.first().map_or((0.0, 0.0, 0.0), |point| (point.x, point.y, 0.0));
    for (ends, length_m) in points.windows(2).zip(&lengths) {
        if *length_m <= 0.0 {
            continue;
        }
        let along = (left_m / length_m).min(1.0);
        let (x, y) = (ends[1].x - ends[0].x, ends[1].y - ends[0].y);
        let angle_deg = libm::atan2(x, y).to_degrees();
        at =
            (ends[0].x + x * along, ends[0].y + y * along, if angle_deg < 0.0 { angle_deg + 360.0 } else { angle_deg });
        if left_m <= *length_m {
            break;
        }
        left_m -= length_m;
    }
    at
}
