//! What the layout of a junction changes (Highway Safety Manual, section 12.7.2): factors on the crashes of the base
//! condition, which has no turn lanes, permissive left turns, right turns on red, no lighting and no cameras.

use super::crashes::{Collisions, SiteFault};
use super::junction::{Crossing, JunctionCoefficients, JunctionKind};
use crate::safety::Checks;

/// How left turns are let go at an approach with signals.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LeftTurnPhasing {
    /// Through gaps of those who come towards them.
    Permissive,
    /// Some of the time through gaps, some of the time alone.
    ProtectedAndPermissive,
    /// Alone.
    Protected,
}

/// How a junction is laid out; the default is the base condition.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct JunctionLayout {
    /// Approaches with a lane for left turns; with stop signs, of the major road alone.
    pub left_turn_lane_approaches: usize,
    /// Approaches with a lane for right turns; with stop signs, of the major road alone.
    pub right_turn_lane_approaches: usize,
    /// How left turns are let go, for each approach with signals that has some; others count as permissive.
    pub left_turn_phasing: Vec<LeftTurnPhasing>,
    /// Approaches with signals where nobody may turn right on red. In Italy nobody may anywhere: give every approach.
    pub no_right_on_red_approaches: usize,
    /// Whether it is lit at night.
    pub is_lit: bool,
    /// Whether cameras watch the red light.
    pub has_red_light_cameras: bool,
}

/// Factors that are the same at every kind of junction.
#[derive(Clone, Debug, PartialEq)]
pub struct JunctionFactors {
    /// An approach whose left turns go some of the time alone (table 12-25).
    pub protected_and_permissive: f64,
    /// An approach whose left turns go alone (table 12-25).
    pub protected: f64,
    /// An approach where nobody turns right on red (equation 12-35).
    pub no_right_on_red: f64,
    /// By how much lighting lowers the crashes at night, 0 to 1 (equation 12-36).
    pub lighting_reduction: f64,
    /// What cameras make of angle crashes (equation 12-37).
    pub camera_angle: f64,
    /// What cameras make of rear-end crashes (equation 12-37).
    pub camera_rear_end: f64,
    /// Crashes with pedestrians where there are one or two bus stops, and three or more (table 12-28).
    pub bus_stops: [f64; 2],
    /// Crashes with pedestrians where there is a school (table 12-29).
    pub school: f64,
    /// Crashes with pedestrians where one to eight places sell alcohol, and nine or more (table 12-30).
    pub alcohol_sales: [f64; 2],
}

impl JunctionFactors {
    /// The factor on the crashes of vehicles (equation 12-6).
    pub(super) fn of(
        &self,
        kind: JunctionKind,
        of_kind: &JunctionCoefficients,
        layout: &JunctionLayout,
        multi_vehicle: &Collisions,
        single_vehicle: &Collisions,
    ) -> Result<f64, SiteFault> {
        let left = turn_lanes("left-turn lanes", &of_kind.left_turn_lanes, layout.left_turn_lane_approaches)?;
        let right = turn_lanes("right-turn lanes", &of_kind.right_turn_lanes, layout.right_turn_lane_approaches)?;
        let lighting = if layout.is_lit { 1.0 - self.lighting_reduction * of_kind.night_share } else { 1.0 };
        let signals = if kind.has_signals() {
            self.of_signals(kind, of_kind, layout, multi_vehicle, single_vehicle)?
        } else {
            refuse_signals(layout)?;
            1.0
        };
        Ok(left * right * lighting * signals)
    }

    fn of_signals(
        &self,
        kind: JunctionKind,
        of_kind: &JunctionCoefficients,
        layout: &JunctionLayout,
        multi_vehicle: &Collisions,
        single_vehicle: &Collisions,
    ) -> Result<f64, SiteFault> {
        let max = kind.legs();
        for (field, approaches) in [
            ("ways of letting left turns go", layout.left_turn_phasing.len()),
            ("no right turns on red", layout.no_right_on_red_approaches),
        ] {
            if approaches > max {
                return Err(SiteFault::Approaches { field, approaches, max });
            }
        }
        let mut factor = 1.0;
        for phasing in &layout.left_turn_phasing {
            factor *= match phasing {
                LeftTurnPhasing::Permissive => 1.0,
                LeftTurnPhasing::ProtectedAndPermissive => self.protected_and_permissive,
                LeftTurnPhasing::Protected => self.protected,
            };
        }
        for _ in 0..layout.no_right_on_red_approaches {
            factor *= self.no_right_on_red;
        }
        if layout.has_red_light_cameras {
            factor *= self.cameras(of_kind, multi_vehicle, single_vehicle);
        }
        Ok(factor)
    }

    /// Equations 12-37 to 12-39.
    fn cameras(&self, of_kind: &JunctionCoefficients, multi: &Collisions, single: &Collisions) -> f64 {
        let all = multi.total_pa() + single.total_pa();
        if all <= 0.0 {
            return 1.0;
        }
        let share = |[injury, damage]: [f64; 2]| {
            (injury * multi.fatal_and_injury_pa + damage * multi.property_damage_only_pa) / all
        };
        let (angle, rear_end) = (share(of_kind.angle_shares), share(of_kind.rear_end_shares));
        1.0 - angle * (1.0 - self.camera_angle) - rear_end * (1.0 - self.camera_rear_end)
    }

    /// The factor on the crashes with pedestrians (equation 12-28).
    pub(super) fn of_crossing(&self, crossing: &Crossing) -> f64 {
        let bus = match crossing.bus_stops {
            0 => 1.0,
            1 | 2 => self.bus_stops[0],
            _ => self.bus_stops[1],
        };
        let alcohol = match crossing.alcohol_sales {
            0 => 1.0,
            1..=8 => self.alcohol_sales[0],
            _ => self.alcohol_sales[1],
        };
        bus * alcohol * if crossing.has_school { self.school } else { 1.0 }
    }

    pub(super) fn check(&self, checks: &mut Checks) {
        for (name, value) in [
            ("protected_and_permissive", self.protected_and_permissive),
            ("protected", self.protected),
            ("no_right_on_red", self.no_right_on_red),
            ("camera_angle", self.camera_angle),
            ("camera_rear_end", self.camera_rear_end),
            ("bus_stops", self.bus_stops[0]),
            ("bus_stops", self.bus_stops[1]),
            ("school", self.school),
            ("alcohol_sales", self.alcohol_sales[0]),
            ("alcohol_sales", self.alcohol_sales[1]),
        ] {
            checks.positive(format!("junction_factors.{name}"), value);
        }
        checks.share("junction_factors.lighting_reduction", self.lighting_reduction);
    }
}

fn turn_lanes(field: &'static str, factors: &[f64], approaches: usize) -> Result<f64, SiteFault> {
    match approaches.checked_sub(1) {
        None => Ok(1.0),
        Some(index) => {
            factors.get(index).copied().ok_or(SiteFault::Approaches { field, approaches, max: factors.len() })
        }
    }
}

fn refuse_signals(layout: &JunctionLayout) -> Result<(), SiteFault> {
    let site = "junction without signals";
    let given = [
        ("a way of letting left turns go", !layout.left_turn_phasing.is_empty()),
        ("a rule on right turns on red", layout.no_right_on_red_approaches > 0),
        ("a red-light camera", layout.has_red_light_cameras),
    ];
    match given.into_iter().find(|&(_, is_given)| is_given) {
        Some((field, _)) => Err(SiteFault::Layout { field, site }),
        None => Ok(()),
    }
}
