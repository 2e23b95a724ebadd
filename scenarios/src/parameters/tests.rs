use engine::demand::PeriodShares;
use engine::vehicles::VehicleClass;

use super::*;

#[test]
fn the_built_in_files_are_valid() {
    let parameters = Parameters::built_in();
    assert_eq!(parameters.vehicles[VehicleClass::HeavyVehicle].passenger_car_units, 2.0);
    assert_eq!(parameters.demand.modes.walk_speed_kmph, 4.6);
    assert!(parameters.demand.purposes[engine::demand::TripPurpose::School as usize].modes_available[2]);
    assert!(!parameters.demand.purposes[engine::demand::TripPurpose::School as usize].modes_available[0]);
}

/// What the comment above the gates says follows from their shares.
#[test]
fn gates_have_the_peaks_and_directions_that_their_file_states() {
    let gates = Parameters::built_in().demand.gates;
    let share = |shares: &PeriodShares, name: &str| shares.iter().find(|(period, _)| period == name).unwrap().1;
    for (period, of_day, entering) in [("morning_peak", 0.135, 0.57), ("evening_peak", 0.21, 0.45)] {
        let (out, back) = (share(&gates.outbound, period), share(&gates.inbound, period));
        let enter = (1.0 - gates.resident_share) * out + gates.resident_share * back;
        let leave = (1.0 - gates.resident_share) * back + gates.resident_share * out;
        assert!(((enter + leave) / 2.0 - of_day).abs() < 0.0005, "{period}: {}", (enter + leave) / 2.0);
        assert!((enter / (enter + leave) - entering).abs() < 0.005, "{period}: {}", enter / (enter + leave));
    }
}

/// Replaces the first occurrence of `from` and returns the error of reading the file then, with the line of the change.
fn broken(file: ParameterFile, from: &str, to: &str) -> (usize, String) {
    let start = file.text.find(from).unwrap_or_else(|| panic!("{} does not hold {from}", file.name));
    let line = 1 + file.text[..start].matches('\n').count();
    let text = file.text.replacen(from, to, 1);
    let file = ParameterFile { text: &text, ..file };
    let error = match file.name {
        "demand.toml" => read_demand(file).unwrap_err(),
        "uncertainty.toml" => read_uncertainty(file).unwrap_err(),
        "fleet.toml" => read_fleet(file).map(|_| ()).unwrap_err(),
        "emissions.toml" => read_emissions(file, HOT, COLD).map(|_| ()).unwrap_err(),
        "noise.toml" => read_noise(file).map(|_| ()).unwrap_err(),
        _ => read_vehicles(file).unwrap_err(),
    };
    (line, error.to_string())
}

#[test]
fn what_is_wrong_in_a_file_is_named_with_its_line() {
    for (file, from, to, says) in [
        (DEMAND, "walk_speed =", "walk_sped =", "unknown field `walk_sped`"),
        (DEMAND, "value = 4.6, unit = \"km/h\"", "value = 4.6, unit = \"m/s\"", "this value is in 'km/h'"),
        (DEMAND, "value = 4.6,", "value = -4.6,", "it must be a number above 0"),
        (DEMAND, "value = 4.6,", "value = \"fast\",", "invalid type"),
        (DEMAND, "morning_peak = 0.62", "morning_peak = 0.5", "they must sum to 1"),
        (DEMAND, "ages = [6, 13]", "ages = [4, 13]", "overlap"),
        (DEMAND, "\"car_driver\", \"motorcycle\"]", "\"horse\"]", "'horse' is not a mode"),
        (
            DEMAND,
            "value = 9, unit = \"EUR/h\", source = \"assumption\"",
            "value = 9, unit = \"EUR/h\", source = \"\"",
            "the source is empty",
        ),
        (DEMAND, "format = 1", "format = 2", "format 2 is not understood"),
        (DEMAND, "[goods]", "[goods", "expected"),
        (UNCERTAINTY, "median = 1, log_deviation = 0.08", "median = 0, log_deviation = 0.08", "median of a lognormal"),
        (UNCERTAINTY, "kind = \"normal\"", "kind = \"cauchy\"", "unknown variant `cauchy`"),
        (UNCERTAINTY, "[capacity]\nlevel", "[capacity]\nlevl", "unknown field `levl`"),
        (VEHICLES, "value = 0.4, unit = \"pcu\"", "value = -0.4, unit = \"pcu\"", "not below 0"),
        (VEHICLES, "year = 2010", "year = 20100", ""),
        (
            FLEET,
            "small = 0.25, medium = 0.5",
            "small = 0.2, medium = 0.5",
            "the shares sum to 0.95; they must sum to 1",
        ),
        (FLEET, "euro_0 = 1448", "euro_9 = 1448", "'euro_9' is no standard"),
        (FLEET, "euro_0 = 1448", "euro_0 = -1448", "they must be 0 or more"),
        (FLEET, "kind = \"bus\"", "kind = \"tram\"", "'tram' is no kind of vehicle"),
        (EMISSIONS, "petrol = 69.3", "petrol = -69.3", "not below 0"),
        (EMISSIONS, "unit = \"g/MJ\"", "unit = \"kg/MJ\"", "this value is in 'g/MJ'"),
        (EMISSIONS, "tyre = 0.6,", "tyre = 1.6,", "between 0 and 1"),
        (NOISE, "value = [6, 20]", "value = [6, 26]", "are no hours"),
        (NOISE, "heavy = 0.4 }", "heavy = 0.5 }", "the shares sum to 1.1"),
        (NOISE, "value = 1000, unit = \"m\"", "value = -1000, unit = \"m\"", "a number above 0"),
    ] {
        let (line, message) = broken(file, from, to);
        let line = line + from.find('\n').map_or(0, |_| 1);
        assert!(message.starts_with(&format!("{}, line {line}: ", file.name)), "line {line}: {message}");
        assert!(message.contains(says), "{message}");
    }
}

#[test]
fn a_missing_entry_is_named() {
    let line = DEMAND.text.lines().find(|line| line.starts_with("bus_fare")).unwrap();
    let (_, message) = broken(DEMAND, line, "");
    assert!(message.contains("missing field `bus_fare`"), "{message}");
    let (_, message) = broken(UNCERTAINTY, "median = 1, log_deviation = 0.08", "median = 2, log_deviation = 0.08");
    assert!(message.contains("demand_level is 2; it must be of median 1"), "{message}");
}
