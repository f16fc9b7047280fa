//! Away: what goes back, and that nothing is handed after it, whatever the planner is doing.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, mpsc};
use std::time::{Duration, Instant};

use kit_testkit::holds;
use proto::directory::v1::Role;

use crate::world::World;

/// Stops the first who comes to a fail point until it is let go; how many came in all.
pub struct Held {
    came: mpsc::Receiver<()>,
    go: mpsc::Sender<()>,
    all: Arc<AtomicUsize>,
}

pub fn hold(point: &str) -> Held {
    let (arrive, came) = mpsc::channel();
    let (go, wait) = mpsc::channel::<()>();
    let wait = Mutex::new(wait);
    let all = Arc::new(AtomicUsize::new(0));
    let count = all.clone();
    fail::cfg_callback(point, move || {
        if count.fetch_add(1, Ordering::SeqCst) == 0 {
            let _ = arrive.send(());
            // The thread's other tasks go on elsewhere; a test that panics lets it go.
            let _ = tokio::task::block_in_place(|| wait.lock().expect("one at a time").recv());
        }
    })
    .expect("is a fail point");
    Held { came, go, all }
}

impl Held {
    pub async fn has_come(&self) {
        let until = Instant::now() + Duration::from_secs(20);
        while self.came.try_recv().is_err() {
            assert!(Instant::now() < until, "nobody came to the fail point");
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    pub fn let_go(&self) {
        let _ = self.go.send(());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn going_away_hands_back_what_is_new_with_its_waiting_time_unless_it_is_to_be_kept() {
    let world = World::new().await;
    let [lea, noah] = world.members([Role::Agent, Role::Agent]).await;
    world.ready(lea).await;
    let all = [world.waits(300).await, world.waits(200).await];
    for one in all {
        world.until_owned(one, lea).await;
    }
    let since = world.explain(lea, all[0]).await[0].waiting_since;
    assert_eq!(world.away(lea, true).await, 0);
    assert_eq!(world.load(lea).await, 2, "kept");
    assert_eq!(world.away(lea, false).await, 2);
    let why = world.explain(lea, all[0]).await;
    assert_eq!((why[0].outcome.as_str(), why[0].position), ("waiting", 1));
    assert_eq!((why[1].outcome.as_str(), why[1].waiting_since), ("away", since));
    assert_eq!(world.explain(lea, all[1]).await[0].position, 2);
    world.ready(noah).await;
    for one in all {
        world.until_owned(one, noah).await;
    }
    world.audit().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn an_away_recorded_while_a_plan_is_made_makes_the_plan_stale() {
    let world = World::new().await;
    let [lea] = world.members([Role::Agent]).await;
    world.ready(lea).await;
    let held = hold("routing-before-execution");
    let conversation = world.waits(100).await;
    held.has_come().await;
    let began = Instant::now();
    assert_eq!(world.away(lea, false).await, 0);
    assert!(began.elapsed() < Duration::from_millis(800), "it waited for the planner");
    held.let_go();
    let nobodys = async || world.owner(conversation).await.is_none();
    holds(Duration::from_secs(1), "nobody owns it", nobodys).await;
    assert_eq!(world.load(lea).await, 0);
    let why = world.explain(lea, conversation).await;
    assert_eq!(why.len(), 1, "it was never handed to anybody: {why:?}");
    assert_eq!(why[0].reason, "nobody_available");
    world.audit().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn an_away_that_meets_a_plan_being_written_takes_its_work_back() {
    let world = World::new().await;
    let [lea] = world.members([Role::Agent]).await;
    world.ready(lea).await;
    let held = hold("routing-before-commit");
    let conversation = world.waits(100).await;
    held.has_come().await;
    let (back, ()) = tokio::join!(world.away(lea, false), async {
        tokio::time::sleep(Duration::from_millis(200)).await;
        held.let_go();
    });
    assert_eq!(back, 1, "what was committed just before went back");
    assert_eq!(world.owner(conversation).await, None);
    world.audit().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_planner_that_stands_still_is_ended_and_another_process_goes_on() {
    let world = World::of(2, false).await;
    let [lea, noah] = world.members([Role::Agent, Role::Agent]).await;
    world.ready(lea).await;
    let held = hold("routing-before-commit");
    let conversation = world.waits(100).await;
    held.has_come().await;
    let stopped = Instant::now();
    // Its rows are locked, until the server ends its transaction.
    world.away(lea, false).await;
    assert!(stopped.elapsed() < Duration::from_secs(5), "{:?}", stopped.elapsed());
    world.ready(noah).await;
    world.until_owned(conversation, noah).await;
    assert!(stopped.elapsed() < Duration::from_secs(15), "{:?}", stopped.elapsed());
    assert!(held.all.load(Ordering::SeqCst) >= 2, "another planner came");
    held.let_go();
    let noahs = async || world.owner(conversation).await == Some(noah);
    holds(Duration::from_secs(1), "the stale plan writes nothing", noahs).await;
    assert_eq!((world.load(lea).await, world.load(noah).await), (0, 1));
    world.audit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_flips_twenty_times_a_second_is_handed_nothing_while_away() {
    let world = World::of(2, false).await;
    let members = world.members([Role::Agent; 4]).await;
    for member in members {
        world.opens(member).await;
    }
    let events: Vec<_> = (0..60)
        .map(|seconds| {
            let id = routing::domain::words::ConversationId::mint();
            world.standing(id, proto::conversation::v1::State::New, 100 + seconds)
        })
        .collect();
    world.tell(&events).await;
    let world = &world;
    let handed = AtomicUsize::new(0);
    let flips = members.map(|member| {
        let handed = &handed;
        async move {
            for _ in 0..25 {
                world.available(member).await;
                tokio::time::sleep(Duration::from_millis(20)).await;
                let back = world.away(member, false).await;
                handed.fetch_add(usize::try_from(back).expect("some"), Ordering::SeqCst);
                assert_eq!(world.load(member).await, 0, "it owns something while away");
                tokio::time::sleep(Duration::from_millis(20)).await;
                assert_eq!(world.load(member).await, 0, "it was handed something while away");
            }
        }
    });
    futures::future::join_all(flips).await;
    assert!(handed.load(Ordering::SeqCst) > 20, "hardly anything was handed: {handed:?}");
    world.audit().await;
}
