//! gRPC: a member's own notifications, through the gateway; parked events, for operators.

mod account_mail;
mod operator;
mod wanted;

use kit_bus::parked;
use kit_service::rpc::{admitted, status};
use kit_store::Store;
use kit_values::{Fault, OrganizationId, mint_uuid, now};
use proto::notification::v1 as pb;
use proto::notification::v1::notification_service_server::NotificationService;
use tonic::{Request, Response, Status};

use crate::app::{self, Read};
use crate::dispatch::Tools;
use crate::domain::{Equipment, MemberId, NotificationId, Seen};
use crate::push;
use crate::store::subscriptions::Asker;
use crate::store::{people, subscriptions, told};
use crate::wire;

/// Who looks after the installation.
const OPERATOR: &[&str] = &["operator"];

/// Most notifications of one page.
const MOST: i32 = 100;

/// The service behind the port.
pub struct Notifications {
    store: Store,
    tools: Tools,
}

impl Notifications {
    /// Over this store, with what sends.
    pub const fn new(store: Store, tools: Tools) -> Self {
        Self { store, tools }
    }

    const fn equipment(&self) -> Equipment {
        self.tools.equipment()
    }
}

/// Who asks; only a gateway, on behalf of a member.
fn member<T>(request: &Request<T>) -> Result<(OrganizationId, MemberId), Status> {
    let caller = admitted(request, &["gateway"])?;
    let organization = caller.organization().map_err(status)?;
    Ok((organization, MemberId::from_uuid(caller.member().map_err(status)?)))
}

/// An id in a request.
fn id<K: kit_values::Kind>(text: &str, field: &'static str) -> Result<kit_values::Id<K>, Status> {
    text.parse()
        .map_err(|_| status(Fault::invalid("invalid_id", field, "This is no id of such a thing.")))
}

impl Notifications {
    async fn preferences(
        &self,
        organization: OrganizationId,
        member: MemberId,
    ) -> Result<pb::NotificationPreferences, Fault> {
        let key = (organization, member);
        let (known, wishes, admins) = self
            .store
            .transaction(&organization.into(), async |transaction| {
                let known = people::preference(transaction, organization, member).await?;
                let wishes = people::wishes(transaction, &[key].into()).await?;
                let admins = people::admins(transaction, &[organization].into()).await?;
                Ok((known, wishes, admins))
            })
            .await?;
        let rows = wire::occasions(known.matrix, admins.contains(&key));
        let address = wishes.get(&key).filter(|it| it.reach.has_address);
        let address = address.map(|it| it.login.as_str()).unwrap_or_default();
        let can = self.equipment();
        let can = (can.push, can.mail);
        Ok(wire::preferences(rows, known.volume, known.rev, address, can))
    }
}

#[tonic::async_trait]
impl NotificationService for Notifications {
    async fn list_notifications(
        &self,
        request: Request<pb::ListNotificationsRequest>,
    ) -> Result<Response<pb::ListNotificationsResponse>, Status> {
        let (organization, member) = member(&request)?;
        let request = request.get_ref();
        let limit = if request.limit == 0 { MOST } else { request.limit.clamp(1, MOST) };
        let after = wanted::place(&request.after).map_err(status)?;
        let mut found = self
            .store
            .transaction(&organization.into(), async |transaction| {
                // One more tells whether there is a next page.
                let limit = i64::from(limit) + 1;
                let settled = request.settled;
                told::of_member(transaction, organization, member, settled, after, limit).await
            })
            .await
            .map_err(status)?;
        let is_last = found.len() <= usize::try_from(limit).unwrap_or_default();
        if !is_last {
            found.pop();
        }
        let next = found.last().filter(|_| !is_last).map(wanted::place_of).unwrap_or_default();
        let notifications = found.iter().map(wire::told).collect();
        Ok(Response::new(pb::ListNotificationsResponse { notifications, next }))
    }

    async fn mark_read(
        &self,
        request: Request<pb::MarkReadRequest>,
    ) -> Result<Response<pb::MarkReadResponse>, Status> {
        let (organization, member) = member(&request)?;
        let request = request.get_ref();
        let read = if request.all {
            Read::All
        } else if request.notification_id.is_empty() {
            Read::Conversation(id(&request.conversation_id, "conversation_id")?)
        } else {
            Read::One(id(&request.notification_id, "notification_id")?)
        };
        let equipment = self.equipment();
        self.store
            .transaction_retrying(&organization.into(), async |transaction| {
                app::mark_read(transaction, organization, member, read, equipment, now()).await
            })
            .await
            .map_err(status)?;
        Ok(Response::new(pb::MarkReadResponse {}))
    }

    async fn get_preferences(
        &self,
        request: Request<pb::GetPreferencesRequest>,
    ) -> Result<Response<pb::GetPreferencesResponse>, Status> {
        let (organization, member) = member(&request)?;
        let preferences = self.preferences(organization, member).await.map_err(status)?;
        Ok(Response::new(pb::GetPreferencesResponse { preferences: Some(preferences) }))
    }

    async fn put_preferences(
        &self,
        request: Request<pb::PutPreferencesRequest>,
    ) -> Result<Response<pb::PutPreferencesResponse>, Status> {
        let (organization, member) = member(&request)?;
        let request = request.get_ref();
        let chosen = wire::asked(&request.wishes).ok_or_else(|| {
            let sentence = "This names an event or a means that there is not.";
            status(Fault::invalid("unknown_choice", "matrix", sentence))
        })?;
        let volume = i16::try_from(request.volume).unwrap_or(-1);
        self.store
            .transaction_retrying(&organization.into(), async |transaction| {
                app::choose(transaction, organization, member, &chosen, volume, request.rev).await
            })
            .await
            .map_err(status)?;
        let preferences = self.preferences(organization, member).await.map_err(status)?;
        Ok(Response::new(pb::PutPreferencesResponse { preferences: Some(preferences) }))
    }

    async fn test(
        &self,
        request: Request<pb::TestRequest>,
    ) -> Result<Response<pb::TestResponse>, Status> {
        let (organization, member) = member(&request)?;
        let means = wanted::means(request.get_ref().means())?;
        let equipment = self.equipment();
        let told = self
            .store
            .transaction_retrying(&organization.into(), async |transaction| {
                app::test(transaction, organization, member, means, equipment, now()).await
            })
            .await
            .map_err(status)?;
        Ok(Response::new(pb::TestResponse { notification: Some(wire::told(&told)) }))
    }

    async fn record_outcome(
        &self,
        request: Request<pb::RecordOutcomeRequest>,
    ) -> Result<Response<pb::RecordOutcomeResponse>, Status> {
        let (organization, member) = member(&request)?;
        let request = request.get_ref();
        let notification: NotificationId = id(&request.notification_id, "notification_id")?;
        let outcome = wire::outcome_of(request).ok_or_else(|| {
            let sentence = "A browser says that something was shown, opened, or not.";
            status(Fault::invalid("outcome", "outcome", sentence))
        })?;
        let means = wanted::means(request.means())?;
        let reason = wanted::reason(&request.reason).map_err(status)?;
        let rev = request.rev;
        let seen = Seen { means, outcome, reason, at: now() };
        self.store
            .transaction_retrying(&organization.into(), async |transaction| {
                let which = (notification, rev);
                app::record(transaction, organization, member, which, seen.clone()).await
            })
            .await
            .map_err(status)?;
        Ok(Response::new(pb::RecordOutcomeResponse {}))
    }

    async fn get_push_key(
        &self,
        request: Request<pb::GetPushKeyRequest>,
    ) -> Result<Response<pb::GetPushKeyResponse>, Status> {
        member(&request)?;
        let key = self.tools.pusher.as_ref().map(|pusher| pusher.public_key().to_owned());
        Ok(Response::new(pb::GetPushKeyResponse { public_key: key.unwrap_or_default() }))
    }

    async fn put_push_subscription(
        &self,
        request: Request<pb::PutPushSubscriptionRequest>,
    ) -> Result<Response<pb::PutPushSubscriptionResponse>, Status> {
        let (organization, member) = member(&request)?;
        let pb::PutPushSubscriptionRequest { endpoint, p256dh, auth, session, session_epoch } =
            request.into_inner();
        let asker = Asker { member, session, epoch: session_epoch };
        let subscription = push::subscription(endpoint, &p256dh, &auth).map_err(status)?;
        let new = mint_uuid();
        self.store
            .transaction_retrying(&organization.into(), async |transaction| {
                let now = now();
                subscriptions::add(transaction, organization, &asker, new, &subscription, now).await
            })
            .await
            .map_err(status)?;
        Ok(Response::new(pb::PutPushSubscriptionResponse {}))
    }

    async fn remove_push_subscription(
        &self,
        request: Request<pb::RemovePushSubscriptionRequest>,
    ) -> Result<Response<pb::RemovePushSubscriptionResponse>, Status> {
        let (organization, member) = member(&request)?;
        let endpoint = &request.get_ref().endpoint;
        self.store
            .transaction(&organization.into(), async |transaction| {
                subscriptions::remove(transaction, organization, member, endpoint).await
            })
            .await
            .map_err(status)?;
        Ok(Response::new(pb::RemovePushSubscriptionResponse {}))
    }

    async fn end_push_session(
        &self,
        request: Request<pb::EndPushSessionRequest>,
    ) -> Result<Response<pb::EndPushSessionResponse>, Status> {
        let (organization, member) = member(&request)?;
        let session = &request.get_ref().session;
        // Without a name it would be every browser that an older release kept.
        if !session.is_empty() {
            self.store
                .transaction_retrying(&organization.into(), async |transaction| {
                    subscriptions::end_session(transaction, organization, member, session).await
                })
                .await
                .map_err(status)?;
        }
        Ok(Response::new(pb::EndPushSessionResponse {}))
    }

    async fn send_account_mail(
        &self,
        request: Request<pb::SendAccountMailRequest>,
    ) -> Result<Response<pb::SendAccountMailResponse>, Status> {
        admitted(&request, &["gateway"])?;
        let sent = account_mail::send(&self.tools, request.get_ref()).await.map_err(status)?;
        Ok(Response::new(pb::SendAccountMailResponse {
            sent: sent.is_ok(),
            reason: sent.err().unwrap_or_default().to_owned(),
        }))
    }

    async fn list_parked(
        &self,
        request: Request<pb::ListParkedRequest>,
    ) -> Result<Response<pb::ListParkedResponse>, Status> {
        let of = admitted(&request, OPERATOR)?.organization;
        let asked = request.get_ref();
        let found = parked::list(&self.store, of, &asked.after, asked.limit).await;
        let parked = found.map_err(status)?.iter().map(operator::parked).collect();
        Ok(Response::new(pb::ListParkedResponse { parked }))
    }

    async fn show_parked(
        &self,
        request: Request<pb::ShowParkedRequest>,
    ) -> Result<Response<pb::ShowParkedResponse>, Status> {
        let of = admitted(&request, OPERATOR)?.organization;
        let found = parked::show(&self.store, of, &request.get_ref().parked_id).await;
        let found = found.map_err(status)?;
        let parked = Some(operator::parked(&found));
        Ok(Response::new(pb::ShowParkedResponse { parked, payload: found.what.payload }))
    }

    async fn replay_parked(
        &self,
        request: Request<pb::ReplayParkedRequest>,
    ) -> Result<Response<pb::ReplayParkedResponse>, Status> {
        let of = admitted(&request, OPERATOR)?.organization;
        let asked = request.into_inner().parked_ids;
        let again = |found| self.replay_one(found);
        let results = parked::replay(&self.store, of, asked, again).await.map_err(status)?;
        let results = results.into_iter().map(operator::replayed).collect();
        Ok(Response::new(pb::ReplayParkedResponse { results }))
    }
}
