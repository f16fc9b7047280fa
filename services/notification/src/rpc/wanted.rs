//! What requests carry, read.

use kit_service::rpc::status;
use kit_values::Fault;
use proto::notification::v1 as pb;
use time::OffsetDateTime;
use tonic::Status;

use crate::domain::{Means, Told};
use crate::store::told::Place;
use crate::wire;

/// Longest reason of a browser.
const LONGEST_REASON: usize = 64;

/// A means.
pub fn means(of: pb::Means) -> Result<Means, Status> {
    wire::means(of)
        .ok_or_else(|| status(Fault::invalid("means", "means", "There is no such means.")))
}

/// A stable code; empty for none.
pub fn reason(text: &str) -> Result<String, Fault> {
    let is_code = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
    if text.len() > LONGEST_REASON || !text.bytes().all(is_code) {
        let sentence = "A reason is a code of small letters, digits and underscores.";
        return Err(Fault::invalid("reason", "reason", sentence));
    }
    Ok(text.to_owned())
}

/// Where a page begins: after this one.
pub fn place(text: &str) -> Result<Option<Place>, Fault> {
    if text.is_empty() {
        return Ok(None);
    }
    let refused = || Fault::invalid("cursor", "after", "This begins no page.");
    let (at, id) = text.split_once('~').ok_or_else(refused)?;
    let at = at.parse::<i128>().ok();
    let at = at.and_then(|at| OffsetDateTime::from_unix_timestamp_nanos(at).ok());
    let id = id.parse().map_err(|_| refused())?;
    Ok(Some((at.ok_or_else(refused)?, id)))
}

/// The place of one.
pub fn place_of(told: &Told) -> String {
    format!("{}~{}", told.at.unix_timestamp_nanos(), told.id)
}
