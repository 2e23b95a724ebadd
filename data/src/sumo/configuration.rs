//! The configuration (`.sumocfg`): which files make the scenario, when it runs, and which options it sets.
//!
//! As SUMO does, options are known by their own names; the sections that they stand in are for the reader.

use std::path::{Path, PathBuf};

use engine::traffic::demand::SQUEEZE_AFTER_S;

use super::departures::LENGTH_MAX_S;
use super::element::{Element, Handler, count, flag, number, time_s, walk, wrong};
use super::error::SumoFault;
use super::notes::Notes;
use super::source::{At, Blame, Place, Sources};

/// What a configuration says.
pub(super) struct Configuration {
    pub(super) net: PathBuf,
    pub(super) additional: Vec<PathBuf>,
    pub(super) routes: Vec<PathBuf>,
    pub(super) begin_s: f64,
    pub(super) end_s: Option<f64>,
    pub(super) step_s: f64,
    pub(super) seed: Option<u64>,
    /// How often it is looked how fast streets are, in seconds, and over how many looks that is averaged, for trips that look
    /// for a way.
    pub(super) look_every_s: f64,
    pub(super) looks: u32,
    /// After how long drivers who stand squeeze past others, in seconds: where SUMO takes vehicles off the road, if it does.
    pub(super) squeeze_after_s: Option<f64>,
    pub(super) defaults: Defaults,
}

/// Options that stand in for what vehicles and types do not say.
#[derive(Clone, Debug, Default)]
pub(super) struct Defaults {
    pub(super) speed_deviation: Option<f64>,
    pub(super) car_following: Option<String>,
    pub(super) depart_lane: Option<String>,
    pub(super) depart_speed: Option<String>,
    /// Whether vehicles share lanes beside each other (SUMO's sublane model).
    pub(super) shares_lanes: bool,
    /// Length of a step, in seconds: nobody can react faster.
    pub(super) step_s: f64,
}

/// Sections whose options change no result.
const SECTIONS_WITHOUT_EFFECT: [&str; 5] =
    ["report", "gui_only", "configuration", "sumoConfiguration", "random_number"];
/// How long a step may be, in seconds: how drivers follow each other is known for no longer ones, and shorter ones only cost time.
const STEP_S: std::ops::RangeInclusive<f64> = 0.01..=1.0;
const ENDS_EARLIER: &str = "no run lasts longer than 100 days: it ends then, and who departs later is refused";
/// Speeds are averaged over no more looks than this.
const LOOKS_MAX: u32 = 100_000;
/// Options that change no result, or not ours.
const OPTIONS_WITHOUT_EFFECT: [&str; 10] = [
    "precision",
    "precision.geo",
    "human-readable-time",
    "threads",
    "route-steps",
    "write-license",
    "output-prefix",
    "thread-rngs",
    "ignore-accidents",
    "ignore-route-errors",
];

const NOT_READ: &str = "this option is not followed; where it changes results, they differ";

const NO_CONFIGURATION: SumoFault =
    SumoFault::NoRoot { expected: "configuration", kind: "a SUMO configuration (.sumocfg)" };

/// Reads the configuration in a file. Files are relative to it.
pub(super) fn read(sources: &Sources, file: u32, path: &Path, notes: &mut Notes) -> Result<Configuration, Blame> {
    let mut options = Options {
        folder: path.parent().unwrap_or(Path::new("")),
        notes,
        root: false,
        section: String::new(),
        net: None,
        additional: Vec::new(),
        routes: Vec::new(),
        begin_s: 0.0,
        end: None,
        step_s: 1.0,
        seed: None,
        random: false,
        look_every_s: 1.0,
        looks: 180,
        squeeze_after_s: Some(SQUEEZE_AFTER_S),
        defaults: Defaults::default(),
    };
    walk(sources, file, &mut options)?;
    let whole = Place { file, byte: 0 };
    if !options.root {
        return Err(NO_CONFIGURATION).at(whole);
    }
    if let Some((end_s, value, place)) = options.end.as_ref().filter(|(end_s, ..)| *end_s <= options.begin_s) {
        let reason =
            format!("{end_s} s is not later than the beginning, {} s; correct <begin> or <end>", options.begin_s);
        return Err(SumoFault::Bad { what: "end", name: value.clone(), reason }).at(*place);
    }
    let latest_s = options.begin_s + LENGTH_MAX_S;
    if let Some((end_s, _, place)) = options.end.as_mut().filter(|(end_s, ..)| *end_s > latest_s) {
        options.notes.element(*place, "end", ENDS_EARLIER);
        *end_s = latest_s;
    }
    Ok(Configuration {
        net: options.net.ok_or(SumoFault::NoNet).at(whole)?,
        additional: options.additional,
        routes: options.routes,
        begin_s: options.begin_s,
        end_s: options.end.map(|(end_s, ..)| end_s),
        step_s: options.step_s,
        seed: options.seed.filter(|_| !options.random),
        look_every_s: options.look_every_s,
        looks: options.looks,
        squeeze_after_s: options.squeeze_after_s,
        defaults: Defaults { step_s: options.step_s, ..options.defaults },
    })
}

struct Options<'n> {
    folder: &'n Path,
    notes: &'n mut Notes,
    root: bool,
    section: String,
    net: Option<PathBuf>,
    additional: Vec<PathBuf>,
    routes: Vec<PathBuf>,
    begin_s: f64,
    /// When it ends in seconds, and how and where that is written.
    end: Option<(f64, String, Place)>,
    step_s: f64,
    seed: Option<u64>,
    random: bool,
    look_every_s: f64,
    looks: u32,
    squeeze_after_s: Option<f64>,
    defaults: Defaults,
}

impl<'a> Handler<'a> for Options<'_> {
    fn start(&mut self, element: &Element<'a>, depth: usize) -> Result<(), Blame> {
        if depth == 0 {
            self.root = matches!(element.name, "configuration" | "sumoConfiguration");
            if matches!(element.name, "net" | "routes" | "additional" | "add") {
                return Err(SumoFault::NoConfiguration { root: element.name.to_owned() }).at(element.place);
            }
            return if self.root { Ok(()) } else { Err(NO_CONFIGURATION).at(element.place) };
        }
        match element.get("value").or_else(|| element.get("v")) {
            None => element.name.clone_into(&mut self.section),
            Some(value) if value.is_empty() => {}
            Some(value) => self.option(element, value).at(element.place)?,
        }
        Ok(())
    }
}

impl Options<'_> {
    fn option(&mut self, element: &Element<'_>, value: &str) -> Result<(), SumoFault> {
        let name = element.name;
        match name {
            "net-file" | "net" | "n" => self.net = Some(self.folder.join(value.trim())),
            "route-files" | "routes" | "r" => self.routes = self.files(value),
            "additional-files" | "additional" | "a" => self.additional = self.files(value),
            "begin" | "b" => self.begin_s = time_s(name, value)?.max(0.0),
            "end" | "e" => {
                let end_s = time_s(name, value)?;
                self.end = (end_s >= 0.0).then(|| (end_s, value.to_owned(), element.place));
            }
            "step-length" => self.step_s = step_s(name, value)?,
            "seed" => self.seed = Some(u64::from(count(name, value)?)),
            "random" => {
                self.random = flag(name, value)?;
                if self.random {
                    self.notes.element(
                        element.place,
                        name,
                        "every run would differ; runs here are repeatable by their seed",
                    );
                }
            }
            "default.speeddev" => self.defaults.speed_deviation = Some(number(name, value)?).filter(|dev| *dev >= 0.0),
            "default.carfollowmodel" | "carfollow.model" => self.defaults.car_following = Some(value.trim().to_owned()),
            "default.departlane" => self.defaults.depart_lane = Some(value.trim().to_owned()),
            "default.departspeed" => self.defaults.depart_speed = Some(value.trim().to_owned()),
            "device.rerouting.adaptation-interval" if time_s(name, value)? > 0.0 => {
                self.look_every_s = time_s(name, value)?;
            }
            "device.rerouting.adaptation-steps" => self.looks = count(name, value)?.clamp(1, LOOKS_MAX),
            "time-to-teleport" => {
                self.squeeze_after_s = Some(time_s(name, value)?).filter(|after_s| *after_s > 0.0);
                if self.squeeze_after_s.is_some() {
                    self.note(element);
                }
            }
            "lateral-resolution" => {
                self.defaults.shares_lanes = number(name, value)? > 0.0;
                if self.defaults.shares_lanes {
                    self.notes.element(
                        element.place,
                        name,
                        "bicycles and motorcycles share lanes that are wide enough, in three places across the lane instead of strips",
                    );
                }
            }
            // Switches are off by default.
            _ if value == "false" => {}
            _ => self.note(element),
        }
        Ok(())
    }

    fn note(&mut self, element: &Element<'_>) {
        let name = element.name;
        let is_harmless = SECTIONS_WITHOUT_EFFECT.contains(&self.section.as_str())
            || OPTIONS_WITHOUT_EFFECT.contains(&name)
            || name.starts_with("xml-validation")
            || name.contains("-output.");
        if is_harmless {
            return;
        }
        let meaning = if name.ends_with("-output") || name == "netstate-dump" || self.section == "output" {
            "not written beside the input; results are where the run's are"
        } else if name.starts_with("time-to-teleport") {
            "vehicles are never teleported: who has waited for so long looks for another way, or squeezes past those who stand in its way"
        } else if name == "scale" {
            "demand is not scaled"
        } else if name == "mesosim" {
            "the scenario is meant for SUMO's mesoscopic model"
        } else {
            NOT_READ
        };
        self.notes.element(element.place, name, meaning);
    }

    /// Files of a list, set apart by commas or by spaces. A space is part of a name where what stands before it is no file of
    /// SUMO's.
    fn files(&self, list: &str) -> Vec<PathBuf> {
        let is_file = |name: &str| name.ends_with(".xml") || name.ends_with(".gz");
        let mut files = Vec::new();
        for part in list.split(',').map(str::trim).filter(|part| !part.is_empty()) {
            if part.split_whitespace().all(is_file) {
                files.extend(part.split_whitespace().map(|name| self.folder.join(name)));
            } else {
                files.push(self.folder.join(part));
            }
        }
        files
    }
}

fn step_s(name: &str, value: &str) -> Result<f64, SumoFault> {
    let step_s = time_s(name, value)?;
    let expected = "a step from 0.01 s to 1 s, which is what vehicles can be moved in; write 1, or take it out";
    if STEP_S.contains(&step_s) { Ok(step_s) } else { Err(wrong(name, value, expected)) }
}
