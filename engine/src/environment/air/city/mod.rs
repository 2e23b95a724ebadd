//! A city's streets together: fields on a grid, yearly means, and how often limits are passed.
//!
//! Every street is a row of line sources of CALINE3 ([`line_source`](super::line_source)). A field of 150,000 receptors and 5,000
//! streets would take two thousand million plumes for each hour; three steps make it a matter of seconds, and none moves a
//! concentration by more than 1 % of the field's highest (a test holds it to that against every plume computed exactly).
//! First, a plume ends where it brings less than 4e-5 of its emission. Second, far from a street its plume is smooth: it
//! is computed at a few nodes of tiles that grow with the plume's width and carried to the receptors by polynomials
//! (`grid.rs`), so that only streets less than some hundred metres upwind are computed at each receptor. Third, the plume's
//! curves are tables (`curves.rs`).
//!
//! Contributions are whole numbers of 2⁻²⁰ µg/m³, and sums of whole numbers do not depend on their order. Threads share the work as
//! they come; streets that change are taken out and put in again ([`AirField::replace`]), which takes their own time
//! alone, and bytes are those of a computation from the beginning. Pollutants share one computation of dispersion.
//!
//! What a street's line is made of matters near it: CALINE3 cuts links into elements from the receptor on, and a link cut in two
//! differs from the whole by several per cent at some receptors beside the cut. [`Accuracy::line_tolerance_m`] and
//! [`Accuracy::piece_length_max_m`] set what is cut; the 1 % above is for the same pieces.
//!
//! Left out: buildings, except by the *unverified* [`canyon`](super::canyon); chemistry, which
//! [`nitrogen`](super::nitrogen) adds to means; calm hours beyond the smallest wind; weekdays, as emissions are by hour of the day.
//! Data lie flat (pieces, nodes, whole-number sums by block), as a processor of graphics would want them.
//!
//! | file | what |
//! | --- | --- |
//! | `street.rs` | polylines with emissions, cut into straight pieces |
//! | `situation.rs` | weather and hours of the day that a field is made of |
//! | `grid.rs` | receptors, tiles and nodes |
//! | `accuracy.rs`, `curves.rs`, `accumulate.rs` | where plumes end, their curves in tables, adding them |
//! | `field.rs` | fields on a grid: a day's hours, a year's mean; replacing streets |
//! | `series.rs`, `background.rs` | every hour of a year at a list of receptors; what is in the air without streets |

mod accumulate;
mod accuracy;
mod background;
mod curves;
mod field;
mod grid;
mod series;
mod situation;
mod street;
#[cfg(test)]
mod tests;

pub use accuracy::{Accuracy, AccuracyFault};
pub use background::{Background, BackgroundFault};
pub use field::{AirField, FieldFault, FieldSettings, POLLUTANTS_MAX};
pub use grid::{GridFault, ReceptorGrid};
pub use series::{Exceedance, RECEPTORS_MAX, ReceptorSeries, SeriesFault, SeriesSettings};
pub use situation::Situation;
pub use street::{EMISSION_MAX_GPMS, Street, StreetFault};
