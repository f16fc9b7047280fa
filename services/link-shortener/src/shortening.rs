//! Links of one reply become short: by the provider that the organization chose, by us when that
//! one does not answer in time. Whoever accepts the reply waits at most 1.2 s for all of it
//! (`product.md` 7), so Bitly has [`BUDGET`] and the rest is ours.

use std::collections::HashMap;
use std::time::Duration;

use futures::StreamExt as _;
use kit_store::Store;
use kit_values::{Class, Fault, OrganizationId, now};
use uuid::Uuid;

use crate::app::{self, Asked, Made};
use crate::bitly::{self, Trouble};
use crate::directory::Directory;
use crate::domain::{Account, Address, Base, Choice, Code, Provider, RANDOM_BYTES};
use crate::provider::Bitly;
use crate::store::{self, settings};

/// How long Bitly has for the links of one reply.
pub const BUDGET: Duration = Duration::from_millis(800);
/// Bitly takes five connections from one address.
const AT_ONCE: usize = 4;
/// How often fresh codes are taken when one was taken already.
const ATTEMPTS: usize = 5;

/// Makes links; cheap to clone.
#[derive(Clone)]
pub struct Shortening {
    /// Where links are kept.
    pub store: Store,
    /// What our own begin with.
    pub base: Base,
    /// Calls Bitly.
    pub bitly: Bitly,
    /// Knows its tokens.
    pub directory: Directory,
}

/// A code and an id for a link that may have to be made.
pub fn fresh() -> Result<(Code, Uuid), Fault> {
    loop {
        let mut bytes = [0; RANDOM_BYTES];
        getrandom::fill(&mut bytes).map_err(Fault::internal)?;
        if let Some(code) = Code::from_random(&bytes) {
            return Ok((code, kit_values::mint_uuid()));
        }
    }
}

impl Shortening {
    /// Makes the links of a reply that are not there yet. The second value says why the chosen
    /// provider did not make some of them.
    ///
    /// # Errors
    /// Unavailable without the database.
    pub async fn shorten(
        &self,
        organization: OrganizationId,
        mut asked: Asked,
    ) -> Result<(Made, Option<Trouble>), Fault> {
        let key = asked.reply_key.clone();
        let (settings, known) = self
            .store
            .transaction(&organization.into(), async |transaction| {
                let settings = settings::load(transaction, organization).await?;
                Ok((settings, store::of_reply(transaction, organization, &key).await?))
            })
            .await?;
        let mut trouble = None;
        if let (Provider::Bitly, Some(account)) = (settings.choice.provider, settings.account) {
            let wanted = asked.links.iter().filter(|link| !known.contains_key(&link.ordinal));
            let wanted: Vec<(i16, Address)> = wanted
                .filter_map(|link| {
                    Some((link.ordinal, Address::parse(&link.text, &self.base).ok()?))
                })
                .collect();
            if !wanted.is_empty() {
                let (made, met) =
                    self.ask_bitly(organization, &settings.choice, &account, wanted).await;
                for link in &mut asked.links {
                    link.short_url = made.get(&link.ordinal).cloned();
                }
                trouble = met;
            }
        }
        self.keep(organization, asked).await.map(|made| (made, trouble))
    }

    async fn keep(&self, organization: OrganizationId, mut asked: Asked) -> Result<Made, Fault> {
        let mut attempt = 1;
        loop {
            let made = self
                .store
                .transaction(&organization.into(), async |transaction| {
                    app::shorten(transaction, organization, &asked, &self.base, now()).await
                })
                .await;
            match made {
                Err(fault) if fault.class() == Class::Conflict && attempt < ATTEMPTS => {
                    attempt += 1;
                    for link in &mut asked.links {
                        (link.code, link.id) = fresh()?;
                    }
                }
                made => return made,
            }
        }
    }

    /// What Bitly makes of them in its time, and why not the rest.
    async fn ask_bitly(
        &self,
        organization: OrganizationId,
        choice: &Choice,
        account: &Account,
        wanted: Vec<(i16, Address)>,
    ) -> (HashMap<i16, String>, Option<Trouble>) {
        if let Some(trouble) = self.bitly.refuses(organization) {
            return (HashMap::new(), Some(trouble));
        }
        let until = tokio::time::Instant::now() + BUDGET;
        let token =
            tokio::time::timeout_at(until, self.directory.token(organization, account.version));
        let token = match token.await {
            Ok(Ok(token)) => token,
            // Nobody has it any more, or it is another account's: connecting anew is all that helps.
            Ok(Err(fault)) if matches!(fault.class(), Class::Rejected | Class::NotFound) => {
                let trouble = Trouble::Unauthorized;
                self.remember(organization, account, Err(trouble)).await;
                return (HashMap::new(), Some(trouble));
            }
            Ok(Err(fault)) => {
                tracing::info!(%fault, "the token of the account at Bitly cannot be had");
                return (HashMap::new(), Some(Trouble::Unavailable));
            }
            Err(_) => return (HashMap::new(), Some(Trouble::Timeout)),
        };
        let token = &token;
        let answers: Vec<_> = futures::stream::iter(wanted)
            .map(async |(ordinal, address)| {
                let request = bitly::shorten(address.as_str(), &choice.group_guid, &choice.domain);
                let left = until - tokio::time::Instant::now();
                (ordinal, self.bitly.ask(request, Some(token), left, bitly::read_short).await)
            })
            .buffer_unordered(AT_ONCE)
            .collect()
            .await;
        let mut made = HashMap::new();
        let mut met = None;
        for (ordinal, answer) in answers {
            match answer {
                Ok(short) => {
                    made.insert(ordinal, short);
                }
                Err(trouble) => met = Some(trouble),
            }
        }
        // That Bitly does not take one address says nothing of the account.
        let outcome = met.filter(|met| *met != Trouble::Refused).map_or(Ok(()), Err);
        self.bitly.note(organization, outcome);
        self.remember(organization, account, outcome).await;
        (made, met)
    }

    /// Keeps how the account stands, when that is news.
    pub async fn remember(
        &self,
        organization: OrganizationId,
        account: &Account,
        outcome: Result<(), Trouble>,
    ) {
        let trouble = outcome.err().map(Trouble::code).unwrap_or_default();
        let is_recent = now() - account.checked_at < time::Duration::minutes(1);
        if trouble == account.trouble && is_recent {
            return;
        }
        let kept = self
            .store
            .transaction(&organization.into(), async |transaction| {
                settings::checked(transaction, organization, account.version, trouble, now()).await
            })
            .await;
        if let Err(fault) = kept {
            tracing::info!(%fault, "how the account at Bitly stands could not be kept");
        }
    }
}
