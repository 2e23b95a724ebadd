//! Amounts by year: their present value, and when they have paid back.
//!
//! Discounting by whole years, at the end of each, as in the European Commission's *Guide to Cost-Benefit Analysis of Investment
//! Projects* (2014), annex I. Rates are real: amounts are in prices of one year.

/// A yearly discount rate, 0 to 20 %.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub struct DiscountRate(f64);

/// A rate outside what anybody discounts by.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
#[error("the discount rate is {rate}; give a share a year between 0 and 0.2, such as 0.03 for 3 %")]
pub struct DiscountRateFault {
    /// What it is.
    pub rate: f64,
}

impl DiscountRate {
    /// The highest rate that is taken.
    pub const MAX: f64 = 0.2;

    /// A rate as a share a year, such as 0.03.
    ///
    /// # Errors
    /// Where it is below 0 or above 20 %.
    pub fn new(rate: f64) -> Result<Self, DiscountRateFault> {
        if (0.0..=Self::MAX).contains(&rate) { Ok(Self(rate)) } else { Err(DiscountRateFault { rate }) }
    }

    /// As a share a year.
    #[must_use]
    pub fn value(self) -> f64 {
        self.0
    }

    /// What an amount of one year is worth in another.
    #[must_use]
    pub fn factor(self, year: i32, base_year: i32) -> f64 {
        libm::pow(1.0 + self.0, f64::from(base_year) - f64::from(year))
    }
}

/// Amounts of consecutive years; gains positive, costs negative.
#[derive(Clone, Debug, PartialEq)]
pub struct CashFlow {
    /// The first year.
    pub first_year: i32,
    /// Amounts of it and the years that follow.
    pub amounts_eur: Vec<f64>,
}

impl CashFlow {
    /// From amounts with their years, in any order; those of one year are added up in the order given. Every year between the first
    /// and the last is kept: they must not lie more than a few centuries apart.
    #[must_use]
    pub fn new(amounts: &[(i32, f64)]) -> Self {
        let first_year = amounts.iter().map(|&(year, _)| year).min().unwrap_or(0);
        let last_year = amounts.iter().map(|&(year, _)| year).max();
        let count = last_year.map_or(0, |last_year| last_year.abs_diff(first_year) as usize + 1);
        let mut amounts_eur = vec![0.0; count];
        for &(year, amount_eur) in amounts {
            amounts_eur[year.abs_diff(first_year) as usize] += amount_eur;
        }
        Self { first_year, amounts_eur }
    }

    /// Years with their amounts.
    pub fn years(&self) -> impl Iterator<Item = (i32, f64)> {
        (self.first_year..).zip(self.amounts_eur.iter().copied())
    }

    /// Present value in a base year.
    #[must_use]
    pub fn present_eur(&self, rate: DiscountRate, base_year: i32) -> f64 {
        self.years().map(|(year, amount_eur)| amount_eur * rate.factor(year, base_year)).sum()
    }

    /// The first year from which on the sum of everything until then is not negative any more; none if that never happens. With a
    /// rate, amounts are discounted first.
    #[must_use]
    pub fn payback_year(&self, rate: Option<DiscountRate>) -> Option<i32> {
        let (mut sum, mut since) = (0.0, None);
        for (year, amount_eur) in self.years() {
            sum += amount_eur * rate.map_or(1.0, |rate| rate.factor(year, self.first_year));
            if sum < 0.0 {
                since = None;
            } else if since.is_none() {
                since = Some(year);
            }
        }
        since
    }
}

/// What was invested and comes back in equal amounts over a life, as far as it is not used up: the residual value at the end of
/// the years that count, of works of which `used_years` of `life_years` have passed.
#[must_use]
pub fn straight_line_residual_eur(investment_eur: f64, life_years: f64, used_years: f64) -> f64 {
    if life_years > 0.0 { investment_eur * (1.0 - used_years / life_years).max(0.0) } else { 0.0 }
}

#[cfg(test)]
pub(super) mod tests {
    use proptest::prelude::*;

    use super::*;

    /// 1,000,000 in year 0, 90,000 back for 20 years, 200,000 left at the end. Present values were computed apart.
    pub(in crate::economy) fn toy() -> CashFlow {
        let mut amounts: Vec<(i32, f64)> = (2031..=2050).map(|year| (year, 90_000.0)).collect();
        amounts.extend([(2030, -1_000_000.0), (2050, 200_000.0)]);
        CashFlow::new(&amounts)
    }

    #[test]
    fn present_values_of_the_toy_case_are_as_published() {
        let at = |rate| toy().present_eur(DiscountRate::new(rate).unwrap(), 2030);
        assert!((at(0.03) / 449_707.888 - 1.0).abs() < 1e-8);
        assert!((at(0.05) / 196_976.827 - 1.0).abs() < 1e-8);
        assert!((at(0.0) - 1_000_000.0).abs() < 1e-6);
    }

    #[test]
    fn the_toy_case_pays_back_in_year_12_and_discounted_at_3_per_cent_in_year_14() {
        assert_eq!(toy().payback_year(None), Some(2042));
        assert_eq!(toy().payback_year(Some(DiscountRate::new(0.03).unwrap())), Some(2044));
        assert_eq!(toy().payback_year(Some(DiscountRate::new(0.2).unwrap())), None);
    }

    #[test]
    fn what_must_be_paid_again_later_has_not_paid_back_before() {
        let flow = CashFlow { first_year: 0, amounts_eur: vec![-10.0, 15.0, -20.0, 16.0] };
        assert_eq!(flow.payback_year(None), Some(3));
    }

    #[test]
    fn rates_beyond_a_fifth_are_refused() {
        for rate in [-0.01, 0.2001, 3.0, f64::NAN] {
            assert!(DiscountRate::new(rate).is_err());
        }
        assert!(DiscountRate::new(0.2).is_ok() && DiscountRate::new(0.0).is_ok());
    }

    #[test]
    fn nothing_is_worth_nothing() {
        let nothing = CashFlow::new(&[]);
        assert_eq!(nothing.amounts_eur, []);
        assert_eq!(nothing.present_eur(DiscountRate::new(0.03).unwrap(), 2030), 0.0);
        assert_eq!(nothing.payback_year(None), None);
    }

    #[test]
    fn works_half_used_up_are_worth_half() {
        assert_eq!(straight_line_residual_eur(100.0, 40.0, 20.0), 50.0);
        assert_eq!(straight_line_residual_eur(100.0, 10.0, 20.0), 0.0);
        assert_eq!(straight_line_residual_eur(100.0, 0.0, 20.0), 0.0);
    }

    proptest! {
        #[test]
        fn a_later_base_year_is_interest_on_the_present_value(
            amounts in prop::collection::vec(-1e6..1e6_f64, 1..40),
            rate in 0.0..0.2_f64,
            later in 0..20_i32,
        ) {
            let flow = CashFlow { first_year: 2030, amounts_eur: amounts };
            let rate = DiscountRate::new(rate).unwrap();
            let (now, then) = (flow.present_eur(rate, 2030), flow.present_eur(rate, 2030 + later));
            let wanted = now * libm::pow(1.0 + rate.value(), f64::from(later));
            prop_assert!((then - wanted).abs() <= 1e-6 * (1.0 + wanted.abs()));
        }
    }
}
