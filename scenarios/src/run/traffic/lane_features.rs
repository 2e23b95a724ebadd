//! What vehicles move by, to be looked at: lanes, turns, rights of way and signals as features of a map.
//!
//! | layer | a feature for each | properties |
//! | --- | --- | --- |
//! | `lane` | lane of a street | its link, its number from the right, width, length, speed limit, who may use it |
//! | `turn` | way through a junction | links and lanes before and behind, direction, right of way, its signal and lamp, to how many others it gives way, accepted gaps |
//! | `junction` | junction | the city's junctions that it is made of, its control, and whether that is real or derived |
//! | `signal` | signal | cycle, offset and phases by the clock; whether it follows traffic |
//!
//! All of it is derived by the rules of [`engine::traffic::network::derive`] where the city's data do not tell.

use data::export::Feature;
use data::sumo::lamp_letter;
use engine::traffic::network::derive::Control;
use engine::traffic::network::rows::{LanePlace, MovementRow};
use engine::vehicles::ClassSet;
use geo::{Coord, Geometry, LineString, Point};
use serde_json::{Map, Value, json};

use super::super::model::CityModel;
use super::lanes::CityLanes;

impl CityLanes {
    /// Lanes, turns, junctions and signals, in the order of the network.
    pub(in crate::run) fn features(&self, model: &CityModel) -> Vec<Feature> {
        let mut features = self.lane_features(model);
        features.extend(self.turn_features(model));
        features.extend(self.junction_features(model));
        features.extend(self.signal_features());
        features
    }

    /// The key of the link that each street is of.
    fn link_keys<'a>(&self, model: &'a CityModel) -> Vec<&'a str> {
        let links = &model.applied.tables.links;
        self.link_rows().into_iter().map(|link| links[link as usize].key.as_str()).collect()
    }

    fn lane_features(&self, model: &CityModel) -> Vec<Feature> {
        let keys = self.link_keys(model);
        let mut features = Vec::new();
        for (street, link) in self.derived.rows.streets.iter().zip(keys) {
            for (number, lane) in (1..).zip(&street.lanes) {
                let classes = ClassSet::from_bits(u16::try_from(lane.permissions.0 & 0xffff).unwrap_or(u16::MAX));
                let classes: Vec<&str> = classes.iter().map(|class| class.name()).collect();
                features.push(feature(
                    "lane",
                    line(lane.shape.clone()),
                    json!({
                        "link": link, "lane_from_right": number, "lanes": street.lanes.len(),
                        "roundabout": street.is_roundabout, "width_m": lane.width_m, "length_m": lane.length_m,
                        "speed_limit_mps": lane.speed_limit_mps, "classes": classes,
                    }),
                ));
            }
        }
        features
    }

    fn turn_features(&self, model: &CityModel) -> Vec<Feature> {
        let keys = self.link_keys(model);
        let rows = &self.derived.rows;
        let lane = |place: LanePlace| &rows.streets[place.street as usize].lanes[place.lane as usize];
        let place = |of: LanePlace| json!({"link": keys[of.street as usize], "lane_from_right": of.lane + 1});
        let turn = |row: &MovementRow| {
            let mut shape: Vec<Coord> = row.inside.iter().flat_map(|lane| lane.shape.iter().copied()).collect();
            if shape.len() < 2 {
                shape =
                    [lane(row.from).shape.last(), lane(row.to).shape.first()].into_iter().flatten().copied().collect();
            }
            feature(
                "turn",
                line(shape),
                json!({
                    "from": place(row.from), "to": place(row.to), "direction": row.direction, "right_of_way": row.rule,
                    "signal": row.signal.map(|(signal, _)| &rows.signals[signal as usize].name),
                    "lamp": row.signal.map(|(_, lamp)| lamp), "waits_inside": row.inside.len() > 1,
                    "keep_clear": row.keep_clear, "gives_way_to_turns": row.yields_to.len(),
                    "critical_gap_s": row.gaps.map(|gaps| gaps.critical_s),
                    "follow_up_s": row.gaps.map(|gaps| gaps.follow_up_s),
                }),
            )
        };
        rows.movements.iter().map(turn).collect()
    }

    fn junction_features(&self, model: &CityModel) -> Vec<Feature> {
        let junctions = &model.applied.tables.junctions;
        let control = |control| match control {
            Control::Signs => "signs",
            Control::RightBeforeLeft => "right_before_left",
            Control::AllWayStop => "all_way_stop",
            Control::Signals => "signals",
        };
        let plain = self.streets.plain.junctions.iter().zip(&self.streets.junctions);
        let junction = plain.map(|(row, junction)| {
            let members: Vec<&str> = junction.members.iter().map(|&row| junctions[row as usize].key.as_str()).collect();
            let origin = junction.control_origin.name();
            let properties = json!({"junctions": members, "control": control(row.control), "control_origin": origin});
            feature("junction", Geometry::Point(Point(row.place)), properties)
        });
        junction.collect()
    }

    fn signal_features(&self) -> Vec<Feature> {
        let rows = &self.derived.rows;
        let mut features = Vec::new();
        for (number, signal) in (0_u32..).zip(&rows.signals) {
            let is_ruled = |row: &&MovementRow| row.signal.is_some_and(|(of, _)| of == number);
            let Some(movement) = rows.movements.iter().find(is_ruled) else { continue };
            let junction = rows.streets[movement.from.street as usize].to_junction;
            let phases: Vec<Value> = signal
                .program
                .phases()
                .iter()
                .map(|phase| {
                    let lamps: String = phase.lamps.iter().map(|&lamp| lamp_letter(lamp)).collect();
                    json!({"duration_s": phase.duration_s, "lamps": lamps})
                })
                .collect();
            features.push(feature(
                "signal",
                Geometry::Point(Point(rows.junctions[junction as usize].place)),
                json!({
                    "signal": signal.name, "cycle_s": signal.program.cycle_s(), "offset_s": signal.program.offset_s(),
                    "follows_traffic": signal.responsive.is_some(), "phases": phases,
                }),
            ));
        }
        features
    }
}

fn feature(layer: &str, geometry: Geometry<f64>, properties: Value) -> Feature {
    let mut all = Map::from_iter([("layer".to_owned(), json!(layer))]);
    if let Value::Object(properties) = properties {
        all.extend(properties);
    }
    Feature { properties: all, geometry }
}

fn line(shape: Vec<Coord>) -> Geometry<f64> {
    Geometry::LineString(LineString::new(shape))
}
