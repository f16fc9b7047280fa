//! Echoes: our own attempts, or words written in the network's own app.

use std::collections::BTreeMap;

use kit_store::{Transaction, outbox};
use kit_values::{EventId, Fault, OrganizationId};
use networks::Network;
use time::OffsetDateTime;

use super::step::step;
use crate::domain::attempt::{Command, Sent};
use crate::domain::echo::{Candidate, Echo, Match, Standing, WINDOW, match_echo};
use crate::domain::words::{ChannelId, Key, MessageId};
use crate::store::{self, Sought};
use crate::topology::PRODUCER;
use crate::{metrics, wire};

/// What a network told of one of its accounts.
#[derive(Debug, Clone)]
pub struct Heard {
    /// Whose.
    pub organization: OrganizationId,
    /// Of which account.
    pub channel: ChannelId,
    /// By which network.
    pub network: Network,
    /// What is matched.
    pub echo: Echo,
    /// Where people see it; empty for private ones.
    pub permalink: String,
    /// From before the account was connected: matched with nothing.
    pub history: bool,
    /// The item as it came, to be handed on.
    pub item: wire::echoes::Item,
    /// The trace that it belongs to.
    pub trace: Option<String>,
}

/// Settles what echoes show as sent, and hands on what was written elsewhere.
///
/// # Errors
/// Unavailable when the database is away.
pub async fn listen(transaction: &Transaction, heard: Vec<Heard>) -> Result<(), Fault> {
    let now = store::now(transaction).await?;
    let Some(first) = heard.iter().map(|one| one.echo.network_time).min() else { return Ok(()) };
    let sought: Vec<Sought> = heard
        .iter()
        .map(|one| Sought {
            organization: one.organization,
            channel: one.channel,
            external_id: one.echo.external_id.clone(),
            message: marked(&one.echo),
        })
        .collect();
    let mut candidates = store::candidates(transaction, &sought, first - WINDOW).await?;
    let mut commands: BTreeMap<Key, Command> = BTreeMap::new();
    let mut messages = Vec::new();
    for one in heard {
        let place = (one.organization, one.channel);
        let known = candidates.entry(place).or_default();
        let matched =
            if one.history { Match::Native } else { match_echo(one.network, &one.echo, known) };
        match matched {
            Match::Known(_) => metrics::echo(one.network, "id"),
            Match::Settles(key, how) => {
                metrics::echo(one.network, how.as_str());
                settled(known, key, &one.echo);
                commands.insert(key, Command::Echoed(sent(&one)));
            }
            Match::Native => {
                metrics::echo(one.network, "no");
                messages.push(native(one, now));
            }
        }
    }
    step(transaction, commands, None, now).await?;
    outbox::append(transaction, messages).await
}

/// The message that an echo is marked with, if the mark is ours.
fn marked(echo: &Echo) -> Option<MessageId> {
    echo.mark.split_once('.')?.0.parse().ok()
}

fn sent(heard: &Heard) -> Sent {
    Sent {
        external_id: heard.echo.external_id.clone(),
        scope: heard.echo.scope.clone(),
        permalink: heard.permalink.clone(),
        network_time: Some(heard.echo.network_time),
    }
}

/// The next echo of the batch sees what this one settled.
fn settled(candidates: &mut [Candidate], key: Key, echo: &Echo) {
    for candidate in candidates.iter_mut().filter(|one| one.key == key) {
        candidate.sent = Some((echo.external_id.clone(), echo.scope.clone()));
        candidate.standing = Standing::Ended;
    }
}

fn native(heard: Heard, now: OffsetDateTime) -> outbox::Message {
    let event = EventId::mint();
    let organization = Some(heard.organization);
    let network = heard.network.as_str();
    outbox::Message {
        event,
        organization,
        subject: kit_bus::subject(
            PRODUCER,
            Some(network),
            organization,
            wire::echoes::NATIVE_REPLY_OBSERVED,
        ),
        network: Some(network),
        lane: outbox::lane(heard.channel.uuid()),
        payload: wire::echoes::native(
            event,
            heard.organization,
            heard.channel,
            heard.network,
            heard.item,
            now,
        ),
        occurred_at: now,
        trace: heard.trace,
    }
}
