//! What the bus needs of a NATS server that knows its users, and that it needs no more.

use kit_bus::{BrokerSettings, Bus, Start, TailEvent};
use kit_service::servers::NatsUser;
use kit_testkit::TestNats;
use kit_values::Secret;

use crate::world::{PATIENCE, READER, STREAM, World, reader_of};

const PASSWORD: &str = "secret";

fn user(name: &str, publish: &[String]) -> NatsUser {
    let mut allowed = vec!["$JS.API.INFO".to_owned()];
    allowed.extend_from_slice(publish);
    NatsUser {
        name: name.to_owned(),
        password: Secret::new(PASSWORD.to_owned()),
        publish: allowed,
        refused: Vec::new(),
        subscribe: vec![format!("_INBOX.{name}.>")],
    }
}

fn users() -> Vec<NatsUser> {
    let producer = [
        "guichet.parcel.>".to_owned(),
        format!("$JS.API.STREAM.CREATE.{STREAM}"),
        format!("$JS.API.STREAM.UPDATE.{STREAM}"),
        format!("$JS.API.STREAM.INFO.{STREAM}"),
        format!("$JS.API.STREAM.MSG.GET.{STREAM}"),
        format!("$JS.API.CONSUMER.INFO.{STREAM}.*"),
    ];
    let reader = [
        format!("$JS.API.STREAM.INFO.{STREAM}"),
        format!("$JS.API.CONSUMER.CREATE.{STREAM}.{READER}"),
        format!("$JS.API.CONSUMER.CREATE.{STREAM}.{READER}.>"),
        format!("$JS.API.CONSUMER.INFO.{STREAM}.{READER}"),
        format!("$JS.API.CONSUMER.DELETE.{STREAM}.{READER}"),
        format!("$JS.API.CONSUMER.MSG.NEXT.{STREAM}.{READER}"),
        format!("$JS.ACK.{STREAM}.{READER}.>"),
    ];
    let follower = [
        format!("$JS.API.STREAM.INFO.{STREAM}"),
        format!("$JS.API.CONSUMER.CREATE.{STREAM}.*"),
        format!("$JS.API.CONSUMER.MSG.NEXT.{STREAM}.*"),
    ];
    vec![user("parcel", &producer), user("letters", &reader), user("window", &follower)]
}

async fn bus(url: &str, name: &str, password: &str) -> Bus {
    let settings = BrokerSettings {
        url: url.to_owned(),
        user: Some(name.to_owned()),
        password: Some(Secret::new(password.to_owned())),
        ..BrokerSettings::default()
    };
    Bus::connect(&settings, name).await.expect("connects")
}

#[tokio::test(flavor = "multi_thread")]
async fn each_service_needs_only_its_own_stream_and_its_own_consumers() {
    let mut world = World::new().await;
    world.nats = TestNats::start(users()).await;
    let url = world.nats.url().to_owned();
    let relay = world.relay_over(bus(&url, "parcel", PASSWORD).await);
    let reader = reader_of::<1>(world.made.store.clone(), bus(&url, "letters", PASSWORD).await);
    let mut tail = bus(&url, "window", PASSWORD).await.follow(STREAM, Start::All);
    let mut events = world.write_many(20).await;
    world.each_once(&events).await;
    world.confirmed().await;
    // The rights hold for making everything again as well.
    world.nats.wipe().await;
    events.extend(world.write_many(20).await);
    world.each_once(&events).await;
    world.confirmed().await;
    let followed = tokio::time::timeout(PATIENCE, async {
        let mut count = 0;
        while count < 20 {
            if let TailEvent::Event(_) = tail.next().await.expect("no fault") {
                count += 1;
            }
        }
    });
    followed.await.expect("followed in time");
    relay.stop().await;
    reader.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_password_reaches_nothing() {
    let nats = TestNats::start(users()).await;
    let bus = bus(nats.url(), "letters", "wrong").await;
    assert_eq!(bus.ready().await.expect_err("not let in").code(), "broker_away");
}
