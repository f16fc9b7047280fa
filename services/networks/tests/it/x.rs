//! What only X does.

use base64::Engine;
use kit_values::Secret;
use networks::{Credentials, Fact, Item, MessageKind, Network, Reading, handshake, parse};
use serde_json::{Value, json};

use crate::fixtures::{body, items};

fn fact(item: &Item) -> &Fact {
    match &item.reading {
        Reading::Report(report) => &report.fact,
        other => panic!("not a report: {other:?}"),
    }
}

fn read(file: &str) -> Vec<Item> {
    items(&format!("x/{file}.json"))
}

#[test]
fn a_challenge_is_answered_with_its_code_under_the_newest_secret() {
    let secrets = [Secret::new("newest".to_owned()), Secret::new("older".to_owned())];
    let token = Secret::new(String::new());
    let credentials = Credentials { signing_secrets: &secrets, verify_token: &token };
    let query = [("crc_token".to_owned(), "a-token".to_owned())];
    let answer = handshake(Network::X, &query, &credentials).expect("is answered");
    assert_eq!(answer.content_type, "application/json");
    let value: Value = serde_json::from_str(&answer.body).expect("is JSON");
    let code = value["response_token"].as_str().and_then(|text| text.strip_prefix("sha256="));
    let code = base64::engine::general_purpose::STANDARD.decode(code.expect("has its prefix"));
    // HMAC-SHA256 of "a-token" under "newest", from another implementation.
    assert_eq!(
        hex::encode(code.expect("is base64")),
        "1056aef338a32752a21daaaff483cacd8044a8af190ecdbbc3bf1bf712399bae"
    );
}

#[test]
fn the_same_post_as_mention_and_as_reply_is_the_same_item() {
    let mention = read("post.mention.create.also_reply").remove(0);
    let reply = read("post.reply.create.also_mention").remove(0);
    assert_eq!(mention.key(), reply.key());
    assert_eq!(mention.reading, reply.reading, "whichever comes first");
    assert_ne!(mention.kind, reply.kind);
}

#[test]
fn authors_are_known_wrapped_bare_or_by_id_alone() {
    for (file, handle) in [
        ("post.mention.create", "amara_d"),
        ("post.mention.create.wrapped_users", "joonas_k"),
        ("post.mention.create.empty_includes", ""),
        ("dm.received", "amara_d"),
        ("dm.received.bare_users", "joonas_k"),
    ] {
        let item = read(file).remove(0);
        let Fact::Received { author: Some(author), .. } = fact(&item) else {
            panic!("{file} has no author")
        };
        assert_eq!(author.handle, handle, "{file}");
        assert!(author.id.parse::<u64>().expect("is a number") > 1 << 53, "{file}");
    }
}

#[test]
fn an_edited_post_is_the_first_post_with_a_new_text() {
    let original = read("post.mention.create.to_be_edited").remove(0);
    let [message, edited] = <[Item; 2]>::try_from(read("post.mention.create.edited")).expect("two");
    assert_eq!(message.key(), original.key());
    assert_eq!(edited.external_id, original.external_id);
    let (Fact::Received { message: first, .. }, Fact::Received { message: later, .. }) =
        (fact(&original), fact(&message))
    else {
        panic!("not received")
    };
    assert!(later.text.contains("arrived"));
    let difference = later.network_time.expect("has a time") - first.network_time.expect("has");
    assert!(difference.abs() < time::Duration::seconds(1), "the edit's time moved the message");
    let Fact::Edited(edit) = fact(&edited) else { panic!("not an edit") };
    assert_eq!((edit.text.as_str(), edit.version), (later.text.as_str(), 1));
}

#[test]
fn kinds_and_places_of_posts() {
    for (file, kind) in [
        ("post.mention.create", MessageKind::Mention),
        ("post.reply.create", MessageKind::Reply),
        ("post.quote.create", MessageKind::Quote),
        ("dm.received", MessageKind::PrivateMessage),
    ] {
        let item = read(file).remove(0);
        let Fact::Received { message, .. } = fact(&item) else { panic!("{file}") };
        assert_eq!(message.kind, kind, "{file}");
        let public = kind != MessageKind::PrivateMessage;
        assert_eq!(message.permalink.is_some(), public, "{file}");
    }
    let item = read("post.mention.create").remove(0);
    let Fact::Received { message, .. } = fact(&item) else { panic!("not received") };
    let permalink = message.permalink.as_ref().expect("is public");
    let id = &item.external_id;
    assert_eq!(permalink.at(Network::X, ""), format!("https://x.com/amara_d/status/{id}"));
    assert_eq!(
        permalink.at(Network::X, "http://localhost:8080/playground/x"),
        format!("http://localhost:8080/playground/x/amara_d/status/{id}")
    );
    let item = read("post.mention.create.empty_includes").remove(0);
    let Fact::Received { message, .. } = fact(&item) else { panic!("not received") };
    let permalink = message.permalink.as_ref().expect("is public").at(Network::X, "");
    assert_eq!(permalink, format!("https://x.com/i/web/status/{}", item.external_id));
}

#[test]
fn what_the_account_wrote_names_whom_it_answers() {
    for (file, counterpart, answers) in [
        ("post.create.own_reply", Some("amara_d"), true),
        ("post.create.own_quote", Some("joonas_k"), true),
        ("dm.sent", Some("amara_d"), false),
    ] {
        let item = read(file).remove(0);
        let Fact::Own(own) = fact(&item) else { panic!("{file} is not ours") };
        let found = own.counterpart.as_ref().map(|person| person.handle.as_str());
        assert_eq!(found, counterpart, "{file}");
        assert_eq!(!own.message.in_reply_to.is_empty(), answers, "{file}");
    }
}

#[test]
fn a_read_mark_reaches_just_beyond_the_last_message_read() {
    let sent = read("dm.sent").remove(0);
    let mark = read("dm.read").remove(0);
    let (Fact::Own(own), Fact::Read(watermark)) = (fact(&sent), fact(&mark)) else {
        panic!("not as expected")
    };
    let beyond = watermark.up_to - own.message.network_time.expect("has a time");
    assert!(beyond >= time::Duration::ZERO && beyond <= time::Duration::SECOND, "{beyond}");
}

#[test]
fn a_negative_event_id_is_as_good_as_any() {
    let mut value: Value = serde_json::from_slice(&body("x/dm.received.json")).expect("is JSON");
    let whole = parse(Network::X, &serde_json::to_vec(&value).expect("serialises"));
    value["data"]["event_uuid"] = json!("-1");
    assert_eq!(parse(Network::X, &serde_json::to_vec(&value).expect("serialises")), whole);
}

#[test]
fn the_attachment_of_a_direct_message_keeps_its_word_and_address() {
    let item = read("dm.received.attachment").remove(0);
    let Fact::Received { message, .. } = fact(&item) else { panic!("not received") };
    assert_eq!(message.attachments.len(), 1);
    assert_eq!(message.attachments[0].kind, "photo");
    assert!(message.attachments[0].url.starts_with("https://ton.twitter.com/"));
}

#[test]
fn a_long_post_is_read_from_its_note() {
    let mut value: Value =
        serde_json::from_slice(&body("x/post.mention.create.json")).expect("is JSON");
    value["data"]["payload"]["note_tweet"] = json!({"text": "the whole text"});
    let items = parse(Network::X, &serde_json::to_vec(&value).expect("serialises"));
    let Fact::Received { message, .. } = fact(&items[0]) else { panic!("not received") };
    assert_eq!(message.text, "the whole text");
}

#[test]
fn a_post_by_the_older_way_is_the_post_by_the_newer() {
    let older = read("account_activity.mention").remove(0);
    let newer = read("account_activity.mention.by_activity").remove(0);
    assert_eq!(older.key(), newer.key());
    let (
        Fact::Received { message: older, author: by_older },
        Fact::Received { message: newer, author: by_newer },
    ) = (fact(&older), fact(&newer))
    else {
        panic!("not received")
    };
    assert_eq!(by_older, by_newer);
    // The older way does not name the thread.
    assert!(older.thread.is_empty() && !newer.thread.is_empty());
    assert_eq!(networks::Message { thread: newer.thread.clone(), ..older.clone() }, *newer);
}

#[test]
fn a_long_post_of_the_older_way_is_read_whole_with_all_its_media() {
    let item = read("account_activity.reply").remove(0);
    let Fact::Received { message, .. } = fact(&item) else { panic!("not received") };
    assert_eq!(message.kind, MessageKind::Reply);
    assert_eq!(message.in_reply_to, "2080760808207286345");
    assert!(message.text.len() > 300 && message.text.ends_with("twice. "), "{}", message.text);
    let kinds: Vec<_> = message.attachments.iter().map(|one| one.kind.as_str()).collect();
    assert_eq!(kinds, ["photo", "video"]);
    assert!(message.attachments[0].url.starts_with("https://pbs.twimg.com/media/"));
}

#[test]
fn what_the_account_wrote_by_the_older_way_names_whom_it_answers() {
    for file in ["own_reply", "own_quote", "direct_message.sent"] {
        let item = read(&format!("account_activity.{file}")).remove(0);
        let Fact::Own(own) = fact(&item) else { panic!("{file} is not ours") };
        let counterpart = own.counterpart.as_ref().expect("is named");
        assert_eq!(counterpart.id, "2051122334455667788", "{file}: every digit");
        assert_eq!(counterpart.handle, "lucia_m", "{file}");
    }
}

#[test]
fn moments_of_the_older_way_are_read_in_both_notations() {
    let items = read("account_activity.two_mentions");
    let times = items.iter().map(|item| match fact(item) {
        Fact::Received { message, .. } => message.network_time.expect("has a time"),
        other => panic!("{other:?}"),
    });
    let times: Vec<_> = times.map(time::OffsetDateTime::unix_timestamp).collect();
    assert_eq!(times, [1_784_930_210, 1_784_930_211]);
    let gone = read("account_activity.tweet_delete").remove(0);
    let Fact::Deleted(deletion) = fact(&gone) else { panic!("not deleted") };
    let at = deletion.network_time.map(time::OffsetDateTime::unix_timestamp);
    assert_eq!(at, Some(1_784_930_300));
}

#[test]
fn an_unreadable_post_of_the_older_way_does_not_cost_its_siblings() {
    let mut value: Value =
        serde_json::from_slice(&body("x/account_activity.two_mentions.json")).expect("is JSON");
    let broken = json!({ "id_str": "2080760808207286399", "text": 7 });
    let list = value["tweet_create_events"].as_array_mut().expect("is a list");
    list.insert(1, broken);
    list.insert(2, json!({ "created_at": "yesterday", "id": "2080760808207286400" }));
    let items = parse(Network::X, &serde_json::to_vec(&value).expect("serialises"));
    let reasons: Vec<_> = items
        .iter()
        .map(|item| match &item.reading {
            Reading::Unreadable { reason, .. } => *reason,
            _ => "",
        })
        .collect();
    assert_eq!(reasons, ["", "text_unreadable", "time_unreadable", ""]);
    assert_eq!(items[1].external_id, "2080760808207286399");
}

#[test]
fn a_revocation_by_the_older_way_names_its_account() {
    let item = read("account_activity.revoke").remove(0);
    assert_eq!(item.account, "1716450569358098432");
    assert_eq!(item.reading, Reading::Ignored("kind_without_message"));
}
