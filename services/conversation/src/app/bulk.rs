//! The states of several conversations changed by one call: each by itself, all in one
//! transaction, in as many statements whatever their number.

use std::collections::{BTreeMap, BTreeSet};

use kit_store::Transaction;
use kit_values::Fault;

use super::follow_up::{Trails, follow_up};
use super::rejected::no;
use super::reply::Answered;
use super::table::{self, Deciding};
use super::whose::lock_whose;
use crate::domain::By;
use crate::domain::access::Level;
use crate::domain::batch::{Batch, Loaded};
use crate::domain::decide::Command;
use crate::domain::person::IdentityKey;
use crate::domain::words::{ConversationId, State};
use crate::store::{self, Place};
use crate::wire::{self, StateResult, StatesAsked};

/// Changes them. What stands so already is done.
///
/// # Errors
/// Invalid when the key was used for something else. What is refused of one is in its result.
pub async fn change_states(
    transaction: &Transaction,
    who: &Deciding,
    asked: &StatesAsked,
) -> Result<Answered, Fault> {
    let organization = who.organization;
    let ids: BTreeSet<ConversationId> = asked.seen.keys().copied().collect();
    let named: Vec<String> = ids.iter().map(ToString::to_string).collect();
    let named: Vec<&str> = named.iter().map(String::as_str).collect();
    let (to, which) = (asked.to.code(), kit_store::lock_key(&named));
    let meaning = format!("states {} {to} {which:x}", who.member);
    let of: Vec<_> = ids.iter().map(|id| (organization, *id)).collect();
    let key = table::key_lock(organization, &asked.key);
    let whose = lock_whose(transaction, &of, &[key]).await?;
    let keys: BTreeSet<IdentityKey> = whose.values().cloned().collect();
    if let Some(answer) = table::known(transaction, who, &asked.key, &meaning).await? {
        return Ok(Answered { answer, now: false });
    }
    let resolving = asked.to == State::Resolved;
    let named = ids.iter().copied();
    let places = store::places(transaction, organization, named, who.member, resolving).await?;
    let identities = store::load_identities(transaction, &keys, &ids).await?;
    let mut batch = Batch::new(Loaded { identities, ..Loaded::default() });
    let mut results: BTreeMap<ConversationId, StateResult> = BTreeMap::new();
    let mut resolved = Vec::new();
    for id in ids {
        let place = places.get(&id);
        let identity = whose.get(&id);
        let (refused, changed) = match (place, identity) {
            (Some(place), Some(identity)) => {
                match change(&mut batch, identity, id, place, asked, who) {
                    Ok(changed) => (None, changed),
                    Err(fault) => (Some(fault), false),
                }
            }
            _ => (Some(Fault::not_found("a conversation")), false),
        };
        if changed && resolving {
            resolved.push(id);
        }
        let undelivered = match (place, &refused) {
            (Some(place), None) => place.undelivered,
            _ => 0,
        };
        let refused = refused.map(|fault| (fault.code().to_owned(), fault.sentence().to_owned()));
        let seen = place.filter(|place| place.level > Level::Nothing);
        let before = seen.map(|place| (place.state, place.owner));
        results.insert(id, StateResult { refused, before, undelivered });
    }
    store::clear_locks(transaction, organization, &resolved, who.member).await?;
    let receipted = store::save(transaction, &batch).await?;
    let trails = Trails::of(who.trail.clone());
    follow_up(transaction, &batch, &receipted, &trails, who.now).await?;
    let answer = wire::states_changed(in_order(asked, &results));
    store::keep_outcome(transaction, organization, &asked.key, &meaning, answer.clone(), who.now)
        .await?;
    Ok(Answered { answer, now: true })
}

/// Changes one; whether that was news.
fn change(
    batch: &mut Batch,
    identity: &IdentityKey,
    conversation: ConversationId,
    place: &Place,
    asked: &StatesAsked,
    who: &Deciding,
) -> Result<bool, Fault> {
    table::admit(place.roles, place.level, Level::Contributor)?;
    if place.absorbed {
        return Err(no("goes_on_elsewhere", "The conversation became part of an earlier one."));
    }
    let by = By {
        conversation,
        member: who.member,
        seen_through: asked.seen.get(&conversation).copied().unwrap_or_default(),
        last_inbound: place.last_inbound,
    };
    let command = match asked.to {
        State::New => Command::Reopen(by),
        State::Pending => Command::SetPending(by),
        State::Resolved => Command::Resolve(by),
    };
    Ok(batch.act(identity, &command, None, &who.policy, who.now)?)
}

fn in_order(
    asked: &StatesAsked,
    results: &BTreeMap<ConversationId, StateResult>,
) -> Vec<(String, StateResult)> {
    let unknown = || {
        let fault = Fault::not_found("a conversation");
        let refused = (fault.code().to_owned(), fault.sentence().to_owned());
        StateResult { refused: Some(refused), before: None, undelivered: 0 }
    };
    let of = |id: &Option<ConversationId>| id.and_then(|id| results.get(&id).cloned());
    asked.named.iter().map(|(text, id)| (text.clone(), of(id).unwrap_or_else(unknown))).collect()
}
