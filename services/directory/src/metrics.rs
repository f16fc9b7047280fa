//! What is counted.

use kit_values::Fault;
use metrics::counter;

/// One try to sign in: how it ended, never whose it was.
pub fn signed_in(fault: Option<&Fault>) {
    counter!("directory_sign_ins_total", "outcome" => fault.map_or("accepted", Fault::code))
        .increment(1);
}
