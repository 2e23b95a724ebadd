//! The elements of an OpenStreetMap extract: nodes, ways, relations, and the tags that a city is made of.

use geo::Coord;

use super::OsmError;

/// What was read of an extract.
#[derive(Debug, Default)]
pub struct Extract {
    /// Every node: its id and where it is, in degrees east and north; sorted by id.
    pub nodes: Vec<(i64, Coord<f64>)>,
    /// The nodes that have tags of interest, sorted by id.
    pub tagged_nodes: Vec<(i64, Tags)>,
    /// The ways, sorted by id.
    pub ways: Vec<Way>,
    /// The relations, sorted by id.
    pub relations: Vec<Relation>,
}

/// A line or ring of nodes.
#[derive(Debug)]
pub struct Way {
    /// Its id.
    pub id: i64,
    /// The nodes, in order; the last is the first where it is a ring.
    pub nodes: Vec<i64>,
    /// Its tags of interest.
    pub tags: Tags,
}

/// A group of elements in roles.
#[derive(Debug)]
pub struct Relation {
    /// Its id.
    pub id: i64,
    /// What belongs to it.
    pub members: Vec<Member>,
    /// Its tags of interest.
    pub tags: Tags,
}

/// One element of a relation.
#[derive(Debug)]
pub struct Member {
    /// Node, way or relation.
    pub kind: MemberKind,
    /// The element's id.
    pub id: i64,
    /// What it is in the relation (`outer`, `from`, `via`).
    pub role: Box<str>,
}

/// What a member of a relation is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub enum MemberKind {
    Node,
    Way,
    Relation,
}

/// Keys and values, in the order of the source; keys that no city is made of are left out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tags(Vec<(Box<str>, Box<str>)>);

/// Keys of interest; `addr:`, `turn:` and other families are listed by their members that count.
const KEYS: [&str; 63] = [
    "access",
    "addr:housenumber",
    "addr:place",
    "addr:street",
    "addr:suburb",
    "amenity",
    "area",
    "bicycle",
    "bridge",
    "building",
    "building:levels",
    "building:part",
    "building:use",
    "bus",
    "cycleway",
    "est_height",
    "except",
    "foot",
    "footway",
    "goods",
    "healthcare",
    "height",
    "hgv",
    "highway",
    "historic",
    "junction",
    "lanes",
    "lanes:backward",
    "lanes:forward",
    "layer",
    "leaf_cycle",
    "leisure",
    "man_made",
    "maxspeed",
    "maxspeed:backward",
    "maxspeed:forward",
    "motor_vehicle",
    "motorcar",
    "motorcycle",
    "name",
    "natural",
    "office",
    "oneway",
    "oneway:bicycle",
    "psv",
    "public_transport",
    "railway",
    "ref",
    "restriction",
    "restriction:conditional",
    "restriction:hgv",
    "service",
    "shop",
    "source:maxspeed",
    "species",
    "toll",
    "tourism",
    "tunnel",
    "type",
    "vehicle",
    "water",
    "waterway",
    "zone:traffic",
];

impl Tags {
    /// Whether a key is kept: one of the list, or any with a condition.
    pub(super) fn is_of_interest(key: &str) -> bool {
        KEYS.binary_search(&key).is_ok() || key.ends_with(":conditional")
    }

    /// Adds a tag if it is of interest.
    pub(super) fn add(&mut self, key: &str, value: &str) {
        if Self::is_of_interest(key) {
            self.0.push((key.into(), value.into()));
        }
    }

    /// The value of that key.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&str> {
        self.0.iter().find(|(other, _)| &**other == key).map(|(_, value)| &**value)
    }

    /// Whether there is a tag of that key.
    #[must_use]
    pub fn has(&self, key: &str) -> bool {
        self.get(key).is_some()
    }

    /// Whether the key has that value.
    #[must_use]
    pub fn is(&self, key: &str, value: &str) -> bool {
        self.get(key) == Some(value)
    }

    /// All tags, in the order of the source.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(key, value)| (&**key, &**value))
    }

    /// Whether none is of interest.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl Way {
    /// Whether it is a ring of at least three nodes.
    #[must_use]
    pub fn is_closed(&self) -> bool {
        self.nodes.len() >= 4 && self.nodes.first() == self.nodes.last()
    }
}

impl Extract {
    /// Joins what was read in parts, in the order of the source, and sorts it by id. Of elements that come twice, as at the
    /// borders of merged extracts, the first is kept.
    pub(super) fn joined(parts: Vec<Self>) -> Self {
        let mut all = Self::default();
        for part in parts {
            all.nodes.extend(part.nodes);
            all.tagged_nodes.extend(part.tagged_nodes);
            all.ways.extend(part.ways);
            all.relations.extend(part.relations);
        }
        all.nodes.sort_by_key(|(id, _)| *id);
        all.nodes.dedup_by_key(|(id, _)| *id);
        all.tagged_nodes.sort_by_key(|(id, _)| *id);
        all.tagged_nodes.dedup_by_key(|(id, _)| *id);
        all.ways.sort_by_key(|way| way.id);
        all.ways.dedup_by_key(|way| way.id);
        all.relations.sort_by_key(|relation| relation.id);
        all.relations.dedup_by_key(|relation| relation.id);
        all
    }

    /// Where a node is, in degrees.
    #[must_use]
    pub fn node(&self, id: i64) -> Option<Coord<f64>> {
        self.node_index(id).map(|index| self.nodes[index].1)
    }

    /// The place of a node in [`Self::nodes`].
    #[must_use]
    pub fn node_index(&self, id: i64) -> Option<usize> {
        self.nodes.binary_search_by_key(&id, |(other, _)| *other).ok()
    }

    /// The way of that id.
    #[must_use]
    pub fn way(&self, id: i64) -> Option<&Way> {
        self.ways.binary_search_by_key(&id, |way| way.id).ok().map(|index| &self.ways[index])
    }

    /// The middle of the extract's nodes, in degrees.
    ///
    /// # Errors
    /// [`OsmError::Empty`] where there is no node.
    pub(super) fn middle(&self, file: &str) -> Result<Coord<f64>, OsmError> {
        let mut bounds: Option<[f64; 4]> = None;
        for (_, node) in &self.nodes {
            let [west, south, east, north] = bounds.unwrap_or([node.x, node.y, node.x, node.y]);
            bounds = Some([west.min(node.x), south.min(node.y), east.max(node.x), north.max(node.y)]);
        }
        let [west, south, east, north] = bounds.ok_or_else(|| OsmError::Empty { file: file.to_owned() })?;
        Ok(Coord { x: (west + east) / 2.0, y: (south + north) / 2.0 })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_of_keys_is_sorted_so_that_they_are_found() {
        assert!(KEYS.is_sorted());
        assert!(Tags::is_of_interest("highway") && Tags::is_of_interest("motor_vehicle:conditional"));
        assert!(!Tags::is_of_interest("note"));
    }
}
