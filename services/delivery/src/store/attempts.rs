//! Attempts, by key.

use std::collections::{BTreeMap, BTreeSet};

use kit_store::{Row as _, Transaction, array};
use kit_values::{Fault, OrganizationId};
use sea_orm::{QueryResult, Value};
use time::OffsetDateTime;
use uuid::Uuid;

use crate::domain::attempt::{Attempt, DISCONNECTED, Failure, Sent, SettledBy, State};
use crate::domain::budget::LIMITED;
use crate::domain::letter::{Entry, Letter, Request, kind, word};
use crate::domain::words::{Action, ChannelId, ConversationId, Key, MessageId, RequestId};

fn unreadable() -> Fault {
    Fault::internal("a stored attempt cannot be read")
}

/// The key in a row.
pub(super) fn key(row: &QueryResult) -> Result<Key, Fault> {
    Ok(Key {
        organization: OrganizationId::from_uuid(row.get("organization_id")?),
        message: MessageId::from_uuid(row.get("message_id")?),
        action: Action::of_code(row.get("action")?).ok_or_else(unreadable)?,
        attempt: row.get("attempt")?,
    })
}

/// Four array parameters that name attempts.
fn keys<'a>(keys: impl Iterator<Item = &'a Key> + Clone) -> Vec<Value> {
    vec![
        array::uuids(keys.clone().map(|key| key.organization.uuid())),
        array::uuids(keys.clone().map(|key| key.message.uuid())),
        array::smallints(keys.clone().map(|key| key.action.code())),
        array::integers(keys.map(|key| key.attempt)),
    ]
}

/// Queues attempts and gives those that are new.
///
/// # Errors
/// Unavailable when the database is away.
pub async fn add(
    transaction: &Transaction,
    letters: &BTreeMap<Key, Letter>,
    now: OffsetDateTime,
) -> Result<BTreeSet<Key>, Fault> {
    if letters.is_empty() {
        return Ok(BTreeSet::new());
    }
    let all = || letters.values();
    let request = |letter: &Letter| letter.request.clone();
    let text = |read: fn(&Letter) -> String| array::texts(all().map(read));
    let mut values = keys(letters.keys());
    values.extend([
        array::uuids(all().map(|letter| letter.conversation.uuid())),
        array::uuids(all().map(|letter| letter.channel.uuid())),
        text(|letter| letter.network.as_str().to_owned()),
        text(|letter| word(letter.kind).to_owned()),
        text(|letter| letter.text.clone()),
        text(|letter| letter.recipient.clone()),
        text(|letter| letter.to_external_id.clone()),
        text(|letter| word(letter.to_kind).to_owned()),
        array::nullable_times(all().map(|letter| letter.last_private_inbound_at)),
        array::times(all().map(|_| now)),
        array::nullable_texts(all().map(|letter| letter.trace.clone())),
        array::nullable_uuids(all().map(|letter| request(letter).map(|it| it.id.uuid()))),
        array::nullable_bigints(all().map(|letter| request(letter).map(|it| it.turn))),
        array::nullable_texts(all().map(|letter| request(letter).map(|it| it.thing))),
    ]);
    let rows = transaction.rows(include_str!("sql/add_attempts.sql"), values).await?;
    rows.iter().map(key).collect()
}

/// Attempts by key, locked; unknown ones are left out.
///
/// # Errors
/// Unavailable when the database is away.
pub async fn load(
    transaction: &Transaction,
    wanted: &BTreeSet<Key>,
) -> Result<BTreeMap<Key, Entry>, Fault> {
    if wanted.is_empty() {
        return Ok(BTreeMap::new());
    }
    let rows = transaction.rows(include_str!("sql/load_attempts.sql"), keys(wanted.iter())).await?;
    rows.iter().map(|row| entry(row).map(|entry| (entry.attempt.key, entry))).collect()
}

/// The earlier tries of the same messages, locked.
///
/// # Errors
/// Unavailable when the database is away.
pub async fn earlier(
    transaction: &Transaction,
    than: &BTreeSet<Key>,
) -> Result<BTreeMap<Key, Entry>, Fault> {
    if than.is_empty() {
        return Ok(BTreeMap::new());
    }
    let rows =
        transaction.rows(include_str!("sql/earlier_attempts.sql"), keys(than.iter())).await?;
    rows.iter().map(|row| entry(row).map(|entry| (entry.attempt.key, entry))).collect()
}

/// The attempts to send one message, oldest first.
///
/// # Errors
/// Unavailable when the database is away.
pub async fn attempts_of(
    transaction: &Transaction,
    organization: OrganizationId,
    message: MessageId,
) -> Result<Vec<Entry>, Fault> {
    let values = vec![organization.uuid().into(), message.uuid().into()];
    let rows = transaction.rows(include_str!("sql/attempts_of.sql"), values).await?;
    rows.iter().map(entry).collect()
}

/// The newest deletion of each message, and whether it failed.
///
/// # Errors
/// Unavailable when the database is away.
pub async fn deletions_of(
    transaction: &Transaction,
    messages: &BTreeSet<(OrganizationId, MessageId)>,
) -> Result<BTreeMap<(OrganizationId, MessageId), (i32, bool)>, Fault> {
    let values = vec![
        array::uuids(messages.iter().map(|(organization, _)| organization.uuid())),
        array::uuids(messages.iter().map(|(_, message)| message.uuid())),
    ];
    let rows = transaction.rows(include_str!("sql/deletions_of.sql"), values).await?;
    rows.iter()
        .map(|row| {
            let organization = OrganizationId::from_uuid(row.get("organization_id")?);
            let message = MessageId::from_uuid(row.get("message_id")?);
            Ok(((organization, message), (row.get("attempt")?, row.get("failed")?)))
        })
        .collect()
}

/// What is known of a request before it is queued.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// It is queued already, or was.
    pub known: bool,
    /// How often the same was asked for of the same message.
    pub tries: i32,
    /// The greatest turn of the requests about the same thing.
    pub newest: i64,
}

/// What is known of these requests, each to do something to a message.
///
/// # Errors
/// Unavailable when the database is away.
pub async fn requests(
    transaction: &Transaction,
    asked: &[(OrganizationId, MessageId, Action, Request)],
) -> Result<BTreeMap<RequestId, Standing>, Fault> {
    if asked.is_empty() {
        return Ok(BTreeMap::new());
    }
    let values = vec![
        array::uuids(asked.iter().map(|one| one.0.uuid())),
        array::uuids(asked.iter().map(|one| one.1.uuid())),
        array::smallints(asked.iter().map(|one| one.2.code())),
        array::uuids(asked.iter().map(|one| one.3.id.uuid())),
        array::texts(asked.iter().map(|one| one.3.thing.clone())),
    ];
    let rows = transaction.rows(include_str!("sql/requests.sql"), values).await?;
    rows.iter()
        .map(|row| {
            let standing = Standing {
                known: row.get("known")?,
                tries: row.get("tries")?,
                newest: row.get("newest")?,
            };
            Ok((RequestId::from_uuid(row.get("request_id")?), standing))
        })
        .collect()
}

/// The attempts that have not ended of all requests about the same things, these included.
///
/// # Errors
/// Unavailable when the database is away.
pub async fn siblings(
    transaction: &Transaction,
    of: &BTreeSet<Key>,
) -> Result<BTreeSet<Key>, Fault> {
    let requests = of.iter().filter(|key| key.action.changes().is_some());
    if requests.clone().next().is_none() {
        return Ok(BTreeSet::new());
    }
    let rows = transaction.rows(include_str!("sql/siblings.sql"), keys(requests)).await?;
    rows.iter().map(key).collect()
}

fn stored_request(row: &QueryResult) -> Result<Option<Request>, Fault> {
    let id: Option<Uuid> = row.get("request_id")?;
    let Some(id) = id else { return Ok(None) };
    Ok(Some(Request {
        id: RequestId::from_uuid(id),
        turn: row.get("request_turn")?,
        thing: row.get("thing")?,
    }))
}

fn entry(row: &QueryResult) -> Result<Entry, Fault> {
    let words = |name: &str| -> Result<String, Fault> { row.get(name) };
    let message_kind = |name: &str| kind(&words(name)?).ok_or_else(unreadable);
    let external_id: Option<String> = row.get("external_id")?;
    let failure = || -> Result<Failure, Fault> {
        Ok(Failure {
            code: words("failure_code")?,
            sentence: words("failure")?,
            retryable: row.get("retryable")?,
        })
    };
    let moment = |name: &str| -> Result<OffsetDateTime, Fault> {
        row.get::<Option<OffsetDateTime>>(name)?.ok_or_else(unreadable)
    };
    let queued_at: OffsetDateTime = row.get("queued_at")?;
    let state = match row.get::<i16>("state")? {
        1 => State::Queued,
        2 => State::Waiting { until: moment("waits_until")?, reason: words("wait_reason")? },
        3 => State::Sending { lease_until: moment("lease_until")? },
        4 => State::Sent(Sent {
            external_id: external_id.unwrap_or_default(),
            scope: words("scope")?,
            permalink: words("permalink")?,
            network_time: row.get("network_time")?,
        }),
        5 => State::Failed(failure()?),
        6 => State::Unknown(failure()?),
        _ => return Err(unreadable()),
    };
    let settled_at: Option<OffsetDateTime> = row.get("settled_at")?;
    let settled_by: Option<String> = row.get("settled_by")?;
    let status: Option<i32> = row.get("status")?;
    let attempt = Attempt {
        key: key(row)?,
        state,
        fence: row.get("fence")?,
        first_byte_at: row.get("first_byte_at")?,
        tries: row.get("tries")?,
        queued_at,
        due: row.get::<Option<OffsetDateTime>>("due")?.unwrap_or(queued_at),
        status: status.and_then(|status| u16::try_from(status).ok()),
        settled: settled_at.zip(settled_by.as_deref().and_then(SettledBy::of)),
    };
    let letter = Letter {
        conversation: ConversationId::from_uuid(row.get::<Uuid>("conversation_id")?),
        channel: ChannelId::from_uuid(row.get::<Uuid>("channel_id")?),
        network: super::network(&words("network")?)?,
        kind: message_kind("kind")?,
        text: words("text")?,
        recipient: words("recipient")?,
        to_external_id: words("to_external_id")?,
        to_kind: message_kind("to_kind")?,
        request: stored_request(row)?,
        last_private_inbound_at: row.get("last_private_inbound_at")?,
        trace: row.get("trace")?,
    };
    Ok(Entry { attempt, letter })
}

/// Keeps where attempts stand, which were loaded and locked in this transaction, and when each is
/// looked at next.
///
/// # Errors
/// Unavailable when the database is away; Internal when one of them is not there.
pub async fn save(transaction: &Transaction, attempts: &[&Attempt]) -> Result<(), Fault> {
    if attempts.is_empty() {
        return Ok(());
    }
    let all = || attempts.iter().copied();
    let waits = |attempt: &Attempt| match &attempt.state {
        State::Waiting { until, reason } => Some((*until, reason.clone())),
        _ => None,
    };
    let sent = |attempt: &Attempt| match &attempt.state {
        State::Sent(sent) => sent.clone(),
        _ => Sent::default(),
    };
    let failure = |attempt: &Attempt| match &attempt.state {
        State::Failed(failure) | State::Unknown(failure) => failure.clone(),
        _ => Failure::default(),
    };
    let external_id = |attempt: &Attempt| {
        let id = sent(attempt).external_id;
        (!id.is_empty()).then_some(id)
    };
    let lease = |attempt: &Attempt| match attempt.state {
        State::Sending { lease_until } => Some(lease_until),
        _ => None,
    };
    let due = |attempt: &Attempt| match attempt.state {
        State::Sending { lease_until } => lease_until,
        State::Waiting { until, .. } => until,
        _ => attempt.due,
    };
    let mut values = keys(attempts.iter().map(|attempt| &attempt.key));
    values.extend([
        array::smallints(all().map(|attempt| attempt.state.code())),
        array::bigints(all().map(|attempt| attempt.fence)),
        array::nullable_times(all().map(lease)),
        array::nullable_times(all().map(|attempt| attempt.first_byte_at)),
        array::integers(all().map(|attempt| attempt.tries)),
        array::nullable_times(all().map(|attempt| waits(attempt).map(|(until, _)| until))),
        array::nullable_texts(all().map(|attempt| waits(attempt).map(|(_, reason)| reason))),
        array::nullable_texts(all().map(external_id)),
        array::texts(all().map(|attempt| sent(attempt).scope)),
        array::texts(all().map(|attempt| sent(attempt).permalink)),
        array::nullable_times(all().map(|attempt| sent(attempt).network_time)),
        array::nullable_integers(all().map(|attempt| attempt.status.map(i32::from))),
        array::texts(all().map(|attempt| failure(attempt).code)),
        array::texts(all().map(|attempt| failure(attempt).sentence)),
        array::booleans(all().map(|attempt| failure(attempt).retryable)),
        array::nullable_times(all().map(|attempt| attempt.settled.map(|(at, _)| at))),
        array::nullable_texts(
            all().map(|attempt| attempt.settled.map(|(_, by)| by.as_str().to_owned())),
        ),
        array::times(all().map(due)),
        array::texts([LIMITED, DISCONNECTED].map(str::to_owned)),
    ]);
    let rows = transaction.rows(include_str!("sql/save_attempts.sql"), values).await?;
    let saved: i64 = rows.first().map(|row| row.get("saved")).transpose()?.unwrap_or_default();
    if usize::try_from(saved) == Ok(attempts.len()) {
        Ok(())
    } else {
        Err(Fault::internal("an attempt was not where it had been locked"))
    }
}

/// Forgets texts of attempts whose first byte left before `before`; gives how many.
///
/// # Errors
/// Unavailable when the database is away.
pub async fn forget_texts(
    transaction: &Transaction,
    messages: &[(OrganizationId, MessageId)],
    before: OffsetDateTime,
) -> Result<u64, Fault> {
    let values = vec![
        array::uuids(messages.iter().map(|(organization, _)| organization.uuid())),
        array::uuids(messages.iter().map(|(_, message)| message.uuid())),
        before.into(),
    ];
    transaction.run(include_str!("sql/forget_texts.sql"), values).await
}
