//! The scale that the structures must hold: a million links and five thousand zones in 8 GiB.

use std::sync::Arc;

use data::city_folder;
use engine::city::{About, Access, CityTables, Junction, Link, Record, RoadClass, Structure, Zone};
use engine::key::Key;
use engine::network::Graph;
use engine::provenance::{Origin, Provenance, Source};
use engine::time::DayPlan;
use engine::vehicles::ClassSet;
use geo::{Coord, LineString, MultiPolygon};

/// Junctions on a side of the grid; each has links to the right and upwards, there and back: a little over a million.
const SIDE: u32 = 501;
const ZONES: u32 = 5000;

fn record<T>(key: String, facts: T) -> Record<T> {
    let provenance = Provenance { origin: Origin::Synthetic, source: "grid".into(), year: None, accuracy_m: None };
    Record { key: Key::new(key).expect("a key"), provenance, facts }
}

fn position(x: u32, y: u32) -> Coord<f64> {
    Coord { x: 400_000.0 + f64::from(x) * 100.0, y: 5_000_000.0 + f64::from(y) * 100.0 }
}

fn link(from: (u32, u32), to: (u32, u32)) -> Record<Link> {
    let key = |(x, y): (u32, u32)| Key::new(format!("grid:{x}/{y}")).expect("a key");
    let name: Arc<str> = "Via Centuriata".into();
    record(
        format!("grid:{}/{}-{}/{}", from.0, from.1, to.0, to.1),
        Link {
            from: key(from),
            to: key(to),
            name: Some(name),
            class: RoadClass::Residential,
            lanes: 1,
            free_speed_mps: 13.9,
            capacity_pcuph: 600.0,
            length_m: 100.0,
            toll_eur: 0.0,
            structure: Structure::Ground,
            access: Access::always(ClassSet::ALL),
            geometry: LineString(vec![position(from.0, from.1), position(to.0, to.1)]),
        },
    )
}

fn grid() -> CityTables {
    let mut city = CityTables::new(About {
        name: "Grid".into(),
        epsg: 32632,
        time_zone: "Europe/Rome".into(),
        day_plan: DayPlan::weekday(),
        population: None,
        survey: None,
    });
    city.sources.push(Source {
        id: "grid".into(),
        title: "Grid".into(),
        licence: "CC0-1.0".into(),
        attribution: String::new(),
        url: None,
        year: None,
    });
    for x in 0..SIDE {
        for y in 0..SIDE {
            city.junctions.push(record(format!("grid:{x}/{y}"), Junction { position: position(x, y) }));
            for (right, up) in [(1, 0), (0, 1)] {
                if x + right < SIDE && y + up < SIDE {
                    city.links.push(link((x, y), (x + right, y + up)));
                    city.links.push(link((x + right, y + up), (x, y)));
                }
            }
        }
    }
    for number in 0..ZONES {
        let zone = Zone {
            name: "Zona".into(),
            quarter: None,
            centroid: position(number % SIDE, number / SIDE),
            area: MultiPolygon(Vec::new()),
            residents: 100.0,
            jobs: 10.0,
            school_places: 0.0,
            services: 1.0,
            leisure: 1.0,
        };
        city.zones.push(record(format!("zone:{number}"), zone));
    }
    city
}

/// Highest memory that the process has had, in GiB.
fn peak_gib() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").expect("Linux tells the peak");
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).expect("the peak");
    let kib: f64 = line.split_whitespace().nth(1).and_then(|kib| kib.parse().ok()).expect("a number");
    kib / 1024.0 / 1024.0
}

/// Run it with `cargo test --release -p gemello-data --test million_links -- --ignored --nocapture`.
#[test]
#[ignore = "takes a minute and some gigabytes"]
fn a_million_links_and_five_thousand_zones_fit_in_8_gib() {
    let city = grid();
    assert!(city.links.len() >= 1_000_000 && city.zones.len() == 5000, "{}", city.links.len());
    let tables_gib = peak_gib();
    let arc = |row: &Record<Link>, end: fn(&Link) -> &Key| {
        let (x, y) = end(&row.facts).as_str()["grid:".len()..].split_once('/').expect("x/y");
        x.parse::<u32>().expect("x") * SIDE + y.parse::<u32>().expect("y") + ZONES
    };
    let tails = city.links.iter().map(|row| arc(row, |link| &link.from)).collect();
    let heads = city.links.iter().map(|row| arc(row, |link| &link.to)).collect();
    let graph = Graph::new(ZONES + SIDE * SIDE, ZONES, ZONES, tails, heads).expect("a graph");
    let files = city_folder::encode(&city).expect("files");
    let files: Vec<(&str, &[u8])> = files.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())).collect();
    let read = city_folder::decode("grid", &files).expect("a city");
    assert_eq!((read.links.len(), graph.arc_count()), (city.links.len(), city.links.len()));
    eprintln!(
        "tables {tables_gib:.2} GiB; with the graph, the files and a second copy read from them {:.2} GiB",
        peak_gib()
    );
    assert!(peak_gib() < 8.0, "{}", peak_gib());
}
