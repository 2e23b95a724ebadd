//! Everything that emission is computed with, beside the fleet.

use super::super::fleet::{Carrier, FLEET_KINDS, FleetKind, Name, VehicleType};
use super::cold::ColdTable;
use super::hot::HotTable;
use super::wear::{SizeShares, Wear};
use super::{Emission, Rates};
use crate::draws::{Distribution, Draws, Purpose};

/// How many generations of standards there are, Euro 0 to Euro 6.
const GENERATIONS: usize = 7;

/// The share of nitrogen oxides that leaves the exhaust as NO2.
#[derive(Clone, Debug, PartialEq)]
pub struct No2Share {
    /// The kind of vehicle.
    pub kind: FleetKind,
    /// What is in the tank.
    pub carrier: Carrier,
    /// The one technology that it holds for; none for all that have no own.
    pub technology: Option<Name>,
    /// By generation of the standard, Euro 0 first; between 0 and 1.
    pub by_generation: [f64; GENERATIONS],
}

/// Ammonia of vehicles for which no hot function tells it.
#[derive(Clone, Debug, PartialEq)]
pub struct Nh3Factor {
    /// The kind of vehicle.
    pub kind: FleetKind,
    /// What is in the tank.
    pub carrier: Carrier,
    /// In g/km by generation of the standard, Euro 0 first.
    pub gpkm_by_generation: [f64; GENERATIONS],
}

/// What burning a fuel means.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CarrierFigures {
    /// Carbon dioxide, in grams a megajoule.
    pub co2_gpmj: f64,
    /// Energy of a litre, in megajoules; of natural gas that of a litre of petrol.
    pub energy_mjpl: f64,
}

/// Everything that emission is computed with, beside the fleet.
#[derive(Clone, Debug, PartialEq)]
pub struct EmissionFactors {
    /// Hot functions.
    pub hot: HotTable,
    /// Ratios of cold engines.
    pub cold: ColdTable,
    /// Shares of NO2; where none holds for a vehicle it emits none.
    pub no2: Vec<No2Share>,
    /// Ammonia where no hot function tells it.
    pub nh3: Vec<Nh3Factor>,
    /// Wear by kind of vehicle, in the order of [`FLEET_KINDS`].
    pub wear: [Wear; FLEET_KINDS.len()],
    /// Sizes of worn-off particles.
    pub sizes: SizeShares,
    /// Petrol, diesel, LPG, natural gas, in the order of [`Carrier::ALL`].
    pub carriers: [CarrierFigures; 4],
    /// Electricity of battery vehicles by kind, in kWh/km.
    pub electricity_kwhpkm: [f64; FLEET_KINDS.len()],
    /// How far emission of all vehicles together may be off.
    pub uncertainty: EmissionUncertainty,
}

/// How far emission of all vehicles together may be off: factors of median 1. What one number stands behind is drawn as one.
#[derive(Clone, Debug, PartialEq)]
pub struct EmissionUncertainty {
    /// Fuel, its energy and its carbon.
    pub energy: Distribution,
    /// Nitrogen oxides.
    pub nox: Distribution,
    /// The share of NO2 in them.
    pub no2_share: Distribution,
    /// Particles of the exhaust.
    pub exhaust_particles: Distribution,
    /// Particles of tyres, brakes and road.
    pub wear: Distribution,
    /// Carbon monoxide.
    pub co: Distribution,
    /// Volatile organic compounds.
    pub nmvoc: Distribution,
    /// Ammonia.
    pub nh3: Distribution,
    /// Electricity.
    pub electricity: Distribution,
}

/// A number that cannot be.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("{what} is {value}; it must be {valid}")]
pub struct EmissionFault {
    /// Which.
    pub what: String,
    /// What stands there.
    pub value: f64,
    /// What may stand there.
    pub valid: &'static str,
}

/// What the factor of a quantity is drawn for.
const FACTOR: Purpose = Purpose::new("emission factor");

impl EmissionFactors {
    /// Everything that is wrong with the figures; tables check theirs when they are filled.
    #[must_use]
    pub fn validate(&self) -> Vec<EmissionFault> {
        let mut faults = Vec::new();
        let mut check = |what: String, value: f64, is_valid: bool, valid: &'static str| {
            if !is_valid {
                faults.push(EmissionFault { what, value, valid });
            }
        };
        for (kind, wear) in FLEET_KINDS.into_iter().zip(&self.wear) {
            for (of, value) in [("tyre", wear.tyre_gpkm), ("brake", wear.brake_gpkm), ("road", wear.road_gpkm)] {
                check(
                    format!("{of} wear of {}", kind.name()),
                    value,
                    (0.0..=10.0).contains(&value),
                    "from 0 to 10 g/km",
                );
            }
        }
        for (kind, &value) in FLEET_KINDS.into_iter().zip(&self.electricity_kwhpkm) {
            check(
                format!("electricity of {}", kind.name()),
                value,
                (0.0..=10.0).contains(&value),
                "from 0 to 10 kWh/km",
            );
        }
        for (carrier, figures) in Carrier::ALL.into_iter().zip(&self.carriers) {
            let (co2, energy) = (figures.co2_gpmj, figures.energy_mjpl);
            check(format!("CO2 of {}", carrier.name()), co2, (0.0..=200.0).contains(&co2), "from 0 to 200 g/MJ");
            let is_energy = energy > 0.0 && energy <= 100.0;
            check(format!("energy of {}", carrier.name()), energy, is_energy, "above 0 and at most 100 MJ/l");
        }
        let (ten, two) = (self.sizes.pm10, self.sizes.pm25);
        for (source, (ten, two)) in ["tyre", "brake", "road"].into_iter().zip(ten.into_iter().zip(two)) {
            check(format!("share of {source} wear below 10 um"), ten, (0.0..=1.0).contains(&ten), "between 0 and 1");
            let is_part = (0.0..=ten).contains(&two);
            check(format!("share of {source} wear below 2.5 um"), two, is_part, "from 0 to the share below 10 um");
        }
        for row in &self.no2 {
            for share in row.by_generation {
                check(
                    format!("NO2 share of {}", row.kind.name()),
                    share,
                    (0.0..=1.0).contains(&share),
                    "between 0 and 1",
                );
            }
        }
        for row in &self.nh3 {
            for value in row.gpkm_by_generation {
                check(format!("NH3 of {}", row.kind.name()), value, (0.0..=10.0).contains(&value), "from 0 to 10 g/km");
            }
        }
        faults
    }

    /// The share of NO2 in a vehicle's nitrogen oxides.
    #[must_use]
    pub fn no2_share(&self, vehicle: &VehicleType) -> f64 {
        let carrier = vehicle.fuel.carrier();
        let of_kind = || self.no2.iter().filter(|row| row.kind == vehicle.kind && row.carrier == carrier);
        let own = of_kind().find(|row| row.technology.as_ref() == Some(&vehicle.technology));
        let row = own.or_else(|| of_kind().find(|row| row.technology.is_none()));
        row.map_or(0.0, |row| row.by_generation[usize::from(vehicle.standard.generation())])
    }

    /// Ammonia of a vehicle for which no hot function tells it, in g/km.
    #[must_use]
    pub fn nh3_gpkm(&self, vehicle: &VehicleType) -> f64 {
        let carrier = vehicle.fuel.carrier();
        let row = self.nh3.iter().find(|row| row.kind == vehicle.kind && row.carrier == carrier);
        row.map_or(0.0, |row| row.gpkm_by_generation[usize::from(vehicle.standard.generation())])
    }

    /// What a seed makes of the factors; all 1 for seed 0, which draws nothing.
    #[must_use]
    pub fn drawn(&self, seed: u64) -> Rates {
        let mut factors = Rates([1.0; Emission::ALL.len()]);
        if seed == 0 {
            return factors;
        }
        let draws = Draws::new(seed);
        let of = &self.uncertainty;
        let drawn: [(&Distribution, &[Emission]); 9] = [
            (&of.energy, &[Emission::Co2, Emission::FuelEnergy, Emission::Fuel]),
            (&of.nox, &[Emission::Nox, Emission::No2]),
            (&of.no2_share, &[Emission::No2]),
            (&of.exhaust_particles, &[Emission::PmExhaust]),
            (&of.wear, &[Emission::Pm10Wear, Emission::Pm25Wear]),
            (&of.co, &[Emission::Co]),
            (&of.nmvoc, &[Emission::Nmvoc]),
            (&of.nh3, &[Emission::Nh3]),
            (&of.electricity, &[Emission::Electricity]),
        ];
        for (number, (distribution, of_one)) in (0_u64..).zip(drawn) {
            let factor = draws.draw(distribution, FACTOR, number);
            of_one.iter().for_each(|&emission| factors[emission] *= factor);
        }
        factors
    }
}
