//! The small documents beside messages, as `jsonb`, and codes.

use std::collections::BTreeMap;

use kit_values::Fault;
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use crate::domain::message;
use crate::domain::words::{Direction, MessageKind};

#[derive(Serialize, Deserialize)]
struct Attached {
    #[serde(rename = "type")]
    kind: String,
    url: String,
    title: String,
}

#[derive(Serialize, Deserialize)]
struct Reacted {
    actor: String,
    reaction: String,
    emoji: String,
    #[serde(with = "time::serde::rfc3339")]
    time: OffsetDateTime,
}

pub(super) fn write_attachments(attachments: &[message::Attachment]) -> Result<String, Fault> {
    let kept: Vec<Attached> = attachments
        .iter()
        .map(|one| Attached {
            kind: one.kind.clone(),
            url: one.url.clone(),
            title: one.title.clone(),
        })
        .collect();
    serde_json::to_string(&kept).map_err(Fault::internal)
}

pub(super) fn read_attachments(kept: serde_json::Value) -> Result<Vec<message::Attachment>, Fault> {
    let kept: Vec<Attached> = serde_json::from_value(kept).map_err(Fault::internal)?;
    Ok(kept
        .into_iter()
        .map(|one| message::Attachment { kind: one.kind, url: one.url, title: one.title })
        .collect())
}

pub(super) fn write_reactions(
    reactions: &BTreeMap<String, message::Reaction>,
) -> Result<String, Fault> {
    let kept: Vec<Reacted> = reactions
        .iter()
        .map(|(actor, one)| Reacted {
            actor: actor.clone(),
            reaction: one.reaction.clone(),
            emoji: one.emoji.clone(),
            time: one.time,
        })
        .collect();
    serde_json::to_string(&kept).map_err(Fault::internal)
}

pub(super) fn read_reactions(
    kept: serde_json::Value,
) -> Result<BTreeMap<String, message::Reaction>, Fault> {
    let kept: Vec<Reacted> = serde_json::from_value(kept).map_err(Fault::internal)?;
    Ok(kept
        .into_iter()
        .map(|one| {
            let reaction =
                message::Reaction { time: one.time, reaction: one.reaction, emoji: one.emoji };
            (one.actor, reaction)
        })
        .collect())
}

/// A code that this release does not know: the database was written by a newer one.
pub(super) fn unknown_code(what: &'static str) -> Fault {
    Fault::internal(format!("the database holds an unknown {what}"))
}

pub(super) fn kind(code: i16) -> Result<MessageKind, Fault> {
    MessageKind::from_code(code).ok_or_else(|| unknown_code("message kind"))
}

pub(super) fn direction(code: i16) -> Result<Direction, Fault> {
    Direction::from_code(code).ok_or_else(|| unknown_code("direction"))
}
