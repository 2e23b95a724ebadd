//! Two pages for councillors: what each intervention does, where, how sure that is, what it leaves out, where to check it.
//!
//! The words are the page's. What is left out of them stands in the full report: all indicators but a handful, tables, other maps.

use maud::{Markup, html};
use serde_json::{Value, json};

use super::content::pieces;
use super::picture::Pictures;
use crate::comparison::{Comparison, Indicator};
use crate::report::map::Atlas;
use crate::report::texts::Texts;
use crate::report::{front, indicators, judgement, proof, scenario, scenarios, trust};

/// What the table tells, by theme; indicators that a comparison has not are left out, and so are themes without any. A new
/// chapter of indicators puts here what a council should see of it.
const THEMES: [(&str, &[&str]); 3] = [
    ("theme-traffic", &["delay", "mean_duration", "vehicle_km"]),
    ("theme-sustainability", &["co2_off_motorways", "nox_off_motorways", "pm10_off_motorways"]),
    ("theme-costs", &["fuel"]),
];

/// What the template of the two pages sets.
pub(super) fn content(comparison: &Comparison, atlas: &Atlas<'_>, texts: &Texts, pictures: &mut Pictures) -> Value {
    let themes = themes(comparison);
    let maps: Vec<Value> = scenarios(comparison)
        .map(|(run, scenario)| {
            let map = scenario::difference_of_day(comparison, run, atlas, texts).into_string();
            json!({ "title": texts.of(&scenario.title), "pieces": pieces(&map, pictures) })
        })
        .collect();
    let mut say = |markup: Markup| pieces(&markup.into_string(), pictures);
    let columns = [
        ("brief-means", front::reading(comparison, texts)),
        ("digest-title", html! { @for sentence in judgement::digest(comparison, texts) { p { (sentence) } } }),
        ("brief-left-out", trust::left_out(comparison, texts)),
    ];
    let heads: Vec<Value> =
        themes.iter().map(|(title, shown)| json!({ "title": texts.say(title), "columns": shown.len() })).collect();
    json!({
        "head": say(front::masthead(comparison, texts)),
        "warnings": say(front::jammed(comparison, texts)),
        "cards": say(front::cards(comparison, texts)),
        "themes": heads,
        "table": say(table(comparison, &themes, texts)),
        "maps": maps,
        "map_sources": texts.fill("map-sources", &[("sources", (&scenario::attributions(comparison)).into())]),
        "reading": columns.map(|(title, markup)| json!({ "title": texts.say(title), "pieces": say(markup) })),
        "check": say(check(comparison, texts)),
    })
}

/// The themes that the comparison has indicators of.
fn themes(comparison: &Comparison) -> Vec<(&'static str, Vec<&Indicator>)> {
    let find = |id: &&str| comparison.indicators.iter().find(|indicator| indicator.id == **id);
    let themes = THEMES.iter().map(|&(title, ids)| (title, ids.iter().filter_map(find).collect::<Vec<_>>()));
    themes.filter(|(_, shown)| !shown.is_empty()).collect()
}

/// Scenarios by indicators, with intervals and careful words: the page's table turned.
fn table(comparison: &Comparison, themes: &[(&str, Vec<&Indicator>)], texts: &Texts) -> Markup {
    let shown = || themes.iter().flat_map(|(_, shown)| shown);
    html! {
        table.headlines {
            thead {
                tr {
                    th scope="col" { (texts.say("brief-intervention")) }
                    @for indicator in shown() { th.number scope="col" { (indicators::short_name(indicator, texts)) } }
                }
            }
            tbody {
                tr {
                    th scope="row" { (texts.of(&comparison.runs[0].title)) }
                    @for indicator in shown() { td.number { (indicators::value(indicator, texts)) } }
                }
                @for (run, scenario) in scenarios(comparison) {
                    tr {
                        th scope="row" { (texts.of(&scenario.title)) }
                        @for indicator in shown() { (indicators::cell(indicator, run, texts)) }
                    }
                }
            }
        }
    }
}

/// Ids and hashes of all runs, and how anyone can compute them again.
fn check(comparison: &Comparison, texts: &Texts) -> Markup {
    html! {
        p { (texts.say("proof-lead")) " " code { (texts.say("proof-command")) } " " (texts.say("proof-answers")) }
        table.runs {
            thead {
                tr {
                    th scope="col" { (texts.say("run-name")) }
                    th scope="col" { (texts.say("run-id")) }
                    th scope="col" { (texts.say("result-hash")) }
                }
            }
            tbody {
                @for run in &comparison.runs {
                    tr {
                        th scope="row" { (run.name) }
                        td { code { (run.run_id) } }
                        td { code { (run.result_hash) } }
                    }
                }
            }
        }
        p { (texts.fill("seeds", &[("seeds", (&proof::seeds(&comparison.seeds)).into())])) }
    }
}
