//! Applying a scenario: from the base's tables and a chain of edits to the tables of the city as it would be.
//!
//! The base's rows stay where they are and none is removed, so that the scenario's network extends the base's: what is
//! closed stays as a link that nobody may use, what is built is appended. Every edit that does not fit the city is
//! reported, not only the first.

use std::collections::BTreeMap;
use std::fmt::Display;

use data::projection::{Crs, Transform};
use engine::city::{Access, CityTables, Junction, Link, Record, RoadClass, Structure};
use engine::key::Key;
use engine::provenance::{Origin, Provenance, Source};
use engine::time::{DayType, Hours, Span};
use engine::vehicles::{ClassSet, VehicleClass};
use geo::{Contains, Coord, Distance, Euclidean, LineString, MultiPolygon, Polygon as GeoPolygon};
use serde_spanned::Spanned;

use super::access::{Clash, Touch, all_but, clash, either, settle};
use super::file::{
    AddRoad, Close, Coordinates, Direction, PEOPLE_MAX, Polygon, RuleHours, Selection, Set, Toll, Zone30, ZoneChange,
    Ztl,
};
use super::problem::{Place, nearest};
use super::tree::{Chain, Written};
use crate::words::Text;

/// How far the ends of a new road may be from a junction where the file does not say, in metres.
const SNAP_DEFAULT_M: f64 = 30.0;

/// A street this close to the edge of a limited-traffic zone runs along it, in metres.
const EDGE_STREET_M: f64 = 15.0;

/// The source that what a scenario builds is from.
pub const SCENARIO_SOURCE: &str = "scenario";

/// A city as a scenario would make it.
#[derive(Clone, Debug)]
pub struct Applied {
    /// Its tables: the base's rows in the base's order, then what was built.
    pub tables: CityTables,
    /// Rows of the links that edits touch, ascending.
    pub edited_links: Vec<usize>,
    /// Areas of limited-traffic zones and of other edits by area.
    pub areas: Vec<MultiPolygon<f64>>,
    /// The limited-traffic zones.
    pub limited_zones: Vec<LimitedZone>,
    /// The factor on the spread of the edited links' capacities.
    pub edited_capacity_spread: f64,
    /// Each edit in words.
    pub described: Vec<Text>,
}

impl Applied {
    /// A city to which nothing was done.
    #[must_use]
    pub fn unchanged(tables: CityTables) -> Self {
        Self {
            tables,
            edited_links: Vec::new(),
            areas: Vec::new(),
            limited_zones: Vec::new(),
            edited_capacity_spread: 1.0,
            described: Vec::new(),
        }
    }
}

/// A limited-traffic zone: who lives inside.
#[derive(Clone, Debug, PartialEq)]
pub struct LimitedZone {
    /// Rows of the zones whose centre lies inside.
    pub zones: Vec<usize>,
    /// Share of the other cars bound for it that hold a permit.
    pub exempt_share: f64,
}

/// Something about an edit that does not fit the city.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum Misfit {
    /// A name or key that the city does not have.
    #[error("the city has no {what} '{name}'{}", .nearest.as_ref().map(|near| format!("; did you mean '{near}'?")).unwrap_or_default())]
    Missing {
        /// What is missing.
        what: &'static str,
        /// As the scenario names it.
        name: String,
        /// What is most like it.
        nearest: Option<String>,
    },
    /// Nothing fulfils all conditions.
    #[error("no link fulfils all of these conditions; loosen one")]
    NoLinks,
    /// No zone lies in the area.
    #[error("no zone has its centre in this area; check its corners")]
    NoZones,
    /// The area is not in the city.
    #[error("{0}")]
    Outside(String),
    /// The quarter has no known ground.
    #[error("the ground of quarter '{0}' is not known; give a polygon")]
    NoGround(String),
    /// Two edits set one thing to two values.
    #[error("this sets {what} of '{key}' to {value}, but line {other_line} sets it to {other}; keep one of them")]
    Contradiction {
        /// What is set.
        what: &'static str,
        /// Of which thing.
        key: Key,
        /// To what.
        value: String,
        /// The other edit's line.
        other_line: usize,
        /// What that one sets.
        other: String,
    },
    /// One edit lets pass whom another does not.
    #[error("this {} '{key}' {classes}{when}, but line {other_line} {}; keep one of them, or move one into a parent or child scenario, where the child's edit holds", if *.opens { "opens" } else { "closes" }, if *.opens { "closes it to them" } else { "opens it to them" })]
    Access {
        /// The link.
        key: Key,
        /// Whether this edit opens and the other closes, or the other way round.
        opens: bool,
        /// "to" whom.
        classes: String,
        /// "", or from when on.
        when: String,
        /// The other edit's line.
        other_line: usize,
    },
    /// A direction is given to a street that is closed.
    #[error(
        "nobody may use '{0}' in this direction, since an edit of this file or of a parent closes it; remove the direction or the closure, or open the link with `classes` in a child scenario"
    )]
    NobodyToDirect(Key),
    /// An end of a road is too far from any junction.
    #[error(
        "the road {end}s {distance_m:.0} m from the nearest junction, '{junction}'; move the point, give `{field}` the key of a junction, or raise snap_m"
    )]
    LooseEnd {
        /// `begin` or `end`.
        end: &'static str,
        /// How far, in metres.
        distance_m: f64,
        /// The nearest junction.
        junction: Key,
        /// The field that would name it.
        field: &'static str,
    },
    /// Both ends of a road are one junction.
    #[error("the road begins and ends at the same junction, '{0}'; lengthen it or name its junctions")]
    Loop(Key),
    /// A direction is given to links both ways.
    #[error(
        "the selection holds both directions of the street of '{0}', so it does not say which is meant; name the links of one"
    )]
    BothDirections(Key),
    /// A name that cannot be part of a key, or is used twice.
    #[error("the road's name '{0}' is used twice or cannot be part of a key; choose another")]
    RoadName(String),
    /// A zone would have fewer than no people.
    #[error("this leaves zone '{zone}' with {value:.0} {what}; it has only {now:.0}")]
    BelowZero {
        /// The zone.
        zone: Key,
        /// Residents or jobs.
        what: &'static str,
        /// What would be left.
        value: f64,
        /// What it has.
        now: f64,
    },
    /// A zone would have more people than a zone can.
    #[error("this gives zone '{zone}' {value:.0} {what}; a zone has at most {PEOPLE_MAX}")]
    TooMany {
        /// The zone.
        zone: Key,
        /// Residents or jobs.
        what: &'static str,
        /// What it would have.
        value: f64,
    },
}

/// Every edit of a chain of scenarios that does not fit the city.
#[derive(Debug, Clone, PartialEq)]
pub struct ApplyError(Vec<(String, Place, Misfit)>);

impl std::error::Error for ApplyError {}

impl Display for ApplyError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let lines: Vec<String> =
            self.0.iter().map(|(file, place, misfit)| format!("{file}:{place}: {misfit}")).collect();
        f.write_str(&lines.join("\n"))
    }
}

/// Applies every scenario of a chain, first ancestor first, to the base's tables, which stay as they are.
///
/// # Errors
/// [`ApplyError`]: every edit that does not fit, by file and line.
pub fn apply(base: &CityTables, chain: &Chain) -> Result<Applied, ApplyError> {
    let mut applied = Applied::unchanged(base.clone());
    let metres = Crs::metric(base.about.epsg).ok().map(|crs| Transform::new(Crs::wgs84(), crs));
    let mut misfits = Vec::new();
    for written in chain.files() {
        if let Some(spread) = &written.scenario.uncertainty.edited_capacity_spread {
            applied.edited_capacity_spread = *spread.get_ref();
        }
        let mut editor = Editor {
            written,
            applied: &mut applied,
            metres: metres.as_ref(),
            claims: BTreeMap::new(),
            touches: BTreeMap::new(),
            directed: Vec::new(),
            misfits: &mut misfits,
        };
        editor.apply_all();
    }
    if !misfits.is_empty() {
        return Err(ApplyError(misfits));
    }
    applied.edited_links.sort_unstable();
    applied.edited_links.dedup();
    Ok(applied)
}

/// A direction given to a link.
struct Directed {
    row: usize,
    direction: Direction,
    /// The links back.
    backs: Vec<usize>,
    /// Where the edit is in its file, in bytes.
    at: usize,
}

/// Applies the edits of one file.
struct Editor<'a> {
    written: &'a Written,
    applied: &'a mut Applied,
    metres: Option<&'a Transform>,
    /// What this file has set so far: contradictions are between edits of one file.
    claims: BTreeMap<(Key, &'static str), (String, usize)>,
    /// What this file says of access, by link: done when all of it is known.
    touches: BTreeMap<usize, Vec<Touch>>,
    /// The directions that this file gives.
    directed: Vec<Directed>,
    misfits: &'a mut Vec<(String, Place, Misfit)>,
}

impl Editor<'_> {
    fn apply_all(&mut self) {
        // Roads first: other edits may name what this file builds.
        let scenario = self.written.scenario.clone();
        scenario.add_road.iter().for_each(|edit| self.add_road(edit.get_ref()));
        scenario.close.iter().for_each(|edit| self.close(edit.get_ref()));
        scenario.set.iter().for_each(|edit| self.set(edit.get_ref()));
        // After all that sets lanes, speed and capacity, which a link back shares with its link; before what is given by
        // area, which holds for it, too.
        self.build_backs();
        scenario.zone_30.iter().for_each(|edit| self.zone_30(edit.get_ref()));
        scenario.toll.iter().for_each(|edit| self.toll(edit.get_ref()));
        scenario.zone.iter().for_each(|edit| self.zone(edit.get_ref()));
        scenario.ztl.iter().for_each(|edit| self.ztl(edit));
        self.direct();
        self.settle_access();
    }

    fn misfit<T>(&mut self, at: &Spanned<T>, misfit: Misfit) {
        self.misfit_at(at.span().start, misfit);
    }

    fn misfit_at(&mut self, at: usize, misfit: Misfit) {
        let place = Place::at(&self.written.text, at);
        self.misfits.push((self.written.file.clone(), place, misfit));
    }

    /// Claims that this edit sets something; false where another edit of the file sets it otherwise.
    fn claim<T>(&mut self, at: &Spanned<T>, key: &Key, what: &'static str, value: impl Display) -> bool {
        let (value, line) = (value.to_string(), Place::at(&self.written.text, at.span().start).line);
        match self.claims.get(&(key.clone(), what)) {
            Some((other, other_line)) if *other != value => {
                let contradiction = Misfit::Contradiction {
                    what,
                    key: key.clone(),
                    value,
                    other_line: *other_line,
                    other: other.clone(),
                };
                // Once for each pair of values, not for every link that both are about.
                let place = Place::at(&self.written.text, at.span().start);
                if !self.misfits.iter().any(|(file, other, _)| *file == self.written.file && *other == place) {
                    self.misfit(at, contradiction);
                }
                false
            }
            _ => {
                self.claims.insert((key.clone(), what), (value, line));
                true
            }
        }
    }

    /// The rows of the selected links; reports where there are none.
    fn select(&mut self, on: &Spanned<Selection>) -> Vec<usize> {
        let selection = on.get_ref();
        let before = self.misfits.len();
        let keys = selection.links.as_ref().map(|names| self.link_keys(names));
        let streets = selection.street.as_ref().map(|names| self.streets(names));
        let quarter = selection.quarter.as_ref().map(|name| self.quarter(name));
        let polygon = selection.polygon.as_ref().map(|polygon| self.ground(polygon));
        if self.misfits.len() > before {
            return Vec::new();
        }
        let areas: Vec<MultiPolygon<f64>> = [quarter, polygon].into_iter().flatten().flatten().collect();
        let rows: Vec<usize> = (0..self.applied.tables.links.len())
            .filter(|&row| {
                let link = &self.applied.tables.links[row];
                keys.as_ref().is_none_or(|keys| keys.contains(&link.key))
                    && streets.as_ref().is_none_or(|names| is_named(&link.facts, names))
                    && areas.iter().all(|area| area.contains(&middle(&link.facts.geometry)))
                    && selection.structure.is_none_or(|structure| link.facts.structure == structure)
                    && selection.road_classes.as_ref().is_none_or(|classes| classes.contains(&link.facts.class))
            })
            .collect();
        if rows.is_empty() {
            self.misfit(on, Misfit::NoLinks);
        }
        self.applied.areas.extend(areas);
        self.applied.edited_links.extend(&rows);
        rows
    }

    fn link_keys(&mut self, names: &[Spanned<String>]) -> Vec<Key> {
        let mut keys = Vec::new();
        for name in names {
            match self.applied.tables.links.iter().find(|row| row.key.as_str() == name.get_ref()) {
                Some(row) => keys.push(row.key.clone()),
                None => {
                    let known = self.applied.tables.links.iter().map(|row| row.key.as_str());
                    let nearest = nearest(name.get_ref(), known).map(str::to_owned);
                    self.misfit(name, Misfit::Missing { what: "link", name: name.get_ref().clone(), nearest });
                }
            }
        }
        keys
    }

    /// The names in lower case; reports those that no link has.
    fn streets(&mut self, names: &[Spanned<String>]) -> Vec<String> {
        let mut lower = Vec::new();
        for name in names {
            let wanted = name.get_ref().to_lowercase();
            if !self.applied.tables.links.iter().any(|row| is_named(&row.facts, std::slice::from_ref(&wanted))) {
                let known = self.applied.tables.links.iter().filter_map(|row| row.facts.name.as_deref());
                let nearest = nearest(&wanted, known).map(str::to_owned);
                self.misfit(name, Misfit::Missing { what: "street", name: name.get_ref().clone(), nearest });
            }
            lower.push(wanted);
        }
        lower
    }

    fn quarter(&mut self, name: &Spanned<String>) -> Option<MultiPolygon<f64>> {
        let wanted = name.get_ref().to_lowercase();
        let quarters = &self.applied.tables.quarters;
        let Some(quarter) = quarters.iter().find(|row| row.facts.name.to_lowercase() == wanted) else {
            let nearest = nearest(&wanted, quarters.iter().map(|row| &*row.facts.name)).map(str::to_owned);
            self.misfit(name, Misfit::Missing { what: "quarter", name: name.get_ref().clone(), nearest });
            return None;
        };
        if quarter.facts.area.0.is_empty() {
            self.misfit(name, Misfit::NoGround(name.get_ref().clone()));
            return None;
        }
        Some(quarter.facts.area.clone())
    }

    fn ground(&mut self, polygon: &Polygon) -> Option<MultiPolygon<f64>> {
        let ring = self.metres(&polygon.points, polygon.coordinates)?;
        Some(MultiPolygon::new(vec![GeoPolygon::new(LineString::new(ring), Vec::new())]))
    }

    /// Points in metres of the city; reports points far outside of it.
    fn metres(&mut self, points: &Spanned<Vec<[f64; 2]>>, coordinates: Coordinates) -> Option<Vec<Coord<f64>>> {
        let mut metres = Vec::new();
        for &[x, y] in points.get_ref() {
            let given = Coord { x, y };
            let point = match (coordinates, self.metres) {
                (Coordinates::Metres, _) => Some(given),
                (Coordinates::LonLatDegrees, Some(transform)) => transform.point(given).ok(),
                (Coordinates::LonLatDegrees, None) => None,
            };
            match point {
                Some(point) if self.is_near(point) => metres.push(point),
                _ => {
                    let told = format!(
                        "the point [{x}, {y}] is not in the city or within 5 km of it; check order and units of its coordinates"
                    );
                    self.misfit(points, Misfit::Outside(told));
                    return None;
                }
            }
        }
        Some(metres)
    }

    fn is_near(&self, point: Coord<f64>) -> bool {
        const MARGIN_M: f64 = 5000.0;
        let junctions = &self.applied.tables.junctions;
        let bounds =
            junctions.iter().fold([f64::INFINITY, f64::NEG_INFINITY, f64::INFINITY, f64::NEG_INFINITY], |b, row| {
                let p = row.facts.position;
                [b[0].min(p.x), b[1].max(p.x), b[2].min(p.y), b[3].max(p.y)]
            });
        point.x >= bounds[0] - MARGIN_M
            && point.x <= bounds[1] + MARGIN_M
            && point.y >= bounds[2] - MARGIN_M
            && point.y <= bounds[3] + MARGIN_M
    }

    /// Words for the selected links: their streets, or how many they are.
    fn name_links(&self, rows: &[usize]) -> Text {
        let mut names: Vec<&str> =
            rows.iter().filter_map(|&row| self.applied.tables.links[row].facts.name.as_deref()).collect();
        names.sort_unstable();
        names.dedup();
        let km = rows.iter().map(|&row| self.applied.tables.links[row].facts.length_m).sum::<f64>() / 1000.0;
        let (it, en) = match names.as_slice() {
            [] => ("strade senza nome".to_owned(), "unnamed roads".to_owned()),
            names if names.len() <= 3 => (names.join(", "), names.join(", ")),
            names => (format!("{} strade", names.len()), format!("{} streets", names.len())),
        };
        let it_km = format!("{km:.1}").replace('.', ",");
        Text::new(
            format!("{it} ({} archi, {it_km} km)", rows.len()),
            format!("{en} ({} links, {km:.1} km)", rows.len()),
        )
    }

    fn describe(&mut self, it: String, en: String) {
        self.applied.described.push(Text::new(it, en));
    }

    fn close(&mut self, edit: &Close) {
        let closed = edit.classes.as_ref().map_or(ClassSet::ALL, |classes| ClassSet::of(classes));
        let rows = self.select(&edit.on);
        self.touch(&edit.on, &rows, edit.hours.as_ref(), ClassSet::NONE, closed);
        let (on, when) = (self.name_links(&rows), when(edit.hours.as_ref()));
        let whom = edit.classes.as_ref().map_or(Text::new("tutti", "all traffic"), |classes| class_words(classes));
        self.describe(
            format!("Chiuso a {}: {}{}", whom.it, on.it, when.it),
            format!("Closed to {}: {}{}", whom.en, on.en, when.en),
        );
    }

    fn set(&mut self, edit: &Set) {
        let rows = self.select(&edit.on);
        let (mut it, mut en) = (Vec::new(), Vec::new());
        if let Some(lanes) = &edit.lanes {
            let count = u8::try_from(*lanes.get_ref()).unwrap_or(1);
            for &row in &rows {
                let key = self.applied.tables.links[row].key.clone();
                if !self.claim(lanes, &key, "lanes", count) {
                    continue;
                }
                // Lanes bring their capacity, unless the same edit says otherwise: the order of edits must not show.
                let brings_capacity = edit.capacity_pcuph.is_none();
                if brings_capacity && !self.claim(lanes, &key, "capacity_pcuph", format!("that of {count} lanes")) {
                    continue;
                }
                let link = &mut self.applied.tables.links[row].facts;
                link.capacity_pcuph *= f64::from(count) / f64::from(link.lanes);
                link.lanes = count;
            }
            it.push(format!("{count} corsie"));
            en.push(format!("{count} lanes"));
        }
        if let Some(speed) = &edit.speed_kmh {
            for &row in &rows {
                let key = self.applied.tables.links[row].key.clone();
                if self.claim(speed, &key, "speed_kmh", speed.get_ref()) {
                    self.applied.tables.links[row].facts.free_speed_mps = speed.get_ref() / 3.6;
                }
            }
            it.push(format!("{} km/h", speed.get_ref()));
            en.push(format!("{} km/h", speed.get_ref()));
        }
        if let Some(capacity) = &edit.capacity_pcuph {
            for &row in &rows {
                let key = self.applied.tables.links[row].key.clone();
                if self.claim(capacity, &key, "capacity_pcuph", capacity.get_ref()) {
                    self.applied.tables.links[row].facts.capacity_pcuph = *capacity.get_ref();
                }
            }
            it.push(format!("capacità {} veicoli equivalenti/h", capacity.get_ref()));
            en.push(format!("capacity {} pcu/h", capacity.get_ref()));
        }
        if let Some(classes) = &edit.classes {
            let set = ClassSet::of(classes);
            self.touch(&edit.on, &rows, edit.hours.as_ref(), set, all_but(set));
            let (whom, when) = (class_words(classes), when(edit.hours.as_ref()));
            it.push(format!("solo {}{}", whom.it, when.it));
            en.push(format!("only {}{}", whom.en, when.en));
        }
        if let Some(direction) = &edit.direction {
            self.claim_direction(direction, &rows);
            let words = match direction.get_ref() {
                Direction::OneWay => ["senso unico", "one-way"],
                Direction::Reversed => ["senso unico invertito", "one-way, reversed"],
                Direction::Both => ["doppio senso", "two-way"],
            };
            it.push(words[0].to_owned());
            en.push(words[1].to_owned());
        }
        let on = self.name_links(&rows);
        self.describe(format!("{}: {}", on.it, it.join(", ")), format!("{}: {}", on.en, en.join(", ")));
    }

    /// Notes what an edit says of who may use these links.
    fn touch<T>(
        &mut self,
        at: &Spanned<T>,
        rows: &[usize],
        when: Option<&RuleHours>,
        opens: ClassSet,
        closes: ClassSet,
    ) {
        let hours = when.map_or_else(Hours::always, hours);
        for &row in rows {
            let (at, hours, opens) = (at.span().start, hours.clone(), Access::always(opens));
            self.touches.entry(row).or_default().push(Touch { at, hours, opens, closes });
        }
    }

    /// Claims a direction for the links and what it means for the links back. The rows ascend.
    fn claim_direction(&mut self, direction: &Spanned<Direction>, rows: &[usize]) {
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
    fn build_backs(&mut self) {
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
    fn direct(&mut self) {
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

    /// Who may use a link after all that was noted so far.
    fn settled(&self, row: usize) -> Access {
        let touches = self.touches.get(&row).map_or(&[][..], Vec::as_slice);
        settle(&self.applied.tables.links[row].facts.access, touches)
    }

    /// Does what was noted of access, or reports where edits contradict each other.
    fn settle_access(&mut self) {
        let mut told = Vec::new();
        for (row, mut touches) in std::mem::take(&mut self.touches) {
            touches.sort_by_key(|touch| touch.at);
            let link = &mut self.applied.tables.links[row];
            link.facts.access = settle(&link.facts.access, &touches);
            let key = link.key.clone();
            for (index, touch) in touches.iter().enumerate() {
                let found = touches[..index].iter().find_map(|other| Some((other, clash(other, touch)?)));
                // Once for each edit, not for every link that it is about.
                if let Some((other, clash)) = found.filter(|_| !told.contains(&touch.at)) {
                    told.push(touch.at);
                    let other_line = Place::at(&self.written.text, other.at).line;
                    self.misfit_at(touch.at, access_misfit(key.clone(), &clash, other_line));
                }
            }
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

    /// What is built is made up; its source is the scenario.
    fn provenance(&mut self) -> Provenance {
        let sources = &mut self.applied.tables.sources;
        if !sources.iter().any(|source| &*source.id == SCENARIO_SOURCE) {
            sources.push(Source {
                id: SCENARIO_SOURCE.into(),
                title: "Scenario".into(),
                licence: "CC0-1.0".into(),
                attribution: String::new(),
                url: None,
                year: None,
            });
        }
        Provenance { origin: Origin::Synthetic, source: SCENARIO_SOURCE.into(), year: None, accuracy_m: None }
    }

    fn add_road(&mut self, road: &AddRoad) {
        let Some(mut line) = self.metres(&road.points, road.coordinates) else { return };
        let last = line.len() - 1;
        let snap_m = road.snap_m.as_ref().map_or(SNAP_DEFAULT_M, |snap| *snap.get_ref());
        let from = self.end(road, road.from.as_ref(), line[0], snap_m, ["begin", "from"]);
        let to = self.end(road, road.to.as_ref(), line[last], snap_m, ["end", "to"]);
        let (Some(from), Some(to)) = (from, to) else { return };
        if from.key == to.key {
            return self.misfit(&road.points, Misfit::Loop(from.key));
        }
        line[0] = from.facts.position;
        line[last] = to.facts.position;
        line.dedup();
        let length_m: f64 = line.windows(2).map(|pair| libm::hypot(pair[1].x - pair[0].x, pair[1].y - pair[0].y)).sum();
        let slug = road.name.get_ref().to_lowercase().replace(char::is_whitespace, "-");
        let stem = format!("{SCENARIO_SOURCE}:{}/{slug}", self.written.scenario.name.get_ref());
        let lanes = u8::try_from(*road.lanes.get_ref()).unwrap_or(1);
        let capacity_pcuph = match &road.capacity_pcuph {
            Some(capacity) => *capacity.get_ref(),
            None => self.lane_capacity(road.road_class) * f64::from(lanes),
        };
        let everybody = if road.road_class <= RoadClass::Trunk { ClassSet::MOTOR } else { ClassSet::ALL };
        let classes = road.classes.as_ref().map_or(everybody, |classes| ClassSet::of(classes));
        let mut facts = Link {
            from: from.key,
            to: to.key,
            name: Some(road.name.get_ref().as_str().into()),
            class: road.road_class,
            lanes,
            free_speed_mps: road.speed_kmh.get_ref() / 3.6,
            capacity_pcuph,
            length_m,
            toll_eur: 0.0,
            structure: road.structure.unwrap_or(Structure::Ground),
            access: Access::always(classes),
            geometry: LineString::new(line),
        };
        for direction in ["there", "back"].iter().take(if road.one_way { 1 } else { 2 }) {
            let Ok(key) = Key::new(format!("{stem}#{direction}")) else {
                return self.misfit(&road.name, Misfit::RoadName(road.name.get_ref().clone()));
            };
            if self.applied.tables.links.iter().any(|row| row.key == key) {
                return self.misfit(&road.name, Misfit::RoadName(road.name.get_ref().clone()));
            }
            let provenance = self.provenance();
            self.applied.edited_links.push(self.applied.tables.links.len());
            self.applied.tables.links.push(Record { key, provenance, facts: facts.clone() });
            std::mem::swap(&mut facts.from, &mut facts.to);
            facts.geometry.0.reverse();
        }
        let (name, km) = (road.name.get_ref(), length_m / 1000.0);
        let it_km = format!("{km:.2}").replace('.', ",");
        self.describe(
            format!("Nuova strada {name}: {it_km} km, {lanes} corsie per senso"),
            format!("New road {name}: {km:.2} km, {lanes} lanes each way"),
        );
    }

    /// The junction where a road begins or ends.
    fn end(
        &mut self,
        road: &AddRoad,
        named: Option<&Spanned<String>>,
        point: Coord<f64>,
        snap_m: f64,
        [end, field]: [&'static str; 2],
    ) -> Option<Record<Junction>> {
        let junctions = &self.applied.tables.junctions;
        if let Some(named) = named {
            let found = junctions.iter().find(|row| row.key.as_str() == named.get_ref()).cloned();
            if found.is_none() {
                let nearest = nearest(named.get_ref(), junctions.iter().map(|row| row.key.as_str())).map(str::to_owned);
                self.misfit(named, Misfit::Missing { what: "junction", name: named.get_ref().clone(), nearest });
            }
            return found;
        }
        let distance_m =
            |row: &Record<Junction>| libm::hypot(row.facts.position.x - point.x, row.facts.position.y - point.y);
        let near = junctions.iter().min_by(|a, b| distance_m(a).total_cmp(&distance_m(b)))?.clone();
        let distance_m = distance_m(&near);
        if distance_m > snap_m {
            self.misfit(&road.points, Misfit::LooseEnd { end, distance_m, junction: near.key, field });
            return None;
        }
        Some(near)
    }

    /// The median capacity of one lane of the city's links of that class, in passenger-car units an hour.
    fn lane_capacity(&self, class: RoadClass) -> f64 {
        let links = &self.applied.tables.links;
        let mut of_class: Vec<f64> = links
            .iter()
            .filter(|row| row.facts.class == class)
            .map(|row| row.facts.capacity_pcuph / f64::from(row.facts.lanes))
            .collect();
        if of_class.is_empty() {
            of_class = links.iter().map(|row| row.facts.capacity_pcuph / f64::from(row.facts.lanes)).collect();
        }
        of_class.sort_by(f64::total_cmp);
        of_class.get(of_class.len() / 2).copied().unwrap_or(800.0)
    }

    fn zone_30(&mut self, edit: &Zone30) {
        const LIMIT_MPS: f64 = 30.0 / 3.6;
        let rows = self.select(&edit.on);
        for &row in &rows {
            let link = &self.applied.tables.links[row];
            let (key, is_slow) = (link.key.clone(), link.facts.free_speed_mps <= LIMIT_MPS);
            if link.facts.class > RoadClass::Trunk && !is_slow && self.claim(&edit.on, &key, "speed_kmh", 30) {
                self.applied.tables.links[row].facts.free_speed_mps = LIMIT_MPS;
            }
        }
        let on = self.name_links(&rows);
        self.describe(format!("Zona 30: {}", on.it), format!("30 km/h zone: {}", on.en));
    }

    fn toll(&mut self, edit: &Toll) {
        let rows = self.select(&edit.on);
        let eur = *edit.eur.get_ref();
        for &row in &rows {
            let key = self.applied.tables.links[row].key.clone();
            if self.claim(&edit.eur, &key, "eur", eur) {
                self.applied.tables.links[row].facts.toll_eur = eur;
            }
        }
        let on = self.name_links(&rows);
        self.describe(format!("Pedaggio di {eur:.2} € su {}", on.it), format!("Toll of €{eur:.2} on {}", on.en));
    }

    fn zone(&mut self, edit: &ZoneChange) {
        let zones = &self.applied.tables.zones;
        let Some(row) = zones.iter().position(|row| row.key.as_str() == edit.key.get_ref()) else {
            let nearest = nearest(edit.key.get_ref(), zones.iter().map(|row| row.key.as_str())).map(str::to_owned);
            return self.misfit(&edit.key, Misfit::Missing { what: "zone", name: edit.key.get_ref().clone(), nearest });
        };
        let (key, name) = (zones[row].key.clone(), zones[row].facts.name.clone());
        let (residents, jobs) = (zones[row].facts.residents, zones[row].facts.jobs);
        let people = [
            ("residents", "residenti", residents, &edit.residents, &edit.residents_change),
            ("jobs", "posti di lavoro", jobs, &edit.jobs, &edit.jobs_change),
        ];
        for (what, what_it, now, total, change) in people {
            let Some(at) = total.as_ref().or(change.as_ref()) else { continue };
            let value = if total.is_some() { *at.get_ref() } else { now + at.get_ref() };
            if value > PEOPLE_MAX {
                self.misfit(at, Misfit::TooMany { zone: key.clone(), what, value });
            } else if value < 0.0 {
                self.misfit(at, Misfit::BelowZero { zone: key.clone(), what, value, now });
            } else if self.claim(at, &key, what, value) {
                let zone = &mut self.applied.tables.zones[row].facts;
                *if what == "jobs" { &mut zone.jobs } else { &mut zone.residents } = value;
                self.describe(
                    format!("Zona {name}: {what_it} da {now:.0} a {value:.0}"),
                    format!("Zone {name}: {what} from {now:.0} to {value:.0}"),
                );
            }
        }
    }

    fn ztl(&mut self, edit: &Spanned<Ztl>) {
        let ztl = edit.get_ref();
        let area = match (&ztl.quarter, &ztl.polygon) {
            (Some(quarter), _) => self.quarter(quarter),
            (None, Some(polygon)) => self.ground(polygon),
            (None, None) => None,
        };
        let open_streets = self.streets(&ztl.open_streets);
        let Some(area) = area else { return };
        let open_classes = ztl.open_road_classes.clone().unwrap_or_default();
        let rows: Vec<usize> = (0..self.applied.tables.links.len())
            .filter(|&row| {
                let link = &self.applied.tables.links[row].facts;
                is_well_inside(&area, middle(&link.geometry))
                    && !open_classes.contains(&link.class)
                    && !is_named(link, &open_streets)
            })
            .collect();
        let zones: Vec<usize> = (0..self.applied.tables.zones.len())
            .filter(|&row| area.contains(&geo::Point(self.applied.tables.zones[row].facts.centroid)))
            .collect();
        if rows.is_empty() {
            return self.misfit(edit, Misfit::NoLinks);
        }
        if zones.is_empty() {
            return self.misfit(edit, Misfit::NoZones);
        }
        for &zone in &zones {
            // A zone has one share of permits, whatever its hours.
            let key = self.applied.tables.zones[zone].key.clone();
            self.claim(&ztl.exempt_share, &key, "exempt_share", ztl.exempt_share.get_ref());
        }
        let closed_to = ztl.closed_to.clone().unwrap_or_else(|| vec![VehicleClass::OtherCar]);
        self.touch(edit, &rows, Some(&ztl.hours), ClassSet::NONE, ClassSet::of(&closed_to));
        let name = ztl.name.clone().unwrap_or_else(|| Text::same("ZTL"));
        let (on, when) = (self.name_links(&rows), when(Some(&ztl.hours)));
        self.describe(
            format!("{}: chiusa al traffico di {}{}: {}", name.it, class_words(&closed_to).it, when.it, on.it),
            format!("{}: closed to {}{}: {}", name.en, class_words(&closed_to).en, when.en, on.en),
        );
        self.applied.limited_zones.push(LimitedZone { zones, exempt_share: *ztl.exempt_share.get_ref() });
        self.applied.edited_links.extend(rows);
        self.applied.areas.push(area);
    }
}

/// People on foot and on bicycles, whom one-way streets do not bind here.
fn walkers() -> ClassSet {
    ClassSet::of(&[VehicleClass::Pedestrian, VehicleClass::Bicycle])
}

/// Whether a link is the way back along another; a loop has none.
fn runs_back(link: &Link, along: &Link) -> bool {
    along.from != along.to && link.from == along.to && link.to == along.from && link.name == along.name
}

/// Whether a point lies in the area and not along its edge: the streets around a limited-traffic zone are not part of it.
fn is_well_inside(area: &MultiPolygon<f64>, point: geo::Point<f64>) -> bool {
    let edge_m = |polygon: &GeoPolygon<f64>| Euclidean.distance(&point, polygon.exterior());
    area.contains(&point) && area.iter().all(|polygon| edge_m(polygon) > EDGE_STREET_M)
}

fn is_named(link: &Link, lower_names: &[String]) -> bool {
    link.name.as_ref().is_some_and(|name| lower_names.contains(&name.to_lowercase()))
}

/// The point half-way along a line.
fn middle(line: &LineString<f64>) -> geo::Point<f64> {
    let step = |pair: &[Coord<f64>]| libm::hypot(pair[1].x - pair[0].x, pair[1].y - pair[0].y);
    let mut left = line.0.windows(2).map(step).sum::<f64>() / 2.0;
    for pair in line.0.windows(2) {
        let length = step(pair);
        if length >= left && length > 0.0 {
            let share = left / length;
            return geo::Point::new(
                pair[0].x + share * (pair[1].x - pair[0].x),
                pair[0].y + share * (pair[1].y - pair[0].y),
            );
        }
        left -= length;
    }
    line.0.first().map_or(geo::Point::new(0.0, 0.0), |&point| geo::Point(point))
}

/// The contradiction as the later of both edits sees it.
fn access_misfit(key: Key, clash: &Clash, other_line: usize) -> Misfit {
    let names: Vec<&str> = clash.classes.iter().map(VehicleClass::name).collect();
    let whom = if clash.classes == ClassSet::ALL { "everybody".to_owned() } else { names.join(", ") };
    let when = clash.from.map_or_else(String::new, |(day, time)| match day {
        DayType::Weekday => format!(" at {time}"),
        day => format!(" at {time} on a {}", day.name()),
    });
    Misfit::Access { key, opens: !clash.first_opens, classes: format!("to {whom}"), when, other_line }
}

/// When a rule holds.
pub(super) fn hours(rule: &RuleHours) -> Hours {
    let days = rule.days.clone().unwrap_or_else(|| DayType::ALL.to_vec());
    Hours { days, spans: Span::between(*rule.from.get_ref(), *rule.to.get_ref()) }
}

/// "", or from when to when.
fn when(hours: Option<&RuleHours>) -> Text {
    hours.map_or(Text::same(""), |hours| {
        let (from, to) = (hours.from.get_ref(), hours.to.get_ref());
        Text::new(format!(", dalle {from} alle {to}"), format!(", {from} to {to}"))
    })
}

fn class_words(classes: &[VehicleClass]) -> Text {
    let words = |class: &VehicleClass| match class {
        VehicleClass::ResidentCar => ["auto dei residenti", "residents' cars"],
        VehicleClass::OtherCar => ["auto dei non residenti", "non-residents' cars"],
        VehicleClass::ExemptCar => ["auto con permesso", "cars with a permit"],
        VehicleClass::Van => ["furgoni", "vans"],
        VehicleClass::HeavyVehicle => ["mezzi pesanti", "heavy vehicles"],
        VehicleClass::Bus => ["autobus", "buses"],
        VehicleClass::Motorcycle => ["moto", "motorcycles"],
        VehicleClass::Bicycle => ["biciclette", "bicycles"],
        VehicleClass::Pedestrian => ["pedoni", "people on foot"],
    };
    let pick = |language: usize| classes.iter().map(|class| words(class)[language]).collect::<Vec<_>>().join(", ");
    Text::new(pick(0), pick(1))
}
