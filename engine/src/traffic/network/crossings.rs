//! Where people cross streets on foot.
//!
//! A crossing is a line from kerb to kerb and its width. It crosses lanes where their middle lines cut it: on each such lane
//! lies a stretch that vehicles keep free for people, and on the crossing a stretch as wide as the lane, within which one is
//! in the way of its vehicles ([`Crossed`]). Left out: islands on which one waits between two carriageways.

use geo::Coord;

use super::rows::{CrossingRow, NetworkRows};
use super::{Lane, Span};
use crate::traffic::network::build::NetworkFault;

/// The sine of the least angle at which a crossing is thought to cut a lane.
const SINE_MIN: f64 = 0.3;

/// Who goes first at a crossing, and when one may begin to cross.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CrossingRule {
    /// People have a lamp: they begin to cross while it is green, and those who turn onto the crossing let them.
    Lamp {
        /// Row of the signal.
        signal: u32,
        /// The lamp, from 0.
        lamp: u32,
    },
    /// People have green while some lamps for vehicles are red, and as long as what is left of that is enough to cross; those
    /// who turn onto the crossing let them.
    WhileRed {
        /// Row of the signal.
        signal: u32,
        /// The lamps of the vehicles that have green when people have not, from 0; at least one.
        lamps: Vec<u32>,
    },
    /// Marked (a zebra): people go first.
    Marked,
    /// Unmarked: people wait for gaps.
    Unmarked,
}

impl CrossingRule {
    /// The signal that rules, if one does.
    #[must_use]
    pub fn signal(&self) -> Option<u32> {
        match self {
            Self::Lamp { signal, .. } | Self::WhileRed { signal, .. } => Some(*signal),
            Self::Marked | Self::Unmarked => None,
        }
    }
}

/// A place where people cross a street on foot.
#[derive(Clone, Debug)]
pub struct Crossing {
    /// From kerb to kerb, in metres.
    pub length_m: f64,
    /// Who goes first.
    pub rule: CrossingRule,
    /// The lanes that it crosses: rows of [`super::LaneNetwork::crossed`], in the order in which one who walks from its first
    /// kerb comes to them.
    pub lanes: Vec<u32>,
}

/// Where a crossing crosses a lane.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Crossed {
    /// Row of the crossing.
    pub crossing: u32,
    /// The lane.
    pub lane: u32,
    /// Where on the lane the crossing begins, in metres.
    pub enter_m: f64,
    /// Where it ends.
    pub leave_m: f64,
    /// Where on the crossing the lane begins, in metres from its first kerb.
    pub walk_from_m: f64,
    /// Where it ends.
    pub walk_to_m: f64,
}

impl Crossed {
    /// The stretch of the walk within which one is in the way, for those who come from the first kerb or from the other.
    #[must_use]
    pub fn walk_m(&self, length_m: f64, is_backward: bool) -> (f64, f64) {
        if is_backward {
            (length_m - self.walk_to_m, length_m - self.walk_from_m)
        } else {
            (self.walk_from_m, self.walk_to_m)
        }
    }
}

/// What is wrong with the crossings.
pub(super) fn faults(rows: &NetworkRows, faults: &mut Vec<NetworkFault>) {
    let missing = |name: &str, what| NetworkFault::Missing { table: "crossing", name: name.to_owned(), what };
    for crossing in &rows.crossings {
        let name = &crossing.name;
        if rows.junctions.get(crossing.junction as usize).is_none() {
            faults.push(missing(name, "junction"));
        }
        let is_number = |point: &Coord| point.x.is_finite() && point.y.is_finite();
        if crossing.shape.len() < 2 || !crossing.shape.iter().all(is_number) || length_m(&crossing.shape) <= 0.0 {
            faults.push(missing(name, "line from kerb to kerb"));
        }
        if !(crossing.width_m.is_finite() && crossing.width_m > 0.0) {
            let value = crossing.width_m;
            faults.push(NetworkFault::NotPositive { table: "crossing", name: name.clone(), what: "width", value });
        }
        let lamps: &[u32] = match &crossing.rule {
            CrossingRule::Lamp { lamp, .. } => std::slice::from_ref(lamp),
            CrossingRule::WhileRed { lamps, .. } => lamps,
            CrossingRule::Marked | CrossingRule::Unmarked => continue,
        };
        let signal = crossing.rule.signal().and_then(|signal| rows.signals.get(signal as usize));
        let Some(signal) = signal.filter(|_| !lamps.is_empty()) else {
            faults.push(missing(name, "signal"));
            continue;
        };
        let count = signal.program.lamp_count();
        if let Some(&lamp) = lamps.iter().find(|lamp| **lamp as usize >= count) {
            let (crossing, signal) = (name.clone(), signal.name.clone());
            faults.push(NetworkFault::CrossingLamp { crossing, signal, count, lamp });
        }
    }
}

/// The crossings of rows without faults, and the lanes that they cross, in the order of these.
pub(super) fn layout(
    rows: &NetworkRows,
    lanes: &[Lane],
    shape: impl Fn(u32) -> Vec<Coord>,
) -> (Vec<Crossing>, Vec<Crossed>, Vec<Span>) {
    if rows.crossings.is_empty() {
        return (Vec::new(), Vec::new(), Vec::new());
    }
    let mut of_junction: Vec<Vec<u32>> = vec![Vec::new(); rows.junctions.len()];
    for (number, lane) in (0_u32..).zip(lanes.iter()) {
        of_junction[lane.junction as usize].push(number);
        if let Some(street) = lane.street {
            of_junction[rows.streets[street as usize].from_junction as usize].push(number);
        }
    }
    let mut crossed: Vec<Crossed> = Vec::new();
    for (number, row) in (0_u32..).zip(&rows.crossings) {
        for &lane in &of_junction[row.junction as usize] {
            let lane_row = &lanes[lane as usize];
            crossed.extend(cut(row, &shape(lane), lane_row).map(|cut| Crossed { crossing: number, lane, ..cut }));
        }
    }
    crossed.sort_by(|a, b| a.lane.cmp(&b.lane).then(a.enter_m.total_cmp(&b.enter_m)).then(a.crossing.cmp(&b.crossing)));
    crossed.dedup_by_key(|row| (row.lane, row.crossing));
    let mut crossings: Vec<Crossing> = rows
        .crossings
        .iter()
        .map(|row| Crossing { length_m: length_m(&row.shape), rule: row.rule.clone(), lanes: Vec::new() })
        .collect();
    let mut spans = vec![Span::default(); lanes.len()];
    for (row, cut) in (0_u32..).zip(&crossed) {
        crossings[cut.crossing as usize].lanes.push(row);
        let span = &mut spans[cut.lane as usize];
        *span = Span { start: if span.is_empty() { row } else { span.start }, end: row + 1 };
    }
    for crossing in &mut crossings {
        crossing.lanes.sort_by(|&a, &b| {
            crossed[a as usize].walk_from_m.total_cmp(&crossed[b as usize].walk_from_m).then(a.cmp(&b))
        });
    }
    (crossings, crossed, spans)
}

/// Where a crossing cuts a lane first, if it does.
fn cut(row: &CrossingRow, line: &[Coord], lane: &Lane) -> Option<Crossed> {
    let drawn_m = length_m(line);
    let scale = if drawn_m > 0.0 { lane.length_m / drawn_m } else { 1.0 };
    let walk_m = length_m(&row.shape);
    let mut along_m = 0.0;
    for piece in line.windows(2) {
        let mut walked_m = 0.0;
        for stretch in row.shape.windows(2) {
            if let Some(meeting) = meet(piece, stretch) {
                let (at_m, walk_at_m) = ((along_m + meeting.along_m) * scale, walked_m + meeting.walked_m);
                let (half_m, half_walk_m) = (row.width_m * 0.5 / meeting.sine, lane.width_m * 0.5 / meeting.sine);
                return Some(Crossed {
                    crossing: 0,
                    lane: 0,
                    enter_m: (at_m - half_m).max(0.0),
                    leave_m: (at_m + half_m).min(lane.length_m),
                    walk_from_m: (walk_at_m - half_walk_m).max(0.0),
                    walk_to_m: (walk_at_m + half_walk_m).min(walk_m),
                });
            }
            walked_m += distance_m(stretch[0], stretch[1]);
        }
        along_m += distance_m(piece[0], piece[1]);
    }
    None
}

/// Where two straight pieces cut each other, as distances along each, and the sine of their angle.
struct Meeting {
    along_m: f64,
    walked_m: f64,
    sine: f64,
}

fn meet(piece: &[Coord], stretch: &[Coord]) -> Option<Meeting> {
    let (a, b) = (piece[1] - piece[0], stretch[1] - stretch[0]);
    let between = stretch[0] - piece[0];
    let cross = |a: Coord, b: Coord| a.x * b.y - a.y * b.x;
    let turn = cross(a, b);
    if turn == 0.0 {
        return None;
    }
    let (along, walked) = (cross(between, b) / turn, cross(between, a) / turn);
    if !(0.0..=1.0).contains(&along) || !(0.0..=1.0).contains(&walked) {
        return None;
    }
    let (piece_m, stretch_m) = (distance_m(piece[0], piece[1]), distance_m(stretch[0], stretch[1]));
    let sine = (turn.abs() / (piece_m * stretch_m)).max(SINE_MIN);
    Some(Meeting { along_m: along * piece_m, walked_m: walked * stretch_m, sine })
}

fn length_m(line: &[Coord]) -> f64 {
    line.windows(2).map(|pair| distance_m(pair[0], pair[1])).sum()
}

fn distance_m(a: Coord, b: Coord) -> f64 {
    ((a.x - b.x) * (a.x - b.x) + (a.y - b.y) * (a.y - b.y)).sqrt()
}

#[cfg(test)]
mod tests {
    use super::super::LaneNetwork;
    use super::*;
    use crate::traffic::fixtures::zebra;

    #[test]
    fn a_crossing_takes_a_stretch_of_each_lane_and_each_lane_one_of_the_crossing() {
        let network = LaneNetwork::build(&zebra().rows).unwrap();
        let crossing = &network.crossings[0];
        assert_eq!((crossing.length_m, crossing.lanes.len()), (6.4, 2));
        let rows: Vec<&Crossed> = crossing.lanes.iter().map(|&row| &network.crossed[row as usize]).collect();
        for (row, from_m) in rows.iter().zip([0.0, 3.2]) {
            assert!((row.enter_m - 3.0).abs() < 1e-9 && (row.leave_m - 7.0).abs() < 1e-9, "{row:?}");
            assert!((row.walk_from_m - from_m).abs() < 1e-9 && (row.walk_to_m - from_m - 3.2).abs() < 1e-9, "{row:?}");
            assert!(network.lanes[row.lane as usize].street.is_none());
        }
        let (from_m, to_m) = rows[1].walk_m(6.4, true);
        assert!(from_m.abs() < 1e-9 && (to_m - 3.2).abs() < 1e-9, "{from_m} to {to_m} m");
    }

    #[test]
    fn crossings_that_make_no_sense_are_told() {
        let mut plan = zebra();
        let row = plan.rows.crossings[0].clone();
        let rule = CrossingRule::Lamp { signal: 0, lamp: 0 };
        let here = row.shape[..1].to_vec();
        plan.rows.crossings.extend([
            CrossingRow { name: "a".to_owned(), junction: 9, ..row.clone() },
            CrossingRow { name: "b".to_owned(), width_m: 0.0, ..row.clone() },
            CrossingRow { name: "c".to_owned(), shape: here, ..row.clone() },
            CrossingRow { name: "d".to_owned(), rule, ..row.clone() },
            row,
        ]);
        let faults: Vec<String> = LaneNetwork::build(&plan.rows).unwrap_err().iter().map(ToString::to_string).collect();
        let expected = [
            "two crossings are called 'zebra'",
            "crossing 'a': its junction is not in the network",
            "crossing 'b': its width is 0, but must be more than 0",
            "crossing 'c': its line from kerb to kerb is not in the network",
            "crossing 'd': its signal is not in the network",
        ];
        assert_eq!(faults, expected);
    }
}
