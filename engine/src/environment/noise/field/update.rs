//! Levels after a change.
//!
//! What a line gave is taken away and what it gives is added, where the change leaves it as it was down to which class pieces are looked
//! at, directly and reflected; else the receiver is reckoned from scratch. So is a receiver that has a changed building as near as
//! the farthest of all that was looked at for it. All others keep their levels, which are what they would be from scratch.

use rayon::prelude::*;

use super::answer::{Field, Outcome, Receiver};
use super::energy::Energy;
use super::pieces::squared_from_box_m2;
use super::settings::{FieldSettings, SettingsFault};
use super::solve::{BLOCK, Basis, Memory, Work, sorted_by_place};
use crate::environment::noise::scene::Scene;

/// What differs between two scenes.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Changes {
    /// Indices of lines that the scene before had otherwise, or that are gone.
    pub lines_before: Vec<usize>,
    /// Indices of lines that the scene after has otherwise, or that are new.
    pub lines_after: Vec<usize>,
    /// Indices of buildings that the scene before had otherwise, or that are gone.
    pub buildings_before: Vec<usize>,
    /// Indices of buildings that the scene after has otherwise, or that are new.
    pub buildings_after: Vec<usize>,
}

/// How many receivers took what, in [`update()`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Effort {
    /// Receivers that the change cannot reach.
    pub kept: usize,
    /// Receivers of which only the changed lines were reckoned.
    pub amended: usize,
    /// Receivers that were reckoned from scratch.
    pub anew: usize,
}

/// Levels in the scene `after`, where `earlier` holds those in the scene `before` for the same receivers and settings.
///
/// What changed must be told completely; ground, elevations, extent and the squares' side must be the same, and so must the order of all that is
/// not named in `changes`. The outcomes are those of [`super::field()`], byte for byte.
///
/// # Errors
/// What is wrong with the settings.
pub fn update(
    (before, after): (&Scene, &Scene),
    changes: &Changes,
    receivers: &[Receiver],
    settings: &FieldSettings,
    earlier: &Field,
) -> Result<(Field, Effort), Vec<SettingsFault>> {
    settings.validate()?;
    let update = Update {
        before: Work::new(before, settings),
        after: Work::new(after, settings),
        lines: [&changes.lines_before, &changes.lines_after].map(|lines| lines.iter().map(|&at| at as u32).collect()),
        boxes: boxes((before, after), changes),
        receivers,
        earlier,
    };
    let order = sorted_by_place(receivers, after);
    let (blocks, efforts): (Vec<_>, Vec<_>) =
        order.par_chunks(BLOCK).map_init(Memories::default, |memories, block| update.block(block, memories)).unzip();
    let mut field = earlier.clone();
    field.put(&order, blocks);
    let mut effort = Effort::default();
    for part in efforts {
        effort.kept += part.kept;
        effort.amended += part.amended;
        effort.anew += part.anew;
    }
    Ok((field, effort))
}

fn boxes((before, after): (&Scene, &Scene), changes: &Changes) -> Vec<[[f64; 2]; 2]> {
    let gone = changes.buildings_before.iter().map(|&at| before.buildings[at].bounds);
    gone.chain(changes.buildings_after.iter().map(|&at| after.buildings[at].bounds)).collect()
}

/// Memory of one thread: for what was, what is, and all that is.
#[derive(Default)]
struct Memories {
    before: Memory,
    after: Memory,
    whole: Memory,
}

struct Update<'a> {
    before: Work<'a>,
    after: Work<'a>,
    lines: [Vec<u32>; 2],
    boxes: Vec<[[f64; 2]; 2]>,
    receivers: &'a [Receiver],
    earlier: &'a Field,
}

impl Update<'_> {
    fn block(&self, block: &[u32], memories: &mut Memories) -> (Vec<(Outcome, Basis)>, Effort) {
        let [gone, come] = &self.lines;
        self.before.gather_lines(block, self.receivers, gone.iter().copied(), &mut memories.before);
        self.after.gather_lines(block, self.receivers, come.iter().copied(), &mut memories.after);
        let mut effort = Effort::default();
        let mut gathered = false;
        let mut results = Vec::with_capacity(block.len());
        for &at in block {
            let receiver = &self.receivers[at as usize];
            let known = (self.earlier.outcomes[at as usize], self.earlier.bases[at as usize]);
            let found = match self.beside_buildings(receiver, &known) {
                true => None,
                false => self.amended(receiver, known, memories),
            };
            results.push(match found {
                Some(Found::Kept) => {
                    effort.kept += 1;
                    known
                }
                Some(Found::Amended(basis)) => {
                    effort.amended += 1;
                    (self.after.outcome(&basis), basis)
                }
                None => {
                    effort.anew += 1;
                    if !gathered {
                        let all = 0..self.after.scene.lines.len() as u32;
                        self.after.gather_lines(block, self.receivers, all, &mut memories.whole);
                        gathered = true;
                    }
                    self.after.receiver(receiver, &mut memories.whole)
                }
            });
        }
        (results, effort)
    }

    /// Whether a changed building may matter to a receiver.
    fn beside_buildings(&self, receiver: &Receiver, (outcome, basis): &(Outcome, Basis)) -> bool {
        let reach_m2 = basis.farthest_m * basis.farthest_m;
        match outcome {
            Outcome::Faulty => false,
            // Its building may have another index, or be gone.
            Outcome::Inside { .. } => !self.boxes.is_empty(),
            Outcome::Levels(_) => {
                self.boxes.iter().any(|bounds| squared_from_box_m2(receiver.position, bounds) <= reach_m2)
            }
        }
    }

    /// What the changed lines change, if it leaves what is looked at of all others as it was.
    fn amended(&self, receiver: &Receiver, known: (Outcome, Basis), memories: &mut Memories) -> Option<Found> {
        let (Outcome::Levels(_), known) = known else { return Some(Found::Kept) };
        let ear = self.after.ear(receiver);
        let gone = Part::direct(&self.before, &ear, &known, &mut memories.before);
        let come = Part::direct(&self.after, &ear, &known, &mut memories.after);
        if gone.count == 0 && come.count == 0 {
            return Some(Found::Kept);
        }
        let mut basis = known;
        basis.direct = known.direct.minus(gone.direct).plus(come.direct);
        basis.of_lowest = known.of_lowest.minus(gone.of_lowest.weighted).plus(come.of_lowest.weighted);
        basis.farthest_m = known.farthest_m.max(come.farthest_m);
        let heard = basis.direct.weighted;
        let as_before = self.after.is_enough(heard, known.lowest)
            && !self.after.is_enough(heard.minus(basis.of_lowest), known.lowest.saturating_add(1));
        if !as_before {
            return None;
        }
        if let Some(reflection) = &self.after.settings.reflection {
            let class = |direct: Energy| Work::lowest_reflected(reflection, direct.weighted);
            if class(basis.direct) != class(known.direct) {
                return None;
            }
            let gone = self.before.reflected(receiver, &ear, reflection, &known, &mut memories.before);
            let come = self.after.reflected(receiver, &ear, reflection, &basis, &mut memories.after);
            basis.reflected = known.reflected.minus(gone).plus(come);
        }
        Some(Found::Amended(basis))
    }
}

/// What came of a receiver without reckoning it from scratch.
enum Found {
    /// Nothing reaches it.
    Kept,
    /// What it rests on now.
    Amended(Basis),
}

/// What comes directly of some lines.
#[derive(Default)]
struct Part {
    count: usize,
    direct: Energy,
    of_lowest: Energy,
    farthest_m: f64,
}

impl Part {
    /// Of the gathered lines, down to the class that was looked at.
    fn direct(work: &Work, ear: &super::pieces::Ear, known: &Basis, memory: &mut Memory) -> Self {
        work.gather_pieces(ear, memory);
        let mut part = Self::default();
        while let Some(&piece) = memory.pieces.get(part.count).filter(|piece| piece.class >= known.lowest) {
            let heard = work.heard(&piece, None, ear, memory);
            part.direct = part.direct.plus(heard);
            if piece.class == known.lowest {
                part.of_lowest = part.of_lowest.plus(heard);
            }
            part.farthest_m = part.farthest_m.max(piece.apart_m(ear));
            part.count += 1;
        }
        part
    }
}
