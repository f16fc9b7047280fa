//! Who people are, as X's API v2 tells an account that asks: by their id, or by a post of theirs.

use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use kit_values::now;
use serde::Deserialize;
use serde_json::{Value, json};

use super::Served;
use super::on_x::{Endpoint, admit, answer, refused};
use crate::stage::Stage;
use crate::world::{Account, World};
use crate::x::calls::{self, Found};
use crate::x::{self, Refused};

#[derive(Debug, Deserialize)]
pub(super) struct Fields {
    #[serde(default, rename = "user.fields")]
    user_fields: Option<String>,
    #[serde(default)]
    expansions: Option<String>,
}

pub(super) async fn me(
    State(served): State<Served>,
    headers: HeaderMap,
    Query(fields): Query<Fields>,
) -> Response {
    look_up(&served, &headers, Endpoint::Me, |stage, world, account| {
        let found = calls::user(world, account, &account.account_id)?;
        Ok(json!({"data": user_shown(stage, &found, &fields)?}))
    })
}

pub(super) async fn user(
    State(served): State<Served>,
    Path(id): Path<String>,
    headers: HeaderMap,
    Query(fields): Query<Fields>,
) -> Response {
    look_up(&served, &headers, Endpoint::User, |stage, world, account| {
        let found = calls::user(world, account, &id)?;
        Ok(json!({"data": user_shown(stage, &found, &fields)?}))
    })
}

/// A post with its text, and with its author if that is asked for.
pub(super) async fn post(
    State(served): State<Served>,
    Path(id): Path<String>,
    headers: HeaderMap,
    Query(fields): Query<Fields>,
) -> Response {
    look_up(&served, &headers, Endpoint::Post, |stage, world, account| {
        let (post, author) = calls::read_post(world, account, &id)?;
        let mut shown = json!({"data": {
            "id": post.id, "text": post.text, "edit_history_tweet_ids": world.versions(&post.id),
        }});
        match fields.expansions.as_deref() {
            None => {}
            Some("author_id") => {
                let author = user_shown(stage, &author, &fields)?;
                shown["data"]["author_id"] = author["id"].clone();
                shown["includes"] = json!({"users": [author]});
            }
            Some(other) => {
                let detail =
                    format!("The `expansions` query parameter value [{other}] is not played.");
                return Err(Refused::invalid("expansions", &detail));
            }
        }
        Ok(shown)
    })
}

fn user_shown(stage: &Stage, found: &Found, fields: &Fields) -> Result<Value, Refused> {
    let user = match found {
        Found::Account(account) => x::user_of_account(account),
        Found::Persona(persona) => x::user_of_persona(persona, stage.around()),
    };
    x::fields(&user, fields.user_fields.as_deref())
}

fn look_up(
    served: &Served,
    headers: &HeaderMap,
    endpoint: Endpoint,
    find: impl FnOnce(&Stage, &World, &Account) -> Result<Value, Refused>,
) -> Response {
    let admitted = match admit(served, headers, endpoint, now()) {
        Ok(admitted) => admitted,
        Err(response) => return *response,
    };
    let standing = admitted.standings.first();
    let found = find(&served.stage, &served.stage.lock().world, &admitted.account);
    match found {
        Ok(shown) => answer(StatusCode::OK, &shown, standing),
        Err(error) => refused(&error, standing),
    }
}
