//! Which vehicles are drawn together: those of one kind in one stretch of a period.

use engine::assignment::OdMatrix;
use engine::demand::{Matrix, PeriodDemand};
use engine::time::{Period, Span};
use engine::traffic::from_city::{Stream, Stretch, StretchError};

use super::super::solve::{TOLD, classes_told_as};

/// The most spans of a period that are told apart.
const SPANS_MAX: usize = 16;
/// Added to the number of a stream that warms streets up.
const WARMING_UP: usize = 2048;
/// Added to the number of a slice for its visitors' stream; periods have fewer.
const VISITORS: usize = 1024;

/// The matrices of each kind in one period, in the order of [`TOLD`].
pub(super) fn matrices(demand: &PeriodDemand) -> [OdMatrix; TOLD.len()] {
    [&demand.cars.total(), &demand.vans, &demand.heavy_vehicles, &demand.motorcycles].map(|of| of.to_od_matrix())
}

/// The streams of one period, one for each span and kind. `warm_up_s` seconds before the first span begin vehicles too.
pub(super) fn of_period<'a>(
    period: (usize, &Period),
    matrices: &'a [OdMatrix; TOLD.len()],
    warm_up_s: f64,
) -> Result<Vec<Stream<'a>>, StretchError> {
    let (number, period) = period;
    let mut streams = Vec::new();
    let mut add = |span: usize, stretch: &Stretch, offset: usize| {
        for (kind, demand) in matrices.iter().enumerate() {
            let number = (((number * SPANS_MAX + span) * TOLD.len() + kind) % WARMING_UP + offset) as u16;
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

/// The stream of a slice's visitors.
pub(super) fn of_visitors(slice: usize, demand: &OdMatrix, from_s: f64, to_s: f64) -> Result<Stream<'_>, StretchError> {
    let number = (VISITORS + slice % VISITORS) as u16;
    Ok(Stream { number, classes: classes_told_as(0), demand, stretch: Stretch::new(from_s, to_s - from_s, &[])? })
}
