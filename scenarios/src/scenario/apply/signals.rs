//! How signals are controlled, and green waves.
//!
//! What a file says of all signals comes first, then what it says of junctions by name, then its green waves: what is said by
//! name overrules what is said of all. A junction that a file controls in a way of its own leaves the waves of its parents.

use std::collections::BTreeSet;

use engine::key::Key;
use serde_spanned::Spanned;

use super::editor::Editor;
use super::selection::is_named;
use super::traffic::GreenLimits;
use super::{SignalControl, Wave, WrittenAt};
use crate::scenario::file::{GreenWave, ScenarioFile, Signal, SignalKind};
use crate::words::Text;

/// What is said of a junction without signals.
pub(super) const NO_SIGNAL: &str = "none, signs only";

/// What the offset of a signal is that follows traffic.
const OF_TRAFFIC: &str = "what traffic asks for";

impl Editor<'_> {
    pub(super) fn signals(&mut self, scenario: &ScenarioFile) {
        let is_of_all = |edit: &&Spanned<Signal>| edit.get_ref().on.get_ref().all.is_some();
        scenario.signal.iter().filter(is_of_all).for_each(|edit| self.all_signals(edit.get_ref()));
        let mut of_this_file = BTreeSet::new();
        for edit in scenario.signal.iter().filter(|edit| !is_of_all(edit)) {
            of_this_file.extend(self.signal(edit.get_ref()));
        }
        scenario.green_wave.iter().for_each(|edit| self.green_wave(edit.get_ref(), &of_this_file));
    }

    fn all_signals(&mut self, signal: &Signal) {
        let control = control(signal);
        let traffic = &mut self.applied.traffic;
        traffic.signals.clear();
        if !control.leaves_timing_open() {
            traffic.green_waves.clear();
        }
        let told = control.told();
        traffic.all_signals = Some(control);
        let at = self.written_at(signal);
        self.applied.written.of_junctions.clear();
        self.applied.written.of_all = Some(at);
        self.describe(format!("Tutti i semafori: {}", told.it), format!("All signals: {}", told.en));
    }

    /// Controls junctions by name; their rows.
    fn signal(&mut self, signal: &Signal) -> Vec<usize> {
        let on = signal.on.get_ref();
        let rows = self.junctions(on.junctions.as_deref(), on.streets.as_deref());
        let control = control(signal);
        let told = control.told();
        for &row in &rows {
            let key = self.applied.tables.junctions[row].key.clone();
            if !(self.claim(&signal.on, &key, "the signal", &told.en) && self.claim_timing(signal, &key, &control)) {
                continue;
            }
            if !control.leaves_timing_open() {
                self.applied.traffic.green_waves.values_mut().for_each(|wave| wave.junctions.retain(|&of| of != row));
            }
            self.applied.traffic.signals.insert(row, control.clone());
            let at = self.written_at(signal);
            self.applied.written.of_junctions.insert(row, at);
        }
        if !rows.is_empty() {
            let on = self.name_junctions(&rows, on.streets.as_deref());
            self.describe(format!("Semaforo {}: {}", on.it, told.it), format!("Signal at {}: {}", on.en, told.en));
        }
        rows
    }

    /// Where a signal's edit says how it is controlled: at the greens, where it gives them.
    fn written_at(&self, signal: &Signal) -> WrittenAt {
        let at = signal.green_s.as_ref().map_or(signal.on.span(), Spanned::span);
        self.place_of(at.start)
    }

    /// Claims what a green wave would set, too.
    fn claim_timing(&mut self, signal: &Signal, key: &Key, control: &SignalControl) -> bool {
        match control {
            SignalControl::Signs => true,
            SignalControl::Actuated(_) | SignalControl::MaxPressure(_) => {
                self.claim(&signal.on, key, "offset_s", OF_TRAFFIC)
            }
            SignalControl::Fixed { cycle_s, offset_s, .. } => {
                cycle_s.is_none_or(|cycle_s| self.claim(&signal.on, key, "cycle_s", cycle_s))
                    && offset_s.is_none_or(|offset_s| self.claim(&signal.on, key, "offset_s", offset_s))
            }
        }
    }

    fn green_wave(&mut self, edit: &GreenWave, of_this_file: &BTreeSet<usize>) {
        let names = self.streets(std::slice::from_ref(&edit.street));
        let tables = &self.applied.tables;
        let links: Vec<usize> =
            (0..tables.links.len()).filter(|&row| is_named(&tables.links[row].facts, &names)).collect();
        let ends: BTreeSet<&Key> =
            links.iter().flat_map(|&row| [&tables.links[row].facts.from, &tables.links[row].facts.to]).collect();
        let along: Vec<(usize, Key)> = (tables.junctions.iter().map(|row| &row.key).enumerate())
            .filter(|(_, key)| ends.contains(key))
            .map(|(row, key)| (row, key.clone()))
            .collect();
        if links.is_empty() {
            return;
        }
        let (street, cycle_s) = (edit.street.get_ref(), *edit.cycle_s.get_ref());
        let mut junctions = Vec::new();
        for (row, key) in along {
            if self.applied.traffic.signals.get(&row) == Some(&SignalControl::Signs) {
                continue;
            }
            let fits = self.claim(&edit.cycle_s, &key, "cycle_s", cycle_s)
                && self.claim(&edit.street, &key, "offset_s", format!("that of the green wave of {street}"));
            if fits {
                junctions.push(row);
            }
        }
        let traffic = &mut self.applied.traffic;
        for row in junctions.iter().filter(|row| !of_this_file.contains(row)) {
            // Of what the parents say there, the wave sets the timing anew.
            match traffic.signals.get_mut(row) {
                Some(SignalControl::Fixed { cycle_s, greens_s, offset_s, .. }) => {
                    (*cycle_s, *greens_s, *offset_s) = (None, None, None);
                }
                _ => drop(traffic.signals.remove(row)),
            }
        }
        for wave in traffic.green_waves.values_mut() {
            wave.junctions.retain(|row| junctions.binary_search(row).is_err());
        }
        let speed_mps = edit.speed_kmh.get_ref() / 3.6;
        traffic.green_waves.insert(street.to_lowercase(), Wave { links, junctions, speed_mps, cycle_s });
        let at = self.place_of(edit.street.span().start);
        self.applied.written.of_waves.insert(street.to_lowercase(), at);
        let speed = edit.speed_kmh.get_ref();
        self.describe(
            format!("Onda verde in {street}: {speed} km/h, ciclo {cycle_s} s"),
            format!("Green wave along {street}: {speed} km/h, cycle {cycle_s} s"),
        );
    }
}

impl SignalControl {
    /// Whether a green wave may still say when its greens are.
    pub(crate) fn leaves_timing_open(&self) -> bool {
        matches!(self, Self::Fixed { cycle_s: None, offset_s: None, .. })
    }

    /// In words.
    pub(crate) fn told(&self) -> Text {
        let buses = |favoured: bool| {
            if favoured { [", con priorità agli autobus", ", with priority for buses"] } else { ["", ""] }
        };
        let (mut told, favoured) = match self {
            Self::Signs => (Text::new("nessuno, solo segnaletica", NO_SIGNAL), false),
            Self::Fixed { cycle_s, greens_s, offset_s, bus_priority } => {
                let mut told = Text::new("a tempi fissi", "fixed times");
                let mut add = |it: String, en: String| {
                    told.it += &it;
                    told.en += &en;
                };
                if let Some(cycle_s) = cycle_s {
                    add(format!(", ciclo {cycle_s} s"), format!(", cycle {cycle_s} s"));
                }
                if let Some(greens_s) = greens_s {
                    let greens: Vec<String> = greens_s.iter().map(ToString::to_string).collect();
                    let greens = greens.join(" + ");
                    add(format!(", verdi {greens} s"), format!(", greens {greens} s"));
                }
                if let Some(offset_s) = offset_s {
                    add(format!(", sfasamento {offset_s} s"), format!(", offset {offset_s} s"));
                }
                (told, *bus_priority)
            }
            Self::Actuated(limits) => {
                (limits.told(["attuato dal traffico", "actuated by traffic"]), limits.bus_priority)
            }
            Self::MaxPressure(limits) => (
                limits.told(["adattivo, secondo le code (max pressure)", "adaptive, by queues (max pressure)"]),
                limits.bus_priority,
            ),
        };
        told.it += buses(favoured)[0];
        told.en += buses(favoured)[1];
        told
    }
}

impl GreenLimits {
    fn told(&self, [it, en]: [&str; 2]) -> Text {
        let mut told = Text::new(it, en);
        for (limit, [it, en]) in [
            (self.min_green_s, ["verde minimo", "shortest green"]),
            (self.max_green_s, ["verde massimo", "longest green"]),
        ] {
            if let Some(limit) = limit {
                told.it += &format!(", {it} {limit} s");
                told.en += &format!(", {en} {limit} s");
            }
        }
        told
    }
}

/// What a signal's edit says.
fn control(signal: &Signal) -> SignalControl {
    let number = |value: &Option<Spanned<f64>>| value.as_ref().map(|value| *value.get_ref());
    let bus_priority = signal.bus_priority.as_ref().is_some_and(|favoured| *favoured.get_ref());
    let limits = || GreenLimits {
        min_green_s: number(&signal.min_green_s),
        max_green_s: number(&signal.max_green_s),
        bus_priority,
    };
    match signal.kind.as_ref().map_or(SignalKind::default(), |kind| *kind.get_ref()) {
        SignalKind::None => SignalControl::Signs,
        SignalKind::Actuated => SignalControl::Actuated(limits()),
        SignalKind::MaxPressure => SignalControl::MaxPressure(limits()),
        SignalKind::Fixed => SignalControl::Fixed {
            cycle_s: number(&signal.cycle_s),
            greens_s: signal.green_s.as_ref().map(|greens| greens.get_ref().clone()),
            offset_s: number(&signal.offset_s),
            bus_priority,
        },
    }
}
