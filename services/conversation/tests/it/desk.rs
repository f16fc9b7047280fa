//! The handler of the readers on a database of its own, called as a reader calls it.

use conversation::consume::{Clock, Inbound};
use conversation::domain::Policy;
use kit_bus::{Apply as _, Arrival, Delivery};
use kit_store::timer::{Handler as _, Timer};
use kit_store::{Scope, inbox, is_retryable};
use kit_testkit::SchemaDatabase;
use kit_values::{Class, Fault, OrganizationId};
use prost::Message as _;
use proto::ingest::v1::ItemEvent;

pub struct Desk {
    pub database: SchemaDatabase,
    pub inbound: Inbound,
    pub policy: Policy,
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

    async fn try_apply(&self, events: &[ItemEvent]) -> Result<(), Fault> {
        let decoded: Vec<_> = events
            .iter()
            .map(|event| {
                let delivery = Delivery {
                    subject: String::new(),
                    payload: event.encode_to_vec().into(),
                    event: None,
                    trace: None,
                    sequence: 0,
                    deliveries: 1,
                };
                self.inbound.decode(&delivery).expect("the event can be read")
            })
            .collect();
        let scope: Scope = decoded.iter().filter_map(|one| one.organization).collect();
        let transaction = self.database.store.begin(&scope).await?;
        let keys: Vec<i64> = decoded.iter().flat_map(|one| one.keys.clone()).collect();
        transaction.lock(&keys).await?;
        let ids: Vec<_> = decoded.iter().map(|one| one.event_id).collect();
        let mut admitted = inbox::admit(&transaction, READER, &ids).await?;
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
            self.inbound.apply(&transaction, arrivals).await?;
        }
        transaction.commit().await
    }

    /// Fires the auto-resolve timer of every conversation of the organization.
    pub async fn fire_timers(&self, organization: OrganizationId) {
        let ids = self
            .texts(&format!(
                "SELECT conversation_id::text FROM conversation.conversation \
                 WHERE organization_id = '{}' ORDER BY 1",
                organization.uuid()
            ))
            .await;
        let due = ids.into_iter().map(|id| Timer {
            id: kit_values::mint_uuid(),
            kind: "auto-resolve".to_owned(),
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
