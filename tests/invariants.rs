//! What each crate may know, as ARCHITECTURE.md says it: imports point down only, and one crate alone knows each of the
//! outside world's libraries.

use std::path::Path;
use std::process::Command;

use serde_json::Value;

/// Libraries that only the named crates may depend on, directly.
const KNOWN_BY: [(&str, &[&str]); 9] = [
    ("gdal", &["gemello-data"]),
    ("polars", &["gemello-data"]),
    ("quick-xml", &["gemello-data"]),
    ("csv", &["gemello-data"]),
    ("geojson", &["gemello-data"]),
    ("clap", &["gemello"]),
    ("indicatif", &["gemello"]),
    ("bevy", &["gemello-viewer"]),
    ("tokio", &[]),
];

/// The workspace's crates that each may depend on.
const MAY_USE: [(&str, &[&str]); 4] = [
    ("gemello-engine", &[]),
    ("gemello-data", &["gemello-engine"]),
    ("gemello-scenarios", &["gemello-engine", "gemello-data"]),
    ("gemello", &["gemello-engine", "gemello-data", "gemello-scenarios"]),
];

/// Words of the standard library that the engine must not say: it opens nothing and reads no clock.
const NOT_IN_ENGINE: [&str; 6] =
    ["std::fs", "std::net", "std::env", "std::process", "std::time::Instant", "SystemTime"];

fn packages() -> Vec<Value> {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--no-deps", "--offline"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("cargo metadata runs");
    let metadata: Value = serde_json::from_slice(&output.stdout).expect("cargo metadata prints JSON");
    metadata["packages"].as_array().expect("packages").clone()
}

fn dependencies(package: &Value) -> impl Iterator<Item = &str> {
    package["dependencies"]
        .as_array()
        .expect("dependencies")
        .iter()
        .filter(|dependency| dependency["kind"] != "dev")
        .filter_map(|dependency| dependency["name"].as_str())
}

fn sources(folder: &Path) -> Vec<std::path::PathBuf> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).expect("a folder of sources") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            files.extend(sources(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    files
}

#[test]
fn imports_point_down_only() {
    let packages = packages();
    assert_eq!(packages.len(), MAY_USE.len(), "a new crate needs its line in this test and in ARCHITECTURE.md");
    for package in &packages {
        let name = package["name"].as_str().expect("a name");
        let (_, allowed) = MAY_USE.iter().find(|(crate_name, _)| *crate_name == name).expect("a known crate");
        for dependency in dependencies(package).filter(|dependency| dependency.starts_with("gemello")) {
            assert!(allowed.contains(&dependency), "{name} must not depend on {dependency}");
        }
    }
}

#[test]
fn one_crate_alone_knows_each_outside_library() {
    for package in &packages() {
        let name = package["name"].as_str().expect("a name");
        for dependency in dependencies(package) {
            if let Some((_, known_by)) = KNOWN_BY.iter().find(|(library, _)| *library == dependency) {
                assert!(known_by.contains(&name), "{name} must not depend on {dependency}: only {known_by:?} may");
            }
        }
    }
}

#[test]
fn the_engine_opens_nothing_and_reads_no_clock() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let files = sources(&root.join("engine/src"));
    assert!(files.len() > 10, "the engine's sources were found");
    for file in files {
        let text = std::fs::read_to_string(&file).expect("a source file");
        for word in NOT_IN_ENGINE {
            assert!(!text.contains(word), "{} says {word}", file.display());
        }
    }
}
