//! The report as a whole, on a city of a few streets.

use std::collections::BTreeSet;
use std::path::Path;

use engine::city::{ObservationRole, RoadClass, Structure};
use engine::key::Key;
use engine::provenance::{Origin, Source};
use engine::time::{DayPlan, DayType};
use quick_xml::Reader;
use quick_xml::events::Event;

use super::{ReportError, render};
use crate::comparison::{
    ChangedStreet, ClassTrips, ComparedLink, ComparedRun, Comparison, EditedTraffic, GatePeriod, Indicator, Layer,
    LayerKind, LimitedTraffic, MapPlace, ObservedFlow, OriginTrips, Origins, PeriodFit, SectionEnds, Water,
};
use crate::estimate::{Change, Estimate, Interval};
use crate::words::{Language, Text};

const NONE: Estimate = Estimate { value: 0.0, interval: Some(Interval { low: 0.0, high: 0.0 }) };

fn around(value: f64, half: f64) -> Estimate {
    Estimate { value, interval: Some(Interval { low: value - half, high: value + half }) }
}

fn change(before: f64, difference: Estimate) -> Change {
    Change { before: around(before, 100.0), after: around(before + difference.value, 100.0), difference }
}

fn street(name: &str, links: Vec<usize>, before: f64, difference: Estimate) -> ChangedStreet {
    ChangedStreet {
        name: Some(name.to_owned()),
        class: RoadClass::Primary,
        links,
        at: SectionEnds { from: Some("Via Alta".to_owned()), to: Some("Via Bassa".to_owned()) },
        vehicles: change(before, difference),
        continues_on: Vec::new(),
    }
}

/// Trips by car that begin at a place.
fn origin(origins: Origins, name: &str, position: Option<[f64; 2]>, longer_min: Estimate) -> OriginTrips {
    OriginTrips {
        key: position.map(|_| Key::new("t:zone").expect("a key")),
        origins,
        name: name.to_owned(),
        position,
        classes: vec![ClassTrips {
            class: "car".to_owned(),
            trips_per_day: vec![around(3000.0, 200.0); 2],
            parking_at_edge_per_day: vec![NONE; 2],
            mean_duration_min: vec![Some(around(12.0, 0.5)), Some(around(12.0 + longer_min.value, 0.5))],
            duration_differences_min: vec![Some(NONE), Some(longer_min)],
        }],
    }
}

fn link(key: &str, name: &str, points: [[f64; 2]; 2], flow: f64, difference: Estimate) -> ComparedLink {
    let flows = [flow, flow + difference.value];
    ComparedLink {
        key: Key::new(key).expect("a key"),
        name: Some(name.to_owned()),
        class: RoadClass::Primary,
        structure: Structure::Ground,
        origin: Origin::Real,
        points: points.to_vec(),
        length_m: 1000.0,
        daily_vehicles: flows.iter().map(|&flow| around(flow, 100.0)).collect(),
        daily_differences: vec![NONE, difference],
        hourly_vehicles: flows.iter().map(|flow| [0.01, 0.08, 0.05, 0.07].map(|share| share * flow).to_vec()).collect(),
        hourly_differences: [NONE, difference]
            .iter()
            .map(|change| [0.0, 0.08, 0.05, 0.07].map(|share| change.map(|value| value * share)).to_vec())
            .collect(),
        saturation: flows
            .iter()
            .map(|flow| [0.1, 0.9, 0.5, 0.8].map(|share| share * flow / 10_000.0).to_vec())
            .collect(),
    }
}

fn run(name: &str, title: Text, unserved: Estimate) -> ComparedRun {
    ComparedRun {
        name: name.to_owned(),
        title,
        description: Text::new("Il ponte è chiuso.", "The bridge is closed."),
        edits: if name == "base" { vec![] } else { vec![Text::new("Ponte: chiuso", "Bridge: closed")] },
        horizon: None,
        run_id: "aa11".to_owned(),
        result_hash: "bb22".to_owned(),
        build_id: "cc33".to_owned(),
        unserved_trips: unserved,
        trips_parking_at_edge: NONE,
        edited_links: if name == "base" { vec![] } else { vec![0, 1] },
        edited_traffic: (name != "base").then(|| EditedTraffic {
            street: Some("ponte Vecchio".to_owned()),
            vehicle_km: change(17_000.0, around(-17_000.0, 800.0)),
            busiest: change(17_000.0, around(-17_000.0, 800.0)),
            busiest_at: SectionEnds::default(),
        }),
        limited_traffic: None,
        idle_rules: 0,
        unfelt_edits: 0,
        areas: vec![],
        relative_gap: 3.2e-7,
    }
}

/// The values of as many seeds as there are.
fn with_values_of_seeds(comparison: &mut Comparison) {
    for values in comparison.indicators.iter_mut().flat_map(|indicator| &mut indicator.by_seed) {
        values.resize(comparison.seeds.len(), 0.0);
    }
}

/// A crossing of two streets over a river; the bridge is closed in the scenario.
pub(super) fn small() -> Comparison {
    let [west, middle, east, north, south] =
        [[0.0, 1000.0], [1000.0, 1000.0], [2000.0, 1100.0], [1000.0, 2000.0], [1000.0, 0.0]];
    let indicator = |id: &str, name: Text, unit: &str, decimals, value: f64, difference: Estimate| Indicator {
        id: id.to_owned(),
        name,
        unit: Text::same(unit),
        resolutions: vec![value * 1e-4; 2],
        formula: Text::new("Lunghezza per flusso.", "Length times flow."),
        pums_code: Some("A.3".to_owned()),
        decimals,
        values: vec![around(value, 1.0), around(value, 1.0)],
        differences: vec![NONE, difference],
        by_seed: vec![vec![value; 20]; 2],
    };
    let observed = |name: &str, role, expected: [f64; 2], flows: [f64; 2], difference| ObservedFlow {
        name: name.to_owned(),
        role,
        expected: Interval { low: expected[0], high: expected[1] },
        reason: Text::new("Conteggio della Provincia.", "Counted by the Province."),
        daily_vehicles: flows.iter().map(|&flow| around(flow, 50.0)).collect(),
        daily_differences: vec![NONE, difference],
        hourly_fit: Vec::new(),
        links: vec![0, 1],
    };
    Comparison {
        city: "Piccola".to_owned(),
        epsg: 32632,
        day: DayType::Weekday,
        periods: DayPlan::weekday().periods().to_vec(),
        is_whole_day: true,
        seeds: (1..=20).collect(),
        runs: vec![
            run("base", Text::new("La città com’è", "The city as it is"), NONE),
            run("closed", Text::new("Ponte chiuso", "Bridge closed"), around(1240.0, 100.0)),
        ],
        indicators: vec![
            indicator("delay", Text::new("Tempo perso", "Time lost"), "h", 0, 5210.0, around(620.0, 90.0)),
            indicator("mean_duration", Text::new("Durata media", "Mean duration"), "min", 2, 12.1, around(0.1, 0.4)),
            indicator("mean_speed", Text::new("Velocità media", "Mean speed"), "km/h", 1, 38.4, around(-0.001, 0.0005)),
            indicator("mode_share_walk", Text::new("A piedi", "On foot"), "%", 1, 18.0, NONE),
        ],
        zones: vec![
            origin(
                Origins::Zone { quarter: Some(Key::new("t:q").expect("a key")) },
                "Borgo 1",
                Some([1400.0, 1500.0]),
                around(2.5, 0.4),
            ),
            origin(Origins::Gate, "SP1", None, around(0.2, 0.5)),
        ],
        quarters: vec![
            origin(Origins::Quarter, "Borgo", None, around(2.5, 0.4)),
            origin(Origins::Gates, "", None, around(0.2, 0.5)),
        ],
        links: vec![
            link("t:bridge", "Ponte Vecchio", [west, middle], 9000.0, around(-9000.0, 400.0)),
            link("t:bridge-back", "Ponte Vecchio", [middle, west], 8000.0, around(-8000.0, 400.0)),
            link("t:east", "Via Est", [middle, east], 5000.0, around(1500.0, 300.0)),
            link("t:north", "Via Nord", [middle, north], 1234.5, around(900.0, 1000.0)),
            link("t:south", "Via Sud", [south, middle], 400.0, NONE),
        ],
        changed_streets: vec![
            vec![],
            vec![
                street("Ponte Vecchio", vec![0, 1], 17_000.0, around(-17_000.0, 800.0)),
                ChangedStreet {
                    continues_on: vec!["Via Lunga".to_owned()],
                    ..street("Via Est", vec![2], 5000.0, around(1500.0, 300.0))
                },
                street("Via Sud", vec![4], 400.0, around(12.0, 2.0)),
            ],
        ],
        gate_hours: vec![GatePeriod { period: 1, share_of_day: 0.135, entering_share: 0.57 }],
        observations: vec![
            ObservedFlow {
                hourly_fit: [(0, 1000.0, 0.4), (1, 1250.0, 12.1)]
                    .map(|(period, counted_vph, geh)| PeriodFit {
                        period,
                        counted_vph,
                        modelled_vph: around(900.0, 40.0),
                        geh,
                    })
                    .to_vec(),
                ..observed(
                    "Ponte Vecchio",
                    ObservationRole::HeldOut,
                    [17_500.0; 2],
                    [17_000.0, 0.0],
                    around(-17_000.0, 800.0),
                )
            },
            observed(
                "Viali",
                ObservationRole::Plausibility,
                [2_000.0, 4_000.0],
                [5_000.0, 5_400.0],
                around(400.0, 150.0),
            ),
            observed("Porta SP1", ObservationRole::Input, [3_000.0; 2], [3_010.0, 3_010.0], NONE),
        ],
        layers: vec![Layer { kind: LayerKind::Links, amounts: [1234.5, 10.0, 0.0], sources: vec!["osm".to_owned()] }],
        sources: vec![Source {
            id: "osm".into(),
            title: "OpenStreetMap".to_owned(),
            licence: "ODbL-1.0".to_owned(),
            attribution: "© OpenStreetMap contributors".to_owned(),
            url: Some("https://www.openstreetmap.org/copyright".to_owned()),
            year: Some(2017),
        }],
        waters: vec![Water {
            name: Some("Tanaro".to_owned()),
            is_surface: false,
            points: vec![[500.0, 0.0], [450.0, 900.0], [500.0, 2000.0]],
        }],
        railways: vec![vec![[0.0, 300.0], [2000.0, 500.0]]],
        places: vec![MapPlace { name: "Borgo".to_owned(), position: [1400.0, 1500.0] }],
        moved: None,
        appraisals: Vec::new(),
    }
}

fn html(comparison: &Comparison, language: Language) -> String {
    render(comparison, language).expect("a report")
}

/// Every `<svg>…</svg>` of a page.
fn drawings(page: &str) -> Vec<&str> {
    page.split("<svg").skip(1).map(|rest| rest.split_inclusive("</svg>").next().expect("an end")).collect()
}

/// What a reader reads: one line for each line of the page, cells between bars; drawings and styles are left out.
fn words(page: &str) -> String {
    let body = page.split_once("<body>").map_or(page, |(_, body)| body);
    let mut text = String::new();
    let mut drawing = 0;
    for part in body.split('<') {
        let (tag, words) = part.split_once('>').unwrap_or(("", part));
        let name = tag.split(' ').next().unwrap_or_default();
        match name {
            "svg" => drawing += 1,
            "/svg" => drawing -= 1,
            "/td" | "/th" => text.push_str(" | "),
            "/p" | "/li" | "/tr" | "/h1" | "/h2" | "/h3" | "/caption" | "/summary" | "/label" | "/dd"
            | "/figcaption" | "/a" | "/code" | "ul" => text.push('\n'),
            "small" | "/dt" => text.push(' '),
            _ => {}
        }
        if drawing == 0 {
            text.push_str(words);
        }
    }
    let lines = text.lines().map(|line| line.trim().trim_end_matches('|').trim()).filter(|line| !line.is_empty());
    lines.collect::<Vec<_>>().join("\n") + "\n"
}

/// Compares a text with a file beside this one; with `GEMELLO_BLESS` set, writes the file instead.
fn assert_snapshot(name: &str, text: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/report/snapshots").join(name);
    if std::env::var_os("GEMELLO_BLESS").is_some() {
        std::fs::write(&path, text).expect("written");
    }
    let expected = std::fs::read_to_string(&path).expect("a snapshot; make it with GEMELLO_BLESS=1");
    let differs = text.lines().zip(expected.lines()).find(|(a, b)| a != b);
    assert_eq!(differs, None, "{name}: first line that differs (new, old); GEMELLO_BLESS=1 accepts the new text");
    assert_eq!(text.len(), expected.len());
}

#[test]
fn the_small_report_reads_as_it_did() {
    assert_snapshot("small.it.txt", &words(&html(&small(), Language::It)));
    assert_snapshot("small.en.txt", &words(&html(&small(), Language::En)));
}

#[test]
fn the_small_report_draws_the_difference_as_it_did() {
    let page = html(&small(), Language::En);
    let map = drawings(&page)
        .into_iter()
        .find(|drawing| drawing.contains("Difference – heart of the city"))
        .expect("the large map of the difference");
    assert_snapshot("small.difference.svg", &format!("<svg{map}\n").replace("><", ">\n<"));
}

#[test]
fn the_same_comparison_gives_the_same_bytes() {
    assert_eq!(html(&small(), Language::It), html(&small(), Language::It));
}

#[test]
fn nothing_is_loaded_from_anywhere() {
    let page = html(&small(), Language::En);
    for loads in
        ["<script", "<link", "<iframe", "<img", "<object", " src=", "url(", "@import", "javascript:", " style="]
    {
        assert!(!page.contains(loads), "{loads}");
    }
    let addresses = page.matches("http").count();
    assert_eq!(
        addresses,
        1 + 2 * page.matches("<a href=\"http").count(),
        "http stands in the policy's name and links only"
    );
    assert!(page.contains("content=\"default-src 'none'"));
}

#[test]
fn drawings_are_well_formed_and_every_reference_has_a_target() {
    let page = html(&small(), Language::It);
    let drawings = drawings(&page);
    assert!(drawings.len() > 8);
    for drawing in drawings {
        let source = format!("<svg{drawing}");
        let mut reader = Reader::from_str(&source);
        reader.config_mut().check_end_names = true;
        while reader.read_event().expect("well-formed") != Event::Eof {}
    }
    let tags = page.split('<').filter_map(|rest| rest.split('>').next());
    assert!(tags.into_iter().all(|tag| tag.matches(" class=").count() <= 1), "an attribute stands once in its tag");
    let ids: Vec<&str> = page.split(" id=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    let unique: BTreeSet<&str> = ids.iter().copied().collect();
    assert_eq!(ids.len(), unique.len(), "an id stands once");
    for target in page.split("href=\"#").skip(1).filter_map(|rest| rest.split('"').next()) {
        assert!(unique.contains(target), "#{target}");
    }
}

#[test]
fn names_are_escaped_wherever_they_stand() {
    let mut comparison = small();
    let evil = "<b onload=\"x\">&";
    comparison.city = evil.to_owned();
    comparison.links[0].name = Some(evil.to_owned());
    comparison.places[0].name = evil.to_owned();
    comparison.waters[0].name = Some(evil.to_owned());
    comparison.observations[0].name = evil.to_owned();
    comparison.changed_streets[1][0].name = Some(evil.to_owned());
    comparison.zones[0].name = evil.to_owned();
    comparison.runs[1].title = Text::same(evil);
    comparison.runs[1].edits = vec![Text::same(evil)];
    comparison.sources[0].attribution = evil.to_owned();
    let page = html(&comparison, Language::It);
    assert!(!page.contains("<b ") && !page.contains("onload=\"x\""));
    assert!(page.matches("&lt;b onload=&quot;x&quot;&gt;&amp;").count() > 8);
}

/// The front of a page, before its first scenario.
fn front(page: &str) -> &str {
    &page[page.find("id=\"brief\"").expect("the front")..page.find("id=\"scenario-1\"").expect("the scenario")]
}

#[test]
fn only_what_can_be_told_from_nothing_is_told_as_a_change() {
    let page = html(&small(), Language::En);
    let words = words(front(&page));
    assert!(words.contains("Time lost: +620 hours a day (+12\u{a0}%), between +530 and +710"), "{words}");
    assert!(words.contains("Mean duration: no distinguishable effect (between \u{2212}0.3 and +0.5"), "{words}");
    assert!(words.contains("Ponte Vecchio: down to nothing, from 17,000 vehicles a day"), "{words}");
    assert!(page.contains("Via Est") && !page.contains("Via Sud"), "twelve vehicles a day are nothing");
    let mut surer = small();
    surer.changed_streets[1][2] = street("Via Sud", vec![4], 400.0, around(250.0, 10.0));
    assert!(html(&surer, Language::En).contains("Via Sud"));
}

#[test]
fn what_went_in_is_told_as_input_and_never_judged() {
    let page = html(&small(), Language::En);
    let trust = &page[page.find("id=\"trust\"").expect("trust")..page.find("id=\"layers\"").expect("layers")];
    let (judged, input) = trust.split_once("Counts that went into the model").expect("both");
    assert!(!judged.contains("Porta SP1") && input.contains("Porta SP1"));
    assert!(!input.contains("class=\"judgement") && judged.contains("class=\"judgement"));
    assert!(!front(&page).contains("Porta SP1"));
}

#[test]
fn a_base_that_fails_its_test_says_so_at_the_front() {
    let mut comparison = small();
    let told = |comparison: &Comparison| words(front(&html(comparison, Language::En)));
    let partly = told(&comparison);
    assert!(partly.contains("passed in part only: GEH below 5 in 1 of 2 periods"), "{partly}");
    assert!(partly.contains("0 of the 1 computed flows") && partly.contains("Viali (above)"), "{partly}");
    for fit in &mut comparison.observations[0].hourly_fit {
        fit.geh = 6.0;
    }
    assert!(told(&comparison).contains("The test is not passed"));
    for fit in &mut comparison.observations[0].hourly_fit {
        fit.geh = 4.9;
    }
    comparison.observations[1].daily_vehicles[0] = around(3_000.0, 50.0);
    let passed = told(&comparison);
    assert!(passed.contains("The test is passed") && !passed.contains("not reliable"), "{passed}");
}

#[test]
fn where_a_scenario_acts_is_drawn_over_the_flows() {
    let page = html(&small(), Language::It);
    for drawing in drawings(&page).into_iter().filter(|drawing| drawing.contains("class=\"map\"")) {
        let ring = drawing.find("class=\"edited\"").expect("a mark");
        let strokes = drawing.find("class=\"strokes\"").or_else(|| drawing.find("#flows-")).unwrap_or(0);
        assert!(strokes < ring, "{drawing}");
    }
}

#[test]
fn a_limited_zone_tells_whom_it_concerns() {
    let mut comparison = small();
    comparison.runs[1].trips_parking_at_edge = around(5_000.0, 300.0);
    comparison.runs[1].limited_traffic = Some(LimitedTraffic {
        exempt_shares: vec![0.1],
        trips_per_day: 20_000.0,
        parking_at_edge_per_day: vec![("car".to_owned(), around(5_000.0, 300.0))],
    });
    let told = words(&html(&comparison, Language::En));
    for words in
        ["25 % of the 20,000 vehicle trips", "Enter as before: vans, heavy vehicles, motorcycles", "10 % of the others"]
    {
        assert!(told.contains(words), "{words}: {told}");
    }
    assert!(!words(&html(&small(), Language::En)).contains("Whom it concerns"));
}

#[test]
fn trips_without_a_way_stand_at_the_front() {
    let page = html(&small(), Language::It);
    let brief = &page[..page.find("id=\"scenario-1\"").expect("the scenario")];
    assert!(brief.contains("1.240") && brief.contains("non serviti") && brief.contains("tra 1.140 e 1.340"));
    let served = Comparison { runs: vec![small().runs[0].clone(), run("x", Text::same("X"), NONE)], ..small() };
    assert!(!html(&served, Language::It).contains("non serviti"));
}

#[test]
fn one_seed_says_that_it_has_no_intervals() {
    let mut comparison = small();
    comparison.seeds = vec![1];
    with_values_of_seeds(&mut comparison);
    let single = |estimate: &mut Estimate| estimate.interval = None;
    comparison.indicators.iter_mut().flat_map(|i| i.values.iter_mut().chain(&mut i.differences)).for_each(single);
    comparison
        .links
        .iter_mut()
        .flat_map(|l| l.daily_vehicles.iter_mut().chain(&mut l.daily_differences))
        .for_each(single);
    comparison
        .observations
        .iter_mut()
        .flat_map(|o| o.daily_vehicles.iter_mut().chain(&mut o.daily_differences))
        .for_each(single);
    comparison.runs.iter_mut().for_each(|run| single(&mut run.unserved_trips));
    comparison.changed_streets[1].iter_mut().for_each(|street| single(&mut street.vehicles.difference));
    let traffic = comparison.runs[1].edited_traffic.as_mut().expect("links are edited");
    single(&mut traffic.busiest.difference);
    let page = html(&comparison, Language::En);
    assert!(page.contains("computed once only") && page.contains("one computation, no interval"));
    let numbers = |rest: &str| rest.starts_with(|c: char| c.is_ascii_digit() || ['+', '\u{2212}'].contains(&c));
    let mut ranges = front(&page).split("between ").skip(1).filter(|rest| numbers(rest));
    assert_eq!(ranges.next(), None, "without seeds there is nothing between which a number lies");
}

#[test]
fn runs_of_one_period_say_so_and_call_nothing_daily() {
    let mut comparison = small();
    comparison.is_whole_day = false;
    comparison.periods.truncate(1);
    comparison.observations.clear();
    comparison.gate_hours.clear();
    for link in &mut comparison.links {
        link.hourly_vehicles.iter_mut().for_each(|of_run| of_run.truncate(1));
        link.hourly_differences.iter_mut().for_each(|of_run| of_run.truncate(1));
        link.saturation.iter_mut().for_each(|of_run| of_run.truncate(1));
    }
    let english = words(&html(&comparison, Language::En));
    assert!(english.contains("Only one part of the day was computed, night"), "{english}");
    assert!(english.contains("vehicles in the period") && !english.contains("a day "), "{english}");
    let italian = words(&html(&comparison, Language::It));
    assert!(italian.contains("veicoli nella fascia") && !italian.contains("al giorno"), "{italian}");
    assert!(!words(&html(&small(), Language::En)).contains("in the period"));
}

#[test]
fn a_year_is_told_with_what_does_not_follow_from_it() {
    let mut comparison = small();
    comparison.runs[1].horizon = Some(2035);
    assert!(words(&html(&comparison, Language::En)).contains("This scenario is about the year 2035."));
    assert!(!words(&html(&small(), Language::En)).contains("about the year"));
}

#[test]
fn a_scenario_in_the_place_of_the_base_is_not_called_the_city_as_it_is() {
    let mut comparison = small();
    comparison.runs[0].edits = vec![Text::new("Via Est: chiusa", "Via Est: closed")];
    comparison.runs[0].title = Text::new("Via Est chiusa", "Via Est closed");
    let page = words(&html(&comparison, Language::En));
    assert!(page.contains("compared with “Via Est closed”, which is itself a scenario"), "{page}");
    assert!(!page.contains("The test is") && !page.contains("GEH |") && page.contains("What is measured against here"));
    assert!(words(&html(&small(), Language::En)).contains("compared with the city as it is"));
}

#[test]
fn a_rule_without_effect_and_trips_without_a_way_are_told_where_they_mislead() {
    let mut comparison = small();
    assert!(words(&html(&comparison, Language::It)).contains("non è un miglioramento"));
    comparison.runs[1].unserved_trips = NONE;
    (comparison.runs[1].idle_rules, comparison.runs[1].unfelt_edits) = (1, 1);
    let page = words(front(&html(&comparison, Language::It)));
    assert!(page.contains("qui non ha alcun effetto") && !page.contains("non è un miglioramento"), "{page}");
    assert!(page.contains("non agisce in questo tipo di calcolo come farebbe in strada"), "{page}");
}

#[test]
fn few_seeds_are_said_to_be_few() {
    let mut few = Comparison { seeds: vec![1, 2, 3], ..small() };
    with_values_of_seeds(&mut few);
    assert!(words(&html(&few, Language::En)).contains("only 3 times"));
    assert!(!words(&html(&small(), Language::En)).contains("only 20 times"));
}

#[test]
fn a_map_without_any_change_says_so() {
    let nothing = "No change on this map is larger than its interval";
    let mut comparison = small();
    let count = |comparison: &Comparison| html(comparison, Language::En).matches(nothing).count();
    assert_eq!(count(&comparison), 1, "the night");
    for link in &mut comparison.links {
        link.daily_differences[1] = around(50.0, 60.0);
    }
    assert_eq!(count(&comparison), 2, "the other hours and the durations do change");
}

#[test]
fn a_flow_over_its_capacity_is_marked() {
    let mut comparison = small();
    assert!(!html(&comparison, Language::En).contains("of its capacity, morning"));
    comparison.links[2].saturation[1][1] = 1.034;
    let told = words(&html(&comparison, Language::En));
    assert_eq!(told.matches("104 % of its capacity, morning peak").count(), 1, "after, not before: {told}");
}

#[test]
fn where_the_model_brings_no_traffic_nothing_is_judged() {
    let mut comparison = small();
    comparison.observations[1].daily_vehicles[0] = NONE;
    let told = words(front(&html(&comparison, Language::En)));
    assert!(told.contains("Not judged, because the model brings no traffic there: Viali."), "{told}");
    assert!(!told.contains("computed flows for which"), "{told}");
}

#[test]
fn a_comparison_that_does_not_fit_is_refused() {
    let no_base = Comparison { runs: vec![], ..small() };
    assert_eq!(render(&no_base, Language::It), Err(ReportError::NoBase));
    let mut short = small();
    short.links[2].daily_vehicles.pop();
    assert_eq!(
        render(&short, Language::It),
        Err(ReportError::Shape { list: "values of link 't:east'".to_owned(), expected: 2, found: 1 })
    );
    let mut lost = small();
    lost.observations[0].links = vec![99];
    assert_eq!(render(&lost, Language::It), Err(ReportError::MissingLink { list: "observations", link: 99, links: 5 }));
    let nothing = Comparison {
        links: vec![],
        observations: vec![],
        runs: vec![small().runs[0].clone()],
        indicators: vec![],
        zones: vec![],
        quarters: vec![],
        changed_streets: vec![vec![]],
        ..small()
    };
    assert_eq!(render(&nothing, Language::It), Err(ReportError::NothingToDraw));
}
