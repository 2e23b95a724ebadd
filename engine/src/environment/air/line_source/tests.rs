//! The examples that the EPA publishes with the model, with every concentration that it prints.
//!
//! `CALINE3.EXP` and `CALINE3.LST`, US EPA, Support Center for Regulatory Atmospheric Modeling (printed by the port to C++ of
//! 2022: ppm of carbon monoxide, one decimal). Inputs are restated as the model's manual gives them (Benson 1979): traffic in
//! vehicles an hour, emission in grams a vehicle mile.

use super::super::meteorology::{Stability, Weather};
use super::{LineSource, Link, LinkKind, Receptor, Site};
use LinkKind::{AtGrade as AG, Bridge as BR, Depressed as DP, Fill as FL};

/// Kind, ends, vehicles an hour, grams a vehicle mile, height and width.
type Road = (LinkKind, [f64; 4], f64, f64, f64, f64);
/// Where the wind comes from, the ambient concentration, and for each receptor what is printed: with ambient, and by road.
type Printed<'a> = (f64, f64, &'a [(f64, &'a [f64])]);

struct Example<'a> {
    roughness_m: f64,
    mixing_height_m: f64,
    receptors: &'a [[f64; 3]],
    roads: &'a [Road],
    printed: &'a [Printed<'a>],
}

impl Example<'_> {
    /// Parts per million of carbon monoxide, by road.
    fn ppm(&self, [x_m, y_m, z_m]: [f64; 3], wind_from_deg: f64) -> Vec<f64> {
        let site = Site { roughness_m: self.roughness_m, averaging_min: 60.0, settling_mps: 0.0, deposition_mps: 0.0 };
        let weather = Weather {
            wind_speed_mps: 1.0,
            wind_from_deg,
            stability: Stability::F,
            mixing_height_m: self.mixing_height_m,
            temperature_c: 15.0,
        };
        let road_ppm = |&(kind, [x1, y1, x2, y2], flow_vph, factor_gpmi, height_m, width_m): &Road| {
            let link = Link { from_m: [x1, y1], to_m: [x2, y2], width_m, height_m, kind };
            let source = LineSource::new(&link, &site, &weather).expect("a plume");
            // Grams a vehicle mile into g/(m·s), and µg/m³ of a gas of 28 g/mol into ppm, as the model has them.
            let emission_gpms = 0.1726e-6 * flow_vph * factor_gpmi;
            source.concentration_ugpm3(emission_gpms, Receptor { x_m, y_m, z_m }) * 0.0245 / 28.0
        };
        self.roads.iter().map(road_ppm).collect()
    }

    /// Every printed number is the computed one, rounded; the model rounds each road and adds the rounded ones.
    fn check(&self) {
        let rounded = |ppm: f64| (ppm * 10.0).round() / 10.0;
        for &(wind_from_deg, ambient_ppm, rows) in self.printed {
            for (&receptor, &(total_ppm, by_road_ppm)) in self.receptors.iter().zip(rows) {
                let ppm = self.ppm(receptor, wind_from_deg);
                let total = ambient_ppm + ppm.iter().copied().map(rounded).sum::<f64>();
                let case = format!("wind from {wind_from_deg}°, receptor {receptor:?}: {ppm:?}");
                assert_eq!(rounded(total), total_ppm, "{case}");
                let by_road: Vec<f64> = ppm.into_iter().map(rounded).collect();
                assert!(by_road_ppm.is_empty() || by_road == by_road_ppm, "{case}");
            }
        }
    }
}

#[test]
fn example_one_a_road_at_grade() {
    Example {
        roughness_m: 0.1,
        mixing_height_m: 1000.0,
        receptors: &[[30.0, 0.0, 1.8]],
        roads: &[(AG, [0.0, -5000.0, 0.0, 5000.0], 7500.0, 30.0, 0.0, 30.0)],
        printed: &[(270.0, 3.0, &[(7.6, &[])])],
    }
    .check();
}

#[test]
fn example_one_a_road_on_a_bridge() {
    Example {
        roughness_m: 0.1,
        mixing_height_m: 1000.0,
        receptors: &[[30.0, 0.0, 1.8]],
        roads: &[(BR, [0.0, -5000.0, 0.0, 5000.0], 7500.0, 30.0, 5.0, 30.0)],
        printed: &[(270.0, 3.0, &[(6.2, &[])])],
    }
    .check();
}

#[test]
fn example_one_a_road_in_a_cut() {
    Example {
        roughness_m: 0.1,
        mixing_height_m: 1000.0,
        receptors: &[[30.0, 0.0, 1.8]],
        roads: &[(DP, [0.0, -5000.0, 0.0, 5000.0], 7500.0, 30.0, -5.0, 30.0)],
        printed: &[(270.0, 3.0, &[(5.8, &[])])],
    }
    .check();
}

#[test]
fn example_one_a_road_on_a_fill() {
    Example {
        roughness_m: 0.1,
        mixing_height_m: 1000.0,
        receptors: &[[30.0, 0.0, 1.8]],
        roads: &[(FL, [0.0, -5000.0, 0.0, 5000.0], 7500.0, 30.0, 5.0, 30.0)],
        printed: &[(270.0, 3.0, &[(7.6, &[])])],
    }
    .check();
}

#[test]
fn example_two_a_curve_in_the_country() {
    Example {
        roughness_m: 0.5,
        mixing_height_m: 1000.0,
        receptors: &[[400.0, 1700.0, 1.8], [100.0, 1500.0, 1.8], [200.0, 1300.0, 1.8], [100.0, 350.0, 1.8]],
        roads: &[
            (AG, [-707.0, -707.0, 0.0, 0.0], 8500.0, 30.0, 0.0, 28.0),
            (AG, [0.0, 0.0, 120.0, 175.0], 8500.0, 30.0, 0.0, 28.0),
            (AG, [120.0, 175.0, 150.0, 350.0], 8500.0, 30.0, 0.0, 28.0),
            (AG, [150.0, 350.0, 150.0, 1350.0], 8500.0, 30.0, 0.0, 28.0),
            (AG, [150.0, 1350.0, 175.0, 1510.0], 8500.0, 30.0, 0.0, 28.0),
            (AG, [175.0, 1510.0, 265.0, 1640.0], 8500.0, 30.0, 0.0, 28.0),
            (AG, [265.0, 1640.0, 350.0, 1760.0], 8500.0, 30.0, 0.0, 28.0),
            (AG, [350.0, 1760.0, 475.0, 1830.0], 8500.0, 30.0, 0.0, 28.0),
            (AG, [475.0, 1830.0, 650.0, 1850.0], 8500.0, 30.0, 0.0, 28.0),
            (AG, [650.0, 1850.0, 1650.0, 1850.0], 8500.0, 30.0, 0.0, 28.0),
        ],
        printed: &[(
            45.0,
            3.0,
            &[
                (6.1, &[0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 3.1, 0.0]),
                (10.7, &[0.0, 0.0, 0.0, 0.0, 0.0, 1.5, 3.7, 2.1, 0.4, 0.0]),
                (4.4, &[0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.1, 1.3]),
                (8.3, &[0.0, 0.0, 0.0, 4.8, 0.0, 0.0, 0.0, 0.0, 0.0, 0.5]),
            ],
        )],
    }
    .check();
}

#[test]
fn example_three_a_crossing_in_town() {
    Example {
        roughness_m: 1.0,
        mixing_height_m: 100.0,
        receptors: &[[-30.0, 30.0, 1.8], [-30.0, -30.0, 1.8], [-100.0, 30.0, 1.8]],
        roads: &[
            (AG, [0.0, 500.0, 0.0, 50.0], 1000.0, 50.0, 0.0, 14.0),
            (AG, [100.0, 0.0, 500.0, 0.0], 5000.0, 60.0, 0.0, 26.0),
            (AG, [0.0, -50.0, 0.0, -500.0], 1000.0, 50.0, 0.0, 14.0),
            (AG, [-500.0, 0.0, -100.0, 0.0], 5000.0, 60.0, 0.0, 26.0),
            (AG, [-100.0, 0.0, 100.0, 0.0], 5000.0, 100.0, 0.0, 28.0),
            (AG, [0.0, 50.0, 0.0, -50.0], 1000.0, 100.0, 0.0, 14.0),
        ],
        printed: &[(
            90.0,
            5.0,
            &[
                (13.1, &[0.0, 5.4, 0.0, 0.0, 0.8, 1.9]),
                (13.1, &[0.0, 5.4, 0.0, 0.0, 0.8, 1.9]),
                (13.5, &[0.0, 5.1, 0.0, 0.0, 2.4, 1.0]),
            ],
        )],
    }
    .check();
}

#[test]
fn example_four_many_links_and_four_winds() {
    Example {
        roughness_m: 1.0,
        mixing_height_m: 1000.0,
        receptors: &[
            [-350.0, 30.0, 1.8],
            [0.0, 30.0, 1.8],
            [750.0, 100.0, 1.8],
            [850.0, 30.0, 1.8],
            [-850.0, -100.0, 1.8],
            [-550.0, -100.0, 1.8],
            [-350.0, -100.0, 1.8],
            [50.0, -100.0, 1.8],
            [450.0, -100.0, 1.8],
            [800.0, -100.0, 1.8],
            [-550.0, 25.0, 1.8],
            [-550.0, 25.0, 6.1],
        ],
        roads: &[
            (AG, [500.0, 0.0, 3000.0, 0.0], 9700.0, 30.0, 0.0, 23.0),
            (DP, [500.0, 0.0, 1000.0, 100.0], 1200.0, 150.0, -2.0, 13.0),
            (AG, [-3000.0, 0.0, 500.0, 0.0], 10900.0, 30.0, 0.0, 23.0),
            (AG, [-3000.0, -75.0, 3000.0, -75.0], 9300.0, 30.0, 0.0, 23.0),
            (BR, [-500.0, 200.0, -500.0, -300.0], 4000.0, 50.0, 6.1, 27.0),
            (BR, [-100.0, 200.0, -100.0, -200.0], 5000.0, 50.0, 6.1, 27.0),
        ],
        printed: &[
            (
                0.0,
                12.0,
                &[
                    (12.0, &[0.0, 0.0, 0.0, 0.0, 0.0, 0.0]),
                    (12.0, &[0.0, 0.0, 0.0, 0.0, 0.0, 0.0]),
                    (12.0, &[0.0, 0.0, 0.0, 0.0, 0.0, 0.0]),
                    (14.8, &[0.0, 2.8, 0.0, 0.0, 0.0, 0.0]),
                    (21.6, &[0.0, 0.0, 3.6, 6.0, 0.0, 0.0]),
                    (21.9, &[0.0, 0.0, 3.6, 6.0, 0.3, 0.0]),
                    (21.6, &[0.0, 0.0, 3.6, 6.0, 0.0, 0.0]),
                    (21.6, &[0.0, 0.0, 3.6, 6.0, 0.0, 0.0]),
                    (21.6, &[0.0, 0.0, 3.6, 6.0, 0.0, 0.0]),
                    (22.6, &[3.2, 1.4, 0.0, 6.0, 0.0, 0.0]),
                    (12.0, &[0.0, 0.0, 0.0, 0.0, 0.0, 0.0]),
                    (12.0, &[0.0, 0.0, 0.0, 0.0, 0.0, 0.0]),
                ],
            ),
            (
                90.0,
                7.0,
                &[
                    (28.4, &[5.7, 1.3, 8.9, 3.9, 0.0, 1.6]),
                    (26.5, &[8.0, 2.1, 5.8, 3.6, 0.0, 0.0]),
                    (13.6, &[3.1, 2.6, 0.0, 0.9, 0.0, 0.0]),
                    (21.7, &[12.0, 0.0, 0.0, 2.7, 0.0, 0.0]),
                    (29.7, &[3.1, 0.4, 1.8, 15.4, 1.1, 0.9]),
                    (30.5, &[3.5, 0.3, 1.1, 15.1, 2.3, 1.2]),
                    (28.3, &[3.8, 0.3, 0.7, 14.9, 0.0, 1.6]),
                    (25.5, &[3.9, 0.1, 0.0, 14.5, 0.0, 0.0]),
                    (24.5, &[3.5, 0.0, 0.0, 14.0, 0.0, 0.0]),
                    (23.6, &[3.1, 0.0, 0.0, 13.5, 0.0, 0.0]),
                    (32.9, &[4.9, 1.0, 12.2, 4.3, 2.3, 1.2]),
                    (32.0, &[4.8, 1.0, 11.7, 4.3, 2.0, 1.2]),
                ],
            ),
            (
                180.0,
                5.0,
                &[
                    (14.5, &[0.0, 0.0, 6.5, 3.0, 0.0, 0.0]),
                    (14.5, &[0.0, 0.0, 6.5, 3.0, 0.0, 0.0]),
                    (13.0, &[3.2, 2.5, 0.0, 2.3, 0.0, 0.0]),
                    (13.8, &[5.8, 0.0, 0.0, 3.0, 0.0, 0.0]),
                    (5.0, &[0.0, 0.0, 0.0, 0.0, 0.0, 0.0]),
                    (5.1, &[0.0, 0.0, 0.0, 0.0, 0.1, 0.0]),
                    (5.0, &[0.0, 0.0, 0.0, 0.0, 0.0, 0.0]),
                    (5.0, &[0.0, 0.0, 0.0, 0.0, 0.0, 0.0]),
                    (5.0, &[0.0, 0.0, 0.0, 0.0, 0.0, 0.0]),
                    (5.0, &[0.0, 0.0, 0.0, 0.0, 0.0, 0.0]),
                    (15.5, &[0.0, 0.0, 7.0, 3.1, 0.4, 0.0]),
                    (11.8, &[0.0, 0.0, 3.8, 2.6, 0.4, 0.0]),
                ],
            ),
            (
                270.0,
                6.7,
                &[
                    (25.9, &[0.0, 0.0, 14.3, 3.3, 1.6, 0.0]),
                    (28.4, &[0.0, 0.0, 14.8, 3.6, 0.9, 2.4]),
                    (15.3, &[0.0, 0.0, 5.3, 2.0, 0.5, 0.8]),
                    (32.8, &[3.4, 5.2, 11.9, 4.3, 0.5, 0.8]),
                    (23.5, &[0.0, 0.0, 3.4, 13.4, 0.0, 0.0]),
                    (24.4, &[0.0, 0.0, 3.8, 13.9, 0.0, 0.0]),
                    (26.6, &[0.0, 0.0, 4.1, 14.2, 1.6, 0.0]),
                    (28.8, &[0.0, 0.0, 4.6, 14.6, 0.9, 2.0]),
                    (28.5, &[0.0, 0.0, 5.0, 15.0, 0.7, 1.1]),
                    (28.7, &[0.0, 0.0, 5.3, 15.3, 0.6, 0.8]),
                    (26.3, &[0.0, 0.0, 16.3, 3.3, 0.0, 0.0]),
                    (25.6, &[0.0, 0.0, 15.7, 3.2, 0.0, 0.0]),
                ],
            ),
        ],
    }
    .check();
}

#[test]
fn concentration_follows_emission_in_proportion() {
    let link = Link { from_m: [0.0, 0.0], to_m: [300.0, 40.0], width_m: 14.0, height_m: 0.0, kind: AG };
    let site = Site { roughness_m: 1.0, averaging_min: 60.0, settling_mps: 0.0, deposition_mps: 0.0 };
    let weather = Weather {
        wind_speed_mps: 2.0,
        wind_from_deg: 200.0,
        stability: Stability::D,
        mixing_height_m: 600.0,
        temperature_c: 15.0,
    };
    let source = LineSource::new(&link, &site, &weather).expect("a plume");
    let receptor = Receptor { x_m: 150.0, y_m: 60.0, z_m: 1.8 };
    let one = source.concentration_ugpm3(1e-3, receptor);
    assert!(one > 0.0);
    assert!((source.concentration_ugpm3(2e-3, receptor) / one - 2.0).abs() < 1e-12);
    let upwind = Receptor { y_m: -200.0, ..receptor };
    assert_eq!(source.concentration_ugpm3(1e-3, upwind), 0.0);
}

#[test]
fn a_lid_holds_pollution_down_and_the_ground_takes_particles_away() {
    let link = Link { from_m: [0.0, -2000.0], to_m: [0.0, 2000.0], width_m: 20.0, height_m: 0.0, kind: AG };
    let site = Site { roughness_m: 1.0, averaging_min: 60.0, settling_mps: 0.0, deposition_mps: 0.0 };
    let weather = Weather {
        wind_speed_mps: 1.0,
        wind_from_deg: 270.0,
        stability: Stability::C,
        mixing_height_m: 1000.0,
        temperature_c: 15.0,
    };
    let receptor = Receptor { x_m: 800.0, y_m: 0.0, z_m: 1.8 };
    let unit =
        |site: &Site, weather: &Weather| LineSource::new(&link, site, weather).expect("a plume").unit_spm2(receptor);
    let free = unit(&site, &weather);
    let lid = unit(&site, &Weather { mixing_height_m: 20.0, ..weather });
    assert!(lid > 1.5 * free, "{lid} {free}");
    let sticky = unit(&Site { deposition_mps: 0.02, ..site }, &weather);
    let sinking = unit(&Site { settling_mps: 0.01, deposition_mps: 0.02, ..site }, &weather);
    assert!(sticky < 0.95 * free && sticky > 0.0, "{sticky} {free}");
    assert!(sinking != sticky && sinking > 0.0 && sinking < free, "{sinking} {sticky}");
}

#[test]
fn what_is_no_link_site_or_weather_is_refused() {
    let link = Link { from_m: [0.0, 0.0], to_m: [10.0, 0.0], width_m: 10.0, height_m: 0.0, kind: AG };
    let site = Site { roughness_m: 1.0, averaging_min: 60.0, settling_mps: 0.0, deposition_mps: 0.0 };
    let weather = Weather {
        wind_speed_mps: 1.0,
        wind_from_deg: 0.0,
        stability: Stability::D,
        mixing_height_m: 500.0,
        temperature_c: 15.0,
    };
    let wrong = Link { from_m: [f64::NAN, 0.0], width_m: 0.5, height_m: 2.0, ..link.clone() };
    assert_eq!(wrong.faults().len(), 3);
    assert!(LineSource::new(&wrong, &site, &weather).is_err());
    assert!(LineSource::new(&Link { to_m: [0.0, 0.0], ..link.clone() }, &site, &weather).is_err());
    assert!(LineSource::new(&link, &Site { roughness_m: 0.0, ..site }, &weather).is_err());
    let calm = Weather { wind_speed_mps: 0.0, ..weather };
    assert_eq!(LineSource::new(&link, &site, &calm).err(), Some(super::LineSourceFault::Calm(0.0)));
    assert!(LineSource::new(&link, &site, &Weather { wind_from_deg: 361.0, ..weather }).is_err());
}
