//! Small networks and vehicles for tests.

use geo::Coord;

use super::car_following::Model;
use super::demand::{
    DepartLane, DepartPosition, DepartSpeed, LaneChanging, LaneSharing, Route, RouteChoice, SpeedFactor, TrafficDemand,
    Trip, VehicleMix, VehicleType,
};
use super::network::derive::{
    Control, ControlChoice, ControlKind, DerivedNetwork, GreenLimits, LOOSE_END_MAX_M, PlainJunction, PlainStreet,
    PlainStreets, derive,
};
use super::network::rows::{
    CrossingRow, JunctionRow, LanePlace, LaneRow, MovementRow, NetworkRows, SignalRow, StreetRow,
};
use super::network::{CrossingRule, Direction, Permissions, RightOfWay, Span};
use crate::draws::{Draws, Purpose};
use crate::signals::control::{BusPriority, Gaps};
use crate::signals::{Lamp, Phase, Program};
use crate::vehicles::VehicleClass;

/// SUMO's default passenger car: 5 m, 2.5 m gap, 2.6 and 4.5 m/s².
pub(crate) fn car(model: Model) -> VehicleType {
    VehicleType {
        name: "car".to_owned(),
        class: VehicleClass::OtherCar,
        permission: Some(0),
        length_m: 5.0,
        width_m: 1.8,
        min_gap_m: 2.5,
        max_speed_mps: 55.55,
        acceleration_mps2: 2.6,
        deceleration_mps2: 4.5,
        emergency_deceleration_mps2: 9.0,
        model,
        speed_factor: SpeedFactor { mean: 1.0, deviation: 0.0, low: 0.2, high: 2.0 },
        impatience: 0.0,
        lane_changing: LaneChanging::default(),
        lane_sharing: LaneSharing::None,
    }
}

pub(crate) const fn krauss(imperfection: f64) -> Model {
    Model::Krauss { imperfection, headway_s: 1.0 }
}

/// Saturation flows of SUMO 1.28 at 13.89 m/s and steps of 0.5 s, in vehicles an hour from the fifth to the thirtieth: for
/// drivers who all want the speed limit, and for drivers whose wishes differ as is SUMO's default.
pub(crate) const SATURATION_FLOWS_VPH: [(Model, f64, f64); 4] = [
    (krauss(0.0), 2318.0, 2106.0),
    (krauss(0.5), 2174.0, 1989.0),
    (Model::Idm { headway_s: 1.0, exponent: 4.0 }, 1839.0, 1836.0),
    (Model::Idm { headway_s: 1.5, exponent: 4.0 }, 1451.0, 1431.0),
];

/// A car of that model whose drivers' wishes differ.
pub(crate) fn car_of_many(model: Model) -> VehicleType {
    let speed_factor = SpeedFactor { deviation: 0.1, ..car(model).speed_factor };
    VehicleType { speed_factor, ..car(model) }
}

/// Builds networks from points and streets between them.
#[derive(Default)]
pub(crate) struct Plan {
    pub(crate) rows: NetworkRows,
}

impl Plan {
    pub(crate) fn junction(&mut self, x: f64, y: f64) -> u32 {
        let number = self.rows.junctions.len() as u32;
        self.rows.junctions.push(JunctionRow { name: format!("j{number}"), place: Coord { x, y } });
        number
    }

    /// A street between two junctions, `setback_m` short of each.
    pub(crate) fn street(&mut self, from: u32, to: u32, lanes: u32, speed_limit_mps: f64, setback_m: f64) -> u32 {
        let number = self.rows.streets.len() as u32;
        let (a, b) = (self.rows.junctions[from as usize].place, self.rows.junctions[to as usize].place);
        let way = ((b.x - a.x) * (b.x - a.x) + (b.y - a.y) * (b.y - a.y)).sqrt();
        let (x, y) = ((b.x - a.x) / way, (b.y - a.y) / way);
        let lanes = (0..lanes)
            .map(|lane| {
                // Right of the middle line; lane 0 is the rightmost.
                let aside = 1.6 + 3.2 * f64::from(lanes - 1 - lane);
                let at = |along: f64| Coord { x: a.x + x * along + y * aside, y: a.y + y * along - x * aside };
                LaneRow {
                    length_m: way - 2.0 * setback_m,
                    speed_limit_mps,
                    permissions: Permissions::ALL,
                    width_m: 3.2,
                    shape: vec![at(setback_m), at(way - setback_m)],
                }
            })
            .collect();
        self.rows.streets.push(StreetRow {
            name: format!("s{number}"),
            from_junction: from,
            to_junction: to,
            is_roundabout: false,
            lanes,
        });
        number
    }

    /// A movement from lane to lane, straight across the junction.
    pub(crate) fn movement(&mut self, from: (u32, u32), to: (u32, u32), rule: RightOfWay) -> u32 {
        let number = self.rows.movements.len() as u32;
        let lane = |(street, lane): (u32, u32)| &self.rows.streets[street as usize].lanes[lane as usize];
        let (a, b) = (lane(from).shape[1], lane(to).shape[0]);
        let length_m = ((b.x - a.x) * (b.x - a.x) + (b.y - a.y) * (b.y - a.y)).sqrt();
        let speed_limit_mps = lane(from).speed_limit_mps.min(lane(to).speed_limit_mps);
        let inside = if length_m > 0.0 {
            vec![LaneRow { length_m, speed_limit_mps, permissions: Permissions::ALL, width_m: 3.2, shape: vec![a, b] }]
        } else {
            Vec::new()
        };
        self.rows.movements.push(MovementRow {
            from: LanePlace { street: from.0, lane: from.1 },
            to: LanePlace { street: to.0, lane: to.1 },
            direction: Direction::Straight,
            inside,
            rule,
            signal: None,
            keep_clear: true,
            visibility_m: 4.5,
            gaps: None,
            yields_to: Vec::new(),
            touches: Vec::new(),
        });
        number
    }

    pub(crate) fn signal(&mut self, program: Program, movements: &[u32]) {
        let signal = self.rows.signals.len() as u32;
        self.rows.signals.push(SignalRow { name: format!("t{signal}"), program, responsive: None });
        for (lamp, &movement) in movements.iter().enumerate() {
            self.rows.movements[movement as usize].signal = Some((signal, lamp as u32));
        }
    }
}

/// A street to the east with two lanes of 3.2 m, and a zebra of 4 m across it, from the south.
pub(crate) fn zebra() -> Plan {
    let mut plan = Plan::default();
    let places: Vec<u32> = [0.0, 300.0, 600.0].map(|x| plan.junction(x, 0.0)).to_vec();
    let streets = [plan.street(places[0], places[1], 2, 13.89, 5.0), plan.street(places[1], places[2], 2, 13.89, 5.0)];
    for lane in 0..2 {
        plan.movement((streets[0], lane), (streets[1], lane), RightOfWay::Priority);
    }
    plan.rows.crossings.push(CrossingRow {
        name: "zebra".to_owned(),
        junction: places[1],
        shape: vec![Coord { x: 300.0, y: -6.4 }, Coord { x: 300.0, y: 0.0 }],
        width_m: 4.0,
        rule: CrossingRule::Marked,
    });
    plan
}

/// Trips of one type: when they depart, and the streets of their routes.
pub(crate) fn demand(kind: VehicleType, trips: &[(f64, Vec<u32>)]) -> TrafficDemand {
    let mut demand = TrafficDemand {
        types: vec![kind],
        mixes: vec![VehicleMix { types: vec![(0, 1.0)] }],
        ..TrafficDemand::default()
    };
    for (number, (depart_s, streets)) in trips.iter().enumerate() {
        let route = Route { streets: streets.clone() };
        let row = demand.routes.iter().position(|known| *known == route).unwrap_or_else(|| {
            demand.routes.push(route);
            demand.route_choices.push(RouteChoice { routes: vec![(demand.routes.len() as u32 - 1, 1.0)] });
            demand.routes.len() - 1
        });
        demand.trips.push(Trip {
            draw_key: None,
            name: format!("v{number}"),
            mix: 0,
            route_choice: row as u32,
            depart_s: *depart_s,
            depart_lane: DepartLane::Best,
            depart_position: DepartPosition::Base,
            depart_speed: DepartSpeed::Max,
            arrival_position_m: None,
            stops: Span::default(),
        });
    }
    demand
}

/// Builds plain streets from points and roads between them.
#[derive(Default)]
pub(crate) struct PlainPlan {
    pub(crate) plain: PlainStreets,
}

impl PlainPlan {
    pub(crate) fn junction(&mut self, x: f64, y: f64, control: Control) -> u32 {
        let number = self.plain.junctions.len() as u32;
        self.plain.junctions.push(PlainJunction {
            name: format!("j{number}"),
            place: Coord { x, y },
            reach_m: LOOSE_END_MAX_M,
            control,
        });
        number
    }

    /// A straight street in one direction.
    pub(crate) fn one_way(&mut self, from: u32, to: u32, lane_count: u32, rank: u8) -> u32 {
        let number = self.plain.streets.len() as u32;
        let place = |junction: u32| {
            self.plain.junctions.get(junction as usize).map_or(Coord::zero(), |junction| junction.place)
        };
        self.plain.streets.push(PlainStreet {
            name: format!("s{number}"),
            road_name: None,
            from_junction: from,
            to_junction: to,
            line: vec![place(from), place(to)],
            partner: None,
            lane_count,
            lane_width_m: 3.2,
            speed_limit_mps: 13.89,
            permissions: Permissions::ALL,
            reserved: Vec::new(),
            rank,
            is_roundabout: false,
        });
        number
    }

    /// A straight road in both directions: the row of the street from `from` to `to`; that of the other follows.
    pub(crate) fn two_way(&mut self, from: u32, to: u32, lane_count: u32, rank: u8) -> u32 {
        let there = self.one_way(from, to, lane_count, rank);
        let back = self.one_way(to, from, lane_count, rank);
        self.plain.streets[there as usize].partner = Some(back);
        self.plain.streets[back as usize].partner = Some(there);
        there
    }

    /// A roundabout about a place, with a road of `arm_m` beyond the ring in each direction; angles in radians, lanes of the
    /// ring and of each direction of the roads.
    pub(crate) fn roundabout(
        &mut self,
        radius_m: f64,
        arm_m: f64,
        angles: &[f64],
        (ring_lanes, arm_lanes): (u32, u32),
    ) {
        let at = |angle: f64, radius_m: f64| (radius_m * libm::cos(angle), radius_m * libm::sin(angle));
        let ring: Vec<u32> = angles
            .iter()
            .map(|&angle| {
                let (x, y) = at(angle, radius_m);
                self.junction(x, y, Control::Signs)
            })
            .collect();
        for (index, &angle) in angles.iter().enumerate() {
            let next = (index + 1) % angles.len();
            let full = 2.0 * std::f64::consts::PI;
            let turn = (angles[next] - angle + full) % full;
            let street = self.one_way(ring[index], ring[next], ring_lanes, 3);
            let arc = (0..=12).map(|part| {
                let (x, y) = at(angle + turn * f64::from(part) / 12.0, radius_m);
                Coord { x, y }
            });
            let street = &mut self.plain.streets[street as usize];
            street.line = arc.collect();
            street.is_roundabout = true;
            street.lane_width_m = 4.0;
        }
        for (&junction, &angle) in ring.iter().zip(angles) {
            let (x, y) = at(angle, radius_m + arm_m);
            let end = self.junction(x, y, Control::Signs);
            self.two_way(end, junction, arm_lanes, 3);
        }
    }
}

/// A grid of roads in both directions, of rank 3, regulated as `control` says of each column and row.
pub(crate) fn grid(
    columns: u32,
    rows: u32,
    spacing_m: f64,
    lanes: u32,
    control: impl Fn(u32, u32) -> Control,
) -> PlainStreets {
    let mut plan = PlainPlan::default();
    for row in 0..rows {
        for column in 0..columns {
            plan.junction(f64::from(column) * spacing_m, f64::from(row) * spacing_m, control(column, row));
        }
    }
    for row in 0..rows {
        for column in 0..columns {
            let here = row * columns + column;
            if column + 1 < columns {
                plan.two_way(here, here + 1, lanes, 3);
            }
            if row + 1 < rows {
                plan.two_way(here, here + columns, lanes, 3);
            }
        }
    }
    plan.plain
}

/// A crossing of four roads with a signal: streets 0, 2, 4 and 6 lead to it from the east, north, west and south, the next
/// number of each leads back. Each has its length.
pub(crate) fn cross(arm_m: f64, lanes: u32) -> PlainStreets {
    let mut plan = PlainPlan::default();
    let middle = plan.junction(0.0, 0.0, Control::Signals);
    for (x, y) in [(arm_m, 0.0), (0.0, arm_m), (-arm_m, 0.0), (0.0, -arm_m)] {
        let end = plan.junction(x, y, Control::Signs);
        plan.two_way(end, middle, lanes, 3);
    }
    plan.plain
}

/// Kinds of control that tests try, with names to tell them by.
pub(crate) const CONTROLS: [&str; 3] = ["fixed", "actuated", "max pressure"];

/// One of [`CONTROLS`] for a signal of so many stages: greens of 20 s, or of 5 to 40 s.
pub(crate) fn control_choice(control: &str, stages: usize, bus_priority: bool) -> ControlChoice {
    let greens_max_s = vec![40.0; stages];
    let kind = match control {
        "fixed" => ControlKind::Fixed { greens_s: vec![20.0; stages], offset_s: 0.0 },
        "actuated" => ControlKind::Actuated { greens_max_s, gaps: Gaps::default() },
        _ => ControlKind::MaxPressure { greens_max_s, red_max_s: 120.0, decision_s: 2.0 },
    };
    let priority = BusPriority { extension_max_s: 15.0, cut_max_s: 15.0, horizon_s: 30.0, pause_s: 20.0 };
    ControlChoice { kind, bus_priority: bus_priority.then_some(priority) }
}

/// The network of plain streets whose signals all have one kind of control.
pub(crate) fn controlled(plain: &PlainStreets, control: &str, bus_priority: bool) -> DerivedNetwork {
    let mut derived = derive(plain).unwrap();
    let limits = GreenLimits { green_min_s: 5.0, walking: None };
    let signals: Vec<(u32, usize)> =
        derived.signal_plans.iter().map(|plan| (plan.junction, plan.stages.len())).collect();
    for (junction, stages) in signals {
        derived.set_control(junction, &control_choice(control, stages, bus_priority), &limits).unwrap();
    }
    derived
}

/// Two movements of a signal that touch and have green together although neither gives way to the other by its lamp.
pub(crate) fn conflicting_greens<'a>(
    derived: &DerivedNetwork,
    lamps: impl Fn(u32) -> &'a [Lamp],
) -> Option<(u32, u32)> {
    let movements = &derived.rows.movements;
    let shown = |row: u32| movements[row as usize].signal.map(|(signal, lamp)| lamps(signal)[lamp as usize]);
    derived.signal_plans.iter().flat_map(|plan| &plan.movements).find_map(|&row| {
        let own = shown(row)?;
        let is_in_conflict = |&&other: &&u32| {
            let yields = |a: u32, b: u32| movements[a as usize].yields_to.contains(&b);
            let same_street = movements[row as usize].from.street == movements[other as usize].from.street;
            let gives_way = |lamp: Lamp, a: u32, b: u32| lamp == Lamp::GreenYield && yields(a, b);
            shown(other).is_some_and(|foe| {
                let both = own.is_green() && foe.is_green();
                both && !same_street && !gives_way(own, row, other) && !gives_way(foe, other, row)
            })
        };
        movements[row as usize].touches.iter().find(is_in_conflict).map(|&other| (row, other))
    })
}

/// A random town: a grid bent out of shape, of which some streets are missing, with diagonals, one-way streets, 1 to 3
/// lanes, all ranks, bent streets, some very short ones, banned turns, reserved lanes, and all kinds of control.
pub(crate) fn random_town(columns: u32, rows: u32, seed: u64) -> PlainStreets {
    let draws = Draws::new(seed);
    let mut numbers = draws.sequence(Purpose::new("random town"), 0);
    let mut below = |count: u32| (numbers.uniform() * f64::from(count)) as u32;
    let controls = [Control::Signs, Control::Signs, Control::RightBeforeLeft, Control::AllWayStop, Control::Signals];
    let mut plan = PlainPlan::default();
    let spacing_m = [20.0, 60.0, 200.0][below(3) as usize];
    for row in 0..rows {
        for column in 0..columns {
            let aside = |cell: u32, random: u32| spacing_m * (f64::from(cell) + f64::from(random) / 1000.0 - 0.4);
            let (x, y) = (aside(column, below(800)), aside(row, below(800)));
            plan.junction(x, y, controls[below(5) as usize]);
        }
    }
    for row in 0..rows {
        for column in 0..columns {
            let here = row * columns + column;
            let mut ends = Vec::new();
            if column + 1 < columns {
                ends.push(here + 1);
            }
            if row + 1 < rows {
                ends.push(here + columns);
            }
            if column + 1 < columns && row + 1 < rows && below(5) == 0 {
                ends.push(here + columns + 1);
            }
            for end in ends {
                let (kind, lanes, rank) = (below(10), 1 + below(3), below(8) as u8);
                let street = match kind {
                    0 => continue,
                    1 | 2 => plan.one_way(here, end, lanes, rank),
                    3 => plan.one_way(end, here, lanes, rank),
                    _ => plan.two_way(here, end, lanes, rank),
                };
                if kind == 4 {
                    plan.plain.streets[street as usize + 1].lane_count = 1 + below(3);
                }
                if below(4) == 0 {
                    bend(&mut plan.plain, street, f64::from(below(100)) / 100.0 - 0.5);
                }
            }
        }
    }
    let mut numbers_of_reserved = draws.sequence(Purpose::new("reserved lanes"), 0);
    for street in &mut plan.plain.streets {
        let number = numbers_of_reserved.uniform();
        if number < 0.25 {
            reserve(street, if number < 0.1 { 2 } else { 1 });
        }
    }
    let streets = plan.plain.streets.len() as u32;
    for _ in 0..below(6) {
        let (from, to) = (below(streets.max(1)), below(streets.max(1)));
        let meets = |(from, to): (u32, u32)| {
            let street = |row: u32| plan.plain.streets.get(row as usize);
            street(from).zip(street(to)).is_some_and(|(from, to)| from.to_junction == to.from_junction)
        };
        if meets((from, to)) {
            plan.plain.banned_turns.push((from, to));
        }
    }
    plan.plain
}

/// Reserves lanes of a street, for buses and then for bicycles, as far as one is left for all others.
fn reserve(street: &mut PlainStreet, lanes: u32) {
    let users = [VehicleClass::Bus, VehicleClass::Bicycle].map(|class| Permissions(1 << class as u8));
    street.reserved = users.into_iter().take(lanes.min(street.lane_count - 1) as usize).collect();
}

/// Bends a street, and its other direction with it, aside by a share of its length.
fn bend(plain: &mut PlainStreets, street: u32, share: f64) {
    let street = street as usize;
    let (a, b) = (plain.streets[street].line[0], plain.streets[street].line[1]);
    let middle = (a + b) * 0.5 + Coord { x: a.y - b.y, y: b.x - a.x } * share;
    plain.streets[street].line = vec![a, middle, b];
    if let Some(back) = plain.streets[street].partner {
        plain.streets[back as usize].line = vec![b, middle, a];
    }
}

/// A program of one lamp that begins with red at a time.
pub(crate) fn red_then_green(red_s: f64, green_s: f64, offset_s: f64) -> Program {
    let phase = |duration_s, lamp| Phase { duration_s, lamps: vec![lamp] };
    Program::new(vec![phase(red_s, Lamp::Red), phase(green_s, Lamp::Green)], offset_s).unwrap()
}
