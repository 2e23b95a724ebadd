//! Roundabouts instead of junctions.
//!
//! The streets of a junction, or of several that are one crossing, are cut back to a ring around its middle. Where streets reach
//! the ring within [`ARM_WIDTH_M`] of each other they are one arm, and have one junction on the ring. The old junctions become
//! junctions of the ring, as many as there are arms for them, and keep what else names them: connectors, gates. Links of the
//! ring are one-way, counter-clockwise. Links within the old crossing stay, closed. Rules of turns at the old junctions hold no
//! more: who drives around can leave by any arm.
//!
//! The ring is driven at V = 8.62 R^0.3673 km/h for a radius of R metres (National Cooperative Highway Research Program, report
//! 672, 2010, equation 6-2, for crossfall outwards: V = 3.4614 R^0.3673 mph and feet), and no faster than the fastest arm.
//! Capacity is that of the Highway Capacity Manual (6th edition, equations 22-1 to 22-5) where all arms enter alike and leave
//! by all others alike, so that with k arms (k − 2) / 2 times the flow of an entry goes round past the next one; an entry has no
//! more than it had, and the ring that of entries past which nobody goes round. In the static network an entry's capacity does
//! not depend on who goes round, and a junction without a ring costs no time: there a roundabout can only slow. What it
//! saves over signs or signals is seen where vehicles move one by one. Left out: lanes that bypass the ring, crossings on foot.

use std::collections::{BTreeMap, BTreeSet};
use std::f64::consts::{PI, TAU};

use engine::city::{Access, Junction, Link, Record, Structure};
use engine::key::Key;
use engine::signals::EntryCapacity;
use engine::vehicles::ClassSet;
use geo::{Coord, LineString};
use serde_spanned::Spanned;

use super::editor::Editor;
use super::{Applied, Misfit, Ring, SCENARIO_SOURCE};
use crate::scenario::file::Roundabout;

/// Streets that reach the ring within this of each other are one arm, in metres.
const ARM_WIDTH_M: f64 = 6.0;

/// Width of a lane of a ring, in metres.
const RING_LANE_WIDTH_M: f64 = 4.0;

/// What must be left of a street outside of the ring, in metres.
const STREET_LEFT_MIN_M: f64 = 5.0;

/// The ring is drawn with points no further apart than this (15°).
const STEP_RAD: f64 = PI / 12.0;

/// The speed around a ring with a radius of one metre, in metres a second.
const RING_SPEED_MPS: f64 = 8.62 / 3.6;

/// The exponent of the radius in the speed around it.
const RING_SPEED_POWER: f64 = 0.3673;

/// A link that ends at the ring.
struct Spoke {
    row: usize,
    /// Row of the old junction.
    member: usize,
    /// Whether it leaves the junction.
    leaves: bool,
    /// Its line from the ring outwards, without the point on the ring.
    outside: Vec<Coord<f64>>,
    /// Where it reaches the ring, in radians from the east, 0 to 2π.
    angle: f64,
}

/// Spokes that share a junction on the ring.
struct Arm {
    spokes: Vec<Spoke>,
    angle: f64,
}

/// A circle.
#[derive(Clone, Copy)]
struct Circle {
    middle: Coord<f64>,
    radius_m: f64,
}

impl Editor<'_> {
    pub(super) fn roundabouts(&mut self, edits: &[Spanned<Roundabout>]) {
        let mut placed: Vec<(Vec<usize>, &Roundabout)> = Vec::new();
        for edit in edits {
            let on = edit.get_ref().on.get_ref();
            let rows = self.junctions(on.junctions.as_deref(), on.streets.as_deref());
            if !rows.is_empty() && !self.is_lifted_later(&rows) {
                placed.push((rows, edit.get_ref()));
            }
        }
        // By junction and not by edit, so that the order of edits does not show in that of what is built.
        placed.sort_by(|a, b| a.0.cmp(&b.0));
        for (rows, edit) in placed {
            self.roundabout(&rows, edit);
        }
    }

    fn roundabout(&mut self, members: &[usize], edit: &Roundabout) {
        let keys: Vec<Key> = members.iter().map(|&row| self.applied.tables.junctions[row].key.clone()).collect();
        let on_ring = |row: &&usize| self.applied.rings.iter().any(|ring| ring.junctions.binary_search(row).is_ok());
        if let Some(&taken) = members.iter().find(on_ring) {
            let key = self.applied.tables.junctions[taken].key.clone();
            return self.misfit(&edit.on, Misfit::OnRing(key));
        }
        let lanes = edit.lanes.as_ref().map_or(1, |lanes| u8::try_from(*lanes.get_ref()).unwrap_or(1));
        let diameter_m = *edit.diameter_m.get_ref();
        let circle = Circle {
            middle: self.middle_of(members),
            radius_m: (diameter_m - RING_LANE_WIDTH_M * f64::from(lanes)) / 2.0,
        };
        let wide = members.iter().map(|&row| circle.beside_middle_m(self.applied.tables.junctions[row].facts.position));
        if wide.fold(0.0, f64::max) > circle.radius_m {
            return self.misfit(&edit.diameter_m, Misfit::RingTooSmall(keys[0].clone()));
        }
        let Some(spokes) = self.spokes(members, circle, edit) else { return };
        let arms = arms(spokes, circle);
        if arms.len() < 3 {
            return self.misfit(&edit.on, Misfit::FewArms { key: keys[0].clone(), arms: arms.len() });
        }
        let Some(names) = self.ring_junctions(members, &arms, circle, edit) else { return };
        for key in &keys {
            self.claim(&edit.on, key, "the signal", super::signals::NO_SIGNAL);
        }
        for row in members {
            self.applied.traffic.signals.remove(row);
            self.applied.traffic.green_waves.values_mut().for_each(|wave| wave.junctions.retain(|of| of != row));
        }
        let dropped = self.drop_turns(&keys);
        let streets = self.name_junctions(members, edit.on.get_ref().streets.as_deref());
        let (first, count) = (self.applied.tables.links.len(), arms.len());
        self.build_ring(&arms, &names, circle, lanes, &keys[0]);
        let rows = self.applied.tables.junctions.iter().enumerate();
        let junctions = rows.filter(|(_, row)| names.contains(&row.key) || keys.contains(&row.key));
        self.applied.rings.push(Ring {
            junctions: junctions.map(|(row, _)| row).collect(),
            links: (first..self.applied.tables.links.len()).collect(),
            lanes,
            arms: count,
        });
        for (arm, name) in arms.into_iter().zip(&names) {
            let place = circle.at(arm.angle);
            for spoke in arm.spokes {
                self.cut_back(spoke, name, place);
            }
        }
        self.close_inside(&keys, first);
        let lane_words = if lanes == 1 { ["una corsia", "one lane"] } else { ["due corsie", "two lanes"] };
        let (turns_it, turns_en) = match dropped {
            0 => (String::new(), String::new()),
            _ => (
                format!("; regole di svolta che decadono: {dropped}"),
                format!("; rules of turns that hold no more: {dropped}"),
            ),
        };
        self.describe(
            format!("Rotatoria {}: diametro {diameter_m} m, {}, {count} rami{turns_it}", streets.it, lane_words[0]),
            format!("Roundabout {}: diameter {diameter_m} m, {}, {count} arms{turns_en}", streets.en, lane_words[1]),
        );
    }

    fn middle_of(&self, members: &[usize]) -> Coord<f64> {
        let position = |row: &usize| self.applied.tables.junctions[*row].facts.position;
        let sum = members.iter().fold(Coord { x: 0.0, y: 0.0 }, |sum, row| sum + position(row));
        #[expect(clippy::cast_precision_loss, reason = "few junctions")]
        let count = members.len() as f64;
        sum / count
    }

    /// The links that will end at the ring; reports one that is too short.
    fn spokes(&mut self, members: &[usize], circle: Circle, edit: &Roundabout) -> Option<Vec<Spoke>> {
        let tables = &self.applied.tables;
        let member = |key: &Key| members.iter().copied().find(|&row| tables.junctions[row].key == *key);
        let mut spokes = Vec::new();
        for (row, link) in tables.links.iter().enumerate() {
            let (member, leaves) = match (member(&link.facts.from), member(&link.facts.to)) {
                (Some(from), None) => (from, true),
                (None, Some(to)) => (to, false),
                (Some(_), Some(_)) => {
                    let leaves =
                        |point: &Coord<f64>| circle.beside_middle_m(*point) > circle.radius_m + STREET_LEFT_MIN_M;
                    if link.facts.geometry.0.iter().any(leaves) {
                        let key = link.key.clone();
                        self.misfit(&edit.on, Misfit::ComesBack(key));
                        return None;
                    }
                    continue;
                }
                (None, None) => continue,
            };
            let mut outwards = link.facts.geometry.0.clone();
            if !leaves {
                outwards.reverse();
            }
            let Some((angle, outside)) = circle.cut(&outwards) else {
                let key = link.key.clone();
                self.misfit(&edit.diameter_m, Misfit::StreetInsideRing(key));
                return None;
            };
            spokes.push(Spoke { row, member, leaves, outside, angle });
        }
        Some(spokes)
    }

    /// The junctions of the ring, one for each arm: the old ones, then new ones; reports an old one that would be left over with
    /// what hangs on it.
    fn ring_junctions(
        &mut self,
        members: &[usize],
        arms: &[Arm],
        circle: Circle,
        edit: &Roundabout,
    ) -> Option<Vec<Key>> {
        let touches = |arm: &Arm, member: usize| arm.spokes.iter().any(|spoke| spoke.member == member);
        let mut by_choice: Vec<(usize, usize)> =
            members.iter().map(|&member| (arms.iter().filter(|arm| touches(arm, member)).count(), member)).collect();
        by_choice.sort_unstable();
        let mut of_arms: Vec<Option<usize>> = vec![None; arms.len()];
        for (_, member) in by_choice {
            match (0..arms.len()).find(|&arm| of_arms[arm].is_none() && touches(&arms[arm], member)) {
                Some(arm) => of_arms[arm] = Some(member),
                None => {
                    let tables = &self.applied.tables;
                    let key = tables.junctions[member].key.clone();
                    let is_used = tables.connectors.iter().any(|row| row.facts.junction == key)
                        || tables.gates.iter().any(|row| row.facts.junction == key);
                    if is_used {
                        self.misfit(&edit.on, Misfit::LeftOver(key));
                        return None;
                    }
                }
            }
        }
        let stem = &self.applied.tables.junctions[members[0]].key;
        let stem = format!("{SCENARIO_SOURCE}:{}/roundabout/{stem}", self.written.scenario.name.get_ref());
        let mut names = Vec::new();
        for (number, (arm, member)) in arms.iter().zip(of_arms).enumerate() {
            let position = circle.at(arm.angle);
            if let Some(member) = member {
                let junction = &mut self.applied.tables.junctions[member];
                junction.facts.position = position;
                names.push(junction.key.clone());
                continue;
            }
            let Ok(key) = Key::new(format!("{stem}#{number}")) else {
                self.misfit(&edit.on, Misfit::LongKey(self.applied.tables.junctions[members[0]].key.clone()));
                return None;
            };
            let provenance = self.provenance();
            names.push(key.clone());
            self.applied.tables.junctions.push(Record { key, provenance, facts: Junction { position } });
        }
        Some(names)
    }

    /// Removes the rules of turns at junctions; how many there are.
    fn drop_turns(&mut self, junctions: &[Key]) -> usize {
        let tables = &mut self.applied.tables;
        let arriving: BTreeSet<&Key> =
            tables.links.iter().filter(|row| junctions.contains(&row.facts.to)).map(|row| &row.key).collect();
        let before = tables.turns.len();
        tables.turns.retain(|turn| !arriving.contains(&turn.facts.from));
        before - tables.turns.len()
    }

    fn build_ring(&mut self, arms: &[Arm], names: &[Key], circle: Circle, lanes: u8, stem: &Key) {
        let links = &self.applied.tables.links;
        let rows: Vec<usize> = arms.iter().flat_map(|arm| &arm.spokes).map(|spoke| spoke.row).collect();
        let of_spokes = || rows.iter().map(|&row| &links[row].facts);
        let fastest_mps = of_spokes().map(|link| link.free_speed_mps).fold(0.0, f64::max);
        let class = of_spokes().map(|link| link.class).min();
        let users = of_spokes().fold(ClassSet::NONE, |users, link| users.or(link.access.classes));
        let speed_mps = RING_SPEED_MPS * libm::pow(circle.radius_m, RING_SPEED_POWER);
        let Some(class) = class else { return };
        for number in 0..arms.len() {
            let next = (number + 1) % arms.len();
            let span = (arms[next].angle - arms[number].angle).rem_euclid(TAU);
            let line = circle.arc(arms[number].angle, span);
            let length_m = length_m(&line);
            let key = format!("{SCENARIO_SOURCE}:{}/roundabout/{stem}~{number}", self.written.scenario.name.get_ref());
            // Longer by nothing than the keys of the ring's junctions, which could be made.
            let Ok(key) = Key::new(key) else { continue };
            let facts = Link {
                from: names[number].clone(),
                to: names[next].clone(),
                name: None,
                class,
                lanes,
                free_speed_mps: speed_mps.min(fastest_mps),
                capacity_pcuph: f64::from(lanes) * EntryCapacity::ONE_AGAINST_ONE.empty_vph,
                length_m,
                toll_eur: 0.0,
                structure: Structure::Ground,
                access: Access::always(users),
                geometry: LineString::new(line),
            };
            let provenance = self.provenance();
            self.applied.edited_links.push(self.applied.tables.links.len());
            self.applied.tables.links.push(Record { key, provenance, facts });
        }
    }

    /// Lets a link end at its junction on the ring.
    fn cut_back(&mut self, spoke: Spoke, junction: &Key, place: Coord<f64>) {
        let link = &mut self.applied.tables.links[spoke.row].facts;
        let before_m = length_m(&link.geometry.0);
        let mut line = vec![place];
        line.extend(spoke.outside);
        // Where a road is longer than it is drawn it stays so.
        let undrawn_m = (link.length_m - before_m).max(0.0);
        link.length_m = length_m(&line) + undrawn_m;
        if spoke.leaves {
            link.from = junction.clone();
        } else {
            line.reverse();
            link.to = junction.clone();
        }
        link.geometry = LineString::new(line);
        self.applied.edited_links.push(spoke.row);
    }

    /// Closes what lies within the old crossing: all links between its junctions but those of the ring, from row `first` on.
    fn close_inside(&mut self, junctions: &[Key], first: usize) {
        let tables = &mut self.applied.tables;
        for (row, link) in tables.links[..first].iter_mut().enumerate() {
            if !(junctions.contains(&link.facts.from) && junctions.contains(&link.facts.to)) {
                continue;
            }
            let position =
                |key: &Key| tables.junctions.iter().find(|row| row.key == *key).map(|row| row.facts.position);
            if let (Some(from), Some(to)) = (position(&link.facts.from), position(&link.facts.to)) {
                let line = vec![from, to];
                link.facts.length_m = link.facts.length_m.max(length_m(&line));
                link.facts.geometry = LineString::new(line);
            }
            link.facts.access = Access::always(ClassSet::NONE);
            self.applied.edited_links.push(row);
        }
    }
}

/// Caps the capacity of all links that enter rings.
pub(super) fn cap_entries(applied: &mut Applied) {
    let junctions = &applied.tables.junctions;
    let of_rings = applied.rings.iter().enumerate();
    let ring_at: BTreeMap<&Key, usize> =
        of_rings.flat_map(|(ring, of)| of.junctions.iter().map(move |&row| (&junctions[row].key, ring))).collect();
    for link in applied.tables.links.iter_mut().map(|row| &mut row.facts) {
        let Some(&ring) = ring_at.get(&link.to) else { continue };
        // Links of the ring itself are not entries.
        if ring_at.get(&link.from) != Some(&ring) {
            let Ring { lanes, arms, .. } = applied.rings[ring];
            link.capacity_pcuph = link.capacity_pcuph.min(entry_pcuph(link.lanes, lanes, arms));
        }
    }
}

impl Circle {
    fn beside_middle_m(&self, point: Coord<f64>) -> f64 {
        libm::hypot(point.x - self.middle.x, point.y - self.middle.y)
    }

    fn at(&self, angle: f64) -> Coord<f64> {
        self.middle + Coord { x: libm::cos(angle), y: libm::sin(angle) } * self.radius_m
    }

    /// The line around from an angle on, over a positive one.
    fn arc(&self, from: f64, span: f64) -> Vec<Coord<f64>> {
        let steps = (span / STEP_RAD).ceil().max(1.0);
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "1 to 24")]
        let count = steps as u32;
        (0..=count).map(|step| self.at(from + span * f64::from(step) / f64::from(count))).collect()
    }

    /// Where a line from within leaves the circle for good, as an angle, and its points outside; none where it ends inside, or
    /// too near.
    fn cut(&self, outwards: &[Coord<f64>]) -> Option<(f64, Vec<Coord<f64>>)> {
        let last_inside = outwards.iter().rposition(|&point| self.beside_middle_m(point) <= self.radius_m)?;
        let outside = outwards[last_inside + 1..].to_vec();
        let (inside, first) = (outwards[last_inside], *outside.first()?);
        // |inside + t (first − inside) − middle| = radius, the root between 0 and 1.
        let (to, from) = (first - inside, inside - self.middle);
        let (a, b) = (to.x * to.x + to.y * to.y, from.x * to.x + from.y * to.y);
        let c = from.x * from.x + from.y * from.y - self.radius_m * self.radius_m;
        let t = (-b + (b * b - a * c).max(0.0).sqrt()) / a;
        let crossing = inside + to * t;
        let angle = libm::atan2(crossing.y - self.middle.y, crossing.x - self.middle.x).rem_euclid(TAU);
        let mut left = vec![crossing];
        left.extend(&outside);
        if length_m(&left) < STREET_LEFT_MIN_M
            || self.beside_middle_m(*outside.last()?) < self.radius_m + STREET_LEFT_MIN_M
        {
            return None;
        }
        Some((angle, outside))
    }
}

/// The spokes by arm, counter-clockwise.
fn arms(mut spokes: Vec<Spoke>, circle: Circle) -> Vec<Arm> {
    let width = ARM_WIDTH_M / circle.radius_m;
    spokes.sort_by(|a, b| a.angle.total_cmp(&b.angle).then(a.row.cmp(&b.row)));
    // From the widest gap on, so that no arm is cut by where angles begin.
    let gap_before = |index: usize| {
        let before = (index + spokes.len() - 1) % spokes.len();
        (spokes[index].angle - spokes[before].angle).rem_euclid(TAU)
    };
    let Some(begin) = (0..spokes.len()).max_by(|&a, &b| gap_before(a).total_cmp(&gap_before(b)).then(b.cmp(&a))) else {
        return Vec::new();
    };
    spokes.rotate_left(begin);
    let mut arms: Vec<Arm> = Vec::new();
    for spoke in spokes {
        match arms.last_mut() {
            Some(arm) if (spoke.angle - arm.spokes[0].angle).rem_euclid(TAU) <= width => arm.spokes.push(spoke),
            _ => arms.push(Arm { angle: spoke.angle, spokes: vec![spoke] }),
        }
    }
    for arm in &mut arms {
        let first = arm.spokes[0].angle;
        let widest = arm.spokes.iter().map(|spoke| (spoke.angle - first).rem_euclid(TAU)).fold(0.0, f64::max);
        arm.angle = (first + widest / 2.0).rem_euclid(TAU);
    }
    arms.sort_by(|a, b| a.angle.total_cmp(&b.angle));
    arms
}

/// Passenger-car units an hour that enter a ring by an arm where all `arms` enter alike.
fn entry_pcuph(entry_lanes: u8, ring_lanes: u8, arms: usize) -> f64 {
    let lanes: &[EntryCapacity] = match (entry_lanes, ring_lanes) {
        (0 | 1, 0 | 1) => &[EntryCapacity::ONE_AGAINST_ONE],
        (_, 0 | 1) => &[EntryCapacity::TWO_AGAINST_ONE, EntryCapacity::TWO_AGAINST_ONE],
        (0 | 1, _) => &[EntryCapacity::ONE_AGAINST_TWO],
        (_, _) => &[EntryCapacity::RIGHT_AGAINST_TWO, EntryCapacity::LEFT_AGAINST_TWO],
    };
    #[expect(clippy::cast_precision_loss, reason = "few arms")]
    let past = (arms.max(2) - 2) as f64 / 2.0;
    let capacity = |flow: f64| lanes.iter().map(|lane| lane.at_vph(past * flow)).sum::<f64>();
    // What enters falls with what goes round: one flow is its own capacity.
    let (mut low, mut high) = (0.0, capacity(0.0));
    for _ in 0..60 {
        let flow = 0.5 * (low + high);
        if capacity(flow) > flow { low = flow } else { high = flow }
    }
    low
}

fn length_m(line: &[Coord<f64>]) -> f64 {
    line.windows(2).map(|pair| libm::hypot(pair[1].x - pair[0].x, pair[1].y - pair[0].y)).sum()
}
