//! One scenario: what was done, whom it concerns, maps before, after and of the difference, the streets and places that
//! change.

use engine::city::ObservationRole;
use maud::{Markup, html};

use super::claim::{self, Told};
use super::map::{Atlas, Marker, Subject, Time};
use super::texts::Texts;
use super::{front, limited, profile, queues, street};
use crate::comparison::{ChangedStreet, Comparison};
use crate::estimate::{Change, Estimate};
use crate::verdict::Verdict;

/// How many streets the description of a map names.
const DESCRIBED_STREETS: usize = 3;

/// The scenario's chapter.
pub(super) fn chapter(comparison: &Comparison, run: usize, atlas: &Atlas<'_>, texts: &Texts) -> Markup {
    let scenario = &comparison.runs[run];
    let streets = told_streets(comparison, run);
    let markers: Vec<Marker> = (1..)
        .zip(&streets)
        .filter_map(|(number, street)| {
            let link = street.links.first()?;
            Some(Marker { number, position: middle(&comparison.links[*link].points)? })
        })
        .collect();
    html! {
        section.chapter.scenario id={ "scenario-" (run) } {
            h2 { (texts.of(&scenario.title)) }
            p.lead { (texts.of(&scenario.description)) }
            @if let Some(year) = scenario.horizon {
                p.note { (texts.fill("horizon", &[("year", (&year.to_string()).into())])) }
            }
            (front::edits(scenario, texts))
            (front::warnings(scenario, texts))
            @if let Some(limited) = &scenario.limited_traffic {
                (limited::concerned(limited, &scenario.trips_parking_at_edge, texts))
            }
            figure.maps {
                div.switch role="radiogroup" aria-label=(texts.say("map-switch")) {
                    @for subject in Subject::ALL {
                        (choice(&format!("subject-{run}"), subject.id(), &subject.title(texts), subject == Subject::Difference))
                        div class={ "panel " (subject.id()) } {
                            h3.print-only { (subject.title(texts)) }
                            @match subject {
                                Subject::Before | Subject::After => (atlas.flow_maps(run, subject, texts)),
                                Subject::Difference => (differences(comparison, run, atlas, &streets, &markers, texts)),
                                Subject::Durations => (atlas.duration_maps(run, texts)),
                            }
                        }
                    }
                }
                figcaption {
                    (texts.say("map-caption"))
                    " "
                    (texts.fill("map-sources", &[("sources", (&attributions(comparison)).into())]))
                }
            }
            (street_table(comparison, run, &streets, texts))
            (places(comparison, run, texts))
            (queues::section(comparison, run, texts))
            @if comparison.moved.is_none() && told_over_capacity(comparison, run, &streets, texts) { p.note { (texts.say("fullness-note")) } }
        }
    }
}

/// The streets whose flow changes by more than is told apart from nothing.
fn told_streets(comparison: &Comparison, run: usize) -> Vec<&ChangedStreet> {
    let is_told = |street: &&ChangedStreet| street::told(street, comparison.flow_resolution()).verdict().is_told();
    comparison.changed_streets[run].iter().filter(is_told).collect()
}

/// The map of the difference over the day alone, with what its strokes mean.
pub(super) fn difference_of_day(comparison: &Comparison, run: usize, atlas: &Atlas<'_>, texts: &Texts) -> Markup {
    let description = description(comparison, &told_streets(comparison, run), texts);
    atlas.difference_maps(run, Time::Day, &[], &description, texts)
}

/// The maps of the difference over the day, and of each period where there are several.
fn differences(
    comparison: &Comparison,
    run: usize,
    atlas: &Atlas<'_>,
    streets: &[&ChangedStreet],
    markers: &[Marker],
    texts: &Texts,
) -> Markup {
    let group = format!("time-{run}");
    let description = description(comparison, streets, texts);
    let day = atlas.difference_maps(run, Time::Day, markers, &description, texts);
    if comparison.periods.len() == 1 {
        return day;
    }
    html! {
        div.switch.times role="radiogroup" aria-label=(texts.say("time-switch")) {
            (choice(&group, "day", &texts.say("time-day"), true))
            div.panel.day { (day) }
            @for (index, period) in comparison.periods.iter().enumerate() {
                (choice(&group, &index.to_string(), &profile::name(period, texts), false))
                div.panel { (atlas.difference_maps(run, Time::Period(index), &[], "", texts)) }
            }
        }
    }
}

/// The difference map in words, for those who do not see it.
fn description(comparison: &Comparison, streets: &[&ChangedStreet], texts: &Texts) -> String {
    if streets.is_empty() {
        return texts.say("streets-none");
    }
    let words: Vec<String> = streets
        .iter()
        .take(DESCRIBED_STREETS)
        .map(|street| {
            let change = street::told(street, comparison.flow_resolution()).row(texts).difference;
            format!("{} {change}", street::name(comparison, street, texts))
        })
        .collect();
    texts.fill("map-described", &[("streets", (&words.join("; ")).into())])
}

/// A button that shows the panel after it. It needs no script: the style sheet shows the panel of what is checked.
fn choice(group: &str, value: &str, label: &str, is_checked: bool) -> Markup {
    let id = format!("{group}-{value}");
    html! {
        input type="radio" name=(group) id=(id) checked[is_checked];
        label for=(id) { (label) }
    }
}

/// The words that the sources of what is drawn ask for.
pub(super) fn attributions(comparison: &Comparison) -> String {
    use crate::comparison::LayerKind::{Links, Railways, Waters};
    let drawn = comparison.layers.iter().filter(|layer| [Links, Waters, Railways].contains(&layer.kind));
    let ids: Vec<&String> = drawn.flat_map(|layer| &layer.sources).collect();
    let sources = comparison.sources.iter().filter(|source| ids.iter().any(|id| **id == *source.id));
    let mut words: Vec<&str> = Vec::new();
    for source in sources {
        if !source.attribution.is_empty() && !words.contains(&source.attribution.as_str()) {
            words.push(&source.attribution);
        }
    }
    words.join(" · ")
}

fn street_table(comparison: &Comparison, run: usize, streets: &[&ChangedStreet], texts: &Texts) -> Markup {
    let resolution = comparison.flow_resolution();
    html! {
        @if streets.is_empty() {
            p { (texts.say("streets-none")) }
        } @else {
            div.scroll role="region" tabindex="0" aria-label=(texts.say("streets-title")) {
                table.streets {
                    caption { (texts.say("streets-title")) }
                    thead {
                        tr {
                            th scope="col" { (texts.say("column-number")) }
                            th scope="col" { (texts.say("column-street")) }
                            th.number scope="col" { (texts.say("column-before")) }
                            th.number scope="col" { (texts.say("column-after")) }
                            th.number scope="col" { (texts.say("column-change")) }
                        }
                    }
                    tbody {
                        @for (number, street) in (1..).zip(streets) {
                            @let told = street::told(street, resolution);
                            @let row = told.row(texts);
                            tr {
                                td { span.disc { (number) } }
                                th scope="row" {
                                    (street::name(comparison, street, texts))
                                    @let place = street::place(&street.at, texts);
                                    @if !place.is_empty() { " " small.at { (place) } }
                                    @if !street.continues_on.is_empty() {
                                        " "
                                        small { (continues(street, texts)) }
                                    }
                                }
                                td.number { (row.before) (over_capacity(comparison, &street.links, 0, texts)) }
                                td.number { (row.after) (over_capacity(comparison, &street.links, run, texts)) }
                                td.number {
                                    span class={ "value " (claim::class(told.verdict())) } { (row.difference) }
                                    @if !row.interval.is_empty() { " " small { (row.interval) } }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn continues(street: &ChangedStreet, texts: &Texts) -> String {
    let names: Vec<String> = street.continues_on.iter().map(|name| street::capitalised(name)).collect();
    texts.fill("street-continues", &[("streets", (&names.join(", ")).into())])
}

/// Whether any flow in the tables is marked as over its capacity.
fn told_over_capacity(comparison: &Comparison, run: usize, streets: &[&ChangedStreet], texts: &Texts) -> bool {
    let watched = comparison.observations.iter().filter(|observed| observed.role != ObservationRole::Input);
    let mut links = streets.iter().map(|street| &street.links).chain(watched.map(|observed| &observed.links));
    links.any(|links| [0, run].iter().any(|&run| street::over_capacity(comparison, links, run, texts).is_some()))
}

/// A line under a flow that is over its capacity.
fn over_capacity(comparison: &Comparison, links: &[usize], run: usize, texts: &Texts) -> Markup {
    html! {
        @if let Some(words) = street::over_capacity(comparison, links, run, texts) { " " small.over { (words) } }
    }
}

/// Places whose flow is known or bounded: the change of each as a point and its interval on one scale. The gates are not
/// among them: their traffic is input.
fn places(comparison: &Comparison, run: usize, texts: &Texts) -> Markup {
    let watched = || comparison.observations.iter().filter(|observed| observed.role != ObservationRole::Input);
    let resolution = comparison.flow_resolution();
    let reach = watched().map(|observed| reach(&observed.daily_differences[run])).fold(resolution, f64::max);
    let unit = texts.say("vehicles-a-day");
    html! {
        @if watched().next().is_some() {
            div.scroll role="region" tabindex="0" aria-label=(texts.say("places-title")) {
                table.places {
                    caption { (texts.say("places-title")) }
                    thead {
                        tr {
                            th scope="col" { (texts.say("column-place")) }
                            th.number scope="col" { (texts.say("column-before")) }
                            th.number scope="col" { (texts.say("column-after")) }
                            th scope="col" aria-hidden="true" { }
                            th scope="col" { (texts.say("column-change")) }
                        }
                    }
                    tbody {
                        @for observed in watched() {
                            @let change = Change {
                                before: observed.daily_vehicles[0],
                                after: observed.daily_vehicles[run],
                                difference: observed.daily_differences[run],
                            };
                            @let told = Told { change, unit: &unit, decimals: 0, resolution };
                            @let row = told.row(texts);
                            tr {
                                th scope="row" { (texts.place(&observed.name)) }
                                td.number { (row.before) (over_capacity(comparison, &observed.links, 0, texts)) }
                                td.number { (row.after) (over_capacity(comparison, &observed.links, run, texts)) }
                                td.whisker { (whisker(&change.difference, resolution, reach)) }
                                td { (claim::sentence(texts, &told)) }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// A difference as a point with its interval around a line at zero; `reach` vehicles lie at either end.
fn whisker(difference: &Estimate, resolution: f64, reach: f64) -> Markup {
    let place = |value: f64| format!("{:.1}", 80.0 + (value / reach).clamp(-1.0, 1.0) * 74.0);
    html! {
        svg.whisker aria-hidden="true" viewBox="0 0 160 16" {
            path.zero d="M80 0v16" {}
            g class=(claim::class(Verdict::of(difference, resolution))) {
                @if let Some(ends) = difference.interval {
                    path.span d={ "M" (place(ends.low)) " 8H" (place(ends.high)) } {}
                }
                circle cx=(place(difference.value)) cy="8" r="4" {}
            }
        }
    }
}

/// How far from zero a difference or its interval reaches.
fn reach(difference: &Estimate) -> f64 {
    difference.interval.map_or(difference.value.abs(), |ends| ends.low.abs().max(ends.high.abs()))
}

fn middle(points: &[[f64; 2]]) -> Option<[f64; 2]> {
    let [a, b] = [points.get(points.len().checked_sub(1)? / 2)?, points.get(points.len() / 2)?];
    Some([(a[0] + b[0]) / 2.0, (a[1] + b[1]) / 2.0])
}
