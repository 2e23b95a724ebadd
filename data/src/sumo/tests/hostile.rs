//! What nobody sane writes: whatever is read can be built and driven, or is refused with a message.

use engine::traffic::meso::Meso;
use engine::traffic::micro::Micro;
use engine::traffic::network::LaneNetwork;
use engine::traffic::simulation::Options;
use proptest::prelude::*;

use super::*;

/// More trips than this are not driven: that they are read is enough.
const TRIPS_MAX: usize = 2000;
/// So long all is driven, in seconds.
const DRIVEN_S: f64 = 90.0;

/// Values that numbers should not have.
const VALUES: [&str; 14] = [
    "NaN",
    "inf",
    "-inf",
    "1e308",
    "-1e308",
    "1e-308",
    "-1",
    "0",
    "0.0001",
    "4294967296",
    "18446744073709551616",
    "",
    "x",
    "1e9",
];

/// The values of a text's attributes, as ranges.
fn values(text: &str) -> Vec<std::ops::Range<usize>> {
    let mut values = Vec::new();
    let mut from = 0;
    while let Some(begin) = text[from..].find("=\"") {
        let begin = from + begin + 2;
        let Some(length) = text[begin..].find('"') else { break };
        values.push(begin..begin + length);
        from = begin + length + 1;
    }
    values
}

/// The elements of a text that are whole in one line, as ranges.
fn elements(text: &str) -> Vec<std::ops::Range<usize>> {
    let mut elements = Vec::new();
    let mut from = 0;
    for line in text.split_inclusive('\n') {
        let trimmed = line.trim();
        if trimmed.starts_with('<') && trimmed.ends_with("/>") {
            elements.push(from..from + line.len());
        }
        from += line.len();
    }
    elements
}

/// Drives what could be read; refusals are as good.
fn drive(read: Result<Scenario, String>) {
    let Ok(mut scenario) = read else { return };
    let Ok(network) = LaneNetwork::build(&scenario.network) else { return };
    if scenario.find_routes(&network).is_err() || scenario.demand.trips.len() > TRIPS_MAX {
        return;
    }
    let end_s = scenario.begin_s + DRIVEN_S;
    scenario.demand.trips.retain(|trip| trip.depart_s <= end_s);
    let expected = |flow: &engine::traffic::demand::RandomFlow| match flow.arrivals {
        engine::traffic::demand::Arrivals::EachSecond(_) => flow.end_s - flow.begin_s,
        engine::traffic::demand::Arrivals::Poisson(rate_ps) => rate_ps * (flow.end_s - flow.begin_s),
    };
    scenario.demand.random_flows.retain(|flow| expected(flow) <= TRIPS_MAX as f64);
    let demand = scenario.demand.drawn(1);
    let options = Options { begin_s: scenario.begin_s, end_s: Some(end_s), step_s: 1.0, seed: 1 };
    let mut micro = Micro::new(&network, &demand, options.clone());
    micro.run();
    let mut meso = Meso::new(&network, &demand, options);
    meso.run();
    for counts in [micro.counts(), meso.counts()] {
        assert_eq!(counts.inserted, counts.arrived + counts.running, "{counts:?}");
    }
}

fn replaced(text: &str, at: std::ops::Range<usize>, with: &str) -> String {
    format!("{}{with}{}", &text[..at.start], &text[at.end..])
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 768, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn numbers_that_cannot_be_are_refused_or_driven(
        in_net in any::<bool>(), place in any::<prop::sample::Index>(), value in prop::sample::select(&VALUES[..]),
    ) {
        let (mut net, mut demand) = (NET.to_owned(), DEMAND.to_owned());
        let text = if in_net { &mut net } else { &mut demand };
        let at = place.get(&values(text)).clone();
        *text = replaced(text, at, value);
        drive(check(&net, "", &demand));
    }

    #[test]
    fn what_is_left_out_or_told_twice_is_refused_or_driven(
        in_net in any::<bool>(), place in any::<prop::sample::Index>(), twice in any::<bool>(),
    ) {
        let (mut net, mut demand) = (NET.to_owned(), DEMAND.to_owned());
        let text = if in_net { &mut net } else { &mut demand };
        let at = place.get(&elements(text)).clone();
        let element = if twice { text[at.clone()].repeat(2) } else { String::new() };
        *text = replaced(text, at, &element);
        drive(check(&net, "", &demand));
    }
}

#[test]
fn the_scenario_that_is_damaged_here_is_good() {
    let scenario = check(NET, "", DEMAND).unwrap();
    assert!(scenario.refused_trips.is_empty(), "{:?}", scenario.refused_trips);
    assert!(values(NET).len() > 500 && elements(NET).len() > 40 && values(DEMAND).len() > 30);
    drive(Ok(scenario));
}
