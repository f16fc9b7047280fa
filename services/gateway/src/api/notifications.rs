//! `/api/v1/notifications`, `/notification-preferences`, `/push-subscriptions`: the member's own.

use axum::Json;
use axum::extract::{Path, State as Shared};
use axum::http::StatusCode;
use kit_service::http::Problem;
use kit_values::Fault;

use super::guard::Member;
use super::input::{Body, Parameters};
use crate::peers::Read;
use crate::state::State;
use crate::wire::rest::{
    CentreNotification, NotificationPreferences, NotificationPreferencesWanted, Notifications,
    NotificationsWanted, OutcomeWanted, ProblemDocument, PushKey, PushSubscriptionGone,
    PushSubscriptionWanted, ReadWanted, TestWanted,
};

/// What the member is told
///
/// The notification centre: at most one for each conversation stands.
#[utoipa::path(
    get,
    path = "/notifications",
    tag = "notifications",
    params(NotificationsWanted),
    responses(
        (status = OK, description = "A page, the newest first", body = Notifications),
        (status = UNAUTHORIZED, description = "Code `not_signed_in`", body = ProblemDocument, content_type = "application/problem+json"),
        (status = UNPROCESSABLE_ENTITY, description = "Not what the route takes", body = ProblemDocument, content_type = "application/problem+json"),
    ),
    security(("session" = []))
)]
pub async fn list(
    Shared(state): Shared<State>,
    member: Member,
    Parameters(wanted): Parameters<NotificationsWanted>,
) -> Result<Json<Notifications>, Problem> {
    Ok(Json(state.notifications.list(&member.caller(), wanted).await?))
}

/// Something was read
///
/// Withdraws the member's notifications of it in every tab and on every desktop. Nothing happens
/// when there is none.
#[utoipa::path(
    post,
    path = "/notifications/read",
    tag = "notifications",
    request_body = ReadWanted,
    responses(
        (status = NO_CONTENT, description = "None stands"),
        (status = UNAUTHORIZED, description = "Code `not_signed_in`", body = ProblemDocument, content_type = "application/problem+json"),
        (status = FORBIDDEN, description = "Code `csrf`, or not allowed", body = ProblemDocument, content_type = "application/problem+json"),
        (status = NOT_FOUND, description = "There is none such", body = ProblemDocument, content_type = "application/problem+json"),
        (status = UNPROCESSABLE_ENTITY, description = "Not what the route takes", body = ProblemDocument, content_type = "application/problem+json"),
    ),
    security(("session" = [], "csrf" = []))
)]
pub async fn read(
    Shared(state): Shared<State>,
    member: Member,
    Body(wanted): Body<ReadWanted>,
) -> Result<StatusCode, Problem> {
    let read = match (wanted.conversation_id, wanted.notification_id, wanted.all) {
        (Some(id), None, false) => {
            Read::Conversation(id.parse().map_err(|_| Fault::not_found("conversation"))?)
        }
        (None, Some(id), false) => {
            Read::One(id.parse().map_err(|_| Fault::not_found("notification"))?)
        }
        (None, None, true) => Read::All,
        _ => {
            let sentence = "Name a conversation, a notification, or all of them.";
            return Err(Problem(Fault::invalid("read_what", "conversation_id", sentence)));
        }
    };
    state.notifications.read(&member.caller(), read).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A notification to oneself
///
/// Comes though one is Away; the answer says at once by which means it cannot come, and why.
#[utoipa::path(
    post,
    path = "/notifications/test",
    tag = "notifications",
    request_body = TestWanted,
    responses(
        (status = CREATED, description = "It is on its way, or why not", body = CentreNotification),
        (status = UNAUTHORIZED, description = "Code `not_signed_in`", body = ProblemDocument, content_type = "application/problem+json"),
        (status = FORBIDDEN, description = "Code `csrf`, or not allowed", body = ProblemDocument, content_type = "application/problem+json"),
        (status = UNPROCESSABLE_ENTITY, description = "Not what the route takes", body = ProblemDocument, content_type = "application/problem+json"),
    ),
    security(("session" = [], "csrf" = []))
)]
pub async fn test(
    Shared(state): Shared<State>,
    member: Member,
    Body(wanted): Body<TestWanted>,
) -> Result<(StatusCode, Json<CentreNotification>), Problem> {
    let told = state.notifications.test(&member.caller(), wanted.means).await?;
    Ok((StatusCode::CREATED, Json(told)))
}

/// What this browser did with a notification
#[utoipa::path(
    post,
    path = "/notifications/{id}/outcome",
    tag = "notifications",
    params(("id" = String, Path, description = "`ntf_…`")),
    request_body = OutcomeWanted,
    responses(
        (status = NO_CONTENT, description = "Recorded"),
        (status = UNAUTHORIZED, description = "Code `not_signed_in`", body = ProblemDocument, content_type = "application/problem+json"),
        (status = FORBIDDEN, description = "Code `csrf`, or not allowed", body = ProblemDocument, content_type = "application/problem+json"),
        (status = NOT_FOUND, description = "There is none such", body = ProblemDocument, content_type = "application/problem+json"),
        (status = UNPROCESSABLE_ENTITY, description = "Not what the route takes", body = ProblemDocument, content_type = "application/problem+json"),
    ),
    security(("session" = [], "csrf" = []))
)]
pub async fn outcome(
    Shared(state): Shared<State>,
    member: Member,
    Path(id): Path<String>,
    Body(did): Body<OutcomeWanted>,
) -> Result<StatusCode, Problem> {
    let id = id.parse().map_err(|_| Fault::not_found("notification"))?;
    state.notifications.record(&member.caller(), id, did).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Which events are told by which means
#[utoipa::path(
    get,
    path = "/notification-preferences",
    tag = "notifications",
    responses(
        (status = OK, description = "The matrix, defaults included", body = NotificationPreferences),
        (status = UNAUTHORIZED, description = "Code `not_signed_in`", body = ProblemDocument, content_type = "application/problem+json"),
    ),
    security(("session" = []))
)]
pub async fn preferences(
    Shared(state): Shared<State>,
    member: Member,
) -> Result<Json<NotificationPreferences>, Problem> {
    Ok(Json(state.notifications.preferences(&member.caller()).await?))
}

/// Choose which events are told by which means
#[utoipa::path(
    put,
    path = "/notification-preferences",
    tag = "notifications",
    request_body = NotificationPreferencesWanted,
    responses(
        (status = OK, description = "As they stand now", body = NotificationPreferences),
        (status = UNAUTHORIZED, description = "Code `not_signed_in`", body = ProblemDocument, content_type = "application/problem+json"),
        (status = FORBIDDEN, description = "Code `csrf`, or not allowed", body = ProblemDocument, content_type = "application/problem+json"),
        (status = CONFLICT, description = "Code `preferences_changed`", body = ProblemDocument, content_type = "application/problem+json"),
        (status = UNPROCESSABLE_ENTITY, description = "Not what the route takes", body = ProblemDocument, content_type = "application/problem+json"),
    ),
    security(("session" = [], "csrf" = []))
)]
pub async fn choose(
    Shared(state): Shared<State>,
    member: Member,
    Body(wanted): Body<NotificationPreferencesWanted>,
) -> Result<Json<NotificationPreferences>, Problem> {
    Ok(Json(state.notifications.choose(&member.caller(), wanted).await?))
}

/// The key with which a browser subscribes to pushes
#[utoipa::path(
    get,
    path = "/push-subscriptions/key",
    tag = "notifications",
    responses(
        (status = OK, description = "The key, if pushes are sent", body = PushKey),
        (status = UNAUTHORIZED, description = "Code `not_signed_in`", body = ProblemDocument, content_type = "application/problem+json"),
    ),
    security(("session" = []))
)]
pub async fn push_key(
    Shared(state): Shared<State>,
    member: Member,
) -> Result<Json<PushKey>, Problem> {
    Ok(Json(state.notifications.push_key(&member.caller()).await?))
}

/// This browser takes pushes
///
/// Until it says otherwise or its session ends. Asked again, it is known by its newest keys.
#[utoipa::path(
    post,
    path = "/push-subscriptions",
    tag = "notifications",
    request_body = PushSubscriptionWanted,
    responses(
        (status = NO_CONTENT, description = "Known"),
        (status = UNAUTHORIZED, description = "Code `not_signed_in`", body = ProblemDocument, content_type = "application/problem+json"),
        (status = FORBIDDEN, description = "Code `csrf`, or not allowed", body = ProblemDocument, content_type = "application/problem+json"),
        (status = UNPROCESSABLE_ENTITY, description = "Not what the route takes", body = ProblemDocument, content_type = "application/problem+json"),
    ),
    security(("session" = [], "csrf" = []))
)]
pub async fn subscribe(
    Shared(state): Shared<State>,
    member: Member,
    Body(wanted): Body<PushSubscriptionWanted>,
) -> Result<StatusCode, Problem> {
    let (session, epoch) = (member.token.push_name(), member.session.epoch);
    state.notifications.subscribe(&member.caller(), wanted, session, epoch).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// This browser takes no more pushes
#[utoipa::path(
    delete,
    path = "/push-subscriptions",
    tag = "notifications",
    request_body = PushSubscriptionGone,
    responses(
        (status = NO_CONTENT, description = "Forgotten"),
        (status = UNAUTHORIZED, description = "Code `not_signed_in`", body = ProblemDocument, content_type = "application/problem+json"),
        (status = FORBIDDEN, description = "Code `csrf`, or not allowed", body = ProblemDocument, content_type = "application/problem+json"),
        (status = UNPROCESSABLE_ENTITY, description = "Not what the route takes", body = ProblemDocument, content_type = "application/problem+json"),
    ),
    security(("session" = [], "csrf" = []))
)]
pub async fn unsubscribe(
    Shared(state): Shared<State>,
    member: Member,
    Body(gone): Body<PushSubscriptionGone>,
) -> Result<StatusCode, Problem> {
    state.notifications.unsubscribe(&member.caller(), gone.endpoint).await?;
    Ok(StatusCode::NO_CONTENT)
}
