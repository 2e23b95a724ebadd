//! How people travel to work inside the city, from the 2011 census.
//!
//! The commuting matrix knows trips by car only as a whole; drivers and passengers are told apart by the census's own
//! shares (58.6 % and 5.5 % of all trips).

use std::collections::BTreeMap;

use engine::city::{Population, TravelSurvey};

use super::RecipeError;
use super::open_data::CommutingLine;

/// Share of drivers among those who go by car: 58.6 of 64.1, ISTAT 2011.
const DRIVERS_AMONG_CAR_USERS: f64 = 58.6 / (58.6 + 5.5);

/// The modes that the demand is fitted to, and what the matrix calls them. Trains, coaches and company buses inside the
/// comune are 1.4 % and are left out.
const MODES: [(&str, &str); 4] =
    [("walk", "walk"), ("bicycle", "bike"), ("bus", "urban_bus"), ("motorcycle", "motorbike_scooter")];

/// The bands of the matrix and their upper ends in minutes; the last is open.
const BANDS: [(&str, Option<f64>); 4] =
    [("<15", Some(15.0)), ("15_30", Some(30.0)), ("31_60", Some(60.0)), (">60", None)];

/// Mode shares and durations of internal work trips.
pub(super) fn survey(matrix: &[CommutingLine]) -> Result<TravelSurvey, RecipeError> {
    let internal =
        matrix.iter().filter(|line| line.travel_reason == "work" && line.place_of_destination == "same municipality");
    let mut modes: BTreeMap<&str, f64> = BTreeMap::new();
    let mut bands: BTreeMap<&str, f64> = BTreeMap::new();
    let mut total = 0.0;
    for line in internal {
        *modes.entry(&line.mode).or_default() += line.individuals;
        *bands.entry(&line.travel_time).or_default() += line.individuals;
        total += line.individuals;
    }
    let share = |counts: &BTreeMap<&str, f64>, name: &str| {
        counts.get(name).map(|count| count / total).ok_or_else(|| RecipeError::Recipe {
            file: "survey.rs",
            wrong: format!("comm_matrix_cities_km.csv holds no internal work trips of '{name}'"),
        })
    };
    let car = share(&modes, "car")?;
    let mut mode_shares = vec![
        ("car_driver".to_owned(), car * DRIVERS_AMONG_CAR_USERS),
        ("car_passenger".to_owned(), car * (1.0 - DRIVERS_AMONG_CAR_USERS)),
    ];
    for (ours, theirs) in MODES {
        mode_shares.push((ours.to_owned(), share(&modes, theirs)?));
    }
    Ok(TravelSurvey {
        mode_shares,
        duration_bands_min: BANDS.iter().filter_map(|(_, end)| *end).collect(),
        duration_shares: BANDS.iter().map(|(band, _)| share(&bands, band)).collect::<Result<_, _>>()?,
        year: 2011,
        source: "istat".into(),
    })
}

/// The residents of 2024 with the ages that ISTAT gives.
pub(super) fn population(residents: f64, by_age: Vec<f64>) -> Population {
    Population { residents, year: 2024, by_age, source: "istat".into() }
}
