use std::collections::BTreeMap;

use super::*;
use crate::shared_data::shared_data;

fn broken(file: FactorFile<'_>, from: &str, to: &str) -> (u64, String) {
    let start = file.text.find(from).unwrap_or_else(|| panic!("{} does not hold {from}", file.name));
    let line = 1 + file.text[..start].matches('\n').count() as u64;
    let text = file.text.replacen(from, to, 1);
    let file = FactorFile { text: &text, ..file };
    let error = match file.name {
        "emission_factors.csv" => read_hot(file).map(|_| ()).unwrap_err(),
        _ => read_cold(file).map(|_| ()).unwrap_err(),
    };
    (line, error.to_string())
}

#[test]
fn the_files_in_the_program_are_read() {
    assert_eq!(read_hot(HOT).unwrap().vehicles().count(), 631);
    assert_eq!(read_cold(COLD).unwrap().len(), 201);
}

#[test]
fn what_is_wrong_is_told_with_its_line() {
    for (file, from, to, says) in [
        (HOT, "\nbus,biodiesel,", "\nbuss,biodiesel,", "'buss' is no kind of vehicle"),
        (HOT, "\nbus,biodiesel,", "\nbus,steam,", "'steam' is no fuel"),
        (HOT, "euro_0,,co,any,11,86,", "euro_0,,co,everywhere,11,86,", "'everywhere' is no situation"),
        (HOT, "euro_0,,co,any,11,86,", "euro_0,,co,any,86,11,", "the speeds must be from 0 to 200 and ascend"),
        (HOT, "euro_0,,co,any,11,86,", "euro_0,,co,any,11,86,x", "invalid float"),
        (HOT, "euro_0,,nh3,any,10,130,0,0,0.0029", "euro_0,,nh3,any,10,130,0,0,-0.0029", "not below 0"),
        (COLD, "euro_0,co,1,", "euro_9,co,1,", "'euro_9' is no standard"),
        (COLD, "euro_0,co,1,", "euro_0,nox,1,", "stands in the file already"),
    ] {
        let (line, message) = broken(file, from, to);
        let line = line + u64::from(from.starts_with('\n')) + u64::from(says.contains("already")) * 3;
        assert!(message.starts_with(&format!("{}, line {line}: ", file.name)), "line {line}: {message}");
        assert!(message.contains(says), "{message}");
    }
}

/// EMEP/EEA guidebook, chapter 1.A.3.b, Tier 3: petrol Euro 6d medium cars 0.03937 g/km of nitrogen oxides at 20 km/h and 0.0246049 at 50,
/// diesel Euro 5 with particle filter 0.536801 at 50.
#[test]
fn published_factors_are_met() {
    let hot = read_hot(HOT).unwrap();
    let nox = |fuel, standard, technology: &str, speed_kmph| {
        let vehicle = VehicleType {
            kind: FleetKind::Car,
            fuel,
            segment: "medium".into(),
            standard,
            technology: technology.into(),
        };
        hot.function(&vehicle, HotQuantity::Nox, Situation::Urban).expect("the type has functions").at(speed_kmph)
    };
    assert!((nox(Fuel::Petrol, EuroStandard::Euro6d, "pfi", 20.0) - 0.03937).abs() < 5e-6);
    assert!((nox(Fuel::Petrol, EuroStandard::Euro6d, "pfi", 50.0) - 0.024_604_9).abs() < 1e-6);
    assert!((nox(Fuel::Diesel, EuroStandard::Euro5, "dpf", 50.0) - 0.536_801).abs() < 1e-6);
}

/// The guidebook's whole table: each of its rows gives its control value at its control speed.
#[test]
fn every_published_row_gives_its_control_value() {
    let Some(path) = shared_data("reference/emep_hot_emission_factors.csv") else { return };
    let mut reader = csv::Reader::from_path(path).unwrap();
    let mut rows = 0;
    for row in reader.deserialize::<BTreeMap<String, String>>() {
        let row = row.unwrap();
        let of = |column: &str| row[column].parse::<f64>().unwrap();
        let function = HotFunction {
            speed_min_kmph: of("MinSpeed_kmh"),
            speed_max_kmph: of("MaxSpeed_kmh"),
            alpha: of("Alpha"),
            beta: of("Beta"),
            gamma: of("Gamma"),
            delta: of("Delta"),
            epsilon: of("Epsilon"),
            zeta: of("Zita"),
            eta: of("Hta"),
            reduction: of("ReductionFactor_perc"),
        };
        let (speed_kmph, published) = (of("15"), of("EF_gkm_or_ECF_MJkm"));
        let told = function.at(speed_kmph);
        assert!((told - published).abs() <= 1e-6 * published.abs().max(1.0), "{told} for {published}: {row:?}");
        rows += 1;
    }
    assert_eq!(rows, 8730);
}

/// The project's own table is the guidebook's: each of its functions gives what the row that it was made of does.
#[test]
fn the_programs_functions_are_the_published_ones() {
    let Some(path) = shared_data("reference/emep_hot_emission_factors.csv") else { return };
    let hot = read_hot(HOT).unwrap();
    let mut published: Vec<(f64, f64)> = Vec::new();
    let mut reader = csv::Reader::from_path(path).unwrap();
    for row in reader.deserialize::<BTreeMap<String, String>>() {
        let row = row.unwrap();
        let of = |column: &str| row[column].parse::<f64>().unwrap();
        published.push((of("15"), of("EF_gkm_or_ECF_MJkm")));
    }
    let mut values: Vec<u64> = published.iter().map(|(_, value)| value.to_bits()).collect();
    values.sort_unstable();
    let is_published = |value: f64| {
        let near = values.partition_point(|&bits| f64::from_bits(bits) < value);
        (near.saturating_sub(1)..(near + 1).min(values.len()))
            .any(|at| (f64::from_bits(values[at]) - value).abs() <= 1e-6 * value.abs().max(1.0))
    };
    for vehicle in hot.vehicles() {
        for quantity in HotQuantity::ALL {
            for situation in Situation::ALL {
                if let Some(function) = hot.function(vehicle, quantity, situation) {
                    let [slow, fast] = [15.0, 20.0].map(|speed_kmph| function.at(speed_kmph));
                    assert!(is_published(slow) || is_published(fast), "{vehicle} {}", quantity.name());
                }
            }
        }
    }
}

/// The guidebook's ratios, worked out by hand from its equations: petrol cars below 1.4 l at 20 km/h and 10 °C.
#[test]
fn published_ratios_of_cold_engines_are_met() {
    let cold = read_cold(COLD).unwrap();
    let ratio = |standard, quantity| {
        let vehicle = VehicleType {
            kind: FleetKind::Car,
            fuel: Fuel::Petrol,
            segment: "small".into(),
            standard,
            technology: "pfi".into(),
        };
        let ratio = cold.ratio(&vehicle, quantity).expect("the table has the ratio");
        (ratio.ratio(20.0, 10.0), ratio.scale)
    };
    // NOx: 0.0461 V + 0.00738 t + 0.755; energy: −0.009 t + 1.47; CO before Euro 1: 3.7 − 0.09 t.
    let (nox, scale) = ratio(EuroStandard::Euro6d, HotQuantity::Nox);
    assert!((nox - 1.7508).abs() < 1e-9 && scale == 0.18, "{nox} {scale}");
    let (energy, scale) = ratio(EuroStandard::Euro4, HotQuantity::Energy);
    assert!((energy - 1.38).abs() < 1e-9 && scale == 1.0, "{energy} {scale}");
    let (co, scale) = ratio(EuroStandard::Euro0, HotQuantity::Co);
    assert!((co - 2.8).abs() < 1e-9 && scale == 1.0, "{co} {scale}");
}
