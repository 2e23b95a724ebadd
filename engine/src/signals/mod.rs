//! Signals: what the lamps of a junction show, and when.
//!
//! Pure functions and small state machines that know nothing of the simulations. Lamps and stages are numbered from 0;
//! times are in seconds, flows in vehicles an hour. Left out: working intergreens out from the junction's geometry, whole
//! seconds for computed greens, coordination in grids of streets.
//!
//! | file | what |
//! | --- | --- |
//! | `program.rs` | fixed programs: phases that repeat |
//! | `intergreens.rs`, `stages.rs` | which lamps may be green together and what lies between; programs made of stages |
//! | `critical.rs`, `webster.rs` | cycle and greens from the traffic to be served |
//! | `delay.rs`, `hcm.rs` | delay, stops and level of service of signals, signs and roundabouts |
//! | `coordination.rs` | offsets of signals along a street, for green waves |
//! | [`control`] | what decides while traffic runs: by the clock, by gaps, by queues; priority for buses |

pub mod control;
mod coordination;
mod critical;
mod delay;
mod hcm;
mod intergreens;
mod program;
mod stages;
mod webster;

pub use coordination::{
    Arterial, Bandwidths, Wave, WaveFault, WaveJunction, Weights, Window, best_cycle, common_cycle_s,
};
pub use critical::{LampFlow, critical_flow_ratios};
pub use delay::{Approach, ApproachFault};
pub use hcm::{EntryCapacity, LevelOfService, Overload, roundabout_delay_s, signalised_delay_s, unsignalised_delay_s};
pub use intergreens::{Conflict, IntergreenFault, Intergreens};
pub use program::{Lamp, Phase, Program, ProgramFault};
pub use stages::{Stage, StageFault, Stages};
pub use webster::{CycleLimits, LostTime, Timing, TimingFault, optimal_cycle_s, timing, timing_in_cycle};
