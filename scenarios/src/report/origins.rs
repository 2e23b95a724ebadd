//! Trips and durations by quarter, by zone and by vehicle class: who drives how long, and what each scenario adds.

use engine::key::Key;
use maud::{Markup, html};

use super::claim;
use super::scenarios;
use super::texts::Texts;
use crate::comparison::{ClassTrips, Comparison, OriginTrips, Origins};
use crate::estimate::Estimate;
use crate::run::TOLD;
use crate::verdict::Verdict;

/// A change of a mean duration that is smaller than this, in minutes, is not told: six seconds.
pub(super) const DURATION_RESOLUTION_MIN: f64 = 0.1;

/// The chapter: one table for each class, by quarter where the city has quarters; classes other than cars, and zones, are
/// folded away.
pub(super) fn chapter(comparison: &Comparison, texts: &Texts) -> Markup {
    html! {
        section #origins.chapter {
            h2 { (texts.say("origins-title")) }
            p.lead { (texts.say("origins-lead")) }
            @for (place, class) in TOLD.into_iter().enumerate() {
                @let rows = rows(if comparison.quarters.is_empty() { &comparison.zones } else { &comparison.quarters }, class);
                @let title = texts.fill("origins-class", &[("class", (&class_name(class, texts)).into())]);
                @if place == 0 {
                    h3 { (title) }
                    (table(comparison, &rows, texts))
                } @else if !rows.is_empty() {
                    details {
                        summary { (title) }
                        (table(comparison, &rows, texts))
                    }
                }
            }
            @if !comparison.quarters.is_empty() {
                details {
                    summary { (texts.say("origins-zones")) }
                    (zone_table(comparison, texts))
                }
            }
        }
    }
}

fn of<'c>(place: &'c OriginTrips, class: &str) -> Option<&'c ClassTrips> {
    place.classes.iter().find(|trips| trips.class == class)
}

fn rows<'c>(places: &'c [OriginTrips], class: &str) -> Vec<(&'c OriginTrips, &'c ClassTrips)> {
    places.iter().filter_map(|place| Some((place, of(place, class)?))).collect()
}

/// Trips and minutes in the base, and the change of the minutes in each scenario.
fn table(comparison: &Comparison, rows: &[(&OriginTrips, &ClassTrips)], texts: &Texts) -> Markup {
    html! {
        div.scroll role="region" tabindex="0" aria-label=(texts.say("origins-caption")) {
            table.origins-table {
                caption { (texts.say("origins-caption")) }
                thead {
                    tr {
                        th scope="col" { (texts.say("column-origin")) }
                        th.number scope="col" { (texts.say("column-trips")) }
                        th.number scope="col" { (texts.say("column-minutes")) }
                        @for (_, scenario) in scenarios(comparison) {
                            th.number scope="col" { (texts.of(&scenario.title)) }
                        }
                    }
                }
                tbody {
                    @for (place, trips) in rows {
                        tr {
                            th scope="row" { (name(comparison, place, texts)) }
                            td.number { (claim::value(texts, &trips.trips_per_day[0], 0)) }
                            td.number {
                                @match &trips.mean_duration_min[0] {
                                    Some(minutes) => (claim::value(texts, minutes, 1)),
                                    None => "–",
                                }
                            }
                            @for (run, _) in scenarios(comparison) { (cell(trips, run, texts)) }
                        }
                    }
                }
            }
        }
    }
}

/// The change of the minutes with its interval, and who parks at the edge.
fn cell(trips: &ClassTrips, run: usize, texts: &Texts) -> Markup {
    let parking = &trips.parking_at_edge_per_day[run];
    let range = |difference: &Estimate| claim::interval(texts, difference, 1);
    html! {
        td.number {
            @match &trips.duration_differences_min[run] {
                None => "–",
                Some(difference) => {
                    (change(difference, texts))
                    @if Verdict::of(difference, DURATION_RESOLUTION_MIN).is_told() && !range(difference).is_empty() {
                        " "
                        small.beside { (range(difference)) }
                    }
                }
            }
            @if parking.value >= 0.5 {
                small { (texts.fill("origins-parking", &[("trips", (&claim::value(texts, parking, 0)).into())])) }
            }
        }
    }
}

/// A change of minutes, or the sign that there is none to tell.
fn change(difference: &Estimate, texts: &Texts) -> Markup {
    let verdict = Verdict::of(difference, DURATION_RESOLUTION_MIN);
    html! {
        @if verdict.is_told() {
            span class={ "value " (claim::class(verdict)) } { (claim::signed(texts, difference, 1)) }
        } @else {
            span.value.indistinct title=(claim::words(verdict, texts)) { "≈" }
        }
    }
}

/// Every zone and gate with all classes: trips and minutes in the base; the change of the minutes by car.
fn zone_table(comparison: &Comparison, texts: &Texts) -> Markup {
    html! {
        div.scroll role="region" tabindex="0" aria-label=(texts.say("origins-zones")) {
            table.origins-table.zones-table {
                caption { (texts.say("origins-zones-caption")) }
                thead {
                    tr {
                        th scope="col" { (texts.say("column-origin")) }
                        @for class in TOLD { th.number scope="col" { (class_name(class, texts)) } }
                        @for (_, scenario) in scenarios(comparison) {
                            th.number scope="col" { (texts.of(&scenario.title)) }
                        }
                    }
                }
                tbody {
                    @for place in &comparison.zones {
                        tr {
                            th scope="row" { (name(comparison, place, texts)) }
                            @for class in TOLD { td.number { (trips_and_minutes(of(place, class), texts)) } }
                            @for (run, _) in scenarios(comparison) {
                                td.number {
                                    @match of(place, TOLD[0]).and_then(|trips| trips.duration_differences_min[run]) {
                                        Some(difference) => (change(&difference, texts)),
                                        None => "–",
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn trips_and_minutes(trips: Option<&ClassTrips>, texts: &Texts) -> Markup {
    let Some(trips) = trips else { return html! { "–" } };
    html! {
        (claim::value(texts, &trips.trips_per_day[0], 0))
        @if let Some(minutes) = &trips.mean_duration_min[0] {
            small { (texts.fill("minutes", &[("minutes", (&claim::value(texts, minutes, 1)).into())])) }
        }
    }
}

/// The name of a place; a zone's stands behind that of its quarter.
pub(super) fn name(comparison: &Comparison, place: &OriginTrips, texts: &Texts) -> String {
    let quarter_name = |key: &Key| {
        let quarter = comparison.quarters.iter().find(|quarter| quarter.key.as_ref() == Some(key));
        quarter.map(|quarter| quarter.name.as_str())
    };
    match &place.origins {
        Origins::Zone { quarter: Some(key) } => match quarter_name(key) {
            Some(quarter) if !place.name.starts_with(quarter) => format!("{quarter}: {}", place.name),
            _ => place.name.clone(),
        },
        Origins::Zone { quarter: None } | Origins::Quarter => place.name.clone(),
        Origins::Gate => texts.fill("origins-gate", &[("gate", (&place.name).into())]),
        Origins::OtherZones => texts.say("origins-other-zones"),
        Origins::Gates => texts.say("origins-gates"),
    }
}

/// A vehicle class in words.
pub(super) fn class_name(class: &str, texts: &Texts) -> String {
    match class {
        "car" => texts.say("class-car"),
        "van" => texts.say("class-van"),
        "heavy_vehicle" => texts.say("class-heavy-vehicle"),
        "motorcycle" => texts.say("class-motorcycle"),
        other => other.replace('_', " "),
    }
}
