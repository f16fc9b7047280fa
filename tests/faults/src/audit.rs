//! Reads the database and the broker of an installation, to audit it.

use sea_orm::{
    ConnectionTrait as _, Database, DatabaseConnection, DatabaseTransaction, DbBackend, Statement,
    TransactionTrait as _,
};

use crate::checker::Shown;
use crate::installation::{INBOUND, Installation};
use crate::reader::Reader;

/// Raises every limit of X that delivery counts (`networks::outbound::allowances`).
pub const RAISE: &str = "\
INSERT INTO delivery.budget AS known \
SELECT holder, call, name, 'rate_limited', 1000000, 1000000, true, now() + interval '1 day' \
FROM delivery.channel, LATERAL (VALUES \
    (channel_id, 'public_reply', 'post'), \
    (application_id, 'public_reply', 'post_24h'), \
    (channel_id, 'private_message', 'direct_message'), \
    (channel_id, 'private_message', 'direct_message_24h'), \
    (application_id, 'private_message', 'direct_message_24h') \
) AS counted (holder, call, name) WHERE network = 'x' \
GROUP BY holder, call, name \
ON CONFLICT (holder_id, call, name) DO UPDATE SET remaining = 1000000, resets_at = excluded.resets_at";

impl Installation {
    /// Every message as the database has it, in the order in which it is to be shown.
    pub async fn stored(&self) -> Vec<Shown> {
        let rows = self
            .query(
                "SELECT external_id, 'conv_' || replace(conversation_id::text, '-', '') AS conversation, \
                 body FROM conversation.message \
                 ORDER BY conversation_id, network_time, length(external_id), external_id",
            )
            .await;
        rows.iter()
            .map(|row| Shown {
                external_id: row.try_get("", "external_id").expect("a text"),
                conversation: row.try_get("", "conversation").expect("a text"),
                text: row.try_get("", "body").expect("a text"),
            })
            .collect()
    }

    /// How many things stand parked, in any service.
    pub async fn parked(&self) -> i64 {
        self.number(
            "SELECT (SELECT count(*) FROM ingest.parked) + \
             (SELECT count(*) FROM conversation.parked) + \
             (SELECT count(*) FROM routing.parked) + \
             (SELECT count(*) FROM delivery.parked) + \
             (SELECT count(*) FROM notification.parked) AS n",
        )
        .await
    }

    /// What is on its way between the services: committed and not published, or published and
    /// not yet read. 0 for good once no webhook comes any more.
    pub async fn backlog(&self) -> u64 {
        let unpublished = self
            .number(
                "SELECT (SELECT count(*) FROM ingest.outbox_pending) + \
                 (SELECT count(*) FROM conversation.outbox_pending) AS n",
            )
            .await;
        let state = self.reader("INGEST", INBOUND).await.state().await;
        u64::try_from(unpublished).unwrap_or_default() + state.waiting + state.unacknowledged
    }

    /// The durable reader `durable` of `stream`, as the broker knows it.
    pub async fn reader(&self, stream: &str, durable: &str) -> Reader {
        let broker = self.broker();
        Reader::connect(&broker, stream, durable).await
    }

    /// Keeps every writer of `table` waiting until the transaction ends.
    pub async fn hold_up(&self, table: &str) -> DatabaseTransaction {
        let transaction = self.database().await.begin().await.expect("a transaction begins");
        let lock = format!("LOCK TABLE {table} IN SHARE ROW EXCLUSIVE MODE");
        transaction.execute_unprepared(&lock).await.expect("the administrator may lock");
        transaction
    }

    /// The one number that `sql` asks for, as column `n`.
    pub async fn number(&self, sql: &str) -> i64 {
        let rows = self.query(sql).await;
        rows.first().and_then(|row| row.try_get("", "n").ok()).expect("one number")
    }

    /// Reads the database as its administrator, to audit it.
    pub async fn query(&self, sql: &str) -> Vec<sea_orm::QueryResult> {
        let database = self.database().await;
        let rows = database
            .query_all_raw(Statement::from_string(DbBackend::Postgres, sql))
            .await
            .expect("the audit's query runs");
        database.close().await.expect("a connection can be closed");
        rows
    }

    /// Raises delivery's own count of what the networks allow, which follows their documents and
    /// not what is played, where the playground's limits are raised too.
    pub async fn raise_limits(&self) {
        self.execute(RAISE).await;
    }

    /// Has the accounts be connected an hour ago.
    pub(crate) async fn backdate_accounts(&self) {
        for table in ["directory.channel", "ingest.route"] {
            self.execute(&format!(
                "UPDATE {table} SET connected_at = connected_at - interval '1 hour'"
            ))
            .await;
        }
    }

    async fn execute(&self, sql: &str) {
        let database = self.database().await;
        database.execute_unprepared(sql).await.expect("the administrator may write");
        database.close().await.expect("a connection can be closed");
    }

    /// For how long, in milliseconds, the oldest of the replies that are being sent has been so.
    pub async fn longest_sending(&self) -> i64 {
        self.number(
            "SELECT coalesce(max(extract(epoch FROM now() - first_byte_at) * 1000), 0)::bigint AS n \
             FROM delivery.attempt WHERE state = 3",
        )
        .await
    }

    pub(crate) async fn database(&self) -> DatabaseConnection {
        let administrator = self.administrator();
        let service = self.setting(&["conversation", "database", "url"]);
        let name = service.rsplit('/').next().expect("an address ends with a database");
        let (server, _) = administrator.expose().rsplit_once('/').expect("an address has a path");
        Database::connect(format!("{server}/{name}"))
            .await
            .expect("PostgreSQL answers its administrator")
    }
}
