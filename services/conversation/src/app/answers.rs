//! The ways to answer messages, by the capability manifest of their networks.

use std::collections::{BTreeMap, BTreeSet};

use kit_store::Transaction;
use kit_values::{Fault, OrganizationId};
use networks::manifest::{self, Asked, Tier};
use time::OffsetDateTime;

use crate::domain::person::Person;
use crate::domain::view::{Account, AnswerOption, Counting, MessageRow};
use crate::domain::words::{ChannelId, ConversationId, Direction, MessageId, MessageKind, Network};
use crate::store::{self, Windows};

/// The ways to answer each of `rows` that the contact wrote, best first.
pub async fn answers_to(
    transaction: &Transaction,
    organization: OrganizationId,
    rows: &[MessageRow],
    now: OffsetDateTime,
) -> Result<BTreeMap<MessageId, Vec<AnswerOption>>, Fault> {
    let inbound: Vec<&MessageRow> =
        rows.iter().filter(|row| row.direction == Direction::Inbound).collect();
    if inbound.is_empty() {
        return Ok(BTreeMap::new());
    }
    let accounts = store::accounts(transaction, organization).await?;
    let conversations: BTreeSet<ConversationId> =
        inbound.iter().map(|row| row.conversation).collect();
    let windows = store::windows(transaction, organization, &conversations).await?;
    let public: Vec<MessageId> = inbound
        .iter()
        .filter(|row| row.kind != MessageKind::PrivateMessage)
        .map(|row| row.message)
        .collect();
    let answered = if public.is_empty() {
        BTreeSet::new()
    } else {
        store::answered_privately(transaction, organization, &public).await?
    };
    Ok(inbound
        .into_iter()
        .map(|row| {
            let options = options(row, &accounts, &windows, answered.contains(&row.message), now);
            (row.message, options)
        })
        .collect())
}

/// The ways to answer the newest message of the contact in a conversation.
pub async fn answers_of(
    transaction: &Transaction,
    organization: OrganizationId,
    conversation: ConversationId,
    now: OffsetDateTime,
) -> Result<Vec<AnswerOption>, Fault> {
    let newest = store::newest_inbound(transaction, organization, conversation).await?;
    let Some(newest) = newest else { return Ok(Vec::new()) };
    let id = newest.message;
    let mut answers = answers_to(transaction, organization, &[newest], now).await?;
    Ok(answers.remove(&id).unwrap_or_default())
}

/// How long `text` is, as `counting` counts.
pub(super) fn count(counting: Counting, text: &str) -> u32 {
    let counting = match counting {
        Counting::XWeighted => manifest::Counting::XWeighted,
        Counting::Characters => manifest::Counting::Characters,
        Counting::Bytes => manifest::Counting::Bytes,
    };
    manifest::count(counting, text)
}

fn options(
    row: &MessageRow,
    accounts: &[Account],
    windows: &Windows,
    already_private_replied: bool,
    now: OffsetDateTime,
) -> Vec<AnswerOption> {
    let mut found: Vec<(bool, AnswerOption)> = Vec::new();
    for account in accounts.iter().filter(|account| account.network == row.network) {
        let same_account = row.channels.contains(&account.channel);
        let able = manifest::Account {
            network: network(account.network),
            tier: Tier::named(&account.tier),
            scopes: account.scopes.clone(),
        };
        let asked = Asked {
            account: &able,
            kind: kind(row.kind),
            inbound: true,
            deleted: row.deleted,
            network_time: row.order.time,
            same_account,
            author_known: matches!(row.person, Person::Known(_)),
            last_private_inbound_at: windows.get(&(row.conversation, account.channel)).copied(),
            already_private_replied,
            now,
        };
        for option in manifest::answer_options(&asked) {
            found.push((same_account, of(&option, row, account.channel)));
        }
    }
    // What can be chosen first, and of that the account that was written to.
    found.sort_by_key(|(same_account, option)| (option.refusal.is_some(), !same_account));
    found.into_iter().map(|(_, option)| option).collect()
}

fn of(option: &manifest::AnswerOption, row: &MessageRow, channel: ChannelId) -> AnswerOption {
    let kind = kind_of(option.kind);
    let private = MessageKind::PrivateMessage;
    AnswerOption {
        kind,
        channel,
        // A dialogue goes on; nothing is answered in particular.
        to: Some(row.message).filter(|_| !(kind == private && row.kind == private)),
        public: option.public,
        refusal: option.available.as_ref().err().map(|reason| (reason.code, reason.sentence)),
        text_limit: option.text_limit,
        counting: match option.counting {
            manifest::Counting::XWeighted => Counting::XWeighted,
            manifest::Counting::Characters => Counting::Characters,
            manifest::Counting::Bytes => Counting::Bytes,
        },
        expires_at: option.expires_at,
    }
}

pub(super) const fn network(network: Network) -> networks::Network {
    match network {
        Network::X => networks::Network::X,
        Network::Facebook => networks::Network::Facebook,
    }
}

pub(super) const fn kind(kind: MessageKind) -> networks::MessageKind {
    match kind {
        MessageKind::PrivateMessage => networks::MessageKind::PrivateMessage,
        MessageKind::Comment => networks::MessageKind::Comment,
        MessageKind::Reply => networks::MessageKind::Reply,
        MessageKind::Mention => networks::MessageKind::Mention,
        MessageKind::Post => networks::MessageKind::Post,
        MessageKind::Quote => networks::MessageKind::Quote,
    }
}

const fn kind_of(kind: networks::MessageKind) -> MessageKind {
    match kind {
        networks::MessageKind::PrivateMessage => MessageKind::PrivateMessage,
        networks::MessageKind::Comment => MessageKind::Comment,
        networks::MessageKind::Reply => MessageKind::Reply,
        networks::MessageKind::Mention => MessageKind::Mention,
        networks::MessageKind::Post => MessageKind::Post,
        networks::MessageKind::Quote => MessageKind::Quote,
    }
}
