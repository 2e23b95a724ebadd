//! The dense graph that simulations run on.

mod extract;
mod graph;

pub use extract::{ArcKind, CityNetwork, EdgeParking, ExtractError};
pub use graph::{Adjacency, Graph, GraphError};
