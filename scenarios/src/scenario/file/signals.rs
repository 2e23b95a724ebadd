//! How signals are controlled, and green waves.

use schemars::JsonSchema;
use serde::Deserialize;
use serde_spanned::Spanned;

use super::SignalPlaces;
use super::check::Check;
use crate::scenario::problem::{FileProblem, Place};

/// The shortest and the longest cycle of a signal, in seconds.
const CYCLE_S: [f64; 2] = [30.0, 240.0];

/// The shortest and the longest green of a signal, in seconds.
const GREEN_S: [f64; 2] = [3.0, 180.0];

/// The most stages of a signal.
const STAGES_MAX: usize = 16;

/// Says how the signals of junctions are controlled; where none stands it puts one. Two edits of one file may not say
/// different things of one junction; an edit of a child replaces its parents' at its junctions. Only vehicles that move feel
/// it: a strategic run does not.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Signal {
    /// Where.
    #[schemars(with = "SignalPlaces")]
    pub on: Spanned<SignalPlaces>,
    /// How; `fixed` where not given.
    #[schemars(with = "Option<SignalKind>")]
    pub kind: Option<Spanned<SignalKind>>,
    /// Length of the cycle, in seconds, of a `fixed` signal; computed where not given.
    #[schemars(with = "Option<f64>", range(min = 30.0, max = 240.0))]
    pub cycle_s: Option<Spanned<f64>>,
    /// Greens of the stages in their order, in seconds, of a `fixed` signal; computed where not given. The times between
    /// them come on top, and fill the cycle where that is given, too.
    #[schemars(with = "Option<Vec<f64>>", length(min = 1, max = 16), inner(range(min = 3.0, max = 180.0)))]
    pub green_s: Option<Spanned<Vec<f64>>>,
    /// How long after the full minute of the city's clock the program begins, in seconds, of a `fixed` signal; shorter than
    /// the cycle.
    #[schemars(with = "Option<f64>", range(min = 0.0, max = 240.0))]
    pub offset_s: Option<Spanned<f64>>,
    /// The shortest green, in seconds, of a signal that follows traffic.
    #[schemars(with = "Option<f64>", range(min = 3.0, max = 180.0))]
    pub min_green_s: Option<Spanned<f64>>,
    /// The longest green, in seconds, of a signal that follows traffic.
    #[schemars(with = "Option<f64>", range(min = 3.0, max = 180.0))]
    pub max_green_s: Option<Spanned<f64>>,
    /// Whether greens are lengthened, and reds shortened, for buses.
    #[schemars(with = "Option<bool>")]
    pub bus_priority: Option<Spanned<bool>>,
}

/// What decides when lamps change.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum SignalKind {
    /// The clock.
    #[default]
    Fixed,
    /// Gaps between vehicles.
    Actuated,
    /// Queues before and behind the junction.
    MaxPressure,
    /// Nothing: there is no signal, and signs say who goes first.
    None,
}

impl SignalKind {
    /// The word used in files.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Fixed => "fixed",
            Self::Actuated => "actuated",
            Self::MaxPressure => "max_pressure",
            Self::None => "none",
        }
    }
}

/// Coordinates the signals along a street: they share a cycle, and their offsets follow from the time that a vehicle takes from
/// one to the next. Only vehicles that move feel it.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GreenWave {
    /// Name of the street.
    #[schemars(with = "String")]
    pub street: Spanned<String>,
    /// Speed of the wave, in km/h.
    #[schemars(with = "f64", range(min = 10.0, max = 90.0))]
    pub speed_kmh: Spanned<f64>,
    /// Length of the common cycle, in seconds.
    #[schemars(with = "f64", range(min = 30.0, max = 240.0))]
    pub cycle_s: Spanned<f64>,
}

impl Signal {
    /// Whether nothing is said of how a signal is controlled. Of a junction that may put a signal where none stands.
    fn sets_nothing(&self) -> bool {
        let Self { on: _, kind, cycle_s, green_s, offset_s, min_green_s, max_green_s, bus_priority } = self;
        let times = [cycle_s, offset_s, min_green_s, max_green_s];
        kind.is_none() && green_s.is_none() && bus_priority.is_none() && times.iter().all(|time| time.is_none())
    }
}

impl Check<'_> {
    pub(super) fn signal(&mut self, edit: &Spanned<Signal>) {
        let signal = edit.get_ref();
        self.signal_places(&signal.on);
        self.optional(signal.cycle_s.as_ref(), "cycle_s", CYCLE_S[0], CYCLE_S[1]);
        self.optional(signal.min_green_s.as_ref(), "min_green_s", GREEN_S[0], GREEN_S[1]);
        self.optional(signal.max_green_s.as_ref(), "max_green_s", GREEN_S[0], GREEN_S[1]);
        if let (Some(least), Some(most)) = (&signal.min_green_s, &signal.max_green_s)
            && least.get_ref() > most.get_ref()
        {
            self.problem(least, FileProblem::Order { fields: ["min_green_s", "max_green_s"] });
        }
        if let Some(offset) = &signal.offset_s {
            let most = signal.cycle_s.as_ref().map_or(CYCLE_S[1], |cycle| *cycle.get_ref());
            self.range(offset, "offset_s", *offset.get_ref(), 0.0, most);
        }
        if let Some(greens) = &signal.green_s {
            self.greens(greens, signal.cycle_s.as_ref());
        }
        if signal.on.get_ref().all.is_some() && signal.sets_nothing() {
            self.problem(edit, FileProblem::NothingSet("kind, cycle_s, green_s, offset_s or bus_priority"));
        }
        let kind = signal.kind.as_ref().map_or(SignalKind::default(), |kind| *kind.get_ref());
        let (by_clock, by_traffic) = ("fixed", "actuated or max_pressure");
        for (field, at, fits, of) in [
            ("cycle_s", signal.cycle_s.as_ref().map(Spanned::span), kind == SignalKind::Fixed, by_clock),
            ("green_s", signal.green_s.as_ref().map(Spanned::span), kind == SignalKind::Fixed, by_clock),
            ("offset_s", signal.offset_s.as_ref().map(Spanned::span), kind == SignalKind::Fixed, by_clock),
            ("min_green_s", signal.min_green_s.as_ref().map(Spanned::span), kind.follows_traffic(), by_traffic),
            ("max_green_s", signal.max_green_s.as_ref().map(Spanned::span), kind.follows_traffic(), by_traffic),
            (
                "bus_priority",
                signal.bus_priority.as_ref().map(Spanned::span),
                kind != SignalKind::None,
                "fixed, actuated or max_pressure",
            ),
        ] {
            if let Some(span) = at.filter(|_| !fits) {
                let at = Spanned::new(span, ());
                self.problem(&at, FileProblem::NotOfKind { field, of, kind: kind.name() });
            }
        }
    }

    fn greens(&mut self, greens: &Spanned<Vec<f64>>, cycle: Option<&Spanned<f64>>) {
        let count = greens.get_ref().len();
        if !(1..=STAGES_MAX).contains(&count) {
            return self.problem(greens, FileProblem::Stages { found: count, most: STAGES_MAX });
        }
        for &green in greens.get_ref() {
            self.range(greens, "green_s", green, GREEN_S[0], GREEN_S[1]);
        }
        let sum: f64 = greens.get_ref().iter().sum();
        if let Some(cycle) = cycle.filter(|cycle| sum >= *cycle.get_ref()) {
            self.problem(greens, FileProblem::GreensFillCycle { sum, cycle: *cycle.get_ref() });
        }
    }

    /// All signals are set once at most.
    pub(super) fn all_signals_once(&mut self, edits: &[Spanned<Signal>]) {
        let mut of_all = edits.iter().filter_map(|edit| edit.get_ref().on.get_ref().all.as_ref());
        let Some(first) = of_all.next() else { return };
        let line = Place::at(self.text, first.span().start).line;
        of_all.for_each(|again| self.problem(again, FileProblem::AllTwice(line)));
    }

    pub(super) fn green_wave(&mut self, edit: &Spanned<GreenWave>) {
        let wave = edit.get_ref();
        self.range(&wave.speed_kmh, "speed_kmh", *wave.speed_kmh.get_ref(), 10.0, 90.0);
        self.range(&wave.cycle_s, "cycle_s", *wave.cycle_s.get_ref(), CYCLE_S[0], CYCLE_S[1]);
    }
}

impl SignalKind {
    fn follows_traffic(self) -> bool {
        matches!(self, Self::Actuated | Self::MaxPressure)
    }
}
