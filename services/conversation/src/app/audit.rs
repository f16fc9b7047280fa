//! Whether what is stored is what must be: for the checkers of the tests and for an operator in
//! doubt. Reads everything of one organization; not for a request.

use std::collections::BTreeSet;

use kit_store::Transaction;
use kit_values::{Fault, OrganizationId};
use time::OffsetDateTime;

use crate::domain::access::{Level, Sight};
use crate::domain::fold::evolve;
use crate::domain::member::Roles;
use crate::domain::standing::ConversationState;
use crate::domain::words::{ChannelId, ConversationId, State};
use crate::store;

/// Something that is not as it must be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Discrepancy {
    /// The row is not the fold of its history (I6).
    NotTheFold(ConversationId),
    /// The history has a gap.
    GapInHistory(ConversationId),
    /// The row counts other messages than there are.
    MessageCount(ConversationId),
    /// Something unseen rests in Pending or Resolved (I11).
    UnseenAtRest(ConversationId),
    /// The counts are not what counting gives.
    Counts,
}

/// Everything that is wrong with what the organization has; nothing is the expected answer. The
/// transaction should be a repeatable read or have no writers beside it.
pub async fn audit(
    transaction: &Transaction,
    organization: OrganizationId,
    now: OffsetDateTime,
) -> Result<Vec<Discrepancy>, Fault> {
    let mut found = Vec::new();
    let (identities, conversations) = store::stored_identities(transaction, organization).await?;
    let held = store::stored_messages(transaction, organization).await?;
    let identities = store::load_identities(transaction, &identities, &conversations).await?;
    let states: Vec<ConversationState> = identities
        .into_values()
        .flat_map(|identity| identity.state.conversations().to_vec())
        .collect();
    let channels: BTreeSet<ChannelId> =
        states.iter().flat_map(|state| state.contents.channels.iter().copied()).collect();
    let seen: BTreeSet<ConversationId> = states.iter().map(|state| state.id).collect();
    found.extend(conversations.difference(&seen).map(|id| Discrepancy::NotTheFold(*id)));
    for state in states {
        let id = state.id;
        let rows = store::history(transaction, organization, id).await?;
        let dense = rows.iter().zip(1..).all(|(row, place)| row.entry.sequence == place);
        if !dense {
            found.push(Discrepancy::GapInHistory(id));
        }
        let folded =
            rows.iter().fold(ConversationState::unborn(id), |state, row| evolve(state, &row.entry));
        if folded != state {
            found.push(Discrepancy::NotTheFold(id));
        }
        if held.get(&id).copied().unwrap_or(0) != state.contents.message_count {
            found.push(Discrepancy::MessageCount(id));
        }
        if state.state() != Some(State::New) && !state.contents.unseen.is_empty() {
            found.push(Discrepancy::UnseenAtRest(id));
        }
    }
    // For everybody, and for whoever is kept from one of the channels.
    let mut sights = vec![Sight::of_everybody()];
    sights.extend(channels.into_iter().filter_map(|channel| {
        Sight::of(Roles { agent: true, ..Roles::default() }, [(channel, Level::Nothing)])
    }));
    for sight in sights {
        let counted = store::counts(transaction, organization, &sight, now).await?;
        if counted != store::recount(transaction, organization, &sight, now).await? {
            found.push(Discrepancy::Counts);
        }
    }
    Ok(found)
}
