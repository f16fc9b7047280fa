//! A large organization in conversation's tables: written there directly, because a hundred
//! thousand conversations by webhooks would take hours.
//!
//! Texts are words of a vocabulary whose frequencies fall as in a language; the same run gives
//! the same texts.

use std::fmt::Write as _;
use std::io::Write as _;
use std::time::Instant;

use clap::Args;
use kit_values::OrganizationId;

use crate::figures::line;
use crate::system::System;

/// Rows of one statement.
const ROWS: usize = 2_500;

/// Different words.
const WORDS: u64 = 4_000;

/// Words of one text.
const LENGTH: usize = 12;

/// A word in every third text.
pub const COMMONEST: &str = "delivery";

/// A word in one of ten thousand texts; part of a longer one.
pub const RARE: &str = "zirconium";

/// A word of no text.
pub const NOWHERE: &str = "xylophonist";

/// How large.
#[derive(Debug, Clone, Copy, Args)]
pub struct Size {
    /// Conversations: a quarter in New, a quarter in Pending, the others resolved.
    #[arg(long, default_value_t = 100_000)]
    pub conversations: usize,
    /// Messages, over three years.
    #[arg(long, default_value_t = 1_000_000)]
    pub messages: usize,
}

/// Numbers that are the same in every run.
struct Draw(u64);

impl Draw {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        self.0 >> 33
    }

    /// A word; low ranks far more often than high ones.
    fn word(&mut self) -> String {
        let (one, other) = (self.next() % WORDS, self.next() % WORDS);
        word(one * other / WORDS)
    }
}

/// The word of a rank: syllables, so that parts of words are shared as in a language.
#[must_use]
pub fn word(rank: u64) -> String {
    const SYLLABLES: [&str; 20] = [
        "ba", "co", "du", "fe", "gi", "lo", "ma", "ne", "pi", "ro", "sa", "te", "vi", "wo", "ran",
        "tel", "mus", "kor", "lin", "dep",
    ];
    let mut left = rank;
    let mut text = String::new();
    for _ in 0..3 {
        text.push_str(SYLLABLES[usize::try_from(left % 20).unwrap_or_default()]);
        left /= 20;
    }
    text
}

fn text(draw: &mut Draw, number: usize) -> String {
    let mut words: Vec<String> = (0..LENGTH).map(|_| draw.word()).collect();
    if number.is_multiple_of(3) {
        COMMONEST.clone_into(&mut words[draw_place(number)]);
    }
    if number % 10_000 == 5_000 {
        words[draw_place(number / 7)] = format!("{RARE}oxide");
    }
    words.join(" ")
}

const fn draw_place(number: usize) -> usize {
    number % LENGTH
}

/// Shows how far it is, on one line.
fn progress(what: &str, done: usize, of: usize, began: Instant) {
    let share = done * 40 / of.max(1);
    let mut out = std::io::stderr();
    let bar = format!("{}{}", "#".repeat(share), ".".repeat(40 - share));
    // Whoever does not look misses nothing.
    let _ = write!(out, "\r{what} [{bar}] {done} of {of}, {:.0} s", began.elapsed().as_secs_f64());
    let _ = if done == of { writeln!(out) } else { out.flush() };
}

/// Fills the organization.
///
/// # Panics
/// When the database refuses.
pub async fn populate(system: &System, organization: OrganizationId, size: Size) {
    let began = Instant::now();
    let Size { conversations, messages } = size;
    let organization = organization.uuid();
    let id = |what: &str| format!("md5('{what}' || n)::uuid");
    let (conversation, contact, identity) = (id("conversation"), id("contact"), id("identity"));
    for from in (0..conversations).step_by(10_000) {
        let to = (from + 10_000).min(conversations) - 1;
        system
            .execute(&format!(
                "INSERT INTO conversation.contact (organization_id, contact_id, display_name, \
                 handle, avatar_url) SELECT '{organization}', {contact}, 'Customer ' || n, \
                 'customer' || n, '' FROM generate_series({from}, {to}) AS n; \
                 INSERT INTO conversation.contact_identity (organization_id, network, scope, \
                 network_user_id, identity_id, contact_id) SELECT '{organization}', 1, '', \
                 'c' || n, {identity}, {contact} FROM generate_series({from}, {to}) AS n; \
                 INSERT INTO conversation.conversation (organization_id, conversation_id, \
                 identity_id, contact_id, network, ordinal, rev, state, dormant, opened_at, \
                 resolved_at, seen_through, last_sequence, history_sequence, message_count, \
                 unseen_count, waiting_since, last_message_id, last_activity_at, \
                 last_external_id, last_kind, last_direction, channel_ids) \
                 SELECT '{organization}', {conversation}, {identity}, {contact}, 1, 1, 1, \
                 CASE n % 4 WHEN 0 THEN 1 WHEN 1 THEN 2 ELSE 3 END, false, \
                 now() - interval '3 years', CASE WHEN n % 4 > 1 THEN now() \
                 - n * interval '5 minutes' END, 0, 10, 1, 10, 1, \
                 CASE WHEN n % 4 = 0 THEN now() - n * interval '1 minute' END, \
                 md5('message' || ({messages} - {conversations} + n))::uuid, \
                 now() - n * interval '1 minute', 'x' || n, 1 + n % 6, 1, \
                 (SELECT array_agg(channel_id) FROM (SELECT channel_id FROM conversation.channel \
                 WHERE organization_id = '{organization}' ORDER BY channel_id \
                 OFFSET n % 2 LIMIT 1) AS one) \
                 FROM generate_series({from}, {to}) AS n"
            ))
            .await;
        progress("conversations", to + 1, conversations, began);
    }
    let mut draw = Draw(17);
    for from in (0..messages).step_by(ROWS) {
        let to = (from + ROWS).min(messages);
        let mut rows = String::new();
        for number in from..to {
            let comma = if number > from { "," } else { "" };
            // Nothing but letters and blanks.
            let _ = write!(rows, "{comma}({number},'{}')", text(&mut draw, number));
        }
        system
            .execute(&format!(
                "INSERT INTO conversation.message (organization_id, message_id, conversation_id, \
                 identity_id, network, scope, external_id, sequence, rev, item_id, direction, \
                 kind, history, channel_ids, network_time, body, version, version_time, edited, \
                 deleted, attachments, permalink, reactions) \
                 SELECT '{organization}', md5('message' || n)::uuid, \
                 md5('conversation' || n % {conversations})::uuid, \
                 md5('identity' || n % {conversations})::uuid, 1, '', 'm' || n, \
                 1 + n / {conversations}, 1, md5('item' || n)::uuid, 1, 1 + n % 6, false, \
                 '{{}}', now() - interval '3 years' \
                 + n * (interval '3 years' / {messages}), body, 0, now(), false, false, '[]', \
                 '', '[]' FROM (VALUES {rows}) AS told (n, body)"
            ))
            .await;
        progress("messages", to, messages, began);
    }
    // What autovacuum does by the time that so many have come.
    for table in ["contact", "contact_identity", "conversation", "message"] {
        system.execute(&format!("VACUUM (ANALYZE) conversation.{table}")).await;
    }
    line(format!(
        "{conversations} conversations, {messages} messages, written in {:.0} s",
        began.elapsed().as_secs_f64()
    ));
}
