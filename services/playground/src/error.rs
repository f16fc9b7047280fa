//! Refusals of the world as faults of the edge.

use kit_values::{Class, Fault};

use crate::world::Refusal;

/// The fault that an edge shows for a refusal.
#[must_use]
pub fn fault(refusal: Refusal) -> Fault {
    if refusal.code == Refusal::MISSING {
        return Fault::new(Class::NotFound, Refusal::MISSING, refusal.sentence);
    }
    Fault::invalid(refusal.code, refusal.field, refusal.sentence)
}
