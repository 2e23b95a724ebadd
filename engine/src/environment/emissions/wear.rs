//! Particles of tyres, brakes and the road.
//!
//! EMEP/EEA guidebook, chapter 1.A.3.b.vi-vii: total particles a kilometre by kind of vehicle, times the share of particles of a size,
//! times a factor of speed for tyres and brakes. Dust that traffic raises again is not in it.

/// What a kind of vehicle wears off.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Wear {
    /// Total particles of tyres, in g/km at 80 km/h.
    pub tyre_gpkm: f64,
    /// Total particles of brakes, in g/km at 65 km/h.
    pub brake_gpkm: f64,
    /// Total particles of the road, in g/km.
    pub road_gpkm: f64,
}

/// Shares of total particles below 10 and below 2.5 µm.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SizeShares {
    /// Below 10 µm: tyres, brakes, road.
    pub pm10: [f64; 3],
    /// Below 2.5 µm: tyres, brakes, road.
    pub pm25: [f64; 3],
}

/// How much more tyres wear at a speed in km/h.
#[must_use]
pub fn tyre_speed_factor(speed_kmph: f64) -> f64 {
    match speed_kmph {
        v if v < 40.0 => 1.39,
        v if v <= 90.0 => -0.00974 * v + 1.78,
        _ => 0.902,
    }
}

/// How much more brakes wear at a speed in km/h.
#[must_use]
pub fn brake_speed_factor(speed_kmph: f64) -> f64 {
    match speed_kmph {
        v if v < 40.0 => 1.67,
        v if v <= 95.0 => -0.0270 * v + 2.75,
        _ => 0.185,
    }
}

impl Wear {
    /// Particles of all three, of the sizes of these shares, in g/km at a speed in km/h.
    #[must_use]
    pub fn particles_gpkm(&self, shares: &[f64; 3], speed_kmph: f64) -> f64 {
        self.tyre_gpkm * shares[0] * tyre_speed_factor(speed_kmph)
            + self.brake_gpkm * shares[1] * brake_speed_factor(speed_kmph)
            + self.road_gpkm * shares[2]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// EMEP/EEA guidebook 2016, chapter 1.A.3.b.vi-vii, passenger cars.
    #[test]
    fn a_car_wears_off_what_the_guidebook_says() {
        let car = Wear { tyre_gpkm: 0.0107, brake_gpkm: 0.0075, road_gpkm: 0.015 };
        let pm10 = [0.6, 0.98, 0.5];
        for (speed_kmph, gpkm) in [(30.0, 0.028_698_3), (60.0, 0.023_481_3), (100.0, 0.014_650_6)] {
            let told = car.particles_gpkm(&pm10, speed_kmph);
            assert!((told - gpkm).abs() < 1e-7, "{told} at {speed_kmph}");
        }
    }

    #[test]
    fn factors_of_speed_fall_and_do_not_jump_by_more_than_the_published_steps() {
        for speed in 1..150_u32 {
            let (v, next) = (f64::from(speed), f64::from(speed + 1));
            assert!(tyre_speed_factor(next) <= tyre_speed_factor(v) + 1e-3);
            assert!(brake_speed_factor(next) <= brake_speed_factor(v) + 1e-3);
        }
    }
}
