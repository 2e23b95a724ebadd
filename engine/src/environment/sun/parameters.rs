//! What sun and shadow assume, as plain numbers.
//!
//! The numbers, with unit, source, year and reason, stand in `scenarios/parameters/sun.toml`; nothing here has a default.

use super::path::PathRules;
use super::position::{Atmosphere, Date};

/// A day of any year.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct DayOfYear {
    /// Month, 1 to 12.
    pub month: u32,
    /// Day of the month, from 1; 29 February is none.
    pub day: u32,
}

impl DayOfYear {
    fn is_day(self) -> bool {
        self.in_year(2025).is_some()
    }

    /// That day of a year; none where there is none.
    #[must_use]
    pub fn in_year(self, year: i32) -> Option<Date> {
        Date::new(year, self.month, self.day).ok()
    }
}

/// When deciduous trees are in leaf.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LeafSeason {
    /// First day in leaf.
    pub from: DayOfYear,
    /// Last day in leaf; before the first, where the season goes over the end of the year.
    pub to: DayOfYear,
}

impl LeafSeason {
    /// Whether the season holds on a date.
    #[must_use]
    pub fn holds(self, date: Date) -> bool {
        let day = DayOfYear { month: date.month(), day: date.day() };
        if self.from <= self.to { self.from <= day && day <= self.to } else { self.from <= day || day <= self.to }
    }
}

/// The share of direct sunlight that a crown lets through, 0 to 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CrownTransmittance {
    /// One that sheds its leaves, while it has them.
    pub deciduous_in_leaf: f64,
    /// The same in winter.
    pub deciduous_bare: f64,
    /// One that keeps its leaves.
    pub evergreen: f64,
}

impl CrownTransmittance {
    pub(super) fn all(self) -> [f64; 3] {
        [self.deciduous_in_leaf, self.deciduous_bare, self.evergreen]
    }

    /// Of crowns that shed their leaves and of those that keep them.
    pub(super) fn of_classes(self, in_leaf: bool) -> [f64; 2] {
        [if in_leaf { self.deciduous_in_leaf } else { self.deciduous_bare }, self.evergreen]
    }
}

/// The crown of trees of a height class, in metres.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CrownShape {
    /// Lower end of the class.
    pub height_low_m: f64,
    /// Upper end of the class; none where it is open.
    pub height_high_m: Option<f64>,
    /// The crown's top.
    pub top_m: f64,
    /// The crown's lower end.
    pub base_m: f64,
    /// The crown's radius.
    pub radius_m: f64,
}

/// A day that stands for others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RepresentativeDay {
    /// The day.
    pub day: DayOfYear,
    /// How many days it stands for, at least 1.
    pub days: u32,
}

/// Where points stand on façades.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FacadeSpacing {
    /// Distance of points along a wall, in metres, 0.1 to 100.
    pub spacing_m: f64,
    /// Walls shorter than this have no points, in metres, from 0.
    pub wall_min_m: f64,
    /// Height of the lowest points above the ground, in metres, from 0, below a storey's.
    pub first_height_m: f64,
    /// Height of a storey, in metres, 1 to 20.
    pub storey_m: f64,
}

/// How many hours of sun a guideline recommends for a window on one day, and which days may be taken.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SunlightGuideline {
    /// Hours for the lowest level.
    pub minimum_h: f64,
    /// Hours for the middle level.
    pub medium_h: f64,
    /// Hours for the highest level.
    pub high_h: f64,
    /// First day that may be taken.
    pub from: DayOfYear,
    /// Last day that may be taken.
    pub to: DayOfYear,
    /// The day that is taken.
    pub day: DayOfYear,
    /// Elevation in degrees below which the guideline does not count the sun, 0.5 to 45.
    pub elevation_min_deg: f64,
}

/// What a guideline says of a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum SunlightLevel {
    /// Less than the lowest level.
    Below,
    /// The lowest level.
    Minimum,
    /// The middle level.
    Medium,
    /// The highest level.
    High,
}

impl SunlightGuideline {
    /// The level that so many seconds of sun on the guideline's day reach.
    #[must_use]
    pub fn level(&self, sun_s: u32) -> SunlightLevel {
        let hours = f64::from(sun_s) / 3600.0;
        match hours {
            _ if hours >= self.high_h => SunlightLevel::High,
            _ if hours >= self.medium_h => SunlightLevel::Medium,
            _ if hours >= self.minimum_h => SunlightLevel::Minimum,
            _ => SunlightLevel::Below,
        }
    }
}

/// Everything that sun and shadow assume.
#[derive(Clone, Debug, PartialEq)]
pub struct SunParameters {
    /// Length of a step in seconds: a divisor of a day, 10 to 3600.
    pub step_s: u32,
    /// Elevation in degrees below which the sun does not count, 0.5 to 45.
    pub elevation_min_deg: f64,
    /// The air that bends the light, for apparent elevations.
    pub atmosphere: Atmosphere,
    /// Days that stand for a year.
    pub year: Vec<RepresentativeDay>,
    /// When deciduous trees are in leaf.
    pub leaf_season: LeafSeason,
    /// What crowns let through.
    pub transmittance: CrownTransmittance,
    /// Crowns by height class.
    pub crowns: Vec<CrownShape>,
    /// Points on façades.
    pub facade: FacadeSpacing,
    /// Ground that two buildings may share, in square metres, as surveys are not exact.
    pub overlap_tolerance_m2: f64,
    /// Hours of sun that are recommended.
    pub guideline: SunlightGuideline,
}

/// What is wrong with a parameter.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum SunParameterFault {
    /// A number is out of its range.
    #[error("{name} is {value}: give {valid}")]
    Range {
        /// The parameter.
        name: String,
        /// Its value.
        value: f64,
        /// What it may be.
        valid: &'static str,
    },
    /// A day is none.
    #[error("{name} is day {day} of month {month}: give a day of every year")]
    Day {
        /// The parameter.
        name: String,
        /// The month.
        month: u32,
        /// The day.
        day: u32,
    },
    /// A crown's measures contradict each other.
    #[error("{name}: a crown of radius {radius_m} m from {base_m} m to {top_m} m is none in this height class")]
    Crown {
        /// The parameter.
        name: String,
        /// Its radius.
        radius_m: f64,
        /// Its lower end.
        base_m: f64,
        /// Its top.
        top_m: f64,
    },
}

impl SunParameters {
    /// The rules of paths, for a grid whose north lies `convergence_rad` clockwise of true north.
    #[must_use]
    pub fn path_rules(&self, convergence_rad: f64) -> PathRules {
        PathRules {
            step_s: self.step_s,
            elevation_min_deg: self.elevation_min_deg,
            convergence_rad,
            leaf_season: self.leaf_season,
            transmittance: self.transmittance,
        }
    }

    /// The same for the path of the guideline's day, which has a least elevation of its own.
    #[must_use]
    pub fn guideline_rules(&self, convergence_rad: f64) -> PathRules {
        PathRules { elevation_min_deg: self.guideline.elevation_min_deg, ..self.path_rules(convergence_rad) }
    }

    /// The crown of a tree of a height class, as cities hold it; none where the class is not known here.
    #[must_use]
    pub fn crown_shape(&self, height_low_m: f64, height_high_m: Option<f64>) -> Option<CrownShape> {
        self.crowns
            .iter()
            .copied()
            .find(|shape| shape.height_low_m == height_low_m && shape.height_high_m == height_high_m)
    }

    /// Checks every number.
    ///
    /// # Errors
    /// All that is wrong.
    pub fn validate(&self) -> Result<(), Vec<SunParameterFault>> {
        let mut checks = Checks::default();
        let step_valid = "10 to 3600 seconds, a divisor of a day";
        let step_holds = (10..=3600).contains(&self.step_s) && 86_400_u32.is_multiple_of(self.step_s);
        checks.holds("step", f64::from(self.step_s), step_holds, step_valid);
        checks.range("elevation_min", self.elevation_min_deg, 0.5, 45.0, "0.5 to 45 degrees");
        let Atmosphere { pressure_hpa, temperature_c } = self.atmosphere;
        checks.range("pressure", pressure_hpa, 100.0, 1100.0, "100 to 1100 hPa");
        checks.range("temperature", temperature_c, -60.0, 60.0, "-60 to 60 degrees Celsius");
        for (number, day) in self.year.iter().enumerate() {
            checks.day(format!("year[{number}]"), day.day);
            let holds = (1..=366).contains(&day.days);
            checks.holds(&format!("year[{number}].days"), f64::from(day.days), holds, "1 to 366 days");
        }
        let days: u64 = self.year.iter().map(|day| u64::from(day.days)).sum();
        let holds = (1..=366).contains(&days);
        checks.holds("year", days as f64, holds, "days that stand for at least one and at most 366 days");
        checks.day("leaf_season.from", self.leaf_season.from);
        checks.day("leaf_season.to", self.leaf_season.to);
        let names = ["deciduous_in_leaf", "deciduous_bare", "evergreen"];
        for (name, share) in names.into_iter().zip(self.transmittance.all()) {
            checks.range(&format!("transmittance.{name}"), share, 0.0, 1.0, "a share of 0 to 1");
        }
        for (number, shape) in self.crowns.iter().enumerate() {
            checks.crown(format!("crowns[{number}]"), *shape);
        }
        checks.facade(&self.facade);
        checks.range("overlap_tolerance", self.overlap_tolerance_m2, 0.0, 1000.0, "0 to 1000 square metres");
        checks.guideline(&self.guideline);
        checks.finish()
    }
}

#[derive(Default)]
struct Checks(Vec<SunParameterFault>);

impl Checks {
    fn holds(&mut self, name: &str, value: f64, holds: bool, valid: &'static str) {
        if !holds {
            self.0.push(SunParameterFault::Range { name: name.to_owned(), value, valid });
        }
    }

    fn range(&mut self, name: &str, value: f64, low: f64, high: f64, valid: &'static str) {
        self.holds(name, value, (low..=high).contains(&value), valid);
    }

    fn day(&mut self, name: impl Into<String>, day: DayOfYear) {
        if !day.is_day() {
            self.0.push(SunParameterFault::Day { name: name.into(), month: day.month, day: day.day });
        }
    }

    fn crown(&mut self, name: String, shape: CrownShape) {
        let CrownShape { height_low_m, height_high_m, top_m, base_m, radius_m } = shape;
        let fits = height_low_m >= 0.0
            && height_high_m.is_none_or(|high_m| high_m > height_low_m && top_m <= high_m)
            && top_m >= height_low_m
            && top_m <= 100.0
            && base_m >= 0.0
            && base_m < top_m
            && radius_m > 0.0
            && radius_m <= 50.0;
        if !fits {
            self.0.push(SunParameterFault::Crown { name, radius_m, base_m, top_m });
        }
    }

    fn facade(&mut self, facade: &FacadeSpacing) {
        let FacadeSpacing { spacing_m, wall_min_m, first_height_m, storey_m } = *facade;
        self.range("facade.spacing", spacing_m, 0.1, 100.0, "0.1 to 100 m");
        self.range("facade.wall_min", wall_min_m, 0.0, 100.0, "0 to 100 m");
        self.range("facade.storey", storey_m, 1.0, 20.0, "1 to 20 m");
        let holds = first_height_m >= 0.0 && first_height_m < storey_m;
        self.holds("facade.first_height", first_height_m, holds, "0 m up to less than a storey");
    }

    fn guideline(&mut self, guideline: &SunlightGuideline) {
        let SunlightGuideline { minimum_h, medium_h, high_h, from, to, day, elevation_min_deg } = *guideline;
        self.range("guideline.elevation_min", elevation_min_deg, 0.5, 45.0, "0.5 to 45 degrees");
        self.range("guideline.minimum", minimum_h, 0.0, 24.0, "0 to 24 h");
        self.holds("guideline.medium", medium_h, medium_h >= minimum_h && medium_h <= 24.0, "the minimum to 24 h");
        self.holds("guideline.high", high_h, high_h >= medium_h && high_h <= 24.0, "the medium level to 24 h");
        self.day("guideline.from", from);
        self.day("guideline.to", to);
        self.day("guideline.day", day);
        let holds = from <= day && day <= to;
        self.holds(
            "guideline.day",
            f64::from(day.month),
            holds,
            "a day between the first and the last, one of one year",
        );
    }

    fn finish(self) -> Result<(), Vec<SunParameterFault>> {
        if self.0.is_empty() { Ok(()) } else { Err(self.0) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(month: u32, day: u32) -> DayOfYear {
        DayOfYear { month, day }
    }

    fn parameters() -> SunParameters {
        SunParameters {
            step_s: 300,
            elevation_min_deg: 3.0,
            atmosphere: Atmosphere { pressure_hpa: 1013.25, temperature_c: 12.0 },
            year: vec![
                RepresentativeDay { day: day(6, 21), days: 182 },
                RepresentativeDay { day: day(12, 21), days: 183 },
            ],
            leaf_season: LeafSeason { from: day(4, 15), to: day(11, 10) },
            transmittance: CrownTransmittance { deciduous_in_leaf: 0.1, deciduous_bare: 0.5, evergreen: 0.1 },
            crowns: vec![CrownShape {
                height_low_m: 10.0,
                height_high_m: Some(16.0),
                top_m: 13.0,
                base_m: 3.0,
                radius_m: 4.0,
            }],
            facade: FacadeSpacing { spacing_m: 3.0, wall_min_m: 1.0, first_height_m: 1.2, storey_m: 3.2 },
            overlap_tolerance_m2: 1.0,
            guideline: SunlightGuideline {
                minimum_h: 1.5,
                medium_h: 3.0,
                high_h: 4.0,
                from: day(2, 1),
                to: day(3, 21),
                day: day(3, 21),
                elevation_min_deg: 13.0,
            },
        }
    }

    #[test]
    fn every_wrong_parameter_is_told_at_once() {
        assert_eq!(parameters().validate(), Ok(()));
        let mut wrong = parameters();
        wrong.step_s = 7;
        wrong.elevation_min_deg = f64::NAN;
        wrong.year[0].day = day(2, 30);
        wrong.transmittance.evergreen = -0.1;
        wrong.crowns[0].top_m = 20.0;
        wrong.facade.first_height_m = 4.0;
        wrong.guideline.high_h = 2.0;
        wrong.guideline.day = day(6, 21);
        let faults = wrong.validate().expect_err("wrong");
        assert_eq!(faults.len(), 8, "{faults:?}");
    }

    #[test]
    fn leaves_may_last_over_the_end_of_the_year() {
        let south = LeafSeason { from: day(10, 1), to: day(4, 30) };
        let holds = |month: u32| south.holds(Date::new(2025, month, 15).expect("a day"));
        assert_eq!([1, 6, 10, 12].map(holds), [true, false, true, true]);
    }

    #[test]
    fn hours_reach_the_levels_of_the_guideline() {
        let level = |hours: f64| parameters().guideline.level((hours * 3600.0) as u32);
        assert_eq!(
            [1.4, 1.5, 3.5, 4.0].map(level),
            [SunlightLevel::Below, SunlightLevel::Minimum, SunlightLevel::Medium, SunlightLevel::High]
        );
    }

    #[test]
    fn a_tree_s_crown_is_that_of_its_height_class() {
        assert_eq!(parameters().crown_shape(10.0, Some(16.0)).map(|shape| shape.radius_m), Some(4.0));
        assert_eq!(parameters().crown_shape(10.0, None), None);
    }
}
