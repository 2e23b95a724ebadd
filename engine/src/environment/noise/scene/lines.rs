//! Lines that sound, ready for reckoning: energies instead of decibels, and lengths along them.

use super::input::LineSource;
use crate::environment::noise::bands::{A_WEIGHTS_DB, BAND_COUNT, Bands, energy, level_db};
use crate::environment::noise::periods::{ByPeriod, PERIOD_COUNT};

/// A line that sounds.
#[derive(Clone, Debug, PartialEq)]
pub(in super::super) struct SoundLine {
    pub(in super::super) points: Vec<[f64; 2]>,
    /// Length from the first point to each, in metres.
    pub(in super::super) along_m: Vec<f64>,
    /// The box around it.
    pub(in super::super) bounds: [[f64; 2]; 2],
    /// A-weighted energy of a metre, by period and band, in picowatts.
    pub(in super::super) energy: ByPeriod<Bands>,
}

impl SoundLine {
    pub(super) fn new(line: &LineSource) -> Self {
        let mut along_m = vec![0.0];
        for pair in line.points.windows(2) {
            let (x, y) = (pair[1][0] - pair[0][0], pair[1][1] - pair[0][1]);
            along_m.push(along_m[along_m.len() - 1] + (x * x + y * y).sqrt());
        }
        let weighted =
            |levels: &Bands| -> Bands { core::array::from_fn(|band| energy(levels[band] + A_WEIGHTS_DB[band])) };
        Self {
            bounds: super::grid::bounds(line.points.iter().copied()),
            points: line.points.clone(),
            along_m,
            energy: [0, 1, 2].map(|period| weighted(&line.power_db[period])),
        }
    }

    /// Its length in metres.
    pub(in super::super) fn length_m(&self) -> f64 {
        self.along_m[self.along_m.len() - 1]
    }

    /// Its energy of a metre, bands and periods together, where `weights` says how much each period counts.
    pub(in super::super) fn weighted_energy(&self, weights: &ByPeriod<f64>) -> f64 {
        let mut sum = 0.0;
        for (energies, weight) in self.energy.iter().zip(weights) {
            sum += weight * energies.iter().sum::<f64>();
        }
        sum
    }
}

/// Puts lines together that run along the same points, in the same direction or in opposite ones, such as the two directions of a road.
/// The first of each stays in its place, with the energies of all.
#[must_use]
pub fn merge_directions(lines: Vec<LineSource>) -> Vec<LineSource> {
    let course = |line: &LineSource| -> Vec<[u64; 2]> {
        let forward: Vec<[u64; 2]> = line.points.iter().map(|point| point.map(f64::to_bits)).collect();
        let mut backward = forward.clone();
        backward.reverse();
        forward.min(backward)
    };
    let mut order: Vec<(Vec<[u64; 2]>, usize)> =
        lines.iter().enumerate().map(|(at, line)| (course(line), at)).collect();
    order.sort();
    let mut lines: Vec<Option<LineSource>> = lines.into_iter().map(Some).collect();
    for group in order.chunk_by(|a, b| a.0 == b.0) {
        let [first, others @ ..] = group else { continue };
        for other in others {
            let added = lines[other.1].take();
            if let (Some(line), Some(added)) = (&mut lines[first.1], added) {
                add(&mut line.power_db, &added.power_db);
            }
        }
    }
    lines.into_iter().flatten().collect()
}

fn add(powers: &mut ByPeriod<Bands>, added: &ByPeriod<Bands>) {
    for period in 0..PERIOD_COUNT {
        for band in 0..BAND_COUNT {
            powers[period][band] = level_db(energy(powers[period][band]) + energy(added[period][band]));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_directions_of_a_road_become_one_line_of_three_decibels_more() {
        let line = |points: &[[f64; 2]]| LineSource { points: points.to_vec(), power_db: [[60.0; BAND_COUNT]; 3] };
        let (a, b, c) = ([0.0, 0.0], [10.0, 0.0], [10.0, 10.0]);
        let merged = merge_directions(vec![line(&[b, c]), line(&[a, b]), line(&[c, b]), line(&[b, c]), line(&[c, a])]);
        assert_eq!(merged.iter().map(|line| line.points.clone()).collect::<Vec<_>>(), [[b, c], [a, b], [c, a]]);
        assert!((merged[0].power_db[2][3] - 60.0 - level_db(3.0)).abs() < 1e-12);
        assert_eq!(merged[1].power_db, [[60.0; BAND_COUNT]; 3]);
    }
}
