//! Vehicles lane by lane, from event to event: only what changes costs time.
//!
//! Each lane is a queue in which nobody overtakes, and moves as G. F. Newell (1993), *A simplified theory of kinematic waves in
//! highway traffic*, Transportation Research Part B 27, 281–313, says for a triangular fundamental diagram: vehicles go
//! forward at their desired speed, gaps go backward at spacing over reaction time. A lane takes a vehicle once a gap for
//! it has arrived at its beginning; so queues have a length, and spill back into the junction behind.
//!
//! What one decides at a junction is decided once, when a vehicle reaches the end of its lane: lamp, room behind the
//! junction, whoever is crossing, gaps in the traffic that has the right of way. Speeds are not simulated, but what
//! braking and accelerating cost is counted.
//!
//! | file | what it holds |
//! | --- | --- |
//! | `motion` | a type's spacing and reaction time, from its car-following model; the time that accelerating and braking take |
//! | `calendar` | what happens next |
//! | `queues` | vehicles on lanes, gaps on their way back, lanes that wait for others |
//! | `simulation` | the loop, and its results |
//! | `pass` | whether the first vehicle of a lane goes on |
//! | `give_way` | gaps in the traffic that goes first, and the room inside a junction |
//! | `pedestrians` | people at crossings |
//! | `lamps` | what signals show, when they open, and when those that follow traffic decide |
//! | `detectors` | what loops, counters and buses on their way tell signals that follow traffic |
//! | `choice` | which lane comes next |
//! | `place` | how a vehicle comes onto a lane: from a junction, or where its trip begins |
//! | `look_about` | who chooses another way before it begins, or on the way |
//! | `plans` | which lane leads where for those who are under way |
//! | `places`, `alone` | where vehicles are between events, reconstructed for those who watch |
//! | `relief` | circles of vehicles that wait for each other |
//! | `sought` | ways that are found when trips begin |
//! | `record` | what is told to the results |
//!
//! Left out: changing lanes on a street after its beginning, overtaking, vehicles that stop inside a junction (but
//! where one waits there for the oncoming traffic), and the way that braking and accelerating spread along a queue.

mod alone;
mod calendar;
mod choice;
mod detectors;
mod give_way;
mod lamps;
mod look_about;
mod motion;
mod pass;
mod pedestrians;
mod place;
mod places;
mod plans;
#[cfg(test)]
mod properties;
mod queues;
mod record;
mod relief;
mod simulation;
mod sought;
#[cfg(test)]
mod tests;

#[cfg(test)]
pub(super) use motion::stated_saturation_flow_vph;
pub use simulation::Meso;
