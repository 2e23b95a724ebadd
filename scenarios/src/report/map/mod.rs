//! The maps: flows before, after, and their difference, of the city's heart and of the whole city, as SVG.
//!
//! Everything that maps share (ground, names, the base's flows) stands once in the page and is referred to. Traffic keeps
//! right: each side of a two-way street shows one direction. A difference is drawn only where it is larger than its
//! interval, or where there is no interval at all. What a map leaves out: junction delays, and links with next to no flow
//! beyond their thin line.
//!
//! | file | what |
//! | --- | --- |
//! | `frame.rs` | a window of the city at one scale |
//! | `path.rs` | lines as short SVG paths; traffic that keeps right |
//! | `scale.rs` | widths and colour classes |
//! | `ground.rs` | rivers, railways, streets, names, scale bar, north |
//! | `labels.rs` | where names and markers find room |
//! | `strokes.rs` | flows and differences |
//! | `legend.rs` | what the strokes mean, in words |

mod frame;
mod ground;
mod labels;
mod legend;
mod path;
mod scale;
mod strokes;

use std::collections::HashSet;

use geo::{Coord, Rect};
use maud::{Markup, html};

use self::frame::Frame;
pub(super) use self::scale::round_number;
use self::scale::{ChangeScale, FlowScale};
use super::texts::Texts;
use crate::comparison::{ComparedLink, Comparison};

/// What a map shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Subject {
    /// The base's flows.
    Before,
    /// The scenario's flows.
    After,
    /// What changed.
    Difference,
}

impl Subject {
    /// In the order of telling.
    pub(super) const ALL: [Self; 3] = [Self::Before, Self::After, Self::Difference];

    /// Its name in the page's own references.
    pub(super) fn id(self) -> &'static str {
        match self {
            Self::Before => "before",
            Self::After => "after",
            Self::Difference => "difference",
        }
    }

    /// Its name for people.
    pub(super) fn title(self, texts: &Texts) -> String {
        texts.say(match self {
            Self::Before => "map-before",
            Self::After => "map-after",
            Self::Difference => "map-difference",
        })
    }
}

/// A numbered place on a scenario's maps.
#[derive(Clone, Debug)]
pub(super) struct Marker {
    /// The number, as in the table beside the map.
    pub(super) number: usize,
    /// Where, in metres.
    pub(super) position: [f64; 2],
}

/// One of the two windows that each map is drawn in.
#[derive(Clone, Debug)]
struct View {
    id: &'static str,
    frame: Frame,
    /// Strokes are this much narrower than in the large window.
    stroke_share: f64,
}

/// All that the maps of one report share.
pub(super) struct Atlas<'a> {
    comparison: &'a Comparison,
    /// The city's heart, then the whole.
    views: [View; 2],
    /// Whether each link has one that runs back along it.
    is_two_way: Vec<bool>,
    flow_scale: FlowScale,
    change_scale: ChangeScale,
}

impl<'a> Atlas<'a> {
    /// The atlas of a comparison; none where no link has an extent.
    pub(super) fn new(comparison: &'a Comparison) -> Option<Self> {
        let whole = bounds(comparison.links.iter())?;
        let heart = heart(&comparison.links).unwrap_or(whole);
        let flows = comparison.links.iter().flat_map(|link| link.daily_vehicles.iter().map(|flow| flow.value));
        let changes = comparison.links.iter().flat_map(|link| {
            link.daily_differences
                .iter()
                .filter(|change| change.is_distinct_from_zero() != Some(false))
                .map(|c| c.value)
        });
        Some(Self {
            comparison,
            views: [
                View { id: "heart", frame: Frame::showing(heart, 660.0), stroke_share: 1.0 },
                View { id: "whole", frame: Frame::showing(whole, 440.0), stroke_share: 0.6 },
            ],
            is_two_way: two_way(&comparison.links),
            flow_scale: FlowScale::fitting(flows),
            change_scale: ChangeScale::fitting(changes),
        })
    }

    /// What several maps share; it shows nothing where it stands, and must stand before the maps.
    pub(super) fn definitions(&self, texts: &Texts) -> Markup {
        html! {
            svg.definitions aria-hidden="true" width="0" height="0" {
                defs {
                    @for view in &self.views {
                        g id={ "ground-" (view.id) } { (ground::ground(self.comparison, view)) }
                        g id={ "names-" (view.id) } { (ground::names(self.comparison, view, texts)) }
                        g id={ "flows-" (view.id) } { (self.flows(0, view)) }
                    }
                }
            }
        }
    }

    /// The two maps of a run with that subject, and what their strokes mean.
    pub(super) fn maps(&self, run: usize, subject: Subject, markers: &[Marker], texts: &Texts) -> Markup {
        let [heart, whole] = &self.views;
        html! {
            div.sheets {
                (self.map(run, subject, heart, 0, markers, texts))
                div {
                    (self.map(run, subject, whole, 1, markers, texts))
                    @match subject {
                        Subject::Before | Subject::After => (legend::flows(self.flow_scale, texts)),
                        Subject::Difference => {
                            (legend::differences(self.change_scale, self.comparison.seeds.len() > 1, texts))
                        }
                    }
                }
            }
        }
    }

    fn map(
        &self,
        run: usize,
        subject: Subject,
        view: &View,
        index: usize,
        markers: &[Marker],
        texts: &Texts,
    ) -> Markup {
        let Frame { width, height, .. } = view.frame;
        let window = texts.say(if index == 0 { "map-heart" } else { "map-whole" });
        let label = format!("{} – {} – {window}", texts.of(&self.comparison.runs[run].title), subject.title(texts));
        let overview = (index == 1).then(|| self.views[0].frame);
        let markers = markers.iter().filter(|marker| {
            // What the large window shows need not be numbered again in the small one.
            index == 0 || !self.views[0].frame.holds(self.views[0].frame.to_page(marker.position), 12.0)
        });
        html! {
            svg.map role="img" aria-label=(label) viewBox={ "0 0 " (page(width)) " " (page(height)) } {
                rect.land width="100%" height="100%" {}
                (ground::areas(&self.comparison.runs[run], view))
                use href={ "#ground-" (view.id) } {}
                @if subject != Subject::Before { (strokes::edited(self.comparison, run, view)) }
                @match subject {
                    Subject::Before => use href={ "#flows-" (view.id) } {},
                    Subject::After => (self.flows(run, view)),
                    Subject::Difference => (self.differences(run, view)),
                }
                use href={ "#names-" (view.id) } {}
                @if let Some(heart) = overview { (ground::window(view.frame, heart)) }
                @if subject == Subject::Difference { (labels::markers(view.frame, markers)) }
                (ground::furniture(view.frame, texts))
            }
        }
    }

    fn flows(&self, run: usize, view: &View) -> Markup {
        strokes::flows(&self.comparison.links, run, &self.is_two_way, self.flow_scale, view)
    }

    fn differences(&self, run: usize, view: &View) -> Markup {
        strokes::differences(&self.comparison.links, run, &self.is_two_way, self.change_scale, view)
    }
}

/// A length on the page, to a tenth.
fn page(units: f64) -> String {
    let text = format!("{units:.1}");
    text.strip_suffix(".0").map_or_else(|| text.clone(), str::to_owned)
}

/// The box around some links; none where they have no extent.
fn bounds<'l>(links: impl Iterator<Item = &'l ComparedLink>) -> Option<Rect<f64>> {
    let points: Vec<Coord<f64>> = links.flat_map(|link| &link.points).map(|&[x, y]| Coord { x, y }).collect();
    let (low, high) = frame::extent(&points)?;
    let (width, height) = (high.x - low.x, high.y - low.y);
    (width > 1.0 && height > 1.0).then(|| {
        let margin = width.max(height) * 0.02;
        Rect::new(Coord { x: low.x - margin, y: low.y - margin }, Coord { x: high.x + margin, y: high.y + margin })
    })
}

/// The part of the city with most streets: around the middle half of all links that are no motorway, and half as much again.
fn heart(links: &[ComparedLink]) -> Option<Rect<f64>> {
    use engine::city::RoadClass::{Motorway, MotorwayRamp};
    let streets = links.iter().filter(|link| !matches!(link.class, Motorway | MotorwayRamp));
    let middles: Vec<[f64; 2]> = streets.filter_map(|link| link.points.get(link.points.len() / 2).copied()).collect();
    let quartiles = |axis: usize| {
        let mut values: Vec<f64> = middles.iter().map(|middle| middle[axis]).collect();
        values.sort_unstable_by(f64::total_cmp);
        Some((*values.get(values.len() / 4)?, *values.get(values.len() * 3 / 4)?))
    };
    let ((left, right), (low, high)) = (quartiles(0)?, quartiles(1)?);
    let (width, height) = ((right - left) * 1.5, (high - low) * 1.5);
    // Not so flat or so narrow that the map becomes a strip.
    let height = height.clamp(width * 0.75, width * 1.1);
    let (x, y) = ((left + right) / 2.0, (low + high) / 2.0);
    (width > 1.0).then(|| {
        Rect::new(Coord { x: x - width / 2.0, y: y - height / 2.0 }, Coord { x: x + width / 2.0, y: y + height / 2.0 })
    })
}

/// Whether each link has another that runs back between the same ends.
fn two_way(links: &[ComparedLink]) -> Vec<bool> {
    #[expect(clippy::cast_possible_truncation, reason = "metres of a projected system are far below i64")]
    let place = |point: &[f64; 2]| (point[0].round() as i64, point[1].round() as i64);
    let ends = |link: &ComparedLink| Some((place(link.points.first()?), place(link.points.last()?)));
    let all: HashSet<_> = links.iter().filter_map(ends).collect();
    links.iter().map(|link| ends(link).is_some_and(|(from, to)| all.contains(&(to, from)))).collect()
}
