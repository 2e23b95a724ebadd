//! The base of a set of runs: a city, its fitted demand, and its equilibrium for every seed.
//!
//! Every scenario starts from its base's own cold equilibrium, so that what else is run beside it does not show.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use data::overview::{Lack, lacks};
use data::trajectories::TrajectoryError;
use engine::assignment::{AssignmentError, Equilibrium, Options, skims};
use engine::city::{CityTables, Fault};
use engine::demand::{
    Demand, DemandError, DemandInputs, FittedDemand, InputError, Matrix, PeriodDemand, Variation, VehicleMix,
};
use engine::draws::{Draws, Purpose};
use engine::environment::emissions::MissingFactor;
use engine::key::Key;
use engine::network::{ArcKind, ExtractError};
use engine::provenance::Origin;
use engine::time::Period;
use engine::traffic::from_city::{StreetsError, StretchError, TripsError};
use engine::traffic::network::NetworkFault;
use engine::traffic::network::derive::{DeriveFault, SignalFault};
use engine::vehicles::VehicleClass;
use rayon::prelude::*;

use super::effects::{EffectsModel, FleetUseError, Fleets};
use super::fidelity::Fidelity;
use super::fields::FieldError;
use super::model::{CityModel, Slice};
use super::settings::Settings;
use super::solve::{Conditions, Solved, solve};
use super::traffic::{CityLanes, Design, SeedTraffic, StreamsError, check_streams};
use crate::bills::BillError;
use crate::scenario::{Applied, ApplyError, Chain, FleetEdits, WrittenAt, apply};

/// What a capacity factor of all links, and of one link, is drawn for.
const CAPACITY_LEVEL: Purpose = Purpose::new("capacity level");
const LINK_CAPACITY: Purpose = Purpose::new("link capacity");

/// Length of a connector in the distances that demand sees, in metres: small beside any trip, but not nothing.
const CONNECTOR_LENGTH_M: f64 = 10.0;

/// A city, its demand, and everything that its runs share.
pub struct Base {
    /// The city's tables, in the order of their keys.
    pub tables: CityTables,
    /// Hash of the city.
    pub city_hash: String,
    /// The parameters.
    pub settings: Settings,
    /// The city as it is.
    pub model: CityModel,
    demand: FittedDemand,
    /// Made when it is first asked for.
    design: OnceLock<Design>,
    /// The city's fleet, made when it is first asked for.
    fleets: OnceLock<Arc<Fleets>>,
    /// The base's own lanes for the periods last asked for.
    lanes: Mutex<Option<(Vec<usize>, Arc<CityLanes>)>>,
}

/// Why there is no run.
#[derive(Debug, thiserror::Error)]
pub enum SimulateError {
    /// The city is wrong.
    #[error("the city cannot be simulated: {}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))]
    City(Vec<Fault>),
    /// The city lacks what demand is made from.
    #[error(
        "the city holds no {}; without them it can be looked at but not simulated. Add them to its folder, or leave --city out for the built-in city",
        .0.iter().map(|lack| format!("{} ({})", lack.what, lack.place)).collect::<Vec<_>>().join(", no ")
    )]
    Lacks(Vec<Lack>),
    /// The city cannot be hashed.
    #[error("the city cannot be named: {0}")]
    Identity(#[from] data::city_folder::CityError),
    /// Lanes cannot be written for other tools.
    #[error(transparent)]
    Export(#[from] data::export::ExportError),
    /// The scenario does not fit the city.
    #[error(transparent)]
    Apply(#[from] ApplyError),
    /// The city has no network.
    #[error(transparent)]
    Network(#[from] ExtractError),
    /// What demand is made from does not make sense.
    #[error("demand: {0}")]
    Input(#[from] InputError),
    /// There is no demand.
    #[error("demand: {0}")]
    Demand(#[from] DemandError),
    /// There is no equilibrium.
    #[error("assignment: {0}")]
    Assignment(#[from] AssignmentError),
    /// Trips of the base have no way.
    #[error(
        "{trips:.1} vehicles an hour from '{origin}' to '{destination}' have no way in the base ({pairs} pairs of zones in all); connect the zones in the city, or give {class} access"
    )]
    NoWay {
        /// How many vehicles an hour of the first pair.
        trips: f64,
        /// Where they begin.
        origin: Key,
        /// Where they would end.
        destination: Key,
        /// Their class.
        class: &'static str,
        /// How many pairs have no way.
        pairs: usize,
    },
    /// The city has no streets to drive on.
    #[error("streets: {0}")]
    Streets(#[from] StreetsError),
    /// Lanes cannot be derived from the city's streets.
    #[error("lanes: {}", list(.0))]
    Derive(Vec<DeriveFault>),
    /// The derived lanes are no network.
    #[error("lanes: {}", list(.0))]
    Lanes(Vec<NetworkFault>),
    /// A line's way is too short for vehicles that move.
    #[error(
        "line '{line}': one of its ways lies within a single crossing, so that its vehicles cannot be simulated; let it lead further"
    )]
    Line {
        /// The line.
        line: String,
    },
    /// A signal cannot be controlled so.
    #[error("{}the signal at junction '{junction}': {fault}", before(.written.as_deref()))]
    Signal {
        /// Where the scenario says how it is controlled, if it does.
        written: Option<Box<WrittenAt>>,
        /// The junction.
        junction: Box<str>,
        /// Why.
        fault: SignalFault,
    },
    /// Junctions that are one crossing are controlled in different ways.
    #[error(
        "the junctions '{}' and '{}' are one crossing where vehicles move, with one signal, which cannot be both {} and {}; say it of one of them",
        .junctions[0], .junctions[1], .told[0], .told[1]
    )]
    OneSignal {
        /// The junctions.
        junctions: [String; 2],
        /// What is said of each.
        told: [String; 2],
    },
    /// A green wave has nothing to coordinate.
    #[error(
        "{}the green wave of '{street}': {signals} signals stand along it, and it takes two at least; put others with [[signal]]",
        before(.written.as_deref())
    )]
    NoWave {
        /// Where the scenario asks for it.
        written: Option<Box<WrittenAt>>,
        /// The street.
        street: String,
        /// How many signals it has.
        signals: usize,
    },
    /// Signals along a street cannot be coordinated so.
    #[error("{}the green wave of '{street}': {fault}", before(.written.as_deref()))]
    Wave {
        /// Where the scenario asks for it.
        written: Option<Box<WrittenAt>>,
        /// The street.
        street: Box<str>,
        /// Why.
        fault: SignalFault,
    },
    /// What junctions let pass cannot be told.
    #[error("signals: {0}")]
    Signals(#[from] SignalFault),
    /// The fleet cannot drive.
    #[error("fleet: {0}")]
    Fleet(#[from] FleetUseError),
    /// Works cannot be priced.
    #[error(transparent)]
    Works(#[from] BillError),
    /// A field cannot be reckoned.
    #[error(transparent)]
    Field(#[from] FieldError),
    /// Trajectories cannot be written.
    #[error(transparent)]
    Trajectories(#[from] TrajectoryError),
    /// A period is no time in which vehicles begin.
    #[error("departures: {0}")]
    Departures(#[from] StretchError),
    /// Equilibria make no trips.
    #[error("trips: {0}")]
    Trips(#[from] TripsError),
    /// The day has more streams of vehicles than can be told apart.
    #[error(transparent)]
    Streams(#[from] StreamsError),
    /// A period that the city's day does not have.
    #[error("the city's day has no period '{name}'; it has {}", .known.join(", "))]
    Period {
        /// What was asked for.
        name: String,
        /// What there is.
        known: Vec<String>,
    },
}

impl From<Vec<MissingFactor>> for SimulateError {
    fn from(missing: Vec<MissingFactor>) -> Self {
        Self::Fleet(FleetUseError::Missing(missing))
    }
}

/// A place as it stands before what is said of it.
fn before(written: Option<&WrittenAt>) -> String {
    written.map_or_else(String::new, |at| format!("{at}: "))
}

/// The first of several faults, and how many more there are.
fn list<T: std::fmt::Display>(faults: &[T]) -> String {
    const TOLD: usize = 10;
    let mut told: Vec<String> = faults.iter().take(TOLD).map(ToString::to_string).collect();
    if faults.len() > TOLD {
        told.push(format!("and {} more", faults.len() - TOLD));
    }
    told.join("; ")
}

/// What a scenario starts from, and what the base keeps of it.
type Start = (Arc<Equilibrium>, Arc<Solved>);

/// The base under one seed: demand, capacities and equilibria, kept to start scenarios from.
pub struct SeedBase {
    /// The seed.
    pub seed: u64,
    /// The base's demand.
    pub demand: Arc<Demand>,
    /// By period asked for, then by variant of the base's network.
    solved: Vec<Vec<Option<Start>>>,
    periods: Vec<usize>,
    /// What can leave each link at its end, where vehicles are to move; empty where they are not.
    junctions_vph: Vec<Option<f64>>,
}

/// A city under one seed: the state of every slice, in the order of the model's slices.
#[derive(Clone)]
pub struct SeedResult {
    /// The seed.
    pub seed: u64,
    /// Demand.
    pub demand: Arc<Demand>,
    /// The slices, where their period was asked for: as assigned, or as driven.
    pub slices: Vec<Option<Arc<Solved>>>,
    /// What moved, where vehicles did.
    pub traffic: Option<Arc<SeedTraffic>>,
}

/// The equilibria of a model's slices, where their period was asked for.
pub(super) type Equilibria = Vec<Option<Arc<Equilibrium>>>;

impl Base {
    /// Prepares a city for runs.
    ///
    /// # Errors
    /// [`SimulateError`] where the city is wrong or lacks what demand needs.
    pub fn new(mut tables: CityTables, settings: Settings) -> Result<Self, SimulateError> {
        tables.sort();
        let faults = tables.faults();
        if !faults.is_empty() {
            return Err(SimulateError::City(faults));
        }
        let lacks: Vec<Lack> = lacks(&tables).into_iter().filter(|lack| !lack.is_bearable).collect();
        if !lacks.is_empty() {
            return Err(SimulateError::Lacks(lacks));
        }
        let city_hash = data::city_folder::identity(&tables)?;
        let model = CityModel::base(Applied::unchanged(tables.clone()), &settings)?;
        let demand = fit_demand(&tables, &model, &settings)?;
        Ok(Self {
            tables,
            city_hash,
            settings,
            model,
            demand,
            design: OnceLock::new(),
            fleets: OnceLock::new(),
            lanes: Mutex::new(None),
        })
    }

    /// Applies a scenario to the city.
    ///
    /// # Errors
    /// [`SimulateError`] where it does not fit.
    pub fn scenario(&self, chain: &Chain) -> Result<CityModel, SimulateError> {
        let applied = apply(&self.tables, chain)?;
        Ok(CityModel::scenario(applied, &self.model, &self.settings)?)
    }

    /// The periods of that name, or all, as indices into the day plan.
    ///
    /// # Errors
    /// [`SimulateError::Period`] where the day has no such period.
    pub fn periods(&self, name: Option<&str>) -> Result<Vec<usize>, SimulateError> {
        let plan = &self.tables.about.day_plan;
        match name {
            None => Ok((0..plan.periods().len()).collect()),
            Some(name) => plan.period_named(name).map(|period| vec![period]).ok_or_else(|| SimulateError::Period {
                name: name.to_owned(),
                known: plan.periods().iter().map(|period| period.name.clone()).collect(),
            }),
        }
    }

    /// How well the demand reproduces the survey that it was fitted to.
    #[must_use]
    pub fn demand(&self) -> &FittedDemand {
        &self.demand
    }

    /// What the traffic of a city does: what every seed's effects are worked out with.
    ///
    /// # Errors
    /// [`SimulateError::Fleet`] where its fleet cannot drive.
    pub(super) fn effects<'a>(&'a self, model: &'a CityModel) -> Result<EffectsModel<'a>, SimulateError> {
        let edits = &model.applied.fleet;
        let is_citys = *edits == FleetEdits::default();
        let fleets = match self.fleets.get().filter(|_| is_citys) {
            Some(fleets) => fleets.clone(),
            None => Arc::new(Fleets::new(&self.settings, edits)?),
        };
        let fleets = if is_citys { self.fleets.get_or_init(|| fleets).clone() } else { fleets };
        Ok(EffectsModel::new(&self.settings, model, fleets, &self.demand.inputs().car_distance_m))
    }

    /// What signals are designed for: the period with most vehicles an hour, central case.
    ///
    /// # Errors
    /// [`SimulateError`] where there is no demand or no equilibrium, or vehicles cannot be driven.
    pub(super) fn design(&self) -> Result<&Design, SimulateError> {
        if let Some(design) = self.design.get() {
            return Ok(design);
        }
        let demand = self.demand.generate(&self.variation(0))?;
        let vehicles_vph = |period: &PeriodDemand| {
            let kinds = [&period.cars.total(), &period.vans, &period.heavy_vehicles, &period.motorcycles];
            kinds.map(Matrix::total).iter().sum::<f64>()
        };
        let busiest = (0..demand.periods.len())
            .max_by(|&a, &b| vehicles_vph(&demand.periods[a]).total_cmp(&vehicles_vph(&demand.periods[b])))
            .unwrap_or(0);
        let made = Design::new(self, busiest)?;
        Ok(self.design.get_or_init(|| made))
    }

    /// The lanes of a city for some periods.
    ///
    /// # Errors
    /// [`SimulateError`] where there is no demand or no equilibrium, or vehicles cannot be driven.
    pub(super) fn lanes_of(&self, model: &CityModel, periods: &[usize]) -> Result<CityLanes, SimulateError> {
        check_streams(model)?;
        CityLanes::new(model, &model.slices_of(periods), self.design()?)
    }

    /// The base's own lanes for some periods, kept for the next seed.
    ///
    /// # Errors
    /// [`SimulateError`] where there is no demand or no equilibrium, or vehicles cannot be driven.
    pub(super) fn lanes(&self, periods: &[usize]) -> Result<Arc<CityLanes>, SimulateError> {
        let kept = || self.lanes.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, lanes)) = kept().as_ref().filter(|(of, _)| of == periods) {
            return Ok(lanes.clone());
        }
        let lanes = Arc::new(self.lanes_of(&self.model, periods)?);
        *kept() = Some((periods.to_vec(), lanes.clone()));
        Ok(lanes)
    }

    fn variation(&self, seed: u64) -> Variation<'_> {
        match seed {
            0 => Variation::none(),
            seed => Variation::drawn(&self.settings.parameters.uncertainty, Draws::new(seed)),
        }
    }

    /// Solves the base for one seed and the periods, cold. Where vehicles are to move, junctions bound what links carry.
    ///
    /// # Errors
    /// [`SimulateError`] where there is no demand or no equilibrium, or trips have no way.
    pub fn seed(&self, seed: u64, periods: &[usize], fidelity: Fidelity) -> Result<SeedBase, SimulateError> {
        let junctions_vph =
            if fidelity.is_strategic() { Vec::new() } else { self.lanes(periods)?.junctions_vph().to_vec() };
        self.seed_under(seed, periods, junctions_vph, &self.settings.assignment, None)
    }

    /// The same with what junctions let pass, as exactly as is asked for: see [`Conditions`]; from what was found under others,
    /// for the same periods, where that is given.
    pub(super) fn seed_under(
        &self,
        seed: u64,
        periods: &[usize],
        junctions_vph: Vec<Option<f64>>,
        options: &Options,
        from: Option<&SeedBase>,
    ) -> Result<SeedBase, SimulateError> {
        let demand = Arc::new(self.demand.generate(&self.variation(seed))?);
        let capacity_factors = self.capacity_factors(seed, &self.model);
        let conditions = |period: usize, variant: usize| Conditions {
            settings: &self.settings,
            model: &self.model,
            variant: &self.model.variants[variant],
            demand: &demand.periods[period],
            capacity_factors: &capacity_factors,
            junctions_vph: &junctions_vph,
            duration_s: lasting_s(&self.tables.about.day_plan.periods()[period]),
            options,
        };
        let solved = periods
            .par_iter()
            .enumerate()
            .map(|(place, &period)| {
                (0..self.model.variants.len())
                    .map(|variant| {
                        let used =
                            |slice: &super::model::Slice| slice.time.period == period && slice.variant == variant;
                        if !self.model.slices.iter().any(used) {
                            return Ok(None);
                        }
                        let start = from.and_then(|from| from.solved[place][variant].as_ref());
                        let start = start.map(|(equilibrium, _)| &**equilibrium);
                        let (equilibrium, solved) = solve(&conditions(period, variant), start)?;
                        self.check_served(&equilibrium)?;
                        Ok(Some((Arc::new(equilibrium), Arc::new(solved))))
                    })
                    .collect::<Result<Vec<_>, SimulateError>>()
            })
            .collect::<Result<Vec<_>, SimulateError>>()?;
        Ok(SeedBase { seed, demand, solved, periods: periods.to_vec(), junctions_vph })
    }

    fn check_served(&self, equilibrium: &Equilibrium) -> Result<(), SimulateError> {
        let Some(first) = equilibrium.unserved.first() else { return Ok(()) };
        let zones = &self.model.variants[0].network.zones;
        Err(SimulateError::NoWay {
            trips: first.trips,
            origin: zones[first.origin as usize].clone(),
            destination: zones[first.destination as usize].clone(),
            class: super::solve::ASSIGNED[first.class].name(),
            pairs: equilibrium.unserved.len(),
        })
    }

    /// The base's own result.
    #[must_use]
    pub fn result(&self, base: &SeedBase) -> SeedResult {
        let slices = self.model.slices.iter().map(|slice| {
            let period = base.periods.iter().position(|&period| period == slice.time.period)?;
            base.solved[period][slice.variant].as_ref().map(|(_, solved)| solved.clone())
        });
        SeedResult { seed: base.seed, demand: base.demand.clone(), slices: slices.collect(), traffic: None }
    }

    /// The base's own equilibria.
    pub(super) fn equilibria(&self, base: &SeedBase) -> Equilibria {
        let slices = self.model.slices.iter().map(|slice| {
            let period = base.periods.iter().position(|&period| period == slice.time.period)?;
            base.solved[period][slice.variant].as_ref().map(|(equilibrium, _)| equilibrium.clone())
        });
        slices.collect()
    }

    /// A scenario's result and the equilibria of its slices, from the base's equilibrium of the same seed. What is as in
    /// the base is the base's.
    ///
    /// # Errors
    /// [`SimulateError`] where there is no demand or no equilibrium. Trips without a way are no error: they are counted.
    pub(super) fn scenario_result(
        &self,
        base: &SeedBase,
        scenario: &CityModel,
        junctions_vph: &[Option<f64>],
    ) -> Result<(SeedResult, Equilibria), SimulateError> {
        let same_junctions = base.junctions_vph == junctions_vph;
        let demand = self.scenario_demand(base, scenario)?;
        let capacity_factors = self.capacity_factors(base.seed, scenario);
        // By period, network and visitors.
        let mut solved: BTreeMap<(usize, usize, usize), Start> = BTreeMap::new();
        for slice in &scenario.slices {
            let Some(period) = base.periods.iter().position(|&period| period == slice.time.period) else { continue };
            let condition = (period, slice.variant, slice.visitors);
            if solved.contains_key(&condition) {
                continue;
            }
            let visitors = &scenario.visitors[slice.visitors];
            let start = base.solved[period][slice.base_variant].as_ref();
            let variant = &scenario.variants[slice.variant];
            let result = match start {
                Some(same)
                    if same_junctions
                        && variant.same_as_base == Some(slice.base_variant)
                        && !scenario.changes_demand
                        && visitors.is_empty() =>
                {
                    same.clone()
                }
                start => {
                    let of_slice = slice_demand(scenario, slice, &demand);
                    let conditions = Conditions {
                        settings: &self.settings,
                        model: scenario,
                        variant,
                        demand: &of_slice,
                        capacity_factors: &capacity_factors,
                        junctions_vph,
                        duration_s: lasting_s(&self.tables.about.day_plan.periods()[period]),
                        options: &self.settings.assignment,
                    };
                    let (equilibrium, solved) = solve(&conditions, start.map(|(equilibrium, _)| &**equilibrium))?;
                    (Arc::new(equilibrium), Arc::new(solved))
                }
            };
            solved.insert(condition, result);
        }
        let of_slices = scenario.slices.iter().map(|slice| {
            let period = base.periods.iter().position(|&period| period == slice.time.period)?;
            solved.get(&(period, slice.variant, slice.visitors)).cloned()
        });
        let of_slices: Vec<Option<Start>> = of_slices.collect();
        let slices = of_slices.iter().map(|start| start.as_ref().map(|(_, solved)| solved.clone())).collect();
        let equilibria = of_slices.into_iter().map(|start| start.map(|(equilibrium, _)| equilibrium)).collect();
        Ok((SeedResult { seed: base.seed, demand, slices, traffic: None }, equilibria))
    }

    /// The demand of a scenario, without the visitors of events.
    fn scenario_demand(&self, base: &SeedBase, scenario: &CityModel) -> Result<Arc<Demand>, SimulateError> {
        let mut demand = base.demand.clone();
        if scenario.changes_zones {
            let zones = DemandInputs::zones_of(&scenario.applied.tables);
            demand = Arc::new(self.demand.generate_for(&zones, &self.variation(base.seed))?);
        }
        if scenario.applied.vehicle_mix != VehicleMix::default() {
            demand = Arc::new(demand.with_mix(&scenario.applied.vehicle_mix));
        }
        Ok(demand)
    }

    /// What the seed makes of each link's capacity. Links whose lanes were inferred are less sure than real ones.
    fn capacity_factors(&self, seed: u64, model: &CityModel) -> Vec<f64> {
        let links = &model.applied.tables.links;
        if seed == 0 {
            return vec![1.0; links.len()];
        }
        let uncertainty = &self.settings.parameters.uncertainty;
        let draws = Draws::new(seed);
        let level = draws.draw(&uncertainty.capacity_level, CAPACITY_LEVEL, 0);
        let factor = |link: &engine::city::Record<engine::city::Link>| {
            let distribution = match link.provenance.origin {
                Origin::Real => &uncertainty.capacity_known,
                Origin::Derived | Origin::Synthetic => &uncertainty.capacity_inferred,
            };
            draws.draw(distribution, LINK_CAPACITY, link.key.number())
        };
        let mut factors: Vec<f64> = links.iter().map(factor).collect();
        for &row in &model.applied.edited_links {
            factors[row] = libm::pow(factors[row], model.applied.edited_capacity_spread);
        }
        factors.iter().map(|of_link| level * of_link).collect()
    }
}

/// The demand in a slice, with the visitors of events; that of its period where there are none.
pub(super) fn slice_demand<'a>(model: &CityModel, slice: &Slice, demand: &'a Demand) -> Cow<'a, PeriodDemand> {
    let of_period = Cow::Borrowed(&demand.periods[slice.time.period]);
    let visitors = model.visitors.get(slice.visitors).map_or(&[][..], Vec::as_slice);
    if visitors.is_empty() {
        return of_period;
    }
    let homes = demand.visitors_homes();
    visitors.iter().fold(of_period, |demand, visitors| Cow::Owned(demand.with_visitors(&homes, visitors)))
}

/// Fits the demand to the city's survey, with times by car on the empty network of the first period's first slice.
/// For how long the traffic of a period lasts without a break, in seconds.
fn lasting_s(period: &Period) -> f64 {
    period.spans.iter().map(|span| span.duration_s()).max().map_or(0.0, f64::from)
}

fn fit_demand(tables: &CityTables, model: &CityModel, settings: &Settings) -> Result<FittedDemand, SimulateError> {
    let network = &model.variants[0].network;
    let (mut costs, mut lengths) = (Vec::new(), Vec::new());
    for (arc, kind) in network.kinds.iter().enumerate() {
        let is_open = network.allowed[arc].contains(VehicleClass::OtherCar);
        let (time_s, length_m) = match *kind {
            ArcKind::Link(row) => {
                let link = &tables.links[row as usize].facts;
                (link.free_flow_time_s(), link.length_m)
            }
            ArcKind::Turn { .. } | ArcKind::Inside => (0.0, 0.0),
            // Doors and junction are never quite the same place.
            ArcKind::Connector { time_s } | ArcKind::EdgeWalk { time_s, .. } => (time_s, CONNECTOR_LENGTH_M),
        };
        costs.push(if is_open { time_s } else { f64::INFINITY });
        lengths.push(length_m);
    }
    let found = skims(&network.graph, &costs, &[&costs, &lengths]);
    let [time_s, length_m]: [Vec<f64>; 2] =
        found.try_into().unwrap_or_else(|_| unreachable!("two measures were asked for"));
    let inputs = DemandInputs::from_tables(tables, Matrix::from_values(time_s), Matrix::from_values(length_m))?;
    Ok(FittedDemand::fit(inputs, settings.parameters.demand.clone())?)
}
