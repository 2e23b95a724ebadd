//! Layers become rows; what is wrong with one names its line or feature.

use std::io::Write;

use engine::city::About;
use engine::time::DayPlan;

use super::*;
#[cfg(feature = "gdal")]
use crate::shared_data::shared_data;

fn layer(target: Target, columns: &[(&str, &str)]) -> Layer {
    Layer {
        target,
        columns: columns.iter().map(|(field, column)| ((*field).to_owned(), (*column).to_owned())).collect(),
        epsg: None,
        name: None,
        source: "comune".into(),
        year: Some(2026),
    }
}

fn city() -> CityTables {
    CityTables::new(About {
        name: "Prova".into(),
        epsg: 32632,
        time_zone: "Europe/Rome".into(),
        day_plan: DayPlan::weekday(),
        population: None,
        survey: None,
    })
}

fn file(extension: &str, text: &str) -> tempfile::NamedTempFile {
    let mut file = tempfile::Builder::new().prefix("layer").suffix(extension).tempfile().expect("a file");
    file.write_all(text.as_bytes()).expect("written");
    file
}

/// The city with the layer in it; or what is told, without the path.
fn imported(extension: &str, text: &str, layer: &Layer) -> Result<CityTables, String> {
    let file = file(extension, text);
    let told = |error: LayerError| error.to_string().replace(&file.path().display().to_string(), "FILE");
    let mut city = city();
    let utm = Crs::metric(32632).expect("known");
    let features = read(file.path(), layer, &utm).map_err(told)?;
    add(&mut city, file.path(), layer, &features).map_err(told)?;
    Ok(city)
}

#[test]
fn csv_with_degrees_and_with_metres_land_on_the_same_place() {
    let columns = [("street", "DUF"), ("number", "Civico"), ("suffix", "Esp")];
    let degrees = "DUF,Civico,Esp,lon,lat\nDazio,90,H,8.6473254,44.9586803\n";
    let metres = "DUF;Civico;Esp;e;n\nDazio;90;H;472183,88;4978420,82\n";
    let first = imported(".csv", degrees, &layer(Target::Addresses, &columns)).expect("addresses");
    let mut told = layer(Target::Addresses, &[&columns[..], &[("x", "e"), ("y", "n")]].concat());
    told.epsg = Some(32632);
    let second = imported(".csv", metres, &told).expect("addresses");
    let (a, b) = (&first.addresses[0].facts, &second.addresses[0].facts);
    assert_eq!((&*a.street, &*a.number), ("Dazio", "90H"));
    assert!(libm::hypot(a.position.x - b.position.x, a.position.y - b.position.y) < 0.02);
    assert_eq!(first.addresses[0].key.as_str(), "comune:addresses/2");
}

#[test]
fn what_is_wrong_with_a_csv_file_names_its_line() {
    let trees = layer(Target::Trees, &[]);
    let told = |text: &str, layer: &Layer| imported(".csv", text, layer).expect_err("wrong");
    assert_eq!(told("species,lon,lat\nTilia,8.6,x\n", &trees), "FILE, line 2: lat 'x' is not a number");
    assert!(told("species,lon,lat\nTilia,469639,4973453\n", &trees).starts_with("FILE, line 2: position 469639"));
    assert_eq!(told("species,e,n\n", &trees), "FILE: there is no column 'lon'; it has species, e, n");
    let in_metres = layer(Target::Trees, &[("x", "e"), ("y", "n")]);
    assert!(told("species,e,n\nTilia,469639,4973453\n", &in_metres).contains("say it with --epsg"));
    assert!(told("species,lon,lat\nTilia,8.6\n", &trees).starts_with("FILE, line 2: "));
    let streets = layer(Target::Addresses, &[("street", "via")]);
    assert_eq!(told("nome,lon,lat\n", &streets), "FILE: there is no column 'via'; it has nome, lon, lat");
}

fn square(corners: &str, more: &str) -> String {
    format!(
        r#"{{"type":"FeatureCollection",{more}"features":[{{"type":"Feature","properties":{{"piani":3}},
        "geometry":{{"type":"Polygon","coordinates":[[{corners}]]}}}}]}}"#
    )
}

#[test]
fn a_geojson_polygon_becomes_a_building() {
    let text = square("[8.6,44.9],[8.6001,44.9],[8.6001,44.9001],[8.6,44.9001],[8.6,44.9]", "");
    let city = imported(".geojson", &text, &layer(Target::Buildings, &[("floors", "piani")])).expect("a building");
    assert_eq!(city.buildings[0].facts.floors, Some(3));
}

#[test]
fn a_polygon_that_crosses_itself_is_refused_by_name() {
    let text = square("[8.6,44.9],[8.6001,44.9001],[8.6001,44.9],[8.6,44.9001],[8.6,44.9]", "");
    let told = imported(".geojson", &text, &layer(Target::Buildings, &[])).expect_err("crosses");
    assert!(told.starts_with("FILE, feature 1: its outline crosses itself near "), "{told}");
}

#[test]
fn a_geojson_file_in_another_or_an_unknown_system_is_read_or_refused() {
    let trees = layer(Target::Buildings, &[]);
    let metres = "[469000,4973000],[469009,4973000],[469009,4973009],[469000,4973000]";
    let crs = |name: &str| format!(r#""crs":{{"type":"name","properties":{{"name":"{name}"}}}},"#);
    let utm = imported(".geojson", &square(metres, &crs("urn:ogc:def:crs:EPSG::32632")), &trees).expect("metres");
    assert_eq!(utm.buildings[0].facts.footprint.0[0].exterior().0[0], Coord { x: 469_000.0, y: 4_973_000.0 });
    let told = |text: &str| imported(".geojson", text, &trees).expect_err("wrong");
    assert!(told(&square(metres, "")).starts_with("FILE, feature 1: position 469000"));
    assert!(told(&square(metres, &crs("EPSG:2056"))).contains("EPSG:2056 is not among the reference systems"));
    assert!(told(&square(metres, &crs("local"))).contains("its crs 'local' is not an EPSG code"));
    assert!(told("{\n\"type\": ").contains("line 2"));
    assert!(told(r#"{"type":"Moon"}"#).starts_with("FILE: not GeoJSON"));
}

#[test]
fn a_feature_far_outside_the_city_is_refused() {
    let mut tables =
        imported(".csv", "street,lon,lat\nVia Po,8.6,44.9\n", &layer(Target::Addresses, &[])).expect("a city");
    let trees = layer(Target::Trees, &[]);
    let file = file(".csv", "species,lon,lat\nTilia,8.61,44.91\nTilia,9.6,44.9\n");
    let utm = Crs::metric(32632).expect("known");
    let features = read(file.path(), &trees, &utm).expect("features");
    let told = add(&mut tables, file.path(), &trees, &features).expect_err("outside").to_string();
    assert!(
        told.ends_with(
            "line 3: it lies 79 km outside the city; check its reference system and the order of its coordinates"
        ),
        "{told}"
    );
    assert!(tables.trees.is_empty(), "nothing half-added");
}

#[test]
fn keys_come_from_a_column_and_must_be_unique() {
    let trees = layer(Target::Trees, &[("key", "id")]);
    let city = imported(".csv", "id,lon,lat\n31 16,8.6,44.9\n", &trees).expect("a tree");
    assert_eq!(city.trees[0].key.as_str(), "comune:31_16");
    let told = imported(".csv", "id,lon,lat\n7,8.6,44.9\n7,8.6,44.91\n", &trees).expect_err("twice");
    assert!(told.starts_with("FILE: two features have the key 'comune:7'"), "{told}");
}

#[test]
fn numbers_that_no_building_has_are_refused_by_key() {
    let square = |height: &str| {
        let text = square("[8.6,44.9],[8.6001,44.9],[8.6001,44.9001],[8.6,44.9001],[8.6,44.9]", "");
        text.replace("\"piani\":3", &format!("\"h\":{height}"))
    };
    let buildings = layer(Target::Buildings, &[("height_m", "h")]);
    assert!(imported(".geojson", &square("12.5"), &buildings).is_ok());
    let told = imported(".geojson", &square("1e6"), &buildings).expect_err("too high");
    assert!(told.contains("has height_m 1000000; it must be above 0 and at most 1000"), "{told}");
}

/// The municipality's own file in EPSG:3003 against the E/N that it publishes beside it, all 26,160 rows.
#[cfg(feature = "gdal")]
#[test]
fn gauss_boaga_lands_within_two_metres_of_the_published_positions() {
    let (Some(package), Some(table)) =
        (shared_data("data/alessandria/numeri-civici.gpkg.zip"), shared_data("data/alessandria/addresses.csv"))
    else {
        return;
    };
    let columns = [("street", "DUF"), ("number", "Civico"), ("suffix", "Esponente"), ("quarter", "QuartiereSobborgo")];
    let utm = Crs::metric(32632).expect("known");
    let addresses = layer(Target::Addresses, &columns);
    let from_package = read(&package, &addresses, &utm).expect("addresses");
    let mut published = addresses.clone();
    published.columns.extend([("x", "e32632"), ("y", "n32632")].map(|(field, column)| (field.into(), column.into())));
    published.epsg = Some(32632);
    let from_table = read(&table, &published, &utm).expect("addresses");
    assert_eq!((from_package.len(), from_table.len()), (26_160, 26_160));
    let mut farthest_m = 0.0_f64;
    for (a, b) in from_package.iter().zip(&from_table) {
        assert_eq!(a.properties["CodiceVia"], b.properties["CodiceVia"], "the rows are in the same order");
        let (Geometry::Point(p), Geometry::Point(q)) = (&a.geometry, &b.geometry) else { panic!("points") };
        farthest_m = farthest_m.max(libm::hypot(p.x() - q.x(), p.y() - q.y()));
    }
    assert!(farthest_m < 2.0, "{farthest_m}");
    let mut city = city();
    add(&mut city, &package, &addresses, &from_package).expect("addresses");
    assert_eq!(city.addresses.len(), 26_160);
}

#[cfg(feature = "gdal")]
#[test]
fn what_gdal_cannot_read_is_told() {
    let trees = layer(Target::Trees, &[]);
    let file = file(".gpkg", "not a database");
    let utm = Crs::metric(32632).expect("known");
    let told = read(file.path(), &trees, &utm).expect_err("no format").to_string();
    assert!(told.ends_with("GDAL knows no vector format that this file is of"), "{told}");
    assert!(matches!(read(Path::new("nowhere.shp"), &trees, &utm), Err(LayerError::File { .. })));
}
