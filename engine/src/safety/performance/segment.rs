//! Streets between junctions: crashes a year from their traffic, length and driveways (Highway Safety Manual, section
//! 12.6.1).
//!
//! Crashes of vehicles are those of the base condition times the factors of the layout (equations 12-2 to 12-4), among them those at
//! driveways, which are counted one by one (equation 12-16); crashes with pedestrians and with bicycles are shares of them
//! (equations 12-19 and 12-20) that depend on how fast the street is.

use super::PerformanceCoefficients;
use super::coefficients::{Coefficients, SegmentFunction, SeverityFunctions};
use super::crashes::{Collisions, OutOfRange, SiteCrashes, SiteFault, Uncalibrated, not_negative};
use super::segment_factors::{NightShares, ParkingKind, SegmentLayout, SpeedCategory};
use crate::safety::Checks;

/// Metres in a mile, by definition.
pub(super) const MILE_M: f64 = 1609.344;

/// The traffic that the rates of driveways stand for, in vehicles a day (equation 12-16).
const DRIVEWAY_AADT_VPD: f64 = 15_000.0;

/// Kinds of streets that there are functions for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum SegmentKind {
    /// Two lanes (2U).
    TwoLane = 0,
    /// Three lanes, the middle one for left turns from both sides (3T).
    ThreeLaneTurn = 1,
    /// Four lanes, undivided (4U).
    FourLane = 2,
    /// Four lanes, divided (4D).
    FourLaneDivided = 3,
    /// Five lanes, the middle one for left turns from both sides (5T).
    FiveLaneTurn = 4,
}

impl SegmentKind {
    /// Every kind, in the order of its number.
    pub const ALL: [Self; 5] =
        [Self::TwoLane, Self::ThreeLaneTurn, Self::FourLane, Self::FourLaneDivided, Self::FiveLaneTurn];

    /// The word used in files.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::TwoLane => "two_lane",
            Self::ThreeLaneTurn => "three_lane_turn",
            Self::FourLane => "four_lane",
            Self::FourLaneDivided => "four_lane_divided",
            Self::FiveLaneTurn => "five_lane_turn",
        }
    }

    /// The kind of that word.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

/// Driveways along a street on both sides, by what they lead to. A major one serves 50 parking places or more. As
/// coefficients: crashes a year of one driveway at 15,000 vehicles a day (table 12-7).
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Driveways<T> {
    /// To large shops and offices.
    pub major_commercial: T,
    /// To small shops and offices.
    pub minor_commercial: T,
    /// To large works and public buildings.
    pub major_industrial: T,
    /// To small works and public buildings.
    pub minor_industrial: T,
    /// To many homes.
    pub major_residential: T,
    /// To few homes.
    pub minor_residential: T,
    /// To anything else.
    pub other: T,
}

impl<T: Copy> Driveways<T> {
    /// Values in the order of the fields.
    #[must_use]
    pub fn values(&self) -> [T; 7] {
        [
            self.major_commercial,
            self.minor_commercial,
            self.major_industrial,
            self.minor_industrial,
            self.major_residential,
            self.minor_residential,
            self.other,
        ]
    }
}

/// What the functions of a kind of street consist of.
#[derive(Clone, Debug, PartialEq)]
pub struct SegmentCoefficients {
    /// Crashes between vehicles away from driveways (table 12-3).
    pub multi_vehicle: SeverityFunctions<SegmentFunction>,
    /// Crashes of single vehicles (table 12-5).
    pub single_vehicle: SeverityFunctions<SegmentFunction>,
    /// Crashes a year of one driveway at 15,000 vehicles a day (table 12-7).
    pub driveways: Driveways<f64>,
    /// Power of the traffic, against 15,000 vehicles a day, with which crashes at driveways grow (table 12-7).
    pub driveway_traffic: f64,
    /// Overdispersion of crashes at driveways, not negative (table 12-7).
    pub driveway_overdispersion: f64,
    /// Share of crashes at driveways with dead or injured, 0 to 1 (table 12-7).
    pub driveway_injury_share: f64,
    /// Crashes with pedestrians as a share of those of vehicles, on slow streets and on others (table 12-8).
    pub pedestrian_shares: [f64; 2],
    /// Crashes with bicycles as a share of those of vehicles, on slow streets and on others (table 12-9).
    pub bicycle_shares: [f64; 2],
    /// Daily traffic up to which the functions hold, in vehicles a day.
    pub aadt_max_vpd: f64,
    /// Factor for parking all along, for each of [`ParkingKind::ALL`] (table 12-19).
    pub parking: [f64; ParkingKind::ALL.len()],
    /// Share of crashes with fixed objects, 0 to 1 (table 12-21).
    pub fixed_object_share: f64,
    /// Shares at night where there is no lighting (table 12-23).
    pub night: NightShares,
}

impl SegmentCoefficients {
    pub(super) fn check(&self, checks: &mut Checks, kind: SegmentKind) {
        let field = |field: &str| format!("segments.{}.{field}", kind.name());
        self.multi_vehicle.check(checks, &field("multi_vehicle"));
        self.single_vehicle.check(checks, &field("single_vehicle"));
        for rate in self.driveways.values() {
            checks.not_negative(field("driveways"), rate);
        }
        checks.positive(field("driveway_traffic"), self.driveway_traffic);
        checks.not_negative(field("driveway_overdispersion"), self.driveway_overdispersion);
        checks.positive(field("aadt_max"), self.aadt_max_vpd);
        for factor in self.parking {
            checks.positive(field("parking"), factor);
        }
        for (name, share) in [
            ("driveway_injury_share", self.driveway_injury_share),
            ("pedestrian_shares", self.pedestrian_shares[0]),
            ("pedestrian_shares", self.pedestrian_shares[1]),
            ("bicycle_shares", self.bicycle_shares[0]),
            ("bicycle_shares", self.bicycle_shares[1]),
            ("fixed_object_share", self.fixed_object_share),
            ("night.unlit", self.night.unlit),
            ("night.fatal_and_injury", self.night.fatal_and_injury),
            ("night.property_damage_only", self.night.property_damage_only),
        ] {
            checks.share(field(name), share);
        }
    }
}

/// A street between two junctions.
#[derive(Clone, Debug, PartialEq)]
pub struct Segment {
    /// Its kind.
    pub kind: SegmentKind,
    /// Daily traffic in both directions, in vehicles a day.
    pub aadt_vpd: f64,
    /// Its length in metres, from the middle of one junction to that of the next.
    pub length_m: f64,
    /// How many driveways there are, both sides together.
    pub driveways: Driveways<f64>,
    /// How fast it is.
    pub speed: SpeedCategory,
    /// How it is laid out.
    pub layout: SegmentLayout,
}

impl Segment {
    /// Crashes a year that the functions give.
    ///
    /// # Errors
    /// Where numbers cannot be, or the layout does not fit the kind.
    pub fn crashes(&self, coefficients: &PerformanceCoefficients) -> Result<Uncalibrated, SiteFault> {
        let aadt = not_negative("the traffic", self.aadt_vpd)?;
        let length_mi = not_negative("the length", self.length_m)? / MILE_M;
        let of_kind = coefficients.segment(self.kind);
        let base = |functions: &SeverityFunctions<SegmentFunction>| {
            let [fatal_and_injury_pa, property_damage_only_pa] =
                functions.shared(|function| function.crashes_pa(aadt, length_mi));
            let overdispersion = functions.total.overdispersion;
            Collisions { fatal_and_injury_pa, property_damage_only_pa, overdispersion }
        };
        let [injury, damage] = coefficients.segment_factors.of(self.kind, of_kind, &self.layout)?;
        let multi_vehicle = base(&of_kind.multi_vehicle).times(injury, damage);
        let single_vehicle = base(&of_kind.single_vehicle).times(injury, damage);
        let driveway = self.at_driveways(of_kind)?.times(injury, damage);
        let vehicles_pa = multi_vehicle.total_pa() + single_vehicle.total_pa() + driveway.total_pa();
        let speed = self.speed as usize;
        let max_vpd = of_kind.aadt_max_vpd;
        let out_of_range =
            if aadt > max_vpd { vec![OutOfRange::Street { aadt_vpd: aadt, max_vpd }] } else { Vec::new() };
        Ok(Uncalibrated(SiteCrashes {
            multi_vehicle,
            driveway,
            single_vehicle,
            pedestrian_pa: of_kind.pedestrian_shares[speed] * vehicles_pa,
            bicycle_pa: of_kind.bicycle_shares[speed] * vehicles_pa,
            pedestrian_overdispersion: None,
            out_of_range,
        }))
    }

    /// Equations 12-16 to 12-18.
    fn at_driveways(&self, of_kind: &SegmentCoefficients) -> Result<Collisions, SiteFault> {
        let mut total = 0.0;
        for (count, rate) in self.driveways.values().into_iter().zip(of_kind.driveways.values()) {
            total += not_negative("a number of driveways", count)? * rate;
        }
        if self.aadt_vpd > 0.0 {
            total *= libm::pow(self.aadt_vpd / DRIVEWAY_AADT_VPD, of_kind.driveway_traffic);
        } else {
            total = 0.0;
        }
        let fatal_and_injury_pa = total * of_kind.driveway_injury_share;
        Ok(Collisions {
            fatal_and_injury_pa,
            property_damage_only_pa: total - fatal_and_injury_pa,
            overdispersion: of_kind.driveway_overdispersion,
        })
    }
}
