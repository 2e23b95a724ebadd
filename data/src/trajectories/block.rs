//! Some seconds of vehicles and lamps, packed so that they can be unpacked alone.
//!
//! Vehicles drive on as they did: of each that is seen in consecutive frames only the first place is told in full. After
//! that it is told by how much it is off from where it would be with unchanged displacement, and by how much its speed is
//! off from displacement over time: small numbers, zeros where it stands, which deflate packs well. Lanes are told where
//! they change; lamps where a signal changes.

use engine::signals::Lamp;
use engine::traffic::trajectories::{Frame, VehicleAt};

use super::error::TrajectoryFault;
use super::numbers::{Bytes, put, put_signed};
use super::scene::Scene;

/// Positions come back within this, in metres.
pub const POSITION_TOLERANCE_M: f64 = 0.025 + 1e-6;
/// Speeds come back within this, in metres a second.
pub const SPEED_TOLERANCE_MPS: f64 = 0.05 + 1e-6;

const POSITION_STEP_M: f64 = 0.05;
const SPEED_STEP_MPS: f64 = 0.1;
/// Positions and speeds beyond this are not told, in steps: 200 km.
const STEPS_MAX: i64 = 4_000_000;
/// A block holds no more frames.
pub(super) const FRAMES_MAX: usize = 32;
/// A block is closed when it holds so many places, whatever the number of its frames.
pub(super) const PLACES_MAX: usize = 400_000;

const LAMPS: [Lamp; 8] = [
    Lamp::Red,
    Lamp::RedYellow,
    Lamp::Yellow,
    Lamp::Green,
    Lamp::GreenYield,
    Lamp::StopThenYield,
    Lamp::OffYield,
    Lamp::Off,
];

fn lamp_code(lamp: Lamp) -> u8 {
    LAMPS.iter().position(|known| *known == lamp).unwrap_or(0) as u8
}

/// What a file tells of one time.
#[derive(Clone, Debug, PartialEq)]
pub struct Moment {
    /// Number of the frame.
    pub number: u32,
    /// Its time in seconds.
    pub time_s: f64,
    /// Everybody on the road, lane by lane, the front one first.
    pub vehicles: Vec<VehicleAt>,
    /// What every lamp shows, signal by signal, lamp by lamp.
    pub lamps: Vec<Lamp>,
}

/// One vehicle in one frame, in steps.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Place {
    trip: u32,
    frame: u32,
    lane: u32,
    came_by: u32,
    position: i64,
    speed: i64,
    is_aside: bool,
}

/// Frames that gather until they are packed.
#[derive(Clone, Debug, Default)]
pub(super) struct Gathered {
    pub(super) first: u32,
    pub(super) frames: u32,
    places: Vec<Place>,
    lamps: Vec<Lamp>,
}

fn steps(value: f64, step: f64) -> i64 {
    ((value / step).round() as i64).clamp(0, STEPS_MAX)
}

impl Gathered {
    pub(super) fn is_full(&self) -> bool {
        self.frames as usize >= FRAMES_MAX || self.places.len() >= PLACES_MAX
    }

    pub(super) fn len(&self) -> usize {
        self.places.len()
    }

    pub(super) fn add(&mut self, frame: &Frame<'_>) {
        if self.frames == 0 {
            self.first = frame.number;
        }
        self.places.extend(frame.vehicles.iter().map(|vehicle| Place {
            trip: vehicle.trip,
            frame: self.frames,
            lane: vehicle.lane,
            came_by: vehicle.came_by,
            position: steps(vehicle.position_m, POSITION_STEP_M),
            speed: steps(vehicle.speed_mps, SPEED_STEP_MPS),
            is_aside: vehicle.is_aside,
        }));
        self.lamps.extend_from_slice(frame.lamps);
        self.frames += 1;
    }

    /// Packs what has gathered, and begins anew.
    pub(super) fn pack(&mut self, scene: &Scene) -> Vec<u8> {
        self.places.sort_unstable_by_key(|place| (place.trip, place.frame));
        let mut streams: [Vec<u8>; 4] = Default::default();
        let is_new = |a: &Place, b: &Place| a.trip != b.trip || a.frame + 1 != b.frame;
        let mut last_trip = 0;
        for run in self.places.chunk_by(|a, b| !is_new(a, b)) {
            pack_run(run, last_trip, scene, &mut streams);
            last_trip = run[0].trip;
        }
        let mut bytes = Vec::new();
        put(&mut bytes, u64::from(self.frames));
        pack_lamps(&self.lamps, scene, &mut bytes);
        for stream in &streams {
            put(&mut bytes, stream.len() as u64);
            bytes.extend_from_slice(stream);
        }
        self.places.clear();
        self.lamps.clear();
        self.frames = 0;
        bytes
    }
}

/// Displacement in a frame at a speed, and the other way round.
fn displacement(speed: i64, step_s: f64) -> i64 {
    (speed as f64 * SPEED_STEP_MPS * step_s / POSITION_STEP_M).round() as i64
}

fn speed_of(displacement: i64, step_s: f64) -> i64 {
    (displacement as f64 * POSITION_STEP_M / (step_s * SPEED_STEP_MPS)).round() as i64
}

/// How much shorter positions become with a change of lanes.
fn left_behind(scene: &Scene, lane: u32, next: u32, came_by: u32) -> i64 {
    if next == lane || came_by != lane {
        return 0;
    }
    scene.lanes.get(lane as usize).map_or(0, |lane| steps(lane.length_m, POSITION_STEP_M))
}

fn pack_run(run: &[Place], last_trip: u32, scene: &Scene, [heads, lanes, positions, speeds]: &mut [Vec<u8>; 4]) {
    let first = run[0];
    put(heads, u64::from(first.trip - last_trip));
    put(heads, u64::from(first.frame));
    put(heads, run.len() as u64);
    put(heads, run.windows(2).filter(|pair| changes(&pair[0], &pair[1])).count() as u64);
    put(lanes, u64::from(first.lane));
    put(lanes, u64::from(first.came_by.wrapping_add(1)));
    lanes.push(u8::from(first.is_aside));
    put(positions, first.position as u64);
    put(speeds, first.speed as u64);
    let step_s = scene.about.step_s;
    let mut moved = displacement(first.speed, step_s);
    let mut last_change = first.frame;
    for pair in run.windows(2) {
        let (was, is) = (&pair[0], &pair[1]);
        if changes(was, is) {
            put(lanes, u64::from(is.frame - last_change));
            last_change = is.frame;
            put_signed(lanes, i64::from(is.lane) - i64::from(was.lane));
            let came_by = if is.came_by == was.lane { 0 } else { u64::from(is.came_by.wrapping_add(1)) + 1 };
            put(lanes, came_by);
            lanes.push(u8::from(is.is_aside));
        }
        let start = was.position - left_behind(scene, was.lane, is.lane, is.came_by);
        put_signed(positions, is.position - (start + moved));
        moved = is.position - start;
        put_signed(speeds, is.speed - speed_of(moved, step_s));
    }
}

/// Whether more changes than place and speed.
fn changes(was: &Place, is: &Place) -> bool {
    was.lane != is.lane || was.came_by != is.came_by || was.is_aside != is.is_aside
}

/// All lamps of the first frame; then the signals that change.
fn pack_lamps(lamps: &[Lamp], scene: &Scene, bytes: &mut Vec<u8>) {
    let count = scene.lamp_count();
    if count == 0 {
        return;
    }
    let mut shown: Option<&[Lamp]> = None;
    for frame in lamps.chunks_exact(count) {
        let Some(was) = shown.replace(frame) else {
            bytes.extend(frame.iter().map(|&lamp| lamp_code(lamp)));
            continue;
        };
        let changed: Vec<(usize, std::ops::Range<usize>)> =
            signals(scene).enumerate().filter(|(_, range)| was[range.clone()] != frame[range.clone()]).collect();
        put(bytes, changed.len() as u64);
        for (signal, range) in changed {
            put(bytes, signal as u64);
            bytes.extend(frame[range].iter().map(|&lamp| lamp_code(lamp)));
        }
    }
}

/// Where the lamps of each signal stand among all.
fn signals(scene: &Scene) -> impl Iterator<Item = std::ops::Range<usize>> + '_ {
    scene.lamp_counts.iter().scan(0, |next, &count| {
        let start = *next;
        *next += count as usize;
        Some(start..*next)
    })
}

/// Unpacks a block whose first frame has that number.
pub(super) fn unpack(bytes: &[u8], first: u32, scene: &Scene) -> Result<Vec<Moment>, TrajectoryFault> {
    let mut bytes = Bytes(bytes);
    let frames = bytes.below(FRAMES_MAX + 1)?;
    let lamps = unpack_lamps(&mut bytes, frames, scene)?;
    let about = &scene.about;
    let mut moments = Vec::new();
    for (frame, lamps) in (0..frames).zip(lamps) {
        let number = first.checked_add(frame).ok_or(TrajectoryFault::Damaged("there are too many frames"))?;
        let time_s = about.begin_s + f64::from(number) * about.step_s;
        moments.push(Moment { number, time_s, vehicles: Vec::new(), lamps });
    }
    let mut stream = || {
        let length = bytes.count(1)?;
        Ok::<_, TrajectoryFault>(Bytes(bytes.take(length)?))
    };
    let mut streams = [stream()?, stream()?, stream()?, stream()?];
    bytes.end()?;
    let mut trip = 0_u32;
    while !streams[0].0.is_empty() {
        unpack_run(&mut streams, &mut trip, scene, &mut moments)?;
    }
    streams.into_iter().try_for_each(Bytes::end)?;
    for moment in &mut moments {
        moment.vehicles.sort_unstable_by(|a, b| {
            a.lane.cmp(&b.lane).then(b.position_m.total_cmp(&a.position_m)).then(a.trip.cmp(&b.trip))
        });
    }
    Ok(moments)
}

const STRANGE: TrajectoryFault = TrajectoryFault::Damaged("a vehicle is where none can be");

fn unpack_run(
    [heads, lanes, positions, speeds]: &mut [Bytes<'_>; 4],
    trip: &mut u32,
    scene: &Scene,
    moments: &mut [Moment],
) -> Result<(), TrajectoryFault> {
    let further = heads.below(scene.type_of_trip.len().max(1))?;
    *trip = trip.checked_add(further).filter(|trip| (*trip as usize) < scene.type_of_trip.len()).ok_or(STRANGE)?;
    let frame = heads.below(moments.len())?;
    let length = heads.below(moments.len() - frame as usize + 1)?;
    let mut left = heads.below(FRAMES_MAX)?;
    let lane_count = scene.lanes.len();
    let step_s = scene.about.step_s;
    let mut place = Place {
        trip: *trip,
        frame,
        lane: lanes.below(lane_count)?,
        came_by: came_by(lanes.number()?, lane_count)?,
        is_aside: lanes.below(2)? == 1,
        position: positions.below(STEPS_MAX as usize + 1)?.into(),
        speed: speeds.below(STEPS_MAX as usize + 1)?.into(),
    };
    let mut moved = displacement(place.speed, step_s);
    let mut next_change = next_change(&mut left, frame, lanes)?;
    for frame in frame..frame + length {
        if frame > place.frame {
            let was = place;
            if next_change == Some(frame) {
                let lane = i64::from(was.lane).checked_add(lanes.signed()?).ok_or(STRANGE)?;
                place.lane = u32::try_from(lane).ok().filter(|lane| (*lane as usize) < lane_count).ok_or(STRANGE)?;
                place.came_by = match lanes.number()? {
                    0 => was.lane,
                    code => came_by(code - 1, lane_count)?,
                };
                place.is_aside = lanes.below(2)? == 1;
                next_change = self::next_change(&mut left, frame, lanes)?;
            }
            let start = was.position - left_behind(scene, was.lane, place.lane, place.came_by);
            let off = positions.signed()?;
            place.position = (start + moved).checked_add(off).ok_or(STRANGE)?;
            moved = place.position - start;
            place.speed = speed_of(moved, step_s).checked_add(speeds.signed()?).ok_or(STRANGE)?;
            if !(0..=STEPS_MAX).contains(&place.position) || !(0..=STEPS_MAX).contains(&place.speed) {
                return Err(STRANGE);
            }
            place.frame = frame;
        }
        moments[frame as usize].vehicles.push(VehicleAt {
            trip: place.trip,
            lane: place.lane,
            came_by: place.came_by,
            position_m: place.position as f64 * POSITION_STEP_M,
            speed_mps: place.speed as f64 * SPEED_STEP_MPS,
            is_aside: place.is_aside,
        });
    }
    if next_change.is_some() || left > 0 { Err(STRANGE) } else { Ok(()) }
}

/// The frame of the next change of lanes, if there is one left.
fn next_change(left: &mut u32, frame: u32, lanes: &mut Bytes<'_>) -> Result<Option<u32>, TrajectoryFault> {
    let Some(after) = left.checked_sub(1) else { return Ok(None) };
    *left = after;
    Ok(Some(frame + lanes.below(FRAMES_MAX)?))
}

fn came_by(code: u64, lane_count: usize) -> Result<u32, TrajectoryFault> {
    match code.checked_sub(1) {
        None => Ok(VehicleAt::NOWHERE),
        Some(lane) if lane < lane_count as u64 => Ok(lane as u32),
        Some(_) => Err(STRANGE),
    }
}

fn unpack_lamps(bytes: &mut Bytes<'_>, frames: u32, scene: &Scene) -> Result<Vec<Vec<Lamp>>, TrajectoryFault> {
    let count = scene.lamp_count();
    if count == 0 || frames == 0 {
        return Ok(vec![Vec::new(); frames as usize]);
    }
    let lamp =
        |code: &u8| LAMPS.get(*code as usize).copied().ok_or(TrajectoryFault::Damaged("a lamp shows nothing known"));
    let ranges: Vec<std::ops::Range<usize>> = signals(scene).collect();
    let mut shown = bytes.take(count)?.iter().map(lamp).collect::<Result<Vec<_>, _>>()?;
    let mut all = vec![shown.clone()];
    for _ in 1..frames {
        for _ in 0..bytes.count(1)? {
            let range = ranges[bytes.below(ranges.len())? as usize].clone();
            for (place, code) in shown[range.clone()].iter_mut().zip(bytes.take(range.len())?) {
                *place = lamp(code)?;
            }
        }
        all.push(shown.clone());
    }
    Ok(all)
}
