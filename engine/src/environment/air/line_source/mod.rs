//! A road as a line source: CALINE3.
//!
//! Benson (1979), *CALINE3: a versatile dispersion model for predicting air pollutant levels near highways and arterial
//! streets*, FHWA/CA/TL-79/23. A straight link is divided into elements that grow away from the receptor; each is replaced by a
//! finite line across the wind whose five parts emit in the proportion ¼, ¾, 1, ¾, ¼ of its width; its plume is Gaussian,
//! with an initial vertical spread from the time that air stays in the mixing zone above the carriageway, with images of
//! ground and mixing height, and with corrections for particles that settle or stick. At-grade, depressed, filled and bridge
//! sections are told apart. Emissions are in g/(m·s), concentrations in µg/m³. The normal integral is exact here (the original
//! approximates it to five digits). Left out, as in the model: buildings, terrain, chemistry, and wind below what the plume can
//! bear, which [`meteorology`](super::meteorology) settles.

mod element;
mod link;
mod site;
mod spread;
#[cfg(test)]
mod tests;

pub use link::{COORDINATE_MAX_M, Link, LinkFault, LinkKind, Receptor};
pub use site::{Site, SiteFault};

pub(crate) use element::{Aspect, unit_spm2};
pub(crate) use link::{Carriageway, is_somewhere};
pub(crate) use site::Air;
pub(crate) use spread::{ExactSpread, Spread};

use super::meteorology::{Weather, WeatherFault};

/// A link, the place and the weather, made ready to tell concentrations anywhere.
#[derive(Clone, Debug)]
pub struct LineSource {
    carriageway: Carriageway,
    air: Air,
    aspect: Aspect,
    spread: ExactSpread,
}

/// Why there is no plume.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum LineSourceFault {
    /// The link is none.
    #[error("the link: {0}")]
    Link(#[from] LinkFault),
    /// The place is none.
    #[error("the site: {0}")]
    Site(#[from] SiteFault),
    /// The weather is none.
    #[error("the weather: {0}")]
    Weather(#[from] WeatherFault),
    /// Air that does not move carries nothing.
    #[error("the wind is {0} m/s; raise calm hours to the smallest wind that the model is used with, 0.1 m/s or more")]
    Calm(f64),
}

/// Winds below this are no plumes, in m/s.
pub(super) const PLUME_WIND_MIN_MPS: f64 = 0.1;

impl LineSource {
    /// The plume of a link.
    ///
    /// # Errors
    /// The first fault of link, site or weather; winds below 0.1 m/s.
    pub fn new(link: &Link, site: &Site, weather: &Weather) -> Result<Self, LineSourceFault> {
        if let Some(fault) = link.faults().first() {
            return Err(fault.clone().into());
        }
        if let Some(fault) = site.faults().first() {
            return Err((*fault).into());
        }
        if let Some(fault) = weather.faults().first() {
            return Err((*fault).into());
        }
        if weather.wind_speed_mps < PLUME_WIND_MIN_MPS {
            return Err(LineSourceFault::Calm(weather.wind_speed_mps));
        }
        let carriageway = Carriageway::new(link);
        let air = Air::new(site, weather);
        let aspect = Aspect::new(&carriageway, &air);
        let spread = ExactSpread::new(&carriageway, &air);
        Ok(Self { carriageway, air, aspect, spread })
    }

    /// Concentration in g/m³ for an emission of 1 g/(m·s), that is in s/m². Receptors must be finite.
    #[must_use]
    pub fn unit_spm2(&self, receptor: Receptor) -> f64 {
        unit_spm2(&self.carriageway, &self.air, &self.aspect, &self.spread, receptor)
    }

    /// Concentration in µg/m³ for an emission in g/(m·s).
    #[must_use]
    pub fn concentration_ugpm3(&self, emission_gpms: f64, receptor: Receptor) -> f64 {
        self.unit_spm2(receptor) * emission_gpms * 1e6
    }
}
