//! Sections: packed bytes with their kind, lengths and checksum.

use std::io::{Read, Write};

use flate2::read::DeflateDecoder;
use flate2::write::DeflateEncoder;
use flate2::{Compression, Crc};

use super::error::TrajectoryFault;

/// Sections hold no more than this unpacked.
pub(super) const SECTION_MAX_BYTES: usize = 1 << 28;
/// Kind, lengths and checksum.
const HEAD_BYTES: usize = 13;

/// What a section holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum Kind {
    About = 1,
    Scene = 2,
    Block = 3,
    Index = 4,
}

/// Writes a section; says how many bytes it took.
pub(super) fn write(to: &mut impl Write, kind: Kind, bytes: &[u8]) -> Result<u64, TrajectoryFault> {
    if bytes.len() > SECTION_MAX_BYTES {
        return Err(TrajectoryFault::TooLarge("a section"));
    }
    let mut encoder = DeflateEncoder::new(Vec::with_capacity(bytes.len() / 3), Compression::default());
    encoder.write_all(bytes)?;
    let packed = encoder.finish()?;
    let mut head = vec![kind as u8];
    head.extend_from_slice(&(bytes.len() as u32).to_le_bytes());
    head.extend_from_slice(&(packed.len() as u32).to_le_bytes());
    let mut crc = Crc::new();
    crc.update(&head);
    crc.update(&packed);
    head.extend_from_slice(&crc.sum().to_le_bytes());
    to.write_all(&head)?;
    to.write_all(&packed)?;
    Ok((HEAD_BYTES + packed.len()) as u64)
}

/// Reads a section of that kind; it is never larger in memory than the bytes that are really there can fill.
pub(super) fn read(from: &mut impl Read, kind: Kind) -> Result<Vec<u8>, TrajectoryFault> {
    let mut head = [0; HEAD_BYTES];
    from.read_exact(&mut head).map_err(cut_off)?;
    let number = |at: usize| u32::from_le_bytes([head[at], head[at + 1], head[at + 2], head[at + 3]]);
    let (raw, packed_bytes, sum) = (number(1) as usize, number(5) as usize, number(9));
    if head[0] != kind as u8 || raw > SECTION_MAX_BYTES || packed_bytes > SECTION_MAX_BYTES {
        return Err(TrajectoryFault::Damaged("there is no section where one should be"));
    }
    let mut packed = Vec::new();
    from.take(packed_bytes as u64).read_to_end(&mut packed)?;
    if packed.len() < packed_bytes {
        return Err(TrajectoryFault::CutOff);
    }
    let mut crc = Crc::new();
    crc.update(&head[..9]);
    crc.update(&packed);
    if crc.sum() != sum {
        return Err(TrajectoryFault::Damaged("a checksum does not fit"));
    }
    let mut bytes = Vec::new();
    // One byte more would show that the length is wrong.
    DeflateDecoder::new(&packed[..])
        .take(raw as u64 + 1)
        .read_to_end(&mut bytes)
        .map_err(|_| TrajectoryFault::Damaged("a section cannot be unpacked"))?;
    if bytes.len() != raw {
        return Err(TrajectoryFault::Damaged("a section is not as long as it says"));
    }
    Ok(bytes)
}

/// A file that ends is cut off; all else is told as it is.
pub(super) fn cut_off(error: std::io::Error) -> TrajectoryFault {
    if error.kind() == std::io::ErrorKind::UnexpectedEof { TrajectoryFault::CutOff } else { error.into() }
}
