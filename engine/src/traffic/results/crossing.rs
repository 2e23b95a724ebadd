//! People at one crossing in one bin.

/// Sums over the people at one crossing in one bin. Each counts where it happens: who comes in one bin may have crossed in a
/// later one.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct CrossingBin {
    /// People who came.
    pub came: f64,
    /// People who reached the other kerb.
    pub crossed: f64,
    /// What those lost who reached it: the time since they came, less that of walking over, in seconds.
    pub delay_s: f64,
    /// The longest that any of them lost, in seconds.
    pub delay_max_s: f64,
}

impl CrossingBin {
    /// What one loses on average, in seconds; none where nobody crossed.
    #[must_use]
    pub fn mean_delay_s(&self) -> Option<f64> {
        (self.crossed > 0.0).then(|| self.delay_s / self.crossed)
    }

    /// Adds another bin of the same crossing.
    pub fn add(&mut self, other: &Self) {
        self.came += other.came;
        self.crossed += other.crossed;
        self.delay_s += other.delay_s;
        self.delay_max_s = self.delay_max_s.max(other.delay_max_s);
    }

    /// Somebody has reached the other kerb.
    pub(in crate::traffic) fn cross(&mut self, delay_s: f64) {
        self.crossed += 1.0;
        self.delay_s += delay_s;
        self.delay_max_s = self.delay_max_s.max(delay_s);
    }
}
