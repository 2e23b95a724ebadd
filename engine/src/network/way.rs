//! The fastest way of one vehicle past given places: what the line of a bus follows.
//!
//! A shortest path from link to link (Dijkstra 1959), at the speeds without traffic, in as many layers as there are places: the
//! way is in layer *i* once it has passed *i* places in their order. Turns that the city bans are not taken, nor does a way
//! turn around where it can go on. Left out: traffic, waiting at signals.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};

use crate::city::{CityTables, Link};
use crate::key::Key;
use crate::time::{ClockTime, DayType};
use crate::vehicles::VehicleClass;

/// The links that one class may use at all of some times of a day, and how they join.
#[derive(Clone, Debug)]
pub struct Roads<'a> {
    tables: &'a CityTables,
    is_open: Vec<bool>,
    /// For each junction the rows of the open links that leave it, ascending.
    leaving: Vec<Vec<usize>>,
    /// Rows of the junctions where each link begins and ends.
    ends: Vec<(usize, usize)>,
    /// Movements that are not allowed at one of the times, ascending.
    banned: Vec<(usize, usize)>,
}

/// A way past places.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Way {
    /// Rows of its links, in order.
    pub links: Vec<usize>,
    /// For each place after the first, which of these links reaches it.
    pub reached_by: Vec<usize>,
}

/// There is no way to a place from the one before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoWay {
    /// The place that cannot be reached, from 0; 0 where there are fewer than two.
    pub place: usize,
}

/// A time that orders a queue.
#[derive(Clone, Copy, PartialEq)]
struct Time(f64);

impl Eq for Time {}

impl PartialOrd for Time {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Time {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.0.total_cmp(&other.0)
    }
}

impl<'a> Roads<'a> {
    /// The roads of `class` at all of the times of such a day. Rows that name what the city does not hold are left out.
    #[must_use]
    pub fn new(tables: &'a CityTables, class: VehicleClass, day: DayType, times: &[ClockTime]) -> Self {
        let junctions: BTreeMap<&Key, usize> = tables.junctions.iter().map(|row| &row.key).zip(0..).collect();
        let rows: BTreeMap<&Key, usize> = tables.links.iter().map(|row| &row.key).zip(0..).collect();
        let may = |access: &crate::city::Access| times.iter().all(|&time| access.at(day, time).contains(class));
        let find = |key: &Key| junctions.get(key).copied();
        let found: Vec<Option<(usize, usize)>> =
            tables.links.iter().map(|row| find(&row.facts.from).zip(find(&row.facts.to))).collect();
        let is_open: Vec<bool> =
            tables.links.iter().zip(&found).map(|(row, ends)| ends.is_some() && may(&row.facts.access)).collect();
        let ends: Vec<(usize, usize)> = found.iter().map(|ends| ends.unwrap_or((usize::MAX, usize::MAX))).collect();
        let mut leaving = vec![Vec::new(); tables.junctions.len()];
        for row in (0..ends.len()).filter(|&row| is_open[row]) {
            leaving[ends[row].0].push(row);
        }
        let of_turn = |turn: &crate::city::Turn| rows.get(&turn.from).copied().zip(rows.get(&turn.to).copied());
        let mut banned: Vec<(usize, usize)> =
            tables.turns.iter().filter(|row| !may(&row.facts.access)).filter_map(|row| of_turn(&row.facts)).collect();
        banned.sort_unstable();
        Self { tables, is_open, leaving, ends, banned }
    }

    /// Whether an open link begins or ends at each junction.
    #[must_use]
    pub fn reached(&self) -> Vec<bool> {
        let mut reached = vec![false; self.leaving.len()];
        for (&(from, to), _) in self.ends.iter().zip(&self.is_open).filter(|(_, is_open)| **is_open) {
            (reached[from], reached[to]) = (true, true);
        }
        reached
    }

    /// The fastest way past all `places` in their order, each given as the rows of the junctions that count as it.
    ///
    /// # Errors
    /// [`NoWay`]: the first place that cannot be reached.
    pub fn way(&self, places: &[Vec<usize>]) -> Result<Way, NoWay> {
        let [first, rest @ ..] = places else { return Err(NoWay { place: 0 }) };
        if rest.is_empty() {
            return Err(NoWay { place: 0 });
        }
        let links = self.ends.len();
        // State `passed · links + link`: the link has been driven, and so many places of `rest` been passed with it.
        let mut times = vec![f64::INFINITY; (rest.len() + 1) * links];
        let mut before: Vec<Option<usize>> = vec![None; times.len()];
        let mut queue = BinaryHeap::new();
        let mut furthest = 0;
        let state = |passed: usize, link: usize| {
            let passes = rest.get(passed).is_some_and(|place| place.contains(&self.ends[link].1));
            (passed + usize::from(passes)) * links + link
        };
        let time_s = |link: usize| self.link(link).free_flow_time_s();
        for &junction in first {
            for &link in self.leaving.get(junction).into_iter().flatten() {
                let begins = state(0, link);
                if time_s(link) < times[begins] {
                    times[begins] = time_s(link);
                    queue.push(Reverse((Time(times[begins]), begins)));
                }
            }
        }
        while let Some(Reverse((Time(time), at))) = queue.pop() {
            let (passed, link) = (at / links, at % links);
            furthest = furthest.max(passed);
            if passed == rest.len() {
                return Ok(self.traced(at, &before));
            }
            if time > times[at] {
                continue;
            }
            for next in self.onward(link) {
                let (then, until) = (state(passed, next), time + time_s(next));
                if until < times[then] {
                    times[then] = until;
                    before[then] = Some(at);
                    queue.push(Reverse((Time(until), then)));
                }
            }
        }
        Err(NoWay { place: furthest + 1 })
    }

    fn link(&self, row: usize) -> &Link {
        &self.tables.links[row].facts
    }

    /// The links that may be entered from a link.
    fn onward(&self, link: usize) -> Vec<usize> {
        let (from, to) = self.ends[link];
        let may_turn = |next: &usize| self.banned.binary_search(&(link, *next)).is_err();
        let all: Vec<usize> = self.leaving[to].iter().copied().filter(may_turn).collect();
        let on: Vec<usize> = all.iter().copied().filter(|&next| self.ends[next].1 != from).collect();
        if on.is_empty() { all } else { on }
    }

    fn traced(&self, end: usize, before: &[Option<usize>]) -> Way {
        let links = self.ends.len();
        let mut states = vec![end];
        while let Some(earlier) = states.last().and_then(|&state| before[state]) {
            states.push(earlier);
        }
        states.reverse();
        let mut way = Way { links: Vec::with_capacity(states.len()), reached_by: Vec::new() };
        for (number, state) in states.iter().enumerate() {
            way.links.push(state % links);
            while way.reached_by.len() < state / links {
                way.reached_by.push(number);
            }
        }
        way
    }
}

#[cfg(test)]
mod tests {
    use geo::{Coord, LineString};

    use super::*;
    use crate::city::fixtures::{key, no_tables, record};
    use crate::city::{Access, Junction, RoadClass, Structure, Turn};
    use crate::vehicles::ClassSet;

    /// A square a, b, c, d with a diagonal a–c, all two-way; 100 m a side.
    fn square() -> CityTables {
        let mut tables = no_tables();
        for (name, x, y) in [("a", 0.0, 0.0), ("b", 100.0, 0.0), ("c", 100.0, 100.0), ("d", 0.0, 100.0)] {
            tables.junctions.push(record(name, Junction { position: Coord { x, y } }));
        }
        for (from, to, length_m) in
            [("a", "b", 100.0), ("b", "c", 100.0), ("c", "d", 100.0), ("d", "a", 100.0), ("a", "c", 142.0)]
        {
            for (from, to) in [(from, to), (to, from)] {
                let facts = Link {
                    from: key(from),
                    to: key(to),
                    name: None,
                    class: RoadClass::Tertiary,
                    lanes: 1,
                    free_speed_mps: 10.0,
                    capacity_pcuph: 800.0,
                    length_m,
                    toll_eur: 0.0,
                    structure: Structure::Ground,
                    access: Access::always(ClassSet::ALL),
                    geometry: LineString::from(vec![(0.0, 0.0), (1.0, 0.0)]),
                };
                tables.links.push(record(&format!("{from}-{to}"), facts));
            }
        }
        tables
    }

    fn driven(tables: &CityTables, places: &[&[&str]]) -> Result<(Vec<String>, Vec<usize>), NoWay> {
        let row = |name: &&str| tables.junctions.iter().position(|row| row.key == key(name)).expect("a junction");
        let places: Vec<Vec<usize>> = places.iter().map(|place| place.iter().map(row).collect()).collect();
        let roads = Roads::new(tables, VehicleClass::Bus, DayType::Weekday, &[ClockTime::MIDNIGHT]);
        let way = roads.way(&places)?;
        Ok((way.links.iter().map(|&row| tables.links[row].key.to_string()).collect(), way.reached_by))
    }

    fn words(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| key(name).to_string()).collect()
    }

    #[test]
    fn a_way_passes_its_places_in_their_order() {
        let tables = square();
        assert_eq!(driven(&tables, &[&["a"], &["c"]]), Ok((words(&["a-c"]), vec![0])));
        let by_d = driven(&tables, &[&["a"], &["d"], &["c"]]);
        assert_eq!(by_d, Ok((words(&["a-d", "d-c"]), vec![0, 1])));
        // Of the junctions of one place any will do.
        assert_eq!(driven(&tables, &[&["a"], &["b", "d"], &["c"]]).expect("a way").0.len(), 2);
    }

    #[test]
    fn a_way_does_not_turn_around_where_it_can_go_on() {
        // There and back at once would take 20 s; around the triangle a, b, c, in either direction, it takes 34.2 s.
        let (around, _) = driven(&square(), &[&["a"], &["b"], &["a"]]).expect("a way");
        let either = [words(&["a-b", "b-c", "c-a"]), words(&["a-c", "c-b", "b-a"])];
        assert!(either.contains(&around), "{around:?}");
    }

    #[test]
    fn a_way_keeps_to_bans_and_closures_and_says_where_it_ends() {
        let mut tables = square();
        let ban = Turn { from: key("a-d"), to: key("d-c"), access: Access::always(ClassSet::NONE) };
        tables.turns.push(record("ban", ban));
        let around = driven(&tables, &[&["a"], &["d"], &["c"]]).expect("a way");
        assert_eq!(around.0, words(&["a-d", "d-a", "a-c"]), "where the only way on is banned, it turns around");
        for link in &mut tables.links {
            if link.facts.to == key("d") {
                link.facts.access = Access::always(ClassSet::ALL.without(VehicleClass::Bus));
            }
        }
        assert_eq!(driven(&tables, &[&["a"], &["b"], &["d"], &["c"]]), Err(NoWay { place: 2 }));
    }
}
