//! What the city does to those who live in it: one chapter for each thing that reaches people at their doors and windows.
//!
//! | chapter | what |
//! | --- | --- |
//! | [`sun`] | where the sun stands, whom buildings and trees put into the shade, and for how long |

pub mod sun;
