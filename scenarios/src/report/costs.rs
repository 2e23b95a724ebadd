//! What each scenario costs and what it is worth: the net present value and what it is made of, who gains and who pays, what it
//! hangs on, the bill of the works, and what is missing.

use maud::{Markup, html};

use super::claim;
use super::scenarios;
use super::texts::Texts;
use crate::comparison::{AppraisalGap, ComparedAppraisal, ComparedWorks, Comparison, NamedAmount, Swing};
use crate::estimate::Estimate;

const EUR_PER_MILLION: f64 = 1e6;
/// Groups of people that are told by name; the others are those that gain and pay least.
const GROUPS: usize = 8;
/// Decimals of millions of euro.
const DECIMALS: u8 = 2;

/// The chapter; nothing where no scenario is appraised.
pub(super) fn chapter(comparison: &Comparison, texts: &Texts) -> Markup {
    if !is_told(comparison) {
        return html! {};
    }
    let told =
        scenarios(comparison).filter_map(|(run, scenario)| Some((scenario, comparison.appraisals.get(run)?.as_ref()?)));
    html! {
        section #costs.chapter {
            h2 { (texts.say("costs-title")) }
            p.lead { (texts.say("costs-lead")) }
            @for (scenario, appraisal) in told {
                h3 { (texts.of(&scenario.title)) }
                p { (sentence(appraisal, comparison.seeds.len(), texts)) }
                (gaps(appraisal, texts))
                (amounts(&appraisal.accounts, ("costs-accounts", "column-account"), &|name| account(name, texts), texts))
                (groups(comparison, appraisal, texts))
                @if !appraisal.swings.is_empty() { (swings(appraisal, texts)) }
                @for works in &appraisal.works { (bill(works, texts)) }
            }
        }
    }
}

/// Whether there is anything to tell.
pub(super) fn is_told(comparison: &Comparison) -> bool {
    comparison.appraisals.iter().any(Option::is_some)
}

fn millions(estimate: &Estimate) -> Estimate {
    estimate.map(|eur| eur / EUR_PER_MILLION)
}

/// The net present value in a sentence, careful where it may lie on either side of zero.
fn sentence(appraisal: &ComparedAppraisal, seed_count: usize, texts: &Texts) -> String {
    let numbers = texts.numbers;
    let value = claim::value(texts, &millions(&appraisal.npv_eur), DECIMALS);
    let [first, last, prices] =
        [appraisal.first_year, appraisal.last_year, appraisal.price_year].map(|year| year.to_string());
    let rate = numbers.decimal(appraisal.discount_rate * 100.0, 1);
    let npv = texts.fill(
        "costs-npv",
        &[
            ("value", (&value).into()),
            ("first", (&first).into()),
            ("last", (&last).into()),
            ("rate", (&rate).into()),
            ("prices", (&prices).into()),
        ],
    );
    let mut told = vec![npv];
    if seed_count > 1 {
        let share = numbers.whole(appraisal.positive_share * 100.0);
        told.push(texts.fill("costs-positive", &[("share", (&share).into())]));
    }
    if let Some(ratio) = appraisal.benefit_cost_ratio {
        let ratio = numbers.decimal(ratio, 2);
        told.push(texts.fill("costs-ratio", &[("ratio", (&ratio).into())]));
    }
    if let Some(rate) = appraisal.rate_of_return {
        let rate = numbers.decimal(rate * 100.0, 1);
        told.push(texts.fill("costs-return", &[("rate", (&rate).into())]));
    }
    if let Some(year) = appraisal.payback_year {
        let year = year.to_string();
        told.push(texts.fill("costs-payback", &[("year", (&year).into())]));
    }
    told.join(" ")
}

fn gaps(appraisal: &ComparedAppraisal, texts: &Texts) -> Markup {
    let told = |gap: &AppraisalGap| {
        texts.say(match gap {
            AppraisalGap::Crashes => "costs-without-crashes",
            AppraisalGap::Noise => "costs-without-noise",
            AppraisalGap::Works => "costs-without-works",
        })
    };
    html! {
        @if !appraisal.gaps.is_empty() {
            p.nothing { (appraisal.gaps.iter().map(told).collect::<Vec<_>>().join(" ")) }
        }
    }
}

/// Present values by name, largest first, whether gained or lost; without those that are nothing.
fn amounts(
    amounts: &[NamedAmount],
    (caption, column): (&str, &str),
    name: &dyn Fn(&str) -> String,
    texts: &Texts,
) -> Markup {
    let mut told: Vec<&NamedAmount> = amounts.iter().filter(|amount| amount.present_eur.value != 0.0).collect();
    told.sort_by(|a, b| b.present_eur.value.abs().total_cmp(&a.present_eur.value.abs()).then(a.name.cmp(&b.name)));
    html! {
        div.scroll role="region" tabindex="0" aria-label=(texts.say(caption)) {
            table.indicators {
                caption { (texts.say(caption)) }
                thead {
                    tr {
                        th scope="col" { (texts.say(column)) }
                        th.number scope="col" { (texts.say("column-present-value")) }
                    }
                }
                tbody {
                    @for amount in told {
                        tr {
                            th scope="row" { (name(&amount.name)) }
                            td.number { (claim::signed(texts, &millions(&amount.present_eur), DECIMALS)) " "
                                small { (claim::interval(texts, &millions(&amount.present_eur), DECIMALS)) } }
                        }
                    }
                }
            }
        }
    }
}

/// Who gains and who pays: the groups with most at stake.
fn groups(comparison: &Comparison, appraisal: &ComparedAppraisal, texts: &Texts) -> Markup {
    let mut most = appraisal.groups.clone();
    most.sort_by(|a, b| b.present_eur.value.abs().total_cmp(&a.present_eur.value.abs()).then(a.name.cmp(&b.name)));
    most.truncate(GROUPS);
    amounts(&most, ("costs-groups", "column-group"), &|name| group(comparison, name, texts), texts)
}

fn group(comparison: &Comparison, name: &str, texts: &Texts) -> String {
    match name {
        "municipality" => texts.say("group-municipality"),
        "everybody" => texts.say("group-everybody"),
        "gates" => texts.say("group-gates"),
        "no_quarter" => texts.say("group-no-quarter"),
        key => {
            let quarter = comparison
                .quarters
                .iter()
                .find(|quarter| quarter.key.as_ref().is_some_and(|known| known.as_str() == key) || quarter.name == key);
            quarter.map_or_else(|| key.to_owned(), |quarter| texts.place(&quarter.name))
        }
    }
}

fn account(name: &str, texts: &Texts) -> String {
    texts.say(match name {
        "investment" => "account-investment",
        "maintenance" => "account-maintenance",
        "operation" => "account-operation",
        "revenue" => "account-revenue",
        "residual" => "account-residual",
        "time" => "account-time",
        "operating" => "account-operating",
        "charges" => "account-charges",
        "climate" => "account-climate",
        "noise" => "account-noise",
        "crashes" => "account-crashes",
        pollutant => {
            let pollutant = pollutant.trim_start_matches("air ");
            return texts.fill("account-air", &[("pollutant", pollutant.into())]);
        }
    })
}

/// What the net present value hangs on, one parameter at a time.
fn swings(appraisal: &ComparedAppraisal, texts: &Texts) -> Markup {
    let value = |eur: f64| texts.numbers.signed(eur / EUR_PER_MILLION, DECIMALS);
    html! {
        div.scroll role="region" tabindex="0" aria-label=(texts.say("costs-swings")) {
            table.indicators {
                caption { (texts.say("costs-swings")) }
                thead {
                    tr {
                        th scope="col" { (texts.say("column-parameter")) }
                        th.number scope="col" { (texts.say("column-npv-low")) }
                        th.number scope="col" { (texts.say("column-npv-high")) }
                    }
                }
                tbody {
                    @for swing in &appraisal.swings {
                        tr {
                            th scope="row" { (parameter(swing, texts)) }
                            td.number { (value(swing.npv_low_eur)) }
                            td.number { (value(swing.npv_high_eur)) }
                        }
                    }
                }
            }
        }
    }
}

fn parameter(swing: &Swing, texts: &Texts) -> String {
    let class = |class: &str| {
        texts.say(match class {
            "van" => "class-van",
            "heavy_vehicle" => "class-heavy-vehicle",
            "motorcycle" => "class-motorcycle",
            _ => "class-car",
        })
    };
    let name = swing.parameter.as_str();
    if let Some(of) = name.strip_prefix("time of ") {
        return texts.fill("parameter-time", &[("class", (&class(of)).into())]);
    }
    if let Some(of) = name.strip_prefix("operating cost of ") {
        return texts.fill("parameter-operating", &[("class", (&class(of)).into())]);
    }
    if let Some(pollutant) = name.strip_prefix("cost of ") {
        return texts.fill("parameter-air", &[("pollutant", pollutant.into())]);
    }
    texts.say(match name {
        "growth of the value of time" => "parameter-growth",
        "level of the carbon price" => "parameter-carbon",
        "level of noise costs" => "parameter-noise",
        _ => "parameter-crashes",
    })
}

/// The bill of quantities.
fn bill(works: &ComparedWorks, texts: &Texts) -> Markup {
    let numbers = texts.numbers;
    let years = works.years.iter().map(|(year, _)| year.to_string()).collect::<Vec<_>>().join(", ");
    let caption = texts.fill("costs-bill", &[("works", texts.of(&works.name).into()), ("years", (&years).into())]);
    let sums = [
        ("bill-contingency", works.contingency_eur),
        ("bill-engineering", works.engineering_eur),
        ("bill-net", works.net_eur),
        ("bill-vat", works.vat_eur),
        ("bill-gross", works.gross_eur),
    ];
    html! {
        div.scroll role="region" tabindex="0" aria-label=(caption) {
            table.indicators {
                caption { (caption) }
                thead {
                    tr {
                        th scope="col" { (texts.say("column-item")) }
                        th.number scope="col" { (texts.say("column-quantity")) }
                        th.number scope="col" { (texts.say("column-unit-price")) }
                        th.number scope="col" { (texts.say("column-amount")) }
                        th scope="col" { (texts.say("column-price-source")) }
                    }
                }
                tbody {
                    @for line in &works.lines {
                        tr {
                            th scope="row" { (line.description) }
                            td.number { (numbers.decimal(line.quantity, 1)) " " (unit(&line.unit, texts)) }
                            td.number { (numbers.decimal(line.unit_price_eur, 2)) }
                            td.number { (numbers.whole(line.net_eur)) }
                            td { (line.source) ", " (line.price_year.to_string()) }
                        }
                    }
                    @for (id, eur) in sums {
                        tr {
                            th scope="row" { (texts.say(id)) }
                            td {} td {}
                            td.number { (numbers.whole(eur)) }
                            td {}
                        }
                    }
                }
            }
        }
    }
}

fn unit(unit: &str, texts: &Texts) -> String {
    match unit {
        "m2" => "m²".to_owned(),
        "m3" => "m³".to_owned(),
        "each" => texts.say("unit-each"),
        other => other.to_owned(),
    }
}
