//! Which junctions an edit is about.

use std::collections::BTreeSet;

use engine::key::Key;
use serde_spanned::Spanned;

use super::Misfit;
use super::editor::Editor;
use super::selection::is_named;
use crate::scenario::problem::nearest;
use crate::words::Text;

impl Editor<'_> {
    /// The row of a junction; reports where there is none.
    pub(super) fn junction(&mut self, name: &Spanned<String>) -> Option<usize> {
        let junctions = &self.applied.tables.junctions;
        let found = junctions.iter().position(|row| row.key.as_str() == name.get_ref());
        if found.is_none() {
            let nearest = nearest(name.get_ref(), junctions.iter().map(|row| row.key.as_str())).map(str::to_owned);
            self.misfit(name, Misfit::Missing { what: "junction", name: name.get_ref().clone(), nearest });
        }
        found
    }

    /// The rows of the named junctions, or of those where all of the streets meet, ascending; empty where it reports.
    pub(super) fn junctions(
        &mut self,
        junctions: Option<&[Spanned<String>]>,
        streets: Option<&[Spanned<String>]>,
    ) -> Vec<usize> {
        let before = self.misfits.len();
        let named = junctions.unwrap_or_default();
        let mut rows: Vec<usize> = named.iter().filter_map(|name| self.junction(name)).collect();
        if let Some(names) = streets {
            rows.extend(self.meeting(names));
        }
        if self.misfits.len() > before {
            return Vec::new();
        }
        rows.sort_unstable();
        rows.dedup();
        rows
    }

    /// The junctions where all of the streets meet; reports where there are none.
    pub(super) fn meeting(&mut self, names: &[Spanned<String>]) -> Vec<usize> {
        let before = self.misfits.len();
        let lower = self.streets(names);
        let Some(first) = names.first().filter(|_| self.misfits.len() == before) else { return Vec::new() };
        let links = &self.applied.tables.links;
        let ends_of = |name: &String| -> BTreeSet<&Key> {
            let of_street = links.iter().filter(|row| is_named(&row.facts, std::slice::from_ref(name)));
            of_street.flat_map(|row| [&row.facts.from, &row.facts.to]).collect()
        };
        let junctions = &self.applied.tables.junctions;
        let mut ends: Vec<BTreeSet<&Key>> = lower.iter().map(ends_of).collect();
        // Streets that end at one ring meet there.
        for ring in &self.applied.rings {
            let around: Vec<&Key> = ring.junctions.iter().map(|&row| &junctions[row].key).collect();
            for ends in ends.iter_mut().filter(|ends| around.iter().any(|key| ends.contains(key))) {
                ends.extend(&around);
            }
        }
        let meets = |row: &usize| ends.iter().all(|ends| ends.contains(&junctions[*row].key));
        let rows: Vec<usize> = (0..junctions.len()).filter(meets).collect();
        if rows.is_empty() {
            let names = names.iter().map(|name| format!("'{}'", name.get_ref())).collect();
            self.misfit(first, Misfit::NoMeeting(names));
        }
        rows
    }

    /// A junction, with all others of its ring where it is on one.
    pub(super) fn around(&self, row: usize) -> Vec<usize> {
        let ring = self.applied.rings.iter().find(|ring| ring.junctions.binary_search(&row).is_ok());
        ring.map_or_else(|| vec![row], |ring| ring.junctions.clone())
    }

    /// Words for junctions: the streets that are named, or the streets that meet there where it is one.
    pub(super) fn name_junctions(&self, rows: &[usize], streets: Option<&[Spanned<String>]>) -> Text {
        if let Some(streets) = streets {
            let names: Vec<&str> = streets.iter().map(|name| name.get_ref().as_str()).collect();
            return Text::same(names.join(" / "));
        }
        if let [row] = rows {
            let key = &self.applied.tables.junctions[*row].key;
            let links = self.applied.tables.links.iter().filter(|row| row.facts.from == *key || row.facts.to == *key);
            let names: BTreeSet<&str> = links.filter_map(|row| row.facts.name.as_deref()).collect();
            if !names.is_empty() {
                return Text::same(names.into_iter().collect::<Vec<_>>().join(" / "));
            }
        }
        Text::new(format!("{} incroci", rows.len()), format!("{} junctions", rows.len()))
    }
}
