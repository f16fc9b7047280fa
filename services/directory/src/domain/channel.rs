//! One connected account.

use std::collections::{BTreeMap, BTreeSet};

use kit_values::{Class, Fault, OrganizationId, Secret};
use time::OffsetDateTime;

use super::access::Access;
use super::application::Application;
use super::{ApplicationId, ChannelId, MemberId, Network, text};

/// A channel as others see it; its token stays sealed in the store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Channel {
    /// Its id.
    pub id: ChannelId,
    /// Whose it is.
    pub organization: OrganizationId,
    /// What carries it.
    pub application: ApplicationId,
    /// Its network.
    pub network: Network,
    /// The account's id at the network; opaque.
    pub account_id: String,
    /// Without "@"; may be empty.
    pub handle: String,
    /// 1 to 255 characters (`product.md` 2, S29).
    pub display_name: String,
    /// Whether the playground plays its network; never changes.
    pub simulated: bool,
    /// When it was connected; items from before are history.
    pub connected_at: OffsetDateTime,
    /// Grows with every change.
    pub version: i64,
    /// What it may do at its network, as far as that depends on the account.
    pub capabilities: Capabilities,
    /// What administrators set for it.
    pub settings: Settings,
    /// What its network last said to its token.
    pub health: Health,
}

/// What administrators set for a channel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// Open to the members in `access` alone.
    pub restricted: bool,
    /// Who may do what while it is restricted.
    pub access: BTreeMap<MemberId, Access>,
    /// Days without activity after which a conversation that does not wait is resolved; 0: never.
    pub auto_resolve_days: u32,
    /// Hours after its resolution in which what comes through it opens a conversation again; 0:
    /// never; none: as the installation says (`product.md` 3).
    pub reopen_window_hours: Option<u32>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            restricted: false,
            access: BTreeMap::new(),
            auto_resolve_days: 30,
            reopen_window_hours: None,
        }
    }
}

/// Whether the network takes the account's token.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Health {
    /// None before the first report.
    pub connected: Option<bool>,
    /// When it was last reported.
    pub checked_at: Option<OffsetDateTime>,
}

/// What of a channel's settings is to change.
#[derive(Debug, Clone, Default)]
pub struct Change {
    /// What agents see.
    pub display_name: Option<String>,
    /// 0 to 3650.
    pub auto_resolve_days: Option<u32>,
    /// Whether it is open to the members in its entries alone.
    pub restricted: Option<bool>,
    /// 0 to 8760; inner none: as the installation says.
    #[expect(
        clippy::option_option,
        reason = "what is not said, what is taken back, and what is chosen"
    )]
    pub reopen_window: Option<Option<u32>>,
}

/// Longest time without activity that a setting may ask for, in days.
const LONGEST_AUTO_RESOLVE: u32 = 3_650;

/// Longest reopen window, in hours: a year.
const LONGEST_REOPEN_WINDOW: u32 = 8_760;

/// The channel with its settings changed, seen at `version`.
///
/// # Errors
/// Rejected as stale when the version is another; invalid, naming the field.
pub fn change(channel: &Channel, version: i64, change: &Change) -> Result<Channel, Fault> {
    if channel.version != version {
        return Err(super::stale("channel"));
    }
    let mut changed = channel.clone();
    if let Some(name) = &change.display_name {
        changed.display_name = text::line("display_name", name, LONGEST_DISPLAY_NAME)?;
    }
    if let Some(days) = change.auto_resolve_days {
        if days > LONGEST_AUTO_RESOLVE {
            let sentence = format!("Give 0 (never) to {LONGEST_AUTO_RESOLVE} days.");
            return Err(Fault::invalid("auto_resolve_days", "auto_resolve_days", sentence));
        }
        changed.settings.auto_resolve_days = days;
    }
    if let Some(hours) = change.reopen_window {
        if hours.is_some_and(|hours| hours > LONGEST_REOPEN_WINDOW) {
            let sentence = format!("Give 0 (never) to {LONGEST_REOPEN_WINDOW} hours, or none.");
            return Err(Fault::invalid("reopen_window_hours", "reopen_window_hours", sentence));
        }
        changed.settings.reopen_window_hours = hours;
    }
    changed.settings.restricted = change.restricted.unwrap_or(changed.settings.restricted);
    changed.version += 1;
    Ok(changed)
}

/// What a network lets one account do (`product.md` 5: limits depend on network *and* account).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Capabilities {
    /// The network's own word for what was bought; empty: the lowest.
    pub tier: String,
    /// Scopes or permissions that the token carries.
    pub scopes: BTreeSet<String>,
    /// Where its calls go, without a trailing slash; empty: to the real network.
    pub api_base: String,
}

/// Longest display name, in characters (`product.md` 2, S29).
pub const LONGEST_DISPLAY_NAME: usize = 255;
const LONGEST_ACCOUNT_ID: usize = 128;
const LONGEST_TOKEN: usize = 8_192;
const LONGEST_ADDRESS: usize = 2_000;
const LONGEST_WORD: usize = 128;
const MOST_SCOPES: usize = 100;

/// What an operator asks for.
#[derive(Debug, Clone)]
pub struct Connection {
    /// Given, or minted by the shell.
    pub id: ChannelId,
    /// Whose it becomes.
    pub organization: OrganizationId,
    /// None: the application's.
    pub network: Option<Network>,
    /// The account's id at the network.
    pub account_id: String,
    /// With or without "@".
    pub handle: String,
    /// What agents see.
    pub display_name: String,
    /// Must be what the application is.
    pub simulated: bool,
    /// The account's token at the network; empty if there is none yet.
    pub access_token: Secret<String>,
    /// What the account may do there.
    pub capabilities: Capabilities,
}

/// Decides the channel that `connection` makes through `application`.
///
/// An application of another organization does not exist for this one. A simulated account goes
/// through a simulated application and a real one through a real one, so that no simulated
/// customer can ever be answered on a real network, or the reverse.
pub fn connect(
    application: &Application,
    connection: &Connection,
    now: OffsetDateTime,
) -> Result<Channel, Fault> {
    if application.organization.is_some_and(|owner| owner != connection.organization) {
        return Err(Fault::not_found("application"));
    }
    if connection.network.is_some_and(|network| network != application.network) {
        return Err(Fault::invalid(
            "network",
            "network",
            "The account and its application are on different networks.",
        ));
    }
    if connection.simulated != application.simulated {
        return Err(Fault::new(
            Class::Rejected,
            "simulated_mismatch",
            "A simulated account goes through a simulated application, a real one through a real \
             one.",
        ));
    }
    if connection.access_token.expose().len() > LONGEST_TOKEN {
        return Err(Fault::invalid(
            "access_token",
            "access_token",
            format!("An access token has at most {LONGEST_TOKEN} bytes."),
        ));
    }
    Ok(Channel {
        id: connection.id,
        organization: connection.organization,
        application: application.id,
        network: application.network,
        account_id: text::line("account_id", &connection.account_id, LONGEST_ACCOUNT_ID)?,
        handle: text::optional_line("handle", connection.handle.trim_start_matches('@'), 255)?,
        display_name: text::line("display_name", &connection.display_name, LONGEST_DISPLAY_NAME)?,
        simulated: application.simulated,
        connected_at: now,
        version: 1,
        capabilities: capabilities(&connection.capabilities, application.simulated)?,
        settings: Settings::default(),
        health: Health::default(),
    })
}

/// The next version of a channel whose account is connected anew: what it has always been stays,
/// what it may do is what was said last.
#[must_use]
pub fn reconnect(existing: &Channel, anew: Channel) -> Channel {
    Channel {
        connected_at: existing.connected_at,
        display_name: existing.display_name.clone(),
        settings: existing.settings.clone(),
        version: existing.version + 1,
        ..anew
    }
}

/// A real account's calls go to the real network alone: its token never leaves for elsewhere.
fn capabilities(asked: &Capabilities, simulated: bool) -> Result<Capabilities, Fault> {
    if !asked.api_base.is_empty() && !simulated {
        return Err(Fault::invalid(
            "api_base",
            "api_base",
            "Only calls of a simulated account may go elsewhere than to its network.",
        ));
    }
    if asked.scopes.len() > MOST_SCOPES {
        return Err(Fault::invalid(
            "scopes",
            "scopes",
            format!("A token carries at most {MOST_SCOPES} scopes."),
        ));
    }
    Ok(Capabilities {
        tier: text::optional_line("tier", &asked.tier, LONGEST_WORD)?,
        scopes: asked
            .scopes
            .iter()
            .map(|scope| text::line("scopes", scope, LONGEST_WORD))
            .collect::<Result<_, _>>()?,
        api_base: text::optional_line(
            "api_base",
            asked.api_base.trim_end_matches('/'),
            LONGEST_ADDRESS,
        )?,
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn application(organization: Option<OrganizationId>, simulated: bool) -> Application {
        Application {
            id: ApplicationId::mint(),
            network: Network::X,
            name: "Quai on X".to_owned(),
            organization,
            simulated,
            version: 1,
            permalink_base: String::new(),
        }
    }

    fn connection(organization: OrganizationId) -> Connection {
        Connection {
            id: ChannelId::mint(),
            organization,
            network: None,
            account_id: "4503599627370497000".to_owned(),
            handle: "@quai_aide".to_owned(),
            display_name: "Quai".to_owned(),
            simulated: true,
            access_token: Secret::default(),
            capabilities: Capabilities::default(),
        }
    }

    #[test]
    fn a_channel_takes_network_and_simulation_from_its_application() {
        let organization = OrganizationId::mint();
        let application = application(None, true);
        let channel = connect(&application, &connection(organization), OffsetDateTime::UNIX_EPOCH)
            .expect("valid");
        assert_eq!((channel.network, channel.simulated), (Network::X, true));
        assert_eq!((&*channel.handle, channel.version), ("quai_aide", 1));
    }

    #[test]
    fn another_organizations_application_is_not_found() {
        let application = application(Some(OrganizationId::mint()), true);
        let fault =
            connect(&application, &connection(OrganizationId::mint()), OffsetDateTime::UNIX_EPOCH)
                .expect_err("refused");
        assert_eq!(fault.class(), Class::NotFound);
    }

    #[test]
    fn calls_of_a_real_account_go_to_its_network_alone() {
        let mut connection = connection(OrganizationId::mint());
        connection.capabilities.api_base = "http://127.0.0.1:9/x/".to_owned();
        let channel =
            connect(&application(None, true), &connection, OffsetDateTime::UNIX_EPOCH).expect("ok");
        assert_eq!(channel.capabilities.api_base, "http://127.0.0.1:9/x");
        connection.simulated = false;
        let fault = connect(&application(None, false), &connection, OffsetDateTime::UNIX_EPOCH)
            .expect_err("refused");
        assert_eq!(fault.field(), Some("api_base"));
    }

    #[test]
    fn a_simulated_account_cannot_go_through_a_real_application() {
        let application = application(None, false);
        let fault =
            connect(&application, &connection(OrganizationId::mint()), OffsetDateTime::UNIX_EPOCH)
                .expect_err("refused");
        assert_eq!(fault.code(), "simulated_mismatch");
    }

    proptest! {
        #[test]
        fn a_display_name_has_one_to_255_characters(name in "\\PC{0,300}") {
            let organization = OrganizationId::mint();
            let mut connection = connection(organization);
            connection.display_name.clone_from(&name);
            let result =
                connect(&application(None, true), &connection, OffsetDateTime::UNIX_EPOCH);
            let length = name.trim().chars().count();
            prop_assert_eq!(result.is_ok(), (1..=255).contains(&length));
        }
    }
}
