//! Texts that try to be more than text, in every field that reaches a mail: sent by SMTP, and read
//! by a mail program of other hands.
//!
//! Those fields are the names of members, of connected accounts and of the organization. What
//! customers wrote, names of contacts and notes reach no mail: a letter has no field for them.

use std::path::Path;
use std::process::Command;

use notification::mail::{Letter, Mailer, Occasion, Unsent};
use serde_json::{Value, json};

use crate::other_hands::Program;

/// Those that quote an account or the organization beside their reader, and one of the others.
const OCCASIONS: [(Occasion, &str); 4] = [
    (Occasion::AssignedToYou, "fr"),
    (Occasion::ChannelUnhealthy, "en"),
    (Occasion::PasswordReset, "en"),
    (Occasion::Invitation, "fr"),
];

const READER: &str = "zoe@example.com";

/// Of mails alone: header injection, encoded words, line ends and directions of every kind.
const OF_MAILS: [&str; 14] = [
    "x\r\nBcc: everybody@example.com",
    "x\nSubject: another\n\nand another body",
    "x\rCc: everybody@example.com",
    "x\u{85}Bcc: everybody@example.com",
    "x\u{2028}Bcc: everybody@example.com\u{2029}",
    "x\u{b}\u{c}\u{0}\u{7f}y",
    "=?utf-8?q?=0d=0aBcc:_everybody@example.com?=",
    "=?utf-8?b?PHNjcmlwdD4=?=",
    "\" <everybody@example.com>, \"x",
    "everybody@example.com, x",
    "(comment) x; y: z;",
    "\r\n.\r\nMAIL FROM:<x@example.com>\r\n",
    "\u{61c}a\u{ad}b\u{180e}c\u{200f}d\u{e0041}e\u{fff9}f",
    "--boundary\r\nContent-Type: text/html\r\n\r\n<b>x</b>",
];

/// The inputs that the tests of the workspace type into its fields.
fn inputs() -> Vec<String> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../tests/browser/hostile/inputs.mjs")
        .canonicalize()
        .expect("the inputs of the browser tests");
    let script = format!(
        "import {{ inputs }} from {}; process.stdout.write(JSON.stringify(inputs));",
        json!(format!("file://{}", file.display()))
    );
    let printed = Command::new("node").args(["--input-type=module", "-e", &script]).output();
    let printed = printed.expect("node runs").stdout;
    serde_json::from_slice(&printed).expect("a list of texts")
}

fn letter<'a>(occasion: Occasion, language: &'a str, typed: &'a str) -> Letter<'a> {
    let url = "https://care.example.com/invitation?token=abc&x=1";
    Letter { occasion, language, name: typed, about: typed, url, until: "168 h" }
}

/// What is not seen, or turns the line round.
fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}'
            | '\u{e0000}'..='\u{e007f}')
}

/// What is left of it for whoever reads it.
fn read_as(typed: &str) -> String {
    let seen = typed.chars().filter(|c| !is_hidden(*c) || " \t\n\r\u{b}\u{c}\u{85}".contains(*c));
    let seen = seen.take(120).collect::<String>();
    // An encoded word (RFC 2047) would be read as another text than was typed.
    seen.split_whitespace().collect::<Vec<_>>().join(" ").replace("=?", "= ?")
}

async fn received(
    mailer: &Mailer,
    server: &Program,
    (occasion, language): (Occasion, &str),
    typed: &str,
) -> Value {
    let sent = mailer.send(READER, &letter(occasion, language, typed)).await;
    assert_eq!(sent, Ok(()), "{occasion:?} {typed:?}");
    server.next()
}

#[tokio::test(flavor = "multi_thread")]
async fn no_text_in_a_mail_is_more_than_text() {
    let server = Program::start("mail");
    let mailer = Mailer::new(&notification::SmtpSettings {
        host: "127.0.0.1".to_owned(),
        port: server.port(),
        encryption: notification::SmtpEncryption::None,
        user: None,
        password: None,
        from: "Guichet <care@example.com>".to_owned(),
    })
    .expect("settings");
    let mut all = inputs();
    assert_eq!(all.len(), 21, "those of the browser tests");
    all.extend(OF_MAILS.map(str::to_owned));
    for (occasion, language) in OCCASIONS {
        let plain = received(&mailer, &server, (occasion, language), "Maison").await;
        for typed in &all {
            let mail = received(&mailer, &server, (occasion, language), typed).await;
            let about = format!("{occasion:?} {language} {typed:?}: {mail}");
            // To nobody else, with no other header and no other part.
            assert_eq!(mail["envelope"], json!([READER]), "{about}");
            assert_eq!(mail["recipients"], json!([READER]), "{about}");
            assert_eq!(mail["from"], plain["from"], "{about}");
            assert_eq!(mail["headers"], plain["headers"], "{about}");
            assert_eq!(mail["files"], 0, "{about}");
            // The same elements with the same attributes: nothing runs, nothing is fetched.
            assert_eq!(mail["tags"], plain["tags"], "{about}");
            // Whoever reads it sees what was typed, on one line and in both parts alike.
            let read = read_as(typed);
            assert_eq!(mail["name"], read.as_str(), "{about}");
            let same =
                |field: &str| plain[field].as_str().expect("a text").replace("Maison", &read);
            assert_eq!(mail["subject"], same("subject"), "{about}");
            assert_eq!(mail["text"], same("text"), "{about}");
            assert_eq!(mail["words"], same("words"), "{about}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_text_that_is_no_address_is_written_to_by_nobody() {
    let server = Program::start("mail");
    let mailer = Mailer::new(&notification::SmtpSettings {
        host: "127.0.0.1".to_owned(),
        port: server.port(),
        encryption: notification::SmtpEncryption::None,
        user: None,
        password: None,
        from: "Guichet <care@example.com>".to_owned(),
    })
    .expect("settings");
    let more = [
        "zoe@example.com\r\nRCPT TO:<everybody@example.com>",
        "zoe@example.com>, <everybody@example.com",
        "zoe@example.com, everybody@example.com",
        "Zoé <zoe@example.com>",
    ];
    let all = inputs().into_iter().chain(OF_MAILS.into_iter().chain(more).map(str::to_owned));
    for typed in all {
        let sent = mailer.send(&typed, &letter(Occasion::Test, "en", "Zoé")).await;
        assert_eq!(sent, Err(Unsent::NoAddress), "{typed:?}");
    }
    assert!(server.is_silent());
}
