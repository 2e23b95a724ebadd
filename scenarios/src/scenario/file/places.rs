//! Junctions and places that edits name.

use schemars::JsonSchema;
use serde::Deserialize;
use serde_spanned::Spanned;

use super::Coordinates;
use super::check::Check;
use crate::scenario::problem::FileProblem;

/// Junctions: exactly one of the fields.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Junctions {
    /// Keys of junctions.
    #[schemars(with = "Option<Vec<String>>")]
    pub junctions: Option<Vec<Spanned<String>>>,
    /// Names of two streets or more: the junctions where all of them meet.
    #[schemars(with = "Option<Vec<String>>")]
    pub streets: Option<Vec<Spanned<String>>>,
}

/// Where signals stand: exactly one of the fields.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SignalPlaces {
    /// Keys of junctions.
    #[schemars(with = "Option<Vec<String>>")]
    pub junctions: Option<Vec<Spanned<String>>>,
    /// Names of two streets or more: the junctions where all of them meet.
    #[schemars(with = "Option<Vec<String>>")]
    pub streets: Option<Vec<Spanned<String>>>,
    /// All signals of the city: `true`. What an edit of the same file says of a junction by name overrules it.
    #[schemars(with = "Option<bool>")]
    pub all: Option<Spanned<bool>>,
}

/// A place that a line passes: exactly one of `junction`, `streets` and `point`.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Call {
    /// Key of a junction.
    #[schemars(with = "Option<String>")]
    pub junction: Option<Spanned<String>>,
    /// Names of two streets or more: where all of them meet.
    #[schemars(with = "Option<Vec<String>>")]
    pub streets: Option<Vec<Spanned<String>>>,
    /// A point: the nearest junction that buses reach, at most 500 m away.
    #[schemars(with = "Option<[f64; 2]>")]
    pub point: Option<Spanned<[f64; 2]>>,
    /// What the point is given in.
    #[serde(default)]
    pub coordinates: Coordinates,
    /// Whether people get on and off here; `true` where not given. The line begins and ends at a stop.
    pub stop: Option<bool>,
}

/// Where an event is: exactly one of `zone`, `junction` and `point`.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EventPlace {
    /// Key of a zone.
    #[schemars(with = "Option<String>")]
    pub zone: Option<Spanned<String>>,
    /// Key of a junction.
    #[schemars(with = "Option<String>")]
    pub junction: Option<Spanned<String>>,
    /// A point on the ground.
    #[schemars(with = "Option<[f64; 2]>")]
    pub point: Option<Spanned<[f64; 2]>>,
    /// What the point is given in.
    #[serde(default)]
    pub coordinates: Coordinates,
}

impl Check<'_> {
    /// Exactly one of the fields is given, and lists are long enough.
    pub(super) fn junctions(&mut self, on: &Spanned<Junctions>) {
        let Junctions { junctions, streets } = on.get_ref();
        self.one_of(on, "junctions or streets", &[junctions.is_some(), streets.is_some()]);
        self.named(on, "junctions", junctions.as_deref());
        self.streets(on, streets.as_deref());
    }

    pub(super) fn signal_places(&mut self, on: &Spanned<SignalPlaces>) {
        let SignalPlaces { junctions, streets, all } = on.get_ref();
        self.one_of(on, "junctions, streets or all", &[junctions.is_some(), streets.is_some(), all.is_some()]);
        self.named(on, "junctions", junctions.as_deref());
        self.streets(on, streets.as_deref());
        if let Some(all) = all.as_ref().filter(|all| !*all.get_ref()) {
            self.problem(all, FileProblem::OnlyTrue("all"));
        }
    }

    pub(super) fn call(&mut self, call: &Spanned<Call>) {
        let Call { junction, streets, point, coordinates, .. } = call.get_ref();
        self.one_of(call, "junction, streets or point", &[junction.is_some(), streets.is_some(), point.is_some()]);
        self.streets(call, streets.as_deref());
        self.point(point.as_ref(), *coordinates);
    }

    pub(super) fn event_place(&mut self, place: &Spanned<EventPlace>) {
        let EventPlace { zone, junction, point, coordinates } = place.get_ref();
        self.one_of(place, "zone, junction or point", &[zone.is_some(), junction.is_some(), point.is_some()]);
        self.point(point.as_ref(), *coordinates);
    }

    fn one_of<T>(&mut self, at: &Spanned<T>, fields: &'static str, given: &[bool]) {
        if given.iter().filter(|given| **given).count() != 1 {
            self.problem(at, FileProblem::ExactlyOne(fields));
        }
    }

    fn streets<T>(&mut self, at: &Spanned<T>, streets: Option<&[Spanned<String>]>) {
        if streets.is_some_and(|streets| streets.len() < 2) {
            self.problem(at, FileProblem::FewStreets);
        }
    }

    fn point(&mut self, point: Option<&Spanned<[f64; 2]>>, coordinates: Coordinates) {
        if let Some(point) = point {
            let points = Spanned::new(point.span(), vec![*point.get_ref()]);
            self.coordinates(&points, coordinates);
        }
    }
}
