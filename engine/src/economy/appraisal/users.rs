//! The rule of half: what users of one class and group gain between two states of a city.
//!
//! A trip that is made in both states gains the whole difference of its cost, one that is made in one of them half of it on
//! average, if demand is a straight line between the two: ½ (T₀ + T₁) (c₀ − c₁). Time, operating costs and charges are
//! told apart, and each is taken to be what users go by.

use super::project::AppraisalFault;
use super::unit_values::UnitValues;

/// What one trip takes and costs.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct TripCost {
    /// From door to door, in hours.
    pub time_h: f64,
    /// Driven, in kilometres; 0 where nobody drives.
    pub distance_km: f64,
    /// Tolls, fares and parking, in euro.
    pub charge_eur: f64,
}

/// How users of a class and group fare in a year, without and with the plan.
#[derive(Clone, Debug, PartialEq)]
pub struct UserChange {
    /// The year.
    pub year: i32,
    /// Class of users, as the unit values name it.
    pub class: String,
    /// Group of people, such as the quarter where they live.
    pub group: String,
    /// Trips in the year without the plan.
    pub trips_without_pa: f64,
    /// Trips in the year with the plan.
    pub trips_with_pa: f64,
    /// The mean trip without the plan.
    pub without: TripCost,
    /// The mean trip with the plan.
    pub with: TripCost,
}

/// What users gain in a year, in euro.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct UserGains {
    pub(super) time_eur: f64,
    pub(super) operating_eur: f64,
    pub(super) charges_eur: f64,
}

impl UserChange {
    pub(super) fn gains(&self, values: &UnitValues) -> Result<UserGains, Vec<AppraisalFault>> {
        let mut faults = self.numbers_that_are_none();
        let of_class = values.class(&self.class).zip(values.time_eur_ph(&self.class, self.year));
        let Some((of_class, time_eur_ph)) = of_class else {
            faults.push(AppraisalFault::UnknownClass { class: self.class.clone() });
            return Err(faults);
        };
        if !faults.is_empty() {
            return Err(faults);
        }
        let half = 0.5 * (self.trips_without_pa + self.trips_with_pa);
        Ok(UserGains {
            time_eur: half * (self.without.time_h - self.with.time_h) * time_eur_ph,
            operating_eur: half * (self.without.distance_km - self.with.distance_km) * of_class.operating_eur_pkm,
            charges_eur: half * (self.without.charge_eur - self.with.charge_eur),
        })
    }

    fn numbers_that_are_none(&self) -> Vec<AppraisalFault> {
        let numbers = [
            ("trips without the plan", self.trips_without_pa),
            ("trips with the plan", self.trips_with_pa),
            ("hours without the plan", self.without.time_h),
            ("hours with the plan", self.with.time_h),
            ("kilometres without the plan", self.without.distance_km),
            ("kilometres with the plan", self.with.distance_km),
            ("charges without the plan", self.without.charge_eur),
            ("charges with the plan", self.with.charge_eur),
        ];
        let wrong = numbers.into_iter().filter(|(_, value)| !(*value >= 0.0 && value.is_finite()));
        let fault = |(field, value)| AppraisalFault::Number {
            of: format!("class '{}' of '{}' in {}", self.class, self.group, self.year),
            field,
            value,
            valid: "a number not below 0",
        };
        wrong.map(fault).collect()
    }
}
