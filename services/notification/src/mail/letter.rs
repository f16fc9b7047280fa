//! What mails say, in English and French: text, and the same as HTML.
//!
//! A mail quotes no customer. What it does quote (names of members, accounts and the
//! organization) somebody typed: it is cut, freed of what would turn the line round or break it,
//! and escaped.

use std::fmt::Write as _;

/// Longest quoted name, in characters.
const LONGEST: usize = 120;

/// What a mail is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Occasion {
    /// A conversation was handed to its reader.
    AssignedToYou,
    /// A customer answered its reader.
    CustomerAnswered,
    /// A reply failed.
    ReplyFailed,
    /// A network refuses an account's token.
    ChannelUnhealthy,
    /// Its reader wants to see whether it comes.
    Test,
    /// Its reader forgot a password.
    PasswordReset,
    /// Its reader is asked to join.
    Invitation,
}

/// A mail.
#[derive(Debug, Clone, Copy)]
pub struct Letter<'a> {
    /// What about.
    pub occasion: Occasion,
    /// `fr`, or English.
    pub language: &'a str,
    /// Its reader's name.
    pub name: &'a str,
    /// The account, or the organization, that it is about.
    pub about: &'a str,
    /// Where to go on.
    pub url: &'a str,
    /// How long that address holds, in words, as `24 h`; empty when it does not end.
    pub until: &'a str,
}

/// A mail as it is sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// One line.
    pub subject: String,
    /// As text.
    pub text: String,
    /// As HTML.
    pub html: String,
}

/// Subject, sentence, and what the way on is called; `{}` stands for what it is about.
const fn words(occasion: Occasion, french: bool) -> (&'static str, &'static str, &'static str) {
    match (occasion, french) {
        (Occasion::AssignedToYou, false) => (
            "A conversation was assigned to you",
            "A conversation was assigned to you and waits for your answer.",
            "Open the conversation",
        ),
        (Occasion::AssignedToYou, true) => (
            "Une conversation vous a été attribuée",
            "Une conversation vous a été attribuée et attend votre réponse.",
            "Ouvrir la conversation",
        ),
        (Occasion::CustomerAnswered, false) => (
            "A customer answered you",
            "A customer answered in one of your conversations.",
            "Open the conversation",
        ),
        (Occasion::CustomerAnswered, true) => (
            "Un client vous a répondu",
            "Un client a répondu dans l’une de vos conversations.",
            "Ouvrir la conversation",
        ),
        (Occasion::ReplyFailed, false) => (
            "A reply could not be delivered",
            "A reply in one of your conversations could not be delivered.",
            "Open the conversation",
        ),
        (Occasion::ReplyFailed, true) => (
            "Une réponse n’a pas pu être remise",
            "Une réponse dans l’une de vos conversations n’a pas pu être remise.",
            "Ouvrir la conversation",
        ),
        (Occasion::ChannelUnhealthy, false) => (
            "{} is disconnected",
            "The network no longer accepts the connection of the channel {}. Messages still come \
             in; replies wait until the channel is connected again.",
            "Open the channels",
        ),
        (Occasion::ChannelUnhealthy, true) => (
            "{} est déconnecté",
            "Le réseau n’accepte plus la connexion du canal {}. Les messages arrivent toujours ; \
             les réponses attendent que le canal soit reconnecté.",
            "Ouvrir les canaux",
        ),
        (Occasion::Test, false) => (
            "Test notification",
            "This is the test notification that you asked for. Notifications by email work.",
            "Open the preferences",
        ),
        (Occasion::Test, true) => (
            "Notification de test",
            "Voici la notification de test que vous avez demandée. Les notifications par e-mail \
             fonctionnent.",
            "Ouvrir les préférences",
        ),
        (Occasion::PasswordReset, false) => (
            "Choose a new password",
            "Somebody asked for a new password for your account at {}. If it was not you, do \
             nothing: your password stays as it is.",
            "Choose a new password",
        ),
        (Occasion::PasswordReset, true) => (
            "Choisissez un nouveau mot de passe",
            "Un nouveau mot de passe a été demandé pour votre compte chez {}. Si ce n’était pas \
             vous, ne faites rien : votre mot de passe ne change pas.",
            "Choisir un nouveau mot de passe",
        ),
        (Occasion::Invitation, false) => (
            "Your invitation to {}",
            "You are invited to answer customers together with {}.",
            "Accept the invitation",
        ),
        (Occasion::Invitation, true) => (
            "Votre invitation chez {}",
            "Vous êtes invité à répondre aux clients avec {}.",
            "Accepter l’invitation",
        ),
    }
}

impl Letter<'_> {
    /// As it is sent.
    #[must_use]
    pub fn write(&self) -> Written {
        let french = self.language.get(..2).is_some_and(|it| it.eq_ignore_ascii_case("fr"));
        let (subject, sentence, way) = words(self.occasion, french);
        let (name, about) = (quoted(self.name), quoted(self.about));
        let greeting = match (french, name.is_empty()) {
            (false, false) => format!("Hello {name},"),
            (false, true) => "Hello,".to_owned(),
            (true, false) => format!("Bonjour {name},"),
            (true, true) => "Bonjour,".to_owned(),
        };
        let until = match (self.until.is_empty(), french) {
            (true, _) => String::new(),
            (false, false) => format!("This link works once, for {}.", self.until),
            (false, true) => format!("Ce lien fonctionne une seule fois, pendant {}.", self.until),
        };
        let (subject, sentence) = (subject.replace("{}", &about), sentence.replace("{}", &about));
        let mut text = format!("{greeting}\n\n{sentence}\n\n{way}:\n{}\n", self.url);
        if !until.is_empty() {
            let _ = write!(text, "\n{until}\n");
        }
        let language = if french { "fr" } else { "en" };
        let parts = [&greeting, &sentence, way, &until, self.url].map(escaped);
        let [greeting, sentence, way, until, url] = parts;
        let html = format!(
            "<!doctype html>\n<html lang=\"{language}\"><head><meta charset=\"utf-8\">\
             <meta name=\"color-scheme\" content=\"light dark\"></head>\
             <body style=\"margin:0;padding:24px;background:#f6f3ef;color:#142226;\
             font:16px/1.5 system-ui,sans-serif\">\
             <div dir=\"auto\" style=\"max-width:520px;margin:0 auto;padding:24px;\
             background:#fdfcfa;border:1px solid #dcd9d2;border-radius:6px\">\
             <p style=\"margin:0 0 16px\">{greeting}</p>\
             <p style=\"margin:0 0 24px\">{sentence}</p>\
             <p style=\"margin:0 0 24px\"><a href=\"{url}\" style=\"display:inline-block;\
             padding:10px 16px;background:#00666b;color:#fdfcfa;text-decoration:none;\
             border-radius:4px\">{way}</a></p>\
             <p style=\"margin:0;color:#485559;font-size:14px\">{until}</p></div></body></html>\n"
        );
        Written { subject, text, html }
    }
}

/// What somebody typed, on one line, with nothing in it that is not seen, and nothing that a mail
/// program would take for an encoded word (RFC 2047) and read as something else.
pub fn quoted(text: &str) -> String {
    let text: String = text.chars().filter(|c| !is_hidden(*c)).take(LONGEST).collect();
    text.split_whitespace().collect::<Vec<_>>().join(" ").replace("=?", "= ?")
}

/// Controls, and marks that have no width or turn the direction of a line.
fn is_hidden(c: char) -> bool {
    (c.is_control() && !c.is_whitespace())
        || matches!(
            c,
            '\u{ad}'
                | '\u{34f}'
                | '\u{61c}'
                | '\u{180e}'
                | '\u{200b}'..='\u{200f}'
                | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}'
                | '\u{feff}'
                | '\u{fff9}'..='\u{fffb}'
                | '\u{e0000}'..='\u{e007f}'
        )
}

fn escaped(text: &(impl AsRef<str> + ?Sized)) -> String {
    let mut safe = String::new();
    for c in text.as_ref().chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            c => safe.push(c),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const ALL: [Occasion; 7] = [
        Occasion::AssignedToYou,
        Occasion::CustomerAnswered,
        Occasion::ReplyFailed,
        Occasion::ChannelUnhealthy,
        Occasion::Test,
        Occasion::PasswordReset,
        Occasion::Invitation,
    ];

    fn letter<'a>(occasion: Occasion, language: &'a str, typed: &'a str) -> Letter<'a> {
        let url = "https://care.example.com/?a=1&b=2";
        Letter { occasion, language, name: typed, about: typed, url, until: "" }
    }

    #[test]
    fn both_languages_say_something_of_their_own() {
        for occasion in ALL {
            let [english, french] =
                ["en", "fr-CA"].map(|language| letter(occasion, language, "Maison").write());
            assert_ne!(english.subject, french.subject, "{occasion:?}");
            assert_ne!(english.text, french.text, "{occasion:?}");
            assert!(french.html.contains("lang=\"fr\"") && english.html.contains("lang=\"en\""));
            for written in [english, french] {
                assert!(!written.subject.contains("{}") && !written.text.contains("{}"));
                assert!(written.html.contains("href=\"https://care.example.com/?a=1&amp;b=2\""));
            }
        }
    }

    #[test]
    fn what_somebody_typed_cannot_become_markup_a_header_or_another_direction() {
        for typed in [
            "<img src=x onerror=alert(1)>",
            "<svg/onload=alert(1)>",
            "\"><script>alert(1)</script>",
            "' onmouseover='alert(1)",
            "<math><mtext><style><img src onerror=alert(1)>",
            "x\r\nBcc: everybody@example.com\r\n\r\n<b>",
            "\u{202e}gnp.exe\u{200b}\u{feff}",
            "{{7*7}} {}",
        ] {
            for occasion in ALL {
                let written = letter(occasion, "en", typed).write();
                let tags = written.html.matches('<').count();
                let plain = letter(occasion, "en", "x").write().html.matches('<').count();
                assert_eq!(tags, plain, "{typed}");
                assert_eq!(
                    written.html.matches('"').count(),
                    letter(occasion, "en", "x").write().html.matches('"').count()
                );
                assert!(!written.subject.contains(['\r', '\n']), "{typed}");
                assert!(!written.text.contains(['\u{202e}', '\u{200b}']), "{typed}");
            }
        }
    }

    proptest! {
        #[test]
        fn no_text_adds_a_tag_or_a_line(typed in "\\PC{0,200}") {
            let written = letter(Occasion::Invitation, "fr", &typed).write();
            let plain = letter(Occasion::Invitation, "fr", "x").write();
            prop_assert_eq!(written.html.matches('<').count(), plain.html.matches('<').count());
            prop_assert_eq!(written.subject.lines().count(), 1);
            prop_assert_eq!(written.text.lines().count(), plain.text.lines().count());
        }
    }
}
