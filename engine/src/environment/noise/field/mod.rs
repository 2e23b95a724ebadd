//! Noise levels at façades and on a grid: every line that matters to every receiver.
//!
//! Directive (EU) 2015/996, annex, 2.5.1 to 2.5.5 and 2.8: lines are cut into pieces that sound like points, sound reaches a receiver
//! directly, over roofs and by one reflection, and periods differ only in what is emitted and in how often conditions are
//! favourable. For each receiver pieces come in the order of what they would be in the open, by classes of three decibels; when all of the
//! next would be more than [`FieldSettings::neglect_db`] below what has arrived, the rest is left out. Left out besides: lateral diffraction, which the directive
//! asks for with industrial sources alone (2.5.6), and reflections of a higher order.
//!
//! - [`Receiver`], [`FieldSettings`]: where, and how;
//! - [`field()`], [`Field`], [`Outcome`], [`Levels`]: L_day, L_evening, L_night and L_den;
//! - [`update()`]: the same after a change, of which only what it changes is reckoned.

mod answer;
mod energy;
mod mirrors;
mod pieces;
mod ray;
mod settings;
mod solve;
#[cfg(test)]
mod tests;
mod update;

pub use answer::{Field, Levels, Outcome, Receiver};
pub use settings::{FieldSettings, ReflectionSettings, SettingsFault};
pub use solve::field;
pub use update::{Changes, Effort, update};
