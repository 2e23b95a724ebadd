//! Green waves: offsets of signals along a street, so that platoons meet green.
//!
//! A band is an interval of departure times at the first junction whose vehicles, at the speed of the wave, meet green at
//! every junction. All junctions share one cycle, each has one green in each direction, and the offsets are chosen so that the
//! weighted sum of the two bands' widths is greatest. This is the problem of Morgan and Little (1964, Operations Research
//! 12(6), 896–912) and of MAXBAND (Little, Kelson and Gartner 1981, Transportation Research Record 795, 40–46) with fixed
//! speeds. It is solved exactly: once it is fixed how far the inbound band lies behind the outbound one at the first
//! junction, every junction by itself says what pairs of widths it allows (its greens can be shifted so that both bands
//! pass in full, or one of the two is cut), and the optimum lies at one of finitely many such distances, where a bound
//! begins or ceases to bind. The work grows with the fourth power of the number of junctions; thirty take milliseconds.
//! Left out: speeds as unknowns, queues that wait where the wave arrives, turning traffic, and grids of streets.

/// Widths and times closer than this are the same, in seconds.
const SAME_S: f64 = 1e-9;

/// A green within a cycle.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Window {
    /// Seconds from the beginning of the signal's program.
    pub begin_s: f64,
    /// Length in seconds, positive and no longer than the cycle.
    pub length_s: f64,
}

/// A signal along the street.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct WaveJunction {
    /// Seconds that a vehicle takes from the first junction to here at the speed of the wave.
    pub outbound_s: f64,
    /// Seconds that a vehicle takes from here back to the first junction at the speed of the wave.
    pub inbound_s: f64,
    /// Its green for those who drive away from the first junction.
    pub outbound: Window,
    /// Its green for those who drive towards the first junction.
    pub inbound: Window,
}

impl WaveJunction {
    /// A signal `distance_m` metres beyond the first, where waves run at those speeds in metres a second, positive.
    #[must_use]
    pub fn at(
        distance_m: f64,
        outbound_speed_mps: f64,
        inbound_speed_mps: f64,
        outbound: Window,
        inbound: Window,
    ) -> Self {
        Self {
            outbound_s: distance_m / outbound_speed_mps,
            inbound_s: distance_m / inbound_speed_mps,
            outbound,
            inbound,
        }
    }
}

/// Signals along a street, with one cycle.
#[derive(Clone, Debug, PartialEq)]
pub struct Arterial {
    cycle_s: f64,
    junctions: Vec<WaveJunction>,
}

/// Why numbers make no street with a wave.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
pub enum WaveFault {
    /// The cycle is no time.
    #[error("the cycle is {0} s, but must be longer than 0 s")]
    Cycle(f64),
    /// There is no signal.
    #[error("there is no signal to coordinate")]
    Empty,
    /// A green is none, or longer than the cycle.
    #[error("a green of signal {junction} begins at {} s and lasts {} s, but must fit into the cycle", .green.begin_s, .green.length_s)]
    Green {
        /// The signal, from 0.
        junction: usize,
        /// Its green.
        green: Window,
    },
    /// A travel time is no number.
    #[error("signal {junction} is {outbound_s} s and {inbound_s} s from the first, which are no times")]
    Distance {
        /// The signal, from 0.
        junction: usize,
        /// Seconds from the first signal.
        outbound_s: f64,
        /// Seconds to the first signal.
        inbound_s: f64,
    },
    /// The weights of the directions are negative, both 0 or no numbers.
    #[error("the directions weigh {outbound} and {inbound}: give weights that are not negative, one of them above 0")]
    Weights {
        /// Weight of the direction away from the first signal.
        outbound: f64,
        /// Weight of the direction towards it.
        inbound: f64,
    },
}

/// Widths of the bands in both directions, in seconds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bandwidths {
    /// Away from the first junction.
    pub outbound_s: f64,
    /// Towards the first junction.
    pub inbound_s: f64,
}

/// What the directions count.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Weights {
    /// Away from the first junction; not negative.
    pub outbound: f64,
    /// Towards the first junction; not negative.
    pub inbound: f64,
}

impl Weights {
    /// Both directions alike.
    pub const EQUAL: Self = Self { outbound: 1.0, inbound: 1.0 };
    /// The outbound direction first; of all ways to give it the widest band, the one that is best for the other.
    pub const OUTBOUND: Self = Self { outbound: 1.0, inbound: 0.0 };
    /// The inbound direction first; of all ways to give it the widest band, the one that is best for the other.
    pub const INBOUND: Self = Self { outbound: 0.0, inbound: 1.0 };

    fn check(self) -> Result<(), WaveFault> {
        let Self { outbound, inbound } = self;
        let are_weights = outbound.is_finite() && inbound.is_finite() && outbound >= 0.0 && inbound >= 0.0;
        if are_weights && outbound + inbound > 0.0 { Ok(()) } else { Err(WaveFault::Weights { outbound, inbound }) }
    }

    fn of(self, bands: Bandwidths) -> f64 {
        self.outbound * bands.outbound_s + self.inbound * bands.inbound_s
    }
}

/// A green wave.
#[derive(Clone, Debug, PartialEq)]
pub struct Wave {
    /// When the program of each signal begins, in seconds from when that of the first does; from 0 to below the cycle.
    pub offsets_s: Vec<f64>,
    /// The bands that these offsets open.
    pub bandwidths: Bandwidths,
}

impl Arterial {
    /// Signals from one end of a street to the other, with one cycle in seconds.
    ///
    /// # Errors
    /// Where there is no signal, a green does not fit into the cycle, or numbers are no times.
    pub fn new(cycle_s: f64, junctions: Vec<WaveJunction>) -> Result<Self, WaveFault> {
        if !(cycle_s.is_finite() && cycle_s > 0.0) {
            return Err(WaveFault::Cycle(cycle_s));
        }
        if junctions.is_empty() {
            return Err(WaveFault::Empty);
        }
        for (junction, row) in junctions.iter().enumerate() {
            for green in [row.outbound, row.inbound] {
                if !(green.begin_s.is_finite() && green.length_s > 0.0 && green.length_s <= cycle_s) {
                    return Err(WaveFault::Green { junction, green });
                }
            }
            let WaveJunction { outbound_s, inbound_s, .. } = *row;
            if !(outbound_s.is_finite() && inbound_s.is_finite()) {
                return Err(WaveFault::Distance { junction, outbound_s, inbound_s });
            }
        }
        Ok(Self { cycle_s, junctions })
    }

    /// The common cycle in seconds.
    #[must_use]
    pub fn cycle_s(&self) -> f64 {
        self.cycle_s
    }

    /// The signals, at least one.
    #[must_use]
    pub fn junctions(&self) -> &[WaveJunction] {
        &self.junctions
    }

    /// The widest bands that offsets open, in seconds, one for each signal; a missing offset is 0. A band of 0 s is none.
    #[must_use]
    pub fn bandwidths(&self, offsets_s: &[f64]) -> Bandwidths {
        let offset_s = |junction: usize| offsets_s.get(junction).copied().unwrap_or(0.0);
        let greens = |begin_s: fn(&WaveJunction) -> f64, length_s: fn(&WaveJunction) -> f64| -> Vec<Window> {
            let green = |(junction, row): (usize, &WaveJunction)| Window {
                begin_s: offset_s(junction) + begin_s(row),
                length_s: length_s(row),
            };
            self.junctions.iter().enumerate().map(green).collect()
        };
        Bandwidths {
            outbound_s: self
                .common_s(&greens(|row| row.outbound.begin_s - row.outbound_s, |row| row.outbound.length_s)),
            inbound_s: self.common_s(&greens(|row| row.inbound.begin_s + row.inbound_s, |row| row.inbound.length_s)),
        }
    }

    /// The longest time on end that lies in all greens, which repeat with the cycle.
    fn common_s(&self, greens: &[Window]) -> f64 {
        let from = |begin_s: f64| {
            let left = |green: &Window| {
                let passed_s = (begin_s - green.begin_s).rem_euclid(self.cycle_s);
                // What begins together may seem to have begun a cycle ago.
                let passed_s = if passed_s > self.cycle_s - SAME_S { 0.0 } else { passed_s };
                if self.is_always(*green) { self.cycle_s } else { (green.length_s - passed_s).max(0.0) }
            };
            greens.iter().map(left).fold(self.cycle_s, f64::min)
        };
        greens.iter().map(|green| from(green.begin_s)).fold(0.0, f64::max)
    }

    fn is_always(&self, green: Window) -> bool {
        green.length_s >= self.cycle_s - SAME_S
    }

    /// The offsets whose bands have the greatest weighted sum of widths; of those, the ones whose narrower band is widest.
    ///
    /// # Errors
    /// Where the weights are none.
    pub fn wave(&self, weights: Weights) -> Result<Wave, WaveFault> {
        weights.check()?;
        let mut best = (0.0, Bandwidths { outbound_s: 0.0, inbound_s: 0.0 });
        for distance_s in self.distances_s() {
            for bands in self.bands_at(distance_s) {
                if is_better(weights, bands, best.1) {
                    best = (distance_s, bands);
                }
            }
        }
        let (distance_s, bands) = best;
        let offsets_s: Vec<f64> = self.junctions.iter().map(|row| self.offset_s(row, distance_s, bands)).collect();
        let first_s = offsets_s.first().copied().unwrap_or(0.0);
        let offsets_s: Vec<f64> = offsets_s.iter().map(|offset_s| self.turn_s(offset_s - first_s)).collect();
        let bandwidths = self.bandwidths(&offsets_s);
        Ok(Wave { offsets_s, bandwidths })
    }

    /// A time within the cycle.
    fn turn_s(&self, time_s: f64) -> f64 {
        let turned_s = time_s.rem_euclid(self.cycle_s);
        if turned_s > self.cycle_s - SAME_S { 0.0 } else { turned_s }
    }

    /// How far a signal's inbound green begins behind its outbound one, as the bands see it at the first junction.
    fn lag_s(row: &WaveJunction) -> f64 {
        row.inbound.begin_s - row.outbound.begin_s + row.outbound_s + row.inbound_s
    }

    /// The width to which the narrowest green limits each band.
    fn narrowest(&self) -> Bandwidths {
        let least =
            |length_s: fn(&WaveJunction) -> f64| self.junctions.iter().map(length_s).fold(self.cycle_s, f64::min);
        Bandwidths { outbound_s: least(|row| row.outbound.length_s), inbound_s: least(|row| row.inbound.length_s) }
    }

    /// What a signal allows when the inbound band begins `distance_s` behind the outbound one: the inbound width if the
    /// outbound band passes in full, and the outbound width if the inbound band does.
    fn cuts(&self, row: &WaveJunction, distance_s: f64) -> Bandwidths {
        if self.is_always(row.outbound) || self.is_always(row.inbound) {
            return Bandwidths { outbound_s: row.outbound.length_s, inbound_s: row.inbound.length_s };
        }
        let behind_s = self.turn_s(distance_s - Self::lag_s(row));
        Bandwidths {
            outbound_s: if behind_s == 0.0 {
                row.outbound.length_s
            } else {
                row.outbound.length_s - (self.cycle_s - behind_s)
            },
            inbound_s: row.inbound.length_s - behind_s,
        }
    }

    /// Pairs of widths that all signals allow at a distance, one of which is the best whatever the weights.
    fn bands_at(&self, distance_s: f64) -> Vec<Bandwidths> {
        let widest = self.narrowest();
        let cuts: Vec<Bandwidths> = self.junctions.iter().map(|row| self.cuts(row, distance_s)).collect();
        let of_cuts = cuts.iter().map(|cut| cut.outbound_s).filter(|&width_s| width_s < widest.outbound_s);
        let mut bands = vec![Bandwidths { outbound_s: 0.0, inbound_s: widest.inbound_s }];
        for outbound_s in of_cuts.chain([widest.outbound_s]).filter(|&width_s| width_s > 0.0) {
            let cut = cuts.iter().filter(|cut| cut.outbound_s < outbound_s - SAME_S);
            let inbound_s = cut.map(|cut| cut.inbound_s).fold(widest.inbound_s, f64::min);
            bands.push(Bandwidths { outbound_s, inbound_s: inbound_s.max(0.0) });
        }
        bands
    }

    /// The distances between the bands among which the best one is: where the pattern of who cuts whom changes, a band becomes
    /// as wide as the narrowest green or vanishes, or both bands are equally wide.
    fn distances_s(&self) -> Vec<f64> {
        let widest = self.narrowest();
        let mut distances_s = Vec::new();
        for row in &self.junctions {
            let lag_s = Self::lag_s(row);
            distances_s.extend([
                lag_s,
                lag_s + row.inbound.length_s - widest.inbound_s,
                lag_s + row.inbound.length_s,
                lag_s - row.outbound.length_s + widest.outbound_s,
                lag_s - row.outbound.length_s,
            ]);
            for other in &self.junctions {
                let even_s = lag_s + row.inbound.length_s + Self::lag_s(other) - other.outbound.length_s;
                distances_s.extend([even_s / 2.0, (even_s + self.cycle_s) / 2.0]);
            }
        }
        distances_s
    }

    /// The offset at which a signal lets bands of those widths pass, in the middle of what is possible.
    fn offset_s(&self, row: &WaveJunction, distance_s: f64, bands: Bandwidths) -> f64 {
        let behind_s = self.turn_s(distance_s - Self::lag_s(row));
        // When the outbound green may begin, seconds after the band's beginning: for the one band, and for the other.
        let outbound = (bands.outbound_s - row.outbound.length_s, 0.0_f64);
        let inbound = |behind_s: f64| (behind_s + bands.inbound_s - row.inbound.length_s, behind_s);
        let is_outbound_free = bands.outbound_s <= SAME_S || self.is_always(row.outbound);
        let is_inbound_free = bands.inbound_s <= SAME_S || self.is_always(row.inbound);
        let both = |behind_s: f64| {
            let inbound = inbound(behind_s);
            (outbound.0.max(inbound.0), outbound.1.min(inbound.1))
        };
        let (from_s, to_s) = match (is_outbound_free, is_inbound_free) {
            (true, true) => (0.0, 0.0),
            (true, false) => inbound(behind_s),
            (false, true) => outbound,
            (false, false) => {
                let (one, other) = (both(behind_s), both(behind_s - self.cycle_s));
                if one.1 - one.0 >= other.1 - other.0 { one } else { other }
            }
        };
        f64::midpoint(from_s, to_s) - row.outbound.begin_s + row.outbound_s
    }
}

fn is_better(weights: Weights, bands: Bandwidths, than: Bandwidths) -> bool {
    let narrower_s = |bands: Bandwidths| bands.outbound_s.min(bands.inbound_s);
    let sum_s = |bands: Bandwidths| bands.outbound_s + bands.inbound_s;
    let gains = [
        weights.of(bands) - weights.of(than),
        narrower_s(bands) - narrower_s(than),
        sum_s(bands) - sum_s(than), //
    ];
    gains.into_iter().find(|gain| gain.abs() > SAME_S).is_some_and(|gain| gain > 0.0)
}

/// The cycle that junctions share, in seconds: the longest that any of them asks for, within limits. `None` where nobody
/// asks or limits are none.
#[must_use]
pub fn common_cycle_s(wished_s: &[f64], limits: super::CycleLimits) -> Option<f64> {
    let longest_s = wished_s.iter().copied().filter(|wished_s| *wished_s > 0.0).reduce(f64::max)?;
    (limits.min_s <= limits.max_s).then(|| longest_s.max(limits.min_s).min(limits.max_s))
}

/// The cycle in which the bands take the greatest weighted share, of those proposed, with its wave. `at` tells the greens of a
/// cycle, or `None` where they do not fit. Of cycles equally good the first is taken; `None` where none fits.
///
/// # Errors
/// Where the weights are none.
pub fn best_cycle(
    cycles_s: impl IntoIterator<Item = f64>,
    weights: Weights,
    mut at: impl FnMut(f64) -> Option<Arterial>,
) -> Result<Option<(f64, Wave)>, WaveFault> {
    weights.check()?;
    let mut best: Option<(f64, f64, Wave)> = None;
    for cycle_s in cycles_s {
        let Some(arterial) = at(cycle_s) else { continue };
        let wave = arterial.wave(weights)?;
        let share = weights.of(wave.bandwidths) / arterial.cycle_s();
        if best.as_ref().is_none_or(|(greatest, ..)| share > greatest + SAME_S) {
            best = Some((share, cycle_s, wave));
        }
    }
    Ok(best.map(|(_, cycle_s, wave)| (cycle_s, wave)))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::signals::CycleLimits;

    fn window(begin_s: f64, length_s: f64) -> Window {
        Window { begin_s, length_s }
    }

    /// Signals at distances, green in both directions from the beginning of their program for some seconds.
    fn arterial(cycle_s: f64, speed_mps: f64, rows: &[(f64, f64)]) -> Arterial {
        let junction = |&(distance_m, green_s): &(f64, f64)| {
            let green = window(0.0, green_s);
            WaveJunction::at(distance_m, speed_mps, speed_mps, green, green)
        };
        Arterial::new(cycle_s, rows.iter().map(junction).collect()).unwrap()
    }

    fn assert_bands(found: Bandwidths, outbound_s: f64, inbound_s: f64) {
        assert!((found.outbound_s - outbound_s).abs() < 1e-6, "{found:?} for {outbound_s} outbound");
        assert!((found.inbound_s - inbound_s).abs() < 1e-6, "{found:?} for {inbound_s} inbound");
    }

    #[test]
    fn a_time_space_diagram_drawn_by_hand_is_read_alike() {
        // C 60 s, 10 m/s, signals at 0, 300 and 500 m, green from 0 to 30, 20 to 50 and 45 to 75 s.
        let street = arterial(60.0, 10.0, &[(0.0, 30.0), (300.0, 30.0), (500.0, 30.0)]);
        // Outbound, times less 0, 30 and 50 s: [0, 30], [−10, 20] and [−5, 25] have [0, 20] in common.
        // Inbound, times plus 0, 30 and 50 s: [0, 30], [50, 80] = [−10, 20] and [95, 125] = [35, 65] = [−25, 5]: [0, 5].
        assert_bands(street.bandwidths(&[0.0, 20.0, 45.0]), 20.0, 5.0);
    }

    #[test]
    fn a_wave_in_one_direction_is_as_wide_as_the_narrowest_green() {
        let street = arterial(80.0, 13.9, &[(0.0, 40.0), (310.0, 31.0), (505.0, 36.0), (820.0, 45.0)]);
        let wave = street.wave(Weights::OUTBOUND).unwrap();
        assert!((wave.bandwidths.outbound_s - 31.0).abs() < 1e-6, "{wave:?}");
        assert_eq!(wave.offsets_s[0], 0.0);
        let back = street.wave(Weights::INBOUND).unwrap();
        assert!((back.bandwidths.inbound_s - 31.0).abs() < 1e-6, "{back:?}");
    }

    #[test]
    fn signals_half_a_cycle_apart_have_full_waves_in_both_directions() {
        // 600 m at 15 m/s are 40 s, half of the cycle: alternate offsets of 0 and C / 2 (Morgan and Little 1964).
        let street = arterial(80.0, 15.0, &[(0.0, 40.0), (600.0, 40.0), (1200.0, 40.0)]);
        let wave = street.wave(Weights::EQUAL).unwrap();
        assert_bands(wave.bandwidths, 40.0, 40.0);
        for (offset_s, expected_s) in wave.offsets_s.iter().zip([0.0, 40.0, 0.0]) {
            assert!((offset_s - expected_s).abs() < 1e-6, "{wave:?}");
        }
    }

    #[test]
    fn signals_a_quarter_of_a_cycle_apart_share_what_there_is() {
        // 20 s apart in a cycle of 80 s with 40 s of green: both bands together have one full green, shared evenly.
        let street = arterial(80.0, 15.0, &[(0.0, 40.0), (300.0, 40.0)]);
        let wave = street.wave(Weights::EQUAL).unwrap();
        assert_bands(wave.bandwidths, 20.0, 20.0);
        let weighted = street.wave(Weights { outbound: 2.0, inbound: 1.0 }).unwrap();
        assert_bands(weighted.bandwidths, 40.0, 0.0);
    }

    #[test]
    fn a_signal_that_is_always_green_is_in_nobodys_way() {
        let street = arterial(80.0, 15.0, &[(0.0, 40.0), (300.0, 80.0), (600.0, 40.0)]);
        assert_bands(street.wave(Weights::EQUAL).unwrap().bandwidths, 40.0, 40.0);
    }

    #[test]
    fn the_cycle_that_fits_the_distance_is_found() {
        // Half of the cycle is the 40 s from signal to signal at 80 s.
        let at = |cycle_s: f64| {
            let green = window(0.0, cycle_s / 2.0);
            let rows = [0.0, 600.0, 1200.0].map(|distance_m| WaveJunction::at(distance_m, 15.0, 15.0, green, green));
            Arterial::new(cycle_s, rows.to_vec()).ok()
        };
        let cycles_s = (0..13).map(|step| 60.0 + 5.0 * f64::from(step));
        let (cycle_s, wave) = best_cycle(cycles_s, Weights::EQUAL, at).unwrap().unwrap();
        assert_eq!(cycle_s, 80.0);
        assert_bands(wave.bandwidths, 40.0, 40.0);
        assert_eq!(best_cycle([60.0], Weights::EQUAL, |_| None), Ok(None));
    }

    #[test]
    fn the_common_cycle_is_that_of_the_busiest_junction() {
        let limits = CycleLimits { min_s: 50.0, max_s: 120.0 };
        assert_eq!(common_cycle_s(&[60.0, 85.0, 70.0], limits), Some(85.0));
        assert_eq!(common_cycle_s(&[40.0], limits), Some(50.0));
        assert_eq!(common_cycle_s(&[40.0, f64::INFINITY], limits), Some(120.0));
        assert_eq!(common_cycle_s(&[], limits), None);
    }

    #[test]
    fn numbers_that_make_no_wave_are_refused() {
        let green = window(0.0, 30.0);
        let row = WaveJunction { outbound_s: 0.0, inbound_s: 0.0, outbound: green, inbound: green };
        assert_eq!(Arterial::new(0.0, vec![row]), Err(WaveFault::Cycle(0.0)));
        assert_eq!(Arterial::new(60.0, Vec::new()), Err(WaveFault::Empty));
        assert!(matches!(Arterial::new(20.0, vec![row]), Err(WaveFault::Green { junction: 0, .. })));
        let far = WaveJunction::at(100.0, 0.0, 10.0, green, green);
        assert!(matches!(Arterial::new(60.0, vec![row, far]), Err(WaveFault::Distance { junction: 1, .. })));
        let street = Arterial::new(60.0, vec![row]).unwrap();
        let nobody = Weights { outbound: 0.0, inbound: 0.0 };
        assert!(matches!(street.wave(nobody), Err(WaveFault::Weights { .. })));
    }

    fn any_junction() -> impl Strategy<Value = WaveJunction> {
        (0..60_i32, 0..60_i32, 0..24_i32, 1..24_i32, 0..24_i32, 1..24_i32).prop_map(|numbers| {
            let (outbound_s, inbound_s, outbound, outbound_length, inbound, inbound_length) = numbers;
            WaveJunction {
                outbound_s: f64::from(outbound_s),
                inbound_s: f64::from(inbound_s),
                outbound: window(f64::from(outbound), f64::from(outbound_length)),
                inbound: window(f64::from(inbound), f64::from(inbound_length)),
            }
        })
    }

    /// The best weighted sum over all offsets in whole seconds.
    fn by_trial(street: &Arterial, weights: Weights) -> f64 {
        let cycle = street.cycle_s() as u32;
        let tries = cycle.pow(street.junctions().len() as u32 - 1);
        let offsets = |number: u32| -> Vec<f64> {
            (0..street.junctions().len() as u32)
                .map(|place| if place == 0 { 0.0 } else { f64::from(number / cycle.pow(place - 1) % cycle) })
                .collect()
        };
        (0..tries).map(|number| weights.of(street.bandwidths(&offsets(number)))).fold(0.0, f64::max)
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

        /// With all times whole seconds some best offsets are whole seconds too, and trying all of them finds no better.
        #[test]
        fn no_trial_finds_better_offsets(
            junctions in prop::collection::vec(any_junction(), 1..4), outbound in 0..4_i32, inbound in 1..4_i32,
        ) {
            let street = Arterial::new(24.0, junctions).unwrap();
            let weights = Weights { outbound: f64::from(outbound), inbound: f64::from(inbound) };
            let found = weights.of(street.wave(weights).unwrap().bandwidths);
            let tried = by_trial(&street, weights);
            prop_assert!((found - tried).abs() < 1e-6, "{found}, but by trial {tried}");
        }

        #[test]
        fn no_band_is_wider_than_the_narrowest_green(
            junctions in prop::collection::vec(any_junction(), 1..9), outbound in 0..4_i32,
        ) {
            let street = Arterial::new(24.0, junctions).unwrap();
            let wave = street.wave(Weights { outbound: f64::from(outbound), inbound: 1.0 }).unwrap();
            let narrowest = street.narrowest();
            prop_assert!(wave.bandwidths.outbound_s <= narrowest.outbound_s + 1e-6);
            prop_assert!(wave.bandwidths.inbound_s <= narrowest.inbound_s + 1e-6);
            prop_assert!(wave.offsets_s.iter().all(|offset_s| (0.0..24.0).contains(offset_s)));
        }

        /// Counting a program's time from another moment moves its offset and no band; shifting all programs moves nothing.
        #[test]
        fn bands_do_not_depend_on_where_time_begins(
            junctions in prop::collection::vec(any_junction(), 2..7), shift in 0.0..24.0_f64, place in 0..7_usize,
        ) {
            let street = Arterial::new(24.0, junctions.clone()).unwrap();
            let wave = street.wave(Weights::EQUAL).unwrap();
            let later: Vec<f64> = wave.offsets_s.iter().map(|offset_s| offset_s + shift).collect();
            let moved = street.bandwidths(&later);
            prop_assert!((moved.outbound_s - wave.bandwidths.outbound_s).abs() < 1e-6);
            prop_assert!((moved.inbound_s - wave.bandwidths.inbound_s).abs() < 1e-6);
            let mut shifted = junctions;
            let place = place % shifted.len();
            shifted[place].outbound.begin_s += shift;
            shifted[place].inbound.begin_s += shift;
            let other = Arterial::new(24.0, shifted).unwrap().wave(Weights::EQUAL).unwrap().bandwidths;
            prop_assert!((other.outbound_s - wave.bandwidths.outbound_s).abs() < 1e-6);
            prop_assert!((other.inbound_s - wave.bandwidths.inbound_s).abs() < 1e-6);
        }

        /// Driving the street the other way swaps the bands.
        #[test]
        fn the_street_seen_from_its_other_end_has_the_same_bands(
            junctions in prop::collection::vec(any_junction(), 2..7), outbound in 1..4_i32, inbound in 1..4_i32,
        ) {
            let street = Arterial::new(24.0, junctions.clone()).unwrap();
            let last = junctions[junctions.len() - 1];
            let reversed = junctions.iter().rev().map(|row| WaveJunction {
                outbound_s: last.inbound_s - row.inbound_s,
                inbound_s: last.outbound_s - row.outbound_s,
                outbound: row.inbound,
                inbound: row.outbound,
            });
            let reversed = Arterial::new(24.0, reversed.collect()).unwrap();
            let (outbound, inbound) = (f64::from(outbound), f64::from(inbound));
            let forth = street.wave(Weights { outbound, inbound }).unwrap().bandwidths;
            let back = reversed.wave(Weights { outbound: inbound, inbound: outbound }).unwrap().bandwidths;
            let difference = outbound * (forth.outbound_s - back.inbound_s) + inbound * (forth.inbound_s - back.outbound_s);
            prop_assert!(difference.abs() < 1e-6, "{forth:?} and {back:?}");
        }
    }
}
