//! Everything the tasks and the requests share: the world, its journal, the log, the controls.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use kit_values::Fault;
use serde::Serialize;
use time::OffsetDateTime;
use tokio::sync::{mpsc, watch};

use crate::callbacks::Callback;
use crate::config::Config;
use crate::controls::{Generator, GeneratorChange};
use crate::journal::{Entry, Journal};
use crate::ledger::AcceptedCalls;
use crate::limits::Windows;
use crate::log::{Attempt, Log};
use crate::switches::{Shaper, Switches};
use crate::trouble::{Faults, Trouble};
use crate::update::{Surroundings, Update};
use crate::world::{
    Account, Action, Author, Deed, Happening, Network, Origin, Persona, Random, Ruling, World,
    decide, people,
};
use crate::{error, facebook, instagram, tiktok, x};

mod calls;

pub use calls::{Admitted, Asked, Taken, Turned};

/// An update on its way out.
#[derive(Debug, Clone)]
pub struct Outgoing {
    /// What is told.
    pub update: Arc<Update>,
    /// How long it waits.
    pub after: Duration,
    /// Whether it is a second sending.
    pub is_copy: bool,
}

/// What an action came to.
#[derive(Debug, Clone, Serialize)]
pub struct Performed {
    /// Number of the happening.
    pub number: u64,
    /// The network's id of what it is about; none for receipts.
    pub id: Option<String>,
    /// Where it can be opened; none for what is private.
    pub permalink: Option<String>,
    /// How many updates the network tells about it.
    pub updates: usize,
}

/// Shared by every task and request; one lock, never held across an await. What is done under it
/// is short (one line of the journal at most), but for giving out a long log.
#[derive(Debug)]
pub struct Stage {
    inner: Mutex<Inner>,
    outgoing: mpsc::UnboundedSender<Vec<Outgoing>>,
    generator: watch::Sender<Generator>,
    journal_path: PathBuf,
    public_url: String,
}

/// What the lock guards.
#[derive(Debug)]
pub struct Inner {
    /// The networks.
    pub world: World,
    /// What was told.
    pub log: Log,
    /// How the callbacks answered.
    pub callbacks: Vec<Callback>,
    /// The calls of the networks' APIs that took effect.
    pub accepted: AcceptedCalls,
    windows: Windows,
    trouble: Trouble,
    journal: Journal,
    shaper: Shaper,
    random: Random,
}

impl Stage {
    /// The stage as the journal left it, and where what it tells comes out. Updates that were
    /// not answered come out again; X's are only marked as failed, for a replay.
    ///
    /// # Errors
    /// Unavailable when the journal cannot be used.
    pub fn open(config: &Config) -> Result<(Self, mpsc::UnboundedReceiver<Vec<Outgoing>>), Fault> {
        let public_url = config.public_url.trim_end_matches('/').to_owned();
        let mut world = World::new(config.accounts(), people());
        let mut log = Log::default();
        let mut accepted = AcceptedCalls::default();
        let mut waiting: BTreeMap<(u64, u32), Update> = BTreeMap::new();
        let around = Surroundings { public_url: &public_url };
        let journal = Journal::open(&config.journal, |entry| match entry {
            Entry::Happening(happening) => {
                world.apply(&happening);
                accepted.add(&happening);
                for update in updates(&world, &happening, around) {
                    log.add(&update, happening.origin);
                    waiting.insert((update.number, update.index), update);
                }
            }
            Entry::Answer { number, index, attempt } => {
                if attempt.is_accepted() {
                    waiting.remove(&(number, index));
                }
                log.answered(number, index, attempt, false);
            }
        })?;
        let (waiting, lost): (Vec<Update>, Vec<Update>) =
            waiting.into_values().partition(|update| update.network != Network::X);
        for update in &lost {
            log.give_up(update.number, update.index);
        }
        let (outgoing, incoming) = mpsc::unbounded_channel();
        let stage = Self {
            inner: Mutex::new(Inner {
                random: Random::new(config.generator.seed),
                shaper: Shaper::new(Switches::default()),
                callbacks: Vec::new(),
                windows: Windows::default(),
                trouble: Trouble::new(Faults::default()),
                accepted,
                world,
                log,
                journal,
            }),
            outgoing,
            generator: watch::Sender::new(Generator::new(&config.generator)),
            journal_path: config.journal.clone(),
            public_url,
        };
        stage.send(waiting, false);
        Ok((stage, incoming))
    }

    /// The shared state.
    pub fn lock(&self) -> MutexGuard<'_, Inner> {
        // A panic elsewhere left whole values behind: every change is one assignment.
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Does one action at `now`: decides, keeps it in the journal, lets the networks tell it.
    ///
    /// # Errors
    /// Invalid or not found when the action cannot be; unavailable when the journal cannot be
    /// written, and then nothing has happened.
    pub fn perform(
        &self,
        action: &Action,
        origin: Origin,
        now: OffsetDateTime,
    ) -> Result<(Happening, Performed), Fault> {
        let mut inner = self.lock();
        let snowflake = inner.world.mint(now);
        let Ruling { network, account, author, deed } =
            decide(&inner.world, action, snowflake).map_err(error::fault)?;
        let percent = inner.shaper.switches().withhold_percent;
        let withheld = author != Author::Business && inner.random.chance(percent);
        let happening = Happening {
            number: inner.world.last_number() + 1,
            at: now,
            network,
            account,
            author,
            origin,
            withheld,
            deed,
            call: None,
        };
        let read = calls::read_before(&inner.world, &happening);
        let number = happening.number + u64::from(read.is_some());
        if let Some(read) = read {
            self.happen(&mut inner, &read, Duration::ZERO)?;
        }
        let happening = Happening { number, ..happening };
        let performed = self.happen(&mut inner, &happening, Duration::ZERO)?;
        Ok((happening, performed))
    }

    /// Somebody new has accounts on the networks.
    ///
    /// # Errors
    /// As [`Stage::perform`].
    pub fn join(&self, persona: Persona, now: OffsetDateTime) -> Result<Performed, Fault> {
        let mut inner = self.lock();
        let happening = Happening {
            number: inner.world.last_number() + 1,
            at: now,
            network: Network::X,
            account: String::new(),
            author: Author::Persona(persona.key.clone()),
            origin: Origin::Hand,
            withheld: false,
            deed: Deed::Joined { persona },
            call: None,
        };
        self.happen(&mut inner, &happening, Duration::ZERO)
    }

    /// Keeps a happening and lets its network tell it, `later` than the switches say.
    fn happen(
        &self,
        inner: &mut Inner,
        happening: &Happening,
        later: Duration,
    ) -> Result<Performed, Fault> {
        inner.journal.append(&Entry::Happening(Box::new(happening.clone())))?;
        inner.world.apply(happening);
        inner.accepted.add(happening);
        let told = updates(&inner.world, happening, self.around());
        let performed = Performed {
            number: happening.number,
            id: happening.deed.id().map(ToOwned::to_owned),
            permalink: happening
                .deed
                .id()
                .and_then(|id| permalink(&inner.world, id))
                .map(|path| format!("{}{path}", self.public_url)),
            updates: told.len(),
        };
        let mut leaving = Vec::with_capacity(told.len());
        for update in told {
            inner.log.add(&update, happening.origin);
            let update = Arc::new(update);
            for departure in inner.shaper.departures() {
                leaving.push(Outgoing {
                    update: Arc::clone(&update),
                    after: later + departure.after,
                    is_copy: departure.is_copy,
                });
            }
        }
        // Nobody listens only while the process stops; the journal has it.
        let _ = self.outgoing.send(leaving);
        Ok(performed)
    }

    /// Sends updates at once, past the switches.
    pub fn send(&self, updates: Vec<Update>, is_copy: bool) {
        let leaving = updates
            .into_iter()
            .map(|update| Outgoing { update: Arc::new(update), after: Duration::ZERO, is_copy })
            .collect();
        let _ = self.outgoing.send(leaving);
    }

    /// Records what became of a posting. A full disk loses only the record of an answer, so
    /// that an update may be sent again after a restart.
    pub fn record(&self, number: u64, index: u32, attempt: Attempt, is_final: bool) {
        let mut inner = self.lock();
        let entry = Entry::Answer { number, index, attempt: attempt.clone() };
        if let Err(fault) = inner.journal.append(&entry) {
            tracing::warn!(%fault, "answer not kept in the journal");
        }
        inner.log.answered(number, index, attempt, is_final);
    }

    /// Changes how updates leave from now on; starts the run of its seed.
    pub fn switch(&self, switches: Switches) {
        self.lock().shaper = Shaper::new(switches);
    }

    /// How updates leave.
    #[must_use]
    pub fn switches(&self) -> Switches {
        self.lock().shaper.switches().clone()
    }

    /// Changes what callers of the networks' APIs get from now on; starts the run of its seed.
    pub fn trouble(&self, faults: Faults) {
        self.lock().trouble = Trouble::new(faults);
    }

    /// What callers of the networks' APIs get.
    #[must_use]
    pub fn faults(&self) -> Faults {
        self.lock().trouble.faults().clone()
    }

    /// Changes what the generator does.
    pub fn steer(&self, change: &GeneratorChange) {
        self.generator.send_modify(|generator| generator.apply(change));
    }

    /// The generator's settings, and every change of them.
    #[must_use]
    pub fn generator(&self) -> watch::Receiver<Generator> {
        self.generator.subscribe()
    }

    /// Counts one turn of the generator; pauses it at its limit, and says whether it did.
    pub fn count_turn(&self) -> bool {
        self.generator.send_if_modified(|generator| {
            generator.turns += 1;
            let is_at_limit = generator.limit.is_some_and(|limit| generator.turns >= limit);
            generator.running &= !is_at_limit;
            is_at_limit
        })
    }

    /// Where the journal is.
    #[must_use]
    pub fn journal_path(&self) -> PathBuf {
        self.journal_path.clone()
    }

    /// What permalinks begin with.
    #[must_use]
    pub fn around(&self) -> Surroundings<'_> {
        Surroundings { public_url: &self.public_url }
    }
}

/// What the happening's network tells about it.
#[must_use]
pub fn updates(world: &World, happening: &Happening, around: Surroundings<'_>) -> Vec<Update> {
    match (&happening.deed, happening.network) {
        (Deed::Joined { .. }, _) => Vec::new(),
        (_, Network::X) => x::updates(world, happening, around),
        (_, Network::Facebook) => facebook::updates(world, happening, around),
        (_, Network::Instagram) => instagram::updates(world, happening, around),
        (_, Network::Tiktok) => tiktok::updates(world, happening, around),
    }
}

/// The path of the page that shows a public thing; none for private and unknown ones.
#[must_use]
pub fn permalink(world: &World, id: &str) -> Option<String> {
    use crate::world::ItemKind;
    let item = world.item(id)?;
    let account = world.account(item.network, &item.account)?;
    match (item.network, item.kind) {
        (_, ItemKind::DirectMessage | ItemKind::MessengerMessage) => None,
        (Network::X, _) => {
            Some(format!("/playground/x/{}/status/{id}", handle(world, item, account)))
        }
        (Network::Facebook, ItemKind::Comment) => Some(format!(
            "/playground/facebook/{}/posts/{}?comment_id={id}",
            account.account_id, item.root
        )),
        (Network::Facebook, _) => {
            Some(format!("/playground/facebook/{}/posts/{id}", account.account_id))
        }
        (Network::Instagram, ItemKind::Story) => {
            Some(format!("/playground/instagram/stories/{}/{id}/", account.handle))
        }
        (Network::Instagram, _) if item.root != item.id => {
            Some(format!("/playground/instagram/p/{}/c/{id}/", item.root))
        }
        (Network::Instagram, _) => Some(format!("/playground/instagram/p/{id}/")),
        (Network::Tiktok, ItemKind::Comment) => Some(format!(
            "/playground/tiktok/@{}/video/{}?comment_id={id}",
            account.handle, item.root
        )),
        (Network::Tiktok, _) => Some(format!("/playground/tiktok/@{}/video/{id}", account.handle)),
    }
}

fn handle(world: &World, item: &crate::world::Item, account: &Account) -> String {
    item.author
        .persona()
        .and_then(|key| world.persona(key))
        .map_or_else(|| account.handle.clone(), |persona| persona.handle)
}
