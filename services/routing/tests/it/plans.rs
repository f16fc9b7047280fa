//! The shape of the statements' plans, as the service's own role: row-level security decides
//! which conditions an index may serve. A service is started on empty tables and its statements'
//! plans are kept, so they must be those that full tables need.

use kit_testkit::{kept_plan, looks_up_by};

macro_rules! case {
    ($types:literal, $file:literal, $arguments:literal, $condition:literal) => {
        (
            $types,
            include_str!(concat!("../../src/store/sql/", $file, ".sql")),
            $arguments,
            $condition,
        )
    };
}

#[tokio::test(flavor = "multi_thread")]
async fn everything_is_looked_up_by_whole_keys_even_when_planned_on_empty_tables() {
    let database = kit_testkit::database("routing", &routing::migrations()).await;
    for (types, sql, arguments, condition) in [
        case!(
            "uuid[], uuid[]",
            "load_conversations",
            "'{}', '{}'",
            "conversation_id = wanted.conversation_id"
        ),
        case!(
            "uuid[], uuid[]",
            "look_at_conversations",
            "'{}', '{}'",
            "conversation_id = wanted.conversation_id"
        ),
        case!("uuid[], uuid[]", "lock_free_members", "'{}', '{}'", "member_id = wanted.member_id"),
        case!("uuid[], uuid[]", "load_members", "'{}', '{}'", "member_id = wanted.member_id"),
        case!(
            "uuid, int8",
            "queues",
            "'00000000-0000-0000-0000-000000000000', 200",
            "(class = class.class)"
        ),
        case!(
            "uuid, uuid[]",
            "lock_waiting",
            "'00000000-0000-0000-0000-000000000000', '{}'",
            "conversation_id = wanted.conversation_id"
        ),
        case!(
            "uuid, uuid, int8",
            "owned_new",
            "'00000000-0000-0000-0000-000000000000', \
             '00000000-0000-0000-0000-000000000000', 200",
            "owner_member_id = $2"
        ),
        case!(
            "uuid, uuid, int8",
            "explanations",
            "'00000000-0000-0000-0000-000000000000', \
             '00000000-0000-0000-0000-000000000000', 20",
            "conversation_id = $2"
        ),
        case!("uuid", "roster", "'00000000-0000-0000-0000-000000000000'", "organization_id = $1"),
        case!("uuid[], uuid[], bool", "doors", "'{}', '{}', false", "organization_id = ANY ($1)"),
        case!("uuid[]", "access_changed", "'{}'", "organization_id = ANY ($1)"),
        case!("uuid[]", "waiting", "'{}'", "organization_id = asked.organization_id"),
    ] {
        looks_up_by(&kept_plan(&database.store, types, sql, arguments).await, condition);
    }
}
