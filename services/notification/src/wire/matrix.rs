//! The matrix, in protobuf.

use proto::notification::v1 as pb;

use crate::domain::{Matrix, Means, Occasion, Set};

/// A means.
#[must_use]
pub const fn means(of: pb::Means) -> Option<Means> {
    match of {
        pb::Means::InApp => Some(Means::InApp),
        pb::Means::Sound => Some(Means::Sound),
        pb::Means::Desktop => Some(Means::Desktop),
        pb::Means::Email => Some(Means::Email),
        pb::Means::Unspecified => None,
    }
}

/// A means, told.
#[must_use]
pub const fn means_of(means: Means) -> pb::Means {
    match means {
        Means::InApp => pb::Means::InApp,
        Means::Sound => pb::Means::Sound,
        Means::Desktop => pb::Means::Desktop,
        Means::Email => pb::Means::Email,
    }
}

const fn occasion(of: pb::Occasion) -> Option<Occasion> {
    match of {
        pb::Occasion::AssignedToYou => Some(Occasion::AssignedToYou),
        pb::Occasion::CustomerAnswered => Some(Occasion::CustomerAnswered),
        pb::Occasion::NewInQueue => Some(Occasion::NewInQueue),
        pb::Occasion::ReplyFailed => Some(Occasion::ReplyFailed),
        pb::Occasion::ChannelUnhealthy => Some(Occasion::ChannelUnhealthy),
        pb::Occasion::Unspecified => None,
    }
}

const fn occasion_of(occasion: Occasion) -> pb::Occasion {
    match occasion {
        Occasion::AssignedToYou => pb::Occasion::AssignedToYou,
        Occasion::CustomerAnswered => pb::Occasion::CustomerAnswered,
        Occasion::NewInQueue => pb::Occasion::NewInQueue,
        Occasion::ReplyFailed => pb::Occasion::ReplyFailed,
        Occasion::ChannelUnhealthy => pb::Occasion::ChannelUnhealthy,
    }
}

fn numbers(set: Set) -> Vec<i32> {
    set.list().into_iter().map(|means| means_of(means).into()).collect()
}

/// The rows that somebody asks for; none when one cannot be read.
#[must_use]
pub fn asked(wishes: &[pb::Wish]) -> Option<Vec<(Occasion, Set)>> {
    wishes
        .iter()
        .map(|wish| {
            let wanted: Option<Vec<Means>> = wish.means().map(means).collect();
            Some((occasion(wish.occasion())?, Set::of(&wanted?)))
        })
        .collect()
}

/// The rows of a matrix, those included that nobody chose.
#[must_use]
pub fn occasions(matrix: Matrix, is_admin: bool) -> Vec<pb::Wish> {
    Occasion::ALL
        .into_iter()
        // Nobody else hears of accounts.
        .filter(|occasion| is_admin || *occasion != Occasion::ChannelUnhealthy)
        .map(|occasion| pb::Wish {
            occasion: occasion_of(occasion).into(),
            means: numbers(matrix.wants(occasion)),
            offered: numbers(occasion.offered()),
        })
        .collect()
}

/// What a member wants, with what can be done for them.
#[must_use]
pub fn preferences(
    wishes: Vec<pb::Wish>,
    volume: i16,
    rev: i64,
    mail_address: &str,
    (has_push, has_mail_server): (bool, bool),
) -> pb::NotificationPreferences {
    pb::NotificationPreferences {
        wishes,
        volume: volume.into(),
        rev,
        has_mail_server,
        mail_address: mail_address.to_owned(),
        has_push,
    }
}
