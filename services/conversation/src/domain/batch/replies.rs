//! Our own replies in a batch: how they come to be, and what becomes of them.

use std::collections::BTreeMap;

use time::OffsetDateTime;

use super::{Batch, Cause, Notice};
use crate::domain::decide::{Announcement, Command, News, Rejection};
use crate::domain::hand::{Echo, Replying};
use crate::domain::history::BecameReply;
use crate::domain::item::{Item, MessageKey, Revision};
use crate::domain::message::{Message, Revised, Version};
use crate::domain::person::IdentityKey;
use crate::domain::policy::Policy;
use crate::domain::reply::{self, Learnt, Progress, Reply, Stage};
use crate::domain::words::{ConversationId, Direction, MessageId};

impl Batch {
    /// A member replies with `text`, to the message `to` if to one.
    ///
    /// # Errors
    /// The rule that stood against it; nothing has changed then.
    pub fn reply(
        &mut self,
        identity: &IdentityKey,
        replying: Replying,
        text: String,
        to: Option<MessageId>,
        policy: &Policy,
        now: OffsetDateTime,
    ) -> Result<(), Rejection> {
        let id = replying.message;
        let (channel, kind, by) = (replying.channel, replying.kind, replying.by);
        let time = replying.order.time;
        let key = MessageKey::unsent(identity.organization, identity.network, id);
        let message = Message {
            id,
            key: key.clone(),
            identity: identity.clone(),
            conversation: by.conversation,
            sequence: 0,
            rev: 0,
            item: None,
            direction: Direction::Outbound,
            kind,
            channels: [channel].into(),
            history: false,
            time,
            version: Version { number: 0, time, text },
            edited: false,
            deleted: false,
            attachments: Vec::new(),
            permalink: String::new(),
            in_reply_to: None,
            thread: None,
            reactions: BTreeMap::new(),
            reply: Some(Reply {
                state: Stage::Queued,
                member: by.member,
                channel,
                to,
                attempt: 1,
                as_of: None,
                failure: None,
                wait: None,
                placed: false,
                seen_through: by.seen_through,
                accepted_at: time,
            }),
        };
        self.by_id.insert(id, key.clone());
        self.messages.insert(key.clone(), message);
        let acted = self.act(identity, &Command::Reply(Box::new(replying)), None, policy, now);
        if let Err(rejection) = acted {
            self.by_id.remove(&id);
            self.messages.remove(&key);
            return Err(rejection);
        }
        self.changes.messages.insert(key);
        let queued = News::ReplyQueued { message: id, attempt: 1, channel };
        self.tell(identity, by.conversation, queued, None);
        Ok(())
    }

    /// The message with this id of ours.
    #[must_use]
    pub fn message_by_id(&self, id: MessageId) -> Option<&Message> {
        self.messages.get(self.by_id.get(&id)?)
    }

    /// A member has the reply `command` names sent again. False when it is not one that failed.
    ///
    /// # Errors
    /// The rule that stood against it; nothing has changed then.
    pub fn retry(
        &mut self,
        id: MessageId,
        command: &Command,
        policy: &Policy,
        now: OffsetDateTime,
    ) -> Result<bool, Rejection> {
        let Some(message) = self.message_by_id(id) else { return Ok(false) };
        let (key, identity) = (message.key.clone(), message.identity.clone());
        let conversation = message.conversation;
        let Some(mut again) = message.reply.clone() else { return Ok(false) };
        if !again.retry() {
            return Ok(false);
        }
        self.act(&identity, command, None, policy, now)?;
        let (attempt, channel) = (again.attempt, again.channel);
        if let Some(message) = self.messages.get_mut(&key) {
            message.reply = Some(again);
        }
        self.changed(&key, &identity, conversation, id, None);
        let queued = News::ReplyQueued { message: id, attempt, channel };
        self.tell(&identity, conversation, queued, None);
        Ok(true)
    }

    /// A member says how the send of a reply ended of which nobody knew. False when somebody does.
    pub fn settle(
        &mut self,
        id: MessageId,
        failure: Option<reply::Failure>,
        policy: &Policy,
        now: OffsetDateTime,
    ) -> bool {
        let Some(message) = self.message_by_id(id) else { return false };
        let (identity, conversation) = (message.identity.clone(), message.conversation);
        let Some(attempt) = message
            .reply
            .as_ref()
            .filter(|reply| reply.state == Stage::Unknown)
            .map(|reply| reply.attempt)
        else {
            return false;
        };
        let sent = failure.is_none();
        let progress = failure.map_or(Progress::Sent(None), Progress::Failed);
        let news = reply::News { attempt, at: now, progress };
        self.take_in(id, &news, None, policy, now);
        let told = News::SettledByPerson { message: id, attempt, sent };
        self.tell(&identity, conversation, told, None);
        true
    }

    /// Delivery says something of a reply; gives what it released.
    pub(super) fn learn(
        &mut self,
        item: &Item,
        id: MessageId,
        news: &reply::News,
        policy: &Policy,
        now: OffsetDateTime,
    ) -> Vec<Item> {
        let cause = Cause { event: item.event, item: item.item, channel: item.channel };
        self.take_in(id, news, Some(cause), policy, now);
        match item.placed() {
            Some(key) if self.messages.contains_key(&key) => {
                self.waiting.remove(&key).unwrap_or_default()
            }
            _ => Vec::new(),
        }
    }

    /// One of our own messages is gone at the network, or is not.
    pub(super) fn erase(&mut self, item: &Item, id: MessageId, deleted: bool) {
        let Some(key) = self.by_id.get(&id).cloned().filter(|_| deleted) else { return };
        let Some(message) = self.messages.get_mut(&key) else { return };
        if message.revise(&Revision::Deleted) != Revised::Emptied {
            return;
        }
        let (identity, conversation) = (message.identity.clone(), message.conversation);
        self.changes.versions.retain(|(other, _)| *other != key);
        self.changes.emptied.insert(key.clone());
        let cause = Cause { event: item.event, item: item.item, channel: item.channel };
        self.changed(&key, &identity, conversation, id, Some(cause));
    }

    fn take_in(
        &mut self,
        id: MessageId,
        news: &reply::News,
        cause: Option<Cause>,
        policy: &Policy,
        now: OffsetDateTime,
    ) {
        let Some(key) = self.by_id.get(&id).cloned() else { return };
        let Some(message) = self.messages.get_mut(&key) else { return };
        let (identity, conversation) = (message.identity.clone(), message.conversation);
        let Some(reply) = message.reply.as_mut() else { return };
        let key = match (reply.learn(news), &news.progress) {
            (Learnt::Nothing, _) => return,
            (Learnt::Failed, _) => {
                let failed = Command::Failed { conversation, message: id };
                // A conversation that holds a reply is there: its message was loaded with it.
                let _ = self.act(&identity, &failed, cause, policy, now);
                key
            }
            (Learnt::Placed, Progress::Sent(Some(place))) => {
                self.settle_place(&key, place, cause, policy, now)
            }
            (Learnt::Placed | Learnt::Changed, _) => key,
        };
        self.changed(&key, &identity, conversation, id, cause);
    }

    /// The network has given a reply its id and moment. Where these had come as a message from
    /// elsewhere, the two become one.
    fn settle_place(
        &mut self,
        old: &MessageKey,
        place: &reply::Place,
        cause: Option<Cause>,
        policy: &Policy,
        now: OffsetDateTime,
    ) -> MessageKey {
        let new = MessageKey {
            scope: place.scope.clone(),
            external_id: place.external_id.clone(),
            ..old.clone()
        };
        let echo = self.messages.get(&new).filter(|echo| echo.reply.is_none()).cloned();
        if let Some(echo) = &echo
            && let Some(ours) = self.messages.get(old)
        {
            let others = self.surroundings(echo);
            let into = ours.conversation;
            let left = BecameReply {
                message: echo.id,
                reply: ours.id,
                last: others.last,
                channels: others.channels,
                newest_echo: others.newest_echo,
                inbound: others.inbound,
            };
            let became = Echo { conversation: echo.conversation, into, left };
            let command = Command::BecameReply(Box::new(became));
            let _ = self.act(&echo.identity.clone(), &command, cause, policy, now);
        } else if self.messages.contains_key(&new) {
            // Another of our replies has that id: the network said one thing of two. The first
            // stands where it is, and this one is sent all the same.
            return old.clone();
        }
        let Some(mut message) = self.messages.remove(old) else { return old.clone() };
        self.changes.messages.remove(old);
        message.key = new.clone();
        message.time = place.time.unwrap_or(message.time);
        message.permalink.clone_from(&place.permalink);
        if let Some(echo) = echo {
            message.absorb(echo);
        }
        let (id, identity) = (message.id, message.identity.clone());
        let command = Command::Sent {
            conversation: message.conversation,
            message: id,
            kind: message.kind,
            order: message.order(),
            last: self.surroundings(&message).last,
        };
        self.by_id.insert(id, new.clone());
        self.messages.insert(new.clone(), message);
        let _ = self.act(&identity, &command, cause, policy, now);
        new
    }

    /// A message shows something else now.
    fn changed(
        &mut self,
        key: &MessageKey,
        identity: &IdentityKey,
        conversation: ConversationId,
        id: MessageId,
        cause: Option<Cause>,
    ) {
        self.changes.messages.insert(key.clone());
        self.changes.conversations.insert((identity.clone(), conversation));
        self.tell(identity, conversation, News::Revised { message: id }, cause);
    }

    pub(super) fn tell(
        &mut self,
        identity: &IdentityKey,
        conversation: ConversationId,
        news: News,
        cause: Option<Cause>,
    ) {
        self.changes.notices.push(Notice {
            organization: identity.organization,
            network: identity.network,
            announcement: Announcement { conversation, news },
            cause,
        });
    }
}
