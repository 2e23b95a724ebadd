//! Events, and what traffic is made of.

use std::collections::BTreeMap;

use engine::key::Key;
use engine::time::{ClockTime, Hours, Span};
use geo::Coord;
use serde_spanned::Spanned;

use super::editor::Editor;
use super::{Misfit, VisitedEvent};
use crate::scenario::file::{Event, EventPlace, VehicleMixChange};
use crate::scenario::problem::nearest;

const MINUTE_S: f64 = 60.0;

impl Editor<'_> {
    /// Finds the zone of an event and the hours of its visitors' trips.
    pub(super) fn event(&mut self, event: &Event) {
        let Some((zone, position)) = self.event_place(&event.place) else { return };
        let (from, to) = (*event.hours.from.get_ref(), *event.hours.to.get_ref());
        let [arrivals, departures] = event_windows(event);
        let visitors = *event.visitors.get_ref();
        let cars = visitors * event.by_car_share.get_ref() / event.persons_per_car.get_ref();
        let name = event.name.get_ref().clone();
        let visited = VisitedEvent { name: name.clone(), zone, position, cars, arrivals, departures };
        self.applied.events.insert(name.to_lowercase(), visited);
        let place = &self.applied.tables.zones[zone].facts.name;
        self.describe(
            format!("Evento {name} (zona {place}), dalle {from} alle {to}: {visitors} visitatori, {cars:.0} auto"),
            format!("Event {name} (zone {place}), {from} to {to}: {visitors} visitors, {cars:.0} cars"),
        );
    }

    /// The row of the zone, and where the event is; reports where there is none.
    fn event_place(&mut self, place: &Spanned<EventPlace>) -> Option<(usize, Coord<f64>)> {
        let EventPlace { zone, junction, point, coordinates } = place.get_ref();
        if let Some(name) = zone {
            let zones = &self.applied.tables.zones;
            if let Some(row) = zones.iter().position(|row| row.key.as_str() == name.get_ref()) {
                return Some((row, zones[row].facts.centroid));
            }
            let nearest = nearest(name.get_ref(), zones.iter().map(|row| row.key.as_str())).map(str::to_owned);
            self.misfit(name, Misfit::Missing { what: "zone", name: name.get_ref().clone(), nearest });
            return None;
        }
        let position = match (junction, point) {
            (Some(name), _) => self.junction(name).map(|row| self.applied.tables.junctions[row].facts.position)?,
            (None, Some(point)) => {
                let points = Spanned::new(point.span(), vec![*point.get_ref()]);
                *self.metres(&points, *coordinates)?.first()?
            }
            (None, None) => return None,
        };
        let found = self.nearest_zone(position);
        if found.is_none() {
            self.misfit(place, Misfit::NoZones);
        }
        found.map(|zone| (zone, position))
    }

    /// The zone with the connector whose junction is nearest.
    fn nearest_zone(&self, position: Coord<f64>) -> Option<usize> {
        let tables = &self.applied.tables;
        let places: BTreeMap<&Key, Coord<f64>> =
            tables.junctions.iter().map(|row| (&row.key, row.facts.position)).collect();
        let distances = tables.connectors.iter().filter_map(|connector| {
            let at = places.get(&connector.facts.junction)?;
            Some((libm::hypot(at.x - position.x, at.y - position.y), &connector.facts.zone))
        });
        let (_, zone) = distances.min_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(b.1)))?;
        tables.zones.iter().position(|row| row.key == *zone)
    }

    pub(super) fn vehicle_mix(&mut self, change: &VehicleMixChange) {
        let mix = &mut self.applied.vehicle_mix;
        let mut told = Vec::new();
        let mut set = |field: &mut f64, value: &Option<Spanned<f64>>, [it, en]: [&str; 2]| {
            if let Some(value) = value {
                *field = *value.get_ref();
                told.push([format!("{it} {field}"), format!("{en} {field}")]);
            }
        };
        set(&mut mix.heavy_vehicles_factor, &change.heavy_vehicles_factor, ["mezzi pesanti ×", "heavy vehicles ×"]);
        set(&mut mix.vans_factor, &change.vans_factor, ["furgoni ×", "vans ×"]);
        set(
            &mut mix.cars_to_motorcycles_share,
            &change.cars_to_motorcycles_share,
            ["quota degli spostamenti in auto fatti in moto:", "share of car trips made by motorcycle:"],
        );
        if !told.is_empty() {
            let words = |language: usize| told.iter().map(|of| of[language].clone()).collect::<Vec<_>>().join(", ");
            let (it, en) = (words(0), words(1));
            self.describe(format!("Composizione del traffico: {it}"), format!("Vehicle mix: {en}"));
        }
    }
}

/// When the visitors of an event are on their way to it, and back from it.
pub(in crate::scenario) fn event_windows(event: &Event) -> [Hours; 2] {
    let days = super::hours(&event.hours).days;
    let window = |from: ClockTime, to: ClockTime| Hours { days: days.clone(), spans: Span::between(from, to) };
    let (from, to) = (*event.hours.from.get_ref(), *event.hours.to.get_ref());
    let (before_min, after_min) = (*event.arrival_spread_min.get_ref(), *event.departure_spread_min.get_ref());
    [window(moved(from, -before_min), from), window(to, moved(to, after_min))]
}

/// A time of the clock so many minutes later, or earlier where negative.
fn moved(time: ClockTime, minutes: f64) -> ClockTime {
    let day_s = f64::from(ClockTime::END_OF_DAY.seconds());
    let moved_s = (f64::from(time.seconds()) + minutes * MINUTE_S).rem_euclid(day_s).round();
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a second of the day")]
    ClockTime::from_seconds(moved_s as u32).unwrap_or(ClockTime::MIDNIGHT)
}
