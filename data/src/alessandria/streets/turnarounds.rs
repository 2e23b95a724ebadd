//! Where nobody turns around.
//!
//! From a motorway that ends at a gate onto the one that begins there: it goes on for kilometres. And at a junction onto the
//! other carriageway of the same street, where one can go on and others come there too: the law forbids to turn around at
//! junctions (Codice della strada, art. 154, comma 6), and the carriageways are too close for a truck. Onto the same
//! carriageway nobody turns around anywhere but at dead ends: that is a rule of the networks, not of the city. At a toll plaza
//! one may come back.

use std::collections::{BTreeMap, BTreeSet};

use engine::city::{Access, Gate, Link, Record, RoadClass, Turn};
use engine::key::Key;
use engine::provenance::Origin;
use engine::vehicles::ClassSet;
use geo::Coord;

use super::super::provenance;
use super::classes::is_drivable;
use super::polyline::{at, dot, heading, length_m};
use super::rows::own_key;
use super::sources::StreetsError;

/// The direction of a street at its end is that of its last metres, so many at most.
const BEARING_M: f64 = 15.0;
/// The cosine of the least angle by which one turns around: 155°, because the carriageways of a street part at up to 25°.
const TURNAROUND_COS: f64 = -0.906_307_787_037;

/// The turns that nobody makes.
pub(super) fn turnarounds(gates: &[Record<Gate>], links: &[Record<Link>]) -> Result<Vec<Record<Turn>>, StreetsError> {
    let mut leaving: BTreeMap<&Key, Vec<&Record<Link>>> = BTreeMap::new();
    let mut arriving: BTreeMap<&Key, usize> = BTreeMap::new();
    for link in links.iter().filter(|link| is_drivable(link.facts.class)) {
        leaving.entry(&link.facts.from).or_default().push(link);
        *arriving.entry(&link.facts.to).or_default() += 1;
    }
    let keys: BTreeSet<&str> = links.iter().map(|link| link.key.as_str()).collect();
    let is_one_way = |link: &Record<Link>| !keys.contains(opposite(link).as_str());
    let is_gate = |junction: &Key| gates.iter().any(|gate| gate.facts.junction == *junction);
    let mut turns = Vec::new();
    for from in links.iter().filter(|link| is_drivable(link.facts.class)) {
        let Some(ways) = leaving.get(&from.facts.to) else { continue };
        let ends_at_gate = from.facts.class == RoadClass::Motorway && is_gate(&from.facts.to);
        for to in ways {
            let is_on_motorway = ends_at_gate && to.facts.class == RoadClass::Motorway;
            let is_other_carriageway = is_one_way(from) && is_one_way(to) && leads_back_beside(from, to);
            // Neither end may hang on it.
            let is_needed = ways.len() == 1 || arriving[&from.facts.to] == 1;
            if is_on_motorway || (is_other_carriageway && !is_needed) {
                turns.push(Record {
                    key: own_key(format!("turn-around:{}~{}", from.key, to.key))?,
                    provenance: provenance::from(Origin::Derived, "gemello", from.provenance.year, None),
                    facts: Turn { from: from.key.clone(), to: to.key.clone(), access: Access::always(ClassSet::NONE) },
                });
            }
        }
    }
    Ok(turns)
}

/// The key of the link in the other direction of a carriageway that has one.
fn opposite(link: &Record<Link>) -> String {
    let key = link.key.as_str();
    match key.strip_suffix('>') {
        Some(stem) => format!("{stem}<"),
        None => format!("{}>", key.trim_end_matches('<')),
    }
}

/// Whether a link leads back beside another of the same street.
fn leads_back_beside(from: &Record<Link>, to: &Record<Link>) -> bool {
    from.facts.class != RoadClass::MotorwayRamp
        && from.facts.name.is_some()
        && from.facts.name == to.facts.name
        && dot(arrives(&from.facts.geometry.0), leaves(&to.facts.geometry.0)) < TURNAROUND_COS
}

fn arrives(line: &[Coord]) -> Coord {
    let length_m = length_m(line);
    heading(at(line, length_m - BEARING_M.min(length_m * 0.5)), line[line.len() - 1])
}

fn leaves(line: &[Coord]) -> Coord {
    heading(line[0], at(line, BEARING_M.min(length_m(line) * 0.5)))
}
