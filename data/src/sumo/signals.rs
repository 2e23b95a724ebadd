//! Signals: what `tlLogic` says of lamps and phases, in the net and in additional files.
//!
//! Of several programs of a signal the last one is followed, as in SUMO. `actuated` programs follow traffic
//! ([`super::actuated`]); others that do (`delay_based`, …) run as fixed ones, with the durations that they give; `off`
//! leaves the right of way to the signs.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use engine::signals::control::ActuatedFault;
use engine::signals::{Lamp, Phase, Program, ProgramFault};
use engine::traffic::network::rows::{MovementRow, SignalRow, StreetRow};

use super::actuated::{Limits, Settings, Source};
use super::element::{Element, time_s, wrong};
use super::error::SumoFault;
use super::notes::Notes;
use super::source::{At, Blame, Place};

/// Phases that a program may have.
const PHASES_MAX: usize = 10_000;

const LOOKS_OUT: &str =
    "two ways that touch have full green (G) at once; whoever gives way by the net's rules looks out, as with g";

const NEVER_GREEN: &str = "its signal never shows green to it; who goes that way waits until the run ends";

const NO_SUCH_SIGNAL: &str = "the net has no signal of that name; nothing follows the program";

/// The types of programs that SUMO 1.28 knows.
const KINDS: [&str; 14] = [
    "static",
    "off",
    "actuated",
    "delay_based",
    "NEMA",
    "railSignal",
    "railCrossing",
    "sotl_phase",
    "sotl_platoon",
    "sotl_request",
    "sotl_wave",
    "sotl_marching",
    "swarm",
    "deterministic",
];
const SHORTEST_IS_LONGER: &str = "it is less than minDur, which is how long the phase lasts";

/// One `tlLogic`.
struct Logic<'a> {
    place: Place,
    name: Cow<'a, str>,
    program: Cow<'a, str>,
    is_off: bool,
    /// What parameters say, where it follows traffic by gaps.
    actuated: Option<Settings<'a>>,
    offset_s: f64,
    phases: Vec<Phase>,
    limits: Vec<Limits>,
    phase_places: Vec<Place>,
}

/// All programs of all signals.
pub(super) struct Signals<'a> {
    begin_s: f64,
    logics: Vec<Logic<'a>>,
    /// How many of them stand in the net.
    in_net: usize,
    /// Logics by signal and program.
    known: HashMap<(Cow<'a, str>, Cow<'a, str>), usize>,
    /// Which logic a signal follows.
    followed: HashMap<Cow<'a, str>, usize>,
}

impl<'a> Signals<'a> {
    /// None as yet; the run begins at `begin_s`.
    pub(super) fn new(begin_s: f64) -> Self {
        Self { begin_s, logics: Vec::new(), in_net: 0, known: HashMap::new(), followed: HashMap::new() }
    }

    /// A `tlLogic` begins.
    pub(super) fn open(&mut self, element: &Element<'a>, notes: &mut Notes) -> Result<(), Blame> {
        let name = element.text("id")?.clone();
        let program = element.text("programID")?.clone();
        let kind = element.get("type").map_or("static", |kind| kind.as_ref());
        if !KINDS.contains(&kind) {
            let expected = "a type of SUMO's; write 'static' for a program of fixed times";
            return Err(wrong("type", kind, expected)).at(element.place);
        }
        if !matches!(kind, "static" | "off" | "actuated") {
            let meaning =
                "a program of this kind that follows traffic runs as a fixed one, with the durations of its phases";
            notes.element(element.place, "tlLogic", meaning);
        }
        let offset_s = match element.get("offset").map(|offset| offset.as_ref()) {
            None => 0.0,
            Some("begin") => self.begin_s,
            Some(offset) => time_s("offset", offset).at(element.place)?,
        };
        if kind == "actuated" && offset_s != 0.0 {
            notes.attribute(element.place, "tlLogic", "offset", "an actuated program begins with its first phase");
        }
        let is_off = kind == "off" || program == "off";
        self.logics.push(Logic {
            place: element.place,
            name,
            program,
            is_off,
            actuated: (kind == "actuated" && !is_off).then(Settings::default),
            offset_s,
            phases: Vec::new(),
            limits: Vec::new(),
            phase_places: Vec::new(),
        });
        Ok(())
    }

    /// A `phase` of the logic that began last.
    pub(super) fn phase(&mut self, element: &Element<'a>, notes: &mut Notes) -> Result<(), Blame> {
        let Some(logic) = self.logics.last_mut() else { return Ok(()) };
        let duration_s = time_s("duration", element.text("duration")?).at(element.place)?;
        let state = element.text("state")?;
        let lamps = state.chars().map(lamp).collect::<Option<Vec<Lamp>>>();
        let lamps =
            lamps.ok_or_else(|| wrong("state", state, "made of the letters r u y Y g G s o O")).at(element.place)?;
        if element.get("next").is_some_and(|next| !next.is_empty()) {
            notes.attribute(element.place, "phase", "next", "phases follow each other in the order of the file");
        }
        if logic.actuated.is_some() {
            for name in ["earliestEnd", "latestEnd", "earlyTarget", "finalTarget"] {
                if element.get(name).is_some() {
                    notes.attribute(element.place, "phase", name, "actuated signals do not follow it");
                }
            }
        }
        if logic.phases.len() == PHASES_MAX {
            return Err(SumoFault::TooMany { what: "phases in one program", most: PHASES_MAX as u64 })
                .at(element.place);
        }
        logic.phases.push(Phase { duration_s, lamps });
        let limits = Limits::read(element, duration_s)?;
        if logic.actuated.is_some() && element.get("maxDur").is_some() && limits.max_s < limits.min_s {
            notes.attribute(element.place, "phase", "maxDur", SHORTEST_IS_LONGER);
        }
        logic.limits.push(limits);
        logic.phase_places.push(element.place);
        Ok(())
    }

    /// A `param` of the logic that began last.
    pub(super) fn parameter(&mut self, element: &Element<'a>, notes: &mut Notes) -> Result<(), Blame> {
        let settings = self.logics.last_mut().and_then(|logic| logic.actuated.as_mut());
        settings.map_or(Ok(()), |settings| settings.set(element, notes))
    }

    /// The logic that began last ends.
    pub(super) fn close(&mut self) -> Result<(), Blame> {
        let Some(last) = self.logics.len().checked_sub(1) else { return Ok(()) };
        let (before, logic) = self.logics.split_at_mut(last);
        let logic = &mut logic[0];
        let key = (logic.name.clone(), logic.program.clone());
        match self.known.get(&key) {
            // Without phases it moves a program that is there.
            Some(&known) if logic.phases.is_empty() && !logic.is_off => {
                logic.phases.clone_from(&before[known].phases);
                logic.limits.clone_from(&before[known].limits);
                logic.phase_places.clone_from(&before[known].phase_places);
            }
            Some(_) => {
                let name = format!("{}' with programID '{}", logic.name, logic.program);
                return Err(SumoFault::Twice { what: "signal", name }).at(logic.place);
            }
            None if logic.phases.is_empty() && !logic.is_off => {
                let (name, fault) = (logic.name.to_string(), ProgramFault::Empty);
                return Err(SumoFault::Program { name, fault }).at(logic.place);
            }
            None => {
                self.known.insert(key, last);
            }
        }
        self.followed.insert(logic.name.clone(), last);
        Ok(())
    }

    /// The net has been read: what comes now stands in other files.
    pub(super) fn net_is_read(&mut self) {
        self.in_net = self.logics.len();
    }

    /// Notes programs of other files whose signal the net does not have.
    fn note_strangers(&self, lamps: &[Option<LampOfConnection<'a>>], notes: &mut Notes) {
        let (of_net, of_files) = self.logics.split_at(self.in_net);
        if of_files.is_empty() {
            return;
        }
        let mut known: HashSet<&str> = of_net.iter().map(|logic| logic.name.as_ref()).collect();
        known.extend(lamps.iter().flatten().map(|lamp| lamp.signal.as_ref()));
        for logic in of_files.iter().filter(|logic| !known.contains(logic.name.as_ref())) {
            notes.attribute(logic.place, "tlLogic", "id", NO_SUCH_SIGNAL);
        }
    }

    /// Gives movements their lamps: `lamps` holds the signal and the lamp of each, where there are some, and whether the
    /// signal may be missing (rails, whose signals are not simulated).
    pub(super) fn rule(
        &self,
        movements: &mut [MovementRow],
        lamps: &[Option<LampOfConnection<'a>>],
        streets: &[StreetRow],
        notes: &mut Notes,
    ) -> Result<Vec<SignalRow>, Blame> {
        self.note_strangers(lamps, notes);
        let (mut logics, mut programs): (Vec<&Logic<'a>>, Vec<Program>) = (Vec::new(), Vec::new());
        let mut row_of: HashMap<&str, u32> = HashMap::new();
        for (movement, lamp) in movements.iter_mut().zip(lamps) {
            let Some(lamp) = lamp else { continue };
            let Some(&followed) = self.followed.get(&lamp.signal) else {
                if lamp.is_rail {
                    notes.element(lamp.place, "connection", "rail signals and level crossings are not simulated");
                    continue;
                }
                return Err(SumoFault::Unknown { what: "tlLogic", name: lamp.signal.to_string() }).at(lamp.place);
            };
            let logic = &self.logics[followed];
            if logic.is_off {
                continue;
            }
            let row = match row_of.get(logic.name.as_ref()) {
                Some(&row) => row,
                None => {
                    programs.push(logic.program()?);
                    logics.push(logic);
                    row_of.insert(&logic.name, logics.len() as u32 - 1);
                    logics.len() as u32 - 1
                }
            };
            let count = programs[row as usize].lamp_count();
            if lamp.lamp as usize >= count {
                let reason = format!(
                    "its phases show {count} lamps, but a connection names linkIndex {}; give every phase a letter for each",
                    lamp.lamp
                );
                return Err(SumoFault::Bad { what: "signal", name: logic.name.to_string(), reason }).at(logic.place);
            }
            let is_green =
                |phase: &Phase| !matches!(phase.lamps[lamp.lamp as usize], Lamp::Red | Lamp::RedYellow | Lamp::Yellow);
            if !programs[row as usize].phases().iter().any(is_green) {
                notes.attribute(lamp.place, "connection", "linkIndex", NEVER_GREEN);
            }
            movement.signal = Some((row, lamp.lamp));
        }
        make_way(movements, &logics, &mut programs, notes);
        let mut rows = Vec::with_capacity(logics.len());
        for (signal, (logic, program)) in (0..).zip(logics.iter().zip(programs)) {
            let mut row = SignalRow { name: logic.name.to_string(), program, responsive: None };
            if let Some(settings) = &logic.actuated {
                let phases = row.program.phases();
                let source = Source { signal, phases, limits: &logic.limits, settings, movements, streets };
                let bad = |fault: ActuatedFault| SumoFault::Bad {
                    what: "actuated signal",
                    name: logic.name.to_string(),
                    reason: fault.to_string(),
                };
                row.responsive = Some(source.responsive().map_err(bad).at(logic.place)?);
            }
            rows.push(row);
        }
        Ok(rows)
    }
}

impl Logic<'_> {
    fn program(&self) -> Result<Program, Blame> {
        let fault = |fault| SumoFault::Program { name: self.name.to_string(), fault };
        Program::new(self.phases.clone(), self.offset_s).map_err(fault).at(self.place)
    }
}

/// The signal and the lamp that a connection names.
pub(super) struct LampOfConnection<'a> {
    pub(super) place: Place,
    pub(super) signal: Cow<'a, str>,
    pub(super) lamp: u32,
    pub(super) is_rail: bool,
}

/// The letters of lamps in programs.
const LETTERS: [(char, Lamp); 8] = [
    ('r', Lamp::Red),
    ('u', Lamp::RedYellow),
    ('y', Lamp::Yellow),
    ('g', Lamp::GreenYield),
    ('G', Lamp::Green),
    ('s', Lamp::StopThenYield),
    ('o', Lamp::OffYield),
    ('O', Lamp::Off),
];

fn lamp(letter: char) -> Option<Lamp> {
    let letter = if letter == 'Y' { 'y' } else { letter };
    LETTERS.iter().find(|(known, _)| *known == letter).map(|&(_, lamp)| lamp)
}

/// The letter that programs of SUMO's write for what a lamp shows.
#[must_use]
pub fn lamp_letter(lamp: Lamp) -> char {
    LETTERS.iter().find(|(_, known)| *known == lamp).map_or('O', |&(letter, _)| letter)
}

/// Full green means that nobody else is in the way. Where two ways that touch have it at once nevertheless and one gives way by
/// the net's rules, that one looks out, as in SUMO: netconvert writes such programs where it joins the signals of several
/// junctions.
fn make_way(movements: &[MovementRow], logics: &[&Logic<'_>], programs: &mut [Program], notes: &mut Notes) {
    for movement in movements {
        let Some((signal, lamp)) = movement.signal else { continue };
        let (program, logic) = (&mut programs[signal as usize], logics[signal as usize]);
        for &other in movement.yields_to.iter().filter(|other| movement.touches.contains(other)) {
            let Some((other_signal, other_lamp)) = movements[other as usize].signal else { continue };
            if other_signal != signal || other_lamp == lamp {
                continue;
            }
            for (number, (phase, place)) in logic.phases.iter().zip(&logic.phase_places).enumerate() {
                let shows = |lamp: u32| phase.lamps[lamp as usize];
                if shows(lamp) == Lamp::Green && shows(other_lamp) == Lamp::Green {
                    program.show(number, lamp, Lamp::GreenYield);
                    notes.attribute(*place, "phase", "state", LOOKS_OUT);
                }
            }
        }
    }
}
