//! Watches who hands out what, and audits it (I4), by the database alone.

use std::time::Duration;

use kit_store::lock_key;
use kit_values::OrganizationId;
use sea_orm::{
    ConnectionTrait as _, DatabaseConnection, DbBackend, QueryResult, Statement, TryGetable,
};
use uuid::Uuid;

use crate::installation::{Installation, MORE_ROUTING};

/// A planner at work: it holds its organization's lock and the rows of members.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Planner {
    /// The process.
    pub process: &'static str,
    /// The server process of its connection.
    pub backend: i32,
    /// Its transaction.
    pub transaction: String,
}

/// A connection that looks, as the database's administrator.
pub struct Watch {
    database: DatabaseConnection,
    key: i64,
}

impl Watch {
    /// Looks at the demo organization of an installation.
    pub async fn on(installation: &Installation) -> Self {
        let database = installation.database().await;
        let mut watch = Self { database, key: 0 };
        let organization: Uuid =
            watch.one("SELECT organization_id AS found FROM routing.planner_mark LIMIT 1").await;
        let organization = OrganizationId::from_uuid(organization);
        watch.key = lock_key(&["planner", &organization.uuid().to_string()]);
        watch
    }

    /// The planner at work in one of the further processes, if it has locked members just now.
    pub async fn planner(&self) -> Option<Planner> {
        let rows = self
            .rows(&format!(
                "SELECT activity.application_name AS process, activity.pid AS backend, \
                 COALESCE(activity.backend_xid::text, '') AS transaction \
                 FROM pg_locks AS planner JOIN pg_stat_activity AS activity USING (pid) \
                 WHERE planner.locktype = 'advisory' AND planner.granted AND planner.objsubid = 1 \
                 AND ((planner.classid::bigint << 32) | planner.objid::bigint) = {} \
                 AND EXISTS (SELECT FROM pg_locks AS rows WHERE rows.pid = planner.pid \
                 AND rows.relation = 'routing.member'::regclass AND rows.mode = 'RowExclusiveLock')",
                self.key
            ))
            .await;
        let row = rows.first()?;
        let process: String = row.try_get("", "process").expect("a text");
        Some(Planner {
            process: MORE_ROUTING.into_iter().find(|name| *name == process)?,
            backend: row.try_get("", "backend").expect("a number"),
            transaction: row.try_get("", "transaction").expect("a text"),
        })
    }

    /// Whether the server process of a planner's connection is still there.
    pub async fn lives(&self, planner: &Planner) -> bool {
        let backend = planner.backend;
        self.count(&format!("SELECT count(*) FROM pg_stat_activity WHERE pid = {backend}")).await
            > 0
    }

    /// What became of a planner's transaction: `in progress`, `committed` or `aborted`.
    pub async fn fate(&self, planner: &Planner) -> String {
        self.one(&format!("SELECT pg_xact_status('{}'::xid8) AS found", planner.transaction)).await
    }

    /// The members (`mem_…`) whose rows somebody holds.
    pub async fn held_members(&self) -> Vec<String> {
        let free = "SELECT member_id FROM routing.member FOR UPDATE SKIP LOCKED";
        let rows = self
            .rows(&format!(
                "WITH free AS ({free}) \
                 SELECT 'mem_' || replace(member_id::text, '-', '') AS member FROM routing.member \
                 WHERE member_id NOT IN (SELECT member_id FROM free)"
            ))
            .await;
        rows.iter().map(|row| row.try_get("", "member").expect("a text")).collect()
    }

    /// Whether it is recorded that the member is Away.
    pub async fn is_away(&self, member: &str) -> bool {
        let sql = format!(
            "SELECT count(*) FROM routing.member WHERE availability = 2 AND member_id = '{}'",
            uuid(member)
        );
        self.count(&sql).await == 1
    }

    /// How many times the planners have handed the member something.
    pub async fn handed_to(&self, member: &str) -> i64 {
        let sql = format!(
            "SELECT count(*) FROM routing.explanation WHERE outcome = 'assigned' \
             AND member_id = '{}'",
            uuid(member)
        );
        self.count(&sql).await
    }

    /// How many times the planners have handed anybody anything.
    pub async fn handed(&self) -> i64 {
        self.count("SELECT count(*) FROM routing.explanation WHERE outcome = 'assigned'").await
    }

    /// How many conversations routing knows, and how many of those nobody owns.
    pub async fn known(&self) -> (i64, i64) {
        let waiting = "SELECT count(*) FROM routing.conversation WHERE waiting";
        let all = self.count("SELECT count(*) FROM routing.conversation").await;
        (all, self.count(waiting).await)
    }

    /// What I4 forbids: a load that is not what is owned, or above a limit; an owner without a
    /// decision, or with another one than the newest; two decisions of one epoch.
    pub async fn wrong(&self) -> Vec<String> {
        let rows = self
            .rows(
                "SELECT 'load ' || m.load || ' of ' || COALESCE(c.owned, 0) AS found \
                 FROM routing.member AS m LEFT JOIN (SELECT owner_member_id, count(*) AS owned \
                 FROM routing.conversation WHERE state = 1 GROUP BY 1) AS c \
                 ON c.owner_member_id = m.member_id \
                 WHERE m.load <> COALESCE(c.owned, 0) OR m.load > m.hard_limit \
                 UNION ALL SELECT 'not the newest decision: ' || c.conversation_id \
                 FROM routing.conversation AS c WHERE c.epoch > 0 AND NOT EXISTS (SELECT \
                 FROM routing.explanation AS e WHERE e.conversation_id = c.conversation_id \
                 AND e.epoch = c.epoch AND e.member_id IS NOT DISTINCT FROM c.owner_member_id) \
                 UNION ALL SELECT 'handed out twice: ' || conversation_id \
                 FROM routing.explanation WHERE outcome = 'assigned' \
                 GROUP BY conversation_id, epoch HAVING count(*) > 1 \
                 UNION ALL SELECT 'another owner is shown: ' || c.conversation_id \
                 FROM routing.conversation AS c JOIN conversation.conversation AS shown \
                 USING (organization_id, conversation_id) \
                 WHERE shown.owner_epoch <> c.epoch \
                 OR shown.owner_member_id IS DISTINCT FROM c.owner_member_id",
            )
            .await;
        rows.iter().map(|row| row.try_get("", "found").expect("a text")).collect()
    }

    async fn count(&self, sql: &str) -> i64 {
        self.rows(sql).await[0].try_get_by_index(0).expect("a number")
    }

    async fn one<T: TryGetable>(&self, sql: &str) -> T {
        self.rows(sql).await[0].try_get("", "found").expect("what was asked for")
    }

    async fn rows(&self, sql: &str) -> Vec<QueryResult> {
        let statement = Statement::from_string(DbBackend::Postgres, sql);
        self.database.query_all_raw(statement).await.expect("the watch's query runs")
    }
}

/// The longest time that something waited while nothing was handed out, looked at again and again.
#[derive(Debug, Clone, Copy)]
pub struct Pause {
    last: i64,
    since: tokio::time::Instant,
    longest: Duration,
}

impl Pause {
    /// From now on.
    #[must_use]
    pub fn from(count: i64) -> Self {
        Self { last: count, since: tokio::time::Instant::now(), longest: Duration::ZERO }
    }

    /// One more look; the longest pause so far, the present one included. Where nothing waits
    /// nobody pauses: customers who write slowly are no fault of who hands out.
    pub fn look(&mut self, count: i64, waiting: i64) -> Duration {
        if waiting > 0 {
            self.longest = self.longest.max(self.since.elapsed());
        }
        if count != self.last || waiting == 0 {
            (self.last, self.since) = (count, tokio::time::Instant::now());
        }
        self.longest
    }
}

fn uuid(member: &str) -> Uuid {
    let digits = member.strip_prefix("mem_").expect("a member's id");
    Uuid::try_parse(digits).expect("a member's id")
}
