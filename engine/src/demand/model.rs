//! The demand model: fitted once to a base, then generated for every seed and scenario.

use super::deterrence::Tanner;
use super::fit::{self, Target};
use super::gates::{GateVehicles, through_matrix, through_pattern};
use super::generation::{attraction_shares, heavy_trips, productions, scaled_to, van_trips};
use super::inputs::{DemandInputs, InputError, ZoneActivity, check_zones};
use super::modes::{ByMode, LevelOfService, ModeFactors, shares};
use super::parameters::{DemandParameters, Mode, PeriodShares, PurposeParameters, TripPurpose};
use super::trips::{CarTrips, Demand, PeriodDemand, PersonTrips};
use super::{CHOSEN_MODES, DemandError, Matrix, Variation, balance};
use crate::time::DayPlan;

/// A demand model fitted to a base city.
///
/// It keeps the base's times and distances: a scenario that changes the network leaves mode, destination and departure
/// as they are, and one that changes residents or jobs generates its trips with the base's behaviour.
#[derive(Clone, Debug, PartialEq)]
pub struct FittedDemand {
    /// The fitted deterrence of work trips.
    pub deterrence: Tanner,
    /// The fitted constants of the chosen modes, without unit; 0 for driving.
    pub mode_constants: ByMode,
    /// How well the fit reproduces the survey.
    pub fit: FitReport,
    inputs: DemandInputs,
    parameters: DemandParameters,
    car_min: Matrix,
    car_log_min: Matrix,
    level_of_service: LevelOfService,
    through_pattern: Matrix,
    other_share: f64,
    periods: Vec<Schedule>,
}

/// The survey beside the fitted model: work trips inside the city.
#[derive(Clone, Debug, PartialEq)]
pub struct FitReport {
    /// Upper ends of the duration bands, in minutes; the last band is open.
    pub duration_bands_min: Vec<f64>,
    /// Observed share of each band.
    pub durations_observed: Vec<f64>,
    /// Modelled share of each band, over the chosen modes.
    pub durations_modelled: Vec<f64>,
    /// Modelled share of each band in the trips of each chosen mode.
    pub durations_modelled_by_mode: Vec<ByMode>,
    /// Observed share of each chosen mode in all work trips.
    pub modes_observed: ByMode,
    /// Modelled share, computed from the generated trips.
    pub modes_modelled: ByMode,
    /// Mean duration of the modelled work trips, door to door, in minutes.
    pub mean_duration_min: f64,
    /// Pearson's χ² between the shares of the bands, which the deterrence minimises.
    pub chi_square: f64,
    /// Steps of the search.
    pub steps: usize,
}

/// Share of one period in each kind of trips.
#[derive(Clone, Debug, PartialEq)]
struct Schedule {
    name: String,
    duration_h: f64,
    outbound: [f64; TripPurpose::ALL.len()],
    inbound: [f64; TripPurpose::ALL.len()],
    gates_outbound: f64,
    gates_inbound: f64,
    through: f64,
    goods: f64,
}

impl FittedDemand {
    /// Fits the model to a base.
    ///
    /// # Errors
    /// [`DemandError`] where inputs or parameters are wrong, or the survey cannot be reproduced.
    pub fn fit(inputs: DemandInputs, parameters: DemandParameters) -> Result<Self, DemandError> {
        parameters.validate().map_err(DemandError::Parameters)?;
        inputs.check()?;
        let modes = &parameters.modes;
        let zone_count = inputs.zones.len();
        let time_s = with_zone_interiors(&inputs.car_time_s, zone_count);
        let distance_m = with_zone_interiors(&inputs.car_distance_m, zone_count);
        let level_of_service = LevelOfService::new(&time_s, &distance_m, modes);
        let car_min = time_s.map(|time_s| modes.car_terminal_min + modes.car_time_factor * time_s / 60.0);
        let car_log_min = car_min.map(libm::log);

        let observed = inputs.surveyed_modes()?;
        let chosen: f64 = observed.iter().sum();
        let band_shares = inputs.surveyed_durations()?;
        let work = &parameters.purposes[TripPurpose::Work as usize];
        let productions = productions(&inputs.zones, work, &inputs.residents_by_age);
        let attractions = scaled_to(&attraction_shares(&inputs.zones, &work.attraction), productions.iter().sum());
        let fitted = fit::fit(&Target {
            productions: &productions,
            attractions: &attractions,
            car_min: &car_min,
            car_log_min: &car_log_min,
            level_of_service: &level_of_service,
            mode_shares: observed.map(|share| share / chosen),
            band_ends_min: &inputs.survey.duration_bands_min,
            band_shares: &band_shares,
            duration_log_deviation: modes.duration_log_deviation,
        })?;

        let mut model = Self {
            deterrence: fitted.deterrence,
            mode_constants: fitted.factors.map(libm::log),
            fit: FitReport {
                duration_bands_min: inputs.survey.duration_bands_min.clone(),
                durations_observed: band_shares,
                durations_modelled: fitted.band_shares,
                durations_modelled_by_mode: fitted.band_shares_by_mode,
                modes_observed: observed,
                modes_modelled: [0.0; CHOSEN_MODES],
                mean_duration_min: fitted.mean_duration_min,
                chi_square: fitted.chi_square,
                steps: fitted.steps,
            },
            through_pattern: through_pattern(&inputs, &parameters.gates),
            other_share: f64::max(0.0, 1.0 - chosen),
            periods: schedules(&inputs.day_plan, &parameters)?,
            car_min,
            car_log_min,
            level_of_service,
            inputs,
            parameters,
        };
        let work = model.generate(&Variation::none())?.daily_person_trips()[TripPurpose::Work as usize];
        let all: f64 = work.iter().sum();
        model.fit.modes_modelled = std::array::from_fn(|mode| work[mode] / all);
        Ok(model)
    }

    /// The demand of the base.
    ///
    /// # Errors
    /// [`DemandError`] where a drawn variation leaves through traffic nowhere to go.
    pub fn generate(&self, variation: &Variation) -> Result<Demand, DemandError> {
        self.generate_for(&self.inputs.zones, variation)
    }

    /// The demand when the zones are used otherwise: the base's zones in the base's order, with other residents, jobs, ….
    /// Counts at gates stay as they are.
    ///
    /// # Errors
    /// [`DemandError`] where the zones are not those of the base or hold wrong numbers.
    pub fn generate_for(&self, zones: &[ZoneActivity], variation: &Variation) -> Result<Demand, DemandError> {
        check_zones(zones)?;
        if !zones.iter().map(|zone| &zone.key).eq(self.inputs.zones.iter().map(|zone| &zone.key)) {
            return Err(DemandError::OtherZones);
        }
        let size = self.inputs.place_count();
        let mut demand = Demand {
            zone_count: zones.len(),
            periods: self.varied_periods(variation).iter().map(|schedule| schedule.empty(size)).collect(),
        };
        let schedules = self.varied_periods(variation);
        self.add_people(&mut demand, &schedules, zones, variation)?;
        self.add_goods(&mut demand, &schedules, zones, variation)?;
        self.add_gates(&mut demand, &schedules, zones, variation)?;
        Ok(demand)
    }

    /// The places of the demand's matrices: zones, then gates.
    #[must_use]
    pub fn inputs(&self) -> &DemandInputs {
        &self.inputs
    }

    /// What was assumed.
    #[must_use]
    pub fn parameters(&self) -> &DemandParameters {
        &self.parameters
    }

    /// Trips of people inside the city.
    fn add_people(
        &self,
        demand: &mut Demand,
        schedules: &[Schedule],
        zones: &[ZoneActivity],
        variation: &Variation,
    ) -> Result<(), DemandError> {
        let varied = variation.mode_constants();
        let production_factors = variation.production_factors(zones);
        let attraction_factors = variation.attraction_factors(zones);
        for purpose in TripPurpose::ALL {
            let parameters = &self.parameters.purposes[purpose as usize];
            let level = variation.purpose_factor(purpose);
            let mut rows = productions(zones, parameters, &self.inputs.residents_by_age);
            multiply(&mut rows, &production_factors, level);
            let mut columns = attraction_shares(zones, &parameters.attraction);
            multiply(&mut columns, &attraction_factors, 1.0);
            let tours = self.distribute(&rows, &columns, parameters.time_sensitivity, variation)?;
            let by_mode = self.choose_modes(&tours, &self.mode_factors(parameters, &varied));
            for (number, period) in demand.periods.iter_mut().enumerate() {
                let out = schedules[number].outbound[purpose as usize];
                let back = schedules[number].inbound[purpose as usize];
                period.add_tours(purpose, &by_mode, out, back);
            }
        }
        Ok(())
    }

    /// Tours from every zone to every other that begin as `rows` say and end in proportion to `columns`.
    fn distribute(
        &self,
        rows: &[f64],
        columns: &[f64],
        sensitivity: f64,
        variation: &Variation,
    ) -> Result<Matrix, DemandError> {
        let columns = scaled_to(columns, rows.iter().sum());
        let deterrence = self.deterrence.with_sensitivity(sensitivity * variation.deterrence_factor());
        let seed = Matrix::from_fn(rows.len(), |origin, destination| {
            deterrence.attraction(self.car_min.at(origin, destination), self.car_log_min.at(origin, destination))
        });
        Ok(balance(&seed, rows, &columns)?.matrix(&seed))
    }

    fn mode_factors(&self, purpose: &PurposeParameters, varied: &ByMode) -> ModeFactors {
        std::array::from_fn(|mode| {
            if purpose.modes_available[mode] {
                libm::exp(self.mode_constants[mode] + purpose.mode_offsets[mode] + varied[mode])
            } else {
                0.0
            }
        })
    }

    fn choose_modes(&self, tours: &Matrix, factors: &ModeFactors) -> ToursByMode {
        let size = tours.size();
        let mut by_mode = ToursByMode {
            car_drivers: Matrix::zeros(size),
            car_drivers_back: Matrix::zeros(size),
            motorcycles: Matrix::zeros(size),
            motorcycles_back: Matrix::zeros(size),
            totals: [0.0; Mode::ALL.len()],
        };
        let chosen = 1.0 - self.other_share;
        for origin in 0..size {
            for (destination, &tours) in tours.row(origin).iter().enumerate() {
                let odds = &self.level_of_service.odds[origin * size + destination];
                let tours_by_mode = shares(odds, factors).map(|share| share * (tours * chosen));
                *by_mode.car_drivers.at_mut(origin, destination) = tours_by_mode[Mode::CarDriver as usize];
                *by_mode.motorcycles.at_mut(origin, destination) = tours_by_mode[Mode::Motorcycle as usize];
                for (total, tours) in by_mode.totals.iter_mut().zip(tours_by_mode) {
                    *total += tours;
                }
            }
        }
        by_mode.car_drivers_back = by_mode.car_drivers.transposed();
        by_mode.motorcycles_back = by_mode.motorcycles.transposed();
        by_mode.totals[Mode::Other as usize] = tours.total() * self.other_share;
        by_mode
    }

    /// Goods vehicles inside the city.
    fn add_goods(
        &self,
        demand: &mut Demand,
        schedules: &[Schedule],
        zones: &[ZoneActivity],
        variation: &Variation,
    ) -> Result<(), DemandError> {
        let goods = &self.parameters.goods;
        let level = variation.goods_factor();
        let distribute = |mut trips: Vec<f64>| {
            trips.iter_mut().for_each(|trips| *trips *= level);
            self.distribute(&trips, &trips, goods.time_sensitivity, variation)
        };
        let vans = distribute(van_trips(zones, goods))?;
        let heavy_vehicles = distribute(heavy_trips(zones, goods))?;
        for (period, schedule) in demand.periods.iter_mut().zip(schedules) {
            period.vans.add_scaled(&vans, schedule.goods / schedule.duration_h);
            period.heavy_vehicles.add_scaled(&heavy_vehicles, schedule.goods / schedule.duration_h);
        }
        Ok(())
    }

    /// Traffic of gates: between them, and with the zones.
    fn add_gates(
        &self,
        demand: &mut Demand,
        schedules: &[Schedule],
        zones: &[ZoneActivity],
        variation: &Variation,
    ) -> Result<(), DemandError> {
        let gates = &self.inputs.gates;
        let (through, local): (Vec<GateVehicles>, Vec<GateVehicles>) = gates
            .iter()
            .zip(variation.gate_factors(gates))
            .map(|(gate, factor)| {
                GateVehicles::new(gate, factor, &self.parameters.gates).split(gate, &self.parameters.gates)
            })
            .unzip();
        let through = |count: fn(&GateVehicles) -> f64| {
            let through: Vec<f64> = through.iter().map(count).collect();
            through_matrix(&self.through_pattern, gates, &through)
        };
        let through = [through(|of| of.cars)?, through(|of| of.vans)?, through(|of| of.heavy_vehicles)?];
        let places = Destinations::new(zones, &self.parameters);
        for (period, schedule) in demand.periods.iter_mut().zip(schedules) {
            let of_through = schedule.through / schedule.duration_h;
            period.add_between_gates(zones.len(), &through, of_through);
            for (gate, local) in local.iter().enumerate() {
                period.add_gate_tours(zones.len() + gate, local, schedule, &places, &self.parameters.gates);
            }
        }
        Ok(())
    }

    fn varied_periods(&self, variation: &Variation) -> Vec<Schedule> {
        let mut varied = self.periods.clone();
        let mut vary = |share: &dyn Fn(&mut Schedule) -> &mut f64| {
            let shares: Vec<f64> = varied.iter_mut().map(|schedule| *share(schedule)).collect();
            for (schedule, moved) in varied.iter_mut().zip(variation.period_shares(&shares)) {
                *share(schedule) = moved;
            }
        };
        for purpose in 0..TripPurpose::ALL.len() {
            vary(&|schedule| &mut schedule.outbound[purpose]);
            vary(&|schedule| &mut schedule.inbound[purpose]);
        }
        vary(&|schedule| &mut schedule.gates_outbound);
        vary(&|schedule| &mut schedule.gates_inbound);
        vary(&|schedule| &mut schedule.through);
        vary(&|schedule| &mut schedule.goods);
        varied
    }
}

/// Tours a day by mode, as far as they are assigned, there and back, and the total of each mode.
struct ToursByMode {
    car_drivers: Matrix,
    car_drivers_back: Matrix,
    motorcycles: Matrix,
    motorcycles_back: Matrix,
    totals: [f64; Mode::ALL.len()],
}

/// Where vehicles from outside go, as shares over the zones.
struct Destinations {
    /// Outsiders, by what attracts them.
    of_outsiders: Vec<f64>,
    /// Residents, by where they live.
    of_residents: Vec<f64>,
    of_vans: Vec<f64>,
    of_heavy_vehicles: Vec<f64>,
}

impl Destinations {
    fn new(zones: &[ZoneActivity], parameters: &DemandParameters) -> Self {
        let residents: Vec<f64> = zones.iter().map(|zone| zone.residents).collect();
        let jobs: Vec<f64> = zones.iter().map(|zone| zone.jobs).collect();
        let vans = van_trips(zones, &parameters.goods);
        Self {
            of_outsiders: attraction_shares(zones, &parameters.gates.attraction),
            of_residents: scaled_to(&residents, 1.0),
            // A city without van trips of its own still gets vans from outside.
            of_vans: scaled_to(if vans.iter().sum::<f64>() > 0.0 { &vans } else { &jobs }, 1.0),
            of_heavy_vehicles: scaled_to(&jobs, 1.0),
        }
    }
}

impl Schedule {
    fn empty(&self, size: usize) -> PeriodDemand {
        PeriodDemand {
            name: self.name.clone(),
            duration_h: self.duration_h,
            cars: CarTrips::zeros(size),
            vans: Matrix::zeros(size),
            heavy_vehicles: Matrix::zeros(size),
            motorcycles: Matrix::zeros(size),
            person_trips: PersonTrips::default(),
        }
    }
}

impl PeriodDemand {
    /// Adds the share `out` of the tours' trips there and the share `back` of their trips back.
    fn add_tours(&mut self, purpose: TripPurpose, tours: &ToursByMode, out: f64, back: f64) {
        let (hourly_out, hourly_back) = (out / self.duration_h, back / self.duration_h);
        if purpose.is_from_home() {
            self.cars.home_at_origin.add_scaled(&tours.car_drivers, hourly_out);
            self.cars.home_at_destination.add_scaled(&tours.car_drivers_back, hourly_back);
        } else {
            self.cars.home_elsewhere.add_scaled(&tours.car_drivers, hourly_out);
            self.cars.home_elsewhere.add_scaled(&tours.car_drivers_back, hourly_back);
        }
        self.motorcycles.add_scaled(&tours.motorcycles, hourly_out);
        self.motorcycles.add_scaled(&tours.motorcycles_back, hourly_back);
        for (trips, tours) in self.person_trips[purpose as usize].iter_mut().zip(tours.totals) {
            *trips += tours * (out + back);
        }
    }

    /// Adds vehicles a day between gates: cars, vans, heavy vehicles, times `factor`.
    fn add_between_gates(&mut self, first_gate: usize, [cars, vans, heavy]: &[Matrix; 3], factor: f64) {
        let add = |to: &mut Matrix, daily: &Matrix| {
            for (from, into, vehicles) in daily.entries() {
                *to.at_mut(first_gate + from as usize, first_gate + into as usize) += vehicles * factor;
            }
        };
        add(&mut self.cars.home_elsewhere, cars);
        add(&mut self.vans, vans);
        add(&mut self.heavy_vehicles, heavy);
    }

    /// Adds what a gate exchanges with the zones.
    fn add_gate_tours(
        &mut self,
        gate: usize,
        vehicles: &GateVehicles,
        schedule: &Schedule,
        places: &Destinations,
        parameters: &super::parameters::GateParameters,
    ) {
        // Each tour passes the gate twice.
        let per_hour = 0.5 / self.duration_h;
        let (out, back) = (schedule.gates_outbound * per_hour, schedule.gates_inbound * per_hour);
        let residents = vehicles.cars * parameters.resident_share;
        let outsiders = vehicles.cars - residents;
        let goods = schedule.goods * per_hour;
        for zone in 0..places.of_residents.len() {
            let outsiders = outsiders * places.of_outsiders[zone];
            *self.cars.home_elsewhere.at_mut(gate, zone) += outsiders * out;
            *self.cars.home_elsewhere.at_mut(zone, gate) += outsiders * back;
            let residents = residents * places.of_residents[zone];
            *self.cars.home_at_origin.at_mut(zone, gate) += residents * out;
            *self.cars.home_at_destination.at_mut(gate, zone) += residents * back;
            for (matrix, vehicles) in [
                (&mut self.vans, vehicles.vans * places.of_vans[zone]),
                (&mut self.heavy_vehicles, vehicles.heavy_vehicles * places.of_heavy_vehicles[zone]),
            ] {
                *matrix.at_mut(gate, zone) += vehicles * goods;
                *matrix.at_mut(zone, gate) += vehicles * goods;
            }
        }
    }
}

/// The zones' part of a skim, with the diagonal half of the way to the nearest other zone.
fn with_zone_interiors(skim: &Matrix, zone_count: usize) -> Matrix {
    Matrix::from_fn(zone_count, |origin, destination| {
        if origin != destination {
            return skim.at(origin, destination);
        }
        let others = (0..zone_count).filter(|&other| other != origin);
        others.map(|other| skim.at(origin, other)).fold(f64::INFINITY, f64::min) / 2.0
    })
}

fn multiply(values: &mut [f64], factors: &[f64], level: f64) {
    for (value, factor) in values.iter_mut().zip(factors) {
        *value *= factor * level;
    }
}

/// The share of every period in each kind of trips, by the day plan's order.
fn schedules(plan: &DayPlan, parameters: &DemandParameters) -> Result<Vec<Schedule>, DemandError> {
    let share = |shares: &PeriodShares, period: &str| {
        let found = shares.iter().find(|(name, _)| name == period);
        found.map(|&(_, share)| share).ok_or_else(|| DemandError::Period { name: period.to_owned() })
    };
    let (gates, goods) = (&parameters.gates, &parameters.goods);
    check_period_names(plan, parameters)?;
    let schedule = |period: &crate::time::Period| {
        let name = period.name.as_str();
        let mut schedule = Schedule {
            name: name.to_owned(),
            duration_h: f64::from(period.duration_s()) / 3600.0,
            outbound: Default::default(),
            inbound: Default::default(),
            gates_outbound: share(&gates.outbound, name)?,
            gates_inbound: share(&gates.inbound, name)?,
            through: share(&gates.through, name)?,
            goods: share(&goods.periods, name)?,
        };
        for (purpose, parameters) in parameters.purposes.iter().enumerate() {
            schedule.outbound[purpose] = share(&parameters.outbound, name)?;
            schedule.inbound[purpose] = share(&parameters.inbound, name)?;
        }
        Ok(schedule)
    };
    plan.periods().iter().map(schedule).collect()
}

/// A share of a period that the day does not have would quietly drop trips.
fn check_period_names(plan: &DayPlan, parameters: &DemandParameters) -> Result<(), DemandError> {
    let of_purposes = parameters.purposes.iter().flat_map(|purpose| [&purpose.outbound, &purpose.inbound]);
    let (gates, goods) = (&parameters.gates, &parameters.goods);
    let others = [&gates.outbound, &gates.inbound, &gates.through, &goods.periods];
    for (name, _) in of_purposes.chain(others).flatten() {
        if plan.period_named(name).is_none() {
            return Err(DemandError::Period { name: name.clone() });
        }
    }
    Ok(())
}

impl From<InputError> for DemandError {
    fn from(error: InputError) -> Self {
        Self::Input(error)
    }
}
