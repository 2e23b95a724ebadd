//! A street with signals, with and without a green wave, against its time–space diagram.
//!
//! Cars so far apart that they do not meet drive the street at all times of the cycle. The diagram says what each does: it
//! drives at its speed, stops at a lamp that is red when it comes (or so shortly yellow that it can still stop), and starts
//! with green, which costs what accelerating does, v / 2a. The wave and its width come from the exact solution of
//! [`crate::signals::Arterial`].

use super::{BOTH, assert_near, chain, options};
use crate::signals::{Arterial, Lamp, Phase, Program, WaveJunction, Weights, Window};
use crate::traffic::fixtures::{car, demand, krauss};
use crate::traffic::network::LaneNetwork;
use crate::traffic::simulation::FinishedTrip;

const SPEED_MPS: f64 = 13.89;
const CYCLE_S: f64 = 80.0;
const GREEN_S: f64 = 32.0;
const YELLOW_S: f64 = 3.0;
/// Lengths of the streets before the signals and behind the last, in metres; a junction takes 10 m.
const STREETS_M: [f64; 6] = [300.0, 260.0, 410.0, 180.0, 350.0, 300.0];
/// What starting and stopping cost, in seconds.
const STARTING_S: f64 = SPEED_MPS / (2.0 * 2.6);
const STOPPING_S: f64 = SPEED_MPS / (2.0 * 4.5);

/// How far the stop line of each signal is from where trips begin, in metres.
fn stop_lines_m() -> Vec<f64> {
    let mut at_m = -5.1;
    STREETS_M[..5]
        .iter()
        .map(|length_m| {
            at_m += length_m;
            let stop_line_m = at_m;
            at_m += 10.0;
            stop_line_m
        })
        .collect()
}

/// Signals whose greens begin at those times.
fn street(offsets_s: &[f64]) -> LaneNetwork {
    let mut plan = chain(&STREETS_M.map(|length_m| (length_m, SPEED_MPS)));
    for (movement, &offset_s) in (0..).zip(offsets_s) {
        let phase = |duration_s, lamp| Phase { duration_s, lamps: vec![lamp] };
        let phases = vec![
            phase(GREEN_S, Lamp::Green),
            phase(YELLOW_S, Lamp::Yellow),
            phase(CYCLE_S - GREEN_S - YELLOW_S, Lamp::Red),
        ];
        plan.signal(Program::new(phases, offset_s).unwrap(), &[movement]);
    }
    LaneNetwork::build(&plan.rows).unwrap()
}

/// What the diagram says of a car.
struct Told {
    arrives_s: f64,
    stops: u32,
    /// Whether it comes to a lamp when it hardly can, or just cannot stop any more.
    is_close: bool,
}

fn diagram(begins_s: f64, offsets_s: &[f64]) -> Told {
    let (mut now_s, mut at_m, mut stops, mut is_close) = (begins_s, 0.0, 0, false);
    for (stop_line_m, offset_s) in stop_lines_m().into_iter().zip(offsets_s) {
        now_s += (stop_line_m - at_m) / SPEED_MPS;
        at_m = stop_line_m;
        let into_cycle_s = (now_s - offset_s).rem_euclid(CYCLE_S);
        is_close |= (into_cycle_s - GREEN_S - STOPPING_S).abs() < 1.0;
        if into_cycle_s >= GREEN_S + STOPPING_S {
            stops += 1;
            now_s += CYCLE_S - into_cycle_s + STARTING_S;
        }
    }
    let end_m = STREETS_M.iter().sum::<f64>() + 50.0 - 5.1;
    Told { arrives_s: now_s + (end_m - at_m) / SPEED_MPS, stops, is_close }
}

/// Cars at all seconds of the cycle, each long after the one before.
fn begins_s(number: u32) -> f64 {
    f64::from(number) * (4.0 * CYCLE_S + 1.0)
}

fn wave() -> Vec<f64> {
    let green = Window { begin_s: 0.0, length_s: GREEN_S };
    let lines_m = stop_lines_m();
    let junctions: Vec<WaveJunction> = lines_m
        .iter()
        .map(|stop_line_m| WaveJunction::at(stop_line_m - lines_m[0], SPEED_MPS, SPEED_MPS, green, green))
        .collect();
    let wave = Arterial::new(CYCLE_S, junctions).unwrap().wave(Weights::OUTBOUND).unwrap();
    assert!((wave.bandwidths.outbound_s - GREEN_S).abs() < 1e-9, "the wave is as wide as the green");
    wave.offsets_s
}

#[test]
fn cars_drive_along_a_street_as_the_time_space_diagram_says() {
    for (name, offsets_s) in [("green wave", wave()), ("all at once", vec![0.0; 5])] {
        let network = street(&offsets_s);
        let trips: Vec<(f64, Vec<u32>)> = (0..80).map(|number| (begins_s(number), (0..6).collect())).collect();
        let demand = demand(car(krauss(0.0)), &trips);
        for simulation in BOTH {
            let (mut finished, _) = simulation.run(&network, &demand, options(40_000.0, 0.5, 1), &[]);
            finished.sort_by_key(|trip| trip.trip);
            assert_eq!(finished.len(), 80);
            let told = |trip: &FinishedTrip| diagram(begins_s(trip.trip), &offsets_s);
            let what = format!("{name} in {simulation:?}");
            let mean_s = |arrives_s: &dyn Fn(&FinishedTrip) -> f64| {
                finished.iter().map(|trip| arrives_s(trip) - begins_s(trip.trip)).sum::<f64>() / 80.0
            };
            assert_near(mean_s(&|trip| trip.arrived_s), mean_s(&|trip| told(trip).arrives_s), 0.02, &what);
            for trip in finished.iter().filter(|trip| !told(trip).is_close) {
                let late_s = trip.arrived_s - told(trip).arrives_s;
                assert!(late_s.abs() < 3.0, "{what}: trip {} is {late_s} s late", trip.trip);
            }
            // The band: who begins within it drives through.
            let through = finished.iter().filter(|trip| trip.time_loss_s < 2.0).count();
            let told_through = finished.iter().filter(|trip| told(trip).stops == 0).count();
            assert!(through.abs_diff(told_through) <= 2, "{what}: {through} drive through instead of {told_through}");
            if name == "green wave" {
                let band = (GREEN_S + STOPPING_S) / CYCLE_S;
                assert_near(told_through as f64 / 80.0, band, 0.03, "the band");
            }
        }
    }
}
