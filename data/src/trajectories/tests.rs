//! What is written comes back; what is damaged is told.

use std::io::Cursor;

use engine::signals::Lamp;
use engine::traffic::trajectories::{Fidelity, Frame, VehicleAt};
use engine::vehicles::VehicleClass;
use geo::Coord;
use proptest::prelude::*;

use super::*;

/// Lanes of 50 m one after the other, two side by side; one signal of three lamps.
fn scene(lanes: u32, trips: u32, step_s: f64) -> Scene {
    let lane = |number: u32| {
        let (x, y) = (f64::from(number / 2) * 50.0, f64::from(number % 2) * 3.2);
        SceneLane {
            street: (number % 3 != 2).then_some(number / 3),
            length_m: 50.0,
            width_m: 3.2,
            line: vec![Coord { x, y }, Coord { x: x + 50.0, y }],
            has_stop_line: number.is_multiple_of(2),
            lamps: if number == 0 { vec![0, 2] } else { Vec::new() },
        }
    };
    let types = [("car", VehicleClass::OtherCar, 4.3, 1.8), ("bus", VehicleClass::Bus, 12.0, 2.5)];
    let types =
        types.map(|(name, class, length_m, width_m)| TypeAbout { name: name.to_owned(), class, length_m, width_m });
    Scene {
        about: About {
            run: "test".to_owned(),
            seed: 3,
            reference: Some(Reference { system: "EPSG:32632".to_owned(), offset_m: [-400_000.0, 0.5] }),
            fidelity: Fidelity::Micro,
            begin_s: 3600.0,
            step_s,
            types: types.to_vec(),
        },
        streets: (0..lanes / 3 + 1).map(|number| format!("Via n. {number}")).collect(),
        lanes: (0..lanes).map(lane).collect(),
        lamp_counts: vec![3, 0],
        type_of_trip: (0..trips).map(|trip| (trip % 2) as u16).collect(),
    }
}

/// A number from 0 to 1 for each key.
fn noise(key: u64) -> f64 {
    let mixed = key.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let mixed = (mixed ^ (mixed >> 29)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    ((mixed ^ (mixed >> 32)) >> 11) as f64 / (1_u64 << 53) as f64
}

type Noted = (Vec<VehicleAt>, Vec<Lamp>);

/// Vehicles that drive, stand, change lanes, come and go.
fn drive(scene: &Scene, frames: u32, seed: u64) -> Vec<Noted> {
    let trips = scene.type_of_trip.len() as u32;
    let lanes = scene.lanes.len() as u32;
    let mut on_road: Vec<VehicleAt> = Vec::new();
    let mut next = 0;
    let mut all = Vec::new();
    for frame in 0..frames {
        let chance = |trip: u32, what: u64| noise(seed ^ (u64::from(frame) << 40) ^ (u64::from(trip) << 8) ^ what);
        on_road.retain(|vehicle| chance(vehicle.trip, 1) > 0.02);
        for vehicle in &mut on_road {
            if chance(vehicle.trip, 2) < 0.3 {
                vehicle.speed_mps = 0.0;
            } else {
                vehicle.speed_mps = (vehicle.speed_mps + 4.0 * chance(vehicle.trip, 3) - 1.5).clamp(0.0, 30.0);
            }
            vehicle.position_m += vehicle.speed_mps * scene.about.step_s;
            vehicle.is_aside = chance(vehicle.trip, 4) < 0.05;
            if vehicle.position_m > 50.0 {
                vehicle.position_m = (vehicle.position_m - 50.0).min(50.0);
                vehicle.came_by = vehicle.lane;
                vehicle.lane = (vehicle.lane + 2) % lanes;
            } else if chance(vehicle.trip, 5) < 0.1 {
                vehicle.lane ^= 1;
            }
        }
        while next < trips && chance(next, 6) < 0.7 {
            let (lane, position_m) = ((chance(next, 7) * f64::from(lanes)) as u32, 50.0 * chance(next, 8));
            let speed_mps = 20.0 * chance(next, 9);
            on_road.push(VehicleAt {
                trip: next,
                lane,
                came_by: VehicleAt::NOWHERE,
                position_m,
                speed_mps,
                is_aside: false,
            });
            next += 1;
        }
        let mut seen = on_road.clone();
        seen.sort_by(|a, b| a.lane.cmp(&b.lane).then(b.position_m.total_cmp(&a.position_m)).then(a.trip.cmp(&b.trip)));
        let lamp = [Lamp::Green, Lamp::Yellow, Lamp::Red, Lamp::Off][(frame / 5 % 4) as usize];
        all.push((seen, vec![lamp, Lamp::Red, Lamp::GreenYield]));
    }
    all
}

fn write(scene: &Scene, frames: &[Noted]) -> Vec<u8> {
    let mut writer = Writer::new(Vec::new(), scene.clone()).unwrap();
    for (number, (vehicles, lamps)) in frames.iter().enumerate() {
        let time_s = scene.about.begin_s + number as f64 * scene.about.step_s;
        writer.add(&Frame { number: number as u32, time_s, vehicles, lamps }).unwrap();
    }
    writer.finish().unwrap()
}

fn read_all(bytes: &[u8]) -> Result<Vec<Moment>, TrajectoryFault> {
    let mut trajectories = Trajectories::read(Cursor::new(bytes))?;
    let mut moments = Vec::new();
    for number in 0..trajectories.frames() {
        moments.extend(trajectories.moment(number)?.cloned());
    }
    Ok(moments)
}

fn by_trip(vehicles: &[VehicleAt]) -> Vec<VehicleAt> {
    let mut sorted = vehicles.to_vec();
    sorted.sort_by_key(|vehicle| vehicle.trip);
    sorted
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn what_is_written_comes_back_within_the_tolerance_from_any_frame_on(
        seed in any::<u64>(),
        lanes in 2_u32..12,
        trips in 0_u32..60,
        frames in 0_u32..100,
        step_s in prop::sample::select(vec![0.5, 1.0, 5.0]),
    ) {
        let scene = scene(lanes * 2, trips, step_s);
        let noted = drive(&scene, frames, seed);
        let bytes = write(&scene, &noted);
        prop_assert_eq!(&bytes, &write(&scene, &noted), "the same bytes");
        let moments = read_all(&bytes).unwrap();
        prop_assert_eq!(moments.len(), noted.len());
        let mut random = Trajectories::read(Cursor::new(&bytes)).unwrap();
        prop_assert_eq!(random.scene(), &scene);
        prop_assert_eq!(random.places(), noted.iter().map(|(vehicles, _)| vehicles.len() as u64).sum::<u64>());
        for (moment, (vehicles, lamps)) in moments.iter().zip(&noted) {
            prop_assert_eq!(&moment.lamps, lamps);
            prop_assert!(moment.vehicles.is_sorted_by(|a, b| (a.lane, -a.position_m, a.trip) <= (b.lane, -b.position_m, b.trip)));
            let (told, known) = (by_trip(&moment.vehicles), by_trip(vehicles));
            prop_assert_eq!(told.len(), known.len());
            for (told, known) in told.iter().zip(&known) {
                prop_assert!((told.position_m - known.position_m).abs() <= POSITION_TOLERANCE_M, "{:?} {:?}", told, known);
                prop_assert!((told.speed_mps - known.speed_mps).abs() <= SPEED_TOLERANCE_MPS, "{:?} {:?}", told, known);
                let rest = VehicleAt { position_m: known.position_m, speed_mps: known.speed_mps, ..*told };
                prop_assert_eq!(&rest, known);
            }
        }
        for step in 0..frames {
            let number = step.wrapping_mul(37) % frames;
            let time_s = moments[number as usize].time_s;
            prop_assert_eq!(random.frame_at(time_s), Some(number));
            prop_assert_eq!(random.moment(number).unwrap(), Some(&moments[number as usize]));
        }
        prop_assert_eq!(random.moment(frames).unwrap(), None);
    }

    #[test]
    fn a_changed_or_cut_file_is_told_or_reads_as_before(seed in any::<u64>(), at in 0.0_f64..1.0, change in 1_u8..=255) {
        let scene = scene(8, 20, 1.0);
        let noted = drive(&scene, 40, seed);
        let bytes = write(&scene, &noted);
        let place = (at * bytes.len() as f64) as usize;
        let mut changed = bytes.clone();
        changed[place] ^= change;
        prop_assert!(read_all(&changed).is_err(), "byte {} of {}", place, bytes.len());
        prop_assert!(read_all(&bytes[..place]).is_err());
    }

    /// Checksums that fit do not make sense of nonsense: whatever the sections hold, there is an answer.
    #[test]
    fn nonsense_with_right_checksums_is_refused_without_panic_or_huge_memory(
        head in prop::collection::vec(any::<u8>(), 0..60),
        rest in prop::collection::vec(any::<u8>(), 0..400),
    ) {
        let scene = scene(8, 20, 1.0);
        let _ = super::block::unpack(&rest, 0, &scene);
        let mut begun = super::block::Gathered::default();
        for (number, (vehicles, lamps)) in drive(&scene, 3, 1).iter().enumerate() {
            begun.add(&Frame { number: number as u32, time_s: 0.0, vehicles, lamps });
        }
        let mut block = begun.pack(&scene);
        for (place, byte) in head.iter().enumerate() {
            let at = place * 7 % block.len();
            block[at] = *byte;
            let _ = super::block::unpack(&block, u32::MAX - 1, &scene);
        }
        let _ = Scene::from_bytes(scene.about.clone(), &rest);
        let mut table = scene.to_bytes();
        for (place, byte) in head.iter().enumerate() {
            let at = place * 5 % table.len();
            table[at] = *byte;
            let _ = Scene::from_bytes(scene.about.clone(), &table);
        }
        let _ = read_all(&rest);
    }
}

#[test]
fn what_is_no_such_file_is_told() {
    assert!(matches!(read_all(b""), Err(TrajectoryFault::NotTrajectories)));
    assert!(matches!(read_all(b"PAR1 and so on"), Err(TrajectoryFault::NotTrajectories)));
    let newer = [&b"gmltraj\x02"[..], &[0; 40]].concat();
    assert!(matches!(read_all(&newer), Err(TrajectoryFault::Newer(2))));
    let scene = scene(4, 4, 1.0);
    let bytes = write(&scene, &drive(&scene, 50, 1));
    assert!(matches!(read_all(&bytes[..bytes.len() - 1]), Err(TrajectoryFault::CutOff)));
}

#[test]
fn frames_come_one_after_the_other() {
    let mut writer = Writer::new(Vec::new(), scene(4, 4, 1.0)).unwrap();
    let frame = |number| Frame { number, time_s: 0.0, vehicles: &[], lamps: &[Lamp::Red; 3] };
    writer.add(&frame(0)).unwrap();
    assert!(matches!(writer.add(&frame(2)), Err(TrajectoryFault::Order { expected: 1, found: 2 })));
}

/// A file says how much it unpacks to; it is not believed.
#[test]
fn a_length_that_lies_costs_no_memory() {
    let mut bytes = b"gmltraj\x01".to_vec();
    bytes.push(1);
    bytes.extend_from_slice(&(1_u32 << 28).to_le_bytes());
    bytes.extend_from_slice(&(1_u32 << 28).to_le_bytes());
    bytes.extend_from_slice(&[0; 4]);
    assert!(matches!(read_all(&bytes), Err(TrajectoryFault::CutOff)));
}
