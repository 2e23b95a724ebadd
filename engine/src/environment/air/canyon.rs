//! A street between houses, by the oldest empirical box model. **Unverified**: no published case is at hand to check it with.
//!
//! Johnson, Ludwig, Dabberdt and Allen (1973), *An urban diffusion simulation model for carbon monoxide*, Journal of the Air
//! Pollution Control Association 23(6), 490–498 (STREET): a vortex between the houses carries exhaust to the lee side (foot of
//! the house that the roof wind comes over), where the source is near, and brings air from above to the windward side. Made for
//! streets about as deep as wide in one city, and for wind across; within an angle of the street's axis both sides have their
//! mean. It adds what recirculates of the street's own traffic; the city's other streets come from the line-source model, and
//! the street itself must not be counted twice. Left out: gaps, trees, junctions, roofs, and vehicles' heat.

/// The empirical constants of the model.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CanyonConstants {
    /// The factor K; positive.
    pub dilution: f64,
    /// What vehicles add to the wind, in m/s; positive.
    pub added_wind_mps: f64,
    /// Size of the cloud behind a vehicle, in metres; positive.
    pub initial_mixing_m: f64,
    /// Winds within this angle of the street's axis are taken to blow along it, in degrees, 0 to 90.
    pub along_deg: f64,
}

/// A street between houses.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct UnverifiedCanyon {
    /// Direction of its axis in degrees clockwise from north.
    pub axis_deg: f64,
    /// From house to house, in metres; positive.
    pub width_m: f64,
    /// Mean height of the houses in metres; positive.
    pub height_m: f64,
}

/// Where somebody stands in it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CanyonReceptor {
    /// Whether on the side to the right of the axis, looking along it.
    pub is_right: bool,
    /// Distance from the middle of the nearest lane, in metres; at least 0.
    pub distance_m: f64,
    /// Height above the ground in metres; from 0 to the houses' height.
    pub z_m: f64,
}

/// What is wrong with a canyon.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
#[error("{quantity} is {value}; give {range}")]
pub struct CanyonFault {
    /// The quantity.
    pub quantity: &'static str,
    /// Its value.
    pub value: f64,
    /// What it may be.
    pub range: &'static str,
}

impl CanyonConstants {
    /// Everything that is wrong with them; nothing where they can be used.
    #[must_use]
    pub fn faults(&self) -> Vec<CanyonFault> {
        let positive = |quantity, value: f64| {
            let is_right = value > 0.0 && value.is_finite();
            (!is_right).then_some(CanyonFault { quantity, value, range: "a number above 0" })
        };
        let along = CanyonFault { quantity: "the angle along the street", value: self.along_deg, range: "0 to 90°" };
        [
            positive("K", self.dilution),
            positive("the wind of vehicles", self.added_wind_mps),
            positive("the initial mixing", self.initial_mixing_m),
            (!(0.0..=90.0).contains(&self.along_deg)).then_some(along),
        ]
        .into_iter()
        .flatten()
        .collect()
    }
}

impl UnverifiedCanyon {
    /// What the street's own traffic adds in µg/m³, for an emission in g/(m·s) and the wind above the roofs (m/s, degrees that
    /// it comes from). Constants must be valid. *Unverified.*
    ///
    /// # Errors
    /// The first number that cannot be.
    pub fn addition_ugpm3(
        &self,
        constants: &CanyonConstants,
        receptor: &CanyonReceptor,
        emission_gpms: f64,
        wind_speed_mps: f64,
        wind_from_deg: f64,
    ) -> Result<f64, CanyonFault> {
        let not_negative = "a number of at least 0";
        let checks = [
            (self.axis_deg.is_finite(), "the axis", self.axis_deg, "degrees"),
            (self.width_m > 0.0, "the width", self.width_m, "a number above 0"),
            (self.height_m > 0.0, "the houses' height", self.height_m, "a number above 0"),
            (receptor.distance_m >= 0.0, "the distance", receptor.distance_m, not_negative),
            (
                (0.0..=self.height_m).contains(&receptor.z_m),
                "the receptor's height",
                receptor.z_m,
                "0 to the houses' height",
            ),
            (emission_gpms >= 0.0, "the emission", emission_gpms, not_negative),
            (wind_speed_mps >= 0.0, "the wind speed", wind_speed_mps, not_negative),
            (wind_from_deg.is_finite(), "the wind's direction", wind_from_deg, "degrees"),
        ];
        if let Some((_, quantity, value, range)) = checks.into_iter().find(|check| !(check.0 && check.2.is_finite())) {
            return Err(CanyonFault { quantity, value, range });
        }
        let strength = constants.dilution * emission_gpms * 1e6 / (wind_speed_mps + constants.added_wind_mps);
        let source_m = libm::hypot(receptor.distance_m, receptor.z_m) + constants.initial_mixing_m;
        let lee = strength / source_m;
        let windward = strength * (self.height_m - receptor.z_m) / (self.width_m * self.height_m);
        // Above 0 where the wind comes from the right of the axis.
        let from_right = libm::sin((wind_from_deg - self.axis_deg).to_radians());
        let across = libm::sin(constants.along_deg.to_radians());
        Ok(if from_right.abs() <= across {
            (lee + windward) / 2.0
        } else if (from_right > 0.0) == receptor.is_right {
            lee
        } else {
            windward
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CONSTANTS: CanyonConstants =
        CanyonConstants { dilution: 7.0, added_wind_mps: 0.5, initial_mixing_m: 2.0, along_deg: 30.0 };
    const CANYON: UnverifiedCanyon = UnverifiedCanyon { axis_deg: 0.0, width_m: 20.0, height_m: 20.0 };
    const EAST: CanyonReceptor = CanyonReceptor { is_right: true, distance_m: 3.0, z_m: 4.0 };

    fn addition(receptor: &CanyonReceptor, wind_from_deg: f64) -> f64 {
        CANYON.addition_ugpm3(&CONSTANTS, receptor, 1e-4, 1.5, wind_from_deg).expect("a canyon")
    }

    /// By hand: 7 · 100 / 2 = 350; lee 350 / (5 + 2) = 50; windward 350 · 16 / 400 = 14.
    #[test]
    fn the_side_that_the_wind_comes_over_has_the_exhaust() {
        assert!((addition(&EAST, 90.0) - 50.0).abs() < 1e-12);
        assert!((addition(&EAST, 270.0) - 14.0).abs() < 1e-12);
        let west = CanyonReceptor { is_right: false, ..EAST };
        assert!((addition(&west, 270.0) - 50.0).abs() < 1e-12);
        assert!((addition(&EAST, 10.0) - 32.0).abs() < 1e-12);
        assert!((addition(&west, 190.0) - 32.0).abs() < 1e-12);
    }

    #[test]
    fn what_cannot_be_is_refused() {
        assert!(CONSTANTS.faults().is_empty());
        assert_eq!(CanyonConstants { dilution: 0.0, along_deg: 91.0, ..CONSTANTS }.faults().len(), 2);
        let high = CanyonReceptor { z_m: 21.0, ..EAST };
        assert!(CANYON.addition_ugpm3(&CONSTANTS, &high, 1e-4, 1.5, 0.0).is_err());
        assert!(CANYON.addition_ugpm3(&CONSTANTS, &EAST, -1.0, 1.5, 0.0).is_err());
        assert!(CANYON.addition_ugpm3(&CONSTANTS, &EAST, 1.0, f64::NAN, 0.0).is_err());
    }
}
