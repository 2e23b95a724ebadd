//! Vehicles of one street in one bin.

use super::recorder::Spent;

/// Sums over the vehicles of one street in one bin, all lanes together. Of whoever crosses from bin to bin or from street to
/// street, each gets its part. Counts are whole numbers where vehicles were simulated; flows need not be.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct StreetBin {
    /// Vehicles that came from another street.
    pub entered: f64,
    /// Vehicles that went on to another street.
    pub left: f64,
    /// Trips that began here.
    pub departed: f64,
    /// Trips that ended here.
    pub arrived: f64,
    /// Distance driven, in metres.
    pub driven_m: f64,
    /// Time spent, in seconds; that of dwelling at stops included.
    pub time_s: f64,
    /// Time lost against the speed that each driver wants, in seconds; none while dwelling at stops.
    pub delay_s: f64,
    /// Time spent standing (slower than 0.1 m/s), in seconds; stops excepted.
    pub standing_s: f64,
    /// How often somebody came to a stand; stops excepted.
    pub stops: f64,
    /// How far the queue reached back from the street's end at most, in metres: on the longest lane, to the rear of the last
    /// that stood. No more than the length of the street.
    pub queue_max_m: f64,
}

impl StreetBin {
    /// Flow over the whole street in vehicles an hour: distance driven over length and time (Edie 1963). `length_m` is that of
    /// the street, `bin_s` that of the bin; both positive.
    #[must_use]
    pub fn flow_vph(&self, length_m: f64, bin_s: f64) -> f64 {
        self.driven_m / (length_m * bin_s) * 3600.0
    }

    /// Density in vehicles a kilometre of street, all lanes together: time spent over length and time (Edie 1963).
    #[must_use]
    pub fn density_vpkm(&self, length_m: f64, bin_s: f64) -> f64 {
        self.time_s / (length_m * bin_s) * 1000.0
    }

    /// Space-mean speed in metres a second: distance driven over time spent (Edie 1963); none where nobody was.
    #[must_use]
    pub fn speed_mps(&self) -> Option<f64> {
        (self.time_s > 0.0).then(|| self.driven_m / self.time_s)
    }

    /// How many vehicles were on the street on average.
    #[must_use]
    pub fn mean_vehicles(&self, bin_s: f64) -> f64 {
        self.time_s / bin_s
    }

    /// How many vehicles stood on average.
    #[must_use]
    pub fn mean_queue_veh(&self, bin_s: f64) -> f64 {
        self.standing_s / bin_s
    }

    /// What driving the whole street costs against driving as one likes, in seconds; none where nobody drove.
    #[must_use]
    pub fn mean_delay_s(&self, length_m: f64) -> Option<f64> {
        (self.driven_m > 0.0).then(|| self.delay_s * length_m / self.driven_m)
    }

    /// Adds another bin of the same street, or another street in the same bin. Of queues the longer counts.
    pub fn add(&mut self, other: &Self) {
        self.entered += other.entered;
        self.left += other.left;
        self.departed += other.departed;
        self.arrived += other.arrived;
        self.driven_m += other.driven_m;
        self.time_s += other.time_s;
        self.delay_s += other.delay_s;
        self.standing_s += other.standing_s;
        self.stops += other.stops;
        self.queue_max_m = self.queue_max_m.max(other.queue_max_m);
    }

    /// Adds what vehicles have spent on the street.
    pub(in crate::traffic) fn spend(&mut self, spent: &Spent) {
        self.driven_m += spent.driven_m;
        self.time_s += spent.time_s;
        self.delay_s += spent.delay_s;
        self.standing_s += spent.standing_s;
        self.stops += spent.stops;
    }
}
