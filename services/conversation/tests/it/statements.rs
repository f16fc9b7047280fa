//! How many statements a batch takes: as many for two hundred events as for two.

use conversation::domain::Policy;
use proto::delivery::v1::DeliveryEvent;
use proto::ingest::v1::ItemEvent;

use crate::desk::Desk;
use crate::feed::Feed;
use crate::office::Office;

fn impatient() -> Policy {
    Policy { auto_resolve_after: time::Duration::days(-10_000), ..Policy::default() }
}

/// The same kind of batch for each of `count` people.
fn each(count: usize, of: impl Fn(&str, usize) -> Vec<ItemEvent>) -> Vec<ItemEvent> {
    (0..count).flat_map(|number| of(&format!("p{number}"), number)).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn no_batch_takes_more_than_its_statements_whatever_its_size() {
    for count in [2, 60] {
        let desk = Desk::new(impatient()).await;
        let feed = Feed::new();
        let id = |number: usize, what: &str| format!("{what}{number}");
        let now = kit_values::now().unix_timestamp() - feed.start;
        let first = each(count, |who, n| vec![feed.private(who, &id(n, "a"), 0)]);
        let echo = each(count, |who, n| vec![feed.own(who, &id(n, "b"), 100)]);
        let edits = each(count, |_, n| vec![feed.edited(&id(n, "a"), 1, 10)]);
        let early = each(count, |_, n| vec![feed.edited(&id(n, "later"), 1, 10)]);
        let later = each(count, |who, n| vec![feed.private(who, &id(n, "later"), 120)]);
        let receipts = each(count, |who, _| vec![feed.read(who, 200)]);
        let answers = each(count, |_, n| vec![feed.own_answer(&id(n, "a"), &id(n, "c"), 300)]);
        let opened = each(count, |who, n| vec![feed.private(who, &id(n, "d"), now + 90_000)]);
        let absorbing = each(count, |who, n| vec![feed.private(who, &id(n, "e"), now + 60)]);
        let mut counted = Vec::new();
        for (what, batch) in [
            ("first messages", &first),
            ("echoes", &echo),
            ("edits", &edits),
            ("what waits", &early),
            ("what was waited for", &later),
            ("receipts", &receipts),
            ("answers that name nobody", &answers),
        ] {
            counted.push((what, desk.counted(batch, &[]).await));
        }
        desk.fire_timers(feed.organization).await;
        for (what, batch) in [("opened anew", &opened), ("absorbing", &absorbing)] {
            counted.push((what, desk.counted(batch, &[]).await));
        }
        desk.audit(feed.organization).await;
        let within = |(_, statements): &(&str, i64)| *statements <= 8;
        assert!(counted.iter().all(within), "{count}: {counted:?}");
    }
}

/// Only a batch in which strangers become known takes more: what stays where they were must be
/// known, and notes go with them.
#[tokio::test(flavor = "multi_thread")]
async fn strangers_who_become_known_take_three_more_however_many() {
    let mut counted = Vec::new();
    for count in [2, 60] {
        let desk = Desk::new(Policy::default()).await;
        let feed = Feed::on_facebook();
        let nameless = each(count, |who, n| {
            let of =
                |what: &str| feed.anonymous(&format!("post of {who}"), &format!("{what}{n}"), 0);
            vec![of("a"), of("b")]
        });
        let named: Vec<ItemEvent> =
            nameless.iter().step_by(2).map(|event| feed.named(event, "anna")).collect();
        counted.push(desk.counted(&nameless, &[]).await);
        counted.push(desk.counted(&named, &[]).await);
        desk.audit(feed.organization).await;
    }
    assert!(counted.iter().step_by(2).all(|statements| *statements <= 8), "{counted:?}");
    assert!(counted.iter().all(|statements| *statements <= 11), "{counted:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_delivery_says_takes_as_few() {
    let office = Office::open(Feed::new()).await;
    let feed = &office.feed;
    let count = 24;
    office.desk.apply(&each(count, |who, n| vec![feed.private(who, &format!("a{n}"), 0)])).await;
    let mut replies = Vec::new();
    for (number, row) in office.rows().await.iter().enumerate() {
        let reply = office.private(row, &format!("k{number}"));
        let accepted = office.accept(office.lea, reply).await.expect("accepted");
        replies.push(accepted.message.expect("a message").message_id);
    }
    for replies in [&replies[..2], &replies[2..]] {
        let each = |of: &dyn Fn(usize, &str) -> DeliveryEvent| -> Vec<DeliveryEvent> {
            replies.iter().enumerate().map(|(number, reply)| of(number, reply)).collect()
        };
        let unknown = each(&|_, reply| office.unknown(reply, 1));
        let failed = each(&|_, reply| office.failed(reply, 1));
        let size = replies.len();
        let sent = each(&|number, reply| office.sent(reply, 1, &format!("{size}{number}"), 20));
        let mut counted = Vec::new();
        for told in [&unknown, &failed, &sent] {
            counted.push(office.desk.counted(&[], told).await);
        }
        assert!(counted.iter().all(|statements| *statements <= 8), "{size}: {counted:?}");
    }
    office.desk.audit(feed.organization).await;
}
