//! Reads `skeleton.geojson`: what neither lines nor house numbers give, drawn by hand.
//!
//! Each piece says what it is from (`source`), how far off it may lie (`accuracy_m`) and why it is there (`reason`).
//! Bridges, underpasses and ramps meet other streets at their ends alone, the rest at grade. A roundabout is a point and a
//! diameter.

use std::path::Path;
use std::sync::Arc;

use engine::city::{RoadClass, Structure};
use engine::provenance::{Origin, Provenance};
use geo::Coord;
use serde::Deserialize;

use super::roundabouts::Island;
use super::sources::{Projector, StreetsError, content, features};
use super::strand::{Direction, Given, Layer, Meeting, Strand};

/// Width of a lane of a roundabout, in metres.
const RING_LANE_WIDTH_M: f64 = 4.0;

/// The hand-made pieces.
pub(super) struct Skeleton {
    /// Roads, bridges, underpasses, ramps, rings of roundabouts.
    pub(super) strands: Vec<Strand>,
    /// Rivers: stem, name, course, provenance.
    pub(super) waters: Vec<Course>,
    /// Railway lines.
    pub(super) railways: Vec<Course>,
    /// What is known to be there but not where: left out.
    pub(super) left_out: Vec<String>,
}

/// The course of a river or railway.
pub(super) struct Course {
    pub(super) stem: String,
    pub(super) name: Arc<str>,
    pub(super) line: Vec<Coord<f64>>,
    pub(super) provenance: Provenance,
}

#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Kind {
    Road,
    Bridge,
    Underpass,
    Ramp,
    Roundabout,
    River,
    Railway,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Piece {
    id: String,
    kind: Kind,
    name: String,
    #[serde(default)]
    class: Option<RoadClass>,
    /// Lanes as drawn.
    #[serde(default)]
    lanes: Option<u8>,
    /// Lanes against; 0 where the piece is one-way.
    #[serde(default)]
    lanes_back: Option<u8>,
    #[serde(default)]
    speed_kmh: Option<f64>,
    /// From outer edge to outer edge, of a roundabout alone.
    #[serde(default)]
    diameter_m: Option<f64>,
    source: String,
    accuracy_m: f32,
    reason: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Unplaced {
    name: String,
    reason: String,
}

/// The piece's own text, part of this recipe.
const TEXT: &str = include_str!("../skeleton.geojson");
/// Things that are left out because their place is not known.
const UNPLACED: &str = include_str!("unplaced.csv");

/// Reads the skeleton.
pub(super) fn read(projector: &Projector) -> Result<Skeleton, StreetsError> {
    let path = Path::new("skeleton.geojson");
    let mut skeleton = Skeleton { strands: Vec::new(), waters: Vec::new(), railways: Vec::new(), left_out: Vec::new() };
    for (number, feature) in features::<Piece>(TEXT, path)?.into_iter().enumerate() {
        let piece = feature.properties;
        if piece.source.is_empty() || piece.reason.is_empty() || piece.accuracy_m <= 0.0 {
            return Err(content(path, number, format!("'{}' needs source, reason and accuracy_m", piece.id)));
        }
        let broken = |reason: String| content(path, number, reason);
        let (line, island) = match (piece.kind, piece.diameter_m) {
            (Kind::Roundabout, Some(diameter_m)) => {
                let middle = projector.point(&feature.geometry).map_err(broken)?;
                let lanes_m = RING_LANE_WIDTH_M * f64::from(piece.lanes.unwrap_or(1));
                let island = Island { middle, radius_m: (diameter_m - lanes_m) / 2.0 };
                (island.ring(), Some(island))
            }
            (Kind::Roundabout, None) => return Err(broken(format!("'{}' needs diameter_m", piece.id))),
            _ => (projector.line(&feature.geometry).map_err(broken)?, None),
        };
        let stem = format!("skeleton:{}", piece.id);
        let provenance = Provenance {
            origin: Origin::Synthetic,
            source: "skeleton".into(),
            year: Some(2026),
            accuracy_m: Some(piece.accuracy_m),
        };
        match piece.kind {
            Kind::River => skeleton.waters.push(Course { stem, name: piece.name.into(), line, provenance }),
            Kind::Railway => skeleton.railways.push(Course { stem, name: piece.name.into(), line, provenance }),
            _ => skeleton.strands.push(Strand { island, ..strand(piece, stem, line, provenance) }),
        }
    }
    for unplaced in super::classes::own_table::<Unplaced>("unplaced.csv", UNPLACED)? {
        skeleton.left_out.push(format!("{}: {}", unplaced.name, unplaced.reason));
    }
    Ok(skeleton)
}

fn strand(piece: Piece, stem: String, line: Vec<Coord<f64>>, provenance: Provenance) -> Strand {
    let lanes = piece.lanes.unwrap_or(1);
    let lanes_back = if piece.kind == Kind::Roundabout { 0 } else { piece.lanes_back.unwrap_or(lanes) };
    let motorway = piece.class == Some(RoadClass::Motorway);
    Strand {
        stem,
        name: Some(piece.name.into()),
        line,
        layer: if motorway { Layer::Motorway } else { Layer::Ground },
        meeting: if matches!(piece.kind, Kind::Road | Kind::Roundabout) && !motorway {
            Meeting::AtGrade
        } else {
            Meeting::AtEnds
        },
        direction: if lanes_back == 0 { Direction::Drawn } else { Direction::Both },
        given: Given {
            class: piece.class,
            lanes: Some((lanes, lanes_back)),
            speed_kmh: piece.speed_kmh,
            no_heavy_vehicles: false,
        },
        structure: match piece.kind {
            Kind::Bridge => Structure::Bridge,
            Kind::Underpass => Structure::Tunnel,
            _ => Structure::Ground,
        },
        island: None,
        provenance,
    }
}
