//! Signals of other services become notifications.

use std::collections::{BTreeMap, BTreeSet};

use kit_store::Transaction;
use kit_values::{Fault, OrganizationId};
use time::OffsetDateTime;

use super::tell::{Telling, tell};
use crate::domain::{
    Away, Channel, ChannelId, ConversationId, Equipment, Heeded, Kind, Known, MemberId,
    NotificationId, Reason, Signal, Subject, Swing, Turn, decide, turn,
};
use crate::store::{self, people, told};

/// What was heard, and whose it is.
#[derive(Debug, Clone)]
pub struct Heard {
    /// The organization.
    pub organization: OrganizationId,
    /// When it happened.
    pub at: OffsetDateTime,
    /// What.
    pub what: Heeded,
    /// The trace that it belongs to.
    pub trace: Option<String>,
}

/// The lock under which everything about a conversation is decided.
#[must_use]
pub fn lock_key(organization: OrganizationId, what: &Heeded) -> i64 {
    let (kind, id) = match what {
        Heeded::Conversation(id, _) => ("conversation", id.to_string()),
        Heeded::Availability(availability) => ("member", availability.member.to_string()),
        Heeded::Channel(channel) => ("channel", channel.id.to_string()),
        Heeded::Person(person) => ("member", person.id.to_string()),
        Heeded::Language(_) => ("organization", String::new()),
    };
    kit_store::lock_key(&["notification", kind, &organization.to_string(), &id])
}

/// Who is away, seen from one organization.
struct Absent<'a>(&'a BTreeSet<(OrganizationId, MemberId)>, OrganizationId);

impl Away for Absent<'_> {
    fn is_away(&self, member: MemberId) -> bool {
        self.0.contains(&(self.1, member))
    }
}

/// Something about a conversation that was heard.
struct About {
    organization: OrganizationId,
    conversation: ConversationId,
    signal: Signal,
    at: OffsetDateTime,
    trace: Option<String>,
}

/// Applies what was heard, in its order.
///
/// # Errors
/// Unavailable without the database.
pub async fn hear(
    transaction: &Transaction,
    heard: Vec<Heard>,
    equipment: Equipment,
) -> Result<(), Fault> {
    let (mut availability, mut everybody, mut languages) =
        (Vec::new(), Vec::new(), BTreeMap::new());
    let (mut about, mut channels) = (Vec::new(), Vec::new());
    for Heard { organization, at, what, trace } in heard {
        match what {
            Heeded::Conversation(conversation, signal) => {
                about.push(About { organization, conversation, signal, at, trace });
            }
            Heeded::Channel(channel) => channels.push((organization, channel, trace)),
            Heeded::Availability(one) => availability.push((organization, one)),
            Heeded::Person(person) => everybody.push((organization, person)),
            Heeded::Language(language) => {
                languages.insert(organization, language);
            }
        }
    }
    if !availability.is_empty() {
        store::save_availability(transaction, &availability).await?;
    }
    people::learn(transaction, everybody).await?;
    people::save_languages(transaction, &languages).await?;
    let mut tellings = hear_of_channels(transaction, channels).await?;
    tellings.extend(hear_of_conversations(transaction, about).await?);
    tell(transaction, tellings, equipment).await
}

async fn hear_of_conversations(
    transaction: &Transaction,
    heard: Vec<About>,
) -> Result<Vec<Telling>, Fault> {
    let about: BTreeSet<_> = heard.iter().map(|one| (one.organization, one.conversation)).collect();
    if about.is_empty() {
        return Ok(Vec::new());
    }
    let mut known = store::load(transaction, &about).await?;
    let away =
        store::away(transaction, about.iter().map(|(organization, _)| *organization)).await?;
    let mut tellings = Vec::new();
    let mut touched: BTreeMap<(OrganizationId, ConversationId), Known> = BTreeMap::new();
    for one in heard {
        let key = (one.organization, one.conversation);
        let before = known.get(&key).copied().unwrap_or(Known::NOTHING);
        let absent = Absent(&away, one.organization);
        let (after, changes) = decide(before, one.signal, &absent, NotificationId::mint(), one.at);
        if after != before {
            touched.insert(key, after);
        }
        let telling =
            |change| Telling::of(key, after.notification_rev, change, one.at, one.trace.clone());
        tellings.extend(changes.into_iter().map(telling));
        known.insert(key, after);
    }
    if !touched.is_empty() {
        store::save(transaction, &touched).await?;
    }
    Ok(tellings)
}

/// Admins hear once that an account was lost, and no more once it is found.
async fn hear_of_channels(
    transaction: &Transaction,
    heard: Vec<(OrganizationId, Channel, Option<String>)>,
) -> Result<Vec<Telling>, Fault> {
    let about: BTreeSet<_> =
        heard.iter().map(|(organization, channel, _)| (*organization, channel.id)).collect();
    if about.is_empty() {
        return Ok(Vec::new());
    }
    let mut known = people::channels(transaction, &about).await?;
    let mut touched: BTreeMap<(OrganizationId, ChannelId), Channel> = BTreeMap::new();
    let mut swings: BTreeMap<_, Swing<_>> = BTreeMap::new();
    for (organization, channel, trace) in heard {
        let key = (organization, channel.id);
        match turn(known.get(&key).copied(), &channel) {
            Turn::Old => continue,
            Turn::Same => {}
            turned @ (Turn::Lost | Turn::Found) => {
                let with = (channel.checked_at, trace);
                let swing = Swing::after(swings.remove(&key), turned, with);
                swings.insert(key, swing);
            }
        }
        known.insert(key, (channel.checked_at, channel.version, channel.unhealthy));
        touched.insert(key, channel);
    }
    if touched.is_empty() {
        return Ok(Vec::new());
    }
    people::save_channels(transaction, &touched).await?;
    let (mut lost, mut found) = (BTreeMap::new(), BTreeMap::new());
    for (key, swing) in swings {
        match swing.net() {
            Some((Turn::Lost, with)) => drop(lost.insert(key, with)),
            Some((_, with)) => drop(found.insert(key, with)),
            None => {}
        }
    }
    let mut tellings = Vec::new();
    for ((organization, channel), (at, trace)) in found {
        let which = told::Which::OfChannel(channel);
        let settled = told::settle(transaction, organization, which, Reason::Settled, at).await?;
        tellings.extend(
            settled.iter().map(|told| Telling::settled(organization, told, at, trace.clone())),
        );
    }
    let organizations = lost.keys().map(|(organization, _)| *organization).collect();
    for (organization, member) in people::admins(transaction, &organizations).await? {
        for ((_, channel), (at, trace)) in lost.iter().filter(|((of, _), _)| *of == organization) {
            tellings.push(Telling::new(
                organization,
                (member, Kind::ChannelUnhealthy, Subject::Channel(*channel)),
                *at,
                trace.clone(),
            ));
        }
    }
    Ok(tellings)
}
