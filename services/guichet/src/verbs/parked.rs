//! `guichet parked list|show|replay`: what could not be read or applied, kept with its reason.

use std::process::ExitCode;

use kit_service::rpc;
use kit_values::{Class, Fault};
use proto::conversation::v1::conversation_service_client::ConversationServiceClient;
use proto::delivery::v1::delivery_service_client::DeliveryServiceClient;
use proto::ingest::v1::ingest_service_client::IngestServiceClient;
use proto::notification::v1::notification_service_client::NotificationServiceClient;
use proto::routing::v1::routing_service_client::RoutingServiceClient;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::Common;
use crate::settings::Settings;
use crate::{operator, output};

/// Ids are written `service/id`, as `list` shows them.
#[derive(Debug, clap::Subcommand)]
pub enum Parked {
    /// What every service parked, the oldest first.
    List {
        /// How many of each service at most, 1 to 1000.
        #[arg(long, default_value_t = 100)]
        limit: i32,
    },
    /// One of them with its content, which may be a customer's words.
    Show {
        /// As `list` shows it.
        id: String,
    },
    /// Hands them to their reader again.
    Replay {
        /// As `list` shows them.
        #[arg(required = true)]
        ids: Vec<String>,
    },
}

/// One parked thing, whichever service keeps it.
struct Entry {
    id: String,
    reason: String,
    detail: String,
    source: String,
    organization: String,
    bytes: i64,
    parked_at: String,
    replayed_at: String,
}

/// Each id, and why it was not replayed.
type Replayed = Vec<(String, Result<(), String>)>;

/// Twice the longest webhook that ingest takes: a parked body comes back whole.
const LONGEST_PAYLOAD: usize = 16 << 20;

/// The services answer with messages of the same shape under names of their own.
macro_rules! calls {
    ($module:ident, $client:ident, $parked:ident) => {
        mod $module {
            use proto::$module::v1 as wire;

            use super::{
                Entry, Fault, LONGEST_PAYLOAD, Replayed, Settings, moment, operator, rpc, $client,
            };

            fn entry(it: wire::$parked) -> Entry {
                Entry {
                    id: format!("{}/{}", stringify!($module), it.parked_id),
                    reason: it.reason,
                    detail: it.detail,
                    source: it.source,
                    organization: it.organization_id,
                    bytes: it.bytes,
                    parked_at: moment(it.parked_at.map(|at| at.seconds)),
                    replayed_at: moment(it.replayed_at.map(|at| at.seconds)),
                }
            }

            async fn connected(settings: &Settings) -> Result<$client<rpc::Channel>, Fault> {
                let listener = settings.$module.as_ref().map(|config| &config.rpc);
                let channel = operator::channel(settings, stringify!($module), listener, None)?;
                Ok($client::new(channel).max_decoding_message_size(LONGEST_PAYLOAD))
            }

            pub async fn list(settings: &Settings, limit: i32) -> Result<Vec<Entry>, Fault> {
                let request = wire::ListParkedRequest { limit, after: String::new() };
                let answer = connected(settings)
                    .await?
                    .list_parked(operator::request(request))
                    .await
                    .map_err(operator::failed)?;
                Ok(answer.into_inner().parked.into_iter().map(entry).collect())
            }

            pub async fn show(settings: &Settings, id: &str) -> Result<(Entry, Vec<u8>), Fault> {
                let request = wire::ShowParkedRequest { parked_id: id.to_owned() };
                let answer = connected(settings)
                    .await?
                    .show_parked(operator::request(request))
                    .await
                    .map_err(operator::failed)?;
                let answer = answer.into_inner();
                Ok((entry(answer.parked.unwrap_or_default()), answer.payload))
            }

            pub async fn replay(settings: &Settings, ids: Vec<String>) -> Result<Replayed, Fault> {
                let request = wire::ReplayParkedRequest { parked_ids: ids };
                let answer = connected(settings)
                    .await?
                    .replay_parked(operator::request(request))
                    .await
                    .map_err(operator::failed)?;
                let result = |it: wire::ReplayResult| {
                    let id = format!("{}/{}", stringify!($module), it.parked_id);
                    (id, if it.replayed { Ok(()) } else { Err(it.reason) })
                };
                Ok(answer.into_inner().results.into_iter().map(result).collect())
            }
        }
    };
}

calls!(ingest, IngestServiceClient, ParkedItem);
calls!(conversation, ConversationServiceClient, ParkedEvent);
calls!(routing, RoutingServiceClient, ParkedEvent);
calls!(delivery, DeliveryServiceClient, ParkedEvent);
calls!(notification, NotificationServiceClient, ParkedEvent);

/// The services that park, and what each call comes to.
macro_rules! keepers {
    ($($variant:ident $module:ident),*) => {
        /// A service that keeps what could not be read or applied.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        enum Keeper {
            $($variant,)*
        }

        impl Keeper {
            const ALL: &[Self] = &[$(Self::$variant,)*];

            const fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => stringify!($module),)*
                }
            }

            async fn list(self, settings: &Settings, limit: i32) -> Result<Vec<Entry>, Fault> {
                match self {
                    $(Self::$variant => $module::list(settings, limit).await,)*
                }
            }

            async fn show(self, settings: &Settings, id: &str) -> Result<(Entry, Vec<u8>), Fault> {
                match self {
                    $(Self::$variant => $module::show(settings, id).await,)*
                }
            }

            async fn replay(self, settings: &Settings, ids: Vec<String>) -> Result<Replayed, Fault> {
                match self {
                    $(Self::$variant => $module::replay(settings, ids).await,)*
                }
            }
        }
    };
}

keepers!(
    Ingest ingest,
    Conversation conversation,
    Routing routing,
    Delivery delivery,
    Notification notification
);

/// A moment in UTC, to the second; empty for none.
fn moment(seconds: Option<i64>) -> String {
    seconds
        .and_then(|seconds| OffsetDateTime::from_unix_timestamp(seconds).ok())
        .and_then(|moment| moment.format(&Rfc3339).ok())
        .unwrap_or_default()
}

/// The service and its own id.
fn split(id: &str) -> Result<(Keeper, &str), Fault> {
    id.split_once('/')
        .and_then(|(name, id)| {
            let keeper = Keeper::ALL.iter().find(|keeper| keeper.name() == name)?;
            Some((*keeper, id))
        })
        .ok_or_else(|| {
            let sentence = format!("\"{id}\" is no id that `guichet parked list` shows.");
            Fault::new(Class::NotFound, "parked_unknown", sentence)
        })
}

impl Parked {
    /// Does it; exit code 1 when something was not replayed.
    ///
    /// # Errors
    /// What a service says.
    pub async fn run(self, common: &Common) -> Result<ExitCode, Fault> {
        let settings = common.settings()?;
        match self {
            Self::List { limit } => list(&settings, limit).await,
            Self::Show { id } => show(&settings, &id).await,
            Self::Replay { ids } => replay(&settings, &ids).await,
        }
    }
}

async fn list(settings: &Settings, limit: i32) -> Result<ExitCode, Fault> {
    let mut entries = Vec::new();
    for keeper in Keeper::ALL {
        entries.extend(keeper.list(settings, limit).await?);
    }
    let rows: Vec<Vec<String>> = entries
        .into_iter()
        .map(|it| {
            let bytes = it.bytes.to_string();
            vec![it.id, it.parked_at, it.reason, it.source, bytes, it.replayed_at]
        })
        .collect();
    if rows.is_empty() {
        output::note("Nothing is parked.");
    } else {
        output::table(&["ID", "PARKED AT", "REASON", "SOURCE", "BYTES", "REPLAYED AT"], &rows);
    }
    Ok(ExitCode::SUCCESS)
}

async fn show(settings: &Settings, id: &str) -> Result<ExitCode, Fault> {
    let (keeper, own_id) = split(id)?;
    let (entry, payload) = keeper.show(settings, own_id).await?;
    // The content alone goes to standard output, so that it can be piped on.
    for (name, value) in [
        ("id", &entry.id),
        ("parked at", &entry.parked_at),
        ("reason", &entry.reason),
        ("detail", &entry.detail),
        ("source", &entry.source),
        ("organization", &entry.organization),
        ("replayed at", &entry.replayed_at),
    ] {
        if !value.is_empty() {
            output::note(format!("{name}: {value}"));
        }
    }
    output::bytes(&payload);
    Ok(ExitCode::SUCCESS)
}

async fn replay(settings: &Settings, ids: &[String]) -> Result<ExitCode, Fault> {
    let asked = ids.iter().map(|id| split(id)).collect::<Result<Vec<_>, _>>()?;
    let mut results = Vec::new();
    for keeper in Keeper::ALL {
        let own_ids = asked.iter().filter(|(of, _)| of == keeper).map(|(_, id)| (*id).to_owned());
        let own_ids: Vec<String> = own_ids.collect();
        if !own_ids.is_empty() {
            results.extend(keeper.replay(settings, own_ids).await?);
        }
    }
    let mut exit = ExitCode::SUCCESS;
    for (id, result) in results {
        match result {
            Ok(()) => output::line(format!("{id} replayed")),
            Err(reason) => {
                exit = ExitCode::FAILURE;
                output::line(format!("{id} not replayed: {reason}"));
            }
        }
    }
    Ok(exit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_names_its_service() {
        for keeper in Keeper::ALL {
            let id = format!("{}/park_1", keeper.name());
            assert_eq!(split(&id).expect("an id"), (*keeper, "park_1"));
        }
        for wrong in ["park_1", "gateway/park_1", ""] {
            assert_eq!(split(wrong).expect_err("refused").class(), Class::NotFound);
        }
    }

    #[test]
    fn a_moment_is_written_in_utc() {
        assert_eq!(moment(Some(0)), "1970-01-01T00:00:00Z");
        assert_eq!(moment(None), "");
    }
}
