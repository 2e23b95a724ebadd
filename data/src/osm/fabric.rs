//! What stands beside the roads: buildings, trees, addresses, water, railways, sights and places that draw people.
//!
//! Which tags make which thing is said in one table each ([`PLACES`], [`SIGHTS`], the uses of buildings). Street furniture
//! (`amenity=bench`) is no place. Parts of buildings (`building:part`) are left out: their building has its own outline.

use engine::city::{
    Address, Building, BuildingUse, CityTables, HeritageSite, Place, PlaceKind, Railway, Record, Tree, Water,
};
use geo::{BoundingRect, Centroid, Coord, Geometry, LineString, MultiPolygon};
use rayon::prelude::*;

use super::elements::{Extract, MemberKind, Tags};
use super::places::Places;
use super::roads::osm_key;
use super::tags::length_m;
use super::{Problem, real};

/// What places draw people with: `key=value`, `*` for any value; the first that fits counts.
const PLACES: [(&str, &[&str], PlaceKind); 13] = [
    ("amenity", &["fuel"], PlaceKind::Fuel),
    ("amenity", &["school", "kindergarten", "university", "college", "library"], PlaceKind::Education),
    ("amenity", &["hospital", "clinic", "doctors", "dentist", "pharmacy", "nursing_home"], PlaceKind::Health),
    ("healthcare", &["*"], PlaceKind::Health),
    (
        "amenity",
        &["restaurant", "cafe", "bar", "pub", "fast_food", "bank", "post_office", "marketplace", "ice_cream"],
        PlaceKind::Commerce,
    ),
    ("shop", &["*"], PlaceKind::Commerce),
    ("amenity", &["townhall", "courthouse", "police", "fire_station", "prison"], PlaceKind::Administration),
    ("office", &["government", "administrative"], PlaceKind::Administration),
    ("amenity", &["parking", "bus_station", "ferry_terminal", "bicycle_rental"], PlaceKind::Transport),
    ("railway", &["station", "halt", "tram_stop"], PlaceKind::Transport),
    ("amenity", &["theatre", "cinema", "arts_centre", "community_centre", "place_of_worship"], PlaceKind::Leisure),
    ("leisure", &["park", "sports_centre", "stadium", "pitch", "playground", "swimming_pool"], PlaceKind::Leisure),
    ("tourism", &["hotel", "hostel", "guest_house", "motel"], PlaceKind::Other),
];

/// Values of `tourism` that are sights.
const SIGHTS: [&str; 8] =
    ["artwork", "aquarium", "attraction", "gallery", "monument", "museum", "theme_park", "viewpoint"];

const RESIDENTIAL: [&str; 12] = [
    "apartments",
    "bungalow",
    "cabin",
    "detached",
    "dormitory",
    "farm",
    "house",
    "residential",
    "semidetached_house",
    "static_caravan",
    "terrace",
    "villa",
];
const COMMERCIAL: [&str; 9] =
    ["commercial", "hotel", "kiosk", "mall", "office", "retail", "restaurant", "shop", "supermarket"];
const PUBLIC: [&str; 20] = [
    "castle",
    "cathedral",
    "chapel",
    "church",
    "civic",
    "college",
    "fire_station",
    "government",
    "hospital",
    "kindergarten",
    "monastery",
    "mosque",
    "museum",
    "public",
    "school",
    "sports_hall",
    "stadium",
    "synagogue",
    "train_station",
    "university",
];
const INDUSTRIAL: [&str; 5] = ["factory", "industrial", "manufacture", "storage_tank", "warehouse"];

/// `railway` values that are tracks in use.
const RAILWAYS: [&str; 5] = ["light_rail", "narrow_gauge", "rail", "subway", "tram"];
/// `waterway` values that are lines of water.
const WATERWAYS: [&str; 4] = ["canal", "ditch", "river", "stream"];

/// Puts what stands beside the roads into the tables, and says what could not be.
pub(super) fn fill(tables: &mut CityTables, extract: &Extract, places: &Places<'_>) -> Vec<Problem> {
    let mut problems = buildings(tables, extract, places);
    for (id, tags) in &extract.tagged_nodes {
        let Some(position) = places.node(*id) else { continue };
        let path = format!("node/{id}");
        if tags.is("natural", "tree") {
            tables.trees.push(record(format!("{path}/tree"), tree(tags, position)));
        }
        spots(tables, &path, tags, position);
    }
    for way in &extract.ways {
        let tags = &way.tags;
        if tags.is_empty() {
            continue;
        }
        let path = format!("way/{}", way.id);
        let (line, _) = places.line(way);
        if let Some(middle) = middle(&line, way.is_closed()) {
            spots(tables, &path, tags, middle);
        }
        if line.len() >= 2 && tags.get("railway").is_some_and(|railway| RAILWAYS.contains(&railway)) {
            let facts = Railway { name: name(tags), geometry: LineString(line.clone()) };
            tables.railways.push(record(format!("{path}/railway"), facts));
        }
        let is_surface = tags.is("natural", "water") || tags.is("waterway", "riverbank");
        let geometry = if is_surface {
            match super::areas::of_way(way, places) {
                Ok(area) => Some(Geometry::from(area)),
                // Members of multipolygons may carry the tag too, and be open.
                Err(what) if way.is_closed() => {
                    problems.push(Problem::new(&format!("osm:{path}"), format!("{what}; it is left out")));
                    None
                }
                Err(_) => None,
            }
        } else {
            let is_line = line.len() >= 2 && tags.get("waterway").is_some_and(|value| WATERWAYS.contains(&value));
            is_line.then(|| LineString(line).into())
        };
        if let Some(geometry) = geometry {
            tables.waters.push(record(format!("{path}/water"), Water { name: name(tags), geometry }));
        }
    }
    for relation in extract.relations.iter().filter(|relation| relation.tags.is("type", "multipolygon")) {
        let tags = &relation.tags;
        let is_water = tags.is("natural", "water") || tags.is("waterway", "riverbank");
        let is_spot = tags.has("amenity") || tags.has("leisure") || tags.has("tourism") || tags.has("historic");
        if !(is_water || is_spot || tags.has("addr:housenumber")) {
            continue;
        }
        let path = format!("relation/{}", relation.id);
        match super::areas::of_relation(relation, extract, places) {
            Ok(area) => {
                if let Some(middle) = area.centroid() {
                    spots(tables, &path, tags, middle.0);
                }
                if is_water {
                    let facts = Water { name: name(tags), geometry: area.into() };
                    tables.waters.push(record(format!("{path}/water"), facts));
                }
            }
            Err(what) => problems.push(Problem::new(&format!("osm:{path}"), format!("{what}; it is left out"))),
        }
    }
    problems
}

fn record<T>(path: String, facts: T) -> Record<T> {
    Record { key: osm_key(&path), provenance: real(), facts }
}

fn name(tags: &Tags) -> Option<std::sync::Arc<str>> {
    tags.get("name").map(Into::into)
}

/// The middle of a line: of the area inside where it is closed.
fn middle(line: &[Coord<f64>], is_closed: bool) -> Option<Coord<f64>> {
    let line = LineString(line.to_vec());
    let middle = if is_closed {
        geo::Polygon::new(line.clone(), Vec::new()).centroid().map(|point| point.0)
    } else {
        line.centroid().map(|point| point.0)
    };
    let inside = |middle: &Coord<f64>| middle.x.is_finite() && middle.y.is_finite();
    middle.filter(inside).or_else(|| line.bounding_rect().map(|rect| rect.center()))
}

/// What is told by a single position: an address, a sight, a place.
fn spots(tables: &mut CityTables, path: &str, tags: &Tags, position: Coord<f64>) {
    if let Some(number) = tags.get("addr:housenumber") {
        let street = tags.get("addr:street").or_else(|| tags.get("addr:place")).unwrap_or("");
        let facts = Address {
            street: street.into(),
            number: number.into(),
            quarter: tags.get("addr:suburb").map(Into::into),
            position,
            zone: None,
            residents: 0.0,
        };
        tables.addresses.push(record(format!("{path}/address"), facts));
    }
    let sight = tags
        .get("historic")
        .filter(|kind| *kind != "no")
        .or_else(|| tags.get("tourism").filter(|kind| SIGHTS.contains(kind)));
    if let Some(kind) = sight {
        let facts = HeritageSite { name: name(tags).unwrap_or_else(|| "".into()), kind: kind.into(), position };
        tables.heritage_sites.push(record(format!("{path}/sight"), facts));
    }
    let place = PLACES.iter().find_map(|(key, values, kind)| {
        let value = tags.get(key)?;
        (values.contains(&value) || values[0] == "*").then_some((key, value, *kind))
    });
    if let Some((key, value, kind)) = place {
        let facts = Place { name: name(tags), kind, tag: format!("{key}={value}").into(), position };
        tables.places.push(record(format!("{path}/place"), facts));
    }
}

fn tree(tags: &Tags, position: Coord<f64>) -> Tree {
    #[expect(clippy::cast_possible_truncation, reason = "heights of trees need no more than f32")]
    let height_m = tags.get("height").and_then(length_m).map(|metres| metres as f32);
    Tree {
        species: tags.get("species").unwrap_or("").into(),
        position,
        height_low_m: height_m.unwrap_or(0.0),
        height_high_m: height_m,
        evergreen: match tags.get("leaf_cycle") {
            Some("evergreen" | "semi_evergreen") => Some(true),
            Some("deciduous" | "semi_deciduous") => Some(false),
            _ => None,
        },
    }
}

/// Closed ways and multipolygons tagged `building`. A way that is the outline of a building's multipolygon is not a second one.
fn buildings(tables: &mut CityTables, extract: &Extract, places: &Places<'_>) -> Vec<Problem> {
    let mut outlines = Vec::new();
    for relation in extract.relations.iter().filter(|relation| is_building(&relation.tags)) {
        let ways = relation.members.iter().filter(|member| member.kind == MemberKind::Way && &*member.role != "inner");
        outlines.extend(ways.map(|member| member.id));
    }
    outlines.sort_unstable();
    let ways = extract.ways.par_iter().filter(|way| is_building(&way.tags));
    let ways = ways.filter(|way| outlines.binary_search(&way.id).is_err());
    let of_ways = ways.map(|way| (format!("way/{}", way.id), &way.tags, super::areas::of_way(way, places)));
    let relations = extract.relations.par_iter();
    let relations =
        relations.filter(|relation| is_building(&relation.tags) && relation.tags.is("type", "multipolygon"));
    let of_relations = relations.map(|relation| {
        let area = super::areas::of_relation(relation, extract, places);
        (format!("relation/{}", relation.id), &relation.tags, area)
    });
    let all: Vec<(String, &Tags, _)> = of_ways.chain(of_relations).collect();
    let mut problems = Vec::new();
    for (path, tags, area) in all {
        match area {
            Ok(footprint) => {
                let facts = building(tags, footprint, &path, &mut problems);
                tables.buildings.push(record(path, facts));
            }
            Err(what) => {
                problems.push(Problem::new(&format!("osm:{path}"), format!("building: {what}; it is left out")))
            }
        }
    }
    problems
}

fn is_building(tags: &Tags) -> bool {
    tags.get("building").is_some_and(|building| building != "no")
}

fn building(tags: &Tags, footprint: MultiPolygon<f64>, path: &str, problems: &mut Vec<Problem>) -> Building {
    let mut understood = |key: &str, value: Option<f64>| {
        if let (Some(text), None) = (tags.get(key), value) {
            let what = format!("{key} '{text}' is not understood; the tag is ignored");
            problems.push(Problem::new(&format!("osm:{path}"), what));
        }
        value
    };
    let height_m = understood("height", tags.get("height").and_then(length_m));
    let levels = tags.get("building:levels").and_then(|levels| levels.trim().parse::<f64>().ok());
    let floors = understood("building:levels", levels.map(f64::ceil).filter(|floors| (0.0..=200.0).contains(floors)));
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 1 and 200")]
    let floors = floors.map(|floors| floors.max(1.0) as u8);
    Building {
        footprint,
        height_m: height_m.or_else(|| tags.get("est_height").and_then(length_m)),
        floors,
        floor_area_m2: None,
        building_use: building_use(tags),
        residents: 0.0,
    }
}

fn building_use(tags: &Tags) -> BuildingUse {
    let kind = tags.get("building").unwrap_or("yes");
    let listed = |list: &[&str]| list.contains(&kind);
    if listed(&RESIDENTIAL) {
        BuildingUse::Residential
    } else if listed(&COMMERCIAL) || tags.has("shop") || tags.has("office") {
        BuildingUse::Commercial
    } else if listed(&PUBLIC) || tags.get("amenity").is_some_and(|amenity| PUBLIC.contains(&amenity)) {
        BuildingUse::Public
    } else if listed(&INDUSTRIAL) {
        BuildingUse::Industrial
    } else {
        BuildingUse::Unknown
    }
}
