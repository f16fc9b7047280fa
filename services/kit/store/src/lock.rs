//! Keys of advisory locks.

/// FNV-1a, 64 bits, of one more run of bytes.
pub(crate) fn fnv1a(seed: u64, bytes: &[u8]) -> u64 {
    bytes
        .iter()
        .fold(seed, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3))
}

/// Where FNV-1a starts.
pub(crate) const FNV_START: u64 = 0xcbf2_9ce4_8422_2325;

/// The advisory lock that stands for these parts, the first of which says what kind of thing
/// they name: the same parts give the same key in every process and release.
///
/// Two different lists may share a key (64 bits); they then wait for each other and nothing
/// worse, because the unique indexes remain the backstop.
#[must_use]
pub fn lock_key(parts: &[&str]) -> i64 {
    let hash = parts.iter().fold(FNV_START, |hash, part| {
        let length = u64::try_from(part.len()).unwrap_or(u64::MAX);
        fnv1a(fnv1a(hash, &length.to_be_bytes()), part.as_bytes())
    });
    i64::from_be_bytes(hash.to_be_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_do_not_run_into_each_other() {
        assert_ne!(lock_key(&["ab", "c"]), lock_key(&["a", "bc"]));
        assert_ne!(lock_key(&["ab"]), lock_key(&["ab", ""]));
        assert_ne!(lock_key(&[]), lock_key(&[""]));
    }

    #[test]
    fn a_key_never_changes_between_releases() {
        // Written down once: processes of two releases must agree.
        assert_eq!(lock_key(&["identity"]), -1_152_372_084_381_147_981);
    }
}
