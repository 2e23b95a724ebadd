//! One equilibrium: a network, the demand of a period, the draws of a seed; and what is kept of it.

use engine::assignment::{ClassDemand, Equilibrium, OdMatrix, Options, Problem, VolumeDelay};
use engine::demand::{Matrix, PeriodDemand};
use engine::network::{ArcKind, CityNetwork};
use engine::vehicles::VehicleClass;

use super::base::SimulateError;
use super::model::{CityModel, Variant};
use super::settings::Settings;

/// The classes that are assigned, in the order of their matrices.
pub const ASSIGNED: [VehicleClass; 6] = [
    VehicleClass::ResidentCar,
    VehicleClass::OtherCar,
    VehicleClass::ExemptCar,
    VehicleClass::Van,
    VehicleClass::HeavyVehicle,
    VehicleClass::Motorcycle,
];

/// The kinds of vehicles that results are told by. The three kinds of cars are one: who lives inside a limited-traffic
/// zone is a matter of the scenario, so that counts of them could not be compared.
pub const TOLD: [&str; 4] = ["car", "van", "heavy_vehicle", "motorcycle"];

/// For each assigned class the kind that it is told as.
pub(super) const TOLD_AS: [usize; ASSIGNED.len()] = [0, 0, 0, 1, 2, 3];

/// For each kind the class that stands for it where classes of one kind are alike.
pub(super) const TOLD_CLASSES: [VehicleClass; TOLD.len()] =
    [VehicleClass::OtherCar, VehicleClass::Van, VehicleClass::HeavyVehicle, VehicleClass::Motorcycle];

/// Rows of the assigned classes that are told as a kind.
pub(super) fn classes_told_as(kind: usize) -> &'static [usize] {
    const CLASSES: [&[usize]; TOLD.len()] = [&[0, 1, 2], &[3], &[4], &[5]];
    CLASSES[kind]
}

const SECONDS_PER_HOUR: f64 = 3600.0;

/// What an equilibrium is solved under.
pub(super) struct Conditions<'a> {
    pub(super) settings: &'a Settings,
    pub(super) model: &'a CityModel,
    pub(super) variant: &'a Variant,
    pub(super) demand: &'a PeriodDemand,
    pub(super) capacity_factors: &'a [f64],
    /// What can leave each link at its end, in vehicles an hour, where a junction bounds it; empty where no vehicles are to move.
    pub(super) junctions_vph: &'a [Option<f64>],
    /// For how long traffic is as it is, in seconds: queues at junctions grow while it lasts.
    pub(super) duration_s: f64,
    /// How exactly.
    pub(super) options: &'a Options,
}

/// How far arrivals by chance delay traffic at a junction, times the vehicles that can pass in the duration: Highway Capacity
/// Manual (2000), equation 16-11, with k = 0.5 (fixed-time signals) and I = 1 (no signal before).
const JUNCTION_RANDOMNESS: f64 = 4.0;
/// How much of what it lets pass a junction is loaded with before traffic looks for other ways. Beyond it, queues that arise
/// by chance do not dissolve while traffic lasts (British practice: a ratio of flow to capacity of 0.85 at priority junctions and
/// roundabouts, 0.9 at signals).
const PRACTICAL_CAPACITY: f64 = 0.9;

/// What is kept of an equilibrium.
#[derive(Clone, Debug, PartialEq)]
pub struct Solved {
    /// Vehicles an hour on each link, by kind: `flows[kind][link]`.
    pub flows_vph: Vec<Vec<f64>>,
    /// Passenger-car units an hour on each link.
    pub flow_pcuph: Vec<f64>,
    /// Seconds that each link takes.
    pub time_s: Vec<f64>,
    /// Trips an hour by kind, origin and destination: `trips[kind][origin · places + destination]`.
    pub trips_vph: Vec<Vec<f64>>,
    /// Hours that these trips take together in an hour, those that are served and leave their zone.
    pub trip_hours: Vec<Vec<f64>>,
    /// Those among the trips without a way.
    pub unserved_vph: Vec<Vec<f64>>,
    /// Trips an hour that park at the edge of a closed area, by kind and origin: `at_edge[kind][origin]`.
    pub at_edge_vph: Vec<Vec<f64>>,
    /// Vehicles an hour, all kinds together, that turn from a link to the next, by their rows, ascending.
    pub turns_vph: Vec<(u32, u32, f32)>,
    /// The relative gap reached.
    pub relative_gap: f64,
}

/// Solves the equilibrium, from another where there is one: of a scenario, from that of its base.
pub(super) fn solve(
    conditions: &Conditions<'_>,
    start: Option<&Equilibrium>,
) -> Result<(Equilibrium, Solved), SimulateError> {
    let Conditions { settings, model, variant, demand, capacity_factors, junctions_vph, duration_s, options } =
        *conditions;
    let network = &variant.network;
    let links = &model.applied.tables.links;
    let mut shares_left = vec![1.0; links.len()];
    for &(row, share) in &variant.narrowed {
        shares_left[row] = share;
    }
    let delays: Vec<VolumeDelay> = network
        .kinds
        .iter()
        .map(|kind| match *kind {
            ArcKind::Link(row) => {
                let (link, factor) = (&links[row as usize].facts, capacity_factors[row as usize]);
                let share_left = shares_left[row as usize];
                match junctions_vph.get(row as usize).copied().flatten() {
                    // What a junction lets pass is that of the lanes that are left.
                    Some(capacity_vph) if capacity_vph < link.capacity_pcuph * share_left => {
                        let capacity = (PRACTICAL_CAPACITY * capacity_vph * factor).max(1.0);
                        let passing = capacity * duration_s / SECONDS_PER_HOUR;
                        VolumeDelay::Akcelik {
                            free_time: link.free_flow_time_s(),
                            capacity,
                            duration: duration_s,
                            randomness: JUNCTION_RANDOMNESS / passing,
                        }
                    }
                    _ => settings.delay(link, factor * share_left),
                }
            }
            ArcKind::Turn { .. } | ArcKind::Inside => VolumeDelay::Constant { time: 0.0 },
            ArcKind::Connector { time_s } | ArcKind::EdgeWalk { time_s, .. } => VolumeDelay::Constant { time: time_s },
        })
        .collect();
    let fixed: Vec<Vec<f64>> = ASSIGNED.iter().map(|&class| fixed_costs(conditions, class)).collect();
    let matrices = matrices(model, variant, demand);
    let od: Vec<OdMatrix> = matrices.iter().map(Matrix::to_od_matrix).collect();
    let classes: Vec<ClassDemand<'_>> = ASSIGNED
        .iter()
        .zip(&fixed)
        .zip(&od)
        .map(|((&class, fixed_cost), demand)| ClassDemand {
            pcu: if junctions_vph.is_empty() {
                settings.parameters.vehicles[class].passenger_car_units
            } else {
                settings.car_units_moving(class)
            },
            fixed_cost,
            demand,
        })
        .collect();
    let problem = Problem { graph: &network.graph, delays: &delays, classes: &classes };
    let equilibrium = engine::assignment::solve(&problem, options, start)?;
    let solved = keep(network, &matrices, &equilibrium);
    Ok((equilibrium, solved))
}

/// What a class counts on each arc beside time, in seconds: tolls; infinite where it may not pass.
fn fixed_costs(conditions: &Conditions<'_>, class: VehicleClass) -> Vec<f64> {
    let links = &conditions.model.applied.tables.links;
    let seconds_per_eur = SECONDS_PER_HOUR / conditions.settings.parameters.vehicles[class].value_of_time_eur_ph;
    let network = &conditions.variant.network;
    network
        .kinds
        .iter()
        .zip(&network.allowed)
        .map(|(kind, allowed)| match *kind {
            _ if !allowed.contains(class) => f64::INFINITY,
            ArcKind::Link(row) => links[row as usize].facts.toll_eur * seconds_per_eur,
            _ => 0.0,
        })
        .collect()
}

/// The trips of each assigned class in a slice, in vehicles an hour.
pub(super) fn od_matrices(model: &CityModel, slice: usize, demand: &PeriodDemand) -> Vec<OdMatrix> {
    matrices(model, &model.variants[model.slices[slice].variant], demand).iter().map(Matrix::to_od_matrix).collect()
}

/// The trips of each assigned class. Cars are told apart by who lives in a limited-traffic zone only while one is in
/// force: while the network is the base's, so are the classes.
fn matrices(model: &CityModel, variant: &Variant, demand: &PeriodDemand) -> [Matrix; ASSIGNED.len()] {
    let size = demand.vans.size();
    let is_limited = variant.same_as_base.is_none() && model.permits.iter().any(Option::is_some);
    let (residents, others, exempt) = if is_limited {
        let inside: Vec<f64> = model.permits.iter().map(|permit| f64::from(u8::from(permit.is_some()))).collect();
        let (residents, all_others) = demand.cars.split_by_home(&inside);
        let share = |from: usize, to: usize| model.permits[to].or(model.permits[from]).unwrap_or(0.0);
        let exempt = Matrix::from_fn(size, |from, to| all_others.at(from, to) * share(from, to));
        let others = Matrix::from_fn(size, |from, to| all_others.at(from, to) * (1.0 - share(from, to)));
        (residents, others, exempt)
    } else {
        (Matrix::zeros(size), demand.cars.total(), Matrix::zeros(size))
    };
    [residents, others, exempt, demand.vans.clone(), demand.heavy_vehicles.clone(), demand.motorcycles.clone()]
}

/// Vehicles an hour that turn from link to link. What traffic is made of is that of the link before.
fn turns_vph(network: &CityNetwork, equilibrium: &Equilibrium) -> Vec<(u32, u32, f32)> {
    let mut turns: Vec<(u32, u32, f32)> = Vec::new();
    for turn in equilibrium.turn_flows() {
        let ArcKind::Link(from) = network.kinds[turn.from as usize] else { continue };
        let to = match network.kinds[turn.to as usize] {
            ArcKind::Link(to) | ArcKind::Turn { to, .. } => to,
            ArcKind::Inside | ArcKind::Connector { .. } | ArcKind::EdgeWalk { .. } => continue,
        };
        let arc = turn.from as usize;
        let vehicles: f64 = equilibrium.class_flows.iter().map(|flows| flows[arc]).sum();
        let flow_vph = turn.flow * vehicles / equilibrium.flows[arc];
        #[expect(clippy::cast_possible_truncation, reason = "seven digits of a flow are enough")]
        turns.push((from, to, flow_vph as f32));
    }
    turns.sort_unstable_by_key(|&(from, to, _)| (from, to));
    turns
}

fn keep(network: &CityNetwork, matrices: &[Matrix], equilibrium: &Equilibrium) -> Solved {
    let places = network.zones.len();
    let on_links = |values: &[f64]| network.link_arcs.iter().map(|&arc| values[arc as usize]).collect::<Vec<f64>>();
    let mut solved = Solved {
        flows_vph: vec![vec![0.0; network.link_arcs.len()]; TOLD.len()],
        flow_pcuph: on_links(&equilibrium.flows),
        time_s: on_links(&equilibrium.times),
        trips_vph: vec![vec![0.0; places * places]; TOLD.len()],
        trip_hours: vec![vec![0.0; places * places]; TOLD.len()],
        unserved_vph: vec![vec![0.0; places * places]; TOLD.len()],
        at_edge_vph: vec![vec![0.0; places]; TOLD.len()],
        turns_vph: turns_vph(network, equilibrium),
        relative_gap: equilibrium.relative_gap,
    };
    for unserved in &equilibrium.unserved {
        let cell = unserved.origin as usize * places + unserved.destination as usize;
        solved.unserved_vph[TOLD_AS[unserved.class]][cell] += unserved.trips;
    }
    for (class, matrix) in matrices.iter().enumerate() {
        let kind = TOLD_AS[class];
        for (sum, flow) in solved.flows_vph[kind].iter_mut().zip(on_links(&equilibrium.class_flows[class])) {
            *sum += flow;
        }
        if matrix.values().iter().all(|&trips| trips == 0.0) {
            continue;
        }
        let durations_s = equilibrium.times_between(class);
        let vehicle = ASSIGNED[class];
        for (from, to, trips) in matrix.entries() {
            let (from, to) = (from as usize, to as usize);
            let cell = from * places + to;
            solved.trips_vph[kind][cell] += trips;
            let duration_s = durations_s[cell];
            if from != to && duration_s.is_finite() {
                solved.trip_hours[kind][cell] += trips * duration_s / SECONDS_PER_HOUR;
                let parks_at_edge =
                    network.edge_departures[from].contains(vehicle) || network.edge_arrivals[to].contains(vehicle);
                if parks_at_edge {
                    solved.at_edge_vph[kind][from] += trips;
                }
            }
        }
    }
    solved
}
