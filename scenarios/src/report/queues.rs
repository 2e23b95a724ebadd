//! Queues and lost time by quarter hour, where vehicles moved.

use maud::{Markup, html};

use super::texts::Texts;
use super::{map, street};
use crate::comparison::{Comparison, Moved, Queue, QueueSpot};

/// Size of the chart, in page units, without its margins.
const WIDTH: f64 = 720.0;
const HEIGHT: f64 = 170.0;
const MARGIN: f64 = 64.0;
const SECONDS_PER_HOUR: u32 = 3600;

/// What a scenario does to queues and lost time, beside the base; nothing where nothing moved.
pub(super) fn section(comparison: &Comparison, run: usize, texts: &Texts) -> Markup {
    let Some(moved) = &comparison.moved else { return html! {} };
    let caption = texts.say("queues-chart");
    html! {
        h3 { (texts.say("queues-title")) }
        figure.chart {
            (chart(moved, run, &caption, texts))
            figcaption {
                span.key.before { } (texts.say("column-before")) " "
                span.key.after { } (texts.say("column-after")) ". " (caption)
            }
        }
        (table(comparison, moved, run, texts))
        (moving(moved, run, texts))
    }
}

/// Lost time before and after, as two lines of steps.
fn chart(moved: &Moved, run: usize, caption: &str, texts: &Texts) -> Markup {
    let series = [("before", &moved.runs[0].lost_hours_ph), ("after", &moved.runs[run].lost_hours_ph)];
    let (Some(&(begin_s, _)), Some(&(_, end_s))) = (moved.bins_s.first(), moved.bins_s.last()) else {
        return html! {};
    };
    let top = series.iter().flat_map(|(_, values)| values.iter().copied()).fold(1.0, f64::max) * 1.12;
    let length_s = f64::from(end_s - begin_s);
    let x = |seconds: u32| MARGIN + f64::from(seconds - begin_s) / length_s * WIDTH;
    let y = |value: f64| 12.0 + HEIGHT * (1.0 - value / top);
    let steps = |values: &[f64]| -> String {
        let step =
            |(&(from_s, to_s), value): (&(u32, u32), &f64)| format!("{:.1} {:.1}H{:.1}", x(from_s), y(*value), x(to_s));
        let steps: Vec<String> = moved.bins_s.iter().zip(values).map(step).collect();
        format!("M{}", steps.join("L"))
    };
    let floor = y(0.0);
    let tick = map::round_number(top / 2.5);
    let ticks: Vec<f64> = (1..10).map(|n| f64::from(n) * tick).take_while(|&value| value <= top).collect();
    let every_h = if end_s - begin_s > 8 * SECONDS_PER_HOUR { 3 } else { 1 };
    let hours = (begin_s.div_ceil(SECONDS_PER_HOUR)..=end_s / SECONDS_PER_HOUR).filter(|hour| hour % every_h == 0);
    html! {
        svg.profile role="img" aria-label=(caption) viewBox="0 0 796 216" {
            @for value in &ticks {
                path.grid d=(format!("M{MARGIN} {:.1}h{WIDTH}", y(*value))) {}
                text.end x=(MARGIN - 6.0) y=(format!("{:.1}", y(*value) + 4.0)) { (texts.numbers.whole(*value)) }
            }
            path.axis d=(format!("M{MARGIN} {floor:.1}h{WIDTH}")) {}
            @for (class, values) in &series { path class={ "course " (class) } d=(steps(values)) {} }
            @for hour in hours {
                text.middle x=(format!("{:.1}", x(hour * SECONDS_PER_HOUR))) y=(format!("{:.1}", floor + 18.0)) { (hour) }
            }
        }
    }
}

/// The largest queues after the intervention, with what they were before.
fn table(comparison: &Comparison, moved: &Moved, run: usize, texts: &Texts) -> Markup {
    let spots = &moved.runs[run].longest;
    html! {
        @if spots.is_empty() {
            p { (texts.say("queues-none")) }
        } @else {
            div.scroll role="region" tabindex="0" aria-label=(texts.say("queues-longest")) {
                table.queues {
                    caption { (texts.say("queues-longest")) }
                    thead {
                        tr {
                            th scope="col" { (texts.say("column-street")) }
                            th scope="col" { (texts.say("column-quarter-hour")) }
                            th.number scope="col" { (texts.say("column-standing")) }
                            th.number scope="col" { (texts.say("column-reach")) }
                            th.number scope="col" { (texts.say("column-lost")) }
                        }
                    }
                    tbody { @for spot in spots { (row(comparison, spot, run, texts)) } }
                }
            }
            p.note { (texts.say("queues-note")) }
        }
    }
}

fn row(comparison: &Comparison, spot: &QueueSpot, run: usize, texts: &Texts) -> Markup {
    let place = street::place(&spot.at, texts);
    let number = |of: fn(&Queue) -> f64| {
        let [before, after] = [&spot.base, &spot.queue].map(|queue| texts.numbers.whole(of(queue)));
        html! {
            td.number {
                span.value { (after) }
                @if run > 0 { " " small { (texts.fill("queue-before", &[("value", (&before).into())])) } }
            }
        }
    };
    html! {
        tr {
            th scope="row" {
                (street::of_link(&comparison.links[spot.link], texts))
                @if !place.is_empty() { " " small.at { (place) } }
            }
            td { (clock(spot.from_s)) }
            (number(|queue| queue.standing_veh))
            (number(|queue| queue.reach_m))
            (number(|queue| queue.delay_s))
        }
    }
}

/// How the vehicles fared that moved.
fn moving(moved: &Moved, run: usize, texts: &Texts) -> Markup {
    let of_run = &moved.runs[run];
    let count = |value: f64| texts.numbers.whole(value);
    let stuck = of_run.running.value + of_run.waiting.value;
    html! {
        p.note {
            (texts.fill("moved-counts", &[
                ("inserted", (&count(of_run.inserted.value)).into()),
                ("rerouted", (&count(of_run.rerouted.value)).into()),
                ("exchanged", (&count(of_run.exchanged.value)).into()),
            ]))
            @if stuck >= 0.5 { " " (texts.fill("moved-stuck", &[("vehicles", (&count(stuck)).into())])) }
            @if of_run.teleports.value > 0.0 {
                " " (texts.fill("moved-teleports", &[("vehicles", (&count(of_run.teleports.value)).into())]))
            }
        }
    }
}

fn clock(seconds: u32) -> String {
    format!("{}:{:02}", seconds / SECONDS_PER_HOUR, seconds / 60 % 60)
}
