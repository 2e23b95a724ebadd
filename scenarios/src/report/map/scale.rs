//! From quantities to strokes: how wide, and in which colour class.
//!
//! Widths are proportional to the flow or to its change. Colours are classes with round limits: those of flows are the same
//! for every scenario of a report, those of changes fit each scenario, and the legend says so.

use crate::estimate::Estimate;

/// The widest stroke, in page units.
const WIDTH_MAX: f64 = 9.0;
/// The narrowest stroke of something that counts, in page units.
const WIDTH_MIN: f64 = 0.8;
/// Strokes of nearly the same width are drawn as one path: widths are multiples of this, in page units.
const WIDTH_STEP: f64 = 0.4;

/// Limits between classes of change, in vehicles a day or an hour: what is told apart from nothing, from little, from much.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in crate::report) struct ChangeScale {
    limits: [f64; 3],
}

impl ChangeScale {
    /// Limits that fit the changes (of any sign) of a scenario: the upper one is a round number near their 95th
    /// percentile, and at least `much_min`.
    pub(super) fn fitting(changes: impl Iterator<Item = f64>, much_min: f64) -> Self {
        let much = round_number(percentile(changes.map(f64::abs).filter(|&change| change >= 1.0), 0.95).max(much_min));
        Self { limits: [much * 0.2, much * 0.5, much] }
    }

    /// The class of a change: −3 (much less) to 3 (much more), 0 for what is too little to draw.
    pub(super) fn class(self, change: f64) -> i8 {
        let size = self.limits.iter().map(|&limit| i8::from(change.abs() >= limit)).sum::<i8>();
        if change < 0.0 { -size } else { size }
    }

    /// Whether any of these changes is drawn.
    pub(super) fn shows_any(self, mut changes: impl Iterator<Item = Estimate>) -> bool {
        changes.any(|change| self.class_told(&change) != 0)
    }

    /// The class of a change, 0 also for one that its interval does not tell from none.
    pub(super) fn class_told(self, change: &Estimate) -> i8 {
        if change.is_distinct_from_zero() == Some(false) { 0 } else { self.class(change.value) }
    }

    /// The limits, ascending.
    pub(in crate::report) fn limits(self) -> [f64; 3] {
        self.limits
    }

    /// How wide a change is drawn, in page units.
    pub(super) fn width(self, change: f64) -> f64 {
        stroke_width(change.abs() / (self.limits[2] * 2.0))
    }
}

/// What the widths of flows mean.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in crate::report) struct FlowScale {
    /// The flow that is drawn with the widest stroke, in vehicles a day.
    widest_vpd: f64,
}

impl FlowScale {
    /// The scale that fits the flows of all runs: the widest is a round number near their 99th percentile.
    pub(super) fn fitting(flows: impl Iterator<Item = f64>) -> Self {
        Self { widest_vpd: round_number(percentile(flows.filter(|&flow| flow >= 1.0), 0.99).max(100.0)) }
    }

    /// How wide a flow is drawn, in page units; none where it is too little to draw.
    pub(super) fn width(self, flow_vpd: f64) -> Option<f64> {
        (flow_vpd >= self.widest_vpd * 0.02).then(|| stroke_width(flow_vpd / self.widest_vpd))
    }

    /// Flows for a legend, ascending, in vehicles a day.
    pub(super) fn samples(self) -> [f64; 3] {
        [self.widest_vpd * 0.1, self.widest_vpd * 0.5, self.widest_vpd]
    }
}

/// How full a street is, in its fullest period.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::report) enum Fullness {
    /// Below 60 % of capacity.
    Free,
    /// Below 85 %.
    Busy,
    /// Below 100 %.
    NearLimit,
    /// At capacity or above.
    OverLimit,
}

impl Fullness {
    /// Every class, emptiest first.
    pub(in crate::report) const ALL: [Self; 4] = [Self::Free, Self::Busy, Self::NearLimit, Self::OverLimit];

    /// The class of a ratio of flow to capacity.
    pub(in crate::report) fn of(saturation: f64) -> Self {
        match saturation {
            s if s < 0.6 => Self::Free,
            s if s < 0.85 => Self::Busy,
            s if s < 1.0 => Self::NearLimit,
            _ => Self::OverLimit,
        }
    }

    /// The class that colours it.
    pub(in crate::report) fn style(self) -> &'static str {
        match self {
            Self::Free => "f0",
            Self::Busy => "f1",
            Self::NearLimit => "f2",
            Self::OverLimit => "f3",
        }
    }
}

/// The class that colours a change.
pub(super) fn change_style(class: i8) -> &'static str {
    match class {
        ..=-3 => "d-3",
        -2 => "d-2",
        -1 => "d-1",
        0 => "d0",
        1 => "d1",
        2 => "d2",
        3.. => "d3",
    }
}

fn stroke_width(share: f64) -> f64 {
    let width = (share * WIDTH_MAX).clamp(WIDTH_MIN, WIDTH_MAX);
    (width / WIDTH_STEP).round() * WIDTH_STEP
}

/// The next number of the kind 1, 2, 5, 10, 20, 50 that is at most a little below `value`; positive.
pub(in crate::report) fn round_number(value: f64) -> f64 {
    let mut decade = 1.0;
    while decade * 10.0 <= value {
        decade *= 10.0;
    }
    [5.0, 2.0].into_iter().map(|step| step * decade).find(|&number| number <= value).unwrap_or(decade)
}

/// The nearest-rank percentile; 0 of nothing.
fn percentile(values: impl Iterator<Item = f64>, share: f64) -> f64 {
    let mut sorted: Vec<f64> = values.filter(|value| value.is_finite()).collect();
    sorted.sort_unstable_by(f64::total_cmp);
    #[expect(clippy::cast_precision_loss, reason = "a count of links")]
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a share of that count")]
    let rank = (sorted.len() as f64 * share) as usize;
    sorted.get(rank.min(sorted.len().saturating_sub(1))).copied().unwrap_or(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_are_round_and_fit_the_changes() {
        let scale = ChangeScale::fitting((0..100).map(|n| f64::from(n) * -30.0), 20.0);
        assert_eq!(scale.limits(), [400.0, 1000.0, 2000.0]);
        assert_eq!([-2500.0, -1100.0, -500.0, -10.0, 450.0, 2000.0].map(|c| scale.class(c)), [-3, -2, -1, 0, 1, 3]);
    }

    #[test]
    fn nothing_at_all_still_has_a_scale() {
        let scale = ChangeScale::fitting(std::iter::empty(), 20.0);
        assert!(scale.limits()[0] > 0.0);
        assert_eq!(scale.class(0.0), 0);
    }

    #[test]
    fn width_is_proportional_to_flow() {
        let scale = FlowScale::fitting((0..=1000).map(|n| f64::from(n) * 20.0));
        assert_eq!(scale.samples()[2], 10_000.0);
        let (half, whole) = (scale.width(5_000.0).expect("drawn"), scale.width(10_000.0).expect("drawn"));
        assert!((whole / half - 2.0).abs() < 0.15, "{half} {whole}");
        assert_eq!(scale.width(5.0), None);
    }

    #[test]
    fn round_numbers_are_1_2_5() {
        assert_eq!([1.0, 3.7, 9.9, 49.0, 2_600.0].map(round_number), [1.0, 2.0, 5.0, 20.0, 2_000.0]);
    }
}
