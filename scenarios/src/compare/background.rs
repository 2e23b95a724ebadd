//! What the city is made of, and what maps show for orientation.

use std::collections::BTreeMap;

use engine::city::{CityTables, Record};
use engine::key::Key;
use engine::provenance::Origin;
use geo::{Geometry, LineString};

use super::assemble::points;
use crate::comparison::{Layer, LayerKind, MapPlace, Water};

/// The layers that hold anything.
pub(super) fn layers(city: &CityTables) -> Vec<Layer> {
    fn count<T>(_: &T) -> f64 {
        1.0
    }
    [
        layer(LayerKind::Links, &city.links, |link| link.length_m / 1000.0),
        layer(LayerKind::Zones, &city.zones, count),
        layer(LayerKind::Connectors, &city.connectors, count),
        layer(LayerKind::Gates, &city.gates, count),
        layer(LayerKind::Observations, &city.observations, count),
        layer(LayerKind::Addresses, &city.addresses, count),
        layer(LayerKind::Buildings, &city.buildings, count),
        layer(LayerKind::Trees, &city.trees, count),
        layer(LayerKind::Waters, &city.waters, count),
        layer(LayerKind::Railways, &city.railways, count),
        layer(LayerKind::HeritageSites, &city.heritage_sites, count),
        layer(LayerKind::Places, &city.places, count),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn layer<T>(kind: LayerKind, rows: &[Record<T>], amount: impl Fn(&T) -> f64) -> Option<Layer> {
    let mut amounts = [0.0; 3];
    let mut sources: Vec<String> = Vec::new();
    for row in rows {
        let place = match row.provenance.origin {
            Origin::Real => 0,
            Origin::Derived => 1,
            Origin::Synthetic => 2,
        };
        amounts[place] += amount(&row.facts);
        sources.push(row.provenance.source.to_string());
    }
    sources.sort_unstable();
    sources.dedup();
    (!rows.is_empty()).then_some(Layer { kind, amounts, sources })
}

/// Rivers, lakes and canals.
pub(super) fn waters(city: &CityTables) -> Vec<Water> {
    city.waters.iter().flat_map(|row| water(row.facts.name.as_deref(), &row.facts.geometry)).collect()
}

fn water(name: Option<&str>, geometry: &Geometry<f64>) -> Vec<Water> {
    let make =
        |is_surface, line: &LineString<f64>| Water { name: name.map(str::to_owned), is_surface, points: points(line) };
    match geometry {
        Geometry::LineString(line) => vec![make(false, line)],
        Geometry::MultiLineString(lines) => lines.iter().map(|line| make(false, line)).collect(),
        Geometry::Polygon(polygon) => vec![make(true, polygon.exterior())],
        Geometry::MultiPolygon(polygons) => polygons.iter().map(|polygon| make(true, polygon.exterior())).collect(),
        _ => Vec::new(),
    }
}

/// The quarters' names, where their people live.
pub(super) fn places(city: &CityTables) -> Vec<MapPlace> {
    let mut sums: BTreeMap<&Key, [f64; 3]> = BTreeMap::new();
    for zone in &city.zones {
        if let Some(quarter) = &zone.facts.quarter {
            let weight = zone.facts.residents.max(1.0);
            let sum = sums.entry(quarter).or_default();
            sum[0] += zone.facts.centroid.x * weight;
            sum[1] += zone.facts.centroid.y * weight;
            sum[2] += weight;
        }
    }
    city.quarters
        .iter()
        .filter_map(|row| {
            let [x, y, weight] = *sums.get(&row.key)?;
            Some(MapPlace { name: row.facts.name.to_string(), position: [x / weight, y / weight] })
        })
        .collect()
}
