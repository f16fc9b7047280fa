//! Short links.

use kit_values::Fault;
use proto::link::v1 as pb;

use super::{filled, moment, rest, unknown};

/// Who makes links.
///
/// # Errors
/// Internal for a provider of a later version.
pub fn provider(of: pb::Provider) -> Result<rest::Provider, Fault> {
    match of {
        pb::Provider::BuiltIn => Ok(rest::Provider::BuiltIn),
        pb::Provider::Bitly => Ok(rest::Provider::Bitly),
        pb::Provider::Unspecified => Err(unknown("provider")),
    }
}

/// Who is to make links.
#[must_use]
pub const fn provider_wanted(of: rest::Provider) -> pb::Provider {
    match of {
        rest::Provider::BuiltIn => pb::Provider::BuiltIn,
        rest::Provider::Bitly => pb::Provider::Bitly,
    }
}

/// How links are shortened.
///
/// # Errors
/// Internal for what a later version tells.
pub fn settings(of: pb::LinkSettings) -> Result<rest::LinkSettings, Fault> {
    let provider = provider(of.provider())?;
    let bitly = of.bitly.unwrap_or_default();
    let health = match bitly.health() {
        pb::Health::Unspecified => rest::Health::Disconnected,
        pb::Health::Connected => rest::Health::Connected,
        pb::Health::Expired => rest::Health::Expired,
        pb::Health::Error => rest::Health::Error,
    };
    let groups = bitly.groups.into_iter().map(|group| rest::BitlyGroup {
        guid: group.guid,
        name: group.name,
        domains: group.domains,
    });
    Ok(rest::LinkSettings {
        provider,
        bitly: rest::Bitly {
            connected: bitly.connected,
            groups: groups.collect(),
            login: filled(bitly.login),
            group: filled(bitly.group_guid),
            domain: filled(bitly.domain),
            health,
            last_checked_at: moment(bitly.last_checked_at)?,
            last_error: filled(bitly.last_error),
            has_oauth: bitly.has_oauth,
        },
        domain: of.base_url,
        rev: of.rev,
    })
}
