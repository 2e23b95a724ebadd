//! Settles what equilibrium leaves open: which trips use which of two ways that cost the same.
//!
//! The condition of proportionality (Bar-Gera, *Traffic assignment by paired alternative segments*, Transportation
//! Research B 44 (2010), section 2.3; Bar-Gera, Boyce and Nie, Transportation Research B 46 (2012)): where two segments
//! between the same two nodes cost the same, all trips that come by divide over them in the same proportion, whatever
//! their origin, destination and class. Flows of arcs stay what they are. The pairs are those that close with the tree of
//! each bush by an arc that some flow uses and that costs no more, and they are balanced one after the other until none
//! moves. A bush's part of a segment is the flow at its end times the proportions in which the nodes before are entered.

use std::collections::VecDeque;

use rayon::prelude::*;

use super::bush::Bush;
use super::pairs::{hash, hash_of_both};
use super::search::Search;
use super::solve::{BLOCK, Solver};
use super::star::{NONE, Star};

/// Ways count as equal where they differ by less than this share of the square root of the gap, in the cost from the
/// origin, and by no more than [`EQUAL_COST_MAX`]. With less, flow that the gap leaves on dearer ways would not count; with
/// more, ways would that equilibrium tells apart.
const EQUAL_COST: f64 = 0.1;
const EQUAL_COST_MAX: f64 = 1e-4;
/// Balancing ends when no pair moves more than this share of its flow, or with so many visits to each on average.
const MOVED_MAX: f64 = 2e-4;
/// A pair with less than this share of the largest flow counts as one that has as much.
const SMALL_FLOW: f64 = 0.1;
const VISITS_MAX: usize = 100;

/// Two segments from the same node to the same node, each arc by arc from its end to its beginning.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Pair {
    first: Vec<u32>,
    second: Vec<u32>,
}

impl Pair {
    /// The nodes that its arcs enter.
    fn nodes<'a>(&'a self, star: &'a Star) -> impl Iterator<Item = u32> + 'a {
        self.first.iter().chain(&self.second).map(|&arc| star.heads[arc as usize])
    }
}

/// Divides the trips of all bushes over equal ways in equal proportions.
pub(super) fn settle(solver: &mut Solver, gap: f64) {
    let equal_cost = (EQUAL_COST * gap.sqrt()).min(EQUAL_COST_MAX);
    let costs = solver.costs();
    let pairs = pairs(solver, &costs, equal_cost);
    if pairs.is_empty() {
        return;
    }
    let mut spreads = spreads(solver, &costs, &pairs, equal_cost);
    let users = users_by_pair(&spreads, pairs.len());
    balance_all(&pairs, &users, solver, &mut spreads);
    for (bush, spread) in solver.bushes.iter_mut().zip(spreads) {
        bush.flows = spread.flows;
        bush.compact();
        bush.sort();
    }
}

/// All pairs of equal cost that the bushes meet, each once, in ascending order.
fn pairs(solver: &mut Solver, costs: &[Vec<f64>], equal_cost: f64) -> Vec<Pair> {
    let Solver { star, bushes, loads, .. } = solver;
    let flows: Vec<f64> = loads.iter().map(|load| load.flow).collect();
    let found: Vec<Found> = bushes
        .par_iter_mut()
        .with_min_len(BLOCK)
        .map_init(
            || (Search::new(star), Finder::new(star)),
            |(search, finder), bush| {
                let costs = &costs[bush.group as usize];
                search.price_tree(star, costs, bush.origin, &mut bush.tree);
                finder.pairs_of(&LeastCost { star, bush, costs, flows: &flows, reached: &search.costs, equal_cost })
            },
        )
        .collect();
    // Most pairs are met by many bushes: equal ones are brought together by their hash before they are copied.
    let mut met: Vec<(u64, u32, u32)> = Vec::with_capacity(found.iter().map(|found| found.pairs.len()).sum());
    for (bush, found) in (0_u32..).zip(&found) {
        met.extend((0_u32..).zip(&found.pairs).map(|(number, pair)| (pair.hash, bush, number)));
    }
    met.sort_unstable();
    let mut pairs: Vec<Pair> = Vec::new();
    let mut hash_before = None;
    for (hash, bush, number) in met {
        let [first, second] = found[bush as usize].segments(number);
        let is_same = hash_before == Some(hash)
            && pairs.last().is_some_and(|before| (&before.first[..], &before.second[..]) == (first, second));
        if !is_same {
            pairs.push(Pair { first: first.to_vec(), second: second.to_vec() });
        }
        hash_before = Some(hash);
    }
    pairs.sort_unstable();
    pairs.dedup();
    pairs
}

/// The arcs that some flow uses and that are on paths of least cost from a bush's origin.
struct LeastCost<'a> {
    star: &'a Star,
    bush: &'a Bush,
    costs: &'a [f64],
    flows: &'a [f64],
    reached: &'a [f64],
    equal_cost: f64,
}

impl LeastCost<'_> {
    fn contains(&self, arc: u32) -> bool {
        let (tail, head) = (self.star.tails[arc as usize], self.star.heads[arc as usize]);
        let (begun, reached) = (self.reached[tail as usize], self.reached[head as usize]);
        begun + self.costs[arc as usize] - reached <= self.equal_cost * reached
            && self.flows[arc as usize] > 0.0
            && (self.star.passes(tail) || tail == self.bush.origin)
    }

    /// The arc by which the way back to the origin leaves the node: the most used, which hangs on the equilibrium alone.
    fn parent(&self, node: u32) -> u32 {
        let mut parent = self.bush.tree.parents[node as usize];
        let mut most = 0.0;
        for &arc in self.star.entering(node) {
            // Only towards the origin, so that no way goes in circles.
            let leads_back = self.reached[self.star.tails[arc as usize] as usize] < self.reached[node as usize];
            if leads_back && self.flows[arc as usize] > most && self.contains(arc) {
                (most, parent) = (self.flows[arc as usize], arc);
            }
        }
        parent
    }
}

/// The pairs that a bush meets.
#[derive(Default)]
struct Found {
    pairs: Vec<FoundPair>,
    arcs: Vec<u32>,
}

/// One of them, its segments as ranges of [`Found::arcs`].
struct FoundPair {
    hash: u64,
    start: u32,
    split: u32,
    end: u32,
}

impl Found {
    fn segments(&self, number: u32) -> [&[u32]; 2] {
        let FoundPair { start, split, end, .. } = self.pairs[number as usize];
        [&self.arcs[start as usize..split as usize], &self.arcs[split as usize..end as usize]]
    }
}

/// Room to find pairs in.
struct Finder {
    /// The arc by which the way back to the origin leaves each node, and how many arcs that way has; [`NONE`] where it
    /// was not asked for yet.
    parents: Vec<u32>,
    depths: Vec<u32>,
    /// The nodes where it was.
    known: Vec<u32>,
    seen: Vec<bool>,
    path: Vec<u32>,
    by_last: Vec<u32>,
    by_parent: Vec<u32>,
}

impl Finder {
    fn new(star: &Star) -> Self {
        let nodes = star.node_count();
        Self {
            parents: vec![NONE; nodes],
            depths: vec![NONE; nodes],
            known: Vec::new(),
            seen: vec![false; nodes],
            path: Vec::new(),
            by_last: Vec::new(),
            by_parent: Vec::new(),
        }
    }

    fn pairs_of(&mut self, least: &LeastCost<'_>) -> Found {
        let mut found = Found::default();
        for &arc in &least.bush.arcs {
            let head = least.star.heads[arc as usize];
            if std::mem::replace(&mut self.seen[head as usize], true) {
                continue;
            }
            if self.depth(least, head) == 0 {
                // The origin, to which circles can come back.
                continue;
            }
            let parent = self.parents[head as usize];
            for &last in least.star.entering(head) {
                if last != parent && least.contains(last) {
                    self.pair(least, last, parent, &mut found);
                }
            }
        }
        for &arc in &least.bush.arcs {
            self.seen[least.star.heads[arc as usize] as usize] = false;
        }
        for node in self.known.drain(..) {
            self.depths[node as usize] = NONE;
        }
        found
    }

    /// How many arcs the way back from a node has.
    fn depth(&mut self, least: &LeastCost<'_>, mut node: u32) -> u32 {
        while self.depths[node as usize] == NONE {
            let parent = least.parent(node);
            self.parents[node as usize] = parent;
            self.known.push(node);
            if parent == NONE {
                self.depths[node as usize] = 0;
            } else {
                self.path.push(node);
                node = least.star.tails[parent as usize];
            }
        }
        let mut depth = self.depths[node as usize];
        while let Some(node) = self.path.pop() {
            depth += 1;
            self.depths[node as usize] = depth;
        }
        depth
    }

    /// Finds the pair of the ways back by `last` and by `parent`, which enter the same node; none where one is on the
    /// other.
    fn pair(&mut self, least: &LeastCost<'_>, last: u32, parent: u32, found: &mut Found) {
        let tail = |arc: u32| least.star.tails[arc as usize];
        let head = least.star.heads[last as usize];
        self.by_last.clear();
        self.by_parent.clear();
        self.by_last.push(last);
        self.by_parent.push(parent);
        let (mut from_last, mut from_parent) = (tail(last), tail(parent));
        let (mut last_depth, mut parent_depth) = (self.depth(least, from_last), self.depth(least, from_parent));
        while from_last != from_parent {
            if last_depth >= parent_depth {
                let arc = self.parents[from_last as usize];
                self.by_last.push(arc);
                from_last = tail(arc);
                last_depth -= 1;
            } else {
                let arc = self.parents[from_parent as usize];
                self.by_parent.push(arc);
                from_parent = tail(arc);
                parent_depth -= 1;
            }
            if from_last == head {
                return;
            }
        }
        let (first, second) = match self.by_parent < self.by_last {
            true => (&self.by_parent, &self.by_last),
            false => (&self.by_last, &self.by_parent),
        };
        let start = found.arcs.len() as u32;
        found.arcs.extend(first);
        let split = found.arcs.len() as u32;
        found.arcs.extend(second);
        let hash = hash_of_both(hash(first), hash(second));
        found.pairs.push(FoundPair { hash, start, split, end: found.arcs.len() as u32 });
    }
}

/// A bush while its flows are divided anew.
struct Spread {
    /// The flow on each of its arcs.
    flows: Vec<f64>,
    /// For every arc the number of the node that it enters among the bush's nodes.
    heads: Vec<u32>,
    /// For each of these nodes the flow that enters it.
    inflows: Vec<f64>,
    /// The pairs that its trips come by.
    uses: Vec<Use>,
    /// The segments of these, as places in `flows`.
    places: Vec<u32>,
}

/// A pair that a bush's trips come by, its segments as ranges of [`Spread::places`].
#[derive(Clone, Copy)]
struct Use {
    pair: u32,
    start: u32,
    split: u32,
    end: u32,
}

impl Spread {
    /// What passes the whole of a segment.
    fn through(&self, places: std::ops::Range<u32>) -> Through {
        let places = &self.places[places.start as usize..places.end as usize];
        let last = self.flows[places[0] as usize];
        if last == 0.0 {
            return Through::NOTHING;
        }
        let mut through = Through { flow: last, least: last, stiffness: 1.0 / last };
        for &place in &places[1..] {
            let (flow, inflow) = (self.flows[place as usize], self.inflows[self.heads[place as usize] as usize]);
            if flow == 0.0 {
                return Through::NOTHING;
            }
            through.least = through.least.min(flow);
            // Most nodes are entered by one arc. Rounding can leave a node less than one of its arcs has.
            if flow < inflow {
                let share = flow / inflow;
                through.flow *= share;
                through.stiffness += (1.0 - share) / flow;
            }
        }
        if through.flow > 0.0 { through } else { Through::NOTHING }
    }

    /// Adds flow to a segment; all nodes but its ends get more to pass on.
    fn add(&mut self, places: std::ops::Range<u32>, flow: f64) {
        for place in places.clone() {
            let arc = self.places[place as usize] as usize;
            self.flows[arc] = (self.flows[arc] + flow).max(0.0);
            if place != places.start {
                let inflow = &mut self.inflows[self.heads[arc] as usize];
                *inflow = (*inflow + flow).max(0.0);
            }
        }
    }
}

/// Every bush with the pairs that its trips come by.
fn spreads(solver: &mut Solver, costs: &[Vec<f64>], pairs: &[Pair], equal_cost: f64) -> Vec<Spread> {
    let Solver { star, bushes, .. } = solver;
    let ending = PairsByNode::of(star, pairs, |pair| [star.heads[pair.first[0] as usize]]);
    let sum = |arcs: &[u32], costs: &[f64]| arcs.iter().map(|&arc| costs[arc as usize]).sum::<f64>();
    let both = |pair: &Pair, costs: &[f64]| (sum(&pair.first, costs), sum(&pair.second, costs));
    let segment_costs: Vec<Vec<(f64, f64)>> =
        costs.iter().map(|costs| pairs.iter().map(|pair| both(pair, costs)).collect()).collect();
    let mut spreads = Vec::with_capacity(bushes.len());
    bushes
        .par_iter_mut()
        .with_min_len(BLOCK)
        .map_init(
            || Spreader {
                search: Search::new(star),
                place_of: vec![NONE; star.arc_count()],
                number_of: vec![NONE; star.node_count()],
                nodes: Vec::new(),
                equal_cost,
            },
            |spreader, bush| {
                let group = bush.group as usize;
                spreader.search.price_tree(star, &costs[group], bush.origin, &mut bush.tree);
                spreader.spread(star, bush, pairs, &ending, &segment_costs[group])
            },
        )
        .collect_into_vec(&mut spreads);
    spreads
}

struct Spreader {
    search: Search,
    place_of: Vec<u32>,
    number_of: Vec<u32>,
    /// The nodes that have a number.
    nodes: Vec<u32>,
    equal_cost: f64,
}

impl Spreader {
    fn spread(
        &mut self,
        star: &Star,
        bush: &mut Bush,
        pairs: &[Pair],
        ending: &PairsByNode,
        segment_costs: &[(f64, f64)],
    ) -> Spread {
        let mut spread = Spread {
            flows: std::mem::take(&mut bush.flows),
            heads: Vec::new(),
            inflows: Vec::new(),
            uses: Vec::new(),
            places: Vec::new(),
        };
        for place in 0..bush.arcs.len() {
            self.number(star, bush.arcs[place], place as u32, &mut spread);
            spread.inflows[spread.heads[place] as usize] += spread.flows[place];
        }
        // Each pair can lead the bush's trips to nodes where none were, and so to further pairs.
        let mut next = 0;
        while let Some(&node) = self.nodes.get(next) {
            next += 1;
            for &number in ending.at(node) {
                let pair = &pairs[number as usize];
                if self.comes_by(star, pair, &segment_costs[number as usize]) {
                    let start = spread.places.len() as u32;
                    self.place(star, bush, &pair.first, &mut spread);
                    let split = spread.places.len() as u32;
                    self.place(star, bush, &pair.second, &mut spread);
                    spread.uses.push(Use { pair: number, start, split, end: spread.places.len() as u32 });
                }
            }
        }
        for &arc in &bush.arcs {
            self.place_of[arc as usize] = NONE;
        }
        for node in self.nodes.drain(..) {
            self.number_of[node as usize] = NONE;
        }
        spread
    }

    /// Whether both segments lead to the pair's end at least cost, and the bush may begin them.
    fn comes_by(&self, star: &Star, pair: &Pair, &(first, second): &(f64, f64)) -> bool {
        let (begin, end) = (pair.first[pair.first.len() - 1], star.heads[pair.first[0] as usize]);
        let reached = self.search.costs[end as usize];
        let begun = self.search.costs[star.tails[begin as usize] as usize];
        let is_least = |segment: f64| begun + segment - reached <= self.equal_cost * reached;
        begun < f64::INFINITY && is_least(first) && is_least(second)
    }

    fn place(&mut self, star: &Star, bush: &mut Bush, arcs: &[u32], spread: &mut Spread) {
        for &arc in arcs {
            if self.place_of[arc as usize] == NONE {
                let place = bush.arcs.len() as u32;
                bush.arcs.push(arc);
                spread.flows.push(0.0);
                self.number(star, arc, place, spread);
            }
            spread.places.push(self.place_of[arc as usize]);
        }
    }

    /// Numbers the arc and the node that it enters.
    fn number(&mut self, star: &Star, arc: u32, place: u32, spread: &mut Spread) {
        self.place_of[arc as usize] = place;
        let number = &mut self.number_of[star.heads[arc as usize] as usize];
        if *number == NONE {
            *number = spread.inflows.len() as u32;
            spread.inflows.push(0.0);
            self.nodes.push(star.heads[arc as usize]);
        }
        spread.heads.push(*number);
    }
}

/// For every pair the bushes that come by and where each has it.
fn users_by_pair(spreads: &[Spread], pairs: usize) -> Vec<Vec<(u32, Use)>> {
    let mut users = vec![Vec::new(); pairs];
    for (bush, spread) in (0_u32..).zip(spreads) {
        for &of_bush in &spread.uses {
            users[of_bush.pair as usize].push((bush, of_bush));
        }
    }
    users
}

/// For every node the pairs that touch it in some way.
struct PairsByNode {
    first: Vec<u32>,
    pairs: Vec<u32>,
}

impl PairsByNode {
    fn of<Nodes: IntoIterator<Item = u32>>(star: &Star, pairs: &[Pair], nodes: impl Fn(&Pair) -> Nodes) -> Self {
        let mut touched: Vec<(u32, u32)> = Vec::new();
        for (number, pair) in (0_u32..).zip(pairs) {
            touched.extend(nodes(pair).into_iter().map(|node| (node, number)));
        }
        touched.sort_unstable();
        touched.dedup();
        let first = (0..=star.node_count() as u32).map(|node| touched.partition_point(|entry| entry.0 < node) as u32);
        Self { first: first.collect(), pairs: touched.iter().map(|&(_, pair)| pair).collect() }
    }

    fn at(&self, node: u32) -> &[u32] {
        &self.pairs[self.first[node as usize] as usize..self.first[node as usize + 1] as usize]
    }
}

/// Balances all pairs until none moves: each at first, then those that enter nodes where others have moved enough flow
/// to matter to them.
fn balance_all(pairs: &[Pair], users: &[Vec<(u32, Use)>], solver: &Solver, spreads: &mut [Spread]) {
    let entering = PairsByNode::of(&solver.star, pairs, |pair| pair.nodes(&solver.star).collect::<Vec<u32>>());
    let most = solver.loads.iter().map(|load| load.flow).fold(0.0, f64::max);
    let matters = |flow: f64| MOVED_MAX * flow.max(SMALL_FLOW * most);
    let mut shares = Vec::new();
    let mut matters_from = vec![0.0; pairs.len()];
    let mut moved_around = vec![f64::INFINITY; pairs.len()];
    let mut queue: VecDeque<u32> = (0..pairs.len() as u32).collect();
    let mut visits = VISITS_MAX * pairs.len();
    while let Some(pair) = queue.pop_front()
        && visits > 0
    {
        visits -= 1;
        moved_around[pair as usize] = 0.0;
        let (moved, flow) = balance(&users[pair as usize], spreads, &mut shares);
        matters_from[pair as usize] = matters(flow);
        for node in pairs[pair as usize].nodes(&solver.star).filter(|_| moved > 0.0) {
            for &other in entering.at(node) {
                let (around, matters_from) = (&mut moved_around[other as usize], matters_from[other as usize]);
                let waited = *around > matters_from;
                *around += moved;
                if !waited && *around > matters_from {
                    queue.push_back(other);
                }
            }
        }
    }
}

/// What passes the whole of a segment.
#[derive(Clone, Copy)]
struct Through {
    flow: f64,
    /// The least flow on one of its arcs.
    least: f64,
    /// How the logarithm of `flow` rises with flow added to the segment.
    stiffness: f64,
}

impl Through {
    const NOTHING: Self = Self { flow: 0.0, least: 0.0, stiffness: f64::INFINITY };
}

/// Both segments of a user of a pair: what passes the first, what passes either, and by how much more than alone its
/// flow has to change where other flow on the same arcs dilutes the change.
fn share(first: Through, second: Through) -> (f64, f64, f64) {
    let alone = 1.0 / first.flow + 1.0 / second.flow;
    let diluted = alone / (first.stiffness + second.stiffness);
    // No arc can lose more than it has.
    let spare = (first.least / first.flow).min(second.least / second.flow);
    let weight = if alone.is_finite() { diluted.min(spare) } else { 1.0 };
    (first.flow, first.flow + second.flow, weight)
}

/// Divides all users of a pair in the same proportion, by a step of Newton's method on the entropy of their ways. Returns
/// how much flow moved, of how much.
fn balance(users: &[(u32, Use)], spreads: &mut [Spread], shares: &mut Vec<(f64, f64, f64)>) -> (f64, f64) {
    shares.clear();
    shares.extend(users.iter().map(|(bush, of_bush)| {
        let spread = &spreads[*bush as usize];
        share(spread.through(of_bush.start..of_bush.split), spread.through(of_bush.split..of_bush.end))
    }));
    let (mut first, mut both, mut flow) = (0.0, 0.0, 0.0);
    for &(of_first, of_both, weight) in shares.iter() {
        first += weight * of_first;
        both += weight * of_both;
        flow += of_both;
    }
    if first == 0.0 || first == both {
        return (0.0, flow);
    }
    let mut moved = 0.0;
    for ((bush, of_bush), &(of_first, of_both, weight)) in users.iter().zip(shares.iter()) {
        let step = weight * (of_both * (first / both) - of_first);
        if step != 0.0 {
            let spread = &mut spreads[*bush as usize];
            spread.add(of_bush.start..of_bush.split, step);
            spread.add(of_bush.split..of_bush.end, -step);
            moved += step.abs();
        }
    }
    (moved, flow)
}
