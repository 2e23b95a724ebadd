//! What holds of every demand, on a made-up city: a square of zones with gates around it.

use proptest::prelude::*;

use super::parameters::*;
use super::*;
use crate::city::TravelSurvey;
use crate::draws::{Distribution, Draws};
use crate::key::Key;
use crate::time::DayPlan;

const SIDE: usize = 6;
const ZONES: usize = SIDE * SIDE;

fn key(text: String) -> Key {
    Key::new(text).unwrap()
}

fn zones() -> Vec<ZoneActivity> {
    let zone = |number: usize| {
        let central = 1.0 / (1.0 + ((number / SIDE).abs_diff(2) + (number % SIDE).abs_diff(2)) as f64);
        ZoneActivity {
            key: key(format!("zone:{number}")),
            residents: 500.0 + 37.0 * (number % 7) as f64,
            jobs: 100.0 + 2000.0 * central * central,
            school_places: if number.is_multiple_of(5) { 400.0 } else { 0.0 },
            services: central,
            leisure: 1.0 + central,
        }
    };
    (0..ZONES).map(zone).collect()
}

fn gates() -> Vec<GateCount> {
    let gate = |number: usize| GateCount {
        key: key(format!("gate:{number}")),
        daily_vehicles: 8000.0 + 1000.0 * number as f64,
        daily_heavy_vehicles: 500.0,
        through_share: 0.3,
        is_motorway: number < 2,
    };
    (0..4).map(gate).collect()
}

/// Zones lie close in the middle and far apart at the edge, up to 7 km out; gates lie outside the corners.
fn distance_m(from: usize, to: usize) -> f64 {
    let stretched = |line: usize| [0.0, 3.0, 4.0, 4.6, 6.0, 10.0][line];
    let position = |place: usize| match place.checked_sub(ZONES) {
        None => (stretched(place / SIDE), stretched(place % SIDE)),
        Some(gate) => ((gate / 2) as f64 * 14.0 - 2.0, (gate % 2) as f64 * 14.0 - 2.0),
    };
    let ((a, b), (c, d)) = (position(from), position(to));
    // A little longer one way than the other, as one-way streets make it.
    1000.0 * ((a - c).abs() + (b - d).abs()) * if from < to { 1.0 } else { 1.05 }
}

fn inputs() -> DemandInputs {
    let size = ZONES + 4;
    DemandInputs {
        day_plan: DayPlan::weekday(),
        zones: zones(),
        gates: gates(),
        residents_by_age: (0..100).map(|age| 100.0 - f64::from(age)).collect(),
        survey: TravelSurvey {
            mode_shares: [
                ("car_driver", 0.586),
                ("car_passenger", 0.055),
                ("walk", 0.182),
                ("bicycle", 0.102),
                ("bus", 0.045),
                ("motorcycle", 0.016),
            ]
            .map(|(name, share)| (name.to_owned(), share))
            .to_vec(),
            duration_bands_min: vec![15.0, 30.0, 60.0],
            duration_shares: vec![0.69, 0.26, 0.036, 0.014],
            year: 2011,
            source: "census".into(),
        },
        car_time_s: Matrix::from_fn(size, |from, to| distance_m(from, to) / 8.0),
        car_distance_m: Matrix::from_fn(size, distance_m),
    }
}

fn by_period(shares: [f64; 4]) -> PeriodShares {
    ["night", "morning_peak", "inter_peak", "evening_peak"].map(str::to_owned).into_iter().zip(shares).collect()
}

fn purpose(purpose: TripPurpose) -> PurposeParameters {
    let business = purpose == TripPurpose::Business;
    let mut modes_available = [true; CHOSEN_MODES];
    modes_available[Mode::CarDriver as usize] = purpose != TripPurpose::School;
    PurposeParameters {
        rates: if business { vec![] } else { vec![AgeRate { from_age: 6, to_age: 64, tours_per_day: 0.2 }] },
        tours_per_job: if business { 0.1 } else { 0.0 },
        attraction: AttractionWeights { residents: 0.1, jobs: 0.5, school_places: 0.1, services: 0.2, leisure: 0.1 },
        time_sensitivity: 1.0,
        mode_offsets: [0.0; CHOSEN_MODES],
        modes_available,
        outbound: by_period([0.1, 0.5, 0.3, 0.1]),
        inbound: by_period([0.2, 0.05, 0.35, 0.4]),
    }
}

fn parameters() -> DemandParameters {
    DemandParameters {
        purposes: TripPurpose::ALL.map(purpose),
        modes: ModeParameters {
            time_sensitivity_per_min: 0.05,
            effort_weight: 2.0,
            value_of_time_eur_ph: 10.0,
            car_time_factor: 1.2,
            car_terminal_min: 4.0,
            car_cost_eur_pkm: 0.15,
            motorcycle_terminal_min: 2.0,
            motorcycle_cost_eur_pkm: 0.1,
            walk_speed_kmph: 4.6,
            bicycle_speed_kmph: 15.0,
            bicycle_terminal_min: 2.0,
            walk_distance_factor: 0.9,
            bus_speed_kmph: 14.0,
            bus_distance_factor: 1.2,
            bus_access_min: 6.0,
            bus_wait_min: 7.0,
            bus_fare_eur: 1.5,
            duration_log_deviation: 0.3,
        },
        gates: GateParameters {
            resident_share: 0.35,
            van_share: 0.1,
            attraction: AttractionWeights {
                residents: 0.1,
                jobs: 0.5,
                school_places: 0.1,
                services: 0.2,
                leisure: 0.1,
            },
            outbound: by_period([0.13, 0.2, 0.53, 0.14]),
            inbound: by_period([0.21, 0.07, 0.44, 0.28]),
            through: by_period([0.17, 0.13, 0.49, 0.21]),
            motorway_to_road: 0.2,
            motorway_heavy_local: 0.25,
        },
        goods: GoodsParameters {
            van_trips_per_job: 0.2,
            van_trips_per_resident: 0.03,
            heavy_trips_per_job: 0.03,
            time_sensitivity: 1.0,
            periods: by_period([0.1, 0.2, 0.55, 0.15]),
        },
    }
}

fn uncertainty() -> UncertaintyParameters {
    let factor = Distribution::LogNormal { median: 1.0, log_deviation: 0.1 };
    UncertaintyParameters {
        demand_level: factor,
        purpose_level: factor,
        zone_production: factor,
        zone_attraction: factor,
        gate_count: factor,
        deterrence_rate: factor,
        mode_constant: Distribution::Normal { mean: 0.0, deviation: 0.2 },
        goods_level: factor,
        period_share: factor,
        capacity_level: factor,
        capacity_known: Distribution::Fixed(1.0),
        capacity_inferred: factor,
    }
}

fn fitted() -> FittedDemand {
    FittedDemand::fit(inputs(), parameters()).unwrap()
}

fn close(value: f64, expected: f64) -> bool {
    (value - expected).abs() <= 1e-9 * expected.abs().max(1.0)
}

#[test]
fn the_survey_is_reproduced() {
    let report = fitted().fit;
    for (modelled, observed) in report.modes_modelled.iter().zip(report.modes_observed) {
        assert!((modelled - observed).abs() < 1e-9, "{report:?}");
    }
    let sum: f64 = report.durations_modelled.iter().sum();
    assert!(close(sum, 1.0));
    // Two parameters against three free shares: the city's size decides what is left.
    for (modelled, observed) in report.durations_modelled.iter().zip(&report.durations_observed) {
        assert!((modelled - observed).abs() < 0.03, "{report:?}");
    }
}

/// A survey made by the model itself from known behaviour gives that behaviour back.
#[test]
fn known_behaviour_is_recovered_from_a_survey_of_it() {
    for (first, second) in [(0.75, 0.22), (0.6, 0.35)] {
        // Any fit gives durations and shares that are exactly reachable; a second fit to those must find the same.
        let mut survey = inputs();
        survey.survey.duration_shares = vec![first, second, (1.0 - first - second) * 0.8, (1.0 - first - second) * 0.2];
        survey.survey.mode_shares[0].1 = 0.5;
        let known = FittedDemand::fit(survey.clone(), parameters()).unwrap();
        survey.survey.duration_shares = known.fit.durations_modelled.clone();
        let found = FittedDemand::fit(survey, parameters()).unwrap();
        assert!(
            (found.deterrence.power - known.deterrence.power).abs() < 1e-4,
            "{:?} {:?}",
            found.deterrence,
            known.deterrence
        );
        assert!((found.deterrence.rate_per_min / known.deterrence.rate_per_min - 1.0).abs() < 1e-4);
        assert!(found.fit.chi_square < 1e-12);
        for (found, known) in found.mode_constants.iter().zip(known.mode_constants) {
            assert!((found - known).abs() < 1e-5);
        }
    }
}

#[test]
fn what_goes_in_comes_out() {
    let model = fitted();
    let demand = model.generate(&Variation::none()).unwrap();
    let (inputs, parameters) = (model.inputs(), model.parameters());

    // People: the tours of the rates, there and back, whatever the mode.
    let daily = demand.daily_person_trips();
    let ages: f64 = inputs.residents_by_age[6..=64].iter().sum::<f64>() / inputs.residents_by_age.iter().sum::<f64>();
    let residents: f64 = inputs.zones.iter().map(|zone| zone.residents).sum();
    let jobs: f64 = inputs.zones.iter().map(|zone| zone.jobs).sum();
    for purpose in TripPurpose::ALL {
        let tours = if purpose == TripPurpose::Business { 0.1 * jobs } else { 0.2 * ages * residents };
        let trips: f64 = daily[purpose as usize].iter().sum();
        assert!(close(trips, 2.0 * tours), "{purpose:?}: {trips} trips of {tours} tours");
    }
    assert_eq!(daily[TripPurpose::School as usize][Mode::CarDriver as usize], 0.0);

    // Cars inside: one for every driver, trips inside a zone included.
    let cars = demand.daily_vehicles(|period| period.cars.total());
    let inside: f64 = (0..ZONES).map(|zone| cars.row(zone)[..ZONES].iter().sum::<f64>()).sum();
    let drivers: f64 = daily.iter().map(|purpose| purpose[Mode::CarDriver as usize]).sum();
    assert!(close(inside, drivers), "{inside} cars for {drivers} drivers");
    assert!((0..ZONES).all(|zone| cars.at(zone, zone) > 0.0));

    // Goods vehicles inside: those of the rates.
    let vans = demand.daily_vehicles(|period| period.vans.clone());
    let inside: f64 = (0..ZONES).map(|zone| vans.row(zone)[..ZONES].iter().sum::<f64>()).sum();
    assert!(close(inside, 0.2 * jobs + 0.03 * residents));

    // Gates: the counts, class by class, half of them each way, the stated share through; of heavy vehicles on motorways
    // all but a quarter of the rest pass through as well.
    let heavy = demand.daily_vehicles(|period| period.heavy_vehicles.clone());
    for (gate, count) in inputs.gates.iter().enumerate() {
        let place = ZONES + gate;
        let out_and_in = |matrix: &Matrix| (matrix.row_sums()[place], matrix.column_sums()[place]);
        let light = count.daily_vehicles - count.daily_heavy_vehicles;
        let local = 1.0 - count.through_share;
        let heavy_local = if count.is_motorway { 0.25 * local } else { local };
        for (matrix, expected, local) in [
            (&cars, light * (1.0 - parameters.gates.van_share), local),
            (&vans, light * parameters.gates.van_share, local),
            (&heavy, count.daily_heavy_vehicles, heavy_local),
        ] {
            let (enters, leaves) = out_and_in(matrix);
            assert!(close(enters, expected / 2.0) && close(leaves, expected / 2.0), "gate {gate}: {enters} {leaves}");
            let through: f64 = matrix.row(place)[ZONES..].iter().sum();
            assert!(close(through, expected / 2.0 * (1.0 - local)));
            assert_eq!(matrix.at(place, place), 0.0);
        }
    }
}

#[test]
fn every_zone_sends_home_at_the_end_of_the_day_whom_it_received() {
    let demand = fitted().generate(&Variation::none()).unwrap();
    for matrix in [
        demand.daily_vehicles(|period| period.cars.total()),
        demand.daily_vehicles(|period| period.motorcycles.clone()),
        demand.daily_vehicles(|period| period.vans.clone()),
    ] {
        for (leaves, arrives) in matrix.row_sums().into_iter().zip(matrix.column_sums()) {
            assert!(close(leaves, arrives), "{leaves} {arrives}");
        }
    }
}

#[test]
fn the_assignment_is_given_every_vehicle() {
    let demand = fitted().generate(&Variation::none()).unwrap();
    let cars = demand.periods[1].cars.total();
    let given = cars.to_od_matrix();
    assert!(close(given.total(), cars.total()));
    assert!(given.iter().all(|(from, to, vehicles)| vehicles == cars.at(from as usize, to as usize)));
    // None is lost but what is not there: the turn of a gate upon itself.
    assert_eq!(given.len(), (ZONES + 4) * (ZONES + 4) - 4);
}

#[test]
fn through_traffic_of_a_motorway_stays_on_motorways() {
    let demand = fitted().generate(&Variation::none()).unwrap();
    let cars = demand.daily_vehicles(|period| period.cars.total());
    let between = |from: usize, to: usize| cars.at(ZONES + from, ZONES + to);
    assert!(between(0, 1) > between(0, 2) + between(0, 3));
}

#[test]
fn cars_split_by_home_add_up_and_spare_those_who_live_inside() {
    let demand = fitted().generate(&Variation::none()).unwrap();
    let cars = &demand.periods[1].cars;
    let mut inside = vec![0.0; ZONES + 4];
    (inside[0], inside[1]) = (1.0, 0.25);
    let (residents, others) = cars.split_by_home(&inside);
    for (cell, total) in cars.total().values().iter().enumerate() {
        assert!(close(residents.values()[cell] + others.values()[cell], *total));
    }
    // Between zones of which nobody lives inside there are no residents; leaving a zone of residents, there are.
    assert_eq!(residents.at(7, 8), 0.0);
    assert_eq!(residents.at(ZONES, 7), 0.0);
    assert!(close(residents.at(0, 7), cars.home_at_origin.at(0, 7)));
    assert!(close(residents.at(0, 1), cars.home_at_origin.at(0, 1) + 0.25 * cars.home_at_destination.at(0, 1)));
}

#[test]
fn a_stronger_deterrence_shortens_trips() {
    let inputs = inputs();
    let productions: Vec<f64> = inputs.zones.iter().map(|zone| zone.residents).collect();
    let total: f64 = productions.iter().sum();
    let jobs: f64 = inputs.zones.iter().map(|zone| zone.jobs).sum();
    let attractions: Vec<f64> = inputs.zones.iter().map(|zone| zone.jobs * total / jobs).collect();
    let mean_min = |rate_per_min: f64| {
        let deterrence = Tanner { power: 0.5, rate_per_min };
        let time_min = |i: usize, j: usize| 3.0 + distance_m(i, j) / 500.0;
        let seed = Matrix::from_fn(ZONES, |i, j| deterrence.attraction(time_min(i, j), libm::log(time_min(i, j))));
        let trips = balance(&seed, &productions, &attractions).unwrap().matrix(&seed);
        let minutes = Matrix::from_fn(ZONES, |i, j| trips.at(i, j) * time_min(i, j));
        minutes.total() / trips.total()
    };
    let means: Vec<f64> = (0..20).map(|step| mean_min(0.02 * f64::from(step))).collect();
    assert!(means.windows(2).all(|pair| pair[1] < pair[0]), "{means:?}");
}

#[test]
fn more_residents_make_more_trips_and_more_jobs_draw_them() {
    let model = fitted();
    let base = model.generate(&Variation::none()).unwrap();
    let work = |demand: &Demand| demand.daily_person_trips()[TripPurpose::Work as usize].iter().sum::<f64>();
    let cars_to = |demand: &Demand, zone: usize| demand.periods[1].cars.home_at_origin.column_sums()[zone];

    let mut zones = zones();
    zones[7].residents += 1000.0;
    let more_residents = model.generate_for(&zones, &Variation::none()).unwrap();
    let residents: f64 = zones.iter().map(|zone| zone.residents).sum();
    assert!(close(work(&more_residents), work(&base) * residents / (residents - 1000.0)));

    zones[7].residents -= 1000.0;
    zones[7].jobs += 1000.0;
    let more_jobs = model.generate_for(&zones, &Variation::none()).unwrap();
    assert!(close(work(&more_jobs), work(&base)));
    assert!(cars_to(&more_jobs, 7) > 1.2 * cars_to(&base, 7));
    assert!(cars_to(&more_jobs, 14) < cars_to(&base, 14));

    zones.swap(0, 1);
    assert_eq!(model.generate_for(&zones, &Variation::none()), Err(DemandError::OtherZones));
}

#[test]
fn a_seed_always_draws_the_same_and_each_seed_something_else() {
    let (model, uncertainty) = (fitted(), uncertainty());
    let demand = |seed| model.generate(&Variation::drawn(&uncertainty, Draws::new(seed))).unwrap();
    assert_eq!(demand(1), demand(1));
    assert_ne!(demand(1), demand(2));
    // Whatever is drawn, every vehicle of a gate still enters and leaves.
    let cars = demand(1).daily_vehicles(|period| period.cars.total());
    for place in ZONES..ZONES + 4 {
        assert!(close(cars.row_sums()[place], cars.column_sums()[place]));
    }
    // Seeds scatter around the central values.
    let trips = |demand: Demand| demand.daily_person_trips().iter().flatten().sum::<f64>();
    let central = trips(model.generate(&Variation::none()).unwrap());
    let mean = (0..40).map(|seed| trips(demand(seed))).sum::<f64>() / 40.0;
    assert!((mean / central - 1.0).abs() < 0.06, "{mean} {central}");
}

#[test]
fn a_draw_hangs_on_the_key_of_a_zone_not_on_its_place() {
    let uncertainty = uncertainty();
    let variation = Variation::drawn(&uncertainty, Draws::new(3));
    let zones = zones();
    let mut reversed = zones.clone();
    reversed.reverse();
    let mut factors = variation.production_factors(&reversed);
    factors.reverse();
    assert_eq!(factors, variation.production_factors(&zones));
    assert_ne!(factors, variation.attraction_factors(&zones));
}

#[test]
fn wrong_inputs_are_named() {
    let error = |change: &dyn Fn(&mut DemandInputs)| {
        let mut inputs = inputs();
        change(&mut inputs);
        FittedDemand::fit(inputs, parameters()).unwrap_err().to_string()
    };
    let zone_way = error(&|inputs| *inputs.car_time_s.at_mut(3, 5) = f64::INFINITY);
    assert!(zone_way.contains("from 'zone:3' to 'zone:5'"), "{zone_way}");
    let gate_way = error(&|inputs| *inputs.car_time_s.at_mut(3, ZONES + 1) = f64::INFINITY);
    assert!(gate_way.contains("to 'gate:1'"), "{gate_way}");
    let jobs = error(&|inputs| inputs.zones[2].jobs = -1.0);
    assert!(jobs.contains("'zone:2' has jobs -1"), "{jobs}");
    let through = error(&|inputs| (inputs.gates[1].daily_vehicles, inputs.gates[1].through_share) = (1e6, 1.0));
    assert!(through.contains("'gate:1'") && through.contains("through_share"), "{through}");
    assert!(error(&|inputs| inputs.survey.duration_shares[0] = 0.9).contains("sum to"));
    assert!(error(&|inputs| inputs.survey.mode_shares[0].0 = "horse".into()).contains("'horse'"));
    assert!(error(&|inputs| inputs.residents_by_age.clear()).contains("how old"));
    assert!(error(&|inputs| inputs.zones.iter_mut().for_each(|zone| zone.services = 0.0)).contains("services"));
}

#[test]
fn wrong_parameters_are_all_named() {
    let mut wrong = parameters();
    wrong.modes.walk_speed_kmph = 0.0;
    wrong.gates.resident_share = 1.5;
    wrong.goods.periods[0].1 = 0.5;
    wrong.purposes[0].rates.push(AgeRate { from_age: 60, to_age: 70, tours_per_day: 0.1 });
    let text = FittedDemand::fit(inputs(), wrong).unwrap_err().to_string();
    for part in ["modes.walk_speed_kmph is 0", "gates.resident_share is 1.5", "goods.periods sum to 1.4", "60 to 70"] {
        assert!(text.contains(part), "{text}");
    }
    let mut other_day = parameters();
    other_day.gates.through[1].0 = "rush".into();
    let error = FittedDemand::fit(inputs(), other_day).unwrap_err();
    assert_eq!(error, DemandError::Period { name: "rush".into() });

    let mut wrong = uncertainty();
    wrong.gate_count = Distribution::Normal { mean: 1.0, deviation: 0.5 };
    wrong.goods_level = Distribution::Fixed(2.0);
    assert_eq!(wrong.validate().unwrap_err().len(), 2);
}

#[test]
fn a_deterrence_at_its_bound_is_fitted_too() {
    // Few by car and many by bus: the durations ask for the steepest deterrence there is.
    let mut inputs = inputs();
    let shares = [0.3, 0.04, 0.04, 0.04, 0.54, 0.04];
    for (surveyed, share) in inputs.survey.mode_shares.iter_mut().zip(shares) {
        surveyed.1 = share;
    }
    let report = FittedDemand::fit(inputs, parameters()).expect("a fit").fit;
    for (modelled, share) in report.modes_modelled.iter().zip(shares) {
        assert!((modelled - share).abs() < 1e-9);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn mode_shares_are_reproduced_whatever_they_are(
        shares in prop::collection::vec(0.02..0.3_f64, CHOSEN_MODES),
        car in 0.3..0.8_f64,
        other in 0.0..0.1_f64,
    ) {
        let mut inputs = inputs();
        let rest = (1.0 - other - car) / shares[1..].iter().sum::<f64>();
        let shares: Vec<f64> = std::iter::once(car).chain(shares[1..].iter().map(|share| share * rest)).collect();
        for (surveyed, share) in inputs.survey.mode_shares.iter_mut().zip(&shares) {
            surveyed.1 = *share;
        }
        let report = FittedDemand::fit(inputs, parameters()).unwrap().fit;
        for (modelled, share) in report.modes_modelled.iter().zip(&shares) {
            prop_assert!((modelled - share).abs() < 1e-9);
        }
    }
}
