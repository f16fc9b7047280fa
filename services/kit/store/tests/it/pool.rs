//! Connections between transactions: what comes back, what does not, and what it costs.

use std::time::Duration;

use kit_store::{DatabaseSettings, Scope, Store};
use kit_testkit::{Proxy, eventually, holds};
use kit_values::mint_uuid;

use crate::harness::{address, database, execute, host, organization, scalar};

const INSERT: &str = "INSERT INTO parcel (organization_id, id) VALUES ($1, $2)";
const OPEN: &str = "SELECT count(*) FROM pg_stat_activity WHERE usename = 'guichet_probe' \
    AND datname = current_database() AND state LIKE 'idle in transaction%'";
const SESSION: &str = "SELECT pg_backend_pid()::bigint";

/// A store of one connection, so that whoever comes next gets the one that came back.
async fn narrow(settings: DatabaseSettings) -> Store {
    Store::connect(&DatabaseSettings { pool: 1, ..settings }).await.expect("connects")
}

#[tokio::test]
async fn a_transaction_costs_no_more_than_its_own_statements() {
    let database = database().await;
    let settings = database.database.settings("probe");
    let line = Proxy::to(&host(&settings)).await;
    let store = narrow(address(&settings, &line.address())).await;
    for committed in [true, false] {
        let transaction = store.begin(&organization(1).into()).await.expect("begun");
        execute(&transaction, "SELECT 1", vec![]).await.expect("ran");
        if committed {
            transaction.commit().await.expect("committed");
        } else {
            transaction.rollback().await.expect("rolled back");
        }
        let carried = line.carried();
        holds(Duration::from_millis(200), "nothing more is asked", async || {
            line.carried() == carried
        })
        .await;
    }
    assert_eq!(line.accepted(), 1, "all of it went over one connection");
}

#[tokio::test]
async fn a_dropped_transaction_is_rolled_back_and_nobody_gets_its_connection() {
    let database = database().await;
    let ours = organization(1);
    let store = narrow(database.database.settings("probe")).await;
    let dropped = store.begin(&ours.into()).await.expect("begun");
    execute(&dropped, INSERT, vec![ours.uuid().into(), mint_uuid().into()]).await.expect("ran");
    drop(dropped);
    let next = store.begin(&ours.into()).await.expect("begun");
    let rows = next.rows("SELECT FROM parcel", vec![]).await.expect("read");
    assert!(rows.is_empty(), "nothing of the dropped one is seen");
    next.commit().await.expect("committed");
    eventually(Duration::from_secs(5), "nothing is left open", async || {
        scalar::<i64>(&database.admin, &Scope::Unscoped, OPEN).await.expect("counted") == 0
    })
    .await;
}

#[tokio::test]
async fn a_statement_that_nobody_awaited_leaves_its_answer_to_nobody() {
    let database = database().await;
    let ours = organization(1);
    let store = narrow(database.database.settings("probe")).await;
    let session = scalar::<i64>(&store, &Scope::Unscoped, SESSION).await.expect("told");
    let dropped = store.begin(&ours.into()).await.expect("begun");
    let early = tokio::time::timeout(
        Duration::from_millis(50),
        execute(&dropped, "SELECT pg_sleep(0.4)", vec![]),
    );
    assert!(early.await.is_err(), "it was given up in the middle");
    drop(dropped);
    let number = "SELECT 41::bigint + 1";
    assert_eq!(scalar::<i64>(&store, &ours.into(), number).await.expect("its own answer"), 42);
    let next = scalar::<i64>(&store, &Scope::Unscoped, SESSION).await.expect("told");
    assert_ne!(next, session, "its connection serves nobody else");
}

#[tokio::test]
async fn a_begin_that_nobody_awaited_leaves_no_transaction_open() {
    let database = database().await;
    let store = narrow(database.database.settings("probe")).await;
    for micros in [0, 50, 100, 200, 400, 800] {
        let begin = store.begin(&Scope::Unscoped);
        let _ = tokio::time::timeout(Duration::from_micros(micros), begin).await;
        store.ping().await.expect("the next one begins");
    }
    eventually(Duration::from_secs(5), "none is open", async || {
        scalar::<i64>(&database.admin, &Scope::Unscoped, OPEN).await.expect("counted") == 0
    })
    .await;
}

#[tokio::test]
async fn a_silent_peer_gives_its_place_back() {
    let database = database().await;
    let settings = database.database.settings("probe");
    let line = Proxy::to(&host(&settings)).await;
    let store = narrow(address(&settings, &line.address())).await;
    let transaction = store.begin(&Scope::Unscoped).await.expect("begun");
    line.freeze_open();
    drop(transaction);
    // The connection stands and carries nothing: another takes its place.
    eventually(Duration::from_secs(10), "another connection", async || store.ping().await.is_ok())
        .await;
    assert_eq!(line.accepted(), 2);
}

#[tokio::test]
async fn a_closed_store_begins_nothing_and_waits_for_what_is_open() {
    let database = database().await;
    let store = database.store.clone();
    let open = store.begin(&Scope::Unscoped).await.expect("begun");
    let mut closing = Box::pin(store.close());
    assert!(tokio::time::timeout(Duration::from_millis(100), &mut closing).await.is_err());
    execute(&open, "SELECT 1", vec![]).await.expect("it may finish");
    open.commit().await.expect("committed");
    tokio::time::timeout(Duration::from_secs(5), closing).await.expect("closed");
    assert!(store.begin(&Scope::Unscoped).await.is_err());
    let left = "SELECT count(*) FROM pg_stat_activity WHERE usename = 'guichet_probe' \
                AND datname = current_database()";
    eventually(Duration::from_secs(5), "no connection is left", async || {
        scalar::<i64>(&database.admin, &Scope::Unscoped, left).await.expect("counted") == 0
    })
    .await;
}
