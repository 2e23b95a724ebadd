//! What each crate may know, as ARCHITECTURE.md says it: imports point down only, and one crate alone knows each of the
//! outside world's libraries.

#[path = "support/source_paths.rs"]
mod source_paths;

use std::path::Path;
use std::process::Command;

use serde_json::Value;

/// Libraries that only the named crates may depend on, directly.
const KNOWN_BY: [(&str, &[&str]); 13] = [
    ("gdal", &["gemello-data"]),
    ("polars", &["gemello-data"]),
    ("quick-xml", &["gemello-data"]),
    ("csv", &["gemello-data"]),
    ("geojson", &["gemello-data"]),
    ("rust_xlsxwriter", &["gemello-data"]),
    ("typst", &["gemello-data"]),
    ("typst-layout", &["gemello-data"]),
    ("typst-pdf", &["gemello-data"]),
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

/// Parts of the standard library that the engine must not name: it opens nothing and reads no clock.
const NOT_IN_ENGINE: [&str; 7] =
    ["std::fs", "std::net", "std::env", "std::os", "std::process", "std::time::Instant", "std::time::SystemTime"];

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
        let named = not_in_engine(&text);
        assert!(named.is_empty(), "{} names {named:?}", file.display());
    }
}

/// What a source of the engine names and must not: forbidden paths, what is inside them, and globs that bring one along.
fn not_in_engine(source: &str) -> Vec<String> {
    let is_in = |path: &str, outer: &str| {
        path.strip_prefix(outer).is_some_and(|rest| rest.is_empty() || rest.starts_with("::"))
    };
    let brings = |path: &str, forbidden: &str| path.strip_suffix("::*").is_some_and(|outer| is_in(forbidden, outer));
    let paths = source_paths::paths(source).into_iter();
    paths.filter(|path| NOT_IN_ENGINE.iter().any(|word| is_in(path, word) || brings(path, word))).collect()
}

#[test]
fn the_engine_s_check_finds_imports_however_they_are_written() {
    for source in [
        "use std::fs;",
        "use std::{collections::BTreeMap, fs};",
        "use std::{io, fs as files};",
        "use std::fs::{self, File};",
        "use ::std::env::var;",
        "pub use std::{time::{Duration, Instant}};",
        "use std as s; fn f() { s::fs::read(\"x\"); }",
        "use std as s; use s as t; fn f() -> t::time::SystemTime { todo() }",
        "extern crate std as s; fn f(_: s::net::TcpStream) {}",
        "use std::time; fn f() { let _ = time::Instant::now(); }",
        "use std::time::{self as t}; fn f() { let _ = t::Instant::now(); }",
        "use std::*;",
        "use std::time::*;",
        "mod inner { fn f() { std::process::exit(1) } }",
        "fn f() { println!(\"{:?}\", std::env::args()); }",
        "fn f() { use std::r#fs; }",
        "struct S(Vec<std::fs::File>);",
        "fn f() -> impl Iterator<Item = std::os::fd::OwnedFd> { todo() }",
    ] {
        assert!(!not_in_engine(source).is_empty(), "{source}");
    }
    for source in [
        "use std::{fmt, time::Duration};",
        "use std::fmt::*;",
        "mod fs { pub fn read() {} } fn f() { fs::read(); }",
        "/// Not `std::fs`.\nfn f() { let _ = \"std::fs\"; }",
        "use crate::time::Period; fn f(process: u32) -> u32 { process }",
    ] {
        assert_eq!(not_in_engine(source), Vec::<String>::new(), "{source}");
    }
}
