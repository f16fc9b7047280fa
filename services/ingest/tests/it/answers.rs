//! Each bad input has its stated answer, and nothing is lost.

use networks::{Network, sign, signature_header};
use proto::ingest::v1::item_event::Fact;
use reqwest::StatusCode;
use reqwest::header::HeaderMap;

use crate::bodies::message;
use crate::house::House;

async fn with_headers(
    house: &House,
    network: Network,
    headers: &[String],
    body: &[u8],
) -> reqwest::Response {
    let mut map = HeaderMap::new();
    for header in headers {
        map.append(signature_header(network), header.parse().expect("a header"));
    }
    let address = house.address(network);
    house.client.post(address).headers(map).body(body.to_vec()).send().await.expect("answers")
}

async fn assert_refused(house: &House, answer: reqwest::Response, what: &str) {
    assert_eq!(answer.status(), StatusCode::UNAUTHORIZED, "{what}");
    assert!(answer.headers().get("guichet-receipt").is_none(), "{what}");
    assert!(answer.bytes().await.expect("reads").is_empty(), "{what}: the answer tells something");
    assert_eq!(house.counts().await, [0; 4], "{what}: something was stored");
}

#[tokio::test(flavor = "multi_thread")]
async fn only_the_network_s_own_signature_opens_the_door() {
    let house = House::new().await;
    for network in Network::ALL {
        let body = message(network, "m1", "hello");
        let good = sign(network, &body, &House::secret(network));
        let code = good.strip_prefix("sha256=").expect("has its prefix").to_owned();
        let other = sign(network, &body, &kit_values::Secret::new("another tenant's".to_owned()));
        let respelled = serde_json::from_slice::<serde_json::Value>(&body).expect("is JSON");
        let respelled = serde_json::to_vec_pretty(&respelled).expect("serialises");
        let of_respelled = sign(network, &respelled, &House::secret(network));
        for (what, headers) in [
            ("no header", vec![]),
            ("an empty header", vec![String::new()]),
            ("an empty code", vec!["sha256=".to_owned()]),
            ("upper case", vec![format!("sha256={}", code.to_uppercase())]),
            ("SHA-1", vec![format!("sha1={}", &code[..40])]),
            ("SHA-1 by its own name", vec![format!("sha1={code}")]),
            ("two headers", vec![good.clone(), good.clone()]),
            ("two headers, one wrong", vec![good.clone(), other.clone()]),
            ("another tenant's secret", vec![other.clone()]),
            ("the same JSON in other bytes", vec![of_respelled.clone()]),
        ] {
            let answer = with_headers(&house, network, &headers, &body).await;
            assert_refused(&house, answer, &format!("{network}: {what}")).await;
        }
        let mut changed = body.clone();
        let place = body.windows(5).position(|part| part == b"hello").expect("is there");
        changed[place] = b'j';
        let answer = with_headers(&house, network, std::slice::from_ref(&good), &changed).await;
        assert_refused(&house, answer, "a body changed after signing").await;
        let answer =
            with_headers(&house, network, &[good], &[body.as_slice(), b" "].concat()).await;
        assert_refused(&house, answer, "trailing data").await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_address_and_an_application_without_a_secret_look_the_same() {
    let house = House::new().await;
    let body = message(Network::X, "m1", "hello");
    let signature = sign(Network::X, &body, &House::secret(Network::X));
    let unknown = ingest::domain::ApplicationId::mint();
    let x = house.x;
    for path in [
        format!("/hooks/x/{unknown}"),
        format!("/hooks/facebook/{x}"),
        format!("/hooks/instagram/{x}"),
        "/hooks/x/app_".to_owned(),
        "/hooks/x/%00".to_owned(),
    ] {
        let answer = house
            .client
            .post(format!("{}{path}", house.http))
            .header(signature_header(Network::X), &signature)
            .body(body.clone())
            .send()
            .await
            .expect("answers");
        assert_refused(&house, answer, &path).await;
    }

    // Known, but its secrets never came: whatever is signed with nothing is refused.
    let without = ingest::domain::ApplicationId::mint();
    house
        .database
        .execute(&format!(
            "INSERT INTO ingest.application (application_id, network, simulated, version, permalink_base) \
             VALUES ('{}', 'x', false, 1, '')",
            without.uuid()
        ))
        .await;
    tokio::time::sleep(std::time::Duration::from_millis(1_500)).await;
    let signature = sign(Network::X, &body, &kit_values::Secret::new(String::new()));
    let answer = house
        .client
        .post(format!("{}/hooks/x/{without}", house.http))
        .header(signature_header(Network::X), signature)
        .body(body)
        .send()
        .await
        .expect("answers");
    assert_refused(&house, answer, "an application without a secret").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_above_eight_mebibytes_is_too_large_however_it_is_sent() {
    let house = House::new().await;
    let network = Network::Facebook;
    let limit = 8 << 20;
    let large = vec![b' '; limit + 1];
    assert_eq!(house.post(network, &large).await.status(), StatusCode::PAYLOAD_TOO_LARGE);
    let signature = sign(network, &large, &House::secret(network));
    let chunks: Vec<Result<Vec<u8>, std::io::Error>> =
        large.chunks(1 << 20).map(|chunk| Ok(chunk.to_vec())).collect();
    let answer = house
        .client
        .post(house.address(network))
        .header(signature_header(network), signature)
        .body(reqwest::Body::wrap_stream(futures::stream::iter(chunks)))
        .send()
        .await
        .expect("answers");
    assert_eq!(answer.status(), StatusCode::PAYLOAD_TOO_LARGE, "without a length");
    assert_eq!(house.counts().await, [0; 4]);

    let mut whole = message(network, "m1", "hello");
    whole.resize(limit, b' ');
    let forged = sign(network, &whole, &kit_values::Secret::new("another tenant's".to_owned()));
    let answer = with_headers(&house, network, &[forged], &whole).await;
    assert_refused(&house, answer, "a long body that another signed").await;
    let receipt = house.deliver(network, &whole).await;
    assert_eq!(house.outcomes(&receipt).await, ["stored"], "exactly eight mebibytes");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_signed_but_unreadable_is_accepted_and_parked() {
    let house = House::new().await;
    let mut expected = 0;
    for network in Network::ALL {
        let whole = message(network, "m1", "hello");
        let mut broken = whole.clone();
        let place = whole.windows(5).position(|part| part == b"hello").expect("is there");
        broken[place] = 0xFF;
        let deep = [b"[".repeat(10_000), b"]".repeat(10_000)].concat();
        for (body, reason) in [
            (whole[..whole.len() - 3].to_vec(), "truncated_json"),
            (broken, "invalid_utf8"),
            (deep, "nested_too_deep"),
            (b"\x1f\x8b\x08\x00\x00\x00\x00\x00".to_vec(), "invalid_utf8"),
            (Vec::new(), "empty_body"),
            (b"{}".to_vec(), "envelope_unknown"),
        ] {
            let receipt = house.deliver(network, &body).await;
            assert_eq!(house.outcomes(&receipt).await, [format!("parked {reason}")], "{network}");
            expected += 1;
        }
    }
    assert_eq!(house.counts().await, [expected, 0, 0, expected]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_nul_is_shown_as_a_replacement_and_kept_as_it_came() {
    let house = House::new().await;
    for network in Network::ALL {
        let body = message(network, "m1", "a\u{0}b");
        let receipt = house.deliver(network, &body).await;
        assert_eq!(house.outcomes(&receipt).await, ["stored"]);
        let kept = format!(
            "SELECT count(*) FROM ingest.webhook_request WHERE body = decode('{}', 'base64')",
            base64::Engine::encode(&base64::engine::general_purpose::STANDARD, &body)
        );
        assert_eq!(house.number(&kept).await, 1, "the raw body is another");
    }
    for event in house.events().await {
        let Some(Fact::MessageReceived(received)) = event.fact else { panic!("another fact") };
        assert_eq!(received.content.expect("has content").text, "a\u{FFFD}b");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn large_and_negative_ids_and_long_texts_arrive_whole() {
    let house = House::new().await;
    let text = "é".repeat(10_000);
    for network in Network::ALL {
        for id in ["9007199254740993", "18446744073709551617", "-2781149976877970683"] {
            let receipt = house.deliver(network, &message(network, id, &text)).await;
            let items = house.items(&receipt).await;
            assert_eq!(items.len(), 1);
            assert_eq!(items[0].external_id, id);
            assert!(items[0].event_id.starts_with("evt_"));
        }
    }
    let events = house.events().await;
    assert_eq!(events.len(), 6);
    for event in events {
        let Some(Fact::MessageReceived(received)) = event.fact else { panic!("another fact") };
        assert_eq!(received.content.expect("has content").text, text);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_secret_is_in_any_table() {
    let house = House::new().await;
    house.deliver(Network::X, &message(Network::X, "m1", "hello")).await;
    let tables =
        "SELECT table_name::text FROM information_schema.tables WHERE table_schema = 'ingest'";
    for table in house.database.texts(tables).await {
        let rows = house.database.texts(&format!("SELECT t::text FROM ingest.{table} t")).await;
        for row in rows {
            assert!(!row.contains("canary"), "{table} holds a secret");
            // As PostgreSQL writes bytea: "canary".
            assert!(!row.contains("63616e617279"), "{table} holds a secret");
        }
    }
}

/// A body of `chunks` times 64 KiB, of which everything but the last byte arrives at once and the
/// last one never; tells when all the rest was taken.
fn never_ending(chunks: usize) -> (reqwest::Body, tokio::sync::oneshot::Receiver<()>) {
    const CHUNK: usize = 64 << 10;
    let (taken, is_taken) = tokio::sync::oneshot::channel();
    let sizes = (1..=chunks).map(move |place| if place == chunks { CHUNK - 1 } else { CHUNK });
    let arriving = futures::stream::iter(sizes.map(|size| Ok(vec![b' '; size])));
    let rest = futures::stream::once(async move {
        let _ = taken.send(());
        std::future::pending::<Result<Vec<u8>, std::io::Error>>().await
    });
    (reqwest::Body::wrap_stream(futures::StreamExt::chain(arriving, rest)), is_taken)
}

#[tokio::test(flavor = "multi_thread")]
async fn slow_long_bodies_at_one_address_stop_neither_the_others_nor_the_short_ones() {
    let house = House::new().await;
    // In form a signature; that it is nobody's shows only at the end of the body.
    let forged = sign(Network::X, b"", &kit_values::Secret::new("nobody's".to_owned()));
    let mut slow = Vec::new();
    let mut taken = Vec::new();
    for _ in 0..8 {
        let (body, is_taken) = never_ending(128);
        let request = house
            .client
            .post(house.address(Network::X))
            .header(signature_header(Network::X), &forged)
            .body(body);
        slow.push(request.send());
        taken.push(is_taken);
    }
    let attack = async {
        futures::future::join_all(slow).await;
        std::future::pending::<()>().await;
    };
    let defended = async {
        // All of them are taken, or as many as are let in.
        let all = futures::future::join_all(taken);
        let _ = tokio::time::timeout(std::time::Duration::from_millis(1_500), all).await;
        for (place, network) in
            [Network::Facebook, Network::X, Network::Facebook, Network::X].into_iter().enumerate()
        {
            let body = message(network, &format!("m{place}"), "hello");
            let receipt = house.deliver(network, &body).await;
            assert_eq!(house.outcomes(&receipt).await, ["stored"], "{network}");
        }
    };
    tokio::select! {
        () = attack => unreachable!("it never ends"),
        () = defended => {}
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_signature_a_body_is_not_waited_for() {
    let house = House::new().await;
    for headers in [Vec::new(), vec!["sha256=".to_owned()], vec!["sha1=abc".to_owned()]] {
        let mut request = house.client.post(house.address(Network::X));
        for header in headers {
            request = request.header(signature_header(Network::X), header);
        }
        let (body, _) = never_ending(1);
        let answer = request.body(body).send().await.expect("answers");
        assert_refused(&house, answer, "no signature, and no end").await;
    }
}
