//! Links that are open at some times of day, and which of them are the two directions of one street.
//!
//! Two links are one street if each leads back from the other's end to its beginning and their middles lie within
//! [`DIRECTIONS_APART_M`]; of several such the nearest, in the order of their rows. The second takes the line of the first,
//! backwards. All others are one-way carriageways. Lines are tied to the places of their junctions.

use std::collections::HashMap;

use geo::Coord;

use super::streets::StreetsError;
use crate::city::{CityTables, DIRECTIONS_APART_M, Link};
use crate::key::Key;
use crate::time::{ClockTime, DayType};
use crate::traffic::network::derive::lines;
use crate::vehicles::ClassSet;

/// A link that is open.
pub(super) struct OpenLink<'a> {
    pub(super) row: u32,
    pub(super) key: &'a Key,
    pub(super) facts: &'a Link,
    /// Rows of the junctions.
    pub(super) from: u32,
    pub(super) to: u32,
    pub(super) classes: ClassSet,
    pub(super) line: Vec<Coord>,
    pub(super) length_m: f64,
    /// The number of the other direction among the open links.
    pub(super) partner: Option<u32>,
}

impl OpenLink<'_> {
    /// Over how much of a link its direction at an end is taken, in metres.
    const BEARING_M: f64 = 12.0;

    /// The direction in which it leaves its beginning.
    pub(super) fn outset(&self) -> Coord {
        lines::outset(&self.line, Self::BEARING_M)
    }

    /// The direction in which it arrives at its end.
    pub(super) fn heading(&self) -> Coord {
        lines::heading(&self.line, Self::BEARING_M)
    }
}

/// The open links, and which of them leave and enter each junction.
pub(super) struct OpenLinks<'a> {
    pub(super) links: Vec<OpenLink<'a>>,
    /// By row of the junction, numbers of open links, ascending.
    pub(super) leaving: Vec<Vec<u32>>,
    pub(super) entering: Vec<Vec<u32>>,
    /// Places of all junctions.
    pub(super) places: Vec<Coord>,
}

impl<'a> OpenLinks<'a> {
    /// Links that any of the classes may use at one of these times, in the order of their rows.
    pub(super) fn new(
        tables: &'a CityTables,
        day: DayType,
        times: &[ClockTime],
        classes: ClassSet,
    ) -> Result<Self, StreetsError> {
        let junctions: HashMap<&Key, u32> = tables.junctions.iter().map(|row| &row.key).zip(0..).collect();
        let find = |key: &Key| {
            junctions
                .get(key)
                .copied()
                .ok_or_else(|| StreetsError::Missing { table: "junctions", missing: key.clone() })
        };
        let places: Vec<Coord> = tables.junctions.iter().map(|row| row.facts.position).collect();
        let mut links = Vec::new();
        for (row, link) in (0_u32..).zip(&tables.links) {
            let at_times = times.iter().map(|&time| link.facts.access.at(day, time));
            let open_to = at_times.fold(ClassSet::NONE, ClassSet::or).and(classes);
            if open_to.is_empty() {
                continue;
            }
            let (from, to) = (find(&link.facts.from)?, find(&link.facts.to)?);
            let mut line = link.facts.geometry.0.clone();
            if line.len() < 2 {
                return Err(StreetsError::Line { link: link.key.clone() });
            }
            let last = line.len() - 1;
            (line[0], line[last]) = (places[from as usize], places[to as usize]);
            let length_m = lines::length_m(&line);
            let (key, facts) = (&link.key, &link.facts);
            links.push(OpenLink { row, key, facts, from, to, classes: open_to, line, length_m, partner: None });
        }
        let (mut leaving, mut entering) = (vec![Vec::new(); places.len()], vec![Vec::new(); places.len()]);
        for (number, link) in (0_u32..).zip(&links) {
            leaving[link.from as usize].push(number);
            entering[link.to as usize].push(number);
        }
        let mut open = Self { links, leaving, entering, places };
        open.pair();
        Ok(open)
    }

    /// Finds the two directions of streets.
    fn pair(&mut self) {
        let middles: Vec<Coord> = self
            .links
            .iter()
            .map(|link| {
                let half = lines::part(&link.line, 0.0, link.length_m / 2.0);
                half[half.len() - 1]
            })
            .collect();
        for number in 0..self.links.len() {
            let link = &self.links[number];
            if link.partner.is_some() || link.from == link.to {
                continue;
            }
            let apart_m = |other: u32| lines::norm(middles[number] - middles[other as usize]);
            let partner = self.leaving[link.to as usize]
                .iter()
                .copied()
                .filter(|&other| {
                    self.links[other as usize].to == link.from && self.links[other as usize].partner.is_none()
                })
                .filter(|&other| apart_m(other) <= DIRECTIONS_APART_M)
                .min_by(|&a, &b| apart_m(a).total_cmp(&apart_m(b)).then(a.cmp(&b)));
            if let Some(partner) = partner {
                let line: Vec<Coord> = link.line.iter().rev().copied().collect();
                self.links[number].partner = Some(partner);
                let back = &mut self.links[partner as usize];
                (back.partner, back.line) = (Some(number as u32), line);
            }
        }
    }

    /// How many junctions are neighbours of each.
    pub(super) fn neighbour_counts(&self) -> Vec<usize> {
        (0..self.places.len())
            .map(|junction| {
                let heads = self.leaving[junction].iter().map(|&link| self.links[link as usize].to);
                let tails = self.entering[junction].iter().map(|&link| self.links[link as usize].from);
                let mut neighbours: Vec<u32> = heads.chain(tails).collect();
                neighbours.sort_unstable();
                neighbours.dedup();
                neighbours.len()
            })
            .collect()
    }
}
