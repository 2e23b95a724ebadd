//! How cost grows with network and demand: 1, 4 and 16 times a signalised grid, lane by lane and from event to event.
//!
//! `cargo bench --bench growth [-- THREADS]`. The grids are synthetic: streets of two lanes each way between signals, and
//! trips of about ten streets between random junctions, so that four times the network with four times the trips is four
//! times the work. Each run is a process of its own, so that its memory is its own.
#![expect(clippy::print_stdout, reason = "a benchmark tells its results there")]

use std::collections::HashMap;
use std::process::{Command, Stdio};
use std::time::Instant;

use cpu_time::ProcessTime;
use engine::draws::{Draws, Purpose};
use engine::traffic::demand::{
    DepartLane, DepartPosition, DepartSpeed, Route, RouteChoice, TrafficDemand, Trip, VehicleMix,
};
use engine::traffic::from_city::vehicle_type;
use engine::traffic::meso::Meso;
use engine::traffic::micro::Micro;
use engine::traffic::network::derive::{Control, LOOSE_END_MAX_M, PlainJunction, PlainStreet, PlainStreets, derive};
use engine::traffic::network::{LaneNetwork, Permissions, Span};
use engine::traffic::simulation::{Counts, Options};
use engine::vehicles::VehicleClass;
use geo::Coord;

/// Junctions along a side of each grid.
const SIDES: [u32; 3] = [18, 36, 72];
/// Between junctions, in metres.
const SPACING_M: f64 = 200.0;
/// Trips for each junction, all within the first hour.
const TRIPS_PER_JUNCTION: f64 = 50.0;
const DEPARTURES_S: f64 = 3600.0;
/// Trips go at most so far along each axis, in streets.
const REACH: i64 = 9;
const END_S: f64 = 3.0 * 3600.0;

const ORIGIN: Purpose = Purpose::new("origin");
const EAST: Purpose = Purpose::new("east");
const NORTH: Purpose = Purpose::new("north");
const TURN: Purpose = Purpose::new("turn");

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    if let [fidelity, side, threads] = arguments.as_slice() {
        return one(fidelity, number(side), number(threads));
    }
    let threads = arguments.first().map_or(1, |threads| number(threads));
    println!("memory is read at {:.1} GB/s by one thread", bandwidth_gb_ps());
    println!("synthetic grids, {threads} thread(s)");
    println!("        junctions    trips arrived  updates        CPU s   wall s  updates/CPU s   peak MiB");
    for fidelity in ["micro", "meso"] {
        for side in SIDES {
            let program = std::env::current_exe().expect("a program knows where it is");
            let run = Command::new(program)
                .args([fidelity, &side.to_string(), &threads.to_string()])
                .stderr(Stdio::inherit())
                .output()
                .expect("it starts again");
            assert!(run.status.success(), "{fidelity} {side}: {}", run.status);
            print!("{}", String::from_utf8_lossy(&run.stdout));
        }
    }
}

fn number(argument: &str) -> u32 {
    argument.parse().expect("a number")
}

/// One run, told in one line.
fn one(fidelity: &str, side: u32, threads: u32) {
    rayon::ThreadPoolBuilder::new().num_threads(threads as usize).build_global().expect("the pool is made once");
    let grid = Grid::new(side);
    let demand = grid.demand();
    let options = Options { begin_s: 0.0, end_s: Some(END_S), step_s: 1.0, seed: 1 };
    let (cpu, wall) = (ProcessTime::now(), Instant::now());
    let Counts { arrived, vehicle_updates, .. } = if fidelity == "micro" {
        let mut micro = Micro::new(&grid.network, &demand, options);
        micro.run();
        micro.counts()
    } else {
        let mut meso = Meso::new(&grid.network, &demand, options);
        meso.run();
        meso.counts()
    };
    let (cpu_s, wall_s) = (cpu.elapsed().as_secs_f64(), wall.elapsed().as_secs_f64());
    println!(
        "{fidelity:6} {:10} {:8} {arrived:7} {vehicle_updates:10} {cpu_s:10.2} {wall_s:8.2} {:14.0} {:10.0}",
        side * side,
        demand.trips.len(),
        vehicle_updates as f64 / cpu_s,
        peak_mib(),
    );
}

/// How fast one thread reads memory that no cache holds: whole numbers, added up.
fn bandwidth_gb_ps() -> f64 {
    const WORDS: usize = 1 << 27;
    let words: Vec<u64> = (0..WORDS as u64).collect();
    let mut times_s: Vec<f64> = (0..5_u64)
        .map(|round| {
            let begin = Instant::now();
            let sum = words.iter().fold(round, |sum, word| sum.wrapping_add(*word));
            std::hint::black_box(sum);
            begin.elapsed().as_secs_f64()
        })
        .collect();
    times_s.sort_by(f64::total_cmp);
    (WORDS * size_of::<u64>()) as f64 / times_s[2] / 1e9
}

/// The most memory that this process has had, where the system tells.
fn peak_mib() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kib = line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<f64>().ok());
    kib.unwrap_or(f64::NAN) / 1024.0
}

/// A square grid of two-way streets between signals.
struct Grid {
    side: u32,
    network: LaneNetwork,
    /// The street between two neighbouring junctions.
    streets: HashMap<(u32, u32), u32>,
}

impl Grid {
    fn new(side: u32) -> Self {
        let mut plain = PlainStreets::default();
        let mut streets = HashMap::new();
        let place = |junction: u32| Coord {
            x: f64::from(junction % side) * SPACING_M,
            y: f64::from(junction / side) * SPACING_M,
        };
        for junction in 0..side * side {
            plain.junctions.push(PlainJunction {
                name: format!("j{junction}"),
                place: place(junction),
                reach_m: LOOSE_END_MAX_M,
                control: Control::Signals,
            });
        }
        for here in 0..side * side {
            let east = (here % side + 1 < side).then_some(here + 1);
            let north = (here / side + 1 < side).then_some(here + side);
            for there in [east, north].into_iter().flatten() {
                let row = plain.streets.len() as u32;
                for (from, to, own, partner) in [(here, there, row, row + 1), (there, here, row + 1, row)] {
                    streets.insert((from, to), own);
                    plain.streets.push(street(from, to, [place(from), place(to)], partner));
                }
            }
        }
        let derived = derive(&plain).expect("a grid can be derived");
        let network = LaneNetwork::build(&derived.rows).expect("what is derived can be built");
        Self { side, network, streets }
    }

    fn demand(&self) -> TrafficDemand {
        let mut demand = TrafficDemand {
            types: vec![vehicle_type(VehicleClass::ResidentCar)],
            mixes: vec![VehicleMix { types: vec![(0, 1.0)] }],
            ..TrafficDemand::default()
        };
        let count = (f64::from(self.side * self.side) * TRIPS_PER_JUNCTION) as u32;
        for number in 0..count {
            let streets = self.route(u64::from(number));
            if streets.is_empty() {
                continue;
            }
            let row = demand.routes.len() as u32;
            demand.routes.push(Route { streets });
            demand.route_choices.push(RouteChoice { routes: vec![(row, 1.0)] });
            demand.trips.push(Trip {
                name: format!("v{number}"),
                draw_key: None,
                mix: 0,
                route_choice: row,
                depart_s: DEPARTURES_S * f64::from(number) / f64::from(count),
                depart_lane: DepartLane::Best,
                depart_position: DepartPosition::Base,
                depart_speed: DepartSpeed::Max,
                arrival_position_m: None,
                stops: Span::default(),
            });
        }
        demand
    }

    /// Streets from a random junction to another that lies within reach, turning at random; none if it is the same.
    fn route(&self, trip: u64) -> Vec<u32> {
        let draws = Draws::new(1);
        let side = i64::from(self.side);
        let origin = (draws.uniform(ORIGIN, trip) * (side * side) as f64) as i64;
        let target = |from: i64, purpose| {
            let step = (draws.uniform(purpose, trip) * (2 * REACH + 1) as f64) as i64 - REACH;
            (from + step).clamp(0, side - 1)
        };
        let (mut x, mut y) = (origin % side, origin / side);
        let (to_x, to_y) = (target(x, EAST), target(y, NORTH));
        let mut turns = draws.sequence(TURN, trip);
        let mut streets = Vec::new();
        while (x, y) != (to_x, to_y) {
            let here = (y * side + x) as u32;
            let (left_x, left_y) = ((to_x - x).abs(), (to_y - y).abs());
            if turns.uniform() * (left_x + left_y) as f64 <= left_x as f64 && left_x > 0 {
                x += (to_x - x).signum();
            } else {
                y += (to_y - y).signum();
            }
            streets.push(self.streets[&(here, (y * side + x) as u32)]);
        }
        streets
    }
}

fn street(from_junction: u32, to_junction: u32, line: [Coord; 2], partner: u32) -> PlainStreet {
    PlainStreet {
        name: format!("{from_junction}-{to_junction}"),
        road_name: None,
        from_junction,
        to_junction,
        line: line.to_vec(),
        partner: Some(partner),
        lane_count: 2,
        lane_width_m: 3.2,
        speed_limit_mps: 13.89,
        permissions: Permissions::ALL,
        rank: 3,
        reserved: Vec::new(),
        is_roundabout: false,
    }
}
