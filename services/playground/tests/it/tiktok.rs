//! TikTok: each inbound kind's bytes, each call of its API, and how each is refused.

use playground::world::{Persona, people};
use serde_json::{Value, json};

use crate::support::{Called, Playground, TIKTOK};

fn tom() -> Persona {
    people().into_iter().find(|one| one.key == "tom").expect("Tom")
}

fn dialogue() -> String {
    tom().tiktok_conversation_id(TIKTOK)
}

/// The one event that this action gave, and its content, read from its string.
async fn told(playground: &Playground, action: &str, body: Value) -> (Value, Value, Value) {
    let before = playground.ingest.received().len();
    let performed = playground.act(&format!("tiktok/{action}"), body).await;
    let (event, content) = last(playground, before + 1).await;
    (performed, event, content)
}

async fn last(playground: &Playground, count: usize) -> (Value, Value) {
    let received = playground.ingest.wait_for(count).await;
    let request = received.last().expect("a request").clone();
    assert!(request.is_signed(), "{request:?}");
    let age = kit_values::now().unix_timestamp() - request.signed_at();
    assert!((0..=5).contains(&age), "signed {age} s ago");
    assert_eq!(request.path, "/hooks/tiktok/ttapp");
    let event = request.json();
    assert_eq!(event["client_key"], "ttapp");
    assert_eq!(event["user_openid"], TIKTOK);
    assert!(event["create_time"].is_i64(), "{event}");
    let content = event["content"].as_str().expect("JSON as text");
    (event.clone(), serde_json::from_str(content).expect("JSON"))
}

fn says(text: &str) -> Value {
    json!({"account": "maison.tok", "author": "tom", "text": text})
}

async fn comment(playground: &Playground, author: &str) -> (String, String) {
    let video = playground.a_post_of("tiktok", TIKTOK).await;
    let body = json!({"author": author, "post": video, "text": "où ?"});
    let performed = playground.act("tiktok/comment", body).await;
    (video, performed["id"].as_str().expect("an id").to_owned())
}

fn refused_as(called: &Called, code: u64) {
    assert_eq!((called.status, &called.body["code"]), (200, &json!(code)), "{}", called.body);
    assert!(called.body["message"].is_string() && called.body["request_id"].is_string());
}

fn data(called: &Called) -> Value {
    refused_as(called, 0);
    called.body["data"].clone()
}

fn list(video: &str, ids: &[&str]) -> String {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    query.append_pair("business_id", TIKTOK).append_pair("video_id", video);
    query.append_pair("comment_ids", &json!(ids).to_string());
    format!("comment/list/?{}", query.finish())
}

#[tokio::test]
async fn comments_are_told_as_bare_numbers_within_a_string_mostly_without_words() {
    let playground = Playground::start().await;
    let video = playground.a_post_of("tiktok", TIKTOK).await;
    let mut with_words = 0;
    let mut first = String::new();
    for number in 0..6 {
        let text = format!("déjà {number}");
        let body = json!({"author": "tom", "post": video, "text": text});
        let (performed, event, content) = told(&playground, "comment", body).await;
        assert_eq!(event["event"], "comment.update");
        let id = performed["id"].as_str().expect("text");
        assert_eq!(content["comment_id"].as_u64().expect("a number").to_string(), id);
        assert!(content["comment_id"].as_u64().expect("a number") > 1 << 53);
        assert_eq!(content["video_id"].as_u64().expect("a number").to_string(), video);
        let raw = event["content"].as_str().expect("text");
        assert!(raw.contains(&format!("\"comment_id\":{id}")), "{raw}");
        assert_eq!(
            (&content["comment_type"], &content["comment_action"]),
            (&json!("comment"), &json!("insert"))
        );
        assert_eq!(content["unique_identifier"], tom().unique_identifier());
        assert!(content["timestamp"].as_i64().expect("ms") > 1_700_000_000_000);
        with_words += usize::from(content.get("text") == Some(&json!(text)));
        assert!(content.get("from").is_none() && content.get("username").is_none());
        id.clone_into(&mut first);
    }
    assert_eq!(with_words, 2, "mostly it is to be asked for");
    let body = json!({"author": "lea", "to": first, "text": "pareil"});
    let (reply, _, content) = told(&playground, "reply", body).await;
    assert_eq!(content["comment_type"], "reply");
    assert_eq!(content["parent_comment_id"].as_u64().expect("a number").to_string(), first);
    let id = reply["id"].clone();
    for (action, word) in
        [("hide", "set_to_hidden"), ("unhide", "set_to_public"), ("remove", "delete")]
    {
        let (_, _, content) = told(&playground, action, json!({"id": id})).await;
        assert_eq!(content["comment_action"], word);
        assert!(content.get("text").is_none());
    }
}

#[tokio::test]
async fn private_messages_come_from_either_side_with_things_signs_and_receipts() {
    let playground = Playground::start().await;
    let (performed, event, content) = told(&playground, "message", says("allô ?")).await;
    assert_eq!(event["event"], "im_receive_msg");
    assert_eq!((&content["type"], &content["text"]["body"]), (&json!("text"), &json!("allô ?")));
    assert_eq!(content["message_id"], performed["id"]);
    assert_eq!(content["conversation_id"], dialogue());
    assert!(dialogue().contains('+'), "which an address must escape");
    let person = json!({"id": tom().tiktok_user_id(TIKTOK), "role": "personal_account"});
    let business = json!({"id": TIKTOK, "role": "business_account"});
    assert_eq!((&content["from_user"], &content["to_user"]), (&person, &business));
    assert_eq!((&content["from"], &content["to"]), (&json!("tomhadley"), &json!("maison.tok")));
    assert!(content.get("message_tag").is_none());
    for (kind, place) in
        [("image", "/image/media_id"), ("share", "/share_post/embed_url"), ("video", "/video")]
    {
        let mut body = says("");
        body["attachment"] = json!(kind);
        let (_, _, content) = told(&playground, "message", body).await;
        assert!(content.pointer(place).is_some() && content.get("text").is_none(), "{content}");
    }
    let mut body = says("words");
    body["attachment"] = json!("image");
    let (status, problem) = playground.send("POST", "tiktok/message", body).await;
    assert_eq!((status, &problem["field"]), (422, &json!("text")), "words or a thing");

    let mut body = says("bonjour");
    body["author"] = json!("business");
    body["to"] = json!("tom");
    let (own, event, content) = told(&playground, "message", body).await;
    assert_eq!(event["event"], "im_send_msg");
    assert_eq!((&content["from_user"], &content["to_user"]), (&business, &person));
    assert_eq!(content["message_tag"], json!({"source": "APP"}));
    let react =
        |withdraw| json!({"author": "tom", "id": own["id"], "emoji": "👍", "withdraw": withdraw});
    for (withdraw, operation) in [(false, "ADD"), (true, "REMOVE")] {
        let (_, event, content) = told(&playground, "react", react(withdraw)).await;
        assert_eq!(
            (&event["event"], &content["type"]),
            (&json!("im_receive_msg"), &json!("reaction"))
        );
        let sign = json!([{"operation": operation, "emoji": "👍", "original_msg_id": own["id"]}]);
        assert_eq!(content["reaction"], sign);
        assert_ne!(content["message_id"], own["id"]);
    }
    let body = json!({"account": "maison.tok", "author": "tom"});
    let (_, event, content) = told(&playground, "read", body).await;
    assert_eq!(event["event"], "im_mark_read_msg");
    assert_eq!(content["conversation_id"], dialogue());
    assert!(content["read"]["last_read_timestamp"].as_i64().is_some(), "{content}");
}

#[tokio::test]
async fn what_is_withheld_is_the_stripped_event_of_europe() {
    let playground = Playground::start().await;
    let switches = json!({"withhold_percent": 100});
    assert_eq!(playground.send("PUT", "switches", switches).await.0, 200);
    let (_, event, content) = told(&playground, "message", says("allô ?")).await;
    assert_eq!(event["event"], "im_receive_msg_eu");
    let mut fields: Vec<&String> = content.as_object().expect("fields").keys().collect();
    fields.sort();
    assert_eq!(fields, ["timestamp", "to", "to_user"]);
}

#[tokio::test]
async fn a_comment_is_read_answered_liked_hidden_and_only_the_own_one_taken_away() {
    let playground = Playground::start().await;
    playground.trouble(json!({"limits": "off"})).await;
    let (video, id) = comment(&playground, "lea").await;
    let shown = data(&playground.tiktok("GET", &list(&video, &[&id, "1"]), Value::Null).await);
    let comments = shown["comments"].as_array().expect("a list");
    assert_eq!(
        (comments.len(), &shown["has_more"]),
        (1, &json!(false)),
        "unknown ones are left out"
    );
    assert_eq!(comments[0]["comment_id"], id, "as text");
    assert_eq!(comments[0]["text"], "où ?");
    assert_eq!(
        (&comments[0]["username"], &comments[0]["display_name"]),
        (&json!("lea_fontaine"), &json!("Léa Fontaine"))
    );
    assert_eq!((&comments[0]["owner"], &comments[0]["status"]), (&json!(false), &json!("PUBLIC")));

    let answer =
        json!({"business_id": TIKTOK, "video_id": video, "comment_id": id, "text": "Bientôt"});
    let made = data(&playground.tiktok("POST", "comment/reply/create/", answer).await);
    let own = made["comment_id"].as_str().expect("text").to_owned();
    assert_eq!((&made["owner"], &made["parent_comment_id"]), (&json!(true), &json!(id)));
    let (_, content) = last(&playground, 2).await;
    assert_eq!(content["comment_id"].as_u64().expect("a number").to_string(), own);
    assert!(content.get("text").is_none());
    assert_ne!(content["unique_identifier"], TIKTOK, "the list says whose it is");

    for (action, liked) in [("LIKE", true), ("UNLIKE", false)] {
        let body = json!({"business_id": TIKTOK, "comment_id": id, "action": action});
        data(&playground.tiktok("POST", "comment/like/", body).await);
        let shown = data(&playground.tiktok("GET", &list(&video, &[&id]), Value::Null).await);
        assert_eq!(shown["comments"][0]["liked"], liked);
    }
    let hide = |action: &str| json!({"business_id": TIKTOK, "video_id": video, "comment_id": id, "action": action});
    data(&playground.tiktok("POST", "comment/hide/", hide("HIDE")).await);
    let (_, content) = last(&playground, 3).await;
    assert_eq!(content["comment_action"], "set_to_hidden");
    let shown = data(&playground.tiktok("GET", &list(&video, &[&id]), Value::Null).await);
    assert_eq!(shown["comments"][0]["status"], "HIDDEN");
    data(&playground.tiktok("POST", "comment/hide/", hide("UNHIDE")).await);

    let delete = |id: &str| json!({"business_id": TIKTOK, "comment_id": id});
    refused_as(&playground.tiktok("POST", "comment/delete/", delete(&id)).await, 40_002);
    data(&playground.tiktok("POST", "comment/delete/", delete(&own)).await);
    refused_as(&playground.tiktok("POST", "comment/delete/", delete(&own)).await, 40_007);
    let shown = data(&playground.tiktok("GET", &list(&video, &[&own]), Value::Null).await);
    assert_eq!(shown["comments"], json!([]));
    let query =
        format!("comment/reply/list/?business_id={TIKTOK}&video_id={video}&comment_id={id}");
    assert_eq!(data(&playground.tiktok("GET", &query, Value::Null).await)["comments"], json!([]));
    let kinds: Vec<Value> =
        playground.accepted().await.iter().map(|one| one["kind"].clone()).collect();
    assert_eq!(kinds, ["comment", "like", "unlike", "hide", "unhide", "delete"]);
}

#[tokio::test]
async fn every_refusal_is_a_code_within_200_and_an_address_ends_with_a_slash() {
    let playground = Playground::start().await;
    playground.trouble(json!({"limits": "off"})).await;
    let (video, id) = comment(&playground, "lea").await;
    let reply = |text: &str| json!({"business_id": TIKTOK, "video_id": video, "comment_id": id, "text": text});
    let path = "comment/reply/create/";
    let call = |body| playground.tiktok("POST", path, body);
    data(&call(reply(&"é".repeat(150))).await);
    refused_as(&call(reply(&"é".repeat(151))).await, 40_002);
    refused_as(&call(reply(" ")).await, 40_002);
    refused_as(&call(json!({"business_id": TIKTOK})).await, 40_002);
    let mut unknown = reply("a");
    unknown["message"] = json!("a");
    refused_as(&call(unknown).await, 40_002);
    let mut elsewhere = reply("a");
    elsewhere["video_id"] = json!("1");
    refused_as(&call(elsewhere).await, 40_007);
    let mut other = reply("a");
    other["business_id"] = json!("other");
    refused_as(&call(other).await, 40_001);
    let at = format!("/tiktok/open_api/v1.3/business/{path}");
    let without = playground.request("POST", &at).json(&reply("a")).send().await.expect("answer");
    refused_as(&Called::of(without).await.expect("an answer"), 40_104);
    for (header, value) in [("access-token", "simulated-nobody"), ("access-token", TIKTOK)] {
        let request = playground.request("POST", &at).header(header, value).json(&reply("a"));
        let called = Called::of(request.send().await.expect("answer")).await.expect("an answer");
        refused_as(&called, 40_105);
    }
    let bearer = playground.request("POST", &at).bearer_auth(format!("simulated-{TIKTOK}"));
    let bearer = bearer.json(&reply("a")).send().await.expect("answer");
    refused_as(&Called::of(bearer).await.expect("an answer"), 40_104);
    let called = playground.tiktok("POST", path.trim_end_matches('/'), reply("a")).await;
    assert_eq!(called.status, 404, "no slash, no page");
    let query = format!("comment/list/?business_id={TIKTOK}&video_id=1");
    refused_as(&playground.tiktok("GET", &query, Value::Null).await, 40_007);
    let fields = "%5B%22username%22,%22display_name%22%5D";
    let query = format!("get/?business_id={TIKTOK}&fields={fields}");
    let own = data(&playground.tiktok("GET", &query, Value::Null).await);
    assert_eq!(own, json!({"username": "maison.tok", "display_name": "Maison"}));
    assert_eq!(playground.accepted().await.len(), 1);
}

fn send(text: &str) -> Value {
    json!({
        "business_id": TIKTOK, "recipient_type": "CONVERSATION", "recipient": dialogue(),
        "message_type": "TEXT", "text": {"body": text},
    })
}

#[tokio::test]
async fn a_message_goes_into_a_dialogue_that_the_person_began_ten_times_before_they_answer() {
    let playground = Playground::start().await;
    let call = |body| playground.tiktok("POST", "message/send/", body);
    playground.trouble(json!({"limits": "off"})).await;
    comment(&playground, "tom").await;
    refused_as(&call(send("a")).await, 40_007);
    playground.act("tiktok/message", says("allô ?")).await;
    playground.ingest.wait_for(2).await;
    let sent = data(&call(send("Bonjour")).await);
    let id = sent["message"]["message_id"].as_str().expect("text").to_owned();
    assert!(id.parse::<u64>().expect("digits") > 1 << 53);
    let (event, content) = last(&playground, 3).await;
    assert_eq!((&event["event"], &content["message_id"]), (&json!("im_send_msg"), &json!(id)));
    assert_eq!(content["message_tag"], json!({"source": "API"}));
    let mut sign = send("");
    sign["message_type"] = json!("SENDER_ACTION");
    sign["sender_action"] = json!("MARK_READ");
    sign.as_object_mut().expect("fields").remove("text");
    assert_eq!(data(&call(sign).await), json!({"message": {"message_id": ""}}));
    let mut both = send("a");
    both["image"] = json!({"media_id": "1"});
    refused_as(&call(both).await, 40_002);
    refused_as(&call(send(&"a".repeat(6_001))).await, 40_002);
    for number in 2..=10 {
        data(&call(send(&number.to_string())).await);
    }
    refused_as(&call(send("one more")).await, 40_064);
    playground.act("answer", json!({"to": id, "text": "merci"})).await;
    for number in 0..12 {
        data(&call(send(&format!("again {number}"))).await);
    }
    let accepted = playground.accepted().await;
    assert_eq!(accepted.len(), 22);
    assert_eq!(
        (&accepted[0]["network"], &accepted[0]["target"]),
        (&json!("tiktok"), &json!(dialogue()))
    );
}

#[tokio::test]
async fn a_picture_is_to_be_had_by_its_message_and_dialogue() {
    let playground = Playground::start().await;
    let mut body = says("");
    body["attachment"] = json!("image");
    let (_, _, content) = told(&playground, "message", body).await;
    let asked = |media: &Value| {
        json!({
            "business_id": TIKTOK, "conversation_id": dialogue(), "media_type": "IMAGE",
            "message_id": content["message_id"], "media_id": media,
        })
    };
    let path = "message/media/download/";
    let found = data(&playground.tiktok("POST", path, asked(&content["image"]["media_id"])).await);
    let url = found["download_url"].as_str().expect("text");
    let path_of_it = url.strip_prefix("http://inbox.test").expect("here");
    assert_eq!(playground.get(path_of_it).await.0, 200);
    refused_as(&playground.tiktok("POST", path, asked(&json!("v01"))).await, 40_007);
}

#[tokio::test]
async fn faults_and_limits_of_tiktok_are_its_own() {
    let playground = Playground::start().await;
    let (video, id) = comment(&playground, "lea").await;
    let body = || json!({"business_id": TIKTOK, "video_id": video, "comment_id": id, "text": "a"});
    let path = "comment/reply/create/";
    // Raised while faults are looked at, as the calls come faster than ten a second.
    let once = |fault: &str| json!({"limits": "off", "tiktok": {fault: {"count": 1}}});
    for (fault, code) in [
        ("refuse_401", 40_105),
        ("limit_429_with_hint", 40_100),
        ("limit_429_without_hint", 40_100),
        ("errors_in_200", 50_000),
    ] {
        playground.trouble(once(fault)).await;
        refused_as(&playground.tiktok("POST", path, body()).await, code);
    }
    assert_eq!(playground.accepted().await.len(), 0);
    playground.trouble(once("fail_500_after_accept")).await;
    let broken = playground.tiktok("POST", path, body()).await;
    assert_eq!((broken.status, &broken.body["code"]), (500, &json!(50_000)));
    for fault in ["reset_after_accept", "accept_then_time_out"] {
        playground.trouble(once(fault)).await;
        assert!(playground.try_tiktok("POST", path, body()).await.is_err(), "{fault}");
    }
    playground.trouble(once("echo_first")).await;
    let made = data(&playground.tiktok("POST", path, body()).await);
    let made = made["comment_id"].as_str().expect("text");
    let told = playground.ingest.received();
    let is_told = told.iter().any(|one| String::from_utf8_lossy(&one.body).contains(made));
    assert!(is_told, "the echo was to be first");
    assert_eq!(playground.accepted().await.len(), 4);
    // Forty a minute of one account and endpoint; ten a second of the application.
    playground.trouble(json!({})).await;
    let mut refused = 0;
    for _ in 0..45 {
        let called = playground.tiktok("GET", &list(&video, &[&id]), Value::Null).await;
        refused += usize::from(called.body["code"] == 40_100);
    }
    assert!(refused >= 5, "{refused} of 45 refused");
}

#[tokio::test]
async fn tiktok_asks_no_callback_tries_again_and_signs_anew() {
    let playground = Playground::start().await;
    let state = playground.json("state").await;
    let callbacks = state["callbacks"].as_array().expect("a list");
    assert_eq!(callbacks.len(), 3, "{callbacks:?}");
    assert!(callbacks.iter().all(|one| one["network"] != "tiktok" && one["valid"] == true));
    playground.ingest.answer_next([503]);
    playground.act("tiktok/message", says("allô ?")).await;
    let received = playground.ingest.wait_for(2).await;
    assert_eq!(received[0].body, received[1].body);
    assert!(received[0].is_signed() && received[1].is_signed());
    assert!(received[1].signed_at() > received[0].signed_at(), "a second later");
}

#[tokio::test]
async fn videos_and_posts_are_opened_and_answered_on_the_page() {
    let playground = Playground::start().await;
    let (video, id) = comment(&playground, "lea").await;
    let performed =
        playground.act("tiktok/reply", json!({"author": "business", "to": id, "text": "Oui"}));
    let link = performed.await["permalink"].as_str().expect("a link").to_owned();
    let path = link.strip_prefix("http://inbox.test").expect("here");
    assert!(path.starts_with(&format!("/playground/tiktok/@maison.tok/video/{video}?comment_id=")));
    for path in [path.to_owned(), format!("/playground/tiktok/{id}")] {
        let (status, _, page) = playground.get(&path).await;
        assert!(status == 200 && page.contains("où ?") && page.contains("Oui"), "{path}: {page}");
        assert!(page.contains("aria-current=\"true\"") && page.contains("TikTok"));
    }
    let post = playground.a_post_of("instagram", "maison.insta").await;
    let body = json!({"author": "lea", "post": post, "text": "Joli !"});
    let link = playground.act("instagram/comment", body).await;
    let link = link["permalink"].as_str().expect("a link").to_owned();
    let path = link.strip_prefix("http://inbox.test").expect("here");
    let (status, _, page) = playground.get(path).await;
    assert!(status == 200 && page.contains("Joli !") && page.contains("/playground/media/image"));
    for missing in
        ["/playground/tiktok/1", "/playground/instagram/p/1/", "/playground/tiktok/@a/video/x"]
    {
        assert_eq!(playground.get(missing).await.0, 404, "{missing}");
    }
    let wrong = format!("/playground/instagram/{id}");
    assert_eq!(playground.get(&wrong).await.0, 404, "it is on TikTok");
    let page = playground.get("/playground").await.2;
    for network in ["x", "facebook", "instagram", "tiktok"] {
        assert!(page.contains(&format!("data-network=\"{network}\"")), "{network}");
    }
}
