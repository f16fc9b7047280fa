//! Stories in English.

use super::script::Move::{
    Again, BusinessMessage, BusinessReply, Comment, Edit, Mention, Message, Photo, Quote, React,
    ReplyToPost, VisitorPost,
};
use super::script::{Fillings, Script};
use crate::world::Language::En;
use crate::world::Network::{Facebook, X};

pub(super) const FILLINGS: Fillings = Fillings {
    cities: &["Leeds", "Bristol", "Glasgow", "Cardiff", "Norwich"],
    products: &["the wool coat", "the canvas backpack", "the ankle boots", "the linen shirt"],
};

pub(super) const STORIES: &[Script] = &[
    Script {
        language: En,
        network: X,
        beats: &[
            (
                Mention,
                "my parcel {order} was due on Monday and tracking still says \"in transit\". Any news?",
            ),
            (Again, "It is a birthday present, so it really needs to be here by Friday 😬"),
            (
                BusinessReply,
                "Sorry about the wait! We are asking the carrier and will come back today.",
            ),
            (Again, "Thank you, I'd appreciate that."),
        ],
    },
    Script {
        language: En,
        network: Facebook,
        beats: &[
            (Comment, "Does {product} come in a size {size}? The site only shows up to 42."),
            (Again, "And would it be in the {city} shop? I'd like to try it on first."),
        ],
    },
    Script {
        language: En,
        network: Facebook,
        beats: &[
            (
                Message,
                "Hi! I ordered {product} in {size} but I need one size up. Can I exchange it in the shop?",
            ),
            (Message, "Order number is {order}"),
            (BusinessMessage, "Hello! Yes, in any shop within 30 days, with the order number."),
            (React, "👍"),
            (Message, "Perfect, I'll go to {city} on Saturday."),
        ],
    },
    Script {
        language: En,
        network: X,
        beats: &[
            (
                Message,
                "Hello, I returned {product} two weeks ago (order {order}) and the refund has not arrived.",
            ),
            (Message, "The courier's receipt says it was delivered to you on the 6th."),
        ],
    },
    Script {
        language: En,
        network: X,
        beats: &[(
            ReplyToPost,
            "Love it! I have had {product} for three winters and it still looks like new 💙",
        )],
    },
    Script {
        language: En,
        network: Facebook,
        beats: &[
            (
                Photo,
                "This is how the box arrived today. One corner is crushed and the zip of {product} is broken.",
            ),
            (
                Message,
                "Order {order}. I would prefer a replacement over a refund if that's possible.",
            ),
        ],
    },
    Script {
        language: En,
        network: X,
        beats: &[
            (Quote, "Saturday until 20:00 is great, but what about Sundays in {city}?"),
            (
                Edit,
                "Saturday until 20:00 is great! What about Sundays in {city}, before Christmas?",
            ),
        ],
    },
    Script {
        language: En,
        network: Facebook,
        beats: &[(
            VisitorPost,
            "Big thank you to the team in {city}: they found my lost scarf and called me the same evening.",
        )],
    },
    Script {
        language: En,
        network: X,
        beats: &[
            (
                Mention,
                "your website keeps saying \"session expired\" at checkout. Third time today.",
            ),
            (Again, "Tried another browser as well, same thing. Basket has {product} in {size}."),
            (Again, "OK it went through now. Please check that I was only charged once!"),
        ],
    },
    Script {
        language: En,
        network: Facebook,
        beats: &[
            (Comment, "Is {product} machine washable?"),
            (BusinessReply, "Hello! Yes, at 30 degrees, and please let it dry flat."),
            (Again, "Great, ordering one then. Thanks for the quick answer!"),
        ],
    },
    Script {
        language: En,
        network: Facebook,
        beats: &[
            (
                Message,
                "Can I still change the delivery address of order {order}? I moved to {city}.",
            ),
            (Message, "It hasn't shipped yet according to the e-mail"),
        ],
    },
];
