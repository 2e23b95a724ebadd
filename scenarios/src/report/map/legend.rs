//! What the strokes of a map mean, in words.

use maud::{Markup, html};

use super::frame::page;
use super::scale::{ChangeScale, FlowScale, Fullness, change_style};
use crate::comparison::ComparedRun;
use crate::report::texts::Texts;

/// Widths and colours of flows.
pub(super) fn flows(scale: FlowScale, texts: &Texts) -> Markup {
    html! {
        p.legend-title { (texts.say("legend-flow-title")) }
        ul {
            @for flow in scale.samples() {
                li {
                    (swatch("f0", scale.width(flow).unwrap_or(1.0)))
                    (texts.fill("legend-flow", &[("flow", (&texts.numbers.whole(flow)).into())]))
                }
            }
        }
        p.legend-title { (texts.say("legend-fullness-title")) }
        ul {
            @for class in Fullness::ALL {
                li {
                    (swatch(class.style(), 6.0))
                    (texts.say(match class {
                        Fullness::Free => "legend-free",
                        Fullness::Busy => "legend-busy",
                        Fullness::NearLimit => "legend-near",
                        Fullness::OverLimit => "legend-over",
                    }))
                }
            }
        }
    }
}

/// Classes of change, least traffic first.
pub(super) fn differences(scale: ChangeScale, title: &str, has_intervals: bool, texts: &Texts) -> Markup {
    let [little, some, much] = scale.limits();
    let classes = [
        (-3, "legend-much-less", much),
        (-2, "legend-less", some),
        (-1, "legend-little-less", little),
        (1, "legend-little-more", little),
        (2, "legend-more", some),
        (3, "legend-much-more", much),
    ];
    html! {
        p.legend-title { (title) }
        ul {
            @for (class, id, limit) in classes {
                li {
                    (swatch(change_style(class), scale.width(limit).max(2.0)))
                    (texts.fill(id, &[("limit", (&texts.numbers.whole(limit)).into())]))
                }
            }
            li {
                (swatch("street", 1.2))
                (texts.fill(
                    if has_intervals { "legend-same" } else { "legend-same-single" },
                    &[("limit", (&texts.numbers.whole(little)).into())],
                ))
            }
        }
        p.note { (texts.say("legend-own-limits")) }
    }
}

/// Classes of change of durations, as discs.
pub(super) fn durations(scale: ChangeScale, has_intervals: bool, texts: &Texts) -> Markup {
    let [little, some, much] = scale.limits();
    let minutes = |limit: f64| texts.numbers.decimal(limit, u8::from(limit < 10.0 && limit.fract() != 0.0));
    let classes = [
        (-3, "legend-duration-much-less", much),
        (-2, "legend-duration-less", some),
        (-1, "legend-duration-little-less", little),
        (1, "legend-duration-little-more", little),
        (2, "legend-duration-more", some),
        (3, "legend-duration-much-more", much),
    ];
    html! {
        p.legend-title { (texts.say("legend-duration-title")) }
        ul {
            @for (class, id, limit) in classes {
                li {
                    (disc(change_style(class)))
                    (texts.fill(id, &[("limit", (&minutes(limit)).into())]))
                }
            }
            li {
                (disc("d0"))
                (texts.fill(
                    if has_intervals { "legend-duration-same" } else { "legend-duration-same-single" },
                    &[("limit", (&minutes(little)).into())],
                ))
            }
        }
        p.note { (texts.say("legend-own-limits")) }
    }
}

/// Where the scenario acts: streets, areas.
pub(super) fn edits(run: &ComparedRun, texts: &Texts) -> Markup {
    let is_area = !run.areas.is_empty();
    html! {
        ul.legend-edits {
            @if is_area {
                li {
                    svg.swatch aria-hidden="true" viewBox="0 0 30 14" { rect.area x="2" y="1" width="26" height="12" {} }
                    (texts.say("legend-area"))
                }
            } @else if !run.edited_links.is_empty() {
                li {
                    svg.swatch aria-hidden="true" viewBox="0 0 30 14" {
                        circle.edited-rim cx="15" cy="7" r="4.6" {}
                        circle.edited cx="15" cy="7" r="4.6" {}
                    }
                    (texts.say("legend-edited"))
                }
            }
        }
    }
}

fn disc(class: &str) -> Markup {
    html! {
        svg.swatch aria-hidden="true" viewBox="0 0 30 14" { circle class={ "zone " (class) } cx="15" cy="7" r="6" {} }
    }
}

/// A short piece of a stroke.
fn swatch(class: &str, width: f64) -> Markup {
    html! {
        svg.swatch aria-hidden="true" viewBox="0 0 30 14" {
            path class=(class) stroke-width=(page(width)) d="M3 7h24" {}
        }
    }
}
