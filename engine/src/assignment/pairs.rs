//! Pairs of alternative segments: two ways between the same two nodes, of which trips use one that costs more.
//!
//! After Bar-Gera, *Traffic assignment by paired alternative segments*, Transportation Research B 44 (2010), in the way
//! of Xie and Xie, *New insights and improvements of using paired alternative segments for traffic assignment*,
//! Transportation Research B 93 (2016): every used arc that is not on the tree of least-cost paths gives one pair, the
//! tree's way to its head and the most used way that ends with it.

use super::bush::Bush;
use super::star::{NONE, Star};

/// One pair of a bush. Its segments stand in [`BushPairs::places`], arc by arc from their end to their beginning.
#[derive(Clone, Copy)]
pub(super) struct BushPair {
    /// Equal for equal pairs, whichever of their segments is on the tree.
    pub(super) hash: u64,
    is_near_first: bool,
    start: u32,
    split: u32,
    end: u32,
}

/// The pairs of a bush. A pair without a near segment is a cycle.
#[derive(Default)]
pub(super) struct BushPairs {
    pub(super) pairs: Vec<BushPair>,
    places: Vec<u32>,
}

impl BushPairs {
    /// Both segments, as places in the bush's arcs. Which is the first hangs on their arcs alone. The first of a cycle is
    /// the cycle, the second is empty.
    pub(super) fn segments(&self, pair: &BushPair) -> [&[u32]; 2] {
        let near = &self.places[pair.start as usize..pair.split as usize];
        let far = &self.places[pair.split as usize..pair.end as usize];
        if pair.is_near_first { [near, far] } else { [far, near] }
    }
}

/// Room to find pairs in.
pub(super) struct PairFinder {
    /// Where in the bush each arc stands.
    place_of: Vec<u32>,
    /// The last pair whose search passed each node along the tree, and against the flow.
    on_tree: Vec<u32>,
    on_trace: Vec<u32>,
    mark: u32,
    trace: Vec<u32>,
}

impl PairFinder {
    pub(super) fn new(star: &Star) -> Self {
        Self {
            place_of: vec![NONE; star.arc_count()],
            on_tree: vec![0; star.node_count()],
            on_trace: vec![0; star.node_count()],
            mark: 0,
            trace: Vec::new(),
        }
    }

    /// Finds the bush's pairs; `costs` are those of the nodes along its tree. Arcs of the tree that it does not use yet join
    /// it without flow.
    pub(super) fn find(&mut self, star: &Star, bush: &mut Bush, costs: &[f64], found: &mut BushPairs) {
        found.pairs.clear();
        found.places.clear();
        for (place, &arc) in (0_u32..).zip(&bush.arcs) {
            self.place_of[arc as usize] = place;
        }
        for place in 0..bush.arcs.len() {
            let arc = bush.arcs[place];
            if bush.tree.parents[star.heads[arc as usize] as usize] != arc {
                self.pair_of(star, bush, costs, arc, found);
            }
        }
        for &arc in &bush.arcs {
            self.place_of[arc as usize] = NONE;
        }
    }

    /// The pair that ends with `last`, an arc with flow.
    fn pair_of(&mut self, star: &Star, bush: &mut Bush, costs: &[f64], last: u32, found: &mut BushPairs) {
        self.mark += 1;
        let mut on_tree = star.heads[last as usize];
        self.on_tree[on_tree as usize] = self.mark;
        self.trace.clear();
        self.trace.push(last);
        let mut node = star.tails[last as usize];
        let mut is_cycle = star.heads[last as usize] == node;
        loop {
            // Costs fall along the tree's way back: what does not cost less than a node is all that could be that node.
            while costs[on_tree as usize] >= costs[node as usize] && bush.tree.parents[on_tree as usize] != NONE {
                on_tree = star.tails[bush.tree.parents[on_tree as usize] as usize];
                self.on_tree[on_tree as usize] = self.mark;
            }
            if self.on_tree[node as usize] == self.mark {
                break;
            }
            if self.on_trace[node as usize] == self.mark {
                self.keep_cycle(star, node);
                is_cycle = true;
                break;
            }
            self.on_trace[node as usize] = self.mark;
            let Some(arc) = self.most_used(star, bush, node) else { return };
            self.trace.push(arc);
            node = star.tails[arc as usize];
        }
        // Flow that left the pair's end and came back to it.
        is_cycle |= node == star.heads[last as usize];
        let start = found.places.len() as u32;
        let mut near_hash = HASH_START;
        if !is_cycle {
            let mut on_tree = star.heads[last as usize];
            while on_tree != node {
                let arc = bush.tree.parents[on_tree as usize];
                found.places.push(self.place(bush, arc));
                near_hash = hash_on(near_hash, arc);
                on_tree = star.tails[arc as usize];
            }
        }
        let split = found.places.len() as u32;
        found.places.extend(self.trace.iter().map(|&arc| self.place_of[arc as usize]));
        let far_hash = hash(&self.trace);
        let end = found.places.len() as u32;
        let is_near_first = near_hash < far_hash && split > start;
        let hash = hash_of_both(near_hash.min(far_hash), near_hash.max(far_hash));
        found.pairs.push(BushPair { hash: hash ^ (hash >> 32), is_near_first, start, split, end });
    }

    /// Of a trace that came back to `node`, keeps what lies between.
    fn keep_cycle(&mut self, star: &Star, node: u32) {
        let before = self.trace.iter().position(|&arc| star.tails[arc as usize] == node).map_or(0, |place| place + 1);
        self.trace.drain(..before);
    }

    fn most_used(&self, star: &Star, bush: &Bush, node: u32) -> Option<u32> {
        let mut most = (0.0, None);
        for &arc in star.entering(node) {
            let place = self.place_of[arc as usize];
            if place != NONE && bush.flows[place as usize] > most.0 {
                most = (bush.flows[place as usize], Some(arc));
            }
        }
        most.1
    }

    fn place(&mut self, bush: &mut Bush, arc: u32) -> u32 {
        let place = &mut self.place_of[arc as usize];
        if *place == NONE {
            *place = bush.arcs.len() as u32;
            bush.arcs.push(arc);
            bush.flows.push(0.0);
        }
        *place
    }
}

const HASH_START: u64 = 0xcbf2_9ce4_8422_2325;
const HASH_FACTOR: u64 = 0x0000_0100_0000_01b3;

/// The hash of a segment.
pub(super) fn hash(arcs: &[u32]) -> u64 {
    arcs.iter().fold(HASH_START, |hash, &arc| hash_on(hash, arc))
}

fn hash_on(hash: u64, arc: u32) -> u64 {
    (hash ^ u64::from(arc)).wrapping_mul(HASH_FACTOR)
}

/// The hash of a pair, from those of its segments.
pub(super) fn hash_of_both(first: u64, second: u64) -> u64 {
    first.wrapping_mul(HASH_FACTOR) ^ second
}
