//! The story of a conversation: notes, what is done to messages, contacts, activity. What a member
//! may do is decided by conversation.

use std::collections::BTreeSet;

use kit_service::{Caller, rpc};
use kit_values::Fault;
use proto::conversation::v1 as conversation;

use super::conversations::texts;
use super::replies::refused;
use super::{Conversations, DEADLINE, incomplete};
use crate::domain::{AttributeId, ContactId, ConversationId, MessageId, NoteId};
use crate::wire::{from_proto, rest};

/// Most notes of one call.
const MOST_NOTES: usize = 200;

impl Conversations {
    /// The notes of a conversation.
    ///
    /// # Errors
    /// Not found without such a conversation.
    pub async fn notes(&self, caller: &Caller, of: ConversationId) -> Result<rest::Notes, Fault> {
        let message = conversation::ListNotesRequest { conversation_id: of.to_string() };
        let request = rpc::request(message, caller, DEADLINE);
        let answer = self.story.clone().list_notes(request).await.map_err(rpc::fault)?;
        let notes = self.named_notes(caller, answer.into_inner().notes, true).await?;
        Ok(rest::Notes { notes })
    }

    /// Notes by id, for everybody: any number; those that exist.
    pub async fn notes_by_id(
        &self,
        caller: &Caller,
        ids: &BTreeSet<NoteId>,
    ) -> Result<Vec<rest::Note>, Fault> {
        let mut notes = Vec::with_capacity(ids.len());
        for ids in texts(ids).chunks(MOST_NOTES) {
            let message = conversation::GetNotesRequest { note_ids: ids.to_vec() };
            let request = rpc::request(message, caller, DEADLINE);
            let answer = self.story.clone().get_notes(request).await.map_err(rpc::fault)?;
            notes.extend(answer.into_inner().notes);
        }
        self.named_notes(caller, notes, false).await
    }

    /// Writes a note.
    ///
    /// # Errors
    /// Invalid or not found, as conversation says.
    pub async fn write_note(
        &self,
        caller: &Caller,
        on: ConversationId,
        wanted: rest::NoteWanted,
    ) -> Result<rest::ChangedNote, Fault> {
        let message = conversation::WriteNoteRequest {
            conversation_id: on.to_string(),
            idempotency_key: wanted.key,
            text: wanted.text,
            message_id: wanted.message_id.unwrap_or_default(),
        };
        let request = rpc::request(message, caller, DEADLINE);
        let answer = self.story.clone().write_note(request).await.map_err(refused)?;
        self.changed_note(caller, answer.into_inner().note).await
    }

    /// Has a note say something else.
    ///
    /// # Errors
    /// Forbidden, rejected, invalid or not found, as conversation says.
    pub async fn change_note(
        &self,
        caller: &Caller,
        note: NoteId,
        wanted: rest::NoteChange,
    ) -> Result<rest::ChangedNote, Fault> {
        let message = conversation::ChangeNoteRequest {
            note_id: note.to_string(),
            text: wanted.text,
            rev: wanted.rev,
        };
        let request = rpc::request(message, caller, DEADLINE);
        let answer = self.story.clone().change_note(request).await.map_err(refused)?;
        self.changed_note(caller, answer.into_inner().note).await
    }

    /// Deletes a note.
    ///
    /// # Errors
    /// Forbidden or not found, as conversation says.
    pub async fn delete_note(
        &self,
        caller: &Caller,
        note: NoteId,
    ) -> Result<rest::ChangedNote, Fault> {
        let message = conversation::DeleteNoteRequest { note_id: note.to_string() };
        let request = rpc::request(message, caller, DEADLINE);
        let answer = self.story.clone().delete_note(request).await.map_err(refused)?;
        self.changed_note(caller, answer.into_inner().note).await
    }

    /// Brings a deleted note back.
    ///
    /// # Errors
    /// Forbidden, rejected or not found, as conversation says.
    pub async fn restore_note(
        &self,
        caller: &Caller,
        note: NoteId,
    ) -> Result<rest::ChangedNote, Fault> {
        let message = conversation::RestoreNoteRequest { note_id: note.to_string() };
        let request = rpc::request(message, caller, DEADLINE);
        let answer = self.story.clone().restore_note(request).await.map_err(refused)?;
        self.changed_note(caller, answer.into_inner().note).await
    }

    /// Every text that a note has had.
    ///
    /// # Errors
    /// Not found, as conversation says.
    pub async fn note_versions(
        &self,
        caller: &Caller,
        note: NoteId,
    ) -> Result<rest::NoteVersions, Fault> {
        let message = conversation::ListNoteVersionsRequest { note_id: note.to_string() };
        let request = rpc::request(message, caller, DEADLINE);
        let answer = self.story.clone().list_note_versions(request).await.map_err(rpc::fault)?;
        let versions = answer.into_inner().versions;
        let members = versions.iter().map(|version| version.member_id.as_str()).collect();
        let names = self.people.names(caller.organization()?, members).await;
        let versions =
            versions.into_iter().map(|version| from_proto::note_version(version, &names));
        Ok(rest::NoteVersions { versions: versions.collect::<Result<_, _>>()? })
    }

    /// Has something done to a message at its network.
    ///
    /// # Errors
    /// Rejected, invalid or not found, as conversation says.
    pub async fn act(
        &self,
        caller: &Caller,
        on: MessageId,
        wanted: rest::ActionWanted,
    ) -> Result<rest::ActedMessage, Fault> {
        let message = conversation::ActOnMessageRequest {
            message_id: on.to_string(),
            idempotency_key: wanted.key,
            action: from_proto::action_wanted(wanted.action).into(),
            channel_id: wanted.channel_id,
        };
        let request = rpc::request(message, caller, DEADLINE);
        let answer = self.story.clone().act_on_message(request).await.map_err(refused)?;
        let message = self.named_message(caller, answer.into_inner().message).await?;
        Ok(rest::ActedMessage { message })
    }

    /// Deletes one of our own messages at its network.
    ///
    /// # Errors
    /// Rejected or not found, as conversation says.
    pub async fn delete_message(
        &self,
        caller: &Caller,
        message: MessageId,
        wanted: rest::DeletionWanted,
    ) -> Result<rest::ActedMessage, Fault> {
        let message = conversation::DeleteMessageRequest {
            message_id: message.to_string(),
            idempotency_key: wanted.key,
        };
        let request = rpc::request(message, caller, DEADLINE);
        let answer = self.story.clone().delete_message(request).await.map_err(refused)?;
        let message = self.named_message(caller, answer.into_inner().message).await?;
        Ok(rest::ActedMessage { message })
    }

    /// A contact as the panel shows it.
    ///
    /// # Errors
    /// Not found, as conversation says.
    pub async fn contact(
        &self,
        caller: &Caller,
        contact: ContactId,
    ) -> Result<rest::ContactCard, Fault> {
        let message = conversation::GetContactRequest { contact_id: contact.to_string() };
        let request = rpc::request(message, caller, DEADLINE);
        let answer = self.story.clone().get_contact(request).await.map_err(rpc::fault)?;
        let card = answer.into_inner();
        let members =
            card.attributes.iter().map(|known| known.edited_by_member_id.as_str()).collect();
        let names = self.people.names(caller.organization()?, members).await;
        let attributes =
            card.attributes.into_iter().map(|known| from_proto::known_attribute(known, &names));
        Ok(rest::ContactCard {
            contact: from_proto::contact_profile(card.contact.ok_or_else(incomplete)?)?,
            attributes: attributes.collect::<Result<_, _>>()?,
            conversations: self.named_rows(caller, card.conversations).await?,
        })
    }

    /// Gives an attribute of a contact a value.
    ///
    /// # Errors
    /// Rejected, invalid, forbidden or not found, as conversation says.
    pub async fn set_attribute(
        &self,
        caller: &Caller,
        contact: ContactId,
        attribute: AttributeId,
        wanted: rest::AttributeWanted,
    ) -> Result<rest::ChangedAttribute, Fault> {
        let message = conversation::SetContactAttributeRequest {
            contact_id: contact.to_string(),
            attribute_id: attribute.to_string(),
            value: wanted.value,
            rev: wanted.rev,
        };
        let request = rpc::request(message, caller, DEADLINE);
        let answer = self.story.clone().set_contact_attribute(request).await.map_err(refused)?;
        let known = answer.into_inner().attribute.ok_or_else(incomplete)?;
        let member = vec![known.edited_by_member_id.as_str()];
        let names = self.people.names(caller.organization()?, member).await;
        Ok(rest::ChangedAttribute { attribute: from_proto::known_attribute(known, &names)? })
    }

    /// What happened in a conversation, before a place or the newest.
    ///
    /// # Errors
    /// Not found without such a conversation.
    pub async fn activity(
        &self,
        caller: &Caller,
        of: ConversationId,
        before: Option<i64>,
    ) -> Result<rest::Activity, Fault> {
        let message = conversation::ListActivityRequest {
            conversation_id: of.to_string(),
            before: before.unwrap_or_default(),
        };
        let request = rpc::request(message, caller, DEADLINE);
        let answer = self.story.clone().list_activity(request).await.map_err(rpc::fault)?;
        let conversation::ListActivityResponse { entries, older } = answer.into_inner();
        let members = entries.iter().flat_map(|entry| [&entry.member_id, &entry.to_member_id]);
        let members = members.map(String::as_str).collect();
        let names = self.people.names(caller.organization()?, members).await;
        let entries = entries.into_iter().map(|entry| from_proto::activity_entry(entry, &names));
        Ok(rest::Activity {
            entries: entries.collect::<Result<_, _>>()?,
            older: Some(older).filter(|place| *place > 0),
        })
    }

    async fn named_notes(
        &self,
        caller: &Caller,
        notes: Vec<conversation::Note>,
        for_member: bool,
    ) -> Result<Vec<rest::Note>, Fault> {
        let members = notes.iter().map(|note| note.member_id.as_str()).collect();
        let names = self.people.names(caller.organization()?, members).await;
        notes.into_iter().map(|note| from_proto::note(note, &names, for_member)).collect()
    }

    async fn changed_note(
        &self,
        caller: &Caller,
        note: Option<conversation::Note>,
    ) -> Result<rest::ChangedNote, Fault> {
        let notes = self.named_notes(caller, note.into_iter().collect(), true).await?;
        Ok(rest::ChangedNote { note: notes.into_iter().next().ok_or_else(incomplete)? })
    }
}
