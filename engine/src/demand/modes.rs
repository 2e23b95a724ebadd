//! Multinomial logit choice between modes, and what each mode offers between two places.
//!
//! The share of mode m is exp(Vm) / Σ exp(Vk) with Vm = cm − β·gm, gm generalised minutes (McFadden 1974; Ortúzar and Willumsen,
//! *Modelling Transport*, section 7.3). The constants cm are what makes the shares of all work trips those of the survey: they
//! are fitted by contraction, cm ← cm + ln(observed / modelled), which converges because the logit's likelihood is concave
//! (Berry 1994; Train, *Discrete Choice Methods with Simulation*, section 2.8). The car's constant is 0.
//!
//! Times by car come from the network. Everything else follows from the distance by stated speeds; the bus is
//! *synthetic*: no timetable of the city is published, so it runs everywhere alike.

use super::parameters::ModeParameters;
use super::{CHOSEN_MODES, Matrix, Mode};

/// A number for each chosen mode, in the order of [`Mode::ALL`].
pub type ByMode = [f64; CHOSEN_MODES];

/// What the modes offer between the zones, row by row.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct LevelOfService {
    /// Door-to-door minutes.
    pub(super) duration_min: Vec<ByMode>,
    /// exp(−β·g): the odds of each mode before its constant.
    pub(super) odds: Vec<ByMode>,
}

impl LevelOfService {
    /// The level of service from seconds and metres by car between zones; both matrices are over zones alone.
    pub(super) fn new(car_time_s: &Matrix, car_distance_m: &Matrix, modes: &ModeParameters) -> Self {
        let (mut duration_min, mut odds) = (Vec::new(), Vec::new());
        for (&time_s, &distance_m) in car_time_s.values().iter().zip(car_distance_m.values()) {
            let offers = offers(time_s / 60.0, distance_m / 1000.0, modes);
            duration_min.push(offers.map(|offer| offer.duration_min));
            odds.push(offers.map(|offer| libm::exp(-modes.time_sensitivity_per_min * offer.generalised_min)));
        }
        Self { duration_min, odds }
    }
}

/// What one mode offers between two places.
#[derive(Clone, Copy, Debug, Default)]
struct Offer {
    duration_min: f64,
    generalised_min: f64,
}

fn offers(car_min: f64, car_km: f64, modes: &ModeParameters) -> [Offer; CHOSEN_MODES] {
    let minutes_per_euro = 60.0 / modes.value_of_time_eur_ph;
    // Time on foot, waiting or pedalling weighs more; money weighs by the value of time.
    let offer = |seated_min: f64, effort_min: f64, cost_eur: f64| Offer {
        duration_min: seated_min + effort_min,
        generalised_min: seated_min + modes.effort_weight * effort_min + minutes_per_euro * cost_eur,
    };
    let riding_min = modes.car_time_factor * car_min;
    let own_km = modes.walk_distance_factor * car_km;
    let bus_min = 60.0 * modes.bus_distance_factor * car_km / modes.bus_speed_kmph;
    let mut offers = [Offer::default(); CHOSEN_MODES];
    offers[Mode::CarDriver as usize] = offer(riding_min, modes.car_terminal_min, modes.car_cost_eur_pkm * car_km);
    offers[Mode::CarPassenger as usize] = offer(riding_min, modes.car_terminal_min, 0.0);
    offers[Mode::Walk as usize] = offer(0.0, 60.0 * own_km / modes.walk_speed_kmph, 0.0);
    offers[Mode::Bicycle as usize] =
        offer(0.0, modes.bicycle_terminal_min + 60.0 * own_km / modes.bicycle_speed_kmph, 0.0);
    offers[Mode::Bus as usize] = offer(bus_min, modes.bus_access_min + modes.bus_wait_min, modes.bus_fare_eur);
    offers[Mode::Motorcycle as usize] =
        offer(riding_min, modes.motorcycle_terminal_min, modes.motorcycle_cost_eur_pkm * car_km);
    offers
}

/// How attractive each mode is by itself: exp of its constant, 0 where there is no such mode.
pub(super) type ModeFactors = ByMode;

/// The share of each mode, from its odds and factors.
#[inline]
pub(super) fn shares(odds: &ByMode, factors: &ModeFactors) -> ByMode {
    let mut shares = [0.0; CHOSEN_MODES];
    let mut sum = 0.0;
    for mode in 0..CHOSEN_MODES {
        shares[mode] = odds[mode] * factors[mode];
        sum += shares[mode];
    }
    shares.map(|share| share / sum)
}

/// How far a fitted share may be from the observed one.
const SHARE_TOLERANCE: f64 = 1e-13;
/// Rounds of contraction before giving up.
const ROUNDS_MAX: usize = 100_000;

/// The factors that give `trips` (row by row, as `odds`) the observed shares, which are positive and sum to 1. Starts from
/// `factors`. None if they cannot be reached.
pub(super) fn fit_factors(
    trips: &Matrix,
    odds: &[ByMode],
    observed: &ByMode,
    mut factors: ModeFactors,
) -> Option<ModeFactors> {
    let total = trips.total();
    for _ in 0..ROUNDS_MAX {
        let modelled = totals(trips, odds, &factors).map(|trips| trips / total);
        let error = modelled.iter().zip(observed).map(|(m, o)| (m - o).abs()).fold(0.0, f64::max);
        if error <= SHARE_TOLERANCE {
            return Some(factors);
        }
        for mode in 0..CHOSEN_MODES {
            factors[mode] *= observed[mode] / modelled[mode];
        }
        let car = factors[Mode::CarDriver as usize];
        factors = factors.map(|factor| factor / car);
        if !factors.iter().all(|factor| factor.is_finite() && *factor > 0.0) {
            return None;
        }
    }
    None
}

/// The trips of each mode.
pub(super) fn totals(trips: &Matrix, odds: &[ByMode], factors: &ModeFactors) -> ByMode {
    let mut totals = [0.0; CHOSEN_MODES];
    for (&trips, odds) in trips.values().iter().zip(odds) {
        for (total, share) in totals.iter_mut().zip(shares(odds, factors)) {
            *total += trips * share;
        }
    }
    totals
}
