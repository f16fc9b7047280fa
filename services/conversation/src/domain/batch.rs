//! A batch of items applied to what was loaded for them: plain values in, plain values out.
//!
//! What became of replies comes first, then live copies of messages that were stored as history,
//! so that what was loaded about the surroundings of both still holds; then items that say whose a
//! stored message is, then other live items, then items of history, then the rest.
//! An item that refers to something unknown waits; what it waited for releases it, within the
//! same batch too.

mod acts;
mod relink;
mod replies;
mod values;

use std::collections::{BTreeMap, BTreeSet};

use time::OffsetDateTime;

use super::action::{End, Request};
use super::chain::IdentityState;
use super::decide::{Command, Decision, Effect, News, Rejection, decide};
use super::history::Fact;
use super::item::{Item, MessageKey, Profile, Receipt, Revision, What, Writer, Written};
use super::join::{Arriving, Known};
use super::message::{Message, Revised};
use super::person::IdentityKey;
use super::policy::Policy;
use super::standing::{ConversationState, Last};
use super::words::{ActionId, ChannelId, ConversationId, Direction, MessageId, NetworkOrder};
pub use relink::left_by;
pub use values::{
    Beside, Cause, Changes, Identity, Loaded, Move, Notice, Others, Owner, Touched, Waiting,
};

/// Applies items to what was loaded and gathers what must be saved.
#[derive(Debug, Default)]
pub struct Batch {
    before: BTreeMap<ConversationId, ConversationState>,
    identities: BTreeMap<IdentityKey, Identity>,
    messages: BTreeMap<MessageKey, Message>,
    by_id: BTreeMap<MessageId, MessageKey>,
    others: BTreeMap<ConversationId, Others>,
    waiting: BTreeMap<MessageKey, Vec<Item>>,
    acts: BTreeMap<ActionId, Request>,
    /// Messages of which a live copy is in the batch.
    live: BTreeSet<MessageKey>,
    changes: Changes,
}

impl Batch {
    /// A batch over what was loaded.
    #[must_use]
    pub fn new(loaded: Loaded) -> Self {
        let before = loaded
            .identities
            .values()
            .flat_map(|identity| identity.state.conversations())
            .map(|conversation| (conversation.id, conversation.clone()))
            .collect();
        let by_id =
            loaded.messages.values().map(|message| (message.id, message.key.clone())).collect();
        let mut waiting: BTreeMap<MessageKey, Vec<Item>> = BTreeMap::new();
        for one in loaded.waiting {
            waiting.entry(one.awaited).or_default().push(one.item);
        }
        Self {
            before,
            identities: loaded.identities,
            messages: loaded.messages,
            by_id,
            others: loaded.others,
            waiting,
            acts: loaded.acts.into_iter().map(|request| (request.id, request)).collect(),
            live: BTreeSet::new(),
            changes: Changes::default(),
        }
    }

    /// Applies `items`, in an order of its own, and everything that they release.
    pub fn apply(&mut self, mut items: Vec<Item>, policy: &Policy, now: OffsetDateTime) {
        self.name_authors(&mut items);
        let mut ready: BTreeMap<(u8, usize), Item> = BTreeMap::new();
        let mut queued = 0;
        let mut released = items;
        loop {
            for item in released.drain(..) {
                ready.insert((self.turn(&item), queued), item);
                queued += 1;
            }
            let Some((_, item)) = ready.pop_first() else { break };
            released = self.take(item, policy, now);
        }
        for (awaited, items) in std::mem::take(&mut self.waiting) {
            for item in items {
                self.changes.wait.push((item.event, item.organization, Some(awaited.clone())));
            }
        }
    }

    /// A person, a timer or the network decided something about one conversation; whether that
    /// was news.
    ///
    /// # Errors
    /// The rule that stood against it; nothing has changed then.
    pub fn act(
        &mut self,
        identity: &IdentityKey,
        command: &Command,
        cause: Option<Cause>,
        policy: &Policy,
        now: OffsetDateTime,
    ) -> Result<bool, Rejection> {
        let Some(record) = self.identities.get_mut(identity) else {
            return Err(Rejection::UnknownConversation);
        };
        let decision = decide(&record.state, command, policy, now)?;
        for entry in &decision.entries {
            record.state.apply(entry);
        }
        let news = !decision.already_applied();
        self.follow(identity, decision, cause);
        Ok(news)
    }

    /// What must be saved.
    #[must_use]
    pub const fn changes(&self) -> &Changes {
        &self.changes
    }

    /// The identity under this key.
    #[must_use]
    pub fn identity(&self, key: &IdentityKey) -> Option<&Identity> {
        self.identities.get(key)
    }

    /// All identities.
    #[must_use]
    pub const fn identities(&self) -> &BTreeMap<IdentityKey, Identity> {
        &self.identities
    }

    /// The message under this key.
    #[must_use]
    pub fn message(&self, key: &MessageKey) -> Option<&Message> {
        self.messages.get(key)
    }

    /// All messages that were loaded or came into being.
    #[must_use]
    pub const fn messages(&self) -> &BTreeMap<MessageKey, Message> {
        &self.messages
    }

    /// The rev of a conversation from now on.
    #[must_use]
    pub fn rev(&self, identity: &IdentityKey, conversation: ConversationId) -> i64 {
        let loaded = self
            .identities
            .get(identity)
            .and_then(|record| record.rows.get(&conversation))
            .map_or(0, |row| row.rev);
        let touched = self.changes.conversations.contains(&(identity.clone(), conversation));
        loaded + i64::from(touched)
    }

    /// The conversations whose row changed; those that stop being open come first, so that at
    /// no moment an identity has two open ones.
    #[must_use]
    pub fn touched(&self) -> Vec<Touched<'_>> {
        let mut touched: Vec<Touched<'_>> = self
            .changes
            .conversations
            .iter()
            .filter_map(|(key, id)| {
                let (identity, record) = self.identities.get_key_value(key)?;
                Some(Touched {
                    identity,
                    record,
                    before: self.before.get(id),
                    after: record.state.get(*id)?,
                    rev: self.rev(key, *id),
                    owner: record.rows.get(id).map(|row| row.owner).unwrap_or_default(),
                })
            })
            .collect();
        // A place in the order of an identity's conversations is left before it is taken, too.
        touched.sort_by_key(|one| {
            if self.changes.taken_over.contains(&one.after.id) {
                1
            } else if one.before.is_some() && !one.after.is_open() {
                0
            } else {
                2
            }
        });
        touched
    }

    fn turn(&self, item: &Item) -> u8 {
        match &item.what {
            What::Written(written) if self.becomes_known(written).is_some() => 2,
            What::Written(written) if written.history => 4,
            What::Written(written) => {
                let enlivens =
                    self.messages.get(&written.key).is_some_and(|message| message.history);
                if enlivens { 1 } else { 3 }
            }
            // What was loaded around a reply and its echo still holds.
            What::Answered { .. } | What::Erased { .. } | What::Acted { .. } => 0,
            What::Revised { .. } | What::Received(_) => 5,
        }
    }

    /// Applies one item or puts it off; gives what it released.
    fn take(&mut self, item: Item, policy: &Policy, now: OffsetDateTime) -> Vec<Item> {
        match &item.what {
            What::Written(written) => {
                if let Some(author) = self.becomes_known(written) {
                    self.relink(&item, written, &author.identity, policy, now);
                }
                match self.whose(written) {
                    Ok(identity) => {
                        self.write(&item, written, &identity, policy, now);
                        return self.waiting.remove(&written.key).unwrap_or_default();
                    }
                    Err(awaited) => self.put_off(item, awaited),
                }
            }
            What::Revised { target, revision } => {
                if self.messages.contains_key(target) {
                    self.revise(&item, target, revision);
                } else {
                    let target = target.clone();
                    self.put_off(item, Some(target));
                }
            }
            What::Received(receipt) => self.receive(receipt, item.channel),
            What::Answered { reply, news } => {
                return self.learn(&item, *reply, news, policy, now);
            }
            What::Erased { message, failure } => {
                let end = failure.clone().map_or(End::Done, End::Failed);
                self.erase(&item, *message, failure.is_none());
                self.hear_of_deletion(&item, *message, end, policy, now);
            }
            What::Acted { message, action, said } => {
                self.hear(&item, *message, *action, said, policy, now);
            }
        }
        Vec::new()
    }

    /// Whose conversations a message belongs to; else the message that would tell.
    fn whose(&self, written: &Written) -> Result<IdentityKey, Option<MessageKey>> {
        if let Some(known) = self.messages.get(&written.key) {
            return Ok(known.identity.clone());
        }
        if let Some(identity) = written.named_identity() {
            return Ok(identity);
        }
        let parent = written.parent();
        parent
            .as_ref()
            .and_then(|key| self.messages.get(key))
            .map(|message| message.identity.clone())
            .ok_or(parent)
    }

    fn put_off(&mut self, item: Item, awaited: Option<MessageKey>) {
        match awaited {
            Some(awaited) => self.waiting.entry(awaited).or_default().push(item),
            None => self.changes.wait.push((item.event, item.organization, None)),
        }
    }

    fn write(
        &mut self,
        item: &Item,
        written: &Written,
        identity: &IdentityKey,
        policy: &Policy,
        now: OffsetDateTime,
    ) {
        let known = self.messages.get(&written.key).map(|message| self.known(message));
        let arriving = Arriving {
            message: self.messages.get(&written.key).map_or(written.spare.message, |it| it.id),
            spare: written.spare.conversation,
            order: NetworkOrder {
                time: written.time,
                external_id: written.key.external_id.clone(),
            },
            kind: written.kind,
            direction: written.direction(),
            channel: item.channel,
            reopen_window: self
                .identities
                .get(identity)
                .and_then(|record| record.reopen_windows.get(&item.channel).copied()),
            history: written.history,
            known,
        };
        let record = self.meet(identity, written);
        let renamed = match &written.writer {
            Writer::Contact(Some(author)) => record.learn(&author.profile, written.time),
            _ => false,
        };
        if renamed {
            self.changes.identities.insert(identity.clone());
        }
        let Some(record) = self.identities.get_mut(identity) else { return };
        let command = Command::Arrive(Box::new(arriving));
        // An arrival is never refused: nothing inbound is dropped.
        let Ok(decision) = decide(&record.state, &command, policy, now) else { return };
        if decision.already_applied() {
            if renamed {
                self.show_anew(item, &written.key);
            }
            return;
        }
        for entry in &decision.entries {
            record.state.apply(entry);
        }
        let message = self.messages.entry(written.key.clone()).or_insert_with(|| {
            Message::unplaced(written, identity.clone(), item.channel, item.item)
        });
        self.by_id.insert(message.id, written.key.clone());
        message.channels.insert(item.channel);
        message.kind = message.kind.max(written.kind);
        message.history &= written.history;
        if message.in_reply_to.is_none() {
            message.in_reply_to.clone_from(&written.in_reply_to);
        }
        self.changes.messages.insert(written.key.clone());
        let cause = Cause { event: item.event, item: item.item, channel: item.channel };
        self.follow(identity, decision, Some(cause));
    }

    /// The identity; it comes to be if it is not there.
    fn meet(&mut self, identity: &IdentityKey, written: &Written) -> &mut Identity {
        self.identities.entry(identity.clone()).or_insert_with(|| {
            self.changes.identities.insert(identity.clone());
            Identity {
                id: written.spare.identity,
                contact: written.spare.contact,
                profile: Profile::default(),
                profile_as_of: None,
                stored: false,
                state: IdentityState::default(),
                rows: BTreeMap::new(),
                reopen_windows: BTreeMap::new(),
            }
        })
    }

    /// What a decision about a stored message must know of it and its surroundings.
    fn known(&self, message: &Message) -> Known {
        let others = if message.history { self.surroundings(message) } else { Others::default() };
        Known {
            conversation: message.conversation,
            kind: message.kind,
            channels: message.channels.clone(),
            history: message.history,
            others_last: others.last,
            others_channels: others.channels,
        }
    }

    /// What stands where a message stands, itself left out.
    fn surroundings(&self, message: &Message) -> Others {
        let mut others = self.others.get(&message.conversation).cloned().unwrap_or_default();
        for other in self.messages.values() {
            if other.conversation == message.conversation && other.id != message.id {
                let last = Last {
                    order: other.order(),
                    message: other.id,
                    kind: other.kind,
                    direction: other.direction,
                };
                others.add(Some(last), &other.channels);
                if other.direction == Direction::Outbound && !other.history && other.reply.is_none()
                {
                    others.newest_echo = others.newest_echo.max(Some(other.time));
                }
            }
        }
        others
    }

    /// Carries out what follows from a decision.
    fn follow(&mut self, identity: &IdentityKey, decision: Decision, cause: Option<Cause>) {
        let (organization, network) = (identity.organization, identity.network);
        let mut parts = Vec::new();
        for entry in decision.entries {
            self.changes.conversations.insert((identity.clone(), entry.conversation));
            if let Fact::BecamePartOf { into } = &entry.fact {
                parts.push((entry.conversation, *into));
            }
            if let Fact::Absorbed { from, contents } = &entry.fact {
                let theirs = self.others.remove(from);
                let others = self.others.entry(entry.conversation).or_default();
                others.absorb(theirs, contents, held_before(&decision.effects, *from));
            }
            self.changes.entries.push((organization, entry));
        }
        for effect in decision.effects {
            match effect {
                Effect::PlaceMessage { message, conversation, sequence } => {
                    let key = self.by_id.get(&message);
                    if let Some(stored) = key.and_then(|key| self.messages.get_mut(key)) {
                        stored.conversation = conversation;
                        stored.sequence = sequence;
                    }
                }
                Effect::MoveMessages { from, into, offset } => {
                    for message in self.messages.values_mut() {
                        if message.conversation == from {
                            message.conversation = into;
                            message.sequence += offset;
                        }
                    }
                    self.changes.moves.push(Move { organization, from, into, offset });
                }
                Effect::RemoveMessage { message, is } => {
                    if let Some(key) = self.by_id.remove(&message) {
                        self.messages.remove(&key);
                        self.changes.messages.remove(&key);
                        self.changes.versions.retain(|(other, _)| *other != key);
                    }
                    self.changes.removed.push((organization, message, is));
                }
                Effect::ArmReminder { conversation, due } => {
                    self.changes.reminders.insert((organization, conversation), due);
                }
                Effect::Announce(announcement) => {
                    let notice = Notice { organization, network, announcement, cause };
                    self.changes.notices.push(notice);
                }
            }
        }
        // Where no message is left to move, what else belongs to it moves all the same.
        for (from, into) in parts {
            if !self.changes.moves.iter().any(|one| one.from == from) {
                self.changes.moves.push(Move { organization, from, into, offset: 0 });
            }
        }
    }

    /// A stored message, or whoever wrote it, is shown differently.
    fn show_anew(&mut self, item: &Item, key: &MessageKey) {
        let Some(message) = self.messages.get(key) else { return };
        let (id, conversation) = (message.id, message.conversation);
        let identity = message.identity.clone();
        let cause = Cause { event: item.event, item: item.item, channel: item.channel };
        self.tell(&identity, conversation, News::Revised { message: id }, Some(cause));
        self.changes.conversations.insert((identity, conversation));
    }

    fn revise(&mut self, item: &Item, target: &MessageKey, revision: &Revision) {
        let Some(message) = self.messages.get_mut(target) else { return };
        match message.revise(revision) {
            Revised::AlreadyApplied => return,
            Revised::KeptBeside(version) => {
                self.changes.versions.push((target.clone(), version));
            }
            Revised::Changed(version) => {
                self.changes.versions.extend(version.map(|version| (target.clone(), version)));
            }
            Revised::Emptied => {
                self.changes.versions.retain(|(key, _)| key != target);
                self.changes.emptied.insert(target.clone());
            }
        }
        self.changes.messages.insert(target.clone());
        self.show_anew(item, target);
    }

    fn receive(&mut self, receipt: &Receipt, channel: ChannelId) {
        let mark = self.changes.receipts.entry((receipt.identity.clone(), channel)).or_default();
        *mark = mark.advanced(receipt.up_to, receipt.read);
    }
}

/// The last sequence of a conversation before the messages of `from` moved into it.
fn held_before(effects: &[Effect], from: ConversationId) -> i64 {
    let moved = effects.iter().find_map(|effect| match effect {
        Effect::MoveMessages { from: other, offset, .. } if *other == from => Some(*offset),
        _ => None,
    });
    moved.unwrap_or_default()
}
