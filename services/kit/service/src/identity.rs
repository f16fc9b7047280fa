//! Who calls: each service has an Ed25519 key pair and signs short-lived tokens that carry it,
//! the member and the organization on whose behalf it calls.
//!
//! A token proves who asks, never what they may do: the service that owns the data decides.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};
use kit_values::{Class, Fault, OrganizationId, Secret};
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use uuid::Uuid;

/// How long a token is good for.
pub const LIFETIME: Duration = Duration::from_mins(1);

/// How far two machines' clocks may differ.
const SKEW_SECONDS: i64 = 5;

/// Signed before the payload, so that no signature made for another purpose is a token.
const PURPOSE: &[u8] = b"guichet caller token v1\n";

/// On whose behalf a call is made.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Caller {
    /// The calling service; set from its signature, never by the caller.
    pub service: String,
    /// The signed-in member behind the call, if one is.
    pub member: Option<Uuid>,
    /// The one organization that the call may touch; absent for calls of the installation.
    pub organization: Option<OrganizationId>,
}

impl Caller {
    /// A call of the installation itself, for no organization.
    #[must_use]
    pub fn installation() -> Self {
        Self::default()
    }

    /// A call for one organization, without a member behind it.
    #[must_use]
    pub fn for_organization(organization: OrganizationId) -> Self {
        Self { organization: Some(organization), ..Self::default() }
    }

    /// A call for a signed-in member.
    #[must_use]
    pub fn for_member(organization: OrganizationId, member: Uuid) -> Self {
        Self { organization: Some(organization), member: Some(member), ..Self::default() }
    }

    /// The organization of the call.
    ///
    /// # Errors
    /// Forbidden when the call names none.
    pub fn organization(&self) -> Result<OrganizationId, Fault> {
        self.organization.ok_or_else(|| {
            Fault::new(Class::Forbidden, "organization_missing", "The call names no organization.")
        })
    }

    /// The member of the call.
    ///
    /// # Errors
    /// Forbidden when the call names none.
    pub fn member(&self) -> Result<Uuid, Fault> {
        self.member.ok_or_else(|| {
            Fault::new(Class::Forbidden, "member_missing", "The call names no member.")
        })
    }

    /// Lets only calls of the installation itself through: what is not about one organization
    /// is not done on behalf of one.
    ///
    /// # Errors
    /// Forbidden when the call names an organization.
    pub fn require_installation(&self) -> Result<(), Fault> {
        if self.organization.is_none() {
            return Ok(());
        }
        let sentence = "This call is not made on behalf of an organization.";
        Err(Fault::new(Class::Forbidden, "installation_only", sentence))
    }

    /// Lets only these services through.
    ///
    /// # Errors
    /// Forbidden for any other.
    pub fn require_service(&self, allowed: &[&str]) -> Result<(), Fault> {
        if allowed.contains(&self.service.as_str()) {
            return Ok(());
        }
        let sentence = format!("The service \"{}\" may not make this call.", self.service);
        Err(Fault::new(Class::Forbidden, "service_not_allowed", sentence))
    }
}

/// Configuration section `[identity]`: the keys of the services that run in this process, and
/// the public keys of all services that may call them.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Keys {
    /// Service name → base64 of its 32-byte Ed25519 seed.
    pub keys: BTreeMap<String, Secret<String>>,
    /// Service name → base64 of its 32-byte public key.
    pub trusted: BTreeMap<String, String>,
}

impl Keys {
    /// Fresh keys for these services, who all trust each other.
    ///
    /// # Errors
    /// Internal when the system gives no random bytes.
    pub fn generate(services: &[&str]) -> Result<Self, Fault> {
        let mut settings = Self::default();
        for service in services {
            let mut seed = [0_u8; 32];
            getrandom::fill(&mut seed).map_err(Fault::internal)?;
            let public = SigningKey::from_bytes(&seed).verifying_key();
            settings.keys.insert((*service).to_owned(), Secret::new(STANDARD.encode(seed)));
            settings.trusted.insert((*service).to_owned(), STANDARD.encode(public.as_bytes()));
        }
        Ok(settings)
    }

    /// The identity of one service.
    ///
    /// # Errors
    /// Invalid when its key or a trusted one is missing or malformed.
    pub fn identity(&self, service: &str) -> Result<Identity, Fault> {
        let seed = self.keys.get(service).ok_or_else(|| {
            let sentence = format!("The key of \"{service}\" is missing in [identity.keys].");
            Fault::invalid("identity_key_missing", format!("identity.keys.{service}"), sentence)
        })?;
        let seed = bytes(seed.expose(), &format!("identity.keys.{service}"))?;
        let mut trusted = BTreeMap::new();
        for (name, public) in &self.trusted {
            let field = format!("identity.trusted.{name}");
            let key = VerifyingKey::from_bytes(&bytes(public, &field)?)
                .map_err(|error| malformed(&field).caused_by(error))?;
            trusted.insert(name.clone(), key);
        }
        Ok(Identity(Arc::new(Inner {
            service: service.to_owned(),
            key: SigningKey::from_bytes(&seed),
            trusted,
        })))
    }
}

fn bytes(text: &str, field: &str) -> Result<[u8; 32], Fault> {
    STANDARD
        .decode(text.trim())
        .ok()
        .and_then(|bytes| bytes.try_into().ok())
        .ok_or_else(|| malformed(field))
}

fn malformed(field: &str) -> Fault {
    let sentence = format!("The key {field} is not 32 bytes in base64.");
    Fault::invalid("identity_key_malformed", field.to_owned(), sentence)
}

/// Who this service is: signs its own calls and verifies those of the services it trusts.
#[derive(Clone)]
pub struct Identity(Arc<Inner>);

struct Inner {
    service: String,
    key: SigningKey,
    trusted: BTreeMap<String, VerifyingKey>,
}

impl fmt::Debug for Identity {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Identity({})", self.0.service)
    }
}

/// Short names, because the token travels with every call.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Payload {
    #[serde(rename = "s")]
    service: String,
    #[serde(rename = "m", default, skip_serializing_if = "Option::is_none")]
    member: Option<Uuid>,
    #[serde(rename = "o", default, skip_serializing_if = "Option::is_none")]
    organization: Option<OrganizationId>,
    #[serde(rename = "a")]
    audience: String,
    /// Unix seconds.
    #[serde(rename = "e")]
    expires: i64,
}

impl Identity {
    /// The name of the service.
    #[must_use]
    pub fn service(&self) -> &str {
        &self.0.service
    }

    /// A token for one call to `audience`, good for [`LIFETIME`] from `now`.
    ///
    /// # Errors
    /// Internal when the payload cannot be written.
    pub fn sign(
        &self,
        caller: &Caller,
        audience: &str,
        now: OffsetDateTime,
    ) -> Result<Secret<String>, Fault> {
        let payload = Payload {
            service: self.0.service.clone(),
            member: caller.member,
            organization: caller.organization,
            audience: audience.to_owned(),
            expires: (now + LIFETIME).unix_timestamp(),
        };
        let payload = serde_json::to_vec(&payload).map_err(Fault::internal)?;
        let signature = self.0.key.sign(&[PURPOSE, &payload].concat());
        let payload = URL_SAFE_NO_PAD.encode(payload);
        let signature = URL_SAFE_NO_PAD.encode(signature.to_bytes());
        Ok(Secret::new(format!("{payload}.{signature}")))
    }

    /// Who signed `token` for this service.
    ///
    /// # Errors
    /// Unauthenticated, always with the same code and sentence, so that nothing is learnt by
    /// trying; the cause is for the log.
    pub fn verify(&self, token: &str, now: OffsetDateTime) -> Result<Caller, Fault> {
        let refuse = |cause: &'static str| {
            let sentence = "The call carries no valid token.";
            Fault::new(Class::Unauthenticated, "token_refused", sentence).caused_by(cause)
        };
        let (payload, signature) = token.split_once('.').ok_or_else(|| refuse("no token"))?;
        let payload = URL_SAFE_NO_PAD.decode(payload).map_err(|_| refuse("payload encoding"))?;
        let signature: [u8; 64] = URL_SAFE_NO_PAD
            .decode(signature)
            .ok()
            .and_then(|bytes| bytes.try_into().ok())
            .ok_or_else(|| refuse("signature encoding"))?;
        let claim: Payload = serde_json::from_slice(&payload).map_err(|_| refuse("payload"))?;
        let key = self.0.trusted.get(&claim.service).ok_or_else(|| refuse("unknown service"))?;
        key.verify_strict(&[PURPOSE, &payload].concat(), &Signature::from_bytes(&signature))
            .map_err(|_| refuse("signature"))?;
        if claim.audience != self.0.service {
            return Err(refuse("meant for another service"));
        }
        let latest = (now + LIFETIME).unix_timestamp() + SKEW_SECONDS;
        if claim.expires > latest || claim.expires < now.unix_timestamp() - SKEW_SECONDS {
            return Err(refuse("expired, or good for too long"));
        }
        Ok(Caller {
            service: claim.service,
            member: claim.member,
            organization: claim.organization,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pair() -> (Identity, Identity) {
        let settings = Keys::generate(&["gateway", "directory"]).expect("keys");
        let identity = |name| settings.identity(name).expect("identity");
        (identity("gateway"), identity("directory"))
    }

    #[test]
    fn a_token_tells_who_calls_and_for_whom() {
        let (gateway, directory) = pair();
        let caller = Caller::for_member(OrganizationId::mint(), kit_values::mint_uuid());
        let now = kit_values::now();
        let token = gateway.sign(&caller, "directory", now).expect("signs");
        let seen = directory.verify(token.expose(), now).expect("accepted");
        assert_eq!(seen, Caller { service: "gateway".into(), ..caller });
        assert!(seen.require_service(&["gateway", "operator"]).is_ok());
        assert!(seen.require_service(&["operator"]).is_err());
        assert!(seen.require_installation().is_err());
        assert!(Caller::installation().require_installation().is_ok());
    }

    #[test]
    fn a_token_is_for_one_audience_and_one_minute() {
        let (gateway, directory) = pair();
        let now = kit_values::now();
        let token = gateway.sign(&Caller::installation(), "directory", now).expect("signs");
        assert!(gateway.verify(token.expose(), now).is_err(), "another audience");
        let later = now + LIFETIME + Duration::from_secs(6);
        assert!(directory.verify(token.expose(), later).is_err(), "expired");
        let before = now - Duration::from_secs(10);
        assert!(directory.verify(token.expose(), before).is_err(), "good for too long");
    }

    #[test]
    fn no_changed_token_is_accepted() {
        let (gateway, directory) = pair();
        let now = kit_values::now();
        let token = gateway.sign(&Caller::installation(), "directory", now).expect("signs");
        let token = token.expose();
        for position in 0..token.len() {
            let mut bytes = token.clone().into_bytes();
            bytes[position] = if bytes[position] == b'A' { b'B' } else { b'A' };
            let changed = String::from_utf8(bytes).expect("ASCII");
            assert!(directory.verify(&changed, now).is_err(), "changed at {position}");
        }
    }

    #[test]
    fn a_stranger_who_takes_a_known_name_is_refused() {
        let (_, directory) = pair();
        let (stranger, _) = pair();
        let now = kit_values::now();
        let token = stranger.sign(&Caller::installation(), "directory", now).expect("signs");
        let fault = directory.verify(token.expose(), now).expect_err("refused");
        assert_eq!(fault.class(), Class::Unauthenticated);
        assert_eq!(fault.code(), "token_refused");
    }

    #[test]
    fn a_missing_or_malformed_key_is_named() {
        let mut settings = Keys::generate(&["gateway"]).expect("keys");
        let missing = settings.identity("directory").expect_err("missing");
        assert_eq!(missing.field(), Some("identity.keys.directory"));
        settings.trusted.insert("directory".into(), "AAAA".into());
        let malformed = settings.identity("gateway").expect_err("malformed");
        assert_eq!(malformed.field(), Some("identity.trusted.directory"));
    }
}
