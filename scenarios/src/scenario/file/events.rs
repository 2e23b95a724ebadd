//! Events that draw people.

use schemars::JsonSchema;
use serde::Deserialize;
use serde_spanned::Spanned;

use super::check::Check;
use super::{EventPlace, RuleHours};

/// The most visitors of an event.
const VISITORS_MAX: f64 = 1e6;

/// The longest time over which visitors come or go, in minutes.
const SPREAD_MAX_MIN: f64 = 720.0;

/// Adds the cars of an event's visitors: to its place before it begins, and back after it ends. They come from all zones and
/// gates, in proportion to the cars that leave these for the city's zones on the day. An event of a child replaces that
/// of its parents of the same name; events at one time add up.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Event {
    /// Its name: unique in the file.
    #[schemars(with = "String")]
    pub name: Spanned<String>,
    /// Where. Cars go to the zone itself, or to the one with the connector nearest to the junction or point.
    #[schemars(with = "EventPlace")]
    pub place: Spanned<EventPlace>,
    /// From when to when it lasts.
    pub hours: RuleHours,
    /// How many people come.
    #[schemars(with = "f64", range(min = 0.0, max = 1e6))]
    pub visitors: Spanned<f64>,
    /// The share of them that comes by car, 0 to 1.
    #[schemars(with = "f64", range(min = 0.0, max = 1.0))]
    pub by_car_share: Spanned<f64>,
    /// How many of them come in one car, 1 to 9.
    #[schemars(with = "f64", range(min = 1.0, max = 9.0))]
    pub persons_per_car: Spanned<f64>,
    /// For how many minutes before it begins cars come, evenly.
    #[schemars(with = "f64", range(min = 1.0, max = 720.0))]
    pub arrival_spread_min: Spanned<f64>,
    /// For how many minutes after it ends cars leave, evenly.
    #[schemars(with = "f64", range(min = 1.0, max = 720.0))]
    pub departure_spread_min: Spanned<f64>,
}

/// Changes what traffic is made of. A field of a child overrules that of its parents.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct VehicleMixChange {
    /// How many times as many heavy vehicles there are, 0 to 10.
    #[schemars(with = "Option<f64>", range(min = 0.0, max = 10.0))]
    pub heavy_vehicles_factor: Option<Spanned<f64>>,
    /// How many times as many vans there are, 0 to 10.
    #[schemars(with = "Option<f64>", range(min = 0.0, max = 10.0))]
    pub vans_factor: Option<Spanned<f64>>,
    /// The share of the trips by car that is made by motorcycle instead, 0 to 1.
    #[schemars(with = "Option<f64>", range(min = 0.0, max = 1.0))]
    pub cars_to_motorcycles_share: Option<Spanned<f64>>,
}

impl VehicleMixChange {
    /// How many of its fields are given.
    pub(super) fn edit_count(&self) -> usize {
        let fields = [&self.heavy_vehicles_factor, &self.vans_factor, &self.cars_to_motorcycles_share];
        fields.iter().filter(|field| field.is_some()).count()
    }
}

impl Check<'_> {
    pub(super) fn event(&mut self, edit: &Spanned<Event>) {
        let event = edit.get_ref();
        self.name(&event.name);
        self.event_place(&event.place);
        self.hours(Some(&event.hours));
        for (field, value, low, high) in [
            ("visitors", &event.visitors, 0.0, VISITORS_MAX),
            ("by_car_share", &event.by_car_share, 0.0, 1.0),
            ("persons_per_car", &event.persons_per_car, 1.0, 9.0),
            ("arrival_spread_min", &event.arrival_spread_min, 1.0, SPREAD_MAX_MIN),
            ("departure_spread_min", &event.departure_spread_min, 1.0, SPREAD_MAX_MIN),
        ] {
            self.range(value, field, *value.get_ref(), low, high);
        }
    }

    pub(super) fn vehicle_mix(&mut self, mix: &VehicleMixChange) {
        self.optional(mix.heavy_vehicles_factor.as_ref(), "heavy_vehicles_factor", 0.0, 10.0);
        self.optional(mix.vans_factor.as_ref(), "vans_factor", 0.0, 10.0);
        self.optional(mix.cars_to_motorcycles_share.as_ref(), "cars_to_motorcycles_share", 0.0, 1.0);
    }
}
