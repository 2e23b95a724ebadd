//! When trips begin: the departure of one vehicle, and those of a flow.
//!
//! SUMO counts in whole milliseconds, and so are flows here: 700 vehicles an hour begin every 5.143 s. What begins before the
//! run does not begin at all, and a flow's vehicles are numbered from the first one that begins.

use std::borrow::Cow;

use engine::traffic::demand::Arrivals;

use super::element::{Element, TIME_MAX_S, number, time_s};
use super::source::{At, Blame};

/// How long a flow lasts where neither it nor the run ends, in seconds (SUMO).
const FLOW_LENGTH_S: f64 = 24.0 * 3600.0;

/// From when to when the run goes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Run {
    pub(super) begin_s: f64,
    pub(super) end_s: Option<f64>,
}

impl Run {
    /// Until when somebody may begin: no run is so long that it takes hours to come there.
    pub(super) fn until_s(self) -> f64 {
        self.end_s.unwrap_or(self.begin_s + LENGTH_MAX_S)
    }

    /// Why nobody begins after that.
    pub(super) fn too_late(self) -> &'static str {
        if self.end_s.is_some() { AFTER_END } else { AFTER_ALL }
    }

    /// Why nobody may begin at a time.
    pub(super) fn refuses(self, depart_s: f64) -> Option<&'static str> {
        if depart_s < self.begin_s {
            Some(BEFORE_BEGIN)
        } else if depart_s >= self.until_s() {
            Some(self.too_late())
        } else {
            None
        }
    }
}

pub(super) const BEFORE_BEGIN: &str = "it departs before the run begins";
const AFTER_END: &str = "it departs after the run's end";
const AFTER_ALL: &str = "it departs more than 100 days after the run begins, which gives no end";

/// No run lasts longer, in seconds; without an end nobody begins so long after its beginning.
pub(super) const LENGTH_MAX_S: f64 = 100.0 * 86_400.0;

/// No flow has more vehicles.
const NUMBER_MAX: u64 = 10_000_000;

/// No flow has more vehicles a second: they would follow each other within less than a millisecond.
const PER_SECOND_MAX: f64 = 1000.0;

/// When the vehicles of one element begin.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Departures {
    /// One vehicle.
    Once(f64),
    /// Vehicle *k* begins `k` periods after the first.
    Regular(Regular),
    /// At random times, so many at most.
    Random { begin_s: f64, end_s: f64, most: u64, arrivals: Arrivals },
}

impl Departures {
    /// How many vehicles or people begin in the run, as far as that is known: 1 where it is random, and where none does.
    pub(super) fn count(&self, run: Run) -> u64 {
        match self {
            Self::Regular(regular) => {
                let clipped = regular.clipped(run);
                (clipped.end - clipped.first).max(1)
            }
            Self::Once(_) | Self::Random { .. } => 1,
        }
    }
}

/// Departures at equal distances.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Regular {
    pub(super) begin_ms: i64,
    pub(super) period_ms: i64,
    pub(super) count: u64,
}

/// A flow's departures that lie in the run, and how many do not.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Clipped {
    /// Which of the flow's vehicles begin.
    pub(super) first: u64,
    pub(super) end: u64,
    pub(super) before_begin: u64,
    pub(super) after_end: u64,
}

impl Regular {
    /// When vehicle `number` begins, in seconds.
    pub(super) fn depart_s(&self, number: u64) -> f64 {
        (self.begin_ms as f64 + number as f64 * self.period_ms as f64) / 1000.0
    }

    /// Which of the vehicles begin in the run.
    pub(super) fn clipped(&self, run: Run) -> Clipped {
        let before = |time_s: f64| match (milliseconds(time_s) - self.begin_ms, self.period_ms) {
            (..=0, _) => 0,
            (_, 0) => self.count,
            (rest_ms, period_ms) => self.count.min(rest_ms.unsigned_abs().div_ceil(period_ms.unsigned_abs())),
        };
        let first = before(run.begin_s);
        let end = before(run.until_s()).max(first);
        Clipped { first, end, before_begin: first, after_end: self.count - end }
    }
}

fn milliseconds(time_s: f64) -> i64 {
    (time_s * 1000.0).round() as i64
}

/// What an `interval` says: when flows inside it begin and end that do not say.
#[derive(Clone, Copy, Debug)]
pub(super) struct Interval {
    begin_s: f64,
    end_s: f64,
}

impl Interval {
    /// An `interval` begins.
    pub(super) fn read(element: &Element<'_>) -> Result<Self, Blame> {
        let time = |name: &'static str| time_s(name, element.text(name)?).at(element.place);
        Ok(Self { begin_s: time("begin")?, end_s: time("end")? })
    }
}

/// What a flow says of its departures.
#[derive(Clone, Debug, Default)]
pub(super) struct FlowTimes<'a> {
    /// What it stands in.
    pub(super) interval: Option<Interval>,
    pub(super) begin: Option<Cow<'a, str>>,
    pub(super) end: Option<Cow<'a, str>>,
    pub(super) number: Option<Cow<'a, str>>,
    pub(super) period: Option<Cow<'a, str>>,
    pub(super) per_hour: Option<Cow<'a, str>>,
    pub(super) probability: Option<Cow<'a, str>>,
}

impl FlowTimes<'_> {
    /// The departures, or what is wrong with them in words.
    pub(super) fn departures(&self, run: Run) -> Result<Departures, String> {
        let rates = [&self.period, &self.per_hour, &self.probability];
        let rate_count = rates.iter().filter(|rate| rate.is_some()).count();
        if rate_count > 1 {
            return Err("it gives more than one of period, vehsPerHour (perHour) and probability".to_owned());
        }
        if rate_count == 1 && self.end.is_some() && self.number.is_some() {
            return Err("it gives both end and number beside its rate; take one of them out".to_owned());
        }
        if rate_count == 0 && self.number.is_none() {
            return Err("it gives none of number, period, vehsPerHour (perHour) and probability".to_owned());
        }
        let begin_s = match self.begin.as_deref() {
            Some("triggered" | "containerTriggered" | "split" | "now") => return Err(TRIGGERED.to_owned()),
            None => self.interval.map_or(run.begin_s, |interval| interval.begin_s),
            Some("begin") => run.begin_s,
            Some(begin) => time_s("begin", begin).map_err(|fault| fault.to_string())?,
        };
        let end = self.end.as_deref().map(|end| time_s("end", end)).transpose().map_err(|fault| fault.to_string())?;
        let end = end.or(self.interval.map(|interval| interval.end_s));
        let end_s = end.or(run.end_s).unwrap_or(begin_s + FLOW_LENGTH_S);
        if begin_s < 0.0 || end.is_some_and(|end_s| end_s < begin_s) {
            return Err("it begins before 0 s or ends before it begins".to_owned());
        }
        let whole = |text: &Cow<'_, str>| {
            let number = text.trim().parse::<u64>().ok().filter(|number| *number <= NUMBER_MAX);
            number.ok_or_else(|| format!("number=\"{text}\" is not a whole number from 0 to {NUMBER_MAX}"))
        };
        let count = self.number.as_ref().map(whole).transpose()?;
        let positive = |name: &str, text: &str| match number(name, text) {
            Ok(number) if number > 0.0 => Ok(number),
            _ => Err(format!("{name}=\"{text}\" is not a number of more than 0")),
        };
        if let Some(text) = &self.probability {
            let probability = positive("probability", text)?;
            if probability > 1.0 {
                return Err(format!("probability=\"{text}\" is more than 1"));
            }
            return Ok(random(begin_s, end_s, count, Arrivals::EachSecond(probability)));
        }
        if let Some(rate) = self.period.as_deref().and_then(exponential) {
            let rate_hz = positive("period", rate)?;
            if rate_hz > PER_SECOND_MAX {
                return Err(format!("period=\"exp({rate})\" is more than {PER_SECOND_MAX} vehicles a second"));
            }
            return Ok(random(begin_s, end_s, count, Arrivals::Poisson(rate_hz)));
        }
        let (begin_ms, end_ms) = (milliseconds(begin_s), milliseconds(end_s));
        let period_ms = match (&self.period, &self.per_hour, count) {
            (Some(period), ..) => {
                let period_s = time_s("period", period).map_err(|fault| fault.to_string())?;
                milliseconds(period_s)
            }
            (_, Some(per_hour), _) => {
                milliseconds((3600.0 / positive("vehsPerHour", per_hour)?).min(FLOW_LENGTH_S * 1e4))
            }
            (_, _, Some(count)) => ((end_ms - begin_ms).max(0) as u64 / count.max(1)) as i64,
            _ => 0,
        };
        if rate_count == 1 && period_ms < 1 {
            return Err("its vehicles follow each other within less than a millisecond".to_owned());
        }
        let lasts_ms = (end_ms - begin_ms).max(0).unsigned_abs();
        let count = count.unwrap_or_else(|| lasts_ms.div_ceil(period_ms.max(1).unsigned_abs()));
        Ok(Departures::Regular(Regular { begin_ms, period_ms, count }))
    }
}

/// How many begin at random within a time, on average, and at most `most`.
pub(super) fn expected(arrivals: Arrivals, (begin_s, end_s): (f64, f64), most: u64) -> u64 {
    let (Arrivals::EachSecond(rate_hz) | Arrivals::Poisson(rate_hz)) = arrivals;
    (((end_s - begin_s) * rate_hz).ceil() as u64).min(most)
}

/// Departures on a call that never comes here.
pub(super) const TRIGGERED: &str = "it departs when somebody calls it, which is not simulated";

/// Random departures; where a number of them is given, as in SUMO, it is exact, however long they take.
fn random(begin_s: f64, end_s: f64, count: Option<u64>, arrivals: Arrivals) -> Departures {
    let end_s = if count.is_some() { TIME_MAX_S } else { end_s };
    Departures::Random { begin_s, end_s, most: count.unwrap_or(u64::MAX), arrivals }
}

/// The rate inside `exp(rate)`.
fn exponential(text: &str) -> Option<&str> {
    text.trim().strip_prefix("exp(")?.strip_suffix(')')
}

#[cfg(test)]
mod tests {
    use super::*;

    const RUN: Run = Run { begin_s: 0.0, end_s: Some(200.0) };

    fn departures(attributes: &[(&str, &'static str)], run: Run) -> Result<Departures, String> {
        let mut times = FlowTimes::default();
        for (name, value) in attributes {
            let slot = match *name {
                "begin" => &mut times.begin,
                "end" => &mut times.end,
                "number" => &mut times.number,
                "period" => &mut times.period,
                "vehsPerHour" => &mut times.per_hour,
                _ => &mut times.probability,
            };
            *slot = Some(Cow::Borrowed(value));
        }
        times.departures(run)
    }

    fn times(attributes: &[(&str, &'static str)], run: Run) -> Vec<f64> {
        let Ok(Departures::Regular(regular)) = departures(attributes, run) else { panic!("{attributes:?}") };
        let clipped = regular.clipped(run);
        (clipped.first..clipped.end).map(|number| regular.depart_s(number)).collect()
    }

    /// As SUMO 1.28 lets them depart, steps of a millisecond.
    #[test]
    fn regular_flows_depart_when_sumos_do() {
        let number = [("begin", "0"), ("end", "100"), ("number", "7")];
        assert_eq!(times(&number, RUN), [0.0, 14.285, 28.57, 42.855, 57.14, 71.425, 85.71]);
        let per_hour = [("begin", "0"), ("end", "30"), ("vehsPerHour", "700")];
        assert_eq!(times(&per_hour, RUN), [0.0, 5.143, 10.286, 15.429, 20.572, 25.715]);
        assert_eq!(times(&[("begin", "3"), ("period", "4.5"), ("number", "3")], RUN), [3.0, 7.5, 12.0]);
        assert_eq!(times(&[("begin", "0"), ("end", "13.5"), ("period", "4.5")], RUN), [0.0, 4.5, 9.0]);
        let late = Run { begin_s: 4.0, end_s: Some(20.0) };
        assert_eq!(times(&per_hour, late), [5.143, 10.286, 15.429]);
    }

    #[test]
    fn what_a_flow_does_not_say_comes_from_the_run() {
        assert_eq!(times(&[("number", "2")], RUN), [0.0, 100.0]);
        assert_eq!(times(&[("period", "60")], RUN), [0.0, 60.0, 120.0, 180.0]);
        let endless = Run { begin_s: 10.0, end_s: None };
        let Ok(Departures::Regular(regular)) = departures(&[("period", "3600")], endless) else { panic!() };
        assert_eq!(regular.count, 24);
    }

    #[test]
    fn random_flows_keep_their_rate_and_number() {
        let arrivals = |attributes: &[(&str, &'static str)]| match departures(attributes, RUN) {
            Ok(Departures::Random { begin_s, end_s, most, arrivals }) => (begin_s, end_s, most, arrivals),
            other => panic!("{other:?}"),
        };
        let expected = (5.0, 50.0, u64::MAX, Arrivals::EachSecond(0.25));
        assert_eq!(arrivals(&[("begin", "5"), ("end", "50"), ("probability", "0.25")]), expected);
        assert_eq!(arrivals(&[("period", "exp(0.5)")]), (0.0, 200.0, u64::MAX, Arrivals::Poisson(0.5)));
        assert_eq!(
            arrivals(&[("period", "exp(0.5)"), ("number", "10")]),
            (0.0, TIME_MAX_S, 10, Arrivals::Poisson(0.5))
        );
    }

    #[test]
    fn a_run_without_end_is_over_after_a_hundred_days() {
        let endless = Run { begin_s: 10.0, end_s: None };
        assert_eq!(endless.refuses(8_640_000.0), None);
        assert!(endless.refuses(8_640_010.0).expect("too late").contains("more than 100 days"));
        assert!(RUN.refuses(200.0).expect("too late").contains("after the run's end"));
        let Ok(Departures::Regular(regular)) = departures(&[("period", "1e6"), ("number", "20")], endless) else {
            panic!("regular")
        };
        let clipped = regular.clipped(endless);
        assert_eq!((clipped.end, clipped.after_end), (9, 11));
    }

    #[test]
    fn flows_that_contradict_themselves_are_refused() {
        let cases: [(&[(&str, &'static str)], &str); 10] = [
            (&[], "none of number"),
            (&[("period", "2"), ("vehsPerHour", "5")], "more than one of"),
            (&[("period", "2"), ("number", "5"), ("end", "9")], "both end and number"),
            (&[("period", "0")], "less than a millisecond"),
            (&[("vehsPerHour", "-1")], "vehsPerHour=\"-1\" is not a number of more than 0"),
            (&[("probability", "1.5")], "more than 1"),
            (&[("number", "10000001")], "number=\"10000001\" is not a whole number from 0 to 10000000"),
            (&[("number", "18446744073709551615"), ("period", "1")], "is not a whole number from 0 to 10000000"),
            (&[("number", "1"), ("begin", "triggered")], "not simulated"),
            (&[("number", "1"), ("begin", "9"), ("end", "8")], "ends before it begins"),
        ];
        for (attributes, expected) in cases {
            let told = departures(attributes, RUN).expect_err(expected);
            assert!(told.contains(expected), "'{told}' does not say '{expected}'");
        }
    }
}
