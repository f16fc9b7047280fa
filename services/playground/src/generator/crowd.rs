//! Load: many people, short words, at a rate that does not depend on any answer.

use crate::world::{
    Account, Action, Author, FacebookAction, InstagramAction, ItemKind, Network, Persona, Random,
    TiktokAction, World, XAction,
};

const WORDS: [&str; 12] = [
    "parcel", "late", "refund", "size", "please", "thanks", "café", "order", "where", "today",
    "delivery", "été",
];

/// What the crowd does at its `number`th turn: one of `people` persons writes to one of the
/// accounts. None when there is no account that could be written to.
#[must_use]
pub fn crowd_action(world: &World, seed: u64, number: u64, people: u64) -> Option<Action> {
    let mut random = Random::for_part(seed, number);
    let account = random.pick(world.accounts())?.clone();
    let persona = Persona::of_the_crowd(random.below(people.max(1)));
    let author = Author::Persona(persona.key);
    let mut text = format!("Turn {number}:");
    for _ in 0..random.between(4, 16) {
        text.push(' ');
        text.push_str(random.pick(&WORDS).copied().unwrap_or_default());
    }
    let is_public = random.chance(60);
    Some(match (account.network, is_public) {
        (Network::X, true) => {
            Action::X(XAction::Mention { account: account.account_id, author, text })
        }
        (Network::X, false) => {
            Action::X(XAction::Message { account: account.account_id, author, to: None, text })
        }
        (network, true) => {
            let post = open_post(world, &account)?;
            match network {
                Network::Instagram => {
                    Action::Instagram(InstagramAction::Comment { author, post, text })
                }
                Network::Tiktok => Action::Tiktok(TiktokAction::Comment { author, post, text }),
                _ => {
                    let photo = false;
                    Action::Facebook(FacebookAction::Comment { author, post, text, photo })
                }
            }
        }
        (Network::Instagram, false) => Action::Instagram(InstagramAction::Message {
            account: account.account_id,
            author,
            to: None,
            text,
            attachment: None,
            reply_to: None,
            story: None,
        }),
        (Network::Tiktok, false) => Action::Tiktok(TiktokAction::Message {
            account: account.account_id,
            author,
            to: None,
            text,
            attachment: None,
            reply_to: None,
        }),
        (Network::Facebook, false) => Action::Facebook(FacebookAction::Message {
            account: account.account_id,
            author,
            to: None,
            text,
            attachment: None,
            reply_to: None,
        }),
    })
}

/// The first post of an account that can be commented.
fn open_post(world: &World, account: &Account) -> Option<String> {
    let is_open = |id: &&String| {
        world.item(id).is_some_and(|post| !post.deleted && post.kind == ItemKind::PagePost)
    };
    world.threads(&account.account_id).iter().find(is_open).cloned()
}
