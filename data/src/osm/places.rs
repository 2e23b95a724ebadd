//! Where the nodes of an extract are, in metres of the city.

use geo::Coord;
use rayon::prelude::*;

use super::OsmError;
use super::elements::{Extract, Way};
use crate::projection::{Crs, Transform};

/// How many nodes are projected as one piece of work.
const BLOCK: usize = 8192;

/// The nodes of an extract in metres.
pub(super) struct Places<'a> {
    extract: &'a Extract,
    metres: Vec<Coord<f64>>,
}

impl<'a> Places<'a> {
    /// All nodes, in the metres of that system.
    pub(super) fn new(extract: &'a Extract, crs: &Crs) -> Result<Self, OsmError> {
        let transform = Transform::new(Crs::wgs84(), crs.clone());
        let blocks: Vec<Result<Vec<Coord<f64>>, OsmError>> = extract
            .nodes
            .par_chunks(BLOCK)
            .map(|nodes| nodes.iter().map(|(_, degrees)| Ok(transform.point(*degrees)?)).collect())
            .collect();
        let mut metres = Vec::with_capacity(extract.nodes.len());
        for block in blocks {
            metres.extend(block?);
        }
        Ok(Self { extract, metres })
    }

    /// Where a node is, if the extract has it.
    pub(super) fn node(&self, id: i64) -> Option<Coord<f64>> {
        self.extract.node_index(id).map(|index| self.metres[index])
    }

    /// The nodes of a way that the extract has, and how many it has not.
    pub(super) fn line(&self, way: &Way) -> (Vec<Coord<f64>>, usize) {
        let line: Vec<Coord<f64>> = way.nodes.iter().filter_map(|&id| self.node(id)).collect();
        let missing = way.nodes.len() - line.len();
        (line, missing)
    }
}
