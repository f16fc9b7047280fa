use kit_store::{Migrations, Scope};
use kit_testkit::database;
use kit_values::EventId;

#[tokio::test]
async fn every_test_has_a_database_of_its_own() {
    let migrations = Migrations::new();
    let (first, second) =
        tokio::join!(database("parcel", &migrations), database("parcel", &migrations));
    assert_ne!(first.database.name(), second.database.name());
    let transaction = first.store.begin(&Scope::Unscoped).await.expect("begins");
    kit_store::inbox::admit(&transaction, "reader", &[EventId::mint()]).await.expect("admits");
    transaction.commit().await.expect("commits");
    let count = "SELECT count(*) FROM parcel.inbox";
    assert_eq!(first.database.number(count).await, 1);
    assert_eq!(second.database.number(count).await, 0);
}

#[tokio::test]
async fn the_roles_of_a_test_are_those_of_production() {
    let migrations = Migrations::new();
    let made = database("parcel", &migrations).await;
    let roles = made
        .database
        .texts(
            "SELECT rolname::text FROM pg_roles WHERE rolname LIKE 'guichet_parcel%' \
             AND NOT rolsuper AND NOT rolbypassrls ORDER BY 1",
        )
        .await;
    let kinds = ["", "_definer", "_owner", "_relay"];
    assert_eq!(roles, kinds.map(|kind| format!("guichet_parcel{kind}")));
    made.relay.ping().await.expect("the relay's role logs in");
}
