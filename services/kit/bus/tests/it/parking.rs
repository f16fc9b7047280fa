//! Events that cannot be applied: kept with their reason, while all others go on.

use kit_store::Scope;
use kit_store::parked::{self, Filter, Parked};
use kit_testkit::eventually;
use kit_values::{EventId, OrganizationId};

use crate::world::{Letters, PATIENCE, READER, World, message, reader_of};

async fn parked(world: &World) -> Vec<Parked> {
    let transaction = world.made.store.begin(&Scope::Unscoped).await.expect("begins");
    let found = parked::list(&transaction, &Filter::default()).await.expect("listed");
    transaction.rollback().await.expect("ends");
    found
}

async fn wait_for_parked(world: &World, count: usize) -> Vec<Parked> {
    eventually(PATIENCE, "events parked", async || parked(world).await.len() == count).await;
    parked(world).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_poison_event_is_parked_after_its_attempts_while_the_others_go_on() {
    let world = World::new().await;
    let mut words = vec!["hello"; 120];
    words[17] = "poison";
    words[90] = "poison";
    let events = world.write(&words).await;
    let (relay, reader) = (world.relay().await, world.reader().await);
    let good: Vec<EventId> =
        events.iter().enumerate().filter(|(n, _)| ![17, 90].contains(n)).map(|(_, e)| *e).collect();
    world.each_once(&good).await;
    let kept = wait_for_parked(&world, 2).await;
    for parked in &kept {
        assert!([events[17], events[90]].contains(&parked.what.event.expect("an id")));
        assert_eq!(parked.what.source, READER);
        assert_eq!(parked.what.reason, "internal");
        assert!(parked.what.organization.is_some(), "its organization was proved by its subject");
    }
    // The fault was met as often as it must be before giving up.
    let attempts = "SELECT count(*) FROM parcel.inbox_attempt WHERE attempts = 5";
    assert_eq!(world.number(attempts).await, 2);
    assert_eq!(world.letters().await, 118);
    world.confirmed().await;
    relay.stop().await;
    reader.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invalid_event_is_parked_at_once_and_a_refused_one_is_settled() {
    let world = World::new().await;
    let events = world.write(&["hello", "bomb", "hello", "bill", "leaflet", "hello"]).await;
    let (relay, reader) = (world.relay().await, world.reader().await);
    let kept = wait_for_parked(&world, 1).await;
    assert_eq!((kept[0].what.event, kept[0].what.reason.as_str()), (Some(events[1]), "bomb"));
    world.each_once(&[events[0], events[2], events[5]]).await;
    world.confirmed().await;
    assert_eq!(world.letters().await, 3);
    assert_eq!(world.number("SELECT count(*) FROM parcel.inbox_attempt").await, 0);
    relay.stop().await;
    reader.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_read_or_contradicts_itself_is_parked_before_any_transaction() {
    let world = World::new().await;
    let [ours, theirs, _] = world.organizations;
    let garbage = EventId::mint();
    let stolen = EventId::mint();
    let letter = |event: EventId, of: OrganizationId| format!("{event} {of} hello").into_bytes();
    world
        .append(vec![
            message(garbage, ours, vec![0xff, 0xfe]),
            // Its subject says one organization, its content another.
            message(stolen, ours, letter(stolen, theirs)),
        ])
        .await;
    let good = world.write_many(10).await;
    let (relay, reader) = (world.relay().await, world.reader().await);
    world.each_once(&good).await;
    let mut kept = wait_for_parked(&world, 2).await;
    kept.sort_by_key(|parked| parked.what.reason.clone());
    assert_eq!(kept[0].what.reason, "organization_mismatch");
    assert_eq!((kept[0].what.event, kept[0].what.organization), (Some(stolen), None));
    assert_eq!(kept[1].what.reason, "undecodable");
    assert_eq!(kept[1].what.payload, [0xff, 0xfe]);
    assert_eq!(world.letters().await, 10);
    world.confirmed().await;
    relay.stop().await;
    reader.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_fact_is_replayed_by_the_release_that_knows_it() {
    let world = World::new().await;
    let events = world.write(&["telegram", "hello"]).await;
    let (relay, reader) = (world.relay().await, world.reader().await);
    let kept = wait_for_parked(&world, 1).await;
    assert_eq!(kept[0].what.unknown_to, Some(1));
    reader.stop().await;
    let newer = reader_of::<2>(world.made.store.clone(), world.bus().await);
    world.each_once(&events).await;
    eventually(PATIENCE, "marked as replayed", async || parked(&world).await.is_empty()).await;
    relay.stop().await;
    newer.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_still_cannot_be_read_does_not_hide_what_can() {
    let world = World::new().await;
    let events = world.write(&["telegram"]).await;
    let (relay, reader) = (world.relay().await, world.reader().await);
    wait_for_parked(&world, 1).await;
    reader.stop().await;
    // Whole pages of them, parked before.
    world
        .made
        .database
        .execute(
            "INSERT INTO parcel.parked
                 (id, source, subject, reason, detail, payload, replayable, unknown_to)
             SELECT lpad(number::text, 32, '0')::uuid, source, subject, reason, detail, '\\xff', true, 1
             FROM parcel.parked, generate_series(1, 250) AS number",
        )
        .await;
    let newer = reader_of::<2>(world.made.store.clone(), world.bus().await);
    world.each_once(&events).await;
    relay.stop().await;
    newer.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_parked_event_is_replayed_on_call_and_only_once() {
    let world = World::new().await;
    let events = world.write(&["poison"]).await;
    let (relay, reader) = (world.relay().await, world.reader().await);
    let kept = wait_for_parked(&world, 1).await;
    let attempt =
        || kit_bus::reader::replay(&world.made.store, READER, &Letters::<1>, kept[0].what.id);
    let fault = attempt().await.expect_err("its cause is still there");
    assert_eq!(fault.code(), "internal");
    assert_eq!(parked(&world).await.len(), 1, "it stays parked");
    world
        .made
        .database
        .execute("ALTER TABLE parcel.letter DROP CONSTRAINT letter_words_check")
        .await;
    attempt().await.expect("applied");
    attempt().await.expect("again changes nothing");
    world.each_once(&events).await;
    assert!(parked(&world).await.is_empty());
    let stranger = kit_bus::reader::replay(
        &world.made.store,
        "another-reader",
        &Letters::<1>,
        kept[0].what.id,
    );
    assert_eq!(stranger.await.expect_err("not its own").code(), "not_found");
    relay.stop().await;
    reader.stop().await;
}
