//! Streets as sources: polylines with emissions by pollutant and hour of the day.

use super::super::line_source::{Carriageway, Link, LinkFault, LinkKind};
use super::super::meteorology::HOURS_OF_DAY;

/// Most that a street may emit, in g/(m·s): several times the carbon monoxide of a full motorway of old cars.
pub const EMISSION_MAX_GPMS: f64 = 0.1;

/// A street that emits.
#[derive(Clone, Debug, PartialEq)]
pub struct Street {
    /// Its line, x and y in metres; at least two points.
    pub points_m: Vec<[f64; 2]>,
    /// Width of the mixing zone in metres, 1 to 200: the carriageway and 3 m on either side.
    pub width_m: f64,
    /// Height above the ground around in metres, as [`Link::height_m`].
    pub height_m: f64,
    /// How it lies.
    pub kind: LinkKind,
    /// Emission in g/(m·s), 0 to [`EMISSION_MAX_GPMS`], of each pollutant in each hour of the day.
    pub emissions_gpms: Vec<[f64; HOURS_OF_DAY]>,
}

/// What is wrong with a street.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum StreetFault {
    /// No line.
    #[error("the street's line has {0} points; give two or more that are not all the same")]
    NoLine(usize),
    /// A straight piece is no link.
    #[error("{0}")]
    Link(LinkFault),
    /// Emission.
    #[error("pollutant {pollutant} is emitted at {value_gpms} g/(m·s) in hour {hour}; give 0 to 0.1 g/(m·s)")]
    Emission {
        /// The pollutant, from 0.
        pollutant: usize,
        /// Hour of the day.
        hour: usize,
        /// What is given.
        value_gpms: f64,
    },
    /// Number of pollutants.
    #[error("the street emits {given} pollutants, but {wanted} are computed")]
    Pollutants {
        /// Of the street.
        given: usize,
        /// Of the field.
        wanted: usize,
    },
}

impl Street {
    /// Everything that is wrong with it for a field of so many pollutants; nothing where it can be used.
    #[must_use]
    pub fn faults(&self, pollutants: usize) -> Vec<StreetFault> {
        let mut faults = Vec::new();
        if self.points_m.len() < 2 || self.points_m.windows(2).all(|ends| ends[0] == ends[1]) {
            faults.push(StreetFault::NoLine(self.points_m.len()));
        } else {
            // Points that repeat are no fault, and what is wrong with the width is told once.
            let links = self.points_m.windows(2).filter(|ends| ends[0] != ends[1]);
            let of_links = links.flat_map(|ends| self.link(ends[0], ends[1]).faults());
            for fault in of_links.map(StreetFault::Link) {
                if !faults.contains(&fault) {
                    faults.push(fault);
                }
            }
        }
        if self.emissions_gpms.len() != pollutants {
            faults.push(StreetFault::Pollutants { given: self.emissions_gpms.len(), wanted: pollutants });
        }
        for (pollutant, by_hour) in self.emissions_gpms.iter().enumerate() {
            let wrong = by_hour.iter().enumerate().find(|(_, value)| !(0.0..=EMISSION_MAX_GPMS).contains(*value));
            faults.extend(wrong.map(|(hour, &value_gpms)| StreetFault::Emission { pollutant, hour, value_gpms }));
        }
        faults
    }

    fn link(&self, from_m: [f64; 2], to_m: [f64; 2]) -> Link {
        Link { from_m, to_m, width_m: self.width_m, height_m: self.height_m, kind: self.kind }
    }

    /// Straight pieces: the line without points that lie closer to it than the tolerance (Douglas and Peucker 1973), cut where
    /// longer than the longest.
    pub(crate) fn carriageways(&self, tolerance_m: f64, longest_m: f64) -> Vec<Carriageway> {
        let mut kept = vec![false; self.points_m.len()];
        kept[0] = true;
        keep(&self.points_m, 0, self.points_m.len() - 1, tolerance_m, &mut kept);
        let line: Vec<[f64; 2]> =
            self.points_m.iter().zip(&kept).filter(|(_, kept)| **kept).map(|(point, _)| *point).collect();
        let mut carriageways = Vec::new();
        for ends in line.windows(2).filter(|ends| ends[0] != ends[1]) {
            let [from, to] = [ends[0], ends[1]];
            let length_m = libm::hypot(to[0] - from[0], to[1] - from[1]);
            let count = (length_m / longest_m).ceil().max(1.0);
            let at = |index: f64| [0, 1].map(|axis| from[axis] + (to[axis] - from[axis]) * (index / count));
            carriageways.extend(
                (0..count as usize).map(|index| Carriageway::new(&self.link(at(index as f64), at((index + 1) as f64)))),
            );
        }
        carriageways
    }
}

/// Marks what is kept of the points between two that are.
fn keep(points_m: &[[f64; 2]], first: usize, last: usize, tolerance_m: f64, kept: &mut [bool]) {
    let mut stack = vec![(first, last)];
    while let Some((first, last)) = stack.pop() {
        kept[last] = true;
        let farthest = (first + 1..last)
            .map(|index| (distance_m(points_m[index], points_m[first], points_m[last]), index))
            .fold((0.0, first), |best, next| if next.0 > best.0 { next } else { best });
        if farthest.0 > tolerance_m {
            stack.push((first, farthest.1));
            stack.push((farthest.1, last));
        }
    }
}

/// Distance of a point from a piece.
fn distance_m(point: [f64; 2], from: [f64; 2], to: [f64; 2]) -> f64 {
    let [dx, dy] = [to[0] - from[0], to[1] - from[1]];
    let [px, py] = [point[0] - from[0], point[1] - from[1]];
    let square = dx * dx + dy * dy;
    let share = if square > 0.0 { ((px * dx + py * dy) / square).clamp(0.0, 1.0) } else { 0.0 };
    libm::hypot(px - share * dx, py - share * dy)
}
