//! What the layout of a street changes (Highway Safety Manual, section 12.7.1): factors on the crashes of the base
//! condition, which has no parking, no fixed objects, a median of 4.6 m (15 ft) where divided, no lighting and no automated
//! enforcement of speed.
//!
//! Between the rows of the manual's tables of distances, values are interpolated; beyond the ends the last one holds.
//! Automated enforcement works on crashes with dead or injured alone, so that its effect on all (0.95 in the manual's
//! worksheets) follows from how many those are.

use super::crashes::{SiteFault, not_negative, share};
use super::segment::{MILE_M, SegmentCoefficients, SegmentKind};
use crate::safety::Checks;

/// How fast a street is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum SpeedCategory {
    /// Up to the limit that [`SegmentFactors::slow_speed_max_mps`] states.
    Slow = 0,
    /// Faster.
    Fast = 1,
}

/// How and where vehicles are parked along a street.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum ParkingKind {
    /// Along the kerb, among homes.
    ParallelResidential = 0,
    /// Along the kerb, among shops, offices or works.
    ParallelCommercial = 1,
    /// At an angle to it, among homes.
    AngleResidential = 2,
    /// At an angle to it, among shops, offices or works.
    AngleCommercial = 3,
}

impl ParkingKind {
    /// Every kind, in the order of its number.
    pub const ALL: [Self; 4] =
        [Self::ParallelResidential, Self::ParallelCommercial, Self::AngleResidential, Self::AngleCommercial];
}

/// Parking along a street.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct OnStreetParking {
    /// How and where.
    pub kind: ParkingKind,
    /// Length of kerb with parking over twice the length of the street, 0 to 1.
    pub kerb_share: f64,
}

/// Trees, poles and other fixed objects beside a street, of 10 cm or more that do not break away.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FixedObjects {
    /// How many there are on both sides together, for each kilometre.
    pub density_pkm: f64,
    /// Their mean distance from the edge of the carriageway in metres.
    pub offset_m: f64,
}

/// How a street is laid out; the default is the base condition.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct SegmentLayout {
    /// Parking.
    pub parking: Option<OnStreetParking>,
    /// Fixed objects.
    pub fixed_objects: Option<FixedObjects>,
    /// Width of a median that can be driven over, in metres; only where divided. None for the base width, and for a median
    /// with a barrier.
    pub median_width_m: Option<f64>,
    /// Whether it is lit at night.
    pub is_lit: bool,
    /// Whether speed is enforced by cameras.
    pub has_speed_cameras: bool,
}

/// Shares of crashes at night where there is no lighting.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct NightShares {
    /// Of all crashes, those at night.
    pub unlit: f64,
    /// Of those at night, with dead or injured.
    pub fatal_and_injury: f64,
    /// Of those at night, with damage alone.
    pub property_damage_only: f64,
}

/// Factors that are the same along every kind of street.
#[derive(Clone, Debug, PartialEq)]
pub struct SegmentFactors {
    /// Fixed objects count by their distance: (distance in metres, factor for one object a mile), nearest first (table 12-20).
    pub fixed_objects: Vec<(f64, f64)>,
    /// Medians: (width in metres, factor), narrowest first (table 12-22).
    pub median_widths: Vec<(f64, f64)>,
    /// What lighting leaves of the crashes at night with dead or injured, 0 to 1 (equation 12-34).
    pub lighting_injury: f64,
    /// What lighting leaves of the crashes at night with damage alone, 0 to 1 (equation 12-34).
    pub lighting_damage: f64,
    /// What cameras leave of crashes with dead or injured (section 12.7.1).
    pub speed_cameras_injury: f64,
    /// Speed limit up to which a street is [`SpeedCategory::Slow`], in metres a second (30 mph in tables 12-8 and 12-9).
    pub slow_speed_max_mps: f64,
}

impl SegmentFactors {
    /// The category of a speed limit in metres a second.
    #[must_use]
    pub fn category(&self, speed_limit_mps: f64) -> SpeedCategory {
        if speed_limit_mps <= self.slow_speed_max_mps { SpeedCategory::Slow } else { SpeedCategory::Fast }
    }

    /// Factors on crashes with dead or injured, and with damage alone.
    pub(super) fn of(
        &self,
        kind: SegmentKind,
        of_kind: &SegmentCoefficients,
        layout: &SegmentLayout,
    ) -> Result<[f64; 2], SiteFault> {
        let mut factor = 1.0;
        if let Some(parking) = layout.parking {
            let kerb = share("the share of kerb with parking", parking.kerb_share)?;
            factor *= 1.0 + kerb * (of_kind.parking[parking.kind as usize] - 1.0);
        }
        if let Some(objects) = layout.fixed_objects {
            let density_pmi = not_negative("the density of fixed objects", objects.density_pkm)? * MILE_M / 1000.0;
            let offset = interpolated(&self.fixed_objects, not_negative("their distance", objects.offset_m)?);
            let hit = of_kind.fixed_object_share;
            factor *= (offset * density_pmi * hit + 1.0 - hit).max(1.0);
        }
        if let Some(width_m) = layout.median_width_m {
            if kind != SegmentKind::FourLaneDivided {
                return Err(SiteFault::Layout { field: "a median", site: "street that is not divided" });
            }
            factor *= interpolated(&self.median_widths, not_negative("the width of the median", width_m)?);
        }
        if layout.is_lit {
            let night = of_kind.night;
            let left =
                self.lighting_injury * night.fatal_and_injury + self.lighting_damage * night.property_damage_only;
            factor *= 1.0 - night.unlit * (1.0 - left);
        }
        let cameras = if layout.has_speed_cameras { self.speed_cameras_injury } else { 1.0 };
        Ok([factor * cameras, factor])
    }

    pub(super) fn check(&self, checks: &mut Checks) {
        for (name, table) in [("fixed_objects", &self.fixed_objects), ("median_widths", &self.median_widths)] {
            let field = format!("segment_factors.{name}");
            checks.positive(format!("number of rows of {field}"), table.len() as f64);
            checks.rising(&field, table.iter().map(|row| row.0));
            for row in table {
                checks.positive(&field, row.1);
            }
        }
        checks.share("segment_factors.lighting_injury", self.lighting_injury);
        checks.share("segment_factors.lighting_damage", self.lighting_damage);
        checks.positive("segment_factors.speed_cameras_injury", self.speed_cameras_injury);
        checks.positive("segment_factors.slow_speed_max", self.slow_speed_max_mps);
    }
}

/// Between the rows of a table in rising order; the ends hold beyond them. A table without rows changes nothing.
fn interpolated(table: &[(f64, f64)], at: f64) -> f64 {
    let above = table.partition_point(|row| row.0 < at);
    match (above.checked_sub(1).map(|below| table[below]), table.get(above).copied()) {
        (Some((x0, y0)), Some((x1, y1))) => y0 + (y1 - y0) * (at - x0) / (x1 - x0),
        (Some((_, y)), None) | (None, Some((_, y))) => y,
        (None, None) => 1.0,
    }
}
