//! Writes decisions: conversations, loads and explanations in one statement.

use std::collections::BTreeMap;

use kit_store::{Row as _, Transaction, array};
use kit_values::{Class, Fault, OrganizationId};
use sea_orm::Value;
use time::OffsetDateTime;

use super::candidates;
use crate::domain::ownership::{Assignment, Decision};
use crate::domain::words::{ConversationId, DecisionId, MemberId};

/// A decision about one conversation.
#[derive(Debug, Clone)]
pub struct Change {
    /// Whose.
    pub organization: OrganizationId,
    /// What was decided.
    pub decision: Decision,
    /// The ids of its explanations, in their order.
    pub ids: Vec<DecisionId>,
    /// W3C `traceparent` of what led to it.
    pub trace: Option<String>,
}

impl Change {
    /// A decision with ids for its explanations.
    #[must_use]
    pub fn new(organization: OrganizationId, decision: Decision, trace: Option<String>) -> Self {
        let ids = decision.explanations.iter().map(|_| DecisionId::mint()).collect();
        Self { organization, decision, ids, trace }
    }
}

/// Saves decisions, in the order in which they were made, over rows that were loaded and locked
/// in this transaction; gives the transaction's id.
///
/// # Errors
/// Conflict when a row was written by somebody else since it was loaded; Internal when a
/// constraint stands against it.
pub async fn save(
    transaction: &Transaction,
    changes: &[Change],
    now: OffsetDateTime,
) -> Result<Option<String>, Fault> {
    if changes.iter().all(|change| !change.decision.changed) {
        return Ok(None);
    }
    let kept: BTreeMap<(OrganizationId, ConversationId), (&Assignment, Option<&String>)> = changes
        .iter()
        .map(|change| {
            let assignment = &change.decision.assignment;
            let key = (change.organization, assignment.conversation);
            (key, (assignment, change.trace.as_ref()))
        })
        .collect();
    let mut members: BTreeMap<(OrganizationId, MemberId), (i32, Option<OffsetDateTime>)> =
        BTreeMap::new();
    for change in changes {
        for (member, load) in &change.decision.load {
            members.entry((change.organization, *member)).or_default().0 += load;
        }
        if let Some(member) = change.decision.assigned {
            // A plan's placements are told apart by their moments.
            let at = change.decision.explanations.last().map_or(now, |one| one.at);
            members.entry((change.organization, member)).or_default().1 = Some(at);
        }
    }
    let (conversations, burdens) = (kept.len(), members.len());
    let mut values = conversation_columns(&kept);
    values.extend([
        array::uuids(members.keys().map(|(organization, _)| organization.uuid())),
        array::uuids(members.keys().map(|(_, member)| member.uuid())),
        array::integers(members.values().map(|(load, _)| *load)),
        array::nullable_times(members.values().map(|(_, at)| *at)),
    ]);
    values.extend(explanation_columns(changes));
    let rows = transaction.rows(include_str!("sql/save.sql"), values).await?;
    let Some(row) = rows.first() else { return Ok(None) };
    let written = (row.get::<i64>("conversations")?, row.get::<i64>("members")?);
    if (usize::try_from(written.0), usize::try_from(written.1)) != (Ok(conversations), Ok(burdens))
    {
        return Err(Fault::new(
            Class::Conflict,
            "assignment_changed",
            "An assignment was changed by somebody else at the same time.",
        ));
    }
    row.get("transaction").map(Some)
}

type KeptByKey<'a> =
    BTreeMap<(OrganizationId, ConversationId), (&'a Assignment, Option<&'a String>)>;

fn conversation_columns(kept: &KeptByKey<'_>) -> Vec<Value> {
    let all = || kept.values().map(|(assignment, _)| *assignment);
    vec![
        array::uuids(kept.keys().map(|(organization, _)| organization.uuid())),
        array::uuids(all().map(|one| one.conversation.uuid())),
        array::bigints(all().map(|one| one.rev)),
        array::smallints(all().map(|one| one.state.code())),
        array::nullable_times(all().map(|one| one.waiting_since)),
        // An array of arrays of different lengths does not exist; the literal of one does.
        array::texts(all().map(|one| {
            let ids: Vec<String> =
                one.channels.iter().map(|channel| channel.uuid().to_string()).collect();
            format!("{{{}}}", ids.join(","))
        })),
        array::bigints(all().map(|one| one.requirement().class())),
        array::bigints(all().map(|one| one.decision)),
        array::nullable_uuids(all().map(|one| one.owner.map(MemberId::uuid))),
        array::nullable_uuids(all().map(|one| one.former.map(MemberId::uuid))),
        array::bigints(all().map(|one| one.epoch)),
        array::nullable_texts(kept.values().map(|(_, trace)| trace.cloned())),
    ]
}

fn explanation_columns(changes: &[Change]) -> Vec<Value> {
    let all: Vec<_> = changes
        .iter()
        .flat_map(|change| {
            let epoch = change.decision.assignment.epoch;
            let explained = change.ids.iter().zip(&change.decision.explanations);
            explained.map(move |(id, one)| (change.organization, epoch, id, one))
        })
        .collect();
    vec![
        array::uuids(all.iter().map(|(organization, _, _, _)| organization.uuid())),
        array::uuids(all.iter().map(|(_, _, id, _)| id.uuid())),
        array::uuids(all.iter().map(|(_, _, _, one)| one.conversation.uuid())),
        array::times(all.iter().map(|(_, _, _, one)| one.at)),
        array::texts(all.iter().map(|(_, _, _, one)| one.outcome.name().to_owned())),
        array::nullable_texts(
            all.iter().map(|(_, _, _, one)| one.reason.map(|reason| reason.name().to_owned())),
        ),
        array::nullable_uuids(all.iter().map(|(_, _, _, one)| one.member.map(MemberId::uuid))),
        array::nullable_uuids(all.iter().map(|(_, _, _, one)| one.by.map(MemberId::uuid))),
        array::nullable_times(all.iter().map(|(_, _, _, one)| one.waiting_since)),
        array::bigints(all.iter().map(|(_, epoch, _, _)| *epoch)),
        array::bigints(all.iter().map(|(_, _, _, one)| one.policy_version)),
        array::texts(all.iter().map(|(_, _, _, one)| candidates::write(&one.candidates, one.at))),
    ]
}
