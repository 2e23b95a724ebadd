//! Junctions, links and turns as columns.

use engine::city::{Access, Junction, Link, RoadClass, Structure, Turn};

use super::{Rows, Sheet, to_json};
use crate::city_folder::CityError;
use crate::city_folder::geometry::with_geometry;
use crate::projection::Crs;
use crate::table::Table;

const ACCESS: &str = "rules of access as JSON, {\"classes\": [...], \"rules\": [...]}";

impl Rows for Junction {
    fn write(rows: &[&Self], table: Table, crs: &Crs) -> Table {
        with_geometry(table, crs, rows.iter().map(|junction| &junction.position))
    }

    fn read(sheet: &Sheet<'_>) -> Result<Vec<Self>, CityError> {
        Ok(sheet.shapes()?.into_iter().map(|position| Self { position }).collect())
    }
}

impl Rows for Link {
    fn write(rows: &[&Self], table: Table, crs: &Crs) -> Table {
        let access: Vec<String> = rows.iter().map(|link| to_json(&link.access)).collect();
        let table = table
            .with("from", rows.iter().map(|link| link.from.as_str()))
            .with("to", rows.iter().map(|link| link.to.as_str()))
            .with("name", rows.iter().map(|link| link.name.as_deref()))
            .with("class", rows.iter().map(|link| link.class.name()))
            .with("lanes", rows.iter().map(|link| u32::from(link.lanes)))
            .with("free_speed_mps", rows.iter().map(|link| link.free_speed_mps))
            .with("capacity_pcuph", rows.iter().map(|link| link.capacity_pcuph))
            .with("length_m", rows.iter().map(|link| link.length_m))
            .with("toll_eur", rows.iter().map(|link| link.toll_eur))
            .with("structure", rows.iter().map(|link| link.structure.name()))
            .with("access", access.iter().map(String::as_str));
        with_geometry(table, crs, rows.iter().map(|link| &link.geometry))
    }

    fn read(sheet: &Sheet<'_>) -> Result<Vec<Self>, CityError> {
        let mut to = sheet.references("to")?.into_iter();
        let mut names = sheet.optional_texts("name")?.into_iter();
        let mut classes = sheet.words("class", "a class of road", RoadClass::from_name)?.into_iter();
        let mut lanes =
            sheet.converted("lanes", "a number of lanes up to 255", |lanes: u32| u8::try_from(lanes).ok())?.into_iter();
        let mut speeds = sheet.column("free_speed_mps")?.into_iter();
        let mut capacities = sheet.column("capacity_pcuph")?.into_iter();
        let mut lengths = sheet.column("length_m")?.into_iter();
        let mut tolls = sheet.column("toll_eur")?.into_iter();
        let mut structures = sheet.words("structure", "ground, bridge or tunnel", Structure::from_name)?.into_iter();
        let mut access = sheet.json::<Access>("access", ACCESS)?.into_iter();
        let mut geometries = sheet.shapes()?.into_iter();
        let links = sheet.references("from")?.into_iter().map_while(|from| {
            Some(Self {
                from,
                to: to.next()?,
                name: names.next()?,
                class: classes.next()?,
                lanes: lanes.next()?,
                free_speed_mps: speeds.next()?,
                capacity_pcuph: capacities.next()?,
                length_m: lengths.next()?,
                toll_eur: tolls.next()?,
                structure: structures.next()?,
                access: access.next()?,
                geometry: geometries.next()?,
            })
        });
        Ok(links.collect())
    }
}

impl Rows for Turn {
    fn write(rows: &[&Self], table: Table, _crs: &Crs) -> Table {
        let access: Vec<String> = rows.iter().map(|turn| to_json(&turn.access)).collect();
        table
            .with("from", rows.iter().map(|turn| turn.from.as_str()))
            .with("to", rows.iter().map(|turn| turn.to.as_str()))
            .with("access", access.iter().map(String::as_str))
    }

    fn read(sheet: &Sheet<'_>) -> Result<Vec<Self>, CityError> {
        let (from, to) = (sheet.references("from")?, sheet.references("to")?);
        let access = sheet.json("access", ACCESS)?;
        Ok(from.into_iter().zip(to).zip(access).map(|((from, to), access)| Self { from, to, access }).collect())
    }
}
