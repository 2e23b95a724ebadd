//! Says what a strand is for and what it carries: class, lanes, speed, capacity, who may use it.
//!
//! The class comes from the line's maker where known (motorway, skeleton), else from the first rule of `class_rules.csv`
//! whose pattern the name has (streets of one name in two quarters are told apart), else the street is residential. Speed and capacity a lane come from `standards.csv` by
//! class and by setting: a link is *urban* inside a built-up area, as the road code has it. Left out: one-way streets that no
//! parallel carriageway gives away, turn bans, parking, single signals (they are in the capacities on average).

use std::path::Path;

use engine::city::{Access, RoadClass};
use engine::vehicles::{ClassSet, VehicleClass};
use serde::Deserialize;

use super::names::plain;
use super::quarters::Quarters;
use super::sources::{HouseNumber, StreetsError};
use super::strand::Strand;

/// What a link is for and what it carries.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Standard {
    pub(super) speed_kmh: f64,
    pub(super) capacity_pcuph_lane: f64,
}

/// What the name of a strand says.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Ruled {
    /// The rule that said it, for the report.
    pub(super) rule: String,
    pub(super) class: RoadClass,
    /// Lanes each way.
    pub(super) lanes: u8,
}

/// The rules and standards.
pub(super) struct Classes {
    quarters: Quarters,
    rules: Vec<RuleRow>,
    standards: Vec<StandardRow>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RuleRow {
    rule: String,
    r#match: Match,
    pattern: String,
    /// A quarter whose street of that name is another one; none where empty.
    except_quarter: Option<String>,
    class: RoadClass,
    lanes: u8,
    #[serde(rename = "reason")]
    _reason: String,
}

#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Match {
    Starts,
    Contains,
    Equals,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct StandardRow {
    class: RoadClass,
    setting: Setting,
    speed_kmh: f64,
    capacity_pcuph_lane: f64,
    #[serde(rename = "reason")]
    _reason: String,
}

/// Whether a link lies inside a built-up area.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Setting {
    Urban,
    Rural,
}

/// Reads the rows of a table that is part of this recipe.
pub(super) fn own_table<T: serde::de::DeserializeOwned>(name: &str, text: &str) -> Result<Vec<T>, StreetsError> {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let rows = reader.deserialize().zip(2..).map(|(row, line)| {
        row.map_err(|e| StreetsError::Content {
            path: Path::new(name).into(),
            place: format!("line {line}"),
            reason: e.to_string(),
        })
    });
    rows.collect()
}

impl Classes {
    /// Reads the recipe's own tables; the quarter of a street is that of the house numbers beside it.
    pub(super) fn read(numbers: &[HouseNumber]) -> Result<Self, StreetsError> {
        Ok(Self {
            quarters: Quarters::new(numbers),
            rules: own_table("class_rules.csv", include_str!("class_rules.csv"))?,
            standards: own_table("standards.csv", include_str!("standards.csv"))?,
        })
    }

    /// Where the quarters are.
    pub(super) fn quarters(&self) -> &Quarters {
        &self.quarters
    }

    /// What the name of a street and the quarter around its middle say; `default` where no rule knows it.
    pub(super) fn ruled(&self, strand: &Strand) -> Ruled {
        self.of_name(strand.name.as_deref(), || self.quarters.around_the_middle_of(strand))
    }

    fn of_name<'a>(&'a self, name: Option<&str>, quarter: impl Fn() -> &'a str) -> Ruled {
        let name = name.map(plain).unwrap_or_default();
        let fits = |rule: &&RuleRow| {
            let named = match rule.r#match {
                Match::Starts => name.starts_with(&rule.pattern),
                Match::Contains => name.contains(&rule.pattern),
                Match::Equals => name == rule.pattern,
            };
            named && rule.except_quarter.as_deref().is_none_or(|except| quarter() != except)
        };
        match self.rules.iter().find(fits) {
            Some(rule) => Ruled { rule: rule.rule.clone(), class: rule.class, lanes: rule.lanes.max(1) },
            None => Ruled { rule: "default".into(), class: RoadClass::Residential, lanes: 1 },
        }
    }

    /// Speed and capacity of a class in a setting.
    pub(super) fn standard(&self, class: RoadClass, setting: Setting) -> Result<Standard, StreetsError> {
        let row = self.standards.iter().find(|row| row.class == class && row.setting == setting);
        let row = row.ok_or_else(|| StreetsError::Network(format!("standards.csv has no row for {}", class.name())))?;
        Ok(Standard { speed_kmh: row.speed_kmh, capacity_pcuph_lane: row.capacity_pcuph_lane })
    }
}

/// Who may use a road of that class, with or without heavy vehicles.
pub(super) fn access(class: RoadClass, no_heavy_vehicles: bool) -> Access {
    let slow = ClassSet::of(&[VehicleClass::Bicycle, VehicleClass::Pedestrian]);
    let allowed = match class {
        RoadClass::Motorway | RoadClass::MotorwayRamp => ClassSet::MOTOR,
        RoadClass::Pedestrian | RoadClass::Cycleway | RoadClass::Footway => slow,
        _ => ClassSet::MOTOR.or(slow),
    };
    Access::always(if no_heavy_vehicles { allowed.without(VehicleClass::HeavyVehicle) } else { allowed })
}

/// Whether cars may use roads of that class.
pub(super) fn is_drivable(class: RoadClass) -> bool {
    !matches!(class, RoadClass::Pedestrian | RoadClass::Cycleway | RoadClass::Footway)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_rule_that_fits_a_name_says_its_class() {
        let classes = Classes::read(&[]).expect("the recipe's own tables");
        let of = |name| classes.of_name(Some(name), || "Centro").class;
        assert_eq!(of("Spalto Marengo"), RoadClass::Primary);
        assert_eq!(of("Corso Cavallotti"), RoadClass::Secondary);
        assert_eq!(of("Vicolo della Parrocchia"), RoadClass::LivingStreet);
        assert_eq!(of("Via Dossena"), RoadClass::Residential);
        assert_eq!(of("Via Casale"), RoadClass::Residential);
        assert_eq!(classes.of_name(Some("Via Casale"), || "San Michele").class, RoadClass::Primary);
    }

    #[test]
    fn every_class_has_a_standard_in_every_setting() {
        let classes = Classes::read(&[]).expect("the recipe's own tables");
        for class in RoadClass::ALL {
            for setting in [Setting::Urban, Setting::Rural] {
                let standard = classes.standard(class, setting).expect("a row");
                assert!(standard.speed_kmh > 0.0 && standard.capacity_pcuph_lane > 0.0);
            }
        }
    }
}
