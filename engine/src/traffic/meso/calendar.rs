//! What happens next: events in the order of their time, equal ones in the order of whom they concern.
//!
//! A calendar queue (R. Brown 1988, Communications of the ACM 31(10), 1220–1227) with a day of one second: events of the second at
//! hand stand in a small heap, those of the next minutes in a list for each second, unsorted, later ones in one heap.
//! Nothing is ever taken out: whoever has made another appointment ignores the old one.

use std::cmp::{Ordering, Reverse};
use std::collections::BinaryHeap;

/// Seconds that have a list of their own.
const WHEEL_S: u64 = 512;

/// Something that happens to somebody.
#[derive(Clone, Copy, Debug)]
pub(super) struct Event {
    /// When, in seconds.
    pub(super) time_s: f64,
    /// To whom.
    pub(super) whom: u32,
}

impl PartialEq for Event {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Event {}

impl PartialOrd for Event {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Event {
    fn cmp(&self, other: &Self) -> Ordering {
        self.time_s.total_cmp(&other.time_s).then(self.whom.cmp(&other.whom))
    }
}

/// Events to come.
#[derive(Clone, Debug)]
pub(super) struct Calendar {
    begin_s: f64,
    /// The second at hand, counted from the begin.
    second: u64,
    today: BinaryHeap<Reverse<Event>>,
    days: Vec<Vec<Event>>,
    /// How many stand in the lists.
    in_days: usize,
    later: BinaryHeap<Reverse<Event>>,
}

impl Calendar {
    pub(super) fn new(begin_s: f64) -> Self {
        Self {
            begin_s,
            second: 0,
            today: BinaryHeap::new(),
            days: vec![Vec::new(); WHEEL_S as usize],
            in_days: 0,
            later: BinaryHeap::new(),
        }
    }

    fn second_of(&self, time_s: f64) -> u64 {
        (time_s - self.begin_s).max(0.0) as u64
    }

    /// Notes an event at a finite time.
    pub(super) fn add(&mut self, event: Event) {
        let second = self.second_of(event.time_s);
        if second <= self.second {
            self.today.push(Reverse(event));
        } else if second < self.second + WHEEL_S {
            self.days[(second % WHEEL_S) as usize].push(event);
            self.in_days += 1;
        } else {
            self.later.push(Reverse(event));
        }
    }

    /// The next event; it stays.
    pub(super) fn next(&mut self) -> Option<Event> {
        while self.today.is_empty() {
            let latest = self.later.peek().map(|event| self.second_of(event.0.time_s));
            self.second = match (self.in_days, latest) {
                (0, None) => return None,
                (0, Some(second)) => second,
                _ => self.second + 1,
            };
            let day = &mut self.days[(self.second % WHEEL_S) as usize];
            self.in_days -= day.len();
            self.today.extend(day.drain(..).map(Reverse));
            while let Some(event) = self.later.peek()
                && self.second_of(event.0.time_s) <= self.second
            {
                self.today.extend(self.later.pop());
            }
        }
        self.today.peek().map(|event| event.0)
    }

    /// All events to come, in no particular order.
    pub(super) fn events(&self) -> impl Iterator<Item = &Event> + '_ {
        let heaps = self.today.iter().chain(&self.later);
        heaps.map(|event| &event.0).chain(self.days.iter().flatten())
    }

    /// Strikes out the next event.
    pub(super) fn done(&mut self) {
        self.today.pop();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::draws::{Draws, Purpose};

    #[test]
    fn events_come_in_the_order_of_time_then_of_whom_they_concern() {
        let mut numbers = Draws::new(3).sequence(Purpose::new("calendar"), 0);
        let mut calendar = Calendar::new(10.0);
        let mut expected = Vec::new();
        let mut now_s = 10.0;
        let mut seen = Vec::new();
        for round in 0..2000 {
            let ahead_s = numbers.uniform() * if round % 7 == 0 { 3000.0 } else { 20.0 };
            // Whole seconds, so that some are equal.
            let event = Event { time_s: now_s + ahead_s.floor(), whom: (numbers.uniform() * 50.0) as u32 };
            calendar.add(event);
            expected.push(event);
            if round % 3 == 0 {
                let next = calendar.next().unwrap();
                calendar.done();
                now_s = next.time_s;
                seen.push(next);
            }
        }
        while let Some(next) = calendar.next() {
            calendar.done();
            seen.push(next);
        }
        assert_eq!(seen.len(), expected.len());
        assert!(seen.windows(2).all(|pair| pair[0].time_s <= pair[1].time_s));
        expected.sort();
        let mut sorted = seen.clone();
        sorted.sort();
        assert_eq!(sorted, expected);
    }
}
