//! One view of traffic, whatever moved it: how many vehicles of each kind came over a link in a stretch of time, and how long it took.

use super::super::base::SeedResult;
use super::super::model::CityModel;
use super::super::solve::TOLD;

/// A link in a stretch of time.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(in crate::run) struct LinkState {
    /// Vehicles by kind, in the whole stretch.
    pub(in crate::run) vehicles: [f64; TOLD.len()],
    /// Mean time that the link takes, in seconds; 0 where nobody came.
    pub(in crate::run) time_s: f64,
}

/// Every link in every stretch of time that was computed.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::run) struct LinkStates {
    /// When stretches begin and end, in seconds of the day: slices as assigned, quarter hours as driven.
    pub(in crate::run) spans_s: Vec<(u32, u32)>,
    link_count: usize,
    rows: Vec<LinkState>,
}

impl LinkStates {
    /// What a seed's results say of the links of its city.
    pub(in crate::run) fn of(model: &CityModel, result: &SeedResult) -> Self {
        let link_count = model.applied.tables.links.len();
        let mut states = Self { spans_s: Vec::new(), link_count, rows: Vec::new() };
        if let Some(traffic) = &result.traffic {
            states.spans_s.clone_from(&traffic.links.spans_s);
            let of_bin = traffic.links.rows.iter();
            states.rows.extend(
                of_bin.map(|bin| LinkState { vehicles: bin.vehicles.map(f64::from), time_s: f64::from(bin.time_s) }),
            );
            return states;
        }
        for (slice, solved) in model.slices.iter().zip(&result.slices) {
            let Some(solved) = solved else { continue };
            let span = slice.time.span;
            let hours = f64::from(span.duration_s()) / 3600.0;
            states.spans_s.push((span.from.seconds(), span.to.seconds()));
            states.rows.extend((0..link_count).map(|link| LinkState {
                vehicles: std::array::from_fn(|kind| solved.flows_vph[kind][link] * hours),
                time_s: solved.time_s[link],
            }));
        }
        states
    }

    /// The mean over seeds: of vehicles, and of times weighed by them. All must be of the same links and stretches.
    pub(in crate::run) fn mean(of_seeds: &[Self]) -> Option<Self> {
        let mut mean = of_seeds.first()?.clone();
        let count = of_seeds.len() as f64;
        for (row, state) in mean.rows.iter_mut().enumerate() {
            let (mut vehicles, mut vehicle_s, mut time_s, mut total) = ([0.0; TOLD.len()], 0.0, 0.0, 0.0);
            for of_seed in of_seeds.iter().map(|of_seed| &of_seed.rows[row]) {
                let all: f64 = of_seed.vehicles.iter().sum();
                vehicles.iter_mut().zip(of_seed.vehicles).for_each(|(sum, value)| *sum += value);
                vehicle_s += all * of_seed.time_s;
                time_s += of_seed.time_s;
                total += all;
            }
            state.vehicles = vehicles.map(|sum| sum / count);
            state.time_s = if total > 0.0 { vehicle_s / total } else { time_s / count };
        }
        Some(mean)
    }

    /// How much of the day the stretches cover, in seconds.
    pub(in crate::run) fn covered_s(&self) -> u32 {
        self.spans_s.iter().map(|(from_s, to_s)| to_s - from_s).sum()
    }

    /// The links in a stretch, in the order of the city's.
    pub(in crate::run) fn at(&self, stretch: usize) -> &[LinkState] {
        &self.rows[stretch * self.link_count..(stretch + 1) * self.link_count]
    }
}
