//! Two agents answer the same conversation at the same moment, each by a gateway of their own:
//! one reply leaves, the other is told, and nothing of it is kept but by who wrote it.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use faults::agent::{Agent, Occasion, text};
use faults::installation::Plan;
use faults::replies::Written;
use reqwest::Method;
use serde_json::{Value, json};
use tokio::task::JoinSet;

use crate::desk::{Desk, Way};

#[tokio::test(flavor = "multi_thread")]
async fn of_two_replies_at_once_one_leaves_and_the_other_is_told() {
    race(300, 3, Duration::from_mins(1)).await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "the whole of it: tests/faults/whole"]
async fn of_twenty_thousand_replies_two_at_once_one_of_each_two_leaves() {
    race(10_000, 20, Duration::from_mins(10)).await;
}

/// What became of the tries in one conversation.
#[derive(Debug, Default)]
struct Outcome {
    written: Vec<Written>,
    /// What was refused, and with which code.
    refused: Vec<(String, String)>,
}

async fn race(tries: usize, each: usize, patience: Duration) {
    let environment = &[("GUICHET__routing__default_capacity", "500")];
    let mut desk = Desk::start(&Plan { environment, ..Plan::default() }).await;
    desk.playground.faults(&json!({ "limits": "off" })).await;
    let cases = desk.cases(&Way::ALL, each).await;
    desk.installation.raise_limits().await;
    let elsewhere = desk.installation.start_second_gateway().await;
    let second = &desk.installation.agents()[1];
    let second = Arc::new(Agent::sign_in(&elsewhere, second).await);
    let first = Arc::clone(&desk.agents[0]);
    assert_ne!(first.member, second.member);
    let mut conversations = JoinSet::new();
    for (place, case) in cases.iter().enumerate() {
        let numbers = (0..tries).filter(|number| number % cases.len() == place).collect();
        let agents = [Arc::clone(&first), Arc::clone(&second)];
        conversations.spawn(answer_both(agents, case.occasion.clone(), numbers));
    }
    let outcomes = conversations.join_all().await;
    let written: Vec<Written> =
        outcomes.iter().flat_map(|outcome| outcome.written.clone()).collect();
    let refused: Vec<(String, String)> =
        outcomes.into_iter().flat_map(|outcome| outcome.refused).collect();
    assert_eq!((written.len(), refused.len()), (tries, tries));
    // A reply that was refused and left all the same would be one that nobody wrote.
    let wrong = desk.come_to_rest(&cases, &written, patience).await;
    assert!(wrong.is_empty(), "{wrong:#?}");
    for case in &cases {
        for line in desk.lines(&case.occasion.conversation).await {
            let kept = refused.iter().find(|(words, _)| line.words.contains(words));
            assert!(kept.is_none(), "refused and kept: {line:?}");
        }
    }
    let mut codes: BTreeMap<&str, usize> = BTreeMap::new();
    for (_, code) in &refused {
        *codes.entry(code).or_default() += 1;
    }
    println!("figure: {tries} tries over two gateways: {} left, told {codes:?}", written.len());
}

async fn answer_both(
    agents: [Arc<Agent>; 2],
    mut occasion: Occasion,
    numbers: Vec<usize>,
) -> Outcome {
    let mut outcome = Outcome::default();
    for number in numbers {
        // The lock decides in every fourth try, who was first in the others.
        let fences = if number % 4 == 3 { locks(&agents, &occasion).await } else { [0, 0] };
        let words = [0, 1].map(|side| format!("Answer {number:05} of side {side}."));
        let keys = [0, 1].map(|side| format!("race-{number}-{side}"));
        let (one, other) = tokio::join!(
            until_heard(|| agents[0].reply(&occasion, &keys[0], &words[0], fences[0])),
            until_heard(|| agents[1].reply(&occasion, &keys[1], &words[1], fences[1])),
        );
        let answers = [one, other];
        for ((status, document), words) in answers.into_iter().zip(words) {
            match status {
                201 => {
                    let message = &document["message"];
                    let sequence = message["sequence"].as_i64().expect("a number");
                    occasion.seen_through = occasion.seen_through.max(sequence);
                    outcome.written.push(Written {
                        message: text(&message["id"]),
                        conversation: occasion.conversation.clone(),
                        words,
                    });
                }
                409 => outcome.refused.push((words, text(&document["code"]))),
                _ => panic!("try {number}: {status} {document}"),
            }
        }
        for (agent, fence) in agents.iter().zip(fences) {
            if fence > 0 {
                unlock(agent, &occasion.conversation, fence).await;
            }
        }
    }
    outcome
}

/// Both ask for the lock at once; gives what each may answer with.
async fn locks(agents: &[Arc<Agent>; 2], occasion: &Occasion) -> [i64; 2] {
    let path = format!("/conversations/{}/lock", occasion.conversation);
    let body = json!({ "take_over": false });
    let (one, other) = tokio::join!(
        until_heard(|| agents[0].ask(Method::PUT, &path, Some(&body))),
        until_heard(|| agents[1].ask(Method::PUT, &path, Some(&body))),
    );
    let fences = [one, other].map(|(status, document)| {
        assert_eq!(status, 200, "{document}");
        let fence = document["lock"]["fence"].as_i64().expect("a fence");
        if document["granted"] == true { fence } else { 0 }
    });
    assert_eq!(fences.iter().filter(|fence| **fence > 0).count(), 1, "one holds the lock");
    fences
}

async fn unlock(agent: &Agent, conversation: &str, fence: i64) {
    let path = format!("/conversations/{conversation}/lock");
    let body = json!({ "fence": fence });
    let (status, document) = until_heard(|| agent.ask(Method::DELETE, &path, Some(&body))).await;
    assert_eq!(status, 204, "{document}");
}

/// Asks again, with the same key, while the services are too busy to hear (503) or to answer in
/// time (504), as the workspace does: so many at once can keep every database connection for
/// longer than a call waits.
async fn until_heard<Asking, Answered, Failure>(asking: Asking) -> (u16, Value)
where
    Asking: Fn() -> Answered,
    Answered: Future<Output = Result<(u16, Value), Failure>>,
    Failure: std::fmt::Debug,
{
    for _ in 0..240 {
        let (status, document) = asking().await.expect("an answer");
        if !matches!(status, 503 | 504) {
            return (status, document);
        }
        tokio::time::sleep(Duration::from_millis(250)).await;
    }
    panic!("not heard within a minute");
}
