//! Switches, retries, restarts.

use std::collections::HashMap;
use std::io::Write as _;

use serde_json::{Value, json};

use crate::support::{OTHER_PAGE, PAGE, Playground, Received, eventually};

async fn mentions(playground: &Playground, count: usize) -> Vec<String> {
    let mut ids = Vec::new();
    for number in 0..count {
        let body =
            json!({"account": "maison", "author": "tom", "text": format!("number {number}")});
        let performed = playground.act("x/mention", body).await;
        ids.push(performed["id"].as_str().expect("an id").to_owned());
    }
    ids
}

fn ids(playground: &Playground) -> Vec<String> {
    let id = |body: &Value| body["data"]["payload"]["id"].as_str().map(ToOwned::to_owned);
    playground.ingest.received().iter().filter_map(|one| id(&one.json())).collect()
}

#[tokio::test]
async fn without_switches_everything_comes_once_and_is_logged_with_its_answer() {
    let playground = Playground::start().await;
    let sent = mentions(&playground, 5).await;
    playground.ingest.wait_for(5).await;
    tokio::time::sleep(std::time::Duration::from_millis(300)).await;
    let mut came = ids(&playground);
    came.sort();
    assert_eq!(came, sent);
    let log = playground.log().await;
    assert_eq!(log.len(), 5);
    for (line, id) in log.iter().zip(&sent) {
        assert_eq!(line["external_id"], json!(id));
        assert_eq!(line["outcome"], "accepted");
        assert_eq!(line["attempts"][0]["status"], 200);
        assert!(line["attempts"][0]["receipt"].as_str().expect("receipt").starts_with("req_"));
    }
}

#[tokio::test]
async fn duplicates_are_the_same_body_again() {
    let playground = Playground::start().await;
    playground.send("PUT", "switches", json!({"duplicate_percent": 100})).await;
    let sent = mentions(&playground, 10).await;
    let received = playground.ingest.wait_for(20).await;
    let mut bodies: HashMap<Vec<u8>, usize> = HashMap::new();
    for request in &received {
        *bodies.entry(request.body.to_vec()).or_default() += 1;
    }
    assert_eq!(bodies.len(), sent.len());
    assert!(bodies.values().all(|count| *count == 2), "{:?}", bodies.values());
}

#[tokio::test]
async fn held_updates_are_overtaken_and_none_is_lost() {
    let playground = Playground::start().await;
    playground.send("PUT", "switches", json!({"reorder_percent": 50, "seed": 3})).await;
    let sent = mentions(&playground, 30).await;
    playground.ingest.wait_for(30).await;
    let came = ids(&playground);
    assert_ne!(came, sent, "nothing was overtaken");
    let mut sorted = came.clone();
    sorted.sort();
    assert_eq!(sorted, sent);
}

#[tokio::test]
async fn a_delay_delays() {
    let playground = Playground::start().await;
    playground.send("PUT", "switches", json!({"delay_ms": 700})).await;
    mentions(&playground, 1).await;
    tokio::time::sleep(std::time::Duration::from_millis(400)).await;
    assert_eq!(playground.ingest.received().len(), 0);
    playground.ingest.wait_for(1).await;
}

#[tokio::test]
async fn batches_hold_updates_of_several_pages_and_of_both_kinds() {
    let playground = Playground::start().await;
    playground.send("PUT", "switches", json!({"batch_size": 40})).await;
    let post = playground.a_post_of("facebook", PAGE).await;
    for number in 0..20 {
        let page = if number % 2 == 0 { PAGE } else { OTHER_PAGE };
        let text = format!("number {number}");
        let message = json!({"account": page, "author": "tom", "text": text});
        playground.act("facebook/message", message).await;
        let comment = json!({"author": "tom", "post": post, "text": text});
        playground.act("facebook/comment", comment).await;
    }
    eventually("all updates to arrive", || {
        playground.ingest.received().iter().map(Received::updates).sum::<usize>() == 40
    })
    .await;
    let received = playground.ingest.received();
    assert!(received.len() < 10, "{} requests for 40 updates", received.len());
    assert!(received.iter().all(Received::is_signed));
    let largest = received.iter().max_by_key(|request| request.updates()).expect("a request");
    let body = largest.json();
    let pages: Vec<&Value> =
        body["entry"].as_array().expect("entries").iter().map(|entry| &entry["id"]).collect();
    assert_eq!(pages.len(), 2, "one entry a page");
    let own = body["entry"].as_array().expect("entries").iter().find(|one| one["id"] == PAGE);
    let own = own.expect("the page's entry");
    assert!(own["changes"].is_array() && own["messaging"].is_array(), "both kinds in one entry");
}

#[tokio::test]
async fn meta_tries_again_with_the_same_bytes_until_it_is_accepted() {
    let playground = Playground::start().await;
    playground.ingest.answer_next([503, 503, 500]);
    let body = json!({"account": PAGE, "author": "tom", "text": "hello"});
    playground.act("facebook/message", body).await;
    let received = playground.ingest.wait_for(4).await;
    assert!(received.iter().all(|request| request.body == received[0].body));
    let line = loop {
        let line = playground.log().await.remove(0);
        if line["outcome"] == "accepted" {
            break line;
        }
    };
    let statuses: Vec<&Value> =
        line["attempts"].as_array().expect("attempts").iter().map(|one| &one["status"]).collect();
    assert_eq!(statuses, [503, 503, 500, 200]);
}

#[tokio::test]
async fn x_does_not_try_again_but_replays() {
    let playground = Playground::start().await;
    playground.ingest.answer_next([503]);
    let sent = mentions(&playground, 1).await;
    playground.ingest.wait_for(1).await;
    tokio::time::sleep(std::time::Duration::from_millis(500)).await;
    assert_eq!(playground.ingest.received().len(), 1, "X tried again by itself");
    assert_eq!(playground.log().await[0]["outcome"], "failed");
    let (status, told) = playground.send("POST", "x/replay", json!({"only_failed": true})).await;
    assert_eq!((status, &told["updates"]), (200, &json!(1)));
    let received = playground.ingest.wait_for(3).await;
    assert_eq!(received[1].body, received[0].body, "a replay is the same event");
    assert_eq!(ids(&playground), [sent[0].clone(), sent[0].clone()]);
    let end = received[2].json();
    assert_eq!(end["replay_job_status"]["job_state"], "Complete");
    assert_eq!(end["replay_job_status"]["job_id"], told["job_id"]);
    let (_, told) = playground.send("POST", "x/replay", json!({"only_failed": true})).await;
    assert_eq!(told["updates"], 0);
}

#[tokio::test]
async fn what_was_posted_survives_a_restart_and_half_a_line_at_the_end() {
    let playground = Playground::start().await;
    let newcomer = json!({"name": "Zélie", "handle": "zelie"});
    assert_eq!(playground.send("POST", "personas", newcomer).await.0, 201);
    let body = json!({"account": "maison", "author": "zelie", "text": "one"});
    let first = playground.act("x/mention", body).await;
    playground.act("x/edit", json!({"id": first["id"], "text": "@maison two"})).await;
    let post = playground.a_post_of("facebook", PAGE).await;
    let body = json!({"author": "zelie", "post": post, "text": "three", "photo": true});
    playground.act("facebook/comment", body).await;
    playground.ingest.wait_for(3).await;
    let places = ["threads?network=x&account=maison", "threads?network=facebook&account=atelier"];
    let mut before = Vec::new();
    for place in places {
        before.push(playground.json(place).await);
    }
    let log = loop {
        let log = playground.log().await;
        if log.iter().all(|line| line["outcome"] == "accepted") {
            break log;
        }
    };
    let playground = playground
        .restart(|journal| {
            let mut file =
                std::fs::OpenOptions::new().append(true).open(journal).expect("the journal");
            file.write_all(b"{\"line\":\"happening\",\"num").expect("half a line");
        })
        .await;
    for (place, before) in places.into_iter().zip(before) {
        assert_eq!(playground.json(place).await, before);
    }
    assert_eq!(playground.log().await, log);
    assert_eq!(playground.ingest.received().len(), 0, "accepted updates were posted again");
    let body = json!({"account": "maison", "author": "zelie", "text": "four"});
    let next = playground.act("x/mention", body).await;
    assert_eq!(next["number"], 5);
    let playground = playground.restart(|_| {}).await;
    assert_eq!(playground.json("state").await["version"], 5);
}

#[tokio::test]
async fn after_a_restart_facebook_goes_on_trying_and_x_waits_for_a_replay() {
    let playground = Playground::start().await;
    playground.ingest.answer_next(std::iter::repeat_n(503, 1_000));
    mentions(&playground, 1).await;
    let body = json!({"account": PAGE, "author": "tom", "text": "hello"});
    playground.act("facebook/message", body).await;
    playground.ingest.wait_for(3).await;
    let playground = playground.restart(|_| {}).await;
    let received = playground.ingest.wait_for(1).await;
    assert!(received[0].is_facebook());
    assert_eq!(playground.log().await[0]["outcome"], "failed");
    playground.send("POST", "x/replay", json!({})).await;
    playground.ingest.wait_for(3).await;
}

/// Each answers the one before, 20,000 times: longer than any stack is deep.
#[tokio::test]
async fn a_thread_of_any_length_can_be_shown() {
    let playground = Playground::start().await;
    let post = json!({"account": "maison", "author": "tom", "text": "first"});
    let first = playground.act("x/mention", post).await["id"].as_str().expect("an id").to_owned();
    let reply = json!({"author": "lea", "to": first, "text": "deeper"});
    playground.act("x/reply", reply).await;
    let playground = playground
        .restart(|journal| {
            let lines = std::fs::read_to_string(journal).expect("a journal");
            let happened = lines.lines().rfind(|line| line.contains("deeper")).expect("a reply");
            let mut line: Value = serde_json::from_str(happened).expect("JSON");
            let number = line["number"].as_u64().expect("a number");
            let id = line["deed"]["id"].as_str().expect("an id").to_owned();
            let id: u64 = id.parse().expect("digits");
            let mut longer = lines.clone();
            for next in 1..=20_000 {
                line["number"] = json!(number + next);
                line["deed"]["id"] = json!((id + next).to_string());
                line["deed"]["reply_to"] = json!((id + next - 1).to_string());
                longer.extend([line.to_string(), "\n".to_owned()]);
            }
            std::fs::write(journal, longer).expect("writable");
        })
        .await;
    let (status, _, page) = playground.get(&format!("/playground/x/maison/status/{first}")).await;
    assert_eq!(status, 200);
    assert_eq!(page.matches("<article").count(), 20_002);
    let threads = playground.json("threads?network=x&account=maison").await;
    assert_eq!(threads[0]["id"], json!(first));
}
