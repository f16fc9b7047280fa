//! Reading a row by column name.

use kit_values::Fault;
use sea_orm::{QueryResult, TryGetable};

use crate::OrFault as _;

/// Reads one column of a row, NULL as `Option`.
pub trait Row {
    /// The value of the column called `name`.
    fn get<T: TryGetable>(&self, name: &str) -> Result<T, Fault>;
}

impl Row for QueryResult {
    fn get<T: TryGetable>(&self, name: &str) -> Result<T, Fault> {
        self.try_get("", name).or_fault()
    }
}
