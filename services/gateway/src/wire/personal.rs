//! What is told to one member alone: from the facts of streams, to what its frames show.

use kit_values::{Id, Kind};
use proto::notification::v1 as notifications;
use proto::routing::v1 as routing;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::rest;
use crate::domain::MemberId;
use crate::domain::personal::{Availability, Choice, Means, Notification, Occasion, Personal};

/// Reads a member's availability.
///
/// # Errors
/// What is wrong with it.
pub fn availability(
    told: &routing::MemberAvailability,
) -> Result<(MemberId, Personal), &'static str> {
    let availability = Availability {
        choice: choice(told.availability()).ok_or("says neither available nor away")?,
        away_state: match told.away_state_id.as_str() {
            "" => None,
            id => Some(read(id, "names no away state")?),
        },
        since: moment(told.since)?,
        epoch: told.epoch,
        load: told.load,
        capacity: told.capacity,
        hard_limit: told.hard_limit,
        default: choice(told.default_availability()),
    };
    Ok((read(&told.member_id, "names no member")?, Personal::Availability(availability)))
}

/// Reads a notification that was raised.
///
/// # Errors
/// What is wrong with it.
pub fn raised(told: &notifications::Notification) -> Result<(MemberId, Personal), &'static str> {
    let notification = Notification {
        id: read(&told.notification_id, "names no notification")?,
        occasion: occasion(told.kind()).ok_or("is of an unknown kind")?,
        conversation: optional(&told.conversation_id, "names no conversation")?,
        channel: optional(&told.channel_id, "names no channel")?,
        at: moment(told.at)?,
        badge_only: told.badge_only,
        means: means(&told.outcomes),
        rev: told.rev,
    };
    Ok((read(&told.member_id, "names no member")?, Personal::Raised(notification)))
}

/// What a notification is about; none for what a later version tells.
#[must_use]
pub const fn occasion(kind: notifications::NotificationKind) -> Option<Occasion> {
    Some(match kind {
        notifications::NotificationKind::AssignedToYou => Occasion::AssignedToYou,
        notifications::NotificationKind::CustomerAnswered => Occasion::CustomerAnswered,
        notifications::NotificationKind::ReplyFailed => Occasion::ReplyFailed,
        notifications::NotificationKind::ChannelUnhealthy => Occasion::ChannelUnhealthy,
        notifications::NotificationKind::Test => Occasion::Test,
        notifications::NotificationKind::Unspecified => return None,
    })
}

/// By which means it is told: not by those of which is said why not.
#[must_use]
pub fn means(outcomes: &[notifications::MeansOutcome]) -> Means {
    let mut means = Means::default();
    for one in outcomes.iter().filter(|one| one.outcome() != notifications::Outcome::Not) {
        match one.means() {
            notifications::Means::InApp => means.in_app = true,
            notifications::Means::Sound => means.sound = true,
            notifications::Means::Desktop => means.desktop = true,
            notifications::Means::Email => means.email = true,
            notifications::Means::Unspecified => {}
        }
    }
    means
}

/// Reads that a notification is settled.
///
/// # Errors
/// What is wrong with it.
pub fn withdrawn(
    told: &notifications::NotificationWithdrawn,
) -> Result<(MemberId, Personal), &'static str> {
    let withdrawn = Personal::Withdrawn {
        notification: read(&told.notification_id, "names no notification")?,
        conversation: optional(&told.conversation_id, "names no conversation")?,
    };
    Ok((read(&told.member_id, "names no member")?, withdrawn))
}

/// An availability as JSON shows it. It comes from a change, before which its member chose.
#[must_use]
pub fn shown_availability(of: &Availability) -> rest::OwnAvailability {
    rest::OwnAvailability {
        availability: shown_choice(of.choice),
        away_state_id: of.away_state.map(|id| id.to_string()),
        since: of.since.format(&Rfc3339).ok(),
        epoch: of.epoch,
        load: of.load,
        capacity: of.capacity,
        hard_limit: of.hard_limit,
        default_availability: of.default.map(shown_choice),
        never_chosen: false,
    }
}

/// A notification as JSON shows it.
#[must_use]
pub fn shown_notification(of: &Notification) -> rest::Notification {
    let Means { in_app, sound, desktop, email } = of.means;
    rest::Notification {
        id: of.id.to_string(),
        kind: match of.occasion {
            Occasion::AssignedToYou => rest::Occasion::AssignedToYou,
            Occasion::CustomerAnswered => rest::Occasion::CustomerAnswered,
            Occasion::ReplyFailed => rest::Occasion::ReplyFailed,
            Occasion::ChannelUnhealthy => rest::Occasion::ChannelUnhealthy,
            Occasion::Test => rest::Occasion::Test,
        },
        conversation_id: of.conversation.map(|id| id.to_string()),
        channel_id: of.channel.map(|id| id.to_string()),
        at: of.at.format(&Rfc3339).ok(),
        badge_only: of.badge_only,
        means: rest::TellingMeans { in_app, sound, desktop, email },
        rev: of.rev,
    }
}

const fn shown_choice(choice: Choice) -> rest::AvailabilityChoice {
    match choice {
        Choice::Available => rest::AvailabilityChoice::Available,
        Choice::Away => rest::AvailabilityChoice::Away,
    }
}

const fn choice(code: routing::Availability) -> Option<Choice> {
    match code {
        routing::Availability::Available => Some(Choice::Available),
        routing::Availability::Away => Some(Choice::Away),
        routing::Availability::Unspecified => None,
    }
}

fn read<K: Kind>(text: &str, otherwise: &'static str) -> Result<Id<K>, &'static str> {
    text.parse().map_err(|_| otherwise)
}

fn optional<K: Kind>(text: &str, otherwise: &'static str) -> Result<Option<Id<K>>, &'static str> {
    if text.is_empty() { Ok(None) } else { read(text, otherwise).map(Some) }
}

fn moment(moment: Option<prost_types::Timestamp>) -> Result<OffsetDateTime, &'static str> {
    let moment = moment.ok_or("says no time")?;
    let nanoseconds = i128::from(moment.seconds) * 1_000_000_000 + i128::from(moment.nanos);
    OffsetDateTime::from_unix_timestamp_nanos(nanoseconds).map_err(|_| "says a time that is none")
}
