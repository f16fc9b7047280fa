//! The story of a conversation, as JSON shows it.

use kit_values::Fault;
use proto::conversation::v1 as conversation;
use proto::network::v1 as network;

use super::{Names, filled, moment, network as network_of, rest, unknown};

/// A note; `mine_to_change` where a member asked.
///
/// # Errors
/// Internal for a moment that is none.
pub fn note(
    note: conversation::Note,
    names: &Names,
    for_member: bool,
) -> Result<rest::Note, Fault> {
    Ok(rest::Note {
        note_id: note.note_id,
        conversation_id: note.conversation_id,
        message_id: filled(note.message_id),
        name: names.name(&note.member_id),
        member_id: note.member_id,
        text: note.text,
        created_at: moment(note.created_at)?,
        edited_at: moment(note.edited_at)?,
        deleted_at: moment(note.deleted_at)?,
        rev: note.rev,
        mine_to_change: for_member.then_some(note.may_change),
    })
}

/// One text that a note has had.
///
/// # Errors
/// Internal for a moment that is none.
pub fn note_version(
    version: conversation::NoteVersion,
    names: &Names,
) -> Result<rest::NoteVersion, Fault> {
    Ok(rest::NoteVersion {
        text: version.text,
        at: moment(version.at)?,
        name: names.name(&version.member_id),
        member_id: version.member_id,
    })
}

/// What a member wants done, the other way.
#[must_use]
pub const fn action_wanted(action: rest::Action) -> network::MessageAction {
    match action {
        rest::Action::Like => network::MessageAction::Like,
        rest::Action::Unlike => network::MessageAction::Unlike,
        rest::Action::Hide => network::MessageAction::Hide,
        rest::Action::Unhide => network::MessageAction::Unhide,
        rest::Action::Repost => network::MessageAction::Repost,
        rest::Action::Unrepost => network::MessageAction::Unrepost,
        rest::Action::Follow => network::MessageAction::Follow,
        rest::Action::Unfollow => network::MessageAction::Unfollow,
        rest::Action::Quote => network::MessageAction::Quote,
        rest::Action::Delete => network::MessageAction::Delete,
    }
}

/// What can be done to a message; what only a later version knows is left out.
#[must_use]
pub fn action_option(option: conversation::ActionOption) -> Option<rest::ActionOption> {
    let action = match option.action() {
        network::MessageAction::Like => rest::Action::Like,
        network::MessageAction::Unlike => rest::Action::Unlike,
        network::MessageAction::Hide => rest::Action::Hide,
        network::MessageAction::Unhide => rest::Action::Unhide,
        network::MessageAction::Repost => rest::Action::Repost,
        network::MessageAction::Unrepost => rest::Action::Unrepost,
        network::MessageAction::Follow => rest::Action::Follow,
        network::MessageAction::Unfollow => rest::Action::Unfollow,
        network::MessageAction::Quote => rest::Action::Quote,
        network::MessageAction::Delete => rest::Action::Delete,
        network::MessageAction::Unspecified => return None,
    };
    Some(rest::ActionOption {
        action,
        available: option.available,
        reason_code: filled(option.reason_code),
        reason: filled(option.reason),
        channel_id: option.channel_id,
        needs_confirmation: option.needs_confirmation,
    })
}

/// What was done to a message.
///
/// # Errors
/// Internal for a code of a later version.
pub fn acts(acts: Option<conversation::Acts>, names: &Names) -> Result<rest::Acts, Fault> {
    let acts = acts.unwrap_or_default();
    let one = |act: Option<conversation::Act>| act.map(|act| shown(act, names)).transpose();
    Ok(rest::Acts {
        liked: one(acts.liked)?,
        hidden: one(acts.hidden)?,
        reposted: one(acts.reposted)?,
        following: one(acts.following)?,
        deleted: one(acts.deleted)?,
    })
}

fn shown(act: conversation::Act, names: &Names) -> Result<rest::Act, Fault> {
    Ok(rest::Act {
        state: match act.state() {
            conversation::ActState::On => rest::ActState::On,
            conversation::ActState::TurningOn => rest::ActState::TurningOn,
            conversation::ActState::TurningOff => rest::ActState::TurningOff,
            conversation::ActState::Failed => rest::ActState::Failed,
            conversation::ActState::Unspecified => return Err(unknown("state of an action")),
        },
        on: act.on,
        channel_id: act.channel_id,
        name: names.name(&act.member_id),
        member_id: act.member_id,
        at: moment(act.at)?,
        failure_code: filled(act.failure_code),
        failure: filled(act.failure),
        retryable: act.retryable,
        waits_until: moment(act.waits_until)?,
        wait_reason: filled(act.wait_reason),
    })
}

/// Who acted on a message.
pub fn actors(message: &conversation::Message) -> impl Iterator<Item = &str> {
    let acts = message.acts.iter().flat_map(|acts| {
        [&acts.liked, &acts.hidden, &acts.reposted, &acts.following, &acts.deleted]
    });
    acts.flatten().map(|act| act.member_id.as_str())
}

/// Who a contact is.
///
/// # Errors
/// Internal for a network of a later version.
pub fn contact_profile(contact: conversation::Contact) -> Result<rest::ContactProfile, Fault> {
    let author = contact.author.unwrap_or_default();
    let at = author.identity.unwrap_or_default().network();
    // X alone has an address that is made of the handle.
    let plain = author.handle.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    let known = at == network::Network::X && plain && !author.handle.is_empty();
    Ok(rest::ContactProfile {
        contact_id: contact.contact_id,
        profile_url: known.then(|| format!("https://x.com/{}", author.handle)),
        display_name: author.display_name,
        handle: author.handle,
        avatar_url: filled(author.avatar_url),
        network: network_of(at)?,
        verified: None,
        followers: None,
    })
}

/// What is known of an attribute.
///
/// # Errors
/// Internal for a moment that is none.
pub fn known_attribute(
    known: conversation::ContactAttribute,
    names: &Names,
) -> Result<rest::KnownAttribute, Fault> {
    let source = match known.source() {
        conversation::AttributeSource::Member => Some(rest::KnownFrom::Member),
        conversation::AttributeSource::Operator => Some(rest::KnownFrom::Operator),
        conversation::AttributeSource::Unspecified => None,
    };
    Ok(rest::KnownAttribute {
        attribute_id: known.attribute_id,
        value: known.value,
        rev: known.rev,
        source,
        edited_by: edited_by(known.edited_by_member_id, names),
        edited_at: moment(known.edited_at)?,
    })
}

fn edited_by(member_id: String, names: &Names) -> Option<rest::EditedBy> {
    (!member_id.is_empty()).then(|| rest::EditedBy { name: names.name(&member_id), member_id })
}

/// One thing that happened.
///
/// # Errors
/// Internal for a moment that is none.
pub fn activity_entry(
    entry: conversation::ActivityEntry,
    names: &Names,
) -> Result<rest::ActivityEntry, Fault> {
    let state_after = match entry.state_after() {
        conversation::State::New => Some(rest::State::New),
        conversation::State::Pending => Some(rest::State::Pending),
        conversation::State::Resolved => Some(rest::State::Resolved),
        conversation::State::Unspecified => None,
    };
    let by = edited_by(entry.member_id, names);
    Ok(rest::ActivityEntry {
        sequence: entry.sequence,
        at: moment(entry.at)?,
        kind: entry.kind,
        name: by.as_ref().map(|by| by.name.clone()),
        member_id: by.map(|by| by.member_id),
        reason: filled(entry.reason),
        state_after,
        message_id: filled(entry.message_id),
        note_id: filled(entry.note_id),
        what: filled(entry.what),
        to: edited_by(entry.to_member_id, names),
        failure_code: filled(entry.failure_code),
        channel_id: filled(entry.channel_id),
        due_at: moment(entry.due_at)?,
        text: filled(entry.text),
    })
}
