//! Zones, quarters, connectors and gates, the people in them and what was observed.

use std::sync::Arc;

use bevy_ecs::component::Component;
use bevy_ecs::resource::Resource;
use geo::{Coord, MultiPolygon};
use serde::{Deserialize, Serialize};

use crate::key::Key;

/// A part of the city that trips begin and end in.
#[derive(Component, Clone, Debug, PartialEq)]
pub struct Zone {
    /// Its name, for people.
    pub name: Arc<str>,
    /// Key of the quarter that it belongs to, where the city has quarters.
    pub quarter: Option<Key>,
    /// Where its trips are thought to begin and end, in metres.
    pub centroid: Coord<f64>,
    /// The ground that it covers; may be empty where only its addresses are known.
    pub area: MultiPolygon<f64>,
    /// People who live in it, 0 to a million.
    pub residents: f64,
    /// Jobs in it, 0 to a million.
    pub jobs: f64,
    /// Places in schools and the university, 0 to a million.
    pub school_places: f64,
    /// Attraction for shopping and services, in any unit: only the shares between zones count.
    pub services: f64,
    /// Attraction for leisure and visits, in any unit: only the shares between zones count.
    pub leisure: f64,
}

/// A part of the city with a name that people use (quartiere, sobborgo), also an area for rules.
#[derive(Component, Clone, Debug, PartialEq)]
pub struct Quarter {
    /// Its name.
    pub name: Arc<str>,
    /// The ground that it covers.
    pub area: MultiPolygon<f64>,
}

/// Where the trips of a zone enter and leave the network.
#[derive(Component, Clone, Debug, PartialEq)]
pub struct Connector {
    /// Key of the zone.
    pub zone: Key,
    /// Key of the junction.
    pub junction: Key,
    /// Time between the zone's doors and the junction by vehicle, in seconds; from 0 to a day.
    pub time_s: f64,
}

/// Where traffic from outside enters and leaves.
#[derive(Component, Clone, Debug, PartialEq)]
pub struct Gate {
    /// Its name, for people (`SP10 Tortona`).
    pub name: Arc<str>,
    /// Key of the junction at the edge of the network.
    pub junction: Key,
    /// Vehicles a day, both directions together, 0 to a million: an *input* of the demand.
    pub daily_vehicles: f64,
    /// Heavy vehicles among them.
    pub daily_heavy_vehicles: f64,
    /// Share of its vehicles that pass through to another gate, 0 to 1.
    pub through_share: f64,
}

/// What an observed flow is used for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ObservationRole {
    /// It went into the demand, so agreeing with it proves nothing.
    Input,
    /// It was kept out of every fit and tests the base.
    HeldOut,
    /// It gives a range within which a result is plausible.
    Plausibility,
}

/// A flow known from outside, to hold against results.
#[derive(Component, Clone, Debug, PartialEq)]
pub struct Observation {
    /// Where, for people.
    pub name: Arc<str>,
    /// Keys of the links whose flows are added.
    pub links: Vec<Key>,
    /// Lower end of what is expected, in vehicles a day.
    pub daily_low: f64,
    /// Upper end of what is expected, in vehicles a day; equal to `daily_low` for a count.
    pub daily_high: f64,
    /// What it is used for.
    pub role: ObservationRole,
    /// Why this range, in English.
    pub reason_en: String,
    /// Why this range, in Italian.
    pub reason_it: String,
}

/// The city's residents.
#[derive(Resource, Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Population {
    /// All residents.
    pub residents: f64,
    /// The year that they were counted.
    pub year: i16,
    /// Residents by single year of age, from 0; they sum to `residents` or are a year older: only the shares count.
    pub by_age: Vec<f64>,
    /// The source, as named in the city's sources.
    pub source: Arc<str>,
}

/// What a survey or census says of trips inside the city, to fit the demand to.
#[derive(Resource, Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TravelSurvey {
    /// Share of internal work trips by mode (`car_driver`, `car_passenger`, `walk`, `bicycle`, `bus`, `motorcycle`), summing to at most 1.
    pub mode_shares: Vec<(String, f64)>,
    /// Upper ends of the duration bands, in minutes; the last band is open.
    pub duration_bands_min: Vec<f64>,
    /// Share of internal work trips by band: one more than there are ends.
    pub duration_shares: Vec<f64>,
    /// The year.
    pub year: i16,
    /// The source, as named in the city's sources.
    pub source: Arc<str>,
}
