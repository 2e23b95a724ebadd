//! What a scenario takes back of its parents: lines and events before they are made, and roundabouts, which are not built at all
//! where a later file of the chain lifts them.

use std::collections::BTreeMap;

use engine::city::CityTables;
use serde_spanned::Spanned;

use super::Misfit;
use super::editor::Editor;
use crate::scenario::file::Junctions;
use crate::scenario::problem::nearest;
use crate::scenario::tree::Chain;

/// A roundabout that some file of a chain lifts.
pub(super) struct LiftedRing {
    /// The number of that file.
    pub(super) file: usize,
    pub(super) on: Spanned<Junctions>,
    /// Whether there is a roundabout to lift.
    pub(super) is_met: bool,
}

/// All roundabouts that files of a chain lift.
pub(super) fn lifted_rings(chain: &Chain) -> Vec<LiftedRing> {
    let of_file = |(file, written): (usize, &crate::scenario::tree::Written)| {
        let lifted = written.scenario.lift.roundabouts.clone();
        lifted.into_iter().map(move |on| LiftedRing { file, on, is_met: false })
    };
    chain.files().iter().enumerate().flat_map(of_file).collect()
}

impl Editor<'_> {
    /// Whether a later file lifts a roundabout at these junctions.
    pub(super) fn is_lifted_later(&mut self, members: &[usize]) -> bool {
        let number = self.number;
        let tables = &self.applied.tables;
        let found =
            self.lifted_rings.iter_mut().find(|lifted| lifted.file > number && names(tables, &lifted.on, members));
        found.map(|lifted| lifted.is_met = true).is_some()
    }

    /// Takes lines or events of the parents away; reports those that there are not.
    pub(super) fn lift<T>(
        &mut self,
        (what, [it, en]): (&'static str, [&str; 2]),
        names: &[Spanned<String>],
        of_parents: &mut BTreeMap<String, T>,
    ) {
        for name in names {
            if of_parents.remove(&name.get_ref().to_lowercase()).is_none() {
                let nearest = nearest(name.get_ref(), of_parents.keys().map(String::as_str)).map(str::to_owned);
                self.misfit(name, Misfit::NothingToLift { what, name: name.get_ref().clone(), nearest });
                continue;
            }
            self.describe(format!("{it} {}", name.get_ref()), format!("{en} {}", name.get_ref()));
        }
    }

    /// Reports the roundabouts that this file lifts and no parent builds.
    pub(super) fn lift_roundabouts(&mut self) {
        let number = self.number;
        let of_file = self.lifted_rings.iter().filter(|lifted| lifted.file == number);
        let lifted: Vec<(Spanned<Junctions>, bool)> =
            of_file.map(|lifted| (lifted.on.clone(), lifted.is_met)).collect();
        for (on, is_met) in lifted {
            let name = words(&on);
            if !is_met {
                self.misfit(&on, Misfit::NothingToLift { what: "roundabout", name, nearest: None });
                continue;
            }
            self.describe(format!("Senza la rotatoria {name}"), format!("Without the roundabout {name}"));
        }
    }
}

/// Whether a place names any of some junctions, by key or as one where all of its streets meet.
fn names(tables: &CityTables, on: &Spanned<Junctions>, members: &[usize]) -> bool {
    let Junctions { junctions, streets } = on.get_ref();
    let by_key = |row: usize| {
        let key = tables.junctions[row].key.as_str();
        junctions.iter().flatten().any(|name| name.get_ref() == key)
    };
    let meets = |row: usize, street: &Spanned<String>| {
        let (key, street) = (&tables.junctions[row].key, street.get_ref().to_lowercase());
        tables.links.iter().any(|link| {
            let ends_there = link.facts.from == *key || link.facts.to == *key;
            ends_there && super::selection::is_named(&link.facts, std::slice::from_ref(&street))
        })
    };
    let by_streets =
        |row: usize| streets.as_ref().is_some_and(|streets| streets.iter().all(|street| meets(row, street)));
    members.iter().any(|&row| by_key(row) || by_streets(row))
}

/// A place as the file names it.
fn words(on: &Spanned<Junctions>) -> String {
    let Junctions { junctions, streets } = on.get_ref();
    let names = junctions.iter().chain(streets).flatten().map(|name| name.get_ref().as_str());
    names.collect::<Vec<_>>().join(" / ")
}
