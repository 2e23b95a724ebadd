//! Which ground is shown: the whole city, its heart, and of that only a part where a scenario changes no more.

use geo::{Coord, Rect};

use super::frame::extent;
use crate::comparison::{ComparedLink, Comparison};

/// The city's heart, grown to show where scenarios act, and the whole city; none where no link has an extent.
pub(super) fn windows(comparison: &Comparison) -> Option<(Rect<f64>, Rect<f64>)> {
    let whole = bounds(comparison.links.iter())?;
    let heart = comparison
        .runs
        .iter()
        .filter_map(|run| bounds(run.edited_links.iter().map(|&link| &comparison.links[link])))
        .fold(heart(&comparison.links, whole), grown);
    Some((heart, whole))
}

/// A scenario's large map may show this share of the heart's width at the least, and is not worth its own window above the
/// second.
const CLOSE_UP_SHARES: [f64; 2] = [0.4, 0.75];

/// The part of the heart that holds all these links (those that a scenario edits or changes), in the heart's proportions;
/// none where that is next to all of it, or they lie outside.
pub(super) fn close_up<'l>(links: impl Iterator<Item = &'l ComparedLink>, heart: Rect<f64>) -> Option<Rect<f64>> {
    let changed = bounds(links)?;
    let proportion = heart.height() / heart.width();
    let needed = changed.width().max(changed.height() / proportion);
    let [least, most] = CLOSE_UP_SHARES.map(|share| share * heart.width());
    let is_inside = changed.min().x >= heart.min().x
        && changed.min().y >= heart.min().y
        && changed.max().x <= heart.max().x
        && changed.max().y <= heart.max().y;
    (is_inside && needed <= most).then(|| {
        let (half_width, half_height) = (needed.max(least) / 2.0, needed.max(least) * proportion / 2.0);
        let Coord { x, y } = changed.center();
        Rect::new(Coord { x: x - half_width, y: y - half_height }, Coord { x: x + half_width, y: y + half_height })
    })
}

/// At least so much ground is shown around what is shown, in metres.
const MARGIN_MIN_M: f64 = 250.0;

/// The box around some links with a margin; none where they have no extent.
fn bounds<'l>(links: impl Iterator<Item = &'l ComparedLink>) -> Option<Rect<f64>> {
    let points: Vec<Coord<f64>> = links.flat_map(|link| &link.points).map(|&[x, y]| Coord { x, y }).collect();
    let (low, high) = extent(&points)?;
    let (width, height) = (high.x - low.x, high.y - low.y);
    (width > 1.0 && height > 1.0).then(|| {
        let margin = (width.max(height) * 0.02).max(MARGIN_MIN_M);
        Rect::new(Coord { x: low.x - margin, y: low.y - margin }, Coord { x: high.x + margin, y: high.y + margin })
    })
}

/// Width of the heart's window as a share of the whole city's, and its height as a share of its width.
const HEART_SHARE: f64 = 0.31;
const HEART_HEIGHT_SHARE: f64 = 0.92;

/// The part of the city with most streets: a window that moves from the middle of all streets to the middle of those that
/// it shows, until it rests (mean shift). Motorways do not draw it.
fn heart(links: &[ComparedLink], whole: Rect<f64>) -> Rect<f64> {
    use engine::city::RoadClass::{Motorway, MotorwayRamp};
    let streets = links.iter().filter(|link| !matches!(link.class, Motorway | MotorwayRamp));
    let middles: Vec<[f64; 2]> = streets.filter_map(|link| link.points.get(link.points.len() / 2).copied()).collect();
    let (half_width, half_height) = {
        let width = whole.width() * HEART_SHARE;
        (width / 2.0, (width * HEART_HEIGHT_SHARE).min(whole.height()) / 2.0)
    };
    let median = |axis: usize| {
        let mut values: Vec<f64> = middles.iter().map(|middle| middle[axis]).collect();
        values.sort_unstable_by(f64::total_cmp);
        values.get(values.len() / 2).copied()
    };
    let centre = whole.center();
    let mut at = [median(0).unwrap_or(centre.x), median(1).unwrap_or(centre.y)];
    for _ in 0..20 {
        let shown: Vec<&[f64; 2]> = middles
            .iter()
            .filter(|middle| (middle[0] - at[0]).abs() <= half_width && (middle[1] - at[1]).abs() <= half_height)
            .collect();
        if shown.is_empty() {
            break;
        }
        #[expect(clippy::cast_precision_loss, reason = "a count of links")]
        let count = shown.len() as f64;
        at = [0, 1].map(|axis| shown.iter().map(|middle| middle[axis]).sum::<f64>() / count);
    }
    Rect::new(
        Coord { x: at[0] - half_width, y: at[1] - half_height },
        Coord { x: at[0] + half_width, y: at[1] + half_height },
    )
}

/// By what share of itself the heart's window may grow to show a place where a scenario acts.
const GROWTH_MAX: f64 = 0.25;

/// The window grown to show another where that takes little; else as it is.
fn grown(window: Rect<f64>, other: Rect<f64>) -> Rect<f64> {
    let low = Coord { x: window.min().x.min(other.min().x), y: window.min().y.min(other.min().y) };
    let high = Coord { x: window.max().x.max(other.max().x), y: window.max().y.max(other.max().y) };
    let both = Rect::new(low, high);
    let is_near =
        both.width() <= window.width() * (1.0 + GROWTH_MAX) && both.height() <= window.height() * (1.0 + GROWTH_MAX);
    if is_near { both } else { window }
}

#[cfg(test)]
mod tests {
    use engine::city::{RoadClass, Structure};
    use engine::key::Key;
    use engine::provenance::Origin;

    use super::*;

    fn link(from: [f64; 2], to: [f64; 2]) -> ComparedLink {
        ComparedLink {
            key: Key::new("t:link").expect("a key"),
            name: None,
            class: RoadClass::Primary,
            structure: Structure::Ground,
            origin: Origin::Real,
            points: vec![from, to],
            length_m: 1.0,
            daily_vehicles: vec![],
            daily_differences: vec![],
            hourly_vehicles: vec![],
            hourly_differences: vec![],
            saturation: vec![],
        }
    }

    #[test]
    fn a_change_in_one_place_is_shown_from_nearer() {
        let heart = Rect::new(Coord { x: 0.0, y: 0.0 }, Coord { x: 8000.0, y: 6000.0 });
        let shown = |to: [f64; 2]| close_up([link([2000.0, 2000.0], to)].iter(), heart);
        let near = shown([3000.0, 2500.0]).expect("a window");
        assert_eq!((near.width(), near.height()), (3200.0, 2400.0), "at least so much");
        assert_eq!(near.center(), Coord { x: 2500.0, y: 2250.0 });
        let wider = shown([6000.0, 4000.0]).expect("a window");
        assert_eq!((wider.width(), wider.height()), (4500.0, 3375.0), "all of it with a margin");
        assert_eq!(shown([7700.0, 4000.0]), None, "next to all of the heart");
        assert_eq!(shown([2500.0, 9000.0]), None, "beyond the heart");
    }
}
