//! Row-level security stands behind the code's own predicates.

use ingest::domain::{ChannelId, ItemId, RequestId};
use ingest::store::{ItemRow, KeyRow, admit};
use kit_store::Scope;
use kit_values::{EventId, OrganizationId};

use crate::house::migrations;

fn row(organization: OrganizationId) -> ItemRow {
    ItemRow {
        key: KeyRow {
            organization,
            channel: ChannelId::mint(),
            external_id: "m1".to_owned(),
            aspect: "message".to_owned(),
            version: String::new(),
        },
        id: ItemId::mint(),
        request: RequestId::mint(),
        position: 0,
        event: Some(EventId::mint()),
        received_at: kit_values::now(),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_transaction_writes_no_item_of_an_organization_that_it_did_not_declare() {
    let database = kit_testkit::database("ingest", &migrations()).await;
    let (ours, theirs) = (OrganizationId::mint(), OrganizationId::mint());
    let admitted = database
        .store
        .transaction(&Scope::Organization(ours), async |tx| admit(tx, &[row(ours)]).await)
        .await
        .expect("is ours");
    assert_eq!(admitted.len(), 1);
    for scope in [Scope::Organization(theirs), Scope::Unscoped] {
        let refused =
            database.store.transaction(&scope, async |tx| admit(tx, &[row(ours)]).await).await;
        refused.expect_err("is not declared");
    }
    let items = database.database.number("SELECT count(*) FROM ingest.item").await;
    assert_eq!(items, 1);
}
