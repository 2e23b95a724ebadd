//! How finely a city is computed.

/// Where pieces of streets are left out, joined or taken together.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Accuracy {
    /// Side of the largest tile over which what a piece brings is taken to be smooth, in σy of its plume; 0.5 to 6.
    pub tile_sigmas: f64,
    /// Beyond so many σy beside its plume a piece brings nothing, 3 to 5: at 4, less than 4e-5 of its emission is left out.
    pub lateral_cut_sigmas: f64,
    /// Points of a street's line closer to it than this are left out, in metres; 0 to 10.
    pub line_tolerance_m: f64,
    /// Longer straight pieces are cut, in metres; 20 to 1,000.
    pub piece_length_max_m: f64,
}

/// What is wrong with it.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
#[error("{quantity} is {value}; give {range}")]
pub struct AccuracyFault {
    /// The quantity.
    pub quantity: &'static str,
    /// Its value.
    pub value: f64,
    /// What it may be.
    pub range: &'static str,
}

impl Accuracy {
    /// Everything that is wrong with it; nothing where it can be used.
    #[must_use]
    pub fn faults(&self) -> Vec<AccuracyFault> {
        let checks = [
            ("the side of smooth tiles", self.tile_sigmas, 0.5, 6.0, "0.5 to 6 σy"),
            ("the lateral cut", self.lateral_cut_sigmas, 3.0, 5.0, "3 to 5 σy"),
            ("the tolerance of lines", self.line_tolerance_m, 0.0, 10.0, "0 to 10 m"),
            ("the longest piece", self.piece_length_max_m, 20.0, 1000.0, "20 to 1,000 m"),
        ];
        checks
            .into_iter()
            .filter(|(_, value, low, high, _)| !(*low..=*high).contains(value))
            .map(|(quantity, value, _, _, range)| AccuracyFault { quantity, value, range })
            .collect()
    }
}
