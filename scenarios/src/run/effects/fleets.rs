//! Which fleet drives where and when: the city's, renewed where a scenario says so, and that of each low-emission zone in its hours.

use engine::environment::emissions::{Activity, Conditions, EmissionFactors, FleetFactors, MissingFactor, Rates};
use engine::environment::fleet::{AgeingError, Fleet, FleetError, VehicleType, aged};
use engine::time::{ClockTime, DayType, Hours};

use super::super::settings::Settings;
use crate::scenario::{CleanZone, FleetEdits};

/// Why a scenario's fleet cannot drive.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum FleetUseError {
    /// Vehicles have no factors.
    #[error("{}", list(.0))]
    Missing(Vec<MissingFactor>),
    /// The fleet cannot be brought to the year asked for.
    #[error(transparent)]
    Ageing(#[from] AgeingError),
    /// A share is none.
    #[error(transparent)]
    Share(#[from] FleetError),
}

fn list(missing: &[MissingFactor]) -> String {
    missing.iter().take(5).map(ToString::to_string).collect::<Vec<_>>().join("; ")
}

/// A fleet with its factors.
#[derive(Clone, Debug, PartialEq)]
struct FleetInUse {
    fleet: Fleet,
    factors: FleetFactors,
}

/// A zone whose vehicles are others in its hours.
#[derive(Clone, Debug, PartialEq)]
struct ZoneFleet {
    links: Vec<usize>,
    hours: Hours,
    /// Its fleet, as an index into [`Fleets::all`].
    fleet: usize,
}

/// The fleets of a city.
#[derive(Clone, Debug, PartialEq)]
pub struct Fleets {
    conditions: Conditions,
    /// That of the city first.
    all: Vec<FleetInUse>,
    zones: Vec<ZoneFleet>,
}

impl Fleets {
    /// The fleets of a city after edits.
    ///
    /// # Errors
    /// [`FleetUseError`] where the year is one that the fleet cannot be brought to, or vehicles have no factors.
    pub(in crate::run) fn new(settings: &Settings, edits: &FleetEdits) -> Result<Self, FleetUseError> {
        let (parameters, conditions) = (&settings.parameters, settings.parameters.conditions);
        let with_factors = |fleet: Fleet| {
            let factors = FleetFactors::new(&fleet, &parameters.emissions, conditions);
            Ok::<_, FleetUseError>(FleetInUse { factors: factors.map_err(FleetUseError::Missing)?, fleet })
        };
        let mut fleet = parameters.fleet.fleet.clone();
        if let Some(year) = edits.year {
            fleet = aged(&fleet, &parameters.fleet.ageing, year)?;
        }
        for (&kind, &share) in &edits.electric_shares {
            fleet = fleet.with_electric_share(kind, share)?;
        }
        let mut fleets = Self { conditions, all: Vec::new(), zones: Vec::new() };
        for CleanZone { links, hours, .. } in &edits.zones {
            fleets.zones.push(ZoneFleet { links: links.clone(), hours: hours.clone(), fleet: fleets.zones.len() + 1 });
        }
        let of_zones: Vec<Fleet> = edits.zones.iter().map(|zone| zone.fleet(&fleet)).collect();
        for fleet in std::iter::once(fleet).chain(of_zones) {
            fleets.all.push(with_factors(fleet)?);
        }
        Ok(fleets)
    }

    /// Under what vehicles drive.
    pub(super) fn conditions(&self) -> &Conditions {
        &self.conditions
    }

    /// How many fleets there are.
    pub(super) fn count(&self) -> usize {
        self.all.len()
    }

    /// For each link the fleet that drives on it at that time, as an index.
    pub(super) fn by_link(&self, link_count: usize, day: DayType, time: ClockTime) -> Vec<u8> {
        let mut fleets = vec![0; link_count];
        for zone in self.zones.iter().filter(|zone| zone.hours.contains(day, time)) {
            let fleet = u8::try_from(zone.fleet).unwrap_or(u8::MAX);
            zone.links.iter().for_each(|&row| fleets[row] = fleet);
        }
        fleets
    }

    /// The factors of a fleet.
    pub(super) fn factors(&self, fleet: u8) -> &FleetFactors {
        &self.all[usize::from(fleet)].factors
    }

    /// The share of its kind's distance that a type has in the city's fleet.
    pub(in crate::run) fn share(&self, vehicle: &VehicleType) -> f64 {
        let rows = self.all[0].fleet.shares();
        rows.iter().find(|row| row.vehicle == *vehicle).map_or(0.0, |row| row.share)
    }

    /// What each type of vehicle emitted, by the distances that each fleet drove.
    pub(super) fn by_vehicle(
        &self,
        activities: &[Activity],
        factors: &EmissionFactors,
    ) -> Result<Vec<(VehicleType, Rates)>, Vec<MissingFactor>> {
        let mut all = Vec::new();
        for (fleet, activity) in self.all.iter().zip(activities) {
            all.extend(activity.by_vehicle(&fleet.fleet, factors, self.conditions)?);
        }
        Ok(all)
    }
}
