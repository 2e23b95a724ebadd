//! A city as its runs see it: the slices of its day and the network of each.

use std::collections::BTreeSet;

use engine::city::CityTables;
use engine::demand::{VehicleMix, Visitors};
use engine::network::{CityNetwork, ExtractError};
use engine::time::{ClockTime, DayType, Hours, Span, TimeSlice};
use engine::vehicles::ClassSet;

use super::settings::Settings;
use super::solve::ASSIGNED;
use crate::scenario::Applied;

/// A stretch of the day in which neither demand nor network changes.
#[derive(Clone, Debug)]
pub struct Slice {
    /// When, and in which period.
    pub time: TimeSlice,
    /// Its network, as an index into [`CityModel::variants`].
    pub variant: usize,
    /// The base's network at that time, as an index into the base's variants.
    pub base_variant: usize,
    /// The visitors of events who are on their way then, as an index into [`CityModel::visitors`].
    pub visitors: usize,
}

/// One of the networks that the city has over the day.
#[derive(Clone, Debug)]
pub struct Variant {
    /// The network.
    pub network: CityNetwork,
    /// Links whose lanes are not all for everybody, by row, and the share of them that is.
    pub narrowed: Vec<(usize, f64)>,
    /// The base's variant that it is equal to.
    pub same_as_base: Option<usize>,
}

/// A city, base or scenario, with its networks over the day.
#[derive(Clone, Debug)]
pub struct CityModel {
    /// The city after all edits.
    pub applied: Applied,
    /// Its day, in the order of the clock.
    pub slices: Vec<Slice>,
    /// Its different networks.
    pub variants: Vec<Variant>,
    /// Whether residents or jobs differ from the base's.
    pub changes_zones: bool,
    /// Whether demand differs from the base's, in whatever way, all day long.
    pub changes_demand: bool,
    /// Visitors of events who are on their way at one time; the first are none.
    pub visitors: Vec<Vec<Visitors>>,
    /// For each zone and gate whether it lies in a limited-traffic zone, and the share of permits there.
    pub permits: Vec<Option<f64>>,
}

impl CityModel {
    /// The slices of some periods, as indices.
    pub(super) fn slices_of(&self, periods: &[usize]) -> Vec<usize> {
        (0..self.slices.len()).filter(|&slice| periods.contains(&self.slices[slice].time.period)).collect()
    }

    pub(super) fn base(applied: Applied, settings: &Settings) -> Result<Self, ExtractError> {
        let mut model = Self::empty(applied);
        let plan = &model.applied.tables.about.day_plan;
        for time in plan.slices(rules(&model.applied.tables)) {
            let network =
                CityNetwork::extract(&model.applied.tables, plan.day, time.span.from, &settings.edge_parking)?;
            let known = model.variants.iter().position(|variant| is_same(&variant.network, &network));
            let variant = known.unwrap_or(model.variants.len());
            if known.is_none() {
                model.variants.push(Variant { network, narrowed: Vec::new(), same_as_base: Some(variant) });
            }
            model.slices.push(Slice { time, variant, base_variant: variant, visitors: 0 });
        }
        Ok(model)
    }

    pub(super) fn scenario(applied: Applied, base: &Self, settings: &Settings) -> Result<Self, ExtractError> {
        let mut model = Self::empty(applied);
        let (tables, base_tables) = (&model.applied.tables, &base.applied.tables);
        let is_drawn_otherwise = model.applied.edited_capacity_spread != 1.0 && !model.applied.edited_links.is_empty();
        let same_links = !is_drawn_otherwise
            && tables.links.len() == base_tables.links.len()
            && tables.links.iter().zip(&base_tables.links).all(|(a, b)| {
                let (a, b) = (&a.facts, &b.facts);
                (a.free_speed_mps, a.capacity_pcuph, a.length_m, a.toll_eur)
                    == (b.free_speed_mps, b.capacity_pcuph, b.length_m, b.toll_eur)
            });
        model.changes_zones = tables.zones != base_tables.zones;
        model.changes_demand = model.changes_zones || model.applied.vehicle_mix != VehicleMix::default();
        let plan = &tables.about.day_plan;
        let rules = rules(tables).into_iter().chain(rules(base_tables)).chain(edit_hours(&model.applied));
        let slices = plan.slices(rules);
        let mut seen: Vec<usize> = Vec::new();
        for time in slices {
            let base_variant = base
                .slices
                .iter()
                .find(|slice| slice.time.span.contains(time.span.from))
                .map_or(0, |slice| slice.base_variant);
            let network = base.variants[base_variant].network.extended(
                tables,
                plan.day,
                time.span.from,
                &settings.edge_parking,
            )?;
            let narrowed = narrowed(&model.applied, plan.day, time.span.from);
            let known = (0..model.variants.len()).find(|&index| {
                let variant = &model.variants[index];
                seen[index] == base_variant && variant.narrowed == narrowed && is_same(&variant.network, &network)
            });
            let variant = known.unwrap_or(model.variants.len());
            if known.is_none() {
                let same = same_links && narrowed.is_empty() && is_same(&network, &base.variants[base_variant].network);
                model.variants.push(Variant { network, narrowed, same_as_base: same.then_some(base_variant) });
                seen.push(base_variant);
            }
            let on_their_way = visitors(&model.applied, plan.day, time.span.from);
            let visitors = model.visitors.iter().position(|known| *known == on_their_way);
            let visitors = visitors.unwrap_or(model.visitors.len());
            if visitors == model.visitors.len() {
                model.visitors.push(on_their_way);
            }
            model.slices.push(Slice { time, variant, base_variant, visitors });
        }
        Ok(model)
    }

    /// The period of a time of day, in seconds.
    pub(super) fn period_at(&self, time_s: u32) -> usize {
        let periods = self.applied.tables.about.day_plan.periods();
        let holds = |span: &Span| span.from.seconds() <= time_s && time_s < span.to.seconds();
        periods.iter().position(|period| period.spans.iter().any(holds)).unwrap_or(0)
    }

    fn empty(applied: Applied) -> Self {
        let mut permits = vec![None; applied.tables.zones.len() + applied.tables.gates.len()];
        for limited in &applied.limited_zones {
            for &zone in &limited.zones {
                permits[zone] = Some(limited.exempt_share);
            }
        }
        let visitors = vec![Vec::new()];
        let (changes_zones, changes_demand) = (false, false);
        Self { applied, slices: Vec::new(), variants: Vec::new(), changes_zones, changes_demand, visitors, permits }
    }
}

/// All rules by hour of a city's links and turns, each once.
fn rules(tables: &CityTables) -> Vec<&Hours> {
    let of_links = tables.links.iter().flat_map(|row| &row.facts.access.rules);
    let of_turns = tables.turns.iter().flat_map(|row| &row.facts.access.rules);
    let mut seen = BTreeSet::new();
    of_links.chain(of_turns).map(|rule| &rule.hours).filter(|hours| seen.insert(format!("{hours:?}"))).collect()
}

/// All hours at which what is edited beside access changes.
fn edit_hours(applied: &Applied) -> impl Iterator<Item = &Hours> {
    let of_lanes = applied.narrowings.iter().flat_map(|narrowing| narrowing.taken.iter().map(|(hours, _)| hours));
    let of_lanes = of_lanes.chain(applied.fleet.zones.iter().map(|zone| &zone.hours));
    of_lanes.chain(applied.events.values().flat_map(|event| [&event.arrivals, &event.departures]))
}

fn narrowed(applied: &Applied, day: DayType, time: ClockTime) -> Vec<(usize, f64)> {
    let shares = applied.narrowings.iter().map(|narrowing| (narrowing.link, narrowing.share_left(day, time)));
    shares.filter(|&(_, share)| share < 1.0).collect()
}

/// The visitors who are on their way to events, and back from them.
fn visitors(applied: &Applied, day: DayType, time: ClockTime) -> Vec<Visitors> {
    let rate = |hours: &Hours, vph: f64| if hours.contains(day, time) { vph } else { 0.0 };
    let of_events = applied.events.values().map(|event| Visitors {
        zone: event.zone,
        arriving_vph: rate(&event.arrivals, event.arriving_vph()),
        leaving_vph: rate(&event.departures, event.leaving_vph()),
    });
    of_events.filter(|visitors| visitors.arriving_vph + visitors.leaving_vph > 0.0).collect()
}

/// Whether two networks are one for all that is assigned. Who may walk or ride a bicycle changes no equilibrium, and solved anew,
/// that would end some last digits away and send single vehicles otherwise.
fn is_same(a: &CityNetwork, b: &CityNetwork) -> bool {
    let assigned = ClassSet::of(&ASSIGNED);
    a.kinds == b.kinds
        && a.allowed.iter().zip(&b.allowed).all(|(a, b)| a.and(assigned) == b.and(assigned))
        && a.graph.tails() == b.graph.tails()
        && a.graph.heads() == b.graph.heads()
}
