//! The angle between true north, from which azimuths are reckoned, and the north of a projected grid.
//!
//! In a transverse Mercator projection (UTM among them) tan γ = tan(λ − λ₀) sin φ on the sphere (Snyder 1987, *Map projections:
//! a working manual*, USGS Professional Paper 1395, page 60). The earth's flattening adds less than 0.0001° within 3° of the
//! central meridian, far less than a step of five minutes turns the sun; it is left out.

/// By how much the grid's north lies clockwise of true north, in radians, at a latitude and longitude in degrees, for a
/// transverse Mercator projection with that central meridian (9 for EPSG:32632). Positive east of the meridian in the northern
/// hemisphere. An azimuth in the grid is the true azimuth less this.
#[must_use]
pub fn transverse_mercator_convergence_rad(latitude_deg: f64, longitude_deg: f64, central_meridian_deg: f64) -> f64 {
    let apart_rad = (longitude_deg - central_meridian_deg).to_radians();
    libm::atan(libm::tan(apart_rad) * libm::sin(latitude_deg.to_radians()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn grid_north_is_true_north_on_the_central_meridian_and_on_the_equator() {
        assert_eq!(transverse_mercator_convergence_rad(44.9, 9.0, 9.0), 0.0);
        assert_eq!(transverse_mercator_convergence_rad(0.0, 7.0, 9.0), 0.0);
    }

    #[test]
    fn it_agrees_with_the_series_on_the_ellipsoid() {
        // Ordnance Survey, A guide to coordinate systems in Great Britain (2020), annexe C.3: at 52°39'27.2531" N, 1°43'4.5177" E,
        // with the central meridian 2° W, the series for the ellipsoid begins with Δλ sin φ + Δλ³/3 sin φ cos² φ (1 + 3η² + 2η⁴).
        let (latitude_deg, apart_deg) = (52.657_570, 3.717_922);
        let (sin, cos) = libm::sincos(f64::to_radians(latitude_deg));
        let apart = f64::to_radians(apart_deg);
        let eta2 = 0.006_739_5 * cos * cos;
        let series = apart * sin * (1.0 + apart * apart * cos * cos / 3.0 * (1.0 + 3.0 * eta2 + 2.0 * eta2 * eta2));
        let found = transverse_mercator_convergence_rad(latitude_deg, apart_deg - 2.0, -2.0);
        assert!((found - series).to_degrees().abs() < 1e-4, "{} {}", found.to_degrees(), series.to_degrees());
    }

    #[test]
    fn alessandria_lies_west_of_its_meridian_so_grid_north_turns_west() {
        let found = transverse_mercator_convergence_rad(44.9129, 8.6154, 9.0).to_degrees();
        assert!((found + 0.2715).abs() < 5e-4, "{found}");
    }
}
