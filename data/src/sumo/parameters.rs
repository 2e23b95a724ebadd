//! Parameters of vehicles, types and people (`param`).
//!
//! In SUMO 1.28 they tell outputs and other programs something, or equip a vehicle with a device (`has.NAME.device`,
//! `device.NAME.…`). Devices that only measure change nothing; those that change how somebody drives are not simulated, and are
//! noted.

use super::element::{Element, flag};
use super::net::NOT_FOLLOWED;
use super::notes::Notes;

/// Devices that change how their vehicle drives, or where.
const ACTING_DEVICES: [&str; 10] = [
    "bluelight",
    "driverstate",
    "fcd-replay",
    "friction",
    "glosa",
    "rerouting",
    "routing",
    "stationfinder",
    "taxi",
    "toc",
];

/// Notes a `param` that would change how somebody drives.
pub(super) fn note_parameter(element: &Element<'_>, notes: &mut Notes) {
    let Some(key) = element.get("key") else { return };
    let device = key.strip_prefix("device.").or_else(|| key.strip_prefix("has."));
    let device = device.and_then(|rest| rest.split('.').next());
    let is_absent =
        key.starts_with("has.") && element.get("value").is_some_and(|value| matches!(flag(key, value), Ok(false)));
    if device.is_some_and(|device| ACTING_DEVICES.contains(&device)) && !is_absent {
        notes.attribute(element.place, "param", key, NOT_FOLLOWED);
    }
}
