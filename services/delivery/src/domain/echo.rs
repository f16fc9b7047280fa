//! What an account wrote itself, as its network tells it: one of our own attempts, or written in
//! the network's own app (`product.md` 5).

use std::time::Duration;

use networks::Network;
use networks::manifest::weighted;
use time::OffsetDateTime;

use super::words::Key;

/// How far an echo's time may lie from the attempt's first byte, for the text to decide.
pub const WINDOW: Duration = Duration::from_mins(10);

/// What the network tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Echo {
    /// Its id at the network.
    pub external_id: String,
    /// What the id is unique within.
    pub scope: String,
    /// Only its recipient sees it.
    pub private: bool,
    /// Whom it was written to, where the network says so.
    pub recipient: Option<String>,
    /// What it answers; empty where the network does not say.
    pub in_reply_to: String,
    /// What we gave with it, handed back; empty if nothing.
    pub mark: String,
    /// What it says.
    pub text: String,
    /// When, by the network's clock.
    pub network_time: OffsetDateTime,
}

/// Where an attempt stands, as far as echoes are concerned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// It has not begun, or was put off.
    Waits,
    /// It is being made, nobody knows, or a person called it sent, who could not say its id.
    Open,
    /// A person said that it did not arrive.
    Denied,
    /// It has ended otherwise.
    Ended,
}

/// An attempt that an echo may be of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// Which.
    pub key: Key,
    /// Its id at the network and what that is unique within, once it is sent.
    pub sent: Option<(String, String)>,
    /// Only its recipient sees it.
    pub private: bool,
    /// Whom it goes to.
    pub recipient: String,
    /// What it answers; empty in an open dialogue.
    pub in_reply_to: String,
    /// What it says.
    pub text: String,
    /// When its first byte left; none while nothing can have.
    pub first_byte_at: Option<OffsetDateTime>,
    /// Where it stands.
    pub standing: Standing,
    /// The message has been tried again since.
    pub superseded: bool,
}

/// What an echo is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Match {
    /// An attempt that is known as sent: nothing new.
    Known(Key),
    /// An attempt that was thus sent; how that was seen.
    Settles(Key, How),
    /// Written in the network's own app.
    Native,
}

/// By what an echo was recognised.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum How {
    /// The mark that we gave.
    Mark,
    /// Its text, place and time.
    Text,
}

impl How {
    /// Its word in metrics.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Mark => "mark",
            Self::Text => "text",
        }
    }
}

impl Candidate {
    const fn is_open(&self) -> bool {
        matches!(self.standing, Standing::Waits | Standing::Open)
    }
}

/// Recognises an echo among the attempts of its account.
#[must_use]
#[expect(clippy::module_name_repetitions, reason = "what it is called everywhere")]
pub fn match_echo(network: Network, echo: &Echo, candidates: &[Candidate]) -> Match {
    let is_its_id = |(external_id, scope): &(String, String)| {
        !external_id.is_empty() && *external_id == echo.external_id && *scope == echo.scope
    };
    if let Some(known) = candidates.iter().find(|one| one.sent.as_ref().is_some_and(is_its_id)) {
        return Match::Known(known.key);
    }
    if !echo.mark.is_empty()
        && let Some(marked) = candidates.iter().find(|one| one.key.mark() == echo.mark)
    {
        if marked.is_open() {
            return Match::Settles(marked.key, How::Mark);
        }
        // The one that was to make up for it need not leave any more. What has ended otherwise is
        // not ended again: then there are two such messages.
        let instead = candidates.iter().filter(|one| {
            one.key == Key { attempt: one.key.attempt, ..marked.key }
                && one.key.attempt > marked.key.attempt
                && one.standing == Standing::Waits
        });
        let newest = instead.map(|one| one.key).max();
        return newest
            .filter(|_| marked.standing == Standing::Denied)
            .map_or(Match::Native, |key| Match::Settles(key, How::Mark));
    }
    let words = likeness(network, &echo.text);
    let mut alike = candidates.iter().filter(|one| is_alike(network, echo, &words, one));
    match (alike.next(), alike.next()) {
        (Some(only), None) => Match::Settles(only.key, How::Text),
        _ => Match::Native,
    }
}

fn is_alike(network: Network, echo: &Echo, words: &str, candidate: &Candidate) -> bool {
    let Some(first_byte_at) = candidate.first_byte_at else { return false };
    let recipient = match &echo.recipient {
        Some(recipient) => *recipient == candidate.recipient,
        // In public the network names what is answered instead.
        None => !echo.private,
    };
    let place = echo.private
        || echo.in_reply_to.is_empty()
        || candidate.in_reply_to.is_empty()
        || echo.in_reply_to == candidate.in_reply_to;
    candidate.is_open()
        && !candidate.superseded
        && candidate.sent.is_none()
        && echo.private == candidate.private
        && recipient
        && place
        && (echo.network_time - first_byte_at).unsigned_abs() <= WINDOW
        && !words.is_empty()
        && words == likeness(network, &candidate.text)
}

/// A text without what networks change on its way: white space, names in front that make it an
/// answer, addresses, which they shorten, and the characters that they escape.
#[must_use]
pub fn likeness(network: Network, text: &str) -> String {
    let mut text = text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&");
    if network == Network::X {
        // Bare domains and addresses in brackets too.
        for range in weighted::addresses(&text).into_iter().rev() {
            text.replace_range(range, "\u{1}");
        }
    }
    let mut words = text.split_whitespace().peekable();
    while words.next_if(|word| word.len() > 1 && word.starts_with('@')).is_some() {}
    let words = words.map(|word| {
        let is_address = word.starts_with("https://") || word.starts_with("http://");
        if is_address { "\u{1}" } else { word }
    });
    words.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use kit_values::OrganizationId;

    use super::*;
    use crate::domain::words::{Action, MessageId};

    fn key(attempt: i32) -> Key {
        let organization = OrganizationId::from_uuid(uuid::Uuid::from_u128(1));
        let message = MessageId::from_uuid(uuid::Uuid::from_u128(2));
        Key { organization, message, action: Action::Send, attempt }
    }

    fn match_on_x(echo: &Echo, candidates: &[Candidate]) -> Match {
        match_echo(Network::X, echo, candidates)
    }

    fn echo() -> Echo {
        Echo {
            external_id: "900".to_owned(),
            scope: String::new(),
            private: true,
            recipient: Some("77".to_owned()),
            in_reply_to: String::new(),
            mark: String::new(),
            text: "Hello there".to_owned(),
            network_time: OffsetDateTime::UNIX_EPOCH + Duration::from_mins(20),
        }
    }

    fn candidate(attempt: i32) -> Candidate {
        Candidate {
            key: key(attempt),
            sent: None,
            private: true,
            recipient: "77".to_owned(),
            in_reply_to: String::new(),
            text: "Hello  there ".to_owned(),
            first_byte_at: Some(OffsetDateTime::UNIX_EPOCH + Duration::from_mins(15)),
            standing: Standing::Open,
            superseded: false,
        }
    }

    #[test]
    fn an_id_that_is_known_is_nothing_new() {
        let sent = Some(("900".to_owned(), String::new()));
        let known = Candidate { sent, standing: Standing::Ended, ..candidate(2) };
        assert_eq!(match_on_x(&echo(), &[candidate(1), known]), Match::Known(key(2)));
    }

    #[test]
    fn our_mark_decides_before_the_text() {
        let marked = Echo { mark: key(2).mark(), ..echo() };
        let other = Candidate { text: "Something else".to_owned(), ..candidate(2) };
        let matched = match_on_x(&marked, &[candidate(1), other]);
        assert_eq!(matched, Match::Settles(key(2), How::Mark));
    }

    #[test]
    fn a_mark_of_what_has_ended_settles_nothing() {
        let marked = Echo { mark: key(1).mark(), ..echo() };
        let ended = Candidate { standing: Standing::Ended, ..candidate(1) };
        assert_eq!(match_on_x(&marked, &[ended]), Match::Native);
    }

    #[test]
    fn a_mark_of_what_a_person_denied_settles_a_later_one_that_waits() {
        let marked = Echo { mark: key(1).mark(), ..echo() };
        let denied = || Candidate { standing: Standing::Denied, ..candidate(1) };
        let later = |standing| Candidate { standing, ..candidate(2) };
        let matched = match_on_x(&marked, &[denied(), later(Standing::Waits)]);
        assert_eq!(matched, Match::Settles(key(2), How::Mark));
        // That one may have arrived as well.
        let matched = match_on_x(&marked, &[denied(), later(Standing::Open)]);
        assert_eq!(matched, Match::Native);
        let refused = Candidate { standing: Standing::Ended, ..candidate(1) };
        let matched = match_on_x(&marked, &[refused, later(Standing::Waits)]);
        assert_eq!(matched, Match::Native);
    }

    #[test]
    fn the_only_one_alike_is_it() {
        assert_eq!(match_on_x(&echo(), &[candidate(1)]), Match::Settles(key(1), How::Text));
    }

    #[test]
    fn of_two_alike_neither_is() {
        assert_eq!(match_on_x(&echo(), &[candidate(1), candidate(2)]), Match::Native);
    }

    #[test]
    fn text_recipient_kind_time_and_standing_must_all_agree() {
        let at = OffsetDateTime::UNIX_EPOCH;
        for other in [
            Candidate { text: "Hello here".to_owned(), ..candidate(1) },
            Candidate { recipient: "78".to_owned(), ..candidate(1) },
            Candidate { private: false, ..candidate(1) },
            Candidate { first_byte_at: Some(at + Duration::from_secs(599)), ..candidate(1) },
            Candidate { first_byte_at: None, ..candidate(1) },
            Candidate { standing: Standing::Ended, ..candidate(1) },
            Candidate { standing: Standing::Denied, ..candidate(1) },
            Candidate { superseded: true, ..candidate(1) },
        ] {
            assert_eq!(
                match_on_x(&echo(), std::slice::from_ref(&other)),
                Match::Native,
                "{other:?}"
            );
        }
    }

    #[test]
    fn in_public_the_place_stands_for_the_recipient() {
        let public = Echo {
            private: false,
            recipient: None,
            in_reply_to: "5".to_owned(),
            text: "@amelie @noah Hello there".to_owned(),
            ..echo()
        };
        let ours = Candidate { private: false, in_reply_to: "5".to_owned(), ..candidate(1) };
        let matched = match_on_x(&public, std::slice::from_ref(&ours));
        assert_eq!(matched, Match::Settles(key(1), How::Text));
        let elsewhere = Candidate { in_reply_to: "6".to_owned(), ..ours };
        assert_eq!(match_on_x(&public, &[elsewhere]), Match::Native);
    }

    #[test]
    fn what_networks_change_on_the_way_makes_no_difference() {
        let ours = "Tom &  Ann: see https://example.com/a/long/way\n<here>";
        let theirs = "@amelie Tom &amp; Ann: see https://t.co/abc &lt;here&gt;";
        for network in Network::ALL {
            assert_eq!(likeness(network, ours), likeness(network, theirs));
        }
        let on_x = |text| likeness(Network::X, text);
        assert_eq!(
            on_x("see example.com (https://example.com/a). www.example.org/b?c=d"),
            on_x("see https://t.co/a (https://t.co/b). https://t.co/c")
        );
        assert_ne!(on_x("see example.com"), on_x("look https://t.co/a"));
        assert_ne!(on_x("Hello"), on_x("Hello."));
        assert_eq!(on_x("@"), "@");
    }
}
