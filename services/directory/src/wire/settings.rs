//! Settings between the domain and protobuf.

use std::collections::BTreeMap;

use kit_values::{Fault, OrganizationId};
use proto::audit::v1 as audit_pb;
use proto::directory::v1 as pb;

use super::requests::id;
use super::timestamp;
use crate::app::audit::Kept;
use crate::domain::access::Access;
use crate::domain::attribute::{self, Attributes, Type};
use crate::domain::connection::{Connection, Kind};
use crate::domain::{AttributeId, MemberId, channel};

/// A channel's entries as others see them.
#[must_use]
pub fn entries(access: &BTreeMap<MemberId, Access>) -> Vec<pb::ChannelAccess> {
    let entry = |(member, access): (&MemberId, &Access)| pb::ChannelAccess {
        member_id: member.to_string(),
        access: match access {
            Access::Viewer => pb::Access::Viewer,
            Access::Contributor => pb::Access::Contributor,
            Access::Supervisor => pb::Access::Supervisor,
        }
        .into(),
    };
    access.iter().map(entry).collect()
}

/// The entries that a channel is to have.
///
/// # Errors
/// Invalid, naming the field.
pub fn read_entries(asked: &[pb::ChannelAccess]) -> Result<Vec<(MemberId, Access)>, Fault> {
    let entry = |entry: &pb::ChannelAccess| {
        let access = match entry.access() {
            pb::Access::Viewer => Access::Viewer,
            pb::Access::Contributor => Access::Contributor,
            pb::Access::Supervisor => Access::Supervisor,
            pb::Access::Unspecified => {
                return Err(Fault::invalid("access", "entries", "There is no such access."));
            }
        };
        Ok((id("member_id", &entry.member_id)?, access))
    };
    asked.iter().map(entry).collect()
}

/// An organization's contact attributes as others see them.
#[must_use]
pub fn attributes(organization: OrganizationId, attributes: &Attributes) -> pb::ContactAttributes {
    let definition =
        |(attribute, position): (&attribute::Attribute, u32)| pb::ContactAttributeDefinition {
            attribute_id: attribute.id.to_string(),
            name: attribute.name.clone(),
            r#type: type_code(attribute.of).into(),
            choices: attribute.choices.clone(),
            shown: attribute.shown,
            position,
            version: attribute.version,
            key: attribute.key.clone(),
        };
    pb::ContactAttributes {
        organization_id: organization.to_string(),
        attributes: attributes.list.iter().zip(0_u32..).map(definition).collect(),
        version: attributes.version,
    }
}

fn type_code(of: Type) -> pb::ContactAttributeType {
    match of {
        Type::Text => pb::ContactAttributeType::Text,
        Type::Number => pb::ContactAttributeType::Number,
        Type::Date => pb::ContactAttributeType::Date,
        Type::List => pb::ContactAttributeType::List,
        Type::Boolean => pb::ContactAttributeType::Boolean,
        Type::Url => pb::ContactAttributeType::Url,
        Type::Email => pb::ContactAttributeType::Email,
        Type::Phone => pb::ContactAttributeType::Phone,
    }
}

/// The type of a new attribute.
///
/// # Errors
/// Invalid without one.
pub fn read_type(asked: pb::ContactAttributeType) -> Result<Type, Fault> {
    Type::ALL
        .into_iter()
        .find(|of| type_code(*of) == asked)
        .ok_or_else(|| Fault::invalid("type", "type", "There is no such type."))
}

/// What of an attribute is to change: its id, the version it was seen at, and the change.
///
/// # Errors
/// Invalid, naming the field.
pub fn attribute_change(
    asked: pb::ChangeContactAttributeRequest,
) -> Result<(AttributeId, i64, attribute::Change), Fault> {
    let attribute = id("attribute_id", &asked.attribute_id)?;
    let change = attribute::Change {
        name: asked.name,
        shown: asked.shown,
        choices: asked.set_choices.then_some(asked.choices),
    };
    Ok((attribute, asked.version, change))
}

/// What of a channel is to change.
#[must_use]
pub fn channel_change(asked: pb::ChangeChannelRequest) -> channel::Change {
    channel::Change {
        display_name: asked.display_name,
        auto_resolve_days: asked.auto_resolve_days,
        restricted: asked.restricted,
        reopen_window: asked.reopen_window.map(|window| window.hours),
    }
}

/// A connection as others see it.
#[must_use]
pub fn connection(connection: &Connection) -> pb::Connection {
    pb::Connection {
        organization_id: connection.organization.to_string(),
        kind: connection.kind.name().to_owned(),
        account: connection.account.clone(),
        version: connection.version,
        connected_at: Some(timestamp(connection.connected_at)),
        removed: connection.removed,
    }
}

/// Which service a connection is for.
///
/// # Errors
/// Invalid for an unknown one.
pub fn kind(asked: &str) -> Result<Kind, Fault> {
    Kind::named(asked)
        .ok_or_else(|| Fault::invalid("kind", "kind", "There is no such kind of connection."))
}

/// An entry of the audit table as others see it.
#[must_use]
pub fn entry(entry: Kept) -> audit_pb::Entry {
    audit_pb::Entry {
        number: entry.number,
        at: Some(timestamp(entry.at)),
        member_id: entry.member.map(|id| MemberId::from_uuid(id).to_string()).unwrap_or_default(),
        act: entry.act,
        subject: entry.subject,
        detail: entry.detail,
        hash: entry.hash,
        service: entry.service,
    }
}
