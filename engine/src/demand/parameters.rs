//! What the demand model assumes, as plain numbers.
//!
//! The numbers, with unit, source, year and reason, stand in `scenarios/parameters/demand.toml`; nothing here has a
//! default. What is not known exactly has a [`Distribution`] in [`UncertaintyParameters`].

use crate::draws::{Distribution, DistributionError};

/// How a person travels. The first six are chosen between; the share of the last is fixed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Mode {
    /// Driving a car.
    CarDriver = 0,
    /// In somebody else's car.
    CarPassenger = 1,
    /// On foot.
    Walk = 2,
    /// By bicycle.
    Bicycle = 3,
    /// By city bus.
    Bus = 4,
    /// By motorcycle or moped.
    Motorcycle = 5,
    /// By any other means (train, coach): a share observed and kept, not chosen by the model.
    Other = 6,
}

/// How many modes are chosen between: all but [`Mode::Other`].
pub const CHOSEN_MODES: usize = 6;

impl Mode {
    /// Every mode, in the order of its number.
    pub const ALL: [Self; CHOSEN_MODES + 1] =
        [Self::CarDriver, Self::CarPassenger, Self::Walk, Self::Bicycle, Self::Bus, Self::Motorcycle, Self::Other];

    /// The word used in files.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::CarDriver => "car_driver",
            Self::CarPassenger => "car_passenger",
            Self::Walk => "walk",
            Self::Bicycle => "bicycle",
            Self::Bus => "bus",
            Self::Motorcycle => "motorcycle",
            Self::Other => "other",
        }
    }

    /// The mode of that word.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|mode| mode.name() == name)
    }
}

/// What a tour from home (or, for business, from work) is for. Each tour is a trip there and a trip back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum TripPurpose {
    /// To work.
    Work = 0,
    /// To school, up to the secondary.
    School = 1,
    /// To the university.
    University = 2,
    /// Taking somebody somewhere, mostly a child to school.
    Escort = 3,
    /// From work, on duty.
    Business = 4,
    /// To offices, banks, doctors.
    Services = 5,
    /// Shopping.
    Shopping = 6,
    /// Leisure and visits.
    Leisure = 7,
}

impl TripPurpose {
    /// Every purpose, in the order of its number.
    pub const ALL: [Self; 8] = [
        Self::Work,
        Self::School,
        Self::University,
        Self::Escort,
        Self::Business,
        Self::Services,
        Self::Shopping,
        Self::Leisure,
    ];

    /// The word used in files.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Work => "work",
            Self::School => "school",
            Self::University => "university",
            Self::Escort => "escort",
            Self::Business => "business",
            Self::Services => "services",
            Self::Shopping => "shopping",
            Self::Leisure => "leisure",
        }
    }

    /// Whether the traveller starts at home, so that the zone of production is the zone of residence.
    #[must_use]
    pub fn is_from_home(self) -> bool {
        self != Self::Business
    }
}

/// Shares of a day by name of period; they sum to 1.
pub type PeriodShares = Vec<(String, f64)>;

/// Tours of residents of certain ages.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct AgeRate {
    /// Youngest age, in full years.
    pub from_age: u32,
    /// Oldest age, included.
    pub to_age: u32,
    /// Tours inside the city per resident of these ages and weekday.
    pub tours_per_day: f64,
}

/// How much of a purpose's attraction follows which attractor. Weights sum to 1; each applies to the zone's *share* of the
/// city's total, so that attractors need no common unit.
#[derive(Clone, Copy, Debug, PartialEq)]
#[expect(missing_docs, reason = "the fields are the attractors of a zone")]
pub struct AttractionWeights {
    pub residents: f64,
    pub jobs: f64,
    pub school_places: f64,
    pub services: f64,
    pub leisure: f64,
}

/// What is assumed of one purpose.
#[derive(Clone, Debug, PartialEq)]
pub struct PurposeParameters {
    /// Tours of residents by age. Ages do not overlap; ages not named make no such tours.
    pub rates: Vec<AgeRate>,
    /// Tours per job and weekday that begin at work; 0 for all but business.
    pub tours_per_job: f64,
    /// What attracts them.
    pub attraction: AttractionWeights,
    /// How many minutes a minute counts against the work trips that the deterrence was fitted to; positive.
    pub time_sensitivity: f64,
    /// Added to the utility of each chosen mode against work trips, without unit.
    pub mode_offsets: [f64; CHOSEN_MODES],
    /// Which chosen modes there are for this purpose (children do not drive).
    pub modes_available: [bool; CHOSEN_MODES],
    /// When the trips there are made.
    pub outbound: PeriodShares,
    /// When the trips back are made.
    pub inbound: PeriodShares,
}

/// How long each mode takes and what it costs, from car times and distances between zones.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ModeParameters {
    /// Utility lost per generalised minute; positive.
    pub time_sensitivity_per_min: f64,
    /// Generalised minutes per minute on foot, waiting or pedalling; at least 1.
    pub effort_weight: f64,
    /// Euro per hour, turns costs into minutes; positive.
    pub value_of_time_eur_ph: f64,
    /// Minutes by car on the street over those of the empty network; at least 1.
    pub car_time_factor: f64,
    /// Minutes to and from the parked car, both ends together; positive.
    pub car_terminal_min: f64,
    /// Euro per km of driving a car.
    pub car_cost_eur_pkm: f64,
    /// Minutes to and from the parked motorcycle; positive.
    pub motorcycle_terminal_min: f64,
    /// Euro per km of riding a motorcycle.
    pub motorcycle_cost_eur_pkm: f64,
    /// Walking speed, km/h; positive.
    pub walk_speed_kmph: f64,
    /// Cycling speed, km/h; positive.
    pub bicycle_speed_kmph: f64,
    /// Minutes to and from the parked bicycle; positive.
    pub bicycle_terminal_min: f64,
    /// Way on foot or by bicycle over the way by car; positive.
    pub walk_distance_factor: f64,
    /// Speed of buses with stops, km/h; positive.
    pub bus_speed_kmph: f64,
    /// Way by bus over the way by car; at least 1.
    pub bus_distance_factor: f64,
    /// Minutes on foot to and from the stops, both ends together; not negative.
    pub bus_access_min: f64,
    /// Minutes of waiting; not negative.
    pub bus_wait_min: f64,
    /// Fare of a trip, in euro; not negative.
    pub bus_fare_eur: f64,
    /// Standard deviation of the logarithm of single durations around that of their zones' centres; not negative.
    pub duration_log_deviation: f64,
}

/// What is assumed of the traffic at gates, whose daily counts are input.
#[derive(Clone, Debug, PartialEq)]
pub struct GateParameters {
    /// Share of residents of the city among the cars that do not pass through, 0 to 1.
    pub resident_share: f64,
    /// Vans among the vehicles that are not heavy, 0 to 1.
    pub van_share: f64,
    /// What attracts people from outside.
    pub attraction: AttractionWeights,
    /// When outsiders come, and residents leave the city.
    pub outbound: PeriodShares,
    /// When outsiders leave again, and residents come back.
    pub inbound: PeriodShares,
    /// When through traffic passes.
    pub through: PeriodShares,
    /// How likely through traffic from a motorway leaves by another road, against by another motorway; positive.
    pub motorway_to_road: f64,
    /// How likely a heavy vehicle on a motorway has business in the city, against a car, 0 to 1.
    pub motorway_heavy_local: f64,
}

/// Trips of goods vehicles inside the city: each ends where another begins.
#[derive(Clone, Debug, PartialEq)]
pub struct GoodsParameters {
    /// Van trips per job and weekday.
    pub van_trips_per_job: f64,
    /// Van trips per resident and weekday (deliveries, craftsmen).
    pub van_trips_per_resident: f64,
    /// Heavy vehicle trips per job and weekday.
    pub heavy_trips_per_job: f64,
    /// How many minutes a minute counts against work trips; positive.
    pub time_sensitivity: f64,
    /// When they are made, at gates too.
    pub periods: PeriodShares,
}

/// Everything that the demand model assumes.
#[derive(Clone, Debug, PartialEq)]
pub struct DemandParameters {
    /// Each purpose, in the order of [`TripPurpose::ALL`].
    pub purposes: [PurposeParameters; TripPurpose::ALL.len()],
    /// Modes.
    pub modes: ModeParameters,
    /// Gates.
    pub gates: GateParameters,
    /// Goods vehicles.
    pub goods: GoodsParameters,
}

/// A number that a parameter cannot have.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum ParameterError {
    /// Outside its range.
    #[error("{name} is {value}; it must be {valid}")]
    Range {
        /// Which parameter, as in the file.
        name: String,
        /// What it is.
        value: f64,
        /// What it may be, in words.
        valid: &'static str,
    },
    /// Shares that do not sum to 1.
    #[error("the shares of {name} sum to {sum}, not to 1")]
    Shares {
        /// Which parameter, as in the file.
        name: String,
        /// Their sum.
        sum: f64,
    },
    /// Ages that overlap or run backwards.
    #[error("the ages {from_age} to {to_age} of {name} run backwards or overlap others")]
    Ages {
        /// Which parameter, as in the file.
        name: String,
        /// Youngest age.
        from_age: u32,
        /// Oldest age.
        to_age: u32,
    },
    /// Not a distribution.
    #[error("{name}: {error}")]
    Distribution {
        /// Which parameter, as in the file.
        name: &'static str,
        /// Why not.
        error: DistributionError,
    },
}

/// Collects every number that is wrong.
#[derive(Default)]
struct Checks(Vec<ParameterError>);

impl Checks {
    fn range(&mut self, name: impl Into<String>, value: f64, (low, high): (f64, f64), valid: &'static str) {
        if !(value >= low && value <= high) {
            self.0.push(ParameterError::Range { name: name.into(), value, valid });
        }
    }

    fn positive(&mut self, name: impl Into<String>, value: f64) {
        self.range(name, value, (f64::MIN_POSITIVE, f64::MAX), "a number above 0");
    }

    fn not_negative(&mut self, name: impl Into<String>, value: f64) {
        self.range(name, value, (0.0, f64::MAX), "a number not below 0");
    }

    fn share(&mut self, name: impl Into<String>, value: f64) {
        self.range(name, value, (0.0, 1.0), "between 0 and 1");
    }

    fn shares(&mut self, name: &str, shares: impl IntoIterator<Item = f64>) {
        let mut sum = 0.0;
        for share in shares {
            self.share(name, share);
            sum += share;
        }
        if (sum - 1.0).abs() > 1e-9 {
            self.0.push(ParameterError::Shares { name: name.to_owned(), sum });
        }
    }

    fn periods(&mut self, name: &str, shares: &PeriodShares) {
        self.shares(name, shares.iter().map(|&(_, share)| share));
    }

    fn weights(&mut self, name: &str, weights: &AttractionWeights) {
        let AttractionWeights { residents, jobs, school_places, services, leisure } = *weights;
        self.shares(name, [residents, jobs, school_places, services, leisure]);
    }

    fn finish(self) -> Result<(), Vec<ParameterError>> {
        if self.0.is_empty() { Ok(()) } else { Err(self.0) }
    }
}

impl DemandParameters {
    /// Checks every number against the range that its field states.
    ///
    /// # Errors
    /// All that are wrong.
    pub fn validate(&self) -> Result<(), Vec<ParameterError>> {
        let mut checks = Checks::default();
        for (purpose, parameters) in TripPurpose::ALL.into_iter().zip(&self.purposes) {
            check_purpose(&mut checks, purpose.name(), parameters);
        }
        check_modes(&mut checks, &self.modes);
        let gates = &self.gates;
        checks.share("gates.resident_share", gates.resident_share);
        checks.share("gates.van_share", gates.van_share);
        checks.weights("gates.attraction", &gates.attraction);
        checks.periods("gates.outbound", &gates.outbound);
        checks.periods("gates.inbound", &gates.inbound);
        checks.periods("gates.through", &gates.through);
        checks.positive("gates.motorway_to_road", gates.motorway_to_road);
        checks.share("gates.motorway_heavy_local", gates.motorway_heavy_local);
        let goods = &self.goods;
        checks.not_negative("goods.van_trips_per_job", goods.van_trips_per_job);
        checks.not_negative("goods.van_trips_per_resident", goods.van_trips_per_resident);
        checks.not_negative("goods.heavy_trips_per_job", goods.heavy_trips_per_job);
        checks.positive("goods.time_sensitivity", goods.time_sensitivity);
        checks.periods("goods.periods", &goods.periods);
        checks.finish()
    }
}

fn check_purpose(checks: &mut Checks, name: &str, purpose: &PurposeParameters) {
    let field = |field: &str| format!("purposes.{name}.{field}");
    for (index, rate) in purpose.rates.iter().enumerate() {
        checks.not_negative(field("rates"), rate.tours_per_day);
        let overlaps = |other: &AgeRate| rate.from_age <= other.to_age && other.from_age <= rate.to_age;
        if rate.from_age > rate.to_age || purpose.rates[..index].iter().any(overlaps) {
            let AgeRate { from_age, to_age, .. } = *rate;
            checks.0.push(ParameterError::Ages { name: field("rates"), from_age, to_age });
        }
    }
    checks.not_negative(field("tours_per_job"), purpose.tours_per_job);
    checks.weights(&field("attraction"), &purpose.attraction);
    checks.positive(field("time_sensitivity"), purpose.time_sensitivity);
    for offset in purpose.mode_offsets {
        checks.range(field("mode_offsets"), offset, (-20.0, 20.0), "between -20 and 20");
    }
    let available = purpose.modes_available.iter().filter(|&&available| available).count();
    checks.positive(field("available modes"), available as f64);
    checks.periods(&field("outbound"), &purpose.outbound);
    checks.periods(&field("inbound"), &purpose.inbound);
}

fn check_modes(checks: &mut Checks, modes: &ModeParameters) {
    for (name, value) in [
        ("time_sensitivity_per_min", modes.time_sensitivity_per_min),
        ("value_of_time_eur_ph", modes.value_of_time_eur_ph),
        ("car_terminal_min", modes.car_terminal_min),
        ("motorcycle_terminal_min", modes.motorcycle_terminal_min),
        ("walk_speed_kmph", modes.walk_speed_kmph),
        ("bicycle_speed_kmph", modes.bicycle_speed_kmph),
        ("bicycle_terminal_min", modes.bicycle_terminal_min),
        ("walk_distance_factor", modes.walk_distance_factor),
        ("bus_speed_kmph", modes.bus_speed_kmph),
    ] {
        checks.positive(format!("modes.{name}"), value);
    }
    for (name, value) in [
        ("car_cost_eur_pkm", modes.car_cost_eur_pkm),
        ("motorcycle_cost_eur_pkm", modes.motorcycle_cost_eur_pkm),
        ("bus_access_min", modes.bus_access_min),
        ("bus_wait_min", modes.bus_wait_min),
        ("bus_fare_eur", modes.bus_fare_eur),
        ("duration_log_deviation", modes.duration_log_deviation),
    ] {
        checks.not_negative(format!("modes.{name}"), value);
    }
    for (name, value) in [
        ("effort_weight", modes.effort_weight),
        ("car_time_factor", modes.car_time_factor),
        ("bus_distance_factor", modes.bus_distance_factor),
    ] {
        checks.range(format!("modes.{name}"), value, (1.0, f64::MAX), "a number not below 1");
    }
}

/// How far what the model assumes may be off. All are factors of median 1 on the central value, but for the mode
/// constants, which are added to the utility and have median 0.
#[derive(Clone, Debug, PartialEq)]
pub struct UncertaintyParameters {
    /// All tours of residents together: one factor.
    pub demand_level: Distribution,
    /// The tours of each purpose: one factor for each.
    pub purpose_level: Distribution,
    /// The tours that begin in a zone: one factor for each zone.
    pub zone_production: Distribution,
    /// The attraction of a zone: one factor for each zone.
    pub zone_attraction: Distribution,
    /// The daily count of a gate: one factor for each gate.
    pub gate_count: Distribution,
    /// The rate of the deterrence function: one factor. Longer or shorter trips.
    pub deterrence_rate: Distribution,
    /// The constant of each mode but driving: one addend for each.
    pub mode_constant: Distribution,
    /// Goods vehicles inside the city: one factor.
    pub goods_level: Distribution,
    /// The share of each period in the day: one factor for each period.
    pub period_share: Distribution,
    /// Capacity of all links together: one factor. Capacities come from one rule, so they are wrong together.
    pub capacity_level: Distribution,
    /// Capacity of a link whose lanes are known: one more factor for each link.
    pub capacity_known: Distribution,
    /// Capacity of a link whose lanes were inferred: one more factor for each link.
    pub capacity_inferred: Distribution,
}

impl UncertaintyParameters {
    /// Checks every distribution.
    ///
    /// # Errors
    /// All that are wrong: no distribution, a factor that can be 0 or less, or a median that is not the central value.
    pub fn validate(&self) -> Result<(), Vec<ParameterError>> {
        let mut checks = Checks::default();
        for (name, distribution, median) in [
            ("demand_level", &self.demand_level, 1.0),
            ("purpose_level", &self.purpose_level, 1.0),
            ("zone_production", &self.zone_production, 1.0),
            ("zone_attraction", &self.zone_attraction, 1.0),
            ("gate_count", &self.gate_count, 1.0),
            ("deterrence_rate", &self.deterrence_rate, 1.0),
            ("mode_constant", &self.mode_constant, 0.0),
            ("goods_level", &self.goods_level, 1.0),
            ("period_share", &self.period_share, 1.0),
            ("capacity_level", &self.capacity_level, 1.0),
            ("capacity_known", &self.capacity_known, 1.0),
            ("capacity_inferred", &self.capacity_inferred, 1.0),
        ] {
            if let Err(error) = distribution.validate() {
                checks.0.push(ParameterError::Distribution { name, error });
                continue;
            }
            let valid = (median - 1e-9, median + 1e-9);
            checks.range(name, distribution.median(), valid, "of median 1, or of median 0 for mode_constant");
            if median > 0.0 {
                // The smallest draw that is possible.
                checks.positive(name, distribution.quantile(1.0 / (1_u64 << 53) as f64));
            }
        }
        checks.finish()
    }
}
