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
use crate::comparison::{ComparedLink, Comparison, Estimate};

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

/// The time of day that a difference is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Time {
    /// The whole day, in vehicles a day.
    Day,
    /// A mean hour of the period with that index, in vehicles an hour.
    Period(usize),
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
    daily_scale: ChangeScale,
    hourly_scale: ChangeScale,
}

impl<'a> Atlas<'a> {
    /// The atlas of a comparison; none where no link has an extent.
    pub(super) fn new(comparison: &'a Comparison) -> Option<Self> {
        let whole = bounds(comparison.links.iter())?;
        let heart = heart(&comparison.links, whole);
        let flows = comparison.links.iter().flat_map(|link| link.daily_vehicles.iter().map(|flow| flow.value));
        let links = &comparison.links;
        let daily = links.iter().flat_map(|link| &link.daily_differences);
        let hourly = links.iter().flat_map(|link| link.hourly_differences.iter().flatten());
        Some(Self {
            comparison,
            views: [
                View { id: "heart", frame: Frame::showing(heart, 660.0), stroke_share: 1.0 },
                View { id: "whole", frame: Frame::showing(whole, 440.0), stroke_share: 0.6 },
            ],
            is_two_way: two_way(&comparison.links),
            flow_scale: FlowScale::fitting(flows),
            daily_scale: ChangeScale::fitting(distinct(daily), 20.0),
            hourly_scale: ChangeScale::fitting(distinct(hourly), 5.0),
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

    /// The two maps of a run's flows (of the base, where the subject is before), and what their strokes mean.
    pub(super) fn flow_maps(&self, run: usize, subject: Subject, texts: &Texts) -> Markup {
        let flows = |view: &View| match subject {
            Subject::Before => html! { use href={ "#flows-" (view.id) } {} },
            Subject::After | Subject::Difference => html! {
                (strokes::edited(self.comparison, run, view))
                (self.flows(run, view))
            },
        };
        let label = format!("{} – {}", texts.of(&self.comparison.runs[run].title), subject.title(texts));
        self.sheets(run, &label, flows, &[], &legend::flows(self.flow_scale, texts), texts)
    }

    /// The two maps of what changes from the base to a run, and what their strokes mean.
    pub(super) fn difference_maps(&self, run: usize, time: Time, markers: &[Marker], texts: &Texts) -> Markup {
        let (scale, title) = match time {
            Time::Day => (self.daily_scale, "legend-difference-title"),
            Time::Period(_) => (self.hourly_scale, "legend-difference-hour-title"),
        };
        let change = |link: &ComparedLink| match time {
            Time::Day => link.daily_differences[run],
            Time::Period(period) => link.hourly_differences[run][period],
        };
        let differences = |view: &View| {
            html! {
                (strokes::edited(self.comparison, run, view))
                (strokes::differences(&self.comparison.links, change, &self.is_two_way, scale, view))
            }
        };
        let has_intervals = self.comparison.seeds.len() > 1;
        let legend = legend::differences(scale, &texts.say(title), has_intervals, texts);
        let label = format!("{} – {}", texts.of(&self.comparison.runs[run].title), Subject::Difference.title(texts));
        self.sheets(run, &label, differences, markers, &legend, texts)
    }

    /// The large map, and beside it the small one over the legend.
    fn sheets(
        &self,
        run: usize,
        label: &str,
        strokes: impl Fn(&View) -> Markup,
        markers: &[Marker],
        legend: &Markup,
        texts: &Texts,
    ) -> Markup {
        let [heart, whole] = &self.views;
        let in_heart = |marker: &&Marker| heart.frame.holds(heart.frame.to_page(marker.position), 12.0);
        // What the large map shows need not be numbered again in the small one.
        let (near, far): (Vec<&Marker>, Vec<&Marker>) = markers.iter().partition(in_heart);
        let map = |view: &View, window: &str, markers: &[&Marker]| {
            let label = format!("{label} – {}", texts.say(window));
            let Frame { width, height, .. } = view.frame;
            html! {
                svg.map role="img" aria-label=(label) viewBox={ "0 0 " (page(width)) " " (page(height)) } {
                    rect.land width="100%" height="100%" {}
                    (ground::areas(&self.comparison.runs[run], view))
                    use href={ "#ground-" (view.id) } {}
                    (strokes(view))
                    use href={ "#names-" (view.id) } {}
                    @if view.id == whole.id { (ground::window(view.frame, heart.frame)) }
                    (labels::markers(view.frame, markers))
                    (ground::furniture(view.frame, texts))
                }
            }
        };
        html! {
            div.sheets {
                (map(heart, "map-heart", &near))
                div {
                    (map(whole, "map-whole", &far))
                    (legend)
                }
            }
        }
    }

    fn flows(&self, run: usize, view: &View) -> Markup {
        strokes::flows(&self.comparison.links, run, &self.is_two_way, self.flow_scale, view)
    }
}

/// The differences that are larger than their interval, or have none.
fn distinct<'e>(differences: impl Iterator<Item = &'e Estimate>) -> impl Iterator<Item = f64> {
    differences
        .filter(|difference| difference.is_distinct_from_zero() != Some(false))
        .map(|difference| difference.value)
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

/// Whether each link has another that runs back between the same ends.
fn two_way(links: &[ComparedLink]) -> Vec<bool> {
    #[expect(clippy::cast_possible_truncation, reason = "metres of a projected system are far below i64")]
    let place = |point: &[f64; 2]| (point[0].round() as i64, point[1].round() as i64);
    let ends = |link: &ComparedLink| Some((place(link.points.first()?), place(link.points.last()?)));
    let all: HashSet<_> = links.iter().filter_map(ends).collect();
    links.iter().map(|link| ends(link).is_some_and(|(from, to)| all.contains(&(to, from)))).collect()
}
