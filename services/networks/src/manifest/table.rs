//! The manifest as rows, for documents.

use super::{Counting, text_limit};
use crate::{MessageKind, Network};

/// One way to answer, as the documents show it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Row {
    /// The network.
    pub network: Network,
    /// Kinds of message that it answers.
    pub answers: &'static [MessageKind],
    /// The kind that the answer has.
    pub kind: MessageKind,
    /// Everybody sees it.
    pub public: bool,
    /// Longest text.
    pub text_limit: u32,
    /// How it is counted.
    pub counting: Counting,
    /// OAuth scopes or permissions that it needs.
    pub scopes: &'static [&'static str],
    /// Until when, and for whom.
    pub conditions: &'static str,
}

/// Every way to answer on every network.
#[must_use]
pub fn table() -> Vec<Row> {
    let ways = [
        (Network::X, crate::x::manifest::WAYS),
        (Network::Facebook, crate::facebook::manifest::WAYS),
    ];
    let rows = ways.into_iter().flat_map(|(network, ways)| {
        ways.iter().map(move |way| {
            let (text_limit, counting) = text_limit(network, way.kind);
            Row {
                network,
                answers: way.answers,
                kind: way.kind,
                public: way.kind != MessageKind::PrivateMessage,
                text_limit,
                counting,
                scopes: way.scopes,
                conditions: way.conditions,
            }
        })
    });
    rows.collect()
}

/// One way to answer, as a network's file states it.
pub(crate) struct Way {
    pub(crate) answers: &'static [MessageKind],
    pub(crate) kind: MessageKind,
    pub(crate) scopes: &'static [&'static str],
    pub(crate) conditions: &'static str,
}
