//! From the city and its static assignment to lanes and vehicles: all simulations read one network and one demand.
//!
//! [`CityStreets::extract`] makes plain streets of the links that are open at some times of day, which
//! [`derive()`](super::network::derive::derive) turns into lanes; [`trips`] makes vehicles of an equilibrium on
//! [the same links](crate::network::CityNetwork). [`undriveable`] tells where the two disagree. Pure functions of tables,
//! equilibrium and seed.
//!
//! | file | what |
//! | --- | --- |
//! | `open_links` | links that are open, and which of them are the two directions of one street |
//! | `rings` | roundabouts |
//! | `joining` | crossings that are one junction |
//! | `turns` | ways through joined junctions that nobody may take |
//! | `control` | who is regulated how, where the city does not say |
//! | `streets` | all of it as plain streets, and where each link is among them |
//! | `vehicle_types` | a type of vehicle for each class |
//! | `departures` | how many vehicles begin when |
//! | `vehicles` | vehicles with their ways |
//! | `driveable` | whether lanes lead along every way |

mod control;
mod departures;
mod driveable;
mod joining;
mod open_links;
#[cfg(test)]
mod properties;
mod rings;
mod streets;
mod turns;
mod vehicle_types;
mod vehicles;

pub use departures::{Stretch, StretchError};
pub use driveable::{Undriveable, undriveable};
pub use streets::{CityJunction, CityStreets, LinkPlace, StreetsError};
pub use vehicle_types::vehicle_type;
pub use vehicles::{AssignedSlice, CityTrips, CityVehicle, ClassTrips, LeftOut, Stream, TripsError, trips};
