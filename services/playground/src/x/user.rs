//! A user as API v2 gives it.

use serde_json::{Value, json};

use super::refused::Refused;
use crate::update::Surroundings;
use crate::world::{Account, Persona};

/// Everything that `user.fields` may name.
const FIELDS: [&str; 24] = [
    "confirmed_email",
    "connection_status",
    "created_at",
    "description",
    "entities",
    "id",
    "is_identity_verified",
    "location",
    "name",
    "parody",
    "profile_banner_url",
    "profile_image_url",
    "protected",
    "public_metrics",
    "receives_your_dm",
    "subscribes_to_you",
    "subscription",
    "subscription_type",
    "url",
    "username",
    "verified",
    "verified_followers_count",
    "verified_type",
    "withheld",
];

/// One of our accounts.
#[must_use]
pub fn of_account(account: &Account) -> Value {
    user(&account.account_id, &account.name, &account.handle)
}

/// Somebody else.
#[must_use]
pub fn of_persona(persona: &Persona, around: Surroundings<'_>) -> Value {
    let mut user = user(&persona.x_id(), &persona.name, &persona.handle);
    user["profile_image_url"] =
        json!(format!("{}/playground/avatars/{}.svg", around.public_url, persona.key));
    user
}

/// A user with what a lookup gives by itself and what `asked`, the value of `user.fields`, names
/// besides; what this world does not know of a user is left out.
///
/// # Errors
/// Invalid request for a field that X does not know.
pub fn fields(user: &Value, asked: Option<&str>) -> Result<Value, Refused> {
    let mut shown = json!({});
    let asked = asked.map(|names| names.split(',').collect::<Vec<_>>()).unwrap_or_default();
    if let Some(unknown) = asked.iter().find(|name| !FIELDS.contains(name)) {
        let detail = format!("The `user.fields` query parameter value [{unknown}] is not known.");
        return Err(Refused::invalid("user.fields", &detail));
    }
    for name in ["id", "name", "username"].into_iter().chain(asked) {
        if let Some(value) = user.get(name) {
            shown[name] = value.clone();
        }
    }
    Ok(shown)
}

fn user(id: &str, name: &str, handle: &str) -> Value {
    json!({
        "id": id,
        "name": name,
        "username": handle,
        "created_at": "2014-03-02T08:15:00.000Z",
        "protected": false,
        "verified": false,
    })
}
