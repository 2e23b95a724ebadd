//! What traffic does to its surroundings.
//!
//! | chapter | what it holds |
//! | --- | --- |
//! | [`air`] | how exhaust spreads from streets, and what people breathe there |

pub mod air;
