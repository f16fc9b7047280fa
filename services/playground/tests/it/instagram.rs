//! Instagram: each inbound kind's bytes, each call of Graph, and how each is refused.

use playground::world::{Persona, people};
use serde_json::{Value, json};

use crate::support::{
    Called, INSTAGRAM, INSTAGRAM_SECRET, PAGE, Playground, Received, eventually, mac,
};

fn tom() -> Persona {
    people().into_iter().find(|one| one.key == "tom").expect("Tom")
}

fn igsid() -> String {
    tom().instagram_scoped_id(INSTAGRAM)
}

/// The one entry that this action gave.
async fn entry(playground: &Playground, action: &str, body: Value) -> (Value, Value) {
    let before = playground.ingest.received().len();
    let performed = playground.act(&format!("instagram/{action}"), body).await;
    let received = playground.ingest.wait_for(before + 1).await;
    let request = received.last().expect("a request").clone();
    assert!(request.is_signed(), "{request:?}");
    assert!(request.body.is_ascii(), "bytes beyond ASCII on the wire");
    assert_eq!(request.path, "/hooks/instagram/igapp");
    let body = request.json();
    assert_eq!(body["object"], "instagram");
    assert_eq!(body["entry"].as_array().map(Vec::len), Some(1));
    assert_eq!(body["entry"][0]["id"], INSTAGRAM);
    (performed, body["entry"][0].clone())
}

async fn messaging(playground: &Playground, action: &str, body: Value) -> (String, Value) {
    let (performed, entry) = entry(playground, action, body).await;
    let item = entry["messaging"][0].clone();
    assert!(item["timestamp"].as_i64().is_some_and(|millis| millis > 1_700_000_000_000), "{item}");
    (performed["id"].as_str().unwrap_or_default().to_owned(), item)
}

fn says(text: &str) -> Value {
    json!({"account": "maison.insta", "author": "tom", "text": text})
}

async fn comment(playground: &Playground, author: &str) -> String {
    let post = playground.a_post_of("instagram", INSTAGRAM).await;
    let body = json!({"author": author, "post": post, "text": "où ?"});
    let performed = playground.act("instagram/comment", body).await;
    performed["id"].as_str().expect("an id").to_owned()
}

async fn call(playground: &Playground, method: &str, path: &str, body: Value) -> Called {
    playground.graph(INSTAGRAM, method, path, body).await
}

fn messages() -> String {
    format!("/{INSTAGRAM}/messages")
}

fn to(text: &str) -> Value {
    json!({"recipient": {"id": igsid()}, "messaging_type": "RESPONSE", "message": {"text": text}})
}

fn refused_as(called: &Called, status: u16, code: u64, subcode: Option<u64>) {
    let error = &called.body["error"];
    assert_eq!(called.status, status, "{}", called.body);
    assert_eq!(error["code"], code, "{error}");
    assert_eq!(error.get("error_subcode").and_then(Value::as_u64), subcode, "{error}");
}

#[tokio::test]
async fn a_comment_and_its_answers_are_told_as_changes_with_ids_as_text() {
    let playground = Playground::start().await;
    let post = playground.a_post_of("instagram", INSTAGRAM).await;
    let mut comments = Vec::new();
    let mut names = std::collections::BTreeSet::new();
    for number in 0..4 {
        let text = format!("déjà la n° {number} ?");
        let body = json!({"author": "tom", "post": post, "text": text});
        let (performed, entry) = entry(&playground, "comment", body).await;
        assert!(entry["time"].as_i64().is_some_and(|seconds| seconds < 100_000_000_000));
        let change = &entry["changes"][0];
        assert_eq!(change["field"], "comments");
        let value = &change["value"];
        assert_eq!(value["from"], json!({"id": igsid(), "username": "tomhadley"}));
        assert_eq!(value["text"], text);
        assert_eq!(value["media"], json!({"id": post, "media_product_type": "FEED"}));
        assert!(value.get("parent_id").is_none(), "it answers no comment: {value}");
        let name = if value.get("id").is_some() { "id" } else { "comment_id" };
        assert_eq!(value[name], performed["id"]);
        assert!(performed["id"].as_str().expect("text").parse::<u64>().expect("digits") > 1 << 53);
        names.insert(name);
        comments.push(performed["id"].as_str().expect("text").to_owned());
    }
    assert_eq!(names.into_iter().collect::<Vec<_>>(), ["comment_id", "id"], "by both names");
    let first = &comments[0];
    let (reply, _) = {
        let body = json!({"author": "lea", "to": first, "text": "pareil"});
        entry(&playground, "reply", body).await
    };
    let body = json!({"author": "business", "to": reply["id"], "text": "Bientôt"});
    let (_, own) = entry(&playground, "reply", body).await;
    let value = &own["changes"][0]["value"];
    assert_eq!(value["from"]["id"], INSTAGRAM, "the account's own comment comes back");
    assert_eq!(value["parent_id"], json!(first), "there is one level of answers");
}

#[tokio::test]
async fn of_deletions_hiding_and_own_posts_of_instagram_nobody_is_told() {
    let playground = Playground::start().await;
    let id = comment(&playground, "tom").await;
    for (action, body) in [
        ("hide", json!({"id": id})),
        ("unhide", json!({"id": id})),
        ("remove", json!({"id": id})),
        ("post", json!({"account": "maison.insta", "author": "business", "text": "new"})),
        ("story", json!({"account": "maison.insta", "author": "business", "text": "now"})),
    ] {
        let performed = playground.act(&format!("instagram/{action}"), body).await;
        assert_eq!(performed["updates"], 0, "{action}");
    }
}

#[tokio::test]
async fn private_messages_come_with_files_and_have_to_do_with_stories() {
    let playground = Playground::start().await;
    let (mid, item) = messaging(&playground, "message", says("allô ?")).await;
    assert_eq!(item["sender"]["id"], igsid());
    assert_eq!(item["recipient"]["id"], INSTAGRAM);
    assert_eq!(item["message"], json!({"mid": mid, "text": "allô ?"}));
    for (kind, shown) in [
        ("image", "image"),
        ("video", "video"),
        ("audio", "audio"),
        ("share", "ig_post"),
        ("sticker", "like_heart"),
    ] {
        let mut body = says("");
        body["attachment"] = json!(kind);
        let (_, item) = messaging(&playground, "message", body).await;
        assert!(item["message"].get("text").is_none());
        let file = &item["message"]["attachments"][0];
        assert_eq!(file["type"], shown);
        let url = file["payload"]["url"].as_str();
        assert_eq!(url.is_some(), kind != "sticker");
        if let Some(path) = url.and_then(|url| url.strip_prefix("http://inbox.test")) {
            assert_eq!(playground.get(path).await.0, 200, "{path}");
        }
    }
    let threads = playground.json("threads?network=instagram&account=maison.insta").await;
    let story = threads.as_array().expect("threads").iter().find(|one| one["kind"] == "story");
    let story = story.expect("a story")["id"].clone();
    let mut body = says("sublime");
    body["story"] = story.clone();
    let (_, item) = messaging(&playground, "message", body).await;
    assert_eq!(item["message"]["reply_to"]["story"]["id"], story);
    assert!(item["message"]["reply_to"]["story"]["url"].is_string());
    let body = json!({"account": "maison.insta", "author": "tom"});
    let (_, item) = messaging(&playground, "story-mention", body).await;
    assert_eq!(item["message"]["attachments"][0]["type"], "story_mention");
    let mut body = says("celui-ci");
    body["reply_to"] = json!(mid);
    let (_, item) = messaging(&playground, "message", body).await;
    assert_eq!(item["message"]["reply_to"], json!({"mid": mid}));
}

#[tokio::test]
async fn messages_are_edited_taken_back_reacted_to_seen_and_echoed_in_one_list() {
    let playground = Playground::start().await;
    let (mid, _) = messaging(&playground, "message", says("mon code est 1234")).await;
    let (_, item) = messaging(&playground, "edit", json!({"id": mid, "text": "pardon"})).await;
    assert_eq!(item["message_edit"], json!({"mid": mid, "text": "pardon", "num_edit": 1}));
    let (_, item) = messaging(&playground, "unsend", json!({"id": mid})).await;
    assert_eq!(item["message"], json!({"mid": mid, "is_deleted": true}));
    assert_eq!(item["sender"]["id"], igsid());
    let path = format!("inbox?network=instagram&account={INSTAGRAM}&persona=tom");
    let inbox = playground.json(&path).await;
    assert_eq!(inbox[0]["text"], "", "it is gone from the phone");

    let mut body = says("bonjour");
    body["author"] = json!("business");
    body["to"] = json!("tom");
    let (own, item) = messaging(&playground, "message", body).await;
    assert_eq!(
        (&item["sender"]["id"], &item["recipient"]["id"]),
        (&json!(INSTAGRAM), &json!(igsid()))
    );
    assert_eq!(item["message"], json!({"mid": own, "text": "bonjour", "is_echo": true}));
    let react = |withdraw| json!({"author": "tom", "id": own, "emoji": "❤️", "withdraw": withdraw});
    let (_, item) = messaging(&playground, "react", react(false)).await;
    let expected = json!({"mid": own, "action": "react", "reaction": "love", "emoji": "❤️"});
    assert_eq!(item["reaction"], expected);
    let (_, item) = messaging(&playground, "react", react(true)).await;
    assert_eq!(item["reaction"], json!({"mid": own, "action": "unreact"}));
    let body = json!({"account": "maison.insta", "author": "tom"});
    let (_, item) = messaging(&playground, "read", body).await;
    assert_eq!(item["read"], json!({"mid": own}), "a message, not a watermark");
    let body = json!({"account": "maison.insta", "author": "tom", "title": "Prix", "payload": "P"});
    let (_, item) = messaging(&playground, "postback", body).await;
    assert_eq!(
        (&item["postback"]["title"], &item["postback"]["payload"]),
        (&json!("Prix"), &json!("P"))
    );
}

#[tokio::test]
async fn mentions_are_told_by_ids_alone_read_and_answered_where_they_stand() {
    let playground = Playground::start().await;
    let (caption, told) = entry(&playground, "mention", says("mon manteau")).await;
    let change = json!({"field": "mentions", "value": {"media_id": caption["id"]}});
    assert_eq!(told["changes"][0], change);
    let mut body = says("regardez @maison.insta");
    body["comment"] = json!(true);
    let (named, told) = entry(&playground, "mention", body).await;
    let value = told["changes"][0]["value"].clone();
    assert_eq!(value["comment_id"], named["id"]);
    let media = value["media_id"].as_str().expect("text");

    let id = named["id"].as_str().expect("text");
    let fields = "text,timestamp,username,media{id,permalink}";
    let path = format!("/{INSTAGRAM}?fields=mentioned_comment.comment_id({id}){{{fields}}}");
    let read = call(&playground, "GET", &path, Value::Null).await;
    assert_eq!(read.status, 200, "{}", read.body);
    assert_eq!(read.text("/id"), INSTAGRAM);
    assert_eq!(read.text("/mentioned_comment/text"), "regardez @maison.insta");
    assert_eq!(read.text("/mentioned_comment/username"), "tomhadley");
    assert_eq!(read.text("/mentioned_comment/media/id"), media);
    assert!(read.text("/mentioned_comment/timestamp").ends_with("+0000"));
    let post = caption["id"].as_str().expect("text");
    let path = format!("/{INSTAGRAM}?fields=mentioned_media.media_id({post}){{caption,username}}");
    let read = call(&playground, "GET", &path, Value::Null).await;
    assert!(read.text("/mentioned_media/caption").contains("mon manteau"), "{}", read.body);
    let path = format!("/{INSTAGRAM}?fields=mentioned_comment.comment_id({post}){{text}}");
    refused_as(&call(&playground, "GET", &path, Value::Null).await, 400, 100, Some(33));

    let likes = format!("/{INSTAGRAM}/likes");
    for (right, wrong) in [(id, "media_id"), (post, "comment_id")] {
        refused_as(
            &call(&playground, "POST", &likes, json!({wrong: right})).await,
            400,
            100,
            Some(33),
        );
        let name = if wrong == "media_id" { "comment_id" } else { "media_id" };
        let done = call(&playground, "POST", &likes, json!({name: right})).await;
        assert_eq!(done.body, json!({"success": true}));
    }

    let body = json!({"media_id": media, "comment_id": id, "message": "Merci Tom"});
    let path = format!("/{INSTAGRAM}/mentions");
    let answer = call(&playground, "POST", &path, body).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    let own = answer.text("/id");
    let body = json!({"to": own, "text": "avec plaisir"});
    let before = playground.ingest.received().len();
    let replied = playground.act("answer", body).await;
    let told = playground.ingest.wait_for(before + 1).await.last().expect("one").json();
    let expected = json!({"media_id": media, "comment_id": replied["id"]});
    assert_eq!(told["entry"][0]["changes"][0]["value"], expected);
    let (status, _, page) =
        playground.get(&format!("/playground/instagram/p/{media}/c/{own}/")).await;
    assert!(status == 200 && page.contains("Merci Tom") && page.contains("avec plaisir"));
    let wrong = json!({"media_id": "1", "comment_id": id, "message": "a"});
    refused_as(&call(&playground, "POST", &path, wrong).await, 400, 100, Some(33));
}

#[tokio::test]
async fn a_message_is_sent_within_its_window_and_echoed_without_metadata() {
    let playground = Playground::start().await;
    refused_as(&call(&playground, "POST", &messages(), to("a")).await, 400, 100, Some(2_018_001));
    let profile = format!("/{}?fields=name,username,profile_pic", igsid());
    refused_as(&call(&playground, "GET", &profile, Value::Null).await, 400, 9_010, None);
    let id = comment(&playground, "tom").await;
    refused_as(&call(&playground, "POST", &messages(), to("a")).await, 400, 10, Some(2_534_022));
    refused_as(&call(&playground, "GET", &profile, Value::Null).await, 400, 230, None);

    let privately = json!({"recipient": {"comment_id": id}, "message": {"text": "Bonjour"}});
    let sent = call(&playground, "POST", &messages(), privately.clone()).await;
    assert_eq!((sent.status, sent.text("/recipient_id")), (200, igsid()), "{}", sent.body);
    refused_as(&call(&playground, "POST", &messages(), privately).await, 400, 10_900, None);

    playground.act("instagram/message", says("oui ?")).await;
    let read = call(&playground, "GET", &profile, Value::Null).await;
    assert_eq!(read.text("/name"), "Tom Hadley");
    assert_eq!(read.text("/username"), "tomhadley");
    assert!(read.text("/profile_pic").ends_with("/playground/avatars/tom.svg"));
    let sent = call(&playground, "POST", &messages(), to("Bonjour Tom")).await;
    assert_eq!(sent.status, 200, "{}", sent.body);
    let mid = sent.text("/message_id");
    let is_told = |one: &Received| String::from_utf8_lossy(&one.body).contains(&mid);
    eventually("the echo", || playground.ingest.received().iter().any(is_told)).await;
    let received = playground.ingest.received();
    let told = received.iter().find(|one| is_told(one)).expect("the echo");
    let item = told.json()["entry"][0]["messaging"][0].clone();
    let echo = json!({"mid": sent.text("/message_id"), "text": "Bonjour Tom", "is_echo": true});
    assert_eq!(item["message"], echo);
    // 1,000 bytes, not characters.
    assert_eq!(call(&playground, "POST", &messages(), to(&"é".repeat(500))).await.status, 200);
    refused_as(&call(&playground, "POST", &messages(), to(&"é".repeat(501))).await, 400, 100, None);
    let mut with_metadata = to("a");
    with_metadata["message"]["metadata"] = json!("m");
    refused_as(&call(&playground, "POST", &messages(), with_metadata).await, 400, 100, None);
    let react = |reaction: &str| {
        let mid = item["message"]["mid"].clone();
        json!({"recipient": {"id": igsid()}, "sender_action": "react",
            "payload": {"message_id": mid, "reaction": reaction}})
    };
    assert_eq!(call(&playground, "POST", &messages(), react("love")).await.status, 200);
    refused_as(&call(&playground, "POST", &messages(), react("👍")).await, 400, 100, None);
    let accepted = playground.accepted().await;
    let kinds: Vec<&str> = accepted.iter().filter_map(|one| one["kind"].as_str()).collect();
    assert_eq!(kinds, ["private_reply", "message", "message", "reaction"]);
    assert!(accepted.iter().all(|one| one["network"] == "instagram"));
}

#[tokio::test]
async fn comments_are_answered_liked_hidden_read_and_taken_away() {
    let playground = Playground::start().await;
    let id = comment(&playground, "lea").await;
    let path = format!("/{id}/replies?message=Bient%C3%B4t");
    let answer = call(&playground, "POST", &path, Value::Null).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    let own = answer.text("/id");
    let received = playground.ingest.wait_for(2).await;
    let value = received[1].json()["entry"][0]["changes"][0]["value"].clone();
    assert_eq!((&value["from"]["id"], &value["parent_id"]), (&json!(INSTAGRAM), &json!(id)));
    assert_eq!(value["text"], "Bientôt");

    let likes = format!("/{INSTAGRAM}/likes");
    for (method, name) in [("POST", "lea"), ("POST", "again"), ("DELETE", "end")] {
        let called = call(&playground, method, &likes, json!({"comment_id": id})).await;
        assert_eq!(called.body, json!({"success": true}), "{name}");
    }
    for wrong in [json!({}), json!({"comment_id": id, "media_id": id})] {
        refused_as(&call(&playground, "POST", &likes, wrong).await, 400, 100, None);
    }
    let fields = "from,hidden,like_count,media{permalink},parent_id,text,timestamp,username";
    let read = |id: &str| format!("/{id}?fields={fields}");
    let hide = json!({"hide": true});
    let called = call(&playground, "POST", &format!("/{id}"), hide.clone()).await;
    assert_eq!(called.body, json!({"success": true}));
    let shown = call(&playground, "GET", &read(&id), Value::Null).await;
    assert_eq!(shown.body["hidden"], true, "{}", shown.body);
    assert_eq!(shown.text("/from/username"), "lea_fontaine");
    assert_eq!(shown.text("/text"), "où ?");
    assert!(shown.body.get("parent_id").is_none());
    assert!(shown.text("/media/permalink").contains("/playground/instagram/p/"));
    assert_eq!(call(&playground, "GET", &read(&own), Value::Null).await.text("/parent_id"), id);
    refused_as(&call(&playground, "POST", &format!("/{own}"), hide).await, 400, 100, None);
    let called = call(&playground, "DELETE", &format!("/{own}"), Value::Null).await;
    assert_eq!(called.body, json!({"success": true}));
    refused_as(&call(&playground, "GET", &read(&own), Value::Null).await, 400, 100, Some(33));
    // The host and the version are Facebook's too: the token says whose edge it is.
    let replies = format!("/{id}/replies");
    let as_page = playground.graph(PAGE, "POST", &replies, json!({"message": "a"})).await;
    refused_as(&as_page, 400, 100, None);
    let fields = format!("/{id}?fields=message");
    let as_page = playground.graph(PAGE, "GET", &fields, Value::Null).await;
    refused_as(&as_page, 403, 10, None);
    refused_as(
        &call(&playground, "POST", &format!("/{PAGE}/messages"), to("a")).await,
        403,
        10,
        None,
    );
}

#[tokio::test]
async fn more_than_fifty_likes_in_a_moment_lock_out_and_the_proof_is_the_own_applications() {
    let playground = Playground::start().await;
    let id = comment(&playground, "lea").await;
    let likes = format!("/{INSTAGRAM}/likes");
    for _ in 0..50 {
        let called = call(&playground, "POST", &likes, json!({"comment_id": id})).await;
        assert_eq!(called.status, 200, "{}", called.body);
    }
    refused_as(&call(&playground, "POST", &likes, json!({"comment_id": id})).await, 400, 613, None);
    refused_as(
        &call(&playground, "DELETE", &likes, json!({"comment_id": id})).await,
        400,
        613,
        None,
    );
    let reply = format!("/{id}/replies");
    assert_eq!(call(&playground, "POST", &reply, json!({"message": "a"})).await.status, 200);
    let token = format!("simulated-{INSTAGRAM}");
    let right = hex_of(INSTAGRAM_SECRET, &token);
    let wrong = hex_of(crate::support::FACEBOOK_SECRET, &token);
    for (proof, status) in [(right, 200), (wrong, 400)] {
        let path = format!("{reply}?appsecret_proof={proof}");
        assert_eq!(call(&playground, "POST", &path, json!({"message": "b"})).await.status, status);
    }
}

fn hex_of(secret: &str, token: &str) -> String {
    hex::encode(mac(secret.as_bytes(), token.as_bytes()))
}

#[tokio::test]
async fn faults_of_instagram_strike_its_calls_and_not_facebooks() {
    let playground = Playground::start().await;
    let id = comment(&playground, "lea").await;
    let reply = format!("/{id}/replies");
    let body = || json!({"message": "Bientôt"});
    let once = |fault: &str| json!({"instagram": {fault: {"count": 1}}});
    playground.trouble(once("refuse_401")).await;
    refused_as(&call(&playground, "POST", &reply, body()).await, 401, 190, None);
    playground.trouble(once("limit_429_with_hint")).await;
    let limited = call(&playground, "POST", &reply, body()).await;
    refused_as(&limited, 400, 80_002, None);
    let usage = limited.headers["x-business-use-case-usage"].to_str().expect("text");
    assert!(usage.contains("\"type\":\"instagram\""), "{usage}");
    playground.trouble(once("errors_in_200")).await;
    refused_as(&call(&playground, "POST", &reply, body()).await, 200, 100, None);
    assert_eq!(playground.accepted().await.len(), 0);
    playground.trouble(once("fail_500_after_accept")).await;
    refused_as(&call(&playground, "POST", &reply, body()).await, 500, 2, None);
    playground.trouble(once("reset_after_accept")).await;
    assert!(playground.try_graph(INSTAGRAM, "POST", &reply, body()).await.is_err());
    playground.trouble(once("echo_first")).await;
    let sent = call(&playground, "POST", &reply, body()).await.text("/id");
    let told = playground.ingest.received();
    let is_told = told.iter().any(|one| String::from_utf8_lossy(&one.body).contains(&sent));
    assert!(is_told, "the echo was to be first");
    let copies: Vec<u64> =
        playground.accepted().await.iter().filter_map(|one| one["copy"].as_u64()).collect();
    assert_eq!(copies, [1, 2, 3]);
}

#[tokio::test]
async fn several_updates_of_instagram_fit_into_one_request_and_failed_ones_come_again() {
    let playground = Playground::start().await;
    let switches = json!({"batch_size": 3});
    assert_eq!(playground.send("PUT", "switches", switches).await.0, 200);
    comment(&playground, "lea").await;
    playground.act("instagram/message", says("a")).await;
    playground.act("instagram/message", says("b")).await;
    let received = playground.ingest.wait_for(1).await;
    assert_eq!((received.len(), received[0].updates()), (1, 3));
    assert!(received[0].is_signed() && received[0].json()["object"] == "instagram");
    assert_eq!(playground.send("PUT", "switches", json!({})).await.0, 200);
    playground.ingest.answer_next([503, 503]);
    playground.act("instagram/message", says("c")).await;
    let received = playground.ingest.wait_for(4).await;
    assert_eq!(received[1].body, received[3].body, "until it is accepted");
}
