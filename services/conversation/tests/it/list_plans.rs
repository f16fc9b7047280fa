//! The plans of lists and of search, as the service's own role, on full tables: each order and
//! each filter that has an index walks along it, from its place.

use conversation::domain::Policy;
use kit_store::{Row as _, Scope, Transaction};
use uuid::Uuid;

use crate::desk::Desk;
use crate::feed::Feed;

async fn explain(transaction: &Transaction, sql: String) -> String {
    let sql: &'static str = Box::leak(sql.into());
    let rows = transaction.rows(sql, Vec::new()).await.expect("explains");
    let lines: Vec<String> =
        rows.iter().map(|row| row.get("QUERY PLAN").expect("a line")).collect();
    lines.join("\n")
}

/// Thirty thousand conversations: a hundredth owned by one member, a half of the rest by nobody.
async fn fill(desk: &Desk, organization: Uuid, member: Uuid) {
    desk.database
        .database
        .execute(&format!(
            "INSERT INTO conversation.conversation SELECT '{organization}', gen_random_uuid(), \
             gen_random_uuid(), gen_random_uuid(), 1, 1, 1, 1 + g % 3, false, NULL, NULL, now(), \
             CASE WHEN g % 3 = 2 THEN now() - g * interval '1 second' END, NULL, 0, 1, 2, 1, 0, \
             CASE WHEN g % 3 = 0 THEN now() - g * interval '1 second' END, NULL, \
             gen_random_uuid(), now() - g * interval '1 second', '1', 1, 1, '{{}}' \
             FROM generate_series(1, 30000) AS g; \
             UPDATE conversation.conversation SET owner_member_id = CASE \
             WHEN random() < 0.01 THEN '{member}'::uuid \
             WHEN random() < 0.5 THEN gen_random_uuid() END WHERE state <> 3; \
             INSERT INTO conversation.draft SELECT '{organization}', '{member}', conversation_id, \
             1, 'text', NULL, NULL, NULL, false, now(), 1 FROM conversation.conversation LIMIT 30; \
             ANALYZE conversation.conversation, conversation.draft"
        ))
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_order_and_every_filter_with_an_index_is_walked_along_it() {
    let desk = Desk::new(Policy::default()).await;
    let organization = Feed::new().organization;
    let member = Uuid::from_u128(7);
    fill(&desk, organization.uuid(), member).await;
    let scope = Scope::from(organization);
    let transaction = desk.database.store.begin(&scope).await.expect("begins");
    let (any, nobody, own) = (
        "AND $8::uuid IS NULL",
        "AND $8::uuid IS NULL AND c.owner_member_id IS NULL",
        "AND c.owner_member_id = $8::uuid",
    );
    let new = "c.state = 1 AND $9::timestamptz IS NULL";
    let pending = "c.state = 2 AND $9::timestamptz IS NULL";
    let all = "c.state IN (1, 2) AND $9::timestamptz IS NULL";
    let resolved = "c.state = 3 AND c.resolved_at >= $9::timestamptz";
    for (state, key, after, order, owner, index) in [
        (new, "waiting_since", ">", "ASC", any, "conversation_new"),
        (new, "last_activity_at", "<", "DESC", any, "conversation_new_activity"),
        (new, "last_activity_at", ">", "ASC", any, "conversation_new_activity"),
        (new, "waiting_since", ">", "ASC", nobody, "conversation_new_unowned"),
        (pending, "last_activity_at", "<", "DESC", any, "conversation_pending"),
        (all, "last_activity_at", "<", "DESC", any, "conversation_all"),
        (all, "last_activity_at", "<", "DESC", own, "conversation_owned"),
        (pending, "last_activity_at", ">", "ASC", own, "conversation_owned"),
        (new, "waiting_since", ">", "ASC", own, "conversation_owned"),
        (resolved, "resolved_at", "<", "DESC", any, "conversation_resolved"),
    ] {
        let sql = include_str!("../../src/store/sql/list.sql")
            .replace("{state}", state)
            .replace("{key}", key)
            .replace("{after}", after)
            .replace("{order}", order)
            .replace("{owner}", owner)
            .replace("{drafts}", "AND $10::uuid IS NULL");
        let types = "uuid, timestamptz, uuid, int8, uuid[], uuid[], int2, uuid, timestamptz, uuid";
        let shown = include_str!("../../src/store/sql/index.sql");
        for sql in [
            "SET LOCAL plan_cache_mode = force_generic_plan".to_owned(),
            format!("PREPARE listed ({types}) AS {sql}{shown}"),
        ] {
            let sql: &'static str = Box::leak(sql.into());
            transaction.run(sql, Vec::new()).await.expect("set");
        }
        let nil = Uuid::nil();
        let plan = explain(
            &transaction,
            format!(
                "EXPLAIN EXECUTE listed ('{organization}', now(), '{nil}', 50, NULL, '{{}}', NULL, \
                 '{member}', now(), NULL)",
                organization = organization.uuid()
            ),
        )
        .await;
        transaction.run("DEALLOCATE listed", Vec::new()).await.expect("forgotten");
        let walks = |line: &str| {
            line.contains(&format!("using {index} on conversation c"))
                || line.contains(&format!("Bitmap Index Scan on {index}"))
        };
        assert!(plan.lines().any(walks), "{key} {order} {owner}: {plan}");
        assert!(!plan.contains("Seq Scan"), "{plan}");
        // What a member owns is few: those may be put in another order.
        let sorts = plan.contains("Sort Key: c.");
        assert!(!sorts || (index == "conversation_owned" && key == "waiting_since"), "{plan}");
        let condition = plan
            .lines()
            .find(|line| line.contains("Index Cond") && line.contains("organization_id = $1"));
        assert!(condition.is_some(), "the organization leads: {plan}");
    }
    transaction.rollback().await.expect("rolls back");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rare_word_is_found_by_the_index_of_words_and_a_common_one_along_time() {
    let desk = Desk::new(Policy::default()).await;
    let feed = Feed::new();
    desk.apply(&[feed.private("anna", "seed", 0)]).await;
    desk.database
        .database
        .execute(
            "INSERT INTO conversation.message (organization_id, message_id, conversation_id, \
             identity_id, network, scope, external_id, sequence, rev, item_id, direction, kind, \
             history, channel_ids, network_time, body, version, version_time, edited, deleted, \
             attachments, permalink, reactions) \
             SELECT m.organization_id, gen_random_uuid(), m.conversation_id, m.identity_id, \
             m.network, m.scope, 'x' || n, 10 + n, 1, m.item_id, 1, 1, true, m.channel_ids, \
             now() - n * interval '10 minutes', md5(n::text) || ' common ' || md5((n + 1)::text), \
             0, now(), false, false, '[]', '', '[]' \
             FROM conversation.message AS m, generate_series(1, 40000) AS n \
             WHERE m.external_id = 'seed'; ANALYZE conversation.message",
        )
        .await;
    // As the functions ask, and as their owner sees: past row-level security.
    let organization = feed.organization.uuid();
    let newest = |pattern: &str| {
        format!(
            "EXPLAIN SELECT m.message_id FROM (SELECT n.message_id, n.network_time, n.folded \
             FROM conversation.message AS n WHERE n.organization_id = '{organization}' \
             AND (n.network_time, n.message_id) < (now(), \
             'ffffffff-ffff-ffff-ffff-ffffffffffff') \
             ORDER BY n.network_time DESC, n.message_id DESC LIMIT 3000) AS m \
             WHERE m.folded LIKE '{pattern}' \
             ORDER BY m.network_time DESC, m.message_id DESC LIMIT 20"
        )
    };
    let month = |pattern: &str| {
        format!(
            "EXPLAIN SELECT m.message_id FROM conversation.message AS m \
             WHERE m.organization_id = '{organization}' AND m.month = (SELECT max(month) - 1 \
             FROM conversation.message) \
             AND (m.network_time, m.message_id) < (now(), \
             'ffffffff-ffff-ffff-ffff-ffffffffffff') AND m.folded LIKE '{pattern}' \
             ORDER BY m.network_time DESC, m.message_id DESC LIMIT 20"
        )
    };
    for (sql, index) in [
        (newest("%0badc0de%"), "Index Scan Backward using message_recent"),
        (newest("%common%"), "Index Scan Backward using message_recent"),
        (month("%0badc0de%"), "Bitmap Index Scan on message_words"),
    ] {
        let plan = desk.database.database.texts(&sql).await.join("\n");
        assert!(plan.contains(index), "{plan}");
        assert!(!plan.contains("Seq Scan on message m"), "{plan}");
    }
}
