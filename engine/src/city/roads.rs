//! Junctions, links and turns, and who may use them at which hours.

use std::sync::Arc;

use bevy_ecs::component::Component;
use geo::{Coord, LineString};
use serde::{Deserialize, Serialize};

use crate::key::Key;
use crate::time::{ClockTime, DayType, Hours};
use crate::vehicles::ClassSet;

/// A place where links meet or end.
#[derive(Component, Clone, Debug, PartialEq)]
pub struct Junction {
    /// Where, in metres of the city's reference system.
    pub position: Coord<f64>,
}

/// What a road is for, after OpenStreetMap's `highway` values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RoadClass {
    /// Motorway carriageway.
    Motorway,
    /// Ramp between a motorway and the roads around it.
    MotorwayRamp,
    /// Fast road with few junctions.
    Trunk,
    /// Main road between towns, ring of a town.
    Primary,
    /// Road between quarters.
    Secondary,
    /// Collector within a quarter.
    Tertiary,
    /// Street that houses stand on.
    Residential,
    /// Way to a yard, a car park, a field.
    Service,
    /// Street that vehicles may use at walking pace.
    LivingStreet,
    /// Street for people on foot.
    Pedestrian,
    /// Path for bicycles.
    Cycleway,
    /// Path on foot.
    Footway,
}

impl RoadClass {
    /// Every class, most important first.
    pub const ALL: [Self; 12] = [
        Self::Motorway,
        Self::MotorwayRamp,
        Self::Trunk,
        Self::Primary,
        Self::Secondary,
        Self::Tertiary,
        Self::Residential,
        Self::Service,
        Self::LivingStreet,
        Self::Pedestrian,
        Self::Cycleway,
        Self::Footway,
    ];

    /// The word used in files.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Motorway => "motorway",
            Self::MotorwayRamp => "motorway_ramp",
            Self::Trunk => "trunk",
            Self::Primary => "primary",
            Self::Secondary => "secondary",
            Self::Tertiary => "tertiary",
            Self::Residential => "residential",
            Self::Service => "service",
            Self::LivingStreet => "living_street",
            Self::Pedestrian => "pedestrian",
            Self::Cycleway => "cycleway",
            Self::Footway => "footway",
        }
    }

    /// The class of that word.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|class| class.name() == name)
    }
}

/// How a link is carried.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Structure {
    /// On the ground.
    Ground,
    /// On a bridge.
    Bridge,
    /// In a tunnel or an underpass.
    Tunnel,
}

impl Structure {
    /// Every structure.
    pub const ALL: [Self; 3] = [Self::Ground, Self::Bridge, Self::Tunnel];

    /// The word used in files.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Ground => "ground",
            Self::Bridge => "bridge",
            Self::Tunnel => "tunnel",
        }
    }

    /// The structure of that word.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|structure| structure.name() == name)
    }
}

/// Who may use a link, by hour.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Access {
    /// Who may use it where no rule holds.
    pub classes: ClassSet,
    /// Restrictions by hour; while several hold, only who all of them allow may pass.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rules: Vec<AccessRule>,
}

/// A restriction by hour.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AccessRule {
    /// When it holds.
    pub hours: Hours,
    /// Who may still pass.
    pub classes: ClassSet,
}

impl Access {
    /// These classes at all hours.
    #[must_use]
    pub fn always(classes: ClassSet) -> Self {
        Self { classes, rules: Vec::new() }
    }

    /// Who may pass at that time of such a day.
    #[must_use]
    pub fn at(&self, day: DayType, time: ClockTime) -> ClassSet {
        self.rules
            .iter()
            .filter(|rule| rule.hours.contains(day, time))
            .fold(self.classes, |allowed, rule| allowed.and(rule.classes))
    }
}

/// A directed stretch of road between two junctions.
#[derive(Component, Clone, Debug, PartialEq)]
pub struct Link {
    /// Key of the junction where it begins.
    pub from: Key,
    /// Key of the junction where it ends.
    pub to: Key,
    /// The street's name.
    pub name: Option<Arc<str>>,
    /// What the road is for.
    pub class: RoadClass,
    /// Lanes in this direction, 1 to 40.
    pub lanes: u8,
    /// Speed without traffic, in metres a second; above 0 and at most 70.
    pub free_speed_mps: f64,
    /// Capacity of all lanes together, in passenger-car units an hour; above 0 and at most 100,000.
    pub capacity_pcuph: f64,
    /// Length along the road, in metres; above 0 and at most 1,000 km, not shorter than its geometry's chord but for a millimetre.
    pub length_m: f64,
    /// What passing costs, in euro; 0 to 1000.
    pub toll_eur: f64,
    /// On the ground, a bridge or in a tunnel.
    pub structure: Structure,
    /// Who may use it when.
    pub access: Access,
    /// From the first junction to the second, at least two points.
    pub geometry: LineString<f64>,
}

/// Middles of the two directions of one street lie no further apart, in metres: a lane's width.
pub const DIRECTIONS_APART_M: f64 = 4.0;

impl Link {
    /// Time to pass it without traffic, in seconds.
    #[must_use]
    pub fn free_flow_time_s(&self) -> f64 {
        self.length_m / self.free_speed_mps
    }
}

/// A movement from one link to the next that has a rule of its own. Movements without one are allowed to every class
/// that may use both links.
#[derive(Component, Clone, Debug, PartialEq)]
pub struct Turn {
    /// Key of the link that the movement leaves.
    pub from: Key,
    /// Key of the link that it enters; it begins where `from` ends.
    pub to: Key,
    /// Who may make the movement.
    pub access: Access,
}
