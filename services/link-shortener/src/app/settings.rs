//! Who makes an organization's links.

use kit_store::Transaction;
use kit_store::audit::{self, Act};
use kit_values::{Class, Fault, OrganizationId};
use time::OffsetDateTime;
use uuid::Uuid;

use crate::bitly::Group;
use crate::domain::{Account, Choice, Provider, Settings};
use crate::store::settings;

/// Who acts.
#[derive(Debug, Clone, Copy)]
pub struct Actor {
    /// In whose name.
    pub organization: OrganizationId,
    /// Who.
    pub member: Uuid,
}

/// The groups of an account.
#[must_use]
pub fn groups(account: &Account) -> Vec<Group> {
    serde_json::from_str(&account.groups).unwrap_or_default()
}

fn act(actor: Actor, act: &'static str, detail: &serde_json::Value, now: OffsetDateTime) -> Act {
    Act {
        organization: actor.organization,
        at: now,
        member: Some(actor.member),
        service: "gateway".to_owned(),
        act,
        subject: String::new(),
        detail: detail.to_string(),
    }
}

/// Chooses who makes links.
///
/// # Errors
/// Rejected when it was changed meanwhile, or when Bitly is chosen and not connected; invalid
/// when the account has no such group or domain.
pub async fn choose(
    transaction: &Transaction,
    actor: Actor,
    wanted: Choice,
    now: OffsetDateTime,
) -> Result<Settings, Fault> {
    let known = settings::load(transaction, actor.organization).await?;
    if known.choice.rev != wanted.rev {
        return Err(changed());
    }
    check(&known, &wanted)?;
    let next = Choice { rev: wanted.rev + 1, ..wanted };
    if !settings::choose(transaction, actor.organization, &next).await? {
        return Err(changed());
    }
    let provider = if next.provider == Provider::Bitly { "bitly" } else { "built_in" };
    let detail = serde_json::json!({
        "provider": provider, "group": next.group_guid, "domain": next.domain,
    });
    audit::append(transaction, &act(actor, "link_shortening.changed", &detail, now)).await?;
    Ok(Settings { choice: next, ..known })
}

fn changed() -> Fault {
    let sentence = "These settings were changed meanwhile; look at them again.";
    Fault::new(Class::Rejected, "link_settings_changed", sentence)
}

fn check(known: &Settings, wanted: &Choice) -> Result<(), Fault> {
    let Some(account) = &known.account else {
        if wanted.provider == Provider::Bitly || !wanted.group_guid.is_empty() {
            let sentence = "Connect to Bitly first.";
            return Err(Fault::new(Class::Rejected, "bitly_not_connected", sentence));
        }
        return Ok(());
    };
    let groups = groups(account);
    let group = groups.iter().find(|group| group.guid == wanted.group_guid);
    if group.is_none() && !wanted.group_guid.is_empty() {
        let sentence = "The account has no such group.";
        return Err(Fault::invalid("no_such_group", "group", sentence));
    }
    let mut domains = group.into_iter().chain(groups.iter().filter(|_| group.is_none()));
    let has = domains.any(|group| group.bsds.contains(&wanted.domain));
    if !has && !matches!(wanted.domain.as_str(), "" | "bit.ly") {
        let sentence = "The account has no such domain.";
        return Err(Fault::invalid("no_such_domain", "domain", sentence));
    }
    Ok(())
}

/// Keeps a connected account, which makes the links from now on.
///
/// # Errors
/// Rejected when somebody connected an account with a newer token, or changed the settings, at the
/// same time.
pub async fn connect(
    transaction: &Transaction,
    actor: Actor,
    account: Account,
    now: OffsetDateTime,
) -> Result<Settings, Fault> {
    let known = settings::load(transaction, actor.organization).await?;
    if !settings::connect(transaction, actor.organization, &account).await? {
        let sentence = "Somebody else connected an account at the same time; look at it again.";
        return Err(Fault::new(Class::Rejected, "bitly_connected_meanwhile", sentence));
    }
    let choice = Choice {
        provider: Provider::Bitly,
        group_guid: String::new(),
        domain: String::new(),
        rev: known.choice.rev + 1,
    };
    if !settings::choose(transaction, actor.organization, &choice).await? {
        return Err(changed());
    }
    let detail = serde_json::json!({ "account": account.login });
    audit::append(transaction, &act(actor, "bitly.connected", &detail, now)).await?;
    Ok(Settings { choice, account: Some(account) })
}

/// Forgets the account; we make the links from now on. The second value is the version of its
/// token, if one was known.
///
/// # Errors
/// Rejected when it was changed at the same time.
pub async fn disconnect(
    transaction: &Transaction,
    actor: Actor,
    now: OffsetDateTime,
) -> Result<(Settings, Option<i64>), Fault> {
    let known = settings::load(transaction, actor.organization).await?;
    settings::disconnect(transaction, actor.organization).await?;
    let choice = Choice { rev: known.choice.rev + 1, ..Choice::default() };
    if !settings::choose(transaction, actor.organization, &choice).await? {
        return Err(changed());
    }
    let detail = serde_json::json!({});
    audit::append(transaction, &act(actor, "bitly.disconnected", &detail, now)).await?;
    let version = known.account.map(|account| account.version);
    Ok((Settings { choice, account: None }, version))
}
