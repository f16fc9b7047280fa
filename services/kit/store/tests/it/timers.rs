use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use kit_store::timer::{self, Handler, Timer, Timers};
use kit_store::{Scope, Store, Transaction, lock_key};
use kit_values::{Class, Fault, OrganizationId, mint_uuid, now};
use tokio::sync::Mutex;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::harness::{database, execute, organization, run, scalar};

/// Writes a parcel of the timer's organization for each one fired, and remembers the order.
#[derive(Clone, Default)]
struct Recorder {
    fired: Arc<Mutex<Vec<(Instant, Timer)>>>,
    failing: Option<Uuid>,
    attempts: Arc<Mutex<HashMap<Uuid, u32>>>,
}

impl Handler for Recorder {
    fn locks(&self, due: &[Timer]) -> Vec<i64> {
        due.iter().map(|timer| lock_key(&["parcel", &timer.aggregate.to_string()])).collect()
    }

    async fn fire(&self, transaction: &Transaction, due: Vec<Timer>) -> Result<(), Fault> {
        for timer in &due {
            *self.attempts.lock().await.entry(timer.aggregate).or_default() += 1;
            if self.failing == Some(timer.aggregate) {
                return Err(Fault::new(Class::Internal, "broken", "It always fails."));
            }
            let sql = "INSERT INTO parcel (organization_id, id) VALUES ($1, $2)";
            let values = vec![timer.organization.uuid().into(), mint_uuid().into()];
            execute(transaction, sql, values).await?;
        }
        self.fired.lock().await.extend(due.into_iter().map(|timer| (Instant::now(), timer)));
        Ok(())
    }
}

fn timer(organization: OrganizationId, due_in: time::Duration) -> Timer {
    Timer {
        id: mint_uuid(),
        kind: "auto_resolve".to_owned(),
        organization,
        aggregate: mint_uuid(),
        version: 1,
        due: now() + due_in,
    }
}

async fn arm(store: &Store, timers: &[Timer]) {
    let arm = async |tx: &Transaction| timer::arm(tx, timers).await;
    store.transaction(&Scope::Unscoped, arm).await.expect("armed");
}

async fn left(store: &Store) -> i64 {
    let count = "SELECT count(*) FROM timer";
    scalar(store, &Scope::Unscoped, count).await.expect("counted")
}

/// Runs `runners` until `done`, ten seconds at most.
async fn until(store: &Store, runners: Vec<Timers<Recorder>>, done: impl AsyncFn() -> bool) {
    let stop = CancellationToken::new();
    let mut running = tokio::task::JoinSet::new();
    for runner in runners {
        running.spawn(runner.run(stop.clone()));
    }
    let deadline = Instant::now() + Duration::from_secs(10);
    while !done().await {
        assert!(Instant::now() < deadline, "{} timers are left", left(store).await);
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    stop.cancel();
    while let Some(ended) = running.join_next().await {
        ended.expect("no panic").expect("a clean end");
    }
}

#[tokio::test]
async fn with_two_runners_every_timer_fires_once_in_its_organizations_scope() {
    let database = database().await;
    let (ours, theirs) = (organization(1), organization(2));
    let timers: Vec<Timer> = (0..60)
        .map(|n| timer(if n % 2 == 0 { ours } else { theirs }, time::Duration::seconds(-n)))
        .collect();
    arm(&database.store, &timers).await;
    let recorder = Recorder::default();
    let runner = || Timers::new(database.store.clone(), recorder.clone()).bounded(7, 10_000);
    let done = async || recorder.fired.lock().await.len() >= 60;
    until(&database.store, vec![runner(), runner()], done).await;
    assert_eq!(left(&database.store).await, 0);
    assert_eq!(recorder.fired.lock().await.len(), 60);
    for organization in [ours, theirs] {
        let count = "SELECT count(*) FROM parcel";
        let count = scalar::<i64>(&database.store, &organization.into(), count).await;
        assert_eq!(count.expect("counted"), 30);
    }
}

#[tokio::test]
async fn an_overdue_backlog_fires_in_due_order_at_a_bounded_rate() {
    let database = database().await;
    let mut timers: Vec<Timer> = (0..40)
        .map(|n| timer(organization(1), time::Duration::minutes(-((n * 17) % 40) - 1)))
        .collect();
    arm(&database.store, &timers).await;
    let recorder = Recorder::default();
    let runner = Timers::new(database.store.clone(), recorder.clone()).bounded(4, 40);
    let done = async || recorder.fired.lock().await.len() >= 40;
    until(&database.store, vec![runner], done).await;
    timers.sort_by_key(|timer| timer.due);
    let fired = recorder.fired.lock().await;
    let order: Vec<Uuid> = fired.iter().map(|(_, timer)| timer.aggregate).collect();
    assert_eq!(order, timers.iter().map(|timer| timer.aggregate).collect::<Vec<_>>());
    let took = fired[39].0 - fired[0].0;
    assert!(took >= Duration::from_millis(750), "40 at 40 a second took {took:?}");
}

#[tokio::test]
async fn a_timer_fires_when_due_and_not_before() {
    let database = database().await;
    let soon = timer(organization(1), time::Duration::milliseconds(400));
    let later = timer(organization(1), time::Duration::hours(1));
    arm(&database.store, &[soon.clone(), later]).await;
    let recorder = Recorder::default();
    let began = Instant::now();
    let runner = Timers::new(database.store.clone(), recorder.clone());
    let done = async || !recorder.fired.lock().await.is_empty();
    until(&database.store, vec![runner], done).await;
    assert!(began.elapsed() >= Duration::from_millis(300), "{:?}", began.elapsed());
    assert!(began.elapsed() < Duration::from_millis(1_800), "{:?}", began.elapsed());
    assert_eq!(recorder.fired.lock().await[0].1, soon);
    assert_eq!(left(&database.store).await, 1);
}

#[tokio::test]
async fn arming_again_replaces_and_an_older_version_does_not() {
    let database = database().await;
    let first = timer(organization(1), time::Duration::hours(1));
    let newer = Timer {
        id: mint_uuid(),
        version: 3,
        due: first.due + time::Duration::hours(1),
        ..first.clone()
    };
    let stale = Timer { id: mint_uuid(), version: 2, due: first.due, ..first.clone() };
    arm(&database.store, std::slice::from_ref(&first)).await;
    arm(&database.store, &[newer.clone(), stale.clone()]).await;
    arm(&database.store, &[stale]).await;
    assert_eq!(left(&database.store).await, 1);
    let kept = "SELECT id FROM timer";
    let kept: Uuid = scalar(&database.store, &Scope::Unscoped, kept).await.expect("read");
    assert_eq!(kept, newer.id);
    let disarm = async |organization| {
        let aggregates = [(organization, first.aggregate)];
        let disarm = async |tx: &Transaction| timer::disarm(tx, &first.kind, &aggregates).await;
        database.store.transaction(&Scope::Unscoped, disarm).await.expect("disarmed");
    };
    disarm(organization(2)).await;
    assert_eq!(left(&database.store).await, 1, "another organization's");
    disarm(organization(1)).await;
    assert_eq!(left(&database.store).await, 0);
}

#[tokio::test]
async fn one_that_always_fails_is_postponed_and_the_others_fire() {
    let database = database().await;
    let timers: Vec<Timer> =
        (0..9).map(|n| timer(organization(1), time::Duration::seconds(n - 60))).collect();
    arm(&database.store, &timers).await;
    let failing = timers[4].aggregate;
    let recorder = Recorder { failing: Some(failing), ..Recorder::default() };
    let runner = Timers::new(database.store.clone(), recorder.clone());
    let done =
        async || left(&database.store).await == 1 && recorder.attempts.lock().await[&failing] >= 2;
    until(&database.store, vec![runner], done).await;
    let count = "SELECT count(*) FROM parcel";
    let count = scalar::<i64>(&database.store, &organization(1).into(), count).await;
    assert_eq!(count.expect("counted"), 8, "what a failed transaction did is undone");
    let postponed =
        "SELECT due > clock_timestamp() - interval '5 seconds' AND attempts > 0 FROM timer";
    assert!(scalar::<bool>(&database.store, &Scope::Unscoped, postponed).await.expect("read"));
}

#[tokio::test]
async fn one_that_has_failed_for_weeks_still_holds_up_no_other() {
    let database = database().await;
    let timers = [-60, -30].map(|n| timer(organization(1), time::Duration::seconds(n)));
    arm(&database.store, &timers).await;
    database.database.execute("UPDATE probe.timer SET attempts = 5000 WHERE version = 1").await;
    let recorder = Recorder { failing: Some(timers[0].aggregate), ..Recorder::default() };
    let runner = Timers::new(database.store.clone(), recorder.clone());
    until(&database.store, vec![runner], async || left(&database.store).await == 1).await;
    let later =
        "SELECT due - clock_timestamp() BETWEEN interval '9 minutes' AND interval '10 minutes'
                 FROM timer";
    assert!(scalar::<bool>(&database.store, &Scope::Unscoped, later).await.expect("read"));
}

#[tokio::test]
async fn a_decision_that_holds_the_lock_while_arming_is_waited_for() {
    let database = database().await;
    let due = timer(organization(1), time::Duration::seconds(-1));
    arm(&database.store, std::slice::from_ref(&due)).await;
    let deciding = database.store.begin(&organization(1).into()).await.expect("begun");
    deciding.lock(&[lock_key(&["parcel", &due.aggregate.to_string()])]).await.expect("locked");
    let recorder = Recorder::default();
    let runner = Timers::new(database.store.clone(), recorder.clone());
    let rearmed =
        Timer { id: mint_uuid(), version: 2, due: now() + time::Duration::hours(1), ..due };
    let store = database.store.clone();
    let decision = async {
        tokio::time::sleep(Duration::from_millis(150)).await;
        timer::arm(&deciding, std::slice::from_ref(&rearmed)).await.expect("no deadlock");
        deciding.commit().await.expect("committed");
        tokio::time::sleep(Duration::from_millis(200)).await;
    };
    let stop = CancellationToken::new();
    let running = runner.run(stop.clone());
    let ((), ended) = tokio::join!(
        async {
            decision.await;
            stop.cancel();
        },
        running
    );
    ended.expect("a clean end");
    assert!(recorder.fired.lock().await.is_empty(), "the decision put it off");
    assert_eq!(left(&store).await, 1);
}

#[tokio::test]
async fn a_runner_outlives_a_database_that_goes_away() {
    let database = database().await;
    let recorder = Recorder::default();
    let runner = Timers::new(database.store.clone(), recorder.clone());
    let rounds = Mutex::new(0_i64);
    let done = async || {
        let mut rounds = rounds.lock().await;
        if *rounds < 5 {
            *rounds += 1;
            arm(&database.store, &[timer(organization(1), time::Duration::ZERO)]).await;
            let kill = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity \
                        WHERE usename = 'guichet_probe' AND datname = current_database()";
            run(&database.admin, &Scope::Unscoped, kill, vec![]).await.expect("killed");
        }
        recorder.fired.lock().await.len() >= 5
    };
    until(&database.store, vec![runner], done).await;
    assert_eq!(left(&database.store).await, 0);
}
