//! X's API v2: what each call does, and how each is refused.

use playground::world::{Network, Tier};
use serde_json::{Value, json};

use crate::support::{Called, OTHER_X_ACCOUNT, Playground, Received, X_ACCOUNT};

/// A post of somebody that names the account; its id and its author's.
async fn mention(playground: &Playground, author: &str, text: &str) -> (String, String) {
    let body = json!({"account": "maison", "author": author, "text": text});
    let before = playground.ingest.received().len();
    let performed = playground.act("x/mention", body).await;
    let received = playground.ingest.wait_for(before + 1).await;
    let payload = received[before].json()["data"]["payload"].clone();
    let author = payload["author_id"].as_str().expect("text").to_owned();
    (performed["id"].as_str().expect("an id").to_owned(), author)
}

fn reply(to: &str, text: &str) -> Value {
    json!({"text": text, "reply": {"in_reply_to_tweet_id": to}})
}

fn refused_as(called: &Called, status: u16, kind: &str) {
    assert_eq!(called.status, status, "{}", called.body);
    assert_eq!(called.headers["content-type"], "application/problem+json");
    let expected = format!("https://api.x.com/2/problems/{kind}");
    assert_eq!(called.body["type"], expected, "{}", called.body);
    assert_eq!(called.body["status"], status);
    assert!(called.body["title"].is_string() && called.body["detail"].is_string());
}

/// The data of the `number`th webhook, which must be signed.
async fn told(playground: &Playground, number: usize) -> Value {
    let received: Vec<Received> = playground.ingest.wait_for(number).await;
    assert!(received[number - 1].is_signed());
    received[number - 1].json()["data"].clone()
}

#[tokio::test]
async fn a_reply_stands_in_the_thread_and_is_echoed_after_the_answer() {
    let playground = Playground::start().await;
    let (post, author) = mention(&playground, "amelie", "où est mon colis ?").await;
    let called = playground.x(X_ACCOUNT, "POST", "/2/tweets", reply(&post, "En route !")).await;
    assert_eq!(called.status, 201, "{}", called.body);
    assert_eq!(playground.ingest.received().len(), 1, "the echo was before the answer");
    let id = called.text("/data/id");
    assert_eq!(called.text("/data/text"), "@amelie_roussel En route !");
    assert_eq!(called.body["data"]["edit_history_post_ids"], json!([id]));
    assert_eq!(
        (called.number("x-rate-limit-limit"), called.number("x-rate-limit-remaining")),
        (100, 99)
    );
    assert!(called.number("x-rate-limit-reset") > 1_700_000_000);

    let data = told(&playground, 2).await;
    assert_eq!(data["event_type"], "post.create");
    assert_eq!(data["filter"]["user_id"], X_ACCOUNT);
    assert_eq!(data["payload"]["id"], id);
    assert_eq!(data["payload"]["author_id"], X_ACCOUNT);
    assert_eq!(data["payload"]["in_reply_to_tweet_id"], post);
    assert_eq!(data["payload"]["in_reply_to_user_id"], author);
    assert_eq!(data["payload"]["display_text_range"], json!([16, 26]));

    let accepted = playground.accepted().await;
    assert_eq!(accepted.len(), 1);
    let expected = json!({"network": "x", "account": X_ACCOUNT, "kind": "reply", "target": post,
        "text": "En route !", "external_id": id, "answered": "success", "copy": 1});
    for (name, value) in expected.as_object().expect("object") {
        assert_eq!(&accepted[0][name], value, "{name}");
    }
    let page = playground.get(&format!("/playground/x/maison/status/{id}")).await.2;
    assert!(page.contains("En route !") && page.contains("où est mon colis"), "{page}");
}

#[tokio::test]
async fn the_second_account_answers_under_its_own_name_and_the_customer_answers_it() {
    let playground = Playground::start().await;
    let (post, _) = mention(&playground, "tom", "hello").await;
    let called = playground.x(OTHER_X_ACCOUNT, "POST", "/2/tweets", reply(&post, "Hi Tom")).await;
    assert_eq!(called.status, 201, "{}", called.body);
    let data = told(&playground, 2).await;
    assert_eq!(data["filter"]["user_id"], OTHER_X_ACCOUNT);
    assert_eq!(data["payload"]["author_id"], OTHER_X_ACCOUNT);
    let id = called.text("/data/id");
    let page = playground.get(&format!("/playground/x/maison_aide/status/{id}")).await.2;
    assert!(page.contains("Maison Aide") && page.contains("Hi Tom"));

    let answer = json!({"to": id, "text": "thank you"});
    let performed = playground.act("answer", answer).await;
    let data = told(&playground, 3).await;
    assert_eq!(data["event_type"], "post.reply.create");
    assert_eq!(data["filter"]["user_id"], OTHER_X_ACCOUNT);
    assert_eq!(data["payload"]["id"], performed["id"]);
    assert_eq!(data["payload"]["text"], "@maison_aide thank you");

    let called = playground.x(X_ACCOUNT, "POST", "/2/tweets", reply(&id, "and from us")).await;
    assert_eq!(called.text("/data/text"), "@maison_aide and from us", "another account's post");
}

#[tokio::test]
async fn a_post_of_its_own_a_quote_and_a_deletion() {
    let playground = Playground::start().await;
    let called = playground.x(X_ACCOUNT, "POST", "/2/tweets", json!({"text": "Open today"})).await;
    let own = called.text("/data/id");
    let (post, _) = mention(&playground, "grace", "lovely").await;
    let body = json!({"text": "Look", "quote_tweet_id": post});
    let quote = playground.x(X_ACCOUNT, "POST", "/2/tweets", body).await;
    assert_eq!(quote.status, 201, "{}", quote.body);
    let deleted = playground.x(X_ACCOUNT, "DELETE", &format!("/2/tweets/{own}"), Value::Null).await;
    assert_eq!((deleted.status, &deleted.body), (200, &json!({"data": {"deleted": true}})));
    assert_eq!(deleted.number("x-rate-limit-limit"), 50);
    let again = playground.x(X_ACCOUNT, "DELETE", &format!("/2/tweets/{own}"), Value::Null).await;
    refused_as(&again, 404, "resource-not-found");
    let theirs = playground.x(X_ACCOUNT, "DELETE", &format!("/2/tweets/{post}"), Value::Null).await;
    refused_as(&theirs, 403, "not-authorized-for-resource");
    let id = quote.text("/data/id");
    let path = format!("/2/tweets/{id}");
    let others = playground.x(OTHER_X_ACCOUNT, "DELETE", &path, Value::Null).await;
    refused_as(&others, 403, "not-authorized-for-resource");
    let kinds: Vec<Value> =
        playground.accepted().await.iter().map(|call| call["kind"].clone()).collect();
    assert_eq!(kinds, ["post", "quote", "delete"]);
}

#[tokio::test]
async fn a_direct_message_reaches_the_author_of_a_mention_and_is_answered() {
    let playground = Playground::start().await;
    let (_, author) = mention(&playground, "omar", "أين طلبي؟").await;
    let path = format!("/2/dm_conversations/with/{author}/messages");
    let called = playground.x(OTHER_X_ACCOUNT, "POST", &path, json!({"text": "Bonjour"})).await;
    assert_eq!(called.status, 201, "{}", called.body);
    let id = called.text("/data/dm_event_id");
    let conversation = called.text("/data/dm_conversation_id");
    assert!(conversation.contains(&author) && conversation.contains(OTHER_X_ACCOUNT));
    assert_eq!(
        (called.number("x-rate-limit-limit"), called.number("x-rate-limit-remaining")),
        (15, 14)
    );
    let data = told(&playground, 2).await;
    assert_eq!(data["event_type"], "dm.sent");
    let event = &data["payload"]["direct_message_events"][0];
    assert_eq!(event["id"], id);
    assert_eq!(event["message_create"]["sender_id"], OTHER_X_ACCOUNT);
    assert_eq!(event["message_create"]["target"]["recipient_id"], author);
    playground.act("answer", json!({"to": id, "text": "merci"})).await;
    let data = told(&playground, 3).await;
    assert_eq!(data["event_type"], "dm.received");
    assert_eq!(data["filter"]["user_id"], OTHER_X_ACCOUNT);
}

#[tokio::test]
async fn somebody_is_looked_up_by_id_and_oneself_by_token() {
    let playground = Playground::start().await;
    let (_, author) = mention(&playground, "priya", "hello").await;
    let me = playground.x(X_ACCOUNT, "GET", "/2/users/me", Value::Null).await;
    let expected = json!({"data": {"id": X_ACCOUNT, "name": "Maison", "username": "maison"}});
    assert_eq!((me.status, &me.body), (200, &expected));
    assert_eq!(me.number("x-rate-limit-limit"), 75);
    let path = format!("/2/users/{author}?user.fields=created_at,profile_image_url");
    let user = playground.x(X_ACCOUNT, "GET", &path, Value::Null).await;
    assert_eq!(user.text("/data/username"), "priya_raman");
    assert!(user.text("/data/profile_image_url").ends_with("/playground/avatars/priya.svg"));
    assert_eq!(user.number("x-rate-limit-limit"), 900);
    let nobody = playground.x(X_ACCOUNT, "GET", "/2/users/1", Value::Null).await;
    refused_as(&nobody, 404, "resource-not-found");
    let unknown = playground.x(X_ACCOUNT, "GET", "/2/users/me?user.fields=age", Value::Null).await;
    refused_as(&unknown, 400, "invalid-request");
}

#[tokio::test]
async fn a_post_is_looked_up_with_its_author() {
    let playground = Playground::start().await;
    let (post, author) = mention(&playground, "priya", "hello").await;
    let bare = playground.x(X_ACCOUNT, "GET", &format!("/2/tweets/{post}"), Value::Null).await;
    assert_eq!((bare.status, bare.text("/data/id")), (200, post.clone()));
    assert_eq!(bare.body.pointer("/includes"), None);
    let path = format!("/2/tweets/{post}?expansions=author_id&user.fields=profile_image_url");
    let whole = playground.x(X_ACCOUNT, "GET", &path, Value::Null).await;
    assert_eq!(whole.text("/data/author_id"), author);
    assert_eq!(whole.text("/includes/users/0/id"), author);
    assert_eq!(whole.text("/includes/users/0/username"), "priya_raman");
    let nothing = playground.x(X_ACCOUNT, "GET", "/2/tweets/1", Value::Null).await;
    refused_as(&nothing, 404, "resource-not-found");
    assert!(playground.accepted().await.is_empty());
}

#[tokio::test]
async fn a_token_of_nobody_is_refused_as_unauthorized() {
    let playground = Playground::start().await;
    let page = crate::support::PAGE;
    for token in ["", "1", "maison", page] {
        let called = playground.x(token, "POST", "/2/tweets", json!({"text": "a"})).await;
        assert_eq!((called.status, &called.body["title"]), (401, &json!("Unauthorized")));
        let called = playground.x(token, "GET", "/2/users/me", Value::Null).await;
        assert_eq!(called.status, 401);
    }
    let bare = playground.request("POST", "/x/2/tweets").json(&json!({"text": "a"}));
    assert_eq!(bare.send().await.expect("an answer").status(), 401);
    assert!(playground.accepted().await.is_empty());
}

#[tokio::test]
async fn what_the_specification_does_not_know_is_refused() {
    let playground = Playground::start().await;
    let (post, author) = mention(&playground, "tom", "hello").await;
    let messages = format!("/2/dm_conversations/with/{author}/messages");
    let refused = [
        ("/2/tweets", json!({"text": "a", "in_reply_to_status_id": post})),
        ("/2/tweets", json!({"text": "a", "reply": {"in_reply_to_tweet_id": post, "to": "1"}})),
        ("/2/tweets", json!({"text": "a", "reply": {}})),
        ("/2/tweets", json!({"text": "a", "reply": {"in_reply_to_tweet_id": 12}})),
        ("/2/tweets", reply("not-a-number", "a")),
        ("/2/tweets", reply("12345678901234567890", "a")),
        ("/2/tweets", json!({"text": "a", "media": {"media_ids": ["1"]}})),
        ("/2/tweets", json!({"text": ""})),
        ("/2/tweets", json!([])),
        (messages.as_str(), json!({"text": "a", "message": "b"})),
        (messages.as_str(), json!({})),
        (messages.as_str(), json!({"text": ""})),
        (messages.as_str(), json!({"attachments": [{"media_id": "1"}]})),
        ("/2/dm_conversations/with/tom/messages", json!({"text": "a"})),
    ];
    for (path, body) in refused {
        let called = playground.x(X_ACCOUNT, "POST", path, body.clone()).await;
        refused_as(&called, 400, "invalid-request");
    }
    let form =
        playground.request("POST", "/x/2/tweets").bearer_auth("simulated-".to_owned() + X_ACCOUNT);
    let form = form.header("content-type", "text/plain").body(r#"{"text":"a"}"#);
    assert_eq!(form.send().await.expect("an answer").status(), 400);
    assert!(playground.accepted().await.is_empty());
}

#[tokio::test]
async fn posts_weigh_280_at_most_and_messages_have_10_000_letters() {
    let playground = Playground::start().await;
    let (post, author) = mention(&playground, "tom", "hello").await;
    for (text, status) in [
        ("a".repeat(280), 201),
        ("a".repeat(281), 400),
        ("世".repeat(140), 201),
        ("世".repeat(141), 400),
        (format!("@tomhadley {}", "a".repeat(280)), 201),
        (format!("{} https://example.com/{}", "a".repeat(256), "b".repeat(90)), 201),
    ] {
        let called = playground.x(X_ACCOUNT, "POST", "/2/tweets", reply(&post, &text)).await;
        assert_eq!(called.status, status, "{text}: {}", called.body);
    }
    let path = format!("/2/dm_conversations/with/{author}/messages");
    for (length, status) in [(10_000, 201), (10_001, 400)] {
        let body = json!({"text": "é".repeat(length)});
        assert_eq!(playground.x(X_ACCOUNT, "POST", &path, body).await.status, status);
    }
}

#[tokio::test]
async fn what_is_not_there_cannot_be_answered() {
    let playground = Playground::start().await;
    let (post, author) = mention(&playground, "tom", "hello").await;
    playground.act("x/delete", json!({"id": post})).await;
    for target in [post.as_str(), "1234"] {
        let called = playground.x(X_ACCOUNT, "POST", "/2/tweets", reply(target, "a")).await;
        refused_as(&called, 404, "resource-not-found");
        assert_eq!(called.body["resource_id"], target);
    }
    let path = "/2/dm_conversations/with/1234/messages";
    let called = playground.x(X_ACCOUNT, "POST", path, json!({"text": "a"})).await;
    refused_as(&called, 404, "resource-not-found");
    let path = format!("/2/dm_conversations/with/{OTHER_X_ACCOUNT}/messages");
    let called = playground.x(X_ACCOUNT, "POST", &path, json!({"text": "a"})).await;
    refused_as(&called, 403, "not-authorized-for-resource");
    assert!(author.len() > 10 && playground.accepted().await.is_empty());
}

#[tokio::test]
async fn on_self_serve_access_only_who_was_summoned_replies() {
    let playground = Playground::start_with(|config| {
        for application in config.applications.iter_mut().filter(|one| one.network == Network::X) {
            application.accounts.iter_mut().for_each(|account| account.tier = Tier::SelfServe);
        }
    })
    .await;
    let (post, _) = mention(&playground, "tom", "hello").await;
    let called = playground.x(OTHER_X_ACCOUNT, "POST", "/2/tweets", reply(&post, "a")).await;
    refused_as(&called, 403, "client-forbidden");
    let called = playground.x(X_ACCOUNT, "POST", "/2/tweets", reply(&post, "a")).await;
    assert_eq!(called.status, 201);
    let called = playground.x(X_ACCOUNT, "POST", "/2/tweets", reply(&called.text("/data/id"), "b"));
    assert_eq!(called.await.status, 201, "its own thread");
    let own = playground.a_post_of("x", "maison_aide").await;
    let body = json!({"author": "lea", "of": own, "text": "joli"});
    let quote = playground.act("x/quote", body).await["id"].as_str().expect("an id").to_owned();
    let called = playground.x(OTHER_X_ACCOUNT, "POST", "/2/tweets", reply(&quote, "merci")).await;
    assert_eq!(called.status, 201, "quoted: {}", called.body);
    let body = json!({"text": "see", "quote_tweet_id": post});
    refused_as(&playground.x(X_ACCOUNT, "POST", "/2/tweets", body).await, 403, "client-forbidden");
    let body = json!({"text": "$ONE and $TWO"});
    refused_as(&playground.x(X_ACCOUNT, "POST", "/2/tweets", body).await, 403, "client-forbidden");
}

#[tokio::test]
async fn a_token_without_the_scope_is_refused() {
    let playground = Playground::start_with(|config| {
        let scopes = ["tweet.read", "users.read", "dm.read"].map(ToOwned::to_owned).to_vec();
        config.applications[0].accounts[0].scopes = Some(scopes);
    })
    .await;
    let (post, author) = mention(&playground, "tom", "hello").await;
    let called = playground.x(X_ACCOUNT, "POST", "/2/tweets", reply(&post, "a")).await;
    refused_as(&called, 403, "client-forbidden");
    assert!(called.text("/detail").contains("tweet.write"));
    let path = format!("/2/dm_conversations/with/{author}/messages");
    let called = playground.x(X_ACCOUNT, "POST", &path, json!({"text": "a"})).await;
    assert!(called.status == 403 && called.text("/detail").contains("dm.write"));
    assert_eq!(playground.x(X_ACCOUNT, "GET", "/2/users/me", Value::Null).await.status, 200);
    assert!(playground.accepted().await.is_empty());
}

#[tokio::test]
async fn the_page_shows_a_persons_threads_and_what_the_business_did_in_them() {
    let playground = Playground::start().await;
    let (post, _) = mention(&playground, "tom", "hello").await;
    let (other, _) = mention(&playground, "lea", "bonjour").await;
    let called = playground.x(OTHER_X_ACCOUNT, "POST", "/2/tweets", reply(&post, "Hi")).await;
    let id = called.text("/data/id");
    let threads = playground.json("threads?network=x&account=maison&persona=tom").await;
    let shown: Vec<&Value> =
        threads.as_array().expect("a list").iter().map(|one| &one["id"]).collect();
    assert!(shown.contains(&&json!(post)) && !shown.contains(&&json!(other)));
    let answer = &threads[0]["answers"][0];
    assert_eq!((&answer["id"], &answer["by_call"]), (&json!(id), &json!(true)));
    assert_eq!(
        (&answer["customer"], &answer["author"]["handle"]),
        (&json!("tom"), &json!("maison_aide"))
    );

    let state = playground.json("state").await;
    assert_eq!(state["accepted"], 1);
    let done = &state["business"][0];
    assert_eq!((&done["external_id"], &done["handle"]), (&json!(id), &json!("maison_aide")));
    assert_eq!((&done["customer"]["key"], &done["answerable"]), (&json!("tom"), &json!(true)));
    let path = format!("/2/tweets/{id}");
    playground.x(OTHER_X_ACCOUNT, "DELETE", &path, Value::Null).await;
    let state = playground.json("state").await;
    assert_eq!(state["business"][0]["kind"], "delete");
    assert_eq!(state["business"][1]["answerable"], false, "it was taken away");
}
