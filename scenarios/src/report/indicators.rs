//! The city in numbers: each indicator in the base, and what each scenario changes, paired over the seeds. Indicators that
//! no scenario changes in any seed stand apart.

use maud::{Markup, html};

use super::claim;
use super::scenarios;
use super::texts::Texts;
use crate::comparison::{Comparison, Indicator};
use crate::verdict::Verdict;

/// The tables of indicators.
pub(super) fn chapter(comparison: &Comparison, texts: &Texts) -> Markup {
    let is_fixed = |indicator: &&Indicator| {
        let mut differences = indicator.differences[1..].iter();
        differences.all(|difference| Verdict::of(difference, 0.0) == Verdict::Unchanged)
    };
    let (fixed, changing): (Vec<&Indicator>, Vec<&Indicator>) =
        comparison.indicators.iter().partition(|indicator| comparison.runs.len() > 1 && is_fixed(indicator));
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
                        @for indicator in changing { (row(comparison, indicator, texts)) }
                    }
                }
            }
            @if !fixed.is_empty() { (fixed_table(&fixed, texts)) }
        }
    }
}

/// What no scenario changes: its value alone.
fn fixed_table(indicators: &[&Indicator], texts: &Texts) -> Markup {
    html! {
        div.scroll role="region" tabindex="0" aria-label=(texts.say("indicators-fixed")) {
            table.fixed {
                caption { (texts.say("indicators-fixed")) }
                thead {
                    tr {
                        th scope="col" { (texts.say("column-indicator")) }
                        th.number scope="col" { (texts.say("column-value")) }
                        th scope="col" { (texts.say("column-formula")) }
                    }
                }
                tbody {
                    @for alike in indicators.chunk_by(|a, b| a.formula == b.formula) {
                        @for (place, indicator) in alike.iter().enumerate() {
                            tr {
                                th scope="row" { (name(indicator, texts)) }
                                td.number { (value(indicator, texts)) }
                                @if place == 0 { td rowspan=(alike.len()) { small { (texts.of(&indicator.formula)) } } }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// The indicator's name with its unit and its code.
fn name(indicator: &Indicator, texts: &Texts) -> Markup {
    html! {
        (short_name(indicator, texts))
        @if let Some(code) = &indicator.pums_code {
            " "
            small.code { (texts.fill("pums-code", &[("code", code.into())])) }
        }
    }
}

/// The indicator's name with its unit, for the head of a column.
pub(super) fn short_name(indicator: &Indicator, texts: &Texts) -> Markup {
    html! { (texts.of(&indicator.name)) " " small.unit { (texts.of(&indicator.unit)) } }
}

/// The indicator's value in the base.
pub(super) fn value(indicator: &Indicator, texts: &Texts) -> Markup {
    let base = &indicator.values[0];
    html! {
        span.value { (claim::value(texts, base, indicator.decimals)) }
        small { (claim::range(texts, base, indicator.decimals)) }
    }
}

fn row(comparison: &Comparison, indicator: &Indicator, texts: &Texts) -> Markup {
    html! {
        tr {
            th scope="row" {
                (name(indicator, texts))
                small.formula { (texts.of(&indicator.formula)) }
            }
            td.number { (value(indicator, texts)) }
            @for (run, _) in scenarios(comparison) { (cell(indicator, run, texts)) }
        }
    }
}

/// What a scenario changes, and whether that is larger than its interval and than what the equilibria resolve.
pub(super) fn cell(indicator: &Indicator, run: usize, texts: &Texts) -> Markup {
    let difference = &indicator.differences[run];
    let verdict = Verdict::of(difference, indicator.resolutions[run]);
    let share = claim::relative(difference, &indicator.values[0]);
    html! {
        td class={ "number " (claim::class(verdict)) } {
            @if verdict == Verdict::Unresolved {
                span.value { "≈" }
            } @else {
                span.value { (claim::signed(texts, difference, indicator.decimals)) }
                @if let Some(share) = share.filter(|_| verdict.is_told()) {
                    " "
                    span.share { (claim::percent(texts, &share)) }
                }
                @if verdict != Verdict::Unchanged { small { (claim::interval(texts, difference, indicator.decimals)) } }
            }
            small.verdict { (claim::words(verdict, texts)) }
        }
    }
}
