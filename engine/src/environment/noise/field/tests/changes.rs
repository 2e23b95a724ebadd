//! What is reckoned anew after a change is what is reckoned from scratch.

use super::*;

fn both(
    before: &Surroundings,
    after: &Surroundings,
    changes: &Changes,
    receivers: &[Receiver],
    settings: &FieldSettings,
) -> Effort {
    let (before, after) = (Scene::new(before).unwrap(), Scene::new(after).unwrap());
    let earlier = field(&before, receivers, settings).unwrap();
    let scratch = field(&after, receivers, settings).unwrap();
    let (updated, effort) = update((&before, &after), changes, receivers, settings, &earlier).unwrap();
    assert_eq!(updated.outcomes(), scratch.outcomes());
    assert_ne!(updated.outcomes(), earlier.outcomes());
    assert_eq!(effort.kept + effort.amended + effort.anew, receivers.len());
    // And once more, back to what was.
    let back = Changes {
        lines_before: changes.lines_after.clone(),
        lines_after: changes.lines_before.clone(),
        buildings_before: changes.buildings_after.clone(),
        buildings_after: changes.buildings_before.clone(),
    };
    let (returned, _) = update((&after, &before), &back, receivers, settings, &updated).unwrap();
    assert_eq!(returned.outcomes(), earlier.outcomes());
    effort
}

#[test]
fn a_road_with_other_traffic_is_reckoned_only_where_it_is_heard() {
    let (lines, buildings) = town();
    let before = surroundings(lines, buildings);
    let receivers = everywhere();
    for (line, change_db) in [(3, 12.0), (100, -30.0), (250, 3.0), (263, f64::NEG_INFINITY)] {
        let mut after = before.clone();
        after.lines[line].power_db = after.lines[line].power_db.map(|bands| bands.map(|level| level + change_db));
        let changes = Changes { lines_before: vec![line], lines_after: vec![line], ..Changes::default() };
        let effort = both(&before, &after, &changes, &receivers, &settings());
        assert!(effort.kept > effort.amended && effort.amended > effort.anew, "{effort:?}");
    }
}

#[test]
fn roads_and_buildings_may_come_and_go() {
    let (lines, buildings) = town();
    let before = surroundings(lines, buildings);
    let receivers = everywhere();
    let mut after = before.clone();
    after.lines.remove(40);
    after.lines.push(line(&[[305.0, 300.0], [330.0, 345.0]], 75.0));
    let changes = Changes { lines_before: vec![40], lines_after: vec![after.lines.len() - 1], ..Changes::default() };
    both(&before, &after, &changes, &receivers, &settings());
    let mut after = before.clone();
    after.buildings.remove(60);
    after.buildings[20].height_m += 10.0;
    after.buildings.push(block([-40.0, -40.0], [20.0, 20.0], 12.0));
    let changes = Changes {
        buildings_before: vec![60, 20],
        buildings_after: vec![20, after.buildings.len() - 1],
        ..Changes::default()
    };
    both(&before, &after, &changes, &receivers, &settings());
}

#[test]
fn where_nothing_changed_nothing_is_reckoned() {
    let (lines, buildings) = town();
    let scene = scene(lines, buildings);
    let receivers = everywhere();
    let earlier = field(&scene, &receivers, &settings()).unwrap();
    let (updated, effort) = update((&scene, &scene), &Changes::default(), &receivers, &settings(), &earlier).unwrap();
    assert_eq!(updated.outcomes(), earlier.outcomes());
    assert_eq!(effort, Effort { kept: receivers.len(), amended: 0, anew: 0 });
}
