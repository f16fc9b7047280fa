//! Events leave through the outbox, in the transaction that decided them.

use kit_store::{Transaction, outbox};
use kit_values::{EventId, Fault, OrganizationId};
use time::OffsetDateTime;
use uuid::Uuid;

use crate::domain::Network;
use crate::topology::PRODUCER;
use crate::wire::Fact;

/// Appends one fact. `about` chooses its lane: facts about the same thing keep their order.
pub async fn announce(
    tx: &Transaction,
    organization: Option<OrganizationId>,
    network: Option<Network>,
    about: Uuid,
    fact: &Fact,
    now: OffsetDateTime,
) -> Result<(), Fault> {
    let event = EventId::mint();
    let network = network.map(Network::name);
    let message = outbox::Message {
        event,
        organization,
        subject: kit_bus::subject(PRODUCER, network, organization, fact.name()),
        network,
        lane: outbox::lane(about),
        payload: fact.encode(event, organization, now),
        occurred_at: now,
        trace: kit_service::telemetry::trace_context(),
    };
    outbox::append(tx, vec![message]).await
}
