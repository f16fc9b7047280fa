//! What can be done to messages besides answering them, by the capability manifest of their
//! networks, and what was done.

use std::collections::{BTreeMap, BTreeSet};

use kit_store::Transaction;
use kit_values::{Fault, OrganizationId};
use networks::manifest::{self, Action, Asked, Tier};
use time::OffsetDateTime;
use uuid::Uuid;

use super::answers::{kind, network};
use crate::domain::action::{Aspect, Deed, Request, is_wanted, shown};
use crate::domain::item::is_unsent;
use crate::domain::person::Person;
use crate::domain::view::{Account, ActionOption, Deeds, Doing, MessageRow};
use crate::domain::words::{ChannelId, Direction};
use crate::store;

/// The reason why one of our own messages cannot be deleted at its network yet.
const NOT_SENT: (&str, &str) = ("not_sent", "The network does not have this message.");

/// Looks up what was done to each of `rows`, and what can be.
pub async fn with_deeds(
    transaction: &Transaction,
    organization: OrganizationId,
    mut rows: Vec<MessageRow>,
    now: OffsetDateTime,
) -> Result<Vec<MessageRow>, Fault> {
    if rows.is_empty() {
        return Ok(rows);
    }
    let wanted: BTreeSet<Uuid> = rows.iter().flat_map(targets).collect();
    let requests = store::requests_about(transaction, organization, wanted).await?;
    let mut by_target: BTreeMap<Uuid, Vec<Request>> = BTreeMap::new();
    for request in requests {
        by_target.entry(request.target).or_default().push(request);
    }
    let accounts = store::accounts(transaction, organization).await?;
    for row in &mut rows {
        let about = targets(row).into_iter().filter_map(|target| by_target.get(&target)).flatten();
        row.deeds = deeds(row, about, &accounts, now);
    }
    Ok(rows)
}

/// What concerns a message: itself and, if the contact wrote it, its author.
fn targets(row: &MessageRow) -> Vec<Uuid> {
    let author = (row.direction == Direction::Inbound).then_some(row.identity);
    [row.message.uuid()].into_iter().chain(author).collect()
}

fn deeds<'a>(
    row: &MessageRow,
    requests: impl Iterator<Item = &'a Request>,
    accounts: &[Account],
    now: OffsetDateTime,
) -> Deeds {
    let mut things: BTreeMap<Aspect, Vec<Request>> = BTreeMap::new();
    let mut changes = 0;
    for request in requests {
        changes += request.rev;
        things.entry(request.deed.aspect).or_default().push(request.clone());
    }
    let acts =
        things.iter().filter_map(|(aspect, requests)| Some((*aspect, shown(requests)?))).collect();
    Deeds { acts, options: options(row, &things, accounts, now), changes }
}

/// One option for each thing that can be done: through the account that the message came to, or
/// through another one if only that may; what was done is undone by the account that did it.
fn options(
    row: &MessageRow,
    things: &BTreeMap<Aspect, Vec<Request>>,
    accounts: &[Account],
    now: OffsetDateTime,
) -> Vec<ActionOption> {
    let mut best: BTreeMap<(usize, Doing), (bool, bool, ActionOption)> = BTreeMap::new();
    for account in accounts.iter().filter(|account| account.network == row.network) {
        let same = same_account(row, account.channel);
        for (place, offered) in offered(row, account, now).into_iter().enumerate() {
            let (doing, refusal) = offered;
            if let Doing::Deed(deed) = doing {
                let requests = things.get(&deed.aspect).map_or(&[][..], Vec::as_slice);
                if is_wanted(requests) == deed.wanted {
                    continue;
                }
                let undoes = !deed.wanted;
                let doer = requests.iter().max_by_key(|request| request.turn);
                if undoes && doer.is_some_and(|doer| doer.channel != account.channel) {
                    continue;
                }
            }
            let option = ActionOption { doing, channel: account.channel, refusal };
            let rank = (option.refusal.is_none(), same);
            let known = best.get(&(place, doing)).map(|(able, same, _)| (*able, *same));
            if known.is_none_or(|known| rank > known) {
                best.insert((place, doing), (rank.0, rank.1, option));
            }
        }
    }
    best.into_values().map(|(_, _, option)| option).collect()
}

/// Whether a message came to an account or, if it is our own, was written by it.
fn same_account(row: &MessageRow, channel: ChannelId) -> bool {
    match &row.reply {
        Some(reply) => reply.channel == channel,
        None => row.channels.contains(&channel),
    }
}

/// Everything that an account can do to a message, in the order in which it is offered.
fn offered(
    row: &MessageRow,
    account: &Account,
    now: OffsetDateTime,
) -> Vec<(Doing, Option<(&'static str, &'static str)>)> {
    let inbound = row.direction == Direction::Inbound;
    // What was written in the network's own app is deleted there.
    if !inbound && row.reply.is_none() {
        return Vec::new();
    }
    let able = manifest::Account {
        network: network(account.network),
        tier: Tier::named(&account.tier),
        scopes: account.scopes.clone(),
    };
    let asked = Asked {
        account: &able,
        kind: kind(row.kind),
        inbound,
        deleted: row.deleted,
        network_time: row.order.time,
        same_account: same_account(row, account.channel),
        author_known: matches!(row.person, Person::Known(_)),
        last_private_inbound_at: None,
        already_private_replied: false,
        now,
    };
    manifest::actions(&asked)
        .into_iter()
        .map(|option| {
            let refusal = option.available.err().map(|reason| (reason.code, reason.sentence));
            let unsent = (!inbound && is_unsent(&row.scope)).then_some(NOT_SENT);
            (doing(option.action), unsent.or(refusal))
        })
        .collect()
}

/// What prevents `deed` on a message through an account; nothing if it can be done.
///
/// # Errors
/// `NotFound` when the network has no such thing for the message, or there is no such account.
pub(super) fn refusal(
    row: &MessageRow,
    deed: Deed,
    channel: ChannelId,
    accounts: &[Account],
    now: OffsetDateTime,
) -> Result<Option<(&'static str, &'static str)>, Fault> {
    let account = accounts
        .iter()
        .find(|account| account.channel == channel && account.network == row.network)
        .ok_or_else(|| Fault::not_found("a channel"))?;
    offered(row, account, now)
        .into_iter()
        .find(|(doing, _)| *doing == Doing::Deed(deed))
        .map(|(_, refusal)| refusal)
        .ok_or_else(|| super::rejected::no("action_unknown", "This account cannot do that here."))
}

const fn doing(action: Action) -> Doing {
    let (aspect, wanted) = match action {
        Action::Quote => return Doing::Quote,
        Action::Like => (Aspect::Like, true),
        Action::Unlike => (Aspect::Like, false),
        Action::Repost => (Aspect::Repost, true),
        Action::Unrepost => (Aspect::Repost, false),
        Action::Hide => (Aspect::Hide, true),
        Action::Unhide => (Aspect::Hide, false),
        Action::Follow => (Aspect::Follow, true),
        Action::Unfollow => (Aspect::Follow, false),
        Action::Delete => (Aspect::Delete, true),
    };
    Doing::Deed(Deed { aspect, wanted })
}
