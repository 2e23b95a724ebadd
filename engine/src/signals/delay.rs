//! How long vehicles wait at a lamp of fixed times, and how many stop: what Webster found.
//!
//! Webster (1958), Road Research Technical Paper 39, equation 1: the wait at arrivals as even as a ruler's marks, the wait of a
//! queue with random arrivals, and a correction of 5 to 15 per cent that he fitted to simulations. He proposes nine tenths of
//! the first two terms for use by hand. All hold below saturation only; [`signalised_delay_s`](super::signalised_delay_s)
//! goes beyond. Left out: platoons from the junction before, and more than one green in a cycle.

/// One lamp with its traffic.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Approach {
    cycle_s: f64,
    green_s: f64,
    flow_vph: f64,
    saturation_flow_vph: f64,
}

/// Why numbers make no approach.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
pub enum ApproachFault {
    /// The cycle or the green is no time, or the green is longer.
    #[error("{green_s} s of green in a cycle of {cycle_s} s: both must be longer than 0 s, and the cycle not shorter")]
    Times {
        /// The cycle.
        cycle_s: f64,
        /// The green.
        green_s: f64,
    },
    /// A flow is negative or no number, or the saturation flow is 0.
    #[error("{flow_vph} vehicles an hour where {saturation_flow_vph} could pass: give flows, the second above 0")]
    Flows {
        /// The flow.
        flow_vph: f64,
        /// The saturation flow.
        saturation_flow_vph: f64,
    },
}

impl Approach {
    /// An approach with a cycle and an effective green in seconds, which is what is used of the green and no longer than the
    /// cycle, a flow in vehicles an hour, not negative, and the saturation flow of all its lanes together, positive.
    ///
    /// # Errors
    /// For other numbers.
    pub fn new(cycle_s: f64, green_s: f64, flow_vph: f64, saturation_flow_vph: f64) -> Result<Self, ApproachFault> {
        if !(cycle_s.is_finite() && green_s > 0.0 && green_s <= cycle_s) {
            return Err(ApproachFault::Times { cycle_s, green_s });
        }
        let are_flows = flow_vph.is_finite() && flow_vph >= 0.0;
        if !(are_flows && saturation_flow_vph.is_finite() && saturation_flow_vph > 0.0) {
            return Err(ApproachFault::Flows { flow_vph, saturation_flow_vph });
        }
        Ok(Self { cycle_s, green_s, flow_vph, saturation_flow_vph })
    }

    /// Length of the cycle in seconds.
    #[must_use]
    pub fn cycle_s(&self) -> f64 {
        self.cycle_s
    }

    /// The part of the cycle that is green, above 0 and at most 1.
    #[must_use]
    pub fn green_share(&self) -> f64 {
        self.green_s / self.cycle_s
    }

    /// Vehicles an hour that can pass.
    #[must_use]
    pub fn capacity_vph(&self) -> f64 {
        self.saturation_flow_vph * self.green_share()
    }

    /// The degree of saturation: flow over capacity, not negative.
    #[must_use]
    pub fn saturation(&self) -> f64 {
        self.flow_vph / self.capacity_vph()
    }

    /// Webster's average delay of a vehicle in seconds, all three terms; infinite from saturation on.
    #[must_use]
    pub fn webster_delay_s(&self) -> f64 {
        let Some((even_s, random_s)) = self.terms_s() else { return f64::INFINITY };
        if self.flow_vph == 0.0 {
            return even_s;
        }
        let flow_vps = self.flow_vph / 3600.0;
        let spread = libm::cbrt(self.cycle_s / (flow_vps * flow_vps));
        even_s + random_s - 0.65 * spread * libm::pow(self.saturation(), 2.0 + 5.0 * self.green_share())
    }

    /// Webster's average delay of a vehicle in seconds, in the form for use by hand: nine tenths of the first two terms;
    /// infinite from saturation on.
    #[must_use]
    pub fn webster_delay_by_hand_s(&self) -> f64 {
        self.terms_s().map_or(f64::INFINITY, |(even_s, random_s)| 0.9 * (even_s + random_s))
    }

    /// How often a vehicle stops on average, at arrivals as even as a ruler's marks: those who meet red or the queue that it
    /// left, (1 − λ) / (1 − q / s), at most 1. In truth a little more than that stop, and near saturation many stop twice.
    #[must_use]
    pub fn stops_per_vehicle(&self) -> f64 {
        let moving = 1.0 - self.flow_vph / self.saturation_flow_vph;
        let red_share = 1.0 - self.green_share();
        if red_share < moving { red_share / moving } else { 1.0 }
    }

    /// The terms for even and for random arrivals; none from saturation on.
    fn terms_s(&self) -> Option<(f64, f64)> {
        let (share, saturation) = (self.green_share(), self.saturation());
        if saturation >= 1.0 {
            return None;
        }
        let red_share = 1.0 - share;
        let even_s = self.cycle_s * red_share * red_share / (2.0 * (1.0 - share * saturation));
        // x² / (2 q (1 − x)), where x / q is one over capacity.
        let random_s = saturation * 3600.0 / (2.0 * self.capacity_vph() * (1.0 - saturation));
        Some((even_s, random_s))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_published_delay_is_that_of_all_three_terms() {
        let approach = Approach::new(90.0, 40.0, 600.0, 1800.0).unwrap();
        assert!((approach.saturation() - 0.75).abs() < 1e-12);
        assert!((approach.webster_delay_s() - 24.7285).abs() < 5e-5);
        // 0.9 × (20.8333 + 6.75) s.
        assert!((approach.webster_delay_by_hand_s() - 24.825).abs() < 1e-9);
    }

    #[test]
    fn stops_are_those_who_meet_red_or_its_queue() {
        let approach = Approach::new(90.0, 40.0, 600.0, 1800.0).unwrap();
        assert!((approach.stops_per_vehicle() - (50.0 / 90.0) / (2.0 / 3.0)).abs() < 1e-12);
        assert_eq!(Approach::new(60.0, 60.0, 600.0, 1800.0).unwrap().stops_per_vehicle(), 0.0);
    }

    #[test]
    fn from_saturation_on_everybody_stops_and_the_wait_has_no_bound() {
        let approach = Approach::new(90.0, 40.0, 800.0, 1800.0).unwrap();
        assert_eq!(approach.webster_delay_s(), f64::INFINITY);
        assert_eq!(approach.webster_delay_by_hand_s(), f64::INFINITY);
        assert_eq!(approach.stops_per_vehicle(), 1.0);
    }

    #[test]
    fn nobody_waits_on_average_what_red_costs() {
        let approach = Approach::new(90.0, 40.0, 0.0, 1800.0).unwrap();
        // Who arrives on an empty road in 50 s of red waits 25 s, and one in 50 / 90 arrives there.
        assert!((approach.webster_delay_s() - 25.0 * 50.0 / 90.0).abs() < 1e-9);
    }

    #[test]
    fn numbers_that_make_no_approach_are_refused() {
        assert!(matches!(Approach::new(60.0, 70.0, 1.0, 1.0), Err(ApproachFault::Times { .. })));
        assert!(matches!(Approach::new(f64::NAN, 7.0, 1.0, 1.0), Err(ApproachFault::Times { .. })));
        assert!(matches!(Approach::new(60.0, 30.0, -1.0, 1.0), Err(ApproachFault::Flows { .. })));
        assert!(matches!(Approach::new(60.0, 30.0, 1.0, 0.0), Err(ApproachFault::Flows { .. })));
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn more_traffic_waits_longer_and_stops_more(
            cycle_s in 40.0..120.0_f64, share in 0.2..0.8_f64, low in 0.1..0.9_f64, more in 0.01..0.09_f64,
        ) {
            let at = |saturation: f64| {
                Approach::new(cycle_s, share * cycle_s, saturation * share * 1800.0, 1800.0).unwrap()
            };
            let (less, more) = (at(low), at(low + more));
            prop_assert!(more.webster_delay_by_hand_s() > less.webster_delay_by_hand_s());
            prop_assert!(more.stops_per_vehicle() > less.stops_per_vehicle());
        }
    }
}
