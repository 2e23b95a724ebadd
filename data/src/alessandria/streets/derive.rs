//! Makes strands of house numbers: axes of streets that have no line, and drives to houses that stand far from any.

use std::collections::BTreeMap;

use engine::city::RoadClass;
use engine::provenance::{Origin, Provenance};
use geo::Coord;

use super::axes::{House, apart_from, axes};
use super::barriers::{Barrier, Barriers};
use super::names::{alike, telling_words};
use super::planar::SegmentIndex;
use super::polyline::{between, distance_m, foot, length_m, stations};
use super::sources::HouseNumber;
use super::strand::{Layer, Strand};

/// A house this close to a line of its own street's name is served by it.
const SERVED_BY_OWN_M: f64 = 45.0;
/// A house this close to any line whatever is served by it where its street has no line.
const SERVED_BY_ANY_M: f64 = 12.0;
/// An axis this close to a line of its own street is a row of houses set back from it, not the street.
const SET_BACK_M: f64 = 150.0;
/// Share of an axis that runs so close.
const SET_BACK_SHARE: f64 = 0.5;
/// Room left between a derived axis and the water or railway that it stops at.
const SETBACK_M: f64 = 15.0;

/// Axes of streets through the house numbers that no line of their name serves, most numbers first.
pub(super) fn axis_strands(numbers: &[HouseNumber], strands: &[Strand], barriers: &Barriers) -> Vec<Strand> {
    let mut streets: BTreeMap<u32, Vec<&HouseNumber>> = BTreeMap::new();
    for number in numbers {
        streets.entry(number.street).or_default().push(number);
    }
    let mut streets: Vec<(u32, Vec<&HouseNumber>)> = streets.into_iter().collect();
    streets.sort_by_key(|(code, numbers)| (usize::MAX - numbers.len(), *code));

    let mut all: Vec<Strand> = strands.to_vec();
    let lines = SegmentIndex::new(strands);
    let mut near = SegmentIndex::new(strands);
    for (code, numbers) in streets {
        let houses = unserved(&numbers, strands, &lines);
        let provenance =
            Provenance { origin: Origin::Derived, source: "comune".into(), year: Some(2024), accuracy_m: Some(15.0) };
        let name = &numbers[0].street_name;
        let mut found = Vec::new();
        for axis in axes(&houses) {
            for part in dry_parts(&axis, barriers) {
                for rest in apart_from(&part, |place| nearest_line(place, &all, &near)) {
                    let stem = format!("via:{code}/{}", found.len());
                    let mut strand = Strand::street(stem, Some(name.clone()), rest, provenance.clone());
                    if is_set_back(&strand, numbers[0], &all, &near) {
                        strand.given.class = Some(RoadClass::Residential);
                    }
                    found.push(strand);
                }
            }
        }
        for strand in found {
            near.insert(all.len(), &strand);
            all.push(strand);
        }
    }
    all.split_off(strands.len())
}

/// Whether a strand runs beside another one of its own street along most of its length.
fn is_set_back(strand: &Strand, number: &HouseNumber, strands: &[Strand], index: &SegmentIndex) -> bool {
    let words = telling_words(&number.street_name, &number.quarter);
    let places = stations(&strand.line, 20.0);
    let beside = |place: Coord<f64>| {
        index.strands_near(place, place, SET_BACK_M).into_iter().any(|other| {
            let other = &strands[other];
            let own = other.name.as_deref().is_some_and(|name| alike(&words, &telling_words(name, &number.quarter)));
            let there = foot(&other.line, place);
            // Beyond the end of a line the axis continues it.
            let abreast = there.along_m > 0.0 && there.along_m < length_m(&other.line);
            own && other.layer == Layer::Ground && abreast && there.distance_m <= SET_BACK_M
        })
    };
    let set_back = places.iter().filter(|&&(_, place)| beside(place)).count();
    set_back as f64 >= SET_BACK_SHARE * places.len() as f64
}

/// The houses of a street that no line serves.
fn unserved(numbers: &[&HouseNumber], strands: &[Strand], index: &SegmentIndex) -> Vec<House> {
    let mut houses = Vec::new();
    for number in numbers {
        let words = telling_words(&number.street_name, &number.quarter);
        let served = index.strands_near(number.position, number.position, SERVED_BY_OWN_M).into_iter().any(|strand| {
            let strand = &strands[strand];
            let away_m = foot(&strand.line, number.position).distance_m;
            let own = strand.name.as_deref().is_some_and(|name| alike(&words, &telling_words(name, &number.quarter)));
            strand.layer == Layer::Ground && away_m <= if own { SERVED_BY_OWN_M } else { SERVED_BY_ANY_M }
        });
        if !served {
            houses.push(House { position: number.position, number: number.number });
        }
    }
    houses
}

/// The nearest line on the ground within reach, with its heading there.
fn nearest_line(place: Coord<f64>, strands: &[Strand], index: &SegmentIndex) -> Option<(f64, Coord<f64>)> {
    index
        .strands_near(place, place, 30.0)
        .into_iter()
        .filter(|&strand| strands[strand].layer == Layer::Ground)
        .map(|strand| foot(&strands[strand].line, place))
        .min_by(|a, b| a.distance_m.total_cmp(&b.distance_m))
        .map(|foot| (foot.distance_m, foot.heading))
}

/// The parts of an axis between the water and railways that it would cross.
fn dry_parts(axis: &[Coord<f64>], barriers: &Barriers) -> Vec<Vec<Coord<f64>>> {
    let crossed = barriers.crossed(axis);
    let mut parts = Vec::new();
    let mut from_m = 0.0;
    let stops = crossed.into_iter().filter(|&(_, barrier)| barrier != Barrier::Motorway).map(|(along_m, _)| along_m);
    for stop_m in stops.chain([length_m(axis) + SETBACK_M]) {
        if stop_m - SETBACK_M > from_m + 1.0 {
            parts.push(between(axis, from_m, stop_m - SETBACK_M));
        }
        from_m = stop_m + SETBACK_M;
    }
    parts
}

/// Houses farther than this from every road get a drive.
const DRIVE_FROM_M: f64 = 140.0;
/// The longest straight drive from a road or from another house with one.
pub(super) const DRIVE_MAX_M: f64 = 200.0;
/// A drive ends this far before the house.
const YARD_M: f64 = 5.0;

/// Drives to houses that stand far from any road, nearest first, each from the nearest road or earlier drive; and how
/// many houses stay farther than a drive from every road. Drives cross no water, railway or motorway. `first` numbers them.
pub(super) fn drives(
    numbers: &[HouseNumber],
    roads: &[Strand],
    barriers: &Barriers,
    first: usize,
) -> (Vec<Strand>, usize) {
    let mut roads: Vec<Strand> = roads.to_vec();
    let mut far: Vec<&HouseNumber> = numbers.iter().collect();
    let mut drives: Vec<Strand> = Vec::new();
    let mut index = SegmentIndex::new(&roads);
    loop {
        let reach = |house: &HouseNumber| {
            index
                .strands_near(house.position, house.position, DRIVE_MAX_M + YARD_M)
                .into_iter()
                .map(|road| foot(&roads[road].line, house.position))
                .filter(|there| !barriers.between(there.position, house.position))
                .min_by(|a, b| a.distance_m.total_cmp(&b.distance_m))
        };
        far.retain(|house| reach(house).is_none_or(|there| there.distance_m > DRIVE_FROM_M));
        let reached = far
            .iter()
            .filter_map(|house| reach(house).map(|there| (there, *house)))
            .filter(|(there, _)| there.distance_m <= DRIVE_MAX_M)
            .min_by(|a, b| a.0.distance_m.total_cmp(&b.0.distance_m));
        let Some((there, house)) = reached else { return (drives, far.len()) };
        let yard = house.position + (there.position - house.position) * (YARD_M / there.distance_m);
        let provenance = Provenance {
            origin: Origin::Synthetic,
            source: "gemello".into(),
            year: Some(2024),
            accuracy_m: Some(50.0),
        };
        let stem = format!("drive:{}/{}", house.street, first + drives.len());
        let mut drive = Strand::street(stem, Some(house.street_name.clone()), vec![there.position, yard], provenance);
        drive.given.class = Some(RoadClass::Service);
        debug_assert!(distance_m(there.position, yard) <= DRIVE_MAX_M);
        index.insert(roads.len(), &drive);
        roads.push(drive.clone());
        drives.push(drive);
    }
}
