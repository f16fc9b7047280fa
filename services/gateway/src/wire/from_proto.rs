//! What the services answer, as JSON shows it.
//!
//! A code that this version does not know is a fault: it would mean something else to a person.

use kit_values::Fault;
use proto::conversation::v1 as conversation;
use proto::directory::v1 as directory;
use proto::network::v1 as network;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::names::{Names, Person};
use super::rest;

mod answering;
pub mod links;
mod lists;
pub mod notifications;
pub mod settings;
mod story;
mod team;

pub use answering::{answer_option, lock, message_kind, state_wanted};
pub use lists::{draft, draft_mode, found, given_moment, reminder, search_in, sort, stood};
pub use story::{
    action_option, action_wanted, activity_entry, actors, acts, contact_profile, known_attribute,
    note, note_version,
};
pub use team::{
    availability_wanted, away_state, explanation, managed_away_states, own_availability,
    team_capacity, team_member,
};

/// A member, as themselves.
///
/// # Errors
/// Internal for a role of a later version.
pub fn me(member: &directory::Member) -> Result<rest::Me, Fault> {
    Ok(rest::Me {
        id: member.member_id.clone(),
        login: member.login.clone(),
        display_name: member.display_name.clone(),
        roles: roles(member)?,
    })
}

/// The members of an organization, as others see them.
///
/// # Errors
/// Internal for a role of a later version.
pub fn names(members: Vec<directory::Member>) -> Result<Names, Fault> {
    let people = members.into_iter().map(|member| {
        let person = Person { roles: roles(&member)?, name: member.display_name };
        Ok((member.member_id, person))
    });
    people.collect::<Result<_, Fault>>().map(Names::new)
}

fn roles(member: &directory::Member) -> Result<Vec<rest::Role>, Fault> {
    let roles = member.roles().map(|role| match role {
        directory::Role::Agent => Ok(rest::Role::Agent),
        directory::Role::Supervisor => Ok(rest::Role::Supervisor),
        directory::Role::Admin => Ok(rest::Role::Admin),
        directory::Role::Unspecified => Err(unknown("role")),
    });
    roles.collect()
}

/// An organization.
#[must_use]
pub fn organization(organization: directory::Organization) -> rest::Organization {
    rest::Organization {
        id: organization.organization_id,
        name: organization.name,
        language: organization.language,
        time_zone: organization.time_zone,
    }
}

/// A channel.
///
/// # Errors
/// Internal for a network of a later version.
pub fn channel(channel: directory::Channel) -> Result<rest::Channel, Fault> {
    Ok(rest::Channel {
        network: network(channel.network())?,
        id: channel.channel_id,
        handle: channel.handle,
        display_name: channel.display_name,
        simulated: channel.simulated,
    })
}

/// Counts.
#[must_use]
pub fn counts(counts: conversation::Counts) -> rest::Counts {
    rest::Counts {
        new: counts.new,
        pending: counts.pending,
        all: counts.new.saturating_add(counts.pending),
        resolved: counts.resolved,
    }
}

/// A row.
///
/// # Errors
/// Internal for a code of a later version.
pub fn row(row: conversation::ConversationRow, names: &Names) -> Result<rest::Row, Fault> {
    let state = match row.state() {
        conversation::State::New => rest::State::New,
        conversation::State::Pending => rest::State::Pending,
        conversation::State::Resolved => rest::State::Resolved,
        conversation::State::Unspecified => return Err(unknown("state")),
    };
    let last_kind = match row.last_kind() {
        network::MessageKind::Unspecified => None,
        known => Some(kind(known)?),
    };
    let last_direction = match row.last_direction() {
        conversation::Direction::Unspecified => None,
        known => Some(direction(known)?),
    };
    let network = network(row.network())?;
    let contact = row.contact.unwrap_or_default();
    let author = contact.author.unwrap_or_default();
    Ok(rest::Row {
        id: row.conversation_id,
        rev: row.rev,
        state,
        contact: rest::Contact {
            id: contact.contact_id,
            name: author.display_name,
            handle: author.handle,
            avatar_url: filled(author.avatar_url),
        },
        network,
        channel_ids: row.channel_ids,
        last: rest::Last { text: row.last_text, kind: last_kind, direction: last_direction },
        last_activity_at: moment(row.last_activity_at)?,
        waiting_since: moment(row.waiting_since)?,
        unseen_count: row.unseen_count,
        message_count: row.message_count,
        last_sequence: row.last_sequence,
        opened_at: moment(row.opened_at)?,
        resolved_at: moment(row.resolved_at)?,
        previous_id: filled(row.previous_conversation_id),
        absorbed_into: filled(row.absorbed_into),
        owner: names.owner(row.owner_member_id),
        owner_epoch: row.owner_epoch,
        lock: row.lock.map(|held| lock(held, names)).transpose()?,
        reminder: row.reminder.map(|set| reminder(set, names)).transpose()?,
    })
}

/// A message.
///
/// # Errors
/// Internal for a code of a later version.
pub fn message(message: conversation::Message, names: &Names) -> Result<rest::Message, Fault> {
    Ok(rest::Message {
        kind: kind(message.kind())?,
        network: network(message.network())?,
        direction: direction(message.direction())?,
        id: message.message_id,
        conversation_id: message.conversation_id,
        sequence: message.sequence,
        rev: message.rev,
        author: message
            .author
            .map(|author| rest::Author { name: author.display_name, handle: author.handle }),
        channel_ids: message.channel_ids,
        text: message.text,
        edited: message.edited,
        deleted: message.deleted,
        attachments: message
            .attachments
            .into_iter()
            .map(|attachment| rest::Attachment {
                kind: attachment.r#type,
                url: attachment.url,
                title: attachment.title,
            })
            .collect(),
        permalink: filled(message.permalink),
        network_time: moment(message.network_time)?,
        external_id: message.external_id,
        in_reply_to: filled(message.in_reply_to_message_id),
        reactions: message
            .reactions
            .into_iter()
            .map(|reaction| rest::Reaction { reaction: reaction.reaction, emoji: reaction.emoji })
            .collect(),
        delivered: message.delivered,
        read: message.read,
        reply: message.reply.map(|reply| answering::reply(reply, names)).transpose()?,
        answers: message.answers.into_iter().map(answer_option).collect::<Result<_, _>>()?,
        actions: message.actions.into_iter().filter_map(action_option).collect(),
        acts: acts(message.acts, names)?,
    })
}

/// A queue, the other way.
#[must_use]
pub const fn queue(queue: rest::Queue) -> conversation::Queue {
    match queue {
        rest::Queue::New => conversation::Queue::New,
        rest::Queue::Pending => conversation::Queue::Pending,
        rest::Queue::All => conversation::Queue::All,
        rest::Queue::Resolved => conversation::Queue::Resolved,
    }
}

/// A text that may be absent, which protobuf leaves empty.
#[must_use]
pub fn filled(text: String) -> Option<String> {
    (!text.is_empty()).then_some(text)
}

fn network(code: network::Network) -> Result<rest::Network, Fault> {
    match code {
        network::Network::X => Ok(rest::Network::X),
        network::Network::Facebook => Ok(rest::Network::Facebook),
        network::Network::Unspecified => Err(unknown("network")),
    }
}

fn kind(code: network::MessageKind) -> Result<rest::MessageKind, Fault> {
    match code {
        network::MessageKind::PrivateMessage => Ok(rest::MessageKind::PrivateMessage),
        network::MessageKind::Comment => Ok(rest::MessageKind::Comment),
        network::MessageKind::Reply => Ok(rest::MessageKind::Reply),
        network::MessageKind::Mention => Ok(rest::MessageKind::Mention),
        network::MessageKind::Post => Ok(rest::MessageKind::Post),
        network::MessageKind::Quote => Ok(rest::MessageKind::Quote),
        network::MessageKind::Unspecified => Err(unknown("message kind")),
    }
}

fn direction(code: conversation::Direction) -> Result<rest::Direction, Fault> {
    match code {
        conversation::Direction::Inbound => Ok(rest::Direction::Inbound),
        conversation::Direction::Outbound => Ok(rest::Direction::Outbound),
        conversation::Direction::Unspecified => Err(unknown("direction")),
    }
}

fn moment(moment: Option<prost_types::Timestamp>) -> Result<Option<String>, Fault> {
    let Some(moment) = moment else { return Ok(None) };
    let nanoseconds = i128::from(moment.seconds) * 1_000_000_000 + i128::from(moment.nanos);
    let moment = OffsetDateTime::from_unix_timestamp_nanos(nanoseconds).map_err(Fault::internal)?;
    Ok(Some(moment.format(&Rfc3339).map_err(Fault::internal)?))
}

fn unknown(what: &'static str) -> Fault {
    Fault::internal(format!("a service answered with an unknown {what}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stored() -> conversation::ConversationRow {
        conversation::ConversationRow {
            conversation_id: "conv_1".to_owned(),
            rev: 3,
            state: conversation::State::New.into(),
            network: network::Network::Facebook.into(),
            message_count: 4,
            last_sequence: 6,
            last_text: "Bonjour".to_owned(),
            last_kind: network::MessageKind::Comment.into(),
            last_direction: conversation::Direction::Inbound.into(),
            last_activity_at: Some(prost_types::Timestamp { seconds: 1_700_000_000, nanos: 1_000 }),
            ..conversation::ConversationRow::default()
        }
    }

    #[test]
    fn a_row_shows_absent_things_as_null_and_times_in_rfc_3339() {
        let json = serde_json::to_value(row(stored(), &Names::default()).expect("reads"))
            .expect("serialises");
        assert_eq!(json["last_activity_at"], "2023-11-14T22:13:20.000001Z");
        assert_eq!(json["last"]["kind"], "comment");
        assert_eq!(json["network"], "facebook");
        assert_eq!((&json["message_count"], &json["last_sequence"]), (&4.into(), &6.into()));
        for absent in
            ["waiting_since", "resolved_at", "previous_id", "absorbed_into", "owner", "lock"]
        {
            assert!(json[absent].is_null(), "{absent}");
        }
    }

    #[test]
    fn a_code_of_a_later_version_is_a_fault() {
        let later = conversation::ConversationRow { state: 17, ..stored() };
        assert!(row(later, &Names::default()).is_err());
    }
}
