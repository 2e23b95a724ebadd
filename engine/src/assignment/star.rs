//! The graph in the order that searches walk it: arcs numbered by the node that they leave.

use crate::network::Graph;

/// No arc, no place in a list.
pub(super) const NONE: u32 = u32::MAX;

/// A graph whose arcs are numbered so that those leaving a node stand together.
pub(super) struct Star {
    /// For every node its first leaving arc, and one past the last.
    pub(super) first: Vec<u32>,
    /// The node that each arc leaves.
    pub(super) tails: Vec<u32>,
    /// The node that each arc enters.
    pub(super) heads: Vec<u32>,
    /// The number that each arc has in the graph.
    pub(super) graph_arcs: Vec<u32>,
    /// The number that each arc of the graph has here.
    pub(super) star_arcs: Vec<u32>,
    entering_first: Vec<u32>,
    entering: Vec<u32>,
    first_through_node: u32,
}

impl Star {
    pub(super) fn new(graph: &Graph) -> Self {
        let nodes = graph.node_count();
        let mut star = Self {
            first: Vec::with_capacity(nodes as usize + 1),
            tails: Vec::with_capacity(graph.arc_count()),
            heads: Vec::with_capacity(graph.arc_count()),
            graph_arcs: Vec::with_capacity(graph.arc_count()),
            star_arcs: vec![NONE; graph.arc_count()],
            entering_first: Vec::with_capacity(nodes as usize + 1),
            entering: Vec::with_capacity(graph.arc_count()),
            first_through_node: graph.first_through_node(),
        };
        let mut next = 0;
        for node in 0..nodes {
            star.first.push(next);
            for &arc in graph.leaving().of(node) {
                star.tails.push(node);
                star.heads.push(graph.heads()[arc as usize]);
                star.graph_arcs.push(arc);
                star.star_arcs[arc as usize] = next;
                next += 1;
            }
        }
        star.first.push(next);
        let mut next = 0;
        for node in 0..nodes {
            star.entering_first.push(next);
            for &arc in graph.entering().of(node) {
                star.entering.push(star.star_arcs[arc as usize]);
                next += 1;
            }
        }
        star.entering_first.push(next);
        star
    }

    pub(super) fn node_count(&self) -> usize {
        self.first.len() - 1
    }

    pub(super) fn arc_count(&self) -> usize {
        self.heads.len()
    }

    /// Whether paths may pass through the node.
    #[inline]
    pub(super) fn passes(&self, node: u32) -> bool {
        node >= self.first_through_node
    }

    /// The arcs that leave a node.
    #[inline]
    pub(super) fn leaving(&self, node: u32) -> std::ops::Range<usize> {
        self.first[node as usize] as usize..self.first[node as usize + 1] as usize
    }

    /// The arcs that enter a node.
    #[inline]
    pub(super) fn entering(&self, node: u32) -> &[u32] {
        let range = self.entering_first[node as usize] as usize..self.entering_first[node as usize + 1] as usize;
        &self.entering[range]
    }

    /// Values given by the graph's numbering, in this one.
    pub(super) fn in_star_order<T: Copy>(&self, values: &[T]) -> Vec<T> {
        self.graph_arcs.iter().map(|&arc| values[arc as usize]).collect()
    }

    /// Values given by this numbering, in the graph's.
    pub(super) fn in_graph_order<T: Copy + Default>(&self, values: impl IntoIterator<Item = T>) -> Vec<T> {
        let mut of_graph = vec![T::default(); self.arc_count()];
        for (&arc, value) in self.graph_arcs.iter().zip(values) {
            of_graph[arc as usize] = value;
        }
        of_graph
    }
}
