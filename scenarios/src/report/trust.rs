//! How far the base can be trusted: beside what was observed, what is kept fixed, what was not calibrated.

use engine::city::ObservationRole;
use maud::{Markup, html};

use super::claim;
use super::texts::Texts;
use crate::comparison::{Comparison, Estimate, ObservedFlow};

/// A GEH up to which an hourly flow counts as well met, and up to which as met in part (UK TAG unit M3.1).
const GEH_GOOD: f64 = 5.0;
const GEH_FAIR: f64 = 10.0;

/// The chapter.
pub(super) fn chapter(comparison: &Comparison, texts: &Texts) -> Markup {
    html! {
        section #trust.chapter {
            h2 { (texts.say("trust-title")) }
            p.lead { (texts.say("trust-lead")) }
            @for (role, title, lead) in [
                (ObservationRole::HeldOut, "held-out-title", "held-out-lead"),
                (ObservationRole::Plausibility, "plausible-title", "plausible-lead"),
                (ObservationRole::Input, "input-title", "input-lead"),
            ] {
                @let observed: Vec<_> = comparison.observations.iter().filter(|o| o.role == role).collect();
                @if !observed.is_empty() {
                    h3 { (texts.say(title)) }
                    p { (texts.say(lead)) }
                    (table(&observed, &texts.say(title), texts))
                }
            }
            div.columns {
                (list(&comparison.kept_fixed, "fixed-title", texts))
                (list(&comparison.not_calibrated, "not-calibrated-title", texts))
            }
        }
    }
}

fn list(items: &[crate::words::Text], title: &str, texts: &Texts) -> Markup {
    html! {
        @if !items.is_empty() {
            div {
                h3 { (texts.say(title)) }
                ul { @for item in items { li { (texts.of(item)) } } }
            }
        }
    }
}

fn table(observed: &[&ObservedFlow], caption: &str, texts: &Texts) -> Markup {
    let top = observed.iter().map(|o| o.expected.high.max(highest(&o.daily_vehicles[0]))).fold(1.0, f64::max);
    html! {
        div.scroll role="region" tabindex="0" aria-label=(caption) {
            table.observed-table {
                caption { (texts.say("observed-caption")) }
                thead {
                    tr {
                        th scope="col" { (texts.say("column-place")) }
                        th.number scope="col" { (texts.say("column-expected")) }
                        th.number scope="col" { (texts.say("column-computed")) }
                        th scope="col" aria-hidden="true" { }
                        th scope="col" { (texts.say("column-judgement")) }
                    }
                }
                tbody {
                    @for flow in observed {
                        @let base = &flow.daily_vehicles[0];
                        tr {
                            th scope="row" { (flow.name) small.formula { (texts.of(&flow.reason)) } }
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

/// Inside the range or not; for a count how well it is met, as GEH of a mean hour, or else how far off.
fn judgement(flow: &ObservedFlow, texts: &Texts) -> Markup {
    let base = flow.daily_vehicles[0];
    let (class, words) = match flow.hourly_geh {
        Some(geh) => {
            let (class, id) = match geh.value {
                g if g < GEH_GOOD => ("good", "geh-good"),
                g if g < GEH_FAIR => ("fair", "geh-fair"),
                _ => ("poor", "geh-poor"),
            };
            (class, texts.fill(id, &[("geh", (&texts.numbers.decimal(geh.value, 1)).into())]))
        }
        None if flow.expected.high <= flow.expected.low => {
            let off = base.map(|value| (value / flow.expected.low - 1.0) * 100.0);
            ("count", texts.fill("count-off", &[("percent", (&claim::percent(texts, &off)).into())]))
        }
        None if flow.expected.contains(base.value) => ("good", texts.say("expected-inside")),
        None if base.value < flow.expected.low => ("poor", texts.say("expected-below")),
        None => ("poor", texts.say("expected-above")),
    };
    html! { span class={ "judgement " (class) } { (words) } }
}

fn highest(estimate: &Estimate) -> f64 {
    estimate.interval.map_or(estimate.value, |ends| ends.high)
}
