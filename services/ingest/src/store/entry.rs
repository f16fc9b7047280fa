//! What became of one item, as the request's row keeps it.

use kit_values::{EventId, Fault, OrganizationId};
use serde::{Deserialize, Serialize};

use crate::domain::{ChannelId, ItemId, ParkedId, Settled};

/// One item of a request. Holds no customer's words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Ingest's own id of the item.
    pub item: ItemId,
    /// The network's own word for the kind.
    pub kind: String,
    /// The network's id; empty when it has none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub external_id: String,
    /// What became of it.
    #[serde(with = "word")]
    pub outcome: Settled,
    /// Stable code; empty for stored and duplicate.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reason: String,
    /// Whose it is, once the account is connected.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub organization: Option<OrganizationId>,
    /// The account's channel, once it is connected.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub channel: Option<ChannelId>,
    /// The rest of its key.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub aspect: String,
    /// The rest of its key.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub version: String,
    /// The event that carried it on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub event: Option<EventId>,
    /// Where it is parked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parked: Option<ParkedId>,
}

/// An outcome by its word.
mod word {
    use serde::de::Error as _;
    use serde::{Deserialize as _, Deserializer, Serializer};

    use crate::domain::Settled;

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde gives a reference")]
    pub(super) fn serialize<S: Serializer>(
        settled: &Settled,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(settled.as_str())
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Settled, D::Error> {
        let word = String::deserialize(deserializer)?;
        let known = Settled::ALL.into_iter().find(|settled| settled.as_str() == word);
        known.ok_or_else(|| D::Error::custom("not an outcome"))
    }
}

pub(super) fn write(entries: &[Entry]) -> Result<String, Fault> {
    serde_json::to_string(entries).map_err(Fault::internal)
}

pub(super) fn read(text: &str) -> Result<Vec<Entry>, Fault> {
    serde_json::from_str(text).map_err(Fault::internal)
}
