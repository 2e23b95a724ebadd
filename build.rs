//! Names the build: a hash over everything that the program is made of, so that a run can say what made it.
//!
//! Hashed are the source tree (sources, manifests, parameter files, scenario library, the built-in city), the lock file,
//! the compiler, the target, the features and the optimisation level.

use std::path::{Path, PathBuf};
use std::process::Command;

/// What the program is made of, relative to the workspace's root.
const SOURCES: [&str; 10] = [
    "Cargo.lock",
    "Cargo.toml",
    "build.rs",
    "src",
    "engine/Cargo.toml",
    "engine/src",
    "data",
    "scenarios",
    "rust-toolchain.toml",
    ".cargo",
];

fn main() {
    let root = PathBuf::from(std::env::var_os("CARGO_MANIFEST_DIR").expect("cargo sets it"));
    let mut hasher = blake3::Hasher::new();
    for source in SOURCES {
        println!("cargo:rerun-if-changed={source}");
        let mut files = Vec::new();
        list(&root.join(source), &mut files);
        files.sort();
        for file in files {
            let name = file.strip_prefix(&root).unwrap_or(&file).to_string_lossy().replace('\\', "/");
            let bytes = std::fs::read(&file).unwrap_or_default();
            hasher.update(format!("{name}\n{}\n", bytes.len()).as_bytes());
            hasher.update(&bytes);
        }
    }
    let compiler = std::env::var_os("RUSTC").map(|rustc| Command::new(rustc).arg("-vV").output());
    if let Some(Ok(version)) = compiler {
        hasher.update(&version.stdout);
    }
    let mut settings: Vec<String> = std::env::vars()
        .filter(|(name, _)| {
            name.starts_with("CARGO_FEATURE_") || ["TARGET", "OPT_LEVEL", "DEBUG"].contains(&name.as_str())
        })
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    settings.sort();
    hasher.update(settings.join("\n").as_bytes());
    println!("cargo:rustc-env=GEMELLO_BUILD_ID={}", hasher.finalize().to_hex());
}

/// Every file under a path.
fn list(path: &Path, files: &mut Vec<PathBuf>) {
    if path.is_file() {
        files.push(path.to_owned());
    }
    for entry in std::fs::read_dir(path).into_iter().flatten().flatten() {
        list(&entry.path(), files);
    }
}
