//! What a simulation tells while it runs, and the tables that come of it.
//!
//! A vehicle carries its [`Tally`] along: what it has driven, lost and waited so far. What it spent between two places is the
//! difference of the tallies there; so a simulation has to tell only when somebody enters and leaves a street, and what
//! vehicles spend on streets, bin by bin.

use super::turn::turns;
use super::{CrossingBin, StreetBin, TimeBins, TrafficResults, TurnBin};
use crate::traffic::demand::TrafficDemand;
use crate::traffic::drivers::NONE;
use crate::traffic::network::LaneNetwork;
use crate::vehicles::VehicleClass;

/// What a vehicle has come to at some time.
#[derive(Clone, Copy, Debug, Default)]
pub(in crate::traffic) struct Tally {
    /// The time, in seconds.
    pub(in crate::traffic) at_s: f64,
    /// Distance driven so far, in metres.
    pub(in crate::traffic) driven_m: f64,
    /// Time lost so far, in seconds.
    pub(in crate::traffic) lost_s: f64,
    /// Time stood so far, in seconds.
    pub(in crate::traffic) waited_s: f64,
    /// How often it came to a stand so far.
    pub(in crate::traffic) halts: u32,
}

impl Tally {
    /// What it has spent since an earlier tally.
    pub(in crate::traffic) fn since(&self, before: &Self) -> Spent {
        Spent {
            driven_m: self.driven_m - before.driven_m,
            time_s: self.at_s - before.at_s,
            delay_s: self.lost_s - before.lost_s,
            standing_s: self.waited_s - before.waited_s,
            stops: f64::from(self.halts - before.halts),
        }
    }

    /// The tally at a share of the way to a later one, 0 to 1; it comes to a stand at the end only.
    pub(in crate::traffic) fn toward(&self, after: &Self, share: f64) -> Self {
        let between = |from: f64, to: f64| from + (to - from) * share;
        Self {
            at_s: between(self.at_s, after.at_s),
            driven_m: between(self.driven_m, after.driven_m),
            lost_s: between(self.lost_s, after.lost_s),
            waited_s: between(self.waited_s, after.waited_s),
            halts: self.halts,
        }
    }
}

/// What vehicles have spent somewhere.
#[derive(Clone, Copy, Debug, Default)]
pub(in crate::traffic) struct Spent {
    pub(in crate::traffic) driven_m: f64,
    pub(in crate::traffic) time_s: f64,
    pub(in crate::traffic) delay_s: f64,
    pub(in crate::traffic) standing_s: f64,
    pub(in crate::traffic) stops: f64,
}

impl Spent {
    /// A part of it.
    pub(in crate::traffic) fn share(&self, share: f64) -> Self {
        Self {
            driven_m: self.driven_m * share,
            time_s: self.time_s * share,
            delay_s: self.delay_s * share,
            standing_s: self.standing_s * share,
            stops: self.stops * share,
        }
    }

    pub(in crate::traffic) fn add(&mut self, other: &Self) {
        self.driven_m += other.driven_m;
        self.time_s += other.time_s;
        self.delay_s += other.delay_s;
        self.standing_s += other.standing_s;
        self.stops += other.stops;
    }
}

/// Where a vehicle is, and what it had come to when it came there: one line of the processor's cache.
#[derive(Clone, Copy, Debug)]
#[repr(align(64))]
struct Journey {
    /// The street that it is on; none inside a junction and off the road.
    street: u32,
    /// The turn that it makes inside a junction; else none.
    turn: u32,
    entered_halts: u32,
    left_halts: u32,
    entered_s: f64,
    entered_lost_s: f64,
    left_s: f64,
    left_driven_m: f64,
    left_lost_s: f64,
    left_waited_s: f64,
}

impl Journey {
    const NOT_ON_THE_ROAD: Self = Self {
        street: NONE,
        turn: NONE,
        entered_halts: 0,
        left_halts: 0,
        entered_s: 0.0,
        entered_lost_s: 0.0,
        left_s: 0.0,
        left_driven_m: 0.0,
        left_lost_s: 0.0,
        left_waited_s: 0.0,
    };

    /// What it had come to when it left the street.
    fn left(&self) -> Tally {
        Tally {
            at_s: self.left_s,
            driven_m: self.left_driven_m,
            lost_s: self.left_lost_s,
            waited_s: self.left_waited_s,
            halts: self.left_halts,
        }
    }
}

/// Tables in the making.
#[derive(Clone, Debug)]
pub(in crate::traffic) struct Recorder {
    bins: TimeBins,
    /// How many bins there are at most, if the run has an end.
    most_bins: usize,
    bin_count: usize,
    street_count: usize,
    classes: Vec<VehicleClass>,
    /// The place of each vehicle type's class among the classes.
    class_of_type: Vec<usize>,
    turns: Vec<(u32, u32)>,
    turn_of_passage: Vec<u32>,
    streets: Vec<StreetBin>,
    entered_by_class: Vec<f64>,
    turn_bins: Vec<TurnBin>,
    crossing_count: usize,
    crossing_bins: Vec<CrossingBin>,
    journeys: Vec<Journey>,
}

impl Recorder {
    /// Empty tables. `bin_s` must be positive.
    pub(in crate::traffic) fn new(
        network: &LaneNetwork,
        demand: &TrafficDemand,
        begin_s: f64,
        end_s: Option<f64>,
        bin_s: f64,
    ) -> Self {
        let bins = TimeBins { begin_s, bin_s };
        let mut classes: Vec<VehicleClass> = demand.types.iter().map(|kind| kind.class).collect();
        classes.sort_unstable();
        classes.dedup();
        let place = |class: VehicleClass| classes.iter().take_while(|&&other| other != class).count();
        let class_of_type = demand.types.iter().map(|kind| place(kind.class)).collect();
        let (turns, turn_of_passage) = turns(network);
        Self {
            bins,
            most_bins: end_s.map_or(usize::MAX, |end_s| bins.count_until(end_s)),
            bin_count: 0,
            street_count: network.streets.len(),
            classes,
            class_of_type,
            turns,
            turn_of_passage,
            streets: Vec::new(),
            entered_by_class: Vec::new(),
            turn_bins: Vec::new(),
            crossing_count: network.crossings.len(),
            crossing_bins: Vec::new(),
            journeys: vec![Journey::NOT_ON_THE_ROAD; demand.trips.len()],
        }
    }

    pub(in crate::traffic) fn bins(&self) -> TimeBins {
        self.bins
    }

    /// The bin of a time, the last one for times beyond the end; makes it and those before it.
    pub(in crate::traffic) fn bin(&mut self, time_s: f64) -> usize {
        let bin = self.bins.bin_of(time_s).min(self.most_bins - 1);
        if bin >= self.bin_count {
            self.bin_count = bin + 1;
            self.streets.resize(self.bin_count * self.street_count, StreetBin::default());
            self.entered_by_class.resize(self.bin_count * self.street_count * self.classes.len(), 0.0);
            self.turn_bins.resize(self.bin_count * self.turns.len(), TurnBin::default());
            self.crossing_bins.resize(self.bin_count * self.crossing_count, CrossingBin::default());
        }
        bin
    }

    /// The row of a crossing in a bin that has been made.
    pub(in crate::traffic) fn crossing(&mut self, bin: usize, crossing: u32) -> &mut CrossingBin {
        &mut self.crossing_bins[bin * self.crossing_count + crossing as usize]
    }

    /// The row of a street in a bin that has been made.
    pub(in crate::traffic) fn street(&mut self, bin: usize, street: u32) -> &mut StreetBin {
        &mut self.streets[bin * self.street_count + street as usize]
    }

    /// Adds what vehicles have spent on a street.
    pub(in crate::traffic) fn spend(&mut self, bin: usize, street: u32, spent: &Spent) {
        self.street(bin, street).spend(spent);
    }

    /// A trip begins.
    pub(in crate::traffic) fn depart(&mut self, bin: usize, vehicle: u32, kind: u16, street: u32, tally: Tally) {
        self.street(bin, street).departed += 1.0;
        self.come(bin, vehicle, kind, street, tally);
    }

    /// A vehicle leaves a street by a passage.
    pub(in crate::traffic) fn leave(&mut self, bin: usize, vehicle: u32, passage: u32, tally: Tally) {
        let turn = self.turn_of_passage[passage as usize];
        let journey = &mut self.journeys[vehicle as usize];
        let street = std::mem::replace(&mut journey.street, NONE);
        *journey = Journey {
            turn,
            left_halts: tally.halts,
            left_s: tally.at_s,
            left_driven_m: tally.driven_m,
            left_lost_s: tally.lost_s,
            left_waited_s: tally.waited_s,
            ..*journey
        };
        if street != NONE {
            self.street(bin, street).left += 1.0;
        }
    }

    /// A vehicle enters a street after a turn.
    pub(in crate::traffic) fn enter(&mut self, bin: usize, vehicle: u32, kind: u16, street: u32, tally: Tally) {
        let journey = &self.journeys[vehicle as usize];
        if journey.turn != NONE {
            let row = &mut self.turn_bins[bin * self.turns.len() + journey.turn as usize];
            row.vehicles += 1.0;
            row.time_s += tally.at_s - journey.entered_s;
            row.delay_s += tally.lost_s - journey.entered_lost_s;
            row.stops += f64::from(tally.halts - journey.entered_halts);
            row.spend_inside(&tally.since(&journey.left()));
        }
        self.street(bin, street).entered += 1.0;
        self.come(bin, vehicle, kind, street, tally);
    }

    fn come(&mut self, bin: usize, vehicle: u32, kind: u16, street: u32, tally: Tally) {
        let class = self.class_of_type[kind as usize];
        self.entered_by_class[(bin * self.street_count + street as usize) * self.classes.len() + class] += 1.0;
        let journey = &mut self.journeys[vehicle as usize];
        journey.street = street;
        journey.turn = NONE;
        journey.entered_halts = tally.halts;
        journey.entered_s = tally.at_s;
        journey.entered_lost_s = tally.lost_s;
    }

    /// A trip ends on the street that its vehicle is on.
    pub(in crate::traffic) fn arrive(&mut self, bin: usize, vehicle: u32) {
        let street = std::mem::replace(&mut self.journeys[vehicle as usize].street, NONE);
        if street != NONE {
            self.street(bin, street).arrived += 1.0;
        }
    }

    /// Whether a vehicle is on a street.
    pub(in crate::traffic) fn is_on_street(&self, vehicle: u32) -> bool {
        self.journeys[vehicle as usize].street != NONE
    }

    /// Whoever is inside a junction has come so far.
    pub(in crate::traffic) fn is_inside(&mut self, bin: usize, vehicle: u32, tally: Tally) {
        let journey = &self.journeys[vehicle as usize];
        if journey.turn != NONE {
            let row = &mut self.turn_bins[bin * self.turns.len() + journey.turn as usize];
            row.spend_inside(&tally.since(&journey.left()));
        }
    }

    /// The tables; none where bins have no end.
    pub(in crate::traffic) fn into_results(self) -> Option<TrafficResults> {
        self.bins.bin_s.is_finite().then_some(TrafficResults {
            bins: self.bins,
            bin_count: self.bin_count,
            street_count: self.street_count,
            knows_queues: true,
            streets: self.streets,
            classes: self.classes,
            entered_by_class: self.entered_by_class,
            turns: self.turns,
            turn_bins: self.turn_bins,
            crossing_count: self.crossing_count,
            crossing_bins: self.crossing_bins,
        })
    }
}
