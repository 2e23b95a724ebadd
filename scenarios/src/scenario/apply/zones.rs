//! People and jobs of zones.

use super::Misfit;
use super::editor::Editor;
use crate::scenario::file::{PEOPLE_MAX, ZoneChange};
use crate::scenario::problem::nearest;

impl Editor<'_> {
    pub(super) fn zone(&mut self, edit: &ZoneChange) {
        let zones = &self.applied.tables.zones;
        let Some(row) = zones.iter().position(|row| row.key.as_str() == edit.key.get_ref()) else {
            let nearest = nearest(edit.key.get_ref(), zones.iter().map(|row| row.key.as_str())).map(str::to_owned);
            return self.misfit(&edit.key, Misfit::Missing { what: "zone", name: edit.key.get_ref().clone(), nearest });
        };
        let (key, name) = (zones[row].key.clone(), zones[row].facts.name.clone());
        let (residents, jobs) = (zones[row].facts.residents, zones[row].facts.jobs);
        let people = [
            ("residents", "residenti", residents, &edit.residents, &edit.residents_change),
            ("jobs", "posti di lavoro", jobs, &edit.jobs, &edit.jobs_change),
        ];
        for (what, what_it, now, total, change) in people {
            let Some(at) = total.as_ref().or(change.as_ref()) else { continue };
            let value = if total.is_some() { *at.get_ref() } else { now + at.get_ref() };
            if value > PEOPLE_MAX {
                self.misfit(at, Misfit::TooMany { zone: key.clone(), what, value });
            } else if value < 0.0 {
                self.misfit(at, Misfit::BelowZero { zone: key.clone(), what, value, now });
            } else if self.claim(at, &key, what, value) {
                let zone = &mut self.applied.tables.zones[row].facts;
                *if what == "jobs" { &mut zone.jobs } else { &mut zone.residents } = value;
                self.describe(
                    format!("Zona {name}: {what_it} da {now:.0} a {value:.0}"),
                    format!("Zone {name}: {what} from {now:.0} to {value:.0}"),
                );
            }
        }
    }
}
