//! The story of a conversation: notes, what is done to its messages, who the contact is, what
//! happened. What a member may do is conversation's to decide.

use axum::Json;
use axum::extract::State as Shared;
use axum::http::StatusCode;
use kit_service::http::Problem;
use serde::Deserialize;
use utoipa::IntoParams;

use super::guard::Member;
use super::input::{Body, Nothing, Parameters, PathId, PathIds};
use crate::domain::{AttributeKind, ContactKind, ConversationKind, MessageKind, NoteKind};
use crate::state::State;
use crate::wire::rest::{
    ActedMessage, ActionWanted, Activity, AttributeWanted, ChangedAttribute, ChangedNote,
    ContactCard, DeletionWanted, NoteChange, NoteVersions, NoteWanted, Notes, ProblemDocument,
};

/// The notes of a conversation
#[utoipa::path(
    get,
    path = "/conversations/{conversation_id}/notes",
    tag = "story",
    params(("conversation_id" = String, Path, description = "`conv_…`")),
    responses(
        (status = OK, description = "Oldest first, without deleted ones", body = Notes),
        (status = UNAUTHORIZED, description = "Code `not_signed_in`", body = ProblemDocument, content_type = "application/problem+json"),
        (status = NOT_FOUND, description = "No such conversation", body = ProblemDocument, content_type = "application/problem+json"),
    ),
    security(("session" = []))
)]
pub async fn notes(
    Shared(state): Shared<State>,
    member: Member,
    PathId(id): PathId<ConversationKind>,
) -> Result<Json<Notes>, Problem> {
    Ok(Json(state.conversations.notes(&member.caller(), id).await?))
}

/// Write a note
///
/// Everybody who may read the conversation may.
#[utoipa::path(
    post,
    path = "/conversations/{conversation_id}/notes",
    tag = "story",
    params(("conversation_id" = String, Path, description = "`conv_…`")),
    request_body = NoteWanted,
    responses(
        (status = CREATED, description = "Written", body = ChangedNote),
        (status = UNAUTHORIZED, description = "Code `not_signed_in`", body = ProblemDocument, content_type = "application/problem+json"),
        (status = FORBIDDEN, description = "Code `csrf`, or not allowed", body = ProblemDocument, content_type = "application/problem+json"),
        (status = NOT_FOUND, description = "No such conversation, or no such message in it", body = ProblemDocument, content_type = "application/problem+json"),
        (status = CONFLICT, description = "Code `goes_on_elsewhere`", body = ProblemDocument, content_type = "application/problem+json"),
        (status = UNPROCESSABLE_ENTITY, description = "Not what the route takes", body = ProblemDocument, content_type = "application/problem+json"),
    ),
    security(("session" = [], "csrf" = []))
)]
pub async fn write_note(
    Shared(state): Shared<State>,
    member: Member,
    PathId(id): PathId<ConversationKind>,
    Body(wanted): Body<NoteWanted>,
) -> Result<(StatusCode, Json<ChangedNote>), Problem> {
    let made = state.conversations.write_note(&member.caller(), id, wanted).await?;
    Ok((StatusCode::CREATED, Json(made)))
}

/// Change a note
///
/// One's own, or anybody's as a supervisor.
#[utoipa::path(
    patch,
    path = "/notes/{note_id}",
    tag = "story",
    params(("note_id" = String, Path, description = "`note_…`")),
    request_body = NoteChange,
    responses(
        (status = OK, description = "It says so now", body = ChangedNote),
        (status = UNAUTHORIZED, description = "Code `not_signed_in`", body = ProblemDocument, content_type = "application/problem+json"),
        (status = FORBIDDEN, description = "Code `csrf` or `note_of_another`", body = ProblemDocument, content_type = "application/problem+json"),
        (status = NOT_FOUND, description = "No such note", body = ProblemDocument, content_type = "application/problem+json"),
        (status = CONFLICT, description = "Code `note_changed` or `note_deleted`", body = ProblemDocument, content_type = "application/problem+json"),
        (status = UNPROCESSABLE_ENTITY, description = "Not what the route takes", body = ProblemDocument, content_type = "application/problem+json"),
    ),
    security(("session" = [], "csrf" = []))
)]
pub async fn change_note(
    Shared(state): Shared<State>,
    member: Member,
    PathId(id): PathId<NoteKind>,
    Body(wanted): Body<NoteChange>,
) -> Result<Json<ChangedNote>, Problem> {
    Ok(Json(state.conversations.change_note(&member.caller(), id, wanted).await?))
}

/// Delete a note
///
/// It can be restored for 30 days.
#[utoipa::path(
    delete,
    path = "/notes/{note_id}",
    tag = "story",
    params(("note_id" = String, Path, description = "`note_…`")),
    responses(
        (status = OK, description = "It is deleted", body = ChangedNote),
        (status = UNAUTHORIZED, description = "Code `not_signed_in`", body = ProblemDocument, content_type = "application/problem+json"),
        (status = FORBIDDEN, description = "Code `csrf` or `note_of_another`", body = ProblemDocument, content_type = "application/problem+json"),
        (status = NOT_FOUND, description = "No such note", body = ProblemDocument, content_type = "application/problem+json"),
        (status = UNPROCESSABLE_ENTITY, description = "Not what the route takes", body = ProblemDocument, content_type = "application/problem+json"),
    ),
    security(("session" = [], "csrf" = []))
)]
pub async fn delete_note(
    Shared(state): Shared<State>,
    member: Member,
    PathId(id): PathId<NoteKind>,
    _: Nothing,
) -> Result<Json<ChangedNote>, Problem> {
    Ok(Json(state.conversations.delete_note(&member.caller(), id).await?))
}

/// Restore a deleted note
#[utoipa::path(
    post,
    path = "/notes/{note_id}/restore",
    tag = "story",
    params(("note_id" = String, Path, description = "`note_…`")),
    responses(
        (status = OK, description = "It is back", body = ChangedNote),
        (status = UNAUTHORIZED, description = "Code `not_signed_in`", body = ProblemDocument, content_type = "application/problem+json"),
        (status = FORBIDDEN, description = "Code `csrf` or `note_of_another`", body = ProblemDocument, content_type = "application/problem+json"),
        (status = NOT_FOUND, description = "No such note", body = ProblemDocument, content_type = "application/problem+json"),
        (status = CONFLICT, description = "Code `note_gone`", body = ProblemDocument, content_type = "application/problem+json"),
        (status = UNPROCESSABLE_ENTITY, description = "Not what the route takes", body = ProblemDocument, content_type = "application/problem+json"),
    ),
    security(("session" = [], "csrf" = []))
)]
pub async fn restore_note(
    Shared(state): Shared<State>,
    member: Member,
    PathId(id): PathId<NoteKind>,
    _: Nothing,
) -> Result<Json<ChangedNote>, Problem> {
    Ok(Json(state.conversations.restore_note(&member.caller(), id).await?))
}

/// Every text that a note has had
#[utoipa::path(
    get,
    path = "/notes/{note_id}/versions",
    tag = "story",
    params(("note_id" = String, Path, description = "`note_…`")),
    responses(
        (status = OK, description = "Oldest first", body = NoteVersions),
        (status = UNAUTHORIZED, description = "Code `not_signed_in`", body = ProblemDocument, content_type = "application/problem+json"),
        (status = NOT_FOUND, description = "No such note", body = ProblemDocument, content_type = "application/problem+json"),
    ),
    security(("session" = []))
)]
pub async fn note_versions(
    Shared(state): Shared<State>,
    member: Member,
    PathId(id): PathId<NoteKind>,
) -> Result<Json<NoteVersions>, Problem> {
    Ok(Json(state.conversations.note_versions(&member.caller(), id).await?))
}

/// Like, hide, repost, follow, or take it back
///
/// Recorded and done soon after; how that ends is told by the message. The same key gives the first
/// outcome.
#[utoipa::path(
    post,
    path = "/messages/{message_id}/actions",
    tag = "story",
    params(("message_id" = String, Path, description = "`msg_…`")),
    request_body = ActionWanted,
    responses(
        (status = OK, description = "It is asked for", body = ActedMessage),
        (status = UNAUTHORIZED, description = "Code `not_signed_in`", body = ProblemDocument, content_type = "application/problem+json"),
        (status = FORBIDDEN, description = "Code `csrf`, or not allowed", body = ProblemDocument, content_type = "application/problem+json"),
        (status = NOT_FOUND, description = "No such message", body = ProblemDocument, content_type = "application/problem+json"),
        (status = CONFLICT, description = "Why the account cannot do it: `enterprise_only`, `missing_scope` …", body = ProblemDocument, content_type = "application/problem+json"),
        (status = UNPROCESSABLE_ENTITY, description = "Not what the route takes", body = ProblemDocument, content_type = "application/problem+json"),
    ),
    security(("session" = [], "csrf" = []))
)]
pub async fn act(
    Shared(state): Shared<State>,
    member: Member,
    PathId(id): PathId<MessageKind>,
    Body(wanted): Body<ActionWanted>,
) -> Result<Json<ActedMessage>, Problem> {
    Ok(Json(state.conversations.act(&member.caller(), id, wanted).await?))
}

/// Delete what was sent from here, at its network
#[utoipa::path(
    delete,
    path = "/messages/{message_id}",
    tag = "story",
    params(("message_id" = String, Path, description = "`msg_…`")),
    request_body = DeletionWanted,
    responses(
        (status = OK, description = "It is asked for", body = ActedMessage),
        (status = UNAUTHORIZED, description = "Code `not_signed_in`", body = ProblemDocument, content_type = "application/problem+json"),
        (status = FORBIDDEN, description = "Code `csrf`, or not allowed", body = ProblemDocument, content_type = "application/problem+json"),
        (status = NOT_FOUND, description = "No such message", body = ProblemDocument, content_type = "application/problem+json"),
        (status = CONFLICT, description = "Code `not_sent`, or why the network lets nobody delete it", body = ProblemDocument, content_type = "application/problem+json"),
        (status = UNPROCESSABLE_ENTITY, description = "Not what the route takes", body = ProblemDocument, content_type = "application/problem+json"),
    ),
    security(("session" = [], "csrf" = []))
)]
pub async fn delete_message(
    Shared(state): Shared<State>,
    member: Member,
    PathId(id): PathId<MessageKind>,
    Body(wanted): Body<DeletionWanted>,
) -> Result<Json<ActedMessage>, Problem> {
    Ok(Json(state.conversations.delete_message(&member.caller(), id, wanted).await?))
}

/// A contact
///
/// Who they are, what is known of them, and what they had with the organization before.
#[utoipa::path(
    get,
    path = "/contacts/{contact_id}",
    tag = "story",
    params(("contact_id" = String, Path, description = "`contact_…`")),
    responses(
        (status = OK, description = "As the panel shows them", body = ContactCard),
        (status = UNAUTHORIZED, description = "Code `not_signed_in`", body = ProblemDocument, content_type = "application/problem+json"),
        (status = NOT_FOUND, description = "No such contact", body = ProblemDocument, content_type = "application/problem+json"),
    ),
    security(("session" = []))
)]
pub async fn contact(
    Shared(state): Shared<State>,
    member: Member,
    PathId(id): PathId<ContactKind>,
) -> Result<Json<ContactCard>, Problem> {
    Ok(Json(state.conversations.contact(&member.caller(), id).await?))
}

/// What is known of a contact
#[utoipa::path(
    put,
    path = "/contacts/{contact_id}/attributes/{attribute_id}",
    tag = "story",
    params(("contact_id" = String, Path, description = "`contact_…`"), ("attribute_id" = String, Path, description = "`attr_…`")),
    request_body = AttributeWanted,
    responses(
        (status = OK, description = "So it is known now", body = ChangedAttribute),
        (status = UNAUTHORIZED, description = "Code `not_signed_in`", body = ProblemDocument, content_type = "application/problem+json"),
        (status = FORBIDDEN, description = "Code `csrf`, or not allowed", body = ProblemDocument, content_type = "application/problem+json"),
        (status = NOT_FOUND, description = "No such contact or attribute", body = ProblemDocument, content_type = "application/problem+json"),
        (status = CONFLICT, description = "Code `attribute_changed`: read the contact again", body = ProblemDocument, content_type = "application/problem+json"),
        (status = UNPROCESSABLE_ENTITY, description = "Field `value` with `not_a_number`, `not_a_date`, `not_a_choice` …, or not what the route takes", body = ProblemDocument, content_type = "application/problem+json"),
    ),
    security(("session" = [], "csrf" = []))
)]
pub async fn set_attribute(
    Shared(state): Shared<State>,
    member: Member,
    PathIds(contact, attribute): PathIds<ContactKind, AttributeKind>,
    Body(wanted): Body<AttributeWanted>,
) -> Result<Json<ChangedAttribute>, Problem> {
    Ok(Json(state.conversations.set_attribute(&member.caller(), contact, attribute, wanted).await?))
}

/// Which part of what happened.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ActivityParameters {
    /// `older` of the page before; the newest without it.
    #[param(minimum = 1)]
    before: Option<i64>,
}

/// What happened in a conversation
///
/// At most 1,000 entries, the newest ones; `older` asks for those before them.
#[utoipa::path(
    get,
    path = "/conversations/{conversation_id}/activity",
    tag = "story",
    params(("conversation_id" = String, Path, description = "`conv_…`"), ActivityParameters),
    responses(
        (status = OK, description = "Oldest first", body = Activity),
        (status = UNAUTHORIZED, description = "Code `not_signed_in`", body = ProblemDocument, content_type = "application/problem+json"),
        (status = NOT_FOUND, description = "No such conversation", body = ProblemDocument, content_type = "application/problem+json"),
        (status = UNPROCESSABLE_ENTITY, description = "Not what the route takes", body = ProblemDocument, content_type = "application/problem+json"),
    ),
    security(("session" = []))
)]
pub async fn activity(
    Shared(state): Shared<State>,
    member: Member,
    PathId(id): PathId<ConversationKind>,
    Parameters(asked): Parameters<ActivityParameters>,
) -> Result<Json<Activity>, Problem> {
    Ok(Json(state.conversations.activity(&member.caller(), id, asked.before).await?))
}
