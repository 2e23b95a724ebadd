//! What a Parquet file claims of its own sizes, looked at before the Parquet library believes it.
//!
//! That library makes room for as many elements as a list of the footer claims to have, and for pages as large as their headers
//! claim, before it reads the first. Where there is no such room the program ends at once: that is no panic, and nothing can
//! catch it. So the Thrift structures of the file (compact protocol, <https://thrift.apache.org/docs/>) are walked here
//! first, without keeping anything: what claims more than its bytes can hold is damaged.

/// Largest footer that is read; those of tables of this program are some kilobytes.
const FOOTER_BYTES_MAX: usize = 16 << 20;

/// Largest page that is read, unpacked. Pages of this program hold a megabyte, or one large cell.
const PAGE_BYTES_MAX: u64 = 256 << 20;

/// How deep structures may lie in one another; those of Parquet lie below ten.
const DEPTH_MAX: u32 = 32;

const MAGIC: &[u8; 4] = b"PAR1";

/// Whether the lists of the footer can be as long as they claim.
pub(super) fn footer_is_possible(file: &[u8]) -> bool {
    walk_footer(file).is_some()
}

fn walk_footer(file: &[u8]) -> Option<()> {
    let (rest, magic) = file.split_last_chunk::<4>()?;
    let (rest, length) = rest.split_last_chunk::<4>()?;
    let length = usize::try_from(u32::from_le_bytes(*length)).ok()?;
    let start = rest.len().checked_sub(length).filter(|_| magic == MAGIC && length <= FOOTER_BYTES_MAX)?;
    Thrift(&rest[start..]).skip_struct(0)
}

/// Whether the pages of a column, which lie in these bytes one after another, can be as large as they claim and hold no more
/// values each than the column has.
pub(super) fn pages_are_possible(column: &[u8], values: u64) -> bool {
    let mut rest = Thrift(column);
    while !rest.0.is_empty() {
        let Some(page) = rest.page_header() else { return false };
        let fits = page.unpacked_bytes <= PAGE_BYTES_MAX && page.values <= values;
        let length = usize::try_from(page.packed_bytes).unwrap_or(usize::MAX);
        match rest.0.get(length..) {
            Some(after) if fits => rest.0 = after,
            _ => return false,
        }
    }
    true
}

/// What the header of a page claims.
#[derive(Default)]
struct Page {
    unpacked_bytes: u64,
    packed_bytes: u64,
    values: u64,
}

// Kinds of values in the compact protocol. Truth values have one of two kinds in a structure and a byte of their own in a list.
const TRUE: u8 = 1;
const FALSE: u8 = 2;
const BYTE: u8 = 3;
const I16: u8 = 4;
const I32: u8 = 5;
const I64: u8 = 6;
const DOUBLE: u8 = 7;
const BINARY: u8 = 8;
const LIST: u8 = 9;
const SET: u8 = 10;
const MAP: u8 = 11;
const STRUCT: u8 = 12;
const UUID: u8 = 13;

/// The rest of a Thrift message; every step takes what it read, and is none where the bytes do not suffice.
struct Thrift<'a>(&'a [u8]);

impl Thrift<'_> {
    fn skip(&mut self, bytes: u64) -> Option<()> {
        self.0 = self.0.get(usize::try_from(bytes).ok()?..)?;
        Some(())
    }

    fn byte(&mut self) -> Option<u8> {
        let (&byte, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(byte)
    }

    fn number(&mut self) -> Option<u64> {
        let mut number = 0_u64;
        for place in 0..10 {
            let byte = self.byte()?;
            number |= u64::from(byte & 0x7f).checked_shl(7 * place)?;
            if byte & 0x80 == 0 {
                return Some(number);
            }
        }
        None
    }

    /// A number that must not be negative.
    fn size(&mut self) -> Option<u64> {
        let number = self.number()?;
        (number & 1 == 0).then_some(number >> 1)
    }

    /// The next field of a structure: its number and the kind of its value; none at all at the structure's end.
    fn field(&mut self, last: &mut u64) -> Option<Option<(u64, u8)>> {
        let head = self.byte()?;
        if head == 0 {
            return Some(None);
        }
        *last = match head >> 4 {
            0 => self.number()? >> 1,
            step => *last + u64::from(step),
        };
        Some(Some((*last, head & 0x0f)))
    }

    fn skip_struct(&mut self, depth: u32) -> Option<()> {
        let mut last = 0;
        while let Some((_, kind)) = self.field(&mut last)? {
            if kind != TRUE && kind != FALSE {
                self.skip_value(kind, depth)?;
            }
        }
        Some(())
    }

    fn skip_value(&mut self, kind: u8, depth: u32) -> Option<()> {
        if depth > DEPTH_MAX {
            return None;
        }
        match kind {
            TRUE | FALSE | BYTE => self.skip(1),
            I16 | I32 | I64 => self.number().map(drop),
            DOUBLE => self.skip(8),
            UUID => self.skip(16),
            BINARY => {
                let length = self.number()?;
                self.skip(length)
            }
            LIST | SET => {
                let head = self.byte()?;
                let count = if head >> 4 == 15 { self.number()? } else { u64::from(head >> 4) };
                self.skip_elements(count, &[head & 0x0f], depth)
            }
            MAP => match self.number()? {
                0 => Some(()),
                count => {
                    let kinds = self.byte()?;
                    self.skip_elements(count, &[kinds >> 4, kinds & 0x0f], depth)
                }
            },
            STRUCT => self.skip_struct(depth + 1),
            _ => None,
        }
    }

    /// Elements that each take a byte at least, so that there are no more than bytes.
    fn skip_elements(&mut self, count: u64, kinds: &[u8], depth: u32) -> Option<()> {
        if count > self.0.len() as u64 {
            return None;
        }
        for _ in 0..count {
            for &kind in kinds {
                self.skip_value(kind, depth + 1)?;
            }
        }
        Some(())
    }

    fn page_header(&mut self) -> Option<Page> {
        let mut page = Page::default();
        let mut last = 0;
        while let Some((field, kind)) = self.field(&mut last)? {
            match (field, kind) {
                (2, I32) => page.unpacked_bytes = self.size()?,
                (3, I32) => page.packed_bytes = self.size()?,
                // The headers of data and dictionary pages, whose first field is how many values they hold.
                (5 | 7 | 8, STRUCT) => page.values = self.first_size()?,
                (_, TRUE | FALSE) => {}
                (_, kind) => self.skip_value(kind, 0)?,
            }
        }
        Some(page)
    }

    /// The size that a structure's first field says; the rest of the structure is passed over.
    fn first_size(&mut self) -> Option<u64> {
        let (mut last, mut size) = (0, None);
        while let Some((field, kind)) = self.field(&mut last)? {
            match (field, kind) {
                (1, I32) => size = Some(self.size()?),
                (_, TRUE | FALSE) => {}
                (_, kind) => self.skip_value(kind, 1)?,
            }
        }
        size
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A file of nothing but a footer.
    fn file(footer: &[u8]) -> Vec<u8> {
        let length = u32::try_from(footer.len()).expect("short").to_le_bytes();
        [MAGIC, footer, &length, MAGIC].concat()
    }

    #[test]
    fn a_list_needs_a_byte_for_each_of_its_elements() {
        // Field 2 is a list of two structures without fields.
        assert!(footer_is_possible(&file(&[0x29, 0x2c, 0, 0, 0])));
        // The same list claims 2³¹ − 1, and a map as many.
        assert!(!footer_is_possible(&file(&[0x29, 0xfc, 0xff, 0xff, 0xff, 0xff, 0x07, 0, 0, 0])));
        assert!(!footer_is_possible(&file(&[0x2b, 0xff, 0xff, 0xff, 0xff, 0x07, 0xcc, 0, 0, 0])));
        // A text longer than the footer, a footer longer than the file, one that does not end.
        assert!(!footer_is_possible(&file(&[0x18, 0x7f, 0])));
        assert!(!footer_is_possible(b"\xff\x00\x00\x00PAR1"));
        assert!(!footer_is_possible(&file(&[0x15, 0x02])));
    }

    #[test]
    fn structures_within_structures_have_an_end() {
        let deep = [vec![0x1c; 1000], vec![0; 1001]].concat();
        assert!(!footer_is_possible(&file(&deep)));
        let shallow = [vec![0x1c; 10], vec![0; 11]].concat();
        assert!(footer_is_possible(&file(&shallow)));
    }

    #[test]
    fn a_page_is_no_larger_than_any_page_and_holds_no_more_than_its_column() {
        // Fields 1 to 3 are kind, unpacked and packed bytes; field 5 says that there are three values. Then come two bytes.
        let page = |unpacked: &[u8]| [&[0x15, 0, 0x15], unpacked, &[0x15, 4, 0x2c, 0x15, 6, 0, 0, 1, 2]].concat();
        assert!(pages_are_possible(&page(&[4]), 3));
        assert!(pages_are_possible(&[page(&[4]), page(&[4])].concat(), 3));
        assert!(!pages_are_possible(&page(&[4]), 2), "three values where the column has two");
        assert!(!pages_are_possible(&page(&[0xfe, 0xff, 0xff, 0xff, 0x0f]), 3), "two gigabytes");
        assert!(!pages_are_possible(&page(&[5]), 3), "fewer than no bytes");
        let whole = page(&[4]);
        assert!(!pages_are_possible(&whole[..whole.len() - 1], 3), "cut off");
    }
}
