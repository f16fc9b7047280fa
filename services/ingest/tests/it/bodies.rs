//! Bodies that tests post.

use networks::Network;
use serde_json::{Value, json};

use crate::house::{PAGES, X_ACCOUNTS};

/// One private message, in the network's own shape.
pub fn message(network: Network, id: &str, text: &str) -> Vec<u8> {
    let body = match network {
        Network::X => json!({"data": {
            "event_uuid": "-2781149976877970683",
            "filter": {"user_id": X_ACCOUNTS[0]},
            "event_type": "dm.received",
            "payload": {
                "direct_message_events": [{
                    "type": "message_create",
                    "id": id,
                    "created_timestamp": "1784927040000",
                    "message_create": {
                        "target": {"recipient_id": X_ACCOUNTS[0]},
                        "sender_id": "2049871203344455566",
                        "message_data": {"text": text},
                    },
                }],
                "users": {},
            },
        }}),
        Network::Facebook => page(&[messaging(PAGES[0], &[event(id, text)])]),
    };
    serde_json::to_vec(&body).expect("serialises")
}

/// One Messenger message.
pub fn event(id: &str, text: &str) -> Value {
    json!({
        "sender": {"id": "7312345678901234567"},
        "recipient": {"id": PAGES[0]},
        "timestamp": 1_784_927_040_000_i64,
        "message": {"mid": id, "text": text},
    })
}

/// One comment whose author nobody names.
pub fn nameless_comment(page_id: &str, id: &str) -> Value {
    json!({"field": "feed", "value": {
        "item": "comment", "verb": "add", "post_id": format!("{page_id}_1"), "comment_id": id,
        "parent_id": format!("{page_id}_1"), "message": "who am I?",
        "created_time": 1_784_927_040_i64,
    }})
}

/// The same comment with its author.
pub fn named_comment(page_id: &str, id: &str) -> Value {
    let mut comment = nameless_comment(page_id, id);
    comment["value"]["from"] = json!({"id": "7312345678901234567", "name": "Ada"});
    comment
}

pub fn messaging(page_id: &str, events: &[Value]) -> Value {
    json!({"id": page_id, "time": 1_784_927_041_000_i64, "messaging": events})
}

pub fn changes(page_id: &str, changes: &[Value]) -> Value {
    json!({"id": page_id, "time": 1_784_927_041_i64, "changes": changes})
}

pub fn page(entries: &[Value]) -> Value {
    json!({"object": "page", "entry": entries})
}

pub fn bytes(value: &Value) -> Vec<u8> {
    serde_json::to_vec(value).expect("serialises")
}
