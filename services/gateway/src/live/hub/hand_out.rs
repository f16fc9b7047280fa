//! What is handed to sockets: the end of a round, and frames beside the rounds.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use kit_values::OrganizationId;

use super::{Found, Hub, Socket};
use crate::domain::feed::{Batch, Delivery, Item, Key};
use crate::domain::{ConversationId, MemberId};
use crate::live::outbox::{Audience, Frames, Outgoing};
use crate::wire::frames::Body;

impl Hub {
    /// Ends a round: hands out what was found.
    pub fn deliver(&self, organization: OrganizationId, round: u64, found: &Found) {
        let mut inner = self.lock();
        let inner = &mut *inner;
        inner.pauses.remove(&organization);
        let Some(feed) = inner.feeds.get_mut(&organization) else { return };
        for Delivery { sockets, batch } in feed.deliver(round) {
            let frames = Arc::new(self.frames(&inner.sockets, organization, &batch, found));
            if frames.bodies.is_empty() {
                continue;
            }
            for key in sockets {
                if let Some(socket) = inner.sockets.get(&key) {
                    socket.outbox.push(Outgoing::Frames(Arc::clone(&frames)));
                }
            }
        }
    }

    fn frames(
        &self,
        sockets: &HashMap<Key, Socket>,
        organization: OrganizationId,
        batch: &Batch,
        found: &Found,
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
                    let body = found.rows.get(&conversation).cloned();
                    let body = body.unwrap_or_else(|| Arc::new(Body::gone(conversation)));
                    bodies.push((Audience::Everybody, body));
                }
                Item::Message(conversation, message) => {
                    if let Some((conversation, body)) = found.messages.get(&message) {
                        bodies.push((Audience::Open(*conversation), Arc::clone(body)));
                    } else {
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
                    bodies.extend(
                        found.counts.iter().map(|body| (Audience::Everybody, Arc::clone(body))),
                    );
                }
            }
        }
        Frames {
            bodies,
            before: self.cursors.write(organization, &batch.before),
            after: self.cursors.write(organization, &batch.position),
        }
    }

    /// The sockets that have a conversation open.
    #[must_use]
    pub fn who_looks_at(
        &self,
        organization: OrganizationId,
        conversation: ConversationId,
    ) -> Vec<Key> {
        let inner = self.lock();
        let looks = |socket: &Socket| {
            socket.organization == organization && socket.open == Some(conversation)
        };
        inner.sockets.iter().filter(|(_, socket)| looks(socket)).map(|(key, _)| *key).collect()
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
