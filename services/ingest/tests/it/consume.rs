//! What directory tells on its stream reaches the registry without being asked for.

use std::time::Duration;

use async_nats::jetstream;
use kit_testkit::eventually;
use kit_values::EventId;
use networks::Network;
use prost::Message as _;
use proto::directory::v1::directory_event::Fact;
use proto::directory::v1::{ChannelConnected, DirectoryEvent};
use proto::event::v1::Metadata;

use crate::bodies::message;
use crate::house::{House, Options, PATIENCE, X_ACCOUNTS};

#[tokio::test(flavor = "multi_thread")]
async fn a_channel_connected_on_the_stream_replays_what_waited_for_it() {
    let house = House::with(Options { unconnected: true, ..Options::default() }).await;
    let receipt = house.deliver(Network::X, &message(Network::X, "d1", "hello")).await;
    assert_eq!(house.outcomes(&receipt).await, ["waiting account_not_connected"]);

    // Directory's stream, as its relay makes it.
    let client = async_nats::connect(house.nats.url()).await.expect("connects");
    let context = jetstream::new(client.clone());
    let incarnation = kit_values::mint_uuid().to_string();
    context
        .create_stream(jetstream::stream::Config {
            name: "DIRECTORY".to_owned(),
            subjects: vec!["guichet.directory.>".to_owned()],
            metadata: [(kit_bus::INCARNATION.to_owned(), incarnation)].into(),
            ..jetstream::stream::Config::default()
        })
        .await
        .expect("is made");
    house.connect(Network::X, X_ACCOUNTS[0], house.organizations[0]);
    let channel = house.directory.with(|state| state.channels.pop()).expect("was connected");
    let event = EventId::mint();
    let organization = house.organizations[0];
    let told = DirectoryEvent {
        metadata: Some(Metadata {
            event_id: event.to_string(),
            organization_id: organization.to_string(),
            ..Metadata::default()
        }),
        fact: Some(Fact::ChannelConnected(ChannelConnected { channel: Some(channel) })),
    };
    let subject = kit_bus::subject("directory", Some("x"), Some(organization), "channel_connected");
    let mut headers = async_nats::HeaderMap::new();
    headers.insert("Nats-Msg-Id", event.to_string());
    #[expect(clippy::disallowed_methods, reason = "plays the relay of another service")]
    let published =
        context.publish_with_headers(subject, headers, told.encode_to_vec().into()).await;
    published.expect("is sent").await.expect("is kept");

    eventually(PATIENCE + Duration::from_secs(20), "the item is replayed", async || {
        house.outcomes(&receipt).await == ["stored"]
    })
    .await;
    assert_eq!(house.number("SELECT count(*) FROM ingest.route").await, 1);
}
