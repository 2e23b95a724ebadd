//! A comparison as a terminal shows it and as a program reads it.

use std::collections::BTreeMap;

use scenarios::comparison::{ChangedStreet, ComparedAppraisal, Comparison, Indicator};
use scenarios::estimate::Estimate;
use scenarios::verdict::Verdict;
use scenarios::words::Language;
use serde::Serialize;

/// What `compare --json` and `demo --json` print.
#[derive(Serialize)]
pub(super) struct Told {
    report: Option<String>,
    /// The folder of the papers.
    papers: Option<String>,
    seeds: Vec<u64>,
    runs: BTreeMap<String, String>,
    warnings: Vec<String>,
    indicators: Vec<ToldIndicator>,
    /// Costs and benefits by scenario, where the runs tell what it takes.
    appraisals: BTreeMap<String, ComparedAppraisal>,
    /// By scenario, largest change first.
    changed_streets: BTreeMap<String, Vec<ToldStreet>>,
}

#[derive(Serialize)]
struct ToldIndicator {
    id: String,
    name: String,
    unit: String,
    formula: String,
    base: Value,
    scenarios: BTreeMap<String, Change>,
}

/// A section of a street, in vehicles over the hours that the runs cover, both directions.
#[derive(Serialize)]
struct ToldStreet {
    street: Option<String>,
    from: Option<String>,
    to: Option<String>,
    links: Vec<String>,
    base: Value,
    #[serde(flatten)]
    change: Change,
}

#[derive(Serialize)]
struct Value {
    value: f64,
    low: Option<f64>,
    high: Option<f64>,
}

#[derive(Serialize)]
struct Change {
    #[serde(flatten)]
    value: Value,
    difference: f64,
    difference_low: Option<f64>,
    difference_high: Option<f64>,
    verdict: Verdict,
}

impl From<Estimate> for Value {
    fn from(estimate: Estimate) -> Self {
        let interval = estimate.interval;
        Self { value: estimate.value, low: interval.map(|i| i.low), high: interval.map(|i| i.high) }
    }
}

impl Change {
    fn new(after: Estimate, difference: Estimate, resolution: f64) -> Self {
        Self {
            value: after.into(),
            difference: difference.value,
            difference_low: difference.interval.map(|i| i.low),
            difference_high: difference.interval.map(|i| i.high),
            verdict: Verdict::of(&difference, resolution),
        }
    }
}

impl Told {
    pub(super) fn new(
        [report, papers]: [Option<String>; 2],
        comparison: &Comparison,
        language: Language,
        warnings: Vec<String>,
    ) -> Self {
        let scenarios = || comparison.runs.iter().enumerate().skip(1);
        let indicators = comparison.indicators.iter().map(|indicator| {
            let change =
                |run: usize| Change::new(indicator.values[run], indicator.differences[run], indicator.resolutions[run]);
            ToldIndicator {
                id: indicator.id.clone(),
                name: indicator.name.get(language).to_owned(),
                unit: indicator.unit.get(language).to_owned(),
                formula: indicator.formula.get(language).to_owned(),
                base: indicator.values[0].into(),
                scenarios: scenarios().map(|(run, scenario)| (scenario.name.clone(), change(run))).collect(),
            }
        });
        let streets = |run: usize| -> Vec<ToldStreet> {
            let told = told_streets(comparison, run).map(|street| ToldStreet {
                street: street.name.clone(),
                from: street.at.from.clone(),
                to: street.at.to.clone(),
                links: street.links.iter().map(|&link| comparison.links[link].key.to_string()).collect(),
                base: street.vehicles.before.into(),
                change: Change::new(street.vehicles.after, street.vehicles.difference, comparison.flow_resolution()),
            });
            told.collect()
        };
        Self {
            report,
            papers,
            seeds: comparison.seeds.clone(),
            runs: comparison.runs.iter().map(|run| (run.name.clone(), run.run_id.clone())).collect(),
            warnings,
            indicators: indicators.collect(),
            appraisals: scenarios()
                .filter_map(|(run, scenario)| Some((scenario.name.clone(), comparison.appraisals.get(run)?.clone()?)))
                .collect(),
            changed_streets: scenarios().map(|(run, scenario)| (scenario.name.clone(), streets(run))).collect(),
        }
    }
}

/// The streets whose flow changes by more than is told apart from nothing.
fn told_streets(comparison: &Comparison, run: usize) -> impl Iterator<Item = &ChangedStreet> {
    let resolution = comparison.flow_resolution();
    comparison.changed_streets[run]
        .iter()
        .filter(move |street| Verdict::of(&street.vehicles.difference, resolution).is_told())
}

/// Indicators side by side and the streets that change most, for a terminal.
pub(super) fn table(comparison: &Comparison, language: Language) -> String {
    let (unchanged, changing): (Vec<&Indicator>, Vec<&Indicator>) =
        comparison.indicators.iter().partition(|indicator| is_unchanged(indicator));
    let mut lines: Vec<String> = Vec::new();
    for indicator in changing {
        let decimals = usize::from(indicator.decimals);
        let base = indicator.values[0].value;
        lines.push(format!("{} ({}): {base:.decimals$}", indicator.name.get(language), indicator.unit.get(language)));
        for (run, scenario) in comparison.runs.iter().enumerate().skip(1) {
            let told = difference(indicator, run, language);
            lines.push(format!("    {:<24} {told}", scenario.name));
        }
    }
    if !unchanged.is_empty() {
        lines.push(say(UNCHANGED, language).to_owned());
        lines.extend(unchanged.into_iter().map(|indicator| {
            let decimals = usize::from(indicator.decimals);
            let (name, unit) = (indicator.name.get(language), indicator.unit.get(language));
            format!("    {name} ({unit}): {:.decimals$}", indicator.values[0].value)
        }));
    }
    for (run, scenario) in comparison.runs.iter().enumerate().skip(1) {
        let streets: Vec<String> = told_streets(comparison, run).map(|street| line(street, language)).collect();
        if !streets.is_empty() {
            let title = if comparison.is_whole_day { STREETS_OF_DAY } else { STREETS_OF_PERIOD };
            lines.push(format!("{} {}", scenario.name, say(title, language)));
            lines.extend(streets);
        }
    }
    lines.join("\n")
}

/// Whether an indicator is the same in every run and seed, or differs by less than the equilibria resolve.
fn is_unchanged(indicator: &Indicator) -> bool {
    let mut differences = indicator.differences.iter().zip(&indicator.resolutions).skip(1);
    differences.all(|(difference, &resolution)| {
        matches!(Verdict::of(difference, resolution), Verdict::Unchanged | Verdict::Unresolved)
    })
}

fn difference(indicator: &Indicator, run: usize, language: Language) -> String {
    let decimals = usize::from(indicator.decimals);
    let Estimate { value, interval } = indicator.differences[run];
    let range = interval.map_or(String::new(), |i| format!(" ({:+.decimals$} … {:+.decimals$})", i.low, i.high));
    match Verdict::of(&indicator.differences[run], indicator.resolutions[run]) {
        Verdict::Unchanged | Verdict::Unresolved => "=".to_owned(),
        Verdict::Indistinct => format!("{value:+.decimals$}{range} {}", say(INDISTINCT, language)),
        Verdict::Grows | Verdict::Falls | Verdict::WithoutInterval => format!("{value:+.decimals$}{range}"),
    }
}

fn line(street: &ChangedStreet, language: Language) -> String {
    let name = street.name.as_deref().unwrap_or_else(|| say(UNNAMED, language));
    let at = match (&street.at.from, &street.at.to) {
        (Some(from), Some(to)) => format!(" ({from} – {to})"),
        (Some(end), None) | (None, Some(end)) => format!(" ({end})"),
        (None, None) => String::new(),
    };
    let (before, after, difference) = (street.vehicles.before, street.vehicles.after, street.vehicles.difference);
    let range = difference.interval.map_or(String::new(), |i| format!(" ({:+.0} … {:+.0})", i.low, i.high));
    format!("    {name}{at}: {:.0} → {:.0}, {:+.0}{range}", before.value, after.value, difference.value)
}

/// Words of the table, in Italian and in English.
type Words = [&'static str; 2];

const UNCHANGED: Words = ["Invariati in tutti gli scenari:", "The same in every scenario:"];
const INDISTINCT: Words = ["non si distingue dal caso", "not told from chance"];
const UNNAMED: Words = ["strada senza nome", "unnamed street"];
const STREETS_OF_DAY: Words =
    ["– strade che cambiano di più, veicoli al giorno:", "– streets that change most, vehicles a day:"];
const STREETS_OF_PERIOD: Words =
    ["– strade che cambiano di più, veicoli nella fascia:", "– streets that change most, vehicles in the period:"];

fn say(words: Words, language: Language) -> &'static str {
    match language {
        Language::It => words[0],
        Language::En => words[1],
    }
}
