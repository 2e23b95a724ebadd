//! The real input data that tests read, beside the workspace.

use std::path::{Path, PathBuf};

/// A file of the shared data, by its path there; none, with a note, where the data are not on this machine.
///
/// # Panics
/// Where the data are missing though `CI` is true: there a test must not pass unseen.
pub(crate) fn shared_data(path: &str) -> Option<PathBuf> {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared");
    let root = std::env::var_os("GEMELLO_SHARED").map_or_else(beside, PathBuf::from);
    let file = root.join(path);
    if file.exists() {
        return Some(file);
    }
    let is_ci = std::env::var("CI").is_ok_and(|ci| ci == "true");
    assert!(!is_ci, "{} is missing; set GEMELLO_SHARED to the folder of the shared data", file.display());
    eprintln!("skipped: {} is not here; set GEMELLO_SHARED to the folder of the shared data", file.display());
    None
}
