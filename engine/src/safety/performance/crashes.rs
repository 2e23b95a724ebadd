//! What the functions give: crashes a year of a site, by kind of collision and severity.

use crate::safety::local_factor::LocalFactor;

/// Crashes of one kind.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Collisions {
    /// With dead or injured, a year.
    pub fatal_and_injury_pa: f64,
    /// With damage alone, a year.
    pub property_damage_only_pa: f64,
    /// Overdispersion of their sum among sites of the same kind.
    pub overdispersion: f64,
}

impl Collisions {
    /// All, a year.
    #[must_use]
    pub fn total_pa(&self) -> f64 {
        self.fatal_and_injury_pa + self.property_damage_only_pa
    }

    pub(super) fn times(self, fatal_and_injury: f64, property_damage_only: f64) -> Self {
        Self {
            fatal_and_injury_pa: self.fatal_and_injury_pa * fatal_and_injury,
            property_damage_only_pa: self.property_damage_only_pa * property_damage_only,
            ..self
        }
    }
}

/// Traffic beyond what the functions were estimated on: their values are then an extrapolation.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
pub enum OutOfRange {
    /// On the major road of a junction.
    #[error("the major road has {aadt_vpd} vehicles a day, the function was estimated on up to {max_vpd}")]
    MajorRoad {
        /// What there is.
        aadt_vpd: f64,
        /// Up to where the function holds.
        max_vpd: f64,
    },
    /// On the minor road of a junction.
    #[error("the minor road has {aadt_vpd} vehicles a day, the function was estimated on up to {max_vpd}")]
    MinorRoad {
        /// What there is.
        aadt_vpd: f64,
        /// Up to where the function holds.
        max_vpd: f64,
    },
    /// On a street.
    #[error("the street has {aadt_vpd} vehicles a day, the function was estimated on up to {max_vpd}")]
    Street {
        /// What there is.
        aadt_vpd: f64,
        /// Up to where the function holds.
        max_vpd: f64,
    },
}

/// Why a site has no prediction.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum SiteFault {
    /// A number that cannot be.
    #[error("{field} is {value}; give {valid}")]
    Number {
        /// Which number.
        field: &'static str,
        /// What it is.
        value: f64,
        /// What it may be, in words.
        valid: &'static str,
    },
    /// More traffic on the minor road than on the major one.
    #[error("the minor road has {minor_vpd} vehicles a day and the major {major_vpd}; name the busier one the major")]
    MinorAboveMajor {
        /// On the minor road.
        minor_vpd: f64,
        /// On the major road.
        major_vpd: f64,
    },
    /// More approaches than the junction or the table of the manual has.
    #[error("{field} are said of {approaches} approaches; the manual has values for up to {max} here")]
    Approaches {
        /// What is said of them.
        field: &'static str,
        /// How many.
        approaches: usize,
        /// How many there can be.
        max: usize,
    },
    /// A junction with signals needs to know who crosses on foot.
    #[error(
        "crashes with pedestrians at a junction with signals need the number of pedestrians and the lanes they cross"
    )]
    NoCrossing,
    /// A layout that only other kinds of sites can have.
    #[error("{field} is given, but has no meaning at a {site}; leave it out")]
    Layout {
        /// What is given.
        field: &'static str,
        /// Kind of the site.
        site: &'static str,
    },
}

/// Crashes a year of a junction or a street.
#[derive(Clone, Debug, PartialEq)]
pub struct SiteCrashes {
    /// Between vehicles, without those at driveways.
    pub multi_vehicle: Collisions,
    /// Between vehicles at driveways; none at junctions.
    pub driveway: Collisions,
    /// Of single vehicles.
    pub single_vehicle: Collisions,
    /// With pedestrians, all with injuries.
    pub pedestrian_pa: f64,
    /// With bicycles, all with injuries.
    pub bicycle_pa: f64,
    /// Overdispersion of the crashes with pedestrians, where they have a function of their own.
    pub pedestrian_overdispersion: Option<f64>,
    /// Where traffic is beyond what the functions were estimated on.
    pub out_of_range: Vec<OutOfRange>,
}

impl SiteCrashes {
    fn vehicle_collisions(&self) -> [Collisions; 3] {
        [self.multi_vehicle, self.driveway, self.single_vehicle]
    }

    /// All crashes, a year.
    #[must_use]
    pub fn total_pa(&self) -> f64 {
        self.fatal_and_injury_pa() + self.property_damage_only_pa()
    }

    /// Crashes with dead or injured, a year.
    #[must_use]
    pub fn fatal_and_injury_pa(&self) -> f64 {
        let vehicles: f64 = self.vehicle_collisions().iter().map(|collisions| collisions.fatal_and_injury_pa).sum();
        vehicles + self.pedestrian_pa + self.bicycle_pa
    }

    /// Crashes with damage alone, a year.
    #[must_use]
    pub fn property_damage_only_pa(&self) -> f64 {
        self.vehicle_collisions().iter().map(|collisions| collisions.property_damage_only_pa).sum()
    }

    /// Overdispersion k of all crashes together, where what the functions miss of one kind says nothing of the others:
    /// Σ k N² / (Σ N)². Crashes with bicycles, and with pedestrians where they are a share, scale with those of vehicles and so
    /// share their k.
    #[must_use]
    pub fn overdispersion(&self) -> f64 {
        let combine = |parts: &[(f64, f64)]| {
            let (mut variance, mut sum) = (0.0, 0.0);
            for (crashes, overdispersion) in parts {
                variance += overdispersion * crashes * crashes;
                sum += crashes;
            }
            if sum > 0.0 { variance / (sum * sum) } else { 0.0 }
        };
        let vehicles = self.vehicle_collisions().map(|collisions| (collisions.total_pa(), collisions.overdispersion));
        let of_vehicles = combine(&vehicles);
        match self.pedestrian_overdispersion {
            Some(of_pedestrians) => {
                let others = self.total_pa() - self.pedestrian_pa;
                combine(&[(others, of_vehicles), (self.pedestrian_pa, of_pedestrians)])
            }
            None => of_vehicles,
        }
    }

    fn times(mut self, factor: f64) -> Self {
        self.multi_vehicle = self.multi_vehicle.times(factor, factor);
        self.driveway = self.driveway.times(factor, factor);
        self.single_vehicle = self.single_vehicle.times(factor, factor);
        self.pedestrian_pa *= factor;
        self.bicycle_pa *= factor;
        self
    }
}

/// What the functions give for sites of the United States; it becomes numbers only with the factor of a place.
#[derive(Clone, Debug, PartialEq)]
pub struct Uncalibrated(pub(super) SiteCrashes);

impl Uncalibrated {
    /// Crashes a year of the site in that place.
    #[must_use]
    pub fn in_place(self, factor: &LocalFactor) -> SiteCrashes {
        self.0.times(factor.value())
    }

    /// Crashes with dead or injured a year that the functions would give in the United States: what a local factor is
    /// calibrated on, since those are the crashes that Italian statistics count.
    #[must_use]
    pub fn uncalibrated_fatal_and_injury_pa(&self) -> f64 {
        self.0.fatal_and_injury_pa()
    }

    /// Overdispersion, which no factor changes.
    #[must_use]
    pub fn overdispersion(&self) -> f64 {
        self.0.overdispersion()
    }

    /// Where traffic is beyond what the functions were estimated on.
    #[must_use]
    pub fn out_of_range(&self) -> &[OutOfRange] {
        &self.0.out_of_range
    }
}

/// Refuses what is not a number from 0 on.
pub(super) fn not_negative(field: &'static str, value: f64) -> Result<f64, SiteFault> {
    if value >= 0.0 && value.is_finite() {
        Ok(value)
    } else {
        Err(SiteFault::Number { field, value, valid: "a number not below 0" })
    }
}

/// Refuses what is not a share.
pub(super) fn share(field: &'static str, value: f64) -> Result<f64, SiteFault> {
    if (0.0..=1.0).contains(&value) {
        Ok(value)
    } else {
        Err(SiteFault::Number { field, value, valid: "a share between 0 and 1" })
    }
}
