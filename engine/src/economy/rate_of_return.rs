//! The internal rate of return: the discount rate at which a cash flow is worth nothing.
//!
//! There may be none, and where a flow changes its sign more than once there may be several, of which none is better than
//! another; both are outcomes here and not numbers. Rates are looked for from −99 % to +1,000 % a year. The rates at which the
//! value changes its sign are found on a fine grid of ln(1 + r) and settled by bisection; a rate at which it only touches zero is
//! found where its distance from zero is least. Left out: rates that lie closer together than the grid, about a tenth of a
//! per cent.

use super::cash_flow::CashFlow;

/// Lowest rate looked at.
const RATE_MIN: f64 = -0.99;
/// Highest rate looked at.
const RATE_MAX: f64 = 10.0;
/// Parts of the grid.
const PARTS: usize = 7_000;
/// Halvings that leave nothing of a part of the grid.
const HALVINGS: usize = 60;
/// How near to zero counts as touching it, against the sum of the sizes of all present values.
const TOUCH: f64 = 1e-12;

/// Internal rates of return of a cash flow, as shares a year.
#[derive(Clone, Debug, PartialEq)]
pub enum RateOfReturn {
    /// One.
    Unique(f64),
    /// None between −99 % and 1,000 %: all is gained, all is lost, or more is lost than comes back.
    None,
    /// Several, in rising order: the flow changes its sign more than once, and the net present value must decide.
    Several(Vec<f64>),
}

/// The internal rates of return of a flow.
#[must_use]
pub fn rate_of_return(flow: &CashFlow) -> RateOfReturn {
    let amounts = &flow.amounts_eur;
    let has = |sign: f64| amounts.iter().any(|amount| amount * sign > 0.0);
    if !(has(1.0) && has(-1.0)) {
        return RateOfReturn::None;
    }
    let mut rates = roots(amounts);
    match rates.len() {
        0 => RateOfReturn::None,
        1 => RateOfReturn::Unique(rates.remove(0)),
        _ => RateOfReturn::Several(rates),
    }
}

/// Value at ln(1 + r), and the sum of the sizes of its parts.
fn value(amounts: &[f64], log_growth: f64) -> (f64, f64) {
    let factor = libm::exp(-log_growth);
    // Horner's rule from the last year on; both sums together.
    amounts.iter().rev().fold((0.0, 0.0), |(sum, size), amount| (sum * factor + amount, size * factor + amount.abs()))
}

fn roots(amounts: &[f64]) -> Vec<f64> {
    let (low, high) = (libm::log1p(RATE_MIN), libm::log1p(RATE_MAX));
    let at = |part: usize| low + (high - low) * part as f64 / PARTS as f64;
    let grid: Vec<(f64, f64)> = (0..=PARTS).map(|part| value(amounts, at(part))).collect();
    let mut found = Vec::new();
    for part in 0..=PARTS {
        let (here, size) = grid[part];
        if here == 0.0 {
            found.push(at(part));
        } else if part < PARTS && here * grid[part + 1].0 < 0.0 {
            found.push(bisected(amounts, at(part), at(part + 1)));
        } else if (1..PARTS).contains(&part) && is_turning(grid[part - 1].0, here, grid[part + 1].0) {
            let nearest = nearest_to_zero(amounts, at(part - 1), at(part + 1));
            if value(amounts, nearest).0.abs() <= TOUCH * size {
                found.push(nearest);
            }
        }
    }
    found.into_iter().map(libm::expm1).collect()
}

/// Whether a value is nearer to zero than both beside it, all of one sign.
fn is_turning(before: f64, here: f64, after: f64) -> bool {
    before * here > 0.0 && here * after > 0.0 && here.abs() <= before.abs() && here.abs() <= after.abs()
}

fn bisected(amounts: &[f64], mut low: f64, mut high: f64) -> f64 {
    let sign = value(amounts, low).0;
    for _ in 0..HALVINGS {
        let middle = 0.5 * (low + high);
        if value(amounts, middle).0 * sign > 0.0 {
            low = middle;
        } else {
            high = middle;
        }
    }
    0.5 * (low + high)
}

/// Golden section on the distance from zero.
fn nearest_to_zero(amounts: &[f64], mut low: f64, mut high: f64) -> f64 {
    const GOLDEN: f64 = 0.618_033_988_749_894_8;
    let distance = |at: f64| value(amounts, at).0.abs();
    for _ in 0..HALVINGS {
        let (left, right) = (high - GOLDEN * (high - low), low + GOLDEN * (high - low));
        if distance(left) <= distance(right) {
            high = right;
        } else {
            low = left;
        }
    }
    0.5 * (low + high)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::cash_flow::tests::toy;
    use super::*;

    fn of(amounts: &[f64]) -> RateOfReturn {
        rate_of_return(&CashFlow { first_year: 2030, amounts_eur: amounts.to_vec() })
    }

    #[test]
    fn the_toy_case_returns_7_061668_per_cent() {
        let RateOfReturn::Unique(rate) = rate_of_return(&toy()) else { panic!("one rate") };
        assert!((rate / 0.070_616_68 - 1.0).abs() < 1e-6, "{rate}");
    }

    #[test]
    fn what_only_costs_or_only_gains_has_no_rate() {
        assert_eq!(of(&[-100.0, -5.0]), RateOfReturn::None);
        assert_eq!(of(&[100.0, 5.0]), RateOfReturn::None);
        assert_eq!(of(&[]), RateOfReturn::None);
        // Gains before and after a loss that is too small to make the whole worth nothing at any rate.
        assert_eq!(of(&[100.0, -50.0, 100.0]), RateOfReturn::None);
    }

    /// −100, +230, −132 is −100 (1 − 1.1 x)(1 − 1.2 x): 10 % and 20 %.
    #[test]
    fn two_rates_are_both_told() {
        let RateOfReturn::Several(rates) = of(&[-100.0, 230.0, -132.0]) else { panic!("two rates") };
        assert_eq!(rates.len(), 2);
        assert!((rates[0] - 0.1).abs() < 1e-9 && (rates[1] - 0.2).abs() < 1e-9, "{rates:?}");
    }

    /// −100, +220, −121 is −100 (1 − 1.1 x)²: zero is touched at 10 % and not crossed.
    #[test]
    fn a_rate_that_only_touches_zero_is_found() {
        let RateOfReturn::Unique(rate) = of(&[-100.0, 220.0, -121.0]) else { panic!("one rate") };
        assert!((rate - 0.1).abs() < 1e-6, "{rate}");
    }

    #[test]
    fn a_loss_has_a_negative_rate() {
        let RateOfReturn::Unique(rate) = of(&[-100.0, 50.0]) else { panic!("one rate") };
        assert!((rate + 0.5).abs() < 1e-12);
    }

    proptest! {
        #[test]
        fn an_investment_followed_by_gains_has_the_one_rate_at_which_it_is_worth_nothing(
            gains in prop::collection::vec(1.0..1e5_f64, 1..60),
            share in 0.2..3.0_f64,
        ) {
            let invested = share * gains.iter().sum::<f64>() / 2.0;
            let mut amounts = vec![-invested];
            amounts.extend(gains);
            let RateOfReturn::Unique(rate) = of(&amounts) else { panic!("one rate of {amounts:?}") };
            let worth: f64 =
                amounts.iter().enumerate().map(|(year, amount)| amount * libm::pow(1.0 + rate, -(year as f64))).sum();
            prop_assert!(worth.abs() <= 1e-6 * invested, "{} at {}", worth, rate);
        }
    }
}
