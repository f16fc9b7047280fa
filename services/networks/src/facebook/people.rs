//! Reading who people are (`reference/networks.md` 3.3): by their id in Messenger, or by what they
//! wrote on the page.
//!
//! Facebook withholds many: an answer without a name, or without `from`, is one all the same.

use kit_values::Secret;
use serde_json::Value;

use super::outbound::checked;
use crate::MessageKind;
use crate::item::Person;
use crate::json;
use crate::outbound::{Answer, Call, Class, Failure, Target};

pub(crate) fn plan(of: &Target, author: &str) -> Result<Call, Failure> {
    if of.kind != MessageKind::PrivateMessage {
        // By the message: it is Messenger alone that tells of people by their id.
        let of = Target { external_id: checked(&of.external_id)?, kind: of.kind };
        return Ok(Call::ReadAuthor { of });
    }
    if author.is_empty() {
        let sentence = "Facebook does not say who wrote this message.";
        return Err(Failure::new(Class::Request, "not_possible", sentence));
    }
    Ok(Call::ReadPerson { id: checked(author)? })
}

/// Which fields are read.
pub(super) fn fields(call: &Call) -> Vec<(&'static str, Secret)> {
    let fields = match call {
        Call::ReadPerson { .. } => "first_name,last_name,profile_pic",
        Call::ReadAuthor { .. } => "from",
        _ => return Vec::new(),
    };
    vec![("fields", Secret::new(fields.to_owned()))]
}

/// Who it is; none where the answer is no answer at all.
pub(super) fn found(call: &Call, body: &Value) -> Option<Answer> {
    if !body.is_object() {
        return None;
    }
    let found = match call {
        Call::ReadPerson { id } => named(id, body),
        Call::ReadAuthor { .. } => {
            let from = json::member(body, "from").unwrap_or(&Value::Null);
            let id = json::id(from, "id").ok().flatten();
            id.map(|id| Person { id, name: json::word(from, "name"), ..Person::default() })
        }
        _ => return None,
    };
    Some(Answer::Person(found))
}

fn named(id: &str, body: &Value) -> Option<Person> {
    let parts = [json::word(body, "first_name"), json::word(body, "last_name")];
    let parts: Vec<&str> = parts.iter().map(|part| part.trim()).collect();
    let name = parts.join(" ").trim().to_owned();
    (!name.is_empty()).then(|| Person {
        id: id.to_owned(),
        name,
        handle: String::new(),
        avatar_url: json::address(body, "profile_pic"),
    })
}
