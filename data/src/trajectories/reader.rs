//! Reads trajectories, from any time on.

use std::fs::File;
use std::io::{BufReader, Read, Seek, SeekFrom};
use std::path::Path;

use super::block::{FRAMES_MAX, Moment, unpack};
use super::error::{TrajectoryError, TrajectoryFault};
use super::numbers::Bytes;
use super::scene::Scene;
use super::section::{self, Kind, cut_off};
use super::writer::{END, MAGIC};

/// Where one block stands.
#[derive(Clone, Copy, Debug)]
struct BlockPlace {
    at: u64,
    first: u32,
    frames: u32,
}

/// An open file of trajectories.
#[derive(Debug)]
pub struct Trajectories<R = BufReader<File>> {
    from: R,
    scene: Scene,
    blocks: Vec<BlockPlace>,
    frames: u32,
    places: u64,
    /// The block that was unpacked last.
    unpacked: Option<(usize, Vec<Moment>)>,
}

impl Trajectories {
    /// Opens a file.
    ///
    /// # Errors
    /// [`TrajectoryError`] where it is missing, cut off or damaged.
    pub fn open(path: &Path) -> Result<Self, TrajectoryError> {
        let opened = File::open(path).map_err(TrajectoryFault::from).and_then(|file| Self::read(BufReader::new(file)));
        opened.map_err(|fault| fault.at(path))
    }
}

impl<R: Read + Seek> Trajectories<R> {
    /// Reads scene and index; no block is read yet.
    ///
    /// # Errors
    /// [`TrajectoryFault`] where it cannot be read, is cut off or damaged.
    pub fn read(mut from: R) -> Result<Self, TrajectoryFault> {
        let mut magic = [0; 8];
        from.read_exact(&mut magic).map_err(|error| match error.kind() {
            std::io::ErrorKind::UnexpectedEof => TrajectoryFault::NotTrajectories,
            _ => error.into(),
        })?;
        if magic[..7] != MAGIC[..7] || magic[7] == 0 {
            return Err(TrajectoryFault::NotTrajectories);
        }
        if magic[7] > MAGIC[7] {
            return Err(TrajectoryFault::Newer(magic[7]));
        }
        let about = section::read(&mut from, Kind::About)?;
        let about =
            serde_json::from_slice(&about).map_err(|_| TrajectoryFault::Damaged("what it is about cannot be read"))?;
        let scene = Scene::from_bytes(about, &section::read(&mut from, Kind::Scene)?)?;
        let first_block = from.stream_position()?;
        let end = from.seek(SeekFrom::End(0))?;
        let index_at = index_place(&mut from, end, first_block)?;
        from.seek(SeekFrom::Start(index_at))?;
        let index = section::read(&mut from, Kind::Index)?;
        let (blocks, frames, places) = unpack_index(&index, first_block, index_at)?;
        Ok(Self { from, scene, blocks, frames, places, unpacked: None })
    }

    /// What does not move.
    #[must_use]
    pub fn scene(&self) -> &Scene {
        &self.scene
    }

    /// How many frames there are.
    #[must_use]
    pub fn frames(&self) -> u32 {
        self.frames
    }

    /// How many vehicles are told, each counted in each frame.
    #[must_use]
    pub fn places(&self) -> u64 {
        self.places
    }

    /// Time of the last frame, in seconds; none where there is no frame.
    #[must_use]
    pub fn end_s(&self) -> Option<f64> {
        let about = &self.scene.about;
        self.frames.checked_sub(1).map(|last| about.begin_s + f64::from(last) * about.step_s)
    }

    /// The number of the frame nearest to a time; none before the first and after the last, by more than half a step.
    #[must_use]
    pub fn frame_at(&self, time_s: f64) -> Option<u32> {
        let about = &self.scene.about;
        let number = ((time_s - about.begin_s) / about.step_s).round();
        (number >= 0.0 && number < f64::from(self.frames)).then_some(number as u32)
    }

    /// What is told of a frame; none if there is no such frame.
    ///
    /// # Errors
    /// [`TrajectoryFault`] where its block cannot be read, or is damaged.
    pub fn moment(&mut self, number: u32) -> Result<Option<&Moment>, TrajectoryFault> {
        let block = self.blocks.partition_point(|block| block.first <= number).checked_sub(1);
        let Some(block) = block.filter(|_| number < self.frames) else { return Ok(None) };
        let place = self.blocks[block];
        if self.unpacked.as_ref().is_none_or(|(last, _)| *last != block) {
            self.from.seek(SeekFrom::Start(place.at))?;
            let moments = unpack(&section::read(&mut self.from, Kind::Block)?, place.first, &self.scene)?;
            if moments.len() != place.frames as usize {
                return Err(TrajectoryFault::Damaged("the index does not fit its blocks"));
            }
            self.unpacked = Some((block, moments));
        }
        Ok(self.unpacked.as_ref().and_then(|(_, moments)| moments.get((number - place.first) as usize)))
    }
}

/// Where the index stands, as the end of the file says.
fn index_place(from: &mut (impl Read + Seek), end: u64, first_block: u64) -> Result<u64, TrajectoryFault> {
    let mut last = [0; 20];
    from.seek(SeekFrom::Start(end.checked_sub(20).ok_or(TrajectoryFault::CutOff)?))?;
    from.read_exact(&mut last).map_err(cut_off)?;
    if last[12..] != END {
        return Err(TrajectoryFault::CutOff);
    }
    let mut place = [0; 8];
    place.copy_from_slice(&last[..8]);
    let mut crc = flate2::Crc::new();
    crc.update(&place);
    let sum = u32::from_le_bytes([last[8], last[9], last[10], last[11]]);
    let place = u64::from_le_bytes(place);
    if crc.sum() != sum || place < first_block || place >= end {
        return Err(TrajectoryFault::Damaged("its end does not say where the index is"));
    }
    Ok(place)
}

fn unpack_index(index: &[u8], first_block: u64, index_at: u64) -> Result<(Vec<BlockPlace>, u32, u64), TrajectoryFault> {
    const UNFIT: TrajectoryFault = TrajectoryFault::Damaged("the index does not fit the file");
    let mut bytes = Bytes(index);
    let (mut at, mut first, mut places) = (first_block, 0_u32, 0_u64);
    let mut blocks = Vec::new();
    for _ in 0..bytes.count(3)? {
        let length = bytes.number()?;
        let frames = bytes.below(FRAMES_MAX + 1)?;
        places = places.checked_add(bytes.number()?).ok_or(UNFIT)?;
        blocks.push(BlockPlace { at, first, frames });
        at = at.checked_add(length).ok_or(UNFIT)?;
        first = first.checked_add(frames).ok_or(UNFIT)?;
    }
    bytes.end()?;
    if at == index_at { Ok((blocks, first, places)) } else { Err(UNFIT) }
}
