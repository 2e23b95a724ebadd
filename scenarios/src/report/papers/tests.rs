//! The papers as a whole, on a city of a few streets with three scenarios of long names.

use data::spreadsheet::Cell;
use data::table::Table;

use super::*;
use crate::comparison::Comparison;
use crate::report::tests::small;
use crate::words::Text;

/// What markup of Typst, HTML and formulas is made of.
const ODD: &str = "Via #panic() *A* $x$ \\ \"B\" <b> & _c_ `d` @e = +1";

/// The last run of each list so many times.
fn with_scenarios(scenarios: usize) -> Comparison {
    fn repeat<T: Clone>(list: &mut Vec<T>, runs: usize) {
        let last = list.last().expect("a run").clone();
        list.resize(runs, last);
    }
    let mut comparison = small();
    let runs = scenarios + 1;
    repeat(&mut comparison.runs, runs);
    repeat(&mut comparison.changed_streets, runs);
    for indicator in &mut comparison.indicators {
        repeat(&mut indicator.values, runs);
        repeat(&mut indicator.differences, runs);
        repeat(&mut indicator.resolutions, runs);
        repeat(&mut indicator.by_seed, runs);
    }
    for trips in comparison.zones.iter_mut().chain(&mut comparison.quarters).flat_map(|place| &mut place.classes) {
        repeat(&mut trips.trips_per_day, runs);
        repeat(&mut trips.parking_at_edge_per_day, runs);
        repeat(&mut trips.mean_duration_min, runs);
        repeat(&mut trips.duration_differences_min, runs);
    }
    for link in &mut comparison.links {
        repeat(&mut link.daily_vehicles, runs);
        repeat(&mut link.daily_differences, runs);
        repeat(&mut link.hourly_vehicles, runs);
        repeat(&mut link.hourly_differences, runs);
        repeat(&mut link.saturation, runs);
    }
    for observed in &mut comparison.observations {
        repeat(&mut observed.daily_vehicles, runs);
        repeat(&mut observed.daily_differences, runs);
    }
    for (number, run) in comparison.runs.iter_mut().enumerate().skip(1) {
        run.name = format!("a-scenario-with-a-very-long-name-{number}");
        let long =
            "Circonvallazione settentrionale con due rotatorie, corsie riservate e sosta regolata nei giorni feriali";
        run.title = Text::same(format!("{long} {number}"));
        run.description = Text::same(long.repeat(3));
    }
    comparison
}

fn content_of(kind: &str, comparison: &Comparison, language: Language) -> Value {
    let texts = Texts::new(language, comparison.is_whole_day);
    let atlas = Atlas::new(comparison, &texts).expect("streets");
    let mut pictures = Pictures::new(&atlas.definitions().into_string());
    match kind {
        "brief" => brief::content(comparison, &atlas, &texts, &mut pictures),
        _ => json!(pieces(&page::chapters(comparison, &atlas, &texts).into_string(), &mut pictures)),
    }
}

#[test]
fn the_two_pages_are_two_pages_however_long_the_names() {
    for scenarios in 1..=4 {
        let comparison = with_scenarios(scenarios);
        for language in [Language::It, Language::En] {
            let texts = Texts::new(language, true);
            let atlas = Atlas::new(&comparison, &texts).expect("streets");
            let typeset = brief(&comparison, &atlas, &texts).expect("two pages");
            assert_eq!(typeset.pages, BRIEF_PAGES, "{scenarios} scenarios, {language:?}");
        }
    }
}

#[test]
fn the_same_comparison_gives_the_same_bytes_and_each_language_its_own() {
    let comparison = with_scenarios(3);
    let of = |language| papers(&comparison, language).expect("papers");
    let (italian, english) = (of(Language::It), of(Language::En));
    assert_eq!(italian, of(Language::It));
    assert_eq!(italian.iter().map(|paper| paper.file).collect::<Vec<_>>(), FILES);
    for (it, en) in italian.iter().zip(&english) {
        assert_ne!(it.bytes, en.bytes, "{}", it.file);
    }
    assert!(italian[..2].iter().all(|paper| paper.bytes.starts_with(b"%PDF-")));
}

#[test]
fn odd_names_are_told_as_they_are() {
    let mut comparison = with_scenarios(2);
    for street in comparison.changed_streets.iter_mut().flatten() {
        street.name = Some(ODD.to_owned());
    }
    comparison.runs[1].title = Text::same(ODD);
    comparison.places[0].name = ODD.to_owned();
    for kind in ["brief", "report"] {
        let told = content_of(kind, &comparison, Language::En);
        let holds = |value: &Value| value.as_str().is_some_and(|text| text.contains(ODD));
        fn any(value: &Value, holds: &dyn Fn(&Value) -> bool) -> bool {
            match value {
                Value::Array(values) => values.iter().any(|value| any(value, holds)),
                Value::Object(values) => values.values().any(|value| any(value, holds)),
                other => holds(other),
            }
        }
        assert!(any(&told, &holds), "{kind}");
    }
    papers(&comparison, Language::It).expect("nothing of it is run");
}

#[test]
fn every_run_is_named_in_the_footer_or_counted() {
    let texts = Texts::new(Language::En, true);
    let few = with_scenarios(3);
    assert_eq!(footer(&few.runs, &texts).matches("aa11 · bb22").count(), 4);
    let many = with_scenarios(5);
    assert!(footer(&many.runs, &texts).starts_with("6 runs, all of them on the last page"));
}

#[test]
fn the_sheets_hold_the_comparison_s_numbers() {
    let comparison = with_scenarios(2);
    let texts = Texts::new(Language::En, true);
    let workbook = sheets::workbook(&comparison, &texts);
    for sheet in &workbook.sheets {
        assert!(sheet.name.chars().count() <= 31, "{}", sheet.name);
        assert!(sheet.rows.iter().all(|row| row.len() == sheet.heads.len()), "{}", sheet.name);
    }
    let indicators = &workbook.sheets[0];
    assert_eq!(indicators.rows.len(), comparison.indicators.len() * comparison.runs.len());
    let mut rows = indicators.rows.iter();
    for indicator in &comparison.indicators {
        for (run, row) in (0..comparison.runs.len()).zip(&mut rows) {
            let value = &indicator.values[run];
            assert_eq!(row[3], Cell::Number(value.value, indicator.decimals));
            assert_eq!(row[4], Cell::number(rows::low(value), indicator.decimals));
            let change = (run > 0).then_some(indicator.differences[run].value);
            assert_eq!(row[6], Cell::signed(change, indicator.decimals));
        }
    }
    data::spreadsheet::write(&workbook).expect("a workbook that the format allows");
    let italian = sheets::workbook(&comparison, &Texts::new(Language::It, true));
    data::spreadsheet::write(&italian).expect("a workbook that the format allows");
}

#[test]
fn the_rows_come_back_from_parquet_with_every_seed() {
    let comparison = with_scenarios(2);
    let texts = Texts::new(Language::It, true);
    let table = rows::table(&comparison, &texts);
    let csv = String::from_utf8(table.to_csv()).expect("text");
    assert_eq!(csv.lines().count(), 1 + comparison.indicators.len() * comparison.runs.len());
    assert!(csv.starts_with("run,scenario,indicator,pums_code,name_it,name_en,unit,value,low,high,difference,"));
    let bytes = rows::with_seeds(table, &comparison).to_bytes();
    let back = Table::from_bytes("indicators", &bytes).expect("a table");
    let values: Vec<f64> = back.column("indicators", "value").expect("a column");
    let expected = comparison.indicators.iter().flat_map(|indicator| indicator.values.iter().map(|value| value.value));
    assert_eq!(values, expected.collect::<Vec<_>>());
    let of_seed: Vec<f64> = back.column("indicators", "value_seed_20").expect("a column");
    let expected = comparison.indicators.iter().flat_map(|indicator| indicator.by_seed.iter().map(|values| values[19]));
    assert_eq!(of_seed, expected.collect::<Vec<_>>());
    let words: Vec<&str> = back.column("indicators", "verdict").expect("a column");
    assert_eq!(words[..2], ["", "in più, oltre il suo intervallo"]);
}
