//! Accounts and access, end to end: who is signed out or shut out is so within five seconds,
//! sockets included; and who did it is kept.

use std::time::{Duration, Instant};

use kit_testkit::eventually;
use reqwest::Method;
use serde_json::{Value, json};

use crate::browser::{Browser, attempt};
use crate::world::{PATIENCE, Secrets, World};

/// By when whoever is signed out or shut out must be.
const AT_ONCE: Duration = Duration::from_secs(5);
const NEW: &str = "canary-another-password";

async fn cursor(browser: &Browser) -> String {
    browser.json("/api/v1/bootstrap").await["cursor"].as_str().expect("a cursor").to_owned()
}

async fn done(browser: &Browser, method: Method, path: &str, body: Option<Value>) -> Value {
    let (status, answer) = browser.ask(method, path, body.as_ref()).await;
    assert!(status < 300, "{path}: {status} {answer}");
    serde_json::from_str(&answer).unwrap_or_default()
}

/// What stands behind the `#` of a link.
fn token(link: &Value) -> String {
    let url = link["url"].as_str().expect("a link");
    url.split_once("#token=").expect("a token").1.to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn sessions_end_everywhere_within_five_seconds() {
    let world = World::start(&Secrets::with("account"), &[]).await;
    let gateway = world.gateway();
    let password = world.demo_passwords()["lea"].clone();
    let sign_in = async |password: &str| Browser::sign_in(&gateway, "lea", password).await;
    let (here, elsewhere) = (sign_in(&password).await, sign_in(&password).await);
    let mut stays = here.live(&cursor(&here).await, None).await;
    let mut ends = elsewhere.live(&cursor(&elsewhere).await, None).await;

    let change = json!({ "current": password, "new": NEW });
    done(&here, Method::PUT, "/api/v1/account/password", Some(change)).await;
    assert!(ends.ends_within(AT_ONCE).await, "the other session's socket lives on");
    assert_eq!(elsewhere.get("/api/v1/session").await.0, 401);
    assert_eq!(here.get("/api/v1/session").await.0, 200, "the session that changed it goes on");
    assert!(!stays.ends_within(Duration::from_secs(2)).await, "and so does its socket");
    let client = reqwest::Client::new();
    assert_eq!(attempt(&client, &gateway, "lea", &password).await.status().as_u16(), 401);

    let again = sign_in(NEW).await;
    let mut ends = again.live(&cursor(&again).await, None).await;
    done(&here, Method::POST, "/api/v1/account/sign-out-everywhere", None).await;
    for socket in [&mut stays, &mut ends] {
        assert!(socket.ends_within(AT_ONCE).await, "a socket lives on");
    }
    for browser in [&here, &again] {
        assert_eq!(browser.get("/api/v1/session").await.0, 401);
    }

    // An administrator's link sets a new password once; and who is deactivated is out.
    let admin = Browser::sign_in(&gateway, "camille", &world.demo_passwords()["camille"]).await;
    let members = admin.json("/api/v1/members").await;
    let members = members["members"].as_array().expect("members");
    let lea = members.iter().find(|member| member["login"] == "lea").expect("there");
    let path = format!("/api/v1/members/{}", lea["member_id"].as_str().expect("an id"));
    let link = done(&admin, Method::POST, &format!("{path}/password-reset"), None).await;
    let chosen = json!({ "token": token(&link), "password": password });
    let complete = "/api/v1/password-resets/complete";
    done(&Browser::stranger(&gateway), Method::POST, complete, Some(chosen.clone())).await;
    let (status, _) = Browser::stranger(&gateway).ask(Method::POST, complete, Some(&chosen)).await;
    assert_eq!(status, 404, "a link works once");
    let signed_in = sign_in(&password).await;
    let mut ends = signed_in.live(&cursor(&signed_in).await, None).await;
    let away = json!({ "active": false, "rev": lea["rev"] });
    done(&admin, Method::PATCH, &path, Some(away)).await;
    assert!(ends.ends_within(AT_ONCE).await, "a deactivated member's socket lives on");
    assert_eq!(signed_in.get("/api/v1/session").await.0, 401);
    assert_eq!(attempt(&client, &gateway, "lea", &password).await.status().as_u16(), 401);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invited_colleague_comes_in_and_the_audit_says_how() {
    let world = World::start(&Secrets::with("invited"), &[]).await;
    let gateway = world.gateway();
    let admin = Browser::sign_in(&gateway, "camille", &world.demo_passwords()["camille"]).await;
    let wanted = json!({ "login": "ines", "display_name": "Inès", "roles": ["agent"] });
    let made = done(&admin, Method::POST, "/api/v1/invitations", Some(wanted)).await;
    let held = json!({ "token": token(&made) });
    let stranger = Browser::stranger(&gateway);
    let shown = done(&stranger, Method::POST, "/api/v1/invitations/look", Some(held)).await;
    assert_eq!(
        (&shown["login"], &shown["organization_name"]),
        (&json!("ines"), &json!("Maison Lumière"))
    );
    let chosen = json!({ "token": token(&made), "password": NEW });
    done(&stranger, Method::POST, "/api/v1/invitations/accept", Some(chosen)).await;
    let ines = Browser::sign_in(&gateway, "ines", NEW).await;
    assert_eq!(ines.get("/api/v1/audit").await.0, 403);

    let audit = admin.json("/api/v1/audit").await;
    assert_eq!(audit["intact"], true);
    let entries = audit["entries"].as_array().expect("entries");
    let told: Vec<(&str, &str)> = entries
        .iter()
        .take(2)
        .map(|entry| (entry["act"].as_str().expect("text"), entry["name"].as_str().expect("text")))
        .collect();
    assert_eq!(told, [("invitation.accepted", "Inès"), ("member.invited", "Camille Laurent")]);
    assert!(!audit.to_string().contains(&token(&made)), "a token is kept");

    // What other services keep stands in the same list.
    let team = json!({ "capacity": 6, "hard_limit": null });
    done(&admin, Method::PUT, "/api/v1/team/capacity", Some(team)).await;
    let path = "/api/v1/settings/link-shortening";
    let rev = admin.json(path).await["rev"].clone();
    let wanted = json!({ "provider": "built_in", "rev": rev });
    done(&admin, Method::PUT, path, Some(wanted)).await;
    let audit = admin.json("/api/v1/audit").await;
    let entries = audit["entries"].as_array().expect("entries").iter();
    let told: Vec<(&str, &str)> = entries
        .take(3)
        .map(|entry| {
            (entry["source"].as_str().expect("text"), entry["act"].as_str().expect("text"))
        })
        .collect();
    let expected = [
        ("link_shortener", "link_shortening.changed"),
        ("routing", "team_capacity.changed"),
        ("directory", "invitation.accepted"),
    ];
    assert_eq!((told.as_slice(), &audit["intact"]), (expected.as_slice(), &json!(true)));
}

#[tokio::test(flavor = "multi_thread")]
async fn lost_access_closes_the_conversation_within_five_seconds() {
    let world = World::start(&Secrets::with("access"), &[]).await;
    let gateway = world.gateway();
    let passwords = world.demo_passwords();
    let sign_in = async |login: &str| Browser::sign_in(&gateway, login, &passwords[login]).await;
    let (admin, noah) = (sign_in("camille").await, sign_in("noah").await);
    assert_eq!(world.mention(&world.demo, 1, "a mention for all").await, 200);
    eventually(PATIENCE, "the conversation is there", async || {
        !noah.conversations("all").await.is_empty()
    })
    .await;
    let conversation = noah.conversations("all").await[0].clone();
    let row = noah.json(&format!("/api/v1/conversations/{conversation}")).await;
    let channel = row["channel_ids"][0].as_str().expect("an account").to_owned();
    let socket = noah.live(&cursor(&noah).await, Some(&conversation)).await;
    tokio::time::sleep(Duration::from_millis(300)).await;

    let began = Instant::now();
    let channels = admin.json("/api/v1/channels").await;
    let channels = channels["channels"].as_array().expect("channels");
    let rev = channels.iter().find(|it| it["channel_id"] == channel.as_str()).expect("there");
    let change = json!({ "restricted": true, "rev": rev["rev"] });
    done(&admin, Method::PATCH, &format!("/api/v1/channels/{channel}"), Some(change)).await;
    let gone =
        |frames: &str| frames.contains("conversation.gone") && frames.contains("\"t\":\"reset\"");
    eventually(AT_ONCE, "the view is closed and the stream starts anew", async || {
        gone(&socket.shown())
    })
    .await;
    eventually(AT_ONCE, "the conversation is not there any more", async || {
        noah.get(&format!("/api/v1/conversations/{conversation}")).await.0 == 404
            && noah.conversations("all").await.is_empty()
    })
    .await;
    println!("figure: {} ms from the change to the closed view", began.elapsed().as_millis());
    let before = socket.shown().len();
    assert_eq!(world.mention(&world.demo, 1_001, "a confidential mention").await, 200);
    eventually(PATIENCE, "who supervises sees it", async || {
        let rows = admin.json("/api/v1/conversations?queue=all").await;
        rows.to_string().contains("a confidential mention")
    })
    .await;
    tokio::time::sleep(Duration::from_secs(1)).await;
    let since = socket.shown()[before..].to_owned();
    assert!(!since.contains("confidential") && !since.contains(&conversation), "{since}");
}
