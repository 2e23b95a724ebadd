//! The eight octave bands from 63 Hz to 8 kHz in which noise is reckoned, and the A-weighting.
//!
//! Directive (EU) 2015/996, annex, 2.1.2: calculations are done in octave bands; A-weights are those of IEC 61672-1 at the bands'
//! centres. Third-octaves are left out.

/// Number of octave bands.
pub const BAND_COUNT: usize = 8;

/// One number for each octave band from 63 Hz to 8 kHz.
pub type Bands = [f64; BAND_COUNT];

/// Nominal centre frequencies of the bands in hertz.
pub const CENTRES_HZ: Bands = [63.0, 125.0, 250.0, 500.0, 1000.0, 2000.0, 4000.0, 8000.0];

/// Exact centre frequencies of the bands in hertz, 1000 · 10^(3n/10), at which air is said to absorb (ISO 9613-1, note 5).
pub const EXACT_CENTRES_HZ: Bands = [
    63.095_734_448_019_33,
    125.892_541_179_416_73,
    251.188_643_150_958,
    501.187_233_627_272_2,
    1000.0,
    1_995.262_314_968_879_5,
    3_981.071_705_534_972_5,
    7_943.282_347_242_815,
];

/// A-weights of the bands in decibels (IEC 61672-1).
pub const A_WEIGHTS_DB: Bands = [-26.2, -16.1, -8.6, -3.2, 0.0, 1.2, 1.0, -1.1];

/// Energy of a level: 10^(level/10); 0 for a level of −∞.
#[must_use]
pub fn energy(level_db: f64) -> f64 {
    libm::pow(10.0, level_db / 10.0)
}

/// Level of an energy in decibels: −∞ for 0.
#[must_use]
pub fn level_db(energy: f64) -> f64 {
    10.0 * libm::log10(energy)
}

/// The A-weighted overall level of levels by band, in dB(A).
#[must_use]
pub fn a_weighted_db(levels_db: &Bands) -> f64 {
    let mut sum = 0.0;
    for (level, weight) in levels_db.iter().zip(A_WEIGHTS_DB) {
        sum += energy(level + weight);
    }
    level_db(sum)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_levels_in_all_bands_weigh_as_the_published_weights_say() {
        // 10 lg of the sum of 10^(w/10) is 6.9871 dB, summed by hand.
        assert!((a_weighted_db(&[0.0; BAND_COUNT]) - 6.9871).abs() < 1e-3);
    }

    #[test]
    fn silence_has_no_energy() {
        assert_eq!(energy(f64::NEG_INFINITY), 0.0);
        assert_eq!(level_db(0.0), f64::NEG_INFINITY);
        assert_eq!(a_weighted_db(&[f64::NEG_INFINITY; BAND_COUNT]), f64::NEG_INFINITY);
    }

    #[test]
    fn exact_centres_are_powers_of_ten() {
        for (band, centre) in EXACT_CENTRES_HZ.iter().enumerate() {
            let exact = 1000.0 * libm::pow(10.0, 0.3 * (band as f64 - 4.0));
            assert!((centre - exact).abs() < 1e-9 * exact, "{centre} instead of {exact}");
        }
    }
}
