//! Every call of the networks' APIs that took effect, in order: what a checker compares with what
//! a caller believes to have sent.

use std::collections::HashMap;

use serde::Serialize;
use sha2::{Digest as _, Sha256};
use time::OffsetDateTime;

use crate::world::{Answered, CallKind, Deed, Happening, Network};

/// One accepted call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AcceptedCall {
    /// Number of the happening.
    pub number: u64,
    /// The network.
    pub network: Network,
    /// The account that called.
    pub account: String,
    /// What was called for.
    pub kind: CallKind,
    /// The network's id of what it is directed at.
    pub target: String,
    /// The words as the caller sent them; empty when there are none.
    pub text: String,
    /// The network's id of what was made, or of what was taken away.
    pub external_id: String,
    /// The network's moment.
    #[serde(with = "time::serde::rfc3339")]
    pub at: OffsetDateTime,
    /// What the caller got for an answer.
    pub answered: Answered,
    /// Messenger's `metadata`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub metadata: Option<String>,
    /// The same for calls of one account that ask for the same: kind, target and words.
    pub fingerprint: String,
    /// The how-manieth call with this fingerprint it is, from 1.
    pub copy: u32,
}

/// The accepted calls, oldest first.
#[derive(Debug, Default)]
pub struct AcceptedCalls {
    calls: Vec<AcceptedCall>,
    copies: HashMap<String, u32>,
}

impl AcceptedCalls {
    /// Adds a happening that a call made; any other is passed over.
    pub fn add(&mut self, happening: &Happening) {
        let Some(call) = &happening.call else { return };
        let text = words(&happening.deed);
        let fingerprint = fingerprint(&[
            happening.network.as_str(),
            &happening.account,
            call.kind.as_str(),
            &call.target,
            &text,
        ]);
        let copy = self.copies.entry(fingerprint.clone()).or_default();
        *copy += 1;
        self.calls.push(AcceptedCall {
            number: happening.number,
            network: happening.network,
            account: happening.account.clone(),
            kind: call.kind,
            target: call.target.clone(),
            text,
            external_id: happening.deed.id().unwrap_or_default().to_owned(),
            at: happening.at,
            answered: call.answered,
            metadata: call.metadata.clone(),
            fingerprint,
            copy: *copy,
        });
    }

    /// Those after happening `after`, oldest first.
    pub fn after(&self, after: u64) -> impl Iterator<Item = &AcceptedCall> {
        let first = self.calls.partition_point(|call| call.number <= after);
        self.calls.iter().skip(first)
    }

    /// The newest `count`, newest first.
    pub fn newest(&self, count: usize) -> impl Iterator<Item = &AcceptedCall> {
        self.calls.iter().rev().take(count)
    }

    /// How many there are.
    #[must_use]
    pub fn count(&self) -> usize {
        self.calls.len()
    }
}

/// The words without what X put in front.
fn words(deed: &Deed) -> String {
    let text = deed.text().unwrap_or_default();
    match deed {
        Deed::Posted { added, .. } => text.chars().skip(*added).collect(),
        Deed::Reacted { emoji, withdrawn: false, .. } => emoji.clone(),
        _ => text.to_owned(),
    }
}

/// Thirty-two hexadecimal digits of the SHA-256 of the parts, each with its length.
fn fingerprint(parts: &[&str]) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
        hash.update(part.as_bytes());
    }
    hex::encode(hash.finalize()).chars().take(32).collect()
}
