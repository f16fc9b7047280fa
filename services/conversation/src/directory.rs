//! Calls to directory: everything that it knows of members and accounts, once at start. What
//! changes afterwards comes as events; the stream keeps a day, so a list comes first.

use std::time::Duration;

use kit_service::rpc::{self, Channel};
use kit_service::{Caller, Identity, Peer};
use kit_store::{Scope, Store};
use kit_values::{Fault, OrganizationId, now};
use proto::directory::v1::directory_service_client::DirectoryServiceClient;
use proto::directory::v1::settings_service_client::SettingsServiceClient;
use proto::directory::v1::{ListContactAttributesRequest, ListPeopleRequest, ListRoutesRequest};
use tokio_util::sync::CancellationToken;

use crate::app;
use crate::domain::contact::Definitions;
use crate::domain::heard::{ToldAccount, ToldMember};
use crate::wire::{told_account, told_attributes, told_member};

const DEADLINE: Duration = Duration::from_secs(5);

/// Longest answer, in bytes: every channel of an installation with a hundred thousand.
const LONGEST_ANSWER: usize = 64 << 20;

/// Rows written in one transaction.
const AT_ONCE: usize = 500;

/// How long until directory is asked again when it did not answer; grows up to the last.
const PAUSES: [Duration; 4] = [
    Duration::from_millis(200),
    Duration::from_secs(1),
    Duration::from_secs(5),
    Duration::from_secs(15),
];

/// The service that knows members and accounts.
#[derive(Debug, Clone)]
pub struct Client(DirectoryServiceClient<Channel>, SettingsServiceClient<Channel>);

impl Client {
    /// A connection, made at the first call.
    ///
    /// # Errors
    /// Invalid when the peer's address is no address.
    pub fn connect(peer: &Peer, identity: Identity) -> Result<Self, Fault> {
        let channel = rpc::Client::connect(peer, identity, "directory")?;
        let settings = SettingsServiceClient::new(channel.clone());
        let client = DirectoryServiceClient::new(channel);
        Ok(Self(
            client.max_decoding_message_size(LONGEST_ANSWER),
            settings.max_decoding_message_size(LONGEST_ANSWER),
        ))
    }

    async fn attributes(&self) -> Result<Vec<Definitions>, Fault> {
        let mut attributes = Vec::new();
        let mut after = String::new();
        loop {
            let message = ListContactAttributesRequest { after };
            let request = rpc::request(message, &Caller::installation(), DEADLINE);
            let page = self.1.clone().list_contact_attributes(request).await.map_err(rpc::fault)?;
            let page = page.into_inner();
            attributes.extend(page.organizations.iter().filter_map(|it| told_attributes(it).ok()));
            if page.next.is_empty() {
                return Ok(attributes);
            }
            after = page.next;
        }
    }

    async fn accounts(&self) -> Result<Vec<ToldAccount>, Fault> {
        let request = rpc::request(ListRoutesRequest {}, &Caller::installation(), DEADLINE);
        let told = self.0.clone().list_routes(request).await.map_err(rpc::fault)?;
        // One of a newer release's network is not ours to know.
        Ok(told.into_inner().channels.iter().filter_map(|it| told_account(it).ok()).collect())
    }

    async fn members(&self) -> Result<Vec<ToldMember>, Fault> {
        // What was so before the question is in the answer.
        let as_of = now();
        let mut members = Vec::new();
        let mut after = String::new();
        loop {
            let message = ListPeopleRequest { after };
            let request = rpc::request(message, &Caller::installation(), DEADLINE);
            let page = self.0.clone().list_people(request).await.map_err(rpc::fault)?.into_inner();
            members.extend(page.members.iter().filter_map(|it| told_member(it, as_of).ok()));
            if page.next.is_empty() {
                return Ok(members);
            }
            after = page.next;
        }
    }
}

/// Fills the projections once, however long directory is away.
pub struct Filling {
    /// Where they are kept.
    pub store: Store,
    /// Who knows.
    pub directory: Client,
}

impl Filling {
    /// Fills until it is done or the process stops.
    ///
    /// # Errors
    /// None: directory and the database are waited for.
    pub async fn run(self, stop: CancellationToken) -> Result<(), Fault> {
        let mut pauses = PAUSES.iter();
        let mut pause = PAUSES[0];
        loop {
            let Err(fault) = self.fill().await else { return Ok(()) };
            tracing::info!(%fault, "members and accounts cannot be listed yet");
            pause = pauses.next().copied().unwrap_or(pause);
            tokio::select! {
                () = stop.cancelled() => return Ok(()),
                () = tokio::time::sleep(pause) => {}
            }
        }
    }

    async fn fill(&self) -> Result<(), Fault> {
        let members = self.directory.members().await?;
        let accounts = self.directory.accounts().await?;
        for members in members.chunks(AT_ONCE) {
            self.learn(members.iter().map(|it| it.organization).collect(), members, &[]).await?;
        }
        for accounts in accounts.chunks(AT_ONCE) {
            self.learn(accounts.iter().map(|it| it.organization).collect(), &[], accounts).await?;
        }
        tracing::info!(
            members = members.len(),
            accounts = accounts.len(),
            "members and accounts are known"
        );
        let attributes = self.directory.attributes().await?;
        for attributes in attributes.chunks(AT_ONCE) {
            let scope: Scope = attributes.iter().map(|it| it.organization).collect();
            let attributes = attributes.to_vec();
            self.store
                .transaction_retrying(&scope, async move |transaction| {
                    app::learn_definitions(transaction, &attributes).await
                })
                .await?;
        }
        Ok(())
    }

    async fn learn(
        &self,
        organizations: Vec<OrganizationId>,
        members: &[ToldMember],
        accounts: &[ToldAccount],
    ) -> Result<(), Fault> {
        let scope: Scope = organizations.into_iter().collect();
        let (members, accounts) = (members.to_vec(), accounts.to_vec());
        self.store
            .transaction_retrying(&scope, async move |transaction| {
                app::learn_all(transaction, &members, &accounts, now()).await
            })
            .await
    }
}
