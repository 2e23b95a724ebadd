//! The drawing, as SVG.

use std::fmt::Write;

use data::trajectories::{Moment, Scene, SceneLane, TypeAbout};
use engine::signals::Lamp;
use engine::traffic::trajectories::{Fidelity, VehicleAt};
use geo::{Coord, LineString, Rect};

use super::super::frame::{Frame, page};
use super::super::path::{PathData, moved_right};
use super::super::scale::round_number;
use super::bodies::{apart_m, between, body};

/// Whether a lane is on a layer.
type IsOn = fn(&SceneLane) -> bool;

/// Width of the picture, and heights of the bands above and below the map, in page units.
const WIDTH: f64 = 1200.0;
const HEAD: f64 = 64.0;
const FOOT: f64 = 84.0;

/// What is drawn.
#[derive(Clone, Copy, Debug)]
pub struct Picture {
    /// The middle, in the scene's metres.
    pub middle: Coord,
    /// Width and height on the ground, in metres.
    pub size_m: f64,
}

/// Speeds that share a colour: below that many km/h, the colour, and the words of the legend.
const SPEEDS: [(f64, &str, &str); 5] = [
    (2.0, "#b2182b", "standing"),
    (10.0, "#f07b3f", "crawling, under 10 km/h"),
    (25.0, "#f6c945", "slow, 10 to 25 km/h"),
    (45.0, "#5aae61", "25 to 45 km/h"),
    (f64::INFINITY, "#2c7fb8", "over 45 km/h"),
];

/// Draws a moment.
#[must_use]
pub fn draw(scene: &Scene, moment: &Moment, picture: &Picture) -> String {
    let half = Coord { x: picture.size_m / 2.0, y: picture.size_m / 2.0 };
    let frame = Frame::showing(Rect::new(picture.middle - half, picture.middle + half), WIDTH);
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {w} {h}\" width=\"{w}\" height=\"{h}\" font-family=\"'DejaVu Sans', 'Liberation Sans', sans-serif\">\n\
         <rect width=\"{w}\" height=\"{h}\" fill=\"#fff\"/>\n\
         <clipPath id=\"map\"><rect width=\"{w}\" height=\"{m}\"/></clipPath>\n\
         <g transform=\"translate(0 {HEAD})\" clip-path=\"url(#map)\">\n<rect width=\"{w}\" height=\"{m}\" fill=\"#f3f1ec\"/>\n",
        w = page(WIDTH),
        h = page(HEAD + frame.height + FOOT),
        m = page(frame.height),
    );
    let lanes: Vec<&SceneLane> = scene.lanes.iter().filter(|lane| comes_near(frame, &lane.line)).collect();
    asphalt(frame, &lanes, &mut svg);
    markings(frame, scene, &mut svg);
    stop_lines(frame, &lanes, moment, &mut svg);
    let shown = vehicles(frame, scene, moment, &mut svg);
    svg.push_str("</g>\n");
    head(scene, moment, &shown, &mut svg);
    foot(frame, &mut svg);
    svg.push_str("</svg>\n");
    svg
}

fn on_page(frame: Frame, points: &[Coord]) -> LineString<f64> {
    points.iter().map(|point| frame.to_page([point.x, point.y])).collect()
}

fn comes_near(frame: Frame, points: &[Coord]) -> bool {
    const NEAR: f64 = 40.0;
    on_page(frame, points).0.windows(2).any(|step| {
        step[0].x.max(step[1].x) > -NEAR
            && step[0].x.min(step[1].x) < frame.width + NEAR
            && step[0].y.max(step[1].y) > -NEAR
            && step[0].y.min(step[1].y) < frame.height + NEAR
    })
}

/// Lanes, each as wide as it is: kerbs, then junctions, then streets.
fn asphalt(frame: Frame, lanes: &[&SceneLane], svg: &mut String) {
    const KERB_M: f64 = 0.35;
    let layers: [(&str, f64, IsOn); 3] = [
        ("#b9bcc0", 2.0 * KERB_M, |lane| lane.street.is_some()),
        ("#dfe0e2", 0.0, |lane| lane.street.is_none()),
        ("#cfd1d4", 0.05, |lane| lane.street.is_some()),
    ];
    for (colour, wider_m, is_meant) in layers {
        let _ = writeln!(svg, "<g fill=\"none\" stroke=\"{colour}\" stroke-linejoin=\"round\">");
        for lane in lanes.iter().filter(|lane| is_meant(lane)) {
            let mut path = PathData::default();
            path.line(&on_page(frame, &lane.line));
            let width = frame.units(lane.width_m + wider_m);
            let _ = writeln!(svg, "<path d=\"{}\" stroke-width=\"{}\"/>", path.as_str(), page(width));
        }
        svg.push_str("</g>\n");
    }
}

/// Broken lines between lanes side by side.
fn markings(frame: Frame, scene: &Scene, svg: &mut String) {
    let mut path = PathData::default();
    for pair in scene.lanes.windows(2) {
        let is_beside = pair[0].street.is_some() && pair[0].street == pair[1].street;
        if is_beside && comes_near(frame, &pair[0].line) {
            path.line(&moved_right(&on_page(frame, &pair[0].line), -frame.units(pair[0].width_m / 2.0)));
        }
    }
    if !path.is_empty() {
        let (dash, gap) = (page(frame.units(3.0)), page(frame.units(4.0)));
        let _ = writeln!(
            svg,
            "<path d=\"{}\" fill=\"none\" stroke=\"#fff\" stroke-width=\"{}\" stroke-dasharray=\"{dash} {gap}\"/>",
            path.as_str(),
            page(frame.units(0.15).max(0.4)),
        );
    }
}

fn lamp_colour(lamp: Lamp) -> &'static str {
    match lamp {
        Lamp::Red | Lamp::RedYellow => "#d7191c",
        Lamp::Yellow | Lamp::OffYield => "#f2b705",
        Lamp::Green | Lamp::GreenYield => "#1a9641",
        Lamp::StopThenYield => "#7a5195",
        Lamp::Off => "#ffffff",
    }
}

/// Where one waits: white, or in the colours of the lamps that rule there, side by side.
fn stop_lines(frame: Frame, lanes: &[&SceneLane], moment: &Moment, svg: &mut String) {
    let width = page(frame.units(0.9).max(1.2));
    for lane in lanes.iter().filter(|lane| lane.has_stop_line) {
        let [.., before, end] = lane.line[..] else { continue };
        let length_m = apart_m(before, end);
        if length_m <= 0.0 {
            continue;
        }
        let across = Coord { x: (before.y - end.y) / length_m, y: (end.x - before.x) / length_m };
        let (left, right) = (end + across * (0.46 * lane.width_m), end - across * (0.46 * lane.width_m));
        let mut colours: Vec<&str> = lane
            .lamps
            .iter()
            .filter_map(|&lamp| moment.lamps.get(lamp as usize))
            .map(|&lamp| lamp_colour(lamp))
            .collect();
        colours.dedup();
        if colours.is_empty() {
            colours.push("#ffffff");
        }
        let count = colours.len() as f64;
        for (place, colour) in colours.iter().enumerate() {
            let from = between(right, left, place as f64 / count);
            let to = between(right, left, (place as f64 + 1.0) / count);
            let mut path = PathData::default();
            path.line(&on_page(frame, &[from, to]));
            let _ = writeln!(svg, "<path d=\"{}\" stroke=\"{colour}\" stroke-width=\"{width}\"/>", path.as_str());
        }
    }
}

/// How many vehicles a picture shows, and how many of them stand.
struct Shown {
    vehicles: usize,
    standing: usize,
}

/// Vehicles as bodies with a dark rim, and a windscreen that shows which way they head.
fn vehicles(frame: Frame, scene: &Scene, moment: &Moment, svg: &mut String) -> Shown {
    let mut shown = Shown { vehicles: 0, standing: 0 };
    for vehicle in &moment.vehicles {
        let row = scene.type_of_trip.get(vehicle.trip as usize).and_then(|row| scene.about.types.get(*row as usize));
        let Some(row) = row else { continue };
        let line = body(scene, vehicle, row.length_m);
        if line.len() < 2 || !comes_near(frame, &line) {
            continue;
        }
        let front = frame.to_page([line[0].x, line[0].y]);
        if frame.holds(front, 0.0) {
            shown.vehicles += 1;
            shown.standing += usize::from(colour(vehicle).1 == 0);
        }
        vehicle_body(frame, &line, row, colour(vehicle).0, svg);
    }
    shown
}

/// The colour of a vehicle, and the number of its class of speed.
fn colour(vehicle: &VehicleAt) -> (&'static str, usize) {
    let kmh = vehicle.speed_mps * 3.6;
    let class = SPEEDS.iter().position(|(below, ..)| kmh < *below).unwrap_or(SPEEDS.len() - 1);
    (SPEEDS[class].1, class)
}

fn vehicle_body(frame: Frame, line: &[Coord], row: &TypeAbout, colour: &str, svg: &mut String) {
    let mut path = PathData::default();
    path.line(&on_page(frame, line));
    let rim_m = 0.16;
    let inner_m = (row.width_m - 2.0 * rim_m).max(0.3);
    let length_m: f64 = line.windows(2).map(|step| apart_m(step[0], step[1])).sum();
    let mut inside = PathData::default();
    inside.line(&on_page(frame, &part(line, rim_m, length_m - rim_m)));
    // From the front: bonnet, then the windscreen.
    let bonnet_m = if row.length_m > 7.0 { 0.3 } else { (0.22 * row.length_m).min(1.1) };
    let mut screen = PathData::default();
    screen.line(&on_page(frame, &part(line, bonnet_m, bonnet_m + (0.16 * row.length_m).min(0.7))));
    let _ = writeln!(
        svg,
        "<g fill=\"none\" stroke-linejoin=\"round\"><path d=\"{}\" stroke=\"#2b2b2b\" stroke-width=\"{}\"/>\
         <path d=\"{}\" stroke=\"{colour}\" stroke-width=\"{}\"/><path d=\"{}\" stroke=\"#2b2b2b\" stroke-opacity=\".7\" stroke-width=\"{}\"/></g>",
        path.as_str(),
        page(frame.units(row.width_m)),
        inside.as_str(),
        page(frame.units(inner_m)),
        screen.as_str(),
        page(frame.units(0.8 * inner_m)),
    );
}

/// The part of a line between two distances from its beginning.
fn part(line: &[Coord], from_m: f64, to_m: f64) -> Vec<Coord> {
    let mut points = Vec::new();
    let mut gone_m = 0.0;
    for step in line.windows(2) {
        let step_m = apart_m(step[0], step[1]);
        let (start_m, end_m) = (gone_m, gone_m + step_m);
        if step_m > 0.0 && end_m > from_m && start_m < to_m {
            if points.is_empty() {
                points.push(between(step[0], step[1], ((from_m - start_m) / step_m).max(0.0)));
            }
            points.push(between(step[0], step[1], ((to_m - start_m) / step_m).min(1.0)));
        }
        gone_m = end_m;
    }
    points
}

/// A time of the day in words.
fn clock(time_s: f64) -> String {
    let seconds = time_s.round().max(0.0) as u64;
    format!("{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60)
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// What, when, and how far it can be trusted.
fn head(scene: &Scene, moment: &Moment, shown: &Shown, svg: &mut String) {
    let about = &scene.about;
    let (fidelity, note) = match about.fidelity {
        Fidelity::Micro => ("micro", "positions as simulated"),
        Fidelity::Meso => ("meso", "positions reconstructed between events"),
    };
    let _ = writeln!(
        svg,
        "<text x=\"16\" y=\"28\" font-size=\"22\" font-weight=\"bold\">{} <tspan font-weight=\"normal\">{} vehicles, {} of them standing</tspan></text>\n\
         <text x=\"16\" y=\"52\" font-size=\"15\" fill=\"#555\">{} · seed {} · {fidelity}: {note}</text>",
        clock(moment.time_s),
        shown.vehicles,
        shown.standing,
        escaped(&about.run),
        about.seed,
    );
    if about.fidelity == Fidelity::Meso {
        let _ = writeln!(
            svg,
            "<rect x=\"1034\" y=\"14\" width=\"150\" height=\"30\" rx=\"4\" fill=\"#fff3d6\" stroke=\"#c98a00\"/>\
             <text x=\"1109\" y=\"34\" font-size=\"15\" text-anchor=\"middle\" fill=\"#7a5400\">reconstructed</text>"
        );
    }
}

/// What colours mean, and how long things are.
fn foot(frame: Frame, svg: &mut String) {
    let y = HEAD + frame.height;
    let _ = writeln!(svg, "<g font-size=\"14\" fill=\"#333\">");
    let mut x = 16.0;
    for (_, colour, words) in SPEEDS {
        let _ = writeln!(
            svg,
            "<rect x=\"{}\" y=\"{}\" width=\"26\" height=\"11\" fill=\"{colour}\" stroke=\"#2b2b2b\"/><text x=\"{}\" y=\"{}\">{words}</text>",
            page(x),
            page(y + 14.0),
            page(x + 33.0),
            page(y + 24.0),
        );
        x += 58.0 + 7.6 * words.len() as f64;
    }
    x = 16.0;
    let lamps =
        [("#d7191c", "red"), ("#f2b705", "yellow"), ("#1a9641", "green"), ("#ffffff", "stop line without a lamp")];
    for (colour, words) in lamps {
        let _ = writeln!(
            svg,
            "<rect x=\"{}\" y=\"{}\" width=\"26\" height=\"5\" fill=\"{colour}\" stroke=\"#999\" stroke-width=\".5\"/><text x=\"{}\" y=\"{}\">{words}</text>",
            page(x),
            page(y + 52.0),
            page(x + 33.0),
            page(y + 59.0),
        );
        x += 58.0 + 7.6 * words.len() as f64;
    }
    let ground_m = frame.width / frame.units(1.0);
    let bar_m = round_number(ground_m / 6.0);
    let bar = frame.units(bar_m);
    let (left, right) = (WIDTH - 60.0 - bar, WIDTH - 60.0);
    let _ = writeln!(
        svg,
        "<path d=\"M{l} {t}v8H{r}v-8\" fill=\"none\" stroke=\"#333\" stroke-width=\"2\"/><text x=\"{m}\" y=\"{t}\" text-anchor=\"middle\">{bar_m} m</text>\n\
         <path d=\"M{nx} {n0}l8 24-8-6-8 6z\" fill=\"#333\"/><text x=\"{nx}\" y=\"{n1}\" text-anchor=\"middle\">N</text>\n</g>",
        l = page(left),
        r = page(right),
        m = page((left + right) / 2.0),
        t = page(y + 54.0),
        nx = page(WIDTH - 28.0),
        n0 = page(y + 34.0),
        n1 = page(y + 76.0),
    );
}
