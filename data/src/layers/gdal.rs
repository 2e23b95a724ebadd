//! What GDAL reads: GeoPackage, Shapefile and the like, also inside a zip file.
//!
//! GDAL opens the file and hands over geometry and fields; positions go through [`crate::projection`] where it knows the file's
//! reference system (so that a build without GDAL and one with it agree), and through PROJ else.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use ::gdal::spatial_ref::{AxisMappingStrategy, CoordTransform, SpatialRef};
use ::gdal::vector::{Layer as GdalLayer, LayerAccess};
use ::gdal::{Dataset, DatasetOptions, GdalOpenFlags};
use geo::{Geometry, MapCoords};
use geo_traits::to_geo::ToGeoGeometry;

use super::{Feature, Layer, LayerError, check_columns};
use crate::projection::{Crs, Transform};

pub(super) fn read(path: &Path, layer: &Layer, to: &Crs) -> Result<Vec<Feature>, LayerError> {
    std::fs::File::open(path).map_err(|source| LayerError::File { path: path.to_owned(), source })?;
    let wrong = |reason: String| LayerError::Format { file: path.display().to_string(), reason };
    let is_zip = path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("zip"));
    let inside = if is_zip { in_zip(path) } else { path.to_owned() };
    let options = DatasetOptions {
        open_flags: GdalOpenFlags::GDAL_OF_VECTOR | GdalOpenFlags::GDAL_OF_READONLY,
        ..DatasetOptions::default()
    };
    let dataset = Dataset::open_ex(&inside, options)
        .map_err(|_| wrong("GDAL knows no vector format that this file is of".to_owned()))?;
    let mut chosen = choose(path, &dataset, layer)?;
    let way = Way::new(path, layer, &chosen, to)?;
    let names: Vec<String> = chosen.defn().fields().map(|field| field.name()).collect();
    check_columns(path, layer, names.iter().map(String::as_str))?;
    let mut features = Vec::new();
    for (index, feature) in chosen.features().enumerate() {
        let number = index + 1;
        let wrong = |reason: String| LayerError::feature(path, "feature", number, reason);
        let geometry = feature.geometry().ok_or_else(|| wrong("it has no geometry".to_owned()))?;
        let bytes = geometry.wkb().map_err(|error| wrong(error.to_string()))?;
        let geometry = wkb::reader::read_wkb(&bytes).map_err(|error| wrong(error.to_string()))?;
        let geometry = geometry.try_to_geometry().ok_or_else(|| wrong("it has an empty geometry".to_owned()))?;
        let geometry = way.geometry(&geometry).map_err(wrong)?;
        let mut properties = BTreeMap::new();
        for (field, name) in names.iter().enumerate() {
            let text = feature.field_as_string(field).map_err(|error| wrong(error.to_string()))?;
            if let Some(text) = text.filter(|text| !text.is_empty()) {
                properties.insert(name.clone(), text);
            }
        }
        features.push(Feature { number, geometry, properties });
    }
    Ok(features)
}

/// GDAL's name for what is in a zip file; after the prefix stands the whole path, slash included.
fn in_zip(path: &Path) -> PathBuf {
    let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let mut name = std::ffi::OsString::from("/vsizip/");
    name.push(path);
    let archive = PathBuf::from(name);
    // GDAL opens a folder of shapefiles as one dataset, but a GeoPackage only by its own name.
    let mut packages = ::gdal::vsi::read_dir(&archive, true).unwrap_or_default();
    packages.retain(|file| file.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("gpkg")));
    match packages.as_slice() {
        [package] => archive.join(package),
        _ => archive,
    }
}

fn choose<'a>(path: &Path, dataset: &'a Dataset, layer: &Layer) -> Result<GdalLayer<'a>, LayerError> {
    let names: Vec<String> = dataset.layers().map(|layer| layer.name()).collect();
    let wrong = |reason: String| LayerError::Format { file: path.display().to_string(), reason };
    let index = match (&layer.name, names.len()) {
        (Some(name), _) => names.iter().position(|other| other == name),
        (None, 1) => Some(0),
        (None, _) => None,
    };
    let index =
        index.ok_or_else(|| wrong(format!("choose one of its layers with --layer-name: {}", names.join(", "))))?;
    dataset.layer(index).map_err(|error| wrong(error.to_string()))
}

/// The way from a file's coordinates to the city's.
struct Way {
    /// From the file's system to degrees, where only PROJ knows it.
    first: Option<CoordTransform>,
    then: Transform,
}

impl Way {
    fn new(path: &Path, layer: &Layer, chosen: &GdalLayer<'_>, to: &Crs) -> Result<Self, LayerError> {
        let file = || path.display().to_string();
        let stated = chosen.spatial_ref();
        let epsg = match (layer.epsg, &stated) {
            (Some(epsg), _) => Some(epsg),
            (None, Some(stated)) => stated.auth_code().ok().and_then(|code| u32::try_from(code).ok()),
            (None, None) => return Err(LayerError::NoCrs { file: file() }),
        };
        if let Some(known) = epsg.and_then(|epsg| Crs::from_epsg(epsg).ok()) {
            return Ok(Self { first: None, then: Transform::new(known, to.clone()) });
        }
        let wrong = |error: ::gdal::errors::GdalError| LayerError::Format {
            file: file(),
            reason: format!("its reference system cannot be understood: {error}"),
        };
        let mut from = match epsg {
            Some(epsg) => SpatialRef::from_epsg(epsg).map_err(wrong)?,
            None => stated.ok_or_else(|| LayerError::NoCrs { file: file() })?,
        };
        let mut degrees = SpatialRef::from_epsg(4326).map_err(wrong)?;
        for system in [&mut from, &mut degrees] {
            system.set_axis_mapping_strategy(AxisMappingStrategy::TraditionalGisOrder);
        }
        let first = CoordTransform::new(&from, &degrees).map_err(wrong)?;
        Ok(Self { first: Some(first), then: Transform::new(Crs::wgs84(), to.clone()) })
    }

    fn geometry(&self, geometry: &Geometry<f64>) -> Result<Geometry<f64>, String> {
        geometry.try_map_coords(|place| {
            let mut place = place;
            if let Some(first) = &self.first {
                let (mut x, mut y) = ([place.x], [place.y]);
                first.transform_coords(&mut x, &mut y, &mut []).map_err(|error| error.to_string())?;
                place = geo::Coord { x: x[0], y: y[0] };
            }
            self.then.point(place).map_err(|error| error.to_string())
        })
    }
}
