//! Stories in Arabic.

use super::script::Move::{Again, Comment, Mention, Message, ReplyToPost};
use super::script::{Fillings, Script};
use crate::world::Language::Ar;
use crate::world::Network::{Facebook, X};

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
];
