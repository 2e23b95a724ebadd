//! What the edits of one file do to the access of a link, whatever their order.
//!
//! Every edit that touches access says whom it lets pass and whom not, and when. All that a file says about a link is
//! gathered before any of it is done; where two edits say opposite things of one class at one time they clash.

use std::collections::BTreeMap;

use engine::city::{Access, AccessRule};
use engine::time::{ClockTime, DayType, Hours, Span};
use engine::vehicles::ClassSet;

/// What one edit says of who may use a link.
pub(super) struct Touch {
    /// Where the edit is in its file, in bytes.
    pub at: usize,
    /// When it holds; outside these hours it says nothing.
    pub hours: Hours,
    /// Whom it lets pass.
    pub opens: Access,
    /// Whom it does not let pass. Of all others it says nothing.
    pub closes: ClassSet,
}

/// Where two edits say opposite things.
pub(super) struct Clash {
    /// Of which classes.
    pub classes: ClassSet,
    /// From when on; `None` where it is so at all hours.
    pub from: Option<(DayType, ClockTime)>,
    /// Whether it is the first of the two that opens.
    pub first_opens: bool,
}

impl Touch {
    fn opens(&self, day: DayType, time: ClockTime) -> ClassSet {
        if self.hours.contains(day, time) { self.opens.at(day, time) } else { ClassSet::NONE }
    }

    fn closes(&self, day: DayType, time: ClockTime) -> ClassSet {
        if self.hours.contains(day, time) { self.closes } else { ClassSet::NONE }
    }

    fn all_hours(&self) -> impl Iterator<Item = &Hours> {
        std::iter::once(&self.hours).chain(self.opens.rules.iter().map(|rule| &rule.hours))
    }
}

/// Where the two edits say opposite things of the same link.
pub(super) fn clash(first: &Touch, second: &Touch) -> Option<Clash> {
    let moments = moments(first.all_hours().chain(second.all_hours()));
    let clashes: Vec<Clash> = DayType::ALL
        .into_iter()
        .flat_map(|day| moments.iter().map(move |&time| (day, time)))
        .filter_map(|(day, time)| {
            let opened = first.opens(day, time).and(second.closes(day, time));
            let closed = first.closes(day, time).and(second.opens(day, time));
            let first_opens = !opened.is_empty();
            let classes = if first_opens { opened } else { closed };
            (!classes.is_empty()).then_some(Clash { classes, from: Some((day, time)), first_opens })
        })
        .collect();
    let always = clashes.len() == moments.len() * DayType::ALL.len();
    clashes.into_iter().next().map(|clash| Clash { from: clash.from.filter(|_| !always), ..clash })
}

/// Who may use a link after the edits.
pub(super) fn settle(before: &Access, touches: &[Touch]) -> Access {
    let moments = moments(hours_of(before).chain(touches.iter().flat_map(Touch::all_hours)));
    by_moment(&moments, |day, time| {
        let opened = touches.iter().fold(before.at(day, time), |all, touch| all.or(touch.opens(day, time)));
        let closed = touches.iter().fold(ClassSet::NONE, |all, touch| all.or(touch.closes(day, time)));
        without(opened, closed)
    })
}

/// Whoever one of the two lets pass.
pub(super) fn either(a: &Access, b: &Access) -> Access {
    by_moment(&moments(hours_of(a).chain(hours_of(b))), |day, time| a.at(day, time).or(b.at(day, time)))
}

/// All classes but those.
pub(super) fn all_but(classes: ClassSet) -> ClassSet {
    without(ClassSet::ALL, classes)
}

pub(super) fn without(set: ClassSet, less: ClassSet) -> ClassSet {
    ClassSet::from_bits(set.bits() & !less.bits())
}

fn hours_of(access: &Access) -> impl Iterator<Item = &Hours> {
    access.rules.iter().map(|rule| &rule.hours)
}

/// When something may change, ascending, midnight first.
fn moments<'a>(hours: impl Iterator<Item = &'a Hours>) -> Vec<ClockTime> {
    let mut moments = vec![ClockTime::MIDNIGHT];
    moments.extend(hours.flat_map(|hours| hours.spans.iter().flat_map(|span| [span.from, span.to])));
    moments.retain(|&moment| moment < ClockTime::END_OF_DAY);
    moments.sort_unstable();
    moments.dedup();
    moments
}

/// The access that lets those pass. Rules can only restrict, so that whoever may pass at some time may pass in general, and
/// a rule takes from that what each stretch of the day does not allow.
fn by_moment(moments: &[ClockTime], allowed: impl Fn(DayType, ClockTime) -> ClassSet) -> Access {
    let ends = moments.iter().skip(1).copied().chain([ClockTime::END_OF_DAY]);
    let stretches: Vec<Span> = moments.iter().copied().zip(ends).map(|(from, to)| Span { from, to }).collect();
    let mut access = Access::always(ClassSet::NONE);
    let mut spans: BTreeMap<(u16, DayType), Vec<Span>> = BTreeMap::new();
    for day in DayType::ALL {
        for &stretch in &stretches {
            let classes = allowed(day, stretch.from);
            access.classes = access.classes.or(classes);
            let spans = spans.entry((classes.bits(), day)).or_default();
            match spans.last_mut() {
                Some(last) if last.to == stretch.from => last.to = stretch.to,
                _ => spans.push(stretch),
            }
        }
    }
    for ((bits, day), spans) in spans {
        let classes = ClassSet::from_bits(bits);
        if classes == access.classes {
            continue;
        }
        match access.rules.iter_mut().find(|rule| rule.classes == classes && rule.hours.spans == spans) {
            Some(rule) => rule.hours.days.push(day),
            None => access.rules.push(AccessRule { hours: Hours { days: vec![day], spans }, classes }),
        }
    }
    access
}
