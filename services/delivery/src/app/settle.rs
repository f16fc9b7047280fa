//! What a call showed is written down, with what the network still takes.

use std::collections::{BTreeMap, BTreeSet};

use kit_store::Transaction;
use kit_values::Fault;

use super::begin::Begun;
use super::release::give_back;
use super::step::step;
use crate::domain::attempt::{Command, DISCONNECTED, Refusal, State, Verdict};
use crate::domain::budget::{Budget, LIMITED, Name, TOKEN};
use crate::domain::letter::Entry;
use crate::store;

/// What a call showed.
#[derive(Debug, Clone)]
pub struct Seen {
    /// Of the attempt.
    pub verdict: Verdict,
    /// The HTTP status, if one came.
    pub status: Option<u16>,
    /// Who has to wait, if the network said so: the application, or the account alone.
    pub limits_application: bool,
    /// What the network still takes.
    pub budgets: Vec<(Name, Budget)>,
}

/// Writes down what a call showed.
///
/// # Errors
/// Unavailable when the database is away.
pub async fn settle(
    transaction: &Transaction,
    begun: &Begun,
    seen: &Seen,
    trace: Option<&str>,
) -> Result<Option<Result<Entry, Refusal>>, Fault> {
    let now = store::now(transaction).await?;
    let command =
        Command::Answer { fence: begun.fence, verdict: seen.verdict.clone(), status: seen.status };
    let mut outcomes =
        step(transaction, BTreeMap::from([(begun.key, command)]), trace, now).await?;
    let outcome = outcomes.remove(&begun.key);
    if seen.status.is_none() && matches!(seen.verdict, Verdict::Wait { .. }) {
        give_back(transaction, begun).await?;
    }
    let mut budgets = seen.budgets.clone();
    if let Some(Ok(entry)) = &outcome {
        budgets.extend(closed(begun, seen, entry));
    }
    if !budgets.is_empty() {
        let application = begun.account.application.uuid();
        let account = begun.account.channel.uuid();
        let (applications, accounts) = (BTreeSet::from([application]), BTreeSet::from([account]));
        let mut ledger = store::ledger(transaction, &applications, &accounts).await?;
        for (name, budget) in budgets {
            ledger.observe(name, budget, now);
        }
        store::save_ledger(transaction, &ledger).await?;
    }
    Ok(outcome)
}

/// What a refusal closes for the others of the account, or of the application.
fn closed(begun: &Begun, seen: &Seen, entry: &Entry) -> Option<(Name, Budget)> {
    let State::Waiting { until, reason } = &entry.attempt.state else { return None };
    let account = begun.account.channel.uuid();
    let (holder, call, name) = match reason.as_str() {
        LIMITED if seen.limits_application => {
            (begun.account.application.uuid(), begun.call.counted_as(), "refused")
        }
        LIMITED => (account, begun.call.counted_as(), "refused"),
        DISCONNECTED => (account, "", TOKEN),
        _ => return None,
    };
    let name = Name { holder, call: call.to_owned(), name: name.to_owned() };
    Some((name, Budget::closed(*until, reason)))
}
