//! A file of trajectories that is there as a whole or not at all.

use std::path::{Path, PathBuf};

use engine::traffic::trajectories::{Recorder, Traffic};

use super::error::{TrajectoryError, TrajectoryFault};
use super::scene::Scene;
use super::writer::Writer;
use crate::complete_file::CompleteFile;

/// Records a running simulation into a file. Dropped unfinished it leaves nothing.
///
/// ```text
/// let mut file = TrajectoryFile::create(path, Scene::of(&traffic, …))?;
/// while !traffic.is_over() {
///     traffic.advance_to(file.next_s());
///     file.note(&traffic)?;
/// }
/// file.finish()?;
/// ```
#[derive(Debug)]
pub struct TrajectoryFile {
    path: PathBuf,
    recorder: Recorder,
    writer: Writer<CompleteFile>,
}

impl TrajectoryFile {
    /// Lets everything happen and writes where everybody is on the way: all of it, or nothing.
    ///
    /// # Errors
    /// [`TrajectoryError`] where the file cannot be written.
    pub fn record(path: &Path, scene: Scene, traffic: &mut impl Traffic) -> Result<(), TrajectoryError> {
        let mut file = Self::create(path, scene)?;
        while !traffic.is_over() {
            traffic.advance_to(file.next_s());
            file.note(traffic)?;
        }
        file.finish()
    }

    /// The name of the file in the folder of a run.
    pub const NAME: &str = "trajectories.gtraj";

    /// Begins a file that shall stand at `path`.
    ///
    /// # Errors
    /// [`TrajectoryError`] where it cannot be written, or the scene's step is no time.
    pub fn create(path: &Path, scene: Scene) -> Result<Self, TrajectoryError> {
        let made = || {
            let about = &scene.about;
            let recorder = Recorder::new(about.begin_s, about.step_s).ok_or(TrajectoryFault::Step(about.step_s))?;
            let writer = Writer::new(CompleteFile::create(path)?, scene.clone())?;
            Ok(Self { path: path.to_owned(), recorder, writer })
        };
        made().map_err(|fault: TrajectoryFault| fault.at(path))
    }

    /// When the next frame is due, in seconds.
    #[must_use]
    pub fn next_s(&self) -> f64 {
        self.recorder.next_s()
    }

    /// Notes where everybody is, if a frame is due.
    ///
    /// # Errors
    /// [`TrajectoryError`] where it cannot be written.
    pub fn note(&mut self, traffic: &impl Traffic) -> Result<(), TrajectoryError> {
        let Some(frame) = self.recorder.note(traffic) else { return Ok(()) };
        self.writer.add(&frame).map_err(|fault| fault.at(&self.path))
    }

    /// How many vehicles were noted, each counted in each frame.
    #[must_use]
    pub fn places(&self) -> u64 {
        self.writer.places()
    }

    /// Puts the file in its place.
    ///
    /// # Errors
    /// [`TrajectoryError`] where it cannot be written.
    pub fn finish(self) -> Result<(), TrajectoryError> {
        let path = self.path;
        let finished = self.writer.finish().and_then(|file| Ok(file.finish()?));
        finished.map_err(|fault| fault.at(&path))
    }
}
