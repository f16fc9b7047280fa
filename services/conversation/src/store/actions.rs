//! What members asked to be done to messages at their networks.

use kit_store::{Row as _, Transaction, array};
use kit_values::{Fault, OrganizationId};
use sea_orm::{QueryResult, Value};
use serde::Deserialize;
use time::OffsetDateTime;
use uuid::Uuid;

use super::detail::unknown_code;
use crate::domain::action::{Aspect, Deed, End, Request};
use crate::domain::batch::Batch;
use crate::domain::reply::{Failure, Wait};
use crate::domain::words::{ActionId, ChannelId, MemberId, MessageId};

/// A row of `action` as `jsonb`.
#[derive(Deserialize)]
struct Kept {
    action_id: Uuid,
    target_id: Uuid,
    aspect: i16,
    turn: i64,
    wanted: bool,
    message_id: Uuid,
    channel_id: Uuid,
    member_id: Uuid,
    #[serde(with = "time::serde::rfc3339")]
    asked_at: OffsetDateTime,
    outcome: Option<i16>,
    failure_code: Option<String>,
    failure: Option<String>,
    retryable: Option<bool>,
    #[serde(with = "time::serde::rfc3339::option")]
    as_of: Option<OffsetDateTime>,
    #[serde(with = "time::serde::rfc3339::option")]
    waits_until: Option<OffsetDateTime>,
    wait_reason: Option<String>,
    rev: i64,
}

impl Kept {
    fn read(self) -> Result<Request, Fault> {
        let end = match self.outcome {
            None => None,
            Some(1) => Some(End::Done),
            Some(2) => Some(End::Failed(Failure {
                code: self.failure_code.unwrap_or_default(),
                sentence: self.failure.unwrap_or_default(),
                retryable: self.retryable.unwrap_or_default(),
            })),
            Some(_) => return Err(unknown_code("outcome of an action")),
        };
        let aspect = Aspect::from_code(self.aspect).ok_or_else(|| unknown_code("aspect"))?;
        let until = self.waits_until;
        Ok(Request {
            id: ActionId::from_uuid(self.action_id),
            target: self.target_id,
            deed: Deed { aspect, wanted: self.wanted },
            turn: self.turn,
            message: MessageId::from_uuid(self.message_id),
            channel: ChannelId::from_uuid(self.channel_id),
            member: MemberId::from_uuid(self.member_id),
            at: self.asked_at,
            end,
            as_of: self.as_of,
            wait: self.wait_reason.map(|reason| Wait { until, reason }),
            rev: self.rev,
        })
    }
}

/// The requests in a column that holds a list of rows.
pub(super) fn read_requests(row: &QueryResult, column: &str) -> Result<Vec<Request>, Fault> {
    let Some(kept) = row.get::<Option<serde_json::Value>>(column)? else { return Ok(Vec::new()) };
    let kept: Vec<Kept> = serde_json::from_value(kept).map_err(Fault::internal)?;
    kept.into_iter().map(Kept::read).collect()
}

/// Every request about these messages and identities.
pub async fn requests_about(
    transaction: &Transaction,
    organization: OrganizationId,
    targets: impl IntoIterator<Item = Uuid>,
) -> Result<Vec<Request>, Fault> {
    let values = vec![organization.uuid().into(), array::uuids(targets)];
    let rows = transaction
        .rows(
            "SELECT jsonb_agg(to_jsonb(a)) AS requests FROM action AS a \
             WHERE a.organization_id = $1 AND a.target_id = ANY ($2::uuid[])",
            values,
        )
        .await?;
    rows.first().map_or_else(|| Ok(Vec::new()), |row| read_requests(row, "requests"))
}

/// The requests of a batch that are new or changed, as parameters of its one statement.
pub(super) fn actions(batch: &Batch) -> Vec<Value> {
    let of = |request: &Request| {
        // Whose it is says the message at hand, which was loaded with it.
        batch.message_by_id(request.message).map(|message| message.key.organization.uuid())
    };
    let requests: Vec<(Uuid, &Request)> =
        batch.changed_requests().filter_map(|request| Some((of(request)?, request))).collect();
    let rows = || requests.iter().map(|(_, request)| *request);
    let failure = |request: &Request| match &request.end {
        Some(End::Failed(failure)) => Some(failure.clone()),
        _ => None,
    };
    let outcome = |request: &Request| match &request.end {
        None => None,
        Some(End::Done) => Some(1),
        Some(End::Failed(_)) => Some(2),
    };
    vec![
        array::uuids(requests.iter().map(|(organization, _)| *organization)),
        array::uuids(rows().map(|one| one.id.uuid())),
        array::uuids(rows().map(|one| one.target)),
        array::smallints(rows().map(|one| one.deed.aspect.code())),
        array::bigints(rows().map(|one| one.turn)),
        array::booleans(rows().map(|one| one.deed.wanted)),
        array::uuids(rows().map(|one| one.message.uuid())),
        array::uuids(rows().map(|one| one.channel.uuid())),
        array::uuids(rows().map(|one| one.member.uuid())),
        array::times(rows().map(|one| one.at)),
        array::nullable_smallints(rows().map(outcome)),
        array::nullable_texts(rows().map(|one| failure(one).map(|failure| failure.code))),
        array::nullable_texts(rows().map(|one| failure(one).map(|failure| failure.sentence))),
        array::nullable_booleans(rows().map(|one| failure(one).map(|failure| failure.retryable))),
        array::nullable_times(rows().map(|one| one.as_of)),
        array::nullable_times(rows().map(|one| one.wait.as_ref().and_then(|wait| wait.until))),
        array::nullable_texts(rows().map(|one| one.wait.as_ref().map(|wait| wait.reason.clone()))),
        array::bigints(rows().map(|one| one.rev)),
    ]
}
