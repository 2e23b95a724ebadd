//! Which vehicles drive: renewal of the fleet, and low-emission zones.

use engine::city::RoadClass;
use engine::environment::fleet::{FLEET_KINDS, FleetKind, Fuel};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_spanned::Spanned;

use super::check::Check;
use super::schema::road_classes_schema;
use super::{Polygon, RuleHours};
use crate::scenario::problem::FileProblem;
use crate::words::Text;

/// Changes the fleet. A field of a child overrules that of its parents.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FleetChange {
    /// The year whose fleet drives, from the fleet file's own to forty years later: older vehicles are scrapped and replaced by what
    /// the file says is sold.
    #[schemars(with = "Option<i32>", range(min = 2000, max = 2100))]
    pub year: Option<Spanned<i32>>,
    /// Shares of distance that are driven electrically, by kind of vehicle, whatever the year's fleet has.
    #[serde(default)]
    pub electric_share: ElectricShares,
}

/// A share, 0 to 1, for kinds of vehicles.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ElectricShares {
    /// Cars.
    #[schemars(with = "Option<f64>", range(min = 0.0, max = 1.0))]
    pub car: Option<Spanned<f64>>,
    /// Vans.
    #[schemars(with = "Option<f64>", range(min = 0.0, max = 1.0))]
    pub van: Option<Spanned<f64>>,
    /// Heavy vehicles.
    #[schemars(with = "Option<f64>", range(min = 0.0, max = 1.0))]
    pub heavy_vehicle: Option<Spanned<f64>>,
    /// Motorcycles.
    #[schemars(with = "Option<f64>", range(min = 0.0, max = 1.0))]
    pub motorcycle: Option<Spanned<f64>>,
}

impl ElectricShares {
    /// What is given, by kind.
    pub fn given(&self) -> impl Iterator<Item = (FleetKind, &Spanned<f64>)> {
        let of = |kind| match kind {
            FleetKind::Car => self.car.as_ref(),
            FleetKind::Van => self.van.as_ref(),
            FleetKind::HeavyVehicle => self.heavy_vehicle.as_ref(),
            FleetKind::Motorcycle => self.motorcycle.as_ref(),
            FleetKind::Bus => None,
        };
        FLEET_KINDS.into_iter().filter_map(move |kind| of(kind).map(|share| (kind, share)))
    }
}

impl FleetChange {
    /// How many of its fields are given.
    pub(super) fn edit_count(&self) -> usize {
        usize::from(self.year.is_some()) + self.electric_share.given().count()
    }
}

/// A low-emission zone: vehicles of some fuels and standards may not drive in it. Who owns one replaces it by another of its kind
/// that may, or breaks the rule; nobody takes another way. Streets that run along its edge, within 15 m of it, are not part of it.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LowEmissionZone {
    /// Its name, for people.
    pub name: Option<Text>,
    /// Name of the quarter that it covers.
    #[schemars(with = "Option<String>")]
    pub quarter: Option<Spanned<String>>,
    /// The area that it covers, instead of a quarter.
    pub polygon: Option<Polygon>,
    /// When it holds; always where not given.
    pub hours: Option<RuleHours>,
    /// Road classes inside that are not part of it.
    #[serde(default)]
    #[schemars(schema_with = "road_classes_schema")]
    pub open_road_classes: Option<Vec<RoadClass>>,
    /// Streets inside that are not part of it.
    #[serde(default)]
    #[schemars(with = "Vec<String>")]
    pub open_streets: Vec<Spanned<String>>,
    /// Who may not drive in it.
    #[schemars(with = "Vec<BannedVehicles>", length(min = 1))]
    pub banned: Spanned<Vec<BannedVehicles>>,
    /// The share of them that is replaced, 0 to 1; the others drive all the same.
    #[schemars(with = "f64", range(min = 0.0, max = 1.0))]
    pub replaced_share: Spanned<f64>,
}

/// Vehicles that may not drive in a low-emission zone.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BannedVehicles {
    /// Their kind: car, van, heavy_vehicle or motorcycle.
    #[schemars(with = "String")]
    pub kind: Spanned<String>,
    /// Their fuel (petrol, diesel, lpg, cng); every one that burns where not given.
    #[schemars(with = "Option<String>")]
    pub fuel: Option<Spanned<String>>,
    /// The Euro standard from which on they may, 1 to 7; 7 bans all of them.
    #[schemars(with = "i64", range(min = 1, max = 7))]
    pub below_euro: Spanned<i64>,
}

impl Check<'_> {
    pub(super) fn fleet(&mut self, fleet: &FleetChange) {
        if let Some(year) = &fleet.year {
            self.range(year, "year", f64::from(*year.get_ref()), 2000.0, 2100.0);
        }
        for (_, share) in fleet.electric_share.given() {
            self.range(share, "electric_share", *share.get_ref(), 0.0, 1.0);
        }
    }

    pub(super) fn low_emission_zone(&mut self, edit: &Spanned<LowEmissionZone>) {
        let zone = edit.get_ref();
        self.range(&zone.replaced_share, "replaced_share", *zone.replaced_share.get_ref(), 0.0, 1.0);
        self.named(edit, "open_road_classes", zone.open_road_classes.as_deref());
        self.named(&zone.banned, "banned", Some(zone.banned.get_ref()));
        self.hours(zone.hours.as_ref());
        for banned in zone.banned.get_ref() {
            self.whole(&banned.below_euro, "below_euro", 1.0, 7.0);
            match FleetKind::from_name(banned.kind.get_ref()) {
                Some(kind) if kind != FleetKind::Bus => {}
                _ => {
                    let (word, of) = (banned.kind.get_ref().clone(), "car, van, heavy_vehicle, motorcycle");
                    self.problem(&banned.kind, FileProblem::Word { what: "kind of vehicle", word, of });
                }
            }
            if let Some(fuel) = &banned.fuel
                && banned_fuel(fuel.get_ref()).is_none()
            {
                let (word, of) = (fuel.get_ref().clone(), "petrol, diesel, lpg, cng");
                self.problem(fuel, FileProblem::Word { what: "fuel", word, of });
            }
        }
        match (&zone.quarter, &zone.polygon) {
            (Some(_), None) => {}
            (None, Some(polygon)) => self.polygon(polygon),
            _ => self.problem(edit, FileProblem::ExactlyOne("quarter and polygon")),
        }
    }
}

/// The fuel of a word, of those that a zone may ban.
pub(in crate::scenario) fn banned_fuel(word: &str) -> Option<Fuel> {
    Fuel::from_name(word).filter(|fuel| matches!(fuel, Fuel::Petrol | Fuel::Diesel | Fuel::Lpg | Fuel::Cng))
}
