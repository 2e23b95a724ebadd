//! Quarters, zones, connectors, gates and observed flows as columns.

use engine::city::{Connector, Gate, Observation, ObservationRole, Quarter, Zone};

use super::{Rows, Sheet, to_json};
use crate::city_folder::CityError;
use crate::city_folder::geometry::with_geometry;
use crate::projection::Crs;
use crate::table::Table;

/// The words for the roles of observations.
const ROLES: [(&str, ObservationRole); 3] = [
    ("input", ObservationRole::Input),
    ("held_out", ObservationRole::HeldOut),
    ("plausibility", ObservationRole::Plausibility),
];

impl Rows for Quarter {
    fn write(rows: &[&Self], table: Table, crs: &Crs) -> Table {
        let table = table.with("name", rows.iter().map(|quarter| quarter.name.as_ref()));
        with_geometry(table, crs, rows.iter().map(|quarter| &quarter.area))
    }

    fn read(sheet: &Sheet<'_>) -> Result<Vec<Self>, CityError> {
        Ok(sheet.texts("name")?.into_iter().zip(sheet.shapes()?).map(|(name, area)| Self { name, area }).collect())
    }
}

impl Rows for Zone {
    fn write(rows: &[&Self], table: Table, crs: &Crs) -> Table {
        let table = table
            .with("name", rows.iter().map(|zone| zone.name.as_ref()))
            .with("quarter", rows.iter().map(|zone| zone.quarter.as_ref().map(|key| key.as_str())))
            .with("centroid_x_m", rows.iter().map(|zone| zone.centroid.x))
            .with("centroid_y_m", rows.iter().map(|zone| zone.centroid.y))
            .with("residents", rows.iter().map(|zone| zone.residents))
            .with("jobs", rows.iter().map(|zone| zone.jobs))
            .with("school_places", rows.iter().map(|zone| zone.school_places))
            .with("services", rows.iter().map(|zone| zone.services))
            .with("leisure", rows.iter().map(|zone| zone.leisure));
        with_geometry(table, crs, rows.iter().map(|zone| &zone.area))
    }

    fn read(sheet: &Sheet<'_>) -> Result<Vec<Self>, CityError> {
        let mut quarters = sheet.optional_references("quarter")?.into_iter();
        let mut x = sheet.column("centroid_x_m")?.into_iter();
        let mut y = sheet.column("centroid_y_m")?.into_iter();
        let mut residents = sheet.column("residents")?.into_iter();
        let mut jobs = sheet.column("jobs")?.into_iter();
        let mut school_places = sheet.column("school_places")?.into_iter();
        let mut services = sheet.column("services")?.into_iter();
        let mut leisure = sheet.column("leisure")?.into_iter();
        let mut areas = sheet.shapes()?.into_iter();
        let zones = sheet.texts("name")?.into_iter().map_while(|name| {
            Some(Self {
                name,
                quarter: quarters.next()?,
                centroid: geo::Coord { x: x.next()?, y: y.next()? },
                area: areas.next()?,
                residents: residents.next()?,
                jobs: jobs.next()?,
                school_places: school_places.next()?,
                services: services.next()?,
                leisure: leisure.next()?,
            })
        });
        Ok(zones.collect())
    }
}

impl Rows for Connector {
    fn write(rows: &[&Self], table: Table, _crs: &Crs) -> Table {
        table
            .with("zone", rows.iter().map(|connector| connector.zone.as_str()))
            .with("junction", rows.iter().map(|connector| connector.junction.as_str()))
            .with("time_s", rows.iter().map(|connector| connector.time_s))
    }

    fn read(sheet: &Sheet<'_>) -> Result<Vec<Self>, CityError> {
        let (zones, junctions) = (sheet.references("zone")?, sheet.references("junction")?);
        let times = sheet.column("time_s")?;
        let connectors = zones.into_iter().zip(junctions).zip(times);
        Ok(connectors.map(|((zone, junction), time_s)| Self { zone, junction, time_s }).collect())
    }
}

impl Rows for Gate {
    fn write(rows: &[&Self], table: Table, _crs: &Crs) -> Table {
        table
            .with("name", rows.iter().map(|gate| gate.name.as_ref()))
            .with("junction", rows.iter().map(|gate| gate.junction.as_str()))
            .with("daily_vehicles", rows.iter().map(|gate| gate.daily_vehicles))
            .with("daily_heavy_vehicles", rows.iter().map(|gate| gate.daily_heavy_vehicles))
            .with("through_share", rows.iter().map(|gate| gate.through_share))
    }

    fn read(sheet: &Sheet<'_>) -> Result<Vec<Self>, CityError> {
        let mut junctions = sheet.references("junction")?.into_iter();
        let mut vehicles = sheet.column("daily_vehicles")?.into_iter();
        let mut heavy = sheet.column("daily_heavy_vehicles")?.into_iter();
        let mut through = sheet.column("through_share")?.into_iter();
        let gates = sheet.texts("name")?.into_iter().map_while(|name| {
            Some(Self {
                name,
                junction: junctions.next()?,
                daily_vehicles: vehicles.next()?,
                daily_heavy_vehicles: heavy.next()?,
                through_share: through.next()?,
            })
        });
        Ok(gates.collect())
    }
}

impl Rows for Observation {
    fn write(rows: &[&Self], table: Table, _crs: &Crs) -> Table {
        let links: Vec<String> = rows.iter().map(|observation| to_json(&observation.links)).collect();
        let word = |role| ROLES.iter().find(|(_, known)| *known == role).map_or("", |(word, _)| *word);
        table
            .with("name", rows.iter().map(|observation| observation.name.as_ref()))
            .with("links", links.iter().map(String::as_str))
            .with("daily_low", rows.iter().map(|observation| observation.daily_low))
            .with("daily_high", rows.iter().map(|observation| observation.daily_high))
            .with("role", rows.iter().map(|observation| word(observation.role)))
            .with("reason_en", rows.iter().map(|observation| observation.reason_en.as_str()))
            .with("reason_it", rows.iter().map(|observation| observation.reason_it.as_str()))
    }

    fn read(sheet: &Sheet<'_>) -> Result<Vec<Self>, CityError> {
        let role = |word: &str| ROLES.iter().find(|(known, _)| *known == word).map(|(_, role)| *role);
        let mut links = sheet.json("links", "a list of keys as JSON")?.into_iter();
        let mut low = sheet.column("daily_low")?.into_iter();
        let mut high = sheet.column("daily_high")?.into_iter();
        let mut roles = sheet.words("role", "input, held_out or plausibility", role)?.into_iter();
        let mut reasons_en = sheet.column::<&str>("reason_en")?.into_iter();
        let mut reasons_it = sheet.column::<&str>("reason_it")?.into_iter();
        let observations = sheet.texts("name")?.into_iter().map_while(|name| {
            Some(Self {
                name,
                links: links.next()?,
                daily_low: low.next()?,
                daily_high: high.next()?,
                role: roles.next()?,
                reason_en: reasons_en.next()?.to_owned(),
                reason_it: reasons_it.next()?.to_owned(),
            })
        });
        Ok(observations.collect())
    }
}
