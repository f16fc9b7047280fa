//! Presence in Redis: who was seen when, and whether the source can be believed.
//!
//! Gateways report; each member's record holds the moment at which one of their sessions was
//! last known to live, by Redis's own clock, and expires by itself. Nothing here is the record of
//! anything: lost, flushed or frozen, it makes presence unknown, and unknown only pauses
//! assignment (`product.md` 4).
//!
//! | key | holds |
//! |---|---|
//! | `guichet:presence:<organization>:<member>` | milliseconds since 1970; gone after ten minutes |
//! | the same and `:sessions` | sorted set: session, its last renewal |
//! | the same and `:typing` | hash: session, its last renewal and where its member typed then |
//! | `guichet:presence:gateways` | sorted set: gateway, its last renewal |
//! | `guichet:presence:marker` | a random word: another one means that everything was lost meanwhile |

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use kit_service::RedisSettings;
use kit_values::{Class, Fault, OrganizationId, mint_uuid};
use redis::aio::{ConnectionManager, ConnectionManagerConfig};
use redis::{Client, FromRedisValue, Pipeline};
use time::OffsetDateTime;

use crate::domain::presence::{FRESH, Observation, Presence, Source};
use crate::domain::words::{ConversationId, MemberId};
use crate::{metrics, sabotage};

/// Longest wait for an answer: a Redis that is slower than this is treated as lost
/// (`reference/reliability.md`, case 17).
const ANSWER: Duration = Duration::from_millis(200);

/// How long a member's record is kept without a renewal; longer than absence takes to be sure.
const KEPT: Duration = Duration::from_mins(10);

/// Unanswered calls in a row after which the connection is made anew: one to a peer that went
/// silent would otherwise be kept for as long as the system repeats its packets.
const SILENT: u32 = 3;

/// Members in one call.
const PAGE: usize = 1_000;

const MARKER: &str = "guichet:presence:marker";
const GATEWAYS: &str = "guichet:presence:gateways";

/// The session under which it is kept where a member typed when they went Away, and for how long
/// that stands: until every session has been renewed once.
const CHOICE: &str = "choice";
const CHOICE_STANDS: time::Duration = time::Duration::seconds(6);

/// Conversations in which a member can type at a time, at most.
const MOST_TYPED: usize = 50;

/// Stamps records with Redis's clock. Keys: the marker, the gateways, then for each session its
/// member's record, sessions and typing. Arguments: the gateway, what to do with its own record
/// (`renew`, `leave`, `none`), a marker should there be none, the milliseconds that a record is
/// kept, then for each session its id, whether it lives (`+`) or ended (`-`), and where its member
/// types. An end that is told again stamps nothing: the member has not been there since the first
/// time.
const STAMP: &str = "
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('SET', KEYS[1], ARGV[3], 'NX')
if ARGV[2] == 'renew' then redis.call('ZADD', KEYS[2], now, ARGV[1]) end
if ARGV[2] == 'leave' then redis.call('ZREM', KEYS[2], ARGV[1]) end
redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', now - ARGV[4])
for i = 1, (#KEYS - 2) / 3 do
    local record, sessions, typing = KEYS[3 * i], KEYS[3 * i + 1], KEYS[3 * i + 2]
    local id, lives, typed = ARGV[3 * i + 2], ARGV[3 * i + 3] == '+', ARGV[3 * i + 4]
    if lives then
        redis.call('SET', record, now, 'PX', ARGV[4])
        redis.call('ZADD', sessions, now, id)
    elseif redis.call('ZREM', sessions, id) == 1 then
        redis.call('SET', record, now, 'PX', ARGV[4])
    end
    if lives and typed ~= '' then
        redis.call('HSET', typing, id, now .. ' ' .. typed)
        redis.call('PEXPIRE', typing, ARGV[4])
    else
        redis.call('HDEL', typing, id)
    end
    redis.call('ZREMRANGEBYSCORE', sessions, '-inf', now - ARGV[4])
    redis.call('PEXPIRE', sessions, ARGV[4])
end
return now";

/// Notes where a member types who goes Away. Key: their typing. Arguments: the session, where.
const NOTE: &str = "
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('HSET', KEYS[1], ARGV[1], now .. ' ' .. ARGV[2])
redis.call('PEXPIRE', KEYS[1], 60000)
return now";

/// One live connection of a member.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// Whose.
    pub organization: OrganizationId,
    /// Who.
    pub member: MemberId,
    /// Its id, unique among all connections.
    pub id: String,
    /// Where its member types at this moment.
    pub typing: Vec<ConversationId>,
}

/// What a report says of the gateway itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gateway {
    /// Only that a session opened or closed.
    Silent,
    /// It lives, and the sessions are all of its own.
    Renews,
    /// It stops in order: nothing is to be expected of it.
    Leaves,
}

impl Gateway {
    const fn word(self) -> &'static str {
        match self {
            Self::Silent => "none",
            Self::Renews => "renew",
            Self::Leaves => "leave",
        }
    }
}

/// What this process knows of the source.
#[derive(Debug, Default)]
struct Watch {
    source: Source,
    marker: Option<String>,
}

/// The connection at hand, and how often it has not answered in a row.
struct Line {
    connection: ConnectionManager,
    unanswered: u32,
}

/// Reads and writes presence; clones share one connection.
#[derive(Clone)]
pub struct Presences {
    client: Client,
    line: Arc<Mutex<Line>>,
    watch: Arc<Mutex<Watch>>,
}

impl std::fmt::Debug for Presences {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Presences").finish_non_exhaustive()
    }
}

/// Redis's time, the marker, the gateways' renewals, the marker again and the records.
type Answer = ((i64, i64), Option<String>, Vec<(String, f64)>, Vec<Option<redis::Value>>);

/// What one look found.
struct Look {
    now: OffsetDateTime,
    source: Source,
    seen: Vec<Option<OffsetDateTime>>,
}

impl Presences {
    /// Connects when first used; Redis may be away.
    ///
    /// # Errors
    /// Invalid when the address is not one.
    pub fn new(settings: &RedisSettings) -> Result<Self, Fault> {
        let client = Client::open(settings.url.expose().as_str()).map_err(|error| {
            let sentence = "The address of Redis is not of the form redis://host:port.";
            // The error may quote the address, which holds a password.
            let _ = error;
            Fault::invalid("redis_url", "redis.url", sentence)
        })?;
        let connection = connect(&client)?;
        let line = Line { connection, unanswered: 0 };
        Ok(Self { client, line: Arc::new(Mutex::new(line)), watch: Arc::default() })
    }

    /// Records that these sessions live now (`true`), or lived until now.
    ///
    /// # Errors
    /// Unavailable when Redis does not answer in time.
    pub async fn report(
        &self,
        gateway: &str,
        says: Gateway,
        sessions: &[(Session, bool)],
    ) -> Result<(), Fault> {
        let marker = mint_uuid().simple().to_string();
        let kept = u64::try_from(KEPT.as_millis()).unwrap_or(u64::MAX);
        let mut pages = sessions.chunks(PAGE);
        loop {
            let page = pages.next().unwrap_or_default();
            let mut pipeline = redis::pipe();
            pipeline.cmd("EVAL").arg(STAMP).arg(3 * page.len() + 2).arg(MARKER).arg(GATEWAYS);
            for (session, _) in page {
                let record = record(session.organization, session.member);
                pipeline.arg(&record).arg(sessions_of(&record)).arg(typing_of(&record));
            }
            pipeline.arg(gateway).arg(says.word()).arg(&marker).arg(kept);
            for (session, lives) in page {
                pipeline.arg(&session.id).arg(if *lives { "+" } else { "-" });
                pipeline.arg(words(&session.typing));
            }
            let _: (i64,) = self.ask(&pipeline).await?;
            if pages.len() == 0 {
                return Ok(());
            }
        }
    }

    /// Whether the member has a live session beside this one; `None` when nobody knows.
    pub async fn has_another(&self, session: &Session) -> Option<bool> {
        let sessions = sessions_of(&record(session.organization, session.member));
        let mut pipeline = redis::pipe();
        pipeline.cmd("TIME");
        pipeline.cmd("ZRANGE").arg(sessions).arg(0).arg(-1).arg("WITHSCORES");
        let ((seconds, _), found): ((i64, i64), Vec<(String, f64)>) =
            self.ask(&pipeline).await.ok()?;
        let oldest = (seconds - FRESH.whole_seconds()).saturating_mul(1_000);
        Some(found.iter().any(|(id, score)| *id != session.id && whole(*score) > oldest))
    }

    /// Notes where a member types who goes Away, until their sessions are renewed. What cannot be
    /// noted is not kept from going back later.
    pub async fn note_typing(
        &self,
        organization: OrganizationId,
        member: MemberId,
        typing: &[ConversationId],
    ) -> Result<(), Fault> {
        let key = typing_of(&record(organization, member));
        let mut pipeline = redis::pipe();
        pipeline.cmd("EVAL").arg(NOTE).arg(1).arg(key).arg(CHOICE).arg(words(typing));
        let _: (i64,) = self.ask(&pipeline).await?;
        Ok(())
    }

    /// Where the member types at this moment; `None` when nobody knows.
    pub async fn typing(
        &self,
        organization: OrganizationId,
        member: MemberId,
    ) -> Option<BTreeSet<ConversationId>> {
        let mut pipeline = redis::pipe();
        pipeline.cmd("TIME");
        pipeline.cmd("HGETALL").arg(typing_of(&record(organization, member)));
        let ((seconds, microseconds), found): ((i64, i64), Vec<(String, String)>) =
            self.ask(&pipeline).await.ok()?;
        let now = moment(seconds.saturating_mul(1_000) + microseconds / 1_000).ok()?;
        let fresh = found.iter().filter_map(|(session, kept)| {
            let (at, conversations) = kept.split_once(' ')?;
            let stands = if session == CHOICE { CHOICE_STANDS } else { FRESH };
            let age = now - moment(at.parse().ok()?).ok()?;
            (age < stands).then_some(conversations)
        });
        Some(fresh.flat_map(str::split_whitespace).filter_map(|id| id.parse().ok()).collect())
    }

    /// Which of these sessions have a record already.
    ///
    /// # Errors
    /// Unavailable when Redis does not answer in time.
    pub async fn has_heard_of(&self, sessions: &[Session]) -> Result<Vec<bool>, Fault> {
        let mut found = Vec::with_capacity(sessions.len());
        for page in sessions.chunks(PAGE) {
            let mut pipeline = redis::pipe();
            for session in page {
                let sessions = sessions_of(&record(session.organization, session.member));
                pipeline.cmd("ZSCORE").arg(sessions).arg(&session.id);
            }
            let scores: Vec<Option<f64>> = self.ask(&pipeline).await?;
            found.extend(scores.iter().map(Option::is_some));
        }
        Ok(found)
    }

    /// The presence of each of these members; unknown for all when Redis does not answer.
    pub async fn of(
        &self,
        organization: OrganizationId,
        members: &[MemberId],
    ) -> BTreeMap<MemberId, Presence> {
        let all = members.iter().map(|member| (organization, *member)).collect();
        let found = self.of_all(&all).await;
        found.into_iter().map(|((_, member), presence)| (member, presence)).collect()
    }

    /// The same over organizations, for the price of one answer: a Redis that is silent is not
    /// waited for again for each of them.
    pub async fn of_all(
        &self,
        members: &BTreeSet<(OrganizationId, MemberId)>,
    ) -> BTreeMap<(OrganizationId, MemberId), Presence> {
        let members: Vec<_> = members.iter().copied().collect();
        let mut found = BTreeMap::new();
        let mut silent = false;
        for page in members.chunks(PAGE) {
            let look = if silent { Err(lost()) } else { self.look(page).await };
            silent = look.is_err();
            let of = |at: usize| {
                look.as_ref().map_or(Presence::Unknown, |look| {
                    look.source.presence(look.seen.get(at).copied().flatten(), look.now)
                })
            };
            let of = |at: usize| match of(at) {
                Presence::Unseen if sabotage::is_hasty() => Presence::Absent,
                presence => presence,
            };
            found.extend(page.iter().enumerate().map(|(at, member)| (*member, of(at))));
        }
        found
    }

    /// Looks at the source alone, so that its health is known without a gap. Whether it answered.
    pub async fn observe(&self) -> bool {
        self.look(&[]).await.is_ok()
    }

    async fn look(&self, members: &[(OrganizationId, MemberId)]) -> Result<Look, Fault> {
        let mut pipeline = redis::pipe();
        pipeline.cmd("TIME");
        pipeline.cmd("GET").arg(MARKER);
        pipeline.cmd("ZRANGE").arg(GATEWAYS).arg(0).arg(-1).arg("WITHSCORES");
        // MGET of nothing is an error; the marker stands for it.
        pipeline.cmd("MGET").arg(MARKER);
        for (organization, member) in members {
            pipeline.arg(record(*organization, *member));
        }
        let answer: Result<Answer, Fault> = self.ask(&pipeline).await;
        let mut watch = self.watch.lock().unwrap_or_else(PoisonError::into_inner);
        let ((seconds, microseconds), marker, gateways, seen) = match answer {
            Ok(answer) => answer,
            Err(fault) => {
                watch.source = Source::default();
                return Err(fault);
            }
        };
        let now = moment(seconds.saturating_mul(1_000).saturating_add(microseconds / 1_000))?;
        if watch.marker != marker || marker.is_none() {
            // What was recorded before is gone: the source begins anew.
            watch.source = Source::default();
            watch.marker = marker;
        }
        let renewals: Vec<OffsetDateTime> =
            gateways.iter().filter_map(|(_, score)| moment(whole(*score)).ok()).collect();
        let observation = Observation { answered: true, renewals: &renewals };
        watch.source = watch.source.observe(&observation, now);
        let seen = seen.into_iter().skip(1).map(|value| last_seen(value.as_ref())).collect();
        Ok(Look { now, source: watch.source, seen })
    }

    async fn ask<T: FromRedisValue>(&self, pipeline: &Pipeline) -> Result<T, Fault> {
        let mut connection =
            self.line.lock().unwrap_or_else(PoisonError::into_inner).connection.clone();
        let asked = tokio::time::timeout(ANSWER, pipeline.query_async::<T>(&mut connection)).await;
        let outcome = match asked {
            Ok(Ok(answer)) => Ok(answer),
            Ok(Err(error)) => Err(lost().caused_by(error)),
            Err(_) => Err(lost()),
        };
        self.note(outcome.is_ok())?;
        outcome
    }

    fn note(&self, answered: bool) -> Result<(), Fault> {
        metrics::presence_answered(answered);
        let mut line = self.line.lock().unwrap_or_else(PoisonError::into_inner);
        if answered {
            line.unanswered = 0;
            return Ok(());
        }
        line.unanswered += 1;
        if line.unanswered >= SILENT {
            *line = Line { connection: connect(&self.client)?, unanswered: 0 };
        }
        Ok(())
    }
}

fn connect(client: &Client) -> Result<ConnectionManager, Fault> {
    let config = ConnectionManagerConfig::new()
        .set_connection_timeout(Some(ANSWER))
        .set_response_timeout(Some(ANSWER))
        .set_number_of_retries(1)
        .set_max_delay(ANSWER);
    ConnectionManager::new_lazy_with_config(client.clone(), config).map_err(Fault::internal)
}

fn lost() -> Fault {
    Fault::new(Class::Unavailable, "presence_unavailable", "Presence is not known at the moment.")
}

fn record(organization: OrganizationId, member: MemberId) -> String {
    format!("guichet:presence:{organization}:{member}")
}

fn sessions_of(record: &str) -> String {
    format!("{record}:sessions")
}

fn typing_of(record: &str) -> String {
    format!("{record}:typing")
}

fn words(conversations: &[ConversationId]) -> String {
    let shown = conversations.iter().take(MOST_TYPED).map(ToString::to_string);
    shown.collect::<Vec<_>>().join(" ")
}

fn moment(milliseconds: i64) -> Result<OffsetDateTime, Fault> {
    OffsetDateTime::from_unix_timestamp_nanos(i128::from(milliseconds) * 1_000_000)
        .map_err(Fault::internal)
}

/// A sorted set's score: milliseconds, exact far beyond any date.
fn whole(score: f64) -> i64 {
    format!("{score:.0}").parse().unwrap_or_default()
}

fn last_seen(value: Option<&redis::Value>) -> Option<OffsetDateTime> {
    let milliseconds: i64 = redis::from_redis_value_ref(value?).ok()?;
    moment(milliseconds).ok()
}
