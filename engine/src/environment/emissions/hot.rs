//! Hot exhaust: emission and consumption a kilometre of a warm vehicle, as a function of its mean speed.
//!
//! EMEP/EEA guidebook, chapter 1.A.3.b, Tier 3: EF = (α V² + β V + γ + δ / V) / (ε V² + ζ V + η) · (1 − RF), V the mean speed in km/h. A function
//! holds between two speeds; slower and faster vehicles emit a kilometre what they would at the nearer of the two.

use std::collections::BTreeMap;

use super::super::fleet::VehicleType;
use super::Situation;

/// What a hot function tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum HotQuantity {
    /// Carbon monoxide, g/km.
    Co,
    /// Nitrogen oxides, g/km.
    Nox,
    /// Volatile organic compounds without methane, g/km.
    Nmvoc,
    /// Particles, g/km.
    Pm,
    /// Energy, MJ/km.
    Energy,
    /// Ammonia, g/km.
    Nh3,
}

impl HotQuantity {
    /// Every quantity, in the order of its number.
    pub const ALL: [Self; 6] = [Self::Co, Self::Nox, Self::Nmvoc, Self::Pm, Self::Energy, Self::Nh3];

    /// The word used in files.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Co => "co",
            Self::Nox => "nox",
            Self::Nmvoc => "nmvoc",
            Self::Pm => "pm",
            Self::Energy => "energy",
            Self::Nh3 => "nh3",
        }
    }

    /// The quantity of that word.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|quantity| quantity.name() == name)
    }
}

/// One hot emission function.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct HotFunction {
    /// The lowest speed at which it holds, in km/h.
    pub speed_min_kmph: f64,
    /// The highest speed at which it holds, in km/h.
    pub speed_max_kmph: f64,
    /// Coefficient of V² above the line.
    pub alpha: f64,
    /// Coefficient of V above the line.
    pub beta: f64,
    /// Constant above the line.
    pub gamma: f64,
    /// Coefficient of 1/V above the line.
    pub delta: f64,
    /// Coefficient of V² below the line.
    pub epsilon: f64,
    /// Coefficient of V below the line.
    pub zeta: f64,
    /// Constant below the line.
    pub eta: f64,
    /// Reduction against the function, below 1; negative where there is more.
    pub reduction: f64,
}

/// The functions of one type of vehicle, by quantity and situation.
type OfType = [[Option<HotFunction>; Situation::ALL.len()]; HotQuantity::ALL.len()];

/// Hot functions by type of vehicle.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct HotTable(BTreeMap<VehicleType, OfType>);

impl HotTable {
    /// Adds a function, for one situation or for all.
    ///
    /// # Errors
    /// [`HotFault`] where it is no emission function or there is one already.
    pub fn insert(
        &mut self,
        vehicle: VehicleType,
        quantity: HotQuantity,
        situation: Option<Situation>,
        function: HotFunction,
    ) -> Result<(), HotFault> {
        function.validate()?;
        let of_type = self.0.entry(vehicle).or_default();
        for each in Situation::ALL.into_iter().filter(|&each| situation.is_none_or(|only| only == each)) {
            let place = &mut of_type[quantity as usize][each as usize];
            if place.replace(function).is_some() {
                return Err(HotFault::Twice);
            }
        }
        Ok(())
    }

    /// The function of a type of vehicle, where there is one.
    #[must_use]
    pub fn function(&self, vehicle: &VehicleType, quantity: HotQuantity, situation: Situation) -> Option<&HotFunction> {
        self.0.get(vehicle)?[quantity as usize][situation as usize].as_ref()
    }

    /// The types of vehicles that have functions, in their order.
    pub fn vehicles(&self) -> impl Iterator<Item = &VehicleType> {
        self.0.keys()
    }
}

/// Why coefficients are no emission function.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
pub enum HotFault {
    /// The speeds are in the wrong order or negative.
    #[error("the function holds from {from_kmph} to {to_kmph} km/h; the speeds must be from 0 to 200 and ascend")]
    Speeds {
        /// The lower.
        from_kmph: f64,
        /// The higher.
        to_kmph: f64,
    },
    /// It gives no number, or one below zero, at a speed at which it holds.
    #[error("the function gives {value} at {speed_kmph} km/h; it must give a number not below 0 wherever it holds")]
    Value {
        /// The speed.
        speed_kmph: f64,
        /// What it gives.
        value: f64,
    },
    /// The type of vehicle has another for the same quantity and situation.
    #[error("there is a function for this vehicle, quantity and situation already; leave one out")]
    Twice,
}

/// How far below zero a published function may come at the end of its speeds, in g/km: it then gives zero. Carbon monoxide of diesel
/// Euro 6 does, by 0.0016 at 130 km/h.
const NEGATIVE_MAX: f64 = 2e-3;

impl HotFunction {
    /// Emission a kilometre at a mean speed in km/h, never below 0.
    #[must_use]
    pub fn at(&self, speed_kmph: f64) -> f64 {
        self.unbounded(speed_kmph).max(0.0)
    }

    fn unbounded(&self, speed_kmph: f64) -> f64 {
        let v = speed_kmph.clamp(self.speed_min_kmph, self.speed_max_kmph);
        // A function that holds from 0 km/h on has no term in 1/V.
        let inverse = if self.delta == 0.0 { 0.0 } else { self.delta / v };
        (self.alpha * v * v + self.beta * v + self.gamma + inverse) / (self.epsilon * v * v + self.zeta * v + self.eta)
            * (1.0 - self.reduction)
    }

    /// Checks that it gives emissions wherever it holds, at whole km/h.
    ///
    /// # Errors
    /// [`HotFault`] where speeds are no range, or it gives no number or one clearly below 0.
    pub fn validate(&self) -> Result<(), HotFault> {
        let (from_kmph, to_kmph) = (self.speed_min_kmph, self.speed_max_kmph);
        if !(0.0 <= from_kmph && from_kmph < to_kmph && to_kmph <= 200.0) {
            return Err(HotFault::Speeds { from_kmph, to_kmph });
        }
        let mut speed_kmph = from_kmph;
        while speed_kmph <= to_kmph {
            let value = self.unbounded(speed_kmph);
            if !(value.is_finite() && value >= -NEGATIVE_MAX) {
                return Err(HotFault::Value { speed_kmph, value });
            }
            speed_kmph += 1.0;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Petrol Euro 6d medium car, PFI, nitrogen oxides: EMEP/EEA guidebook, chapter 1.A.3.b, Tier 3.
    const CONSTANT: HotFunction = HotFunction {
        speed_min_kmph: 10.0,
        speed_max_kmph: 130.0,
        alpha: 0.0,
        beta: 0.0,
        gamma: 0.00128,
        delta: 0.0,
        epsilon: 0.0,
        zeta: 0.0,
        eta: 1.0,
        reduction: 0.0,
    };

    #[test]
    fn slower_and_faster_than_it_holds_a_function_gives_what_it_does_at_its_ends() {
        let function = HotFunction { beta: 0.01, delta: 3.0, ..CONSTANT };
        assert_eq!(function.at(1.0), function.at(10.0));
        assert_eq!(function.at(0.0), function.at(10.0));
        assert_eq!(function.at(200.0), function.at(130.0));
        assert_ne!(function.at(20.0), function.at(10.0));
    }

    #[test]
    fn a_reduction_takes_its_share() {
        let reduced = HotFunction { reduction: 0.25, ..CONSTANT };
        assert!((reduced.at(50.0) / CONSTANT.at(50.0) - 0.75).abs() < 1e-12);
    }

    #[test]
    fn what_gives_no_emission_is_no_function() {
        assert_eq!(CONSTANT.validate(), Ok(()));
        let told = |function: HotFunction| function.validate().unwrap_err();
        assert!(matches!(told(HotFunction { eta: 0.0, ..CONSTANT }), HotFault::Value { .. }));
        assert!(matches!(told(HotFunction { gamma: -1.0, ..CONSTANT }), HotFault::Value { speed_kmph: 10.0, .. }));
        assert!(matches!(told(HotFunction { alpha: f64::NAN, ..CONSTANT }), HotFault::Value { .. }));
        assert!(matches!(told(HotFunction { speed_max_kmph: 5.0, ..CONSTANT }), HotFault::Speeds { .. }));
        assert!(matches!(told(HotFunction { speed_min_kmph: f64::NAN, ..CONSTANT }), HotFault::Speeds { .. }));
    }
}
