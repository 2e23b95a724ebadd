//! The front: what was done, the answers in plain words with their intervals, and how far they can be trusted.

use engine::time::{DayType, Period};
use maud::{Markup, html};

use super::claim::{self, Told};
use super::texts::Texts;
use super::{judgement, profile, scenarios, street};
use crate::comparison::{ChangedStreet, ComparedRun, Comparison};
use crate::estimate::{CONFIDENCE, Change, Estimate};
use crate::verdict::Verdict;

/// Fewer draws than this show less spread than there is, and an interval over them is no interval.
const SEEDS_ENOUGH: usize = 10;
/// How many streets are told that gain traffic, and how many that lose it.
const STREETS_MAX: usize = 2;
/// Edits beyond so many are folded away.
const EDITS_SHOWN_MAX: usize = 6;
/// Indicators of the whole city at the front, with the unit that a reader without the table understands. They are what an
/// intervention in traffic is meant to change; the table has all the others.
const HEADLINES: [(&str, &str); 2] = [("delay", "unit-hours-lost"), ("mean_duration", "unit-minutes-a-trip")];

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
                    if comparison.has_city_as_it_is() { "standfirst" } else { "standfirst-scenario" },
                    &[
                        ("scenarios", scenarios.into()),
                        ("number", (&texts.numbers.count(scenarios)).into()),
                        ("day", (&day).into()),
                        ("first", texts.of(&comparison.runs[0].title).into()),
                    ],
                ))
                " "
                @match seeds {
                    ..=1 => (texts.say("standfirst-one-seed")),
                    ..SEEDS_ENOUGH => (texts.fill(
                        "standfirst-few-seeds",
                        &[
                            ("seeds", (&texts.numbers.count(seeds)).into()),
                            ("enough", (&texts.numbers.count(SEEDS_ENOUGH)).into()),
                        ],
                    )),
                    _ => (texts.fill("standfirst-seeds", &[("seeds", (&texts.numbers.count(seeds)).into())])),
                }
            }
            @if !comparison.is_whole_day { @for period in &comparison.periods { (only(period, texts)) } }
        }
    }
}

/// That a part of the day is all there is.
fn only(period: &Period, texts: &Texts) -> Markup {
    let (name, hours) = (profile::name(period, texts).to_lowercase(), profile::hours(period));
    html! {
        p.standfirst {
            strong { (texts.fill("standfirst-period", &[("period", (&name).into()), ("hours", (&hours).into())])) }
        }
    }
}

/// The answers of every scenario.
pub(super) fn brief(comparison: &Comparison, texts: &Texts) -> Markup {
    let trust = judgement::digest(comparison, texts);
    html! {
        section #brief.chapter {
            h2 { (texts.say("brief-title")) }
            (jammed(comparison, texts))
            (cards(comparison, texts))
            aside.reading {
                div {
                    h3 { (texts.say("reading-title")) }
                    (reading(comparison, texts))
                }
                @if !trust.is_empty() {
                    div {
                        h3 { (texts.say("digest-title")) }
                        @for sentence in &trust { p { (sentence) } }
                        p { a href="#trust" { (texts.say("digest-more")) } }
                    }
                }
            }
        }
    }
}

/// What was done and what it does, scenario beside scenario.
pub(super) fn cards(comparison: &Comparison, texts: &Texts) -> Markup {
    html! {
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
    }
}

/// What intervals mean and when a change is told.
pub(super) fn reading(comparison: &Comparison, texts: &Texts) -> Markup {
    html! {
        p { (interval_meaning(comparison.seeds.len(), texts)) }
        p { (texts.say("reading-differences")) }
    }
}

/// The seeds under which streets filled up, the base's too: they stand in all means.
pub(super) fn jammed(comparison: &Comparison, texts: &Texts) -> Markup {
    html! {
        @for (run, jammed) in comparison.jammed() {
            @let seeds: Vec<String> = jammed.seeds.iter().map(u64::to_string).collect();
            p.warning {
                strong { (texts.numbers.whole(jammed.not_arrived)) }
                " "
                (texts.fill("jammed", &[
                    ("all", (&texts.numbers.whole(jammed.vehicles)).into()),
                    ("run", texts.of(&run.title).into()),
                    ("count", seeds.len().into()),
                    ("seeds", (&seeds.join(", ")).into()),
                ]))
            }
        }
    }
}

fn interval_meaning(seeds: usize, texts: &Texts) -> String {
    if seeds < 2 {
        return texts.say("reading-one-seed");
    }
    let tail = (1.0 - CONFIDENCE) / 2.0 * 100.0;
    texts.fill(
        "reading-interval",
        &[
            ("low", (&texts.numbers.whole(tail)).into()),
            ("high", (&texts.numbers.whole(100.0 - tail)).into()),
            ("seeds", (&texts.numbers.count(seeds)).into()),
        ],
    )
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
    let has_any = |trips: &Estimate| trips.value >= 0.5;
    html! {
        @if scenario.idle_rules > 0 { p.warning { (texts.say("idle-rules")) } }
        @if scenario.unfelt_edits > 0 { p.warning { (texts.say("unfelt-edits")) } }
        @if has_any(&scenario.unserved_trips) {
            (told("unserved", &scenario.unserved_trips))
            p.note { (texts.say("unserved-note")) }
        }
        @if has_any(&scenario.trips_parking_at_edge) { (told("parking-at-edge", &scenario.trips_parking_at_edge)) }
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

/// The answers of one scenario: what happens where it acts, to the whole city, and on the streets around.
fn answers(comparison: &Comparison, run: usize, texts: &Texts) -> Vec<Markup> {
    let mut told: Vec<Markup> = on_the_spot(comparison, run, texts).into_iter().collect();
    told.extend(HEADLINES.iter().filter_map(|&(id, unit)| headline(comparison, run, id, unit, texts)));
    told.extend(elsewhere(comparison, run, texts));
    told
}

/// The traffic on what the edits touch: on one street its busiest section, on many streets all their traffic.
fn on_the_spot(comparison: &Comparison, run: usize, texts: &Texts) -> Option<Markup> {
    let traffic = comparison.runs[run].edited_traffic.as_ref()?;
    let (name, change, unit) = match &traffic.street {
        Some(street) => {
            let name = street::located(&street::capitalised(street), &traffic.busiest_at, texts);
            (name, traffic.busiest, "vehicles-a-day")
        }
        None => (texts.say("answer-edited-streets"), traffic.vehicle_km, "unit-vehicle-km"),
    };
    let told = Told { change, unit: &texts.say(unit), decimals: 0, resolution: comparison.flow_resolution() };
    Some(answer(&name, &told, texts))
}

fn headline(comparison: &Comparison, run: usize, id: &str, unit: &str, texts: &Texts) -> Option<Markup> {
    let indicator = comparison.indicators.iter().find(|indicator| indicator.id == id)?;
    let change =
        Change { before: indicator.values[0], after: indicator.values[run], difference: indicator.differences[run] };
    let unit = texts.say(unit);
    let told =
        Told { change, unit: &unit, decimals: indicator.decimals.min(1), resolution: indicator.resolutions[run] };
    Some(answer(texts.of(&indicator.name), &told, texts))
}

fn answer(name: &str, told: &Told<'_>, texts: &Texts) -> Markup {
    let claim::Row { before, after, .. } = told.row(texts);
    html! {
        strong { (name) ":" }
        " "
        (claim::sentence(texts, told))
        @if told.verdict().is_told() && !claim::is_slight(&told.change) && before != after && !claim::vanishes(&told.change) {
            span.from-to { (texts.fill("from-to", &[("before", (&before).into()), ("after", (&after).into())])) }
        }
    }
}

/// The streets that gain and lose most, beside those that the edits touch.
fn elsewhere(comparison: &Comparison, run: usize, texts: &Texts) -> Vec<Markup> {
    let edited = &comparison.runs[run].edited_links;
    let resolution = comparison.flow_resolution();
    let is_told = |street: &&ChangedStreet| {
        Verdict::of(&street.vehicles.difference, resolution).is_told()
            && !street.links.iter().any(|link| edited.contains(link))
    };
    let (more, less): (Vec<&ChangedStreet>, Vec<&ChangedStreet>) = comparison.changed_streets[run]
        .iter()
        .filter(is_told)
        .partition(|street| street.vehicles.difference.value > 0.0);
    if more.is_empty() && less.is_empty() {
        return vec![html! { (texts.say("answer-nothing-elsewhere")) }];
    }
    [("answer-more-traffic", more), ("answer-less-traffic", less)]
        .into_iter()
        .filter(|(_, streets)| !streets.is_empty())
        .map(|(title, streets)| {
            html! {
                strong { (texts.say(title)) }
                ul.streets-told {
                    @for street in streets.into_iter().take(STREETS_MAX) {
                        li {
                            @let row = street::told(street, resolution).row(texts);
                            (street::located(&street::name(comparison, street, texts), &street.at, texts)) ": "
                            (row.difference)
                            @if !row.interval.is_empty() { " (" (row.interval) ")" }
                        }
                    }
                }
            }
        })
        .collect()
}
