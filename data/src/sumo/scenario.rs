//! A scenario as a whole.

use std::path::{Path, PathBuf};

use engine::traffic::current_ways::CurrentWays;
use engine::traffic::demand::{SoughtWays, TrafficDemand};
use engine::traffic::network::LaneNetwork;
use engine::traffic::network::rows::NetworkRows;

use super::admission::{Admission, RefusedTrip, sort_by_departure};
use super::assembly::{Named, PendingTrip};
use super::configuration::{self, Configuration};
use super::departures::Run;
use super::detectors::Detector;
use super::element::walk;
use super::error::SumoError;
use super::footways::{Footways, crossings};
use super::loading::Loading;
use super::net::{NetReader, Projection};
use super::notes::{Note, Notes};
use super::right_of_way::movements;
use super::signals::Signals;
use super::source::{Blame, Open, Place, Sources};
use super::trips::TripDraft;

/// A scenario: what it runs on, who drives, and what of it is not followed.
#[derive(Clone, Debug)]
pub struct Scenario {
    /// The network, checked for what it names but not for what the engine makes of it.
    pub network: NetworkRows,
    /// Names of the lanes inside junctions, for each movement: as many as [`NetworkRows::movements`] has lanes inside.
    pub inside_lane_names: Vec<Vec<String>>,
    /// How the network's coordinates came from those of the world.
    pub projection: Projection,
    /// Everybody whose way is known. Stops name lanes by their number in the network that is built.
    pub demand: TrafficDemand,
    /// Everybody who only says from where to where; see [`Scenario::find_routes`].
    pub pending: Vec<PendingTrip>,
    /// Induction loops, in the order of the source.
    pub detectors: Vec<Detector>,
    /// When the run begins, in seconds; not negative.
    pub begin_s: f64,
    /// When it ends, if it does before all have arrived: at most 100 days after it begins.
    pub end_s: Option<f64>,
    /// Length of a step in seconds, 0.01 to 1; 1 where nothing is said.
    pub step_s: f64,
    /// Seed of the random numbers, if one is given.
    pub seed: Option<u64>,
    /// The files that were read, the configuration first.
    pub files: Vec<PathBuf>,
    /// What is said and not followed, or followed otherwise, once a kind.
    pub notes: Vec<Note>,
    /// Trips that cannot be driven.
    pub refused_trips: Vec<RefusedTrip>,
    /// Which element of the source each trip comes from, by its number.
    orders: Vec<u32>,
}

/// Reads the scenario of a configuration file.
///
/// # Errors
/// [`SumoError`] with the file and the line to blame: a file that is missing, cut off or damaged, a network, type or program
/// of a signal that is wrong, a name that is there twice. Trips that cannot be driven are no error; see
/// [`Scenario::refused_trips`].
pub fn read(path: &Path) -> Result<Scenario, SumoError> {
    read_from(path, &mut |path| std::fs::read(path))
}

/// Reads a scenario whose files are opened by `open`, which gets their paths: that of the configuration, and those that it
/// names joined to its folder.
///
/// # Errors
/// As [`read`].
pub fn read_from(path: &Path, open: &mut dyn FnMut(&Path) -> std::io::Result<Vec<u8>>) -> Result<Scenario, SumoError> {
    let mut sources = Sources::default();
    let mut notes = Notes::default();
    let file = sources.open(path, open)?;
    let configuration = configuration::read(&sources, file, path, &mut notes).map_err(|blame| sources.error(blame))?;
    let files = Files::open(&configuration, &mut sources, open)?;
    assemble(&sources, &files, configuration, notes).map_err(|blame| sources.error(blame))
}

/// The numbers of a scenario's files.
struct Files {
    net: u32,
    /// Additional files, then route files: the order in which SUMO reads them.
    others: Vec<u32>,
}

impl Files {
    fn open(configuration: &Configuration, sources: &mut Sources, open: &mut Open<'_>) -> Result<Self, SumoError> {
        let net = sources.open(&configuration.net, open)?;
        let others = configuration.additional.iter().chain(&configuration.routes);
        let others = others.map(|path| sources.open(path, open)).collect::<Result<_, _>>()?;
        Ok(Self { net, others })
    }
}

fn assemble(
    sources: &Sources,
    files: &Files,
    configuration: Configuration,
    mut notes: Notes,
) -> Result<Scenario, Blame> {
    let run = Run { begin_s: configuration.begin_s, end_s: configuration.end_s };
    let mut signals = Signals::new(run.begin_s);
    let mut reader = NetReader::new(&mut signals, &mut notes);
    walk(sources, files.net, &mut reader)?;
    let (mut net, junctions) = reader.finish(Place { file: files.net, byte: 0 })?;
    signals.net_is_read();
    let mut made = movements(&net)?;

    let mut loading = Loading::new(&net, run, configuration.defaults, &mut signals, &mut notes);
    for file in &files.others {
        loading.read(sources, *file)?;
    }
    let Loading { mut types, routes, trips, people, stop_places, detectors, .. } = loading;
    let signals = signals.rule(&mut made.rows, &made.lamps, &net.streets, &mut notes)?;
    let streets = net.streets.clone();
    let crossings = crossings(&net, &signals)?;
    let network = NetworkRows {
        junctions,
        streets,
        movements: made.rows,
        signals,
        stop_places: stop_places.rows.clone(),
        crossings: crossings.rows.clone(),
    };

    let mix = |trip: &TripDraft<'_>| {
        let mix = types.mix(&trip.type_name, &mut notes, trip.place)?;
        types.can_begin(mix, trip.speed).map(|()| mix)
    };
    let mixes = trips.iter().map(mix).collect();
    let sought_ways =
        SoughtWays { look_every_s: configuration.look_every_s, looks: configuration.looks, ..SoughtWays::default() };
    let mut demand = TrafficDemand {
        types: types.rows,
        mixes: types.mixes,
        sought_ways,
        squeeze_after_s: configuration.squeeze_after_s,
        ..TrafficDemand::default()
    };
    let (mut orders, mut refused_trips) = (Vec::new(), Vec::new());
    let mut admission = Admission::new(&network, run, &mut demand, &mut orders);
    let named = Named { net: &net, places: &stop_places, routes: &routes, sources };
    let pending = named.admit(&trips, mixes, run, &mut admission, &mut refused_trips)?;
    sort_by_departure(&mut demand, &mut orders);
    if !people.is_empty() {
        let footways = Footways::new(&net, &crossings);
        super::people::admit(&people, &footways, &net, run, sources, &mut demand, &mut refused_trips)?;
    }
    Ok(Scenario {
        network,
        inside_lane_names: made.inside_names,
        projection: std::mem::take(&mut net.projection),
        demand,
        pending,
        detectors,
        begin_s: run.begin_s,
        end_s: run.end_s,
        step_s: configuration.step_s,
        seed: configuration.seed,
        notes: notes.told(sources),
        refused_trips,
        files: sources.paths().map(Path::to_owned).collect(),
        orders,
    })
}

impl Scenario {
    /// Finds the fastest way on empty streets for everybody who is [pending](Scenario::pending) and lets them in among the
    /// others; who has no way is refused. `network` must be built from this scenario's rows. Who makes no stops looks for its way
    /// again when it begins, by the speeds that streets have lately had, as in SUMO.
    ///
    /// # Errors
    /// [`SumoError`] where there are too many trips altogether.
    pub fn find_routes(&mut self, network: &LaneNetwork) -> Result<(), SumoError> {
        let pending = std::mem::take(&mut self.pending);
        let run = Run { begin_s: self.begin_s, end_s: self.end_s };
        if pending.is_empty() {
            return Ok(());
        }
        let mut ways = CurrentWays::new(network);
        let mut admission = Admission::new(&self.network, run, &mut self.demand, &mut self.orders);
        for trip in &pending {
            trip.find_way(&mut ways, run, &mut admission, &mut self.refused_trips)?;
        }
        sort_by_departure(&mut self.demand, &mut self.orders);
        Ok(())
    }
}
