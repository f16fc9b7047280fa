//! Whose turn it is: applications take turns, and within each its accounts, so that a storm on
//! one account delays no other.

use std::collections::BTreeMap;

use time::OffsetDateTime;
use uuid::Uuid;

/// What one account has to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Queue {
    /// The application that the account belongs to.
    pub application: Uuid,
    /// The account.
    pub account: Uuid,
    /// How many attempts may be made now.
    pub ready: usize,
    /// How many are being made.
    pub busy: usize,
    /// Since when the first of them may be made.
    pub oldest: OffsetDateTime,
}

/// How many attempts of each account are begun now, `slots` at most in all, and no account with
/// more than `per_account` under way: always the application that has least under way, and of
/// its accounts the one that has least; among equals whoever waits longest.
#[must_use]
pub fn share(queues: &[Queue], slots: usize, per_account: usize) -> Vec<(Uuid, usize)> {
    let mut given = vec![0_usize; queues.len()];
    let mut of_application: BTreeMap<Uuid, usize> = BTreeMap::new();
    for queue in queues {
        *of_application.entry(queue.application).or_default() += queue.busy;
    }
    for _ in 0..slots {
        let open = |place: &usize| {
            let queue = &queues[*place];
            given[*place] < queue.ready && queue.busy + given[*place] < per_account
        };
        let next = (0..queues.len()).filter(open).min_by_key(|place| {
            let queue = &queues[*place];
            let under_way = queue.busy + given[*place];
            (of_application.get(&queue.application), under_way, queue.oldest, queue.account)
        });
        let Some(next) = next else { break };
        given[next] += 1;
        *of_application.entry(queues[next].application).or_default() += 1;
    }
    let begun = queues.iter().zip(given);
    begun.filter(|(_, given)| *given > 0).map(|(queue, given)| (queue.account, given)).collect()
}
