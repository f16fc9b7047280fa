//! Following the items of posted bodies until each is final.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};
use kit_service::rpc;
use kit_values::Fault;
use proto::conversation::v1::conversation_service_client::ConversationServiceClient;
use proto::conversation::v1::{EventProgress, GetEventOutcomesRequest};
use proto::ingest::v1::ingest_service_client::IngestServiceClient;
use proto::ingest::v1::{GetRequestRequest, Item, Outcome};

use super::Post;
use super::post::Request;
use crate::operator;
use crate::settings::Settings;

/// How long items are followed.
const PATIENCE: Duration = Duration::from_secs(10);

/// How long between two looks.
const PAUSE: Duration = Duration::from_millis(100);

/// Most events that one call asks about.
const EVENTS: usize = 1000;

/// Connections to the two services that know what became of an item.
pub struct Followed {
    ingest: IngestServiceClient<rpc::Channel>,
    conversation: ConversationServiceClient<rpc::Channel>,
}

/// One posted body with its items.
#[derive(Debug)]
pub struct Outcomes {
    /// The body.
    pub request: Request,
    /// Its items, in order.
    pub items: Vec<Follow>,
}

/// One item, as far as it got.
#[derive(Debug)]
pub struct Follow {
    /// As ingest tells it.
    pub item: Item,
    /// How far its event got, for a stored item.
    pub progress: Option<EventProgress>,
    /// Why its event waits or was parked.
    pub reason: String,
}

impl Follow {
    /// Whether nothing more will become of it by itself.
    pub fn is_final(&self) -> bool {
        match self.item.outcome() {
            Outcome::Unspecified => false,
            Outcome::Stored => !matches!(
                self.progress,
                None | Some(EventProgress::Awaited | EventProgress::Unspecified)
            ),
            Outcome::Duplicate | Outcome::Ignored | Outcome::Waiting | Outcome::Parked => true,
        }
    }
}

impl Followed {
    /// Prepares both connections.
    ///
    /// # Errors
    /// Invalid when nothing says where a service listens.
    pub fn connect(settings: &Settings, post: &Post) -> Result<Self, Fault> {
        let listener = settings.ingest.as_ref().map(|config| &config.rpc);
        let ingest = operator::channel(settings, "ingest", listener, post.ingest.as_deref())?;
        let listener = settings.conversation.as_ref().map(|config| &config.rpc);
        let address = post.conversation.as_deref();
        let conversation = operator::channel(settings, "conversation", listener, address)?;
        Ok(Self {
            ingest: IngestServiceClient::new(ingest),
            conversation: ConversationServiceClient::new(conversation),
        })
    }

    /// Follows every item until it is final or patience ends.
    ///
    /// # Errors
    /// What a service says.
    pub async fn until_final(&mut self, requests: Vec<Request>) -> Result<Vec<Outcomes>, Fault> {
        let deadline = Instant::now() + PATIENCE;
        let mut all: Vec<Outcomes> = Vec::new();
        for request in requests {
            let items = match &request.receipt {
                Some(receipt) => self.items(receipt).await?,
                None => Vec::new(),
            };
            all.push(Outcomes { request, items });
        }
        // Shown on a terminal only, and on standard error.
        let total = all.iter().map(|outcomes| outcomes.items.len()).sum::<usize>();
        let counter = ProgressBar::new(total as u64);
        if let Ok(style) = ProgressStyle::with_template("{spinner} {pos} of {len} items final") {
            counter.set_style(style);
        }
        loop {
            self.look(&mut all).await?;
            let finished = all.iter().flat_map(|outcomes| &outcomes.items);
            let finished = finished.filter(|item| item.is_final()).count();
            counter.set_position(finished as u64);
            if finished == total || Instant::now() >= deadline {
                break;
            }
            tokio::time::sleep(PAUSE).await;
        }
        counter.finish_and_clear();
        Ok(all)
    }

    async fn items(&mut self, receipt: &str) -> Result<Vec<Follow>, Fault> {
        let request = GetRequestRequest { request_id: receipt.to_owned() };
        let answer = self.ingest.get_request(operator::request(request)).await;
        let items = answer.map_err(operator::failed)?.into_inner().items;
        Ok(items
            .into_iter()
            .map(|item| Follow { item, progress: None, reason: String::new() })
            .collect())
    }

    /// Asks again about everything that is not final.
    async fn look(&mut self, all: &mut [Outcomes]) -> Result<(), Fault> {
        let undecided = |outcomes: &Outcomes| {
            outcomes.items.iter().any(|it| it.item.outcome() == Outcome::Unspecified)
        };
        for outcomes in all.iter_mut() {
            if let Some(receipt) = &outcomes.request.receipt
                && undecided(outcomes)
            {
                outcomes.items = self.items(receipt).await?;
            }
        }
        let open: Vec<String> = all
            .iter()
            .flat_map(|outcomes| &outcomes.items)
            .filter(|it| it.item.outcome() == Outcome::Stored && !it.is_final())
            .map(|it| it.item.event_id.clone())
            .collect();
        let mut known = HashMap::new();
        for event_ids in open.chunks(EVENTS) {
            let request = GetEventOutcomesRequest { event_ids: event_ids.to_vec() };
            let answer = self.conversation.get_event_outcomes(operator::request(request)).await;
            for outcome in answer.map_err(operator::failed)?.into_inner().outcomes {
                known.insert(outcome.event_id.clone(), outcome);
            }
        }
        for it in all.iter_mut().flat_map(|outcomes| &mut outcomes.items) {
            if let Some(outcome) = known.get(&it.item.event_id) {
                it.progress = Some(outcome.progress());
                it.reason.clone_from(&outcome.reason);
            }
        }
        Ok(())
    }
}
