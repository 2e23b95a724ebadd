//! Who may use a link: noted edit by edit, and done once all that a file says of it is known.

use engine::city::Access;
use engine::key::Key;
use engine::time::{DayType, Hours, Span};
use engine::vehicles::{ClassSet, VehicleClass};
use serde_spanned::Spanned;

use super::Misfit;
use super::editor::Editor;
use super::told::{class_words, when};
use crate::scenario::access::{Clash, Touch, clash, settle};
use crate::scenario::file::{Close, RuleHours};
use crate::scenario::problem::Place;
use crate::words::Text;

impl Editor<'_> {
    pub(super) fn close(&mut self, edit: &Close) {
        let closed = edit.classes.as_ref().map_or(ClassSet::ALL, |classes| ClassSet::of(classes));
        let rows = self.select(&edit.on);
        self.touch(&edit.on, &rows, edit.hours.as_ref(), ClassSet::NONE, closed);
        let (on, when) = (self.name_links(&rows), when(edit.hours.as_ref()));
        let whom = edit.classes.as_ref().map_or(Text::new("tutti", "all traffic"), |classes| class_words(classes));
        self.describe(
            format!("Chiuso a {}: {}{}", whom.it, on.it, when.it),
            format!("Closed to {}: {}{}", whom.en, on.en, when.en),
        );
    }

    /// Notes what an edit says of who may use these links.
    pub(super) fn touch<T>(
        &mut self,
        at: &Spanned<T>,
        rows: &[usize],
        when: Option<&RuleHours>,
        opens: ClassSet,
        closes: ClassSet,
    ) {
        let hours = when.map_or_else(Hours::always, hours);
        for &row in rows {
            let (at, hours, opens) = (at.span().start, hours.clone(), Access::always(opens));
            self.touches.entry(row).or_default().push(Touch { at, hours, opens, closes });
        }
    }

    /// Who may use a link after all that was noted so far.
    pub(super) fn settled(&self, row: usize) -> Access {
        let touches = self.touches.get(&row).map_or(&[][..], Vec::as_slice);
        settle(&self.applied.tables.links[row].facts.access, touches)
    }

    /// Does what was noted of access, or reports where edits contradict each other.
    pub(super) fn settle_access(&mut self) {
        let mut told = Vec::new();
        for (row, mut touches) in std::mem::take(&mut self.touches) {
            touches.sort_by_key(|touch| touch.at);
            let link = &mut self.applied.tables.links[row];
            link.facts.access = settle(&link.facts.access, &touches);
            let key = link.key.clone();
            for (index, touch) in touches.iter().enumerate() {
                let found = touches[..index].iter().find_map(|other| Some((other, clash(other, touch)?)));
                // Once for each edit, not for every link that it is about.
                if let Some((other, clash)) = found.filter(|_| !told.contains(&touch.at)) {
                    told.push(touch.at);
                    let other_line = Place::at(&self.written.text, other.at).line;
                    self.misfit_at(touch.at, access_misfit(key.clone(), &clash, other_line));
                }
            }
        }
    }
}

/// The contradiction as the later of both edits sees it.
fn access_misfit(key: Key, clash: &Clash, other_line: usize) -> Misfit {
    let names: Vec<&str> = clash.classes.iter().map(VehicleClass::name).collect();
    let whom = if clash.classes == ClassSet::ALL { "everybody".to_owned() } else { names.join(", ") };
    let when = clash.from.map_or_else(String::new, |(day, time)| match day {
        DayType::Weekday => format!(" at {time}"),
        day => format!(" at {time} on a {}", day.name()),
    });
    Misfit::Access { key, opens: !clash.first_opens, classes: format!("to {whom}"), when, other_line }
}

/// When a rule holds.
pub(in crate::scenario) fn hours(rule: &RuleHours) -> Hours {
    let days = rule.days.clone().unwrap_or_else(|| DayType::ALL.to_vec());
    Hours { days, spans: Span::between(*rule.from.get_ref(), *rule.to.get_ref()) }
}
