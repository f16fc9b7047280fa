//! Graph: what each call does, and how each is refused.

use serde_json::{Value, json};

use crate::support::{Called, FACEBOOK_SECRET, OTHER_PAGE, PAGE, Playground, mac};

/// What a page hears of an action, and what the action made.
async fn heard(playground: &Playground, action: &str, body: Value) -> (String, Value) {
    let before = playground.ingest.received().len();
    let performed = playground.act(&format!("facebook/{action}"), body).await;
    let received = playground.ingest.wait_for(before + 1).await;
    let id = performed["id"].as_str().expect("an id").to_owned();
    (id, received.last().expect("a request").json()["entry"][0].clone())
}

/// A message of Tom to the page: the id by which the page knows him.
async fn message(playground: &Playground, text: &str) -> (String, String) {
    let body = json!({"account": PAGE, "author": "tom", "text": text});
    let (id, entry) = heard(playground, "message", body).await;
    let psid = entry["messaging"][0]["sender"]["id"].as_str().expect("text").to_owned();
    (id, psid)
}

/// A comment of somebody under the page's post.
async fn comment(playground: &Playground, author: &str) -> String {
    let post = playground.a_post_of("facebook", PAGE).await;
    let body = json!({"author": author, "post": post, "text": "où ?"});
    heard(playground, "comment", body).await.0
}

fn to(psid: &str, text: &str) -> Value {
    json!({"recipient": {"id": psid}, "messaging_type": "RESPONSE", "message": {"text": text}})
}

fn privately(comment: &str, text: &str) -> Value {
    json!({"recipient": {"comment_id": comment}, "message": {"text": text}})
}

fn refused_as(called: &Called, status: u16, code: u64, subcode: Option<u64>) {
    let error = &called.body["error"];
    assert_eq!(called.status, status, "{}", called.body);
    assert_eq!(error["code"], code, "{error}");
    assert_eq!(error.get("error_subcode").and_then(Value::as_u64), subcode, "{error}");
    assert!(error["message"].is_string() && error["fbtrace_id"].is_string(), "{error}");
    assert!(error["type"].as_str().is_some_and(|kind| kind.ends_with("Exception")), "{error}");
}

fn messages(page: &str) -> String {
    format!("/{page}/messages")
}

/// Moves everything in the journal into the past.
fn aged(journal: &std::path::Path, by: time::Duration) {
    use time::format_description::well_known::Rfc3339;
    let lines = std::fs::read_to_string(journal).expect("a journal");
    let mut moved = String::new();
    for line in lines.lines() {
        let mut line: Value = serde_json::from_str(line).expect("JSON");
        let at = line["at"].as_str().expect("a moment");
        let at = time::OffsetDateTime::parse(at, &Rfc3339).expect("a moment") - by;
        line["at"] = json!(at.format(&Rfc3339).expect("a moment"));
        moved.extend([line.to_string(), "\n".to_owned()]);
    }
    std::fs::write(journal, moved).expect("writable");
}

/// Every message event of a name that the page heard, in order.
fn events(playground: &Playground, name: &str) -> Vec<Value> {
    let received = playground.ingest.received();
    let items = received.iter().flat_map(|request| {
        let entries = request.json()["entry"].as_array().cloned().unwrap_or_default();
        entries
            .into_iter()
            .flat_map(|entry| entry["messaging"].as_array().cloned().unwrap_or_default())
    });
    items.filter(|item| item.get(name).is_some()).collect()
}

#[tokio::test]
async fn a_messenger_message_is_echoed_with_its_metadata_delivered_and_read() {
    let playground = Playground::start().await;
    let (mid, psid) = message(&playground, "hello").await;
    let mut body = to(&psid, "Bonjour Tom");
    body["message"]["metadata"] = json!("msg_1");
    body["reply_to"] = json!({"mid": mid});
    let called = playground.graph(PAGE, "POST", &messages(PAGE), body).await;
    assert_eq!(called.status, 200, "{}", called.body);
    assert_eq!(called.text("/recipient_id"), psid);
    let sent = called.text("/message_id");
    assert_eq!(events(&playground, "message").len(), 1, "the echo was before the answer");

    let received = playground.ingest.wait_for(3).await;
    assert!(received.iter().all(crate::support::Received::is_signed));
    let echo = events(&playground, "message").remove(1);
    assert_eq!((&echo["sender"]["id"], &echo["recipient"]["id"]), (&json!(PAGE), &json!(psid)));
    assert_eq!(echo["message"]["is_echo"], true);
    assert_eq!(echo["message"]["mid"], sent);
    assert_eq!(echo["message"]["text"], "Bonjour Tom");
    assert_eq!(echo["message"]["metadata"], "msg_1");
    assert_eq!(echo["message"]["reply_to"]["mid"], mid);
    let app = echo["message"]["app_id"].as_u64().expect("a number");
    assert!(app > 0 && app != 26_390_203_743_090, "not the network's own app");
    let delivery = &events(&playground, "delivery")[0];
    assert_eq!(delivery["sender"]["id"], psid);
    assert!(delivery["delivery"]["watermark"].as_i64() >= echo["timestamp"].as_i64());

    playground.act("answer", json!({"to": sent, "text": "merci"})).await;
    playground.ingest.wait_for(5).await;
    assert_eq!(events(&playground, "read").len(), 1, "who answers has read");
    let answer = events(&playground, "message").remove(2);
    assert_eq!(answer["sender"]["id"], psid);
    playground.act("answer", json!({"to": sent, "text": "encore"})).await;
    playground.ingest.wait_for(6).await;
    assert_eq!(events(&playground, "read").len(), 1, "read once");
    let accepted = playground.accepted().await;
    assert_eq!(accepted.len(), 1);
    assert_eq!(
        (&accepted[0]["kind"], &accepted[0]["metadata"]),
        (&json!("message"), &json!("msg_1"))
    );
    assert_eq!((&accepted[0]["target"], &accepted[0]["external_id"]), (&json!(psid), &json!(sent)));
}

#[tokio::test]
async fn an_answer_to_a_comment_stands_under_it_and_the_customer_answers() {
    let playground = Playground::start().await;
    let first = comment(&playground, "lea").await;
    let path = format!("/{first}/comments");
    let called = playground.graph(PAGE, "POST", &path, json!({"message": "Bientôt"})).await;
    assert_eq!(called.status, 200, "{}", called.body);
    let id = called.text("/id");
    let received = playground.ingest.wait_for(2).await;
    let value = received[1].json()["entry"][0]["changes"][0]["value"].clone();
    assert_eq!(value["from"]["id"], PAGE);
    assert_eq!((&value["comment_id"], &value["parent_id"]), (&json!(id), &json!(first)));
    assert_eq!(value["message"], "Bientôt");
    let page = playground.get(&format!("/playground/facebook/{id}")).await.2;
    assert!(page.contains("Bientôt"));
    playground.act("answer", json!({"to": id, "text": "quand ?"})).await;
    let received = playground.ingest.wait_for(3).await;
    let value = received[2].json()["entry"][0]["changes"][0]["value"].clone();
    assert_eq!((&value["parent_id"], &value["from"]["name"]), (&json!(id), &json!("Léa Fontaine")));

    let deleted = playground.graph(PAGE, "DELETE", &format!("/{id}"), Value::Null).await;
    assert_eq!((deleted.status, &deleted.body), (200, &json!({"success": true})));
    let received = playground.ingest.wait_for(4).await;
    assert_eq!(received[3].json()["entry"][0]["changes"][0]["value"]["verb"], "remove");
    let again = playground.graph(PAGE, "DELETE", &format!("/{id}"), Value::Null).await;
    refused_as(&again, 400, 100, Some(33));
    let path = format!("/{id}/comments");
    let gone = playground.graph(PAGE, "POST", &path, json!({"message": "a"})).await;
    refused_as(&gone, 400, 100, Some(33));
}

#[tokio::test]
async fn a_comment_is_answered_in_private_once() {
    let playground = Playground::start().await;
    let first = comment(&playground, "lea").await;
    let called = playground.graph(PAGE, "POST", &messages(PAGE), privately(&first, "Ici")).await;
    assert_eq!(called.status, 200, "{}", called.body);
    let psid = called.text("/recipient_id");
    let again = playground.graph(PAGE, "POST", &messages(PAGE), privately(&first, "Encore")).await;
    refused_as(&again, 400, 10_900, None);
    let closed = playground.graph(PAGE, "POST", &messages(PAGE), to(&psid, "Et ?")).await;
    refused_as(&closed, 400, 10, Some(2_018_278));
    playground.act("answer", json!({"to": called.text("/message_id"), "text": "oui"})).await;
    let open = playground.graph(PAGE, "POST", &messages(PAGE), to(&psid, "Et ?")).await;
    assert_eq!(open.status, 200, "an answer opens the window: {}", open.body);
    let kinds: Vec<Value> =
        playground.accepted().await.iter().map(|call| call["kind"].clone()).collect();
    assert_eq!(kinds, ["private_reply", "message"]);
    let inbox =
        playground.json(&format!("inbox?network=facebook&account={PAGE}&persona=lea")).await;
    let shown: Vec<&Value> =
        inbox.as_array().expect("a list").iter().map(|one| &one["by_call"]).collect();
    assert_eq!(shown, [true, false, true]);

    let path = format!("/{first}/comments");
    let own = playground.graph(PAGE, "POST", &path, json!({"message": "a"})).await.text("/id");
    let called = playground.graph(PAGE, "POST", &messages(PAGE), privately(&own, "a")).await;
    refused_as(&called, 400, 100, None);
    let body = privately("1_2", "a");
    refused_as(&playground.graph(PAGE, "POST", &messages(PAGE), body).await, 400, 100, Some(33));
    let body = privately(&first, "a");
    let others = playground.graph(OTHER_PAGE, "POST", &messages(OTHER_PAGE), body).await;
    refused_as(&others, 403, 10, None);
}

#[tokio::test]
async fn after_a_day_only_a_human_agent_writes_and_after_seven_nobody() {
    let playground = Playground::start().await;
    let (_, psid) = message(&playground, "hello").await;
    let first = comment(&playground, "lea").await;
    let human = || {
        let mut body = to(&psid, "a");
        body["messaging_type"] = json!("MESSAGE_TAG");
        body["tag"] = json!("HUMAN_AGENT");
        body
    };
    let send = async |playground: &Playground, body: Value| {
        playground.graph(PAGE, "POST", &messages(PAGE), body).await
    };
    assert_eq!(send(&playground, to(&psid, "a")).await.status, 200);
    let hours = time::Duration::hours;
    let playground = playground.restart(|journal| aged(journal, hours(25))).await;
    refused_as(&send(&playground, to(&psid, "a")).await, 400, 10, Some(2_018_278));
    assert_eq!(send(&playground, human()).await.status, 200);
    let playground = playground.restart(|journal| aged(journal, hours(6 * 24))).await;
    refused_as(&send(&playground, human()).await, 400, 10, Some(2_018_278));
    let late = send(&playground, privately(&first, "a")).await;
    refused_as(&late, 400, 10, Some(2_018_278));
    assert_eq!(playground.accepted().await.len(), 2, "kept over restarts");
    message(&playground, "still there?").await;
    assert_eq!(send(&playground, to(&psid, "a")).await.status, 200, "a new message opens it");
}

#[tokio::test]
async fn signs_are_answered_and_a_reaction_is_shown() {
    let playground = Playground::start().await;
    let (mid, psid) = message(&playground, "hello").await;
    for action in ["typing_on", "typing_off", "mark_seen"] {
        let body = json!({"recipient": {"id": psid}, "sender_action": action});
        let called = playground.graph(PAGE, "POST", &messages(PAGE), body).await;
        assert_eq!((called.status, &called.body), (200, &json!({"recipient_id": psid})));
    }
    assert!(playground.accepted().await.is_empty());
    let react = |action: &str| {
        json!({"recipient": {"id": psid}, "sender_action": action,
            "payload": {"message_id": mid, "reaction": "❤️"}})
    };
    assert_eq!(playground.graph(PAGE, "POST", &messages(PAGE), react("react")).await.status, 200);
    let inbox = format!("inbox?network=facebook&account={PAGE}&persona=tom");
    assert_eq!(playground.json(&inbox).await[0]["reaction"], "❤️");
    assert_eq!(playground.graph(PAGE, "POST", &messages(PAGE), react("unreact")).await.status, 200);
    assert_eq!(playground.json(&inbox).await[0]["reaction"], Value::Null);
    let body = json!({"recipient": {"id": psid}, "sender_action": "wave"});
    refused_as(&playground.graph(PAGE, "POST", &messages(PAGE), body).await, 400, 100, None);
    assert_eq!(playground.accepted().await.len(), 2);
    tokio::time::sleep(std::time::Duration::from_millis(300)).await;
    assert_eq!(playground.ingest.received().len(), 1, "a page does not hear of its own reactions");
}

#[tokio::test]
async fn tokens_proofs_and_versions_are_checked() {
    let playground = Playground::start().await;
    let (_, psid) = message(&playground, "hello").await;
    for token in ["", "1", "maison.page", crate::support::X_ACCOUNT] {
        let called = playground.graph(token, "POST", &messages(PAGE), to(&psid, "a")).await;
        refused_as(&called, 401, 190, None);
    }
    let token = format!("simulated-{PAGE}");
    let right = hex::encode(mac(FACEBOOK_SECRET.as_bytes(), token.as_bytes()));
    for (proof, status) in [(right.as_str(), 200), ("00ff", 400)] {
        let query = format!("access_token={token}&appsecret_proof={proof}");
        let path = format!("/graph/v26.0/{PAGE}/messages?{query}");
        let answer = playground.request("POST", &path).json(&to(&psid, "a")).send().await;
        let called = Called::of(answer.expect("an answer")).await.expect("a body");
        assert_eq!(called.status, status, "{}", called.body);
    }
    let mut body = to(&psid, "in the body");
    body["access_token"] = json!(token);
    let path = format!("/graph/v25.0/{PAGE}/messages");
    let answer = playground.request("POST", &path).json(&body).send().await.expect("an answer");
    assert_eq!(answer.status(), 200);
    let form = format!(
        "recipient=%7B%22id%22%3A%22{psid}%22%7D&message=%7B%22text%22%3A%22form%22%7D&access_token={token}"
    );
    let request = playground.request("POST", &path);
    let request = request.header("content-type", "application/x-www-form-urlencoded").body(form);
    assert_eq!(request.send().await.expect("an answer").status(), 200);
    let path = format!("/graph/v1.0/{PAGE}/messages?access_token={token}");
    let answer = playground.request("POST", &path).json(&to(&psid, "a")).send().await;
    let called = Called::of(answer.expect("an answer")).await.expect("a body");
    refused_as(&called, 400, 100, None);
    let other = playground.graph(OTHER_PAGE, "POST", &messages(PAGE), to(&psid, "a")).await;
    refused_as(&other, 403, 10, None);
    let scoped = playground.graph(OTHER_PAGE, "POST", &messages(OTHER_PAGE), to(&psid, "a")).await;
    refused_as(&scoped, 400, 100, Some(2_018_001));
    assert_eq!(playground.accepted().await.len(), 3);
}

#[tokio::test]
async fn impossible_messages_and_comments_are_refused() {
    let playground = Playground::start().await;
    let (_, psid) = message(&playground, "hello").await;
    let first = comment(&playground, "lea").await;
    let with = |name: &str, value: Value| {
        let mut body = to(&psid, "a");
        body[name] = value;
        body
    };
    let refused = [
        (to(&psid, &"x".repeat(2_001)), None),
        (to("1", "a"), Some(2_018_001)),
        (to(&psid, ""), None),
        (json!({"recipient": {"id": psid}}), None),
        (json!({"message": {"text": "a"}}), None),
        (json!({"recipient": {"id": psid, "comment_id": first}, "message": {"text": "a"}}), None),
        (with("to", json!("1")), None),
        (with("tag", json!("HUMAN_AGENT")), None),
        (with("messaging_type", json!("MESSAGE_TAG")), None),
        (with("messaging_type", json!("UTILITY")), None),
        (with("messaging_type", json!("OTHER")), None),
        (with("reply_to", json!({"mid": "m_1"})), Some(33)),
        (with("message", json!({"text": "a", "id": "1"})), None),
        (with("message", json!({"text": "a", "metadata": "x".repeat(1_001)})), None),
        (
            with("message", json!({"attachment": {"type": "hologram", "payload": {}}})),
            Some(2_018_047),
        ),
    ];
    for (body, subcode) in refused {
        let called = playground.graph(PAGE, "POST", &messages(PAGE), body.clone()).await;
        refused_as(&called, 400, 100, subcode);
    }
    let mut retired = with("messaging_type", json!("MESSAGE_TAG"));
    retired["tag"] = json!("ACCOUNT_UPDATE");
    refused_as(&playground.graph(PAGE, "POST", &messages(PAGE), retired).await, 400, 100, None);
    let path = format!("/{first}/comments");
    for body in [json!({}), json!({"message": " "}), json!({"message": "a", "parent": "1"})] {
        refused_as(&playground.graph(PAGE, "POST", &path, body).await, 400, 100, None);
    }
    let nowhere = playground.graph(PAGE, "POST", "/1_2/comments", json!({"message": "a"})).await;
    refused_as(&nowhere, 400, 100, Some(33));
    let others = playground.graph(OTHER_PAGE, "POST", &path, json!({"message": "a"})).await;
    refused_as(&others, 403, 10, None);
    assert!(playground.accepted().await.is_empty());
    let file = json!({"attachment": {"type": "image", "payload": {"url": "http://a.test/b.png"}}});
    let body = json!({"recipient": {"id": psid}, "message": file});
    assert_eq!(playground.graph(PAGE, "POST", &messages(PAGE), body).await.status, 200);
    assert_eq!(
        playground.graph(PAGE, "POST", &messages(PAGE), to(&psid, &"é".repeat(2_000))).await.status,
        200
    );
}

#[tokio::test]
async fn a_token_without_the_permission_is_refused() {
    let playground = Playground::start_with(|config| {
        config.applications[1].accounts[0].scopes = Some(vec!["pages_show_list".into()]);
    })
    .await;
    let (_, psid) = message(&playground, "hello").await;
    let first = comment(&playground, "lea").await;
    let called = playground.graph(PAGE, "POST", &messages(PAGE), to(&psid, "a")).await;
    refused_as(&called, 403, 200, None);
    assert!(called.text("/error/message").contains("pages_messaging"));
    let path = format!("/{first}/comments");
    let called = playground.graph(PAGE, "POST", &path, json!({"message": "a"})).await;
    refused_as(&called, 403, 200, None);
    let called = playground.graph(PAGE, "DELETE", &format!("/{first}"), Value::Null).await;
    refused_as(&called, 403, 200, None);
}
