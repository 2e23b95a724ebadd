//! How many people live with how much noise.
//!
//! Directive 2002/49/EC, annex VI, 1.5 and 1.6: people whose dwelling has an L_den, 4 m above the ground at the façade, of 55–59, 60–64, 65–69,
//! 70–74 and at least 75 dB, and an L_night of 50–54, 55–59, 60–64, 65–69 and at least 70 dB. A class holds what is at least its lowest
//! and below the next class's lowest level; nothing is rounded, neither levels nor people. Which receivers a dwelling has, and which of
//! them counts, is for whoever asks.

use super::field::Outcome;

/// Number of classes of either indicator.
pub const CLASS_COUNT: usize = 5;
/// Lowest levels of the classes of L_den, in dB(A).
pub const DEN_CLASSES_DB: [f64; CLASS_COUNT] = [55.0, 60.0, 65.0, 70.0, 75.0];
/// Lowest levels of the classes of L_night, in dB(A).
pub const NIGHT_CLASSES_DB: [f64; CLASS_COUNT] = [50.0, 55.0, 60.0, 65.0, 70.0];

/// Who lives at a receiver.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Dwellers {
    /// How many people, on average; at least 0.
    pub residents: f64,
    /// Index of the group, such as the quarter, that they are counted in.
    pub group: usize,
}

/// People of a group, or of all of them.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Exposure {
    /// All people.
    pub residents: f64,
    /// People by class of L_den.
    pub den: [f64; CLASS_COUNT],
    /// People by class of L_night.
    pub night: [f64; CLASS_COUNT],
    /// People whose receiver has no levels: they are in no class.
    pub unknown: f64,
}

/// Why people cannot be counted.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum ExposureFault {
    /// Not as many.
    #[error("{receivers} receivers, but dwellers of {dwellers}; give them in the same order")]
    Count {
        /// Number of receivers.
        receivers: usize,
        /// Number of dwellers.
        dwellers: usize,
    },
    /// Not a number of people.
    #[error("receiver {receiver}: {residents} residents; give a number of at least 0")]
    Residents {
        /// Index of the receiver.
        receiver: usize,
        /// How many residents it has.
        residents: f64,
    },
    /// A group that is none.
    #[error("receiver {receiver}: group {group}, but there are {groups}")]
    Group {
        /// Index of the receiver.
        receiver: usize,
        /// The group.
        group: usize,
        /// How many groups there are.
        groups: usize,
    },
}

/// People by group and class, for receivers whose levels are `outcomes`.
///
/// # Errors
/// Everything that is wrong with the dwellers.
pub fn exposure(
    outcomes: &[Outcome],
    dwellers: &[Dwellers],
    groups: usize,
) -> Result<Vec<Exposure>, Vec<ExposureFault>> {
    let mut faults = Vec::new();
    if outcomes.len() != dwellers.len() {
        faults.push(ExposureFault::Count { receivers: outcomes.len(), dwellers: dwellers.len() });
    }
    for (receiver, &Dwellers { residents, group }) in dwellers.iter().enumerate() {
        if !(residents.is_finite() && residents >= 0.0) {
            faults.push(ExposureFault::Residents { receiver, residents });
        }
        if group >= groups {
            faults.push(ExposureFault::Group { receiver, group, groups });
        }
    }
    if !faults.is_empty() {
        return Err(faults);
    }
    let mut exposures = vec![Exposure::default(); groups];
    for (outcome, &Dwellers { residents, group }) in outcomes.iter().zip(dwellers) {
        let exposure = &mut exposures[group];
        exposure.residents += residents;
        let Some(levels) = outcome.levels() else {
            exposure.unknown += residents;
            continue;
        };
        if let Some(class) = class(levels.den_db, &DEN_CLASSES_DB) {
            exposure.den[class] += residents;
        }
        if let Some(class) = class(levels.night_db, &NIGHT_CLASSES_DB) {
            exposure.night[class] += residents;
        }
    }
    Ok(exposures)
}

/// The people of all groups, summed in the groups' order.
#[must_use]
pub fn everyone(exposures: &[Exposure]) -> Exposure {
    let mut whole = Exposure::default();
    for exposure in exposures {
        whole.residents += exposure.residents;
        whole.unknown += exposure.unknown;
        for class in 0..CLASS_COUNT {
            whole.den[class] += exposure.den[class];
            whole.night[class] += exposure.night[class];
        }
    }
    whole
}

/// The class of a level, if it is loud enough for one.
fn class(level_db: f64, lowest_db: &[f64; CLASS_COUNT]) -> Option<usize> {
    lowest_db.iter().rposition(|&lowest_db| level_db >= lowest_db)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::environment::noise::field::Levels;

    fn outcome(den_db: f64, night_db: f64) -> Outcome {
        Outcome::Levels(Levels { day_db: den_db, evening_db: den_db, night_db, den_db })
    }

    #[test]
    fn people_are_counted_in_the_classes_of_the_directive() {
        let outcomes = [
            outcome(54.99, 49.9),
            outcome(55.0, 50.0),
            outcome(59.999, 54.9),
            outcome(80.0, 70.0),
            outcome(f64::NEG_INFINITY, f64::NEG_INFINITY),
            Outcome::Inside { building: 0 },
        ];
        let dwellers = [(1.0, 0), (2.0, 0), (4.0, 1), (8.0, 1), (16.0, 0), (32.0, 1)]
            .map(|(residents, group)| Dwellers { residents, group });
        let found = exposure(&outcomes, &dwellers, 2).unwrap();
        assert_eq!(
            found[0],
            Exposure {
                residents: 19.0,
                den: [2.0, 0.0, 0.0, 0.0, 0.0],
                night: [2.0, 0.0, 0.0, 0.0, 0.0],
                unknown: 0.0
            }
        );
        assert_eq!(
            found[1],
            Exposure {
                residents: 44.0,
                den: [4.0, 0.0, 0.0, 0.0, 8.0],
                night: [4.0, 0.0, 0.0, 0.0, 8.0],
                unknown: 32.0
            }
        );
        assert_eq!(everyone(&found).residents, 63.0);
        assert_eq!(everyone(&found).den, [6.0, 0.0, 0.0, 0.0, 8.0]);
    }

    #[test]
    fn dwellers_that_cannot_be_are_all_told() {
        let bad = [Dwellers { residents: f64::NAN, group: 0 }, Dwellers { residents: -1.0, group: 7 }];
        let faults = exposure(&[outcome(60.0, 50.0)], &bad, 2).unwrap_err();
        assert_eq!(faults.len(), 4);
        assert_eq!(faults[0].to_string(), "1 receivers, but dwellers of 2; give them in the same order");
    }
}
