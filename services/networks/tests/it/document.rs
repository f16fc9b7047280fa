//! `README.md` of this crate shows the manifest as it is.

use std::fs;

use networks::manifest::{Account, Action, Asked, Counting, Reason, Row, Tier, actions, table};
use networks::{MessageKind, Network};
use time::{Duration, OffsetDateTime};

const BEGIN: &str =
    "<!-- Generated from the manifest: the test `document` writes what follows. -->\n";

const KINDS: [MessageKind; 6] = [
    MessageKind::Mention,
    MessageKind::Reply,
    MessageKind::Quote,
    MessageKind::Comment,
    MessageKind::Post,
    MessageKind::PrivateMessage,
];

fn name(network: Network) -> &'static str {
    match network {
        Network::X => "X",
        Network::Facebook => "Facebook",
    }
}

fn words(kinds: &[MessageKind]) -> String {
    let word = |kind: &MessageKind| match kind {
        MessageKind::PrivateMessage => "private message",
        MessageKind::Comment => "comment",
        MessageKind::Reply => "reply",
        MessageKind::Mention => "mention",
        MessageKind::Post => "post",
        MessageKind::Quote => "quote",
    };
    kinds.iter().map(word).collect::<Vec<_>>().join(", ")
}

fn code(words: &[&str]) -> String {
    words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ")
}

fn ways() -> String {
    let row = |row: Row| {
        let unit = match row.counting {
            Counting::XWeighted => "as X weighs it",
            Counting::Characters => "characters",
            Counting::Bytes => "bytes",
        };
        let seen = if row.public { "everybody" } else { "one person" };
        line(&[
            name(row.network),
            &words(row.answers),
            &words(&[row.kind]),
            seen,
            &format!("{} {unit}", row.text_limit),
            &code(row.scopes),
            row.conditions,
        ])
    };
    let head = ["network", "to a", "with a", "seen by", "longest text", "scopes", "conditions"];
    head_of(&head) + &table().into_iter().map(row).collect::<String>()
}

fn line(cells: &[&str]) -> String {
    format!("| {} |\n", cells.join(" | "))
}

fn head_of(cells: &[&str]) -> String {
    line(cells) + &format!("|{}\n", "---|".repeat(cells.len()))
}

/// The kinds that people write on a network, or that we do.
fn kinds(network: Network, ours: bool) -> impl Iterator<Item = MessageKind> {
    let rows: Vec<_> = table().into_iter().filter(|row| row.network == network).collect();
    KINDS.into_iter().filter(move |kind| {
        let is_there =
            |row: &Row| if ours { row.kind == *kind } else { row.answers.contains(kind) };
        rows.iter().any(is_there)
    })
}

/// What the manifest says of one action on one kind of message.
fn said(
    account: &Account,
    kind: MessageKind,
    own: bool,
    wanted: Action,
) -> Option<Result<(), Reason>> {
    let now = OffsetDateTime::UNIX_EPOCH;
    let asked = Asked {
        account,
        kind,
        inbound: wanted != Action::Delete,
        deleted: false,
        network_time: now - Duration::HOUR,
        same_account: own,
        author_known: true,
        last_private_inbound_at: None,
        already_private_replied: false,
        now,
    };
    actions(&asked).into_iter().find(|option| option.action == wanted).map(|found| found.available)
}

/// The kinds that it is done to by the account that was written to, and what others may.
fn acts() -> String {
    let mut lines = vec![head_of(&[
        "network",
        "action",
        "on a",
        "by another account of the organization",
        "with the lowest plan",
    ])];
    for network in Network::ALL {
        let on = |tier| Account { network, tier, scopes: Vec::new() };
        let (full, lowest) = (on(Tier::Enterprise), on(Tier::SelfServe));
        for wanted in Action::ALL.into_iter().filter(|action| !action.is_undoing()) {
            let may = |account, kind, own| said(account, kind, own, wanted) == Some(Ok(()));
            let done: Vec<_> = kinds(network, wanted == Action::Delete)
                .filter(|kind| may(&full, *kind, true))
                .collect();
            let Some(first) = done.first() else { continue };
            let both: Vec<_> = [Some(wanted), wanted.opposite()]
                .into_iter()
                .flatten()
                .map(Action::as_str)
                .collect();
            let word = |account, own| if may(account, *first, own) { "yes" } else { "no" };
            let (other, plan) = (word(&full, false), word(&lowest, true));
            lines.push(line(&[name(network), &code(&both), &words(&done), other, plan]));
        }
    }
    lines.concat()
}

#[test]
fn the_committed_document_is_fresh() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/README.md");
    let committed = fs::read_to_string(path).expect("is committed");
    let (prose, _) = committed.split_once(BEGIN).expect("has the line that begins the tables");
    let (ways, acts) = (ways(), acts());
    let fresh =
        format!("{prose}{BEGIN}\n## Ways to answer\n\n{ways}\n## What else can be done\n\n{acts}");
    if committed != fresh {
        fs::write(path, fresh).expect("written");
        panic!("README.md was stale and has been written anew: commit it");
    }
}
