//! How far the base can be trusted: beside counts that it has not seen, beside ranges, what went into it, what is kept
//! fixed, what was not calibrated.

use engine::city::ObservationRole;
use maud::{Markup, html};

use super::judgement::{GEH_FAR, GEH_MET, Judgement, of_role};
use super::number::UNIT_SPACE;
use super::texts::Texts;
use super::{claim, profile};
use crate::comparison::{Comparison, ObservedFlow};
use crate::estimate::Estimate;

/// What the city keeps from the base in every scenario.
const FIXED: [&str; 3] = ["fixed-trips", "fixed-activity", "fixed-gates"];
/// What was taken from elsewhere or assumed instead of being fitted to the city.
const NOT_CALIBRATED: [&str; 4] =
    ["not-calibrated-delays", "not-calibrated-queues", "not-calibrated-tolls", "not-calibrated-parameters"];

/// The chapter.
pub(super) fn chapter(comparison: &Comparison, texts: &Texts) -> Markup {
    let is_judged = comparison.has_city_as_it_is();
    let held_out = of_role(comparison, ObservationRole::HeldOut);
    let ranges = of_role(comparison, ObservationRole::Plausibility);
    let inputs = of_role(comparison, ObservationRole::Input);
    html! {
        section #trust.chapter {
            h2 { (texts.say("trust-title")) }
            p.lead { (texts.say("trust-lead")) }
            @if !is_judged { p { (texts.say("trust-scenario")) } }
            @if is_judged && !held_out.is_empty() {
                h3 { (texts.say("held-out-title")) }
                p { (texts.say("held-out-lead")) }
                (table(&held_out, "column-counted", texts))
                @for flow in &held_out {
                    @if !flow.hourly_fit.is_empty() { (fit_table(comparison, flow, texts)) }
                }
            }
            @if is_judged && !ranges.is_empty() {
                h3 { (texts.say("plausible-title")) }
                p { (texts.say("plausible-lead")) }
                (table(&ranges, "column-expected", texts))
            }
            @if !inputs.is_empty() {
                h3 { (texts.say("input-title")) }
                p { (texts.say("input-lead")) }
                details {
                    summary { (texts.fill("input-more", &[("count", (&texts.numbers.count(inputs.len())).into())])) }
                    (input_table(&inputs, texts))
                    @if !comparison.gate_hours.is_empty() { (gate_hours(comparison, texts)) }
                }
            }
            div.columns {
                div { h3 { (texts.say("fixed-title")) } (list(&FIXED, texts)) }
                div { h3 { (texts.say("not-calibrated-title")) } (list(&not_calibrated(comparison), texts)) }
            }
        }
    }
}

/// What was not calibrated: assigned flows know no queues, and moving vehicles know them by rules.
fn not_calibrated(comparison: &Comparison) -> [&'static str; 4] {
    NOT_CALIBRATED.map(|item| match item {
        "not-calibrated-queues" if comparison.moved.is_some() => "not-calibrated-moving",
        item => item,
    })
}

fn list(items: &[&str], texts: &Texts) -> Markup {
    html! { ul { @for item in items { li { (texts.say(item)) } } } }
}

/// All that is kept fixed or was not calibrated.
pub(super) fn left_out(comparison: &Comparison, texts: &Texts) -> Markup {
    list(&[&FIXED[..], &not_calibrated(comparison)[..]].concat(), texts)
}

/// What is expected beside what is computed, with a judgement.
fn table(observed: &[&ObservedFlow], expected_column: &str, texts: &Texts) -> Markup {
    let top = observed.iter().map(|o| o.expected.high.max(highest(&o.daily_vehicles[0]))).fold(1.0, f64::max);
    html! {
        div.scroll role="region" tabindex="0" aria-label=(texts.say("observed-caption")) {
            table.observed-table {
                caption { (texts.say("observed-caption")) }
                thead {
                    tr {
                        th scope="col" { (texts.say("column-place")) }
                        th.number scope="col" { (texts.say(expected_column)) }
                        th.number scope="col" { (texts.say("column-computed")) }
                        th scope="col" aria-hidden="true" { }
                        th scope="col" { (texts.say("column-judgement")) }
                    }
                }
                tbody {
                    @for flow in observed {
                        @let base = &flow.daily_vehicles[0];
                        tr {
                            th scope="row" { (texts.place(&flow.name)) small.formula { (texts.of(&flow.reason)) } }
                            td.number { (expected(flow, texts)) }
                            td.number {
                                span.value { (claim::value(texts, base, 0)) }
                                small { (claim::range(texts, base, 0)) }
                            }
                            td.whisker { (beside(flow, top)) }
                            td { (judgement(flow, texts)) }
                        }
                    }
                }
            }
        }
    }
}

fn expected(flow: &ObservedFlow, texts: &Texts) -> String {
    let (low, high) = (flow.expected.low, flow.expected.high);
    if high > low {
        format!("{}–{}", texts.numbers.whole(low), texts.numbers.whole(high))
    } else {
        texts.numbers.whole(low)
    }
}

/// What is expected as a band, what is computed as a point with its interval.
fn beside(flow: &ObservedFlow, top: f64) -> Markup {
    let place = |value: f64| format!("{:.1}", 4.0 + value / top * 150.0);
    let base = &flow.daily_vehicles[0];
    html! {
        svg.whisker aria-hidden="true" viewBox="0 0 160 16" {
            path.zero d="M4 0v16" {}
            rect.expected x=(place(flow.expected.low)) y="2" height="12" rx="1"
                width=(format!("{:.1}", ((flow.expected.high - flow.expected.low) / top * 150.0).max(2.0))) {}
            @if let Some(ends) = base.interval {
                path.span d={ "M" (place(ends.low)) " 8H" (place(ends.high)) } {}
            }
            circle cx=(place(base.value)) cy="8" r="4" {}
        }
    }
}

/// The judgement in words, where there is one.
pub(super) fn words(flow: &ObservedFlow, texts: &Texts) -> Option<String> {
    let is_count = is_count(flow);
    Judgement::of(flow).map(|judgement| {
        texts.say(match judgement {
            Judgement::Empty => "expected-empty",
            Judgement::Met if is_count => "count-met",
            Judgement::PartlyMet => "count-partly-met",
            Judgement::Below | Judgement::Above if is_count => "count-not-met",
            Judgement::Met => "expected-inside",
            Judgement::Below => "expected-below",
            Judgement::Above => "expected-above",
        })
    })
}

fn is_count(flow: &ObservedFlow) -> bool {
    flow.expected.low >= flow.expected.high
}

/// The judgement as it stands in a table; of a count also how far off it is.
fn judgement(flow: &ObservedFlow, texts: &Texts) -> Markup {
    let off = flow.daily_vehicles[0].map(|value| (value / flow.expected.low - 1.0) * 100.0);
    html! {
        @if let (Some(judgement), Some(words)) = (Judgement::of(flow), words(flow, texts)) {
            span class={ "judgement " (judgement.class()) } { (words) }
        }
        @if is_count(flow) {
            small { (texts.fill("count-off", &[("percent", (&claim::percent(texts, &off)).into())])) }
        }
    }
}

/// A held-out count by period: counted, computed, GEH.
fn fit_table(comparison: &Comparison, flow: &ObservedFlow, texts: &Texts) -> Markup {
    let caption = texts.fill("fit-caption", &[("place", (&texts.place(&flow.name)).into())]);
    html! {
        div.scroll role="region" tabindex="0" aria-label=(caption) {
            table.fit {
                caption { (caption) }
                thead {
                    tr {
                        th scope="col" { (texts.say("column-period")) }
                        th.number scope="col" { (texts.say("column-counted")) }
                        th.number scope="col" { (texts.say("column-computed")) }
                        th.number scope="col" { (texts.say("column-geh")) }
                        th scope="col" { (texts.say("column-judgement")) }
                    }
                }
                tbody {
                    @for fit in &flow.hourly_fit {
                        @let period = &comparison.periods[fit.period];
                        @let (class, words) = match fit.geh {
                            geh if geh < GEH_MET => ("good", "geh-met"),
                            geh if geh < GEH_FAR => ("fair", "geh-not-met"),
                            _ => ("poor", "geh-far"),
                        };
                        tr {
                            th scope="row" { (profile::name(period, texts)) " " small { (profile::hours(period)) } }
                            td.number { (texts.numbers.whole(fit.counted_vph)) }
                            td.number {
                                span.value { (texts.numbers.whole(fit.modelled_vph.value)) }
                                small { (claim::range(texts, &fit.modelled_vph, 0)) }
                            }
                            td.number { span.value { (texts.numbers.decimal(fit.geh, 1)) } }
                            td { span class={ "judgement " (class) } { (texts.say(words)) } }
                        }
                    }
                }
            }
        }
        p.note { (texts.say("fit-note")) }
    }
}

/// The gates' counts as what they are: numbers that went in.
fn input_table(inputs: &[&ObservedFlow], texts: &Texts) -> Markup {
    html! {
        div.scroll role="region" tabindex="0" aria-label=(texts.say("input-caption")) {
            table.inputs {
                caption { (texts.say("input-caption")) }
                thead {
                    tr {
                        th scope="col" { (texts.say("column-gate")) }
                        th.number scope="col" { (texts.say("column-input")) }
                        th.number scope="col" { (texts.say("column-drawn")) }
                    }
                }
                tbody {
                    @for flow in inputs {
                        @let base = &flow.daily_vehicles[0];
                        tr {
                            th scope="row" { (texts.place(&flow.name)) }
                            td.number { (expected(flow, texts)) }
                            td.number { (claim::value(texts, base, 0)) " " small { (claim::range(texts, base, 0)) } }
                        }
                    }
                }
            }
        }
    }
}

/// The peak-hour and directional factors of the gates.
fn gate_hours(comparison: &Comparison, texts: &Texts) -> Markup {
    html! {
        div.scroll role="region" tabindex="0" aria-label=(texts.say("gate-hours-caption")) {
            table.inputs {
                caption { (texts.say("gate-hours-caption")) }
                thead {
                    tr {
                        th scope="col" { (texts.say("column-period")) }
                        th.number scope="col" { (texts.say("column-share-of-day")) }
                        th.number scope="col" { (texts.say("column-share-of-day-an-hour")) }
                        th.number scope="col" { (texts.say("column-entering")) }
                    }
                }
                tbody {
                    @for gate in &comparison.gate_hours {
                        @let period = &comparison.periods[gate.period];
                        @let hours = f64::from(period.duration_s()) / 3600.0;
                        tr {
                            th scope="row" { (profile::name(period, texts)) " " small { (profile::hours(period)) } }
                            @for (share, decimals) in
                                [(gate.share_of_day, 1), (gate.share_of_day / hours, 1), (gate.entering_share, 0)]
                            {
                                td.number { (texts.numbers.decimal(share * 100.0, decimals)) (UNIT_SPACE) "%" }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn highest(estimate: &Estimate) -> f64 {
    estimate.interval.map_or(estimate.value, |ends| ends.high)
}
