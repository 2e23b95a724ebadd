//! From what is written to trips: names are looked up, and who can drive is let in ([`super::admission`]). A trip that only
//! says from where to where waits until its way is found on the network that is built ([`super::Scenario::find_routes`]).

use std::collections::{HashMap, HashSet};
use std::path::Path;
use std::sync::Arc;

use engine::traffic::current_ways::CurrentWays;

use super::admission::{Admission, Outside, Plan, Refusal, RefusedTrip};
use super::departures::{Departures, Run};
use super::error::SumoError;
use super::net::Net;
use super::routes::{RouteName, Routes};
use super::source::{Blame, Sources};
use super::stops::{PlannedStop, StopPlaces};
use super::trips::{Through, TripDraft, Way};

/// Trips whose way is still to be found.
#[derive(Clone, Debug)]
pub struct PendingTrip {
    file: Arc<Path>,
    line: usize,
    plan: Plan,
    waypoints: Vec<u32>,
}

impl PendingTrip {
    /// Name of the trip or flow.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.plan.name
    }

    /// Rows of the streets that the way leads through: where it begins, those in between, where it ends; at least two.
    #[must_use]
    pub fn waypoints(&self) -> &[u32] {
        &self.waypoints
    }

    /// Finds its way and lets it in.
    pub(super) fn find_way(
        &self,
        ways: &mut CurrentWays,
        run: Run,
        admission: &mut Admission<'_>,
        refused: &mut Vec<RefusedTrip>,
    ) -> Result<(), SumoError> {
        let all = self.plan.departures.count(run);
        let refuse = |count, reason: &str| {
            let (file, name, reason) = (self.file.clone(), self.plan.name.clone(), reason.to_owned());
            RefusedTrip { file, line: self.line, name, count, reason }
        };
        let mut found = None;
        for who in admission.travellers(self.plan.mix) {
            // Later types of a mix find their own ways when they begin; here it matters that there are some.
            let way = admission.known_way(who, &self.waypoints, ways);
            let Some(way) = way else {
                refused.push(refuse(all, "no way leads from where it begins to where it ends"));
                return Ok(());
            };
            found = found.or(Some(way));
        }
        let Some(streets) = found else { return Ok(()) };
        // Stops are at their places on the way.
        let choice = if self.plan.stops.is_empty() {
            admission.sought(&streets, &self.waypoints)
        } else {
            admission.choice(&[(&streets, 1.0)])
        };
        match admission.admit(&self.plan, choice) {
            Ok(outside) => refused.extend(outside.refused(run).map(|(count, reason)| refuse(count, reason))),
            Err(Refusal::Trip(reason)) => refused.push(refuse(all, &reason)),
            Err(Refusal::TooMany(fault)) => {
                return Err(SumoError { file: self.file.to_path_buf(), line: Some(self.line), fault });
            }
        }
        Ok(())
    }
}

/// What drafts name.
pub(super) struct Named<'s, 'a> {
    pub(super) net: &'s Net<'a>,
    pub(super) places: &'s StopPlaces<'a>,
    pub(super) routes: &'s Routes<'a>,
    pub(super) sources: &'s Sources,
}

/// A way that is known, as a row of choices of routes, with the stops that it brings; or the streets to find one through.
enum Found {
    Choice(u32, Vec<PlannedStop>),
    Waypoints(Vec<u32>),
}

/// A choice of routes, with the stops that all of them have.
type Choice = Result<(u32, Vec<PlannedStop>), String>;

impl<'a> Named<'_, 'a> {
    /// Lets in what is written, with the mix of each; gives back who waits.
    pub(super) fn admit(
        &self,
        drafts: &[TripDraft<'a>],
        mixes: Vec<Result<u32, String>>,
        run: Run,
        admission: &mut Admission<'_>,
        refused: &mut Vec<RefusedTrip>,
    ) -> Result<Vec<PendingTrip>, Blame> {
        let mut names = Names::new(drafts, run);
        let mut choices: HashMap<RouteName, Choice> = HashMap::new();
        let mut pending = Vec::new();
        for (order, (draft, mix)) in drafts.iter().zip(mixes).enumerate() {
            let mut refuse = |count, reason: &str| {
                let (file, line) = (self.sources.shared_path(draft.place), self.sources.line(draft.place));
                refused.push(RefusedTrip {
                    file,
                    line,
                    name: draft.name.to_string(),
                    count,
                    reason: reason.to_owned(),
                });
            };
            let planned = names.check(draft).and_then(|()| self.plan(draft, mix?, order as u32));
            let found = planned.and_then(|plan| Ok((plan, self.way(draft, admission, &mut choices)?)));
            let outcome = match found {
                Err(reason) => Err(reason.into()),
                Ok((plan, Found::Waypoints(waypoints))) => {
                    let (file, line) = (self.sources.shared_path(draft.place), self.sources.line(draft.place));
                    pending.push(PendingTrip { file, line, plan, waypoints });
                    Ok(Outside::default())
                }
                Ok((mut plan, Found::Choice(choice, stops))) => {
                    plan.stops.splice(0..0, stops);
                    admission.admit(&plan, choice)
                }
            };
            match outcome {
                Ok(outside) => outside.refused(run).for_each(|(count, reason)| refuse(count, reason)),
                Err(Refusal::Trip(reason)) => refuse(draft.departures.count(run), &reason),
                Err(Refusal::TooMany(fault)) => {
                    return Err(Blame { place: draft.place, fault });
                }
            }
        }
        Ok(pending)
    }

    fn plan(&self, draft: &TripDraft<'a>, mix: u32, order: u32) -> Result<Plan, String> {
        if let Some(fault) = &draft.fault {
            return Err(fault.clone());
        }
        let stops = draft.stops.iter().map(|stop| stop.planned(self.net, self.places));
        Ok(Plan {
            order,
            name: draft.name.to_string(),
            mix,
            departures: draft.departures.clone(),
            lane: draft.lane,
            position: draft.position,
            speed: draft.speed,
            arrival: draft.arrival,
            stops: stops.collect::<Result<_, _>>()?,
        })
    }

    fn way(
        &self,
        draft: &TripDraft<'a>,
        admission: &mut Admission<'_>,
        choices: &mut HashMap<RouteName, Choice>,
    ) -> Result<Found, String> {
        let name = match &draft.way {
            Way::None => return Err("it has neither a route nor from and to".to_owned()),
            Way::Through(through) => return Ok(Found::Waypoints(self.waypoints(draft, through)?)),
            Way::Own(name) => *name,
            Way::Named(name) => self.routes.find(name).ok_or_else(|| format!("its route '{name}' is not defined"))?,
        };
        let choice = choices.entry(name).or_insert_with(|| self.choice(name, admission));
        choice.clone().map(|(choice, stops)| Found::Choice(choice, stops))
    }

    fn choice(&self, name: RouteName, admission: &mut Admission<'_>) -> Choice {
        let entries = self.routes.choice(name)?;
        let drafts: Vec<_> = entries.iter().map(|(row, share)| (&self.routes.drafts[*row as usize], *share)).collect();
        if drafts.len() > 1 && drafts.iter().any(|(draft, _)| !draft.stops.is_empty()) {
            return Err("routes of its distribution have stops of their own, which is not simulated".to_owned());
        }
        let stops = drafts[0].0.stops.iter().map(|stop| stop.planned(self.net, self.places));
        let stops = stops.collect::<Result<_, _>>()?;
        let mut routes = Vec::with_capacity(drafts.len());
        for (draft, share) in drafts {
            routes.push((draft.streets.as_deref().map_err(Clone::clone)?, share));
        }
        Ok((admission.choice(&routes), stops))
    }

    /// The streets that a way is to lead through; by the stops where no edges in between are given.
    fn waypoints(&self, draft: &TripDraft<'a>, through: &Through<'_>) -> Result<Vec<u32>, String> {
        let row = |name: &str| {
            let unknown = || format!("it names the edge '{name}', which is no street of the network");
            self.net.street_rows.get(name).copied().ok_or_else(unknown)
        };
        let mut waypoints = through.before_stops().map(row).collect::<Result<Vec<u32>, String>>()?;
        if through.leads_by_stops() {
            waypoints.extend(draft.stops.iter().filter_map(|stop| stop.street(self.net, self.places)));
        }
        for name in through.after_stops() {
            waypoints.push(row(name)?);
        }
        if waypoints.len() < 2 {
            return Err("its from and to name no edge".to_owned());
        }
        Ok(waypoints)
    }
}

/// Names that are taken.
struct Names<'t> {
    /// Those of vehicles and trips (false) and of flows (true) so far.
    seen: HashSet<(bool, &'t str)>,
    /// How many vehicles each flow has.
    flows: HashMap<&'t str, u64>,
}

impl<'t> Names<'t> {
    fn new(drafts: &'t [TripDraft<'_>], run: Run) -> Self {
        let flows = drafts.iter().filter(|draft| draft.is_flow && draft.fault.is_none());
        let count = |draft: &TripDraft<'_>| match draft.departures {
            Departures::Random { .. } => u64::MAX,
            ref departures => departures.count(run),
        };
        let flows = flows.map(|flow| (flow.name.as_ref(), count(flow))).collect();
        Self { seen: HashSet::with_capacity(drafts.len()), flows }
    }

    /// Refuses names that are there already. The vehicles of a flow are named after it: `flow.0`, `flow.1`, …
    fn check(&mut self, draft: &'t TripDraft<'_>) -> Result<(), String> {
        let name = draft.name.as_ref();
        if !self.seen.insert((draft.is_flow, name)) {
            return Err("its name is there before".to_owned());
        }
        if draft.is_flow || self.flows.is_empty() {
            return Ok(());
        }
        let of_flow = name.rsplit_once('.').and_then(|(flow, number)| Some((*self.flows.get(flow)?, number)));
        match of_flow.and_then(|(count, number)| Some((count, number.parse::<u64>().ok()?))) {
            Some((count, number)) if number < count => Err("its name is that of a flow's vehicle".to_owned()),
            _ => Ok(()),
        }
    }
}
