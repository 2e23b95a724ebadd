//! Air quality from traffic: how exhaust spreads from streets, and what people breathe there.
//!
//! Gaussian dispersion over open ground. Such models are held to be good where half of what they say is within a factor of two
//! of what is measured and the mean is within 30 % (Chang and Hanna 2004, *Meteorology and Atmospheric Physics* 87, 167–196);
//! differences between plans are told better than levels. Left out: what other sources emit, which stands in the
//! background; terrain; buildings, except by an unverified option.
//!
//! | chapter | what it holds |
//! | --- | --- |
//! | [`meteorology`] | hours and years of weather, stability, joint frequencies, a synthetic year |
//! | [`line_source`] | CALINE3: a road as a line source, as the EPA's printed examples have it |
//! | [`city`] | all streets: fields on a grid by hour and year, replacing streets, hours and days over limits |
//! | [`nitrogen`] | NO2 from NOx |
//! | [`limits`] | limit values |
//! | [`parameters`] | everything that comes from outside, checked as one |
//! | [`canyon`] | *unverified*: a street between houses |
//! | [`plume`], [`grid_solver`] | textbook plumes, and advection and diffusion on a plane: what the others are checked with |

pub mod canyon;
pub mod city;
pub mod grid_solver;
pub mod limits;
pub mod line_source;
pub mod meteorology;
pub mod nitrogen;
pub mod parameters;
pub mod plume;
