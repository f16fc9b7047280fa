//! Between protobuf and the use cases.

use kit_values::Fault;
use proto::audit::v1 as audit;
use proto::link::v1 as link;
use time::OffsetDateTime;
use uuid::Uuid;

use crate::app::{Asked, AskedLink, Kept, Made};
use crate::bitly::{Group, Trouble};
use crate::domain::{Base, Code, ConversationId, MemberId, Provider, Settings, Short};

const MOST_LINKS: usize = 20;
const LONGEST_KEY: usize = 128;

/// Reads a request; `fresh` gives a code and an id for each link.
///
/// # Errors
/// Invalid, naming the field; what `fresh` says.
pub fn asked(
    request: link::ShortenRequest,
    mut fresh: impl FnMut() -> Result<(Code, Uuid), Fault>,
) -> Result<Asked, Fault> {
    let conversation: ConversationId = request.conversation_id.parse().map_err(|_| {
        Fault::invalid("invalid_id", "conversation_id", "This is no conversation's id.")
    })?;
    if request.reply_key.is_empty() || request.reply_key.len() > LONGEST_KEY {
        let sentence = format!("A reply's key has 1 to {LONGEST_KEY} bytes.");
        return Err(Fault::invalid("reply_key", "reply_key", sentence));
    }
    if request.links.len() > MOST_LINKS {
        let sentence = format!("Ask for at most {MOST_LINKS} links at a time.");
        return Err(Fault::invalid("too_many_links", "links", sentence));
    }
    let links = request
        .links
        .into_iter()
        .map(|one| {
            let ordinal = i16::try_from(one.ordinal).map_err(|_| {
                Fault::invalid("ordinal", "links.ordinal", "A place is 0 to 32767.")
            })?;
            let (code, id) = fresh()?;
            Ok(AskedLink { ordinal, text: one.url, code, id, short_url: None })
        })
        .collect::<Result<_, Fault>>()?;
    Ok(Asked { conversation, reply_key: request.reply_key, links })
}

/// What was made, with whole addresses; `trouble` is why the chosen provider made less than all.
#[must_use]
pub fn answer(made: Made, base: &Base, trouble: Option<Trouble>) -> link::ShortenResponse {
    let fallback = trouble.map(fallback_reason).unwrap_or_default();
    let links = made
        .into_iter()
        .map(|(ordinal, outcome)| {
            let ordinal = ordinal.into();
            match outcome {
                Ok(Short::Ours(code)) => link::ShortLink {
                    ordinal,
                    short_url: base.link(code.as_str()),
                    reason: fallback.clone(),
                    provider: link::Provider::BuiltIn.into(),
                },
                Ok(Short::Theirs(short_url)) => link::ShortLink {
                    ordinal,
                    short_url,
                    reason: String::new(),
                    provider: link::Provider::Bitly.into(),
                },
                Err(refusal) => link::ShortLink {
                    ordinal,
                    short_url: String::new(),
                    reason: refusal.code().to_owned(),
                    provider: link::Provider::Unspecified.into(),
                },
            }
        })
        .collect();
    link::ShortenResponse { links }
}

/// Why a link is ours though Bitly was chosen.
#[must_use]
pub fn fallback_reason(trouble: Trouble) -> String {
    format!("bitly_{}", trouble.code())
}

/// Who makes links.
///
/// # Errors
/// Invalid when nobody is named.
pub fn provider(of: link::Provider) -> Result<Provider, Fault> {
    match of {
        link::Provider::BuiltIn => Ok(Provider::BuiltIn),
        link::Provider::Bitly => Ok(Provider::Bitly),
        link::Provider::Unspecified => {
            Err(Fault::invalid("provider", "provider", "Say who is to make the links."))
        }
    }
}

/// How links are shortened.
#[must_use]
pub fn settings(of: &Settings, groups: Vec<Group>, base: &Base, oauth: bool) -> link::LinkSettings {
    let account = of.account.as_ref();
    let trouble = account.map(|account| account.trouble.as_str()).unwrap_or_default();
    let health = match (account, Trouble::parse(trouble)) {
        (None, _) => link::Health::Unspecified,
        (Some(_), None) => link::Health::Connected,
        (Some(_), Some(Trouble::Unauthorized | Trouble::Forbidden)) => link::Health::Expired,
        (Some(_), Some(_)) => link::Health::Error,
    };
    let provider = match of.choice.provider {
        Provider::BuiltIn => link::Provider::BuiltIn,
        Provider::Bitly => link::Provider::Bitly,
    };
    link::LinkSettings {
        provider: provider.into(),
        bitly: Some(link::Bitly {
            connected: account.is_some(),
            login: account.map(|account| account.login.clone()).unwrap_or_default(),
            group_guid: of.choice.group_guid.clone(),
            domain: of.choice.domain.clone(),
            groups: groups.into_iter().map(group).collect(),
            health: health.into(),
            last_checked_at: account.map(|account| timestamp(account.checked_at)),
            last_error: trouble.to_owned(),
            has_oauth: oauth,
        }),
        base_url: base.link(""),
        rev: of.choice.rev,
    }
}

/// A group with everything that its links may begin with.
fn group(of: Group) -> link::BitlyGroup {
    let mut domains = of.bsds;
    domains.push("bit.ly".to_owned());
    link::BitlyGroup { guid: of.guid, name: of.name, domains }
}

/// An entry of the audit table as others see it.
#[must_use]
pub fn entry(entry: Kept) -> audit::Entry {
    audit::Entry {
        number: entry.number,
        at: Some(timestamp(entry.at)),
        member_id: entry.member.map(|id| MemberId::from_uuid(id).to_string()).unwrap_or_default(),
        act: entry.act,
        subject: entry.subject,
        detail: entry.detail,
        hash: entry.hash,
        service: entry.service,
    }
}

fn timestamp(moment: OffsetDateTime) -> prost_types::Timestamp {
    prost_types::Timestamp {
        seconds: moment.unix_timestamp(),
        // Below a thousand million: fits.
        nanos: i32::try_from(moment.nanosecond()).unwrap_or_default(),
    }
}
