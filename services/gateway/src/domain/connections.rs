//! Which connections live here, and what routing has still to be told of them.
//!
//! An opening or closing is told as soon as it happens; every few seconds the complete list
//! follows, so that a report that was lost is made good by the next one.

use std::collections::BTreeMap;

use kit_values::OrganizationId;
use time::OffsetDateTime;
use uuid::Uuid;

use super::MemberId;

/// Most closings that are kept for later: whoever is not in the next complete list is gone
/// anyway.
const MOST_CLOSED: usize = 10_000;

/// A live connection of a member.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Connection {
    /// Which one.
    pub id: Uuid,
    /// Whose organization.
    pub organization: OrganizationId,
    /// Whose.
    pub member: MemberId,
    /// When its member signed in.
    pub signed_in_at: OffsetDateTime,
}

/// What routing is told at once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// The gateway process.
    pub gateway: Uuid,
    /// Those that came.
    pub opened: Vec<Connection>,
    /// Those that went.
    pub closed: Vec<Connection>,
    /// All there are; only of a renewal.
    pub live: Vec<Connection>,
    /// Whether `live` is given.
    pub renewal: bool,
    /// Nothing more is to be expected of this gateway.
    pub leaving: bool,
}

/// The connections of this process.
#[derive(Debug)]
pub struct Ledger {
    gateway: Uuid,
    live: BTreeMap<Uuid, Connection>,
    opened: BTreeMap<Uuid, Connection>,
    closed: BTreeMap<Uuid, Connection>,
}

impl Ledger {
    /// Nothing yet, of this gateway process.
    #[must_use]
    pub const fn new(gateway: Uuid) -> Self {
        Self { gateway, live: BTreeMap::new(), opened: BTreeMap::new(), closed: BTreeMap::new() }
    }

    /// A connection opened.
    pub fn open(&mut self, connection: Connection) {
        self.live.insert(connection.id, connection.clone());
        self.opened.insert(connection.id, connection);
    }

    /// A connection closed.
    pub fn close(&mut self, id: Uuid) {
        self.opened.remove(&id);
        if let Some(connection) = self.live.remove(&id)
            && self.closed.len() < MOST_CLOSED
        {
            self.closed.insert(id, connection);
        }
    }

    /// Whether there is something that routing has not been told.
    #[must_use]
    pub fn has_news(&self) -> bool {
        !self.opened.is_empty() || !self.closed.is_empty()
    }

    /// What to tell now; `renewal`: with the complete list.
    #[must_use]
    pub fn report(&self, renewal: bool) -> Report {
        let all = |of: &BTreeMap<Uuid, Connection>| of.values().cloned().collect();
        Report {
            gateway: self.gateway,
            opened: all(&self.opened),
            closed: all(&self.closed),
            live: if renewal { all(&self.live) } else { Vec::new() },
            renewal,
            leaving: false,
        }
    }

    /// The last words: everything is closed.
    #[must_use]
    pub fn farewell(&self) -> Report {
        let closed = self.closed.values().chain(self.live.values()).cloned().collect();
        Report {
            gateway: self.gateway,
            opened: Vec::new(),
            closed,
            live: Vec::new(),
            renewal: true,
            leaving: true,
        }
    }

    /// Routing has heard this.
    pub fn told(&mut self, report: &Report) {
        for connection in &report.opened {
            self.opened.remove(&connection.id);
        }
        for connection in &report.closed {
            self.closed.remove(&connection.id);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    fn connection(number: u128) -> Connection {
        Connection {
            id: Uuid::from_u128(number),
            organization: OrganizationId::from_uuid(Uuid::nil()),
            member: MemberId::from_uuid(Uuid::nil()),
            signed_in_at: OffsetDateTime::UNIX_EPOCH,
        }
    }

    proptest! {
        /// Whatever opens and closes, and however many reports are lost: routing, which applies
        /// what reaches it, knows in the end exactly those that live, and a renewal names them.
        #[test]
        fn after_a_report_that_arrives_routing_knows_who_lives(
            steps in prop::collection::vec((0_u128..8, any::<bool>(), any::<bool>(), any::<bool>()), 1..60),
        ) {
            let mut ledger = Ledger::new(Uuid::nil());
            let (mut lives, mut routing) = (BTreeSet::new(), BTreeSet::new());
            let mut next = 0;
            for (which, opens, arrives, renewal) in steps {
                if opens {
                    next += 1;
                    ledger.open(connection(next));
                    lives.insert(Uuid::from_u128(next));
                } else if let Some(id) = lives.iter().nth(usize::try_from(which).expect("small")).copied() {
                    ledger.close(id);
                    lives.remove(&id);
                }
                let report = ledger.report(renewal);
                if renewal {
                    let named: BTreeSet<Uuid> = report.live.iter().map(|one| one.id).collect();
                    prop_assert_eq!(&named, &lives);
                }
                if arrives {
                    routing.extend(report.opened.iter().map(|one| one.id));
                    for one in &report.closed {
                        routing.remove(&one.id);
                    }
                    ledger.told(&report);
                    prop_assert!(!ledger.has_news());
                    prop_assert_eq!(&routing, &lives);
                }
            }
            let farewell = ledger.farewell();
            prop_assert!(farewell.leaving && farewell.live.is_empty());
            let closed: BTreeSet<Uuid> = farewell.closed.iter().map(|one| one.id).collect();
            prop_assert!(closed.is_superset(&lives));
        }
    }
}
