//! Addresses, buildings, trees, water, railways, sights and other places as columns.

use engine::city::{Address, Building, BuildingUse, HeritageSite, Place, PlaceKind, Railway, Tree, Water};

use super::{Rows, Sheet};
use crate::city_folder::CityError;
use crate::city_folder::geometry::with_geometry;
use crate::projection::Crs;
use crate::table::Table;

impl Rows for Address {
    fn write(rows: &[&Self], table: Table, crs: &Crs) -> Table {
        let table = table
            .with("street", rows.iter().map(|address| address.street.as_ref()))
            .with("number", rows.iter().map(|address| address.number.as_ref()))
            .with("quarter", rows.iter().map(|address| address.quarter.as_deref()))
            .with("zone", rows.iter().map(|address| address.zone.as_ref().map(|key| key.as_str())))
            .with("residents", rows.iter().map(|address| address.residents));
        with_geometry(table, crs, rows.iter().map(|address| &address.position))
    }

    fn read(sheet: &Sheet<'_>) -> Result<Vec<Self>, CityError> {
        let mut numbers = sheet.texts("number")?.into_iter();
        let mut quarters = sheet.optional_texts("quarter")?.into_iter();
        let mut zones = sheet.optional_references("zone")?.into_iter();
        let mut residents = sheet.column("residents")?.into_iter();
        let mut positions = sheet.shapes()?.into_iter();
        let addresses = sheet.texts("street")?.into_iter().map_while(|street| {
            Some(Self {
                street,
                number: numbers.next()?,
                quarter: quarters.next()?,
                position: positions.next()?,
                zone: zones.next()?,
                residents: residents.next()?,
            })
        });
        Ok(addresses.collect())
    }
}

impl Rows for Building {
    fn write(rows: &[&Self], table: Table, crs: &Crs) -> Table {
        let table = table
            .with("height_m", rows.iter().map(|building| building.height_m))
            .with("floors", rows.iter().map(|building| building.floors.map(u32::from)))
            .with("floor_area_m2", rows.iter().map(|building| building.floor_area_m2))
            .with("use", rows.iter().map(|building| building.building_use.name()))
            .with("residents", rows.iter().map(|building| building.residents));
        with_geometry(table, crs, rows.iter().map(|building| &building.footprint))
    }

    fn read(sheet: &Sheet<'_>) -> Result<Vec<Self>, CityError> {
        let mut heights = sheet.column("height_m")?.into_iter();
        let mut floors = sheet
            .converted("floors", "a number of floors up to 255", |floors: Option<u32>| {
                floors.map_or(Some(None), |floors| u8::try_from(floors).ok().map(Some))
            })?
            .into_iter();
        let mut areas = sheet.column("floor_area_m2")?.into_iter();
        let mut uses = sheet.words("use", "a use of buildings", BuildingUse::from_name)?.into_iter();
        let mut residents = sheet.column("residents")?.into_iter();
        let buildings = sheet.shapes()?.into_iter().map_while(|footprint| {
            Some(Self {
                footprint,
                height_m: heights.next()?,
                floors: floors.next()?,
                floor_area_m2: areas.next()?,
                building_use: uses.next()?,
                residents: residents.next()?,
            })
        });
        Ok(buildings.collect())
    }
}

impl Rows for Tree {
    fn write(rows: &[&Self], table: Table, crs: &Crs) -> Table {
        let table = table
            .with("species", rows.iter().map(|tree| tree.species.as_ref()))
            .with("height_low_m", rows.iter().map(|tree| f64::from(tree.height_low_m)))
            .with("height_high_m", rows.iter().map(|tree| tree.height_high_m.map(f64::from)))
            .with("evergreen", rows.iter().map(|tree| tree.evergreen));
        with_geometry(table, crs, rows.iter().map(|tree| &tree.position))
    }

    fn read(sheet: &Sheet<'_>) -> Result<Vec<Self>, CityError> {
        let mut low = sheet.column::<f64>("height_low_m")?.into_iter();
        let mut high = sheet.column::<Option<f64>>("height_high_m")?.into_iter();
        let mut evergreen = sheet.column("evergreen")?.into_iter();
        let mut positions = sheet.shapes()?.into_iter();
        #[expect(clippy::cast_possible_truncation, reason = "written from f32")]
        let trees = sheet.texts("species")?.into_iter().map_while(|species| {
            Some(Self {
                species,
                position: positions.next()?,
                height_low_m: low.next()? as f32,
                height_high_m: high.next()?.map(|height_m| height_m as f32),
                evergreen: evergreen.next()?,
            })
        });
        Ok(trees.collect())
    }
}

impl Rows for Water {
    fn write(rows: &[&Self], table: Table, crs: &Crs) -> Table {
        let table = table.with("name", rows.iter().map(|water| water.name.as_deref()));
        with_geometry(table, crs, rows.iter().map(|water| &water.geometry))
    }

    fn read(sheet: &Sheet<'_>) -> Result<Vec<Self>, CityError> {
        let names = sheet.optional_texts("name")?.into_iter();
        Ok(names.zip(sheet.shapes()?).map(|(name, geometry)| Self { name, geometry }).collect())
    }
}

impl Rows for Railway {
    fn write(rows: &[&Self], table: Table, crs: &Crs) -> Table {
        let table = table.with("name", rows.iter().map(|railway| railway.name.as_deref()));
        with_geometry(table, crs, rows.iter().map(|railway| &railway.geometry))
    }

    fn read(sheet: &Sheet<'_>) -> Result<Vec<Self>, CityError> {
        let names = sheet.optional_texts("name")?.into_iter();
        Ok(names.zip(sheet.shapes()?).map(|(name, geometry)| Self { name, geometry }).collect())
    }
}

impl Rows for HeritageSite {
    fn write(rows: &[&Self], table: Table, crs: &Crs) -> Table {
        let table = table
            .with("name", rows.iter().map(|site| site.name.as_ref()))
            .with("kind", rows.iter().map(|site| site.kind.as_ref()));
        with_geometry(table, crs, rows.iter().map(|site| &site.position))
    }

    fn read(sheet: &Sheet<'_>) -> Result<Vec<Self>, CityError> {
        let sites = sheet.texts("name")?.into_iter().zip(sheet.texts("kind")?).zip(sheet.shapes()?);
        Ok(sites.map(|((name, kind), position)| Self { name, kind, position }).collect())
    }
}

impl Rows for Place {
    fn write(rows: &[&Self], table: Table, crs: &Crs) -> Table {
        let table = table
            .with("name", rows.iter().map(|place| place.name.as_deref()))
            .with("kind", rows.iter().map(|place| place.kind.name()))
            .with("tag", rows.iter().map(|place| place.tag.as_ref()));
        with_geometry(table, crs, rows.iter().map(|place| &place.position))
    }

    fn read(sheet: &Sheet<'_>) -> Result<Vec<Self>, CityError> {
        let mut kinds = sheet.words("kind", "a kind of place", PlaceKind::from_name)?.into_iter();
        let mut tags = sheet.texts("tag")?.into_iter();
        let mut positions = sheet.shapes()?.into_iter();
        let places = sheet
            .optional_texts("name")?
            .into_iter()
            .map_while(|name| Some(Self { name, kind: kinds.next()?, tag: tags.next()?, position: positions.next()? }));
        Ok(places.collect())
    }
}
