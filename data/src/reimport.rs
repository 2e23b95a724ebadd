//! Keys that survive a re-import.
//!
//! A newer import of the same source replaces the rows of that source in a city; rows of other sources stay. A new row is
//! the old one, and gets its key, where both have one source id and lie in one place, or else where place and name agree: ends
//! (of lines) or middle (of areas) within a tolerance, size within a fifth. What a vanished key stood for is not given to
//! another thing: a new row that would take such a key gets `.1`, `.2`, … behind it. What could not be matched is listed, and
//! what refers to it is left for [`CityTables::faults`] to name.

use std::collections::{BTreeSet, HashMap, HashSet};

use engine::city::{CityTables, Record};
use engine::key::Key;
use geo::{Area, Centroid, Coord, Geometry};
use serde::Serialize;

/// What became of the rows of one table.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Matching {
    /// The table.
    pub table: &'static str,
    /// Rows that are the same by source id and place.
    pub by_id: usize,
    /// Rows that are the same by place and name.
    pub by_place: usize,
    /// Keys of the old city that nothing in the new one is.
    pub gone: Vec<String>,
    /// Keys of the new city that nothing in the old one was.
    pub new: Vec<String>,
}

/// What a row is known by beside its key.
#[derive(Clone, Debug)]
struct Likeness {
    /// Ends of a line, or twice the middle of what has none.
    ends: [Coord<f64>; 2],
    /// Length of a line, or root of an area, in metres.
    size_m: f64,
    name: String,
}

impl Likeness {
    fn point(place: Coord<f64>, name: impl Into<String>) -> Self {
        Self { ends: [place, place], size_m: 0.0, name: name.into() }
    }

    fn geometry(geometry: &Geometry<f64>, name: Option<&str>) -> Self {
        let name = name.unwrap_or("").to_owned();
        if let Geometry::LineString(line) = geometry
            && let (Some(first), Some(last)) = (line.0.first(), line.0.last())
        {
            let steps = line.0.windows(2).map(|pair| distance_m(pair[0], pair[1]));
            return Self { ends: [*first, *last], size_m: steps.sum(), name };
        }
        let middle = geometry.centroid().map_or(Coord { x: f64::MAX, y: f64::MAX }, |point| point.0);
        Self { ends: [middle, middle], size_m: geometry.unsigned_area().sqrt(), name }
    }

    /// How far apart the two are, in metres, where they may be the same thing.
    fn distance_m(&self, other: &Self, tolerance_m: f64) -> Option<f64> {
        let apart = distance_m(self.ends[0], other.ends[0]).max(distance_m(self.ends[1], other.ends[1]));
        let size = (self.size_m - other.size_m).abs() <= 0.2 * self.size_m.max(other.size_m);
        (apart <= tolerance_m && size).then_some(apart)
    }
}

fn distance_m(a: Coord<f64>, b: Coord<f64>) -> f64 {
    libm::hypot(a.x - b.x, a.y - b.y)
}

/// Replaces in `old` what is of the sources of `new`, giving new rows the keys of the old ones that they are.
#[must_use]
pub fn update(old: &CityTables, mut new: CityTables, tolerance_m: f64) -> (CityTables, Vec<Matching>) {
    let replaced: BTreeSet<_> = new.sources.iter().map(|source| source.id.clone()).collect();
    let mut matchings = Vec::new();
    let mut keys = Keys { renamed: HashMap::new(), taken: HashSet::new() };
    macro_rules! each_key {
        ($($table:ident),*) => {$( keys.taken.extend(old.$table.iter().map(|row| row.key.clone())); )*};
    }
    each_key!(
        junctions,
        links,
        turns,
        quarters,
        zones,
        connectors,
        gates,
        observations,
        addresses,
        buildings,
        trees,
        waters,
        railways,
        heritage_sites,
        places
    );
    macro_rules! matched {
        ($table:ident, $likeness:expr) => {{
            let of_source: Vec<_> = old.$table.iter().filter(|row| replaced.contains(&row.provenance.source)).collect();
            let matching = keys.give(stringify!($table), &of_source, &mut new.$table, tolerance_m, $likeness);
            matchings.push(matching);
            let kept = old.$table.iter().filter(|row| !replaced.contains(&row.provenance.source));
            new.$table.extend(kept.cloned());
        }};
    }
    matched!(junctions, |junction| Likeness::point(junction.position, ""));
    matched!(links, |link| {
        let mut likeness = Likeness::geometry(&link.geometry.clone().into(), link.name.as_deref());
        likeness.name = format!("{} {:?}", likeness.name, link.class);
        likeness
    });
    matched!(addresses, |address| Likeness::point(address.position, format!("{} {}", address.street, address.number)));
    matched!(buildings, |building| Likeness::geometry(&building.footprint.clone().into(), None));
    matched!(trees, |tree| Likeness::point(tree.position, &*tree.species));
    matched!(waters, |water| Likeness::geometry(&water.geometry, water.name.as_deref()));
    matched!(railways, |railway| Likeness::geometry(&railway.geometry.clone().into(), railway.name.as_deref()));
    matched!(heritage_sites, |site| Likeness::point(site.position, &*site.name));
    matched!(places, |place| Likeness::point(place.position, format!("{:?} {}", place.name, place.tag)));
    keys.rename(&mut new);
    // A turn is the movement between its links: its likeness is their keys, which are settled now.
    matched!(turns, |turn| Likeness::point(Coord { x: 0.0, y: 0.0 }, format!("{} {}", turn.from, turn.to)));
    macro_rules! kept {
        ($($table:ident),*) => {$( new.$table.extend(old.$table.iter().cloned()); )*};
    }
    kept!(quarters, zones, connectors, gates, observations);
    new.about = old.about.clone();
    let others = old.sources.iter().filter(|source| !replaced.contains(&source.id));
    new.sources.extend(others.cloned());
    new.sort();
    (new, matchings)
}

/// The keys of the old city, and what new rows are called from now on.
struct Keys {
    renamed: HashMap<Key, Key>,
    taken: HashSet<Key>,
}

impl Keys {
    /// Gives the new rows of a table the keys of the old rows that they are.
    fn give<T>(
        &mut self,
        table: &'static str,
        old: &[&Record<T>],
        new: &mut [Record<T>],
        tolerance_m: f64,
        likeness: impl Fn(&T) -> Likeness,
    ) -> Matching {
        let old_like: Vec<Likeness> = old.iter().map(|row| likeness(&row.facts)).collect();
        let new_like: Vec<Likeness> = new.iter().map(|row| likeness(&row.facts)).collect();
        let mut old_of_new: Vec<Option<usize>> = vec![None; new.len()];
        let mut is_matched = vec![false; old.len()];
        let by_key: HashMap<&Key, usize> = old.iter().enumerate().map(|(index, row)| (&row.key, index)).collect();
        let mut matching = Matching { table, ..Matching::default() };
        for (index, row) in new.iter().enumerate() {
            if let Some(&other) = by_key.get(&row.key)
                && old_like[other].distance_m(&new_like[index], 10.0 * tolerance_m).is_some()
            {
                old_of_new[index] = Some(other);
                is_matched[other] = true;
                matching.by_id += 1;
            }
        }
        for (_, other, index) in candidates(&old_like, &new_like, &is_matched, &old_of_new, tolerance_m) {
            if !is_matched[other] && old_of_new[index].is_none() {
                old_of_new[index] = Some(other);
                is_matched[other] = true;
                matching.by_place += 1;
            }
        }
        for (row, other) in new.iter_mut().zip(&old_of_new) {
            let key = match other {
                Some(other) => old[*other].key.clone(),
                None => self.fresh(&row.key),
            };
            if other.is_none() {
                matching.new.push(key.to_string());
            }
            if key != row.key {
                self.renamed.insert(std::mem::replace(&mut row.key, key.clone()), key);
            }
        }
        matching.gone =
            old.iter().zip(is_matched).filter(|(_, matched)| !matched).map(|(row, _)| row.key.to_string()).collect();
        matching.gone.sort();
        matching.new.sort();
        matching
    }

    /// The key itself or, where the old city used it for something else, with a number behind it.
    fn fresh(&mut self, key: &Key) -> Key {
        let numbered = (1_u32..).map_while(|number| Key::new(format!("{key}.{number}")).ok());
        let mut tries = std::iter::once(key.clone()).chain(numbered);
        let fresh = tries.find(|key| !self.taken.contains(key)).unwrap_or_else(|| key.clone());
        self.taken.insert(fresh.clone());
        fresh
    }

    /// Follows the new names in what refers to junctions and links.
    fn rename(&self, tables: &mut CityTables) {
        let rename = |key: &mut Key| {
            if let Some(new) = self.renamed.get(key) {
                *key = new.clone();
            }
        };
        // Only links that are new themselves: those of other sources name keys that did not change.
        for link in &mut tables.links {
            rename(&mut link.facts.from);
            rename(&mut link.facts.to);
        }
        for turn in &mut tables.turns {
            rename(&mut turn.facts.from);
            rename(&mut turn.facts.to);
        }
    }
}

/// Pairs of an old and a new row that may be the same, nearest first, each with its distance in millimetres.
fn candidates(
    old: &[Likeness],
    new: &[Likeness],
    is_matched: &[bool],
    old_of_new: &[Option<usize>],
    tolerance_m: f64,
) -> Vec<(u64, usize, usize)> {
    #[expect(clippy::cast_possible_truncation, reason = "cells of metres on the globe")]
    let cell = |place: Coord<f64>| ((place.x / tolerance_m).floor() as i64, (place.y / tolerance_m).floor() as i64);
    let mut cells: HashMap<(i64, i64), Vec<usize>> = HashMap::new();
    for (index, likeness) in old.iter().enumerate().filter(|(index, _)| !is_matched[*index]) {
        cells.entry(cell(likeness.ends[0])).or_default().push(index);
    }
    let mut pairs = Vec::new();
    for (index, likeness) in new.iter().enumerate().filter(|(index, _)| old_of_new[*index].is_none()) {
        let (x, y) = cell(likeness.ends[0]);
        let around = (-1..=1).flat_map(|dx| (-1..=1).map(move |dy| (dx, dy)));
        let near = around.filter_map(|(dx, dy)| cells.get(&(x.saturating_add(dx), y.saturating_add(dy)))).flatten();
        for &other in near {
            if old[other].name == likeness.name
                && let Some(apart_m) = old[other].distance_m(likeness, tolerance_m)
            {
                #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "below the tolerance")]
                pairs.push(((apart_m * 1000.0) as u64, other, index));
            }
        }
    }
    pairs.sort_unstable();
    pairs
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::osm;

    fn city(ways: &str, shift: f64) -> CityTables {
        let text = format!(
            r#"<osm version="0.6"><node id="1" lat="44.9" lon="{}"/><node id="2" lat="44.901" lon="{}"/>
            <node id="3" lat="44.902" lon="{}"/><node id="4" lat="44.901" lon="{}"/>{ways}</osm>"#,
            8.6 + shift,
            8.6 + shift,
            8.6 + shift,
            8.601 + shift
        );
        let options = osm::Options { name: "Prova".into(), time_zone: "Europe/Rome".into(), epsg: Some(32632) };
        osm::import("a.osm", &osm::parse("a.osm", text.as_bytes()).expect("an extract"), &options)
            .expect("a city")
            .tables
    }

    fn way(id: u32, nodes: &[u32], name: &str) -> String {
        let nodes: String = nodes.iter().map(|node| format!(r#"<nd ref="{node}"/>"#)).collect();
        let tags = format!(r#"<tag k="highway" v="residential"/><tag k="oneway" v="yes"/><tag k="name" v="{name}"/>"#);
        format!(r#"<way id="{id}">{nodes}{tags}</way>"#)
    }

    fn keys(tables: &CityTables) -> Vec<&str> {
        tables.links.iter().map(|link| link.key.as_str()).collect()
    }

    fn of(matchings: &[Matching], table: &str) -> Matching {
        matchings.iter().find(|matching| matching.table == table).expect("listed").clone()
    }

    #[test]
    fn the_same_source_twice_changes_nothing() {
        let old = city(&(way(10, &[1, 2, 3], "Via Po") + &way(11, &[2, 4], "Via Dora")), 0.0);
        let (new, matchings) = update(&old, old.clone(), 5.0);
        assert_eq!(new, old);
        assert!(matchings.iter().all(|matching| matching.gone.is_empty() && matching.new.is_empty()));
        assert_eq!(of(&matchings, "links").by_id, 3);
    }

    #[test]
    fn a_street_that_was_drawn_anew_a_little_aside_keeps_its_key() {
        let old = city(&way(10, &[1, 2, 3], "Via Po"), 0.0);
        let (new, matchings) = update(&old, city(&way(77, &[1, 2, 3], "Via Po"), 0.000_01), 5.0);
        assert_eq!(keys(&new), ["osm:way/10#0+"]);
        assert_eq!(of(&matchings, "links").by_place, 1);
        let (renamed, matchings) = update(&old, city(&way(77, &[1, 2, 3], "Via Adda"), 0.000_01), 5.0);
        assert_eq!(keys(&renamed), ["osm:way/77#0+"]);
        assert_eq!(of(&matchings, "links").gone, ["osm:way/10#0+"]);
    }

    #[test]
    fn the_key_of_what_is_gone_is_not_given_to_something_else() {
        let old = city(&way(10, &[1, 2, 3], "Via Po"), 0.0);
        // A new side street cuts the way in two: its piece 0 is half of what it was.
        let (new, matchings) =
            update(&old, city(&(way(10, &[1, 2, 3], "Via Po") + &way(11, &[2, 4], "Via Dora")), 0.0), 5.0);
        assert_eq!(keys(&new), ["osm:way/10#0+.1", "osm:way/10#1+", "osm:way/11#0+"]);
        assert_eq!(of(&matchings, "links").gone, ["osm:way/10#0+"]);
        assert_eq!(of(&matchings, "junctions").by_id, 2);
        assert!(new.faults().is_empty(), "{:?}", new.faults());
    }

    #[test]
    fn what_other_sources_gave_stays() {
        let mut old = city(&way(10, &[1, 2, 3], "Via Po"), 0.0);
        old.sources.push(engine::provenance::Source {
            id: "comune".into(),
            title: String::new(),
            licence: "CC-BY-4.0".into(),
            attribution: String::new(),
            url: None,
            year: None,
        });
        let mut extra = old.junctions[0].clone();
        extra.key = Key::new("comune:j/1").expect("a key");
        extra.provenance.source = "comune".into();
        old.junctions.push(extra);
        let (new, _) = update(&old, city(&way(10, &[1, 2, 3], "Via Po"), 0.0), 5.0);
        assert!(new.junctions.iter().any(|junction| junction.key.as_str() == "comune:j/1"));
        assert_eq!(new.sources.len(), 2);
    }
}
