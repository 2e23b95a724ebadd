//! `gemello info`: what is in a city, or in recorded trajectories.

use std::fmt;
use std::path::PathBuf;

use clap::Args;
use data::city_folder;
use data::overview::Overview;
use serde::Serialize;

use super::city::load;
use super::traffic_map::{PictureArguments, tell_trajectories, trajectories_of};
use crate::failure::Failure;
use crate::output::Output;

/// How many broken rows are told on the terminal.
const BROKEN_TOLD: usize = 10;

/// Say what is in a city: how much of what, from where, what is missing or broken; or in the trajectories of a run
#[derive(Args)]
pub(crate) struct Info {
    /// Folder of the city [default: the built-in Alessandria]; a run with trajectories, or a file of them (.gtraj)
    #[arg(value_name = "CITY|RUN")]
    city: Option<PathBuf>,
    #[command(flatten)]
    picture: PictureArguments,
}

#[derive(Serialize)]
struct Summary {
    identity: String,
    #[serde(flatten)]
    overview: Overview,
}

impl Info {
    pub(crate) fn run(&self, output: &Output) -> Result<(), Failure> {
        if let Some(file) = trajectories_of(self.city.as_deref()) {
            return tell_trajectories(&file, &self.picture, output);
        }
        self.picture.refuse_without_trajectories()?;
        let (tables, _) = load(self.city.as_deref())?;
        let identity = city_folder::identity(&tables).map_err(Failure::input)?;
        let summary = Summary { identity, overview: Overview::of(&tables) };
        output.result(&summary, &summary)
    }
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Overview { name, epsg, time_zone, rows, sources, missing, broken, connectivity, .. } = &self.overview;
        writeln!(f, "{name} (EPSG:{epsg}, {time_zone})\nidentity {}", self.identity)?;
        if let Some(residents) = self.overview.residents {
            writeln!(f, "{residents:.0} residents")?;
        }
        writeln!(f)?;
        for (table, count) in rows.iter().filter(|(_, count)| *count > 0) {
            writeln!(f, "  {table:<15} {count:>9}")?;
        }
        writeln!(f, "\nlength of links, each direction for itself, in km")?;
        for (origin, km) in &self.overview.link_km {
            let drivable = self.overview.drivable_km.get(origin).copied().unwrap_or(0.0);
            writeln!(f, "  {origin:<15} {km:>9.1}   for cars {drivable:>9.1}")?;
        }
        writeln!(
            f,
            "\n{:.1} % of the length for cars is in the largest of {} parts that hang together; {} dead ends",
            100.0 * connectivity.largest_share,
            connectivity.strong_parts,
            connectivity.dead_ends
        )?;
        writeln!(f, "\nsources")?;
        for source in sources {
            writeln!(f, "  {:<15} {} ({}) {}", source.id, source.title, source.licence, source.attribution)?;
        }
        writeln!(f, "\nmissing")?;
        for what in missing {
            writeln!(f, "  {what}")?;
        }
        write!(f, "\nbroken: {}", if broken.is_empty() { "nothing".to_owned() } else { broken.len().to_string() })?;
        for what in broken.iter().take(BROKEN_TOLD) {
            write!(f, "\n  {what}")?;
        }
        Ok(())
    }
}
