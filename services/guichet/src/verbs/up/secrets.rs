//! What must stay the same from one start to the next and be known to nobody: made at the first
//! start, kept in one file for its owner alone.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use kit_service::identity::Keys;
use kit_values::{Class, Fault, Secret};
use serde::{Deserialize, Serialize};

use crate::files;
use crate::services::{ALL, OPERATOR, Service};

/// The installation's secrets. A later release adds what it needs to an older file.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Secrets {
    /// Role name → password in PostgreSQL.
    pub database: BTreeMap<String, String>,
    /// The broker's user of each service → password.
    pub broker: BTreeMap<String, String>,
    /// 32 bytes in base64, by what they are for; of `push` a P-256 key as PKCS #8.
    pub keys: BTreeMap<String, String>,
    /// Service → base64 seed of its Ed25519 key.
    pub identity: BTreeMap<String, String>,
    /// Service → base64 public key.
    pub trusted: BTreeMap<String, String>,
}

/// What needs 32 random bytes: directory's key-encryption key, ingest's own sealing key, and
/// gateway's key that signs cursors.
const KEYS: [&str; 3] = ["key_encryption", "sealing", "cursor"];

impl Secrets {
    /// Reads the file, adds what is missing, and writes it back if something was.
    ///
    /// # Errors
    /// Invalid when the file was damaged; else what the disk says.
    pub fn keep(path: &Path) -> Result<Self, Fault> {
        let text = files::read(path)?.unwrap_or_default();
        let mut secrets: Self = toml::from_str(&text).map_err(|_| {
            let sentence = format!(
                "{} is damaged; restore it from a backup, or start anew with --fresh.",
                path.display()
            );
            Fault::new(Class::Invalid, "secrets_damaged", sentence)
        })?;
        secrets.complete()?;
        let completed = toml::to_string(&secrets).map_err(Fault::internal)?;
        if completed != text {
            files::write_private(path, &completed)?;
        }
        Ok(secrets)
    }

    /// The services' keys, who all trust each other.
    #[must_use]
    pub fn identities(&self) -> Keys {
        let seeds = self.identity.iter();
        Keys {
            keys: seeds.map(|(name, seed)| (name.clone(), Secret::new(seed.clone()))).collect(),
            trusted: self.trusted.clone(),
        }
    }

    fn complete(&mut self) -> Result<(), Fault> {
        for service in ALL.map(Service::name) {
            for role in [format!("guichet_{service}"), format!("guichet_{service}_relay")] {
                add(&mut self.database, role, random)?;
            }
            add(&mut self.broker, service.to_owned(), random)?;
        }
        for key in KEYS {
            add(&mut self.keys, key.to_owned(), || Ok(STANDARD.encode(bytes::<32>()?)))?;
        }
        add(&mut self.keys, "push".to_owned(), || Ok(STANDARD.encode(push_key()?)))?;
        for service in ALL.map(Service::name).into_iter().chain([OPERATOR]) {
            if !self.identity.contains_key(service) {
                let fresh = Keys::generate(&[service])?;
                for (name, seed) in fresh.keys {
                    self.identity.insert(name, seed.expose().clone());
                }
                self.trusted.extend(fresh.trusted);
            }
        }
        Ok(())
    }
}

fn add(
    map: &mut BTreeMap<String, String>,
    name: String,
    value: impl FnOnce() -> Result<String, Fault>,
) -> Result<(), Fault> {
    if let Entry::Vacant(missing) = map.entry(name) {
        missing.insert(value()?);
    }
    Ok(())
}

/// A random secret that may stand in an address.
///
/// # Errors
/// Internal when the system gives no random bytes.
pub fn random() -> Result<String, Fault> {
    Ok(URL_SAFE_NO_PAD.encode(bytes::<24>()?))
}

/// A key for the installation's pushes.
fn push_key() -> Result<Vec<u8>, Fault> {
    use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair};
    let random = ring::rand::SystemRandom::new();
    EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &random)
        .map(|document| document.as_ref().to_vec())
        .map_err(|_| Fault::internal("the system makes no key"))
}

/// Random bytes.
///
/// # Errors
/// Internal when the system gives none.
pub fn bytes<const N: usize>() -> Result<[u8; N], Fault> {
    let mut bytes = [0_u8; N];
    getrandom::fill(&mut bytes).map_err(Fault::internal)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_stay_the_same_and_an_older_file_is_completed() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("secrets.toml");
        let first = Secrets::keep(&path).expect("makes");
        let text = std::fs::read_to_string(&path).expect("written");
        Secrets::keep(&path).expect("reads");
        assert_eq!(std::fs::read_to_string(&path).expect("there"), text);

        let mut older = first.clone();
        older.keys.remove("cursor");
        files::write_private(&path, &toml::to_string(&older).expect("TOML")).expect("writes");
        let completed = Secrets::keep(&path).expect("completes");
        assert_eq!(completed.keys["sealing"], first.keys["sealing"]);
        assert_ne!(completed.keys["cursor"], first.keys["cursor"]);
    }

    #[test]
    fn a_damaged_file_is_never_overwritten() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("secrets.toml");
        std::fs::write(&path, "[keys").expect("writes");
        assert_eq!(Secrets::keep(&path).err().expect("refused").code(), "secrets_damaged");
        assert_eq!(std::fs::read_to_string(&path).expect("there"), "[keys");
    }
}
