//! What a scene is made of, as plain data.

use super::elevations::Elevations;
use crate::environment::noise::bands::Bands;
use crate::environment::noise::periods::ByPeriod;

/// A line that sounds, such as the axis of a road.
#[derive(Clone, Debug, PartialEq)]
pub struct LineSource {
    /// Its course in metres; at least two points.
    pub points: Vec<[f64; 2]>,
    /// Sound power of a metre by band in decibels above 1 pW, for day, evening and night; −∞ where it is silent.
    pub power_db: ByPeriod<Bands>,
}

/// A building: an upright prism with a flat roof.
#[derive(Clone, Debug, PartialEq)]
pub struct Building {
    /// Its outline in metres, at least three points, in either direction; the last need not repeat the first.
    pub exterior: Vec<[f64; 2]>,
    /// Courtyards.
    pub holes: Vec<Vec<[f64; 2]>>,
    /// Height of its roof above the ground, in metres; above 0.
    pub height_m: f64,
    /// Share of the sound energy by band that its walls keep: α of equation 2.5.35, from 0 up to, but not, 1.
    pub absorption: Bands,
}

/// A piece of ground.
#[derive(Clone, Debug, PartialEq)]
pub struct GroundArea {
    /// Its outline in metres; at least three points.
    pub exterior: Vec<[f64; 2]>,
    /// What is left out of it.
    pub holes: Vec<Vec<[f64; 2]>>,
    /// Ground factor G (table 2.5.a): 0 hard, such as asphalt and water, to 1 porous, such as forest floor and lawns.
    pub ground_factor: f64,
}

impl Surroundings {
    /// The box around all lines and buildings, for [`Surroundings::extent`]; all zeros if there are none.
    #[must_use]
    pub fn extent_of(lines: &[LineSource], buildings: &[Building]) -> [[f64; 2]; 2] {
        let lines = lines.iter().flat_map(|line| &line.points);
        let corners = buildings.iter().flat_map(|building| &building.exterior);
        let found = super::grid::bounds(lines.chain(corners).copied());
        if found[0][0] <= found[1][0] { found } else { [[0.0; 2]; 2] }
    }
}

/// Everything around.
#[derive(Clone, Debug, PartialEq)]
pub struct Surroundings {
    /// What sounds.
    pub lines: Vec<LineSource>,
    /// What stands.
    pub buildings: Vec<Building>,
    /// Ground that is not as elsewhere; where areas overlap, the later counts.
    pub ground: Vec<GroundArea>,
    /// Ground factor of all other ground.
    pub ground_factor: f64,
    /// Heights of the ground; flat if there are none.
    pub elevations: Option<Elevations>,
    /// Lowest and highest coordinates that the grid covers, in metres. Buildings must be inside, lines need not. Scenes that are compared
    /// have the same, so that nothing but what changes is reckoned otherwise.
    pub extent: [[f64; 2]; 2],
    /// Side of the squares of the grid, in metres, such as 16 m; ground is known to that precision.
    pub square_m: f64,
}
