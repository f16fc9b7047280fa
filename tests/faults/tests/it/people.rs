//! `kill -9` of the services that assign, send and notify, each in turn, while customers write
//! and agents answer: nobody is forgotten, and nothing is sent twice.

use std::sync::Arc;
use std::time::Duration;

use faults::agent::Agent;
use faults::installation::Plan;
use faults::replies::Written;
use serde_json::{Value, json};

use crate::desk::{Case, Desk, Way};
use crate::run::until;

/// Who is killed.
const KILLED: [&str; 4] = ["routing", "delivery", "notification", "conversation"];

#[tokio::test(flavor = "multi_thread")]
async fn who_assigns_sends_and_notifies_may_be_killed_in_turn() {
    let environment = &[
        ("GUICHET__routing__default_capacity", "500"),
        // A reply that was on its way at the kill has its end after seconds, not after a minute.
        ("GUICHET__delivery__sending__timeout_ms", "2000"),
        ("GUICHET__delivery__sending__lease_ms", "5000"),
    ];
    let mut desk = Desk::start(&Plan { environment, ..Plan::default() }).await;
    desk.playground.faults(&json!({ "limits": "off" })).await;
    for agent in &desk.agents {
        agent.available().await;
    }
    let mut cases: Vec<Case> = desk.cases(&Way::ALL, 1).await;
    let mut owners: Vec<Arc<Agent>> = desk.handed_out(&cases).await;
    let mut written: Vec<Written> = Vec::new();
    for service in KILLED {
        // Work that the killed one has half done: replies, and customers who are new.
        written.extend(desk.answer(&cases, &owners, written.len(), 2 * cases.len()).await);
        let mut customers = Vec::new();
        for way in Way::ALL {
            customers.push((way, desk.writes(way).await));
        }
        desk.installation.kill(service);
        tokio::time::sleep(Duration::from_millis(700)).await;
        desk.installation.start_service(service);
        desk.installation.wait_until_open().await;
        for (way, (number, customer, account)) in customers {
            let conversation = desk.conversation(number).await;
            let occasion = desk.agents[0].occasion(&conversation, way.answer()).await;
            cases.push(Case { way, customer, account, occasion });
        }
        owners = desk.handed_out(&cases).await;
        println!("figure: after the kill of {service} all {} are handed out", cases.len());
    }
    written.extend(desk.answer(&cases, &owners, written.len(), cases.len()).await);
    let wrong = desk.come_to_rest(&cases, &written, Duration::from_mins(1)).await;
    assert!(wrong.is_empty(), "{wrong:#?}");

    // Customers answer: back to New, with the same agent, who is told.
    for case in &cases {
        let Case { way, customer, account, .. } = case;
        desk.writes_again(*way, customer, account, "And one more thing.").await;
    }
    for (case, owner) in cases.iter().zip(&owners) {
        let conversation = &case.occasion.conversation;
        until("the customer's answer is New", async || {
            owner.get(&format!("/conversations/{conversation}")).await["state"] == "new"
        })
        .await;
        let row = owner.get(&format!("/conversations/{conversation}")).await;
        assert_eq!(row["owner"]["member_id"], owner.member.as_str(), "{row}");
        until("the owner is told", async || {
            let told = owner.get("/notifications").await;
            let told = told["notifications"].as_array().cloned().unwrap_or_default();
            let is_it = |one: &Value| {
                one["conversation_id"] == conversation.as_str()
                    && one["kind"] == "customer_answered"
            };
            told.iter().any(is_it)
        })
        .await;
    }
    assert_eq!(desk.installation.parked().await, 0, "something was parked");
}
