//! Which channel an account is, as directory tells it piece by piece and in any order.

use ingest::app::learn;
use ingest::domain::{ApplicationId, ChannelId, Connection, Registration};
use ingest::store::{routed, state};
use kit_store::{Scope, Transaction};
use kit_testkit::SchemaDatabase;
use kit_values::{Fault, OrganizationId};
use time::{Duration, OffsetDateTime};

use crate::house::migrations;

fn registration(application: ApplicationId, version: i64) -> Registration {
    Registration {
        application,
        network: "x".to_owned(),
        organization: None,
        simulated: true,
        version,
        permalink_base: String::new(),
    }
}

fn connection(application: ApplicationId, hours: i64, version: i64) -> Connection {
    Connection {
        application,
        account: "1".to_owned(),
        channel: ChannelId::mint(),
        organization: OrganizationId::mint(),
        connected_at: OffsetDateTime::UNIX_EPOCH + Duration::hours(hours),
        version,
    }
}

async fn within<T>(
    made: &SchemaDatabase,
    work: impl AsyncFnOnce(&Transaction) -> Result<T, Fault>,
) -> T {
    made.store.transaction(&Scope::Unscoped, work).await.expect("commits")
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_belongs_to_the_channel_that_was_connected_last() {
    let made = kit_testkit::database("ingest", &migrations()).await;
    let application = ApplicationId::mint();
    let former = connection(application, 1, 5);
    let present = connection(application, 2, 1);
    let changed = Connection { version: 6, ..former.clone() };
    let tellings: [&[Connection]; 3] = [
        &[former.clone(), present.clone(), changed.clone()],
        &[present.clone(), changed.clone(), former.clone()],
        &[changed, former, present.clone()],
    ];
    let whose = "SELECT channel_id::text FROM ingest.route";
    for told in tellings {
        made.database.execute("DELETE FROM ingest.route").await;
        // One by one, and all in one statement.
        for one in told {
            within(&made, async |tx| learn(tx, &[], std::slice::from_ref(one)).await).await;
        }
        assert_eq!(made.database.texts(whose).await, [present.channel.uuid().to_string()]);
        made.database.execute("DELETE FROM ingest.route").await;
        within(&made, async |tx| learn(tx, &[], told).await).await;
        assert_eq!(made.database.texts(whose).await, [present.channel.uuid().to_string()]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_is_seen_even_when_a_later_one_was_committed_before_it() {
    let made = kit_testkit::database("ingest", &migrations()).await;
    let (slow, quick) = (ApplicationId::mint(), ApplicationId::mint());
    let both = [registration(slow, 1), registration(quick, 1)];
    within(&made, async |tx| learn(tx, &both, &[]).await).await;

    let late = made.store.begin(&Scope::Unscoped).await.expect("begins");
    learn(&late, &[registration(slow, 2)], &[]).await.expect("is written");
    within(&made, async |tx| learn(tx, &[registration(quick, 2)], &[]).await).await;
    let before = within(&made, async |tx| state(tx).await).await;
    late.commit().await.expect("commits");
    let after = within(&made, async |tx| state(tx).await).await;
    assert_ne!(before, after);
}

#[tokio::test(flavor = "multi_thread")]
async fn no_more_is_replayed_at_a_time_than_its_bodies_allow() {
    let made = kit_testkit::database("ingest", &migrations()).await;
    let application = ApplicationId::mint();
    let known = [registration(application, 1)];
    let route = [connection(application, 1, 1)];
    within(&made, async |tx| learn(tx, &known, &route).await).await;
    let sql = format!(
        "WITH arrived AS (
             INSERT INTO ingest.webhook_request
                 (id, application_id, network, received_at, body, outcomes)
             SELECT lpad(number::text, 32, '0')::uuid, '{application}', 'x', now(),
                 convert_to(repeat('a', 1000), 'UTF8'), '[]'
             FROM generate_series(1, 5) AS number
             RETURNING id
         )
         INSERT INTO ingest.unrouted
             (item_id, application_id, account_id, request_id, position, kept_at)
         SELECT id, '{application}', '1', id, 0, now() FROM arrived",
        application = application.uuid()
    );
    made.database.execute(&sql).await;
    let taken = async |limit, bytes| within(&made, async |tx| routed(tx, limit, bytes).await).await;
    let all = taken(50, 1 << 20).await;
    assert_eq!(all.len(), 5);
    assert!(all.is_sorted(), "oldest first");
    assert_eq!(taken(2, 1 << 20).await, all[..2]);
    assert_eq!(taken(50, 3_500).await, all[..3]);
    assert_eq!(taken(50, 10).await, all[..1], "one in any case");
}
