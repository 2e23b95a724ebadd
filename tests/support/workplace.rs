//! A folder with a made-up city and scenarios, and the command line in it.

#[path = "small_city.rs"]
pub(crate) mod small_city;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

pub(crate) const GEMELLO: &str = env!("CARGO_BIN_EXE_gemello");

/// A folder with the city and some scenarios.
pub(crate) fn workplace() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    data::city_folder::write(&small_city::small_city(), &folder.path().join("city")).expect("a city");
    std::fs::create_dir(folder.path().join("options")).expect("a folder");
    for lanes in 1..=4 {
        for speed in [30, 50, 70] {
            let name = format!("bridge-{lanes}-{speed}");
            let text = format!(
                "format = 1\nname = \"{name}\"\nparent = \"base\"\ntitle = {{ it = \"Ponte\", en = \"Bridge\" }}\n\
                 [[set]]\non = {{ street = [\"Ponte Vecchio\"] }}\nlanes = {lanes}\nspeed_kmh = {speed}\n"
            );
            std::fs::write(folder.path().join(format!("options/{name}.toml")), text).expect("a scenario");
        }
    }
    folder
}

pub(crate) fn gemello(folder: &Path, home: &str, arguments: &[&str]) -> Output {
    let home = folder.join(home);
    std::fs::create_dir_all(&home).expect("a home");
    Command::new(GEMELLO).args(arguments).current_dir(folder).env("HOME", home).output().expect("gemello runs")
}

pub(crate) fn succeeds(output: &Output) {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

/// Every file under a folder with its bytes.
pub(crate) fn bytes(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut files = BTreeMap::new();
    let mut open = vec![folder.to_owned()];
    while let Some(place) = open.pop() {
        for entry in std::fs::read_dir(&place).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                open.push(path);
            } else {
                files.insert(
                    path.strip_prefix(folder).expect("inside").to_owned(),
                    std::fs::read(&path).expect("a file"),
                );
            }
        }
    }
    files
}
