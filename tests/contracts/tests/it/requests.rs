//! Every request that `networks::outbound` can build.

use kit_values::{Secret, now};
use networks::manifest::Action;
use networks::outbound::{
    Account, Call, Reply, Request, Target, action, author, confirmation, deletion, plan, request,
};
use networks::{MessageKind, Network};

pub const KINDS: [MessageKind; 6] = [
    MessageKind::PrivateMessage,
    MessageKind::Comment,
    MessageKind::Reply,
    MessageKind::Mention,
    MessageKind::Post,
    MessageKind::Quote,
];

pub fn account(network: Network) -> Account {
    Account {
        network,
        api_base: String::new(),
        api_version: String::new(),
        account_id: "2244994945".to_owned(),
        handle: "guichet".to_owned(),
        token: Secret::new("token-of-the-account".to_owned()),
        application_secret: Secret::new("secret-of-the-application".to_owned()),
    }
}

/// Ids as the network makes them.
fn id(network: Network, kind: MessageKind) -> &'static str {
    match (network, kind) {
        (Network::X, _) => "2080761390344937796",
        (Network::Facebook, MessageKind::PrivateMessage) => "m_kqwDy3zIyTTxGdv",
        (Network::Facebook, _) => "2244994945_122100001",
    }
}

/// Every reply of every kind to every kind of message, of every age, then every deletion,
/// every question who wrote it and every action.
pub fn calls(network: Network) -> Vec<Call> {
    let mut calls: Vec<Call> = Vec::new();
    let mut add = |call: Call| {
        if !calls.contains(&call) {
            calls.push(call);
        }
    };
    let now = now();
    for kind in KINDS {
        for answered in KINDS.map(Some).into_iter().chain([None]) {
            for age in [None, Some(time::Duration::HOUR), Some(time::Duration::days(3))] {
                let reply = Reply {
                    kind,
                    text: "Bonjour “Amélie” 👩🏾‍🚒\nhttps://example.com/?a=1&b=2".to_owned(),
                    recipient: "1234567890".to_owned(),
                    in_reply_to: answered
                        .map(|kind| Target { external_id: id(network, kind).to_owned(), kind }),
                    metadata: "msg_01982f0e".to_owned(),
                    by_person: true,
                    last_private_inbound_at: age.map(|age| now - age),
                };
                if let Ok(call) = plan(network, &reply, now) {
                    add(call);
                }
            }
        }
        if let Ok(call) = deletion(network, kind, id(network, kind)) {
            add(call);
        }
        for person in ["1234567890", ""] {
            let of = Target { external_id: id(network, kind).to_owned(), kind };
            if let Ok(call) = author(network, &of, person) {
                add(call);
            }
        }
        for wanted in Action::ALL {
            let to = Target { external_id: id(network, kind).to_owned(), kind };
            if let Ok(call) = action(network, wanted, &to, "1234567890") {
                add(call);
            }
        }
    }
    calls
}

pub fn requests(network: Network) -> Vec<(Call, Request)> {
    let account = account(network);
    let made = |call: Call| {
        let request = request(&account, &call);
        (call, request)
    };
    calls(network).into_iter().map(made).collect()
}

/// What is asked after some of them, to read back what they did.
pub fn confirmations(network: Network) -> Vec<(Call, Request)> {
    let account = account(network);
    let asked = |call: Call| {
        let request = confirmation(&account, &call)?;
        Some((call, request))
    };
    calls(network).into_iter().filter_map(asked).collect()
}
