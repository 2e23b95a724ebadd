//! How computed flows stand beside what is known of them, and what the front says of it.

use engine::city::ObservationRole;

use super::claim;
use super::texts::{Gap, Texts};
use crate::comparison::{Comparison, ObservedFlow};

/// GEH below which an hourly flow counts as met (UK Transport Analysis Guidance, unit M3.1).
pub(super) const GEH_MET: f64 = 5.0;
/// GEH from which it is far off (Design Manual for Roads and Bridges, volume 12).
pub(super) const GEH_FAR: f64 = 10.0;
/// Fewer vehicles a day than this are none.
const TRAFFIC_MIN_VPD: f64 = 1.0;

/// How a computed flow stands beside what is expected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Judgement {
    /// Inside its range, or reproduced in every period.
    Met,
    /// A count reproduced in some periods.
    PartlyMet,
    /// Less than expected.
    Below,
    /// More than expected.
    Above,
    /// No vehicle is computed there at all.
    Empty,
}

impl Judgement {
    /// Of a flow with a range: inside, below or above. Of a count: met where every period's GEH says so, partly where
    /// some do; without periods nothing but the difference can be told.
    pub(super) fn of(flow: &ObservedFlow) -> Option<Self> {
        let value = flow.daily_vehicles[0].value;
        let beside = if value < flow.expected.low { Self::Below } else { Self::Above };
        if value < TRAFFIC_MIN_VPD {
            return Some(Self::Empty);
        }
        if flow.expected.low < flow.expected.high {
            return Some(if flow.expected.contains(value) { Self::Met } else { beside });
        }
        let met = periods_met(flow);
        match flow.hourly_fit.len() {
            0 => None,
            all if met == all => Some(Self::Met),
            _ if met > 0 => Some(Self::PartlyMet),
            _ => Some(beside),
        }
    }

    /// The class that colours it.
    pub(super) fn class(self) -> &'static str {
        match self {
            Self::Met => "good",
            Self::PartlyMet | Self::Empty => "fair",
            Self::Below | Self::Above => "poor",
        }
    }
}

fn periods_met(flow: &ObservedFlow) -> usize {
    flow.hourly_fit.iter().filter(|fit| fit.geh < GEH_MET).count()
}

/// The flows that are known for this purpose.
pub(super) fn of_role(comparison: &Comparison, role: ObservationRole) -> Vec<&ObservedFlow> {
    comparison.observations.iter().filter(|observed| observed.role == role).collect()
}

/// What the front says of it: each count that was held out, then the ranges, then where there is nothing to judge; empty
/// where nothing is known.
pub(super) fn digest(comparison: &Comparison, texts: &Texts) -> Vec<String> {
    if !comparison.has_city_as_it_is() {
        return vec![texts.say("trust-scenario")];
    }
    let held_out = of_role(comparison, ObservationRole::HeldOut);
    let (empty, ranges): (Vec<&ObservedFlow>, Vec<&ObservedFlow>) = of_role(comparison, ObservationRole::Plausibility)
        .into_iter()
        .partition(|flow| Judgement::of(flow) == Some(Judgement::Empty));
    let mut sentences: Vec<String> = held_out.iter().map(|flow| held_out_sentence(flow, texts)).collect();
    if !ranges.is_empty() {
        sentences.push(ranges_sentence(&ranges, texts));
    }
    if !empty.is_empty() {
        let places: Vec<String> = empty.iter().map(|flow| texts.place(&flow.name)).collect();
        sentences.push(texts.fill("digest-empty", &[("places", (&places.join("; ")).into())]));
    }
    let is_met = |flow: &&&ObservedFlow| Judgement::of(flow) == Some(Judgement::Met);
    if held_out.iter().chain(&ranges).filter(is_met).count() < held_out.len() + ranges.len() {
        sentences.push(texts.say("digest-consequence"));
    }
    sentences
}

fn held_out_sentence(flow: &ObservedFlow, texts: &Texts) -> String {
    let off = flow.daily_vehicles[0].map(|value| (value / flow.expected.low - 1.0) * 100.0);
    let (met, periods) = (texts.numbers.count(periods_met(flow)), texts.numbers.count(flow.hourly_fit.len()));
    let verdict = match Judgement::of(flow) {
        Some(Judgement::Met) => texts.say("digest-met"),
        Some(Judgement::PartlyMet) => {
            texts.fill("digest-partly-met", &[("met", (&met).into()), ("periods", (&periods).into())])
        }
        Some(Judgement::Below | Judgement::Above | Judgement::Empty) => texts.say("digest-not-met"),
        None => texts.say("digest-no-hours"),
    };
    texts.fill(
        "digest-held-out",
        &[
            ("place", (&texts.place(&flow.name)).into()),
            ("computed", (&claim::value(texts, &flow.daily_vehicles[0], 0)).into()),
            ("counted", (&texts.numbers.whole(flow.expected.low)).into()),
            ("off", (&claim::percent(texts, &off)).into()),
            ("verdict", (&verdict).into()),
        ],
    )
}

fn ranges_sentence(ranges: &[&ObservedFlow], texts: &Texts) -> String {
    let outside: Vec<String> = ranges
        .iter()
        .filter_map(|flow| {
            let id = match Judgement::of(flow)? {
                Judgement::Met | Judgement::PartlyMet | Judgement::Empty => return None,
                Judgement::Below => "digest-below",
                Judgement::Above => "digest-above",
            };
            Some(texts.fill(id, &[("place", (&texts.place(&flow.name)).into())]))
        })
        .collect();
    let inside = texts.numbers.count(ranges.len() - outside.len());
    let all = texts.numbers.count(ranges.len());
    let gaps: [(&str, Gap<'_>); 2] = [("inside", (&inside).into()), ("all", (&all).into())];
    if outside.is_empty() {
        return texts.fill("digest-ranges-met", &gaps[1..]);
    }
    let outside = outside.join("; ");
    texts.fill("digest-ranges", &[gaps[0], gaps[1], ("outside", (&outside).into())])
}
