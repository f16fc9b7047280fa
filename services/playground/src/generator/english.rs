//! Stories in English.

use super::script::Move::{
    Again, BusinessMessage, BusinessReply, Comment, CommentMention, Edit, Mention, Message, Photo,
    Quote, React, ReplyToPost, StoryMention, StoryReply, VisitorPost,
};
use super::script::{Fillings, Script};
use crate::world::Language::En;
use crate::world::Network::{Facebook, Instagram, Tiktok, X};

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
    Script {
        language: En,
        network: Instagram,
        beats: &[
            (Comment, "Can I get {product} in {size} again? I was too late last time 🥲"),
            (Again, "Also, can I try it on in the {city} shop?"),
            (BusinessReply, "Hello! It is back, and {city} has a few left."),
            (Again, "Amazing, on my way 🏃‍♀️"),
        ],
    },
    Script {
        language: En,
        network: Instagram,
        beats: &[
            (StoryReply, "Wait, do I see {product} in the window? When does the sale start?"),
            (Message, "Would you keep one in {size} for me in {city}?"),
            (BusinessMessage, "It goes on sale tomorrow at ten. We can keep one until Saturday."),
            (React, "❤️"),
            (Message, "Yes please! Name is on order {order}."),
        ],
    },
    Script {
        language: En,
        network: Instagram,
        beats: &[
            (Photo, "Look at the seam, after wearing it twice."),
            (Message, "Order {order}. What can you do about it?"),
        ],
    },
    Script {
        language: En,
        network: Instagram,
        beats: &[(CommentMention, "got mine from them, {product}, worth every penny")],
    },
    Script { language: En, network: Instagram, beats: &[(StoryMention, "")] },
    Script {
        language: En,
        network: Instagram,
        beats: &[
            (Message, "Do you ship {product} to Ireland? My order is {order}"),
            (Edit, "Do you ship {product} to Ireland? My order is {order}, by the way"),
        ],
    },
    Script {
        language: En,
        network: Tiktok,
        beats: &[
            (Comment, "need {product} in {size} asap, link?"),
            (Again, "and do you restock in {city}??"),
        ],
    },
    Script {
        language: En,
        network: Tiktok,
        beats: &[
            (Comment, "does it shrink in the wash or nah"),
            (BusinessReply, "Hi! Washed at 30 degrees it keeps its size."),
            (Again, "ok you convinced me 😂"),
        ],
    },
    Script {
        language: En,
        network: Tiktok,
        beats: &[
            (Message, "Hi, saw your video. Can I still order {product} in {size}?"),
            (BusinessMessage, "Hello! Yes, online and in {city}."),
            (React, "👍"),
            (Message, "Great, ordering now!"),
        ],
    },
    Script {
        language: En,
        network: Tiktok,
        beats: &[
            (Message, "My parcel {order} arrived open, something is missing."),
            (Photo, "The box as it came."),
        ],
    },
    Script {
        language: En,
        network: Tiktok,
        beats: &[(Comment, "ordered two weeks ago ({order}) and still nothing 😡")],
    },
];
