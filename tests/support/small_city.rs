//! A made-up city for tests: a grid of streets with a ring, a centre, a river with two bridges and four gates.

use engine::city::{
    About, Access, CityTables, Connector, Gate, Junction, Link, Observation, ObservationRole, Population, Quarter,
    Record, RoadClass, Structure, TravelSurvey, Zone,
};
use engine::key::Key;
use engine::provenance::{Origin, Provenance, Source};
use engine::time::DayPlan;
use engine::vehicles::ClassSet;
use geo::{Coord, LineString, MultiPolygon, Polygon};

const SIDE: usize = 6;

/// Lines of the grid, in kilometres: close in the middle, far apart at the edge.
const LINES_KM: [f64; SIDE] = [0.0, 3.0, 4.0, 4.6, 6.0, 10.0];

/// The grid's corner, in metres of EPSG:32632: where Alessandria is.
const CORNER: Coord<f64> = Coord { x: 465_000.0, y: 4_968_000.0 };

fn key(text: String) -> Key {
    Key::new(text).expect("a key")
}

fn record<T>(name: String, facts: T) -> Record<T> {
    let provenance =
        Provenance { origin: Origin::Synthetic, source: "test".into(), year: Some(2026), accuracy_m: None };
    Record { key: key(name), provenance, facts }
}

fn at(row: usize, column: usize) -> Coord<f64> {
    Coord { x: CORNER.x + 1000.0 * LINES_KM[column], y: CORNER.y + 1000.0 * LINES_KM[row] }
}

/// A street both ways between two crossings. The river runs between the last two columns: bridges are at rows 2 and 4.
fn street(tables: &mut CityTables, from: (usize, usize), to: (usize, usize)) {
    let is_across = from.0 == to.0;
    let over_river = is_across && to.1 == SIDE - 1;
    if over_river && from.0 != 2 && from.0 != 4 {
        return;
    }
    let is_ring = if is_across { from.0 == 1 || from.0 == 4 } else { from.1 == 1 || from.1 == 4 };
    let name = match (over_river, from.0) {
        (true, 2) => "Ponte Vecchio".to_owned(),
        (true, _) => "Ponte Nuovo".to_owned(),
        _ if is_across => format!("Via Riga {}", from.0),
        _ => format!("Corso Colonna {}", from.1),
    };
    for (from, to) in [(from, to), (to, from)] {
        let line = LineString::from(vec![at(from.0, from.1), at(to.0, to.1)]);
        let length_m = grid_length_m(&line);
        let link = Link {
            from: key(format!("t:j{}{}", from.0, from.1)),
            to: key(format!("t:j{}{}", to.0, to.1)),
            name: Some(name.as_str().into()),
            class: if is_ring || over_river { RoadClass::Primary } else { RoadClass::Tertiary },
            lanes: 1,
            free_speed_mps: if is_ring { 13.9 } else { 11.1 },
            capacity_pcuph: if is_ring || over_river { 1400.0 } else { 800.0 },
            length_m,
            toll_eur: 0.0,
            structure: if over_river { Structure::Bridge } else { Structure::Ground },
            access: Access::always(ClassSet::ALL),
            geometry: line,
        };
        tables.links.push(record(format!("t:l{}{}-{}{}", from.0, from.1, to.0, to.1), link));
    }
}

/// The grid's streets run along the axes, so that lengths are sums.
fn grid_length_m(line: &LineString<f64>) -> f64 {
    line.0.windows(2).map(|pair| (pair[1].x - pair[0].x).abs() + (pair[1].y - pair[0].y).abs()).sum()
}

fn zone(row: usize, column: usize) -> Record<Zone> {
    let number = row * SIDE + column;
    #[expect(clippy::cast_precision_loss, reason = "below 36")]
    let central = 1.0 / (1.0 + (row.abs_diff(2) + column.abs_diff(2)) as f64);
    let facts = Zone {
        name: format!("Zona {row}{column}").into(),
        quarter: is_central(row, column).then(|| key("t:q-centro".into())),
        centroid: at(row, column),
        area: MultiPolygon::new(Vec::new()),
        residents: 500.0,
        jobs: 100.0 + 1500.0 * central * central,
        school_places: if number.is_multiple_of(5) { 400.0 } else { 0.0 },
        services: central,
        leisure: 1.0 + central,
    };
    record(format!("t:z{row}{column}"), facts)
}

fn is_central(row: usize, column: usize) -> bool {
    (2..4).contains(&row) && (2..4).contains(&column)
}

fn about() -> About {
    let modes = [
        ("car_driver", 0.586),
        ("car_passenger", 0.055),
        ("walk", 0.182),
        ("bicycle", 0.102),
        ("bus", 0.045),
        ("motorcycle", 0.016),
    ];
    About {
        name: "Piccola".into(),
        epsg: 32632,
        time_zone: "Europe/Rome".into(),
        day_plan: DayPlan::weekday(),
        population: Some(Population {
            residents: 18_000.0,
            year: 2024,
            by_age: (0..100).map(|age| 100.0 - f64::from(age)).collect(),
            source: "test".into(),
        }),
        survey: Some(TravelSurvey {
            mode_shares: modes.map(|(name, share)| (name.to_owned(), share)).to_vec(),
            duration_bands_min: vec![15.0, 30.0, 60.0],
            duration_shares: vec![0.69, 0.26, 0.036, 0.014],
            year: 2011,
            source: "test".into(),
        }),
    }
}

/// The city: 36 zones, 4 gates, a quarter "Centro" of four zones, bridges "Ponte Vecchio" and "Ponte Nuovo".
pub(crate) fn small_city() -> CityTables {
    let mut tables = CityTables::new(about());
    tables.sources.push(Source {
        id: "test".into(),
        title: "Made up for tests".into(),
        licence: "CC0-1.0".into(),
        attribution: String::new(),
        url: None,
        year: Some(2026),
    });
    for row in 0..SIDE {
        for column in 0..SIDE {
            tables.junctions.push(record(format!("t:j{row}{column}"), Junction { position: at(row, column) }));
            tables.zones.push(zone(row, column));
            let connector = Connector {
                zone: key(format!("t:z{row}{column}")),
                junction: key(format!("t:j{row}{column}")),
                time_s: 30.0,
            };
            tables.connectors.push(record(format!("t:c{row}{column}"), connector));
            if column + 1 < SIDE {
                street(&mut tables, (row, column), (row, column + 1));
            }
            if row + 1 < SIDE {
                street(&mut tables, (row, column), (row + 1, column));
            }
        }
    }
    for (number, (row, column)) in [(0, 0), (0, SIDE - 1), (SIDE - 1, 0), (SIDE - 1, SIDE - 1)].into_iter().enumerate()
    {
        let gate = Gate {
            name: format!("Porta {number}").into(),
            junction: key(format!("t:j{row}{column}")),
            daily_vehicles: 6000.0,
            daily_heavy_vehicles: 400.0,
            through_share: 0.3,
        };
        tables.gates.push(record(format!("t:g{number}"), gate));
    }
    let corners = [(3.2, 3.2), (5.8, 3.2), (5.8, 5.8), (3.2, 5.8)]
        .map(|(x, y)| Coord { x: CORNER.x + 1000.0 * x, y: CORNER.y + 1000.0 * y });
    let area = MultiPolygon::new(vec![Polygon::new(LineString::from(corners.to_vec()), Vec::new())]);
    tables.quarters.push(record("t:q-centro".into(), Quarter { name: "Centro".into(), area }));
    let bridge = Observation {
        name: "Ponte Vecchio".into(),
        links: vec![key("t:l24-25".into()), key("t:l25-24".into())],
        daily_low: 9000.0,
        daily_high: 9000.0,
        role: ObservationRole::HeldOut,
        reason_en: "A count.".into(),
        reason_it: "Un conteggio.".into(),
    };
    tables.observations.push(record("t:o1".into(), bridge));
    tables.sort();
    tables
}
