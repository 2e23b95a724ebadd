//! CSV with coordinates: columns `lon` and `lat` in degrees, or others (`--column x=E --column y=N`) in a stated reference
//! system. The separator is a comma or, where the first line has more of them, a semicolon or a tab.

use std::collections::BTreeMap;
use std::path::Path;

use geo::{Coord, Geometry, Point};

use super::{Feature, Layer, LayerError, check_columns, source_crs};
use crate::projection::{Crs, Transform};

pub(super) fn read(path: &Path, layer: &Layer, to: &Crs) -> Result<Vec<Feature>, LayerError> {
    let bytes = std::fs::read(path).map_err(|source| LayerError::File { path: path.to_owned(), source })?;
    let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes);
    let first_line = text.split(|&byte| byte == b'\n').next().unwrap_or(&[]);
    let count = |separator: u8| first_line.iter().filter(|&&byte| byte == separator).count();
    let separator = [b',', b';', b'\t'].into_iter().rev().max_by_key(|&separator| count(separator)).unwrap_or(b',');
    let mut reader = ::csv::ReaderBuilder::new().delimiter(separator).from_reader(text);
    let wrong = |error: &::csv::Error| {
        let reason = error.to_string();
        match error.position() {
            Some(place) => {
                let line = usize::try_from(place.line()).unwrap_or(usize::MAX);
                LayerError::feature(path, "line", line, reason)
            }
            None => LayerError::Format { file: path.display().to_string(), reason },
        }
    };
    let headers = reader.headers().map_err(|error| wrong(&error))?.clone();
    check_columns(path, layer, headers.iter())?;
    let [x, y] = coordinates(path, layer, &headers)?;
    let in_degrees = headers[x].eq_ignore_ascii_case("lon");
    let transform = Transform::new(source_crs(path, layer, in_degrees.then_some(4326))?, to.clone());
    let mut features = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|error| wrong(&error))?;
        let line = record.position().map_or(0, |place| usize::try_from(place.line()).unwrap_or(usize::MAX));
        let wrong = |reason: String| LayerError::feature(path, "line", line, reason);
        let number = |column: usize| {
            let text = record.get(column).unwrap_or("");
            // Italian files may write 8,61 between semicolons.
            let point = if separator == b',' { text.to_owned() } else { text.replace(',', ".") };
            point.trim().parse::<f64>().map_err(|_| wrong(format!("{} '{text}' is not a number", &headers[column])))
        };
        let place = Coord { x: number(x)?, y: number(y)? };
        let place = transform.point(place).map_err(|error| wrong(error.to_string()))?;
        let cells = headers.iter().zip(record.iter()).filter(|(_, cell)| !cell.is_empty());
        let properties: BTreeMap<String, String> =
            cells.map(|(name, cell)| (name.to_owned(), cell.to_owned())).collect();
        features.push(Feature { number: line, geometry: Geometry::Point(Point(place)), properties });
    }
    Ok(features)
}

/// The columns of the coordinates: those told, or `lon` and `lat`.
fn coordinates(path: &Path, layer: &Layer, headers: &::csv::StringRecord) -> Result<[usize; 2], LayerError> {
    let find =
        |names: &[&str]| headers.iter().position(|header| names.iter().any(|name| header.eq_ignore_ascii_case(name)));
    let told = |field: &str| layer.columns.get(field).and_then(|name| headers.iter().position(|header| header == name));
    let of = |field: &str, names: &[&str]| {
        told(field).or_else(|| find(names)).ok_or_else(|| LayerError::Column {
            file: path.display().to_string(),
            column: names[0].to_owned(),
            found: headers.iter().collect::<Vec<_>>().join(", "),
        })
    };
    Ok([of("x", &["lon", "longitude", "lng"])?, of("y", &["lat", "latitude"])?])
}
