//! What edits of signals and green waves do.

use super::{applied, junction, refused, unreadable};
use crate::scenario::{GreenLimits, SignalControl};

/// A signal at a junction, with more that is said of it.
fn signal(at: &str, what: &str) -> String {
    format!("[[signal]]\non = {{ junctions = [\"{at}\"] }}\n{what}")
}

const ACTUATED: &str = "kind = \"actuated\"\n";
const ALL_ADAPTIVE: &str = "[[signal]]\non = { all = true }\nkind = \"max_pressure\"\n";
const WAVE: &str = "[[green_wave]]\nstreet = \"Corso Colonna 4\"\nspeed_kmh = 45\ncycle_s = 90\n";

fn fixed(cycle_s: Option<f64>, offset_s: Option<f64>) -> SignalControl {
    SignalControl::Fixed { cycle_s, greens_s: None, offset_s, bus_priority: false }
}

#[test]
fn a_signal_is_set_where_streets_meet() {
    let edit = "[[signal]]\non = { streets = [\"via riga 2\", \"Corso Colonna 3\"] }\nkind = \"actuated\"\n\
                min_green_s = 6\nbus_priority = true\n";
    let applied = applied(&[edit]);
    let limits = GreenLimits { min_green_s: Some(6.0), max_green_s: None, bus_priority: true };
    let signals: Vec<_> = applied.traffic.signals.into_iter().collect();
    assert_eq!(signals, [(junction("t:j23"), SignalControl::Actuated(limits))]);
    let told = &applied.described[0];
    assert_eq!(
        told.it,
        "Semaforo via riga 2 / Corso Colonna 3: attuato dal traffico, verde minimo 6 s, con priorità agli autobus"
    );
    assert_eq!(
        told.en,
        "Signal at via riga 2 / Corso Colonna 3: actuated by traffic, shortest green 6 s, with priority for buses"
    );
}

#[test]
fn a_program_keeps_its_cycle_greens_and_offset() {
    let edit = signal("t:j11", "cycle_s = 90\ngreen_s = [40, 30]\noffset_s = 12.5\n");
    let control = &applied(&[&edit]).traffic.signals[&junction("t:j11")];
    let (cycle_s, greens_s, offset_s) = (Some(90.0), Some(vec![40.0, 30.0]), Some(12.5));
    assert_eq!(*control, SignalControl::Fixed { cycle_s, greens_s, offset_s, bus_priority: false });
}

#[test]
fn what_is_said_of_a_junction_by_name_overrules_what_is_said_of_all() {
    let named = signal("t:j22", "kind = \"none\"\n");
    let traffic = applied(&[&(named.clone() + ALL_ADAPTIVE)]).traffic;
    assert_eq!(traffic, applied(&[&(ALL_ADAPTIVE.to_owned() + &named)]).traffic);
    assert_eq!(traffic.all_signals, Some(SignalControl::MaxPressure(GreenLimits::default())));
    assert_eq!(traffic.signals[&junction("t:j22")], SignalControl::Signs);
    // Of several junctions that are one for vehicles the first that is named counts.
    let members = [junction("t:j21"), junction("t:j22")];
    assert_eq!(traffic.signal_at(&members), Some(&SignalControl::Signs));
    assert_eq!(traffic.signal_at(&members[..1]), None);
    // All of a child's overrules what its parents say by name.
    assert!(applied(&[&named, ALL_ADAPTIVE]).traffic.signals.is_empty());
}

#[test]
fn a_green_wave_coordinates_the_junctions_of_its_street() {
    let applied = applied(&[WAVE]);
    let wave = &applied.traffic.green_waves["corso colonna 4"];
    let along: Vec<usize> = (0..6).map(|row| junction(&format!("t:j{row}4"))).collect();
    assert_eq!((wave.junctions.clone(), wave.links.len()), (along, 10));
    assert_eq!((wave.speed_mps, wave.cycle_s), (12.5, 90.0));
    assert_eq!(applied.traffic.wave_at(&[junction("t:j23"), junction("t:j24")]), Some(wave));
    assert_eq!(applied.traffic.wave_at(&[junction("t:j23")]), None);
    assert_eq!(applied.described[0].en, "Green wave along Corso Colonna 4: 45 km/h, cycle 90 s");
}

#[test]
fn a_childs_signal_leaves_the_wave_of_its_parents_and_a_childs_wave_takes_it_back() {
    let (actuated, wave_without) = (signal("t:j24", ACTUATED), WAVE);
    let left = applied(&[wave_without, &actuated]).traffic;
    assert!(!left.green_waves["corso colonna 4"].junctions.contains(&junction("t:j24")));
    let taken_back = applied(&[WAVE, &actuated, WAVE]).traffic;
    assert!(taken_back.green_waves["corso colonna 4"].junctions.contains(&junction("t:j24")));
    assert!(taken_back.signals.is_empty(), "the signal is fixed again");
    // What the wave does not say stays: whether there is a signal, and what it does for buses.
    let without = applied(&[&signal("t:j24", "kind = \"none\"\n"), WAVE]).traffic;
    assert!(!without.green_waves["corso colonna 4"].junctions.contains(&junction("t:j24")));
    let timed = signal("t:j24", "cycle_s = 60\noffset_s = 5\nbus_priority = true\n");
    let SignalControl::Fixed { cycle_s, offset_s, bus_priority, .. } =
        applied(&[&timed, WAVE]).traffic.signals[&junction("t:j24")]
    else {
        panic!("a fixed signal");
    };
    assert_eq!((cycle_s, offset_s, bus_priority), (None, None, true));
}

#[test]
fn signals_of_a_file_that_contradict_each_other_are_refused_in_either_order() {
    let timed = |offset: u32| signal("t:j24", &format!("offset_s = {offset}\n"));
    let across = "[[green_wave]]\nstreet = \"Via Riga 2\"\nspeed_kmh = 45\ncycle_s = 90\n";
    for (first, second, told) in [
        (timed(5), timed(6), "sets the signal of 't:j24'"),
        (signal("t:j24", ACTUATED), timed(6), "sets the signal of 't:j24'"),
        (timed(5), WAVE.to_owned(), "sets offset_s of 't:j24'"),
        (signal("t:j24", ACTUATED), WAVE.to_owned(), "what traffic asks for"),
        (signal("t:j24", "cycle_s = 60\n"), WAVE.to_owned(), "sets cycle_s of 't:j24'"),
        (across.to_owned(), WAVE.to_owned(), "sets offset_s of 't:j24' to that of the green wave of"),
    ] {
        for edits in [[&*first, &*second], [&*second, &*first]] {
            let message = refused(edits);
            assert!(message.contains(told), "'{told}' in '{message}' of\n{}", edits.concat());
            assert_eq!(message.lines().count(), 1, "{message}");
        }
    }
    for agrees in [timed(5), signal("t:j24", "bus_priority = true\n"), signal("t:j23", ACTUATED)] {
        assert_eq!(refused([&signal("t:j25", ACTUATED), &agrees]), "");
    }
    assert_eq!(refused([WAVE, &signal("t:j24", "cycle_s = 90\n")]), "");
    assert_eq!(applied(&[&signal("t:j24", "cycle_s = 90\n")]).traffic.signals.len(), 1);
    assert_eq!(applied(&[&timed(5), &timed(6)]).traffic.signals[&junction("t:j24")], fixed(None, Some(6.0)));
}

#[test]
fn what_does_not_fit_the_city_is_told_by_line() {
    for (edits, told) in [
        (signal("t:j2", ACTUATED), "test.toml:5:21: the city has no junction 't:j2'; did you mean"),
        (
            "[[signal]]\non = { streets = [\"Via Riga 1\", \"Via Riga 2\"] }\n".to_owned(),
            "test.toml:5:19: 'Via Riga 1' and 'Via Riga 2' meet at no junction of the city",
        ),
        (WAVE.replace("Colonna 4", "Colonna 9"), "the city has no street 'Corso Colonna 9'"),
    ] {
        let message = refused([&edits, ""]);
        assert!(message.contains(told), "'{told}' in '{message}'");
    }
}

#[test]
fn signals_that_cannot_be_are_refused_by_line() {
    let at = |what: &str| signal("t:j11", what);
    for (edits, told) in [
        (at("cycle_s = 20\n"), "test.toml:6:11: cycle_s is 20; it must be from 30 to 240"),
        (at("cycle_s = 60\ngreen_s = [30, 30]\n"), "test.toml:7:11: the greens sum to 60 s"),
        (at("green_s = []\n"), "green_s names 0 stages"),
        (at("green_s = [500]\n"), "green_s is 500"),
        (at("cycle_s = 60\noffset_s = 61\n"), "test.toml:7:12: offset_s is 61; it must be from 0 to 60"),
        (
            at("min_green_s = 5\n"),
            "min_green_s is of signals of kind actuated or max_pressure, but this is of kind fixed",
        ),
        (at("kind = \"none\"\nbus_priority = true\n"), "but this is of kind none"),
        (at("kind = \"actuated\"\nmin_green_s = 20\nmax_green_s = 10\n"), "min_green_s is more than max_green_s"),
        (at("kind = \"adaptive\"\n"), "max_pressure"),
        ("[[signal]]\non = { }\n".to_owned(), "test.toml:5:6: give exactly one of junctions, streets or all"),
        ("[[signal]]\non = { all = false }\n".to_owned(), "all can only be true"),
        ("[[signal]]\non = { all = true }\n".to_owned(), "test.toml:4:1: this sets nothing; give kind, cycle_s"),
        ("[[signal]]\non = { streets = [\"x\"] }\n".to_owned(), "name two streets at least"),
        (ALL_ADAPTIVE.repeat(2), "test.toml:8:14: all signals are set twice, first in line 5"),
        (WAVE.replace("45", "200"), "speed_kmh is 200; it must be from 10 to 90"),
        (WAVE.repeat(2), "the green wave of 'Corso Colonna 4' is named twice, first in line 5"),
    ] {
        let message = unreadable(&edits);
        assert!(message.contains(told), "'{told}' in '{message}'");
    }
}
