//! Search over conversations, messages and contacts: all that whoever asks sees, however old.

use std::collections::{BTreeMap, BTreeSet};

use kit_store::Transaction;
use kit_values::Fault;

use super::access::Asking;
use crate::domain::access::Sight;
use crate::domain::search::{After, Asked, Found, FoundContact, FoundMessage, Within};
use crate::domain::view::{MessageRow, Row};
use crate::domain::words::{ConversationId, MessageId};
use crate::store::{self, Hit};

/// Looks for it.
///
/// # Errors
/// Forbidden for a member who is nobody here.
pub async fn search(
    transaction: &Transaction,
    asking: Asking,
    asked: &Asked,
) -> Result<Found, Fault> {
    let sight = asking.sight(transaction).await?;
    let looked = Looked { transaction, asking, asked, sight };
    match asked.within {
        Within::Contacts => looked.contacts().await,
        Within::Messages => looked.messages(&looked.hits().await?).await,
        Within::Conversations => {
            let contacts = match asked.after {
                None => looked.contacts().await?.contacts,
                Some(_) => Vec::new(),
            };
            looked.conversations(&looked.hits().await?, &contacts).await
        }
        Within::Everything => {
            let (hits, contacts) = (looked.hits().await?, looked.contacts().await?.contacts);
            let messages = looked.messages(&hits).await?.messages;
            let conversations = looked.conversations(&hits, &contacts).await?.conversations;
            Ok(Found { conversations, messages, contacts, next: None })
        }
    }
}

struct Looked<'a> {
    transaction: &'a Transaction,
    asking: Asking,
    asked: &'a Asked,
    sight: Sight,
}

impl Looked<'_> {
    fn limit(&self) -> i32 {
        i32::try_from(self.asked.limit).unwrap_or(i32::MAX)
    }

    async fn hits(&self) -> Result<Vec<Hit>, Fault> {
        let after = match self.asked.after {
            Some(After::Message(at, id)) => Some((at, id)),
            Some(After::Contact(_)) | None => None,
        };
        let (organization, query) = (self.asking.organization, &self.asked.query);
        let limit = self.limit();
        store::search_messages(self.transaction, organization, query, &self.sight, after, limit)
            .await
    }

    fn next(&self, hits: &[Hit]) -> Option<After> {
        let full = i64::try_from(hits.len()).is_ok_and(|count| count == self.asked.limit);
        hits.last().filter(|_| full).map(|last| After::Message(last.at, last.message))
    }

    async fn rows(
        &self,
        ids: impl Iterator<Item = ConversationId>,
    ) -> Result<BTreeMap<ConversationId, Row>, Fault> {
        let ids: Vec<ConversationId> = ids.collect::<BTreeSet<_>>().into_iter().collect();
        let organization = self.asking.organization;
        let rows = store::conversation_rows(self.transaction, organization, &ids).await?;
        Ok(rows.into_iter().map(|row| (row.conversation, row)).collect())
    }

    async fn texts(&self, hits: &[Hit]) -> Result<BTreeMap<MessageId, MessageRow>, Fault> {
        let ids: Vec<MessageId> = hits.iter().map(|hit| hit.message).collect();
        let organization = self.asking.organization;
        let messages = store::message_rows(self.transaction, organization, &ids).await?;
        Ok(messages.into_iter().map(|message| (message.message, message)).collect())
    }

    async fn contacts(&self) -> Result<Found, Fault> {
        let after = match self.asked.after {
            Some(After::Contact(contact)) => Some(contact),
            Some(After::Message(..)) | None => None,
        };
        let (organization, query) = (self.asking.organization, &self.asked.query);
        let limit = self.limit();
        let contacts = store::search_contacts(
            self.transaction,
            organization,
            query,
            &self.sight,
            after,
            limit,
        )
        .await?;
        let full = i64::try_from(contacts.len()).is_ok_and(|count| count == self.asked.limit);
        let next = contacts.last().filter(|_| full).map(|last| After::Contact(last.contact));
        Ok(Found { contacts, next, ..Found::default() })
    }

    async fn messages(&self, hits: &[Hit]) -> Result<Found, Fault> {
        let mut texts = self.texts(hits).await?;
        let rows = self.rows(hits.iter().map(|hit| hit.conversation)).await?;
        let found = hits.iter().filter_map(|hit| {
            let message = texts.remove(&hit.message)?;
            let state = rows.get(&hit.conversation).and_then(|row| row.state);
            Some(FoundMessage { message, state })
        });
        Ok(Found { messages: found.collect(), next: self.next(hits), ..Found::default() })
    }

    /// Those of messages that have it, and those of contacts who have it.
    async fn conversations(&self, hits: &[Hit], contacts: &[FoundContact]) -> Result<Found, Fault> {
        let mut texts = self.texts(hits).await?;
        let mut newest: BTreeMap<ConversationId, Option<String>> =
            contacts.iter().map(|contact| (contact.conversation, None)).collect();
        for hit in hits {
            let text = newest.entry(hit.conversation).or_default();
            if text.is_none() {
                *text = texts.remove(&hit.message).map(|message| message.text);
            }
        }
        let mut rows = self.rows(newest.keys().copied()).await?;
        let mut found: Vec<(Row, Option<String>)> = newest
            .into_iter()
            .filter_map(|(conversation, text)| Some((rows.remove(&conversation)?, text)))
            .collect();
        found.sort_by_key(|(row, _)| std::cmp::Reverse((row.last_activity_at, row.conversation)));
        Ok(Found { conversations: found, next: self.next(hits), ..Found::default() })
    }
}
