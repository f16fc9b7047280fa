//! Each action's webhook: its shape, its bytes, its signature.

use serde_json::{Value, json};

use crate::support::{OTHER_PAGE, OTHER_X_ACCOUNT, PAGE, Playground, X_ACCOUNT};

/// The one X envelope that this action gave.
async fn told(playground: &Playground, action: &str, body: Value) -> (Value, Value) {
    let before = playground.ingest.received().len();
    let performed = playground.act(&format!("x/{action}"), body).await;
    let received = playground.ingest.wait_for(before + 1).await;
    let request = received.last().expect("a request").clone();
    assert!(request.is_signed(), "{request:?}");
    assert_eq!(request.path, "/hooks/x/xapp");
    (performed, request.json()["data"].clone())
}

/// The one entry that this Facebook action gave.
async fn entry(playground: &Playground, action: &str, body: Value) -> (Value, Value) {
    let before = playground.ingest.received().len();
    let performed = playground.act(&format!("facebook/{action}"), body).await;
    let received = playground.ingest.wait_for(before + 1).await;
    let request = received.last().expect("a request").clone();
    assert!(request.is_signed(), "{request:?}");
    assert!(request.body.is_ascii(), "bytes beyond ASCII on the wire");
    assert_eq!(request.path, "/hooks/facebook/fbapp");
    let body = request.json();
    assert_eq!(body["object"], "page");
    assert_eq!(body["entry"].as_array().map(Vec::len), Some(1));
    (performed, body["entry"][0].clone())
}

#[tokio::test]
async fn a_mention_is_told_with_its_author_and_its_id_as_text() {
    let playground = Playground::start().await;
    let body = json!({"account": "maison", "author": "amelie", "text": "où est mon colis ?"});
    let (performed, data) = told(&playground, "mention", body).await;
    assert_eq!(data["event_type"], "post.mention.create");
    assert_eq!(data["filter"]["user_id"], X_ACCOUNT);
    let payload = &data["payload"];
    assert_eq!(payload["text"], "@maison où est mon colis ?");
    assert_eq!(payload["id"], performed["id"]);
    assert!(payload["id"].as_str().expect("text").parse::<u64>().expect("digits") > 1 << 53);
    assert_eq!(payload["lang"], "fr");
    assert_eq!(payload["edit_history_tweet_ids"], json!([payload["id"]]));
    assert_eq!(payload["conversation_id"], payload["id"]);
    let mention = json!({"start": 0, "end": 7, "username": "maison", "id": X_ACCOUNT});
    assert_eq!(payload["entities"]["mentions"], json!([mention]));
    assert!(payload["created_at"].as_str().expect("text").ends_with('Z'));
    let users = data["includes"]["users"].as_array().expect("users of a first contact");
    let author = users[0].get("data").unwrap_or(&users[0]);
    assert_eq!(author["id"], payload["author_id"]);
    assert_eq!(author["name"], "Amélie Roussel");
    let link = performed["permalink"].as_str().expect("a link");
    assert!(link.starts_with("http://inbox.test/playground/x/amelie_roussel/status/"), "{link}");
}

#[tokio::test]
async fn a_reply_that_also_names_the_account_is_told_twice_under_one_id() {
    let playground = Playground::start().await;
    let post = playground.a_post_of("x", "maison").await;
    let body = json!({"author": "tom", "to": post, "text": "nice one"});
    let (performed, data) = told(&playground, "reply", body).await;
    assert_eq!(performed["updates"], 1);
    assert_eq!(data["event_type"], "post.reply.create");
    assert_eq!(data["payload"]["text"], "@maison nice one");
    assert_eq!(data["payload"]["display_text_range"], json!([8, 16]));
    assert_eq!(data["payload"]["in_reply_to_tweet_id"], json!(post));
    assert_eq!(data["payload"]["in_reply_to_user_id"], X_ACCOUNT);
    let reference = json!([{"type": "replied_to", "id": post}]);
    assert_eq!(data["payload"]["referenced_tweets"], reference);

    let body = json!({"author": "tom", "to": post, "text": "thank you @Maison"});
    let performed = playground.act("x/reply", body).await;
    assert_eq!(performed["updates"], 2);
    let received = playground.ingest.wait_for(3).await;
    let mut events: Vec<Value> = received[1..]
        .iter()
        .map(|request| {
            assert_eq!(request.json()["data"]["payload"]["id"], performed["id"]);
            request.json()["data"]["event_type"].clone()
        })
        .collect();
    events.sort_by_key(ToString::to_string);
    assert_eq!(events, [json!("post.mention.create"), json!("post.reply.create")]);
}

#[tokio::test]
async fn a_post_that_names_two_accounts_is_told_for_each() {
    let playground = Playground::start().await;
    let text = "@maison or @maison_aide, who can help?";
    let body = json!({"account": "maison", "author": "tom", "text": text});
    let performed = playground.act("x/mention", body).await;
    assert_eq!(performed["updates"], 2);
    let received = playground.ingest.wait_for(2).await;
    let field = |name: &str| {
        let mut values: Vec<String> = received
            .iter()
            .map(|request| request.json()["data"].pointer(name).expect("a field").to_string())
            .collect();
        values.sort();
        values.dedup();
        values
    };
    assert_eq!(field("/payload/id").len(), 1);
    assert_eq!(field("/event_uuid").len(), 2);
    let accounts = [X_ACCOUNT, OTHER_X_ACCOUNT].map(|id| format!("\"{id}\""));
    assert_eq!(field("/filter/user_id"), accounts);
}

#[tokio::test]
async fn an_answer_to_oneself_bears_no_name_and_is_told_only_when_it_names_the_account() {
    let playground = Playground::start().await;
    let body = json!({"account": "maison", "author": "tom", "text": "hello"});
    let (first, _) = told(&playground, "mention", body).await;
    let body = json!({"author": "tom", "to": first["id"], "text": "anybody?"});
    assert_eq!(playground.act("x/reply", body).await["updates"], 0);
    let body = json!({"author": "tom", "to": first["id"], "text": "anybody, @maison?"});
    let (_, data) = told(&playground, "reply", body).await;
    assert_eq!(data["event_type"], "post.mention.create");
    assert_eq!(data["payload"]["text"], "anybody, @maison?");
    assert_eq!(data["payload"]["conversation_id"], first["id"]);
}

#[tokio::test]
async fn an_edit_is_a_new_post_that_names_its_earlier_versions() {
    let playground = Playground::start().await;
    let post = playground.a_post_of("x", "maison").await;
    let body = json!({"author": "priya", "of": post, "text": "great"});
    let (first, data) = told(&playground, "quote", body).await;
    assert_eq!(data["event_type"], "post.quote.create");
    assert_eq!(data["payload"]["referenced_tweets"], json!([{"type": "quoted", "id": post}]));
    let body = json!({"id": first["id"], "text": "great!"});
    let (second, data) = told(&playground, "edit", body).await;
    assert_ne!(first["id"], second["id"]);
    assert_eq!(data["event_type"], "post.quote.create");
    assert_eq!(data["payload"]["edit_history_tweet_ids"], json!([first["id"], second["id"]]));
    let body = json!({"id": first["id"], "text": "again"});
    let (status, problem) = playground.send("POST", "x/edit", body).await;
    assert_eq!((status, &problem["code"]), (422, &json!("superseded")));
}

#[tokio::test]
async fn only_deletions_of_the_accounts_own_posts_are_told() {
    let playground = Playground::start().await;
    let body = json!({"account": "maison", "author": "business", "text": "Closed today"});
    let (own, data) = told(&playground, "post", body).await;
    assert_eq!(data["event_type"], "post.create");
    assert_eq!(data["payload"]["author_id"], X_ACCOUNT);
    let (_, data) = told(&playground, "delete", json!({"id": own["id"]})).await;
    assert_eq!(data["event_type"], "post.delete");
    assert_eq!(data["payload"], json!({"id": own["id"], "author_id": X_ACCOUNT}));
    let body = json!({"account": "maison", "author": "grace", "text": "hello"});
    let (theirs, _) = told(&playground, "mention", body).await;
    let performed = playground.act("x/delete", json!({"id": theirs["id"]})).await;
    assert_eq!(performed["updates"], 0);
}

#[tokio::test]
async fn direct_messages_are_told_in_both_directions() {
    let playground = Playground::start().await;
    let body = json!({"account": X_ACCOUNT, "author": "omar", "text": "أين طلبي؟"});
    let (performed, data) = told(&playground, "message", body).await;
    assert_eq!(data["event_type"], "dm.received");
    assert_eq!(performed["permalink"], Value::Null);
    let event = &data["payload"]["direct_message_events"][0];
    assert_eq!(event["type"], "message_create");
    assert_eq!(event["id"], performed["id"]);
    let millis: i64 = event["created_timestamp"].as_str().expect("text").parse().expect("digits");
    assert!(millis > 1_700_000_000_000);
    let create = &event["message_create"];
    assert_eq!(create["message_data"]["text"], "أين طلبي؟");
    assert_eq!(create["target"]["recipient_id"], X_ACCOUNT);
    let sender = create["sender_id"].as_str().expect("text").to_owned();
    let user = &data["payload"]["users"][&sender];
    assert_eq!(user.get("data").unwrap_or(user)["id"], sender.as_str());

    let body = json!({"account": "maison", "author": "business", "to": "omar", "text": "hello"});
    let (_, data) = told(&playground, "message", body).await;
    assert_eq!(data["event_type"], "dm.sent");
    let create = &data["payload"]["direct_message_events"][0]["message_create"];
    assert_eq!(create["target"]["recipient_id"], sender.as_str());
    assert_eq!(create["sender_id"], X_ACCOUNT);
}

#[tokio::test]
async fn a_comment_goes_through_its_life() {
    let playground = Playground::start().await;
    let post = playground.a_post_of("facebook", PAGE).await;
    let body = json!({"author": "lea", "post": post, "text": "Déjà en rupture ? / 😢"});
    let (comment, entry_) = entry(&playground, "comment", body).await;
    assert_eq!(entry_["id"], PAGE);
    let change = &entry_["changes"][0];
    assert_eq!(change["field"], "feed");
    let value = &change["value"];
    assert_eq!((&value["item"], &value["verb"]), (&json!("comment"), &json!("add")));
    assert_eq!(value["post_id"], json!(post));
    assert_eq!(value["parent_id"], json!(post));
    assert_eq!(value["comment_id"], comment["id"]);
    assert_eq!(value["message"], "Déjà en rupture ? / 😢");
    assert_eq!(value["from"]["name"], "Léa Fontaine");
    assert!(value["created_time"].is_i64());
    let link = value["post"]["permalink_url"].as_str().expect("a link");
    assert_eq!(link, format!("http://inbox.test/playground/facebook/{PAGE}/posts/{post}"));

    let body = json!({"author": "business", "to": comment["id"], "text": "Bientôt de retour"});
    let (_, reply) = entry(&playground, "reply", body).await;
    assert_eq!(reply["changes"][0]["value"]["from"]["id"], PAGE);
    assert_eq!(reply["changes"][0]["value"]["parent_id"], comment["id"]);
    for (action, verb) in
        [("edit", "edited"), ("hide", "hide"), ("unhide", "unhide"), ("remove", "remove")]
    {
        let mut body = json!({"id": comment["id"]});
        if action == "edit" {
            body["text"] = json!("Déjà épuisé ?");
        }
        let (_, told) = entry(&playground, action, body).await;
        let value = &told["changes"][0]["value"];
        assert_eq!((&value["verb"], &value["comment_id"]), (&json!(verb), &comment["id"]));
        assert_eq!(value.get("message").is_some(), verb != "remove");
    }
    let body = json!({"author": "lea", "to": comment["id"], "text": "?"});
    assert_eq!(playground.send("POST", "facebook/reply", body).await.0, 404);
}

#[tokio::test]
async fn messenger_tells_messages_echoes_edits_reactions_and_receipts() {
    let playground = Playground::start().await;
    let person = json!({"account": PAGE, "author": "tom"});
    let with = |more: Value| {
        let mut body = person.clone();
        body.as_object_mut().expect("object").extend(more.as_object().expect("object").clone());
        body
    };
    let body = with(json!({"text": "look", "attachment": "image"}));
    let (message, told) = entry(&playground, "message", body).await;
    assert!(told["time"].as_i64().expect("a number") > 1_700_000_000_000);
    let item = &told["messaging"][0];
    assert_eq!(item["recipient"]["id"], PAGE);
    assert_eq!(item["message"]["mid"], message["id"]);
    assert_eq!(item["message"]["attachments"][0]["type"], "image");
    let psid = item["sender"]["id"].as_str().expect("text").to_owned();

    let body = json!({"account": PAGE, "author": "business", "to": "tom", "text": "thanks",
        "reply_to": message["id"]});
    let (echo, told) = entry(&playground, "message", body).await;
    let item = &told["messaging"][0];
    assert_eq!((&item["sender"]["id"], &item["recipient"]["id"]), (&json!(PAGE), &json!(psid)));
    assert_eq!(item["message"]["is_echo"], true);
    assert_eq!(item["message"]["app_id"], 26_390_203_743_090_u64);
    assert_eq!(item["message"]["reply_to"]["mid"], message["id"]);

    let (_, told) = entry(&playground, "edit", json!({"id": message["id"], "text": "see"})).await;
    let expected = json!({"mid": message["id"], "text": "see", "num_edit": 1});
    assert_eq!(told["messaging"][0]["message_edit"], expected);
    let body = json!({"author": "tom", "id": echo["id"], "emoji": "👍"});
    let (_, told) = entry(&playground, "react", body).await;
    let reaction = &told["messaging"][0]["reaction"];
    assert_eq!((&reaction["action"], &reaction["mid"]), (&json!("react"), &echo["id"]));
    let body = with(json!({"title": "Track my order", "payload": "TRACK"}));
    let (_, told) = entry(&playground, "postback", body).await;
    assert_eq!(told["messaging"][0]["postback"]["payload"], "TRACK");
    for (action, name) in [("delivered", "delivery"), ("read", "read")] {
        let (_, told) = entry(&playground, action, person.clone()).await;
        assert!(told["messaging"][0][name]["watermark"].is_i64());
        assert_eq!(told["messaging"][0]["sender"]["id"], psid.as_str());
    }
}

#[tokio::test]
async fn a_page_hears_of_visitors_posts_and_of_mentions_elsewhere() {
    let playground = Playground::start().await;
    let body = json!({"account": "atelier", "author": "nadia", "text": "Merci !"});
    let (post, told) = entry(&playground, "post", body.clone()).await;
    assert_eq!(told["id"], OTHER_PAGE);
    let value = &told["changes"][0]["value"];
    assert_eq!((&value["item"], &value["verb"]), (&json!("status"), &json!("add")));
    assert_eq!(value["post_id"], post["id"]);
    assert!(value.get("comment_id").is_none());
    let (mention, told) = entry(&playground, "mention", body).await;
    let change = &told["changes"][0];
    assert_eq!(change["field"], "mention");
    assert_eq!(change["value"]["post_id"], mention["id"]);
    assert_eq!(change["value"]["sender_name"], "Nadia Belkacem");
    assert_eq!(change["value"]["permalink_url"], mention["permalink"]);
}

#[tokio::test]
async fn a_withheld_author_is_left_out() {
    let playground = Playground::start().await;
    let (status, _) = playground.send("PUT", "switches", json!({"withhold_percent": 100})).await;
    assert_eq!(status, 200);
    let post = playground.a_post_of("facebook", PAGE).await;
    let body = json!({"author": "lea", "post": post, "text": "hello"});
    let (_, told) = entry(&playground, "comment", body).await;
    assert!(told["changes"][0]["value"].get("from").is_none());
    let body = json!({"account": "maison", "author": "amelie", "text": "hello"});
    let (_, data) = self::told(&playground, "mention", body).await;
    assert_eq!(data["includes"], json!({}));
}
