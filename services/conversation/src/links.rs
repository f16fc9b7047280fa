//! Short links: asked for before a reply is accepted, and never in its way. Whatever goes wrong,
//! the long address is sent, and the reply's author is told why.

use std::collections::BTreeSet;
use std::ops::Range;
use std::time::Duration;

use kit_service::rpc::{self, Channel};
use kit_service::{Caller, Identity, Peer};
use kit_store::lock_key;
use kit_values::{Fault, OrganizationId};
use proto::link::v1::link_shortener_service_client::LinkShortenerServiceClient;

use crate::domain::links::{MOST, found, replaced};
use crate::domain::words::ConversationId;
use crate::wire::{Shortened, read_short, shorten};

/// The longest that shortening may hold up a reply (`product.md` 7).
const BUDGET: Duration = Duration::from_millis(1_200);

/// The service that makes short links, if there is one.
#[derive(Debug, Clone)]
pub struct Shortener(Option<LinkShortenerServiceClient<Channel>>);

impl Shortener {
    /// A connection, made at the first call.
    ///
    /// # Errors
    /// Invalid when the peer's address is no address.
    pub fn connect(peer: Option<&Peer>, identity: &Identity) -> Result<Self, Fault> {
        let channel = peer
            .map(|peer| rpc::Client::connect(peer, identity.clone(), "link_shortener"))
            .transpose()?;
        Ok(Self(channel.map(LinkShortenerServiceClient::new)))
    }

    /// The text with its addresses shortened, but for those that shall stay long (by their place
    /// in the text, from 0), and which stayed long besides, and why.
    pub async fn shorten(
        &self,
        organization: OrganizationId,
        conversation: ConversationId,
        key: &str,
        text: &str,
        keep_long: &BTreeSet<usize>,
    ) -> (String, Vec<String>) {
        let places: Vec<(usize, Range<usize>)> = found(text)
            .into_iter()
            .enumerate()
            .filter(|(ordinal, _)| !keep_long.contains(ordinal))
            .collect();
        if places.is_empty() {
            return (text.to_owned(), Vec::new());
        }
        let asked: Vec<(usize, &str)> = places
            .iter()
            .take(MOST)
            .map(|(ordinal, place)| (*ordinal, &text[place.clone()]))
            .collect();
        let key = links_of(conversation, key, text);
        let short = self.ask(organization, conversation, &key, &asked).await;
        let mut with = Vec::new();
        let mut notices = Vec::new();
        for (index, (_, place)) in places.into_iter().enumerate() {
            match short.get(index) {
                Some(Shortened::To(address)) => with.push((place, address.clone())),
                Some(Shortened::Not(reason)) => notices.push(notice(&text[place], reason)),
                None => notices.push(notice(&text[place], "too_many")),
            }
        }
        (replaced(text, &with), notices)
    }

    async fn ask(
        &self,
        organization: OrganizationId,
        conversation: ConversationId,
        key: &str,
        asked: &[(usize, &str)],
    ) -> Vec<Shortened> {
        let all = |reason: &str| vec![Shortened::Not(reason.to_owned()); asked.len()];
        let Some(client) = &self.0 else { return all("no_shortener") };
        let caller = Caller::for_organization(organization);
        let request = rpc::request(shorten(conversation, key, asked), &caller, BUDGET);
        let mut client = client.clone();
        match tokio::time::timeout(BUDGET, client.shorten(request)).await {
            Ok(Ok(answer)) => read_short(answer.get_ref(), asked),
            Ok(Err(status)) => {
                let fault = rpc::fault(status);
                tracing::info!(%fault, links = asked.len(), "links could not be shortened");
                all(fault.code())
            }
            Err(_) => {
                tracing::info!(links = asked.len(), "links were not shortened in time");
                all("timeout")
            }
        }
    }
}

/// What the links of a reply are kept under. The shortener gives the same ones for the same name;
/// a client's key alone is none, as it is free again when the reply is refused, for another text
/// in another conversation too.
fn links_of(conversation: ConversationId, key: &str, text: &str) -> String {
    let conversation = conversation.to_string();
    // Two of 64 bits each: what shares one waits, but what shares a name gets another's links.
    let first = lock_key(&["links", &conversation, key, text]);
    let second = lock_key(&[text, key, &conversation, "links"]);
    format!("{first:016x}{second:016x}")
}

/// An address and the stable code of why it stayed long.
fn notice(address: &str, reason: &str) -> String {
    format!("{address} {reason}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_key_for_another_text_or_conversation_names_other_links() {
        let (one, other) = (ConversationId::mint(), ConversationId::mint());
        let name = links_of(one, "k", "see https://a.test");
        assert_eq!(name, links_of(one, "k", "see https://a.test"));
        assert_ne!(name, links_of(one, "k", "see https://b.test"));
        assert_ne!(name, links_of(other, "k", "see https://a.test"));
        assert_ne!(name, links_of(one, "l", "see https://a.test"));
        assert_eq!(links_of(one, &"é".repeat(128), "https://a.test").len(), 32, "in bytes");
    }
}
