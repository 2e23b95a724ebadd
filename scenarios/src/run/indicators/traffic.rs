//! What traffic is told by: distances, times, congestion, trips, mode shares.
//!
//! Congestion and mode shares follow indicators A.3 and A.2 of the Italian guidelines for urban mobility plans (PUMS,
//! DM 396/2019); the wording there is to be confirmed by the municipality. Waiting at signals and the search for a parking
//! space are in no indicator.

use engine::city::RoadClass;
use engine::demand::Mode;

use super::super::base::SeedResult;
use super::super::model::CityModel;
use super::super::solve::{Solved, TOLD};
use super::{Definition, define};

/// The period whose congestion counts, where the run covers it.
const PEAK: &str = "morning_peak";

/// Road classes of the primary network of indicator A.3: what links quarters and towns, but motorways.
const PRIMARY: [RoadClass; 3] = [RoadClass::Trunk, RoadClass::Primary, RoadClass::Secondary];

/// What traffic is told by, in the order of [`values`].
pub(super) fn definitions() -> Vec<Definition> {
    let mut all = vec![
        define(
            "vehicle_km",
            ["Percorrenze", "Vehicle-kilometres"],
            ["veicoli·km al giorno", "veh·km a day"],
            [
                "somma su tratti e ore di flusso per lunghezza; tutti i veicoli a motore assegnati",
                "sum over links and hours of flow times length; all assigned motor vehicles",
            ],
            0,
        ),
        define(
            "vehicle_hours",
            ["Tempo speso in strada", "Time spent on the road"],
            ["veicoli·h al giorno", "veh·h a day"],
            [
                "somma su tratti e ore di flusso per tempo di percorrenza; connettori e tratti a piedi esclusi",
                "sum over links and hours of flow times travel time; without connectors and walks",
            ],
            0,
        ),
        define(
            "delay",
            ["Tempo perso nel traffico", "Time lost in traffic"],
            ["veicoli·h al giorno", "veh·h a day"],
            [
                "tempo speso in strada meno il tempo che servirebbe sugli stessi percorsi a rete scarica",
                "time spent on the road less the time that the same ways would take on an empty network",
            ],
            0,
        ),
        define(
            "mean_speed",
            ["Velocità media", "Mean speed"],
            ["km/h", "km/h"],
            [
                "percorrenze divise per il tempo speso in strada, autostrade comprese",
                "vehicle-kilometres divided by the time on the road, motorways included",
            ],
            1,
        ),
        define(
            "mean_speed_off_motorways",
            ["Velocità media fuori dalle autostrade", "Mean speed off the motorways"],
            ["km/h", "km/h"],
            [
                "come la velocità media, senza autostrade e loro rampe, che attraversano il territorio con molto traffico di passaggio; attese ai semafori escluse",
                "like the mean speed, without motorways and their ramps, which carry much through traffic across the area; without waiting at signals",
            ],
            1,
        ),
        Definition {
            pums_code: Some("A.3"),
            ..define(
                "congestion_ratio",
                ["Congestione della rete primaria", "Congestion of the primary network"],
                ["rapporto", "ratio"],
                [
                    "nella punta del mattino (o nella sola fascia calcolata), sulla rete primaria (scorrimento, primaria, secondaria): tempo su rete congestionata diviso tempo su rete scarica, pesati sui flussi; 1 vuol dire nessuna congestione",
                    "in the morning peak (or in the only period computed), on the primary network (trunk, primary, secondary): time on the congested network divided by time on the empty one, weighted by flow; 1 means no congestion",
                ],
                3,
            )
        },
        define(
            "trips",
            ["Viaggi in veicolo", "Vehicle trips"],
            ["viaggi al giorno", "trips a day"],
            [
                "tutti i viaggi di auto, furgoni, mezzi pesanti e moto tra zone e porte, anche interni a una zona o non serviti",
                "all trips of cars, vans, heavy vehicles and motorcycles between zones and gates, also inside a zone or unserved",
            ],
            0,
        ),
        define(
            "mean_duration",
            ["Durata media dei viaggi", "Mean trip duration"],
            ["minuti", "minutes"],
            [
                "durata dei viaggi serviti tra zone diverse, da porta a porta e con l'eventuale tratto a piedi dal margine di una ZTL, divisa per il loro numero",
                "duration of served trips between different zones, door to door and with the walk from the edge of a limited-traffic zone, divided by their number",
            ],
            2,
        ),
        define(
            "unserved_trips",
            ["Viaggi non serviti", "Unserved trips"],
            ["viaggi al giorno", "trips a day"],
            ["viaggi senza alcun percorso verso la destinazione", "trips without any way to their destination"],
            0,
        ),
        define(
            "trips_parking_at_edge",
            ["Viaggi che parcheggiano al margine", "Trips that park at the edge"],
            ["viaggi al giorno", "trips a day"],
            [
                "viaggi da o verso una zona chiusa al loro veicolo, che parcheggiano al margine e proseguono a piedi",
                "trips from or to a zone closed to their vehicle, which park at its edge and go on on foot",
            ],
            0,
        ),
    ];
    for mode in Mode::ALL {
        let [it, en] = mode_words(mode);
        all.push(Definition {
            pums_code: Some("A.2"),
            ..define(
                &format!("mode_share_{}", mode.name()),
                [&format!("Quota modale: {it}"), &format!("Mode share: {en}")],
                ["% degli spostamenti", "% of trips"],
                [
                    "spostamenti dei residenti dentro la città con quel modo su tutti; negli scenari di rete resta quella della base; i visitatori degli eventi non contano qui, ma le loro auto contano tra i viaggi in veicolo",
                    "residents' trips inside the city by that mode over all of them; scenarios of the network keep the base's; visitors of events do not count here, but their cars count among vehicle trips",
                ],
                1,
            )
        });
    }
    all
}

fn mode_words(mode: Mode) -> [&'static str; 2] {
    match mode {
        Mode::CarDriver => ["auto, alla guida", "car, driving"],
        Mode::CarPassenger => ["auto, da passeggero", "car, as passenger"],
        Mode::Walk => ["a piedi", "on foot"],
        Mode::Bicycle => ["bicicletta", "bicycle"],
        Mode::Bus => ["autobus", "bus"],
        Mode::Motorcycle => ["moto", "motorcycle"],
        Mode::Other => ["altro", "other"],
    }
}

/// The values of one seed, in the order of [`definitions`].
pub(super) fn values(model: &CityModel, result: &SeedResult) -> Vec<f64> {
    let links = &model.applied.tables.links;
    let plan = &model.applied.tables.about.day_plan;
    let slices = || {
        model.slices.iter().zip(&result.slices).filter_map(|(slice, solved)| {
            solved.as_ref().map(|solved| (slice, &**solved, f64::from(slice.time.span.duration_s()) / 3600.0))
        })
    };
    let (mut km, mut hours, mut free_hours) = (0.0, 0.0, 0.0);
    let (mut km_off_motorways, mut hours_off_motorways) = (0.0, 0.0);
    let (mut trips, mut moving, mut trip_hours, mut unserved, mut at_edge) = (0.0, 0.0, 0.0, 0.0, 0.0);
    for (_, solved, duration_h) in slices() {
        for (row, link) in links.iter().enumerate() {
            let vehicles = vehicles(solved, row) * duration_h;
            let (link_km, link_hours) =
                (vehicles * link.facts.length_m / 1000.0, vehicles * solved.time_s[row] / 3600.0);
            km += link_km;
            hours += link_hours;
            if !matches!(link.facts.class, RoadClass::Motorway | RoadClass::MotorwayRamp) {
                km_off_motorways += link_km;
                hours_off_motorways += link_hours;
            }
            free_hours += vehicles * link.facts.free_flow_time_s() / 3600.0;
        }
        for kind in 0..TOLD.len() {
            let sum = |values: &[f64]| values.iter().sum::<f64>() * duration_h;
            trips += sum(&solved.trips_vph[kind]);
            trip_hours += sum(&solved.trip_hours[kind]);
            unserved += sum(&solved.unserved_vph[kind]);
            at_edge += sum(&solved.at_edge_vph[kind]);
            let places = solved.at_edge_vph[kind].len();
            let within: f64 = (0..places).map(|place| solved.trips_vph[kind][place * places + place]).sum();
            moving +=
                sum(&solved.trips_vph[kind]) - (within + solved.unserved_vph[kind].iter().sum::<f64>()) * duration_h;
        }
    }
    let covered: Vec<usize> = slices().map(|(slice, ..)| slice.time.period).collect();
    let peak = plan.period_named(PEAK).filter(|peak| covered.contains(peak)).or_else(|| covered.first().copied());
    let (mut loaded, mut empty) = (0.0, 0.0);
    for (slice, solved, duration_h) in slices() {
        if Some(slice.time.period) == peak {
            for (row, link) in links.iter().enumerate().filter(|(_, link)| PRIMARY.contains(&link.facts.class)) {
                let vehicles = vehicles(solved, row) * duration_h;
                loaded += vehicles * solved.time_s[row];
                empty += vehicles * link.facts.free_flow_time_s();
            }
        }
    }
    let ratio = |a: f64, b: f64, without: f64| if b > 0.0 { a / b } else { without };
    let mut values = vec![
        km,
        hours,
        hours - free_hours,
        ratio(km, hours, 0.0),
        ratio(km_off_motorways, hours_off_motorways, 0.0),
        ratio(loaded, empty, 1.0),
        trips,
        ratio(trip_hours * 60.0, moving, 0.0),
        unserved,
        at_edge,
    ];
    values.extend(result.demand.mode_shares().map(|share| share * 100.0));
    values
}

/// Vehicles an hour on a link, all kinds.
pub(in crate::run) fn vehicles(solved: &Solved, row: usize) -> f64 {
    solved.flows_vph.iter().map(|flows| flows[row]).sum()
}
