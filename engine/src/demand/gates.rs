//! Traffic that enters and leaves the city at its gates.
//!
//! The daily count of a gate is input. Half of it enters, half leaves. A stated share passes through to another gate: a matrix between
//! gates by proportional fitting, whose pattern prefers gates that are far apart (nobody drives through a city to go
//! back) and keeps motorway traffic on motorways. The rest are tours: of outsiders, who come to what attracts them and go back,
//! and of residents, who leave from where they live and come back. When they do follows from period shares; the
//! directional split at each hour follows from both kinds of tours together.

use super::inputs::{DemandInputs, GateCount, InputError};
use super::parameters::GateParameters;
use super::{DemandError, Matrix, balance};

/// Vehicles a day of one gate by what they do, both directions together.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct GateVehicles {
    pub(super) cars: f64,
    pub(super) vans: f64,
    pub(super) heavy_vehicles: f64,
}

impl GateVehicles {
    /// The count of a gate by class, times a factor.
    pub(super) fn new(gate: &GateCount, factor: f64, parameters: &GateParameters) -> Self {
        let heavy_vehicles = factor * gate.daily_heavy_vehicles;
        let light = factor * gate.daily_vehicles - heavy_vehicles;
        let vans = parameters.van_share * light;
        Self { cars: light - vans, vans, heavy_vehicles }
    }

    /// What of the vehicles of a gate passes through, and what begins or ends in the city.
    pub(super) fn split(&self, gate: &GateCount, parameters: &GateParameters) -> (Self, Self) {
        let light = 1.0 - gate.through_share;
        let heavy = light * if gate.is_motorway { parameters.motorway_heavy_local } else { 1.0 };
        let share = |of_light: f64, of_heavy: f64| Self {
            cars: self.cars * of_light,
            vans: self.vans * of_light,
            heavy_vehicles: self.heavy_vehicles * of_heavy,
        };
        (share(1.0 - light, 1.0 - heavy), share(light, heavy))
    }
}

/// How likely traffic passes from each gate to each other, before it is fitted to the counts.
pub(super) fn through_pattern(inputs: &DemandInputs, parameters: &GateParameters) -> Matrix {
    let first = inputs.zones.len();
    Matrix::from_fn(inputs.gates.len(), |from, to| {
        if from == to {
            return 0.0;
        }
        // The same both ways, so that what comes in the morning can go back in the evening.
        let time_s = inputs.car_time_s.at(first + from, first + to) + inputs.car_time_s.at(first + to, first + from);
        let stays = inputs.gates[from].is_motorway == inputs.gates[to].is_motorway;
        time_s * if stays { 1.0 } else { parameters.motorway_to_road }
    })
}

/// Vehicles a day from gate to gate, when `through` pass at each gate in both directions together.
pub(super) fn through_matrix(pattern: &Matrix, gates: &[GateCount], through: &[f64]) -> Result<Matrix, DemandError> {
    let all: f64 = through.iter().sum();
    for (gate, &through) in gates.iter().zip(through) {
        // Where there is nowhere else for it to go, no pattern helps.
        if through > (all - through) * (1.0 - 1e-9) {
            let error = InputError::Through { key: gate.key.clone(), through, others: all - through };
            return Err(error.into());
        }
    }
    let each_way: Vec<f64> = through.iter().map(|through| through / 2.0).collect();
    Ok(balance(pattern, &each_way, &each_way)?.matrix(pattern))
}
