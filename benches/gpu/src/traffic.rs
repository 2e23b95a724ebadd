//! Traffic on rings of several lanes, as plain as it can be: what the kernel does, on one thread of a CPU.
//!
//! Cars follow each other after S. Krauß (1998) in continuous form, and dawdle at random; they change to the left where that
//! makes them faster by [`GAIN_MPS`], back to the right where nobody would hold them up, and only into gaps that are safe
//! ahead and behind. Steps are for changes to the left and to the right in turns, so that two never want the same gap from
//! both sides. Each lane is divided into cells that hold one front at most, so that whoever is ahead is found by looking, not
//! by sorting. Left out: junctions, routes and everything else that makes traffic; this is to measure with.

use bytemuck::{Pod, Zeroable};

/// The constants of both, written once: they are put in front of the kernel's text.
macro_rules! constants {
    ($($name:ident: $kind:ident = $value:expr;)*) => {
        $(pub const $name: $kind = $value;)*
        /// The same in the kernel's language.
        pub fn constants() -> String {
            let mut text = String::new();
            $(text += &format!("const {}: {} = {:?};\n", stringify!($name), stringify!($kind), $name);)*
            text
        }
    };
}

constants! {
    LANES: u32 = 3;
    RING_M: f32 = 2000.0;
    CELL_M: f32 = 5.0;
    CELLS: u32 = 400;
    SIGHT_CELLS: u32 = 30;
    SIGHT_M: f32 = 150.0;
    SIGHT_MPS: f32 = 40.0;
    LENGTH_M: f32 = 5.0;
    MIN_GAP_M: f32 = 2.5;
    STEP_S: f32 = 0.5;
    ACCELERATION_MPS2: f32 = 2.6;
    DECELERATION_MPS2: f32 = 4.5;
    HEADWAY_S: f32 = 1.0;
    IMPERFECTION: f32 = 0.5;
    GAIN_MPS: f32 = 1.0;
    WORKGROUP: u32 = 256;
}

/// Vehicles on each lane at the beginning: 25 a kilometre.
const ON_LANE: u32 = 50;

#[derive(Clone, Copy, Debug, PartialEq, Pod, Zeroable)]
#[repr(C)]
pub struct Vehicle {
    pub position_m: f32,
    pub speed_mps: f32,
    /// Over all rings; each has [`LANES`], from right to left.
    pub lane: u32,
    pub desired_mps: f32,
}

pub struct Traffic {
    pub vehicles: Vec<Vehicle>,
    pub step: u32,
    next: Vec<Vehicle>,
    cells: Vec<u32>,
}

struct Other {
    gap_m: f32,
    speed_mps: f32,
}

impl Traffic {
    /// Rings with about so many vehicles, evenly spread, each with its own desired speed.
    pub fn new(count: u32) -> Self {
        let rings = count.div_ceil(LANES * ON_LANE);
        let vehicles: Vec<Vehicle> = (0..rings * LANES * ON_LANE)
            .map(|row| Vehicle {
                position_m: (row % ON_LANE) as f32 * (RING_M / ON_LANE as f32),
                speed_mps: 0.0,
                lane: row / ON_LANE,
                desired_mps: 8.0 + 12.0 * random(row, u32::MAX),
            })
            .collect();
        Self::from(vehicles, 0)
    }

    pub fn from(vehicles: Vec<Vehicle>, step: u32) -> Self {
        let lanes = vehicles.iter().map(|vehicle| vehicle.lane / LANES + 1).max().unwrap_or(0) * LANES;
        let mut traffic = Self { next: vehicles.clone(), vehicles, step, cells: vec![0; (lanes * CELLS) as usize] };
        traffic.occupy();
        traffic
    }

    pub fn cell_count(&self) -> usize {
        self.cells.len()
    }

    pub fn mean_speed_mps(&self) -> f64 {
        self.vehicles.iter().map(|vehicle| f64::from(vehicle.speed_mps)).sum::<f64>() / self.vehicles.len() as f64
    }

    /// Whether no two vehicles overlap: each has a cell of its own.
    pub fn is_sound(&self) -> bool {
        self.cells.iter().filter(|&&occupant| occupant != 0).count() == self.vehicles.len()
    }

    pub fn advance(&mut self) {
        for row in 0..self.vehicles.len() {
            self.next[row] = self.change(self.vehicles[row]);
        }
        std::mem::swap(&mut self.vehicles, &mut self.next);
        self.occupy();
        for row in 0..self.vehicles.len() {
            self.next[row] = self.follow(self.vehicles[row], row as u32);
        }
        std::mem::swap(&mut self.vehicles, &mut self.next);
        self.occupy();
        self.step += 1;
    }

    fn occupy(&mut self) {
        self.cells.fill(0);
        for (row, vehicle) in (1..).zip(&self.vehicles) {
            self.cells[(vehicle.lane * CELLS + (vehicle.position_m / CELL_M) as u32) as usize] = row;
        }
    }

    fn change(&self, mut me: Vehicle) -> Vehicle {
        let number = me.lane % LANES;
        let to_left = self.step.is_multiple_of(2);
        if to_left && number + 1 < LANES {
            me.lane += u32::from(self.changes(&me, me.lane + 1, true));
        } else if !to_left && number > 0 {
            me.lane -= u32::from(self.changes(&me, me.lane - 1, false));
        }
        me
    }

    fn changes(&self, me: &Vehicle, to: u32, to_left: bool) -> bool {
        let leader = self.ahead(me.lane, me.position_m, 1);
        let other = self.ahead(to, me.position_m, 0);
        let here_mps = me.desired_mps.min(safe_mps(leader.gap_m, leader.speed_mps));
        let there_mps = me.desired_mps.min(safe_mps(other.gap_m, other.speed_mps));
        let is_better = if to_left { there_mps > here_mps + GAIN_MPS } else { there_mps >= me.desired_mps };
        if !is_better || other.gap_m < MIN_GAP_M || me.speed_mps > safe_mps(other.gap_m, other.speed_mps) {
            return false;
        }
        let follower = self.behind(to, me.position_m);
        follower.gap_m >= MIN_GAP_M && follower.speed_mps <= safe_mps(follower.gap_m, me.speed_mps)
    }

    fn follow(&self, mut me: Vehicle, row: u32) -> Vehicle {
        let leader = self.ahead(me.lane, me.position_m, 1);
        let most_mps = (me.speed_mps + ACCELERATION_MPS2 * STEP_S)
            .min(me.desired_mps)
            .min(safe_mps(leader.gap_m, leader.speed_mps));
        me.speed_mps = (most_mps - IMPERFECTION * ACCELERATION_MPS2 * STEP_S * random(row, self.step)).max(0.0);
        me.position_m += me.speed_mps * STEP_S;
        if me.position_m >= RING_M {
            me.position_m -= RING_M;
        }
        me
    }

    fn occupant(&self, lane: u32, cell: u32) -> Option<&Vehicle> {
        let occupant = self.cells[(lane * CELLS + cell % CELLS) as usize];
        occupant.checked_sub(1).map(|row| &self.vehicles[row as usize])
    }

    fn ahead(&self, lane: u32, position_m: f32, first: u32) -> Other {
        let cell = (position_m / CELL_M) as u32;
        for k in first..=SIGHT_CELLS {
            let Some(other) = self.occupant(lane, cell + k) else { continue };
            let mut way_m = other.position_m - position_m;
            if k == 0 && way_m < 0.0 {
                continue;
            }
            if way_m < 0.0 {
                way_m += RING_M;
            }
            return Other { gap_m: way_m - LENGTH_M, speed_mps: other.speed_mps };
        }
        Other { gap_m: SIGHT_M, speed_mps: SIGHT_MPS }
    }

    fn behind(&self, lane: u32, position_m: f32) -> Other {
        let cell = (position_m / CELL_M) as u32;
        for k in 0..=SIGHT_CELLS {
            let Some(other) = self.occupant(lane, cell + CELLS - k) else { continue };
            let mut way_m = position_m - other.position_m;
            if k == 0 && way_m <= 0.0 {
                continue;
            }
            if way_m < 0.0 {
                way_m += RING_M;
            }
            return Other { gap_m: way_m - LENGTH_M, speed_mps: other.speed_mps };
        }
        Other { gap_m: SIGHT_M, speed_mps: 0.0 }
    }
}

fn safe_mps(gap_m: f32, leader_mps: f32) -> f32 {
    let free_m = (gap_m - MIN_GAP_M).max(0.0);
    let reaction_mps = DECELERATION_MPS2 * HEADWAY_S;
    (reaction_mps * reaction_mps + leader_mps * leader_mps + 2.0 * DECELERATION_MPS2 * free_m).sqrt() - reaction_mps
}

/// From 0 to below 1, the same on both: whole numbers only.
fn random(vehicle: u32, step: u32) -> f32 {
    let mut x = vehicle.wrapping_mul(747_796_405).wrapping_add(step.wrapping_mul(2_891_336_453)).wrapping_add(1);
    x = (x ^ x >> 16).wrapping_mul(0x7feb_352d);
    x = (x ^ x >> 15).wrapping_mul(0x846c_a68b);
    x ^= x >> 16;
    (x >> 8) as f32 / 16_777_216.0
}
