//! Trajectories in a file (`.gtraj`): where each vehicle is, second by second, and all that it takes to draw it.
//!
//! A viewer needs no simulator: the file holds the lanes' middle lines, the streets' names, the vehicle types, who drives what, and what
//! each lamp shows. It is small (a vehicle and second takes 2 to 3 bytes) and can be read from any time on.
//!
//! ```text
//! "gmltraj" 1                          8 bytes: what it is, and the version of the format
//! section: about                       JSON: run, reference system, begin, step, fidelity, types
//! section: scene                       streets, lanes, lamps, the type of each trip
//! section: block, block, …             some seconds each; each can be decoded alone
//! section: index                       where each block stands, and which frames it holds
//! index' place (u64), CRC-32 of it (u32), "gtrajend"
//! ```
//!
//! A section is its kind (u8), its length unpacked and packed (u32 each), the CRC-32 of all that and of what follows (u32),
//! and the packed bytes (deflate). Numbers are little-endian; inside sections they are LEB128, signed ones zigzag. Positions
//! are told to 5 cm and speeds to 0.1 m/s, so that they come back within [`POSITION_TOLERANCE_M`] and
//! [`SPEED_TOLERANCE_MPS`].
//!
//! The same trajectories give the same bytes. Damaged, cut or lying files are refused with what is wrong with them.
//!
//! | file | what it holds |
//! | --- | --- |
//! | `scene` | what does not move |
//! | `block` | some seconds of vehicles and lamps, packed |
//! | `numbers`, `section` | numbers and sections as bytes |
//! | `writer`, `file`, `reader` | the file, written block by block and read from any place |
//! | `error` | what can be wrong |
//!
//! Left out: names of trips, height.

mod block;
mod error;
mod file;
mod numbers;
mod reader;
mod scene;
mod section;
#[cfg(test)]
mod tests;
mod writer;

pub use block::{Moment, POSITION_TOLERANCE_M, SPEED_TOLERANCE_MPS};
pub use error::{TrajectoryError, TrajectoryFault};
pub use file::TrajectoryFile;
pub use reader::Trajectories;
pub use scene::{About, Reference, Scene, SceneLane, TypeAbout};
pub use writer::Writer;
