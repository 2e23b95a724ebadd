//! From rows to the network.

use std::collections::HashSet;

use super::conflicts::{Line, touch};
use super::rows::{LanePlace, LaneRow, MovementRow, NetworkRows};
use super::{
    Conflict, ConflictKind, Junction, Lane, LaneNetwork, Passage, PassageKind, Precedence, RightOfWay, Signal, Span,
    StopPlace, Street,
};

/// No lane is longer, in metres: ways through junctions are walked in short steps where it is asked where they touch.
pub const LENGTH_MAX_M: f64 = 100_000.0;

/// Why rows make no network.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum NetworkFault {
    /// A row names a row that does not exist.
    #[error("{table} '{name}': its {what} is not in the network")]
    Missing {
        /// The table of the row at fault.
        table: &'static str,
        /// The row's name.
        name: String,
        /// What it names.
        what: &'static str,
    },
    /// A number is out of range.
    #[error("{table} '{name}': its {what} is {value}, but must be more than 0")]
    NotPositive {
        /// The table of the row at fault.
        table: &'static str,
        /// The row's name.
        name: String,
        /// Which number.
        what: &'static str,
        /// The number.
        value: f64,
    },
    /// A lane has no end in sight.
    #[error("{table} '{name}': a lane is {length_m} m long, but may be {LENGTH_MAX_M} m at most")]
    TooLong {
        /// The table of the row at fault.
        table: &'static str,
        /// The row's name.
        name: String,
        /// Its length in metres.
        length_m: f64,
    },
    /// A street has no lane.
    #[error("street '{name}' has no lane")]
    NoLane {
        /// The street's name.
        name: String,
    },
    /// Two rows have one name.
    #[error("two {table}s are called '{name}'")]
    Twice {
        /// The table.
        table: &'static str,
        /// The name.
        name: String,
    },
    /// A movement does not go from where a street ends to where the next begins.
    #[error("the movement from street '{from}' to '{to}': the one does not end where the other begins")]
    Apart {
        /// The street that it comes from.
        from: String,
        /// The street that it leads to.
        to: String,
    },
    /// A place to stop at does not lie on its lane.
    #[error("stop '{name}' lies from {start_m} m to {end_m} m on a lane that is {length_m} m long")]
    StopOffLane {
        /// The stop's name.
        name: String,
        /// Where it begins.
        start_m: f64,
        /// Where it ends.
        end_m: f64,
        /// The lane's length.
        length_m: f64,
    },
    /// A signal has fewer lamps than a movement needs.
    #[error(
        "signal '{signal}' has {count} lamps, but the movement from street '{from}' to '{to}' obeys lamp {lamp}, counted from 0"
    )]
    Lamp {
        /// The signal's name.
        signal: String,
        /// How many lamps it has.
        count: usize,
        /// The street that the movement comes from.
        from: String,
        /// The street that it leads to.
        to: String,
        /// The lamp.
        lamp: u32,
    },
    /// A control rules another number of lamps than its signal has.
    #[error("signal '{signal}' has {expected} lamps, but its control that follows traffic rules {count}")]
    ControlLamps {
        /// The signal's name.
        signal: String,
        /// How many lamps the control rules.
        count: usize,
        /// How many the signal has.
        expected: usize,
    },
    /// A control looks at more than it is given.
    #[error("signal '{signal}': its control looks at {needed} {what}, but {given} are given")]
    Unseen {
        /// The signal's name.
        signal: String,
        /// What it looks at.
        what: &'static str,
        /// How many it looks at.
        needed: usize,
        /// How many there are.
        given: usize,
    },
    /// A detector is nowhere.
    #[error(
        "signal '{signal}', detector {number}: it lies {before_m} m before the stop line and counts from {range_m} m on; give distances of 0 m or more"
    )]
    Detector {
        /// The signal's name.
        signal: String,
        /// Number of the detector, from 1.
        number: usize,
        /// How far before the stop line it lies.
        before_m: f64,
        /// From how far on it counts.
        range_m: f64,
    },
    /// A signal has fewer lamps than a crossing needs.
    #[error("signal '{signal}' has {count} lamps, but crossing '{crossing}' obeys lamp {lamp}, counted from 0")]
    CrossingLamp {
        /// The crossing's name.
        crossing: String,
        /// The signal's name.
        signal: String,
        /// How many lamps it has.
        count: usize,
        /// The lamp.
        lamp: u32,
    },
    /// There is more of something than can be numbered.
    #[error("the network has more {what} than can be numbered")]
    TooMany {
        /// Of what.
        what: &'static str,
    },
}

impl LaneNetwork {
    /// Lays out the network; tells everything that is wrong with the rows.
    ///
    /// # Errors
    /// Where the rows make no network.
    pub fn build(rows: &NetworkRows) -> Result<Self, Vec<NetworkFault>> {
        let faults = faults(rows);
        if !faults.is_empty() {
            return Err(faults);
        }
        let lane_count = rows.streets.iter().map(|street| street.lanes.len()).sum::<usize>()
            + rows.movements.iter().map(|movement| movement.inside.len()).sum::<usize>();
        if u32::try_from(lane_count).is_err() || u32::try_from(rows.movements.len() * 3).is_err() {
            return Err(vec![NetworkFault::TooMany { what: "lanes" }]);
        }
        let mut layout = Layout::default();
        layout.streets(rows);
        layout.inside(rows);
        layout.passages(rows);
        layout.yields(rows);
        layout.conflicts(rows);
        Ok(layout.network(rows))
    }
}

/// What is wrong with the rows.
fn faults(rows: &NetworkRows) -> Vec<NetworkFault> {
    let mut faults = Vec::new();
    twice("junction", rows.junctions.iter().map(|row| &row.name), &mut faults);
    twice("street", rows.streets.iter().map(|row| &row.name), &mut faults);
    twice("signal", rows.signals.iter().map(|row| &row.name), &mut faults);
    twice("stop", rows.stop_places.iter().map(|row| &row.name), &mut faults);
    twice("crossing", rows.crossings.iter().map(|row| &row.name), &mut faults);
    let missing = |table, name: &str, what| NetworkFault::Missing { table, name: name.to_owned(), what };
    for street in &rows.streets {
        if rows.junctions.get(street.from_junction as usize).is_none() {
            faults.push(missing("street", &street.name, "first junction"));
        }
        if rows.junctions.get(street.to_junction as usize).is_none() {
            faults.push(missing("street", &street.name, "last junction"));
        }
        if street.lanes.is_empty() {
            faults.push(NetworkFault::NoLane { name: street.name.clone() });
        }
        for lane in &street.lanes {
            lane_faults("street", &street.name, lane, &mut faults);
        }
    }
    let lane = |place: LanePlace| {
        rows.streets.get(place.street as usize).and_then(|street| street.lanes.get(place.lane as usize))
    };
    for movement in &rows.movements {
        let name = movement_name(rows, movement);
        if lane(movement.from).is_none() {
            faults.push(missing("movement", &name, "first lane"));
            continue;
        }
        if lane(movement.to).is_none() {
            faults.push(missing("movement", &name, "last lane"));
            continue;
        }
        let (from, to) = (&rows.streets[movement.from.street as usize], &rows.streets[movement.to.street as usize]);
        if from.to_junction != to.from_junction {
            faults.push(NetworkFault::Apart { from: from.name.clone(), to: to.name.clone() });
        }
        for inside in &movement.inside {
            lane_faults("movement", &name, inside, &mut faults);
        }
        for &other in movement.yields_to.iter().chain(&movement.touches) {
            if rows.movements.get(other as usize).is_none() {
                faults.push(missing("movement", &name, "other movement"));
            }
        }
        if let Some((signal, lamp)) = movement.signal {
            match rows.signals.get(signal as usize) {
                None => faults.push(missing("movement", &name, "signal")),
                Some(row) if lamp as usize >= row.program.lamp_count() => faults.push(NetworkFault::Lamp {
                    signal: row.name.clone(),
                    count: row.program.lamp_count(),
                    from: from.name.clone(),
                    to: to.name.clone(),
                    lamp,
                }),
                Some(_) => {}
            }
        }
    }
    super::responsive::faults(rows, &mut faults);
    super::crossings::faults(rows, &mut faults);
    for stop in &rows.stop_places {
        let Some(lane) = lane(stop.lane) else {
            faults.push(missing("stop", &stop.name, "lane"));
            continue;
        };
        let fits = stop.start_m >= 0.0 && stop.start_m < stop.end_m && stop.end_m <= lane.length_m + 0.1;
        if !fits {
            faults.push(NetworkFault::StopOffLane {
                name: stop.name.clone(),
                start_m: stop.start_m,
                end_m: stop.end_m,
                length_m: lane.length_m,
            });
        }
    }
    faults
}

fn twice<'a>(table: &'static str, names: impl Iterator<Item = &'a String>, faults: &mut Vec<NetworkFault>) {
    let mut seen = HashSet::new();
    faults
        .extend(names.filter(|name| !seen.insert(*name)).map(|name| NetworkFault::Twice { table, name: name.clone() }));
}

fn lane_faults(table: &'static str, name: &str, lane: &LaneRow, faults: &mut Vec<NetworkFault>) {
    let numbers = [("length", lane.length_m), ("speed limit", lane.speed_limit_mps), ("width", lane.width_m)];
    for (what, value) in numbers {
        if !(value.is_finite() && value > 0.0) {
            faults.push(NetworkFault::NotPositive { table, name: name.to_owned(), what, value });
        }
    }
    if lane.length_m > LENGTH_MAX_M {
        faults.push(NetworkFault::TooLong { table, name: name.to_owned(), length_m: lane.length_m });
    }
    if lane.shape.len() < 2 || lane.shape.iter().any(|point| !(point.x.is_finite() && point.y.is_finite())) {
        faults.push(NetworkFault::Missing { table, name: name.to_owned(), what: "shape of two points or more" });
    }
}

fn movement_name(rows: &NetworkRows, movement: &MovementRow) -> String {
    let name = |street: u32| rows.streets.get(street as usize).map_or("?", |street| street.name.as_str());
    format!("{} to {}", name(movement.from.street), name(movement.to.street))
}

/// How far before its end a lane on which one waits inside a junction is the place to wait, in metres.
const WAITING_PLACE_M: f64 = 1.0;

/// The network while it is being laid out.
#[derive(Default)]
pub(super) struct Layout {
    streets: Vec<Street>,
    pub(super) lanes: Vec<Lane>,
    shapes: Vec<Span>,
    points: Vec<geo::Coord>,
    before: Vec<u32>,
    street_lane_count: u32,
    /// First inside lane of each movement.
    first_inside: Vec<u32>,
    pub(super) passages: Vec<Passage>,
    /// The passage of each movement at which it gives way.
    gates: Vec<u32>,
    yields: Vec<u32>,
    conflicts: Vec<Conflict>,
}

impl Layout {
    fn lane(&mut self, row: &LaneRow, street: Option<u32>, junction: u32) -> u32 {
        let number = index(self.lanes.len());
        self.lanes.push(Lane {
            length_m: row.length_m,
            speed_limit_mps: row.speed_limit_mps,
            permissions: row.permissions,
            width_m: row.width_m,
            street,
            junction,
            conflicts: Span::default(),
            passages: Span::default(),
        });
        let start = index(self.points.len());
        self.points.extend_from_slice(&row.shape);
        self.shapes.push(Span { start, end: index(self.points.len()) });
        self.before.push(u32::MAX);
        number
    }

    fn streets(&mut self, rows: &NetworkRows) {
        for (number, street) in rows.streets.iter().enumerate() {
            let first_lane = index(self.lanes.len());
            for lane in &street.lanes {
                self.lane(lane, Some(index(number)), street.to_junction);
            }
            self.streets.push(Street {
                first_lane,
                lane_count: index(street.lanes.len()),
                from_junction: street.from_junction,
                to_junction: street.to_junction,
                is_roundabout: street.is_roundabout,
            });
        }
        self.street_lane_count = index(self.lanes.len());
    }

    pub(super) fn street_lane(&self, place: LanePlace) -> u32 {
        self.streets[place.street as usize].first_lane + place.lane
    }

    fn inside(&mut self, rows: &NetworkRows) {
        for movement in &rows.movements {
            let junction = rows.streets[movement.from.street as usize].to_junction;
            self.first_inside.push(index(self.lanes.len()));
            let mut before = self.street_lane(movement.from);
            for lane in &movement.inside {
                let number = self.lane(lane, None, junction);
                self.before[number as usize] = before;
                before = number;
            }
        }
    }

    fn passages(&mut self, rows: &NetworkRows) {
        // In the order of the lane that is left; those of one lane in the order of the movements.
        let mut steps: Vec<(u32, u32, usize, u32)> = Vec::new();
        for (number, movement) in rows.movements.iter().enumerate() {
            let mut from = self.street_lane(movement.from);
            for (stage, _) in movement.inside.iter().enumerate() {
                let to = self.first_inside[number] + index(stage);
                steps.push((from, index(number), stage, to));
                from = to;
            }
            steps.push((from, index(number), movement.inside.len(), self.street_lane(movement.to)));
        }
        steps.sort_unstable();
        self.gates = vec![u32::MAX; rows.movements.len()];
        for (from_lane, number, stage, to_lane) in steps {
            let movement = &rows.movements[number as usize];
            let kind = match (stage, movement.inside.len()) {
                (0, 0) => PassageKind::Direct,
                (0, _) => PassageKind::Entry,
                (stage, count) if stage < count => PassageKind::Inner,
                _ => PassageKind::Exit,
            };
            let row = index(self.passages.len());
            let waits_inside = kind == PassageKind::Entry && movement.inside.len() > 1;
            let gives_way = matches!(kind, PassageKind::Direct | PassageKind::Inner)
                || (kind == PassageKind::Entry && !waits_inside);
            if gives_way {
                self.gates[number as usize] = row;
            }
            self.passages.push(Passage {
                from_lane,
                to_lane,
                exit_lane: self.street_lane(movement.to),
                exit_street: movement.to.street,
                kind,
                direction: movement.direction,
                rule: if kind == PassageKind::Exit { RightOfWay::Priority } else { movement.rule },
                waits_inside,
                signal: if kind == PassageKind::Exit { None } else { movement.signal },
                keep_clear: movement.keep_clear && matches!(kind, PassageKind::Entry | PassageKind::Direct),
                visibility_m: movement.visibility_m,
                gaps: movement.gaps.filter(|_| gives_way),
                inside_length_m: movement.inside.iter().skip(stage).map(|lane| lane.length_m).sum(),
                yields: Span::default(),
                is_watched: false,
            });
            let lane = &mut self.lanes[from_lane as usize].passages;
            if lane.is_empty() {
                *lane = Span { start: row, end: row + 1 };
            } else {
                lane.end = row + 1;
            }
        }
    }

    fn yields(&mut self, rows: &NetworkRows) {
        for (number, movement) in rows.movements.iter().enumerate() {
            let start = index(self.yields.len());
            for &other in &movement.yields_to {
                let gate = self.gates[other as usize];
                self.passages[gate as usize].is_watched = true;
                self.yields.push(gate);
            }
            let gate = self.gates[number] as usize;
            self.passages[gate].yields = Span { start, end: index(self.yields.len()) };
        }
    }

    fn conflicts(&mut self, rows: &NetworkRows) {
        // Who touches whom, both ways; ways out of one lane and into one lane touch whatever the rows say.
        let mut pairs: Vec<(u32, u32)> = Vec::new();
        let mut by_source: Vec<Vec<u32>> = vec![Vec::new(); self.lanes.len()];
        let mut by_target: Vec<Vec<u32>> = vec![Vec::new(); self.lanes.len()];
        for (number, movement) in rows.movements.iter().enumerate() {
            let number = index(number);
            let together = [
                &mut by_source[self.street_lane(movement.from) as usize],
                &mut by_target[self.street_lane(movement.to) as usize],
            ];
            for group in together {
                pairs.extend(group.iter().flat_map(|&other| [(number, other), (other, number)]));
                group.push(number);
            }
            pairs.extend(movement.touches.iter().flat_map(|&other| [(number, other), (other, number)]));
        }
        pairs.sort_unstable();
        pairs.dedup();
        let lines: Vec<Line> = (self.street_lane_count..index(self.lanes.len()))
            .map(|lane| Line::new(&self.points[self.shapes[lane as usize].range()], self.lanes[lane as usize].length_m))
            .collect();
        let mut found: Vec<(u32, Conflict)> = Vec::new();
        for (number, other) in pairs {
            let (movement, foe) = (&rows.movements[number as usize], &rows.movements[other as usize]);
            if number == other {
                continue;
            }
            let precedence = match (movement.yields_to.contains(&other), foe.yields_to.contains(&number)) {
                (true, false) => Precedence::Foe,
                (false, true) => Precedence::Own,
                _ => Precedence::Neither,
            };
            for stage in 0..movement.inside.len() {
                for foe_stage in 0..foe.inside.len() {
                    let is_last = stage + 1 == movement.inside.len() && foe_stage + 1 == foe.inside.len();
                    let kind = if movement.from == foe.from && stage == 0 && foe_stage == 0 {
                        ConflictKind::Diverge
                    } else if movement.to == foe.to && is_last {
                        ConflictKind::Merge
                    } else {
                        ConflictKind::Cross
                    };
                    let lane = self.first_inside[number as usize] + index(stage);
                    let foe_lane = self.first_inside[other as usize] + index(foe_stage);
                    let line = &lines[(lane - self.street_lane_count) as usize];
                    let foe_line = &lines[(foe_lane - self.street_lane_count) as usize];
                    let touch = touch(kind, line, foe_line).filter(|touch| {
                        // Whoever waits inside stands where the others can pass, whatever the middle lines say.
                        let waits = stage + 1 < movement.inside.len()
                            && touch.leave_m > movement.inside[stage].length_m - WAITING_PLACE_M;
                        let foe_waits = foe_stage + 1 < foe.inside.len()
                            && touch.foe_leave_m > foe.inside[foe_stage].length_m - WAITING_PLACE_M;
                        kind == ConflictKind::Diverge || !(waits || foe_waits)
                    });
                    if let Some(touch) = touch {
                        found.push((
                            lane,
                            Conflict {
                                foe_lane,
                                kind,
                                enter_m: touch.enter_m,
                                leave_m: touch.leave_m,
                                foe_enter_m: touch.foe_enter_m,
                                foe_leave_m: touch.foe_leave_m,
                                precedence,
                            },
                        ));
                    }
                }
            }
        }
        found.sort_by_key(|(lane, conflict)| (*lane, conflict.foe_lane));
        for (lane, conflict) in found {
            let row = index(self.conflicts.len());
            let span = &mut self.lanes[lane as usize].conflicts;
            if span.is_empty() {
                *span = Span { start: row, end: row + 1 };
            } else {
                span.end = row + 1;
            }
            self.conflicts.push(conflict);
        }
    }

    fn network(self, rows: &NetworkRows) -> LaneNetwork {
        let (shapes, points) = (&self.shapes, &self.points);
        let shape = |lane: u32| points[shapes[lane as usize].range()].to_vec();
        let (crossings, crossed, crossed_rows) = super::crossings::layout(rows, &self.lanes, shape);
        let stop_places = rows
            .stop_places
            .iter()
            .map(|stop| StopPlace { lane: self.street_lane(stop.lane), start_m: stop.start_m, end_m: stop.end_m })
            .collect();
        let responsive = super::responsive::layouts(rows, &self);
        let signals = rows.signals.iter().zip(responsive);
        LaneNetwork {
            streets: self.streets,
            lanes: self.lanes,
            passages: self.passages,
            yields: self.yields,
            conflicts: self.conflicts,
            crossings,
            crossed,
            crossed_rows,
            junctions: rows.junctions.iter().map(|row| Junction { place: row.place }).collect(),
            signals: signals.map(|(row, responsive)| Signal { program: row.program.clone(), responsive }).collect(),
            stop_places,
            shapes: self.shapes,
            points: self.points,
            before: self.before,
            street_lane_count: self.street_lane_count,
        }
    }
}

/// A number of a row. That there are not too many was checked first.
fn index(number: usize) -> u32 {
    number as u32
}
