//! What holds of every run, on a made-up city.

use data::table::Table;
use engine::key::Key;
use proptest::prelude::*;

use super::*;
use crate::compare::compare;
use crate::scenario::apply;
use crate::test_city::small_city;

const BUILD: &str = "test-build";

fn base() -> Base {
    Base::new(small_city(), Settings::built_in()).expect("a base")
}

fn chain(edits: &str) -> Chain {
    let text = format!("format = 1\nname = \"test\"\ntitle = {{ it = \"x\", en = \"x\" }}\n{edits}");
    Chain::of_texts(vec![("test.toml".to_owned(), text)]).expect("a scenario")
}

fn request(seeds: Vec<u64>, period: Option<&str>) -> Request {
    Request {
        seeds,
        period: period.map(str::to_owned),
        fidelity: Fidelity::Strategic,
        fields: Fields::new(),
        recording: None,
        lanes_to: None,
        build_id: BUILD.to_owned(),
        built_in: false,
    }
}

fn run_one(base: &Base, edits: &str, request: &Request) -> Run {
    run_all(base, &[chain(edits)], request, &|| {}).expect("a run").swap_remove(0)
}

/// The indicator of every seed.
fn indicator(run: &Run, id: &str) -> Vec<f64> {
    let table = &run.tables["indicators"];
    let ids = table.column::<&str>("indicators", "indicator").expect("ids");
    let values = table.column::<f64>("indicators", "value").expect("values");
    ids.iter().zip(values).filter(|(known, _)| **known == id).map(|(_, value)| value).collect()
}

const MORNING: Option<&str> = Some("morning_peak");

#[test]
fn a_scenario_that_changes_nothing_differs_by_nothing_at_all() {
    let base = base();
    let request = request(vec![0, 1], None);
    // Setting what is there already is an edit, but no change.
    let edits = "[[set]]\non = { street = [\"Ponte Vecchio\"] }\nlanes = 1\n";
    let runs = run_all(&base, &[chain(""), chain(edits)], &request, &|| {}).expect("runs");
    for name in TABLES {
        assert_eq!(runs[0].tables[name].to_bytes(), runs[1].tables[name].to_bytes(), "{name}");
    }
    let applied = |run: &Run| apply(&base.tables, &run.chain).expect("fits");
    let told: Vec<_> = runs
        .into_iter()
        .map(|run| {
            let applied = applied(&run);
            (run, applied)
        })
        .collect();
    let comparison = compare(&base.tables, &told, &base.settings).expect("comparable");
    assert!(comparison.indicators.iter().all(|indicator| indicator.differences[1].value == 0.0));
    assert!(comparison.links.iter().all(|link| link.daily_differences[1].value == 0.0));
    assert!(comparison.changed_streets[1].is_empty());
}

#[test]
fn a_scenario_says_how_sure_the_capacities_of_what_it_changes_are() {
    let base = base();
    let edits = |spread: &str| {
        let edit = "[[set]]\non = { street = [\"Ponte Vecchio\"] }\nlanes = 2\n";
        format!("[uncertainty]\nedited_capacity_spread = {spread}\n{edit}")
    };
    let hours = |seed: u64, spread: &str| {
        let run = run_one(&base, &edits(spread), &request(vec![seed], MORNING));
        indicator(&run, "vehicle_hours")[0]
    };
    assert_eq!(hours(0, "0"), hours(0, "3"), "the central case draws nothing");
    let (known, usual, unsure) = (hours(7, "0"), hours(7, "1"), hours(7, "3"));
    assert!(known != usual && (usual - known).signum() == (unsure - usual).signum(), "{known} {usual} {unsure}");
}

#[test]
fn all_trips_that_go_in_come_out() {
    let base = base();
    let request = request(vec![3], MORNING);
    let run = run_one(
        &base,
        "[[close]]\non = { structure = \"bridge\", street = [\"Ponte Vecchio\", \"Ponte Nuovo\"] }\n",
        &request,
    );
    let whole = run_one(&base, "", &request);
    let (trips, of_base) = (indicator(&run, "trips")[0], indicator(&whole, "trips")[0]);
    assert!((trips - of_base).abs() < 1e-9 * of_base, "{trips} against {of_base}");
    assert!(indicator(&run, "unserved_trips")[0] > 0.0, "a city cut in two");
    assert_eq!(indicator(&whole, "unserved_trips")[0], 0.0);
}

#[test]
fn a_closed_bridge_sends_its_traffic_over_the_other_one() {
    let base = base();
    let request = request(vec![0], MORNING);
    let closed = run_one(&base, "[[close]]\non = { street = [\"Ponte Vecchio\"] }\n", &request);
    let open = run_one(&base, "", &request);
    let flow = |run: &Run, link: &str| -> f64 {
        let table = &run.tables["link_periods"];
        let keys = table.column::<&str>("link_periods", "link").expect("keys");
        let vehicles = table.column::<f64>("link_periods", "vehicles").expect("flows");
        keys.iter().zip(vehicles).filter(|(key, _)| **key == link).map(|(_, vehicles)| vehicles).sum()
    };
    assert_eq!(flow(&closed, "t:l24-25"), 0.0);
    let (over_other, before) = (flow(&closed, "t:l44-45"), flow(&open, "t:l44-45") + flow(&open, "t:l24-25"));
    assert!((over_other - before).abs() < 1e-6 * before, "{over_other} against {before}: there is no third bridge");
    assert!(indicator(&closed, "vehicle_hours")[0] > indicator(&open, "vehicle_hours")[0]);
}

#[test]
fn a_ztl_holds_to_the_minute_and_outsiders_park_at_its_edge() {
    let base = base();
    let ztl = "[[ztl]]\nquarter = \"Centro\"\nhours = { from = \"7:30\", to = \"19:00\" }\nexempt_share = 0.1\n";
    let model = base.scenario(&chain(ztl)).expect("fits");
    let spans: Vec<String> = model.slices.iter().map(|slice| slice.time.span.to_string()).collect();
    assert!(spans.contains(&"07:00–07:30".to_owned()) && spans.contains(&"07:30–09:00".to_owned()), "{spans:?}");
    let run = run_one(&base, ztl, &request(vec![0], MORNING));
    assert!(indicator(&run, "trips_parking_at_edge")[0] > 0.0);
    assert_eq!(indicator(&run, "unserved_trips")[0], 0.0);
    // A link in the middle of the centre: before 7:30 as in the base, then only residents, permits, vans and the like.
    let flow = |from_s: u32| {
        let table = &run.tables["links"];
        let keys = table.column::<&str>("links", "link").expect("keys");
        let from = table.column::<u32>("links", "from_s").expect("times");
        let cars = table.column::<f64>("links", "cars_vph").expect("flows");
        (0..keys.len()).find(|&row| keys[row] == "t:l22-23" && from[row] == from_s).map(|row| cars[row]).expect("a row")
    };
    assert!(flow(27_000) < flow(25_200), "{} against {}", flow(27_000), flow(25_200));
}

#[test]
fn seeds_are_shared_so_that_paired_intervals_are_narrower_than_those_of_values() {
    let base = base();
    let request = request(seeds(6), MORNING);
    let edits = "[[set]]\non = { street = [\"Ponte Vecchio\"] }\nlanes = 2\n";
    let runs = run_all(&base, &[chain(""), chain(edits)], &request, &|| {}).expect("runs");
    let told: Vec<_> = runs
        .into_iter()
        .map(|run| {
            let applied = apply(&base.tables, &run.chain).expect("fits");
            (run, applied)
        })
        .collect();
    let comparison = compare(&base.tables, &told, &base.settings).expect("comparable");
    let hours = comparison.indicators.iter().find(|indicator| indicator.id == "vehicle_hours").expect("there");
    let width = |estimate: crate::estimate::Estimate| estimate.interval.map(|i| i.high - i.low).expect("an interval");
    assert!(width(hours.differences[1]) < 0.5 * width(hours.values[1]), "{hours:?}");
    assert!(hours.differences[1].value < 0.0, "a wider bridge saves time: {hours:?}");
}

#[test]
fn a_run_alone_and_among_others_gives_the_same_bytes_on_any_number_of_threads() {
    let base = base();
    let request = request(vec![1, 2], MORNING);
    let edits = "[[close]]\non = { street = [\"Ponte Vecchio\"] }\n";
    let alone = run_one(&base, edits, &request);
    for threads in [1, 2, 7] {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("a pool");
        let chains = [chain(""), chain("[[zone_30]]\non = { quarter = \"Centro\" }\n"), chain(edits)];
        let runs = pool.install(|| run_all(&base, &chains, &request, &|| {}).expect("runs"));
        assert_eq!(runs[2].manifest_text(), alone.manifest_text(), "{threads} threads");
        assert_eq!(runs[2].files(), alone.files(), "{threads} threads");
    }
}

#[test]
fn a_run_removes_what_a_killed_one_has_left_beside_it() {
    let base = base();
    let folder = tempfile::tempdir().expect("a folder");
    let left = [".gemello-a1B2c3.unfinished", ".gemello-b2C3d4.unfinished"].map(|name| folder.path().join(name));
    std::fs::create_dir_all(left[0].join("new/tables")).expect("made");
    std::fs::write(&left[1], "half of some trajectories").expect("made");
    let being_written = data::unfinished::file_in(folder.path()).expect("a file");
    std::fs::write(&left[1], "half of some trajectories").expect("made");
    run_one(&base, "", &request(vec![0], MORNING)).write(&folder.path().join("run"), &base.tables).expect("written");
    assert!(!left[0].exists() && !left[1].exists() && being_written.path().exists());
    drop(being_written);
    assert_eq!(std::fs::read_dir(folder.path()).expect("a folder").count(), 1);
}

#[test]
fn verify_finds_a_changed_value_even_where_every_hash_was_made_to_fit() {
    let base = base();
    let folder = tempfile::tempdir().expect("a folder");
    let place = folder.path().join("run");
    let request = request(vec![0], MORNING);
    run_one(&base, "[[close]]\non = { street = [\"Ponte Vecchio\"] }\n", &request)
        .write(&place, &base.tables)
        .expect("written");
    let again = Run::read(&place).expect("a run");
    assert_eq!(verify(&again, small_city(), BUILD).expect("verified"), Verdict::Identical);
    let other = verify(&again, small_city(), "another-build").expect("verified");
    assert!(matches!(other, Verdict::Identical), "the same bytes, whatever build made them: {other:?}");

    let table = &again.tables["indicators"];
    let ids = table.column::<&str>("indicators", "indicator").expect("ids");
    let mut values = table.column::<f64>("indicators", "value").expect("values");
    values[0] *= 0.9;
    let seeds = table.column::<i64>("indicators", "seed").expect("seeds");
    let forged = data::table::Table::new().with("seed", seeds).with("indicator", ids).with("value", values);
    let path = "tables/indicators.parquet";
    std::fs::write(place.join(path), forged.to_bytes()).expect("written");
    let altered = |run: &Run| matches!(verify(run, small_city(), BUILD).expect("verified"), Verdict::Altered { file, .. } if file == path);
    assert!(altered(&Run::read(&place).expect("a run")), "the stored hash does not fit");

    let mut manifest = read_manifest(&place).expect("a manifest");
    manifest.tables.insert(path.to_owned(), blake3::hash(&forged.to_bytes()).to_hex().to_string());
    manifest.result_hash = folder::result_hash(&manifest.tables);
    std::fs::write(place.join("manifest.json"), serde_json::to_string_pretty(&manifest).expect("JSON") + "\n")
        .expect("written");
    assert!(altered(&Run::read(&place).expect("a run")), "every hash fits, the value does not");

    manifest.build_id = "of-another-program".to_owned();
    std::fs::write(place.join("manifest.json"), serde_json::to_string_pretty(&manifest).expect("JSON") + "\n")
        .expect("written");
    assert!(altered(&Run::read(&place).expect("a run")), "no other build explains a tenth");
}

#[test]
fn verify_finds_a_manifest_that_names_what_its_inputs_are_not() {
    let base = base();
    let run = run_one(&base, "[[close]]\non = { street = [\"Ponte Vecchio\"] }\n", &request(vec![0], MORNING));
    let forgeries: [fn(&mut Manifest); 6] = [
        |manifest| manifest.scenario = "another".to_owned(),
        |manifest| manifest.horizon = Some(2030),
        |manifest| manifest.city.name = "Atlantis".to_owned(),
        |manifest| manifest.run_id = "0".repeat(64),
        |manifest| manifest.relative_gap = 0.0,
        |manifest| {
            manifest.tables.insert("tables/more.parquet".to_owned(), "0".repeat(64));
        },
    ];
    for (number, forge) in forgeries.into_iter().enumerate() {
        let mut forged = run.clone();
        forge(&mut forged.manifest);
        let verdict = verify(&forged, small_city(), BUILD).expect("verified");
        assert!(matches!(verdict, Verdict::Altered { .. }), "forgery {number}: {verdict:?}");
    }
}

#[test]
fn the_year_that_a_scenario_is_about_is_told_and_changes_no_result() {
    let base = base();
    let edit = "[[close]]\non = { street = [\"Ponte Vecchio\"] }\n";
    let (silent, about) = (edit.to_owned(), format!("horizon = 2030\n{edit}"));
    let [silent, about] = [silent, about].map(|edits| run_one(&base, &edits, &request(vec![0], MORNING)));
    assert_eq!(about.manifest.horizon, Some(2030));
    assert_eq!(about.manifest.result_hash, silent.manifest.result_hash);
    assert!(about.manifest_text().contains("\"horizon\": 2030") && !silent.manifest_text().contains("horizon"));
}

#[test]
fn a_batch_gives_the_bytes_of_single_runs_and_keeps_what_is_whole() {
    let base = base();
    let folder = tempfile::tempdir().expect("a folder");
    let request = request(vec![0], MORNING);
    let text = |name: &str, lanes: u8| {
        format!(
            "format = 1\nname = \"{name}\"\ntitle = {{ it = \"x\", en = \"x\" }}\n[[set]]\non = {{ street = [\"Ponte Vecchio\"] }}\nlanes = {lanes}\n"
        )
    };
    let chains: Vec<Chain> = [("one", 1), ("two", 2), ("three", 3)]
        .map(|(name, lanes)| Chain::of_texts(vec![(name.to_owned(), text(name, lanes))]).expect("a scenario"))
        .to_vec();
    let out = folder.path().join("batch");
    let groups = [crate::batch::Group { base: &base, request: request.clone(), chains: chains.iter().collect() }];
    let batch = |jobs| {
        crate::batch::run_batch(&groups, crate::batch::Plan { out: &out, jobs, replace: false }, &|_| {})
            .expect("a batch")
    };
    assert_eq!((batch(2).made, batch(1).kept), (3, 3));
    // A run that lost a file, and one that was never finished, are made again; the others are kept.
    std::fs::remove_file(out.join("two/tables/trips.parquet")).expect("removed");
    // What only looks like it stays.
    std::fs::create_dir_all(out.join(".gemello-a1B2c3.unfinished/new")).expect("made");
    std::fs::create_dir_all(out.join(".gemello-thesis.unfinished/drafts")).expect("made");
    std::fs::create_dir(out.join(".gemello-notes")).expect("made");
    std::fs::write(out.join(".gemello-b2C3d4.unfinished"), "scenario,run_id").expect("made");
    std::fs::write(out.join(".gemello-list"), "").expect("made");
    let again = batch(2);
    assert_eq!((again.made, again.kept), (1, 2));
    for left in [".gemello-a1B2c3.unfinished", ".gemello-b2C3d4.unfinished"] {
        assert!(!out.join(left).exists(), "{left}");
    }
    for kept in [".gemello-thesis.unfinished/drafts", ".gemello-notes", ".gemello-list"] {
        assert!(out.join(kept).exists(), "{kept}");
    }
    for chain in &chains {
        let alone = run_all(&base, std::slice::from_ref(chain), &request, &|| {}).expect("a run");
        assert_eq!(Run::read(&out.join(chain.name())).expect("a run").files(), alone[0].files(), "{}", chain.name());
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn closing_streets_never_serves_more_trips(links in proptest::collection::btree_set(0_usize..112, 1..12)) {
        let base = base();
        let request = request(vec![0], Some("night"));
        let keys: Vec<String> =
            links.iter().filter_map(|&row| base.tables.links.get(row)).map(|row| format!("\"{}\"", row.key)).collect();
        let run = run_one(&base, &format!("[[close]]\non = {{ links = [{}] }}\n", keys.join(", ")), &request);
        let whole = run_one(&base, "", &request);
        let served = |run: &Run| indicator(run, "trips")[0] - indicator(run, "unserved_trips")[0];
        prop_assert!(served(&run) <= served(&whole) * (1.0 + 1e-12));
    }
}

#[test]
fn sums_over_one_period_are_not_told_as_those_of_a_day() {
    for definition in definitions() {
        let (day, peak) = (definition.unit_of(None), definition.unit_of(Some("morning_peak")));
        assert_eq!(day, definition.unit);
        assert!(!peak.en.contains(" a day") && !peak.it.contains(" al giorno"), "{peak:?}");
        assert_eq!(day == peak, !day.en.contains(" a day"), "{peak:?}");
    }
}

#[test]
fn edits_whose_order_would_show_are_refused() {
    let base = base();
    let bridge = "[[set]]\non = { street = [\"Ponte Vecchio\"] }\n";
    let ztl = |share: f64, from: u32| {
        format!(
            "[[ztl]]\nquarter = \"Centro\"\nhours = {{ from = \"{from:02}:00\", to = \"19:00\" }}\nexempt_share = {share}\n"
        )
    };
    for (edits, told) in [
        (format!("{bridge}capacity_pcuph = 1800\n{bridge}lanes = 3\n"), "capacity_pcuph"),
        (ztl(0.1, 7) + &ztl(0.9, 8), "exempt_share"),
        (format!("{bridge}direction = \"one_way\"\n"), "both directions"),
    ] {
        let refused = base.scenario(&chain(&edits)).err().map(|error| error.to_string()).unwrap_or_default();
        assert!(refused.contains(told), "'{told}' in: {refused}");
    }
    for edits in [format!("{bridge}capacity_pcuph = 1800\nlanes = 3\n"), ztl(0.1, 7) + &ztl(0.1, 8)] {
        assert!(base.scenario(&chain(&edits)).is_ok(), "{edits}");
    }
}

#[test]
fn a_direction_opens_and_closes_the_links_back_and_builds_them_where_there_are_none() {
    let mut city = small_city();
    city.links.retain(|link| link.key.as_str() != "t:l45-44");
    let edit = |links: &str, direction: &str| {
        let edits = format!("[[set]]\non = {{ links = [{links}] }}\ndirection = \"{direction}\"\n");
        apply(&city, &chain(&edits)).expect("fits").tables
    };
    let cars = |tables: &engine::city::CityTables, key: &str| {
        let link = tables.links.iter().find(|link| link.key.as_str() == key).expect("a link");
        link.facts.access.classes.contains(engine::vehicles::VehicleClass::OtherCar)
    };
    let one_way = edit("\"t:l24-25\"", "one_way");
    assert!(cars(&one_way, "t:l24-25") && !cars(&one_way, "t:l25-24"));
    let reversed = edit("\"t:l24-25\"", "reversed");
    assert!(!cars(&reversed, "t:l24-25") && cars(&reversed, "t:l25-24"));
    let both = edit("\"t:l24-25\", \"t:l25-24\", \"t:l44-45\"", "both");
    assert!(cars(&both, "t:l44-45") && cars(&both, "t:l44-45~back"));
    assert_eq!(both.links.len(), city.links.len() + 1, "what has a way back keeps it");
}

/// What the links carry from a time of the clock on, in vehicles an hour, of one kind.
fn flow_vph(run: &Run, link: &str, from_s: u32, kind: &str) -> f64 {
    let table = &run.tables["links"];
    let keys = table.column::<&str>("links", "link").expect("keys");
    let from = table.column::<u32>("links", "from_s").expect("times");
    let flows = table.column::<f64>("links", kind).expect("flows");
    (0..keys.len()).find(|&row| keys[row] == link && from[row] == from_s).map(|row| flows[row]).expect("a row")
}

#[test]
fn a_bridge_closed_from_8_to_10_carries_nobody_then_and_everybody_before_and_after() {
    let base = base();
    let edits = "[[close]]\non = { street = [\"Ponte Vecchio\"] }\nhours = { from = \"8:00\", to = \"10:00\" }\n";
    let request = request(vec![0], None);
    let (closed, open) = (run_one(&base, edits, &request), run_one(&base, "", &request));
    let cars = |run: &Run, from_s: u32| flow_vph(run, "t:l24-25", from_s, "cars_vph");
    assert_eq!([cars(&closed, 28_800), cars(&closed, 32_400)], [0.0, 0.0], "8:00 to 9:00 and 9:00 to 10:00");
    assert_eq!(cars(&closed, 25_200), cars(&open, 25_200), "7:00 to 8:00 is as in the base");
    assert_eq!(cars(&closed, 36_000), cars(&open, 32_400), "from 10:00 it is as in the base's inter-peak");
}

#[test]
fn a_bus_lane_takes_capacity_in_its_hours_only() {
    let base = base();
    let two = "[[set]]\non = { street = [\"Ponte Vecchio\"] }\nlanes = 2\n";
    let lane = "[[bus_lane]]\non = { street = [\"Ponte Vecchio\"] }\nhours = { from = \"8:00\", to = \"9:00\" }\n";
    let request = request(vec![0], MORNING);
    let both = format!("{two}{lane}");
    let (with, without) = (run_one(&base, &both, &request), run_one(&base, two, &request));
    let time_s = |run: &Run, from_s: u32| flow_vph(run, "t:l25-24", from_s, "time_s");
    assert_eq!(time_s(&with, 25_200), time_s(&without, 25_200));
    assert!(time_s(&with, 28_800) > time_s(&without, 25_200), "half of the capacity is left");
    // One lane for others is what the bridge has today.
    let today = run_one(&base, "", &request);
    assert!((time_s(&with, 28_800) - time_s(&today, 25_200)).abs() < 1e-3);
}

#[test]
fn an_event_adds_its_visitors_to_the_hours_before_and_after_it() {
    let base = base();
    let event = "[[event]]\nname = \"Fiera\"\nplace = { zone = \"t:z25\" }\nhours = { from = \"8:00\", to = \"19:00\" }\n\
                 visitors = 2500\nby_car_share = 0.5\npersons_per_car = 2.5\narrival_spread_min = 60\n\
                 departure_spread_min = 30\n";
    let whole_day = request(vec![0], None);
    let (with, without) = (run_one(&base, event, &whole_day), run_one(&base, "", &whole_day));
    let trips = |run: &Run| indicator(run, "trips")[0];
    assert!((trips(&with) - trips(&without) - 1000.0).abs() < 1e-6, "500 cars come and go");
    let to_fair = |run: &Run, from_s: u32| flow_vph(run, "t:l24-25", from_s, "cars_vph");
    assert!(to_fair(&with, 25_200) > to_fair(&without, 25_200) + 100.0, "7:00 to 8:00");
    assert_eq!(to_fair(&with, 28_800), to_fair(&without, 25_200), "8:00 to 9:00");
    assert_eq!(base.scenario(&chain(event)).expect("fits").variants.len(), 1, "the network is the base's");
}

#[test]
fn a_mix_with_half_of_the_heavy_vehicles_halves_them_everywhere() {
    let base = base();
    let request = request(vec![2], MORNING);
    let half = run_one(&base, "[vehicle_mix]\nheavy_vehicles_factor = 0.5\n", &request);
    let whole = run_one(&base, "", &request);
    let trips = |run: &Run, class: &str| -> f64 {
        let table = &run.tables["zones"];
        let classes = table.column::<&str>("zones", "class").expect("classes");
        let trips = table.column::<f64>("zones", "trips_per_day").expect("trips");
        classes.iter().zip(trips).filter(|(of, _)| **of == class).map(|(_, trips)| trips).sum()
    };
    assert!((trips(&half, "heavy_vehicle") * 2.0 - trips(&whole, "heavy_vehicle")).abs() < 1e-6);
    assert_eq!(trips(&half, "car"), trips(&whole, "car"));
}

#[test]
fn trips_go_around_a_roundabout_and_none_is_lost() {
    let base = base();
    let request = request(vec![1], MORNING);
    let ring = "[[roundabout]]\non = { streets = [\"Via Riga 2\", \"Corso Colonna 3\"] }\ndiameter_m = 34\n";
    let (with, without) = (run_one(&base, ring, &request), run_one(&base, "", &request));
    assert_eq!(indicator(&with, "unserved_trips")[0], 0.0);
    let trips = |run: &Run| indicator(run, "trips")[0];
    assert!((trips(&with) - trips(&without)).abs() < 1e-9 * trips(&without));
    let table = &with.tables["link_periods"];
    let keys = table.column::<&str>("link_periods", "link").expect("keys");
    let vehicles = table.column::<f64>("link_periods", "vehicles").expect("flows");
    let around: Vec<f64> =
        keys.iter().zip(&vehicles).filter(|(key, _)| key.contains("/roundabout/")).map(|(_, flow)| *flow).collect();
    assert!(around.len() == 4 && around.iter().all(|&flow| flow > 0.0), "{around:?}");
    // Streets keep their keys, so that before and after stand side by side.
    let at_ring = keys.iter().zip(&vehicles).find(|(key, _)| **key == "t:l22-23").map(|(_, flow)| *flow);
    assert!(at_ring.expect("a street") > 0.0);
}

#[test]
fn what_only_vehicles_feel_changes_nothing_in_a_strategic_run() {
    let base = base();
    let request = request(vec![1], MORNING);
    let edits = "[[signal]]\non = { all = true }\nkind = \"actuated\"\n\
                 [[line]]\nname = \"1\"\ncalls = [{ junction = \"t:j20\" }, { junction = \"t:j25\" }]\nheadway_min = 10\n\
                 hours = { from = \"6:00\", to = \"22:00\" }\ndwell_s = 20\n";
    let (with, without) = (run_one(&base, edits, &request), run_one(&base, "", &request));
    for name in TABLES {
        assert_eq!(with.tables[name].to_bytes(), without.tables[name].to_bytes(), "{name}");
    }
}

/// Runs whose vehicles move, of the small city's morning.
fn moving(fidelity: Fidelity) -> Request {
    Request { fidelity, ..request(vec![0], MORNING) }
}

fn counted(run: &Run, name: &str) -> i64 {
    run.counted(name).expect("counts").value as i64
}

/// A gate at the end of 9 m of street, of which the junction takes most: trips begin behind it, and are counted on it.
#[test]
fn vehicles_are_counted_where_they_come_in_on_a_street_too_short_to_begin_on() {
    let mut city = small_city();
    let gate = city.gates[0].facts.junction.clone();
    let mut outside = city.junctions.iter().find(|junction| junction.key == gate).expect("a junction").clone();
    let place = outside.facts.position;
    outside.key = Key::new("t:outside").expect("a key");
    outside.facts.position.y -= 9.0;
    let like = city.links.iter().find(|link| link.facts.from == gate).expect("a link").clone();
    for (name, is_in) in [("t:in", true), ("t:out", false)] {
        let mut link = like.clone();
        let (ends, line) = ((outside.key.clone(), gate.clone()), vec![outside.facts.position, place]);
        (link.facts.from, link.facts.to) = if is_in { ends } else { (ends.1, ends.0) };
        let line = if is_in { line } else { line.into_iter().rev().collect() };
        (link.key, link.facts.geometry, link.facts.length_m) = (Key::new(name).expect("a key"), line.into(), 9.0);
        city.links.push(link);
    }
    city.gates[0].facts.junction = outside.key.clone();
    city.junctions.push(outside);
    let base = Base::new(city, Settings::built_in()).expect("a base");
    let on_stub = |fidelity: Fidelity, table: &str, column: &str| -> f64 {
        let run = run_one(&base, "", &Request { fidelity, ..request(vec![0], MORNING) });
        let links = run.tables[table].column::<&str>(table, column).expect("links");
        let (vehicles, hours) = match table {
            "turns" => ("flow_vph", if fidelity.is_strategic() { 1.0 } else { 0.25 / 2.0 }),
            _ => ("vehicles", 1.0),
        };
        let vehicles = run.tables[table].column::<f64>(table, vehicles).expect("vehicles");
        links.iter().zip(vehicles).filter(|(link, _)| **link == "t:in").map(|(_, vehicles)| vehicles * hours).sum()
    };
    for (table, column) in [("link_periods", "link"), ("turns", "from_link")] {
        let expected = on_stub(Fidelity::Strategic, table, column);
        for fidelity in [Fidelity::Meso, Fidelity::Micro] {
            let counted = on_stub(fidelity, table, column);
            assert!(expected > 100.0 && (counted / expected - 1.0).abs() < 0.05, "{table}: {counted}, not {expected}");
        }
    }
}

/// Seed 1 lacks one vehicle of a thousand, and seed 2 half of them.
#[test]
fn seeds_under_which_streets_filled_up_are_told() {
    let base = base();
    let mut run = run_one(&base, "", &moving(Fidelity::Meso));
    assert_eq!(run.jammed().expect("counts"), None);
    let counts = [(1, "arrived", 999), (1, "running", 1), (1, "waiting", 0)];
    let halved = [(2, "arrived", 500), (2, "running", 300), (2, "waiting", 200)];
    let rows = || counts.into_iter().chain(halved);
    let table = Table::new()
        .with("seed", rows().map(|row| row.0).collect::<Vec<i64>>())
        .with("count", rows().map(|row| row.1).collect::<Vec<&str>>())
        .with("value", rows().map(|row| row.2).collect::<Vec<i64>>());
    run.tables.insert("counts".to_owned(), table);
    let jammed = run.jammed().expect("counts").expect("one is jammed");
    assert_eq!((&jammed.seeds[..], jammed.not_arrived, jammed.vehicles), (&[2][..], 500.0, 1000.0));
    assert!(jammed.to_string().contains("500 of 1000 vehicles had not arrived at the end (mean of seeds 2)"));
}

#[test]
fn vehicles_that_move_tell_the_same_tables_by_quarter_hour() {
    let base = base();
    let still = run_one(&base, "", &request(vec![0], MORNING));
    for fidelity in [Fidelity::Meso, Fidelity::Micro] {
        let run = run_one(&base, "", &moving(fidelity));
        for name in TABLES {
            assert_eq!(run.tables[name].columns(), still.tables[name].columns(), "{name}");
        }
        let begins = run.tables["links"].column::<u32>("links", "from_s").expect("times");
        let quarters: std::collections::BTreeSet<u32> = begins.into_iter().collect();
        assert_eq!(quarters.into_iter().collect::<Vec<_>>(), (0..8).map(|n| 25_200 + 900 * n).collect::<Vec<_>>());
        let [inserted, arrived, running] = ["inserted", "arrived", "running"].map(|name| counted(&run, name));
        assert!(arrived > 100 && inserted == arrived + running, "{inserted} {arrived} {running}");
        assert_eq!(counted(&run, "teleports"), 0);
        // Whole vehicles are as many as the equilibrium has on average.
        let (trips, expected) = (indicator(&run, "trips")[0], indicator(&still, "trips")[0]);
        assert!((trips / expected - 1.0).abs() < 0.02, "{trips} against {expected}");
        assert_ne!(run.manifest.run_id, still.manifest.run_id);
        let again = run_one(&base, "", &moving(fidelity));
        assert_eq!(run.manifest.result_hash, again.manifest.result_hash);
    }
}

#[test]
fn a_closed_bridge_sends_vehicles_that_move_over_the_other_one() {
    let base = base();
    let closed = run_one(&base, "[[close]]\non = { street = [\"Ponte Vecchio\"] }\n", &moving(Fidelity::Meso));
    let links = closed.tables["links"].column::<&str>("links", "link").expect("links");
    let cars = closed.tables["links"].column::<f64>("links", "cars_vph").expect("cars");
    let shut: std::collections::BTreeSet<&str> = base
        .tables
        .links
        .iter()
        .filter(|row| row.facts.name.as_deref() == Some("Ponte Vecchio"))
        .map(|row| row.key.as_str())
        .collect();
    assert!(!shut.is_empty());
    let on_shut: f64 = links.iter().zip(&cars).filter(|(link, _)| shut.contains(*link)).map(|(_, cars)| cars).sum();
    assert_eq!(on_shut, 0.0);
}

#[test]
fn a_line_of_buses_and_a_signal_act_on_vehicles_that_move() {
    let base = base();
    let edits = "[[signal]]\non = { all = true }\nkind = \"actuated\"\n";
    let run = run_one(&base, edits, &moving(Fidelity::Meso));
    let plain = run_one(&base, "", &moving(Fidelity::Meso));
    assert!(counted(&run, "arrived") > 0 && counted(&run, "inserted") == counted(&plain, "inserted"));
}

/// Vehicles on turns: from link, to link, vehicles an hour times hours.
fn turned(run: &Run) -> Vec<(String, String, u32, f64)> {
    let table = &run.tables["turns"];
    let column = |name: &str| table.column::<&str>("turns", name).expect("links");
    let (from_s, to_s) =
        (table.column::<u32>("turns", "from_s").expect("times"), table.column::<u32>("turns", "to_s").expect("times"));
    let flows = table.column::<f64>("turns", "flow_vph").expect("flows");
    let rows = column("from_link").into_iter().zip(column("to_link")).zip(flows).enumerate();
    rows.map(|(row, ((from, to), flow_vph))| {
        let hours = f64::from(to_s[row] - from_s[row]) / 3600.0;
        (from.to_owned(), to.to_owned(), from_s[row], flow_vph * hours)
    })
    .collect()
}

#[test]
fn turns_of_every_fidelity_are_those_of_the_vehicles_on_the_links() {
    let base = base();
    for request in [request(vec![0], MORNING), moving(Fidelity::Meso), moving(Fidelity::Micro)] {
        let fidelity = request.fidelity;
        let run = run_one(&base, "", &request);
        let turns = turned(&run);
        assert!(!turns.is_empty() && turns.iter().all(|turn| turn.3 > 0.0), "only turns that somebody makes");
        let mut into: std::collections::BTreeMap<&str, f64> = std::collections::BTreeMap::new();
        for (_, to, _, vehicles) in &turns {
            *into.entry(to).or_insert(0.0) += vehicles;
        }
        let table = &run.tables["link_periods"];
        let links = table.column::<&str>("link_periods", "link").expect("links");
        let vehicles = table.column::<f64>("link_periods", "vehicles").expect("vehicles");
        let (mut turned, mut all) = (0.0, 0.0);
        for (link, vehicles) in links.iter().zip(vehicles) {
            let came = into.get(link).copied().unwrap_or(0.0);
            // Whoever comes onto a link turns into it, or begins there; flows are told to a tenth.
            assert!(came <= vehicles + 1.0, "{fidelity:?} {link}: {came} of {vehicles}");
            turned += came;
            all += vehicles;
        }
        assert!(turned > 0.5 * all, "{fidelity:?}: {turned} of {all}");
        let table = &run.tables["turns"];
        let stops = table.column::<Option<f64>>("turns", "stops").expect("stops");
        assert!(stops.iter().all(|stops| stops.is_some() != fidelity.is_strategic()));
        let times = table.column::<f64>("turns", "time_s").expect("times");
        let delays = table.column::<f64>("turns", "delay_s").expect("delays");
        assert!(times.iter().zip(&delays).all(|(time_s, delay_s)| *time_s > 0.0 && delay_s <= time_s));
    }
}

#[test]
fn a_lane_taken_from_cars_that_move_costs_them_time() {
    let base = base();
    let two = "[[set]]\non = { street = [\"Ponte Vecchio\", \"Ponte Nuovo\"] }\nlanes = 2\n";
    let lanes = "[[bus_lane]]\non = { street = [\"Ponte Vecchio\", \"Ponte Nuovo\"] }\n";
    let hours = |edits: &str| indicator(&run_one(&base, edits, &moving(Fidelity::Meso)), "vehicle_hours")[0];
    let (with, without) = (hours(&format!("{two}{lanes}")), hours(two));
    assert!(with > without, "{with} and {without} vehicle hours");
}

#[test]
fn a_newer_fleet_emits_less_and_moves_nobody() {
    let base = base();
    let request = request(vec![0, 1], None);
    let (now, later) = (run_one(&base, "", &request), run_one(&base, "[fleet]\nyear = 2035\n", &request));
    for name in ["links", "trips", "turns", "zones"] {
        assert_eq!(now.tables[name].to_bytes(), later.tables[name].to_bytes(), "{name}");
    }
    for id in ["co2", "nox", "pm10", "fuel", "nox_off_motorways"] {
        assert!(indicator(&later, id)[1] < 0.9 * indicator(&now, id)[1], "{id}");
    }
    assert!(indicator(&later, "electricity")[1] > 10.0 * indicator(&now, "electricity")[1]);
    let all_electric = "[fleet]\nelectric_share = { car = 1, van = 1, heavy_vehicle = 1, motorcycle = 1 }\n";
    let electric = run_one(&base, all_electric, &request);
    assert_eq!([indicator(&electric, "co2")[1], indicator(&electric, "nox")[1]], [0.0, 0.0]);
    assert!(indicator(&electric, "pm10")[1] > 0.0, "tyres, brakes and road wear off all the same");
}

#[test]
fn emission_by_road_class_and_by_vehicle_sums_to_that_of_the_links() {
    let run = run_one(&base(), "", &request(vec![1, 2, 3], None));
    let sum = |table: &str| -> f64 { run.tables[table].column::<f64>(table, "nox_g").expect("grams").iter().sum() };
    let of_links = sum("emissions");
    assert!(of_links > 0.0);
    assert!((sum("emissions_by_vehicle") / of_links - 1.0).abs() < 1e-4, "to the digits of the tables");
    assert!((sum("emissions_by_class") / 3.0 / of_links - 1.0).abs() < 1e-4);
    let of_seeds = indicator(&run, "nox").iter().sum::<f64>() / 3.0 * 1000.0;
    assert!((of_seeds / of_links - 1.0).abs() < 1e-4);
}

#[test]
fn a_low_emission_zone_cleans_the_air_of_its_streets_in_its_hours_alone() {
    let base = base();
    let request = request(vec![0], None);
    let zone = "[[low_emission_zone]]\nquarter = \"Centro\"\nhours = { from = \"7:00\", to = \"9:00\" }\n\
                banned = [{ kind = \"car\", fuel = \"diesel\", below_euro = 7 }]\nreplaced_share = 1\n";
    let (with, without) = (run_one(&base, zone, &request), run_one(&base, "", &request));
    let links = base.scenario(&chain(zone)).expect("fits").applied.fleet.zones[0].links.clone();
    let inside: Vec<&str> = links.iter().map(|&row| base.tables.links[row].key.as_str()).collect();
    let nox = |run: &Run| -> Vec<(u32, bool, f64)> {
        let table = &run.tables["emissions"];
        let column = |name: &str| table.column::<&str>("emissions", name).expect("words");
        let (keys, kinds) = (column("link"), column("kind"));
        let from = table.column::<u32>("emissions", "from_s").expect("times");
        let grams = table.column::<f64>("emissions", "nox_g").expect("grams");
        let cars = (0..keys.len()).filter(|&row| kinds[row] == "car");
        cars.map(|row| (from[row], inside.contains(&keys[row]), grams[row])).collect()
    };
    let sum = |rows: &[(u32, bool, f64)], in_hours: bool, is_inside: bool| -> f64 {
        let morning = 7 * 3600..9 * 3600;
        let told = rows.iter().filter(|(from, inside, _)| morning.contains(from) == in_hours && *inside == is_inside);
        told.map(|(.., grams)| grams).sum()
    };
    let (with, without) = (nox(&with), nox(&without));
    assert!(sum(&with, true, true) < 0.5 * sum(&without, true, true), "diesel cars emit most of it");
    for (in_hours, is_inside) in [(true, false), (false, true), (false, false)] {
        assert_eq!(sum(&with, in_hours, is_inside), sum(&without, in_hours, is_inside), "{in_hours} {is_inside}");
    }
}

#[test]
fn a_fleet_that_cannot_be_stops_a_run_before_anything_is_solved() {
    let told = run_all(&base(), &[chain("[fleet]\nyear = 2099\n")], &request(vec![0], None), &|| {});
    let Err(error) = told else { panic!("the fleet of 2099 is not known") };
    assert_eq!(
        error.to_string(),
        "fleet: the fleet describes 2023 and can be aged to at most 40 years later, not to 2099"
    );
}

/// The small city with six house numbers beside the beginning of every street, and three people in each house.
fn inhabited() -> engine::city::CityTables {
    let mut city = small_city();
    for (row, number) in city.links.iter().flat_map(|row| (0..6).map(move |number| (row, number))) {
        let begins = row.facts.geometry.0[0];
        let facts = engine::city::Address {
            street: "Via".into(),
            number: number.to_string().into(),
            quarter: Some("Centro".into()),
            position: geo::Coord { x: begins.x + 12.0 + f64::from(number), y: begins.y + 15.0 },
            zone: None,
            residents: 3.0,
        };
        let key = Key::new(format!("house:{}/{number}", row.key)).expect("a key");
        city.addresses.push(engine::city::Record { key, provenance: row.provenance.clone(), facts });
    }
    city
}

fn with_noise(mut request: Request) -> Request {
    request.fields = Fields::from([Field::Noise]);
    request
}

#[test]
fn noise_is_told_where_it_is_asked_for_and_is_part_of_the_runs_name() {
    let base = Base::new(inhabited(), Settings::built_in()).expect("a base");
    let (plain, asked) = (request(vec![0], None), with_noise(request(vec![0], None)));
    let (without, with) = (run_one(&base, "", &plain), run_one(&base, "", &asked));
    assert_ne!(without.manifest.run_id, with.manifest.run_id);
    assert!(indicator(&without, "noise_lden_55").is_empty(), "missing, not zero");
    let [exposed, much] = ["noise_lden_55", "noise_lden_65"].map(|id| indicator(&with, id)[0]);
    assert!((0.0..=100.0).contains(&exposed) && much <= exposed, "{exposed} {much}");
    for name in Field::Noise.tables() {
        assert!(with.tables[*name].row_count() > 0 && !without.tables.contains_key(*name), "{name}");
    }
    for name in TABLES.iter().filter(|name| **name != "indicators") {
        assert_eq!(without.tables[*name].to_bytes(), with.tables[*name].to_bytes(), "{name}");
    }
    let folder = tempfile::tempdir().expect("a folder");
    let folder = folder.path().join("run");
    with.write(&folder, &base.tables).expect("written");
    let read = Run::read(&folder).expect("a run");
    assert_eq!(verify(&read, inhabited(), BUILD).expect("a verdict"), Verdict::Identical);
}

#[test]
fn seeds_move_noise_as_a_whole() {
    let base = Base::new(inhabited(), Settings::built_in()).expect("a base");
    let run = run_one(&base, "", &with_noise(request(vec![1, 2, 3], None)));
    let shares = indicator(&run, "noise_lnight_50");
    assert!(shares.iter().any(|share| share != &shares[0]), "{shares:?}");
    assert_eq!(run.tables["noise_people"].row_count() % 30, 0, "three seeds, two indicators, five classes");
}

#[test]
fn quiet_asphalt_makes_its_street_quieter_and_no_place_louder() {
    let base = Base::new(inhabited(), Settings::built_in()).expect("a base");
    let asked = with_noise(request(vec![0], None));
    let paving = "[[paving]]\non = { street = [\"Ponte Vecchio\"] }\nsurface = \"thin_layer_b\"\n";
    let (quiet, plain) = (run_one(&base, paving, &asked), run_one(&base, "", &asked));
    assert_eq!(quiet.tables["links"].to_bytes(), plain.tables["links"].to_bytes(), "nobody drives otherwise");
    let levels = |run: &Run| run.tables["noise_facades"].column::<f64>("noise_facades", "lden_db").expect("levels");
    let (quiet, plain) = (levels(&quiet), levels(&plain));
    assert!(quiet.iter().zip(&plain).all(|(quiet, plain)| quiet <= plain));
    assert!(quiet.iter().zip(&plain).any(|(quiet, plain)| quiet < plain));
}

#[test]
fn noise_that_cannot_be_reckoned_says_what_it_needs() {
    let base = Base::new(inhabited(), Settings::built_in()).expect("a base");
    let told = |edits: &str, request: &Request| match run_all(&base, &[chain(edits)], request, &|| {}) {
        Ok(_) => panic!("this cannot be reckoned"),
        Err(error) => error.to_string(),
    };
    let morning = told("", &with_noise(request(vec![0], MORNING)));
    assert!(
        morning.contains("noise needs traffic of the whole day") && morning.contains("without --period"),
        "{morning}"
    );
    let deserted = run_all(&self::base(), &[chain("")], &with_noise(request(vec![0], None)), &|| {});
    let Err(deserted) = deserted else { panic!("there are no house numbers") };
    assert!(deserted.to_string().contains("noise needs house numbers"), "{deserted}");
    let paving = "[[paving]]\non = { street = [\"Ponte Vecchio\"] }\nsurface = \"velvet\"\n";
    let unknown = told(paving, &with_noise(request(vec![0], None)));
    assert!(
        unknown.starts_with("test.toml:6:11: there is no surface 'velvet'; the noise parameters know "),
        "{unknown}"
    );
}
