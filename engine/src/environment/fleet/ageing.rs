//! How a fleet becomes older and is renewed.
//!
//! Vehicles of a standard were registered evenly between two years. How many are left at an age follows a Weibull survival
//! curve, S(a) = exp(-(a / scale)^shape), as in the vehicle stock models of COPERT and TREMOVE; who is scrapped is replaced in the
//! same year by what is sold then, and what was sold ages with the rest. The total stays: the fleet neither grows nor shrinks.
//! Left out: that old vehicles drive less a year than new ones (shares are of distance from the start), and sales that react to a
//! plan.

use super::{EuroStandard, Fleet, FleetError, FleetKind, FleetShare, VehicleType};

/// The years in which vehicles of a standard were registered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Registration {
    /// The kind.
    pub kind: FleetKind,
    /// The standard.
    pub standard: EuroStandard,
    /// The first year.
    pub from_year: i32,
    /// The last year.
    pub to_year: i32,
}

/// What is sold in a year; between two years of a kind the mixture goes over evenly.
#[derive(Clone, Debug, PartialEq)]
pub struct Sales {
    /// The kind.
    pub kind: FleetKind,
    /// The year.
    pub year: i32,
    /// What is sold, in shares that sum to 1.
    pub shares: Vec<(VehicleType, f64)>,
}

/// How fleets age.
#[derive(Clone, Debug, PartialEq)]
pub struct Ageing {
    /// The year that the fleet describes.
    pub fleet_year: i32,
    /// For each kind, the scale of its survival curve in years, and its shape; both above 0.
    pub survival: [(f64, f64); super::FLEET_KINDS.len()],
    /// When vehicles of each standard were registered.
    pub registrations: Vec<Registration>,
    /// What is sold.
    pub sales: Vec<Sales>,
}

/// Why a fleet cannot be brought to a year.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum AgeingError {
    /// The year lies before the fleet's own, or too far ahead.
    #[error(
        "the fleet describes {fleet_year} and can be aged to at most {AGEING_MAX_YEARS} years later, not to {year}"
    )]
    Year {
        /// The year asked for.
        year: i32,
        /// The fleet's.
        fleet_year: i32,
    },
    /// It is not said when vehicles of a standard were registered.
    #[error("it is not said when {0} was registered; add its years")]
    Registration(VehicleType),
    /// It is not said what is sold.
    #[error("it is not said which {}s are sold; add their sales", .0.name())]
    Sales(FleetKind),
    /// What is sold is no whole.
    #[error("what is sold of the {}s in {year} sums to {sum}; it must sum to 1", .kind.name())]
    Sum {
        /// The kind.
        kind: FleetKind,
        /// The year.
        year: i32,
        /// The sum.
        sum: f64,
    },
    /// A survival curve is none.
    #[error("the survival of the {}s has scale {scale} and shape {shape}; both must be above 0", .kind.name())]
    Survival {
        /// The kind.
        kind: FleetKind,
        /// Its scale, in years.
        scale: f64,
        /// Its shape.
        shape: f64,
    },
    /// What comes out is no fleet.
    #[error(transparent)]
    Fleet(#[from] FleetError),
}

/// How far ahead a fleet can be aged, in years.
pub const AGEING_MAX_YEARS: i32 = 40;

/// A part of the fleet that was registered in one year.
struct Cohort {
    vehicle: VehicleType,
    year: f64,
    share: f64,
}

/// The fleet as it will be in a year.
///
/// # Errors
/// [`AgeingError`] where the year is before the fleet's or more than 40 years later, or something is not said of its vehicles.
pub fn aged(fleet: &Fleet, ageing: &Ageing, year: i32) -> Result<Fleet, AgeingError> {
    let fleet_year = ageing.fleet_year;
    if year < fleet_year || year - fleet_year > AGEING_MAX_YEARS {
        return Err(AgeingError::Year { year, fleet_year });
    }
    if year == fleet_year {
        return Ok(fleet.clone());
    }
    let mut shares: Vec<FleetShare> = Vec::new();
    for (kind, &(scale, shape)) in super::FLEET_KINDS.into_iter().zip(&ageing.survival) {
        if !(scale > 0.0 && shape > 0.0 && scale.is_finite() && shape.is_finite()) {
            return Err(AgeingError::Survival { kind, scale, shape });
        }
        let survival = |age: f64| libm::exp(-libm::pow(age.max(0.0) / scale, shape));
        let mut cohorts = cohorts(fleet, ageing, kind)?;
        for now in fleet_year + 1..=year {
            let mut scrapped = 0.0;
            for cohort in &mut cohorts {
                let age = f64::from(now) - cohort.year;
                let left = cohort.share * survival(age) / survival(age - 1.0);
                scrapped += cohort.share - left;
                cohort.share = left;
            }
            for (vehicle, share) in sold(ageing, kind, now)? {
                cohorts.push(Cohort { vehicle, year: f64::from(now), share: share * scrapped });
            }
        }
        for Cohort { vehicle, share, .. } in cohorts {
            match shares.iter_mut().find(|row| row.vehicle == vehicle) {
                Some(row) => row.share += share,
                None => shares.push(FleetShare { vehicle, share }),
            }
        }
    }
    shares.sort_by(|a, b| a.vehicle.cmp(&b.vehicle));
    Ok(Fleet(shares))
}

/// A kind's vehicles by year of registration.
fn cohorts(fleet: &Fleet, ageing: &Ageing, kind: FleetKind) -> Result<Vec<Cohort>, AgeingError> {
    let mut cohorts = Vec::new();
    for FleetShare { vehicle, share } in fleet.of_kind(kind) {
        let registered = ageing.registrations.iter().find(|row| row.kind == kind && row.standard == vehicle.standard);
        let Some(&Registration { from_year, to_year, .. }) = registered else {
            return Err(AgeingError::Registration(vehicle.clone()));
        };
        let to_year = to_year.clamp(from_year, ageing.fleet_year.max(from_year));
        let part = share / f64::from(to_year - from_year + 1);
        cohorts.extend((from_year..=to_year).map(|year| Cohort {
            vehicle: vehicle.clone(),
            year: f64::from(year),
            share: part,
        }));
    }
    Ok(cohorts)
}

/// What is sold of a kind in a year: between two years that are told both, before the first and after the last that one.
fn sold(ageing: &Ageing, kind: FleetKind, year: i32) -> Result<Vec<(VehicleType, f64)>, AgeingError> {
    let mut told: Vec<&Sales> = ageing.sales.iter().filter(|sales| sales.kind == kind).collect();
    told.sort_by_key(|sales| sales.year);
    for sales in &told {
        let sum: f64 = sales.shares.iter().map(|(_, share)| share).sum();
        let valid = sales.shares.iter().all(|(_, share)| (0.0..=1.0).contains(share));
        if !valid || (sum - 1.0).abs() > super::SHARES_TOLERANCE {
            return Err(AgeingError::Sum { kind, year: sales.year, sum });
        }
    }
    let before = told.iter().rev().find(|sales| sales.year <= year);
    let after = told.iter().find(|sales| sales.year > year);
    let weighed = |sales: &Sales, weight: f64| -> Vec<(VehicleType, f64)> {
        sales.shares.iter().map(|(vehicle, share)| (vehicle.clone(), share * weight)).collect()
    };
    Ok(match (before, after) {
        (None, None) => return Err(AgeingError::Sales(kind)),
        (Some(only), None) | (None, Some(only)) => weighed(only, 1.0),
        (Some(before), Some(after)) => {
            let passed = f64::from(year - before.year) / f64::from(after.year - before.year);
            let mut both = weighed(before, 1.0 - passed);
            both.extend(weighed(after, passed));
            both
        }
    })
}

#[cfg(test)]
mod tests {
    use super::super::{FLEET_KINDS, Fuel};
    use super::*;

    fn petrol(kind: FleetKind, standard: EuroStandard) -> VehicleType {
        VehicleType { kind, fuel: Fuel::Petrol, segment: "medium".into(), standard, technology: "".into() }
    }

    fn case() -> (Fleet, Ageing) {
        let share = |kind, standard, share| FleetShare { vehicle: petrol(kind, standard), share };
        let shares = FLEET_KINDS
            .into_iter()
            .flat_map(|kind| [share(kind, EuroStandard::Euro3, 0.4), share(kind, EuroStandard::Euro5, 0.6)]);
        let fleet = Fleet::new(shares.collect()).unwrap();
        let years = |kind, standard, from_year, to_year| Registration { kind, standard, from_year, to_year };
        let registrations = FLEET_KINDS.into_iter().flat_map(|kind| {
            [years(kind, EuroStandard::Euro3, 2001, 2005), years(kind, EuroStandard::Euro5, 2011, 2015)]
        });
        let sales = FLEET_KINDS.into_iter().map(|kind| Sales {
            kind,
            year: 2024,
            shares: vec![(VehicleType::electric(kind), 1.0)],
        });
        let ageing = Ageing {
            fleet_year: 2023,
            survival: [(17.0, 3.0); FLEET_KINDS.len()],
            registrations: registrations.collect(),
            sales: sales.collect(),
        };
        (fleet, ageing)
    }

    #[test]
    fn the_years_own_fleet_is_the_fleet() {
        let (fleet, ageing) = case();
        assert_eq!(aged(&fleet, &ageing, 2023).unwrap(), fleet);
    }

    #[test]
    fn shares_still_sum_to_one_and_the_old_go_first() {
        let (fleet, ageing) = case();
        let mut left = (0.4, 0.6);
        for year in 2024..2045 {
            let later = aged(&fleet, &ageing, year).unwrap();
            assert!(Fleet::new(later.shares().to_vec()).is_ok());
            let share = |standard| later.share_of(FleetKind::Car, |vehicle| vehicle.standard == standard);
            let now = (share(EuroStandard::Euro3), share(EuroStandard::Euro5));
            assert!(now.0 < left.0 && now.1 < left.1);
            assert!(now.0 / 0.4 < now.1 / 0.6, "the older standard goes faster");
            left = now;
        }
        assert!(left.0 < 0.001);
    }

    #[test]
    fn sales_go_over_evenly_from_year_to_year() {
        let (fleet, mut ageing) = case();
        let new = petrol(FleetKind::Car, EuroStandard::Euro6d);
        ageing.registrations.push(Registration {
            kind: FleetKind::Car,
            standard: EuroStandard::Euro6d,
            from_year: 2021,
            to_year: 2023,
        });
        ageing.sales.push(Sales { kind: FleetKind::Car, year: 2034, shares: vec![(new.clone(), 1.0)] });
        let sold = sold(&ageing, FleetKind::Car, 2029).unwrap();
        assert_eq!(sold, [(VehicleType::electric(FleetKind::Car), 0.5), (new, 0.5)]);
        assert!(aged(&fleet, &ageing, 2030).is_ok());
    }

    #[test]
    fn what_is_not_said_is_asked_for() {
        let (fleet, ageing) = case();
        let told = |change: &dyn Fn(&mut Ageing), year| {
            let mut ageing = ageing.clone();
            change(&mut ageing);
            aged(&fleet, &ageing, year).unwrap_err().to_string()
        };
        assert!(told(&|_| (), 2020).contains("describes 2023"));
        assert!(
            told(&|ageing| ageing.registrations.clear(), 2024).contains("when car petrol medium euro_3 was registered")
        );
        assert!(told(&|ageing| ageing.sales.clear(), 2024).contains("which cars are sold"));
        assert!(told(&|ageing| ageing.sales[0].shares[0].1 = 0.5, 2024).contains("sums to 0.5"));
        assert!(told(&|ageing| ageing.survival[0].0 = 0.0, 2024).contains("scale 0"));
    }
}
