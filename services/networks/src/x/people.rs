//! Reading who people are (`reference/networks.md` 1.2 and 1.3): by their id, or by a post of
//! theirs. X asks money for each answer.

use kit_values::Secret;
use serde_json::Value;

use super::inbound::person;
use super::outbound::{QUARTER, checked, of};
use crate::MessageKind;
use crate::item::Person;
use crate::json;
use crate::outbound::{Allowance, Answer, Call, Class, Failure, Scope, Target};

/// What of a person is asked for; their id comes unasked.
const FIELDS: &str = "name,username,profile_image_url";

const PERSON: &str = "read_person";
const AUTHOR: &str = "read_author";

pub(crate) fn plan(of: &Target, author: &str) -> Result<Call, Failure> {
    if !author.is_empty() {
        return Ok(Call::ReadPerson { id: checked(author)? });
    }
    if of.kind == MessageKind::PrivateMessage {
        let sentence = "X does not say who wrote this message.";
        return Err(Failure::new(Class::Request, "not_possible", sentence));
    }
    let of = Target { external_id: checked(&of.external_id)?, kind: of.kind };
    Ok(Call::ReadAuthor { of })
}

/// The query that reads a person.
pub(super) fn fields() -> Vec<(&'static str, Secret)> {
    vec![("user.fields", Secret::new(FIELDS.to_owned()))]
}

/// The query that reads the author of a post.
pub(super) fn expansions() -> Vec<(&'static str, Secret)> {
    let mut query = vec![("expansions", Secret::new("author_id".to_owned()))];
    query.extend(fields());
    query
}

/// Who it is; none where the answer does not say, as with complaints beside no data.
pub(super) fn found(call: &Call, body: &Value) -> Option<Answer> {
    let data = json::member(body, "data")?;
    let found = match call {
        Call::ReadPerson { id } => person(data).filter(|person| person.id == *id),
        Call::ReadAuthor { .. } => json::id(data, "author_id").ok()?.map(|id| {
            let included = body.get("includes").unwrap_or(&Value::Null);
            let users = json::list(included, "users").iter().filter_map(person);
            let author = users.into_iter().find(|person| person.id == id);
            author.unwrap_or(Person { id, ..Person::default() })
        }),
        _ => return None,
    };
    Some(Answer::Person(found))
}

pub(super) const fn bounds(call: &Call) -> &'static [(Scope, &'static str)] {
    match call {
        Call::ReadPerson { .. } => &[(Scope::Account, PERSON)],
        _ => &[(Scope::Account, AUTHOR)],
    }
}

/// 900 in a quarter of an hour are documented for people; posts are taken to allow no less.
pub(super) const fn allowances(call: &Call) -> &'static [Allowance] {
    match call {
        Call::ReadPerson { .. } => const { &[of(Scope::Account, PERSON, 900, QUARTER)] },
        _ => const { &[of(Scope::Account, AUTHOR, 900, QUARTER)] },
    }
}
