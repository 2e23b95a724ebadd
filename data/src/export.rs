//! A city for other tools: GeoJSON for the web, GeoPackage (through GDAL) for QGIS.
//!
//! Both are made of the tables of the city folder, so that columns have the same names everywhere.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use engine::city::CityTables;
use geo::{Geometry, MapCoords};
use geo_traits::to_geo::ToGeoGeometry;
use serde_json::{Map, Value, json};

use crate::city_folder::{self, CityError, TABLE_FILES};
use crate::complete_file::CompleteFile;
use crate::projection::{Crs, CrsError, Transform};
use crate::table::{Kind, Table};
#[cfg(feature = "gdal")]
use crate::unfinished;

/// Why a city cannot be exported.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// The file cannot be written.
    #[error("{path}: {source}", path = path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// The city cannot be told as tables.
    #[error(transparent)]
    City(#[from] CityError),
    /// A position of the city is nowhere.
    #[error(transparent)]
    Crs(#[from] CrsError),
    /// GDAL cannot write it.
    #[error("{path}: {reason}", path = path.display())]
    Gdal {
        /// The file.
        path: PathBuf,
        /// What GDAL says.
        reason: String,
    },
    /// This build cannot write GeoPackages.
    #[error("GeoPackages are written through GDAL, and this build of Gemello is without it; use --geojson")]
    NeedsGdal,
}

/// The tables of a city by name, in the order of the folder.
fn tables_of(tables: &CityTables) -> Result<Vec<(&'static str, Table)>, ExportError> {
    let files = city_folder::encode(tables)?;
    let named = TABLE_FILES.iter().map(|file| {
        let table = Table::from_bytes(file, &files[*file]).map_err(CityError::from)?;
        Ok((file.trim_end_matches(".parquet"), table))
    });
    named.collect()
}

/// The cells of a table that are no geometry, a column each, as JSON values.
fn values(name: &str, table: &Table) -> Result<Vec<(String, Vec<Value>)>, CityError> {
    let mut columns = Vec::new();
    for (column, kind) in table.columns() {
        let cells: Vec<Value> = match kind {
            Kind::F64 => table.column::<Option<f64>>(name, column)?.into_iter().map(|cell| json!(cell)).collect(),
            Kind::U32 => table.column::<Option<u32>>(name, column)?.into_iter().map(|cell| json!(cell)).collect(),
            Kind::I64 => table.column::<Option<i64>>(name, column)?.into_iter().map(|cell| json!(cell)).collect(),
            Kind::Bool => table.column::<Option<bool>>(name, column)?.into_iter().map(|cell| json!(cell)).collect(),
            Kind::Str => table.column::<Option<&str>>(name, column)?.into_iter().map(|cell| json!(cell)).collect(),
            Kind::Binary => continue,
        };
        columns.push((column.to_owned(), cells));
    }
    Ok(columns)
}

/// Writes the city as one GeoJSON file: a feature for each row of each table, with its table's name; positions in degrees. Rows
/// without a place (turns, connectors, gates, observations) have a null geometry.
///
/// # Errors
/// [`ExportError`] where the file cannot be written.
pub fn geojson(tables: &CityTables, path: &Path) -> Result<(), ExportError> {
    let mut file = FeatureFile::create(tables.about.epsg, path)?;
    for (name, table) in &tables_of(tables)? {
        let columns = values(name, table)?;
        let shapes = shapes(name, table)?;
        for row in 0..table.row_count() {
            let mut properties = Map::from_iter([("table".to_owned(), json!(name))]);
            properties.extend(columns.iter().map(|(column, cells)| (column.clone(), cells[row].clone())));
            file.add(properties, shapes.as_ref().map(|shapes| &shapes[row]))?;
        }
    }
    file.finish()
}

/// A thing with a place that is in no table of the city.
#[derive(Clone, Debug)]
pub struct Feature {
    /// What it is known by.
    pub properties: Map<String, Value>,
    /// Where it is, in metres of the city's reference system.
    pub geometry: Geometry<f64>,
}

/// Writes features as one GeoJSON file, positions in degrees.
///
/// # Errors
/// [`ExportError`] where the reference system is none, or the file cannot be written.
pub fn features(epsg: u32, features: Vec<Feature>, path: &Path) -> Result<(), ExportError> {
    let mut file = FeatureFile::create(epsg, path)?;
    for Feature { properties, geometry } in features {
        file.add(properties, Some(&geometry))?;
    }
    file.finish()
}

/// A GeoJSON file that is being written, a feature a line.
struct FeatureFile {
    file: CompleteFile,
    path: PathBuf,
    transform: Transform,
    separator: &'static str,
}

impl FeatureFile {
    fn create(epsg: u32, path: &Path) -> Result<Self, ExportError> {
        let transform = Transform::new(Crs::metric(epsg)?, Crs::wgs84());
        let failed = |source| ExportError::File { path: path.to_owned(), source };
        let mut file = CompleteFile::create(path).map_err(failed)?;
        file.write_all(b"{\"type\":\"FeatureCollection\",\"features\":[").map_err(failed)?;
        Ok(Self { file, path: path.to_owned(), transform, separator: "\n" })
    }

    fn failed(&self, source: io::Error) -> ExportError {
        ExportError::File { path: self.path.clone(), source }
    }

    fn add(&mut self, properties: Map<String, Value>, geometry: Option<&Geometry<f64>>) -> Result<(), ExportError> {
        let geometry = match geometry {
            Some(geometry) => {
                let degrees = geometry.try_map_coords(|place| self.transform.point(place))?;
                serde_json::to_value(geojson::Geometry::from(&degrees)).map_err(|error| self.failed(error.into()))?
            }
            None => Value::Null,
        };
        let feature = json!({"type": "Feature", "properties": properties, "geometry": geometry});
        write!(self.file, "{}{feature}", self.separator).map_err(|error| self.failed(error))?;
        self.separator = ",\n";
        Ok(())
    }

    fn finish(mut self) -> Result<(), ExportError> {
        let path = self.path.clone();
        let failed = |source| ExportError::File { path, source };
        match self.file.write_all(b"\n]}\n") {
            Ok(()) => self.file.finish().map_err(failed),
            Err(error) => Err(failed(error)),
        }
    }
}

/// The geometries of a table, if it has any.
fn shapes(name: &str, table: &Table) -> Result<Option<Vec<Geometry<f64>>>, CityError> {
    if table.note("geo").is_none() {
        return Ok(None);
    }
    let cells: Vec<&[u8]> = table.column(name, "geometry")?;
    let geometry = |bytes| wkb::reader::read_wkb(bytes).ok()?.try_to_geometry();
    let empty = || Geometry::GeometryCollection(geo::GeometryCollection::default());
    Ok(Some(cells.into_iter().map(|bytes| geometry(bytes).unwrap_or_else(empty)).collect()))
}

/// Writes the city as a GeoPackage: a layer for each table that has rows, in the city's own reference system.
///
/// # Errors
/// [`ExportError`] where the file cannot be written, or the build is without GDAL.
#[cfg(feature = "gdal")]
pub fn geopackage(tables: &CityTables, path: &Path) -> Result<(), ExportError> {
    let failed = |source| ExportError::File { path: path.to_owned(), source };
    let epsg = tables.about.epsg;
    let tables = tables_of(tables)?;
    let folder = path.parent().filter(|folder| *folder != Path::new("")).unwrap_or(Path::new("."));
    let beside = unfinished::folder_in(folder).map_err(failed)?;
    let made = beside.path().join("city.gpkg");
    package::write(&made, epsg, &tables)
        .map_err(|error| ExportError::Gdal { path: path.to_owned(), reason: error.to_string() })??;
    std::fs::rename(&made, path).map_err(failed)
}

/// Writes the city as a GeoPackage: not in this build.
///
/// # Errors
/// Always [`ExportError::NeedsGdal`].
#[cfg(not(feature = "gdal"))]
pub fn geopackage(_tables: &CityTables, _path: &Path) -> Result<(), ExportError> {
    Err(ExportError::NeedsGdal)
}

#[cfg(feature = "gdal")]
mod package {
    use std::path::Path;

    use gdal::errors::GdalError;
    use gdal::spatial_ref::SpatialRef;
    use gdal::vector::{Feature, FieldDefn, Geometry, LayerAccess, LayerOptions, OGRFieldType, OGRwkbGeometryType};
    use gdal::{Dataset, DriverManager};
    use serde_json::Value;

    use super::values;
    use crate::city_folder::CityError;
    use crate::table::{Kind, Table};

    /// Two kinds of failure, one inside the other: GDAL's, and of the tables.
    pub(super) fn write(path: &Path, epsg: u32, tables: &[(&str, Table)]) -> Result<Result<(), CityError>, GdalError> {
        let mut dataset = DriverManager::get_driver_by_name("GPKG")?.create_vector_only(path)?;
        let srs = SpatialRef::from_epsg(epsg)?;
        for (name, table) in tables.iter().filter(|(_, table)| table.row_count() > 0) {
            if let Err(error) = layer(&mut dataset, &srs, name, table)? {
                return Ok(Err(error));
            }
        }
        dataset.close()?;
        Ok(Ok(()))
    }

    fn layer(
        dataset: &mut Dataset,
        srs: &SpatialRef,
        name: &str,
        table: &Table,
    ) -> Result<Result<(), CityError>, GdalError> {
        let has_geometry = table.note("geo").is_some();
        let ty = if has_geometry { OGRwkbGeometryType::wkbUnknown } else { OGRwkbGeometryType::wkbNone };
        let transaction = dataset.start_transaction()?;
        let mut transaction = transaction;
        let layer =
            transaction.create_layer(LayerOptions { name, srs: has_geometry.then_some(srs), ty, options: None })?;
        for (column, kind) in table.columns() {
            let ty = match kind {
                Kind::F64 => OGRFieldType::OFTReal,
                Kind::U32 | Kind::I64 => OGRFieldType::OFTInteger64,
                Kind::Bool => OGRFieldType::OFTInteger,
                Kind::Str => OGRFieldType::OFTString,
                Kind::Binary => continue,
            };
            FieldDefn::new(column, ty)?.add_to_layer(&layer)?;
        }
        let columns = match values(name, table) {
            Ok(columns) => columns,
            Err(error) => return Ok(Err(error)),
        };
        let shapes: Option<Vec<&[u8]>> = if has_geometry {
            match table.column(name, "geometry") {
                Ok(shapes) => Some(shapes),
                Err(error) => return Ok(Err(error.into())),
            }
        } else {
            None
        };
        for row in 0..table.row_count() {
            let mut feature = Feature::new(layer.defn())?;
            for (field, (_, cells)) in columns.iter().enumerate() {
                match &cells[row] {
                    Value::String(text) => feature.set_field_string(field, text)?,
                    Value::Bool(truth) => feature.set_field_integer(field, i32::from(*truth))?,
                    Value::Number(number) => match (number.as_i64(), number.as_f64()) {
                        (Some(number), _) => feature.set_field_integer64(field, number)?,
                        (None, Some(number)) => feature.set_field_double(field, number)?,
                        (None, None) => {}
                    },
                    _ => {}
                }
            }
            if let Some(shapes) = &shapes {
                feature.set_geometry(Geometry::from_wkb(shapes[row])?)?;
            }
            feature.create(&layer)?;
        }
        transaction.commit()?;
        Ok(Ok(()))
    }
}
