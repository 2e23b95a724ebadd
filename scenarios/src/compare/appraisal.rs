//! Costs and benefits of each scenario against the base ([`engine::economy::appraisal`]).
//!
//! Works cost what the price list says, in the years that the scenario names; from the year after the last of them on the plan
//! brings every year what one weekday of the model tells, times the weekdays that a year counts as. Users: hours by quarter where
//! trips begin, and kilometres of the whole city, by the rule of half. Others: emissions at the exhaust and of wear, carbon
//! dioxide, noise at house numbers where it was reckoned. Under each seed traffic, unit values and prices are drawn together,
//! and base and scenario share them. Left out: crashes, until they are told by runs; a wider economy; trips that are no longer or newly
//! made, beyond the rule of half.

use std::collections::BTreeMap;

use engine::city::CityTables;
use engine::draws::{Draws, Purpose};
use engine::economy::appraisal::{
    Appraisal, ExternalChange, ExternalEffect, NoiseExposure, Project, Stream, StreamKind, Terms, TripCost, UserChange,
    appraise,
};
use engine::economy::cash_flow::straight_line_residual_eur;
use engine::economy::rate_of_return::RateOfReturn;
use engine::economy::sensitivity::{SensitivityFault, Uncertain, drawn, tornado};
use engine::economy::works::PricedBill;
use engine::key::Key;
use engine::vehicles::VehicleClass;

use super::CompareError;
use super::run_tables::RunTables;
use crate::bills::bills;
use crate::comparison::{AppraisalGap, ComparedAppraisal, ComparedWorks, NamedAmount, Swing};
use crate::estimate::Estimate;
use crate::run::{Run, Settings, TOLD};
use crate::scenario::{Applied, PlannedWorks};

/// Who pays for works.
const MUNICIPALITY: &str = "municipality";
/// Those who live or drive anywhere.
const EVERYBODY: &str = "everybody";
/// Trips from gates, and from zones in no quarter.
const OUTSIDE: &str = "gates";
const NO_QUARTER: &str = "no_quarter";
/// What the weekdays of a year are drawn for.
const YEAR: Purpose = Purpose::new("weekdays of a year");
/// The quantiles between which a parameter swings.
const TAIL: f64 = 0.1;
/// How many swings are told.
const SWINGS: usize = 10;

/// The classes whose unit values hold for each kind of vehicle that runs tell.
const CLASSES: [VehicleClass; TOLD.len()] =
    [VehicleClass::OtherCar, VehicleClass::Van, VehicleClass::HeavyVehicle, VehicleClass::Motorcycle];

/// The pollutants that have a price, and the indicators that tell them, in kg a day.
const AIR: [(&str, &str); 4] = [("NOx", "nox"), ("PM2.5", "pm25"), ("NMVOC", "nmvoc"), ("NH3", "nh3")];

/// What is appraised of one run against the base.
pub(super) struct Case<'a> {
    pub(super) city: &'a CityTables,
    pub(super) settings: &'a Settings,
    pub(super) runs: &'a [(Run, Applied)],
    pub(super) tables: &'a [RunTables],
    pub(super) run: usize,
}

/// A weekday's change under one seed, or its mean over all.
struct Weekday {
    /// Those who travel, by class and group.
    users: Vec<Travellers>,
    /// Kilometres without and with, by class.
    distances_km: Vec<[f64; 2]>,
    /// Kilograms more, by pollutant.
    air_kg: Vec<f64>,
    /// Tonnes of carbon dioxide more.
    carbon_t: f64,
}

/// Those of a class and group who travel on a weekday.
struct Travellers {
    /// Their kind, as an index into `TOLD`.
    kind: usize,
    group: String,
    /// Trips, and the hours that these take together, without and with the plan.
    moving: [(f64, f64); 2],
}

/// The appraisal of every run; none for the base, and where runs do not tell what it needs.
///
/// # Errors
/// [`CompareError::Appraisal`] where works cannot be priced.
pub(super) fn appraisals(
    city: &CityTables,
    settings: &Settings,
    runs: &[(Run, Applied)],
    tables: &[RunTables],
) -> Result<Vec<Option<ComparedAppraisal>>, CompareError> {
    let of_day = runs.first().is_some_and(|(run, _)| run.manifest.period.is_none());
    let is_ours = runs.first().is_some_and(|(run, _)| run.manifest.configuration == settings.hash());
    let all = (0..runs.len()).map(|run| {
        if run == 0 || !of_day || !is_ours || tables.iter().any(|tables| tables.distance_km(TOLD[0]).is_none()) {
            return Ok(None);
        }
        Case { city, settings, runs, tables, run }.appraised().map(Some)
    });
    all.collect()
}

impl Case<'_> {
    fn applied(&self) -> &Applied {
        &self.runs[self.run].1
    }

    fn wrong(&self, message: String) -> CompareError {
        CompareError::Appraisal { scenario: self.runs[self.run].0.manifest.scenario.clone(), message }
    }

    fn appraised(&self) -> Result<ComparedAppraisal, CompareError> {
        let parameters = &self.settings.parameters.appraisal;
        let seeds = &self.runs[0].0.manifest.seeds;
        let uncertain = parameters.unit_values.uncertain();
        let noise = self.noise();
        let of_seed = |(place, &seed): (usize, &u64)| {
            let values = match seed {
                0 => uncertain.iter().map(|parameter| parameter.distribution.median()).collect(),
                seed => drawn(&uncertain, Draws::new(seed)),
            };
            let days = match seed {
                0 => parameters.days_of_a_year.median(),
                seed => Draws::new(seed).draw(&parameters.days_of_a_year, YEAR, 0),
            };
            let bills = self.bills(seed)?;
            self.value(&self.weekday(&[place]), &noise, &bills, days, &values)
        };
        let by_seed: Vec<Appraisal> = seeds.iter().enumerate().map(of_seed).collect::<Result<_, CompareError>>()?;
        let every: Vec<usize> = (0..seeds.len()).collect();
        let (weekday, bills) = (self.weekday(&every), self.bills(0)?);
        let medians: Vec<f64> = uncertain.iter().map(|parameter| parameter.distribution.median()).collect();
        let days = parameters.days_of_a_year.median();
        let central = self.value(&weekday, &noise, &bills, days, &medians)?;
        let npv: Vec<f64> = by_seed.iter().map(|appraisal| appraisal.npv_eur).collect();
        let positive = npv.iter().filter(|&&npv| npv > 0.0).count();
        let (first_year, opening_year, last_year) = self.years();
        Ok(ComparedAppraisal {
            price_year: parameters.terms.price_year,
            discount_rate: parameters.terms.discount_rate.value(),
            first_year,
            opening_year,
            last_year,
            npv_eur: Estimate::over(&npv),
            positive_share: positive as f64 / npv.len().max(1) as f64,
            benefit_cost_ratio: central.benefit_cost_ratio,
            rate_of_return: match central.rate_of_return {
                RateOfReturn::Unique(rate) => Some(rate),
                _ => None,
            },
            payback_year: central.discounted_payback_year,
            accounts: named(&by_seed, Appraisal::by_account),
            classes: named(&by_seed, Appraisal::by_class),
            groups: named(&by_seed, Appraisal::by_group),
            works: self.works(&bills),
            swings: self.swings(&uncertain, &weekday, &noise, &bills)?,
            gaps: self.gaps(),
        })
    }

    /// First year of works, first year of use, last year that counts.
    fn years(&self) -> (i32, i32, i32) {
        let terms = &self.settings.parameters.appraisal.terms;
        let of_works = || self.applied().works.iter().flat_map(|works| works.years.iter().map(|(year, _)| *year));
        let first = of_works().min();
        let horizon = self.runs[self.run].0.chain.horizon().map(i32::from);
        let opening = of_works().max().map_or_else(|| horizon.unwrap_or(terms.price_year + 1), |last| last + 1);
        let operation = i32::try_from(terms.years_of_operation).unwrap_or(i32::MAX);
        (first.unwrap_or(opening), opening, opening + operation - 1)
    }

    /// The scenario's works, priced as a seed draws prices.
    fn bills(&self, seed: u64) -> Result<Vec<PricedBill>, CompareError> {
        bills(&self.applied().works, self.settings, seed).map_err(|error| self.wrong(error.to_string()))
    }

    fn streams(&self, bills: &[PricedBill]) -> Vec<Stream> {
        let (_, opening_year, last_year) = self.years();
        let mut streams = Vec::new();
        let mut add = |kind, amounts_eur: Vec<(i32, f64)>| {
            streams.push(Stream { kind, group: MUNICIPALITY.to_owned(), amounts_eur });
        };
        let every = |amount: f64| (opening_year..=last_year).map(|year| (year, amount)).collect::<Vec<_>>();
        for (works, bill) in self.applied().works.iter().zip(bills) {
            // Without tax, which the community pays to itself.
            let net = bill.net();
            add(StreamKind::Investment, works.years.iter().map(|&(year, share)| (year, share * net)).collect());
            let used_years = f64::from(last_year - opening_year + 1);
            let left = straight_line_residual_eur(net, works.life_years, used_years.min(works.life_years));
            add(StreamKind::Residual, vec![(last_year, left)]);
            // What lasts less than the years that count is built again.
            let mut renewed = f64::from(opening_year) + works.life_years;
            while renewed.round() < f64::from(last_year) {
                #[expect(clippy::cast_possible_truncation, reason = "a year")]
                add(StreamKind::Maintenance, vec![(renewed.round() as i32, net)]);
                renewed += works.life_years;
            }
            let [maintenance, operation, revenue] = works.yearly_eur;
            for (kind, amount) in [
                (StreamKind::Maintenance, maintenance),
                (StreamKind::Operation, operation),
                (StreamKind::Revenue, revenue),
            ] {
                if amount > 0.0 {
                    add(kind, every(amount));
                }
            }
        }
        streams
    }

    /// A weekday's change, the mean over some seeds.
    fn weekday(&self, places: &[usize]) -> Weekday {
        let mean = |of: &dyn Fn(usize) -> f64| places.iter().map(|&place| of(place)).sum::<f64>() / places.len() as f64;
        let mut users = Vec::new();
        for (kind, class) in TOLD.iter().enumerate() {
            let mut groups: BTreeMap<String, [(f64, f64); 2]> = BTreeMap::new();
            for (key, group) in self.origins() {
                let sums = groups.entry(group).or_default();
                for (sum, run) in sums.iter_mut().zip([0, self.run]) {
                    let of = self.tables[run].origin(key, class);
                    let part = |part: fn((f64, f64)) -> f64| {
                        mean(&|place| of.get(place).and_then(|seed| seed.moving).map_or(0.0, part))
                    };
                    sum.0 += part(|(trips, _)| trips);
                    sum.1 += part(|(_, hours)| hours);
                }
            }
            users.extend(groups.into_iter().map(|(group, moving)| Travellers { kind, group, moving }));
        }
        let distances_km = TOLD.iter().map(|class| {
            [0, self.run].map(|run| {
                let of = self.tables[run].distance_km(class).unwrap_or(&[]);
                mean(&|place| of.get(place).copied().unwrap_or(0.0))
            })
        });
        let more = |id: &str| {
            let of = |run: usize, place: usize| {
                self.tables[run].indicator(id).and_then(|values| values.get(place)).copied().unwrap_or(0.0)
            };
            mean(&|place| of(self.run, place) - of(0, place))
        };
        Weekday {
            users,
            distances_km: distances_km.collect(),
            air_kg: AIR.iter().map(|(_, id)| more(id)).collect(),
            carbon_t: more("co2"),
        }
    }

    /// Every place where trips begin, with the group of people that it stands for.
    fn origins(&self) -> impl Iterator<Item = (&Key, String)> {
        let of_zones = self.city.zones.iter().map(|row| {
            let quarter = row.facts.quarter.as_ref().map(|key| key.as_str().to_owned());
            (&row.key, quarter.unwrap_or_else(|| NO_QUARTER.to_owned()))
        });
        of_zones.chain(self.city.gates.iter().map(|row| (&row.key, OUTSIDE.to_owned())))
    }

    /// People by their noise without and with the plan, by quarter; none where it was not reckoned.
    fn noise(&self) -> Vec<(String, Vec<NoiseExposure>)> {
        let (base, plan) = (&self.tables[0], &self.tables[self.run]);
        let mut groups: BTreeMap<String, Vec<NoiseExposure>> = BTreeMap::new();
        for row in &self.city.addresses {
            let (Some((without_lden_db, people)), Some((with_lden_db, _))) =
                (base.noise_at(&row.key), plan.noise_at(&row.key))
            else {
                continue;
            };
            if without_lden_db != with_lden_db && people > 0.0 {
                let quarter = row.facts.quarter.as_deref().unwrap_or(NO_QUARTER).to_owned();
                groups.entry(quarter).or_default().push(NoiseExposure { without_lden_db, with_lden_db, people });
            }
        }
        groups.into_iter().collect()
    }

    fn value(
        &self,
        weekday: &Weekday,
        noise: &[(String, Vec<NoiseExposure>)],
        bills: &[PricedBill],
        days: f64,
        values: &[f64],
    ) -> Result<Appraisal, CompareError> {
        let parameters = &self.settings.parameters.appraisal;
        let (first_year, opening_year, last_year) = self.years();
        let mut project =
            Project { first_year, last_year, streams: self.streams(bills), users: Vec::new(), external: Vec::new() };
        for year in opening_year..=last_year {
            self.add_users(&mut project, weekday, days, year);
            let external = |group: &str, effect| ExternalChange { year, group: group.to_owned(), effect };
            for ((pollutant, _), kg) in AIR.iter().zip(&weekday.air_kg) {
                let effect = ExternalEffect::Air { pollutant: (*pollutant).to_owned(), change_kg: kg * days };
                project.external.push(external(EVERYBODY, effect));
            }
            let effect = ExternalEffect::Climate { change_t: weekday.carbon_t * days };
            project.external.push(external(EVERYBODY, effect));
            for (group, exposures) in noise {
                project.external.push(external(group, ExternalEffect::Noise(exposures.clone())));
            }
        }
        let terms = Terms { rate: parameters.terms.discount_rate, base_year: first_year };
        appraise(&project, &parameters.unit_values.at(values), terms)
            .map_err(|faults| self.wrong(faults.iter().take(3).map(ToString::to_string).collect::<Vec<_>>().join("; ")))
    }

    fn add_users(&self, project: &mut Project, weekday: &Weekday, days: f64, year: i32) {
        let mean = |(trips, hours): (f64, f64), distance_km: f64| TripCost {
            time_h: if trips > 0.0 { hours / trips } else { 0.0 },
            distance_km,
            charge_eur: 0.0,
        };
        for Travellers { kind, group, moving: [without, with] } in &weekday.users {
            if without.0 <= 0.0 && with.0 <= 0.0 {
                continue;
            }
            // Where nobody travels on one side its mean trip is the other's: half of nothing gained.
            let (before, after) = match (without.0 > 0.0, with.0 > 0.0) {
                (true, true) => (*without, *with),
                (true, false) => (*without, *without),
                _ => (*with, *with),
            };
            project.users.push(UserChange {
                year,
                class: CLASSES[*kind].name().to_owned(),
                group: group.clone(),
                trips_without_pa: without.0 * days,
                trips_with_pa: with.0 * days,
                without: mean(before, 0.0),
                with: mean(after, 0.0),
            });
        }
        for (kind, [without_km, with_km]) in weekday.distances_km.iter().enumerate() {
            // One trip as long as all of them.
            project.users.push(UserChange {
                year,
                class: CLASSES[kind].name().to_owned(),
                group: EVERYBODY.to_owned(),
                trips_without_pa: days,
                trips_with_pa: days,
                without: mean((0.0, 0.0), *without_km),
                with: mean((0.0, 0.0), *with_km),
            });
        }
    }

    fn works(&self, bills: &[PricedBill]) -> Vec<ComparedWorks> {
        let of = |(works, bill): (&PlannedWorks, &PricedBill)| ComparedWorks {
            name: works.name.clone(),
            years: works.years.clone(),
            lines: bill
                .lines
                .iter()
                .map(|line| crate::comparison::ComparedWorksLine {
                    code: line.code.clone(),
                    description: line.description.clone(),
                    quantity: line.quantity,
                    unit: line.unit.clone(),
                    unit_price_eur: line.unit_price,
                    net_eur: line.net,
                    source: line.source.clone(),
                    price_year: line.price_year,
                })
                .collect(),
            contingency_eur: bill.contingency,
            engineering_eur: bill.engineering,
            vat_eur: bill.vat,
            net_eur: bill.net(),
            gross_eur: bill.gross(),
        };
        self.applied().works.iter().zip(bills).map(of).collect()
    }

    fn swings(
        &self,
        uncertain: &[Uncertain],
        weekday: &Weekday,
        noise: &[(String, Vec<NoiseExposure>)],
        bills: &[PricedBill],
    ) -> Result<Vec<Swing>, CompareError> {
        let days = self.settings.parameters.appraisal.days_of_a_year.median();
        let model = |values: &[f64]| match self.value(weekday, noise, bills, days, values) {
            Ok(appraisal) => Ok(appraisal.npv_eur),
            Err(error) => Err(Told(error.to_string())),
        };
        let told = tornado(uncertain, TAIL, model).map_err(|error| self.wrong(error.0))?;
        let swing = |bar: engine::economy::sensitivity::Bar| Swing {
            parameter: bar.name,
            low: bar.low,
            high: bar.high,
            npv_low_eur: bar.result_low,
            npv_high_eur: bar.result_high,
        };
        Ok(told.bars.into_iter().filter(|bar| bar.swing() > 0.0).take(SWINGS).map(swing).collect())
    }

    /// What the appraisal lacks.
    fn gaps(&self) -> Vec<AppraisalGap> {
        let mut gaps = vec![AppraisalGap::Crashes];
        if !(self.tables[0].has_noise() && self.tables[self.run].has_noise()) {
            gaps.push(AppraisalGap::Noise);
        }
        if self.applied().works.is_empty() {
            gaps.push(AppraisalGap::Works);
        }
        gaps
    }
}

/// A message on the way through the sensitivity analysis.
struct Told(String);

impl From<SensitivityFault> for Told {
    fn from(fault: SensitivityFault) -> Self {
        Self(fault.to_string())
    }
}

/// Present values by name, over the seeds.
fn named(by_seed: &[Appraisal], of: fn(&Appraisal) -> Vec<(String, f64)>) -> Vec<NamedAmount> {
    let sums: Vec<BTreeMap<String, f64>> =
        by_seed.iter().map(|appraisal| of(appraisal).into_iter().collect()).collect();
    let mut names: Vec<&String> = sums.iter().flat_map(BTreeMap::keys).collect();
    names.sort();
    names.dedup();
    let amount = |name: &String| {
        let values: Vec<f64> = sums.iter().map(|sums| sums.get(name).copied().unwrap_or(0.0)).collect();
        NamedAmount { name: name.clone(), present_eur: Estimate::over(&values) }
    };
    names.into_iter().map(amount).collect()
}
