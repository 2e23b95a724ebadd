//! Routes: `route` and `routeDistribution`, with names of their own or inside one vehicle.

use std::borrow::Cow;
use std::collections::HashMap;

use super::element::Element;
use super::error::SumoFault;
use super::net::{NOT_FOLLOWED, Net};
use super::notes::Notes;
use super::parameters::note_parameter;
use super::source::{At, Blame, Place};
use super::stops::StopDraft;
use super::vehicle_types::{shares, weight};

/// A route as it is written.
pub(super) struct RouteDraft<'a> {
    /// Rows of its streets, or what is wrong with them in words.
    pub(super) streets: Result<Vec<u32>, String>,
    pub(super) stops: Vec<StopDraft<'a>>,
    /// Its share in distributions that give none.
    probability: f64,
}

/// What a name of a route stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum RouteName {
    Route(u32),
    Distribution(u32),
}

/// A route that is being read.
struct OpenRoute<'a> {
    row: u32,
    /// Whether other vehicles may share its row, because all that is known of it is its streets.
    is_shared: bool,
    name: Option<Cow<'a, str>>,
    place: Place,
    share: Option<f64>,
    /// Whether it stands inside a vehicle, whose own it is.
    is_own: bool,
}

/// One entry of a distribution.
enum Entry<'a> {
    Row(u32, Option<f64>),
    Name(Cow<'a, str>, Option<f64>),
}

struct OpenDistribution<'a> {
    place: Place,
    name: Option<Cow<'a, str>>,
    entries: Vec<Entry<'a>>,
}

/// All routes.
#[derive(Default)]
pub(super) struct Routes<'a> {
    pub(super) drafts: Vec<RouteDraft<'a>>,
    distributions: Vec<Vec<Entry<'a>>>,
    names: HashMap<Cow<'a, str>, RouteName>,
    /// Rows of routes without stops, by how their streets are written.
    written: HashMap<Cow<'a, str>, u32>,
    open_route: Option<OpenRoute<'a>>,
    open_distribution: Option<OpenDistribution<'a>>,
}

impl<'a> Routes<'a> {
    /// A `route` begins; `is_own` says whether it stands inside a vehicle.
    pub(super) fn open_route(
        &mut self,
        element: &Element<'a>,
        is_own: bool,
        net: &Net<'_>,
        notes: &mut Notes,
    ) -> Result<(), Blame> {
        let place = element.place;
        let share = element.get("probability").map(|value| weight("probability", value)).transpose().at(place)?;
        if let (Some(name), Some(distribution)) = (element.get("refId"), &mut self.open_distribution) {
            distribution.entries.push(Entry::Name(name.clone(), share));
            return Ok(());
        }
        if element.get("repeat").is_some_and(|times| times.trim() != "0") {
            notes.attribute(place, "route", "repeat", "the route is driven once");
        }
        let name = element.get("id").cloned();
        let edges = element.get("edges").cloned().unwrap_or(Cow::Borrowed(""));
        let known = self.written.get(&edges).copied();
        let row = known.unwrap_or_else(|| {
            let row = self.drafts.len() as u32;
            let streets = streets(&edges, net);
            self.drafts.push(RouteDraft { streets, stops: Vec::new(), probability: 1.0 });
            self.written.insert(edges, row);
            row
        });
        self.open_route = Some(OpenRoute { row, is_shared: true, name, place, share, is_own });
        Ok(())
    }

    /// A `stop` in the route that is open; whether there is one.
    pub(super) fn stop(&mut self, element: &Element<'a>, notes: &mut Notes) -> bool {
        let Some(open) = &mut self.open_route else { return false };
        if let Some(stop) = StopDraft::read(element, !open.is_own, notes) {
            if open.is_shared {
                let streets = self.drafts[open.row as usize].streets.clone();
                (open.row, open.is_shared) = (self.drafts.len() as u32, false);
                self.drafts.push(RouteDraft { streets, stops: Vec::new(), probability: 1.0 });
            }
            self.drafts[open.row as usize].stops.push(stop);
        }
        true
    }

    /// The route that is open ends; it is given back where it belongs to what it stands in and not to a distribution.
    pub(super) fn close_route(&mut self) -> Result<Option<RouteName>, Blame> {
        let Some(mut open) = self.open_route.take() else { return Ok(None) };
        if let (Some(share), None) = (open.share, &self.open_distribution) {
            // Only for distributions that name it: it needs a row of its own.
            let draft = &self.drafts[open.row as usize];
            let draft = RouteDraft { streets: draft.streets.clone(), stops: draft.stops.clone(), probability: share };
            open.row = self.drafts.len() as u32;
            self.drafts.push(draft);
        }
        if let Some(distribution) = &mut self.open_distribution {
            distribution.entries.push(Entry::Row(open.row, open.share.or(Some(1.0))));
        }
        let name = RouteName::Route(open.row);
        if let Some(text) = open.name {
            self.insert(text, name).at(open.place)?;
        }
        Ok(self.open_distribution.is_none().then_some(name))
    }

    /// A `routeDistribution` begins.
    pub(super) fn open_distribution(&mut self, element: &Element<'a>) -> Result<(), Blame> {
        let listed = shares(element, "routes", "probabilities").at(element.place)?;
        let entries = listed.into_iter().map(|(name, share)| Entry::Name(name, share)).collect();
        self.open_distribution =
            Some(OpenDistribution { place: element.place, name: element.get("id").cloned(), entries });
        Ok(())
    }

    /// The distribution that is open ends.
    pub(super) fn close_distribution(&mut self) -> Result<Option<RouteName>, Blame> {
        let Some(open) = self.open_distribution.take() else { return Ok(None) };
        let name = RouteName::Distribution(self.distributions.len() as u32);
        self.distributions.push(open.entries);
        if let Some(text) = open.name {
            self.insert(text, name).at(open.place)?;
        }
        Ok(Some(name))
    }

    fn insert(&mut self, text: Cow<'a, str>, name: RouteName) -> Result<(), SumoFault> {
        let told = text.to_string();
        match self.names.insert(text, name) {
            None => Ok(()),
            Some(_) => Err(SumoFault::Twice { what: "route", name: told }),
        }
    }

    /// The route or distribution of a name.
    pub(super) fn find(&self, name: &str) -> Option<RouteName> {
        self.names.get(name).copied()
    }

    /// The routes that a name stands for, with their shares, or why there are none.
    pub(super) fn choice(&self, name: RouteName) -> Result<Vec<(u32, f64)>, String> {
        let distribution = match name {
            RouteName::Route(row) => return Ok(vec![(row, 1.0)]),
            RouteName::Distribution(row) => &self.distributions[row as usize],
        };
        let mut choice = Vec::new();
        for entry in distribution {
            let (row, share) = match entry {
                Entry::Row(row, share) => (*row, *share),
                Entry::Name(name, share) => match self.find(name) {
                    Some(RouteName::Route(row)) => (row, *share),
                    _ => return Err(format!("its distribution of routes names '{name}', which is no route")),
                },
            };
            let share = share.unwrap_or(self.drafts[row as usize].probability);
            if share > 0.0 {
                choice.push((row, share));
            }
        }
        if choice.is_empty() {
            return Err("its distribution holds no route with a probability of more than 0".to_owned());
        }
        Ok(choice)
    }
}

/// Rows of streets, or what is wrong with them.
fn streets(edges: &str, net: &Net<'_>) -> Result<Vec<u32>, String> {
    let row = |name: &str| {
        let unknown = || format!("its route names the edge '{name}', which is no street of the network");
        net.street_rows.get(name).copied().ok_or_else(unknown)
    };
    let streets = edges.split_whitespace().map(row).collect::<Result<Vec<u32>, String>>()?;
    if streets.is_empty() { Err("its route has no edges".to_owned()) } else { Ok(streets) }
}

/// Notes what is inside a vehicle or its route and not followed.
pub(super) fn note_inside(element: &Element<'_>, notes: &mut Notes) {
    match element.name {
        "param" => note_parameter(element, notes),
        name => notes.element(element.place, name, NOT_FOLLOWED),
    }
}
