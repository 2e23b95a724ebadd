//! The factors of a whole fleet, tabulated by speed.
//!
//! What a kind of vehicle emits a kilometre is a mean over its types, a function of speed alone. It is worked out once at steps of a
//! quarter km/h and read between them on straight lines: a city's day has half a million mean speeds, a fleet a hundred types. The
//! error of the straight lines is below a thousandth (a test holds it to that); sums over links and sums over types are the same to
//! rounding, because both are read at the same steps ([`Activity`]).

use super::super::fleet::{FLEET_KINDS, Fleet, FleetKind, VehicleType};
use super::hot::HotQuantity;
use super::{Emission, EmissionFactors, Rates, Situation};

/// Step of the table, in km/h.
const STEP_KMPH: f64 = 0.25;
/// Steps of the table, 0 to 140 km/h.
const STEPS: usize = 561;

/// A type of vehicle in the fleet for which a factor is missing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no {} factor for {vehicle}; choose another type or add its row", .quantity.name())]
pub struct MissingFactor {
    /// The vehicle.
    pub vehicle: VehicleType,
    /// What is missing.
    pub quantity: HotQuantity,
}

/// Under what vehicles drive.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Conditions {
    /// Temperature of the air, in degrees Celsius.
    pub temperature_c: f64,
}

/// What a kilometre of each kind of vehicle emits, by speed, for one fleet.
#[derive(Clone, Debug, PartialEq)]
pub struct FleetFactors {
    /// By kind, situation and step.
    hot: Vec<Rates>,
    /// What a kilometre driven cold emits more, by kind and step.
    cold: Vec<Rates>,
}

fn hot_row(kind: FleetKind, situation: Situation) -> usize {
    (kind as usize * Situation::ALL.len() + situation as usize) * STEPS
}

fn cold_row(kind: FleetKind) -> usize {
    kind as usize * STEPS
}

/// The step below a speed in km/h, and how far the speed lies towards the next, 0 to 1.
fn place(speed_kmph: f64) -> (usize, f64) {
    let steps = (speed_kmph / STEP_KMPH).clamp(0.0, (STEPS - 1) as f64);
    let below = (steps as usize).min(STEPS - 2);
    (below, steps - below as f64)
}

fn speed_at(step: usize) -> f64 {
    step as f64 * STEP_KMPH
}

fn between(table: &[Rates], row: usize, speed_kmph: f64) -> Rates {
    let (below, part) = place(speed_kmph);
    let (low, high) = (&table[row + below], &table[row + below + 1]);
    let mut rates = Rates::default();
    for (value, (low, high)) in rates.0.iter_mut().zip(low.0.iter().zip(&high.0)) {
        *value = low + (high - low) * part;
    }
    rates
}

impl FleetFactors {
    /// The factors of a fleet under some conditions.
    ///
    /// # Errors
    /// All [`MissingFactor`]s of types that have a share.
    pub fn new(fleet: &Fleet, factors: &EmissionFactors, conditions: Conditions) -> Result<Self, Vec<MissingFactor>> {
        let mut hot = vec![Rates::default(); FLEET_KINDS.len() * Situation::ALL.len() * STEPS];
        let mut cold = vec![Rates::default(); FLEET_KINDS.len() * STEPS];
        let mut missing = Vec::new();
        for row in fleet.shares().iter().filter(|row| row.share > 0.0) {
            let vehicle = match OfVehicle::new(&row.vehicle, factors) {
                Ok(vehicle) => vehicle,
                Err(of_type) => {
                    missing.extend(of_type);
                    continue;
                }
            };
            let kind = row.vehicle.kind;
            for step in 0..STEPS {
                let speed_kmph = speed_at(step);
                for situation in Situation::ALL {
                    hot[hot_row(kind, situation) + step] += vehicle.hot(situation, speed_kmph) * row.share;
                }
                cold[cold_row(kind) + step] += vehicle.cold_excess(speed_kmph, conditions) * row.share;
            }
        }
        if missing.is_empty() { Ok(Self { hot, cold }) } else { Err(missing) }
    }

    /// What a kilometre with a warm engine emits, wear included, at a mean speed in km/h.
    #[must_use]
    pub fn hot(&self, kind: FleetKind, situation: Situation, speed_kmph: f64) -> Rates {
        between(&self.hot, hot_row(kind, situation), speed_kmph)
    }

    /// What a kilometre with a cold engine emits more, at a mean speed in km/h.
    #[must_use]
    pub fn cold_excess(&self, kind: FleetKind, speed_kmph: f64) -> Rates {
        between(&self.cold, cold_row(kind), speed_kmph)
    }

    /// What vehicles of a kind emit over a distance at a mean speed in km/h, some of it driven cold, both in km.
    #[must_use]
    pub fn emitted(
        &self,
        kind: FleetKind,
        situation: Situation,
        speed_kmph: f64,
        (distance_km, cold_km): (f64, f64),
    ) -> Rates {
        let hot = self.hot(kind, situation, speed_kmph) * distance_km;
        if cold_km > 0.0 { hot + self.cold_excess(kind, speed_kmph) * cold_km } else { hot }
    }
}

/// Distances driven, by kind, situation and speed: enough to tell what each type of vehicle emitted.
#[derive(Clone, Debug, PartialEq)]
pub struct Activity {
    distance_km: Vec<f64>,
    cold_km: Vec<f64>,
}

impl Default for Activity {
    fn default() -> Self {
        let rows = FLEET_KINDS.len() * Situation::ALL.len() * STEPS;
        Self { distance_km: vec![0.0; rows], cold_km: vec![0.0; FLEET_KINDS.len() * STEPS] }
    }
}

impl Activity {
    /// Adds a distance that vehicles of a kind drove at a mean speed in km/h, some of it cold, both in km.
    pub fn add(&mut self, kind: FleetKind, situation: Situation, speed_kmph: f64, (distance_km, cold_km): (f64, f64)) {
        let (below, part) = place(speed_kmph);
        let row = hot_row(kind, situation) + below;
        self.distance_km[row] += distance_km * (1.0 - part);
        self.distance_km[row + 1] += distance_km * part;
        let row = cold_row(kind) + below;
        self.cold_km[row] += cold_km * (1.0 - part);
        self.cold_km[row + 1] += cold_km * part;
    }

    /// The distance that a kind drove, in km.
    #[must_use]
    pub fn distance_km(&self, kind: FleetKind) -> f64 {
        let rows = hot_row(kind, Situation::Urban)..hot_row(kind, Situation::Urban) + Situation::ALL.len() * STEPS;
        self.distance_km[rows].iter().sum()
    }

    /// What each type of a fleet that has a share emitted, in the fleet's order.
    ///
    /// # Errors
    /// All [`MissingFactor`]s of types that have a share.
    pub fn by_vehicle(
        &self,
        fleet: &Fleet,
        factors: &EmissionFactors,
        conditions: Conditions,
    ) -> Result<Vec<(VehicleType, Rates)>, Vec<MissingFactor>> {
        let mut missing = Vec::new();
        let mut all = Vec::new();
        for row in fleet.shares().iter().filter(|row| row.share > 0.0) {
            match OfVehicle::new(&row.vehicle, factors) {
                Ok(vehicle) => {
                    let emitted = self.of_vehicle(row.vehicle.kind, &vehicle, conditions);
                    all.push((row.vehicle.clone(), emitted * row.share));
                }
                Err(of_type) => missing.extend(of_type),
            }
        }
        if missing.is_empty() { Ok(all) } else { Err(missing) }
    }

    fn of_vehicle(&self, kind: FleetKind, vehicle: &OfVehicle<'_>, conditions: Conditions) -> Rates {
        let mut sum = Rates::default();
        for situation in Situation::ALL {
            let row = hot_row(kind, situation);
            for (step, &km) in self.distance_km[row..row + STEPS].iter().enumerate().filter(|(_, km)| **km > 0.0) {
                sum += vehicle.hot(situation, speed_at(step)) * km;
            }
        }
        let row = cold_row(kind);
        for (step, &km) in self.cold_km[row..row + STEPS].iter().enumerate().filter(|(_, km)| **km > 0.0) {
            sum += vehicle.cold_excess(speed_at(step), conditions) * km;
        }
        sum
    }
}

/// One type of vehicle with what its factors are.
struct OfVehicle<'a> {
    vehicle: &'a VehicleType,
    factors: &'a EmissionFactors,
    no2_share: f64,
}

impl<'a> OfVehicle<'a> {
    fn new(vehicle: &'a VehicleType, factors: &'a EmissionFactors) -> Result<Self, Vec<MissingFactor>> {
        let is_electric = vehicle.fuel.carrier().is_electric();
        let needed: &[HotQuantity] = match (is_electric, vehicle.fuel.is_battery()) {
            (true, true) => &[],
            (true, false) => &[HotQuantity::Energy],
            (false, _) => &HotQuantity::ALL[..HotQuantity::Nh3 as usize],
        };
        let is_missing = |quantity: HotQuantity| {
            Situation::ALL.iter().any(|&situation| factors.hot.function(vehicle, quantity, situation).is_none())
        };
        let missing = needed.iter().filter(|&&quantity| is_missing(quantity));
        let missing: Vec<MissingFactor> =
            missing.map(|&quantity| MissingFactor { vehicle: vehicle.clone(), quantity }).collect();
        if !missing.is_empty() {
            return Err(missing);
        }
        Ok(Self { vehicle, factors, no2_share: factors.no2_share(vehicle) })
    }

    /// What a hot function gives; nothing where there is none.
    fn function(&self, quantity: HotQuantity, situation: Situation, speed_kmph: f64) -> Option<f64> {
        Some(self.factors.hot.function(self.vehicle, quantity, situation)?.at(speed_kmph))
    }

    fn hot(&self, situation: Situation, speed_kmph: f64) -> Rates {
        let of = |quantity| self.function(quantity, situation, speed_kmph);
        let mut rates = if self.vehicle.fuel.is_battery() {
            let mut rates = Rates::default();
            rates[Emission::Electricity] = self.factors.electricity_kwhpkm[self.vehicle.kind as usize];
            rates
        } else {
            let nh3 = of(HotQuantity::Nh3).unwrap_or_else(|| self.factors.nh3_gpkm(self.vehicle));
            self.exhaust(|quantity| if quantity == HotQuantity::Nh3 { nh3 } else { of(quantity).unwrap_or(0.0) })
        };
        let wear = &self.factors.wear[self.vehicle.kind as usize];
        rates[Emission::Pm10Wear] = wear.particles_gpkm(&self.factors.sizes.pm10, speed_kmph);
        rates[Emission::Pm25Wear] = wear.particles_gpkm(&self.factors.sizes.pm25, speed_kmph);
        rates
    }

    fn cold_excess(&self, speed_kmph: f64, conditions: Conditions) -> Rates {
        self.exhaust(|quantity| {
            let Some(ratio) = self.factors.cold.ratio(self.vehicle, quantity) else { return 0.0 };
            let hot = self.function(quantity, Situation::Urban, speed_kmph).unwrap_or(0.0);
            hot * ratio.excess(speed_kmph, conditions.temperature_c)
        })
    }

    /// What the exhaust emits and the tank or battery gives, of what each function tells.
    fn exhaust(&self, of: impl Fn(HotQuantity) -> f64) -> Rates {
        let mut rates = Rates::default();
        let energy_mj = of(HotQuantity::Energy);
        let carrier = self.vehicle.fuel.carrier();
        if carrier.is_electric() {
            const MEGAJOULES_PER_KWH: f64 = 3.6;
            rates[Emission::Electricity] = energy_mj / MEGAJOULES_PER_KWH;
            return rates;
        }
        let figures = &self.factors.carriers[carrier as usize];
        rates[Emission::Co2] = energy_mj * figures.co2_gpmj;
        rates[Emission::Nox] = of(HotQuantity::Nox);
        rates[Emission::No2] = rates[Emission::Nox] * self.no2_share;
        rates[Emission::PmExhaust] = of(HotQuantity::Pm);
        rates[Emission::Co] = of(HotQuantity::Co);
        rates[Emission::Nmvoc] = of(HotQuantity::Nmvoc);
        rates[Emission::Nh3] = of(HotQuantity::Nh3);
        rates[Emission::FuelEnergy] = energy_mj;
        rates[Emission::Fuel] = energy_mj / figures.energy_mjpl;
        rates
    }
}
