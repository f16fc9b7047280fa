//! Conversation's story calls, played.

use std::collections::BTreeMap;

use kit_service::rpc::status;
use kit_values::{Fault, OrganizationId};
use proto::conversation::v1 as conversation;
use proto::conversation::v1::story_service_server::StoryService;
use proto::network::v1::MessageAction;
use tonic::{Request, Response, Status};

use crate::peers::{Peers, fresh_id};

/// What of stories is held.
#[derive(Default)]
pub struct Stories {
    pub notes: BTreeMap<(OrganizationId, String), conversation::Note>,
    pub contacts: BTreeMap<(OrganizationId, String), conversation::Contact>,
    pub known: Vec<conversation::ContactAttribute>,
    pub happened: Vec<conversation::ActivityEntry>,
}

impl Peers {
    /// A new note of a member; gives its id.
    pub fn add_note(&self, organization: OrganizationId, of: &str, text: &str, by: &str) -> String {
        let id = fresh_id("note");
        let note = conversation::Note {
            note_id: id.clone(),
            conversation_id: of.to_owned(),
            member_id: by.to_owned(),
            text: text.to_owned(),
            rev: 1,
            may_change: true,
            ..conversation::Note::default()
        };
        self.held().stories.notes.insert((organization, id.clone()), note);
        id
    }

    fn changed<T: std::fmt::Debug>(
        &self,
        request: &Request<T>,
        id: &str,
        change: impl FnOnce(&mut conversation::Note),
    ) -> Result<Option<conversation::Note>, Status> {
        let (organization, _) = self.asked(request)?;
        let mut held = self.held();
        let note = held.stories.notes.get_mut(&(organization, id.to_owned()));
        let note = note.ok_or_else(|| status(Fault::not_found("note")))?;
        note.rev += 1;
        change(note);
        Ok(Some(note.clone()))
    }
}

#[tonic::async_trait]
impl StoryService for Peers {
    async fn list_notes(
        &self,
        request: Request<conversation::ListNotesRequest>,
    ) -> Result<Response<conversation::ListNotesResponse>, Status> {
        let (organization, _) = self.asked(&request)?;
        let of = request.into_inner().conversation_id;
        self.row_of(organization, &of)?;
        let held = self.held();
        let notes = held.stories.notes.values().filter(|note| note.conversation_id == of);
        let notes = notes.cloned().collect();
        Ok(Response::new(conversation::ListNotesResponse { notes }))
    }

    async fn get_notes(
        &self,
        request: Request<conversation::GetNotesRequest>,
    ) -> Result<Response<conversation::GetNotesResponse>, Status> {
        let organization = crate::peers::organization_of(&request)?;
        let held = self.held();
        let ids = request.into_inner().note_ids.into_iter();
        let notes = ids
            .filter_map(|id| held.stories.notes.get(&(organization, id)).cloned())
            .map(|note| conversation::Note { may_change: false, ..note });
        Ok(Response::new(conversation::GetNotesResponse { notes: notes.collect() }))
    }

    async fn write_note(
        &self,
        request: Request<conversation::WriteNoteRequest>,
    ) -> Result<Response<conversation::WriteNoteResponse>, Status> {
        let (organization, member) = self.asked(&request)?;
        let asked = request.into_inner();
        self.row_of(organization, &asked.conversation_id)?;
        let by = format!("mem_{}", member.simple());
        let id = self.add_note(organization, &asked.conversation_id, &asked.text, &by);
        let mut held = self.held();
        let note = held.stories.notes.get_mut(&(organization, id)).expect("added");
        note.message_id = asked.message_id;
        Ok(Response::new(conversation::WriteNoteResponse { note: Some(note.clone()) }))
    }

    async fn change_note(
        &self,
        request: Request<conversation::ChangeNoteRequest>,
    ) -> Result<Response<conversation::ChangeNoteResponse>, Status> {
        let asked = request.get_ref().clone();
        let note = self.changed(&request, &asked.note_id, |note| note.text = asked.text)?;
        Ok(Response::new(conversation::ChangeNoteResponse { note }))
    }

    async fn delete_note(
        &self,
        request: Request<conversation::DeleteNoteRequest>,
    ) -> Result<Response<conversation::DeleteNoteResponse>, Status> {
        let id = request.get_ref().note_id.clone();
        let note = self.changed(&request, &id, |note| {
            note.deleted_at = Some(prost_types::Timestamp { seconds: 1_700_000_000, nanos: 0 });
        })?;
        Ok(Response::new(conversation::DeleteNoteResponse { note }))
    }

    async fn restore_note(
        &self,
        request: Request<conversation::RestoreNoteRequest>,
    ) -> Result<Response<conversation::RestoreNoteResponse>, Status> {
        let id = request.get_ref().note_id.clone();
        let note = self.changed(&request, &id, |note| note.deleted_at = None)?;
        Ok(Response::new(conversation::RestoreNoteResponse { note }))
    }

    async fn list_note_versions(
        &self,
        request: Request<conversation::ListNoteVersionsRequest>,
    ) -> Result<Response<conversation::ListNoteVersionsResponse>, Status> {
        let (organization, _) = self.asked(&request)?;
        let held = self.held();
        let note = held.stories.notes.get(&(organization, request.into_inner().note_id));
        let note = note.ok_or_else(|| status(Fault::not_found("note")))?;
        let version = conversation::NoteVersion {
            text: note.text.clone(),
            at: note.created_at,
            member_id: note.member_id.clone(),
        };
        Ok(Response::new(conversation::ListNoteVersionsResponse { versions: vec![version] }))
    }

    async fn act_on_message(
        &self,
        request: Request<conversation::ActOnMessageRequest>,
    ) -> Result<Response<conversation::ActOnMessageResponse>, Status> {
        let (organization, member) = self.asked(&request)?;
        let asked = request.into_inner();
        let mut held = self.held();
        let message = held.messages.get_mut(&(organization, asked.message_id.clone()));
        let message = message.ok_or_else(|| status(Fault::not_found("message")))?;
        message.rev += 1;
        message.actions = vec![conversation::ActionOption {
            action: MessageAction::Unlike.into(),
            channel_id: asked.channel_id.clone(),
            available: true,
            ..conversation::ActionOption::default()
        }];
        message.acts = Some(conversation::Acts {
            liked: Some(conversation::Act {
                state: conversation::ActState::TurningOn.into(),
                channel_id: asked.channel_id,
                member_id: format!("mem_{}", member.simple()),
                ..conversation::Act::default()
            }),
            ..conversation::Acts::default()
        });
        let message = Some(message.clone());
        Ok(Response::new(conversation::ActOnMessageResponse { message }))
    }

    async fn delete_message(
        &self,
        request: Request<conversation::DeleteMessageRequest>,
    ) -> Result<Response<conversation::DeleteMessageResponse>, Status> {
        let (organization, _) = self.asked(&request)?;
        let held = self.held();
        let message = held.messages.get(&(organization, request.into_inner().message_id));
        let message = message.ok_or_else(|| status(Fault::not_found("message")))?;
        let message = Some(message.clone());
        Ok(Response::new(conversation::DeleteMessageResponse { message }))
    }

    async fn get_contact(
        &self,
        request: Request<conversation::GetContactRequest>,
    ) -> Result<Response<conversation::GetContactResponse>, Status> {
        let (organization, _) = self.asked(&request)?;
        let held = self.held();
        let contact = held.stories.contacts.get(&(organization, request.into_inner().contact_id));
        let contact = contact.ok_or_else(|| status(Fault::not_found("contact")))?;
        let rows = held.rows.iter().filter(|((of, _), _)| *of == organization);
        Ok(Response::new(conversation::GetContactResponse {
            contact: Some(contact.clone()),
            attributes: held.stories.known.clone(),
            conversations: rows.map(|(_, row)| row.clone()).collect(),
        }))
    }

    async fn set_contact_attribute(
        &self,
        request: Request<conversation::SetContactAttributeRequest>,
    ) -> Result<Response<conversation::SetContactAttributeResponse>, Status> {
        let (organization, member) = self.asked(&request)?;
        let asked = request.into_inner();
        let held = self.held();
        if !held.stories.contacts.contains_key(&(organization, asked.contact_id)) {
            return Err(status(Fault::not_found("contact")));
        }
        let attribute = Some(conversation::ContactAttribute {
            attribute_id: asked.attribute_id,
            value: asked.value,
            rev: asked.rev + 1,
            source: conversation::AttributeSource::Member.into(),
            edited_by_member_id: format!("mem_{}", member.simple()),
            edited_at: None,
        });
        Ok(Response::new(conversation::SetContactAttributeResponse { attribute }))
    }

    async fn set_contact_attributes(
        &self,
        _: Request<conversation::SetContactAttributesRequest>,
    ) -> Result<Response<conversation::SetContactAttributesResponse>, Status> {
        Err(Status::unimplemented("not played"))
    }

    async fn list_activity(
        &self,
        request: Request<conversation::ListActivityRequest>,
    ) -> Result<Response<conversation::ListActivityResponse>, Status> {
        let (organization, _) = self.asked(&request)?;
        let request = request.into_inner();
        self.row_of(organization, &request.conversation_id)?;
        let mut entries = self.held().stories.happened.clone();
        // As though what is older than the second did not fit.
        let older = if request.before == 0 { 2 } else { 0 };
        entries.retain(|entry| request.before == 0 || entry.sequence < request.before);
        Ok(Response::new(conversation::ListActivityResponse { entries, older }))
    }
}
