//! The live feed, through real streams.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use futures::{SinkExt as _, StreamExt as _};
use proto::conversation::v1::ConversationAbsorbed;
use proto::conversation::v1::conversation_event::Fact;
use proto::directory::v1::{ChannelConnected, directory_event};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::CloseFrame;

use crate::world::{PATIENCE, World};

fn is_row(event: &Value, id: &str, rev: i64) -> bool {
    event["k"] == "conversation.upsert"
        && event["d"]["id"] == id
        && event["d"]["rev"].as_i64() >= Some(rev)
}

fn message_ids(events: &[Value]) -> Vec<String> {
    let messages = events.iter().filter(|event| event["k"] == "message.upsert");
    messages.filter_map(|event| event["d"]["id"].as_str().map(ToOwned::to_owned)).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_reaches_who_has_its_conversation_open_once_and_in_order() {
    let (world, gateway) = World::with_gateway().await;
    let browser = world.signed_in(&gateway, "amelie").await;
    let conversation = world.peers.add_conversation(world.own);
    let (mut open, resumed) = browser.socket(&browser.cursor().await, Some(&conversation)).await;
    assert!(resumed);
    let (mut elsewhere, _) = browser.socket(&browser.cursor().await, None).await;

    let (mut sent, mut last) = (Vec::new(), 0);
    for number in 0..30 {
        let (id, rev) = world.message(world.own, &conversation, &format!("message {number}")).await;
        sent.push(id);
        last = rev;
    }
    let mut events = Vec::new();
    while message_ids(&events).len() < sent.len() {
        events.extend(open.events().await);
    }
    assert_eq!(message_ids(&events), sent);
    let revs: Vec<i64> = events
        .iter()
        .filter(|event| event["k"] == "conversation.upsert")
        .filter_map(|event| event["d"]["rev"].as_i64())
        .collect();
    assert!(revs.is_sorted(), "{revs:?}");
    let row = elsewhere.until(|event| is_row(event, &conversation, last)).await;
    assert_eq!(row["d"]["last"]["text"], "message 29");
    let rest = elsewhere.within(Duration::from_millis(400)).await;
    assert_eq!(message_ids(&rest), Vec::<String>::new(), "it has not opened the conversation");
}

#[tokio::test(flavor = "multi_thread")]
async fn no_message_is_lost_or_doubled_over_forty_cuts() {
    let (mut world, first) = World::with_gateway().await;
    let second = world.start(|_| {}).await;
    let browser = world.signed_in(&first, "amelie").await;
    let conversation = world.peers.add_conversation(world.own);
    let mut cursor = browser.cursor().await;
    let (mut sent, mut received, mut last) = (Vec::new(), Vec::new(), 0);
    for cut in 0..40 {
        for _ in 0..5 {
            let (id, rev) = world.message(world.own, &conversation, "Bonjour").await;
            sent.push(id);
            last = rev;
        }
        // Another gateway each time; the cursor means the same to both.
        let browser = browser.at(if cut % 2 == 0 { &first } else { &second });
        let (mut socket, resumed) = browser.socket(&cursor, Some(&conversation)).await;
        assert!(resumed, "after cut {cut}");
        // Cut somewhere, also before anything came.
        for _ in 0..cut % 4 {
            let next = tokio::time::timeout(Duration::from_millis(150), socket.events()).await;
            received.extend(message_ids(&next.unwrap_or_default()));
        }
        cursor.clone_from(&socket.cursor);
    }
    let (mut socket, resumed) = browser.socket(&cursor, Some(&conversation)).await;
    assert!(resumed);
    if received.len() < sent.len() {
        loop {
            let events = socket.events().await;
            received.extend(message_ids(&events));
            if events.iter().any(|event| is_row(event, &conversation, last)) {
                break;
            }
        }
    }
    received.extend(message_ids(&socket.within(Duration::from_millis(300)).await));
    assert_eq!(received.len(), sent.len(), "each once");
    assert_eq!(received, sent, "and in order");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_socket_hears_its_own_organization_alone() {
    let (world, gateway) = World::with_gateway().await;
    let amelie = world.signed_in(&gateway, "amelie").await;
    let bert = world.signed_in(&gateway, "bert").await;
    let theirs = world.peers.add_conversation(world.other);
    let own = world.peers.add_conversation(world.own);
    // It even says that it has the other's conversation open, and brings the other's cursor.
    let (mut socket, _) = amelie.socket(&amelie.cursor().await, Some(&theirs)).await;
    let (mut stranger, resumed) = amelie.socket(&bert.cursor().await, Some(&theirs)).await;
    assert!(!resumed, "another organization's cursor means nothing");
    assert_eq!(stranger.frame().await.expect("a frame")["t"], "reset");
    let (mut known, _) = bert.socket(&bert.cursor().await, Some(&theirs)).await;
    let (_, rev) = world.message(world.other, &theirs, "canary of the other").await;
    known.until(|event| is_row(event, &theirs, rev)).await;
    let (_, rev) = world.message(world.own, &own, "Bonjour").await;
    for socket in [&mut socket, &mut stranger] {
        let mut heard = Vec::new();
        while !heard.iter().any(|event| is_row(event, &own, rev)) {
            heard.extend(socket.events().await);
        }
        assert!(!heard.iter().any(|event| event.to_string().contains(&theirs)), "{heard:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn opening_a_conversation_never_falls_between_two_messages() {
    let (world, gateway) = World::with_gateway().await;
    let browser = world.signed_in(&gateway, "amelie").await;
    let conversation = world.peers.add_conversation(world.own);
    let (mut socket, _) = browser.socket(&browser.cursor().await, None).await;
    let path = format!("/api/v1/conversations/{conversation}/messages");
    let fetched = browser.get_json(&path).await;
    assert_eq!(fetched["messages"], json!([]));
    // After the page was read, before the server knows what is open.
    let (missed, rev) = world.message(world.own, &conversation, "in between").await;
    socket.until(|event| is_row(event, &conversation, rev)).await;
    socket.say(json!({"t": "show", "shown": [conversation], "open": conversation})).await;
    let told = socket.until(|event| event["k"] == "message.upsert").await;
    assert_eq!(told["d"]["id"], missed);
    let (next, _) = world.message(world.own, &conversation, "afterwards").await;
    let told = socket.until(|event| event["k"] == "message.upsert").await;
    assert_eq!(told["d"]["id"], next);
    // Once the row that it asks for has come (the last one came with its message), the server knows
    // that nothing is open any more.
    let close = json!({"t": "show", "shown": [], "open": null, "want": [conversation]});
    socket.say(close).await;
    socket.until(|event| is_row(event, &conversation, rev)).await;
    let (_, rev) = world.message(world.own, &conversation, "closed").await;
    let mut heard = Vec::new();
    while !heard.iter().any(|event| is_row(event, &conversation, rev)) {
        heard.extend(socket.events().await);
    }
    heard.extend(socket.within(Duration::from_millis(300)).await);
    assert_eq!(message_ids(&heard), Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_ring_no_longer_holds_is_a_reset() {
    let (mut world, first) = World::with_gateway().await;
    let browser = world.signed_in(&first, "amelie").await;
    let conversation = world.peers.add_conversation(world.own);
    let old = browser.cursor().await;
    let (mut socket, _) = browser.socket(&old, None).await;
    let (_, rev) = world.message(world.own, &conversation, "Bonjour").await;
    socket.until(|event| is_row(event, &conversation, rev)).await;
    let recent = socket.cursor.clone();
    // As after more than the ring's memory: the stream no longer gives it to a new gateway.
    let client = async_nats::connect(world.nats.url()).await.expect("connects");
    let stream =
        async_nats::jetstream::new(client).get_stream("CONVERSATION").await.expect("there");
    stream.purge().await.expect("purged");
    let second = world.start(|_| {}).await;
    let at_second = browser.at(&second);

    let (mut socket, resumed) = at_second.socket(&old, None).await;
    assert!(!resumed);
    let reset = socket.frame().await.expect("a frame");
    assert_eq!(reset["t"], "reset");
    let cursor = reset["cursor"].as_str().expect("a cursor").to_owned();
    // The socket goes on without being opened again.
    let (_, rev) = world.message(world.own, &conversation, "afterwards").await;
    socket.until(|event| is_row(event, &conversation, rev)).await;
    for good in [recent, cursor, at_second.cursor().await] {
        assert!(at_second.socket(&good, None).await.1, "a place that the ring reaches");
    }
    for garbage in ["", "abc", "AAAAAAAAAAAAAAAAAAAAAAAA"] {
        assert!(!at_second.socket(garbage, None).await.1, "{garbage}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn after_the_streams_were_wiped_every_socket_starts_anew_and_goes_on() {
    let (mut world, gateway) = World::with_gateway().await;
    let browser = world.signed_in(&gateway, "amelie").await;
    let conversation = world.peers.add_conversation(world.own);
    let (mut socket, _) = browser.socket(&browser.cursor().await, None).await;
    let (_, rev) = world.message(world.own, &conversation, "before").await;
    socket.until(|event| is_row(event, &conversation, rev)).await;
    world.nats.wipe().await;
    let reset = loop {
        let frame = socket.frame().await.expect("a frame");
        if frame["t"] == "reset" {
            break frame;
        }
        if frame["t"] == "ping" {
            socket.say(json!({"t": "pong"})).await;
        }
    };
    assert!(reset["cursor"].is_string());
    let (_, rev) = world.message(world.own, &conversation, "after").await;
    let told = loop {
        let frame = socket.frame().await.expect("a frame").to_string();
        if frame.contains("conversation.upsert") && frame.contains(&format!("\"rev\":{rev}")) {
            break frame;
        }
    };
    assert!(told.contains("after"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_burst_is_looked_up_in_few_calls() {
    let (world, gateway) = World::with_gateway().await;
    let browser = world.signed_in(&gateway, "amelie").await;
    let conversations: Vec<String> =
        (0..20).map(|_| world.peers.add_conversation(world.own)).collect();
    let (mut socket, _) = browser.socket(&browser.cursor().await, None).await;
    let mut wanted: BTreeMap<&str, i64> = BTreeMap::new();
    let before = world.peers.held().row_calls;
    let started = std::time::Instant::now();
    for _ in 0..10 {
        for conversation in &conversations {
            let (_, rev) = world.message(world.own, conversation, "Bonjour").await;
            wanted.insert(conversation, rev);
        }
    }
    while !wanted.is_empty() {
        for event in socket.events().await {
            let id = event["d"]["id"].as_str().unwrap_or_default();
            if wanted.get(id).is_some_and(|rev| is_row(&event, id, *rev)) {
                wanted.remove(id);
            }
        }
    }
    let calls = world.peers.held().row_calls - before;
    let rounds = usize::try_from(started.elapsed().as_millis() / 15 + 1).expect("few");
    assert!(calls <= rounds.min(200), "{calls} calls for 200 events in {rounds} rounds");
}

#[tokio::test(flavor = "multi_thread")]
async fn counts_come_at_most_four_times_a_second_and_the_last_ones_always() {
    let (world, gateway) = World::with_gateway().await;
    let browser = world.signed_in(&gateway, "amelie").await;
    let (mut socket, _) = browser.socket(&browser.cursor().await, None).await;
    let began = std::time::Instant::now();
    for _ in 0..40 {
        let conversation = world.peers.add_conversation(world.own);
        world.tell(world.own, &conversation, None).await;
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    let mut counts = Vec::new();
    while counts.last().is_none_or(|last: &Value| last["new"] != 40) {
        let events = socket.events().await;
        counts.extend(events.into_iter().filter(|e| e["k"] == "counts").map(|e| e["d"].clone()));
    }
    let most = began.elapsed().as_millis() / 250 + 2;
    assert!(counts.len() as u128 <= most, "{} counts of at most {most}", counts.len());
    assert!(counts.is_sorted_by_key(|counts| counts["rev"].as_u64()));
    assert_eq!(counts.last().expect("counts")["all"], 42);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_happened_while_conversations_were_away_is_told_afterwards() {
    let (world, gateway) = World::with_gateway().await;
    let browser = world.signed_in(&gateway, "amelie").await;
    let conversation = world.peers.add_conversation(world.own);
    let (mut socket, _) = browser.socket(&browser.cursor().await, Some(&conversation)).await;
    world.peers.held().conversations_away = true;
    let (first, _) = world.message(world.own, &conversation, "one").await;
    tokio::time::sleep(Duration::from_millis(500)).await;
    let (second, _) = world.message(world.own, &conversation, "two").await;
    world.peers.held().conversations_away = false;
    let mut events = Vec::new();
    while message_ids(&events).len() < 2 {
        events.extend(socket.events().await);
    }
    assert_eq!(message_ids(&events), [first, second]);
}

#[tokio::test(flavor = "multi_thread")]
async fn settings_that_changed_are_named() {
    let (world, gateway) = World::with_gateway().await;
    let browser = world.signed_in(&gateway, "amelie").await;
    let (mut socket, _) = browser.socket(&browser.cursor().await, None).await;
    let fact = directory_event::Fact::ChannelConnected(ChannelConnected { channel: None });
    world.tell_directory(world.own, fact).await;
    let told = socket.until(|event| event["k"] == "settings.changed").await;
    assert_eq!(told["d"], json!({"keys": ["channels"]}));
}

#[tokio::test(flavor = "multi_thread")]
async fn signing_out_ends_the_sockets_also_at_another_gateway() {
    let (mut world, first) = World::with_gateway().await;
    let second = world.start(|_| {}).await;
    let browser = world.signed_in(&first, "amelie").await;
    let bystander = world.signed_in(&first, "amelie").await;
    let cursor = browser.cursor().await;
    let (mut here, _) = browser.socket(&cursor, None).await;
    let (mut there, _) = browser.at(&second).socket(&cursor, None).await;
    let (mut other_session, _) = bystander.socket(&cursor, None).await;
    let response = browser.request(Method::DELETE, "/api/v1/session").send().await;
    assert_eq!(response.expect("answered").status(), StatusCode::NO_CONTENT);
    for socket in [&mut here, &mut there] {
        let ended = tokio::time::timeout(Duration::from_secs(5), socket.end()).await;
        assert_eq!(ended.expect("within five seconds"), Some(4001));
    }
    let conversation = world.peers.add_conversation(world.own);
    let (_, rev) = world.message(world.own, &conversation, "Bonjour").await;
    other_session.until(|event| is_row(event, &conversation, rev)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn only_a_page_of_ours_with_a_session_gets_a_socket() {
    let (world, gateway) = World::with_gateway().await;
    let browser = world.signed_in(&gateway, "amelie").await;
    let cookie = format!("guichet_session={}", browser.cookie.clone().expect("a cookie"));
    let own = gateway.public_url.as_str();
    let cases: [(&[(&'static str, &str)], u16); 6] = [
        (&[("cookie", &cookie)], 403),
        (&[("cookie", &cookie), ("origin", "null")], 403),
        (&[("cookie", &cookie), ("origin", "https://evil.example")], 403),
        (&[("cookie", &cookie), ("origin", &format!("{own}.evil.example"))], 403),
        (&[("origin", own)], 401),
        (&[("cookie", "guichet_session=AAAA"), ("origin", own)], 401),
    ];
    for (headers, expected) in cases {
        match browser.socket_with(headers).await {
            Err(tokio_tungstenite::tungstenite::Error::Http(response)) => {
                assert_eq!(response.status().as_u16(), expected, "{headers:?}");
            }
            _ => panic!("a socket was given for {headers:?}"),
        }
    }
    let plain = browser.get("/api/v1/live").await;
    assert_eq!(plain.status(), StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_that_does_not_keep_to_the_protocol_ends_its_own_socket_alone() {
    let (world, gateway) = World::with_gateway().await;
    let browser = world.signed_in(&gateway, "amelie").await;
    let cursor = browser.cursor().await;
    let (mut good, _) = browser.socket(&cursor, None).await;
    let hello = json!({"t": "hello", "cursor": cursor, "shown": [], "open": null}).to_string();
    let flood: Vec<Message> = (0..400)
        .map(|_| Message::text(json!({"t": "show", "shown": [], "open": null}).to_string()))
        .collect();
    let cases: [(&str, Vec<Message>, &[u16]); 8] = [
        ("no JSON", vec![Message::text("hello")], &[1008]),
        ("no hello first", vec![Message::text(json!({"t": "pong"}).to_string())], &[1008]),
        ("binary", vec![Message::binary(vec![1, 2, 3])], &[1003]),
        ("two hellos", vec![Message::text(hello.clone()), Message::text(hello.clone())], &[1008]),
        ("broken later", vec![Message::text(hello.clone()), Message::text("{")], &[1008]),
        ("too large", vec![Message::text("x".repeat(200_000))], &[1005, 1006, 1008, 1009]),
        (
            "a farewell",
            vec![Message::Close(Some(CloseFrame { code: 1000.into(), reason: "".into() }))],
            &[1000],
        ),
        ("a flood", [vec![Message::text(hello)], flood].concat(), &[1008]),
    ];
    for (name, frames, codes) in cases {
        let mut socket = browser.silent_socket().await;
        for frame in frames {
            // The server may have had enough already.
            if socket.stream.send(frame).await.is_err() {
                break;
            }
        }
        let code = socket.end().await;
        assert!(code.is_none_or(|code| codes.contains(&code)), "{name}: {code:?}");
        assert!(code.is_some() || name == "too large" || name == "a flood", "{name}: no farewell");
    }
    let conversation = world.peers.add_conversation(world.own);
    let (_, rev) = world.message(world.own, &conversation, "Bonjour").await;
    good.until(|event| is_row(event, &conversation, rev)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_that_does_not_read_is_cut_and_nobody_else_waits() {
    let (world, gateway) = World::with_gateway().await;
    let browser = world.signed_in(&gateway, "amelie").await;
    let cursor = browser.cursor().await;
    let conversation = world.peers.add_conversation(world.own);
    let (mut slow, _) = browser.socket(&cursor, None).await;
    let (mut good, _) = browser.socket(&cursor, None).await;
    let text = "x".repeat(200_000);
    for _ in 0..150 {
        let (_, rev) = world.message(world.own, &conversation, &text).await;
        let reading = good.until(|event| is_row(event, &conversation, rev));
        tokio::time::timeout(PATIENCE, reading).await.expect("the reading one is served");
    }
    // What had left for it is still to be read; then it ends, without everything.
    let mut seen = BTreeSet::new();
    while let Some(frame) = slow.frame().await {
        let events = frame["evs"].as_array().cloned().unwrap_or_else(|| vec![frame]);
        let rows = events.iter().filter(|event| event["k"] == "conversation.upsert");
        seen.extend(rows.filter_map(|event| event["d"]["rev"].as_i64()));
    }
    assert!(seen.len() < 150, "it was cut");
    let (mut back, resumed) = browser.socket(&slow.cursor, None).await;
    assert!(resumed, "and it may come back");
    back.until(|event| is_row(event, &conversation, 151)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_that_answers_no_ping_is_cut_and_one_that_answers_is_not() {
    let (world, gateway) = World::with_gateway().await;
    let browser = world.signed_in(&gateway, "amelie").await;
    let cursor = browser.cursor().await;
    let (mut silent, _) = browser.socket(&cursor, None).await;
    let (mut good, _) = browser.socket(&cursor, None).await;
    let answering = async {
        let mut pings = 0;
        while pings < 2 {
            let frame = tokio::time::timeout(Duration::from_secs(30), good.stream.next()).await;
            let Some(Ok(Message::Text(text))) = frame.expect("a ping in time") else {
                unreachable!("the socket ended")
            };
            let frame: Value = serde_json::from_str(&text).expect("JSON");
            if frame["t"] == "ping" {
                pings += 1;
                assert!(frame["c"].is_string(), "a quiet line's cursor does not grow old");
                good.say(json!({"t": "pong"})).await;
            }
        }
    };
    let ending = async {
        loop {
            let frame = tokio::time::timeout(Duration::from_secs(40), silent.stream.next()).await;
            if let Some(Ok(Message::Close(Some(close)))) = frame.expect("an end in time") {
                break u16::from(close.code);
            }
        }
    };
    let ((), code) = tokio::join!(answering, ending);
    assert_eq!(code, 4000);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_conversation_that_takes_in_another_shows_its_messages() {
    let (world, gateway) = World::with_gateway().await;
    let browser = world.signed_in(&gateway, "amelie").await;
    let (early, late) =
        (world.peers.add_conversation(world.own), world.peers.add_conversation(world.own));
    let (moved, _) = world.message(world.own, &late, "Bonjour").await;
    let (mut socket, _) = browser.socket(&browser.cursor().await, Some(&early)).await;
    for row in world.peers.held().rows.values_mut() {
        row.rev += 10;
        if row.conversation_id == late {
            row.absorbed_into.clone_from(&early);
        }
    }
    for message in world.peers.held().messages.values_mut() {
        message.conversation_id.clone_from(&early);
    }
    let fact = ConversationAbsorbed { into_conversation_id: early.clone() };
    world.tell(world.own, &late, Some(Fact::ConversationAbsorbed(fact))).await;
    let mut heard = Vec::new();
    while message_ids(&heard).is_empty() {
        heard.extend(socket.events().await);
    }
    assert_eq!(message_ids(&heard), [moved]);
    let signpost = heard.iter().rfind(|event| event["d"]["id"] == late).expect("its row");
    assert_eq!(signpost["d"]["absorbed_into"], early);
    assert!(heard.iter().any(|event| is_row(event, &early, 11)), "{heard:?}");
}
