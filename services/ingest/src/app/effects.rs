//! What deciding items writes beside the items themselves.

use std::collections::{HashMap, HashSet};

use kit_store::outbox::{self, Message};
use kit_store::parked::{self, Parking};
use kit_store::timer::{self, Timer};
use kit_store::{Scope, Transaction};
use kit_values::{Fault, OrganizationId};
use serde::{Deserialize, Serialize};
use time::Duration;

use super::draft::Draft;
use super::named;
use super::proceed::AUTHOR_TIMER;
use crate::domain::{ItemId, Outcome, RequestId, Settled, Waiting, decide};
use crate::store::{self, Entry, Named, Nameless, Unrouted};

/// How long an item waits for its author before it proceeds without (`product.md` 3).
const AUTHOR_PATIENCE: Duration = Duration::MINUTE;

/// What a parked item of a webhook points to: its body is kept with its request, once.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Pointer {
    pub(super) request: RequestId,
    pub(super) position: i32,
    pub(super) item: ItemId,
    pub(super) bytes: usize,
}

/// Rows to write.
#[derive(Debug, Default)]
pub(super) struct Effects {
    messages: Vec<Message>,
    unrouted: Vec<Unrouted>,
    parkings: Vec<Parking>,
    timers: Vec<Timer>,
    nameless: Vec<Nameless>,
    named: Vec<Named>,
}

/// The organizations of connected accounts among the drafts: what their transaction declares.
pub(super) fn scope<'a>(drafts: impl IntoIterator<Item = &'a Draft<'a>>) -> Scope {
    let organizations: std::collections::BTreeSet<OrganizationId> = drafts
        .into_iter()
        .filter_map(|draft| draft.route.map(|route| route.organization))
        .collect();
    if organizations.is_empty() { Scope::Unscoped } else { Scope::Organizations(organizations) }
}

/// Admits what has a key or names the author of what waits, and decides every draft.
pub(super) async fn settle(
    tx: &Transaction,
    drafts: &[Draft<'_>],
    body_bytes: impl Fn(RequestId) -> usize,
) -> Result<(Vec<Entry>, Effects), Fault> {
    let rows: Vec<_> = drafts.iter().filter_map(Draft::row).collect();
    let mut admitted = store::admit(tx, &rows).await?;
    let named = named::name(tx, drafts, &admitted).await?;
    admitted.extend(named.keys());
    let again = named::name_later(tx, drafts, &admitted).await?;
    let (entries, mut effects) = decide_all(drafts, &admitted, body_bytes);
    effects.messages.extend(again);
    ask_for_names(tx, drafts, &entries, &mut effects).await?;
    Ok((entries, Effects { named: named.into_values().collect(), ..effects }))
}

/// Asks for those who wrote without a name, each once a day at most: Messenger names nobody.
async fn ask_for_names(
    tx: &Transaction,
    drafts: &[Draft<'_>],
    entries: &[Entry],
    effects: &mut Effects,
) -> Result<(), Fault> {
    let mut persons: HashMap<_, &Draft<'_>> = HashMap::new();
    for (draft, entry) in drafts.iter().zip(entries) {
        let author = draft.author().filter(|author| !author.is_named());
        if let (Settled::Stored, Some(route), Some(author)) = (entry.outcome, draft.route, author) {
            let person = (route.organization, route.channel, author.id.clone());
            persons.entry(person).or_insert(draft);
        }
    }
    let now = drafts.iter().map(|draft| draft.origin.received_at).max();
    let Some(now) = now.filter(|_| !persons.is_empty()) else { return Ok(()) };
    for person in store::ask_persons(tx, &persons.keys().cloned().collect(), now).await? {
        if let Some(draft) = persons.get(&person) {
            effects.ask(draft);
        }
    }
    Ok(())
}

fn decide_all(
    drafts: &[Draft<'_>],
    admitted: &HashSet<ItemId>,
    body_bytes: impl Fn(RequestId) -> usize,
) -> (Vec<Entry>, Effects) {
    let mut effects = Effects::default();
    let entries = drafts.iter().map(|draft| {
        let outcome = decide(draft.reading(), draft.route.is_some(), admitted.contains(&draft.id));
        effects.add(draft, outcome, &body_bytes);
        entry(draft, outcome)
    });
    (entries.collect(), effects)
}

fn entry(draft: &Draft<'_>, outcome: Outcome) -> Entry {
    let key = draft.key();
    Entry {
        item: draft.id,
        kind: draft.item.kind.clone(),
        external_id: draft.item.external_id.clone(),
        outcome: Settled::from(outcome),
        reason: outcome.reason().to_owned(),
        organization: draft.route.map(|route| route.organization),
        channel: draft.route.map(|route| route.channel),
        aspect: key.as_ref().map(|key| key.aspect.clone()).unwrap_or_default(),
        version: key.map(|key| key.version).unwrap_or_default(),
        event: (outcome == Outcome::Stored).then_some(draft.event),
        parked: matches!(outcome, Outcome::Parked(_)).then_some(draft.parked),
    }
}

impl Effects {
    fn add(
        &mut self,
        draft: &Draft<'_>,
        outcome: Outcome,
        body_bytes: &impl Fn(RequestId) -> usize,
    ) {
        let origin = draft.origin;
        match outcome {
            Outcome::Duplicate | Outcome::Ignored(_) => {}
            Outcome::Stored => self.messages.extend(draft.message()),
            Outcome::Waiting(Waiting::Account) => self.unrouted.push(Unrouted {
                item: draft.id,
                application: origin.application.id,
                account: draft.item.account.clone(),
                request: origin.request,
                position: draft.position,
                kept_at: origin.received_at,
            }),
            Outcome::Waiting(Waiting::Author) => {
                self.timers.extend(draft.route.map(|route| Timer {
                    id: kit_values::mint_uuid(),
                    kind: AUTHOR_TIMER.to_owned(),
                    organization: route.organization,
                    aggregate: draft.id.uuid(),
                    version: 0,
                    due: origin.received_at + AUTHOR_PATIENCE,
                }));
                self.ask(draft);
            }
            Outcome::Parked(reason) => {
                self.parkings.push(parking(draft, reason, body_bytes(origin.request)));
            }
        }
    }

    /// Delivery is asked who wrote it.
    fn ask(&mut self, draft: &Draft<'_>) {
        self.nameless.extend(draft.nameless());
        self.messages.extend(draft.question());
    }

    /// Writes them, at most five statements; gives what is yet to be closed ([`named::close`]).
    pub(super) async fn save(self, tx: &Transaction) -> Result<Vec<Named>, Fault> {
        outbox::append(tx, self.messages).await?;
        store::keep(tx, &self.unrouted).await?;
        parked::park(tx, self.parkings).await?;
        timer::arm(tx, &self.timers).await?;
        store::keep_nameless(tx, &self.nameless, kit_values::now()).await?;
        Ok(self.named)
    }
}

fn parking(draft: &Draft<'_>, reason: &str, bytes: usize) -> Parking {
    let origin = draft.origin;
    let pointer =
        Pointer { request: origin.request, position: draft.position, item: draft.id, bytes };
    let detail = match &draft.item.reading {
        networks::Reading::Unreadable { detail, .. } => detail.clone(),
        networks::Reading::Report(_) | networks::Reading::Ignored(_) => String::new(),
    };
    let network = origin.application.network;
    Parking {
        id: draft.parked.uuid(),
        source: format!("hooks/{network}"),
        event: None,
        organization: draft.route.map(|route| route.organization),
        subject: format!("/hooks/{network}/{}", origin.application.id),
        reason: reason.to_owned(),
        detail,
        // Four small members: writing them cannot fail.
        payload: serde_json::to_vec(&pointer).unwrap_or_default(),
        trace: origin.trace.clone(),
        replayable: true,
        unknown_to: Some(networks::VERSION),
    }
}
