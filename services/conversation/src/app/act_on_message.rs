//! Likes, hides, reposts, follows, deletions and their undoing: asked for by members, recorded
//! before they are carried out.

use kit_store::Transaction;
use kit_values::{Class, Fault};

use super::answers::answers_to;
use super::deeds::{refusal, with_deeds};
use super::rejected::no;
use super::reply::Answered;
use super::table::{self, Deciding, Table};
use crate::domain::action::{Request, ask};
use crate::domain::view::MessageRow;
use crate::domain::words::{ActionId, ChannelId};
use crate::store;
use crate::wire::{self, ActionAsked};

/// Has something done to a message at its network. What is so already, or under way, is not asked
/// for again.
///
/// # Errors
/// Rejected when the account cannot do it; `NotFound`.
pub async fn act_on_message(
    transaction: &Transaction,
    who: &Deciding,
    asked: &ActionAsked,
    id: ActionId,
) -> Result<Answered, Fault> {
    let organization = who.organization;
    let through = asked.channel.map(|channel| channel.to_string()).unwrap_or_default();
    let meaning = format!("{} {} {} {through}", asked.deed.name(), who.member, asked.message);
    let found = table::message(transaction, who, asked.message).await?;
    let key = Some((asked.key.as_str(), meaning.as_str()));
    let at = found.conversation;
    let mut table = match table::lay(transaction, who, at, key, &[asked.message]).await? {
        Ok(table) => table,
        Err(answer) => return Ok(Answered { answer, now: false }),
    };
    // It stood there before its conversation was locked.
    if table.batch.message_by_id(asked.message).is_none_or(|it| it.conversation != at) {
        return Err(moved());
    }
    let channel = channel(asked, &found)?;
    table::admit_through(transaction, who, &table.seat, channel).await?;
    let accounts = store::accounts(transaction, organization).await?;
    if let Some((code, sentence)) = refusal(&found, asked.deed, channel, &accounts, who.now)? {
        return Err(no(code, sentence));
    }
    request(transaction, who, &mut table, asked, &found, (id, channel)).await?;
    let message = table::message(transaction, who, asked.message).await?;
    let mut messages = with_deeds(transaction, organization, vec![message], who.now).await?;
    let message = messages.pop().ok_or_else(moved)?;
    let shown = [message];
    let answers = answers_to(transaction, organization, &shown, who.now).await?;
    let [message] = shown;
    let options = answers.get(&message.message).map_or(&[][..], Vec::as_slice);
    let answer = wire::acted(message, options);
    store::keep_outcome(transaction, organization, &asked.key, &meaning, answer.clone(), who.now)
        .await?;
    Ok(Answered { answer, now: true })
}

/// The account that acts: the one that was named or, for our own, the one that wrote.
fn channel(asked: &ActionAsked, found: &MessageRow) -> Result<ChannelId, Fault> {
    let own = found.reply.as_ref().map(|reply| reply.channel);
    asked
        .channel
        .or(own)
        .ok_or_else(|| no("action_unknown", "Only what was written here can be deleted from here."))
}

async fn request(
    transaction: &Transaction,
    who: &Deciding,
    table: &mut Table,
    asked: &ActionAsked,
    found: &MessageRow,
    (id, channel): (ActionId, ChannelId),
) -> Result<(), Fault> {
    let aspect = asked.deed.aspect;
    let target = if aspect.is_of_author() { found.identity } else { found.message.uuid() };
    let before = store::requests_about(transaction, who.organization, [target]).await?;
    let before: Vec<Request> = before.into_iter().filter(|one| one.deed.aspect == aspect).collect();
    let Some(turn) = ask(&before, asked.deed.wanted) else { return Ok(()) };
    let doer = before.iter().max_by_key(|request| request.turn).map(|request| request.channel);
    if !asked.deed.wanted && doer.is_some_and(|doer| doer != channel) {
        return Err(no("action_unknown", "Only the account that did it can take it back."));
    }
    let request = Request {
        id,
        target,
        deed: asked.deed,
        turn,
        message: asked.message,
        channel,
        member: who.member,
        at: who.now,
        end: None,
        as_of: None,
        wait: None,
        rev: 1,
    };
    let identity = table.identity.clone();
    table.batch.ask(&identity, found.conversation, request, &who.policy, who.now)?;
    table.save(transaction, who).await
}

fn moved() -> Fault {
    Fault::new(Class::Conflict, "conversation_changed", "The message has just moved.")
}
