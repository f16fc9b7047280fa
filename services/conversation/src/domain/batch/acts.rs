//! What is done to messages in a batch, and notes: asked for by members, ended by delivery.

use time::OffsetDateTime;

use super::{Batch, Cause};
use crate::domain::action::{Aspect, End, Request, Said};
use crate::domain::decide::{Command, News, Rejection};
use crate::domain::item::Item;
use crate::domain::message::Message;
use crate::domain::note::{Note, Remark};
use crate::domain::person::IdentityKey;
use crate::domain::policy::Policy;
use crate::domain::record::Record;
use crate::domain::words::{ActionId, ConversationId, MemberId, MessageId};

impl Batch {
    /// A member asks that something be done to a message at its network.
    ///
    /// # Errors
    /// The rule that stood against it; nothing has changed then.
    pub fn ask(
        &mut self,
        identity: &IdentityKey,
        conversation: ConversationId,
        request: Request,
        policy: &Policy,
        now: OffsetDateTime,
    ) -> Result<(), Rejection> {
        let (id, message, channel) = (request.id, request.message, request.channel);
        let record = Record::Asked {
            action: id,
            message,
            deed: request.deed,
            turn: request.turn,
            channel,
            by: request.member,
        };
        self.act(identity, &Command::Record { conversation, record }, None, policy, now)?;
        self.acts.insert(id, request);
        self.changes.acts.insert(id);
        self.changes.asked.push(id);
        Ok(())
    }

    /// A member has written, changed, deleted or restored a note.
    ///
    /// # Errors
    /// The rule that stood against it; nothing has changed then.
    pub fn remark(
        &mut self,
        identity: &IdentityKey,
        note: &Note,
        remark: Remark,
        by: MemberId,
        policy: &Policy,
        now: OffsetDateTime,
    ) -> Result<(), Rejection> {
        let (conversation, message, rev) = (note.conversation, note.message, note.rev);
        let record = Record::Note { note: note.id, message, by, remark, rev };
        self.act(identity, &Command::Record { conversation, record }, None, policy, now)?;
        let news = News::NoteChanged { note: note.id, rev, message };
        self.tell(identity, conversation, news, None);
        Ok(())
    }

    /// Requests that delivery is to carry out, each with the message at hand.
    pub fn asked(&self) -> impl Iterator<Item = (&Request, &Message)> {
        self.changes
            .asked
            .iter()
            .filter_map(|id| self.acts.get(id))
            .filter_map(|request| Some((request, self.message_by_id(request.message)?)))
    }

    /// Requests that are new or changed.
    pub fn changed_requests(&self) -> impl Iterator<Item = &Request> {
        self.changes.acts.iter().filter_map(|id| self.acts.get(id))
    }

    /// Delivery says something of a request about `message`.
    pub(super) fn hear(
        &mut self,
        item: &Item,
        message: MessageId,
        id: ActionId,
        said: &Said,
        policy: &Policy,
        now: OffsetDateTime,
    ) {
        let Some(stored) = self.message_by_id(message) else { return };
        let (identity, conversation) = (stored.identity.clone(), stored.conversation);
        let Some(request) = self.acts.get_mut(&id) else { return };
        if !request.learn(said, item.at) {
            return;
        }
        let (deed, failure) = match &request.end {
            Some(End::Failed(failure)) => (request.deed, Some(failure.code.clone())),
            _ => (request.deed, None),
        };
        self.changes.acts.insert(id);
        let cause = Cause { event: item.event, item: item.item, channel: item.channel };
        if matches!(said, Said::Ended(_)) {
            let record = Record::Ended { action: id, message, deed, failure };
            let command = Command::Record { conversation, record };
            // A conversation that holds a message is there: the message was loaded with it.
            let _ = self.act(&identity, &command, Some(cause), policy, now);
        }
        self.changes.conversations.insert((identity.clone(), conversation));
        let of_author = deed.aspect.is_of_author();
        let news = News::ActionChanged { message, of_author };
        self.tell(&identity, conversation, news, Some(cause));
    }

    /// What became of the deletion of one of our own messages: the one that was asked for last.
    pub(super) fn hear_of_deletion(
        &mut self,
        item: &Item,
        message: MessageId,
        end: End,
        policy: &Policy,
        now: OffsetDateTime,
    ) {
        let asked = self
            .acts
            .values()
            .filter(|request| request.deed.aspect == Aspect::Delete && request.message == message);
        let Some(id) = asked.max_by_key(|request| request.turn).map(|last| last.id) else { return };
        self.hear(item, message, id, &Said::Ended(end), policy, now);
    }
}
