//! The names of what is being written beside its place, so that what a killed program left can be told and removed.

use std::path::Path;

use tempfile::Builder;

const PREFIX: &str = ".gemello-";
const SUFFIX: &str = ".unfinished";
const RANDOM: usize = 6;

/// Makes files and folders of such names.
#[must_use]
pub fn builder() -> Builder<'static, 'static> {
    let mut builder = Builder::new();
    builder.prefix(PREFIX).suffix(SUFFIX).rand_bytes(RANDOM);
    builder
}

/// Whether a file or folder is named as something unfinished.
#[must_use]
pub fn is_named_so(path: &Path) -> bool {
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    let random = name.strip_prefix(PREFIX).and_then(|rest| rest.strip_suffix(SUFFIX));
    random.is_some_and(|random| random.len() == RANDOM && random.bytes().all(|letter| letter.is_ascii_alphanumeric()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_made_is_told_from_what_only_looks_like_it() {
        let folder = tempfile::tempdir().expect("a folder");
        let made = builder().tempfile_in(folder.path()).expect("a file");
        assert!(is_named_so(made.path()));
        for other in
            ["notes.unfinished", ".gemello-.unfinished", ".gemello-abcde.unfinished", ".gemello-abc/de.unfinished"]
        {
            assert!(!is_named_so(Path::new(other)), "{other}");
        }
    }
}
