//! Who looks at what and types where: told among gateways, shown to those who look at the same.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;
use std::time::Duration;

use async_nats::Message;
use futures::StreamExt as _;
use kit_service::Runtime;
use kit_values::{Fault, OrganizationId};
use time::OffsetDateTime;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::time::{MissedTickBehavior, interval};
use uuid::Uuid;

use super::hub::Hub;
use super::typing::Typing;
use super::words::Words;
use crate::domain::ConversationId;
use crate::domain::feed::Key;
use crate::domain::viewers::{Looking, TYPING, Viewers};
use crate::peers::People;
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

/// What is to be shown and said after a step.
#[derive(Default)]
struct News {
    rooms: BTreeSet<(OrganizationId, ConversationId)>,
    /// Sockets that have just opened a conversation, whose viewers may not have changed.
    keys: BTreeSet<(OrganizationId, ConversationId, Key)>,
    words: HashMap<OrganizationId, Vec<Looking>>,
}

/// What this process knows, and with whom.
pub struct Company {
    /// Where those are who look.
    pub hub: Arc<Hub>,
    /// What they are called.
    pub people: People,
    /// How other gateways hear of it.
    pub words: Words,
    /// This process.
    pub gateway: Uuid,
    /// Where others ask who types.
    pub typing: Typing,
    /// Of each organization.
    viewers: HashMap<OrganizationId, Viewers>,
    own: HashMap<Uuid, Own>,
}

impl Company {
    /// Nobody yet.
    #[must_use]
    pub fn new(hub: Arc<Hub>, people: People, words: Words, gateway: Uuid, typing: Typing) -> Self {
        Self { hub, people, words, gateway, typing, viewers: HashMap::new(), own: HashMap::new() }
    }

    /// Tells and listens until the process stops.
    pub async fn run(mut self, mut notes: Notes, runtime: Runtime) -> Result<(), Fault> {
        let mut heard = self.words.hear().await?;
        let mut tick = interval(TICK);
        tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut ticks = 0_u32;
        loop {
            let mut news = News::default();
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
                    self.hear(&message, &mut news);
                    for _ in 0..MOST_AT_ONCE {
                        let Some(more) = futures::FutureExt::now_or_never(heard.next()) else { break };
                        let Some(message) = more else { break };
                        self.hear(&message, &mut news);
                    }
                }
                _ = tick.tick() => {
                    ticks = ticks.wrapping_add(1);
                    self.tick(ticks.is_multiple_of(REPEAT), &mut news);
                }
            }
            self.pass_on(news).await;
        }
    }

    fn note(&mut self, Note { key, organization, looking }: &Note, news: &mut News) {
        let now = kit_values::now();
        let connection = looking.connection;
        if let Some(conversation) = looking.conversation {
            news.keys.insert((*organization, conversation, *key));
            let typing_until = now + TYPING;
            let own = Own { organization: *organization, looking: *looking, typing_until };
            self.own.insert(connection, own);
        } else {
            self.own.remove(&connection);
        }
        self.apply(*organization, looking, now, news);
        news.words.entry(*organization).or_default().push(*looking);
    }

    fn hear(&mut self, message: &Message, news: &mut News) {
        let Some(organization) = words::organization(&message.subject) else { return };
        let Some((gateway, looking)) = words::read(&message.payload) else { return };
        if gateway == self.gateway {
            return;
        }
        let now = kit_values::now();
        for looking in &looking {
            self.apply(organization, looking, now, news);
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
            self.apply(organization, &looking, now, news);
            news.words.entry(organization).or_default().push(looking);
        }
        self.typing.forget(now);
        self.viewers.retain(|organization, viewers| {
            let changed = viewers.forget(now).into_iter();
            news.rooms.extend(changed.map(|conversation| (*organization, conversation)));
            !viewers.is_empty()
        });
    }

    fn apply(
        &mut self,
        organization: OrganizationId,
        looking: &Looking,
        now: OffsetDateTime,
        news: &mut News,
    ) {
        self.typing.hear(organization, looking, now);
        let viewers = self.viewers.entry(organization).or_default();
        let changed = viewers.hear(looking, now).into_iter();
        news.rooms.extend(changed.map(|conversation| (organization, conversation)));
    }

    async fn pass_on(&self, news: News) {
        for (organization, looking) in news.words {
            for looking in looking.chunks(words::MOST_TOLD) {
                self.words.say(organization, words::write(self.gateway, looking)).await;
            }
        }
        for (organization, conversation) in &news.rooms {
            let keys = self.hub.who_looks_at(*organization, *conversation);
            self.show(*organization, *conversation, &keys).await;
        }
        for (organization, conversation, key) in news.keys {
            if !news.rooms.contains(&(organization, conversation)) {
                self.show(organization, conversation, &[key]).await;
            }
        }
    }

    async fn show(&self, organization: OrganizationId, conversation: ConversationId, to: &[Key]) {
        if to.is_empty() {
            return;
        }
        let viewers = self.viewers.get(&organization).map(|viewers| viewers.of(conversation));
        let viewers = viewers.unwrap_or_default();
        let members: Vec<String> = viewers.iter().map(|viewer| viewer.member.to_string()).collect();
        let names =
            self.people.names(organization, members.iter().map(String::as_str).collect()).await;
        let frame = frames::viewers(conversation, &viewers, &names);
        self.hub.show_beside(conversation, to, &frame.into());
    }
}
