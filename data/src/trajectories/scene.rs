//! What does not move: the run, streets, lanes, lamps, and who drives what.

use engine::traffic::network::PassageKind;
use engine::traffic::trajectories::{Fidelity, Traffic};
use engine::vehicles::VehicleClass;
use geo::Coord;
use serde::{Deserialize, Serialize};

use super::error::TrajectoryFault;
use super::numbers::{Bytes, put, put_signed};

/// What the trajectories are of.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct About {
    /// The run's id, or the name of the scenario where a run has none.
    pub run: String,
    /// The seed.
    pub seed: u64,
    /// How coordinates relate to the world, where that is known.
    pub reference: Option<Reference>,
    /// How closely vehicles were looked at; in `meso` positions are reconstructed.
    pub fidelity: Fidelity,
    /// Time of the first frame, in seconds after midnight, or after the scenario's begin.
    pub begin_s: f64,
    /// How far frames are apart, in seconds; positive.
    pub step_s: f64,
    /// Vehicle types.
    pub types: Vec<TypeAbout>,
}

/// A reference system for coordinates in metres.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reference {
    /// `EPSG:32632`, or a projection in the words of PROJ.
    pub system: String,
    /// What was added to its coordinates, in metres: east and north.
    pub offset_m: [f64; 2],
}

/// A vehicle type, as far as it is drawn.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TypeAbout {
    /// Name.
    pub name: String,
    /// Class.
    pub class: VehicleClass,
    /// Length in metres.
    pub length_m: f64,
    /// Width in metres.
    pub width_m: f64,
}

/// One lane, as far as it is drawn. Lengths are told to the centimetre.
#[derive(Clone, Debug, PartialEq)]
pub struct SceneLane {
    /// Its street, a row of [`Scene::streets`]; none inside a junction.
    pub street: Option<u32>,
    /// Length that positions count in, in metres; that of the line may differ.
    pub length_m: f64,
    /// Width in metres.
    pub width_m: f64,
    /// Middle line, in metres.
    pub line: Vec<Coord>,
    /// Whether one may have to wait at its end: a junction follows.
    pub has_stop_line: bool,
    /// The lamps at its end, from those of all signals, signal by signal.
    pub lamps: Vec<u32>,
}

/// All that does not move.
#[derive(Clone, Debug, PartialEq)]
pub struct Scene {
    /// What the trajectories are of.
    pub about: About,
    /// Names of streets; several may share one, and it may be empty.
    pub streets: Vec<String>,
    /// Lanes.
    pub lanes: Vec<SceneLane>,
    /// How many lamps each signal has.
    pub lamp_counts: Vec<u32>,
    /// Row of the type that drives each trip.
    pub type_of_trip: Vec<u16>,
}

/// A length in whole centimetres.
fn centimetres(metres: f64) -> i64 {
    (metres * 100.0).round() as i64
}

fn metres(centimetres: i64) -> f64 {
    centimetres as f64 / 100.0
}

impl Scene {
    /// What stands around a simulation that has not begun. `streets` are the names of its streets, row by row; missing ones
    /// are left empty.
    #[must_use]
    pub fn of(
        traffic: &impl Traffic,
        run: String,
        seed: u64,
        reference: Option<Reference>,
        streets: &[String],
        step_s: f64,
    ) -> Self {
        let (network, demand) = (traffic.network(), traffic.demand());
        let lamp_counts: Vec<u32> = network.signals.iter().map(|signal| signal.program.lamp_count() as u32).collect();
        let first_lamps: Vec<u32> =
            lamp_counts.iter().scan(0, |next, count| Some(std::mem::replace(next, *next + count))).collect();
        let lanes = (0..network.lanes.len() as u32)
            .map(|number| {
                let lane = &network.lanes[number as usize];
                let passages = network.passages_from(number);
                let lit = passages.iter().filter(|passage| passage.kind != PassageKind::Exit);
                let mut lamps: Vec<u32> = lit
                    .filter_map(|passage| passage.signal)
                    .map(|(signal, lamp)| first_lamps[signal as usize] + lamp)
                    .collect();
                lamps.sort_unstable();
                lamps.dedup();
                SceneLane {
                    street: lane.street,
                    length_m: metres(centimetres(lane.length_m)),
                    width_m: metres(centimetres(lane.width_m)),
                    line: network
                        .shape(number)
                        .iter()
                        .map(|point| Coord { x: metres(centimetres(point.x)), y: metres(centimetres(point.y)) })
                        .collect(),
                    has_stop_line: lane.street.is_some()
                        && passages.iter().any(|passage| passage.kind == PassageKind::Entry),
                    lamps,
                }
            })
            .collect();
        let types = demand
            .types
            .iter()
            .map(|row| TypeAbout {
                name: row.name.clone(),
                class: row.class,
                length_m: row.length_m,
                width_m: row.width_m,
            })
            .collect();
        let names = (0..network.streets.len()).map(|row| streets.get(row).cloned().unwrap_or_default());
        Self {
            about: About {
                run,
                seed,
                reference,
                fidelity: traffic.fidelity(),
                begin_s: traffic.time_s(),
                step_s,
                types,
            },
            streets: names.collect(),
            lanes,
            lamp_counts,
            type_of_trip: (0..demand.trips.len() as u32).map(|trip| traffic.type_of(trip)).collect(),
        }
    }

    /// How many lamps there are.
    #[must_use]
    pub fn lamp_count(&self) -> usize {
        self.lamp_counts.iter().map(|&count| count as usize).sum()
    }

    pub(super) fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        put(&mut bytes, self.streets.len() as u64);
        for name in &self.streets {
            put(&mut bytes, name.len() as u64);
            bytes.extend_from_slice(name.as_bytes());
        }
        put(&mut bytes, self.lamp_counts.len() as u64);
        for &count in &self.lamp_counts {
            put(&mut bytes, u64::from(count));
        }
        put(&mut bytes, self.lanes.len() as u64);
        let (mut x, mut y) = (0, 0);
        for lane in &self.lanes {
            put(&mut bytes, lane.street.map_or(0, |street| u64::from(street) + 1));
            put(&mut bytes, centimetres(lane.length_m).max(0) as u64);
            put(&mut bytes, centimetres(lane.width_m).max(0) as u64);
            bytes.push(u8::from(lane.has_stop_line));
            put(&mut bytes, lane.line.len() as u64);
            for point in &lane.line {
                let (to_x, to_y) = (centimetres(point.x), centimetres(point.y));
                put_signed(&mut bytes, to_x.wrapping_sub(x));
                put_signed(&mut bytes, to_y.wrapping_sub(y));
                (x, y) = (to_x, to_y);
            }
            put(&mut bytes, lane.lamps.len() as u64);
            for &lamp in &lane.lamps {
                put(&mut bytes, u64::from(lamp));
            }
        }
        put(&mut bytes, self.type_of_trip.len() as u64);
        for &row in &self.type_of_trip {
            put(&mut bytes, u64::from(row));
        }
        bytes
    }

    pub(super) fn from_bytes(about: About, bytes: &[u8]) -> Result<Self, TrajectoryFault> {
        let sound = |value: f64| value.is_finite() && value > 0.0;
        let types_sound = about.types.iter().all(|row| sound(row.length_m) && sound(row.width_m));
        if !sound(about.step_s) || !about.begin_s.is_finite() || !types_sound {
            return Err(TrajectoryFault::Damaged("its begin, step or types are no numbers to go by"));
        }
        let mut bytes = Bytes(bytes);
        let mut streets = Vec::new();
        for _ in 0..bytes.count(1)? {
            let length = bytes.count(1)?;
            let name = std::str::from_utf8(bytes.take(length)?);
            streets.push(name.map_err(|_| TrajectoryFault::Damaged("a name is no text"))?.to_owned());
        }
        let mut lamp_counts = Vec::new();
        for _ in 0..bytes.count(1)? {
            lamp_counts.push(bytes.below(LAMPS_MAX)?);
        }
        let lamp_count = lamp_counts.iter().map(|&count| u64::from(count)).sum::<u64>();
        if lamp_count > SIGNALS_LAMPS_MAX {
            return Err(TrajectoryFault::Damaged("there are more lamps than in any city"));
        }
        let mut lanes = Vec::new();
        let (mut x, mut y) = (0_i64, 0_i64);
        for _ in 0..bytes.count(6)? {
            let street = bytes.below(streets.len() + 1)?.checked_sub(1);
            let (length_cm, width_cm) = (bytes.below(LENGTH_MAX_CM)?, bytes.below(LENGTH_MAX_CM)?);
            let has_stop_line = bytes.below(2)? == 1;
            let mut line = Vec::new();
            for _ in 0..bytes.count(2)? {
                x = x.wrapping_add(bytes.signed()?);
                y = y.wrapping_add(bytes.signed()?);
                line.push(Coord { x: metres(x), y: metres(y) });
            }
            let mut lamps = Vec::new();
            for _ in 0..bytes.count(1)? {
                lamps.push(bytes.below(lamp_count as usize)?);
            }
            let (length_m, width_m) = (metres(i64::from(length_cm)), metres(i64::from(width_cm)));
            lanes.push(SceneLane { street, length_m, width_m, line, has_stop_line, lamps });
        }
        let mut type_of_trip = Vec::new();
        for _ in 0..bytes.count(1)? {
            type_of_trip.push(bytes.below(about.types.len())? as u16);
        }
        bytes.end()?;
        Ok(Self { about, streets, lanes, lamp_counts, type_of_trip })
    }
}

/// No lane is longer than 10,000 km, no signal has more lamps, and no city more in all.
const LENGTH_MAX_CM: usize = 1_000_000_000;
const LAMPS_MAX: usize = 100_000;
const SIGNALS_LAMPS_MAX: u64 = 10_000_000;
