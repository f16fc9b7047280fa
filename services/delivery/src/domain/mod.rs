//! Decisions about attempts, echoes and limits: plain functions from values to values.

pub mod attempt;
pub mod budget;
pub mod doubt;
pub mod echo;
#[cfg(test)]
mod examples;
pub mod letter;
pub mod lookup;
#[cfg(test)]
mod properties;
pub mod turns;
pub mod words;
