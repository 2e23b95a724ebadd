//! Which ground is shown: the whole city, and its heart.

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
