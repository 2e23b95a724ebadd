//! The sound power of vehicles, and of a metre of road that many of them use.
//!
//! Directive (EU) 2015/996, annex, equations 2.2.1 to 2.2.20. Speeds below 20 km/h count as 20 km/h, above 130 km/h as 130 km/h: beyond, the
//! coefficients hold no longer. That goes for the number of vehicles on a metre too (2.2.1), which would have no limit in standing traffic.

use super::coefficients::{CATEGORIES, CATEGORY_COUNT, CategoryCoefficients, RoadCoefficients, VehicleCategory};
use super::section::{JunctionKind, RoadSection};
use crate::environment::noise::bands::{BAND_COUNT, Bands, energy, level_db};

/// Height of the line source above the road, in metres (2.2.1).
pub const SOURCE_HEIGHT_M: f64 = 0.05;

/// The speed at which coefficients are told, in km/h.
const REFERENCE_KMPH: f64 = 70.0;
/// Speeds between which the coefficients hold, in km/h.
const SPEED_RANGE_KMPH: (f64, f64) = (20.0, 130.0);
/// The temperature at which coefficients are told, in °C.
const REFERENCE_C: f64 = 20.0;
/// How far a junction reaches, in metres (2.2.17).
const JUNCTION_REACH_M: f64 = 100.0;
/// Beyond this a gradient counts as this, in per cent (2.2.13).
const GRADIENT_MAX_PERCENT: f64 = 12.0;

/// Traffic of one category.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct CategoryFlow {
    /// Vehicles an hour, the mean over the period and the year; at least 0.
    pub flow_vph: f64,
    /// Their mean speed in m/s; above 0 where there are vehicles.
    pub speed_mps: f64,
}

/// Why a road has no sound power.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum EmissionFault {
    /// A flow is none.
    #[error("category {category} has a flow of {flow_vph} veh/h; give a number of at least 0")]
    Flow {
        /// Number of the category.
        category: &'static str,
        /// The flow.
        flow_vph: f64,
    },
    /// A speed is none.
    #[error("category {category} goes {speed_mps} m/s; give a number above 0")]
    Speed {
        /// Number of the category.
        category: &'static str,
        /// The speed.
        speed_mps: f64,
    },
    /// Something of the section is no number.
    #[error("the road's {what} is {value}; give {wanted}")]
    Section {
        /// What it is.
        what: &'static str,
        /// The number.
        value: f64,
        /// What is wanted.
        wanted: &'static str,
    },
}

/// Sound power of a metre of road by band, in decibels above 1 pW: L_W′,eq,line of equation 2.2.1, summed over the categories.
///
/// `flows` are in the order of [`CATEGORIES`]. The level is −∞ where nothing moves.
///
/// # Errors
/// Everything that is wrong with flows, speeds and section.
pub fn sound_power_per_metre_db(
    coefficients: &RoadCoefficients,
    section: &RoadSection,
    flows: &[CategoryFlow; CATEGORY_COUNT],
) -> Result<Bands, Vec<EmissionFault>> {
    let faults = faults(section, flows);
    if !faults.is_empty() {
        return Err(faults);
    }
    let mut sums = [0.0; BAND_COUNT];
    for (category, flow) in CATEGORIES.into_iter().zip(flows).filter(|(_, flow)| flow.flow_vph > 0.0) {
        let vehicles_per_m = flow.flow_vph / (1000.0 * kmph(flow.speed_mps));
        for (sum, level) in sums.iter_mut().zip(vehicle_sound_power_db(coefficients, section, category, flow.speed_mps))
        {
            *sum += energy(level) * vehicles_per_m;
        }
    }
    Ok(sums.map(level_db))
}

/// Sound power of one vehicle by band, in decibels above 1 pW (2.2.2 and 2.2.3). The section and the speed are taken to be valid.
#[must_use]
pub fn vehicle_sound_power_db(
    coefficients: &RoadCoefficients,
    section: &RoadSection,
    category: VehicleCategory,
    speed_mps: f64,
) -> Bands {
    let vehicle = coefficients.of(category);
    let kmph = kmph(speed_mps);
    let propulsion = propulsion_db(vehicle, section, category, kmph);
    let Some(rolling) = rolling_db(vehicle, section, category, kmph) else {
        return propulsion;
    };
    core::array::from_fn(|band| level_db(energy(rolling[band]) + energy(propulsion[band])))
}

/// A speed in km/h, as far as the coefficients hold.
fn kmph(speed_mps: f64) -> f64 {
    (speed_mps * 3.6).clamp(SPEED_RANGE_KMPH.0, SPEED_RANGE_KMPH.1)
}

/// Rolling noise with what road, temperature, tyres and junction add (2.2.4, 2.2.5).
fn rolling_db(
    vehicle: &CategoryCoefficients,
    section: &RoadSection,
    category: VehicleCategory,
    kmph: f64,
) -> Option<Bands> {
    let rolling = vehicle.rolling?;
    let surface = section.surface.effects[category as usize];
    let decades = libm::log10(kmph / REFERENCE_KMPH);
    let studded = studded_db(vehicle, section, kmph);
    let temperature_db = vehicle.temperature_db_per_k * (REFERENCE_C - section.temperature_c);
    let (junction_db, _) = junction_db(vehicle, section);
    let common_db = temperature_db + junction_db + surface.beta_db * decades;
    Some(core::array::from_fn(|band| {
        rolling.base_db[band] + rolling.slope_db[band] * decades + surface.alpha_db[band] + studded[band] + common_db
    }))
}

/// Propulsion noise with what road, gradient and junction add (2.2.11, 2.2.12).
fn propulsion_db(vehicle: &CategoryCoefficients, section: &RoadSection, category: VehicleCategory, kmph: f64) -> Bands {
    let surface = section.surface.effects[category as usize];
    let (_, junction_db) = junction_db(vehicle, section);
    let common_db = gradient_db(category, section.gradient * 100.0, kmph) + junction_db;
    let faster = (kmph - REFERENCE_KMPH) / REFERENCE_KMPH;
    core::array::from_fn(|band| {
        vehicle.propulsion.base_db[band]
            + vehicle.propulsion.slope_db[band] * faster
            + surface.alpha_db[band].min(0.0)
            + common_db
    })
}

/// What studded tyres add, between 50 and 90 km/h (2.2.6 to 2.2.8).
fn studded_db(vehicle: &CategoryCoefficients, section: &RoadSection, kmph: f64) -> Bands {
    let share = section.studded_share;
    let Some(studded) = vehicle.studded.filter(|_| share > 0.0) else {
        return [0.0; BAND_COUNT];
    };
    let decades = libm::log10(kmph.clamp(50.0, 90.0) / REFERENCE_KMPH);
    core::array::from_fn(|band| {
        level_db(1.0 - share + share * energy(studded.base_db[band] + studded.slope_db[band] * decades))
    })
}

/// What a junction adds to rolling and to propulsion noise (2.2.17, 2.2.18).
fn junction_db(vehicle: &CategoryCoefficients, section: &RoadSection) -> (f64, f64) {
    let Some(junction) = section.junction else {
        return (0.0, 0.0);
    };
    let effect = match junction.kind {
        JunctionKind::Crossing => vehicle.crossing,
        JunctionKind::Roundabout => vehicle.roundabout,
    };
    let share = (1.0 - junction.distance_m.abs() / JUNCTION_REACH_M).max(0.0);
    (effect.rolling_db * share, effect.propulsion_db * share)
}

/// What a gradient adds to propulsion noise (2.2.13 to 2.2.16).
fn gradient_db(category: VehicleCategory, percent: f64, kmph: f64) -> f64 {
    let up = percent.min(GRADIENT_MAX_PERCENT);
    let down = (-percent).min(GRADIENT_MAX_PERCENT);
    match category {
        VehicleCategory::Light if percent < -6.0 => down - 6.0,
        VehicleCategory::Light if percent > 2.0 => (up - 2.0) / 1.5 * kmph / 100.0,
        VehicleCategory::MediumHeavy if percent < -4.0 => (down - 4.0) / 0.7 * (kmph - 20.0) / 100.0,
        VehicleCategory::MediumHeavy if percent > 0.0 => up * kmph / 100.0,
        VehicleCategory::Heavy if percent < -4.0 => (down - 4.0) / 0.5 * (kmph - 10.0) / 100.0,
        VehicleCategory::Heavy if percent > 0.0 => up / 0.8 * kmph / 100.0,
        _ => 0.0,
    }
}

fn faults(section: &RoadSection, flows: &[CategoryFlow; CATEGORY_COUNT]) -> Vec<EmissionFault> {
    let mut faults = Vec::new();
    for (category, flow) in CATEGORIES.into_iter().zip(flows) {
        let category = category.number();
        if !(flow.flow_vph.is_finite() && flow.flow_vph >= 0.0) {
            faults.push(EmissionFault::Flow { category, flow_vph: flow.flow_vph });
        } else if flow.flow_vph > 0.0 && !(flow.speed_mps.is_finite() && flow.speed_mps > 0.0) {
            faults.push(EmissionFault::Speed { category, speed_mps: flow.speed_mps });
        }
    }
    let junction_m = section.junction.map_or(0.0, |junction| junction.distance_m);
    for (what, value, good, wanted) in [
        ("temperature", section.temperature_c, section.temperature_c.is_finite(), "degrees Celsius"),
        ("gradient", section.gradient, section.gradient.is_finite(), "rise over length"),
        ("distance to the junction", junction_m, junction_m.is_finite(), "metres"),
        (
            "share of studded tyres",
            section.studded_share,
            (0.0..=1.0).contains(&section.studded_share),
            "a share between 0 and 1",
        ),
    ] {
        if !good {
            faults.push(EmissionFault::Section { what, value, wanted });
        }
    }
    faults
}
