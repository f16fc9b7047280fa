//! Ids as the networks make them, from the moment and the last one made: no other source.

use time::OffsetDateTime;

use super::random::fingerprint;

/// Milliseconds between 1970 and X's own epoch.
const X_EPOCH_MILLIS: i128 = 1_288_834_974_657;

/// Makes ids that grow with time and never repeat: X's snowflakes, which also serve as Facebook's
/// object numbers (as long, and as far beyond 2^53). Primed from the journal by [`Ids::seen`].
#[derive(Debug, Clone, Default)]
pub struct Ids {
    last: u64,
}

impl Ids {
    /// The next snowflake at `now`: milliseconds since X's epoch, shifted by 22 bits, then a
    /// sequence; one more than the last when the clock stands still or goes back.
    pub fn snowflake(&mut self, now: OffsetDateTime) -> u64 {
        self.last = first_snowflake(now).max(self.last + 1);
        self.last
    }

    /// Remembers an id made by an earlier run.
    pub fn seen(&mut self, snowflake: u64) {
        self.last = self.last.max(snowflake);
    }
}

/// The smallest snowflake of the millisecond of `at`.
#[must_use]
pub fn first_snowflake(at: OffsetDateTime) -> u64 {
    let millis = at.unix_timestamp_nanos() / 1_000_000 - X_EPOCH_MILLIS;
    u64::try_from(millis).unwrap_or(0) << 22
}

/// What a message id of Messenger begins with.
const MESSENGER: &str = "m_";
/// What one of Instagram begins with.
const INSTAGRAM: &str = "aWdfZAG1faXRlbToxOklHTWVzc2FnZ";

/// A Messenger message id: `m_` and 64 characters of the URL alphabet.
#[must_use]
pub fn message_id(snowflake: u64) -> String {
    opaque(MESSENGER, snowflake)
}

/// A message id of Instagram: longer, and as opaque.
#[must_use]
pub fn instagram_message_id(snowflake: u64) -> String {
    opaque(INSTAGRAM, snowflake)
}

/// The number inside a message id, which keeps later ids from repeating it.
#[must_use]
pub fn inside(message_id: &str) -> Option<u64> {
    let rest = [MESSENGER, INSTAGRAM].iter().find_map(|start| message_id.strip_prefix(start))?;
    u64::from_str_radix(rest.get(..16)?, 16).ok()
}

fn opaque(start: &str, snowflake: u64) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let mut random = super::random::Random::new(snowflake);
    let mut id = format!("{start}{snowflake:016x}");
    for _ in 0..48 {
        let letter = ALPHABET[usize::try_from(random.below(64)).unwrap_or(0)];
        id.push(char::from(letter));
    }
    id
}

/// The number of a post that an account wrote before anybody listened: the same in every run.
#[must_use]
pub fn of_old_post(account: &str, index: u64, at: OffsetDateTime) -> u64 {
    first_snowflake(at) | (fingerprint(&format!("{account}/{index}")) & 0x3F_FFFF)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use time::macros::datetime;

    use super::*;

    #[test]
    fn snowflakes_grow_even_when_the_clock_goes_back() {
        let mut ids = Ids::default();
        let now = datetime!(2026-11-23 10:00 UTC);
        let first = ids.snowflake(now);
        let second = ids.snowflake(now);
        let third = ids.snowflake(now - time::Duration::HOUR);
        assert!(first < second && second < third);
        assert!(first > 1 << 53);
    }

    #[test]
    fn a_snowflake_holds_the_millisecond_in_which_it_was_made() {
        // A post in X's documentation: 1460323737035677698, created at this second.
        let second = datetime!(2021-11-15 19:08:05 UTC);
        let next = second + time::Duration::SECOND;
        let post = 1_460_323_737_035_677_698;
        assert!(first_snowflake(second) <= post && post < first_snowflake(next));
    }

    #[test]
    fn different_snowflakes_give_different_message_ids() {
        let mut ids = Ids::default();
        let now = datetime!(2026-11-23 10:00 UTC);
        let made: Vec<u64> = (0..10_000).map(|_| ids.snowflake(now)).collect();
        let messages: HashSet<String> = made.iter().map(|one| message_id(*one)).collect();
        assert_eq!(messages.len(), made.len());
        for id in [message_id(made[7]), instagram_message_id(made[7])] {
            assert_eq!(inside(&id), Some(made[7]), "{id}");
        }
        assert_eq!(inside("17895695668004550"), None);
    }
}
