//! Message encryption for Web Push: RFC 8291, in a single record of the coding `aes128gcm` of
//! RFC 8188.

use ring::aead::{AES_128_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use ring::agreement::{ECDH_P256, EphemeralPrivateKey, UnparsedPublicKey, agree_ephemeral};
use ring::hkdf::{HKDF_SHA256, KeyType, Salt};
use ring::rand::{SecureRandom, SystemRandom};

/// Declared size of a record: push services take 4096 bytes.
const RECORD: u32 = 4_096;
/// Largest text: a record less header, delimiter and tag.
const LARGEST: usize = 4_096 - 86 - 1 - 16;

/// How many bytes are derived.
#[derive(Clone, Copy)]
struct Bytes(usize);

impl KeyType for Bytes {
    fn len(&self) -> usize {
        self.0
    }
}

/// Seals `text` for the browser with this key and this secret; none when its key is none, or when
/// the text is too long.
pub fn seal(text: &[u8], key: &[u8], auth: &[u8], random: &SystemRandom) -> Option<Vec<u8>> {
    let ours = EphemeralPrivateKey::generate(&ECDH_P256, random).ok()?;
    let our_key = ours.compute_public_key().ok()?;
    let mut salt = [0; 16];
    random.fill(&mut salt).ok()?;
    agree_ephemeral(ours, &UnparsedPublicKey::new(&ECDH_P256, key), |shared| {
        with_shared(text, shared, (key, our_key.as_ref()), auth, salt)
    })
    .ok()?
}

/// The same with what both sides agreed on.
fn with_shared(
    text: &[u8],
    shared: &[u8],
    (key, our_key): (&[u8], &[u8]),
    auth: &[u8],
    salt: [u8; 16],
) -> Option<Vec<u8>> {
    if text.len() > LARGEST {
        return None;
    }
    let info = [b"WebPush: info\0", key, our_key].concat();
    let input: [u8; 32] = derive(auth, shared, &info)?;
    let content_key: [u8; 16] = derive(&salt, &input, b"Content-Encoding: aes128gcm\0")?;
    let nonce: [u8; 12] = derive(&salt, &input, b"Content-Encoding: nonce\0")?;
    let sealing = LessSafeKey::new(UnboundKey::new(&AES_128_GCM, &content_key).ok()?);
    // The delimiter of the last record, and no padding.
    let mut record = [text, &[2]].concat();
    let nonce = Nonce::assume_unique_for_key(nonce);
    sealing.seal_in_place_append_tag(nonce, Aad::empty(), &mut record).ok()?;
    let length = u8::try_from(our_key.len()).ok()?;
    Some([&salt, RECORD.to_be_bytes().as_slice(), &[length], our_key, &record].concat())
}

fn derive<const LENGTH: usize>(salt: &[u8], input: &[u8], info: &[u8]) -> Option<[u8; LENGTH]> {
    let mut bytes = [0; LENGTH];
    let secret = Salt::new(HKDF_SHA256, salt).extract(input);
    secret.expand(&[info], Bytes(LENGTH)).ok()?.fill(&mut bytes).ok()?;
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use base64::Engine as _;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;

    use super::*;

    fn bytes(text: &str) -> Vec<u8> {
        URL_SAFE_NO_PAD.decode(text).expect("base64url")
    }

    /// RFC 8291, appendix A and section 5.
    #[test]
    fn the_example_of_the_standard_comes_out() {
        let key = bytes(
            "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",
        );
        let our_key = bytes(
            "BP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A8",
        );
        let shared = bytes("kyrL1jIIOHEzg3sM2ZWRHDRB62YACZhhSlknJ672kSs");
        let salt = bytes("DGv6ra1nlYgDCS1FRnbzlw").try_into().expect("16 bytes");
        let auth = bytes("BTBZMqHH6r4Tts7J_aSIgg");
        let text = b"When I grow up, I want to be a watermelon";
        let sealed = with_shared(text, &shared, (&key, &our_key), &auth, salt).expect("sealed");
        let expected = "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIg\
                        Dll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVB\
                        St2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN";
        assert_eq!(URL_SAFE_NO_PAD.encode(sealed), expected);
    }

    #[test]
    fn no_key_and_no_room_seal_nothing() {
        let random = SystemRandom::new();
        let theirs = EphemeralPrivateKey::generate(&ECDH_P256, &random).expect("a key");
        let key = theirs.compute_public_key().expect("its public key");
        assert!(seal(b"x", key.as_ref(), &[0; 16], &random).is_some());
        assert!(
            seal(&[0; LARGEST], key.as_ref(), &[0; 16], &random)
                .is_some_and(|it| it.len() == 4_096)
        );
        assert_eq!(seal(&[0; LARGEST + 1], key.as_ref(), &[0; 16], &random), None);
        assert_eq!(seal(b"x", &[4; 65], &[0; 16], &random), None);
    }
}
