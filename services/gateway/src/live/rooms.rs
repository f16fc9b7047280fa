//! Who may be told of whom: looked up before the viewers of a conversation are shown.
//!
//! A socket says itself what it has open, so that alone entitles to nothing: whoever does not see
//! the conversation is told nobody and is shown to nobody. While that cannot be looked up, nobody is
//! told anything. Other rights are noticed within a tick, and every room is then shown anew.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::Arc;
use std::time::{Duration, Instant};

use kit_service::Caller;
use kit_values::{Fault, OrganizationId};

use crate::domain::access::Rights;
use crate::domain::feed::Key;
use crate::domain::viewers::Viewers;
use crate::domain::{ChannelId, ConversationId, MemberId};
use crate::peers::{Conversations, Doors, People};
use crate::wire::names::Names;

/// How long it stands which accounts a conversation belongs to: it only ever gains some.
const FRESH: Duration = Duration::from_secs(10);

/// Where it is looked up.
#[derive(Clone)]
pub struct Registry {
    /// Which accounts conversations belong to.
    pub conversations: Conversations,
    /// Who comes in by which account.
    pub doors: Doors,
    /// What members are called.
    pub people: People,
}

/// Conversations of one organization whose viewers are to be shown.
#[derive(Debug, Default)]
pub struct Rooms {
    /// To everybody who looks at them.
    pub changed: BTreeSet<ConversationId>,
    /// To sockets that have just opened them, whose viewers may not have changed.
    pub opened: BTreeSet<(ConversationId, Key)>,
}

impl Rooms {
    /// Each once.
    pub fn conversations(&self) -> BTreeSet<ConversationId> {
        let opened = self.opened.iter().map(|(conversation, _)| *conversation);
        self.changed.iter().copied().chain(opened).collect()
    }

    /// Whether a socket that looks at this conversation is to be told of it.
    pub fn are_for(&self, conversation: ConversationId, key: Key) -> bool {
        self.changed.contains(&conversation) || self.opened.contains(&(conversation, key))
    }

    fn append(&mut self, mut more: Self) {
        self.changed.append(&mut more.changed);
        self.opened.append(&mut more.opened);
    }
}

/// What is to be looked up for one organization.
pub struct Wanted {
    organization: OrganizationId,
    rooms: Rooms,
    /// Whose names are needed.
    members: Vec<String>,
    known: HashMap<ConversationId, Vec<ChannelId>>,
    unknown: BTreeSet<ConversationId>,
}

/// What was looked up.
pub struct Found {
    /// For which.
    pub rooms: Rooms,
    /// What members are called.
    pub names: Arc<Names>,
    rights: Arc<Rights>,
    known: HashMap<ConversationId, Vec<ChannelId>>,
    learned: HashMap<ConversationId, Vec<ChannelId>>,
}

impl Found {
    /// Those of these members who see a conversation; nobody sees one that is not there.
    pub fn who_sees(
        &self,
        conversation: ConversationId,
        members: impl IntoIterator<Item = MemberId>,
    ) -> BTreeSet<MemberId> {
        let channels = self.learned.get(&conversation).or_else(|| self.known.get(&conversation));
        let Some(channels) = channels else { return BTreeSet::new() };
        let members: BTreeSet<MemberId> = members.into_iter().collect();
        members.into_iter().filter(|member| self.rights.sight(*member).sees(channels)).collect()
    }
}

/// The end of a look-up.
pub struct Looked {
    /// Whose.
    pub organization: OrganizationId,
    found: Result<Found, (Rooms, Fault)>,
}

/// What is still to be shown. One look-up of an organization is under way at a time: what happens
/// meanwhile is gathered for the next.
#[derive(Default)]
pub struct Unshown {
    rooms: BTreeMap<OrganizationId, Rooms>,
    busy: HashSet<OrganizationId>,
    /// Could not be looked up; until the next tick.
    failed: HashSet<OrganizationId>,
    rights: HashMap<OrganizationId, Arc<Rights>>,
    channels: HashMap<(OrganizationId, ConversationId), (Instant, Vec<ChannelId>)>,
}

impl Unshown {
    /// The rooms of an organization, to add to.
    pub fn of(&mut self, organization: OrganizationId) -> &mut Rooms {
        self.rooms.entry(organization).or_default()
    }

    /// Forgets what is too old and those whom nobody looks at; asks about everybody else, whose
    /// rights may be others.
    pub fn tick(&mut self, now: Instant, viewers: &HashMap<OrganizationId, Viewers>) {
        self.failed.clear();
        self.channels.retain(|_, (at, _)| now.duration_since(*at) < FRESH);
        self.rights.retain(|organization, _| viewers.contains_key(organization));
        for organization in viewers.keys() {
            self.rooms.entry(*organization).or_default();
        }
    }

    /// Whether nothing is to be shown.
    pub fn is_empty(&self) -> bool {
        self.rooms.is_empty()
    }

    /// What can be looked up now; of rooms where nobody is `here`, nothing is.
    pub fn due(
        &mut self,
        viewers: &HashMap<OrganizationId, Viewers>,
        here: &HashSet<(OrganizationId, ConversationId)>,
    ) -> Vec<Wanted> {
        let mut wanted = Vec::new();
        let (busy, failed) = (&mut self.busy, &self.failed);
        for organization in self.rooms.keys().copied().collect::<Vec<_>>() {
            if failed.contains(&organization) || !busy.insert(organization) {
                continue;
            }
            let Some(mut rooms) = self.rooms.remove(&organization) else { continue };
            rooms.changed.retain(|conversation| here.contains(&(organization, *conversation)));
            let (mut known, mut unknown) = (HashMap::new(), BTreeSet::new());
            let mut members = BTreeSet::new();
            for conversation in rooms.conversations() {
                match self.channels.get(&(organization, conversation)) {
                    Some((_, channels)) => {
                        known.insert(conversation, channels.clone());
                    }
                    None => {
                        unknown.insert(conversation);
                    }
                }
                let here = viewers.get(&organization).map(|all| all.of(conversation));
                members.extend(here.into_iter().flatten().map(|viewer| viewer.member));
            }
            let members = members.iter().map(ToString::to_string).collect();
            wanted.push(Wanted { organization, rooms, members, known, unknown });
        }
        wanted
    }

    /// Takes what was looked up, to be shown; nothing when it failed and is tried again later.
    pub fn take(
        &mut self,
        Looked { organization, found }: Looked,
        now: Instant,
        viewers: &HashMap<OrganizationId, Viewers>,
        doors: &Doors,
    ) -> Option<Found> {
        self.busy.remove(&organization);
        let found = match found {
            Ok(found) if doors.stand(organization, &found.rights) => found,
            // Changed while it was looked up.
            Ok(found) => {
                self.of(organization).append(found.rooms);
                return None;
            }
            Err((rooms, fault)) => {
                tracing::debug!(%organization, %fault, "viewers cannot be shown yet");
                self.of(organization).append(rooms);
                self.failed.insert(organization);
                return None;
            }
        };
        for (conversation, channels) in &found.learned {
            self.channels.insert((organization, *conversation), (now, channels.clone()));
        }
        let known = self.rights.insert(organization, Arc::clone(&found.rights));
        if known.is_some_and(|known| !Arc::ptr_eq(&known, &found.rights)) {
            let all = viewers.get(&organization).into_iter().flat_map(Viewers::conversations);
            self.of(organization).changed.extend(all);
        }
        Some(found)
    }
}

/// Looks up who may be told of whom.
pub async fn look_up(registry: Registry, wanted: Wanted) -> Looked {
    let Wanted { organization, rooms, members, known, unknown } = wanted;
    let caller = Caller::for_organization(organization);
    let answers = async {
        let rights = registry.doors.rights(organization).await?;
        let learned = registry.conversations.channels(&caller, &unknown).await?;
        Ok((rights, learned))
    };
    let (rights, learned) = match answers.await {
        Ok(answers) => answers,
        Err(fault) => return Looked { organization, found: Err((rooms, fault)) },
    };
    let members = members.iter().map(String::as_str).collect();
    let names = registry.people.names(organization, members).await;
    Looked { organization, found: Ok(Found { rooms, names, rights, known, learned }) }
}
