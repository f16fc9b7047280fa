//! What administrators set: contact attributes, accounts, who may see them; what a member prefers.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer, Serialize};
use utoipa::ToSchema;

use super::Network;

/// How values of a contact attribute look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum AttributeType {
    /// A line.
    Text,
    /// A number.
    Number,
    /// A day.
    Date,
    /// One of its choices.
    List,
    /// Yes or no.
    Boolean,
    /// A web address.
    Url,
    /// A mail address.
    Email,
    /// A telephone number.
    Phone,
}

/// One thing that can be known of a contact.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ContactAttribute {
    /// `attr_…`
    pub attribute_id: String,
    /// As the organization named it.
    pub name: String,
    /// How its values look; never changes.
    pub r#type: AttributeType,
    /// Of a list, in order; else empty.
    pub choices: Vec<String>,
    /// On the Contact tab.
    pub shown: bool,
    /// From 0, in the admin's order.
    pub position: u32,
    /// To be sent back with a change.
    pub rev: i64,
}

/// All of an organization's, in order.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ContactAttributes {
    /// In order.
    pub attributes: Vec<ContactAttribute>,
    /// Of the whole list; to be sent back with another order.
    pub rev: i64,
}

/// One more attribute.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ContactAttributeWanted {
    /// 1 to 80 characters, one attribute's only.
    pub name: String,
    /// How its values look.
    pub r#type: AttributeType,
    /// Of a list: 1 to 200; else nothing.
    #[serde(default)]
    pub choices: Vec<String>,
    /// On the Contact tab; it is when this is left out.
    pub shown: Option<bool>,
}

/// What of an attribute is to change; what is left out stays.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ContactAttributeChange {
    /// Its name.
    pub name: Option<String>,
    /// Whether it is on the Contact tab.
    pub shown: Option<bool>,
    /// What may be chosen.
    pub choices: Option<Vec<String>>,
    /// As it was seen; 409 `stale` when somebody changed it meanwhile.
    pub rev: i64,
}

/// Another order.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ContactAttributeOrder {
    /// Every one, once.
    pub attribute_ids: Vec<String>,
    /// Of the list, as it was seen.
    pub rev: i64,
}

/// What a member may do with the conversations of one account; each includes the one before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Access {
    /// Read, and write notes.
    Viewer,
    /// Answer, act, decide.
    Contributor,
    /// Assign to others, take over, change others' notes.
    Supervisor,
}

/// Whether the network takes an account's token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ChannelHealth {
    /// It does, as far as is known.
    Connected,
    /// It must be connected anew.
    Disconnected,
}

/// An account, as it is set.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ManagedChannel {
    /// `chan_…`
    pub channel_id: String,
    /// Where.
    pub network: Network,
    /// Its name there, without `@`.
    pub handle: String,
    /// What agents see.
    pub display_name: String,
    /// Whether the network takes its token.
    pub health: ChannelHealth,
    /// When that was last seen.
    #[schema(format = DateTime)]
    pub last_checked_at: Option<String>,
    /// Played by this installation.
    pub simulated: bool,
    /// What was bought at the network; empty: the lowest.
    pub tier: String,
    /// Open to the members in its entries alone.
    pub restricted: bool,
    /// Days without activity after which a conversation that does not wait is resolved; 0: never.
    pub auto_resolve_days: u32,
    /// Hours after its resolution in which what comes through it opens a conversation again; 0:
    /// never; `null`: as the installation says.
    pub reopen_window_hours: Option<u32>,
    /// What the member who asks may do; `null`: nothing, and such an account is not listed.
    pub my_access: Option<Access>,
    /// To be sent back with a change.
    pub rev: i64,
}

/// The organization's accounts.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ManagedChannels {
    /// In the order in which they were connected.
    pub channels: Vec<ManagedChannel>,
}

/// What of an account's settings is to change; what is left out stays.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChannelChange {
    /// 1 to 255 characters.
    pub display_name: Option<String>,
    /// 0 (never) to 3650.
    pub auto_resolve_days: Option<u32>,
    /// 0 (never) to 8760; `null`: as the installation says.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<u32>)]
    #[expect(
        clippy::option_option,
        reason = "what is not said, what is taken back, and what is chosen"
    )]
    pub reopen_window_hours: Option<Option<u32>>,
    /// Open to the members in its entries alone.
    pub restricted: Option<bool>,
    /// As it was seen; 409 `stale` when somebody changed it meanwhile.
    pub rev: i64,
}

/// What is given, `null` included; what is left out never gets here.
#[expect(
    clippy::option_option,
    reason = "what is not said, what is taken back, and what is chosen"
)]
fn given<'de, D, T>(deserializer: D) -> Result<Option<Option<T>>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    Option::deserialize(deserializer).map(Some)
}

/// What one member may do with an account while it is restricted.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AccessEntry {
    /// `mem_…`
    pub member_id: String,
    /// What they may do.
    pub access: Access,
}

/// Who may do what with an account.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ChannelAccess {
    /// Counts while the account is restricted.
    pub entries: Vec<AccessEntry>,
    /// Of the account.
    pub rev: i64,
}

/// Who shall do what with an account.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChannelAccessWanted {
    /// Complete, at most 5,000: whoever is left out has no entry.
    pub entries: Vec<AccessEntry>,
    /// Of the account, as it was seen; left out: whatever it is.
    pub rev: Option<i64>,
}

/// Light or dark.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Appearance {
    /// Light.
    Light,
    /// Dark.
    Dark,
    /// As the device.
    #[default]
    System,
}

/// The language of the workspace.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Language {
    /// English.
    En,
    /// French.
    Fr,
    /// As the device.
    #[default]
    System,
}

/// What keys do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct KeyboardPreferences {
    /// Single letters are commands outside text fields (WCAG 2.1.4).
    pub single_letters: bool,
    /// Enter sends; else it begins a line.
    pub send_with_enter: bool,
    /// Keys of the member's own, by the command of the workspace that they are for.
    #[serde(default)]
    pub keys: BTreeMap<String, String>,
}

impl Default for KeyboardPreferences {
    fn default() -> Self {
        Self { single_letters: true, send_with_enter: false, keys: BTreeMap::new() }
    }
}

/// What a member prefers.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct KeptPreferences {
    /// Light or dark.
    pub appearance: Appearance,
    /// The language.
    pub language: Language,
    /// What keys do.
    pub keyboard: KeyboardPreferences,
    /// When the member said so.
    pub written_at: Option<String>,
}

/// What a member prefers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Preferences {
    /// Light or dark.
    pub appearance: Appearance,
    /// The language of the workspace.
    pub language: Language,
    /// What keys do.
    pub keyboard: KeyboardPreferences,
    /// When the member said so on their device, RFC 3339; none if it was not told.
    pub written_at: Option<String>,
    /// To be sent back with a change; 0 while nothing was set.
    pub rev: i64,
}

/// What a member prefers from now on.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PreferencesWanted {
    /// Light or dark.
    pub appearance: Appearance,
    /// The language of the workspace.
    pub language: Language,
    /// What keys do.
    pub keyboard: KeyboardPreferences,
    /// When the member said so, RFC 3339: of two devices the newer word counts.
    #[serde(default)]
    pub written_at: Option<String>,
    /// As it was seen; 409 `stale` when it changed on another device meanwhile.
    pub rev: i64,
}
