//! A store in memory that loads for a batch exactly what the real one loads, so that the
//! properties hold for what decisions are really shown.

use std::collections::{BTreeMap, BTreeSet};

use kit_values::EventId;
use time::{Duration, OffsetDateTime};

use super::runs::{self, Act, Decides};
use crate::domain::batch::{Batch, Identity, Loaded, Others, Waiting, left_by};
use crate::domain::chain::IdentityState;
use crate::domain::decide::Command;
use crate::domain::fold::evolve;
use crate::domain::hand::{By, Replying};
use crate::domain::history::Entry;
use crate::domain::item::{Item, MessageKey};
use crate::domain::message::{Message, Reaction, Version};
use crate::domain::person::IdentityKey;
use crate::domain::policy::Policy;
use crate::domain::remind::Reminding;
use crate::domain::reply::Stage;
use crate::domain::seen::Unseen;
use crate::domain::standing::{ConversationState, Last};
use crate::domain::words::{
    ChannelId, ConversationId, Direction, MemberId, MessageKind, NetworkOrder, State,
};

#[derive(Default)]
pub struct World {
    pub policy: Policy,
    /// Of the accounts that have windows of their own.
    pub reopen_windows: BTreeMap<ChannelId, Duration>,
    pub identities: BTreeMap<IdentityKey, Identity>,
    pub conversations: BTreeMap<ConversationId, (IdentityKey, ConversationState)>,
    pub messages: BTreeMap<MessageKey, Message>,
    pub versions: BTreeSet<(MessageKey, Version)>,
    pub waiting: BTreeMap<EventId, (Option<MessageKey>, Item)>,
    pub history: BTreeMap<ConversationId, Vec<Entry>>,
    pub inbox: BTreeSet<EventId>,
}

impl World {
    pub fn deliver(&mut self, items: Vec<Item>, now: OffsetDateTime) {
        let admitted: Vec<Item> =
            items.into_iter().filter(|item| self.inbox.insert(item.event)).collect();
        let mut payloads: BTreeMap<EventId, Item> =
            admitted.iter().map(|item| (item.event, item.clone())).collect();
        let loaded = self.load(&admitted);
        for one in &loaded.waiting {
            self.waiting.remove(&one.item.event);
            payloads.insert(one.item.event, one.item.clone());
        }
        let mut batch = Batch::new(loaded);
        batch.apply(admitted, &self.policy, now);
        for (event, _, awaited) in &batch.changes().wait {
            let item = payloads.remove(event).expect("only what was given waits");
            self.waiting.insert(*event, (awaited.clone(), item));
        }
        self.save(&batch);
        self.check();
    }

    pub fn resolve_what_can_be(&mut self, now: OffsetDateTime) {
        let open: Vec<(IdentityKey, ConversationId)> = self
            .conversations
            .values()
            .filter(|(_, state)| state.is_open())
            .map(|(key, state)| (key.clone(), state.id))
            .collect();
        for (key, id) in open {
            let loaded = Loaded {
                identities: BTreeMap::from([(
                    key.clone(),
                    self.load_identity(&key, &BTreeSet::new()),
                )]),
                ..Loaded::default()
            };
            let mut batch = Batch::new(loaded);
            let quiet_since = now - self.policy.auto_resolve_after;
            let command = Command::AutoResolve { conversation: id, quiet_since };
            if batch.act(&key, &command, None, &self.policy, now).is_ok() {
                self.save(&batch);
            }
        }
        self.check();
    }

    /// Every reminder's timer fires; those whose moment has come put their contacts in New.
    pub fn fire_reminders(&mut self, now: OffsetDateTime) {
        let reminded: Vec<(IdentityKey, ConversationId, OffsetDateTime)> = self
            .conversations
            .values()
            .filter_map(|(key, state)| Some((key.clone(), state.id, state.reminder.as_ref()?.due)))
            .collect();
        for (key, id, due) in reminded {
            let identity = self.load_identity(&key, &BTreeSet::from([id]));
            let identities = BTreeMap::from([(key.clone(), identity)]);
            let mut batch = Batch::new(Loaded { identities, ..Loaded::default() });
            let command = Command::FireReminder { conversation: id };
            let fired = batch.act(&key, &command, None, &self.policy, now);
            assert_eq!(fired.is_ok(), due <= now, "fires when its moment has come");
            if fired.is_ok() {
                self.save(&batch);
                self.check();
                assert_eq!(self.conversations[&id].1.reminder, None);
                let chain = self.load_identity(&key, &BTreeSet::new()).state;
                let newest = chain.newest().expect("one");
                // What the account wrote after this moment has answered it.
                let answered = newest.contents.newest_echo.is_some_and(|echo| echo > now);
                assert!(answered || newest.state() == Some(State::New), "somebody is reminded");
            }
        }
    }

    /// A member decides about the person's newest conversation, having seen all of it but the
    /// newest `blind` messages; whether that stood.
    pub fn decide(&mut self, act: &Act, index: usize, blind: i64, now: OffsetDateTime) -> bool {
        self.decide_about(&runs::identity(act.person), act, index, blind, now)
    }

    /// The same about anybody's newest conversation.
    pub fn decide_about(
        &mut self,
        key: &IdentityKey,
        act: &Act,
        index: usize,
        blind: i64,
        now: OffsetDateTime,
    ) -> bool {
        if !self.identities.contains_key(key) {
            return false;
        }
        let identity = self.load_identity(key, &BTreeSet::new());
        let Some(newest) = identity.state.newest() else { return false };
        let id = newest.id;
        let last_inbound = self
            .messages
            .values()
            .filter(|message| message.conversation == id && !message.history)
            .filter(|message| message.direction == Direction::Inbound)
            .map(|message| message.time)
            .max();
        let by = By {
            conversation: id,
            member: runs::member(act.member),
            seen_through: newest.contents.last_sequence - blind,
            last_inbound,
        };
        let to = self
            .messages
            .values()
            .filter(|message| message.conversation == id)
            .filter(|message| message.direction == Direction::Inbound)
            .min_by_key(|message| message.sequence)
            .map(|message| message.id)
            .filter(|_| act.despite_newer);
        let identities = BTreeMap::from([(key.clone(), identity)]);
        let mut batch = Batch::new(Loaded { identities, ..Loaded::default() });
        let stood = match act.decides {
            Decides::Reply => {
                let message = runs::reply_id(index);
                let replying = Replying {
                    by,
                    message,
                    kind: MessageKind::Reply,
                    channel: runs::channel(false),
                    order: NetworkOrder {
                        time: now,
                        external_id: message.uuid().simple().to_string(),
                    },
                    despite_newer: act.despite_newer,
                };
                let text = format!("reply {index}");
                batch.reply(key, replying, text, to, &self.policy, now).is_ok()
            }
            Decides::Pending => {
                batch.act(key, &Command::SetPending(by), None, &self.policy, now).is_ok()
            }
            Decides::Resolve => {
                batch.act(key, &Command::Resolve(by), None, &self.policy, now).is_ok()
            }
            Decides::Reopen => {
                batch.act(key, &Command::Reopen(by), None, &self.policy, now).is_ok()
            }
            Decides::Remind => {
                let (due, note) = (now + act.later, format!("reminder {index}"));
                let command = Command::Remind(Reminding { by, due, note });
                batch.act(key, &command, None, &self.policy, now).is_ok()
            }
            Decides::Forget => {
                let command = Command::CancelReminder { conversation: id, by: by.member };
                batch.act(key, &command, None, &self.policy, now).is_ok()
            }
        };
        if stood {
            self.save(&batch);
        }
        self.check();
        stood
    }

    fn load(&self, items: &[Item]) -> Loaded {
        let mut keys: BTreeSet<MessageKey> = items.iter().flat_map(Item::messages).collect();
        let mut leaving: BTreeSet<MessageKey> = items.iter().filter_map(Item::placed).collect();
        for own in items.iter().filter_map(Item::own) {
            let found = self.messages.values().find(|message| message.id == own);
            let key = found.expect("delivery speaks of replies that are there").key.clone();
            keys.insert(key.clone());
            leaving.insert(key);
        }
        let mut waiting: BTreeMap<EventId, Waiting> = BTreeMap::new();
        loop {
            let found: Vec<Waiting> = self
                .waiting
                .values()
                .filter_map(|(awaited, item)| {
                    let awaited = awaited.clone().filter(|key| keys.contains(key))?;
                    Some(Waiting { awaited, item: item.clone() })
                })
                .filter(|one| !waiting.contains_key(&one.item.event))
                .collect();
            if found.is_empty() {
                break;
            }
            for one in found {
                keys.extend(one.item.messages());
                waiting.insert(one.item.event, one);
            }
        }
        let mut messages: BTreeMap<MessageKey, Message> = keys
            .iter()
            .filter_map(|key| Some((key.clone(), self.messages.get(key)?.clone())))
            .collect();
        let mut others: BTreeMap<ConversationId, Others> = BTreeMap::new();
        let leaves = |message: &Message| message.history || leaving.contains(&message.key);
        for message in messages.values().filter(|message| leaves(message)) {
            let rest = self.messages.values().filter(|other| {
                other.conversation == message.conversation
                    && !messages.get(&other.key).is_some_and(leaves)
            });
            let mut known = Others::default();
            for other in rest {
                let last = Last {
                    order: other.order(),
                    message: other.id,
                    kind: other.kind,
                    direction: other.direction,
                };
                if known.last.as_ref().is_none_or(|it| it.order < last.order) {
                    known.last = Some(last);
                }
                known.channels.extend(other.channels.iter().copied());
                if other.direction == Direction::Outbound && !other.history && other.reply.is_none()
                {
                    known.newest_echo = known.newest_echo.max(Some(other.time));
                }
            }
            known.inbound = self.inbound(message.conversation);
            others.insert(message.conversation, known);
        }
        for (_, conversation) in left_by(items, &messages) {
            let all = self.messages.iter().filter(|(_, it)| it.conversation == conversation);
            messages.extend(all.map(|(key, message)| (key.clone(), message.clone())));
            let inbound = self.inbound(conversation);
            others.insert(conversation, Others { inbound, ..Others::default() });
        }
        let wanted: BTreeSet<ConversationId> =
            messages.values().map(|message| message.conversation).collect();
        let mut keys: BTreeSet<IdentityKey> =
            messages.values().map(|message| message.identity.clone()).collect();
        keys.extend(items.iter().filter_map(Item::identity));
        keys.extend(waiting.values().filter_map(|one| one.item.identity()));
        let identities = keys
            .into_iter()
            .filter(|key| self.identities.contains_key(key))
            .map(|key| (key.clone(), self.load_identity(&key, &wanted)))
            .collect();
        let waiting = waiting.into_values().collect();
        Loaded { identities, messages, waiting, others, acts: Vec::new() }
    }

    /// What nobody here had seen before the last decision, and what came later.
    fn inbound(&self, conversation: ConversationId) -> BTreeSet<Unseen> {
        let (_, state) = &self.conversations[&conversation];
        let before = state.decided.undo.as_ref().map_or(state.seen_through, |it| it.seen_before);
        self.messages
            .values()
            .filter(|message| {
                message.conversation == conversation
                    && message.direction == Direction::Inbound
                    && !message.history
                    && message.sequence > before
            })
            .map(|message| Unseen {
                time: message.time,
                sequence: message.sequence,
                kind: message.kind,
            })
            .collect()
    }

    /// Of those that are no signposts the first and the newest two, the newest of all, and the
    /// wanted.
    fn load_identity(&self, key: &IdentityKey, wanted: &BTreeSet<ConversationId>) -> Identity {
        let mut all: Vec<&ConversationState> = self
            .conversations
            .values()
            .filter(|(owner, _)| owner == key)
            .map(|(_, state)| state)
            .collect();
        all.sort_by_key(|state| state.ordinal);
        let mut chosen: BTreeSet<ConversationId> = BTreeSet::new();
        chosen.extend(all.iter().find(|state| !state.is_absorbed()).map(|state| state.id));
        chosen.extend(all.last().map(|state| state.id));
        chosen.extend(
            all.iter().rev().filter(|state| !state.is_absorbed()).take(2).map(|state| state.id),
        );
        let state = IdentityState::new(
            all.into_iter()
                .filter(|state| chosen.contains(&state.id) || wanted.contains(&state.id))
                .cloned()
                .collect(),
        );
        let resolved = state.conversations().iter().any(|one| one.resolved_at().is_some());
        let reopen_windows = if resolved { self.reopen_windows.clone() } else { BTreeMap::new() };
        Identity { state, reopen_windows, ..self.identities[key].clone() }
    }

    fn save(&mut self, batch: &Batch) {
        let changes = batch.changes();
        for (key, identity) in batch.identities() {
            self.identities.insert(key.clone(), identity.clone());
        }
        for touched in batch.touched() {
            let state = touched.after.clone();
            let open_ones = self.conversations.values().filter(|(owner, other)| {
                owner == touched.identity && other.is_open() && other.id != state.id
            });
            assert!(!state.is_open() || open_ones.count() == 0, "two open conversations");
            self.conversations.insert(state.id, (touched.identity.clone(), state));
        }
        for one in &changes.moves {
            for message in self.messages.values_mut() {
                if message.conversation == one.from {
                    message.conversation = one.into;
                    message.sequence += one.offset;
                }
            }
        }
        for (_, id, _) in &changes.removed {
            self.messages.retain(|_, message| message.id != *id);
        }
        for key in &changes.messages {
            let id = batch.message(key).expect("a changed message is there").id;
            self.messages.retain(|_, message| message.id != id);
            let message = batch.message(key).expect("a changed message is there").clone();
            self.messages.insert(key.clone(), message);
        }
        self.versions.retain(|(key, _)| !changes.emptied.contains(key));
        self.versions.extend(changes.versions.iter().cloned());
        for (_, entry) in &changes.entries {
            self.history.entry(entry.conversation).or_default().push(entry.clone());
        }
    }

    /// What must hold after every transaction.
    fn check(&self) {
        for (id, (_, state)) in &self.conversations {
            let history = &self.history[id];
            for (index, entry) in history.iter().enumerate() {
                assert_eq!(entry.sequence, i64::try_from(index).unwrap() + 1, "history is dense");
            }
            let folded = history.iter().fold(ConversationState::unborn(*id), evolve);
            assert_eq!(&folded, state, "the state is the fold of its history");
            self.check_messages(state);
        }
        for message in self.messages.values() {
            let (identity, state) = &self.conversations[&message.conversation];
            assert_eq!(identity, &message.identity);
            assert!(!state.is_absorbed(), "a signpost holds no message");
        }
        for (_, state) in self.conversations.values() {
            assert!(!state.is_absorbed() || state.reminder.is_none(), "a signpost reminds nobody");
        }
    }

    fn check_messages(&self, state: &ConversationState) {
        let held: Vec<&Message> =
            self.messages.values().filter(|message| message.conversation == state.id).collect();
        let sequences: BTreeSet<i64> = held.iter().map(|message| message.sequence).collect();
        assert_eq!(sequences.len(), held.len(), "every message has a place of its own");
        assert_eq!(state.contents.message_count, i64::try_from(held.len()).unwrap());
        assert_eq!(
            state.contents.last.as_ref().map(|last| (last.message, last.kind)),
            held.iter().max_by_key(|message| message.order()).map(|last| (last.id, last.kind)),
            "the last message is the newest in network order"
        );
        let channels: BTreeSet<_> =
            held.iter().flat_map(|message| message.channels.iter().copied()).collect();
        assert_eq!(state.contents.channels, channels);
        // By the words of the contract, not by the code under test.
        let echo = held
            .iter()
            .filter(|message| message.direction == Direction::Outbound && !message.history)
            // What was written here has seen what its author's screen held, and no more.
            .filter(|message| message.reply.is_none())
            .map(|message| message.time)
            .max();
        let unseen: BTreeSet<i64> = held
            .iter()
            .filter(|message| {
                message.direction == Direction::Inbound
                    && !message.history
                    && message.sequence > state.seen_through
                    && echo.is_none_or(|echo| {
                        echo - message.time < Duration::seconds(5) + message.kind.clock_resolution()
                    })
            })
            .map(|message| message.sequence)
            .collect();
        let known: BTreeSet<i64> = state.contents.unseen.iter().map(|it| it.sequence).collect();
        assert_eq!(known, unseen);
        match state.state() {
            Some(State::New) => assert!(!unseen.is_empty() || state.raised().is_some()),
            Some(State::Pending | State::Resolved) | None => {
                assert!(unseen.is_empty(), "nothing unseen rests in Pending or Resolved");
            }
        }
    }

    /// The conversations with ids replaced by what they stand for.
    pub fn normalised(&self) -> Vec<NormalIdentity> {
        self.identities
            .iter()
            .map(|(key, identity)| {
                let mut chain: Vec<&ConversationState> = self
                    .conversations
                    .values()
                    .filter(|(owner, state)| owner == key && !state.is_absorbed())
                    .map(|(_, state)| state)
                    .collect();
                chain.sort_by_key(|state| state.ordinal);
                let index = |id: ConversationId| chain.iter().position(|state| state.id == id);
                NormalIdentity {
                    name: identity.profile.display_name.clone(),
                    conversations: chain
                        .iter()
                        .map(|state| self.normal(state, state.previous.and_then(index)))
                        .collect(),
                }
            })
            .collect()
    }

    fn normal(&self, state: &ConversationState, previous: Option<usize>) -> NormalConversation {
        let mut messages: Vec<&Message> =
            self.messages.values().filter(|message| message.conversation == state.id).collect();
        messages.sort_by_key(|message| message.order());
        let unseen: BTreeSet<i64> = state.contents.unseen.iter().map(|it| it.sequence).collect();
        NormalConversation {
            previous,
            state: state.state(),
            resolved_at: state.resolved_at(),
            last_resolved_at: state.last_resolved_at,
            waiting_since: state.waiting_since(),
            decisions: state.decided.count,
            raised: state.raised().map(|raised| raised.since),
            reminder: state.reminder.as_ref().map(|reminder| (reminder.due, reminder.by)),
            newest_echo: state.contents.newest_echo,
            messages: messages
                .into_iter()
                .map(|message| NormalMessage {
                    external_id: message.key.external_id.clone(),
                    unseen: unseen.contains(&message.sequence),
                    history: message.history,
                    channels: message.channels.iter().map(|channel| channel.uuid()).collect(),
                    kind: message.kind.code(),
                    version: message.version.clone(),
                    edited: message.edited,
                    deleted: message.deleted,
                    attachments: message.attachments.len(),
                    reactions: message.reactions.clone(),
                    reply: message.reply.as_ref().map(|reply| reply.state),
                    earlier: self
                        .versions
                        .iter()
                        .filter(|(key, _)| *key == message.key)
                        .map(|(_, version)| version.clone())
                        .collect(),
                })
                .collect(),
        }
    }
}

#[derive(Debug, PartialEq, Eq)]
pub struct NormalIdentity {
    name: String,
    pub conversations: Vec<NormalConversation>,
}

#[derive(Debug, PartialEq, Eq)]
pub struct NormalConversation {
    previous: Option<usize>,
    pub state: Option<State>,
    resolved_at: Option<OffsetDateTime>,
    last_resolved_at: Option<OffsetDateTime>,
    waiting_since: Option<OffsetDateTime>,
    decisions: i64,
    raised: Option<OffsetDateTime>,
    reminder: Option<(OffsetDateTime, MemberId)>,
    newest_echo: Option<OffsetDateTime>,
    messages: Vec<NormalMessage>,
}

#[derive(Debug, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "drawn and compared as a whole")]
struct NormalMessage {
    external_id: String,
    unseen: bool,
    history: bool,
    channels: BTreeSet<uuid::Uuid>,
    kind: i16,
    version: Version,
    edited: bool,
    deleted: bool,
    attachments: usize,
    reactions: BTreeMap<String, Reaction>,
    earlier: BTreeSet<Version>,
    reply: Option<Stage>,
}
