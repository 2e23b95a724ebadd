//! The city's local clock: times of day, day types, opening hours and the periods of a day.
//!
//! Simulated time is wall-clock time of the city's own time zone (`Europe/Rome` for Alessandria). A day is divided into
//! [`Period`]s with their own demand; where a rule begins or ends inside a period, the period is split into
//! [`TimeSlice`]s, so that a limited-traffic zone from 7:30 to 19:00 is expressed exactly.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// Seconds in a day of the local clock. Days on which the clock changes are not modelled.
pub const DAY_S: u32 = 86_400;

/// A time of day of the local clock, 0:00 to 24:00.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ClockTime(u32);

/// Why a text is not a time of day.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("'{0}' is not a time of day; write hours and minutes from 0:00 to 24:00, as in 7:30")]
pub struct ClockTimeError(pub String);

impl ClockTime {
    /// 0:00.
    pub const MIDNIGHT: Self = Self(0);
    /// 24:00, the end of the day.
    pub const END_OF_DAY: Self = Self(DAY_S);

    /// The time so many seconds after midnight; none beyond 24:00.
    #[must_use]
    pub fn from_seconds(seconds: u32) -> Option<Self> {
        (seconds <= DAY_S).then_some(Self(seconds))
    }

    /// Seconds since midnight, 0 to [`DAY_S`].
    #[must_use]
    pub fn seconds(self) -> u32 {
        self.0
    }
}

impl FromStr for ClockTime {
    type Err = ClockTimeError;
    fn from_str(text: &str) -> Result<Self, ClockTimeError> {
        let wrong = || ClockTimeError(text.to_owned());
        let (hours, minutes) = text.trim().split_once(':').ok_or_else(wrong)?;
        let hours: u32 = hours.parse().map_err(|_| wrong())?;
        let minutes: u32 = (minutes.len() == 2).then(|| minutes.parse().ok()).flatten().ok_or_else(wrong)?;
        if hours > 24 || minutes > 59 {
            return Err(wrong());
        }
        Self::from_seconds(hours * 3600 + minutes * 60).ok_or_else(wrong)
    }
}

impl fmt::Display for ClockTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}:{:02}", self.0 / 3600, self.0 / 60 % 60)
    }
}

impl Serialize for ClockTime {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for ClockTime {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

/// A stretch of one day, from a time (included) to a later one (excluded).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Span {
    /// First instant inside.
    pub from: ClockTime,
    /// First instant no longer inside; later than `from`.
    pub to: ClockTime,
}

impl Span {
    /// The whole day.
    pub const DAY: Self = Self { from: ClockTime::MIDNIGHT, to: ClockTime::END_OF_DAY };

    /// The stretch between two times as one or, where it passes midnight, two spans of the same day; none where both are equal.
    #[must_use]
    pub fn between(from: ClockTime, to: ClockTime) -> Vec<Self> {
        if from < to {
            return vec![Self { from, to }];
        }
        [Self { from: ClockTime::MIDNIGHT, to }, Self { from, to: ClockTime::END_OF_DAY }]
            .into_iter()
            .filter(|span| from != to && span.from < span.to)
            .collect()
    }

    /// Whether the time is inside.
    #[must_use]
    pub fn contains(self, time: ClockTime) -> bool {
        self.from <= time && time < self.to
    }

    /// Its length in seconds.
    #[must_use]
    pub fn duration_s(self) -> u32 {
        self.to.0 - self.from.0
    }
}

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}–{}", self.from, self.to)
    }
}

/// A kind of day, each with its own demand and rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[repr(u8)]
pub enum DayType {
    /// Monday to Friday, no holiday.
    Weekday = 0,
    /// Saturday, no holiday.
    Saturday = 1,
    /// Sunday or public holiday.
    Sunday = 2,
}

impl DayType {
    /// Every day type.
    pub const ALL: [Self; 3] = [Self::Weekday, Self::Saturday, Self::Sunday];

    /// The word used in files.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Weekday => "weekday",
            Self::Saturday => "saturday",
            Self::Sunday => "sunday",
        }
    }
}

/// Hours of the days on which a rule holds.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Hours {
    /// The day types on which it holds.
    pub days: Vec<DayType>,
    /// The stretches of those days; they do not overlap.
    pub spans: Vec<Span>,
}

impl Hours {
    /// Every hour of every day.
    #[must_use]
    pub fn always() -> Self {
        Self { days: DayType::ALL.to_vec(), spans: vec![Span::DAY] }
    }

    /// Whether the rule holds at that time of such a day.
    #[must_use]
    pub fn contains(&self, day: DayType, time: ClockTime) -> bool {
        self.days.contains(&day) && self.spans.iter().any(|span| span.contains(time))
    }
}

/// A part of the day with its own demand: a morning peak, a night.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Period {
    /// Its name in files (`morning_peak`).
    pub name: String,
    /// The stretches of the day that it covers: two where it passes midnight.
    pub spans: Vec<Span>,
}

impl Period {
    /// Its length in seconds.
    #[must_use]
    pub fn duration_s(&self) -> u32 {
        self.spans.iter().map(|span| span.duration_s()).sum()
    }
}

/// A day of one type, divided into periods that cover it without gap or overlap.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DayPlan {
    /// The type of day.
    pub day: DayType,
    periods: Vec<Period>,
}

/// Why periods do not make a day.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DayPlanError {
    /// Two periods claim the same time.
    #[error("the periods '{0}' and '{1}' overlap at {2}")]
    Overlap(String, String, ClockTime),
    /// No period covers a time.
    #[error("no period covers {0}; periods must cover the whole day")]
    Gap(ClockTime),
    /// A span ends before it begins, or is empty.
    #[error("period '{0}' holds an empty span {1}")]
    Empty(String, Span),
    /// Two periods have one name.
    #[error("two periods are named '{0}'")]
    Name(String),
}

/// A stretch of the day in which neither demand nor network changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TimeSlice {
    /// The period that it is part of, as an index into [`DayPlan::periods`].
    pub period: usize,
    /// When.
    pub span: Span,
}

impl DayPlan {
    /// Makes a day of the periods.
    ///
    /// # Errors
    /// [`DayPlanError`] where they overlap, leave a gap, hold an empty span or share a name.
    pub fn new(day: DayType, periods: Vec<Period>) -> Result<Self, DayPlanError> {
        let mut spans = Vec::new();
        for (index, period) in periods.iter().enumerate() {
            if periods[..index].iter().any(|other| other.name == period.name) {
                return Err(DayPlanError::Name(period.name.clone()));
            }
            for &span in &period.spans {
                if span.from >= span.to {
                    return Err(DayPlanError::Empty(period.name.clone(), span));
                }
                spans.push((span, index));
            }
        }
        spans.sort_unstable();
        let mut covered = (ClockTime::MIDNIGHT, None::<usize>);
        for (span, index) in spans {
            if span.from > covered.0 {
                return Err(DayPlanError::Gap(covered.0));
            }
            if span.from < covered.0 {
                let other = covered.1.map_or(index, |i| i);
                return Err(DayPlanError::Overlap(periods[other].name.clone(), periods[index].name.clone(), span.from));
            }
            covered = (span.to, Some(index));
        }
        if covered.0 != ClockTime::END_OF_DAY {
            return Err(DayPlanError::Gap(covered.0));
        }
        Ok(Self { day, periods })
    }

    /// The weekday that a city without its own plan gets: night 20–7, morning peak 7–9, inter-peak 9–17, evening peak 17–20.
    #[must_use]
    pub fn weekday() -> Self {
        let hour = |h: u32| ClockTime(h * 3600);
        let period =
            |name: &str, from, to| Period { name: name.to_owned(), spans: Span::between(hour(from), hour(to)) };
        Self {
            day: DayType::Weekday,
            periods: vec![
                period("night", 20, 7),
                period("morning_peak", 7, 9),
                period("inter_peak", 9, 17),
                period("evening_peak", 17, 20),
            ],
        }
    }

    /// The periods, in the order given.
    #[must_use]
    pub fn periods(&self) -> &[Period] {
        &self.periods
    }

    /// The period of that name, as an index.
    #[must_use]
    pub fn period_named(&self, name: &str) -> Option<usize> {
        self.periods.iter().position(|period| period.name == name)
    }

    /// The day cut wherever a period or one of the rules begins or ends, in the order of the clock.
    /// Rules of other day types do not cut.
    #[must_use]
    pub fn slices<'a>(&self, rules: impl IntoIterator<Item = &'a Hours>) -> Vec<TimeSlice> {
        let mut cuts: Vec<ClockTime> = rules
            .into_iter()
            .filter(|hours| hours.days.contains(&self.day))
            .flat_map(|hours| hours.spans.iter().flat_map(|span| [span.from, span.to]))
            .collect();
        cuts.sort_unstable();
        cuts.dedup();
        let mut slices = Vec::new();
        for (period, spans) in self.periods.iter().enumerate() {
            for span in &spans.spans {
                let mut from = span.from;
                for &cut in cuts.iter().filter(|&&cut| span.from < cut && cut < span.to) {
                    slices.push(TimeSlice { period, span: Span { from, to: cut } });
                    from = cut;
                }
                slices.push(TimeSlice { period, span: Span { from, to: span.to } });
            }
        }
        slices.sort_unstable_by_key(|slice| slice.span);
        slices
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> ClockTime {
        text.parse().expect("a time")
    }

    #[test]
    fn times_are_read_and_written_as_people_do() {
        assert_eq!(at("7:30").seconds(), 27_000);
        assert_eq!(at("24:00"), ClockTime::END_OF_DAY);
        assert_eq!(at("7:05").to_string(), "07:05");
        for wrong in ["24:01", "7", "7:5", "7:60", "-1:00", "", "7:30:00"] {
            assert!(wrong.parse::<ClockTime>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_span_past_midnight_is_two_spans_of_the_day() {
        let night = Span::between(at("20:00"), at("7:00"));
        assert_eq!(night.iter().map(|span| span.duration_s()).sum::<u32>(), 11 * 3600);
        assert!(Span::between(at("7:00"), at("7:00")).is_empty());
    }

    #[test]
    fn the_default_weekday_covers_the_day() {
        let plan = DayPlan::weekday();
        assert_eq!(DayPlan::new(plan.day, plan.periods.clone()), Ok(plan.clone()));
        assert_eq!(plan.periods().iter().map(Period::duration_s).sum::<u32>(), DAY_S);
    }

    #[test]
    fn a_rule_from_7_30_to_19_splits_the_peaks_and_nothing_else() {
        let plan = DayPlan::weekday();
        let ztl = Hours { days: vec![DayType::Weekday], spans: Span::between(at("7:30"), at("19:00")) };
        let slices = plan.slices([&ztl]);
        let spans: Vec<String> = slices.iter().map(|slice| slice.span.to_string()).collect();
        assert_eq!(
            spans,
            ["00:00–07:00", "07:00–07:30", "07:30–09:00", "09:00–17:00", "17:00–19:00", "19:00–20:00", "20:00–24:00"]
        );
        assert_eq!(slices.iter().map(|slice| slice.span.duration_s()).sum::<u32>(), DAY_S);
        let sunday_only = Hours { days: vec![DayType::Sunday], ..ztl };
        assert_eq!(plan.slices([&sunday_only]).len(), 5);
    }

    #[test]
    fn periods_that_do_not_make_a_day_say_why() {
        let period = |name: &str, from, to| Period { name: name.into(), spans: Span::between(at(from), at(to)) };
        let error = |periods| DayPlan::new(DayType::Weekday, periods).expect_err("not a day");
        assert_eq!(error(vec![period("a", "0:00", "12:00")]), DayPlanError::Gap(at("12:00")));
        assert_eq!(
            error(vec![period("a", "0:00", "13:00"), period("b", "12:00", "24:00")]),
            DayPlanError::Overlap("a".into(), "b".into(), at("12:00"))
        );
        assert_eq!(
            error(vec![period("a", "0:00", "12:00"), period("a", "12:00", "24:00")]),
            DayPlanError::Name("a".into())
        );
    }
}
