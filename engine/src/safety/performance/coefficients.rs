//! The functions with their coefficients: total crashes, those with dead or injured, and those with damage alone.
//!
//! Each kind of collision has three functions. That of all crashes is the one that counts; the other two only say how it is
//! shared (Highway Safety Manual, equations 12-11, 12-12, 12-22, 12-23, 12-25 and 12-26). Where there is none for crashes with
//! injuries, a share of all takes its place before the sharing (equation 12-27), as in the manual's worksheet 2E.

use super::junction::{JunctionCoefficients, JunctionKind};
use super::junction_factors::JunctionFactors;
use super::segment::{SegmentCoefficients, SegmentKind};
use super::segment_factors::SegmentFactors;
use crate::safety::{Checks, ParameterFault};

/// Crashes a year of a junction: exp(a + b ln AADT_major + c ln AADT_minor), equations 12-21 and 12-24.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct JunctionFunction {
    /// a.
    pub intercept: f64,
    /// b, positive.
    pub major: f64,
    /// c, positive.
    pub minor: f64,
    /// Overdispersion k, not negative: sites of the same kind have a variance of N + k N² around N crashes.
    pub overdispersion: f64,
}

impl JunctionFunction {
    /// Crashes a year for daily traffic (both directions) on the major and the minor road; 0 where either is empty.
    #[must_use]
    pub fn crashes_pa(&self, major_aadt_vpd: f64, minor_aadt_vpd: f64) -> f64 {
        if major_aadt_vpd <= 0.0 || minor_aadt_vpd <= 0.0 {
            return 0.0;
        }
        libm::exp(self.intercept + self.major * libm::log(major_aadt_vpd) + self.minor * libm::log(minor_aadt_vpd))
    }
}

/// Crashes a year of a street: exp(a + b ln AADT + ln L), with its length L in miles; equations 12-10 and 12-13.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SegmentFunction {
    /// a.
    pub intercept: f64,
    /// b, positive.
    pub aadt: f64,
    /// Overdispersion k, not negative.
    pub overdispersion: f64,
}

impl SegmentFunction {
    /// Crashes a year for daily traffic in both directions and a length in miles; 0 where either is 0.
    #[must_use]
    pub fn crashes_pa(&self, aadt_vpd: f64, length_mi: f64) -> f64 {
        if aadt_vpd <= 0.0 { 0.0 } else { libm::exp(self.intercept + self.aadt * libm::log(aadt_vpd)) * length_mi }
    }
}

/// What says how many crashes have dead or injured, before the sharing.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum InjuryFunction<F> {
    /// A function of its own.
    Function(F),
    /// A share of all crashes, 0 to 1 (equation 12-27).
    ShareOfTotal(f64),
}

/// The functions of one kind of collision.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SeverityFunctions<F> {
    /// All crashes.
    pub total: F,
    /// Those with dead or injured.
    pub fatal_and_injury: InjuryFunction<F>,
    /// Those with damage alone.
    pub property_damage_only: F,
}

impl<F> SeverityFunctions<F> {
    /// Crashes a year with dead or injured, and with damage alone, which sum to what the function of all gives.
    pub(super) fn shared(&self, crashes_pa: impl Fn(&F) -> f64) -> [f64; 2] {
        let total = crashes_pa(&self.total);
        let injury = match &self.fatal_and_injury {
            InjuryFunction::Function(function) => crashes_pa(function),
            InjuryFunction::ShareOfTotal(share) => share * total,
        };
        let damage = crashes_pa(&self.property_damage_only);
        if injury + damage <= 0.0 {
            return [0.0, total];
        }
        let fatal_and_injury = total * (injury / (injury + damage));
        [fatal_and_injury, total - fatal_and_injury]
    }
}

/// All coefficients of chapter 12.
#[derive(Clone, Debug, PartialEq)]
pub struct PerformanceCoefficients {
    /// Each kind of junction, in the order of [`JunctionKind::ALL`].
    pub junctions: [JunctionCoefficients; JunctionKind::ALL.len()],
    /// Each kind of street, in the order of [`SegmentKind::ALL`].
    pub segments: [SegmentCoefficients; SegmentKind::ALL.len()],
    /// What layouts change at every junction alike.
    pub junction_factors: JunctionFactors,
    /// What layouts change along every street alike.
    pub segment_factors: SegmentFactors,
}

impl PerformanceCoefficients {
    /// The coefficients of a kind of junction.
    #[must_use]
    pub fn junction(&self, kind: JunctionKind) -> &JunctionCoefficients {
        &self.junctions[kind as usize]
    }

    /// The coefficients of a kind of street.
    #[must_use]
    pub fn segment(&self, kind: SegmentKind) -> &SegmentCoefficients {
        &self.segments[kind as usize]
    }

    /// Checks every number against the range that its field states.
    ///
    /// # Errors
    /// All that are wrong.
    pub fn validate(&self) -> Result<(), Vec<ParameterFault>> {
        let mut checks = Checks::default();
        for (kind, junction) in JunctionKind::ALL.into_iter().zip(&self.junctions) {
            junction.check(&mut checks, kind);
        }
        for (kind, segment) in SegmentKind::ALL.into_iter().zip(&self.segments) {
            segment.check(&mut checks, kind);
        }
        self.junction_factors.check(&mut checks);
        self.segment_factors.check(&mut checks);
        checks.finish()
    }
}

/// Coefficients that a check can walk through.
pub(super) trait Coefficients {
    fn check(&self, checks: &mut Checks, name: &str);
}

impl Coefficients for JunctionFunction {
    fn check(&self, checks: &mut Checks, name: &str) {
        checks.finite(format!("{name}.intercept"), self.intercept);
        checks.positive(format!("{name}.major"), self.major);
        checks.positive(format!("{name}.minor"), self.minor);
        checks.not_negative(format!("{name}.overdispersion"), self.overdispersion);
    }
}

impl Coefficients for SegmentFunction {
    fn check(&self, checks: &mut Checks, name: &str) {
        checks.finite(format!("{name}.intercept"), self.intercept);
        checks.positive(format!("{name}.aadt"), self.aadt);
        checks.not_negative(format!("{name}.overdispersion"), self.overdispersion);
    }
}

impl<F: Coefficients> Coefficients for SeverityFunctions<F> {
    fn check(&self, checks: &mut Checks, name: &str) {
        self.total.check(checks, &format!("{name}.total"));
        match &self.fatal_and_injury {
            InjuryFunction::Function(function) => function.check(checks, &format!("{name}.fatal_and_injury")),
            InjuryFunction::ShareOfTotal(share) => checks.share(format!("{name}.fatal_and_injury"), *share),
        }
        self.property_damage_only.check(checks, &format!("{name}.property_damage_only"));
    }
}
