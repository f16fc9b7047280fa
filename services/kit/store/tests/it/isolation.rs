use kit_store::{OrFault as _, Scope, statement};
use kit_values::{Class, mint_uuid};
use sea_orm::ConnectionTrait as _;

use crate::harness::{database, execute, organization, run, scalar};

const INSERT: &str = "INSERT INTO parcel (organization_id, id) VALUES ($1, $2)";
const COUNT: &str = "SELECT count(*) FROM parcel";

#[tokio::test]
async fn rows_of_another_organization_do_not_exist_even_without_a_predicate() {
    let database = database().await;
    let (ours, theirs) = (organization(1), organization(2));
    for owner in [ours, theirs] {
        let values = vec![owner.uuid().into(), mint_uuid().into()];
        run(&database.store, &owner.into(), INSERT, values).await.expect("inserted");
    }
    let count = async |scope: Scope| scalar::<i64>(&database.store, &scope, COUNT).await;
    assert_eq!(count(ours.into()).await.expect("counted"), 1);
    assert_eq!(count(theirs.into()).await.expect("counted"), 1);
    assert_eq!(count(Scope::from_iter([ours, theirs])).await.expect("counted"), 2);
    assert_eq!(count(Scope::Unscoped).await.expect("counted"), 0);
    assert_eq!(count(Scope::from_iter([])).await.expect("counted"), 0);
    assert_eq!(count(organization(3).into()).await.expect("counted"), 0);

    let touch = "UPDATE parcel SET label = 'x'";
    assert_eq!(run(&database.store, &ours.into(), touch, vec![]).await.expect("ran"), 1);
    let delete = "DELETE FROM parcel";
    assert_eq!(run(&database.store, &Scope::Unscoped, delete, vec![]).await.expect("ran"), 0);
    assert_eq!(run(&database.store, &theirs.into(), delete, vec![]).await.expect("ran"), 1);
    assert_eq!(count(ours.into()).await.expect("counted"), 1);
}

#[tokio::test]
async fn a_row_of_another_organization_cannot_be_written() {
    let database = database().await;
    let (ours, theirs) = (organization(1), organization(2));
    for scope in [ours.into(), Scope::Unscoped] {
        let values = vec![theirs.uuid().into(), mint_uuid().into()];
        let fault = run(&database.store, &scope, INSERT, values).await.expect_err("refused");
        assert_eq!(kit_store::sql_state(&fault).as_deref(), Some("42501"));
        assert_eq!(fault.class(), Class::Internal);
    }
    let values = vec![ours.uuid().into(), mint_uuid().into()];
    run(&database.store, &ours.into(), INSERT, values).await.expect("inserted");
    let give_away = "UPDATE parcel SET organization_id = $1";
    run(&database.store, &ours.into(), give_away, vec![theirs.uuid().into()])
        .await
        .expect_err("refused");
}

#[tokio::test]
async fn a_scope_ends_with_its_transaction() {
    let database = database().await;
    let ours = organization(1);
    let values = vec![ours.uuid().into(), mint_uuid().into()];
    run(&database.store, &ours.into(), INSERT, values).await.expect("inserted");
    // The same pooled connection, whichever way the scoped transaction ended.
    for committed in [true, false] {
        let scoped = database.store.begin(&ours.into()).await.expect("begun");
        execute(&scoped, "UPDATE parcel SET label = 'seen'", vec![]).await.expect("ran");
        if committed {
            scoped.commit().await.expect("ended");
        } else {
            drop(scoped);
        }
        let count = scalar::<i64>(&database.store, &Scope::Unscoped, COUNT).await;
        assert_eq!(count.expect("counted"), 0);
    }
}

#[tokio::test]
async fn a_rescoped_transaction_sees_the_new_scope_alone() {
    let database = database().await;
    let (ours, theirs) = (organization(1), organization(2));
    let transaction = database.store.begin(&ours.into()).await.expect("begun");
    execute(&transaction, INSERT, vec![ours.uuid().into(), mint_uuid().into()])
        .await
        .expect("inserted");
    transaction.rescope(&theirs.into()).await.expect("rescoped");
    let row = transaction.query_one_raw(statement(COUNT, vec![])).await.or_fault().expect("ran");
    assert_eq!(row.expect("a row").try_get_by_index::<i64>(0).expect("a number"), 0);
}

#[tokio::test]
async fn even_the_owner_of_the_table_sees_its_scope_alone() {
    let database = database().await;
    let (ours, theirs) = (organization(1), organization(2));
    for owner in [ours, theirs] {
        let values = vec![owner.uuid().into(), mint_uuid().into()];
        run(&database.store, &owner.into(), INSERT, values).await.expect("inserted");
    }
    for (scope, seen) in [(ours.into(), 1), (Scope::Unscoped, 0)] {
        let transaction = database.admin.begin(&scope).await.expect("begun");
        let become_owner = "SET LOCAL ROLE guichet_probe_owner";
        execute(&transaction, become_owner, vec![]).await.expect("the administrator may");
        let sql = "SELECT count(*) FROM probe.parcel";
        let row = transaction.query_one_raw(statement(sql, vec![])).await.expect("ran");
        assert_eq!(row.expect("a row").try_get_by_index::<i64>(0).expect("a number"), seen);
    }
}

#[tokio::test]
async fn the_services_roles_own_nothing_and_have_no_way_around() {
    let database = database().await;
    let powerful = "SELECT count(*) FROM pg_roles WHERE rolname IN ('guichet_probe', \
                    'guichet_probe_relay', 'guichet_probe_owner') AND (rolsuper OR rolbypassrls \
                    OR rolcreaterole OR rolcreatedb)";
    assert_eq!(
        scalar::<i64>(&database.admin, &Scope::Unscoped, powerful).await.expect("counted"),
        0
    );
    let owned = "SELECT count(*) FROM pg_class WHERE relowner IN \
                 ('guichet_probe'::regrole, 'guichet_probe_relay'::regrole)";
    assert_eq!(scalar::<i64>(&database.admin, &Scope::Unscoped, owned).await.expect("counted"), 0);
    let members = "SELECT count(*) FROM pg_auth_members WHERE member IN \
                   ('guichet_probe'::regrole, 'guichet_probe_relay'::regrole)";
    assert_eq!(
        scalar::<i64>(&database.admin, &Scope::Unscoped, members).await.expect("counted"),
        0
    );
}
