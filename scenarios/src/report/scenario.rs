//! One scenario: what was done, maps before, after and of the difference, the streets and places that change.

use std::collections::BTreeMap;

use engine::city::RoadClass;
use maud::{Markup, html};

use super::claim::{self, Verdict};
use super::map::{Atlas, Marker, Subject, Time};
use super::texts::Texts;
use super::{by_size, front, profile};
use crate::comparison::{ComparedLink, Comparison, Estimate};

/// How many streets are listed.
const STREETS_MAX: usize = 10;
/// The changes of observed places are drawn on a scale that reaches at most so far, in percent: where a road is closed,
/// the rest stays legible.
const REACH_MAX: f64 = 40.0;

/// The scenario's chapter.
pub(super) fn chapter(comparison: &Comparison, run: usize, atlas: &Atlas<'_>, texts: &Texts) -> Markup {
    let scenario = &comparison.runs[run];
    let streets = streets(&comparison.links, run, texts);
    let markers: Vec<Marker> = (1..)
        .zip(&streets)
        .filter_map(|(number, (_, link))| Some(Marker { number, position: middle(&link.points)? }))
        .collect();
    html! {
        section.chapter.scenario id={ "scenario-" (run) } {
            h2 { (texts.of(&scenario.title)) }
            p.lead { (texts.of(&scenario.description)) }
            (front::edits(scenario, texts))
            (front::warnings(scenario, texts))
            figure.maps {
                div.switch role="radiogroup" aria-label=(texts.say("map-switch")) {
                    @for subject in Subject::ALL {
                        (choice(&format!("subject-{run}"), subject.id(), &subject.title(texts), subject == Subject::Difference))
                        div class={ "panel " (subject.id()) } {
                            h3.print-only { (subject.title(texts)) }
                            @match subject {
                                Subject::Before | Subject::After => (atlas.flow_maps(run, subject, texts)),
                                Subject::Difference => (differences(comparison, run, atlas, &markers, texts)),
                            }
                        }
                    }
                }
                figcaption {
                    (texts.say("map-caption"))
                    " "
                    (attributions(comparison))
                }
            }
            (street_table(&streets, run, texts))
            (places(comparison, run, texts))
        }
    }
}

/// The maps of the difference over the day, and of each period where there are several.
fn differences(comparison: &Comparison, run: usize, atlas: &Atlas<'_>, markers: &[Marker], texts: &Texts) -> Markup {
    let group = format!("time-{run}");
    let periods = comparison.periods.iter().enumerate().filter(|_| comparison.periods.len() > 1);
    html! {
        div.switch.times role="radiogroup" aria-label=(texts.say("time-switch")) {
            (choice(&group, "day", &texts.say("time-day"), true))
            div.panel.day { (atlas.difference_maps(run, Time::Day, markers, texts)) }
            @for (index, period) in periods {
                (choice(&group, &index.to_string(), &profile::name(period, texts), false))
                div.panel { (atlas.difference_maps(run, Time::Period(index), &[], texts)) }
            }
        }
    }
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
fn attributions(comparison: &Comparison) -> String {
    let drawn = comparison
        .layers
        .iter()
        .filter(|layer| ["links", "waters", "railways", "quarters"].contains(&layer.id.as_str()));
    let ids: Vec<&String> = drawn.flat_map(|layer| &layer.sources).collect();
    let sources = comparison.sources.iter().filter(|source| ids.iter().any(|id| **id == *source.id));
    let words: Vec<&str> =
        sources.map(|source| source.attribution.as_str()).filter(|words| !words.is_empty()).collect();
    words.join(" · ")
}

/// For each street name the link that changes most, largest change first; only what is larger than its interval.
fn streets<'c>(links: &'c [ComparedLink], run: usize, texts: &Texts) -> Vec<(String, &'c ComparedLink)> {
    let mut by_name: BTreeMap<String, &ComparedLink> = BTreeMap::new();
    for link in links {
        let change = link.daily_differences[run];
        if change.value.abs() < 1.0 || change.is_distinct_from_zero() == Some(false) {
            continue;
        }
        let name = link.name.clone().unwrap_or_else(|| unnamed(link.class, texts));
        let largest = by_name.entry(name).or_insert(link);
        if change.value.abs() > largest.daily_differences[run].value.abs() {
            *largest = link;
        }
    }
    let mut streets: Vec<(String, &ComparedLink)> = by_name.into_iter().collect();
    streets.sort_by(|(_, a), (_, b)| by_size(&a.daily_differences[run], &b.daily_differences[run]));
    streets.truncate(STREETS_MAX);
    streets
}

fn unnamed(class: RoadClass, texts: &Texts) -> String {
    texts.say(match class {
        RoadClass::Motorway => "street-motorway",
        RoadClass::MotorwayRamp => "street-ramp",
        _ => "street-unnamed",
    })
}

fn street_table(streets: &[(String, &ComparedLink)], run: usize, texts: &Texts) -> Markup {
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
                        @for (number, (name, link)) in (1..).zip(streets) {
                            @let change = &link.daily_differences[run];
                            tr {
                                td { span.disc { (number) } }
                                th scope="row" { (name) " " small { (direction(&link.points, texts)) } }
                                td.number { (claim::value(texts, &link.daily_vehicles[0], 0)) }
                                td.number { (claim::value(texts, &link.daily_vehicles[run], 0)) }
                                td.number { (change_cell(change, texts)) }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// A change in vehicles with its interval.
fn change_cell(change: &Estimate, texts: &Texts) -> Markup {
    let verdict = Verdict::of(change);
    html! {
        span class={ "value " (verdict.class()) } { (claim::signed(texts, change, 0)) }
        @let range = claim::interval(texts, change, 0);
        @if !range.is_empty() { " " small { (range) } }
    }
}

/// Observed places: the change of each as a point and its interval on one scale.
fn places(comparison: &Comparison, run: usize, texts: &Texts) -> Markup {
    let rows: Vec<_> = comparison
        .observations
        .iter()
        .filter_map(|observed| {
            let share = claim::relative(&observed.daily_differences[run], &observed.daily_vehicles[0])?;
            Some((observed, share))
        })
        .collect();
    let reach = rows.iter().map(|(_, share)| reach(share)).fold(1.0, f64::max).min(REACH_MAX);
    html! {
        @if !rows.is_empty() {
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
                        @for (observed, share) in &rows {
                            tr {
                                th scope="row" { (observed.name) }
                                td.number { (claim::value(texts, &observed.daily_vehicles[0], 0)) }
                                td.number { (claim::value(texts, &observed.daily_vehicles[run], 0)) }
                                td.whisker { (whisker(share, reach)) }
                                td { (claim::sentence(texts, &observed.daily_differences[run], &observed.daily_vehicles[0])) }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// A difference as a point with its interval around a line at zero; `reach` percent lie at either end, and what reaches
/// further ends there.
fn whisker(share: &Estimate, reach: f64) -> Markup {
    let place = |value: f64| format!("{:.1}", 80.0 + (value / reach).clamp(-1.0, 1.0) * 74.0);
    html! {
        svg.whisker aria-hidden="true" viewBox="0 0 160 16" {
            path.zero d="M80 0v16" {}
            g class=(Verdict::of(share).class()) {
                @if let Some(ends) = share.interval {
                    path.span d={ "M" (place(ends.low)) " 8H" (place(ends.high)) } {}
                }
                circle cx=(place(share.value)) cy="8" r="4" {}
            }
        }
    }
}

/// How far from zero a difference or its interval reaches.
fn reach(share: &Estimate) -> f64 {
    share.interval.map_or(share.value.abs(), |ends| ends.low.abs().max(ends.high.abs()))
}

fn middle(points: &[[f64; 2]]) -> Option<[f64; 2]> {
    let [a, b] = [points.get(points.len().checked_sub(1)? / 2)?, points.get(points.len() / 2)?];
    Some([(a[0] + b[0]) / 2.0, (a[1] + b[1]) / 2.0])
}

/// Where a line leads, to an eighth of the compass.
fn direction(points: &[[f64; 2]], texts: &Texts) -> String {
    const EIGHTHS: [&str; 8] = [
        "towards-east",
        "towards-north-east",
        "towards-north",
        "towards-north-west",
        "towards-west",
        "towards-south-west",
        "towards-south",
        "towards-south-east",
    ];
    let (Some(from), Some(to)) = (points.first(), points.last()) else { return String::new() };
    let eighths = libm::atan2(to[1] - from[1], to[0] - from[0]) / std::f64::consts::FRAC_PI_4;
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and 12")]
    let eighth = (eighths.round() + 8.0) as usize % 8;
    texts.say(EIGHTHS[eighth])
}
