//! Which vehicles are drawn together: those of one kind in one stretch of a period.

use engine::assignment::OdMatrix;
use engine::demand::PeriodDemand;
use engine::time::{Period, Span};
use engine::traffic::from_city::{Stream, Stretch, StretchError};

use super::super::solve::{TOLD, classes_told_as};

/// The most spans of a period that are told apart.
const SPANS_MAX: usize = 16;
/// Added to the number of a stream that warms streets up.
const WARMING_UP: usize = 2048;

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
