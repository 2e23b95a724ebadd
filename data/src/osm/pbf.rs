//! The binary format `.osm.pbf` (OpenStreetMap wiki, "PBF Format").
//!
//! Blobs are found one after another and decoded in parallel, each into its own part of the extract, so that the result does
//! not depend on threads. The decoder reads the protocol buffers in place, checks every length and index, and says at which
//! byte of the file something is wrong: extracts are often cut off while they are downloaded. Metadata of elements
//! (versions, users) is not read. Of the compressions, zlib and none are known: what all public extracts use.

use std::io::Read;

use geo::Coord;
use rayon::prelude::*;

use super::OsmError;
use super::elements::{Extract, Member, MemberKind, Relation, Tags, Way};

/// Largest header of a blob, after the wiki.
const HEADER_BYTES_MAX: usize = 64 * 1024;
/// Largest blob, packed or not, after the wiki.
const BLOB_BYTES_MAX: usize = 32 * 1024 * 1024;
/// Features of files that this decoder understands.
const FEATURES: [&str; 2] = ["OsmSchema-V0.6", "DenseNodes"];

/// Reads an extract. `file` is its name, for errors.
///
/// # Errors
/// [`OsmError`] where the bytes are cut off, contradict the format, or need a feature that is not known.
pub(super) fn read(file: &str, bytes: &[u8]) -> Result<Extract, OsmError> {
    let blobs = blobs(file, bytes)?;
    if blobs.first().is_none_or(|blob| blob.kind != b"OSMHeader") {
        return Err(damaged(file, 0, "does not begin with an OSMHeader block"));
    }
    let parts = blobs.par_iter().map(|blob| {
        let content = unpacked(blob.bytes).map_err(|reason| damaged(file, blob.offset, reason))?;
        let part = match blob.kind {
            b"OSMHeader" => check_header(&content).map(|()| Extract::default()),
            b"OSMData" => block(&content),
            // Blocks of other kinds are to be skipped, says the wiki.
            _ => Ok(Extract::default()),
        };
        part.map_err(|reason| damaged(file, blob.offset, &reason))
    });
    // The first error in the order of the file, whatever thread found one first.
    let parts: Vec<Result<Extract, OsmError>> = parts.collect();
    Ok(Extract::joined(parts.into_iter().collect::<Result<_, _>>()?))
}

fn damaged(file: &str, offset: usize, reason: &str) -> OsmError {
    OsmError::Damaged { file: file.to_owned(), offset, reason: reason.to_owned() }
}

/// A blob in the file.
struct Blob<'a> {
    kind: &'a [u8],
    /// Where it begins, from the start of the file.
    offset: usize,
    bytes: &'a [u8],
}

fn blobs<'a>(file: &str, bytes: &'a [u8]) -> Result<Vec<Blob<'a>>, OsmError> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        let cut_off = || damaged(file, at, "the file ends in the middle of a block; download it again");
        let length = bytes[at..].first_chunk::<4>().ok_or_else(cut_off)?;
        let header_length = u32::from_be_bytes(*length) as usize;
        if header_length > HEADER_BYTES_MAX {
            return Err(damaged(file, at, "not a block of a .osm.pbf file"));
        }
        let header = bytes.get(at + 4..at + 4 + header_length).ok_or_else(cut_off)?;
        let (mut kind, mut size) = (&b""[..], 0);
        for field in Fields(header) {
            match field.map_err(|reason| damaged(file, at, reason))? {
                (1, Value::Bytes(bytes)) => kind = bytes,
                (3, Value::Number(number)) => size = usize::try_from(number).unwrap_or(usize::MAX),
                _ => {}
            }
        }
        if size > BLOB_BYTES_MAX {
            return Err(damaged(file, at, "a block is larger than 32 MiB"));
        }
        let start = at + 4 + header_length;
        let content = bytes.get(start..start + size).ok_or_else(cut_off)?;
        found.push(Blob { kind, offset: at, bytes: content });
        at = start + size;
    }
    Ok(found)
}

fn unpacked(blob: &[u8]) -> Result<Vec<u8>, &'static str> {
    for field in Fields(blob) {
        match field? {
            (1, Value::Bytes(raw)) => return Ok(raw.to_vec()),
            (3, Value::Bytes(packed)) => {
                let mut content = Vec::with_capacity(packed.len().saturating_mul(3).min(BLOB_BYTES_MAX));
                let limit = BLOB_BYTES_MAX as u64 + 1;
                let read = flate2::read::ZlibDecoder::new(packed).take(limit).read_to_end(&mut content);
                return match read {
                    Ok(_) if content.len() > BLOB_BYTES_MAX => Err("a block unpacks to more than 32 MiB"),
                    Ok(_) => Ok(content),
                    Err(_) => Err("a block cannot be unpacked; download the file again"),
                };
            }
            (4..=7, Value::Bytes(_)) => {
                return Err("a block is packed other than by zlib; convert the file with `osmium cat`");
            }
            _ => {}
        }
    }
    Err("a block is empty")
}

fn check_header(content: &[u8]) -> Result<(), String> {
    for field in Fields(content) {
        if let (4, Value::Bytes(feature)) = field? {
            let feature = String::from_utf8_lossy(feature);
            if !FEATURES.contains(&feature.as_ref()) {
                return Err(format!("needs the feature '{feature}', which is not known here"));
            }
        }
    }
    Ok(())
}

/// The units of a block: its texts, and how its coordinates are counted.
struct Units<'a> {
    texts: Vec<&'a [u8]>,
    granularity: i64,
    lat_offset: i64,
    lon_offset: i64,
}

impl<'a> Units<'a> {
    fn text(&self, index: u64) -> Result<&'a str, &'static str> {
        let text = usize::try_from(index).ok().and_then(|index| self.texts.get(index));
        std::str::from_utf8(text.ok_or("an element names a text that its block does not have")?)
            .map_err(|_| "a text is not UTF-8")
    }

    /// Degrees east and north; nodes off the globe are damage.
    #[expect(clippy::cast_precision_loss, reason = "nanodegrees of the globe are exact in f64")]
    fn position(&self, lon: i64, lat: i64) -> Result<Coord<f64>, &'static str> {
        let degrees = |offset: i64, count: i64| {
            let nanodegrees = self.granularity.checked_mul(count)?.checked_add(offset)?;
            Some(nanodegrees as f64 / 1e9)
        };
        match (degrees(self.lon_offset, lon), degrees(self.lat_offset, lat)) {
            (Some(x), Some(y)) if x.abs() <= 180.0 && y.abs() <= 90.0 => Ok(Coord { x, y }),
            _ => Err("a node is off the globe"),
        }
    }

    fn tags(
        &self,
        keys: impl Iterator<Item = Result<u64, &'static str>>,
        values: impl Iterator<Item = Result<u64, &'static str>>,
    ) -> Result<Tags, &'static str> {
        let mut tags = Tags::default();
        for (key, value) in keys.zip(values) {
            let (key, value) = (self.text(key?)?, value?);
            if Tags::is_of_interest(key) {
                tags.add(key, self.text(value)?);
            }
        }
        Ok(tags)
    }
}

fn block(content: &[u8]) -> Result<Extract, String> {
    let mut units = Units { texts: Vec::new(), granularity: 100, lat_offset: 0, lon_offset: 0 };
    let mut groups = Vec::new();
    for field in Fields(content) {
        match field? {
            (1, Value::Bytes(table)) => {
                for text in Fields(table) {
                    if let (1, Value::Bytes(text)) = text? {
                        units.texts.push(text);
                    }
                }
            }
            (2, Value::Bytes(group)) => groups.push(group),
            (17, Value::Number(number)) => units.granularity = number.cast_signed(),
            (19, Value::Number(number)) => units.lat_offset = number.cast_signed(),
            (20, Value::Number(number)) => units.lon_offset = number.cast_signed(),
            _ => {}
        }
    }
    let mut extract = Extract::default();
    for group in groups {
        for field in Fields(group) {
            match field? {
                (1, Value::Bytes(bytes)) => node(bytes, &units, &mut extract)?,
                (2, Value::Bytes(bytes)) => dense_nodes(bytes, &units, &mut extract)?,
                (3, Value::Bytes(bytes)) => extract.ways.push(way(bytes, &units)?),
                (4, Value::Bytes(bytes)) => extract.relations.push(relation(bytes, &units)?),
                _ => {}
            }
        }
    }
    Ok(extract)
}

fn node(bytes: &[u8], units: &Units<'_>, extract: &mut Extract) -> Result<(), &'static str> {
    let (mut id, mut lat, mut lon) = (0, 0, 0);
    let (mut keys, mut values) = (&b""[..], &b""[..]);
    for field in Fields(bytes) {
        match field? {
            (1, Value::Number(number)) => id = zigzag(number),
            (2, Value::Bytes(bytes)) => keys = bytes,
            (3, Value::Bytes(bytes)) => values = bytes,
            (8, Value::Number(number)) => lat = zigzag(number),
            (9, Value::Number(number)) => lon = zigzag(number),
            _ => {}
        }
    }
    extract.nodes.push((id, units.position(lon, lat)?));
    let tags = units.tags(Varints(keys), Varints(values))?;
    if !tags.is_empty() {
        extract.tagged_nodes.push((id, tags));
    }
    Ok(())
}

fn dense_nodes(bytes: &[u8], units: &Units<'_>, extract: &mut Extract) -> Result<(), &'static str> {
    let (mut ids, mut lats, mut lons, mut tags) = (&b""[..], &b""[..], &b""[..], &b""[..]);
    for field in Fields(bytes) {
        match field? {
            (1, Value::Bytes(bytes)) => ids = bytes,
            (8, Value::Bytes(bytes)) => lats = bytes,
            (9, Value::Bytes(bytes)) => lons = bytes,
            (10, Value::Bytes(bytes)) => tags = bytes,
            _ => {}
        }
    }
    let (mut lats, mut lons, mut texts) = (Deltas::new(lats), Deltas::new(lons), Varints(tags));
    for id in Deltas::new(ids) {
        let id = id?;
        let unequal = "a block has nodes without a position";
        let (lat, lon) = (lats.next().ok_or(unequal)??, lons.next().ok_or(unequal)??);
        extract.nodes.push((id, units.position(lon, lat)?));
        let mut tags = Tags::default();
        // Keys and values in turn, a zero after each node; nothing at all where no node has tags.
        while let Some(key) = texts.next().transpose()?.filter(|key| *key != 0) {
            let value = texts.next().ok_or("a key has no value")??;
            let key = units.text(key)?;
            if Tags::is_of_interest(key) {
                tags.add(key, units.text(value)?);
            }
        }
        if !tags.is_empty() {
            extract.tagged_nodes.push((id, tags));
        }
    }
    Ok(())
}

fn way(bytes: &[u8], units: &Units<'_>) -> Result<Way, &'static str> {
    let mut id = 0;
    let (mut keys, mut values, mut nodes) = (&b""[..], &b""[..], &b""[..]);
    for field in Fields(bytes) {
        match field? {
            (1, Value::Number(number)) => id = number.cast_signed(),
            (2, Value::Bytes(bytes)) => keys = bytes,
            (3, Value::Bytes(bytes)) => values = bytes,
            (8, Value::Bytes(bytes)) => nodes = bytes,
            _ => {}
        }
    }
    let tags = units.tags(Varints(keys), Varints(values))?;
    Ok(Way { id, nodes: Deltas::new(nodes).collect::<Result<_, _>>()?, tags })
}

fn relation(bytes: &[u8], units: &Units<'_>) -> Result<Relation, &'static str> {
    let mut id = 0;
    let [mut keys, mut values, mut roles, mut ids, mut kinds] = [&b""[..]; 5];
    for field in Fields(bytes) {
        match field? {
            (1, Value::Number(number)) => id = number.cast_signed(),
            (2, Value::Bytes(bytes)) => keys = bytes,
            (3, Value::Bytes(bytes)) => values = bytes,
            (8, Value::Bytes(bytes)) => roles = bytes,
            (9, Value::Bytes(bytes)) => ids = bytes,
            (10, Value::Bytes(bytes)) => kinds = bytes,
            _ => {}
        }
    }
    let mut members = Vec::new();
    for ((role, id), kind) in Varints(roles).zip(Deltas::new(ids)).zip(Varints(kinds)) {
        let kind = match kind? {
            0 => MemberKind::Node,
            1 => MemberKind::Way,
            2 => MemberKind::Relation,
            _ => return Err("a member is neither node, way nor relation"),
        };
        members.push(Member { kind, id: id?, role: units.text(role?)?.into() });
    }
    Ok(Relation { id, members, tags: units.tags(Varints(keys), Varints(values))? })
}

/// The value of a field of a protocol buffer.
enum Value<'a> {
    Number(u64),
    Bytes(&'a [u8]),
    /// A number of fixed length, which no field of interest is.
    Fixed,
}

/// The fields of a protocol buffer, each with its number.
struct Fields<'a>(&'a [u8]);

impl<'a> Iterator for Fields<'a> {
    type Item = Result<(u64, Value<'a>), &'static str>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.0.is_empty() {
            return None;
        }
        let field = self.field();
        if field.is_err() {
            self.0 = &[];
        }
        Some(field)
    }
}

impl<'a> Fields<'a> {
    fn field(&mut self) -> Result<(u64, Value<'a>), &'static str> {
        let tag = varint(&mut self.0)?;
        let value = match tag & 7 {
            0 => Value::Number(varint(&mut self.0)?),
            1 => self.take(8).map(|_| Value::Fixed)?,
            2 => {
                let length = varint(&mut self.0)?;
                Value::Bytes(self.take(usize::try_from(length).unwrap_or(usize::MAX))?)
            }
            5 => self.take(4).map(|_| Value::Fixed)?,
            _ => return Err("a block is not a protocol buffer"),
        };
        Ok((tag >> 3, value))
    }

    fn take(&mut self, length: usize) -> Result<&'a [u8], &'static str> {
        let (taken, rest) = self.0.split_at_checked(length).ok_or("a field is longer than its block")?;
        self.0 = rest;
        Ok(taken)
    }
}

/// Packed numbers.
struct Varints<'a>(&'a [u8]);

impl Iterator for Varints<'_> {
    type Item = Result<u64, &'static str>;

    fn next(&mut self) -> Option<Self::Item> {
        (!self.0.is_empty()).then(|| {
            let number = varint(&mut self.0);
            if number.is_err() {
                self.0 = &[];
            }
            number
        })
    }
}

/// Packed signed numbers, each told as the difference from the one before.
struct Deltas<'a> {
    numbers: Varints<'a>,
    last: i64,
}

impl<'a> Deltas<'a> {
    fn new(bytes: &'a [u8]) -> Self {
        Self { numbers: Varints(bytes), last: 0 }
    }
}

impl Iterator for Deltas<'_> {
    type Item = Result<i64, &'static str>;

    fn next(&mut self) -> Option<Self::Item> {
        let number = self.numbers.next()?;
        Some(number.map(|number| {
            self.last = self.last.wrapping_add(zigzag(number));
            self.last
        }))
    }
}

/// A signed number as the format packs it: 0, -1, 1, -2, …
fn zigzag(number: u64) -> i64 {
    (number >> 1).cast_signed() ^ -((number & 1).cast_signed())
}

#[inline]
fn varint(bytes: &mut &[u8]) -> Result<u64, &'static str> {
    let mut number = 0_u64;
    for (place, &byte) in bytes.iter().take(10).enumerate() {
        number |= u64::from(byte & 0x7f) << (7 * place);
        if byte & 0x80 == 0 {
            *bytes = &bytes[place + 1..];
            return Ok(number);
        }
    }
    Err("a number does not end")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_as_the_format_packs_them() {
        assert_eq!(Varints(&[0x96, 0x01, 0x00]).collect::<Result<Vec<_>, _>>(), Ok(vec![150, 0]));
        assert_eq!([0_u64, 1, 2, 3, u64::MAX].map(zigzag), [0, -1, 1, -2, i64::MIN]);
        assert_eq!(Deltas::new(&[2, 2, 1]).collect::<Result<Vec<_>, _>>(), Ok(vec![1, 2, 1]));
        assert!(Varints(&[0xff; 12]).next().expect("a number").is_err());
        assert!(Varints(&[0x80]).next().expect("a number").is_err());
    }
}
