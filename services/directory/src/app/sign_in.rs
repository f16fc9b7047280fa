//! Who signs in with a login and a password.
//!
//! An unknown login takes the same way as a wrong password: the same statements, the same hash,
//! the same answer.

use std::collections::HashMap;
use std::time::Duration;

use kit_store::{Scope, Store, lock_key};
use kit_values::{Class, Fault, OrganizationId, Secret};
use sha2::{Digest as _, Sha256};
use time::OffsetDateTime;
use uuid::Uuid;

use crate::domain::MemberId;
use crate::domain::member::{Login, Member};
use crate::domain::throttle::{self, PER_ADDRESS, PER_LOGIN, Policy};
use crate::metrics;
use crate::password::Hasher;
use crate::store::members;
use crate::store::throttle::{Key, forget, save, settled};

/// The member with this login and password.
///
/// # Errors
/// Unauthenticated for an unknown login or a wrong password; limited, with how long to wait,
/// after too many failures of this login or from this address.
pub async fn sign_in(
    store: &Store,
    hasher: &Hasher,
    login: &str,
    password: Secret<String>,
    client_address: &str,
) -> Result<Member, Fault> {
    let outcome = attempt(store, hasher, login, password, client_address).await;
    metrics::signed_in(outcome.as_ref().err());
    outcome
}

async fn attempt(
    store: &Store,
    hasher: &Hasher,
    login: &str,
    password: Secret<String>,
    client_address: &str,
) -> Result<Member, Fault> {
    // What cannot be a login is an unknown login, and throttled as one.
    let parsed = Login::parse(login).ok();
    let login = parsed.as_ref().map_or(login, Login::as_str);
    let login_key = key("login", login);
    let limits =
        [(login_key, PER_LOGIN), (key("address", &throttle::client(client_address)), PER_ADDRESS)];

    // From here on at most a few tries are under way whose outcome the throttle does not know.
    let turn = hasher.turn().await?;
    let now = kit_values::now();
    let located = store
        .transaction(&Scope::Unscoped, async |tx| {
            admit(&limits, &settled(tx, &limits.map(|(key, _)| key)).await?, now)?;
            match &parsed {
                Some(login) => members::locate(tx, login).await,
                None => Ok(None),
            }
        })
        .await?;
    let (organization, member) = located.unwrap_or_else(|| {
        (OrganizationId::from_uuid(Uuid::nil()), MemberId::from_uuid(Uuid::nil()))
    });
    let found = store
        .transaction(&Scope::Organization(organization), async |tx| {
            members::find(tx, organization, member).await
        })
        .await?;
    let (member, stored) = found.unzip();
    let matches = hasher.matches(&turn, password, stored).await?;
    // Whoever may not sign in is answered as if the password were wrong.
    if let (true, Some(member)) = (matches, member.filter(|member| !member.deactivated)) {
        // The address keeps its failures: whoever has one account may be guessing others.
        store.transaction(&Scope::Unscoped, async |tx| forget(tx, login_key).await).await?;
        return Ok(member);
    }
    charge(store, &limits, kit_values::now()).await?;
    Err(Fault::new(Class::Unauthenticated, "sign_in_failed", "The login or the password is wrong."))
}

/// Admits one request for a new password, and counts it: each is a mail to somebody.
///
/// # Errors
/// Limited after too many for this login or from this address.
pub async fn charge_reset(
    store: &Store,
    login: &str,
    client_address: &str,
    now: OffsetDateTime,
) -> Result<(), Fault> {
    let parsed = Login::parse(login).ok();
    let login = parsed.as_ref().map_or(login, Login::as_str);
    let limits = [
        (key("reset of login", login), PER_LOGIN),
        (key("reset from address", &throttle::client(client_address)), PER_ADDRESS),
    ];
    store
        .transaction(&Scope::Unscoped, async |tx| {
            admit(&limits, &settled(tx, &limits.map(|(key, _)| key)).await?, now)
        })
        .await?;
    charge(store, &limits, now).await
}

fn admit(
    limits: &[(Key, Policy)],
    settled: &HashMap<Key, OffsetDateTime>,
    now: OffsetDateTime,
) -> Result<(), Fault> {
    let longest = limits
        .iter()
        .filter_map(|(key, policy)| throttle::wait(*policy, *settled.get(key)?, now))
        .max();
    match longest {
        None => Ok(()),
        Some(wait) => Err(Fault::new(
            Class::Limited,
            "sign_in_throttled",
            "Too many failed attempts; wait before the next one.",
        )
        .retry_after(Duration::try_from(wait).unwrap_or_default())),
    }
}

async fn charge(
    store: &Store,
    limits: &[(Key, Policy); 2],
    now: OffsetDateTime,
) -> Result<(), Fault> {
    store
        .transaction(&Scope::Unscoped, async |tx| {
            let locks = limits.map(|(key, _)| lock_key(&["sign-in", &hexadecimal(&key)]));
            tx.lock(&locks).await?;
            let before = settled(tx, &limits.map(|(key, _)| key)).await?;
            let after = limits.map(|(key, policy)| {
                let settled_at = before.get(&key).copied().unwrap_or(now);
                (key, throttle::charge(policy, settled_at, now))
            });
            save(tx, &HashMap::from(after)).await
        })
        .await
}

fn key(kind: &str, value: &str) -> Key {
    Sha256::new().chain_update(kind).chain_update([0]).chain_update(value).finalize().into()
}

fn hexadecimal(key: &Key) -> String {
    use std::fmt::Write as _;

    key.iter().fold(String::with_capacity(64), |mut text, byte| {
        // Writing to a String cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}
