//! The shape of the queries' plans, as the service's own role: row-level security decides which
//! conditions an index may serve.

use conversation::domain::Policy;
use kit_store::{Row as _, Scope, Transaction};

use crate::desk::Desk;
use crate::feed::Feed;

async fn lines(transaction: &Transaction, sql: String) -> String {
    let sql: &'static str = Box::leak(sql.into());
    let rows = transaction.rows(sql, Vec::new()).await.expect("explains");
    let lines: Vec<String> =
        rows.iter().map(|row| row.get("QUERY PLAN").expect("a line")).collect();
    lines.join("\n")
}

fn conditions(plan: &str) -> Vec<&str> {
    plan.lines().filter(|line| line.contains("Index Cond")).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_list_is_walked_along_its_index_from_its_place() {
    let desk = Desk::new(Policy::default()).await;
    let feed = Feed::new();
    let organization = feed.organization.uuid();
    let database = &desk.database.database;
    database
        .execute(&format!(
            "INSERT INTO conversation.conversation SELECT '{organization}', gen_random_uuid(), \
             gen_random_uuid(), gen_random_uuid(), 1, 1, 1, 1 + g % 3, false, NULL, NULL, now(), \
             CASE WHEN g % 3 = 2 THEN now() - g * interval '1 second' END, NULL, 0, 1, 2, 1, 0, \
             CASE WHEN g % 3 = 0 THEN now() - g * interval '1 second' END, NULL, \
             gen_random_uuid(), now() - g * interval '1 second', '1', 1, 1, '{{}}' \
             FROM generate_series(1, 30000) AS g; ANALYZE conversation.conversation"
        ))
        .await;
    let scope = Scope::from(feed.organization);
    let transaction = desk.database.store.begin(&scope).await.expect("begins");
    for (state, key) in [
        ("state = 1", "waiting_since"),
        ("state = 2", "last_activity_at"),
        ("state IN (1, 2)", "last_activity_at"),
        ("state = 3", "resolved_at"),
    ] {
        let plan = lines(
            &transaction,
            format!(
                "EXPLAIN SELECT * FROM conversation WHERE organization_id = '{organization}' \
                 AND {state} AND ({key}, conversation_id) < (now() - interval '1 hour', \
                 'ffffffff-ffff-ffff-ffff-ffffffffffff'::uuid) \
                 ORDER BY {key} DESC, conversation_id DESC LIMIT 50"
            ),
        )
        .await;
        assert!(!plan.contains("Sort"), "{state}: {plan}");
        assert!(conditions(&plan).iter().any(|line| line.contains(key)), "{state}: {plan}");
    }
    let plan = lines(
        &transaction,
        format!(
            "EXPLAIN SELECT * FROM message WHERE organization_id = '{organization}' \
             AND conversation_id = '{organization}' \
             AND (network_time, external_length, external_id) < (now(), 1, '1') \
             ORDER BY network_time DESC, external_length DESC, external_id DESC LIMIT 50"
        ),
    )
    .await;
    assert!(!plan.contains("Sort"), "{plan}");
    assert!(conditions(&plan).iter().any(|line| line.contains("network_time")), "{plan}");
}

#[tokio::test(flavor = "multi_thread")]
async fn standings_are_walked_along_the_identities_of_what_is_unresolved() {
    let desk = Desk::new(Policy::default()).await;
    let scope = Scope::from(Feed::new().organization);
    let transaction = desk.database.store.begin(&scope).await.expect("begins");
    let prepare = concat!(
        "PREPARE looked (uuid, uuid, int8) AS ",
        include_str!("../../src/store/sql/standings.sql")
    );
    for sql in ["SET LOCAL plan_cache_mode = force_generic_plan", prepare] {
        transaction.run(sql, Vec::new()).await.expect("set");
    }
    let id = "00000000-0000-0000-0000-000000000000";
    let plan = lines(&transaction, format!("EXPLAIN EXECUTE looked ('{id}', '{id}', 500)")).await;
    transaction.run("DEALLOCATE looked", Vec::new()).await.expect("forgotten");
    transaction.rollback().await.expect("rolls back");
    assert!(plan.contains("conversation_unresolved") && !plan.contains("Sort"), "{plan}");
    assert!(conditions(&plan).iter().any(|line| line.contains("identity_id > $2")), "{plan}");
}

/// A service is started on empty tables, and its statements' plans are kept: they must be those
/// that full tables need.
#[tokio::test(flavor = "multi_thread")]
async fn what_a_batch_looks_up_is_looked_up_by_whole_keys_even_when_planned_on_empty_tables() {
    let desk = Desk::new(Policy::default()).await;
    let feed = Feed::new();
    let scope = Scope::from(feed.organization);
    for (sql, arguments, wanted) in [
        (
            concat!(
                "PREPARE looked (uuid[], smallint[], text[], text[], boolean[], boolean[]) AS ",
                include_str!("../../src/store/sql/load_messages.sql")
            ),
            6,
            ["external_id = w.external_id", "identity_id = found.identity_id"],
        ),
        (
            concat!(
                "PREPARE looked (uuid[], smallint[], text[], text[], uuid[]) AS ",
                include_str!("../../src/store/sql/load_identities.sql")
            ),
            5,
            ["network_user_id = wanted.network_user_id", "contact_id = found.contact_id"],
        ),
    ] {
        let transaction = desk.database.store.begin(&scope).await.expect("begins");
        transaction
            .run("SET LOCAL plan_cache_mode = force_generic_plan", Vec::new())
            .await
            .expect("set");
        transaction.run(sql, Vec::new()).await.expect("prepared");
        let nothing = vec!["'{}'"; arguments].join(", ");
        let plan = lines(&transaction, format!("EXPLAIN EXECUTE looked ({nothing})")).await;
        transaction.run("DEALLOCATE looked", Vec::new()).await.expect("forgotten");
        transaction.rollback().await.expect("rolls back");
        for condition in wanted {
            assert!(conditions(&plan).iter().any(|line| line.contains(condition)), "{plan}");
        }
        assert!(!plan.contains("Seq Scan"), "{plan}");
    }
}

/// The parts of the one statement that saves which look for more than whole keys name, and which
/// empty tables make walk a table, do not run for a batch that does not need them.
#[tokio::test(flavor = "multi_thread")]
async fn what_a_batch_saves_walks_no_table_unless_something_moves_empties_or_is_confirmed() {
    let desk = Desk::new(Policy::default()).await;
    let feed = Feed::new();
    let scope = Scope::from(feed.organization);
    let sql = concat!("PREPARE saved AS ", include_str!("../../src/store/sql/save.sql"));
    let transaction = desk.database.store.begin(&scope).await.expect("begins");
    transaction
        .run("SET LOCAL plan_cache_mode = force_generic_plan", Vec::new())
        .await
        .expect("set");
    transaction.run(sql, Vec::new()).await.expect("prepared");
    let most = (1..1_000_usize).take_while(|number| sql.contains(&format!("${number}::"))).count();
    let nothing = vec!["'{}'"; most].join(", ");
    let plan = lines(&transaction, format!("EXPLAIN ANALYZE EXECUTE saved ({nothing})")).await;
    transaction.run("DEALLOCATE saved", Vec::new()).await.expect("forgotten");
    transaction.rollback().await.expect("rolls back");
    let walked: Vec<&str> = plan
        .lines()
        .filter(|line| line.contains("Seq Scan") && !line.contains("never executed"))
        .collect();
    assert!(walked.is_empty(), "{plan}");
    for condition in ["network_user_id = row", "conversation_id = marked.conversation_id"] {
        assert!(conditions(&plan).iter().any(|line| line.contains(condition)), "{plan}");
    }
}

/// What is asked before every deed of a member, and the look at what is quiet.
#[tokio::test(flavor = "multi_thread")]
async fn what_rights_are_made_of_and_what_is_quiet_are_looked_up_by_index() {
    let desk = Desk::new(Policy::default()).await;
    let scope = Scope::from(Feed::new().organization);
    let id = "00000000-0000-0000-0000-000000000000";
    macro_rules! case {
        ($types:literal, $file:literal, $arguments:expr, $wanted:literal) => {
            (
                concat!(
                    "PREPARE looked (",
                    $types,
                    ") AS ",
                    include_str!(concat!("../../src/store/sql/", $file, ".sql"))
                ),
                $arguments,
                $wanted,
            )
        };
    }
    let whose = format!("'{id}', '{id}', '{id}'");
    for (prepare, arguments, wanted) in [
        case!("uuid, uuid, uuid", "read_lock", &whose, "channel_id = through.channel_id"),
        case!("uuid, uuid, uuid", "contact_level", &whose, "channel_id = "),
        case!(
            "uuid, uuid[], uuid, boolean",
            "seats",
            &format!("'{id}', '{{}}', '{id}', true"),
            "channel_id = through.channel_id"
        ),
        case!(
            "uuid[], uuid[], timestamptz, float8, int8",
            "quiet",
            &"'{}', '{}', now(), 1, 100".to_owned(),
            "last_activity_at <= "
        ),
    ] {
        let transaction = desk.database.store.begin(&scope).await.expect("begins");
        for sql in ["SET LOCAL plan_cache_mode = force_generic_plan", prepare] {
            transaction.run(sql, Vec::new()).await.expect("set");
        }
        let plan = lines(&transaction, format!("EXPLAIN EXECUTE looked ({arguments})")).await;
        transaction.run("DEALLOCATE looked", Vec::new()).await.expect("forgotten");
        transaction.rollback().await.expect("rolls back");
        assert!(!plan.contains("Seq Scan"), "{plan}");
        assert!(conditions(&plan).iter().any(|line| line.contains(wanted)), "{plan}");
    }
}
