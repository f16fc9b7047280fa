//! Members who answer, on the whole service.

use conversation::domain::Policy;
use conversation::domain::words::{ConversationId, MemberId};
use kit_service::rpc;
use kit_values::{EventId, Fault};
use proto::conversation::v1 as calls;
use proto::delivery::v1::delivery_event::Fact as DeliveryFact;
use proto::delivery::v1::{DeliveryEvent, Outcome, SendSettled};
use proto::directory::v1::directory_event::Fact as DirectoryFact;
use proto::directory::v1::{
    Channel, ChannelConnected, DirectoryEvent, Member, MemberChanged, Role,
};
use proto::event::v1::Metadata;
use proto::network::v1 as network;
use proto::routing::v1::routing_event::Fact as RoutingFact;
use proto::routing::v1::{OwnerChanged, RoutingEvent};

use crate::desk::Desk;
use crate::feed::{Feed, timestamp};
use crate::service::{Service, by, call};

pub struct Office {
    pub service: Service,
    pub desk: Desk,
    pub feed: Feed,
    /// An agent.
    pub lea: MemberId,
    /// Another one.
    pub noah: MemberId,
    /// A supervisor.
    pub sacha: MemberId,
}

impl Office {
    pub async fn open(feed: Feed) -> Self {
        Self::of(Service::start(Policy::default()).await, feed).await
    }

    pub async fn of(service: Service, feed: Feed) -> Self {
        let desk = service.desk();
        let office = Self {
            service,
            desk,
            feed,
            lea: MemberId::mint(),
            noah: MemberId::mint(),
            sacha: MemberId::mint(),
        };
        let people = [(office.lea, Role::Agent), (office.noah, Role::Agent)];
        let mut told: Vec<DirectoryEvent> =
            people.map(|(member, role)| office.member(member, &[role], 0)).into();
        told.push(office.member(office.sacha, &[Role::Supervisor, Role::Agent], 0));
        told.extend([0, 1].map(|index| office.channel(index, 1)));
        office.desk.directory(&told).await;
        office
    }

    fn metadata(&self, second: i64) -> Metadata {
        Metadata {
            event_id: EventId::mint().to_string(),
            organization_id: self.feed.organization.to_string(),
            occurred_at: Some(timestamp(self.feed.start + second)),
            ..Metadata::default()
        }
    }

    pub fn member(&self, member: MemberId, roles: &[Role], second: i64) -> DirectoryEvent {
        let changed = MemberChanged {
            member_id: member.to_string(),
            session_epoch: 1,
            member: Some(Member {
                member_id: member.to_string(),
                organization_id: self.feed.organization.to_string(),
                roles: roles.iter().map(|role| (*role).into()).collect(),
                ..Member::default()
            }),
        };
        let fact = Some(DirectoryFact::MemberChanged(changed));
        DirectoryEvent { metadata: Some(self.metadata(second)), fact }
    }

    pub fn channel(&self, index: usize, version: i64) -> DirectoryEvent {
        let channel = Channel {
            channel_id: self.feed.channels[index].to_string(),
            organization_id: self.feed.organization.to_string(),
            network: self.feed.network.into(),
            account_id: format!("account-{index}"),
            tier: "enterprise".to_owned(),
            version,
            ..Channel::default()
        };
        let fact =
            Some(DirectoryFact::ChannelConnected(ChannelConnected { channel: Some(channel) }));
        DirectoryEvent { metadata: Some(self.metadata(0)), fact }
    }

    /// After so many quiet days conversations of this account are resolved.
    pub fn patience(&self, index: usize, version: i64, days: u32) -> DirectoryEvent {
        let mut event = self.channel(index, version);
        if let Some(DirectoryFact::ChannelConnected(connected)) = &mut event.fact
            && let Some(channel) = &mut connected.channel
        {
            channel.auto_resolve_days = days;
        }
        event
    }

    /// Only these members get so far with this account's conversations.
    pub fn restricted(
        &self,
        index: usize,
        version: i64,
        access: &[(MemberId, proto::directory::v1::Access)],
    ) -> DirectoryEvent {
        let mut event = self.channel(index, version);
        if let Some(DirectoryFact::ChannelConnected(connected)) = &mut event.fact
            && let Some(channel) = &mut connected.channel
        {
            channel.restricted = true;
            channel.access = access
                .iter()
                .map(|(member, access)| proto::directory::v1::ChannelAccess {
                    member_id: member.to_string(),
                    access: (*access).into(),
                })
                .collect();
        }
        event
    }

    pub fn owner(&self, conversation: &str, member: Option<MemberId>, epoch: i64) -> RoutingEvent {
        let changed = OwnerChanged {
            conversation_id: conversation.to_owned(),
            owner_member_id: member.map(|member| member.to_string()).unwrap_or_default(),
            epoch,
            ..OwnerChanged::default()
        };
        let fact = Some(RoutingFact::OwnerChanged(changed));
        RoutingEvent { metadata: Some(self.metadata(0)), fact }
    }

    pub fn told(&self, second: i64, fact: DeliveryFact) -> DeliveryEvent {
        DeliveryEvent {
            metadata: Some(self.metadata(second)),
            channel_id: self.feed.channels[0].to_string(),
            network: self.feed.network.into(),
            fact: Some(fact),
        }
    }

    pub fn sent(&self, message: &str, attempt: i32, id: &str, second: i64) -> DeliveryEvent {
        self.told(
            second,
            DeliveryFact::SendSettled(SendSettled {
                message_id: message.to_owned(),
                attempt,
                outcome: Outcome::Sent.into(),
                external_id: id.to_owned(),
                scope: self.feed.scope.clone(),
                permalink: format!("https://x.test/{id}"),
                network_time: Some(timestamp(self.feed.start + second)),
                ..SendSettled::default()
            }),
        )
    }

    pub fn failed(&self, message: &str, attempt: i32) -> DeliveryEvent {
        self.told(
            0,
            DeliveryFact::SendSettled(SendSettled {
                message_id: message.to_owned(),
                attempt,
                outcome: Outcome::Failed.into(),
                failure_code: "recipient_unavailable".to_owned(),
                failure: "They do not take messages.".to_owned(),
                retryable: true,
                ..SendSettled::default()
            }),
        )
    }

    pub fn unknown(&self, message: &str, attempt: i32) -> DeliveryEvent {
        self.told(
            0,
            DeliveryFact::SendSettled(SendSettled {
                message_id: message.to_owned(),
                attempt,
                outcome: Outcome::Unknown.into(),
                ..SendSettled::default()
            }),
        )
    }

    pub async fn row(&self, conversation: &str) -> calls::ConversationRow {
        let asked =
            calls::GetConversationsRequest { conversation_ids: vec![conversation.to_owned()] };
        let request = call(asked, self.feed.organization);
        let answer = self.service.client("gateway").get_conversations(request).await;
        answer.expect("rows").into_inner().rows.pop().expect("a row")
    }

    pub async fn rows(&self) -> Vec<calls::ConversationRow> {
        let ids = self
            .desk
            .texts(&format!(
                "SELECT conversation_id::text FROM conversation.conversation \
                 WHERE organization_id = '{}' AND absorbed_into IS NULL ORDER BY ordinal, 1",
                self.feed.organization.uuid()
            ))
            .await;
        let mut rows = Vec::new();
        for id in ids {
            let id = ConversationId::from_uuid(uuid::Uuid::try_parse(&id).expect("an id"));
            rows.push(self.row(&id.to_string()).await);
        }
        rows
    }

    /// The row of the only conversation.
    pub async fn sole_row(&self) -> calls::ConversationRow {
        let mut rows = self.rows().await;
        assert_eq!(rows.len(), 1, "{rows:?}");
        rows.remove(0)
    }

    pub async fn messages(&self, conversation: &str) -> Vec<calls::Message> {
        let asked = calls::ListMessagesRequest {
            conversation_id: conversation.to_owned(),
            ..Default::default()
        };
        let request = call(asked, self.feed.organization);
        let answer = self.service.client("gateway").list_messages(request).await;
        answer.expect("messages").into_inner().messages
    }

    /// A private reply in the dialogue, as `row` shows it.
    pub fn private(&self, row: &calls::ConversationRow, key: &str) -> calls::AcceptReplyRequest {
        calls::AcceptReplyRequest {
            conversation_id: row.conversation_id.clone(),
            idempotency_key: key.to_owned(),
            kind: network::MessageKind::PrivateMessage.into(),
            channel_id: self.feed.channels[0].to_string(),
            text: format!("reply {key}"),
            seen_through: row.last_sequence,
            ..Default::default()
        }
    }

    pub async fn accept(
        &self,
        member: MemberId,
        reply: calls::AcceptReplyRequest,
    ) -> Result<calls::AcceptReplyResponse, Fault> {
        let request = by(reply, self.feed.organization, member);
        let answer = self.service.client("gateway").accept_reply(request).await;
        answer.map(tonic::Response::into_inner).map_err(rpc::fault)
    }

    pub async fn retry(
        &self,
        member: MemberId,
        message: &str,
        key: &str,
    ) -> Result<calls::Message, Fault> {
        let asked = calls::RetryReplyRequest {
            message_id: message.to_owned(),
            idempotency_key: key.to_owned(),
        };
        let request = by(asked, self.feed.organization, member);
        let answer = self.service.client("gateway").retry_reply(request).await;
        answer.map(|it| it.into_inner().message.expect("a message")).map_err(rpc::fault)
    }

    pub async fn settle(
        &self,
        member: MemberId,
        message: &str,
        sent: bool,
    ) -> Result<calls::Message, Fault> {
        let asked = calls::SettleReplyRequest { message_id: message.to_owned(), sent };
        let request = by(asked, self.feed.organization, member);
        let answer = self.service.client("gateway").settle_reply(request).await;
        answer.map(|it| it.into_inner().message.expect("a message")).map_err(rpc::fault)
    }

    pub async fn change(
        &self,
        member: MemberId,
        row: &calls::ConversationRow,
        to: calls::State,
    ) -> Result<calls::ChangeStateResponse, Fault> {
        let asked = calls::ChangeStateRequest {
            conversation_id: row.conversation_id.clone(),
            idempotency_key: EventId::mint().to_string(),
            to: to.into(),
            seen_through: row.last_sequence,
        };
        let request = by(asked, self.feed.organization, member);
        let answer = self.service.client("gateway").change_state(request).await;
        answer.map(tonic::Response::into_inner).map_err(rpc::fault)
    }

    pub async fn acquire(
        &self,
        member: MemberId,
        conversation: &str,
        session: &str,
        take_over: bool,
    ) -> Result<calls::AcquireLockResponse, Fault> {
        let asked = calls::AcquireLockRequest {
            conversation_id: conversation.to_owned(),
            session: session.to_owned(),
            take_over,
        };
        let request = by(asked, self.feed.organization, member);
        let answer = self.service.client("gateway").acquire_lock(request).await;
        answer.map(tonic::Response::into_inner).map_err(rpc::fault)
    }
}
