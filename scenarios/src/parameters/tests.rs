use engine::vehicles::VehicleClass;

use super::*;

mod values;

#[test]
fn the_built_in_files_are_valid() {
    let parameters = Parameters::built_in();
    assert_eq!(parameters.vehicles[VehicleClass::HeavyVehicle].passenger_car_units, 2.0);
    assert_eq!(parameters.demand.modes.walk_speed_kmph, 4.6);
    assert!(parameters.demand.purposes[engine::demand::TripPurpose::School as usize].modes_available[2]);
    assert!(!parameters.demand.purposes[engine::demand::TripPurpose::School as usize].modes_available[0]);
}

fn error_of(file: ParameterFile) -> String {
    let error = match file.name {
        "appraisal.toml" => read_appraisal(file, Parameters::built_in().safety.severity.costs).err(),
        "demand.toml" => read_demand(file).err(),
        "emissions.toml" => read_emissions(file, HOT, COLD).err(),
        "fleet.toml" => read_fleet(file).err(),
        "noise.toml" => read_noise(file).err(),
        "prices.toml" => read_prices(file).err(),
        "safety.toml" => read_safety(file).err(),
        "sun.toml" => read_sun(file).err(),
        "uncertainty.toml" => read_uncertainty(file).err(),
        _ => read_vehicles(file).err(),
    };
    error.expect("the file is wrong").to_string()
}

/// Replaces the first occurrence of `from` and returns the error of reading the file then, with the line of the change.
fn broken(file: ParameterFile, from: &str, to: &str) -> (usize, String) {
    let start = file.text.find(from).unwrap_or_else(|| panic!("{} does not hold {from}", file.name));
    let line = 1 + file.text[..start].matches('\n').count();
    let text = file.text.replacen(from, to, 1);
    let file = ParameterFile { text: &text, ..file };
    (line, error_of(file))
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
        (
            APPRAISAL,
            "value = 0.03",
            "value = 0.3",
            "discount_rate: the discount rate is 0.3; give a share a year between 0 and 0.2",
        ),
        (APPRAISAL, "value = 0.03", "value = -0.01", "discount_rate: the discount rate is -0.01"),
        (
            APPRAISAL,
            "value = 2016, unit = \"year\"",
            "value = 2014, unit = \"year\"",
            "price_year: the price index has no year 2014",
        ),
        (APPRAISAL, "{ from_db = 55", "{ from_db = 45", "bands: the rows run 50 to 45"),
        (APPRAISAL, "index = 99.9", "index = 0", "index: the value is 0; it must be a number above 0"),
        (APPRAISAL, "median = 19.3", "median = -19.3", "NOx: the median of a lognormal is -19.3"),
        (APPRAISAL, "price = 250", "price = -250", "path: the value is -250; it must be a number not below 0"),
        (APPRAISAL, "low = 0, high = 0.01", "low = 0, high = 1", "growth: the value may come to 0.999"),
        (
            PRICES,
            "median = 5, log_deviation = 0.25",
            "median = -5, log_deviation = 0.25",
            "unit_price: the median of a lognormal is -5",
        ),
        (
            PRICES,
            "{ kind = \"log_normal\", median = 5, log_deviation = 0.25 }",
            "{ kind = \"fixed\", value = -5 }",
            "unit_price: the value may come to -5; it must be a number not below 0",
        ),
        (
            PRICES,
            "vat_rate = 0.22\nsource",
            "vat_rate = 22\nsource",
            "vat_rate: the value is 22; it must be between 0 and 1",
        ),
        (
            PRICES,
            "vat_rate = 0.22\nsource = \"assumption\"",
            "vat_rate = 0.22\nsource = \" \"",
            "source: the text is empty",
        ),
        (
            PRICES,
            "source = \"assumption\"\nyear = 2024",
            "source = \"assumption\"\nyear = 0",
            "year: the value is 0; it must be between 1900",
        ),
        (PRICES, "life = 15", "life = 0", "asphalt: the value is 0; it must be a number above 0"),
        (PRICES, "high = 0.1 }", "high = 2.1 }", "contingency_share: the value may come to 2.0"),
        (SAFETY, "major = 1.11", "major = -1.11", "multi_vehicle: the value is -1.11; it must be a number above 0"),
        (SAFETY, "fatal_and_injury_share = 0.31", "fatal_and_injury_share = 1.31", "single_vehicle: the value is 1.31"),
        (SAFETY, "fatal_and_injury_share = 0.31, ", "", "give either fatal_and_injury or fatal_and_injury_share"),
        (
            SAFETY,
            "property_damage_only = 0.576",
            "property_damage_only = 0.676",
            "night: the shares sum to 1.1; they must sum to 1",
        ),
        (
            SAFETY,
            "{ kind = \"log_normal\", median = 1.2784, log_deviation = 0.05 }",
            "{ kind = \"fixed\", value = 1.2784 }",
            "injured_per_crash: give a log_normal",
        ),
        (SAFETY, "value = 1812989", "value = -1", "death: the value is -1; it must be a number not below 0"),
        (SAFETY, "injured = 155.0", "injured = -155.0", "by_mode: the value is -155"),
        (SAFETY, "offset_m = 1.524", "offset_m = 0.5", "fixed_objects: the rows run 0.6096 to 0.5"),
        (SUN, "value = 300", "value = 7", "step: the value is 7; it must be 10 to 3600, a divisor of a day"),
        (SUN, "{ month = 4, day = 10 }", "{ month = 2, day = 30 }", "in_leaf_from: day 30 of month 2 is none"),
        (
            SUN,
            "day = 21, days = 31 }, { month = 2",
            "day = 21, days = 90 }, { month = 2",
            "year: the days stand for 424 days",
        ),
        (SUN, "value = 0.03,", "value = 1.03,", "deciduous_in_leaf: the value is 1.03"),
    ] {
        let (line, message) = broken(file, from, to);
        // The line that is changed, where the text before it is there to find it.
        let line = line + from.lines().zip(to.lines()).position(|(from, to)| from != to).unwrap_or(0);
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

#[test]
fn a_price_without_source_or_year_is_refused_where_it_stands() {
    let header = 1 + PRICES.text.lines().position(|line| line == "[items.milling_4cm]").unwrap();
    for (from, field) in [("source = \"assumption\"\nyear", "source"), ("year = 2024\nreason = \"a machine", "year")] {
        let (_, rest) = from.split_once('\n').unwrap();
        let (_, message) = broken(PRICES, from, rest);
        assert_eq!(message, format!("prices.toml, line {header}: missing field `{field}`"));
    }
}

#[test]
fn what_contradicts_itself_over_several_entries_is_told_of_the_file() {
    let (_, message) = broken(SUN, "top = 13, base = 3.25", "top = 13, base = 14");
    assert!(message.starts_with("sun.toml: crowns[1]: a crown of radius 3.5 m from 14 m to 13 m"), "{message}");
    let (_, message) = broken(SAFETY, "mode = \"walk\"", "mode = \"car\"");
    assert_eq!(message, "safety.toml: mode 'car' is given twice; keep one");
    let (_, message) = broken(SAFETY, "pedestrian_share = ", "pedestrian = ");
    assert!(message.contains("pedestrian: "), "{message}");
}
