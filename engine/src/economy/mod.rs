//! Economy: what works cost, what a plan is worth, how sure that is, and which of several plans comes first.
//!
//! Pure functions over plain numbers. Works are priced from a price list that says where each price is from; costs,
//! revenues, users' time and external effects by year become a net present value with its lines by class and by group of
//! people, so that who gains and who pays can be seen. What is not known is varied one by one, drawn together, or
//! screened over a whole batch. Prices and unit values stand in `scenarios/parameters/prices.toml` and `appraisal.toml`.
//! Amounts are in euro of one year's prices, undiscounted unless their name says present; nothing is rounded. Left out: taxes and
//! shadow prices of labour, the financing of the works, and effects on land values and jobs (which would count time gains
//! twice).
//!
//! | file | what |
//! | --- | --- |
//! | [`price_list`], [`price_index`] | unit prices with their sources; prices of one year in those of another |
//! | [`works`] | a bill of quantities, priced |
//! | [`schedule`] | amounts over years |
//! | [`cash_flow`], [`rate_of_return`] | present value, payback, internal rate of return |
//! | [`appraisal`] | costs against benefits |
//! | [`sensitivity`] | one parameter at a time, and all drawn together |
//! | [`global_sensitivity`] | which parameters of a batch matter: Morris and Sobol |
//! | [`ranking`] | which option is best, how surely, and which are beaten in everything |
//! | `agent.rs` | the number by which a named thing draws |

mod agent;
pub mod appraisal;
pub mod cash_flow;
pub mod global_sensitivity;
pub mod price_index;
pub mod price_list;
pub mod ranking;
pub mod rate_of_return;
pub mod schedule;
pub mod sensitivity;
pub mod works;
