//! Which part of the city a picture shows.

use std::collections::BTreeMap;

use data::projection::{Crs, CrsError, Transform};
use data::trajectories::{Moment, Reference, Scene};
use geo::Coord;

use super::super::frame::extent;
use super::bodies::body;

/// Why a place is not found.
#[derive(Debug, thiserror::Error)]
#[expect(missing_docs, reason = "each message says what is wrong")]
pub enum PlaceError {
    #[error("no street is named '{0}'; give a street's name, or longitude,latitude in degrees")]
    Unknown(String),
    #[error("the trajectories do not say where on the globe they are; name a street instead")]
    NowhereOnTheGlobe,
    #[error("the reference system '{0}' is not known; name a street instead")]
    System(String),
    #[error(transparent)]
    Crs(#[from] CrsError),
    #[error("{0}, {1} is {2:.1} km from the nearest street")]
    FarAway(f64, f64, f64),
}

/// Where a place is, in the scene's metres: `LON,LAT` in degrees, or the name of a street (as it is written, else a part of
/// it).
///
/// # Errors
/// [`PlaceError`] where there is no such place.
pub fn find(scene: &Scene, place: &str) -> Result<Coord, PlaceError> {
    if let Some((lon_deg, lat_deg)) = degrees(place) {
        let reference = scene.about.reference.as_ref().ok_or(PlaceError::NowhereOnTheGlobe)?;
        let to = system(reference)?;
        let at = Transform::new(Crs::wgs84(), to).point(Coord { x: lon_deg, y: lat_deg })?;
        let at = Coord { x: at.x + reference.offset_m[0], y: at.y + reference.offset_m[1] };
        let nearest_m = scene
            .lanes
            .iter()
            .flat_map(|lane| &lane.line)
            .map(|point| super::bodies::apart_m(*point, at))
            .fold(f64::INFINITY, f64::min);
        let is_near = nearest_m < 1000.0;
        return if is_near { Ok(at) } else { Err(PlaceError::FarAway(lon_deg, lat_deg, nearest_m / 1000.0)) };
    }
    let wanted = place.to_lowercase();
    let named = |fits: &dyn Fn(&str) -> bool| {
        let points = scene.lanes.iter().filter(|lane| {
            let name = lane.street.and_then(|street| scene.streets.get(street as usize));
            name.is_some_and(|name| fits(&name.to_lowercase()))
        });
        middle(points.flat_map(|lane| lane.line.iter().copied()))
    };
    named(&|name| name == wanted)
        .or_else(|| named(&|name| !wanted.is_empty() && name.contains(&wanted)))
        .ok_or_else(|| PlaceError::Unknown(place.to_owned()))
}

fn degrees(place: &str) -> Option<(f64, f64)> {
    let (lon, lat) = place.split_once(',')?;
    Some((lon.trim().parse().ok()?, lat.trim().parse().ok()?))
}

/// The reference system that a scene names: by its EPSG code, or a UTM zone in the words of PROJ.
fn system(reference: &Reference) -> Result<Crs, PlaceError> {
    let unknown = || PlaceError::System(reference.system.clone());
    if let Some(code) = reference.system.strip_prefix("EPSG:") {
        return Ok(Crs::from_epsg(code.parse().map_err(|_| unknown())?)?);
    }
    let words: Vec<&str> = reference.system.split_whitespace().collect();
    let zone = words.iter().find_map(|word| word.strip_prefix("+zone=")).and_then(|zone| zone.parse::<u32>().ok());
    match zone {
        Some(zone @ 1..=60) if words.contains(&"+proj=utm") => {
            Ok(Crs::from_epsg(if words.contains(&"+south") { 32700 } else { 32600 } + zone)?)
        }
        _ => Err(unknown()),
    }
}

/// The point in the middle of the extent of some points.
fn middle(points: impl Iterator<Item = Coord>) -> Option<Coord> {
    extent(&points.collect::<Vec<Coord>>()).map(|(low, high)| (low + high) / 2.0)
}

/// The middle of a picture of `size_m` that shows where most vehicles are, looked at in squares of that size, and no more
/// ground beyond the streets than it has to; the middle of the streets where there is no vehicle, or where they all find room.
#[must_use]
pub fn busiest(scene: &Scene, moment: &Moment, size_m: f64) -> Coord {
    let mut squares: BTreeMap<(i64, i64), Vec<Coord>> = BTreeMap::new();
    // Each vehicle counts for all squares that it is in; they overlap by half.
    let half_m = size_m / 2.0;
    for vehicle in &moment.vehicles {
        let Some(front) = body(scene, vehicle, 1.0).first().copied() else { continue };
        let (column, row) = ((front.x / half_m).floor() as i64, (front.y / half_m).floor() as i64);
        for square in [(column, row), (column - 1, row), (column, row - 1), (column - 1, row - 1)] {
            squares.entry(square).or_default().push(front);
        }
    }
    let points: Vec<Coord> = scene.lanes.iter().flat_map(|lane| lane.line.iter().copied()).collect();
    let Some((low, high)) = extent(&points) else { return Coord::default() };
    let streets = (low + high) / 2.0;
    let most = squares.iter().max_by_key(|((column, row), vehicles)| (vehicles.len(), -column, -row));
    let Some(at) = most.and_then(|(_, vehicles)| middle(vehicles.iter().copied())) else { return streets };
    let within = |at_m: f64, low_m: f64, high_m: f64, middle_m: f64| {
        if high_m - low_m <= size_m { middle_m } else { at_m.clamp(low_m + half_m, high_m - half_m) }
    };
    Coord { x: within(at.x, low.x, high.x, streets.x), y: within(at.y, low.y, high.y, streets.y) }
}
