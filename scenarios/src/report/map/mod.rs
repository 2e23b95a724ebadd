//! The maps: flows before, after, their difference, and what becomes of durations, of the city's heart and of the whole
//! city, as SVG.
//!
//! Everything that maps share (ground, names, the base's flows) stands once in the page and is referred to. Traffic keeps
//! right: each side of a two-way street shows one direction. A difference is drawn only where it is larger than its
//! interval, or where there is no interval at all. What a map leaves out: junction delays, and links with next to no flow
//! beyond their thin line.
//!
//! | file | what |
//! | --- | --- |
//! | `atlas.rs` | the maps of a report, and what they share |
//! | `frame.rs`, `window.rs` | a window of the city at one scale; which windows are shown |
//! | `path.rs` | lines as short SVG paths; traffic that keeps right |
//! | `scale.rs` | widths and colour classes |
//! | `ground.rs` | rivers, railways, streets, names, scale bar, north |
//! | `labels.rs` | where names and markers find room |
//! | `strokes.rs` | flows and differences |
//! | `edits.rs` | where a scenario acts |
//! | `durations.rs` | zones whose trips take longer or shorter |
//! | `legend.rs` | what the strokes mean, in words |
//! | `traffic/` | vehicles at one time, from recorded trajectories |

mod atlas;
mod durations;
mod edits;
mod frame;
mod ground;
mod labels;
mod legend;
mod path;
mod scale;
mod strokes;
pub mod traffic;
mod window;

pub(super) use self::atlas::{Atlas, Marker, Subject, Time};
pub(super) use self::scale::round_number;
