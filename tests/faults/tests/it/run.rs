//! One run: load, a fault in the midst of it, quiet, audit.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use faults::checker::{self, Shown, Violation};
use faults::generator::{Generator, Load, Log};
use faults::installation::Installation;
use faults::screen::Screen;

/// Customers of a run; each has one conversation, open on one screen.
const CUSTOMERS: u32 = 6;

/// At every kill at least this many items are under way.
const IN_FLIGHT: u64 = 10;

/// How long everything may take to come to rest after a fault.
const PATIENCE: Duration = Duration::from_secs(90);

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
        let load = Load { customers: u64::from(CUSTOMERS), connections: 48, repeat_every: 20 };
        let generator = Generator::start(&installation.target(), load);
        let begin = Instant::now();
        let mut conversations = BTreeSet::new();
        // Where a fail point holds everything up, nothing more may come.
        while u32::try_from(conversations.len()).is_ok_and(|open| open < CUSTOMERS)
            && begin.elapsed() < Duration::from_secs(20)
        {
            tokio::time::sleep(Duration::from_millis(200)).await;
            conversations = installation
                .stored()
                .await
                .into_iter()
                .map(|message| message.conversation)
                .collect();
        }
        assert!(!conversations.is_empty(), "no message came through before the fault");
        let account = installation.account();
        let gateway = installation.gateway();
        let screens = conversations
            .iter()
            .map(|conversation| Screen::open(&gateway, &account, conversation))
            .collect();
        tokio::time::sleep(Duration::from_millis(500)).await;
        Self { installation, generator, screens }
    }

    /// How many items are under way, which a kill must find at least ten of.
    pub fn under_way(&self, what: &str) -> u64 {
        let count = self.generator.log.in_flight();
        println!("figure: {count} items in flight at {what}");
        assert!(count >= IN_FLIGHT, "only {count} items in flight at {what}");
        count
    }

    /// Lets the load go on for a while.
    pub async fn go_on(&self, duration: Duration) {
        tokio::time::sleep(duration).await;
    }

    /// Ends the load and waits until database and screens agree with it, or time is up.
    pub async fn come_to_rest(self) -> Rest {
        self.come_to_rest_within(PATIENCE).await
    }

    /// As [`Run::come_to_rest`], with less patience: for builds that are broken on purpose.
    pub async fn come_to_rest_within(self, patience: Duration) -> Rest {
        let log = self.generator.finish().await;
        let begin = Instant::now();
        let mut rest = audit(&self.installation, &self.screens, &log).await;
        while !rest.violations.is_empty() && begin.elapsed() < patience {
            tokio::time::sleep(Duration::from_millis(500)).await;
            rest = audit(&self.installation, &self.screens, &log).await;
        }
        let (resumed, resets) = self
            .screens
            .iter()
            .map(Screen::reconnections)
            .fold((0, 0), |sum, one| (sum.0 + one.0, sum.1 + one.1));
        println!(
            "figure: {} messages, {} refusals, {} stored, at rest after {} ms, \
             {resumed} resumptions, {resets} resets, {} violations",
            rest.sent,
            log.refusals(),
            rest.stored,
            begin.elapsed().as_millis(),
            rest.violations.len()
        );
        rest.refusals = log.refusals();
        rest.parked = self.installation.parked().await;
        rest
    }
}

/// What a run ends with.
pub struct Rest {
    pub violations: Vec<Violation>,
    pub sent: usize,
    pub stored: usize,
    pub refusals: u64,
    pub parked: i64,
}

impl Rest {
    /// Nothing lost, doubled, misordered or unshown, nothing parked.
    pub fn assert_clean(&self) {
        let some: Vec<String> = self.violations.iter().take(10).map(ToString::to_string).collect();
        assert!(some.is_empty(), "{} violations: {}", self.violations.len(), some.join("; "));
        assert!(self.sent > 100, "only {} messages were sent", self.sent);
        assert_eq!(self.parked, 0, "something was parked");
    }
}

async fn audit(installation: &Installation, screens: &[Screen], log: &Log) -> Rest {
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
    Rest { violations, sent: sent.len(), stored: stored.len(), refusals: 0, parked: 0 }
}
