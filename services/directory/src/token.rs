//! One-time tokens: 256 random bits in a link; the database keeps a digest, from which the token
//! cannot be found.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use kit_values::{Class, Fault, Secret};
use sha2::{Digest as _, Sha256};

/// What the database keeps.
pub type Digest = [u8; 32];

/// A fresh token, and its digest.
///
/// # Errors
/// Internal when the system gives no randomness.
pub fn mint() -> Result<(Secret<String>, Digest), Fault> {
    let mut bytes = [0_u8; 32];
    getrandom::fill(&mut bytes).map_err(Fault::internal)?;
    let token = URL_SAFE_NO_PAD.encode(bytes);
    let digest = digest(&token);
    Ok((Secret::new(token), digest))
}

/// The digest of a token as somebody gave it.
#[must_use]
pub fn digest(token: &str) -> Digest {
    Sha256::new()
        .chain_update("guichet one-time token\n")
        .chain_update(token.trim())
        .finalize()
        .into()
}

/// A token that never was, was used, or whose time is over: whoever asks is not told which.
#[must_use]
pub fn refused() -> Fault {
    let sentence = "This link has been used or is too old; ask for a new one.";
    Fault::new(Class::NotFound, "token_void", sentence)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_known_by_its_digest_and_each_is_another() {
        let (token, kept) = mint().expect("randomness");
        assert_eq!(digest(&format!(" {}\n", token.expose())), kept);
        let (other, _) = mint().expect("randomness");
        assert_ne!(digest(other.expose()), kept);
        assert!(token.expose().len() >= 43);
    }
}
