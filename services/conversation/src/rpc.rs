//! The calls of `ConversationService`. Each sees the organization of its caller's token and no
//! other: ids of another one are not found.

mod lists;
mod member;
mod operator;
mod story;

use kit_bus::parked;
use kit_service::rpc::{admitted, caller, status};
use kit_store::{Scope, Store, Transaction};
use kit_values::{Fault, Id, Kind, OrganizationId, now};
use proto::conversation::v1 as calls;
use proto::conversation::v1::conversation_service_server::ConversationService;
use tonic::{Request, Response, Status};

use crate::app::{self, Asking};
use crate::consume::{Deliveries, Inbound};
use crate::domain::policy::Policy;
use crate::domain::view::{MessageRow, Row};
use crate::domain::words::MemberId;
use crate::links::Shortener;
use crate::sweep::Dirty;
use crate::wire;

pub use lists::Lists;
pub use story::Stories;

/// Rows of a page when the caller does not say, and at most.
const PAGE: i64 = 50;
const LARGEST_PAGE: i64 = 200;

/// Standings of a page when the caller does not say, and at most.
const STANDINGS: i64 = 500;

/// Ids in one call.
const MOST_CONVERSATIONS: usize = 200;
const MOST_MESSAGES: usize = 500;

/// Answers the calls.
#[derive(Debug)]
pub struct Conversations {
    /// Where everything is.
    pub store: Store,
    /// Applies what comes from ingest: for replays.
    pub inbound: Inbound,
    /// Applies what comes from delivery: for replays.
    pub deliveries: Deliveries,
    /// Shortens addresses.
    pub shortener: Shortener,
    /// The settings that decisions use.
    pub policy: Policy,
    /// Whose counts have deltas to fold.
    pub(crate) dirty: Dirty,
}

/// Services that may read conversations on behalf of a member.
const READERS: [&str; 2] = ["gateway", "operator"];

/// Who looks after the installation.
const OPERATOR: &[&str] = &["operator"];

/// Whose conversations a call is about.
fn organization<T>(request: &Request<T>) -> Result<OrganizationId, Status> {
    asking(request).map(|asking| asking.organization)
}

/// Who asks: the member of the token, or a service for everybody.
fn asking<T>(request: &Request<T>) -> Result<Asking, Status> {
    let caller = caller(request)?;
    let organization =
        caller.require_service(&READERS).and_then(|()| caller.organization()).map_err(status)?;
    Ok(Asking { organization, member: caller.member.map(MemberId::from_uuid) })
}

fn limit(asked: i32) -> Result<i64, Fault> {
    match i64::from(asked) {
        0 => Ok(PAGE),
        asked @ 1..=LARGEST_PAGE => Ok(asked),
        _ => Err(Fault::invalid("limit_out_of_range", "limit", "Ask for 1 to 200 rows.")),
    }
}

/// Ids that could be ours; any other is as unknown as one of another organization.
fn known_forms<K: Kind>(
    texts: &[String],
    most: usize,
    field: &'static str,
) -> Result<Vec<Id<K>>, Fault> {
    if texts.len() > most {
        let sentence = format!("Ask for at most {most} at a time.");
        return Err(Fault::invalid("too_many_ids", field, sentence));
    }
    Ok(texts.iter().filter_map(|text| text.parse().ok()).collect())
}

/// Messages, each with the ways to answer it.
async fn answered(
    transaction: &Transaction,
    organization: OrganizationId,
    rows: Vec<MessageRow>,
) -> Result<Vec<calls::Message>, Fault> {
    let rows = app::with_deeds(transaction, organization, rows, now()).await?;
    let answers = app::answers_to(transaction, organization, &rows, now()).await?;
    let of = |row: &MessageRow| answers.get(&row.message).map_or(&[][..], Vec::as_slice);
    Ok(rows
        .into_iter()
        .map(|row| {
            let answers = of(&row);
            wire::message(row, answers)
        })
        .collect())
}

#[tonic::async_trait]
impl ConversationService for Conversations {
    async fn find_links(
        &self,
        request: Request<calls::FindLinksRequest>,
    ) -> Result<Response<calls::FindLinksResponse>, Status> {
        organization(&request)?;
        let links = crate::wire::found_links(&request.get_ref().text).map_err(status)?;
        Ok(Response::new(calls::FindLinksResponse { links }))
    }

    async fn accept_reply(
        &self,
        request: Request<calls::AcceptReplyRequest>,
    ) -> Result<Response<calls::AcceptReplyResponse>, Status> {
        let who = self.deciding(&request)?;
        self.accept(who, request.into_inner()).await.map(Response::new).map_err(status)
    }

    async fn retry_reply(
        &self,
        request: Request<calls::RetryReplyRequest>,
    ) -> Result<Response<calls::RetryReplyResponse>, Status> {
        let who = self.deciding(&request)?;
        self.retry(who, request.into_inner()).await.map(Response::new).map_err(status)
    }

    async fn settle_reply(
        &self,
        request: Request<calls::SettleReplyRequest>,
    ) -> Result<Response<calls::SettleReplyResponse>, Status> {
        let who = self.deciding(&request)?;
        self.settle(who, request.into_inner()).await.map(Response::new).map_err(status)
    }

    async fn change_state(
        &self,
        request: Request<calls::ChangeStateRequest>,
    ) -> Result<Response<calls::ChangeStateResponse>, Status> {
        let who = self.deciding(&request)?;
        self.change(who, request.into_inner()).await.map(Response::new).map_err(status)
    }

    async fn acquire_lock(
        &self,
        request: Request<calls::AcquireLockRequest>,
    ) -> Result<Response<calls::AcquireLockResponse>, Status> {
        let who = self.deciding(&request)?;
        self.acquire(who, request.into_inner()).await.map(Response::new).map_err(status)
    }

    async fn release_lock(
        &self,
        request: Request<calls::ReleaseLockRequest>,
    ) -> Result<Response<calls::ReleaseLockResponse>, Status> {
        let who = self.deciding(&request)?;
        self.release(who, request.into_inner()).await.map(Response::new).map_err(status)
    }

    async fn get_outbound(
        &self,
        request: Request<calls::GetOutboundRequest>,
    ) -> Result<Response<calls::GetOutboundResponse>, Status> {
        let caller = caller(&request)?;
        let organization = caller
            .require_service(&["delivery", "operator"])
            .and_then(|()| caller.organization())
            .map_err(status)?;
        let asked = request.into_inner().message_ids;
        let answer = async {
            let ids = known_forms(&asked, MOST_CONVERSATIONS, "message_ids")?;
            self.store
                .transaction(&Scope::from(organization), async move |transaction| {
                    app::outbound(transaction, organization, &ids).await
                })
                .await
        };
        let found = answer.await.map_err(status)?;
        let outbound = found.into_iter().map(wire::outbound).collect();
        Ok(Response::new(calls::GetOutboundResponse { outbound }))
    }

    async fn list_conversations(
        &self,
        request: Request<calls::ListConversationsRequest>,
    ) -> Result<Response<calls::ListConversationsResponse>, Status> {
        let asking = asking(&request)?;
        let call = request.into_inner();
        let answer = async {
            let limit = limit(call.limit)?;
            let asked = wire::read_list(&call, asking.member)?;
            let after = wire::read_list_cursor(&call.after, asked.sort)?;
            self.store
                .with_fresh_plans()
                .transaction(&Scope::from(asking.organization), async move |transaction| {
                    app::list_conversations(transaction, asking, &asked, after, limit, now()).await
                })
                .await
        };
        let (rows, next) = answer.await.map_err(status)?;
        Ok(Response::new(calls::ListConversationsResponse {
            rows: rows.into_iter().map(|row| wire::row(row, &[])).collect(),
            next: next.as_ref().map(wire::list_cursor).unwrap_or_default(),
        }))
    }

    async fn get_conversations(
        &self,
        request: Request<calls::GetConversationsRequest>,
    ) -> Result<Response<calls::GetConversationsResponse>, Status> {
        let asking = asking(&request)?;
        let organization = asking.organization;
        let asked = request.into_inner().conversation_ids;
        let answer = async {
            let ids = known_forms(&asked, MOST_CONVERSATIONS, "conversation_ids")?;
            self.store
                .transaction(&Scope::from(organization), async move |transaction| {
                    let rows = app::conversations(transaction, asking, &ids).await?;
                    // One that is asked for alone is open on somebody's screen.
                    let answers = match (&ids[..], &rows[..]) {
                        ([_], [Row { conversation, absorbed_into: None, .. }]) => {
                            app::answers_of(transaction, organization, *conversation, now()).await?
                        }
                        _ => Vec::new(),
                    };
                    Ok((rows, answers))
                })
                .await
        };
        let (rows, answers) = answer.await.map_err(status)?;
        Ok(Response::new(calls::GetConversationsResponse {
            rows: rows.into_iter().map(|row| wire::row(row, &answers)).collect(),
        }))
    }

    async fn list_messages(
        &self,
        request: Request<calls::ListMessagesRequest>,
    ) -> Result<Response<calls::ListMessagesResponse>, Status> {
        let asking = asking(&request)?;
        let organization = asking.organization;
        let asked = request.into_inner();
        let answer = async {
            let conversation = wire::id(&asked.conversation_id, "a conversation")?;
            let before = wire::read_message_cursor(&asked.before)?;
            let limit = limit(asked.limit)?;
            self.store
                .transaction(&Scope::from(organization), async move |transaction| {
                    let page = app::list_messages(transaction, asking, conversation, before, limit)
                        .await?;
                    let messages = answered(transaction, organization, page.messages).await?;
                    Ok((messages, page.older))
                })
                .await
        };
        let (messages, older) = answer.await.map_err(status)?;
        Ok(Response::new(calls::ListMessagesResponse {
            messages,
            older: older.as_ref().map(wire::message_cursor).unwrap_or_default(),
        }))
    }

    async fn get_messages(
        &self,
        request: Request<calls::GetMessagesRequest>,
    ) -> Result<Response<calls::GetMessagesResponse>, Status> {
        let asking = asking(&request)?;
        let organization = asking.organization;
        let asked = request.into_inner().message_ids;
        let answer = async {
            let ids = known_forms(&asked, MOST_MESSAGES, "message_ids")?;
            self.store
                .transaction(&Scope::from(organization), async move |transaction| {
                    let rows = app::messages(transaction, asking, &ids).await?;
                    answered(transaction, organization, rows).await
                })
                .await
        };
        let messages = answer.await.map_err(status)?;
        Ok(Response::new(calls::GetMessagesResponse { messages }))
    }

    async fn get_counts(
        &self,
        request: Request<calls::GetCountsRequest>,
    ) -> Result<Response<calls::GetCountsResponse>, Status> {
        let asking = asking(&request)?;
        let organization = asking.organization;
        let counts = self
            .store
            .with_fresh_plans()
            .transaction(&Scope::from(organization), async move |transaction| {
                app::counts(transaction, asking, now()).await
            })
            .await
            .map_err(status)?;
        Ok(Response::new(calls::GetCountsResponse { counts: Some(wire::counts(counts)) }))
    }

    async fn list_history(
        &self,
        request: Request<calls::ListHistoryRequest>,
    ) -> Result<Response<calls::ListHistoryResponse>, Status> {
        let asking = asking(&request)?;
        let organization = asking.organization;
        let asked = request.into_inner().conversation_id;
        let answer = async {
            let conversation = wire::id(&asked, "a conversation")?;
            self.store
                .transaction(&Scope::from(organization), async move |transaction| {
                    app::history(transaction, asking, conversation).await
                })
                .await
        };
        let rows = answer.await.map_err(status)?;
        Ok(Response::new(calls::ListHistoryResponse {
            entries: rows.iter().map(wire::history_entry).collect(),
        }))
    }

    async fn list_standings(
        &self,
        request: Request<calls::ListStandingsRequest>,
    ) -> Result<Response<calls::ListStandingsResponse>, Status> {
        let caller = caller(&request)?;
        let organization = caller
            .require_service(&["routing"])
            .and_then(|()| caller.organization())
            .map_err(status)?;
        let asked = request.into_inner();
        let answer = async {
            let limit = match i64::from(asked.limit) {
                0 => STANDINGS,
                asked @ 1..=STANDINGS => asked,
                _ => {
                    let sentence = "Ask for 1 to 500 standings.";
                    return Err(Fault::invalid("limit_out_of_range", "limit", sentence));
                }
            };
            let after = wire::read_standing_cursor(&asked.after)?;
            self.store
                .transaction(&Scope::from(organization), async move |transaction| {
                    app::standings(transaction, organization, after, limit).await
                })
                .await
        };
        let (standings, next) = answer.await.map_err(status)?;
        Ok(Response::new(calls::ListStandingsResponse {
            standings: standings.iter().map(wire::stands).collect(),
            next: next.map(wire::standing_cursor).unwrap_or_default(),
        }))
    }

    async fn get_event_outcomes(
        &self,
        request: Request<calls::GetEventOutcomesRequest>,
    ) -> Result<Response<calls::GetEventOutcomesResponse>, Status> {
        let caller = admitted(&request, OPERATOR)?;
        let asked = request.into_inner().event_ids;
        let outcomes = self.outcomes(&caller, &asked).await.map_err(status)?;
        Ok(Response::new(calls::GetEventOutcomesResponse { outcomes }))
    }

    async fn list_parked(
        &self,
        request: Request<calls::ListParkedRequest>,
    ) -> Result<Response<calls::ListParkedResponse>, Status> {
        let of = admitted(&request, OPERATOR)?.organization;
        let asked = request.get_ref();
        let found = parked::list(&self.store, of, &asked.after, asked.limit).await;
        let parked = found.map_err(status)?.iter().map(operator::parked).collect();
        Ok(Response::new(calls::ListParkedResponse { parked }))
    }

    async fn show_parked(
        &self,
        request: Request<calls::ShowParkedRequest>,
    ) -> Result<Response<calls::ShowParkedResponse>, Status> {
        let of = admitted(&request, OPERATOR)?.organization;
        let found = parked::show(&self.store, of, &request.get_ref().parked_id).await;
        let found = found.map_err(status)?;
        let parked = Some(operator::parked(&found));
        Ok(Response::new(calls::ShowParkedResponse { parked, payload: found.what.payload }))
    }

    async fn replay_parked(
        &self,
        request: Request<calls::ReplayParkedRequest>,
    ) -> Result<Response<calls::ReplayParkedResponse>, Status> {
        let of = admitted(&request, OPERATOR)?.organization;
        let asked = request.into_inner().parked_ids;
        let again = |found| self.replay_one(found);
        let results = parked::replay(&self.store, of, asked, again).await.map_err(status)?;
        let results = results.into_iter().map(operator::replayed).collect();
        Ok(Response::new(calls::ReplayParkedResponse { results }))
    }
}
