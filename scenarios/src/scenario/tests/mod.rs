//! What edits do to a city, alone, together and in a chain.

mod access;
mod buildings;
mod events;
mod fleet;
mod lanes;
mod lines;
mod order;
mod roundabouts;
mod signals;

use super::*;
use crate::test_city::small_city;

/// A chain of files with these edits, first ancestor first.
fn chain(files: &[&str]) -> Chain {
    let text = |edits: &&str| format!("format = 1\nname = \"test\"\ntitle = {{ it = \"x\", en = \"x\" }}\n{edits}");
    Chain::of_texts(files.iter().map(|edits| ("test.toml".to_owned(), text(edits))).collect()).expect("scenarios")
}

/// What is wrong with both edits in one file.
fn refused(edits: [&str; 2]) -> String {
    apply(&small_city(), &chain(&[&edits.concat()])).err().map(|error| error.to_string()).unwrap_or_default()
}

/// What a chain of files makes of the city.
fn applied(files: &[&str]) -> Applied {
    apply(&small_city(), &chain(files)).expect("fits")
}

/// The row of a junction.
fn junction(key: &str) -> usize {
    small_city().junctions.iter().position(|row| row.key.as_str() == key).expect("a junction")
}

/// What the reader says of a file with these edits.
fn unreadable(edits: &str) -> String {
    let text = format!("format = 1\nname = \"test\"\ntitle = {{ it = \"x\", en = \"x\" }}\n{edits}");
    ScenarioFile::parse("test.toml", &text).expect_err("a bad file").to_string()
}
