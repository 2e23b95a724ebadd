//! All that reaches a receiver, for all receivers.

use core::cmp::Ordering;

use rayon::prelude::*;

use super::answer::{Field, Horizon, Levels, Outcome, Receiver};
use super::mirrors::Mirrors;
use super::pieces::{Ear, Piece, cut, squared_from_box_m2};
use super::ray::{Mirror, Tracer};
use super::settings::{FieldSettings, ReflectionSettings, SettingsFault};
use crate::environment::noise::bands::{BAND_COUNT, energy};
use crate::environment::noise::periods::{ByPeriod, PERIOD_COUNT};
use crate::environment::noise::propagation::{Profile, Scratch, attenuation};
use crate::environment::noise::scene::Scene;

/// Receivers that are reckoned together, so that each need not look at every line.
const BLOCK: usize = 32;

/// Levels at all receivers, in their order. The same for any number of threads, and for each receiver whatever the others are.
///
/// # Errors
/// What is wrong with the settings. Receivers that cannot have levels are told in the [`Field`].
pub fn field(scene: &Scene, receivers: &[Receiver], settings: &FieldSettings) -> Result<Field, Vec<SettingsFault>> {
    settings.validate()?;
    let everyone: Vec<u32> = (0..).take(receivers.len()).collect();
    let mut field =
        Field { outcomes: vec![Outcome::Faulty; receivers.len()], horizons: vec![Horizon::default(); receivers.len()] };
    solve(scene, receivers, everyone, settings, &mut field);
    Ok(field)
}

/// Reckons the receivers of `asked` and puts what comes out where it belongs.
pub(super) fn solve(
    scene: &Scene,
    receivers: &[Receiver],
    mut asked: Vec<u32>,
    settings: &FieldSettings,
    field: &mut Field,
) {
    let weights = settings.hours.weights();
    let strengths: Vec<f64> = scene.lines.iter().map(|line| line.weighted_energy(&weights)).collect();
    sort_by_place(&mut asked, receivers, scene);
    let work = Work { scene, settings, weights, strengths: &strengths };
    let blocks: Vec<Vec<(Outcome, Horizon)>> = asked
        .par_chunks(BLOCK)
        .map_init(Memory::default, |memory, block| work.block(block, receivers, memory))
        .collect();
    for (&receiver, (outcome, horizon)) in asked.iter().zip(blocks.into_iter().flatten()) {
        field.outcomes[receiver as usize] = outcome;
        field.horizons[receiver as usize] = horizon;
    }
}

/// Puts neighbours beside each other: by square of the grid, in stripes four squares high.
fn sort_by_place(asked: &mut [u32], receivers: &[Receiver], scene: &Scene) {
    asked.sort_by_cached_key(|&at| {
        let position = receivers[at as usize].position;
        let (column, row) = (scene.lattice.slot(0, position[0]), scene.lattice.slot(1, position[1]));
        (row / 4, column / 4, row, column, at)
    });
}

/// Memory of one thread.
#[derive(Default)]
struct Memory {
    lines: Vec<u32>,
    pieces: Vec<Piece>,
    profile: Profile,
    tracer: Tracer,
    scratch: Scratch,
    mirrors: Mirrors,
}

struct Work<'a> {
    scene: &'a Scene,
    settings: &'a FieldSettings,
    weights: ByPeriod<f64>,
    strengths: &'a [f64],
}

impl Work<'_> {
    fn block(&self, block: &[u32], receivers: &[Receiver], memory: &mut Memory) -> Vec<(Outcome, Horizon)> {
        let good = || block.iter().map(|&at| &receivers[at as usize]).filter(|receiver| receiver.is_sound());
        self.gather_lines(good().map(|receiver| receiver.position), memory);
        block.iter().map(|&at| self.receiver(&receivers[at as usize], memory)).collect()
    }

    /// The lines that any of a block's receivers may hear.
    fn gather_lines(&self, positions: impl Iterator<Item = [f64; 2]>, memory: &mut Memory) {
        let mut around = [[f64::INFINITY; 2], [f64::NEG_INFINITY; 2]];
        for position in positions {
            for axis in 0..2 {
                around[0][axis] = around[0][axis].min(position[axis] - self.settings.reach_m);
                around[1][axis] = around[1][axis].max(position[axis] + self.settings.reach_m);
            }
        }
        memory.lines.clear();
        for (index, line) in (0..).zip(&self.scene.lines) {
            let apart = |axis: usize| line.bounds[0][axis] > around[1][axis] || line.bounds[1][axis] < around[0][axis];
            if self.strengths[index as usize] > 0.0 && !apart(0) && !apart(1) {
                memory.lines.push(index);
            }
        }
    }

    fn receiver(&self, receiver: &Receiver, memory: &mut Memory) -> (Outcome, Horizon) {
        if !receiver.is_sound() {
            return (Outcome::Faulty, Horizon::default());
        }
        if let Some(building) = self.scene.building_at(receiver.position) {
            return (Outcome::Inside { building }, Horizon::default());
        }
        let ear =
            Ear { place: receiver.position, height_m: self.scene.ground_m(receiver.position) + receiver.height_m };
        self.gather_pieces(&ear, memory);
        let mut heard = Heard { energies: [0.0; PERIOD_COUNT], weighted: 0.0 };
        let (count, horizon) = self.direct(&ear, &mut heard, memory);
        let mut farthest_m = horizon.farthest_m;
        if let Some(reflection) = &self.settings.reflection {
            self.reflected(receiver, &ear, reflection, count, &mut heard, memory);
            farthest_m = farthest_m.max(reflection.reach_m + 1.0);
        }
        (Outcome::Levels(Levels::of(heard.energies, &self.settings.hours)), Horizon { farthest_m, ..horizon })
    }

    /// The pieces that the receiver may hear, the loudest first.
    fn gather_pieces(&self, ear: &Ear, memory: &mut Memory) {
        memory.pieces.clear();
        let reach_m2 = self.settings.reach_m * self.settings.reach_m;
        for &index in &memory.lines {
            let line = &self.scene.lines[index as usize];
            if squared_from_box_m2(ear.place, &line.bounds) <= reach_m2 {
                let strength = self.strengths[index as usize];
                cut((index, line, strength), self.scene, ear, self.settings, &mut memory.pieces);
            }
        }
        memory.pieces.sort_by(louder_first);
    }

    /// Sound that comes directly or over roofs; says how many pieces were looked at, and what lies beyond.
    fn direct(&self, ear: &Ear, heard: &mut Heard, memory: &mut Memory) -> (usize, Horizon) {
        let neglect = energy(-self.settings.neglect_db);
        let mut horizon = Horizon { faintest: f64::INFINITY, farthest_m: 0.0 };
        let mut count = 0;
        while let Some(&piece) = memory.pieces.get(count)
            && piece.potential >= neglect * heard.weighted
        {
            self.hear(&piece, None, ear, heard, memory);
            let (x, y) = (piece.place[0] - ear.place[0], piece.place[1] - ear.place[1]);
            horizon.farthest_m = horizon.farthest_m.max((x * x + y * y).sqrt());
            horizon.faintest = piece.potential;
            count += 1;
        }
        horizon.faintest = horizon.faintest.min(neglect * heard.weighted);
        (count, horizon)
    }

    /// Sound that walls reflect, of the pieces that were looked at.
    fn reflected(
        &self,
        receiver: &Receiver,
        ear: &Ear,
        settings: &ReflectionSettings,
        count: usize,
        heard: &mut Heard,
        memory: &mut Memory,
    ) {
        memory.mirrors.gather(self.scene, receiver, settings);
        let least = energy(-settings.neglect_db) * heard.weighted;
        for wall in 0..memory.mirrors.walls.len() {
            let facing = memory.mirrors.walls[wall];
            for at in 0..count {
                let piece = memory.pieces[at];
                if piece.potential < least {
                    break;
                }
                let Some((mirror, flat_m2)) = facing.reflection(self.scene, &piece, ear) else { continue };
                let rise_m = ear.height_m - piece.height_m;
                let strength = self.strengths[piece.line as usize];
                let loud = strength * piece.weight_m / (flat_m2 + rise_m * rise_m) >= least;
                if loud && self.scene.building_at(mirror.place).is_none() {
                    self.hear(&piece, Some(mirror), ear, heard, memory);
                }
            }
        }
    }

    /// Adds what arrives of a piece.
    #[inline]
    fn hear(&self, piece: &Piece, mirror: Option<Mirror>, ear: &Ear, heard: &mut Heard, memory: &mut Memory) {
        let source = (piece.place, piece.height_m);
        memory.tracer.trace(self.scene, source, mirror, (ear.place, ear.height_m), &mut memory.profile);
        let gains = attenuation(&memory.profile, &self.settings.air, &mut memory.scratch);
        let line = &self.scene.lines[piece.line as usize];
        for period in 0..PERIOD_COUNT {
            let share = self.settings.favourable_share[period];
            let mut sum = 0.0;
            for band in 0..BAND_COUNT {
                let gain = gains.homogeneous[band] * (1.0 - share) + gains.favourable[band] * share;
                sum += line.energy[period][band] * gain;
            }
            heard.energies[period] += sum * piece.weight_m;
            heard.weighted += self.weights[period] * sum * piece.weight_m;
        }
    }
}

/// What has arrived.
struct Heard {
    energies: ByPeriod<f64>,
    /// Periods together, as in L_den.
    weighted: f64,
}

/// The louder piece first; of two as loud, the one of the line, and then of the place, that comes first.
fn louder_first(a: &Piece, b: &Piece) -> Ordering {
    b.potential
        .total_cmp(&a.potential)
        .then(a.line.cmp(&b.line))
        .then(a.place[0].total_cmp(&b.place[0]))
        .then(a.place[1].total_cmp(&b.place[1]))
}
