//! Names and numbered markers on a map, each where it finds room.

use geo::Coord;
use maud::{Markup, html};

use super::atlas::Marker;
use super::frame::{Frame, page};

/// Mean width of a letter, as a share of the size of the type.
const LETTER_WIDTH: f64 = 0.56;
/// Radius of a marker, in page units.
const MARKER_RADIUS: f64 = 8.0;

/// Boxes on a page that are taken, as (centre, half width, half height).
#[derive(Clone, Default)]
pub(super) struct Room {
    taken: Vec<(Coord<f64>, f64, f64)>,
}

impl Room {
    /// Takes a box if it is free and inside the frame.
    pub(super) fn take(&mut self, frame: Frame, centre: Coord<f64>, half_width: f64, half_height: f64) -> bool {
        let inside = frame.holds(Coord { x: centre.x - half_width, y: centre.y - half_height }, 2.0)
            && frame.holds(Coord { x: centre.x + half_width, y: centre.y + half_height }, 2.0);
        let is_free = self.taken.iter().all(|&(other, w, h)| {
            (centre.x - other.x).abs() >= half_width + w || (centre.y - other.y).abs() >= half_height + h
        });
        if inside && is_free {
            self.taken.push((centre, half_width, half_height));
        }
        inside && is_free
    }

    /// Takes the box of a name of that size of type.
    pub(super) fn take_name(&mut self, frame: Frame, centre: Coord<f64>, name: &str, size: f64) -> bool {
        #[expect(clippy::cast_precision_loss, reason = "a count of letters")]
        let letters = name.chars().count() as f64;
        self.take(frame, centre, letters * LETTER_WIDTH * size / 2.0 + 3.0, size * 0.62)
    }
}

/// Numbered discs, each on a thread beside its place where the names leave room.
pub(super) fn markers(frame: Frame, markers: &[&Marker], mut room: Room) -> Markup {
    let placed: Vec<(&Marker, Coord<f64>, Coord<f64>)> = markers
        .iter()
        .filter_map(|&marker| {
            let place = frame.to_page(marker.position);
            let disc = around(place)
                .find(|&disc| room.take(frame, disc, MARKER_RADIUS + 0.5, MARKER_RADIUS + 0.5))
                .filter(|_| frame.holds(place, 0.0))?;
            Some((marker, place, disc))
        })
        .collect();
    html! {
        @if !placed.is_empty() {
            g.markers {
                @for (marker, place, disc) in &placed {
                    path.thread d={ "M" (page(place.x)) " " (page(place.y)) "L" (page(disc.x)) " " (page(disc.y)) } {}
                    circle cx=(page(disc.x)) cy=(page(disc.y)) r=(page(MARKER_RADIUS)) {}
                    text x=(page(disc.x)) y=(page(disc.y + 3.6)) { (marker.number) }
                }
            }
        }
    }
}

/// Places to try for a disc: close above to the right, then round and further away.
fn around(place: Coord<f64>) -> impl Iterator<Item = Coord<f64>> {
    const DIRECTIONS: [(f64, f64); 8] =
        [(0.7, -0.7), (-0.7, -0.7), (0.7, 0.7), (-0.7, 0.7), (1.0, 0.0), (-1.0, 0.0), (0.0, -1.0), (0.0, 1.0)];
    [16.0, 28.0, 42.0, 60.0]
        .into_iter()
        .flat_map(move |far| DIRECTIONS.map(|(x, y)| Coord { x: place.x + x * far, y: place.y + y * far }))
}

#[cfg(test)]
mod tests {
    use geo::Rect;

    use super::*;

    #[test]
    fn nothing_is_put_on_a_taken_place_or_outside() {
        let frame = Frame::showing(Rect::new(Coord { x: 0.0, y: 0.0 }, Coord { x: 100.0, y: 100.0 }), 100.0);
        let mut room = Room::default();
        assert!(room.take(frame, Coord { x: 50.0, y: 50.0 }, 10.0, 5.0));
        assert!(!room.take(frame, Coord { x: 65.0, y: 52.0 }, 10.0, 5.0));
        assert!(room.take(frame, Coord { x: 65.0, y: 61.0 }, 10.0, 5.0));
        assert!(!room.take(frame, Coord { x: 95.0, y: 20.0 }, 10.0, 5.0));
    }

    #[test]
    fn markers_of_one_place_stand_apart() {
        let frame = Frame::showing(Rect::new(Coord { x: 0.0, y: 0.0 }, Coord { x: 200.0, y: 200.0 }), 200.0);
        let same = [1, 2].map(|number| Marker { number, position: [100.0, 100.0] });
        let markup = markers(frame, &same.each_ref(), Room::default()).into_string();
        assert_eq!(markup.matches("<circle").count(), 2);
        assert!(markup.contains("cx=\"111.2\"") && markup.contains("cx=\"88.8\""), "{markup}");
    }
}
