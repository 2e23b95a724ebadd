//! What draws people to a zone: jobs, school places, services, leisure.
//!
//! No open file counts jobs, pupils or shops by place, so these are synthetic: large destinations have figures of their own
//! (`parameters.toml`), and the rest is spread over house numbers by the kind of place and of street. The totals are
//! kept exactly: what large destinations hold is taken from the total first.

use geo::Coord;
use rstar::RTree;
use rstar::primitives::GeomWithData;

use super::RecipeError;
use super::open_data::{Ground, HouseNumber};
use super::parameters::{Destination, Parameters};
use super::zoning::ZoneDraft;

/// What draws people to one zone.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Attractors {
    /// Jobs.
    pub(super) jobs: f64,
    /// Places in schools and the university.
    pub(super) school_places: f64,
    /// Share of the city's services, in per cent.
    pub(super) services: f64,
    /// Share of the city's leisure, in per cent.
    pub(super) leisure: f64,
}

/// What the attractors are computed from.
pub(super) struct Basis<'a> {
    pub(super) houses: &'a [HouseNumber],
    pub(super) residents: &'a [f64],
    pub(super) residents_by_age: &'a [f64],
    pub(super) zones: &'a [ZoneDraft],
    /// Sights, parks and the like, which share leisure evenly.
    pub(super) sights: &'a [Coord<f64>],
    pub(super) parameters: &'a Parameters,
}

/// The attractors of every zone, in the order of the zones.
pub(super) fn attractors(basis: &Basis<'_>) -> Result<Vec<Attractors>, RecipeError> {
    let parameters = basis.parameters;
    let figures = &parameters.attractors;
    let finder = ZoneFinder::new(basis)?;
    let mut zones = vec![Attractors::default(); basis.zones.len()];
    for destination in &parameters.destinations {
        let zone = &mut zones[finder.zone_of(destination)?];
        zone.jobs += destination.jobs;
        zone.school_places += destination.school_places;
        zone.services += 100.0 * destination.services_share;
        zone.leisure += 100.0 * destination.leisure_share;
    }
    let placed = |value: fn(&Destination) -> f64| parameters.destinations.iter().map(value).sum::<f64>();

    let people: Vec<f64> = zone_sums(basis, |house| Ok(basis.residents[house]))?;
    let jobs =
        zone_sums(basis, |house| Ok(parameters.place(quarter(basis, house))?.job_weight * street(basis, house)))?;
    let services =
        zone_sums(basis, |house| Ok(parameters.place(quarter(basis, house))?.service_weight * street(basis, house)))?;
    let centre = zone_sums(basis, |house| Ok(f64::from(u8::from(parameters.is_centre(quarter(basis, house))))))?;
    let city = zone_sums(basis, |house| Ok(f64::from(u8::from(parameters.is_city(quarter(basis, house))))))?;

    spread(figures.jobs.value - placed(|d| d.jobs), &jobs, &mut zones, |zone| &mut zone.jobs);
    spread(100.0 * (1.0 - placed(|d| d.services_share)), &services, &mut zones, |zone| &mut zone.services);

    let (local, upper) = pupils(basis);
    spread(local, &people, &mut zones, |zone| &mut zone.school_places);
    let in_centre = figures.school_upper_centre_share.value;
    spread(upper * in_centre, &centre, &mut zones, |zone| &mut zone.school_places);
    spread(upper * (1.0 - in_centre), &city, &mut zones, |zone| &mut zone.school_places);

    let (visits, out) = (figures.leisure_residents_share.value, figures.leisure_services_share.value);
    let mut sights = vec![0.0; zones.len()];
    for &sight in basis.sights {
        sights[finder.nearest(sight)] += 1.0;
    }
    spread(100.0 * visits, &people, &mut zones, |zone| &mut zone.leisure);
    spread(100.0 * out, &services, &mut zones, |zone| &mut zone.leisure);
    spread(100.0 * (1.0 - visits - out - placed(|d| d.leisure_share)), &sights, &mut zones, |zone| &mut zone.leisure);
    Ok(zones)
}

/// Pupils of schools near home, and of upper secondary schools.
fn pupils(basis: &Basis<'_>) -> (f64, f64) {
    let figures = &basis.parameters.attractors;
    let scale = basis.residents.iter().sum::<f64>() / basis.residents_by_age.iter().sum::<f64>();
    let aged = |low: f64, high: f64| -> f64 {
        let ages = (0_u32..).map(f64::from).zip(basis.residents_by_age);
        ages.filter(|(age, _)| *age >= low && *age <= high).map(|(_, people)| people * scale).sum()
    };
    let (low, high) = (figures.school_local_age_low.value, figures.school_local_age_high.value);
    let upper = aged(high + 1.0, figures.school_upper_age_high.value) + figures.school_upper_from_outside.value;
    (aged(low, high), upper)
}

fn quarter<'a>(basis: &Basis<'a>, house: usize) -> &'a str {
    &basis.houses[house].quarter
}

/// What an address weighs by its kind of street.
fn street(basis: &Basis<'_>, house: usize) -> f64 {
    let figures = &basis.parameters.attractors;
    match basis.houses[house].street_kind.as_str() {
        "Corso" | "Piazza" | "Viale" | "Spalto" | "Largo" | "Piazzale" | "Piazzetta" => {
            figures.thoroughfare_weight.value
        }
        "Via" | "Via Vecchia" | "Lungo" | "Borgo" | "Passeggiata" => 1.0,
        _ => figures.lane_weight.value,
    }
}

fn zone_sums(basis: &Basis<'_>, weight: impl Fn(usize) -> Result<f64, RecipeError>) -> Result<Vec<f64>, RecipeError> {
    basis.zones.iter().map(|zone| zone.houses.iter().map(|&house| weight(house)).sum()).collect()
}

/// Adds the amount to the zones in proportion to their weights.
fn spread(amount: f64, weights: &[f64], zones: &mut [Attractors], field: fn(&mut Attractors) -> &mut f64) {
    let sum: f64 = weights.iter().sum();
    for (zone, weight) in zones.iter_mut().zip(weights) {
        *field(zone) += amount * weight / sum;
    }
}

/// Finds the zone of a point by the nearest house number.
struct ZoneFinder<'a> {
    basis: &'a Basis<'a>,
    zone_of_house: Vec<usize>,
    houses: RTree<GeomWithData<[f64; 2], usize>>,
    ground: Ground,
}

impl<'a> ZoneFinder<'a> {
    fn new(basis: &'a Basis<'a>) -> Result<Self, RecipeError> {
        let mut zone_of_house = vec![0; basis.houses.len()];
        for (index, zone) in basis.zones.iter().enumerate() {
            for &house in &zone.houses {
                zone_of_house[house] = index;
            }
        }
        let points = basis.houses.iter().enumerate();
        let points = points.map(|(index, house)| GeomWithData::new([house.position.x, house.position.y], index));
        Ok(Self { basis, zone_of_house, houses: RTree::bulk_load(points.collect()), ground: Ground::new()? })
    }

    fn nearest(&self, point: Coord<f64>) -> usize {
        self.houses.nearest_neighbor(&[point.x, point.y]).map_or(0, |found| self.zone_of_house[found.data])
    }

    fn zone_of(&self, destination: &Destination) -> Result<usize, RecipeError> {
        let wrong = |wrong: &str| RecipeError::Recipe {
            file: "parameters.toml",
            wrong: format!("destination '{}' {wrong}", destination.name),
        };
        match (&destination.address, destination.lon, destination.lat) {
            (Some(address), None, None) => {
                let house = self.basis.houses.iter().position(|house| house.key.as_str() == address);
                house
                    .map(|house| self.zone_of_house[house])
                    .ok_or_else(|| wrong("names a house number that is not there"))
            }
            (None, Some(lon), Some(lat)) => Ok(self.nearest(self.ground.project(lon, lat)?)),
            _ => Err(wrong("needs either an address or lon and lat")),
        }
    }
}
