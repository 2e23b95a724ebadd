//! Traffic on links: in each run, where it changes most, and where edits touch it.

use std::collections::{BTreeMap, HashMap};

use engine::city::{Link, Record, RoadClass};
use engine::key::Key;
use engine::time::Period;

use super::assemble::points;
use super::run_tables::{Rows, RunTables};
use super::sections::Sections;
use crate::comparison::{ChangedStreet, ComparedLink, EditedTraffic};
use crate::estimate::{Change, Estimate};
use crate::run::Run;
use crate::scenario::Applied;

/// How many streets are told as most changed.
const CHANGED_STREETS: usize = 10;
/// How many further streets with the same traffic are named.
const CONTINUATIONS: usize = 3;
/// Two streets have the same traffic where flow and change agree to this share.
const SAME_TRAFFIC: f64 = 0.01;

/// The links of all runs, and what the runs say of them.
pub(super) struct Flows<'a> {
    /// The links, in the order of the rows.
    pub(super) records: &'a [&'a Record<Link>],
    pub(super) sections: &'a Sections<'a>,
    pub(super) rows: &'a Rows<'a>,
    pub(super) tables: &'a [RunTables],
    pub(super) runs: &'a [(Run, Applied)],
    pub(super) periods: &'a [Period],
}

impl Flows<'_> {
    /// Every link in all runs.
    pub(super) fn links(&self) -> Vec<ComparedLink> {
        let capacities: Vec<HashMap<&Key, f64>> = self
            .runs
            .iter()
            .map(|(_, applied)| applied.tables.links.iter().map(|row| (&row.key, row.facts.capacity_pcuph)).collect())
            .collect();
        (0..self.records.len()).map(|link| self.link(link, &capacities)).collect()
    }

    fn link(&self, link: usize, capacities: &[HashMap<&Key, f64>]) -> ComparedLink {
        let row = self.records[link];
        let days: Vec<Vec<f64>> = self.tables.iter().map(|tables| tables.daily_vehicles([(link, 1.0)])).collect();
        let saturation = |run: usize, period: usize| {
            let capacity = capacities[run].get(&row.key);
            capacity.map_or(0.0, |capacity| self.tables[run].flow_pcuph(link, period) / capacity)
        };
        let periods = 0..self.periods.len();
        let base: Vec<Vec<f64>> = periods.clone().map(|period| self.hourly(0, link, period)).collect();
        let (mut hourly_vehicles, mut hourly_differences) = (Vec::new(), Vec::new());
        for run in 0..self.tables.len() {
            let hourly: Vec<Vec<f64>> = periods.clone().map(|period| self.hourly(run, link, period)).collect();
            hourly_vehicles.push(hourly.iter().map(|hourly| Estimate::over(hourly).value).collect());
            hourly_differences
                .push(base.iter().zip(&hourly).map(|(base, hourly)| Estimate::paired(base, hourly)).collect());
        }
        ComparedLink {
            key: row.key.clone(),
            name: row.facts.name.as_deref().map(str::to_owned),
            class: row.facts.class,
            structure: row.facts.structure,
            origin: row.provenance.origin,
            points: points(&row.facts.geometry),
            length_m: row.facts.length_m,
            daily_vehicles: days.iter().map(|days| Estimate::over(days)).collect(),
            daily_differences: days.iter().map(|of_run| Estimate::paired(&days[0], of_run)).collect(),
            hourly_vehicles,
            hourly_differences,
            saturation: (0..self.tables.len())
                .map(|run| periods.clone().map(|period| saturation(run, period)).collect())
                .collect(),
        }
    }

    /// Vehicles an hour under each seed.
    fn hourly(&self, run: usize, link: usize, period: usize) -> Vec<f64> {
        let hours = f64::from(self.periods[period].duration_s()) / 3600.0;
        self.tables[run].vehicles(link, period).iter().map(|vehicles| vehicles / hours).collect()
    }

    /// Vehicles a day on some links together.
    pub(super) fn daily_change(&self, run: usize, links: &[usize]) -> Change {
        let day = |run: usize| self.tables[run].daily_vehicles(links.iter().map(|&link| (link, 1.0)));
        Change::between(&day(0), &day(run))
    }

    /// The streets that change most beyond their interval, each by its section that does; what only leads on with the
    /// same traffic is told with it, and what is edited leads.
    pub(super) fn changed_streets(&self, run: usize, edited: &[usize]) -> Vec<ChangedStreet> {
        let is_edited = |street: &ChangedStreet| street.links.iter().any(|link| edited.contains(link));
        let mut told: Vec<ChangedStreet> = Vec::new();
        for mut street in self.by_change(run) {
            let same = told.iter_mut().find(|known| {
                known.name.is_some() && street.name.is_some() && has_same_traffic(&known.vehicles, &street.vehicles)
            });
            if let Some(known) = same {
                if is_edited(&street) {
                    std::mem::swap(known, &mut street);
                    known.continues_on = std::mem::take(&mut street.continues_on);
                }
                if known.continues_on.len() < CONTINUATIONS {
                    known.continues_on.extend(street.name);
                }
            } else if told.len() < CHANGED_STREETS {
                told.push(street);
            } else {
                break;
            }
        }
        told
    }

    /// Every street whose flow changes beyond its interval, by the section on which it changes most; largest change first.
    fn by_change(&self, run: usize) -> Vec<ChangedStreet> {
        let mut largest: BTreeMap<(Option<&str>, Option<RoadClass>), ChangedStreet> = BTreeMap::new();
        for links in self.sections.of(0..self.records.len()) {
            let vehicles = self.daily_change(run, &links);
            let difference = vehicles.difference;
            if difference.value == 0.0 || difference.is_distinct_from_zero() == Some(false) {
                continue;
            }
            let facts = &self.records[links[0]].facts;
            let (name, class) = (facts.name.as_deref(), facts.class);
            let street = || ChangedStreet {
                name: name.map(str::to_owned),
                class,
                at: self.sections.ends(&links),
                links: links.clone(),
                vehicles,
                continues_on: Vec::new(),
            };
            let known = largest.entry((name, name.is_none().then_some(class))).or_insert_with(street);
            if size(&vehicles) > size(&known.vehicles) {
                *known = street();
            }
        }
        let mut streets: Vec<ChangedStreet> = largest.into_values().collect();
        streets.sort_by(|a, b| size(&b.vehicles).total_cmp(&size(&a.vehicles)));
        streets
    }

    /// The traffic on the links that edits touch.
    pub(super) fn edited_traffic(&self, run: usize, edited: &[usize]) -> Option<EditedTraffic> {
        let (busiest_links, busiest) = self
            .sections
            .of(edited.iter().copied())
            .into_iter()
            .map(|links| {
                let change = self.daily_change(run, &links);
                (links, change)
            })
            .max_by(|(_, a), (_, b)| most(a).total_cmp(&most(b)))?;
        let name = |link: usize| self.records[link].facts.name.as_deref();
        let street = name(edited[0]).filter(|street| edited.iter().all(|&link| name(link) == Some(street)));
        let km = |run: usize| {
            let weights = edited.iter().map(|&link| (link, self.records[link].facts.length_m / 1000.0));
            self.tables[run].daily_vehicles(weights)
        };
        let vehicle_km = Change::between(&km(0), &km(run));
        let busiest_at = self.sections.ends(&busiest_links);
        Some(EditedTraffic { street: street.map(str::to_owned), vehicle_km, busiest, busiest_at })
    }
}

fn most(change: &Change) -> f64 {
    change.before.value.max(change.after.value)
}

/// How much changes, whether more or less.
fn size(change: &Change) -> f64 {
    change.difference.value.abs()
}

fn has_same_traffic(a: &Change, b: &Change) -> bool {
    let size = size(a);
    (a.before.value - b.before.value).abs() <= SAME_TRAFFIC * a.before.value.max(size)
        && (a.difference.value - b.difference.value).abs() <= SAME_TRAFFIC * size
}
