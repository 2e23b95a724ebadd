//! The maps of a report: pairs of a large and a small one, and what all of them share.

use std::collections::HashSet;

use geo::Rect;
use maud::{Markup, html};

use super::frame::{Frame, View, page};
use super::scale::{ChangeScale, FlowScale};
use super::{durations, edits, ground, labels, legend, strokes, window};
use crate::comparison::{ComparedLink, Comparison};
use crate::estimate::Estimate;
use crate::report::texts::Texts;

/// What a map shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::report) enum Subject {
    /// The base's flows.
    Before,
    /// The scenario's flows.
    After,
    /// What changed.
    Difference,
    /// How much longer trips take.
    Durations,
}

impl Subject {
    /// In the order of telling.
    pub(in crate::report) const ALL: [Self; 4] = [Self::Before, Self::After, Self::Difference, Self::Durations];

    /// Its name in the page's own references.
    pub(in crate::report) fn id(self) -> &'static str {
        match self {
            Self::Before => "before",
            Self::After => "after",
            Self::Difference => "difference",
            Self::Durations => "durations",
        }
    }

    /// Its name for people.
    pub(in crate::report) fn title(self, texts: &Texts) -> String {
        texts.say(match self {
            Self::Before => "map-before",
            Self::After => "map-after",
            Self::Difference => "map-difference",
            Self::Durations => "map-durations",
        })
    }
}

/// The time of day that a difference is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::report) enum Time {
    /// The whole day, in vehicles a day.
    Day,
    /// A mean hour of the period with that index, in vehicles an hour.
    Period(usize),
}

/// A numbered place on a scenario's maps.
#[derive(Clone, Debug)]
pub(in crate::report) struct Marker {
    /// The number, as in the table beside the map.
    pub(in crate::report) number: usize,
    /// Where, in metres.
    pub(in crate::report) position: [f64; 2],
}

/// What a pair of maps is made of, beside its strokes.
struct Sheet<'a> {
    run: usize,
    subject: Subject,
    markers: &'a [Marker],
    description: &'a str,
    /// Whether the map shows no change at all, which it then says.
    is_empty: bool,
    legend: Markup,
}

impl Sheet<'_> {
    fn new(run: usize, legend: Markup) -> Self {
        Self { run, subject: Subject::Difference, markers: &[], description: "", is_empty: false, legend }
    }
}

/// A ground with its names.
struct Window {
    view: View,
    names: Markup,
    /// The room that the names take.
    room: labels::Room,
    /// What it shows, for those who do not see it.
    title: &'static str,
}

/// All that the maps of one report share.
pub(in crate::report) struct Atlas<'a> {
    comparison: &'a Comparison,
    /// The whole city, then the grounds of the large maps.
    windows: Vec<Window>,
    /// The window of each run's large map.
    large: Vec<usize>,
    /// Whether each link has one that runs back along it.
    is_two_way: Vec<bool>,
    flow_scale: FlowScale,
    /// Those of each run.
    change_scales: Vec<ChangeScales>,
}

/// The scales of one run's changes. Each has its own: those of a closed bridge would leave nothing to see of a wider one.
#[derive(Clone, Copy)]
struct ChangeScales {
    daily: ChangeScale,
    hourly: ChangeScale,
    duration: ChangeScale,
}

impl ChangeScales {
    fn of(comparison: &Comparison, run: usize) -> Self {
        let links = &comparison.links;
        let daily = links.iter().map(|link| &link.daily_differences[run]);
        let hourly = links.iter().flat_map(|link| &link.hourly_differences[run]);
        Self {
            daily: ChangeScale::fitting(distinct(daily), MUCH_MIN[0] * comparison.share_of_day()),
            hourly: ChangeScale::fitting(distinct(hourly), MUCH_MIN[1]),
            duration: ChangeScale::fitting(distinct(durations::changes(comparison, run)), MUCH_MIN[2]),
        }
    }
}

/// The whole city's place among the windows, and its heart's.
const WHOLE: usize = 0;
const HEART: usize = 1;

/// At least so much is called much, so that a report of small changes does not look like one of large ones: vehicles a day,
/// vehicles an hour, minutes.
const MUCH_MIN: [f64; 3] = [500.0, 50.0, 2.0];

impl<'a> Atlas<'a> {
    /// The atlas of a comparison; none where no link has an extent.
    pub(in crate::report) fn new(comparison: &'a Comparison, texts: &Texts) -> Option<Self> {
        let (heart, whole) = window::windows(comparison)?;
        let change_scales: Vec<ChangeScales> =
            (0..comparison.runs.len()).map(|run| ChangeScales::of(comparison, run)).collect();
        let window = |id: String, ground: Rect<f64>, is_large: bool, title: &'static str| {
            let (size, width, stroke_share) = if is_large { ("large", 660.0, 1.0) } else { ("small", 440.0, 0.6) };
            let view = View { id, size, frame: Frame::showing(ground, width), stroke_share };
            let (names, room) = ground::names(comparison, &view, texts);
            Window { view, names, room, title }
        };
        let mut windows = vec![
            window("whole".to_owned(), whole, false, "map-whole"),
            window("heart".to_owned(), heart, true, "map-heart"),
        ];
        let mut large = Vec::new();
        for (run, scales) in change_scales.iter().enumerate() {
            let edited = comparison.runs[run].edited_links.iter().map(|&link| &comparison.links[link]);
            let changed =
                comparison.links.iter().filter(|link| scales.daily.class_told(&link.daily_differences[run]) != 0);
            large.push(match window::close_up(edited.chain(changed), heart) {
                Some(ground) => {
                    windows.push(window(format!("near-{run}"), ground, true, "map-near"));
                    windows.len() - 1
                }
                None => HEART,
            });
        }
        let flows = comparison.links.iter().flat_map(|link| link.daily_vehicles.iter().map(|flow| flow.value));
        Some(Self {
            comparison,
            windows,
            large,
            is_two_way: two_way(&comparison.links),
            flow_scale: FlowScale::fitting(flows),
            change_scales,
        })
    }

    /// What several maps share; it shows nothing where it stands, and must stand before the maps.
    pub(in crate::report) fn definitions(&self) -> Markup {
        html! {
            svg.definitions aria-hidden="true" width="0" height="0" {
                defs {
                    @for Window { view, names, .. } in &self.windows {
                        g id={ "ground-" (view.id) } { (ground::ground(self.comparison, view)) }
                        g id={ "names-" (view.id) } { (names) }
                        g id={ "flows-" (view.id) } { (self.flows(0, view)) }
                    }
                }
            }
        }
    }

    /// The two maps of a run's flows (of the base, where the subject is before), and what their strokes mean.
    pub(in crate::report) fn flow_maps(&self, run: usize, subject: Subject, texts: &Texts) -> Markup {
        let flows = |view: &View| match subject {
            Subject::Before => html! { use href={ "#flows-" (view.id) } {} },
            Subject::After | Subject::Difference | Subject::Durations => self.flows(run, view),
        };
        let sheet = Sheet { subject, ..Sheet::new(run, legend::flows(self.flow_scale, texts)) };
        self.sheets(&sheet, flows, texts)
    }

    /// The two maps of what changes from the base to a run, and what their strokes mean; with a description in words.
    pub(in crate::report) fn difference_maps(
        &self,
        run: usize,
        time: Time,
        markers: &[Marker],
        description: &str,
        texts: &Texts,
    ) -> Markup {
        let (scale, title) = match time {
            Time::Day => (self.change_scales[run].daily, "legend-difference-title"),
            Time::Period(_) => (self.change_scales[run].hourly, "legend-difference-hour-title"),
        };
        let change = |link: &ComparedLink| match time {
            Time::Day => link.daily_differences[run],
            Time::Period(period) => link.hourly_differences[run][period],
        };
        let differences =
            |view: &View| strokes::differences(&self.comparison.links, change, &self.is_two_way, scale, view);
        let has_intervals = self.comparison.seeds.len() > 1;
        let legend = legend::differences(scale, &texts.say(title), has_intervals, texts);
        let is_empty = !scale.shows_any(self.comparison.links.iter().map(change));
        self.sheets(&Sheet { markers, description, is_empty, ..Sheet::new(run, legend) }, differences, texts)
    }

    /// The two maps of how much longer car trips from each zone take in a run.
    pub(in crate::report) fn duration_maps(&self, run: usize, texts: &Texts) -> Markup {
        let scale = self.change_scales[run].duration;
        let zones = |view: &View| durations::zones(self.comparison, run, scale, view);
        let legend = legend::durations(scale, self.comparison.seeds.len() > 1, texts);
        let is_empty = !scale.shows_any(durations::changes(self.comparison, run).copied());
        self.sheets(&Sheet { subject: Subject::Durations, is_empty, ..Sheet::new(run, legend) }, zones, texts)
    }

    /// The large map, and beside it the small one over the legend.
    fn sheets(&self, sheet: &Sheet<'_>, strokes: impl Fn(&View) -> Markup, texts: &Texts) -> Markup {
        let (large, whole) = (&self.windows[self.large[sheet.run]], &self.windows[WHOLE]);
        let run = &self.comparison.runs[sheet.run];
        let ground = large.view.frame;
        let is_near = |marker: &&Marker| ground.holds(ground.to_page(marker.position), 12.0);
        // What the large map shows need not be numbered again in the small one.
        let (near, far): (Vec<&Marker>, Vec<&Marker>) = sheet.markers.iter().partition(is_near);
        let map = |Window { view, room, title, .. }: &Window, markers: &[&Marker]| {
            let label = format!("{} – {} – {}", texts.of(&run.title), sheet.subject.title(texts), texts.say(title));
            let Frame { width, height, .. } = view.frame;
            html! {
                svg.map role="img" aria-label=(label) viewBox={ "0 0 " (page(width)) " " (page(height)) } {
                    @if !sheet.description.is_empty() { desc { (sheet.description) } }
                    rect.land width="100%" height="100%" {}
                    (edits::areas(run, view))
                    use href={ "#ground-" (view.id) } {}
                    (strokes(view))
                    (edits::outlines(self.comparison, run, view))
                    use href={ "#names-" (view.id) } {}
                    @if view.id == whole.view.id { (ground::window(view.frame, ground)) }
                    (labels::markers(view.frame, markers, room.clone()))
                    (ground::furniture(view.frame, texts))
                }
            }
        };
        html! {
            @if sheet.is_empty {
                p.nothing {
                    (texts.say(if self.comparison.seeds.len() > 1 { "map-nothing-distinct" } else { "map-nothing" }))
                }
            }
            div.sheets {
                (map(large, &near))
                div {
                    (map(whole, &far))
                    div.legend {
                        (sheet.legend)
                        (legend::edits(run, texts))
                    }
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

/// Whether each link has another that runs back between the same ends.
fn two_way(links: &[ComparedLink]) -> Vec<bool> {
    #[expect(clippy::cast_possible_truncation, reason = "metres of a projected system are far below i64")]
    let place = |point: &[f64; 2]| (point[0].round() as i64, point[1].round() as i64);
    let ends = |link: &ComparedLink| Some((place(link.points.first()?), place(link.points.last()?)));
    let all: HashSet<_> = links.iter().filter_map(ends).collect();
    links.iter().map(|link| ends(link).is_some_and(|(from, to)| all.contains(&(to, from)))).collect()
}
