//! What stands in the city beside its roads: addresses, buildings, trees, water, railways, sights and other places.

use std::sync::Arc;

use bevy_ecs::component::Component;
use geo::{Coord, Geometry, LineString, MultiPolygon};
use serde::{Deserialize, Serialize};

use crate::key::Key;

/// A house number.
#[derive(Component, Clone, Debug, PartialEq)]
pub struct Address {
    /// The street's name.
    pub street: Arc<str>,
    /// The number with its suffix (`90H`).
    pub number: Arc<str>,
    /// Name of the quarter, where known.
    pub quarter: Option<Arc<str>>,
    /// Where, in metres.
    pub position: Coord<f64>,
    /// Key of the zone that it belongs to, where the city has zones.
    pub zone: Option<Key>,
    /// People who live there, as far as they can be spread.
    pub residents: f64,
}

/// What a building is used for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BuildingUse {
    /// People live in it.
    Residential,
    /// Shops, offices, works.
    Commercial,
    /// Schools, hospitals, town hall, churches.
    Public,
    /// Works and stores.
    Industrial,
    /// Not known.
    Unknown,
}

impl BuildingUse {
    /// Every use.
    pub const ALL: [Self; 5] = [Self::Residential, Self::Commercial, Self::Public, Self::Industrial, Self::Unknown];

    /// The word used in files.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Residential => "residential",
            Self::Commercial => "commercial",
            Self::Public => "public",
            Self::Industrial => "industrial",
            Self::Unknown => "unknown",
        }
    }

    /// The use of that word.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|building_use| building_use.name() == name)
    }
}

/// A building.
#[derive(Component, Clone, Debug, PartialEq)]
pub struct Building {
    /// Outline on the ground, in metres.
    pub footprint: MultiPolygon<f64>,
    /// Height above ground, in metres, where known; above 0 and at most 1000.
    pub height_m: Option<f64>,
    /// Floors above ground, where known; at least 1.
    pub floors: Option<u8>,
    /// Floor area of all floors, in square metres, where known.
    pub floor_area_m2: Option<f64>,
    /// What it is used for.
    pub building_use: BuildingUse,
    /// People who live in it.
    pub residents: f64,
}

/// A tree.
#[derive(Component, Clone, Debug, PartialEq)]
pub struct Tree {
    /// Species, as the source writes it.
    pub species: Arc<str>,
    /// Where, in metres.
    pub position: Coord<f64>,
    /// Lower end of its height class, in metres.
    pub height_low_m: f32,
    /// Upper end of its height class, in metres; none where the class is open.
    pub height_high_m: Option<f32>,
    /// Whether it keeps its leaves in winter, where known.
    pub evergreen: Option<bool>,
}

/// A river, canal, lake.
#[derive(Component, Clone, Debug, PartialEq)]
pub struct Water {
    /// Its name, where it has one.
    pub name: Option<Arc<str>>,
    /// Its line or its surface, in metres.
    pub geometry: Geometry<f64>,
}

/// A railway line.
#[derive(Component, Clone, Debug, PartialEq)]
pub struct Railway {
    /// Its name, where it has one.
    pub name: Option<Arc<str>>,
    /// Its axis, in metres.
    pub geometry: LineString<f64>,
}

/// A protected or well-known sight.
#[derive(Component, Clone, Debug, PartialEq)]
pub struct HeritageSite {
    /// Its name.
    pub name: Arc<str>,
    /// What it is (`castle`, `church`, `museum`, …), as the source writes it.
    pub kind: Arc<str>,
    /// Where, in metres.
    pub position: Coord<f64>,
}

/// What a place offers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PlaceKind {
    /// School, university, library.
    Education,
    /// Hospital, doctor, pharmacy.
    Health,
    /// Shop, market, bank, restaurant.
    Commerce,
    /// Office of the public administration.
    Administration,
    /// Station, stop, car park.
    Transport,
    /// Park, theatre, sport.
    Leisure,
    /// Fuel station.
    Fuel,
    /// Anything else.
    Other,
}

impl PlaceKind {
    /// Every kind.
    pub const ALL: [Self; 8] = [
        Self::Education,
        Self::Health,
        Self::Commerce,
        Self::Administration,
        Self::Transport,
        Self::Leisure,
        Self::Fuel,
        Self::Other,
    ];

    /// The word used in files.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Education => "education",
            Self::Health => "health",
            Self::Commerce => "commerce",
            Self::Administration => "administration",
            Self::Transport => "transport",
            Self::Leisure => "leisure",
            Self::Fuel => "fuel",
            Self::Other => "other",
        }
    }

    /// The kind of that word.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

/// A place that draws people: a school, a shop, a station.
#[derive(Component, Clone, Debug, PartialEq)]
pub struct Place {
    /// Its name, where it has one.
    pub name: Option<Arc<str>>,
    /// What it offers.
    pub kind: PlaceKind,
    /// What the source calls it (`amenity=school`).
    pub tag: Arc<str>,
    /// Where, in metres.
    pub position: Coord<f64>,
}
