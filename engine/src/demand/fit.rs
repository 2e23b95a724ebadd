//! Fitting deterrence and mode constants to a survey of work trips.
//!
//! The durations that people report are those of all modes together, so distribution and mode choice are fitted together: for
//! given deterrence the work trips are distributed, the mode constants are set to give the observed shares, and the durations
//! by mode are sorted into the survey's bands. The two parameters of the deterrence minimise Pearson's χ² between the
//! shares of the bands (Levenberg–Marquardt; Moré 1978). Durations inside a pair of zones spread lognormally around that of
//! the zones' centres, because a zone is not a point and a reported duration is rounded.

use super::deterrence::Tanner;
use super::modes::{ByMode, LevelOfService, ModeFactors, fit_factors, shares};
use super::{CHOSEN_MODES, DemandError, Matrix, balance};
use crate::draws::normal_probability;

/// What there is to fit to.
pub(super) struct Target<'a> {
    /// Work tours that begin in each zone.
    pub(super) productions: &'a [f64],
    /// Work tours that end in each zone.
    pub(super) attractions: &'a [f64],
    /// Door-to-door minutes by car.
    pub(super) car_min: &'a Matrix,
    /// Their logarithms.
    pub(super) car_log_min: &'a Matrix,
    /// The modes between the zones.
    pub(super) level_of_service: &'a LevelOfService,
    /// Observed share of each mode among the chosen; sums to 1.
    pub(super) mode_shares: ByMode,
    /// Upper ends of the bands, in minutes.
    pub(super) band_ends_min: &'a [f64],
    /// Observed share of each band; sums to 1.
    pub(super) band_shares: &'a [f64],
    /// Spread of single durations.
    pub(super) duration_log_deviation: f64,
}

/// What came out.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Fitted {
    pub(super) deterrence: Tanner,
    pub(super) factors: ModeFactors,
    pub(super) band_shares: Vec<f64>,
    pub(super) band_shares_by_mode: Vec<ByMode>,
    pub(super) mean_duration_min: f64,
    pub(super) chi_square: f64,
    pub(super) steps: usize,
}

/// Where the search begins: trips fall off by a tenth a minute.
const START: Tanner = Tanner { power: 0.0, rate_per_min: 0.1 };
/// The parameters stay within these, power and rate per minute: time never attracts, and beyond the others the pattern is
/// that of all-or-nothing.
const BOUNDS: [(f64, f64); 2] = [(-6.0, 6.0), (0.0, 1.0)];
/// The search ends when a step is smaller than this in both parameters, or lowers χ² by less than this part of it.
const STEP_TOLERANCE: f64 = 1e-10;
const DECREASE_TOLERANCE: f64 = 1e-8;
const STEPS_MAX: usize = 1000;
/// Step of the finite differences.
const DIFFERENCE: f64 = 1e-4;

/// Fits deterrence and mode factors.
pub(super) fn fit(target: &Target) -> Result<Fitted, DemandError> {
    let bands = Bands::new(target);
    let mut point = [START.power, START.rate_per_min];
    let mut state = evaluate(target, &bands, point, [1.0; CHOSEN_MODES])?;
    let mut damping = 1e-3;
    for steps in 1..=STEPS_MAX {
        let jacobian = jacobian(target, &bands, point, &state)?;
        let (mut gradient, mut curvature) = normal_equations(&jacobian, &state.residuals);
        hold_at_bounds(point, &mut gradient, &mut curvature);
        loop {
            let step = solve(curvature, gradient, damping);
            let next = [0, 1].map(|axis| (point[axis] + step[axis]).clamp(BOUNDS[axis].0, BOUNDS[axis].1));
            let moved = f64::max((next[0] - point[0]).abs(), (next[1] - point[1]).abs());
            if moved < STEP_TOLERANCE || damping > 1e12 {
                return Ok(finish(target, &bands, point, state, steps));
            }
            // A step so far that nothing can be distributed any more is one too far.
            let trial = evaluate(target, &bands, next, state.factors).ok();
            let decrease = trial.as_ref().map_or(0.0, |trial| state.chi_square - trial.chi_square);
            if let Some(trial) = trial.filter(|_| decrease > 0.0) {
                let settled = decrease < DECREASE_TOLERANCE * state.chi_square;
                (point, state, damping) = (next, trial, f64::max(damping / 10.0, 1e-12));
                if settled {
                    return Ok(finish(target, &bands, point, state, steps));
                }
                break;
            }
            damping *= 10.0;
        }
    }
    Err(DemandError::FitNotConverged { steps: STEPS_MAX })
}

/// The model at one point.
struct State {
    trips: Matrix,
    factors: ModeFactors,
    residuals: Vec<f64>,
    chi_square: f64,
}

fn deterrence(point: [f64; 2]) -> Tanner {
    Tanner { power: point[0], rate_per_min: point[1] }
}

fn evaluate(target: &Target, bands: &Bands, point: [f64; 2], start: ModeFactors) -> Result<State, DemandError> {
    let trips = distribute(target, deterrence(point))?;
    let odds = &target.level_of_service.odds;
    let factors = fit_factors(&trips, odds, &target.mode_shares, start).ok_or(DemandError::ModeSharesOutOfReach)?;
    let modelled = bands.shares(&trips, odds, &factors);
    let residuals: Vec<f64> = modelled.iter().zip(target.band_shares).map(|(m, o)| (m - o) / libm::sqrt(*o)).collect();
    let chi_square = residuals.iter().map(|residual| residual * residual).sum();
    Ok(State { trips, factors, residuals, chi_square })
}

/// Work trips at a deterrence.
fn distribute(target: &Target, deterrence: Tanner) -> Result<Matrix, DemandError> {
    let size = target.car_min.size();
    let seed = Matrix::from_fn(size, |origin, destination| {
        deterrence.attraction(target.car_min.at(origin, destination), target.car_log_min.at(origin, destination))
    });
    Ok(balance(&seed, target.productions, target.attractions)?.matrix(&seed))
}

type Jacobian = Vec<[f64; 2]>;

fn jacobian(target: &Target, bands: &Bands, point: [f64; 2], state: &State) -> Result<Jacobian, DemandError> {
    let mut jacobian = vec![[0.0; 2]; state.residuals.len()];
    for axis in 0..2 {
        let moved = |by: f64| {
            let mut point = point;
            point[axis] += by;
            evaluate(target, bands, point, state.factors)
        };
        let (above, below) = (moved(DIFFERENCE)?, moved(-DIFFERENCE)?);
        for (row, (above, below)) in jacobian.iter_mut().zip(above.residuals.iter().zip(&below.residuals)) {
            row[axis] = (above - below) / (2.0 * DIFFERENCE);
        }
    }
    Ok(jacobian)
}

fn normal_equations(jacobian: &Jacobian, residuals: &[f64]) -> ([f64; 2], [f64; 3]) {
    let (mut gradient, mut curvature) = ([0.0; 2], [0.0; 3]);
    for (row, residual) in jacobian.iter().zip(residuals) {
        gradient[0] += row[0] * residual;
        gradient[1] += row[1] * residual;
        curvature[0] += row[0] * row[0];
        curvature[1] += row[0] * row[1];
        curvature[2] += row[1] * row[1];
    }
    (gradient, curvature)
}

/// Takes a parameter that stands at its bound and would go beyond it out of the equations.
fn hold_at_bounds(point: [f64; 2], gradient: &mut [f64; 2], curvature: &mut [f64; 3]) {
    for axis in 0..2 {
        let (low, high) = BOUNDS[axis];
        if (point[axis] <= low && gradient[axis] > 0.0) || (point[axis] >= high && gradient[axis] < 0.0) {
            gradient[axis] = 0.0;
            curvature[1] = 0.0;
        }
    }
}

/// The damped step: (C + damping · diag C) step = −gradient.
fn solve([xx, xy, yy]: [f64; 3], gradient: [f64; 2], damping: f64) -> [f64; 2] {
    let (a, d) = (xx * (1.0 + damping) + f64::MIN_POSITIVE, yy * (1.0 + damping) + f64::MIN_POSITIVE);
    let determinant = a * d - xy * xy;
    if determinant <= 0.0 {
        return [0.0; 2];
    }
    [(xy * gradient[1] - d * gradient[0]) / determinant, (xy * gradient[0] - a * gradient[1]) / determinant]
}

fn finish(target: &Target, bands: &Bands, point: [f64; 2], state: State, steps: usize) -> Fitted {
    let odds = &target.level_of_service.odds;
    Fitted {
        deterrence: deterrence(point),
        factors: state.factors,
        band_shares: bands.shares(&state.trips, odds, &state.factors),
        band_shares_by_mode: bands.shares_by_mode(&state.trips, odds, &state.factors),
        mean_duration_min: mean_duration(&state.trips, target.level_of_service, &state.factors),
        chi_square: state.chi_square,
        steps,
    }
}

fn mean_duration(trips: &Matrix, level: &LevelOfService, factors: &ModeFactors) -> f64 {
    let mut sum = 0.0;
    for ((&trips, odds), duration) in trips.values().iter().zip(&level.odds).zip(&level.duration_min) {
        let mean: f64 = shares(odds, factors).iter().zip(duration).map(|(share, duration)| share * duration).sum();
        sum += trips * mean;
    }
    sum / trips.total()
}

/// For each band end the probability, by pair of zones and mode, that a trip takes no longer.
struct Bands {
    below: Vec<Vec<ByMode>>,
}

impl Bands {
    fn new(target: &Target) -> Self {
        let deviation = target.duration_log_deviation;
        let below = |end: f64, duration: f64| {
            if deviation > 0.0 {
                normal_probability((libm::log(end) - libm::log(duration)) / deviation)
            } else {
                f64::from(u8::from(duration <= end))
            }
        };
        let durations = &target.level_of_service.duration_min;
        let of_end = |&end: &f64| durations.iter().map(|modes| modes.map(|duration| below(end, duration))).collect();
        Self { below: target.band_ends_min.iter().map(of_end).collect() }
    }

    /// Trips of each mode that take no longer than each band end, and all of them last.
    fn cumulated(&self, trips: &Matrix, odds: &[ByMode], factors: &ModeFactors) -> Vec<ByMode> {
        let mut sums = vec![[0.0; CHOSEN_MODES]; self.below.len() + 1];
        for (cell, (&trips, odds)) in trips.values().iter().zip(odds).enumerate() {
            let by_mode = shares(odds, factors).map(|share| share * trips);
            for (sum, below) in sums.iter_mut().zip(&self.below) {
                for mode in 0..CHOSEN_MODES {
                    sum[mode] += by_mode[mode] * below[cell][mode];
                }
            }
            let all = &mut sums[self.below.len()];
            for mode in 0..CHOSEN_MODES {
                all[mode] += by_mode[mode];
            }
        }
        sums
    }

    /// Share of each band in all trips.
    fn shares(&self, trips: &Matrix, odds: &[ByMode], factors: &ModeFactors) -> Vec<f64> {
        let cumulated: Vec<f64> = self.cumulated(trips, odds, factors).iter().map(|modes| modes.iter().sum()).collect();
        let all = cumulated[cumulated.len() - 1];
        differences(&cumulated).into_iter().map(|trips| trips / all).collect()
    }

    /// Share of each band in the trips of each mode.
    fn shares_by_mode(&self, trips: &Matrix, odds: &[ByMode], factors: &ModeFactors) -> Vec<ByMode> {
        let cumulated = self.cumulated(trips, odds, factors);
        let mut bands = vec![[0.0; CHOSEN_MODES]; cumulated.len()];
        for mode in 0..CHOSEN_MODES {
            let of_mode: Vec<f64> = cumulated.iter().map(|modes| modes[mode]).collect();
            let all = of_mode[of_mode.len() - 1];
            for (band, trips) in bands.iter_mut().zip(differences(&of_mode)) {
                band[mode] = trips / all;
            }
        }
        bands
    }
}

fn differences(cumulated: &[f64]) -> Vec<f64> {
    let before = std::iter::once(0.0).chain(cumulated.iter().copied());
    cumulated.iter().zip(before).map(|(value, before)| value - before).collect()
}
