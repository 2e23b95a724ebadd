//! Who lives with how much noise: indicator B.3 of the Italian guidelines for urban mobility plans (PUMS, DM 396/2019), whose wording
//! is to be confirmed by the municipality.

use super::super::fields::NoiseOfRun;
use super::super::settings::Settings;
use super::{Definition, define};

const FORMULA: [&str; 2] = [
    "residenti il cui livello in facciata, a 4 m, raggiunge la soglia, su quelli di cui il livello è noto; CNOSSOS-EU (direttiva 2015/996, modificata dalla 2021/1226), traffico medio, edifici sintetici, una riflessione; giorno 6–20, sera 20–22, notte 22–6",
    "residents whose level at the façade, 4 m up, reaches the threshold, of those whose level is known; CNOSSOS-EU (directive 2015/996 as amended by 2021/1226), mean traffic, synthetic buildings, one reflection; day 6–20, evening 20–22, night 22–6",
];

/// Who lives with how much noise, in the order of [`values`].
pub(super) fn definitions() -> Vec<Definition> {
    let of = |id: &str, name: [&str; 2], code| Definition {
        pums_code: code,
        ..define(id, name, ["% dei residenti", "% of residents"], FORMULA, 1)
    };
    vec![
        of("noise_lden_55", ["Esposti a Lden di 55 dB(A) o più", "Exposed to Lden of 55 dB(A) or more"], Some("B.3")),
        of("noise_lden_65", ["Esposti a Lden di 65 dB(A) o più", "Exposed to Lden of 65 dB(A) or more"], Some("B.3")),
        of("noise_lnight_50", ["Esposti di notte a 50 dB(A) o più", "Exposed at night to 50 dB(A) or more"], None),
        of("noise_lnight_55", ["Esposti di notte a 55 dB(A) o più", "Exposed at night to 55 dB(A) or more"], None),
    ]
}

/// The values of one seed, in the order of [`definitions`]; none where noise was not reckoned.
pub(super) fn values(settings: &Settings, noise: Option<&NoiseOfRun>, seed: u64) -> [Option<f64>; 4] {
    noise.map_or([None; 4], |noise| noise.exposed_percent(settings, seed).map(Some))
}
