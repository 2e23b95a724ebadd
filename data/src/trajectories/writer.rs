//! Writes trajectories block by block; no more than one block is held in memory.

use std::io::Write;

use engine::traffic::trajectories::Frame;

use super::block::Gathered;
use super::error::TrajectoryFault;
use super::numbers::put;
use super::scene::Scene;
use super::section::{self, Kind};

/// The first bytes of a file; the last one is the version of the format.
pub(super) const MAGIC: [u8; 8] = *b"gmltraj\x01";
/// The last bytes of a file.
pub(super) const END: [u8; 8] = *b"gtrajend";

/// Writes trajectories to whatever takes bytes.
#[derive(Debug)]
pub struct Writer<W> {
    to: W,
    scene: Scene,
    gathered: Gathered,
    next: u32,
    at: u64,
    places: u64,
    /// Length in bytes, number of frames and number of places of each block.
    blocks: Vec<(u64, u32, u64)>,
}

impl<W: Write> Writer<W> {
    /// Begins with the scene.
    ///
    /// # Errors
    /// [`TrajectoryFault`] where it cannot be written or is too large.
    pub fn new(mut to: W, scene: Scene) -> Result<Self, TrajectoryFault> {
        if !(scene.about.step_s.is_finite() && scene.about.step_s > 0.0) {
            return Err(TrajectoryFault::Step(scene.about.step_s));
        }
        to.write_all(&MAGIC)?;
        let about = serde_json::to_vec(&scene.about).map_err(std::io::Error::from)?;
        let mut at = MAGIC.len() as u64;
        at += section::write(&mut to, Kind::About, &about)?;
        at += section::write(&mut to, Kind::Scene, &scene.to_bytes())?;
        Ok(Self { to, scene, gathered: Gathered::default(), next: 0, at, places: 0, blocks: Vec::new() })
    }

    /// Adds the next frame.
    ///
    /// # Errors
    /// [`TrajectoryFault`] where it is not the next one, or cannot be written.
    pub fn add(&mut self, frame: &Frame<'_>) -> Result<(), TrajectoryFault> {
        if frame.number != self.next {
            return Err(TrajectoryFault::Order { expected: self.next, found: frame.number });
        }
        if frame.lamps.len() != self.scene.lamp_count() {
            return Err(TrajectoryFault::Damaged("a frame has other lamps than the scene"));
        }
        self.next += 1;
        self.gathered.add(frame);
        if self.gathered.is_full() { self.flush() } else { Ok(()) }
    }

    fn flush(&mut self) -> Result<(), TrajectoryFault> {
        if self.gathered.frames == 0 {
            return Ok(());
        }
        let (frames, places) = (self.gathered.frames, self.gathered.len() as u64);
        let bytes = self.gathered.pack(&self.scene);
        let length = section::write(&mut self.to, Kind::Block, &bytes)?;
        self.at += length;
        self.places += places;
        self.blocks.push((length, frames, places));
        Ok(())
    }

    /// How many vehicles were written, each counted in each frame.
    #[must_use]
    pub fn places(&self) -> u64 {
        self.places + self.gathered.len() as u64
    }

    /// Writes what is left, and the index.
    ///
    /// # Errors
    /// [`TrajectoryFault`] where it cannot be written.
    pub fn finish(mut self) -> Result<W, TrajectoryFault> {
        self.flush()?;
        let mut index = Vec::new();
        put(&mut index, self.blocks.len() as u64);
        for &(length, frames, places) in &self.blocks {
            put(&mut index, length);
            put(&mut index, u64::from(frames));
            put(&mut index, places);
        }
        section::write(&mut self.to, Kind::Index, &index)?;
        let place = self.at.to_le_bytes();
        let mut crc = flate2::Crc::new();
        crc.update(&place);
        self.to.write_all(&place)?;
        self.to.write_all(&crc.sum().to_le_bytes())?;
        self.to.write_all(&END)?;
        Ok(self.to)
    }
}
