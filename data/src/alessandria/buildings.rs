//! Synthetic buildings: one footprint for each cluster of house numbers.
//!
//! No open file draws Alessandria's buildings. House numbers of one side of a street that stand close together make one
//! building: a rectangle along the street, its front where the numbers are, its floor area in proportion to its
//! residents, its floors after the kind of place. A footprint that would meet a carriageway, a railway or another
//! footprint is moved, reshaped or raised until it does not. Labelled synthetic; never to be taken for a survey.

use std::collections::BTreeMap;

use engine::city::{Building, BuildingUse, Link, Railway, Record};
use engine::key::Key;
use geo::{Coord, LineString, MultiPolygon, Polygon};
use rstar::primitives::{GeomWithData, Rectangle};
use rstar::{AABB, RTree};

use super::RecipeError;
use super::open_data::HouseNumber;
use super::parameters::{BuildingFigures, Parameters, PlaceFigures};
use super::quality::carriageways;

/// A street farther away than this does not turn a building towards it, in metres.
const STREET_REACH_M: f64 = 70.0;
/// How much nearer a street of another name must be to count before the street that the numbers name, in metres.
const NAMESAKE_BONUS_M: f64 = 45.0;
/// How far the front of a building stands before its house numbers (they are inside the doors), in metres.
const FRONT_M: f64 = 1.0;
/// Steps by which a footprint is moved while it has no room, in metres, and how far it may go.
const STEP_M: f64 = 4.0;
const MOVE_MAX_STEPS: i32 = 40;

/// A building, and how it came to stand where it is.
pub(super) struct BuildingDraft {
    pub(super) key: Key,
    pub(super) facts: Building,
    /// How far its footprint had to be moved to find room, in metres.
    pub(super) moved_m: f64,
}

/// A rectangle that need not be parallel to the axes.
#[derive(Clone, Copy, Debug)]
struct Footprint {
    centre: Coord<f64>,
    /// Unit vector along the street.
    along: Coord<f64>,
    half_width: f64,
    half_depth: f64,
}

/// Ground that no building may touch: a piece of an axis, and how far on both sides of it.
#[derive(Clone, Copy, Debug)]
struct Strip {
    from: Coord<f64>,
    to: Coord<f64>,
    clearance: f64,
    ground: Ground,
}

/// What a strip is the ground of.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Ground {
    /// A street, by the number of its name where it has one.
    Street(Option<usize>),
    Railway,
}

type Indexed<T> = GeomWithData<Rectangle<[f64; 2]>, T>;

struct Cluster {
    houses: Vec<usize>,
    residents: f64,
    middle: Coord<f64>,
    frontage: f64,
}

/// The buildings of all house numbers with residents, sorted by key.
pub(super) fn buildings(
    houses: &[HouseNumber],
    residents: &[f64],
    links: &[Record<Link>],
    railways: &[Record<Railway>],
    parameters: &Parameters,
) -> Result<Vec<BuildingDraft>, RecipeError> {
    let mut site = Site::new(links, railways, &parameters.buildings);
    let mut clusters = Vec::new();
    for cluster in clusters_of(houses, residents, &parameters.buildings) {
        let place = parameters.place(&houses[cluster.houses[0]].quarter)?;
        clusters.push((cluster, place));
    }
    // Large footprints first: small ones find room between them.
    let size = |(cluster, place): &(Cluster, &PlaceFigures)| {
        cluster.residents * place.floor_area_m2_per_resident / f64::from(place.floors_high)
    };
    clusters
        .sort_by(|a, b| size(b).total_cmp(&size(a)).then(houses[a.0.houses[0]].key.cmp(&houses[b.0.houses[0]].key)));
    let mut drafts = Vec::with_capacity(clusters.len());
    for (cluster, place) in &clusters {
        drafts.push(site.build(cluster, place, houses)?);
    }
    drafts.sort_by(|a, b| a.key.cmp(&b.key));
    Ok(drafts)
}

/// House numbers of one side of a street, near each other, in the order of their numbers.
fn clusters_of(houses: &[HouseNumber], residents: &[f64], figures: &BuildingFigures) -> Vec<Cluster> {
    let mut sides: BTreeMap<(u32, u32), Vec<usize>> = BTreeMap::new();
    for (index, house) in houses.iter().enumerate() {
        sides.entry((house.street_code, house.number % 2)).or_default().push(index);
    }
    let mut clusters = Vec::new();
    for mut side in sides.into_values() {
        side.sort_by_key(|&index| (houses[index].number, &houses[index].suffix, &houses[index].key));
        let mut current: Vec<usize> = Vec::new();
        for index in side {
            let position = houses[index].position;
            let fits = current.last().is_none_or(|&last| {
                let near = distance(houses[last].position, position) <= figures.cluster_reach_m.value;
                let whole = distance(houses[current[0]].position, position) <= figures.cluster_frontage_m.value;
                near && whole && houses[last].quarter == houses[index].quarter
            });
            if !fits {
                clusters.push(cluster(std::mem::take(&mut current), houses, residents));
            }
            current.push(index);
        }
        clusters.push(cluster(current, houses, residents));
    }
    clusters
}

fn cluster(members: Vec<usize>, houses: &[HouseNumber], residents: &[f64]) -> Cluster {
    #[expect(clippy::cast_precision_loss, reason = "a count of addresses")]
    let count = members.len() as f64;
    let sum = members.iter().fold(Coord::zero(), |sum: Coord<f64>, &house| sum + houses[house].position);
    let ends = members.first().zip(members.last());
    Cluster {
        residents: members.iter().map(|&house| residents[house]).sum(),
        middle: sum / count,
        frontage: ends.map_or(0.0, |(&a, &b)| distance(houses[a].position, houses[b].position)),
        houses: members,
    }
}

/// What stands on the ground so far.
struct Site<'a> {
    strips: RTree<Indexed<Strip>>,
    reach: f64,
    street_numbers: BTreeMap<String, usize>,
    placed: RTree<Indexed<Footprint>>,
    /// How a footprint may be moved sideways and back, the shortest moves first.
    moves: Vec<(f64, f64)>,
    figures: &'a BuildingFigures,
}

impl<'a> Site<'a> {
    fn new(links: &[Record<Link>], railways: &[Record<Railway>], figures: &'a BuildingFigures) -> Self {
        let mut street_numbers = BTreeMap::new();
        let mut strips = Vec::new();
        let mut reach: f64 = 0.0;
        for (line, lanes, name) in carriageways(links) {
            let next = street_numbers.len();
            let ground = Ground::Street(name.map(|name| *street_numbers.entry(name.to_lowercase()).or_insert(next)));
            let clearance = f64::from(lanes) * figures.lane_width_m.value / 2.0 + figures.carriageway_margin_m.value;
            strips.extend(line.lines().map(|piece| Strip { from: piece.start, to: piece.end, clearance, ground }));
            reach = reach.max(clearance);
        }
        let clearance = figures.railway_margin_m.value;
        for railway in railways {
            let lines = railway.facts.geometry.lines();
            strips.extend(lines.map(|piece| Strip {
                from: piece.start,
                to: piece.end,
                clearance,
                ground: Ground::Railway,
            }));
        }
        let indexed = strips.into_iter().map(|strip| {
            let rectangle = Rectangle::from_corners([strip.from.x, strip.from.y], [strip.to.x, strip.to.y]);
            Indexed::new(rectangle, strip)
        });
        let reach = reach.max(clearance);
        Self {
            strips: RTree::bulk_load(indexed.collect()),
            reach,
            street_numbers,
            placed: RTree::new(),
            moves: moves(),
            figures,
        }
    }

    fn build(
        &mut self,
        cluster: &Cluster,
        place: &PlaceFigures,
        houses: &[HouseNumber],
    ) -> Result<BuildingDraft, RecipeError> {
        let first = &houses[cluster.houses[0]];
        let floor_area = cluster.residents * place.floor_area_m2_per_resident;
        let stand = self.stand(cluster, houses, place);
        let (footprint, floors, moved_m) = self.room(&stand, floor_area, cluster, place).ok_or_else(|| {
            RecipeError::Geometry(format!(
                "the building of '{}' finds no room within {} m",
                first.key,
                f64::from(MOVE_MAX_STEPS) * STEP_M
            ))
        })?;
        self.placed.insert(Indexed::new(footprint.rectangle(0.0), footprint));
        let height = f64::from(floors) * self.figures.floor_height_m.value + self.figures.roof_m.value;
        let path = first.key.as_str().trim_start_matches("civico:");
        Ok(BuildingDraft {
            key: Key::new(format!("edificio:{path}"))?,
            facts: Building {
                footprint: footprint.polygon(),
                height_m: Some(height),
                floors: Some(floors),
                floor_area_m2: Some(floor_area),
                building_use: BuildingUse::Residential,
                residents: cluster.residents,
            },
            moved_m,
        })
    }

    /// Where the middle of the front should be, and which way it looks.
    fn stand(&self, cluster: &Cluster, houses: &[HouseNumber], place: &PlaceFigures) -> Stand {
        let named = self.street_numbers.get(&houses[cluster.houses[0]].street.to_lowercase());
        let near = [cluster.middle.x, cluster.middle.y];
        let mut best: Option<(f64, Strip, Coord<f64>)> = None;
        for strip in self.strips.locate_within_distance(near, STREET_REACH_M * STREET_REACH_M) {
            let strip = strip.data;
            let Ground::Street(street) = strip.ground else { continue };
            let foot = foot(strip.from, strip.to, cluster.middle);
            let bonus = if street.is_some() && named == street.as_ref() { NAMESAKE_BONUS_M } else { 0.0 };
            let cost = distance(foot, cluster.middle) - bonus;
            if best.as_ref().is_none_or(|(least, _, _)| cost < *least) {
                best = Some((cost, strip, foot));
            }
        }
        let own = cluster.houses.first().zip(cluster.houses.last());
        let own = own.and_then(|(&a, &b)| unit(houses[b].position - houses[a].position));
        let Some((_, strip, foot)) = best else {
            let along = own.unwrap_or(Coord { x: 1.0, y: 0.0 });
            let away = Coord { x: -along.y, y: along.x };
            return Stand { front: cluster.middle - away * (place.depth_m / 2.0), along, away };
        };
        let along = unit(strip.to - strip.from).or(own).unwrap_or(Coord { x: 1.0, y: 0.0 });
        let left = Coord { x: -along.y, y: along.x };
        let offset = cluster.middle - foot;
        let side = offset.x * left.x + offset.y * left.y;
        // Numbers on the axis itself: odd ones stand on the left, as they do in the middle of the city.
        let left_side = if side.abs() > 0.3 { side > 0.0 } else { houses[cluster.houses[0]].number % 2 == 1 };
        let away = if left_side { left } else { left * -1.0 };
        let front = (side.abs() - FRONT_M).max(strip.clearance + self.figures.gap_m.value);
        let lateral = offset.x * along.x + offset.y * along.y;
        Stand { front: foot + along * lateral + away * front, along, away }
    }

    /// A footprint of the floor area that meets nothing, near the stand: its floors, and how far it was moved.
    fn room(
        &self,
        stand: &Stand,
        floor_area: f64,
        cluster: &Cluster,
        place: &PlaceFigures,
    ) -> Option<(Footprint, u8, f64)> {
        let shapes = self.shapes(floor_area, cluster, place);
        for &(sideways, back) in &self.moves {
            for &(floors, width, depth) in &shapes {
                let centre = stand.front + stand.along * sideways + stand.away * (back + depth / 2.0);
                let footprint =
                    Footprint { centre, along: stand.along, half_width: width / 2.0, half_depth: depth / 2.0 };
                if self.is_free(&footprint) {
                    return Some((footprint, floors, libm::hypot(sideways, back)));
                }
            }
        }
        None
    }

    /// Floors, width and depth of the shapes that a building may take, the most likely first.
    fn shapes(&self, floor_area: f64, cluster: &Cluster, place: &PlaceFigures) -> Vec<(u8, f64, f64)> {
        let least = self.figures.side_min_m.value;
        let frontage = cluster.frontage + 2.0 * least;
        let likely = (place.floors_low..=place.floors_high)
            .find(|&floors| floor_area / f64::from(floors) <= frontage * place.depth_m)
            .unwrap_or(place.floors_high);
        let mut shapes = Vec::new();
        for floors in likely..=place.floors_high {
            let area = floor_area / f64::from(floors);
            for depth in [place.depth_m, place.depth_m * 0.75, place.depth_m * 1.5] {
                let depth = depth.min(area / least);
                let width = area / depth;
                if depth >= least && width >= least {
                    shapes.push((floors, width, depth));
                }
            }
        }
        if shapes.is_empty() {
            // A tiny building: a square, whatever its side.
            let side = (floor_area / f64::from(place.floors_low)).sqrt();
            shapes.push((place.floors_low, side, side));
        }
        shapes
    }

    fn is_free(&self, footprint: &Footprint) -> bool {
        let around = footprint.envelope(self.reach);
        let strips = self.strips.locate_in_envelope_intersecting(&around);
        if strips.into_iter().any(|strip| footprint.distance_to(strip.data.from, strip.data.to) < strip.data.clearance)
        {
            return false;
        }
        let gap = self.figures.gap_m.value;
        let around = footprint.envelope(gap);
        !self.placed.locate_in_envelope_intersecting(&around).any(|other| footprint.overlaps(&other.data, gap))
    }
}

/// Where a building wants to stand.
struct Stand {
    front: Coord<f64>,
    along: Coord<f64>,
    away: Coord<f64>,
}

/// How a footprint may be moved sideways and back, the shortest moves first.
fn moves() -> Vec<(f64, f64)> {
    let mut moves: Vec<(i32, i32)> = Vec::new();
    for back in 0..=MOVE_MAX_STEPS {
        for sideways in -MOVE_MAX_STEPS..=MOVE_MAX_STEPS {
            if back * back + sideways * sideways <= MOVE_MAX_STEPS * MOVE_MAX_STEPS {
                moves.push((sideways, back));
            }
        }
    }
    moves.sort_by_key(|&(sideways, back)| (back * back + sideways * sideways, back, sideways));
    moves.into_iter().map(|(sideways, back)| (f64::from(sideways) * STEP_M, f64::from(back) * STEP_M)).collect()
}

impl Footprint {
    fn away(&self) -> Coord<f64> {
        Coord { x: -self.along.y, y: self.along.x }
    }

    fn corners(&self) -> [Coord<f64>; 4] {
        let (along, away) = (self.along * self.half_width, self.away() * self.half_depth);
        [self.centre - along - away, self.centre + along - away, self.centre + along + away, self.centre - along + away]
    }

    fn polygon(&self) -> MultiPolygon<f64> {
        MultiPolygon(vec![Polygon::new(LineString(self.corners().to_vec()), Vec::new())])
    }

    fn rectangle(&self, margin: f64) -> Rectangle<[f64; 2]> {
        let corners = self.corners();
        let low = corners.iter().fold([f64::INFINITY; 2], |low, c| [low[0].min(c.x), low[1].min(c.y)]);
        let high = corners.iter().fold([f64::NEG_INFINITY; 2], |high, c| [high[0].max(c.x), high[1].max(c.y)]);
        Rectangle::from_corners([low[0] - margin, low[1] - margin], [high[0] + margin, high[1] + margin])
    }

    fn envelope(&self, margin: f64) -> AABB<[f64; 2]> {
        let rectangle = self.rectangle(margin);
        AABB::from_corners(rectangle.lower(), rectangle.upper())
    }

    /// The point seen from the rectangle: its middle as origin, its sides as axes.
    fn seen(&self, point: Coord<f64>) -> Coord<f64> {
        let (offset, away) = (point - self.centre, self.away());
        Coord { x: offset.x * self.along.x + offset.y * self.along.y, y: offset.x * away.x + offset.y * away.y }
    }

    /// Whether the two, with a gap between them, share ground: no side of either separates them.
    fn overlaps(&self, other: &Self, gap: f64) -> bool {
        let separates = |one: &Self, corners: [Coord<f64>; 4]| {
            let seen = corners.map(|corner| one.seen(corner));
            let (width, depth) = (one.half_width + gap, one.half_depth + gap);
            seen.iter().all(|c| c.x >= width)
                || seen.iter().all(|c| c.x <= -width)
                || seen.iter().all(|c| c.y >= depth)
                || seen.iter().all(|c| c.y <= -depth)
        };
        !separates(self, other.corners()) && !separates(other, self.corners())
    }

    /// Distance between the rectangle and a straight piece; 0 where they meet.
    fn distance_to(&self, from: Coord<f64>, to: Coord<f64>) -> f64 {
        let (from, to) = (self.seen(from), self.seen(to));
        let (width, depth) = (self.half_width, self.half_depth);
        if crosses_box(from, to, width, depth) {
            return 0.0;
        }
        let to_box = |p: Coord<f64>| libm::hypot((p.x.abs() - width).max(0.0), (p.y.abs() - depth).max(0.0));
        let corners = [(width, depth), (width, -depth), (-width, depth), (-width, -depth)];
        corners
            .into_iter()
            .map(|(x, y)| distance(foot(from, to, Coord { x, y }), Coord { x, y }))
            .fold(to_box(from).min(to_box(to)), f64::min)
    }
}

/// Whether a straight piece meets the box around the origin (Liang–Barsky clipping).
fn crosses_box(from: Coord<f64>, to: Coord<f64>, width: f64, depth: f64) -> bool {
    let step = to - from;
    let (mut enter, mut leave) = (0.0_f64, 1.0_f64);
    for (start, step, half) in [(from.x, step.x, width), (from.y, step.y, depth)] {
        if step == 0.0 {
            if start.abs() > half {
                return false;
            }
            continue;
        }
        let (a, b) = ((-half - start) / step, (half - start) / step);
        enter = enter.max(a.min(b));
        leave = leave.min(a.max(b));
    }
    enter <= leave
}

/// The point of a straight piece that is nearest to a point.
fn foot(from: Coord<f64>, to: Coord<f64>, point: Coord<f64>) -> Coord<f64> {
    let (step, offset) = (to - from, point - from);
    let square = step.x * step.x + step.y * step.y;
    if square == 0.0 {
        return from;
    }
    from + step * ((offset.x * step.x + offset.y * step.y) / square).clamp(0.0, 1.0)
}

fn unit(step: Coord<f64>) -> Option<Coord<f64>> {
    let length = libm::hypot(step.x, step.y);
    (length > 0.5).then(|| step / length)
}

fn distance(a: Coord<f64>, b: Coord<f64>) -> f64 {
    libm::hypot(a.x - b.x, a.y - b.y)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn footprint(x: f64, y: f64, degrees: f64) -> Footprint {
        let angle = degrees.to_radians();
        let along = Coord { x: libm::cos(angle), y: libm::sin(angle) };
        Footprint { centre: Coord { x, y }, along, half_width: 5.0, half_depth: 2.0 }
    }

    #[test]
    fn rectangles_overlap_where_no_side_separates_them() {
        let one = footprint(0.0, 0.0, 0.0);
        assert!(one.overlaps(&footprint(9.0, 0.0, 0.0), 0.0));
        assert!(!one.overlaps(&footprint(10.1, 0.0, 0.0), 0.0));
        assert!(one.overlaps(&footprint(10.1, 0.0, 0.0), 0.4), "nearer than the gap");
        assert!(!one.overlaps(&footprint(8.5, 6.0, 45.0), 0.0), "their bounding boxes meet, they do not");
        assert!(one.overlaps(&footprint(0.0, 0.0, 90.0), 0.0), "a cross shares no corner");
    }

    #[test]
    fn the_distance_to_a_street_is_that_of_the_nearest_points() {
        let house = footprint(0.0, 0.0, 30.0);
        let local = |x: f64, y: f64| house.centre + house.along * x + house.away() * y;
        let near = |a: f64, b: f64| (a - b).abs() < 1e-9;
        assert!(near(house.distance_to(local(-20.0, -5.0), local(20.0, -5.0)), 3.0));
        assert!(near(house.distance_to(local(-20.0, 0.0), local(20.0, 0.0)), 0.0), "through the house");
        assert!(near(house.distance_to(local(8.0, 6.0), local(20.0, 6.0)), 5.0), "from corner to end");
        assert!(near(house.distance_to(local(0.0, 0.5), local(1.0, 0.5)), 0.0), "inside the house");
    }
}
