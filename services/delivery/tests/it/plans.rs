//! The shape of the statements' plans, which a service that is started on empty tables keeps.

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

const KEYS: &str = "'{}', '{}', '{}', '{}'";

#[tokio::test(flavor = "multi_thread")]
async fn attempts_are_looked_up_by_whole_keys_even_when_planned_on_empty_tables() {
    let database = kit_testkit::database("delivery", &delivery::migrations()).await;
    let nothing = ["NULL"; 23].join(", ");
    for (types, sql, arguments, condition) in [
        case!("uuid[], uuid[], int2[], int4[]", "load_attempts", "", "attempt = wanted.attempt"),
        case!("uuid[], uuid[], int2[], int4[]", "earlier_attempts", "", "attempt < wanted.attempt"),
        case!("uuid[], uuid[]", "deletions_of", "'{}', '{}'", "(action = 2)"),
        case!(
            "uuid[], uuid[], text[], uuid[], timestamptz",
            "candidates",
            "'{}', '{}', '{}', '{}', now()",
            "external_id = said.external_id"
        ),
        case!(
            "uuid[], uuid[], text[], uuid[], timestamptz",
            "lock_candidates",
            "'{}', '{}', '{}', '{}', now()",
            "(first_byte_at >= $5)"
        ),
        case!("uuid[], uuid[], text", "wake_channels", "'{}', '{}', ''", "attempt = t.attempt"),
        case!("uuid[], uuid[]", "load_lookups", "'{}', '{}'", "item_id = wanted.item_id"),
        case!("uuid[], uuid[]", "forget_lookups", "'{}', '{}'", "item_id = old.item_id"),
        case!(
            "text, int8, uuid[], float8",
            "claim_lookups",
            "'x', 4, '{}', 30",
            "channel_id > account.channel_id"
        ),
        case!(
            "uuid, uuid, text, timestamptz",
            "end_lookup",
            "gen_random_uuid(), gen_random_uuid(), '', now()",
            "item_id = ended.item_id"
        ),
        case!(
            "uuid, timestamptz, text, text, bool",
            "hold_lookups",
            "gen_random_uuid(), now(), 'x', 'x', true",
            "item_id = held.item_id"
        ),
        case!(
            "uuid, uuid",
            "lock_lookup_turn",
            "gen_random_uuid(), gen_random_uuid()",
            "item_id = $2"
        ),
        case!("text[], uuid[]", "wake_lookups", "'{}', '{}'", "channel_id = told.channel_id"),
        case!("int8", "forget_lookup_turns", "500", "item_id"),
    ] {
        let arguments = if arguments.is_empty() { KEYS } else { arguments };
        looks_up_by(&kept_plan(&database.store, types, sql, arguments).await, condition);
    }
    let types = [
        "uuid[], uuid[], int2[], int4[], int2[], int8[], timestamptz[], timestamptz[], int4[]",
        "timestamptz[], text[], text[], text[], text[], timestamptz[], int4[], text[], text[]",
        "bool[], timestamptz[], text[], timestamptz[], text[]",
    ];
    let save = include_str!("../../src/store/sql/save_attempts.sql");
    let plan = kept_plan(&database.store, &types.join(", "), save, &nothing).await;
    looks_up_by(&plan, "attempt = given.attempt");
    assert!(plan.contains("TID Cond: (ctid = stands.place)"), "{plan}");
}
