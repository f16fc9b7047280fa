//! I7 in the database: with the code's own predicate switched off, row-level security alone still
//! shows no foreign row, to any service, in any table, through any query.

use std::collections::BTreeMap;
use std::path::Path;

use kit_values::OrganizationId;
use sea_orm::{
    ConnectionTrait as _, Database, DatabaseConnection, DbBackend, Statement,
    TransactionTrait as _, Value,
};

use crate::browser::Browser;
use crate::world::{PATIENCE, Secrets, World};

/// Services that keep rows of organizations.
const SERVICES: [&str; 8] = [
    "conversation",
    "delivery",
    "directory",
    "gateway",
    "ingest",
    "link_shortener",
    "notification",
    "routing",
];

/// The rows of one statement as JSON, as a service's own role sees them with `scope` declared as
/// its transactions do.
async fn seen(
    role: &DatabaseConnection,
    scope: Option<OrganizationId>,
    sql: &str,
    values: Vec<Value>,
) -> Vec<String> {
    let transaction = role.begin().await.expect("begins");
    if let Some(organization) = scope {
        let set = format!("SET LOCAL guichet.organizations = '{{{}}}'", organization.uuid());
        transaction.execute_unprepared(&set).await.expect("declared");
    }
    // A statement that locks rows cannot stand in another.
    let sql = sql.replace("FOR UPDATE OF item", "");
    let wrapped = format!("SELECT to_jsonb(seen)::text FROM ({sql}) AS seen");
    let statement = Statement::from_sql_and_values(DbBackend::Postgres, &wrapped, values);
    let rows = transaction.query_all_raw(statement).await;
    let rows = rows.unwrap_or_else(|error| panic!("{sql}: {error}"));
    transaction.rollback().await.expect("ends");
    rows.iter().map(|row| row.try_get_by_index(0).expect("text")).collect()
}

/// A service's own statement, without its predicate: what it compares with `$1` it compares with
/// itself.
fn without_predicate(service: &str, files: &[&str]) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../services").join(service);
    let text: String = files
        .iter()
        .map(|file| {
            let path = folder.join("src/store/sql").join(file);
            std::fs::read_to_string(&path)
                .unwrap_or_else(|error| panic!("{}: {error}", path.display()))
        })
        .collect();
    let off = text
        .replace("organization_id = ANY ($1::uuid[])", "$1::uuid[] IS NOT NULL")
        .replace("c.organization_id = $1", "$1::uuid IS NOT NULL")
        .replace("m.organization_id = $1", "$1::uuid IS NOT NULL")
        .replace("organization_id = $1", "$1::uuid IS NOT NULL");
    assert_ne!(off, text, "{files:?} has no predicate to switch off");
    off
}

fn uuids(values: &[String]) -> Value {
    let values = values
        .iter()
        .map(|text| Value::from(text.parse::<sea_orm::prelude::Uuid>().expect("a UUID")));
    Value::Array(sea_orm::sea_query::ArrayType::Uuid, Some(Box::new(values.collect())))
}

#[tokio::test(flavor = "multi_thread")]
async fn without_the_codes_own_predicate_row_level_security_still_shows_no_foreign_row() {
    let world = World::start(&Secrets::with("rows"), &[]).await;
    let both = [&world.demo, &world.second];
    for (base, tenant) in [(40, both[0]), (50, both[1])] {
        for number in base..base + 3 {
            let text = format!("a row of {}", tenant.organization);
            assert_eq!(world.mention(tenant, number, &text).await, 200);
        }
        let browser = Browser::sign_in(&world.gateway(), &tenant.login, &tenant.password).await;
        kit_testkit::eventually(PATIENCE, "three conversations are listed", async || {
            browser.conversations("new").await.len() >= 3
        })
        .await;
    }
    let mut roles = BTreeMap::new();
    for service in SERVICES {
        let mut options =
            sea_orm::ConnectOptions::new(world.setting(&[service, "database", "url"]));
        options.max_connections(1).sqlx_logging(false);
        roles.insert(service, Database::connect(options).await.expect("its own role"));
    }
    tables(&world, &roles).await;
    for (own, other) in [(both[0], both[1]), (both[1], both[0])] {
        queries(&world, &roles, own.organization, other.organization).await;
    }
}

/// Every isolated table, as its service's role.
async fn tables(world: &World, roles: &BTreeMap<&str, DatabaseConnection>) {
    let organizations = [world.demo.organization, world.second.organization];
    let isolated = "SELECT schemaname || '.' || tablename FROM pg_policies ORDER BY 1";
    let isolated = world.texts(isolated).await;
    let mut with_rows_of_both = 0;
    for table in &isolated {
        let service = table.split('.').next().expect("schema.table");
        let role = &roles[service];
        let all = format!("SELECT organization_id FROM {table}");
        assert_eq!(seen(role, None, &all, vec![]).await.len(), 0, "{table} without a scope");
        let mut rows = Vec::new();
        for organization in organizations {
            let shown = seen(role, Some(organization), &all, vec![]).await;
            let mark = organization.uuid().to_string();
            assert!(shown.iter().all(|row| row.contains(&mark)), "{table} shows a foreign row");
            let of = format!("SELECT count(*) FROM {table} WHERE organization_id = '{mark}'");
            // Everything of its own, so that the emptiness above means something. The playground
            // goes on writing to the first one meanwhile.
            let stored = usize::try_from(world.number(&of).await).expect("a number");
            assert!(shown.len() <= stored, "{table}");
            assert!(stored == 0 || !shown.is_empty(), "{table} hides rows");
            rows.push(shown.len());
        }
        with_rows_of_both += usize::from(rows.iter().all(|rows| *rows > 0));
        // Nor does it take a row of an organization that was not declared.
        let transaction = role.begin().await.expect("begins");
        let steal = format!("UPDATE {table} SET organization_id = organization_id");
        match transaction.execute_unprepared(&steal).await {
            Ok(done) => {
                assert_eq!(done.rows_affected(), 0, "{table} was changed without a scope");
            }
            // To what is only ever added to, nobody may.
            Err(refused) => {
                assert!(refused.to_string().contains("permission denied"), "{table}: {refused}");
            }
        }
        transaction.rollback().await.expect("ends");
    }
    println!("figure: {} isolated tables, {with_rows_of_both} with rows of both", isolated.len());
    assert!(with_rows_of_both >= 8, "too little was stored to see anything");
}

/// A page of messages, without the predicate.
fn page_of(conversation: &str, before: &str) -> String {
    without_predicate("conversation", &["messages_page.sql", "message_row.sql"])
        .replace("$2", &format!("'{conversation}'::uuid"))
        .replace("$3::timestamptz", &format!("'{before}'::timestamptz"))
        .replace("$4::integer", "1000")
        .replace("$5::text", "'~'")
        .replace("$6", "1000")
}

/// A conversation's whole history, without the predicate.
fn history_of(conversation: &str) -> String {
    without_predicate("conversation", &["history.sql"])
        .replace("$2", &format!("'{conversation}'::uuid"))
        .replace("$3", "1000")
        .replace("$4", "9223372036854775807")
        .replace("$5", "true")
}

/// The queries behind lists, pages and lookups, each without its predicate, as `own`, asked for
/// what is the other's.
async fn queries(
    world: &World,
    roles: &BTreeMap<&str, DatabaseConnection>,
    own: OrganizationId,
    other: OrganizationId,
) {
    let ids = async |column: &str, table: &str, of: OrganizationId| {
        let sql = format!(
            "SELECT {column}::text FROM {table} WHERE organization_id = '{}' LIMIT 20",
            of.uuid()
        );
        world.texts(&sql).await
    };
    let foreign_conversations = ids("conversation_id", "conversation.conversation", other).await;
    let foreign_messages = ids("message_id", "conversation.message", other).await;
    let own_conversations = ids("conversation_id", "conversation.conversation", own).await;
    let marks: Vec<String> = foreign_conversations
        .iter()
        .chain(&foreign_messages)
        .cloned()
        .chain([other.uuid().to_string()])
        .collect();
    let unseen = |what: &str, rows: &[String]| {
        for row in rows {
            assert!(!marks.iter().any(|mark| row.contains(mark)), "{what} shows {row}");
        }
    };
    let conversation = &roles["conversation"];
    let (early, late) = ("0001-01-01 00:00:00+00", "9999-12-31 00:00:00+00");
    let (lowest, highest) = ("0".repeat(32), "f".repeat(32));
    for (queue, key, after, order, state) in [
        ("new", "waiting_since", ">", "ASC", "c.state = 1"),
        ("pending", "last_activity_at", "<", "DESC", "c.state = 2"),
        ("all", "last_activity_at", "<", "DESC", "c.state IN (1, 2)"),
        ("resolved", "resolved_at", "<", "DESC", "c.state = 3"),
    ] {
        let (moment, id) = if after == ">" { (early, &lowest) } else { (late, &highest) };
        // The words of a variant of the list, as `store/lists.rs` puts them in.
        let sql = without_predicate("conversation", &["list.sql", "row.sql"])
            .replace("{state}", state)
            .replace("{key}", key)
            .replace("{after}", after)
            .replace("{order}", order)
            .replace("{owner}", "")
            .replace("{drafts}", "")
            .replace("$2::timestamptz", &format!("'{moment}'::timestamptz"))
            .replace("$3::uuid", &format!("'{id}'::uuid"))
            .replace("$4", "1000")
            .replace("$5::uuid[]", "NULL::uuid[]")
            .replace("$6::uuid[]", "'{}'::uuid[]")
            .replace("$7::smallint", "NULL::smallint");
        let rows = seen(conversation, Some(own), &sql, vec![other.uuid().into()]).await;
        unseen(queue, &rows);
        assert!(queue != "new" || rows.len() >= 3, "{queue} shows {} rows", rows.len());
        let rows = seen(conversation, None, &sql, vec![other.uuid().into()]).await;
        assert_eq!(rows.len(), 0, "{queue} without a scope");
    }
    let page = |id: &str| page_of(id, late);
    for (ids, is_own) in [(&own_conversations, true), (&foreign_conversations, false)] {
        for id in ids.iter().take(3) {
            for sql in [page(id), history_of(id)] {
                let rows = seen(conversation, Some(own), &sql, vec![other.uuid().into()]).await;
                assert_eq!(!rows.is_empty(), is_own, "{sql}");
            }
        }
    }
    // Without row-level security the same statement does show it.
    let sql = page(&foreign_conversations[0]);
    let unbound = world.database.begin().await.expect("begins");
    unbound.execute_unprepared("SET LOCAL search_path = conversation").await.expect("set");
    let values: Vec<Value> = vec![own.uuid().into()];
    let statement = Statement::from_sql_and_values(DbBackend::Postgres, &sql, values);
    assert!(!unbound.query_all_raw(statement).await.expect("runs").is_empty(), "nothing to hide");
    unbound.rollback().await.expect("ends");
    // These have no predicate but the key that they are given: they are given the other's.
    for (files, ids) in [
        (["list_ids.sql", "row.sql"], &foreign_conversations),
        (["messages_ids.sql", "message_row.sql"], &foreign_messages),
    ] {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../services/conversation");
        let text = files.map(|file| {
            std::fs::read_to_string(folder.join("src/store/sql").join(file)).expect("a file")
        });
        let values = || vec![other.uuid().into(), uuids(ids)];
        let rows = seen(conversation, Some(own), &text.concat(), values()).await;
        assert_eq!(rows.len(), 0, "{files:?}");
        let rows = seen(conversation, Some(other), &text.concat(), values()).await;
        assert_eq!(rows.len(), ids.len(), "{files:?} of its own");
    }
    let channels = without_predicate("directory", &["channels_of.sql"]);
    let rows =
        seen(&roles["directory"], Some(own), &channels, vec![uuids(&[other.uuid().to_string()])])
            .await;
    unseen("channels_of.sql", &rows);
    assert!(!rows.is_empty(), "channels_of.sql shows nothing");
}
