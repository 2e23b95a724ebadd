//! Green waves: the offsets of the signals along a street, after the scenario's edits.

use engine::traffic::from_city::{CityStreets, LinkPlace};
use engine::traffic::network::derive::{ControlKind, DerivedNetwork, StreetWave};

use super::super::base::SimulateError;
use super::super::model::CityModel;
use super::signals::{Timed, members};

/// Gives the signals of each wave their offsets. They have the wave's cycle already.
pub(super) fn coordinate(
    model: &CityModel,
    streets: &CityStreets,
    derived: &DerivedNetwork,
    signals: &mut [Timed],
) -> Result<(), SimulateError> {
    let edits = &model.applied.traffic;
    for (street, wave) in &edits.green_waves {
        let written = || model.applied.written.of_waves.get(street).cloned().map(Box::new);
        let is_of_wave = |junction: u32| edits.wave_at(&members(streets, junction)) == Some(wave);
        let mut of_wave: Vec<&mut Timed> = signals.iter_mut().filter(|signal| is_of_wave(signal.junction)).collect();
        let junctions: Vec<u32> = of_wave.iter().map(|signal| signal.junction).collect();
        let [first, _, ..] = &of_wave[..] else {
            return Err(SimulateError::NoWave { written: written(), street: street.clone(), signals: of_wave.len() });
        };
        let limits = first.limits;
        let greens = |signal: &&mut Timed| match &signal.choice.kind {
            ControlKind::Fixed { greens_s, .. } => greens_s.clone(),
            ControlKind::Actuated { .. } | ControlKind::MaxPressure { .. } => Vec::new(),
        };
        let greens_s: Vec<Vec<f64>> = of_wave.iter().map(greens).collect();
        let mut along: Vec<u32> = wave
            .links
            .iter()
            .filter_map(|&link| match streets.places[link] {
                LinkPlace::Street(street) => Some(street),
                LinkPlace::Inside(_) | LinkPlace::Closed => None,
            })
            .collect();
        along.sort_unstable();
        let speed_mps = wave.speed_mps;
        let street_wave = StreetWave { streets: &along, junctions: &junctions, greens_s: &greens_s, speed_mps, limits };
        let found = derived.green_wave(&streets.plain, &street_wave).map_err(|fault| SimulateError::Wave {
            written: written(),
            street: street.as_str().into(),
            fault,
        })?;
        for (signal, found_s) in of_wave.iter_mut().zip(found.offsets_s) {
            if let ControlKind::Fixed { offset_s, .. } = &mut signal.choice.kind {
                *offset_s = found_s;
            }
        }
    }
    Ok(())
}
