//! Notifications: what a member is told.

use kit_service::rpc::{self, Channel, Client};
use kit_service::{Caller, Identity, Peer};
use kit_values::Fault;
use proto::notification::v1 as notification;
use proto::notification::v1::notification_service_client::NotificationServiceClient;

use super::DEADLINE;
use crate::domain::ConversationId;
use crate::wire::{from_proto, rest};

/// Notifications.
#[derive(Clone)]
pub struct Notifications(NotificationServiceClient<Channel>);

impl Notifications {
    /// At this address; connected when first used.
    ///
    /// # Errors
    /// Invalid when it is no address.
    pub fn new(peer: &Peer, identity: Identity) -> Result<Self, Fault> {
        let channel = Client::connect(peer, identity, "notification")?;
        Ok(Self(NotificationServiceClient::new(channel)))
    }

    /// The member's own, the newest first.
    pub async fn list(&self, caller: &Caller) -> Result<rest::Notifications, Fault> {
        let request = rpc::request(notification::ListNotificationsRequest {}, caller, DEADLINE);
        let answer = self.0.clone().list_notifications(request).await.map_err(rpc::fault)?;
        let told = answer.into_inner().notifications;
        let notifications = told.into_iter().map(from_proto::notification);
        Ok(rest::Notifications { notifications: notifications.collect::<Result<_, _>>()? })
    }

    /// The member has read a conversation.
    pub async fn read(&self, caller: &Caller, conversation: ConversationId) -> Result<(), Fault> {
        let message = notification::MarkReadRequest { conversation_id: conversation.to_string() };
        let request = rpc::request(message, caller, DEADLINE);
        self.0.clone().mark_read(request).await.map_err(rpc::fault)?;
        Ok(())
    }
}
