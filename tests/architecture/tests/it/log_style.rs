//! Log messages are lower case and end without a full stop.

use crate::tree;

const MACROS: &[&str] = &["error!(", "warn!(", "info!(", "debug!(", "trace!("];

/// The messages of the log macros in `code`: the last string literal of each call.
fn messages(code: &str) -> Vec<String> {
    let mut found = Vec::new();
    for name in MACROS {
        for (start, _) in code.match_indices(name) {
            let standalone = code[..start]
                .chars()
                .next_back()
                .is_none_or(|before| !before.is_alphanumeric() && before != '_');
            if !standalone {
                continue;
            }
            let mut depth = 1;
            let mut quoted: Option<String> = None;
            let mut last = None;
            let mut escaped = false;
            for character in code[start + name.len()..].chars() {
                match (&mut quoted, character) {
                    (Some(text), _) if escaped => {
                        text.push(character);
                        escaped = false;
                    }
                    (Some(_), '\\') => escaped = true,
                    (Some(_), '"') => last = quoted.take(),
                    (Some(text), _) => text.push(character),
                    (None, '"') => quoted = Some(String::new()),
                    (None, '(' | '[' | '{') => depth += 1,
                    (None, ')' | ']' | '}') => {
                        depth -= 1;
                        if depth == 0 {
                            break;
                        }
                    }
                    _ => {}
                }
            }
            found.extend(last);
        }
    }
    found
}

#[test]
fn log_messages_are_lower_case_without_a_final_stop() {
    let mut broken = Vec::new();
    for path in tree::files(&["rs"]) {
        let place = tree::relative(&path);
        if !place.starts_with("services/") || !place.contains("/src/") {
            continue;
        }
        for message in messages(&tree::code(&path)) {
            // A first word in capitals is a name: PostgreSQL, NATS, HTTP.
            let first = message.split_whitespace().next().unwrap_or_default();
            let name = first.chars().filter(|character| character.is_uppercase()).count() > 1;
            if message.ends_with('.') || (first.starts_with(char::is_uppercase) && !name) {
                broken.push(format!("{place}: {message:?}"));
            }
        }
    }
    assert!(broken.is_empty(), "log style:\n{}", broken.join("\n"));
}

#[test]
fn the_check_sees_a_message_that_breaks_the_rule() {
    let code = r#"tracing::info!(count = 3, name = format!("a{}", 1), "Started it.");"#;
    assert_eq!(messages(code), ["Started it."]);
}
