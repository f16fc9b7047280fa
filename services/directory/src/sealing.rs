//! Credentials are sealed with the key-encryption key, which opens here and nowhere else.
//!
//! XChaCha20-Poly1305 with a random nonce. What the credential belongs to (organization, channel
//! or application, version) is the associated data: a sealed value copied to another row, another
//! tenant or another version does not open. Deliberately absent: rotation of the key itself; the
//! first byte names the format, so that a later one can be told apart.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chacha20poly1305::aead::{Aead as _, KeyInit as _, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use kit_values::{Class, Fault, OrganizationId, Secret};

use crate::domain::{ApplicationId, ChannelId, connection};

const FORMAT: u8 = 1;
const NONCE: usize = 24;

/// What a credential belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Owner {
    /// The secrets of an application, the installation's or an organization's.
    Application(Option<OrganizationId>, ApplicationId),
    /// The access token of a channel.
    Channel(OrganizationId, ChannelId),
    /// The secret of an organization's account at a service that is no social network.
    Connection(OrganizationId, connection::Kind),
}

/// Seals and opens credentials.
#[derive(Clone)]
pub struct Sealer(XChaCha20Poly1305);

impl Sealer {
    /// From 32 bytes in base64.
    ///
    /// # Errors
    /// Invalid, naming the setting, when it is anything else.
    pub fn new(key: &Secret<String>) -> Result<Self, Fault> {
        let refused = || {
            Fault::invalid(
                "key_encryption_key",
                "directory.key_encryption_key",
                "The key-encryption key must be 32 bytes in base64.",
            )
        };
        let key = STANDARD.decode(key.expose().trim()).map_err(|_| refused())?;
        XChaCha20Poly1305::new_from_slice(&key).map(Self).map_err(|_| refused())
    }

    /// `plaintext`, sealed for one version of its owner.
    ///
    /// # Errors
    /// Internal when the system gives no randomness.
    pub fn seal(&self, owner: Owner, version: i64, plaintext: &[u8]) -> Result<Vec<u8>, Fault> {
        let mut nonce = [0_u8; NONCE];
        getrandom::fill(&mut nonce).map_err(Fault::internal)?;
        let payload = Payload { msg: plaintext, aad: &associated(owner, version) };
        let ciphertext = self
            .0
            .encrypt(XNonce::from_slice(&nonce), payload)
            .map_err(|error| Fault::internal(error.to_string()))?;
        Ok([&[FORMAT], nonce.as_slice(), &ciphertext].concat())
    }

    /// What was sealed for this version of this owner.
    ///
    /// # Errors
    /// Internal when it was sealed for something else, with another key, or has been altered.
    pub fn open(
        &self,
        owner: Owner,
        version: i64,
        sealed: &[u8],
    ) -> Result<Secret<Vec<u8>>, Fault> {
        let (nonce, ciphertext) = match sealed.split_first() {
            Some((&FORMAT, rest)) if rest.len() > NONCE => rest.split_at(NONCE),
            _ => return Err(damaged()),
        };
        let payload = Payload { msg: ciphertext, aad: &associated(owner, version) };
        self.0.decrypt(XNonce::from_slice(nonce), payload).map(Secret::new).map_err(|_| damaged())
    }
}

fn damaged() -> Fault {
    Fault::new(
        Class::Internal,
        "credential_does_not_open",
        "A stored credential does not open; check that the key-encryption key is the one that \
         sealed it.",
    )
}

/// Every part has a fixed length, so that no two owners give the same bytes.
fn associated(owner: Owner, version: i64) -> Vec<u8> {
    let (kind, organization, id) = match owner {
        Owner::Application(None, id) => (b'i', [0; 16], *id.uuid().as_bytes()),
        Owner::Application(Some(organization), id) => {
            (b'a', *organization.uuid().as_bytes(), *id.uuid().as_bytes())
        }
        Owner::Channel(organization, id) => {
            (b'c', *organization.uuid().as_bytes(), *id.uuid().as_bytes())
        }
        Owner::Connection(organization, connection::Kind::Bitly) => {
            (b'k', *organization.uuid().as_bytes(), [1; 16])
        }
    };
    [b"guichet credential".as_slice(), &[kind], &organization, &id, &version.to_be_bytes()].concat()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn sealer(byte: u8) -> Sealer {
        Sealer::new(&Secret::new(STANDARD.encode([byte; 32]))).expect("a key")
    }

    #[test]
    fn a_key_has_32_bytes() {
        for wrong in ["", "not base64!", &STANDARD.encode([1; 31]), &STANDARD.encode([1; 33])] {
            let Err(fault) = Sealer::new(&Secret::new(wrong.to_owned())) else {
                panic!("{wrong} was taken for a key")
            };
            assert_eq!(fault.field(), Some("directory.key_encryption_key"));
        }
    }

    #[test]
    fn a_credential_opens_for_its_owner_and_version_alone() {
        let sealer = sealer(7);
        let (organization, channel) = (OrganizationId::mint(), ChannelId::mint());
        let owner = Owner::Channel(organization, channel);
        let ciphertext = sealer.seal(owner, 3, b"token").expect("seals");
        assert_eq!(sealer.open(owner, 3, &ciphertext).expect("opens").expose(), b"token");
        let same_number = ApplicationId::from_uuid(channel.uuid());
        for (other, version) in [
            (owner, 4),
            (Owner::Channel(OrganizationId::mint(), channel), 3),
            (Owner::Channel(organization, ChannelId::mint()), 3),
            (Owner::Application(Some(organization), same_number), 3),
            (Owner::Application(None, same_number), 3),
            (Owner::Connection(organization, connection::Kind::Bitly), 3),
        ] {
            assert!(
                sealer.open(other, version, &ciphertext).is_err(),
                "{other:?} version {version}"
            );
        }
        assert!(super::tests::sealer(8).open(owner, 3, &ciphertext).is_err(), "another key");
    }

    proptest! {
        #[test]
        fn an_altered_credential_does_not_open(
            plaintext in prop::collection::vec(any::<u8>(), 0..80),
            position in any::<prop::sample::Index>(),
            flip in 1_u8..,
        ) {
            let sealer = sealer(7);
            let owner = Owner::Channel(OrganizationId::mint(), ChannelId::mint());
            let mut ciphertext = sealer.seal(owner, 1, &plaintext).expect("seals");
            let opened = sealer.open(owner, 1, &ciphertext).expect("opens");
            prop_assert_eq!(opened.expose(), &plaintext);
            let position = position.index(ciphertext.len());
            ciphertext[position] ^= flip;
            prop_assert!(sealer.open(owner, 1, &ciphertext).is_err());
            prop_assert!(sealer.open(owner, 1, &ciphertext[..position]).is_err());
        }
    }
}
