//! What a caller gets for an accepted call: the network's answer, or one of the faults.

use std::time::Duration;

use axum::body::Body;
use axum::response::Response;
use kit_values::now;

use super::Served;
use super::line::Line;
use crate::stage::Taken;
use crate::world::{Action, Answered, Author, Deed, FacebookAction, Network, Origin};

/// How long a caller who gets no answer is kept: longer than any caller's patience, and shorter
/// than the server's own.
const HELD: Duration = Duration::from_secs(50);
/// How long an answer waits for the webhook that is to go before it.
const ECHO_PATIENCE: Duration = Duration::from_secs(3);
/// How long a Messenger message takes to the person's phone.
const TO_THE_PHONE: Duration = Duration::from_millis(400);

/// The answers that the network could give.
pub(super) struct Answers {
    /// Everything is well.
    pub(super) success: Response,
    /// As `success`, with errors beside it.
    pub(super) with_errors: Response,
    /// HTTP 500.
    pub(super) server_error: Response,
}

/// The answer to an accepted call, as its fate says. Whatever becomes of the answer, what was
/// called for has happened and is being told.
pub(super) async fn conclude(
    served: &Served,
    line: &Line,
    taken: &Taken,
    answers: Answers,
) -> Response {
    receipt(served, taken);
    if taken.fate.echo_first {
        echo(served, taken).await;
    }
    if !taken.fate.late.is_zero() {
        wait(served, taken.fate.late).await;
    }
    match taken.fate.answered {
        Answered::Success => answers.success,
        Answered::WithErrors => answers.with_errors,
        Answered::ServerError => answers.server_error,
        Answered::Reset => cut(line),
        Answered::Nothing => {
            wait(served, HELD).await;
            cut(line)
        }
    }
}

/// Never arrives: the connection writes nothing any more.
fn cut(line: &Line) -> Response {
    line.cut();
    Response::new(Body::empty())
}

async fn wait(served: &Served, time: Duration) {
    tokio::select! {
        () = served.runtime.stop.cancelled() => {}
        () = tokio::time::sleep(time) => {}
    }
}

async fn echo(served: &Served, taken: &Taken) {
    let told = async {
        while !served.stage.is_told(taken.performed.number, taken.performed.updates) {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    // Nobody listens, or not in time: the answer is not held for ever.
    let _ = tokio::time::timeout(ECHO_PATIENCE, told).await;
}

/// Messenger says when a message has reached the person. The others document no such receipts.
fn receipt(served: &Served, taken: &Taken) {
    if taken.happening.network != Network::Facebook {
        return;
    }
    let Deed::MessengerWrote { persona, .. } = &taken.happening.deed else { return };
    let delivered = Action::Facebook(FacebookAction::Delivered {
        account: taken.happening.account.clone(),
        author: Author::Persona(persona.clone()),
    });
    let (stage, stop) = (served.stage.clone(), served.runtime.stop.clone());
    served.runtime.tasks.spawn("playground-receipt", async move {
        tokio::select! {
            () = stop.cancelled() => return Ok(()),
            () = tokio::time::sleep(TO_THE_PHONE) => {}
        }
        if let Err(fault) = stage.perform(&delivered, Origin::Api, now()) {
            tracing::debug!(%fault, "a receipt was not told");
        }
        Ok(())
    });
}
