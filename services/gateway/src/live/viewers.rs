//! Who looks at what and types where: told among gateways, shown to those who look at the same and
//! may see it.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use async_nats::Message;
use futures::StreamExt as _;
use futures::stream::FuturesUnordered;
use kit_service::Runtime;
use kit_values::{Fault, OrganizationId};
use time::OffsetDateTime;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::time::{MissedTickBehavior, interval};
use uuid::Uuid;

use super::hub::Hub;
use super::rooms::{Looked, Registry, Unshown, Wanted, look_up};
use super::typing::Typing;
use super::words::Words;
use crate::domain::feed::Key;
use crate::domain::viewers::{Looking, TYPING, Viewers};
use crate::wire::{frames, words};

/// How often what is not repeated is looked for.
const TICK: Duration = Duration::from_secs(1);
/// How many ticks pass until everything is said again: thrice before it is forgotten.
const REPEAT: u32 = 5;
/// Most words that are taken before those who look are told.
const MOST_AT_ONCE: usize = 1_000;

/// What a socket's client does.
struct Note {
    key: Key,
    organization: OrganizationId,
    looking: Looking,
}

/// The sockets' end.
#[derive(Debug, Clone)]
pub struct Viewing(UnboundedSender<Note>);

/// The task's end.
pub struct Notes(UnboundedReceiver<Note>);

/// Both ends.
#[must_use]
pub fn viewing() -> (Viewing, Notes) {
    let (sender, receiver) = unbounded_channel();
    (Viewing(sender), Notes(receiver))
}

impl Viewing {
    /// A socket's client looks at something, or at nothing any more.
    pub fn looks(&self, key: Key, organization: OrganizationId, looking: Looking) {
        // Nobody listens any more when the process stops.
        let _ = self.0.send(Note { key, organization, looking });
    }
}

/// One of our own connections.
struct Own {
    organization: OrganizationId,
    looking: Looking,
    typing_until: OffsetDateTime,
}

/// What is to be said after a step.
type News = HashMap<OrganizationId, Vec<Looking>>;

/// What this process knows, and with whom.
pub struct Company {
    /// Where those are who look.
    pub hub: Arc<Hub>,
    /// Who may be told of whom.
    pub registry: Registry,
    /// How other gateways hear of it.
    pub words: Words,
    /// This process.
    pub gateway: Uuid,
    /// Where others ask who types.
    pub typing: Typing,
    /// Of each organization.
    viewers: HashMap<OrganizationId, Viewers>,
    own: HashMap<Uuid, Own>,
    unshown: Unshown,
}

impl Company {
    /// Nobody yet.
    #[must_use]
    pub fn new(
        hub: Arc<Hub>,
        registry: Registry,
        words: Words,
        gateway: Uuid,
        typing: Typing,
    ) -> Self {
        let (viewers, own, unshown) = (HashMap::new(), HashMap::new(), Unshown::default());
        Self { hub, registry, words, gateway, typing, viewers, own, unshown }
    }

    /// Tells and listens until the process stops.
    pub async fn run(mut self, mut notes: Notes, runtime: Runtime) -> Result<(), Fault> {
        let mut heard = self.words.hear().await?;
        let mut tick = interval(TICK);
        tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut ticks = 0_u32;
        let mut looks = FuturesUnordered::new();
        loop {
            let mut news = News::new();
            tokio::select! {
                () = runtime.stop.cancelled() => return Ok(()),
                note = notes.0.recv() => {
                    let mut next = note;
                    while let Some(note) = next {
                        self.note(&note, &mut news);
                        next = notes.0.try_recv().ok();
                    }
                }
                Some(message) = heard.next() => {
                    self.hear(&message);
                    for _ in 0..MOST_AT_ONCE {
                        let Some(more) = futures::FutureExt::now_or_never(heard.next()) else { break };
                        let Some(message) = more else { break };
                        self.hear(&message);
                    }
                }
                Some(looked) = looks.next(), if !looks.is_empty() => self.show(looked),
                _ = tick.tick() => {
                    ticks = ticks.wrapping_add(1);
                    self.tick(ticks.is_multiple_of(REPEAT), &mut news);
                }
            }
            self.say(news).await;
            for wanted in self.due() {
                looks.push(look_up(self.registry.clone(), wanted));
            }
        }
    }

    fn due(&mut self) -> Vec<Wanted> {
        if self.unshown.is_empty() {
            return Vec::new();
        }
        let here = self.own.values();
        let here = here.filter_map(|own| Some((own.organization, own.looking.conversation?)));
        self.unshown.due(&self.viewers, &here.collect())
    }

    fn note(&mut self, Note { key, organization, looking }: &Note, news: &mut News) {
        let now = kit_values::now();
        let connection = looking.connection;
        if let Some(conversation) = looking.conversation {
            self.unshown.of(*organization).opened.insert((conversation, *key));
            let typing_until = now + TYPING;
            let own = Own { organization: *organization, looking: *looking, typing_until };
            self.own.insert(connection, own);
        } else {
            self.own.remove(&connection);
        }
        self.apply(*organization, looking, now);
        news.entry(*organization).or_default().push(*looking);
    }

    fn hear(&mut self, message: &Message) {
        let Some(organization) = words::organization(&message.subject) else { return };
        let Some((gateway, looking)) = words::read(&message.payload) else { return };
        if gateway == self.gateway {
            return;
        }
        let now = kit_values::now();
        for looking in &looking {
            self.apply(organization, looking, now);
        }
    }

    fn tick(&mut self, repeats: bool, news: &mut News) {
        let now = kit_values::now();
        let mut again = Vec::new();
        for own in self.own.values_mut() {
            let over = own.looking.typing && own.typing_until <= now;
            own.looking.typing &= !over;
            if over || repeats {
                again.push((own.organization, own.looking));
            }
        }
        for (organization, looking) in again {
            self.apply(organization, &looking, now);
            news.entry(organization).or_default().push(looking);
        }
        self.typing.forget(now);
        self.viewers.retain(|organization, viewers| {
            let changed = viewers.forget(now);
            if !changed.is_empty() {
                self.unshown.of(*organization).changed.extend(changed);
            }
            !viewers.is_empty()
        });
        self.unshown.tick(Instant::now(), &self.viewers);
    }

    fn apply(&mut self, organization: OrganizationId, looking: &Looking, now: OffsetDateTime) {
        self.typing.hear(organization, looking, now);
        let changed = self.viewers.entry(organization).or_default().hear(looking, now);
        if !changed.is_empty() {
            self.unshown.of(organization).changed.extend(changed);
        }
    }

    async fn say(&self, news: News) {
        for (organization, looking) in news {
            for looking in looking.chunks(words::MOST_TOLD) {
                self.words.say(organization, words::write(self.gateway, looking)).await;
            }
        }
    }

    /// Shows those who see a conversation to those who see it.
    fn show(&mut self, looked: Looked) {
        let organization = looked.organization;
        let found = self.unshown.take(looked, Instant::now(), &self.viewers, &self.registry.doors);
        let Some(found) = found else { return };
        for conversation in found.rooms.conversations() {
            let mut lookers = self.hub.who_looks_at(organization, conversation);
            lookers.retain(|key, _| found.rooms.are_for(conversation, *key));
            let viewers = self.viewers.get(&organization).map(|all| all.of(conversation));
            let mut viewers = viewers.unwrap_or_default();
            let members = viewers.iter().map(|viewer| viewer.member);
            let seeing = found.who_sees(conversation, members.chain(lookers.values().copied()));
            lookers.retain(|_, member| seeing.contains(member));
            if lookers.is_empty() {
                continue;
            }
            viewers.retain(|viewer| seeing.contains(&viewer.member));
            let frame = frames::viewers(conversation, &viewers, &found.names);
            let keys: Vec<Key> = lookers.into_keys().collect();
            self.hub.show_beside(conversation, &keys, &frame.into());
        }
    }
}
