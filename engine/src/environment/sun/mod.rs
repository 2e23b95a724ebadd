//! Sun and shadow: where the sun stands, what its light reaches, and what a new building takes from its neighbours.
//!
//! Buildings are *blocks*, footprints extruded to one height; trees are *crowns*, upright cylinders that let a share of the
//! light through. A *path* is the sun's way over a day, or over days that stand for a season, cut into steps of some minutes;
//! whatever is lit in a step's middle is lit for the whole step. Seconds of sun are whole numbers, so that sums are exact
//! whatever their order. On flat ground every block's shadow is drawn into a raster, step by step; façades are asked ray by
//! ray. Left out: the shape of roofs, light that is scattered or reflected, clouds (hours are those of a clear sky), the
//! sun's disc (a shadow has no penumbra), refraction in the length of shadows, and slopes for the ground raster; rays can be
//! given a relief.
//!
//! | file | what |
//! | --- | --- |
//! | `position.rs`, `convergence.rs` | where the sun stands, sunrise and sunset; true north and the grid's north |
//! | `path.rs` | the sun's way over days, in steps |
//! | `scene.rs`, `conflicts.rs` | blocks and crowns that cast shadows; buildings that stand in each other |
//! | `shadow.rs` | the outline of one shadow on flat ground |
//! | `grid.rs`, `raster.rs`, `ground.rs` | seconds of sun in the cells of a grid |
//! | `receiver.rs`, `rays.rs`, `facade.rs` | points in the sun, the rays that reach them, and points on façades |
//! | `loss.rs` | what a change of the scene gives and takes, worked out only where its shadows fall |
//! | `parameters.rs` | what `scenarios/parameters/sun.toml` holds |

mod conflicts;
mod convergence;
mod facade;
mod grid;
mod ground;
mod loss;
mod parameters;
mod path;
mod position;
#[cfg(test)]
mod properties;
mod raster;
mod rays;
mod receiver;
mod scene;
mod shadow;

pub use conflicts::{Conflict, ConflictFault, building_conflicts, conflicts_with_standing};
pub use convergence::transverse_mercator_convergence_rad;
pub use facade::{FacadePoints, facade_points};
pub use grid::{GridFault, GroundGrid};
pub use ground::{GroundSun, ground_sun};
pub use loss::{ChangeFault, ground_sun_changed, receiver_sun_changed, sun_lost_s};
pub use parameters::{
    CrownShape, CrownTransmittance, DayOfYear, FacadeSpacing, LeafSeason, RepresentativeDay, SunParameterFault,
    SunParameters, SunlightGuideline, SunlightLevel,
};
pub use path::{PathFault, PathRules, SunPath, SunStep};
pub use position::{
    Atmosphere, Date, Daylight, Moment, PositionFault, Site, SiteFault, SunPosition, daylight, sun_position,
};
pub use rays::{Obstacles, Relief, ReliefFault, receiver_faults, receiver_sun};
pub use receiver::{Receiver, ReceiverFault};
pub use scene::{Block, Crown, Scene, SceneChange, SceneFault};
pub use shadow::shadow_outline;
