//! Sections of streets: what lies between two junctions under one name, and how people say where that is.
//!
//! A street of two kilometres carries another flow at each end, so a number is told of one of its sections, together with
//! the streets that meet it at either end (“corso Acqui, between via Carlo Alberto and via Nenni”). Where the next
//! junction has no other name, the street is followed to the first that has one.

use std::collections::HashMap;

use engine::city::{Link, Record, RoadClass};
use engine::key::Key;

use crate::comparison::SectionEnds;

/// How many junctions a street is followed for a name to tell its place by.
const FOLLOWED_MAX: usize = 12;

/// The links of a comparison by the junctions at which they meet.
pub(super) struct Sections<'a> {
    records: &'a [&'a Record<Link>],
    at: HashMap<&'a Key, Vec<usize>>,
}

impl<'a> Sections<'a> {
    pub(super) fn new(records: &'a [&'a Record<Link>]) -> Self {
        let mut at: HashMap<&Key, Vec<usize>> = HashMap::new();
        for (link, row) in records.iter().enumerate() {
            for junction in [&row.facts.from, &row.facts.to] {
                at.entry(junction).or_default().push(link);
            }
        }
        Self { records, at }
    }

    fn name(&self, link: usize) -> Option<&'a str> {
        self.records[link].facts.name.as_deref()
    }

    /// The links between the same two junctions that have one name: what a person on the pavement sees pass, in both
    /// directions and on parallel carriageways. In the order of the first link of each.
    pub(super) fn of(&self, links: impl Iterator<Item = usize>) -> Vec<Vec<usize>> {
        let mut places: HashMap<(Option<&str>, &Key, &Key), usize> = HashMap::new();
        let mut sections: Vec<Vec<usize>> = Vec::new();
        for link in links {
            let facts = &self.records[link].facts;
            let ends = (self.name(link), (&facts.from).min(&facts.to), (&facts.from).max(&facts.to));
            let place = *places.entry(ends).or_insert(sections.len());
            if place == sections.len() {
                sections.push(Vec::new());
            }
            sections[place].push(link);
        }
        sections
    }

    /// Where a section lies on its street.
    pub(super) fn ends(&self, section: &[usize]) -> SectionEnds {
        let Some(&first) = section.first() else { return SectionEnds::default() };
        let facts = &self.records[first].facts;
        let from = self.named_from(first, &facts.to, &facts.from);
        let to = self.named_from(first, &facts.from, &facts.to).filter(|to| from.as_ref() != Some(to));
        SectionEnds { from, to }
    }

    /// The first street that meets this one from the junction ahead on.
    fn named_from(&self, section: usize, behind: &'a Key, ahead: &'a Key) -> Option<String> {
        let street = self.name(section);
        let (mut behind, mut ahead) = (behind, ahead);
        for _ in 0..FOLLOWED_MAX {
            if let Some(name) = self.cross_street(ahead, street) {
                return Some(name.to_owned());
            }
            let next = self.at[ahead].iter().filter(|&&link| self.name(link) == street).find_map(|&link| {
                let facts = &self.records[link].facts;
                let other = if facts.from == *ahead { &facts.to } else { &facts.from };
                (other != behind && other != ahead).then_some(other)
            })?;
            (behind, ahead) = (ahead, next);
        }
        None
    }

    /// The most important street at a junction that has another name, the first by the alphabet among equals; motorways
    /// and their ramps pass over and under, and tell nobody a place.
    fn cross_street(&self, junction: &Key, street: Option<&str>) -> Option<&'a str> {
        let others = self.at[junction].iter().filter_map(|&link| {
            let name = self.name(link).filter(|name| Some(*name) != street)?;
            Some((self.records[link].facts.class, name))
        });
        others.filter(|(class, _)| *class > RoadClass::MotorwayRamp).min().map(|(_, name)| name)
    }
}
