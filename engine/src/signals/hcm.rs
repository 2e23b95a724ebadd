//! Delay and level of service as the Highway Capacity Manual reckons them, at signals, at signs and at roundabouts.
//!
//! Highway Capacity Manual (HCM), Transportation Research Board, Washington DC: the delay at signals of the edition of 2000
//! (equations 16-11 and 16-12; the sixth edition of 2016 keeps the second and refines the first), the delay at signs and
//! roundabouts (2000: equation 17-38; sixth edition: 20-64, 22-17), the capacity of roundabout entries (sixth edition: 22-1
//! to 22-5), and the levels of service (sixth edition: exhibits 19-8, 20-2, 22-8). The formulas stay finite beyond
//! saturation, because they ask for the delay of those who arrive within a period of given length. The numbers of the capacity
//! of entries are fitted to American drivers: local ones are [made](EntryCapacity::from_headways) from headways. Left out:
//! a queue that is there before the period begins, and platoons from the junction before.

use super::delay::Approach;

/// What the part of the delay that comes from chance and overload depends on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Overload {
    /// Length of the period in hours, positive.
    pub period_h: f64,
    /// How well the control answers to demand, *k*: 0.5 for fixed times, down to 0.04 for actuated control.
    pub control: f64,
    /// What the junction before leaves of chance, *I*: 1 at a junction by itself, less downstream of others.
    pub metering: f64,
}

impl Default for Overload {
    /// A quarter of an hour, fixed times, a junction by itself.
    fn default() -> Self {
        Self { period_h: 0.25, control: 0.5, metering: 1.0 }
    }
}

/// The average delay of a vehicle at a signal, in seconds: that of even arrivals, plus that of chance and overload.
///
/// d = 0.5 C (1 − g/C)² / (1 − min(1, X) g/C) + 900 T [(X − 1) + √((X − 1)² + 8 k I X / (c T))], HCM 2000 equations 16-11
/// and 16-12 with a progression factor of 1.
#[must_use]
pub fn signalised_delay_s(approach: &Approach, overload: Overload) -> f64 {
    let Overload { period_h, control, metering } = overload;
    let (share, saturation) = (approach.green_share(), approach.saturation());
    let red_share = 1.0 - share;
    let open_share = 1.0 - saturation.min(1.0) * share;
    let even_s = if red_share == 0.0 { 0.0 } else { 0.5 * approach.cycle_s() * red_share * red_share / open_share };
    let beyond = saturation - 1.0;
    let chance = 8.0 * control * metering * saturation / (approach.capacity_vph() * period_h);
    even_s + 900.0 * period_h * (beyond + (beyond * beyond + chance).sqrt())
}

/// What a driver loses at a line to stop at, by slowing down and starting, even without traffic, in seconds (HCM 2000,
/// equation 17-38).
const STOP_LOSS_S: f64 = 5.0;

/// The average delay of a vehicle that gives way at a sign, in seconds, for a flow and a capacity in vehicles an hour, the
/// latter positive, in a period in hours. Infinite without capacity.
#[must_use]
pub fn unsignalised_delay_s(flow_vph: f64, capacity_vph: f64, period_h: f64) -> f64 {
    waiting_at_line_s(flow_vph, capacity_vph, period_h) + STOP_LOSS_S
}

/// The average delay of a vehicle that enters a roundabout, in seconds: as [`unsignalised_delay_s`], but where little is to be
/// given way to few stop.
#[must_use]
pub fn roundabout_delay_s(flow_vph: f64, capacity_vph: f64, period_h: f64) -> f64 {
    let saturation = if capacity_vph > 0.0 { flow_vph / capacity_vph } else { 1.0 };
    waiting_at_line_s(flow_vph, capacity_vph, period_h) + STOP_LOSS_S * saturation.min(1.0)
}

fn waiting_at_line_s(flow_vph: f64, capacity_vph: f64, period_h: f64) -> f64 {
    if capacity_vph <= 0.0 {
        return f64::INFINITY;
    }
    let service_s = 3600.0 / capacity_vph;
    let saturation = flow_vph / capacity_vph;
    let beyond = saturation - 1.0;
    let chance = service_s * saturation / (450.0 * period_h);
    service_s + 900.0 * period_h * (beyond + (beyond * beyond + chance).sqrt())
}

/// How many vehicles can enter a roundabout from a lane: A exp(−B v) for a circulating flow v.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct EntryCapacity {
    /// Passenger cars an hour that can enter where nobody circulates, A.
    pub empty_vph: f64,
    /// By what part one circulating car an hour reduces that, B, in hours.
    pub decline_h: f64,
}

impl EntryCapacity {
    /// One entry lane against one circulating lane (equation 22-1).
    pub const ONE_AGAINST_ONE: Self = Self { empty_vph: 1380.0, decline_h: 1.02e-3 };
    /// Each of two entry lanes against one circulating lane (22-2).
    pub const TWO_AGAINST_ONE: Self = Self { empty_vph: 1420.0, decline_h: 0.91e-3 };
    /// One entry lane against two circulating lanes (22-3).
    pub const ONE_AGAINST_TWO: Self = Self { empty_vph: 1420.0, decline_h: 0.85e-3 };
    /// The right one of two entry lanes against two circulating lanes (22-4).
    pub const RIGHT_AGAINST_TWO: Self = Self { empty_vph: 1420.0, decline_h: 0.85e-3 };
    /// The left one of two entry lanes against two circulating lanes (22-5).
    pub const LEFT_AGAINST_TWO: Self = Self { empty_vph: 1350.0, decline_h: 0.92e-3 };

    /// The capacity of drivers who accept gaps from `critical_s` on and follow each other into one after `follow_up_s`, both in
    /// seconds and positive, the first not below half of the second (22-21 to 22-23).
    #[must_use]
    pub fn from_headways(critical_s: f64, follow_up_s: f64) -> Self {
        Self { empty_vph: 3600.0 / follow_up_s, decline_h: (critical_s - follow_up_s / 2.0) / 3600.0 }
    }

    /// The critical headway and the follow-up headway that make this capacity, in seconds: the inverse of
    /// [`EntryCapacity::from_headways`].
    #[must_use]
    pub fn headways_s(self) -> (f64, f64) {
        let follow_up_s = 3600.0 / self.empty_vph;
        (3600.0 * self.decline_h + follow_up_s / 2.0, follow_up_s)
    }

    /// Passenger cars an hour that can enter, for a circulating flow in passenger cars an hour, not negative.
    #[must_use]
    pub fn at_vph(self, circulating_vph: f64) -> f64 {
        self.empty_vph * libm::exp(-self.decline_h * circulating_vph)
    }
}

/// What a delay means to drivers, from A to F.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
pub enum LevelOfService {
    /// Next to no delay.
    A,
    /// Little delay.
    B,
    /// Average delay; at signals some cycles do not serve all who wait.
    C,
    /// Long delay that everybody notices.
    D,
    /// Very long delay, near capacity.
    E,
    /// More delay than drivers accept, or more flow than capacity.
    F,
}

impl LevelOfService {
    /// At a signal, from the average delay in seconds and the degree of saturation.
    #[must_use]
    pub fn at_signal(delay_s: f64, saturation: f64) -> Self {
        Self::by_bounds(delay_s, saturation, [10.0, 20.0, 35.0, 55.0, 80.0])
    }

    /// At signs or a roundabout, from the average delay in seconds and the degree of saturation.
    #[must_use]
    pub fn at_signs(delay_s: f64, saturation: f64) -> Self {
        Self::by_bounds(delay_s, saturation, [10.0, 15.0, 25.0, 35.0, 50.0])
    }

    fn by_bounds(delay_s: f64, saturation: f64, bounds_s: [f64; 5]) -> Self {
        let levels = [Self::A, Self::B, Self::C, Self::D, Self::E];
        let level = bounds_s.iter().zip(levels).find(|&(&bound_s, _)| delay_s <= bound_s);
        match level {
            Some((_, level)) if saturation <= 1.0 => level,
            _ => Self::F,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// C 90 s, g 40 s and s 1,800 veh/h make a capacity of 800 veh/h; T 0.25 h, k 0.5, I 1.
    fn delay_s(saturation: f64) -> f64 {
        let approach = Approach::new(90.0, 40.0, 800.0 * saturation, 1800.0).unwrap();
        signalised_delay_s(&approach, Overload::default())
    }

    #[test]
    fn the_reference_delays_at_signals_are_met() {
        for (saturation, published_s) in [(0.6, 22.25), (0.9, 38.30), (1.0, 56.82), (1.2, 126.92)] {
            assert!((delay_s(saturation) - published_s).abs() < 0.005, "{} at {saturation}", delay_s(saturation));
        }
    }

    #[test]
    fn an_eternal_green_costs_nothing_without_traffic() {
        let approach = Approach::new(90.0, 90.0, 0.0, 1800.0).unwrap();
        assert_eq!(signalised_delay_s(&approach, Overload::default()), 0.0);
    }

    #[test]
    fn the_reference_capacities_of_a_roundabout_entry_are_met() {
        for (circulating_vph, published_vph) in [(300.0, 1016.2), (600.0, 748.3), (900.0, 551.1)] {
            let found_vph = EntryCapacity::ONE_AGAINST_ONE.at_vph(circulating_vph);
            assert!((found_vph - published_vph).abs() < 0.05, "{found_vph} at {circulating_vph}");
        }
    }

    #[test]
    fn the_american_entry_is_that_of_its_headways() {
        // Equation 22-1 amounts to a critical headway of 4.98 s and a follow-up headway of 2.61 s.
        let entry = EntryCapacity::from_headways(4.98, 2.61);
        assert!((entry.empty_vph / EntryCapacity::ONE_AGAINST_ONE.empty_vph - 1.0).abs() < 3e-3);
        assert!((entry.decline_h / EntryCapacity::ONE_AGAINST_ONE.decline_h - 1.0).abs() < 3e-3);
        let (critical_s, follow_up_s) = entry.headways_s();
        assert!((critical_s - 4.98).abs() < 1e-9 && (follow_up_s - 2.61).abs() < 1e-9);
    }

    #[test]
    fn who_gives_way_on_an_empty_road_loses_the_stop_only_where_there_is_one() {
        assert!((unsignalised_delay_s(0.0, 720.0, 0.25) - 10.0).abs() < 1e-9);
        assert!((roundabout_delay_s(0.0, 720.0, 0.25) - 5.0).abs() < 1e-9);
        assert_eq!(unsignalised_delay_s(10.0, 0.0, 0.25), f64::INFINITY);
    }

    #[test]
    fn levels_of_service_follow_the_exhibits() {
        use LevelOfService::{A, B, C, D, E, F};
        let at_signal = [10.0, 20.0, 35.0, 55.0, 80.0, 80.1].map(|delay_s| LevelOfService::at_signal(delay_s, 0.9));
        assert_eq!(at_signal, [A, B, C, D, E, F]);
        let at_signs = [10.0, 15.0, 25.0, 35.0, 50.0, 50.1].map(|delay_s| LevelOfService::at_signs(delay_s, 0.9));
        assert_eq!(at_signs, [A, B, C, D, E, F]);
        assert_eq!(LevelOfService::at_signal(5.0, 1.01), F);
        assert_eq!(LevelOfService::at_signal(f64::NAN, 0.5), F);
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn delay_rises_with_traffic_through_saturation(low in 0.0..1.5_f64, more in 0.01..0.5_f64) {
            prop_assert!(delay_s(low + more) > delay_s(low));
            let at = |saturation: f64| unsignalised_delay_s(saturation * 500.0, 500.0, 0.25);
            prop_assert!(at(low + more) > at(low));
        }

        /// Far below saturation chance hardly matters, and the two schools agree on the rest.
        #[test]
        fn at_little_traffic_webster_and_the_manual_agree(cycle_s in 40.0..120.0_f64, share in 0.2..0.8_f64) {
            let approach = Approach::new(cycle_s, share * cycle_s, 0.02 * share * 1800.0, 1800.0).unwrap();
            let (webster_s, hcm_s) = (approach.webster_delay_s(), signalised_delay_s(&approach, Overload::default()));
            prop_assert!((webster_s - hcm_s).abs() < 0.5, "{webster_s} and {hcm_s}");
        }
    }
}
