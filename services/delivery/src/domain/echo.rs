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
    /// It quotes what it answers.
    pub quotes: bool,
    /// When its first byte left; none while nothing can have.
    pub first_byte_at: Option<OffsetDateTime>,
    /// Where it stands.
    pub standing: Standing,
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
    /// The id of an earlier try.
    Id,
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
            Self::Id => "id",
            Self::Mark => "mark",
            Self::Text => "text",
        }
    }
}

impl Candidate {
    const fn is_open(&self) -> bool {
        matches!(self.standing, Standing::Waits | Standing::Open)
    }

    /// Both are tries to send one message.
    fn is_same_message(&self, other: &Self) -> bool {
        self.key == Key { attempt: self.key.attempt, ..other.key }
    }
}

/// Recognises an echo among the attempts of its account, which are in the order of their keys; of
/// a message of which one is given, all are.
#[must_use]
#[expect(clippy::module_name_repetitions, reason = "what it is called everywhere")]
pub fn match_echo(network: Network, echo: &Echo, candidates: &[Candidate]) -> Match {
    if let Some(known) = candidates.iter().rfind(|one| is_its_id(echo, one)) {
        return newest(known, candidates)
            .filter(|newest| newest.key != known.key)
            .map_or(Match::Known(known.key), |newest| instead(newest, How::Id));
    }
    if !echo.mark.is_empty()
        && let Some(marked) = candidates.iter().find(|one| one.key.mark() == echo.mark)
    {
        return told_of(marked, candidates, How::Mark);
    }
    let words = likeness(network, &echo.text);
    let alike: Vec<&Candidate> =
        candidates.iter().filter(|one| is_alike(network, echo, &words, one)).collect();
    // What may still be on its way comes first; only then what a person says never arrived.
    for standing in [Standing::Open, Standing::Denied] {
        let mut found = alike.iter().filter(|one| one.standing == standing);
        let Some(last) = found.next_back() else { continue };
        let only = found.all(|other| other.is_same_message(last));
        return if only { told_of(last, candidates, How::Text) } else { Match::Native };
    }
    Match::Native
}

fn is_its_id(echo: &Echo, candidate: &Candidate) -> bool {
    candidate.sent.as_ref().is_some_and(|(external_id, scope)| {
        !external_id.is_empty() && *external_id == echo.external_id && *scope == echo.scope
    })
}

/// The newest try of the same message.
fn newest<'a>(one: &Candidate, candidates: &'a [Candidate]) -> Option<&'a Candidate> {
    let tries = candidates.iter().filter(|other| other.is_same_message(one));
    tries.max_by_key(|other| other.key.attempt)
}

/// What an echo of this attempt settles: the attempt itself; or the newest that was to make up for
/// it, so that the message has one place.
fn told_of(one: &Candidate, candidates: &[Candidate], how: How) -> Match {
    if one.standing == Standing::Ended {
        // It is not ended again: then there are two such messages.
        return Match::Native;
    }
    match newest(one, candidates).filter(|newest| newest.key != one.key) {
        // The newest will find that it need not leave.
        Some(newest) if newest.standing == Standing::Waits && one.is_open() => {
            Match::Settles(one.key, how)
        }
        Some(newest) => instead(newest, how),
        None => Match::Settles(one.key, how),
    }
}

/// The network has the message from an earlier try than this, the newest one.
fn instead(newest: &Candidate, how: How) -> Match {
    match newest.standing {
        // It need not leave any more, or never arrived.
        Standing::Waits | Standing::Denied => Match::Settles(newest.key, how),
        Standing::Ended if newest.sent.is_none() => Match::Settles(newest.key, how),
        // It may have arrived as well, or has: then there are two such messages.
        Standing::Open | Standing::Ended => Match::Native,
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
    let ours = likeness(network, &candidate.text);
    // X adds the address of what is quoted.
    let quotes =
        candidate.quotes && words.strip_suffix(ADDRESS).map(str::trim_end) == Some(ours.as_str());
    matches!(candidate.standing, Standing::Open | Standing::Denied)
        && candidate.sent.is_none()
        && echo.private == candidate.private
        && recipient
        && place
        && (echo.network_time - first_byte_at).unsigned_abs() <= WINDOW
        && !ours.is_empty()
        && (words == ours || quotes)
}

/// Stands for any address.
const ADDRESS: &str = "\u{1}";

/// A text without what networks change on its way: white space, names in front that make it an
/// answer, addresses, which they shorten, and the characters that they escape.
#[must_use]
pub fn likeness(network: Network, text: &str) -> String {
    let mut text = text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&");
    if network == Network::X {
        // Bare domains and addresses in brackets too.
        for range in weighted::addresses(&text).into_iter().rev() {
            text.replace_range(range, ADDRESS);
        }
    }
    let mut words = text.split_whitespace().peekable();
    while words.next_if(|word| word.len() > 1 && word.starts_with('@')).is_some() {}
    let words = words.map(|word| {
        let is_address = word.starts_with("https://") || word.starts_with("http://");
        if is_address { ADDRESS } else { word }
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
            quotes: false,
        }
    }

    /// An attempt to send another message.
    fn other(number: u128) -> Candidate {
        let message = MessageId::from_uuid(uuid::Uuid::from_u128(number));
        Candidate { key: Key { message, ..key(1) }, ..candidate(1) }
    }

    fn text(key: Key) -> Match {
        Match::Settles(key, How::Text)
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
        assert_eq!(match_on_x(&echo(), &[candidate(1), other(3)]), Match::Native);
        let denied = |one| Candidate { standing: Standing::Denied, ..one };
        assert_eq!(match_on_x(&echo(), &[denied(candidate(1)), denied(other(3))]), Match::Native);
        // What may be on its way comes before what a person says never arrived.
        let matched = match_on_x(&echo(), &[denied(candidate(1)), other(3)]);
        assert_eq!(matched, text(other(3).key));
    }

    #[test]
    fn what_a_person_denied_and_the_network_shows_is_there_after_all() {
        let denied = Candidate { standing: Standing::Denied, ..candidate(1) };
        let matched = match_on_x(&echo(), std::slice::from_ref(&denied));
        assert_eq!(matched, text(key(1)));
        // A second try that has not begun need not be made; one that was refused is made good.
        let later = |standing| Candidate { standing, first_byte_at: None, ..candidate(2) };
        for standing in [Standing::Waits, Standing::Ended] {
            let matched = match_on_x(&echo(), &[denied.clone(), later(standing)]);
            assert_eq!(matched, text(key(2)));
        }
        // One that may have left is the one that may arrive.
        let matched = match_on_x(&echo(), &[denied.clone(), candidate(2)]);
        assert_eq!(matched, text(key(2)));
        // One that has another place leaves two messages there.
        let sent = Some(("901".to_owned(), String::new()));
        let sent = Candidate { sent, standing: Standing::Ended, ..candidate(2) };
        assert_eq!(match_on_x(&echo(), &[denied, sent]), Match::Native);
    }

    #[test]
    fn an_id_of_an_earlier_try_is_the_message_unless_it_has_another_place() {
        let place = |id: &str| Some((id.to_owned(), String::new()));
        let first = Candidate { sent: place("900"), standing: Standing::Ended, ..candidate(1) };
        let second = |sent, standing| Candidate { sent, standing, ..candidate(2) };
        for (later, expected) in [
            (second(None, Standing::Waits), Match::Settles(key(2), How::Id)),
            (second(None, Standing::Ended), Match::Settles(key(2), How::Id)),
            (second(place("900"), Standing::Ended), Match::Known(key(2))),
            (second(place("901"), Standing::Ended), Match::Native),
            (second(None, Standing::Open), Match::Native),
        ] {
            assert_eq!(match_on_x(&echo(), &[first.clone(), later]), expected);
        }
    }

    #[test]
    fn a_quote_comes_back_with_the_address_of_what_it_quotes() {
        let public = Echo {
            private: false,
            recipient: None,
            in_reply_to: "5".to_owned(),
            text: "Hello there https://t.co/abc".to_owned(),
            ..echo()
        };
        let quote =
            Candidate { private: false, in_reply_to: "5".to_owned(), quotes: true, ..candidate(1) };
        assert_eq!(match_on_x(&public, std::slice::from_ref(&quote)), text(key(1)));
        let bare = Echo { text: "Hello there".to_owned(), ..public.clone() };
        assert_eq!(match_on_x(&bare, std::slice::from_ref(&quote)), text(key(1)));
        let reply = Candidate { quotes: false, ..quote };
        assert_eq!(match_on_x(&public, &[reply]), Match::Native);
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
            Candidate { standing: Standing::Waits, ..candidate(1) },
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
