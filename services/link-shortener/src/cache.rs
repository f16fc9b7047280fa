//! Where codes lead, in memory: a link is followed in bursts, by everybody who reads one reply.
//!
//! Deliberately absent: telling caches about a disabled link. An entry is believed for
//! [`BELIEVED`]; so long may a disabled link still lead somewhere.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::domain::Code;
use crate::store::Target;

/// How long an entry is believed.
const BELIEVED: Duration = Duration::from_secs(5);
/// Most entries; a full cache is emptied, which costs one query a link.
const MOST: usize = 50_000;

/// Since when it is known, and where it leads.
type Entry = (Instant, Arc<Target>);

/// Shared by all requests.
#[derive(Clone, Default)]
pub struct Cache(Arc<Mutex<HashMap<Code, Entry>>>);

impl Cache {
    /// Where the code leads, if that was asked lately.
    #[must_use]
    pub fn get(&self, code: &Code, now: Instant) -> Option<Arc<Target>> {
        let entries = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (since, target) = entries.get(code)?;
        (now.duration_since(*since) < BELIEVED).then(|| Arc::clone(target))
    }

    /// Keeps it.
    pub fn put(&self, code: Code, target: Arc<Target>, now: Instant) {
        let mut entries = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if entries.len() >= MOST {
            entries.clear();
        }
        entries.insert(code, (now, target));
    }
}

#[cfg(test)]
mod tests {
    use kit_values::OrganizationId;

    use super::*;

    #[test]
    fn an_entry_is_believed_for_a_moment_only() {
        let cache = Cache::default();
        let code = Code::parse("abcdEFGH").expect("a code");
        let target = Arc::new(Target {
            organization: OrganizationId::mint(),
            link: OrganizationId::mint().uuid(),
            address: "https://example.com/".to_owned(),
            disabled: false,
        });
        let now = Instant::now();
        assert_eq!(cache.get(&code, now), None);
        cache.put(code.clone(), Arc::clone(&target), now);
        assert_eq!(cache.get(&code, now + Duration::from_secs(4)), Some(target));
        assert_eq!(cache.get(&code, now + BELIEVED), None);
    }
}
