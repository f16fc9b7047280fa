//! Cursors: positions that only this installation can write.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, Mac as _};
use kit_values::{Fault, OrganizationId, Secret};
use sha2::Sha256;

use crate::domain::position::{self, LENGTH, Position};

/// Length of the signature: 128 bits, more than anybody can try.
const SIGNATURE: usize = 16;
/// Shortest key, in bytes.
const SHORTEST_KEY: usize = 16;

/// Writes and reads cursors.
#[derive(Clone)]
pub struct Cursors(Hmac<Sha256>);

impl Cursors {
    /// With the installation's key: any text of at least 16 bytes.
    ///
    /// # Errors
    /// Invalid, naming the setting, for a shorter one.
    pub fn new(key: &Secret<String>) -> Result<Self, Fault> {
        let refused = || {
            Fault::invalid(
                "cursor_key",
                "gateway.cursor_key",
                format!("The cursor key needs at least {SHORTEST_KEY} bytes."),
            )
        };
        let key = key.expose().as_bytes();
        if key.len() < SHORTEST_KEY {
            return Err(refused());
        }
        Hmac::new_from_slice(key).map(Self).map_err(|_| refused())
    }

    /// The cursor of a position, for one organization.
    #[must_use]
    pub fn write(&self, organization: OrganizationId, position: &Position) -> String {
        let bytes = position::encode(position);
        let signature = self.signed(organization, &bytes).finalize().into_bytes();
        URL_SAFE_NO_PAD.encode([bytes.as_slice(), &signature[..SIGNATURE]].concat())
    }

    /// The position of a cursor that was written for this organization; none for any other text.
    #[must_use]
    pub fn read(&self, organization: OrganizationId, cursor: &str) -> Option<Position> {
        let bytes = URL_SAFE_NO_PAD.decode(cursor).ok()?;
        let (position, signature) = bytes.split_at_checked(LENGTH)?;
        if signature.len() != SIGNATURE {
            return None;
        }
        self.signed(organization, position).verify_truncated_left(signature).ok()?;
        position::decode(position)
    }

    fn signed(&self, organization: OrganizationId, position: &[u8]) -> Hmac<Sha256> {
        self.0
            .clone()
            .chain_update(b"guichet live cursor")
            .chain_update(organization.uuid().as_bytes())
            .chain_update(position)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::domain::position::{Mark, Source};

    fn cursors(key: &str) -> Cursors {
        Cursors::new(&Secret::new(key.to_owned())).expect("a key")
    }

    #[test]
    fn a_short_key_is_refused() {
        let Err(fault) = Cursors::new(&Secret::new("short".to_owned())) else {
            panic!("a short key was accepted")
        };
        assert_eq!(fault.field(), Some("gateway.cursor_key"));
    }

    #[test]
    fn a_cursor_of_two_streams_from_before_is_not_read() {
        let cursors = cursors("a key of some length");
        let organization = OrganizationId::mint();
        let mut old = vec![1_u8];
        old.resize(1 + 2 * (16 + 8), 7);
        let signature = cursors.signed(organization, &old).finalize().into_bytes();
        old.extend_from_slice(&signature[..SIGNATURE]);
        assert_eq!(cursors.read(organization, &URL_SAFE_NO_PAD.encode(old)), None);
    }

    proptest! {
        #[test]
        fn a_cursor_reads_back_and_no_changed_one_does(
            sequences in any::<[u64; 4]>(),
            position in any::<prop::sample::Index>(),
        ) {
            let cursors = cursors("a key of some length");
            let organization = OrganizationId::mint();
            let mut here = Position::default();
            for (source, sequence) in Source::ALL.into_iter().zip(sequences) {
                here.set(source, Mark { incarnation: u128::from(sequence) << 64, sequence });
            }
            let cursor = cursors.write(organization, &here);
            prop_assert_eq!(cursors.read(organization, &cursor), Some(here));
            prop_assert_eq!(cursors.read(OrganizationId::mint(), &cursor), None);
            prop_assert_eq!(super::tests::cursors("another key of length").read(organization, &cursor), None);

            let position = position.index(cursor.len());
            let mut changed = cursor.clone().into_bytes();
            changed[position] = if changed[position] == b'A' { b'B' } else { b'A' };
            let changed = String::from_utf8(changed).expect("ASCII");
            prop_assert_eq!(cursors.read(organization, &changed), None);
            prop_assert_eq!(cursors.read(organization, &cursor[..position]), None);
        }

        #[test]
        fn no_text_makes_the_reader_panic(text in ".*") {
            prop_assert_eq!(cursors("a key of some length").read(OrganizationId::mint(), &text), None);
        }
    }
}
