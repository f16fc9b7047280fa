//! Likes, reposts, follows and hiding: what each call does, how each is refused, and who is told.

use playground::world::Tier;
use serde_json::{Value, json};

use crate::support::{Called, OTHER_PAGE, PAGE, Playground, X_ACCOUNT, eventually};

/// A post of somebody that names the account; its id and its author's.
async fn mention(playground: &Playground, author: &str) -> (String, String) {
    let body = json!({"account": "maison", "author": author, "text": "bonjour"});
    let before = playground.ingest.received().len();
    let performed = playground.act("x/mention", body).await;
    let received = playground.ingest.wait_for(before + 1).await;
    let author = received[before].json()["data"]["payload"]["author_id"].clone();
    let text = |value: &Value| value.as_str().expect("text").to_owned();
    (text(&performed["id"]), text(&author))
}

/// A comment of somebody under the page's post.
async fn comment(playground: &Playground) -> String {
    let post = playground.a_post_of("facebook", PAGE).await;
    let body = json!({"author": "tom", "post": post, "text": "spam"});
    let performed = playground.act("facebook/comment", body).await;
    playground.ingest.wait_for(1).await;
    performed["id"].as_str().expect("an id").to_owned()
}

async fn on_x(playground: &Playground, method: &str, path: &str, body: Value) -> Called {
    playground.x(X_ACCOUNT, method, &format!("/2/users/{X_ACCOUNT}{path}"), body).await
}

/// The events of X that were told, each with its data.
fn told(playground: &Playground, event: &str) -> Vec<Value> {
    let received = playground.ingest.received().into_iter();
    received
        .map(|request| request.json()["data"].clone())
        .filter(|data| data["event_type"] == event)
        .collect()
}

/// How a thing of an account is shown on the page.
async fn shown(playground: &Playground, network: &str, account: &str, id: &str) -> Value {
    fn find(things: &Value, id: &str) -> Option<Value> {
        things.as_array()?.iter().find_map(|thing| {
            if thing["id"] == id { Some(thing.clone()) } else { find(&thing["answers"], id) }
        })
    }
    let path = format!("threads?network={network}&account={account}");
    find(&playground.json(&path).await, id).expect("is shown")
}

fn kinds(accepted: &[Value]) -> Vec<&str> {
    accepted.iter().filter_map(|call| call["kind"].as_str()).collect()
}

#[tokio::test]
async fn a_post_of_x_is_liked_reposted_and_its_author_followed_and_all_of_it_taken_back() {
    let playground = Playground::start().await;
    let (post, author) = mention(&playground, "amelie").await;
    let tweet = json!({"tweet_id": post});
    let like = on_x(&playground, "POST", "/likes", tweet.clone()).await;
    assert_eq!((like.status, &like.body), (200, &json!({"data": {"liked": true}})));
    assert_eq!(
        (like.number("x-rate-limit-limit"), like.number("x-rate-limit-remaining")),
        (50, 49)
    );
    let repost = on_x(&playground, "POST", "/retweets", tweet).await;
    assert_eq!(repost.body, json!({"data": {"rest_id": post, "retweeted": true}}));
    let follow = on_x(&playground, "POST", "/following", json!({"target_user_id": author})).await;
    let expected = json!({"data": {"following": true, "pending_follow": false}});
    assert_eq!((follow.status, follow.body), (200, expected));

    let thing = shown(&playground, "x", "maison", &post).await;
    for mark in ["liked_by", "reposted_by", "followed_by"] {
        assert_eq!(thing[mark], json!(["maison"]), "{mark}");
    }
    let page = playground.get(&format!("/playground/x/i/web/status/{post}")).await.2;
    assert!(page.contains("liked by the business") && page.contains("author followed"), "{page}");
    // X tells each of them as what it is.
    eventually("all are told", || {
        ["like.create", "follow.follow", "post.create"]
            .iter()
            .all(|event| told(&playground, event).len() == 1)
    })
    .await;
    assert_eq!(told(&playground, "like.create")[0]["payload"]["liked_tweet_id"], post);
    let reposted = &told(&playground, "post.create")[0]["payload"];
    assert_eq!(reposted["referenced_tweets"], json!([{"type": "retweeted", "id": post}]));
    assert_eq!(reposted["author_id"], X_ACCOUNT);
    let followed = &told(&playground, "follow.follow")[0]["payload"];
    assert_eq!(followed["target"]["data"]["id"], author);

    for (path, data) in [
        (format!("/likes/{post}"), json!({"liked": false})),
        (format!("/retweets/{post}"), json!({"rest_id": post, "retweeted": false})),
        (format!("/following/{author}"), json!({"following": false, "pending_follow": false})),
    ] {
        let undone = on_x(&playground, "DELETE", &path, Value::Null).await;
        assert_eq!((undone.status, undone.body), (200, json!({"data": data})), "{path}");
    }
    let thing = shown(&playground, "x", "maison", &post).await;
    for mark in ["liked_by", "reposted_by", "followed_by"] {
        assert_eq!(thing[mark], json!([]), "{mark}");
    }
    let accepted = playground.accepted().await;
    assert_eq!(kinds(&accepted), ["like", "repost", "follow", "unlike", "unrepost", "unfollow"]);
    let state = playground.json("state").await;
    let calls = state["business"].as_array().expect("a list");
    assert!(calls.iter().all(|call| call["customer"]["key"] == "amelie"), "{calls:?}");
    assert!(calls.iter().all(|call| call["answerable"] == false), "{calls:?}");
}

#[tokio::test]
async fn x_refuses_what_the_plan_the_token_or_the_request_does_not_allow() {
    let self_serve = Playground::start_with(|config| {
        config.applications[0].accounts[0].tier = Tier::SelfServe;
    })
    .await;
    let (post, author) = mention(&self_serve, "amelie").await;
    let tweet = json!({"tweet_id": post});
    let person = json!({"target_user_id": author});
    for (path, body) in [("/likes", tweet.clone()), ("/following", person)] {
        let called = on_x(&self_serve, "POST", path, body).await;
        assert_eq!(called.status, 403, "{path}");
        assert_eq!(called.text("/type"), "https://api.x.com/2/problems/client-forbidden");
    }
    assert_eq!(on_x(&self_serve, "POST", "/retweets", tweet.clone()).await.status, 200);
    assert_eq!(kinds(&self_serve.accepted().await), ["repost"]);

    let playground = Playground::start_with(|config| {
        let scopes = ["tweet.read", "tweet.write", "users.read"].map(str::to_owned);
        config.applications[0].accounts[0].scopes = Some(scopes.into());
    })
    .await;
    let (post, _) = mention(&playground, "amelie").await;
    let called = on_x(&playground, "POST", "/likes", json!({"tweet_id": post})).await;
    assert_eq!(called.status, 403);

    let playground = Playground::start().await;
    let (post, author) = mention(&playground, "amelie").await;
    for (path, body, status) in [
        ("/likes", json!({"tweet_id": "1"}), 404),
        ("/likes", json!({"tweet_id": 1}), 400),
        ("/likes", json!({"tweet_id": post, "more": 1}), 400),
        ("/following", json!({"target_user_id": "1"}), 404),
        ("/following", json!({"target_user_id": X_ACCOUNT}), 400),
        ("/retweets", json!({"tweet_id": author}), 404),
    ] {
        let called = on_x(&playground, "POST", path, body.clone()).await;
        assert_eq!(called.status, status, "{path} {body}");
    }
    let others = playground.x(X_ACCOUNT, "POST", "/2/users/77/likes", json!({"tweet_id": post}));
    assert_eq!(others.await.status, 400);
    assert_eq!(playground.accepted().await, [] as [Value; 0]);
}

#[tokio::test]
async fn a_reply_of_x_is_hidden_in_a_conversation_that_the_account_began() {
    let playground = Playground::start().await;
    let body = json!({"account": "maison", "author": "business", "text": "new lamps"});
    let post = playground.act("x/post", body).await["id"].as_str().expect("an id").to_owned();
    let body = json!({"author": "tom", "to": post, "text": "ugly"});
    let reply = playground.act("x/reply", body).await["id"].as_str().expect("an id").to_owned();
    for hidden in [true, true, false] {
        let path = format!("/2/tweets/{reply}/hidden");
        let called = playground.x(X_ACCOUNT, "PUT", &path, json!({"hidden": hidden})).await;
        assert_eq!((called.status, called.body), (200, json!({"data": {"hidden": hidden}})));
        assert_eq!(shown(&playground, "x", "maison", &reply).await["hidden"], hidden);
    }
    assert_eq!(kinds(&playground.accepted().await), ["hide", "hide", "unhide"]);
    // Neither what somebody else began, nor what began it, nor in words of the caller's own.
    let (elsewhere, _) = mention(&playground, "amelie").await;
    for (id, body, status) in [
        (elsewhere.as_str(), json!({"hidden": true}), 403),
        (post.as_str(), json!({"hidden": true}), 403),
        ("1", json!({"hidden": true}), 404),
        (reply.as_str(), json!({"hidden": "yes"}), 400),
    ] {
        let path = format!("/2/tweets/{id}/hidden");
        let called = playground.x(X_ACCOUNT, "PUT", &path, body).await;
        assert_eq!(called.status, status, "{id}");
    }
}

#[tokio::test]
async fn likes_of_x_are_limited_in_a_quarter_of_an_hour() {
    let playground = Playground::start().await;
    let (post, _) = mention(&playground, "amelie").await;
    for _ in 0..50 {
        let called = on_x(&playground, "POST", "/likes", json!({"tweet_id": post})).await;
        assert_eq!(called.status, 200);
    }
    let called = on_x(&playground, "POST", "/likes", json!({"tweet_id": post})).await;
    assert_eq!((called.status, called.number("x-rate-limit-remaining")), (429, 0));
    // Each method of each edge has its own.
    let called = on_x(&playground, "DELETE", &format!("/likes/{post}"), Value::Null).await;
    assert_eq!(called.status, 200);
}

#[tokio::test]
async fn the_faults_of_sends_strike_actions_as_well() {
    let playground = Playground::start().await;
    let (post, _) = mention(&playground, "amelie").await;
    let faults = json!({"x": {"fail_500_after_accept": {"count": 1}, "refuse_401": {"count": 0}}});
    assert_eq!(playground.send("PUT", "faults", faults).await.0, 200);
    let called = on_x(&playground, "POST", "/likes", json!({"tweet_id": post})).await;
    assert_eq!(called.status, 500);
    assert_eq!(shown(&playground, "x", "maison", &post).await["liked_by"], json!(["maison"]));
    let faults = json!({"x": {"limit_429_with_hint": {"count": 1}, "hint_seconds": 7}});
    assert_eq!(playground.send("PUT", "faults", faults).await.0, 200);
    let called = on_x(&playground, "POST", "/retweets", json!({"tweet_id": post})).await;
    assert_eq!(called.status, 429);
    assert_eq!(kinds(&playground.accepted().await), ["like"]);
}

#[tokio::test]
async fn a_comment_is_liked_and_hidden_and_can_be_read_back() {
    let playground = Playground::start().await;
    let id = comment(&playground).await;
    let node = format!("/{id}");
    let fields = format!("/{id}?fields=is_hidden,can_hide,user_likes");
    let read = || playground.graph(PAGE, "GET", &fields, Value::Null);
    let before = json!({"id": id, "is_hidden": false, "can_hide": true, "user_likes": false});
    assert_eq!(read().await.body, before);
    let success = json!({"success": true});
    let liked = playground.graph(PAGE, "POST", &format!("/{id}/likes"), Value::Null).await;
    assert_eq!((liked.status, &liked.body), (200, &success));
    let hidden = playground.graph(PAGE, "POST", &node, json!({"is_hidden": true})).await;
    assert_eq!((hidden.status, &hidden.body), (200, &success));
    let after = json!({"id": id, "is_hidden": true, "can_hide": true, "user_likes": true});
    assert_eq!(read().await.body, after);
    let thing = shown(&playground, "facebook", PAGE, &id).await;
    assert_eq!((&thing["hidden"], &thing["liked_by"][0]), (&json!(true), &json!("maison.page")));
    // Its own moderation comes back to the page, in its own name.
    let received = playground.ingest.wait_for(3).await;
    let told: Vec<(Value, Value)> = received[1..]
        .iter()
        .map(|request| {
            let value = request.json()["entry"][0]["changes"][0]["value"].clone();
            (json!([value["item"], value["verb"]]), value["from"]["id"].clone())
        })
        .collect();
    let own = |what: Value| (what, json!(PAGE));
    assert_eq!(told, [own(json!(["reaction", "add"])), own(json!(["comment", "hide"]))]);

    let unliked = playground.graph(PAGE, "DELETE", &format!("/{id}/likes"), Value::Null).await;
    let shown_again = playground.graph(PAGE, "POST", &node, json!({"is_hidden": false})).await;
    assert_eq!((unliked.body, shown_again.body), (success.clone(), success));
    assert_eq!(read().await.body, before);
    assert_eq!(kinds(&playground.accepted().await), ["like", "hide", "unlike", "unhide"]);
}

#[tokio::test]
async fn facebook_refuses_other_pages_things_that_are_gone_and_what_the_page_wrote() {
    let playground = Playground::start().await;
    let id = comment(&playground).await;
    let hide = json!({"is_hidden": true});
    let other = playground.graph(OTHER_PAGE, "POST", &format!("/{id}"), hide.clone()).await;
    assert_eq!((other.status, other.body["error"]["code"].as_u64()), (403, Some(10)));
    let gone = playground.graph(PAGE, "POST", "/1_2/likes", Value::Null).await;
    assert_eq!(gone.body["error"]["error_subcode"], 33);
    let answer = json!({"message": "Merci"});
    let own = playground.graph(PAGE, "POST", &format!("/{id}/comments"), answer).await;
    let own = own.text("/id");
    let refused = playground.graph(PAGE, "POST", &format!("/{own}"), hide).await;
    assert_eq!((refused.status, refused.body["error"]["code"].as_u64()), (400, Some(100)));
    let path = format!("/{own}?fields=can_hide");
    let read = playground.graph(PAGE, "GET", &path, Value::Null).await;
    assert_eq!(read.body["can_hide"], false);
    for body in [json!({"is_hidden": "yes"}), json!({"hidden": true}), json!({})] {
        let refused = playground.graph(PAGE, "POST", &format!("/{id}"), body.clone()).await;
        assert_eq!(refused.status, 400, "{body}");
    }
    let odd = playground.graph(PAGE, "GET", &format!("/{id}?fields=secrets"), Value::Null).await;
    assert_eq!(odd.status, 400);
    assert_eq!(kinds(&playground.accepted().await), ["comment"]);
}

#[tokio::test]
async fn what_was_done_is_there_after_a_restart() {
    let playground = Playground::start().await;
    let (post, author) = mention(&playground, "amelie").await;
    on_x(&playground, "POST", "/likes", json!({"tweet_id": post})).await;
    on_x(&playground, "POST", "/following", json!({"target_user_id": author})).await;
    let playground = playground.restart(|_| {}).await;
    let thing = shown(&playground, "x", "maison", &post).await;
    assert_eq!(thing["liked_by"], json!(["maison"]));
    assert_eq!(thing["followed_by"], json!(["maison"]));
}

#[tokio::test]
async fn who_wrote_a_comment_or_a_message_is_told_when_the_page_asks() {
    let playground = Playground::start().await;
    let id = comment(&playground).await;
    let path = format!("/{id}?fields=from");
    let read = playground.graph(PAGE, "GET", &path, Value::Null).await;
    assert_eq!(read.text("/from/name"), "Tom Hadley");
    let person = read.text("/from/id");
    let path = format!("/{person}?fields=first_name,last_name,profile_pic");
    let read = playground.graph(PAGE, "GET", &path, Value::Null).await;
    assert_eq!((read.status, read.text("/first_name")), (200, "Tom".to_owned()));
    assert_eq!(read.text("/last_name"), "Hadley");
    assert!(read.text("/profile_pic").ends_with("/playground/avatars/tom.svg"));
    // Another page does not know them, and nobody knows who never was.
    for (page, id) in [(OTHER_PAGE, person.as_str()), (PAGE, "1")] {
        let path = format!("/{id}?fields=first_name");
        let unknown = playground.graph(page, "GET", &path, Value::Null).await;
        assert_eq!(
            (unknown.status, &unknown.body["error"]["error_subcode"]),
            (400, &json!(2_018_218))
        );
    }
}
