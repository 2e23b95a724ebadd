//! The number by which a named thing draws: that of its name, so that what else is drawn does not move it.

/// FNV-1a with 64 bits (Fowler, Noll, Vo; RFC 9923).
pub(crate) fn agent_of(name: &str) -> u64 {
    name.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Test vectors of the algorithm's authors.
    #[test]
    fn names_hash_as_published() {
        assert_eq!(agent_of(""), 0xcbf2_9ce4_8422_2325);
        assert_eq!(agent_of("a"), 0xaf63_dc4c_8601_ec8c);
        assert_eq!(agent_of("foobar"), 0x8594_4171_f739_67e8);
    }
}
