//! Session tokens: 256 random bits that only the browser holds.
//!
//! The database keeps a digest, from which the token cannot be found. The token against forged
//! requests (CSRF) is derived from it, so that nothing more is kept, and whoever can read it has
//! read it from an answer to this very session.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use kit_values::{Fault, Secret};
use sha2::{Digest as _, Sha256};

/// What the database keeps.
pub type SessionDigest = [u8; 32];

/// What the browser keeps, in a cookie.
#[derive(Clone)]
pub struct SessionToken(Secret<[u8; 32]>);

impl SessionToken {
    /// A fresh one.
    ///
    /// # Errors
    /// Internal when the system gives no randomness.
    pub fn mint() -> Result<Self, Fault> {
        let mut bytes = [0; 32];
        getrandom::fill(&mut bytes).map_err(Fault::internal)?;
        Ok(Self(Secret::new(bytes)))
    }

    /// The token in a cookie; none for anything else.
    #[must_use]
    pub fn read(cookie: &str) -> Option<Self> {
        let bytes = URL_SAFE_NO_PAD.decode(cookie).ok()?;
        Some(Self(Secret::new(bytes.try_into().ok()?)))
    }

    /// As it stands in the cookie.
    #[must_use]
    pub fn cookie(&self) -> Secret<String> {
        Secret::new(URL_SAFE_NO_PAD.encode(self.0.expose()))
    }

    /// What the database keeps.
    #[must_use]
    pub fn digest(&self) -> SessionDigest {
        self.derived(b"guichet session")
    }

    /// The token against forged requests.
    #[must_use]
    pub fn csrf(&self) -> Secret<String> {
        Secret::new(hex::encode(self.derived(b"guichet csrf")))
    }

    /// What the session is called where its browser's pushes are kept: nobody can use it for more.
    #[must_use]
    pub fn push_name(&self) -> String {
        hex::encode(&self.derived(b"guichet push")[..16])
    }

    /// Whether `given` is [`SessionToken::csrf`], in constant time.
    #[must_use]
    pub fn is_csrf(&self, given: &str) -> bool {
        self.csrf().equals(given)
    }

    /// The token is random and of one length, so that a plain hash behind a label is enough.
    fn derived(&self, label: &'static [u8]) -> [u8; 32] {
        Sha256::new().chain_update(label).chain_update(self.0.expose()).finalize().into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_reads_back_from_its_cookie_and_nothing_else_does() {
        let token = SessionToken::mint().expect("randomness");
        let cookie = token.cookie();
        let read = SessionToken::read(cookie.expose()).expect("reads");
        assert_eq!(read.digest(), token.digest());
        assert_ne!(token.digest(), SessionToken::mint().expect("randomness").digest());
        for wrong in ["", "AAAA", &format!("{}A", cookie.expose()), &cookie.expose()[1..], "é"] {
            assert!(SessionToken::read(wrong).is_none(), "{wrong}");
        }
    }

    #[test]
    fn the_csrf_token_belongs_to_one_session() {
        let token = SessionToken::mint().expect("randomness");
        let csrf = token.csrf();
        assert!(token.is_csrf(csrf.expose()));
        assert!(!SessionToken::mint().expect("randomness").is_csrf(csrf.expose()));
        for wrong in ["", "00", &csrf.expose()[..62], "zz"] {
            assert!(!token.is_csrf(wrong), "{wrong}");
        }
        assert_ne!(csrf.expose(), token.cookie().expose());
    }
}
