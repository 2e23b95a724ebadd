//! Trips between zones.

/// Trips from zone to zone: for every origin the destinations that it sends trips to, in ascending order.
///
/// Zones are numbered as the first nodes of a graph. Only positive numbers of trips are kept.
#[derive(Clone, Debug, PartialEq)]
pub struct OdMatrix {
    starts: Vec<u32>,
    destinations: Vec<u32>,
    trips: Vec<f64>,
}

/// Why entries do not make a matrix.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
pub enum OdMatrixError {
    /// A zone is not among the zones.
    #[error("zone {zone} is not among the {zones} zones")]
    Zone {
        /// The zone, from 0.
        zone: u32,
        /// How many zones there are.
        zones: u32,
    },
    /// A number of trips is negative or no number.
    #[error("{trips} trips from zone {origin} to zone {destination}: trips must be a number of at least 0")]
    Trips {
        /// The origin, from 0.
        origin: u32,
        /// The destination, from 0.
        destination: u32,
        /// What was given.
        trips: f64,
    },
}

impl OdMatrix {
    /// The matrix of `(origin, destination, trips)` entries in any order. Entries of the same pair are added up in the
    /// order given; pairs without trips are dropped.
    ///
    /// # Errors
    /// [`OdMatrixError`] where an entry names a zone from `zone_count` on, or its trips are negative or no number.
    pub fn from_entries(zone_count: u32, mut entries: Vec<(u32, u32, f64)>) -> Result<Self, OdMatrixError> {
        for &(origin, destination, trips) in &entries {
            if let Some(zone) = [origin, destination].into_iter().find(|&zone| zone >= zone_count) {
                return Err(OdMatrixError::Zone { zone, zones: zone_count });
            }
            if !(trips.is_finite() && trips >= 0.0) {
                return Err(OdMatrixError::Trips { origin, destination, trips });
            }
        }
        entries.retain(|entry| entry.2 > 0.0);
        entries.sort_by_key(|&(origin, destination, _)| (origin, destination));
        entries.dedup_by(|next, kept| {
            let same = (next.0, next.1) == (kept.0, kept.1);
            if same {
                kept.2 += next.2;
            }
            same
        });
        let mut starts = vec![0_u32; zone_count as usize + 1];
        for entry in &entries {
            starts[entry.0 as usize + 1] += 1;
        }
        for zone in 1..starts.len() {
            starts[zone] += starts[zone - 1];
        }
        Ok(Self {
            starts,
            destinations: entries.iter().map(|entry| entry.1).collect(),
            trips: entries.iter().map(|entry| entry.2).collect(),
        })
    }

    /// A matrix without trips.
    #[must_use]
    pub fn empty(zone_count: u32) -> Self {
        Self { starts: vec![0; zone_count as usize + 1], destinations: Vec::new(), trips: Vec::new() }
    }

    /// How many zones there are.
    #[must_use]
    pub fn zone_count(&self) -> u32 {
        u32::try_from(self.starts.len() - 1).expect("made from a u32")
    }

    /// How many pairs have trips.
    #[must_use]
    pub fn len(&self) -> usize {
        self.trips.len()
    }

    /// Whether no pair has trips.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.trips.is_empty()
    }

    /// The destinations of an origin, ascending, and the trips to each.
    #[must_use]
    pub fn row(&self, origin: u32) -> (&[u32], &[f64]) {
        let range = self.starts[origin as usize] as usize..self.starts[origin as usize + 1] as usize;
        (&self.destinations[range.clone()], &self.trips[range])
    }

    /// The trips from an origin to a destination.
    #[must_use]
    pub fn at(&self, origin: u32, destination: u32) -> f64 {
        let (destinations, trips) = self.row(origin);
        destinations.binary_search(&destination).map_or(0.0, |place| trips[place])
    }

    /// All `(origin, destination, trips)` in ascending order.
    pub fn iter(&self) -> impl Iterator<Item = (u32, u32, f64)> {
        (0..self.zone_count()).flat_map(|origin| {
            let (destinations, trips) = self.row(origin);
            destinations.iter().zip(trips).map(move |(&destination, &trips)| (origin, destination, trips))
        })
    }

    /// All trips.
    #[must_use]
    pub fn total(&self) -> f64 {
        self.trips.iter().fold(0.0, |sum, trips| sum + trips)
    }

    /// The matrix with every number of trips multiplied by `factor`, which is positive.
    #[must_use]
    pub fn scaled(mut self, factor: f64) -> Self {
        debug_assert!(factor.is_finite() && factor > 0.0, "trips stay positive");
        for trips in &mut self.trips {
            *trips *= factor;
        }
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_in_any_order_become_sorted_rows() {
        let matrix =
            OdMatrix::from_entries(3, vec![(2, 0, 1.0), (0, 2, 2.0), (0, 1, 4.0), (0, 2, 0.5), (1, 1, 0.0)]).unwrap();
        assert_eq!(matrix.iter().collect::<Vec<_>>(), [(0, 1, 4.0), (0, 2, 2.5), (2, 0, 1.0)]);
        assert_eq!(matrix.row(1), (&[][..], &[][..]));
        assert_eq!(matrix.total(), 7.5);
    }

    #[test]
    fn wrong_entries_are_named() {
        assert_eq!(OdMatrix::from_entries(2, vec![(0, 2, 1.0)]), Err(OdMatrixError::Zone { zone: 2, zones: 2 }));
        assert!(matches!(
            OdMatrix::from_entries(2, vec![(0, 1, -1.0)]),
            Err(OdMatrixError::Trips { origin: 0, destination: 1, .. })
        ));
        assert!(OdMatrix::from_entries(2, vec![(0, 1, f64::NAN)]).is_err());
    }
}
