//! Classes that a street has by its place in the network, where its name says nothing.
//!
//! A square where streets of note meet carries what they carry. A long street of a quarter of the city gathers the traffic
//! of the short ones beside it; in the grids of Centro and Pista traffic spreads over all of them, and in the suburbs there
//! is little to gather. Left out: traffic itself; a class here is what a road is for, not what uses it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use engine::city::RoadClass;

use super::classes::{Classes, Setting};
use super::planar::{Edge, Plan};
use super::strand::Strand;

/// Quarters whose long streets are collectors.
const COLLECTOR_QUARTERS: [&str; 5] = ["Cristo", "Europa", "Galimberti", "Norberto Rosa", "Orti"];
/// A street of these quarters with so much of it in the built-up area is a collector.
const COLLECTOR_MIN_M: f64 = 700.0;
/// So many streets of note make a square one of them.
const MAIN_STREETS_MIN: usize = 2;

/// Gives squares and collectors the class of their place. `setting` says whether an edge is in a built-up area.
pub(super) fn class_by_place(
    strands: &mut [Strand],
    plan: &Plan,
    classes: &Classes,
    setting: impl Fn(&Edge) -> Setting,
) {
    let ruled: Vec<RoadClass> =
        strands.iter().map(|s| s.given.class.unwrap_or_else(|| classes.ruled(s).class)).collect();
    let is_minor = |strand: usize| ruled[strand] == RoadClass::Residential && strands[strand].given.class.is_none();
    let is_square = |strand: usize| strands[strand].name.as_deref().is_some_and(|name| name.starts_with("Piazza "));

    let mut main_streets: Vec<BTreeSet<&str>> = vec![BTreeSet::new(); plan.nodes.len()];
    for edge in &plan.edges {
        let main = matches!(ruled[edge.strand], RoadClass::Trunk | RoadClass::Primary | RoadClass::Secondary);
        if let Some(name) = strands[edge.strand].name.as_deref().filter(|_| main) {
            main_streets[edge.from].insert(name);
            main_streets[edge.to].insert(name);
        }
    }
    let mut around: BTreeMap<usize, BTreeSet<&str>> = BTreeMap::new();
    let mut length_m: BTreeMap<Arc<str>, f64> = BTreeMap::new();
    for edge in plan.edges.iter().filter(|edge| is_minor(edge.strand)) {
        let strand = &strands[edge.strand];
        if is_square(edge.strand) {
            let names = around.entry(edge.strand).or_default();
            names.extend(main_streets[edge.from].iter().chain(&main_streets[edge.to]));
        } else if let Some(name) = strand.name.as_ref()
            && setting(edge) == Setting::Urban
            && COLLECTOR_QUARTERS.contains(&classes.quarters().around_the_middle_of(strand))
        {
            *length_m.entry(Arc::clone(name)).or_default() += edge.length_m();
        }
    }
    let squares: Vec<usize> =
        around.into_iter().filter(|(_, names)| names.len() >= MAIN_STREETS_MIN).map(|(strand, _)| strand).collect();
    let is_collector = |strand: &Strand| {
        let length_m = strand.name.as_ref().and_then(|name| length_m.get(name));
        length_m.is_some_and(|&length_m| length_m >= COLLECTOR_MIN_M)
    };
    let collectors: Vec<usize> =
        (0..strands.len()).filter(|&s| is_minor(s) && !is_square(s) && is_collector(&strands[s])).collect();
    for strand in squares {
        strands[strand].given.class = Some(RoadClass::Secondary);
    }
    for strand in collectors {
        strands[strand].given.class = Some(RoadClass::Tertiary);
    }
}

#[cfg(test)]
mod tests {
    use engine::provenance::{Origin, Provenance};
    use geo::Coord;

    use super::super::planar::planarise;
    use super::super::sources::HouseNumber;
    use super::*;

    fn street(name: &str, line: &[(f64, f64)]) -> Strand {
        let line = line.iter().map(|&(x, y)| Coord { x, y }).collect();
        let provenance = Provenance { origin: Origin::Real, source: "test".into(), year: None, accuracy_m: None };
        Strand::street(format!("test:{name}"), Some(name.into()), line, provenance)
    }

    fn classed(mut strands: Vec<Strand>, setting: Setting) -> Vec<Option<RoadClass>> {
        let plan = planarise(&strands);
        let position = Coord { x: 0.0, y: 0.0 };
        let number =
            HouseNumber { street: 1, street_name: "Via Bensi".into(), quarter: "Cristo".into(), number: 1, position };
        let classes = Classes::read(&[number]).expect("the recipe's own tables");
        class_by_place(&mut strands, &plan, &classes, |_| setting);
        strands.iter().map(|strand| strand.given.class).collect()
    }

    #[test]
    fn a_square_between_streets_of_note_is_one_of_them() {
        let square = || street("Piazza Mentana", &[(0.0, 0.0), (100.0, 0.0)]);
        let (west, east) =
            (street("Corso A", &[(-90.0, 0.0), (0.0, 0.0)]), street("Viale B", &[(100.0, 0.0), (190.0, 0.0)]));
        assert_eq!(classed(vec![square(), west.clone(), east], Setting::Urban)[0], Some(RoadClass::Secondary));
        assert_eq!(classed(vec![square(), west], Setting::Urban)[0], None);
    }

    #[test]
    fn a_long_street_of_a_built_up_area_collects_and_a_lane_in_the_fields_does_not() {
        let long = || vec![street("Via Bensi", &[(0.0, 0.0), (800.0, 0.0)])];
        assert_eq!(classed(long(), Setting::Urban)[0], Some(RoadClass::Tertiary));
        assert_eq!(classed(long(), Setting::Rural)[0], None);
        assert_eq!(classed(vec![street("Via Corta", &[(0.0, 0.0), (300.0, 0.0)])], Setting::Urban)[0], None);
    }
}
