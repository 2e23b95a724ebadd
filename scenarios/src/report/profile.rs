//! The course of the day: traffic of the whole city by period.
//!
//! Each period's flow is the mean hour of that period. The values are means over the seeds; what has an interval stands
//! with the indicators.

use engine::time::{DAY_S, Period};
use maud::{Markup, html};

use super::number::UNIT_SPACE;
use super::texts::Texts;
use super::{claim, map, scenarios};
use crate::comparison::Comparison;
use crate::estimate::Estimate;

/// Size of the chart, in page units, without its margins.
const WIDTH: f64 = 720.0;
const HEIGHT: f64 = 180.0;
const MARGIN: f64 = 64.0;
/// Flow over capacity from which a street counts as nearly full.
const NEARLY_FULL: f64 = 0.85;

/// Chart and table of the day.
pub(super) fn chapter(comparison: &Comparison, texts: &Texts) -> Markup {
    let traffic: Vec<Vec<f64>> = (0..comparison.runs.len())
        .map(|run| (0..comparison.periods.len()).map(|period| vehicle_km_an_hour(comparison, run, period)).collect())
        .collect();
    html! {
        section #day.chapter {
            h2 { (texts.say("day-title")) }
            p.lead { (texts.say("day-lead")) }
            @if comparison.is_whole_day {
                figure.chart {
                    (chart(&comparison.periods, &traffic[0], texts))
                    figcaption { (texts.say("day-caption")) }
                }
            }
            (table(comparison, &traffic, texts))
        }
    }
}

/// Vehicle-kilometres in a mean hour of a period.
pub(super) fn vehicle_km_an_hour(comparison: &Comparison, run: usize, period: usize) -> f64 {
    comparison.links.iter().map(|link| link.hourly_vehicles[run][period] * link.length_m / 1000.0).sum()
}

/// Kilometres of street (each direction for itself) that are nearly full or over.
pub(super) fn nearly_full_km(comparison: &Comparison, run: usize, period: usize) -> f64 {
    let full = comparison.links.iter().filter(|link| link.saturation[run][period] >= NEARLY_FULL);
    full.map(|link| link.length_m / 1000.0).sum()
}

/// The base's day as steps.
fn chart(periods: &[Period], traffic: &[f64], texts: &Texts) -> Markup {
    let top = traffic.iter().copied().fold(1.0, f64::max) * 1.12;
    let x = |seconds: u32| MARGIN + f64::from(seconds) / f64::from(DAY_S) * WIDTH;
    let y = |value: f64| 12.0 + HEIGHT * (1.0 - value / top);
    let mut steps: Vec<(u32, u32, f64, &Period)> = periods
        .iter()
        .zip(traffic)
        .flat_map(|(period, &value)| {
            period.spans.iter().map(move |span| (span.from.seconds(), span.to.seconds(), value, period))
        })
        .collect();
    steps.sort_by_key(|step| step.0);
    let floor = y(0.0);
    let tick = map::round_number(top / 2.5);
    let ticks: Vec<f64> = (1..10).map(|n| f64::from(n) * tick).take_while(|&value| value <= top).collect();
    html! {
        svg.profile role="img" aria-label=(texts.say("day-caption")) viewBox="0 0 796 226" {
            @for value in &ticks {
                path.grid d=(format!("M{MARGIN} {:.1}h{WIDTH}", y(*value))) {}
                text.end x=(MARGIN - 6.0) y=(format!("{:.1}", y(*value) + 4.0)) { (texts.numbers.whole(*value)) }
            }
            @for (from, to, value, period) in &steps {
                rect.hours x=(format!("{:.1}", x(*from) + 0.5)) y=(format!("{:.1}", y(*value)))
                    width=(format!("{:.1}", x(*to) - x(*from) - 1.0)) height=(format!("{:.1}", floor - y(*value))) {
                    title { (name(period, texts)) }
                }
            }
            path.axis d=(format!("M{MARGIN} {floor:.1}h{WIDTH}")) {}
            @for hour in (0..=24).step_by(3) {
                text.middle x=(format!("{:.1}", x(hour * 3600))) y=(format!("{:.1}", floor + 18.0)) { (hour) }
            }
        }
    }
}

/// Traffic and nearly full streets by period and run.
fn table(comparison: &Comparison, traffic: &[Vec<f64>], texts: &Texts) -> Markup {
    html! {
        div.scroll role="region" tabindex="0" aria-label=(texts.say("day-table")) {
            table.day {
                caption { (texts.say("day-table")) }
                thead {
                    tr {
                        th scope="col" { (texts.say("column-period")) }
                        @for run in &comparison.runs { th.number scope="col" { (texts.of(&run.title)) } }
                    }
                }
                tbody {
                    @for (index, period) in comparison.periods.iter().enumerate() {
                        tr {
                            th scope="row" { (name(period, texts)) " " small { (hours(period)) } }
                            td.number {
                                span.value { (claim::value(texts, &mean(traffic[0][index]), 0)) }
                                small { (full_words(comparison, 0, index, texts)) }
                            }
                            @for (run, _) in scenarios(comparison) {
                                td.number {
                                    span.value { (change(traffic[run][index], traffic[0][index], texts)) }
                                    small { (full_words(comparison, run, index, texts)) }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// Means over the seeds, without the spread.
fn mean(value: f64) -> Estimate {
    Estimate { value, interval: None }
}

fn change(value: f64, base: f64, texts: &Texts) -> String {
    let percent = if base > 0.0 { (value / base - 1.0) * 100.0 } else { 0.0 };
    if percent.abs() < claim::SLIGHT_PERCENT {
        "≈".to_owned()
    } else {
        format!("{}{UNIT_SPACE}%", texts.numbers.signed(percent, 1))
    }
}

fn full_words(comparison: &Comparison, run: usize, period: usize, texts: &Texts) -> String {
    let length = texts.numbers.decimal(nearly_full_km(comparison, run, period), 1);
    texts.fill("nearly-full", &[("length", (&length).into())])
}

/// The period's name for people: those of the default day are translated, others stay as the city names them.
pub(super) fn name(period: &Period, texts: &Texts) -> String {
    match period.name.as_str() {
        "night" => texts.say("period-night"),
        "morning_peak" => texts.say("period-morning-peak"),
        "inter_peak" => texts.say("period-inter-peak"),
        "evening_peak" => texts.say("period-evening-peak"),
        other => other.replace('_', " "),
    }
}

/// The hours that a period covers.
pub(super) fn hours(period: &Period) -> String {
    let mut spans = period.spans.clone();
    spans.sort_unstable();
    spans.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}
