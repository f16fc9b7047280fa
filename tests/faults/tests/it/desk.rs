//! People at work in a played installation: customers write, agents answer, and what became of
//! every reply is audited.

use std::sync::Arc;
use std::time::{Duration, Instant};

use faults::agent::{Agent, Occasion, text};
use faults::installation::{Installation, Plan};
use faults::playground::Playground;
use faults::replies::{self, Line, Taken, Written, Wrong};
use serde_json::json;
use tokio::task::JoinSet;

use crate::run::until;

/// Longest that a reply may be on its way (I5).
pub const LONGEST: Duration = Duration::from_mins(2);

/// By which way a customer writes; each is answered in its own way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// On X, in public.
    Mention,
    /// On X, in private.
    DirectMessage,
    /// Under a post of a page.
    Comment,
    /// By Messenger.
    Messenger,
}

impl Way {
    pub const ALL: [Self; 4] = [Self::Mention, Self::DirectMessage, Self::Comment, Self::Messenger];

    pub const fn network(self) -> &'static str {
        match self {
            Self::Mention | Self::DirectMessage => "x",
            Self::Comment | Self::Messenger => "facebook",
        }
    }

    /// The kind of the answer, as the gateway names it.
    pub const fn answer(self) -> &'static str {
        match self {
            Self::Mention => "reply",
            Self::Comment => "comment",
            Self::DirectMessage | Self::Messenger => "private_message",
        }
    }
}

/// One customer's conversation.
#[derive(Debug, Clone)]
pub struct Case {
    pub way: Way,
    /// Who the customer is to the playground.
    pub customer: String,
    /// The account that was written to, as its network knows it.
    pub account: String,
    /// How to answer it.
    pub occasion: Occasion,
}

/// An installation with people at work.
pub struct Desk {
    pub installation: Installation,
    pub playground: Playground,
    pub agents: Vec<Arc<Agent>>,
    customers: usize,
    /// Longest that any reply was seen on its way.
    longest: Duration,
}

impl Desk {
    /// Starts it; its agents are signed in, and Away.
    pub async fn start(plan: &Plan<'_>) -> Self {
        kit_service::cryptography();
        let installation = Installation::start_as(&Plan { played: true, ..plan.clone() }).await;
        let playground = Playground::at(&installation.playground()).await;
        playground.pause().await;
        let mut agents = Vec::new();
        for account in installation.agents() {
            let agent = Agent::sign_in(&installation.gateway(), &account).await;
            agent.away().await;
            agents.push(Arc::new(agent));
        }
        Self { installation, playground, agents, customers: 0, longest: Duration::ZERO }
    }

    /// A customer who has not written before writes by `way`, to the accounts of the network by
    /// turns. Gives their number, their key, and the account.
    pub async fn writes(&mut self, way: Way) -> (usize, String, String) {
        self.customers += 1;
        let number = self.customers;
        let author = self.playground.customer(number).await;
        let accounts = self.installation.connected(way.network());
        let account = accounts[number % accounts.len()].clone();
        self.writes_again(way, &author, &account, &question(number)).await;
        (number, author, account)
    }

    /// A customer writes by `way` to `account`.
    pub async fn writes_again(&self, way: Way, author: &str, account: &str, words: &str) {
        let body = json!({ "account": account, "author": author, "text": words });
        match way {
            Way::Mention => self.playground.act("x/mention", &body).await,
            Way::DirectMessage => self.playground.act("x/message", &body).await,
            Way::Messenger => self.playground.act("facebook/message", &body).await,
            Way::Comment => {
                let post = json!({ "account": account, "author": "business", "text": "News." });
                let post = self.playground.act("facebook/post", &post).await;
                let body = json!({ "author": author, "post": post, "text": words });
                self.playground.act("facebook/comment", &body).await
            }
        };
    }

    /// The conversation with customer `number`, once there is one.
    pub async fn conversation(&self, number: usize) -> String {
        let question = question(number);
        let mut tries = 0;
        loop {
            let rows = self.agents[0].rows("all").await;
            if let Some(row) =
                rows.iter().find(|row| text(&row["last"]["text"]).contains(&question))
            {
                return text(&row["id"]);
            }
            tries += 1;
            assert!(tries < 300, "{question} has not arrived: {rows:#?}");
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    /// So many customers of each of `ways`, whose messages have arrived.
    pub async fn cases(&mut self, ways: &[Way], each: usize) -> Vec<Case> {
        let mut written = Vec::new();
        for _ in 0..each {
            for way in ways {
                written.push((*way, self.writes(*way).await));
            }
        }
        let mut cases = Vec::new();
        for (way, (number, customer, account)) in written {
            let conversation = self.conversation(number).await;
            let occasion = self.agents[0].occasion(&conversation, way.answer()).await;
            cases.push(Case { way, customer, account, occasion });
        }
        cases
    }

    /// Waits until every conversation has an owner, and gives the agent of each.
    pub async fn handed_out(&self, cases: &[Case]) -> Vec<Arc<Agent>> {
        let mut owners = Vec::new();
        for case in cases {
            let conversation = &case.occasion.conversation;
            let begin = Instant::now();
            let owner = loop {
                let row = self.agents[0].get(&format!("/conversations/{conversation}")).await;
                if let Some(owner) = row["owner"]["member_id"].as_str() {
                    break owner.to_owned();
                }
                let waited = begin.elapsed();
                assert!(waited < Duration::from_secs(30), "{conversation} is nobody's: {row}");
                tokio::time::sleep(Duration::from_millis(50)).await;
            };
            let agent = self.agents.iter().find(|agent| agent.member == owner);
            owners.push(Arc::clone(agent.expect("an agent at work")));
        }
        owners
    }

    /// Has the owners write `count` replies, spread over all conversations, at once. `first` is
    /// the number that the words begin with.
    pub async fn answer(
        &self,
        cases: &[Case],
        owners: &[Arc<Agent>],
        first: usize,
        count: usize,
    ) -> Vec<Written> {
        let mut writing = JoinSet::new();
        for (place, (case, agent)) in cases.iter().zip(owners).enumerate() {
            let numbers: Vec<usize> =
                (first..first + count).filter(|number| number % cases.len() == place).collect();
            writing.spawn(write(Arc::clone(agent), case.occasion.clone(), numbers));
        }
        writing.join_all().await.into_iter().flatten().collect()
    }

    /// Notes for how long replies are on their way.
    pub async fn watch(&mut self) {
        let millis = self.installation.longest_sending().await;
        self.longest = self.longest.max(Duration::from_millis(millis.unsigned_abs()));
    }

    /// Longest that any reply was seen on its way.
    pub const fn longest(&self) -> Duration {
        self.longest
    }

    /// Waits until the network has told everything, and every reply has an end that does not
    /// change any more; gives what is wrong then.
    pub async fn come_to_rest(
        &mut self,
        cases: &[Case],
        written: &[Written],
        patience: Duration,
    ) -> Vec<Wrong> {
        let begin = Instant::now();
        loop {
            self.watch().await;
            let wrong = self.audit(cases, written).await;
            if (wrong.is_empty() && self.playground.untold().await == 0)
                || begin.elapsed() > patience
            {
                println!(
                    "figure: {} replies, {}, at rest after {} ms, longest on its way {} ms, {} wrong",
                    written.len(),
                    self.ends().await,
                    begin.elapsed().as_millis(),
                    self.longest.as_millis(),
                    wrong.len()
                );
                return wrong;
            }
            tokio::time::sleep(Duration::from_millis(500)).await;
        }
    }

    /// How many replies ended how.
    pub async fn ends(&self) -> String {
        let rows = self
            .installation
            .query(
                "SELECT CASE state WHEN 1 THEN 'queued' WHEN 2 THEN 'waiting' WHEN 3 THEN 'sending' \
                 WHEN 4 THEN 'sent' WHEN 5 THEN 'failed' ELSE 'unknown' END || \
                 coalesce(' by ' || settled_by, '') AS how, count(*) AS n \
                 FROM delivery.attempt GROUP BY 1 ORDER BY 1",
            )
            .await;
        let ends = rows.iter().map(|row| {
            let how: String = row.try_get("", "how").expect("a text");
            let count: i64 = row.try_get("", "n").expect("a number");
            format!("{count} {how}")
        });
        ends.collect::<Vec<_>>().join(", ")
    }

    /// What is wrong now.
    pub async fn audit(&self, cases: &[Case], written: &[Written]) -> Vec<Wrong> {
        // The conversations before the network: what is sent in between is not taken for a claim.
        let mut shown = Vec::new();
        for case in cases {
            shown.extend(self.lines(&case.occasion.conversation).await);
        }
        let taken = self.playground.accepted().await;
        let taken: Vec<Taken> = taken
            .into_iter()
            .map(|call| Taken { words: call.text, external_id: call.external_id })
            .collect();
        replies::check(written, &taken, &shown)
    }

    /// What the business wrote in a conversation.
    pub async fn lines(&self, conversation: &str) -> Vec<Line> {
        let messages = self.agents[0].messages(conversation).await;
        let own = messages.iter().filter(|message| message["direction"] == "outbound");
        own.map(|message| Line {
            message: text(&message["id"]),
            conversation: conversation.to_owned(),
            words: text(&message["text"]),
            external_id: text(&message["external_id"]),
            state: text(&message["reply"]["state"]),
        })
        .collect()
    }
}

/// What customer `number` asks first.
fn question(number: usize) -> String {
    format!("This is question {number:04}.")
}

async fn write(agent: Arc<Agent>, occasion: Occasion, numbers: Vec<usize>) -> Vec<Written> {
    let mut written = Vec::new();
    for number in numbers {
        let words = format!("Answer {number:05} of the run.");
        let key = format!("run-{number}");
        let (status, document) = agent.reply_surely(&occasion, &key, &words).await;
        assert_eq!(status, 201, "{words} {document}");
        let message = text(&document["message"]["id"]);
        written.push(Written { message, conversation: occasion.conversation.clone(), words });
    }
    written
}

/// Waits until a fault has happened as often as it was to, on both networks.
pub async fn until_hit(playground: &Playground, fault: &str) {
    until(&format!("{fault} happens"), async || {
        playground.still_to_happen("x", fault).await == 0
            && playground.still_to_happen("facebook", fault).await == 0
    })
    .await;
}
