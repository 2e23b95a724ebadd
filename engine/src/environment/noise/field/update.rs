//! Levels after a change.
//!
//! A receiver's levels hang on the pieces of line that were looked at for it, on what is between them and it, and on the walls around it.
//! What a changed line would be in the open tells whether a piece of it was, or would be, looked at; a changed building matters if it
//! is as near as the farthest of all that. All other receivers keep their levels, which are what they would be from scratch.

use super::answer::{Field, Outcome, Receiver};
use super::pieces::{nearest_along_m, squared_from_box_m2};
use super::settings::{FieldSettings, SettingsFault};
use super::solve::solve;
use crate::environment::noise::scene::{Scene, SoundLine};

/// What differs between two scenes.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Changes {
    /// Indices of lines that the scene before had otherwise, or that are gone.
    pub lines_before: Vec<usize>,
    /// Indices of lines that the scene after has otherwise, or that are new.
    pub lines_after: Vec<usize>,
    /// Indices of buildings that the scene before had otherwise, or that are gone.
    pub buildings_before: Vec<usize>,
    /// Indices of buildings that the scene after has otherwise, or that are new.
    pub buildings_after: Vec<usize>,
}

/// Levels in the scene `after`, where `earlier` holds those in the scene `before` for the same receivers and settings.
///
/// What changed must be told completely; ground, elevations and the squares' side must be the same. All that is not named in `changes` must come in
/// the same order in both scenes, and so must what is. The result is [`super::field`]'s, byte for byte. The second value says how many
/// receivers were reckoned.
///
/// # Errors
/// What is wrong with the settings.
pub fn update(
    (before, after): (&Scene, &Scene),
    changes: &Changes,
    receivers: &[Receiver],
    settings: &FieldSettings,
    earlier: &Field,
) -> Result<(Field, usize), Vec<SettingsFault>> {
    settings.validate()?;
    let weights = settings.hours.weights();
    let lines: Vec<(&SoundLine, f64)> = changes
        .lines_before
        .iter()
        .map(|&line| &before.lines[line])
        .chain(changes.lines_after.iter().map(|&line| &after.lines[line]))
        .map(|line| (line, line.weighted_energy(&weights)))
        .collect();
    let boxes: Vec<[[f64; 2]; 2]> = changes
        .buildings_before
        .iter()
        .map(|&building| before.buildings[building].bounds)
        .chain(changes.buildings_after.iter().map(|&building| after.buildings[building].bounds))
        .collect();
    let mut field = earlier.clone();
    let asked: Vec<u32> = (0..)
        .zip(receivers)
        .filter(|&(at, receiver)| {
            let known = &earlier.outcomes[at as usize];
            let horizon = &earlier.horizons[at as usize];
            let near = |bounds: &[[f64; 2]; 2]| {
                squared_from_box_m2(receiver.position, bounds) <= horizon.farthest_m * horizon.farthest_m
            };
            match known {
                Outcome::Faulty => false,
                // The index of its building may change, and so may whether it still stands there.
                Outcome::Inside { .. } => !boxes.is_empty(),
                Outcome::Levels(_) => {
                    boxes.iter().any(near)
                        || lines.iter().any(|&line| heard(line, receiver, settings, horizon.faintest))
                }
            }
        })
        .map(|(at, _)| at)
        .collect();
    let count = asked.len();
    solve(after, receivers, asked, settings, &mut field);
    Ok((field, count))
}

/// Whether any piece of a line can be as loud in the open as the faintest that was looked at.
fn heard((line, strength): (&SoundLine, f64), receiver: &Receiver, settings: &FieldSettings, faintest: f64) -> bool {
    if strength == 0.0 {
        return false;
    }
    let apart_m2 = squared_from_box_m2(receiver.position, &line.bounds);
    let loudest = |squared_m2: f64| strength * line.length_m() / squared_m2;
    // A hair more, as pieces are summed in another order than this.
    let enough = faintest * (1.0 - 1e-9);
    if apart_m2 > settings.reach_m * settings.reach_m || loudest(apart_m2) < enough {
        return false;
    }
    let nearest_m2 = super::pieces::squared_at_m2(line, nearest_along_m(line, receiver.position), receiver.position);
    loudest(nearest_m2) >= enough
}
