//! Changing lanes.
//!
//! After J. Erdmann (2015), *SUMO's Lane-Changing Model*, Modeling Mobility with Open Data, 105–123 (LC2013), whose four
//! motives are told apart here too. *Strategic* (`route`): whoever is on a lane that does not lead along its route, or
//! stands behind a bus at its stop, changes in time; where there is no gap, it adapts its speed and asks those beside it to
//! adapt theirs. *Cooperative*: whoever is asked makes room by changing lanes itself if it can. *Tactical* and *keeping
//! right* (`speed`): what another lane is better adds up from step to step until it is worth a change. Nobody changes into a
//! gap that is not safe as it is (`gaps`); who has waited very long squeezes in at walking pace.
//!
//! All decide on what they see; then each block changes its own vehicles, street by street from the front to the back, and
//! looks again at the gaps on the street. So an answer to a question comes a step later than in the source, where vehicles
//! decide one after the other. Two who stand side by side where each wants the other's lane end in a stalemate there, and
//! trade places here after a minute. Whose model has an acceleration for each situation, the intelligent driver model and what builds
//! on it, changes to go faster and keeps right by MOBIL instead (`mobil`).
//!
//! Left out: changing lanes inside junctions, changes that take longer than a step, overtaking in the oncoming lane, the ban
//! on overtaking on the right on motorways.

mod gaps;
mod mobil;
mod route;
mod speed;
mod view;

#[cfg(test)]
mod tests;

pub(super) use self::gaps::Gap;
pub(super) use self::gaps::secure_gap_m;
use self::gaps::squeezes_into;
use self::view::{Cursor, View};
use super::scene::{Scene, Tails};
use super::vehicles::{Block, Kind, Memory};

/// How slowly one forgets, within a step of a second, how fast one has been.
const FORESIGHT_MEMORY: f64 = 0.9;

/// To the left or to the right.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Side {
    Right,
    Left,
}

impl Side {
    /// How lane numbers change that way.
    fn step(self) -> i32 {
        match self {
            Self::Right => -1,
            Self::Left => 1,
        }
    }
}

/// Somebody who wants to change now.
#[derive(Clone, Copy, Debug)]
struct Wish {
    street: u32,
    position_m: f64,
    vehicle: u32,
    from_lane: u32,
    to_lane: u32,
    /// Whether it takes any gap that it fits into.
    squeezes: bool,
}

/// What somebody is asked, by itself or by others: a speed that it should not exceed in the next step, and to make room.
#[derive(Clone, Copy, Debug)]
struct Advice {
    lane: u32,
    index: u32,
    speed_mps: f64,
    /// To which side those change who ask for room.
    makes_room: Option<Side>,
}

/// What one of the vehicles remembers, and shows to the others.
#[derive(Clone, Copy, Debug)]
struct Note {
    lane: u32,
    index: u32,
    speed_gain: f32,
    keep_right: f32,
    turns: i8,
}

/// What the vehicles of a block want.
#[derive(Clone, Debug, Default)]
pub(super) struct Wishes {
    wishes: Vec<Wish>,
    advice: Vec<Advice>,
    notes: Vec<Note>,
    /// Where in the lanes of a street the vehicle is that looks.
    cursors: Vec<Cursor>,
    fulfilled: u64,
    traded: u64,
}

impl Wishes {
    /// Gathers what the vehicles of a block want.
    pub(super) fn gather(&mut self, scene: &Scene, block: usize) {
        self.wishes.clear();
        self.advice.clear();
        self.notes.clear();
        let mut cursors = std::mem::take(&mut self.cursors);
        let block = &scene.lanes.blocks[block];
        for local in block.occupied_lanes() {
            let lane = block.first_lane + local as u32;
            let Some(street_row) = scene.network.lanes[lane as usize].street else { continue };
            let street = &scene.network.streets[street_row as usize];
            if street.lane_count < 2 {
                continue;
            }
            cursors.clear();
            cursors.resize(street.lane_count as usize, Cursor::default());
            // The lanes of a street are in one block.
            let first = (street.first_lane - block.first_lane) as usize;
            let lanes = &block.lanes[first..first + street.lane_count as usize];
            for index in 0..block.lanes[local].len() {
                let view = View::new(scene, street_row, lane, lanes, index);
                view.advance(&mut cursors);
                if view.memory.dwell_s < 0.0 {
                    view.decide(&cursors, self);
                }
            }
        }
        self.cursors = cursors;
    }

    /// Tells everybody what others ask of them. Of several speeds the slowest counts, so that the order does not.
    pub(super) fn advise(&mut self, blocks: &mut [Block], block_of: &[u16], step: u32) {
        for advice in self.advice.drain(..) {
            let block = &mut blocks[block_of[advice.lane as usize] as usize];
            let lane = &mut block.lanes[(advice.lane - block.first_lane) as usize];
            let memory = &mut lane.memory[advice.index as usize];
            memory.advised_mps = memory.advised_mps.min(advice.speed_mps);
            if let Some(side) = advice.makes_room {
                memory.makes_room = step << 1 | u32::from(side == Side::Left);
            }
        }
    }

    /// Tells the vehicles of a block what they remember, and changes the lanes of those who want to and still can.
    pub(super) fn fulfil(&mut self, kinds: &[Kind], tails: &Tails, step: u32, block: &mut Block) {
        for note in self.notes.drain(..) {
            let lane = &mut block.lanes[(note.lane - block.first_lane) as usize];
            let memory = &mut lane.memory[note.index as usize];
            (memory.speed_gain, memory.keep_right) = (note.speed_gain, note.keep_right);
            lane.signs[note.index as usize].turns = note.turns;
        }
        self.wishes.sort_unstable_by(|a, b| {
            a.street.cmp(&b.street).then(b.position_m.total_cmp(&a.position_m)).then(a.vehicle.cmp(&b.vehicle))
        });
        let (mut changed, mut traded) = (0, 0);
        self.wishes.retain(|wish| {
            let has_changed = change(kinds, tails, step, block, wish);
            changed += u64::from(has_changed);
            wish.squeezes && !has_changed
        });
        for (place, wish) in self.wishes.iter().enumerate() {
            let of_street = self.wishes[place + 1..].iter().take_while(|other| other.street == wish.street);
            for other in of_street {
                traded += 2 * u64::from(trade(kinds, step, block, [wish, other]));
            }
        }
        self.wishes.clear();
        (self.fulfilled, self.traded) = (changed + traded, traded);
    }

    /// How many have changed lanes.
    pub(super) fn fulfilled(&self) -> u64 {
        self.fulfilled
    }

    /// How many of them have traded places.
    pub(super) fn traded(&self) -> u64 {
        self.traded
    }
}

/// Lets two trade places who have stood side by side for long, each wanting the other's lane, so that neither can get in
/// before or behind the other: on the road one of them backs up and lets the other in. Where they fit.
fn trade(kinds: &[Kind], step: u32, block: &mut Block, pair: [&Wish; 2]) -> bool {
    if (pair[0].from_lane, pair[0].to_lane) != (pair[1].to_lane, pair[1].from_lane) {
        return false;
    }
    let lanes = pair.map(|wish| (wish.from_lane - block.first_lane) as usize);
    // Where some pass others in their lane, one does not stand behind the next.
    if lanes.iter().any(|&lane| block.lanes[lane].sharing > 0) {
        return false;
    }
    let place =
        |number: usize| block.lanes[lanes[number]].vehicle.iter().position(|&vehicle| vehicle == pair[number].vehicle);
    let (Some(first), Some(second)) = (place(0), place(1)) else { return false };
    let places = [first, second];
    let fronts_m = [0, 1].map(|number| block.lanes[lanes[number]].position_m[places[number]]);
    let lengths_m = [0, 1].map(|number| kinds[block.lanes[lanes[number]].kind[places[number]] as usize].length_m);
    let are_beside = fronts_m[0] - lengths_m[0] < fronts_m[1] && fronts_m[1] - lengths_m[1] < fronts_m[0];
    // Each between those who are before and behind the other.
    let fits = |number: usize| {
        let behind_m = block.lanes[lanes[number]].position_m.get(places[number] + 1).copied().unwrap_or(0.0);
        fronts_m[number] - lengths_m[1 - number] >= behind_m
    };
    if !(are_beside && fits(0) && fits(1)) {
        return false;
    }
    let rows = [0, 1].map(|number| block.lanes[lanes[number]].remove(places[number]));
    for (number, mut row) in rows.into_iter().enumerate() {
        let other = 1 - number;
        row.position_m = fronts_m[other];
        row.memory.changed(step);
        row.signs.turns = 0;
        block.lanes[lanes[other]].insert(places[other], row);
    }
    true
}

fn change(kinds: &[Kind], tails: &Tails, step: u32, block: &mut Block, wish: &Wish) -> bool {
    let (from, to) = ((wish.from_lane - block.first_lane) as usize, (wish.to_lane - block.first_lane) as usize);
    let Some(index) = block.lanes[from].vehicle.iter().position(|&other| other == wish.vehicle) else { return false };
    let position_m = block.lanes[from].position_m[index];
    let speed_mps = block.lanes[from].speed_mps[index];
    let kind = &kinds[block.lanes[from].kind[index] as usize];
    let target = &block.lanes[to];
    let behind = target.behind(position_m);
    let fits = |gap: Gap| gap.is_safe() || wish.squeezes && squeezes_into(&gap);
    for leader in (0..behind).rev().take(target.beside()) {
        let ahead = &kinds[target.kind[leader] as usize];
        let between_m = target.position_m[leader] - ahead.length_m - position_m;
        if !fits(Gap::between(kind, speed_mps, ahead, target.speed_mps[leader], between_m)) {
            return false;
        }
    }
    // Rears were noted for the next step.
    if let Some(tail) = tails.on(wish.to_lane, step + 1) {
        let between_m = tail.rear_m - position_m;
        if !fits(Gap::between(kind, speed_mps, &kinds[tail.kind as usize], tail.speed_mps, between_m)) {
            return false;
        }
    }
    for behind in (behind..target.len()).take(target.beside()) {
        let follower = &kinds[target.kind[behind] as usize];
        let between_m = position_m - kind.length_m - target.position_m[behind];
        if !fits(Gap::between(follower, target.speed_mps[behind], kind, speed_mps, between_m)) {
            return false;
        }
    }
    let mut row = block.lanes[from].remove(index);
    row.memory.changed(step);
    row.signs.turns = 0;
    row.signs.place = kind.home();
    block.lanes[to].insert(behind, row);
    block.note(from);
    block.note(to);
    true
}

/// How fast a vehicle expects to be: as fast as now, or nearly as fast as it has been.
pub(super) fn foresight_mps(memory: &Memory, speed_mps: f64, step_s: f64) -> f64 {
    let forgotten = (1.0 - FORESIGHT_MEMORY) * step_s;
    speed_mps.max((1.0 - forgotten) * f64::from(memory.foresight_mps) + forgotten * speed_mps)
}
