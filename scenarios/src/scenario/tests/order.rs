//! The order of the edits of a file does not show, whatever they are.

use proptest::prelude::*;

use super::{apply, chain, small_city};

/// Edits of a few links and junctions that meet, so that many of them are about the same.
fn an_edit() -> impl Strategy<Value = String> {
    let link = proptest::sample::select(vec!["t:l24-25", "t:l25-24", "t:l22-23"]);
    let junction = proptest::sample::select(vec!["t:j24", "t:j22", "t:j23"]);
    let hours = proptest::sample::select(vec![
        "",
        "hours = { from = \"7:00\", to = \"9:00\" }\n",
        "hours = { from = \"17:00\", to = \"20:00\" }\n",
    ]);
    let zone = proptest::sample::select(vec!["t:z23", "t:z11"]);
    (0_u8..12, link, junction, hours, zone, 1_u8..4).prop_map(|(kind, link, junction, hours, zone, number)| {
        let on_link = format!("on = {{ links = [\"{link}\"] }}\n");
        let at_junction = format!("on = {{ junctions = [\"{junction}\"] }}\n");
        match kind {
            0 => format!("[[signal]]\n{at_junction}kind = \"actuated\"\n"),
            1 => format!("[[signal]]\n{at_junction}cycle_s = {}\n", 30 * number + 30),
            2 => "[[signal]]\non = { all = true }\nkind = \"max_pressure\"\n".to_owned(),
            3 => format!("[[green_wave]]\nstreet = \"Corso Colonna {number}\"\nspeed_kmh = 50\ncycle_s = 90\n"),
            4 => format!("[[green_wave]]\nstreet = \"Via Riga {number}\"\nspeed_kmh = 50\ncycle_s = 90\n"),
            5 | 6 => format!("[[bus_lane]]\n{on_link}{hours}"),
            7 => format!("[[cycle_lane]]\n{on_link}kind = \"reserved_lane\"\n"),
            8 => format!("[[set]]\n{on_link}lanes = {number}\n"),
            9 => format!("[[roundabout]]\n{at_junction}diameter_m = {}\n", 25 + number),
            10 => format!(
                "[[line]]\nname = \"{number}\"\ncalls = [{{ junction = \"t:j20\" }}, {{ junction = \"{junction}\" }}, \
                 {{ junction = \"t:j35\" }}]\nheadway_min = 10\nhours = {{ from = \"6:00\", to = \"22:00\" }}\ndwell_s = 20\n"
            ),
            _ => format!(
                "[[event]]\nname = \"{number}\"\nplace = {{ zone = \"{zone}\" }}\nhours = {{ from = \"10:00\", to = \"18:00\" }}\n\
                 visitors = 100\nby_car_share = 1\npersons_per_car = 1\narrival_spread_min = 60\ndeparture_spread_min = 60\n"
            ),
        }
    })
}

/// Whether the reader takes a file with these edits.
fn is_readable(edits: &[String]) -> bool {
    let text = format!("format = 1\nname = \"test\"\ntitle = {{ it = \"x\", en = \"x\" }}\n{}", edits.concat());
    crate::scenario::ScenarioFile::parse("test.toml", &text).is_ok()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn the_order_of_the_edits_of_a_file_does_not_show(
        (edits, shuffled) in proptest::collection::vec(an_edit(), 2..6)
            .prop_flat_map(|edits| (Just(edits.clone()), Just(edits).prop_shuffle())),
    ) {
        prop_assert_eq!(is_readable(&edits), is_readable(&shuffled));
        prop_assume!(is_readable(&edits));
        let city = small_city();
        let applied = |edits: &[String]| {
            let applied = apply(&city, &chain(&[&edits.concat()])).ok()?;
            let felt = (applied.traffic, applied.events, applied.narrowings);
            Some((applied.tables.links, applied.tables.junctions, applied.edited_links, felt))
        };
        prop_assert_eq!(applied(&edits), applied(&shuffled));
    }
}
