//! Numbers as bytes: LEB128, signed ones zigzag. Reading trusts nothing.

use super::error::TrajectoryFault;

/// Writes a number.
pub(super) fn put(bytes: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        bytes.push((value & 0x7f) as u8 | 0x80);
        value >>= 7;
    }
    bytes.push(value as u8);
}

/// Writes a signed number.
pub(super) fn put_signed(bytes: &mut Vec<u8>, value: i64) {
    put(bytes, ((value << 1) ^ (value >> 63)) as u64);
}

/// Bytes that numbers are taken from.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bytes<'a>(pub(super) &'a [u8]);

const SHORT: TrajectoryFault = TrajectoryFault::Damaged("a section is too short");

impl<'a> Bytes<'a> {
    /// So many bytes.
    pub(super) fn take(&mut self, count: usize) -> Result<&'a [u8], TrajectoryFault> {
        let (taken, rest) = self.0.split_at_checked(count).ok_or(SHORT)?;
        self.0 = rest;
        Ok(taken)
    }

    /// A number.
    pub(super) fn number(&mut self) -> Result<u64, TrajectoryFault> {
        let mut value = 0;
        for shift in (0..64).step_by(7) {
            let (&byte, rest) = self.0.split_first().ok_or(SHORT)?;
            self.0 = rest;
            value |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Ok(value);
            }
        }
        Err(TrajectoryFault::Damaged("a number is too long"))
    }

    /// A signed number.
    pub(super) fn signed(&mut self) -> Result<i64, TrajectoryFault> {
        let value = self.number()?;
        Ok((value >> 1) as i64 ^ -((value & 1) as i64))
    }

    /// A number below a bound.
    pub(super) fn below(&mut self, bound: usize) -> Result<u32, TrajectoryFault> {
        let value = self.number()?;
        let is_below = value < bound as u64 && value <= u64::from(u32::MAX);
        if is_below { Ok(value as u32) } else { Err(TrajectoryFault::Damaged("a number is out of range")) }
    }

    /// How many things of at least `bytes_each` follow: never more than there are bytes for.
    pub(super) fn count(&mut self, bytes_each: usize) -> Result<usize, TrajectoryFault> {
        let value = self.number()?;
        if value > (self.0.len() / bytes_each.max(1)) as u64 {
            return Err(TrajectoryFault::Damaged("a table is longer than its section"));
        }
        Ok(value as usize)
    }

    /// Fails where bytes are left.
    pub(super) fn end(self) -> Result<(), TrajectoryFault> {
        if self.0.is_empty() { Ok(()) } else { Err(TrajectoryFault::Damaged("a section is too long")) }
    }
}
