//! Mails: what a real mail server receives, in both languages.

use kit_service::Caller;
use kit_service::rpc;
use kit_values::{Secret, mint_uuid};
use proto::directory::v1::{ChannelHealth, Role};
use proto::notification::v1::{self as pb, Means, NotificationKind, Occasion, Outcome};
use serde_json::Value;

use crate::other_hands::Program;
use crate::world::{PATIENCE, World};

fn settings(server: &Program, password: Option<&str>) -> notification::SmtpSettings {
    notification::SmtpSettings {
        host: "127.0.0.1".to_owned(),
        port: server.port(),
        encryption: notification::SmtpEncryption::None,
        user: password.map(|_| "care".to_owned()),
        password: password.map(|password| Secret::new(password.to_owned())),
        from: "Guichet <care@example.com>".to_owned(),
    }
}

fn keep(name: &str, mail: &Value) {
    // For people, and for pictures: what a mail program shows.
    let folder = std::path::PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("mails");
    std::fs::create_dir_all(&folder).expect("a folder");
    let html = mail["html"].as_str().expect("HTML");
    std::fs::write(folder.join(format!("{name}.html")), html).expect("written");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_account_is_mailed_to_admins_at_once_in_their_language() {
    let server = Program::start("mail");
    let world = World::with(None, Some(settings(&server, Some("secret"))), Vec::new()).await;
    let (camille, lea) = (mint_uuid(), mint_uuid());
    world.member(camille, "camille@maison.example", Role::Admin, 1).await;
    world.member(lea, "lea@maison.example", Role::Agent, 1).await;
    for (language, subject, hello) in [
        ("en", "Aide <i>&amp;\" is disconnected", "Hello Léa <b>Martin</b>,"),
        ("fr", "Aide <i>&amp;\" est déconnecté", "Bonjour Léa <b>Martin</b>,"),
    ] {
        world.language(language).await;
        world.channel(mint_uuid(), ChannelHealth::Disconnected, 20).await;
        let mail = server.next();
        assert_eq!(mail["subject"], subject);
        assert_eq!(mail["user"], "care");
        assert_eq!(mail["auto"], "auto-generated");
        assert!(mail["from"].as_str().expect("a sender").contains("care@example.com"));
        assert_eq!(mail["recipients"], serde_json::json!(["camille@maison.example"]));
        let text = mail["text"].as_str().expect("a text");
        assert!(text.starts_with(hello), "{text}");
        assert!(text.contains("https://care.example.com/admin/channels"), "{text}");
        let html = mail["html"].as_str().expect("HTML");
        assert!(html.contains(&format!("lang=\"{language}\"")), "{html}");
        assert!(html.contains("Aide &lt;i&gt;&amp;amp;&quot;"), "{html}");
        assert!(!html.contains("<b>Martin") && !html.contains("<i>"), "{html}");
        keep(&format!("channel-{language}"), &mail);
        world.comes(camille, Means::Email, Outcome::Sent, "").await;
    }
    assert!(server.is_silent());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_read_in_time_is_not_mailed() {
    let server = Program::start("mail");
    let world = World::with(None, Some(settings(&server, None)), Vec::new()).await;
    let (lea, read, unread) = (mint_uuid(), mint_uuid(), mint_uuid());
    world.member(lea, "lea@maison.example", Role::Agent, 1).await;
    world.choose(lea, &[(Occasion::AssignedToYou, &[Means::InApp, Means::Email])], 0).await;
    world.owner(read, Some(lea), 1, "assigned").await;
    world.expect(lea, &[NotificationKind::AssignedToYou]).await;
    let wait = "SELECT count(*) FROM notification.timer \
                WHERE due BETWEEN now() + interval '8 minutes' AND now() + interval '10 minutes'";
    assert_eq!(world.database.number(wait).await, 1);
    let conversation_id = format!("conv_{}", read.simple());
    let message = pb::MarkReadRequest { conversation_id, ..Default::default() };
    world.client("gateway").mark_read(world.by(lea, message)).await.expect("read");
    let pass = "UPDATE notification.timer SET due = now()";
    world.database.execute(pass).await;
    world.comes(lea, Means::Email, Outcome::Not, "settled").await;

    world.owner(unread, Some(lea), 1, "assigned").await;
    world.expect(lea, &[NotificationKind::AssignedToYou]).await;
    world.database.execute(pass).await;
    let mail = server.next();
    assert_eq!(mail["subject"], "A conversation was assigned to you");
    let way = format!("https://care.example.com/inbox/all/conv_{}", unread.simple());
    assert!(mail["text"].as_str().expect("a text").contains(&way));
    world.comes(lea, Means::Email, Outcome::Sent, "").await;

    // Seen on a screen: no mail either.
    let seen = mint_uuid();
    world.owner(seen, Some(lea), 1, "assigned").await;
    world.expect(lea, &[NotificationKind::AssignedToYou; 2]).await;
    let notification_id = world.standing(lea).await.remove(0).notification_id;
    let shown = pb::RecordOutcomeRequest {
        notification_id,
        means: Means::InApp.into(),
        outcome: Outcome::Shown.into(),
        reason: String::new(),
        rev: 0,
    };
    world.client("gateway").record_outcome(world.by(lea, shown)).await.expect("recorded");
    world.database.execute(pass).await;
    world.comes(lea, Means::Email, Outcome::Not, "seen").await;
    assert!(server.is_silent());
}

#[tokio::test(flavor = "multi_thread")]
async fn account_mails_go_out_in_both_languages_and_say_why_when_they_cannot() {
    let server = Program::start("mail");
    let world = World::with(None, Some(settings(&server, None)), Vec::new()).await;
    let send = async |mail: pb::AccountMail, to: &str, language: &str| {
        let request = pb::SendAccountMailRequest {
            mail: mail.into(),
            to: to.to_owned(),
            display_name: "Zoé\r\nBcc: all@example.com".to_owned(),
            organization_name: "Maison <script>".to_owned(),
            language: language.to_owned(),
            url: "https://care.example.com/invitation?token=abc&x=1".to_owned(),
            expires_at: Some(prost_types::Timestamp {
                seconds: kit_values::now().unix_timestamp() + 7 * 86_400,
                nanos: 0,
            }),
        };
        let request = rpc::request(request, &Caller::installation(), PATIENCE);
        let answer = world.client("gateway").send_account_mail(request).await.expect("answered");
        let answer = answer.into_inner();
        (answer.sent, answer.reason)
    };
    for (mail, language, subject) in [
        (pb::AccountMail::Invitation, "en", "Your invitation to Maison <script>"),
        (pb::AccountMail::Invitation, "fr", "Votre invitation chez Maison <script>"),
        (pb::AccountMail::PasswordReset, "en", "Choose a new password"),
        (pb::AccountMail::PasswordReset, "fr", "Choisissez un nouveau mot de passe"),
    ] {
        assert_eq!(send(mail, "zoe@example.com", language).await, (true, String::new()));
        let received = server.next();
        assert_eq!(received["subject"], subject);
        assert_eq!(received["recipients"], serde_json::json!(["zoe@example.com"]));
        assert_eq!(received["envelope"], serde_json::json!(["zoe@example.com"]));
        let (text, html) = (received["text"].to_string(), received["html"].to_string());
        assert!(text.contains("https://care.example.com/invitation?token=abc&x=1"), "{text}");
        assert!(text.contains("168 h"), "{text}");
        assert!(html.contains("token=abc&amp;x=1") && !html.contains("<script>"), "{html}");
        keep(&format!("{mail:?}-{language}").to_lowercase(), &received);
    }
    let reason = |text: &str| (false, text.to_owned());
    let mail = pb::AccountMail::Invitation;
    assert_eq!(send(mail, "nobody@example.com", "en").await, reason("mail_refused"));
    assert_eq!(send(mail, "lea", "en").await, reason("no_address"));
    let stored = "SELECT count(*) FROM notification.outbox";
    assert_eq!(world.database.number(stored).await, 0, "its address is kept nowhere");
    drop(server);
    assert_eq!(send(mail, "zoe@example.com", "en").await, reason("mail_unreachable"));
    let none = World::start().await;
    let request = pb::SendAccountMailRequest {
        mail: mail.into(),
        url: "https://care.example.com/".to_owned(),
        ..Default::default()
    };
    let request = rpc::request(request, &Caller::installation(), PATIENCE);
    let answer = none.client("gateway").send_account_mail(request).await.expect("answered");
    assert_eq!(answer.into_inner().reason, "no_mail_server");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_that_was_tried_and_never_heard_of_again_ends_as_unknown() {
    let server = Program::start("mail");
    let world = World::with(None, Some(settings(&server, None)), Vec::new()).await;
    let lea = mint_uuid();
    world.member(lea, "lea@maison.example", Role::Agent, 1).await;
    world.choose(lea, &[(Occasion::AssignedToYou, &[Means::Email])], 0).await;
    world.owner(mint_uuid(), Some(lea), 1, "assigned").await;
    world.comes(lea, Means::Email, Outcome::Queued, "").await;
    // As if whoever tried it had crashed each time.
    let over = "UPDATE notification.timer SET version = version + 5, due = now()";
    world.database.execute(over).await;
    world.comes(lea, Means::Email, Outcome::Not, "unknown").await;
    assert_eq!(world.database.number("SELECT count(*) FROM notification.timer").await, 0);
    assert!(server.is_silent());
}

/// What people see: a picture of a mail whose every quoted word is hostile, in both languages.
#[test]
fn a_mail_is_rendered_to_a_picture_and_runs_nothing() {
    use notification::mail::{Letter, Occasion};

    let chromium = std::path::Path::new("/usr/bin/chromium");
    if !chromium.exists() {
        println!("skipped: there is no Chromium");
        return;
    }
    let folder = tempfile::tempdir().expect("a folder");
    let hostile =
        "<img src=x onerror=\"document.body.innerHTML=''\"><script>document.body.remove()</script>";
    let mut sizes = Vec::new();
    for language in ["en", "fr"] {
        let letter = Letter {
            occasion: Occasion::Invitation,
            language,
            name: hostile,
            about: hostile,
            url: "https://care.example.com/invitation?token=abc",
            until: "168 h",
        };
        let page = folder.path().join(format!("{language}.html"));
        std::fs::write(&page, letter.write().html).expect("written");
        let picture = folder.path().join(format!("{language}.png"));
        let shown = std::process::Command::new(chromium)
            .args(["--headless", "--no-sandbox", "--disable-gpu", "--window-size=640,480"])
            .arg("--virtual-time-budget=2000")
            .arg(format!("--user-data-dir={}", folder.path().join("profile").display()))
            .arg(format!("--screenshot={}", picture.display()))
            .arg(format!("file://{}", page.display()))
            .output()
            .expect("Chromium runs");
        assert!(shown.status.success(), "{}", String::from_utf8_lossy(&shown.stderr));
        let bytes = std::fs::read(&picture).expect("a picture");
        assert_eq!(bytes.get(1..4), Some(b"PNG".as_slice()));
        // An empty page of this size has 3 KB.
        assert!(bytes.len() > 8_000, "{language}: {} bytes show nothing", bytes.len());
        sizes.push(bytes.len());
        let kept = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("mails");
        std::fs::create_dir_all(&kept).expect("a folder");
        std::fs::copy(&picture, kept.join(format!("invitation-{language}.png"))).expect("kept");
    }
    assert_ne!(sizes[0], sizes[1], "two languages");
}
