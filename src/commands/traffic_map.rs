//! What is in trajectories, and pictures of the traffic at a time.

use std::io::Write;
use std::path::{Path, PathBuf};

use clap::Args;
use data::complete_file::CompleteFile;
use data::trajectories::{Trajectories, TrajectoryFile};
use engine::traffic::trajectories::Fidelity;
use scenarios::report::traffic::{Picture, busiest, draw, find};
use serde::Serialize;

use crate::failure::Failure;
use crate::output::Output;

/// Which picture is drawn.
#[derive(Args)]
pub(super) struct PictureArguments {
    /// Draw the vehicles at a time on a map, to this file (.svg)
    #[arg(long, value_name = "FILE", requires = "at")]
    map: Option<PathBuf>,
    /// The time of the picture, HH:MM or HH:MM:SS
    #[arg(long, value_name = "TIME", value_parser = time_s, requires = "map")]
    at: Option<f64>,
    /// The middle of the picture: LON,LAT in degrees or a street's name [default: where most vehicles are]
    #[arg(long, value_name = "PLACE", requires = "map", allow_hyphen_values = true)]
    around: Option<String>,
    /// Width and height of what the picture shows, in metres
    #[arg(long, value_name = "M", default_value = "600", value_parser = size_m, requires = "map", allow_hyphen_values = true)]
    size_m: f64,
}

#[derive(Serialize)]
struct Summary {
    file: String,
    run: String,
    seed: u64,
    fidelity: Fidelity,
    /// Whether positions are not simulated but worked out from when vehicles come and go.
    positions_are_reconstructed: bool,
    begin_s: f64,
    end_s: Option<f64>,
    step_s: f64,
    vehicle_seconds: f64,
    bytes_per_vehicle_second: Option<f64>,
    lanes: usize,
    map: Option<String>,
}

/// Whether a file is named as one of trajectories.
pub(super) fn is_trajectories(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("gtraj"))
}

/// The file of trajectories that a path names: itself, or the one in a run's folder.
pub(super) fn trajectories_of(path: Option<&Path>) -> Option<PathBuf> {
    let path = path?;
    if is_trajectories(path) {
        return Some(path.to_owned());
    }
    let inside = path.join(TrajectoryFile::NAME);
    inside.is_file().then_some(inside)
}

impl PictureArguments {
    /// Refuses a picture of what has no trajectories.
    pub(super) fn refuse_without_trajectories(&self) -> Result<(), Failure> {
        match self.map {
            None => Ok(()),
            Some(_) => Err(Failure::input(anyhow::anyhow!(
                "--map needs trajectories: give a file of them (.gtraj, from gemello run --trajectories) or a run that holds {}",
                TrajectoryFile::NAME
            ))),
        }
    }
}

/// Says what is in a file of trajectories, and draws the picture that is asked for.
pub(super) fn tell_trajectories(file: &Path, picture: &PictureArguments, output: &Output) -> Result<(), Failure> {
    let mut trajectories = Trajectories::open(file).map_err(Failure::input)?;
    if let (Some(map), Some(at_s)) = (&picture.map, picture.at) {
        write_picture(file, &mut trajectories, picture, map, at_s)?;
    }
    let about = trajectories.scene().about.clone();
    let vehicle_seconds = trajectories.places() as f64 * about.step_s;
    let bytes = std::fs::metadata(file).map_err(Failure::input)?.len();
    let summary = Summary {
        file: file.display().to_string(),
        run: about.run,
        seed: about.seed,
        fidelity: about.fidelity,
        positions_are_reconstructed: about.fidelity == Fidelity::Meso,
        begin_s: about.begin_s,
        end_s: trajectories.end_s(),
        step_s: about.step_s,
        vehicle_seconds,
        bytes_per_vehicle_second: (vehicle_seconds > 0.0).then(|| bytes as f64 / vehicle_seconds),
        lanes: trajectories.scene().lanes.len(),
        map: picture.map.as_ref().map(|map| map.display().to_string()),
    };
    output.result(text(&summary), &summary)
}

fn write_picture(
    file: &Path,
    trajectories: &mut Trajectories,
    picture: &PictureArguments,
    map: &Path,
    at_s: f64,
) -> Result<(), Failure> {
    if !map.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("svg")) {
        return Err(Failure::input(anyhow::anyhow!("{}: pictures are written as SVG; name it .svg", map.display())));
    }
    let about = &trajectories.scene().about;
    let Some(frame) = trajectories.frame_at(at_s) else {
        let ends_s = trajectories.end_s().unwrap_or(about.begin_s);
        return Err(Failure::input(anyhow::anyhow!(
            "{}: holds nothing at {}; it tells of {} to {}",
            file.display(),
            clock(at_s),
            clock(about.begin_s),
            clock(ends_s)
        )));
    };
    let moment = trajectories.moment(frame).map_err(|fault| Failure::input(fault.at(file)))?.cloned();
    let Some(moment) = moment else { unreachable!("a frame that was found is there") };
    let scene = trajectories.scene();
    let middle = match &picture.around {
        Some(place) => find(scene, place).map_err(Failure::input)?,
        None => busiest(scene, &moment, picture.size_m),
    };
    let svg = draw(scene, &moment, &Picture { middle, size_m: picture.size_m });
    let written = CompleteFile::create(map).and_then(|mut file| {
        file.write_all(svg.as_bytes())?;
        file.finish()
    });
    written.map_err(|error| Failure::unwritten(map, error))
}

fn text(summary: &Summary) -> String {
    let positions = if summary.positions_are_reconstructed { "reconstructed" } else { "simulated" };
    let mut lines = vec![
        format!("{}, seed {}: positions {positions}", summary.run, summary.seed),
        format!(
            "{} to {}, every {} s",
            clock(summary.begin_s),
            summary.end_s.map_or("nothing".to_owned(), clock),
            summary.step_s
        ),
        format!("{:.0} vehicle seconds on {} lanes", summary.vehicle_seconds, summary.lanes),
    ];
    lines.extend(summary.bytes_per_vehicle_second.map(|bytes| format!("{bytes:.2} bytes a vehicle and second")));
    lines.extend(summary.map.clone());
    lines.join("\n")
}

/// A time of the day in words.
fn clock(time_s: f64) -> String {
    let seconds = time_s.round().max(0.0) as u64;
    format!("{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60)
}

/// A time of the day: hours and minutes, and seconds if wanted.
fn time_s(text: &str) -> Result<f64, String> {
    let wrong = || "must be a time such as 08:15 or 08:15:30".to_owned();
    let parts: Vec<u32> =
        text.split(':').map(|part| part.parse().map_err(|_| wrong())).collect::<Result<_, String>>()?;
    match parts[..] {
        [hours @ 0..=240, minutes @ 0..=59] => Ok(f64::from(hours * 3600 + minutes * 60)),
        [hours @ 0..=240, minutes @ 0..=59, seconds @ 0..=59] => Ok(f64::from(hours * 3600 + minutes * 60 + seconds)),
        _ => Err(wrong()),
    }
}

/// A size of the ground: 20 m to 100 km.
fn size_m(text: &str) -> Result<f64, String> {
    let size_m = text.parse().ok().filter(|size_m| (20.0..=100_000.0).contains(size_m));
    size_m.ok_or_else(|| "must be a number of metres from 20 to 100000".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_hours_minutes_and_seconds() {
        assert_eq!(time_s("08:15"), Ok(29_700.0));
        assert_eq!(time_s("00:00:07"), Ok(7.0));
        for wrong in ["", "8", "08:60", "08:15:61", "-1:00", "noon", "1:2:3:4"] {
            assert!(time_s(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn sizes_are_those_of_a_street_to_a_province() {
        assert_eq!(size_m("600"), Ok(600.0));
        for wrong in ["0", "-5", "1e9", "NaN", "wide"] {
            assert!(size_m(wrong).is_err(), "{wrong}");
        }
    }
}
