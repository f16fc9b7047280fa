//! NATS with JetStream, each service a user that may do only what it needs.

use std::io::{BufRead as _, BufReader};
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::path::Path;
use std::time::Duration;

use kit_values::{Fault, Secret};
use serde_json::{Value, json};

use super::child::{Child, Program};
use super::directory::Directory;
use super::{Options, programs};

/// The largest event, in bytes: well above any item of a webhook of 8 MiB.
const MAX_PAYLOAD: u64 = 8 * 1024 * 1024;

/// A user of NATS and what it may do.
#[derive(Debug, Clone)]
pub struct NatsUser {
    /// Its name: the service's.
    pub name: String,
    /// Its password.
    pub password: Secret<String>,
    /// Subjects that it may publish to, wildcards allowed.
    pub publish: Vec<String>,
    /// Subjects that it may not publish to although a wildcard of `publish` covers them.
    pub refused: Vec<String>,
    /// Subjects that it may subscribe to.
    pub subscribe: Vec<String>,
}

/// Starts it; gives its address too.
pub(super) fn start(directory: &Directory, options: &Options) -> Result<(Child, String), Fault> {
    let program = options.programs.nats_server()?;
    let folder = directory.folder("nats")?;
    let store = directory.folder("nats/jetstream")?;
    let port = directory.port("nats")?;
    let configuration = folder.join("nats.conf");
    let text = serde_json::to_string_pretty(&configured(port, &store, &options.nats_users))
        .map_err(Fault::internal)?;
    directory.private_file(&configuration, &text)?;
    let program = Program {
        name: "nats",
        path: program,
        arguments: vec!["-c".into(), configuration.into_os_string()],
        environment: Vec::new(),
    };
    let child = Child::start(directory, options, &programs::setpriv()?, &program)?;
    child.wait_until(|| is_ready(port))?;
    Ok((child, format!("nats://127.0.0.1:{port}")))
}

/// The configuration; what nats-server reads is a superset of JSON.
fn configured(port: u16, store: &Path, users: &[NatsUser]) -> Value {
    let mut configuration = json!({
        "server_name": "guichet",
        "host": "127.0.0.1",
        "port": port,
        "max_payload": MAX_PAYLOAD,
        "jetstream": { "store_dir": store.to_string_lossy() },
    });
    if !users.is_empty() {
        let users: Vec<Value> = users.iter().map(user).collect();
        configuration["authorization"] = json!({ "users": users });
    }
    configuration
}

fn user(user: &NatsUser) -> Value {
    json!({
        "user": user.name,
        "password": user.password.expose(),
        "permissions": {
            "publish": { "allow": user.publish, "deny": user.refused },
            "subscribe": { "allow": user.subscribe },
        },
    })
}

/// The server greets with what it is; JetStream must be on by then.
fn is_ready(port: u16) -> bool {
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let Ok(stream) = TcpStream::connect_timeout(&address, Duration::from_secs(1)) else {
        return false;
    };
    if stream.set_read_timeout(Some(Duration::from_secs(1))).is_err() {
        return false;
    }
    let mut greeting = String::new();
    let read = BufReader::new(stream).read_line(&mut greeting);
    read.is_ok() && greeting.contains("\"jetstream\":true")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn users_come_with_what_they_may_do() {
        let user = NatsUser {
            name: "ingest".to_owned(),
            password: Secret::new("a\"b".to_owned()),
            publish: vec!["guichet.ingest.>".to_owned()],
            refused: vec!["guichet.ingest.v0.>".to_owned()],
            subscribe: vec!["_INBOX.ingest.>".to_owned()],
        };
        let written = configured(4222, Path::new("/data/nats"), &[user]);
        let user = &written["authorization"]["users"][0];
        assert_eq!(user["permissions"]["publish"]["allow"][0], "guichet.ingest.>");
        assert_eq!(user["permissions"]["publish"]["deny"][0], "guichet.ingest.v0.>");
        assert_eq!(user["permissions"]["subscribe"]["allow"][0], "_INBOX.ingest.>");
        assert_eq!(user["password"], "a\"b");
        assert_eq!(written["host"], "127.0.0.1");
        assert!(configured(1, Path::new("/data"), &[]).get("authorization").is_none());
    }
}
