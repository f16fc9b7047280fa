//! Web Push: what arrives at a push service, opened by another library than the sender's.

use std::net::SocketAddr;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use kit_service::rpc;
use kit_values::{Class, Secret, mint_uuid};
use proto::directory::v1::Role;
use proto::notification::v1::{self as pb, Means, NotificationKind, Outcome};
use proto::routing::v1::Availability;
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::other_hands::Program;
use crate::world::{PATIENCE, World};

fn key() -> Secret<String> {
    let random = SystemRandom::new();
    let key = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &random);
    Secret::new(STANDARD.encode(key.expect("a key").as_ref()))
}

struct Pushed {
    world: World,
    service: Program,
}

impl Pushed {
    async fn start() -> Self {
        let service = Program::start("push");
        let address = SocketAddr::from(([127, 0, 0, 1], service.port()));
        let world = World::with(Some(key()), None, vec![address]).await;
        Self { world, service }
    }

    fn endpoint(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}/{path}", self.service.port())
    }

    async fn subscribe(&self, member: Uuid, endpoint: &str) -> Result<(), kit_values::Fault> {
        self.subscribe_in(member, endpoint, ("a session", 0)).await
    }

    /// From this session, which began at this epoch of the member's.
    async fn subscribe_in(
        &self,
        member: Uuid,
        endpoint: &str,
        (session, session_epoch): (&str, i64),
    ) -> Result<(), kit_values::Fault> {
        let text = |name: &str| self.service.began[name].as_str().expect("given").to_owned();
        let request = pb::PutPushSubscriptionRequest {
            endpoint: endpoint.to_owned(),
            p256dh: text("p256dh"),
            auth: text("auth"),
            session: session.to_owned(),
            session_epoch,
        };
        let request = self.world.by(member, request);
        let answer = self.world.client("gateway").put_push_subscription(request).await;
        answer.map(drop).map_err(rpc::fault)
    }

    async fn subscriptions(&self) -> i64 {
        let count = "SELECT count(*) FROM notification.push_subscription";
        self.world.database.number(count).await
    }
}

fn opened(push: &Value) -> Value {
    let text = push["opened"].as_str().expect("a text");
    serde_json::from_str(text).expect(text)
}

#[tokio::test(flavor = "multi_thread")]
async fn another_library_opens_what_was_sealed_and_checks_who_signed_it() {
    let pushed = Pushed::start().await;
    let (world, lea, conversation) = (&pushed.world, mint_uuid(), mint_uuid());
    pushed.subscribe(lea, &pushed.endpoint("a")).await.expect("subscribed");
    world.owner(conversation, Some(lea), 1, "assigned").await;
    let push = pushed.service.next();
    let standing = world.standing(lea).await.remove(0);
    let id = format!("conv_{}", conversation.simple());
    assert_eq!(
        opened(&push),
        json!({
            "v": 1, "do": "show", "id": standing.notification_id, "kind": "assigned_to_you",
            "path": format!("/inbox/all/{id}"), "count": 1, "rev": standing.rev,
            "when_hidden": false, "language": null,
        })
    );
    assert_eq!(push["hidden"], true, "nothing can be read on the way");
    let vapid = &push["vapid"];
    assert_eq!(vapid["valid"], true);
    assert_eq!(vapid["header"], json!({ "typ": "JWT", "alg": "ES256" }));
    assert_eq!(vapid["claims"]["aud"], format!("http://127.0.0.1:{}", pushed.service.port()));
    assert_eq!(vapid["claims"]["sub"], "mailto:care@example.com");
    let now = kit_values::now().unix_timestamp();
    let ends = vapid["claims"]["exp"].as_i64().expect("a moment");
    assert!(ends > now && ends <= now + 86_400, "{ends}");
    let request = world.by(lea, pb::GetPushKeyRequest {});
    let key = world.client("gateway").get_push_key(request).await.expect("answered");
    assert_eq!(vapid["key"], key.into_inner().public_key);
    let headers = &push["headers"];
    assert_eq!(
        (&headers["content-encoding"], &headers["urgency"]),
        (&json!("aes128gcm"), &json!("high"))
    );
    assert_eq!(headers["ttl"], "43200");
    world.comes(lea, Means::Desktop, Outcome::Sent, "").await;

    // A newer one takes its place at the push service, and reading it takes it back.
    world.wrote(conversation, 2).await;
    let newer = pushed.service.next();
    assert_eq!(newer["headers"]["topic"], headers["topic"]);
    assert_eq!(opened(&newer)["kind"], "customer_answered");
    assert_eq!(opened(&newer)["when_hidden"], true);
    world.comes(lea, Means::Desktop, Outcome::Sent, "").await;
    let read = pb::MarkReadRequest { conversation_id: id, ..Default::default() };
    world.client("gateway").mark_read(world.by(lea, read)).await.expect("read");
    let back = opened(&pushed.service.next());
    assert_eq!((&back["do"], &back["id"]), (&json!("withdraw"), &json!(standing.notification_id)));
    assert_eq!(world.outcome(lea, Means::Desktop).await, (Outcome::Sent, String::new()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_browser_that_is_gone_is_forgotten_and_a_busy_service_is_tried_again() {
    let pushed = Pushed::start().await;
    let (world, lea, noah) = (&pushed.world, mint_uuid(), mint_uuid());
    pushed.subscribe(lea, &pushed.endpoint("gone/1")).await.expect("subscribed");
    pushed.subscribe(noah, &pushed.endpoint("busy/1")).await.expect("subscribed");
    world.owner(mint_uuid(), Some(lea), 1, "assigned").await;
    world.comes(lea, Means::Desktop, Outcome::Not, "no_subscription").await;
    assert_eq!(pushed.subscriptions().await, 1);

    world.owner(mint_uuid(), Some(noah), 1, "assigned").await;
    let armed = "SELECT count(*) FROM notification.timer WHERE version % 100 = 1";
    kit_testkit::eventually(Duration::from_secs(20), "it was tried once", async || {
        world.database.number(armed).await == 1
    })
    .await;
    assert_eq!(world.outcome(noah, Means::Desktop).await.0, Outcome::Queued);
    // Its time comes at once.
    world.database.execute("UPDATE notification.timer SET due = now()").await;
    assert_eq!(opened(&pushed.service.next())["kind"], "assigned_to_you");
    world.comes(noah, Means::Desktop, Outcome::Sent, "").await;
    assert_eq!(world.database.number("SELECT count(*) FROM notification.timer").await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_pushed_to_whoever_is_away_and_nowhere_but_outside() {
    let pushed = Pushed::start().await;
    let (world, lea, noah) = (&pushed.world, mint_uuid(), mint_uuid());
    pushed.subscribe(lea, &pushed.endpoint("a")).await.expect("subscribed");
    world.away(lea, 1, Availability::Away).await;
    world.owner(mint_uuid(), Some(lea), 1, "assigned").await;
    world.expect(lea, &[NotificationKind::AssignedToYou]).await;
    assert_eq!(world.outcome(lea, Means::Desktop).await, (Outcome::Not, "away".to_owned()));
    // A member gives an address inside.
    for inside in ["http://10.0.0.1/push", "http://127.0.0.1:6379/", "http://169.254.169.254/"] {
        pushed.subscribe(noah, inside).await.expect("may be an address");
    }
    world.owner(mint_uuid(), Some(noah), 1, "assigned").await;
    world.comes(noah, Means::Desktop, Outcome::Not, "push_refused").await;
    for wrong in ["http://localhost/", "file:///etc/passwd", "https://a:b@push.example.com/", ""] {
        let refused = pushed.subscribe(noah, wrong).await.expect_err(wrong);
        assert_eq!(refused.class(), Class::Invalid, "{wrong}");
    }
    assert!(pushed.service.is_silent());

    // A test comes though one is away.
    let request = world.by(lea, pb::TestRequest { means: Means::Desktop.into() });
    world.client("gateway").test(request).await.expect("answered");
    assert_eq!(opened(&pushed.service.next())["kind"], "test");
    // A browser belongs to whoever subscribed last.
    pushed.subscribe(noah, &pushed.endpoint("a")).await.expect("subscribed");
    let request = world.by(lea, pb::TestRequest { means: Means::Desktop.into() });
    let told = world.client("gateway").test(request).await.expect("answered").into_inner();
    let outcomes = told.notification.expect("told").outcomes;
    assert_eq!(outcomes[2].reason, "no_subscription");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_browser_is_told_nothing_once_its_session_is_over() {
    let pushed = Pushed::start().await;
    let (world, lea, noah) = (&pushed.world, mint_uuid(), mint_uuid());
    let endpoints = "SELECT coalesce(string_agg(right(endpoint, 1), '' ORDER BY endpoint), '') \
                     FROM notification.push_subscription";
    let left = async || world.database.texts(endpoints).await.remove(0);
    world.member_of(lea, "lea@example.com", (Role::Agent, 1), 4).await;
    for (session, endpoint) in [("one", "1"), ("two", "2")] {
        pushed.subscribe_in(lea, &pushed.endpoint(endpoint), (session, 4)).await.expect("taken");
    }
    pushed.subscribe_in(noah, &pushed.endpoint("3"), ("one", 4)).await.expect("taken");
    assert_eq!(left().await, "123");

    // Signed out in one browser; a session is its member's alone.
    let over =
        |session: &str| world.by(lea, pb::EndPushSessionRequest { session: session.to_owned() });
    world.client("gateway").end_push_session(over("one")).await.expect("ended");
    assert_eq!(left().await, "23");
    world.client("gateway").end_push_session(over("")).await.expect("nothing is named so");
    assert_eq!(left().await, "23");
    // Signed out everywhere, or another password: directory tells of a greater epoch.
    world.member_of(lea, "lea@example.com", (Role::Agent, 1), 5).await;
    assert_eq!(left().await, "3");
    // What a session asked for that has ended meanwhile comes too late.
    pushed.subscribe_in(lea, &pushed.endpoint("4"), ("two", 4)).await.expect("no word of it");
    assert_eq!(left().await, "3");
    pushed.subscribe_in(lea, &pushed.endpoint("4"), ("three", 5)).await.expect("taken");
    assert_eq!(left().await, "34");
}

/// Reads a conversation as this member.
async fn read(world: &World, member: Uuid, conversation: Uuid) {
    let conversation_id = format!("conv_{}", conversation.simple());
    let read = pb::MarkReadRequest { conversation_id, ..Default::default() };
    world.client("gateway").mark_read(world.by(member, read)).await.expect("read");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_read_while_it_is_being_pushed_is_taken_back_behind_it() {
    let pushed = Pushed::start().await;
    let (world, lea, conversation) = (&pushed.world, mint_uuid(), mint_uuid());
    pushed.subscribe(lea, &pushed.endpoint("held/1")).await.expect("subscribed");
    world.owner(conversation, Some(lea), 1, "assigned").await;
    assert_eq!(opened(&pushed.service.next())["do"], "show");
    // The push service has it, and has not said so yet.
    read(world, lea, conversation).await;
    let taking_back = "SELECT count(*) FROM notification.timer WHERE kind = 'withdraw'";
    kit_testkit::eventually(PATIENCE, "there is nothing to take back yet", async || {
        world.database.number(taking_back).await == 0
    })
    .await;
    let release = format!("http://127.0.0.1:{}/release", pushed.service.port());
    reqwest::Client::new().post(release).send().await.expect("released");
    assert_eq!(opened(&pushed.service.next())["do"], "withdraw");
    world.comes(lea, Means::Desktop, Outcome::Sent, "").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_desktop_showed_is_taken_back_though_a_newer_word_was_not_pushed() {
    let pushed = Pushed::start().await;
    let (world, lea, conversation) = (&pushed.world, mint_uuid(), mint_uuid());
    pushed.subscribe(lea, &pushed.endpoint("a")).await.expect("subscribed");
    world.owner(conversation, Some(lea), 1, "assigned").await;
    assert_eq!(opened(&pushed.service.next())["do"], "show");
    world.comes(lea, Means::Desktop, Outcome::Sent, "").await;
    world.away(lea, 1, Availability::Away).await;
    let away = "SELECT count(*) FROM notification.availability WHERE away";
    kit_testkit::eventually(PATIENCE, "is away", async || world.database.number(away).await == 1)
        .await;
    world.wrote(conversation, 2).await;
    world.comes(lea, Means::Desktop, Outcome::Not, "away").await;
    read(world, lea, conversation).await;
    assert_eq!(opened(&pushed.service.next())["do"], "withdraw");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_tried_and_never_heard_of_again_ends_as_unknown() {
    let pushed = Pushed::start().await;
    let (world, lea, conversation) = (&pushed.world, mint_uuid(), mint_uuid());
    pushed.subscribe(lea, &pushed.endpoint("held/1")).await.expect("subscribed");
    world.owner(conversation, Some(lea), 1, "assigned").await;
    assert_eq!(opened(&pushed.service.next())["do"], "show");
    let armed = "SELECT count(*) FROM notification.timer WHERE version % 100 = 1";
    kit_testkit::eventually(PATIENCE, "is under way", async || {
        world.database.number(armed).await == 1
    })
    .await;
    // As if whoever tried it had crashed each time.
    let over = "UPDATE notification.timer SET version = version + 4, due = now() \
                WHERE kind = 'push'";
    world.database.execute(over).await;
    world.comes(lea, Means::Desktop, Outcome::Not, "unknown").await;
    // It may be on the desktop: it is taken back like one that was sent.
    read(world, lea, conversation).await;
    assert_eq!(opened(&pushed.service.next())["do"], "withdraw");
}

/// What `deploy/secrets` makes.
#[test]
fn a_key_made_by_openssl_signs() {
    let make = "openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -outform DER \
                | openssl pkcs8 -topk8 -nocrypt -inform DER -outform DER | base64 -w 0";
    let output = std::process::Command::new("sh").args(["-c", make]).output().expect("runs");
    let key = STANDARD.decode(output.stdout).expect("base64");
    let random = SystemRandom::new();
    EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &key, &random).expect("a key");
}
