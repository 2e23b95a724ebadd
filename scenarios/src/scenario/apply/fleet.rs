//! Which vehicles drive: renewal of the fleet, and low-emission zones.

use std::collections::BTreeMap;

use engine::environment::fleet::{Fleet, FleetKind, Fuel, VehicleType};
use engine::key::Key;
use engine::time::Hours;
use serde_spanned::Spanned;

use super::Misfit;
use super::editor::Editor;
use super::told::when;
use crate::scenario::file::{BannedVehicles, FleetChange, LowEmissionZone, banned_fuel};
use crate::words::Text;

/// What is changed of the fleet.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FleetEdits {
    /// The year whose fleet drives, where it is another than the fleet file's own.
    pub year: Option<i32>,
    /// Shares of distance driven electrically, by kind.
    pub electric_shares: BTreeMap<FleetKind, f64>,
    /// Low-emission zones. No link is in two.
    pub zones: Vec<CleanZone>,
}

/// A low-emission zone.
#[derive(Clone, Debug, PartialEq)]
pub struct CleanZone {
    /// Rows of its links, ascending.
    pub links: Vec<usize>,
    /// When it holds.
    pub hours: Hours,
    /// Who may not drive in it.
    pub banned: Vec<Banned>,
    /// The share of them that is replaced by others of their kind.
    pub replaced_share: f64,
}

/// Vehicles that may not drive in a low-emission zone.
#[derive(Clone, Debug, PartialEq)]
pub struct Banned {
    /// Their kind.
    pub kind: FleetKind,
    /// What they burn; whatever burns, where none is given.
    pub fuel: Option<Fuel>,
    /// The generation of the standard from which on they may.
    pub below_generation: u8,
}

impl Banned {
    fn holds(&self, vehicle: &VehicleType) -> bool {
        let carrier = vehicle.fuel.carrier();
        let burns = !carrier.is_electric() && self.fuel.is_none_or(|fuel| fuel.carrier() == carrier);
        vehicle.kind == self.kind && burns && vehicle.standard.generation() < self.below_generation
    }
}

impl CleanZone {
    /// The fleet that drives in it while it holds, of that which drives around it.
    #[must_use]
    pub fn fleet(&self, around: &Fleet) -> Fleet {
        let clean = around.without(|vehicle| self.banned.iter().any(|banned| banned.holds(vehicle)));
        around.mixed(&clean, self.replaced_share)
    }
}

/// How kinds of vehicles are called, in Italian and English.
fn kind_words(kind: FleetKind) -> [&'static str; 2] {
    match kind {
        FleetKind::Car => ["auto", "cars"],
        FleetKind::Van => ["furgoni", "vans"],
        FleetKind::HeavyVehicle => ["mezzi pesanti", "heavy vehicles"],
        FleetKind::Motorcycle => ["moto", "motorcycles"],
        FleetKind::Bus => ["autobus", "buses"],
    }
}

impl Editor<'_> {
    pub(super) fn fleet(&mut self, change: &FleetChange) {
        if let Some(year) = &change.year {
            let year = *year.get_ref();
            self.applied.fleet.year = Some(year);
            self.describe(format!("Parco veicolare del {year}"), format!("The fleet of {year}"));
        }
        for (kind, share) in change.electric_share.given() {
            let share = *share.get_ref();
            self.applied.fleet.electric_shares.insert(kind, share);
            let ([it, en], percent) = (kind_words(kind), share * 100.0);
            self.describe(
                format!("Percorrenze elettriche di {it}: {percent:.0} %"),
                format!("Distance driven electrically by {en}: {percent:.0} %"),
            );
        }
    }

    pub(super) fn low_emission_zone(&mut self, edit: &Spanned<LowEmissionZone>) {
        let zone = edit.get_ref();
        let area = match (&zone.quarter, &zone.polygon) {
            (Some(quarter), _) => self.quarter(quarter),
            (None, Some(polygon)) => self.ground(polygon),
            (None, None) => None,
        };
        let open_streets = self.streets(&zone.open_streets);
        let Some(area) = area else { return };
        let open_classes = zone.open_road_classes.clone().unwrap_or_default();
        let links = self.links_well_inside(&area, &open_classes, &open_streets);
        if links.is_empty() {
            return self.misfit(edit, Misfit::NoLinks);
        }
        let name = zone.name.clone().unwrap_or_else(|| Text::new("Zona a basse emissioni", "Low-emission zone"));
        for &row in &links {
            let key: Key = self.applied.tables.links[row].key.clone();
            let of_parents = self.applied.fleet.zones.iter().any(|other| other.links.binary_search(&row).is_ok());
            if of_parents {
                return self.misfit(edit, Misfit::TwoCleanZones(key));
            }
        }
        let hours = zone.hours.as_ref().map_or_else(Hours::always, super::hours);
        let banned: Vec<Banned> = zone.banned.get_ref().iter().filter_map(banned).collect();
        let words = |language: usize| {
            let of = |banned: &Banned| {
                let kind = kind_words(banned.kind)[language];
                let fuel = match banned.fuel {
                    Some(Fuel::Diesel) => [" diesel", " on diesel"],
                    Some(Fuel::Petrol) => [" a benzina", " on petrol"],
                    Some(Fuel::Lpg) => [" a GPL", " on LPG"],
                    Some(Fuel::Cng) => [" a metano", " on natural gas"],
                    _ => ["", ""],
                }[language];
                let below = match (banned.below_generation, language) {
                    (7, 0) => " con motore a combustione".to_owned(),
                    (7, _) => " with combustion engines".to_owned(),
                    (euro, 0) => format!(" sotto l'Euro {euro}"),
                    (euro, _) => format!(" below Euro {euro}"),
                };
                format!("{kind}{fuel}{below}")
            };
            banned.iter().map(of).collect::<Vec<_>>().join(", ")
        };
        let (on, when) = (self.name_links(&links), when(zone.hours.as_ref()));
        let percent = zone.replaced_share.get_ref() * 100.0;
        self.describe(
            format!("{}: vietata a {}{}; {percent:.0} % sostituiti: {}", name.it, words(0), when.it, on.it),
            format!("{}: closed to {}{}; {percent:.0} % replaced: {}", name.en, words(1), when.en, on.en),
        );
        self.applied.areas.push(area);
        let replaced_share = *zone.replaced_share.get_ref();
        self.applied.fleet.zones.push(CleanZone { links, hours, banned, replaced_share });
    }
}

fn banned(of_file: &BannedVehicles) -> Option<Banned> {
    let kind = FleetKind::from_name(of_file.kind.get_ref())?;
    let fuel = of_file.fuel.as_ref().and_then(|fuel| banned_fuel(fuel.get_ref()));
    let below_generation = u8::try_from(*of_file.below_euro.get_ref()).ok()?;
    Some(Banned { kind, fuel, below_generation })
}
