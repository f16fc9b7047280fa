use std::collections::HashSet;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use kit_store::{
    DatabaseSettings, OrFault as _, Scope, Store, array, is_retryable, lock_key, sql_state,
    statement,
};
use kit_testkit::Proxy;
use kit_values::{Class, Fault, Secret, mint_uuid};
use sea_orm::ConnectionTrait as _;
use tokio::sync::Barrier;

use crate::harness::{address, database, execute, host, organization, run, scalar};

const INSERT: &str = "INSERT INTO parcel (organization_id, id) VALUES ($1, $2)";
const COUNT: &str = "SELECT count(*) FROM parcel";

#[tokio::test]
async fn what_a_transaction_did_is_kept_or_undone_as_a_whole() {
    let database = database().await;
    let ours = organization(1);
    let insert = async |outcome: Result<(), Fault>| {
        database
            .store
            .transaction(&ours.into(), async |transaction| {
                let values = vec![ours.uuid().into(), mint_uuid().into()];
                execute(transaction, INSERT, values).await?;
                outcome
            })
            .await
    };
    insert(Ok(())).await.expect("committed");
    let fault = insert(Err(Fault::not_found("a parcel"))).await.expect_err("rolled back");
    assert_eq!(fault.class(), Class::NotFound, "the work's own fault is told");
    let dropped = database.store.begin(&ours.into()).await.expect("begun");
    execute(&dropped, INSERT, vec![ours.uuid().into(), mint_uuid().into()]).await.expect("ran");
    drop(dropped);
    assert_eq!(scalar::<i64>(&database.store, &ours.into(), COUNT).await.expect("counted"), 1);
}

#[tokio::test]
async fn an_error_passed_over_is_not_taken_for_a_commit() {
    let database = database().await;
    let ours = organization(1);
    let outcome = database
        .store
        .transaction(&ours.into(), async |transaction| {
            execute(transaction, INSERT, vec![ours.uuid().into(), mint_uuid().into()]).await?;
            // The server has given the transaction up by now.
            let _ = execute(transaction, "SELECT 1 / 0", vec![]).await;
            Ok(())
        })
        .await;
    assert_eq!(outcome.expect_err("nothing was kept").class(), Class::Internal);
    assert_eq!(scalar::<i64>(&database.store, &ours.into(), COUNT).await.expect("counted"), 0);
}

#[tokio::test]
async fn a_transactions_future_can_move_between_threads() {
    fn movable<T: Send>(future: T) -> T {
        future
    }
    let database = database().await;
    let ours = organization(1);
    let store = database.store.clone();
    let label = "label".to_owned();
    let work = movable(async move {
        store
            .transaction_retrying(&ours.into(), async |transaction| {
                let values = vec![ours.uuid().into(), mint_uuid().into(), label.clone().into()];
                let sql = "INSERT INTO parcel (organization_id, id, label) VALUES ($1, $2, $3)";
                execute(transaction, sql, values).await
            })
            .await
    });
    let boxed: std::pin::Pin<Box<dyn Future<Output = Result<u64, Fault>> + Send>> = Box::pin(work);
    assert_eq!(boxed.await.expect("committed"), 1);
}

#[tokio::test]
async fn begin_and_scope_are_one_round_trip() {
    let database = database().await;
    // One simple query is one message and one answer; the server shows it as one text.
    let transaction = database.store.begin(&organization(1).into()).await.expect("begun");
    let last = "SELECT query FROM pg_stat_activity WHERE usename = 'guichet_probe' AND \
                datname = current_database() AND state = 'idle in transaction'";
    let query: String = scalar(&database.admin, &Scope::Unscoped, last).await.expect("one session");
    assert!(query.starts_with("BEGIN; SELECT set_config('guichet.organizations', '{"), "{query}");
    transaction.rollback().await.expect("ended");
}

#[tokio::test]
async fn locks_are_taken_in_one_order_whatever_the_order_asked() {
    let database = database().await;
    let keys: Vec<i64> = (0..40).map(|n| lock_key(&["parcel", &n.to_string()])).collect();
    let mut backwards = keys.clone();
    backwards.reverse();
    let storm = async |keys: &[i64]| {
        for _ in 0..25 {
            let transaction = database.store.begin(&Scope::Unscoped).await.expect("begun");
            transaction.lock(keys).await.expect("no deadlock");
            transaction.commit().await.expect("committed");
        }
    };
    tokio::join!(storm(&keys), storm(&backwards), storm(&keys), storm(&backwards));
}

#[tokio::test]
async fn a_locked_key_makes_the_other_wait_until_the_end() {
    let database = database().await;
    let first = database.store.begin(&Scope::Unscoped).await.expect("begun");
    first.lock(&[7, 7, 3]).await.expect("locked");
    let second = database.store.begin(&Scope::Unscoped).await.expect("begun");
    let mut waiting = Box::pin(second.lock(&[3]));
    let early = tokio::time::timeout(Duration::from_millis(150), &mut waiting).await;
    assert!(early.is_err(), "the lock is held");
    first.commit().await.expect("committed");
    waiting.await.expect("locked");
}

#[tokio::test]
async fn arrays_with_nulls_arrive_as_sent() {
    let database = database().await;
    let ours = organization(1);
    let ids: Vec<_> = (0..3).map(|_| mint_uuid()).collect();
    let now = kit_values::now();
    let all = database
        .store
        .transaction(&ours.into(), async |transaction| {
            execute(
                transaction,
                "INSERT INTO parcel (organization_id, id, label, weight) SELECT $1, id, label, \
                 weight FROM unnest($2::uuid[], $3::text[], $4::int[]) AS p (id, label, weight)",
                vec![
                    ours.uuid().into(),
                    array::uuids(ids.clone()),
                    array::nullable_texts([Some("a".to_owned()), None, Some(String::new())]),
                    array::nullable_integers([None, Some(2), None]),
                ],
            )
            .await?;
            transaction
                .query_all_raw(statement(
                    "SELECT label, weight, $1::timestamptz[] AS times, $2::bytea[] AS bytes \
                     FROM parcel ORDER BY id",
                    vec![array::nullable_times([Some(now), None]), array::bytes([vec![0, 255]])],
                ))
                .await
                .or_fault()
        })
        .await
        .expect("ran");
    let labels: Vec<Option<String>> =
        all.iter().map(|row| row.try_get("", "label").expect("a text")).collect();
    assert_eq!(labels, [Some("a".to_owned()), None, Some(String::new())]);
    let weights: Vec<Option<i32>> =
        all.iter().map(|row| row.try_get("", "weight").expect("a number")).collect();
    assert_eq!(weights, [None, Some(2), None]);
}

#[tokio::test]
async fn a_unique_key_taken_meanwhile_is_tried_again_and_then_told() {
    let database = database().await;
    let ours = organization(1);
    let taken = mint_uuid();
    run(&database.store, &ours.into(), INSERT, vec![ours.uuid().into(), taken.into()])
        .await
        .expect("inserted");
    let attempts = AtomicU32::new(0);
    let outcome = database
        .store
        .transaction_retrying(&ours.into(), async |transaction| {
            let attempt = attempts.fetch_add(1, Ordering::Relaxed);
            let id = if attempt < 2 { taken } else { mint_uuid() };
            execute(transaction, INSERT, vec![ours.uuid().into(), id.into()]).await
        })
        .await;
    assert_eq!(outcome.expect("the third attempt"), 1);
    assert_eq!(attempts.load(Ordering::Relaxed), 3);

    let attempts = AtomicU32::new(0);
    let fault = database
        .store
        .transaction_retrying(&ours.into(), async |transaction| {
            attempts.fetch_add(1, Ordering::Relaxed);
            execute(transaction, INSERT, vec![ours.uuid().into(), taken.into()]).await
        })
        .await
        .expect_err("always taken");
    assert_eq!((fault.class(), attempts.load(Ordering::Relaxed)), (Class::Conflict, 5));
    assert_eq!(sql_state(&fault).as_deref(), Some("23505"));
}

#[tokio::test]
async fn a_fault_of_another_kind_is_not_tried_again() {
    let database = database().await;
    let attempts = AtomicU32::new(0);
    let fault = database
        .store
        .transaction_retrying(&Scope::Unscoped, async |transaction| {
            attempts.fetch_add(1, Ordering::Relaxed);
            execute(transaction, "SELECT 1 / 0", vec![]).await
        })
        .await
        .expect_err("a defect");
    assert_eq!((fault.class(), attempts.load(Ordering::Relaxed)), (Class::Internal, 1));
}

/// Two transactions update the same two rows in opposite orders, and meet in between.
#[tokio::test]
async fn a_deadlock_is_broken_and_both_transactions_happen() {
    let database = database().await;
    let ours = organization(1);
    let ids = [mint_uuid(), mint_uuid()];
    for id in ids {
        let sql = "INSERT INTO parcel (organization_id, id, weight) VALUES ($1, $2, 0)";
        run(&database.store, &ours.into(), sql, vec![ours.uuid().into(), id.into()])
            .await
            .expect("inserted");
    }
    let meet = Barrier::new(2);
    let attempts = AtomicU32::new(0);
    let add = async |order: [uuid::Uuid; 2]| {
        let first = AtomicU32::new(0);
        database
            .store
            .transaction_retrying(&ours.into(), async |transaction| {
                attempts.fetch_add(1, Ordering::Relaxed);
                let sql = "UPDATE parcel SET weight = weight + 1 WHERE id = $1";
                execute(transaction, sql, vec![order[0].into()]).await?;
                if first.fetch_add(1, Ordering::Relaxed) == 0 {
                    meet.wait().await;
                }
                execute(transaction, sql, vec![order[1].into()]).await
            })
            .await
    };
    let (one, other) = tokio::join!(add(ids), add([ids[1], ids[0]]));
    one.expect("committed");
    other.expect("committed");
    assert_eq!(attempts.load(Ordering::Relaxed), 3, "one was the victim and ran again");
    let total = "SELECT sum(weight) FROM parcel";
    assert_eq!(scalar::<i64>(&database.store, &ours.into(), total).await.expect("summed"), 4);
}

#[tokio::test]
async fn a_serialization_failure_is_tried_again() {
    let database = database().await;
    let ours = organization(1);
    let attempts = AtomicU32::new(0);
    database
        .store
        .transaction_retrying(&ours.into(), async |transaction| {
            let values = vec![ours.uuid().into(), mint_uuid().into()];
            execute(transaction, INSERT, values).await?;
            if attempts.fetch_add(1, Ordering::Relaxed) == 0 {
                let fail = "DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '40001'; END $$";
                execute(transaction, fail, vec![]).await?;
            }
            Ok(())
        })
        .await
        .expect("the second attempt");
    assert_eq!(attempts.load(Ordering::Relaxed), 2);
    assert_eq!(scalar::<i64>(&database.store, &ours.into(), COUNT).await.expect("counted"), 1);
}

#[tokio::test]
async fn nobody_at_the_address_is_unavailable_within_three_seconds() {
    let free = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = free.local_addr().expect("an address").port();
    drop(free);
    let url = Secret::new(format!("postgres://guichet_probe:canary@127.0.0.1:{port}/guichet"));
    let began = Instant::now();
    let fault = Store::connect(&DatabaseSettings::new(url)).await.expect_err("nobody there");
    assert_eq!(fault.class(), Class::Unavailable);
    assert!(!is_retryable(&fault));
    assert!(began.elapsed() < Duration::from_secs(3), "{:?}", began.elapsed());
    assert!(!format!("{fault:?}").contains("canary"));
}

#[tokio::test]
async fn a_silent_peer_is_unavailable_within_three_seconds() {
    let silent = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let port = silent.local_addr().expect("an address").port();
    let url = Secret::new(format!("postgres://guichet_probe@127.0.0.1:{port}/guichet"));
    let began = Instant::now();
    let fault = Store::connect(&DatabaseSettings::new(url)).await.expect_err("no answer");
    assert_eq!(fault.class(), Class::Unavailable);
    assert!(began.elapsed() < Duration::from_secs(3), "{:?}", began.elapsed());
}

#[tokio::test]
async fn an_address_that_cannot_be_read_is_refused_without_being_quoted() {
    let url = Secret::new("postgres//guichet:canary@nowhere".to_owned());
    let fault = Store::lazy(&DatabaseSettings::new(url)).expect_err("not an address");
    assert_eq!(fault.class(), Class::Invalid);
    assert!(!format!("{fault:?} {fault}").contains("canary"));
}

#[tokio::test]
async fn connections_that_died_while_idle_cost_no_transaction() {
    let database = database().await;
    let open = async || database.store.begin(&Scope::Unscoped).await.expect("begun");
    let several = [open().await, open().await, open().await, open().await];
    for transaction in several {
        transaction.commit().await.expect("committed");
    }
    tokio::time::sleep(Duration::from_millis(50)).await;
    let kill = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity \
                WHERE usename = 'guichet_probe' AND datname = current_database()";
    assert!(scalar::<i64>(&database.admin, &Scope::Unscoped, kill).await.expect("killed") >= 4);
    tokio::time::sleep(Duration::from_millis(50)).await;
    for _ in 0..6 {
        database.store.ping().await.expect("a fresh connection");
    }
}

#[tokio::test]
async fn a_session_cut_in_the_middle_is_unavailable_and_the_next_one_works() {
    let database = database().await;
    let transaction = database.store.begin(&Scope::Unscoped).await.expect("begun");
    let kill = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity \
                WHERE usename = 'guichet_probe' AND datname = current_database()";
    scalar::<i64>(&database.admin, &Scope::Unscoped, kill).await.expect("killed");
    let fault = execute(&transaction, "SELECT 1", vec![]).await.expect_err("cut");
    assert_eq!(fault.class(), Class::Unavailable, "{fault:?}");
    assert!(!is_retryable(&fault));
    drop(transaction);
    database.store.ping().await.expect("another connection");
}

#[tokio::test]
async fn a_server_behind_a_cut_line_is_unavailable_until_the_line_is_whole() {
    let database = database().await;
    let settings = database.database.settings("probe");
    let line = Proxy::to(&host(&settings)).await;
    let store = Store::connect(&address(&settings, &line.address())).await.expect("connects");
    let transaction = store.begin(&Scope::Unscoped).await.expect("begun");
    line.cut();
    let fault = execute(&transaction, "SELECT 1", vec![]).await.expect_err("cut");
    assert_eq!(fault.class(), Class::Unavailable, "{fault:?}");
    drop(transaction);
    let began = Instant::now();
    let fault = store.begin(&Scope::Unscoped).await.expect_err("nobody there");
    assert_eq!(fault.class(), Class::Unavailable, "{fault:?}");
    assert!(began.elapsed() < Duration::from_secs(3), "{:?}", began.elapsed());
    line.heal();
    store.ping().await.expect("the line is whole");
}

#[tokio::test]
async fn a_server_that_went_silent_is_unavailable_within_five_seconds() {
    let database = database().await;
    let settings = database.database.settings("probe");
    let line = Proxy::to(&host(&settings)).await;
    let store = Store::connect(&address(&settings, &line.address())).await.expect("connects");
    line.freeze();
    let began = Instant::now();
    let fault = store.begin(&Scope::Unscoped).await.expect_err("no answer");
    assert_eq!(fault.class(), Class::Unavailable, "{fault:?}");
    assert!(began.elapsed() < Duration::from_secs(5), "{:?}", began.elapsed());
    line.heal();
    kit_testkit::eventually(Duration::from_secs(10), "the line is whole", async || {
        store.ping().await.is_ok()
    })
    .await;
}

#[tokio::test]
async fn a_statement_over_its_time_is_a_timeout() {
    let database = database().await;
    let fault = database
        .store
        .transaction(&Scope::Unscoped, async |transaction| {
            execute(transaction, "SET LOCAL statement_timeout = '50ms'", vec![]).await?;
            execute(transaction, "SELECT pg_sleep(5)", vec![]).await
        })
        .await
        .expect_err("too long");
    assert_eq!(fault.class(), Class::Timeout, "{fault:?}");
}

#[tokio::test]
async fn a_full_pool_is_unavailable_after_two_seconds() {
    let database = database().await;
    let mut held = Vec::new();
    for _ in 0..4 {
        held.push(database.store.begin(&Scope::Unscoped).await.expect("begun"));
    }
    let began = Instant::now();
    let fault = database.store.begin(&Scope::Unscoped).await.expect_err("no connection left");
    assert_eq!(fault.class(), Class::Unavailable);
    assert!(began.elapsed() < Duration::from_secs(3), "{:?}", began.elapsed());
    let sessions: HashSet<_> = held.iter().map(|held| format!("{held:p}")).collect();
    assert_eq!(sessions.len(), 4);
}
