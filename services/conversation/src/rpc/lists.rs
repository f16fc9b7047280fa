//! The calls of `ListsService`: states of several, reminders, drafts, search, the index of a list.

use std::sync::Arc;

use kit_service::rpc::status;
use kit_store::Scope;
use kit_values::{Fault, now};
use prost::Message;
use proto::conversation::v1 as calls;
use proto::conversation::v1::lists_service_server::ListsService;
use tonic::{Request, Response, Status};

use super::{Conversations, asking};
use crate::app::{self, Answered, Deciding};
use crate::wire;

/// Most places of an index.
const LARGEST_INDEX: usize = 50_000;

/// Answers the calls.
#[derive(Debug, Clone)]
pub struct Lists(pub Arc<Conversations>);

/// An answer as it was kept.
fn read<M: Message + Default>(answered: &Answered) -> Result<M, Fault> {
    M::decode(answered.answer.as_slice()).map_err(Fault::internal)
}

fn answered<M>(outcome: Result<M, Fault>) -> Result<Response<M>, Status> {
    outcome.map(Response::new).map_err(status)
}

impl Lists {
    async fn change(
        &self,
        who: Deciding,
        call: calls::ChangeStatesRequest,
    ) -> Result<calls::ChangeStatesResponse, Fault> {
        let asked = wire::read_states(call)?;
        let deciding = who.clone();
        let answered = self
            .0
            .decide(&who, async move |transaction| {
                app::change_states(transaction, &deciding, &asked).await
            })
            .await?;
        read(&answered)
    }

    async fn remind(&self, who: Deciding, asked: wire::ReminderAsked) -> Result<Answered, Fault> {
        let deciding = who.clone();
        self.0
            .decide(&who, async move |transaction| {
                app::remind(transaction, &deciding, &asked).await
            })
            .await
    }

    async fn put(
        &self,
        who: Deciding,
        call: calls::PutDraftRequest,
    ) -> Result<calls::PutDraftResponse, Fault> {
        let draft = wire::read_draft(call.draft, who.now)?;
        let scope = Scope::from(who.organization);
        let stands = self
            .0
            .store
            .transaction_retrying(&scope, async move |transaction| {
                app::put_draft(transaction, &who, &draft).await
            })
            .await?;
        Ok(calls::PutDraftResponse { draft: stands.as_ref().map(wire::draft) })
    }

    async fn drop(
        &self,
        who: Deciding,
        call: calls::DropDraftRequest,
    ) -> Result<calls::DropDraftResponse, Fault> {
        let conversation = wire::id(&call.conversation_id, "a conversation")?;
        let mode = wire::read_mode(call.mode)?;
        let at = wire::read_written_at(call.written_at.as_ref(), who.now)?;
        let scope = Scope::from(who.organization);
        let stands = self
            .0
            .store
            .transaction_retrying(&scope, async move |transaction| {
                app::drop_draft(transaction, &who, conversation, mode, at).await
            })
            .await?;
        Ok(calls::DropDraftResponse { draft: stands.as_ref().map(wire::draft) })
    }
}

#[tonic::async_trait]
impl ListsService for Lists {
    async fn change_states(
        &self,
        request: Request<calls::ChangeStatesRequest>,
    ) -> Result<Response<calls::ChangeStatesResponse>, Status> {
        let who = self.0.deciding(&request)?;
        answered(self.change(who, request.into_inner()).await)
    }

    async fn set_reminder(
        &self,
        request: Request<calls::SetReminderRequest>,
    ) -> Result<Response<calls::SetReminderResponse>, Status> {
        let who = self.0.deciding(&request)?;
        let answer = async {
            let asked = wire::read_reminder(request.into_inner(), who.now)?;
            read(&self.remind(who, asked).await?)
        };
        answered(answer.await)
    }

    async fn cancel_reminder(
        &self,
        request: Request<calls::CancelReminderRequest>,
    ) -> Result<Response<calls::CancelReminderResponse>, Status> {
        let who = self.0.deciding(&request)?;
        let answer = async {
            let asked = wire::read_no_reminder(request.into_inner())?;
            read(&self.remind(who, asked).await?)
        };
        answered(answer.await)
    }

    async fn list_drafts(
        &self,
        request: Request<calls::ListDraftsRequest>,
    ) -> Result<Response<calls::ListDraftsResponse>, Status> {
        let who = self.0.deciding(&request)?;
        let scope = Scope::from(who.organization);
        let drafts = self
            .0
            .store
            .transaction(&scope, async move |transaction| app::drafts(transaction, &who).await)
            .await
            .map_err(status)?;
        let drafts = drafts.iter().map(wire::draft).collect();
        Ok(Response::new(calls::ListDraftsResponse { drafts }))
    }

    async fn put_draft(
        &self,
        request: Request<calls::PutDraftRequest>,
    ) -> Result<Response<calls::PutDraftResponse>, Status> {
        let who = self.0.deciding(&request)?;
        answered(self.put(who, request.into_inner()).await)
    }

    async fn drop_draft(
        &self,
        request: Request<calls::DropDraftRequest>,
    ) -> Result<Response<calls::DropDraftResponse>, Status> {
        let who = self.0.deciding(&request)?;
        answered(self.drop(who, request.into_inner()).await)
    }

    async fn search(
        &self,
        request: Request<calls::SearchRequest>,
    ) -> Result<Response<calls::SearchResponse>, Status> {
        let asking = asking(&request)?;
        let answer = async {
            let asked = wire::read_search(&request.into_inner())?;
            let found = self
                .0
                .store
                .with_fresh_plans()
                .transaction(&Scope::from(asking.organization), async |transaction| {
                    app::search(transaction, asking, &asked).await
                })
                .await?;
            Ok(wire::found(&asked, found))
        };
        answered(answer.await)
    }

    async fn get_index(
        &self,
        request: Request<calls::GetIndexRequest>,
    ) -> Result<Response<calls::GetIndexResponse>, Status> {
        let asking = asking(&request)?;
        let answer = async {
            let call = request.into_inner().list.unwrap_or_default();
            let asked = wire::read_list(&call, asking.member)?;
            let most = i64::try_from(LARGEST_INDEX + 1).unwrap_or(i64::MAX);
            let places = self
                .0
                .store
                .with_fresh_plans()
                .transaction(&Scope::from(asking.organization), async move |transaction| {
                    app::index(transaction, asking, &asked, most, now()).await
                })
                .await?;
            Ok(wire::index(places, LARGEST_INDEX))
        };
        answered(answer.await)
    }
}
