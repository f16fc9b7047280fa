//! Operators' calls, and nobody else's.

use kit_service::Caller;
use kit_service::rpc::{self, fault};
use kit_testkit::eventually;
use kit_values::Class;
use networks::Network;
use proto::ingest::v1::{
    GetRequestRequest, ListParkedRequest, ReplayParkedRequest, ShowParkedRequest,
};

use crate::bodies::{bytes, event, message, messaging, page};
use crate::house::{House, PAGES, PATIENCE};

fn call<M>(message: M) -> tonic::Request<M> {
    rpc::request(message, &Caller::installation(), PATIENCE)
}

#[tokio::test(flavor = "multi_thread")]
async fn only_an_operator_is_answered() {
    let house = House::new().await;
    let mut gateway = house.rpc_as("gateway");
    let refusals = [
        gateway.get_request(call(GetRequestRequest::default())).await.map(drop),
        gateway.list_parked(call(ListParkedRequest::default())).await.map(drop),
        gateway.show_parked(call(ShowParkedRequest::default())).await.map(drop),
        gateway.replay_parked(call(ReplayParkedRequest::default())).await.map(drop),
    ];
    for refusal in refusals {
        assert_eq!(fault(refusal.expect_err("is refused")).class(), Class::Forbidden);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_or_malformed_id_is_named() {
    let house = House::new().await;
    let mut operator = house.rpc_as("operator");
    let unknown = ingest::domain::RequestId::mint().to_string();
    for (request_id, class) in [(unknown, Class::NotFound), ("req_".to_owned(), Class::Invalid)] {
        let answer = operator.get_request(call(GetRequestRequest { request_id })).await;
        assert_eq!(fault(answer.expect_err("is refused")).class(), class);
    }
    let answer =
        operator.list_parked(call(ListParkedRequest { limit: 1_001, ..Default::default() }));
    assert_eq!(fault(answer.await.expect_err("is refused")).class(), Class::Invalid);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_parked_is_listed_shown_and_stays_until_it_can_be_read() {
    let house = House::new().await;
    let mut operator = house.rpc_as("operator");
    let whole = message(Network::X, "m1", "hello");
    let cut = whole[..whole.len() - 1].to_vec();
    let receipt = house.deliver(Network::X, &cut).await;
    let list = operator.list_parked(call(ListParkedRequest::default())).await.expect("lists");
    let parked = list.into_inner().parked.remove(0);
    assert_eq!(parked.reason, "truncated_json");
    assert_eq!(parked.source, "hooks/x");
    assert_eq!(usize::try_from(parked.bytes), Ok(cut.len()));
    assert_eq!(parked.replayed_at, None);

    let show = ShowParkedRequest { parked_id: parked.parked_id.clone() };
    let shown = operator.show_parked(call(show)).await.expect("shows").into_inner();
    assert_eq!(shown.payload, cut);

    let replay =
        ReplayParkedRequest { parked_ids: vec![parked.parked_id.clone(), "park_x".into()] };
    let results = operator.replay_parked(call(replay.clone())).await.expect("answers");
    let results = results.into_inner().results;
    assert_eq!((results[0].replayed, results[0].reason.as_str()), (false, "still_unreadable"));
    assert_eq!((results[1].replayed, results[1].reason.as_str()), (false, "not_found"));
    assert_eq!(house.outcomes(&receipt).await, ["parked truncated_json"]);

    // As if a newer release could read it: the body is what it should have been.
    let encoded = base64::Engine::encode(&base64::engine::general_purpose::STANDARD, &whole);
    house
        .database
        .execute(&format!("UPDATE ingest.webhook_request SET body = decode('{encoded}', 'base64')"))
        .await;
    let results = operator.replay_parked(call(replay)).await.expect("answers").into_inner().results;
    assert!(results[0].replayed, "{}", results[0].reason);
    assert_eq!(house.outcomes(&receipt).await, ["stored"]);
    assert_eq!(house.events().await.len(), 1);
    let list = operator.list_parked(call(ListParkedRequest::default())).await.expect("lists");
    assert!(list.into_inner().parked.is_empty(), "what was replayed is no longer listed");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_an_older_release_could_not_read_is_replayed_by_itself_with_all_its_items() {
    let mut house = House::new().await;
    let events = [event("m1", "hello"), event("m2", "hello"), event("m3", "hello")];
    let whole = bytes(&page(&[messaging(PAGES[0], &events)]));
    let receipt = house.deliver(Network::Facebook, &whole[..whole.len() - 1]).await;
    assert_eq!(house.outcomes(&receipt).await, ["parked truncated_json"]);
    house.deliver(Network::Facebook, &message(Network::Facebook, "m2", "hello")).await;

    // As if this release read what version 0 could not.
    let encoded = base64::Engine::encode(&base64::engine::general_purpose::STANDARD, &whole);
    let request = receipt.trim_start_matches("req_");
    house
        .database
        .execute(&format!(
            "UPDATE ingest.webhook_request SET body = decode('{encoded}', 'base64') \
             WHERE id = '{request}'; UPDATE ingest.parked SET unknown_to = 0"
        ))
        .await;
    house.restart().await;
    eventually(PATIENCE, "the body is replayed", async || {
        house.outcomes(&receipt).await == ["stored", "duplicate", "stored"]
    })
    .await;
    assert_eq!(house.events().await.len(), 3);
    assert_eq!(
        house.number("SELECT count(*) FROM ingest.parked WHERE replayed_at IS NULL").await,
        0
    );
}
