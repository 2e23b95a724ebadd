//! The recipe as a whole: from the folder of sources to the city's tables.

use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;

use engine::city::{About, Address, CityTables, Quarter, Record, Zone};
use engine::key::Key;
use engine::provenance::Origin;
use engine::time::DayPlan;
use geo::{Contains, Coord, MapCoords, MultiPolygon, Point, unary_union};
use rstar::RTree;
use rstar::primitives::GeomWithData;

use super::areas::{self, Member};
use super::attractors::{self, Basis};
use super::buildings::{self, BuildingDraft};
use super::connectors;
use super::open_data::{self, HouseNumber};
use super::parameters::Parameters;
use super::provenance::{from, sources};
use super::quality::{self, Quality};
use super::ring::{self, Ring};
use super::zoning::{self, BEYOND_THE_RING, ZoneDraft, slug};
use super::{RecipeError, observations, residents, sights, streets, survey};

/// The year that the recipe's own layers describe.
const YEAR: Option<i16> = Some(2024);

/// Coordinates are kept in this part of a metre: finer than the centimetre of the sources, and a power of two, so that
/// they pack well.
const PARTS_PER_METRE: f64 = 128.0;

/// A compiled city.
#[derive(Clone, Debug)]
pub struct Compiled {
    /// The city, sorted by key.
    pub tables: CityTables,
    /// What the recipe did.
    pub report: CompileReport,
}

/// What the recipe did, for people.
#[derive(Clone, Debug, Default)]
pub struct CompileReport {
    /// What became of the streets.
    pub streets: streets::StreetsReport,
    /// What the city was found to be when it was checked.
    pub quality: Quality,
    /// House numbers, zones and other things made.
    pub counts: BTreeMap<&'static str, usize>,
    /// Farthest that a synthetic building had to be moved to find room, in metres.
    pub building_moved_max_m: f64,
    /// Synthetic buildings that were moved more than 15 m.
    pub buildings_moved: usize,
    /// Observations whose place no link crosses: left out.
    pub observations_nowhere: Vec<String>,
}

impl fmt::Display for CompileReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (what, count) in &self.counts {
            writeln!(f, "{what}: {count}")?;
        }
        for (origin, km) in &self.streets.km_by_origin {
            writeln!(f, "streets, {origin}: {km:.1} km")?;
        }
        for (rule, km) in &self.streets.km_by_rule {
            writeln!(f, "rule {rule}: {km:.1} km")?;
        }
        for piece in &self.streets.left_out {
            writeln!(f, "left out: {piece}")?;
        }
        write!(f, "{}", self.quality)?;
        writeln!(
            f,
            "buildings moved more than 15 m: {}, at most {:.0} m",
            self.buildings_moved, self.building_moved_max_m
        )?;
        for name in &self.observations_nowhere {
            writeln!(f, "observation left out, no link crosses its place: {name}")?;
        }
        Ok(())
    }
}

/// Compiles Alessandria from the folder of its open data (`addresses.csv`, `streets_osm_named.geojson`, …).
/// The same files give the same tables.
///
/// # Errors
/// [`RecipeError`] where a source is missing or is not as it should be, or the parts do not fit together.
pub fn compile(source: &Path) -> Result<Compiled, RecipeError> {
    let parameters = Parameters::read()?;
    let houses = open_data::house_numbers(source)?;
    let residents = residents::by_house_number(&houses, &open_data::quarters(source)?, &parameters.residents)?;
    let by_age = open_data::residents_by_age(source)?;
    let named = open_data::named_places(source)?;
    let boundary = open_data::boundary(source)?;
    let streets = streets::build(source)?;
    let ring = ring::ring(&streets.junctions, &streets.links)?;

    let mut tables = CityTables::new(About {
        name: "Alessandria".to_owned(),
        epsg: open_data::EPSG,
        time_zone: "Europe/Rome".to_owned(),
        day_plan: DayPlan::weekday(),
        population: Some(survey::population(parameters.residents.total.value, by_age.clone())),
        survey: Some(survey::survey(&open_data::commuting(source)?)?),
    });
    tables.sources = sources()?;
    let sights = sights::sights(&named, &open_data::fuel_stations(source)?, |point| boundary.contains(&Point(point)))?;
    tables.trees = sights::trees(open_data::trees(source)?)?;
    let zones = zones(&houses, &residents, &by_age, &boundary, &ring, &streets, &sights, &parameters, &mut tables)?;
    tables.addresses = addresses(&houses, &residents, &zones);
    tables.heritage_sites = sights.heritage_sites;
    tables.places = sights.places;

    let drafts = buildings::buildings(&houses, &residents, &streets.links, &streets.railways, &parameters)?;
    let mut report = CompileReport {
        streets: streets.report,
        building_moved_max_m: drafts.iter().map(|draft| draft.moved_m).fold(0.0, f64::max),
        buildings_moved: drafts.iter().filter(|draft| draft.moved_m > 15.0).count(),
        ..CompileReport::default()
    };
    tables.buildings = drafts.into_iter().map(building_row).collect();
    let (observed, nowhere) = observations::observations(&streets.links)?;
    report.observations_nowhere = nowhere;
    tables.observations = observed;
    tables.observations.extend(observations::gate_inputs(&streets.gates, &streets.links)?);
    tables.junctions = streets.junctions;
    tables.links = streets.links;
    tables.gates = streets.gates;
    tables.turns = streets.turns;
    tables.waters = streets.waters;
    tables.railways = streets.railways;
    finish(&mut tables, &mut report)?;
    Ok(Compiled { tables, report })
}

/// Makes quarters, zones and connectors; returns the zones as drafts.
#[expect(clippy::too_many_arguments, reason = "the zones rest on all that was read")]
fn zones(
    houses: &[HouseNumber],
    residents: &[f64],
    by_age: &[f64],
    boundary: &MultiPolygon<f64>,
    ring: &Ring,
    streets: &streets::Streets,
    sights: &sights::Sights,
    parameters: &Parameters,
    tables: &mut CityTables,
) -> Result<Vec<ZoneDraft>, RecipeError> {
    let within: Vec<bool> = houses.iter().map(|house| areas::within(&ring.within, house.position)).collect();
    let zones = zoning::zones(houses, residents, &within, parameters)?;
    let inside: Vec<bool> = zones.iter().map(|zone| parameters.is_centre(&zone.district)).collect();
    let members: Vec<Member> = zones
        .iter()
        .enumerate()
        .flat_map(|(index, zone)| {
            zone.houses.iter().map(move |&house| Member { position: houses[house].position, zone: index })
        })
        .collect();
    let areas = areas::zone_areas(&members, &inside, &ring.within, boundary, &parameters.zones)?;
    let centre = ring.centre(parameters.zones.ring_setback_m.value);
    let quarters = quarters_of(&zones, houses, parameters);
    tables.quarters = quarter_rows(&zones, &quarters, &areas, &centre, parameters)?;

    let sight_points: Vec<Coord<f64>> = sights.heritage_sites.iter().map(|site| site.facts.position).collect();
    let basis = Basis { houses, residents, residents_by_age: by_age, zones: &zones, sights: &sight_points, parameters };
    let attractors = attractors::attractors(&basis)?;
    for (index, zone) in zones.iter().enumerate() {
        tables.zones.push(Record {
            key: zone.key.clone(),
            provenance: from(Origin::Derived, "gemello", YEAR, None),
            facts: Zone {
                name: zone.name.as_str().into(),
                quarter: Some(quarter_key(&quarters[index])?),
                centroid: zone.centroid,
                area: areas[index].clone(),
                residents: zone.houses.iter().map(|&house| residents[house]).sum(),
                jobs: attractors[index].jobs,
                school_places: attractors[index].school_places,
                services: attractors[index].services,
                leisure: attractors[index].leisure,
            },
        });
    }
    let network = connectors::Streets { junctions: &streets.junctions, links: &streets.links, centre: &centre };
    for draft in connectors::connectors(&zones, &inside, houses, &network, &parameters.connectors)? {
        let provenance = from(Origin::Derived, "gemello", YEAR, None);
        tables.connectors.push(Record { key: draft.key, provenance, facts: draft.facts });
    }
    Ok(zones)
}

/// The quarter on whose ground each zone lies. What the register counts to the centre although it lies beyond the ring
/// belongs to the ground of the nearest other quarter of the city.
fn quarters_of(zones: &[ZoneDraft], houses: &[HouseNumber], parameters: &Parameters) -> Vec<String> {
    let others = zones.iter().filter(|zone| parameters.is_city(&zone.district));
    let others = others.flat_map(|zone| zone.houses.iter().map(move |&house| (zone, houses[house].position)));
    let points = others.map(|(zone, at)| GeomWithData::new([at.x, at.y], zone.district.as_str())).collect();
    let tree = RTree::bulk_load(points);
    zones
        .iter()
        .map(|zone| {
            if zone.district == BEYOND_THE_RING {
                let nearest = tree.nearest_neighbor(&[zone.centroid.x, zone.centroid.y]);
                nearest.map_or_else(String::new, |found| found.data.to_owned())
            } else {
                zone.district.clone()
            }
        })
        .collect()
}

fn quarter_key(name: &str) -> Result<Key, RecipeError> {
    Ok(Key::new(format!("quarter:{}", slug(name)))?)
}

fn quarter_rows(
    zones: &[ZoneDraft],
    quarters: &[String],
    areas: &[MultiPolygon<f64>],
    centre: &MultiPolygon<f64>,
    parameters: &Parameters,
) -> Result<Vec<Record<Quarter>>, RecipeError> {
    let mut grounds: BTreeMap<&str, Vec<&MultiPolygon<f64>>> = BTreeMap::new();
    for ((_, quarter), area) in zones.iter().zip(quarters).zip(areas) {
        grounds.entry(quarter).or_default().push(area);
    }
    let mut rows = Vec::new();
    for (name, parts) in grounds {
        let area = if parameters.is_centre(name) { centre.clone() } else { unary_union(parts) };
        rows.push(Record {
            key: quarter_key(name)?,
            provenance: from(Origin::Derived, "gemello", YEAR, Some(50.0)),
            facts: Quarter { name: name.into(), area },
        });
    }
    Ok(rows)
}

fn addresses(houses: &[HouseNumber], residents: &[f64], zones: &[ZoneDraft]) -> Vec<Record<Address>> {
    let mut zone_of = vec![None; houses.len()];
    for zone in zones {
        for &house in &zone.houses {
            zone_of[house] = Some(zone.key.clone());
        }
    }
    houses
        .iter()
        .zip(residents)
        .zip(zone_of)
        .map(|((house, &residents), zone)| Record {
            key: house.key.clone(),
            provenance: from(Origin::Real, "comune", YEAR, None),
            facts: Address {
                street: house.street.as_str().into(),
                number: format!("{}{}", house.number, house.suffix).into(),
                quarter: Some(house.quarter.as_str().into()),
                position: house.position,
                zone,
                residents,
            },
        })
        .collect()
}

fn building_row(draft: BuildingDraft) -> Record<engine::city::Building> {
    Record { key: draft.key, provenance: from(Origin::Synthetic, "gemello", YEAR, None), facts: draft.facts }
}

/// Rounds coordinates, sorts, counts and checks.
fn finish(tables: &mut CityTables, report: &mut CompileReport) -> Result<(), RecipeError> {
    round(tables)?;
    tables.sort();
    let faults = tables.faults();
    if !faults.is_empty() {
        return Err(RecipeError::Faults(faults));
    }
    report.quality = quality::measure(tables);
    report.counts = BTreeMap::from([
        ("addresses", tables.addresses.len()),
        ("buildings", tables.buildings.len()),
        ("connectors", tables.connectors.len()),
        ("gates", tables.gates.len()),
        ("heritage sites", tables.heritage_sites.len()),
        ("junctions", tables.junctions.len()),
        ("links", tables.links.len()),
        ("observations", tables.observations.len()),
        ("places", tables.places.len()),
        ("quarters", tables.quarters.len()),
        ("trees", tables.trees.len()),
        ("turns forbidden", tables.turns.len()),
        ("zones", tables.zones.len()),
    ]);
    Ok(())
}

fn round(tables: &mut CityTables) -> Result<(), RecipeError> {
    let coord = |c: Coord<f64>| Coord {
        x: (c.x * PARTS_PER_METRE).round() / PARTS_PER_METRE,
        y: (c.y * PARTS_PER_METRE).round() / PARTS_PER_METRE,
    };
    for row in &mut tables.junctions {
        row.facts.position = coord(row.facts.position);
    }
    for row in &mut tables.links {
        let link = &mut row.facts;
        link.geometry = link.geometry.map_coords(coord);
        let rounded = link.geometry.lines().map(|piece| libm::hypot(piece.dx(), piece.dy())).sum::<f64>();
        // The length is at least that of the line as it is kept; kept to the millimetre's fourth part.
        link.length_m = (link.length_m.max(rounded) * 1024.0).ceil() / 1024.0;
    }
    for row in &mut tables.quarters {
        row.facts.area = areas::rounded(&row.facts.area, coord)?;
    }
    for row in &mut tables.zones {
        row.facts.area = areas::rounded(&row.facts.area, coord)?;
        row.facts.centroid = coord(row.facts.centroid);
    }
    for row in &mut tables.addresses {
        row.facts.position = coord(row.facts.position);
    }
    for row in &mut tables.buildings {
        row.facts.footprint = row.facts.footprint.map_coords(coord);
    }
    for row in &mut tables.trees {
        row.facts.position = coord(row.facts.position);
    }
    for row in &mut tables.waters {
        row.facts.geometry = row.facts.geometry.map_coords(coord);
    }
    for row in &mut tables.railways {
        row.facts.geometry = row.facts.geometry.map_coords(coord);
    }
    for row in &mut tables.heritage_sites {
        row.facts.position = coord(row.facts.position);
    }
    for row in &mut tables.places {
        row.facts.position = coord(row.facts.position);
    }
    Ok(())
}
