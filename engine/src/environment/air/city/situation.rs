//! What a field is computed for: weather, and how the hours of the day share in it.

use std::sync::Arc;

use super::super::line_source::{Air, Aspect, Carriageway, Receptor, Site, Spread, unit_spm2};
use super::super::meteorology::{HOURS_OF_DAY, JointFrequency, Weather};
use super::curves::TabulatedSpread;
use super::street::Street;

/// One weather, and the emission that meets it.
#[derive(Clone, Debug, PartialEq)]
pub struct Situation {
    /// The weather.
    pub weather: Weather,
    /// How much the emission of each hour of the day counts.
    pub emission_shares: [f64; HOURS_OF_DAY],
}

impl Situation {
    /// One hour of a day in its weather; hours from 24 on are those of the next day.
    #[must_use]
    pub fn hour(hour: usize, weather: Weather) -> Self {
        let mut emission_shares = [0.0; HOURS_OF_DAY];
        emission_shares[hour % HOURS_OF_DAY] = 1.0;
        Self { weather, emission_shares }
    }

    /// The classes of a year, each with its share of the year: their sum is the yearly mean.
    #[must_use]
    pub fn yearly(frequency: &JointFrequency) -> Vec<Self> {
        let year = f64::from(frequency.hours());
        let of_class = |class: &super::super::meteorology::WeatherClass| Self {
            weather: class.weather,
            emission_shares: class.weight_by_hour_of_day.map(|weight| weight * f64::from(class.hours()) / year),
        };
        frequency.classes().iter().map(of_class).collect()
    }
}

/// A straight piece of a street.
#[derive(Clone, Copy, Debug)]
pub(super) struct Piece {
    pub(super) carriageway: Carriageway,
    pub(super) middle_m: [f64; 2],
    /// Which street, of those that are computed.
    street: usize,
    /// Which of the spreads.
    spread: usize,
}

/// The pieces of streets, and one piece for each width that there is.
#[derive(Clone, Debug, Default)]
pub(super) struct Pieces {
    pub(super) pieces: Vec<Piece>,
    widths: Vec<Carriageway>,
}

impl Pieces {
    pub(super) fn new(streets: &[&Street], tolerance_m: f64, longest_m: f64) -> Self {
        let mut all = Self::default();
        for (street, source) in streets.iter().enumerate() {
            for carriageway in source.carriageways(tolerance_m, longest_m) {
                let spread = all.spread_index(&carriageway);
                let along_m = |axis: usize| carriageway.along[axis] * carriageway.length_m / 2.0;
                let middle_m = [0, 1].map(|axis| carriageway.from_m[axis] + along_m(axis));
                all.pieces.push(Piece { carriageway, middle_m, street, spread });
            }
        }
        all
    }

    /// The spread of each width; it depends on stability and wind speed, not on the wind's direction.
    pub(super) fn spreads(&self, air: &Air) -> Vec<TabulatedSpread> {
        self.widths.iter().map(|width| TabulatedSpread::new(width, air)).collect()
    }

    fn spread_index(&mut self, carriageway: &Carriageway) -> usize {
        let same = |other: &Carriageway| {
            other.half_width_m == carriageway.half_width_m && other.residence_factor == carriageway.residence_factor
        };
        self.widths.iter().position(same).unwrap_or_else(|| {
            self.widths.push(*carriageway);
            self.widths.len() - 1
        })
    }
}

/// Contributions are counted in parts of this many to the µg/m³, so that sums do not depend on their order.
pub(super) const PARTS_PER_UGPM3: f64 = (1_u64 << 20) as f64;

/// A situation made ready for the pieces of streets.
#[derive(Clone, Debug)]
pub(super) struct Prepared {
    pub(super) air: Air,
    spreads: Arc<[TabulatedSpread]>,
    aspects: Vec<Aspect>,
    /// By street and pollutant: parts of µg/(m·s).
    emissions: Vec<f64>,
    pollutants: usize,
}

/// A piece in a situation.
#[derive(Clone, Copy, Debug)]
pub(super) struct Source<'a> {
    pub(super) piece: &'a Piece,
    pub(super) aspect: &'a Aspect,
    pub(super) spread: &'a TabulatedSpread,
    /// By pollutant.
    pub(super) emissions: &'a [f64],
}

impl Source<'_> {
    /// Where a square (its middle, and half its side in metres; 0 for a point) lies in the piece's plume: the least and the
    /// largest fetch in metres; none where it is upwind of the piece or so many σy beside its plume.
    pub(super) fn fetches_m(
        &self,
        air: &Air,
        middle_m: [f64; 2],
        half_side_m: f64,
        cut_sigmas: f64,
    ) -> Option<[f64; 2]> {
        let [dx, dy] = [0, 1].map(|axis| middle_m[axis] - self.piece.middle_m[axis]);
        let [wx, wy] = air.downwind;
        let carriageway = &self.piece.carriageway;
        let [ux, uy] = carriageway.along;
        let half_length_m = carriageway.length_m / 2.0;
        let square_m = (wx.abs() + wy.abs()) * half_side_m;
        let along_m = dx * wx + dy * wy;
        let extent_m = square_m + half_length_m * (ux * wx + uy * wy).abs();
        // A receptor in an element counts from within it, whose half length is no more than this.
        let element_m = half_length_m + carriageway.half_width_m;
        if along_m + extent_m + element_m <= 0.0 {
            return None;
        }
        let beside_m =
            (dy * wx - dx * wy).abs() - square_m - half_length_m * (uy * wx - ux * wy).abs() - carriageway.half_width_m;
        let largest_m = (along_m + extent_m).max(element_m);
        let is_beside = beside_m > 0.0 && beside_m * self.spread.inverse_sigmas(largest_m)[0] > cut_sigmas;
        (!is_beside).then_some([along_m - extent_m, largest_m])
    }

    /// Concentration in g/m³ for an emission of 1 g/(m·s).
    #[inline]
    pub(super) fn unit_spm2(&self, air: &Air, receptor: Receptor) -> f64 {
        unit_spm2(&self.piece.carriageway, air, self.aspect, self.spread, receptor)
    }
}

impl Prepared {
    pub(super) fn new(situation: &Situation, site: &Site, streets: &[&Street], pieces: &Pieces) -> Self {
        let air = Air::new(site, &situation.weather);
        let spreads = pieces.spreads(&air).into();
        Self::with_spreads(situation, air, spreads, streets, pieces)
    }

    /// The same with spreads that were made for another situation of the same stability and wind speed.
    pub(super) fn with_spreads(
        situation: &Situation,
        air: Air,
        spreads: Arc<[TabulatedSpread]>,
        streets: &[&Street],
        pieces: &Pieces,
    ) -> Self {
        let of_hours = |by_hour: &[f64; HOURS_OF_DAY]| {
            let shared = by_hour.iter().zip(&situation.emission_shares).map(|(emission, share)| emission * share);
            shared.sum::<f64>() * 1e6 * PARTS_PER_UGPM3
        };
        Self {
            air,
            spreads,
            aspects: pieces.pieces.iter().map(|piece| Aspect::new(&piece.carriageway, &air)).collect(),
            emissions: streets.iter().flat_map(|street| street.emissions_gpms.iter().map(of_hours)).collect(),
            pollutants: streets.first().map_or(0, |street| street.emissions_gpms.len()),
        }
    }

    /// The pieces that emit, in their order.
    pub(super) fn sources<'a>(&'a self, pieces: &'a Pieces) -> impl Iterator<Item = Source<'a>> {
        pieces.pieces.iter().zip(&self.aspects).filter_map(|(piece, aspect)| {
            let emissions = &self.emissions[piece.street * self.pollutants..][..self.pollutants];
            let spread = &self.spreads[piece.spread];
            emissions.iter().any(|emission| *emission > 0.0).then_some(Source { piece, aspect, spread, emissions })
        })
    }
}
