//! The handler of the readers on a database of its own, called as a reader calls it.

use conversation::consume::{Clock, Deliveries, Directory, Event, Inbound, Owners};
use conversation::domain::Policy;
use kit_bus::{Apply, Arrival, Decoded, Delivery};
use kit_store::timer::{Handler as _, Timer};
use kit_store::{Row as _, Scope, Transaction, inbox, is_retryable};
use kit_testkit::SchemaDatabase;
use kit_values::{Class, Fault, OrganizationId};
use prost::Message as _;
use proto::delivery::v1::DeliveryEvent;
use proto::directory::v1::DirectoryEvent;
use proto::ingest::v1::ItemEvent;
use proto::ingest::v1::item_event::Fact;
use proto::routing::v1::RoutingEvent;

use crate::feed::native;

pub struct Desk {
    pub database: SchemaDatabase,
    pub inbound: Inbound,
    pub policy: Policy,
}

/// How often statements were executed on the transaction's connection, this one not counted.
async fn executed(transaction: &Transaction) -> Result<i64, Fault> {
    let rows = transaction
        .rows(
            "SELECT sum(generic_plans + custom_plans)::bigint AS executed \
             FROM pg_prepared_statements",
            Vec::new(),
        )
        .await?;
    Ok(rows[0].get::<Option<i64>>("executed")?.unwrap_or_default())
}

fn delivery(payload: Vec<u8>) -> Delivery {
    Delivery {
        subject: String::new(),
        payload: payload.into(),
        event: None,
        trace: None,
        sequence: 0,
        deliveries: 1,
    }
}

const READER: &str = "conversation-inbound-x";

impl Desk {
    pub async fn new(policy: Policy) -> Self {
        let database = kit_testkit::database("conversation", &conversation::migrations()).await;
        Self { database, inbound: Inbound::new(policy), policy }
    }

    /// Applies a batch as a reader does: locks, inbox, handler, commit; tried again after a
    /// conflict.
    pub async fn apply(&self, events: &[ItemEvent]) {
        let mut attempts = 0;
        loop {
            attempts += 1;
            match self.try_apply(events).await {
                Err(fault)
                    if attempts < 20
                        && (is_retryable(&fault) || fault.class() == Class::Conflict) => {}
                outcome => return outcome.expect("the batch can be applied"),
            }
        }
    }

    /// The same, once.
    pub async fn apply_once(&self, events: &[ItemEvent]) -> Result<(), Fault> {
        self.try_apply(events).await
    }

    async fn try_apply(&self, events: &[ItemEvent]) -> Result<(), Fault> {
        let decoded = events.iter().map(|event| self.decoded(event)).collect();
        self.try_decoded(&self.inbound, READER, decoded).await
    }

    async fn try_decoded<A: Apply>(
        &self,
        apply: &A,
        reader: &str,
        decoded: Vec<Decoded<A::Event>>,
    ) -> Result<(), Fault> {
        self.try_counted(apply, reader, decoded).await.map(|_| ())
    }

    /// How many statements the batch took, its locks and its admission included.
    async fn try_counted<A: Apply>(
        &self,
        apply: &A,
        reader: &str,
        decoded: Vec<Decoded<A::Event>>,
    ) -> Result<i64, Fault> {
        let scope: Scope = decoded.iter().filter_map(|one| one.organization).collect();
        let transaction = self.database.store.begin(&scope).await?;
        let before = executed(&transaction).await?;
        let keys: Vec<i64> = decoded.iter().flat_map(|one| one.keys.clone()).collect();
        transaction.lock(&keys).await?;
        let ids: Vec<_> = decoded.iter().map(|one| one.event_id).collect();
        let mut admitted = inbox::admit(&transaction, reader, &ids).await?;
        let arrivals: Vec<_> = decoded
            .into_iter()
            .filter(|one| admitted.remove(&one.event_id))
            .map(|one| Arrival {
                event_id: one.event_id,
                organization: one.organization,
                event: one.event,
                trace: None,
            })
            .collect();
        if !arrivals.is_empty() {
            apply.apply(&transaction, arrivals).await?;
        }
        let after = executed(&transaction).await?;
        transaction.commit().await?;
        Ok(after - before - 1)
    }

    /// Applies a batch of ingest's or delivery's events and counts its statements.
    pub async fn counted(&self, events: &[ItemEvent], told: &[DeliveryEvent]) -> i64 {
        let deliveries = Deliveries::new(self.inbound.clone());
        let mut decoded: Vec<_> = events.iter().map(|event| self.decoded(event)).collect();
        decoded.extend(told.iter().map(|event| {
            deliveries.decode(&delivery(event.encode_to_vec())).expect("can be read")
        }));
        self.try_counted(&self.inbound, READER, decoded).await.expect("can be applied")
    }

    fn decoded(&self, event: &ItemEvent) -> Decoded<Event> {
        let decoded = match event.fact {
            // What the account wrote comes by delivery.
            Some(Fact::OwnMessageObserved(_)) => Deliveries::new(self.inbound.clone())
                .decode(&delivery(native(event).encode_to_vec())),
            _ => self.inbound.decode(&delivery(event.encode_to_vec())),
        };
        decoded.expect("the event can be read")
    }

    /// Applies a batch of other services' events as their readers do.
    async fn read<A: Apply>(&self, apply: &A, reader: &str, events: Vec<Vec<u8>>) {
        loop {
            let decoded = events
                .iter()
                .map(|event| apply.decode(&delivery(event.clone())).expect("can be read"))
                .collect();
            match self.try_decoded(apply, reader, decoded).await {
                Err(fault) if is_retryable(&fault) || fault.class() == Class::Conflict => {}
                outcome => return outcome.expect("the batch can be applied"),
            }
        }
    }

    /// Delivery speaks.
    pub async fn delivery(&self, events: &[DeliveryEvent]) {
        let apply = Deliveries::new(self.inbound.clone());
        let events = events.iter().map(prost::Message::encode_to_vec).collect();
        self.read(&apply, "conversation-delivery", events).await;
    }

    /// Routing speaks.
    pub async fn routing(&self, events: &[RoutingEvent]) {
        let events = events.iter().map(prost::Message::encode_to_vec).collect();
        self.read(&Owners, "conversation-owners", events).await;
    }

    /// Directory speaks.
    pub async fn directory(&self, events: &[DirectoryEvent]) {
        let events = events.iter().map(prost::Message::encode_to_vec).collect();
        self.read(&Directory, "conversation-channels", events).await;
    }

    /// Fires the auto-resolve timer of every channel of the organization.
    pub async fn fire_timers(&self, organization: OrganizationId) {
        self.fire(organization, "channel-auto-resolve", "unnest(channel_ids)").await;
    }

    /// Fires the reminder of every conversation of the organization.
    pub async fn fire_reminders(&self, organization: OrganizationId) {
        self.fire(organization, "reminder", "conversation_id").await;
    }

    /// Whatever was decided about Pending conversations was decided so many days earlier.
    pub async fn decided_earlier(&self, organization: OrganizationId, days: u32) {
        let organization = organization.uuid();
        let earlier = |column: &str| format!("{column} = {column} - interval '{days} days'");
        let columns =
            ["opened_at", "decided_at", "raised_at", "undo_raised_at"].map(earlier).join(", ");
        let at = earlier("at");
        self.database
            .database
            .execute(&format!(
                "UPDATE conversation.conversation_history AS h SET {at} \
                 FROM conversation.conversation AS c \
                 WHERE c.organization_id = '{organization}' AND c.state = 2 \
                     AND h.organization_id = c.organization_id \
                     AND h.conversation_id = c.conversation_id; \
                 UPDATE conversation.conversation SET {columns} \
                 WHERE organization_id = '{organization}' AND state = 2"
            ))
            .await;
    }

    async fn fire(&self, organization: OrganizationId, kind: &str, aggregate: &str) {
        let ids = self
            .texts(&format!(
                "SELECT DISTINCT {aggregate}::text FROM conversation.conversation \
                 WHERE organization_id = '{}' ORDER BY 1",
                organization.uuid()
            ))
            .await;
        let due = ids.into_iter().map(|id| Timer {
            id: kit_values::mint_uuid(),
            kind: kind.to_owned(),
            organization,
            aggregate: uuid::Uuid::try_parse(&id).expect("an id"),
            version: 0,
            due: kit_values::now(),
        });
        let transaction =
            self.database.store.begin(&Scope::from(organization)).await.expect("begins");
        Clock::new(self.policy).fire(&transaction, due.collect()).await.expect("fires");
        transaction.commit().await.expect("commits");
    }

    pub async fn texts(&self, sql: &str) -> Vec<String> {
        self.database.database.texts(sql).await
    }

    pub async fn number(&self, sql: &str) -> i64 {
        self.database.database.number(sql).await
    }

    /// Whether the state is the fold of its history, counts are what counting gives, and nothing
    /// unseen is at rest.
    pub async fn audit(&self, organization: OrganizationId) {
        let transaction =
            self.database.store.begin(&Scope::from(organization)).await.expect("begins");
        let found = conversation::audit(&transaction, organization, kit_values::now())
            .await
            .expect("can be audited");
        transaction.rollback().await.expect("rolls back");
        assert_eq!(found, Vec::new());
    }

    /// Everything that the organization has, with ids replaced by what they stand for.
    pub async fn snapshot(&self, organization: OrganizationId) -> Vec<String> {
        let sql = include_str!("snapshot.sql")
            .replace("{organization}", &organization.uuid().to_string());
        self.texts(&sql).await
    }
}
