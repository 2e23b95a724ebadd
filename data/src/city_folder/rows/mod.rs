//! The rows of each table as columns, and back.
//!
//! Every table has the columns `key`, its facts, and then `origin`, `source`, `year`, `accuracy_m` (the provenance). What has a
//! place ends with `geometry`. Rules by hour and lists of keys are JSON text.

mod fabric;
mod roads;
mod zoning;

use std::collections::HashMap;
use std::sync::Arc;

use engine::city::Record;
use engine::key::Key;
use engine::provenance::{Origin, Provenance};

use super::CityError;
use super::geometry::{self, Shape};
use crate::projection::Crs;
use crate::table::{Cell, Table};

/// Facts that are kept as the columns of a table.
pub(super) trait Rows: Sized + Send {
    /// The columns of the facts, added to the right of `table`.
    fn write(rows: &[&Self], table: Table, crs: &Crs) -> Table;
    /// The facts of every row.
    fn read(sheet: &Sheet<'_>) -> Result<Vec<Self>, CityError>;
}

/// The table of the records.
pub(super) fn to_table<T: Rows>(records: &[Record<T>], crs: &Crs) -> Table {
    let facts: Vec<&T> = records.iter().map(|record| &record.facts).collect();
    let from = |record: &Record<T>| record.provenance.clone();
    let table = Table::new()
        .with("key", records.iter().map(|record| record.key.as_str()))
        .with("origin", records.iter().map(|record| record.provenance.origin.name()))
        .with("source", records.iter().map(|record| record.provenance.source.as_ref()))
        .with("year", records.iter().map(|record| from(record).year.map(i64::from)))
        .with("accuracy_m", records.iter().map(|record| from(record).accuracy_m.map(f64::from)));
    T::write(&facts, table, crs)
}

/// The records of the table in a file of that name.
pub(super) fn from_table<T: Rows>(file: &str, table: &Table) -> Result<Vec<Record<T>>, CityError> {
    let sheet = Sheet::new(file, table)?;
    let origins: Vec<Origin> = sheet.words("origin", "real, derived or synthetic", Origin::from_name)?;
    let sources = sheet.texts("source")?;
    let years: Vec<Option<i16>> = sheet.converted("year", "a year", |year: Option<i64>| {
        year.map_or(Some(None), |year| i16::try_from(year).ok().map(Some))
    })?;
    let accuracies: Vec<Option<f64>> = sheet.column("accuracy_m")?;
    let facts = T::read(&sheet)?;
    let provenances = origins.into_iter().zip(sources).zip(years).zip(accuracies);
    #[expect(clippy::cast_possible_truncation, reason = "written from f32")]
    let records = sheet.keys.iter().zip(provenances).zip(facts).map(|((key, from), facts)| {
        let (((origin, source), year), accuracy_m) = from;
        let accuracy_m = accuracy_m.map(|metres| metres as f32);
        Record { key: key.clone(), provenance: Provenance { origin, source, year, accuracy_m }, facts }
    });
    Ok(records.collect())
}

/// A table that is read, with the keys of its rows.
pub(super) struct Sheet<'a> {
    file: &'a str,
    table: &'a Table,
    keys: Vec<Key>,
}

impl<'a> Sheet<'a> {
    fn new(file: &'a str, table: &'a Table) -> Result<Self, CityError> {
        let mut keys = Vec::with_capacity(table.row_count());
        for text in table.column::<&str>(file, "key")? {
            let wrong = |error: engine::key::KeyError| CityError::Key { file: file.to_owned(), error };
            keys.push(Key::new(text).map_err(wrong)?);
        }
        Ok(Self { file, table, keys })
    }

    /// The cells of a column.
    fn column<T: Cell<'a>>(&self, column: &str) -> Result<Vec<T>, CityError> {
        Ok(self.table.column(self.file, column)?)
    }

    /// What the cells of a column stand for; `valid` says what may stand in them.
    fn converted<C: Cell<'a> + Clone, T>(
        &self,
        column: &'static str,
        valid: &'static str,
        mut convert: impl FnMut(C) -> Option<T>,
    ) -> Result<Vec<T>, CityError> {
        let cells = self.column::<C>(column)?;
        let values = cells.into_iter().zip(&self.keys).map(|(cell, key)| {
            convert(cell).ok_or_else(|| CityError::Cell { file: self.file.to_owned(), key: key.clone(), column, valid })
        });
        values.collect()
    }

    /// Words of a fixed list.
    fn words<T>(
        &self,
        column: &'static str,
        valid: &'static str,
        from_name: impl Fn(&str) -> Option<T>,
    ) -> Result<Vec<T>, CityError> {
        self.converted::<&'a str, _>(column, valid, from_name)
    }

    /// Texts, equal ones sharing their memory.
    fn texts(&self, column: &'static str) -> Result<Vec<Arc<str>>, CityError> {
        let mut known = HashMap::new();
        self.converted::<&'a str, _>(column, "text", |text| Some(shared(text, &mut known)))
    }

    /// Texts that may be missing, equal ones sharing their memory.
    fn optional_texts(&self, column: &'static str) -> Result<Vec<Option<Arc<str>>>, CityError> {
        let mut known = HashMap::new();
        self.converted::<Option<&'a str>, _>(column, "text", |text| Some(text.map(|text| shared(text, &mut known))))
    }

    /// Keys of other things.
    fn references(&self, column: &'static str) -> Result<Vec<Key>, CityError> {
        self.converted::<&'a str, _>(column, "a key", |text| Key::new(text).ok())
    }

    /// Keys of other things that may be missing.
    fn optional_references(&self, column: &'static str) -> Result<Vec<Option<Key>>, CityError> {
        self.converted::<Option<&'a str>, _>(column, "a key", |text| match text {
            Some(text) => Key::new(text).ok().map(Some),
            None => Some(None),
        })
    }

    /// JSON texts, equal ones parsed once.
    fn json<T: Clone + serde::de::DeserializeOwned>(
        &self,
        column: &'static str,
        valid: &'static str,
    ) -> Result<Vec<T>, CityError> {
        let mut known: HashMap<&'a str, T> = HashMap::new();
        self.converted::<&'a str, _>(column, valid, |text| {
            if let Some(value) = known.get(text) {
                return Some(value.clone());
            }
            let value: T = serde_json::from_str(text).ok()?;
            known.insert(text, value.clone());
            Some(value)
        })
    }

    /// The shapes of the geometry column.
    fn shapes<S: Shape>(&self) -> Result<Vec<S>, CityError> {
        self.converted::<&'a [u8], _>(
            geometry::COLUMN,
            "well-known binary of the table's kind of geometry",
            geometry::read,
        )
    }
}

fn shared<'a>(text: &'a str, known: &mut HashMap<&'a str, Arc<str>>) -> Arc<str> {
    Arc::clone(known.entry(text).or_insert_with(|| Arc::from(text)))
}

fn to_json<T: serde::Serialize>(value: &T) -> String {
    serde_json::to_string(value).expect("rules and lists of keys are JSON")
}
