//! What lies under and over the flows: rivers, railways, streets, areas, names, scale bar, north arrow.

use std::collections::BTreeSet;

use engine::city::{ObservationRole, RoadClass};
use geo::{Coord, LineString};
use maud::{Markup, html};

use super::frame::{Frame, View, extent, page};
use super::labels::Room;
use super::path::PathData;
use super::scale::round_number;
use crate::comparison::Comparison;
use crate::report::texts::Texts;

/// Size of the type of quarters and hamlets, in page units.
const PLACE_SIZE: f64 = 12.0;
/// Size of the type of rivers and bridges, in page units.
const SMALL_SIZE: f64 = 10.5;
/// Observed flows whose links reach further than this get no name on the map (a ring is no place).
const PLACE_EXTENT_M: f64 = 700.0;

/// Water, railways and every street as a thin line.
pub(super) fn ground(comparison: &Comparison, view: &View) -> Markup {
    let (mut surfaces, mut rivers, mut railways) = <(PathData, PathData, PathData)>::default();
    for water in &comparison.waters {
        if water.is_surface {
            if let Some(ring) = view.frame.ring(&water.points) {
                surfaces.line(&ring);
                surfaces.close();
            }
        } else {
            lines(&mut rivers, view.frame, &water.points);
        }
    }
    for railway in &comparison.railways {
        lines(&mut railways, view.frame, railway);
    }
    let (streets, motorways) = streets(comparison, view.frame);
    html! {
        @for (class, path) in [("water", &surfaces), ("river", &rivers), ("railway", &railways), ("sleepers", &railways),
            ("street", &streets), ("motorway", &motorways)]
        {
            @if !path.is_empty() { path class=(class) d=(path.as_str()) {} }
        }
    }
}

/// Streets and motorways, each drawn once though it has two directions.
fn streets(comparison: &Comparison, frame: Frame) -> (PathData, PathData) {
    let (mut streets, mut motorways) = <(PathData, PathData)>::default();
    let mut drawn = BTreeSet::new();
    for link in &comparison.links {
        #[expect(clippy::cast_possible_truncation, reason = "metres of a projected system are far below i64")]
        let ends = [link.points.first(), link.points.last()].map(|end| end.map(|p| (p[0] as i64, p[1] as i64)));
        #[expect(clippy::cast_possible_truncation, reason = "the length of a link in metres")]
        let identity = (ends[0].min(ends[1]), ends[0].max(ends[1]), link.length_m.round() as i64);
        if drawn.insert(identity) {
            let is_motorway = matches!(link.class, RoadClass::Motorway | RoadClass::MotorwayRamp);
            lines(if is_motorway { &mut motorways } else { &mut streets }, frame, &link.points);
        }
    }
    (streets, motorways)
}

fn lines(path: &mut PathData, frame: Frame, points: &[[f64; 2]]) {
    for part in frame.line(points) {
        path.line(&part);
    }
}

/// Names of rivers, quarters and observed places, as many as find room, and the room that they take.
pub(super) fn names(comparison: &Comparison, view: &View, texts: &Texts) -> (Markup, Room) {
    let frame = view.frame;
    let mut room = Room::default();
    // The corners belong to the north arrow and the scale bar.
    room.take(frame, Coord { x: frame.width - 22.0, y: 30.0 }, 18.0, 26.0);
    room.take(frame, Coord { x: 70.0, y: frame.height - 18.0 }, 66.0, 15.0);
    let places: Vec<(&str, Coord<f64>)> = comparison
        .places
        .iter()
        .map(|place| (place.name.as_str(), frame.to_page(place.position)))
        .filter(|&(name, at)| room.take_name(frame, at, name, PLACE_SIZE))
        .collect();
    let observed: Vec<(String, Coord<f64>, Coord<f64>)> = observed_places(comparison)
        .filter_map(|(name, place)| {
            let at = frame.to_page(place);
            let beside = [14.0, -14.0].map(|dy| Coord { x: at.x, y: at.y + dy });
            let name = texts.place(name);
            let label = beside.into_iter().find(|&label| room.take_name(frame, label, &name, SMALL_SIZE))?;
            Some((name, at, label))
        })
        .collect();
    let rivers = river_names(comparison, frame, &mut room);
    let names = html! {
        g.names aria-label=(texts.say("map-names")) {
            @for (name, at, angle) in &rivers {
                text class={ "river-name " (view.size) } transform={ "translate(" (page(at.x)) " " (page(at.y)) ") rotate(" (page(*angle)) ")" } { (name) }
            }
            @for (name, at, label) in &observed {
                circle.observed cx=(page(at.x)) cy=(page(at.y)) r="2.4" {}
                text.observed-name x=(page(label.x)) y=(page(label.y + 3.5)) { (name) }
            }
            @for (name, at) in &places {
                text class={ "place-name " (view.size) } x=(page(at.x)) y=(page(at.y + 4.0)) { (name) }
            }
        }
    };
    (names, room)
}

/// Places whose flow is known or bounded from outside, with the middle of their links.
fn observed_places(comparison: &Comparison) -> impl Iterator<Item = (&str, [f64; 2])> {
    let watched = comparison.observations.iter().filter(|observed| observed.role != ObservationRole::Input);
    watched.filter_map(|observed| {
        let points: Vec<Coord<f64>> = observed
            .links
            .iter()
            .flat_map(|&link| &comparison.links[link].points)
            .map(|&[x, y]| Coord { x, y })
            .collect();
        let (low, high) = extent(&points)?;
        (high.x - low.x <= PLACE_EXTENT_M && high.y - low.y <= PLACE_EXTENT_M)
            .then_some((observed.name.as_str(), [(low.x + high.x) / 2.0, (low.y + high.y) / 2.0]))
    })
}

/// Each named water once, along the longest part of it in the window: name, place and angle in degrees.
fn river_names<'c>(comparison: &'c Comparison, frame: Frame, room: &mut Room) -> Vec<(&'c str, Coord<f64>, f64)> {
    let mut named: Vec<&str> = Vec::new();
    let mut found = Vec::new();
    for water in &comparison.waters {
        let Some(name) = water.name.as_deref().filter(|name| !named.contains(name)) else { continue };
        let parts = frame.line(&water.points);
        let Some((at, angle)) = parts
            .iter()
            .filter_map(|part| along(part, frame))
            .max_by_key(|&(_, _, steps)| steps)
            .map(|(at, angle, _)| (at, angle))
        else {
            continue;
        };
        if room.take_name(frame, at, name, SMALL_SIZE) {
            named.push(name);
            found.push((name, at, angle));
        }
    }
    found
}

/// The middle of a line's steps inside the frame, its direction there as read from left to right, and how many steps.
fn along(line: &LineString<f64>, frame: Frame) -> Option<(Coord<f64>, f64, usize)> {
    let inside: Vec<Coord<f64>> = line.0.iter().copied().filter(|&point| frame.holds(point, 10.0)).collect();
    let middle = inside.len() / 2;
    let (a, b) = (*inside.get(middle.checked_sub(1)?)?, *inside.get(middle)?);
    let angle = libm::atan2(b.y - a.y, b.x - a.x).to_degrees();
    let upright = if angle > 90.0 {
        angle - 180.0
    } else if angle < -90.0 {
        angle + 180.0
    } else {
        angle
    };
    Some((Coord { x: (a.x + b.x) / 2.0, y: (a.y + b.y) / 2.0 }, upright, inside.len()))
}

/// The outline of another window.
pub(super) fn window(frame: Frame, other: Frame) -> Markup {
    let (from, to) = other.corners();
    let (from, to) = (frame.to_page(from), frame.to_page(to));
    html! {
        rect.window x=(page(from.x)) y=(page(from.y)) width=(page(to.x - from.x)) height=(page(to.y - from.y)) {}
    }
}

/// Scale bar and north arrow.
pub(super) fn furniture(frame: Frame, texts: &Texts) -> Markup {
    let length_m = round_number(frame.width / frame.units(1.0) / 4.0);
    let length = frame.units(length_m);
    let base = frame.height - 12.0;
    let words = if length_m >= 1000.0 {
        format!("{} km", texts.numbers.whole(length_m / 1000.0))
    } else {
        format!("{} m", texts.numbers.whole(length_m))
    };
    let north = frame.width - 22.0;
    html! {
        g.furniture {
            path d={ "M12 " (page(base - 5.0)) "v5h" (page(length)) "v-5" } {}
            text x=(page(12.0 + length / 2.0)) y=(page(base - 6.0)) { (words) }
            path.north d={ "M" (page(north)) " 14l6 18l-6-4l-6 4z" } {}
            text x=(page(north)) y="46" { (texts.say("map-north")) }
        }
    }
}
