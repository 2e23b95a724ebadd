//! The built-in city of Alessandria, compiled from its open data.

pub mod streets;
