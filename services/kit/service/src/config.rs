//! Configuration: a TOML file, then the environment, into one struct that refuses what it does
//! not know.
//!
//! The only place that reads the environment. Defaults are the structs' own (`#[serde(default)]`);
//! there is no third layer.

use std::net::SocketAddr;
use std::path::Path;

use figment::Figment;
use figment::error::Kind;
use figment::providers::{Env, Format as _, Toml};
use kit_values::{Class, Fault, Secret};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

/// Prefix of environment variables; sections and keys are separated by two underscores:
/// `GUICHET__ingest__database__url`.
pub const PREFIX: &str = "GUICHET__";

/// Where a server listens.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Listener {
    /// Address and port, as `127.0.0.1:8080`; port 0 takes a free one.
    pub address: SocketAddr,
}

impl Listener {
    /// A free port of the loopback interface.
    #[must_use]
    pub const fn loopback() -> Self {
        Self { address: SocketAddr::new(std::net::IpAddr::V4(std::net::Ipv4Addr::LOCALHOST), 0) }
    }
}

/// Where another service is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Peer {
    /// `host:port`, or an `http://` address.
    pub address: String,
}

impl Peer {
    /// The address with its scheme.
    #[must_use]
    pub fn url(&self) -> String {
        if self.address.contains("://") {
            self.address.clone()
        } else {
            format!("http://{}", self.address)
        }
    }
}

impl From<SocketAddr> for Peer {
    fn from(address: SocketAddr) -> Self {
        Self { address: address.to_string() }
    }
}

/// Where Redis (or Valkey) is; only what may be lost is kept there.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RedisSettings {
    /// `redis://user:password@host:port`, or `rediss://` with TLS.
    pub url: Secret<String>,
}

/// Reads the configuration: `file`, then the environment, which wins. The struct refuses what
/// it does not know when it and its sections say `#[serde(deny_unknown_fields)]`.
///
/// # Errors
/// Invalid, naming the key, its section and where it came from.
pub fn load<T: DeserializeOwned>(file: Option<&Path>) -> Result<T, Fault> {
    load_over("", file)
}

/// As [`load`], over `base`, a TOML text that both file and environment override.
///
/// # Errors
/// As [`load`].
pub fn load_over<T: DeserializeOwned>(base: &str, file: Option<&Path>) -> Result<T, Fault> {
    let mut figment = Figment::new().merge(Toml::string(base));
    if let Some(file) = file {
        let text = std::fs::read_to_string(file).map_err(|error| {
            let sentence = format!("Cannot read the configuration file {}.", file.display());
            Fault::new(Class::Invalid, "configuration_unreadable", sentence).caused_by(error)
        })?;
        figment = figment.merge(Toml::string(&text));
    }
    figment
        .merge(Env::prefixed(PREFIX).split("__").lowercase(false))
        .extract()
        .map_err(|error| refusal(&error, file))
}

/// One environment variable outside the sections: for secrets that must not stand in a command
/// line.
#[must_use]
#[expect(clippy::disallowed_methods, reason = "the one place that reads the environment")]
pub fn environment(name: &str) -> Option<Secret<String>> {
    std::env::var(name).ok().filter(|value| !value.is_empty()).map(Secret::new)
}

/// The configuration as TOML, every secret shown as `[secret]`.
///
/// # Errors
/// Internal when it has a shape that TOML cannot express.
pub fn print<T: Serialize>(config: &T) -> Result<String, Fault> {
    toml::to_string_pretty(config).map_err(Fault::internal)
}

/// One sentence for the first error; figment's own texts may hold the value, which may be a
/// secret, so they are not used.
fn refusal(error: &figment::Error, file: Option<&Path>) -> Fault {
    let section = |path: &[String]| {
        if path.is_empty() { "at the top".to_owned() } else { format!("[{}]", path.join(".")) }
    };
    let source = match (&error.metadata, file) {
        (Some(metadata), _) if metadata.name.contains("environment") => {
            format!("the environment ({PREFIX}…)")
        }
        (_, Some(file)) => file.display().to_string(),
        _ => "the configuration".to_owned(),
    };
    let key = error.path.join(".");
    let (code, field, what) = match &error.kind {
        Kind::UnknownField(name, known) => {
            let mut path = error.path.clone();
            // figment counts the refused key itself as the last step of the path.
            if path.last().is_some_and(|last| last == name) {
                path.pop();
            }
            let field = path.iter().chain([name]).cloned().collect::<Vec<_>>().join(".");
            let what = format!(
                "Unknown key \"{name}\" {} in {source}; known there: {}.",
                section(&path),
                if known.is_empty() { "nothing".to_owned() } else { known.join(", ") }
            );
            ("configuration_key_unknown", field, what)
        }
        Kind::MissingField(name) => {
            let field = error.path.iter().map(String::as_str).chain([name.as_ref()]);
            let field = field.collect::<Vec<_>>().join(".");
            let what = format!("Key \"{name}\" {} is missing in {source}.", section(&error.path));
            ("configuration_key_missing", field, what)
        }
        Kind::InvalidType(actual, expected) => {
            let found = kind_of(actual);
            let what = format!("Key \"{key}\" in {source} is {found}; it must be {expected}.");
            ("configuration_value_invalid", key, what)
        }
        Kind::Message(_) if error.metadata.is_none() && key.is_empty() => (
            "configuration_unreadable",
            key,
            format!("{source} is not valid TOML: {}.", first_line(&error.to_string())),
        ),
        _ => {
            let what = format!("The value of \"{key}\" in {source} cannot be used.");
            ("configuration_value_invalid", key, what)
        }
    };
    Fault::invalid(code, field, what)
}

fn kind_of(actual: &figment::error::Actual) -> &'static str {
    use figment::error::Actual;
    match actual {
        Actual::Bool(_) => "a boolean",
        Actual::Unsigned(_) | Actual::Signed(_) | Actual::Float(_) => "a number",
        Actual::Char(_) | Actual::Str(_) => "a text",
        Actual::Map => "a section",
        Actual::Seq => "a list",
        _ => "something else",
    }
}

fn first_line(text: &str) -> &str {
    text.lines().next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Serialize, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Whole {
        ingest: Section,
    }

    #[derive(Debug, Serialize, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Section {
        http: Listener,
        key: Secret<String>,
        #[serde(default)]
        pool: u32,
    }

    fn from_text(text: &str) -> Result<Whole, Fault> {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("guichet.toml");
        std::fs::write(&file, text).expect("writes");
        load(Some(&file))
    }

    const GOOD: &str = "[ingest]\nkey = \"hunter2\"\nhttp.address = \"127.0.0.1:8081\"\n";

    #[test]
    fn an_unknown_key_is_refused_with_its_name_and_section() {
        let fault = from_text(&format!("{GOOD}colour = 3\n")).expect_err("refused");
        assert_eq!(fault.code(), "configuration_key_unknown");
        assert_eq!(fault.field(), Some("ingest.colour"));
        assert!(fault.sentence().contains("\"colour\" [ingest]"), "{fault}");
        assert!(fault.sentence().contains("known there: http, key, pool"), "{fault}");
    }

    #[test]
    fn an_unknown_key_of_a_nested_section_and_an_unknown_section_are_refused() {
        let nested = from_text(&format!("{GOOD}http.colour = 3\n")).expect_err("refused");
        assert_eq!(nested.field(), Some("ingest.http.colour"));
        let section = from_text(&format!("{GOOD}[garden]\ntree = 1\n")).expect_err("refused");
        assert_eq!(section.field(), Some("garden"));
    }

    #[test]
    fn a_missing_key_and_a_wrong_type_are_named_without_the_value() {
        let missing = from_text("[ingest]\nkey = \"hunter2\"\n").expect_err("refused");
        assert_eq!(missing.field(), Some("ingest.http"));
        let wrong = from_text(&format!("{GOOD}pool = \"hunter2\"\n")).expect_err("refused");
        assert_eq!(wrong.field(), Some("ingest.pool"));
        assert!(!wrong.to_string().contains("hunter2"), "{wrong}");
    }

    #[test]
    fn broken_toml_and_a_missing_file_are_sentences() {
        let broken = from_text("[ingest\n").expect_err("refused");
        assert_eq!(broken.class(), Class::Invalid);
        let absent = load::<Whole>(Some(Path::new("/nowhere/guichet.toml"))).expect_err("refused");
        assert_eq!(absent.code(), "configuration_unreadable");
    }

    #[test]
    fn it_prints_itself_without_its_secrets() {
        let printed = print(&from_text(GOOD).expect("loads")).expect("prints");
        assert!(printed.contains("[secret]") && printed.contains("127.0.0.1:8081"), "{printed}");
        assert!(!printed.contains("hunter2"));
    }
}
