//! What became of each item: a table for people, lines of JSON for scripts.

use std::process::ExitCode;

use proto::conversation::v1::EventProgress;
use proto::ingest::v1::Outcome;
use serde_json::json;

use super::follow::{Follow, Outcomes};
use crate::output;

/// Shows every item; exit code 0 when every body was taken and every item is final.
pub fn show(all: &[Outcomes], as_json: bool) -> ExitCode {
    if as_json {
        for line in lines(all) {
            output::line(line);
        }
    } else {
        let header = ["FILE", "ITEM", "KIND", "EXTERNAL ID", "OUTCOME", "CONVERSATION", "REASON"];
        output::table(&header, &rows(all));
    }
    let taken = all.iter().all(|it| it.request.receipt.is_some());
    if taken && all.iter().flat_map(|it| &it.items).all(Follow::is_final) {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

/// A body without items still has its line, so that nothing that was posted is left out.
fn without_items(outcomes: &Outcomes) -> Option<(&'static str, String)> {
    if outcomes.request.receipt.is_none() {
        return Some(("refused", format!("HTTP {}", outcomes.request.status)));
    }
    outcomes.items.is_empty().then(|| ("empty", "the body holds no item".to_owned()))
}

fn lines(all: &[Outcomes]) -> Vec<String> {
    let mut lines = Vec::new();
    for outcomes in all {
        let request = &outcomes.request;
        let head = json!({
            "file": request.file, "status": request.status, "receipt": request.receipt,
        });
        let mut push = |rest: serde_json::Value| {
            let mut line = head.clone();
            if let (Some(line), serde_json::Value::Object(rest)) = (line.as_object_mut(), rest) {
                line.extend(rest);
            }
            lines.push(line.to_string());
        };
        if let Some((outcome, reason)) = without_items(outcomes) {
            push(json!({ "outcome": outcome, "reason": reason, "final": true }));
        }
        for it in &outcomes.items {
            push(json!({
                "item": it.item.item_id,
                "position": it.item.position,
                "kind": it.item.kind,
                "external_id": it.item.external_id,
                "outcome": outcome(it.item.outcome()),
                "event_id": it.item.event_id,
                "conversation": it.progress.map(progress),
                "reason": reason(it),
                "final": it.is_final(),
            }));
        }
    }
    lines
}

fn rows(all: &[Outcomes]) -> Vec<Vec<String>> {
    let mut rows = Vec::new();
    for outcomes in all {
        let file = &outcomes.request.file;
        if let Some((outcome, reason)) = without_items(outcomes) {
            let cells = [file.as_str(), "", "", "", outcome, "", reason.as_str()];
            rows.push(cells.map(ToOwned::to_owned).to_vec());
        }
        for it in &outcomes.items {
            rows.push(vec![
                file.clone(),
                it.item.position.to_string(),
                it.item.kind.clone(),
                it.item.external_id.clone(),
                outcome(it.item.outcome()).to_owned(),
                it.progress.map(progress).unwrap_or_default().to_owned(),
                reason(it).to_owned(),
            ]);
        }
    }
    rows
}

/// Conversation's reason is the later one.
fn reason(it: &Follow) -> &str {
    if it.reason.is_empty() { &it.item.reason } else { &it.reason }
}

const fn outcome(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Unspecified => "undecided",
        Outcome::Stored => "stored",
        Outcome::Duplicate => "duplicate",
        Outcome::Ignored => "ignored",
        Outcome::Waiting => "waiting",
        Outcome::Parked => "parked",
    }
}

const fn progress(progress: EventProgress) -> &'static str {
    match progress {
        EventProgress::Unspecified | EventProgress::Awaited => "awaited",
        EventProgress::Applied => "applied",
        EventProgress::Waiting => "waiting",
        EventProgress::Parked => "parked",
    }
}

#[cfg(test)]
mod tests {
    use proto::ingest::v1::Item;

    use super::super::post::Request;
    use super::*;

    fn posted(receipt: Option<&str>, items: Vec<Follow>) -> Outcomes {
        let request =
            Request { file: "a.json".into(), status: 200, receipt: receipt.map(Into::into) };
        Outcomes { request, items }
    }

    fn item(outcome: Outcome, progress: Option<EventProgress>) -> Follow {
        let item = Item { outcome: outcome.into(), kind: "post.create".into(), ..Item::default() };
        Follow { item, progress, reason: String::new() }
    }

    fn succeeds(all: &[Outcomes]) -> bool {
        format!("{:?}", show(all, true)) == format!("{:?}", ExitCode::SUCCESS)
    }

    #[test]
    fn every_posted_body_has_a_line() {
        let all = [
            posted(None, vec![]),
            posted(Some("req_1"), vec![]),
            posted(Some("req_2"), vec![item(Outcome::Stored, Some(EventProgress::Applied))]),
        ];
        let lines = lines(&all);
        assert_eq!(lines.len(), 3);
        assert!(lines[0].contains("\"outcome\":\"refused\""), "{}", lines[0]);
        assert!(lines[2].contains("\"conversation\":\"applied\""), "{}", lines[2]);
        assert_eq!(rows(&all).len(), 3);
    }

    #[test]
    fn only_final_items_of_taken_bodies_are_a_success() {
        let applied = || item(Outcome::Stored, Some(EventProgress::Applied));
        assert!(succeeds(&[posted(Some("req_1"), vec![applied(), item(Outcome::Parked, None)])]));
        assert!(!succeeds(&[posted(Some("req_1"), vec![applied(), item(Outcome::Stored, None)])]));
        assert!(!succeeds(&[posted(None, vec![])]));
    }
}
