//! A directed graph in compressed sparse rows.
//!
//! Nodes and arcs are numbered by `u32`. Arcs keep the order that they were given in, so that results can be told in the
//! order of a source; [`Adjacency`] lists them by node. The first nodes are the *zones*; paths begin and end in them and
//! may pass through a node only if it is not below [`Graph::first_through_node`].

/// A directed graph whose first nodes are zones.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Graph {
    node_count: u32,
    zone_count: u32,
    first_through_node: u32,
    tails: Vec<u32>,
    heads: Vec<u32>,
    leaving: Adjacency,
    entering: Adjacency,
}

/// Why arcs do not make a graph.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum GraphError {
    /// An arc names a node that the graph does not have.
    #[error("arc {arc} names node {node}, but there are only {nodes} nodes")]
    Node {
        /// The arc, from 0.
        arc: usize,
        /// The node, from 0.
        node: u32,
        /// How many nodes there are.
        nodes: u32,
    },
    /// There are more zones than nodes.
    #[error("{zones} zones do not fit into {nodes} nodes")]
    Zones {
        /// How many zones.
        zones: u32,
        /// How many nodes.
        nodes: u32,
    },
    /// There are more arcs than a u32 can number.
    #[error("{0} arcs are more than the 4,294,967,294 that can be numbered")]
    TooManyArcs(usize),
}

/// For every node its arcs, in ascending order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Adjacency {
    starts: Vec<u32>,
    arcs: Vec<u32>,
}

impl Adjacency {
    fn new(node_count: u32, nodes: &[u32]) -> Self {
        let mut starts = vec![0_u32; node_count as usize + 1];
        for &node in nodes {
            starts[node as usize + 1] += 1;
        }
        for node in 1..starts.len() {
            starts[node] += starts[node - 1];
        }
        let mut next = starts.clone();
        let mut arcs = vec![0_u32; nodes.len()];
        for (arc, &node) in (0_u32..).zip(nodes) {
            let place = &mut next[node as usize];
            arcs[*place as usize] = arc;
            *place += 1;
        }
        Self { starts, arcs }
    }

    /// The arcs of a node.
    #[inline]
    #[must_use]
    pub fn of(&self, node: u32) -> &[u32] {
        &self.arcs[self.starts[node as usize] as usize..self.starts[node as usize + 1] as usize]
    }
}

impl Graph {
    /// Makes a graph of arcs given by their tail and head nodes. `zone_count` nodes, from 0, are zones; paths may pass
    /// through the nodes from `first_through_node` on, and only begin or end in those before it.
    ///
    /// # Errors
    /// [`GraphError`] where an arc names a missing node, or the numbers do not fit.
    ///
    /// # Panics
    /// Where `tails` and `heads` differ in length.
    pub fn new(
        node_count: u32,
        zone_count: u32,
        first_through_node: u32,
        tails: Vec<u32>,
        heads: Vec<u32>,
    ) -> Result<Self, GraphError> {
        assert_eq!(tails.len(), heads.len(), "an arc has one tail and one head");
        if u32::try_from(tails.len()).is_ok_and(|count| count < u32::MAX) {
        } else {
            return Err(GraphError::TooManyArcs(tails.len()));
        }
        if zone_count > node_count {
            return Err(GraphError::Zones { zones: zone_count, nodes: node_count });
        }
        for (arc, (&tail, &head)) in tails.iter().zip(&heads).enumerate() {
            if let Some(node) = [tail, head].into_iter().find(|&node| node >= node_count) {
                return Err(GraphError::Node { arc, node, nodes: node_count });
            }
        }
        let leaving = Adjacency::new(node_count, &tails);
        let entering = Adjacency::new(node_count, &heads);
        Ok(Self { node_count, zone_count, first_through_node, tails, heads, leaving, entering })
    }

    /// How many nodes.
    #[must_use]
    pub fn node_count(&self) -> u32 {
        self.node_count
    }

    /// How many of the first nodes are zones.
    #[must_use]
    pub fn zone_count(&self) -> u32 {
        self.zone_count
    }

    /// The first node that paths may pass through.
    #[must_use]
    pub fn first_through_node(&self) -> u32 {
        self.first_through_node
    }

    /// How many arcs.
    #[must_use]
    pub fn arc_count(&self) -> usize {
        self.tails.len()
    }

    /// The node that each arc leaves.
    #[must_use]
    pub fn tails(&self) -> &[u32] {
        &self.tails
    }

    /// The node that each arc enters.
    #[must_use]
    pub fn heads(&self) -> &[u32] {
        &self.heads
    }

    /// The arcs that leave each node.
    #[must_use]
    pub fn leaving(&self) -> &Adjacency {
        &self.leaving
    }

    /// The arcs that enter each node.
    #[must_use]
    pub fn entering(&self) -> &Adjacency {
        &self.entering
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arcs_are_found_from_both_ends() {
        let graph = Graph::new(3, 1, 1, vec![0, 0, 2], vec![1, 2, 1]).expect("a graph");
        assert_eq!(graph.leaving().of(0), [0, 1]);
        assert_eq!(graph.leaving().of(1), [0_u32; 0]);
        assert_eq!(graph.entering().of(1), [0, 2]);
    }

    #[test]
    fn missing_nodes_are_named() {
        let error = Graph::new(2, 1, 0, vec![0], vec![2]).expect_err("node 2 is missing");
        assert_eq!(error, GraphError::Node { arc: 0, node: 2, nodes: 2 });
        assert_eq!(Graph::new(1, 2, 0, vec![], vec![]), Err(GraphError::Zones { zones: 2, nodes: 1 }));
    }
}
