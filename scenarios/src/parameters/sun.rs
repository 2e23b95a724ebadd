//! The sun file: which sun counts, what crowns let through, where points stand on façades, what is recommended.

use engine::environment::sun::{
    Atmosphere, CrownShape, CrownTransmittance, DayOfYear, FacadeSpacing, LeafSeason, RepresentativeDay, SunParameters,
    SunlightGuideline,
};
use serde::Deserialize;
use serde::de::{Deserializer, Error as _};

use super::entry::{Entry, Quantity};
use super::file::{ParameterFile, ParameterFileError, parse, whole_file};
use super::units::{
    AirTemperature, DaysOfYear, Elevation, Hectopascal, Hours, Metres, MetresBetween, Number, ShareOfLight,
    SquareMetres, StepSeconds, StoreyMetres, Unit,
};

/// The sun file of the built-in city.
pub const SUN: ParameterFile = ParameterFile { name: "sun.toml", text: include_str!("../../parameters/sun.toml") };

/// Reads a sun file.
///
/// # Errors
/// [`ParameterFileError`] with the line that is wrong.
pub fn read_sun(file: ParameterFile) -> Result<SunParameters, ParameterFileError> {
    let parameters = parse::<SunFile>(file)?.parameters();
    parameters.validate().map_err(|faults| whole_file(file, &faults))?;
    Ok(parameters)
}

/// A day of every year.
struct Day(DayOfYear);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DayTable {
    month: u32,
    day: u32,
}

impl DayTable {
    fn day<E: serde::de::Error>(self) -> Result<DayOfYear, E> {
        /// Any year without a 29 February.
        const COMMON_YEAR: i32 = 2025;
        let Self { month, day } = self;
        let of_year = DayOfYear { month, day };
        match of_year.in_year(COMMON_YEAR) {
            Some(_) => Ok(of_year),
            None => Err(E::custom(format!("day {day} of month {month} is none; give a day of every year"))),
        }
    }
}

impl<'de> Deserialize<'de> for Day {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let told: DayTable = Entry::deserialize(deserializer)?.checked("day of the year")?;
        told.day().map(Self)
    }
}

/// Days that stand for a year.
struct Days(Vec<RepresentativeDay>);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RepresentativeTable {
    month: u32,
    day: u32,
    days: Number<DaysOfYear, u32>,
}

impl<'de> Deserialize<'de> for Days {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let rows: Vec<RepresentativeTable> = Entry::deserialize(deserializer)?.checked(DaysOfYear::NAME)?;
        let sum: u64 = rows.iter().map(|row| u64::from(row.days.0)).sum();
        if !(1..=366).contains(&sum) {
            return Err(D::Error::custom(format!("the days stand for {sum} days; they must stand for 1 to 366")));
        }
        let day = |RepresentativeTable { month, day, days }| {
            Ok(RepresentativeDay { day: DayTable { month, day }.day()?, days: days.0 })
        };
        rows.into_iter().map(day).collect::<Result<_, _>>().map(Self)
    }
}

/// Crowns by height class.
struct Shapes(Vec<CrownShape>);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ShapeTable {
    height_low: f64,
    height_high: Option<f64>,
    top: f64,
    base: f64,
    radius: f64,
}

impl<'de> Deserialize<'de> for Shapes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let rows: Vec<ShapeTable> = Entry::deserialize(deserializer)?.checked("m")?;
        let shape = |row: ShapeTable| CrownShape {
            height_low_m: row.height_low,
            height_high_m: row.height_high,
            top_m: row.top,
            base_m: row.base,
            radius_m: row.radius,
        };
        Ok(Self(rows.into_iter().map(shape).collect()))
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SunFile {
    #[expect(dead_code, reason = "read before, as what decides how the rest is read")]
    format: u32,
    path: PathTable,
    crowns: CrownTable,
    facade: FacadeTable,
    conflicts: ConflictTable,
    guideline: GuidelineTable,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PathTable {
    step: Quantity<StepSeconds, u32>,
    elevation_min: Quantity<Elevation>,
    pressure: Quantity<Hectopascal>,
    temperature: Quantity<AirTemperature>,
    year: Days,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CrownTable {
    deciduous_in_leaf: Quantity<ShareOfLight>,
    deciduous_bare: Quantity<ShareOfLight>,
    evergreen: Quantity<ShareOfLight>,
    in_leaf_from: Day,
    in_leaf_to: Day,
    shapes: Shapes,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FacadeTable {
    spacing: Quantity<MetresBetween>,
    wall_min: Quantity<Metres>,
    first_height: Quantity<Metres>,
    storey: Quantity<StoreyMetres>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ConflictTable {
    tolerance: Quantity<SquareMetres>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct GuidelineTable {
    minimum: Quantity<Hours>,
    medium: Quantity<Hours>,
    high: Quantity<Hours>,
    from: Day,
    to: Day,
    day: Day,
    elevation_min: Quantity<Elevation>,
}

impl SunFile {
    fn parameters(self) -> SunParameters {
        let Self { path, crowns, facade, conflicts, guideline, .. } = self;
        SunParameters {
            step_s: path.step.0,
            elevation_min_deg: path.elevation_min.0,
            atmosphere: Atmosphere { pressure_hpa: path.pressure.0, temperature_c: path.temperature.0 },
            year: path.year.0,
            leaf_season: LeafSeason { from: crowns.in_leaf_from.0, to: crowns.in_leaf_to.0 },
            transmittance: CrownTransmittance {
                deciduous_in_leaf: crowns.deciduous_in_leaf.0,
                deciduous_bare: crowns.deciduous_bare.0,
                evergreen: crowns.evergreen.0,
            },
            crowns: crowns.shapes.0,
            facade: FacadeSpacing {
                spacing_m: facade.spacing.0,
                wall_min_m: facade.wall_min.0,
                first_height_m: facade.first_height.0,
                storey_m: facade.storey.0,
            },
            overlap_tolerance_m2: conflicts.tolerance.0,
            guideline: SunlightGuideline {
                minimum_h: guideline.minimum.0,
                medium_h: guideline.medium.0,
                high_h: guideline.high.0,
                from: guideline.from.0,
                to: guideline.to.0,
                day: guideline.day.0,
                elevation_min_deg: guideline.elevation_min.0,
            },
        }
    }
}
