//! Cold starts: what cars and vans emit more while their engine is not yet warm.
//!
//! EMEP/EEA guidebook, chapter 1.A.3.b, equation 10: E_cold = β · distance · e_hot · (e_cold/e_hot − 1), where β is the share of the distance
//! that is driven cold, by mean length of trips and temperature of the air (table 3-39), reduced for newer standards (the scale of
//! [`ColdRatio`]). β is a regression over trips of 8 to 15 km: for shorter trips than that, as a city's are, the distance that an
//! engine takes to become warm is taken from it at a trip of 12.4 km, and is no longer than the trip ([`cold_distance_km`]).

use std::collections::BTreeMap;

use super::super::fleet::{Carrier, FleetKind, VehicleType};
use super::hot::HotQuantity;

/// Mean length of trips in Europe that the guidebook's shares are made for, in km (André et al. 1998).
const REFERENCE_TRIP_KM: f64 = 12.4;

/// The share of distance driven cold, for a mean length of trips in km (8 to 15) and a temperature of the air in degrees Celsius:
/// EMEP/EEA guidebook, table 3-39. Between 0 and 1.
#[must_use]
pub fn cold_share(trip_km: f64, temperature_c: f64) -> f64 {
    let share = 0.6474 - 0.02545 * trip_km - (0.00974 - 0.000_385 * trip_km) * temperature_c;
    share.clamp(0.0, 1.0)
}

/// How far a trip that starts cold is driven cold, in km, by its length and the temperature of the air in degrees Celsius.
#[must_use]
pub fn cold_distance_km(trip_km: f64, temperature_c: f64) -> f64 {
    (cold_share(REFERENCE_TRIP_KM, temperature_c) * REFERENCE_TRIP_KM).min(trip_km)
}

/// Speeds between which ratios hold, in km/h.
const SPEED_MIN_KMPH: f64 = 5.0;
const SPEED_MAX_KMPH: f64 = 45.0;
/// Up to this speed a ratio is that of slow traffic, in km/h.
const SLOW_TO_KMPH: f64 = 25.0;
/// Above this temperature a ratio is that of warm air, where it has one, in degrees Celsius.
const WARM_FROM_C: f64 = 15.0;

/// Size of an engine, as far as ratios tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EngineSize {
    /// Up to 1.4 litres.
    Under1400,
    /// From 1.4 to 2 litres.
    From1400To2000,
    /// Over 2 litres.
    Over2000,
}

impl EngineSize {
    /// The size of that word in files.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        match name {
            "under_1_4_l" => Some(Self::Under1400),
            "from_1_4_to_2_l" => Some(Self::From1400To2000),
            "over_2_l" => Some(Self::Over2000),
            _ => None,
        }
    }

    /// The size of the engines of a segment: the guidebook's segments of cars go by engine; vans from 1,305 kg on are taken to have
    /// more than two litres.
    fn of_segment(segment: &str) -> Self {
        match segment {
            "mini" | "small" => Self::Under1400,
            "large" | "n1_ii" | "n1_iii" => Self::Over2000,
            _ => Self::From1400To2000,
        }
    }
}

/// The ratios by fuel (petrol, diesel, LPG), size of the engine, generation of the standard (0 to 6) and quantity.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ColdTable(BTreeMap<(Carrier, EngineSize, u8, HotQuantity), ColdRatio>);

impl ColdTable {
    /// Adds a ratio; false where it is there already or holds what is no number.
    #[must_use]
    pub fn insert(
        &mut self,
        (carrier, size): (Carrier, EngineSize),
        generation: u8,
        quantity: HotQuantity,
        ratio: ColdRatio,
    ) -> bool {
        let planes = [Some(ratio.slow), Some(ratio.fast), ratio.warm];
        let are_numbers = planes.iter().flatten().all(|plane| plane.at(1.0, 1.0).is_finite());
        let is_scale = (0.0..=2.0).contains(&ratio.scale) && ratio.half_from_c.is_none_or(f64::is_finite);
        let key = (carrier, size, generation, quantity);
        are_numbers && is_scale && self.0.insert(key, ratio).is_none()
    }

    /// The ratio for a car or van: of other kinds, of battery vehicles and where there is none, nothing. Gas is like petrol where the
    /// table has no row of its own.
    #[must_use]
    pub fn ratio(&self, vehicle: &VehicleType, quantity: HotQuantity) -> Option<&ColdRatio> {
        let carrier = vehicle.fuel.carrier();
        if !matches!(vehicle.kind, FleetKind::Car | FleetKind::Van) || carrier == Carrier::Electricity {
            return None;
        }
        let size = EngineSize::of_segment(&vehicle.segment);
        let of = |carrier| self.0.get(&(carrier, size, vehicle.standard.generation(), quantity));
        of(carrier).or_else(|| matches!(carrier, Carrier::Lpg | Carrier::Cng).then(|| of(Carrier::Petrol)).flatten())
    }

    /// How many ratios there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// A plane over speed and temperature.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Plane {
    /// Per km/h.
    pub speed: f64,
    /// Per degree Celsius.
    pub temperature: f64,
    /// At 0 km/h and 0 degrees.
    pub constant: f64,
}

impl Plane {
    fn at(self, speed_kmph: f64, temperature_c: f64) -> f64 {
        self.speed * speed_kmph + self.temperature * temperature_c + self.constant
    }
}

/// Emission with a cold engine over that with a hot one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ColdRatio {
    /// How much of the distance driven cold by the first catalysts is driven cold by these.
    pub scale: f64,
    /// The ratio up to 25 km/h.
    pub slow: Plane,
    /// The ratio above.
    pub fast: Plane,
    /// The ratio above 15 degrees, whatever the speed, where it is another.
    pub warm: Option<Plane>,
    /// Above these degrees it is a half, where it is.
    pub half_from_c: Option<f64>,
}

impl ColdRatio {
    /// The ratio as the guidebook's equations give it, at a speed in km/h (taken as between 5 and 45) and a temperature of the air in
    /// degrees Celsius.
    #[must_use]
    pub fn ratio(&self, speed_kmph: f64, temperature_c: f64) -> f64 {
        let speed_kmph = speed_kmph.clamp(SPEED_MIN_KMPH, SPEED_MAX_KMPH);
        if self.half_from_c.is_some_and(|from_c| temperature_c > from_c) {
            return 0.5;
        }
        match self.warm {
            Some(warm) if temperature_c > WARM_FROM_C => warm.at(speed_kmph, temperature_c),
            _ if speed_kmph <= SLOW_TO_KMPH => self.slow.at(speed_kmph, temperature_c),
            _ => self.fast.at(speed_kmph, temperature_c),
        }
    }

    /// What a kilometre driven cold emits more than a hot one, as a share of the hot one; never below 0.
    #[must_use]
    pub fn excess(&self, speed_kmph: f64, temperature_c: f64) -> f64 {
        self.scale * (self.ratio(speed_kmph, temperature_c) - 1.0).max(0.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// EMEP/EEA guidebook, table 3-39: 28.216 % at 12.4 km and 10 °C.
    #[test]
    fn the_published_share_of_cold_distance_is_met() {
        assert!((cold_share(12.4, 10.0) - 0.28216).abs() < 5e-6, "{}", cold_share(12.4, 10.0));
    }

    #[test]
    fn the_colder_the_longer_an_engine_stays_cold_and_never_longer_than_the_trip() {
        assert!(cold_distance_km(12.4, 0.0) > cold_distance_km(12.4, 20.0));
        assert!((cold_distance_km(12.4, 10.0) - 3.498_784).abs() < 1e-6);
        assert_eq!(cold_distance_km(2.0, 10.0), 2.0);
        assert_eq!(cold_share(12.4, 200.0), 0.0);
    }

    /// Petrol Euro 1 below 1.4 l, carbon monoxide: the guidebook's table of cold ratios.
    const CO: ColdRatio = ColdRatio {
        scale: 1.0,
        slow: Plane { speed: 0.156, temperature: -0.155, constant: 3.519 },
        fast: Plane { speed: 0.538, temperature: -0.373, constant: -6.24 },
        warm: Some(Plane { speed: 0.080_32, temperature: -0.444, constant: 9.826 }),
        half_from_c: None,
    };

    #[test]
    fn ratios_follow_speed_and_temperature() {
        assert!((CO.ratio(20.0, 10.0) - (0.156 * 20.0 - 1.55 + 3.519)).abs() < 1e-12);
        assert!((CO.ratio(40.0, 10.0) - (0.538 * 40.0 - 3.73 - 6.24)).abs() < 1e-12);
        assert!((CO.ratio(40.0, 20.0) - (0.080_32 * 40.0 - 8.88 + 9.826)).abs() < 1e-12);
        assert_eq!(CO.ratio(90.0, 10.0), CO.ratio(45.0, 10.0));
        assert_eq!(CO.ratio(1.0, 10.0), CO.ratio(5.0, 10.0));
    }

    #[test]
    fn a_warm_day_has_no_negative_excess() {
        let diesel = ColdRatio { half_from_c: Some(29.0), ..CO };
        assert_eq!(diesel.ratio(20.0, 35.0), 0.5);
        assert_eq!(diesel.excess(20.0, 35.0), 0.0);
        assert!((ColdRatio { scale: 0.18, ..CO }.excess(20.0, 10.0) - 0.18 * CO.excess(20.0, 10.0)).abs() < 1e-12);
    }
}
