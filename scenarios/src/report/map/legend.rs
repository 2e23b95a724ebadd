//! What the strokes of a map mean, in words.

use maud::{Markup, html};

use super::page;
use super::scale::{ChangeScale, FlowScale, Fullness, change_style};
use crate::report::texts::Texts;

/// Widths and colours of flows.
pub(super) fn flows(scale: FlowScale, texts: &Texts) -> Markup {
    html! {
        div.legend {
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
        div.legend {
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
                li { (swatch("edited", 10.0)) (texts.say("legend-edited")) }
            }
        }
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
