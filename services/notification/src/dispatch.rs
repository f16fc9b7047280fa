//! Pushes and mails leave: a timer says when, a worker sends, and what came of it is kept.
//!
//! The claiming transaction arms the timer again before anything is sent, so that whatever
//! crashes, it is tried once more; a push or a mail may therefore come twice, and its topic makes
//! one of two pushes. No network is called within a transaction.
//!
//! That a push may be on a desktop is written down before it leaves, so that it is taken back when
//! what it told of no longer stands, whatever became of the try.

use std::sync::Arc;
use std::time::Duration;

use futures::StreamExt as _;
use kit_service::Runtime;
use kit_store::timer::{self, Handler, Timer};
use kit_store::{Store, Transaction};
use kit_values::{Fault, OrganizationId, mint_uuid, now};
use serde_json::json;
use tokio::sync::mpsc;
use uuid::Uuid;

use crate::app::{self, MAIL, PUSH, TRIES, WITHDRAW, timer_version};
use crate::domain::{
    Equipment, Kind, Means, NotificationId, Occasion, Outcome, Seen, Subject, Told,
};
use crate::mail::{self, Letter, Mailer, Unsent};
use crate::push::{Ended, Push, Pusher, Urgency};
use crate::store::{people, subscriptions, told};

/// The kinds of timers that fire here.
const KINDS: [&str; 3] = [PUSH, WITHDRAW, MAIL];
/// How long a worker has before the timer fires again; grows with every try.
const LEASE: time::Duration = time::Duration::seconds(60);
/// How often something is tried.
const MOST_TRIES: i64 = 5;
/// The last try ended without a word: nobody knows whether it came.
const UNKNOWN: &str = "unknown";
/// How many are sent at the same time.
const AT_ONCE: usize = 16;
/// How many may wait for that; more wait for their timers.
const WAITING: usize = 1_000;
/// How long a push service keeps a push for a device that is away.
const KEPT: Duration = Duration::from_hours(12);

/// Something to send.
#[derive(Debug, Clone)]
struct Job {
    organization: OrganizationId,
    notification: NotificationId,
    kind: String,
    rev: i64,
    tries: i64,
}

/// Hands what is due to the workers.
pub struct Due(mpsc::Sender<Job>);

/// The workers.
pub struct Dispatch {
    store: Store,
    tools: Tools,
    jobs: mpsc::Receiver<Job>,
}

/// What they send with.
#[derive(Clone)]
pub struct Tools {
    /// Pushes, if they are set up.
    pub pusher: Option<Arc<Pusher>>,
    /// Mails, if they are set up.
    pub mailer: Option<Arc<Mailer>>,
    /// The workspace's address.
    pub public_url: Arc<str>,
}

impl Tools {
    /// What can be done with them.
    #[must_use]
    pub const fn equipment(&self) -> Equipment {
        Equipment { push: self.pusher.is_some(), mail: self.mailer.is_some() }
    }
}

/// How a try ended.
enum Came {
    /// So it stands.
    To(Outcome, &'static str),
    /// It is tried again.
    Later,
    /// There is nothing to say about it.
    Nothing,
}

impl Dispatch {
    /// Both ends.
    #[must_use]
    pub fn new(store: Store, tools: Tools) -> (Due, Self) {
        let (sender, jobs) = mpsc::channel(WAITING);
        (Due(sender), Self { store, tools, jobs })
    }

    /// Sends until the process stops.
    ///
    /// # Errors
    /// None: what cannot be done now is tried again when its timer fires.
    pub async fn run(mut self, runtime: Runtime) -> Result<(), Fault> {
        let (store, tools) = (&self.store, &self.tools);
        let jobs = &mut self.jobs;
        let all = futures::stream::poll_fn(|context| jobs.poll_recv(context));
        let sending = all.for_each_concurrent(AT_ONCE, async |job| {
            if let Err(fault) = send(store, tools, &job).await {
                tracing::warn!(%fault, kind = job.kind, "a notification was not sent");
            }
        });
        tokio::select! {
            () = sending => {}
            () = runtime.stop.cancelled() => {}
        }
        Ok(())
    }
}

/// Held while a timer fires: whoever got its job waits until the timer is armed again, or what it
/// disarms would be armed behind it.
fn lock_key(organization: OrganizationId, notification: Uuid) -> i64 {
    let (organization, notification) = (organization.to_string(), notification.to_string());
    kit_store::lock_key(&["notification", "dispatch", &organization, &notification])
}

impl Handler for Due {
    fn locks(&self, due: &[Timer]) -> Vec<i64> {
        due.iter().map(|timer| lock_key(timer.organization, timer.aggregate)).collect()
    }

    async fn fire(&self, transaction: &Transaction, due: Vec<Timer>) -> Result<(), Fault> {
        let (mut again, mut over) = (Vec::new(), Vec::new());
        for timer in due.into_iter().filter(|timer| KINDS.contains(&timer.kind.as_str())) {
            let (rev, tries) = (timer.version / TRIES, timer.version % TRIES);
            let job = Job {
                organization: timer.organization,
                notification: NotificationId::from_uuid(timer.aggregate),
                kind: timer.kind.clone(),
                rev,
                tries: tries + 1,
            };
            if tries >= MOST_TRIES {
                over.push(job);
                continue;
            }
            let wait = LEASE * i32::try_from(tries + 1).unwrap_or(1);
            // Full: the timer brings it back, and it was not tried.
            let tries = tries + i64::from(self.0.try_send(job).is_ok());
            again.push(Timer {
                id: mint_uuid(),
                version: timer_version(rev, tries),
                due: now() + wait,
                ..timer
            });
        }
        timer::arm(transaction, &again).await?;
        for job in over {
            give_up(transaction, &job).await?;
        }
        Ok(())
    }
}

/// The last try had its time, and whoever made it wrote nothing down.
async fn give_up(transaction: &Transaction, job: &Job) -> Result<(), Fault> {
    let told = told::find(transaction, job.organization, job.notification).await?;
    let Some(told) = told.filter(|told| is_current(told, job)) else { return Ok(()) };
    let Some(means) = means_of(job) else { return Ok(()) };
    if came_of(&told, means) == Some(Outcome::Queued) {
        tracing::warn!(kind = job.kind, "a notification was given up, and may have come or not");
        conclude(transaction, job, &told, (means, Outcome::Not, UNKNOWN)).await?;
    }
    Ok(())
}

/// What a job tells by; nothing for one that takes back.
fn means_of(job: &Job) -> Option<Means> {
    match job.kind.as_str() {
        MAIL => Some(Means::Email),
        PUSH => Some(Means::Desktop),
        _ => None,
    }
}

fn came_of(told: &Told, means: Means) -> Option<Outcome> {
    told.outcomes.iter().find(|seen| seen.means == means).map(|seen| seen.outcome)
}

async fn send(store: &Store, tools: &Tools, job: &Job) -> Result<(), Fault> {
    let found = store
        .transaction(&job.organization.into(), async |transaction| load(transaction, job).await)
        .await?;
    let Some(what) = found else { return Ok(()) };
    let came = match means_of(job) {
        // Somebody else was faster, or the browser was.
        Some(means) if came_of(&what.told, means) >= Some(Outcome::Sent) => Came::Nothing,
        Some(Means::Email) => send_mail(tools, job, &what).await,
        _ => send_push(store, tools, job, &what).await?,
    };
    store
        .transaction_retrying(&job.organization.into(), async |transaction| {
            settle(transaction, job, &came).await
        })
        .await
}

/// What is sent, and to whom.
struct What {
    told: Told,
    reach: Option<people::Wishes>,
    addressee: Option<people::Addressee>,
    subscriptions: Vec<subscriptions::Subscription>,
}

/// Nothing when there is nothing to do, and nothing to write down.
async fn load(transaction: &Transaction, job: &Job) -> Result<Option<What>, Fault> {
    transaction.lock(&[lock_key(job.organization, job.notification.uuid())]).await?;
    let told = told::find(transaction, job.organization, job.notification).await?;
    let Some(told) = told.filter(|told| is_current(told, job)) else { return Ok(None) };
    if job.kind == WITHDRAW && came_of(&told, Means::Desktop) == Some(Outcome::Queued) {
        // Taken back before it has left, it would stay: its own end sees to it.
        timer::disarm(transaction, WITHDRAW, &[(job.organization, told.id.uuid())]).await?;
        return Ok(None);
    }
    let key = (job.organization, told.member);
    let mut wishes = people::wishes(transaction, &[key].into()).await?;
    let channel = match told.subject {
        Subject::Channel(channel) => Some(channel.uuid()),
        Subject::Conversation(_) | Subject::Nothing => None,
    };
    let addressee = people::addressee(transaction, key.0, told.member, channel).await?;
    let subscriptions = if job.kind == MAIL {
        Vec::new()
    } else {
        subscriptions::of_member(transaction, key.0, told.member).await?
    };
    let what = What { told, reach: wishes.remove(&key), addressee, subscriptions };
    if job.kind == PUSH && !what.subscriptions.is_empty() && too_late(&what).is_none() {
        told::begin_push(transaction, job.organization, what.told.id).await?;
    }
    Ok(Some(what))
}

/// Whether a job is about what is told now: a newer word has a timer and an outcome of its own.
/// What is settled is not raised again.
const fn is_current(told: &Told, job: &Job) -> bool {
    told.rev == job.rev || told.settled.is_some()
}

/// Why it is not sent any more, if it is not.
fn too_late(what: &What) -> Option<&'static str> {
    let told = &what.told;
    if told.kind == Kind::Test {
        return None;
    }
    if told.settled.is_some() {
        return Some("settled");
    }
    what.reach.as_ref().is_some_and(|wishes| wishes.reach.away).then_some("away")
}

async fn send_mail(tools: &Tools, job: &Job, what: &What) -> Came {
    let told = &what.told;
    let seen = told.outcomes.iter().any(|seen| seen.outcome >= Outcome::Shown);
    let Some(mailer) = &tools.mailer else { return Came::To(Outcome::Not, "no_mail_server") };
    if let Some(reason) = too_late(what) {
        return Came::To(Outcome::Not, reason);
    }
    if seen && told.kind != Kind::ChannelUnhealthy {
        return Came::To(Outcome::Not, "seen");
    }
    let addressee = what.addressee.as_ref().filter(|it| it.is_active);
    let Some(addressee) = addressee.filter(|it| people::is_address(&it.login)) else {
        return Came::To(Outcome::Not, "no_address");
    };
    let occasion = match told.kind {
        Kind::AssignedToYou => mail::Occasion::AssignedToYou,
        Kind::CustomerAnswered => mail::Occasion::CustomerAnswered,
        Kind::ReplyFailed => mail::Occasion::ReplyFailed,
        Kind::ChannelUnhealthy => mail::Occasion::ChannelUnhealthy,
        Kind::Test => mail::Occasion::Test,
    };
    let url = format!("{}{}", tools.public_url, path(told));
    let letter = Letter {
        occasion,
        language: &addressee.language,
        name: &addressee.name,
        about: &addressee.channel,
        url: &url,
        until: "",
    };
    match mailer.send(&addressee.login, &letter).await {
        Ok(()) => Came::To(Outcome::Sent, ""),
        Err(Unsent::Later) if job.tries < MOST_TRIES => Came::Later,
        Err(unsent) => Came::To(Outcome::Not, unsent.code()),
    }
}

/// Where in the workspace one sees to it.
fn path(told: &Told) -> String {
    match told.subject {
        Subject::Conversation(id) => format!("/inbox/all/{id}"),
        Subject::Channel(_) => "/admin/channels".to_owned(),
        Subject::Nothing => "/me/notifications".to_owned(),
    }
}

async fn send_push(store: &Store, tools: &Tools, job: &Job, what: &What) -> Result<Came, Fault> {
    let told = &what.told;
    let takes_back = job.kind == WITHDRAW;
    if takes_back && (!told.pushed || told.settled.is_none()) {
        return Ok(Came::Nothing);
    }
    let Some(pusher) = &tools.pusher else { return Ok(Came::To(Outcome::Not, "no_push")) };
    if let (false, Some(reason)) = (takes_back, too_late(what)) {
        return Ok(Came::To(Outcome::Not, reason));
    }
    let payload = payload(what, takes_back);
    let topic = told.id.uuid().simple().to_string();
    let push = Push {
        payload: &payload,
        topic: &topic,
        keep: KEPT,
        urgency: if takes_back { Urgency::Low } else { Urgency::High },
    };
    let mut ends = Vec::new();
    for subscription in &what.subscriptions {
        let ended = pusher.push(subscription, &push, now()).await?;
        if ended == Ended::Gone {
            store
                .transaction(&job.organization.into(), async |transaction| {
                    let endpoint = &subscription.endpoint;
                    subscriptions::remove(transaction, job.organization, told.member, endpoint)
                        .await
                })
                .await?;
        }
        ends.push(ended);
    }
    if takes_back {
        return Ok(if ends.contains(&Ended::Later) { Came::Later } else { Came::Nothing });
    }
    Ok(if ends.contains(&Ended::Taken) {
        Came::To(Outcome::Sent, "")
    } else if ends.contains(&Ended::Later) {
        if job.tries < MOST_TRIES {
            Came::Later
        } else {
            Came::To(Outcome::Not, "push_unreachable")
        }
    } else if ends.contains(&Ended::Refused) {
        Came::To(Outcome::Not, "push_refused")
    } else {
        Came::To(Outcome::Not, "no_subscription")
    })
}

/// For the browser's worker, which finds the words.
fn payload(what: &What, takes_back: bool) -> String {
    let told = &what.told;
    let kind = match told.kind {
        Kind::AssignedToYou => "assigned_to_you",
        Kind::CustomerAnswered => "customer_answered",
        Kind::ReplyFailed => "reply_failed",
        Kind::ChannelUnhealthy => "channel_unhealthy",
        Kind::Test => "test",
    };
    let language = what.addressee.as_ref().map(|addressee| addressee.language.clone());
    let hidden = told.kind.occasion().is_some_and(Occasion::is_for_hidden_windows);
    json!({
        "v": 1,
        "do": if takes_back { "withdraw" } else { "show" },
        "id": told.id.to_string(),
        "kind": kind,
        "path": path(told),
        "count": told.count,
        "rev": told.rev,
        // Only while no window of the workspace is seen.
        "when_hidden": hidden,
        "language": language,
    })
    .to_string()
}

async fn settle(transaction: &Transaction, job: &Job, came: &Came) -> Result<(), Fault> {
    if matches!(came, Came::Later) {
        return Ok(());
    }
    let told = told::find(transaction, job.organization, job.notification).await?;
    let Some(told) = told.filter(|told| is_current(told, job)) else { return Ok(()) };
    timer::disarm(transaction, &job.kind, &[(job.organization, told.id.uuid())]).await?;
    let (Came::To(outcome, reason), Some(means)) = (came, means_of(job)) else { return Ok(()) };
    conclude(transaction, job, &told, (means, *outcome, reason)).await
}

/// Keeps what came of it, and has a push taken back that told of what no longer stands.
async fn conclude(
    transaction: &Transaction,
    job: &Job,
    told: &Told,
    (means, outcome, reason): (Means, Outcome, &'static str),
) -> Result<(), Fault> {
    let name = if means == Means::Email { "email" } else { "desktop" };
    let sent = if outcome == Outcome::Sent { "sent" } else { "not" };
    metrics::counter!("notifications_dispatched", "means" => name, "outcome" => sent).increment(1);
    let seen = Seen { means, outcome, reason: reason.to_owned(), at: now() };
    app::keep(transaction, job.organization, told, seen).await?;
    let is_over = told.settled.is_some() && told.kind != Kind::Test;
    if means == Means::Desktop && told.pushed && is_over {
        let taking_back = Timer {
            id: mint_uuid(),
            kind: WITHDRAW.to_owned(),
            organization: job.organization,
            aggregate: told.id.uuid(),
            // In the place of one that found the push still under way.
            version: timer_version(told.rev, 1),
            due: now(),
        };
        timer::arm(transaction, &[taking_back]).await?;
    }
    Ok(())
}
