//! What vehicles emit and consume, as tables.

use std::collections::BTreeMap;

use data::table::Table;
use engine::environment::emissions::{Emission, Rates};
use engine::environment::fleet::{FleetKind, VehicleType};

use super::super::base::{SeedResult, SimulateError};
use super::super::effects::{EffectsModel, SeedEffects};
use super::super::model::CityModel;
use super::super::solve::TOLD;
use super::{as_f64, number};

/// Adds a column for each quantity.
fn with_amounts<'a>(table: Table, amounts: impl Iterator<Item = &'a Rates> + Clone) -> Table {
    Emission::ALL.into_iter().fold(table, |table, emission| {
        let column: Vec<f64> = amounts.clone().map(|amounts| five_digits(amounts[emission])).collect();
        table.with(emission.name(), column)
    })
}

/// All tables of emission without rows.
pub(in crate::run) fn none() -> [(&'static str, Table); 3] {
    let (numbers, words, times): (Vec<i64>, Vec<&str>, Vec<u32>) = Default::default();
    let nothing = || std::iter::empty::<&Rates>();
    let by_link = Table::new().with("from_s", times.clone()).with("to_s", times);
    let by_link = by_link.with("link", words.clone()).with("kind", words.clone());
    let by_class = Table::new().with("seed", numbers).with("road_class", words.clone()).with("kind", words.clone());
    let by_class = by_class.with("vehicle_km", Vec::<f64>::new());
    let by_vehicle = ["kind", "fuel", "segment", "standard", "technology"];
    let by_vehicle = by_vehicle.into_iter().fold(Table::new(), |table, column| table.with(column, words.clone()));
    let by_vehicle = by_vehicle.with("share", Vec::<f64>::new());
    [
        ("emissions", with_amounts(by_link, nothing())),
        ("emissions_by_class", with_amounts(by_class, nothing())),
        ("emissions_by_vehicle", with_amounts(by_vehicle, nothing())),
    ]
}

/// A number not below 0 to five digits: more would be noise, and take four times the room.
fn five_digits(value: f64) -> f64 {
    const DIGITS: f64 = 1e5;
    if !(value > 0.0 && value.is_finite()) {
        return 0.0;
    }
    let (mut scaled, mut up, mut down) = (value, 1.0, 1.0);
    while scaled >= DIGITS {
        down *= 10.0;
        scaled = value / down;
    }
    while scaled < DIGITS / 10.0 && up < 1e12 {
        up *= 10.0;
        scaled = value * up;
    }
    scaled.round() * down / up
}

/// By stretch, link and kind: means over the seeds.
pub(super) fn by_link(model: &CityModel, effects: &[SeedEffects]) -> Table {
    let links = &model.applied.tables.links;
    let (mut from, mut to, mut keys, mut kinds) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let mut amounts: Vec<Rates> = Vec::new();
    let spans_s = effects.first().map_or(&[][..], |first| &first.emitted.spans_s);
    for (stretch, &(from_s, to_s)) in spans_s.iter().enumerate() {
        let mut sums: Vec<[Option<Rates>; TOLD.len()]> = vec![[None; TOLD.len()]; links.len()];
        for row in effects.iter().flat_map(|effects| &effects.emitted.rows[stretch]) {
            *sums[row.link as usize][usize::from(row.kind)].get_or_insert(Rates::default()) += row.amounts;
        }
        for (link, of_link) in links.iter().zip(sums) {
            for (kind, sum) in of_link.into_iter().enumerate() {
                let Some(sum) = sum else { continue };
                from.push(from_s);
                to.push(to_s);
                keys.push(link.key.as_str());
                kinds.push(TOLD[kind]);
                amounts.push(sum * (1.0 / as_f64(effects.len())));
            }
        }
    }
    let table = Table::new().with("from_s", from).with("to_s", to).with("link", keys).with("kind", kinds);
    with_amounts(table, amounts.iter())
}

/// By seed, road class and kind.
pub(super) fn by_class(results: &[SeedResult], effects: &[SeedEffects]) -> Table {
    let (mut seeds, mut classes, mut kinds, mut amounts) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let mut distances_km = Vec::new();
    for (result, effects) in results.iter().zip(effects) {
        for (&(class, kind), sum) in &effects.emitted.by_class {
            seeds.push(number(result.seed));
            classes.push(class.name());
            kinds.push(TOLD[usize::from(kind)]);
            distances_km.push(effects.emitted.distance_km[&(class, kind)]);
            amounts.push(*sum);
        }
    }
    let table = Table::new().with("seed", seeds).with("road_class", classes).with("kind", kinds);
    with_amounts(table.with("vehicle_km", distances_km), amounts.iter())
}

/// By type of vehicle: means over the seeds.
pub(super) fn by_vehicle(effects: &EffectsModel<'_>, of_seeds: &[SeedEffects]) -> Result<Table, SimulateError> {
    let factors = &effects.settings.parameters.emissions;
    let mut sums: BTreeMap<VehicleType, Rates> = BTreeMap::new();
    for seed in of_seeds {
        for (vehicle, amounts) in seed.emitted.by_vehicle(effects.fleets(), factors)? {
            *sums.entry(vehicle).or_default() += amounts;
        }
    }
    let told = || sums.iter().filter(|(vehicle, _)| vehicle.kind != FleetKind::Bus);
    let amounts: Vec<Rates> = told().map(|(_, sum)| *sum * (1.0 / as_f64(of_seeds.len()))).collect();
    let table = Table::new()
        .with("kind", told().map(|(vehicle, _)| vehicle.kind.name()).collect::<Vec<_>>())
        .with("fuel", told().map(|(vehicle, _)| vehicle.fuel.name()).collect::<Vec<_>>())
        .with("segment", told().map(|(vehicle, _)| &*vehicle.segment).collect::<Vec<_>>())
        .with("standard", told().map(|(vehicle, _)| vehicle.standard.name()).collect::<Vec<_>>())
        .with("technology", told().map(|(vehicle, _)| &*vehicle.technology).collect::<Vec<_>>())
        .with("share", told().map(|(vehicle, _)| effects.fleets().share(vehicle)).collect::<Vec<_>>());
    Ok(with_amounts(table, amounts.iter()))
}
