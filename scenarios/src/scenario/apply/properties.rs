//! Lanes, speeds, capacities and tolls of links.

use engine::city::RoadClass;
use engine::vehicles::ClassSet;

use super::editor::Editor;
use super::told::{class_words, when};
use crate::scenario::access::all_but;
use crate::scenario::file::{Direction, Set, Toll, Zone30};

impl Editor<'_> {
    pub(super) fn set(&mut self, edit: &Set) {
        let rows = self.select(&edit.on);
        let (mut it, mut en) = (Vec::new(), Vec::new());
        if let Some(lanes) = &edit.lanes {
            let count = u8::try_from(*lanes.get_ref()).unwrap_or(1);
            for &row in &rows {
                let key = self.applied.tables.links[row].key.clone();
                if !self.claim(lanes, &key, "lanes", count) {
                    continue;
                }
                // Lanes bring their capacity, unless the same edit says otherwise: the order of edits must not show.
                let brings_capacity = edit.capacity_pcuph.is_none();
                if brings_capacity && !self.claim(lanes, &key, "capacity_pcuph", format!("that of {count} lanes")) {
                    continue;
                }
                let link = &mut self.applied.tables.links[row].facts;
                link.capacity_pcuph *= f64::from(count) / f64::from(link.lanes);
                link.lanes = count;
            }
            it.push(format!("{count} corsie"));
            en.push(format!("{count} lanes"));
        }
        if let Some(speed) = &edit.speed_kmh {
            for &row in &rows {
                let key = self.applied.tables.links[row].key.clone();
                if self.claim(speed, &key, "speed_kmh", speed.get_ref()) {
                    self.applied.tables.links[row].facts.free_speed_mps = speed.get_ref() / 3.6;
                }
            }
            it.push(format!("{} km/h", speed.get_ref()));
            en.push(format!("{} km/h", speed.get_ref()));
        }
        if let Some(capacity) = &edit.capacity_pcuph {
            for &row in &rows {
                let key = self.applied.tables.links[row].key.clone();
                if self.claim(capacity, &key, "capacity_pcuph", capacity.get_ref()) {
                    self.applied.tables.links[row].facts.capacity_pcuph = *capacity.get_ref();
                }
            }
            it.push(format!("capacità {} veicoli equivalenti/h", capacity.get_ref()));
            en.push(format!("capacity {} pcu/h", capacity.get_ref()));
        }
        if let Some(classes) = &edit.classes {
            let set = ClassSet::of(classes);
            self.touch(&edit.on, &rows, edit.hours.as_ref(), set, all_but(set));
            let (whom, when) = (class_words(classes), when(edit.hours.as_ref()));
            it.push(format!("solo {}{}", whom.it, when.it));
            en.push(format!("only {}{}", whom.en, when.en));
        }
        if let Some(direction) = &edit.direction {
            self.claim_direction(direction, &rows);
            let words = match direction.get_ref() {
                Direction::OneWay => ["senso unico", "one-way"],
                Direction::Reversed => ["senso unico invertito", "one-way, reversed"],
                Direction::Both => ["doppio senso", "two-way"],
            };
            it.push(words[0].to_owned());
            en.push(words[1].to_owned());
        }
        let on = self.name_links(&rows);
        self.describe(format!("{}: {}", on.it, it.join(", ")), format!("{}: {}", on.en, en.join(", ")));
    }

    pub(super) fn zone_30(&mut self, edit: &Zone30) {
        const LIMIT_MPS: f64 = 30.0 / 3.6;
        let rows = self.select(&edit.on);
        for &row in &rows {
            let link = &self.applied.tables.links[row];
            let (key, is_slow) = (link.key.clone(), link.facts.free_speed_mps <= LIMIT_MPS);
            if link.facts.class > RoadClass::Trunk && !is_slow && self.claim(&edit.on, &key, "speed_kmh", 30) {
                self.applied.tables.links[row].facts.free_speed_mps = LIMIT_MPS;
            }
        }
        let on = self.name_links(&rows);
        self.describe(format!("Zona 30: {}", on.it), format!("30 km/h zone: {}", on.en));
    }

    pub(super) fn toll(&mut self, edit: &Toll) {
        let rows = self.select(&edit.on);
        let eur = *edit.eur.get_ref();
        for &row in &rows {
            let key = self.applied.tables.links[row].key.clone();
            if self.claim(&edit.eur, &key, "eur", eur) {
                self.applied.tables.links[row].facts.toll_eur = eur;
            }
        }
        let on = self.name_links(&rows);
        self.describe(format!("Pedaggio di {eur:.2} € su {}", on.it), format!("Toll of €{eur:.2} on {}", on.en));
    }
}
