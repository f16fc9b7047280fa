//! Posts what the networks tell: signed, batched, tried again as each network does.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::time::Duration;

use futures::StreamExt as _;
use futures::stream::FuturesUnordered;
use kit_service::Runtime;
use kit_values::{Fault, Secret, now};
use tokio::sync::mpsc;
use tokio::time::Instant;

use crate::callbacks::address;
use crate::config::Config;
use crate::log::Attempt;
use crate::stage::{Outgoing, Stage};
use crate::switches::{next_attempt, next_attempt_of_tiktok};
use crate::update::{Content, Update};
use crate::world::Network;
use crate::{facebook, tiktok, x};

/// The most requests that wait for an answer at a time.
const MOST_IN_FLIGHT: usize = 256;
/// How long a batch that is not full waits for company.
const BATCH_WAIT: Duration = Duration::from_millis(300);
/// How long answers are awaited once the process stops.
const LAST_ANSWERS: Duration = Duration::from_secs(3);

/// One request, ready to be posted any number of times.
#[derive(Debug, Clone)]
struct Letter {
    network: Network,
    url: String,
    seal: Seal,
    body: Vec<u8>,
    told: Vec<(u64, u32, bool)>,
    failures: u32,
}

/// What proves who posts.
#[derive(Debug, Clone)]
enum Seal {
    /// The same each time, in this header.
    Fixed(&'static str, String),
    /// Made anew of the secret for each posting, as it holds its moment.
    Fresh(Secret),
}

impl Seal {
    fn header(&self, body: &[u8]) -> (&'static str, String) {
        match self {
            Self::Fixed(header, signature) => (header, signature.clone()),
            Self::Fresh(secret) => {
                let moment = now().unix_timestamp();
                (tiktok::HEADER, tiktok::sign(secret.expose(), moment, body))
            }
        }
    }
}

/// What leaves at its time.
#[derive(Debug)]
enum Departing {
    Update(Outgoing),
    Letter(Letter),
}

#[derive(Debug, Default)]
struct Batch {
    since: Option<Instant>,
    updates: Vec<Outgoing>,
}

/// Posts everything that comes in until the process stops; then waits for the last answers.
pub struct Sender {
    config: Arc<Config>,
    stage: Arc<Stage>,
    client: reqwest::Client,
    queue: BTreeMap<(Instant, u64), Departing>,
    batches: HashMap<String, Batch>,
    sequence: u64,
}

impl Sender {
    /// A sender with nothing to do yet.
    #[must_use]
    pub fn new(config: Arc<Config>, stage: Arc<Stage>, client: reqwest::Client) -> Self {
        Self { config, stage, client, queue: BTreeMap::new(), batches: HashMap::new(), sequence: 0 }
    }

    /// Runs until the process stops.
    ///
    /// # Errors
    /// Never by itself; the signature is that of a task.
    pub async fn run(
        mut self,
        mut incoming: mpsc::UnboundedReceiver<Vec<Outgoing>>,
        runtime: Runtime,
    ) -> Result<(), Fault> {
        let mut answers = FuturesUnordered::new();
        loop {
            for letter in self.due(MOST_IN_FLIGHT.saturating_sub(answers.len())) {
                answers.push(post(self.client.clone(), letter));
            }
            let wake = self.wake().filter(|_| answers.len() < MOST_IN_FLIGHT);
            tokio::select! {
                () = runtime.stop.cancelled() => break,
                Some((letter, attempt)) = answers.next() => self.answered(letter, &attempt),
                Some(outgoing) = incoming.recv() => self.take(outgoing),
                () = sleep_until(wake) => {}
            }
        }
        let last = async {
            while let Some((letter, attempt)) = answers.next().await {
                self.answered(letter, &attempt);
            }
        };
        // What is not answered by then is unanswered in the journal too.
        let _ = tokio::time::timeout(LAST_ANSWERS, last).await;
        Ok(())
    }

    fn take(&mut self, outgoing: Vec<Outgoing>) {
        let taken = Instant::now();
        for one in outgoing {
            self.enqueue(taken + one.after, Departing::Update(one));
        }
    }

    fn enqueue(&mut self, due: Instant, departing: Departing) {
        self.sequence += 1;
        self.queue.insert((due, self.sequence), departing);
    }

    /// Up to `room` letters whose time has come.
    fn due(&mut self, room: usize) -> Vec<Letter> {
        let current = Instant::now();
        let size = usize::from(self.stage.switches().batch_size);
        let mut letters = Vec::new();
        while letters.len() < room {
            let Some(entry) = self.queue.first_entry().filter(|one| one.key().0 <= current) else {
                break;
            };
            match entry.remove() {
                Departing::Letter(letter) => letters.push(letter),
                Departing::Update(outgoing) if is_sent_alone(&outgoing) => {
                    letters.extend(self.letter(&[outgoing]));
                }
                Departing::Update(outgoing) => {
                    let application = outgoing.update.application.clone();
                    let batch = self.batches.entry(application).or_default();
                    batch.since.get_or_insert(current);
                    batch.updates.push(outgoing);
                    if batch.updates.len() >= size {
                        let updates = std::mem::take(batch).updates;
                        letters.extend(self.letter(&updates));
                    }
                }
            }
        }
        let ripe: Vec<String> = self
            .batches
            .iter()
            .filter(|(_, batch)| {
                batch.since.is_some_and(|since| since + BATCH_WAIT <= current || size <= 1)
            })
            .map(|(application, _)| application.clone())
            .collect();
        for application in ripe {
            let updates = self.batches.remove(&application).unwrap_or_default().updates;
            letters.extend(self.letter(&updates));
        }
        letters
    }

    /// When something is due next.
    fn wake(&self) -> Option<Instant> {
        let queued = self.queue.first_key_value().map(|((due, _), _)| *due);
        let batches = self.batches.values().filter_map(|batch| batch.since);
        batches.map(|since| since + BATCH_WAIT).chain(queued).min()
    }

    /// A request with these updates of one application; none when the application is no longer
    /// configured, or there is nothing to say.
    fn letter(&self, outgoing: &[Outgoing]) -> Option<Letter> {
        let first = &outgoing.first()?.update;
        let (network, application) = (first.network, first.application.clone());
        let secret = &self
            .config
            .applications
            .iter()
            .find(|one| one.network == network && one.application_id == application)?
            .secret;
        let updates: Vec<&Update> = outgoing.iter().map(|one| &*one.update).collect();
        let body = body(network, &updates)?;
        let seal = match network {
            Network::X => Seal::Fixed(x::HEADER, x::sign(secret.expose(), &body)),
            Network::Facebook | Network::Instagram => {
                Seal::Fixed(facebook::HEADER, facebook::sign(secret.expose(), &body))
            }
            Network::Tiktok => Seal::Fresh(secret.clone()),
        };
        Some(Letter {
            network,
            url: address(&self.config, network, &application),
            seal,
            body,
            told: outgoing
                .iter()
                .map(|one| (one.update.number, one.update.index, one.is_copy))
                .collect(),
            failures: 0,
        })
    }

    fn answered(&mut self, mut letter: Letter, attempt: &Attempt) {
        let again = if attempt.is_accepted() {
            None
        } else {
            letter.failures += 1;
            match letter.network {
                // No schedule is documented for X: what failed waits for a replay.
                Network::X => None,
                Network::Facebook | Network::Instagram => next_attempt(letter.failures),
                Network::Tiktok => next_attempt_of_tiktok(letter.failures),
            }
        };
        for (number, index, is_copy) in &letter.told {
            let attempt = Attempt { is_copy: *is_copy, ..attempt.clone() };
            self.stage.record(*number, *index, attempt, again.is_none());
        }
        if let Some(wait) = again {
            self.enqueue(Instant::now() + wait, Departing::Letter(letter));
        }
    }
}

fn is_sent_alone(outgoing: &Outgoing) -> bool {
    !outgoing.update.network.is_on_graph()
}

fn body(network: Network, updates: &[&Update]) -> Option<Vec<u8>> {
    match network {
        Network::Facebook | Network::Instagram => Some(facebook::body(updates)),
        Network::X | Network::Tiktok => match &updates.first()?.content {
            Content::Envelope(value) => serde_json::to_vec(value).ok(),
            Content::Change(_) | Content::Messaging(_) => None,
        },
    }
}

async fn post(client: reqwest::Client, letter: Letter) -> (Letter, Attempt) {
    // X waits ten seconds for an answer, Messenger five; TikTok asks for one at once.
    let patience = match letter.network {
        Network::X => Duration::from_secs(10),
        Network::Facebook | Network::Instagram | Network::Tiktok => Duration::from_secs(5),
    };
    let (header, signature) = letter.seal.header(&letter.body);
    let at = now();
    let started = Instant::now();
    let answer = client
        .post(&letter.url)
        .header("content-type", "application/json")
        .header(header, signature)
        .timeout(patience)
        .body(letter.body.clone())
        .send()
        .await;
    let receipt = |answer: &reqwest::Response| {
        let value = answer.headers().get("guichet-receipt")?.to_str().ok()?;
        Some(value.to_owned())
    };
    let attempt = Attempt {
        at,
        took_us: u64::try_from(started.elapsed().as_micros()).unwrap_or(u64::MAX),
        status: answer.as_ref().ok().map(|answer| answer.status().as_u16()),
        receipt: answer.as_ref().ok().and_then(receipt),
        together: letter.told.len(),
        is_copy: false,
    };
    (letter, attempt)
}

async fn sleep_until(due: Option<Instant>) {
    match due {
        Some(due) => tokio::time::sleep_until(due).await,
        None => std::future::pending().await,
    }
}
