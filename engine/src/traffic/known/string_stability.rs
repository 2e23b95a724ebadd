//! Whether disturbances grow from one vehicle to the next: what reaction times do, and what anticipation makes good again
//! (Treiber, Kesting, Helbing 2006, *Delays, inaccuracies and anticipation in microscopic traffic models*, Physica A 360,
//! 71–88).

use super::{circle, options, standing_in_circle};
use crate::traffic::car_following::Model;
use crate::traffic::demand::VehicleType;
use crate::traffic::fixtures::car;
use crate::traffic::micro::Micro;

/// How much the speeds of vehicles in a circle differ in the end, in metres a second.
fn unrest_mps(reaction_s: f64, anticipation_s: f64, leaders: u8) -> f64 {
    let model = Model::Human { headway_s: 1.2, exponent: 4.0, reaction_s, anticipation_s, leaders };
    let kind = VehicleType { min_gap_m: 2.0, acceleration_mps2: 1.5, deceleration_mps2: 2.0, ..car(model) };
    let (network, _) = circle(20.0);
    let demand = standing_in_circle(kind, 22);
    let mut micro = Micro::new(&network, &demand, options(2000.0, 0.1, 1));
    while micro.time_s() < 900.0 {
        micro.step();
    }
    assert_eq!(micro.counts().held_back, 0);
    let speeds_mps: Vec<f64> =
        (0..network.lanes.len() as u32).flat_map(|lane| micro.on_lane(lane)).map(|vehicle| vehicle.speed_mps).collect();
    let mean = speeds_mps.iter().sum::<f64>() / speeds_mps.len() as f64;
    let square = speeds_mps.iter().map(|speed| (speed - mean) * (speed - mean)).sum::<f64>();
    (square / speeds_mps.len() as f64).sqrt()
}

#[test]
fn reaction_times_make_waves_and_anticipation_stills_them() {
    let calm = |reaction_s, anticipation_s, leaders| unrest_mps(reaction_s, anticipation_s, leaders) < 0.01;
    // At once, and after a time that is short beside the headway.
    assert!(calm(0.0, 0.0, 1) && calm(0.6, 0.0, 1));
    // Not when it takes longer; nor does thinking ahead alone help then.
    assert!(!calm(0.9, 0.0, 1) && !calm(0.9, 0.9, 1));
    // Looking at several vehicles ahead does.
    assert!(calm(0.9, 0.9, 5));
    // As long as the reaction does not take as long as the headway.
    assert!(!calm(1.2, 1.2, 5));
}
