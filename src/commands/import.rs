//! `gemello import`: sources become a city folder.

use std::collections::BTreeMap;
use std::fmt;
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, anyhow};
use clap::Args;
use data::city_folder;
use data::complete_file::CompleteFile;
use data::layers::{self, Layer, Target};
use data::osm::{self, Problem, SourceCounts};
use data::output_folder::OutputFolder;
use data::reimport::{self, Matching};
use engine::city::{About, CityTables};
use engine::provenance::Source;
use engine::time::DayPlan;
use serde::Serialize;

use super::city::{prepare_failure, write_failure};
use crate::failure::Failure;
use crate::output::Output;

/// How many problems are told on the terminal; all of them go to the file of `--problems`.
const PROBLEMS_TOLD: usize = 10;
/// The file in an updated city that lists what could not be matched.
const UNMATCHED: &str = "unmatched.json";

/// Make a city folder of OpenStreetMap extracts, GeoPackage, Shapefile, GeoJSON or CSV files
#[derive(Args)]
pub(crate) struct Import {
    /// Files to read: .osm, .osm.gz, .osm.pbf for streets and buildings; .geojson, .csv, .gpkg, .shp (also in a .zip) for layers
    #[arg(value_name = "SOURCE", required = true)]
    sources: Vec<PathBuf>,
    /// Folder to write the city to
    #[arg(long, value_name = "CITY")]
    out: PathBuf,
    /// Begin with this city and add the sources to it
    #[arg(long, value_name = "CITY")]
    city: Option<PathBuf>,
    /// The city at --out is there: keys survive, what is gone or new is listed in its unmatched.json
    #[arg(long, conflicts_with = "replace")]
    update: bool,
    /// The city at --out is there: replace it
    #[arg(long)]
    replace: bool,
    /// How far a thing may have moved between two imports and still be the same, in metres
    #[arg(long, value_name = "METRES", default_value_t = 5.0, allow_hyphen_values = true)]
    tolerance: f64,
    /// Compile a city whose sources need a recipe of their own; SOURCE is the folder of its files
    #[arg(long, value_name = "RECIPE", value_parser = ["alessandria"], conflicts_with = "city")]
    recipe: Option<String>,
    /// Name of the city [default: the name of the first source]
    #[arg(long)]
    name: Option<String>,
    /// Time zone of its clock
    #[arg(long, value_name = "ZONE", default_value = "Europe/Rome")]
    time_zone: String,
    /// EPSG code of the city's reference system, in metres [default: the UTM zone]
    #[arg(long, value_name = "EPSG", allow_hyphen_values = true)]
    crs: Option<u32>,
    #[command(flatten)]
    layer: LayerArguments,
    /// Write everything that the city does not keep of its sources to a file (JSON)
    #[arg(long, value_name = "FILE")]
    problems: Option<PathBuf>,
}

/// What a source is that does not say so itself.
#[derive(Args)]
struct LayerArguments {
    /// Table that a layer becomes
    #[arg(long, value_name = "TABLE", value_parser = Target::ALL.map(|(_, name, _)| name))]
    layer: Option<String>,
    /// Layer of a file that has several
    #[arg(long, value_name = "NAME")]
    layer_name: Option<String>,
    /// Column that holds a field, as in --column street=VIA; x and y are the coordinates of a CSV file
    #[arg(long = "column", value_name = "FIELD=COLUMN")]
    columns: Vec<String>,
    /// EPSG code of a layer's coordinates, where the file does not say
    #[arg(long, value_name = "EPSG", allow_hyphen_values = true)]
    epsg: Option<u32>,
    /// Short name of a layer's source
    #[arg(long, value_name = "ID", default_value = "import")]
    source: String,
    /// Licence of a layer's source
    #[arg(long, default_value = "unknown")]
    licence: String,
    /// Words that the licence of a layer asks for
    #[arg(long, default_value = "")]
    attribution: String,
    /// Year that a layer describes
    #[arg(long, allow_hyphen_values = true)]
    year: Option<i16>,
}

/// What `import` prints.
#[derive(Serialize)]
struct Summary {
    city: String,
    nodes: usize,
    links: usize,
    junctions: usize,
    turns: usize,
    buildings: usize,
    trees: usize,
    addresses: usize,
    link_km: f64,
    problems: usize,
    epsg: u32,
    identity: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    source: Option<SourceCounts>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    matching: Vec<Matching>,
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{} (EPSG:{})", self.city, self.epsg)?;
        if let Some(source) = &self.source {
            writeln!(f, "read       {} nodes, {} ways, {} relations", source.nodes, source.ways, source.relations)?;
        }
        writeln!(
            f,
            "made       {} junctions, {} links ({:.1} km), {} turns with rules",
            self.junctions, self.links, self.link_km, self.turns
        )?;
        writeln!(f, "           {} buildings, {} addresses, {} trees", self.buildings, self.addresses, self.trees)?;
        for matching in &self.matching {
            let Matching { table, by_id, by_place, gone, new } = matching;
            if by_id + by_place + gone.len() + new.len() > 0 {
                let (gone, new) = (gone.len(), new.len());
                writeln!(f, "{table:<10} {by_id} same by id, {by_place} by place, {gone} gone, {new} new")?;
            }
        }
        write!(f, "problems   {}", self.problems)
    }
}

/// A city in the making.
struct Draft {
    tables: Option<CityTables>,
    nodes: usize,
    source: Option<SourceCounts>,
    problems: Vec<Problem>,
}

impl Import {
    pub(crate) fn run(&self, output: &Output) -> Result<(), Failure> {
        self.check_target()?;
        self.check_words()?;
        let _around = OutputFolder::prepare_around(&self.out).map_err(prepare_failure)?;
        let problems_file = self.open_problems()?;
        let draft = self.read(output)?;
        let tables = draft.tables.ok_or_else(|| Failure::input(anyhow!("there is nothing in the sources")))?;
        let (tables, matching) = self.matched(tables)?;
        let files = city_folder::encode(&tables).map_err(Failure::input)?;
        city_folder::write_files(&files, &self.out).map_err(write_failure)?;
        if self.update {
            write_json(&self.out.join(UNMATCHED), &matching)?;
        }
        match (problems_file, &self.problems) {
            (Some(file), Some(path)) => finish_json(file, path, &draft.problems)?,
            (None, Some(path)) => write_json(path, &draft.problems)?,
            _ => {}
        }
        self.tell(&draft.problems, output);
        let summary = Summary {
            city: tables.about.name.clone(),
            nodes: draft.nodes,
            links: tables.links.len(),
            junctions: tables.junctions.len(),
            turns: tables.turns.len(),
            buildings: tables.buildings.len(),
            trees: tables.trees.len(),
            addresses: tables.addresses.len(),
            link_km: tables.links.iter().fold(0.0, |sum, link| sum + link.facts.length_m) / 1000.0,
            problems: draft.problems.len(),
            epsg: tables.about.epsg,
            identity: city_folder::identity_of(&files),
            source: draft.source,
            matching,
        };
        output.result(&summary, &summary)
    }

    /// Refuses what cannot be written before anything is read.
    fn check_target(&self) -> Result<(), Failure> {
        city_folder::check_free(&self.out).map_err(write_failure)?;
        let is_there = self.out.join(city_folder::MANIFEST).exists();
        let out = self.out.display();
        match (is_there, self.update || self.replace) {
            (true, false) => Err(Failure::input(anyhow!(
                "{out} is a city already; add --update so that its keys survive, or --replace to write a new one"
            ))),
            (false, _) if self.update => Err(Failure::input(anyhow!(
                "{out} is not a city yet, so there is nothing to update; leave --update out"
            ))),
            _ if !(self.tolerance > 0.0 && self.tolerance.is_finite()) => {
                Err(Failure::input(anyhow!("--tolerance {} must be above 0", self.tolerance)))
            }
            _ => Ok(()),
        }
    }

    /// Refuses a name and a time zone that are none.
    fn check_words(&self) -> Result<(), Failure> {
        if self.name.as_ref().is_some_and(|name| name.trim().is_empty()) {
            return Err(Failure::input(anyhow!("--name is empty; give the city's name, or leave it out")));
        }
        if self.time_zone.parse::<chrono_tz::Tz>().is_err() {
            let zone = &self.time_zone;
            return Err(Failure::input(anyhow!(
                "--time-zone {zone} is not a time zone of the IANA database; write it as in Europe/Rome"
            )));
        }
        Ok(())
    }

    /// The file of `--problems`, begun before the city is made; none where it lies in the city's own folder, which is not
    /// there yet or will be moved.
    fn open_problems(&self) -> Result<Option<CompleteFile>, Failure> {
        let Some(path) = self.problems.as_ref().filter(|path| path.parent() != Some(self.out.as_path())) else {
            return Ok(None);
        };
        let file = CompleteFile::create(path)
            .with_context(|| format!("{}: cannot be written; choose another place for --problems", path.display()));
        file.map(Some).map_err(Failure::work)
    }

    fn read(&self, output: &Output) -> Result<Draft, Failure> {
        let mut draft = Draft { tables: None, nodes: 0, source: None, problems: Vec::new() };
        if self.recipe.is_some() {
            return self.compile(output);
        }
        if let Some(city) = &self.city {
            draft.tables = Some(city_folder::read(city).map_err(Failure::input)?);
        }
        for source in &self.sources {
            if source.is_dir() {
                let source = source.display();
                return Err(Failure::input(anyhow!(
                    "{source}: is a folder; name the files in it, or the --recipe that compiles it"
                )));
            }
            if is_osm(source) { self.read_osm(source, &mut draft)? } else { self.read_layer(source, &mut draft)? }
        }
        Ok(draft)
    }

    /// Compiles the city of a recipe; what the recipe did is told on stderr.
    fn compile(&self, output: &Output) -> Result<Draft, Failure> {
        let [folder] = self.sources.as_slice() else {
            return Err(Failure::input(anyhow!("a recipe takes one SOURCE: the folder of its files")));
        };
        let compiled = data::alessandria::compile(folder).map_err(Failure::input)?;
        output.note(compiled.report.to_string().trim_end());
        let nowhere = compiled.report.observations_nowhere.iter().map(|name| Problem {
            key: name.clone(),
            what: "no link crosses its place; the observation is left out".to_owned(),
        });
        let left_out = compiled
            .report
            .streets
            .left_out
            .iter()
            .map(|piece| Problem { key: "skeleton.geojson".to_owned(), what: format!("left out: {piece}") });
        let problems = nowhere.chain(left_out).collect();
        Ok(Draft { tables: Some(compiled.tables), nodes: 0, source: None, problems })
    }

    fn read_osm(&self, path: &Path, draft: &mut Draft) -> Result<(), Failure> {
        let file = path.display().to_string();
        let extract = osm::read(path).map_err(Failure::input)?;
        let options = osm::Options {
            name: self.name.clone().unwrap_or_else(|| name_of(path)),
            time_zone: self.time_zone.clone(),
            epsg: draft.tables.as_ref().map(|tables| tables.about.epsg).or(self.crs),
        };
        let import = osm::import(&file, &extract, &options).map_err(Failure::input)?;
        draft.nodes += import.source.nodes;
        draft.problems.extend(import.problems);
        draft.tables = Some(match draft.tables.take() {
            None => {
                draft.source = Some(import.source);
                import.tables
            }
            // What the city had of OpenStreetMap is replaced, keys survive; a second extract of one run is refused.
            Some(_) if draft.source.is_some() => {
                return Err(Failure::input(anyhow!(
                    "{file}: only one OpenStreetMap extract at a time; merge them with `osmium merge`"
                )));
            }
            Some(old) => {
                draft.source = Some(import.source);
                reimport::update(&old, import.tables, self.tolerance).0
            }
        });
        Ok(())
    }

    fn read_layer(&self, path: &Path, draft: &mut Draft) -> Result<(), Failure> {
        let layer = self.layer.parse(path)?;
        let mut tables = match draft.tables.take() {
            Some(tables) => tables,
            None => self.empty_city(path, &layer)?,
        };
        let id = &layer.source;
        if !tables.sources.iter().any(|source| source.id == *id) {
            let LayerArguments { licence, attribution, year, .. } = &self.layer;
            tables.sources.push(Source {
                id: id.clone(),
                title: name_of(path),
                licence: licence.clone(),
                attribution: attribution.clone(),
                url: None,
                year: *year,
            });
        }
        let crs = data::projection::Crs::metric(tables.about.epsg).map_err(Failure::input)?;
        let features = layers::read(path, &layer, &crs).map_err(Failure::input)?;
        draft.nodes += features.len();
        layers::add(&mut tables, path, &layer, &features).map_err(Failure::input)?;
        draft.tables = Some(tables);
        Ok(())
    }

    fn empty_city(&self, path: &Path, layer: &Layer) -> Result<CityTables, Failure> {
        let epsg = match self.crs {
            Some(epsg) => data::projection::Crs::metric(epsg).map_err(Failure::input)?.epsg(),
            None => layers::utm_of(path, layer).map_err(Failure::input)?.epsg(),
        };
        Ok(CityTables::new(About {
            name: self.name.clone().unwrap_or_else(|| name_of(path)),
            epsg,
            time_zone: self.time_zone.clone(),
            day_plan: DayPlan::weekday(),
            population: None,
            survey: None,
        }))
    }

    /// With `--update`, the city with the keys of the one that is there.
    fn matched(&self, new: CityTables) -> Result<(CityTables, Vec<Matching>), Failure> {
        if !self.update {
            return Ok((new, Vec::new()));
        }
        let old = city_folder::read(&self.out).map_err(Failure::input)?;
        if old.about.epsg != new.about.epsg {
            let (out, old, new) = (self.out.display(), old.about.epsg, new.about.epsg);
            return Err(Failure::input(anyhow!(
                "{out} is in EPSG:{old} and the sources make EPSG:{new}; add --crs {old}"
            )));
        }
        Ok(reimport::update(&old, new, self.tolerance))
    }

    fn tell(&self, problems: &[Problem], output: &Output) {
        for problem in problems.iter().take(PROBLEMS_TOLD) {
            output.note(format_args!("{}: {}", problem.key, problem.what));
        }
        if problems.len() > PROBLEMS_TOLD && self.problems.is_none() {
            output.note(format_args!("… and {} more; --problems FILE lists them all", problems.len() - PROBLEMS_TOLD));
        }
    }
}

impl LayerArguments {
    fn parse(&self, path: &Path) -> Result<Layer, Failure> {
        let file = path.display();
        let target = self.layer.as_deref().and_then(Target::from_name).ok_or_else(|| {
            let names = Target::ALL.map(|(_, name, _)| name).join(", ");
            anyhow!("{file}: say with --layer which table it becomes: {names}")
        });
        let target = target.map_err(Failure::input)?;
        let fields =
            Target::ALL.into_iter().find(|(other, _, _)| *other == target).map_or(&[][..], |(_, _, fields)| fields);
        let mut columns = BTreeMap::new();
        for text in &self.columns {
            let Some((field, column)) = text.split_once('=') else {
                return Err(Failure::input(anyhow!("--column {text}: write FIELD=COLUMN, as in --column street=VIA")));
            };
            if !fields.contains(&field) && !["key", "x", "y"].contains(&field) {
                let fields = fields.join(", ");
                return Err(Failure::input(anyhow!(
                    "--column {text}: {} has the fields key, x, y, {fields}",
                    target.name()
                )));
            }
            columns.insert(field.to_owned(), column.to_owned());
        }
        let source = self.source.as_str();
        engine::key::Key::new(format!("{source}:x")).context(format!("--source {source}")).map_err(Failure::input)?;
        Ok(Layer {
            target,
            columns,
            epsg: self.epsg,
            name: self.layer_name.clone(),
            source: source.into(),
            year: self.year,
        })
    }
}

/// Whether a file is an OpenStreetMap extract, by its name.
fn is_osm(path: &Path) -> bool {
    let name = path.file_name().map_or_else(String::new, |name| name.to_string_lossy().to_ascii_lowercase());
    [".osm", ".osm.gz", ".osm.pbf", ".pbf", ".osm.xml", ".osm.xml.gz"].iter().any(|ending| name.ends_with(ending))
}

/// A name for people: the file's, up to its first dot.
fn name_of(path: &Path) -> String {
    let name = path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    name.split('.').next().unwrap_or(&name).to_owned()
}

fn write_json(path: &Path, value: &impl Serialize) -> Result<(), Failure> {
    let file = CompleteFile::create(path).with_context(|| path.display().to_string()).map_err(Failure::work)?;
    finish_json(file, path, value)
}

/// Writes the file that was begun for `path`.
fn finish_json(mut file: CompleteFile, path: &Path, value: &impl Serialize) -> Result<(), Failure> {
    let text = serde_json::to_string_pretty(value).map_err(Failure::work)?;
    let written = writeln!(file, "{text}").and_then(|()| file.finish());
    written.with_context(|| path.display().to_string()).map_err(Failure::work)
}
