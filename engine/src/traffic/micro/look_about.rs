//! Who is about to begin, or has lost much on the way, chooses another way ([`crate::traffic::informed`]).

use super::Micro;
use super::vehicles::{Lanes, NONE};
use crate::traffic::demand::TrafficDemand;
use crate::traffic::informed::{ANNOYED_S, Chooser, KnownTimes, LOOKS_AGAIN_S};
use crate::traffic::lane_plan::LanePlan;
use crate::traffic::network::LaneNetwork;
use crate::traffic::routing::WayFinder;

/// How often one vehicle chooses another way on the way because of what it knows, at most.
const CHOICES_MAX: u8 = 4;
/// Who is on a lane that another way does not begin on can get to one that it does on streets that are this long, in metres.
const CHANGES_M: f64 = 100.0;

/// What drivers know, where some are informed.
#[derive(Clone, Debug)]
pub(super) struct Informed {
    known: KnownTimes,
    /// By trip.
    under_way: Vec<UnderWay>,
}

#[derive(Clone, Copy, Debug, Default)]
struct UnderWay {
    /// When it came onto the street that it is on, in seconds, and what it had lost by then.
    since_s: f64,
    lost_s: f64,
    looks_again_s: f64,
    choices: u8,
}

impl Informed {
    /// None where nobody is, and nothing is closed.
    pub(super) fn new(network: &LaneNetwork, demand: &TrafficDemand, seed: u64) -> Option<Box<Self>> {
        (demand.informed_share > 0.0 || !demand.closed_streets.is_empty()).then(|| {
            let under_way = vec![UnderWay::default(); demand.trips.len()];
            Box::new(Self { known: KnownTimes::new(network, demand, seed), under_way })
        })
    }

    /// A trip has begun.
    pub(super) fn begin(&mut self, vehicle: u32, now_s: f64) {
        self.under_way[vehicle as usize].since_s = now_s;
    }

    /// How long a street takes now, as far as is known.
    pub(super) fn expected_s(&self, network: &LaneNetwork, lanes: Lanes, street: u32, now_s: f64) -> f64 {
        let held_s = held_s(&self.under_way, network, lanes, (street, self.known.free_s(street)), now_s);
        self.known.expected_s(street, held_s, now_s)
    }
}

/// How long those at the end of a street have been on it beyond the time that it takes when it is empty, at most.
fn held_s(
    under_way: &[UnderWay],
    network: &LaneNetwork,
    lanes: Lanes,
    (street, free_s): (u32, f64),
    now_s: f64,
) -> f64 {
    let first = network.streets[street as usize].lanes().filter_map(|lane| lanes.of(lane).vehicle.first());
    let since_s = first.map(|&vehicle| under_way[vehicle as usize].since_s).fold(now_s, f64::min);
    (now_s - since_s - free_s).max(0.0)
}

impl Micro<'_> {
    /// Who is about to begin chooses another way if that is clearly faster now.
    pub(super) fn look_ahead(&mut self, vehicle: u32) {
        let Some(mut informed) = self.informed.take() else { return };
        if (informed.known.is_informed(self.demand, vehicle) || self.leads_over_closed(&informed, vehicle, 0))
            && let Some(way) = self.clearly_faster(&mut informed, vehicle, 0)
        {
            self.follow(vehicle, way);
            self.relief.informed += 1;
        }
        self.informed = Some(informed);
    }

    /// Those who have come onto another street tell how long the one before took; who lost much there looks for another way.
    pub(super) fn look_about(&mut self) {
        let Some(mut informed) = self.informed.take() else { return };
        let mut outboxes = std::mem::take(&mut self.outboxes);
        let now_s = self.time_s() + self.options.step_s;
        for outbox in &mut outboxes {
            for (row, &lane) in outbox.moved.iter_mut().zip(&outbox.moved_to) {
                let Some(street) = self.network.lanes[lane as usize].street else { continue };
                let under_way = &mut informed.under_way[row.vehicle as usize];
                let (took_s, lost_s) = (now_s - under_way.since_s, row.memory.time_loss_s - under_way.lost_s);
                (under_way.since_s, under_way.lost_s) = (now_s, row.memory.time_loss_s);
                let is_annoyed = lost_s >= ANNOYED_S
                    && now_s >= under_way.looks_again_s
                    && informed.known.is_informed(self.demand, row.vehicle);
                if is_annoyed {
                    under_way.looks_again_s = now_s + LOOKS_AGAIN_S;
                }
                let may_choose = under_way.choices < CHOICES_MAX;
                let position = row.memory.route_position;
                if let Some(before) = position.checked_sub(1) {
                    let plan = self.drivers[row.vehicle as usize].plan;
                    let before = self.plans.plans[plan as usize].streets[before as usize];
                    informed.known.tell(before, took_s, now_s);
                }
                if !(may_choose && (is_annoyed || self.leads_over_closed(&informed, row.vehicle, position))) {
                    continue;
                }
                let Some(way) = self.clearly_faster(&mut informed, row.vehicle, position) else { continue };
                let number = lane - self.network.streets[street as usize].first_lane;
                let is_long = self.network.lanes[lane as usize].length_m >= CHANGES_M;
                if way.outlook(0, number).passage == NONE && !is_long {
                    continue;
                }
                self.follow(row.vehicle, way);
                row.memory.route_position = 0;
                informed.under_way[row.vehicle as usize].choices += 1;
                self.relief.reroutes += 1;
            }
        }
        self.outboxes = outboxes;
        self.informed = Some(informed);
    }

    /// Whether the way of a vehicle that is free to choose leads over a street that is closed to it now.
    fn leads_over_closed(&self, informed: &Informed, vehicle: u32, route_position: u32) -> bool {
        let driver = self.drivers[vehicle as usize];
        let chooser = Chooser {
            permission: self.demand.types[driver.kind as usize].permission,
            rest: &self.plans.plans[driver.plan as usize].streets[route_position as usize..],
            now_s: self.time_s(),
        };
        self.demand.trips[vehicle as usize].stops.is_empty() && informed.known.leads_over_closed(self.demand, &chooser)
    }

    /// A way from where a vehicle is on its route that is clearly faster now, if the rest of its own is jammed.
    fn clearly_faster(&mut self, informed: &mut Informed, vehicle: u32, route_position: u32) -> Option<LanePlan> {
        let mut finder = self.finder.take().unwrap_or_else(|| WayFinder::new(self.network));
        let driver = self.drivers[vehicle as usize];
        let permission = self.demand.types[driver.kind as usize].permission;
        let now_s = self.time_s();
        let lanes = Lanes { blocks: &self.blocks, block_of: &self.block_of };
        let Informed { known, under_way } = informed;
        known.renew(now_s, |street, free_s| held_s(under_way, self.network, lanes, (street, free_s), now_s));
        let rest = &self.plans.plans[driver.plan as usize].streets[route_position as usize..];
        let found = known.clearly_faster(self.demand, &mut finder, &Chooser { permission, rest, now_s });
        self.finder = Some(finder);
        found.map(|streets| LanePlan::new(self.network, &streets, permission, &[]))
    }

    /// From now on a vehicle follows another way.
    pub(super) fn follow(&mut self, vehicle: u32, way: LanePlan) {
        self.plans.plans.push(way);
        self.drivers[vehicle as usize].plan = self.plans.plans.len() as u32 - 1;
    }
}
