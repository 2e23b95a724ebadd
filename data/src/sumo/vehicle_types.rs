//! Vehicle types: `vType` and `vTypeDistribution`.
//!
//! What a type does not say comes from its class ([`super::vehicle_classes`]). Models of car following that the engine does
//! not have are replaced by the nearest that it has, and so noted.

use std::borrow::Cow;
use std::collections::HashMap;

use engine::traffic::car_following::Model;
use engine::traffic::demand::{
    DepartSpeed, LaneChanging, LaneSharing, SpeedFactor, TYPES_MAX, VehicleMix, VehicleType,
};
use engine::vehicles::VehicleClass;

use super::admission::SPEED_TOLERANCE_MPS;
use super::configuration::Defaults;
use super::element::{Element, number, wrong};
use super::error::SumoFault;
use super::net::NOT_FOLLOWED;
use super::notes::Notes;
use super::parameters::note_parameter;
use super::source::{At, Blame, Place};
use super::vehicle_classes::{Class, ClassDefaults, class, default_type};

/// Sigma where the type gives none (SUMO, all classes of the road).
const IMPERFECTION: f64 = 0.5;
/// Tau where the type gives none, in seconds (SUMO).
const HEADWAY_S: f64 = 1.0;
/// Exponent of the intelligent driver model where the type gives none (SUMO, `delta`).
const EXPONENT: f64 = 4.0;
/// Where SUMO cuts the speed factor by default.
const SPEED_FACTOR_RANGE: (f64, f64) = (0.2, 2.0);
/// Beyond so many deviations a distribution that is not cut has no vehicle.
const DEVIATIONS_MAX: f64 = 8.0;

/// Attributes that change nothing here: they draw, measure emissions, or load passengers; the last ones only rule where
/// vehicles may be side by side in one lane, which SUMO does not do by default either.
const WITHOUT_EFFECT: [&str; 25] = [
    "color",
    "guiShape",
    "imgFile",
    "osgFile",
    "emissionClass",
    "personCapacity",
    "containerCapacity",
    "boardingDuration",
    "boardingFactor",
    "loadingDuration",
    "height",
    "mass",
    "name",
    "carriageLength",
    "locomotiveLength",
    "carriageGap",
    "carriageDoors",
    "maxSpeedLat",
    "minGapLat",
    "latAlignment",
    "lcSublane",
    "lcPushy",
    "lcPushyGap",
    "lcImpatience",
    "lcMaxSpeedLatStanding",
];

const REACTS_WITHIN_A_STEP: &str = "it is less than the length of a step: drivers follow with the step as their reaction time; give a shorter <step-length>";

/// Which of the engine's models a type follows.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Follow {
    Krauss,
    Idm,
}

/// The engine's model for a model of SUMO, and whether it is the same.
fn model(name: &str) -> Option<(Follow, bool)> {
    Some(match name {
        "Krauss" => (Follow::Krauss, true),
        "IDM" => (Follow::Idm, true),
        "KraussOrig1" | "KraussPS" | "KraussAB" | "KraussX" | "SmartSK" | "SKOrig" | "Daniel1" | "PWagner2009"
        | "PW2009" | "BKerner" | "Wiedemann" | "W99" | "Rail" | "CC" => (Follow::Krauss, false),
        "IDMM" | "EIDM" | "ACC" | "CACC" => (Follow::Idm, false),
        _ => return None,
    })
}

/// A type while it is read.
pub(super) struct TypeDraft<'a> {
    place: Place,
    name: Cow<'a, str>,
    class: Class,
    probability: f64,
    follow: Follow,
    /// Speed factor as it is written.
    speed_factor: Option<String>,
    /// Other numbers by their attributes.
    numbers: Vec<(&'static str, f64)>,
}

/// Attributes that hold one number each.
const NUMBERS: [&str; 18] = [
    "length",
    "minGap",
    "maxSpeed",
    "width",
    "accel",
    "decel",
    "emergencyDecel",
    "tau",
    "sigma",
    "delta",
    "speedDev",
    "desiredMaxSpeed",
    "impatience",
    "lcStrategic",
    "lcCooperative",
    "lcSpeedGain",
    "lcKeepRight",
    "apparentDecel",
];

impl<'a> TypeDraft<'a> {
    /// A `vType` begins.
    pub(super) fn new(element: &Element<'a>, defaults: &Defaults, notes: &mut Notes) -> Result<Self, Blame> {
        let name = element.text("id")?.clone();
        let class = match element.get("vClass") {
            None => class("passenger"),
            Some(name) => class(name.trim()),
        };
        let unknown = || wrong("vClass", element.get("vClass").map_or("", |name| name), "a vehicle class of SUMO");
        let class = class.ok_or_else(unknown).at(element.place)?;
        let (place, numbers) = (element.place, Vec::new());
        let mut draft =
            Self { place, name, class, probability: 1.0, follow: Follow::Krauss, speed_factor: None, numbers };
        if let Some(name) = defaults.car_following.as_deref().filter(|_| element.get("carFollowModel").is_none()) {
            draft.model("default.carfollowmodel", name, place, notes)?;
        }
        for (name, value) in &element.attributes {
            draft.attribute("vType", name, value, place, notes)?;
        }
        Ok(draft)
    }

    /// An element inside the type: `<carFollowing-Krauss sigma="…"/>` and its like, or `<param>`.
    pub(super) fn inside(&mut self, element: &Element<'a>, notes: &mut Notes) -> Result<(), Blame> {
        match element.name.strip_prefix("carFollowing-") {
            Some(name) => {
                self.model("carFollowing", name, element.place, notes)?;
                for (name, value) in &element.attributes {
                    self.attribute(element.name, name, value, element.place, notes)?;
                }
            }
            None if element.name == "param" => note_parameter(element, notes),
            None => notes.element(element.place, element.name, NOT_FOLLOWED),
        }
        Ok(())
    }

    fn model(&mut self, attribute: &str, name: &str, place: Place, notes: &mut Notes) -> Result<(), Blame> {
        let (follow, same) =
            model(name).ok_or_else(|| wrong(attribute, name, "a car-following model of SUMO")).at(place)?;
        self.follow = follow;
        let meaning = match (same, follow) {
            (true, _) => return Ok(()),
            (false, Follow::Krauss) => "the model is taken for Krauss's",
            (false, Follow::Idm) => "the model is taken for the intelligent driver model (IDM)",
        };
        notes.attribute(place, "vType", &format!("carFollowModel={name}"), meaning);
        Ok(())
    }

    fn attribute(
        &mut self,
        element: &str,
        name: &'a str,
        value: &str,
        place: Place,
        notes: &mut Notes,
    ) -> Result<(), Blame> {
        if let Some(known) = NUMBERS.iter().find(|known| **known == name) {
            // Impatience that never grows is the engine's own affair.
            if name == "impatience" && value == "off" {
                notes.attribute(
                    place,
                    element,
                    name,
                    "drivers grow impatient with the time that they wait all the same",
                );
                return Ok(());
            }
            self.numbers.push((*known, number(name, value).at(place)?));
            return Ok(());
        }
        match name {
            "id" | "vClass" => {}
            "probability" => self.probability = weight(name, value).at(place)?,
            "carFollowModel" => self.model(name, value, place, notes)?,
            "speedFactor" => self.speed_factor = Some(value.to_owned()),
            "laneChangeModel" if matches!(value, "LC2013" | "default" | "JE2013") => {}
            _ if WITHOUT_EFFECT.contains(&name) => {}
            _ => notes.attribute(place, element, name, NOT_FOLLOWED),
        }
        Ok(())
    }

    fn get(&self, attribute: &str) -> Option<f64> {
        self.numbers.iter().rev().find(|(name, _)| *name == attribute).map(|(_, value)| *value)
    }

    /// The type, when its element has ended; none where its class is not simulated.
    fn finish(&self, defaults: &Defaults, notes: &mut Notes) -> Result<Option<VehicleType>, Blame> {
        let Class::Simulated(class) = self.class else { return Ok(None) };
        let bad = |reason| SumoFault::Bad { what: "vType", name: self.name.to_string(), reason };
        let get = |attribute, otherwise| self.get(attribute).unwrap_or(otherwise);
        let deceleration_mps2 = get("decel", class.deceleration);
        if self.get("apparentDecel").is_some_and(|apparent| apparent != deceleration_mps2) {
            notes.attribute(self.place, "vType", "apparentDecel", "others expect the vehicle to brake by its decel");
        }
        let headway_s = get("tau", HEADWAY_S);
        if headway_s < defaults.step_s {
            notes.attribute(self.place, "vType", "tau", REACTS_WITHIN_A_STEP);
        }
        let model = match self.follow {
            Follow::Krauss => Model::Krauss { imperfection: get("sigma", IMPERFECTION), headway_s },
            Follow::Idm => Model::Idm { headway_s, exponent: get("delta", EXPONENT) },
        };
        let mut keenness = |attribute: &'static str| {
            let value = get(attribute, 1.0);
            if value < 0.0 {
                notes.attribute(self.place, "vType", attribute, "less than 0 is taken for 0");
            }
            value.max(0.0)
        };
        let lane_changing = LaneChanging {
            strategic: keenness("lcStrategic"),
            cooperative: keenness("lcCooperative"),
            speed_gain: keenness("lcSpeedGain"),
            keep_right: keenness("lcKeepRight"),
        };
        let made = VehicleType {
            name: self.name.to_string(),
            class: class.counts_as,
            permission: class.permission,
            length_m: get("length", class.length_m),
            width_m: get("width", class.width_m),
            min_gap_m: get("minGap", class.min_gap_m),
            max_speed_mps: self.max_speed_mps(class, notes),
            acceleration_mps2: get("accel", class.acceleration),
            deceleration_mps2,
            emergency_deceleration_mps2: get("emergencyDecel", class.emergency_deceleration.max(deceleration_mps2)),
            model,
            speed_factor: self.speed_factor(class, defaults).at(self.place)?,
            impatience: get("impatience", 0.0).clamp(0.0, 1.0),
            lane_changing,
            lane_sharing: match class.counts_as {
                VehicleClass::Bicycle if defaults.shares_lanes => LaneSharing::RightEdge,
                VehicleClass::Motorcycle if defaults.shares_lanes => LaneSharing::Filters,
                _ => LaneSharing::None,
            },
        };
        match made.check() {
            Some(reason) => Err(bad(reason)).at(self.place),
            None => Ok(Some(made)),
        }
    }

    /// How fast vehicles of the type can drive; none where its class is not simulated.
    fn top_speed_mps(&self) -> Option<f64> {
        let Class::Simulated(class) = self.class else { return None };
        Some(self.get("maxSpeed").unwrap_or_else(|| class.max_speed_mps()))
    }

    fn max_speed_mps(&self, class: &ClassDefaults, notes: &mut Notes) -> f64 {
        let max_speed_mps = self.top_speed_mps().unwrap_or_else(|| class.max_speed_mps());
        match self.get("desiredMaxSpeed").or_else(|| class.desired_speed_mps()) {
            Some(desired_mps) if desired_mps < max_speed_mps => {
                let meaning = "is taken for the highest speed, the same for everybody of the type";
                notes.attribute(self.place, "vType", "desiredMaxSpeed", meaning);
                desired_mps
            }
            _ => max_speed_mps,
        }
    }

    /// A number, `norm(mean,deviation)` or `normc(mean,deviation,low,high)`; `speedDev` overrides the deviation.
    fn speed_factor(&self, class: &ClassDefaults, defaults: &Defaults) -> Result<SpeedFactor, SumoFault> {
        const EXPECTED: &str = "a number, norm(mean,deviation) or normc(mean,deviation,low,high)";
        let (low, high) = SPEED_FACTOR_RANGE;
        let deviation = defaults.speed_deviation.unwrap_or(class.speed_deviation);
        let mut factor = SpeedFactor { mean: 1.0, deviation, low, high };
        if let Some(text) = &self.speed_factor {
            let text = text.trim();
            let wrong = || wrong("speedFactor", text, EXPECTED);
            let number = |text: &str| number("speedFactor", text).map_err(|_| wrong());
            match text.split_once('(') {
                None => factor.mean = number(text)?,
                Some((name @ ("norm" | "normc"), rest)) => {
                    let inside = rest.strip_suffix(')').ok_or_else(wrong)?;
                    let numbers = inside.split(',').map(number).collect::<Result<Vec<f64>, _>>()?;
                    let mean = *numbers.first().ok_or_else(wrong)?;
                    let deviation = numbers.get(1).copied().unwrap_or(0.0);
                    let uncut = mean + DEVIATIONS_MAX * deviation;
                    let high = numbers.get(3).copied().unwrap_or(uncut);
                    let low = numbers.get(2).copied().unwrap_or(low);
                    if numbers.len() > 4 || (name == "norm" && numbers.len() > 2) {
                        return Err(wrong());
                    }
                    factor = SpeedFactor { mean, deviation, low, high };
                }
                Some(_) => return Err(wrong()),
            }
        }
        factor.deviation = self.get("speedDev").unwrap_or(factor.deviation);
        // SUMO lets nobody wish for less than a fifth of the limit, and does not cut what does not vary.
        factor.low = factor.low.max(low);
        if factor.deviation == 0.0 {
            (factor.low, factor.high) = (factor.low.min(factor.mean), factor.high.max(factor.mean));
        } else if !(factor.low..=factor.high).contains(&factor.mean) {
            let reason = format!("the mean of its speedFactor does not lie between {} and {}", factor.low, factor.high);
            return Err(SumoFault::Bad { what: "vType", name: self.name.to_string(), reason });
        }
        Ok(factor)
    }
}

/// A share, not negative.
pub(super) fn weight(name: &str, value: &str) -> Result<f64, SumoFault> {
    let weight = number(name, value)?;
    if weight >= 0.0 { Ok(weight) } else { Err(wrong(name, value, "at least 0")) }
}

/// Names with their shares, where they are given.
pub(super) type Shares<'a> = Vec<(Cow<'a, str>, Option<f64>)>;

/// What a name of a type stands for.
enum Known<'a> {
    /// A type, its row if it is simulated, and its share in distributions that give none.
    Type { row: Option<u32>, probability: f64 },
    /// Types and their shares.
    Distribution(Shares<'a>),
}

/// A distribution while it is read.
pub(super) struct DistributionDraft<'a> {
    place: Place,
    name: Cow<'a, str>,
    types: Shares<'a>,
}

/// All types and distributions.
pub(super) struct Types<'a> {
    defaults: Defaults,
    known: HashMap<Cow<'a, str>, Known<'a>>,
    open: Option<DistributionDraft<'a>>,
    mix_rows: HashMap<String, Result<u32, String>>,
    /// Types that are simulated.
    pub(super) rows: Vec<VehicleType>,
    /// The `maxSpeed` of each, in metres a second: its highest speed may be less, where it wishes for less.
    top_speeds_mps: Vec<f64>,
    /// Mixes that somebody drives.
    pub(super) mixes: Vec<VehicleMix>,
}

impl<'a> Types<'a> {
    pub(super) fn new(defaults: Defaults) -> Self {
        let (known, mix_rows) = (HashMap::new(), HashMap::new());
        let (rows, top_speeds_mps, mixes) = (Vec::new(), Vec::new(), Vec::new());
        Self { defaults, known, open: None, mix_rows, rows, top_speeds_mps, mixes }
    }

    /// A `vTypeDistribution` begins.
    pub(super) fn open_distribution(&mut self, element: &Element<'a>) -> Result<(), Blame> {
        let (place, name) = (element.place, element.text("id")?.clone());
        let types = shares(element, "vTypes", "probabilities").at(place)?;
        self.open = Some(DistributionDraft { place, name, types });
        Ok(())
    }

    /// The distribution that began last ends.
    pub(super) fn close_distribution(&mut self) -> Result<(), Blame> {
        let Some(DistributionDraft { place, name, types }) = self.open.take() else { return Ok(()) };
        self.insert(name, Known::Distribution(types)).at(place)
    }

    /// A type ends; inside a distribution it becomes part of that. One that only names another by `refId` adds it.
    pub(super) fn close_type(&mut self, draft: TypeDraft<'a>, notes: &mut Notes) -> Result<(), Blame> {
        let made = draft.finish(&self.defaults, notes)?;
        if made.is_some() && self.rows.len() == TYPES_MAX {
            return Err(SumoFault::TooMany { what: "vehicle types", most: TYPES_MAX as u64 }).at(draft.place);
        }
        let row = made.is_some().then_some(self.rows.len() as u32);
        self.top_speeds_mps.extend(made.as_ref().and_then(|_| draft.top_speed_mps()));
        self.rows.extend(made);
        if let Some(distribution) = &mut self.open {
            distribution.types.push((draft.name.clone(), Some(draft.probability)));
        }
        self.insert(draft.name, Known::Type { row, probability: draft.probability }).at(draft.place)
    }

    /// A type of a distribution, by its name (`refId`).
    pub(super) fn refer(&mut self, element: &Element<'a>, name: Cow<'a, str>) -> Result<(), Blame> {
        let share =
            element.get("probability").map(|value| weight("probability", value)).transpose().at(element.place)?;
        if let Some(distribution) = &mut self.open {
            distribution.types.push((name, share));
        }
        Ok(())
    }

    fn insert(&mut self, name: Cow<'a, str>, known: Known<'a>) -> Result<(), SumoFault> {
        let text = name.to_string();
        match self.known.insert(name, known) {
            None => Ok(()),
            Some(_) => Err(SumoFault::Twice { what: "vehicle type", name: text }),
        }
    }

    /// The row of the mix that a name stands for, or why there is none.
    pub(super) fn mix(&mut self, name: &str, notes: &mut Notes, place: Place) -> Result<u32, String> {
        if let Some(row) = self.mix_rows.get(name) {
            return row.clone();
        }
        let shares = self.shares(name, notes, place);
        let row = shares.map(|types| {
            self.mixes.push(VehicleMix { types });
            self.mixes.len() as u32 - 1
        });
        self.mix_rows.insert(name.to_owned(), row.clone());
        row
    }

    /// Whether all types of a mix can drive as fast as its vehicles are to begin.
    pub(super) fn can_begin(&self, mix: u32, speed: DepartSpeed) -> Result<(), String> {
        let DepartSpeed::Given(speed_mps) = speed else { return Ok(()) };
        let top_mps = |row: u32| self.top_speeds_mps[row as usize];
        let mut types = self.mixes[mix as usize].types.iter().map(|&(row, _)| row);
        match types.find(|&row| speed_mps > top_mps(row) + SPEED_TOLERANCE_MPS) {
            Some(row) => Err(format!(
                "its departSpeed is {speed_mps} m/s, but its type '{}' has a maxSpeed of {} m/s; give 'max'",
                self.rows[row as usize].name,
                top_mps(row)
            )),
            None => Ok(()),
        }
    }

    fn shares(&mut self, name: &str, notes: &mut Notes, place: Place) -> Result<Vec<(u32, f64)>, String> {
        let entries = match self.known.get(name) {
            Some(Known::Distribution(entries)) => entries.clone(),
            _ => return Ok(vec![(self.simulated(name, notes, place)?.0, 1.0)]),
        };
        let mut types = Vec::new();
        for (of, share) in entries {
            let (row, probability) = self.simulated(&of, notes, place)?;
            let share = share.unwrap_or(probability);
            if share > 0.0 {
                types.push((row, share));
            }
        }
        if types.is_empty() {
            return Err(format!(
                "its type, the distribution '{name}', holds no type with a probability of more than 0"
            ));
        }
        Ok(types)
    }

    /// The row of a type and its share in distributions.
    fn simulated(&mut self, name: &str, notes: &mut Notes, place: Place) -> Result<(u32, f64), String> {
        if let (false, Some(class)) = (self.known.contains_key(name), default_type(name)) {
            let (name, speed_factor, numbers) = (Cow::Owned(name.to_owned()), None, Vec::new());
            let mut draft =
                TypeDraft { place, name, class, probability: 1.0, follow: Follow::Krauss, speed_factor, numbers };
            if let Some(model) = self.defaults.car_following.clone() {
                draft.model("default.carfollowmodel", &model, place, notes).map_err(|blame| blame.fault.to_string())?;
            }
            let open = self.open.take();
            self.close_type(draft, notes).map_err(|blame| blame.fault.to_string())?;
            self.open = open;
        }
        match self.known.get(name) {
            Some(Known::Type { row: Some(row), probability }) => Ok((*row, *probability)),
            Some(Known::Type { row: None, .. }) => {
                Err(format!("its type '{name}' drives on rails, on water or in the air, which is not simulated"))
            }
            Some(Known::Distribution(_)) => Err(format!("its type holds the distribution '{name}', which is no type")),
            None => Err(format!("its type '{name}' is not defined")),
        }
    }
}

/// Names in one attribute with their shares in another, which may be missing.
pub(super) fn shares<'a>(
    element: &Element<'a>,
    names: &'static str,
    probabilities: &'static str,
) -> Result<Shares<'a>, SumoFault> {
    let Some(list) = element.get(names) else { return Ok(Vec::new()) };
    let listed: Vec<Cow<'a, str>> = match list {
        Cow::Borrowed(list) => list.split_whitespace().map(Cow::Borrowed).collect(),
        Cow::Owned(list) => list.split_whitespace().map(|name| Cow::Owned(name.to_owned())).collect(),
    };
    let Some(text) = element.get(probabilities) else {
        return Ok(listed.into_iter().map(|name| (name, None)).collect());
    };
    let shares = text.split_whitespace().map(|share| weight(probabilities, share)).collect::<Result<Vec<f64>, _>>()?;
    if shares.len() != listed.len() {
        return Err(wrong(probabilities, text, "one number for each name"));
    }
    Ok(listed.into_iter().zip(shares.into_iter().map(Some)).collect())
}
