//! Volume–delay functions: what an arc takes to travel when so much traffic uses it.
//!
//! The function of the US Bureau of Public Roads (*Traffic Assignment Manual*, 1964) and the conical function of Spiess
//! (*Conical volume-delay functions*, Transportation Science 24(2), 1990, equation 6). Both depend on the arc's own flow
//! alone: queues that spill back and crossing traffic are left out.

/// The time that an arc takes as a function of its flow in passenger-car units.
///
/// Time is in whatever unit the free time has; flow and capacity share a unit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum VolumeDelay {
    /// The same time whatever the flow.
    Constant {
        /// The time; at least 0.
        time: f64,
    },
    /// `free_time · (1 + b · (flow / capacity)^power)`.
    Bpr {
        /// Time on the empty arc; at least 0.
        free_time: f64,
        /// What a flow of exactly the capacity adds, as a share of the free time; at least 0.
        b: f64,
        /// How steeply time rises; at least 0.
        power: f64,
        /// Flow at which `b` is reached. Positive, or anything where `b` or the free time is 0.
        capacity: f64,
    },
    /// `free_time · (2 + √(α²(1−x)² + β²) − α(1−x) − β)` with `x = flow / capacity` and `β = (2α−1) / (2α−2)`.
    Conical {
        /// Time on the empty arc; at least 0.
        free_time: f64,
        /// How steeply time rises around the capacity; above 1.
        alpha: f64,
        /// Flow at which time is twice the free time; positive.
        capacity: f64,
    },
}

/// Below this share of the capacity the slope is taken at it: powers below 1 rise with an infinite slope at 0.
const SLOPE_LOAD_MIN: f64 = 1e-6;

impl VolumeDelay {
    /// What is wrong with the parameters, in words, if anything is.
    #[must_use]
    pub fn fault(&self) -> Option<&'static str> {
        let sensible = |value: f64| value.is_finite() && value >= 0.0;
        match *self {
            Self::Constant { time } => (!sensible(time)).then_some("the time must be a number of at least 0"),
            Self::Bpr { free_time, b, power, capacity } => {
                if !sensible(free_time) {
                    Some("the free-flow time must be a number of at least 0")
                } else if !sensible(b) {
                    Some("b must be a number of at least 0")
                } else if !sensible(power) {
                    Some("the power must be a number of at least 0")
                } else if !sensible(capacity) || (capacity == 0.0 && b > 0.0 && free_time > 0.0) {
                    Some("the capacity must be positive where time depends on flow")
                } else {
                    None
                }
            }
            Self::Conical { free_time, alpha, capacity } => {
                if !sensible(free_time) {
                    Some("the free-flow time must be a number of at least 0")
                } else if !(alpha.is_finite() && alpha > 1.0) {
                    Some("alpha must be above 1")
                } else if !(capacity.is_finite() && capacity > 0.0) {
                    Some("the capacity must be positive")
                } else {
                    None
                }
            }
        }
    }

    /// Whether every added vehicle adds time. Where it does, the equilibrium flow of the arc is unique.
    #[must_use]
    pub fn rises_strictly(&self) -> bool {
        match *self {
            Self::Constant { .. } => false,
            Self::Bpr { free_time, b, power, .. } => free_time > 0.0 && b > 0.0 && power > 0.0,
            Self::Conical { free_time, .. } => free_time > 0.0,
        }
    }

    /// The function of two arcs in series, where it is one function again.
    pub(super) fn in_series(&self, next: &Self) -> Option<Self> {
        match (self.simplified(), next.simplified()) {
            (Self::Constant { time }, Self::Constant { time: other }) => Some(Self::Constant { time: time + other }),
            (Self::Constant { time }, Self::Bpr { free_time, b, power, capacity })
            | (Self::Bpr { free_time, b, power, capacity }, Self::Constant { time }) => {
                Some(Self::Bpr { free_time: free_time + time, b: b * free_time / (free_time + time), power, capacity })
            }
            (Self::Bpr { free_time, b, power, capacity }, Self::Bpr { free_time: f, b: c, power: p, capacity: d })
                if power == p =>
            {
                let both = free_time + f;
                let rise = free_time * b + f * c * if d == capacity { 1.0 } else { libm::pow(capacity / d, power) };
                Some(Self::Bpr { free_time: both, b: rise / both, power, capacity })
            }
            (
                Self::Conical { free_time, alpha, capacity },
                Self::Conical { free_time: other, alpha: same_alpha, capacity: same_capacity },
            ) if (alpha, capacity) == (same_alpha, same_capacity) => {
                Some(Self::Conical { free_time: free_time + other, alpha, capacity })
            }
            _ => None,
        }
    }

    /// A constant where flow changes nothing.
    fn simplified(self) -> Self {
        match self {
            Self::Bpr { free_time, b, power, .. } if free_time * b == 0.0 || power == 0.0 => {
                Self::Constant { time: free_time + free_time * b }
            }
            other => other,
        }
    }

    /// The time at that flow.
    #[inline]
    #[must_use]
    pub fn time(&self, flow: f64) -> f64 {
        self.time_and_slope(flow).0
    }

    /// The time at that flow, and how much one more unit of flow would add. The slope is finite and at least 0.
    #[inline]
    #[must_use]
    pub fn time_and_slope(&self, flow: f64) -> (f64, f64) {
        match *self {
            Self::Constant { time } => (time, 0.0),
            Self::Bpr { free_time, b, power, capacity } => {
                let scale = free_time * b;
                if scale == 0.0 || power == 0.0 {
                    return (free_time + scale, 0.0);
                }
                let load = flow / capacity;
                if power == 4.0 {
                    let cube = load * load * load;
                    (free_time + scale * cube * load, 4.0 * scale * cube / capacity)
                } else {
                    let rise = libm::pow(load.max(SLOPE_LOAD_MIN), power - 1.0);
                    let risen = if load < SLOPE_LOAD_MIN { libm::pow(load, power) } else { rise * load };
                    (free_time + scale * risen, power * scale * rise / capacity)
                }
            }
            Self::Conical { free_time, alpha, capacity } => {
                let (beta, room) = (conical_beta(alpha), alpha * (1.0 - flow / capacity));
                let root = (room * room + beta * beta).sqrt();
                let slope = free_time * alpha / capacity * (1.0 - room / root);
                (free_time * (2.0 + root - room - beta), slope)
            }
        }
    }

    /// The time summed over all flows from 0 to that flow: the arc's part of Beckmann's objective.
    #[must_use]
    pub fn integral(&self, flow: f64) -> f64 {
        match *self {
            Self::Constant { time } => time * flow,
            Self::Bpr { free_time, b, power, capacity } => {
                let scale = free_time * b;
                if scale == 0.0 {
                    return free_time * flow;
                }
                let rise = if power == 0.0 { 1.0 } else { libm::pow(flow / capacity, power) };
                flow * (free_time + scale * rise / (power + 1.0))
            }
            Self::Conical { free_time, alpha, capacity } => {
                let beta = conical_beta(alpha);
                // The antiderivative of √(y² + β²) over y = α(1 − x).
                let below = |x: f64| {
                    let y = alpha * (1.0 - x);
                    let root = (y * y + beta * beta).sqrt();
                    -(y * root + beta * beta * libm::asinh(y / beta)) / (2.0 * alpha)
                };
                let x = flow / capacity;
                let straight = (2.0 - alpha - beta) * x + alpha * x * x / 2.0;
                free_time * capacity * (straight + below(x) - below(0.0))
            }
        }
    }
}

fn conical_beta(alpha: f64) -> f64 {
    (2.0 * alpha - 1.0) / (2.0 * alpha - 2.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    const BPR: VolumeDelay = VolumeDelay::Bpr { free_time: 10.0, b: 0.15, power: 4.0, capacity: 1000.0 };
    const CONICAL: VolumeDelay = VolumeDelay::Conical { free_time: 10.0, alpha: 4.0, capacity: 1000.0 };

    #[test]
    fn bpr_gives_the_published_time_at_1_2_times_the_capacity() {
        assert!((BPR.time(1200.0) - 13.1104).abs() < 1e-12);
    }

    #[test]
    fn conical_time_is_free_on_the_empty_road_and_double_at_capacity() {
        assert!((CONICAL.time(0.0) - 10.0).abs() < 1e-12);
        assert!((CONICAL.time(1000.0) - 20.0).abs() < 1e-12);
    }

    #[test]
    fn an_arc_without_free_time_or_b_asks_for_no_capacity() {
        for delay in [
            VolumeDelay::Bpr { free_time: 0.0, b: 0.15, power: 4.0, capacity: 0.0 },
            VolumeDelay::Bpr { free_time: 2.0, b: 0.0, power: 4.0, capacity: 0.0 },
        ] {
            assert_eq!(delay.fault(), None);
            assert_eq!(delay.time(500.0), delay.time(0.0));
            assert!(!delay.rises_strictly());
        }
        assert!(VolumeDelay::Bpr { free_time: 1.0, b: 0.15, power: 4.0, capacity: 0.0 }.fault().is_some());
    }

    #[test]
    fn slope_and_integral_belong_to_the_time() {
        let powers = [0.0, 0.5, 1.0, 1.5, 2.0, 4.0, 5.3].map(|power| VolumeDelay::Bpr {
            free_time: 3.0,
            b: 0.4,
            power,
            capacity: 700.0,
        });
        for delay in powers.into_iter().chain([BPR, CONICAL, VolumeDelay::Constant { time: 2.0 }]) {
            for flow in [10.0, 400.0, 1000.0, 2500.0] {
                let step = 1e-3;
                let (low, high) = (flow - step, flow + step);
                let slope = (delay.time(high) - delay.time(low)) / (2.0 * step);
                let time = (delay.integral(high) - delay.integral(low)) / (2.0 * step);
                assert!((slope - delay.time_and_slope(flow).1).abs() < 1e-6, "{delay:?} at {flow}");
                assert!((time - delay.time(flow)).abs() < 1e-6, "{delay:?} at {flow}");
            }
            assert!(delay.integral(0.0).abs() < 1e-9 && delay.time_and_slope(0.0).1.is_finite());
        }
    }
}
