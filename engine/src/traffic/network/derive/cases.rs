//! Single junctions, and what must hold of each.

use std::f64::consts::FRAC_PI_2;

use super::*;
use crate::traffic::fixtures::PlainPlan;
use crate::traffic::network::rows::MovementRow;
use crate::traffic::network::{Direction, LaneNetwork, RightOfWay};

/// A junction at the origin with roads in both directions: the place where each begins, its lanes and rank.
fn junction(control: Control, arms: &[(f64, f64, u32, u8)]) -> PlainStreets {
    let mut plan = PlainPlan::default();
    let middle = plan.junction(0.0, 0.0, control);
    for &(x, y, lanes, rank) in arms {
        let end = plan.junction(x, y, Control::Signs);
        plan.two_way(end, middle, lanes, rank);
    }
    plan.plain
}

/// The movements from the arm of one number to that of another, with their rows.
fn between(derived: &DerivedNetwork, from: u32, to: u32) -> Vec<(u32, &MovementRow)> {
    let last = derived.pockets[2 * from as usize].unwrap_or(2 * from);
    let way = |movement: &MovementRow| movement.from.street == last && movement.to.street == 2 * to + 1;
    (0..).zip(&derived.rows.movements).filter(|(_, movement)| way(movement)).collect()
}

fn derived(plain: &PlainStreets) -> DerivedNetwork {
    let derived = derive(plain).unwrap();
    LaneNetwork::build(&derived.rows).unwrap();
    derived
}

/// East, north, west and south.
fn cross(control: Control, lanes: u32, ranks: [u8; 2]) -> PlainStreets {
    let arm = |x, y, rank| (x, y, lanes, rank);
    let [main, side] = ranks;
    junction(control, &[arm(200.0, 0.0, main), arm(0.0, 200.0, side), arm(-200.0, 0.0, main), arm(0.0, -200.0, side)])
}

const EAST: u32 = 0;
const NORTH: u32 = 1;
const WEST: u32 = 2;
const SOUTH: u32 = 3;

#[test]
fn the_side_road_gives_way_and_the_main_road_only_to_those_from_ahead() {
    let derived = derived(&cross(Control::Signs, 1, [4, 1]));
    let only = |from, to| between(&derived, from, to)[0];
    let (ahead, main) = only(WEST, EAST);
    assert_eq!((main.rule, main.direction), (RightOfWay::Priority, Direction::Straight));
    let (_, side) = only(SOUTH, NORTH);
    assert_eq!(side.rule, RightOfWay::Yield);
    assert!(side.yields_to.contains(&ahead) && side.yields_to.contains(&only(EAST, WEST).0));
    let (_, left) = only(EAST, SOUTH);
    assert_eq!((left.rule, left.direction, left.inside.len()), (RightOfWay::Yield, Direction::Left, 2));
    assert_eq!(left.yields_to, [only(WEST, SOUTH).0, ahead]);
    let (_, left) = only(SOUTH, WEST);
    assert_eq!((left.direction, left.inside.len()), (Direction::Left, 1));
}

#[test]
fn among_equals_whoever_comes_from_the_right_goes_first() {
    let derived = derived(&cross(Control::Signs, 1, [1, 1]));
    let only = |from, to| between(&derived, from, to)[0];
    let ways = [only(SOUTH, NORTH), only(EAST, WEST), only(NORTH, SOUTH), only(WEST, EAST)];
    for index in 0..4 {
        let (row, right) = ways[(index + 1) % 4];
        let (own, way) = ways[index];
        assert_eq!(way.rule, RightOfWay::RightBeforeLeft);
        assert!(way.yields_to.contains(&row) && !right.yields_to.contains(&own));
    }
}

#[test]
fn a_side_road_at_a_bad_angle_stops() {
    let arms = [(100.0, 0.0, 1, 4), (-100.0, 0.0, 1, 4), (80.0, -70.0, 1, 1)];
    let derived = derived(&junction(Control::Signs, &arms));
    assert_eq!(between(&derived, 2, 1)[0].1.rule, RightOfWay::Stop);
}

#[test]
fn whoever_is_in_a_roundabout_goes_first() {
    let mut plan = PlainPlan::default();
    plan.roundabout(16.0, 60.0, &[0.0, FRAC_PI_2, 2.0 * FRAC_PI_2, 3.0 * FRAC_PI_2], (2, 2));
    let derived = derived(&plan.plain);
    let is_ring = |street: u32| derived.rows.streets[street as usize].is_roundabout;
    let crosses = |movement: &&MovementRow| movement.to.street != movement.from.street && !movement.inside.is_empty();
    for movement in derived.rows.movements.iter().filter(crosses) {
        match (is_ring(movement.from.street), is_ring(movement.to.street)) {
            (true, false) if movement.from.lane > 0 => {
                assert_eq!((movement.rule, movement.to.lane), (RightOfWay::Zipper, movement.from.lane));
                let others: Vec<&MovementRow> =
                    movement.yields_to.iter().map(|&row| &derived.rows.movements[row as usize]).collect();
                assert!(!others.is_empty() && others.iter().all(|other| other.from.lane < movement.from.lane));
            }
            (true, _) => assert_eq!(movement.rule, RightOfWay::Priority),
            (false, true) => {
                assert_eq!(movement.rule, RightOfWay::Yield);
                let ring = |row: &u32| is_ring(derived.rows.movements[*row as usize].from.street);
                assert!(movement.yields_to.iter().all(ring) && !movement.yields_to.is_empty());
            }
            (false, false) => assert_eq!(movement.direction, Direction::Turnaround),
        }
    }
}

/// A motorway of two lanes, streets 0 and 1, which goes on so far behind the ramp, street 2, that comes from the south if
/// `ramp_y` is negative.
fn merge(behind_m: f64, ramp_y: f64) -> PlainStreets {
    let mut plan = PlainPlan::default();
    let places = [(-300.0, 0.0), (0.0, 0.0), (behind_m, 0.0), (-300.0, ramp_y)];
    let [begin, merge, end, ramp] = places.map(|(x, y)| plan.junction(x, y, Control::Signs));
    plan.one_way(begin, merge, 2, 7);
    plan.one_way(merge, end, 2, 7);
    plan.one_way(ramp, merge, 1, 2);
    plan.plain
}

#[test]
fn a_ramp_joins_a_motorway_on_a_lane_of_its_own_that_ends() {
    for (ramp_y, own, others) in [(-60.0, 0, [1, 2]), (60.0, 2, [0, 1])] {
        let derived = derived(&merge(1000.0, ramp_y));
        let rest = derived.pockets[1].unwrap();
        let lanes = |street: u32| derived.rows.streets[street as usize].lanes.len();
        assert_eq!((lanes(1), lanes(rest)), (3, 2));
        let entered = |from: u32| -> Vec<u32> {
            let ways = derived.rows.movements.iter().filter(|way| way.from.street == from);
            ways.inspect(|way| assert_eq!(way.rule, RightOfWay::Priority)).map(|way| way.to.lane).collect()
        };
        assert_eq!((entered(0), entered(2), entered(1)), (others.to_vec(), vec![own], vec![0, 1]));
        assert!(derived.rows.movements.iter().all(|way| (way.from.street, way.from.lane) != (1, own)), "it ends");
    }
}

#[test]
fn a_ramp_without_room_for_an_acceleration_lane_gives_way_and_sees_from_afar_who_comes() {
    let derived = derived(&merge(100.0, -60.0));
    let rules: Vec<_> = derived.rows.movements.iter().map(|movement| (movement.from.street, movement.rule)).collect();
    assert_eq!(rules, [(0, RightOfWay::Priority), (0, RightOfWay::Priority), (2, RightOfWay::Yield)]);
    let ramp = &derived.rows.movements[2];
    assert_eq!((ramp.to.lane, ramp.visibility_m, &ramp.yields_to), (0, 50.0, &vec![0]));
}

#[test]
fn lanes_go_on_through_a_bend_and_the_right_one_ends_where_one_is_lost() {
    let mut plan = PlainPlan::default();
    let places = [(0.0, 0.0), (100.0, 0.0), (180.0, 60.0), (280.0, 60.0)];
    let [a, b, c, d] = places.map(|(x, y)| plan.junction(x, y, Control::Signs));
    plan.two_way(a, b, 2, 3);
    plan.two_way(b, c, 2, 3);
    plan.two_way(c, d, 1, 3);
    let derived = derived(&plan.plain);
    let rules = |from: u32, to: u32| -> Vec<_> {
        let ways = derived.rows.movements.iter().filter(|way| (way.from.street, way.to.street) == (from, to));
        ways.map(|way| (way.from.lane, way.to.lane, way.inside.len(), way.rule)).collect()
    };
    assert_eq!(rules(0, 2), [(0, 0, 0, RightOfWay::Priority), (1, 1, 0, RightOfWay::Priority)]);
    assert_eq!(rules(2, 4), [(0, 0, 1, RightOfWay::Zipper), (1, 0, 1, RightOfWay::Priority)]);
    assert_eq!(rules(5, 3), [(0, 0, 1, RightOfWay::Priority), (0, 1, 1, RightOfWay::Priority)]);
}

#[test]
fn an_important_road_has_pockets_at_a_signal_and_is_protected_across_two_lanes() {
    let derived = derived(&cross(Control::Signals, 2, [5, 3]));
    let pockets: Vec<bool> = derived.pockets.iter().map(Option::is_some).collect();
    assert_eq!(pockets, [true, false, false, false, true, false, false, false]);
    let pocket = derived.pockets[0].unwrap();
    assert_eq!(derived.route(&[0, 5]), [0, pocket, 5]);
    let street = &derived.rows.streets[pocket as usize];
    assert_eq!((street.name.as_str(), street.lanes.len()), ("s0#pocket", 3));
    assert!((street.lanes[0].length_m - 30.0).abs() < 0.01);
    let [(left, _)] = between(&derived, EAST, SOUTH)[..] else { panic!("the pocket alone turns left") };
    let plan = &derived.signal_plans[0];
    assert_eq!(plan.stages.len(), 3);
    assert!(plan.stages[0].movements.contains(&(left, false)) && plan.stages[0].movements.len() == 2);
    assert!(plan.stages[1].movements.iter().all(|(row, is_permitted)| *row != left && !is_permitted));
    let (left, _) = between(&derived, NORTH, EAST)[0];
    assert!(plan.stages[2].movements.contains(&(left, true)));
}

#[test]
fn shapes_that_maps_have_make_networks() {
    let mut plan = PlainPlan::default();
    let places = [(0.0, 0.0), (50.0, 0.0), (50.4, 0.0), (90.0, 5.0), (90.0, -5.0)];
    let [a, b, c, d, e] = places.map(|(x, y)| plan.junction(x, y, Control::Signs));
    plan.two_way(a, b, 2, 3);
    // Twice the same street, and one of 40 cm.
    plan.two_way(a, b, 2, 3);
    plan.two_way(b, c, 1, 3);
    // Two carriageways that part at a sharp angle, and a ring road from a junction to itself.
    plan.one_way(c, d, 2, 3);
    plan.one_way(e, c, 2, 3);
    let ring = plan.one_way(d, d, 1, 1);
    plan.plain.streets[ring as usize].line = [(90.0, 5.0), (120.0, 5.0), (120.0, 40.0), (90.0, 40.0), (90.0, 5.0)]
        .map(|(x, y)| geo::Coord { x, y })
        .to_vec();
    let derived = derived(&plan.plain);
    assert!(derived.rows.streets.iter().all(|street| street.lanes.iter().all(|lane| lane.length_m > 0.0)));
}

#[test]
fn streets_that_are_none_are_told_all_at_once() {
    let mut plan = PlainPlan::default();
    let [a, b] = [0.0, 0.05].map(|x| plan.junction(x, 0.0, Control::Signs));
    plan.two_way(a, b, 1, 1);
    plan.one_way(a, 7, 0, 1);
    plan.plain.streets[2].line = vec![geo::Coord { x: 0.0, y: 0.0 }];
    plan.plain.banned_turns.push((0, 9));
    let name = |number: u32| format!("s{number}");
    assert_eq!(
        derive(&plan.plain).unwrap_err(),
        [
            DeriveFault::Short { name: name(0), length_m: 0.05 },
            DeriveFault::Short { name: name(1), length_m: 0.05 },
            DeriveFault::Junction { name: name(2), what: "ends" },
            DeriveFault::Lanes { name: name(2), count: 0 },
            DeriveFault::Line { name: name(2) },
            DeriveFault::Turn { number: 1 },
        ]
    );
}

/// What comes from the west turns right, into the south, and what comes from the south turns left, into the west: these two
/// never meet, although they are not opposite. Those from the north cross one and merge with the other.
#[test]
fn stages_suit_the_flows() {
    let arms = [(-200.0, 0.0, 1, 4), (0.0, -200.0, 1, 4), (0.0, 200.0, 1, 4)];
    let mut plain = junction(Control::Signals, &arms);
    let together = |plain: &PlainStreets| -> Vec<Vec<u32>> {
        let derived = derived(plain);
        let plan = &derived.signal_plans[0];
        let approach = |row: u32| plan.approaches[plan.movements.binary_search(&row).unwrap()];
        let of_stage = |stage: &Stage| {
            let mut of: Vec<u32> = stage.movements.iter().map(|&(row, _)| approach(row)).collect();
            of.dedup();
            of
        };
        plan.stages.iter().map(of_stage).collect()
    };
    assert_eq!(together(&plain), [vec![2, 4], vec![0]], "those who face each other");
    plain.turn_flows_vph = Some(std::collections::BTreeMap::from([((0, 3), 600.0), ((2, 1), 600.0), ((4, 3), 240.0)]));
    assert_eq!(
        together(&plain),
        [vec![0, 2], vec![2, 4]],
        "those who do not meet; straight on there is a lane besides"
    );
}
