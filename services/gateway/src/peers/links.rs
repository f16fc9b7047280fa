//! Short links: how an organization makes them, and what they will look like.

use std::time::Duration;

use kit_service::rpc::{self, Channel, Client};
use kit_service::{Caller, Identity, Peer};
use kit_values::{Class, Fault};
use proto::conversation::v1 as conversation;
use proto::conversation::v1::conversation_service_client::ConversationServiceClient;
use proto::link::v1 as link;
use proto::link::v1::link_shortener_service_client::LinkShortenerServiceClient;

use super::{DEADLINE, incomplete};
use crate::wire::from_proto::{filled, links as from_proto};
use crate::wire::rest;

/// How long a person waits for what asks Bitly.
const PATIENCE: Duration = Duration::from_secs(15);

/// Short links.
#[derive(Clone)]
pub struct Links {
    shortener: Option<LinkShortenerServiceClient<Channel>>,
    conversations: ConversationServiceClient<Channel>,
}

impl Links {
    /// At these addresses; connected when first used.
    ///
    /// # Errors
    /// Invalid when one is no address.
    pub fn new(
        shortener: Option<&Peer>,
        conversation: &Peer,
        identity: &Identity,
    ) -> Result<Self, Fault> {
        let connect = |peer, name| Client::connect(peer, identity.clone(), name);
        let shortener = shortener.map(|peer| connect(peer, "link_shortener")).transpose()?;
        Ok(Self {
            shortener: shortener.map(LinkShortenerServiceClient::new),
            conversations: ConversationServiceClient::new(connect(conversation, "conversation")?),
        })
    }

    fn shortener(&self) -> Result<LinkShortenerServiceClient<Channel>, Fault> {
        self.shortener.clone().ok_or_else(|| {
            let sentence = "This installation has no link shortener.";
            Fault::new(Class::Unavailable, "no_shortener", sentence)
        })
    }

    /// How links are shortened.
    pub async fn settings(&self, caller: &Caller) -> Result<rest::LinkSettings, Fault> {
        let request = rpc::request(link::GetSettingsRequest {}, caller, DEADLINE);
        let answer = self.shortener()?.get_settings(request).await.map_err(rpc::fault)?;
        settings(answer.into_inner().settings)
    }

    /// How links are shortened from now on.
    pub async fn choose(
        &self,
        caller: &Caller,
        wanted: rest::LinkSettingsWanted,
    ) -> Result<rest::LinkSettings, Fault> {
        let message = link::PutSettingsRequest {
            provider: from_proto::provider_wanted(wanted.provider).into(),
            group_guid: wanted.group.unwrap_or_default(),
            domain: wanted.domain.unwrap_or_default(),
            rev: wanted.rev,
        };
        let request = rpc::request(message, caller, DEADLINE);
        let answer = self.shortener()?.put_settings(request).await.map_err(rpc::fault)?;
        settings(answer.into_inner().settings)
    }

    /// Connects the account of a token.
    pub async fn connect(
        &self,
        caller: &Caller,
        token: String,
    ) -> Result<rest::LinkSettings, Fault> {
        let request = rpc::request(link::ConnectBitlyRequest { token }, caller, PATIENCE);
        let answer = self.shortener()?.connect_bitly(request).await.map_err(rpc::fault)?;
        settings(answer.into_inner().settings)
    }

    /// Forgets the account.
    pub async fn disconnect(&self, caller: &Caller) -> Result<rest::LinkSettings, Fault> {
        let request = rpc::request(link::DisconnectBitlyRequest {}, caller, DEADLINE);
        let answer = self.shortener()?.disconnect_bitly(request).await.map_err(rpc::fault)?;
        settings(answer.into_inner().settings)
    }

    /// Where the browser goes to connect without a token.
    pub async fn authorize(&self, caller: &Caller) -> Result<String, Fault> {
        let request = rpc::request(link::AuthorizeBitlyRequest {}, caller, DEADLINE);
        let answer = self.shortener()?.authorize_bitly(request).await.map_err(rpc::fault)?;
        Ok(answer.into_inner().url)
    }

    /// Connects with what the browser came back with.
    pub async fn finish(
        &self,
        caller: &Caller,
        code: String,
        state: String,
    ) -> Result<rest::LinkSettings, Fault> {
        let request = rpc::request(link::FinishBitlyRequest { code, state }, caller, PATIENCE);
        let answer = self.shortener()?.finish_bitly(request).await.map_err(rpc::fault)?;
        settings(answer.into_inner().settings)
    }

    /// Makes one link.
    pub async fn test(&self, caller: &Caller) -> Result<rest::TestLink, Fault> {
        let request = rpc::request(link::TestRequest {}, caller, DEADLINE);
        let answer = self.shortener()?.test(request).await.map_err(rpc::fault)?.into_inner();
        Ok(rest::TestLink {
            provider: from_proto::provider(answer.provider())?,
            short_url: answer.short_url,
            fallback_reason: filled(answer.fallback_reason),
        })
    }

    /// What would be shortened in a text, and what it would look like. Makes nothing.
    pub async fn preview(&self, caller: &Caller, text: String) -> Result<rest::LinkPreview, Fault> {
        let find = rpc::request(conversation::FindLinksRequest { text }, caller, DEADLINE);
        let example = rpc::request(link::GetExampleRequest {}, caller, DEADLINE);
        let (mut shortener, mut conversations) = (self.shortener()?, self.conversations.clone());
        let found = conversations.find_links(find).await.map_err(rpc::fault)?.into_inner();
        let example = shortener.get_example(example).await.map_err(rpc::fault)?.into_inner();
        let links = found.links.into_iter().map(|link| rest::PreviewedLink {
            ordinal: link.ordinal,
            start: link.start,
            end: link.end,
            url: link.url,
            short_example: example.short_url.clone(),
        });
        let provider = from_proto::provider(example.provider())?;
        Ok(rest::LinkPreview { provider, links: links.collect() })
    }
}

fn settings(told: Option<link::LinkSettings>) -> Result<rest::LinkSettings, Fault> {
    from_proto::settings(told.ok_or_else(incomplete)?)
}
