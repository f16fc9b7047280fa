//! Notifications and short links, played; and what the gateway makes of them.

use kit_values::{Class, Fault};
use proto::conversation::v1::FoundLink;
use proto::link::v1 as link;
use proto::link::v1::link_shortener_service_server::LinkShortenerService;
use proto::notification::v1 as notification;
use proto::notification::v1::notification_service_server::NotificationService;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use tonic::{Request, Response, Status};

use crate::desk::not_played;
use crate::peers::{Peers, fresh_id, uuid_of};
use crate::world::World;

/// What the played services were asked.
#[derive(Debug, Default)]
pub struct Told {
    pub preferences: notification::NotificationPreferences,
    pub put: Vec<notification::PutPreferencesRequest>,
    pub tests: Vec<notification::Means>,
    pub outcomes: Vec<notification::RecordOutcomeRequest>,
    pub subscriptions: Vec<notification::PutPushSubscriptionRequest>,
    pub read: Vec<notification::MarkReadRequest>,
    pub links: link::LinkSettings,
    pub tokens: Vec<String>,
    pub states: Vec<String>,
    pub found: Vec<FoundLink>,
}

fn outcome(means: notification::Means, reason: &str) -> notification::MeansOutcome {
    let outcome =
        if reason.is_empty() { notification::Outcome::Sent } else { notification::Outcome::Not };
    notification::MeansOutcome {
        means: means.into(),
        outcome: outcome.into(),
        reason: reason.to_owned(),
        at: Some(prost_types::Timestamp { seconds: 1_700_000_000, nanos: 0 }),
    }
}

#[tonic::async_trait]
impl NotificationService for Peers {
    async fn list_notifications(
        &self,
        request: Request<notification::ListNotificationsRequest>,
    ) -> Result<Response<notification::ListNotificationsResponse>, Status> {
        let (_, member) = self.asked(&request)?;
        let notifications = self.held().notifications.get(&member).cloned().unwrap_or_default();
        let next = if request.get_ref().limit == 1 { "more" } else { "" }.to_owned();
        Ok(Response::new(notification::ListNotificationsResponse { notifications, next }))
    }

    async fn mark_read(
        &self,
        request: Request<notification::MarkReadRequest>,
    ) -> Result<Response<notification::MarkReadResponse>, Status> {
        let (_, member) = self.asked(&request)?;
        let request = request.into_inner();
        self.held().told.read.push(request.clone());
        let read = request.conversation_id;
        if let Some(standing) = self.held().notifications.get_mut(&member) {
            standing.retain(|one| one.conversation_id != read);
        }
        Ok(Response::new(notification::MarkReadResponse {}))
    }

    async fn get_preferences(
        &self,
        request: Request<notification::GetPreferencesRequest>,
    ) -> Result<Response<notification::GetPreferencesResponse>, Status> {
        self.asked(&request)?;
        let preferences = Some(self.held().told.preferences.clone());
        Ok(Response::new(notification::GetPreferencesResponse { preferences }))
    }

    async fn put_preferences(
        &self,
        request: Request<notification::PutPreferencesRequest>,
    ) -> Result<Response<notification::PutPreferencesResponse>, Status> {
        self.asked(&request)?;
        let request = request.into_inner();
        let mut held = self.held();
        if request.rev != held.told.preferences.rev {
            let fault = Fault::new(Class::Rejected, "preferences_changed", "Changed.");
            return Err(kit_service::rpc::status(fault));
        }
        held.told.put.push(request);
        let preferences = Some(held.told.preferences.clone());
        Ok(Response::new(notification::PutPreferencesResponse { preferences }))
    }

    async fn test(
        &self,
        request: Request<notification::TestRequest>,
    ) -> Result<Response<notification::TestResponse>, Status> {
        let (_, member) = self.asked(&request)?;
        let means = request.get_ref().means();
        self.held().told.tests.push(means);
        let told = notification::Notification {
            notification_id: fresh_id("ntf"),
            member_id: format!("mem_{}", member.simple()),
            kind: notification::NotificationKind::Test.into(),
            at: Some(prost_types::Timestamp { seconds: 1_700_000_000, nanos: 0 }),
            outcomes: vec![outcome(means, "no_subscription")],
            ..notification::Notification::default()
        };
        Ok(Response::new(notification::TestResponse { notification: Some(told) }))
    }

    async fn record_outcome(
        &self,
        request: Request<notification::RecordOutcomeRequest>,
    ) -> Result<Response<notification::RecordOutcomeResponse>, Status> {
        self.asked(&request)?;
        self.held().told.outcomes.push(request.into_inner());
        Ok(Response::new(notification::RecordOutcomeResponse {}))
    }

    async fn get_push_key(
        &self,
        request: Request<notification::GetPushKeyRequest>,
    ) -> Result<Response<notification::GetPushKeyResponse>, Status> {
        self.asked(&request)?;
        let public_key = "BKey".to_owned();
        Ok(Response::new(notification::GetPushKeyResponse { public_key }))
    }

    async fn put_push_subscription(
        &self,
        request: Request<notification::PutPushSubscriptionRequest>,
    ) -> Result<Response<notification::PutPushSubscriptionResponse>, Status> {
        self.asked(&request)?;
        self.held().told.subscriptions.push(request.into_inner());
        Ok(Response::new(notification::PutPushSubscriptionResponse {}))
    }

    async fn remove_push_subscription(
        &self,
        request: Request<notification::RemovePushSubscriptionRequest>,
    ) -> Result<Response<notification::RemovePushSubscriptionResponse>, Status> {
        self.asked(&request)?;
        let gone = request.into_inner().endpoint;
        self.held().told.subscriptions.retain(|one| one.endpoint != gone);
        Ok(Response::new(notification::RemovePushSubscriptionResponse {}))
    }

    async fn end_push_session(
        &self,
        request: Request<notification::EndPushSessionRequest>,
    ) -> Result<Response<notification::EndPushSessionResponse>, Status> {
        self.asked(&request)?;
        let over = request.into_inner().session;
        self.held().told.subscriptions.retain(|one| one.session != over);
        Ok(Response::new(notification::EndPushSessionResponse {}))
    }

    async fn send_account_mail(
        &self,
        _: Request<notification::SendAccountMailRequest>,
    ) -> Result<Response<notification::SendAccountMailResponse>, Status> {
        not_played()
    }

    async fn list_parked(
        &self,
        _: Request<notification::ListParkedRequest>,
    ) -> Result<Response<notification::ListParkedResponse>, Status> {
        not_played()
    }

    async fn show_parked(
        &self,
        _: Request<notification::ShowParkedRequest>,
    ) -> Result<Response<notification::ShowParkedResponse>, Status> {
        not_played()
    }

    async fn replay_parked(
        &self,
        _: Request<notification::ReplayParkedRequest>,
    ) -> Result<Response<notification::ReplayParkedResponse>, Status> {
        not_played()
    }
}

#[tonic::async_trait]
impl LinkShortenerService for Peers {
    async fn list_audit(
        &self,
        request: Request<link::ListAuditRequest>,
    ) -> Result<Response<link::ListAuditResponse>, Status> {
        crate::audit::of_links(self, &request)
    }

    async fn get_settings(
        &self,
        request: Request<link::GetSettingsRequest>,
    ) -> Result<Response<link::GetSettingsResponse>, Status> {
        self.asked(&request)?;
        let settings = Some(self.held().told.links.clone());
        Ok(Response::new(link::GetSettingsResponse { settings }))
    }

    async fn put_settings(
        &self,
        request: Request<link::PutSettingsRequest>,
    ) -> Result<Response<link::PutSettingsResponse>, Status> {
        self.asked(&request)?;
        let request = request.into_inner();
        let mut held = self.held();
        held.told.links.provider = request.provider;
        held.told.links.rev = request.rev + 1;
        let settings = Some(held.told.links.clone());
        Ok(Response::new(link::PutSettingsResponse { settings }))
    }

    async fn connect_bitly(
        &self,
        request: Request<link::ConnectBitlyRequest>,
    ) -> Result<Response<link::ConnectBitlyResponse>, Status> {
        self.asked(&request)?;
        let token = request.into_inner().token;
        if token == "wrong" {
            let fault = Fault::invalid("bitly_token", "token", "Bitly does not accept this token.");
            return Err(kit_service::rpc::status(fault));
        }
        self.held().told.tokens.push(token);
        let settings = Some(self.held().told.links.clone());
        Ok(Response::new(link::ConnectBitlyResponse { settings }))
    }

    async fn disconnect_bitly(
        &self,
        request: Request<link::DisconnectBitlyRequest>,
    ) -> Result<Response<link::DisconnectBitlyResponse>, Status> {
        self.asked(&request)?;
        self.held().told.tokens.clear();
        let settings = Some(self.held().told.links.clone());
        Ok(Response::new(link::DisconnectBitlyResponse { settings }))
    }

    async fn authorize_bitly(
        &self,
        request: Request<link::AuthorizeBitlyRequest>,
    ) -> Result<Response<link::AuthorizeBitlyResponse>, Status> {
        self.asked(&request)?;
        let url = "https://bitly.com/oauth/authorize?state=abc".to_owned();
        Ok(Response::new(link::AuthorizeBitlyResponse { url }))
    }

    async fn finish_bitly(
        &self,
        request: Request<link::FinishBitlyRequest>,
    ) -> Result<Response<link::FinishBitlyResponse>, Status> {
        self.asked(&request)?;
        let request = request.into_inner();
        if request.state != "abc" {
            let fault = Fault::new(Class::Rejected, "bitly_state", "Begin again.");
            return Err(kit_service::rpc::status(fault));
        }
        self.held().told.states.push(request.code);
        let settings = Some(self.held().told.links.clone());
        Ok(Response::new(link::FinishBitlyResponse { settings }))
    }

    async fn test(
        &self,
        request: Request<link::TestRequest>,
    ) -> Result<Response<link::TestResponse>, Status> {
        self.asked(&request)?;
        Ok(Response::new(link::TestResponse {
            short_url: "https://go.example.com/abcdefgh".to_owned(),
            provider: link::Provider::BuiltIn.into(),
            fallback_reason: "bitly_timeout".to_owned(),
        }))
    }

    async fn get_example(
        &self,
        request: Request<link::GetExampleRequest>,
    ) -> Result<Response<link::GetExampleResponse>, Status> {
        self.asked(&request)?;
        let short_url = "https://go.example.com/aB3xY9".to_owned();
        let provider = link::Provider::BuiltIn.into();
        Ok(Response::new(link::GetExampleResponse { provider, short_url }))
    }

    async fn shorten(
        &self,
        _: Request<link::ShortenRequest>,
    ) -> Result<Response<link::ShortenResponse>, Status> {
        not_played()
    }
}

fn settings() -> link::LinkSettings {
    link::LinkSettings {
        provider: link::Provider::Bitly.into(),
        bitly: Some(link::Bitly {
            connected: true,
            login: "o_maison".to_owned(),
            groups: vec![link::BitlyGroup {
                guid: "B1".to_owned(),
                name: "Support".to_owned(),
                domains: vec!["bit.ly".to_owned()],
            }],
            health: link::Health::Error.into(),
            last_checked_at: Some(prost_types::Timestamp { seconds: 1_700_000_000, nanos: 0 }),
            last_error: "over_quota".to_owned(),
            has_oauth: true,
            ..link::Bitly::default()
        }),
        base_url: "https://go.example.com/".to_owned(),
        rev: 4,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn links_are_set_up_tested_and_previewed() {
    let (world, gateway) = World::with_gateway().await;
    world.peers.held().told.links = settings();
    let browser = world.signed_in(&gateway, "amelie").await;
    let path = "/api/v1/settings/link-shortening";
    let shown = browser.get_json(path).await;
    assert_eq!(
        shown,
        json!({
            "provider": "bitly", "domain": "https://go.example.com/", "rev": 4,
            "bitly": {
                "connected": true, "login": "o_maison", "group": null, "domain": null,
                "groups": [{ "guid": "B1", "name": "Support", "domains": ["bit.ly"] }],
                "health": "error", "last_checked_at": "2023-11-14T22:13:20Z",
                "last_error": "over_quota", "has_oauth": true,
            },
        })
    );
    let wanted = json!({ "provider": "built_in", "rev": 4 });
    let chosen = browser.done(Method::PUT, path, &wanted).await;
    assert_eq!((&chosen["provider"], &chosen["rev"]), (&json!("built_in"), &json!(5)));

    let bitly = format!("{path}/bitly");
    browser.done(Method::POST, &bitly, &json!({ "token": "secret" })).await;
    assert_eq!(world.peers.held().told.tokens, ["secret"]);
    let refused = browser.post(&bitly, &json!({ "token": "wrong" })).await;
    assert_eq!(refused.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let url = browser.get_json(&format!("{bitly}/authorize")).await;
    assert_eq!(url["url"], "https://bitly.com/oauth/authorize?state=abc");
    for (query, outcome) in [
        ("code=c1&state=abc", "connected"),
        ("code=c2&state=forged", "bitly_state"),
        ("error=access_denied&state=abc", "bitly_declined"),
    ] {
        // The browser follows the redirect.
        let back = browser.get(&format!("{bitly}/callback?{query}")).await;
        assert_eq!(back.url().path(), "/admin/agent-workspace/link-shortening");
        assert_eq!(back.url().query(), Some(&*format!("bitly={outcome}")));
    }
    assert_eq!(world.peers.held().told.states, ["c1"]);
    browser.done(Method::DELETE, &bitly, &json!({})).await;
    assert_eq!(world.peers.held().told.tokens, [""; 0]);

    let tested = browser.done(Method::POST, &format!("{path}/test"), &json!({})).await;
    assert_eq!(
        tested,
        json!({
            "short_url": "https://go.example.com/abcdefgh", "provider": "built_in",
            "fallback_reason": "bitly_timeout",
        })
    );
    let url = "https://a.test".to_owned();
    world.peers.held().told.found = vec![FoundLink { ordinal: 0, start: 4, end: 18, url }];
    let text = json!({ "text": "see https://a.test" });
    let preview = browser.done(Method::POST, "/api/v1/links/preview", &text).await;
    assert_eq!(
        preview,
        json!({
            "provider": "built_in",
            "links": [{
                "ordinal": 0, "start": 4, "end": 18, "url": "https://a.test",
                "short_example": "https://go.example.com/aB3xY9",
            }],
        })
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_member_chooses_tests_and_says_what_came_of_notifications() {
    let (world, gateway) = World::with_gateway().await;
    let browser = world.signed_in(&gateway, "amelie").await;
    let in_app = notification::Means::InApp;
    let wish = |occasion: notification::Occasion, means: Vec<i32>| notification::Wish {
        occasion: occasion.into(),
        means,
        offered: vec![in_app.into(), notification::Means::Email.into()],
    };
    world.peers.held().told.preferences = notification::NotificationPreferences {
        wishes: vec![wish(notification::Occasion::AssignedToYou, vec![in_app.into()])],
        volume: 70,
        rev: 2,
        has_push: true,
        has_mail_server: false,
        mail_address: String::new(),
    };
    let path = "/api/v1/notification-preferences";
    assert_eq!(
        browser.get_json(path).await,
        json!({
            "matrix": { "assigned_to_you":
                { "in_app": true, "sound": false, "desktop": false, "email": false } },
            "offered": { "assigned_to_you":
                { "in_app": true, "sound": false, "desktop": false, "email": true } },
            "sound": { "volume": 70 }, "rev": 2, "has_push": true, "has_mail_server": false,
            "mail_address": null,
        })
    );
    let row = json!({ "in_app": false, "sound": true, "desktop": true, "email": false });
    let mut wanted =
        json!({ "matrix": { "reply_failed": row }, "sound": { "volume": 10 }, "rev": 2 });
    browser.done(Method::PUT, path, &wanted).await;
    let put = world.peers.held().told.put.pop().expect("chosen");
    assert_eq!((put.volume, put.rev, put.wishes.len()), (10, 2, 1));
    assert_eq!(put.wishes[0].occasion(), notification::Occasion::ReplyFailed);
    let means: Vec<_> = put.wishes[0].means().collect();
    assert_eq!(means, [notification::Means::Sound, notification::Means::Desktop]);
    wanted["rev"] = json!(1);
    let stale = browser.send(Method::PUT, path, &wanted).await;
    assert_eq!(stale.status(), StatusCode::CONFLICT);

    let tested = browser.post("/api/v1/notifications/test", &json!({ "means": "desktop" })).await;
    assert_eq!(tested.status(), StatusCode::CREATED);
    let tested: Value = tested.json().await.expect("JSON");
    assert_eq!((&tested["kind"], &tested["conversation_id"]), (&json!("test"), &Value::Null));
    assert_eq!(tested["outcomes"][0]["reason"], "no_subscription");
    assert!(!tested["means"]["desktop"].as_bool().expect("told"));
    let id = fresh_id("ntf");
    let did = json!({ "means": "sound", "outcome": "not", "reason": "blocked", "rev": 7 });
    let outcome = format!("/api/v1/notifications/{id}/outcome");
    browser.done(Method::POST, &outcome, &did).await;
    let recorded = world.peers.held().told.outcomes.pop().expect("recorded");
    assert_eq!((&*recorded.notification_id, &*recorded.reason), (&*id, "blocked"));
    assert_eq!((recorded.outcome(), recorded.rev), (notification::Outcome::Not, 7));
    let nothing = browser.post("/api/v1/notifications/ntf_1/outcome", &did).await;
    assert_eq!(nothing.status(), StatusCode::NOT_FOUND);

    let key = browser.get_json("/api/v1/push-subscriptions/key").await;
    assert_eq!(key["public_key"], "BKey");
    let subscription = json!({
        "endpoint": "https://push.example.com/1", "expirationTime": null,
        "keys": { "p256dh": "BA", "auth": "CQ" },
    });
    let path = "/api/v1/push-subscriptions";
    browser.done(Method::POST, path, &subscription).await;
    assert_eq!(world.peers.held().told.subscriptions[0].auth, "CQ");
    let gone = json!({ "endpoint": "https://push.example.com/1" });
    browser.done(Method::DELETE, path, &gone).await;
    assert!(world.peers.held().told.subscriptions.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn pushes_end_with_the_session_that_asked_for_them_and_with_no_other() {
    let (world, gateway) = World::with_gateway().await;
    let here = world.signed_in(&gateway, "amelie").await;
    let there = world.signed_in(&gateway, "amelie").await;
    for (browser, endpoint) in
        [(&here, "https://push.example.com/1"), (&there, "https://push.example.com/2")]
    {
        let keys = json!({ "p256dh": "BA", "auth": "CQ" });
        let subscription = json!({ "endpoint": endpoint, "keys": keys });
        browser.done(Method::POST, "/api/v1/push-subscriptions", &subscription).await;
    }
    let sessions: Vec<(String, i64)> = {
        let held = world.peers.held();
        let kept = held.told.subscriptions.iter();
        kept.map(|one| (one.session.clone(), one.session_epoch)).collect()
    };
    assert!(sessions[0].0.len() == 32 && sessions[0].0 != sessions[1].0, "{sessions:?}");
    assert_eq!((sessions[0].1, sessions[1].1), (1, 1), "the member's when they signed in");
    let left = here.request(Method::DELETE, "/api/v1/session").send().await.expect("answered");
    assert_eq!(left.status(), StatusCode::NO_CONTENT);
    let held = world.peers.held();
    let kept: Vec<&str> = held.told.subscriptions.iter().map(|one| &*one.endpoint).collect();
    assert_eq!(kept, ["https://push.example.com/2"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_notification_centre_has_pages_and_everything_can_be_read_at_once() {
    let (world, gateway) = World::with_gateway().await;
    let browser = world.signed_in(&gateway, "amelie").await;
    let member = browser.get_json("/api/v1/session").await["me"]["id"].clone();
    let member = member.as_str().expect("an id").to_owned();
    let channel = fresh_id("chan");
    let told = notification::Notification {
        notification_id: fresh_id("ntf"),
        member_id: member.clone(),
        kind: notification::NotificationKind::ChannelUnhealthy.into(),
        channel_id: channel.clone(),
        at: Some(prost_types::Timestamp { seconds: 1_700_000_000, nanos: 0 }),
        count: 3,
        rev: 7,
        outcomes: vec![
            outcome(notification::Means::InApp, ""),
            outcome(notification::Means::Email, "no_address"),
        ],
        ..notification::Notification::default()
    };
    world.peers.held().notifications.insert(uuid_of(&member), vec![told.clone()]);
    let page = browser.get_json("/api/v1/notifications?settled=true&limit=1").await;
    assert_eq!(page["next"], "more");
    let shown = &page["notifications"][0];
    assert_eq!((&shown["channel_id"], &shown["conversation_id"]), (&json!(channel), &Value::Null));
    assert_eq!(
        (&shown["count"], &shown["rev"], &shown["kind"]),
        (&json!(3), &json!(7), &json!("channel_unhealthy"))
    );
    assert_eq!(
        shown["means"],
        json!({ "in_app": true, "sound": false, "desktop": false, "email": false })
    );
    assert_eq!(shown["outcomes"][1]["reason"], "no_address");
    let read = "/api/v1/notifications/read";
    browser.done(Method::POST, read, &json!({ "all": true })).await;
    let one = json!({ "notification_id": told.notification_id });
    browser.done(Method::POST, read, &one).await;
    let asked: Vec<_> = std::mem::take(&mut world.peers.held().told.read);
    assert!(asked[0].all && asked[0].conversation_id.is_empty());
    assert_eq!(asked[1].notification_id, told.notification_id);
    for wrong in [json!({}), json!({ "all": true, "notification_id": told.notification_id })] {
        let refused = browser.post(read, &wrong).await;
        assert_eq!(refused.status(), StatusCode::UNPROCESSABLE_ENTITY, "{wrong}");
    }
}
