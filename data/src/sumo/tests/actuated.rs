//! The crossing with an actuated signal and uneven flows, as SUMO 1.28 runs it: means of its seeds 1 to 3, which differ by 2 %.

use engine::signals::Lamp;
use engine::traffic::meso::Meso;
use engine::traffic::micro::Micro;
use engine::traffic::network::LaneNetwork;
use engine::traffic::simulation::{FinishedTrip, Options};

use super::network::actuated;

const FLOWS: &str = r#"
    <flow id="w" begin="0" end="3600" period="5" departSpeed="max"><route edges="wc ce"/></flow>
    <flow id="n" begin="1" end="3600" period="19" departSpeed="max"><route edges="nc cs"/></flow>
    <flow id="e" begin="2" end="3600" period="7" departSpeed="max"><route edges="ec cw"/></flow>
    <flow id="r" begin="3" end="3600" period="41" departSpeed="max"><route edges="nc cw"/></flow>
    <flow id="s" begin="5" end="3600" period="23" departSpeed="max"><route edges="sc cn"/></flow>"#;

/// Mean duration of a trip, mean green of the lamps from the north and from the west, in seconds.
const SUMO: [f64; 3] = [23.1, 6.1, 14.2];
/// The lamps straight on from the north and from the west.
const LAMPS: [usize; 2] = [1, 10];

/// The greens of two lamps: how long they lasted together, and how many there were.
#[derive(Default)]
struct Greens {
    shown_s: [f64; 2],
    count: [f64; 2],
    is_green: [bool; 2],
}

impl Greens {
    /// What lamps show for the next second.
    fn see(&mut self, lamps: &[Lamp]) {
        for (place, lamp) in LAMPS.into_iter().enumerate() {
            let was_green = std::mem::replace(&mut self.is_green[place], lamps[lamp].is_green());
            if self.is_green[place] {
                self.shown_s[place] += 1.0;
                self.count[place] += if was_green { 0.0 } else { 1.0 };
            }
        }
    }

    fn means(&self, finished: &[FinishedTrip]) -> [f64; 3] {
        let durations_s = finished.iter().map(|trip| trip.arrived_s - trip.departed_s);
        let mean_s = durations_s.sum::<f64>() / finished.len() as f64;
        [mean_s, self.shown_s[0] / self.count[0], self.shown_s[1] / self.count[1]]
    }
}

#[test]
fn an_actuated_signal_does_in_both_simulations_what_it_does_in_sumo() {
    let scenario = actuated("", FLOWS).unwrap();
    assert!(scenario.refused_trips.is_empty());
    let network = LaneNetwork::build(&scenario.network).unwrap();
    let (mut by_micro, mut by_meso) = ([0.0; 3], [0.0; 3]);
    for seed in 1..=3 {
        let demand = scenario.demand.clone().drawn(seed);
        let options = Options { begin_s: 0.0, end_s: Some(5400.0), step_s: 1.0, seed };
        let (mut greens, mut micro) = (Greens::default(), Micro::new(&network, &demand, options.clone()));
        while !micro.is_over() {
            micro.step();
            greens.see(micro.lamps(0));
        }
        assert_eq!(micro.counts().arrived, demand.trips.len() as u64);
        let means = greens.means(micro.finished());
        by_micro.iter_mut().zip(means).for_each(|(sum, mean)| *sum += mean / 3.0);
        let (mut greens, mut meso) = (Greens::default(), Meso::new(&network, &demand, options));
        let mut now_s = 0.0;
        while !meso.is_over() {
            now_s += 1.0;
            meso.step_to(now_s);
            greens.see(meso.lamps(0));
        }
        assert_eq!(meso.counts().arrived, demand.trips.len() as u64);
        let means = greens.means(meso.finished());
        by_meso.iter_mut().zip(means).for_each(|(sum, mean)| *sum += mean / 3.0);
    }
    let is_near = |means: [f64; 3], within: f64| {
        means.into_iter().zip(SUMO).all(|(mean, sumo)| (mean / sumo - 1.0).abs() < within)
    };
    assert!(is_near(by_micro, 0.05), "{by_micro:?} in micro against {SUMO:?}");
    assert!(is_near(by_meso, 0.1), "{by_meso:?} in meso against {SUMO:?}");
    assert!((by_meso[0] / SUMO[0] - 1.0).abs() < 0.05, "{by_meso:?}");
}
