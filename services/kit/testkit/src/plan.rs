//! The shape of the plans that a service keeps.

use kit_store::{Row as _, Scope, Store};
use kit_values::OrganizationId;

/// The plan that PostgreSQL keeps for a statement in transactions with kept plans, as the role of
/// `store`: row-level security decides which conditions an index may serve. `types` are those of
/// its parameters, `arguments` are any that it takes.
///
/// A service is started on empty tables, so the plan that it keeps there must be the one that full
/// tables need.
///
/// # Panics
/// When PostgreSQL does not take the statement.
pub async fn kept_plan(store: &Store, types: &str, sql: &str, arguments: &str) -> String {
    let scope = Scope::from(OrganizationId::mint());
    let transaction = store.with_kept_plans().begin(&scope).await.expect("begins");
    let run = async |sql: String| {
        // The kit takes statements of the source tree only; a test ends soon.
        let sql: &'static str = Box::leak(sql.into());
        transaction.rows(sql, Vec::new()).await.expect(sql)
    };
    run(format!("PREPARE looked ({types}) AS {sql}")).await;
    let rows = run(format!("EXPLAIN EXECUTE looked ({arguments})")).await;
    run("DEALLOCATE looked".to_owned()).await;
    transaction.rollback().await.expect("rolls back");
    let lines = rows.iter().map(|row| row.get::<String>("QUERY PLAN").expect("a line"));
    lines.collect::<Vec<_>>().join("\n")
}

/// Asserts that a plan looks everything up along indices, one row after the other, and that one of
/// them is asked by `condition`.
///
/// # Panics
/// When it does not.
pub fn looks_up_by(plan: &str, condition: &str) {
    for other in ["Seq Scan", "Hash Join", "Merge Join"] {
        assert!(!plan.contains(other), "{other}: {plan}");
    }
    let asked = plan.lines().any(|line| line.contains("Index Cond") && line.contains(condition));
    assert!(asked, "{condition}: {plan}");
}
