//! Meta's proof that a request comes from it (contract 2).

use hmac::{Hmac, Mac as _};
use sha2::Sha256;

/// The header that carries [`sign`].
pub const HEADER: &str = "x-hub-signature-256";

/// `sha256=` and the lower-case hexadecimal HMAC-SHA256 of the raw body under the app secret.
#[must_use]
pub fn sign(app_secret: &str, body: &[u8]) -> String {
    format!("sha256={}", code(app_secret, body))
}

/// What `appsecret_proof` must be for a token: its HMAC-SHA256 under the app secret.
#[must_use]
pub fn proof(app_secret: &str, access_token: &str) -> String {
    code(app_secret, access_token.as_bytes())
}

fn code(app_secret: &str, message: &[u8]) -> String {
    // A key of any length is taken, so this never falls back.
    let Ok(mut code) = Hmac::<Sha256>::new_from_slice(app_secret.as_bytes()) else {
        return String::new();
    };
    code.update(message);
    hex::encode(code.finalize().into_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_signature_is_the_published_test_vector() {
        // RFC 4231, test case 2.
        let expected = "sha256=5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";
        assert_eq!(sign("Jefe", b"what do ya want for nothing?"), expected);
    }
}
