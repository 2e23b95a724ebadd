//! What holds for a city's air, on a small made-up town.

use proptest::prelude::*;
use rayon::prelude::{IntoParallelRefIterator, ParallelIterator};

use super::super::line_source::{LineSource, Link, LinkKind, Receptor, Site};
use super::super::meteorology::{
    Calendar, Classification, HOURS_OF_DAY, JointFrequency, Stability, Weather, WeatherYear,
};
use super::*;
use crate::draws::{Draws, Purpose};

const SITE: Site = Site { roughness_m: 1.0, averaging_min: 60.0, settling_mps: 0.0, deposition_mps: 0.0 };
const ACCURACY: Accuracy =
    Accuracy { tile_sigmas: 5.0, lateral_cut_sigmas: 4.0, line_tolerance_m: 0.5, piece_length_max_m: 400.0 };

fn uniform(purpose: &'static str, agent: usize) -> f64 {
    Draws::new(1).uniform(Purpose::new(purpose), agent as u64)
}

/// Straight streets of a crooked grid of so many junctions a side, 90 m apart, a few much busier than the rest.
fn town(side: usize, pollutants: usize) -> Vec<Street> {
    let junction = |column: usize, row: usize| {
        let agent = column * 1000 + row;
        [column as f64 * 90.0 + 45.0 * uniform("x", agent), row as f64 * 90.0 + 45.0 * uniform("y", agent)]
    };
    let mut streets = Vec::new();
    for (column, row) in (0..side).flat_map(|column| (0..side).map(move |row| (column, row))) {
        for (dx, dy) in [(1, 0), (0, 1)] {
            if column + dx < side && row + dy < side {
                let agent = streets.len();
                let busy = 0.05 + 3.0 * libm::pow(uniform("busy", agent), 4.0);
                let by_hour = |pollutant: usize| {
                    let mut by_hour = [0.0; HOURS_OF_DAY];
                    for (hour, value) in by_hour.iter_mut().enumerate() {
                        *value = 1e-4 * busy * (pollutant + 1) as f64 * if (7..20).contains(&hour) { 1.0 } else { 0.2 };
                    }
                    by_hour
                };
                streets.push(Street {
                    points_m: vec![junction(column, row), junction(column + dx, row + dy)],
                    width_m: [12.0, 14.0, 20.0][agent % 3],
                    height_m: 0.0,
                    kind: LinkKind::AtGrade,
                    emissions_gpms: (0..pollutants).map(by_hour).collect(),
                });
            }
        }
    }
    streets
}

fn settings(columns: usize, rows: usize, pollutants: usize) -> FieldSettings {
    let grid = ReceptorGrid { origin_m: [-20.0, -15.0], spacing_m: 10.0, columns, rows, z_m: 1.5 };
    FieldSettings { grid, site: SITE, accuracy: ACCURACY, pollutants }
}

/// Winds of all directions and stabilities, some under a low lid.
fn day() -> [Weather; HOURS_OF_DAY] {
    let mut hour = 0;
    [(); HOURS_OF_DAY].map(|()| {
        hour += 1;
        Weather {
            wind_speed_mps: 0.5 + 3.0 * uniform("speed", hour),
            wind_from_deg: 360.0 * uniform("from", hour),
            stability: Stability::ALL[hour % 6],
            mixing_height_m: if hour % 2 == 0 { 1000.0 } else { 200.0 },
            temperature_c: 10.0,
        }
    })
}

fn exactly_ugpm3(streets: &[Street], weather: &Weather, hour: usize, receptors: &[Receptor]) -> Vec<f64> {
    let sources: Vec<(LineSource, f64)> = streets
        .iter()
        .map(|street| {
            let [from_m, to_m] = [street.points_m[0], street.points_m[1]];
            let link = Link { from_m, to_m, width_m: street.width_m, height_m: 0.0, kind: LinkKind::AtGrade };
            (LineSource::new(&link, &SITE, weather).expect("a plume"), street.emissions_gpms[0][hour])
        })
        .collect();
    let at = |receptor: &Receptor| {
        sources.iter().map(|(source, emission)| source.concentration_ugpm3(*emission, *receptor)).sum()
    };
    receptors.par_iter().map(at).collect()
}

#[test]
fn a_small_town_is_within_one_per_cent_of_every_plume_computed_exactly() {
    let (streets, weather, settings) = (town(12, 1), day(), settings(110, 104, 1));
    let field = AirField::of_day(settings.clone(), &weather, streets.clone()).expect("a field");
    let places: Vec<usize> = (0..settings.grid.len()).step_by(23).collect();
    let receptors: Vec<Receptor> =
        places.iter().map(|place| settings.grid.receptor(place % 110, place / 110)).collect();
    for (hour, weather) in weather.iter().enumerate() {
        let exact = exactly_ugpm3(&streets, weather, hour, &receptors);
        let field = &field.contributions_ugpm3(hour).expect("an hour")[0];
        let highest = exact.iter().copied().fold(0.0, f64::max);
        let error = places.iter().zip(&exact).map(|(place, exact)| (f64::from(field[*place]) - exact).abs());
        let worst = error.fold(0.0, f64::max);
        assert!(highest > 1.0 && worst < 0.01 * highest, "hour {hour}: {worst} of {highest}");
    }
}

#[test]
fn replacing_streets_gives_the_bytes_of_a_computation_from_the_beginning() {
    let (mut streets, weather, settings) = (town(9, 2), day(), settings(90, 70, 2));
    let mut field = AirField::of_day(settings.clone(), &weather, streets.clone()).expect("a field");
    let mut busier = streets[40].clone();
    busier.emissions_gpms[1][8] *= 3.0;
    let mut moved = streets[41].clone();
    moved.points_m[1][0] += 17.0;
    moved.width_m = 18.5;
    let closed = Street { emissions_gpms: vec![[0.0; HOURS_OF_DAY]; 2], ..streets[7].clone() };
    let new = Street { points_m: vec![[100.0, 20.0], [400.0, 330.0]], ..busier.clone() };
    let changes = vec![(40, busier), (41, moved), (7, closed), (streets.len(), new)];
    field.replace(&changes).expect("streets");
    for (street, source) in changes {
        if street == streets.len() {
            streets.push(source);
        } else {
            streets[street] = source;
        }
    }
    assert_eq!(field.streets(), streets);
    let again = AirField::of_day(settings, &weather, streets).expect("a field");
    for hour in 0..HOURS_OF_DAY {
        assert_eq!(field.contributions_ugpm3(hour), again.contributions_ugpm3(hour));
    }
}

#[test]
fn a_field_is_the_same_on_any_number_of_threads_and_in_any_order_of_streets() {
    let (streets, weather, settings) = (town(7, 2), day(), settings(70, 70, 2));
    let on_threads = |threads: usize, streets: Vec<Street>| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads");
        let field = pool.install(|| AirField::of_day(settings.clone(), &weather, streets)).expect("a field");
        (0..HOURS_OF_DAY).map(|hour| field.contributions_ugpm3(hour).expect("an hour")).collect::<Vec<_>>()
    };
    let one = on_threads(1, streets.clone());
    assert_eq!(on_threads(3, streets.clone()), one);
    assert_eq!(on_threads(2, streets.into_iter().rev().collect()), one);
}

#[test]
fn pollutants_follow_their_emissions_and_nothing_is_upwind_of_all_streets() {
    let mut weather = day();
    weather[9] = Weather { wind_from_deg: 270.0, ..weather[9] };
    let mut settings = settings(150, 40, 2);
    settings.grid.origin_m = [-900.0, 100.0];
    let field = AirField::of_day(settings, &weather, town(6, 2)).expect("a field");
    let of_hour = field.contributions_ugpm3(9).expect("an hour");
    let close = |one: f32, two: f32| (2.0 * one - two).abs() <= 1e-5 * two + 1e-3;
    assert!(of_hour[0].iter().zip(&of_hour[1]).all(|(one, two)| close(*one, *two)));
    assert!((0..40).all(|row| of_hour[0][row * 150..row * 150 + 80].iter().all(|value| *value == 0.0)));
    assert!(of_hour[0].iter().any(|value| *value > 1.0));
    assert_eq!(field.contributions_ugpm3(24), None);
}

fn year(weather: impl Fn(usize) -> Weather) -> WeatherYear {
    let calendar = Calendar::new(2023);
    let rows: Vec<_> =
        (0..calendar.hours()).map(|index| (calendar.hour(index).expect("an hour"), weather(index))).collect();
    WeatherYear::new(2023, &rows).expect("a year")
}

/// Hours that only their speed sets apart from their class's: the class's mean is theirs, but for what the residence
/// time in the mixing zone makes of the speed.
#[test]
fn a_year_by_classes_has_the_mean_of_its_hours() {
    let weather = |index: usize| Weather {
        wind_speed_mps: [1.0, 1.2, 2.5, 4.0][index % 4],
        wind_from_deg: [0.0, 22.5, 225.0][index / 5 % 3],
        stability: [Stability::D, Stability::F][index / 12 % 2],
        mixing_height_m: 800.0,
        temperature_c: 10.0,
    };
    let (year, streets) = (year(weather), town(4, 1));
    let classification = Classification { sectors: 16, speed_ends_mps: vec![2.0, 3.0], minimum_wind_mps: 0.5 };
    let frequency = JointFrequency::new(&year, &classification).expect("classes");
    let settings = settings(36, 36, 1);
    let field = AirField::new(settings.clone(), vec![Situation::yearly(&frequency)], streets.clone()).expect("a field");
    let places = [300, 700, 1000];
    let receptors: Vec<Receptor> = places.iter().map(|place| settings.grid.receptor(place % 36, place / 36)).collect();
    let series_settings = SeriesSettings { site: SITE, accuracy: ACCURACY, pollutants: 1, minimum_wind_mps: 0.5 };
    let series = ReceptorSeries::new(&series_settings, &year, &receptors, &streets).expect("a series");
    let background = Background::Yearly(0.0);
    for (index, place) in places.into_iter().enumerate() {
        let mean = series.exceedance(0, index, &background, 50.0, 200.0).expect("a year").mean_ugpm3;
        let by_class = f64::from(field.contributions_ugpm3(0).expect("a field")[0][place]);
        assert!(mean > 0.1 && (by_class / mean - 1.0).abs() < 0.01, "{by_class}, {mean}");
    }
}

#[test]
fn hours_and_days_over_limits_are_counted_with_the_background() {
    let weather = |index: usize| Weather {
        wind_speed_mps: 1.0,
        // North wind in January, south wind in the rest of the year.
        wind_from_deg: if index < 31 * 24 { 0.0 } else { 180.0 },
        stability: Stability::D,
        mixing_height_m: 800.0,
        temperature_c: 10.0,
    };
    let mut emission = [0.0; HOURS_OF_DAY];
    emission[8] = 1e-3;
    let street = Street {
        points_m: vec![[-300.0, 0.0], [300.0, 0.0]],
        width_m: 12.0,
        height_m: 0.0,
        kind: LinkKind::AtGrade,
        emissions_gpms: vec![emission],
    };
    let settings = SeriesSettings { site: SITE, accuracy: ACCURACY, pollutants: 1, minimum_wind_mps: 0.5 };
    let south = Receptor { x_m: 0.0, y_m: -30.0, z_m: 1.5 };
    let series = ReceptorSeries::new(&settings, &year(weather), &[south], &[street]).expect("a series");
    let hours = series.hourly_ugpm3(0, 0).expect("hours");
    let peak = f64::from(hours[8]);
    assert_eq!(hours.iter().filter(|value| **value > 0.0).count(), 31);
    let background = Background::Yearly(20.0);
    let at = series.exceedance(0, 0, &background, 20.0 + peak / 48.0, 20.0 + peak / 2.0).expect("a year");
    assert_eq!((at.hours_over, at.days_over), (31, 31));
    assert!((at.highest_hour_ugpm3 - 20.0 - peak).abs() < 1e-9);
    assert!((at.highest_day_ugpm3 - 20.0 - peak / 24.0).abs() < 1e-9);
    assert!((at.mean_ugpm3 - 20.0 - peak * 31.0 / 8760.0).abs() < 1e-9);
    let short = Background::HourOfYear(vec![1.0; 24]);
    assert!(series.exceedance(0, 0, &short, 1.0, 1.0).is_err());
    assert!(series.exceedance(1, 0, &background, 1.0, 1.0).is_err());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    /// Whatever the street, the wind and the grid: more traffic is nowhere better, and taking it away again leaves what was.
    #[test]
    fn a_street_more_is_nowhere_better_and_taken_away_leaves_no_trace(
        ends in prop::array::uniform4(-300.0..900.0_f64), width_m in 8.0..40.0_f64, kind in 0_usize..4,
        wind_from_deg in 0.0..360.0_f64, wind_speed_mps in 0.1..12.0_f64, class in 0_usize..6, lid_m in 60.0..1500.0_f64,
    ) {
        let (kind, height_m) =
            [(LinkKind::AtGrade, 0.0), (LinkKind::Bridge, 6.0), (LinkKind::Depressed, -4.0), (LinkKind::Fill, 5.0)][kind];
        let stability = Stability::ALL[class];
        let weather = Weather { wind_speed_mps, wind_from_deg, stability, mixing_height_m: lid_m, temperature_c: 5.0 };
        let fields = vec![vec![Situation::hour(8, weather)]];
        let mut field = AirField::new(settings(70, 66, 1), fields, town(3, 1)).expect("a field");
        let before = field.contributions_ugpm3(0).expect("a field");
        let [x1, y1, x2, y2] = ends;
        let emissions_gpms = vec![[1e-4; HOURS_OF_DAY]];
        let street = Street { points_m: vec![[x1, y1], [x2, y2]], width_m, height_m, kind, emissions_gpms };
        let number = field.streets().len();
        field.replace(&[(number, street.clone())]).expect("a street");
        let after = field.contributions_ugpm3(0).expect("a field");
        let highest = after[0].iter().copied().fold(0.0, f32::max);
        prop_assert!(highest.is_finite());
        prop_assert!(before[0].iter().zip(&after[0]).all(|(before, after)| *after >= before - 0.01 * highest));
        field.replace(&[(number, Street { emissions_gpms: vec![[0.0; HOURS_OF_DAY]], ..street })]).expect("a street");
        prop_assert_eq!(field.contributions_ugpm3(0).expect("a field"), before);
    }
}

#[test]
fn what_is_no_city_is_refused_with_all_reasons() {
    let (mut streets, mut weather) = (town(3, 1), day());
    streets[0].emissions_gpms[0][5] = -1e-6;
    streets[1].emissions_gpms[0][6] = f64::NAN;
    streets[2].points_m.truncate(1);
    streets[3].points_m[0][0] = f64::INFINITY;
    streets[4].emissions_gpms.clear();
    weather[3].wind_speed_mps = 0.0;
    weather[4].wind_speed_mps = 76.0;
    let mut wrong = settings(0, 10, 1);
    wrong.site.roughness_m = 0.0;
    wrong.accuracy.tile_sigmas = 9.0;
    let faults = AirField::of_day(wrong, &weather, streets.clone()).expect_err("faults");
    assert_eq!(faults.len(), 10, "{faults:#?}");
    assert_eq!(AirField::new(settings(5, 5, 1), vec![], town(3, 1)).err(), Some(vec![FieldFault::NoSituation]));
    let hours = (0..HOURS_OF_DAY).map(|hour| vec![Situation::hour(hour, day()[hour])]).collect();
    let large = AirField::new(settings(10_000, 2_000, 1), hours, vec![]).expect_err("too large");
    assert_eq!(large, [FieldFault::TooLarge { values: 480_000_000 }]);
    let series = SeriesSettings { site: SITE, accuracy: ACCURACY, pollutants: 1, minimum_wind_mps: 0.0 };
    let faults = ReceptorSeries::new(&series, &year(|_| day()[0]), &[], &streets).expect_err("faults");
    assert_eq!(faults.len(), 7, "{faults:#?}");
    let mut field = AirField::of_day(settings(5, 5, 1), &day(), town(3, 1)).expect("a field");
    let gap = vec![(field.streets().len() + 1, town(3, 1)[0].clone())];
    assert!(matches!(field.replace(&gap).expect_err("a gap")[..], [FieldFault::NoSuchStreet { .. }]));
}
