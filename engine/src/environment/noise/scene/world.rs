//! A scene, checked and indexed.

use super::elevations::Elevations;
use super::faults::{SceneFault, check, check_points};
use super::grid::{Lattice, Listed, ListedWall, Square, Wall, bounds};
use super::ground;
use super::input::Surroundings;
use super::lines::SoundLine;
use super::polygon::Rings;
use crate::environment::noise::bands::Bands;

/// More squares than this are not held.
const SQUARES_MAX: u64 = 50_000_000;

/// What a scene keeps of a building.
#[derive(Clone, Debug, PartialEq)]
pub(in super::super) struct Prism {
    rings: Rings,
    /// The box around it.
    pub(in super::super) bounds: [[f64; 2]; 2],
    /// Height of the ground that it stands on, in metres.
    pub(in super::super) ground_m: f64,
    /// Height of its roof, in metres.
    pub(in super::super) top_m: f64,
    /// What its walls keep of the sound.
    pub(in super::super) absorption: Bands,
}

/// A city as sound finds it.
#[derive(Clone, Debug, PartialEq)]
pub struct Scene {
    pub(in super::super) lattice: Lattice,
    pub(in super::super) lines: Vec<SoundLine>,
    pub(in super::super) buildings: Vec<Prism>,
    pub(in super::super) walls: Vec<Wall>,
    pub(in super::super) ground_elsewhere: f64,
    ground_factors: Vec<f64>,
    walls_by_square: Listed<ListedWall>,
    buildings_by_square: Listed<u32>,
    elevations: Option<Elevations>,
}

impl Scene {
    /// Checks and indexes surroundings.
    ///
    /// # Errors
    /// Everything that is wrong with them.
    pub fn new(surroundings: &Surroundings) -> Result<Self, Vec<SceneFault>> {
        let faults = faults(surroundings);
        if !faults.is_empty() {
            return Err(faults);
        }
        let lines: Vec<SoundLine> = surroundings.lines.iter().map(SoundLine::new).collect();
        let buildings = prisms(surroundings);
        let areas: Vec<(Rings, f64)> = surroundings
            .ground
            .iter()
            .map(|area| (Rings::new(&area.exterior, &area.holes), area.ground_factor))
            .collect();
        let lattice = Lattice::covering(surroundings.extent, surroundings.square_m);
        let boxes: Vec<(u32, [[f64; 2]; 2])> =
            (0..).zip(&buildings).map(|(at, building)| (at, building.bounds)).collect();
        let walls = walls(&buildings);
        let listed: Vec<(ListedWall, [[f64; 2]; 2])> =
            walls.iter().zip(0..).map(|(wall, at)| (lattice.list(wall, at), bounds([wall.from, wall.to]))).collect();
        Ok(Self {
            ground_factors: ground::factors(&lattice, &areas, surroundings.ground_factor),
            ground_elsewhere: surroundings.ground_factor,
            walls,
            walls_by_square: Listed::new(&lattice, &listed),
            buildings_by_square: Listed::new(&lattice, &boxes),
            elevations: surroundings.elevations.clone(),
            lattice,
            lines,
            buildings,
        })
    }

    /// Number of lines that sound.
    #[must_use]
    pub fn line_count(&self) -> usize {
        self.lines.len()
    }

    /// Number of buildings.
    #[must_use]
    pub fn building_count(&self) -> usize {
        self.buildings.len()
    }

    /// The building that a point is in, the first if there are several.
    #[must_use]
    pub fn building_at(&self, point: [f64; 2]) -> Option<usize> {
        if !self.lattice.holds(point) {
            return None;
        }
        let listed = self.buildings_by_square.of(self.lattice.square(point));
        listed.iter().map(|&at| at as usize).find(|&at| self.buildings[at].rings.contains(point))
    }

    /// Height of the ground at a point, in metres.
    #[inline]
    #[must_use]
    pub fn ground_m(&self, point: [f64; 2]) -> f64 {
        self.elevations.as_ref().map_or(0.0, |elevations| elevations.at(point))
    }

    /// Whether the ground has heights.
    pub(in super::super) fn is_hilly(&self) -> bool {
        self.elevations.is_some()
    }

    /// Calls `visit` with the walls, and their indices, in the squares that a box touches; with some of them more than once.
    pub(in super::super) fn each_wall_within(&self, bounds: [[f64; 2]; 2], mut visit: impl FnMut(&Wall, u32)) {
        self.lattice.touched(bounds, |square| {
            for listed in self.walls_by_square.of(square) {
                visit(&self.walls[listed.index as usize], listed.index);
            }
        });
    }

    /// What is in a square.
    #[inline]
    pub(in super::super) fn square(&self, square: usize) -> Square<'_> {
        Square { walls: self.walls_by_square.of(square), ground_factor: self.ground_factors[square] }
    }
}

/// The walls of all buildings.
fn walls(buildings: &[Prism]) -> Vec<Wall> {
    let mut walls = Vec::new();
    for (at, building) in (0_u32..).zip(buildings) {
        let top_m = building.top_m;
        walls.extend(building.rings.sides().map(|(from, to)| Wall { from, to, building: at, top_m }));
    }
    walls
}

/// Buildings with their heights; what has no area has been refused.
fn prisms(surroundings: &Surroundings) -> Vec<Prism> {
    let ground_m = |point| surroundings.elevations.as_ref().map_or(0.0, |elevations: &Elevations| elevations.at(point));
    let mut prisms = Vec::with_capacity(surroundings.buildings.len());
    for building in &surroundings.buildings {
        let rings = Rings::new(&building.exterior, &building.holes);
        let mut sum_m = 0.0;
        let mut count = 0.0;
        for corner in rings.corners() {
            sum_m += ground_m(corner);
            count += 1.0;
        }
        let ground_m = sum_m / f64::max(count, 1.0);
        prisms.push(Prism {
            bounds: bounds(rings.corners()),
            rings,
            ground_m,
            top_m: ground_m + building.height_m,
            absorption: building.absorption,
        });
    }
    prisms
}

fn faults(surroundings: &Surroundings) -> Vec<SceneFault> {
    let mut faults = Vec::new();
    let whole = ("the scene", 0);
    let factor = |value: f64| (0.0..=1.0).contains(&value);
    let square_m = surroundings.square_m;
    check(&mut faults, whole, ("square", square_m, "metres above 0"), square_m.is_finite() && square_m > 0.0);
    check_extent(&mut faults, surroundings);
    let elsewhere = surroundings.ground_factor;
    check(&mut faults, whole, ("ground factor", elsewhere, "a number from 0 to 1"), factor(elsewhere));
    for (index, line) in surroundings.lines.iter().enumerate() {
        let what = ("line", index);
        check_points(&mut faults, what, &line.points, 2);
        if line.points.len() > 1 && line.points.iter().all(|point| *point == line.points[0]) {
            faults.push(SceneFault::NoExtent { what: "line", index, extent: "length" });
        }
        for &level in line.power_db.iter().flatten() {
            let good = level < f64::INFINITY;
            check(&mut faults, what, ("sound power", level, "decibels, or −∞ for silence"), good);
        }
    }
    for (index, building) in surroundings.buildings.iter().enumerate() {
        let what = ("building", index);
        check_points(&mut faults, what, &building.exterior, 3);
        for hole in &building.holes {
            check_points(&mut faults, what, hole, 3);
        }
        check_area(&mut faults, what, &building.exterior);
        check_inside(&mut faults, index, &building.exterior, surroundings.extent);
        let height_m = building.height_m;
        check(&mut faults, what, ("height", height_m, "metres above 0"), height_m.is_finite() && height_m > 0.0);
        for value in building.absorption {
            let good = (0.0..1.0).contains(&value);
            check(&mut faults, what, ("absorption", value, "a share of at least 0 and below 1"), good);
        }
    }
    for (index, area) in surroundings.ground.iter().enumerate() {
        let what = ("ground area", index);
        check_points(&mut faults, what, &area.exterior, 3);
        for hole in &area.holes {
            check_points(&mut faults, what, hole, 3);
        }
        check_area(&mut faults, what, &area.exterior);
        let value = area.ground_factor;
        check(&mut faults, what, ("ground factor", value, "a number from 0 to 1"), factor(value));
    }
    if let Some(elevations) = &surroundings.elevations {
        elevations.check(&mut faults);
    }
    faults
}

fn check_area(faults: &mut Vec<SceneFault>, (what, index): (&'static str, usize), exterior: &[[f64; 2]]) {
    let known = exterior.iter().flatten().all(|coordinate| coordinate.is_finite());
    if known && exterior.len() >= 3 && Rings::new(exterior, &[]).is_empty() {
        faults.push(SceneFault::NoExtent { what, index, extent: "area" });
    }
}

fn check_extent(faults: &mut Vec<SceneFault>, surroundings: &Surroundings) {
    let [low, high] = surroundings.extent;
    let (width_m, height_m) = (high[0] - low[0], high[1] - low[1]);
    let square_m = surroundings.square_m;
    let squares = (width_m / square_m + 1.0) * (height_m / square_m + 1.0);
    let box_is_one = low.iter().chain(&high).all(|value| value.is_finite()) && width_m >= 0.0 && height_m >= 0.0;
    if !box_is_one {
        faults.push(SceneFault::Extent { low, high });
    } else if squares > SQUARES_MAX as f64 {
        faults.push(SceneFault::TooBig { width_m, height_m, squares: squares as u64, square_m });
    }
}

fn check_inside(faults: &mut Vec<SceneFault>, index: usize, exterior: &[[f64; 2]], [low, high]: [[f64; 2]; 2]) {
    let beyond = |point: &&[f64; 2]| (0..2).any(|axis| point[axis] < low[axis] || point[axis] > high[axis]);
    if let Some(&[x, y]) = exterior.iter().find(beyond) {
        faults.push(SceneFault::Beyond { index, x, y });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::environment::noise::bands::BAND_COUNT;
    use crate::environment::noise::scene::{Building, GroundArea, LineSource};

    #[test]
    fn every_fault_of_a_scene_is_told() {
        let square = vec![[0.0, 0.0], [10.0, 0.0], [10.0, 10.0], [0.0, 10.0]];
        let building = |exterior: Vec<[f64; 2]>, height_m, absorption| Building {
            exterior,
            holes: Vec::new(),
            height_m,
            absorption: [absorption; BAND_COUNT],
        };
        let line = |points: Vec<[f64; 2]>, level_db| LineSource { points, power_db: [[level_db; BAND_COUNT]; 3] };
        let mut surroundings = Surroundings {
            lines: vec![line(vec![[0.0, 0.0], [5.0, 5.0]], f64::NEG_INFINITY)],
            buildings: vec![building(square.clone(), 9.0, 0.2)],
            ground: vec![GroundArea { exterior: square.clone(), holes: Vec::new(), ground_factor: 1.0 }],
            ground_factor: 0.5,
            elevations: None,
            extent: [[0.0; 2], [10.0; 2]],
            square_m: 10.0,
        };
        assert!(Scene::new(&surroundings).is_ok());
        surroundings.lines.push(line(vec![[1.0, 1.0]], 70.0));
        surroundings.lines.push(line(vec![[1.0, 1.0], [1.0, 1.0]], 70.0));
        surroundings.lines.push(line(vec![[f64::NAN, 1.0], [1.0, 1.0]], 70.0));
        surroundings.buildings.push(building(square.clone(), -3.0, 0.2));
        surroundings.buildings.push(building(vec![[0.0, 0.0], [1.0, 1.0], [2.0, 2.0]], 9.0, 0.2));
        surroundings.buildings.push(building(vec![[0.0, 0.0], [11.0, 0.0], [5.0, 5.0]], 9.0, 0.2));
        surroundings.ground.push(GroundArea { exterior: square, holes: Vec::new(), ground_factor: 1.5 });
        surroundings.ground_factor = f64::NAN;
        let raster = Elevations { origin: [0.0; 2], step_m: 0.0, columns: 2, rows: 2, heights_m: vec![0.0; 3] };
        surroundings.elevations = Some(raster);
        let faults = Scene::new(&surroundings).unwrap_err();
        assert_eq!(faults.len(), 10, "{faults:#?}");
        assert_eq!(faults[1].to_string(), "line 1 has 1 points; it needs at least 2");
    }

    #[test]
    fn levels_and_walls_that_cannot_be_are_refused() {
        let points = vec![[0.0, 0.0], [5.0, 5.0]];
        let surroundings = Surroundings {
            lines: vec![LineSource {
                points,
                power_db: [[f64::NAN; BAND_COUNT], [f64::INFINITY; BAND_COUNT], [60.0; BAND_COUNT]],
            }],
            buildings: vec![Building {
                exterior: vec![[0.0, 0.0], [10.0, 0.0], [5.0, 5.0]],
                holes: vec![vec![[1.0, 1.0]]],
                height_m: f64::NAN,
                absorption: [1.0; BAND_COUNT],
            }],
            ground: Vec::new(),
            ground_factor: 0.0,
            elevations: None,
            extent: [[0.0, 0.0], [1e7, 1e7]],
            square_m: 1.0,
        };
        let faults = Scene::new(&surroundings).unwrap_err();
        assert_eq!(faults.len(), 16 + 1 + 1 + 8 + 1, "{faults:#?}");
    }
}
