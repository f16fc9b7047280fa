//! What is pushed goes by access: who may not see an account's conversations is told nothing of
//! them, and who loses access loses the view and the stream.

use std::time::Duration;

use proto::directory::v1::{
    self as directory, ChannelChanged, MemberChanged, directory_event::Fact,
};
use serde_json::{Value, json};

use crate::browser::{Browser, Socket};
use crate::company::sees;
use crate::peers::fresh_id;
use crate::world::{Gateway, World};

/// Two members, two accounts, a conversation on each.
struct Shop {
    world: World,
    gateway: Gateway,
    conversations: [String; 2],
}

impl Shop {
    async fn open() -> Self {
        let (world, gateway) = World::with_gateway().await;
        let chief = world.peers.add_member(world.own, "chief");
        let roles = vec![directory::Role::Supervisor.into()];
        world.peers.held().members.get_mut("chief").expect("added").1.roles = roles;
        assert_ne!(chief.member_id, "");
        let channels = [fresh_id("chan"), fresh_id("chan")];
        for id in &channels {
            let channel = directory::Channel {
                channel_id: id.clone(),
                organization_id: world.own.to_string(),
                network: proto::network::v1::Network::X.into(),
                display_name: "Quai".to_owned(),
                ..directory::Channel::default()
            };
            world.peers.held().channels.push(channel);
        }
        let conversations = [(); 2].map(|()| world.peers.add_conversation(world.own));
        for (conversation, channel) in conversations.iter().zip(&channels) {
            let key = (world.own, conversation.clone());
            let mut held = world.peers.held();
            held.rows.get_mut(&key).expect("added").channel_ids = vec![channel.clone()];
        }
        Self { world, gateway, conversations }
    }

    /// Changes the second account and tells everybody.
    async fn change(&self, change: impl FnOnce(&mut directory::Channel)) {
        let changed = {
            let mut held = self.world.peers.held();
            change(&mut held.channels[1]);
            held.channels[1].clone()
        };
        let fact = Fact::ChannelChanged(ChannelChanged { channel: Some(changed) });
        self.world.tell_directory(self.world.own, fact).await;
    }

    async fn browser(&self, login: &str) -> Browser {
        self.world.signed_in(&self.gateway, login).await
    }

    fn member(&self, login: &str) -> String {
        self.world.peers.held().members[login].1.member_id.clone()
    }

    /// A new message in each conversation; the rev of the first one's row.
    async fn write(&self, text: &str) -> i64 {
        self.world.message(self.world.own, &self.conversations[1], text).await;
        self.world.message(self.world.own, &self.conversations[0], text).await.1
    }

    /// Everything until the first conversation's row has this rev.
    async fn heard(&self, socket: &mut Socket, rev: i64) -> Vec<Value> {
        let mut events = Vec::new();
        let is_last = |event: &Value| {
            event["k"] == "conversation.upsert"
                && event["d"]["id"] == self.conversations[0]
                && event["d"]["rev"].as_i64() >= Some(rev)
        };
        while !events.iter().any(is_last) {
            let frame = socket.frame().await.expect("the socket stays");
            match frame["t"].as_str() {
                Some("ev") => events.push(frame),
                Some("batch") => events.extend(frame["evs"].as_array().expect("events").clone()),
                Some("ping") => socket.say(json!({"t": "pong"})).await,
                _ => {}
            }
        }
        events
    }

    /// Whether anything there names the second conversation or was written in it.
    fn names_second(&self, events: &[Value]) -> bool {
        events.iter().any(|event| event.to_string().contains(&self.conversations[1]))
    }
}

/// Until the socket is told to start anew.
async fn reset(socket: &mut Socket) {
    while socket.frame().await.expect("the socket stays")["t"] != "reset" {}
}

fn restricted(channel: &mut directory::Channel) {
    channel.restricted = true;
    channel.access.clear();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restricted_accounts_conversations_are_pushed_to_who_may_see_them_alone() {
    let shop = Shop::open().await;
    shop.change(restricted).await;
    let (agent, chief) = (shop.browser("amelie").await, shop.browser("chief").await);
    let second = shop.conversations[1].as_str();
    // It says that it has the conversation open, which it may not.
    let (mut hidden, _) = agent.socket(&agent.cursor().await, Some(second)).await;
    let (mut seeing, _) = chief.socket(&chief.cursor().await, Some(second)).await;
    let rev = shop.write("confidential").await;
    let events = shop.heard(&mut hidden, rev).await;
    assert!(!shop.names_second(&events), "{events:?}");
    let events = shop.heard(&mut seeing, rev).await;
    assert!(shop.names_second(&events), "{events:?}");
    assert!(events.iter().any(|event| event["k"] == "message.upsert"), "{events:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn lost_access_closes_the_view_and_the_stream_within_five_seconds() {
    let shop = Shop::open().await;
    let (agent, chief) = (shop.browser("amelie").await, shop.browser("chief").await);
    let second = shop.conversations[1].as_str();
    let (mut losing, _) = agent.socket(&agent.cursor().await, Some(second)).await;
    let (mut keeping, _) = chief.socket(&chief.cursor().await, Some(second)).await;
    for socket in [&mut losing, &mut keeping] {
        let rev = shop.write("before").await;
        let events = shop.heard(socket, rev).await;
        assert!(shop.names_second(&events));
    }

    let began = std::time::Instant::now();
    shop.change(restricted).await;
    let mut gone = false;
    loop {
        let frame = losing.frame().await.expect("the socket stays");
        gone |=
            frame.to_string().contains("conversation.gone") && frame.to_string().contains(second);
        if frame["t"] == "reset" {
            break;
        }
    }
    assert!(gone, "what is open is closed before the lists are read anew");
    assert!(began.elapsed() < Duration::from_secs(5), "{:?}", began.elapsed());
    let rev = shop.write("confidential").await;
    let events = shop.heard(&mut losing, rev).await;
    assert!(!shop.names_second(&events), "{events:?}");
    let events = shop.heard(&mut keeping, rev).await;
    assert!(shop.names_second(&events), "who supervises goes on");

    // A tab that was away meanwhile reads everything anew instead of going on with what it had.
    let cursor = agent.cursor().await;
    shop.change(|channel| channel.restricted = false).await;
    reset(&mut losing).await;
    let (_, resumed) = agent.socket(&cursor, None).await;
    assert!(!resumed);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_entry_lets_in_and_its_removal_out() {
    let shop = Shop::open().await;
    let agent = shop.browser("amelie").await;
    shop.change(restricted).await;
    let (mut socket, _) = agent.socket(&agent.cursor().await, None).await;
    let rev = shop.write("hidden").await;
    assert!(!shop.names_second(&shop.heard(&mut socket, rev).await));
    let entry = directory::ChannelAccess {
        member_id: shop.member("amelie"),
        access: directory::Access::Viewer.into(),
    };
    shop.change(|channel| channel.access.push(entry)).await;
    reset(&mut socket).await;
    let rev = shop.write("shown").await;
    assert!(shop.names_second(&shop.heard(&mut socket, rev).await));
    shop.change(restricted).await;
    reset(&mut socket).await;
    let rev = shop.write("hidden again").await;
    assert!(!shop.names_second(&shop.heard(&mut socket, rev).await));
}

#[tokio::test(flavor = "multi_thread")]
async fn another_role_is_another_sight() {
    let shop = Shop::open().await;
    shop.change(restricted).await;
    let chief = shop.browser("chief").await;
    let (mut socket, _) = chief.socket(&chief.cursor().await, None).await;
    let rev = shop.write("seen").await;
    assert!(shop.names_second(&shop.heard(&mut socket, rev).await));
    let member = {
        let mut held = shop.world.peers.held();
        let member = &mut held.members.get_mut("chief").expect("added").1;
        member.roles = vec![directory::Role::Agent.into()];
        member.clone()
    };
    let fact = Fact::MemberChanged(MemberChanged {
        member_id: member.member_id.clone(),
        session_epoch: member.session_epoch,
        member: Some(member),
    });
    shop.world.tell_directory(shop.world.own, fact).await;
    reset(&mut socket).await;
    let rev = shop.write("hidden").await;
    assert!(!shop.names_second(&shop.heard(&mut socket, rev).await));
}

/// Opens a conversation and waits until its viewers are told.
async fn look(socket: &mut Socket, conversation: &str, expected: &[&str]) {
    socket.say(json!({"t": "show", "shown": [], "open": conversation})).await;
    sees(socket, conversation, expected).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_may_not_see_a_conversation_learns_of_no_viewer_and_is_shown_as_none() {
    let shop = Shop::open().await;
    shop.change(restricted).await;
    let [first, second] = shop.conversations.each_ref().map(String::as_str);
    let (agent, chief) = (shop.browser("amelie").await, shop.browser("chief").await);
    let (mut seeing, _) = chief.socket(&chief.cursor().await, Some(second)).await;
    sees(&mut seeing, second, &["chief"]).await;
    // It says that it has the conversation open and types there, which it may not see.
    let (mut hidden, _) = agent.socket(&agent.cursor().await, Some(second)).await;
    let typing = json!({"t": "typing", "conversation": second, "on": true});
    hidden.say(typing.clone()).await;
    seeing.say(typing).await;
    sees(&mut seeing, second, &["chief…"]).await;
    // What was told of the conversation would have come before what is told of the next two.
    look(&mut hidden, first, &["amelie"]).await;
    hidden.say(json!({"t": "show", "shown": [], "open": second})).await;
    look(&mut hidden, first, &["amelie"]).await;
    look(&mut seeing, first, &["amelie", "chief"]).await;
    look(&mut seeing, second, &["chief"]).await;
    for (socket, other) in [(&hidden, "chief"), (&seeing, "amelie")] {
        let of_second = socket.beside.iter().chain(&socket.passed);
        let of_second: Vec<_> = of_second.filter(|it| it.to_string().contains(second)).collect();
        assert!(!of_second.iter().any(|it| it.to_string().contains(other)), "{of_second:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_loses_sight_leaves_the_room_at_every_gateway_and_is_told_nothing_more_of_it() {
    let mut shop = Shop::open().await;
    let elsewhere = shop.world.start(|_| {}).await;
    let [first, second] = shop.conversations.clone();
    let (first, second) = (first.as_str(), second.as_str());
    let agent = shop.browser("amelie").await;
    let chief = shop.world.signed_in(&elsewhere, "chief").await;
    let (mut losing, _) = agent.socket(&agent.cursor().await, Some(second)).await;
    let (mut keeping, _) = chief.socket(&chief.cursor().await, Some(second)).await;
    let second_tab = agent.socket(&agent.cursor().await, Some(second)).await.0;
    for socket in [&mut losing, &mut keeping] {
        sees(socket, second, &["amelie", "chief"]).await;
    }

    shop.change(restricted).await;
    sees(&mut keeping, second, &["chief"]).await;
    reset(&mut losing).await;
    // It goes on saying so, and types.
    let typing = json!({"t": "typing", "conversation": second, "on": true});
    losing.say(typing.clone()).await;
    losing.say(json!({"t": "show", "shown": [], "open": null})).await;
    losing.say(json!({"t": "show", "shown": [], "open": second})).await;
    losing.say(typing.clone()).await;
    losing.passed.clear();
    losing.beside.clear();
    keeping.say(typing).await;
    sees(&mut keeping, second, &["chief…"]).await;
    keeping.say(json!({"t": "typing", "conversation": second, "on": false})).await;
    sees(&mut keeping, second, &["chief"]).await;
    look(&mut losing, first, &["amelie"]).await;
    let told = losing.beside.iter().chain(&losing.passed);
    let told: Vec<_> = told.filter(|it| it["d"]["conversation_id"] == second).collect();
    assert!(told.is_empty(), "{told:?}");

    // Whoever comes back to see it is in the room as before.
    losing.say(json!({"t": "show", "shown": [], "open": second})).await;
    shop.change(|channel| channel.restricted = false).await;
    sees(&mut keeping, second, &["amelie", "chief"]).await;
    drop(second_tab);
}
