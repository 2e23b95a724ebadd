//! Queues and lost time by quarter hour, where vehicles moved.

use data::table::{Table, TableError};

use super::flows::Flows;
use super::run_tables::Rows;
use crate::comparison::{Moved, Queue, QueueSpot, RunQueues};
use crate::run::{Fidelity, Run};

/// How many queues are told of each run.
const TOLD: usize = 10;
/// A queue of fewer standing vehicles, on average over a quarter hour, is none that anybody would tell.
const STANDING_MIN: f64 = 2.0;

/// What moved in the runs; none where nothing did.
pub(super) fn moved(flows: &Flows<'_>) -> Result<Option<Moved>, TableError> {
    let fidelity = flows.runs.first().map_or(Fidelity::Strategic, |(run, _)| run.manifest.fidelity);
    if fidelity.is_strategic() {
        return Ok(None);
    }
    let links: Vec<LinkTimes> =
        flows.runs.iter().map(|(run, _)| LinkTimes::read(run, flows.rows)).collect::<Result<_, TableError>>()?;
    let Some(base) = links.first() else { return Ok(None) };
    let mut runs = Vec::new();
    for ((run, _), of_run) in flows.runs.iter().zip(&links) {
        runs.push(RunQueues {
            lost_hours_ph: of_run.sums(|row| row.vehicles_vph * row.delay_s / 3600.0),
            standing_veh: of_run.sums(|row| row.standing_veh),
            longest: longest(flows, base, of_run),
            inserted: run.counted("inserted")?,
            running: run.counted("running")?,
            waiting: run.counted("waiting")?,
            rerouted: run.counted("rerouted")?,
            exchanged: run.counted("exchanged")?,
            teleports: run.counted("teleports")?,
            jammed: run.jammed()?,
        });
    }
    Ok(Some(Moved { fidelity, bins_s: base.bins_s.clone(), runs }))
}

/// The largest queue of each link in its worst quarter hour, worst first.
fn longest(flows: &Flows<'_>, base: &LinkTimes, of_run: &LinkTimes) -> Vec<QueueSpot> {
    let mut worst: Vec<(usize, usize, f64)> = (0..of_run.link_count)
        .filter_map(|link| {
            let standing = |bin: usize| of_run.at(bin, link).standing_veh;
            let bin = (0..of_run.bins_s.len()).max_by(|&a, &b| standing(a).total_cmp(&standing(b)).then(b.cmp(&a)))?;
            (standing(bin) >= STANDING_MIN).then(|| (link, bin, standing(bin)))
        })
        .collect();
    worst.sort_by(|a, b| b.2.total_cmp(&a.2).then(a.0.cmp(&b.0)));
    worst.truncate(TOLD);
    worst
        .into_iter()
        .map(|(link, bin, _)| QueueSpot {
            link,
            at: flows.sections.ends(&[link]),
            from_s: of_run.bins_s[bin].0,
            base: base.queue(bin, link),
            queue: of_run.queue(bin, link),
        })
        .collect()
}

/// One link in one bin.
#[derive(Clone, Copy, Debug, Default)]
struct LinkTime {
    vehicles_vph: f64,
    delay_s: f64,
    standing_veh: f64,
    reach_m: f64,
}

/// A run's links, bin by bin.
struct LinkTimes {
    link_count: usize,
    bins_s: Vec<(u32, u32)>,
    rows: Vec<LinkTime>,
}

impl LinkTimes {
    fn read(run: &Run, rows: &Rows<'_>) -> Result<Self, TableError> {
        let empty = Table::new();
        let table = run.tables.get("links").unwrap_or(&empty);
        let (from, to) = (table.column::<u32>("links", "from_s")?, table.column::<u32>("links", "to_s")?);
        let mut bins_s: Vec<(u32, u32)> = from.iter().copied().zip(to.iter().copied()).collect();
        bins_s.sort_unstable();
        bins_s.dedup();
        let links = table.column::<&str>("links", "link")?;
        let number = |name: &str| table.column::<Option<f64>>("links", name);
        let kinds = ["cars_vph", "vans_vph", "heavy_vehicles_vph", "motorcycles_vph"];
        let kinds = kinds.map(number).into_iter().collect::<Result<Vec<_>, _>>()?;
        let [delay_s, standing, reach] = ["delay_s", "queue_veh", "queue_max_m"].map(number);
        let (delay_s, standing, reach) = (delay_s?, standing?, reach?);
        let link_count = rows.link_count();
        let mut made = Self { link_count, rows: vec![LinkTime::default(); bins_s.len() * link_count], bins_s };
        for row in 0..links.len() {
            let bin = made.bins_s.binary_search(&(from[row], to[row]));
            let (Ok(bin), Some(link)) = (bin, rows.link_named(links[row])) else { continue };
            made.rows[bin * link_count + link] = LinkTime {
                vehicles_vph: kinds.iter().map(|kind| kind[row].unwrap_or(0.0)).sum(),
                delay_s: delay_s[row].unwrap_or(0.0),
                standing_veh: standing[row].unwrap_or(0.0),
                reach_m: reach[row].unwrap_or(0.0),
            };
        }
        Ok(made)
    }

    fn at(&self, bin: usize, link: usize) -> &LinkTime {
        &self.rows[bin * self.link_count + link]
    }

    fn sums(&self, value: impl Fn(&LinkTime) -> f64) -> Vec<f64> {
        (0..self.bins_s.len()).map(|bin| (0..self.link_count).map(|link| value(self.at(bin, link))).sum()).collect()
    }

    fn queue(&self, bin: usize, link: usize) -> Queue {
        let row = self.rows.get(bin * self.link_count + link).copied().unwrap_or_default();
        Queue { standing_veh: row.standing_veh, reach_m: row.reach_m, delay_s: row.delay_s }
    }
}
