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
    ComparedLink, ComparedRun, Comparison, Estimate, Indicator, Interval, Layer, MapPlace, ObservedFlow, Water,
};
use crate::words::{Language, Text};

const NONE: Estimate = Estimate { value: 0.0, interval: Some(Interval { low: 0.0, high: 0.0 }) };

fn around(value: f64, half: f64) -> Estimate {
    Estimate { value, interval: Some(Interval { low: value - half, high: value + half }) }
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
        edited_links: if name == "base" { vec![] } else { vec![0] },
        areas: vec![],
        relative_gap: 3.2e-7,
    }
}

/// A crossing of two streets over a river; the bridge is closed in the scenario.
fn small() -> Comparison {
    let [west, middle, east, north, south] =
        [[0.0, 1000.0], [1000.0, 1000.0], [2000.0, 1100.0], [1000.0, 2000.0], [1000.0, 0.0]];
    let indicator = |id: &str, name: Text, decimals, value: f64, difference| Indicator {
        id: id.to_owned(),
        name,
        unit: Text::same("km/h"),
        formula: Text::new("Lunghezza per flusso.", "Length times flow."),
        pums_code: Some("A.3".to_owned()),
        decimals,
        values: vec![around(value, 1.0), around(value, 1.0)],
        differences: vec![NONE, difference],
    };
    let observed = |name: &str, role, expected: [f64; 2], flows: [f64; 2], difference, geh: Option<f64>| ObservedFlow {
        name: name.to_owned(),
        role,
        expected: Interval { low: expected[0], high: expected[1] },
        reason: Text::new("Conteggio della Provincia.", "Counted by the Province."),
        daily_vehicles: flows.iter().map(|&flow| around(flow, 50.0)).collect(),
        daily_differences: vec![NONE, difference],
        hourly_geh: geh.map(|geh| around(geh, 0.5)),
        links: vec![0, 1],
    };
    Comparison {
        city: "Piccola".to_owned(),
        epsg: 32632,
        day: DayType::Weekday,
        periods: DayPlan::weekday().periods().to_vec(),
        seeds: (1..=20).collect(),
        confidence: 0.9,
        interval_meaning: Text::new("Dal 5° al 95° percentile.", "From the 5th to the 95th percentile."),
        runs: vec![
            run("base", Text::new("La città com’è", "The city as it is"), NONE),
            run("closed", Text::new("Ponte chiuso", "Bridge closed"), around(1240.0, 100.0)),
        ],
        indicators: vec![
            indicator("mean_speed", Text::new("Velocità media", "Mean speed"), 1, 38.4, around(-1.9, 0.4)),
            indicator("delay", Text::new("Ritardo", "Delay"), 0, 5210.0, around(20.0, 90.0)),
        ],
        zones: vec![],
        links: vec![
            link("t:bridge", "Ponte Vecchio", [west, middle], 9000.0, around(-9000.0, 400.0)),
            link("t:bridge-back", "Ponte Vecchio", [middle, west], 8000.0, around(-8000.0, 400.0)),
            link("t:east", "Via Est", [middle, east], 5000.0, around(1500.0, 300.0)),
            link("t:north", "Via Nord", [middle, north], 1234.5, around(900.0, 1000.0)),
            link("t:south", "Via Sud", [south, middle], 400.0, NONE),
        ],
        most_changed: vec![vec![], vec![]],
        observations: vec![
            observed(
                "Ponte Vecchio",
                ObservationRole::HeldOut,
                [17_500.0; 2],
                [17_000.0, 0.0],
                around(-17_000.0, 800.0),
                Some(0.8),
            ),
            observed(
                "Viali",
                ObservationRole::Plausibility,
                [2_000.0, 4_000.0],
                [5_000.0, 5_400.0],
                around(400.0, 150.0),
                None,
            ),
        ],
        layers: vec![Layer {
            id: "links".to_owned(),
            name: Text::new("Strade", "Streets"),
            unit: Text::same("km"),
            amounts: [1234.5, 10.0, 0.0],
            sources: vec!["osm".to_owned()],
        }],
        sources: vec![Source {
            id: "osm".into(),
            title: "OpenStreetMap".to_owned(),
            licence: "ODbL-1.0".to_owned(),
            attribution: "© OpenStreetMap contributors".to_owned(),
            url: Some("https://www.openstreetmap.org/copyright".to_owned()),
            year: Some(2017),
        }],
        kept_fixed: vec![Text::new("Il mezzo resta quello.", "The mode stays as it is.")],
        not_calibrated: vec![Text::new("Le capacità.", "The capacities.")],
        waters: vec![Water {
            name: Some("Tanaro".to_owned()),
            is_surface: false,
            points: vec![[500.0, 0.0], [450.0, 900.0], [500.0, 2000.0]],
        }],
        railways: vec![vec![[0.0, 300.0], [2000.0, 500.0]]],
        places: vec![MapPlace { name: "Borgo".to_owned(), position: [1400.0, 1500.0] }],
    }
}

fn html(comparison: &Comparison, language: Language) -> String {
    render(comparison, language).expect("a report")
}

/// Every `<svg>…</svg>` of a page.
fn drawings(page: &str) -> Vec<&str> {
    page.split("<svg").skip(1).map(|rest| rest.split_inclusive("</svg>").next().expect("an end")).collect()
}

/// Compares a text with a file beside this one; with `GEMELLO_BLESS` set, writes the file instead.
fn assert_snapshot(name: &str, text: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/report/snapshots").join(name);
    // One element on a line, so that a change can be read; the styles have their own file.
    let (head, rest) = text.split_once("<style>").expect("styles");
    let (_, body) = rest.split_once("</style>").expect("the end of the styles");
    let text = format!("{head}{body}").replace("><", ">\n<");
    if std::env::var_os("GEMELLO_BLESS").is_some() {
        std::fs::write(&path, &text).expect("written");
    }
    let expected = std::fs::read_to_string(&path).expect("a snapshot; make it with GEMELLO_BLESS=1");
    let differs = text.lines().zip(expected.lines()).find(|(a, b)| a != b);
    assert_eq!(differs, None, "{name}: first line that differs (new, old); GEMELLO_BLESS=1 accepts the new text");
    assert_eq!(text.len(), expected.len());
}

#[test]
fn the_small_report_reads_as_it_did() {
    assert_snapshot("small.it.html", &html(&small(), Language::It));
    assert_snapshot("small.en.html", &html(&small(), Language::En));
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
    comparison.runs[1].title = Text::same(evil);
    comparison.runs[1].edits = vec![Text::same(evil)];
    comparison.sources[0].attribution = evil.to_owned();
    let page = html(&comparison, Language::It);
    assert!(!page.contains("<b ") && !page.contains("onload=\"x\""));
    assert!(page.matches("&lt;b onload=&quot;x&quot;&gt;&amp;").count() > 8);
}

#[test]
fn only_what_is_larger_than_its_interval_is_drawn_or_told() {
    let comparison = small();
    let page = html(&comparison, Language::En);
    let brief =
        &page[page.find("id=\"brief\"").expect("the front")..page.find("id=\"scenario-1\"").expect("the scenario")];
    assert!(brief.contains("Mean speed") && !brief.contains("Delay"), "the delay's interval holds zero");
    assert!(page.contains("Via Est") && !page.contains("Via Nord"), "the change of Via Nord is within its interval");
    let mut surer = comparison.clone();
    surer.links[3].daily_differences[1] = around(900.0, 10.0);
    assert!(html(&surer, Language::En).contains("Via Nord"));
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
    let page = html(&comparison, Language::En);
    assert!(page.contains("computed once only") && page.contains("one computation: no interval"));
    assert!(!page.contains("up by") && !page.contains("down by"));
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
        ..small()
    };
    assert_eq!(render(&nothing, Language::It), Err(ReportError::NothingToDraw));
}
