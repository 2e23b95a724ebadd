//! The demand of the built-in city, with the parameter files as they are: what it reproduces, and what it must not lose.

use engine::city::CityTables;
use engine::demand::{Demand, DemandInputs, FittedDemand, Matrix, Mode, TripPurpose, Variation};
use engine::draws::Draws;
use engine::network::{ArcKind, CityNetwork, EdgeParking};
use engine::vehicles::VehicleClass;
use scenarios::parameters::Parameters;

/// The built-in city's demand model, fitted on its empty network at eight on a weekday.
fn fitted(tables: &CityTables, parameters: &Parameters) -> FittedDemand {
    let edge = EdgeParking { walking_speed_mps: 1.25, detour: 1.3, beeline_max_m: 1500.0, junctions: 3 };
    let day = tables.about.day_plan.day;
    let network = CityNetwork::extract(tables, day, "8:00".parse().expect("a time"), &edge).expect("a network");
    let of_arcs = |link: &dyn Fn(&engine::city::Link) -> f64, connector: &dyn Fn(f64) -> f64| -> Vec<f64> {
        let value = |kind: &ArcKind| match *kind {
            ArcKind::Link(row) => link(&tables.links[row as usize].facts),
            ArcKind::Connector { time_s } | ArcKind::EdgeWalk { time_s, .. } => connector(time_s),
            ArcKind::Turn { .. } | ArcKind::Inside => 0.0,
        };
        network.kinds.iter().map(value).collect()
    };
    let time_s = of_arcs(&|link| link.free_flow_time_s(), &|time_s| time_s);
    // A connector is driven at walking pace to a street nearby: 5 m/s.
    let length_m = of_arcs(&|link| link.length_m, &|time_s| 5.0 * time_s);
    let open = network.allowed.iter().map(|classes| classes.contains(VehicleClass::OtherCar));
    let costs: Vec<f64> =
        time_s.iter().zip(open).map(|(&time, open)| if open { time } else { f64::INFINITY }).collect();
    let mut skims = engine::assignment::skims(&network.graph, &costs, &[&time_s, &length_m]).into_iter();
    let mut next = || Matrix::from_values(skims.next().expect("two skims"));
    let inputs = DemandInputs::from_tables(tables, next(), next()).expect("ages and a survey");
    FittedDemand::fit(inputs, parameters.demand.clone()).expect("a survey that can be reproduced")
}

fn trips(demand: &Demand, purpose: TripPurpose) -> f64 {
    demand.daily_person_trips()[purpose as usize].iter().sum()
}

#[test]
fn the_base_reproduces_the_census_and_keeps_every_count() {
    let (tables, parameters) = (data::alessandria::built_in(), Parameters::built_in());
    let model = fitted(&tables, &parameters);
    let report = &model.fit;
    for (modelled, observed) in report.modes_modelled.iter().zip(report.modes_observed) {
        assert!((modelled - observed).abs() < 1e-9, "{report:?}");
    }
    // Two parameters for three free shares. The last band, over an hour inside a city, is beyond any model of distance.
    for (modelled, observed) in report.durations_modelled.iter().zip(&report.durations_observed) {
        assert!((modelled - observed).abs() < 0.015, "{report:?}");
    }
    // Drivers and walkers by band, against the same census: 66, 29 and 84, 14 per cent.
    let by_mode = |band: usize, mode: Mode| report.durations_modelled_by_mode[band][mode as usize];
    for (band, mode, census) in
        [(0, Mode::CarDriver, 0.662), (1, Mode::CarDriver, 0.290), (0, Mode::Walk, 0.840), (1, Mode::Walk, 0.136)]
    {
        assert!((by_mode(band, mode) - census).abs() < 0.05, "{mode:?}: {} for {census}", by_mode(band, mode));
    }

    let demand = model.generate(&Variation::none()).unwrap();
    let residents: f64 = tables.zones.iter().map(|zone| zone.facts.residents).sum();
    let all: f64 = TripPurpose::ALL.into_iter().map(|purpose| trips(&demand, purpose)).sum();
    // Isfort: 2.1 trips a resident, journeys out of town included; a third for the family, a third for leisure.
    assert!((1.5..2.1).contains(&(all / residents)), "{} trips a resident", all / residents);
    let family =
        [TripPurpose::Services, TripPurpose::Shopping, TripPurpose::Escort].map(|purpose| trips(&demand, purpose));
    for share in [family.iter().sum::<f64>() / all, trips(&demand, TripPurpose::Leisure) / all] {
        assert!((0.25..0.40).contains(&share), "{share}");
    }
    let vehicles = demand.daily_vehicles(|period| {
        let mut vehicles = period.cars.total();
        vehicles.add_scaled(&period.vans, 1.0);
        vehicles.add_scaled(&period.heavy_vehicles, 1.0);
        vehicles
    });
    let (leaving, entering) = (vehicles.row_sums(), vehicles.column_sums());
    for (gate, place) in tables.gates.iter().zip(tables.zones.len()..) {
        let daily = leaving[place] + entering[place];
        assert!((daily - gate.facts.daily_vehicles).abs() < 1e-6, "{}: {daily}", gate.key);
    }
}

#[test]
fn seeds_spread_the_level_of_demand_as_the_uncertainty_file_says() {
    let (tables, parameters) = (data::alessandria::built_in(), Parameters::built_in());
    let model = fitted(&tables, &parameters);
    let cars = |variation: &Variation| {
        let demand = model.generate(variation).unwrap();
        demand.daily_vehicles(|period| period.cars.total()).total()
    };
    let central = cars(&Variation::none());
    let drawn: Vec<f64> =
        (1..=20).map(|seed| cars(&Variation::drawn(&parameters.uncertainty, Draws::new(seed))) / central).collect();
    let mean = drawn.iter().sum::<f64>() / 20.0;
    let variance = drawn.iter().map(|value| (value - mean) * (value - mean)).sum::<f64>() / 19.0;
    assert!((0.95..1.05).contains(&mean), "{mean}");
    assert!((0.02..0.08).contains(&variance.sqrt()), "{}", variance.sqrt());
}
