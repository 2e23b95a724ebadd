//! Gaussian plumes of the simplest sources: a stack, and an endless line across the wind.
//!
//! Pasquill and Gifford's solution with one image in the ground, as in Turner (1970), *Workbook of atmospheric dispersion
//! estimates*, US EPA AP-26, equations 3.1 and 5.20. They check what the line-source model and the grid solver compute; σy and σz
//! are given. Left out: plume rise, mixing height, deposition.

/// What a point source emits and the air that carries it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PointPlume {
    /// Emission in g/s; at least 0.
    pub emission_gps: f64,
    /// Wind speed in m/s; positive.
    pub wind_speed_mps: f64,
    /// Height of the source in metres; at least 0.
    pub height_m: f64,
    /// Spread across the wind at the receptor's distance, in metres; positive.
    pub sigma_y_m: f64,
    /// Vertical spread there, in metres; positive.
    pub sigma_z_m: f64,
}

/// What an endless line across the wind emits and the air that carries it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LinePlume {
    /// Emission in g/(m·s); at least 0.
    pub emission_gpms: f64,
    /// Wind speed in m/s; positive.
    pub wind_speed_mps: f64,
    /// Height of the source in metres; at least 0.
    pub height_m: f64,
    /// Vertical spread at the receptor's distance, in metres; positive.
    pub sigma_z_m: f64,
}

/// A plume needs finite numbers in their ranges.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
#[error("{quantity} is {value}; give a finite number {range}")]
pub struct PlumeFault {
    /// The quantity.
    pub quantity: &'static str,
    /// Its value.
    pub value: f64,
    /// What it may be.
    pub range: &'static str,
}

fn positive(quantity: &'static str, value: f64) -> Result<(), PlumeFault> {
    let range = "above 0";
    if value > 0.0 && value.is_finite() { Ok(()) } else { Err(PlumeFault { quantity, value, range }) }
}

fn not_negative(quantity: &'static str, value: f64) -> Result<(), PlumeFault> {
    let range = "of at least 0";
    if value >= 0.0 && value.is_finite() { Ok(()) } else { Err(PlumeFault { quantity, value, range }) }
}

/// The source and its image below the ground.
fn vertical(height_m: f64, receptor_z_m: f64, sigma_z_m: f64) -> f64 {
    let bell = |distance_m: f64| libm::exp(-0.5 * (distance_m / sigma_z_m) * (distance_m / sigma_z_m));
    bell(receptor_z_m - height_m) + bell(receptor_z_m + height_m)
}

impl PointPlume {
    /// Concentration in g/m³ so far beside the axis and above the ground, in metres.
    ///
    /// # Errors
    /// Where a number is outside the range that its field states.
    pub fn concentration_gpm3(&self, across_m: f64, receptor_z_m: f64) -> Result<f64, PlumeFault> {
        not_negative("the emission", self.emission_gps)?;
        positive("the wind speed", self.wind_speed_mps)?;
        not_negative("the source's height", self.height_m)?;
        positive("σy", self.sigma_y_m)?;
        positive("σz", self.sigma_z_m)?;
        not_negative("the receptor's height", receptor_z_m)?;
        let lateral = libm::exp(-0.5 * (across_m / self.sigma_y_m) * (across_m / self.sigma_y_m));
        let dilution = 2.0 * std::f64::consts::PI * self.wind_speed_mps * self.sigma_y_m * self.sigma_z_m;
        Ok(self.emission_gps / dilution * lateral * vertical(self.height_m, receptor_z_m, self.sigma_z_m))
    }
}

impl LinePlume {
    /// Concentration in g/m³ so far above the ground, in metres.
    ///
    /// # Errors
    /// Where a number is outside the range that its field states.
    pub fn concentration_gpm3(&self, receptor_z_m: f64) -> Result<f64, PlumeFault> {
        not_negative("the emission", self.emission_gpms)?;
        positive("the wind speed", self.wind_speed_mps)?;
        not_negative("the source's height", self.height_m)?;
        positive("σz", self.sigma_z_m)?;
        not_negative("the receptor's height", receptor_z_m)?;
        let dilution = libm::sqrt(2.0 * std::f64::consts::PI) * self.wind_speed_mps * self.sigma_z_m;
        Ok(self.emission_gpms / dilution * vertical(self.height_m, receptor_z_m, self.sigma_z_m))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const STACK: PointPlume =
        PointPlume { emission_gps: 10.0, wind_speed_mps: 5.0, height_m: 50.0, sigma_y_m: 36.0, sigma_z_m: 18.5 };
    const ROAD: LinePlume = LinePlume { emission_gpms: 1e-3, wind_speed_mps: 2.0, height_m: 0.0, sigma_z_m: 5.0 };

    /// By hand: 10 / (π · 5 · 36 · 18.5) · exp(−½ (50/18.5)²) = 2.478744e-5.
    #[test]
    fn a_stack_gives_the_textbook_concentration_on_the_ground_below_its_axis() {
        let concentration = STACK.concentration_gpm3(0.0, 0.0).expect("a plume");
        assert!((concentration - 2.478_744e-5).abs() < 5e-12, "{concentration}");
    }

    /// By hand: 2 · 1e-3 / (√(2π) · 2 · 5) = 7.978846e-5.
    #[test]
    fn an_endless_line_gives_the_textbook_concentration_on_the_ground() {
        let concentration = ROAD.concentration_gpm3(0.0).expect("a plume");
        assert!((concentration - 7.978_846e-5).abs() < 5e-12, "{concentration}");
    }

    #[test]
    fn points_along_a_line_add_up_to_the_line() {
        let step_m = 1.0;
        let point = PointPlume {
            emission_gps: ROAD.emission_gpms * step_m,
            wind_speed_mps: ROAD.wind_speed_mps,
            height_m: 0.0,
            sigma_y_m: 30.0,
            sigma_z_m: ROAD.sigma_z_m,
        };
        let sum: f64 =
            (-300..=300).map(|index| point.concentration_gpm3(f64::from(index) * step_m, 1.5).expect("a plume")).sum();
        assert!((sum / ROAD.concentration_gpm3(1.5).expect("a plume") - 1.0).abs() < 1e-9);
    }

    #[test]
    fn what_is_no_plume_is_refused() {
        let fault = |plume: PointPlume| plume.concentration_gpm3(0.0, 0.0).expect_err("no plume");
        assert_eq!(fault(PointPlume { wind_speed_mps: 0.0, ..STACK }).quantity, "the wind speed");
        assert_eq!(fault(PointPlume { emission_gps: -1.0, ..STACK }).quantity, "the emission");
        assert_eq!(fault(PointPlume { sigma_y_m: f64::NAN, ..STACK }).quantity, "σy");
        assert!(STACK.concentration_gpm3(0.0, -1.0).is_err());
        assert!(LinePlume { sigma_z_m: 0.0, ..ROAD }.concentration_gpm3(0.0).is_err());
    }
}
