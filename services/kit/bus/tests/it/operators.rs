//! What operators do with what is parked: each sees its own, and nothing of others' by their ids.

use kit_bus::parked::{self, Replayed};
use kit_store::Scope;
use kit_store::parked::{Parked, Parking, park};
use kit_values::{Class, EventId, Fault, OrganizationId, mint_uuid};
use uuid::Uuid;

use crate::world::World;

/// Parks one for each; gives their ids.
async fn parked_for(world: &World, owners: &[Option<OrganizationId>]) -> Vec<Uuid> {
    let ids: Vec<Uuid> = owners.iter().map(|_| mint_uuid()).collect();
    let parking = ids.iter().zip(owners).map(|(id, owner)| Parking {
        id: *id,
        source: "letters-read".to_owned(),
        event: Some(EventId::mint()),
        organization: *owner,
        subject: "guichet.letters.v1.-.-.letter".to_owned(),
        reason: "failed".to_owned(),
        detail: "It failed.".to_owned(),
        payload: b"hello".to_vec(),
        trace: None,
        replayable: true,
        unknown_to: None,
    });
    let transaction = world.made.store.begin(&Scope::Unscoped).await.expect("begins");
    park(&transaction, parking.collect()).await.expect("parked");
    transaction.commit().await.expect("committed");
    ids
}

#[tokio::test(flavor = "multi_thread")]
async fn who_asks_for_one_organization_finds_nothing_of_another() {
    let world = World::new().await;
    let [ours, theirs, _] = world.organizations;
    let ids = parked_for(&world, &[Some(ours), Some(theirs), None]).await;
    let store = &world.made.store;
    let listed = async |of, after: &str, limit| {
        let found = parked::list(store, of, after, limit).await.expect("listed");
        found.iter().map(|found| found.what.id).collect::<Vec<_>>()
    };
    assert_eq!(listed(None, "", 0).await, ids);
    assert_eq!(listed(None, &ids[0].to_string(), 1).await, ids[1..2]);
    assert_eq!(listed(Some(ours), "", 1_000).await, ids[..1]);

    let shown = async |of, id: &str| {
        parked::show(store, of, id).await.map(|found| found.what.id).map_err(|it| it.class())
    };
    for id in &ids {
        assert_eq!(shown(None, &id.to_string()).await, Ok(*id));
    }
    assert_eq!(shown(Some(ours), &ids[0].to_string()).await, Ok(ids[0]));
    for id in [ids[1].to_string(), ids[2].to_string(), mint_uuid().to_string(), "no id".to_owned()]
    {
        assert_eq!(shown(Some(ours), &id).await, Err(Class::NotFound), "{id}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn each_is_replayed_for_itself_and_says_why_not() {
    let world = World::new().await;
    let [ours, theirs, _] = world.organizations;
    let ids = parked_for(&world, &[Some(ours), Some(theirs), Some(ours)]).await;
    let store = &world.made.store;
    let fails = ids[0];
    let again = |found: Parked| async move {
        assert_ne!(found.what.organization, Some(theirs), "it is handed to nobody");
        if found.what.id == fails {
            Err(Fault::invalid("still_wrong", "it", "No."))
        } else {
            Ok(())
        }
    };
    let asked: Vec<String> = ids.iter().map(Uuid::to_string).collect();
    let results = parked::replay(store, Some(ours), asked.clone(), again).await.expect("answered");
    let outcomes = [Err("still_wrong".to_owned()), Err("not_found".to_owned()), Ok(())];
    let expected = asked.into_iter().zip(outcomes).map(|(id, outcome)| Replayed { id, outcome });
    assert_eq!(results, expected.collect::<Vec<_>>());

    let many = vec![String::new(); 201];
    let fault = parked::replay(store, None, many, again).await.expect_err("too many");
    assert_eq!(fault.code(), "too_many_ids");
}
