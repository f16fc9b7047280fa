//! The configuration of an installation on one machine, as a TOML text that a file and the
//! environment override.

use std::net::SocketAddr;

use kit_service::RedisSettings;
use kit_values::{Class, Fault, Secret};
use toml::{Table, Value};
use url::Url;

use super::demo::Demo;
use super::secrets::Secrets;
use crate::data::Data;
use crate::settings::Servers;

/// What an installation is put together from.
pub struct Parts<'a> {
    /// Its folder.
    pub data: &'a Data,
    /// Its secrets.
    pub secrets: &'a Secrets,
    /// Its servers, as their administrator reaches them.
    pub servers: &'a Servers,
    /// Where Redis is.
    pub redis: &'a RedisSettings,
    /// Whether each service is a user of the broker under its own name.
    pub has_broker_users: bool,
    /// The address that people open.
    pub public_url: &'a str,
    /// What short links begin with.
    pub links_url: &'a str,
    /// Where each listener is, reserved already.
    pub listeners: &'a Listeners,
    /// The simulated networks, when they are played.
    pub demo: Option<&'a Demo>,
}

/// Reserved addresses.
#[derive(Debug, Clone)]
pub struct Listeners {
    /// Of the workspace.
    pub gateway: SocketAddr,
    /// Of webhooks.
    pub webhooks: SocketAddr,
    /// Of the playground, behind the gateway.
    pub playground: SocketAddr,
    /// Of directory's calls.
    pub directory: SocketAddr,
    /// Of ingest's calls.
    pub ingest: SocketAddr,
    /// Of conversation's calls.
    pub conversation: SocketAddr,
    /// Of routing's calls.
    pub routing: SocketAddr,
    /// Of delivery's calls.
    pub delivery: SocketAddr,
    /// Of notification's calls.
    pub notification: SocketAddr,
    /// Of the link shortener's calls.
    pub link_shortener: SocketAddr,
    /// Of short links.
    pub links: SocketAddr,
    /// Of probes and metrics.
    pub operations: SocketAddr,
}

/// Puts the configuration together.
///
/// # Errors
/// Invalid when the database's address is none.
pub fn compose(parts: &Parts<'_>) -> Result<String, Fault> {
    let secrets = parts.secrets;
    let listeners = parts.listeners;
    let listener = |address: SocketAddr| section([("address", address.to_string().into())]);
    let peer = listener;
    let key = |name: &str| text(secrets.keys.get(name));

    let mut directory = stored(parts, "directory", true)?;
    directory.insert("rpc".to_owned(), listener(listeners.directory));
    directory.insert("key_encryption_key".to_owned(), key("key_encryption"));

    let mut ingest = stored(parts, "ingest", true)?;
    ingest.insert("rpc".to_owned(), listener(listeners.ingest));
    ingest.insert("http".to_owned(), listener(listeners.webhooks));
    ingest.insert("directory".to_owned(), peer(listeners.directory));
    ingest.insert("sealing_key".to_owned(), key("sealing"));

    let mut conversation = stored(parts, "conversation", true)?;
    conversation.insert("rpc".to_owned(), listener(listeners.conversation));
    conversation.insert("directory".to_owned(), peer(listeners.directory));
    conversation.insert("link_shortener".to_owned(), peer(listeners.link_shortener));

    let redis = parts.redis.url.expose().clone();
    let redis = section([("url", redis.into())]);
    let mut routing = stored(parts, "routing", true)?;
    routing.insert("rpc".to_owned(), listener(listeners.routing));
    routing.insert("directory".to_owned(), peer(listeners.directory));
    routing.insert("conversation".to_owned(), peer(listeners.conversation));
    routing.insert("redis".to_owned(), redis.clone());

    let mut delivery = stored(parts, "delivery", true)?;
    delivery.insert("rpc".to_owned(), listener(listeners.delivery));
    delivery.insert("directory".to_owned(), peer(listeners.directory));
    delivery.insert("conversation".to_owned(), peer(listeners.conversation));

    let mut notification = stored(parts, "notification", true)?;
    notification.insert("rpc".to_owned(), listener(listeners.notification));
    notification.insert("directory".to_owned(), peer(listeners.directory));
    notification.insert("public_url".to_owned(), parts.public_url.into());
    notification.insert("push_key".to_owned(), key("push"));

    let mut link_shortener = stored(parts, "link_shortener", false)?;
    // It meets nobody on the bus.
    link_shortener.remove("broker");
    link_shortener.insert("rpc".to_owned(), listener(listeners.link_shortener));
    link_shortener.insert("http".to_owned(), listener(listeners.links));
    link_shortener.insert("public_url".to_owned(), parts.links_url.into());
    link_shortener.insert("directory".to_owned(), peer(listeners.directory));
    if parts.demo.is_some() {
        link_shortener.insert("bitly".to_owned(), played_bitly(parts));
    }

    let mut gateway = stored(parts, "gateway", false)?;
    gateway.insert("http".to_owned(), listener(listeners.gateway));
    gateway.insert("directory".to_owned(), peer(listeners.directory));
    gateway.insert("conversation".to_owned(), peer(listeners.conversation));
    gateway.insert("routing".to_owned(), peer(listeners.routing));
    gateway.insert("notification".to_owned(), peer(listeners.notification));
    gateway.insert("link_shortener".to_owned(), peer(listeners.link_shortener));
    gateway.insert("public_url".to_owned(), parts.public_url.into());
    gateway.insert("cursor_key".to_owned(), key("cursor"));
    // There is no other gateway to send the sockets to one by one.
    gateway.insert("drain".to_owned(), 0.into());

    let mut whole = Table::new();
    if let Some(demo) = parts.demo {
        gateway.insert("playground".to_owned(), peer(listeners.playground));
        whole.insert("playground".to_owned(), playground(parts, demo).into());
    }
    whole.insert("directory".to_owned(), directory.into());
    whole.insert("ingest".to_owned(), ingest.into());
    whole.insert("conversation".to_owned(), conversation.into());
    whole.insert("routing".to_owned(), routing.into());
    whole.insert("delivery".to_owned(), delivery.into());
    whole.insert("notification".to_owned(), notification.into());
    whole.insert("link_shortener".to_owned(), link_shortener.into());
    whole.insert("gateway".to_owned(), gateway.into());
    whole.insert("operations".to_owned(), listener(listeners.operations));
    whole.insert("process".to_owned(), section([("reflection", true.into())]));
    whole.insert("servers".to_owned(), servers(parts.servers));
    whole.insert("redis".to_owned(), redis);
    whole.insert("identity".to_owned(), identity(secrets));
    toml::to_string(&whole).map_err(Fault::internal)
}

/// What every service that keeps something has: its role, its relay's role, its broker.
fn stored(parts: &Parts<'_>, name: &str, has_relay: bool) -> Result<Table, Fault> {
    let mut table = Table::new();
    let database = database(parts, &format!("guichet_{name}"))?;
    table.insert("database".to_owned(), section([("url", database.into())]));
    if has_relay {
        let relay = self::database(parts, &format!("guichet_{name}_relay"))?;
        let relay = section([("url", relay.into()), ("pool", 2.into())]);
        table.insert("relay_database".to_owned(), relay);
    }
    let mut broker = Table::new();
    broker.insert("url".to_owned(), parts.servers.nats.clone().unwrap_or_default().into());
    if parts.has_broker_users {
        broker.insert("user".to_owned(), name.into());
        broker.insert("password".to_owned(), text(parts.secrets.broker.get(name)));
    } else if let Some(user) = &parts.servers.nats_user {
        broker.insert("user".to_owned(), user.clone().into());
        let password = parts.servers.nats_password.as_ref().map(Secret::expose);
        broker.insert("password".to_owned(), text(password));
    }
    table.insert("broker".to_owned(), broker.into());
    Ok(table)
}

/// The administrator's database, as `role` reaches it.
fn database(parts: &Parts<'_>, role: &str) -> Result<String, Fault> {
    let refuse = || {
        let sentence = "The address of PostgreSQL is not of the form \
                        postgres://admin:password@host:port/database.";
        Fault::new(Class::Invalid, "database_url", sentence)
    };
    let admin = parts.servers.postgresql.as_ref().ok_or_else(refuse)?;
    let mut url = Url::parse(admin.expose()).map_err(|_| refuse())?;
    let password = parts.secrets.database.get(role).map(String::as_str);
    url.set_username(role).and_then(|()| url.set_password(password)).map_err(|()| refuse())?;
    Ok(url.into())
}

fn playground(parts: &Parts<'_>, demo: &Demo) -> Table {
    let applications: Vec<Value> = demo
        .registrations()
        .map(|(it, accounts)| {
            let accounts = accounts
                .map(|it| {
                    section([
                        ("account_id", it.account_id.clone().into()),
                        ("handle", it.handle.clone().into()),
                        ("name", it.name.clone().into()),
                    ])
                })
                .collect();
            section([
                ("network", it.network.clone().into()),
                ("application_id", it.id.clone().into()),
                ("secret", it.secret.clone().into()),
                ("verify_token", it.verify_token.clone().into()),
                ("accounts", Value::Array(accounts)),
            ])
        })
        .collect();
    let journal = parts.data.playground().join("journal.jsonl").display().to_string();
    let mut table = Table::new();
    let address = parts.listeners.playground.to_string();
    table.insert("http".to_owned(), section([("address", address.into())]));
    table.insert("journal".to_owned(), journal.into());
    table.insert("ingest_url".to_owned(), format!("http://{}", parts.listeners.webhooks).into());
    table.insert("public_url".to_owned(), parts.public_url.into());
    table.insert("applications".to_owned(), applications.into());
    table
}

/// The playground plays Bitly, too; people reach it through the workspace's address.
fn played_bitly(parts: &Parts<'_>) -> Value {
    let played = format!("http://{}/bitly", parts.listeners.playground);
    let back = "/api/v1/settings/link-shortening/bitly/callback";
    section([
        ("api_base", played.into()),
        ("authorize_url", format!("{}/playground/bitly/authorize", parts.public_url).into()),
        ("client_id", "guichet".into()),
        ("client_secret", "simulated".into()),
        ("redirect_uri", format!("{}{back}", parts.public_url).into()),
    ])
}

fn servers(servers: &Servers) -> Value {
    let mut table = Table::new();
    if let Some(admin) = &servers.postgresql {
        table.insert("postgresql".to_owned(), admin.expose().clone().into());
    }
    if let Some(nats) = &servers.nats {
        table.insert("nats".to_owned(), nats.clone().into());
    }
    table.into()
}

fn identity(secrets: &Secrets) -> Value {
    let map = |of: &std::collections::BTreeMap<String, String>| {
        let entries = of.iter().map(|(name, value)| (name.clone(), Value::from(value.clone())));
        Value::Table(entries.collect())
    };
    section([("keys", map(&secrets.identity)), ("trusted", map(&secrets.trusted))])
}

fn section<const N: usize>(entries: [(&str, Value); N]) -> Value {
    Value::Table(entries.into_iter().map(|(key, value)| (key.to_owned(), value)).collect())
}

fn text(value: Option<&String>) -> Value {
    value.cloned().unwrap_or_default().into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::services::ALL;
    use crate::settings::{Settings, loopback};

    fn composed(is_simulated: bool, has_broker_users: bool) -> Settings {
        let folder = tempfile::tempdir().expect("a folder");
        let data = Data { root: folder.path().to_owned() };
        let secrets = Secrets::keep(&data.secrets()).expect("secrets");
        let demo = Demo::keep(&data.demo()).expect("a demo");
        let listeners = Listeners {
            gateway: loopback(1),
            webhooks: loopback(2),
            playground: loopback(3),
            directory: loopback(4),
            ingest: loopback(5),
            conversation: loopback(6),
            operations: loopback(7),
            routing: loopback(8),
            delivery: loopback(9),
            notification: loopback(10),
            link_shortener: loopback(11),
            links: loopback(12),
        };
        let text = compose(&Parts {
            data: &data,
            secrets: &secrets,
            servers: &Servers {
                postgresql: Some(Secret::new("postgres://admin:x@db:5432/care".to_owned())),
                nats: Some("nats://broker:4222".to_owned()),
                ..Servers::default()
            },
            redis: &RedisSettings { url: Secret::new("redis://:x@presence:6379".to_owned()) },
            has_broker_users,
            public_url: "https://care.example.com",
            links_url: "https://go.example.com",
            listeners: &listeners,
            demo: is_simulated.then_some(&demo),
        });
        Settings::load(&text.expect("composes"), None).expect("is a configuration")
    }

    #[test]
    fn every_service_is_configured_with_a_role_and_a_key_of_its_own() {
        let settings = composed(true, true);
        let mut roles = Vec::new();
        for service in ALL {
            assert!(service.is_configured(&settings), "{service:?}");
            settings.identity.identity(service.name()).expect("a key");
            if let Some((own, relay)) = service.databases(&settings) {
                for database in [Some(own), relay].into_iter().flatten() {
                    let url = Url::parse(database.url.expose()).expect("an address");
                    assert_eq!(
                        (url.host_str(), url.port(), url.path()),
                        (Some("db"), Some(5432), "/care")
                    );
                    roles.push((url.username().to_owned(), url.password().map(ToOwned::to_owned)));
                }
            }
        }
        roles.sort();
        let names: Vec<&str> = roles.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(
            names,
            [
                "guichet_conversation",
                "guichet_conversation_relay",
                "guichet_delivery",
                "guichet_delivery_relay",
                "guichet_directory",
                "guichet_directory_relay",
                "guichet_gateway",
                "guichet_ingest",
                "guichet_ingest_relay",
                "guichet_link_shortener",
                "guichet_notification",
                "guichet_notification_relay",
                "guichet_routing",
                "guichet_routing_relay",
            ]
        );
        roles.dedup_by(|left, right| left.1 == right.1);
        assert_eq!(roles.len(), 14, "two roles share a password");
    }

    #[test]
    fn a_configured_broker_is_used_as_it_is_and_nothing_is_played_unless_asked() {
        let settings = composed(false, false);
        let broker = settings.gateway.as_ref().map(|it| it.broker.clone()).expect("configured");
        assert_eq!((broker.url.as_str(), broker.user), ("nats://broker:4222", None));
        let redis = settings.redis.map(|it| it.url.expose().clone());
        assert_eq!(redis.as_deref(), Some("redis://:x@presence:6379"));
        assert!(settings.playground.is_none());
        assert!(settings.gateway.is_some_and(|it| it.playground.is_none()));
    }
}
