//! The dense graph that simulations run on.

mod extract;
mod graph;
mod way;

pub use extract::{ArcKind, CityNetwork, EdgeParking, ExtractError};
pub use graph::{Adjacency, Graph, GraphError};
pub use way::{NoWay, Roads, Way};
