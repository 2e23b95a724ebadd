//! Flow, speed and density of vehicles that follow each other in a circle, against the equilibria of their models.
//!
//! - Krauss: all keep s₀ + v τ until they drive as fast as they wish, a triangular diagram (S. Krauß 1998, DLR-FB 98-08: the
//!   safe speed behind a leader as fast as oneself).
//! - IDM: all keep (s₀ + v T) / √(1 − (v / v₀)⁴) (Treiber, Hennecke, Helbing 2000, Physical Review E 62, 1805–1824,
//!   equation 5), and the human driver model the same whatever drivers anticipate (Treiber, Kesting, Helbing 2006).
//!
//! Within half a per cent. The simulation from event to event has no gaps to look at; its diagram is that of its
//! [waves](super::kinematic_waves).

use super::{assert_near, circle, options, standing_in_circle};
use crate::traffic::car_following::Model;
use crate::traffic::demand::VehicleType;
use crate::traffic::fixtures::{car, krauss};
use crate::traffic::micro::Micro;

const LIMIT_MPS: f64 = 50.0 / 3.6;

/// What vehicles of a type come to in the end: how many there are in a metre, and their speeds, which are all the same.
fn steady(kind: VehicleType, on_half: u32) -> (f64, f64) {
    let (network, length_m) = circle(LIMIT_MPS);
    let demand = standing_in_circle(kind, on_half);
    let mut micro = Micro::new(&network, &demand, options(2000.0, 0.5, 1));
    while micro.time_s() < 1500.0 {
        micro.step();
    }
    let on_lanes = (0..network.lanes.len() as u32).flat_map(|lane| micro.on_lane(lane));
    let speeds_mps: Vec<f64> = on_lanes.map(|vehicle| vehicle.speed_mps).collect();
    assert_eq!((speeds_mps.len(), micro.counts().held_back), (2 * on_half as usize, 0));
    let mean_mps = speeds_mps.iter().sum::<f64>() / speeds_mps.len() as f64;
    for speed_mps in speeds_mps {
        assert!(
            (speed_mps - mean_mps).abs() < 0.005 * LIMIT_MPS,
            "one drives {speed_mps} m/s where all drive {mean_mps}"
        );
    }
    (2.0 * f64::from(on_half) / length_m, mean_mps)
}

#[test]
fn krauss_drivers_have_a_triangular_diagram() {
    let kind = car(krauss(0.0));
    for on_half in [5, 15, 22, 25, 30, 40, 50, 60] {
        let (per_m, speed_mps) = steady(kind.clone(), on_half);
        // 1 s of headway behind 5 m of vehicle and 2.5 m of gap.
        let expected_mps = (1.0 / per_m - 7.5).min(LIMIT_MPS);
        assert_near(speed_mps, expected_mps, 0.005, &format!("the speed of {per_m} vehicles a metre"));
    }
}

/// The gap that the intelligent driver model keeps at a speed, in metres, for gaps of 2 m and headways of 1 s.
fn idm_gap_m(speed_mps: f64) -> f64 {
    let ratio = speed_mps / LIMIT_MPS;
    (2.0 + speed_mps) / (1.0 - ratio * ratio * ratio * ratio).sqrt()
}

fn idm_drivers() -> [VehicleType; 3] {
    let human = |anticipation_s, leaders| Model::Human {
        headway_s: 1.0,
        exponent: 4.0,
        reaction_s: 0.3,
        anticipation_s,
        leaders,
    };
    [Model::Idm { headway_s: 1.0, exponent: 4.0 }, human(0.3, 1), human(0.3, 5)]
        .map(|model| VehicleType { min_gap_m: 2.0, ..car(model) })
}

#[test]
fn idm_drivers_keep_the_gaps_of_their_equilibrium() {
    for kind in idm_drivers() {
        // Drivers who take time to react do not keep it where it is dense: they stop and go.
        let dense: &[u32] = if kind.model.reaction_s() > 0.0 { &[] } else { &[35, 40, 50, 60] };
        for &on_half in [15, 22, 28].iter().chain(dense) {
            let (per_m, speed_mps) = steady(kind.clone(), on_half);
            let what = format!("{:?}: the gap at {speed_mps} m/s", kind.model);
            assert_near(1.0 / per_m - 5.0, idm_gap_m(speed_mps), 0.005, &what);
        }
    }
}

/// At 50 km/h, headways of 1 s and vehicles of 5 m: 1,898.7 vehicles an hour at 9.494 m/s, worked out from the equilibrium.
#[test]
fn idm_drivers_reach_the_capacity_of_their_equilibrium() {
    let flow_vph = |speed_mps: f64| 3600.0 * speed_mps / (5.0 + idm_gap_m(speed_mps));
    let most_mps = (1..13_888).map(|mm| f64::from(mm) / 1000.0).max_by(|a, b| flow_vph(*a).total_cmp(&flow_vph(*b)));
    let most_mps = most_mps.unwrap();
    assert!((flow_vph(most_mps) - 1898.7).abs() < 0.05 && (most_mps - 9.494).abs() < 0.001, "{most_mps}");
    for kind in idm_drivers() {
        // Eighteen metres for each: as many as capacity asks for.
        let (per_m, speed_mps) = steady(kind, 28);
        assert_near(3600.0 * per_m * speed_mps, 1898.7, 0.005, "the capacity");
        assert_near(speed_mps, 9.494, 0.005, "the speed at capacity");
    }
}
