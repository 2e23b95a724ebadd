//! Volume–delay functions: what an arc takes to travel when so much traffic uses it.
//!
//! The function of the US Bureau of Public Roads (*Traffic Assignment Manual*, 1964), the conical function of Spiess
//! (*Conical volume-delay functions*, Transportation Science 24(2), 1990, equation 6) and that of Akçelik (*Travel time
//! functions for transport planning purposes*, Australian Road Research 21(3), 1991), which knows how long traffic lasts. All
//! depend on the arc's own flow alone: queues that spill back and crossing traffic are left out.

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
    /// `free_time + duration / 4 · (x − 1 + √((x − 1)² + randomness · x))` with `x = flow / capacity`.
    ///
    /// What cannot pass waits: far beyond the capacity, delay is that of a queue that grows for all of the duration, half
    /// of `duration · (x − 1)` on average.
    Akcelik {
        /// Time on the empty arc; at least 0.
        free_time: f64,
        /// What can pass at most; positive.
        capacity: f64,
        /// How long the flow lasts, in the unit of the free time; positive.
        duration: f64,
        /// How far arrivals by chance delay traffic below the capacity; positive. 4 over the vehicles that can pass in the
        /// duration makes delay that of the Highway Capacity Manual (2000, equation 16-11, fixed-time signals).
        randomness: f64,
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
            Self::Akcelik { free_time, capacity, duration, randomness } => {
                let positive = |value: f64| value.is_finite() && value > 0.0;
                if !sensible(free_time) {
                    Some("the free-flow time must be a number of at least 0")
                } else if !positive(capacity) {
                    Some("the capacity must be positive")
                } else if !positive(duration) {
                    Some("the duration must be positive")
                } else if !positive(randomness) {
                    Some("the randomness must be positive")
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
            Self::Akcelik { .. } => true,
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
            (Self::Constant { time }, Self::Akcelik { free_time, capacity, duration, randomness })
            | (Self::Akcelik { free_time, capacity, duration, randomness }, Self::Constant { time }) => {
                Some(Self::Akcelik { free_time: free_time + time, capacity, duration, randomness })
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
            Self::Akcelik { free_time, capacity, duration, randomness } => {
                let load = flow / capacity;
                let over = load - 1.0;
                let root = (over * over + randomness * load).sqrt();
                let slope = duration / (4.0 * capacity) * (1.0 + (over + randomness / 2.0) / root);
                (free_time + duration / 4.0 * (over + root), slope)
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
            Self::Akcelik { free_time, capacity, duration, randomness } => {
                // The antiderivative of √((x − middle)² + rest).
                let middle = 1.0 - randomness / 2.0;
                let rest = 1.0 - middle * middle;
                let below = |x: f64| {
                    let root = ((x - 1.0) * (x - 1.0) + randomness * x).sqrt();
                    ((x - middle) * root + rest * libm::log(x - middle + root)) / 2.0
                };
                let x = flow / capacity;
                free_time * flow + capacity * duration / 4.0 * (x * x / 2.0 - x + below(x) - below(0.0))
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

    /// 1 h at 1,000 veh/h: nothing on the empty road; at capacity the 900 s·√(4/1000) of the Highway Capacity Manual (2000,
    /// equation 16-11); far beyond it the half hour and a tenth that a queue grows for.
    #[test]
    fn akcelik_delays_like_a_queue_that_grows_for_the_duration() {
        let hour =
            |randomness| VolumeDelay::Akcelik { free_time: 10.0, capacity: 1000.0, duration: 3600.0, randomness };
        let manual = hour(4.0 / 1000.0);
        assert!((manual.time(0.0) - 10.0).abs() < 1e-12);
        assert!((manual.time(1000.0) - 10.0 - 900.0 * 0.004_f64.sqrt()).abs() < 1e-9);
        let queue_s = 3600.0 / 2.0 * 1.1;
        assert!((hour(1e-9).time(2100.0) - 10.0 - queue_s).abs() < 1e-3);
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
        let akcelik =
            VolumeDelay::Akcelik { free_time: 3.0, capacity: 700.0, duration: 3600.0, randomness: 4.0 / 700.0 };
        let wild = VolumeDelay::Akcelik { free_time: 3.0, capacity: 700.0, duration: 60.0, randomness: 5.0 };
        for delay in powers.into_iter().chain([BPR, CONICAL, akcelik, wild, VolumeDelay::Constant { time: 2.0 }]) {
            for flow in [10.0, 400.0, 1000.0, 2500.0] {
                let step = 1e-3;
                let (low, high) = (flow - step, flow + step);
                let slope = (delay.time(high) - delay.time(low)) / (2.0 * step);
                let time = (delay.integral(high) - delay.integral(low)) / (2.0 * step);
                let near = |found: f64, exact: f64| (found - exact).abs() < 1e-6 * (1.0 + exact);
                assert!(near(slope, delay.time_and_slope(flow).1), "{delay:?} at {flow}");
                assert!(near(time, delay.time(flow)), "{delay:?} at {flow}");
            }
            assert!(delay.integral(0.0).abs() < 1e-9 && delay.time_and_slope(0.0).1.is_finite());
        }
    }
}
