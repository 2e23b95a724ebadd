//! The frame of the page: head, styles, contents, the order of the chapters.

use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::map::Atlas;
use super::palette::{COLOURS, DRAWING};
use super::texts::Texts;
use super::{costs, front, indicators, layers, origins, profile, proof, scenario, scenarios, trust};
use crate::comparison::Comparison;

/// Colours, drawings, and all else.
const STYLES: [&str; 3] = [COLOURS, DRAWING, include_str!("style.css")];
/// Nothing may be loaded or run; the styles stand in the page.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

/// The whole document.
pub(super) fn page(comparison: &Comparison, atlas: &Atlas<'_>, texts: &Texts) -> Markup {
    let title = texts.fill("title", &[("city", (&comparison.city).into())]);
    html! {
        (DOCTYPE)
        html lang=(texts.language().code()) {
            head {
                meta charset="utf-8";
                meta http-equiv="Content-Security-Policy" content=(POLICY);
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                meta name="generator" content="Gemello";
                title { (title) }
                style { @for style in STYLES { (PreEscaped(style)) } }
            }
            body {
                a.skip href="#brief" { (texts.say("skip")) }
                (atlas.definitions())
                (front::masthead(comparison, texts))
                (contents(comparison, texts))
                main { (chapters(comparison, atlas, texts)) }
            }
        }
    }
}

/// Everything that is told, chapter after chapter, on the page as on paper. A new chapter needs its line here.
pub(super) fn chapters(comparison: &Comparison, atlas: &Atlas<'_>, texts: &Texts) -> Markup {
    html! {
        (front::brief(comparison, texts))
        @for (run, _) in scenarios(comparison) { (scenario::chapter(comparison, run, atlas, texts)) }
        (costs::chapter(comparison, texts))
        (indicators::chapter(comparison, texts))
        (origins::chapter(comparison, texts))
        (profile::chapter(comparison, texts))
        (trust::chapter(comparison, texts))
        (layers::chapter(comparison, texts))
        (proof::chapter(comparison, texts))
    }
}

/// The chapters, as links.
fn contents(comparison: &Comparison, texts: &Texts) -> Markup {
    html! {
        nav.contents aria-label=(texts.say("contents")) {
            ol {
                li { a href="#brief" { (texts.say("brief-title")) } }
                @for (run, scenario) in scenarios(comparison) {
                    li { a href={ "#scenario-" (run) } { (texts.of(&scenario.title)) } }
                }
                @if costs::is_told(comparison) { li { a href="#costs" { (texts.say("costs-title")) } } }
                @for (id, title) in [
                    ("#indicators", "indicators-title"),
                    ("#origins", "origins-title"),
                    ("#day", "day-title"),
                    ("#trust", "trust-title"),
                    ("#layers", "layers-title"),
                    ("#proof", "proof-title"),
                ] {
                    li { a href=(id) { (texts.say(title)) } }
                }
            }
        }
    }
}
