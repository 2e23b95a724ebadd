//! A city as its runs see it: the slices of its day and the network of each.

use std::collections::BTreeSet;

use engine::city::CityTables;
use engine::network::{CityNetwork, ExtractError};
use engine::time::{Hours, Span, TimeSlice};

use super::settings::Settings;
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
}

/// One of the networks that the city has over the day.
#[derive(Clone, Debug)]
pub struct Variant {
    /// The network.
    pub network: CityNetwork,
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
    /// For each zone and gate whether it lies in a limited-traffic zone, and the share of permits there.
    pub permits: Vec<Option<f64>>,
}

impl CityModel {
    pub(super) fn base(applied: Applied, settings: &Settings) -> Result<Self, ExtractError> {
        let mut model = Self::empty(applied);
        let plan = &model.applied.tables.about.day_plan;
        for time in plan.slices(rules(&model.applied.tables)) {
            let network =
                CityNetwork::extract(&model.applied.tables, plan.day, time.span.from, &settings.edge_parking)?;
            let known = model.variants.iter().position(|variant| is_same(&variant.network, &network));
            let variant = known.unwrap_or(model.variants.len());
            if known.is_none() {
                model.variants.push(Variant { network, same_as_base: Some(variant) });
            }
            model.slices.push(Slice { time, variant, base_variant: variant });
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
        let plan = &tables.about.day_plan;
        let slices = plan.slices(rules(tables).into_iter().chain(rules(base_tables)));
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
            let known = (0..model.variants.len())
                .find(|&index| seen[index] == base_variant && is_same(&model.variants[index].network, &network));
            let variant = known.unwrap_or(model.variants.len());
            if known.is_none() {
                let same = same_links && is_same(&network, &base.variants[base_variant].network);
                model.variants.push(Variant { network, same_as_base: same.then_some(base_variant) });
                seen.push(base_variant);
            }
            model.slices.push(Slice { time, variant, base_variant });
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
        Self { applied, slices: Vec::new(), variants: Vec::new(), changes_zones: false, permits }
    }
}

/// All rules by hour of a city's links and turns, each once.
fn rules(tables: &CityTables) -> Vec<&Hours> {
    let of_links = tables.links.iter().flat_map(|row| &row.facts.access.rules);
    let of_turns = tables.turns.iter().flat_map(|row| &row.facts.access.rules);
    let mut seen = BTreeSet::new();
    of_links.chain(of_turns).map(|rule| &rule.hours).filter(|hours| seen.insert(format!("{hours:?}"))).collect()
}

fn is_same(a: &CityNetwork, b: &CityNetwork) -> bool {
    a.kinds == b.kinds
        && a.allowed == b.allowed
        && a.graph.tails() == b.graph.tails()
        && a.graph.heads() == b.graph.heads()
}
