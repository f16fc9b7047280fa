//! The audit table: only added to, and every row bound to the one before it.

use kit_store::audit::{self, Act, Entry, Step, Walk};
use kit_store::{Scope, Transaction};
use kit_testkit::SchemaDatabase;
use kit_values::OrganizationId;
use sha2::{Digest as _, Sha256};
use time::macros::datetime;
use uuid::Uuid;

use crate::harness::{database, organization, run};

fn act(organization: OrganizationId, subject: &str) -> Act {
    Act {
        organization,
        at: datetime!(2026-11-23 10:11:12.123456 UTC),
        member: Some(Uuid::from_u128(9)),
        service: "gateway".to_owned(),
        act: "channel.changed",
        subject: subject.to_owned(),
        detail: r#"{"display_name": ["Quai", "Quai – aide"], "b":1,  "a":2}"#.to_owned(),
    }
}

async fn keep(database: &SchemaDatabase, act: &Act) -> i64 {
    let keep = async |tx: &Transaction| audit::append(tx, act).await;
    database.store.transaction(&act.organization.into(), keep).await.expect("kept")
}

async fn list(database: &SchemaDatabase, organization: OrganizationId) -> Vec<Entry> {
    let list = async |tx: &Transaction| audit::list(tx, organization, 0, 200).await;
    database.store.transaction(&organization.into(), list).await.expect("listed")
}

async fn first_broken(database: &SchemaDatabase, organization: OrganizationId) -> Option<i64> {
    let check = async |tx: &Transaction| audit::first_broken(tx, organization).await;
    database.store.transaction(&organization.into(), check).await.expect("checked")
}

/// The digest as the migration's comment defines it, made without the database.
fn digest(previous: &[u8], organization: OrganizationId, entry: &Entry) -> Vec<u8> {
    let microseconds = entry.at.unix_timestamp_nanos() / 1_000;
    let fields = [
        organization.uuid().to_string(),
        entry.number.to_string(),
        microseconds.to_string(),
        entry.member.map(|id| id.to_string()).unwrap_or_default(),
        entry.service.clone(),
        entry.act.clone(),
        entry.subject.clone(),
        entry.detail.clone(),
    ];
    let mut hasher = Sha256::new_with_prefix(previous);
    for field in fields {
        hasher.update(format!("{}:{field}", field.len()));
    }
    hasher.finalize().to_vec()
}

#[tokio::test]
async fn acts_are_numbered_in_their_organization_and_chained_by_a_digest_that_anybody_can_check() {
    let database = database().await;
    let (own, other) = (organization(1), organization(2));
    assert_eq!(keep(&database, &act(own, "chan_1")).await, 1);
    let of_nobody = Act { member: None, ..act(own, "") };
    assert_eq!(keep(&database, &of_nobody).await, 2);
    assert_eq!(keep(&database, &act(other, "chan_2")).await, 1);
    assert_eq!(keep(&database, &act(own, "chan_3")).await, 3);

    let mut entries = list(&database, own).await;
    entries.reverse();
    let subjects: Vec<&str> = entries.iter().map(|entry| &*entry.subject).collect();
    assert_eq!(subjects, ["chan_1", "", "chan_3"]);
    assert_eq!((entries[0].at, &entries[0].detail), (of_nobody.at, &of_nobody.detail));
    let mut previous = Vec::new();
    for entry in &entries {
        assert_eq!(entry.hash, digest(&previous, own, entry), "number {}", entry.number);
        previous.clone_from(&entry.hash);
    }
    assert_eq!(first_broken(&database, own).await, None);
    assert_eq!(list(&database, other).await.len(), 1, "another organization has its own chain");
}

#[tokio::test]
async fn pages_follow_each_other_without_gap() {
    let database = database().await;
    let own = organization(1);
    for number in 1..=5 {
        assert_eq!(keep(&database, &act(own, &format!("chan_{number}"))).await, number);
    }
    let page = async |before| {
        let list = async |tx: &Transaction| audit::page(tx, own, before, 2).await;
        let page = database.store.transaction(&own.into(), list).await.expect("listed");
        assert!(page.intact);
        page.entries.iter().map(|entry| entry.number).collect::<Vec<_>>()
    };
    assert_eq!(page(0).await, [5, 4]);
    assert_eq!(page(4).await, [3, 2]);
    assert_eq!(page(2).await, [1]);
}

#[tokio::test]
async fn the_service_can_neither_change_nor_remove_a_row() {
    let database = database().await;
    let own = organization(1);
    keep(&database, &act(own, "chan_1")).await;
    for sql in [
        "UPDATE audit SET act = 'nothing' WHERE organization_id = $1",
        "DELETE FROM audit WHERE organization_id = $1",
    ] {
        run(&database.store, &own.into(), sql, vec![own.uuid().into()])
            .await
            .expect_err("the service may not");
    }
    run(&database.store, &own.into(), "TRUNCATE audit", vec![]).await.expect_err("nor this");
    run(
        &database.store,
        &Scope::Organization(organization(2)),
        "INSERT INTO audit (organization_id, number, at, service, act, subject, detail, hash)
         VALUES ($1, 7, now(), 'x', 'x', 'x', '{}', '')",
        vec![own.uuid().into()],
    )
    .await
    .expect_err("nor write into another organization");
    assert_eq!(list(&database, own).await.len(), 1);
}

#[tokio::test]
async fn an_act_is_kept_only_if_its_transaction_is() {
    let database = database().await;
    let own = organization(1);
    let tx = database.store.begin(&own.into()).await.expect("begun");
    audit::append(&tx, &act(own, "chan_1")).await.expect("appended");
    tx.rollback().await.expect("undone");
    assert_eq!(list(&database, own).await, []);
    assert_eq!(keep(&database, &act(own, "chan_2")).await, 1, "and leaves no gap");
}

#[tokio::test]
async fn acts_of_transactions_at_the_same_time_are_one_chain() {
    let database = database().await;
    let own = organization(1);
    let acts: Vec<Act> = (0..20).map(|number| act(own, &format!("chan_{number}"))).collect();
    let mut numbers = Vec::new();
    for pair in acts.chunks(4) {
        let kept = match pair {
            [a, b, c, d] => {
                let (a, b, c, d) = tokio::join!(
                    keep(&database, a),
                    keep(&database, b),
                    keep(&database, c),
                    keep(&database, d)
                );
                [a, b, c, d]
            }
            _ => panic!("twenty is a multiple of four"),
        };
        numbers.extend(kept);
    }
    numbers.sort_unstable();
    assert_eq!(numbers, (1..=20).collect::<Vec<i64>>());
    assert_eq!(first_broken(&database, own).await, None);
}

#[tokio::test]
async fn whoever_gets_past_the_privileges_breaks_the_chain() {
    for (tampering, broken) in [
        ("UPDATE probe.audit SET subject = 'chan_9' WHERE number = 2", 2),
        ("UPDATE probe.audit SET detail = '{}' WHERE number = 3", 3),
        ("UPDATE probe.audit SET at = at + interval '1 microsecond' WHERE number = 1", 1),
        ("UPDATE probe.audit SET member_id = NULL WHERE number = 2", 2),
        ("DELETE FROM probe.audit WHERE number = 2", 3),
        ("DELETE FROM probe.audit WHERE number = 1", 2),
    ] {
        let database = database().await;
        let own = organization(1);
        for number in 1..=3 {
            keep(&database, &act(own, &format!("chan_{number}"))).await;
        }
        assert_eq!(first_broken(&database, own).await, None);
        let sql = format!("ALTER TABLE probe.audit DISABLE TRIGGER audit_refuse; {tampering}");
        database.database.execute(&sql).await;
        assert_eq!(first_broken(&database, own).await, Some(broken), "{tampering}");
        let page = async |before| {
            let list = async |tx: &Transaction| audit::page(tx, own, before, 200).await;
            database.store.transaction(&own.into(), list).await.expect("listed")
        };
        assert!(!page(0).await.intact, "{tampering}");
        // A page tells of its own entries: the first that is broken may be on another one.
        assert!(page(broken).await.intact, "{tampering}");
        assert!(!page(broken + 1).await.intact, "{tampering}");
    }
}

#[tokio::test]
async fn a_page_costs_a_page_and_pages_to_the_end_are_the_whole_chain() {
    let database = database().await;
    let own = organization(1);
    for number in 1..=7 {
        keep(&database, &act(own, &format!("chan_{number}"))).await;
    }
    let page = async |before| {
        let list = async |tx: &Transaction| audit::page(tx, own, before, 2).await;
        database.store.transaction(&own.into(), list).await.expect("listed").intact
    };
    let tampering = "UPDATE probe.audit SET subject = 'chan_9' WHERE number = 4";
    let sql = format!("ALTER TABLE probe.audit DISABLE TRIGGER audit_refuse; {tampering}");
    database.database.execute(&sql).await;
    // 7 and 6; 5 and 4; 3 and 2; 1.
    let told = [page(0).await, page(6).await, page(4).await, page(2).await];
    assert_eq!(told, [true, false, true, true]);
}

#[tokio::test]
async fn a_walk_checks_the_chain_in_steps_and_goes_on_where_it_was() {
    let database = database().await;
    let own = organization(1);
    let mut walk = Walk::default();
    let mut step = async || {
        let tx = database.store.begin(&own.into()).await.expect("begun");
        let found = walk.step(&tx, own, 2).await.expect("checked");
        tx.commit().await.expect("read");
        found
    };
    assert_eq!(step().await, Step::Done, "there is nothing yet");
    for number in 1..=3 {
        keep(&database, &act(own, &format!("chan_{number}"))).await;
    }
    assert_eq!([step().await, step().await, step().await], [Step::Whole, Step::Whole, Step::Done]);
    keep(&database, &act(own, "chan_4")).await;
    assert_eq!([step().await, step().await], [Step::Whole, Step::Done], "what was added since");
    // What a page would not show: the end is cut off, and written anew.
    let cut = "ALTER TABLE probe.audit DISABLE TRIGGER audit_refuse; \
               DELETE FROM probe.audit WHERE number = 4";
    database.database.execute(cut).await;
    assert_eq!(step().await, Step::Broken(4));
    keep(&database, &act(own, "another")).await;
    assert_eq!(first_broken(&database, own).await, None, "a shorter chain is whole by itself");
    assert_eq!(step().await, Step::Broken(4), "and is not the one that was seen");
    // A gap wider than a step.
    let gap = "DELETE FROM probe.audit WHERE number < 4";
    database.database.execute(gap).await;
    assert_eq!(first_broken(&database, own).await, Some(4));
}
