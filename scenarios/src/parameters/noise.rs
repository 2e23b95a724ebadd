//! The noise file: what vehicles and surfaces sound like, the hours, the air, the ground, and how far the reckoning goes.

use std::collections::BTreeMap;

use engine::draws::Distribution;
use engine::environment::noise::bands::{BAND_COUNT, Bands};
use engine::environment::noise::field::{FieldSettings, ReflectionSettings};
use engine::environment::noise::periods::PeriodHours;
use engine::environment::noise::propagation::Air;
use engine::environment::noise::source::{
    CategoryCoefficients, JunctionEffect, LogLinear, RoadCoefficients, StuddedTyres, Surface, SurfaceEffect,
};
use serde::Deserialize;
use serde::de::{Deserializer, Error as _};

use super::distribution::Uncertain;
use super::entry::{Entry, Quantity, Shares};
use super::file::{ParameterFile, ParameterFileError, parse, whole_file};
use super::units::{
    Celsius, Decibels, DecibelsByBand, DecibelsPerKelvin, Factor, FactorToOne, KilometresPerHour, LengthOverDistance,
    MetresAboveZero, Numbers, Percent, ShareOfEnergy, ShareOfTime,
};

/// The noise file of the built-in city.
pub const NOISE: ParameterFile =
    ParameterFile { name: "noise.toml", text: include_str!("../../parameters/noise.toml") };

/// What noise is reckoned with.
#[derive(Clone, Debug, PartialEq)]
pub struct NoiseParameters {
    /// What vehicles emit on the reference surface.
    pub coefficients: RoadCoefficients,
    /// Surfaces by their name in the file; `reference` is what most streets have.
    pub surfaces: BTreeMap<String, Surface>,
    /// For cars, vans, heavy vehicles and motorcycles the shares of the noise categories.
    pub categories: [[f64; 5]; 4],
    /// First and last hour of day, evening and night; the night runs past midnight.
    pub hours: [[u32; 2]; 3],
    /// How levels are reckoned.
    pub field: FieldSettings,
    /// Temperature of the air, in degrees Celsius.
    pub temperature_c: f64,
    /// Ground factors.
    pub ground: GroundFactors,
    /// The share of the energy that a wall takes.
    pub wall_absorption: f64,
    /// Height of a floor where only floors are known, in metres.
    pub floor_height_m: f64,
    /// Where levels are asked for.
    pub receivers: ReceiverPlaces,
    /// Side of the squares that the scene is sorted into, in metres.
    pub square_m: f64,
    /// How far it may be off.
    pub uncertainty: NoiseUncertainty,
}

/// Ground factors G, 0 hard to 1 porous.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct GroundFactors {
    /// Water.
    pub water: f64,
    /// Dense quarters.
    pub built_up: f64,
    /// Ground whose kind is not known.
    pub elsewhere: f64,
}

/// Where levels are asked for, in metres.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ReceiverPlaces {
    /// Height above ground.
    pub height_m: f64,
    /// Distance from the façade.
    pub facade_distance_m: f64,
    /// How far from an address its façade may be.
    pub facade_search_m: f64,
    /// Step of the grid.
    pub grid_step_m: f64,
}

/// How far noise may be off.
#[derive(Clone, Debug, PartialEq)]
pub struct NoiseUncertainty {
    /// All roads together, in decibels.
    pub emission_level: Distribution,
    /// Each road, in decibels.
    pub road_level: Distribution,
}

/// Reads a noise file.
///
/// # Errors
/// [`ParameterFileError`] with the line that is wrong.
pub fn read_noise(file: ParameterFile) -> Result<NoiseParameters, ParameterFileError> {
    let told: NoiseFile = parse(file)?;
    let whole = |fault: String| whole_file(file, &[fault]);
    let air = Air::new(told.air.temperature.0, told.air.humidity.0).map_err(|faults| whole_file(file, &faults))?;
    let hours = told.periods.hours().map_err(whole)?;
    let vehicles = told.vehicles;
    let coefficients = RoadCoefficients {
        categories: [vehicles.light, vehicles.medium_heavy, vehicles.heavy, vehicles.moped, vehicles.motorcycle]
            .map(VehicleTable::coefficients),
    };
    coefficients.validate().map_err(|faults| whole_file(file, &faults))?;
    let surfaces: BTreeMap<String, Surface> =
        told.surfaces.into_iter().map(|(name, table)| (name, table.surface())).collect();
    for surface in surfaces.values() {
        surface.validate().map_err(|faults| whole_file(file, &faults))?;
    }
    if !surfaces.contains_key(REFERENCE_SURFACE) {
        return Err(whole(format!("there is no surface '{REFERENCE_SURFACE}', which most streets have; add it")));
    }
    let length_h = |[from, to]: [u32; 2]| f64::from((to + 24 - from - 1) % 24 + 1);
    let field = FieldSettings {
        hours: PeriodHours { day_h: length_h(hours[0]), evening_h: length_h(hours[1]), night_h: length_h(hours[2]) },
        favourable_share: told.air.favourable.0.in_order(),
        air,
        reach_m: told.reckoning.reach.0,
        piece_share: told.reckoning.piece_share.0,
        neglect_db: told.reckoning.neglect.0,
        reflection: Some(ReflectionSettings {
            reach_m: told.reckoning.reflection_reach.0,
            neglect_db: told.reckoning.reflection_neglect.0,
            own_facade_m: told.receivers.own_facade.0,
        }),
    };
    field.validate().map_err(|faults| whole_file(file, &faults))?;
    let of = told.categories;
    Ok(NoiseParameters {
        coefficients,
        surfaces,
        categories: [of.car, of.van, of.heavy_vehicle, of.motorcycle].map(|shares| by_category(&shares)),
        hours,
        field,
        temperature_c: told.air.temperature.0,
        ground: GroundFactors {
            water: told.ground.water.0,
            built_up: told.ground.built_up.0,
            elsewhere: told.ground.elsewhere.0,
        },
        wall_absorption: told.walls.absorption.0,
        floor_height_m: told.walls.floor_height.0,
        receivers: ReceiverPlaces {
            height_m: told.receivers.height.0,
            facade_distance_m: told.receivers.facade_distance.0,
            facade_search_m: told.receivers.facade_search.0,
            grid_step_m: told.receivers.grid_step.0,
        },
        square_m: told.reckoning.square.0,
        uncertainty: NoiseUncertainty {
            emission_level: told.uncertainty.emission_level.0,
            road_level: told.uncertainty.road_level.0,
        },
    })
}

/// The surface that most streets have.
pub const REFERENCE_SURFACE: &str = "reference";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NoiseFile {
    #[expect(dead_code, reason = "read before, as what decides how the rest is read")]
    format: u32,
    vehicles: VehicleTables,
    surfaces: BTreeMap<String, SurfaceTable>,
    categories: CategoryTable,
    periods: PeriodTable,
    air: AirTable,
    ground: GroundTable,
    walls: WallTable,
    receivers: ReceiverTable,
    reckoning: ReckoningTable,
    uncertainty: UncertaintyTable,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct VehicleTables {
    light: VehicleTable,
    medium_heavy: VehicleTable,
    heavy: VehicleTable,
    moped: VehicleTable,
    motorcycle: VehicleTable,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct VehicleTable {
    rolling: Option<Quantity<DecibelsByBand, BaseAndSlope>>,
    propulsion: Quantity<DecibelsByBand, BaseAndSlope>,
    crossing: Quantity<Decibels, RollingAndPropulsion>,
    roundabout: Quantity<Decibels, RollingAndPropulsion>,
    studded_tyres: Option<Quantity<DecibelsByBand, BaseAndSlope>>,
    temperature: Option<Quantity<DecibelsPerKelvin>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct BaseAndSlope {
    base: Bands,
    slope: Bands,
}

impl Numbers for BaseAndSlope {
    fn numbers(&self) -> Vec<f64> {
        self.base.iter().chain(&self.slope).copied().collect()
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RollingAndPropulsion {
    rolling: f64,
    propulsion: f64,
}

impl Numbers for RollingAndPropulsion {
    fn numbers(&self) -> Vec<f64> {
        vec![self.rolling, self.propulsion]
    }
}

impl VehicleTable {
    fn coefficients(self) -> CategoryCoefficients {
        let linear = |of: BaseAndSlope| LogLinear { base_db: of.base, slope_db: of.slope };
        let junction =
            |of: RollingAndPropulsion| JunctionEffect { rolling_db: of.rolling, propulsion_db: of.propulsion };
        CategoryCoefficients {
            rolling: self.rolling.map(|of| linear(of.0)),
            propulsion: linear(self.propulsion.0),
            crossing: junction(self.crossing.0),
            roundabout: junction(self.roundabout.0),
            studded: self.studded_tyres.map(|of| StuddedTyres { base_db: of.0.base, slope_db: of.0.slope }),
            temperature_db_per_k: self.temperature.map_or(0.0, |of| of.0),
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SurfaceTable {
    code: String,
    speeds: Quantity<KilometresPerHour, [f64; 2]>,
    light: Quantity<DecibelsByBand, AlphaAndBeta>,
    medium_heavy: Quantity<DecibelsByBand, AlphaAndBeta>,
    heavy: Quantity<DecibelsByBand, AlphaAndBeta>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AlphaAndBeta {
    alpha: Bands,
    beta: f64,
}

impl Numbers for AlphaAndBeta {
    fn numbers(&self) -> Vec<f64> {
        self.alpha.iter().chain([&self.beta]).copied().collect()
    }
}

impl SurfaceTable {
    fn surface(self) -> Surface {
        const KMPH: f64 = 3.6;
        let effect = |of: AlphaAndBeta| SurfaceEffect { alpha_db: of.alpha, beta_db: of.beta };
        let [slow, fast] = self.speeds.0;
        Surface {
            code: self.code,
            speed_min_mps: slow / KMPH,
            speed_max_mps: fast / KMPH,
            effects: [
                effect(self.light.0),
                effect(self.medium_heavy.0),
                effect(self.heavy.0),
                SurfaceEffect::REFERENCE,
                SurfaceEffect::REFERENCE,
            ],
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CategoryTable {
    car: Shares<Category>,
    van: Shares<Category>,
    heavy_vehicle: Shares<Category>,
    #[expect(dead_code, reason = "buses are not among the vehicles that runs tell by link")]
    bus: Shares<Category>,
    motorcycle: Shares<Category>,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Category {
    Light,
    MediumHeavy,
    Heavy,
    Moped,
    Motorcycle,
}

/// Shares in the order of the engine's categories.
fn by_category(shares: &Shares<Category>) -> [f64; 5] {
    let order = [Category::Light, Category::MediumHeavy, Category::Heavy, Category::Moped, Category::Motorcycle];
    order.map(|category| shares.0.get(&category).copied().unwrap_or(0.0))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PeriodTable {
    day: HoursOfDay,
    evening: HoursOfDay,
    night: HoursOfDay,
}

/// First and last hour of a period.
struct HoursOfDay([u32; 2]);

impl<'de> Deserialize<'de> for HoursOfDay {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let [from, to]: [u32; 2] = Entry::deserialize(deserializer)?.checked("hour of the day")?;
        if from >= 24 || to > 24 || from == to {
            return Err(D::Error::custom(format!("{from} to {to} are no hours; give two different ones from 0 to 24")));
        }
        Ok(Self([from, to % 24]))
    }
}

impl PeriodTable {
    /// The three periods, which must cover the day without overlap.
    fn hours(&self) -> Result<[[u32; 2]; 3], String> {
        let all = [self.day.0, self.evening.0, self.night.0];
        let follows = (0..3).all(|period| all[period][1] == all[(period + 1) % 3][0]);
        if follows { Ok(all) } else { Err("day, evening and night must follow each other without gaps".to_owned()) }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AirTable {
    temperature: Quantity<Celsius>,
    humidity: Quantity<Percent>,
    favourable: Quantity<ShareOfTime, PerPeriod>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PerPeriod {
    day: f64,
    evening: f64,
    night: f64,
}

impl PerPeriod {
    fn in_order(&self) -> [f64; 3] {
        [self.day, self.evening, self.night]
    }
}

impl Numbers for PerPeriod {
    fn numbers(&self) -> Vec<f64> {
        self.in_order().to_vec()
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "kinds of ground that the built-in city does not tell apart")]
struct GroundTable {
    road: Quantity<GroundFactor>,
    water: Quantity<GroundFactor>,
    roof: Quantity<GroundFactor>,
    gravel: Quantity<GroundFactor>,
    park: Quantity<GroundFactor>,
    field: Quantity<GroundFactor>,
    forest: Quantity<GroundFactor>,
    built_up: Quantity<GroundFactor>,
    suburban: Quantity<GroundFactor>,
    elsewhere: Quantity<GroundFactor>,
}

/// A factor from 0 to 1.
type GroundFactor = FactorToOne;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WallTable {
    absorption: Quantity<ShareOfEnergy>,
    floor_height: Quantity<MetresAboveZero>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ReceiverTable {
    height: Quantity<MetresAboveZero>,
    facade_distance: Quantity<MetresAboveZero>,
    facade_search: Quantity<MetresAboveZero>,
    own_facade: Quantity<MetresAboveZero>,
    grid_step: Quantity<MetresAboveZero>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ReckoningTable {
    reach: Quantity<MetresAboveZero>,
    piece_share: Quantity<LengthOverDistance>,
    neglect: Quantity<Decibels>,
    reflection_reach: Quantity<MetresAboveZero>,
    reflection_neglect: Quantity<Decibels>,
    square: Quantity<MetresAboveZero>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct UncertaintyTable {
    emission_level: Uncertain<Decibels>,
    road_level: Uncertain<Decibels>,
    #[expect(dead_code, reason = "how heavy vehicles split is not drawn yet")]
    heavy_share: Uncertain<Factor>,
    #[expect(dead_code, reason = "weather is not drawn yet")]
    favourable_share: Uncertain<Factor>,
}

/// A wall's absorption in every band.
#[must_use]
pub fn absorption_bands(share: f64) -> Bands {
    [share; BAND_COUNT]
}
