//! The shape of the statements' plans, as the service's own role: row-level security decides
//! which conditions an index may serve. A service is started on empty tables and its statements'
//! plans are kept, so they must be those that full tables need.

use kit_store::{Row as _, Scope, Transaction};
use kit_values::OrganizationId;

async fn lines(transaction: &Transaction, sql: &'static str) -> String {
    let rows = transaction.rows(sql, Vec::new()).await.expect("explains");
    let lines: Vec<String> =
        rows.iter().map(|row| row.get("QUERY PLAN").expect("a line")).collect();
    lines.join("\n")
}

#[tokio::test(flavor = "multi_thread")]
async fn everything_is_looked_up_by_whole_keys_even_when_planned_on_empty_tables() {
    let database = kit_testkit::database("routing", &routing::migrations()).await;
    let scope = Scope::from(OrganizationId::mint());
    macro_rules! case {
        ($types:literal, $file:literal, $arguments:literal, $wanted:expr) => {
            (
                concat!(
                    "PREPARE looked (",
                    $types,
                    ") AS ",
                    include_str!(concat!("../../src/store/sql/", $file, ".sql"))
                ),
                concat!("EXPLAIN EXECUTE looked (", $arguments, ")"),
                $wanted.as_slice(),
            )
        };
    }
    for (prepare, explain, wanted) in [
        case!(
            "uuid[], uuid[]",
            "load_conversations",
            "'{}', '{}'",
            ["conversation_id = wanted.conversation_id"]
        ),
        case!(
            "uuid[], uuid[]",
            "look_at_conversations",
            "'{}', '{}'",
            ["conversation_id = wanted.conversation_id"]
        ),
        case!(
            "uuid[], uuid[]",
            "lock_free_members",
            "'{}', '{}'",
            ["member_id = wanted.member_id"]
        ),
        case!("uuid[], uuid[]", "load_members", "'{}', '{}'", ["member_id = wanted.member_id"]),
        case!(
            "uuid, int8",
            "queues",
            "'00000000-0000-0000-0000-000000000000', 200",
            ["(class = class.class)"]
        ),
        case!(
            "uuid, uuid[]",
            "lock_waiting",
            "'00000000-0000-0000-0000-000000000000', '{}'",
            ["conversation_id = wanted.conversation_id"]
        ),
        case!(
            "uuid, uuid, int8",
            "owned_new",
            "'00000000-0000-0000-0000-000000000000', \
             '00000000-0000-0000-0000-000000000000', 200",
            ["owner_member_id = $2"]
        ),
        case!(
            "uuid, uuid, int8",
            "explanations",
            "'00000000-0000-0000-0000-000000000000', \
             '00000000-0000-0000-0000-000000000000', 20",
            ["conversation_id = $2"]
        ),
        case!("uuid", "roster", "'00000000-0000-0000-0000-000000000000'", ["organization_id = $1"]),
        case!("uuid[], uuid[], bool", "doors", "'{}', '{}', false", ["organization_id = ANY ($1)"]),
        case!("uuid[]", "access_changed", "'{}'", ["organization_id = ANY ($1)"]),
        case!("uuid[]", "waiting", "'{}'", ["organization_id = asked.organization_id"]),
    ] {
        let transaction = database.store.begin(&scope).await.expect("begins");
        for sql in ["SET LOCAL plan_cache_mode = force_generic_plan", prepare] {
            transaction.run(sql, Vec::new()).await.expect("set");
        }
        let plan = lines(&transaction, explain).await;
        transaction.run("DEALLOCATE looked", Vec::new()).await.expect("forgotten");
        transaction.rollback().await.expect("rolls back");
        assert!(!plan.contains("Seq Scan"), "{plan}");
        // Locks are taken in the order of the ids, and queues walked in theirs.
        assert!(!plan.contains("Hash Join") && !plan.contains("Merge Join"), "{plan}");
        for condition in wanted {
            let found =
                plan.lines().any(|line| line.contains("Index Cond") && line.contains(condition));
            assert!(found, "{condition}: {plan}");
        }
    }
}
