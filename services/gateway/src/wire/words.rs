//! What gateways tell one another about who looks at what: JSON on a subject of core NATS, never
//! kept. Whatever cannot be read, as from another version, is passed over.

use kit_values::OrganizationId;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::domain::viewers::Looking;
use crate::domain::{ConversationId, MemberId};

/// The subject that every gateway hears.
pub const HEARD: &str = "guichet.live.*.viewers";

/// Most connections of one message, which a broker takes by far.
pub const MOST_TOLD: usize = 1_000;

/// Where an organization's words go.
#[must_use]
pub fn subject(organization: OrganizationId) -> String {
    format!("guichet.live.{organization}.viewers")
}

/// Whose words a subject carries.
#[must_use]
pub fn organization(subject: &str) -> Option<OrganizationId> {
    subject.strip_prefix("guichet.live.")?.strip_suffix(".viewers")?.parse().ok()
}

/// The subject under which every gateway hears of drafts.
pub const DRAFTS: &str = "guichet.live.*.drafts";

/// Where it is told that a draft of somebody in this organization is another.
#[must_use]
pub fn drafts_subject(organization: OrganizationId) -> String {
    format!("guichet.live.{organization}.drafts")
}

/// Whose draft is another, and of what: never its text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct DraftWord {
    /// Whose.
    pub member: MemberId,
    /// In which conversation.
    pub conversation: ConversationId,
    /// Of a note, not of a reply.
    pub note: bool,
}

/// Writes that a draft is another.
#[must_use]
pub fn write_draft(word: DraftWord) -> Vec<u8> {
    serde_json::to_vec(&word).unwrap_or_default()
}

/// Reads whose draft is another; none if it cannot be read.
#[must_use]
pub fn read_draft(subject: &str, payload: &[u8]) -> Option<(OrganizationId, DraftWord)> {
    let organization = subject.strip_prefix("guichet.live.")?.strip_suffix(".drafts")?;
    Some((organization.parse().ok()?, serde_json::from_slice(payload).ok()?))
}

/// The subject under which every gateway hears that links are made in another way.
pub const LINK_SETTINGS: &str = "guichet.live.*.link-settings";

/// Where it is told that this organization's links are made in another way.
#[must_use]
pub fn link_settings_subject(organization: OrganizationId) -> String {
    format!("guichet.live.{organization}.link-settings")
}

/// Whose links are made in another way; none if it cannot be read.
#[must_use]
pub fn read_link_settings(subject: &str) -> Option<OrganizationId> {
    subject.strip_prefix("guichet.live.")?.strip_suffix(".link-settings")?.parse().ok()
}

#[derive(Serialize, Deserialize)]
struct Words {
    gateway: Uuid,
    looking: Vec<Word>,
}

#[derive(Serialize, Deserialize)]
struct Word {
    connection: Uuid,
    member: MemberId,
    conversation: Option<ConversationId>,
    typing: bool,
}

/// Writes what the connections of a gateway look at.
#[must_use]
pub fn write(gateway: Uuid, looking: &[Looking]) -> Vec<u8> {
    let looking = looking.iter().map(|looking| Word {
        connection: looking.connection,
        member: looking.member,
        conversation: looking.conversation,
        typing: looking.typing,
    });
    // Our own types have no shape that JSON cannot express.
    serde_json::to_vec(&Words { gateway, looking: looking.collect() }).unwrap_or_default()
}

/// Reads which gateway says what; none if it cannot be read or says too much.
#[must_use]
pub fn read(payload: &[u8]) -> Option<(Uuid, Vec<Looking>)> {
    let words: Words = serde_json::from_slice(payload).ok()?;
    if words.looking.len() > MOST_TOLD {
        return None;
    }
    let looking = words.looking.into_iter().map(|word| Looking {
        connection: word.connection,
        member: word.member,
        conversation: word.conversation,
        typing: word.typing,
    });
    Some((words.gateway, looking.collect()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_read_back_and_their_subject_names_their_organization() {
        let gateway = kit_values::mint_uuid();
        let looking = |conversation| Looking {
            connection: kit_values::mint_uuid(),
            member: MemberId::mint(),
            conversation,
            typing: true,
        };
        let said = [looking(Some(ConversationId::mint())), looking(None)];
        assert_eq!(read(&write(gateway, &said)), Some((gateway, said.to_vec())));
        let own = OrganizationId::mint();
        assert_eq!(organization(&subject(own)), Some(own));
        for wrong in ["guichet.live.viewers", "guichet.live.x.viewers", "guichet.live..viewers"] {
            assert_eq!(organization(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn what_cannot_be_read_or_says_too_much_is_passed_over() {
        for payload in [&b""[..], b"{}", b"null", b"\xff", br#"{"gateway":"x","looking":[]}"#] {
            assert_eq!(read(payload), None);
        }
        let one = Looking {
            connection: kit_values::mint_uuid(),
            member: MemberId::mint(),
            conversation: None,
            typing: false,
        };
        assert!(read(&write(one.connection, &vec![one; MOST_TOLD])).is_some());
        assert!(read(&write(one.connection, &vec![one; MOST_TOLD + 1])).is_none());
    }
}
