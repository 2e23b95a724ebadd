//! Which vehicles are drawn together: those of one kind in one stretch of a period.
//!
//! A stream's number keys its draws, and it is the same in base and scenario: it is made of the number of the period, of the
//! span within it and of the kind. A day that has more of them than there are numbers is refused.

use engine::assignment::OdMatrix;
use engine::demand::{Matrix, PeriodDemand};
use engine::time::{DayPlan, Period, Span};
use engine::traffic::from_city::{Stream, Stretch, StretchError};

use super::super::model::{CityModel, Slice};
use super::super::solve::{TOLD, classes_told_as};

/// The most spans of a period that are told apart.
const SPANS_MAX: usize = 16;
/// Added to the number of a slice for its visitors' stream: the first number that no period's stream has.
const VISITORS: usize = 1024;
/// Added to the number of a stream that warms streets up: the first that no visitors' stream has.
const WARMING_UP: usize = 2048;
/// The most periods that are told apart.
const PERIODS_MAX: usize = VISITORS / (SPANS_MAX * TOLD.len());
/// The most slices of the day whose visitors are told apart.
const SLICES_MAX: usize = WARMING_UP - VISITORS;

/// Why the vehicles of a day cannot all be drawn apart from each other.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StreamsError {
    /// The day has too many periods.
    #[error(
        "the city's day has {found} periods, and vehicles that move are drawn for {PERIODS_MAX} at most; merge some of them in the city's manifest, or use --fidelity strategic"
    )]
    Periods {
        /// How many there are.
        found: usize,
    },
    /// A period has too many spans.
    #[error(
        "the period '{period}' has {found} spans of the day, and vehicles that move are drawn for {SPANS_MAX} at most; merge some of them in the city's manifest, or use --fidelity strategic"
    )]
    Spans {
        /// The period.
        period: String,
        /// How many there are.
        found: usize,
    },
    /// The day has too many slices.
    #[error(
        "what holds by the hour cuts the day into {found} slices, and the visitors of events are drawn for {SLICES_MAX} at most; let edits and rules begin and end at fewer times, or use --fidelity strategic"
    )]
    Slices {
        /// How many there are.
        found: usize,
    },
}

/// Refuses a city of which two streams would share their draws.
pub(in crate::run) fn check(model: &CityModel) -> Result<(), StreamsError> {
    let has_visitors = |slice: &Slice| model.visitors.get(slice.visitors).is_some_and(|there| !there.is_empty());
    let last = model.slices.iter().rposition(has_visitors);
    check_day(&model.applied.tables.about.day_plan, last.map_or(0, |slice| slice + 1))
}

/// The same for a day of which so many slices, from the first on, have visitors.
fn check_day(plan: &DayPlan, slices: usize) -> Result<(), StreamsError> {
    let periods = plan.periods();
    if periods.len() > PERIODS_MAX {
        return Err(StreamsError::Periods { found: periods.len() });
    }
    if let Some(period) = periods.iter().find(|period| period.spans.len() > SPANS_MAX) {
        return Err(StreamsError::Spans { period: period.name.clone(), found: period.spans.len() });
    }
    if slices > SLICES_MAX { Err(StreamsError::Slices { found: slices }) } else { Ok(()) }
}

/// The matrices of each kind in one period, in the order of [`TOLD`].
pub(super) fn matrices(demand: &PeriodDemand) -> [OdMatrix; TOLD.len()] {
    [&demand.cars.total(), &demand.vans, &demand.heavy_vehicles, &demand.motorcycles].map(|of| of.to_od_matrix())
}

/// The streams of one period of a day that [`check`] lets pass, one for each span and kind. `warm_up_s` seconds before the first span begin vehicles too.
pub(super) fn of_period<'a>(
    period: (usize, &Period),
    matrices: &'a [OdMatrix; TOLD.len()],
    warm_up_s: f64,
) -> Result<Vec<Stream<'a>>, StretchError> {
    let (number, period) = period;
    let mut streams = Vec::new();
    let mut add = |span: usize, stretch: &Stretch, offset: usize| {
        for (kind, demand) in matrices.iter().enumerate() {
            let number = ((number * SPANS_MAX + span) * TOLD.len() + kind + offset) as u16;
            streams.push(Stream { number, classes: classes_told_as(kind), demand, stretch: stretch.clone() });
        }
    };
    for (index, Span { from, to }) in period.spans.iter().enumerate() {
        let (from_s, to_s) = (f64::from(from.seconds()), f64::from(to.seconds()));
        if index == 0 && warm_up_s > 0.0 {
            add(index, &Stretch::new(from_s - warm_up_s, warm_up_s, &[])?, WARMING_UP);
        }
        add(index, &Stretch::new(from_s, to_s - from_s, &[])?, 0);
    }
    Ok(streams)
}

/// The cars of a slice's visitors: what its demand has beyond that of its period.
pub(super) fn visitors(of_slice: &PeriodDemand, of_period: &PeriodDemand) -> OdMatrix {
    let (with, without) = (of_slice.cars.total(), of_period.cars.total());
    Matrix::from_fn(with.size(), |from, to| (with.at(from, to) - without.at(from, to)).max(0.0)).to_od_matrix()
}

/// The stream of the visitors of a slice of such a day.
pub(super) fn of_visitors(slice: usize, demand: &OdMatrix, from_s: f64, to_s: f64) -> Result<Stream<'_>, StretchError> {
    let number = (VISITORS + slice) as u16;
    Ok(Stream { number, classes: classes_told_as(0), demand, stretch: Stretch::new(from_s, to_s - from_s, &[])? })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use engine::time::{ClockTime, DayType};

    use super::*;

    /// A day of equal periods, each made of so many equal spans that take turns.
    fn day(periods: u32, spans: u32) -> DayPlan {
        let part_s = 86_400 / (periods * spans);
        let at = |part: u32| ClockTime::from_seconds(part * part_s).expect("within the day");
        let end = |part: u32| if part == periods * spans { ClockTime::END_OF_DAY } else { at(part) };
        let span = |part: u32| Span { from: at(part), to: end(part + 1) };
        let period = |number: u32| Period {
            name: format!("p{number}"),
            spans: (0..spans).map(|turn| span(turn * periods + number)).collect(),
        };
        DayPlan::new(DayType::Weekday, (0..periods).map(period).collect()).expect("a day")
    }

    #[test]
    fn no_two_streams_of_a_day_share_their_draws() {
        let nobody = || Matrix::from_values(vec![0.0]).to_od_matrix();
        let matrices: [OdMatrix; TOLD.len()] = std::array::from_fn(|_| nobody());
        let fullest = day(PERIODS_MAX as u32, SPANS_MAX as u32);
        assert_eq!(check_day(&fullest, SLICES_MAX), Ok(()));
        let mut numbers = Vec::new();
        for period in fullest.periods().iter().enumerate() {
            numbers.extend(of_period(period, &matrices, 60.0).expect("streams").iter().map(|stream| stream.number));
        }
        let demand = nobody();
        let of_slice = |slice: usize| of_visitors(slice, &demand, 0.0, 1.0).expect("a stream").number;
        numbers.extend((0..SLICES_MAX).map(of_slice));
        let different: BTreeSet<u16> = numbers.iter().copied().collect();
        assert_eq!(different.len(), numbers.len());
        assert!(different.iter().all(|&number| number < 4096), "beyond that no stream is drawn");
    }

    #[test]
    fn days_that_have_more_streams_than_there_are_numbers_are_refused() {
        let told = |plan: &DayPlan, slices: usize| check_day(plan, slices).map_err(|error| error.to_string());
        let periods = told(&day(17, 1), 0).expect_err("too many periods");
        assert!(periods.contains("17 periods") && periods.contains("16 at most; merge"), "{periods}");
        let spans = told(&day(2, 17), 0).expect_err("too many spans");
        assert!(spans.contains("'p0' has 17 spans") && spans.contains("16 at most"), "{spans}");
        let slices = told(&day(4, 1), 1025).expect_err("too many slices");
        assert!(slices.contains("1025 slices") && slices.contains("1024 at most"), "{slices}");
    }
}
