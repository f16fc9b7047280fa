//! What a member is told, and by which means.

use kit_values::Fault;
use proto::notification::v1 as pb;

use super::super::personal;
use super::{filled, moment, rest, unknown};
use crate::domain::personal::{Means, Occasion};

/// A notification in the notification centre.
///
/// # Errors
/// Internal for a kind of a later version.
pub fn notification(of: pb::Notification) -> Result<rest::CentreNotification, Fault> {
    let kind = match personal::occasion(of.kind()).ok_or_else(|| unknown("notification"))? {
        Occasion::AssignedToYou => rest::Occasion::AssignedToYou,
        Occasion::CustomerAnswered => rest::Occasion::CustomerAnswered,
        Occasion::ReplyFailed => rest::Occasion::ReplyFailed,
        Occasion::ChannelUnhealthy => rest::Occasion::ChannelUnhealthy,
        Occasion::Test => rest::Occasion::Test,
    };
    let Means { in_app, sound, desktop, email } = personal::means(&of.outcomes);
    Ok(rest::CentreNotification {
        outcomes: of.outcomes.iter().map(outcome).collect::<Result<_, _>>()?,
        notification: rest::Notification {
            id: of.notification_id,
            kind,
            conversation_id: filled(of.conversation_id),
            channel_id: filled(of.channel_id),
            at: moment(of.at)?,
            badge_only: of.badge_only,
            means: rest::TellingMeans { in_app, sound, desktop, email },
            rev: of.rev,
        },
        count: of.count,
        settled_at: moment(of.settled_at)?,
        settled_reason: filled(of.settled_reason),
    })
}

fn outcome(of: &pb::MeansOutcome) -> Result<rest::MeansOutcome, Fault> {
    let outcome = match of.outcome() {
        pb::Outcome::Not => rest::Came::Not,
        pb::Outcome::Queued => rest::Came::Queued,
        pb::Outcome::Sent => rest::Came::Sent,
        pb::Outcome::Shown => rest::Came::Shown,
        pb::Outcome::Opened => rest::Came::Opened,
        pb::Outcome::Unspecified => return Err(unknown("outcome")),
    };
    let means = match of.means() {
        pb::Means::InApp => rest::Means::InApp,
        pb::Means::Sound => rest::Means::Sound,
        pb::Means::Desktop => rest::Means::Desktop,
        pb::Means::Email => rest::Means::Email,
        pb::Means::Unspecified => return Err(unknown("means")),
    };
    Ok(rest::MeansOutcome { means, outcome, reason: filled(of.reason.clone()), at: moment(of.at)? })
}

/// A means, asked for.
#[must_use]
pub const fn means(of: rest::Means) -> pb::Means {
    match of {
        rest::Means::InApp => pb::Means::InApp,
        rest::Means::Sound => pb::Means::Sound,
        rest::Means::Desktop => pb::Means::Desktop,
        rest::Means::Email => pb::Means::Email,
    }
}

/// What a browser did.
#[must_use]
pub const fn did(of: rest::Did) -> pb::Outcome {
    match of {
        rest::Did::Shown => pb::Outcome::Shown,
        rest::Did::Opened => pb::Outcome::Opened,
        rest::Did::Not => pb::Outcome::Not,
    }
}

fn wanted(means: impl Iterator<Item = pb::Means>) -> rest::WantedMeans {
    let mut wanted = rest::WantedMeans::default();
    for one in means {
        match one {
            pb::Means::InApp => wanted.in_app = true,
            pb::Means::Sound => wanted.sound = true,
            pb::Means::Desktop => wanted.desktop = true,
            pb::Means::Email => wanted.email = true,
            pb::Means::Unspecified => {}
        }
    }
    wanted
}

/// The place of a row in a matrix.
fn row(
    matrix: &mut rest::NotificationMatrix,
    occasion: pb::Occasion,
) -> Option<&mut Option<rest::WantedMeans>> {
    Some(match occasion {
        pb::Occasion::AssignedToYou => &mut matrix.assigned_to_you,
        pb::Occasion::CustomerAnswered => &mut matrix.customer_answered,
        pb::Occasion::NewInQueue => &mut matrix.new_in_queue,
        pb::Occasion::ReplyFailed => &mut matrix.reply_failed,
        pb::Occasion::ChannelUnhealthy => &mut matrix.channel_unhealthy,
        pb::Occasion::Unspecified => return None,
    })
}

/// What a member wants.
#[must_use]
pub fn preferences(of: pb::NotificationPreferences) -> rest::NotificationPreferences {
    let mut matrix = rest::NotificationMatrix::default();
    let mut offered = rest::NotificationMatrix::default();
    for wish in &of.wishes {
        if let Some(place) = row(&mut matrix, wish.occasion()) {
            *place = Some(wanted(wish.means()));
        }
        if let Some(place) = row(&mut offered, wish.occasion()) {
            *place = Some(wanted(wish.offered()));
        }
    }
    rest::NotificationPreferences {
        matrix,
        offered,
        sound: rest::Sound { volume: of.volume },
        has_push: of.has_push,
        has_mail_server: of.has_mail_server,
        mail_address: filled(of.mail_address),
        rev: of.rev,
    }
}

/// What a member wants from now on.
#[must_use]
pub fn chosen(mut of: rest::NotificationPreferencesWanted) -> pb::PutPreferencesRequest {
    let occasions = [
        pb::Occasion::AssignedToYou,
        pb::Occasion::CustomerAnswered,
        pb::Occasion::NewInQueue,
        pb::Occasion::ReplyFailed,
        pb::Occasion::ChannelUnhealthy,
    ];
    let wishes = occasions.into_iter().filter_map(|occasion| {
        let wanted = row(&mut of.matrix, occasion)?.take()?;
        let all = [
            (wanted.in_app, pb::Means::InApp),
            (wanted.sound, pb::Means::Sound),
            (wanted.desktop, pb::Means::Desktop),
            (wanted.email, pb::Means::Email),
        ];
        let means = all.into_iter().filter(|(wanted, _)| *wanted).map(|(_, means)| means.into());
        Some(pb::Wish { occasion: occasion.into(), means: means.collect(), offered: Vec::new() })
    });
    pb::PutPreferencesRequest { wishes: wishes.collect(), volume: of.sound.volume, rev: of.rev }
}
