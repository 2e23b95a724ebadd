//! Which links an edit is about.

use engine::city::Link;
use engine::key::Key;
use geo::{Contains, Coord, LineString, MultiPolygon};
use serde_spanned::Spanned;

use super::Misfit;
use super::editor::Editor;
use crate::scenario::file::Selection;
use crate::scenario::problem::nearest;
use crate::words::Text;

impl Editor<'_> {
    /// The rows of the selected links; reports where there are none.
    pub(super) fn select(&mut self, on: &Spanned<Selection>) -> Vec<usize> {
        let selection = on.get_ref();
        let before = self.misfits.len();
        let keys = selection.links.as_ref().map(|names| self.link_keys(names));
        let streets = selection.street.as_ref().map(|names| self.streets(names));
        let quarter = selection.quarter.as_ref().map(|name| self.quarter(name));
        let polygon = selection.polygon.as_ref().map(|polygon| self.ground(polygon));
        if self.misfits.len() > before {
            return Vec::new();
        }
        let areas: Vec<MultiPolygon<f64>> = [quarter, polygon].into_iter().flatten().flatten().collect();
        let rows: Vec<usize> = (0..self.applied.tables.links.len())
            .filter(|&row| {
                let link = &self.applied.tables.links[row];
                keys.as_ref().is_none_or(|keys| keys.contains(&link.key))
                    && streets.as_ref().is_none_or(|names| is_named(&link.facts, names))
                    && areas.iter().all(|area| area.contains(&middle(&link.facts.geometry)))
                    && selection.structure.is_none_or(|structure| link.facts.structure == structure)
                    && selection.road_classes.as_ref().is_none_or(|classes| classes.contains(&link.facts.class))
            })
            .collect();
        if rows.is_empty() {
            self.misfit(on, Misfit::NoLinks);
        }
        self.applied.areas.extend(areas);
        self.applied.edited_links.extend(&rows);
        rows
    }

    fn link_keys(&mut self, names: &[Spanned<String>]) -> Vec<Key> {
        let mut keys = Vec::new();
        for name in names {
            match self.applied.tables.links.iter().find(|row| row.key.as_str() == name.get_ref()) {
                Some(row) => keys.push(row.key.clone()),
                None => {
                    let known = self.applied.tables.links.iter().map(|row| row.key.as_str());
                    let nearest = nearest(name.get_ref(), known).map(str::to_owned);
                    self.misfit(name, Misfit::Missing { what: "link", name: name.get_ref().clone(), nearest });
                }
            }
        }
        keys
    }

    /// The names in lower case; reports those that no link has.
    pub(super) fn streets(&mut self, names: &[Spanned<String>]) -> Vec<String> {
        let mut lower = Vec::new();
        for name in names {
            let wanted = name.get_ref().to_lowercase();
            if !self.applied.tables.links.iter().any(|row| is_named(&row.facts, std::slice::from_ref(&wanted))) {
                let known = self.applied.tables.links.iter().filter_map(|row| row.facts.name.as_deref());
                let nearest = nearest(&wanted, known).map(str::to_owned);
                self.misfit(name, Misfit::Missing { what: "street", name: name.get_ref().clone(), nearest });
            }
            lower.push(wanted);
        }
        lower
    }

    /// Words for the selected links: their streets, or how many they are.
    pub(super) fn name_links(&self, rows: &[usize]) -> Text {
        let mut names: Vec<&str> =
            rows.iter().filter_map(|&row| self.applied.tables.links[row].facts.name.as_deref()).collect();
        names.sort_unstable();
        names.dedup();
        let km = rows.iter().map(|&row| self.applied.tables.links[row].facts.length_m).sum::<f64>() / 1000.0;
        let (it, en) = match names.as_slice() {
            [] => ("strade senza nome".to_owned(), "unnamed roads".to_owned()),
            names if names.len() <= 3 => (names.join(", "), names.join(", ")),
            names => (format!("{} strade", names.len()), format!("{} streets", names.len())),
        };
        let it_km = format!("{km:.1}").replace('.', ",");
        let (it_links, en_links) = if rows.len() == 1 { ("tratto", "link") } else { ("tratti", "links") };
        Text::new(
            format!("{it} ({} {it_links}, {it_km} km)", rows.len()),
            format!("{en} ({} {en_links}, {km:.1} km)", rows.len()),
        )
    }
}

pub(super) fn is_named(link: &Link, lower_names: &[String]) -> bool {
    link.name.as_ref().is_some_and(|name| lower_names.contains(&name.to_lowercase()))
}

/// The point half-way along a line.
pub(super) fn middle(line: &LineString<f64>) -> geo::Point<f64> {
    let step = |pair: &[Coord<f64>]| libm::hypot(pair[1].x - pair[0].x, pair[1].y - pair[0].y);
    let mut left = line.0.windows(2).map(step).sum::<f64>() / 2.0;
    for pair in line.0.windows(2) {
        let length = step(pair);
        if length >= left && length > 0.0 {
            let share = left / length;
            return geo::Point::new(
                pair[0].x + share * (pair[1].x - pair[0].x),
                pair[0].y + share * (pair[1].y - pair[0].y),
            );
        }
        left -= length;
    }
    line.0.first().map_or(geo::Point::new(0.0, 0.0), |&point| geo::Point(point))
}
