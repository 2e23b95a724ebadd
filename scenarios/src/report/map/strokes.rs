//! Flows and differences as strokes: those of one width and colour are one path, thin ones first.

use std::collections::BTreeMap;

use maud::{Markup, html};

use super::frame::{View, page};
use super::path::{PathData, moved_right};
use super::scale::{ChangeScale, FlowScale, Fullness, change_style};
use crate::comparison::ComparedLink;
use crate::estimate::Estimate;

/// Half of the gap between the two directions of a street, in page units.
const HALF_GAP: f64 = 0.3;

/// Paths by width (in tenths of a unit) and colour class.
type Strokes = BTreeMap<(u32, &'static str), PathData>;

/// The flows of a run; their colour says how full the street is in its fullest period.
pub(super) fn flows(links: &[ComparedLink], run: usize, is_two_way: &[bool], scale: FlowScale, view: &View) -> Markup {
    let mut strokes = Strokes::new();
    for (link, &two_way) in links.iter().zip(is_two_way) {
        let Some(width) = scale.width(link.daily_vehicles[run].value) else { continue };
        let fullest = link.saturation[run].iter().copied().fold(0.0, f64::max);
        draw(&mut strokes, link, two_way, width, Fullness::of(fullest).style(), view);
    }
    paths(&strokes)
}

/// What changes from the base: only what is larger than its interval, where there is one.
pub(super) fn differences(
    links: &[ComparedLink],
    change: impl Fn(&ComparedLink) -> Estimate,
    is_two_way: &[bool],
    scale: ChangeScale,
    view: &View,
) -> Markup {
    let mut strokes = Strokes::new();
    for (link, &two_way) in links.iter().zip(is_two_way) {
        let change = change(link);
        let class = scale.class_told(&change);
        if class != 0 {
            draw(&mut strokes, link, two_way, scale.width(change.value), change_style(class), view);
        }
    }
    paths(&strokes)
}

fn draw(strokes: &mut Strokes, link: &ComparedLink, is_two_way: bool, width: f64, style: &'static str, view: &View) {
    let width = (width * view.stroke_share).max(0.6);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a width of some units")]
    let path = strokes.entry(((width * 10.0).round() as u32, style)).or_default();
    for part in view.frame.line(&link.points) {
        if is_two_way {
            path.line(&moved_right(&part, width / 2.0 + HALF_GAP * view.stroke_share));
        } else {
            path.line(&part);
        }
    }
}

fn paths(strokes: &Strokes) -> Markup {
    html! {
        g.strokes {
            @for (&(tenths, style), path) in strokes {
                @if !path.is_empty() {
                    path class=(style) stroke-width=(page(f64::from(tenths) / 10.0)) d=(path.as_str()) {}
                }
            }
        }
    }
}
