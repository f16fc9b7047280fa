//! Who may read what about members and accounts, and how long a list of entries may be.

use kit_service::rpc::status;
use kit_values::Fault;
use proto::directory::v1 as directory;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use tonic::{Request, Status};

use crate::browser::Browser;
use crate::peers::{Peers, fresh_id};
use crate::world::World;

/// Most entries of one channel, as the directory counts them.
const MOST_ENTRIES: usize = 5_000;

/// Sets who may do what with an account, as the directory does.
pub fn set_access(
    peers: &Peers,
    request: Request<directory::SetChannelAccessRequest>,
) -> Result<directory::SetChannelAccessResponse, Status> {
    peers.asked(&request)?;
    let asked = request.into_inner();
    if asked.access.len() > MOST_ENTRIES {
        return Err(status(Fault::invalid("too_many_entries", "entries", "Too many.")));
    }
    let mut held = peers.held();
    let channel = held.channels.iter_mut().find(|one| one.channel_id == asked.channel_id);
    let channel = channel.ok_or_else(|| status(Fault::not_found("channel")))?;
    channel.access = asked.access;
    Ok(directory::SetChannelAccessResponse { channel: Some(channel.clone()) })
}

/// Changes an account, as far as a test looks at it.
pub fn change_channel(
    peers: &Peers,
    request: Request<directory::ChangeChannelRequest>,
) -> Result<directory::ChangeChannelResponse, Status> {
    peers.asked(&request)?;
    let asked = request.into_inner();
    let mut held = peers.held();
    let channel = held.channels.iter_mut().find(|one| one.channel_id == asked.channel_id);
    let channel = channel.ok_or_else(|| status(Fault::not_found("channel")))?;
    channel.auto_resolve_days = asked.auto_resolve_days.unwrap_or(channel.auto_resolve_days);
    if let Some(window) = asked.reopen_window {
        channel.reopen_window_hours = window.hours;
    }
    Ok(directory::ChangeChannelResponse { channel: Some(channel.clone()) })
}

/// An open account, one for amelie alone, and one for nobody; their ids.
fn accounts(world: &World) -> [String; 3] {
    let amelie = world.peers.held().members["amelie"].1.member_id.clone();
    let [open, hers, closed] = [(); 3].map(|()| fresh_id("chan"));
    for (id, restricted, entry) in
        [(&open, false, None), (&hers, true, Some(amelie)), (&closed, true, None)]
    {
        let access = entry.map(|member_id| directory::ChannelAccess {
            member_id,
            access: directory::Access::Viewer.into(),
        });
        let channel = directory::Channel {
            channel_id: id.clone(),
            organization_id: world.own.to_string(),
            network: proto::network::v1::Network::X.into(),
            display_name: "Quai".to_owned(),
            restricted,
            access: access.into_iter().collect(),
            ..directory::Channel::default()
        };
        world.peers.held().channels.push(channel);
    }
    [open, hers, closed]
}

fn with_role(world: &World, login: &str, role: directory::Role) {
    world.peers.add_member(world.own, login);
    let mut held = world.peers.held();
    held.members.get_mut(login).expect("added").1.roles = vec![role.into()];
}

async fn ids(browser: &Browser, path: &str, id: &str) -> Vec<String> {
    let answer = browser.get_json(path).await;
    let channels = answer["channels"].as_array().expect("channels").iter();
    channels.map(|channel| channel[id].as_str().expect("an id").to_owned()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_member_is_told_of_the_accounts_that_they_come_in_by_and_of_no_other() {
    let (world, gateway) = World::with_gateway().await;
    let all = accounts(&world);
    with_role(&world, "noah", directory::Role::Agent);
    with_role(&world, "sacha", directory::Role::Supervisor);
    with_role(&world, "camille", directory::Role::Admin);
    for (login, seen) in [("amelie", 2), ("noah", 1), ("sacha", 3), ("camille", 3)] {
        let browser = world.signed_in(&gateway, login).await;
        assert_eq!(ids(&browser, "/api/v1/channels", "channel_id").await, all[..seen], "{login}");
        assert_eq!(ids(&browser, "/api/v1/bootstrap", "id").await, all[..seen], "{login}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn logins_and_entries_are_for_administrators_and_names_for_everybody() {
    let (world, gateway) = World::with_gateway().await;
    let [_, hers, _] = accounts(&world);
    with_role(&world, "sacha", directory::Role::Supervisor);
    with_role(&world, "camille", directory::Role::Admin);
    let entries = format!("/api/v1/channels/{hers}/access");
    for login in ["amelie", "sacha"] {
        let browser = world.signed_in(&gateway, login).await;
        for path in ["/api/v1/members", &entries] {
            let answer = browser.get(path).await;
            assert_eq!(answer.status(), StatusCode::FORBIDDEN, "{path} by {login}");
            let problem: Value = answer.json().await.expect("JSON");
            assert_eq!(problem["code"], "admin_only");
        }
        // An account that nobody has is told apart from one that is theirs by nothing.
        let nobodys = format!("/api/v1/channels/{}/access", fresh_id("chan"));
        assert_eq!(browser.get(&nobodys).await.status(), StatusCode::FORBIDDEN);
        let team = browser.get_json("/api/v1/team").await;
        assert!(!team.to_string().contains("login"), "{team}");
    }
    let admin = world.signed_in(&gateway, "camille").await;
    let members = admin.get_json("/api/v1/members").await;
    assert_eq!(members["members"].as_array().map(Vec::len), Some(3));
    assert!(members.to_string().contains("\"login\":\"amelie\""), "{members}");
    let access = admin.get_json(&entries).await;
    assert_eq!(access["entries"].as_array().map(Vec::len), Some(1));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_longest_list_of_entries_fits_and_a_longer_one_says_what_is_wrong() {
    let (world, gateway) = World::with_gateway().await;
    let [_, hers, _] = accounts(&world);
    with_role(&world, "camille", directory::Role::Admin);
    let admin = world.signed_in(&gateway, "camille").await;
    let path = format!("/api/v1/channels/{hers}/access");
    let entries = |count: usize| {
        let entry = |_| json!({ "member_id": fresh_id("mem"), "access": "contributor" });
        json!({ "entries": (0..count).map(entry).collect::<Vec<_>>() })
    };
    let answer = admin.done(Method::PUT, &path, &entries(MOST_ENTRIES)).await;
    assert_eq!(answer["entries"].as_array().map(Vec::len), Some(MOST_ENTRIES));
    // As a program writes it that makes it readable.
    let spacious = serde_json::to_string_pretty(&entries(MOST_ENTRIES)).expect("JSON");
    let request = admin.request(Method::PUT, &path).header("content-type", "application/json");
    let answer = request.body(spacious).send().await.expect("answered");
    assert_eq!(answer.status(), StatusCode::OK);
    let code = async |body: Value| {
        let answer = admin.send(Method::PUT, &path, &body).await;
        assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY);
        let problem: Value = answer.json().await.expect("JSON");
        problem["code"].as_str().expect("a code").to_owned()
    };
    assert_eq!(code(entries(MOST_ENTRIES + 1)).await, "too_many_entries");
    assert_eq!(
        code(json!({ "entries": [], "rev": " ".repeat(1024 * 1024) })).await,
        "body_too_large"
    );
    // What sets no list has the common bound.
    let change = json!({ "display_name": "x".repeat(70_000), "rev": 1 });
    let answer = admin.send(Method::PATCH, &format!("/api/v1/channels/{hers}"), &change).await;
    let problem: Value = answer.json().await.expect("JSON");
    assert_eq!(problem["code"], "body_too_large");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reopen_window_is_set_taken_back_or_left_as_it_is() {
    let (world, gateway) = World::with_gateway().await;
    let [open, ..] = accounts(&world);
    with_role(&world, "camille", directory::Role::Admin);
    let admin = world.signed_in(&gateway, "camille").await;
    let path = format!("/api/v1/channels/{open}");
    let listed = async || {
        let channels = admin.get_json("/api/v1/channels").await;
        let mut channels = channels["channels"].as_array().expect("a list").clone().into_iter();
        channels.find(|channel| channel["channel_id"] == *open).expect("listed")
    };
    assert_eq!(listed().await["reopen_window_hours"], Value::Null);
    for (change, kept) in [
        (json!({ "reopen_window_hours": 72, "rev": 1 }), json!(72)),
        (json!({ "auto_resolve_days": 3, "rev": 1 }), json!(72)),
        (json!({ "reopen_window_hours": 0, "rev": 1 }), json!(0)),
        (json!({ "reopen_window_hours": null, "rev": 1 }), Value::Null),
    ] {
        let changed = admin.done(Method::PATCH, &path, &change).await;
        assert_eq!(changed["reopen_window_hours"], kept, "{change}");
        assert_eq!(listed().await["reopen_window_hours"], kept, "{change}");
    }
    assert_eq!(listed().await["auto_resolve_days"], 3);
}
