//! The dense graph that simulations run on.

mod graph;

pub use graph::{Adjacency, Graph, GraphError};
