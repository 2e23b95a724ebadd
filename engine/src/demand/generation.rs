//! Trip generation: how many tours begin and end in each zone.
//!
//! Tours of residents follow from their ages (category analysis; Ortúzar and Willumsen, *Modelling Transport*, section 4.3), those
//! on business from jobs. They end where the attractors are, each by its share of the city's total. Ages are known for
//! the city alone, so every zone is taken to have the city's.

use super::inputs::ZoneActivity;
use super::parameters::{AttractionWeights, GoodsParameters, PurposeParameters};

/// Tours per resident of a population of these ages.
pub(super) fn tours_per_resident(purpose: &PurposeParameters, residents_by_age: &[f64]) -> f64 {
    let all: f64 = residents_by_age.iter().sum();
    let tours: f64 = (0_u32..)
        .zip(residents_by_age)
        .map(|(age, people)| {
            let rate = purpose.rates.iter().find(|rate| (rate.from_age..=rate.to_age).contains(&age));
            rate.map_or(0.0, |rate| rate.tours_per_day) * people
        })
        .sum();
    tours / all
}

/// Tours that begin in each zone.
pub(super) fn productions(zones: &[ZoneActivity], purpose: &PurposeParameters, residents_by_age: &[f64]) -> Vec<f64> {
    let per_resident = tours_per_resident(purpose, residents_by_age);
    zones.iter().map(|zone| per_resident * zone.residents + purpose.tours_per_job * zone.jobs).collect()
}

/// The share of each zone in what attracts; sums to 1.
pub(super) fn attraction_shares(zones: &[ZoneActivity], weights: &AttractionWeights) -> Vec<f64> {
    type Attractor = (f64, fn(&ZoneActivity) -> f64);
    let attractors: [Attractor; 5] = [
        (weights.residents, |zone| zone.residents),
        (weights.jobs, |zone| zone.jobs),
        (weights.school_places, |zone| zone.school_places),
        (weights.services, |zone| zone.services),
        (weights.leisure, |zone| zone.leisure),
    ];
    let mut shares = vec![0.0; zones.len()];
    for (weight, value) in attractors {
        let all: f64 = zones.iter().map(value).sum();
        for (share, zone) in shares.iter_mut().zip(zones) {
            *share += weight * value(zone) / all;
        }
    }
    shares
}

/// Van trips that begin, and that end, in each zone.
pub(super) fn van_trips(zones: &[ZoneActivity], goods: &GoodsParameters) -> Vec<f64> {
    let trips =
        |zone: &ZoneActivity| goods.van_trips_per_job * zone.jobs + goods.van_trips_per_resident * zone.residents;
    zones.iter().map(trips).collect()
}

/// Heavy vehicle trips that begin, and that end, in each zone.
pub(super) fn heavy_trips(zones: &[ZoneActivity], goods: &GoodsParameters) -> Vec<f64> {
    zones.iter().map(|zone| goods.heavy_trips_per_job * zone.jobs).collect()
}

/// The values scaled so that they sum to `total`; they must not all be 0 unless `total` is.
pub(super) fn scaled_to(values: &[f64], total: f64) -> Vec<f64> {
    let sum: f64 = values.iter().sum();
    if total == 0.0 {
        return vec![0.0; values.len()];
    }
    values.iter().map(|value| value * (total / sum)).collect()
}
