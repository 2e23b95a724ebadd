//! The geometry column of a city's tables: well-known binary, described as GeoParquet 1.1 asks.

use geo::{BoundingRect, Coord, Geometry, LineString, MultiPolygon, Point};
use geo_traits::to_geo::ToGeoGeometry;
use serde_json::{Value, json};
use wkb::writer::{WriteOptions, write_geometry};

use crate::projection::Crs;
use crate::table::Table;

/// The name of the column.
pub(super) const COLUMN: &str = "geometry";

/// A kind of geometry that a table can hold.
pub(super) trait Shape: Sized {
    /// What is written.
    fn to_geometry(&self) -> Geometry<f64>;
    /// What was read, if it is of this kind.
    fn from_geometry(geometry: Geometry<f64>) -> Option<Self>;
}

impl Shape for Coord<f64> {
    fn to_geometry(&self) -> Geometry<f64> {
        Point(*self).into()
    }
    fn from_geometry(geometry: Geometry<f64>) -> Option<Self> {
        Point::try_from(geometry).ok().map(|point| point.0)
    }
}

impl Shape for LineString<f64> {
    fn to_geometry(&self) -> Geometry<f64> {
        self.clone().into()
    }
    fn from_geometry(geometry: Geometry<f64>) -> Option<Self> {
        geometry.try_into().ok()
    }
}

impl Shape for MultiPolygon<f64> {
    fn to_geometry(&self) -> Geometry<f64> {
        self.clone().into()
    }
    fn from_geometry(geometry: Geometry<f64>) -> Option<Self> {
        geometry.try_into().ok()
    }
}

impl Shape for Geometry<f64> {
    fn to_geometry(&self) -> Geometry<f64> {
        self.clone()
    }
    fn from_geometry(geometry: Geometry<f64>) -> Option<Self> {
        Some(geometry)
    }
}

/// The table with its shapes as the last column and the note that GeoParquet readers look for.
pub(super) fn with_geometry<'a, S: Shape + 'a>(
    table: Table,
    crs: &Crs,
    shapes: impl ExactSizeIterator<Item = &'a S>,
) -> Table {
    let mut bytes = Vec::new();
    let mut ends = Vec::with_capacity(shapes.len());
    let mut types: Vec<&'static str> = Vec::new();
    let mut bounds: Option<[f64; 4]> = None;
    for shape in shapes {
        let geometry = shape.to_geometry();
        let name = type_name(&geometry);
        if !types.contains(&name) {
            types.push(name);
        }
        if let Some(rect) = geometry.bounding_rect() {
            let (low, high) = (rect.min(), rect.max());
            let [west, south, east, north] = bounds.unwrap_or([low.x, low.y, high.x, high.y]);
            bounds = Some([west.min(low.x), south.min(low.y), east.max(high.x), north.max(high.y)]);
        }
        write_geometry(&mut bytes, &geometry, &WriteOptions::default()).expect("memory takes every geometry");
        ends.push(bytes.len());
    }
    types.sort_unstable();
    let starts = std::iter::once(0).chain(ends.iter().copied());
    let cells: Vec<&[u8]> = starts.zip(&ends).map(|(start, &end)| &bytes[start..end]).collect();
    table.with(COLUMN, cells).with_note("geo", note(crs, &types, bounds).to_string())
}

/// GeoParquet 1.1, "File metadata".
fn note(crs: &Crs, types: &[&str], bounds: Option<[f64; 4]>) -> Value {
    let mut column = json!({
        "encoding": "WKB",
        "geometry_types": types,
        "crs": crs.projjson(),
        "edges": "planar",
    });
    if let Some(bounds) = bounds {
        column["bbox"] = json!(bounds);
    }
    json!({"version": "1.1.0", "primary_column": COLUMN, "columns": {COLUMN: column}})
}

/// The shape in well-known binary, if it is of the kind.
pub(super) fn read<S: Shape>(bytes: &[u8]) -> Option<S> {
    S::from_geometry(wkb::reader::read_wkb(bytes).ok()?.try_to_geometry()?)
}

fn type_name(geometry: &Geometry<f64>) -> &'static str {
    match geometry {
        Geometry::Point(_) => "Point",
        Geometry::Line(_) | Geometry::LineString(_) => "LineString",
        Geometry::Polygon(_) | Geometry::Rect(_) | Geometry::Triangle(_) => "Polygon",
        Geometry::MultiPoint(_) => "MultiPoint",
        Geometry::MultiLineString(_) => "MultiLineString",
        Geometry::MultiPolygon(_) => "MultiPolygon",
        Geometry::GeometryCollection(_) => "GeometryCollection",
    }
}
