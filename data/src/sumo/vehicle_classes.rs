//! SUMO's vehicle classes: who may use which lane, and what vehicles of a class are like. The numbers are in
//! `vehicle_classes.toml`.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use engine::traffic::network::Permissions;
use engine::vehicles::VehicleClass;
use serde::Deserialize;

use super::element::{Element, wrong};
use super::error::SumoFault;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    class: BTreeMap<String, ClassDefaults>,
    elsewhere: BTreeMap<String, u8>,
    old_name: BTreeMap<String, String>,
    default_type: BTreeMap<String, String>,
}

/// What vehicles of a class are like where their type does not say.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ClassDefaults {
    pub(super) permission: Option<u8>,
    #[serde(deserialize_with = "class_name")]
    pub(super) counts_as: VehicleClass,
    pub(super) length_m: f64,
    pub(super) min_gap_m: f64,
    pub(super) width_m: f64,
    max_speed_kmh: f64,
    desired_speed_kmh: Option<f64>,
    pub(super) acceleration: f64,
    pub(super) deceleration: f64,
    pub(super) emergency_deceleration: f64,
    pub(super) speed_deviation: f64,
}

impl ClassDefaults {
    /// Highest speed in metres a second.
    pub(super) fn max_speed_mps(&self) -> f64 {
        self.max_speed_kmh / 3.6
    }

    /// The speed that is wished where everything is allowed, in metres a second, if it is less than the highest.
    pub(super) fn desired_speed_mps(&self) -> Option<f64> {
        self.desired_speed_kmh.map(|speed| speed / 3.6)
    }
}

fn class_name<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<VehicleClass, D::Error> {
    let name = String::deserialize(deserializer)?;
    VehicleClass::from_name(&name).ok_or_else(|| serde::de::Error::custom(format!("{name} is no class")))
}

static TABLE: LazyLock<Table> = LazyLock::new(|| {
    toml::from_str(include_str!("vehicle_classes.toml")).expect("the table in the source tree is read by a test")
});

/// A class of vehicles.
#[derive(Clone, Copy, Debug)]
pub(super) enum Class {
    /// One that is simulated.
    Simulated(&'static ClassDefaults),
    /// One on rails, on water or in the air.
    Elsewhere,
}

/// The class of a name.
pub(super) fn class(name: &str) -> Option<Class> {
    let name = TABLE.old_name.get(name).map_or(name, String::as_str);
    let simulated = TABLE.class.get(name).map(Class::Simulated);
    simulated.or_else(|| TABLE.elsewhere.contains_key(name).then_some(Class::Elsewhere))
}

/// The class of a type that is there without being defined.
pub(super) fn default_type(name: &str) -> Option<Class> {
    TABLE.default_type.get(name).and_then(|class_name| class(class_name))
}

/// Who may use a lane, after its `allow` and `disallow`.
pub(super) fn permissions(lane: &Element<'_>) -> Result<Permissions, SumoFault> {
    match (lane.get("allow"), lane.get("disallow")) {
        (Some(allowed), _) if !allowed.trim().is_empty() => Ok(Permissions(set("allow", allowed)?)),
        (_, Some(forbidden)) => Ok(Permissions(!set("disallow", forbidden)?)),
        _ => Ok(Permissions::ALL),
    }
}

/// Whether others than people on foot and on bicycles may use a lane.
pub(super) fn lets_motors_in(permissions: Permissions) -> bool {
    let others =
        ["pedestrian", "bicycle"].into_iter().filter_map(permission).fold(u64::MAX, |set, bit| set & !(1 << bit));
    permissions.0 & others != 0
}

/// Whether people on foot may use a lane.
pub(super) fn lets_people_in(permissions: Permissions) -> bool {
    permission("pedestrian").is_some_and(|permission| permissions.allow(permission))
}

fn set(attribute: &str, names: &str) -> Result<u64, SumoFault> {
    let mut set = 0;
    for name in names.split_whitespace() {
        set |= match name {
            "all" => u64::MAX,
            "none" | "ignoring" => 0,
            name => 1 << permission(name).ok_or_else(|| wrong(attribute, name, "a vehicle class of SUMO"))?,
        };
    }
    Ok(set)
}

fn permission(name: &str) -> Option<u8> {
    let name = TABLE.old_name.get(name).map_or(name, String::as_str);
    TABLE.class.get(name).and_then(|class| class.permission).or_else(|| TABLE.elsewhere.get(name).copied())
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use super::super::source::Place;
    use super::*;

    fn permissions_of(attributes: &[(&'static str, &'static str)]) -> Result<Permissions, SumoFault> {
        let attributes = attributes.iter().map(|(name, value)| (*name, Cow::Borrowed(*value))).collect();
        permissions(&Element { name: "lane", attributes, place: Place { file: 0, byte: 0 } })
    }

    #[test]
    fn every_class_has_a_number_of_its_own() {
        let simulated = TABLE.class.values().filter_map(|class| class.permission);
        let mut numbers: Vec<u8> = simulated.chain(TABLE.elsewhere.values().copied()).collect();
        let count = numbers.len();
        numbers.sort_unstable();
        numbers.dedup();
        assert_eq!(numbers.len(), count);
        assert!(numbers.iter().all(|number| *number < 64));
        assert!(TABLE.old_name.values().chain(TABLE.default_type.values()).all(|name| class(name).is_some()));
    }

    #[test]
    fn lanes_let_in_whom_they_name_and_everybody_else_where_they_forbid() {
        let (bus, passenger) = (permission("bus").unwrap(), permission("passenger").unwrap());
        assert_eq!(permissions_of(&[]).unwrap(), Permissions::ALL);
        assert_eq!(permissions_of(&[("allow", "bus public_transport")]).unwrap(), Permissions(1 << bus));
        assert_eq!(permissions_of(&[("disallow", "passenger")]).unwrap(), Permissions(!(1 << passenger)));
        assert_eq!(permissions_of(&[("disallow", "all")]).unwrap(), Permissions(0));
        assert_eq!(permissions_of(&[("allow", "all")]).unwrap(), Permissions::ALL);
        let told = permissions_of(&[("allow", "bus boat")]).expect_err("boat").to_string();
        assert_eq!(told, "allow=\"boat\" is not a vehicle class of SUMO");
    }
}
