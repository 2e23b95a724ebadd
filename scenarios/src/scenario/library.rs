//! The scenarios that come with the program. They name no city and run on the built-in one.

macro_rules! library {
    ($($name:literal),*) => {
        const LIBRARY: &[(&str, &str)] = &[$(($name, include_str!(concat!("../../library/", $name, ".toml")))),*];
    };
}

library!("base", "bormida-closed", "meier-two-lanes", "ztl-centro");

/// The names of the library's scenarios.
#[must_use]
pub fn names() -> Vec<&'static str> {
    LIBRARY.iter().map(|(name, _)| *name).collect()
}

/// A library scenario's name and text.
pub(super) fn text(name: &str) -> Option<(&'static str, &'static str)> {
    LIBRARY.iter().find(|(known, _)| *known == name).copied()
}
