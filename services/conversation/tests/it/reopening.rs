//! Each channel's own reopen window.

use conversation::domain::Policy;
use kit_values::EventId;
use proto::directory::v1::directory_event::Fact;
use proto::directory::v1::{Channel, ChannelChanged, DirectoryEvent};
use proto::event::v1::Metadata;
use proto::ingest::v1::ItemEvent;
use proto::network::v1::MessageKind;
use time::Duration;

use crate::desk::Desk;
use crate::feed::{Feed, timestamp};

/// Directory's word on an account: how many hours it opens resolved conversations again.
pub fn window(feed: &Feed, index: usize, version: i64, hours: Option<u32>) -> DirectoryEvent {
    let channel = Channel {
        channel_id: feed.channels[index].to_string(),
        organization_id: feed.organization.to_string(),
        network: feed.network.into(),
        account_id: format!("account-{index}"),
        version,
        auto_resolve_days: 1,
        reopen_window_hours: hours,
        ..Channel::default()
    };
    DirectoryEvent {
        metadata: Some(Metadata {
            event_id: EventId::mint().to_string(),
            organization_id: feed.organization.to_string(),
            occurred_at: Some(timestamp(feed.start)),
            ..Metadata::default()
        }),
        fact: Some(Fact::ChannelChanged(ChannelChanged { channel: Some(channel) })),
    }
}

/// Resolves whatever does not wait, at once.
fn impatient() -> Policy {
    Policy { auto_resolve_after: Duration::days(-1_000), ..Policy::default() }
}

/// Anna wrote and was answered, and it was resolved; the second of the feed at that moment.
async fn resolved(desk: &Desk, feed: &Feed) -> i64 {
    desk.apply(&[feed.private("anna", "1", 0), feed.own("anna", "2", 100)]).await;
    desk.fire_timers(feed.organization).await;
    assert_eq!(chain(desk, feed).await, ["3 2 1"]);
    kit_values::now().unix_timestamp() - feed.start
}

/// Her conversations: state, how many messages, through how many accounts.
async fn chain(desk: &Desk, feed: &Feed) -> Vec<String> {
    desk.audit(feed.organization).await;
    desk.texts(&format!(
        "SELECT concat_ws(' ', state, message_count, cardinality(channel_ids)) \
         FROM conversation.conversation \
         WHERE organization_id = '{}' AND absorbed_into IS NULL ORDER BY ordinal",
        feed.organization.uuid()
    ))
    .await
}

fn mention(feed: &Feed, channel: usize, id: &str, second: i64) -> ItemEvent {
    feed.received(channel, "anna", id, MessageKind::Mention, second, false)
}

const HOUR: i64 = 3_600;

#[tokio::test(flavor = "multi_thread")]
async fn the_window_of_the_channel_through_which_it_came_decides_and_else_the_installations() {
    let desk = Desk::new(impatient()).await;
    let (reopened, opened) = (vec!["1 3 1"], vec!["3 2 1", "1 1 1"]);
    for (hours, after, expected) in [
        // Directory has not told of the channel, or it says nothing: 24 hours.
        (None, 23, &reopened),
        (None, 25, &opened),
        (Some(None), 23, &reopened),
        (Some(Some(72)), 71, &reopened),
        (Some(Some(72)), 73, &opened),
        (Some(Some(0)), -1, &opened),
    ] {
        let feed = Feed::new();
        let told = hours.map(|hours| window(&feed, 0, 2, hours));
        let other = window(&feed, 1, 2, Some(500));
        desk.directory(&told.into_iter().chain([other]).collect::<Vec<_>>()).await;
        let decided = resolved(&desk, &feed).await;
        desk.apply(&[feed.private("anna", "3", decided + after * HOUR)]).await;
        assert_eq!(chain(&desk, &feed).await, *expected, "{hours:?} {after}");
    }
    // None again: as the installation says.
    let feed = Feed::new();
    desk.directory(&[window(&feed, 0, 2, Some(0)), window(&feed, 0, 3, None)]).await;
    let decided = resolved(&desk, &feed).await;
    desk.apply(&[feed.private("anna", "3", decided + HOUR)]).await;
    assert_eq!(chain(&desk, &feed).await, reopened);
}

#[tokio::test(flavor = "multi_thread")]
async fn copies_and_messages_through_channels_with_windows_of_their_own_end_the_same_in_any_order()
{
    let desk = Desk::new(impatient()).await;
    for order in
        [[0, 1, 2, 3], [3, 2, 1, 0], [1, 0, 3, 2], [2, 0, 3, 1], [0, 2, 1, 3], [3, 0, 1, 2]]
    {
        for size in [1, 2, 4] {
            let feed = Feed::new();
            desk.directory(&[window(&feed, 0, 2, Some(0)), window(&feed, 1, 2, Some(72))]).await;
            let decided = resolved(&desk, &feed).await;
            let events = [
                // One post that mentions both accounts: only the second takes it for a return.
                mention(&feed, 0, "5", decided + 48 * HOUR),
                mention(&feed, 1, "5", decided + 48 * HOUR),
                // Neither takes these for that.
                mention(&feed, 0, "4", decided + 30 * HOUR),
                mention(&feed, 1, "6", decided + 80 * HOUR),
            ];
            let events: Vec<ItemEvent> =
                order.into_iter().map(|index| events[index].clone()).collect();
            for batch in events.chunks(size) {
                desk.apply(batch).await;
            }
            assert_eq!(chain(&desk, &feed).await, ["1 5 2"], "{order:?} by {size}");
        }
    }
}
