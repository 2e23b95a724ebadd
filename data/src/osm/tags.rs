//! What the tags of a road mean: class, direction, lanes, speed, and who may use it.
//!
//! After the OpenStreetMap wiki ("Key:oneway", "Key:lanes", "Key:maxspeed", "Key:access", 2023); what tags do not say comes from
//! `classes.toml`. Rules with conditions (`motor_vehicle:conditional`) are not read; the import lists them.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use engine::city::{RoadClass, Structure};
use engine::vehicles::{ClassSet, VehicleClass};
use serde::Deserialize;

use super::elements::Tags;

/// What is assumed of a `highway` value.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct HighwayClass {
    pub(super) class: RoadClass,
    speed_kmh: f64,
    lanes: u8,
    capacity: f64,
    who: Vec<String>,
    #[serde(default)]
    oneway: bool,
}

static CLASSES: LazyLock<BTreeMap<String, HighwayClass>> = LazyLock::new(|| {
    toml::from_str(include_str!("classes.toml")).expect("the table in the source tree is read by a test")
});

/// `highway` values that count as ways for cars, whatever their access.
const CAR_WAYS: [&str; 15] = [
    "living_street",
    "motorway",
    "motorway_link",
    "primary",
    "primary_link",
    "residential",
    "road",
    "secondary",
    "secondary_link",
    "service",
    "tertiary",
    "tertiary_link",
    "trunk",
    "trunk_link",
    "unclassified",
];

/// Most lanes in one direction that are believed.
const LANES_MAX: f64 = 20.0;
/// Highest speed that is believed, in km/h.
const SPEED_MAX_KMH: f64 = 160.0;
/// Greatest height that is believed, in metres.
const HEIGHT_MAX_M: f64 = 1000.0;
/// Kilometres in a mile.
const MILE_KM: f64 = 1.609_344;

/// Whether the tags are those of a way for cars.
pub(super) fn is_car_way(tags: &Tags) -> bool {
    tags.get("highway").is_some_and(|highway| CAR_WAYS.binary_search(&highway).is_ok())
}

/// One direction of a road.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Direction {
    pub(super) lanes: u8,
    pub(super) free_speed_mps: f64,
    pub(super) classes: ClassSet,
}

/// What the tags of a way say of the road that it is.
#[derive(Debug, PartialEq)]
pub(super) struct Road {
    pub(super) class: RoadClass,
    pub(super) structure: Structure,
    /// Capacity of one lane, in passenger-car units an hour.
    pub(super) lane_capacity_pcuph: f64,
    /// Along the way's nodes, if anybody may.
    pub(super) forward: Option<Direction>,
    /// Against them, if anybody may.
    pub(super) backward: Option<Direction>,
    /// What the tags say and is not understood or not kept, in words.
    pub(super) doubts: Vec<String>,
}

impl Road {
    /// The road of the tags; none where they are not of a road that is in use.
    pub(super) fn of(tags: &Tags) -> Option<Self> {
        let assumed = CLASSES.get(tags.get("highway")?)?;
        if tags.is("area", "yes") {
            return None;
        }
        let mut doubts: Vec<String> = tags
            .iter()
            .filter(|(key, _)| key.ends_with(":conditional"))
            .map(|(key, value)| format!("the rule '{key}={value}' is not applied"))
            .collect();
        let classes = access(tags, assumed, &mut doubts);
        let (along, against) = directions(tags, assumed, &mut doubts);
        let (lanes_along, lanes_against) = lanes(tags, assumed, along, against, &mut doubts);
        let speed_kmh = |key: &str, doubts: &mut Vec<String>| match tags.get(key).or_else(|| tags.get("maxspeed")) {
            None => assumed.speed_kmh,
            Some(text) => speed_kmh(text).unwrap_or_else(|| {
                doubts.push(format!("maxspeed '{text}' is not understood; {} km/h is assumed", assumed.speed_kmh));
                assumed.speed_kmh
            }),
        };
        let forward_kmh = speed_kmh("maxspeed:forward", &mut doubts);
        let backward_kmh = speed_kmh("maxspeed:backward", &mut doubts);
        let direction = |open: bool, lanes, speed_kmh: f64| {
            let classes = if open { classes } else { classes.and(contraflow(tags)) };
            (!classes.is_empty()).then_some(Direction { lanes, free_speed_mps: speed_kmh / 3.6, classes })
        };
        doubts.dedup();
        Some(Self {
            class: assumed.class,
            structure: structure(tags),
            lane_capacity_pcuph: assumed.capacity,
            forward: direction(along, lanes_along, forward_kmh),
            backward: direction(against, lanes_against, backward_kmh),
            doubts,
        })
    }
}

/// Who may go against a one-way street: bicycles, where tags allow it. People on foot are not routed against it.
fn contraflow(tags: &Tags) -> ClassSet {
    let opposite = tags.get("cycleway").is_some_and(|cycleway| cycleway.starts_with("opposite"));
    if opposite || tags.is("oneway:bicycle", "no") { ClassSet::of(&[VehicleClass::Bicycle]) } else { ClassSet::NONE }
}

fn structure(tags: &Tags) -> Structure {
    let is = |key| tags.get(key).is_some_and(|value| value != "no");
    match (is("bridge"), is("tunnel")) {
        (true, _) => Structure::Bridge,
        (false, true) => Structure::Tunnel,
        (false, false) => Structure::Ground,
    }
}

/// Whether vehicles may go along the way's nodes, and against them.
fn directions(tags: &Tags, assumed: &HighwayClass, doubts: &mut Vec<String>) -> (bool, bool) {
    match tags.get("oneway") {
        Some("yes" | "true" | "1") => (true, false),
        Some("-1" | "reverse") => (false, true),
        Some("no" | "false" | "0") => (true, true),
        other => {
            if let Some(other) = other {
                doubts.push(format!("oneway '{other}' is not understood; the tag is ignored"));
            }
            let roundabout = matches!(tags.get("junction"), Some("roundabout" | "circular"));
            (true, !(roundabout || assumed.oneway))
        }
    }
}

/// Lanes along the way's nodes, and against them.
fn lanes(tags: &Tags, assumed: &HighwayClass, along: bool, against: bool, doubts: &mut Vec<String>) -> (u8, u8) {
    let mut count = |key: &str| {
        let text = tags.get(key)?;
        // Where the number changes along the way, the narrowest place counts.
        let numbers: Option<Vec<f64>> = text.split(';').map(|part| part.trim().parse().ok()).collect();
        let least = numbers.and_then(|numbers| numbers.into_iter().reduce(f64::min));
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 1 and LANES_MAX")]
        match least.filter(|least| (1.0..=2.0 * LANES_MAX).contains(least)) {
            Some(least) => Some(least as u8),
            None => {
                doubts.push(format!("{key} '{text}' is not understood; the tag is ignored"));
                None
            }
        }
    };
    let (all, forward, backward) = (count("lanes"), count("lanes:forward"), count("lanes:backward"));
    let rest = |other: Option<u8>| Some(all?.saturating_sub(other?));
    let (both_share, one_way) = (all.map(|all| all / 2), along != against);
    let of = |tagged: Option<u8>, other: Option<u8>, open: bool| {
        let whole = if one_way && open { all } else { rest(other).or(both_share) };
        tagged.or(whole).unwrap_or(assumed.lanes).max(1)
    };
    (of(forward, backward, along), of(backward, forward, against))
}

/// A `maxspeed` in km/h, if it is understood.
fn speed_kmh(text: &str) -> Option<f64> {
    let text = text.trim();
    let number = |text: &str| text.trim().parse::<f64>().ok();
    let kmh = if let Some(miles) = text.strip_suffix("mph") {
        number(miles)? * MILE_KM
    } else if let Some(kmh) = ["km/h", "kmh", "kph"].iter().find_map(|unit| text.strip_suffix(unit)) {
        number(kmh)?
    } else if let Some((country, zone)) = text.split_once(':') {
        zone_kmh(country, zone)?
    } else {
        match text {
            // The advisory speed on German motorways, and the highest limit elsewhere in Europe but for Poland.
            "none" => 130.0,
            "walk" => 5.0,
            _ => number(text)?,
        }
    };
    (kmh > 0.0 && kmh <= SPEED_MAX_KMH).then_some(kmh)
}

/// Limits by the kind of road (OpenStreetMap wiki, "Default speed limits", 2023): of Italy, and where a country differs, its own.
fn zone_kmh(country: &str, zone: &str) -> Option<f64> {
    if let Some(limit) = zone.strip_prefix("zone").map(|limit| limit.trim_start_matches(':')) {
        return limit.parse().ok();
    }
    Some(match (country, zone) {
        (_, "urban") => 50.0,
        ("DE" | "AT", "rural") => 100.0,
        ("FR" | "CH" | "FI", "rural") => 80.0,
        (_, "rural") => 90.0,
        ("AT" | "CH", "trunk") => 100.0,
        (_, "trunk") => 110.0,
        ("CH", "motorway") => 120.0,
        (_, "motorway") => 130.0,
        ("FR", "living_street" | "zone20") => 20.0,
        (_, "living_street" | "walk") => 10.0,
        _ => return None,
    })
}

/// Who may use the road: the class's own users, then tag after tag from the general to the special.
fn access(tags: &Tags, assumed: &HighwayClass, doubts: &mut Vec<String>) -> ClassSet {
    let mut allowed = assumed.who.iter().fold(ClassSet::NONE, |set, name| set.or(class_set(name)));
    let vehicles = ClassSet::MOTOR.with(VehicleClass::Bicycle);
    let cars = ClassSet::CARS;
    for (key, whom) in [
        ("access", ClassSet::ALL),
        ("vehicle", vehicles),
        ("motor_vehicle", ClassSet::MOTOR),
        ("motorcar", cars),
        ("goods", ClassSet::of(&[VehicleClass::Van])),
        ("hgv", ClassSet::of(&[VehicleClass::HeavyVehicle])),
        ("motorcycle", ClassSet::of(&[VehicleClass::Motorcycle])),
        ("psv", ClassSet::of(&[VehicleClass::Bus])),
        ("bus", ClassSet::of(&[VehicleClass::Bus])),
        ("bicycle", ClassSet::of(&[VehicleClass::Bicycle])),
        ("foot", ClassSet::of(&[VehicleClass::Pedestrian])),
    ] {
        let Some(value) = tags.get(key) else { continue };
        let without = |set: ClassSet, classes: ClassSet| ClassSet::from_bits(set.bits() & !classes.bits());
        allowed = match value {
            "yes" | "designated" | "permissive" | "official" | "destination" | "customers" | "delivery" | "public"
            | "discouraged" | "unknown" => {
                // `access=yes` allows nobody that the class of road does not: it says so of motorways too.
                if key == "access" { allowed } else { allowed.or(whom) }
            }
            "permit" | "residents" => {
                let permitted = ClassSet::of(&[VehicleClass::ResidentCar, VehicleClass::ExemptCar]).and(allowed);
                without(allowed, whom).or(permitted.and(whom))
            }
            "no" | "private" | "agricultural" | "forestry" | "military" | "use_sidepath" | "dismount" | "emergency"
            | "employees" | "variable" => without(allowed, whom),
            other => {
                doubts.push(format!("{key} '{other}' is not understood; the tag is ignored"));
                allowed
            }
        };
    }
    allowed
}

/// A name in `classes.toml`: `motor`, or a class of vehicles.
fn class_set(name: &str) -> ClassSet {
    match name {
        "motor" => ClassSet::MOTOR,
        name => VehicleClass::from_name(name).map_or(ClassSet::NONE, |class| ClassSet::of(&[class])),
    }
}

/// A length in metres: `12`, `12.5 m`, `40'`, `40'6"`.
pub(super) fn length_m(text: &str) -> Option<f64> {
    const FOOT_M: f64 = 0.3048;
    let text = text.trim();
    let metres = if let Some((feet, inches)) = text.split_once('\'') {
        let inches = inches.trim().trim_end_matches('"');
        let inches = if inches.is_empty() { 0.0 } else { inches.parse::<f64>().ok()? };
        (feet.trim().parse::<f64>().ok()? + inches / 12.0) * FOOT_M
    } else if let Some(feet) = text.strip_suffix("ft") {
        feet.trim().parse::<f64>().ok()? * FOOT_M
    } else {
        text.strip_suffix('m').unwrap_or(text).trim().replace(',', ".").parse().ok()?
    };
    (metres > 0.0 && metres <= HEIGHT_MAX_M).then_some(metres)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn road(tags: &[(&str, &str)]) -> Road {
        let mut all = Tags::default();
        for (key, value) in tags {
            all.add(key, value);
        }
        Road::of(&all).expect("a road")
    }

    fn lanes_of(tags: &[(&str, &str)]) -> (Option<u8>, Option<u8>) {
        let road = road(tags);
        (road.forward.map(|direction| direction.lanes), road.backward.map(|direction| direction.lanes))
    }

    #[test]
    fn the_table_names_only_known_vehicles() {
        for (highway, class) in CLASSES.iter() {
            assert!(class.who.iter().all(|name| !class_set(name).is_empty()), "{highway}");
            assert!(class.speed_kmh > 0.0 && class.capacity > 0.0 && class.lanes > 0, "{highway}");
        }
        assert!(CAR_WAYS.is_sorted() && CAR_WAYS.iter().all(|highway| CLASSES.contains_key(*highway)));
    }

    #[test]
    fn one_way_streets_have_one_direction() {
        assert_eq!(lanes_of(&[("highway", "residential"), ("oneway", "yes")]), (Some(1), None));
        assert_eq!(lanes_of(&[("highway", "residential"), ("oneway", "-1")]), (None, Some(1)));
        assert_eq!(lanes_of(&[("highway", "primary"), ("junction", "roundabout")]), (Some(1), None));
        assert_eq!(lanes_of(&[("highway", "motorway")]), (Some(2), None));
        assert_eq!(lanes_of(&[("highway", "motorway"), ("oneway", "no")]), (Some(2), Some(2)));
        assert_eq!(lanes_of(&[("highway", "motorway_link")]), (Some(1), Some(1)));
        let doubtful = road(&[("highway", "residential"), ("oneway", "reversible")]);
        assert!(doubtful.backward.is_some() && doubtful.doubts.len() == 1);
    }

    #[test]
    fn bicycles_go_against_a_one_way_street_where_tags_allow_it() {
        let road = road(&[("highway", "residential"), ("oneway", "yes"), ("oneway:bicycle", "no")]);
        assert_eq!(road.backward.expect("for bicycles").classes, ClassSet::of(&[VehicleClass::Bicycle]));
    }

    #[test]
    fn lanes_are_shared_between_the_directions() {
        assert_eq!(lanes_of(&[("highway", "primary"), ("lanes", "4")]), (Some(2), Some(2)));
        assert_eq!(lanes_of(&[("highway", "primary"), ("lanes", "3"), ("lanes:forward", "2")]), (Some(2), Some(1)));
        assert_eq!(lanes_of(&[("highway", "primary"), ("lanes", "3"), ("lanes:backward", "2")]), (Some(1), Some(2)));
        assert_eq!(lanes_of(&[("highway", "primary"), ("lanes", "3"), ("oneway", "yes")]), (Some(3), None));
        assert_eq!(lanes_of(&[("highway", "residential"), ("lanes", "1")]), (Some(1), Some(1)));
        assert_eq!(lanes_of(&[("highway", "primary"), ("lanes", "3;4"), ("oneway", "yes")]), (Some(3), None));
        assert_eq!(road(&[("highway", "primary"), ("lanes", "many")]).doubts.len(), 1);
    }

    #[test]
    fn speeds_are_read_in_every_unit() {
        for (text, kmh) in [
            ("30", 30.0),
            ("50 km/h", 50.0),
            ("20 mph", 32.186_88),
            ("IT:urban", 50.0),
            ("IT:rural", 90.0),
            ("DE:rural", 100.0),
            ("IT:motorway", 130.0),
            ("IT:zone30", 30.0),
            ("DE:zone:20", 20.0),
            ("none", 130.0),
            ("walk", 5.0),
        ] {
            assert_eq!(speed_kmh(text), Some(kmh), "{text}");
        }
        for text in ["", "fast", "-5", "0", "nan", "1e9", "IT:moon"] {
            assert_eq!(speed_kmh(text), None, "{text}");
        }
    }

    #[test]
    fn access_goes_from_the_general_to_the_special() {
        let classes = |tags: &[(&str, &str)]| road(tags).forward.map_or(ClassSet::NONE, |forward| forward.classes);
        let bus_lane = classes(&[("highway", "service"), ("access", "no"), ("bus", "yes")]);
        assert_eq!(bus_lane, ClassSet::of(&[VehicleClass::Bus]));
        let no_lorries = classes(&[("highway", "primary"), ("hgv", "no")]);
        assert_eq!(no_lorries, ClassSet::ALL.without(VehicleClass::HeavyVehicle));
        let motorway = classes(&[("highway", "motorway"), ("access", "yes")]);
        assert_eq!(motorway, ClassSet::MOTOR);
        let permit = classes(&[("highway", "residential"), ("motor_vehicle", "permit")]);
        assert!(permit.contains(VehicleClass::ResidentCar) && !permit.contains(VehicleClass::OtherCar));
        let cycle_path = classes(&[("highway", "footway"), ("bicycle", "yes")]);
        assert_eq!(cycle_path, ClassSet::of(&[VehicleClass::Bicycle, VehicleClass::Pedestrian]));
        assert_eq!(classes(&[("highway", "track"), ("motor_vehicle", "yes")]), ClassSet::ALL);
    }

    #[test]
    fn rules_with_conditions_are_told() {
        let road = road(&[("highway", "residential"), ("motor_vehicle:conditional", "no @ (Mo-Fr 07:30-19:00)")]);
        assert_eq!(road.doubts, ["the rule 'motor_vehicle:conditional=no @ (Mo-Fr 07:30-19:00)' is not applied"]);
    }

    #[test]
    fn lengths_are_read_in_metres_and_feet() {
        assert_eq!(length_m("12.5 m"), Some(12.5));
        assert_eq!(length_m("12,5"), Some(12.5));
        assert!(length_m("10'6\"").is_some_and(|metres| (metres - 3.2004).abs() < 1e-9));
        assert_eq!(length_m("tall"), None);
        assert_eq!(length_m("-3"), None);
    }
}
