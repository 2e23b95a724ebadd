//! The weather that carries pollution: hours, years, classes.
//!
//! | file | what |
//! | --- | --- |
//! | `hour.rs` | wind, stability and mixing height of an hour; calm hours |
//! | `year.rs` | every hour of a calendar year, none missing |
//! | `turner.rs` | stability from sun, clouds or radiation, and wind |
//! | `classes.rs` | a year as joint frequencies of direction, speed and stability |
//! | `synthetic.rs` | a **synthetic** year from a few numbers, where nothing was measured |

mod classes;
mod hour;
mod synthetic;
mod turner;
mod year;

pub use classes::{Classification, ClassificationFault, JointFrequency, WeatherClass};
pub use hour::{Stability, WIND_MAX_MPS, Weather, WeatherFault};
pub use synthetic::{ClimateFault, SEASONS, SECTORS, SyntheticClimate, stability_shares};
pub use turner::{Sky, stability, sun_elevation_deg};
pub use year::{Calendar, HOURS_OF_DAY, Hour, WeatherYear, YearFault};
