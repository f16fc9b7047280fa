//! Replies: accepted before they are sent, sent again deliberately, and settled by a person when
//! nobody else knows.

use kit_store::Transaction;
use kit_values::{Class, Fault};

use super::answers::{answers_to, count};
use super::rejected::{lock_lost, no};
use super::table::{self, Deciding, Table, known};
use crate::domain::Replying;
use crate::domain::decide::Command;
use crate::domain::draft::Mode;
use crate::domain::reply::{Failure, Reply, SETTLED_BY_PERSON};
use crate::domain::view::{AnswerOption, MessageRow};
use crate::domain::words::{ConversationId, Direction, MessageId, NetworkOrder};
use crate::store;
use crate::wire::{self, Asked};

/// A reply with what is made for it outside the transaction.
#[derive(Debug, Clone)]
pub struct Outgoing {
    /// The message's id.
    pub message: MessageId,
    /// The text that leaves, with its addresses shortened where that was asked for.
    pub text: String,
    /// Which addresses stayed long, and why.
    pub link_notices: Vec<String>,
}

/// What a call brought about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answered {
    /// The encoded answer: the same for the same key.
    pub answer: Vec<u8>,
    /// Whether it was brought about now.
    pub now: bool,
}

impl Answered {
    const fn before(answer: Vec<u8>) -> Self {
        Self { answer, now: false }
    }
}

/// What a key stands for: everything that makes two requests the same.
fn meaning(who: &Deciding, asked: &Asked) -> String {
    let to = asked.to.map(|to| to.to_string()).unwrap_or_default();
    let keep_long: Vec<String> = asked.keep_long.iter().map(ToString::to_string).collect();
    let keep_long = keep_long.join(" ");
    format!(
        "reply {} {} {} {} {to} {:x} {keep_long}",
        who.member,
        asked.conversation,
        asked.channel,
        asked.kind.code(),
        kit_store::lock_key(&[&asked.text])
    )
}

/// What the key of a reply brought about before, if anything: asked before its links are made.
///
/// # Errors
/// Invalid when it brought about something else.
pub async fn known_answer(
    transaction: &Transaction,
    who: &Deciding,
    asked: &Asked,
) -> Result<Option<Answered>, Fault> {
    let answer = known(transaction, who, &asked.key, &meaning(who, asked)).await?;
    Ok(answer.map(Answered::before))
}

/// Accepts a reply: from now on it is sent, whatever crashes.
///
/// # Errors
/// Rejected when somebody else holds the lock, something newer came, or the network lets nobody
/// answer so; invalid for the text; `NotFound` for what the organization does not have.
pub async fn accept_reply(
    transaction: &Transaction,
    who: &Deciding,
    asked: &Asked,
    outgoing: &Outgoing,
) -> Result<Answered, Fault> {
    let meaning = meaning(who, asked);
    let key = Some((asked.key.as_str(), meaning.as_str()));
    let laid = table::lay(transaction, who, asked.conversation, key, &[]).await?;
    let mut table = match laid {
        Ok(table) => table,
        Err(answer) => return Ok(Answered::before(answer)),
    };
    table::admit_through(transaction, who, &table.seat, asked.channel).await?;
    if !table.seat.lock.admits(who.member, asked.fence, table.seat.moment) {
        return Err(lock_lost());
    }
    let option = option(transaction, who, asked).await;
    let by = table.by(transaction, who, asked.seen_through).await?;
    let replying = Replying {
        by,
        message: outgoing.message,
        kind: asked.kind,
        channel: asked.channel,
        order: NetworkOrder {
            time: who.now,
            external_id: outgoing.message.uuid().simple().to_string(),
        },
        despite_newer: asked.despite_newer,
    };
    // What is newer comes first: it may be what makes the choice wrong.
    let text = outgoing.text.clone();
    table.batch.reply(&table.identity, replying, text, asked.to, &who.policy, who.now)?;
    let option = option?;
    if let Some((code, sentence)) = option.refusal {
        return Err(no(code, sentence));
    }
    if count(option.counting, &outgoing.text) > option.text_limit {
        let sentence = format!("The network takes at most {} characters.", option.text_limit);
        return Err(Fault::invalid("text_too_long", "text", sentence));
    }
    table.save(transaction, who).await?;
    let (organization, member, now) = (who.organization, who.member, who.now);
    let (conversation, mode) = (asked.conversation, Mode::Reply);
    store::drop_draft(transaction, organization, member, conversation, mode, now, now).await?;
    let row = table::row(transaction, who, asked.conversation).await?;
    let message = table::message(transaction, who, outgoing.message).await?;
    let answer = wire::accepted(row, message, outgoing.link_notices.clone());
    keep(transaction, who, &asked.key, &meaning, answer).await
}

/// The way to answer that was chosen.
async fn option(
    transaction: &Transaction,
    who: &Deciding,
    asked: &Asked,
) -> Result<AnswerOption, Fault> {
    let options = match asked.to {
        Some(to) => {
            let parent = table::message(transaction, who, to).await?;
            let here =
                parent.conversation == asked.conversation && parent.direction == Direction::Inbound;
            if !here {
                return Err(Fault::not_found("a message"));
            }
            options_of(transaction, who, parent).await?
        }
        // The dialogue goes on, whatever the newest message is.
        None => dialogue(transaction, who, asked.conversation).await?,
    };
    options
        .into_iter()
        .find(|option| option.channel == asked.channel && option.kind == asked.kind)
        .ok_or_else(|| no("option_unknown", "This account cannot answer so."))
}

async fn options_of(
    transaction: &Transaction,
    who: &Deciding,
    parent: MessageRow,
) -> Result<Vec<AnswerOption>, Fault> {
    let id = parent.message;
    let mut answers = answers_to(transaction, who.organization, &[parent], who.now).await?;
    Ok(answers.remove(&id).unwrap_or_default())
}

async fn dialogue(
    transaction: &Transaction,
    who: &Deciding,
    conversation: ConversationId,
) -> Result<Vec<AnswerOption>, Fault> {
    // Without one there is no dialogue: whoever answers something public privately names it, and
    // so does so once.
    let private = store::newest_private(transaction, who.organization, conversation).await?;
    let Some(newest) = private else { return Ok(Vec::new()) };
    let mut options = options_of(transaction, who, newest).await?;
    options.retain(|option| option.to.is_none());
    Ok(options)
}

async fn keep(
    transaction: &Transaction,
    who: &Deciding,
    key: &str,
    meaning: &str,
    answer: Vec<u8>,
) -> Result<Answered, Fault> {
    let organization = who.organization;
    store::keep_outcome(transaction, organization, key, meaning, answer.clone(), who.now).await?;
    Ok(Answered { answer, now: true })
}

/// A reply on the table, of an account that the member may answer through.
async fn lay_reply(
    transaction: &Transaction,
    who: &Deciding,
    message: MessageId,
    key: Option<(&str, &str)>,
) -> Result<Result<(Table, Reply), Vec<u8>>, Fault> {
    let found = table::message(transaction, who, message).await?;
    if found.reply.is_none() {
        return Err(Fault::not_found("a reply"));
    }
    let laid = table::lay(transaction, who, found.conversation, key, &[message]).await?;
    Ok(match laid {
        Err(answer) => Err(answer),
        Ok(table) => {
            let stored = table.batch.message_by_id(message).ok_or_else(moved)?;
            // It stood there before its conversation was locked.
            if stored.conversation != found.conversation {
                return Err(moved());
            }
            let reply = stored.reply.clone().ok_or_else(moved)?;
            table::admit_through(transaction, who, &table.seat, reply.channel).await?;
            Ok((table, reply))
        }
    })
}

fn moved() -> Fault {
    Fault::new(Class::Conflict, "conversation_changed", "The message has just moved.")
}

/// Sends a failed reply again, as if it were written now.
///
/// # Errors
/// Rejected when it has not failed, or would fail again for certain, or somebody else holds the
/// lock; `NotFound`.
pub async fn retry_reply(
    transaction: &Transaction,
    who: &Deciding,
    message: MessageId,
    key: &str,
) -> Result<Answered, Fault> {
    let meaning = format!("retry {} {message}", who.member);
    let laid = lay_reply(transaction, who, message, Some((key, &meaning))).await?;
    let (mut table, reply) = match laid {
        Ok(laid) => laid,
        Err(answer) => return Ok(Answered::before(answer)),
    };
    // No composer is open, and so no fence is known; but nobody else may be answering.
    if !table.seat.lock.admits(who.member, 0, table.seat.moment) {
        return Err(lock_lost());
    }
    let by = table.by(transaction, who, reply.seen_through).await?;
    let command = Command::Retry { by, message };
    if !table.batch.retry(message, &command, &who.policy, who.now)? {
        return Err(no("not_retryable", "Only a reply that failed can be sent again."));
    }
    table.save(transaction, who).await?;
    let answer = wire::retried(table::message(transaction, who, message).await?);
    keep(transaction, who, key, &meaning, answer).await
}

/// Says how an unknown reply ended; saying the same again changes nothing.
///
/// # Errors
/// Rejected when it is known how it stands; `NotFound`.
pub async fn settle_reply(
    transaction: &Transaction,
    who: &Deciding,
    message: MessageId,
    sent: bool,
) -> Result<MessageRow, Fault> {
    let laid = lay_reply(transaction, who, message, None).await?;
    let Ok((mut table, reply)) = laid else { return Err(moved()) };
    let failure = (!sent).then(|| Failure {
        code: SETTLED_BY_PERSON.to_owned(),
        sentence: "A person said that it did not reach the network.".to_owned(),
        retryable: true,
    });
    if table.batch.settle(message, failure, &who.policy, who.now) {
        table.save(transaction, who).await?;
    } else if !reply.is_settled_as(sent) {
        return Err(no("not_unknown", "It is known how this reply stands."));
    }
    table::message(transaction, who, message).await
}
