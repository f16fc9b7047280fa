//! Notifications: what a member is told, and by which means.

use kit_service::rpc::{self, Channel, Client};
use kit_service::{Caller, Identity, Peer};
use kit_values::Fault;
use proto::notification::v1 as notification;
use proto::notification::v1::notification_service_client::NotificationServiceClient;

use super::{DEADLINE, incomplete};
use crate::domain::{ConversationId, NotificationId};
use crate::wire::from_proto::notifications as from_proto;
use crate::wire::{from_proto as words, rest};

/// How many notifications a page has unless it is said.
const PAGE: i32 = 50;

/// Notifications.
#[derive(Clone)]
pub struct Notifications(NotificationServiceClient<Channel>);

/// What a member has read.
#[derive(Debug, Clone, Copy)]
pub enum Read {
    /// A conversation.
    Conversation(ConversationId),
    /// A notification that is about none.
    One(NotificationId),
    /// Everything.
    All,
}

impl Notifications {
    /// At this address; connected when first used.
    ///
    /// # Errors
    /// Invalid when it is no address.
    pub fn new(peer: &Peer, identity: Identity) -> Result<Self, Fault> {
        let channel = Client::connect(peer, identity, "notification")?;
        Ok(Self(NotificationServiceClient::new(channel)))
    }

    /// A page of the member's own, the newest first.
    pub async fn list(
        &self,
        caller: &Caller,
        wanted: rest::NotificationsWanted,
    ) -> Result<rest::Notifications, Fault> {
        let message = notification::ListNotificationsRequest {
            settled: wanted.settled,
            limit: wanted.limit.unwrap_or(PAGE),
            after: wanted.after.unwrap_or_default(),
        };
        let request = rpc::request(message, caller, DEADLINE);
        let answer = self.0.clone().list_notifications(request).await.map_err(rpc::fault)?;
        let answer = answer.into_inner();
        let notifications = answer.notifications.into_iter().map(from_proto::notification);
        Ok(rest::Notifications {
            notifications: notifications.collect::<Result<_, _>>()?,
            next: words::filled(answer.next),
        })
    }

    /// The member has read something.
    pub async fn read(&self, caller: &Caller, read: Read) -> Result<(), Fault> {
        let mut message = notification::MarkReadRequest::default();
        match read {
            Read::Conversation(id) => message.conversation_id = id.to_string(),
            Read::One(id) => message.notification_id = id.to_string(),
            Read::All => message.all = true,
        }
        let request = rpc::request(message, caller, DEADLINE);
        self.0.clone().mark_read(request).await.map_err(rpc::fault)?;
        Ok(())
    }

    /// What the member wants to be told.
    pub async fn preferences(
        &self,
        caller: &Caller,
    ) -> Result<rest::NotificationPreferences, Fault> {
        let request = rpc::request(notification::GetPreferencesRequest {}, caller, DEADLINE);
        let answer = self.0.clone().get_preferences(request).await.map_err(rpc::fault)?;
        let preferences = answer.into_inner().preferences.ok_or_else(incomplete)?;
        Ok(from_proto::preferences(preferences))
    }

    /// What the member wants to be told from now on.
    pub async fn choose(
        &self,
        caller: &Caller,
        wanted: rest::NotificationPreferencesWanted,
    ) -> Result<rest::NotificationPreferences, Fault> {
        let request = rpc::request(from_proto::chosen(wanted), caller, DEADLINE);
        let answer = self.0.clone().put_preferences(request).await.map_err(rpc::fault)?;
        let preferences = answer.into_inner().preferences.ok_or_else(incomplete)?;
        Ok(from_proto::preferences(preferences))
    }

    /// A notification to oneself.
    pub async fn test(
        &self,
        caller: &Caller,
        means: rest::Means,
    ) -> Result<rest::CentreNotification, Fault> {
        let message = notification::TestRequest { means: from_proto::means(means).into() };
        let request = rpc::request(message, caller, DEADLINE);
        let answer = self.0.clone().test(request).await.map_err(rpc::fault)?;
        from_proto::notification(answer.into_inner().notification.ok_or_else(incomplete)?)
    }

    /// What a browser did with one.
    pub async fn record(
        &self,
        caller: &Caller,
        id: NotificationId,
        did: rest::OutcomeWanted,
    ) -> Result<(), Fault> {
        let message = notification::RecordOutcomeRequest {
            notification_id: id.to_string(),
            means: from_proto::means(did.means).into(),
            outcome: from_proto::did(did.outcome).into(),
            reason: did.reason.unwrap_or_default(),
            rev: did.rev.unwrap_or_default(),
        };
        let request = rpc::request(message, caller, DEADLINE);
        self.0.clone().record_outcome(request).await.map_err(rpc::fault)?;
        Ok(())
    }

    /// The key with which browsers subscribe.
    pub async fn push_key(&self, caller: &Caller) -> Result<rest::PushKey, Fault> {
        let request = rpc::request(notification::GetPushKeyRequest {}, caller, DEADLINE);
        let answer = self.0.clone().get_push_key(request).await.map_err(rpc::fault)?;
        Ok(rest::PushKey { public_key: words::filled(answer.into_inner().public_key) })
    }

    /// A browser of the member takes pushes.
    pub async fn subscribe(
        &self,
        caller: &Caller,
        wanted: rest::PushSubscriptionWanted,
        session: String,
        session_epoch: i64,
    ) -> Result<(), Fault> {
        let message = notification::PutPushSubscriptionRequest {
            endpoint: wanted.endpoint,
            p256dh: wanted.keys.p256dh,
            auth: wanted.keys.auth,
            session,
            session_epoch,
        };
        let request = rpc::request(message, caller, DEADLINE);
        self.0.clone().put_push_subscription(request).await.map_err(rpc::fault)?;
        Ok(())
    }

    /// A browser of the member takes no more pushes.
    pub async fn unsubscribe(&self, caller: &Caller, endpoint: String) -> Result<(), Fault> {
        let message = notification::RemovePushSubscriptionRequest { endpoint };
        let request = rpc::request(message, caller, DEADLINE);
        self.0.clone().remove_push_subscription(request).await.map_err(rpc::fault)?;
        Ok(())
    }

    /// A session of the member ended, and with it its browser's pushes.
    pub async fn end_pushes(&self, caller: &Caller, session: String) -> Result<(), Fault> {
        let message = notification::EndPushSessionRequest { session };
        let request = rpc::request(message, caller, DEADLINE);
        self.0.clone().end_push_session(request).await.map_err(rpc::fault)?;
        Ok(())
    }

    /// Sends a mail about somebody's account; why not, as a stable code.
    pub async fn account_mail(
        &self,
        message: notification::SendAccountMailRequest,
    ) -> Result<Result<(), String>, Fault> {
        let request = rpc::request(message, &Caller::installation(), super::MAIL_DEADLINE);
        let answer = self.0.clone().send_account_mail(request).await.map_err(rpc::fault)?;
        let answer = answer.into_inner();
        Ok(if answer.sent { Ok(()) } else { Err(answer.reason) })
    }
}
