//! What edits of the fleet say, and which they refuse.

use engine::environment::fleet::FleetKind;

use super::{applied, refused, unreadable};

const ZONE: &str = "[[low_emission_zone]]\nquarter = \"Centro\"\nhours = { from = \"8:00\", to = \"18:00\" }\n\
                    banned = [{ kind = \"car\", fuel = \"diesel\", below_euro = 5 }]\nreplaced_share = 0.9\n";

#[test]
fn a_fleet_is_that_of_a_year_with_shares_driven_electrically() {
    let applied = applied(&[
        "[fleet]\nyear = 2030\nelectric_share = { car = 0.2, van = 0.1 }\n",
        "[fleet]\nelectric_share = { car = 0.5 }\n",
    ]);
    assert_eq!(applied.fleet.year, Some(2030));
    let shares: Vec<_> = applied.fleet.electric_shares.iter().map(|(&kind, &share)| (kind, share)).collect();
    assert_eq!(shares, [(FleetKind::Car, 0.5), (FleetKind::Van, 0.1)], "a child's share replaces its parent's");
    assert_eq!(applied.described[0].en, "The fleet of 2030");
    assert_eq!(applied.described[1].en, "Distance driven electrically by cars: 20 %");
}

#[test]
fn a_low_emission_zone_holds_on_its_links_in_its_hours() {
    let applied = applied(&[ZONE]);
    let zone = &applied.fleet.zones[0];
    assert!(!zone.links.is_empty() && zone.links.is_sorted());
    assert_eq!((zone.replaced_share, zone.banned[0].below_generation), (0.9, 5));
    assert!(applied.limited_zones.is_empty() && applied.edited_links.is_empty(), "nobody drives otherwise");
    assert!(applied.described[0].en.contains("closed to cars on diesel below Euro 5"), "{}", applied.described[0].en);
}

#[test]
fn what_a_fleet_cannot_be_is_told_with_its_place() {
    for (edits, says) in [
        ("[fleet]\nelectric_share = { car = 1.5 }\n", "electric_share is 1.5; it must be from 0 to 1".to_owned()),
        ("[fleet]\nyear = 1999\n", "year is 1999; it must be from 2000 to 2100".to_owned()),
        ("[fleet]\nhorse_share = 1\n", "unknown field `horse_share`".to_owned()),
        (&ZONE.replace("\"car\"", "\"tram\""), "'tram' is no kind of vehicle; write one of car".to_owned()),
        (&ZONE.replace("\"diesel\"", "\"steam\""), "'steam' is no fuel; write one of petrol".to_owned()),
        (&ZONE.replace("below_euro = 5", "below_euro = 0"), "below_euro is 0; it must be from 1 to 7".to_owned()),
        (&ZONE.replace("0.9", "-0.9"), "replaced_share is -0.9".to_owned()),
        (&ZONE.replace("quarter = \"Centro\"\n", ""), "give exactly one of quarter and polygon".to_owned()),
    ] {
        let told = unreadable(edits);
        assert!(told.contains(&says), "{told}");
    }
}

#[test]
fn two_low_emission_zones_may_not_overlap() {
    let told = refused([ZONE, ZONE]);
    assert!(told.contains("is in another low-emission zone already"), "{told}");
}
