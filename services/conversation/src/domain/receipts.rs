//! Receipts: how far a contact's client has, and has read, what one channel sent privately.
//! Watermarks only grow.

use time::OffsetDateTime;

/// How far.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Watermark {
    /// Everything up to this network time has arrived.
    pub delivered: Option<OffsetDateTime>,
    /// Everything up to this network time has been read, and so has arrived.
    pub read: Option<OffsetDateTime>,
}

impl Watermark {
    /// The watermark after one more receipt.
    #[must_use]
    pub fn advanced(self, up_to: OffsetDateTime, read: bool) -> Self {
        Self {
            delivered: self.delivered.max(Some(up_to)),
            read: if read { self.read.max(Some(up_to)) } else { self.read },
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use time::Duration;

    use super::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(1_000))]

        #[test]
        fn receipts_never_regress_and_end_the_same_in_any_order(
            receipts in prop::collection::vec((0_i64..50, any::<bool>()), 0..20),
        ) {
            let moment = |seconds| OffsetDateTime::UNIX_EPOCH + Duration::seconds(seconds);
            let mut forwards = Watermark::default();
            for &(seconds, read) in &receipts {
                let next = forwards.advanced(moment(seconds), read);
                prop_assert!(next.delivered >= forwards.delivered);
                prop_assert!(next.read >= forwards.read);
                prop_assert!(next.read <= next.delivered);
                forwards = next;
            }
            let backwards = receipts
                .iter()
                .rev()
                .fold(Watermark::default(), |mark, &(seconds, read)| mark.advanced(moment(seconds), read));
            prop_assert_eq!(forwards, backwards);
        }
    }
}
