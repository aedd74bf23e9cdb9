//! The library against truth and against its own promises: exact laws, small
//! cases by hand, what every run keeps, golden digests, refusals of scenarios.

mod allocations;
mod common;
mod conservation;
mod contact;
mod documents;
mod fuzz;
mod golden;
mod graphs;
mod hints;
mod mongering;
mod observers;
mod own_theory;
mod scenario_errors;
mod scenario_grid;
mod small_cases;
mod spreading;
mod validation;
