//! The front: what was done, and the answers in plain words with their intervals.

use engine::city::ObservationRole;
use engine::time::DayType;
use maud::{Markup, html};

use super::claim::{self, Verdict};
use super::texts::Texts;
use super::{by_size, scenarios};
use crate::comparison::{ComparedRun, Comparison, Estimate};

/// How many places, and how many indicators, are told for each scenario.
const ANSWERS_MAX: usize = 3;
/// Edits beyond so many are folded away.
const EDITS_SHOWN_MAX: usize = 6;

/// Title and what the report is about.
pub(super) fn masthead(comparison: &Comparison, texts: &Texts) -> Markup {
    let scenarios = comparison.runs.len() - 1;
    let seeds = comparison.seeds.len();
    let day = texts.say(match comparison.day {
        DayType::Weekday => "day-weekday",
        DayType::Saturday => "day-saturday",
        DayType::Sunday => "day-sunday",
    });
    html! {
        header.masthead {
            p.eyebrow { "Gemello" span aria-hidden="true" { " · " } (texts.say("eyebrow")) }
            h1 { (texts.fill("title", &[("city", (&comparison.city).into())])) }
            p.standfirst {
                (texts.fill(
                    "standfirst",
                    &[
                        ("scenarios", scenarios.into()),
                        ("number", (&texts.numbers.count(scenarios)).into()),
                        ("day", (&day).into()),
                    ],
                ))
                " "
                @if seeds > 1 {
                    (texts.fill("standfirst-seeds", &[("seeds", (&texts.numbers.count(seeds)).into())]))
                } @else {
                    (texts.say("standfirst-one-seed"))
                }
            }
        }
    }
}

/// The answers of every scenario.
pub(super) fn brief(comparison: &Comparison, texts: &Texts) -> Markup {
    html! {
        section #brief.chapter {
            h2 { (texts.say("brief-title")) }
            div.cards {
                @for (run, scenario) in scenarios(comparison) {
                    article.card {
                        h3 { a href={ "#scenario-" (run) } { (texts.of(&scenario.title)) } }
                        p { (texts.of(&scenario.description)) }
                        (warnings(scenario, texts))
                        ul.answers {
                            @for answer in answers(comparison, run, texts) { li { (answer) } }
                        }
                    }
                }
            }
            aside.reading {
                h3 { (texts.say("reading-title")) }
                p { (texts.of(&comparison.interval_meaning)) }
                p { (texts.say("reading-differences")) }
            }
        }
    }
}

/// Trips that stay without a way, and those that park at the edge of a closed zone.
pub(super) fn warnings(scenario: &ComparedRun, texts: &Texts) -> Markup {
    let told = |id: &str, trips: &Estimate| {
        let number = claim::value(texts, trips, 0);
        html! {
            p.warning {
                strong { (number) }
                " "
                (texts.say(id))
                @let range = claim::range(texts, trips, 0);
                @if !range.is_empty() { " (" (range) ")" }
            }
        }
    };
    html! {
        @if scenario.unserved_trips.value >= 0.5 { (told("unserved", &scenario.unserved_trips)) }
        @if scenario.trips_parking_at_edge.value >= 0.5 { (told("parking-at-edge", &scenario.trips_parking_at_edge)) }
    }
}

/// What was done, edit by edit.
pub(super) fn edits(scenario: &ComparedRun, texts: &Texts) -> Markup {
    let list = |edits: &[crate::words::Text]| html! { ul { @for edit in edits { li { (texts.of(edit)) } } } };
    let (shown, folded) = scenario.edits.split_at(scenario.edits.len().min(EDITS_SHOWN_MAX));
    html! {
        div.edits {
            h3 { (texts.say("edits-title")) }
            (list(shown))
            @if !folded.is_empty() {
                details {
                    summary { (texts.fill("edits-more", &[("count", (&texts.numbers.count(folded.len())).into())])) }
                    (list(folded))
                }
            }
        }
    }
}

/// The answers of one scenario: the places and the indicators that change most beyond their intervals.
fn answers(comparison: &Comparison, run: usize, texts: &Texts) -> Vec<Markup> {
    let places = comparison.observations.iter().filter(|observed| observed.role != ObservationRole::Input);
    let places = places.map(|observed| Change {
        name: &observed.name,
        unit: texts.say("vehicles-a-day"),
        decimals: 0,
        values: (observed.daily_vehicles[0], observed.daily_vehicles[run]),
        difference: observed.daily_differences[run],
    });
    let indicators = comparison.indicators.iter().map(|indicator| Change {
        name: texts.of(&indicator.name),
        unit: texts.of(&indicator.unit).to_owned(),
        decimals: indicator.decimals,
        values: (indicator.values[0], indicator.values[run]),
        difference: indicator.differences[run],
    });
    let mut told: Vec<Markup> = largest(places.collect(), texts);
    told.extend(largest(indicators.collect(), texts));
    if told.is_empty() {
        told.push(html! { (texts.say("answer-nothing")) });
    }
    told
}

/// A quantity in the base and in a scenario.
struct Change<'a> {
    name: &'a str,
    unit: String,
    decimals: u8,
    values: (Estimate, Estimate),
    difference: Estimate,
}

/// The largest changes in words; only those that are larger than their interval, or have none.
fn largest(changes: Vec<Change<'_>>, texts: &Texts) -> Vec<Markup> {
    let mut told: Vec<(Estimate, Change<'_>)> = changes
        .into_iter()
        .filter(|change| !matches!(Verdict::of(&change.difference), Verdict::Indistinct | Verdict::Unchanged))
        .filter_map(|change| Some((claim::relative(&change.difference, &change.values.0)?, change)))
        .collect();
    told.sort_by(|(a, _), (b, _)| by_size(a, b));
    told.iter().take(ANSWERS_MAX).map(|(_, change)| answer(change, texts)).collect()
}

fn answer(change: &Change<'_>, texts: &Texts) -> Markup {
    let [before, after] =
        [change.values.0, change.values.1].map(|estimate| claim::value(texts, &estimate, change.decimals));
    html! {
        strong { (change.name) ":" }
        " "
        (claim::sentence(texts, &change.difference, &change.values.0))
        span.from-to {
            (texts.fill(
                "from-to",
                &[("before", (&before).into()), ("after", (&after).into()), ("unit", (&change.unit).into())],
            ))
        }
    }
}
