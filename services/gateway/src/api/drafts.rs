//! `/api/v1/drafts`: what members are writing, kept for their other devices.

use axum::Json;
use axum::extract::{Path, State as Shared};
use kit_service::http::Problem;
use kit_values::Fault;
use serde::Deserialize;
use utoipa::IntoParams;

use super::guard::Member;
use super::input::{Body, Parameters};
use crate::domain::ConversationId;
use crate::state::State;
use crate::wire::rest::{DraftMode, DraftWanted, Drafts, ProblemDocument, StandingDraft};
use crate::wire::words::DraftWord;

/// The member's drafts
#[utoipa::path(
    get,
    path = "/drafts",
    tag = "answering",
    responses(
        (status = OK, description = "The newest first", body = Drafts),
        (status = UNAUTHORIZED, description = "Code `not_signed_in`", body = ProblemDocument, content_type = "application/problem+json"),
    ),
    security(("session" = []))
)]
pub async fn list(Shared(state): Shared<State>, member: Member) -> Result<Json<Drafts>, Problem> {
    Ok(Json(state.lists.drafts(&member.caller()).await?))
}

/// Which draft a path names. What is no id names nothing.
fn named(id: &str, mode: &str) -> Result<(ConversationId, DraftMode), Fault> {
    let mode = match mode {
        "reply" => DraftMode::Reply,
        "note" => DraftMode::Note,
        _ => return Err(Fault::not_found("draft")),
    };
    Ok((id.parse().map_err(|_| Fault::not_found("conversation"))?, mode))
}

/// Keep a draft
///
/// The one that was written latest stands, and is answered.
#[utoipa::path(
    put,
    path = "/conversations/{conversation_id}/drafts/{mode}",
    tag = "answering",
    params(
        ("conversation_id" = String, Path, description = "`conv_…`"),
        ("mode" = DraftMode, Path, description = "Of what"),
    ),
    request_body = DraftWanted,
    responses(
        (status = OK, description = "What stands", body = StandingDraft),
        (status = UNAUTHORIZED, description = "Code `not_signed_in`", body = ProblemDocument, content_type = "application/problem+json"),
        (status = FORBIDDEN, description = "Code `csrf`", body = ProblemDocument, content_type = "application/problem+json"),
        (status = NOT_FOUND, description = "No such conversation", body = ProblemDocument, content_type = "application/problem+json"),
        (status = UNPROCESSABLE_ENTITY, description = "Not what the route takes", body = ProblemDocument, content_type = "application/problem+json"),
    ),
    security(("session" = [], "csrf" = []))
)]
pub async fn put(
    Shared(state): Shared<State>,
    member: Member,
    Path((id, mode)): Path<(String, String)>,
    Body(wanted): Body<DraftWanted>,
) -> Result<Json<StandingDraft>, Problem> {
    let (id, mode) = named(&id, &mode)?;
    let stands = state.lists.put_draft(&member.caller(), id, mode, wanted).await?;
    tell(&state, &member, id, mode).await;
    Ok(Json(stands))
}

/// When a draft was thrown away.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct DropParameters {
    /// By the device's clock, RFC 3339; now by default.
    written_at: Option<String>,
}

/// Throw a draft away
///
/// One that was written later stands, and is answered.
#[utoipa::path(
    delete,
    path = "/conversations/{conversation_id}/drafts/{mode}",
    tag = "answering",
    params(
        ("conversation_id" = String, Path, description = "`conv_…`"),
        ("mode" = DraftMode, Path, description = "Of what"),
        DropParameters,
    ),
    responses(
        (status = OK, description = "What stands", body = StandingDraft),
        (status = UNAUTHORIZED, description = "Code `not_signed_in`", body = ProblemDocument, content_type = "application/problem+json"),
        (status = FORBIDDEN, description = "Code `csrf`", body = ProblemDocument, content_type = "application/problem+json"),
        (status = NOT_FOUND, description = "No such conversation", body = ProblemDocument, content_type = "application/problem+json"),
        (status = UNPROCESSABLE_ENTITY, description = "Not what the route takes", body = ProblemDocument, content_type = "application/problem+json"),
    ),
    security(("session" = [], "csrf" = []))
)]
pub async fn drop(
    Shared(state): Shared<State>,
    member: Member,
    Path((id, mode)): Path<(String, String)>,
    Parameters(DropParameters { written_at }): Parameters<DropParameters>,
) -> Result<Json<StandingDraft>, Problem> {
    let (id, mode) = named(&id, &mode)?;
    let written_at = written_at.as_deref();
    let stands = state.lists.drop_draft(&member.caller(), id, mode, written_at).await?;
    tell(&state, &member, id, mode).await;
    Ok(Json(stands))
}

/// Says that a draft of this member is another.
pub(super) async fn tell(state: &State, member: &Member, id: ConversationId, mode: DraftMode) {
    let note = mode == DraftMode::Note;
    let word = DraftWord { member: member.session.member, conversation: id, note };
    state.telling.changed(member.session.organization, word).await;
}
