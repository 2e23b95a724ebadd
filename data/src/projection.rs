//! Reference systems of coordinates, and the way between them.
//!
//! Knows the systems that Italian and European city data come in: WGS 84, ETRS89 and RDN2008 in degrees and in UTM zones,
//! Gauss-Boaga on Monte Mario (EPSG 3003, 3004) and web Mercator. ETRS89 and RDN2008 are taken as equal to WGS 84, which
//! they are within half a metre; Monte Mario is moved to WGS 84 by the seven parameters for the Italian mainland (EPSG
//! operation 1660, stated accuracy 4 m). GDAL reads the others. Axes are always east before north.
//!
//! Projected positions are rounded to the millimetre, so that the last bits of a machine's sine do not show in a city.

use geo::Coord;
use proj4rs::Proj;
use serde_json::{Value, json};

/// A reference system of coordinates.
#[derive(Clone, Debug, PartialEq)]
pub struct Crs {
    epsg: u32,
    name: String,
    datum: Datum,
    projection: Projection,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Datum {
    Wgs84,
    Etrs89,
    Rdn2008,
    MonteMario,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Projection {
    /// Longitude and latitude in degrees.
    Geographic,
    /// Easting and northing in metres, of a transverse Mercator projection.
    TransverseMercator { method: &'static str, meridian_deg: f64, scale: f64, east_m: f64, north_m: f64 },
    /// Web Mercator, whose metres are stretched and not fit for a city.
    WebMercator,
}

/// Why coordinates cannot be understood.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum CrsError {
    /// The system is not known here.
    #[error(
        "EPSG:{0} is not among the reference systems that Gemello knows without GDAL \
         (4326, 4258, 6706, 4265, 326xx, 327xx, 25828–25838, 7791–7793, 3003, 3004, 3857); \
         reproject the file, or read it as GeoPackage or Shapefile with a build that has GDAL"
    )]
    Unknown(u32),
    /// A city's own system must be in metres.
    #[error(
        "EPSG:{0} is not a projection in metres; a city needs one, such as its UTM zone (EPSG:32632 for Alessandria)"
    )]
    NotMetric(u32),
    /// The position is nowhere in that system.
    #[error(
        "position {0}, {1} is outside what EPSG:{2} can hold; check the reference system and the order of the coordinates"
    )]
    Outside(f64, f64, u32),
}

const UTM_SCALE: f64 = 0.9996;

/// How far east or west of its meridian a transverse Mercator projection is used here, in metres: twice the width of a zone.
/// Beyond it lengths are off by more than half a percent, and a position is most likely told in the wrong system.
const EAST_MAX_M: f64 = 700_000.0;
/// How far from its central meridian a transverse Mercator projection is used, in degrees of longitude.
const FROM_MERIDIAN_MAX_DEG: f64 = 25.0;

impl Crs {
    /// The system of that EPSG code.
    ///
    /// # Errors
    /// [`CrsError::Unknown`] where Gemello does not know it.
    pub fn from_epsg(epsg: u32) -> Result<Self, CrsError> {
        let geographic = |name: &str, datum| (name.to_owned(), datum, Projection::Geographic);
        let utm = |system: &str, datum, zone: u32, north: bool| {
            let projection = Projection::TransverseMercator {
                method: "Transverse Mercator",
                meridian_deg: f64::from(zone) * 6.0 - 183.0,
                scale: UTM_SCALE,
                east_m: 500_000.0,
                north_m: if north { 0.0 } else { 10_000_000.0 },
            };
            (format!("{system} / UTM zone {zone}{}", if north { 'N' } else { 'S' }), datum, projection)
        };
        let gauss_boaga = |zone: u32, meridian_deg, east_m| {
            let method = "Transverse Mercator";
            let projection =
                Projection::TransverseMercator { method, meridian_deg, scale: UTM_SCALE, east_m, north_m: 0.0 };
            (format!("Monte Mario / Italy zone {zone}"), Datum::MonteMario, projection)
        };
        let (name, datum, projection) = match epsg {
            4326 => geographic("WGS 84", Datum::Wgs84),
            4258 => geographic("ETRS89", Datum::Etrs89),
            6706 => geographic("RDN2008", Datum::Rdn2008),
            4265 => geographic("Monte Mario", Datum::MonteMario),
            32601..=32660 => utm("WGS 84", Datum::Wgs84, epsg - 32600, true),
            32701..=32760 => utm("WGS 84", Datum::Wgs84, epsg - 32700, false),
            25828..=25838 => utm("ETRS89", Datum::Etrs89, epsg - 25800, true),
            7791..=7793 => utm("RDN2008", Datum::Rdn2008, epsg - 7791 + 32, true),
            3003 => gauss_boaga(1, 9.0, 1_500_000.0),
            3004 => gauss_boaga(2, 15.0, 2_520_000.0),
            3857 => ("WGS 84 / Pseudo-Mercator".to_owned(), Datum::Wgs84, Projection::WebMercator),
            _ => return Err(CrsError::Unknown(epsg)),
        };
        Ok(Self { epsg, name, datum, projection })
    }

    /// Longitude and latitude in degrees on WGS 84 (EPSG:4326).
    #[must_use]
    pub fn wgs84() -> Self {
        Self::from_epsg(4326).expect("known above")
    }

    /// The system of that code, if it is fit for a city: a projection in true metres.
    ///
    /// # Errors
    /// [`CrsError`] where it is not known, or not in metres.
    pub fn metric(epsg: u32) -> Result<Self, CrsError> {
        let crs = Self::from_epsg(epsg)?;
        match crs.projection {
            Projection::TransverseMercator { .. } => Ok(crs),
            Projection::Geographic | Projection::WebMercator => Err(CrsError::NotMetric(epsg)),
        }
    }

    /// The UTM zone on WGS 84 of a position in degrees.
    ///
    /// # Errors
    /// [`CrsError::Outside`] where the position is not on the globe between 80° south and 84° north.
    pub fn utm_of(lon_deg: f64, lat_deg: f64) -> Result<Self, CrsError> {
        let inside = (-180.0..=180.0).contains(&lon_deg) && (-80.0..=84.0).contains(&lat_deg);
        if !inside {
            return Err(CrsError::Outside(lon_deg, lat_deg, 4326));
        }
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to 60 after the check above")]
        let zone = (((lon_deg + 180.0) / 6.0) as u32 + 1).min(60);
        Self::from_epsg(if lat_deg >= 0.0 { 32600 } else { 32700 } + zone)
    }

    /// Its EPSG code.
    #[must_use]
    pub fn epsg(&self) -> u32 {
        self.epsg
    }

    /// Its name, as EPSG writes it.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Whether an easting is near enough to the projection's meridian.
    fn holds(&self, x: f64) -> bool {
        match self.projection {
            Projection::TransverseMercator { east_m, .. } => (x - east_m).abs() <= EAST_MAX_M,
            Projection::Geographic | Projection::WebMercator => x.is_finite(),
        }
    }

    /// The system as a PROJ string.
    fn proj_string(&self) -> String {
        let datum = match self.datum {
            Datum::Wgs84 => "+datum=WGS84",
            Datum::Etrs89 | Datum::Rdn2008 => "+ellps=GRS80 +towgs84=0,0,0",
            // EPSG operation 1660, Monte Mario to WGS 84 (4): Italy, mainland.
            Datum::MonteMario => "+ellps=intl +towgs84=-104.1,-49.1,-9.9,0.971,-2.917,0.714,-11.68",
        };
        match self.projection {
            Projection::Geographic => format!("+proj=longlat {datum} +no_defs"),
            Projection::TransverseMercator { meridian_deg, scale, east_m, north_m, .. } => format!(
                "+proj=tmerc +lat_0=0 +lon_0={meridian_deg} +k={scale} +x_0={east_m} +y_0={north_m} {datum} +units=m +no_defs"
            ),
            Projection::WebMercator => {
                "+proj=merc +a=6378137 +b=6378137 +lat_ts=0 +lon_0=0 +x_0=0 +y_0=0 +k=1 +units=m +nadgrids=@null +no_defs"
                    .to_owned()
            }
        }
    }

    /// The system as PROJJSON 0.7, for the GeoParquet files of a city; none for web Mercator.
    #[must_use]
    pub fn projjson(&self) -> Option<Value> {
        let id = |code: u32| json!({"authority": "EPSG", "code": code});
        let (datum, frame, ellipsoid, base) = match self.datum {
            Datum::Wgs84 => ("WGS 84", "World Geodetic System 1984", ("WGS 84", 6_378_137, 298.257_223_563), 4326),
            Datum::Etrs89 => {
                ("ETRS89", "European Terrestrial Reference System 1989", ("GRS 1980", 6_378_137, 298.257_222_101), 4258)
            }
            Datum::Rdn2008 => {
                ("RDN2008", "Rete Dinamica Nazionale 2008", ("GRS 1980", 6_378_137, 298.257_222_101), 6706)
            }
            Datum::MonteMario => ("Monte Mario", "Monte Mario", ("International 1924", 6_378_388, 297.0), 4265),
        };
        let axis = |name: &str, abbreviation: &str, direction: &str, unit: &str| json!({"name": name, "abbreviation": abbreviation, "direction": direction, "unit": unit});
        let geographic = json!({
            "type": "GeographicCRS",
            "name": datum,
            "datum": {
                "type": "GeodeticReferenceFrame",
                "name": frame,
                "ellipsoid": {
                    "name": ellipsoid.0, "semi_major_axis": ellipsoid.1, "inverse_flattening": ellipsoid.2
                }
            },
            "coordinate_system": {
                "subtype": "ellipsoidal",
                "axis": [
                    axis("Geodetic latitude", "Lat", "north", "degree"),
                    axis("Geodetic longitude", "Lon", "east", "degree")
                ]
            },
            "id": id(base)
        });
        let Projection::TransverseMercator { method, meridian_deg, scale, east_m, north_m } = self.projection else {
            return (self.projection == Projection::Geographic).then_some(geographic);
        };
        let parameter = |name: &str, value: f64, unit: &str, code: u32| json!({"name": name, "value": value, "unit": unit, "id": id(code)});
        Some(json!({
            "$schema": "https://proj.org/schemas/v0.7/projjson.schema.json",
            "type": "ProjectedCRS",
            "name": self.name,
            "base_crs": geographic,
            "conversion": {
                "name": self.name.rsplit(" / ").next().unwrap_or(&self.name),
                "method": {"name": method, "id": id(9807)},
                "parameters": [
                    parameter("Latitude of natural origin", 0.0, "degree", 8801),
                    parameter("Longitude of natural origin", meridian_deg, "degree", 8802),
                    parameter("Scale factor at natural origin", scale, "unity", 8805),
                    parameter("False easting", east_m, "metre", 8806),
                    parameter("False northing", north_m, "metre", 8807)
                ]
            },
            "coordinate_system": {
                "subtype": "Cartesian",
                "axis": [axis("Easting", "E", "east", "metre"), axis("Northing", "N", "north", "metre")]
            },
            "id": id(self.epsg)
        }))
    }
}

/// The way from one reference system to another.
#[derive(Debug)]
pub struct Transform {
    from: Crs,
    to: Crs,
    projs: Option<(Proj, Proj)>,
}

impl Transform {
    /// The way between two systems.
    #[must_use]
    pub fn new(from: Crs, to: Crs) -> Self {
        let proj = |crs: &Crs| Proj::from_proj_string(&crs.proj_string()).expect("the strings above are well formed");
        let projs = (from != to).then(|| (proj(&from), proj(&to)));
        Self { from, to, projs }
    }

    /// A position in the other system: degrees or metres, east before north. Metres are rounded to the millimetre.
    ///
    /// # Errors
    /// [`CrsError::Outside`] where there is no such position.
    pub fn point(&self, position: Coord<f64>) -> Result<Coord<f64>, CrsError> {
        let outside = || CrsError::Outside(position.x, position.y, self.from.epsg);
        if !(position.x.is_finite() && position.y.is_finite()) {
            return Err(outside());
        }
        let mut point = (position.x, position.y, 0.0);
        if self.from.projection == Projection::Geographic {
            let on_globe = (-180.0..=180.0).contains(&point.0) && (-90.0..=90.0).contains(&point.1);
            if !on_globe {
                return Err(outside());
            }
            // Far from its meridian the projection still gives numbers, but no longer places.
            if let Projection::TransverseMercator { meridian_deg, .. } = self.to.projection {
                let from_meridian_deg = (point.0 - meridian_deg + 540.0).rem_euclid(360.0) - 180.0;
                if from_meridian_deg.abs() > FROM_MERIDIAN_MAX_DEG {
                    return Err(CrsError::Outside(position.x, position.y, self.to.epsg));
                }
            }
        }
        if let Some((from, to)) = &self.projs {
            if self.from.projection == Projection::Geographic {
                point = (point.0.to_radians(), point.1.to_radians(), 0.0);
            }
            proj4rs::transform::transform(from, to, &mut point).map_err(|_| outside())?;
            if self.to.projection == Projection::Geographic {
                point = (point.0.to_degrees(), point.1.to_degrees(), 0.0);
            }
        }
        if !(self.from.holds(position.x) && self.to.holds(point.0) && point.1.is_finite()) {
            let epsg = if self.from.holds(position.x) { self.to.epsg } else { self.from.epsg };
            return Err(CrsError::Outside(position.x, position.y, epsg));
        }
        let rounded = |metres: f64| (metres * 1000.0).round() / 1000.0;
        Ok(match self.to.projection {
            Projection::Geographic => Coord { x: point.0, y: point.1 },
            _ => Coord { x: rounded(point.0), y: rounded(point.1) },
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn distance_m(a: Coord<f64>, b: Coord<f64>) -> f64 {
        libm::hypot(a.x - b.x, a.y - b.y)
    }

    /// Alessandria's Municipio, and what PROJ 9.5.1 makes of it (`pyproj`, always east before north).
    #[test]
    fn positions_agree_with_proj_and_come_back() {
        let place = Coord { x: 8.61542, y: 44.91303 };
        for (epsg, east, north) in [
            (32632, 469_643.392_804, 4_973_361.140_352),
            (25832, 469_643.392_804, 4_973_361.140_232),
            (3003, 1_469_670.277_357, 4_973_380.187_590),
            (3857, 959_064.167_370, 5_607_840.215_264),
        ] {
            let crs = Crs::from_epsg(epsg).expect("known");
            let metres = Transform::new(Crs::wgs84(), crs.clone()).point(place).expect("on the globe");
            assert!(distance_m(metres, Coord { x: east, y: north }) < 0.002, "EPSG:{epsg}: {metres:?}");
            let degrees = Transform::new(crs, Crs::wgs84()).point(metres).expect("in the zone");
            assert!(distance_m(degrees, place) < 2e-8, "EPSG:{epsg}: {degrees:?}");
        }
    }

    #[test]
    fn the_zone_follows_the_position() {
        for (lon, lat, epsg) in [(8.6, 44.9, 32632), (7.42, 43.73, 32632), (24.9, 60.2, 32635), (-70.0, -33.0, 32719)] {
            assert_eq!(Crs::utm_of(lon, lat).expect("on the globe").epsg(), epsg);
        }
        assert!(matches!(Crs::utm_of(200.0, 0.0), Err(CrsError::Outside(..))));
        assert!(matches!(Crs::utm_of(f64::NAN, 0.0), Err(CrsError::Outside(..))));
    }

    #[test]
    fn what_is_not_fit_says_why() {
        assert_eq!(Crs::from_epsg(2056), Err(CrsError::Unknown(2056)));
        assert_eq!(Crs::metric(4326), Err(CrsError::NotMetric(4326)));
        let to = Transform::new(Crs::wgs84(), Crs::metric(32632).expect("known"));
        // A place in Italy is not in the first zone, nor is an easting of Gauss-Boaga in any UTM zone.
        let first_zone = Transform::new(Crs::wgs84(), Crs::metric(32601).expect("known"));
        assert!(matches!(first_zone.point(Coord { x: 8.6, y: 44.9 }), Err(CrsError::Outside(_, _, 32601))));
        let back = Transform::new(Crs::metric(32632).expect("known"), Crs::wgs84());
        assert!(matches!(back.point(Coord { x: 1_469_670.0, y: 4_973_380.0 }), Err(CrsError::Outside(_, _, 32632))));
        // East and north where longitude and latitude were meant.
        assert!(matches!(to.point(Coord { x: 469_639.0, y: 4_973_453.0 }), Err(CrsError::Outside(..))));
    }
}
