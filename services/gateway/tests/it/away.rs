//! What supervisors set: reasons for being away. Routing decides; here stands what it is asked and
//! how its answer looks. And what no stream tells: that links are made in another way.

use proto::routing::v1 as routing;
use proto::routing::v1::routing_settings_service_server::RoutingSettingsService;
use reqwest::{Method, StatusCode};
use serde_json::json;
use tonic::{Request, Response, Status};

use crate::peers::{Peers, fresh_id};
use crate::world::World;

#[tonic::async_trait]
impl RoutingSettingsService for Peers {
    async fn add_away_state(
        &self,
        request: Request<routing::AddAwayStateRequest>,
    ) -> Result<Response<routing::AddAwayStateResponse>, Status> {
        let (organization, _) = self.asked(&request)?;
        let mut held = self.held();
        let states = held.away_states.entry(organization).or_default();
        let position = i32::try_from(states.len()).expect("few") + 1;
        states.push(routing::AwayState {
            away_state_id: fresh_id("away"),
            name: request.into_inner().name,
            position,
            archived: false,
            rev: i64::from(position),
        });
        Ok(Response::new(routing::AddAwayStateResponse { away_states: states.clone() }))
    }

    async fn change_away_state(
        &self,
        request: Request<routing::ChangeAwayStateRequest>,
    ) -> Result<Response<routing::ChangeAwayStateResponse>, Status> {
        let (organization, _) = self.asked(&request)?;
        let asked = request.into_inner();
        let mut held = self.held();
        let states = held.away_states.entry(organization).or_default();
        let found = states.iter_mut().find(|state| state.away_state_id == asked.away_state_id);
        let found = found.ok_or_else(|| Status::not_found("away state"))?;
        found.name = asked.name.unwrap_or_else(|| found.name.clone());
        found.archived = asked.archived.unwrap_or(found.archived);
        found.rev = asked.rev + 10;
        Ok(Response::new(routing::ChangeAwayStateResponse { away_states: states.clone() }))
    }

    async fn order_away_states(
        &self,
        request: Request<routing::OrderAwayStatesRequest>,
    ) -> Result<Response<routing::OrderAwayStatesResponse>, Status> {
        let (organization, _) = self.asked(&request)?;
        let ids = request.into_inner().away_state_ids;
        let mut held = self.held();
        let states = held.away_states.entry(organization).or_default();
        for state in states.iter_mut() {
            let place = ids.iter().position(|id| *id == state.away_state_id).expect("named");
            state.position = i32::try_from(place).expect("few") + 1;
        }
        Ok(Response::new(routing::OrderAwayStatesResponse { away_states: states.clone() }))
    }

    async fn list_audit(
        &self,
        request: Request<routing::ListAuditRequest>,
    ) -> Result<Response<routing::ListAuditResponse>, Status> {
        crate::audit::of_routing(self, &request)
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn away_states_are_added_renamed_turned_off_and_ordered() {
    let (world, gateway) = World::with_gateway().await;
    let browser = world.signed_in(&gateway, "amelie").await;
    world.peers.held().away_states.clear();
    let path = "/api/v1/settings/away-states";
    assert_eq!(browser.get_json(path).await, json!({ "away_states": [], "rev": 0 }));
    for name in ["Lunch", "Training"] {
        let added = browser.post(path, &json!({ "name": name })).await;
        assert_eq!(added.status(), StatusCode::CREATED);
    }
    let list = browser.get_json(path).await;
    assert_eq!(list["rev"], 2);
    let id = |place: usize| list["away_states"][place]["id"].as_str().expect("an id").to_owned();
    let (lunch, training) = (id(0), id(1));

    let change = json!({ "name": "Break", "enabled": false, "rev": 1 });
    let list = browser.done(Method::PATCH, &format!("{path}/{lunch}"), &change).await;
    assert_eq!(
        list["away_states"][0],
        json!({ "id": lunch, "name": "Break", "enabled": false, "rev": 11 })
    );
    assert_eq!(list["rev"], 11, "the greatest of the list");
    let order = json!({ "away_state_ids": [training, lunch], "rev": 11 });
    let list = browser.done(Method::PUT, &format!("{path}/order"), &order).await;
    assert_eq!(
        (&list["away_states"][0]["id"], &list["away_states"][1]["id"]),
        (&training.as_str().into(), &lunch.as_str().into())
    );
    // Only what may be chosen is offered to everybody.
    let offered = browser.get_json("/api/v1/away-states").await;
    assert_eq!(offered["away_states"].as_array().map(Vec::len), Some(1));
    assert_eq!(offered["away_states"][0]["name"], "Training");

    for (wrong, status) in [
        (json!({ "rev": 1, "colour": "red" }), StatusCode::UNPROCESSABLE_ENTITY),
        (json!({ "enabled": true }), StatusCode::UNPROCESSABLE_ENTITY),
    ] {
        let answer = browser.send(Method::PATCH, &format!("{path}/{lunch}"), &wrong).await;
        assert_eq!(answer.status(), status, "{wrong}");
    }
    let nobody = browser.send(Method::PATCH, &format!("{path}/away_1"), &json!({ "rev": 1 })).await;
    assert_eq!(nobody.status(), StatusCode::NOT_FOUND);
}

#[tokio::test(flavor = "multi_thread")]
async fn everybody_of_the_organization_hears_at_once_that_links_are_made_in_another_way() {
    let (mut world, first) = World::with_gateway().await;
    let second = world.start(|_| {}).await;
    let admin = world.signed_in(&first, "amelie").await;
    let elsewhere = world.signed_in(&second, "amelie").await;
    let stranger = world.signed_in(&first, "bert").await;
    let (mut socket, _) = elsewhere.socket(&elsewhere.cursor().await, None).await;
    let (mut other, _) = stranger.socket(&stranger.cursor().await, None).await;
    let wanted = json!({ "provider": "built_in", "group": null, "domain": null, "rev": 0 });
    admin.done(Method::PUT, "/api/v1/settings/link-shortening", &wanted).await;
    let told = socket.beside(|frame| frame["k"] == "settings.changed").await;
    assert_eq!(told["d"], json!({ "keys": ["link_shortening"] }));
    let nothing = other.beside(|frame| frame["k"] == "settings.changed");
    let silence = tokio::time::timeout(std::time::Duration::from_millis(500), nothing).await;
    assert!(silence.is_err(), "another organization heard of it");
}
