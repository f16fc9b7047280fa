//! The calls of `StoryService`: notes, what is done to messages, contacts, activity.

use std::sync::Arc;

use kit_service::rpc::{admitted, caller, status};
use kit_store::Scope;
use kit_values::{Fault, Kind};
use prost::Message;
use proto::conversation::v1 as calls;
use proto::conversation::v1::story_service_server::StoryService;
use tonic::{Request, Response, Status};

use super::{Conversations, OPERATOR, known_forms, organization};
use crate::app::{self, Answered, Deciding};
use crate::domain::note;
use crate::domain::words::{ActionId, NoteId};
use crate::wire;

/// Notes in one call.
const MOST_NOTES: usize = 200;

/// Answers the calls.
#[derive(Debug, Clone)]
pub struct Stories(pub Arc<Conversations>);

/// An id in a call.
fn id<K: Kind>(text: &str, what: &str) -> Result<kit_values::Id<K>, Fault> {
    wire::id(text, what)
}

/// An answer as it was kept.
fn read<M: Message + Default>(answered: &Answered) -> Result<M, Fault> {
    M::decode(answered.answer.as_slice()).map_err(Fault::internal)
}

fn answered<M>(outcome: Result<M, Fault>) -> Result<Response<M>, Status> {
    outcome.map(Response::new).map_err(status)
}

impl Stories {
    async fn change(
        &self,
        who: Deciding,
        note: &str,
        asked: note::Asked,
    ) -> Result<calls::Note, Fault> {
        let note: NoteId = id(note, "a note")?;
        let deciding = who.clone();
        let after = self
            .0
            .decide(&who, async move |transaction| {
                app::change_note(transaction, &deciding, note, &asked).await
            })
            .await?;
        Ok(wire::note(&after, true))
    }

    async fn write(
        &self,
        who: Deciding,
        call: calls::WriteNoteRequest,
    ) -> Result<calls::WriteNoteResponse, Fault> {
        let asked = wire::read_note(call)?;
        let (deciding, note) = (who.clone(), NoteId::mint());
        let answered = self
            .0
            .decide(&who, async move |transaction| {
                app::write_note(transaction, &deciding, &asked, note).await
            })
            .await?;
        read(&answered)
    }

    async fn act(
        &self,
        who: Deciding,
        call: calls::ActOnMessageRequest,
    ) -> Result<calls::ActOnMessageResponse, Fault> {
        let asked = wire::read_action(call)?;
        let (deciding, action) = (who.clone(), ActionId::mint());
        let answered = self
            .0
            .decide(&who, async move |transaction| {
                app::act_on_message(transaction, &deciding, &asked, action).await
            })
            .await?;
        read(&answered)
    }

    async fn delete(
        &self,
        who: Deciding,
        call: calls::DeleteMessageRequest,
    ) -> Result<calls::DeleteMessageResponse, Fault> {
        let asked = wire::read_deletion(call)?;
        let (deciding, action) = (who.clone(), ActionId::mint());
        let answered = self
            .0
            .decide(&who, async move |transaction| {
                app::act_on_message(transaction, &deciding, &asked, action).await
            })
            .await?;
        let answer: calls::ActOnMessageResponse = read(&answered)?;
        Ok(calls::DeleteMessageResponse { message: answer.message })
    }
}

#[tonic::async_trait]
impl StoryService for Stories {
    async fn list_notes(
        &self,
        request: Request<calls::ListNotesRequest>,
    ) -> Result<Response<calls::ListNotesResponse>, Status> {
        let who = self.0.deciding(&request)?;
        let asked = request.into_inner().conversation_id;
        let answer = async {
            let conversation = id(&asked, "a conversation")?;
            let scope = Scope::from(who.organization);
            self.0
                .store
                .transaction(&scope, async move |transaction| {
                    app::list_notes(transaction, &who, conversation).await
                })
                .await
        };
        let notes = answer.await.map(|notes| {
            notes.iter().map(|(note, may_change)| wire::note(note, *may_change)).collect()
        });
        answered(notes.map(|notes| calls::ListNotesResponse { notes }))
    }

    async fn get_notes(
        &self,
        request: Request<calls::GetNotesRequest>,
    ) -> Result<Response<calls::GetNotesResponse>, Status> {
        let organization = organization(&request)?;
        let asked = request.into_inner().note_ids;
        let answer = async {
            let ids = known_forms(&asked, MOST_NOTES, "note_ids")?;
            self.0
                .store
                .transaction(&Scope::from(organization), async move |transaction| {
                    app::notes(transaction, organization, &ids).await
                })
                .await
        };
        let notes =
            answer.await.map(|notes| notes.iter().map(|one| wire::note(one, false)).collect());
        answered(notes.map(|notes| calls::GetNotesResponse { notes }))
    }

    async fn write_note(
        &self,
        request: Request<calls::WriteNoteRequest>,
    ) -> Result<Response<calls::WriteNoteResponse>, Status> {
        let who = self.0.deciding(&request)?;
        answered(self.write(who, request.into_inner()).await)
    }

    async fn change_note(
        &self,
        request: Request<calls::ChangeNoteRequest>,
    ) -> Result<Response<calls::ChangeNoteResponse>, Status> {
        let who = self.0.deciding(&request)?;
        let call = request.into_inner();
        let outcome = async {
            let text = wire::note_text(call.text)?;
            self.change(who, &call.note_id, note::Asked::Change { text, rev: call.rev }).await
        };
        answered(outcome.await.map(|note| calls::ChangeNoteResponse { note: Some(note) }))
    }

    async fn delete_note(
        &self,
        request: Request<calls::DeleteNoteRequest>,
    ) -> Result<Response<calls::DeleteNoteResponse>, Status> {
        let who = self.0.deciding(&request)?;
        let note = self.change(who, &request.into_inner().note_id, note::Asked::Delete).await;
        answered(note.map(|note| calls::DeleteNoteResponse { note: Some(note) }))
    }

    async fn restore_note(
        &self,
        request: Request<calls::RestoreNoteRequest>,
    ) -> Result<Response<calls::RestoreNoteResponse>, Status> {
        let who = self.0.deciding(&request)?;
        let note = self.change(who, &request.into_inner().note_id, note::Asked::Restore).await;
        answered(note.map(|note| calls::RestoreNoteResponse { note: Some(note) }))
    }

    async fn list_note_versions(
        &self,
        request: Request<calls::ListNoteVersionsRequest>,
    ) -> Result<Response<calls::ListNoteVersionsResponse>, Status> {
        let who = self.0.deciding(&request)?;
        let asked = request.into_inner().note_id;
        let answer = async {
            let note = id(&asked, "a note")?;
            let scope = Scope::from(who.organization);
            self.0
                .store
                .transaction(&scope, async move |transaction| {
                    app::note_versions(transaction, &who, note).await
                })
                .await
        };
        let versions = answer.await.map(|all| all.into_iter().map(wire::note_version).collect());
        answered(versions.map(|versions| calls::ListNoteVersionsResponse { versions }))
    }

    async fn act_on_message(
        &self,
        request: Request<calls::ActOnMessageRequest>,
    ) -> Result<Response<calls::ActOnMessageResponse>, Status> {
        let who = self.0.deciding(&request)?;
        answered(self.act(who, request.into_inner()).await)
    }

    async fn delete_message(
        &self,
        request: Request<calls::DeleteMessageRequest>,
    ) -> Result<Response<calls::DeleteMessageResponse>, Status> {
        let who = self.0.deciding(&request)?;
        answered(self.delete(who, request.into_inner()).await)
    }

    async fn get_contact(
        &self,
        request: Request<calls::GetContactRequest>,
    ) -> Result<Response<calls::GetContactResponse>, Status> {
        let who = self.0.deciding(&request)?;
        let asked = request.into_inner().contact_id;
        let answer = async {
            let contact = id(&asked, "a contact")?;
            let scope = Scope::from(who.organization);
            self.0
                .store
                .transaction(&scope, async move |transaction| {
                    app::contact(transaction, &who, contact).await
                })
                .await
        };
        answered(answer.await.map(wire::contact_card))
    }

    async fn set_contact_attribute(
        &self,
        request: Request<calls::SetContactAttributeRequest>,
    ) -> Result<Response<calls::SetContactAttributeResponse>, Status> {
        let who = self.0.deciding(&request)?;
        let call = request.into_inner();
        let outcome = async {
            let asked = wire::read_attribute(call)?;
            let deciding = who.clone();
            self.0
                .decide(&who, async move |transaction| {
                    app::set_attribute(transaction, &deciding, &asked).await
                })
                .await
        };
        let attribute = outcome.await.map(|known| Some(wire::attribute(&known)));
        answered(attribute.map(|attribute| calls::SetContactAttributeResponse { attribute }))
    }

    async fn set_contact_attributes(
        &self,
        request: Request<calls::SetContactAttributesRequest>,
    ) -> Result<Response<calls::SetContactAttributesResponse>, Status> {
        let caller = admitted(&request, OPERATOR)?;
        let organization = caller.organization().map_err(status)?;
        let call = request.into_inner();
        let outcome = async {
            let asked = wire::read_known(organization, call)?;
            let now = kit_values::now();
            self.0
                .store
                .transaction_retrying(&Scope::from(organization), async move |transaction| {
                    app::set_known(transaction, &asked, now).await
                })
                .await
        };
        answered(outcome.await.map(|(contact, refused)| calls::SetContactAttributesResponse {
            contact_id: contact.to_string(),
            refused: refused.into_iter().map(|(name, code)| (name, code.to_owned())).collect(),
        }))
    }

    async fn list_activity(
        &self,
        request: Request<calls::ListActivityRequest>,
    ) -> Result<Response<calls::ListActivityResponse>, Status> {
        // Anybody else than the gateway has no member.
        caller(&request)?;
        let who = self.0.deciding(&request)?;
        let asked = request.into_inner();
        let before = Some(asked.before).filter(|place| *place > 0);
        let answer = async {
            let conversation = id(&asked.conversation_id, "a conversation")?;
            let scope = Scope::from(who.organization);
            self.0
                .store
                .transaction(&scope, async move |transaction| {
                    app::activity(transaction, &who, conversation, before).await
                })
                .await
        };
        answered(answer.await.map(|(rows, older)| calls::ListActivityResponse {
            entries: rows.iter().map(wire::activity).collect(),
            older: older.unwrap_or_default(),
        }))
    }
}
