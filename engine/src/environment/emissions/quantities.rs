//! What is told of emission and consumption, and sums of it.

use std::ops::{Add, AddAssign, Index, IndexMut, Mul};

/// What vehicles emit or consume.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Emission {
    /// Carbon dioxide at the exhaust, in grams.
    Co2,
    /// Nitrogen oxides as NO2, in grams.
    Nox,
    /// Nitrogen dioxide at the exhaust, in grams; part of the nitrogen oxides.
    No2,
    /// Particles of the exhaust, all below 2.5 µm, in grams.
    PmExhaust,
    /// Particles below 10 µm of tyres, brakes and road, in grams.
    Pm10Wear,
    /// Particles below 2.5 µm of tyres, brakes and road, in grams; part of those below 10 µm.
    Pm25Wear,
    /// Carbon monoxide, in grams.
    Co,
    /// Volatile organic compounds without methane, in grams.
    Nmvoc,
    /// Ammonia, in grams.
    Nh3,
    /// Energy of the fuel, in megajoules.
    FuelEnergy,
    /// Liquid fuel, in litres; natural gas as litres of petrol with its energy.
    Fuel,
    /// Electricity from the battery, in kilowatt-hours.
    Electricity,
}

impl Emission {
    /// Everything that is told, in the order of its number.
    pub const ALL: [Self; 12] = [
        Self::Co2,
        Self::Nox,
        Self::No2,
        Self::PmExhaust,
        Self::Pm10Wear,
        Self::Pm25Wear,
        Self::Co,
        Self::Nmvoc,
        Self::Nh3,
        Self::FuelEnergy,
        Self::Fuel,
        Self::Electricity,
    ];

    /// The word used in files, with its unit last.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Co2 => "co2_g",
            Self::Nox => "nox_g",
            Self::No2 => "no2_g",
            Self::PmExhaust => "pm_exhaust_g",
            Self::Pm10Wear => "pm10_wear_g",
            Self::Pm25Wear => "pm25_wear_g",
            Self::Co => "co_g",
            Self::Nmvoc => "nmvoc_g",
            Self::Nh3 => "nh3_g",
            Self::FuelEnergy => "fuel_mj",
            Self::Fuel => "fuel_l",
            Self::Electricity => "electricity_kwh",
        }
    }
}

/// So much of everything: an amount, or a rate per kilometre.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Rates(pub [f64; Emission::ALL.len()]);

impl Index<Emission> for Rates {
    type Output = f64;

    fn index(&self, emission: Emission) -> &f64 {
        &self.0[emission as usize]
    }
}

impl IndexMut<Emission> for Rates {
    fn index_mut(&mut self, emission: Emission) -> &mut f64 {
        &mut self.0[emission as usize]
    }
}

impl Add for Rates {
    type Output = Self;

    fn add(mut self, other: Self) -> Self {
        self += other;
        self
    }
}

impl AddAssign for Rates {
    fn add_assign(&mut self, other: Self) {
        self.0.iter_mut().zip(other.0).for_each(|(sum, value)| *sum += value);
    }
}

impl Mul<f64> for Rates {
    type Output = Self;

    fn mul(mut self, factor: f64) -> Self {
        self.0.iter_mut().for_each(|value| *value *= factor);
        self
    }
}

impl Rates {
    /// Each quantity times the factor of its own.
    #[must_use]
    pub fn scaled(mut self, factors: &Self) -> Self {
        self.0.iter_mut().zip(factors.0).for_each(|(value, factor)| *value *= factor);
        self
    }

    /// Particles below 10 µm, exhaust and wear, in grams.
    #[must_use]
    pub fn pm10_g(&self) -> f64 {
        self[Emission::PmExhaust] + self[Emission::Pm10Wear]
    }

    /// Particles below 2.5 µm, exhaust and wear, in grams.
    #[must_use]
    pub fn pm25_g(&self) -> f64 {
        self[Emission::PmExhaust] + self[Emission::Pm25Wear]
    }
}
