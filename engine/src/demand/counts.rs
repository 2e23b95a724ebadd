//! How well modelled flows agree with a count, hour by hour.
//!
//! GEH = √(2 (M − C)² / (M + C)), with M and C in vehicles an hour (Geoffrey E. Havers; UK Design Manual for Roads and Bridges, volume
//! 12; Transport Analysis Guidance, unit M3.1, which asks for GEH below 5 on 85 % of the links of a fitted model). It is
//! not without dimension: it holds for hourly flows only. A daily count is turned into hours by a profile that is measured
//! elsewhere, so a count that has no hours of its own tests the level more than the hours.

/// GEH of two hourly flows, in vehicles an hour, not below 0; 0 where both are 0.
#[must_use]
pub fn geh(modelled_vph: f64, counted_vph: f64) -> f64 {
    let sum = modelled_vph + counted_vph;
    if sum > 0.0 { libm::sqrt(2.0 / sum) * (modelled_vph - counted_vph).abs() } else { 0.0 }
}

/// One period of a day on a counted road.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct HourlyFit {
    /// Mean counted flow of the period, vehicles an hour.
    pub counted_vph: f64,
    /// Mean modelled flow, vehicles an hour.
    pub modelled_vph: f64,
    /// GEH of both.
    pub geh: f64,
}

/// Compares the flows of a day's periods with a daily count. Each period has its modelled flow (vehicles an hour), its length
/// in hours and its share of the counted day.
pub fn hourly_fit(daily_count: f64, periods: impl IntoIterator<Item = (f64, f64, f64)>) -> Vec<HourlyFit> {
    periods
        .into_iter()
        .map(|(modelled_vph, duration_h, share)| {
            let counted_vph = daily_count * share / duration_h;
            HourlyFit { counted_vph, modelled_vph, geh: geh(modelled_vph, counted_vph) }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn geh_is_the_published_formula() {
        // √(2 · 100² / 2100) = 3.0861; symmetric; nothing against nothing agrees.
        assert!((geh(1000.0, 1100.0) - 3.086_067).abs() < 1e-6);
        assert_eq!(geh(1000.0, 1100.0), geh(1100.0, 1000.0));
        assert_eq!(geh(0.0, 0.0), 0.0);
        assert!((geh(0.0, 50.0) - 10.0).abs() < 1e-12);
    }

    #[test]
    fn a_daily_count_becomes_hours_by_its_profile() {
        let fit = hourly_fit(24_000.0, [(1800.0, 2.0, 0.15), (900.0, 22.0, 0.85)]);
        assert_eq!((fit[0].counted_vph, fit[0].geh), (1800.0, 0.0));
        assert!((fit[1].counted_vph * 22.0 + fit[0].counted_vph * 2.0 - 24_000.0).abs() < 1e-9);
    }
}
