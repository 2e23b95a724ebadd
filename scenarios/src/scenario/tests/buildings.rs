//! What is built, pulled down, planted, paved and paid for, and what is refused.

use geo::{Area, Contains, Point};

use super::{applied, refused, unreadable};
use crate::test_city::small_city;

const HOUSE: &str = "[[building]]\nname = \"torre\"\n\
                     footprint = { points = [[469900, 4972900], [469930, 4972900], [469930, 4972920], [469900, 4972920]], coordinates = \"metres\" }\n\
                     floors = 5\nuse = \"residential\"\nresidents = 60\njobs = 4\n";

const WORKS: &str = "[[works]]\nname = { it = \"Asfalto\", en = \"Asphalt\" }\n\
                     items = [{ code = \"milling_4cm\", quantity = 1200, unit = \"m2\" }]\n\
                     years = [{ year = 2027, share = 0.4 }, { year = 2028, share = 0.6 }]\nlife_years = 15\nmaintenance_eur_pa = 1000\n";

#[test]
fn a_new_building_stands_in_the_city_with_its_people() {
    let applied = applied(&[HOUSE]);
    let building = &applied.tables.buildings.last().expect("it is built").facts;
    assert!((building.footprint.unsigned_area() - 600.0).abs() < 1e-6);
    assert_eq!((building.height_m, building.floors, building.residents), (Some(16.0), Some(5), 60.0));
    assert_eq!(building.floor_area_m2, Some(3000.0));
    let people = |tables: &engine::city::CityTables| -> (f64, f64) {
        let sum = |of: fn(&engine::city::Zone) -> f64| tables.zones.iter().map(|row| of(&row.facts)).sum();
        (sum(|zone| zone.residents), sum(|zone| zone.jobs))
    };
    let (before, after) = (people(&small_city()), people(&applied.tables));
    assert!((after.0 - before.0 - 60.0).abs() < 1e-6 && (after.1 - before.1 - 4.0).abs() < 1e-6);
}

#[test]
fn a_building_may_not_stand_in_another() {
    let again = HOUSE.replace("torre", "altra");
    let told = refused([HOUSE, &again]);
    assert!(told.contains("it shares 600 m2 of ground with building 'scenario:building/torre'"), "{told}");
    let gone = format!("{}[[demolish]]\nbuildings = [\"scenario:building/torre\"]\n", HOUSE.replace("torre", "altra"));
    let applied = applied(&[HOUSE, &gone]);
    let keys: Vec<&str> = applied.tables.buildings.iter().map(|row| row.key.as_str()).collect();
    assert!(keys.contains(&"scenario:building/altra") && !keys.contains(&"scenario:building/torre"));
}

#[test]
fn trees_stand_where_they_are_planted_and_not_in_houses() {
    let trees = "[[trees]]\npoints = [[469950, 4972900], [469960, 4972900]]\ncoordinates = \"metres\"\nheight_m = 8\n";
    let applied = applied(&[trees]);
    assert_eq!(applied.tables.trees.len(), small_city().trees.len() + 2);
    let inside = HOUSE.to_owned() + &trees.replace("469950, 4972900", "469910, 4972910");
    assert!(refused([&inside, ""]).contains("lies in a building; move the tree"));
    let house = super::applied(&[HOUSE]);
    let building = &house.tables.buildings.last().expect("it is built").facts.footprint;
    assert!(building.contains(&Point::new(469_910.0, 4_972_910.0)));
}

#[test]
fn works_and_surfaces_are_kept_as_they_are_written() {
    let applied = applied(&[
        &(WORKS.to_owned() + "[[paving]]\non = { street = [\"Ponte Vecchio\"] }\nsurface = \"thin_layer_b\"\n")
    ]);
    let works = &applied.works[0];
    assert_eq!((works.items[0].code.as_str(), works.items[0].quantity), ("milling_4cm", 1200.0));
    assert_eq!((works.years.as_slice(), works.yearly_eur), (&[(2027, 0.4), (2028, 0.6)][..], [1000.0, 0.0, 0.0]));
    assert!(!applied.surfaces.is_empty() && applied.edited_links.is_empty(), "nobody drives otherwise");
}

#[test]
fn what_cannot_be_is_told_with_its_place() {
    for (edits, says) in [
        (HOUSE.replace("floors = 5", "floors = 0"), "floors is 0; it must be from 1 to 60"),
        (HOUSE.replace("residential", "castle"), "unknown variant `castle`"),
        (WORKS.replace("quantity = 1200", "quantity = -1"), "quantity is -1; it must be from 0"),
        (WORKS.replace("share = 0.6", "share = 0.5"), "the shares sum to 0.9; they must sum to 1"),
        (WORKS.replace("items = [", "items = [] #"), "items is an empty list"),
        ("[[demolish]]\n".to_owned(), "give exactly one of buildings and polygon"),
    ] {
        let told = unreadable(&edits);
        assert!(told.contains(says), "{told}");
    }
}
