//! I4 and I8 from webhook to workspace: whoever is Available is handed what waits, at once and
//! nobody else is; without Redis assignment pauses, and nothing else happens.

use std::time::{Duration, Instant};

use faults::agent::Agent;
use faults::installation::Plan;
use serde_json::{Value, json};

use crate::desk::{Desk, Way};
use crate::run::until;

/// How many new conversations one agent is handed by default.
const CAPACITY: usize = 5;

/// For how long nothing happens that must not.
const NEVER: Duration = Duration::from_secs(3);

#[tokio::test(flavor = "multi_thread")]
async fn only_who_is_available_is_handed_anything_and_at_once() {
    let mut desk = Desk::start(&Plan::default()).await;
    let (working, resting) = (desk.agents[0].clone(), desk.agents[1].clone());
    working.available().await;
    resting.away().await;
    let mut conversations = Vec::new();
    let mut slowest = Duration::ZERO;
    for number in 0..CAPACITY {
        let (customer, ..) = desk.writes(Way::ALL[number % Way::ALL.len()]).await;
        let conversation = desk.conversation(customer).await;
        let begin = Instant::now();
        until_owned(&working, &conversation, &working.member).await;
        slowest = slowest.max(begin.elapsed());
        conversations.push(conversation);
    }
    println!(
        "figure: handed to the one Available agent {} ms after it was listed",
        slowest.as_millis()
    );
    assert!(slowest < Duration::from_secs(3), "{slowest:?} until it was handed out");
    let why = explanation(&working, &conversations[0]).await;
    assert_eq!(why["member_id"], working.member.as_str(), "{why}");
    let removed = candidate(&why, &resting.member);
    assert_eq!(removed["removed_by"], "away", "{why}");

    // One more than the one agent is handed waits, and it is said why.
    let (customer, ..) = desk.writes(Way::Mention).await;
    let waiting = desk.conversation(customer).await;
    tokio::time::sleep(NEVER).await;
    assert_eq!(owner(&working, &waiting).await, Value::Null);
    let why = explanation(&working, &waiting).await;
    assert_eq!(why["reason"], "all_at_capacity", "{why}");
    assert_eq!(candidate(&why, &working.member)["removed_by"], "at_capacity", "{why}");

    // Whoever becomes Available is handed it.
    resting.available().await;
    until_owned(&working, &waiting, &resting.member).await;
    until("the new owner is told", async || {
        let told = resting.get("/notifications").await;
        told["notifications"].as_array().is_some_and(|all| {
            let is_it = |one: &Value| {
                one["conversation_id"] == waiting.as_str() && one["kind"] == "assigned_to_you"
            };
            all.iter().any(is_it)
        })
    })
    .await;

    // Whoever goes Away hands back, and the other one has no room.
    let handed_back = resting.away().await["handed_back"].as_i64();
    assert_eq!(handed_back, Some(1));
    until("it is nobody's", async || owner(&working, &waiting).await == Value::Null).await;
    tokio::time::sleep(NEVER).await;
    for conversation in &conversations {
        assert_eq!(owner(&working, conversation).await, json!(working.member));
    }
    assert_eq!(owner(&working, &waiting).await, Value::Null, "handed to somebody who is Away");
}

#[tokio::test(flavor = "multi_thread")]
async fn without_redis_assignment_pauses_and_nothing_else() {
    let mut desk = Desk::start(&Plan::default()).await;
    for agent in &desk.agents {
        agent.available().await;
    }
    let cases = desk.cases(&Way::ALL, 1).await;
    let owners = desk.handed_out(&cases).await;
    let agent = desk.agents[0].clone();
    desk.installation.stop_redis().await;
    // Who is there cannot be known any more; before that is noticed, it still is.
    until("nobody knows who is there", async || {
        let team = agent.get("/team").await;
        let members = team["members"].as_array().cloned().unwrap_or_default();
        members.iter().all(|member| member["presence"] == "unknown")
    })
    .await;
    let (customer, ..) = desk.writes(Way::Mention).await;
    let waiting = desk.conversation(customer).await;
    // What is owned stays so, and is answered.
    let written = desk.answer(&cases, &owners, 0, cases.len()).await;
    let wrong = desk.come_to_rest(&cases, &written, Duration::from_secs(30)).await;
    assert!(wrong.is_empty(), "{wrong:#?}");
    tokio::time::sleep(NEVER).await;
    assert_eq!(owner(&agent, &waiting).await, Value::Null, "handed out without Redis");
    let why = explanation(&agent, &waiting).await;
    assert_eq!(why["reason"], "assignment_paused", "{why}");
    for (case, owned_by) in cases.iter().zip(&owners) {
        let now = owner(&agent, &case.occasion.conversation).await;
        assert_eq!(now, json!(owned_by.member), "taken away without Redis");
    }
    desk.installation.start_redis().await;
    let begin = Instant::now();
    until("it is handed out again", async || owner(&agent, &waiting).await != Value::Null).await;
    println!("figure: assignment resumed {} ms after Redis was back", begin.elapsed().as_millis());
    for (case, owned_by) in cases.iter().zip(&owners) {
        let now = owner(&agent, &case.occasion.conversation).await;
        assert_eq!(now, json!(owned_by.member), "taken away after Redis was back");
    }
}

async fn owner(agent: &Agent, conversation: &str) -> Value {
    let row = agent.get(&format!("/conversations/{conversation}")).await;
    row["owner"]["member_id"].clone()
}

async fn until_owned(agent: &Agent, conversation: &str, member: &str) {
    until("it is handed out", async || owner(agent, conversation).await == member).await;
}

/// The newest explanation of a conversation.
async fn explanation(agent: &Agent, conversation: &str) -> Value {
    let all = agent.get(&format!("/conversations/{conversation}/explanations")).await;
    all["explanations"][0].clone()
}

fn candidate(explanation: &Value, member: &str) -> Value {
    let candidates = explanation["candidates"].as_array().cloned().unwrap_or_default();
    candidates.into_iter().find(|one| one["member_id"] == member).unwrap_or_default()
}
