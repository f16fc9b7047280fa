//! What was altered in the audit is told, wherever in the chain it is.

use std::time::Duration;

use kit_testkit::eventually;
use proto::directory::v1::{self as pb, Role};

use crate::harness::{Directory, Person};

/// Whether the newest entry is told as part of a whole chain.
async fn is_intact(directory: &Directory, admin: &Person) -> bool {
    let request = admin.asks(pb::ListAuditRequest { before: 0, limit: 1 });
    let answer = directory.settings("gateway").list_audit(request).await.expect("listed");
    answer.into_inner().intact
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_altered_long_ago_is_told_with_the_newest_page() {
    let mut directory = Directory::start().await;
    let organization = directory.organization("Quai").await;
    let admin = directory.person(organization, "amelie", Role::Admin).await;
    let other = directory.organization("Port").await;
    let other = directory.person(other, "bert", Role::Admin).await;
    assert!(is_intact(&directory, &admin).await);
    let tampering = format!(
        "ALTER TABLE directory.audit DISABLE TRIGGER audit_refuse; \
         UPDATE directory.audit SET subject = 'nothing' \
         WHERE number = 1 AND organization_id = '{}'",
        organization.uuid()
    );
    directory.database.database.execute(&tampering).await;
    assert!(is_intact(&directory, &admin).await, "a page costs a page, and this one is as it was");
    // Every process walks the chains when it begins, and goes on.
    directory.restart().await;
    eventually(Duration::from_secs(20), "the break is found", async || {
        !is_intact(&directory, &admin).await
    })
    .await;
    assert!(is_intact(&directory, &other).await, "another organization's chain is whole");
}
