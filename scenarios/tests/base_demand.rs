//! The demand of the built-in city, with the parameter files as they are: what it reproduces, and what it must not lose.

use engine::demand::{Demand, Mode, TripPurpose, Variation};
use engine::draws::Draws;
use scenarios::run::{Base, Settings};

/// The built-in city, as every run of it begins.
fn base() -> Base {
    Base::new(data::alessandria::built_in(), Settings::built_in()).expect("a city that can be simulated")
}

fn trips(demand: &Demand, purpose: TripPurpose) -> f64 {
    demand.daily_person_trips()[purpose as usize].iter().sum()
}

#[test]
fn the_base_reproduces_the_census_and_keeps_every_count() {
    let base = base();
    let (tables, model) = (&base.tables, base.demand());
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
    let base = base();
    let (model, parameters) = (base.demand(), &base.settings.parameters);
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
