//! One run: load, a fault in the midst of it, quiet, audit.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use faults::checker::{self, Shown, Violation};
use faults::generator::{Generator, Load, Log};
use faults::installation::Installation;
use faults::screen::Screen;

/// Customers of a run; each has one conversation, open on one screen.
const CUSTOMERS: u32 = 6;

/// Requests under way at any time.
const CONNECTIONS: usize = 48;

/// At every kill at least this many items are under way.
const IN_FLIGHT: u64 = 10;

/// How long anything may take: a bound for what hangs, not a measure of what is healthy.
const PATIENCE: Duration = Duration::from_mins(2);

/// What a fail point holds up does not move for this long, under load.
const STILL: Duration = Duration::from_secs(3);

/// How often anything is looked at.
const EVERY: Duration = Duration::from_millis(200);

/// Waits until it is so.
pub async fn until(what: &str, condition: impl AsyncFn() -> bool) {
    let begin = Instant::now();
    while !condition().await {
        assert!(begin.elapsed() < PATIENCE, "never: {what}");
        tokio::time::sleep(EVERY).await;
    }
}

/// Waits until the same is counted for [`STILL`], and gives it.
pub async fn until_still<T: PartialEq>(what: &str, count: impl AsyncFn() -> T) -> T {
    let begin = Instant::now();
    let (mut last, mut since) = (count().await, Instant::now());
    while since.elapsed() < STILL {
        assert!(begin.elapsed() < PATIENCE, "never at a standstill: {what}");
        tokio::time::sleep(EVERY).await;
        let now = count().await;
        if now != last {
            (last, since) = (now, Instant::now());
        }
    }
    last
}

/// A system under load, watched by screens.
pub struct Run {
    pub installation: Installation,
    pub generator: Generator,
    screens: Vec<Screen>,
}

impl Run {
    /// Starts everything, and waits until messages flow and every conversation is on a screen.
    pub async fn start(failpoints: &[(&'static str, &str)]) -> Self {
        kit_service::cryptography();
        let installation = Installation::start(failpoints).await;
        let load =
            Load { customers: u64::from(CUSTOMERS), connections: CONNECTIONS, repeat_every: 20 };
        let generator = Generator::start(&installation.target(), load);
        // Where a fail point holds everything up, some may never open.
        until("a conversation opens", async || open(&installation).await > 0).await;
        let (mut last, mut since) = (0, Instant::now());
        while last < i64::from(CUSTOMERS) && since.elapsed() < STILL {
            tokio::time::sleep(EVERY).await;
            let now = open(&installation).await;
            if now != last {
                (last, since) = (now, Instant::now());
            }
        }
        let conversations: BTreeSet<String> =
            installation.stored().await.into_iter().map(|message| message.conversation).collect();
        let account = installation.account();
        let gateway = installation.gateway();
        let screens: Vec<Screen> = conversations
            .iter()
            .map(|conversation| Screen::open(&gateway, &account, conversation))
            .collect();
        // A service that sleeps at a fail point answers nobody, so that screens may have to wait
        // for its end.
        if !failpoints.iter().any(|(_, points)| points.contains("sleep")) {
            until("every screen is live", async || screens.iter().all(Screen::is_live)).await;
        }
        Self { installation, generator, screens }
    }

    /// How many items are under way, which a kill must find at least ten of.
    pub fn under_way(&self, what: &str) {
        let count = self.generator.log.in_flight();
        println!("figure: {count} items in flight at {what}");
        assert!(count >= IN_FLIGHT, "only {count} items in flight at {what}");
    }

    /// Lets the load go on for a while.
    pub async fn go_on(&self, duration: Duration) {
        tokio::time::sleep(duration).await;
    }

    /// Waits until messages that came later than this call are stored and on the screens: every
    /// service on their way works.
    pub async fn until_messages_flow(&self) {
        let shown = || self.screens.iter().map(|screen| screen.shown().len()).sum::<usize>();
        let (stored_before, shown_before) = (stored(&self.installation).await, shown());
        until("messages are stored again", async || {
            stored(&self.installation).await > stored_before
        })
        .await;
        until("messages are shown again", async || shown() > shown_before).await;
    }

    /// Waits until some more webhooks are answered 2xx.
    pub async fn until_acknowledged(&self, more: usize) {
        let enough = self.generator.log.acknowledged() + more;
        until("webhooks are answered 2xx", async || self.generator.log.acknowledged() >= enough)
            .await;
    }

    /// Waits until the network has found a dead ingest on every connection: whatever was answered
    /// before has been read.
    pub async fn until_refused(&self) {
        let enough = self.generator.log.refusals() + 10 * u64::try_from(CONNECTIONS).unwrap_or(0);
        until("webhooks are refused", async || self.generator.log.refusals() >= enough).await;
    }

    /// Ends the load and waits until database and screens agree with it, or time is up.
    pub async fn come_to_rest(self) -> Rest {
        let log = self.generator.finish().await;
        let begin = Instant::now();
        let mut violations = audit(&self.installation, &self.screens, &log).await;
        while !violations.is_empty() && begin.elapsed() < PATIENCE {
            tokio::time::sleep(EVERY).await;
            violations = audit(&self.installation, &self.screens, &log).await;
        }
        Rest::new(self.installation, &self.screens, &log, violations, begin.elapsed()).await
    }

    /// Ends the load and waits until nothing is on its way any more: what is lost or doubled then
    /// stays so. For builds that are broken on purpose.
    pub async fn come_to_nothing_more(self) -> Rest {
        let log = self.generator.finish().await;
        let begin = Instant::now();
        until("nothing is on its way", async || self.installation.backlog().await == 0).await;
        let violations = audit(&self.installation, &self.screens, &log).await;
        Rest::new(self.installation, &self.screens, &log, violations, begin.elapsed()).await
    }
}

/// How many conversations are open.
async fn open(installation: &Installation) -> i64 {
    installation.number("SELECT count(*) AS n FROM conversation.conversation").await
}

/// How many messages are stored.
pub async fn stored(installation: &Installation) -> i64 {
    installation.number("SELECT count(*) AS n FROM conversation.message").await
}

/// What a run ends with.
pub struct Rest {
    pub installation: Installation,
    pub violations: Vec<Violation>,
    pub refusals: u64,
    sent: usize,
    parked: i64,
}

impl Rest {
    async fn new(
        installation: Installation,
        screens: &[Screen],
        log: &Log,
        violations: Vec<Violation>,
        after: Duration,
    ) -> Self {
        let (resumed, resets) = screens
            .iter()
            .map(Screen::reconnections)
            .fold((0, 0), |sum, one| (sum.0 + one.0, sum.1 + one.1));
        let (sent, refusals) = (log.sent().len(), log.refusals());
        println!(
            "figure: {sent} messages, {refusals} refusals, {} stored, at rest after {} ms, \
             {resumed} resumptions, {resets} resets, {} violations",
            stored(&installation).await,
            after.as_millis(),
            violations.len()
        );
        let parked = installation.parked().await;
        Self { installation, violations, refusals, sent, parked }
    }

    /// Nothing lost, doubled, misordered or unshown, nothing parked.
    pub fn assert_clean(&self) {
        let some: Vec<String> = self.violations.iter().take(10).map(ToString::to_string).collect();
        assert!(some.is_empty(), "{} violations: {}", self.violations.len(), some.join("; "));
        assert!(self.sent > 100, "only {} messages were sent", self.sent);
        assert_eq!(self.parked, 0, "something was parked");
    }
}

async fn audit(installation: &Installation, screens: &[Screen], log: &Log) -> Vec<Violation> {
    let sent = log.sent();
    let stored = installation.stored().await;
    let shown: Vec<Shown> = screens.iter().flat_map(Screen::shown).collect();
    // A conversation that opened after the screens did is on none of them.
    let open: BTreeSet<&str> = shown.iter().map(|message| message.conversation.as_str()).collect();
    let watched: Vec<Shown> = stored
        .iter()
        .filter(|message| open.contains(message.conversation.as_str()))
        .cloned()
        .collect();
    let mut violations = checker::check(&sent, &stored, &stored);
    violations.extend(
        checker::check(&sent, &watched, &shown)
            .into_iter()
            .filter(|violation| !matches!(violation, Violation::Lost(_))),
    );
    violations.dedup();
    violations
}
