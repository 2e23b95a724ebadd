//! Junctions: crashes a year from the traffic of the major and the minor road (Highway Safety Manual, section 12.6.2).
//!
//! Crashes of vehicles are those of the base condition times the factors of the layout (equations 12-5 to 12-7). Crashes with
//! pedestrians follow, under signals, from how many cross and over how many lanes (equations 12-28 and 12-29), and are a share of those
//! of vehicles else (equation 12-30); those with bicycles are a share everywhere (equation 12-31).

use super::PerformanceCoefficients;
use super::coefficients::{Coefficients, JunctionFunction, SeverityFunctions};
use super::crashes::{Collisions, OutOfRange, SiteCrashes, SiteFault, Uncalibrated, not_negative};
use super::junction_factors::JunctionLayout;
use crate::safety::Checks;

/// Kinds of junctions that there are functions for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum JunctionKind {
    /// Three legs, the minor road stops or gives way (3ST).
    ThreeLegStop = 0,
    /// Four legs, the minor road stops or gives way (4ST).
    FourLegStop = 1,
    /// Three legs with signals (3SG).
    ThreeLegSignal = 2,
    /// Four legs with signals (4SG).
    FourLegSignal = 3,
}

impl JunctionKind {
    /// Every kind, in the order of its number.
    pub const ALL: [Self; 4] = [Self::ThreeLegStop, Self::FourLegStop, Self::ThreeLegSignal, Self::FourLegSignal];

    /// The word used in files.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::ThreeLegStop => "three_leg_stop",
            Self::FourLegStop => "four_leg_stop",
            Self::ThreeLegSignal => "three_leg_signal",
            Self::FourLegSignal => "four_leg_signal",
        }
    }

    /// The kind of that word.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// How many legs.
    #[must_use]
    pub fn legs(self) -> usize {
        if matches!(self, Self::ThreeLegStop | Self::ThreeLegSignal) { 3 } else { 4 }
    }

    /// Whether it has signals.
    #[must_use]
    pub fn has_signals(self) -> bool {
        matches!(self, Self::ThreeLegSignal | Self::FourLegSignal)
    }
}

/// Crashes with pedestrians.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum PedestrianFunction {
    /// A share of the crashes of vehicles, 0 to 1 (equation 12-30, table 12-16).
    ShareOfVehicles(f64),
    /// exp(a + b ln(AADT of both roads) + c ln(minor/major) + d ln(pedestrians a day) + e lanes), equation 12-29, table 12-14.
    Volume {
        /// a.
        intercept: f64,
        /// b.
        traffic: f64,
        /// c.
        minor_to_major: f64,
        /// d, positive.
        pedestrians: f64,
        /// e.
        lanes: f64,
        /// Overdispersion k, not negative.
        overdispersion: f64,
    },
}

/// What the functions of a kind of junction consist of.
#[derive(Clone, Debug, PartialEq)]
pub struct JunctionCoefficients {
    /// Crashes between vehicles (table 12-10).
    pub multi_vehicle: SeverityFunctions<JunctionFunction>,
    /// Crashes of single vehicles (table 12-12).
    pub single_vehicle: SeverityFunctions<JunctionFunction>,
    /// Crashes with pedestrians.
    pub pedestrian: PedestrianFunction,
    /// Crashes with bicycles, as a share of those of vehicles, 0 to 1 (table 12-17).
    pub bicycle_share: f64,
    /// Daily traffic of the major road up to which the functions hold, in vehicles a day.
    pub major_aadt_max_vpd: f64,
    /// The same of the minor road.
    pub minor_aadt_max_vpd: f64,
    /// Factor for left-turn lanes on one approach, on two, and so on (table 12-24).
    pub left_turn_lanes: Vec<f64>,
    /// Factor for right-turn lanes on one approach, on two, and so on (table 12-26).
    pub right_turn_lanes: Vec<f64>,
    /// Share of crashes at night where there is no lighting, 0 to 1 (table 12-27).
    pub night_share: f64,
    /// Share of rear-end crashes among those between vehicles with dead or injured, and with damage alone (table 12-11).
    pub rear_end_shares: [f64; 2],
    /// Share of angle crashes among them (table 12-11).
    pub angle_shares: [f64; 2],
}

impl JunctionCoefficients {
    pub(super) fn check(&self, checks: &mut Checks, kind: JunctionKind) {
        let field = |field: &str| format!("junctions.{}.{field}", kind.name());
        self.multi_vehicle.check(checks, &field("multi_vehicle"));
        self.single_vehicle.check(checks, &field("single_vehicle"));
        match self.pedestrian {
            PedestrianFunction::ShareOfVehicles(share) => checks.share(field("pedestrian"), share),
            PedestrianFunction::Volume { intercept, traffic, minor_to_major, pedestrians, lanes, overdispersion } => {
                checks.finite(field("pedestrian.intercept"), intercept);
                checks.not_negative(field("pedestrian.traffic"), traffic);
                checks.not_negative(field("pedestrian.minor_to_major"), minor_to_major);
                checks.positive(field("pedestrian.pedestrians"), pedestrians);
                checks.not_negative(field("pedestrian.lanes"), lanes);
                checks.not_negative(field("pedestrian.overdispersion"), overdispersion);
            }
        }
        checks.share(field("bicycle_share"), self.bicycle_share);
        checks.positive(field("major_aadt_max"), self.major_aadt_max_vpd);
        checks.positive(field("minor_aadt_max"), self.minor_aadt_max_vpd);
        for (name, factors) in
            [("left_turn_lanes", &self.left_turn_lanes), ("right_turn_lanes", &self.right_turn_lanes)]
        {
            for &factor in factors {
                checks.positive(field(name), factor);
            }
        }
        checks.share(field("night_share"), self.night_share);
        for share in self.rear_end_shares.into_iter().chain(self.angle_shares) {
            checks.share(field("collision shares"), share);
        }
    }
}

/// Who crosses a junction with signals on foot, and what draws them there.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Crossing {
    /// Pedestrians a day over all legs together.
    pub pedestrians_pd: f64,
    /// The most lanes that a pedestrian crosses in one go, refuges not counted.
    pub lanes_max: f64,
    /// Bus stops within 300 m (1,000 ft).
    pub bus_stops: usize,
    /// Whether there is a school within 300 m.
    pub has_school: bool,
    /// Places that sell alcohol within 300 m.
    pub alcohol_sales: usize,
}

/// A junction.
#[derive(Clone, Debug, PartialEq)]
pub struct Junction {
    /// Its kind.
    pub kind: JunctionKind,
    /// Daily traffic of the busier road in both directions, in vehicles a day; where its legs differ, the busier leg.
    pub major_aadt_vpd: f64,
    /// Daily traffic of the other road, in vehicles a day.
    pub minor_aadt_vpd: f64,
    /// How it is laid out.
    pub layout: JunctionLayout,
    /// Who crosses on foot; needed where there are signals.
    pub crossing: Option<Crossing>,
}

impl Junction {
    /// Crashes a year that the functions give.
    ///
    /// # Errors
    /// Where numbers cannot be, the minor road is busier than the major, or the layout does not fit the kind.
    pub fn crashes(&self, coefficients: &PerformanceCoefficients) -> Result<Uncalibrated, SiteFault> {
        let major = not_negative("the traffic of the major road", self.major_aadt_vpd)?;
        let minor = not_negative("the traffic of the minor road", self.minor_aadt_vpd)?;
        if minor > major {
            return Err(SiteFault::MinorAboveMajor { minor_vpd: minor, major_vpd: major });
        }
        let of_kind = coefficients.junction(self.kind);
        let base = |functions: &SeverityFunctions<JunctionFunction>| {
            let [fatal_and_injury_pa, property_damage_only_pa] =
                functions.shared(|function| function.crashes_pa(major, minor));
            let overdispersion = functions.total.overdispersion;
            Collisions { fatal_and_injury_pa, property_damage_only_pa, overdispersion }
        };
        let (multi_vehicle, single_vehicle) = (base(&of_kind.multi_vehicle), base(&of_kind.single_vehicle));
        let factor =
            coefficients.junction_factors.of(self.kind, of_kind, &self.layout, &multi_vehicle, &single_vehicle)?;
        let multi_vehicle = multi_vehicle.times(factor, factor);
        let single_vehicle = single_vehicle.times(factor, factor);
        let vehicles_pa = multi_vehicle.total_pa() + single_vehicle.total_pa();
        let (pedestrian_pa, pedestrian_overdispersion) = self.pedestrian(coefficients, vehicles_pa)?;
        Ok(Uncalibrated(SiteCrashes {
            multi_vehicle,
            driveway: Collisions::default(),
            single_vehicle,
            pedestrian_pa,
            bicycle_pa: of_kind.bicycle_share * vehicles_pa,
            pedestrian_overdispersion,
            out_of_range: self.out_of_range(of_kind),
        }))
    }

    fn pedestrian(
        &self,
        coefficients: &PerformanceCoefficients,
        vehicles_pa: f64,
    ) -> Result<(f64, Option<f64>), SiteFault> {
        match coefficients.junction(self.kind).pedestrian {
            PedestrianFunction::ShareOfVehicles(share) => Ok((share * vehicles_pa, None)),
            PedestrianFunction::Volume { intercept, traffic, minor_to_major, pedestrians, lanes, overdispersion } => {
                let crossing = self.crossing.ok_or(SiteFault::NoCrossing)?;
                let pedestrians_pd = not_negative("the number of pedestrians a day", crossing.pedestrians_pd)?;
                let lanes_max = not_negative("the number of lanes crossed", crossing.lanes_max)?;
                if pedestrians_pd == 0.0 || self.minor_aadt_vpd == 0.0 {
                    return Ok((0.0, Some(overdispersion)));
                }
                let base = libm::exp(
                    intercept
                        + traffic * libm::log(self.major_aadt_vpd + self.minor_aadt_vpd)
                        + minor_to_major * libm::log(self.minor_aadt_vpd / self.major_aadt_vpd)
                        + pedestrians * libm::log(pedestrians_pd)
                        + lanes * lanes_max,
                );
                Ok((base * coefficients.junction_factors.of_crossing(&crossing), Some(overdispersion)))
            }
        }
    }

    fn out_of_range(&self, of_kind: &JunctionCoefficients) -> Vec<OutOfRange> {
        let (major, minor) = (self.major_aadt_vpd, self.minor_aadt_vpd);
        let (major_max, minor_max) = (of_kind.major_aadt_max_vpd, of_kind.minor_aadt_max_vpd);
        let mut told = Vec::new();
        if major > major_max {
            told.push(OutOfRange::MajorRoad { aadt_vpd: major, max_vpd: major_max });
        }
        if minor > minor_max {
            told.push(OutOfRange::MinorRoad { aadt_vpd: minor, max_vpd: minor_max });
        }
        told
    }
}
