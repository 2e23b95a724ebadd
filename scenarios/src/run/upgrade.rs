//! Runs of older formats, read as if they were of the newest.
//!
//! | format | what is in it |
//! | --- | --- |
//! | 1 | `links` may end with `time_s`, for flows alone; `counts` may be missing; no `turns` |
//! | 2 | no `emissions`, `emissions_by_class`, `emissions_by_vehicle`; `indicators` without them |
//! | 3 | what `tables/` says |
//!
//! What an older run does not tell is empty. Its files stay as they are: hashes are of them, and [`verify`](super::verify())
//! compares what they hold.

use std::collections::BTreeMap;

use data::table::{Table, TableError};

use super::folder::FORMAT;

/// Brings the tables of a run of one format to the next.
type Step = fn(&mut BTreeMap<String, Table>) -> Result<(), TableError>;

/// The steps from each format to the next.
const UPGRADES: [Step; FORMAT as usize - 1] = [from_1_to_2, from_2_to_3];

/// Brings the tables of a run of some format to the newest.
pub(super) fn upgrade(format: u32, tables: &mut BTreeMap<String, Table>) -> Result<(), TableError> {
    let first = (format.max(1) - 1) as usize;
    UPGRADES.iter().skip(first).try_for_each(|step| step(tables))
}

/// Vehicles that move, and turns.
fn from_1_to_2(tables: &mut BTreeMap<String, Table>) -> Result<(), TableError> {
    let (numbers, words, times): (Vec<i64>, Vec<&str>, Vec<u32>) = Default::default();
    let counts =
        || Table::new().with("seed", numbers.clone()).with("count", words.clone()).with("value", numbers.clone());
    tables.entry("counts".to_owned()).or_insert_with(counts);
    let none: Vec<Option<f64>> = Vec::new();
    let turns = Table::new()
        .with("from_s", times.clone())
        .with("to_s", times)
        .with("from_link", words.clone())
        .with("to_link", words)
        .with("flow_vph", Vec::<f64>::new())
        .with("time_s", Vec::<f64>::new())
        .with("delay_s", Vec::<f64>::new())
        .with("stops", none);
    tables.insert("turns".to_owned(), turns);
    let has_measures = |links: &Table| links.columns().iter().any(|(name, _)| *name == "queue_max_m");
    if let Some(links) = tables.remove("links") {
        let upgraded = if has_measures(&links) { links } else { with_measures(links)? };
        tables.insert("links".to_owned(), upgraded);
    }
    Ok(())
}

/// Emission.
fn from_2_to_3(tables: &mut BTreeMap<String, Table>) -> Result<(), TableError> {
    for (name, empty) in super::tables::no_emissions() {
        tables.entry(name.to_owned()).or_insert(empty);
    }
    Ok(())
}

/// The links of a run that knows flows and times alone: vehicles on a link follow from them.
fn with_measures(links: Table) -> Result<Table, TableError> {
    let times_s = links.column::<f64>("links", "time_s")?;
    let mut on_it = vec![0.0; times_s.len()];
    for kind in ["cars_vph", "vans_vph", "heavy_vehicles_vph", "motorcycles_vph"] {
        let flows_vph = links.column::<f64>("links", kind)?;
        for ((sum, flow_vph), time_s) in on_it.iter_mut().zip(flows_vph).zip(&times_s) {
            *sum += flow_vph * time_s / 3600.0;
        }
    }
    let unknown: Vec<Option<f64>> = vec![None; times_s.len()];
    let on_it: Vec<Option<f64>> = on_it.into_iter().map(Some).collect();
    let mut links = links.with("vehicles_on_it", on_it);
    for measure in ["delay_s", "stops", "queue_veh", "queue_max_m"] {
        links = links.with(measure, unknown.clone());
    }
    Ok(links)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::super::folder::{hash, result_hash};
    use super::super::{Base, Fidelity, Fields, Manifest, Request, Run, Settings, TABLES, Verdict, run_all, verify};
    use super::*;
    use crate::scenario::Chain;
    use crate::test_city::small_city;

    /// Indicators that the first programs did not tell.
    const LATER: [&str; 13] = [
        "co2",
        "nox",
        "no2",
        "pm10",
        "pm25",
        "co",
        "nmvoc",
        "nh3",
        "fuel",
        "electricity",
        "co2_off_motorways",
        "nox_off_motorways",
        "pm10_off_motorways",
    ];
    const OLD_BUILD: &str = "a-build-of-before";

    fn request() -> Request {
        Request {
            seeds: vec![0, 1],
            period: Some("morning_peak".to_owned()),
            fidelity: Fidelity::Strategic,
            fields: Fields::new(),
            recording: None,
            lanes_to: None,
            build_id: "test-build".to_owned(),
            built_in: false,
        }
    }

    /// Writes a run as the first programs did: five tables, of which `links` ends with `time_s`, and no word of what moves.
    /// `change` changes a flow.
    fn write_format_1(folder: &Path, change: f64) {
        let base = Base::new(small_city(), Settings::built_in()).expect("a base");
        let text = "format = 1\nname = \"old\"\ntitle = { it = \"x\", en = \"x\" }\n\
                    [[set]]\non = { street = [\"Ponte Vecchio\"] }\nlanes = 2\n";
        let chain = Chain::of_texts(vec![("old.toml".to_owned(), text.to_owned())]).expect("a scenario");
        let run = run_all(&base, &[chain], &request(), &|| {}).expect("a run").swap_remove(0);
        run.write(folder, &base.tables).expect("written");
        let links = &run.tables["links"];
        let numbers = |column: &str| links.column::<u32>("links", column).expect("times");
        let words = |column: &str| links.column::<&str>("links", column).expect("names");
        let mut old = Table::new()
            .with("from_s", numbers("from_s"))
            .with("to_s", numbers("to_s"))
            .with("period", words("period"))
            .with("link", words("link"));
        for name in ["cars_vph", "vans_vph", "heavy_vehicles_vph", "motorcycles_vph", "flow_pcuph", "time_s"] {
            let mut column = links.column::<f64>("links", name).expect("flows");
            if name == "cars_vph" {
                let fullest = (0..column.len()).max_by(|&a, &b| column[a].total_cmp(&column[b])).expect("a link");
                column[fullest] += change;
            }
            old = old.with(name, column);
        }
        std::fs::write(folder.join("tables/links.parquet"), old.to_bytes()).expect("written");
        let indicators = &run.tables["indicators"];
        let ids = indicators.column::<&str>("indicators", "indicator").expect("names");
        let told: Vec<usize> = (0..ids.len()).filter(|&row| !LATER.contains(&ids[row])).collect();
        assert_eq!(told.len() + LATER.len() * 2, ids.len());
        let (seeds, values) =
            (indicators.column::<i64>("indicators", "seed"), indicators.column("indicators", "value"));
        let (seeds, values): (_, Vec<f64>) = (seeds.expect("seeds"), values.expect("values"));
        let old = Table::new()
            .with("seed", told.iter().map(|&row| seeds[row]).collect::<Vec<_>>())
            .with("indicator", told.iter().map(|&row| ids[row]).collect::<Vec<_>>())
            .with("value", told.iter().map(|&row| values[row]).collect::<Vec<_>>());
        std::fs::write(folder.join("tables/indicators.parquet"), old.to_bytes()).expect("written");
        for name in ["counts", "turns", "emissions", "emissions_by_class", "emissions_by_vehicle"] {
            std::fs::remove_file(folder.join(format!("tables/{name}.parquet"))).expect("removed");
        }
        let tables: BTreeMap<String, String> = ["indicators", "link_periods", "links", "trips", "zones"]
            .map(|name| {
                let path = format!("tables/{name}.parquet");
                let bytes = std::fs::read(folder.join(&path)).expect("a table");
                (path, hash(&bytes))
            })
            .into_iter()
            .collect();
        let build_id = OLD_BUILD.to_owned();
        let manifest =
            Manifest { format: 1, build_id, result_hash: result_hash(&tables), tables, ..run.manifest.clone() };
        let text = serde_json::to_string_pretty(&manifest).expect("JSON") + "\n";
        assert!(!text.contains("fidelity"), "the first programs knew none");
        std::fs::write(folder.join("manifest.json"), text).expect("written");
    }

    #[test]
    fn a_run_of_the_first_format_is_read_with_what_it_tells() {
        let folder = tempfile::tempdir().expect("a folder");
        let folder = folder.path().join("run");
        write_format_1(&folder, 0.0);
        let run = Run::read(&folder).expect("a run");
        assert_eq!(run.misfit(), None);
        let names: Vec<&str> = run.tables.keys().map(String::as_str).collect();
        assert_eq!(names, TABLES);
        let links = &run.tables["links"];
        let on_it = links.column::<Option<f64>>("links", "vehicles_on_it").expect("vehicles");
        assert!(on_it.iter().flatten().sum::<f64>() > 0.0);
        assert_eq!(links.column::<Option<f64>>("links", "queue_veh").expect("queues")[0], None);
        assert_eq!((run.tables["counts"].row_count(), run.tables["turns"].row_count()), (0, 0));
    }

    #[test]
    fn a_run_of_the_first_format_is_verified_by_what_it_holds() {
        let folder = tempfile::tempdir().expect("a folder");
        let folder = folder.path().join("run");
        write_format_1(&folder, 0.0);
        let verdict = verify(&Run::read(&folder).expect("a run"), small_city(), "test-build").expect("a verdict");
        let intact = |format| Verdict::OtherBuild {
            build_id: OLD_BUILD.to_owned(),
            older_format: format,
            largest: 0.0,
            place: String::new(),
        };
        assert_eq!(verdict, intact(Some(1)));
        write_format_1(&folder, 1000.0);
        let verdict = verify(&Run::read(&folder).expect("a run"), small_city(), "test-build").expect("a verdict");
        let Verdict::Altered { file, reason } = verdict else { panic!("{verdict:?}") };
        assert!(file == "tables/links.parquet" && reason.contains("links.cars_vph differs"), "{file}: {reason}");
    }
}
