//! Run ids, hashes, and how anyone can recompute what the report says.

use maud::{Markup, html};

use super::texts::Texts;
use crate::comparison::Comparison;

/// The chapter.
pub(super) fn chapter(comparison: &Comparison, texts: &Texts) -> Markup {
    html! {
        section #proof.chapter {
            h2 { (texts.say("proof-title")) }
            p.lead { (texts.say("proof-lead")) }
            pre { code { (texts.say("proof-command")) } }
            p { (texts.say("proof-answers")) }
            @for run in &comparison.runs {
                h3 { (texts.of(&run.title)) }
                dl.hashes {
                    dt { (texts.say("run-name")) }
                    dd { code { (run.name) } }
                    dt { (texts.say("run-id")) }
                    dd { code { (run.run_id) } }
                    dt { (texts.say("result-hash")) }
                    dd { code { (run.result_hash) } }
                    dt { (texts.say("build-id")) }
                    dd { code { (run.build_id) } }
                    dt { (texts.say("relative-gap")) }
                    dd { (power_of_ten(run.relative_gap, texts)) }
                }
            }
            p.seeds {
                (texts.fill("seeds", &[("seeds", (&seeds(&comparison.seeds)).into())]))
            }
        }
    }
}

/// A small number as digits and a power of ten.
fn power_of_ten(value: f64, texts: &Texts) -> Markup {
    let written = format!("{value:.1e}");
    let (digits, power) = written.split_once('e').unwrap_or((&written, "0"));
    let digits = texts.numbers.decimal(digits.parse().unwrap_or(value), 1);
    html! { (digits) " × 10" sup { (power.replace('-', "\u{2212}")) } }
}

/// The seeds, consecutive ones as a range.
pub(super) fn seeds(seeds: &[u64]) -> String {
    let mut ranges: Vec<(u64, u64)> = Vec::new();
    for &seed in seeds {
        match ranges.last_mut() {
            Some((_, last)) if last.checked_add(1) == Some(seed) => *last = seed,
            _ => ranges.push((seed, seed)),
        }
    }
    let words =
        ranges.iter().map(|&(first, last)| if first == last { first.to_string() } else { format!("{first}–{last}") });
    words.collect::<Vec<_>>().join(", ")
}
