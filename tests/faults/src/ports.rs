//! Ports that stay ours while their server is down.
//!
//! `up` takes free ports as the kernel gives them, from the range that it also gives to outgoing
//! connections. A service that is killed may find its port lent to one of them, or a client that
//! keeps trying may even connect to itself. An installation that outlives its processes needs
//! ports from below that range.

use std::collections::BTreeMap;
use std::net::{Ipv4Addr, TcpListener};
use std::path::Path;

/// Below the kernel's range for outgoing connections, above the ports of known services.
const LOWEST: u16 = 20_000;
const HIGHEST: u16 = 32_000;

/// How every address in the configuration begins.
const HOST: &str = "127.0.0.1:";

/// Gives every listener of the stopped installation in `data` a port of its own, but for the HTTP
/// listener of the service `but`, which is not to be killed then.
pub fn settle(data: &Path, but: &str) {
    let file = data.join("running.toml");
    let text = std::fs::read_to_string(&file).expect("the configuration is readable");
    let mut settled = BTreeMap::new();
    let configuration: toml::Table = text.parse().expect("TOML");
    let kept = configuration.get(but).and_then(|it| it["http"]["address"].as_str());
    if let Some(port) = kept.and_then(|address| address.strip_prefix(HOST)) {
        settled.insert(port.to_owned(), port.parse().expect("a port"));
    }
    // Test processes run side by side: each begins to look somewhere else.
    let mut next = LOWEST + u16::try_from(std::process::id() % 11_000).unwrap_or_default();
    let mut parts = text.split(HOST);
    let mut rewritten = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let digits = part.find(|character: char| !character.is_ascii_digit()).unwrap_or(part.len());
        let (port, rest) = part.split_at(digits);
        let new = *settled.entry(port.to_owned()).or_insert_with(|| free(&mut next));
        rewritten.extend([HOST, &new.to_string(), rest]);
    }
    std::fs::write(&file, rewritten).expect("the configuration can be written");
    for entry in std::fs::read_dir(data.join("servers/run")).into_iter().flatten().flatten() {
        let path = entry.path();
        let port = std::fs::read_to_string(&path).unwrap_or_default();
        if path.extension().is_some_and(|extension| extension == "port")
            && let Some(new) = settled.get(port.trim())
        {
            std::fs::write(&path, new.to_string()).expect("a server's port can be written");
        }
    }
}

/// One more address, like those that [`settle`] gives.
pub fn another() -> String {
    let mut next = HIGHEST - u16::try_from(std::process::id() % 900).unwrap_or_default();
    format!("{HOST}{}", free(&mut next))
}

/// So many more, of which none is another one's.
pub fn several(count: usize) -> Vec<String> {
    let mut next = HIGHEST - 2_000 - u16::try_from(std::process::id() % 900).unwrap_or_default();
    (0..count).map(|_| format!("{HOST}{}", free(&mut next))).collect()
}

/// The first free port from `next` on.
fn free(next: &mut u16) -> u16 {
    loop {
        let port = *next;
        *next = if port >= HIGHEST { LOWEST } else { port + 1 };
        if TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_ok() {
            return port;
        }
    }
}
