//! Computed flows beside what is known of them, and how the gates' counts were spread over the day.

use engine::city::CityTables;
use engine::demand::{GateParameters, PeriodShares, hourly_fit};
use engine::time::Period;

use super::flows::Flows;
use crate::comparison::{GatePeriod, ObservedFlow, PeriodFit};
use crate::estimate::{Change, Estimate, Interval};
use crate::words::Text;

/// Every observed flow. With the parameters of the gates a count is told by period too: it has no hours of its own, so it
/// takes those of the traffic that passes through, which are measured.
pub(super) fn observations(city: &CityTables, flows: &Flows<'_>, gates: Option<&GateParameters>) -> Vec<ObservedFlow> {
    city.observations
        .iter()
        .map(|row| {
            let observed = &row.facts;
            let links: Vec<usize> = observed.links.iter().filter_map(|key| flows.rows.link(key)).collect();
            let changes: Vec<Change> = (0..flows.tables.len()).map(|run| flows.daily_change(run, &links)).collect();
            let is_count = observed.daily_low == observed.daily_high;
            let profile = gates.filter(|_| is_count).map(|gates| &gates.through);
            ObservedFlow {
                name: observed.name.to_string(),
                role: observed.role,
                expected: Interval { low: observed.daily_low, high: observed.daily_high },
                reason: Text::new(&observed.reason_it, &observed.reason_en),
                daily_vehicles: changes.iter().map(|change| change.after).collect(),
                daily_differences: changes.iter().map(|change| change.difference).collect(),
                hourly_fit: profile.map_or_else(Vec::new, |profile| fit(flows, &links, observed.daily_low, profile)),
                links,
            }
        })
        .collect()
}

/// The base in each period beside a daily count spread by a profile; empty where the profile lacks a period.
fn fit(flows: &Flows<'_>, links: &[usize], daily_count: f64, profile: &PeriodShares) -> Vec<PeriodFit> {
    let base = &flows.tables[0];
    let modelled = |(index, period): (usize, &Period)| {
        let hours = f64::from(period.duration_s()) / 3600.0;
        let mut hourly = vec![0.0; base.seeds];
        for &link in links {
            for (sum, vehicles) in hourly.iter_mut().zip(base.vehicles(link, index)) {
                *sum += vehicles / hours;
            }
        }
        share(profile, period).map(|share| (Estimate::over(&hourly), hours, share))
    };
    let Some(periods) = flows.periods.iter().enumerate().map(modelled).collect::<Option<Vec<_>>>() else {
        return Vec::new();
    };
    let fits = hourly_fit(daily_count, periods.iter().map(|&(modelled, hours, share)| (modelled.value, hours, share)));
    (0..)
        .zip(fits)
        .zip(&periods)
        .map(|((period, fit), (modelled, ..))| PeriodFit {
            period,
            counted_vph: fit.counted_vph,
            modelled_vph: *modelled,
            geh: fit.geh,
        })
        .collect()
}

/// The day of the gates' traffic that begins or ends in the city: who comes goes again, residents the other way round.
pub(super) fn gate_hours(gates: &GateParameters, periods: &[Period]) -> Vec<GatePeriod> {
    (0..)
        .zip(periods)
        .filter_map(|(index, period)| {
            let (out, back) = (share(&gates.outbound, period)?, share(&gates.inbound, period)?);
            let entering = (1.0 - gates.resident_share) * out + gates.resident_share * back;
            let leaving = (1.0 - gates.resident_share) * back + gates.resident_share * out;
            let both = entering + leaving;
            let entering_share = if both > 0.0 { entering / both } else { 0.5 };
            Some(GatePeriod { period: index, share_of_day: both / 2.0, entering_share })
        })
        .collect()
}

fn share(shares: &PeriodShares, period: &Period) -> Option<f64> {
    shares.iter().find(|(name, _)| *name == period.name).map(|(_, share)| *share)
}
