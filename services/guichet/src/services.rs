//! The services as a table: name, section, migrations, start. The only place that knows them
//! all.

use clap::ValueEnum;
use kit_service::Runtime;
use kit_store::{DatabaseSettings, Migrations, Store};
use kit_values::{Class, Fault};

use crate::settings::Settings;

/// The name that operators' calls are signed with.
pub const OPERATOR: &str = "operator";

/// One service, in the order in which they start: those that others ask come first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Service {
    /// Organizations, members, channels, credentials.
    Directory,
    /// Webhooks in.
    Ingest,
    /// Short links.
    LinkShortener,
    /// Contacts, conversations, messages.
    Conversation,
    /// Availability, presence, owners.
    Routing,
    /// Calls of the networks.
    Delivery,
    /// Who is told what.
    Notification,
    /// REST, live feed, workspace.
    Gateway,
    /// Plays the networks, for demonstrations and tests.
    Playground,
}

/// All services, in the order in which they start.
pub const ALL: [Service; 9] = [
    Service::Directory,
    Service::Ingest,
    Service::LinkShortener,
    Service::Conversation,
    Service::Routing,
    Service::Delivery,
    Service::Notification,
    Service::Gateway,
    Service::Playground,
];

impl Service {
    /// Its name: that of its section, its schema and its identity.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Directory => "directory",
            Self::Ingest => "ingest",
            Self::LinkShortener => "link_shortener",
            Self::Conversation => "conversation",
            Self::Routing => "routing",
            Self::Delivery => "delivery",
            Self::Notification => "notification",
            Self::Gateway => "gateway",
            Self::Playground => "playground",
        }
    }

    /// Its migrations; none when it keeps nothing in PostgreSQL.
    #[must_use]
    pub fn migrations(self) -> Option<Migrations> {
        match self {
            Self::Directory => Some(directory::migrations()),
            Self::Ingest => Some(ingest::migrations()),
            Self::LinkShortener => Some(link_shortener::migrations()),
            Self::Conversation => Some(conversation::migrations()),
            Self::Routing => Some(routing::migrations()),
            Self::Delivery => Some(delivery::migrations()),
            Self::Notification => Some(notification::migrations()),
            Self::Gateway => Some(gateway::migrations()),
            Self::Playground => None,
        }
    }

    /// Whether its section is there.
    #[must_use]
    pub const fn is_configured(self, settings: &Settings) -> bool {
        match self {
            Self::Directory => settings.directory.is_some(),
            Self::Ingest => settings.ingest.is_some(),
            Self::LinkShortener => settings.link_shortener.is_some(),
            Self::Conversation => settings.conversation.is_some(),
            Self::Routing => settings.routing.is_some(),
            Self::Delivery => settings.delivery.is_some(),
            Self::Notification => settings.notification.is_some(),
            Self::Gateway => settings.gateway.is_some(),
            Self::Playground => settings.playground.is_some(),
        }
    }

    /// How it and its relay reach the database, where its section says so.
    #[must_use]
    pub fn databases(
        self,
        settings: &Settings,
    ) -> Option<(&DatabaseSettings, Option<&DatabaseSettings>)> {
        match self {
            Self::Directory => {
                settings.directory.as_ref().map(|it| (&it.database, Some(&it.relay_database)))
            }
            Self::Ingest => {
                settings.ingest.as_ref().map(|it| (&it.database, Some(&it.relay_database)))
            }
            Self::Conversation => {
                settings.conversation.as_ref().map(|it| (&it.database, Some(&it.relay_database)))
            }
            Self::LinkShortener => settings.link_shortener.as_ref().map(|it| (&it.database, None)),
            Self::Routing => {
                settings.routing.as_ref().map(|it| (&it.database, Some(&it.relay_database)))
            }
            Self::Delivery => {
                settings.delivery.as_ref().map(|it| (&it.database, Some(&it.relay_database)))
            }
            Self::Notification => {
                settings.notification.as_ref().map(|it| (&it.database, Some(&it.relay_database)))
            }
            Self::Gateway => settings.gateway.as_ref().map(|it| (&it.database, None)),
            Self::Playground => None,
        }
    }

    /// Starts it with its own identity; returns once it listens.
    ///
    /// # Errors
    /// Invalid when its section or its key is missing; else what the service says.
    pub async fn start(self, settings: &Settings, process: &Runtime) -> Result<(), Fault> {
        let name = self.name();
        let absent = || {
            let sentence = format!("The configuration has no section [{name}].");
            Fault::new(Class::Invalid, "section_missing", sentence)
        };
        let runtime = process.for_service(settings.identity.identity(name)?);
        if let Some((database, _)) = self.databases(settings) {
            watch(name, database, &runtime)?;
        }
        match self {
            Self::Directory => {
                directory::start(settings.directory.clone().ok_or_else(absent)?, runtime).await
            }
            Self::Ingest => {
                ingest::start(settings.ingest.clone().ok_or_else(absent)?, runtime).await
            }
            Self::Conversation => {
                conversation::start(settings.conversation.clone().ok_or_else(absent)?, runtime)
                    .await
            }
            Self::LinkShortener => {
                link_shortener::start(settings.link_shortener.clone().ok_or_else(absent)?, runtime)
                    .await
            }
            Self::Routing => {
                routing::start(settings.routing.clone().ok_or_else(absent)?, runtime).await
            }
            Self::Delivery => {
                delivery::start(settings.delivery.clone().ok_or_else(absent)?, runtime).await
            }
            Self::Notification => {
                notification::start(settings.notification.clone().ok_or_else(absent)?, runtime)
                    .await
            }
            Self::Gateway => {
                gateway::start(settings.gateway.clone().ok_or_else(absent)?, runtime).await
            }
            Self::Playground => {
                playground::start(settings.playground.clone().ok_or_else(absent)?, runtime).await
            }
        }
    }
}

/// Makes the process unready while a service's role cannot begin anything in its database: on a
/// connection of its own, so that a busy pool is not taken for one that is away.
fn watch(name: &str, database: &DatabaseSettings, runtime: &Runtime) -> Result<(), Fault> {
    let store = Store::lazy(&DatabaseSettings { pool: 1, ..database.clone() })?;
    let flag = runtime.health.register(format!("{name}-database"));
    let probe = move || {
        let store = store.clone();
        async move { store.ping().await }
    };
    let following = flag.follow("its database is away", runtime.stop.clone(), probe);
    runtime.tasks.spawn("database-watch", following);
    Ok(())
}
