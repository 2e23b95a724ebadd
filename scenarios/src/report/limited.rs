//! Whom a limited-traffic zone concerns: what the model says of it, and what it does not.

use maud::{Markup, html};

use super::claim;
use super::origins::class_name;
use super::texts::Texts;
use crate::comparison::LimitedTraffic;
use crate::estimate::Estimate;
use crate::run::TOLD;

/// Who parks at the edge, out of how many, and what is not told apart.
pub(super) fn concerned(limited: &LimitedTraffic, at_edge: &Estimate, texts: &Texts) -> Markup {
    let (parking, passing): (Vec<&str>, Vec<&str>) =
        TOLD.into_iter().partition(|class| limited.parking_at_edge_per_day.iter().any(|(parks, _)| parks == class));
    let names = |classes: &[&str]| classes.iter().map(|class| class_name(class, texts)).collect::<Vec<_>>().join(", ");
    let shares: Vec<String> = limited.exempt_shares.iter().map(|share| texts.numbers.whole(share * 100.0)).collect();
    let share = if limited.trips_per_day > 0.0 { at_edge.value / limited.trips_per_day * 100.0 } else { 0.0 };
    html! {
        div.concerned {
            h3 { (texts.say("limited-title")) }
            ul {
                li {
                    (texts.fill(
                        "limited-share",
                        &[
                            ("share", (&texts.numbers.whole(share)).into()),
                            ("trips", (&claim::value(texts, &without_interval(limited.trips_per_day), 0)).into()),
                        ],
                    ))
                }
                @if !parking.is_empty() {
                    li { (texts.fill("limited-parking", &[("classes", (&names(&parking)).into())])) }
                }
                @if !passing.is_empty() {
                    li { (texts.fill("limited-passing", &[("classes", (&names(&passing)).into())])) }
                }
                li { (texts.fill("limited-permits", &[("share", (&shares.join(", ")).into())])) }
                li { (texts.say("limited-not-told")) }
            }
        }
    }
}

fn without_interval(value: f64) -> Estimate {
    Estimate { value, interval: None }
}
