//! X's proof that a request comes from it (contract 1.1).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, Mac as _};
use sha2::Sha256;

/// The header that carries [`sign`].
pub const HEADER: &str = "x-twitter-webhooks-signature";

/// `sha256=` and the base64 of the HMAC-SHA256 of the raw body under the consumer secret.
#[must_use]
pub fn sign(consumer_secret: &str, body: &[u8]) -> String {
    // A key of any length is taken, so this never falls back.
    let Ok(mut code) = Hmac::<Sha256>::new_from_slice(consumer_secret.as_bytes()) else {
        return String::new();
    };
    code.update(body);
    format!("sha256={}", STANDARD.encode(code.finalize().into_bytes()))
}

/// What a webhook must answer to the challenge `crc_token`.
#[must_use]
pub fn response_token(consumer_secret: &str, crc_token: &str) -> String {
    sign(consumer_secret, crc_token.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_signature_is_the_published_test_vector_in_base64() {
        // RFC 4231, test case 2.
        let hex = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";
        let bytes = hex::decode(hex).expect("hexadecimal");
        let expected = format!("sha256={}", STANDARD.encode(bytes));
        assert_eq!(sign("Jefe", b"what do ya want for nothing?"), expected);
    }
}
