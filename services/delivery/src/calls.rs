//! The domain's words as those of `networks`, and back: which call brings a letter, what bounds
//! it, and what its answer means.

use std::time::Duration;

use kit_values::Secret;
use networks::manifest;
use networks::outbound::{
    self, Answer, Budget as NetworkBudget, Call, Headers, Reply, Scope, Target,
};
use time::OffsetDateTime;

use crate::app::{Answered, Seen};
use crate::domain::attempt::{DISCONNECTED, Failure, Sent, UNAVAILABLE, Verdict};
use crate::domain::budget::{Allowance, Budget, LIMITED, Name, TOKEN};
use crate::domain::letter::{Account, Entry, Letter};
use crate::domain::lookup::{Lookup, Shown};
use crate::domain::words::Action;

/// What an account's calls need beside what is known of it.
#[derive(Debug, Clone)]
pub struct Credentials {
    /// Its token.
    pub token: Secret<String>,
    /// Its application's secret; empty where none is needed.
    pub application_secret: Secret<String>,
}

/// The call that brings a letter.
///
/// # Errors
/// The failure to end the attempt with, when no call can.
pub fn plan(account: &Account, entry: &Entry, now: OffsetDateTime) -> Result<Call, Failure> {
    // What is only played must never reach the network itself.
    if account.simulated && account.api_base.is_empty() {
        return Err(Failure {
            code: "channel_without_address".to_owned(),
            sentence: "The account is only played, and nobody plays its network.".to_owned(),
            retryable: true,
        });
    }
    let letter = &entry.letter;
    let call = match entry.attempt.key.action {
        Action::Delete => outbound::deletion(letter.network, letter.kind, &letter.to_external_id),
        Action::Like => act(letter, manifest::Action::Like),
        Action::Unlike => act(letter, manifest::Action::Unlike),
        Action::Hide => act(letter, manifest::Action::Hide),
        Action::Unhide => act(letter, manifest::Action::Unhide),
        Action::Repost => act(letter, manifest::Action::Repost),
        Action::Unrepost => act(letter, manifest::Action::Unrepost),
        Action::Follow => act(letter, manifest::Action::Follow),
        Action::Unfollow => act(letter, manifest::Action::Unfollow),
        Action::Send => {
            let target = (!letter.to_external_id.is_empty()).then(|| Target {
                external_id: letter.to_external_id.clone(),
                kind: letter.to_kind,
            });
            let reply = Reply {
                kind: letter.kind,
                text: letter.text.clone(),
                recipient: letter.recipient.clone(),
                in_reply_to: target,
                metadata: entry.attempt.key.mark(),
                by_person: true,
                last_private_inbound_at: letter.last_private_inbound_at,
            };
            outbound::plan(letter.network, &reply, now)
        }
    };
    call.map_err(failure)
}

fn act(letter: &Letter, action: manifest::Action) -> Result<Call, outbound::Failure> {
    let to = Target { external_id: letter.to_external_id.clone(), kind: letter.kind };
    outbound::action(letter.network, action, &to, &letter.recipient)
}

/// The call that reads who wrote what is wanted.
///
/// # Errors
/// The stable code that says why no call can.
pub fn author(account: &Account, wanted: &Lookup) -> Result<Call, String> {
    if account.simulated && account.api_base.is_empty() {
        return Err("channel_without_address".to_owned());
    }
    let of = Target { external_id: wanted.external_id.clone(), kind: wanted.kind };
    let call = outbound::author(account.network, &of, &wanted.author);
    call.map_err(|failure| failure.code.to_owned())
}

/// The account as `networks` wants it.
#[must_use]
pub fn caller(account: &Account, credentials: &Credentials) -> outbound::Account {
    outbound::Account {
        network: account.network,
        // Only a played account's calls may go elsewhere.
        api_base: if account.simulated { account.api_base.clone() } else { String::new() },
        api_version: String::new(),
        account_id: account.account_id.clone(),
        handle: account.handle.clone(),
        token: credentials.token.clone(),
        application_secret: credentials.application_secret.clone(),
    }
}

/// What bounds a call, by the network's documents.
#[must_use]
pub fn allowances(account: &Account, call: &Call) -> Vec<Allowance<'static>> {
    let allowed = outbound::allowances(account.network, call).iter();
    let allowed = allowed.map(|allowance| Allowance {
        holder: holder(account, allowance.scope),
        name: allowance.name,
        limit: i32::try_from(allowance.limit).unwrap_or(i32::MAX),
        window: Duration::try_from(allowance.window).unwrap_or(Duration::ZERO),
    });
    allowed.collect()
}

/// The limits that bound a call, whichever sort of call told of them.
#[must_use]
pub fn limits(account: &Account, call: &Call) -> Vec<&'static str> {
    outbound::bounds(account.network, call).iter().map(|(_, name)| *name).collect()
}

fn holder(account: &Account, scope: Scope) -> uuid::Uuid {
    match scope {
        Scope::App => account.application.uuid(),
        Scope::Account => account.channel.uuid(),
    }
}

/// What a complete answer means.
#[must_use]
pub fn read(
    account: &Account,
    caller: &outbound::Account,
    call: &Call,
    (status, headers, body): (u16, &Headers, &[u8]),
    now: OffsetDateTime,
) -> Seen {
    let answer = outbound::read(caller, call, status, headers, body, now);
    answered(account, caller, call, (status, headers), answer, now)
}

/// What became of an action, by what was read back after it.
#[must_use]
pub fn confirmed(
    account: &Account,
    caller: &outbound::Account,
    call: &Call,
    (status, headers, body): (u16, &Headers, &[u8]),
    now: OffsetDateTime,
) -> Seen {
    let answer = outbound::confirmed(caller, call, status, headers, body, now);
    answered(account, caller, call, (status, headers), answer, now)
}

/// With what the network's headers say of its limits.
fn answered(
    account: &Account,
    caller: &outbound::Account,
    call: &Call,
    (status, headers): (u16, &Headers),
    answer: Answer,
    now: OffsetDateTime,
) -> Seen {
    let budgets = outbound::budgets(caller, call, headers, now);
    let budgets = budgets.into_iter().map(|budget| kept(account, call, &budget)).collect();
    Seen { status: Some(status), budgets, ..seen(account, answer) }
}

/// What it means that no complete answer came.
#[must_use]
pub fn lost(account: &Account, call: &Call, bytes_left: bool) -> Seen {
    seen(account, outbound::lost(call, bytes_left))
}

/// The account has no token that could be tried.
#[must_use]
pub const fn no_token() -> Seen {
    Seen {
        verdict: Verdict::TokenRefused,
        status: None,
        limits_application: false,
        budgets: Vec::new(),
    }
}

/// Sabotage: what nobody knows did not happen.
#[must_use]
pub fn denied(seen: Seen) -> Seen {
    let verdict = match seen.verdict {
        Verdict::Unknown(failure) => {
            Verdict::Wait { reason: UNAVAILABLE, sentence: failure.sentence, until: None }
        }
        verdict => verdict,
    };
    Seen { verdict, ..seen }
}

fn seen(account: &Account, answer: Answer) -> Seen {
    let mut limits_application = false;
    let verdict = match answer {
        Answer::Sent(sent) => Verdict::Sent(Sent {
            external_id: sent.external_id,
            scope: sent.scope,
            permalink: sent
                .permalink
                .map(|permalink| permalink.at(account.network, &account.permalink_base))
                .unwrap_or_default(),
            network_time: sent.network_time.map(kit_values::truncated),
        }),
        // No attempt reads anybody.
        Answer::Deleted | Answer::Done | Answer::Person(_) => Verdict::Sent(Sent::default()),
        Answer::Failed(refused) => Verdict::Failed(failure(refused)),
        Answer::Unknown(refused) => Verdict::Unknown(failure(refused)),
        Answer::Wait(waiting) => {
            limits_application = waiting.scope == Scope::App;
            let outbound::Waiting { code: reason, sentence, until, .. } = waiting;
            Verdict::Wait { reason, sentence, until }
        }
        Answer::TokenRefused(_) => Verdict::TokenRefused,
    };
    Seen { verdict, status: None, limits_application, budgets: Vec::new() }
}

fn failure(refused: outbound::Failure) -> Failure {
    let outbound::Failure { code, sentence, retryable, .. } = refused;
    Failure { code: code.to_owned(), sentence, retryable }
}

fn kept(account: &Account, call: &Call, seen: &NetworkBudget) -> (Name, Budget) {
    // Meta counts most of its usage over all sorts of calls together.
    let bounds_all = seen.name.ends_with("_usage") && !seen.name.starts_with("messenger");
    let name = Name {
        holder: holder(account, seen.scope),
        call: if bounds_all { String::new() } else { call.counted_as().to_owned() },
        name: seen.name.to_owned(),
    };
    let number = |count: u32| i32::try_from(count).unwrap_or(i32::MAX);
    let budget = Budget {
        allowed: number(seen.limit),
        remaining: number(seen.remaining),
        counted: false,
        resets_at: kit_values::truncated(seen.resets_at),
        reason: LIMITED.to_owned(),
    };
    (name, budget)
}

/// How long nobody asks again whom the network refuses such things, or whose token it refuses.
const REFUSED: time::Duration = time::Duration::HOUR;
const TOKEN_REFUSED: time::Duration = time::Duration::minutes(10);

/// What a complete answer to a question says of who wrote a message.
#[must_use]
pub fn read_author(
    account: &Account,
    caller: &outbound::Account,
    call: &Call,
    (status, headers, body): (u16, &Headers, &[u8]),
    now: OffsetDateTime,
) -> Answered {
    let answer = outbound::read(caller, call, status, headers, body, now);
    let budgets = outbound::budgets(caller, call, headers, now);
    let budgets = budgets.into_iter().map(|budget| kept(account, call, &budget)).collect();
    Answered { budgets, ..shown(account, call, answer, now) }
}

/// What it means for a question that no complete answer came.
#[must_use]
pub fn lost_author(account: &Account, call: &Call, now: OffsetDateTime) -> Answered {
    shown(account, call, outbound::lost(call, true), now)
}

/// The account has no token to ask with.
#[must_use]
pub fn no_author(account: &Account, call: &Call, now: OffsetDateTime) -> Answered {
    let until = now + TOKEN_REFUSED;
    let shown = Shown::Later { until: Some(until), reason: DISCONNECTED };
    let (name, budget) = closed(account.channel.uuid(), call, until, DISCONNECTED);
    // Opened again when the account is connected again.
    let closed = Some((Name { name: TOKEN.to_owned(), ..name }, budget));
    Answered { shown, budgets: Vec::new(), closed }
}

/// Directory cannot be asked for the token.
#[must_use]
pub const fn unasked_author() -> Answered {
    let shown = Shown::Later { until: None, reason: "directory_unavailable" };
    Answered { shown, budgets: Vec::new(), closed: None }
}

fn shown(account: &Account, call: &Call, answer: Answer, now: OffsetDateTime) -> Answered {
    let channel = account.channel.uuid();
    let mut closes = None;
    let shown = match answer {
        Answer::Person(Some(person)) => Shown::Person(person),
        Answer::Person(None) => Shown::Nobody("withheld".to_owned()),
        Answer::Failed(refused) => {
            if refused.class.alerts_administrators() {
                closes = Some(closed(channel, call, now + REFUSED, refused.code));
            }
            Shown::Nobody(refused.code.to_owned())
        }
        Answer::Wait(waiting) => {
            if let (LIMITED, Some(until)) = (waiting.code, waiting.until) {
                closes = Some(closed(holder(account, waiting.scope), call, until, LIMITED));
            }
            Shown::Later { until: waiting.until, reason: waiting.code }
        }
        Answer::TokenRefused(_) => return no_author(account, call, now),
        Answer::Unknown(_) | Answer::Sent(_) | Answer::Deleted | Answer::Done => {
            Shown::Nobody("answer_unreadable".to_owned())
        }
    };
    Answered { shown, budgets: Vec::new(), closed: closes }
}

/// Takes no more questions before `until`. Of questions alone: replies go on.
fn closed(holder: uuid::Uuid, call: &Call, until: OffsetDateTime, reason: &str) -> (Name, Budget) {
    let name = Name { holder, call: call.counted_as().to_owned(), name: "refused".to_owned() };
    (name, Budget::closed(kit_values::truncated(until), reason))
}
