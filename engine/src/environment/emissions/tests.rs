use super::super::fleet::{Carrier, EuroStandard, FLEET_KINDS, Fleet, FleetKind, FleetShare, Fuel, VehicleType};
use super::cold::{ColdRatio, ColdTable, EngineSize, Plane};
use super::hot::{HotFunction, HotQuantity, HotTable};
use super::wear::{SizeShares, Wear};
use super::*;
use crate::draws::Distribution;

fn vehicle(fuel: Fuel, standard: EuroStandard) -> VehicleType {
    VehicleType { kind: FleetKind::Car, fuel, segment: "medium".into(), standard, technology: "".into() }
}

const PETROL: EuroStandard = EuroStandard::Euro4;
const DIESEL: EuroStandard = EuroStandard::Euro5;

const TENTH: Distribution = Distribution::LogNormal { median: 1.0, log_deviation: 0.1 };

/// Functions of two cars, shaped like the guidebook's: falling with speed, rising again.
fn factors() -> EmissionFactors {
    let mut hot = HotTable::default();
    let function = |scale: f64| HotFunction {
        speed_min_kmph: 10.0,
        speed_max_kmph: 130.0,
        alpha: 4e-5 * scale,
        beta: -0.0086 * scale,
        gamma: 0.58 * scale,
        delta: 2.0 * scale,
        epsilon: 0.0,
        zeta: 0.0,
        eta: 1.0,
        reduction: 0.0,
    };
    for (car, scale) in [(vehicle(Fuel::Petrol, PETROL), 1.0), (vehicle(Fuel::Diesel, DIESEL), 3.0)] {
        for (number, quantity) in HotQuantity::ALL.into_iter().enumerate().take(5) {
            hot.insert(car.clone(), quantity, None, function(scale * (1.0 + number as f64))).unwrap();
        }
    }
    let mut cold = ColdTable::default();
    let plane = Plane { speed: 0.05, temperature: -0.1, constant: 4.0 };
    let ratio = ColdRatio { scale: 0.18, slow: plane, fast: plane, warm: None, half_from_c: None };
    assert!(cold.insert((Carrier::Petrol, EngineSize::From1400To2000), 4, HotQuantity::Nox, ratio));
    EmissionFactors {
        hot,
        cold,
        no2: vec![
            No2Share { kind: FleetKind::Car, carrier: Carrier::Petrol, technology: None, by_generation: [0.03; 7] },
            No2Share { kind: FleetKind::Car, carrier: Carrier::Diesel, technology: None, by_generation: [0.33; 7] },
        ],
        nh3: vec![Nh3Factor { kind: FleetKind::Car, carrier: Carrier::Petrol, gpkm_by_generation: [0.03; 7] }],
        wear: [Wear { tyre_gpkm: 0.0107, brake_gpkm: 0.0075, road_gpkm: 0.015 }; FLEET_KINDS.len()],
        sizes: SizeShares { pm10: [0.6, 0.98, 0.5], pm25: [0.42, 0.39, 0.27] },
        carriers: [CarrierFigures { co2_gpmj: 74.0, energy_mjpl: 33.0 }; 4],
        electricity_kwhpkm: [0.2; FLEET_KINDS.len()],
        uncertainty: EmissionUncertainty {
            energy: TENTH,
            nox: TENTH,
            no2_share: TENTH,
            exhaust_particles: TENTH,
            wear: TENTH,
            co: TENTH,
            nmvoc: TENTH,
            nh3: TENTH,
            electricity: TENTH,
        },
    }
}

fn fleet(petrol: f64, diesel: f64, electric: f64) -> Fleet {
    let mut shares: Vec<FleetShare> = FLEET_KINDS
        .into_iter()
        .map(|kind| FleetShare {
            vehicle: VehicleType::electric(kind),
            share: if kind == FleetKind::Car { electric } else { 1.0 },
        })
        .collect();
    shares.push(FleetShare { vehicle: vehicle(Fuel::Petrol, PETROL), share: petrol });
    shares.push(FleetShare { vehicle: vehicle(Fuel::Diesel, DIESEL), share: diesel });
    Fleet::new(shares).unwrap()
}

const COOL: Conditions = Conditions { temperature_c: 10.0 };
const CAR: FleetKind = FleetKind::Car;

#[test]
fn a_table_by_speed_is_within_a_thousandth_of_the_functions() {
    let factors = factors();
    let fleet = fleet(1.0, 0.0, 0.0);
    let table = FleetFactors::new(&fleet, &factors, COOL).unwrap();
    let function = factors.hot.function(&vehicle(Fuel::Petrol, PETROL), HotQuantity::Nox, Situation::Urban).unwrap();
    for tenth in 0..1500_u32 {
        let speed_kmph = f64::from(tenth) / 10.0 + 0.03;
        let (told, exact) = (table.hot(CAR, Situation::Urban, speed_kmph)[Emission::Nox], function.at(speed_kmph));
        assert!((told / exact - 1.0).abs() < 1e-3, "{told} for {exact} at {speed_kmph}");
    }
}

#[test]
fn twice_the_distance_is_twice_the_emission() {
    let table = FleetFactors::new(&fleet(0.5, 0.4, 0.1), &factors(), COOL).unwrap();
    let once = table.emitted(CAR, Situation::Urban, 33.3, (10.0, 2.0));
    let twice = table.emitted(CAR, Situation::Urban, 33.3, (20.0, 4.0));
    for (twice, once) in twice.0.into_iter().zip(once.0) {
        assert_eq!(twice, 2.0 * once);
    }
}

#[test]
fn emission_by_type_of_vehicle_sums_to_that_of_the_links() {
    let (factors, fleet) = (factors(), fleet(0.5, 0.4, 0.1));
    let table = FleetFactors::new(&fleet, &factors, COOL).unwrap();
    let (mut of_links, mut activity) = (Rates::default(), Activity::default());
    for link in 0..200_u32 {
        let speed_kmph = 2.0 + f64::from(link) * 0.71;
        let situation = Situation::ALL[link as usize % 3];
        let distances = (f64::from(link % 7) + 0.3, f64::from(link % 3) * 0.1);
        of_links += table.emitted(CAR, situation, speed_kmph, distances);
        activity.add(CAR, situation, speed_kmph, distances);
    }
    let by_vehicle = activity.by_vehicle(&fleet, &factors, COOL).unwrap();
    let mut sum = Rates::default();
    by_vehicle.iter().for_each(|(_, rates)| sum += *rates);
    for (emission, (by_type, by_link)) in Emission::ALL.into_iter().zip(sum.0.into_iter().zip(of_links.0)) {
        assert!((by_type - by_link).abs() <= 1e-12 * by_link.abs(), "{}: {by_type} and {by_link}", emission.name());
    }
    assert!(by_vehicle.len() == 2 + FLEET_KINDS.len() && of_links[Emission::Nox] > 0.0);
}

#[test]
fn cold_engines_of_petrol_cars_emit_more_and_warm_air_makes_it_less() {
    let (factors, petrol) = (factors(), fleet(1.0, 0.0, 0.0));
    let excess = |temperature_c: f64| {
        let table = FleetFactors::new(&petrol, &factors, Conditions { temperature_c }).unwrap();
        table.cold_excess(CAR, 30.0)
    };
    assert!(excess(0.0)[Emission::Nox] > excess(15.0)[Emission::Nox] && excess(15.0)[Emission::Nox] > 0.0);
    let hot = FleetFactors::new(&petrol, &factors, COOL).unwrap().hot(CAR, Situation::Urban, 30.0);
    let share = 0.18 * (0.05 * 30.0 - 0.1 * 10.0 + 4.0 - 1.0);
    assert!((excess(10.0)[Emission::Nox] - share * hot[Emission::Nox]).abs() < 1e-12);
    assert!((excess(10.0)[Emission::No2] - 0.03 * excess(10.0)[Emission::Nox]).abs() < 1e-12);
    assert_eq!(excess(10.0)[Emission::Co], 0.0, "no ratio is given for it");
}

#[test]
fn battery_vehicles_emit_wear_alone() {
    let table = FleetFactors::new(&fleet(0.0, 0.0, 1.0), &factors(), COOL).unwrap();
    let rates = table.emitted(CAR, Situation::Urban, 30.0, (1.0, 1.0));
    for emission in Emission::ALL {
        let expected = match emission {
            Emission::Electricity => 0.2,
            Emission::Pm10Wear => 0.028_698_3,
            Emission::Pm25Wear => 0.0107 * 0.42 * 1.39 + 0.0075 * 0.39 * 1.67 + 0.015 * 0.27,
            _ => 0.0,
        };
        assert!((rates[emission] - expected).abs() < 1e-7, "{}", emission.name());
    }
}

#[test]
fn carbon_dioxide_follows_energy_and_particles_add_up() {
    let table = FleetFactors::new(&fleet(0.0, 1.0, 0.0), &factors(), COOL).unwrap();
    let rates = table.hot(CAR, Situation::Rural, 70.0);
    assert!((rates[Emission::Co2] - 74.0 * rates[Emission::FuelEnergy]).abs() < 1e-9);
    assert!((rates[Emission::Fuel] * 33.0 - rates[Emission::FuelEnergy]).abs() < 1e-12);
    assert_eq!(rates.pm10_g(), rates[Emission::PmExhaust] + rates[Emission::Pm10Wear]);
    assert!(rates.pm25_g() < rates.pm10_g());
}

#[test]
fn a_type_without_factors_is_named() {
    let unknown = FleetShare { vehicle: vehicle(Fuel::Lpg, EuroStandard::Euro2), share: 0.5 };
    let mut shares: Vec<FleetShare> = fleet(0.5, 0.5, 0.0).shares().to_vec();
    shares.retain(|row| row.vehicle.fuel != Fuel::Diesel);
    shares.push(unknown);
    let fleet = Fleet::new(shares).unwrap();
    let missing = FleetFactors::new(&fleet, &factors(), COOL).unwrap_err();
    assert_eq!(missing.len(), 5);
    assert_eq!(
        missing[0].to_string(),
        "there is no co factor for car lpg medium euro_2; choose another type or add its row"
    );
}

#[test]
fn the_central_case_draws_nothing_and_seeds_draw_about_one() {
    let factors = factors();
    assert_eq!(factors.drawn(0), Rates([1.0; Emission::ALL.len()]));
    let drawn: Vec<f64> = (1..400).map(|seed| factors.drawn(seed)[Emission::Nox]).collect();
    let mean = drawn.iter().sum::<f64>() / drawn.len() as f64;
    assert!((mean - 1.0).abs() < 0.03 && drawn.iter().any(|factor| *factor < 0.9), "{mean}");
    let drawn = factors.drawn(7);
    assert_eq!(drawn[Emission::Co2], drawn[Emission::Fuel], "one number stands behind both");
    assert_ne!(drawn[Emission::Co], drawn[Emission::Nmvoc]);
}

#[test]
fn figures_that_cannot_be_are_all_told() {
    let mut factors = factors();
    assert_eq!(factors.validate(), []);
    factors.wear[0].tyre_gpkm = -1.0;
    factors.sizes.pm25[1] = 0.99;
    factors.carriers[1].energy_mjpl = 0.0;
    factors.no2[0].by_generation[3] = f64::NAN;
    factors.nh3[0].gpkm_by_generation[2] = 100.0;
    factors.electricity_kwhpkm[2] = f64::INFINITY;
    assert_eq!(factors.validate().len(), 6);
}
