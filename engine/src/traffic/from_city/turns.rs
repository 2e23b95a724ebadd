//! Turns that nobody may make: those with a rule that shuts everybody out, and ways through a joined junction that no link
//! inside it leads.
//!
//! A turn that some vehicles may make stays open: the ways of trips keep to the rules of each class, and lanes know no
//! rules for turns of some classes.

use std::collections::HashMap;

use super::joining::Joined;
use super::open_links::OpenLinks;
use crate::city::CityTables;
use crate::key::Key;
use crate::time::{ClockTime, DayType};
use crate::vehicles::ClassSet;

/// Who may make the turns that have a rule at one of some times, by the rows of their links.
pub(super) fn ruled(tables: &CityTables, day: DayType, times: &[ClockTime]) -> HashMap<(u32, u32), ClassSet> {
    let links: HashMap<&Key, u32> = tables.links.iter().map(|row| &row.key).zip(0..).collect();
    let mut at_times: HashMap<(u32, u32), Vec<ClassSet>> = HashMap::new();
    for turn in &tables.turns {
        if let (Some(&from), Some(&to)) = (links.get(&turn.facts.from), links.get(&turn.facts.to)) {
            let open_to = at_times.entry((from, to)).or_insert_with(|| vec![ClassSet::ALL; times.len()]);
            for (open_to, &time) in open_to.iter_mut().zip(times) {
                *open_to = open_to.and(turn.facts.access.at(day, time));
            }
        }
    }
    at_times.into_iter().map(|(turn, open_to)| (turn, open_to.into_iter().fold(ClassSet::NONE, ClassSet::or))).collect()
}

/// Pairs of open links, neither inside a junction, that meet at one but that nobody may take one after the other.
pub(super) fn banned(
    open: &OpenLinks<'_>,
    joined: &Joined,
    ruled: &HashMap<(u32, u32), ClassSet>,
    leaving_joined: &[Vec<u32>],
) -> Vec<(u32, u32)> {
    let streets = (0..open.links.len() as u32).filter(|&number| !joined.is_inside[number as usize]);
    let mut banned = Vec::new();
    for from in streets {
        let link = &open.links[from as usize];
        let mut reached = reached(open, joined, ruled, from);
        reached.sort_unstable();
        for &to in &leaving_joined[joined.first[link.to as usize] as usize] {
            let is_shared = !link.classes.and(open.links[to as usize].classes).is_empty();
            if is_shared && link.partner != Some(to) && reached.binary_search(&to).is_err() {
                banned.push((from, to));
            }
        }
    }
    banned
}

/// The links outside the junction that somebody who arrives on a link can leave it by.
fn reached(open: &OpenLinks<'_>, joined: &Joined, ruled: &HashMap<(u32, u32), ClassSet>, from: u32) -> Vec<u32> {
    let entered_at = open.links[from as usize].to;
    let mut found = Vec::new();
    let mut queue = vec![(from, open.links[from as usize].classes)];
    let mut seen = queue.clone();
    while let Some((last, classes)) = queue.pop() {
        let link = &open.links[last as usize];
        for &next in &open.leaving[link.to as usize] {
            let to = &open.links[next as usize];
            let rule = ruled.get(&(link.row, to.row)).copied().unwrap_or(ClassSet::ALL);
            let step = (next, classes.and(to.classes).and(rule));
            if step.1.is_empty() {
                continue;
            }
            if !joined.is_inside[next as usize] {
                found.push(next);
            } else if to.to != entered_at && !seen.contains(&step) {
                seen.push(step);
                queue.push(step);
            }
        }
    }
    found
}
