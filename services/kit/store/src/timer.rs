//! Timers: decisions that wake later, armed in the transaction that decided them.
//!
//! The database's clock decides what is due. The handler runs in the transaction that claims the
//! timer, so a timer fires once whatever crashes; it checks again whether there is still
//! anything to do, and arms the next timer itself.
//!
//! Deliberately absent: recurrence, and precision beyond a second of delay.

use std::time::{Duration, Instant};

use kit_values::{Fault, OrganizationId};
use sea_orm::QueryResult;
use time::OffsetDateTime;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::{Row as _, Scope, Store, Transaction, array, is_retryable};

/// Longest sleep between two looks: a timer armed meanwhile is at most this late.
const LONGEST_SLEEP: Duration = Duration::from_secs(1);

/// Wait before the next look while the database is away.
const AWAY_SLEEP: Duration = Duration::from_secs(1);

/// How many times a batch that met another transaction is run again.
const ATTEMPTS: u32 = 5;

/// Wait when another runner holds everything that is due.
const BUSY_SLEEP: Duration = Duration::from_millis(20);

/// Failures of one timer from which on a person should look.
const FAILURES_BEFORE_ALARM: i32 = 5;

/// One decision to wake.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Timer {
    /// Its id: a fresh one for each arming.
    pub id: Uuid,
    /// Which decision.
    pub kind: String,
    /// Whose.
    pub organization: OrganizationId,
    /// About what; there is one timer for each organization, kind and aggregate.
    pub aggregate: Uuid,
    /// The aggregate's version when it was armed, for the handler to compare. Arming with an
    /// older version than the one kept changes nothing.
    pub version: i64,
    /// When.
    pub due: OffsetDateTime,
}

/// Arms timers; each replaces the one of the same organization, kind and aggregate.
pub async fn arm(transaction: &Transaction, timers: &[Timer]) -> Result<(), Fault> {
    if timers.is_empty() {
        return Ok(());
    }
    transaction
        .run(
            include_str!("sql/timer_arm.sql"),
            vec![
                array::uuids(timers.iter().map(|timer| timer.id)),
                array::texts(timers.iter().map(|timer| timer.kind.clone())),
                array::uuids(timers.iter().map(|timer| timer.organization.uuid())),
                array::uuids(timers.iter().map(|timer| timer.aggregate)),
                array::bigints(timers.iter().map(|timer| timer.version)),
                array::times(timers.iter().map(|timer| timer.due)),
            ],
        )
        .await?;
    Ok(())
}

/// Disarms the timers of one kind about these aggregates.
pub async fn disarm(
    transaction: &Transaction,
    kind: &str,
    aggregates: &[(OrganizationId, Uuid)],
) -> Result<(), Fault> {
    if aggregates.is_empty() {
        return Ok(());
    }
    transaction
        .run(
            include_str!("sql/timer_disarm.sql"),
            vec![
                kind.into(),
                array::uuids(aggregates.iter().map(|(organization, _)| organization.uuid())),
                array::uuids(aggregates.iter().map(|(_, aggregate)| *aggregate)),
            ],
        )
        .await?;
    Ok(())
}

/// What to do when timers are due.
pub trait Handler: Send + Sync + 'static {
    /// The advisory locks ([`crate::lock_key`]) that firing these needs. They are taken before
    /// the timers are claimed, in the order in which everybody takes them, so that a transaction
    /// that holds one while arming a timer is waited for and not met head-on.
    fn locks(&self, due: &[Timer]) -> Vec<i64> {
        let _ = due;
        Vec::new()
    }

    /// Acts on timers, given in due order, in the transaction that claimed them, whose scope is
    /// their organizations. A fault undoes all of it.
    fn fire(
        &self,
        transaction: &Transaction,
        due: Vec<Timer>,
    ) -> impl Future<Output = Result<(), Fault>> + Send;
}

/// Fires the timers of one service; any number of these may run at once.
#[derive(Debug)]
pub struct Timers<H> {
    store: Store,
    handler: H,
    batch: usize,
    per_second: u32,
}

/// What one look found.
enum Look {
    /// Nothing due; the next one in this long.
    Idle(Duration),
    /// Due timers, by due time.
    Due(Vec<Timer>),
}

impl<H: Handler> Timers<H> {
    /// Fires with `handler`, at most 50 in a transaction and 500 a second.
    pub const fn new(store: Store, handler: H) -> Self {
        Self { store, handler, batch: 50, per_second: 500 }
    }

    /// Bounds how many fire in one transaction and in a second, so that an overdue backlog does
    /// not starve other work. Both are at least one.
    #[must_use]
    pub fn bounded(mut self, batch: usize, per_second: u32) -> Self {
        self.batch = batch.max(1);
        self.per_second = per_second.max(1);
        self
    }

    /// Runs until `stop`; a round that has begun is finished first.
    ///
    /// # Errors
    ///
    /// None: a database that is away is waited for, a timer whose handler fails is postponed.
    pub async fn run(self, stop: CancellationToken) -> Result<(), Fault> {
        let mut away = false;
        while !stop.is_cancelled() {
            let began = Instant::now();
            let sleep = match self.round().await {
                Ok((fired, sleep)) => {
                    away = false;
                    sleep.max(self.pace(fired).saturating_sub(began.elapsed()))
                }
                Err(fault) => {
                    if !away {
                        tracing::warn!(code = fault.code(), "timers wait for the database");
                    }
                    away = true;
                    AWAY_SLEEP
                }
            };
            tokio::select! {
                () = stop.cancelled() => {}
                () = tokio::time::sleep(sleep) => {}
            }
        }
        Ok(())
    }

    /// The least time that firing so many may take.
    fn pace(&self, fired: usize) -> Duration {
        Duration::from_secs(1)
            .saturating_mul(u32::try_from(fired).unwrap_or(u32::MAX))
            .checked_div(self.per_second)
            .unwrap_or(Duration::ZERO)
    }

    /// Looks once and fires what is due; gives how many and how long to sleep.
    async fn round(&self) -> Result<(usize, Duration), Fault> {
        let due = match self.look().await? {
            Look::Idle(sleep) => return Ok((0, sleep)),
            Look::Due(due) => due,
        };
        match self.fire_together(&due).await {
            Ok(0) => Ok((0, BUSY_SLEEP)),
            Ok(fired) => Ok((fired, Duration::ZERO)),
            Err(fault) if fault.class().is_infrastructure() => Err(fault),
            // One of them fails: the others must not wait for it.
            Err(_) => {
                for timer in &due {
                    self.fire_alone(timer).await?;
                }
                Ok((due.len(), Duration::ZERO))
            }
        }
    }

    async fn look(&self) -> Result<Look, Fault> {
        let limit = i64::try_from(self.batch).unwrap_or(i64::MAX);
        let rows = self
            .store
            .transaction(&Scope::Unscoped, async |transaction| {
                transaction.rows(include_str!("sql/timer_due.sql"), vec![limit.into()]).await
            })
            .await?;
        let mut due = Vec::with_capacity(rows.len());
        for row in &rows {
            let due_in: f64 = row.get("due_in")?;
            if due_in > 0.0 {
                if due.is_empty() {
                    let until = Duration::try_from_secs_f64(due_in).unwrap_or(LONGEST_SLEEP);
                    return Ok(Look::Idle(until.min(LONGEST_SLEEP)));
                }
                break;
            }
            due.push(read(row)?);
        }
        Ok(if due.is_empty() { Look::Idle(LONGEST_SLEEP) } else { Look::Due(due) })
    }

    /// Fires these in one transaction, those excepted that another runner holds.
    async fn fire_together(&self, due: &[Timer]) -> Result<usize, Fault> {
        let mut attempt = 1;
        loop {
            match self.claim_and_fire(due).await {
                Err(fault) if attempt < ATTEMPTS && is_retryable(&fault) => attempt += 1,
                outcome => return outcome,
            }
        }
    }

    async fn claim_and_fire(&self, due: &[Timer]) -> Result<usize, Fault> {
        self.store
            .transaction(&Scope::Unscoped, async |transaction| {
                transaction.lock(&self.handler.locks(due)).await?;
                let claimed = transaction
                    .rows(
                        include_str!("sql/timer_claim.sql"),
                        vec![array::uuids(due.iter().map(|timer| timer.id))],
                    )
                    .await?
                    .iter()
                    .map(read)
                    .collect::<Result<Vec<_>, Fault>>()?;
                let fired = claimed.len();
                if fired > 0 {
                    let scope = claimed.iter().map(|timer| timer.organization).collect();
                    transaction.rescope(&scope).await?;
                    self.handler.fire(transaction, claimed).await?;
                }
                Ok(fired)
            })
            .await
    }

    /// Fires one; where its handler fails, it is postponed, longer each time.
    async fn fire_alone(&self, timer: &Timer) -> Result<(), Fault> {
        let Err(fault) = self.fire_together(std::slice::from_ref(timer)).await else {
            return Ok(());
        };
        if fault.class().is_infrastructure() {
            return Err(fault);
        }
        let failures = self
            .store
            .transaction(&Scope::Unscoped, async |transaction| {
                let rows = transaction
                    .rows(include_str!("sql/timer_postpone.sql"), vec![timer.id.into()])
                    .await?;
                rows.first().map_or(Ok(0), |row| row.get::<i32>("attempts"))
            })
            .await?;
        let (timer, kind, code) = (timer.id, timer.kind.as_str(), fault.code());
        if failures >= FAILURES_BEFORE_ALARM {
            tracing::error!(%timer, kind, failures, code, error = ?fault, "timer fails again and again");
        } else {
            tracing::warn!(%timer, kind, failures, code, error = ?fault, "timer postponed");
        }
        Ok(())
    }
}

fn read(row: &QueryResult) -> Result<Timer, Fault> {
    Ok(Timer {
        id: row.get("id")?,
        kind: row.get("kind")?,
        organization: OrganizationId::from_uuid(row.get("organization_id")?),
        aggregate: row.get("aggregate_id")?,
        version: row.get("version")?,
        due: row.get("due")?,
    })
}
