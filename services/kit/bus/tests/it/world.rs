//! A small post office: a service that writes letters to its outbox and reads them again.

use std::collections::BTreeMap;
use std::time::Duration;

use kit_bus::{
    Apply, Arrival, BrokerSettings, Bus, Decoded, Delivery, Reader, ReaderPacing, ReaderPlan,
    Relay, RelayPacing, StreamPlan, Unreadable, filter, subject,
};
use kit_store::outbox::{self, Message};
use kit_store::{Migrations, OrFault as _, Scope, Store, Transaction, array, statement};
use kit_testkit::{SchemaDatabase, TestNats, database, eventually, private_nats};
use kit_values::{EventId, Fault, OrganizationId, mint_uuid, now};
use sea_orm::ConnectionTrait as _;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

pub const STREAM: &str = "PARCEL";
pub const READER: &str = "parcel-letters";

/// Long enough for a loaded machine; nothing waits for it when all is well.
pub const PATIENCE: Duration = Duration::from_secs(40);

const TABLES: &str = "
    CREATE TABLE letter (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        organization_id uuid NOT NULL,
        event_id uuid NOT NULL,
        words text NOT NULL CHECK (words <> 'poison')
    );
    SELECT isolate('letter');
";

/// How a letter travels: event, organization, words, separated by blanks.
fn encode(event: EventId, organization: OrganizationId, words: &str) -> Vec<u8> {
    format!("{event} {organization} {words}").into_bytes()
}

/// What a reader does with letters: inserts a row for each, without any key that would hide a
/// second one. `re <words>` answers a letter of the same organization that must be there.
pub struct Letters<const VERSION: i32 = 1>;

impl<const VERSION: i32> Apply for Letters<VERSION> {
    type Event = String;
    const VERSION: i32 = VERSION;

    fn decode(&self, delivery: &Delivery) -> Result<Decoded<String>, Unreadable> {
        let text = std::str::from_utf8(&delivery.payload)
            .map_err(|error| Unreadable::Malformed(error.to_string()))?;
        let mut parts = text.splitn(3, ' ');
        let mut next = || parts.next().ok_or_else(|| Unreadable::Malformed("too short".to_owned()));
        let event_id = next()?.parse().map_err(|_| Unreadable::Malformed("no id".to_owned()))?;
        let organization =
            next()?.parse().map_err(|_| Unreadable::Malformed("no organization".to_owned()))?;
        let words = next()?.to_owned();
        match words.as_str() {
            "leaflet" => return Err(Unreadable::Ignorable),
            "telegram" if VERSION < 2 => {
                return Err(Unreadable::Unknown("telegrams are not known".to_owned()));
            }
            _ => {}
        }
        Ok(Decoded {
            event_id,
            organization: Some(organization),
            keys: vec![kit_store::lock_key(&["letter", &words])],
            event: words,
        })
    }

    async fn apply(
        &self,
        transaction: &Transaction,
        batch: Vec<Arrival<String>>,
    ) -> Result<(), Fault> {
        if let Some(said) = batch.iter().find_map(|letter| rule(&letter.event)) {
            return Err(said);
        }
        for letter in &batch {
            if let Some(first) = letter.event.strip_prefix("re ") {
                let sql = "SELECT FROM letter WHERE organization_id = $1 AND words = $2";
                let organization = letter.organization.map(OrganizationId::uuid);
                let values = vec![organization.into(), first.into()];
                if transaction.rows(sql, values).await?.is_empty() {
                    return Err(Fault::not_found("the letter that this one answers"));
                }
            }
        }
        let values = vec![
            array::uuids(batch.iter().filter_map(|letter| Some(letter.organization?.uuid()))),
            array::uuids(batch.iter().map(|letter| letter.event_id.uuid())),
            array::texts(batch.iter().map(|letter| letter.event.clone())),
        ];
        let sql = "INSERT INTO letter (organization_id, event_id, words) \
                   SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::text[])";
        transaction.execute_raw(statement(sql, values)).await.or_fault()?;
        Ok(())
    }
}

fn rule(words: &str) -> Option<Fault> {
    match words {
        "bill" => Some(Fault::new(kit_values::Class::Rejected, "no_bills", "Bills are refused.")),
        "bomb" => Some(Fault::new(kit_values::Class::Invalid, "bomb", "That is not a letter.")),
        _ => None,
    }
}

/// Everything that a test needs, its relay and readers ending with it.
pub struct World {
    pub made: SchemaDatabase,
    pub nats: TestNats,
    pub max_age: Duration,
    pub floor_every: Duration,
    pub organizations: [OrganizationId; 3],
}

/// A relay or reader that is running.
pub struct Running {
    stop: CancellationToken,
    task: JoinHandle<Result<(), Fault>>,
}

impl Running {
    pub async fn stop(self) {
        self.stop.cancel();
        tokio::time::timeout(PATIENCE, self.task)
            .await
            .expect("it stops when asked to")
            .expect("it does not panic")
            .expect("it ends without a fault");
    }
}

impl World {
    pub async fn new() -> Self {
        let migrations = Migrations::new().add("letter", TABLES);
        let (made, nats) = tokio::join!(database("parcel", &migrations), private_nats());
        Self {
            made,
            nats,
            max_age: Duration::from_hours(1),
            floor_every: Duration::from_millis(100),
            organizations: std::array::from_fn(|_| OrganizationId::mint()),
        }
    }

    pub async fn bus(&self) -> Bus {
        self.bus_at(self.nats.url()).await
    }

    pub async fn bus_at(&self, url: &str) -> Bus {
        let settings = BrokerSettings { url: url.to_owned(), ..BrokerSettings::default() };
        Bus::connect(&settings, "parcel").await.expect("connects")
    }

    pub fn stream_plan(&self) -> StreamPlan {
        StreamPlan {
            name: STREAM,
            producer: "parcel",
            max_age: self.max_age,
            readers: vec![READER.to_owned()],
        }
    }

    pub async fn relay(&self) -> Running {
        self.relay_over(self.bus().await)
    }

    pub fn relay_over(&self, bus: Bus) -> Running {
        let relay =
            Relay::new(self.made.relay.clone(), bus, self.stream_plan()).paced(RelayPacing {
                floor_every: self.floor_every,
                idle: Duration::from_millis(50),
                ..RelayPacing::default()
            });
        run(|stop| relay.run(stop))
    }

    pub async fn reader(&self) -> Running {
        reader_of::<1>(self.made.store.clone(), self.bus().await)
    }

    /// Writes one letter for each of `words` in one transaction; organizations take turns.
    pub async fn write(&self, words: &[&str]) -> Vec<EventId> {
        let mut events = Vec::new();
        let mut messages = Vec::new();
        for (number, words) in words.iter().enumerate() {
            let organization = self.organizations[number % self.organizations.len()];
            let event = EventId::mint();
            events.push(event);
            messages.push(message(event, organization, encode(event, organization, words)));
        }
        self.append(messages).await;
        events
    }

    /// Writes so many ordinary letters.
    pub async fn write_many(&self, count: usize) -> Vec<EventId> {
        self.write(&vec!["hello"; count]).await
    }

    /// A letter as somebody else's event would look.
    pub fn foreign(&self) -> (EventId, String, Vec<u8>) {
        let (event, organization) = (EventId::mint(), self.organizations[0]);
        let subject = subject("parcel", Some("x"), Some(organization), "written");
        (event, subject, encode(event, organization, "foreign"))
    }

    pub async fn append(&self, messages: Vec<Message>) {
        let transaction = self.made.store.begin(&Scope::Unscoped).await.expect("begins");
        outbox::append(&transaction, messages).await.expect("appends");
        transaction.commit().await.expect("commits");
    }

    /// How often each event was applied.
    pub async fn applied(&self) -> BTreeMap<EventId, usize> {
        let rows = self.made.database.texts("SELECT event_id::text FROM parcel.letter").await;
        let mut counts = BTreeMap::new();
        for row in rows {
            let event = EventId::from_uuid(row.parse().expect("a uuid"));
            *counts.entry(event).or_default() += 1;
        }
        counts
    }

    pub async fn letters(&self) -> i64 {
        self.number("SELECT count(*) FROM parcel.letter").await
    }

    pub async fn number(&self, sql: &str) -> i64 {
        self.made.database.number(sql).await
    }

    /// Events that are not published, or recorded above the floor.
    pub async fn unconfirmed(&self) -> i64 {
        self.number(
            "SELECT (SELECT count(*) FROM parcel.outbox_pending) + (
                SELECT count(*) FROM parcel.outbox_sequence AS recorded
                JOIN parcel.outbox_floor AS floor USING (incarnation)
                WHERE floor.is_current AND recorded.sequence > floor.confirmed)",
        )
        .await
    }

    /// Which lives the stream has had, as the outbox knows them.
    pub async fn incarnation(&self) -> Option<String> {
        let sql = "SELECT incarnation::text FROM parcel.outbox_floor WHERE is_current";
        self.made.database.texts(sql).await.pop()
    }

    /// The stream's first and last sequence; zeros when it is not there.
    pub async fn stream(&self) -> (u64, u64) {
        let context = self.raw().await;
        let Ok(stream) = context.get_stream(STREAM).await else { return (0, 0) };
        let state = &stream.cached_info().state;
        (state.first_sequence, state.last_sequence)
    }

    /// A client of NATS that knows nothing of us.
    pub async fn raw(&self) -> async_nats::jetstream::Context {
        let client = async_nats::connect(self.nats.url()).await.expect("connects");
        async_nats::jetstream::new(client)
    }

    /// Waits until each of `events` was applied, and checks that none was applied twice.
    pub async fn each_once(&self, events: &[EventId]) {
        eventually(PATIENCE, "every event applied", async || {
            let applied = self.applied().await;
            events.iter().all(|event| applied.contains_key(event))
        })
        .await;
        for (event, times) in self.applied().await {
            assert_eq!(times, 1, "{event} was applied {times} times");
        }
    }

    /// Waits until nothing is pending or above the floor.
    pub async fn confirmed(&self) {
        eventually(PATIENCE, "everything confirmed", async || self.unconfirmed().await == 0).await;
    }
}

/// A reader of every letter, with short times.
pub fn reader_of<const VERSION: i32>(store: Store, bus: Bus) -> Running {
    let plan = ReaderPlan {
        stream: STREAM,
        durable: READER.to_owned(),
        filters: vec![filter("parcel", None, None)],
        batch: 50,
    };
    let reader = Reader::new(store, bus, plan, Letters::<VERSION>).paced(quick());
    run(|stop| reader.run(stop))
}

/// An event on its way out, in a lane of its own.
pub fn message(event: EventId, organization: OrganizationId, payload: Vec<u8>) -> Message {
    Message {
        event,
        organization: Some(organization),
        subject: subject("parcel", Some("x"), Some(organization), "written"),
        network: Some("x"),
        lane: outbox::lane(mint_uuid()),
        payload,
        occurred_at: now(),
        trace: None,
    }
}

fn quick() -> ReaderPacing {
    ReaderPacing {
        ack_wait: Duration::from_secs(1),
        heartbeat: Duration::from_millis(500),
        check_every: Duration::from_millis(500),
        ..ReaderPacing::default()
    }
}

#[expect(clippy::disallowed_methods, reason = "a test's own tasks need no supervision")]
fn run<F>(work: impl FnOnce(CancellationToken) -> F) -> Running
where
    F: Future<Output = Result<(), Fault>> + Send + 'static,
{
    let stop = CancellationToken::new();
    Running { task: tokio::spawn(work(stop.clone())), stop }
}
