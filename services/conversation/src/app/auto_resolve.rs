//! Resolves what has been quiet for its channels' time and is not waited for. One timer a channel
//! looks for it every ten minutes, and at once when the channel's settings change.

use std::collections::{BTreeMap, BTreeSet};

use kit_store::Transaction;
use kit_store::timer::{self, Timer};
use kit_values::{Fault, OrganizationId, mint_uuid};
use time::{Duration, OffsetDateTime};

use super::follow_up::{Trails, follow_up};
use super::whose::lock_whose;
use crate::domain::batch::{Batch, Loaded};
use crate::domain::decide::Command;
use crate::domain::heard::ToldAccount;
use crate::domain::person::IdentityKey;
use crate::domain::policy::Policy;
use crate::domain::words::{ChannelId, ConversationId};
use crate::store;

/// The kind of the timer; its aggregate is a channel.
pub const AUTO_RESOLVE: &str = "channel-auto-resolve";

/// How often a channel is looked at.
const LOOK_EVERY: Duration = Duration::minutes(10);

/// Most that are resolved of one channel in one transaction.
const MOST: usize = 100;

/// Looks at the channels of these timers, in the transaction that claimed them.
pub async fn auto_resolve(
    transaction: &Transaction,
    due: Vec<Timer>,
    policy: &Policy,
    now: OffsetDateTime,
) -> Result<(), Fault> {
    if due.is_empty() {
        return Ok(());
    }
    let channels: Vec<(OrganizationId, ChannelId)> = due
        .iter()
        .map(|timer| (timer.organization, ChannelId::from_uuid(timer.aggregate)))
        .collect();
    let most = i64::try_from(MOST).unwrap_or(i64::MAX);
    let quiet = store::quiet(transaction, &channels, policy.auto_resolve_after, most, now).await?;
    let mut found: BTreeMap<ChannelId, usize> = BTreeMap::new();
    for one in &quiet {
        *found.entry(one.channel).or_default() += 1;
    }
    let again: Vec<Timer> = due
        .into_iter()
        .map(|timer| {
            let found = found.get(&ChannelId::from_uuid(timer.aggregate)).copied();
            // There may be more of them.
            let pause = if found.unwrap_or(0) < MOST { LOOK_EVERY } else { Duration::ZERO };
            Timer { id: mint_uuid(), due: now + pause, ..timer }
        })
        .collect();
    timer::arm(transaction, &again).await?;
    if quiet.is_empty() {
        return Ok(());
    }
    let conversations: BTreeMap<ConversationId, OffsetDateTime> =
        quiet.iter().map(|one| (one.conversation, one.since)).collect();
    let of: Vec<_> = quiet.iter().map(|one| (one.organization, one.conversation)).collect();
    let whose = lock_whose(transaction, &of, &[]).await?;
    let keys: BTreeSet<IdentityKey> = whose.values().cloned().collect();
    let stands: BTreeSet<ConversationId> = whose.keys().copied().collect();
    let identities = store::load_identities(transaction, &keys, &stands).await?;
    let mut batch = Batch::new(Loaded { identities, ..Loaded::default() });
    for (conversation, identity) in &whose {
        let Some(since) = conversations.get(conversation) else { continue };
        let command = Command::AutoResolve { conversation: *conversation, quiet_since: *since };
        // Something may have happened until it was locked; then it is not time.
        let _ = batch.act(identity, &command, None, policy, now);
    }
    let receipted = store::save(transaction, &batch).await?;
    follow_up(transaction, &batch, &receipted, &Trails::default(), now).await
}

/// Has these channels looked at now: their time may be another.
pub(super) async fn look(
    transaction: &Transaction,
    accounts: &[ToldAccount],
    now: OffsetDateTime,
) -> Result<(), Fault> {
    let timers: Vec<Timer> = accounts
        .iter()
        .map(|told| Timer {
            id: mint_uuid(),
            kind: AUTO_RESOLVE.to_owned(),
            organization: told.organization,
            aggregate: told.account.channel.uuid(),
            version: told.version,
            due: now,
        })
        .collect();
    timer::arm(transaction, &timers).await
}
