//! From plain streets to rows: all rules in their order.

use super::super::rows::{LaneRow, MovementRow, NetworkRows, SignalRow};
use super::super::{Direction, RightOfWay};
use super::carriageways::Carriageways;
use super::crossings::crossings;
use super::fixed_time::program;
use super::movements::{Meeting, Movement, meetings, movements};
use super::plain::{Control, DeriveFault, PlainStreets};
use super::precedence::{Duty, Order};
use super::setbacks::setbacks;
use super::site::{NodeKind, Site};
use super::stages::{SignalPlan, Stage, crossed_m, intergreen_s, stages, yellow_s};
use super::{lines, pockets};

/// A left turn waits inside the junction where this much lies between the stop line and those that it waits for, in
/// metres.
const WAITING_ROOM_M: f64 = 4.0;
/// Whoever waits inside keeps this far from those that pass, in metres.
const WAITING_GAP_M: f64 = 0.5;
/// Behind the waiting place lies at least this much of the way, in metres.
const WAY_OUT_M: f64 = 1.0;
/// Streets of a ring that are shorter than the longest vehicles, in metres, need no room for all of one who enters.
const STANDING_ROOM_M: f64 = 20.0;

/// Rows made of plain streets, and what is known of them besides.
#[derive(Clone, Debug)]
pub struct DerivedNetwork {
    /// The rows. Junctions and streets have the rows of the plain ones; second parts of streets, and the places where they
    /// begin, come behind.
    pub rows: NetworkRows,
    /// For each plain street the row of its second part, with other lanes: a pocket more, an acceleration lane less, or reserved
    /// lanes that are open to whoever turns right; `None` where it has none.
    pub pockets: Vec<Option<u32>>,
    /// The signals, in the order of their rows.
    pub signal_plans: Vec<SignalPlan>,
}

impl DerivedNetwork {
    /// A way along plain streets as a way along streets of the rows: each is followed by its second part where it has one.
    #[must_use]
    pub fn route(&self, plain_streets: &[u32]) -> Vec<u32> {
        plain_streets
            .iter()
            .flat_map(|&street| std::iter::once(street).chain(self.pockets.get(street as usize).copied().flatten()))
            .collect()
    }
}

/// Derives lanes, ways through junctions, precedence and signals.
///
/// # Errors
/// Everything that is wrong with the plain streets. Names that are used twice are told by
/// [`LaneNetwork::build`](super::super::LaneNetwork::build).
pub fn derive(plain: &PlainStreets) -> Result<DerivedNetwork, Vec<DeriveFault>> {
    let faults = plain.faults();
    if !faults.is_empty() {
        return Err(faults);
    }
    let site = Site::new(plain);
    let pocket_lengths_m = pockets::lengths_m(&site);
    let mut carriageways = Carriageways::new(&site, &setbacks(&site, &pocket_lengths_m), &pocket_lengths_m);
    let mut rows = NetworkRows { movements: std::mem::take(&mut carriageways.tapers), ..NetworkRows::default() };
    let mut signal_plans = Vec::new();
    let mut faults = Vec::new();
    for junction in 0..plain.junctions.len() {
        let place = Place::new(&site, &carriageways, junction);
        let first = rows.movements.len() as u32;
        if place.control == Control::Signals && !place.movements.is_empty() {
            let plan = place.signal_plan(junction as u32, signal_plans.len() as u32, first);
            let name = &plain.junctions[junction].name;
            match program(&plan) {
                Ok(program) => rows.signals.push(SignalRow { name: name.clone(), program, responsive: None }),
                Err(fault) => faults.push(DeriveFault::Signal { name: name.clone(), fault }),
            }
            signal_plans.push(plan);
        }
        let plan = signal_plans.last().filter(|plan| plan.junction as usize == junction);
        place.append_rows(&carriageways, first, plan, &mut rows);
        rows.crossings.extend(crossings(&site, &carriageways, junction as u32, &place.movements, plan));
    }
    if !faults.is_empty() {
        return Err(faults);
    }
    let pockets =
        carriageways.last_rows.iter().zip(0..).map(|(&last, street)| (last != street).then_some(last)).collect();
    (rows.junctions, rows.streets) = (carriageways.junctions, carriageways.streets);
    Ok(DerivedNetwork { rows, pockets, signal_plans })
}

/// A junction with its movements.
struct Place<'a> {
    site: &'a Site<'a>,
    kind: NodeKind,
    control: Control,
    order: Order<'a>,
    has_pocket: Vec<u32>,
    movements: Vec<Movement>,
    meetings: Vec<Meeting>,
    duties: Vec<Duty>,
    /// Where each movement waits inside the junction, in metres behind the stop line.
    waits_at_m: Vec<Option<f64>>,
}

impl<'a> Place<'a> {
    fn new(site: &'a Site<'a>, carriageways: &Carriageways, junction: usize) -> Self {
        let movements = movements(site, carriageways, junction);
        let meetings = meetings(&movements);
        let order = Order::new(site, junction);
        let mut duties = order.duties(&movements, &meetings);
        let waits_at_m: Vec<Option<f64>> =
            (0..movements.len()).map(|number| waiting_place_m(number, &movements, &meetings, &duties)).collect();
        for (number, duty) in duties.iter_mut().enumerate().filter(|(number, _)| waits_at_m[*number].is_some()) {
            // Whoever waits inside waits for those from ahead alone: all others have red.
            let approach = movements[number].approach;
            duty.rule = RightOfWay::Yield;
            duty.yields_to
                .retain(|other| duty.waits_inside_for.contains(other) || movements[*other].approach == approach);
        }
        let has_pocket = movements
            .iter()
            .map(|movement| movement.approach)
            .filter(|&approach| carriageways.lanes_at_end(approach) > site.street(approach).lane_count)
            .collect();
        let control = site.plain.junctions[junction].control;
        Self { site, kind: site.kinds[junction], control, order, has_pocket, movements, meetings, duties, waits_at_m }
    }

    /// Whether those who turn left from a street have lanes of their own.
    fn turns_left_apart(&self, approach: u32) -> bool {
        let leads_left = |way: &Movement| matches!(way.direction, Direction::Left | Direction::Turnaround);
        let of = |is_left: bool| {
            self.movements.iter().filter(move |way| way.approach == approach && leads_left(way) == is_left)
        };
        of(true).next().is_some() && of(true).all(|left| of(false).all(|other| other.from != left.from))
    }

    /// What a signal does here, whose movements have rows from `first` on.
    fn signal_plan(&self, junction: u32, signal: u32, first: u32) -> SignalPlan {
        let has_pocket = |approach: u32| self.has_pocket.contains(&approach);
        let turns_left_apart = |approach: u32| self.turns_left_apart(approach);
        let stages = stages(self.site, &self.order, &turns_left_apart, &self.movements, &self.duties, &self.meetings);
        let crossed_m = crossed_m(self.site, junction, &has_pocket, &self.movements, &stages);
        SignalPlan {
            junction,
            signal,
            movements: (0..self.movements.len() as u32).map(|number| first + number).collect(),
            stages: stages
                .into_iter()
                .map(|stage| Stage {
                    movements: stage
                        .into_iter()
                        .map(|(number, is_permitted)| (first + number as u32, is_permitted))
                        .collect(),
                })
                .collect(),
            intergreen_s: intergreen_s(&self.movements, &self.meetings),
            yellow_s: self
                .movements
                .iter()
                .map(|movement| yellow_s(self.site.street(movement.approach).speed_limit_mps))
                .collect(),
            approaches: self.movements.iter().map(|movement| movement.approach).collect(),
            crossed_m,
        }
    }

    /// Whether nobody stands here who waits for room on a lane of that length. Rings of roundabouts have short streets, on which
    /// one comes to a stand inside the junction behind: they are kept clear by who enters leaving room in the ring.
    fn keeps_clear(&self, onto_m: f64) -> bool {
        match self.kind {
            NodeKind::Crossing => true,
            NodeKind::Ring => onto_m >= STANDING_ROOM_M,
            NodeKind::End | NodeKind::Bend | NodeKind::Change => false,
        }
    }

    fn append_rows(&self, carriageways: &Carriageways, first: u32, plan: Option<&SignalPlan>, rows: &mut NetworkRows) {
        let row = |number: usize| first + number as u32;
        let mut touches: Vec<Vec<u32>> = vec![Vec::new(); self.movements.len()];
        for meeting in &self.meetings {
            touches[meeting.first].push(row(meeting.second));
            touches[meeting.second].push(row(meeting.first));
        }
        let signal = plan.map(|plan| plan.signal);
        for (number, (movement, mut touches)) in self.movements.iter().zip(touches).enumerate() {
            let duty = &self.duties[number];
            touches.sort_unstable();
            rows.movements.push(MovementRow {
                from: movement.from,
                to: movement.to,
                direction: movement.direction,
                inside: self.inside(carriageways, number),
                rule: duty.rule,
                signal: signal.map(|signal| (signal, number as u32)),
                keep_clear: self.keeps_clear(carriageways.lane(movement.to).length_m),
                visibility_m: duty.visibility_m,
                gaps: duty.gaps,
                yields_to: duty.yields_to.iter().map(|&other| row(other)).collect(),
                touches,
            });
        }
    }

    /// The lanes inside the junction.
    fn inside(&self, carriageways: &Carriageways, number: usize) -> Vec<LaneRow> {
        let movement = &self.movements[number];
        let Some(shape) = &movement.shape else { return Vec::new() };
        let (from, to) = (carriageways.lane(movement.from), carriageways.lane(movement.to));
        let parts = match self.waits_at_m[number] {
            Some(at_m) => lines::split(shape, at_m).to_vec(),
            None => vec![shape.clone()],
        };
        parts
            .into_iter()
            .map(|shape| LaneRow {
                length_m: lines::length_m(&shape),
                speed_limit_mps: movement.speed_limit_mps,
                permissions: super::super::Permissions(from.permissions.0 & to.permissions.0 & movement.permissions.0),
                width_m: from.width_m.min(to.width_m),
                shape,
            })
            .collect()
    }
}

/// Where a movement waits inside the junction, in metres behind the stop line, if there is room.
fn waiting_place_m(number: usize, movements: &[Movement], meetings: &[Meeting], duties: &[Duty]) -> Option<f64> {
    let waits_for = &duties[number].waits_inside_for;
    let nearest_m = meetings
        .iter()
        .filter_map(|meeting| match (meeting.first, meeting.second) {
            (first, second) if first == number && waits_for.contains(&second) => Some(meeting.touch.enter_m),
            (first, second) if second == number && waits_for.contains(&first) => Some(meeting.touch.foe_enter_m),
            _ => None,
        })
        .fold(f64::INFINITY, f64::min);
    let at_m = nearest_m - WAITING_GAP_M;
    (at_m >= WAITING_ROOM_M && at_m + WAY_OUT_M <= movements[number].length_m()).then_some(at_m)
}
