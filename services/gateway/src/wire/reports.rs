//! Sessions, as routing is told of them.

use std::collections::BTreeMap;

use proto::routing::v1 as routing;
use time::OffsetDateTime;
use uuid::Uuid;

use crate::domain::ConversationId;
use crate::domain::connections::{Connection, Report};

/// A report of sessions; of those that live, where their members type.
#[must_use]
pub fn request(
    report: &Report,
    typing: &BTreeMap<Uuid, ConversationId>,
) -> routing::ReportSessionsRequest {
    let sessions = |of: &[Connection]| of.iter().map(session).collect();
    let typed = |open: &Connection| routing::Session {
        typing_conversation_ids: typing.get(&open.id).iter().map(ToString::to_string).collect(),
        ..session(open)
    };
    routing::ReportSessionsRequest {
        gateway: report.gateway.simple().to_string(),
        opened: sessions(&report.opened),
        closed: sessions(&report.closed),
        live: report.live.iter().map(typed).collect(),
        renewal: report.renewal,
        leaving: report.leaving,
    }
}

fn session(open: &Connection) -> routing::Session {
    routing::Session {
        session: open.id.simple().to_string(),
        organization_id: open.organization.to_string(),
        member_id: open.member.to_string(),
        signed_in_at: Some(timestamp(open.signed_in_at)),
        typing_conversation_ids: Vec::new(),
    }
}

fn timestamp(moment: OffsetDateTime) -> prost_types::Timestamp {
    prost_types::Timestamp {
        seconds: moment.unix_timestamp(),
        // Below 10^9.
        nanos: i32::try_from(moment.nanosecond()).unwrap_or_default(),
    }
}
