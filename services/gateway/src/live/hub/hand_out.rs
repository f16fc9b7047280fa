//! What is handed to sockets: the end of a round, and frames beside the rounds.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use kit_values::OrganizationId;

use super::{Found, Hub, Inner, Socket, reset};
use crate::domain::access::{Rights, Sight};
use crate::domain::feed::{Batch, Delivery, Item, Key};
use crate::domain::{ConversationId, MemberId};
use crate::live::outbox::{Audience, Frames, Outgoing};
use crate::wire::frames::Body;

impl Hub {
    /// Ends a round: hands out what was found, to each socket what its member may see. Gives the
    /// sockets whose members see something else than before: they start anew, and should once
    /// more when the services that they read from have heard of it as well.
    #[must_use]
    pub fn deliver(&self, organization: OrganizationId, round: u64, found: &Found) -> Vec<Key> {
        let mut inner = self.lock();
        let inner = &mut *inner;
        inner.pauses.remove(&organization);
        let Some(feed) = inner.feeds.get_mut(&organization) else { return Vec::new() };
        let deliveries = feed.deliver(round);
        let changed = match &found.rights {
            Some(rights) => learn(inner, organization, rights),
            None => Vec::new(),
        };
        for Delivery { sockets, batch } in deliveries {
            let mut classes: BTreeMap<Sight, Vec<Key>> = BTreeMap::new();
            for key in sockets {
                let Some(socket) = inner.sockets.get(&key) else { continue };
                let sight = socket.sight.clone().unwrap_or(Sight::All);
                classes.entry(sight).or_default().push(key);
            }
            for (sight, sockets) in classes {
                let frames = self.frames(&inner.sockets, organization, &batch, found, &sight);
                if frames.bodies.is_empty() && sight == Sight::All {
                    continue;
                }
                let frames = Arc::new(frames);
                for socket in sockets.iter().filter_map(|key| inner.sockets.get(key)) {
                    socket.outbox.push(Outgoing::Frames(Arc::clone(&frames)));
                }
            }
        }
        for key in &changed {
            self.look_elsewhere(inner, organization, *key, found);
        }
        self.reset_all(inner, organization, &changed);
        changed
    }

    /// Makes these sockets start anew.
    pub fn start_anew(&self, organization: OrganizationId, keys: &[Key]) {
        self.reset_all(&self.lock(), organization, keys);
    }

    fn reset_all(&self, inner: &Inner, organization: OrganizationId, keys: &[Key]) {
        let Some(feed) = inner.feeds.get(&organization) else { return };
        let position = feed.position(inner.head);
        for key in keys {
            reset(&inner.sockets, &self.cursors, organization, *key, position);
        }
    }

    /// Closes what a socket has open, if its member may not see it any more.
    fn look_elsewhere(
        &self,
        inner: &mut Inner,
        organization: OrganizationId,
        key: Key,
        found: &Found,
    ) {
        let now = self.moment();
        let Some(feed) = inner.feeds.get_mut(&organization) else { return };
        let position = feed.position(inner.head);
        let Some(socket) = inner.sockets.get_mut(&key) else { return };
        let (Some(open), Some(sight)) = (socket.open, &socket.sight) else { return };
        if sees(sight, found, open) {
            return;
        }
        socket.open = None;
        feed.open(key, None, now);
        let cursor = self.cursors.write(organization, &position);
        let bodies = vec![(Audience::Everybody, Arc::new(Body::gone(open)))];
        let frames = Frames { bodies, before: cursor.clone(), after: cursor };
        socket.outbox.push(Outgoing::Frames(Arc::new(frames)));
    }

    fn frames(
        &self,
        sockets: &HashMap<Key, Socket>,
        organization: OrganizationId,
        batch: &Batch,
        found: &Found,
        sight: &Sight,
    ) -> Frames {
        let personal = batch.items.iter().any(|item| matches!(item, Item::Personal(..)));
        let mut members = BTreeSet::new();
        if personal {
            let own = sockets.values().filter(|socket| socket.organization == organization);
            members.extend(own.map(|socket| socket.member));
        }
        let mut bodies = Vec::with_capacity(batch.items.len());
        for item in &batch.items {
            match *item {
                Item::Row(_) if crate::sabotage::drops_frame() => {}
                Item::Row(conversation) => {
                    let (owner, moved, body) = match found.rows.get(&conversation) {
                        Some(row) if sight.sees(&row.channels) => {
                            (row.owner, Some(Arc::clone(&row.moved)), Arc::clone(&row.whole))
                        }
                        // Nobody is told of what they may not see, not even that it went.
                        Some(_) => continue,
                        None => (None, None, Arc::new(Body::gone(conversation))),
                    };
                    bodies.push((Audience::Row { conversation, owner, moved }, body));
                }
                Item::Message(conversation, message) => {
                    let stands = found.messages.get(&message);
                    if let Some((stands, body)) = stands {
                        bodies.push((Audience::Open(*stands), Arc::clone(body)));
                    }
                    // It is no more, or has gone to another conversation since.
                    if stands.is_none_or(|(stands, _)| *stands != conversation) {
                        let body = Arc::new(Body::message_gone(conversation, message));
                        bodies.push((Audience::Open(conversation), body));
                    }
                }
                Item::Messages(conversation) => {
                    let messages = found.conversations.get(&conversation).into_iter().flatten();
                    bodies.extend(
                        messages.map(|body| (Audience::Open(conversation), Arc::clone(body))),
                    );
                }
                Item::Note(_, note) => {
                    // One that is not there any more went with its organization.
                    let told = found.notes.get(&note);
                    bodies.extend(told.map(|(conversation, body)| {
                        (Audience::Open(*conversation), Arc::clone(body))
                    }));
                }
                Item::Contact(conversation, contact) => {
                    let row = found.rows.get(&conversation);
                    if row.is_some_and(|row| sight.sees(&row.channels)) {
                        bodies.push((Audience::Everybody, Arc::new(Body::contact(contact))));
                    }
                }
                Item::Settings(settings) => {
                    bodies.push((Audience::Everybody, Arc::new(Body::settings(settings))));
                }
                Item::Personal(member, told) => {
                    if members.contains(&member) {
                        let body = Arc::new(Body::personal(&told));
                        bodies.push((Audience::Member(member), body));
                    }
                }
                Item::Counts => {
                    let counts = found.counts.get(sight);
                    bodies.extend(counts.map(|body| (Audience::Everybody, Arc::clone(body))));
                }
            }
        }
        // Whatever a conversation shows is for those who may see it, whatever they say they have
        // open.
        bodies.retain(|(audience, _)| match audience {
            Audience::Open(conversation) => sees(sight, found, *conversation),
            Audience::Everybody | Audience::Row { .. } | Audience::Member(_) => true,
        });
        Frames {
            bodies,
            before: self.cursors.write(organization, &batch.before),
            after: self.cursors.write(organization, &batch.position),
        }
    }

    /// The sockets that say that they have a conversation open, with their members, who need not
    /// see it.
    #[must_use]
    pub fn who_looks_at(
        &self,
        organization: OrganizationId,
        conversation: ConversationId,
    ) -> BTreeMap<Key, MemberId> {
        let inner = self.lock();
        let looks = |socket: &Socket| {
            socket.organization == organization && socket.open == Some(conversation)
        };
        let here = inner.sockets.iter().filter(|(_, socket)| looks(socket));
        here.map(|(key, socket)| (*key, socket.member)).collect()
    }

    /// Whether a member has a socket here.
    #[must_use]
    pub fn has_member(&self, (organization, member): (OrganizationId, MemberId)) -> bool {
        let inner = self.lock();
        let mut sockets = inner.sockets.values();
        sockets.any(|socket| socket.organization == organization && socket.member == member)
    }

    /// Hands a frame without number and cursor to every socket of a member.
    pub fn tell_member(
        &self,
        (organization, member): (OrganizationId, MemberId),
        frame: &Arc<str>,
    ) {
        let inner = self.lock();
        for socket in inner.sockets.values() {
            if socket.organization == organization && socket.member == member {
                socket.outbox.push(Outgoing::Beside(Arc::clone(frame)));
            }
        }
    }

    /// Hands a frame without number and cursor to every socket of an organization.
    pub fn tell_organization(&self, organization: OrganizationId, frame: &Arc<str>) {
        let inner = self.lock();
        for socket in inner.sockets.values().filter(|one| one.organization == organization) {
            socket.outbox.push(Outgoing::Beside(Arc::clone(frame)));
        }
    }

    /// Hands a frame without number and cursor to those of these sockets that still have the
    /// conversation open.
    pub fn show_beside(&self, conversation: ConversationId, keys: &[Key], frame: &Arc<str>) {
        let inner = self.lock();
        for socket in keys.iter().filter_map(|key| inner.sockets.get(key)) {
            if socket.open == Some(conversation) {
                socket.outbox.push(Outgoing::Beside(Arc::clone(frame)));
            }
        }
    }
}

/// What the members of an organization may see from now on. Gives the sockets that are told
/// something else than before.
fn learn(inner: &mut Inner, organization: OrganizationId, rights: &Arc<Rights>) -> Vec<Key> {
    let known = inner.rights.insert(organization, Arc::clone(rights));
    let same = known.is_some_and(|known| Arc::ptr_eq(&known, rights));
    let mut changed = Vec::new();
    for (key, socket) in &mut inner.sockets {
        if socket.organization != organization || (same && socket.sight.is_some()) {
            continue;
        }
        let sight = rights.sight(socket.member);
        if socket.sight.as_ref().is_some_and(|before| *before != sight) {
            changed.push(*key);
        }
        socket.sight = Some(sight);
    }
    changed.sort_unstable();
    changed
}

/// Whether a conversation is seen; one whose row is not known, by those who see everything.
fn sees(sight: &Sight, found: &Found, conversation: ConversationId) -> bool {
    match found.rows.get(&conversation) {
        Some(row) => sight.sees(&row.channels),
        None => *sight == Sight::All,
    }
}
