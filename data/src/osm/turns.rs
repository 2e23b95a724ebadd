//! Turn restrictions become turns with a rule of their own (OpenStreetMap wiki, "Relation:restriction", 2023).
//!
//! `no_*` forbids the movement; `only_*` forbids all others from its first road. What the tag `except` names, and people on
//! foot, may turn nevertheless. Restrictions by way of another road, with conditions, or whose roads the extract lacks are
//! listed.

use std::collections::BTreeMap;
use std::collections::HashMap;

use engine::city::{Access, Record, Turn};
use engine::vehicles::{ClassSet, VehicleClass};

use super::elements::{Extract, MemberKind, Relation};
use super::roads::{Roads, osm_key};
use super::{Problem, real};

/// The links that begin and end in each node.
struct AtNode {
    entering: HashMap<i64, Vec<usize>>,
    leaving: HashMap<i64, Vec<usize>>,
}

/// The turns of the extract's restrictions, and what is not kept of them.
pub(super) fn build(extract: &Extract, roads: &Roads) -> (Vec<Record<Turn>>, Vec<Problem>) {
    let mut at_node = AtNode { entering: HashMap::new(), leaving: HashMap::new() };
    for (index, ends) in roads.ends.iter().enumerate() {
        at_node.leaving.entry(ends.from).or_default().push(index);
        at_node.entering.entry(ends.to).or_default().push(index);
    }
    // Several restrictions may name one movement; then only whom all of them allow may make it.
    let mut movements: BTreeMap<(usize, usize), (i64, ClassSet)> = BTreeMap::new();
    let mut problems = Vec::new();
    for relation in extract.relations.iter().filter(|relation| relation.tags.is("type", "restriction")) {
        match forbidden(relation, roads, &at_node) {
            Ok((pairs, allowed)) => {
                for pair in pairs {
                    let movement = movements.entry(pair).or_insert((relation.id, ClassSet::ALL));
                    movement.1 = movement.1.and(allowed);
                }
            }
            Err(what) => problems.push(Problem::new(&format!("osm:relation/{}", relation.id), what)),
        }
    }
    let mut turns = Vec::new();
    let mut count_of: HashMap<i64, u32> = HashMap::new();
    for ((from, to), (relation, allowed)) in movements {
        let count = count_of.entry(relation).or_insert(0);
        let key = osm_key(&format!("relation/{relation}#{count}"));
        *count += 1;
        let (from, to) = (roads.links[from].key.clone(), roads.links[to].key.clone());
        turns.push(Record { key, provenance: real(), facts: Turn { from, to, access: Access::always(allowed) } });
    }
    (turns, problems)
}

/// The movements that a restriction forbids, and who may make them nevertheless.
fn forbidden(relation: &Relation, roads: &Roads, at_node: &AtNode) -> Result<(Vec<(usize, usize)>, ClassSet), String> {
    let (rule, restricted) = rule(relation)?;
    let of_role = |role: &str, kind: MemberKind| {
        let members = relation.members.iter().filter(move |member| &*member.role == role && member.kind == kind);
        members.map(|member| member.id).collect::<Vec<_>>()
    };
    if !of_role("via", MemberKind::Way).is_empty() {
        return Err(
            "the turn restriction leads by way of another road, which is not supported; it is not applied".into()
        );
    }
    let (froms, tos) = (of_role("from", MemberKind::Way), of_role("to", MemberKind::Way));
    let [via] = of_role("via", MemberKind::Node)[..] else {
        return Err("the turn restriction has no single node to turn at; it is not applied".into());
    };
    let links_of = |links: &HashMap<i64, Vec<usize>>, ways: &[i64]| -> Vec<usize> {
        let links = links.get(&via).into_iter().flatten().copied();
        links.filter(|&link| ways.contains(&roads.ends[link].way)).collect()
    };
    let entering = links_of(&at_node.entering, &froms);
    let leaving = links_of(&at_node.leaving, &tos);
    if entering.is_empty() || (leaving.is_empty() && !rule.starts_with("no_")) {
        return Err("the roads of the turn restriction are not in the extract or do not meet; it is not applied".into());
    }
    if froms.len() == 1 && entering.len() > 1 {
        return Err(
            "the first road of the turn restriction passes its node and is not cut there; it is not applied".into()
        );
    }
    let to: Vec<usize> = if rule.starts_with("no_") {
        leaving
    } else {
        let all = at_node.leaving.get(&via).into_iter().flatten().copied();
        all.filter(|link| !leaving.contains(link)).collect()
    };
    // Turning back is a movement of its own, which only `no_u_turn` speaks of.
    let turns_back = |from: usize, to: usize| {
        roads.ends[from].way == roads.ends[to].way && roads.ends[from].from == roads.ends[to].to
    };
    let pairs = entering.iter().flat_map(|&from| to.iter().map(move |&to| (from, to)));
    let pairs = pairs.filter(|&(from, to)| rule == "no_u_turn" || !turns_back(from, to)).collect();
    Ok((pairs, ClassSet::from_bits(ClassSet::ALL.bits() & !restricted.bits())))
}

/// The restriction's rule (`no_left_turn`), and whom it binds.
fn rule(relation: &Relation) -> Result<(&str, ClassSet), String> {
    let tags = &relation.tags;
    let (rule, bound) = if let Some(rule) = tags.get("restriction") {
        (rule, ClassSet::ALL.without(VehicleClass::Pedestrian))
    } else if let Some(rule) = tags.get("restriction:hgv") {
        (rule, ClassSet::of(&[VehicleClass::HeavyVehicle]))
    } else {
        let conditional = tags.iter().find(|(key, _)| key.ends_with(":conditional"));
        return Err(match conditional {
            Some((key, value)) => format!("the turn restriction '{key}={value}' is not applied"),
            None => "the turn restriction has no rule; it is not applied".into(),
        });
    };
    if !(rule.starts_with("no_") || rule.starts_with("only_")) {
        return Err(format!("the turn restriction '{rule}' is not understood; it is not applied"));
    }
    let except = tags.get("except").unwrap_or("").split(';').map(str::trim);
    let exempt = except.fold(ClassSet::NONE, |set, word| {
        set.or(match word {
            "psv" | "bus" => ClassSet::of(&[VehicleClass::Bus]),
            "bicycle" => ClassSet::of(&[VehicleClass::Bicycle]),
            "hgv" => ClassSet::of(&[VehicleClass::HeavyVehicle]),
            "motorcar" => ClassSet::CARS,
            "motorcycle" => ClassSet::of(&[VehicleClass::Motorcycle]),
            _ => ClassSet::NONE,
        })
    });
    Ok((rule, ClassSet::from_bits(bound.bits() & !exempt.bits())))
}
