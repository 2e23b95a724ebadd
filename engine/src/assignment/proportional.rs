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
use super::search::Search;
use super::solve::{BLOCK, Solver};
use super::star::{NONE, Star};

/// Ways count as equal where they differ by less than this share of the square root of the gap, in the cost from the
/// origin, and by no more than [`EQUAL_COST_MAX`]. With less, flow that the gap leaves on dearer ways would not count; with
/// more, ways would that equilibrium tells apart.
const EQUAL_COST: f64 = 0.1;
const EQUAL_COST_MAX: f64 = 1e-4;
/// Balancing ends when no pair moves more than this share of its flow, or with so many visits to each on average.
const MOVED_MAX: f64 = 3e-4;
/// A pair with less than this share of the largest flow counts as one that has as much.
const SMALL_FLOW: f64 = 0.1;
const VISITS_MAX: usize = 100;
/// How often the bushes that come by a pair are looked up again, as balancing leads them to new nodes.
const ROUNDS_MAX: u32 = 5;

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
    let neighbours = Neighbours::of(&solver.star, &pairs);
    for _ in 0..ROUNDS_MAX {
        let mut spreads = spreads(solver, &costs, &pairs, equal_cost);
        let users = users_by_pair(&spreads, pairs.len());
        balance_all(&pairs, &users, &neighbours, solver, &mut spreads);
        let mut is_new = false;
        for (bush, spread) in solver.bushes.iter_mut().zip(spreads) {
            is_new |= spread.flows[spread.known..].iter().any(|&flow| flow > 0.0);
            bush.flows = spread.flows;
            bush.compact();
            bush.sort();
        }
        if !is_new {
            break;
        }
    }
}

/// All pairs of equal cost that the bushes meet, each once, in ascending order.
fn pairs(solver: &mut Solver, costs: &[Vec<f64>], equal_cost: f64) -> Vec<Pair> {
    let Solver { star, bushes, loads, .. } = solver;
    let flows: Vec<f64> = loads.iter().map(|load| load.flow).collect();
    let found: Vec<Vec<Pair>> = bushes
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
    let mut pairs: Vec<Pair> = found.into_iter().flatten().collect();
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

struct Finder {
    mark: u32,
    marks: Vec<u32>,
    seen: Vec<bool>,
}

impl Finder {
    fn new(star: &Star) -> Self {
        let nodes = star.node_count();
        Self { mark: 0, marks: vec![0; nodes], seen: vec![false; nodes] }
    }

    fn pairs_of(&mut self, least: &LeastCost<'_>) -> Vec<Pair> {
        let mut pairs = Vec::new();
        for &arc in &least.bush.arcs {
            let head = least.star.heads[arc as usize];
            if std::mem::replace(&mut self.seen[head as usize], true) {
                continue;
            }
            let parent = least.parent(head);
            for &last in least.star.entering(head) {
                if last != parent && least.contains(last) {
                    pairs.extend(self.pair(least, last, parent));
                }
            }
        }
        for &arc in &least.bush.arcs {
            self.seen[least.star.heads[arc as usize] as usize] = false;
        }
        pairs
    }

    /// The pair of the ways back by `last` and by `parent`, which enter the same node; none where one is on the other.
    fn pair(&mut self, least: &LeastCost<'_>, last: u32, parent: u32) -> Option<Pair> {
        let tail = |arc: u32| least.star.tails[arc as usize];
        let head = least.star.heads[last as usize];
        self.mark += 1;
        let mut node = head;
        let mut arc = parent;
        while arc != NONE {
            self.marks[node as usize] = self.mark;
            node = tail(arc);
            arc = least.parent(node);
        }
        self.marks[node as usize] = self.mark;
        let mut by_last = vec![last];
        let mut begin = tail(last);
        while self.marks[begin as usize] != self.mark {
            by_last.push(least.parent(begin));
            begin = tail(by_last[by_last.len() - 1]);
        }
        if begin == head {
            return None;
        }
        let mut by_parent = vec![parent];
        while tail(by_parent[by_parent.len() - 1]) != begin {
            by_parent.push(least.parent(tail(by_parent[by_parent.len() - 1])));
        }
        let (first, second) = if by_parent < by_last { (by_parent, by_last) } else { (by_last, by_parent) };
        Some(Pair { first, second })
    }
}

/// A bush while its flows are divided anew.
struct Spread {
    /// The flow on each of its arcs.
    flows: Vec<f64>,
    /// How many of them had flow before.
    known: usize,
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
        let mut through = Through { flow: last, least: last, stiffness: 1.0 / last };
        for &place in &places[1..] {
            let (flow, inflow) = (self.flows[place as usize], self.inflows[self.heads[place as usize] as usize]);
            if flow == 0.0 {
                return Through::NOTHING;
            }
            through.least = through.least.min(flow);
            // Most nodes are entered by one arc.
            if flow != inflow {
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
                equal_cost,
            },
            |spreader, bush| {
                let group = bush.group as usize;
                spreader.search.price_tree(star, &costs[group], bush.origin, &mut bush.tree);
                spreader.spread(star, bush, pairs, &segment_costs[group])
            },
        )
        .collect_into_vec(&mut spreads);
    spreads
}

struct Spreader {
    search: Search,
    place_of: Vec<u32>,
    number_of: Vec<u32>,
    equal_cost: f64,
}

impl Spreader {
    fn spread(&mut self, star: &Star, bush: &mut Bush, pairs: &[Pair], segment_costs: &[(f64, f64)]) -> Spread {
        let mut spread = Spread {
            flows: std::mem::take(&mut bush.flows),
            known: bush.arcs.len(),
            heads: Vec::new(),
            inflows: Vec::new(),
            uses: Vec::new(),
            places: Vec::new(),
        };
        for place in 0..bush.arcs.len() {
            self.number(star, bush.arcs[place], place as u32, &mut spread);
            spread.inflows[spread.heads[place] as usize] += spread.flows[place];
        }
        for (number, (pair, segment_costs)) in (0_u32..).zip(pairs.iter().zip(segment_costs)) {
            if self.comes_by(star, pair, segment_costs) {
                let start = spread.places.len() as u32;
                self.place(star, bush, &pair.first, &mut spread);
                let split = spread.places.len() as u32;
                self.place(star, bush, &pair.second, &mut spread);
                spread.uses.push(Use { pair: number, start, split, end: spread.places.len() as u32 });
            }
        }
        for &arc in &bush.arcs {
            self.place_of[arc as usize] = NONE;
            self.number_of[star.heads[arc as usize] as usize] = NONE;
        }
        spread
    }

    /// Whether the bush has trips to the pair's end, both segments lead there at least cost, and it may begin them.
    fn comes_by(&self, star: &Star, pair: &Pair, &(first, second): &(f64, f64)) -> bool {
        let (begin, end) = (pair.first[pair.first.len() - 1], star.heads[pair.first[0] as usize]);
        if self.number_of[end as usize] == NONE {
            return false;
        }
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

/// For every node the pairs that enter it.
struct Neighbours {
    first: Vec<u32>,
    pairs: Vec<u32>,
}

impl Neighbours {
    fn of(star: &Star, pairs: &[Pair]) -> Self {
        let mut entered: Vec<(u32, u32)> = Vec::new();
        for (number, pair) in (0_u32..).zip(pairs) {
            entered.extend(pair.nodes(star).map(|node| (node, number)));
        }
        entered.sort_unstable();
        entered.dedup();
        let first = (0..=star.node_count() as u32).map(|node| entered.partition_point(|entry| entry.0 < node) as u32);
        Self { first: first.collect(), pairs: entered.iter().map(|&(_, pair)| pair).collect() }
    }

    fn at(&self, node: u32) -> &[u32] {
        &self.pairs[self.first[node as usize] as usize..self.first[node as usize + 1] as usize]
    }
}

/// Balances all pairs until none moves: each at first, then those that enter nodes where others have moved enough flow
/// to matter to them.
fn balance_all(
    pairs: &[Pair],
    users: &[Vec<(u32, Use)>],
    neighbours: &Neighbours,
    solver: &Solver,
    spreads: &mut [Spread],
) {
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
            for &other in neighbours.at(node) {
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
