//! Keeps the strongly connected heart of the network, so that every link can be reached and left.
//!
//! A one-way piece whose end leads nowhere is opened to both ways first, where that puts it into the heart: the lines
//! name no one-way street, so the rule that closed one direction is the weaker evidence. What stays outside is left out
//! and told with its kilometres.

use petgraph::algo::tarjan_scc;
use petgraph::graph::{DiGraph, NodeIndex};

use super::planar::Plan;
use super::strand::{Direction, Strand};

/// Which edges belong to the largest strongly connected part (by length), counting only usable edges.
pub(super) fn in_heart(plan: &Plan, directions: &[Direction], usable: &[bool]) -> Vec<bool> {
    let mut graph = DiGraph::<(), ()>::with_capacity(plan.nodes.len(), 2 * plan.edges.len());
    for _ in &plan.nodes {
        graph.add_node(());
    }
    for (number, edge) in plan.edges.iter().enumerate().filter(|&(number, _)| usable[number]) {
        if directions[number].forward() {
            graph.add_edge(NodeIndex::new(edge.from), NodeIndex::new(edge.to), ());
        }
        if directions[number].backward() {
            graph.add_edge(NodeIndex::new(edge.to), NodeIndex::new(edge.from), ());
        }
    }
    let mut part = vec![0; plan.nodes.len()];
    let parts = tarjan_scc(&graph);
    for (number, members) in parts.iter().enumerate() {
        for member in members {
            part[member.index()] = number;
        }
    }
    let mut length_m = vec![0.0; parts.len()];
    let inside = |number: usize| {
        let edge = &plan.edges[number];
        usable[number] && part[edge.from] == part[edge.to]
    };
    for (_, edge) in plan.edges.iter().enumerate().filter(|&(number, _)| inside(number)) {
        length_m[part[edge.from]] += edge.length_m();
    }
    let heart = (0..parts.len()).max_by(|&a, &b| length_m[a].total_cmp(&length_m[b]));
    (0..plan.edges.len()).map(|number| inside(number) && Some(part[plan.edges[number].from]) == heart).collect()
}

/// The direction of every edge, with one-way edges outside the heart opened to both ways where they are streets.
/// Gives the directions and the numbers of the edges opened.
pub(super) fn opened(plan: &Plan, strands: &[Strand], usable: &[bool]) -> (Vec<Direction>, Vec<usize>) {
    let mut directions: Vec<Direction> = plan.edges.iter().map(|edge| strands[edge.strand].direction).collect();
    let mut opened = Vec::new();
    // Every round brings edges next to the heart into it; what is not next to it stays for the next round.
    loop {
        let heart = in_heart(plan, &directions, usable);
        let mut touched = vec![false; plan.nodes.len()];
        for (edge, _) in plan.edges.iter().zip(&heart).filter(|(_, inside)| **inside) {
            (touched[edge.from], touched[edge.to]) = (true, true);
        }
        let closed: Vec<usize> = (0..plan.edges.len())
            .filter(|&number| {
                let edge = &plan.edges[number];
                let strand = &strands[edge.strand];
                let given = strand.given.class.is_some()
                    || strand.given.lanes.is_some()
                    || strand.layer != super::Layer::Ground;
                usable[number]
                    && !heart[number]
                    && !given
                    && directions[number] != Direction::Both
                    && (touched[edge.from] || touched[edge.to])
            })
            .collect();
        if closed.is_empty() {
            return (directions, opened);
        }
        for number in closed {
            directions[number] = Direction::Both;
            opened.push(number);
        }
    }
}
