//! gRPC: conversation asks while it accepts a reply; the gateway, for admins and previews.

use std::time::Duration;

use kit_service::rpc::{admitted, status};
use kit_store::audit;
use kit_values::{Class, Fault, Secret, mint_uuid, now};
use proto::link::v1 as link;
use proto::link::v1::link_shortener_service_server::LinkShortenerService;
use sha2::{Digest as _, Sha256};
use tonic::{Request, Response, Status};
use url::Url;

use crate::app::{self, Actor, Asked, AskedLink};
use crate::bitly::{self, Trouble};
use crate::domain::{Account, Choice, ConversationId, Settings, Short};
use crate::shortening::{Shortening, fresh};
use crate::store::settings;
use crate::wire;

/// Who calls for members.
const GATEWAY: &[&str] = &["gateway"];
/// How long an admin waits for Bitly.
const PATIENCE: Duration = Duration::from_secs(8);
/// How long a browser may be away at Bitly.
const AWAY: time::Duration = time::Duration::minutes(10);
/// Longest token, in bytes.
const LONGEST: usize = 512;
/// A code that none of ours is: too short.
const EXAMPLE: &str = "aB3xY9";

/// The service behind the port.
pub struct Shortener {
    shortening: Shortening,
}

impl Shortener {
    /// Over these parts.
    pub const fn new(shortening: Shortening) -> Self {
        Self { shortening }
    }

    fn told(&self, of: &Settings) -> link::LinkSettings {
        let groups = of.account.as_ref().map(app::groups).unwrap_or_default();
        let oauth = self.shortening.bitly.settings().has_oauth();
        wire::settings(of, groups, &self.shortening.base, oauth)
    }

    /// An admin, through the gateway.
    async fn admin<T>(&self, request: &Request<T>) -> Result<Actor, Status> {
        let caller = admitted(request, GATEWAY)?;
        let organization = caller.organization().map_err(status)?;
        let member = caller.member().map_err(status)?;
        self.shortening.directory.require_admin(organization, member).await.map_err(status)?;
        Ok(Actor { organization, member })
    }

    /// Asks Bitly whose token it is, has it sealed, and keeps the account.
    async fn connect(
        &self,
        actor: Actor,
        token: &Secret<String>,
    ) -> Result<link::LinkSettings, Fault> {
        let found = self.shortening.bitly.look(token, PATIENCE).await;
        let (user, groups) = found.map_err(refusal)?;
        let whose = (actor.organization, actor.member);
        let version = self.shortening.directory.seal(whose, &user.login, token).await?;
        self.shortening.bitly.note(actor.organization, Ok(()));
        let account = Account {
            login: user.login,
            groups: serde_json::to_string(&groups).map_err(Fault::internal)?,
            version,
            checked_at: now(),
            trouble: String::new(),
        };
        let kept = self
            .shortening
            .store
            .transaction_retrying(&actor.organization.into(), async |transaction| {
                app::connect(transaction, actor, account.clone(), now()).await
            })
            .await?;
        Ok(self.told(&kept))
    }
}

/// Why an account cannot be connected, for an admin.
fn refusal(trouble: Trouble) -> Fault {
    match trouble {
        Trouble::Unauthorized | Trouble::Forbidden | Trouble::Refused => {
            let sentence = "Bitly does not accept this token.";
            Fault::invalid("bitly_token", "token", sentence)
        }
        Trouble::RateLimited | Trouble::OverQuota => {
            let sentence = "Bitly takes no more calls for now; try again later.";
            Fault::new(Class::Limited, "bitly_limited", sentence)
        }
        Trouble::Timeout | Trouble::Unavailable | Trouble::Unreadable => {
            let sentence = "Bitly does not answer; try again in a moment.";
            Fault::new(Class::Unavailable, "bitly_unavailable", sentence)
        }
    }
}

/// What of a state is kept.
fn digest(state: &str) -> Vec<u8> {
    Sha256::digest(state.as_bytes()).to_vec()
}

#[tonic::async_trait]
impl LinkShortenerService for Shortener {
    async fn shorten(
        &self,
        request: Request<link::ShortenRequest>,
    ) -> Result<Response<link::ShortenResponse>, Status> {
        let caller = admitted(&request, &["conversation"])?;
        let organization = caller.organization().map_err(status)?;
        let asked = wire::asked(request.into_inner(), fresh).map_err(status)?;
        let made = self.shortening.shorten(organization, asked).await;
        let (made, trouble) = made.map_err(status)?;
        metrics::counter!("links_shortened").increment(made.len() as u64);
        Ok(Response::new(wire::answer(made, &self.shortening.base, trouble)))
    }

    async fn get_settings(
        &self,
        request: Request<link::GetSettingsRequest>,
    ) -> Result<Response<link::GetSettingsResponse>, Status> {
        let actor = self.admin(&request).await?;
        let found = self
            .shortening
            .store
            .transaction(&actor.organization.into(), async |transaction| {
                settings::load(transaction, actor.organization).await
            })
            .await
            .map_err(status)?;
        Ok(Response::new(link::GetSettingsResponse { settings: Some(self.told(&found)) }))
    }

    async fn put_settings(
        &self,
        request: Request<link::PutSettingsRequest>,
    ) -> Result<Response<link::PutSettingsResponse>, Status> {
        let actor = self.admin(&request).await?;
        let request = request.into_inner();
        let wanted = Choice {
            provider: wire::provider(request.provider()).map_err(status)?,
            group_guid: request.group_guid,
            domain: request.domain,
            rev: request.rev,
        };
        let kept = self
            .shortening
            .store
            .transaction_retrying(&actor.organization.into(), async |transaction| {
                app::choose(transaction, actor, wanted.clone(), now()).await
            })
            .await
            .map_err(status)?;
        Ok(Response::new(link::PutSettingsResponse { settings: Some(self.told(&kept)) }))
    }

    async fn connect_bitly(
        &self,
        request: Request<link::ConnectBitlyRequest>,
    ) -> Result<Response<link::ConnectBitlyResponse>, Status> {
        let actor = self.admin(&request).await?;
        let token = request.into_inner().token;
        let is_plain = token.bytes().all(|byte| (0x21..0x7f).contains(&byte));
        if token.is_empty() || token.len() > LONGEST || !is_plain {
            return Err(status(refusal(Trouble::Unauthorized)));
        }
        let settings = self.connect(actor, &Secret::new(token)).await.map_err(status)?;
        Ok(Response::new(link::ConnectBitlyResponse { settings: Some(settings) }))
    }

    async fn disconnect_bitly(
        &self,
        request: Request<link::DisconnectBitlyRequest>,
    ) -> Result<Response<link::DisconnectBitlyResponse>, Status> {
        let actor = self.admin(&request).await?;
        // First the account, so that nobody asks for its token any more.
        let (kept, version) = self
            .shortening
            .store
            .transaction_retrying(&actor.organization.into(), async |transaction| {
                app::disconnect(transaction, actor, now()).await
            })
            .await
            .map_err(status)?;
        let whose = (actor.organization, actor.member);
        self.shortening.directory.forget(whose, version).await.map_err(status)?;
        Ok(Response::new(link::DisconnectBitlyResponse { settings: Some(self.told(&kept)) }))
    }

    async fn authorize_bitly(
        &self,
        request: Request<link::AuthorizeBitlyRequest>,
    ) -> Result<Response<link::AuthorizeBitlyResponse>, Status> {
        let actor = self.admin(&request).await?;
        let bitly = self.shortening.bitly.settings();
        if !bitly.has_oauth() {
            let sentence = "This installation is not registered at Bitly; connect by token.";
            return Err(status(Fault::new(Class::Rejected, "no_registration", sentence)));
        }
        let mut random = [0; 32];
        getrandom::fill(&mut random).map_err(|error| status(Fault::internal(error)))?;
        let state = hex::encode(random);
        let mut url =
            Url::parse(&bitly.authorize_url).map_err(|error| status(Fault::internal(error)))?;
        url.query_pairs_mut()
            .append_pair("client_id", &bitly.client_id)
            .append_pair("redirect_uri", &bitly.redirect_uri)
            .append_pair("state", &state);
        let digest = digest(&state);
        self.shortening
            .store
            .transaction(&actor.organization.into(), async |transaction| {
                let (organization, member, now) = (actor.organization, actor.member, now());
                settings::began(transaction, organization, member, &digest, now, now + AWAY).await
            })
            .await
            .map_err(status)?;
        Ok(Response::new(link::AuthorizeBitlyResponse { url: url.into() }))
    }

    async fn finish_bitly(
        &self,
        request: Request<link::FinishBitlyRequest>,
    ) -> Result<Response<link::FinishBitlyResponse>, Status> {
        let actor = self.admin(&request).await?;
        let request = request.into_inner();
        let digest = digest(&request.state);
        let came_back = self
            .shortening
            .store
            .transaction(&actor.organization.into(), async |transaction| {
                let (organization, member) = (actor.organization, actor.member);
                settings::came_back(transaction, organization, member, &digest, now()).await
            })
            .await
            .map_err(status)?;
        if !came_back {
            let sentence = "Nobody went to Bitly from here, or too long ago; begin again.";
            return Err(status(Fault::new(Class::Rejected, "bitly_state", sentence)));
        }
        let bitly = &self.shortening.bitly;
        let set = bitly.settings();
        let exchange =
            bitly::exchange(&set.client_id, &set.client_secret, &request.code, &set.redirect_uri);
        let token = bitly.ask(exchange, None, PATIENCE, bitly::read_token).await;
        let token = token.map_err(|trouble| status(refusal(trouble)))?;
        let settings = self.connect(actor, &token).await.map_err(status)?;
        Ok(Response::new(link::FinishBitlyResponse { settings: Some(settings) }))
    }

    async fn test(
        &self,
        request: Request<link::TestRequest>,
    ) -> Result<Response<link::TestResponse>, Status> {
        let actor = self.admin(&request).await?;
        let (code, id) = fresh().map_err(status)?;
        // A reply of nobody's.
        let asked = Asked {
            conversation: ConversationId::from_uuid(uuid::Uuid::nil()),
            reply_key: format!("test-{}", mint_uuid().simple()),
            links: vec![AskedLink {
                ordinal: 0,
                text: "https://example.com/".to_owned(),
                code,
                id,
                short_url: None,
            }],
        };
        let made = self.shortening.shorten(actor.organization, asked).await;
        let (mut made, trouble) = made.map_err(status)?;
        let fallback = trouble.map(wire::fallback_reason).unwrap_or_default();
        let Some((_, Ok(short))) = made.pop() else {
            return Err(status(Fault::internal("a test made no link")));
        };
        let base = &self.shortening.base;
        let (short_url, provider) = match short {
            Short::Ours(code) => (base.link(code.as_str()), link::Provider::BuiltIn),
            Short::Theirs(address) => (address, link::Provider::Bitly),
        };
        Ok(Response::new(link::TestResponse {
            short_url,
            provider: provider.into(),
            fallback_reason: fallback,
        }))
    }

    async fn list_audit(
        &self,
        request: Request<link::ListAuditRequest>,
    ) -> Result<Response<link::ListAuditResponse>, Status> {
        let actor = self.admin(&request).await?;
        let link::ListAuditRequest { before, limit } = request.into_inner();
        let page = self
            .shortening
            .store
            .transaction(&actor.organization.into(), async |transaction| {
                audit::page(transaction, actor.organization, before, limit).await
            })
            .await;
        let audit::Page { entries, intact } = page.map_err(status)?;
        let entries = entries.into_iter().map(wire::entry).collect();
        Ok(Response::new(link::ListAuditResponse { entries, intact }))
    }

    async fn get_example(
        &self,
        request: Request<link::GetExampleRequest>,
    ) -> Result<Response<link::GetExampleResponse>, Status> {
        let organization = admitted(&request, GATEWAY)?.organization().map_err(status)?;
        let found = self
            .shortening
            .store
            .transaction(&organization.into(), async |transaction| {
                settings::load(transaction, organization).await
            })
            .await
            .map_err(status)?;
        let is_theirs = found.account.is_some()
            && found.choice.provider == crate::domain::Provider::Bitly
            && self.shortening.bitly.refuses(organization).is_none();
        let (provider, short_url) = if is_theirs {
            let domain = match found.choice.domain.as_str() {
                "" => "bit.ly",
                domain => domain,
            };
            (link::Provider::Bitly, format!("https://{domain}/{EXAMPLE}"))
        } else {
            (link::Provider::BuiltIn, self.shortening.base.link(EXAMPLE))
        };
        Ok(Response::new(link::GetExampleResponse { provider: provider.into(), short_url }))
    }
}
