//! The author of a stored message becomes known, in a batch.
//!
//! Everything that the conversation in question holds has been loaded, so that what stays of it
//! can be told.

use std::collections::{BTreeMap, BTreeSet};

use kit_values::OrganizationId;
use time::OffsetDateTime;

use super::{Batch, Cause};
use crate::domain::decide::Command;
use crate::domain::history::Joined;
use crate::domain::item::{Author, Item, MessageKey, What, Writer, Written};
use crate::domain::message::Message;
use crate::domain::person::IdentityKey;
use crate::domain::policy::Policy;
use crate::domain::relink::{self, Held, Leaving, Plan};
use crate::domain::words::{ConversationId, Direction, MessageId};

/// The conversations of which everything must be loaded: items say whose a message in them is.
#[must_use]
pub fn left_by<'a>(
    items: impl IntoIterator<Item = &'a Item>,
    messages: &BTreeMap<MessageKey, Message>,
) -> BTreeSet<(OrganizationId, ConversationId)> {
    let known = |item: &Item| {
        let What::Written(written) = &item.what else { return None };
        let Writer::Contact(Some(_)) = &written.writer else { return None };
        messages.get(&written.key).filter(|known| is_strangers(known))
    };
    let place = |known: &Message| (known.key.organization, known.conversation);
    items.into_iter().filter_map(known).map(place).collect()
}

/// Whether it is kept as "someone on the network"'s.
fn is_strangers(message: &Message) -> bool {
    message.identity.person.is_someone() && message.direction == Direction::Inbound
}

/// By which item, by what settings, and when.
#[derive(Clone, Copy)]
struct Occasion<'a> {
    cause: Cause,
    policy: &'a Policy,
    now: OffsetDateTime,
}

impl Batch {
    /// Whom the items name stands for copies of the same messages that name nobody, whatever their
    /// order.
    pub(super) fn name_authors(&mut self, items: &mut [Item]) {
        let mut named: BTreeMap<MessageKey, Author> = BTreeMap::new();
        for item in items.iter() {
            let What::Written(written) = &item.what else { continue };
            if let Writer::Contact(Some(author)) = &written.writer {
                named.entry(written.key.clone()).or_insert_with(|| author.clone());
            }
            if !written.history {
                self.live.insert(written.key.clone());
            }
        }
        for item in items {
            let What::Written(written) = &mut item.what else { continue };
            if let Writer::Contact(author @ None) = &mut written.writer {
                *author = named.get(&written.key).cloned();
            }
        }
    }

    /// The author of a message that is kept as someone's.
    pub(super) fn becomes_known<'a>(&self, written: &'a Written) -> Option<&'a Author> {
        let Writer::Contact(Some(author)) = &written.writer else { return None };
        self.messages.get(&written.key).filter(|known| is_strangers(known)).map(|_| author)
    }

    /// The message goes to the conversations of its author.
    pub(super) fn relink(
        &mut self,
        item: &Item,
        written: &Written,
        author: &IdentityKey,
        policy: &Policy,
        now: OffsetDateTime,
    ) {
        // A live copy in this batch makes it live where it arrives.
        let is_live = self.live.contains(&written.key);
        let Some(known) = self.messages.get_mut(&written.key) else { return };
        let (message, conversation, from) = (known.id, known.conversation, known.identity.clone());
        let was_history = known.history;
        known.history &= !is_live;
        let held = self.held(conversation);
        self.meet(author, written);
        let Some(into) = self.identities.get(author) else { return };
        let Some(state) = self.identities.get(&from).and_then(|it| it.state.get(conversation))
        else {
            return;
        };
        let plan = relink::plan(state, &into.state, message, &held, &into.reopen_windows, policy);
        let cause = Cause { event: item.event, item: item.item, channel: item.channel };
        let occasion = Occasion { cause, policy, now };
        match plan {
            Plan::Whole => {
                // It is as it was; whether the copy is live is seen next.
                if let Some(known) = self.messages.get_mut(&written.key) {
                    known.history = was_history;
                }
                self.take_over(&from, author, conversation, message, occasion);
            }
            Plan::Leaving(going) => {
                let left = relink::left(state, &going, &held);
                let reminder = state.reminder.clone().filter(|_| left.last.is_none());
                let spare = written.spare.conversation;
                let mut going: Vec<Held> =
                    held.into_iter().filter(|one| going.contains(&one.message)).collect();
                // Replies stand where the message stands, once it does.
                going.sort_by_key(|one| one.reply);
                self.arrive_anew(going, message, author, spare, occasion);
                let Some(into) = self.messages.get(&written.key).map(|it| it.conversation) else {
                    return;
                };
                let leaving = Command::Leave(Box::new(Leaving { conversation, left, into }));
                self.carry_out(&from, &leaving, occasion);
                let has_none = |key: &IdentityKey| {
                    let state = self.identities.get(key).and_then(|it| it.state.get(into));
                    state.is_some_and(|state| state.reminder.is_none())
                };
                if let Some(reminder) = reminder.filter(|_| has_none(author)) {
                    let command = Command::KeepReminder { conversation: into, reminder };
                    self.carry_out(author, &command, occasion);
                }
            }
        }
    }

    /// The conversation as it is goes into the author's chain.
    fn take_over(
        &mut self,
        from: &IdentityKey,
        author: &IdentityKey,
        conversation: ConversationId,
        message: MessageId,
        occasion: Occasion<'_>,
    ) {
        let Some(record) = self.identities.get_mut(from) else { return };
        let Some(state) = record.state.release(conversation) else { return };
        let row = record.rows.remove(&conversation);
        let windows = record.reopen_windows.clone();
        self.changes.conversations.remove(&(from.clone(), conversation));
        let Some(record) = self.identities.get_mut(author) else { return };
        let ordinal = record.state.next_ordinal();
        let previous = record.state.newest().map(|newest| newest.id);
        record.rows.extend(row.map(|row| (conversation, row)));
        // What comes next may meet it resolved.
        record.reopen_windows.extend(windows);
        record.state.receive(state);
        self.changes.taken_over.insert(conversation);
        for (key, one) in &mut self.messages {
            if one.conversation == conversation {
                one.identity = author.clone();
                self.changes.messages.insert(key.clone());
            }
        }
        let command = Command::Relink { conversation, message, ordinal, previous };
        self.carry_out(author, &command, occasion);
    }

    /// Each of these arrives at the author's conversations as if it came now.
    fn arrive_anew(
        &mut self,
        going: Vec<Held>,
        message: MessageId,
        author: &IdentityKey,
        spare: ConversationId,
        occasion: Occasion<'_>,
    ) {
        let windows =
            self.identities.get(author).map(|it| it.reopen_windows.clone()).unwrap_or_default();
        for one in going {
            let Some(key) = self.by_id.get(&one.message).cloned() else { continue };
            if let Some(moving) = self.messages.get_mut(&key) {
                moving.identity = author.clone();
            }
            self.changes.messages.insert(key.clone());
            self.changes.gone.push((author.organization, one.message));
            let mut is_first = true;
            for mut arriving in one.arrivals(spare, &windows) {
                if one.reply {
                    let channel = arriving.channel;
                    let Some(stands) = self.message_by_id(message) else { break };
                    let joined = Joined {
                        message: one.message,
                        sequence: 0,
                        order: one.order.clone(),
                        kind: one.kind,
                        direction: one.direction,
                        channel,
                        history: true,
                    };
                    let conversation = stands.conversation;
                    let command = Command::ComeAlong { conversation, joined: Box::new(joined) };
                    self.carry_out(author, &command, occasion);
                    break;
                }
                if !std::mem::take(&mut is_first)
                    && let Some(placed) = self.messages.get(&key)
                {
                    let mut known = self.known(placed);
                    known.channels = one.channels.range(..arriving.channel).copied().collect();
                    arriving.known = Some(known);
                }
                let command = Command::Arrive(Box::new(arriving));
                self.carry_out(author, &command, occasion);
            }
        }
    }

    /// What is found here concerns conversations that are there: none of it is refused.
    fn carry_out(&mut self, identity: &IdentityKey, command: &Command, occasion: Occasion<'_>) {
        let Occasion { cause, policy, now } = occasion;
        let _ = self.act(identity, command, Some(cause), policy, now);
    }

    /// Everything that a conversation holds, in the order of arrival.
    fn held(&self, conversation: ConversationId) -> Vec<Held> {
        let mut held: Vec<Held> = self
            .messages
            .values()
            .filter(|message| message.conversation == conversation)
            .map(|message| {
                let parent = message.in_reply_to.as_ref().and_then(|external_id| {
                    let key =
                        MessageKey { external_id: external_id.clone(), ..message.key.clone() };
                    self.messages.get(&key).map(|parent| parent.id)
                });
                Held {
                    message: message.id,
                    sequence: message.sequence,
                    order: message.order(),
                    kind: message.kind,
                    direction: message.direction,
                    channels: message.channels.clone(),
                    history: message.history,
                    reply: message.reply.is_some(),
                    answers: message.reply.as_ref().and_then(|reply| reply.to).or(parent),
                }
            })
            .collect();
        held.sort_by_key(|one| one.sequence);
        held
    }
}
