//! Whether a run is what it says: everything is computed again from its inputs, and no stored hash is believed.

use std::collections::BTreeSet;

use engine::city::CityTables;

use data::table::{Kind, Table};

use super::base::{Base, SimulateError};
use super::folder::{Manifest, Run};
use super::settings::Settings;
use super::{Request, run_all};

/// What came of computing a run again.
#[derive(Clone, Debug, PartialEq)]
pub enum Verdict {
    /// Every byte is as this program makes it.
    Identical,
    /// Another build made it; this one gives slightly other numbers.
    OtherBuild {
        /// The build that made it, as it says.
        build_id: String,
        /// The format of its folder where it is an older one: what its tables do not hold was not compared.
        older_format: Option<u32>,
        /// The largest difference relative to the larger number (or to 1, where both are smaller), and where.
        largest: f64,
        /// Table and column of the largest difference; empty where no number differs.
        place: String,
    },
    /// It is not what its inputs give.
    Altered {
        /// The file that is not.
        file: String,
        /// What is wrong with it.
        reason: String,
    },
}

/// Computes the run again from its scenarios and the city that it names, and compares.
///
/// # Errors
/// [`SimulateError`] where its inputs cannot be run at all.
pub fn verify(run: &Run, city: CityTables, build_id: &str) -> Result<Verdict, SimulateError> {
    let manifest = &run.manifest;
    let base = Base::new(city, Settings::built_in())?;
    if base.city_hash != manifest.city.hash {
        let reason = "the city's content is not the one that the run names".to_owned();
        return Ok(Verdict::Altered { file: "inputs/city".to_owned(), reason });
    }
    let request = Request {
        seeds: manifest.seeds.clone(),
        period: manifest.period.clone(),
        fidelity: manifest.fidelity,
        fields: manifest.fields.clone(),
        recording: None,
        lanes_to: None,
        build_id: build_id.to_owned(),
        built_in: manifest.city.built_in,
    };
    let chains = [run.chain.clone()];
    let again = run_all(&base, &chains, &request, &|| {})?;
    let Some(again) = again.first() else { unreachable!("one chain gives one run") };
    Ok(compare(run, again, build_id))
}

/// Between builds numbers differ by the rounding of a compiler or a library and by how exactly equilibria are solved.
/// More is another model, or another result.
const BUILD_DIFFERENCE_MAX: f64 = 1e-3;

fn compare(run: &Run, again: &Run, build_id: &str) -> Verdict {
    let altered = |file: &str, reason: &str| Verdict::Altered { file: file.to_owned(), reason: reason.to_owned() };
    let (found, made) = (&run.manifest, &again.manifest);
    if let Some((file, reason)) = run.misfit() {
        return altered(&file, reason);
    }
    if (&found.scenario, found.horizon, &found.city) != (&made.scenario, made.horizon, &made.city) {
        return altered("manifest.json", "it names another scenario, year or city than its inputs are");
    }
    let older_format = (found.format < made.format).then_some(found.format);
    // This build writes no older format, whatever name the manifest gives.
    let is_other_build = found.build_id != build_id || older_format.is_some();
    let mut largest = (0.0, String::new());
    for (path, bytes) in again.files() {
        let Some(stored) = run.files().get(path) else {
            if older_format.is_some() && path.starts_with("tables/") {
                continue;
            }
            return altered(path, "it is missing");
        };
        if stored == bytes {
            continue;
        }
        if !is_other_build || path.starts_with("inputs/") {
            return altered(path, "computed again from the inputs it is not the same");
        }
        let name = path.trim_start_matches("tables/").trim_end_matches(".parquet");
        // As it is stored: what was added to an older one on reading says nothing.
        let stored = Table::from_bytes(path, stored);
        let (Ok(a), Some(b)) = (&stored, again.tables.get(name)) else { continue };
        let told = if older_format.is_some() && name == "indicators" { told_by(a, b) } else { None };
        match difference(name, (a, told.as_ref().unwrap_or(b)), older_format.is_some()) {
            Some(found) if found.0 > largest.0 => largest = found,
            Some(_) => {}
            None => return altered(path, "it has other rows or columns than its inputs give"),
        }
    }
    let (difference, place) = largest;
    if is_other_build && difference > BUILD_DIFFERENCE_MAX {
        let (table, _) = place.split_once('.').unwrap_or((&place, ""));
        let reason = format!(
            "computed again from the inputs {place} differs by {difference:.1e}, which another build does not explain; \
             the manifest says that build {} made it: verify it with that one",
            found.build_id
        );
        return altered(&format!("tables/{table}.parquet"), &reason);
    }
    if is_other_build && (found.result_hash != made.result_hash || found.configuration != made.configuration) {
        return Verdict::OtherBuild { build_id: found.build_id.clone(), older_format, largest: difference, place };
    }
    let as_made = Manifest { build_id: found.build_id.clone(), ..made.clone() };
    if *found != as_made {
        return altered("manifest.json", "computed again from the inputs it is not the same");
    }
    Verdict::Identical
}

/// The indicators that an older run tells too: those that came later say nothing of it.
fn told_by(older: &Table, newer: &Table) -> Option<Table> {
    let known: BTreeSet<&str> = older.column("indicators", "indicator").ok()?.into_iter().collect();
    let ids = newer.column::<&str>("indicators", "indicator").ok()?;
    let told = |row: &usize| known.contains(ids[*row]);
    let rows: Vec<usize> = (0..ids.len()).filter(told).collect();
    let seeds = newer.column::<i64>("indicators", "seed").ok()?;
    let values = newer.column::<f64>("indicators", "value").ok()?;
    let table = Table::new()
        .with("seed", rows.iter().map(|&row| seeds[row]).collect::<Vec<_>>())
        .with("indicator", rows.iter().map(|&row| ids[row]).collect::<Vec<_>>())
        .with("value", rows.iter().map(|&row| values[row]).collect::<Vec<_>>());
    Some(table)
}

/// The largest relative difference of two tables' numbers, and its column; none where they are not of one shape. The first may
/// have fewer columns where it is of an older format.
fn difference(name: &str, (a, b): (&Table, &Table), is_older: bool) -> Option<(f64, String)> {
    let has = |column: &(&str, Kind)| b.columns().contains(column);
    let are_alike = if is_older { a.columns().iter().all(has) } else { a.columns() == b.columns() };
    if !are_alike || a.row_count() != b.row_count() {
        return None;
    }
    let mut largest = (0.0, name.to_owned());
    for (column, kind) in a.columns() {
        if kind != Kind::F64 {
            let same = match kind {
                Kind::Str => a.column::<&str>(name, column).ok()? == b.column::<&str>(name, column).ok()?,
                Kind::U32 => a.column::<u32>(name, column).ok()? == b.column::<u32>(name, column).ok()?,
                Kind::I64 => a.column::<i64>(name, column).ok()? == b.column::<i64>(name, column).ok()?,
                _ => false,
            };
            if !same {
                return None;
            }
            continue;
        }
        let (old, new) = (a.column::<Option<f64>>(name, column).ok()?, b.column::<Option<f64>>(name, column).ok()?);
        for (old, new) in old.into_iter().zip(new) {
            let relative = relative(old, new);
            if relative > largest.0 {
                largest = (relative, format!("{name}.{column}"));
            }
        }
    }
    Some(largest)
}

/// How far two numbers are apart, relative to the larger of them or to 1 where both are smaller; infinitely far where only
/// one of them is there, or is no finite number.
fn relative(old: Option<f64>, new: Option<f64>) -> f64 {
    match (old, new) {
        (Some(old), Some(new)) if old.to_bits() == new.to_bits() => 0.0,
        (Some(old), Some(new)) if old.is_finite() && new.is_finite() => {
            (old - new).abs() / old.abs().max(new.abs()).max(1.0)
        }
        (None, None) => 0.0,
        _ => f64::INFINITY,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_number_or_not_there_is_no_small_difference() {
        assert_eq!(relative(Some(2000.0), Some(2001.0)), 1.0 / 2001.0);
        assert_eq!([relative(None, None), relative(Some(f64::NAN), Some(f64::NAN))], [0.0, 0.0]);
        for (old, new) in [
            (Some(f64::NAN), Some(5.0)),
            (Some(f64::INFINITY), Some(5.0)),
            (Some(f64::INFINITY), Some(f64::NEG_INFINITY)),
            (None, Some(0.0)),
            (Some(0.0), None),
        ] {
            assert_eq!(relative(old, new), f64::INFINITY, "{old:?} and {new:?}");
        }
    }
}
