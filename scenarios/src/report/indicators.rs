//! The city in numbers: each indicator in the base, and what each scenario changes, paired over the seeds.

use maud::{Markup, html};

use super::claim::{self, Verdict};
use super::scenarios;
use super::texts::Texts;
use crate::comparison::{Comparison, Indicator};

/// The table of indicators.
pub(super) fn chapter(comparison: &Comparison, texts: &Texts) -> Markup {
    html! {
        section #indicators.chapter {
            h2 { (texts.say("indicators-title")) }
            p.lead { (texts.say("indicators-lead")) }
            div.scroll role="region" tabindex="0" aria-label=(texts.say("indicators-title")) {
                table.indicators {
                    caption { (texts.say("indicators-caption")) }
                    thead {
                        tr {
                            th scope="col" { (texts.say("column-indicator")) }
                            th.number scope="col" { (texts.of(&comparison.runs[0].title)) }
                            @for (_, scenario) in scenarios(comparison) {
                                th.number scope="col" { (texts.of(&scenario.title)) }
                            }
                        }
                    }
                    tbody {
                        @for indicator in &comparison.indicators { (row(comparison, indicator, texts)) }
                    }
                }
            }
        }
    }
}

fn row(comparison: &Comparison, indicator: &Indicator, texts: &Texts) -> Markup {
    let base = &indicator.values[0];
    html! {
        tr {
            th scope="row" {
                (texts.of(&indicator.name))
                " "
                small.unit { (texts.of(&indicator.unit)) }
                @if let Some(code) = &indicator.pums_code {
                    " "
                    small.code { (texts.fill("pums-code", &[("code", code.into())])) }
                }
                small.formula { (texts.of(&indicator.formula)) }
            }
            td.number {
                span.value { (claim::value(texts, base, indicator.decimals)) }
                small { (claim::range(texts, base, indicator.decimals)) }
            }
            @for (run, _) in scenarios(comparison) { (cell(indicator, run, texts)) }
        }
    }
}

/// What a scenario changes, and whether that is larger than its interval.
fn cell(indicator: &Indicator, run: usize, texts: &Texts) -> Markup {
    let difference = &indicator.differences[run];
    let verdict = Verdict::of(difference);
    let share = claim::relative(difference, &indicator.values[0]);
    html! {
        td class={ "number " (verdict.class()) } {
            span.value { (claim::signed(texts, difference, indicator.decimals)) }
            @if let Some(share) = share.filter(|_| verdict != Verdict::Unchanged) {
                " "
                span.share { (claim::percent(texts, &share)) }
            }
            small { (claim::interval(texts, difference, indicator.decimals)) }
            small.verdict { (verdict.words(texts)) }
        }
    }
}
