//! In which directions a street may be used.

use std::collections::BTreeMap;

use engine::city::{Access, Link, Record};
use engine::key::Key;
use engine::time::Hours;
use engine::vehicles::{ClassSet, VehicleClass};
use serde_spanned::Spanned;

use super::Misfit;
use super::editor::Editor;
use crate::scenario::access::{Touch, all_but, either};
use crate::scenario::file::Direction;

/// A direction given to a link.
pub(super) struct Directed {
    pub(super) row: usize,
    pub(super) direction: Direction,
    /// The links back.
    pub(super) backs: Vec<usize>,
    /// Where the edit is in its file, in bytes.
    pub(super) at: usize,
}

impl Editor<'_> {
    /// Claims a direction for the links and what it means for the links back. The rows ascend.
    pub(super) fn claim_direction(&mut self, direction: &Spanned<Direction>, rows: &[usize]) {
        // Looked up and not searched for: a selection may hold thousands of links, and a city a million.
        let mut by_ends: BTreeMap<(Key, Key), Vec<usize>> = BTreeMap::new();
        for (row, link) in self.applied.tables.links.iter().enumerate() {
            by_ends.entry((link.facts.from.clone(), link.facts.to.clone())).or_default().push(row);
        }
        let along = *direction.get_ref();
        let back_along = match along {
            Direction::OneWay => Direction::Reversed,
            Direction::Reversed => Direction::OneWay,
            Direction::Both => Direction::Both,
        };
        for &row in rows {
            let links = &self.applied.tables.links;
            let link = &links[row];
            let back_ends = (link.facts.to.clone(), link.facts.from.clone());
            let backs = by_ends.get(&back_ends).into_iter().flatten().copied();
            let backs: Vec<usize> = backs.filter(|&back| runs_back(&links[back].facts, &link.facts)).collect();
            let key = link.key.clone();
            if along != Direction::Both && backs.iter().any(|back| rows.binary_search(back).is_ok()) {
                return self.misfit(direction, Misfit::BothDirections(key));
            }
            let back_keys: Vec<Key> = backs.iter().map(|&back| links[back].key.clone()).collect();
            let mut fits = self.claim(direction, &key, "direction", along.name());
            for back in &back_keys {
                fits &= self.claim(direction, back, "direction", back_along.name());
            }
            if fits {
                self.directed.push(Directed { row, direction: along, backs, at: direction.span().start });
            }
        }
    }

    /// Builds the links back that directions need and the city lacks.
    pub(super) fn build_backs(&mut self) {
        let mut directed = std::mem::take(&mut self.directed);
        // By row and not by edit: of two links that run side by side the same one gets the link back.
        directed.sort_by_key(|directed| (directed.row, directed.at));
        let mut built: BTreeMap<(Key, Key), Vec<usize>> = BTreeMap::new();
        for directed in &mut directed {
            if directed.direction == Direction::OneWay || !directed.backs.is_empty() {
                continue;
            }
            let link = self.applied.tables.links[directed.row].clone();
            let back_ends = built.entry((link.facts.to.clone(), link.facts.from.clone())).or_default();
            let links = &self.applied.tables.links;
            let found = back_ends.iter().copied().find(|&back| runs_back(&links[back].facts, &link.facts));
            let Some(back) = found.or_else(|| self.build_back(&link)) else { continue };
            back_ends.push(back);
            directed.backs.push(back);
        }
        self.directed = directed;
    }

    /// Notes what the directions say of access, once all else that the file says of it is known.
    pub(super) fn direct(&mut self) {
        let mut touches = Vec::new();
        for Directed { row, direction, backs, at } in std::mem::take(&mut self.directed) {
            let (at, hours) = (at, Hours::always());
            let shut = |hours| Touch { at, hours, opens: Access::always(ClassSet::NONE), closes: all_but(walkers()) };
            let mut users = self.settled(row);
            if direction == Direction::OneWay {
                touches.extend(backs.iter().map(|&back| (back, shut(hours.clone()))));
            } else if let Some(&back) = backs.first() {
                users = either(&users, &self.settled(back));
                let open = |hours| Touch { at, hours, opens: users.clone(), closes: ClassSet::NONE };
                touches.push((back, open(hours.clone())));
                touches.push((row, if direction == Direction::Both { open(hours) } else { shut(hours) }));
            }
            if users.classes.is_empty() {
                let key = self.applied.tables.links[row].key.clone();
                self.misfit_at(at, Misfit::NobodyToDirect(key));
            }
            self.applied.edited_links.extend(backs);
        }
        for (row, touch) in touches {
            self.touches.entry(row).or_default().push(touch);
        }
    }

    /// Builds a link back; its row, where its key can be made.
    fn build_back(&mut self, link: &Record<Link>) -> Option<usize> {
        let key = Key::new(format!("{}~back", link.key)).ok()?;
        let mut facts = link.facts.clone();
        std::mem::swap(&mut facts.from, &mut facts.to);
        facts.geometry.0.reverse();
        // Nobody may use it until the direction opens it.
        facts.access = Access::always(ClassSet::NONE);
        let row = self.applied.tables.links.len();
        self.applied.edited_links.push(row);
        let provenance = self.provenance();
        self.applied.tables.links.push(Record { key, provenance, facts });
        Some(row)
    }
}

/// People on foot and on bicycles, whom one-way streets do not bind here.
fn walkers() -> ClassSet {
    ClassSet::of(&[VehicleClass::Pedestrian, VehicleClass::Bicycle])
}

/// Whether a link is the way back along another; a loop has none.
pub(super) fn runs_back(link: &Link, along: &Link) -> bool {
    along.from != along.to && link.from == along.to && link.to == along.from && link.name == along.name
}
