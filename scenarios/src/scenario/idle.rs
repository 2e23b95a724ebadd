//! Rules by hour that hold at no time that a run computes: on other types of day than the city's, or outside the one
//! period that is run. They are no error, as the same scenario may be run otherwise, but nobody should read their absence
//! of effect as a result.

use std::fmt;

use engine::time::{DayPlan, DayType, Hours, Period, Span};

use super::apply::{event_windows, hours};
use super::file::{RuleHours, ScenarioFile};
use super::problem::Place;
use super::tree::Chain;

/// A rule by hour without effect in a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdleRule {
    /// The file.
    pub file: String,
    /// Where its hours stand.
    pub place: Place,
    /// The edit that it is part of, as in the file: `ztl`, `low_emission_zone`, `close`, `set`, `bus_lane`, `line` or `event`.
    pub edit: &'static str,
    /// Why it has no effect.
    pub reason: IdleReason,
}

/// Why a rule has no effect in a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum IdleReason {
    /// It holds on other types of day than the one that is computed.
    Day {
        /// Those on which it holds.
        days: Vec<DayType>,
        /// The one that is computed.
        computed: DayType,
    },
    /// It holds at other hours than those of the one period that is computed.
    Period {
        /// When it holds.
        spans: Vec<Span>,
        /// The period.
        computed: Period,
    },
}

impl fmt::Display for IdleRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { file, place, edit, reason } = self;
        match reason {
            IdleReason::Day { days, computed } => {
                let days: Vec<&str> = days.iter().map(|day| day.name()).collect();
                let (days, computed) = (days.join(" and "), computed.name());
                write!(
                    f,
                    "{file}:{place}: the hours of this {edit} are of {days}, but the day that is computed is a {computed}: \
                     the rule has no effect; add \"{computed}\" to its days, or leave days out"
                )
            }
            IdleReason::Period { spans, computed } => write!(
                f,
                "{file}:{place}: the hours of this {edit} ({}) lie outside {} ({}), the only period of this run: \
                 the rule has no effect here; run the whole day, or a period in which it holds",
                told(spans),
                computed.name,
                told(&computed.spans)
            ),
        }
    }
}

fn told(spans: &[Span]) -> String {
    spans.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

/// The rules of a scenario and its ancestors that have no effect in a run of that day, or of its one period of that name.
#[must_use]
pub fn idle_rules(chain: &Chain, plan: &DayPlan, period: Option<&str>) -> Vec<IdleRule> {
    let period = period.and_then(|name| plan.period_named(name)).map(|period| &plan.periods()[period]);
    let of_file = chain.files().iter().flat_map(|written| {
        rules(&written.scenario).into_iter().filter_map(move |(edit, rule, hours)| {
            let reason = reason(&hours, plan.day, period)?;
            let place = Place::at(&written.text, rule.from.span().start);
            Some(IdleRule { file: written.file.clone(), place, edit, reason })
        })
    });
    of_file.collect()
}

/// Every rule by hour of a file, with the edit that it is part of, and when it holds.
fn rules(scenario: &ScenarioFile) -> Vec<(&'static str, &RuleHours, Hours)> {
    let close = scenario.close.iter().filter_map(|edit| edit.get_ref().hours.as_ref());
    let set = scenario.set.iter().filter_map(|edit| edit.get_ref().hours.as_ref());
    let ztl = scenario.ztl.iter().map(|edit| &edit.get_ref().hours);
    let bus_lane = scenario.bus_lane.iter().filter_map(|edit| edit.get_ref().hours.as_ref());
    let line = scenario.line.iter().map(|edit| &edit.get_ref().hours);
    let close = close.map(|rule| ("close", rule));
    let others = set.map(|rule| ("set", rule)).chain(ztl.map(|rule| ("ztl", rule)));
    let clean = scenario.low_emission_zone.iter().filter_map(|edit| edit.get_ref().hours.as_ref());
    let others = others.chain(clean.map(|rule| ("low_emission_zone", rule)));
    let of_buses = bus_lane.map(|rule| ("bus_lane", rule)).chain(line.map(|rule| ("line", rule)));
    let plain = close.chain(others).chain(of_buses).map(|(edit, rule)| (edit, rule, hours(rule)));
    // What counts of an event is when its visitors are on their way.
    let events = scenario.event.iter().map(|edit| {
        let [mut way_there, way_back] = event_windows(edit.get_ref());
        way_there.spans.extend(way_back.spans);
        ("event", &edit.get_ref().hours, way_there)
    });
    plain.chain(events).collect()
}

fn reason(rule: &Hours, day: DayType, period: Option<&Period>) -> Option<IdleReason> {
    if !rule.days.contains(&day) {
        return Some(IdleReason::Day { days: rule.days.clone(), computed: day });
    }
    let period = period?;
    let meets = |span: &Span| period.spans.iter().any(|other| span.from < other.to && other.from < span.to);
    let is_idle = !rule.spans.iter().any(meets);
    is_idle.then(|| IdleReason::Period { spans: rule.spans.clone(), computed: period.clone() })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn idle(hours: &str, period: Option<&str>) -> Vec<String> {
        let text = format!(
            "format = 1\nname = \"z\"\ntitle = {{ it = \"x\", en = \"x\" }}\n[[ztl]]\nquarter = \"Centro\"\n\
             exempt_share = 0\nhours = {{ {hours} }}\n"
        );
        let chain = Chain::of_texts(vec![("z.toml".to_owned(), text)]).expect("a scenario");
        idle_rules(&chain, &DayPlan::weekday(), period).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_rule_of_other_days_is_told_with_its_place() {
        let told = idle("days = [\"saturday\", \"sunday\"], from = \"7:30\", to = \"19:00\"", None).concat();
        assert!(told.starts_with("z.toml:7:") && told.contains("saturday and sunday") && told.contains("a weekday"));
        assert!(idle("days = [\"weekday\", \"sunday\"], from = \"7:30\", to = \"19:00\"", None).is_empty());
        assert!(idle("from = \"7:30\", to = \"19:00\"", None).is_empty());
    }

    #[test]
    fn a_rule_of_other_hours_is_told_where_one_period_is_run() {
        let night = "from = \"20:00\", to = \"6:00\"";
        assert!(idle(night, None).is_empty() && idle(night, Some("night")).is_empty());
        let told = idle(night, Some("morning_peak")).concat();
        assert!(told.contains("(00:00–06:00, 20:00–24:00)") && told.contains("morning_peak (07:00–09:00)"), "{told}");
        // What ends where the period begins does not touch it.
        assert_eq!(idle("from = \"6:00\", to = \"7:00\"", Some("morning_peak")).len(), 1);
    }

    #[test]
    fn a_timetable_outside_the_hours_that_are_run_is_told() {
        let text = "format = 1\nname = \"z\"\ntitle = { it = \"x\", en = \"x\" }\n[[line]]\nname = \"1\"\n\
                    calls = [{ junction = \"a\" }, { junction = \"b\" }]\nheadway_min = 10\ndwell_s = 20\n\
                    hours = { from = \"10:00\", to = \"16:00\" }\n";
        let chain = Chain::of_texts(vec![("z.toml".to_owned(), text.to_owned())]).expect("a scenario");
        let told = |period| {
            idle_rules(&chain, &DayPlan::weekday(), period).iter().map(ToString::to_string).collect::<String>()
        };
        assert_eq!(told(None), "");
        let told = told(Some("morning_peak"));
        assert!(
            told.starts_with("z.toml:9:") && told.contains("the hours of this line (10:00–16:00) lie outside"),
            "{told}"
        );
    }

    #[test]
    fn an_event_counts_while_its_visitors_are_on_their_way() {
        let idle = |from: &str, to: &str| {
            let text = format!(
                "format = 1\nname = \"z\"\ntitle = {{ it = \"x\", en = \"x\" }}\n[[event]]\nname = \"Fair\"\n\
                 place = {{ zone = \"t:z\" }}\nhours = {{ from = \"{from}\", to = \"{to}\" }}\nvisitors = 1\nby_car_share = 1\n\
                 persons_per_car = 1\narrival_spread_min = 60\ndeparture_spread_min = 60\n"
            );
            let chain = Chain::of_texts(vec![("z.toml".to_owned(), text)]).expect("a scenario");
            idle_rules(&chain, &DayPlan::weekday(), Some("morning_peak")).len()
        };
        assert_eq!([idle("9:30", "18:00"), idle("4:00", "6:30")], [0, 0], "on their way between 7:00 and 9:00");
        assert_eq!(
            [idle("6:00", "12:00"), idle("10:00", "18:00")],
            [1, 1],
            "it may last during the period: nobody drives"
        );
    }
}
