//! Stories in Arabic.

use super::script::Move::{Again, Comment, Mention, Message, ReplyToPost, StoryReply};
use super::script::{Fillings, Script};
use crate::world::Language::Ar;
use crate::world::Network::{Facebook, Instagram, Tiktok, X};

pub(super) const FILLINGS: Fillings = Fillings {
    cities: &["ليون", "مرسيليا", "باريس"],
    products: &["المعطف الصوفي", "حقيبة الظهر", "القميص الكتاني"],
};

pub(super) const STORIES: &[Script] = &[
    Script {
        language: Ar,
        network: X,
        beats: &[
            (Mention, "السلام عليكم، طلبي رقم {order} لم يصل حتى الآن. متى موعد التسليم؟"),
            (Again, "شكرًا، أنتظر ردكم."),
        ],
    },
    Script {
        language: Ar,
        network: Facebook,
        beats: &[
            (Message, "مرحبًا، هل يمكنني استبدال {product} بمقاس أكبر من {size}؟"),
            (Message, "رقم الطلب {order}"),
        ],
    },
    Script {
        language: Ar,
        network: Facebook,
        beats: &[(Comment, "هل {product} متوفر في متجر {city}؟")],
    },
    Script {
        language: Ar,
        network: X,
        beats: &[(ReplyToPost, "خدمة ممتازة وتوصيل سريع، شكرًا لكم 🌹")],
    },
    Script {
        language: Ar,
        network: Instagram,
        beats: &[
            (Comment, "كم سعر {product}؟ وهل يوجد مقاس {size}؟"),
            (Again, "وهل التوصيل متاح إلى {city}؟"),
        ],
    },
    Script {
        language: Ar,
        network: Instagram,
        beats: &[
            (StoryReply, "ما شاء الله! متى يتوفر {product}؟"),
            (Message, "أريد مقاس {size} من فضلكم."),
        ],
    },
    Script {
        language: Ar, network: Tiktok, beats: &[(Comment, "أين أجد {product} في {city}؟")]
    },
    Script {
        language: Ar,
        network: Tiktok,
        beats: &[(Message, "السلام عليكم، طلبي {order} تأخر كثيرًا."), (Message, "هل من خبر؟")],
    },
];
