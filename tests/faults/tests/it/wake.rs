//! I11 from webhook to workspace: what a customer wrote before the reply and nobody has seen
//! brings the conversation back to New, however late it comes.

use faults::agent::text;
use faults::checker::Sent;
use faults::generator::{mention, signature};
use faults::installation::Plan;
use serde_json::Value;
use time::Duration;

use crate::desk::{Desk, Way};
use crate::run::until;

/// How much older than the reply it is.
const OLDER: Duration = Duration::minutes(10);

/// Milliseconds since the Unix epoch at which X's ids begin to count.
const SNOWFLAKE_EPOCH: i128 = 1_288_834_974_657;

#[tokio::test(flavor = "multi_thread")]
async fn a_message_older_than_the_reply_that_comes_after_it_wakes_the_conversation() {
    let mut desk = Desk::start(&Plan::default()).await;
    desk.agents[0].available().await;
    let cases = desk.cases(&[Way::Mention], 1).await;
    let owners = desk.handed_out(&cases).await;
    let conversation = cases[0].occasion.conversation.clone();
    let agent = owners[0].clone();
    let row = async || agent.get(&format!("/conversations/{conversation}")).await;
    assert_eq!(row().await["state"], "new");

    let written = desk.answer(&cases, &owners, 0, 1).await;
    until("the reply is sent and its echo has come", async || {
        let lines = desk.lines(&conversation).await;
        lines.len() == 1 && lines[0].state == "sent" && desk.playground.untold().await == 0
    })
    .await;
    assert_eq!(row().await["state"], "pending");
    let replied = desk.agents[0].messages(&conversation).await;
    let replied = replied.iter().find(|message| message["id"] == written[0].message.as_str());
    let replied = text(&replied.expect("the reply is shown")["network_time"]);
    let format = &time::format_description::well_known::Rfc3339;
    let replied = time::OffsetDateTime::parse(&replied, format).expect("RFC 3339");

    // The same customer's message of ten minutes before comes now.
    let sql = format!(
        "SELECT network_user_id FROM conversation.contact_identity \
         JOIN conversation.conversation USING (organization_id, identity_id) \
         WHERE replace(conversation_id::text, '-', '') = '{}'",
        conversation.trim_start_matches("conv_")
    );
    let customer = desk.installation.query(&sql).await;
    let customer = customer[0].try_get("", "network_user_id").expect("a text");
    let milliseconds = (replied - OLDER).unix_timestamp_nanos() / 1_000_000;
    let message = Sent {
        external_id: ((milliseconds - SNOWFLAKE_EPOCH) << 22).to_string(),
        customer,
        text: "@aide I wrote this ten minutes before your answer".to_owned(),
        network_time: i64::try_from(milliseconds).expect("a time") * 1_000,
        acknowledged: false,
    };
    let target = desk.installation.target();
    let body = mention(&message, &cases[0].account, 1);
    let answer = reqwest::Client::new()
        .post(&target.url)
        .header("x-twitter-webhooks-signature", signature(&target.secret, body.as_bytes()))
        .body(body)
        .send()
        .await
        .expect("ingest answers");
    assert_eq!(answer.status().as_u16(), 200);

    until("the late message is shown", async || {
        let shown = desk.agents[0].messages(&conversation).await;
        shown.iter().any(|one| one["external_id"] == message.external_id.as_str())
    })
    .await;
    assert_eq!(row().await["state"], "new", "{:#?}", row().await);
    let row = row().await;
    assert_eq!(row["unseen_count"], 1, "{row}");
    assert_eq!(row["owner"]["member_id"], agent.member.as_str(), "the same agent keeps it: {row}");
    // It stands where it belongs: before the reply.
    let shown = desk.agents[0].messages(&conversation).await;
    let place = |id: &str| shown.iter().position(|one: &Value| one["external_id"] == id);
    let late = place(&message.external_id).expect("the late message is shown");
    let reply = shown.iter().position(|one| one["direction"] == "outbound").expect("the reply");
    assert!(late < reply, "{shown:#?}");
}
