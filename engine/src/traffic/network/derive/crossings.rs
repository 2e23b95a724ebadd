//! Where people cross on foot at derived junctions.
//!
//! At a signal every leg has a crossing that can be crossed in some stage ([`super::stages::crossed_m`] tells which): people have
//! green while nobody who arrives on the leg has, and nobody who comes onto it straight on; those who turn onto it let them
//! cross, as road traffic codes ask (Italian Codice della strada, art. 191; Highway Capacity Manual, *permitted* turns). Other
//! junctions have the crossings that [`PlainStreets::crossings`](super::PlainStreets::crossings) names. A crossing lies behind
//! the stop line, in the margin that [`super::setbacks`] keeps for it; where a street only goes on, before its end. Left
//! out: crossings of turning lanes beside islands.

use geo::Coord;

use super::super::CrossingRule;
use super::super::rows::{CrossingRow, LaneRow};
use super::carriageways::Carriageways;
use super::lines::{first_direction, last_direction, norm, right_of};
use super::movements::Movement;
use super::plain::Control;
use super::site::{Leg, NodeKind, Site};
use super::stages::{SignalPlan, is_crossable};

/// Width of a crossing, in metres: between the 2.5 m of local streets and the 4 m of others (Italian Regolamento del codice della
/// strada, D.P.R. 495/1992, art. 145), as much as the margin before a junction holds.
const WIDTH_M: f64 = 3.0;
/// Its middle lies so far beyond the end of the lanes, in metres.
const BEYOND_M: f64 = 2.0;
/// Where streets only go on, it lies so far before the end of the lanes.
const BEFORE_M: f64 = -5.0;

/// The crossings of a junction: at a signal those that its plan has room for, else those that are asked for.
pub(super) fn crossings(
    site: &Site,
    carriageways: &Carriageways,
    junction: u32,
    movements: &[Movement],
    plan: Option<&SignalPlan>,
) -> Vec<CrossingRow> {
    let name = &site.plain.junctions[junction as usize].name;
    let beyond_m = match site.kinds[junction as usize] {
        NodeKind::Crossing | NodeKind::Ring => BEYOND_M,
        NodeKind::End | NodeKind::Bend | NodeKind::Change => BEFORE_M,
    };
    let mut rows = Vec::new();
    for leg in &site.legs[junction as usize] {
        let Some(street) = leg.arriving.or(leg.leaving) else { continue };
        let rule = match plan {
            Some(plan) => while_red(leg, movements, plan),
            None if site.control(junction) == Control::Signals => None,
            None => asked_for(site, junction, leg),
        };
        let Some(rule) = rule else { continue };
        let Some(shape) = shape(carriageways, leg, beyond_m) else { continue };
        let name = format!("{name}/{}", site.street(street).name);
        rows.push(CrossingRow { name, junction, shape, width_m: WIDTH_M, rule });
    }
    rows
}

/// The lamps that keep people on a leg from crossing, if there is a stage in which none of them is green.
fn while_red(leg: &Leg, movements: &[Movement], plan: &SignalPlan) -> Option<CrossingRule> {
    let first = *plan.movements.first()?;
    let holds = |number: usize| !is_crossable(leg, &movements[number]);
    let lamps: Vec<u32> = (0..movements.len()).filter(|&number| holds(number)).map(|number| number as u32).collect();
    let is_open = plan.stages.iter().any(|stage| stage.movements.iter().all(|(row, _)| !holds((row - first) as usize)));
    (is_open && !lamps.is_empty()).then_some(CrossingRule::WhileRed { signal: plan.signal, lamps })
}

fn asked_for(site: &Site, junction: u32, leg: &Leg) -> Option<CrossingRule> {
    let is_here = |street: u32| leg.arriving == Some(street) || leg.leaving == Some(street);
    let asked = site.plain.crossings.iter().find(|row| row.junction == junction && is_here(row.street))?;
    Some(if asked.is_marked { CrossingRule::Marked } else { CrossingRule::Unmarked })
}

/// From kerb to kerb, the right one of those who arrive first.
fn shape(carriageways: &Carriageways, leg: &Leg, beyond_m: f64) -> Option<Vec<Coord>> {
    let arriving = leg.arriving.map(|street| {
        let row = carriageways.last_rows[street as usize];
        &carriageways.streets[row as usize].lanes
    });
    let leaving = leg.leaving.map(|street| &carriageways.streets[street as usize].lanes);
    // Each place lies on the edge of a lane, moved along it towards the junction.
    let arrives = |lane: &LaneRow, right_m: f64| {
        let along = last_direction(&lane.shape);
        lane.shape[lane.shape.len() - 1] + along * beyond_m + right_of(along) * right_m
    };
    let leaves = |lane: &LaneRow, right_m: f64| {
        let along = first_direction(&lane.shape);
        lane.shape[0] - along * beyond_m + right_of(along) * right_m
    };
    let (start, end) = match (arriving, leaving) {
        (Some(arriving), Some(leaving)) => {
            (arrives(arriving.first()?, arriving[0].width_m / 2.0), leaves(leaving.first()?, leaving[0].width_m / 2.0))
        }
        (Some(lanes), None) => {
            let last = lanes.last()?;
            (arrives(&lanes[0], lanes[0].width_m / 2.0), arrives(last, -last.width_m / 2.0))
        }
        (None, Some(lanes)) => {
            let last = lanes.last()?;
            (leaves(last, -last.width_m / 2.0), leaves(&lanes[0], lanes[0].width_m / 2.0))
        }
        (None, None) => return None,
    };
    (norm(end - start) > 0.0).then(|| vec![start, end])
}
