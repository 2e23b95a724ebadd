//! All that reaches a receiver, for all receivers.

use rayon::prelude::*;

use super::answer::{Field, Levels, Outcome, Receiver};
use super::energy::{Energy, Quanta, SILENCE, above, class};
use super::mirrors::Mirrors;
use super::pieces::{Ear, Piece, cut, squared_from_box_m2};
use super::ray::{Mirror, Tracer};
use super::settings::{FieldSettings, ReflectionSettings, SettingsFault};
use crate::environment::noise::bands::{BAND_COUNT, energy};
use crate::environment::noise::periods::ByPeriod;
use crate::environment::noise::propagation::{Profile, Scratch, attenuation};
use crate::environment::noise::scene::Scene;

/// Receivers that are reckoned together, so that each need not look at every line.
pub(super) const BLOCK: usize = 32;

/// Levels at all receivers, in their order. The same for any number of threads, and for each receiver whatever the others are.
///
/// # Errors
/// What is wrong with the settings. Receivers that cannot have levels are told in the [`Field`].
pub fn field(scene: &Scene, receivers: &[Receiver], settings: &FieldSettings) -> Result<Field, Vec<SettingsFault>> {
    settings.validate()?;
    let everyone = sorted_by_place(receivers, scene);
    let work = Work::new(scene, settings);
    let blocks: Vec<Vec<(Outcome, Basis)>> = everyone
        .par_chunks(BLOCK)
        .map_init(Memory::default, |memory, block| work.block(block, receivers, memory))
        .collect();
    let mut field =
        Field { outcomes: vec![Outcome::Faulty; receivers.len()], bases: vec![Basis::default(); receivers.len()] };
    field.put(&everyone, blocks);
    Ok(field)
}

/// The receivers' indices with neighbours beside each other: by square of the grid, in patches four squares wide.
pub(super) fn sorted_by_place(receivers: &[Receiver], scene: &Scene) -> Vec<u32> {
    let mut order: Vec<u32> = (0..).take(receivers.len()).collect();
    order.sort_by_cached_key(|&at| {
        let position = receivers[at as usize].position;
        let (column, row) = (scene.lattice.slot(0, position[0]), scene.lattice.slot(1, position[1]));
        (row / 4, column / 4, row, column, at)
    });
    order
}

impl Field {
    /// Puts what came out for blocks of receivers where it belongs.
    pub(super) fn put(&mut self, order: &[u32], blocks: Vec<Vec<(Outcome, Basis)>>) {
        for (&receiver, (outcome, basis)) in order.iter().zip(blocks.into_iter().flatten()) {
            self.outcomes[receiver as usize] = outcome;
            self.bases[receiver as usize] = basis;
        }
    }
}

/// What a receiver's levels rest on, so that a change can be followed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Basis {
    /// The lowest class of pieces that was looked at; [`SILENCE`] if all were.
    pub(super) lowest: i32,
    /// What came directly of the pieces of that class alone.
    pub(super) of_lowest: Quanta,
    /// What came directly.
    pub(super) direct: Energy,
    /// What walls reflected.
    pub(super) reflected: Energy,
    /// Nothing farther than this was looked at, in metres.
    pub(super) farthest_m: f64,
}

impl Default for Basis {
    fn default() -> Self {
        Self {
            lowest: SILENCE,
            of_lowest: Quanta::default(),
            direct: Energy::default(),
            reflected: Energy::default(),
            farthest_m: 0.0,
        }
    }
}

/// Memory of one thread.
#[derive(Default)]
pub(super) struct Memory {
    pub(super) lines: Vec<u32>,
    pub(super) pieces: Vec<Piece>,
    profile: Profile,
    tracer: Tracer,
    scratch: Scratch,
    mirrors: Mirrors,
}

/// A scene with the settings by which it is reckoned.
pub(super) struct Work<'a> {
    pub(super) scene: &'a Scene,
    pub(super) settings: &'a FieldSettings,
    /// Energy of a metre of each line, periods together as in L_den.
    pub(super) strengths: Vec<f64>,
    weights: ByPeriod<f64>,
    /// What may be neglected, as a share of what has been heard.
    neglect: f64,
}

impl<'a> Work<'a> {
    pub(super) fn new(scene: &'a Scene, settings: &'a FieldSettings) -> Self {
        let weights = settings.hours.weights();
        let strengths = scene.lines.iter().map(|line| line.weighted_energy(&weights)).collect();
        Self { scene, settings, strengths, weights, neglect: energy(-settings.neglect_db) }
    }

    fn block(&self, block: &[u32], receivers: &[Receiver], memory: &mut Memory) -> Vec<(Outcome, Basis)> {
        self.gather_lines(block, receivers, 0..self.scene.lines.len() as u32, memory);
        block.iter().map(|&at| self.receiver(&receivers[at as usize], memory)).collect()
    }

    /// The lines of `among` that any of a block's receivers may hear.
    pub(super) fn gather_lines(
        &self,
        block: &[u32],
        receivers: &[Receiver],
        among: impl Iterator<Item = u32>,
        memory: &mut Memory,
    ) {
        let (mut low, mut high) = ([f64::INFINITY; 2], [f64::NEG_INFINITY; 2]);
        for receiver in block.iter().map(|&at| &receivers[at as usize]).filter(|receiver| receiver.is_sound()) {
            for (axis, &coordinate) in receiver.position.iter().enumerate() {
                low[axis] = low[axis].min(coordinate - self.settings.reach_m);
                high[axis] = high[axis].max(coordinate + self.settings.reach_m);
            }
        }
        memory.lines.clear();
        for index in among {
            let bounds = &self.scene.lines[index as usize].bounds;
            let apart = |axis: usize| bounds[0][axis] > high[axis] || bounds[1][axis] < low[axis];
            if self.strengths[index as usize] > 0.0 && !apart(0) && !apart(1) {
                memory.lines.push(index);
            }
        }
    }

    /// A receiver from scratch, where the lines that it may hear have been gathered.
    pub(super) fn receiver(&self, receiver: &Receiver, memory: &mut Memory) -> (Outcome, Basis) {
        if !receiver.is_sound() {
            return (Outcome::Faulty, Basis::default());
        }
        if let Some(building) = self.scene.building_at(receiver.position) {
            return (Outcome::Inside { building }, Basis::default());
        }
        let ear = self.ear(receiver);
        self.gather_pieces(&ear, memory);
        let mut basis = self.direct(&ear, memory);
        if let Some(reflection) = &self.settings.reflection {
            basis.reflected = self.reflected(receiver, &ear, reflection, &basis, memory);
            basis.farthest_m = basis.farthest_m.max(reflection.reach_m + 1.0);
        }
        (self.outcome(&basis), basis)
    }

    /// The levels of what arrived.
    pub(super) fn outcome(&self, basis: &Basis) -> Outcome {
        Outcome::Levels(Levels::of(basis.direct.plus(basis.reflected).periods(), &self.settings.hours))
    }

    pub(super) fn ear(&self, receiver: &Receiver) -> Ear {
        let height_m = self.scene.ground_m(receiver.position) + receiver.height_m;
        Ear { place: receiver.position, height_m }
    }

    /// The pieces of the gathered lines that the receiver may hear, the loudest class first.
    pub(super) fn gather_pieces(&self, ear: &Ear, memory: &mut Memory) {
        memory.pieces.clear();
        let reach_m2 = self.settings.reach_m * self.settings.reach_m;
        for &index in &memory.lines {
            let line = &self.scene.lines[index as usize];
            if squared_from_box_m2(ear.place, &line.bounds) <= reach_m2 {
                let strength = self.strengths[index as usize];
                cut((index, line, strength), self.scene, ear, self.settings, &mut memory.pieces);
            }
        }
        memory.pieces.sort_unstable_by_key(|piece| core::cmp::Reverse(piece.class));
    }

    /// Sound that comes directly or over roofs: class by class, until all of the next would be too faint.
    fn direct(&self, ear: &Ear, memory: &mut Memory) -> Basis {
        let mut basis = Basis::default();
        let Some(loudest) = memory.pieces.first() else { return basis };
        let (mut lowest, mut count) = (loudest.class, 0);
        loop {
            let before = basis.direct.weighted;
            while let Some(&piece) = memory.pieces.get(count).filter(|piece| piece.class >= lowest) {
                basis.direct = basis.direct.plus(self.heard(&piece, None, ear, memory));
                basis.farthest_m = basis.farthest_m.max(piece.apart_m(ear));
                count += 1;
            }
            basis.of_lowest = basis.direct.weighted.minus(before);
            if self.is_enough(basis.direct.weighted, lowest) {
                basis.lowest = lowest;
                return basis;
            }
            if count == memory.pieces.len() && basis.direct.weighted == Quanta::default() {
                return basis;
            }
            lowest -= 1;
        }
    }

    /// Whether all pieces below a class are too faint beside what has been heard down to it.
    pub(super) fn is_enough(&self, heard: Quanta, lowest: i32) -> bool {
        above(lowest.saturating_sub(1)) < self.neglect * heard.energy()
    }

    /// The lowest class of reflected pieces that is looked at.
    pub(super) fn lowest_reflected(settings: &ReflectionSettings, direct: Quanta) -> i32 {
        class(energy(-settings.neglect_db) * direct.energy())
    }

    /// Sound that walls reflect, of the gathered pieces that were looked at.
    pub(super) fn reflected(
        &self,
        receiver: &Receiver,
        ear: &Ear,
        settings: &ReflectionSettings,
        basis: &Basis,
        memory: &mut Memory,
    ) -> Energy {
        let lowest = Self::lowest_reflected(settings, basis.direct.weighted);
        let mut reflected = Energy::default();
        let needed = lowest.max(basis.lowest);
        let count = memory.pieces.partition_point(|piece| piece.class >= needed);
        if count == 0 || lowest == SILENCE {
            return reflected;
        }
        memory.mirrors.gather(self.scene, receiver, settings);
        for wall in 0..memory.mirrors.walls.len() {
            let facing = memory.mirrors.walls[wall];
            for at in 0..count {
                let piece = memory.pieces[at];
                let Some((mirror, flat_m2)) = facing.reflection(self.scene, &piece, ear) else { continue };
                let rise_m = ear.height_m - piece.height_m;
                let strength = self.strengths[piece.line as usize];
                let potential = strength * piece.weight_m / (flat_m2 + rise_m * rise_m);
                if class(potential) >= lowest && self.scene.building_at(mirror.place).is_none() {
                    reflected = reflected.plus(self.heard(&piece, Some(mirror), ear, memory));
                }
            }
        }
        reflected
    }

    /// What arrives of a piece.
    #[inline]
    pub(super) fn heard(&self, piece: &Piece, mirror: Option<Mirror>, ear: &Ear, memory: &mut Memory) -> Energy {
        let source = (piece.place, piece.height_m);
        memory.tracer.trace(self.scene, source, mirror, (ear.place, ear.height_m), &mut memory.profile);
        let gains = attenuation(&memory.profile, &self.settings.air, &mut memory.scratch);
        let line = &self.scene.lines[piece.line as usize];
        let energies = [0, 1, 2].map(|period| {
            let share = self.settings.favourable_share[period];
            let mut sum = 0.0;
            for band in 0..BAND_COUNT {
                let gain = gains.homogeneous[band] * (1.0 - share) + gains.favourable[band] * share;
                sum += line.energy[period][band] * gain;
            }
            sum * piece.weight_m
        });
        Energy::new(energies, &self.weights)
    }
}
