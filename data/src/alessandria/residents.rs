//! Who lives where: the residents of 2024 spread over quarters and house numbers.
//!
//! The registry of 2016 gives the quarters of the city and three suburbs; of the other suburbs only the nucleus is known
//! (GeoNames), and all suburbs together. Each of these gets its nucleus, and what is missing to the total of the suburbs is shared by house
//! numbers. The shares of 2016 are applied to the total of 2024. Within a quarter every house number
//! counts alike, for nothing finer is open. People are counted in 1/1024ths, so that sums are exact in any order.

use std::collections::BTreeMap;

use super::RecipeError;
use super::open_data::{HouseNumber, QuarterLine};
use super::parameters::ResidentFigures;

/// The part of a person that residents are counted in. A power of two: sums of such parts are exact.
const PARTS_PER_PERSON: f64 = 1024.0;

/// The two suburbs whose nucleus is only known for both together.
const TOGETHER: [&str; 2] = ["Litta Parodi", "Cascinagrossa"];

/// Residents of every house number, in the order given; they sum to the total exactly.
pub(super) fn by_house_number(
    houses: &[HouseNumber],
    quarters: &[QuarterLine],
    figures: &ResidentFigures,
) -> Result<Vec<f64>, RecipeError> {
    let mut counts: BTreeMap<&str, f64> = BTreeMap::new();
    for house in houses {
        *counts.entry(&house.quarter).or_default() += 1.0;
    }
    let of_2016 = quarters_2016(&counts, quarters, figures)?;
    let sum_2016: f64 = of_2016.values().sum();
    let weights: Vec<f64> = houses
        .iter()
        .map(|house| of_2016[house.quarter.as_str()] / sum_2016 / counts[house.quarter.as_str()])
        .collect();
    Ok(apportioned(figures.total.value, &weights))
}

/// Residents of the quarters that have house numbers, as of 2016.
fn quarters_2016<'a>(
    counts: &BTreeMap<&'a str, f64>,
    quarters: &[QuarterLine],
    figures: &ResidentFigures,
) -> Result<BTreeMap<&'a str, f64>, RecipeError> {
    let together: f64 = TOGETHER.iter().filter_map(|name| counts.get(name)).sum();
    let mut nuclei: BTreeMap<&str, f64> = BTreeMap::new();
    let mut known: BTreeMap<&str, f64> = BTreeMap::new();
    for (&name, &count) in counts {
        let line = quarters.iter().find(|line| line.name == name);
        if let Some(residents) = line.and_then(|line| line.pop_anagrafe_2016) {
            known.insert(name, residents);
        } else if let Some(nucleus) = line.and_then(|line| line.pop_geonames_nucleus) {
            nuclei.insert(name, nucleus);
        } else if TOGETHER.contains(&name) {
            nuclei.insert(name, figures.litta_parodi_cascinagrossa_nucleus.value * count / together);
        } else {
            return Err(RecipeError::Recipe {
                file: "parameters.toml",
                wrong: format!("no residents are known for the quarter '{name}'"),
            });
        }
    }
    let known_suburbs: f64 = SUBURBS_OF_2016.iter().filter_map(|name| known.get(name)).sum();
    let outside_nuclei = figures.suburbs_2016.value - known_suburbs - nuclei.values().sum::<f64>();
    let houses: f64 = nuclei.keys().map(|name| counts[name]).sum();
    if outside_nuclei < 0.0 {
        return Err(RecipeError::Recipe {
            file: "parameters.toml",
            wrong: "suburbs_2016 is less than the suburbs that are known".to_owned(),
        });
    }
    for (name, nucleus) in nuclei {
        known.insert(name, nucleus + outside_nuclei * counts[name] / houses);
    }
    Ok(counts.keys().map(|&name| (name, known[name])).collect())
}

/// The suburbs that the registry of 2016 names.
const SUBURBS_OF_2016: [&str; 3] = ["Spinetta Marengo", "Valmadonna", "San Michele"];

/// Splits a whole number of people by weights that sum to 1, in 1/1024ths of a person: each gets its share rounded
/// down, and what is left goes one part each to those with the largest remainders (the first of equals).
fn apportioned(total: f64, weights: &[f64]) -> Vec<f64> {
    let exact: Vec<f64> = weights.iter().map(|weight| total * PARTS_PER_PERSON * weight).collect();
    let mut parts: Vec<f64> = exact.iter().map(|share| share.floor()).collect();
    let mut missing = total * PARTS_PER_PERSON - parts.iter().sum::<f64>();
    let mut order: Vec<usize> = (0..weights.len()).collect();
    order.sort_by(|&a, &b| (exact[b] - parts[b]).total_cmp(&(exact[a] - parts[a])).then(a.cmp(&b)));
    for &index in &order {
        if missing < 1.0 {
            break;
        }
        parts[index] += 1.0;
        missing -= 1.0;
    }
    parts.iter().map(|part| part / PARTS_PER_PERSON).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_are_split_without_loss_whatever_the_weights() {
        for weights in [vec![1.0 / 3.0; 3], vec![0.7, 0.2, 0.1], vec![1.0], vec![1.0 / 26_160.0; 26_160]] {
            let people = apportioned(91_980.0, &weights);
            let forwards: f64 = people.iter().sum();
            let backwards: f64 = people.iter().rev().sum();
            assert_eq!((forwards, backwards), (91_980.0, 91_980.0));
            for (people, weight) in people.iter().zip(&weights) {
                assert!((people - 91_980.0 * weight).abs() < 2.0 / PARTS_PER_PERSON);
            }
        }
    }
}
