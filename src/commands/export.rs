//! `gemello export`: a city for other tools.

use std::path::PathBuf;

use clap::Args;
use data::export::{self, ExportError};
use serde_json::json;

use super::city::load;
use crate::failure::Failure;
use crate::output::Output;

/// Write a city for other tools: GeoPackage for QGIS, GeoJSON for the web
#[derive(Args)]
pub(crate) struct Export {
    /// Folder of the city [default: the built-in Alessandria]
    #[arg(value_name = "CITY")]
    city: Option<PathBuf>,
    #[command(flatten)]
    format: Format,
}

#[derive(Args)]
#[group(required = true, multiple = true)]
struct Format {
    /// GeoPackage to write, a layer for each table, in the city's reference system
    #[arg(long, value_name = "FILE")]
    gpkg: Option<PathBuf>,
    /// GeoJSON file to write, in degrees
    #[arg(long, value_name = "FILE")]
    geojson: Option<PathBuf>,
}

impl Export {
    pub(crate) fn run(&self, output: &Output) -> Result<(), Failure> {
        let (tables, _) = load(self.city.as_deref())?;
        let mut written = Vec::new();
        if let Some(path) = &self.format.gpkg {
            export::geopackage(&tables, path).map_err(export_failure)?;
            written.push(path.display().to_string());
        }
        if let Some(path) = &self.format.geojson {
            export::geojson(&tables, path).map_err(export_failure)?;
            written.push(path.display().to_string());
        }
        output.result(written.join("\n"), &json!({"written": written}))
    }
}

fn export_failure(error: ExportError) -> Failure {
    match error {
        ExportError::File { .. } | ExportError::Gdal { .. } => Failure::work(error),
        error => Failure::input(error),
    }
}
