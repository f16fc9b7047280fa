//! Which call of Graph it is: by the edge in its address, and by the network of the account that
//! calls, as Facebook and Instagram share one address.

use time::{Duration, OffsetDateTime};

use crate::facebook::calls::{self, Granted, Nothing, same_page};
use crate::facebook::{Parameters, Refused, actions};
use crate::instagram;
use crate::limits::{Limits, Rule};
use crate::world::{Account, Network, World};

/// Calls a day for each person who did something towards the account in it.
const CALLS_PER_PERSON: u64 = 200;
/// Messages of the Send API a second.
const SENDS_PER_SECOND: u64 = 300;
/// Private replies an hour.
const PRIVATE_REPLIES_PER_HOUR: u64 = 750;
/// Likes of Instagram in a moment; one more, and there are none for an hour.
const LIKES_IN_A_MOMENT: u64 = 50;
const MOMENT: Duration = Duration::seconds(5);

/// Whose quota a call uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Product {
    Messenger,
    Pages,
    Instagram,
}

impl Product {
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Messenger => "messenger",
            Self::Pages => "pages",
            Self::Instagram => "instagram",
        }
    }

    /// The code that says that it is used up.
    pub(super) const fn code(self) -> u32 {
        match self {
            Self::Messenger => 80_006,
            Self::Pages => 80_001,
            Self::Instagram => 80_002,
        }
    }

    /// Whose quota reading uses.
    pub(super) const fn of_reading(network: Network) -> Self {
        if matches!(network, Network::Instagram) { Self::Instagram } else { Self::Pages }
    }
}

/// What is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Edge {
    Messages,
    Comments,
    Replies,
    Mentions,
    Like,
    Unlike,
    Update,
    Remove,
}

impl Edge {
    /// Whose quota it uses.
    pub(super) const fn product(self, network: Network) -> Product {
        match (network, self) {
            (Network::Instagram, _) => Product::Instagram,
            (_, Self::Messages) => Product::Messenger,
            _ => Product::Pages,
        }
    }
}

type Decision = Box<dyn FnOnce(&World, &Account, u64) -> Result<Granted, Refused> + Send>;

/// A call that could be read: its limits, and what decides it.
pub(super) struct Wanted {
    pub(super) limited: Limited,
    pub(super) decide: Decision,
}

/// Which limits a call has.
#[derive(Debug, Clone, Copy)]
pub(super) struct Limited {
    pub(super) product: Product,
    pub(super) moment: OffsetDateTime,
    sends: bool,
    replies_privately: bool,
    likes: bool,
}

impl Limited {
    /// Of a call that reads.
    pub(super) const fn reading(product: Product, moment: OffsetDateTime) -> Self {
        Self { product, moment, sends: false, replies_privately: false, likes: false }
    }

    /// The account's limits: what its people allow a day first, as the header shows it.
    pub(super) fn rules(self, world: &World, account: &Account, limits: Limits) -> Vec<Rule> {
        let own = account.account_id.as_str();
        // Counting people takes time, and raised limits do not depend on it.
        let engaged = match limits {
            Limits::True => world.known().engaged(own, self.moment).max(1),
            Limits::Off => 1,
        };
        let day = limits.of(CALLS_PER_PERSON * engaged);
        let mut rules = vec![Rule::new(own, self.product.as_str(), day, Duration::DAY)];
        if self.sends {
            let second = limits.of(SENDS_PER_SECOND);
            rules.push(Rule::new(own, "send", second, Duration::SECOND));
        }
        if self.replies_privately {
            let hour = limits.of(PRIVATE_REPLIES_PER_HOUR);
            rules.push(Rule::new(own, "private_reply", hour, Duration::HOUR));
        }
        if self.likes {
            let likes = Rule::new(own, "likes", limits.of(LIKES_IN_A_MOMENT), MOMENT);
            rules.push(likes.locking_out(Duration::HOUR));
        }
        rules
    }
}

/// What a call asks for.
///
/// # Errors
/// As Graph refuses what it cannot read.
pub(super) fn wanted(
    edge: Edge,
    account: &Account,
    id: String,
    parameters: &Parameters,
    moment: OffsetDateTime,
) -> Result<Wanted, Refused> {
    let mut limited = Limited::reading(edge.product(account.network), moment);
    limited.sends = edge == Edge::Messages;
    let decide = if account.network == Network::Instagram {
        limited.likes = matches!(edge, Edge::Like | Edge::Unlike);
        on_instagram(edge, account, id, parameters, &mut limited)?
    } else {
        on_facebook(edge, account, id, parameters, &mut limited)?
    };
    Ok(Wanted { limited, decide })
}

fn on_facebook(
    edge: Edge,
    page: &Account,
    id: String,
    parameters: &Parameters,
    limited: &mut Limited,
) -> Result<Decision, Refused> {
    let moment = limited.moment;
    Ok(match edge {
        Edge::Messages => {
            same_page(page, &id)?;
            let request: calls::Send = parameters.shaped()?;
            limited.replies_privately = request.is_private_reply();
            Box::new(move |world, page, snowflake| {
                calls::send(world, page, &request, snowflake, moment)
            })
        }
        Edge::Comments => {
            let request: calls::Comment = parameters.shaped()?;
            Box::new(move |world, page, snowflake| {
                calls::comment(world, page, &id, &request, snowflake)
            })
        }
        Edge::Like | Edge::Unlike => {
            parameters.shaped::<Nothing>()?;
            let liked = edge == Edge::Like;
            Box::new(move |world, page, _| actions::like(world, page, &id, liked))
        }
        Edge::Update => {
            let request: actions::Update = parameters.shaped()?;
            Box::new(move |world, page, _| actions::update(world, page, &id, &request))
        }
        Edge::Remove => {
            parameters.shaped::<Nothing>()?;
            Box::new(move |world, page, _| calls::delete(world, page, &id))
        }
        Edge::Replies | Edge::Mentions => {
            return Err(Refused::parameter("Unknown path components"));
        }
    })
}

fn on_instagram(
    edge: Edge,
    account: &Account,
    id: String,
    parameters: &Parameters,
    limited: &mut Limited,
) -> Result<Decision, Refused> {
    use instagram::{actions, calls};
    let moment = limited.moment;
    Ok(match edge {
        Edge::Messages => {
            same_page(account, &id)?;
            let request: calls::Send = parameters.shaped()?;
            limited.replies_privately = request.is_private_reply();
            Box::new(move |world, account, snowflake| {
                calls::send(world, account, &request, snowflake, moment)
            })
        }
        Edge::Replies => {
            let request: calls::Comment = parameters.shaped()?;
            Box::new(move |world, account, snowflake| {
                calls::reply(world, account, &id, &request, snowflake)
            })
        }
        Edge::Comments => {
            let request: calls::Comment = parameters.shaped()?;
            Box::new(move |world, account, snowflake| {
                calls::comment(world, account, &id, &request, snowflake)
            })
        }
        Edge::Mentions => {
            same_page(account, &id)?;
            let request: calls::Mention = parameters.shaped()?;
            Box::new(move |world, account, snowflake| {
                calls::mention(world, account, &request, snowflake)
            })
        }
        Edge::Like | Edge::Unlike => {
            same_page(account, &id)?;
            let request: actions::Likes = parameters.shaped()?;
            let liked = edge == Edge::Like;
            Box::new(move |world, account, _| actions::like(world, account, &request, liked))
        }
        Edge::Update => {
            let request: actions::Update = parameters.shaped()?;
            Box::new(move |world, account, _| actions::update(world, account, &id, &request))
        }
        Edge::Remove => {
            parameters.shaped::<Nothing>()?;
            Box::new(move |world, account, _| actions::delete(world, account, &id))
        }
    })
}
