//! What the city is made of: how much of each layer is real, derived, synthetic, and the licences that travel along.

use engine::provenance::{Origin, Source};
use maud::{Markup, html};

use super::texts::Texts;
use crate::comparison::{Comparison, Layer, LayerKind};

/// The chapter.
pub(super) fn chapter(comparison: &Comparison, texts: &Texts) -> Markup {
    html! {
        section #layers.chapter {
            h2 { (texts.say("layers-title")) }
            p.lead { (texts.say("layers-lead")) }
            ul.origins {
                @for origin in Origin::ALL {
                    li { span class={ "chip " (origin.name()) } aria-hidden="true" {} (explained(origin, texts)) }
                }
            }
            div.scroll role="region" tabindex="0" aria-label=(texts.say("layers-title")) {
                table.layers {
                    caption { (texts.say("layers-caption")) }
                    thead {
                        tr {
                            th scope="col" { (texts.say("column-layer")) }
                            th scope="col" aria-hidden="true" { }
                            @for origin in Origin::ALL { th.number scope="col" { (word(origin, texts)) } }
                            th scope="col" { (texts.say("column-sources")) }
                        }
                    }
                    tbody { @for layer in &comparison.layers { (row(layer, texts)) } }
                }
            }
            h3 { (texts.say("sources-title")) }
            ul.sources { @for source in &comparison.sources { (source_item(source, texts)) } }
        }
    }
}

fn row(layer: &Layer, texts: &Texts) -> Markup {
    let (unit, decimals) = unit(layer.kind, texts);
    html! {
        tr {
            th scope="row" { (name(layer.kind, texts)) " " small.unit { (unit) } }
            td.whisker { (bar(layer.amounts)) }
            @for amount in layer.amounts { td.number { (texts.numbers.decimal(amount, decimals)) } }
            td { (layer.sources.join(", ")) }
        }
    }
}

/// What its amounts are counted in, and how finely.
pub(super) fn unit(kind: LayerKind, texts: &Texts) -> (String, u8) {
    match kind {
        LayerKind::Links => (texts.say("layer-unit-km"), 1),
        _ => (texts.say("layer-unit-count"), 0),
    }
}

/// The layer in words.
pub(super) fn name(kind: LayerKind, texts: &Texts) -> String {
    texts.say(match kind {
        LayerKind::Links => "layer-links",
        LayerKind::Zones => "layer-zones",
        LayerKind::Connectors => "layer-connectors",
        LayerKind::Gates => "layer-gates",
        LayerKind::Observations => "layer-observations",
        LayerKind::Addresses => "layer-addresses",
        LayerKind::Buildings => "layer-buildings",
        LayerKind::Trees => "layer-trees",
        LayerKind::Waters => "layer-waters",
        LayerKind::Railways => "layer-railways",
        LayerKind::HeritageSites => "layer-heritage-sites",
        LayerKind::Places => "layer-places",
    })
}

/// The three shares side by side.
fn bar(amounts: [f64; 3]) -> Markup {
    let total: f64 = amounts.iter().sum();
    let mut start = 0.0;
    let parts = Origin::ALL.into_iter().zip(amounts).map(|(origin, amount)| {
        let width = if total > 0.0 { amount / total * 160.0 } else { 0.0 };
        let part = (origin.name(), start, width);
        start += width;
        part
    });
    html! {
        svg.bar aria-hidden="true" viewBox="0 0 160 10" {
            @for (class, x, width) in parts {
                @if width > 0.0 { rect class=(class) x=(format!("{x:.1}")) width=(format!("{width:.1}")) height="10" {} }
            }
        }
    }
}

fn source_item(source: &Source, texts: &Texts) -> Markup {
    html! {
        li {
            strong { (source.title) }
            @if let Some(year) = source.year { " (" (year) ")" }
            ". "
            (texts.fill("licence", &[("licence", (&source.licence).into())]))
            ". "
            (source.attribution)
            @if let Some(url) = &source.url { " " a href=(url) rel="noreferrer" { (url) } }
            " "
            code { (source.id) }
        }
    }
}

/// The origin in a word.
pub(super) fn word(origin: Origin, texts: &Texts) -> String {
    texts.say(match origin {
        Origin::Real => "origin-real",
        Origin::Derived => "origin-derived",
        Origin::Synthetic => "origin-synthetic",
    })
}

fn explained(origin: Origin, texts: &Texts) -> String {
    texts.say(match origin {
        Origin::Real => "origin-real-explained",
        Origin::Derived => "origin-derived-explained",
        Origin::Synthetic => "origin-synthetic-explained",
    })
}
