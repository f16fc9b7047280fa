//! Codes of short links: random, so that no one can walk through them.

/// How many letters a code has (`product.md` 7: at least 8 of base62). Eight leave one chance
/// in 218 million million to guess a given link.
pub const LENGTH: usize = 8;

/// How much randomness [`Code::from_random`] takes: enough to throw away what would make some
/// letters likelier than others.
pub const RANDOM_BYTES: usize = 4 * LENGTH;

const LETTERS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// A code of a short link.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Code(String);

impl Code {
    /// The code in these random bytes; none when too many of them had to be thrown away.
    #[must_use]
    pub fn from_random(bytes: &[u8; RANDOM_BYTES]) -> Option<Self> {
        // 248 is the greatest multiple of 62 in a byte.
        let letters: String = bytes
            .iter()
            .filter(|byte| **byte < 248)
            .map(|byte| char::from(LETTERS[usize::from(*byte) % LETTERS.len()]))
            .take(LENGTH)
            .collect();
        (letters.len() == LENGTH).then_some(Self(letters))
    }

    /// The code in the path of an address.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let plain = (LENGTH..=32).contains(&text.len())
            && text.bytes().all(|byte| byte.is_ascii_alphanumeric());
        plain.then(|| Self(text.to_owned()))
    }

    /// Its letters.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A short link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Short {
    /// Ours.
    Ours(Code),
    /// Another provider's.
    Theirs(String),
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn bytes_that_would_favour_a_letter_are_thrown_away() {
        let mut bytes = [250; RANDOM_BYTES];
        assert_eq!(Code::from_random(&bytes), None);
        bytes[RANDOM_BYTES - LENGTH..].fill(61);
        assert_eq!(Code::from_random(&bytes).expect("a code").as_str(), "zzzzzzzz");
    }

    proptest! {
        #[test]
        fn a_code_reads_back(bytes in any::<[u8; RANDOM_BYTES]>()) {
            if let Some(code) = Code::from_random(&bytes) {
                prop_assert_eq!(Code::parse(code.as_str()), Some(code));
            }
        }

        #[test]
        fn nothing_but_letters_and_digits_is_a_code(text in "\\PC{0,40}") {
            if let Some(code) = Code::parse(&text) {
                prop_assert!(code.as_str().bytes().all(|byte| byte.is_ascii_alphanumeric()));
                prop_assert!(code.as_str().len() >= LENGTH);
            }
        }
    }
}
