use kit_store::{Migrations, Scope, ServiceSchema, Store, migrate, provision};
use kit_values::{Class, Secret};

use crate::harness::{database, empty, migrations, run, scalar, service};

#[tokio::test]
async fn provisioning_and_migrating_again_and_at_once_changes_nothing() {
    let database = empty().await;
    let (admin, service) = (database.admin_url(), service("probe"));
    let once = async || {
        provision(admin, std::slice::from_ref(&service)).await.expect("provisioned");
        migrate(admin, &service, &migrations()).await.expect("migrated");
    };
    tokio::join!(once(), once(), once());
    once().await;
    let applied =
        database.texts("SELECT version::text FROM probe.migration ORDER BY version").await;
    assert_eq!(applied, ["0001_parcel", "kit_0001_kit", "kit_0002_put_aside", "kit_0003_audit"]);
}

#[tokio::test]
async fn a_schema_that_was_never_migrated_is_told_from_one_that_was() {
    let database = empty().await;
    provision(database.admin_url(), &[service("probe")]).await.expect("provisioned");
    let store = Store::connect(&database.settings("probe")).await.expect("connects");
    let fault = migrations().check(&store).await.expect_err("never migrated");
    assert_eq!(fault.code(), "not_migrated");
}

#[tokio::test]
async fn each_schema_keeps_its_own_books_and_is_closed_to_the_other_service() {
    let kit = Migrations::new();
    let with_parcels = migrations();
    let database =
        kit_testkit::Database::create(&[("probe", &with_parcels), ("other_probe", &kit)]).await;
    let files =
        async |schema| database.number(&format!("SELECT count(*) FROM {schema}.migration")).await;
    assert_eq!((files("probe").await, files("other_probe").await), (4, 3));
    let store = Store::connect(&database.settings("other_probe")).await.expect("connects");
    let theirs = "SELECT count(*) FROM probe.parcel";
    let fault = scalar::<i64>(&store, &Scope::Unscoped, theirs).await.expect_err("not theirs");
    assert_eq!(kit_store::sql_state(&fault).as_deref(), Some("42501"));
}

#[tokio::test]
async fn a_file_that_fails_leaves_nothing_of_itself() {
    let database = database().await;
    let broken = migrations().add("0002_broken", "CREATE TABLE half (id int); SELECT 1 / 0;");
    let fault = migrate(database.database.admin_url(), &service("probe"), &broken)
        .await
        .expect_err("fails");
    assert_eq!(fault.class(), Class::Internal);
    migrations().check(&database.store).await.expect("the schema has seen these");
    let unseen = broken.check(&database.store).await.expect_err("but not this one");
    assert_eq!(unseen.class(), Class::Rejected);
    assert!(unseen.sentence().contains("0002_broken"), "{unseen}");
    let half = "SELECT count(*) FROM pg_tables WHERE tablename = 'half'";
    assert_eq!(scalar::<i64>(&database.admin, &Scope::Unscoped, half).await.expect("counted"), 0);
    let repaired = migrations().add("0002_broken", "CREATE TABLE half (id int);");
    migrate(database.database.admin_url(), &service("probe"), &repaired).await.expect("migrated");
    assert_eq!(scalar::<i64>(&database.admin, &Scope::Unscoped, half).await.expect("counted"), 1);
}

#[tokio::test]
async fn a_file_that_cannot_run_in_a_transaction_runs_outside_one() {
    let database = database().await;
    let index = "CREATE INDEX CONCURRENTLY IF NOT EXISTS parcel_label ON parcel (label)";
    let more = migrations().add_outside_transaction("0002_label", index);
    migrate(database.database.admin_url(), &service("probe"), &more).await.expect("migrated");
    let found = "SELECT count(*) FROM pg_indexes WHERE indexname = 'parcel_label'";
    assert_eq!(scalar::<i64>(&database.store, &Scope::Unscoped, found).await.expect("counted"), 1);
}

#[tokio::test]
async fn a_table_in_use_is_waited_for_three_seconds_at_a_time() {
    let database = database().await;
    let user = database.store.begin(&Scope::Unscoped).await.expect("begun");
    crate::harness::execute(&user, "SELECT FROM parcel", vec![]).await.expect("ran");
    let more = migrations().add("0002_more", "ALTER TABLE parcel ADD COLUMN more text");
    let release = async {
        tokio::time::sleep(std::time::Duration::from_millis(3_600)).await;
        user.commit().await.expect("committed");
    };
    let service = service("probe");
    let migrating = migrate(database.database.admin_url(), &service, &more);
    let (migrated, ()) = tokio::join!(migrating, release);
    migrated.expect("the second try");
}

#[tokio::test]
async fn roles_log_in_with_their_own_passwords() {
    let database = empty().await;
    let secretive = |password: Option<&str>| {
        let password = password.map(|password| Secret::new(password.to_owned()));
        ServiceSchema::new("secretive", password, None).expect("a name")
    };
    let kept = "SELECT (rolpassword LIKE 'SCRAM-SHA-256$%')::int::bigint FROM pg_authid \
                WHERE rolname = 'guichet_secretive'";
    let first = secretive(Some("it's; a \"password\""));
    provision(database.admin_url(), &[first]).await.expect("provisioned");
    assert_eq!(database.number(kept).await, 1);
    let open = "SELECT count(*) FROM pg_authid WHERE rolname = 'guichet_secretive_relay' \
                AND rolpassword IS NULL";
    assert_eq!(database.number(open).await, 1);
}

#[tokio::test]
async fn the_service_only_adds_to_its_outbox_and_the_relay_touches_nothing_else() {
    let database = database().await;
    for sql in [
        "SELECT count(*) FROM outbox",
        "DELETE FROM outbox",
        "SELECT count(*) FROM outbox_pending",
        "UPDATE outbox SET lane = 0",
        "INSERT INTO outbox_floor (incarnation) VALUES (gen_random_uuid())",
        "DELETE FROM migration",
        "SELECT isolate('parcel')",
    ] {
        let fault = run(&database.store, &Scope::Unscoped, sql, vec![]).await.expect_err(sql);
        assert_eq!(kit_store::sql_state(&fault).as_deref(), Some("42501"), "{sql}");
    }
    for sql in [
        "SELECT count(*) FROM parcel",
        "SELECT count(*) FROM inbox",
        "SELECT count(*) FROM waiting",
        "SELECT count(*) FROM parked",
        "SELECT count(*) FROM timer",
        "UPDATE outbox SET lane = 0",
    ] {
        let fault = run(&database.relay, &Scope::Unscoped, sql, vec![]).await.expect_err(sql);
        assert_eq!(kit_store::sql_state(&fault).as_deref(), Some("42501"), "{sql}");
    }
}
