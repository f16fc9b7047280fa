//! `/api/v1/live`.

use axum::extract::State as Shared;
use axum::extract::ws::WebSocketUpgrade;
use axum::extract::ws::rejection::WebSocketUpgradeRejection;
use axum::response::Response;
use kit_service::http::Problem;
use kit_values::{Class, Fault};

use super::guard::{Member, OwnPage};
use crate::live::socket::{self, Holder, Surroundings};
use crate::state::State;
use crate::wire::frames::LONGEST_FRAME;
use crate::wire::rest::ProblemDocument;

/// The live feed
///
/// A WebSocket of JSON text frames. The client's first frame is `hello` with its cursor; from
/// then on it is told every change once and in order, and what it missed since its cursor
/// first, or `reset` when that is not known any more. A gateway that stops says `goodbye` with
/// `after`, the milliseconds to wait before connecting again, and closes with 1001.
#[utoipa::path(
    get,
    path = "/live",
    tag = "live",
    responses(
        (status = SWITCHING_PROTOCOLS, description = "A WebSocket"),
        (status = UNAUTHORIZED, description = "Code `not_signed_in`", body = ProblemDocument, content_type = "application/problem+json"),
        (status = FORBIDDEN, description = "Code `foreign_origin`", body = ProblemDocument, content_type = "application/problem+json"),
        (status = UNPROCESSABLE_ENTITY, description = "No WebSocket was asked for", body = ProblemDocument, content_type = "application/problem+json"),
        (status = SERVICE_UNAVAILABLE, description = "The feed is not filled yet, or the gateway stops", body = ProblemDocument, content_type = "application/problem+json"),
    ),
    security(("session" = []))
)]
pub async fn live(
    Shared(state): Shared<State>,
    _own: OwnPage,
    member: Member,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
) -> Result<Response, Problem> {
    let upgrade = upgrade.map_err(|_| {
        Fault::invalid("not_a_websocket", "upgrade", "This address speaks WebSocket.")
    })?;
    if !state.hub.is_filled() {
        return Err(Problem(Fault::new(
            Class::Unavailable,
            "live_not_ready",
            "The live feed is not ready yet.",
        )));
    }
    if state.hub.is_closing() {
        return Err(Problem(Fault::new(
            Class::Unavailable,
            "live_stopping",
            "This gateway stops; connect again.",
        )));
    }
    let holder = Holder {
        digest: member.token.digest(),
        session: member.session,
        ui_build: state.ui_build.clone(),
    };
    let around = Surroundings { hub: state.hub, reporter: state.reporter, viewing: state.viewing };
    Ok(upgrade
        .max_message_size(LONGEST_FRAME)
        .max_frame_size(LONGEST_FRAME)
        .on_upgrade(async move |socket| socket::serve(socket, around, holder).await))
}
